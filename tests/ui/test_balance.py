"""The account of a customer: the flag, a payment with Enter, a credit paid out, a correction."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from desktop_crm import balance
from desktop_crm.shop import Shop
from desktop_crm.ui.balance import AccountForm, BalanceFlag, CorrectionForm, pay_balance
from desktop_crm.ui.page import Desk
from tests.contact_builders import add_customer

Key = Qt.Key
Form = TypeVar("Form", bound=QDialog)


@pytest.fixture
def wang(shop: Shop) -> int:
    """A customer who owes ¥200."""
    who = add_customer(shop)
    balance.correct(shop, who, 20_000, "以前欠的", kind="opening")
    return who


@pytest.fixture(autouse=True)
def closing(desk: Desk) -> Iterator[None]:
    """The window behind the forms; those that a test left open are closed."""
    desk.window.show()
    yield
    for each in QApplication.topLevelWidgets():
        if isinstance(each, QDialog) and isValid(each) and each.isVisible():
            each.done(0)


def settle(desk: Desk, qtbot: QtBot) -> None:
    for _again in range(3):
        qtbot.waitUntil(lambda: not desk.jobs.is_busy)
        QApplication.processEvents()


def the(kind: type[Form]) -> Form:
    return next(
        each for each in QApplication.topLevelWidgets() if isinstance(each, kind) and each.isVisible()
    )


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    target = QApplication.focusWidget()
    assert target is not None
    QTest.keyClick(target, key, modifier)


@pytest.mark.parametrize(("fen", "words"), [(20_000, "Owes ¥200"), (-5_000, "Credit ¥50")])
def test_the_flag_says_what_is_owed_and_opens_the_account(desk: Desk, fen: int, words: str) -> None:
    opened: list[str] = []
    flag = BalanceFlag(lambda: opened.append("account"))
    flag.show_due(fen)
    assert flag.text() == words
    assert not flag.isHidden()
    flag.click()
    assert opened == ["account"]
    flag.show_due(0)
    assert flag.isHidden()
    flag.deleteLater()


def test_all_that_is_owed_is_paid_with_enter(desk: Desk, shop: Shop, wang: int, qtbot: QtBot) -> None:
    told: list[str] = []
    pay_balance(desk, wang, lambda: told.append("done"))
    settle(desk, qtbot)
    form = the(AccountForm)
    assert form.state.text() == "王建国: Owes ¥200"
    assert form.amount.line.hasFocus()
    assert form.amount.value() == 20_000
    press(Key.Key_3, Qt.KeyboardModifier.AltModifier)
    press(Key.Key_Return)
    settle(desk, qtbot)
    assert balance.due_fen(shop, wang) == 0
    assert balance.entries(shop, wang)[0].method == "cash"
    assert told == ["done"]


def test_more_than_is_owed_stays_with_its_sentence(desk: Desk, shop: Shop, wang: int, qtbot: QtBot) -> None:
    pay_balance(desk, wang)
    settle(desk, qtbot)
    form = the(AccountForm)
    form.amount.set_value(30_000)
    form.save()
    settle(desk, qtbot)
    assert "can be paid here" in form._trouble.text()
    assert balance.due_fen(shop, wang) == 20_000


def test_a_credit_is_paid_out(desk: Desk, shop: Shop, wang: int, qtbot: QtBot) -> None:
    balance.correct(shop, wang, -25_000, "多收了")
    pay_balance(desk, wang)
    settle(desk, qtbot)
    form = the(AccountForm)
    assert (form.state.text(), form.save_button.text()) == ("王建国: Credit ¥50", "Pay out")
    press(Key.Key_Return)
    settle(desk, qtbot)
    assert balance.due_fen(shop, wang) == 0


def test_an_account_in_order_shows_its_ledger_only(desk: Desk, shop: Shop, wang: int, qtbot: QtBot) -> None:
    balance.pay(shop, wang, 20_000, "wechat", "微信转来")
    pay_balance(desk, wang)
    settle(desk, qtbot)
    form = the(AccountForm)
    assert form.state.text() == "王建国: nothing owed"
    assert not form.amount.isVisible()
    assert not form.save_button.isVisible()
    shown = [form.ledger.rows.index(row, 1).data() for row in range(2)]
    assert shown == ["Payment · WeChat · 微信转来", "Brought along · 以前欠的"]


@pytest.mark.parametrize(("why", "kind"), [("Rounded off", "correction"), ("Owed from before", "opening")])
def test_an_account_is_corrected(
    desk: Desk, shop: Shop, wang: int, qtbot: QtBot, why: str, kind: str
) -> None:
    pay_balance(desk, wang)
    settle(desk, qtbot)
    the(AccountForm).change.click()
    form = the(CorrectionForm)
    form.amount.set_value(-1_000)
    form.why.set_value(why)
    form.save()
    settle(desk, qtbot)
    assert the(AccountForm).state.text() == "王建国: Owes ¥190"
    assert balance.entries(shop, wang)[0].kind == kind
