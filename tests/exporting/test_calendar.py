"""Follow-ups and birthdays for the calendar of a phone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest

from desktop_crm import customers, followups, staff
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.exporting import orders
from desktop_crm.exporting.calendar import YEARS
from desktop_crm.exporting.orders import Order, Which
from desktop_crm.shop import Shop
from desktop_crm.who import Condition, Filter


def entries(shop: Shop, kind: Which, out: Path, meant: Filter | None = None) -> list[Any]:
    """The entries of a calendar, read by the library."""
    written = orders.export(shop, Order(kind, out, meant or Filter()))
    found = icalendar.Calendar.from_ical(out.read_bytes())
    assert found["x-wr-calname"] == "星河手机店"
    events = list(found.walk("VEVENT"))
    assert len(events) == written.rows
    return events


def add(shop: Shop, name: str, birthday: str = "", *, lunar: bool = False, number: str = "") -> int:
    """A customer with a birthday."""
    phones = (PhoneDraft(number),) if number else ()
    return customers.add(shop, CustomerDraft(name, phones, birthday=birthday, birthday_lunar=lunar))


def test_open_followups_are_entries(shop: Shop, tmp_path: Path) -> None:
    clerk = staff.add(shop, "李娜")
    key = add(shop, "张三; 李四, 王五", number="13800000001")
    whole = followups.plan(shop, key, date(2026, 12, 1), "问候\n送礼", staff_id=clerk)
    followups.plan(shop, key, date(2026, 12, 2), "电话", due_time="15:30")
    followups.finish(shop, followups.plan(shop, key, date(2026, 12, 3), "不用了"), "reached")
    day, hour = entries(shop, "followups", tmp_path / "a.ics")
    assert str(day["summary"]) == "张三; 李四, 王五: 问候 送礼"
    assert day["dtstart"].dt == date(2026, 12, 1)
    assert str(day["uid"]) == f"followup-{whole}@{shop.keys.shop_id}"
    assert str(day["description"]) == "Phone: 138 0000 0001\nClerk: 李娜"
    assert hour["dtstart"].dt == datetime(2026, 12, 2, 7, 30, tzinfo=UTC)
    assert hour["dtend"].dt - hour["dtstart"].dt == timedelta(minutes=15)
    assert [alarm["trigger"].dt for alarm in hour.walk("VALARM")] == [timedelta(0)]
    assert not day.walk("VALARM")


def test_a_rule_s_followup_is_named_by_its_rule(lively: Shop, tmp_path: Path) -> None:
    titles = [str(each["summary"]) for each in entries(lively, "followups", tmp_path / "a.ics")]
    assert "=赵敏: Care call after the sale" in titles
    assert "农: 问候" in titles


def test_solar_birthdays_come_back_each_year(shop: Shop, tmp_path: Path) -> None:
    key = add(shop, "张三", "1985-11-20", number="13800000001")
    (entry,) = entries(shop, "customers", tmp_path / "a.ics")
    assert entry["dtstart"].dt == date(2027, 11, 20)
    assert entry["rrule"]["freq"] == ["YEARLY"]
    assert str(entry["uid"]) == f"birthday-{key}@{shop.keys.shop_id}"
    assert str(entry["summary"]) == "Birthday of 张三"
    assert str(entry["description"]) == "Birthday: 1985-11-20\nPhone: 138 0000 0001"


@pytest.mark.parametrize(
    ("birthday", "lunar", "days"),
    [
        # the fifteenth of the eighth lunar month: the Mid-Autumn Festival of these years
        ("--08-15", True, ["2027-09-15", "2028-10-03", "2029-09-22", "2030-09-12", "2031-10-01"]),
        ("--02-29", False, ["2027-02-28", "2028-02-29", "2029-02-28", "2030-02-28", "2031-02-28"]),
    ],
)
def test_days_that_calendars_do_not_know_are_written_one_by_one(
    shop: Shop, tmp_path: Path, birthday: str, lunar: bool, days: list[str]
) -> None:
    add(shop, "张三", birthday, lunar=lunar)
    found = entries(shop, "customers", tmp_path / "a.ics")
    assert [each["dtstart"].dt.isoformat() for each in found] == days
    assert len({str(each["uid"]) for each in found}) == YEARS
    assert not any("rrule" in each for each in found)


def test_who_wants_no_contact_has_no_entry(shop: Shop, tmp_path: Path) -> None:
    key = add(shop, "张三", "1985-11-20")
    customers.edit(shop, key, do_not_contact=True)
    customers.delete(shop, [add(shop, "走了", "1985-11-20")])
    assert entries(shop, "customers", tmp_path / "a.ics") == []


def test_all_dates_of_some_customers(lively: Shop, tmp_path: Path) -> None:
    women = Filter((Condition("gender", "is", ("female",)),))
    titles = {
        str(each["summary"]).split(":")[0] for each in entries(lively, "all", tmp_path / "a.ics", women)
    }
    assert titles == {"=赵敏", "Birthday of =赵敏"}


def test_the_same_thing_keeps_its_name(lively: Shop, tmp_path: Path) -> None:
    first = {str(each["uid"]) for each in entries(lively, "all", tmp_path / "a.ics")}
    assert first == {str(each["uid"]) for each in entries(lively, "all", tmp_path / "b.ics")}


def test_strange_texts_stay_inside_their_entry(shop: Shop, tmp_path: Path) -> None:
    key = add(shop, "BEGIN:VEVENT\x07客" + "长" * 200)
    followups.plan(shop, key, date(2026, 12, 1), "END:VEVENT")
    (entry,) = entries(shop, "followups", tmp_path / "a.ics")
    assert str(entry["summary"]) == "BEGIN:VEVENT客" + "长" * 200 + ": END:VEVENT"
    assert max(map(len, (tmp_path / "a.ics").read_bytes().split(b"\r\n"))) <= 75
