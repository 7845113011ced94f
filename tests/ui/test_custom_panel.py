"""The shop's own fields on the card, edited by keys alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop_crm import custom_fields, customers, history
from desktop_crm.customers import CustomerDraft
from desktop_crm.shop import Shop
from desktop_crm.ui.card import CardPage
from desktop_crm.ui.custom_panel import YesNoRow
from desktop_crm.ui.kit.inplace import FieldRow
from desktop_crm.ui.page import Desk

Show = Callable[[QWidget], None]


@pytest.fixture
def fields(shop: Shop) -> dict[str, int]:
    """One field of each kind."""
    return {
        "备用": custom_fields.add(shop, "备用"),
        "月租": custom_fields.add(shop, "月租", "number"),
        "宽带到期": custom_fields.add(shop, "宽带到期", "date"),
        "套餐": custom_fields.add(shop, "套餐", "choice", ["59元套餐", "99元套餐", "99元家庭"]),
        "短信": custom_fields.add(shop, "短信", "yes_no"),
    }


@pytest.fixture
def who(shop: Shop) -> int:
    return customers.add(shop, CustomerDraft("王芳"))


@pytest.fixture
def page(desk: Desk, who: int, shown: Show, qtbot: QtBot) -> Iterator[CardPage]:
    """The card, loaded."""
    page = CardPage(desk)
    page.resize(1158, 680)
    shown(page)
    load(page, who, qtbot)
    yield page
    qtbot.waitUntil(lambda: not desk.jobs.is_busy)


def load(page: CardPage, customer_id: int, qtbot: QtBot) -> None:
    page.open(customer_id)
    page.load()
    qtbot.waitUntil(lambda: not page.desk.jobs.is_busy and page.card is not None)


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    at = QApplication.activePopupWidget() or QApplication.focusWidget()
    assert at is not None
    QTest.keyClick(at, key, modifier)


def write(text: str) -> None:
    line = QApplication.focusWidget()
    assert isinstance(line, QLineEdit)
    line.setText(text)


def to_field(page: CardPage, place: int) -> None:
    QTest.keyClick(page, Qt.Key.Key_U, Qt.KeyboardModifier.AltModifier)
    for _step in range(place):
        press(Qt.Key.Key_Tab)


def value(shop: Shop, who: int, field_id: int) -> str:
    return custom_fields.values(shop, who).get(field_id, "")


def test_a_shop_without_own_fields_has_no_panel(page: CardPage) -> None:
    assert page.own.isHidden()


def test_a_text_is_typed_and_enter_saves_it(
    fields: dict[str, int], page: CardPage, who: int, shop: Shop, qtbot: QtBot
) -> None:
    to_field(page, 0)
    press(Qt.Key.Key_Return)
    write("找儿子")
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: value(shop, who, fields["备用"]) == "找儿子")
    assert page.own.isVisible()


def test_escape_takes_back_what_was_typed(
    fields: dict[str, int], page: CardPage, who: int, shop: Shop
) -> None:
    to_field(page, 1)
    press(Qt.Key.Key_Return)
    write("59")
    press(Qt.Key.Key_Escape)
    row = page.own.rows[fields["月租"]]
    assert isinstance(row, FieldRow)
    assert not row.is_editing()
    assert value(shop, who, fields["月租"]) == ""


def test_what_is_no_number_stays_in_the_field_with_its_sentence(
    fields: dict[str, int], page: CardPage, who: int, shop: Shop, qtbot: QtBot
) -> None:
    to_field(page, 1)
    press(Qt.Key.Key_Return)
    write("many")
    press(Qt.Key.Key_Return)
    row = page.own.rows[fields["月租"]]
    assert isinstance(row, FieldRow)
    qtbot.waitUntil(row.is_editing)
    line = QApplication.focusWidget()
    assert isinstance(line, QLineEdit)
    assert line.text() == "many"
    assert value(shop, who, fields["月租"]) == ""
    press(Qt.Key.Key_Escape)


def test_a_day_is_read_the_way_one_types_it(
    fields: dict[str, int], page: CardPage, who: int, shop: Shop, qtbot: QtBot
) -> None:
    for typed, stored in (("+3", "2026-11-24"), ("2027年3月1日", "2027-03-01"), ("", "")):
        to_field(page, 2)
        press(Qt.Key.Key_Return)
        write(typed)
        press(Qt.Key.Key_Return)
        qtbot.waitUntil(lambda stored=stored: value(shop, who, fields["宽带到期"]) == stored)  # type: ignore[misc]
        qtbot.waitUntil(lambda: not page.desk.jobs.is_busy)


def test_a_choice_is_picked_from_what_is_offered(
    fields: dict[str, int], page: CardPage, who: int, shop: Shop, qtbot: QtBot
) -> None:
    to_field(page, 3)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: value(shop, who, fields["套餐"]) == "99元套餐")
    qtbot.waitUntil(lambda: not page.desk.jobs.is_busy)
    assert QApplication.activePopupWidget() is None


def test_a_choice_is_known_by_its_beginning_and_escape_leaves_it(
    fields: dict[str, int], page: CardPage, who: int, shop: Shop, qtbot: QtBot
) -> None:
    to_field(page, 3)
    press(Qt.Key.Key_Return)
    write("5")  # before the list is there
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: value(shop, who, fields["套餐"]) == "59元套餐")
    qtbot.waitUntil(lambda: not page.desk.jobs.is_busy)
    to_field(page, 3)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Escape)
    row = page.own.rows[fields["套餐"]]
    assert isinstance(row, FieldRow)
    assert not row.is_editing()
    assert value(shop, who, fields["套餐"]) == "59元套餐"


def test_yes_and_no_turn_over_and_delete_empties(
    fields: dict[str, int], page: CardPage, who: int, shop: Shop, qtbot: QtBot
) -> None:
    for key, stored in (
        (Qt.Key.Key_Return, "1"),
        (Qt.Key.Key_Space, "0"),
        (Qt.Key.Key_Delete, ""),
        (Qt.Key.Key_Delete, ""),
    ):
        to_field(page, 4)
        assert isinstance(QApplication.focusWidget(), YesNoRow)
        press(key)
        qtbot.waitUntil(lambda stored=stored: value(shop, who, fields["短信"]) == stored)  # type: ignore[misc]
        qtbot.waitUntil(lambda: not page.desk.jobs.is_busy)
    assert page.desk.messages.shown == "Saved: 短信."
    assert len(history.changes(shop)) == 10


def test_a_retired_field_goes_from_the_card(
    fields: dict[str, int], page: CardPage, who: int, shop: Shop, qtbot: QtBot
) -> None:
    custom_fields.retire(shop, fields["月租"])
    load(page, who, qtbot)
    assert list(page.own.rows) == [fields[name] for name in ("备用", "宽带到期", "套餐", "短信")]
