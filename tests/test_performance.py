"""A period at a glance: tiles, chart, tiers, and periods in words."""

from __future__ import annotations

from datetime import date

import pytest

from desktop_crm import kpis, performance, period_words
from desktop_crm.base.dates import Period, parse_period
from desktop_crm.base.document import Value
from desktop_crm.base.values import show
from desktop_crm.settings import CLOSED_DAYS
from desktop_crm.shop import Shop
from tests.shop_rows import Rows

OCTOBER = parse_period("2026-10")


@pytest.fixture
def busy(shop: Shop) -> Shop:
    """Sales in October 2026, September 2026 and October 2025; one customer each of several tiers."""
    with shop.change("sales", {"purchases"}):
        rows = Rows(shop)
        anna, bo, cy = rows.customer("Anna"), rows.customer("Bo"), rows.customer("Cy")
        rows.customer("Di", "2026-10-20")
        for day, yuan in (("2026-10-05", 3000), ("2026-10-06", 100), ("2026-09-05", 2000)):
            rows.sale(anna, day, yuan)
        rows.refund(rows.sale(bo, "2026-10-31", 500), "2026-10-31", 100)
        rows.sale(cy, "2024-10-11", 900)
        rows.sale(None, "2025-10-05", 1000)
        rows.case("2026-10-05 10:00", "2026-10-06 10:00", ("responded", "2026-10-05 10:06"), customer_id=anna)
        rows.followup(anna, "2026-10-05", done="2026-10-05")
    return shop


def test_tiles_show_the_figures_and_their_change(busy: Shop) -> None:
    seen = performance.overview(busy, OCTOBER)
    tiles = {tile.key: tile for tile in seen.tiles}
    assert tuple(tiles) == performance.TILES
    assert tiles["net_sales"].value.value == 350_000
    assert tiles["net_sales"].change == Value(0.75, "ratio", tone="good", signed=True)
    assert tiles["net_sales"].change_note == "on September"
    assert tiles["new_customers"].label == "New customers"
    assert (tiles["new_customers"].value.value, tiles["new_customers"].change) == (
        1,
        Value(0, "count", tone="quiet", signed=True),
    )
    assert tiles["churn_rate"].change == Value(0.5, "points", tone="bad", signed=True)
    assert tiles["churn_rate"].change_note == "n = 2"
    assert tiles["first_response_time"].value.value == 6
    assert tiles["first_response_time"].change is None


def test_a_difference_that_would_show_as_zero_is_quiet(busy: Shop) -> None:
    kpi = kpis.all(busy, OCTOBER)["churn_rate"]
    assert kpi.value is not None
    assert performance.difference(kpi, kpi.value + 0.0001) == Value(0, "points", tone="quiet", signed=True)
    assert performance.difference(kpi, None) is None
    better = performance.difference(kpi, kpi.value + 0.1)
    assert better is not None
    assert (show(better), better.tone) == ("−10.0 pts", "good")


@pytest.mark.parametrize(
    ("key", "made"),
    [
        ("churn_rate", "1 ÷ 2"),
        ("new_customer_growth", "(1 − 1) ÷ 1"),
        ("sales_growth", "(¥3,500 − ¥2,000) ÷ ¥2,000"),
        ("net_sales", "¥3,600 − ¥100"),
        ("first_response_time", "n = 1"),
        ("average_order_value", "¥3,500 ÷ 3"),
        ("acquisition_cost", ""),
    ],
)
def test_how_a_figure_is_made_in_numbers(busy: Shop, key: str, made: str) -> None:
    assert performance.how(kpis.all(busy, OCTOBER)[key]) == made


def test_the_chart_has_a_bar_a_day_and_last_years_line(busy: Shop) -> None:
    with busy.change("closed", {"settings"}):
        busy.put(CLOSED_DAYS, ("2026-10-07",))
    chart = performance.overview(busy, OCTOBER).chart
    assert chart.title == "Net sales by day"
    assert len(chart.bars.values) == 31
    assert chart.bars.values[4] == 300_000
    assert chart.bars.values[30] == 40_000
    assert chart.line is not None
    assert chart.line.values[4] == 100_000
    assert chart.note == "grey line: the same days a year earlier"
    assert [label for label in chart.labels if label] == ["1", "7", "14", "21", "28"]
    assert chart.quiet == {2, 3, 6, 9, 10, 16, 17, 23, 24, 30}


def test_a_running_month_has_no_bars_for_days_to_come(busy: Shop) -> None:
    chart = performance.overview(busy, parse_period("2026-11")).chart
    assert chart.bars.values[20] == 0
    assert chart.bars.values[21] is None
    assert chart.line is None
    assert chart.note == ""


@pytest.mark.parametrize(
    ("period", "places", "title", "first", "last"),
    [
        ("2026-10", 31, "Net sales by day", "1", ""),
        ("2026-Q4", 14, "Net sales by week", "10-01", "12-31"),
        ("2026", 12, "Net sales by month", "1", "12"),
        ("2025-12-20..2026-10-15", 11, "Net sales by month", "12", "10"),
    ],
)
def test_longer_periods_are_drawn_by_week_and_month(
    busy: Shop, period: str, places: int, title: str, first: str, last: str
) -> None:
    chart = performance.overview(busy, parse_period(period)).chart
    assert len(chart.bars.values) == places
    assert chart.title == title
    assert (chart.labels[0], chart.labels[-1]) == (first, last)


def test_tiers_are_judged_at_both_ends_and_moves_counted(busy: Shop) -> None:
    picture = performance.overview(busy, OCTOBER).tiers
    assert picture.before == {"high_value": 0, "potential": 0, "regular": 2, "lost": 0, "prospect": 1}
    assert picture.counts == {"high_value": 1, "potential": 0, "regular": 1, "lost": 1, "prospect": 1}
    assert {(start, end): count for start, end, count in picture.moves} == {
        ("regular", "high_value"): 1,
        ("prospect", "regular"): 1,
        ("regular", "lost"): 1,
        ("", "prospect"): 1,
    }
    assert (picture.up, picture.down) == (1, 1)
    bar = picture.bar()
    assert bar.title == "4 customers by tier"
    assert bar.note == "1 moved up, 1 moved down in this period"
    assert [(share.label, share.value) for share in bar.shares] == [
        ("High value", 1),
        ("Regular", 1),
        ("Lost", 1),
        ("Prospect", 1),
    ]


@pytest.mark.parametrize(
    ("period", "words"),
    [
        ("2026-10", "against September and October 2025 · as known on 2026-10-31"),
        ("2026-11", "to 2026-11-21, against as many days of October and November 2025"),
        ("2026-Q3", "against Quarter 2 of 2026 and Quarter 3 of 2025 · as known on 2026-09-30"),
        ("2025", "against the year 2024 · as known on 2025-12-31"),
        ("2026", "to 2026-11-21, against as many days of the year 2025"),
    ],
)
def test_the_comparison_is_said_in_words(busy: Shop, period: str, words: str) -> None:
    assert performance.overview(busy, parse_period(period)).compared() == words


def test_past_periods_go_back_to_the_first_sale(busy: Shop, shop: Shop) -> None:
    months = performance.past_periods(busy, "month")
    assert [period_words.title(row.period) for row in months[:2]] == ["November 2026", "October 2026"]
    assert [show(row.net_fen, "fen") for row in months[:3]] == ["¥0", "¥3,500", "¥2,000"]
    assert months[-1].period == parse_period("2024-10")
    assert performance.past_periods(busy, "quarter")[0].net_fen == 350_000
    assert [row.net_fen for row in performance.past_periods(busy, "year")] == [550_000, 100_000, 90_000]
    assert len(performance.past_periods(busy, "month", most=2)) == 2


def test_a_shop_without_sales_has_no_past(shop: Shop) -> None:
    assert performance.past_periods(shop, "month") == []


RANGE = Period(date(2026, 10, 1), date(2026, 10, 16))


@pytest.mark.parametrize(
    ("period", "title", "short", "before", "this"),
    [
        (parse_period("2026-10"), "October 2026", "October", "Month before", "This month"),
        (parse_period("2026-Q3"), "Quarter 3 of 2026", "Quarter 3 of 2026", "Quarter before", "This quarter"),
        (parse_period("2026"), "Year 2026", "the year 2026", "Year before", "This year"),
        (parse_period("2026-10-05"), "2026-10-05", "2026-10-05", "Day before", "This day"),
        (RANGE, "2026-10-01 to 2026-10-15", "the 15 days before", "Days before", "These days"),
    ],
)
def test_periods_in_words(period: Period, title: str, short: str, before: str, this: str) -> None:
    assert period_words.title(period) == title
    assert period_words.short(period, period) == short
    assert period_words.before(period) == before
    assert period_words.this(period) == this


def test_a_month_of_another_year_is_called_with_its_year() -> None:
    assert period_words.short(parse_period("2025-12"), parse_period("2026-01")) == "December 2025"
