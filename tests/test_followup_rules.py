"""The rules that make follow-ups: after a sale, birthdays in both calendars, complaints, silence; and when they do not."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, TypeVar

import pytest

from desktop_crm import complaints, followups, history, tiers
from desktop_crm.base.clock import FixedClock
from desktop_crm.complaints import ComplaintDraft
from desktop_crm.followup_rules import revisit_within
from desktop_crm.records.followups import Followup
from desktop_crm.settings import (
    AFTER_SALE_CARE_DAYS,
    AFTER_SALE_CHECK_DAYS,
    BIRTHDAY_LEAD_DAYS,
    COMPLAINT_CLOSED_DAYS,
    HIGH_VALUE_INTERVAL_DAYS,
    OPENING_HOURS,
    REGULAR_INTERVAL_DAYS,
    REVISITS_PER_DAY,
    Setting,
)
from desktop_crm.shop import Shop
from tests.contact_builders import (
    add_contact,
    add_customer,
    add_import,
    add_sale,
    add_staff,
    change_customer,
)

T = TypeVar("T")


def planned(shop: Shop) -> list[Followup]:
    """Every follow-up, as made."""
    return shop.db.records(Followup, "SELECT * FROM followups ORDER BY id")


def days(shop: Shop) -> list[tuple[str, str]]:
    """(rule, due day) of the open ones."""
    return [(f.rule, f.due_day) for f in planned(shop) if f.state == "open"]


def sell(shop: Shop, sale: int) -> list[int]:
    with shop.change("sale", {"followups"}):
        return followups.after_sale_within(shop, sale)


def put(shop: Shop, setting: Setting[T], value: T) -> None:
    with shop.change("setting", {"settings"}):
        shop.put(setting, value)


def judge_all(shop: Shop) -> None:
    with shop.change("tiers", {"tiers"}):
        tiers.first_within(shop)


def test_a_sale_plans_the_care_call_and_the_check(shop: Shop) -> None:
    clerk, owner = add_staff(shop), add_staff(shop, "张强")
    who = add_customer(shop)
    sale = add_sale(shop, who, staff_id=clerk)
    assert len(sell(shop, sale)) == 2
    assert days(shop) == [("after_sale_care", "2026-11-24"), ("after_sale_check", "2026-12-21")]
    care = planned(shop)[0]
    assert (care.first_due_day, care.source_kind, care.source_id, care.staff_id) == (
        "2026-11-24",
        "purchase",
        sale,
        clerk,
    )
    assert sell(shop, sale) == []
    change_customer(shop, who, owner_staff_id=owner)
    other = add_sale(shop, who, "2026-11-20", category="service", staff_id=clerk)
    sell(shop, other)
    assert [f.staff_id for f in planned(shop)] == [clerk, clerk, owner, owner]


@pytest.mark.parametrize(
    ("setting", "left"),
    [(AFTER_SALE_CARE_DAYS, "after_sale_check"), (AFTER_SALE_CHECK_DAYS, "after_sale_care")],
)
def test_each_rule_after_a_sale_is_switched_off_by_its_setting(
    shop: Shop, setting: Setting[int], left: str
) -> None:
    put(shop, setting, 0)
    sell(shop, add_sale(shop, add_customer(shop)))
    assert [rule for rule, _day in days(shop)] == [left]


def test_sales_that_plan_nothing(shop: Shop) -> None:
    who, batch = add_customer(shop), add_import(shop)
    sales = [
        add_sale(shop, None),
        add_sale(shop, who, category="accessory"),
        add_sale(shop, who, import_id=batch),
        add_sale(shop, who, void_day="2026-11-21", voided_at="2026-11-21T02:00:00Z"),
        add_sale(shop, who, "2026-09-01"),
        999,
    ]
    for sale in sales:
        assert sell(shop, sale) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"do_not_contact": True},
        {"consent": "refused"},
        {"deleted_at": "2026-11-01T00:00:00Z"},
    ],
)
def test_who_wants_no_contact_gets_none_by_rule(shop: Shop, fields: dict[str, Any]) -> None:
    who = add_customer(shop, birthday="1990-11-24", **fields)
    assert sell(shop, add_sale(shop, who)) == []
    assert followups.run_rules(shop) == 0
    with shop.change("revisit", {"followups"}):
        assert revisit_within(shop, who) is None


def test_a_voided_sale_takes_its_calls_with_it(shop: Shop) -> None:
    sale = add_sale(shop, add_customer(shop))
    sell(shop, sale)
    with shop.change("void", {"purchases"}):
        assert followups.cancel_source_within(shop, "purchase", sale, "voided") == 2
    assert {(f.state, f.cancel_reason, f.done_day) for f in planned(shop)} == {
        ("cancelled", "voided", "2026-11-21")
    }


@pytest.mark.parametrize(
    ("today", "birthday", "lunar", "due"),
    [
        ("2026-11-21", "1990-11-24", False, "2026-11-21"),
        ("2026-11-21", "--11-24", False, "2026-11-21"),
        ("2026-11-21", "1990-12-01", False, "2026-11-28"),
        ("2026-11-21", "1990-12-02", False, None),  # too far ahead
        ("2026-11-21", "1990-11-14", False, "2026-11-21"),  # missed by a week
        ("2026-11-21", "1990-11-13", False, None),  # missed by more
        ("2026-12-30", "1990-01-02", False, "2026-12-30"),
        ("2027-02-25", "1992-02-29", False, "2027-02-25"),  # kept on the 28th
        ("2028-02-25", "1992-02-29", False, "2028-02-26"),
        ("2028-02-25", "1992-02-28", False, "2028-02-25"),
        ("2026-11-20", "1985-10-15", True, "2026-11-20"),  # lunar 10-15 is 2026-11-23
        ("2026-11-20", "--10-15", True, "2026-11-20"),
        ("2026-11-20", "1985-10-15", False, None),
        ("2025-07-25", "1985-06-01", True, None),  # the leap sixth month of 2025 is nobody's
        ("2025-06-22", "1985-06-01", True, "2025-06-22"),
        ("2026-02-13", "1985-12-30", True, "2026-02-13"),  # the twelfth month has 29 days: 2026-02-16
        ("2026-02-13", "1985-12-29", True, "2026-02-13"),
    ],
)
def test_birthdays(
    shop: Shop, clock: FixedClock, today: str, birthday: str, lunar: bool, due: str | None
) -> None:
    clock.instant = datetime.fromisoformat(today + "T02:00:00+00:00")
    add_customer(shop, birthday=birthday, birthday_lunar=lunar, created_at="2024-01-01T00:00:00Z")
    followups.run_rules(shop)
    assert [day for _rule, day in days(shop)] == ([due] if due else [])


def test_a_birthday_before_the_card_was_recorded_was_not_missed(shop: Shop) -> None:
    add_customer(shop, "new", birthday="1990-11-20")
    add_customer(shop, "old", birthday="1990-11-20", created_at="2026-11-20T00:00:00Z")
    followups.run_rules(shop)
    assert [d.customer_name for d in followups.due(shop)] == ["old"]


def test_the_rules_run_once_a_day_and_greet_once_a_year(shop: Shop, clock: FixedClock) -> None:
    add_customer(shop, birthday="1990-11-24")
    assert followups.run_rules(shop) == 1
    add_customer(shop, "late", birthday="1990-11-24")
    assert followups.run_rules(shop) == 0
    clock.instant = datetime(2026, 11, 22, 2, tzinfo=UTC)
    assert followups.run_rules(shop) == 1
    for day in range(23, 30):
        clock.instant = datetime(2026, 11, day, 2, tzinfo=UTC)
        assert followups.run_rules(shop) == 0
    clock.instant = datetime(2027, 11, 21, 2, tzinfo=UTC)
    assert followups.run_rules(shop) == 2


def test_after_an_absence_only_birthdays_of_the_last_week_are_made(shop: Shop, clock: FixedClock) -> None:
    followups.run_rules(shop)
    add_customer(shop, "missed", birthday="1990-11-30")
    add_customer(shop, "just passed", birthday="1990-12-15")
    add_customer(shop, "coming", birthday="1990-12-24")
    clock.instant = datetime(2026, 12, 20, 2, tzinfo=UTC)
    assert followups.run_rules(shop) == 2
    lines = {d.customer_name: (d.why, d.followup.first_due_day) for d in followups.listing(shop, "open")}
    assert lines == {
        "just passed": ("Birthday was 5 days ago", "2026-12-20"),
        "coming": ("Birthday in 4 days", "2026-12-21"),
    }


def test_birthdays_are_switched_off(shop: Shop) -> None:
    add_customer(shop, birthday="1990-11-21")
    put(shop, BIRTHDAY_LEAD_DAYS, -1)
    assert followups.run_rules(shop) == 0
    assert days(shop) == []


def test_a_lead_of_no_days_greets_on_the_day(shop: Shop) -> None:
    add_customer(shop, birthday="1990-11-21")
    put(shop, BIRTHDAY_LEAD_DAYS, 0)
    followups.run_rules(shop)
    assert [d.why for d in followups.due(shop)] == ["Birthday today"]


def test_what_the_program_made_is_not_what_ctrl_z_takes_back(shop: Shop) -> None:
    add_customer(shop, birthday="1990-11-24")
    followups.run_rules(shop)
    found = history.next_undo(shop)
    assert found is not None
    assert found.label == "customer"


def test_a_closed_complaint_plans_a_call_and_a_reopened_one_cancels_it(shop: Shop) -> None:
    who = add_customer(shop)
    case = complaints.receive(shop, ComplaintDraft("screen is dark", who))
    for act in (complaints.resolve, complaints.answer, complaints.close):
        act(shop, case)
    assert days(shop) == [("complaint_closed", "2026-11-28")]
    line = followups.listing(shop, "open")[0]
    assert (line.why, line.detail) == (
        "Content 7 days after the complaint?",
        "screen is dark",
    )
    complaints.reopen(shop, case, "dark again")
    assert days(shop) == []
    assert planned(shop)[0].cancel_reason == "The complaint was reopened."


def test_complaints_that_plan_nothing(shop: Shop) -> None:
    who, batch = add_customer(shop), add_import(shop)
    with shop.change("import", {"complaints"}):
        imported = complaints.receive_history_within(shop, ComplaintDraft("old", who), batch)
    anonymous = complaints.receive(shop, ComplaintDraft("loud music"))
    put(shop, COMPLAINT_CLOSED_DAYS, 7)
    for case in (imported, anonymous, 999):
        with shop.change("close", {"followups"}):
            assert followups.after_complaint_closed_within(shop, case) == []
    put(shop, COMPLAINT_CLOSED_DAYS, 0)
    case = complaints.receive(shop, ComplaintDraft("new", who))
    with shop.change("close", {"followups"}):
        assert followups.after_complaint_closed_within(shop, case) == []


def quiet_customer(shop: Shop, name: str = "王建国", last: str = "2025-06-01", **fields: Any) -> int:
    who = add_customer(shop, name, created_at="2024-01-01T00:00:00Z", **fields)
    add_sale(shop, who, last, 900_000)
    return who


def test_a_long_silence_makes_a_revisit(shop: Shop, clock: FixedClock) -> None:
    who = quiet_customer(shop)
    judge_all(shop)
    assert followups.run_rules(shop) == 1
    assert days(shop) == [("tier_interval", "2026-11-21")]
    line = followups.due(shop)[0]
    assert (line.why, line.followup.customer_id) == ("No contact for 18 months (High value)", who)
    clock.instant = datetime(2026, 11, 22, 2, tzinfo=UTC)
    assert followups.run_rules(shop) == 0


def test_a_contact_within_the_interval_makes_none(shop: Shop) -> None:
    bought, called, tried, planned_one = (quiet_customer(shop, str(number)) for number in range(4))
    add_sale(shop, bought, "2026-10-01")
    add_contact(shop, called, "2026-10-01", "shop")
    add_contact(shop, tried, "2026-11-10", "shop", reached=False)
    followups.plan(shop, planned_one, date(2026, 12, 24), "wants to hear of the new model")
    judge_all(shop)
    assert followups.run_rules(shop) == 0


def test_a_closed_day_puts_the_revisit_on_the_next_open_one(shop: Shop) -> None:
    put(shop, OPENING_HOURS, ("09:00-21:00",) * 5 + ("", ""))
    quiet_customer(shop)
    judge_all(shop)
    followups.run_rules(shop)
    assert days(shop) == [("tier_interval", "2026-11-23")]


def test_imported_history_alone_makes_nobody_due(shop: Shop, clock: FixedClock) -> None:
    batch = add_import(shop)
    who = add_customer(shop, import_id=batch)  # recorded today
    add_sale(shop, who, "2026-01-01", 900_000, import_id=batch)
    judge_all(shop)
    assert followups.run_rules(shop) == 0
    clock.instant = datetime(2027, 2, 19, 2, tzinfo=UTC)  # 90 days after the card was recorded
    assert followups.run_rules(shop) == 1


def test_revisits_wait_in_a_short_queue_the_best_tier_first(shop: Shop, clock: FixedClock) -> None:
    put(shop, REVISITS_PER_DAY, 3)
    for number in range(4):
        quiet_customer(shop, f"regular {number}", f"2025-06-0{number + 1}")
    shop_wide = [add_customer(shop, "poor", created_at="2024-01-01T00:00:00Z")]
    add_sale(shop, shop_wide[0], "2025-01-01", 1_000)
    judge_all(shop)
    assert followups.run_rules(shop) == 3
    assert [d.customer_name for d in followups.due(shop)] == ["regular 0", "regular 1", "regular 2"]
    clock.instant = datetime(2026, 11, 22, 2, tzinfo=UTC)
    assert followups.run_rules(shop) == 0
    followups.finish(shop, followups.due(shop)[0].id, "reached")
    clock.instant = datetime(2026, 11, 23, 2, tzinfo=UTC)
    assert followups.run_rules(shop) == 1
    clock.instant = datetime(2026, 11, 24, 2, tzinfo=UTC)
    put(shop, REVISITS_PER_DAY, 30)
    assert followups.run_rules(shop) == 1
    assert followups.due(shop)[-1].customer_name == "poor"


def test_a_tier_without_interval_is_left_alone(shop: Shop) -> None:
    put(shop, HIGH_VALUE_INTERVAL_DAYS, 0)
    who = quiet_customer(shop)
    judge_all(shop)
    assert followups.run_rules(shop) == 0
    with shop.change("revisit", {"followups"}):
        assert revisit_within(shop, who) is None


def test_a_contact_meanwhile_cancels_the_revisit_that_falls_due(shop: Shop, clock: FixedClock) -> None:
    called, bought = quiet_customer(shop, "called"), quiet_customer(shop, "bought")
    judge_all(shop)
    with shop.change("revisit", {"followups"}):
        assert revisit_within(shop, called)
        assert revisit_within(shop, bought)
        assert revisit_within(shop, bought) is None
    assert days(shop) == [("tier_interval", "2027-02-19")] * 2
    add_contact(shop, called, "2027-02-10")
    add_sale(shop, bought, "2027-02-10")
    clock.instant = datetime(2027, 2, 19, 2, tzinfo=UTC)
    followups.run_rules(shop)
    assert {f.cancel_reason for f in planned(shop)} == {"There was a contact meanwhile."}


def test_a_sale_takes_the_place_of_the_revisit(shop: Shop) -> None:
    who = quiet_customer(shop)
    judge_all(shop)
    with shop.change("revisit", {"followups"}):
        revisit_within(shop, who)
    sell(shop, add_sale(shop, who))
    assert [rule for rule, _day in days(shop)] == ["after_sale_care", "after_sale_check"]


def test_the_daily_run_cancels_what_became_unwanted(shop: Shop) -> None:
    refused, forbidden = add_customer(shop, "refused"), add_customer(shop, "forbidden")
    sell(shop, add_sale(shop, refused))
    followups.plan(shop, refused, date(2026, 11, 30), "his own wish")
    followups.plan(shop, forbidden, date(2026, 11, 30), "offer")
    change_customer(shop, refused, consent="refused")
    change_customer(shop, forbidden, do_not_contact=1)
    followups.run_rules(shop)
    assert [(d.customer_name, d.why) for d in followups.listing(shop, "open")] == [
        ("refused", "his own wish")
    ]


def test_regular_customers_are_revisited_once_a_year(shop: Shop) -> None:
    who = add_customer(shop, created_at="2024-01-01T00:00:00Z")
    add_sale(shop, who, "2025-11-21", 1_000)
    judge_all(shop)
    assert shop.get(REGULAR_INTERVAL_DAYS) == 365
    assert followups.run_rules(shop) == 1
