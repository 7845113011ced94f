"""The small parts: what they say, what pressing them does, that words fit."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop_crm.base import document as doc
from desktop_crm.ui.kit import icons, layouts, theme
from desktop_crm.ui.kit.buttons import IconButton, KeyButton, Pills
from desktop_crm.ui.kit.charts import PlotChart, ShareChart, chart_of, nice_scale
from desktop_crm.ui.kit.document_view import BlocksView
from desktop_crm.ui.kit.inplace import FieldRow, OutcomeList
from desktop_crm.ui.kit.labels import Avatar, Chip, Elided, Label, key_words
from desktop_crm.ui.kit.panels import Banner, EmptyState, FigureTile, Panel
from desktop_crm.ui.translation import translate_qt

Show = Callable[[QWidget], None]


def test_every_token_is_a_colour_in_both_themes() -> None:
    for tokens in (theme.LIGHT, theme.DARK):
        for name in tokens.__dataclass_fields__:
            assert tokens.colour(name).isValid(), name
        assert "$" not in theme.style_sheet(tokens)


def test_the_theme_changes_at_run_time(dressed: QApplication) -> None:
    theme.dress(dressed, dark=True)
    try:
        assert theme.tokens() is theme.DARK
        assert dressed.palette().window().color().name() == theme.DARK.bg
    finally:
        theme.dress(dressed, dark=False)
    assert theme.tokens() is theme.LIGHT


def test_chinese_is_drawn_by_our_own_font(dressed: QApplication) -> None:
    assert QFontDatabase.hasFamily("Noto Sans SC")
    assert Label("王建国").sizeHint().width() > Label("王").sizeHint().width() > 8


def test_icons_take_a_tokens_colour_and_the_pixel_ratio(dressed: QApplication) -> None:
    drawn = icons.pixmap("users", 16, "accent", ratio=2.0)
    assert (drawn.width(), drawn.devicePixelRatio()) == (32, 2.0)
    colours = {drawn.toImage().pixelColor(x, y).name() for x in range(32) for y in range(32)}
    assert theme.LIGHT.accent in colours


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("Ctrl+Return", "Ctrl ↵"),
        ("Alt+1", "Alt 1"),
        ("Alt+Left", "Alt ←"),
        ("Right", "→"),
        ("Up", "↑"),
        ("Down", "↓"),
        ("Del", "Del"),
        ("F2", "F2"),
        ("", ""),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_keys_are_written_as_on_the_keyboard_whatever_the_language(
    key: str, words: str, language: str, dressed: QApplication
) -> None:
    translate_qt(language)
    assert key_words(key) == words
    translate_qt("en")


def test_a_key_button_listens_to_its_key_while_it_can_be_pressed(shown: Show, qtbot: QtBot) -> None:
    pressed: list[str] = []
    held = QWidget()
    button = KeyButton("Sale", "F2", on_click=lambda: pressed.append("x"))
    layouts.hbox(button, on=held)
    shown(held)
    QTest.keyClick(held, Qt.Key.Key_F2)
    assert pressed == ["x"]
    button.setEnabled(False)
    QTest.keyClick(held, Qt.Key.Key_F2)
    button.setEnabled(True)
    button.hide()
    QTest.keyClick(held, Qt.Key.Key_F2)
    assert pressed == ["x"]
    button.show()
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Return)
    assert pressed == ["x", "x"]


def test_a_compact_button_leaves_its_key_away(qtbot: QtBot) -> None:
    button = KeyButton("Sale", "F2")
    qtbot.addWidget(button)
    wide = button.sizeHint().width()
    button.set_compact(True)
    assert button.sizeHint().width() < wide


def test_every_kind_of_button_can_be_painted(shown: Show, qtbot: QtBot) -> None:
    held = QWidget()
    kinds = [
        KeyButton("Do", "F2", kind=kind, icon="plus", bind=False)
        for kind in ("plain", "primary", "danger", "quiet")
    ]
    off = KeyButton("Off", wide=True)
    off.setEnabled(False)
    layouts.vbox(*kinds, off, IconButton("x", "Close"), Avatar("王"), Chip("VIP", "gold"), on=held)
    shown(held)
    for widget in kinds:
        widget.setFocus()
        assert not widget.grab().isNull()


def test_pills_hold_one_and_move_with_the_arrows(shown: Show, qtbot: QtBot) -> None:
    chosen: list[str] = []
    pills = Pills([("all", "All 27"), ("sales", "Sales 6")], on_choose=chosen.append)
    shown(pills)
    assert (pills.chosen, chosen) == ("all", [])
    QTest.keyClick(pills, Qt.Key.Key_Right)
    assert (pills.chosen, chosen) == ("sales", ["sales"])
    pills.set_items([("all", "All 28"), ("sales", "Sales 7")])
    pills.set_items([("sales", "Sales 7"), ("calls", "Calls 1")])
    assert pills.chosen == "sales", "what was chosen stays chosen"
    pills.set_items([("calls", "Calls 1")])
    assert (pills.chosen, chosen) == ("calls", ["sales"])


def test_a_long_line_ends_in_dots_and_says_all_on_its_tooltip(shown: Show) -> None:
    label = Elided("手机已用 26 个月,常 24 个月换机")
    label.resize(80, 20)
    shown(label)
    assert label.text().endswith("…")
    assert label.toolTip() == label.whole_text()
    label.resize(600, 20)
    assert label.toolTip() == ""


def test_angle_brackets_in_names_stay_what_they_are() -> None:
    assert Label("<b>Li</b>").textFormat() == Qt.TextFormat.PlainText


def test_a_value_is_edited_in_place(shown: Show, qtbot: QtBot) -> None:
    saved: list[str] = []
    row = FieldRow("WeChat", "wjg", on_save=saved.append)
    shown(row)
    row.setFocus()
    QTest.keyClick(row, Qt.Key.Key_Return)
    assert row.is_editing()
    QTest.keyClicks(row._editor, "new")
    QTest.keyClick(row._editor, Qt.Key.Key_Escape)
    assert (row.value(), saved, row.is_editing()) == ("wjg", [], False)
    QTest.mouseClick(row, Qt.MouseButton.LeftButton)
    QTest.keyClicks(row._editor, "new")
    QTest.keyClick(row._editor, Qt.Key.Key_Return)
    assert (row.value(), saved) == ("new", ["new"])
    row.fail("This is taken.")
    assert row.is_editing()
    assert row._error.text() == "This is taken."


def test_a_refused_value_keeps_what_was_typed(shown: Show, qtbot: QtBot) -> None:
    row = FieldRow("WeChat", "wjg", on_save=lambda _text: row.fail("This is taken."))
    shown(row)
    row.edit()
    QTest.keyClicks(row._editor, "mine")
    QTest.keyClick(row._editor, Qt.Key.Key_Return)
    assert row.is_editing()
    assert row._text() == "mine"


def test_a_note_takes_lines_and_is_saved_with_control_enter(shown: Show, qtbot: QtBot) -> None:
    saved: list[str] = []
    row = FieldRow("", "", on_save=saved.append, multiline=True)
    shown(row)
    row.edit()
    QTest.keyClicks(row._editor, "a")
    QTest.keyClick(row._editor, Qt.Key.Key_Return)
    QTest.keyClicks(row._editor, "b")
    QTest.keyClick(row._editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert saved == ["a\nb"]


def test_what_cannot_be_edited_does_not_open(shown: Show, qtbot: QtBot) -> None:
    row = FieldRow("Points", "1,638")
    shown(row)
    QTest.mouseClick(row, Qt.MouseButton.LeftButton)
    assert not row.is_editing()


def test_digits_choose_an_outcome_once_the_list_has_the_keys(shown: Show, qtbot: QtBot) -> None:
    chosen: list[str] = []
    held = QWidget()
    other = KeyButton("Other")
    outcomes = OutcomeList(
        [("reached", "Reached"), ("missed", "Not reached"), ("later", "Later")], on_choose=chosen.append
    )
    layouts.vbox(other, outcomes, on=held)
    shown(held)
    other.setFocus()
    outcomes.take_keys()
    first = held.focusWidget()
    assert first is not None
    assert first.property("takes_letters")
    QTest.keyClick(first, Qt.Key.Key_2)
    QTest.keyClick(first, Qt.Key.Key_Down)
    now = held.focusWidget()
    assert now is not None
    QTest.keyClick(now, Qt.Key.Key_Return)
    assert chosen == ["missed", "later"]
    with qtbot.waitSignal(outcomes.left):
        QTest.keyClick(now, Qt.Key.Key_Escape)
    assert held.focusWidget() is other


def test_a_tile_is_pressed_by_mouse_and_key(shown: Show, qtbot: QtBot) -> None:
    pressed: list[int] = []
    tile = FigureTile("Sales", "¥412,380", change="+8.4%", note="n=12", on_click=lambda: pressed.append(1))
    shown(tile)
    QTest.mouseClick(tile, Qt.MouseButton.LeftButton)
    tile.setFocus()
    QTest.keyClick(tile, Qt.Key.Key_Return)
    assert pressed == [1, 1]
    tile.set("–", tone="quiet")
    assert tile.accessibleName() == "Sales –"


def test_a_panel_is_cleared_but_keeps_its_first_line(shown: Show) -> None:
    panel = Panel("Devices", note="2", actions=[KeyButton("Add")])
    panel.add(Label("one"))
    panel.add(layouts.hbox(Label("two"), KeyButton("x")))
    panel.clear()
    assert panel.body.count() == 1
    plain = Panel()
    plain.add(Label("one"))
    plain.clear()
    assert plain.body.count() == 0


def test_a_banner_can_be_closed(shown: Show, qtbot: QtBot) -> None:
    banner = Banner("This is the demo shop.", "look", closable=True)
    shown(banner)
    close = banner.findChild(IconButton)
    assert close is not None
    with qtbot.waitSignal(banner.closed):
        QTest.mouseClick(close, Qt.MouseButton.LeftButton)
    assert not banner.isVisible()


def test_chips_flow_on_to_further_lines(shown: Show) -> None:
    row = layouts.wrap_row(*[Chip(f"tag number {number}") for number in range(9)])
    row.resize(300, 20)
    layout = row.layout()
    assert layout is not None
    assert layout.heightForWidth(300) > layout.heightForWidth(2000) == 20


def test_an_empty_place_offers_what_to_do(shown: Show) -> None:
    pressed: list[int] = []
    button = KeyButton("Import", on_click=lambda: pressed.append(1))
    shown(EmptyState("Nobody yet", "Import your list.", buttons=[button], icon="users"))
    button.click()
    assert pressed == [1]


@pytest.mark.parametrize(
    ("highest", "unit", "step", "steps"),
    [
        (0, "count", 1, 4),
        (3, "count", 1, 3),
        (43, "count", 10, 5),
        (2_116_000, "fen", 500_000, 5),
        (0.32, "ratio", 0.1, 4),
        (1_000_000, "count", 200_000, 5),
    ],
)
def test_scales_have_round_steps(highest: float, unit: doc.Unit, step: float, steps: int) -> None:
    found, count = nice_scale(highest, unit)
    assert (round(found, 9), count) == (step, steps)
    assert found * count >= highest


BARS = doc.BarChart(
    "Sales per day",
    tuple(str(day) if day % 7 == 0 else "" for day in range(1, 31)),
    doc.Series("This year", tuple(1000 * day for day in range(30)), "fen"),
    doc.Series("Last year", (None, *(900 * day for day in range(29))), "fen"),
    quiet=frozenset({5, 6}),
)
LINES = doc.LineChart(
    "Repurchase",
    ("Jan", "Feb", "Mar"),
    (doc.Series("2026", (0.3, None, 0.32), "ratio"), doc.Series("2025", (0.2, 0.25, 0.3), "ratio")),
)
SHARES = doc.ShareBar(
    "Tiers", (doc.Share("High", 8, "gold"), doc.Share("Lost", 92, "red"), doc.Share("None", 0, "grey"))
)


def test_pointing_at_a_day_says_its_values(shown: Show, qtbot: QtBot) -> None:
    chart = chart_of(BARS)
    assert isinstance(chart, PlotChart)
    chart.resize(600, 240)
    shown(chart)
    assert chart.hint_at(13) == ["14", "This year  ¥130", "Last year  ¥108"]
    QTest.mouseMove(chart, QPoint(580, 100))
    qtbot.waitUntil(lambda: chart._at == 29)
    assert not chart.grab().isNull()
    chart.show_block(LINES)
    assert chart.hint_at(1) == ["Feb", "2026  –", "2025  25.0%"]
    assert not chart.grab().isNull()


def test_shares_say_their_percentages(shown: Show) -> None:
    chart = chart_of(SHARES)
    assert isinstance(chart, ShareChart)
    chart.resize(500, 46)
    shown(chart)
    assert chart.accessibleName() == "High 8%, Lost 92%, None 0%"
    assert not chart.grab().isNull()


@pytest.mark.parametrize("block", [doc.BarChart("Empty", (), doc.Series("x", ())), doc.ShareBar("Empty", ())])
def test_a_chart_without_values_draws_nothing_and_does_not_fail(
    shown: Show, block: doc.BarChart | doc.ShareBar
) -> None:
    chart = chart_of(block)
    shown(chart)
    QTest.mouseMove(chart, QPoint(50, 10))
    assert not chart.grab().isNull()


def test_a_document_is_shown_block_by_block(shown: Show, qtbot: QtBot) -> None:
    table = doc.Table(
        (doc.Column("KPI", 2), doc.Column("Value", 1, "right", "ratio")),
        (("Churn", doc.Value(0.041, "ratio", bold=True)), ("Repurchase", 0.316)),
        title="KPIs",
        total=("All", None),
    )
    tiles = doc.Tiles(
        (doc.Tile("sales", "Sales", doc.Value(100, "fen"), doc.Value(0.1, "ratio", signed=True)),)
    )
    blocks = (
        doc.Heading("Month", 1),
        doc.Paragraph("5 < 6 & more", "Good:"),
        tiles,
        BARS,
        LINES,
        SHARES,
        table,
        doc.Table((doc.Column("x"),), (), empty="Nothing happened."),
        doc.PageBreak(),
    )
    view = BlocksView()
    view.resize(900, 700)
    shown(view)
    view.show_blocks(blocks)
    said = [label.text() for label in view.findChildren(Label)]
    assert "<b>Good:</b> 5 &lt; 6 &amp; more" in said
    assert "Nothing happened." in said
    tile = view.findChild(FigureTile)
    assert tile is not None
    with qtbot.waitSignal(view.tile_chosen) as chosen:
        QTest.mouseClick(tile, Qt.MouseButton.LeftButton)
    assert chosen.args == ["sales"]
