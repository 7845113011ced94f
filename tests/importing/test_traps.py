"""What real sheets do to numbers, days, money and texts: each cell is read right or told of, never wrong.

`right` cells give exactly this; `told` cells are used, and the person is told; `refused` cells give nothing and the
person is told. No cell does a fourth thing.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_crm.files.reading import Cell, Error
from desktop_crm.importing import plan
from desktop_crm.importing.cleaning import READERS
from desktop_crm.importing.damage import damage
from desktop_crm.importing.days import DayReader
from desktop_crm.importing.trouble import Trouble
from desktop_crm.shop import Shop
from tests.importing.sheets import bring, counts, rehearsed, text

TODAY = date(2026, 11, 22)
IMEI, OTHER = "490154203237518", "356938035643809"

RIGHT: dict[str, list[tuple[Cell, Any]]] = {
    "phone": [
        ("13800138000.0", "13800138000"),
        (13800138000.0, "13800138000"),
        (13800138000, "13800138000"),
        ("'13800138000", "13800138000"),
        ("\t13800138000", "13800138000"),
        ("13800138000\t", "13800138000"),
        ('="13800138000"', "13800138000"),
        ("=13800138000", "13800138000"),
        ("+86 138-0013-8000", "13800138000"),
        ("(+86)13800138000", "13800138000"),
        ("'+8613800138000", "13800138000"),
        ("0086138-0013-8000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("138\u200b0013\xa08000", "13800138000"),
        ("tel:13800138000", "13800138000"),
        ("13800138000/13900139000", "13800138000 13900139000"),
        ("13800138000、13900139000", "13800138000 13900139000"),
        ("13800138000；13900139000", "13800138000 13900139000"),
        ("13800138000，13900139000", "13800138000 13900139000"),
        ("13800138000 13900139000", "13800138000 13900139000"),
        ("13800138000\n13900139000", "13800138000 13900139000"),
        ("010-88888888转801", "01088888888x801"),
        ("(010)88888888", "01088888888"),
        ("+852 9123 4567", "+85291234567"),
    ],
    "imei": [
        (int(IMEI), IMEI),
        (float(IMEI), IMEI),
        (f"{IMEI}.0", IMEI),
        (f"'{IMEI}", IMEI),
        (f"\t{IMEI}", IMEI),
        ("49 015420 323751 8", IMEI),
        ("49-015420-323751-8", IMEI),
        (f"{IMEI}/{OTHER}", f"{IMEI} {OTHER}"),
        (f"{IMEI} / {OTHER}", f"{IMEI} {OTHER}"),
        (f"{IMEI} {OTHER}", f"{IMEI} {OTHER}"),
        (f"{IMEI}\n{OTHER}", f"{IMEI} {OTHER}"),
        (f"IMEI1:{IMEI} IMEI2:{OTHER}", f"{IMEI} {OTHER}"),
        (f"{IMEI} / {IMEI}", IMEI),
        (f"{IMEI} (主卡)", IMEI),
        ("４９０１５４２０３２３７５１８", IMEI),
        ("SN: C39XK1ABC", "C39XK1ABC"),
        ("000000000000000", ""),
        (0, ""),
        ("无", ""),
    ],
    "code": [
        ("00123", "00123"),
        ("'00123", "00123"),
        ('="00123"', "00123"),
        ("VIP 001", "VIP 001"),
        ("ＶＩＰ００１", "VIP001"),
        (1024.0, "1024"),
        ("440101199001011234", "440101199001011234"),
        ("1E5", "1E5"),
        ("\\N", ""),
    ],
    "email": [
        ("a@x.cn", "a@x.cn"),
        (" Ａ@x.cn ", "A@x.cn"),
        ("mailto:a@x.cn", "a@x.cn"),
        ("<a@x.cn>", "a@x.cn"),
        ("无", ""),
        (None, ""),
    ],
    "money": [
        ("￥1,299.00", 129900),
        ("１，２９９．００", 129900),
        ("1299元", 129900),
        ("1 299 元", 129900),
        ("1.2万", 1200000),
        ("１．２万元", 1200000),
        ("(50)", -5000),
        ("（50）", -5000),
        ("−50", -5000),
        ("－￥50.00", -5000),
        (0.1 + 0.2, 30),
    ],
    "count": [("3台", 3), ("1,000", 1000), (2.0, 2)],
    "gender": [
        *((cell, "male") for cell in ("男", "M", "m", 1, 1.0, "1", "先生", " 男 ")),
        *((cell, "female") for cell in ("女", "F", 0, "0", "女士")),
        ("保密", ""),
        (2, ""),
    ],
    "yes": [
        *((cell, "1") for cell in ("是", "√", "Y", 1, True)),
        *((cell, "0") for cell in ("否", "×", 0, False)),
    ],
    "language": [("中文", "zh_CN"), ("English", "en"), ("zh_CN", "zh_CN")],
    "text": [
        ("张\u200b三\xa0", "张三"),
        ("'=1+1", "=1+1"),
        ("=1+1", "=1+1"),
        ("Müller", "Müller"),
        ("García Ñandú", "García Ñandú"),
        ("C#", "C#"),
        ("妍媛", "妍媛"),
        (None, ""),
    ],
    "note": [("早上好？", "早上好？"), ("really?", "really?"), ("a\r\nb", "a\nb"), (5, "5")],
    "birthday": [
        (31182, "1985-05-15"),
        ("31182", "1985-05-15"),
        ("1985/5/15", "1985-05-15"),
        ("1985.5.15", "1985-05-15"),
        ("85-05-15", "1985-05-15"),
        ("19850515", "1985-05-15"),
        ("1985年5月15日", "1985-05-15"),
        ("5月15日", "--05-15"),
        ("05-15", "--05-15"),
        ("农历八月十五", "L--08-15"),
        (datetime(1985, 5, 15), "1985-05-15"),
    ],
}  # fmt: skip

TOLD: dict[str, list[tuple[Cell, Any]]] = {
    "phone": [
        (13800100000, "13800100000"),
        ("13800000000.0", "13800000000"),
        ("13900139000/1.38E+10", "13900139000"),
        ("13800138000元", "13800138000"),
    ],
    "imei": [
        ("490154203237519", "490154203237519"),
        ("49015420323751", "49015420323751"),
        (f"490154203237519 {IMEI}", f"490154203237519 {IMEI}"),
        ("12345678901234560000", "12345678901234560000"),
        (f"{IMEI}/待补", IMEI),
    ],
    "code": [("440101199001011000", "440101199001011000"), ("张?", "张?")],
    "email": [("a@x.cn; b@x.cn", "a@x.cn")],
    "money": [(33.3333, 3333), ("33.3333", 3333), ("0.125", 13)],
    "text": [("张?", "张?"), ("?三丰", "?三丰")],
    "note": [("爱\ufffd茶", "爱\ufffd茶"), ("#REF!", "#REF!")],
    "birthday": [("18年5月5日", "2018-05-05"), ("1970-01-01", "1970-01-01")],
}

UNREADABLE = [
    "锟斤拷", "烫烫烫", "张\ufffd三", "???", "？？", "?", "ÕÅÈý", "å¼\xa0ä¸‰", "寮犱笁", "MÃ¼ller",
]  # fmt: skip
"""No key, and what stands there is told of; a mere text stays as it is, so that nobody loses more."""

REFUSED: dict[str, list[Cell]] = {
    "phone": [
        "1.38001E+10", "1.38E+10", "1.38001e+010", "1,38001E+10", "１.38E＋10", "1.38E+10 13900139000", 1.38e20,
        "1380013800", "138****8000", "138OO138000", "2020-01-01", date(2020, 1, 1), "12345678901", "#REF!", "#N/A", "锟斤拷",
        Error("#REF!"), Error("=?"), "13800138000.5", True,
    ],
    "imei": [
        "4.90154E+14", 4901542032375180, 1e20, "#N/A", "待补", True, date(2020, 1, 1), time(1, 2), timedelta(1),
        Error("#VALUE!"),
    ],
    "code": ["1.23457E+17", 440101199001011234, 4.40101199001011e17, float("inf"), "#REF!", Error("#NAME?")],
    "email": ["abc", "a@b", "#REF!", "1.38E+10"],
    "money": [
        "1.38E+5", "1,29,9", "1299,50", "1.299,00", "1 299,00", "12,99", "1,2345", "1.299", "$100", "50-60", "about 50",
        "95%", "50-", "一千二", "1万2", 10**16, 1e13, float("nan"), float("inf"), True, date(2020, 1, 1), "#REF!", "\ufffd99",
        "12345678901234567890", Error("#REF!"),
    ],
    "count": ["2.5", "many", "1e3", 10**12, "1234567890", float("nan"), True, "#REF!", Error("#REF!")],
    "gender": ["男/女", "robot", "#REF!", "ÄÐ", True, Error("#REF!")],
    "yes": ["也许", "#N/A"],
    "language": ["klingon"],
    "text": [
        "#REF!", "#N/A", "#name?", "#DIV/0!", "#####", "Err:502", 123456789012345678, 1e20, "1.38E+10", Error("#REF!"),
        Error("=?"),
    ],
    "note": [123456789012345678, Error("#REF!")],
    "birthday": [
        "0000-00-00", "1900-01-01", "1900/1/0", "0", "1985-02-30", "02-30", "八月十五", "1985年五月十五", "soon", "#REF!",
        "1.38E+10", 60, -1, 0, 1985, "2027-01-01", "1985年5月", Error("#REF!"), True,
    ],
}  # fmt: skip


def read(reader: str, cell: Cell) -> Any:  # a value of the reader's own type, or trouble
    return DayReader(TODAY, reader)(cell) if reader == "birthday" else READERS[reader](cell)


def each(table: dict[str, list[Any]]) -> list[Any]:
    return [
        pytest.param(reader, row, id=f"{reader}-{row!r}") for reader, rows in table.items() for row in rows
    ]


@pytest.mark.parametrize(("reader", "row"), each(RIGHT))
def test_right(reader: str, row: tuple[Cell, Any]) -> None:
    cell, expected = row
    assert read(reader, cell) == expected


@pytest.mark.parametrize(("reader", "row"), each(TOLD))
def test_told(reader: str, row: tuple[Cell, Any]) -> None:
    cell, expected = row
    found = read(reader, cell)
    assert isinstance(found, Trouble)
    assert (found.level, found.value) == ("hint", expected)
    assert found.reason.endswith((".", "note.", "customer."))


@pytest.mark.parametrize(("reader", "cell"), each(REFUSED))
def test_refused(reader: str, cell: Cell) -> None:
    found = read(reader, cell)
    assert isinstance(found, Trouble)
    assert not found.value
    assert found.level == "bad" or found.keep or reader == "birthday"
    assert found.reason


@pytest.mark.parametrize("written", UNREADABLE)
def test_signs_of_a_wrong_encoding_are_told_of(written: str) -> None:
    found = read("text", written)
    assert isinstance(found, Trouble)
    assert (found.level, found.value.replace(" ", "")) == ("bad", written.replace("\xa0", ""))
    for reader in ("phone", "imei", "email", "gender"):
        refused = read(reader, written)
        assert isinstance(refused, Trouble)
        assert not refused.value


@pytest.mark.parametrize("number", ["1.38E+10", "1.4E+14", "8.61E+12"])
def test_no_reader_of_numbers_takes_one_that_lost_digits(number: str) -> None:
    for reader in ("phone", "imei", "code", "money", "text", "email"):
        assert read(reader, number).level == "bad"


@given(st.floats(1e15, 1e300) | st.integers(10**15, 2**70))
def test_no_number_of_more_digits_than_a_spreadsheet_keeps_is_taken(number: float) -> None:
    for reader in ("phone", "imei", "code", "money", "count", "text", "note"):
        found = read(reader, number)
        assert isinstance(found, Trouble)
        assert found.level == "bad"


@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=12))
def test_texts_read_in_a_wrong_encoding_are_told_of(written: str) -> None:
    raw = written.encode("utf-8")
    assert damage(raw.decode("latin-1")) is not None
    assert damage(raw.decode("utf-8").encode("gbk").decode("gbk") + "\ufffd") is not None


@given(
    st.text(
        alphabet=[chr(code) for code in range(0x20, 0x17F) if chr(code).isalpha() and not 0x80 <= code < 0xA0]
    )
)
def test_western_names_are_no_damage(name: str) -> None:
    words = f"{name} Smith"
    found = damage(words)
    assert (
        found is None
        or "â€" in words
        or any(sign in words for sign in "ÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõö")
    )


# ---------------------------------------------------------------- whole rows


def test_a_trap_in_a_key_makes_the_row_bad_and_elsewhere_it_is_told(shop: Shop) -> None:
    head = ["姓名", "手机", "会员卡号", "邮箱", "地址", "生日"]
    rows = [
        head,
        ["张三", "1.38E+10", "", "", "", ""],
        ["#REF!", 13800000001, "", "", "", ""],
        ["锟斤拷", 13800000002, "", "", "", ""],
        ["李四", 13800000003, 440101199001011234, "", "", ""],
        ["王五", 13800000004, "", "abc", "#N/A", "02-30"],
        ["赵六", 13800000005, "", "", "ÕÅÈý", ""],
    ]
    with rehearsed(shop, rows) as found:
        assert counts(found) == {"new": 2, "bad": 4}
        plan.apply(shop, found)
    assert shop.db.rows("SELECT name, email, address, birthday, note FROM customers") == [
        ("王五", "", "", "", "邮箱: abc\n生日: 02-30"),
        ("赵六", "", "ÕÅÈý", "", ""),
    ]


def test_amounts_beyond_all_reason_are_bad_rows(shop: Shop) -> None:
    head = ["日期", "姓名", "商品", "数量", "单价", "金额"]
    rows = [
        head,
        ["2026-03-01", "张三", "膜", 999_999_999, 99_999_999_999, ""],
        ["2026-03-01", "张三", "膜", 1, "", "1,29,9"],
        ["2026-03-01", "张三", "膜", 1, "", 30],
    ]
    with rehearsed(shop, rows) as found:
        assert counts(found) == {"new": 1, "bad": 2}
        assert "too large to be right" in plan.rows(found, "bad")[0].reasons[0]
        plan.apply(shop, found)
    assert shop.db.rows("SELECT total_fen FROM purchases") == [(3000,)]


def test_the_same_traps_in_a_text_file(shop: Shop) -> None:
    rows = [
        ["姓名", "手机", "日期", "金额", "商品"],
        ["张三", "\t13800000001", "2026/3/1 0:00", "￥1,299.00", "膜"],
        ["李四", '="13800000002"', "#REF!", "1", "膜"],
        ["王五", "1.38E+10", "2026-03-01", "1", "膜"],
        ["赵六", "13800000004", "2026-03-01", "#VALUE!", "膜"],
    ]
    path = text(shop.folder.parent / "sales.csv", rows)
    with plan.rehearse(shop, path) as found:
        assert counts(found) == {"new": 1, "bad": 3}
        plan.apply(shop, found)
    assert shop.db.rows("SELECT day, total_fen FROM purchases") == [("2026-03-01", 129900)]


def test_language_and_email_are_stored_as_they_are_typed(shop: Shop) -> None:
    bring(shop, [["姓名", "手机", "语言", "邮箱"], ["张三", 13800000001, "英文", "Ａ@x.cn"]])
    assert shop.db.rows("SELECT language, email FROM customers") == [("en", "A@x.cn")]
