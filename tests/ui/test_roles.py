"""The table of rights: by keyboard, saved at once, undone, only by owners; and the window that follows it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop_crm import history, products, purchases, roles, staff
from desktop_crm.customer_list import EVERYBODY, Selection
from desktop_crm.purchase_drafts import LineDraft, SaleDraft
from desktop_crm.records.products import Product
from desktop_crm.shop import Shop
from desktop_crm.ui.bulk import BulkBar
from desktop_crm.ui.kit.forms import FormDialog
from desktop_crm.ui.main_window import PAGES, MainWindow
from desktop_crm.ui.merge import merge_cards, merge_with
from desktop_crm.ui.page import Desk
from desktop_crm.ui.performance import PerformancePage
from desktop_crm.ui.products import ProductForm, ProductsSection
from desktop_crm.ui.roles import RightsSection
from desktop_crm.ui.settings import SettingsPage


@pytest.fixture
def page(desk: Desk, shown: Callable[[QWidget], None], qtbot: QtBot) -> SettingsPage:
    """Settings on the screen, with the rights open."""
    made = SettingsPage(desk)
    made.resize(1150, 700)
    shown(made)
    made.open("rights")
    made.load()
    qtbot.waitUntil(lambda: not desk.jobs.is_busy)
    return made


def section(page: SettingsPage) -> RightsSection:
    found = page.section("rights")
    assert isinstance(found, RightsSection)
    return found


def test_figures_by_person_are_told_apart_from_those_of_the_shop(page: SettingsPage) -> None:
    said = [label.text() for label in section(page).findChildren(QLabel)]
    assert "See the figures of each person" in said
    assert "Figures by person: without it, only one's own line." in said


def press(key: Qt.Key) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key)


def test_a_right_is_given_and_taken_by_keys(page: SettingsPage, shop: Shop, qtbot: QtBot) -> None:
    table = section(page)
    table.setFocus()
    press(Qt.Key.Key_Up)  # at the edge one stays
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Space):
        press(key)
    assert table.boxes["clerk", "export"].hasFocus()
    qtbot.waitUntil(lambda: not page.desk.jobs.is_busy)
    assert roles.table(shop)["clerk"] == {"export"}
    assert page.desk.messages.shown == "Change what clerks may do"
    press(Qt.Key.Key_Left)
    press(Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not page.desk.jobs.is_busy)
    assert "export" not in roles.table(shop)["manager"]
    history.undo(shop)
    page.load()
    qtbot.waitUntil(lambda: table.boxes["manager", "export"].isChecked())


def test_what_owners_may_is_shown_and_never_changes(page: SettingsPage) -> None:
    mine = [box for (role, _right), box in section(page).boxes.items() if role == "owner"]
    assert all(box.isChecked() and not box.isEnabled() for box in mine)
    assert section(page).notice.isHidden()


def test_a_manager_reads_the_table_only(page: SettingsPage, shop: Shop, qtbot: QtBot) -> None:
    page.desk.jobs.use(shop.at_counter(staff.add(shop, "李娜", "manager")))
    page.load()
    qtbot.waitUntil(lambda: not page.desk.jobs.is_busy)
    assert section(page).notice.isVisible()
    assert not any(box.isEnabled() for box in section(page).boxes.values())


def test_who_lost_the_right_meanwhile_is_told(page: SettingsPage, shop: Shop, qtbot: QtBot) -> None:
    own = shop.at_counter(staff.add(shop, "李娜", "owner"))
    staff.add(shop, "陈星河", "owner")
    page.desk.jobs.use(own)
    staff.edit(shop, own.staff_id or 0, role="clerk")
    section(page).boxes["clerk", "cost"].click()
    qtbot.waitUntil(lambda: not page.desk.jobs.is_busy)
    assert "李娜 may not say who may do what" in page.desk.messages.shown
    assert not section(page).boxes["clerk", "cost"].isChecked()


def test_costs_disappear_from_the_products_of_who_may_not_see_them(
    page: SettingsPage, shop: Shop, qtbot: QtBot
) -> None:
    made = products.add(shop, Product(0, "iPhone 17", "", price_fen=599900, cost_fen=512345))
    page.open("products")
    page.load()
    qtbot.waitUntil(lambda: not page.desk.jobs.is_busy)
    found = page.section("products")
    assert isinstance(found, ProductsSection)
    assert "cost" in [column.key for column in found.table._columns]
    page.desk.jobs.use(shop.at_counter(staff.add(shop, "小王")))
    page.load()
    qtbot.waitUntil(lambda: not page.desk.jobs.is_busy)
    assert "cost" not in [column.key for column in found.table._columns]
    form = ProductForm(page.desk, products.get(page.desk.shop, made), page)
    assert form.cost.isHidden()
    assert form.cost.value() is None
    form.price.set_value(649900)
    form.open_with(lambda _sentence: None)
    page.desk.jobs.use(shop)  # the owner comes to the counter while it is open, and saves it
    form.save()
    qtbot.waitUntil(lambda: not page.desk.jobs.is_busy)
    stored = products.get(shop, made)
    assert stored is not None
    assert (stored.price_fen, stored.cost_fen) == (649900, 512345)


def test_the_window_follows_rights_that_another_process_changes(
    make_window: Callable[..., MainWindow], shop: Shop, qtbot: QtBot
) -> None:
    clerk = staff.add(shop, "小王")
    window = make_window()
    window.set_person(clerk)
    qtbot.waitUntil(lambda: not window.jobs.is_busy)
    assert not window.jobs.shop.may("cost")
    beside = Shop.open(shop.folder, shop.clock)
    roles.save(beside, "clerk", ["cost"])
    window.jobs.look_for_news()
    qtbot.waitUntil(lambda: window.jobs.shop.may("cost"))
    roles.save(beside, "clerk", [])
    beside.close()
    window.jobs.look_for_news()
    qtbot.waitUntil(lambda: not window.jobs.shop.may("cost"))


def test_who_may_not_is_told_before_anything_is_asked(desk: Desk, shop: Shop, qtbot: QtBot) -> None:
    desk.jobs.use(shop.at_counter(staff.add(shop, "小王")))
    bar = BulkBar(desk, lambda: (Selection(frozenset({1})), EVERYBODY), desk.window)
    begun: tuple[tuple[Callable[[], None], str], ...] = (
        (lambda: bar.begin("delete"), "小王 may not delete."),
        (lambda: merge_with(desk, 1, lambda _id: None, "王芳"), "小王 may not merge cards."),
        (lambda: merge_cards(desk, [1, 2], lambda _id: None), "小王 may not merge cards."),
    )
    for begin, words in begun:
        desk.messages.hide()
        begin()
        qtbot.waitUntil(lambda: not desk.jobs.is_busy)
        assert desk.messages.shown.startswith(words)
    assert desk.window.findChild(FormDialog) is None


def test_settings_say_that_they_can_only_be_read(page: SettingsPage, shop: Shop, qtbot: QtBot) -> None:
    def notice(section: str) -> bool:
        page.open(section)
        page.load()
        qtbot.waitUntil(lambda: not page.desk.jobs.is_busy)
        return page.notice.isVisible()

    assert not notice("tiers")
    page.desk.jobs.use(shop.at_counter(staff.add(shop, "小王")))
    assert notice("tiers")
    assert not notice("products")


def test_the_performance_page_shows_the_own_line_only(
    make_window: Callable[..., MainWindow], shop: Shop, qtbot: QtBot
) -> None:
    li, wang = staff.add(shop, "李娜"), staff.add(shop, "小王")
    for who in (li, li, wang):
        purchases.record(shop.at_counter(who), SaleDraft((LineDraft("膜", 3000),)))
    window = make_window(PAGES)
    window.go_to("performance")
    qtbot.waitUntil(lambda: not window.jobs.is_busy)
    page = window.current_page()
    assert isinstance(page, PerformancePage)
    page.groups.choose("staff")
    assert [(work.name, work.sales) for work in page.staff.records()] == [("李娜", 2), ("小王", 1)]
    window.set_person(wang)
    qtbot.waitUntil(lambda: not window.jobs.is_busy)
    assert [(work.name, work.sales) for work in page.staff.records()] == [("小王", 1)]
