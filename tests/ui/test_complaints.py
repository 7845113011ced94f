"""The page Complaints and its forms: lists with clocks, steps in three keys, F4."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop_crm import complaints, customers
from desktop_crm.base.clock import FixedClock
from desktop_crm.complaints import CaseLine, Clock, ComplaintDraft
from desktop_crm.records.complaints import ComplaintState, StepKind
from desktop_crm.shop import Shop
from desktop_crm.ui.complaint_form import ComplaintForm, DuplicateForm, HandForm, new_complaint
from desktop_crm.ui.complaint_panel import clock_mark
from desktop_crm.ui.complaints import ComplaintsPage, badge
from desktop_crm.ui.page import Badge, Desk
from tests.contact_builders import add_customer, add_device, add_staff
from tests.ui.conftest import Visits

Key = Qt.Key


def settle(desk: Desk, qtbot: QtBot) -> None:
    for _again in range(2):
        qtbot.waitUntil(lambda: not desk.jobs.is_busy)
        QApplication.processEvents()
        QApplication.processEvents()
    qtbot.waitUntil(lambda: not desk.jobs.is_busy)


def open_page(desk: Desk, shown: Callable[[QWidget], None], qtbot: QtBot) -> ComplaintsPage:
    page = ComplaintsPage(desk)
    page.resize(1126, 680)
    shown(page)
    page.load()
    page.table.setFocus()
    settle(desk, qtbot)
    return page


def press(*keys: Qt.Key) -> None:
    for key in keys:
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, key)


def receive(shop: Shop, summary: str, who: int | None = None) -> int:
    return complaints.receive(shop, ComplaintDraft(summary, who, "high"))


def take(shop: Shop, case: int, *kinds: StepKind) -> None:
    for kind in kinds:
        complaints.step(shop, case, kind, "words")


def state(shop: Shop, case: int) -> ComplaintState:
    return complaints.get(shop, case).state


def test_the_lists_and_the_badge(
    desk: Desk, shop: Shop, shown: Callable[[QWidget], None], qtbot: QtBot, clock: FixedClock
) -> None:
    assert badge(shop) == Badge(0)
    receive(shop, "first", add_customer(shop))
    assert badge(shop) == Badge(1)
    closed = receive(shop, "closed")
    take(shop, closed, "resolved", "answered", "closed")
    clock.instant = datetime(2026, 11, 22, 2, tzinfo=UTC)
    receive(shop, "second")
    assert badge(shop) == Badge(1, "bad")
    page = open_page(desk, shown, qtbot)
    assert page._title.text() == "2 open complaints"
    assert page._late.text() == "1 late"
    for key, count in [("overdue", 1), ("received", 2), ("answered", 0), ("ended", 1), ("open", 2)]:
        page._lists.choose(key)
        settle(desk, qtbot)
        assert page.table.rows.rowCount() == count


def test_a_step_in_three_keys(
    desk: Desk, shop: Shop, shown: Callable[[QWidget], None], qtbot: QtBot, visits: Visits
) -> None:
    who = add_customer(shop)
    case = receive(shop, "screen", who)
    page = open_page(desk, shown, qtbot)
    qtbot.waitUntil(lambda: page.current_customer() == who)
    settle(desk, qtbot)
    press(Key.Key_Return, Key.Key_2, Key.Key_Return)
    settle(desk, qtbot)
    assert state(shop, case) == "investigating"
    assert desk.messages.shown == "王建国: Investigating."
    qtbot.waitUntil(page.table.hasFocus)
    press(Key.Key_Return, Key.Key_1)
    assert page.case.outcomes.is_open
    assert page.go_back()
    page.case._open_card()
    assert visits.customers == [who]


def test_a_step_that_needs_words_waits_for_them(
    desk: Desk, shop: Shop, shown: Callable[[QWidget], None], qtbot: QtBot
) -> None:
    case = receive(shop, "screen")
    page = open_page(desk, shown, qtbot)
    settle(desk, qtbot)
    press(Key.Key_Return, Key.Key_4, Key.Key_Return)
    assert page.case.outcomes.is_open
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClicks(focused, "works again")
    press(Key.Key_Return)
    settle(desk, qtbot)
    assert state(shop, case) == "withdrawn"
    assert complaints.steps(shop, case)[-1].note == "works again"


def test_a_step_that_came_too_late_is_said_and_the_case_read_again(
    desk: Desk, shop: Shop, shown: Callable[[QWidget], None], qtbot: QtBot
) -> None:
    case = receive(shop, "screen")
    page = open_page(desk, shown, qtbot)
    settle(desk, qtbot)
    complaints.withdraw(shop, case, "meanwhile")
    press(Key.Key_Return, Key.Key_2, Key.Key_Return)
    settle(desk, qtbot)
    assert "does not fit" in desk.messages.shown
    assert page.table.rows.rowCount() == 0


def test_a_duplicate_is_chosen_from_the_others(
    desk: Desk, shop: Shop, shown: Callable[[QWidget], None], qtbot: QtBot
) -> None:
    first = receive(shop, "first")
    second = receive(shop, "second")
    page = ComplaintsPage(desk)
    page.open(second)
    shown(page)
    page.load()
    settle(desk, qtbot)
    page.table.setFocus()
    page.case.take_keys()
    press(Key.Key_5, Key.Key_Return)
    form = desk.window.findChildren(DuplicateForm)[0]
    settle(desk, qtbot)
    form._other.set_value(first)
    form.save()
    settle(desk, qtbot)
    assert complaints.get(shop, second).duplicate_of == first


def test_a_case_opened_from_elsewhere_is_chosen_in_its_list(
    desk: Desk, shop: Shop, shown: Callable[[QWidget], None], qtbot: QtBot
) -> None:
    ended, second = receive(shop, "ended"), receive(shop, "second")
    third = receive(shop, "third")
    take(shop, ended, "resolved", "answered", "closed")
    page = open_page(desk, shown, qtbot)

    def opened(case: int) -> CaseLine | None:
        page.open(case)
        page.load()
        settle(desk, qtbot)
        return page.table.selected()

    line = opened(third)
    assert line is not None
    assert (line.id, page._lists.chosen) == (third, "open")
    press(Key.Key_Return, Key.Key_2, Key.Key_Return)
    settle(desk, qtbot)
    assert (state(shop, third), state(shop, second)) == ("investigating", "received")
    line = opened(ended)
    assert line is not None
    assert (line.id, page._lists.chosen) == (ended, "ended")
    gone = add_customer(shop)
    hidden = receive(shop, "of a deleted customer", gone)
    customers.delete(shop, [gone])
    assert opened(hidden) is None
    assert page.current_customer() == gone


def test_urgency_and_owner_change(
    desk: Desk, shop: Shop, shown: Callable[[QWidget], None], qtbot: QtBot
) -> None:
    clerk, case = add_staff(shop), receive(shop, "first")
    page = open_page(desk, shown, qtbot)
    settle(desk, qtbot)
    page.case.hand_over()
    form = desk.window.findChildren(HandForm)[0]
    settle(desk, qtbot)
    form._priority.set_value("low")
    form._owner.set_value(clerk)
    form.save()
    settle(desk, qtbot)
    found = complaints.get(shop, case)
    assert (found.priority, found.owner_staff_id) == ("low", clerk)


def test_f4_takes_a_complaint_in(desk: Desk, shop: Shop, qtbot: QtBot) -> None:
    who = add_customer(shop)
    add_device(shop, who)
    add_staff(shop)
    new_complaint(desk, who)
    form = desk.window.findChildren(ComplaintForm)[0]
    settle(desk, qtbot)
    form.save()
    assert complaints.counts(shop).open == 0
    form.summary.set_value("screen flickers")
    form.priority.set_value("high")
    form.category.set_value("screen")
    form.device.set_value(1)
    form.responded.set_value(True)
    form.save()
    settle(desk, qtbot)
    case = complaints.listing(shop)[0]
    assert (case.summary, case.priority, case.category, case.device) == (
        "screen flickers",
        "high",
        "screen",
        "iPhone 15 256G",
    )
    assert case.responded_at == case.received_at
    assert desk.messages.shown == "The complaint is taken in."


def test_the_clock_in_words(shop: Shop, clock: FixedClock) -> None:
    made = receive(shop, "first")
    row = complaints.row(shop, made)
    words = [
        clock_mark(CaseLine(row, Clock(False, 45, False))).text,
        clock_mark(CaseLine(row, Clock(False, 600, False))).text,
        clock_mark(CaseLine(row, Clock(True, -125, False))).text,
        clock_mark(CaseLine(row, Clock(False, 45, True))).text,
    ]
    assert words == ["45 min left", "10 h left", "2 h late", ""]
    take(shop, made, "resolved", "answered")
    clock.instant += timedelta(hours=5)
    take(shop, made, "closed")
    closed = complaints.gather(shop, made).line
    assert clock_mark(closed).text == "Late by 60 min"
    prompt = receive(shop, "prompt")
    take(shop, prompt, "resolved", "answered", "closed")
    assert clock_mark(complaints.gather(shop, prompt).line).text == "In time"
