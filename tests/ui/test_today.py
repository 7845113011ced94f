"""The page Today: contacts are finished in three keys, the next row follows, an empty shop says what to do first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop_crm import complaints, followups
from desktop_crm.base.clock import FixedClock
from desktop_crm.complaints import ComplaintDraft
from desktop_crm.records.customers import Customer
from desktop_crm.shop import Shop
from desktop_crm.ui.followup_form import CancelForm, SnoozeForm
from desktop_crm.ui.page import Badge, Desk
from desktop_crm.ui.today import TodayPage, badge
from tests.contact_builders import add_customer, add_staff
from tests.ui.conftest import Visits

Key = Qt.Key
DAY = date(2026, 11, 21)


def plan(shop: Shop, *names: str) -> list[int]:
    return [followups.plan(shop, add_customer(shop, name), DAY, f"film for {name}") for name in names]


def open_page(desk: Desk, shown: Callable[[QWidget], None], qtbot: QtBot) -> TodayPage:
    page = TodayPage(desk)
    page.resize(1126, 680)
    shown(page)
    page.load()
    page.table.setFocus()
    qtbot.waitUntil(lambda: not desk.jobs.is_busy)
    return page


def settle(page: TodayPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not page.desk.jobs.is_busy)
    QApplication.processEvents()
    qtbot.waitUntil(lambda: not page.desk.jobs.is_busy)


def press(qtbot: QtBot, key: Qt.Key) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key)


def chosen(page: TodayPage) -> str:
    line = page.table.selected()
    return "" if line is None else line.customer_name


def confirming(page: TodayPage) -> bool:
    return page.contact.outcomes.is_open


def finish(page: TodayPage, qtbot: QtBot, digit: Qt.Key) -> None:
    """Enter, a digit, Enter."""
    settle(page, qtbot)
    for key in (Key.Key_Return, digit, Key.Key_Return):
        press(qtbot, key)
    settle(page, qtbot)


def test_three_keys_finish_a_contact_and_the_next_row_follows(
    desk: Desk, shop: Shop, shown: Callable[[QWidget], None], qtbot: QtBot
) -> None:
    first, second, _third = plan(shop, "first", "second", "third")
    page = open_page(desk, shown, qtbot)
    qtbot.waitUntil(lambda: chosen(page) == "first")
    finish(page, qtbot, Key.Key_1)
    assert followups.get(shop, first).outcome == "reached"
    assert desk.messages.shown == "first: Reached."
    qtbot.waitUntil(lambda: chosen(page) == "second")
    qtbot.waitUntil(page.table.hasFocus)
    qtbot.waitUntil(lambda: page.contact.customer_id == followups.get(shop, second).customer_id)
    finish(page, qtbot, Key.Key_2)
    assert followups.get(shop, second).outcome == "no_answer"
    assert desk.messages.shown == "second: No answer. Next contact 2026-11-22."
    qtbot.waitUntil(lambda: chosen(page) == "third")


def test_later_offers_a_week(desk: Desk, shop: Shop, shown: Callable[[QWidget], None], qtbot: QtBot) -> None:
    made = plan(shop, "first")[0]
    page = open_page(desk, shown, qtbot)
    finish(page, qtbot, Key.Key_3)
    assert followups.get(shop, made).outcome == "later"
    assert [line.followup.due_day for line in followups.listing(shop, "open")] == ["2026-11-28"]


def test_bought_goes_on_to_the_sale(
    desk: Desk, shop: Shop, shown: Callable[[QWidget], None], qtbot: QtBot, visits: Visits
) -> None:
    made = plan(shop, "first")[0]
    page = open_page(desk, shown, qtbot)
    finish(page, qtbot, Key.Key_5)
    assert visits.actions == [("sale", followups.get(shop, made).customer_id)]
    assert page.table.rows.rowCount() == 0


def test_do_not_contact_is_noted_with_words(
    desk: Desk, shop: Shop, shown: Callable[[QWidget], None], qtbot: QtBot
) -> None:
    made = plan(shop, "first")[0]
    page = open_page(desk, shown, qtbot)
    settle(page, qtbot)
    press(qtbot, Key.Key_Return)
    press(qtbot, Key.Key_6)
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClicks(focused, "moved away")
    press(qtbot, Key.Key_Return)
    settle(page, qtbot)
    found = followups.get(shop, made)
    assert (found.outcome, found.outcome_note) == ("do_not_contact", "moved away")
    card = shop.db.get(Customer, found.customer_id)
    assert card is not None
    assert card.do_not_contact


def test_digits_count_only_in_the_opened_outcomes(
    desk: Desk, shop: Shop, shown: Callable[[QWidget], None], qtbot: QtBot
) -> None:
    made = plan(shop, "first")[0]
    page = open_page(desk, shown, qtbot)
    settle(page, qtbot)
    press(qtbot, Key.Key_1)
    press(qtbot, Key.Key_Return)
    press(qtbot, Key.Key_1)
    assert confirming(page)
    press(qtbot, Key.Key_Escape)
    assert not confirming(page)
    press(qtbot, Key.Key_Escape)
    assert page.table.hasFocus()
    assert not page.go_back()
    settle(page, qtbot)
    assert followups.get(shop, made).state == "open"


def test_esc_of_the_window_closes_a_choice(
    desk: Desk, shop: Shop, shown: Callable[[QWidget], None], qtbot: QtBot
) -> None:
    plan(shop, "first")
    page = open_page(desk, shown, qtbot)
    settle(page, qtbot)
    press(qtbot, Key.Key_Return)
    press(qtbot, Key.Key_4)
    assert page.go_back()
    assert page.table.hasFocus()


def test_what_one_may_say_is_copied(
    desk: Desk, shop: Shop, shown: Callable[[QWidget], None], qtbot: QtBot
) -> None:
    plan(shop, "王建国")
    page = open_page(desk, shown, qtbot)
    settle(page, qtbot)
    page.contact.copy_saying()
    assert QGuiApplication.clipboard().text().startswith("Hello 王建国!")


def test_a_contact_is_put_off_and_cancelled(
    desk: Desk, shop: Shop, shown: Callable[[QWidget], None], qtbot: QtBot
) -> None:
    first, second = plan(shop, "first", "second")
    page = open_page(desk, shown, qtbot)
    settle(page, qtbot)
    page.contact.put_off()
    form = desk.window.findChildren(SnoozeForm)[0]
    form.save()
    settle(page, qtbot)
    assert followups.get(shop, first).due_day == "2026-11-22"
    qtbot.waitUntil(lambda: page.contact.customer_id == followups.get(shop, second).customer_id)
    page.contact.cancel()
    asked = desk.window.findChildren(CancelForm)[0]
    asked.save()
    assert followups.get(shop, second).state == "open"
    asked._why.set_value("done otherwise")
    asked.save()
    settle(page, qtbot)
    assert followups.get(shop, second).cancel_reason == "done otherwise"
    assert page.contact.customer_id is None


def test_an_empty_shop_says_what_to_do_first(
    desk: Desk, shown: Callable[[QWidget], None], qtbot: QtBot, visits: Visits
) -> None:
    page = open_page(desk, shown, qtbot)
    settle(page, qtbot)
    assert page._stack.currentIndex() == 1
    QTest.keyClick(page, Key.Key_I, Qt.KeyboardModifier.AltModifier)
    assert visits.pages == [("data", None)]


def test_own_contacts_or_everybodys(
    desk: Desk, shop: Shop, shown: Callable[[QWidget], None], qtbot: QtBot
) -> None:
    mine, other = add_staff(shop), add_staff(shop, "张强")
    who = add_customer(shop)
    followups.plan(shop, who, DAY, "mine", staff_id=mine)
    followups.plan(shop, who, DAY, "other", staff_id=other)
    desk.jobs.use(shop.at_counter(mine))
    page = open_page(desk, shown, qtbot)
    settle(page, qtbot)
    assert [line.why for line in page.table.records()] == ["mine"]
    page._whose.choose("all")
    settle(page, qtbot)
    assert len(page.table.records()) == 2


def test_the_figures_and_the_badge(
    desk: Desk, shop: Shop, shown: Callable[[QWidget], None], qtbot: QtBot, clock: FixedClock
) -> None:
    plan(shop, "first")
    complaints.receive(shop, ComplaintDraft("loud", None, "low"))
    page = open_page(desk, shown, qtbot)
    settle(page, qtbot)
    assert page._title.text() == "1 contact today"
    assert (page._overdue.text(), page._open.text(), page._due.text()) == ("0", "1", "0")
    assert page._sales.text() == "¥0"
    assert badge(shop) == Badge(1)
