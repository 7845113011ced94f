"""The field that names a customer: chosen by keyboard from the list that opens."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop_crm import customers
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.shop import Shop
from desktop_crm.ui.customer_field import CustomerField
from desktop_crm.ui.page import Desk

Key = Qt.Key


@pytest.fixture
def two(shop: Shop) -> list[int]:
    """Two customers whose numbers end alike, the one found first at the front."""
    older = customers.add(shop, CustomerDraft("Li Fang", (PhoneDraft("13900005842"),)))
    newer = customers.add(shop, CustomerDraft("Wang Min", (PhoneDraft("13800005842"),)))
    return [newer, older]


@pytest.fixture
def field(desk: Desk, shown: Callable[[QWidget], None]) -> CustomerField:
    """The field by itself, with the keys in it."""
    made = CustomerField(desk.jobs, "Who")
    made.resize(400, 60)
    shown(made)
    made.line.setFocus()
    return made


@pytest.mark.parametrize(("downs", "place"), [(0, 0), (1, 1)])
def test_enter_in_the_list_chooses(
    field: CustomerField, two: list[int], qtbot: QtBot, downs: int, place: int
) -> None:
    QTest.keyClicks(field.line, "5842")
    qtbot.waitUntil(lambda: len(field.hits()) == 2)
    qtbot.waitUntil(field._popup.isVisible)
    for _turn in range(downs):
        QTest.keyClick(field._popup, Key.Key_Down)
    QTest.keyClick(field._popup, Key.Key_Return)
    assert field.value() == two[place]
    assert not field._popup.isVisible()


def test_escape_closes_the_list_and_keeps_what_was_typed(
    field: CustomerField, two: list[int], qtbot: QtBot
) -> None:
    QTest.keyClicks(field.line, "5842")
    qtbot.waitUntil(field._popup.isVisible)
    QTest.keyClick(field._popup, Key.Key_Escape)
    assert not field._popup.isVisible()
    assert field.value() is None
    assert field.line.text() == "5842"
