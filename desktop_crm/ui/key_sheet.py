"""F1: every key on one sheet."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QWidget

from desktop_crm.base.i18n import _
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.labels import KeyCap, Label
from desktop_crm.ui.kit.layouts import STRETCH, hbox, scrolling, vbox
from desktop_crm.ui.kit.panels import Panel
from desktop_crm.ui.kit.theme import S8, S16, S20
from desktop_crm.ui.page import ActionSpec, PageSpec


class KeySheet(QDialog):
    """The keys of the window, the pages and of lists."""

    def __init__(self, window: QWidget, pages: Iterable[PageSpec], actions: Iterable[ActionSpec]) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Keys"))
        titled = [page for page in pages if page.title]
        to_pages = [(f"Alt+{place + 1}", _(page.title)) for place, page in enumerate(titled)]
        to_begin = [(action.shortcut, _(action.title)) for action in actions]
        everywhere = [
            ("Ctrl+F", _("Search; or just type or scan")),
            ("Esc", _("Back")),
            ("Ctrl+Z", _("Undo the last step")),
            ("Ctrl+Y", _("Redo")),
            ("F5", _("Load again")),
            ("F1", _("This sheet")),
        ]
        in_lists = [
            ("Up", _("Previous row")),
            ("Down", _("Next row")),
            ("Return", _("Open or begin")),
            ("Ctrl+Return", _("Save a form")),
        ]
        left = vbox(_keys(_("Begin"), to_begin), _keys(_("Everywhere"), everywhere), STRETCH, spacing=S16)
        right = vbox(_keys(_("Go to"), to_pages), _keys(_("Lists and forms"), in_lists), STRETCH, spacing=S16)
        held = QWidget()
        hbox((left, 1), (right, 1), spacing=S16, on=held)
        close = KeyButton(_("Close"), "Esc", bind=False, on_click=self.close)
        head = hbox(Label(_("Keys"), "title"), STRETCH, close)
        vbox(head, (scrolling(held), 1), spacing=S16, margins=S20, on=self)
        self.resize(min(720, window.width() - 24), min(640, window.height() - 24))


def _keys(title: str, keys: list[tuple[str, str]]) -> Panel:
    panel = Panel(title)
    grid = QGridLayout()
    grid.setHorizontalSpacing(S16)
    grid.setVerticalSpacing(S8)
    grid.setColumnStretch(1, 1)
    for row, (key, text) in enumerate(keys):
        grid.addWidget(KeyCap(key), row, 0)
        grid.addWidget(Label(text), row, 1)
    panel.add(grid)
    return panel
