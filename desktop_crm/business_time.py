"""Business time: the opening hours of the shop, and how many business minutes lie between two instants. Pure.

Hours are written in wall-clock time and counted in real time: on a day whose clock is put forward the shop is open
for one hour less. Which figure counts business time is decided in kpis.py and complaints.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from desktop_crm.base.dates import local_day
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _
from desktop_crm.base.values import half_width
from desktop_crm.settings import CLOSED_DAYS, OPENING_HOURS
from desktop_crm.shop import Shop

Span = tuple[int, int]
"""Minutes after midnight, start inclusive, end exclusive; an end above 1440 lies in the next day's night."""

_DAY_MINUTES = 24 * 60
_LOOK_AHEAD_DAYS = 400
"""Within this many days a shop that opens at all has opened again."""


class OpeningHoursNotUnderstood(CrmError):
    """A text of opening hours is not of the known form."""


@dataclass(frozen=True)
class Hours:
    """When the shop is open.

    Attributes:
        zone: the shop's time zone.
        week: the spans of Monday to Sunday.
        closed: days on which the shop stays closed all the same.
    """

    zone: ZoneInfo
    week: tuple[tuple[Span, ...], ...]
    closed: frozenset[date] = frozenset()


def parse_day(text: str) -> tuple[Span, ...]:
    """The spans of one day from "09:00-21:00" or "9:00-12:00, 14:00-18:30"; '' is closed, "18:00-02:00" passes midnight.

    Raises:
        OpeningHoursNotUnderstood: for anything else.
    """
    spans = []
    for part in re.split(r"[,;、\s]+", half_width(text).replace("–", "-").replace("~", "-").strip()):
        if not part:
            continue
        match = re.fullmatch(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})", part)
        if not match:
            raise _not_understood(text)
        first, last = int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
        if max(first, last) > _DAY_MINUTES or first == last or int(match[2]) > 59 or int(match[4]) > 59:
            raise _not_understood(text)
        spans.append((first, last if last > first else last + _DAY_MINUTES))
    spans.sort()
    if any(after[0] < before[1] for before, after in pairwise(spans)):
        raise _not_understood(text)
    return tuple(spans)


def parse(zone: ZoneInfo, week: tuple[str, ...], closed: tuple[str, ...]) -> Hours:
    """The hours from the texts of the settings, Monday to Sunday, and closed days as YYYY-MM-DD.

    Raises:
        OpeningHoursNotUnderstood: for a text that is not of these forms.
    """
    days = [parse_day(text) for text in week]
    try:
        shut = frozenset(date.fromisoformat(day.strip()) for day in closed if day.strip())
    except ValueError:
        raise OpeningHoursNotUnderstood(
            _("A closed day is not understood. Write each as 2026-02-17; nothing was changed.")
        ) from None
    return Hours(zone, tuple(days + [()] * (7 - len(days))), shut)


def of(shop: Shop) -> Hours:
    """The hours of the shop's settings."""
    return parse(shop.zone, shop.get(OPENING_HOURS), shop.get(CLOSED_DAYS))


def opens(day: date, hours: Hours) -> datetime | None:
    """The instant at which the shop opens on a day, None where it stays closed."""
    spans = _instants(day, hours)
    return spans[0][0] if spans else None


def is_open_day(day: date, hours: Hours) -> bool:
    """Whether the shop opens at all on a day."""
    return day not in hours.closed and bool(hours.week[day.weekday()])


def next_open_day(day: date, hours: Hours) -> date:
    """The day itself if the shop opens on it, else the next one on which it does; the day itself if it never does."""
    for ahead in range(_LOOK_AHEAD_DAYS):
        found = day + timedelta(days=ahead)
        if is_open_day(found, hours):
            return found
    return day


def minutes_between(start: datetime, end: datetime, hours: Hours) -> float:
    """Business minutes from `start` to `end`; 0 where `end` is not later.

    Example: open 09:00-21:00, from 20:30 to 09:15 the next morning are 45 minutes.
    """
    total = timedelta()
    for opening, closing in _spans_from(start, hours, until=end):
        inside = min(closing, end) - max(opening, start)
        if inside > timedelta():
            total += inside
    return total.total_seconds() / 60


def add_minutes(start: datetime, minutes: float, hours: Hours) -> datetime:
    """The instant at which so many business minutes have passed since `start`, in UTC.

    Where the shop never opens, ordinary minutes count: a due time must exist.
    """
    left = timedelta(minutes=minutes)
    for opening, closing in _spans_from(start, hours):
        begin = max(opening, start)
        if closing - begin >= left:
            return (begin + left).astimezone(UTC)
        left -= max(closing - begin, timedelta())
    return (start + left).astimezone(UTC)


def _spans_from(
    start: datetime, hours: Hours, until: datetime | None = None
) -> Iterator[tuple[datetime, datetime]]:
    """The open spans in order, beginning with the day before `start` (its night may reach into the day)."""
    day = local_day(start, hours.zone) - timedelta(days=1)
    last = local_day(until, hours.zone) if until is not None else day + timedelta(days=_LOOK_AHEAD_DAYS * 10)
    quiet = 0
    while day <= last and quiet < _LOOK_AHEAD_DAYS:
        spans = _instants(day, hours)
        quiet = 0 if spans else quiet + 1
        yield from (span for span in spans if span[1] > start)
        day += timedelta(days=1)


@lru_cache(maxsize=20_000)
def _instants(day: date, hours: Hours) -> tuple[tuple[datetime, datetime], ...]:
    """The open spans of a day as instants in UTC."""
    if not is_open_day(day, hours):
        return ()
    return tuple((_at(day, first, hours), _at(day, last, hours)) for first, last in hours.week[day.weekday()])


def _at(day: date, minute: int, hours: Hours) -> datetime:
    ahead, minute = divmod(minute, _DAY_MINUTES)
    wall = datetime.combine(day + timedelta(days=ahead), time(minute // 60, minute % 60), hours.zone)
    return wall.astimezone(UTC)


def _not_understood(text: str) -> OpeningHoursNotUnderstood:
    return OpeningHoursNotUnderstood(
        _(
            "The opening hours “{text}” are not understood. Write 09:00-21:00, or 09:00-12:00, 14:00-18:00, "
            "or nothing for a closed day; nothing was changed."
        ).format(text=text)
    )
