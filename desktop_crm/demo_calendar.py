"""The demo shop's year: how busy a day is, when the shop is closed, at what time of day people come."""

from __future__ import annotations

import random
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from desktop_crm.base.lunar import solar_of

OPENS, CLOSES = 9 * 60, 21 * 60
"""Minutes after midnight."""
NOW = 10 * 60
"""The minute of the last day at which the demo's past ends."""
HOURS_AHEAD = 8
"""Shanghai has no clock changes: its time is UTC + 8 hours, and opening hours lie within one UTC day."""
_VISITORS: Final = (3, 5, 7, 9, 7, 6, 7, 8, 9, 10, 9, 6)
"""How many come in each hour, the shop's first one first."""
_HOURS: Final = tuple(OPENS + 60 * hour for hour, count in enumerate(_VISITORS) for _each in range(count))


def stamp(day: date, minute: int) -> str:
    """The stored instant of a minute of opening hours."""
    return f"{day.isoformat()}T{minute // 60 - HOURS_AHEAD:02d}:{minute % 60:02d}:00Z"


def some_minute(rng: random.Random, is_last_day: bool) -> int:
    """A minute at which somebody comes: at noon and in the evening more often; on the last day before now."""
    if is_last_day:
        return OPENS + 5 + rng.randrange(NOW - OPENS - 10)
    return _HOURS[int(rng.random() * len(_HOURS))] + 5 + int(rng.random() * 55)


@lru_cache(maxsize=64)
def new_year(year: int) -> date:
    """The first day of the lunar year that begins in this year."""
    return solar_of(year, 1, 1)


def closed_days(first: date, last: date) -> list[date]:
    """The days between two on which the shop stays closed: New Year's Eve and the first two days of the lunar year."""
    found = []
    for year in range(first.year, last.year + 1):
        found += [new_year(year) + timedelta(days=ahead) for ahead in (-1, 0, 1)]
    return [day for day in found if first <= day <= last]


@lru_cache(maxsize=4096)
def busyness(day: date) -> float:
    """How much is sold on a day, 1 on an ordinary one and 0 when closed: week-ends, festivals, new phones."""
    ahead = (new_year(day.year) - day).days
    if -1 <= ahead <= 1:
        return 0.0
    factor = (0.9, 0.85, 0.85, 0.9, 1.1, 1.6, 1.45)[day.weekday()]
    if 1 < ahead <= 25:
        factor *= 1.5
    elif -15 <= ahead < -1:
        factor *= 0.5
    if (day.month == 6 and 8 <= day.day <= 18) or (day.month == 11 and 1 <= day.day <= 11):
        factor *= 1.4
    if (day.month == 9 and day.day >= 18) or (day.month == 10 and day.day <= 7):
        factor *= 1.35
    return factor * (0.85 if day.month in (3, 4) else 1.0)


def open_day(day: date) -> date:
    """The day itself, or the next one on which the shop is open."""
    while not busyness(day):
        day += timedelta(days=1)
    return day
