"""Cards become one in a table of what differs: arrows and digits choose; and the warnings that lead there."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_crm import customers, devices, duplicates, history
from desktop_crm.customers import CustomerDraft
from desktop_crm.phones import PhoneDraft
from desktop_crm.shop import Shop
from desktop_crm.ui import customer_form
from desktop_crm.ui.card import CardPage
from desktop_crm.ui.customer_form import CustomerForm
from desktop_crm.ui.device_form import DeviceForm
from desktop_crm.ui.kit.forms import FormDialog
from desktop_crm.ui.merge import MergeForm, PickForm, merge_cards
from desktop_crm.ui.page import Desk
from tests.ui.conftest import Visits

CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


def person(shop: Shop, name: str = "王建国", *numbers: str, **fields: Any) -> int:  # fields of a draft
    """A card."""
    return customers.add(shop, CustomerDraft(name, tuple(map(PhoneDraft, numbers)), **fields))


def form(kind: type[FormDialog[Any]], qtbot: QtBot) -> Any:  # a form of that kind
    """The form that opens."""

    def found() -> list[Any]:
        return [
            each for each in QApplication.topLevelWidgets() if isinstance(each, kind) and each.isVisible()
        ]

    qtbot.waitUntil(lambda: bool(found()))
    return found()[0]


@pytest.fixture
def twins(shop: Shop) -> list[int]:
    """Three cards that differ."""
    return [
        person(shop, "王建国", "13800001111", wechat="wjg", address="文三路1号", note="爱喝茶"),
        person(shop, "王健国", "13900002222", wechat="wang", note="爱咖啡"),
        person(shop, "王先生", "13800001111", occupation="老师"),
    ]


def test_only_fields_that_differ_are_asked(desk: Desk, twins: list[int], qtbot: QtBot) -> None:
    merge_cards(desk, twins, print, keep_id=twins[0])
    opened = form(MergeForm, qtbot)
    assert list(opened.table.chosen()) == ["keep", "name", "phone", "wechat", "note"]
    assert "4 more fields" in opened.words.text()
    assert opened.chosen()["note"] == 0
    opened.reject()


def test_arrows_and_digits_choose_and_enter_goes_on(
    desk: Desk, shop: Shop, twins: list[int], qtbot: QtBot
) -> None:
    done: list[int] = []
    merge_cards(desk, twins, done.append, keep_id=twins[0])
    table = form(MergeForm, qtbot).table
    assert table.hasFocus()
    for key in (
        Qt.Key.Key_Return,
        Qt.Key.Key_2,
        Qt.Key.Key_Down,
        Qt.Key.Key_Right,
        Qt.Key.Key_Down,
        Qt.Key.Key_9,
    ):
        QTest.keyClick(table, key)  # name: the second; number: one to the right; WeChat: there is no ninth
    QTest.keyClick(table, Qt.Key.Key_Right)
    QTest.keyClick(table, Qt.Key.Key_Left)
    QTest.keyClick(table, Qt.Key.Key_0)  # WeChat cannot be all of them
    QTest.keyClick(table, Qt.Key.Key_Return)
    QTest.keyClick(table, Qt.Key.Key_3)
    QTest.keyClick(table, Qt.Key.Key_Left)
    QTest.keyClick(table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(done))
    made = customers.get(shop, twins[0])
    assert done == [twins[0]]
    assert (made.name, made.wechat, made.note) == ("王健国", "wjg", "爱咖啡")
    assert [phone.number for phone in customers.phones(shop, twins[0])] == ["13900002222", "13800001111"]


def test_another_card_may_stay_and_the_mouse_chooses(
    desk: Desk, shop: Shop, twins: list[int], qtbot: QtBot
) -> None:
    done: list[int] = []
    merge_cards(desk, twins, done.append, keep_id=twins[0])
    opened = form(MergeForm, qtbot)
    table = opened.table
    width = (table.width() - 132) // 4
    QTest.mouseClick(table, Qt.MouseButton.LeftButton, pos=QPoint(132 + width + 20, table._tops()[0] + 12))
    QTest.mouseClick(table, Qt.MouseButton.LeftButton, pos=QPoint(20, table._tops()[1] + 12))
    QTest.mouseClick(table, Qt.MouseButton.LeftButton, pos=QPoint(20, 2))
    QTest.keyClick(table, Qt.Key.Key_Up)
    QTest.keyClick(table, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: bool(done))
    assert done == [twins[1]]
    assert customers.get(shop, twins[0]).merged_into == twins[1]


def test_esc_asks_once_when_something_was_chosen(
    desk: Desk, shop: Shop, twins: list[int], qtbot: QtBot
) -> None:
    merge_cards(desk, twins, print)
    opened = form(MergeForm, qtbot)
    opened.table.choose("name", 2)
    opened.reject()
    assert opened.isVisible()
    opened.reject()
    assert not opened.isVisible()
    assert customers.count(shop) == 3


# ------------------------------------------------------------------------------------ while typing


def test_what_was_typed_is_added_to_the_card_that_is_there(
    desk: Desk, shop: Shop, twins: list[int], visits: Visits, qtbot: QtBot
) -> None:
    customer_form.new_customer(desk, None)
    opened = form(CustomerForm, qtbot)
    QTest.keyClicks(opened.phone.line, "13900002222, 057188886666")
    opened.email.set_value("w@example.com")
    qtbot.waitUntil(opened.known.isVisible)
    assert opened.focusWidget() is not opened.known.join_button
    opened.birthday.set_value("31-31")
    opened.known.join_button.click()
    assert opened.isVisible()
    opened.birthday.set_value("")
    opened.known.join_button.click()
    qtbot.waitUntil(lambda: visits.customers == [twins[1]])
    assert customers.get(shop, twins[1]).email == "w@example.com"
    assert desk.messages.shown == "Added to 王健国: 057188886666, E-mail w@example.com"
    assert history.changes(shop, 1)[0].label == "Add to the card of 王健国"


def test_nothing_to_add_is_said(desk: Desk, twins: list[int], visits: Visits, qtbot: QtBot) -> None:
    customer_form.new_customer(desk, None)
    opened = form(CustomerForm, qtbot)
    QTest.keyClicks(opened.phone.line, "13900002222")
    qtbot.waitUntil(opened.known.isVisible)
    opened.known.join_button.click()
    qtbot.waitUntil(lambda: visits.customers == [twins[1]])
    assert desk.messages.shown == "The card of 王健国 had all of it already."


def test_two_people_are_remembered_with_the_new_card(
    desk: Desk, shop: Shop, twins: list[int], visits: Visits, qtbot: QtBot
) -> None:
    customer_form.new_customer(desk, None)
    opened = form(CustomerForm, qtbot)
    opened.name.set_value("王健国")
    QTest.keyClicks(opened.phone.line, "13900002222")
    qtbot.waitUntil(opened.known.isVisible)
    opened.known.keep_button.click()
    opened.save()
    qtbot.waitUntil(lambda: len(visits.customers) == 1)
    new = visits.customers[0]
    assert duplicates.similar(shop, customers.draft_of(shop, new), own_id=new) == []


def test_an_edited_card_is_merged_or_kept_apart(
    desk: Desk, shop: Shop, twins: list[int], visits: Visits, qtbot: QtBot
) -> None:
    CustomerForm.edit(desk, twins[2], print)
    opened = form(CustomerForm, qtbot)
    QTest.keyClick(opened.wechat.line, Qt.Key.Key_End)
    QTest.keyClicks(opened.wechat.line, "wang")
    qtbot.waitUntil(opened.known.isVisible)
    opened.known.keep_button.click()
    qtbot.waitUntil(lambda: not desk.jobs.is_busy)
    assert shop.db.value("SELECT count(*) FROM distinct_pairs") >= 1
    opened.reject()
    opened.reject()
    CustomerForm.edit(desk, twins[0], print)
    opened = form(CustomerForm, qtbot)
    opened.wechat.set_value("")
    QTest.keyClicks(opened.wechat.line, "wang")
    qtbot.waitUntil(opened.known.isVisible)
    opened.known.join_button.click()
    merging = form(MergeForm, qtbot)
    assert customers.get(shop, twins[0]).wechat == "wang"
    merging.save()
    qtbot.waitUntil(lambda: len(visits.customers) == 1)
    assert customers.count(shop) == 2


@pytest.fixture
def card_page(desk: Desk, shown: Any, twins: list[int], qtbot: QtBot) -> CardPage:  # shows a widget
    """The first card, shown."""
    page = CardPage(desk)
    page.resize(1200, 760)
    page.open(twins[0])
    page.load()
    shown(page)
    qtbot.waitUntil(lambda: not desk.jobs.is_busy)
    return page


def type_wechat(page: CardPage, text: str, qtbot: QtBot) -> None:
    """Type a WeChat id on the card."""
    row = page.who.rows.wechat
    row.edit()
    editor = page.focusWidget()
    assert editor is not None
    QTest.keyClicks(editor, text)
    qtbot.waitUntil(lambda: not page.desk.jobs.is_busy)


def test_the_card_warns_while_a_wechat_id_is_typed(
    card_page: CardPage, shop: Shop, twins: list[int], visits: Visits, qtbot: QtBot
) -> None:
    type_wechat(card_page, "wang", qtbot)
    assert card_page.likeness.isVisible()
    assert card_page.likeness.text().startswith("王健国 139 0000 2222 is there already")
    card_page.likeness.open_button.click()
    assert visits.customers == [twins[1]]
    card_page.likeness.keep_button.click()
    qtbot.waitUntil(lambda: shop.db.value("SELECT count(*) FROM distinct_pairs") == 1)
    assert not card_page.likeness.isVisible()


def test_the_warning_on_the_card_goes_with_esc_and_with_another_card(
    card_page: CardPage, twins: list[int], qtbot: QtBot
) -> None:
    type_wechat(card_page, "wang", qtbot)
    assert card_page.go_back()
    assert not card_page.likeness.isVisible()
    type_wechat(card_page, "wang", qtbot)
    card_page.open(twins[2])
    card_page.load()
    qtbot.waitUntil(lambda: not card_page.likeness.isVisible())


def test_a_number_typed_on_the_card_is_looked_up(card_page: CardPage, qtbot: QtBot) -> None:
    card_page.who.numbers.add()
    editor = card_page.focusWidget()
    assert editor is not None
    QTest.keyClicks(editor, "13900002222")
    qtbot.waitUntil(card_page.likeness.isVisible)
    assert card_page.likeness.merge()
    form(MergeForm, qtbot).reject()


def test_a_card_is_merged_with_one_that_is_asked_for(
    card_page: CardPage, shop: Shop, twins: list[int], visits: Visits, qtbot: QtBot
) -> None:
    QTest.keyClick(card_page, Qt.Key.Key_M, ALT)
    picking = form(PickForm, qtbot)
    picking.other.set_value(twins[0])
    picking.save()
    assert "That is this card" in picking.problem()
    picking.other.set_value(twins[1])
    picking.save()
    form(MergeForm, qtbot).save()
    qtbot.waitUntil(lambda: visits.customers == [twins[0]])
    assert customers.get(shop, twins[1]).merged_into == twins[0]


def test_the_card_itself_is_not_offered_to_be_merged_with(
    card_page: CardPage, twins: list[int], qtbot: QtBot
) -> None:
    QTest.keyClick(card_page, Qt.Key.Key_M, ALT)
    picking = form(PickForm, qtbot)
    QTest.keyClicks(picking.other.line, "13800001111")
    qtbot.waitUntil(lambda: bool(picking.other.hits()))
    assert [hit.customer_id for hit in picking.other.hits()] == [twins[2]]
    picking.done(0)


def test_alt_m_on_a_new_card_keeps_the_one_with_a_past(
    card_page: CardPage, shop: Shop, twins: list[int], qtbot: QtBot
) -> None:
    devices.add(shop, twins[1], "iPhone 17")
    QTest.keyClick(card_page, Qt.Key.Key_M, ALT)
    picking = form(PickForm, qtbot)
    picking.other.set_value(twins[1])
    picking.save()
    opened = form(MergeForm, qtbot)
    assert opened.table.chosen()["keep"] == 1
    assert opened.chosen()["name"] == twins[1]
    opened.reject()


def test_a_merged_card_opens_as_the_one_that_stayed(
    card_page: CardPage, shop: Shop, twins: list[int], qtbot: QtBot
) -> None:
    from desktop_crm import merge  # the feature, not the form

    merge.merge(shop, twins[0], [twins[1]])
    card_page.open(twins[1])
    card_page.load()
    qtbot.waitUntil(lambda: card_page.current_customer() == twins[0])


# ------------------------------------------------------------------------------------ devices

IMEI = "356789012345671"


@pytest.fixture
def owner(shop: Shop, twins: list[int]) -> int:
    """The second card has the phone."""
    devices.add(shop, twins[1], "iPhone 17", imei=IMEI)
    return twins[1]


def device_form(desk: Desk, customer_id: int, qtbot: QtBot) -> DeviceForm:
    """The form with the phone's number typed."""
    made = DeviceForm(desk, customer_id)
    made.open_with(print)
    made.model.set_value("iPhone 17")
    QTest.keyClicks(made.imei.line, IMEI)
    qtbot.waitUntil(made.known.isVisible)
    return made


def test_a_device_that_somebody_has_is_noted_there(
    desk: Desk, shop: Shop, twins: list[int], owner: int, visits: Visits, qtbot: QtBot
) -> None:
    opened = device_form(desk, twins[0], qtbot)
    opened.known.join_button.click()
    qtbot.waitUntil(lambda: visits.customers == [owner])
    assert len(devices.of_customer(shop, owner)) == 2
    assert devices.of_customer(shop, twins[0]) == []


def test_the_owner_of_a_device_is_opened_or_kept_apart(
    desk: Desk, shop: Shop, twins: list[int], owner: int, visits: Visits, qtbot: QtBot
) -> None:
    opened = device_form(desk, twins[0], qtbot)
    opened.known.keep_button.click()
    qtbot.waitUntil(lambda: shop.db.value("SELECT count(*) FROM distinct_pairs") == 1)
    assert not opened.known.isVisible()
    opened.reject()
    opened.reject()
    opened = device_form(desk, twins[2], qtbot)
    opened.known.open_button.click()
    assert visits.customers == [owner]


def test_a_device_put_right_leads_to_one_card(
    desk: Desk, shop: Shop, twins: list[int], owner: int, visits: Visits, qtbot: QtBot
) -> None:
    number = devices.add(shop, twins[0], "iPhone 17")
    device = next(each for each in devices.of_customer(shop, twins[0]) if each.id == number)
    opened = DeviceForm(desk, twins[0], device)
    opened.open_with(print)
    QTest.keyClicks(opened.imei.line, IMEI)
    qtbot.waitUntil(opened.known.isVisible)
    opened.known.join_button.click()
    form(MergeForm, qtbot).save()
    qtbot.waitUntil(lambda: len(visits.customers) == 1)
    assert customers.count(shop) == 2
