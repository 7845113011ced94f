"""Follow-ups: planning, putting off, the six outcomes and what follows, lists, words, undo."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from desktop_crm import followup_words, followups, history, tiers
from desktop_crm.base import i18n
from desktop_crm.base.clock import FixedClock
from desktop_crm.followups import (
    ContactNotWanted,
    DayNotPossible,
    FollowupEnded,
    FollowupMissing,
    ReasonMissing,
    TimeNotUnderstood,
)
from desktop_crm.records.customers import Customer
from desktop_crm.records.followups import Followup, Outcome
from desktop_crm.settings import OPENING_HOURS, SHOP_NAME
from desktop_crm.shop import Shop
from tests.contact_builders import (
    add_contact,
    add_customer,
    add_device,
    add_sale,
    add_staff,
    change_customer,
    contacts,
)

TODAY = date(2026, 11, 21)


def open_days(shop: Shop) -> list[tuple[str, str]]:
    return [(d.followup.rule, d.followup.due_day) for d in followups.listing(shop, "open")]


def plan(shop: Shop, who: int, day: date = TODAY, reason: str = "new model", **more: str | int) -> int:
    return followups.plan(shop, who, day, reason, **more)  # type: ignore[arg-type]


def test_a_contact_is_planned_undone_and_redone(shop: Shop) -> None:
    who, clerk = add_customer(shop), add_staff(shop)
    made = plan(shop, who, date(2026, 11, 25), " new\tmodel ", due_time="9：05", staff_id=clerk)
    found = followups.get(shop, made)
    assert (found.rule, found.reason, found.first_due_day, found.due_day, found.due_time, found.staff_id) == (
        "manual",
        "new model",
        "2026-11-25",
        "2026-11-25",
        "09:05",
        clerk,
    )
    history.undo(shop)
    assert open_days(shop) == []
    history.redo(shop)
    assert open_days(shop) == [("manual", "2026-11-25")]


@pytest.mark.parametrize("text", ["noon", "25:00", "12:5", "12:60", "-1:00"])
def test_a_time_must_be_a_time(shop: Shop, text: str) -> None:
    who = add_customer(shop)
    with pytest.raises(TimeNotUnderstood, match="15:30"):
        plan(shop, who, due_time=text)
    assert open_days(shop) == []


def test_plans_that_are_refused(shop: Shop) -> None:
    who = add_customer(shop)
    with pytest.raises(ReasonMissing):
        plan(shop, who, reason=" ")
    with pytest.raises(DayNotPossible, match="2026-11-20 has passed"):
        plan(shop, who, date(2026, 11, 20))
    with pytest.raises(FollowupMissing):
        plan(shop, 999)
    change_customer(shop, who, do_not_contact=1)
    with pytest.raises(ContactNotWanted, match="王建国 asked not to be contacted"):
        plan(shop, who)
    change_customer(shop, who, deleted_at="2026-11-20T00:00:00Z")
    with pytest.raises(FollowupMissing):
        plan(shop, who)
    with pytest.raises(FollowupMissing):
        followups.get(shop, 999)


def test_putting_off_keeps_the_day_first_promised(shop: Shop) -> None:
    made = plan(shop, add_customer(shop), due_time="10:00")
    with shop.change("reminded", {"followups"}):
        shop.db.execute("UPDATE followups SET reminded_at = '2026-11-21T02:00:00Z'")
    followups.snooze(shop, made, date(2026, 11, 27), "16:00")
    found = followups.get(shop, made)
    assert (found.first_due_day, found.due_day, found.due_time, found.reminded_at) == (
        "2026-11-21",
        "2026-11-27",
        "16:00",
        None,
    )
    with pytest.raises(DayNotPossible):
        followups.snooze(shop, made, date(2026, 11, 1))


def test_a_cancelled_contact_has_a_reason_and_stays_ended(shop: Shop) -> None:
    clerk = add_staff(shop)
    own = shop.at_counter(clerk)
    made = plan(shop, add_customer(shop))
    with pytest.raises(ReasonMissing):
        followups.cancel(own, made, "")
    followups.cancel(own, made, "moved away")
    found = followups.get(shop, made)
    assert (found.state, found.cancel_reason, found.done_by, found.outcome) == (
        "cancelled",
        "moved away",
        clerk,
        "",
    )
    with pytest.raises(FollowupEnded):
        followups.cancel(own, made, "again")
    with pytest.raises(FollowupEnded):
        followups.finish(own, made, "reached")
    with pytest.raises(FollowupEnded):
        followups.snooze(own, made, TODAY)


def test_finishing_logs_the_contact_and_starts_the_interval_of_the_tier(shop: Shop) -> None:
    clerk, who = add_staff(shop), add_customer(shop)
    add_sale(shop, who, "2026-11-01", 900_000)
    with shop.change("tiers", {"tiers"}):
        tiers.first_within(shop)
    own = shop.at_counter(clerk)
    made = plan(shop, who)
    done = followups.finish(own, made, "reached", "likes it", channel="wechat")
    assert (done.next_day, open_days(shop)) == ("2027-02-19", [("tier_interval", "2027-02-19")])
    found = followups.get(shop, made)
    assert (found.state, found.outcome, found.outcome_note, found.done_day, found.done_by) == (
        "done",
        "reached",
        "likes it",
        "2026-11-21",
        clerk,
    )
    logged = contacts(shop, who)[0]
    assert (logged.channel, logged.began_by, logged.reached, logged.staff_id, logged.followup_id) == (
        "wechat",
        "shop",
        True,
        clerk,
        made,
    )
    assert logged.summary == "new model: Reached – likes it"

    assert history.undo(own).left == ()
    assert open_days(shop) == [("manual", "2026-11-21")]
    assert contacts(shop, who) == []
    history.redo(own)
    assert open_days(shop) == [("tier_interval", "2027-02-19")]


@pytest.mark.parametrize(
    ("outcome", "reached", "left"),
    [
        ("reached", True, [("tier_interval", "2027-11-21")]),
        ("not_interested", True, [("tier_interval", "2027-11-21")]),
        ("bought", True, []),
        ("no_answer", False, [("manual", "2026-11-22")]),
        ("do_not_contact", True, []),
    ],
)
def test_each_outcome_has_its_next_contact(
    shop: Shop, outcome: Outcome, reached: bool, left: list[tuple[str, str]]
) -> None:
    who = add_customer(shop)
    add_sale(shop, who, "2026-11-01", 1_000)
    with shop.change("tiers", {"tiers"}):
        tiers.first_within(shop)
    followups.finish(shop, plan(shop, who), outcome)
    assert open_days(shop) == left
    assert [c.reached for c in contacts(shop, who)] == [reached]


def test_a_reached_customer_with_another_plan_gets_no_revisit(shop: Shop) -> None:
    who = add_customer(shop)
    plan(shop, who, date(2026, 12, 24), "Christmas")
    done = followups.finish(shop, plan(shop, who), "reached")
    assert done.next_followup_id is None
    assert open_days(shop) == [("manual", "2026-12-24")]


def test_a_conversation_takes_the_place_of_a_planned_revisit_and_a_vain_call_does_not(shop: Shop) -> None:
    who = add_customer(shop)
    add_sale(shop, who, "2026-11-01", 1_000)
    with shop.change("tiers", {"tiers", "followups"}):
        tiers.first_within(shop)
        shop.db.insert(Followup(0, who, "tier_interval", "x", "2026-12-01", "2026-12-01", shop.stamp()))
    followups.finish(shop, plan(shop, who), "no_answer")
    assert open_days(shop) == [("manual", "2026-11-22"), ("tier_interval", "2026-12-01")]
    followups.finish(shop, followups.upcoming(shop)[0].id, "reached")
    assert open_days(shop) == [("tier_interval", "2027-11-21")]


def test_later_needs_a_day(shop: Shop) -> None:
    who = add_customer(shop)
    made = plan(shop, who)
    with pytest.raises(DayNotPossible, match="day of the next contact"):
        followups.finish(shop, made, "later")
    with pytest.raises(DayNotPossible, match="has passed"):
        followups.finish(shop, made, "later", next_day=date(2026, 11, 1))
    done = followups.finish(shop, made, "later", next_day=date(2026, 11, 30), next_time="10:00")
    assert done.next_followup_id is not None
    again = followups.get(shop, done.next_followup_id)
    assert (again.reason, again.first_due_day, again.due_time) == ("new model", "2026-11-30", "10:00")


def test_no_answer_is_tried_again_after_one_three_and_seven_days(shop: Shop, clock: FixedClock) -> None:
    sale = add_sale(shop, add_customer(shop))
    with shop.change("sale", {"followups"}):
        care, _check = followups.after_sale_within(shop, sale)
    days = []
    next_id: int | None = care
    while next_id is not None:
        day = date.fromisoformat(followups.get(shop, next_id).due_day)
        clock.instant = datetime(day.year, day.month, day.day, 2, tzinfo=UTC)
        done = followups.finish(shop, next_id, "no_answer")
        days.append(done.next_day)
        next_id = done.next_followup_id
    assert days == ["2026-11-25", "2026-11-28", "2026-12-05", None]


def test_the_next_try_falls_on_an_open_day_unless_a_day_is_given(shop: Shop) -> None:
    with shop.change("hours", {"settings"}):
        shop.put(OPENING_HOURS, ("09:00-21:00",) * 6 + ("",))
    who = add_customer(shop)
    assert followups.finish(shop, plan(shop, who), "no_answer").next_day == "2026-11-23"
    done = followups.finish(shop, plan(shop, who, reason="other"), "no_answer", next_day=date(2026, 11, 29))
    assert done.next_day == "2026-11-29"


def test_do_not_contact_is_noted_on_the_card_and_cancels_the_rest(shop: Shop) -> None:
    who = add_customer(shop)
    other = plan(shop, who, date(2026, 12, 24), "Christmas")
    followups.finish(shop, plan(shop, who), "do_not_contact", "angry")
    card = shop.db.get(Customer, who)
    assert card is not None
    assert card.do_not_contact
    assert followups.get(shop, other).cancel_reason == "The customer does not want to be contacted."
    history.undo(shop)
    card = shop.db.get(Customer, who)
    assert card is not None
    assert not card.do_not_contact
    assert len(open_days(shop)) == 2


def test_an_imported_contact_shows_its_own_reason(shop: Shop) -> None:
    who = add_customer(shop)
    with shop.change("import", {"followups"}):
        for reason in ("film", ""):
            shop.db.insert(
                Followup(0, who, "imported", reason, "2026-11-20", "2026-11-20", shop.stamp(), due_time=None)
            )
    assert [d.why for d in followups.due(shop)] == ["film", "Planned contact"]


def test_the_lists(shop: Shop, clock: FixedClock) -> None:
    mine, other = add_staff(shop), add_staff(shop, "张强")
    names = ["overdue", "today", "timed", "others", "soon", "far", "gone"]
    ids = {name: add_customer(shop, name) for name in names}
    clock.instant = datetime(2026, 11, 19, 2, tzinfo=UTC)
    for name, day, more in [
        ("overdue", 19, {}),
        ("today", 21, {"staff_id": mine}),
        ("timed", 21, {"due_time": "15:00"}),
        ("others", 21, {"staff_id": other}),
        ("soon", 28, {}),
        ("far", 29, {}),
        ("gone", 21, {}),
    ]:
        plan(shop, ids[name], date(2026, 11, day), **more)  # type: ignore[arg-type]
    change_customer(shop, ids["gone"], deleted_at="2026-11-20T00:00:00Z")
    clock.instant = datetime(2026, 11, 21, 2, tzinfo=UTC)

    def shown(lines: list[followups.DueFollowup]) -> list[str]:
        return [line.customer_name for line in lines]

    assert shown(followups.due(shop)) == ["overdue", "timed", "today", "others"]
    assert [line.overdue_days for line in followups.due(shop)] == [2, 0, 0, 0]
    assert shown(followups.due(shop, staff_id=mine)) == ["overdue", "timed", "today"]
    assert shown(followups.due(shop, date(2026, 11, 20))) == ["overdue"]
    assert shown(followups.due(shop, limit=1)) == ["overdue"]
    assert shown(followups.listing(shop, "open", limit=2, offset=4)) == ["soon", "far"]
    assert shown(followups.upcoming(shop)) == ["soon"]
    assert shown(followups.listing(shop, "overdue")) == ["overdue"]
    assert followups.counts(shop) == followups.Counts(1, 3, 1)
    assert followups.counts(shop, mine) == followups.Counts(1, 2, 1)
    assert followups.count(shop, "open") == 6
    assert followups.count(shop, "open", staff_id=other) == 5
    followups.finish(shop, followups.due(shop)[0].id, "bought")
    clock.instant = datetime(2026, 11, 21, 3, tzinfo=UTC)
    followups.cancel(shop, followups.due(shop)[0].id, "mistake")
    assert shown(followups.listing(shop, "done")) == ["timed", "overdue"]
    assert shown(followups.of_customer(shop, ids["far"])) == ["far"]


def test_a_line_says_whom_why_and_with_what(shop: Shop) -> None:
    clerk = add_staff(shop)
    who = add_customer(shop, phone="13805718866")
    add_device(shop, who, "iPhone 14", None)
    sale = add_sale(shop, who, staff_id=clerk)
    with shop.change("sale", {"followups", "tiers"}):
        followups.after_sale_within(shop, sale)
        tiers.refresh_within(shop, who)
    care, check = followups.listing(shop, "open")
    assert (care.why, check.why) == ("Care call 3 days after the sale", "Check 30 days after the sale")
    assert (care.customer_name, care.phone, care.tier, care.staff_name, care.detail, care.cause_day) == (
        "王建国",
        "13805718866",
        "regular",
        "李娜",
        "iPhone 14",
        "2026-11-21",
    )
    add_device(shop, who)
    assert followups.listing(shop, "open")[0].detail == "iPhone 15 256G · 2024-09"
    assert followups.reason_text(care.followup) == "Care call after the sale"
    assert followups.rule_label("birthday") == "Birthday"
    assert followups.outcome_label("") == ""


@pytest.mark.parametrize(
    ("birthday", "lunar", "day", "words"),
    [
        ("1990-11-24", False, 21, "Birthday in 3 days"),
        ("1990-11-24", False, 23, "Birthday in 1 day"),
        ("1990-11-24", False, 24, "Birthday today"),
        ("1990-11-24", False, 25, "Birthday was 1 day ago"),
        ("1985-10-15", True, 21, "Birthday in 2 days (lunar 10-15)"),
        ("", False, 21, "Birthday"),
    ],
)
def test_a_birthday_says_when(
    shop: Shop, clock: FixedClock, birthday: str, lunar: bool, day: int, words: str
) -> None:
    clock.instant = datetime(2026, 11, 20, 2, tzinfo=UTC)
    who = add_customer(shop, birthday=birthday or "1990-11-24", birthday_lunar=lunar)
    followups.run_rules(shop)
    change_customer(shop, who, birthday=birthday)
    clock.instant = datetime(2026, 11, day, 2, tzinfo=UTC)
    assert [line.why for line in followups.due(shop)] == [words]


def test_an_ended_contact_keeps_the_words_of_its_day(shop: Shop, clock: FixedClock) -> None:
    add_customer(shop, birthday="1990-11-24")
    followups.run_rules(shop)
    followups.finish(shop, followups.due(shop)[0].id, "reached")
    clock.instant = datetime(2026, 12, 24, 2, tzinfo=UTC)
    assert [line.why for line in followups.listing(shop, "done")] == ["Birthday in 3 days"]


def test_a_revisit_says_how_long_it_was(shop: Shop) -> None:
    who = add_customer(shop)
    with shop.change("revisit", {"followups"}):
        shop.db.insert(Followup(0, who, "tier_interval", "x", "2026-11-21", "2026-11-21", shop.stamp()))
    assert followups.due(shop)[0].why == "Regular revisit (Prospect)"
    add_contact(shop, who, "2026-10-01")
    assert followups.due(shop)[0].why == "Regular revisit (Prospect)"
    add_contact(shop, who, "2025-12-21")
    with shop.change("older", {"interactions"}):
        shop.db.execute("DELETE FROM interactions WHERE day = '2026-10-01'")
    assert followups.due(shop)[0].why == "No contact for 11 months (Prospect)"


@pytest.mark.parametrize("rule", ["after_sale_care", "complaint_closed"])
def test_a_reason_without_its_cause_is_still_a_reason(shop: Shop, rule: str) -> None:
    who = add_customer(shop)
    with shop.change("x", {"followups"}):
        shop.db.execute(
            "INSERT INTO followups (customer_id, rule, reason, first_due_day, due_day, created_at, state, source_kind,"
            " outcome, outcome_note, cancel_reason) VALUES (?, ?, '', '2026-11-21', '2026-11-21', ?, 'open', '', '', '', '')",
            (who, rule, shop.stamp()),
        )
    assert followups.due(shop)[0].why == followups.rule_label(rule)


def test_what_to_say_fits_the_customer(shop: Shop) -> None:
    clerk = add_staff(shop)
    with shop.change("name", {"settings"}):
        shop.put(SHOP_NAME, "Milky Way Phones")
    who = add_customer(shop, "欧阳雪", gender="female")
    add_device(shop, who)
    made = plan(shop, who, reason="The film you asked for is here.")
    assert followups.what_to_say(shop, made) == (
        "Hello Ms 欧阳! This is the team from Milky Way Phones. Do you have a moment? The film you asked for is here."
    )
    sale = add_sale(shop, who)
    with shop.change("sale", {"followups"}):
        care, _check = followups.after_sale_within(shop, sale)
    assert followups.what_to_say(shop.at_counter(clerk), care).startswith(
        "Hello Ms 欧阳! This is 李娜 from Milky Way Phones. You have had your iPhone 15 256G for some days now"
    )
    change_customer(shop, who, gender="male", language="en")
    i18n.set_language("zh_CN")
    assert followups.what_to_say(shop, made).startswith("Hello Mr 欧阳!")
    i18n.set_language("en")
    change_customer(shop, who, gender="", language="")
    assert followups.what_to_say(shop, made).startswith("Hello 欧阳雪!")


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("王建国", "王"),
        ("欧阳雪", "欧阳"),
        ("欧阳", "欧"),
        ("John Smith", "Smith"),
        ("Smith", "Smith"),
        (" ", ""),
    ],
)
def test_family_names(name: str, family: str) -> None:
    assert followup_words.surname(name) == family


def test_every_outcome_and_rule_has_words() -> None:
    assert [followups.outcome_label(outcome) for outcome in followups.OUTCOMES] == [
        "Reached",
        "No answer",
        "Contact again later",
        "Not interested",
        "Bought",
        "Do not contact again",
    ]
