"""Figures by person: they add up to the shop's, and who may not see the others' sees the own."""

from __future__ import annotations

from datetime import date

import pytest

from desktop_crm import kpis, performance, purchases, roles, staff, staff_figures
from desktop_crm.base.dates import Period, month_of, parse_period
from desktop_crm.purchase_drafts import LineDraft, SaleDraft
from desktop_crm.shop import Shop
from tests.shop_rows import Rows

OCTOBER = parse_period("2026-10")


@pytest.fixture
def october(shop: Shop) -> Shop:
    """Two people and nobody in particular, by hand."""
    with shop.change("October", {"customers"}):
        rows = Rows(shop)
        li, wang = rows.clerk("李娜"), rows.clerk("小王")
        anna = rows.customer("Anna")
        for day, yuan, who in (("2026-10-05", 1000, li), ("2026-10-06", 500, li), ("2026-10-06", 300, wang)):
            rows.sale(anna, day, yuan, clerk=who)
        rows.refund(rows.sale(anna, "2026-09-30", 80, clerk=wang), "2026-10-02", 80)
        rows.sale(None, "2026-10-07", 7)
        for due, done in (("2026-10-04", "2026-10-04"), ("2026-10-05", "2026-10-09")):
            rows.followup(anna, due, done=done, clerk=li)
        rows.followup(anna, "2026-10-20")
    return shop


def table(shop: Shop, period: Period = OCTOBER) -> list[tuple[object, ...]]:
    return [
        (
            staff_figures.name(each),
            each.sales,
            each.net_fen,
            each.promised,
            each.made,
            staff_figures.on_time_rate(each),
        )
        for each in performance.overview(shop, period).staff
    ]


def test_everybody_and_nobody_have_their_part(october: Shop) -> None:
    assert table(october) == [
        ("李娜", 2, 150_000, 2, 2, 0.5),
        ("小王", 1, 22_000, 0, 0, None),
        ("Nobody in particular", 1, 700, 1, 0, 0.0),
    ]


def test_who_may_not_see_the_others_sees_the_own(october: Shop) -> None:
    li, wang = staff.listing(october)
    assert [row[0] for row in table(october.at_counter(wang.id))] == ["小王"]
    roles.save(october, "clerk", ["staff_figures"])
    assert len(table(october.at_counter(wang.id))) == 3
    assert li.role == "clerk"


def test_a_period_that_has_not_begun_has_none(october: Shop) -> None:
    assert table(october, parse_period("2027-01")) == []


@pytest.mark.parametrize("month", [date(2026, 10, 1), date(2026, 11, 1), date(2025, 3, 1)])
def test_the_parts_are_the_shop(sample_shop: Shop, month: date) -> None:
    period = month_of(month)
    purchases.record(sample_shop, SaleDraft((LineDraft("膜", 3000),)))
    found = performance.overview(sample_shop, period)
    assert sum(each.net_fen for each in found.staff) == found.kpis["net_sales"].value
    contacts = kpis.all(sample_shop, period)["follow_up_on_time_rate"]
    assert sum(each.promised for each in found.staff) == contacts.denominator
    assert sum(each.on_time for each in found.staff) == contacts.numerator
