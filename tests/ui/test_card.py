"""The card: shown, edited in place, acted upon by its keys."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QWidget
from pytestqt.qtbot import QtBot

from desktop_crm import (
    complaints,
    customers,
    devices,
    followups,
    history,
    interactions,
    purchases,
    staff,
)
from desktop_crm.complaints import ComplaintDraft
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.purchase_drafts import LineDraft, SaleDraft
from desktop_crm.shop import Shop
from desktop_crm.ui.card import CardPage
from desktop_crm.ui.contact_dialog import ContactDialog
from desktop_crm.ui.contact_form import ContactForm
from desktop_crm.ui.customer_form import CustomerForm
from desktop_crm.ui.device_form import DeviceForm
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.inplace import FieldRow
from desktop_crm.ui.page import Desk
from desktop_crm.ui.tiers import OverrideForm
from tests.ui.conftest import Visits

Show = Callable[[QWidget], None]


@pytest.fixture
def wang(shop: Shop) -> int:
    """A customer with two numbers, a phone bought here and a note."""
    made = customers.add(
        shop,
        CustomerDraft(
            "王建国",
            (PhoneDraft("13805718866"), PhoneDraft("057187654321", label="家")),
            ("拍照",),
            region="西湖区",
            address="文三路",
            birthday="1985-11-24",
            consent="granted",
            note="喜欢先看样机",
        ),
    )
    line = LineDraft("iPhone 17 256G 黑", 579_900, imei="356938035643809")
    purchases.record(shop, SaleDraft((line,), customer_id=made))
    return made


@pytest.fixture
def page(desk: Desk, wang: int, shown: Show, qtbot: QtBot) -> Iterator[CardPage]:
    """The card, loaded."""
    page = CardPage(desk)
    page.resize(1158, 680)
    shown(page)
    show(page, wang, qtbot)
    yield page
    qtbot.waitUntil(lambda: not desk.jobs.is_busy)


def show(page: CardPage, customer_id: int, qtbot: QtBot) -> None:
    page.open(customer_id)
    page.load()
    qtbot.waitUntil(lambda: page.card is not None and page.card.customer.id == customer_id)


def type_into(row: FieldRow, text: str, key: Qt.Key = Qt.Key.Key_Return) -> None:
    """Open a row, type, and end with a key."""
    row.edit()
    editor = row.findChild(QLineEdit)
    assert isinstance(editor, QLineEdit)
    editor.setText(text)
    QTest.keyClick(editor, key)


def opened(kind: type[QWidget], qtbot: QtBot) -> QWidget:
    """The dialog of this kind that is open."""

    def found() -> list[QWidget]:
        return [w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()]

    qtbot.waitUntil(lambda: bool(found()))
    return found()[0]


def button(page: CardPage, text: str) -> KeyButton:
    """A button of the panel of what can be done now; waits until it is there."""

    def found() -> list[KeyButton]:
        return [b for b in page.now.findChildren(KeyButton) if b.text() == text and b.isVisibleTo(page)]

    end = time.monotonic() + 5
    while not found() and time.monotonic() < end:
        QApplication.processEvents()
        time.sleep(0.01)
    return found()[0]


def test_the_card_shows_who_what_and_when(page: CardPage, wang: int) -> None:
    assert page.current_customer() == wang
    assert page.who.name.value() == "王建国"
    assert [row.accessibleName() for row in page.who.numbers.rows] == [
        "138 0571 8866 Mobile · main",
        "057187654321 家 · Landline",
    ]
    assert page.who.rows.birthday.value() == "1985-11-24"
    assert page.who.rows.address.value() == "西湖区 文三路"
    assert [owned.device.model for owned in page.devices.table.records()] == ["iPhone 17 256G 黑"]
    assert [entry.kind for entry in page.timeline.table.records()] == ["sale", "tier", "card"]
    assert page.note.note.value() == "喜欢先看样机"


@pytest.mark.parametrize(
    ("row", "text", "field", "stored"),
    [
        ("name", "王建中", "name", "王建中"),
        ("wechat", "wjg8866", "wechat", "wjg8866"),
        ("birthday", "lunar 10-15", "birthday", "--10-15"),
        ("address", "余杭区 高教路 1 号", "region", "余杭区"),
        ("address", "高教路", "address", "高教路"),
        ("source", "路过", "source", "路过"),
        ("card_no", "A001", "card_no", "A001"),
    ],
)
def test_enter_saves_a_field_in_place(
    page: CardPage, shop: Shop, wang: int, qtbot: QtBot, row: str, text: str, field: str, stored: str
) -> None:
    type_into(page.who.name if row == "name" else getattr(page.who.rows, row), text)
    qtbot.waitUntil(lambda: getattr(customers.get(shop, wang), field) == stored)
    qtbot.waitUntil(lambda: page.desk.messages.shown.startswith("Saved: "))
    history.undo(shop)
    assert getattr(customers.get(shop, wang), field) != stored


def test_esc_reverts_and_a_wrong_text_stays_with_its_sentence(
    page: CardPage, shop: Shop, wang: int, qtbot: QtBot
) -> None:
    type_into(page.who.rows.birthday, "1999-01-01", Qt.Key.Key_Escape)
    assert customers.get(shop, wang).birthday == "1985-11-24"
    type_into(page.who.rows.birthday, "31-31")
    qtbot.waitUntil(page.who.rows.birthday.is_editing)
    assert customers.get(shop, wang).birthday == "1985-11-24"


def test_the_note_is_saved_by_ctrl_enter(page: CardPage, shop: Shop, wang: int, qtbot: QtBot) -> None:
    before = customers.get(shop, wang).note
    QTest.keyClick(page, Qt.Key.Key_N, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(page.note.note.is_editing)
    editor = page.focusWidget()
    QTest.keyClicks(editor, "x")
    QTest.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: customers.get(shop, wang).note == before + "x")  # nothing is typed over


def test_clerk_and_consent_are_chosen_from_a_list(
    page: CardPage, shop: Shop, wang: int, qtbot: QtBot
) -> None:
    li = staff.add(shop, "李娜")
    page.load()
    qtbot.waitUntil(lambda: not page.desk.jobs.is_busy)
    QTest.keyClick(page.who.rows.owner, Qt.Key.Key_Return)
    menu = page.who.rows.owner.findChild(QMenu)
    assert isinstance(menu, QMenu)
    assert [action.text() for action in menu.actions()] == ["李娜", "Nobody"]
    menu.actions()[0].trigger()
    menu.close()
    qtbot.waitUntil(lambda: customers.get(shop, wang).owner_staff_id == li)
    page.who.rows.consent.choose("refused")
    qtbot.waitUntil(lambda: customers.get(shop, wang).consent == "refused")
    qtbot.waitUntil(lambda: page.card is not None and page.card.advice[0].head == "Do not contact")


def test_a_contact_is_noted_by_f8_words_enter_enter(
    page: CardPage, shop: Shop, wang: int, qtbot: QtBot
) -> None:
    QTest.keyClick(page, Qt.Key.Key_F8)
    form = opened(ContactForm, qtbot)
    assert isinstance(form, ContactForm)
    QTest.keyClicks(form.summary.line, "colours")
    QTest.keyClick(form.summary.line, Qt.Key.Key_Return)
    QTest.keyClick(form.focusWidget(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(interactions.of_customer(shop, wang)) == 1)
    contact = interactions.of_customer(shop, wang)[0]
    assert (contact.summary, contact.channel, contact.began_by) == ("colours", "visit", "customer")
    qtbot.waitUntil(lambda: "colours" in [entry.text for entry in page.timeline.table.records()])


def test_the_timeline_is_filtered(page: CardPage, shop: Shop, wang: int) -> None:
    page.timeline.filters.choose("purchases")
    assert [entry.kind for entry in page.timeline.table.records()] == ["sale"]
    page.timeline.filters.choose("all")
    assert len(page.timeline.table.records()) == 3


def test_devices_are_added_and_put_right(page: CardPage, shop: Shop, wang: int, qtbot: QtBot) -> None:
    page.devices.add_button.click()
    form = opened(DeviceForm, qtbot)
    assert isinstance(form, DeviceForm)
    form.model.set_value("小米 17")
    form.imei.set_value("123456789012345")
    form.imei.line.editingFinished.emit()
    form.since.set_value(date(2025, 1, 1))
    form.save()
    qtbot.waitUntil(lambda: len(devices.of_customer(shop, wang)) == 2)
    qtbot.waitUntil(lambda: len(page.devices.table.records()) == 2)
    page.devices.table.select(page.devices.table.records()[1].device.id)
    QTest.keyClick(page.devices.table, Qt.Key.Key_Return)
    form = opened(DeviceForm, qtbot)
    assert isinstance(form, DeviceForm)
    assert form.model.value() == "小米 17"
    form.status.set_value("gone")
    form.save()
    qtbot.waitUntil(lambda: devices.of_customer(shop, wang)[1].status == "gone")


def test_what_is_open_leads_to_it(
    page: CardPage, shop: Shop, wang: int, visits: Visits, qtbot: QtBot
) -> None:
    case = complaints.receive(shop, ComplaintDraft("屏幕偏黄", wang))
    page.load()
    qtbot.waitUntil(lambda: len(page.open_items.table.records()) == 3)
    page.open_items.table.selectRow(0)
    QTest.keyClick(page.open_items.table, Qt.Key.Key_Return)
    button(page, "Open the case").click()
    page.timeline.table.select(("complaint", ("complaint", case), page.timeline.table.records()[0].at))
    QTest.keyClick(page.timeline.table, Qt.Key.Key_Return)
    assert visits.pages == [("complaints", case)] * 3


def test_a_due_followup_is_finished_on_the_card(page: CardPage, shop: Shop, wang: int, qtbot: QtBot) -> None:
    made = followups.plan(shop, wang, shop.today(), "新款到货")
    page.load()
    qtbot.waitUntil(lambda: page.card is not None and page.card.advice[0].action == "followup")
    button(page, "Copy").click()
    assert "新款到货" in QApplication.clipboard().text()
    button(page, "Outcome").click()
    dialog = opened(ContactDialog, qtbot)
    assert isinstance(dialog, ContactDialog)
    qtbot.waitUntil(lambda: dialog.panel.customer_id == wang)
    qtbot.waitUntil(lambda: isinstance(dialog.focusWidget(), KeyButton))
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_1)
    qtbot.waitUntil(lambda: not isinstance(dialog.focusWidget(), KeyButton))
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: followups.get(shop, made).state == "done")


def test_consent_is_asked_and_answered(page: CardPage, shop: Shop, visits: Visits, qtbot: QtBot) -> None:
    bare = customers.add(shop, CustomerDraft("李芳"))
    show(page, bare, qtbot)
    qtbot.waitUntil(lambda: not page.desk.jobs.is_busy)
    button(page, "Follow-up").click()
    assert visits.actions == [("followup", None)]
    button(page, "Agrees to contact").click()
    qtbot.waitUntil(lambda: customers.get(shop, bare).consent == "granted")


def test_the_menu_sets_the_tier_and_deletes_with_undo(
    page: CardPage, shop: Shop, wang: int, qtbot: QtBot
) -> None:
    page.who.more_button.click()
    menu = page.who.findChild(QMenu)
    assert isinstance(menu, QMenu)
    assert [action.text().split("\t")[0] for action in menu.actions()] == [
        "Add a phone number",
        "Edit tags",
        "Link with another card",
        "Open the card with the same number",
        "The details are right",
        "Set the tier by hand",
        "Points",
        "What was brought along",
        "Delete this card",
    ]
    menu.actions()[5].trigger()
    menu.close()
    form = opened(OverrideForm, qtbot)
    assert isinstance(form, OverrideForm)
    form.close()
    with qtbot.waitActive(page):
        page.activateWindow()
    QTest.keyClick(page, Qt.Key.Key_Delete, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: customers.get(shop, wang).deleted_at is not None)
    qtbot.waitUntil(lambda: page.desk.messages.shown == "The card of 王建国 was deleted.")
    history.undo(shop)
    show(page, wang, qtbot)
    assert page.current_customer() == wang


def test_a_deleted_card_is_shown_as_such_and_a_missing_one_says_so(
    page: CardPage, shop: Shop, wang: int, visits: Visits, qtbot: QtBot
) -> None:
    customers.delete(shop, [wang])
    page.load()
    qtbot.waitUntil(lambda: page.card is not None and page.card.customer.deleted_at is not None)
    assert page.current_customer() is None
    QTest.keyClick(page, Qt.Key.Key_F8)
    page.open(999)
    page.load()
    qtbot.waitUntil(lambda: page.card is None)
    nobody = next(each for each in page.findChildren(KeyButton) if each.text() == "All customers")
    nobody.click()
    assert visits.pages == [("customers", None)]


def test_all_fields_open_in_a_form(page: CardPage, qtbot: QtBot) -> None:
    page.who.edit_button.click()
    form = opened(CustomerForm, qtbot)
    assert isinstance(form, CustomerForm)
    form.name.set_value("王建中")
    form.save()
    qtbot.waitUntil(lambda: page.who.name.value() == "王建中")


def test_little_room_puts_the_right_column_below(page: CardPage) -> None:
    wide = page.now.mapTo(page, QPoint(0, 0)).x()
    page.resize(719, 420)
    QApplication.processEvents()
    assert page.now.mapTo(page, QPoint(0, 0)).x() < wide / 2


def test_bars_say_their_sum_where_one_points(page: CardPage) -> None:
    bars = page.value.bars
    middle = QPointF(bars.width() - 2.0, 5.0)
    none = Qt.MouseButton.NoButton
    event = QMouseEvent(
        QMouseEvent.Type.MouseMove,
        middle,
        bars.mapToGlobal(middle),
        none,
        none,
        Qt.KeyboardModifier.NoModifier,
    )
    bars.mouseMoveEvent(event)
    pointed = bars.grab().toImage()
    bars.leaveEvent(event)
    assert bars.grab().toImage() != pointed
    assert "¥5,799" in bars.accessibleName()
