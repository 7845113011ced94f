"""Every number the owner sees: `all` gives each figure of a period, compared with the period before and last year's.

This is the door. Formulas are in kpi_formulas.py, meanings in kpi_definitions.py, the days looked at in
kpi_periods.py, complaints as known in kpi_cases.py, the rows behind a figure in kpi_rows.py, the counting in
store/figures.py.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from desktop_crm import business_time, kpi_cases, tiers
from desktop_crm.base.dates import Period, from_instant, local_day, start_of_day, to_instant
from desktop_crm.base.document import Unit
from desktop_crm.base.i18n import _, ngettext
from desktop_crm.kpi_definitions import ALL, BY_KEY, Definition
from desktop_crm.kpi_formulas import GROWING, SIMPLE
from desktop_crm.kpi_measures import SMALL, Base, Figure, Measures, Prospect
from desktop_crm.kpi_periods import Frames, default_as_of, frames
from desktop_crm.kpi_rows import Behind, behind
from desktop_crm.settings import COMPLETENESS_FIELDS
from desktop_crm.shop import Shop
from desktop_crm.store import figure_rows, figures
from desktop_crm.store.figures import Frame


@dataclass(frozen=True)
class Kpi:
    """One figure of a period.

    Attributes:
        key / label / unit: which figure, its name in the present language, how its value is read.
        value: unrounded; None where it is missing, and `note` says why.
        numerator / denominator: above and below the line, None where there is none.
        n: the size of the sample. small: n is below five.
        previous / last_year: the same figure of the period before and of last year's.
        target: the target, None where none is set.
        note: whole sentences, '' if there is nothing to say.
        parts: further figures of the same formula by name (`kpi_definitions.PART_LABELS`).
        definition: the formula in words, in the present language.
    """

    key: str
    label: str
    value: float | None
    unit: Unit
    numerator: float | None
    denominator: float | None
    n: int | None
    previous: float | None
    last_year: float | None
    target: float | None
    note: str
    parts: dict[str, float | None]
    definition: str
    small: bool = False

    @property
    def meaning(self) -> Definition:
        """The whole definition."""
        return BY_KEY[self.key]


def all(shop: Shop, period: Period, as_of: date | None = None) -> dict[str, Kpi]:
    """Every figure in its order, as known at the end of `as_of` (the period's last day, or today while it runs)."""
    asked = frames_of(shop, period, as_of)
    if not asked.begun:
        return {item.key: _unbegun(item) for item in ALL}
    with shop.reading():
        main, previous, last_year = (
            measures(shop, asked, frame) for frame in (asked.main, asked.previous, asked.last_year)
        )
        old_base = _base(shop, asked.before_previous)
        year_base = _base(shop, asked.before_last_year)
        main = _with_details(shop, main)
    now = _figures(
        main, Base(previous.buyers.new, _net(previous.sales), last_year_net_fen=_net(last_year.sales))
    )
    before, year = _figures(previous, old_base), _figures(last_year, year_base)
    return {item.key: _kpi(item, now, before, year) for item in ALL}


def known_at(shop: Shop, period: Period, as_of: date | None = None) -> date:
    """The last day that `all` knows of."""
    return as_of or default_as_of(period, shop.today())


def frames_of(shop: Shop, period: Period, as_of: date | None = None) -> Frames:
    """The days that `all` looks at."""
    return frames(period, known_at(shop, period, as_of), tiers.cuts(shop))


def rows_behind(shop: Shop, key: str, period: Period, as_of: date | None = None) -> Behind:
    """The rows that a figure is made of, with a reason each; their contributions add up to both sides of its line."""
    asked = frames_of(shop, period, as_of)
    if BY_KEY[key].missing or not asked.begun:
        return Behind(())
    with shop.reading() as db:
        main = _with_details(shop, measures(shop, asked, asked.main))
        return behind(db, key, main, asked.previous)


def measures(shop: Shop, asked: Frames, frame: Frame) -> Measures:
    """All counts of one frame, in the snapshot that is open."""
    db, cuts, hours = shop.db, tiers.cuts(shop), business_time.of(shop)
    return Measures(
        frame,
        figures.buyer_totals(db, frame),
        figures.relationship_days(db, frame),
        figures.sales_totals(db, frame),
        figures.order_totals(db, frame),
        figures.net_to_date(db, frame),
        None,
        _prospects(shop, frame),
        figures.followup_totals(db, frame),
        figures.lost_contacts(db, frame),
        kpi_cases.as_known(figure_rows.cases(db, frame), figure_rows.case_steps(db, frame)),
        hours,
        cuts,
        _judged_until(shop, asked, frame),
        answers=figure_rows.answers(db, frame),
        answered=figures.answered_occasions(db, frame),
    )


def _with_details(shop: Shop, main: Measures) -> Measures:
    """The counts that only the asked period shows: profit, and the state of the cards if it ends today."""
    detailed = replace(main, profit=figures.profit_to_date(shop.db, main.frame))
    if main.last_day != shop.today():
        return detailed
    return replace(
        detailed,
        filled=figures.filled_fields(shop.db, main.frame),
        checked=[(kind, text) for kind, text, _id, _name in figures.checkable_values(shop.db)],
        required=tuple(key for key in shop.get(COMPLETENESS_FIELDS)),
    )


def _prospects(shop: Shop, frame: Frame) -> list[Prospect]:
    zone = shop.zone
    start, end = (to_instant(start_of_day(date.fromisoformat(day), zone)) for day in (frame.start, frame.end))
    found = []
    for card in figures.cards(shop.db, frame, start, end):
        day = (
            date.fromisoformat(card.since_day)
            if card.since_day
            else local_day(from_instant(card.created_at), zone)
        )
        sale = date.fromisoformat(card.first_sale_day) if card.first_sale_day else None
        if sale is None or sale > day:
            found.append(Prospect(card.customer_id, card.name, day, sale))
    return found


def _judged_until(shop: Shop, asked: Frames, frame: Frame) -> datetime:
    """The end of the frame's last known day; while as-of is today, of the day before: a day still running is not judged."""
    day = date.fromisoformat(frame.known)
    return start_of_day(day - timedelta(days=asked.as_of == shop.today()), shop.zone)


def _base(shop: Shop, frame: Frame) -> Base:
    return Base(figures.new_customers(shop.db, frame), _net(figures.sales_totals(shop.db, frame)))


def _net(sales: figures.SalesTotals) -> int:
    return sales.gross_fen - sales.refunds_fen


def _figures(found: Measures, base: Base) -> dict[str, Figure]:
    made = {key: formula(found) for key, formula in SIMPLE.items()}
    return made | {key: formula(found, base) for key, formula in GROWING.items()}


def _unbegun(item: Definition) -> Kpi:
    return _made(item, Figure(None), _("The period has not begun."))


def _kpi(item: Definition, now: dict[str, Figure], before: dict[str, Figure], year: dict[str, Figure]) -> Kpi:
    figure = now.get(item.key)
    if figure is None:
        return _made(item, Figure(None), _(item.missing))
    notes = list(figure.notes)
    if figure.value is None and figure.denominator == 0 and item.key not in GROWING:
        notes.insert(0, _("No value: there are no {what}.").format(what=_(item.under)))
    if figure.n == 0 and figure.denominator is None and figure.value is None:
        notes.insert(0, _("No value: there is nothing to measure."))
    small = item.key != "net_sales" and figure.n is not None and 0 < figure.n < SMALL
    if small and figure.n is not None:
        text = ngettext("Small sample: {count}.", "Small sample: {count}.", figure.n)
        notes.insert(0, text.format(count=figure.n))
    made = _made(item, figure, " ".join(notes), small)
    return replace(made, previous=before[item.key].value, last_year=year[item.key].value)


def _made(item: Definition, figure: Figure, note: str, small: bool = False) -> Kpi:
    return Kpi(
        item.key,
        item.name(),
        figure.value,
        item.unit,
        figure.numerator,
        figure.denominator,
        figure.n,
        None,
        None,
        None,
        note,
        figure.parts,
        _(item.formula),
        small,
    )
