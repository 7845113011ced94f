"""A full disk while somebody saves: the form stays with what was typed, the window says what to do, and then it works."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from desktop_crm import customers, purchases
from desktop_crm.shop import Shop
from desktop_crm.store import open as store_open
from desktop_crm.ui.customer_form import CustomerForm, new_customer
from desktop_crm.ui.page import Desk
from desktop_crm.ui.sale import SaleForm, new_sale
from tests.faults.spoiling import with_pragmas
from tests.ui.conftest import Visits
from tests.ui.seen import everything

SENTENCE = (
    "The disk is full, so nothing was saved. What was saved before is safe. Free some space and try again."
)
SAVE = (Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
LONG = "likes small phones and long letters " * 400

Form = TypeVar("Form", bound=QWidget)


def fill_disk(shop: Shop, patched: pytest.MonkeyPatch) -> None:
    """From now on the shop file may not grow."""
    shop.settle()
    pages = shop.db.value("PRAGMA page_count")
    narrow = with_pragmas(store_open._prepare, f"max_page_count = {pages}")
    patched.setattr(store_open, "_prepare", narrow)
    drop_writer(shop)


def drop_writer(shop: Shop) -> None:
    with shop._connections.lock:
        shop._connections.drop_writer()


def shown(kind: type[Form], qtbot: QtBot) -> Form:
    def find() -> Form | None:
        return next(
            (each for each in QApplication.topLevelWidgets() if isinstance(each, kind) and each.isVisible()),
            None,
        )

    qtbot.waitUntil(lambda: find() is not None)
    found = find()
    assert found is not None
    return found


def closes(form: QWidget, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not isValid(form) or not form.isVisible())


@pytest.fixture
def at_work(desk: Desk, qtbot: QtBot) -> Iterator[Desk]:
    """The window is there."""
    desk.window.show()
    yield desk
    qtbot.waitUntil(lambda: not desk.jobs.is_busy)


def test_a_new_card_keeps_what_was_typed(
    at_work: Desk, visits: Visits, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = at_work.shop
    new_customer(at_work, None)
    form = shown(CustomerForm, qtbot)
    form.name.set_value("王建国")
    form.phone.set_value("13805718866")
    form.note.set_value(LONG)
    with monkeypatch.context() as patched:
        fill_disk(shop, patched)
        QTest.keyClick(form.phone.line, *SAVE)
        qtbot.waitUntil(lambda: SENTENCE in set(everything(form)))
    assert customers.count(shop) == 0
    assert (form.name.value(), form.phone.value(), form.note.value()) == (
        "王建国",
        "13805718866",
        LONG.strip(),
    )
    drop_writer(shop)
    QTest.keyClick(form.phone.line, *SAVE)
    qtbot.waitUntil(lambda: len(visits.customers) == 1)
    assert customers.get(shop, visits.customers[0]).note == LONG.strip()


def test_a_sale_keeps_what_was_typed(at_work: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = at_work.shop
    new_sale(at_work, None)
    form = shown(SaleForm, qtbot)
    qtbot.waitUntil(lambda: not at_work.jobs.is_busy)
    form.entry.what.set_value("钢化膜")
    form.entry.price.set_value(3_900)
    form.note.set_value(LONG)
    with monkeypatch.context() as patched:
        fill_disk(shop, patched)
        QTest.keyClick(form.entry.price.line, *SAVE)
        qtbot.waitUntil(lambda: SENTENCE in set(everything(form)))
    assert purchases.latest(shop, 1) == []
    assert form.entry.what.value() == "钢化膜"
    drop_writer(shop)
    QTest.keyClick(form.entry.price.line, *SAVE)
    closes(form, qtbot)
    qtbot.waitUntil(lambda: not at_work.jobs.is_busy)
    (sale,) = purchases.latest(shop, 1)
    assert sale.purchase.total_fen == 3_900
