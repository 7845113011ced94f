"""Birthdays: reading what a person types, saying it, and the next day one falls on, in either calendar."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from desktop_crm.base.dates import next_yearly
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _, current_language
from desktop_crm.base.lunar import lunar_of, solar_of
from desktop_crm.base.values import half_width
from desktop_crm.records.customers import Customer

_DIGITS = "〇一二三四五六七八九"
_MONTHS = ("正", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_OTHER_MONTHS = {"一": 1, "冬": 11, "腊": 12, "臘": 12}


class BirthdayNotUnderstood(CrmError):
    """What was written is no birthday."""


@dataclass(frozen=True)
class Birthday:
    """A birthday as it is stored, see `records.customers.Customer`.

    Attributes:
        stored: 'YYYY-MM-DD', '--MM-DD' where the year is not known, '' none.
        lunar: counted in the lunar calendar. leap: in a leap month of it.
    """

    stored: str = ""
    lunar: bool = False
    leap: bool = False


def parse(text: str) -> tuple[str, bool]:
    """As `read`, without the leap month: (stored form, lunar)."""
    found = read(text)
    return found.stored, found.lunar


def read(text: str) -> Birthday:
    """Read a birthday a person typed.

    Known are 1985-11-21, 1985/11/21, 1985.11.21, 19851121, 1985年11月21日, the same without the year (11-21), and any
    of them after 农历 or “lunar”, also with 闰 or “leap” before the month; of the lunar calendar also 农历十月十五, 腊月廿三,
    农历1985年闰四月初八. '' is none.

    Raises:
        BirthdayNotUnderstood: anything else, or a day that no calendar has.
    """
    plain = half_width(text).strip().lower()
    rest = re.sub(r"^(?:农历|阴历|旧历|lunar)\s*", "", plain)
    lunar = rest != plain
    if not rest:
        return Birthday()
    spoken = _spoken(rest)
    if spoken is not None:
        return Birthday(checked(spoken.stored, True), True, spoken.leap)
    without_leap = re.sub(r"闰|\bleap\s*", "", rest) if lunar else rest
    match = re.fullmatch(r"(\d{4})(\d{2})(\d{2})", without_leap) or re.fullmatch(
        r"(?:(\d{4})\s*[-/.年]\s*|--)?(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?", without_leap
    )
    if match is None:
        raise _birthday_error(text)
    year = f"{match[1]}-" if match[1] else "--"
    stored = checked(f"{year}{int(match[2]):02d}-{int(match[3]):02d}", lunar)
    return Birthday(stored, lunar, without_leap != rest)


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


def of(customer: Customer) -> Birthday:
    """The birthday of a card."""
    return Birthday(customer.birthday, customer.birthday_lunar, customer.birthday_leap)


def words(born: Birthday) -> str:
    """A birthday as people write it, which `read` reads back; '' for none.

    Example: 农历十月十五, 农历1985年闰四月初八, lunar 1985-10-15, lunar leap 04-08, 11-21.
    """
    plain = born.stored.removeprefix("--")
    if not born.lunar or not plain:
        return plain
    if current_language() == "zh_CN":
        year = f"{plain[:4]}年" if len(plain) > 5 else ""
        leap = "闰" if born.leap else ""
        return f"农历{year}{leap}{_MONTHS[int(plain[-5:-3]) - 1]}月{_day_words(int(plain[-2:]))}"
    return _("lunar leap {day}").format(day=plain) if born.leap else _("lunar {day}").format(day=plain)


def without_year(born: Birthday) -> Birthday:
    """The same day of whatever year."""
    return replace(born, stored=f"--{born.stored[-5:]}")


def next_day(customer: Customer, today: date) -> date | None:
    """The next solar day of the birthday on or after `today`; None if it is not known.

    A lunar day 30 falls on the 29th in a month that has none; a day of a leap month falls on the ordinary month of
    that number in years that do not have it.
    """
    if not customer.birthday:
        return None
    month, day = int(customer.birthday[-5:-3]), int(customer.birthday[-2:])
    if not customer.birthday_lunar:
        return next_yearly(month, day, today)
    year = lunar_of(today).year
    for lunar_year in (year, year + 1, year + 2):
        solar = lunar_day(lunar_year, month, day, leap=customer.birthday_leap)
        if solar >= today:
            return solar
    raise AssertionError("a lunar year has every month")  # pragma: no cover


def lunar_day(year: int, month: int, day: int, *, leap: bool) -> date:
    """The solar day on which a lunar birthday is kept in a lunar year."""
    for number, in_leap in _tries(day, leap):
        try:
            return solar_of(year, month, number, leap=in_leap)
        except ValueError:
            continue
    raise AssertionError("a lunar month has 29 days")  # pragma: no cover


def keys_on(solar: date) -> list[str]:
    """The lunar birthdays kept on a solar day, as MM-DD, with L behind for a leap month.

    Example: on 2026-06-29, the fifteenth of an ordinary fifth month, ["05-15", "05-15L"]: 2026 has no leap month.
    """
    here = lunar_of(solar)
    found = []
    for day in {here.day, min(here.day + 1, 30)}:
        for leap in (False, True):
            if lunar_day(here.year, here.month, day, leap=leap) == solar:
                found.append(f"{here.month:02d}-{day:02d}{'L' if leap else ''}")
    return sorted(found)


def _tries(day: int, leap: bool) -> Iterator[tuple[int, bool]]:
    for in_leap in (True, False) if leap else (False,):
        yield day, in_leap
        if day == 30:
            yield 29, in_leap


def _spoken(text: str) -> Birthday | None:
    """A lunar birthday in Chinese numerals, or None where it is none."""
    match = re.fullmatch(
        r"(?:(\d{4}|[〇零一二三四五六七八九]{4})\s*年\s*)?(闰)?([正一二三四五六七八九十冬腊臘]{1,2})月\s*"
        r"(初?[一二三四五六七八九十]|十[一二三四五六七八九]|[廿卄二][十]?[一二三四五六七八九]?|三十|卅)日?",
        text,
    )
    if match is None:
        return None
    month = _month_number(match[3])
    day = next((n for n in range(1, 31) if match[4] in _day_forms(n)), 0)
    if not month or not day:
        return None
    year = match[1] or ""
    if year and not year.isdigit():
        year = "".join(str(_DIGITS.index(sign.replace("零", "〇"))) for sign in year)
    return Birthday(
        f"{year}-{month:02d}-{day:02d}" if year else f"--{month:02d}-{day:02d}", True, bool(match[2])
    )


def _month_number(word: str) -> int:
    return _MONTHS.index(word) + 1 if word in _MONTHS else _OTHER_MONTHS.get(word, 0)


def _day_words(day: int) -> str:
    tens, ones = divmod(day, 10)
    if day in (10, 20, 30):
        return ("初十", "二十", "三十")[tens - 1]
    return ("初", "十", "廿")[tens] + _DIGITS[ones]


def _day_forms(day: int) -> set[str]:
    """How people write a day of a lunar month."""
    tens, ones = divmod(day, 10)
    number = _DIGITS[ones] if ones else ""
    forms = {_day_words(day)}
    if tens == 0:
        forms.add(number)
    if day == 10:
        forms.add("十")
    if tens == 2:
        forms |= {f"二十{number}", f"廿{number}", f"卄{number}"}
    return forms | ({"卅"} if day == 30 else set())


def _birthday_error(text: str) -> BirthdayNotUnderstood:
    return BirthdayNotUnderstood(
        _("“{text}” is not a birthday. Write 1985-11-21, or 11-21 where the year is not known.").format(
            text=text.strip()
        )
    )
