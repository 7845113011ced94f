"""Birthdays in both calendars."""

from __future__ import annotations

from datetime import date

import pytest

from desktop_crm import birthdays
from desktop_crm.birthdays import BirthdayNotUnderstood
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


def test_an_unknown_birthday_has_no_next_day() -> None:
    assert birthdays.next_day(Customer(1, "王", ""), date(2026, 11, 21)) is None
