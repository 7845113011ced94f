"""The numbers of the customer who is shown, in full and large, as long as F9 is held; each look is in the audit trail."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFrame, QWidget

from desktop_crm import masks
from desktop_crm.base.i18n import _
from desktop_crm.base.values import show_phone
from desktop_crm.masks import Revealed
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.layouts import hbox, vbox
from desktop_crm.ui.kit.theme import S8, S12, S16, S20
from desktop_crm.ui.page import Desk


class Reveal:
    """Shows and hides the strip with the numbers."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._is_held = False
        self.strip: _Strip | None = None

    def show(self) -> None:
        """The key went down: look at the numbers of whoever is shown."""
        customer_id = self._desk.whom()
        self._is_held = True
        if customer_id is None:
            self._desk.messages.say(_("Choose a customer first; F9 shows the numbers while it is held."))
        else:
            self._desk.jobs.change(lambda shop: masks.reveal(shop, customer_id), self._show, initiator=self)

    def hide(self) -> None:
        """The key went up, or another window came: nothing is left to be read."""
        self._is_held = False
        if self.strip is not None:
            self.strip.hide()
            self.strip.deleteLater()
            self.strip = None

    def _show(self, found: Revealed) -> None:
        if self._is_held:
            window = QApplication.activeModalWidget() or self._desk.window
            self.strip = _Strip(window, found, noted=not self._desk.shop.may("phones"))


class _Strip(QFrame):
    """A panel over the middle of the window; it goes with the key."""

    def __init__(self, window: QWidget, found: Revealed, *, noted: bool) -> None:
        super().__init__(window)
        self.setObjectName("hits")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = vbox(Label(found.name, "section"), spacing=S8, margins=(S20, S16, S20, S16), on=self)
        for phone in found.phones:
            number = Label(show_phone(phone.number), "figure")
            column.addLayout(hbox(number, Label(phone.label, "quiet"), spacing=S12))
        if not found.phones:
            column.addWidget(Label(_("No phone number is known."), "quiet"))
        if noted:
            column.addWidget(Label(_("This look is in the audit trail."), "small"))
        self.adjustSize()
        self.move((window.width() - self.width()) // 2, (window.height() - self.height()) // 3)
        self.show()
        self.raise_()
