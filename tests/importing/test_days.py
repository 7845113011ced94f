"""What people and spreadsheets write for a day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_crm.files.reading import Cell, Error
from desktop_crm.importing.days import DayReader
from desktop_crm.importing.trouble import Trouble

TODAY = date(2026, 11, 21)


def read(cell: Cell, kind: str = "birthday", **more: object) -> object:
    found = DayReader(TODAY, kind, **more)(cell)  # type: ignore[arg-type]
    return (found.level, found.value) if isinstance(found, Trouble) else found


BIRTHDAYS: list[tuple[Cell, object]] = [
    (31182, "1985-05-15"),
    ("31182", "1985-05-15"),
    (date(1985, 5, 15), "1985-05-15"),
    (datetime(1985, 5, 15, 3, 4), "1985-05-15"),
    (19850515, "1985-05-15"),
    ("19850515", "1985-05-15"),
    ("1985/5/15", "1985-05-15"),
    ("1985.5.15", "1985-05-15"),
    ("1985 5 15", "1985-05-15"),
    ("1985年5月15日", "1985-05-15"),
    ("1985-5-15 星期三", "1985-05-15"),
    ("一九八五年五月十五日", "1985-05-15"),
    ("二〇〇五年十月三十一号", "2005-10-31"),
    ("85年5月15日", "1985-05-15"),
    ("85-05-15", "1985-05-15"),
    ("１９８５－０５－１５", "1985-05-15"),
    ("15 May 1985", "1985-05-15"),
    ("May 15th, 1985", "1985-05-15"),
    ("5月15日", "--05-15"),
    ("八月十五日", "--08-15"),
    ("05-15", "--05-15"),
    ("--0203", "--02-03"),
    ("1604-04-14", "--04-14"),
    ("农历八月十五", "L--08-15"),
    ("农历1985-08-15", "L1985-08-15"),
    ("阴历腊月廿三", "L--12-23"),
    ("正月初一", "L--01-01"),
    ("1985年正月初一", "L1985-01-01"),
    ("一九八五年冬月三十", "L1985-11-30"),
    ("八月十五", ("bad", "")),
    ("0000-00-00", ("hint", "")),
    ("1900-01-01", ("hint", "")),
    (0, ("hint", "")),
    (60, ("bad", "")),
    (-5, ("bad", "")),
    (1985, ("bad", "")),
    (99999999, ("bad", "")),
    (20991332, ("bad", "")),
    (True, ("bad", "")),
    (time(3, 4), ("bad", "")),
    (timedelta(1), ("bad", "")),
    ("1985-02-30", ("bad", "")),
    ("02-30", ("bad", "")),
    ("2月30日", ("bad", "")),
    ("02-29", "--02-29"),
    ("4月31日", ("bad", "")),
    ("1985年五月十五", ("bad", "")),
    ("一九八五年五月十五", ("bad", "")),
    ("1985—05—15", "1985-05-15"),
    ('="1985-05-15"', "1985-05-15"),
    ("'1985-05-15", "1985-05-15"),
    ("\t1985-05-15", "1985-05-15"),
    (19850515.0, "1985-05-15"),
    ("31182.0", "1985-05-15"),
    ("90.5.6", "1990-05-06"),
    ("15-May-85", "1985-05-15"),
    ("15-May-24", ("hint", "2024-05-15")),
    ("18-05-05", ("order", {"dmy": "2005-05-18", "ymd": "2018-05-05"})),
    ("18年5月5日", ("hint", "2018-05-05")),
    ("5/6/7", ("bad", "")),
    ("1900/1/0", ("hint", "")),
    ("0", ("hint", "")),
    ("0000-00-00 00:00:00", ("hint", "")),
    ("0000/0/0", ("hint", "")),
    ("1970-01-01", ("hint", "1970-01-01")),
    ("1970-01-01 08:00:00", ("hint", "")),
    ("198505", ("bad", "")),
    ("1985年5月", ("bad", "")),
    ("1.38E+10", ("bad", "")),
    ("锟斤拷", ("bad", "")),
    ("2085-01-01", ("bad", "")),
    ("1850-01-01", ("bad", "")),
    ("13月40日", ("bad", "")),
    ("99/13/40", ("bad", "")),
    ("19851399", ("bad", "")),
    ("99999", ("bad", "")),
    ("15 Foo 1985", ("bad", "")),
    ("Foo 15 1985", ("bad", "")),
    ("soon", ("bad", "")),
    ("1985-05-15 99:99", ("bad", "")),
    (Error("#REF!"), ("bad", "")),
    ("25/12/1990", "1990-12-25"),
    ("12/25/1990", "1990-12-25"),
    ("05/05/1990", "1990-05-05"),
    ("03/04/1990", ("order", {"dmy": "1990-04-03", "mdy": "1990-03-04"})),
    ("05-03-12", ("order", {"dmy": "2012-03-05", "mdy": "2012-05-03", "ymd": "2005-03-12"})),
    ("无", ""),
    (None, ""),
]


@pytest.mark.parametrize(("cell", "expected"), BIRTHDAYS)
def test_birthdays(cell: Cell, expected: object) -> None:
    assert read(cell) == expected


INSTANTS: list[tuple[Cell, object]] = [
    (45000.5, "2023-03-15T12:00"),
    (45000, "2023-03-15"),
    (datetime(2026, 1, 2, 3, 4), "2026-01-02T03:04"),
    ("2026-10-31 14:30:05", "2026-10-31T14:30"),
    ("2026-10-31T14:30:05.123+08:00", "2026-10-31T14:30"),
    ("2026/10/31 下午2:30", "2026-10-31T14:30"),
    ("2026/10/31 上午12:05", "2026-10-31T00:05"),
    ("10/31/2026 2:30 PM", "2026-10-31T14:30"),
    ("2026年10月31日 14时30分", "2026-10-31T14:30"),
    ("2026年10月31日14:30", "2026-10-31T14:30"),
    ("2026-10-31 星期六 14:30", "2026-10-31T14:30"),
    ("20261031143005", "2026-10-31T14:30"),
    ("202610311430", "2026-10-31T14:30"),
    ("20261031253005", ("bad", "")),
    ("45000.5", "2023-03-15T12:00"),
    ("2026-10-31 中午1:05", "2026-10-31T13:05"),
    ("2026-10-31 凌晨12:05", "2026-10-31T00:05"),
    ("2026-10-31 傍晚6:05", "2026-10-31T18:05"),
    ("2026-10-31 晚上12:05", ("bad", "")),  # of that night or of the next
    ("12/11/2026", "2026-11-12"),  # the other reading has not come yet
    ("2026-12-01", ("bad", "")),
    ("5月15日", ("bad", "")),
    ("农历八月十五", ("bad", "")),
]


@pytest.mark.parametrize(("cell", "expected"), INSTANTS)
def test_instants(cell: Cell, expected: object) -> None:
    assert read(cell, "instant") == expected


def test_a_day_may_be_to_come() -> None:
    assert read("2026-12-01", "day") == "2026-12-01"


def test_workbooks_that_count_from_1904() -> None:
    assert read(31182 - 1462, date1904=True) == "1985-05-15"
    assert read("29720", date1904=True) == ("bad", "")  # whose days does a text count?
    assert read(date(1904, 1, 1), date1904=True) == ("hint", "")
    assert read(date(1904, 1, 1)) == "1904-01-01"


def test_columns_of_the_lunar_calendar() -> None:
    for cell, expected in (("02-30", "L--02-30"), ("八月十五", "L--08-15"), ("1985-02-30", "L1985-02-30")):
        assert read(cell, lunar=True) == expected
    assert read("02-31", lunar=True) == ("bad", "")


@pytest.mark.parametrize(
    ("cell", "kind", "expected"),
    [
        ("1985-05-14T16:00:00Z", "birthday", "1985-05-15"),
        ("1985-05-15T00:00:00Z", "birthday", "1985-05-15"),
        ("1985-05-15T00:00:00.000-0500", "birthday", "1985-05-15"),
        ("1985-02-30T16:00:00Z", "birthday", ("bad", "")),
        ("0001-01-01T00:00:00+08:00", "instant", ("hint", "")),
        ("2026-10-31T16:30:00Z", "instant", "2026-11-01T00:30"),
        ("2026-10-31T16:30:00+08:00", "instant", "2026-10-31T16:30"),
        ("2026-10-31 16:30", "instant", "2026-10-31T16:30"),
    ],
)
def test_instants_that_name_their_own_zone(cell: str, kind: str, expected: object) -> None:
    assert read(cell, kind, zone=ZoneInfo("Asia/Shanghai")) == expected


@pytest.mark.parametrize("cell", ["3月8日", "03-08", "3/8"])
def test_a_day_without_a_year_is_told_that_the_year_is_missing(cell: str) -> None:
    for kind in ("day", "instant"):
        found = DayReader(TODAY, kind)(cell)
        assert isinstance(found, Trouble)
        assert found.reason == f"“{cell}” has no year; write the year too, as in 2026-10-31."
        assert (found.level, found.value) == ("bad", "")


def test_the_chosen_order_decides() -> None:
    assert read("03/04/1990", order="dmy") == "1990-04-03"
    assert read("03/04/1990", order="mdy") == "1990-03-04"
    assert read("25/12/1990", order="mdy") == "1990-12-25"


def test_a_column_collects_what_its_cells_prove() -> None:
    reader = DayReader(TODAY)
    for cell in ("03/04/1990", "1990-05-06", "25/12/1990"):
        reader(cell)
    assert reader.evidence == {"dmy"}


@given(st.dates(date(1901, 1, 1), TODAY))
def test_every_day_survives_its_usual_forms(day: date) -> None:
    forms: list[Cell] = [
        day.isoformat(),
        f"{day:%Y/%m/%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y%m%d}",
        day,
    ]
    assert {read(form) for form in forms} == {day.isoformat()}


@given(st.text())
def test_no_text_makes_it_fail(text: str) -> None:
    read(text)
