"""Sales that were made: looking at one, refunding and voiding it, finding a walk-in's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from desktop_crm import purchases
from desktop_crm.purchase_drafts import LineDraft, PaymentDraft, SaleDraft
from desktop_crm.shop import Shop
from desktop_crm.ui.page import Desk
from desktop_crm.ui.purchases import LatestSales, PurchaseDialog
from desktop_crm.ui.refund import RefundForm, VoidForm
from tests.contact_builders import add_customer, add_staff
from tests.ui.conftest import Visits

Key = Qt.Key
T = TypeVar("T", bound=QDialog)
PHONE = LineDraft("iPhone 17 256G", 579_900, imei="352041000000008")
FILMS = LineDraft("钢化膜", 3_900, 2, 800, category="accessory")


@pytest.fixture
def sold(shop: Shop) -> int:
    """A phone and two films, an old phone taken in."""
    paid = (PaymentDraft("trade_in", 200_000, "iPhone 15"), PaymentDraft("alipay", 386_900))
    wang = add_customer(shop)
    return purchases.record(
        shop.at_counter(add_staff(shop)), SaleDraft((PHONE, FILMS), paid, wang, note="送货上门")
    )


@pytest.fixture(autouse=True)
def closing(desk: Desk) -> Iterator[None]:
    """Dialogs that a test left open."""
    desk.window.show()
    yield
    for each in QApplication.topLevelWidgets():
        if isinstance(each, QDialog) and isValid(each) and each.isVisible():
            each.done(0)


def settle(desk: Desk, qtbot: QtBot) -> None:
    for _again in range(2):
        qtbot.waitUntil(lambda: not desk.jobs.is_busy)
        QApplication.processEvents()


def look(desk: Desk, purchase_id: int, qtbot: QtBot) -> PurchaseDialog:
    dialog = PurchaseDialog(desk, purchase_id)
    dialog.open()
    settle(desk, qtbot)
    return dialog


def the_form(kind: type[T]) -> T:
    return next(
        each for each in QApplication.topLevelWidgets() if isinstance(each, kind) and each.isVisible()
    )


def words(dialog: QWidget) -> str:
    """All that its labels say."""
    return " | ".join(label.text() for label in dialog.findChildren(QLabel) if label.text())


def test_a_sale_shows_all_that_hangs_on_it(desk: Desk, sold: int, qtbot: QtBot) -> None:
    dialog = look(desk, sold, qtbot)
    assert dialog.title.text() == "¥5,869"
    assert dialog.about.whole_text() == "2026-11-21 10:00 · 王建国 · 李娜 · No. 20261121-001"
    assert [line.description for line in dialog.lines.records()] == ["iPhone 17 256G", "钢化膜"]
    assert dialog.lines.rows.index(1, 2).data() == "2 × ¥39 − ¥8"
    assert "Paid by Trade-in | iPhone 15" in words(dialog)
    assert "送货上门" in words(dialog)
    assert not dialog.mark.isVisible()


def test_a_line_is_refunded_in_full_and_then_only_the_rest(
    desk: Desk, shop: Shop, sold: int, qtbot: QtBot
) -> None:
    dialog = look(desk, sold, qtbot)
    dialog.refund_button.click()
    form = the_form(RefundForm)
    assert form.amount.value() == 586_900
    assert form.way.value() == "alipay", "as it was paid"
    form.what.set_value(purchases.get(shop, sold).lines[1].id)
    form.what.changed.emit()
    assert form.amount.value() == 7_000
    form.why.set_value("起泡")
    form.save()
    settle(desk, qtbot)
    assert dialog.mark.text() == "Refunded in part"
    assert "Given back 2026-11-21 | 起泡 | −¥70" in words(dialog)
    assert not dialog.void_button.isEnabled()
    dialog.refund_button.click()
    rest = the_form(RefundForm)
    assert rest.amount.value() == 579_900
    assert rest.what.box.count() == 2, "the whole sale and the phone; the films are given back"
    rest.why.set_value("退货")
    rest.save()
    settle(desk, qtbot)
    assert dialog.mark.text() == "Refunded"
    assert not dialog.refund_button.isEnabled()


def test_what_the_shop_refuses_stands_in_the_form(desk: Desk, sold: int, qtbot: QtBot) -> None:
    dialog = look(desk, sold, qtbot)
    dialog.refund()
    form = the_form(RefundForm)
    form.amount.set_value(600_000)
    form.why.set_value("退货")
    form.save()
    settle(desk, qtbot)
    assert "can be refunded here" in form._trouble.text()
    assert form.isVisible()


def test_a_refund_of_a_part_that_is_not_chosen_right_keeps_the_amount(
    desk: Desk, sold: int, qtbot: QtBot
) -> None:
    dialog = look(desk, sold, qtbot)
    dialog.refund()
    form = the_form(RefundForm)
    form.what.box.setCurrentIndex(-1)
    QTest.keyClicks(form.what.box, "zz")
    assert form.amount.value() == 586_900


def test_a_sale_of_one_line_is_refunded_as_a_whole(desk: Desk, shop: Shop, qtbot: QtBot) -> None:
    dialog = look(desk, purchases.record(shop, SaleDraft((FILMS,))), qtbot)
    dialog.refund()
    assert the_form(RefundForm).what.box.count() == 1


def test_a_void_needs_a_reason_and_shows(desk: Desk, shop: Shop, sold: int, qtbot: QtBot) -> None:
    dialog = look(desk, sold, qtbot)
    dialog.void_button.click()
    form = the_form(VoidForm)
    form.save()
    assert purchases.get(shop, sold).purchase.void_day is None
    form.why.set_value("Typed wrongly")
    form.save()
    settle(desk, qtbot)
    assert dialog.mark.text() == "Voided"
    assert "Voided 2026-11-21 | Typed wrongly" in words(dialog)
    assert not dialog.refund_button.isEnabled()
    assert not dialog.void_button.isEnabled()


def test_its_customers_card_is_one_key_away(
    desk: Desk, shop: Shop, sold: int, visits: Visits, qtbot: QtBot
) -> None:
    dialog = look(desk, sold, qtbot)
    dialog.card_button.click()
    assert visits.customers == [purchases.get(shop, sold).purchase.customer_id]
    assert not dialog.isVisible()


def test_a_walk_in_has_no_card(desk: Desk, shop: Shop, qtbot: QtBot) -> None:
    dialog = look(desk, purchases.record(shop, SaleDraft((FILMS,))), qtbot)
    assert not dialog.card_button.isVisible()
    assert "Nobody known" in dialog.about.whole_text()


def test_a_sale_that_is_gone_closes_with_a_sentence(desk: Desk, qtbot: QtBot) -> None:
    dialog = look(desk, 99, qtbot)
    assert not isValid(dialog) or not dialog.isVisible()
    assert "There is no sale number 99." in words(desk.window)


def test_the_latest_sales_and_one_by_its_number(desk: Desk, shop: Shop, sold: int, qtbot: QtBot) -> None:
    walk_in = purchases.record(shop, SaleDraft((FILMS,)))
    purchases.refund(shop, sold, 100, "划痕")
    dialog = LatestSales(desk)
    dialog.open()
    settle(desk, qtbot)
    assert [shown.sale.purchase.id for shown in dialog.table.records()] == [walk_in, sold]
    shown = dialog.table.rows.index(1, 1).data()
    assert shown == "iPhone 17 256G, 钢化膜 × 2 王建国 · 李娜 Refunded in part"
    dialog.text.set_value("352041000000008")
    QTest.keyClick(dialog.text.line, Key.Key_Return)
    settle(desk, qtbot)
    assert [shown.sale.purchase.id for shown in dialog.table.records()] == [sold]
    dialog.text.set_value("no such")
    dialog.text.entered.emit()
    settle(desk, qtbot)
    assert list(dialog.table.records()) == []


def test_a_sale_voided_from_the_list_says_so_there(desk: Desk, shop: Shop, qtbot: QtBot) -> None:
    purchases.record(shop, SaleDraft((FILMS,)))
    dialog = LatestSales(desk)
    dialog.open()
    settle(desk, qtbot)
    QTest.keyClick(dialog.table, Key.Key_Return)
    settle(desk, qtbot)
    the_form(PurchaseDialog).void()
    form = the_form(VoidForm)
    form.why.set_value("重复")
    form.save()
    settle(desk, qtbot)
    the_form(PurchaseDialog).reject()
    settle(desk, qtbot)
    (shown,) = dialog.table.records()
    assert shown.sale.purchase.void_reason == "重复"
