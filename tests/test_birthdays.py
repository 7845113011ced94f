"""Birthdays in both calendars."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_crm import birthdays
from desktop_crm.base import i18n
from desktop_crm.birthdays import Birthday, BirthdayNotUnderstood
from desktop_crm.records.customers import Customer


@pytest.mark.parametrize(
    ("text", "stored", "lunar"),
    [
        ("1985-11-21", "1985-11-21", False),
        ("1985/1/2", "1985-01-02", False),
        ("１９８５．１１．２１", "1985-11-21", False),
        ("19851121", "1985-11-21", False),
        ("1985年11月21日", "1985-11-21", False),
        ("11-21", "--11-21", False),
        ("--11-21", "--11-21", False),
        ("2-29", "--02-29", False),
        ("11月21日", "--11-21", False),
        ("农历10-15", "--10-15", True),
        ("lunar 1985-2-30", "1985-02-30", True),
        ("", "", False),
    ],
)
def test_birthdays_are_read_as_typed(text: str, stored: str, lunar: bool) -> None:
    assert birthdays.parse(text) == (stored, lunar)


@pytest.mark.parametrize("text", ["soon", "1985-02-30", "13-01", "农历13-01", "农历 1-31", "1985"])
def test_a_day_that_no_calendar_has_is_refused(text: str) -> None:
    with pytest.raises(BirthdayNotUnderstood, match="not a birthday"):
        birthdays.parse(text)


def test_a_stored_form_that_is_none_is_refused() -> None:
    with pytest.raises(BirthdayNotUnderstood):
        birthdays.checked("21.11.1985", False)


@pytest.mark.parametrize(
    ("birthday", "lunar", "today", "next_day"),
    [
        ("1985-11-21", False, date(2026, 11, 21), date(2026, 11, 21)),
        ("--11-20", False, date(2026, 11, 21), date(2027, 11, 20)),
        ("1984-02-29", False, date(2026, 11, 21), date(2027, 2, 28)),
        # Full moon of the tenth lunar month: 23 November 2026 (Hong Kong Observatory, conversion table 2026)
        ("1985-10-15", True, date(2026, 11, 21), date(2026, 11, 23)),
        # New Year 2027 is 6 February; the twelfth month of the year before has 29 days
        ("--12-30", True, date(2027, 1, 20), date(2027, 2, 5)),
        ("--01-01", True, date(2027, 2, 7), date(2028, 1, 26)),
    ],
)
def test_the_next_birthday_is_a_solar_day(birthday: str, lunar: bool, today: date, next_day: date) -> None:
    customer = Customer(1, "王", "", birthday=birthday, birthday_lunar=lunar)
    assert birthdays.next_day(customer, today) == next_day


@pytest.mark.parametrize(
    ("birthday", "today", "next_day"),
    [
        # 2020 has a leap fourth month of 29 days, 2021 has none, 2025 has a leap sixth month
        ("--04-15", date(2020, 5, 1), date(2020, 6, 6)),
        ("--04-15", date(2021, 5, 1), date(2021, 5, 26)),
        ("--04-30", date(2020, 5, 1), date(2020, 6, 20)),
        ("--06-01", date(2025, 7, 1), date(2025, 7, 25)),
    ],
)
def test_a_leap_month_that_is_missing_falls_to_the_ordinary_one(
    birthday: str, today: date, next_day: date
) -> None:
    customer = Customer(1, "王", "", birthday=birthday, birthday_lunar=True, birthday_leap=True)
    assert birthdays.next_day(customer, today) == next_day


@pytest.mark.parametrize(
    ("text", "born", "chinese", "english"),
    [
        ("农历十月十五", Birthday("--10-15", True), "农历十月十五", "lunar 10-15"),
        ("腊月廿三", Birthday("--12-23", True), "农历十二月廿三", "lunar 12-23"),
        ("正月初一", Birthday("--01-01", True), "农历正月初一", "lunar 01-01"),
        ("旧历二月二", Birthday("--02-02", True), "农历二月初二", "lunar 02-02"),
        ("农历冬月卅", Birthday("--11-30", True), "农历十一月三十", "lunar 11-30"),
        ("八月初十", Birthday("--08-10", True), "农历八月初十", "lunar 08-10"),
        ("八月十", Birthday("--08-10", True), "农历八月初十", "lunar 08-10"),
        ("九月二十一", Birthday("--09-21", True), "农历九月廿一", "lunar 09-21"),
        (
            "农历一九八五年闰四月初八",
            Birthday("1985-04-08", True, True),
            "农历1985年闰四月初八",
            "lunar leap 1985-04-08",
        ),
        ("lunar leap 4-8", Birthday("--04-08", True, True), "农历闰四月初八", "lunar leap 04-08"),
        ("1985-11-21", Birthday("1985-11-21"), "1985-11-21", "1985-11-21"),
        ("", Birthday(), "", ""),
    ],
)
def test_a_birthday_is_said_as_people_write_it_and_read_back(
    text: str, born: Birthday, chinese: str, english: str
) -> None:
    assert birthdays.read(text) == born
    with i18n.using("zh_CN"):
        assert birthdays.words(born) == chinese
    assert birthdays.words(born) == english
    assert birthdays.read(chinese) == birthdays.read(english) == born


@pytest.mark.parametrize("text", ["农历十三月初一", "农历十月", "二十月初一", "闰4-8"])
def test_what_only_looks_like_a_lunar_day_is_refused(text: str) -> None:
    with pytest.raises(BirthdayNotUnderstood):
        birthdays.read(text)


@settings(max_examples=60)
@given(st.dates(date(1950, 1, 1), date(2080, 1, 1)), st.integers(1, 12), st.integers(1, 30), st.booleans())
def test_a_lunar_birthday_is_kept_once_a_year_and_greeted_on_that_day(
    today: date, month: int, day: int, leap: bool
) -> None:
    customer = Customer(
        1, "王", "", birthday=f"--{month:02d}-{day:02d}", birthday_lunar=True, birthday_leap=leap
    )
    found = birthdays.next_day(customer, today)
    assert found is not None
    assert 0 <= (found - today).days <= 385
    assert f"{month:02d}-{day:02d}{'L' if leap else ''}" in birthdays.keys_on(found)


def test_the_year_can_be_left_away() -> None:
    assert birthdays.without_year(Birthday("1985-10-15", True)) == Birthday("--10-15", True)


def test_an_unknown_birthday_has_no_next_day() -> None:
    assert birthdays.next_day(Customer(1, "王", ""), date(2026, 11, 21)) is None
