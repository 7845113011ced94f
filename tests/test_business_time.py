"""Business hours: reading them, minutes between instants, adding minutes, days with a changed clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_crm import business_time
from desktop_crm.business_time import Hours, OpeningHoursNotUnderstood
from desktop_crm.settings import CLOSED_DAYS, OPENING_HOURS
from desktop_crm.shop import Shop

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
NINE_TO_NINE = business_time.parse(SHANGHAI, ("09:00-21:00",) * 7, ())
SPLIT = business_time.parse(SHANGHAI, ("09:00-12:00,14:00-18:00",) * 5 + ("10:00-16:00", ""), ("2026-02-17",))
NIGHT = business_time.parse(SHANGHAI, ("18:00-02:00",) * 7, ())
NEVER = business_time.parse(SHANGHAI, ("",) * 7, ())
WHOLE_DAY = business_time.parse(BERLIN, ("00:00-24:00",) * 7, ())


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    """An instant from wall-clock time of the shop."""
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("", ()),
        ("  ", ()),
        ("09:00-21:00", ((540, 1260),)),
        ("9:00-21:30", ((540, 1290),)),
        ("９：００－２１：００", ((540, 1260),)),
        ("09:00–21:00", ((540, 1260),)),
        ("14:00-18:30, 09:00-12:00", ((540, 720), (840, 1110))),
        ("09:00-12:00；14:00-18:00", ((540, 720), (840, 1080))),
        ("18:00-02:00", ((1080, 1560),)),
        ("00:00-24:00", ((0, 1440),)),
    ],
)
def test_hours_of_a_day_are_read(text: str, spans: tuple[tuple[int, int], ...]) -> None:
    assert business_time.parse_day(text) == spans


@pytest.mark.parametrize(
    "text",
    ["nine to five", "09-21", "09:00-09:00", "09:60-10:00", "09:00-25:00", "09:00-13:00,12:00-18:00", "9:00"],
)
def test_other_texts_are_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(OpeningHoursNotUnderstood, match="not understood"):
        business_time.parse_day(text)


def test_a_closed_day_must_be_a_day() -> None:
    with pytest.raises(OpeningHoursNotUnderstood, match="2026-02-17"):
        business_time.parse(SHANGHAI, ("",) * 7, ("spring",))


def test_a_short_week_is_closed_on_the_rest() -> None:
    hours = business_time.parse(SHANGHAI, ("09:00-21:00",), (" ", "2026-02-17 "))
    assert hours.week == (((540, 1260),), (), (), (), (), (), ())
    assert hours.closed == {date(2026, 2, 17)}


@pytest.mark.parametrize(
    ("hours", "start", "end", "minutes"),
    [
        (NINE_TO_NINE, "2026-11-20T10:00", "2026-11-20T10:45", 45),
        (NINE_TO_NINE, "2026-11-20T20:30", "2026-11-21T09:15", 45),
        (NINE_TO_NINE, "2026-11-20T22:00", "2026-11-21T08:00", 0),
        (NINE_TO_NINE, "2026-11-20T05:00", "2026-11-20T09:30", 30),
        (NINE_TO_NINE, "2026-11-20T10:00", "2026-11-27T10:00", 7 * 720),
        (NINE_TO_NINE, "2026-11-20T10:00", "2026-11-20T10:00", 0),
        (NINE_TO_NINE, "2026-11-20T10:00", "2026-11-20T09:00", 0),
        (NINE_TO_NINE, "2026-11-20T10:00:30", "2026-11-20T10:01:00", 0.5),
        (SPLIT, "2026-11-20T11:30", "2026-11-20T14:30", 60),
        (SPLIT, "2026-11-20T12:30", "2026-11-20T13:30", 0),
        (SPLIT, "2026-11-21T15:00", "2026-11-23T10:00", 120),
        (SPLIT, "2026-02-16T17:00", "2026-02-18T10:00", 120),
        (NIGHT, "2026-11-20T17:00", "2026-11-20T19:00", 60),
        (NIGHT, "2026-11-20T23:00", "2026-11-21T03:00", 180),
        (NIGHT, "2026-11-21T01:00", "2026-11-21T19:00", 120),
        (NEVER, "2026-11-20T10:00", "2026-12-20T10:00", 0),
    ],
)
def test_minutes_between(hours: Hours, start: str, end: str, minutes: float) -> None:
    assert business_time.minutes_between(at(start), at(end), hours) == minutes


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2026-03-29T00:00", "2026-03-30T00:00", 23 * 60),  # the clock is put forward
        ("2026-10-25T00:00", "2026-10-26T00:00", 25 * 60),  # and back
        ("2026-06-01T00:00", "2026-06-02T00:00", 24 * 60),
    ],
)
def test_a_day_with_a_changed_clock_counts_its_real_hours(start: str, end: str, minutes: int) -> None:
    assert business_time.minutes_between(at(start, BERLIN), at(end, BERLIN), WHOLE_DAY) == minutes


def test_the_changed_clock_moves_a_due_time() -> None:
    due = business_time.add_minutes(at("2026-03-28T12:00", BERLIN), 24 * 60, WHOLE_DAY)
    assert due == at("2026-03-29T13:00", BERLIN)


@pytest.mark.parametrize(
    ("hours", "start", "minutes", "end"),
    [
        (NINE_TO_NINE, "2026-11-20T10:00", 240, "2026-11-20T14:00"),
        (NINE_TO_NINE, "2026-11-20T19:00", 240, "2026-11-21T11:00"),
        (NINE_TO_NINE, "2026-11-20T23:00", 60, "2026-11-21T10:00"),
        (NINE_TO_NINE, "2026-11-20T20:00", 60, "2026-11-20T21:00"),
        (NINE_TO_NINE, "2026-11-20T10:00", 0, "2026-11-20T10:00"),
        (NINE_TO_NINE, "2026-11-20T10:00", 24 * 60, "2026-11-22T10:00"),
        (SPLIT, "2026-11-21T15:30", 60, "2026-11-23T09:30"),
        (SPLIT, "2026-02-16T17:30", 60, "2026-02-18T09:30"),
        (NIGHT, "2026-11-21T01:30", 60, "2026-11-21T18:30"),
        (NEVER, "2026-11-21T01:30", 60, "2026-11-21T02:30"),
    ],
)
def test_adding_minutes(hours: Hours, start: str, minutes: float, end: str) -> None:
    found = business_time.add_minutes(at(start), minutes, hours)
    assert found == at(end)
    assert found.tzinfo is UTC


@given(
    st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31)),
    st.integers(1, 20_000),
    st.sampled_from([NINE_TO_NINE, SPLIT, NIGHT, WHOLE_DAY]),
)
def test_what_was_added_lies_between(start: datetime, minutes: int, hours: Hours) -> None:
    begin = start.replace(microsecond=0, tzinfo=UTC)
    end = business_time.add_minutes(begin, minutes, hours)
    assert business_time.minutes_between(begin, end, hours) == pytest.approx(minutes)


def test_open_days() -> None:
    assert business_time.opens(date(2026, 11, 20), SPLIT) == at("2026-11-20T09:00")
    assert business_time.opens(date(2026, 11, 22), SPLIT) is None
    assert business_time.next_open_day(date(2026, 11, 22), SPLIT) == date(2026, 11, 23)
    assert business_time.next_open_day(date(2026, 2, 17), SPLIT) == date(2026, 2, 18)
    assert business_time.next_open_day(date(2026, 11, 22), NEVER) == date(2026, 11, 22)


def test_the_settings_of_the_shop_count(shop: Shop) -> None:
    with shop.change("hours", {"settings"}):
        shop.put(OPENING_HOURS, ("10:00-11:00",) * 7)
        shop.put(CLOSED_DAYS, ("2026-11-20",))
    hours = business_time.of(shop)
    start = at("2026-11-19T10:30")
    assert business_time.minutes_between(start, start + timedelta(days=2), hours) == 60
