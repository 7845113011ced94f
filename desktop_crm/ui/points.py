"""The points of a customer: their ledger, and a correction. What may be booked is points.py's business."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from desktop_crm import customers, points
from desktop_crm.base.i18n import _
from desktop_crm.points import LedgerLine
from desktop_crm.shop import Shop
from desktop_crm.ui.kit.forms import FormDialog, TextField
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.panels import EmptyState
from desktop_crm.ui.kit.table import Column, RecordTable
from desktop_crm.ui.page import Desk

KEY = "Alt+Q"
_MOST_LINES = 6


@dataclass(frozen=True)
class _Known:
    name: str
    total: int | None
    ledger: list[LedgerLine]


class PointsForm(FormDialog[str]):
    """The points of one customer; saving books what is typed and gives the sentence about it."""

    def __init__(self, desk: Desk, customer_id: int, *, initiator: object | None = None) -> None:
        super().__init__(
            desk.jobs, desk.window, title=_("Points"), save_text=_("Book"), width=560, initiator=initiator
        )
        self._desk, self._customer_id = desk, customer_id
        self.state = self.add_widget(Label("", "figure", wrap=True))
        self.ledger: RecordTable[LedgerLine] = RecordTable(
            _columns(), dense=True, identity=lambda line: line.entry.id
        )
        self.ledger.set_empty(EmptyState(_("No points yet"), ""))
        self.add_widget(self.ledger)
        self.points = TextField(_("Points"), placeholder=_("1700, +50 or -20"), required=True, check=_misread)
        self.note = TextField(_("Why"))
        self.add_row(self.points, self.note, stretches=(1, 2))
        who = customer_id
        desk.jobs.query(partial(_read, who), partial(self.fill, self._show), key="points")

    def job(self) -> Callable[[Shop], str]:
        """Book it."""
        who, typed, why = self._customer_id, self.points.value(), self.note.value()

        def book(shop: Shop) -> str:
            total = points.put_typed(shop, who, typed, why)
            return _("Booked: {points} now.").format(points=points.words(total))

        return book

    def _show(self, known: _Known) -> None:
        words = points.words(known.total) or _("no points yet")
        self.state.setText(_("{name}: {state}").format(name=known.name, state=words))
        self.ledger.set_records(known.ledger)
        self.ledger.row_limit(_MOST_LINES)
        self.points.editor.setFocus()
        if self.isVisible():
            self._fit()


def _misread(text: str) -> str:
    return "" if points.wanted(text, 0) is not None else _("Write 1700, +50 or -20.")


def _read(customer_id: int, shop: Shop) -> _Known:
    with shop.reading():
        return _Known(
            customers.get(shop, customer_id).name,
            points.total(shop, customer_id),
            points.ledger(shop, customer_id),
        )


def _columns() -> list[Column[LedgerLine]]:
    return [
        Column("day", _("Day"), lambda line: line.entry.day, width=110, tone="quiet", sortable=False),
        Column("what", _("What"), _what, stretch=1, sortable=False),
        Column(
            "points",
            _("Points"),
            lambda line: f"{line.entry.points:+,}",
            align="right",
            width=100,
            sortable=False,
        ),
        Column(
            "after",
            _("Sum"),
            lambda line: f"{line.after:,}",
            align="right",
            tone="quiet",
            width=100,
            sortable=False,
        ),
    ]


def _what(line: LedgerLine) -> str:
    return " · ".join(part for part in (points.label(line.entry), line.entry.note) if part)
