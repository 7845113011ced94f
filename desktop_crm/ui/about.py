"""About, in Settings: which version this is, whose work it uses, and the words of each licence."""

from __future__ import annotations

import platform

import PySide6
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QWidget

from desktop_crm import __version__
from desktop_crm.base import licences
from desktop_crm.base.i18n import _
from desktop_crm.base.licences import Part
from desktop_crm.base.values import MISSING
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.cells import Column
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.layouts import STRETCH, hbox, vbox
from desktop_crm.ui.kit.panels import Panel
from desktop_crm.ui.kit.table import RecordTable
from desktop_crm.ui.kit.theme import S12, S16, S20
from desktop_crm.ui.page import Desk
from desktop_crm.ui.sections import Section


class AboutSection(Section):
    """The program and the parts it is made of; Enter reads the licence of one."""

    fills = True

    def __init__(self, desk: Desk, page: QWidget) -> None:
        super().__init__(desk, page)
        notice = KeyButton(_("Notice and sources"), "Alt+N", on_click=self.read_notice)
        program = Panel(_("Desktop CRM {version}").format(version=__version__), actions=[notice])
        words = _("Free under the MIT License. Python {python}, Qt {qt}. It never connects to the internet.")
        program.add(
            Label(words.format(python=platform.python_version(), qt=PySide6.__version__), "quiet", wrap=True)
        )
        self.read_button = KeyButton(_("Read the licence"), "Alt+L", on_click=self.read)
        self.table: RecordTable[Part] = RecordTable(
            _columns(), name="settings.about", state=desk.state, dense=True, identity=lambda part: part.name
        )
        self.table.record_chosen.connect(lambda _part: self.read())
        self.table.record_selected.connect(lambda part: self.read_button.setEnabled(part is not None))
        self.read_button.setEnabled(False)
        used = Panel(_("Whose work is in it"), note=_("Enter reads the licence"), actions=[self.read_button])
        used.add(self.table, 1)
        vbox(program, (used, 1), spacing=S16, on=self)
        self.setFocusProxy(self.table)

    def load(self) -> None:
        self.desk.jobs.query(lambda _shop: licences.parts(), self.table.set_records, key="settings.about")

    def read(self) -> None:
        """Show the words of the licence of the selected part."""
        part = self.table.selected()
        if part is not None:
            words = "\n\n\n".join(path.read_text("utf-8", "replace").strip() for path in part.texts)
            title = f"{part.name} {part.version}".strip()
            TextDialog(
                self.desk, _("{name}: {licence}").format(name=title, licence=part.licence), words
            ).open()

    def read_notice(self) -> None:
        """Show what Qt and other parts want to be said, and where their source is."""
        TextDialog(self.desk, _("Notice and sources"), licences.text("NOTICE.txt")).open()


class TextDialog(QDialog):
    """A long text to be read; Esc closes."""

    def __init__(self, desk: Desk, title: str, text: str) -> None:
        super().__init__(desk.window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.text = QPlainTextEdit(text)
        self.text.setReadOnly(True)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        close = KeyButton(_("Close"), "Esc", bind=False, on_click=self.reject)
        vbox(
            Label(title, "title", wrap=True),
            (self.text, 1),
            hbox(STRETCH, close),
            spacing=S12,
            margins=S20,
            on=self,
        )
        self.resize(min(820, desk.window.width() - 48), min(640, desk.window.height() - 48))


def _columns() -> list[Column[Part]]:
    return [
        Column("name", _("Part"), lambda part: part.name, bold=True, width=220),
        Column("version", _("Version"), lambda part: part.version or MISSING, width=120),
        Column("licence", _("Licence"), lambda part: part.licence, stretch=1),
    ]
