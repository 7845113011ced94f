"""The lunar calendar, every day of two hundred years held to another program's."""

from __future__ import annotations

import doctest
from datetime import date, timedelta

import pytest
from lunardate import LunarDate

from desktop_crm.base import lunar


def test_every_day_is_what_another_program_says() -> None:
    day = date(1900, 1, 31)
    count = 0
    while day < date(2100, 2, 9):
        there = LunarDate.from_solar_date(day.year, day.month, day.day)
        here = lunar.lunar_of(day)
        said = (there.year, there.month, there.day, bool(there.is_leap_month))
        assert (here.year, here.month, here.day, here.is_leap) == said, day
        assert lunar.solar_of(here.year, here.month, here.day, leap=here.is_leap) == day
        day += timedelta(days=1)
        count += 1
    assert count > 73_000


@pytest.mark.parametrize("day", [date(1900, 1, 30), date(2100, 2, 9), date(2300, 1, 1)])
def test_days_of_other_years_are_not_known(day: date) -> None:
    with pytest.raises(ValueError, match=r"\d"):
        lunar.lunar_of(day)


@pytest.mark.parametrize(
    ("year", "month", "day", "leap"),
    [
        (1899, 1, 1, False),
        (2100, 1, 1, False),
        (2026, 5, 1, True),
        (2026, 1, 31, False),
        (2026, 0, 1, False),
        (2026, 1, 0, False),
    ],
)
def test_there_is_no_such_lunar_day(year: int, month: int, day: int, leap: bool) -> None:
    with pytest.raises(ValueError, match=r"\d"):
        lunar.solar_of(year, month, day, leap=leap)


def test_the_examples_hold() -> None:
    assert doctest.testmod(lunar).failed == 0
    assert doctest.testmod(lunar).attempted == 2
