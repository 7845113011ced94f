"""The page History and the history of a card, through the real widgets, threads and shop."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop_crm import customers, history, person, staff
from desktop_crm.base.clock import FixedClock
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.records.history import PROGRAM, Wanted
from desktop_crm.shop import Shop
from desktop_crm.ui.card_history import CardHistory, show_history
from desktop_crm.ui.history import HistoryPage
from desktop_crm.ui.kit.labels import Chip
from desktop_crm.ui.page import Desk
from desktop_crm.ui.step_details import LeftDialog
from tests.ui.conftest import Visits
from tests.ui.test_data import names, settle

Shown = Callable[[QWidget], None]


@pytest.fixture
def page(desk: Desk, shown: Shown, qtbot: QtBot) -> HistoryPage:
    made = HistoryPage(desk)
    made.resize(1160, 680)
    shown(made)
    made.load()
    settle(desk, qtbot)
    return made


def show_again(page: HistoryPage, qtbot: QtBot, row: int = 0) -> None:
    page.load()
    settle(page.desk, qtbot)
    page.table.selectRow(row)
    settle(page.desk, qtbot)


def labels(page: HistoryPage) -> list[str]:
    return [
        step.change.label
        for row in range(page.table.rows.rowCount())
        if (step := page.table.rows.record(row))
    ]


def words(widget: QWidget) -> list[str]:
    found = widget.findChildren(QLabel)
    chips = [chip.text() for chip in widget.findChildren(Chip)]
    return [getattr(label, "whole_text", label.text)() for label in found] + chips


def test_steps_are_undone_and_done_again(page: HistoryPage, shop: Shop, qtbot: QtBot) -> None:
    assert labels(page) == []
    customers.add(shop, CustomerDraft(name="张三", phones=(PhoneDraft("13800000001"),)))
    show_again(page, qtbot)
    assert labels(page) == ["Add customer 张三"]
    assert (
        page.about.text() == "2026-11-21 10:00 by nobody chosen\nCustomers 1 · Telephone numbers 1 · Tiers 1"
    )
    assert {"张三 · Telephone number", "Phone: 138 0000 0001", "added"} <= set(words(page.rows))
    QTest.keyClick(page, Qt.Key.Key_U, Qt.KeyboardModifier.AltModifier)
    settle(page.desk, qtbot)
    assert names(shop) == []
    assert page.desk.messages.shown == "Undone: Add customer 张三"
    page.table.selectRow(1)
    settle(page.desk, qtbot)
    assert page.about.text().startswith("2026-11-21 10:00 by nobody chosen; it was undone.")
    page.table.selectRow(0)
    settle(page.desk, qtbot)
    assert (page.label.text(), page.redo_button.isVisible()) == ("Undo: Add customer 张三", True)
    QTest.keyClick(page, Qt.Key.Key_R, Qt.KeyboardModifier.AltModifier)
    settle(page.desk, qtbot)
    assert names(shop) == ["张三"]
    assert page.desk.messages.shown == "Done again: Add customer 张三"


def test_the_chosen_step_tells_what_an_undo_would_leave(
    page: HistoryPage, shop: Shop, qtbot: QtBot, visits: Visits
) -> None:
    key = customers.add(shop, CustomerDraft(name="张三"))
    customers.edit(shop, key, address="文三路 1 号", wechat="zs1")
    customers.edit(shop, key, wechat="zs2")
    show_again(page, qtbot, 1)
    told = words(page.rows)
    assert {"Address: – → 文三路 1 号", "WeChat: – → zs1"} <= set(told)
    assert "now zs2: changed since, an undo leaves it" in told
    page.undo_button.click()
    settle(page.desk, qtbot)
    found = customers.get(shop, key)
    assert (found.address, found.wechat) == ("", "zs2")
    assert "WeChat was changed to zs2 by somebody at 10:00 and stays so." in page.desk.messages.shown
    page.open_button.click()
    assert visits.customers == [key]


def test_new_and_removed_things_say_what_became_of_them(page: HistoryPage, shop: Shop, qtbot: QtBot) -> None:
    key = customers.add(shop, CustomerDraft(name="张三", phones=(PhoneDraft("13800000001"),)))
    customers.edit(shop, key, address="x")
    customers.set_phones(shop, key, [])
    show_again(page, qtbot, 2)
    assert {"changed since", "removed since"} <= set(words(page.rows))


def test_what_cannot_be_undone_says_why(page: HistoryPage, shop: Shop, qtbot: QtBot) -> None:
    key = customers.add(shop, CustomerDraft(name="张三"))
    customers.edit(shop, key, address="a", wechat="b")
    customers.edit(shop, key, address="c", wechat="d")
    show_again(page, qtbot, 1)
    page.undo_button.click()
    settle(page.desk, qtbot)
    dialog = page.desk.window.findChild(LeftDialog)
    assert dialog is not None
    assert sum("changed to" in text for text in words(dialog)) == 3
    dialog.reject()
    customers.edit(shop, key, occupation="x")
    customers.edit(shop, key, occupation="y")
    show_again(page, qtbot, 1)
    page.undo_button.click()
    settle(page.desk, qtbot)
    assert "Nothing of “Edit customer 张三” was undone" in page.desk.messages.shown


def test_steps_are_found_by_words_person_kind_and_day(
    page: HistoryPage, shop: Shop, clock: FixedClock, qtbot: QtBot
) -> None:
    first, second = staff.add(shop, "李娜"), staff.add(shop, "张强")
    key = customers.add(shop.at_counter(first), CustomerDraft(name="王建国"))
    clock.instant += timedelta(days=1)
    customers.set_tags(shop.at_counter(second), key, ["VIP"])
    show_again(page, qtbot)
    assert len(labels(page)) == 4
    page.text.setText("tags")
    qtbot.waitUntil(lambda: labels(page) == ["Edit tags of 王建国"])
    QTest.keyClick(page.table, Qt.Key.Key_T, Qt.KeyboardModifier.AltModifier)
    assert page.text.selectedText() == "tags"
    assert page.go_back()
    settle(page.desk, qtbot)
    assert len(labels(page)) == 4
    assert not page.go_back()
    page.person.set_value(first)
    page.load()
    settle(page.desk, qtbot)
    assert labels(page) == ["Add customer 王建国"]
    page.person.set_value(-2)
    assert page.wanted() == Wanted(nobody=True, people=True)
    page.person.set_value(-1)
    page.kind.set_value("tags")
    page.day.set_value(shop.today())
    assert page.wanted() == Wanted(kind="tags", day="2026-11-22", people=True)
    page.load()
    settle(page.desk, qtbot)
    assert labels(page) == ["Edit tags of 王建国"]
    page.kind.set_value("staff")
    page.load()
    settle(page.desk, qtbot)
    assert labels(page) == []
    assert "No step like that" in words(page.table)


def test_the_programs_own_steps_are_told_apart(page: HistoryPage, shop: Shop, qtbot: QtBot) -> None:
    assert "Nothing was done yet" in words(page.table)
    QTest.keyClick(page, Qt.Key.Key_A, Qt.KeyboardModifier.AltModifier)
    settle(page.desk, qtbot)
    assert labels(page) == ["New shop 星河手机店"]
    assert page.about.text().startswith("2026-11-21 10:00 by the program")
    page.person.set_value(PROGRAM)
    QTest.keyClick(page, Qt.Key.Key_A, Qt.KeyboardModifier.AltModifier)
    settle(page.desk, qtbot)
    assert labels(page) == ["New shop 星河手机店"]


def test_an_erasure_says_why_it_stays(page: HistoryPage, shop: Shop, qtbot: QtBot) -> None:
    person.erase(shop, customers.add(shop, CustomerDraft(name="张三")))
    for row in (0, 1):  # the erasure, and the step that made the card
        show_again(page, qtbot, row)
        assert page.about.text() == (
            "2026-11-21 10:00 by nobody chosen; somebody was erased for good, which is never undone."
        )
        assert not page.undo_button.isEnabled()


def test_old_steps_say_that_they_stay(page: HistoryPage, shop: Shop, clock: FixedClock, qtbot: QtBot) -> None:
    customers.add(shop, CustomerDraft(name="张三"))
    clock.instant += timedelta(days=500)
    customers.add(shop, CustomerDraft(name="李四"))
    history.tidy(shop)
    show_again(page, qtbot, 1)
    assert page.about.text() == (
        "2026-11-21 10:00 by nobody chosen; it is too old to be undone.\nWhat it changed is no longer known."
    )
    assert not page.undo_button.isEnabled()


def test_a_large_step_is_told_in_part(page: HistoryPage, shop: Shop, qtbot: QtBot) -> None:
    with shop.change("Many", {"customers"}):
        for number in range(150):
            shop.db.execute("INSERT INTO tags (name, group_name) VALUES (?, '')", (f"tag {number}",))
    show_again(page, qtbot)
    assert "and 50 more rows" in words(page.rows)


def test_the_history_of_a_card_is_told_and_leads_to_the_page(
    desk: Desk, page: HistoryPage, shop: Shop, qtbot: QtBot, visits: Visits
) -> None:
    key = customers.add(shop, CustomerDraft(name="张三", phones=(PhoneDraft("13800000001"),)))
    other = customers.add(shop, CustomerDraft(name="李四"))
    for number in range(32):
        customers.edit(shop, key, address=f"文三路 {number} 号")
    history.undo(shop)
    show_history(desk, key)
    dialog = desk.window.findChild(CardHistory)
    assert dialog is not None
    settle(desk, qtbot)
    assert len(dialog.steps) == 30
    assert "Address: 文三路 31 号 → 文三路 30 号" in words(dialog)
    dialog.more.click()
    settle(desk, qtbot)
    assert len(dialog.steps) == 34
    assert {"Add customer 张三", "Phone: 138 0000 0001", "undone"} <= set(words(dialog))
    assert not dialog.more.isEnabled()
    QTest.keyClick(dialog, Qt.Key.Key_S, Qt.KeyboardModifier.AltModifier)
    assert visits.pages == [("history", (key, "张三"))]
    page.open(visits.pages[0][1])
    show_again(page, qtbot)
    assert len(labels(page)) == 34
    assert other not in {row.customer_id for row in page.told}
    assert page.go_back()


def test_a_card_of_the_demo_has_no_history(desk: Desk, shop: Shop, qtbot: QtBot) -> None:
    key = customers.add(shop, CustomerDraft(name="张三"))
    with shop.upkeep():
        shop.db.execute("DELETE FROM journal")
    show_history(desk, key)
    dialog = desk.window.findChild(CardHistory)
    assert dialog is not None
    settle(desk, qtbot)
    assert "Nothing is known" in words(dialog)
    dialog.reject()
