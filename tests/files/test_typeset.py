"""Lines of text on paper: where they break, what they may contain."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_crm.files.typeset import BOLD, Run, Style, fit, printable, register_fonts, width_of, wrap

PLAIN = Style(size=10)


def texts(text: str, width: float, most: int | None = None) -> list[str]:
    """The lines of a text as plain texts."""
    return ["".join(run.text for run in line.runs) for line in wrap([Run(text, PLAIN)], width, most)]


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("王建国欧阳雪", 30, ["王建国", "欧阳雪"]),
        ("王建国，欧阳", 30, ["王建", "国，欧", "阳"]),
        ("王建（欧阳）雪", 30, ["王建", "（欧", "阳）雪"]),
        ("hello big world", 45, ["hello big", "world"]),
        ("投诉 5 起", 30, ["投诉 5", "起"]),
        ("一\n\n二", 50, ["一", "", "二"]),
        ("xxxxxxxxxx", 30, ["xxxxxx", "xxxx"]),
        ("", 30, [""]),
        ("   ", 30, [""]),
        ("王   建", 10, ["王", "建"]),
    ],
)
def test_where_lines_break(text: str, width: float, lines: list[str]) -> None:
    assert texts(text, width) == lines


def test_styles_survive_a_break_inside_a_word() -> None:
    (line,) = wrap([Run("Look", PLAIN._replace(font=BOLD)), Run("ing on", PLAIN)], 100)
    assert [run.style.font for run in line.runs] == [BOLD, PLAIN.font]
    lines = wrap([Run("MMMM", PLAIN._replace(font=BOLD)), Run("MMMM", PLAIN)], 30)
    assert "".join(run.text for line in lines for run in line.runs) == "MMMMMMMM"


def test_text_left_over_is_told() -> None:
    assert texts("王建国欧阳雪林志", 30, 2) == ["王建国", "欧阳…"]
    assert texts("王建国", 30, 2) == ["王建国"]


def test_fitting_on_one_line() -> None:
    assert fit([], 10).runs == ()
    assert fit([Run("王\n建", PLAIN)], 100).runs == (Run("王 建", PLAIN),)
    assert [run.text for run in fit([Run("王建国", PLAIN), Run("欧阳雪", PLAIN)], 45).runs] == [
        "王建国",
        "",
        "…",
    ]


def test_what_our_fonts_lack_is_a_box() -> None:
    assert printable("王😀\x07\ud800\u200b\xa0\t㐂䶮𠮷") == "王□  㐂䶮𠮷"
    assert printable("plain") == "plain"


@settings(max_examples=60)
@given(st.text(alphabet="王建国，。（）“”abc 12-,.·\n", max_size=60), st.integers(25, 200))
def test_no_character_is_lost_and_no_line_too_wide(text: str, width: int) -> None:
    lines = wrap([Run(text, PLAIN)], width)
    assert "".join("".join(run.text for run in line.runs) for line in lines).split() or not text.strip()
    joined = "".join(run.text for line in lines for run in line.runs)
    assert joined.replace(" ", "") == text.replace(" ", "").replace("\n", "")
    assert all(line.width <= width + 0.02 for line in lines)


def test_fonts_are_registered_once() -> None:
    register_fonts()
    register_fonts()
    assert width_of("王", PLAIN) == 10
