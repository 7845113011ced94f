"""The page Clean: what to mend next, who is there twice, who is one family, and what was deleted.

Each section is a widget of its own file with `load()`; a new one is a line in SECTIONS.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop_crm.base.i18n import N_, _
from desktop_crm.ui.kit.buttons import Pills
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.layouts import STRETCH, hbox, vbox
from desktop_crm.ui.kit.theme import S16
from desktop_crm.ui.page import Desk, Page, resolve
from desktop_crm.ui.sections import Section

SECTIONS: Final = (
    ("mends", N_("Next mends"), "desktop_crm.ui.mends:MendsSection"),
    ("duplicates", N_("Duplicates"), "desktop_crm.ui.duplicates:DuplicatesPanel"),
    ("families", N_("Families"), "desktop_crm.ui.families:FamiliesPanel"),
    ("bin", N_("Recycle bin"), "desktop_crm.ui.recycle_bin:RecycleBinSection"),
)
"""Key, title, "module:Class" of a `Section(desk, page)`; imported when first shown."""

_REMEMBERED = "clean.section"


class CleanPage(Page):
    """One section at a time; Alt+1 … or the row of pills chooses."""

    depends_on = frozenset(
        {
            "customers",
            "purchases",
            "devices",
            "followups",
            "tiers",
            "relations",
            "settings",
            "imports",
            "tags",
        }
    )

    keys = (
        ("Return", N_("Mend, merge or bring back")),
        ("Alt+N", N_("Not now, the next one")),
        ("Alt+X", N_("Two people, not one; no family")),
        ("Alt+F", N_("Link two people of a group")),
        ("Alt+M", N_("A family that is one person: make one card")),
        ("Alt+L", N_("Look for duplicates now")),
        ("Alt+O", N_("Open the card")),
        ("Alt+R", N_("Bring a deleted card back")),
    )

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._sections: dict[str, Section] = {}
        self.pills = Pills([(key, _(title)) for key, title, _place in SECTIONS], on_choose=self._show_section)
        self._stack = QStackedWidget()
        head = hbox(Label(_("Tidy up"), "title"), self.pills, STRETCH, spacing=S16)
        vbox(head, (self._stack, 1), spacing=S16, on=self)
        self.setFocusProxy(self._stack)
        self.pills.choose(self._remembered(), silently=True)

    def open(self, argument: object) -> None:
        """Show the section with this key."""
        if argument in {key for key, _title, _place in SECTIONS}:
            self.pills.choose(str(argument), silently=True)

    def load(self) -> None:
        self._show_section(self.pills.chosen)

    def section(self, key: str) -> Section:
        """The section with this key, built when it is first asked for."""
        found = self._sections.get(key)
        if found is None:
            place = next(place for name, _title, place in SECTIONS if name == key)
            made = resolve(place)(self.desk, self)
            assert isinstance(made, Section)
            found = self._sections[key] = made
            self._stack.addWidget(found)
        return found

    def _show_section(self, key: str) -> None:
        section = self.section(key)
        self._stack.setCurrentWidget(section)
        self._stack.setFocusProxy(section)
        self.desk.state.put(_REMEMBERED, key)
        section.load()

    def _remembered(self) -> str:
        key = self.desk.state.text(_REMEMBERED)
        return key if key in {name for name, _title, _place in SECTIONS} else "mends"
