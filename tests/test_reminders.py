"""Reminders: one summary from opening time on, timed contacts at their time, once each, also after a restart."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from desktop_crm import complaints, followups, history, reminders
from desktop_crm.base.clock import FixedClock
from desktop_crm.complaints import ComplaintDraft
from desktop_crm.reminders import Announcement
from desktop_crm.settings import CLOSED_DAYS, REMIND_AT_OPENING
from desktop_crm.shop import Shop
from tests.contact_builders import add_customer

TODAY = date(2026, 11, 21)


def at(clock: FixedClock, hour: int, minute: int = 0, day: int = 21) -> None:
    """Set the clock to a time in Shanghai."""
    clock.instant = datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


def test_the_summary_comes_once_at_opening_time_also_after_a_restart(shop: Shop, clock: FixedClock) -> None:
    at(clock, 8, 59)
    who = add_customer(shop)
    followups.plan(shop, who, TODAY, "film")
    assert reminders.take(shop) == []
    at(clock, 9)
    assert reminders.take(shop) == [Announcement("1 contact today", "")]
    assert reminders.take(shop) == []
    again = Shop.open(shop.folder, clock)
    assert reminders.take(again) == []
    again.close()
    at(clock, 9, day=22)
    complaints.receive(
        shop, ComplaintDraft("late", who, "high", received_at=datetime(2026, 11, 21, 1, tzinfo=UTC))
    )
    followups.plan(shop, who, date(2026, 11, 22), "case")
    assert reminders.take(shop) == [Announcement("2 contacts today", "1 overdue · 1 complaint is late")]


def test_nothing_waiting_is_not_announced_and_the_day_is_over(shop: Shop, clock: FixedClock) -> None:
    assert reminders.take(shop) == []
    followups.plan(shop, add_customer(shop), TODAY, "film")
    assert reminders.take(shop) == []
    at(clock, 9, day=22)
    assert [a.title for a in reminders.take(shop)] == ["1 contact today"]


def test_late_complaints_alone_are_announced(shop: Shop, clock: FixedClock) -> None:
    complaints.receive(shop, ComplaintDraft("late", None, "high"))
    at(clock, 20)
    assert reminders.due_now(shop) == [Announcement("0 contacts today", "1 complaint is late")]


def test_the_summary_is_switched_off_and_pauses_on_closed_days(shop: Shop) -> None:
    followups.plan(shop, add_customer(shop), TODAY, "film")
    with shop.change("closed", {"settings"}):
        shop.put(CLOSED_DAYS, ("2026-11-21",))
    assert reminders.due_now(shop) == []
    with shop.change("open", {"settings"}):
        shop.put(CLOSED_DAYS, ())
        shop.put(REMIND_AT_OPENING, False)
    assert reminders.due_now(shop) == []


def test_a_timed_contact_comes_at_its_time_and_once(shop: Shop, clock: FixedClock) -> None:
    who = add_customer(shop)
    reminders.take(shop)
    made = followups.plan(shop, who, TODAY, "call back", due_time="15:30")
    followups.plan(shop, who, date(2026, 11, 22), "tomorrow", due_time="08:00")
    at(clock, 15, 29)
    assert reminders.take(shop) == []
    at(clock, 15, 30)
    assert reminders.take(shop) == [Announcement("15:30 王建国", "call back", made, who)]
    assert reminders.take(shop) == []
    followups.snooze(shop, made, TODAY, "16:00")
    at(clock, 16)
    assert [a.followup_id for a in reminders.take(shop)] == [made]
    reminders.mark(shop, [Announcement("gone", "", 999, who)])


def test_reminders_are_nobodys_ctrl_z(shop: Shop) -> None:
    followups.plan(shop, add_customer(shop), TODAY, "film")
    reminders.take(shop)
    found = history.next_undo(shop)
    assert found is not None
    assert found.label == "Plan a contact with 王建国"
