"""One cell → a clean value or trouble: the traps of real sheets, each a row."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_crm.base import i18n
from desktop_crm.base.values import clean_text, show_money, show_phone
from desktop_crm.files.reading import Cell, Error
from desktop_crm.importing import cleaning
from desktop_crm.importing.cleaning import READERS
from desktop_crm.importing.plain import text_of
from desktop_crm.importing.trouble import Trouble
from desktop_crm.importing.words import LABELS, WORDS


def taken(reader: str, cell: Cell) -> Any:  # a value of the reader's own type
    """(level, value) of trouble, or the value."""
    found = READERS[reader](cell)
    return (found.level, found.value) if isinstance(found, Trouble) else found


PHONES: list[tuple[Cell, object]] = [
    ("13800138000", "13800138000"),
    (13800138001, "13800138001"),
    (13800138001.0, "13800138001"),
    ("13800138000.0", "13800138000"),
    ("1.38001E+10", ("bad", "")),
    ("1.38E10", ("bad", "")),
    ("'13800138000", "13800138000"),
    ("\t13800138000", "13800138000"),
    ('="13800138000"', "13800138000"),
    ("+86 138-0013-8000", "13800138000"),
    ("0086 138 0013 8000", "13800138000"),
    ("8613800138000", "13800138000"),
    ("１３８００１３８０００", "13800138000"),
    ("138 0013 8000", "13800138000"),
    ("13800138000/13900139000", "13800138000 13900139000"),
    ("13800138000、13900139000", "13800138000 13900139000"),
    ("13800138000;13900139000", "13800138000 13900139000"),
    ("13800138000，13900139000", "13800138000 13900139000"),
    ("13800138000 13900139000", "13800138000 13900139000"),
    ("13800138000 ::: 13800138000", "13800138000"),
    ("010-88888888转801", "01088888888x801"),
    ("010-88888888-801", "01088888888x801"),
    ("010 88888888", "01088888888"),
    (88888888, "88888888"),
    ("4008001234", "4008001234"),
    ("+1-418-656-9254", "+14186569254"),
    ("手机:13800138000", "13800138000"),
    ("13800138000(老婆)", "13800138000x=老婆"),
    ("13800138000，1390013900", ("hint", "13800138000")),
    (13800100000, ("hint", "13800100000")),
    ("13800100000.0", ("hint", "13800100000")),
    (1380013800, ("bad", "")),
    ("1380013800", ("bad", "")),
    (13800138000.5, ("bad", "")),
    ("找老王", ("hint", "")),
    ("无", ""),
    ("0", ""),
    (None, ""),
    (Error("#REF!"), ("bad", "")),
    (Error("=?"), ("bad", "")),
]


@pytest.mark.parametrize(("cell", "expected"), PHONES)
def test_phones(cell: Cell, expected: object) -> None:
    assert taken("phone", cell) == expected


MONEY: list[tuple[Cell, object]] = [
    ("￥1,299.00", 129900),
    ("1299元", 129900),
    ("1.2万", 1200000),
    ("(50)", -5000),
    ("¥-50", -5000),
    (1299, 129900),
    (1299.5, 129950),
    (1299.999999999, 130000),
    (33.3333, ("hint", 3333)),
    ("12.3456", ("hint", 1235)),
    (1e14, ("bad", None)),
    ("1.38E+5", ("bad", None)),
    ("about 50", ("bad", None)),
    (date(2026, 1, 1), ("bad", None)),
    (Error("#VALUE!"), ("bad", "")),
    ("无", None),
    ("", None),
    (None, None),
]


@pytest.mark.parametrize(("cell", "expected"), MONEY)
def test_money(cell: Cell, expected: object) -> None:
    assert taken("money", cell) == expected


OTHERS: list[tuple[str, Cell, object]] = [
    ("imei", 490154203237518, "490154203237518"),
    ("imei", "49-015420-323751-8", "490154203237518"),
    ("imei", "490154203237518 / 356938035643809", "490154203237518 356938035643809"),
    ("imei", 490154203237519, ("hint", "490154203237519")),
    ("imei", "490154203237519", ("hint", "490154203237519")),
    ("imei", "C39XK1ABC", "C39XK1ABC"),
    ("imei", "4.90154E14", ("bad", "")),
    ("imei", 12345678901234567, ("bad", "")),
    ("imei", None, ""),
    ("code", "VIP001", "VIP001"),
    ("code", 1024, "1024"),
    ("code", "1024.0", "1024"),
    ("code", "00123", "00123"),
    ("code", "'0012", "0012"),
    ("code", '="0012"', "0012"),
    ("code", "1.38E+10", ("bad", "")),
    ("code", "1E5", "1E5"),
    ("code", 123456789012345678, ("bad", "")),
    ("code", "N/A", ""),
    ("code", Error("#N/A"), ("bad", "")),
    ("count", 3, 3),
    ("count", "2台", 2),
    ("count", "2.0", 2),
    ("count", "", None),
    ("count", "many", ("bad", None)),
    ("count", Error("#N/A"), ("bad", "")),
    ("tags", "* myContacts ::: VIP ::: Friends", "VIP\nFriends"),
    ("tags", "[标签1，标签2]", "标签1\n标签2"),
    ("tags", "a,b、a", "a\nb"),
    ("tags", "", ""),
    ("tags", Error("#N/A"), ("bad", "")),
    ("text", " 张\u200b三\xa0 ", "张三"),
    ("text", "不详", ""),
    ("text", "'=1+1", "=1+1"),
    ("text", "'abc", "'abc"),
    ("text", 12.5, "12.5"),
    ("text", True, "True"),
    ("text", date(2026, 1, 2), "2026-01-02"),
    ("text", datetime(2026, 1, 2, 3, 4), "2026-01-02 03:04"),
    ("text", time(3, 4), "03:04:00"),
    ("text", Error("#NAME?"), ("bad", "")),
    ("note", "two\r\nlines", "two\nlines"),
    ("note", 5, "5"),
    ("note", Error("#NAME?"), ("bad", "")),
    ("gender", "男", "male"),
    ("gender", "女士", "female"),
    ("gender", "M", "male"),
    ("gender", "f", "female"),
    ("gender", 1, "male"),
    ("gender", 0, "female"),
    ("gender", "Mr.", "male"),
    ("gender", "保密", ""),
    ("gender", None, ""),
    ("gender", "robot", ("hint", "")),
    ("gender", Error("#N/A"), ("bad", "")),
    ("yes", "是", "1"),
    ("yes", "√", "1"),
    ("yes", True, "1"),
    ("yes", False, "0"),
    ("yes", "否", "0"),
    ("channel", "微信", "wechat"),
    ("pay", "支付宝", "alipay"),
    ("category", "手机", "phone"),
    ("sale_type", "销售退货", "refund"),
    ("sale_type", "已取消", "void"),
    ("complaint_state", "处理中", "investigating"),
    ("followup_state", "待跟进", "open"),
    ("outcome", "无人接听", "no_answer"),
    ("priority", "紧急", "high"),
]  # fmt: skip


@pytest.mark.parametrize(("reader", "cell", "expected"), OTHERS)
def test_other_cells(reader: str, cell: Cell, expected: object) -> None:
    assert taken(reader, cell) == expected


def test_what_exports_write_is_read_in_every_language() -> None:
    for choice, labels in LABELS.items():
        assert set(labels) <= set(WORDS[choice])
        for language in i18n.LANGUAGES:
            with i18n.using(language):
                written = {value: i18n._(label) for value, label in labels.items()}
            for value, words in written.items():
                assert READERS[choice](words) == value, (choice, words)


def test_a_lost_number_says_what_to_do() -> None:
    found = cleaning.phone("1.38E+10")
    assert isinstance(found, Trouble)
    assert found.reason == (
        "The spreadsheet lost digits of this number (1.38E+10); write it again, in a column formatted as text."
    )


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_a_mobile_number_survives_being_shown(number: str) -> None:
    for written in (
        show_phone(number),
        f"+86{number}",
        f"{number[:3]}-{number[3:7]}-{number[7:]}",
        f"'{number}",
    ):
        assert cleaning.phone(written) == number


@given(st.integers(-(10**11), 10**11))
def test_money_survives_being_shown(fen: int) -> None:
    assert cleaning.money(show_money(fen, cents=True).replace("−", "-")) == fen


@given(st.text())
def test_no_text_makes_a_reader_fail(found: str) -> None:
    for reader in READERS.values():
        reader(found)
    assert text_of(found) == text_of(found).strip()


@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), max_size=20))
def test_clean_text_is_left_as_it_is(found: str) -> None:
    clean = clean_text(found)
    if not clean.startswith("'"):
        assert text_of(clean) == clean
