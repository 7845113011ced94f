"""Birthdays: reading what a person types, and the next day one falls on, in either calendar."""

from __future__ import annotations

import re
from datetime import date

from desktop_crm.base.dates import next_yearly
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _
from desktop_crm.base.values import half_width
from desktop_crm.records.customers import Customer


class BirthdayNotUnderstood(CrmError):
    """What was written is no birthday."""


def parse(text: str) -> tuple[str, bool]:
    """Read a birthday a person typed: (stored form, lunar).

    Known are 1985-11-21, 1985/11/21, 1985.11.21, 19851121, 1985年11月21日, the same without the year (11-21), and any
    of them after 农历 or “lunar”. '' is ('', False).

    Raises:
        BirthdayNotUnderstood: anything else, or a day that no calendar has.
    """
    plain = half_width(text).strip().lower()
    rest = re.sub(r"^(?:农历|阴历|lunar)\s*", "", plain)
    lunar = rest != plain
    if not rest:
        return "", False
    match = re.fullmatch(r"(\d{4})(\d{2})(\d{2})", rest) or re.fullmatch(
        r"(?:(\d{4})\s*[-/.年]\s*|--)?(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?", rest
    )
    if match is None:
        raise _birthday_error(text)
    year = f"{match[1]}-" if match[1] else "--"
    return checked(f"{year}{int(match[2]):02d}-{int(match[3]):02d}", lunar), lunar


def checked(birthday: str, lunar: bool) -> str:
    """The stored form `birthday` itself, if some calendar has such a day.

    Raises:
        BirthdayNotUnderstood: it has not.
    """
    match = re.fullmatch(r"(?:(\d{4})-|--)(\d{2})-(\d{2})", birthday)
    if match is None:
        raise _birthday_error(birthday)
    year, month, day = int(match[1] or 2000), int(match[2]), int(match[3])
    if lunar:
        if 1800 <= year <= 2200 and 1 <= month <= 12 and 1 <= day <= 30:
            return birthday
        raise _birthday_error(birthday)
    try:
        date(year, month, day)
    except ValueError as error:
        raise _birthday_error(birthday) from error
    return birthday


def next_day(customer: Customer, today: date) -> date | None:
    """The next solar day of the birthday on or after `today`; None if it is not known.

    A lunar day 30 falls on the 29th in a month that has none.
    """
    if not customer.birthday:
        return None
    month, day = int(customer.birthday[-5:-3]), int(customer.birthday[-2:])
    if not customer.birthday_lunar:
        return next_yearly(month, day, today)
    from lunardate import LunarDate  # slow, and rarely needed

    year = LunarDate.from_solar_date(today.year, today.month, today.day).year
    for lunar_year in (year, year + 1, year + 2):
        try:
            solar: date = LunarDate(lunar_year, month, day).to_solar_date()
        except ValueError:
            solar = LunarDate(lunar_year, month, day - 1).to_solar_date()
        if solar >= today:
            return solar
    raise AssertionError("a lunar year has every month")  # pragma: no cover


def _birthday_error(text: str) -> BirthdayNotUnderstood:
    return BirthdayNotUnderstood(
        _("“{text}” is not a birthday. Write 1985-11-21, or 11-21 where the year is not known.").format(
            text=text.strip()
        )
    )
