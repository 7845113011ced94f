"""The printed report of a month (or quarter, year, range): a letter to the owner, then the pages behind it.

Here are the first page and the order of the others; those are in monthly_pages.py, the three sentences in
sentences.py. Same data on the same day gives the same document.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

from desktop_crm import audit, calls, masks, performance, period_words
from desktop_crm.base.dates import Period
from desktop_crm.base.document import Block, Column, Document, Table, Tiles, Value
from desktop_crm.base.i18n import _, current_language, using
from desktop_crm.kpi_cases import as_known
from desktop_crm.kpis import Kpi
from desktop_crm.performance import Overview
from desktop_crm.reports import monthly_pages, sentences
from desktop_crm.reports.monthly_pages import Gathered
from desktop_crm.settings import SHOP_ADDRESS, SHOP_NAME
from desktop_crm.shop import Shop
from desktop_crm.store import figure_rows

FIRST_PAGE_KEYS = (
    "new_customer_growth",
    "repurchase_rate",
    "churn_rate",
    "average_order_value",
    "first_response_time",
    "complaint_handling_rate",
)
"""The figures of the first page's table."""


def make(shop: Shop, period: Period, as_of: date | None = None, language: str | None = None) -> Document:
    """The report of a period as known at the end of `as_of`.

    Args:
        as_of: the period's last day, or today while it runs, where not given.
        language: of the paper; the program's where not given.
    """
    with using(language or current_language()), shop.reading():
        return _document(shop, gather(shop, period, as_of))


def gather(shop: Shop, period: Period, as_of: date | None = None) -> Gathered:
    """Everything that the report shows, in the present language."""
    with shop.reading() as db:
        seen = performance.overview(shop, period, as_of)
        frame = seen.frames.main
        promised = figure_rows.promised(db, frame)
        contacts = [(row.customer_id, row.done_day) for row in promised if row.done_day is not None]
        return Gathered(
            seen,
            as_known(figure_rows.cases(db, frame), figure_rows.case_steps(db, frame)),
            as_known(*figure_rows.carried_over(db, frame)),
            promised,
            figure_rows.bought_after(db, frame, sorted(set(contacts))),
            figure_rows.best_customers(db, frame, 20),
            figure_rows.best_sellers(db, frame, 10),
            calls.five(shop, seen.frames),
        )


def _document(shop: Shop, gathered: Gathered) -> Document:
    period, asked = gathered.overview.frames.period, gathered.overview.frames
    name, address = shop.get(SHOP_NAME), shop.get(SHOP_ADDRESS)
    blocks: list[Block] = [*_first_page(shop, gathered)]
    for page in monthly_pages.pages(shop, gathered):
        blocks += page
    return Document(
        _("Report for {period}").format(period=period_words.title(period)),
        " · ".join(part for part in (name, address) if part),
        masks.veil(shop, tuple(blocks)),
        current_language(),
        shop.today(),
        (
            _("As known on {day}").format(day=asked.as_of.isoformat()),
            _("Printed {day}").format(day=shop.today().isoformat()),
        ),
        _footer(audit.anchor(shop)),
        name,
        (period.label(),),
    )


def _footer(anchor: str) -> str:
    """What stands at the foot of each page; the anchor proves later that nobody rewrote the audit trail."""
    words = _("Each figure can be opened in the program, down to its every row.")
    return " · ".join((words, _("Audit trail {anchor}").format(anchor=anchor))) if anchor else words


def _first_page(shop: Shop, gathered: Gathered) -> list[Block]:
    seen = gathered.overview
    late = monthly_pages.late_cases(shop, gathered)
    received = monthly_pages.received_cases(gathered)
    categories = Counter(case.row.category for case in received if case.row.category)
    facts = sentences.Facts(
        seen.frames,
        seen.kpis,
        sorted(categories.items(), key=lambda item: (-item[1], item[0])),
        len(late),
        gathered.promised,
        gathered.bought_after,
    )
    return [
        *sentences.three(facts),
        Tiles(tuple(replace(tile, change_note="") for tile in seen.tiles)),
        seen.chart,
        indicators([seen.kpis[key] for key in FIRST_PAGE_KEYS], seen),
        *_calls(gathered),
    ]


def indicators(kpis: list[Kpi], seen: Overview) -> Table:
    """Figures with their comparisons and how each was made."""
    period = seen.frames.period
    columns = (
        Column(_("Figure"), 2.6),
        Column(period_words.this(period), 1.3, "right"),
        Column(period_words.before(period), 1.6, "right"),
        Column(_("Last year"), 1.3, "right"),
        Column(_("Target"), 0.8, "right"),
        Column(_("How it is made"), 2.6),
    )
    rows = tuple(
        (
            kpi.label,
            Value(kpi.value, kpi.unit, bold=True),
            Value(kpi.previous, kpi.unit),
            Value(kpi.last_year, kpi.unit),
            Value(kpi.target, kpi.unit),
            monthly_pages.made_of(kpi),
        )
        for kpi in kpis
    )
    note = _("the small changes above are against {period}").format(
        period=period_words.title(period.previous())
    )
    return Table(columns, rows, _("Figures"), note, dense=True)


def _calls(gathered: Gathered) -> list[Block]:
    if not gathered.calls:
        return []
    rows = tuple(
        (number, Value(call.name, bold=True), call.phone or None, call.reason)
        for number, call in enumerate(gathered.calls, 1)
    )
    columns = (Column("", 0.3, unit="count"), Column("", 1.0), Column("", 1.2), Column("", 6.6))
    return [Table(columns, rows, _("Please call these customers yourself"), dense=True)]
