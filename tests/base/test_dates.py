"""Days, instants and periods."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_crm.base import dates
from desktop_crm.base.clock import FixedClock, SystemClock
from desktop_crm.base.dates import Period, PeriodNotUnderstood, parse_period

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("text", "start", "end", "previous", "last_year"),
    [
        ("2026-10", "2026-10-01", "2026-11-01", "2026-09", "2025-10"),
        ("2026-01", "2026-01-01", "2026-02-01", "2025-12", "2025-01"),
        ("2026-Q3", "2026-07-01", "2026-10-01", "2026-Q2", "2025-Q3"),
        ("2026-q1", "2026-01-01", "2026-04-01", "2025-Q4", "2025-Q1"),
        ("2026", "2026-01-01", "2027-01-01", "2025", "2025"),
        ("2024-02-29", "2024-02-29", "2024-03-01", "2024-02-28", "2023-02-28"),
        (
            "2026-10-01..2026-10-15",
            "2026-10-01",
            "2026-10-16",
            "2026-09-16..2026-09-30",
            "2025-10-01..2025-10-15",
        ),
    ],
)
def test_periods_and_what_they_are_compared_with(
    text: str, start: str, end: str, previous: str, last_year: str
) -> None:
    period = parse_period(f" {text} ")
    assert (period.start.isoformat(), period.end.isoformat()) == (start, end)
    assert period.label() == text.upper()
    assert period.previous().label() == previous
    assert period.last_year().label() == last_year
    assert period.previous().following().label() == period.label()
    assert period.contains(period.last_day)
    assert not period.contains(period.end)
    assert period.days == (period.end - period.start).days


@pytest.mark.parametrize(
    "text", ["", "2026-13", "2026-Q5", "last month", "2026-10-15..2026-10-01", "2026-10-01..", "0000"]
)
def test_other_words_for_a_period_get_a_sentence(text: str) -> None:
    with pytest.raises(PeriodNotUnderstood, match="is not a period"):
        parse_period(text)


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1)))
def test_an_instant_reads_back(moment: datetime) -> None:
    aware = moment.replace(microsecond=0, tzinfo=UTC)
    assert dates.from_instant(dates.to_instant(aware)) == aware


def test_an_instant_needs_a_time_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        dates.to_instant(datetime(2026, 1, 1))


def test_a_shop_day_begins_at_midnight_there() -> None:
    begin = dates.start_of_day(date(2026, 11, 21), SHANGHAI)
    assert dates.to_instant(begin) == "2026-11-20T16:00:00Z"
    assert dates.local_day(begin, SHANGHAI) == date(2026, 11, 21)
    assert dates.local_day(begin - timedelta(seconds=1), SHANGHAI) == date(2026, 11, 20)


@pytest.mark.parametrize(
    ("day", "months", "answer"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-05-15", 8, "2027-01-15"),
    ],
)
def test_months_later_or_earlier(day: str, months: int, answer: str) -> None:
    assert dates.add_months(date.fromisoformat(day), months).isoformat() == answer


def test_the_next_yearly_day() -> None:
    assert dates.next_yearly(2, 29, date(2025, 3, 1)) == date(2026, 2, 28)
    assert dates.next_yearly(11, 21, date(2026, 11, 21)) == date(2026, 11, 21)
    assert dates.month_of(date(2026, 12, 5)) == Period(date(2026, 12, 1), date(2027, 1, 1), "month")
    assert dates.quarter_of(date(2026, 12, 5)).label() == "2026-Q4"


def test_clocks_tell_utc() -> None:
    assert abs(SystemClock().now() - datetime.now(UTC)) < timedelta(minutes=1)
    assert (
        FixedClock(datetime(2026, 11, 21, 10, tzinfo=SHANGHAI)).now().isoformat()
        == "2026-11-21T02:00:00+00:00"
    )
