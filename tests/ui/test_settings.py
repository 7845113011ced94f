"""Settings: each row saves one step, a wrong value stays with its sentence; staff, tiers, rules, backups, this PC."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop_crm import customers, history, profile, staff
from desktop_crm.customers import CustomerDraft
from desktop_crm.profile import AnySetting
from desktop_crm.settings import (
    ACTIVE_DAYS,
    AFTER_SALE_CARE_DAYS,
    ALL,
    BACKUPS_KEPT,
    CLOSED_DAYS,
    COMPLETENESS_FIELDS,
    HIGH_NET_FEN,
    LOST_INTERVAL_DAYS,
    OPENING_HOURS,
    REMIND_AT_OPENING,
    SHOP_NAME,
    TIME_ZONE,
)
from desktop_crm.shop import Shop
from desktop_crm.ui.page import Desk
from desktop_crm.ui.setting_rows import ChoicesRow, HoursRow, LineRow, RuleRow, SettingRow, SwitchRow, ZoneRow
from desktop_crm.ui.settings import SECTIONS, SettingsPage
from desktop_crm.ui.staff import StaffForm, StaffSection


@pytest.fixture
def page(desk: Desk, shown: Callable[[QWidget], None], qtbot: QtBot) -> SettingsPage:
    """Settings on the screen."""
    made = SettingsPage(desk)
    made.resize(1150, 700)
    shown(made)
    made.load()
    settled(made, qtbot)
    return made


def settled(page: SettingsPage, qtbot: QtBot) -> None:
    """Wait until everything asked for is there."""
    qtbot.waitUntil(lambda: not page.desk.jobs.is_busy)


def row(page: SettingsPage, setting: AnySetting, qtbot: QtBot) -> SettingRow:
    """The row of a setting, wherever it stands."""
    for key, _title, _make in SECTIONS:
        section = page.section(key)
        if setting.key in section.rows:
            page.open(key)
            page.load()
            settled(page, qtbot)
            return section.rows[setting.key]
    raise AssertionError(f"{setting.key} stands nowhere")


def enter(line: QLineEdit, text: str) -> None:
    """Type over a line and press Enter."""
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, text)
    QTest.keyClick(line, Qt.Key.Key_Return)


def test_every_setting_stands_somewhere(page: SettingsPage, qtbot: QtBot) -> None:
    for setting in ALL:
        if setting.group not in ("internal", "rights"):  # rights have a table of their own: test_roles.py
            found = row(page, setting, qtbot)
            assert found.setting is setting
            assert found.isVisible()


def test_a_line_is_saved_with_enter_and_undone(page: SettingsPage, shop: Shop, qtbot: QtBot) -> None:
    found = row(page, ACTIVE_DAYS, qtbot)
    assert isinstance(found, LineRow)
    assert found.line.text() == "180"
    enter(found.line, "200")
    settled(page, qtbot)
    assert shop.get(ACTIVE_DAYS) == 200
    assert page.desk.messages.shown == "Set “Active up to” to 200"
    page.desk.jobs.change(history.undo)
    settled(page, qtbot)
    page.load()
    settled(page, qtbot)
    assert found.line.text() == "180"


@pytest.mark.parametrize(("typed", "words"), [("0", "between 1 and 3650"), ("long", "whole number")])
def test_a_wrong_value_stays_with_its_sentence(
    page: SettingsPage, shop: Shop, qtbot: QtBot, typed: str, words: str
) -> None:
    found = row(page, ACTIVE_DAYS, qtbot)
    assert isinstance(found, LineRow)
    enter(found.line, typed)
    settled(page, qtbot)
    assert words in found._error.text()
    assert found.line.text() == typed
    assert shop.get(ACTIVE_DAYS) == 180
    QTest.keyClick(found.line, Qt.Key.Key_Escape)
    assert found.line.text() == "180"


def test_what_is_being_typed_survives_a_change_of_others(
    page: SettingsPage, shop: Shop, qtbot: QtBot
) -> None:
    found = row(page, HIGH_NET_FEN, qtbot)
    assert isinstance(found, LineRow)
    page.activateWindow()
    found.line.setFocus()
    qtbot.waitUntil(found.line.hasFocus)
    QTest.keyClicks(found.line, "9")
    before = found.line.text()
    profile.save(shop, {ACTIVE_DAYS: 300})
    page.load()
    settled(page, qtbot)
    assert found.line.text() == before


def test_a_rule_is_switched_off_and_on(page: SettingsPage, shop: Shop, qtbot: QtBot) -> None:
    found = row(page, AFTER_SALE_CARE_DAYS, qtbot)
    assert isinstance(found, RuleRow)
    found.box.click()
    settled(page, qtbot)
    assert shop.get(AFTER_SALE_CARE_DAYS) == 0
    assert not found.line.isEnabled()
    QTest.mouseClick(found._name, Qt.MouseButton.LeftButton)
    settled(page, qtbot)
    assert shop.get(AFTER_SALE_CARE_DAYS) == 3
    enter(found.line, "five")
    assert "whole number" in found._error.text()


def test_a_rule_without_a_default_asks_how_long(page: SettingsPage, shop: Shop, qtbot: QtBot) -> None:
    found = row(page, LOST_INTERVAL_DAYS, qtbot)
    assert isinstance(found, RuleRow)
    found.box.click()
    assert found.line.isEnabled()
    enter(found.line, "500")
    settled(page, qtbot)
    assert shop.get(LOST_INTERVAL_DAYS) == 500


def test_ticks_are_saved(page: SettingsPage, shop: Shop, qtbot: QtBot) -> None:
    switch = row(page, REMIND_AT_OPENING, qtbot)
    assert isinstance(switch, SwitchRow)
    switch.box.click()
    settled(page, qtbot)
    assert shop.get(REMIND_AT_OPENING) is False
    choices = row(page, COMPLETENESS_FIELDS, qtbot)
    assert isinstance(choices, ChoicesRow)
    choices.boxes["birthday"].click()
    settled(page, qtbot)
    assert "birthday" not in shop.get(COMPLETENESS_FIELDS)


def test_opening_hours_and_closed_days(page: SettingsPage, shop: Shop, qtbot: QtBot) -> None:
    hours = row(page, OPENING_HOURS, qtbot)
    assert isinstance(hours, HoursRow)
    enter(hours.lines[0], "9:00-12:00, 14:00-18:00")
    settled(page, qtbot)
    hours._same()
    settled(page, qtbot)
    assert shop.get(OPENING_HOURS) == ("09:00-12:00, 14:00-18:00",) * 7
    enter(hours.lines[6], "late")
    settled(page, qtbot)
    assert "09:00-21:00" in hours._error.text()
    closed = row(page, CLOSED_DAYS, qtbot)
    assert isinstance(closed, LineRow)
    enter(closed.line, "2026-02-16..2026-02-18")
    settled(page, qtbot)
    assert len(shop.get(CLOSED_DAYS)) == 3


def test_the_time_zone_is_found_by_a_part_of_its_name(page: SettingsPage, shop: Shop, qtbot: QtBot) -> None:
    zone = row(page, TIME_ZONE, qtbot)
    assert isinstance(zone, ZoneRow)
    zone.field.set_value("Nowhere")
    zone.field.entered.emit()
    settled(page, qtbot)
    assert "no time zone" in zone._error.text()
    zone.field.set_value("Europe/London")
    zone.field.box.activated.emit(0)
    settled(page, qtbot)
    assert shop.get(TIME_ZONE) == "Europe/London"


def test_staff_are_added_changed_and_let_go(
    page: SettingsPage, shop: Shop, qtbot: QtBot, qapp: QApplication
) -> None:
    page.open("staff")
    page.load()
    section = page.section("staff")
    assert isinstance(section, StaffSection)
    section.add()
    form = open_form(qapp)
    form.name.set_value("李娜")
    form.role.set_value("manager")
    form.save()
    qtbot.waitUntil(lambda: len(section.table.records()) == 1)
    assert page.desk.messages.shown == "李娜 was saved."
    section.change(section.table.records()[0])
    form = open_form(qapp)
    form.here.set_value(False)
    form.save()
    qtbot.waitUntil(lambda: not section.table.records())
    section.who.choose("all")
    assert [member.name for member in section.table.records()] == ["李娜"]
    assert staff.listing(shop) == []


def open_form(qapp: QApplication) -> StaffForm:
    """The form that is open."""
    return next(form for form in qapp.topLevelWidgets() if isinstance(form, StaffForm) and form.isVisible())


def test_the_tiers_are_counted(page: SettingsPage, shop: Shop, qtbot: QtBot, qapp: QApplication) -> None:
    customers.add(shop, CustomerDraft(name="王建国"))
    page.pills.choose("tiers")
    settled(page, qtbot)
    assert page.desk.state.text("settings.section") == "tiers"
    again = SettingsPage(page.desk)
    assert again.pills.chosen == "tiers"
    section = page.section("tiers")
    section._retier()  # type: ignore[attr-defined]
    dialog = next(each for each in qapp.topLevelWidgets() if each.isVisible() and each is not page)
    settled(page, qtbot)
    dialog.close()


def test_how_much_is_kept_is_a_setting(page: SettingsPage, shop: Shop, qtbot: QtBot) -> None:
    found = row(page, BACKUPS_KEPT, qtbot)
    assert isinstance(found, LineRow)
    enter(found.line, "5")
    settled(page, qtbot)
    assert shop.get(BACKUPS_KEPT) == 5


def test_an_unknown_section_is_passed_over(page: SettingsPage) -> None:
    page.open("nothing")
    assert page.pills.chosen == "shop"


def test_the_name_is_on_the_page(page: SettingsPage, qtbot: QtBot) -> None:
    found = row(page, SHOP_NAME, qtbot)
    assert isinstance(found, LineRow)
    assert found.line.text() == "星河手机店"


def test_in_a_narrow_window_panels_stand_below_each_other(page: SettingsPage, qtbot: QtBot) -> None:
    left = row(page, SHOP_NAME, qtbot)
    right = row(page, OPENING_HOURS, qtbot)
    places = []
    for width in (1150, 700, 1150):
        page.resize(width, 400)
        settled(page, qtbot)
        QApplication.processEvents()
        apart = right.mapTo(page, right.rect().topLeft()) - left.mapTo(page, left.rect().topLeft())
        places.append("beside" if apart.x() > 300 else "below")
    assert places == ["beside", "below", "beside"]
