"""The after-sales terms in Settings: shown, changed, added, retired and put back."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from desktop_crm import after_sales
from desktop_crm.shop import Shop
from desktop_crm.ui.after_sales import AfterSalesSection, TermForm
from desktop_crm.ui.page import Desk
from desktop_crm.ui.settings import SettingsPage

Key = Qt.Key


def settle(desk: Desk, qtbot: QtBot) -> None:
    for _again in range(3):
        qtbot.waitUntil(lambda: not desk.jobs.is_busy)
        QApplication.processEvents()


@pytest.fixture
def section(desk: Desk, shown: Callable[[QWidget], None], qtbot: QtBot) -> Iterator[AfterSalesSection]:
    """The section in the page of settings."""
    desk.window.show()
    page = SettingsPage(desk)
    page.open("after_sales")
    shown(page)
    page.load()
    settle(desk, qtbot)
    found = page.section("after_sales")
    assert isinstance(found, AfterSalesSection)
    yield found
    for each in QApplication.topLevelWidgets():
        if isinstance(each, TermForm) and isValid(each):
            each.done(0)


def form() -> TermForm:
    return next(
        each for each in QApplication.topLevelWidgets() if isinstance(each, TermForm) and each.isVisible()
    )


def row(section: AfterSalesSection, place: int) -> list[str]:
    return [section.table.rows.index(place, column).data() for column in range(4)]


def test_the_terms_of_the_law_are_shown_with_their_source(section: AfterSalesSection) -> None:
    assert row(section, 0) == ["main unit", "return, exchange or repair", "7 days", after_sales.LAW]
    assert row(section, 6)[1] == "exchange if the same main fault was repaired twice within the warranty"
    assert row(section, 2)[2] == "12 months"


def test_a_term_is_changed_with_enter_and_put_back(
    section: AfterSalesSection, desk: Desk, shop: Shop, qtbot: QtBot
) -> None:
    section.table.select_first()
    QTest.keyClick(section.table, Key.Key_Return)
    opened = form()
    assert (opened.part.value(), opened.length.value(), opened.unit.value()) == ("main unit", "7", "days")
    opened.length.set_value("x")
    opened.save()
    assert "whole number" in opened.length._below.text()
    opened.length.set_value("30")
    opened.source.set_value("本店承诺")
    opened.save()
    settle(desk, qtbot)
    assert row(section, 0) == ["main unit", "return, exchange or repair", "30 days", "本店承诺"]
    section.reset_button.click()
    settle(desk, qtbot)
    assert row(section, 0)[2:] == ["7 days", after_sales.LAW]


def test_a_retired_term_is_found_under_all(
    section: AfterSalesSection, desk: Desk, shop: Shop, qtbot: QtBot
) -> None:
    section.change(after_sales.terms(shop)[5])
    form().active.set_value(False)
    form().save()
    settle(desk, qtbot)
    assert len(section.table.records()) == 9
    section.which.choose("all")
    assert row(section, 5)[1] == "repair or exchange not in force"


def test_a_term_of_the_shops_own_is_added(
    section: AfterSalesSection, desk: Desk, shop: Shop, qtbot: QtBot
) -> None:
    section.add_button.click()
    opened = form()
    assert not opened.active.isVisible()
    opened.part.set_value("屏幕")
    opened.remedy.set_value("免费换屏一次")
    opened.length.set_value("6")
    opened.condition.set_value("摔碎")
    opened.save()
    settle(desk, qtbot)
    assert row(section, 10) == ["屏幕", "免费换屏一次 if 摔碎", "6 months", ""]
