"""The window: places, keys, what is told to which page, undo, language, theme, person."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent, QInputMethodQueryEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop_crm import customers, staff
from desktop_crm.base import i18n, machine
from desktop_crm.customers import CustomerDraft
from desktop_crm.settings import SHOP_NAME
from desktop_crm.shop import Shop
from desktop_crm.ui.key_sheet import KeySheet
from desktop_crm.ui.kit import theme
from desktop_crm.ui.kit.messages import Messages
from desktop_crm.ui.main_window import ACTIONS, PAGES, MainWindow
from desktop_crm.ui.page import Page
from desktop_crm.ui.person import PersonDialog, choose_person
from tests.ui import pages
from tests.ui.pages import NamePage

Windows = Callable[..., MainWindow]


@pytest.fixture
def window(make_window: Windows, qtbot: QtBot) -> MainWindow:
    made = make_window(pages.PAGES, pages.ACTIONS)
    made.go_to("today")
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    settle(made, qtbot)
    pages.begun.clear()
    return made


def settle(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not window.jobs.is_busy)


def page(window: MainWindow, key: str = "today") -> NamePage:
    return cast(NamePage, window._pages[key])


def focused(window: MainWindow) -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def test_pages_are_built_when_they_are_first_shown(window: MainWindow, qtbot: QtBot) -> None:
    assert list(window._pages) == ["today"]
    window.go_to("customers")
    assert list(window._pages) == ["today", "customers"]
    window.go_to("today")
    assert page(window).loads == 1


def test_the_frame_shows_shop_person_and_backup(window: MainWindow, shop: Shop, qtbot: QtBot) -> None:
    assert window.windowTitle() == "星河手机店"
    assert window.rail._shop.whole_text() == "星河手机店"
    assert window.rail._person.text() == "Who is there?"
    assert window.rail._backup.whole_text() == "No backup yet"
    assert window.rail._entries["today"]._badge.count == 5


@pytest.mark.parametrize("modifier", [Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier])
def test_alt_and_control_with_a_digit_go_to_pages(
    window: MainWindow, qtbot: QtBot, modifier: Qt.KeyboardModifier
) -> None:
    QTest.keyClick(focused(window), Qt.Key.Key_2, modifier)
    assert window.current_page() is page(window, "customers")


def test_a_card_is_opened_loaded_and_left_with_escape(window: MainWindow, qtbot: QtBot) -> None:
    window.open_customer(7)
    card = page(window, "card")
    assert (card.opened, card.loads) == ([7], 1)
    assert window.rail._entries["customers"].isChecked()
    window.open_customer(8)
    assert (card.opened, card.loads) == ([7, 8], 2)
    QTest.keyClick(focused(window), Qt.Key.Key_Escape)
    assert card.opened[-1] == 7
    card.backs = 1
    QTest.keyClick(focused(window), Qt.Key.Key_Escape)
    assert window.current_page() is card, "the page closed something of its own"
    QTest.keyClick(focused(window), Qt.Key.Key_Escape)
    assert window.current_page() is page(window, "today")
    QTest.keyClick(focused(window), Qt.Key.Key_Escape)
    assert window.current_page() is page(window, "today")


def test_a_visible_page_reloads_after_a_change_of_others_and_ignores_its_own(
    window: MainWindow, qtbot: QtBot
) -> None:
    today = page(window)
    today.rename("Mine")
    settle(window, qtbot)
    assert today.loads == 1
    today.rename("Theirs", own=False)
    qtbot.waitUntil(lambda: today.name.text() == "Theirs")
    assert today.loads == 2
    qtbot.waitUntil(lambda: window.rail._entries["today"]._badge.count == 6)
    assert window.windowTitle() == "Theirs"


def test_a_hidden_page_is_loaded_when_it_is_shown_again(window: MainWindow, qtbot: QtBot) -> None:
    today = page(window)
    window.go_to("customers")
    today.rename("Theirs", own=False)
    settle(window, qtbot)
    assert (today.loads, today.is_stale, page(window, "customers").loads) == (1, True, 1)
    window.go_to("today")
    assert today.loads == 2


def test_f5_loads_again(window: MainWindow, qtbot: QtBot) -> None:
    QTest.keyClick(focused(window), Qt.Key.Key_F5)
    assert page(window).loads == 2


def test_typing_anywhere_begins_a_search_with_all_its_letters(window: MainWindow, qtbot: QtBot) -> None:
    QTest.keyClicks(focused(window), "8")
    assert focused(window) is window.search
    QTest.keyClicks(focused(window), "866")
    assert window.search.text() == "8866"
    settle(window, qtbot)


def test_typing_in_a_text_field_stays_there(window: MainWindow, qtbot: QtBot) -> None:
    field = page(window).field
    field.setFocus()
    QTest.keyClicks(field, "8866")
    assert (field.text(), window.search.text()) == ("8866", "")


def test_keys_with_control_or_alt_and_spaces_begin_no_search(window: MainWindow, qtbot: QtBot) -> None:
    for key, modifier in [
        (Qt.Key.Key_X, Qt.KeyboardModifier.AltModifier),
        (Qt.Key.Key_X, Qt.KeyboardModifier.ControlModifier),
        (Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier),
    ]:
        QTest.keyClick(focused(window), key, modifier)
    assert window.search.text() == ""
    assert focused(window) is not window.search


def test_composing_anywhere_is_shown_in_the_search_box_and_not_broken_off(
    window: MainWindow, qtbot: QtBot
) -> None:
    at = focused(window)
    assert at.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
    query = QInputMethodQueryEvent(Qt.InputMethodQuery.ImCursorRectangle | Qt.InputMethodQuery.ImEnabled)
    QApplication.sendEvent(at, query)
    assert query.value(Qt.InputMethodQuery.ImEnabled) is True
    QApplication.sendEvent(at, QInputMethodEvent("wang", []))
    assert focused(window) is at, "a moved focus would break the composing off"
    assert window.search.text() == ""
    done = QInputMethodEvent()
    done.setCommitString("王")
    QApplication.sendEvent(at, done)
    assert window.search.text() == "王"
    assert focused(window) is window.search
    settle(window, qtbot)


def test_a_scan_opens_the_card_although_enter_comes_before_the_answer(
    window: MainWindow, shop: Shop, qtbot: QtBot
) -> None:
    number = customers.add(shop, draft("王建国", "13805718866"))
    settle(window, qtbot)
    QTest.keyClicks(focused(window), "1")
    QTest.keyClicks(focused(window), "3805718866")
    QTest.keyClick(focused(window), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window._here == ("card", number))
    assert focused(window) is page(window, "card")


def draft(name: str, phone: str) -> CustomerDraft:
    return CustomerDraft(name=name, phones=(customers.PhoneDraft(phone),))


def test_the_hits_hang_below_the_box_and_arrows_choose(window: MainWindow, shop: Shop, qtbot: QtBot) -> None:
    ids = {
        customers.add(shop, draft(name, phone))
        for name, phone in [("王建国", "13805718866"), ("刘洋", "13812348866")]
    }
    window.search.setFocus()
    QTest.keyClicks(window.search, "8866")
    qtbot.waitUntil(lambda: len(window.search.hits) == 2)
    assert window.search.is_open()
    second = window.search.hits[1].customer_id
    QTest.keyClick(window.search, Qt.Key.Key_Down)
    QTest.keyClick(window.search, Qt.Key.Key_Return)
    assert window._here == ("card", second)
    assert second in ids
    assert not window.search.is_open()
    QTest.keyClick(focused(window), Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert window.search.selectedText() == "8866"
    QTest.keyClick(window.search, Qt.Key.Key_Up)
    assert window.search.is_open()
    QTest.keyClick(window.search, Qt.Key.Key_Escape)
    assert (window.search.is_open(), window.search.text()) == (False, "8866")
    QTest.keyClick(window.search, Qt.Key.Key_Escape)
    assert window.search.text() == ""
    QTest.keyClick(window.search, Qt.Key.Key_Escape)
    assert focused(window) is page(window, "card")
    settle(window, qtbot)


def test_a_number_that_nobody_has_is_said_so(window: MainWindow, qtbot: QtBot) -> None:
    window.search.setFocus()
    QTest.keyClicks(window.search, "13900001111")
    QTest.keyClick(window.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.messages.shown == "Nobody fits “13900001111”.")
    assert window.search._summary() == "nobody found"


def test_an_action_is_begun_for_the_open_customer(window: MainWindow, qtbot: QtBot) -> None:
    pages.offered.clear()
    window.open_customer(7)
    QTest.keyClick(focused(window), Qt.Key.Key_F2)
    QTest.keyClick(focused(window), Qt.Key.Key_F12)
    window.desk.run_action("sale", 9)
    assert (pages.begun, pages.offered) == ([7, 7, 9], [])


def test_a_customer_selected_among_many_is_only_offered(window: MainWindow, qtbot: QtBot) -> None:
    pages.offered.clear()
    window.go_to("today", 5)
    QTest.keyClick(focused(window), Qt.Key.Key_F2)
    QTest.keyClick(focused(window), Qt.Key.Key_F12)
    assert (pages.begun, pages.offered) == ([5], [5])


def test_undo_and_redo_say_which_step(window: MainWindow, shop: Shop, qtbot: QtBot) -> None:
    page(window).rename("Star")
    settle(window, qtbot)
    window.say_done("Renamed.")
    assert window.messages.shown == "Renamed."
    QTest.keyClick(focused(window), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.messages.shown == "Undone: Rename")
    assert shop.get(SHOP_NAME) == "星河手机店"
    QTest.keyClick(focused(window), Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: shop.get(SHOP_NAME) == "Star")
    settle(window, qtbot)


def test_a_text_field_keeps_its_own_undo(window: MainWindow, shop: Shop, qtbot: QtBot) -> None:
    page(window).rename("Star")
    settle(window, qtbot)
    field = page(window).field
    field.setFocus()
    QTest.keyClicks(field, "abc")
    QTest.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(window, qtbot)
    assert field.text() == ""
    assert shop.get(SHOP_NAME) == "Star"


def test_a_toast_never_takes_the_focus_and_goes_with_escape(window: MainWindow, qtbot: QtBot) -> None:
    before = focused(window)
    window.messages.error("The disk is full: nothing was saved.")
    assert focused(window) is before
    QTest.keyClick(before, Qt.Key.Key_Escape)
    assert window.messages.shown == ""


def test_f1_shows_every_key(window: MainWindow, qtbot: QtBot) -> None:
    QTest.keyClick(focused(window), Qt.Key.Key_F1)
    qtbot.waitUntil(lambda: window.findChild(KeySheet) is not None)
    sheet = window.findChild(KeySheet)
    assert sheet is not None
    qtbot.waitUntil(sheet.isVisible)
    shown = {label.text() for label in sheet.findChildren(QLabel)}
    assert {"Begin", "Go to", "Everywhere", "Undo the last step"} <= shown
    with qtbot.waitSignal(sheet.destroyed):
        sheet.reject()


def test_the_language_changes_at_run_time_and_one_stays_where_one_was(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.open_customer(7)
    before = window.current_page()
    window.set_language("zh_CN")
    assert i18n.current_language() == "zh_CN"
    after = cast(NamePage, window.current_page())
    assert after is not before
    assert after.opened == [7]
    window.set_language("en")
    settle(window, qtbot)
    QTest.keyClicks(focused(window), "8")
    assert window.search.text() == "8"
    settle(window, qtbot)


def test_the_theme_changes_at_run_time_and_is_remembered(window: MainWindow) -> None:
    window.set_dark(True)
    assert theme.tokens() is theme.DARK
    assert machine.read(window.state._folder)["dark"] is True, "also where the power is cut"
    window.set_dark(False)
    assert theme.tokens() is theme.LIGHT


def test_the_person_at_the_counter_is_chosen_by_digit(window: MainWindow, shop: Shop, qtbot: QtBot) -> None:
    choose_person(window.desk, None)
    qtbot.waitUntil(lambda: window.messages.shown == "There are no staff yet. Add them in Settings.")
    staff.add(shop, "李娜")
    zhang = staff.add(shop, "张强")
    choose_person(window.desk, None)
    qtbot.waitUntil(lambda: window.findChild(PersonDialog) is not None)
    dialog = window.findChild(PersonDialog)
    assert dialog is not None
    rows = dialog.people.rows
    people = [row.text() for row in rows]
    with qtbot.waitSignal(dialog.destroyed):
        QTest.keyClicks(rows[0], str(people.index("张强 ・ clerk") + 1))
    assert window.jobs.shop.staff_id == zhang
    assert machine.read(window.state._folder)[f"person.{shop.keys.shop_id}"] == str(zhang)
    qtbot.waitUntil(lambda: window.rail._person.text() == "张强 ・ clerk")


def test_a_small_window_keeps_everything_within_reach(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(911, 485)
    assert (window.width(), window.height()) == (911, 485)
    assert all(button.geometry().right() < window.width() - window.rail.width() for button in window._bar)
    foot = window.rail._backup.geometry()
    assert foot.bottom() <= 485
    assert window.search.width() >= 180


def test_the_place_of_the_window_is_remembered(
    window: MainWindow, make_window: Windows, qtbot: QtBot
) -> None:
    window.resize(800, 620)
    window.close()
    again = make_window(pages.PAGES, pages.ACTIONS)
    window.state.save()
    assert window.state.text("window")
    again._restore_place()
    assert (again.width(), again.height()) == (800, 620)


def test_a_small_screen_is_filled_the_first_time(window: MainWindow, make_window: Windows) -> None:
    first = make_window(pages.PAGES, pages.ACTIONS)
    assert first.screen().availableGeometry().width() <= 1366
    first.appear()
    assert first.isMaximized()
    window.resize(800, 620)
    window.close()
    again = make_window(pages.PAGES, pages.ACTIONS)
    again.appear()
    assert not again.isMaximized()


def test_closing_waits_for_what_is_being_saved(window: MainWindow, shop: Shop, qtbot: QtBot) -> None:
    page(window).rename("Star")
    with qtbot.waitSignal(window.closed):
        window.close()
    assert shop.get(SHOP_NAME) == "Star"


def test_in_the_tray_the_window_only_hides(window: MainWindow) -> None:
    window.setProperty("stays_in_tray", True)
    window.close()
    assert not window.isVisible()
    assert not window.jobs._closing


def test_every_page_and_action_names_a_place() -> None:
    assert len({spec.key for spec in PAGES}) == len(PAGES)
    assert [spec.key for spec in PAGES if spec.title] == [
        "today",
        "customers",
        "followups",
        "complaints",
        "performance",
        "reports",
        "clean",
        "history",
        "data",
        "settings",
    ]
    assert {spec.shortcut for spec in ACTIONS} == {"Ctrl+N", "F2", "F3", "F4", "F12"}


def test_the_base_page_does_nothing_by_itself(desk: object, window: MainWindow) -> None:
    plain = Page(window.desk)
    plain.load()
    plain.open(1)
    assert plain.current_customer() is None
    assert plain.go_back() is False
    plain.deleteLater()


def test_the_demo_is_left_only_after_a_question(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted: list[Path | None] = []
    window.shop_wanted = wanted.append
    for answer in (False, True):
        monkeypatch.setattr(Messages, "confirm", lambda *_a, answer=answer, **_k: answer)
        window._leave_demo()
    assert wanted == [None]
