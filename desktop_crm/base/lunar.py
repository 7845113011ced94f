"""The Chinese lunar calendar, 1900 to 2099: which lunar day a solar one is, and the other way round.

Months have 29 or 30 days and begin at the new moon as seen from 120° east (GB/T 33661-2017 农历的编算和颁行). Which of them
are long, and which year has a month twice, is a fact of the sky and stands in the table below. A test holds every day of it
to another program's, which may not be part of this one: its licence is the GPL.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

FIRST_YEAR, LAST_YEAR = 1900, 2099
_NEW_YEAR = date(1900, 1, 31)

_YEARS = (
    "16d28075200ea50164a5064b00a9b015564056a00b59017522075201b2560b2500a4b014ab502ad0056b00b6920da901d927"
    "0e9200d2501a4d50a56002b6015b5406d400ea901e9220e9200d266052b00a57012d650b5a006d400ec9307490169370a930"
    "052b00a5b60aad0056a01b5540ba400b4901a9320a950152d7053600aad015aa505b200ba501d4a30d4a00a9580a97005560"
    "0ab560ad5006d200ea540ea50064a00c9730a9b0155a7056a00b690175250b5200b250164b40a4b014ab802ad005ad00b696"
    "0da900d9201d2540d2501a4da0a56002b6005b5606d500ea901e9250e9200d2600a5630a57014d68035a006d5016c9507490"
    "06930152b4052b00a5b0155a2056a01b5570ba400b4901a9350a950052d00aad40ab5015aa905d200da501d4a60d4a00c950"
    "152e4055600ab5015b2206d200ea5607250064b00c9750cab0055a00ad630b6901752b0b5200b2501a4b60a4b004ab0055b5"
    "05ad00b6a01b5220d9201d2570d2500a55014ad504b6005b500daa30ec901e9280e9200d2600a5660a5700556006d5407550"
    "074900e93306930152b7052b00a5b0155a5056a00b650174a40b4a01a9580a950052d00aad60ab5005aa00ba540da500d4a0"
    "1c9530c960194e7055600ab5015b2506d200ea500e4a4068b00c97804ab0055b00ad660b6a007520172540b4500a8b0149b2"
)
"""Five hexadecimal digits for each year: the last is the month that comes twice (0: none), the bits before it say, from the
first month on and with the leap month in its place, which have 30 days."""


class LunarDay(NamedTuple):
    """A day of the lunar calendar; is_leap: in the second of two months of that number."""

    year: int
    month: int
    day: int
    is_leap: bool


class _Year(NamedTuple):
    """When a lunar year begins, and its months: (number, is it the leap one, days)."""

    begins: date
    months: tuple[tuple[int, bool, int], ...]


def lunar_of(solar: date) -> LunarDay:
    """The lunar day that a solar day is.

    Raises:
        ValueError: it lies outside the years that are known.

    Example: 1 October 1976 is the eighth day of the second eighth month.

    >>> lunar_of(date(1976, 10, 1))
    LunarDay(year=1976, month=8, day=8, is_leap=True)
    """
    years = _calendar()
    place = bisect_right(years, solar, key=lambda year: year.begins) - 1
    if place >= 0:
        left = (solar - years[place].begins).days
        for number, is_leap, days in years[place].months:
            if left < days:
                return LunarDay(FIRST_YEAR + place, number, left + 1, is_leap)
            left -= days
    raise ValueError(solar)


def solar_of(year: int, month: int, day: int, *, leap: bool = False) -> date:
    """The solar day that a lunar day is.

    Raises:
        ValueError: there is no such day: the year has no such leap month, the month no thirtieth, or the year is not known.

    >>> solar_of(1976, 8, 8, leap=True)
    datetime.date(1976, 10, 1)
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(year)
    found = _calendar()[year - FIRST_YEAR]
    gone = 0
    for number, is_leap, days in found.months:
        if (number, is_leap) == (month, leap) and 1 <= day <= days:
            return found.begins + timedelta(days=gone + day - 1)
        gone += days
    raise ValueError((year, month, day, leap))


@cache
def _calendar() -> tuple[_Year, ...]:
    begins = _NEW_YEAR
    found = []
    for place in range(0, len(_YEARS), 5):
        value = int(_YEARS[place : place + 5], 16)
        months = tuple(_months(value >> 4, value & 15))
        found.append(_Year(begins, months))
        begins += timedelta(days=sum(days for _number, _is_leap, days in months))
    return tuple(found)


def _months(long_ones: int, leap: int) -> list[tuple[int, bool, int]]:
    names = [
        (number, is_leap)
        for number in range(1, 13)
        for is_leap in (False, True)
        if not is_leap or number == leap
    ]
    return [(number, is_leap, 29 + (long_ones >> place & 1)) for place, (number, is_leap) in enumerate(names)]
