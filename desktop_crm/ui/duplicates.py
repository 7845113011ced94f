"""The section Duplicates of the page Clean: what the finder found, one group after another, decided by keys.

Who is like whom and why is decided in duplicates.py at the top of the package; making one card is ui/merge.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QWidget

from desktop_crm import duplicates
from desktop_crm.base.i18n import _, ngettext
from desktop_crm.base.values import show_phone
from desktop_crm.duplicates import CONFIDENCES, Group, Shared
from desktop_crm.shop import Shop
from desktop_crm.ui.beside import Beside
from desktop_crm.ui.duplicate_cards import CardsInShort, LinkForm
from desktop_crm.ui.finder import Finder, go_on, identity, newest_step, place_of, select, waiting
from desktop_crm.ui.kit.buttons import KeyButton, Pills
from desktop_crm.ui.kit.cells import Column, Mark
from desktop_crm.ui.kit.layouts import vbox, wrap_row
from desktop_crm.ui.kit.panels import Banner, EmptyState, Panel
from desktop_crm.ui.kit.table import RecordTable
from desktop_crm.ui.kit.theme import S8
from desktop_crm.ui.merge import merge_cards
from desktop_crm.ui.page import Desk
from desktop_crm.ui.sections import Section

TONES = {"sure": "good", "probable": "look", "possible": "grey"}


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
            identity=identity,
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
        self.groups.set_empty(waiting(self.finder))

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
        go_on(self.groups)

    def _merged(self, group: Group, _customer_id: int) -> None:
        self._told(group, _("The cards are one now."))

    def _told(self, group: Group, words: str) -> None:
        self.desk.jobs.query(newest_step, lambda newest: self._decided(group, words, newest))

    def _decide(self, change: Callable[[Shop], object], group: Group, words: str) -> None:
        def run(shop: Shop) -> int:
            change(shop)
            return newest_step(shop)

        self.desk.jobs.change(run, lambda newest: self._decided(group, words, newest), initiator=self.page)

    def _decided(self, group: Group, words: str, newest: int) -> None:
        place = place_of(self.groups)
        self.finder.drop(group.ids, newest)
        select(self.groups, place)
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
            self.groups.set_empty(waiting(self.finder))
            self.groups.set_records([])


def _names(group: Group) -> str:
    return _(", ").join(dict.fromkeys(card.name for card in group.cards))


def _why(group: Group) -> str:
    return _(", ").join(reason.words for reason in group.reasons)


def _confidence_marks(group: Group) -> list[Mark]:
    return [Mark(_(CONFIDENCES[group.confidence]), TONES[group.confidence])]


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
