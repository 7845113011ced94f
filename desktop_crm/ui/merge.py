"""Making one card of several: the fields that differ side by side, and which card stays. The rules are in merge.py
at the top of the package, the table in merge_table.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QRect

from desktop_crm import merge
from desktop_crm.base.i18n import _, ngettext
from desktop_crm.base.values import show_phone
from desktop_crm.duplicates import Outline
from desktop_crm.merge import Preview
from desktop_crm.merge_fields import TOGETHER
from desktop_crm.search import SearchResult
from desktop_crm.shop import Shop
from desktop_crm.ui.customer_field import CustomerField
from desktop_crm.ui.kit.forms import FormDialog
from desktop_crm.ui.kit.jobs import Jobs
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.merge_table import ChoiceTable, ValueColumn, ValueRow
from desktop_crm.ui.page import Desk

_KEEP = "keep"
"""The row that says which card stays."""

_WORDS: dict[str, Callable[[int], str]] = {
    "purchases": lambda count: ngettext("{count} sale", "{count} sales", count),
    "devices": lambda count: ngettext("{count} device", "{count} devices", count),
    "interactions": lambda count: ngettext("{count} contact", "{count} contacts", count),
    "followups": lambda count: ngettext("{count} follow-up", "{count} follow-ups", count),
    "complaints": lambda count: ngettext("{count} complaint", "{count} complaints", count),
    "notes": lambda count: ngettext("{count} note", "{count} notes", count),
    "balance_entries": lambda count: ngettext(
        "{count} entry of the account", "{count} entries of the account", count
    ),
    "point_entries": lambda count: ngettext("{count} entry of points", "{count} entries of points", count),
    "opening_summaries": lambda count: ngettext(
        "{count} summary brought along", "{count} summaries brought along", count
    ),
    "survey_answers": lambda count: ngettext("{count} answer", "{count} answers", count),
}


def merge_cards(
    desk: Desk,
    customer_ids: Sequence[int],
    on_merged: Callable[[int], object],
    *,
    keep_id: int | None = None,
    reason: str = "",
    initiator: object | None = None,
) -> None:
    """Ask field by field and make one card; `on_merged` gets the id of the card that stayed.

    Args:
        keep_id: the card that stays unless somebody chooses another; None: the one with the longest past.
        reason: why they are the same, kept with the merge.
    """

    def show(found: Preview) -> None:
        form = MergeForm(desk, found, reason, initiator=initiator)
        form.open_with(on_merged)

    if not desk.may("merge"):
        return
    desk.jobs.query(lambda shop: merge.preview(shop, customer_ids, keep_id), show, key="merge.preview")


def merge_with(desk: Desk, customer_id: int, on_merged: Callable[[int], object], name: str) -> None:
    """Ask which card is the same person, then as `merge_cards`; Alt+M on the card."""
    if desk.may("merge"):
        PickForm(desk, customer_id, name).open_with(
            lambda other_id: merge_cards(desk, [customer_id, other_id], on_merged)
        )


class _OtherCard(CustomerField):
    """Any card but one.

    Args:
        without: the card that is not offered.
    """

    def __init__(self, jobs: Jobs, label: str, *, without: int) -> None:
        super().__init__(jobs, label, required=True)
        self._without = without

    def _show(self, found: SearchResult) -> None:
        others = tuple(hit for hit in found.hits if hit.customer_id != self._without)
        super()._show(replace(found, hits=others))


class PickForm(FormDialog[int]):
    """Which card is the same person."""

    def __init__(self, desk: Desk, customer_id: int, name: str) -> None:
        super().__init__(
            desk.jobs,
            desk.window,
            title=_("Who is the same as {name}?").format(name=name),
            note=_("Both become one card; you choose field by field, and it can be undone."),
            save_text=_("Go on"),
        )
        self._customer_id = customer_id
        self.other = self.add(_OtherCard(desk.jobs, _("The other card"), without=customer_id))

    def problem(self) -> str:
        """A card is not merged with itself."""
        return (
            _("That is this card. Please choose another one.")
            if self.other.value() == self._customer_id
            else ""
        )

    def job(self) -> Callable[[Shop], int]:
        """Nothing is written yet."""
        other = self.other.value()
        assert other is not None
        return lambda _shop: other


class MergeForm(FormDialog[int]):
    """The fields that differ, a card to a column; saving makes one card and gives its id."""

    def __init__(self, desk: Desk, found: Preview, reason: str, *, initiator: object | None = None) -> None:
        self._found, self._reason = found, reason
        count = len(found.cards)
        super().__init__(
            desk.jobs,
            desk.window,
            title=ngettext("Make one card of {count}", "Make one card of {count}", count).format(count=count),
            note=_("Up and down go through the fields, digits or left and right choose. It can be undone."),
            save_text=_("Make one card"),
            width=min(132 + 210 * self._column_count() + 56, 1180),
            initiator=initiator,
        )
        self.table = self.add_widget(ChoiceTable())
        self.words = self.add_widget(Label("", "quiet", wrap=True))
        self._show()
        self.table.changed.connect(self._chose)
        self.table.entered.connect(self.save)
        self.table.row_changed.connect(self._scroll_to)
        self.table.setFocus()

    def job(self) -> Callable[[Shop], int]:
        """Merge as chosen."""
        keep = self._keep_id()
        others = [card.id for card in self._found.cards if card.id != keep]
        chosen = self.chosen()
        reason = self._reason

        def run(shop: Shop) -> int:
            merge.merge(shop, keep, others, chosen, reason)
            return keep

        return run

    def chosen(self) -> dict[str, int]:
        """The card of each field, as merge.merge takes it."""
        sources = [card.id for card in self._found.cards] + [TOGETHER]
        picked = {key: sources[column] for key, column in self.table.chosen().items() if key != _KEEP}
        return self._found.defaults() | picked

    def _keep_id(self) -> int:
        return self._found.cards[self.table.chosen()[_KEEP]].id

    def _column_count(self) -> int:
        return len(self._found.cards) + any(
            choice.can_join and choice.differs for choice in self._found.fields
        )

    def _show(self) -> None:
        cards = self._found.cards
        columns = [
            ValueColumn(card.name, _said(card), str(place + 1) if place < 9 else "")
            for place, card in enumerate(cards)
        ]
        joins = self._column_count() > len(cards)
        if joins:
            columns.append(ValueColumn(_("All texts"), _("below each other"), "0"))
        places = {card.id: place for place, card in enumerate(cards)} | {TOGETHER: len(cards)}
        empty: tuple[str | None, ...] = (None,) if joins else ()
        stays = tuple(_number(card) for card in cards) + empty
        rows = [ValueRow(_KEEP, _("Card that stays"), stays, places[self._found.keep_id])]
        for choice in self._found.fields:
            if choice.differs:
                texts: tuple[str | None, ...] = tuple(choice.texts[card.id] for card in cards)
                if joins:
                    texts += (_("all of it"),) if choice.can_join else (None,)
                rows.append(ValueRow(choice.field, choice.label, texts, places[choice.default]))
        self.table.show_rows(columns, rows)
        self.words.setText(self._rest(len(self._found.fields) - len(rows) + 1))

    def _rest(self, same: int) -> str:
        """What is not asked."""
        moves = [words(count).format(count=count) for key, words in _WORDS.items()
                 if (count := self._found.attached.get(key, 0))]  # fmt: skip
        parts = [_("All numbers and tags are kept, each once.")]
        if same:
            parts.insert(
                0,
                ngettext(
                    "{count} more field is the same everywhere or known on one card only.",
                    "{count} more fields are the same everywhere or known on one card only.",
                    same,
                ).format(count=same),
            )
        if moves:
            parts.append(_("Come together: {things}.").format(things=_(", ").join(moves)))
        return " ".join(parts)

    def _chose(self, _key: str) -> None:
        self._touch()

    def _scroll_to(self, row: QRect) -> None:
        held = self._area.widget()
        if held is not None:
            middle = self.table.mapTo(held, row.center())
            self._area.ensureVisible(middle.x(), middle.y(), 0, row.height() // 2)


def merged(desk: Desk, show: Callable[[int], object], customer_id: int) -> None:
    """Say that it was done, with Undo, and show the card."""
    show(customer_id)
    desk.done(_("The cards are one now."))


def open_merged(desk: Desk) -> Callable[[int], None]:
    """What to do after a merge that was begun on a card or a form: show the card that stayed."""
    return partial(merged, desk, desk.open_customer)


def _said(card: Outline) -> str:
    numbers = [show_phone(number) for number in card.phones.split(" / ") if number]
    parts = [*numbers, card.device]
    return " · ".join(part for part in parts if part)


def _number(card: Outline) -> str:
    words = [_("no. {number}").format(number=card.id)]
    if card.purchases:
        words.append(ngettext("{count} sale", "{count} sales", card.purchases).format(count=card.purchases))
    if card.last_day:
        words.append(_("last {day}").format(day=card.last_day))
    return " · ".join(words)
