"""One follow-up in front of the card: what one may say, and its outcome in three keys, without leaving the card."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QDialog

from desktop_crm.base.i18n import _
from desktop_crm.ui.contact_panel import ContactPanel
from desktop_crm.ui.kit.layouts import vbox
from desktop_crm.ui.page import Desk


class ContactDialog(QDialog):
    """The panel of one follow-up; it closes when the follow-up is ended or put off."""

    def __init__(self, desk: Desk, followup_id: int) -> None:
        super().__init__(desk.window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Follow-up"))
        self.panel = ContactPanel(desk)
        vbox(self.panel, spacing=0, on=self)
        self.panel.finished.connect(self.accept)
        self.panel.left.connect(self.reject)
        height = desk.window.height() - 48
        self.resize(min(460, desk.window.width() - 48), min(640, height))
        self.panel.show_followup(followup_id)
        # The outcomes take the keys as soon as they are there.
        self._waiting = QTimer(self, interval=30)
        self._waiting.timeout.connect(self._take_keys)
        self._waiting.start()

    def _take_keys(self) -> None:
        if self.panel.customer_id is not None:
            self._waiting.stop()
            self.setProperty("customer_id", self.panel.customer_id)  # for F9
            self.panel.take_keys()
