"""Days, instants and periods: instants in UTC, days in shop time, periods half open.

What a person or a spreadsheet writes for a date is read in importing/cleaning.py; here are only exact forms.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _

Grain = Literal["day", "month", "quarter", "year", "range"]


class PeriodNotUnderstood(CrmError):
    """The words for a period are not one of the known forms."""


@dataclass(frozen=True)
class Period:
    """A stretch of whole shop days.

    Attributes:
        start: first day, inclusive.
        end: day after the last, exclusive.
        grain: the calendar unit, or "range" for two dates.
    """

    start: date
    end: date
    grain: Grain = "range"

    @property
    def days(self) -> int:
        """Number of days in it."""
        return (self.end - self.start).days

    @property
    def last_day(self) -> date:
        """The last day that belongs to it."""
        return self.end - timedelta(days=1)

    def contains(self, day: date) -> bool:
        """Whether `day` lies in it."""
        return self.start <= day < self.end

    def previous(self) -> Period:
        """The calendar unit before, or as many days before for two dates."""
        if self.grain == "range":
            return Period(self.start - (self.end - self.start), self.start)
        return Period(_shift(self.start, self.grain, -1), self.start, self.grain)

    def following(self) -> Period:
        """The calendar unit after, or as many days after for two dates."""
        if self.grain == "range":
            return Period(self.end, self.end + (self.end - self.start))
        return Period(self.end, _shift(self.end, self.grain, 1), self.grain)

    def last_year(self) -> Period:
        """The same unit a year earlier (29 February becomes 28)."""
        if self.grain == "day":
            start = _year_earlier(self.start)
            return Period(start, start + timedelta(days=1), "day")
        return Period(_year_earlier(self.start), _year_earlier(self.end), self.grain)

    def label(self) -> str:
        """The form the command line reads: 2026-10, 2026-Q3, 2026, or two dates (the last inclusive)."""
        if self.grain == "month":
            return f"{self.start:%Y-%m}"
        if self.grain == "quarter":
            return f"{self.start.year}-Q{(self.start.month + 2) // 3}"
        if self.grain == "year":
            return str(self.start.year)
        if self.grain == "day":
            return self.start.isoformat()
        return f"{self.start.isoformat()}..{self.last_day.isoformat()}"


def month_of(day: date) -> Period:
    """The calendar month that `day` lies in."""
    start = day.replace(day=1)
    return Period(start, _shift(start, "month", 1), "month")


def quarter_of(day: date) -> Period:
    """The calendar quarter that `day` lies in."""
    start = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return Period(start, _shift(start, "quarter", 1), "quarter")


def parse_period(text: str) -> Period:
    """Read `2026-10`, `2026-Q3`, `2026`, `2026-10-05` or `2026-10-01..2026-10-15` (last day inclusive).

    Raises:
        PeriodNotUnderstood: for anything else.
    """
    plain = text.strip()
    try:
        if re.fullmatch(r"\d{4}", plain):
            return Period(date(int(plain), 1, 1), date(int(plain) + 1, 1, 1), "year")
        if match := re.fullmatch(r"(\d{4})-[Qq]([1-4])", plain):
            return quarter_of(date(int(match[1]), int(match[2]) * 3, 1))
        if match := re.fullmatch(r"(\d{4})-(\d{2})", plain):
            return month_of(date(int(match[1]), int(match[2]), 1))
        if ".." in plain:
            first, last = (date.fromisoformat(part) for part in plain.split(".."))
            if first <= last:
                return Period(first, last + timedelta(days=1))
        else:
            day = date.fromisoformat(plain)
            return Period(day, day + timedelta(days=1), "day")
    except ValueError:
        pass
    raise PeriodNotUnderstood(
        _("“{text}” is not a period. Write 2026-10, 2026-Q3, 2026 or 2026-10-01..2026-10-15.").format(
            text=text
        )
    )


def to_instant(moment: datetime) -> str:
    """A stored instant: UTC, whole seconds, `2026-10-31T08:15:00Z`."""
    if moment.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def from_instant(text: str) -> datetime:
    """The aware datetime of a stored instant."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    """The shop's day at an instant."""
    return moment.astimezone(zone).date()


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which a shop day begins."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def add_months(day: date, months: int) -> date:
    """The same day of the month `months` later; the last day where the month is shorter."""
    place = day.year * 12 + day.month - 1 + months
    year, month = divmod(place, 12)
    return date(year, month + 1, min(day.day, _month_length(year, month + 1)))


def next_yearly(month: int, day: int, after: date) -> date:
    """The next `month`-`day` on or after `after`; 29 February falls on the 28th in other years."""
    for year in (after.year, after.year + 1):
        found = date(year, month, min(day, _month_length(year, month)))
        if found >= after:
            return found
    raise AssertionError("a year has every month")  # pragma: no cover


def _month_length(year: int, month: int) -> int:
    following = date(year + 1, 1, 1) if month == 12 else date(year, month + 1, 1)
    return (following - timedelta(days=1)).day


def _year_earlier(day: date) -> date:
    return add_months(day, -12)


def _shift(day: date, grain: Grain, steps: int) -> date:
    if grain == "day":
        return day + timedelta(days=steps)
    months = {"month": 1, "quarter": 3, "year": 12}[grain]
    return add_months(day, steps * months)
