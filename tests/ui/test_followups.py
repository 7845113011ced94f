"""The page Follow-ups and its form: lists, one opened from elsewhere, F3."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop_crm import followups
from desktop_crm.shop import Shop
from desktop_crm.ui.followup_form import FollowupForm, new_followup, time_problem
from desktop_crm.ui.followups import FollowupsPage
from desktop_crm.ui.page import Desk
from tests.contact_builders import add_customer, add_staff

DAY = date(2026, 11, 21)


def settle(desk: Desk, qtbot: QtBot) -> None:
    for _again in range(2):
        qtbot.waitUntil(lambda: not desk.jobs.is_busy)
        QApplication.processEvents()
        QApplication.processEvents()
    qtbot.waitUntil(lambda: not desk.jobs.is_busy)


def open_page(desk: Desk, shown: Callable[[QWidget], None], qtbot: QtBot) -> FollowupsPage:
    page = FollowupsPage(desk)
    page.resize(1126, 680)
    shown(page)
    page.load()
    page.table.setFocus()
    settle(desk, qtbot)
    return page


def test_the_lists(desk: Desk, shop: Shop, shown: Callable[[QWidget], None], qtbot: QtBot) -> None:
    who = add_customer(shop)
    for day, why in [(21, "today"), (24, "soon"), (30, "far")]:
        followups.plan(shop, who, date(2026, 11, day), why)
    done = followups.plan(shop, add_customer(shop, "done"), DAY, "finished")
    followups.finish(shop, done, "bought", "a phone")
    cancelled = followups.plan(shop, who, DAY, "cancelled")
    followups.cancel(shop, cancelled, "double")
    page = open_page(desk, shown, qtbot)
    assert page.table.rows.rowCount() == 3
    assert page._title.text() == "3 planned contacts"
    for key, count in [("overdue", 0), ("due", 1), ("upcoming", 1), ("done", 2)]:
        page._lists.choose(key)
        settle(desk, qtbot)
        assert page.table.rows.rowCount() == count
    qtbot.waitUntil(lambda: page.contact.customer_id is not None)
    settle(desk, qtbot)
    assert page.contact._ended.text() in (
        "Done 2026-11-21 10:00: Bought – a phone",
        "Cancelled 2026-11-21 10:00: double",
    )
    assert page.contact.outcomes.isHidden()


def test_three_keys_work_here_too(
    desk: Desk, shop: Shop, shown: Callable[[QWidget], None], qtbot: QtBot
) -> None:
    made = followups.plan(shop, add_customer(shop), DAY, "film")
    page = open_page(desk, shown, qtbot)
    qtbot.waitUntil(lambda: page.contact.customer_id is not None)
    settle(desk, qtbot)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_4, Qt.Key.Key_Return):
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, key)
    settle(desk, qtbot)
    assert followups.get(shop, made).outcome == "not_interested"
    assert page.contact.customer_id is None


def test_one_is_opened_from_elsewhere(
    desk: Desk, shop: Shop, shown: Callable[[QWidget], None], qtbot: QtBot
) -> None:
    followups.plan(shop, add_customer(shop, "first"), DAY, "film")
    wanted = add_customer(shop, "wanted")
    made = followups.plan(shop, wanted, DAY, "case")
    page = FollowupsPage(desk)
    page.open(made)
    shown(page)
    page.load()
    settle(desk, qtbot)
    assert page.current_customer() == wanted
    page.open("overdue")
    settle(desk, qtbot)
    assert page._lists.chosen == "overdue"
    assert not page.go_back()


def test_f3_plans_a_contact(desk: Desk, shop: Shop, qtbot: QtBot) -> None:
    clerk, who = add_staff(shop), add_customer(shop)
    new_followup(desk, who)
    form = desk.window.findChildren(FollowupForm)[0]
    settle(desk, qtbot)
    assert form.customer.line.text() == "王建国"
    form.save()
    assert followups.count(shop, "open") == 0
    form.why.set_value("battery arrived")
    form.time.set_value("noon")
    form.save()
    assert followups.count(shop, "open") == 0
    form.time.set_value("15:30")
    form.who.set_value(clerk)
    form.save()
    settle(desk, qtbot)
    found = followups.listing(shop, "open")[0].followup
    assert (found.reason, found.due_day, found.due_time, found.staff_id) == (
        "battery arrived",
        "2026-11-22",
        "15:30",
        clerk,
    )
    assert desk.messages.shown == "The contact is planned."


def test_the_customer_is_found_by_typing(desk: Desk, shop: Shop, qtbot: QtBot) -> None:
    wanted = add_customer(shop, "陈晓梅", phone="13805718866")
    add_customer(shop, "other")
    form = FollowupForm(desk, None)
    qtbot.addWidget(form)
    form.open()
    field = form.customer
    field.line.setFocus()
    QTest.keyClicks(field.line, "8866")
    qtbot.waitUntil(lambda: len(field._hits) == 1)
    assert field.problem() == "Please choose one of those found."
    QTest.keyClick(field.line, Qt.Key.Key_Return)
    assert field.value() == wanted
    assert field.line.text() == "陈晓梅 · 138 0571 8866"
    field.line.clear()
    field.line.textEdited.emit("")
    assert field.is_empty()
    form.close()


def test_a_day_that_passed_is_refused(desk: Desk, shop: Shop, qtbot: QtBot) -> None:
    form = FollowupForm(desk, add_customer(shop))
    qtbot.addWidget(form)
    form.day.set_value(date(2026, 11, 20))
    assert form.day.problem() == "This day has passed."
    settle(desk, qtbot)


def test_time_problem() -> None:
    assert time_problem("15:30") == ""
    assert "15:30" in time_problem("half past three")
