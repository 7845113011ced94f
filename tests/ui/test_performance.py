"""The page Performance: its tiles, groups and the rows behind a figure, by mouse and keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop_crm.base.dates import parse_period
from desktop_crm.shop import Shop
from desktop_crm.ui.kit.jobs import Jobs
from desktop_crm.ui.page import Desk
from desktop_crm.ui.performance import PerformancePage
from tests.shop_rows import Rows
from tests.ui.conftest import Visits


def texts(widget: QWidget) -> str:
    """All words that are to be read on a widget."""
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


def settled(qtbot: QtBot, jobs: Jobs) -> None:
    """Wait until all questions are answered."""
    qtbot.waitUntil(lambda: not jobs.is_busy)


@pytest.fixture
def sold(shop: Shop) -> int:
    """A shop with two buyers, a walk-in and a complaint in November 2026; the id of one buyer."""
    with shop.change("sales", {"purchases"}):
        rows = Rows(shop)
        anna, lost = rows.customer("Anna"), rows.customer("Lost")
        rows.sale(anna, "2026-11-03", 1000)
        rows.sale(anna, "2026-10-03", 500)
        rows.sale(None, "2026-11-04", 30)
        rows.sale(lost, "2024-11-15", 10)
        rows.case("2026-11-05 10:00", "2026-11-06 10:00", ("responded", "2026-11-05 10:06"), customer_id=anna)
    return anna


@pytest.fixture
def page(desk: Desk, sold: int, shown: Callable[[QWidget], None], qtbot: QtBot) -> PerformancePage:
    """The page, loaded, of November 2026."""
    made = PerformancePage(desk)
    made.resize(1158, 620)
    shown(made)
    made.load()
    settled(qtbot, desk.jobs)
    return made


def test_tiles_title_and_tiers_show_the_running_month(page: PerformancePage) -> None:
    words = texts(page)
    assert "November 2026" in words
    assert "to 2026-11-21, against as many days of October and November 2025" in words
    assert "¥1,030" in texts(page.tiles["net_sales"])
    assert "+106.0%" in texts(page.tiles["net_sales"])
    assert "2 customers by tier" in words


def test_churn_is_explained_first_with_the_rows_behind_it(page: PerformancePage) -> None:
    words = texts(page.figure)
    assert "Churn" in words
    assert "= 1 ÷ 2" in words
    assert "1: of them became lost in the period" in words
    assert "2 rows" in words
    assert [row.name for row in page.figure.table.records()] == ["Lost", "Anna"]


def test_a_tile_explains_its_figure(page: PerformancePage, desk: Desk, qtbot: QtBot) -> None:
    QTest.mouseClick(page.tiles["new_customers"], Qt.MouseButton.LeftButton)
    settled(qtbot, desk.jobs)
    assert "New-customer growth" in texts(page.figure)
    QTest.keyClick(page.tiles["first_response_time"], Qt.Key.Key_Return)
    settled(qtbot, desk.jobs)
    words = texts(page.figure)
    assert "n = 1" in words
    assert "median time from receiving a complaint" in words
    assert "Small sample: 1." in words


def test_enter_on_a_row_opens_the_card_the_complaint_or_says_why_not(
    page: PerformancePage, desk: Desk, sold: int, visits: Visits, qtbot: QtBot
) -> None:
    page.choose("net_sales")
    settled(qtbot, desk.jobs)
    table = page.figure.table
    for row in table.records():
        table.select((row.kind, row.id, row.day, row.over))
        QTest.keyClick(table, Qt.Key.Key_Return)
    assert visits.customers == [sold]
    assert desk.messages.shown == "This was a walk-in sale; there is no card to open."
    page.choose("first_response_time")
    settled(qtbot, desk.jobs)
    table.select_first()
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert visits.pages == [("complaints", 1)]
    desk.messages.hide()


def test_a_group_lists_its_figures_and_selecting_one_explains_it(
    page: PerformancePage, desk: Desk, qtbot: QtBot
) -> None:
    page.groups.choose("retention")
    selected = page.table.selected()
    assert selected is not None
    assert selected.key == "churn_rate"
    page.table.select("clv_predicted")
    settled(qtbot, desk.jobs)
    words = texts(page.figure)
    assert "Customer value, next 12 months" in words
    assert "Predictions are not made yet." in words
    page.groups.choose("data")
    settled(qtbot, desk.jobs)
    assert [kpi.key for kpi in page.table.records()][:2] == ["completeness", "validity"]
    assert "Completeness of cards" in texts(page.figure)
    page.groups.choose("chart")
    assert page.chart.isVisibleTo(page)


def test_arrows_step_through_periods_but_not_into_the_future(
    page: PerformancePage, desk: Desk, qtbot: QtBot
) -> None:
    QTest.keyClick(page, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert "November 2026" in texts(page)
    QTest.keyClick(page, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    settled(qtbot, desk.jobs)
    assert "October 2026" in texts(page)
    assert "¥500" in texts(page.tiles["net_sales"])


def test_alt_p_opens_the_report_of_the_period(page: PerformancePage, visits: Visits) -> None:
    QTest.keyClick(page, Qt.Key.Key_P, Qt.KeyboardModifier.AltModifier)
    assert visits.pages == [("reports", parse_period("2026-11"))]


def test_a_period_can_be_given(page: PerformancePage, desk: Desk, qtbot: QtBot) -> None:
    page.open(parse_period("2026-Q3"))
    page.load()
    settled(qtbot, desk.jobs)
    assert "Quarter 3 of 2026" in texts(page)
    page.open("not a period")
    assert "Quarter 3 of 2026" in texts(page)


def test_a_narrow_window_stacks_the_columns(page: PerformancePage, qtbot: QtBot) -> None:
    first, last = page.tiles["net_sales"], page.tiles["follow_up_on_time_rate"]
    assert last.y() == first.y()
    page.resize(720, 420)
    qtbot.waitUntil(lambda: last.y() > first.y())
    assert page.figure.x() == 0
    page.resize(1158, 620)
    qtbot.waitUntil(lambda: last.y() == first.y())
    assert page.figure.x() > 0


def test_an_empty_shop_is_greeted(
    desk: Desk, visits: Visits, shown: Callable[[QWidget], None], qtbot: QtBot
) -> None:
    page = PerformancePage(desk)
    shown(page)
    page.load()
    settled(qtbot, desk.jobs)
    assert "Here you will see how the shop is doing" in texts(page)
    QTest.keyClick(page, Qt.Key.Key_I, Qt.KeyboardModifier.AltModifier)
    assert visits.pages == [("data", None)]
