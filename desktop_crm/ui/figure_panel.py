"""How a number is made: its formula in words and in numbers, its notes, and the rows behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtWidgets import QWidget

from desktop_crm import kpis, performance
from desktop_crm.base.dates import Period
from desktop_crm.base.i18n import _, ngettext
from desktop_crm.base.values import show
from desktop_crm.kpi_definitions import PART_LABELS
from desktop_crm.kpi_rows import BehindRow
from desktop_crm.kpis import Kpi
from desktop_crm.shop import Shop
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.layouts import hbox, vbox
from desktop_crm.ui.kit.panels import EmptyState, Panel
from desktop_crm.ui.kit.table import Column, RecordTable
from desktop_crm.ui.kit.theme import S4, S8
from desktop_crm.ui.page import Desk

MOST_ROWS: Final = 1000
"""So many rows are listed; the sums stand above them in any case."""


_IN_NOTES: Final = frozenset({"unanswered", "data_errors"})
"""Parts that a figure's notes already say."""


@dataclass(frozen=True)
class _Rows:
    """The rows behind one figure, the first of them, and how many there are."""

    key: str
    first: tuple[BehindRow, ...]
    count: int


class FigurePanel(Panel):
    """One figure explained; Enter on a row opens the card, or the complaint, behind it."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(spacing=S8, parent=parent)
        self._desk = desk
        self._wanted = ""
        self._build()
        self.table.record_chosen.connect(self._open)

    def _build(self) -> None:
        self._name = Label(_("Choose a figure to see how it is made"), "section", wrap=True)
        self._value = Label("", "title")
        self._compared = Label("", "small", wrap=True)
        self._made = Label("", "strong", wrap=True, selectable=True)
        self._words = Label("", "quiet", wrap=True)
        self._note = Label("", "small", wrap=True)
        self._more = Label("", "small", wrap=True)
        self.add(hbox((self._name, 1), self._value, spacing=S8))
        self.add(vbox(self._compared, self._made, self._words, self._note, spacing=S4))
        self.table: RecordTable[BehindRow] = RecordTable(
            [
                Column(
                    "name",
                    _("The rows behind it"),
                    _name,
                    second=lambda row: row.reason,
                    tone=lambda row: "plain" if row.over else "quiet",
                    bold=True,
                    stretch=1,
                    sortable=False,
                )
            ],
            name="performance.rows",
            state=self._desk.state,
            identity=lambda row: (row.kind, row.id, row.day, row.over),
        )
        self.table.set_empty(
            EmptyState(_("No rows"), _("Nothing that happened in this period is behind this figure."))
        )
        self.add(self.table, 1)
        self.add(hbox((self._more, 1)))

    def show_figure(self, kpi: Kpi, period: Period) -> None:
        """Explain a figure of a period."""
        self._wanted = kpi.key
        self._name.setText(kpi.label)
        self._value.setText(show(kpi.value, kpi.unit))
        self._compared.setText(_comparisons(kpi))
        self._compared.setVisible(bool(self._compared.text()))
        made = performance.how(kpi)
        self._made.setText(_("= {made}").format(made=made) if kpi.numerator is not None else made)
        self._made.setVisible(bool(made))
        self._words.setText(_sides(kpi) or kpi.definition)
        for label in (self._name, self._value, self._words):
            label.setToolTip(
                _("{formula}\n{example}").format(formula=kpi.definition, example=_(kpi.meaning.example))
            )
        self._note.setText("\n".join(part for part in (kpi.note, _parts(kpi)) if part))
        self._note.setVisible(bool(self._note.text()))
        key = kpi.key

        def rows(shop: Shop) -> _Rows:
            found = kpis.rows_behind(shop, key, period).rows
            return _Rows(key, found[:MOST_ROWS], len(found))

        self._desk.jobs.query(rows, self._show_rows, key="performance.rows")

    def hasHeightForWidth(self) -> bool:
        """No: the table gives way to the words, or the page would grow by what the table would like to have."""
        return False

    def _show_rows(self, rows: _Rows) -> None:
        if rows.key != self._wanted:
            return
        self.table.set_records(rows.first)
        text = ngettext("{count} row", "{count} rows", rows.count).format(count=f"{rows.count:,}")
        if rows.count > len(rows.first):
            text = _("{rows}, the first {shown} shown").format(rows=text, shown=f"{len(rows.first):,}")
        self._more.setText(text if rows.count else "")

    def _open(self, row: BehindRow) -> None:
        if row.kind == "complaint":
            self._desk.go_to("complaints", row.id)
        elif row.customer_id is not None:
            self._desk.open_customer(row.customer_id)
        else:
            self._desk.messages.say(_("This was a walk-in sale; there is no card to open."))


def _name(row: BehindRow) -> str:
    return row.name or (_("Unknown") if row.kind == "complaint" else _("Walk-in"))


def _comparisons(kpi: Kpi) -> str:
    """The same figure before and a year ago, where known."""
    parts = []
    if kpi.previous is not None:
        parts.append(_("before {value}").format(value=show(kpi.previous, kpi.unit)))
    if kpi.last_year is not None:
        parts.append(_("a year earlier {value}").format(value=show(kpi.last_year, kpi.unit)))
    return " · ".join(parts)


def _sides(kpi: Kpi) -> str:
    """What stands above and below the line, in words."""
    over, under = _(kpi.meaning.over), _(kpi.meaning.under)
    if kpi.denominator is None or not kpi.meaning.over or kpi.value is None:
        return ""
    money = kpi.unit == "fen" or kpi.key == "sales_growth"
    first = show(kpi.numerator, "fen" if money else "count")
    second = show(kpi.denominator, "fen" if kpi.key == "sales_growth" else "count")
    return _("{second}: {under}\n{first}: {over}").format(first=first, over=over, second=second, under=under)


def _parts(kpi: Kpi) -> str:
    """The figures beside the figure, one a line."""
    lines = [
        f"{_(label)}: {show(kpi.parts[part], unit)}"
        for part, (label, unit) in PART_LABELS.items()
        if kpi.parts.get(part) and part not in _IN_NOTES
    ]
    return " · ".join(lines)
