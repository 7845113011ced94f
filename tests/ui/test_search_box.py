"""The search box in the window: hits and their marks, keys, scans, input methods, and what is offered on a miss."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_crm import custom_fields, customers
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.records.devices import Device
from desktop_crm.shop import Shop
from desktop_crm.ui.hit_list import _grouped
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.main_window import MainWindow
from desktop_crm.ui.page import ActionSpec
from desktop_crm.ui.scanner import Burst
from desktop_crm.ui.search_box import SearchBox
from tests.ui import pages

IMEI = "490154203237518"
NEW_CUSTOMER = ActionSpec("customer", "New customer", "Ctrl+N", f"{pages.HERE}:begin")


@pytest.fixture
def window(make_window: Callable[..., MainWindow], qtbot: QtBot) -> MainWindow:
    """The whole window with stand-in pages."""
    made = make_window(pages.PAGES, (*pages.ACTIONS, NEW_CUSTOMER))
    made.go_to("today")
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    pages.begun.clear()
    return made


@pytest.fixture
def box(window: MainWindow) -> SearchBox:
    """Its search box, into which a person types slowly."""
    window.search.burst = Burst(iter(range(10_000)).__next__)
    window.search.setFocus()
    return window.search


@pytest.fixture
def people(shop: Shop) -> dict[str, int]:
    """A family with one number, and somebody who had the phone before."""
    with shop.change("x", {"customers"}):
        made = {
            name: customers.add_within(shop, CustomerDraft(name, (PhoneDraft(phone),), note=note))
            for name, phone, note in (
                ("王建国", "13805718866", "喜欢先看样机"),
                ("李芳", "13805718866", ""),
                ("曾敏", "13900001234", ""),
            )
        }
        shop.db.insert(Device(0, made["曾敏"], "Mate 70", "", imei=IMEI, status="gone"))
        shop.db.insert(Device(0, made["王建国"], "Mate 70", "", imei=IMEI))
    return made


def find(box: SearchBox, qtbot: QtBot, text: str) -> None:
    """Type a text and wait for its answer."""
    box.setText(text)
    qtbot.waitUntil(lambda: box._answer is not None and box._answer.query == text)


def scan(box: SearchBox, code: str) -> None:
    """A scanner's keys: one right after the other, Enter at the end."""
    box.burst = Burst(lambda: 1.0)
    QTest.keyClicks(box, code)
    QTest.keyClick(box, Qt.Key.Key_Return)


def names(box: SearchBox) -> list[str]:
    """Who is in the list."""
    return [hit.name for hit in box.hits]


def test_everybody_who_shares_a_number_is_shown_with_the_digits_marked(
    box: SearchBox, people: dict[str, int], qtbot: QtBot
) -> None:
    find(box, qtbot, "8866")
    assert sorted(names(box)) == ["李芳", "王建国"]
    (reason,) = box.hits[0].reasons
    assert (reason.place, reason.number, reason.start, reason.size) == ("phone", 0, 7, 4)
    assert _grouped("138 0571 8866", reason) == (9, 13)
    said = box._list.model.data(box._list.model.index(0))
    assert "138 0571 8866 · phone …8866" in said


def test_what_matched_is_painted_in_colour(box: SearchBox, people: dict[str, int], qtbot: QtBot) -> None:
    pictures = []
    for text in ("13805718866", "wang", "note:样机", "建国 138"):
        find(box, qtbot, text)
        pictures.append(box._list.view.grab().toImage())
    for hit in box.hits:
        object.__setattr__(hit, "reasons", ())
    plain = box._list.view.grab().toImage()
    assert plain != pictures[-1], "without the reasons nothing is marked"
    assert all(one != other for one, other in pairwise(pictures))


def test_arrows_choose_enter_opens_and_escape_closes_then_clears(
    window: MainWindow, box: SearchBox, people: dict[str, int], qtbot: QtBot
) -> None:
    find(box, qtbot, "8866")
    second = box.hits[1].customer_id
    QTest.keyClick(box, Qt.Key.Key_Down)
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert box._list.chosen() == box.hits[1], "the last one stays chosen"
    QTest.keyClick(box, Qt.Key.Key_PageUp)
    assert box._list.chosen() == box.hits[0]
    QTest.keyClick(box, Qt.Key.Key_PageDown)
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert window._here == ("card", second)
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert box.is_open()
    QTest.keyClick(box, Qt.Key.Key_Escape)
    assert (box.is_open(), box.text()) == (False, "8866")
    QTest.keyClick(box, Qt.Key.Key_Escape)
    assert box.text() == ""


def test_a_click_opens_a_hit(
    window: MainWindow, box: SearchBox, people: dict[str, int], qtbot: QtBot
) -> None:
    find(box, qtbot, "8866")
    second = box.hits[1].customer_id
    view = box._list.view
    place = view.visualRect(box._list.model.index(1)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert window._here == ("card", second)


def test_a_scanned_imei_opens_the_card_of_who_has_the_phone_now(
    window: MainWindow, box: SearchBox, people: dict[str, int], qtbot: QtBot
) -> None:
    box.setText("left from before")
    scan(box, IMEI)
    qtbot.waitUntil(lambda: window._here == ("card", people["王建国"]))
    assert box.text() == IMEI
    assert not box.is_open()


def test_a_scanned_number_of_several_shows_them_all(
    window: MainWindow, box: SearchBox, people: dict[str, int], qtbot: QtBot
) -> None:
    scan(box, "13805718866")
    qtbot.waitUntil(lambda: len(box.hits) == 2)
    assert box.is_open()
    assert window._here[0] != "card"


def test_a_scanned_code_of_nobody_says_so(
    window: MainWindow, box: SearchBox, people: dict[str, int], qtbot: QtBot
) -> None:
    scan(box, "6901234567892")
    qtbot.waitUntil(lambda: window.messages.shown == "Nobody fits “6901234567892”.")


def test_digits_typed_by_hand_are_no_scan(box: SearchBox) -> None:
    box.burst = Burst(iter(range(100)).__next__)
    for digit in "49015420":
        box.burst.feel(digit)
    assert box.burst.code() == ""
    quick = Burst(lambda: 0.0)
    for digit in "8866":
        quick.feel(digit)
    assert quick.code() == "", "four digits typed fast are a phone's tail"


def test_a_miss_offers_a_new_card_with_what_was_typed(
    window: MainWindow, box: SearchBox, people: dict[str, int], qtbot: QtBot
) -> None:
    assert box.missed() == ""
    find(box, qtbot, "8866")
    assert box.missed() == "", "somebody fits"
    find(box, qtbot, "赵敏 13600001111")
    assert box.missed() == "赵敏 13600001111"
    assert box._list.new_button.isVisible()
    QTest.mouseClick(box._list.new_button, Qt.MouseButton.LeftButton)
    assert pages.begun == [None], "the first action was begun, for nobody in particular"


def test_an_empty_box_tells_what_may_be_typed(
    window: MainWindow, shop: Shop, box: SearchBox, people: dict[str, int], qtbot: QtBot
) -> None:
    age = custom_fields.add(shop, "宝宝年龄", "number")
    custom_fields.put(shop, people["曾敏"], age, "3")
    window.setFocus()
    box.setFocus(Qt.FocusReason.ShortcutFocusReason)
    qtbot.waitUntil(box.is_open)
    buttons = {button.text(): button for button in box._list.findChildren(KeyButton) if button.isVisible()}
    assert list(buttons) == ["note:", "tag:", "宝宝年龄:"]
    QTest.mouseClick(buttons["宝宝年龄:"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: box._answer is not None and box._answer.is_open)
    assert (box.text(), box._summary()) == ("宝宝年龄:", "")
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert not window.messages.shown
    QTest.keyClicks(box, "3")
    qtbot.waitUntil(lambda: names(box) == ["曾敏"])
    assert box.hits[0].matched == "宝宝年龄 3"


def test_a_key_typed_elsewhere_shows_no_hints(window: MainWindow, box: SearchBox, qtbot: QtBot) -> None:
    window.setFocus()
    box.take(QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_8, Qt.KeyboardModifier.NoModifier, "8"))
    qtbot.waitUntil(lambda: box._answer is not None)
    assert box._list._hints.isHidden()


def test_composing_hides_the_hints_and_what_is_chosen_is_asked(
    window: MainWindow, box: SearchBox, people: dict[str, int], qtbot: QtBot
) -> None:
    window.setFocus()
    box.setFocus(Qt.FocusReason.ShortcutFocusReason)
    qtbot.waitUntil(box.is_open)
    QApplication.sendEvent(box, QInputMethodEvent("wang", []))
    assert not box.is_open()
    chosen = QInputMethodEvent("", [])
    chosen.setCommitString("王")
    QApplication.sendEvent(box, chosen)
    qtbot.waitUntil(lambda: names(box) == ["王建国"])
    assert box.is_open()


def test_the_list_stays_inside_the_window_and_shows_eight_rows(
    window: MainWindow, shop: Shop, box: SearchBox, qtbot: QtBot
) -> None:
    with shop.change("x", {"customers"}):
        for number in range(12):
            customers.add_within(
                shop, CustomerDraft(f"王{'伟' * 20}", (PhoneDraft(f"138000088{number:02d}"),))
            )
    find(box, qtbot, "王")
    hanging = box._list
    assert hanging.view.verticalScrollBar().maximum() == 4
    corner = hanging.mapTo(window, QPoint(hanging.width(), hanging.height()))
    assert window.rect().contains(corner)
