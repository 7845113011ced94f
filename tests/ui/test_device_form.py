"""The form of a device and the history of its owners, by keys alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from desktop_crm import customers, devices, purchases
from desktop_crm.purchase_drafts import LineDraft, SaleDraft
from desktop_crm.records.devices import Device
from desktop_crm.shop import Shop
from desktop_crm.ui.device_form import DeviceForm
from desktop_crm.ui.device_owners import DeviceOwners
from desktop_crm.ui.page import Desk
from tests.contact_builders import add_customer
from tests.ui.conftest import Visits

Key = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier
IMEI, NEXT = "352041000000008", "352041000000016"
Dialog = TypeVar("Dialog", bound=QDialog)


@pytest.fixture
def wang(shop: Shop) -> int:
    """A customer."""
    return add_customer(shop)


@pytest.fixture(autouse=True)
def closing(desk: Desk) -> Iterator[None]:
    """The window behind the dialogs; those that a test left open are closed."""
    desk.window.show()
    yield
    for each in QApplication.topLevelWidgets():
        if isinstance(each, QDialog) and isValid(each) and each.isVisible():
            each.done(0)


def settle(desk: Desk, qtbot: QtBot) -> None:
    for _again in range(3):
        qtbot.waitUntil(lambda: not desk.jobs.is_busy)
        QApplication.processEvents()


def the(kind: type[Dialog]) -> Dialog:
    return next(
        each for each in QApplication.topLevelWidgets() if isinstance(each, kind) and each.isVisible()
    )


def press(*keys: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    for key in keys:
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, key, modifier)


def type_in(text: str, *keys: Qt.Key) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClicks(focused, text)
    press(*keys)


def opened(desk: Desk, customer_id: int, device: Device | None = None) -> DeviceForm:
    form = DeviceForm(desk, customer_id, device)
    form.open_with(lambda _done: None)
    assert QTest.qWaitForWindowActive(form)
    QApplication.processEvents()
    focused = QApplication.focusWidget()
    assert focused is not None
    assert form.isAncestorOf(focused)
    return form


def test_a_device_is_written_down_by_keys_alone(desk: Desk, shop: Shop, wang: int, qtbot: QtBot) -> None:
    opened(desk, wang)
    type_in("Xiaomi 14", Key.Key_Return)
    type_in("black", Key.Key_Return)
    type_in("256G", Key.Key_Return)
    type_in("352041-00 000000/8", Key.Key_Return)
    type_in("sn 77", Key.Key_Return)
    type_in("2025-05-01", Key.Key_Return)
    type_in("2026-05-01", Key.Key_Return)
    type_in("Unicom 129", Key.Key_Return)
    type_in("2027-04-30", Key.Key_Return)
    press(Key.Key_Return, modifier=Qt.KeyboardModifier.ControlModifier)
    settle(desk, qtbot)
    (device,) = devices.of_customer(shop, wang)
    assert device == Device(
        device.id, wang, "Xiaomi 14", shop.stamp(), color="black", storage="256G", imei=IMEI, serial="SN77",
        acquired_day="2025-05-01", warranty_end_day="2026-05-01", plan_name="Unicom 129", plan_end_day="2027-04-30",
    )  # fmt: skip


def test_the_imei_names_the_model_and_whoever_has_it(desk: Desk, shop: Shop, wang: int, qtbot: QtBot) -> None:
    li = add_customer(shop, "李芳")
    purchases.record(shop, SaleDraft((LineDraft("iPhone 17 256G", 1, imei=IMEI),), customer_id=li))
    form = opened(desk, wang)
    form.imei.editor.setFocus()
    type_in(NEXT, Key.Key_Return)
    settle(desk, qtbot)
    assert form.model.value() == "iPhone 17 256G"
    assert form.imei._below.text() == ""
    form.imei.set_value(IMEI)
    form.imei.line.editingFinished.emit()
    settle(desk, qtbot)
    assert form.imei._below.text() == "This phone is on the card of 李芳, too."
    form.imei.set_value("352041000000009")
    form.imei.line.editingFinished.emit()
    settle(desk, qtbot)
    assert "check digit" in form.imei._below.text()
    form.save()
    settle(desk, qtbot)
    assert len(devices.of_customer(shop, wang)) == 1, "a warning never blocks"


def test_the_day_it_left_is_asked_of_what_left(desk: Desk, shop: Shop, wang: int, qtbot: QtBot) -> None:
    made = devices.add(shop, wang, "小米 14")
    form = opened(desk, wang, devices.of_customer(shop, wang)[0])
    assert not form.gone.isVisible()
    form.status.set_value("gone")
    assert form.gone.isVisible()
    form.gone.set_value(date(2026, 11, 1))
    form.note.set_value("给了儿子")
    form.here.set_value(True)
    form.save()
    settle(desk, qtbot)
    (device,) = devices.of_customer(shop, wang)
    assert (device.id, device.status, device.gone_day, device.note, device.bought_here) == (
        made,
        "gone",
        "2026-11-01",
        "给了儿子",
        True,
    )


def test_a_device_entered_by_mistake_is_removed_with_a_key(
    desk: Desk, shop: Shop, wang: int, qtbot: QtBot
) -> None:
    devices.add(shop, wang, "小米 14")
    opened(desk, wang, devices.of_customer(shop, wang)[0])
    press(Key.Key_X, modifier=ALT)
    settle(desk, qtbot)
    assert devices.of_customer(shop, wang) == []


def test_a_sold_device_cannot_be_removed(desk: Desk, shop: Shop, wang: int) -> None:
    purchases.record(shop, SaleDraft((LineDraft("小米 17", 1, imei=IMEI),), customer_id=wang))
    form = opened(desk, wang, devices.of_customer(shop, wang)[0])
    assert not form.removal.isVisible()
    form.done(0)


def test_who_had_it_leads_to_their_card(
    desk: Desk, shop: Shop, wang: int, visits: Visits, qtbot: QtBot
) -> None:
    li = add_customer(shop, "李芳")
    devices.add(shop, wang, "小米 14", imei=IMEI, acquired_day="2024-01-01", status="traded_in")
    devices.add(shop, li, "小米 14", imei=IMEI, acquired_day="2025-01-01")
    opened(desk, li, devices.of_customer(shop, li)[0])
    press(Key.Key_W, modifier=ALT)
    settle(desk, qtbot)
    owners = the(DeviceOwners)
    shown = [[owners.table.rows.index(row, column).data() for column in range(4)] for row in range(2)]
    assert shown == [
        ["李芳 now", "2025-01-01", "–", "brought along"],
        ["王建国", "2024-01-01", "–", "brought along traded in"],
    ]
    press(Key.Key_Down, Key.Key_Return)
    assert visits.customers == [wang]
    assert not any(
        isinstance(each, DeviceForm) and each.isVisible() for each in QApplication.topLevelWidgets()
    )


def test_a_sale_to_nobody_known_opens_no_card(desk: Desk, shop: Shop, visits: Visits, qtbot: QtBot) -> None:
    purchases.record(shop, SaleDraft((LineDraft("小米 14", 100, imei=IMEI),)))
    gone = add_customer(shop, "李芳")
    devices.add(shop, gone, "小米 14", imei=IMEI, acquired_day="2024-01-01", status="returned")
    customers.delete(shop, [gone])
    DeviceOwners(desk, IMEI, "").open()
    settle(desk, qtbot)
    owners = the(DeviceOwners)
    assert owners.table.rows.index(0, 0).data() == "Nobody known"
    assert owners.table.rows.index(1, 0).data() == "李芳 card deleted"
    press(Key.Key_Return)
    assert visits.customers == []
