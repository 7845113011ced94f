"""Text on its way into somebody's spreadsheet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_crm.files import cells


@pytest.mark.parametrize("text", ["=1+1", "+86", "-5", "@x", "\tx", "\rx", "＝1", "＋1", "－1", "＠1"])
def test_what_could_be_a_formula_is_risky_and_gets_a_prefix(text: str) -> None:
    assert cells.risky(text)
    assert cells.with_prefix(text) == "'" + text


@pytest.mark.parametrize("text", ["", "王建国", "1+1", "'quoted'", "a=b"])
def test_other_texts_stay(text: str) -> None:
    assert not cells.risky(text)
    assert cells.with_prefix(text) == text == cells.without_prefix(text)


@given(st.text())
def test_the_prefix_comes_off_again(text: str) -> None:
    assert cells.without_prefix(cells.with_prefix(text)) == text


@given(st.text())
def test_no_prefixed_text_is_risky(text: str) -> None:
    assert not cells.risky(cells.with_prefix(text))


def test_control_characters_and_lone_surrogates_go() -> None:
    assert cells.storable("a\x00b\x0b\ud800c\ufffe\r\n\td") == "abc\n\td"


def test_long_texts_end_with_a_mark() -> None:
    assert cells.cut("字" * 32_767) == "字" * 32_767
    cut = cells.cut("𠮷" * 20_000)
    assert cut.endswith("[cut: a cell holds no more]")
    assert len(cut.encode("utf-16-le")) // 2 <= cells.LONGEST


def test_what_looks_like_an_escape_is_escaped() -> None:
    assert cells.escaped("_x0041_ _x") == "_x005F_x0041_ _x"
    assert cells.escaped("plain") == "plain"


def test_widths_count_chinese_twice() -> None:
    assert cells.text_width("王a") == 3


@pytest.mark.parametrize(
    ("name", "taken", "title"),
    [
        ("客户", [], "客户"),
        ("a/b:c*?[x]\\", [], "a b c   x"),
        ("'", [], "Sheet"),
        ("x" * 40, [], "x" * 31),
        ("Data", ["data", "Data (2)"], "Data (3)"),
    ],
)
def test_sheet_titles_are_ones_that_excel_allows(name: str, taken: list[str], title: str) -> None:
    assert cells.sheet_title(name, taken) == title
