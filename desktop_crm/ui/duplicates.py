"""The sections Duplicates and Families of the page Clean: what the finder found, one after another, decided by keys.

Who is like whom and why is decided in duplicates.py at the top of the package; making one card is ui/merge.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from desktop_crm import duplicates, history, relations
from desktop_crm.base.i18n import _, ngettext
from desktop_crm.base.values import show_phone
from desktop_crm.duplicates import CONFIDENCES, Family, Findings, Group, Shared
from desktop_crm.shop import Shop
from desktop_crm.ui.beside import Beside
from desktop_crm.ui.duplicate_cards import CardsInShort, LinkForm
from desktop_crm.ui.kit.buttons import KeyButton, Pills
from desktop_crm.ui.kit.cells import Column, Mark
from desktop_crm.ui.kit.inplace import OutcomeList
from desktop_crm.ui.kit.jobs import Progress
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.layouts import vbox, wrap_row
from desktop_crm.ui.kit.panels import Banner, EmptyState, Panel
from desktop_crm.ui.kit.table import RecordTable
from desktop_crm.ui.kit.theme import S8, S16
from desktop_crm.ui.merge import merge_cards
from desktop_crm.ui.page import Desk
from desktop_crm.ui.sections import Section

TONES = {"sure": "good", "probable": "look", "possible": "grey"}


class Finder(QObject):
    """The findings that both sections show; looked for anew when something was written since.

    Signals:
        found(): there are findings, or fewer.
        stopped(): the person stopped the search.
    """

    found = Signal()
    stopped = Signal()

    def __init__(self, desk: Desk, page: QWidget) -> None:
        super().__init__(page)
        self.findings: Findings | None = None
        self._desk = desk
        self._as_of = -1
        self._is_looking = False
        self._title = _("Looking for cards that are there twice…")
        desk.jobs.cancelled.connect(self._cancelled)

    @classmethod
    def of(cls, desk: Desk, page: QWidget) -> Finder:
        """The one of this page."""
        return page.findChild(cls) or cls(desk, page)

    def look(self) -> None:
        """Look, unless nothing was written since the last time."""
        if self._is_looking:
            return
        self._is_looking = True
        known = self._as_of

        def search(shop: Shop, progress: Progress) -> tuple[int, Findings | None]:
            newest = _newest(shop)
            return newest, None if newest == known else duplicates.find(shop, progress)

        self._desk.jobs.query(search, self._take, key="duplicates.find", title=self._title)

    def drop(self, ids: Sequence[int], as_of: int) -> None:
        """Leave out what was just decided about these cards."""
        if self.findings is not None:
            gone = set(ids)
            groups = tuple(group for group in self.findings.groups if not gone & set(group.ids))
            families = tuple(
                family
                for family in self.findings.families
                if not {family.customer.id, family.other.id} <= gone
            )
            self.findings = Findings(groups, families, self.findings.shared, self.findings.cards)
            self._as_of = as_of
            self.found.emit()

    def _take(self, answer: tuple[int, Findings | None]) -> None:
        self._is_looking = False
        self._as_of, found = answer
        if found is not None:
            self.findings = found
        self.found.emit()

    def _cancelled(self, title: str) -> None:
        if title == self._title and self._is_looking:
            self._is_looking = False
            self.stopped.emit()


class DuplicatesPanel(Section):
    """Groups of cards that are probably one person, the surest first."""

    fills = True

    def __init__(self, desk: Desk, page: QWidget) -> None:
        super().__init__(desk, page)
        self.finder = Finder.of(desk, page)
        self.groups: RecordTable[Group] = RecordTable(
            [
                Column("who", _("Cards"), _names, second=_why, stretch=1, bold=True, sortable=False),
                Column("how", _("How sure"), marks=_confidence_marks, width=110, sortable=False),
                Column(
                    "count",
                    "",
                    lambda group: f"× {len(group.cards)}",
                    align="right",
                    width=48,
                    sortable=False,
                ),
            ],
            name="clean.duplicates",
            state=desk.state,
            identity=_identity,
        )
        self.levels = Pills([("all", _("All"))], on_choose=lambda _level: self._show())
        self.common = Banner("", "accent")
        self.common.hide()
        self.merge_button = KeyButton(
            _("Make one card"), "Return", kind="primary", bind=False, on_click=self.merge
        )
        self.apart_button = KeyButton(_("Two people"), "Alt+X", on_click=self.keep_apart)
        self.family_button = KeyButton(_("Link them"), "Alt+F", on_click=self.link)
        self.skip_button = KeyButton(_("Next"), "Alt+N", on_click=self.skip)
        self._build()
        self.groups.record_chosen.connect(lambda _group: self.merge())
        self.groups.record_selected.connect(self._selected)
        self.finder.found.connect(self._show)
        self.finder.stopped.connect(self._show_stopped)
        self.setFocusProxy(self.groups)
        self._selected(None)

    def _build(self) -> None:
        self.panel = Panel(_("Probably one person"), actions=[self.levels])
        self.panel.add(self.common)
        self.panel.add(self.groups, 1)
        self.cards = CardsInShort()
        self.detail = Panel(_("The cards"), actions=[self.skip_button])
        self.detail.add(self.cards, 1)
        self.detail.add(wrap_row(self.merge_button, self.apart_button, self.family_button, spacing=S8))
        vbox((Beside(self.panel, self.detail, shares=(5, 4)), 1), on=self)
        self.groups.set_empty(_waiting(self.finder))

    def load(self) -> None:
        self.finder.look()

    def merge(self) -> None:
        """Make one card of the selected group, field by field."""
        group = self.groups.selected()
        if group is not None:
            reason = _(", ").join(reason.words for reason in group.reasons)
            merge_cards(
                self.desk, group.ids, partial(self._merged, group), reason=reason, initiator=self.page
            )

    def keep_apart(self) -> None:
        """Remember that they are different people."""
        group = self.groups.selected()
        if group is not None:
            self._decide(
                lambda shop: duplicates.keep_apart(shop, group.ids), group, _("Remembered: not the same.")
            )

    def link(self) -> None:
        """They are two people who belong together."""
        group = self.groups.selected()
        if group is not None:
            form = LinkForm(self.desk, group.cards, initiator=self.page)
            form.open_with(lambda _link: self._told(group, _("They are linked now.")))

    def skip(self) -> None:
        """Go to the next one; the last one is followed by the first."""
        _go_on(self.groups)

    def _merged(self, group: Group, _customer_id: int) -> None:
        self._told(group, _("The cards are one now."))

    def _told(self, group: Group, words: str) -> None:
        self.desk.jobs.query(_newest, lambda newest: self._decided(group, words, newest))

    def _decide(self, change: Callable[[Shop], object], group: Group, words: str) -> None:
        def run(shop: Shop) -> int:
            change(shop)
            return _newest(shop)

        self.desk.jobs.change(run, lambda newest: self._decided(group, words, newest), initiator=self.page)

    def _decided(self, group: Group, words: str, newest: int) -> None:
        place = _place(self.groups)
        self.finder.drop(group.ids, newest)
        _select(self.groups, place)
        self.desk.done(words)

    def _selected(self, group: Group | None) -> None:
        for button in (self.merge_button, self.apart_button, self.family_button, self.skip_button):
            button.setEnabled(group is not None)
        self.cards.show_cards(group.cards if group is not None else ())
        self.detail.setVisible(group is not None)

    def _show(self) -> None:
        found = self.finder.findings
        if found is None:
            return
        level = self.levels.chosen
        self.levels.set_items(_level_items(found.groups))
        shown = [group for group in found.groups if level in ("all", group.confidence)]
        self.groups.set_empty(
            EmptyState(
                _("Nobody is there twice"),
                _("{count} cards were compared by number, codes, name and what is near.").format(
                    count=f"{found.cards:,}"
                ),
                icon="circle-check",
            )
        )
        self.groups.set_records(shown)
        if shown and self.groups.selected() is None:
            self.groups.select_first()
        self._selected(self.groups.selected())
        self.common.set_text(_common_words(found.shared))
        self.common.setVisible(bool(found.shared))

    def _show_stopped(self) -> None:
        if self.finder.findings is None:
            self.groups.set_empty(_waiting(self.finder))
            self.groups.set_records([])


class FamiliesPanel(Section):
    """Two people each who probably belong together; linked, never merged."""

    fills = True

    def __init__(self, desk: Desk, page: QWidget) -> None:
        super().__init__(desk, page)
        self.finder = Finder.of(desk, page)
        self.families: RecordTable[Family] = RecordTable(
            [
                Column("who", _("Who"), _pair, second=_why_family, stretch=1, bold=True, sortable=False),
                Column("kind", _("Proposed"), marks=_kind_marks, width=170, sortable=False),
            ],
            name="clean.families",
            state=desk.state,
            identity=_identity,
        )
        self.question = Label("", "strong", wrap=True)
        self.kinds = OutcomeList(
            [(side, relations.words(side)) for side in relations.KINDS], on_choose=self.link_as, columns=2
        )
        self.choose_button = KeyButton(
            _("Choose"), "Return", kind="primary", bind=False, on_click=self.choose
        )
        self.apart_button = KeyButton(_("No family"), "Alt+X", on_click=self.keep_apart)
        self.merge_button = KeyButton(_("One person"), "Alt+M", on_click=self.merge)
        self.skip_button = KeyButton(_("Next"), "Alt+N", on_click=self.skip)
        self._build()
        self.families.record_chosen.connect(lambda _family: self.choose())
        self.families.record_selected.connect(self._selected)
        self.finder.found.connect(self._show)
        self.finder.stopped.connect(self._show_stopped)
        self.setFocusProxy(self.families)
        self._selected(None)

    def _build(self) -> None:
        panel = Panel(_("Probably one family"), note=_("linked, never made one card"))
        panel.add(self.families, 1)
        self.cards = CardsInShort()
        self.detail = Panel(_("What are they to each other?"), actions=[self.skip_button])
        self.detail.add(self.question)
        self.detail.add(self.kinds)
        self.detail.add(self.cards, 1)
        self.detail.add(wrap_row(self.choose_button, self.apart_button, self.merge_button, spacing=S8))
        vbox((Beside(panel, self.detail, shares=(5, 4)), 1), spacing=S16, on=self)
        self.families.set_empty(_waiting(self.finder))

    def load(self) -> None:
        self.finder.look()

    def choose(self) -> None:
        """Give the keys to the kinds: Enter takes the proposed one, a digit another."""
        family = self.families.selected()
        if family is not None:
            self.kinds.take_keys(family.link.kind)

    def link_as(self, key: str) -> None:
        """Link the selected two: the first is `key` (a relations.Side) of the second."""
        family, side = self.families.selected(), next(side for side in relations.KINDS if side == key)
        if family is not None:
            first, other = family.customer.id, family.other.id
            self._decide(
                lambda shop: relations.add(shop, first, other, side), family, _("They are linked now.")
            )

    def keep_apart(self) -> None:
        """Remember that they have nothing to do with each other."""
        family = self.families.selected()
        if family is not None:
            ids = (family.customer.id, family.other.id)
            self._decide(lambda shop: duplicates.keep_apart(shop, ids), family, _("Remembered: no family."))

    def merge(self) -> None:
        """They are one person after all."""
        family = self.families.selected()
        if family is not None:
            ids = (family.customer.id, family.other.id)
            done = partial(self._merged, family)
            merge_cards(self.desk, ids, done, reason=_why_family(family), initiator=self.page)

    def skip(self) -> None:
        """Go to the next two; the last ones are followed by the first."""
        _go_on(self.families)

    def _merged(self, family: Family, _customer_id: int) -> None:
        words = _("The cards are one now.")
        self.desk.jobs.query(_newest, lambda newest: self._decided(family, words, newest))

    def _decide(self, change: Callable[[Shop], object], family: Family, words: str) -> None:
        def run(shop: Shop) -> int:
            change(shop)
            return _newest(shop)

        self.desk.jobs.change(run, lambda newest: self._decided(family, words, newest), initiator=self.page)

    def _decided(self, family: Family, words: str, newest: int) -> None:
        place = _place(self.families)
        self.finder.drop((family.customer.id, family.other.id), newest)
        _select(self.families, place)
        self.families.setFocus()
        self.desk.done(words)

    def _selected(self, family: Family | None) -> None:
        for button in (self.choose_button, self.apart_button, self.merge_button, self.skip_button):
            button.setEnabled(family is not None)
        self.detail.setVisible(family is not None)
        if family is not None:
            self.question.setText(
                _("{first} is … of {second}:").format(first=family.customer.name, second=family.other.name)
            )
            self.cards.show_cards((family.customer, family.other))

    def _show(self) -> None:
        found = self.finder.findings
        if found is None:
            return
        self.families.set_empty(
            EmptyState(
                _("No family to propose"),
                _("People with one number or one address who are not linked yet would be here."),
                icon="users",
            )
        )
        self.families.set_records(found.families)
        if found.families and self.families.selected() is None:
            self.families.select_first()
        self._selected(self.families.selected())

    def _show_stopped(self) -> None:
        if self.finder.findings is None:
            self.families.set_empty(_waiting(self.finder))
            self.families.set_records([])


def _newest(shop: Shop) -> int:
    """The newest step; when it differs, what was found may be out of date."""
    return max((change.id for change in history.changes(shop, 1)), default=0)


def _waiting(finder: Finder) -> EmptyState:
    """Before anything was found, or after the search was stopped."""
    return EmptyState(
        _("Not looked yet"),
        _("All cards are compared with each other by number, codes and name."),
        buttons=[KeyButton(_("Look now"), "Alt+L", on_click=finder.look)],
        icon="search",
    )


def _names(group: Group) -> str:
    return _(", ").join(dict.fromkeys(card.name for card in group.cards))


def _why(group: Group) -> str:
    return _(", ").join(reason.words for reason in group.reasons)


def _confidence_marks(group: Group) -> list[Mark]:
    return [Mark(_(CONFIDENCES[group.confidence]), TONES[group.confidence])]


def _pair(family: Family) -> str:
    return _("{first} and {second}").format(first=family.customer.name, second=family.other.name)


def _why_family(family: Family) -> str:
    return _(", ").join(reason.words for reason in family.link.reasons)


def _kind_marks(family: Family) -> list[Mark]:
    return [Mark(relations.words(family.link.kind), "accent")]


def _level_items(groups: Sequence[Group]) -> list[tuple[str, str]]:
    counts = {level: sum(group.confidence == level for group in groups) for level in CONFIDENCES}
    items = [("all", _("All {count}").format(count=len(groups)))]
    return items + [(level, f"{_(CONFIDENCES[level])} {count}") for level, count in counts.items() if count]


def _common_words(shared: Sequence[Shared]) -> str:
    """What was no sign because it is on too many cards."""
    if not shared:
        return ""
    first = shared[0]
    value = show_phone(first.value) if first.kind == "phone" else first.value
    words = _("{value} is on {count} cards, so it says nothing of who they are.")
    said = words.format(value=value, count=f"{first.cards:,}")
    more = len(shared) - 1
    if not more:
        return said
    rest = ngettext("So does {count} other value.", "So do {count} other values.", more).format(count=more)
    return f"{said} {rest}"


def _place(table: RecordTable[Any]) -> int:  # records of any type
    """Where the selected record stands, 0 where none is."""
    chosen = table.selected()
    return next((place for place, record in enumerate(table.records()) if record is chosen), 0)


def _select(table: RecordTable[Any], place: int) -> None:  # records of any type
    """Select what stands at a place now, or the last one."""
    records = table.records()
    if records:
        table.select(_identity(records[min(place, len(records) - 1)]))


def _go_on(table: RecordTable[Any]) -> None:  # records of any type
    """Select the next record; the first one after the last."""
    records = table.records()
    if records:
        table.select(_identity(records[(_place(table) + 1) % len(records)]))


def _identity(record: Group | Family) -> tuple[int, ...]:
    return record.ids if isinstance(record, Group) else (record.customer.id, record.other.id)
