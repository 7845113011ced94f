"""The figures of small shops worked out by hand, their comparisons, notes and edges; the oracle is in test_kpis_oracle.py."""

from __future__ import annotations

import doctest
import time
from datetime import date

import pytest

from desktop_crm import kpi_answers, kpi_formulas, kpi_measures, kpis
from desktop_crm.base import i18n
from desktop_crm.base.clock import FixedClock
from desktop_crm.base.dates import from_instant, parse_period
from desktop_crm.base.document import Unit
from desktop_crm.base.values import show
from desktop_crm.kpi_definitions import ALL, BY_KEY, GROUPS, PART_LABELS
from desktop_crm.settings import CLOSED_DAYS, COMPLETENESS_FIELDS, OPENING_HOURS, WINDOW_MONTHS
from desktop_crm.shop import Shop
from tests.shop_rows import Rows, instant

OCTOBER = parse_period("2026-10")


def figure(shop: Shop, key: str, period: str = "2026-10", as_of: date | None = None) -> kpis.Kpi:
    """One figure."""
    return kpis.all(shop, parse_period(period), as_of)[key]


def fraction(kpi: kpis.Kpi) -> tuple[float | None, float | None]:
    """Above and below the line."""
    return kpi.numerator, kpi.denominator


@pytest.fixture
def october(shop: Shop) -> Shop:
    """A shop with a little of everything around October 2026; the sums below are worked out from these lines.

    Anna bought on 2 September and 5 October (¥2,000 and ¥1,000), Bo on 5 October for the first time (¥3,000, sent by
    Anna), Cy in August 2024 (lost on 11 August 2026, called on 10 October, back on 20 October with ¥500), Di on
    11 October 2024 (becomes lost on 2 October 2026), Ed is a prospect since 3 October. A walk-in spent ¥100.
    """
    with shop.change("October", {"customers"}):
        rows = Rows(shop)
        anna, bo = rows.customer("Anna"), 0
        bo = rows.customer("Bo", "2026-10-05", referred_by=anna)
        cy, di = rows.customer("Cy"), rows.customer("Di")
        rows.customer("Ed", "2026-10-03")
        rows.sale(anna, "2026-09-02", 2000)
        rows.sale(anna, "2026-10-05", 0, costs=[(80_000, 60_000), (20_000, None)])
        sale = rows.sale(bo, "2026-10-05", 3000)
        rows.refund(sale, "2026-10-28", 200)
        rows.sale(cy, "2024-08-20", 400)
        rows.contact(cy, "2026-10-10")
        rows.sale(cy, "2026-10-20", 500)
        rows.sale(di, "2024-10-11", 900)
        rows.sale(None, "2026-10-06", 100)
    return shop


def test_definitions_cover_every_key_of_the_law_in_its_order() -> None:
    assert [item.key for item in ALL] == [
        "new_customer_growth", "acquisition_cost", "conversion_rate", "first_response_time", "resolution_rate",
        "resolution_time", "first_contact_resolution", "csat", "csat_index", "repurchase_rate", "returning_rate",
        "active_rate", "clv_historic", "clv_predicted", "retention_rate", "churn_rate", "relationship_length",
        "purchase_frequency", "average_order_value", "win_back_rate", "nps", "referral_rate", "complaint_rate",
        "complaint_handling_rate", "complaint_on_time_rate", "follow_up_on_time_rate", "net_sales", "sales_growth",
        "target_attainment", "cost_benefit", "completeness", "validity", "behaviour_accuracy", "prediction_accuracy",
        "decision_support_rate", "incentive_effect",
    ]  # fmt: skip
    assert {item.group for item in ALL} == set(GROUPS)


EXAMPLES: list[tuple[str, float, float, Unit, str]] = [
    ("new_customer_growth", 43 - 31, 31, "ratio", "38.7%"),
    ("acquisition_cost", 262_300, 43, "fen", "¥61"),
    ("conversion_rate", 9, 40, "ratio", "22.5%"),
    ("resolution_rate", 18, 20, "ratio", "90.0%"),
    ("first_contact_resolution", 12, 20, "ratio", "60.0%"),
    ("csat", 46, 50, "ratio", "92.0%"),
    ("csat_index", (4.6 - 1) * 100, 4, "score", "90.0"),
    ("repurchase_rate", 381, 1204, "ratio", "31.6%"),
    ("returning_rate", 52, 1300, "ratio", "4.0%"),
    ("active_rate", 640, 1600, "ratio", "40.0%"),
    ("clv_historic", 480_000_000, 1600, "fen", "¥3,000"),
    ("clv_predicted", 30_000 + 60_000 + 90_000, 3, "fen", "¥600"),
    ("retention_rate", 1257, 1311, "ratio", "95.9%"),
    ("churn_rate", 54, 1311, "ratio", "4.1%"),
    ("relationship_length", 365, 30.4375, "score", "12.0 months"),
    ("purchase_frequency", 1686, 1204, "count", "1.40"),
    ("average_order_value", 38_000_000, 152, "fen", "¥2,500"),
    ("win_back_rate", 6, 48, "ratio", "12.5%"),
    ("nps", 60 - 19, 1, "score", "41.0"),
    ("referral_rate", 11, 43, "ratio", "25.6%"),
    ("complaint_rate", 4, 160, "ratio", "2.5%"),
    ("complaint_handling_rate", 36, 38, "ratio", "94.7%"),
    ("complaint_on_time_rate", 30, 36, "ratio", "83.3%"),
    ("follow_up_on_time_rate", 52, 60, "ratio", "86.7%"),
    ("net_sales", 42_000_000 - 762_000, 1, "fen", "¥412,380"),
    ("sales_growth", 41_238_000 - 38_042_400, 38_042_400, "ratio", "8.4%"),
    ("target_attainment", 412_380, 400_000, "ratio", "103.1%"),
    ("completeness", 9500, 14_000, "ratio", "67.9%"),
    ("validity", 3960, 4000, "ratio", "99.0%"),
    ("behaviour_accuracy", 84, 120, "ratio", "70.0%"),
    ("prediction_accuracy", 160, 200, "ratio", "80.0%"),
    ("decision_support_rate", 12, 16, "ratio", "75.0%"),
    ("incentive_effect", 30, 200, "ratio", "15.0%"),
]


@pytest.mark.parametrize(("key", "over", "under", "unit", "shown"), EXAMPLES)
def test_the_example_of_a_definition_is_right(
    key: str, over: float, under: float, unit: Unit, shown: str
) -> None:
    value = kpi_measures.ratio(over, under)
    text = show(value, unit)
    assert text == shown.removesuffix(" months")
    assert BY_KEY[key].example.replace(",", "").endswith(shown.replace(",", ""))


def test_the_examples_of_medians_are_right() -> None:
    assert show(kpi_measures.median([5, 8, 40]), "minutes") == "8 min"
    assert BY_KEY["first_response_time"].example.endswith("8 min")
    assert show(kpi_measures.median([60, 180, 480]), "minutes") == "3.0 h"
    assert BY_KEY["resolution_time"].example.endswith("3.0 h")
    assert show(60_000 / 4000, "ratio") == "1500.0%"
    assert BY_KEY["cost_benefit"].example.endswith("1,500.0%")


@pytest.mark.parametrize("module", [kpi_answers, kpi_formulas, kpi_measures])
def test_the_examples_in_the_formulas_run(module: object) -> None:
    result = doctest.testmod(module)  # type: ignore[arg-type]
    assert result.attempted > 0
    assert result.failed == 0


def test_an_empty_shop_has_every_figure_and_no_value_but_zero_sales(shop: Shop) -> None:
    found = kpis.all(shop, OCTOBER)
    assert list(found) == [item.key for item in ALL]
    assert {key for key, kpi in found.items() if kpi.value is not None} == {"net_sales"}
    assert {key for key, kpi in found.items() if not kpi.note} == {"net_sales"}
    assert found["first_response_time"].note == "No value: there is nothing to measure."
    assert found["repurchase_rate"].note.startswith("No value: there are no customers who bought")
    assert found["acquisition_cost"].note == "Not recorded: expenses are not kept yet."
    assert found["target_attainment"].target is None


def test_acquisition_by_hand(october: Shop) -> None:
    growth = figure(october, "new_customer_growth")
    assert fraction(growth) == (0, 1)  # Bo now, Anna in September
    assert growth.value == 0
    assert growth.parts == {"new_customers": 1, "new_customers_before": 1}
    assert growth.previous is None  # nobody new in August
    conversion = figure(october, "conversion_rate")
    assert fraction(conversion) == (0, 1)  # Ed; Bo's card is as old as his first sale
    assert conversion.parts["cohort_age_days"] == 28
    assert fraction(figure(october, "referral_rate")) == (1, 1)


def test_growth_after_nobody_shows_the_plus(october: Shop) -> None:
    september = figure(october, "new_customer_growth", "2026-09")
    assert september.value is None
    assert september.note == "No new customer in the period before; now +1."


def test_sales_by_hand(october: Shop) -> None:
    net = figure(october, "net_sales")
    assert net.value == 100_000 + 300_000 + 50_000 + 10_000 - 20_000
    assert net.n == 4
    assert net.previous == 200_000
    assert net.parts == {"gross": 460_000, "refunds": 20_000}
    growth = figure(october, "sales_growth")
    assert growth.value == pytest.approx((440_000 - 200_000) / 200_000)
    assert growth.parts["against_last_year"] is None
    assert growth.previous is None
    assert "came to ¥0" in figure(october, "sales_growth", "2026-09").note
    order = figure(october, "average_order_value")
    assert fraction(order) == (100_000 + 280_000 + 50_000, 3)


def test_loyalty_by_hand(october: Shop) -> None:
    assert fraction(figure(october, "repurchase_rate")) == (1, 3)  # Anna; window from 1 November 2024
    assert fraction(figure(october, "purchase_frequency")) == (4, 3)
    assert fraction(figure(october, "returning_rate")) == (2, 3)  # Anna and Cy; Di not
    assert fraction(figure(october, "active_rate")) == (3, 4)
    assert fraction(figure(october, "clv_historic")) == (200_000 + 100_000 + 280_000 + 90_000 + 90_000, 4)
    retention = figure(october, "retention_rate")
    assert fraction(retention) == (1, 2)  # Anna and Di at the start, Di lost since
    assert retention.parts["won_back"] == 1  # Cy
    assert fraction(figure(october, "churn_rate")) == (1, 2)
    assert fraction(figure(october, "win_back_rate")) == (1, 1)
    length = figure(october, "relationship_length")
    assert length.n == 2  # Anna 33 days, Cy 791
    assert length.value == pytest.approx((33 + 791) / 2 / 30.4375)
    assert length.parts["one_time_share"] == 0.5
    assert retention.note == "Small sample: 2. Lost: more than 720 days."


def test_profit_counts_lines_with_a_cost_and_leaves_refunded_ones_out(shop: Shop) -> None:
    with shop.change("sales", {"purchases"}):
        rows = Rows(shop)
        anna = rows.customer("Anna")
        both = rows.sale(anna, "2026-10-02", 0, costs=[(100_000, 70_000), (50_000, 20_000), (50_000, None)])
        rows.refund(both, "2026-10-05", 500, rows.line_of(both, 1))  # the second line came back whole
        rows.refund(both, "2026-10-06", 100, rows.line_of(both, 0))  # ¥100 off the first one
        gone = rows.sale(anna, "2026-10-03", 0, costs=[(30_000, 10_000)])
        rows.refund(gone, "2026-10-04", 300)
    parts = figure(shop, "clv_historic").parts
    assert parts["gross_profit"] == 100_000 - 10_000 - 70_000
    assert parts["known_cost_share"] == pytest.approx(90_000 / 140_000)


def test_a_fully_refunded_sale_is_no_occasion_of_the_order_value(shop: Shop) -> None:
    with shop.change("sales", {"purchases"}):
        rows = Rows(shop)
        anna = rows.customer("Anna")
        rows.sale(anna, "2026-10-02", 1000)
        rows.refund(rows.sale(anna, "2026-10-03", 500), "2026-10-04", 500)
        rows.refund(rows.sale(anna, "2026-10-05", 500), "2026-11-04", 500)  # after October's as-of
        rows.sale(anna, "2026-10-06", 0)
    assert fraction(figure(shop, "average_order_value")) == (150_000, 3)
    later = figure(shop, "average_order_value", as_of=date(2026, 11, 4))
    assert fraction(later) == (100_000, 2)


def test_a_void_counts_from_its_own_day_and_takes_its_refunds_along(shop: Shop) -> None:
    with shop.change("sales", {"purchases"}):
        rows = Rows(shop)
        sale = rows.sale(rows.customer("Anna"), "2026-10-30", 1000, void="2026-11-03")
        rows.refund(sale, "2026-10-31", 100)
    assert figure(shop, "net_sales").value == 90_000
    assert figure(shop, "net_sales", as_of=date(2026, 11, 2)).value == 90_000
    assert figure(shop, "net_sales", as_of=date(2026, 11, 3)).value == 0
    assert figure(shop, "new_customer_growth", as_of=date(2026, 11, 3)).parts["new_customers"] == 0


def test_deleted_and_merged_cards_are_no_customers_but_their_sales_were_made(shop: Shop) -> None:
    with shop.change("sales", {"purchases"}):
        rows = Rows(shop)
        anna = rows.customer("Anna")
        for fields in ({"deleted_at": instant("2026-11-01")}, {"merged_into": anna}):
            rows.sale(rows.customer("Gone", **fields), "2026-10-02", 1000)
    assert figure(shop, "net_sales").value == 200_000
    assert figure(shop, "active_rate").denominator == 0


def test_a_running_period_is_compared_with_as_many_days(shop: Shop, clock: FixedClock) -> None:
    with shop.change("sales", {"purchases"}):
        rows = Rows(shop)
        for day in ("2026-11-10", "2026-10-21", "2026-10-22", "2025-11-21", "2025-11-22", "2026-09-21"):
            rows.sale(None, day, 100)
    net = figure(shop, "net_sales", "2026-11")
    assert (net.value, net.previous, net.last_year) == (10_000, 10_000, 10_000)
    assert figure(shop, "sales_growth", "2026-11").previous == 0
    whole = figure(shop, "net_sales", "2026-10")
    assert whole.value == 20_000
    assert kpis.known_at(shop, parse_period("2026-11")) == date(2026, 11, 21)
    assert kpis.known_at(shop, OCTOBER) == date(2026, 10, 31)
    assert kpis.known_at(shop, OCTOBER, date(2026, 10, 5)) == date(2026, 10, 5)


def test_a_period_that_has_not_begun_has_no_values(october: Shop) -> None:
    found = kpis.all(october, parse_period("2026-12"))
    assert {kpi.value for kpi in found.values()} == {None}
    assert found["net_sales"].note == "The period has not begun."
    assert kpis.rows_behind(october, "net_sales", parse_period("2026-12")).rows == ()
    assert kpis.rows_behind(october, "csat", OCTOBER).rows == ()


@pytest.fixture
def cases(shop: Shop) -> Shop:
    """Seven complaints of October 2026, the shop open 09:00-21:00."""
    with shop.change("complaints", {"complaints"}):
        rows = Rows(shop)
        due = "2026-10-30 12:00"
        # answered on the spot, resolved in an hour, closed in time
        rows.case("2026-10-05 10:00", "2026-10-06 10:00", ("responded", "2026-10-05 10:00"), ("resolved", "2026-10-05 11:00"),
                  ("answered", "2026-10-05 11:30", True), ("closed", "2026-10-06 10:00"))  # fmt: skip
        # answered the next morning after 20 open minutes, resolved with two contacts, closed late
        rows.case("2026-10-07 20:50", "2026-10-08 12:00",
                  ("responded", "2026-10-08 09:10", True), ("resolved", "2026-10-08 10:50"),
                  ("answered", "2026-10-08 11:00", True), ("closed", "2026-10-08 12:01"))  # fmt: skip
        # answered after an hour; resolved, reopened within a week and resolved again
        rows.case("2026-10-10 10:00", due, ("responded", "2026-10-10 11:00"), ("resolved", "2026-10-10 12:00"),
                  ("reopened", "2026-10-14 10:00"), ("resolved", "2026-10-15 10:00"))  # fmt: skip
        rows.case("2026-10-12 10:00", due, ("withdrawn", "2026-10-12 12:00"))
        rows.case("2026-10-12 10:00", due, ("duplicate", "2026-10-12 12:00"))
        # an error: answered before it was received; resolved on the last day
        rows.case("2026-10-20 10:00", "2026-11-02 10:00", ("responded", "2026-10-20 09:50"),
                  ("resolved", "2026-10-31 10:00"))  # fmt: skip
        # closed in November: open in October's figures
        rows.case("2026-10-25 10:00", due, ("responded", "2026-11-05 09:30"), ("resolved", "2026-11-05 10:00"),
                  ("answered", "2026-11-05 10:00", True), ("closed", "2026-11-05 10:30"))  # fmt: skip
        for _count in range(10):
            rows.sale(None, "2026-10-01", 10)
    return shop


def test_first_response_counts_opening_hours_and_leaves_errors_out(cases: Shop) -> None:
    response = figure(cases, "first_response_time")
    assert response.n == 3
    assert response.value == 20  # of 0, 20 and 60 open minutes
    assert response.parts["mean"] == pytest.approx(80 / 3)
    assert response.parts["calendar_median"] == 60  # of 0, 60 and 740
    assert response.parts["calendar_mean"] == pytest.approx(800 / 3)
    assert response.parts["unanswered"] == 3
    assert response.parts["oldest_unanswered_days"] == 19
    assert response.parts["data_errors"] == 1
    assert (
        response.note == "Small sample: 3. 3 not answered yet. 1 answered before it was received: left out."
    )


def test_resolutions_by_hand(cases: Shop) -> None:
    assert fraction(figure(cases, "resolution_rate")) == (4, 5)
    time_taken = figure(cases, "resolution_time")
    # opening hours to the last resolution: 60, 10 + 110, 10:00 on the 10th to 10:00 on the 15th, 20th to 31st
    assert time_taken.n == 4
    assert time_taken.value == (120 + 5 * 720) / 2
    assert time_taken.parts["first_resolution"] == 120
    first = figure(cases, "first_contact_resolution")
    assert fraction(first) == (2, 4)
    assert "Provisional: for 1 case the 7 days are not over." in first.note
    later = figure(cases, "first_contact_resolution", as_of=date(2026, 11, 7))
    assert "Provisional" not in later.note


def test_handling_by_hand(cases: Shop) -> None:
    assert fraction(figure(cases, "complaint_rate")) == (7, 10)
    assert fraction(figure(cases, "complaint_handling_rate")) == (3, 6)
    assert fraction(figure(cases, "complaint_on_time_rate")) == (1, 6)
    assert fraction(figure(cases, "complaint_handling_rate", as_of=date(2026, 11, 5))) == (4, 6)


def test_a_complaint_due_today_is_judged_tomorrow(shop: Shop, clock: FixedClock) -> None:
    with shop.change("complaint", {"complaints"}):
        Rows(shop).case("2026-11-20 10:00", "2026-11-21 09:30")
    assert figure(shop, "complaint_on_time_rate", "2026-11").denominator == 0
    clock.instant = from_instant("2026-11-22T02:00:00Z")
    assert fraction(figure(shop, "complaint_on_time_rate", "2026-11")) == (0, 1)


def test_closed_days_and_short_hours_do_not_count_as_waiting(cases: Shop) -> None:
    with cases.change("hours", {"settings"}):
        cases.put(CLOSED_DAYS, ("2026-10-10",))
        cases.put(OPENING_HOURS, ("09:10-20:50",) * 7)
    assert figure(cases, "first_response_time").value == 0  # of 0, 0 and 0 on a closed day


def test_follow_ups_by_hand(shop: Shop) -> None:
    with shop.change("follow-ups", {"followups"}):
        rows = Rows(shop)
        anna = rows.customer("Anna")
        rows.followup(anna, "2026-10-05", done="2026-10-05")
        rows.followup(anna, "2026-10-05", done="2026-10-06", snoozed="2026-10-09")  # its first due day counts
        rows.followup(anna, "2026-10-31")
        rows.followup(anna, "2026-10-07", cancelled="2026-10-07", reason="moved away")
        rows.followup(
            anna, "2026-10-08", cancelled="2026-11-07", reason="moved away"
        )  # still open by October
        rows.followup(anna, "2026-10-09", cancelled="2026-10-09")  # without a reason
        rows.followup(anna, "2026-11-01", done="2026-11-01")
    assert fraction(figure(shop, "follow_up_on_time_rate")) == (1, 5)
    assert fraction(figure(shop, "follow_up_on_time_rate", as_of=date(2026, 10, 30))) == (1, 4)


def test_conversion_knows_imported_cards_by_the_sheets_own_day_only(shop: Shop) -> None:
    with shop.change("cards", {"customers"}):
        rows = Rows(shop)
        batch = rows.db.execute(
            "INSERT INTO imports (file_name, sheet, kind, at, rows, new, updated, same, skipped, bad) "
            "VALUES ('a.xlsx', '', 'customers', '2026-10-10T00:00:00Z', 1, 1, 0, 0, 0, 0)"
        ).lastrowid
        rows.customer("imported without a day", made="2026-10-10", import_id=batch)
        rows.customer("imported with a day", "2026-10-04", made="2026-11-10", import_id=batch)
        night = rows.customer("made at night", made="2026-10-01 00:30")  # 30 September in UTC
        rows.customer("made the night before", made="2026-09-30 23:30")
        rows.sale(night, "2026-10-02", 100)
    assert fraction(figure(shop, "conversion_rate")) == (1, 2)


def test_win_back_is_provisional_until_ninety_days_are_over(shop: Shop) -> None:
    with shop.change("contacts", {"customers"}):
        rows = Rows(shop)
        for name, last in (("lost for a day", "2024-10-11"), ("not lost yet", "2024-10-12")):
            customer = rows.customer(name)
            rows.sale(customer, last, 100)
            rows.contact(customer, "2026-10-02")
        unreached = rows.customer("never reached")
        rows.sale(unreached, "2023-01-01", 100)
        rows.contact(unreached, "2026-10-02", reached=False)
    rate = figure(shop, "win_back_rate")
    assert fraction(rate) == (0, 1)
    assert "Provisional: for 1 customer the 90 days are not over." in rate.note
    assert "Provisional" not in figure(shop, "win_back_rate", as_of=date(2026, 12, 31)).note


def test_our_own_calls_make_nobody_active(shop: Shop) -> None:
    with shop.change("contacts", {"customers"}):
        rows = Rows(shop)
        for name, began in (("called", "shop"), ("came", "customer")):
            customer = rows.customer(name)
            rows.sale(customer, "2026-01-01", 100)
            rows.contact(customer, "2026-10-01", began)
    assert fraction(figure(shop, "active_rate")) == (1, 2)


def test_the_window_is_a_setting(october: Shop) -> None:
    with october.change("window", {"settings"}):
        october.put(WINDOW_MONTHS, 1)
    rate = figure(october, "repurchase_rate")
    assert fraction(rate) == (0, 3)
    assert rate.note == "Small sample: 3. Window: 1 month."


def test_completeness_and_validity_are_known_for_today_only(shop: Shop) -> None:
    with shop.change("cards", {"customers"}):
        rows = Rows(shop)
        clerk = rows.clerk("李娜")
        anna = rows.customer("Anna", "2026-11-01", source="walk-in", consent="granted", owner_staff_id=clerk,
                             birthday="1990-02-30")  # fmt: skip
        rows.phone(anna, "13805718866")
        rows.phone(anna, "1380571886")
        rows.device(anna, "490154203237518", "2026-11-01")
        number = rows.customer("13900001111", birthday="--05-01")
        rows.sale(number, "2026-11-02", 100)
        rows.device(rows.customer("Cy"), "C39XK1")
    complete = figure(shop, "completeness", "2026-11")
    # Anna 6 of 6; the card known by a number only 1 of 7 (a buyer without a device); Cy 1 of 6
    assert fraction(complete) == (8, 19)
    assert complete.n == 3
    valid = figure(shop, "validity", "2026-11")
    # phones 1 of 2, IMEI 1 of 1 (a serial cannot be checked), dates 3 of 4
    assert fraction(valid) == (5, 7)
    assert figure(shop, "completeness").value is None
    assert figure(shop, "validity").note == "Known only for today: no snapshot of that day was kept."
    assert kpis.rows_behind(shop, "completeness", OCTOBER).rows == ()
    assert kpis.rows_behind(shop, "validity", OCTOBER).rows == ()
    november = parse_period("2026-11")
    rows_now = kpis.rows_behind(shop, "completeness", november).rows
    shown = [(row.name, row.over, row.under) for row in rows_now]
    assert shown == [("13900001111", 1, 7), ("Cy", 1, 6), ("Anna", 6, 6)]
    assert rows_now[0].reason == "Missing: name, phone, source, consent, clerk, device."
    checked = kpis.rows_behind(shop, "validity", november).rows
    assert [row.reason for row in checked[:2]] == ["1380571886 is not valid.", "1990-02-30 is not valid."]
    assert len(checked) == 7
    with shop.change("fields", {"settings"}):
        shop.put(COMPLETENESS_FIELDS, ("phone",))
    assert fraction(figure(shop, "completeness", "2026-11")) == (1, 3)


def test_rows_say_why(october: Shop) -> None:
    def reasons(key: str) -> list[tuple[str, str]]:
        return [(row.name, row.reason) for row in kpis.rows_behind(october, key, OCTOBER).rows]

    assert reasons("churn_rate")[0] == ("Di", "Last active 2024-10-11, 750 days before.")
    assert reasons("new_customer_growth") == [
        ("Bo", "First purchase on 2026-10-05."),
        ("Anna", "First purchase on 2026-09-02, in the period before."),
    ]
    assert reasons("referral_rate") == [("Bo", "Sent by another customer.")]
    assert reasons("conversion_rate") == [("Ed", "Card made 2026-10-03, not bought yet.")]
    assert reasons("win_back_rate") == [
        ("Cy", "Lost since 2024-08-20, contacted 2026-10-10, bought 2026-10-20.")
    ]
    assert ("Bo", "Refund of ¥200.") in reasons("net_sales")
    assert ("", "Sale of ¥100.") in reasons("net_sales")
    assert ("Anna", "Sale of ¥2,000, in the period before.") in reasons("sales_growth")
    assert reasons("clv_historic")[0] == ("Anna", "¥3,000 to date.")


def test_rows_make_a_table_with_walk_ins_named(october: Shop) -> None:
    table = kpis.rows_behind(october, "net_sales", OCTOBER).table()
    assert [column.title for column in table.columns] == ["Customer", "Day", "Why"]
    assert ("Walk-in", "2026-10-06", "Sale of ¥100.") in table.rows
    assert kpis.rows_behind(october, "csat", OCTOBER).table().empty == "There are no rows behind this figure."


def test_rows_of_cases_say_why(cases: Shop) -> None:
    def reasons(key: str) -> set[str]:
        rows = kpis.rows_behind(cases, key, OCTOBER).rows
        return {row.reason.removeprefix("screen turns yellow: ") for row in rows}

    assert reasons("first_response_time") == {
        "answered after 0 min.", "answered after 20 min.", "answered after 60 min.", "not answered yet.",
        "answered before it was received.",
    }  # fmt: skip
    assert reasons("first_contact_resolution") == {
        "resolved with 1 contact.", "resolved with 2 contacts.", "reopened within 7 days.",
    }  # fmt: skip
    assert reasons("resolution_rate") == {"resolved.", "still open."}
    assert reasons("complaint_handling_rate") == {"closed or withdrawn.", "still open."}
    assert reasons("complaint_on_time_rate") == {"closed in time.", "not closed by its due time."}
    assert "resolved after 2.0 h." in reasons("resolution_time")
    assert reasons("complaint_rate") == {"screen turns yellow", "Sale of ¥10."}


def test_every_part_has_a_name_and_a_unit(october: Shop) -> None:
    found = kpis.all(october, OCTOBER)
    assert {part for kpi in found.values() for part in kpi.parts} == set(PART_LABELS)


def test_names_and_formulas_follow_the_language(october: Shop) -> None:
    with i18n.using("zh_CN"):
        translated = kpis.all(october, OCTOBER)["churn_rate"]
    english = figure(october, "churn_rate")
    assert english.label == "Churn"
    assert english.definition.startswith("1 − retention")
    assert english.meaning.under == "buyers who were not lost when the period began"
    assert translated.value == english.value


def test_ten_thousand_customers_take_well_under_a_second(shop: Shop) -> None:
    with shop.change("a big shop", {"customers"}):
        db = shop.db
        db.execute(
            "INSERT INTO customers (id, name, created_at, card_no, external_id, kind, wechat, email, gender, birthday, "
            "birthday_lunar, region, address, occupation, source, consent, do_not_contact, language, note, since_day) "
            "WITH n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 10000) "
            "SELECT i, 'c' || i, '2024-01-01T00:00:00Z', '', '', 'person', '', '', '', '', 0, '', '', '', '', '', 0, '', '', "
            "date('2023-11-01', '+' || (i % 1100) || ' days') FROM n"
        )
        db.execute(
            "INSERT INTO purchases (at, day, total_fen, customer_id, number, note, void_reason, created_at) "
            "WITH n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 30000) "
            "SELECT d || 'T04:00:00Z', d, 100 * (i % 7000), 1 + i % 10000, '', '', '', d || 'T04:00:00Z' FROM "
            "(SELECT i, date('2023-11-01', '+' || (i * 37 % 1100) || ' days') AS d FROM n)"
        )
    kpis.all(shop, OCTOBER)
    began = time.perf_counter()
    found = kpis.all(shop, OCTOBER)
    taken = time.perf_counter() - began
    assert found["active_rate"].denominator == 10_000
    assert taken < 2  # measured 0.3 s; the bound leaves room for a busy machine


def test_rows_of_purchase_days_spans_and_promises_say_why(october: Shop) -> None:
    with october.change("more", {"followups"}):
        rows = Rows(october)
        anna = rows.customer("Anna B")
        rows.refund(rows.sale(anna, "2026-10-09", 100), "2026-10-09", 100)
        rows.followup(anna, "2026-10-05", done="2026-10-05")
        rows.followup(anna, "2026-10-06", done="2026-10-08")
        rows.followup(anna, "2026-10-07")
        early = rows.customer("Early", "2026-10-04")
        rows.sale(early, "2026-10-07", 100)

    def reasons(key: str) -> list[str]:
        return [row.reason for row in kpis.rows_behind(october, key, OCTOBER).rows]

    assert "Fully refunded: no purchase day." in reasons("average_order_value")
    assert "From 2026-09-02 to 2026-10-05: 33 days." in reasons("relationship_length")
    assert reasons("follow_up_on_time_rate") == [
        "Promised for 2026-10-06, done late on 2026-10-08.",
        "Promised for 2026-10-07, not done yet.",
        "Promised for 2026-10-05, done on 2026-10-05.",
    ]
    assert "Card made 2026-10-04, bought on 2026-10-07." in reasons("conversion_rate")
    assert "Bought on 2 days in the window." in reasons("repurchase_rate")
    assert "Back on 2026-10-05, before that on 2026-09-02." in reasons("returning_rate")
    assert "Last bought on 2024-10-11." in reasons("returning_rate")


@pytest.mark.parametrize("key", [item.key for item in ALL])
def test_rows_add_up_to_both_sides_of_the_line(october: Shop, cases: Shop, key: str) -> None:
    for period in (OCTOBER, parse_period("2026-11")):
        kpi = kpis.all(october, period)[key]
        rows = kpis.rows_behind(october, key, period).rows
        if kpi.numerator is not None:
            assert sum(row.over for row in rows) == kpi.numerator
        assert sum(row.under for row in rows) == (
            kpi.denominator if kpi.numerator is not None else kpi.n or 0
        ) or not (kpi.denominator)


def test_the_first_day_of_the_window_counts_and_the_day_before_does_not(shop: Shop) -> None:
    with shop.change("sales", {"purchases"}):
        rows = Rows(shop)
        for day in ("2024-11-01", "2024-10-31"):
            rows.sale(rows.customer(day), day, 100)
    assert fraction(figure(shop, "repurchase_rate")) == (0, 1)


@pytest.mark.parametrize(("last", "kept"), [("2024-11-10", 1), ("2024-11-09", 0)])
def test_after_720_days_a_buyer_is_kept_and_a_day_later_lost(shop: Shop, last: str, kept: int) -> None:
    with shop.change("sale", {"purchases"}):
        rows = Rows(shop)
        rows.sale(rows.customer("Anna"), last, 100)
    assert fraction(figure(shop, "retention_rate")) == (kept, 1)


@pytest.mark.parametrize(("last", "active"), [("2026-05-04", 1), ("2026-05-03", 0)])
def test_after_180_days_a_buyer_is_active_and_a_day_later_dormant(shop: Shop, last: str, active: int) -> None:
    with shop.change("sale", {"purchases"}):
        rows = Rows(shop)
        rows.sale(rows.customer("Anna"), last, 100)
    assert fraction(figure(shop, "active_rate")) == (active, 1)


@pytest.mark.parametrize(("bought", "won"), [("2026-07-10", 1), ("2026-10-08", 1), ("2026-10-09", 0)])
def test_win_back_counts_ninety_days_from_the_contact(shop: Shop, bought: str, won: int) -> None:
    with shop.change("contact", {"customers"}):
        rows = Rows(shop)
        anna = rows.customer("Anna")
        rows.sale(anna, "2023-01-01", 100)
        rows.contact(anna, "2026-07-10")
        rows.sale(anna, bought, 100)
    assert fraction(figure(shop, "win_back_rate", "2026-07", date(2026, 11, 21))) == (won, 1)


@pytest.mark.parametrize(("again", "good"), [("2026-10-12 09:00", 0), ("2026-10-13 09:00", 1)])
def test_a_case_reopened_on_the_eighth_day_was_solved_at_first_contact(
    shop: Shop, again: str, good: int
) -> None:
    with shop.change("complaint", {"complaints"}):
        steps = (("resolved", "2026-10-05 11:00"), ("reopened", again))
        Rows(shop).case("2026-10-05 10:00", "2026-10-06 10:00", *steps)
    assert fraction(figure(shop, "first_contact_resolution")) == (good, 1)


def test_periods_seen_later_are_compared_with_others_seen_as_much_later(shop: Shop) -> None:
    with shop.change("sale", {"purchases"}):
        rows = Rows(shop)
        rows.sale(None, "2026-09-20", 100, void="2026-10-10")
        rows.sale(None, "2026-10-20", 100)
    assert figure(shop, "net_sales").previous == 10_000
    assert figure(shop, "net_sales", as_of=date(2026, 11, 8)).previous == 10_000
    assert figure(shop, "net_sales", as_of=date(2026, 11, 9)).previous == 10_000
    assert figure(shop, "net_sales", as_of=date(2026, 11, 10)).previous == 0


@pytest.fixture
def asked(shop: Shop) -> Shop:
    """Answers of October 2026: Anna 5 and 10 after her purchase, corrected to 4 and 8 the same day; Bo 2 and 6, Cy 5 and 9.

    Anna also answered 5 about a complaint; a deleted card, September's and November's answers do not count. Three
    purchase days, an answer about two of them.
    """
    with shop.change("answers", {"customers"}):
        rows = Rows(shop)
        anna, bo, cy = rows.customer("Anna"), rows.customer("Bo"), rows.customer("Cy")
        gone = rows.customer("Di", deleted_at="2026-10-31T00:00:00Z")
        sales = [rows.sale(who, "2026-10-05", 100) for who in (anna, anna, bo, cy)]
        rows.answer(anna, "2026-10-07 10:00", 5, 10, sale_id=sales[0])
        rows.answer(anna, "2026-10-07 11:00", 4, 8, sale_id=sales[1])
        case = rows.case("2026-10-08 10:00", "2026-10-09 10:00", customer_id=anna)
        rows.answer(anna, "2026-10-07 12:00", 5, case_id=case)
        rows.answer(bo, "2026-10-09", 2, 6, sale_id=sales[2])
        rows.answer(cy, "2026-10-10", 5, 9)
        rows.answer(gone, "2026-10-10", 1, 0)
        rows.answer(cy, "2026-09-30", 1, 0)
        rows.answer(cy, "2026-11-01", 1, 0)
    return shop


def test_answers_make_satisfaction_its_index_and_the_promoter_score(asked: Shop) -> None:
    found = kpis.all(asked, OCTOBER)
    csat, index, nps = found["csat"], found["csat_index"], found["nps"]
    assert (csat.numerator, csat.n, csat.value) == (3, 4, 0.75)
    assert csat.parts == {"mean_answer": 4.0, "answer_rate": pytest.approx(2 / 3)}
    assert index.value == 75.0
    assert nps.value == pytest.approx(0.0), "one of 9, one of 8, one of 6"
    assert nps.parts == {
        "promoters": pytest.approx(1 / 3),
        "passives": pytest.approx(1 / 3),
        "detractors": pytest.approx(1 / 3),
    }
    assert nps.note == "Small sample: 3. Rough: fewer than 30 answers."
    assert csat.previous == 0.0, "Cy in September"


def test_whoever_is_unsatisfied_stands_first_behind_the_figure(asked: Shop) -> None:
    def rows(key: str) -> list[tuple[str, str, float]]:
        return [(row.name, row.reason, row.over) for row in kpis.rows_behind(asked, key, OCTOBER).rows]

    assert rows("csat")[0] == ("Bo", "Answered 2 of 5.", 0)
    assert {row[2] for row in rows("csat_index")} == {25, 75, 100}
    assert rows("nps")[0] == ("Bo", "Would recommend: 6 of 10.", -100)
