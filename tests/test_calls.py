"""Whom the owner should call: each kind of reason, nobody twice, nobody who wants no contact."""

from __future__ import annotations

import pytest

from desktop_crm import calls, kpis
from desktop_crm.base.dates import parse_period
from desktop_crm.shop import Shop
from tests.shop_rows import Rows


def five(shop: Shop) -> list[tuple[str, str, str]]:
    """(name, phone, reason) of October 2026."""
    asked = kpis.frames_of(shop, parse_period("2026-10"))
    return [(call.name, call.phone, call.reason) for call in calls.five(shop, asked)]


@pytest.fixture
def candidates(shop: Shop) -> Shop:
    """One customer for each reason as of 31 October 2026."""
    with shop.change("customers", {"customers"}):
        rows = Rows(shop)
        cross = rows.customer("Complained")
        rows.phone(cross, "13805718866")
        rows.sale(cross, "2026-09-01", 9000)
        rows.case("2026-10-05 10:00", "2026-10-06 10:00", customer_id=cross)
        quiet = rows.customer("Quiet")
        for day in ("2025-10-01", "2025-11-01", "2026-01-31"):
            rows.sale(quiet, day, 1000)
        rows.customer("Sent", referred_by=quiet)
        old = rows.customer("Old phone")
        rows.device(old, acquired="2024-04-30")
        for day in ("2024-04-30", "2026-09-01"):
            rows.sale(old, day, 1000)
        born = rows.customer("Born soon", birthday="1990-11-05")
        lunar = rows.customer("Born later", birthday="1990-12-31")
        for who in (born, lunar):
            for day in ("2026-08-01", "2026-09-01"):
                rows.sale(who, day, 500)
        going = rows.customer("Going")
        for day in ("2024-11-01", "2024-11-30"):
            rows.sale(going, day, 100)
    return shop


def test_each_kind_of_reason_finds_its_customer(candidates: Shop) -> None:
    assert five(candidates) == [
        ("Complained", "138****8866", "complained on 2026-10-05 (screen), nothing bought since"),
        ("Quiet", "", "bought 3 times, not seen for 9 months · sent us 1 customer"),
        ("Old phone", "", "has used the iPhone 17 256G for 30 months"),
        ("Born soon", "", "birthday on 11-05"),
        ("Going", "", "not seen for 23 months, counts as lost in 20 days"),
    ]


def test_nobody_who_wants_no_contact_is_named(candidates: Shop) -> None:
    with candidates.change("no contact", {"customers"}):
        db = candidates.db
        db.execute("UPDATE customers SET do_not_contact = 1 WHERE name = 'Complained'")
        db.execute("UPDATE customers SET consent = 'refused' WHERE name = 'Quiet'")
        db.execute("UPDATE customers SET deleted_at = '2026-11-01T00:00:00Z' WHERE name = 'Going'")
    assert [name for name, _phone, _reason in five(candidates)] == ["Old phone", "Born soon"]


def test_a_kind_with_several_customers_fills_up_to_five(shop: Shop) -> None:
    with shop.change("customers", {"customers"}):
        rows = Rows(shop)
        for number in range(7):
            customer = rows.customer(f"c{number}")
            rows.sale(customer, "2026-09-01", 1000 - number)
            rows.case("2026-10-05 10:00", "2026-10-06 10:00", customer_id=customer, category="")
    assert [name for name, _phone, _reason in five(shop)] == ["c0", "c1", "c2", "c3", "c4"]
    assert five(shop)[0][2] == "complained on 2026-10-05, nothing bought since"


def test_a_young_phone_is_no_reason(shop: Shop) -> None:
    with shop.change("customers", {"customers"}):
        rows = Rows(shop)
        customer = rows.customer("Anna")
        rows.device(customer, acquired="2024-05-01")
        for day in ("2024-05-01", "2026-09-01"):
            rows.sale(customer, day, 100)
    assert five(shop) == []


def test_who_bought_since_the_complaint_is_left_alone(shop: Shop) -> None:
    with shop.change("customers", {"customers"}):
        rows = Rows(shop)
        customer = rows.customer("Anna")
        rows.case("2026-10-05 10:00", "2026-10-06 10:00", customer_id=customer)
        rows.sale(customer, "2026-10-06", 100)
    assert five(shop) == []
