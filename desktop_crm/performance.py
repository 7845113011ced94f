"""What the Performance page and the first page of a report show alike: six tiles, the sales chart, the tiers.

The figures themselves are in kpis.py; the printed report around this is in reports/monthly.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from desktop_crm import business_time, kpis, period_words, staff_figures, tiers
from desktop_crm.base.dates import Grain, Period, add_months, month_of, parse_period, quarter_of
from desktop_crm.base.document import BarChart, Series, Share, ShareBar, Tile, Tone, Unit, Value
from desktop_crm.base.i18n import N_, _, ngettext
from desktop_crm.base.values import show
from desktop_crm.business_time import Hours
from desktop_crm.kpi_definitions import BY_KEY
from desktop_crm.kpi_periods import Frames, frame
from desktop_crm.kpis import Kpi
from desktop_crm.records.tiers import Tier
from desktop_crm.shop import Shop
from desktop_crm.staff_figures import Work
from desktop_crm.store import figures
from desktop_crm.store import tiers as store_tiers
from desktop_crm.tier_rules import RANK, TIERS, judge, window_start

TILES = (
    "net_sales",
    "new_customers",
    "repurchase_rate",
    "churn_rate",
    "first_response_time",
    "follow_up_on_time_rate",
)
"""Keys of the six tiles; "new_customers" is a part of new_customer_growth."""

_TILE_LABELS = {
    "new_customers": N_("New customers"),
    "repurchase_rate": N_("Repeat purchases"),
    "first_response_time": N_("First response"),
    "follow_up_on_time_rate": N_("Follow-ups on time"),
}
"""Shorter names where a tile is too narrow for the figure's own."""

DAILY_UP_TO = 62
WEEKLY_UP_TO = 200
_COLOURS: dict[Tier, Literal["gold", "accent", "grey", "red", "pale"]] = {
    "high_value": "gold",
    "potential": "accent",
    "regular": "grey",
    "lost": "red",
    "prospect": "pale",
}


@dataclass(frozen=True)
class TierPicture:
    """The tiers at the end of a period by the cut points, and who moved in it.

    Attributes:
        counts: customers per tier. before: the same at the period's start.
        moves: (tier at the start, '' for none yet; tier at the end, customers), the most first.
        up / down: customers whose tier got better or worse, those new to the shop apart.
    """

    counts: dict[Tier, int]
    before: dict[Tier, int]
    moves: tuple[tuple[str, Tier, int], ...]
    up: int
    down: int

    @property
    def customers(self) -> int:
        """All customers at the end."""
        return sum(self.counts.values())

    def bar(self) -> ShareBar:
        """The tiers as one bar, the empty ones left out."""
        shares = tuple(
            Share(tiers.label(tier), self.counts[tier], _COLOURS[tier]) for tier in TIERS if self.counts[tier]
        )
        title = ngettext("{count} customer by tier", "{count} customers by tier", self.customers).format(
            count=f"{self.customers:,}"
        )
        note = _("{up} moved up, {down} moved down in this period").format(up=self.up, down=self.down)
        return ShareBar(title, shares, note)


@dataclass(frozen=True)
class Overview:
    """A period at a glance.

    Attributes:
        frames: the days looked at. kpis: every figure by key.
        tiles: six of them. chart: net sales by day, week or month. tiers: who stands where.
        staff: what each person did, as far as whoever looks may see it.
    """

    frames: Frames
    kpis: dict[str, Kpi]
    tiles: tuple[Tile, ...]
    chart: BarChart
    tiers: TierPicture
    staff: Sequence[Work] = ()

    def compared(self) -> str:
        """What the period is compared with and up to when it is known."""
        period = self.frames.period
        previous = period_words.short(period.previous(), period)
        if period.previous() == period.last_year():
            text = (
                _("to {day}, against as many days of {previous}")
                if self.frames.running
                else _("against {previous} · as known on {day}")
            )
            return text.format(previous=previous, day=self.frames.as_of.isoformat())
        text = (
            _("to {day}, against as many days of {previous} and {last_year}")
            if self.frames.running
            else _("against {previous} and {last_year} · as known on {day}")
        )
        return text.format(
            previous=previous,
            last_year=period_words.title(period.last_year()),
            day=self.frames.as_of.isoformat(),
        )


@dataclass(frozen=True)
class PastPeriod:
    """A period of the shop's past with its net sales, as known today."""

    period: Period
    net_fen: int


def past_periods(shop: Shop, grain: Grain, most: int = 36) -> list[PastPeriod]:
    """The running period and those before it back to the first sale, the latest first; none before the first sale."""
    today = shop.today()
    with shop.reading() as db:
        first = figures.first_sale_day(db)
        if first is None:
            return []
        found = parse_period(str(today.year)) if grain == "year" else month_of(today)
        found = quarter_of(today) if grain == "quarter" else found
        cuts, known = tiers.cuts(shop), today + timedelta(days=1)
        periods: list[PastPeriod] = []
        while found.end.isoformat() > first and len(periods) < most:
            sales = figures.sales_totals(db, frame(found.start, found.end, known, cuts))
            periods.append(PastPeriod(found, sales.gross_fen - sales.refunds_fen))
            found = found.previous()
        return periods


def overview(shop: Shop, period: Period, as_of: date | None = None) -> Overview:
    """The period at a glance, from one snapshot of the shop."""
    with shop.reading():
        asked = kpis.frames_of(shop, period, as_of)
        found = kpis.all(shop, period, as_of)
        return Overview(
            asked,
            found,
            tiles(found, period),
            chart(shop, asked),
            tier_picture(shop, asked),
            staff_figures.of_period(shop, asked),
        )


def tile_label(key: str) -> str:
    """The name of a tile."""
    return _(_TILE_LABELS.get(key) or BY_KEY[key].label)


def tiles(found: dict[str, Kpi], period: Period) -> tuple[Tile, ...]:
    """The six tiles; each says what it is compared with, and the size of its sample."""
    against = _("on {period}").format(period=period_words.short(period.previous(), period))
    made = []
    for key in TILES:
        if key == "new_customers":
            made.append(_new_customers(found["new_customer_growth"], against))
            continue
        kpi = found[key]
        value = Value(kpi.value, kpi.unit, bold=True)
        change = difference(kpi, kpi.previous)
        if key == "net_sales":
            growth = found["sales_growth"].value
            change = None if growth is None else Value(growth, "ratio", tone=_tone(growth, "up"), signed=True)
        made.append(
            Tile(
                key,
                _(_TILE_LABELS.get(key, kpi.meaning.label)),
                value,
                change,
                _tile_note(kpi, against if change else ""),
            )
        )
    return tuple(made)


def _tile_note(kpi: Kpi, against: str) -> str:
    if kpi.key == "net_sales":
        return against
    return _("n = {count}").format(count=f"{kpi.n or 0:,}")


def _new_customers(growth: Kpi, against: str) -> Tile:
    now, before = growth.parts.get("new_customers"), growth.parts.get("new_customers_before")
    change = None
    if now is not None and before is not None:
        change = Value(now - before, "count", tone=_tone(now - before, "up"), signed=True)
    return Tile(
        "new_customers",
        tile_label("new_customers"),
        Value(now, "count", bold=True),
        change,
        against if change else "",
    )


def difference(kpi: Kpi, other: float | None) -> Value | None:
    """How far the figure is from another one of its kind; ratios differ in points; None where one is missing."""
    if kpi.value is None or other is None:
        return None
    gap = kpi.value - other
    unit: Unit = "points" if kpi.unit == "ratio" else kpi.unit
    shown_zero = show(abs(gap), unit) == show(0, unit)
    return Value(
        0 if shown_zero else gap,
        unit,
        tone="quiet" if shown_zero else _tone(gap, kpi.meaning.better),
        signed=True,
    )


def _tone(gap: float, better: str) -> Tone:
    if gap == 0 or not better:
        return "quiet"
    return "good" if (gap > 0) == (better == "up") else "bad"


def how(kpi: Kpi) -> str:
    """How the value was made, in numbers: "54 ÷ 1,311", "(43 − 31) ÷ 31" or "n = 38"."""
    unit: Unit = "fen" if kpi.unit == "fen" or kpi.key == "sales_growth" else "count"
    if kpi.numerator is None or kpi.denominator is None:
        if kpi.key == "net_sales" and kpi.value is not None:
            parts = (show(kpi.parts["gross"], "fen"), show(kpi.parts["refunds"], "fen"))
            return _("{sales} − {refunds}").format(sales=parts[0], refunds=parts[1])
        return "" if kpi.n is None else _("n = {count}").format(count=f"{kpi.n:,}")
    under = show(kpi.denominator, unit if kpi.key == "sales_growth" else "count")
    if kpi.key in ("new_customer_growth", "sales_growth"):
        now = show(kpi.numerator + kpi.denominator, unit)
        return _("({now} − {before}) ÷ {before}").format(now=now, before=under)
    return _("{over} ÷ {under}").format(over=show(kpi.numerator, unit), under=under)


def chart(shop: Shop, asked: Frames) -> BarChart:
    """Net sales by day, or by week or month of longer periods, over the same of last year."""
    period, year = asked.period, asked.period.last_year()
    cuts = tiers.cuts(shop)
    lag = max(asked.as_of + timedelta(days=1) - period.end, timedelta())
    whole_year = frame(year.start, year.end, year.end + lag, cuts)
    now = figures.daily_net(shop.db, asked.main)
    then = figures.daily_net(shop.db, whole_year)
    places, before = buckets(period), buckets(year)
    last = date.fromisoformat(asked.main.end)
    values = tuple(_sum(now, place) if place[0] < last else None for place in places)
    line = tuple(
        _sum(then, before[number]) if number < len(before) else None for number in range(len(places))
    )
    title, note = _chart_words(period)
    return BarChart(
        title,
        _labels(places),
        Series(_("Net sales"), values, "fen"),
        Series(_("A year earlier"), line, "fen") if any(line) else None,
        note if any(line) else "",
        _quiet(places, business_time.of(shop)),
    )


def buckets(period: Period) -> list[tuple[date, date]]:
    """The days, weeks (from the period's first day) or months of a period as [first, end)."""
    found, first = [], period.start
    while first < period.end:
        if period.days <= DAILY_UP_TO:
            end = first + timedelta(days=1)
        elif period.days <= WEEKLY_UP_TO:
            end = first + timedelta(days=7)
        else:
            end = add_months(first.replace(day=1), 1)
        found.append((first, min(end, period.end)))
        first = found[-1][1]
    return found


def _sum(days: dict[str, int], place: tuple[date, date]) -> int:
    first, end = (day.isoformat() for day in place)
    return sum(fen for day, fen in days.items() if first <= day < end)


def _chart_words(period: Period) -> tuple[str, str]:
    if period.days <= DAILY_UP_TO:
        return _("Net sales by day"), _("grey line: the same days a year earlier")
    if period.days <= WEEKLY_UP_TO:
        return _("Net sales by week"), _("grey line: the same weeks a year earlier")
    return _("Net sales by month"), _("grey line: the same months a year earlier")


def _labels(places: Sequence[tuple[date, date]]) -> tuple[str, ...]:
    """Days are marked by the 1st, 7th, 14th … of them, weeks by their first day, months by their number."""
    first, end = places[0]
    if (end - first).days == 1:
        return tuple(
            str(day.day) if number == 0 or (number + 1) % 7 == 0 else ""
            for number, (day, _end) in enumerate(places)
        )
    if (end - first).days <= 7:
        return tuple(f"{day.month}-{day.day:02d}" for day, _end in places)
    return tuple(str(day.month) for day, _end in places)


def _quiet(places: Sequence[tuple[date, date]], hours: Hours) -> frozenset[int]:
    """Week-ends and closed days among single days."""
    return frozenset(
        number
        for number, (day, end) in enumerate(places)
        if (end - day).days == 1 and (day.weekday() >= 5 or not business_time.is_open_day(day, hours))
    )


def tier_picture(shop: Shop, asked: Frames) -> TierPicture:
    """The tiers at both ends of the period by the cut points, overrides apart."""
    start = date.fromisoformat(asked.main.start) - timedelta(days=1)
    end = date.fromisoformat(asked.main.end) - timedelta(days=1)
    before, after = _tiers_at(shop, start), _tiers_at(shop, end)
    counted: dict[tuple[str, Tier], int] = {}
    for customer, tier in after.items():
        came = before.get(customer, "")
        if came != tier:
            counted[came, tier] = counted.get((came, tier), 0) + 1
    moves = sorted(((a, b, n) for (a, b), n in counted.items()), key=lambda move: (-move[2], move[:2]))
    return TierPicture(
        _per_tier(after),
        _per_tier(before),
        tuple(moves),
        sum(n for a, b, n in moves if a not in ("", "prospect") and RANK[b] > RANK[a]),
        sum(n for a, b, n in moves if a and RANK[b] < RANK[a]),
    )


def _tiers_at(shop: Shop, day: date) -> dict[int, Tier]:
    cuts = tiers.cuts(shop)
    since = window_start(day, cuts.window_months)
    return {
        standing.id: judge(standing, day, cuts).tier
        for low, high in store_tiers.ranges(shop.db)
        for standing in store_tiers.standings(shop.db, low, high, since.isoformat(), day.isoformat())
    }


def _per_tier(found: dict[int, Tier]) -> dict[Tier, int]:
    counts: dict[Tier, int] = dict.fromkeys(TIERS, 0)
    for tier in found.values():
        counts[tier] += 1
    return counts
