"""Settings: what the shop chose, its staff and products, its backups, and how this PC shows it.

Rows are made from what settings.py declares; what may be and how it is saved is in profile.py.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop_crm import tier_rules, tiers
from desktop_crm.base import i18n
from desktop_crm.base.i18n import N_, _
from desktop_crm.profile import AnySetting
from desktop_crm.records.tiers import Tier
from desktop_crm.settings import (
    ALL,
    CLOSED_DAYS,
    CONSENT_WORDING,
    OPENING_HOURS,
    REMIND_AT_OPENING,
    SHOP_ADDRESS,
    SHOP_NAME,
    SHOP_PHONE,
    STAY_IN_TRAY,
    TIME_ZONE,
    VERIFY_MONTHS,
)
from desktop_crm.ui.about import AboutSection
from desktop_crm.ui.after_sales import AfterSalesSection
from desktop_crm.ui.appearance import LANGUAGE_NAMES
from desktop_crm.ui.backups import BackupsSection
from desktop_crm.ui.custom_fields import FieldsSection
from desktop_crm.ui.kit.buttons import KeyButton, Pills
from desktop_crm.ui.kit.labels import Chip, Label
from desktop_crm.ui.kit.layouts import STRETCH, clear, hbox, scrolling, vbox
from desktop_crm.ui.kit.panels import Banner, Panel
from desktop_crm.ui.kit.theme import S8, S12, S16
from desktop_crm.ui.marks import TIER_TONES
from desktop_crm.ui.page import Desk, Page
from desktop_crm.ui.personal_data import PrivacySection
from desktop_crm.ui.products import ProductsSection
from desktop_crm.ui.roles import RightsSection
from desktop_crm.ui.safety import SafetySection
from desktop_crm.ui.sections import Columns, Section
from desktop_crm.ui.staff import StaffSection
from desktop_crm.ui.tags import TagsSection
from desktop_crm.ui.tiers import retier

_REMEMBERED = "settings.section"
_GUARDED = frozenset({"shop", "staff", "fields", "tiers", "followups", "service", "after_sales"})
"""Sections that only those change who may change the settings."""


class SettingsPage(Page):
    """One section at a time; the row of pills chooses."""

    depends_on = frozenset(
        {"settings", "staff", "products", "tiers", "person", "backups", "fields", "tags", "safety"}
    )

    keys = (
        ("Alt+A", N_("Add: staff, passwords, products, own fields, tags, after-sales terms")),
        ("Alt+Up", N_("Move an own field up")),
        ("Alt+Down", N_("Move an own field down")),
        ("Alt+D", N_("Retire an own field; delete a tag; remove a password")),
        ("Alt+P", N_("Change my password")),
        ("Alt+N", N_("A new password for who forgot theirs")),
        ("Alt+L", N_("Change the locks")),
        ("Alt+G", N_("Rename a group of tags")),
        ("Alt+P", N_("Set the PIN of the person who is marked")),
        ("Alt+T", N_("Re-tier")),
        ("Alt+B", N_("Back up now")),
        ("Alt+S", N_("Save a backup elsewhere; print the recovery sheet")),
        ("Alt+V", N_("Verify a backup; show that the recovery sheet is there")),
        ("Alt+R", N_("Restore a backup; after-sales terms as the law has them")),
        ("Alt+C", N_("Check the shop file")),
        ("Alt+W", N_("Choose a second place for the backups")),
        ("Alt+O", N_("Try the last backup out")),
        ("Alt+F", N_("Restore from a file of another place")),
    )

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._sections: dict[str, Section] = {}
        self._to_begin = ""
        items = [(key, _(title)) for key, title, _make in SECTIONS]
        self.pills = Pills(items, on_choose=self._show_section, wraps=True)
        self._stack = QStackedWidget()
        title = Label(_("Settings"), "title")
        head = hbox(title, (self.pills, 1), spacing=S16)
        head.setAlignment(title, Qt.AlignmentFlag.AlignTop)
        self.notice = Banner(
            _("You may read this; whoever the owner gave the right to change the settings may change it."),
            "accent",
            slim=True,
        )
        vbox(head, self.notice, (self._stack, 1), spacing=S16, on=self)
        self.setFocusProxy(self.pills)
        self.pills.choose(self._remembered(), silently=True)

    def open(self, argument: object) -> None:
        """Show the section with this key; "key.what" also begins something there."""
        key, _dot, what = str(argument).partition(".")
        if key in {name for name, _title, _make in SECTIONS}:
            self.pills.choose(key, silently=True)
            self._to_begin = what

    def load(self) -> None:
        self._show_section(self.pills.chosen)
        if self._to_begin:
            what, self._to_begin = self._to_begin, ""
            self.section(self.pills.chosen).begin(what)

    def section(self, key: str) -> Section:
        """The section with this key, built when it is first asked for."""
        found = self._sections.get(key)
        if found is None:
            make = next(make for name, _title, make in SECTIONS if name == key)
            found = self._sections[key] = make(self.desk, self)
            self._stack.addWidget(found if found.fills else scrolling(found))
        return found

    def _show_section(self, key: str) -> None:
        section = self.section(key)
        self.notice.setVisible(key in _GUARDED and not self.desk.shop.may("settings"))
        self._stack.setCurrentIndex(list(self._sections).index(key))
        self.desk.state.put(_REMEMBERED, key)
        section.load()

    def _remembered(self) -> str:
        key = self.desk.state.text(_REMEMBERED)
        return key if key in {name for name, _title, _make in SECTIONS} else "shop"


class ShopSection(Section):
    """Who the shop is and when it is open."""

    def __init__(self, desk: Desk, page: QWidget) -> None:
        super().__init__(desk, page)
        profile_of = (SHOP_NAME, SHOP_ADDRESS, SHOP_PHONE, TIME_ZONE)
        note = _("stands on the printed report")
        vbox(
            Columns(
                [self.panel_of(profile_of, _("Shop"), note), self._build_folder()],
                [
                    self.panel_of((OPENING_HOURS, CLOSED_DAYS), _("When the shop is open")),
                    self.panel_of((CONSENT_WORDING, VERIFY_MONTHS), _("Cards of customers")),
                ],
            ),
            on=self,
        )

    def _build_folder(self) -> Panel:
        panel = Panel(_("Where the shop lies"))
        panel.add(Label(str(self.desk.shop.folder), "quiet", wrap=True, selectable=True))
        panel.add(hbox(KeyButton(_("Another shop…"), on_click=partial(self.desk.open_shop, None)), STRETCH))
        return panel


class TiersSection(Section):
    """Where the tiers begin, how many customers each has, and what makes a card complete."""

    def __init__(self, desk: Desk, page: QWidget) -> None:
        super().__init__(desk, page)
        again = KeyButton(_("Re-tier…"), "Alt+T", kind="primary", on_click=self._retier)
        now = Panel(_("Tiers now"), actions=[again])
        self.counts = vbox(spacing=S8)
        now.add(self.counts)
        now.add(
            Label(
                _("Other cut points count from the next re-tier on; it shows its changes first."),
                "quiet",
                wrap=True,
            )
        )
        vbox(
            Columns(
                [self.panel_of(_group("tiers"), _("Where the tiers begin"))],
                [now, self.panel_of(_group("kpis"), _("Complete cards"))],
            ),
            on=self,
        )

    def load(self) -> None:
        super().load()
        self.desk.jobs.query(tiers.counts, self._show_counts, key="settings.tiers")

    def _show_counts(self, counts: dict[Tier, int]) -> None:
        clear(self.counts)
        for tier, count in counts.items():
            chip = Chip(tier_rules.label(tier), TIER_TONES.get(tier, "grey"))
            self.counts.addLayout(hbox(chip, STRETCH, Label(f"{count:,}", "strong"), spacing=S12))

    def _retier(self) -> None:
        retier(self.desk, self.load)


class RulesSection(Section):
    """Which follow-ups the program makes by itself, and when it reminds of them."""

    def __init__(self, desk: Desk, page: QWidget) -> None:
        super().__init__(desk, page)
        rules = [setting for setting in _group("followups") if setting.off is not None]
        limits = [setting for setting in _group("followups") if setting.off is None]
        vbox(
            Columns(
                [self.panel_of(rules, _("Follow-ups made by themselves"), _("untick what you do not want"))],
                [
                    self.panel_of(limits, _("More about follow-ups")),
                    self.panel_of((REMIND_AT_OPENING,), _("Reminders")),
                ],
            ),
            on=self,
        )


class ServiceSection(Section):
    """When complaints are due, and how long phones are under warranty."""

    def __init__(self, desk: Desk, page: QWidget) -> None:
        super().__init__(desk, page)
        vbox(
            Columns(
                [self.panel_of(_group("complaints"), _("Complaints"), _("counted in opening hours"))],
                [self.panel_of(_group("warranty"), _("Warranty"))],
            ),
            on=self,
        )


class MachineSection(Section):
    """How this PC shows the program."""

    def __init__(self, desk: Desk, page: QWidget) -> None:
        super().__init__(desk, page)
        languages = Pills(LANGUAGE_NAMES, on_choose=desk.set_language)
        languages.choose(i18n.current_language(), silently=True)
        themes = Pills(
            [("light", _("Light")), ("dark", _("Dark"))], on_choose=lambda key: desk.set_dark(key == "dark")
        )
        themes.choose("dark" if desk.state.flag("dark") else "light", silently=True)
        look = Panel(_("Language and theme"))
        look.add(hbox(Label(_("Language")), STRETCH, languages))
        look.add(hbox(Label(_("Theme")), STRETCH, themes))
        vbox(Columns([look], [self.panel_of((STAY_IN_TRAY,), _("Window"))]), on=self)


def _group(name: str) -> list[AnySetting]:
    return [setting for setting in ALL if setting.group == name]


SECTIONS: tuple[tuple[str, str, Callable[[Desk, QWidget], Section]], ...] = (
    ("shop", N_("Shop"), ShopSection),
    ("staff", N_("Staff"), StaffSection),
    ("safety", N_("Safety"), SafetySection),
    ("rights", N_("Rights"), RightsSection),
    ("products", N_("Products"), ProductsSection),
    ("fields", N_("Own fields"), FieldsSection),
    ("tags", N_("Tags"), TagsSection),
    ("tiers", N_("Tiers"), TiersSection),
    ("followups", N_("Follow-ups"), RulesSection),
    ("service", N_("Complaints"), ServiceSection),
    ("after_sales", N_("After-sales"), AfterSalesSection),
    ("backups", N_("Backups"), BackupsSection),
    ("privacy", N_("Personal data"), PrivacySection),
    ("machine", N_("This PC"), MachineSection),
    ("about", N_("About the program"), AboutSection),
)
"""Key, title, what builds it."""
