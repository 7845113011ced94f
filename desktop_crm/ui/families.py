"""The section Families of the page Clean: two people each who probably belong together, linked by a digit, never merged."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from desktop_crm import duplicates, relations
from desktop_crm.base.i18n import _
from desktop_crm.duplicates import Family
from desktop_crm.shop import Shop
from desktop_crm.ui.beside import Beside
from desktop_crm.ui.duplicate_cards import CardsInShort
from desktop_crm.ui.finder import Finder, go_on, identity, newest_step, place_of, select, waiting
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.cells import Column, Mark
from desktop_crm.ui.kit.inplace import OutcomeList
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.layouts import vbox, wrap_row
from desktop_crm.ui.kit.panels import EmptyState, Panel
from desktop_crm.ui.kit.table import RecordTable
from desktop_crm.ui.kit.theme import S8, S16
from desktop_crm.ui.merge import merge_cards
from desktop_crm.ui.page import Desk
from desktop_crm.ui.sections import Section


class FamiliesPanel(Section):
    """Two people each who probably belong together; linked, never merged."""

    fills = True

    def __init__(self, desk: Desk, page: QWidget) -> None:
        super().__init__(desk, page)
        self.finder = Finder.of(desk, page)
        self.families: RecordTable[Family] = RecordTable(
            [
                Column(
                    "who", _("Customers"), _pair, second=_why_family, stretch=1, bold=True, sortable=False
                ),
                Column("kind", _("Proposed"), marks=_kind_marks, width=170, sortable=False),
            ],
            name="clean.families",
            state=desk.state,
            identity=identity,
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
        self.families.set_empty(waiting(self.finder))

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
        go_on(self.families)

    def _merged(self, family: Family, _customer_id: int) -> None:
        words = _("The cards are one now.")
        self.desk.jobs.query(newest_step, lambda newest: self._decided(family, words, newest))

    def _decide(self, change: Callable[[Shop], object], family: Family, words: str) -> None:
        def run(shop: Shop) -> int:
            change(shop)
            return newest_step(shop)

        self.desk.jobs.change(run, lambda newest: self._decided(family, words, newest), initiator=self.page)

    def _decided(self, family: Family, words: str, newest: int) -> None:
        place = place_of(self.families)
        self.finder.drop((family.customer.id, family.other.id), newest)
        select(self.families, place)
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
            self.families.set_empty(waiting(self.finder))
            self.families.set_records([])


def _pair(family: Family) -> str:
    return _("{first} and {second}").format(first=family.customer.name, second=family.other.name)


def _why_family(family: Family) -> str:
    return _(", ").join(reason.words for reason in family.link.reasons)


def _kind_marks(family: Family) -> list[Mark]:
    return [Mark(relations.words(family.link.kind), "accent")]
