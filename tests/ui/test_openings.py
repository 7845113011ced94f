"""What was brought along and points on the card: shown apart, corrected by keyboard, taken away, undone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from desktop_crm import history, openings, points
from desktop_crm.openings import Brought
from desktop_crm.shop import Shop
from desktop_crm.ui.card import CardPage
from desktop_crm.ui.openings import OpeningForm
from desktop_crm.ui.page import Desk
from desktop_crm.ui.points import PointsForm
from tests.contact_builders import add_customer, add_sale

Key = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier
Form = TypeVar("Form", bound=QDialog)


@pytest.fixture
def wang(shop: Shop) -> int:
    """A customer."""
    return add_customer(shop)


@pytest.fixture
def page(desk: Desk, wang: int, shown: Callable[[QWidget], None], qtbot: QtBot) -> Iterator[CardPage]:
    """Their card in the window; forms that a test left open are closed."""
    desk.window.show()
    page = CardPage(desk)
    page.resize(1158, 680)
    shown(page)
    page.open(wang)
    page.load()
    settle(desk, qtbot)
    yield page
    for each in QApplication.topLevelWidgets():
        if isinstance(each, QDialog) and isValid(each) and each.isVisible():
            each.done(0)
    settle(desk, qtbot)


def settle(desk: Desk, qtbot: QtBot) -> None:
    for _again in range(3):
        qtbot.waitUntil(lambda: not desk.jobs.is_busy)
        QApplication.processEvents()


def the(kind: type[Form]) -> Form:
    return next(
        each for each in QApplication.topLevelWidgets() if isinstance(each, kind) and each.isVisible()
    )


def typed(text: str) -> None:
    target = QApplication.focusWidget()
    assert target is not None
    QTest.keyClicks(target, text)
    QTest.keyClick(target, Key.Key_Return)


def reload(page: CardPage, qtbot: QtBot) -> None:
    page.load()
    settle(page.desk, qtbot)


def test_nothing_of_it_stands_on_a_card_that_brought_nothing(page: CardPage) -> None:
    assert page.value.brought.isHidden()
    assert page.who.rows.points.isHidden()


def test_the_value_says_apart_what_was_brought_along(
    page: CardPage, shop: Shop, wang: int, qtbot: QtBot
) -> None:
    openings.put(shop, wang, Brought(800_000, 12, "2026-08-03"))
    reload(page, qtbot)
    assert page.value.brought.words.text() == "¥8,000 · 12 purchases · last 2026-08-03"
    assert page.value._words.isHidden()
    add_sale(shop, wang, "2026-11-01", 500_000)
    reload(page, qtbot)
    assert page.value._sum.text() == "¥5,000"
    assert not page.value.brought.isHidden()


def test_it_is_typed_in_with_the_keys_and_taken_back(
    page: CardPage, shop: Shop, wang: int, qtbot: QtBot
) -> None:
    QTest.keyClick(page, Key.Key_W, ALT)
    settle(page.desk, qtbot)
    for text in ("8000", "12", "2026-08-03"):
        typed(text)
    assert the(OpeningForm).until.value() is not None
    the(OpeningForm).save()
    settle(page.desk, qtbot)
    assert openings.of_customer(shop, wang) == Brought(800_000, 12, "2026-08-03", "2026-11-21")
    assert page.value.brought.words.text() == "¥8,000 · 12 purchases · last 2026-08-03"
    history.undo(shop)
    reload(page, qtbot)
    assert page.value.brought.isHidden()


def test_it_is_corrected_and_emptied_fields_take_it_away(
    page: CardPage, shop: Shop, wang: int, qtbot: QtBot
) -> None:
    openings.put(shop, wang, Brought(800_000, 12, "2026-08-03", "2026-08-31"))
    reload(page, qtbot)
    page.value.brought.button.click()
    form = the(OpeningForm)
    assert (form.total.value(), form.count.value(), form.last.line.text(), form.until.line.text()) == (
        800_000, "12", "2026-08-03", "2026-08-31",
    )  # fmt: skip
    form.total.set_value(100_000)
    form.count.set_value("many")
    form.save()
    assert form.isVisible()
    form.count.set_value("")
    form.last.set_value(None)
    form.save()
    settle(page.desk, qtbot)
    assert openings.of_customer(shop, wang) == Brought(100_000, None, None, "2026-08-31")
    page.doing.open_brought()
    the(OpeningForm).total.set_value(None)
    the(OpeningForm).save()
    settle(page.desk, qtbot)
    assert openings.of_customer(shop, wang) is None
    assert page.value.brought.isHidden()


def test_nothing_typed_is_refused_with_a_sentence(
    page: CardPage, shop: Shop, wang: int, qtbot: QtBot
) -> None:
    page.doing.open_brought()
    the(OpeningForm).save()
    settle(page.desk, qtbot)
    assert "Say how much" in the(OpeningForm)._trouble.text()
    assert openings.of_customer(shop, wang) is None


def test_points_are_booked_with_the_keys(page: CardPage, shop: Shop, wang: int, qtbot: QtBot) -> None:
    points.put(shop, wang, 1_638, "开卡")
    reload(page, qtbot)
    assert page.who.rows.points.value() == "1638"
    QTest.keyClick(page, Key.Key_Q, ALT)
    settle(page.desk, qtbot)
    form = the(PointsForm)
    assert form.state.text() == "王建国: 1,638 points"
    assert form.ledger.rows.index(0, 1).data() == "Correction · 开卡"
    typed("-200")
    typed("earphones")
    settle(page.desk, qtbot)
    assert points.total(shop, wang) == 1_438
    assert points.ledger(shop, wang)[0].entry.note == "earphones"
    assert page.who.rows.points.value() == "1438"
    history.undo(shop)
    assert points.total(shop, wang) == 1_638


def test_what_is_no_number_of_points_stays_in_the_form(
    page: CardPage, shop: Shop, wang: int, qtbot: QtBot
) -> None:
    page.doing.open_points()
    settle(page.desk, qtbot)
    form = the(PointsForm)
    assert form.state.text() == "王建国: no points yet"
    form.points.set_value("many")
    form.save()
    assert form.isVisible()
    form.points.set_value("-5")
    form.save()
    settle(page.desk, qtbot)
    assert "below zero" in form._trouble.text()
    assert points.total(shop, wang) is None


@pytest.mark.parametrize(("text", "total"), [("+50", 150), ("80", 80), ("many", 100)])
def test_points_are_edited_on_the_card(
    page: CardPage, shop: Shop, wang: int, qtbot: QtBot, text: str, total: int
) -> None:
    points.put(shop, wang, 100)
    reload(page, qtbot)
    row = page.who.rows.points
    row.edit()
    editor = row.findChild(QLineEdit)
    assert isinstance(editor, QLineEdit)
    editor.setText(text)
    QTest.keyClick(editor, Key.Key_Return)
    settle(page.desk, qtbot)
    assert points.total(shop, wang) == total


def test_a_deleted_card_opens_no_form(page: CardPage, shop: Shop, wang: int, qtbot: QtBot) -> None:
    with shop.change("x", {"customers"}):
        shop.db.execute("UPDATE customers SET deleted_at = ? WHERE id = ?", (shop.stamp(), wang))
    reload(page, qtbot)
    page.doing.open_points()
    page.doing.open_brought()
    assert not [
        each for each in QApplication.topLevelWidgets() if isinstance(each, QDialog) and each.isVisible()
    ]
