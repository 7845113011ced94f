"""Values of the trade: tables of cases, one per way people write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_crm.base import i18n, values
from desktop_crm.base.document import Unit, Value


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("13805718866", "13805718866"),
        ("138 0571 8866", "13805718866"),
        ("+86 138-0571-8866", "13805718866"),
        ("008613805718866", "13805718866"),
        ("8613805718866", "13805718866"),
        ("１３８０５７１８８６６", "13805718866"),
        ("010-88888888转801", "01088888888"),
        ("010-88888888 ext. 5", "01088888888"),
        ("+1 418 656 9254", "+14186569254"),
        ("", ""),
        ("none", ""),
    ],
)
def test_phone_numbers_are_stored_in_one_form(text: str, number: str) -> None:
    assert values.normal_phone(text) == number


@pytest.mark.parametrize(
    ("number", "answer"),
    [
        ("13805718866", True),
        ("12805718866", False),
        ("1380571886", False),
        ("01088888888", True),
        ("057188888888", True),
        ("88888888", True),
        ("4008001234", True),
        ("+14186569254", True),
        ("", False),
    ],
)
def test_which_numbers_can_be_dialled(number: str, answer: bool) -> None:
    assert values.valid_phone(number) is answer


def test_numbers_are_shown_in_groups() -> None:
    assert values.show_phone("13805718866") == "138 0571 8866"
    assert values.show_phone("01088888888") == "01088888888"


@pytest.mark.parametrize(
    ("imei", "answer"),
    [
        ("490154203237518", True),  # the example of 3GPP TS 23.003
        ("490154203237519", False),
        ("3520990017614823", True),
        ("A1000012345678", False),
        ("", False),
    ],
)
def test_imeis_have_a_check_digit(imei: str, answer: bool) -> None:
    assert values.valid_imei(imei) is answer


def test_a_serial_is_stored_without_gaps() -> None:
    assert values.normal_imei(" 49-015420/323751 8 ") == "490154203237518"
    assert values.normal_imei("a１2") == "A12"
    assert values.normal_imei("IMEI1：４９０１５４２０–３２３７５１８") == "490154203237518"
    assert values.normal_imei("S/N: c39xk1") == "C39XK1"
    assert values.normal_imei("SN12345") == "SN12345"


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("￥1,299.00", 129900),
        ("¥1299", 129900),
        ("1299元", 129900),
        ("1299元整", 129900),
        ("1.2万", 1200000),
        ("(50)", -5000),
        ("-50", -5000),
        ("¥-50", -5000),
        ("0.1", 10),
        (".5", 50),
        ("1,299.995", None),
        ("1,29,9", None),
        ("1299,50", None),
        ("1,2345", None),
        ("1 299 元", 129900),
        ("1 299,00", None),
        ("50 块", 5000),
        ("−50", -5000),
        ("12a", None),
        ("", None),
        ("９９", 9900),
        ("99999999999999999", None),
    ],
)
def test_amounts_are_read_or_refused(text: str, fen: int | None) -> None:
    assert values.parse_money(text) == fen


@given(st.integers(-(10**11), 10**11))
def test_shown_money_reads_back(fen: int) -> None:
    assert values.parse_money(values.show_money(fen, cents=True).replace("−", "-")) == fen


@pytest.mark.parametrize(
    ("text", "answer"), [("1.38E+10", True), ("1.38001e10", True), ("138E", False), ("13805718866", False)]
)
def test_lost_digits_are_recognised(text: str, answer: bool) -> None:
    assert values.digits_lost(text) is answer


def test_text_is_cleaned_on_entry() -> None:
    assert values.clean_text("\u200b 王\x00建\t国\ud800\xa0 ") == "王建 国"
    assert values.clean_note(" a \r\nb\rc\x07 ") == "a\nb\nc"


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (None, "ratio", "–"),
        (0.3165, "ratio", "31.7%"),
        (0.31649, "ratio", "31.6%"),
        (-0.061, "ratio", "−6.1%"),
        (0.012, "points", "1.2 pts"),
        (41238000, "fen", "¥412,380"),
        (12950, "fen", "¥129.50"),
        (-5000, "fen", "−¥50"),
        (6.4, "minutes", "6 min"),
        (150, "minutes", "2.5 h"),
        (93.45, "score", "93.5"),
        (25.04, "months", "25.0 months"),
        (23, "days", "23 days"),
        (3412, "count", "3,412"),
        (1.456, "count", "1.46"),
        ("text", "text", "text"),
        (date(2026, 10, 31), "day", "2026-10-31"),
    ],
)
def test_values_are_shown_by_their_unit(value: float | str | date | None, unit: Unit, shown: str) -> None:
    assert values.show(value, unit) == shown


def test_differences_carry_their_sign() -> None:
    assert values.show(Value(0.084, "ratio", signed=True)) == "+8.4%"
    assert values.show(Value(12, "count", signed=True)) == "+12"
    assert values.show(Value(-12, "count", signed=True)) == "−12"
    assert values.show_money(5000, signed=True) == "+¥50"
    assert values.show_money(129950, cents=False) == "¥1,300"


def test_the_language_is_chosen_for_all_or_for_a_while() -> None:
    assert i18n.current_language() == "en"
    with i18n.using("zh_CN"):
        assert i18n.current_language() == "zh_CN"
        with i18n.using("en"):
            assert values.show(1, "days") == "1 days"
    assert i18n.current_language() == "en"
    assert i18n.N_("text") == "text"
    assert i18n.ngettext("{n} row", "{n} rows", 2) == "{n} rows"
    with pytest.raises(ValueError, match="fr"):
        i18n.set_language("fr")
