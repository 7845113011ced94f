"""The page Clean: mending by keyboard, and the recycle bin."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop_crm import customers, quality, recycle_bin
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.records.staff import StaffMember
from desktop_crm.shop import Shop
from desktop_crm.ui.clean import CleanPage
from desktop_crm.ui.mends import MendForm, MendsSection
from desktop_crm.ui.page import Desk
from desktop_crm.ui.recycle_bin import RecycleBinSection
from desktop_crm.who import Condition, Filter
from tests.ui.conftest import Visits

Show = Callable[[QWidget], None]


@pytest.fixture
def page(desk: Desk, shown: Show, qtbot: QtBot) -> CleanPage:
    """The page, loaded."""
    made = CleanPage(desk)
    made.resize(1100, 620)
    shown(made)
    made.load()
    calm(desk, qtbot)
    return made


def calm(desk: Desk, qtbot: QtBot) -> None:
    """Wait for the answers that are under way."""
    qtbot.waitUntil(lambda: not desk.jobs.is_busy)
    qtbot.wait(20)
    qtbot.waitUntil(lambda: not desk.jobs.is_busy)


def mends(page: CleanPage) -> MendsSection:
    """The section with the next mends."""
    found = page.section("mends")
    assert isinstance(found, MendsSection)
    return found


def bin_of(page: CleanPage, desk: Desk, qtbot: QtBot) -> RecycleBinSection:
    """The recycle bin, shown."""
    page.open("bin")
    page.load()
    calm(desk, qtbot)
    found = page.section("bin")
    assert isinstance(found, RecycleBinSection)
    return found


def test_a_card_is_mended_by_keyboard(desk: Desk, shop: Shop, page: CleanPage, qtbot: QtBot) -> None:
    card = customers.add(shop, CustomerDraft("王建国", birthday="1985-11-21"))
    page.load()
    calm(desk, qtbot)
    section = mends(page)
    assert [mend.customer_id for mend in section.mends.records()] == [card]
    QTest.keyClick(section.mends, Qt.Key.Key_Return)
    calm(desk, qtbot)
    form = QApplication.activeModalWidget()
    assert isinstance(form, MendForm)
    assert list(form.fields) == ["phone", "consent", "owner", "source"]
    form.fields["phone"].set_value("13805718866")
    form.fields["consent"].set_value("granted")
    form.fields["source"].set_value("到店")
    QTest.keyClick(form, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    calm(desk, qtbot)
    saved = customers.get(shop, card)
    assert (saved.consent, saved.source, saved.birthday) == ("granted", "到店", "1985-11-21")
    assert [phone.number for phone in customers.phones(shop, card)] == ["13805718866"]
    calm(desk, qtbot)
    assert [mend.problems[0].key for mend in section.mends.records()] == ["owner"]


def test_what_was_typed_wrong_stays_in_the_form(
    desk: Desk, shop: Shop, page: CleanPage, qtbot: QtBot
) -> None:
    customers.add(shop, CustomerDraft("王建国", since_day="2020-01-01"))
    page.load()
    calm(desk, qtbot)
    mends(page).mend(mends(page).mends.records()[0])
    calm(desk, qtbot)
    form = QApplication.activeModalWidget()
    assert isinstance(form, MendForm)
    form.fields["birthday"].set_value("13-45")
    form.fields["phone"].set_value("12")
    QTest.keyClick(form, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    calm(desk, qtbot)
    assert form.isVisible()
    form.fields["birthday"].set_value("2-30")
    form.fields["phone"].set_value("13805718866")
    form.fields["birthday"].set_value("2-28")
    form.fields["verified"].set_value(True)
    QTest.keyClick(form, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    calm(desk, qtbot)
    (saved,) = customers.by_phone(shop, "13805718866")
    assert (saved.birthday, saved.verified_day) == ("--02-28", "2026-11-21")


def test_a_card_is_put_off_or_opened(
    desk: Desk, shop: Shop, page: CleanPage, qtbot: QtBot, visits: Visits
) -> None:
    card = customers.add(shop, CustomerDraft("王建国"))
    page.load()
    calm(desk, qtbot)
    section = mends(page)
    QTest.keyClick(page, Qt.Key.Key_O, Qt.KeyboardModifier.AltModifier)
    assert visits.customers == [card]
    QTest.keyClick(page, Qt.Key.Key_N, Qt.KeyboardModifier.AltModifier)
    calm(desk, qtbot)
    assert list(section.mends.records()) == []
    assert quality.next_mends(shop) == []


def test_what_no_form_mends_opens_the_card(
    desk: Desk, shop: Shop, page: CleanPage, visits: Visits, qtbot: QtBot
) -> None:
    whole = CustomerDraft(
        "王", (PhoneDraft("13805718866"),), source="x", consent="granted", birthday="1985-11-21"
    )
    card = customers.add(shop, whole)
    with shop.change("x", {"customers", "staff"}):
        clerk = shop.db.insert(StaffMember(0, "李娜", shop.stamp()))
        customers.edit_within(shop, card, since_day="2030-01-01", owner_staff_id=clerk)
    page.load()
    calm(desk, qtbot)
    mends(page).mend(mends(page).mends.records()[0])
    assert visits.customers == [card]


def test_a_gap_is_listed(desk: Desk, shop: Shop, page: CleanPage, qtbot: QtBot, visits: Visits) -> None:
    customers.add(shop, CustomerDraft("王建国"))
    page.load()
    calm(desk, qtbot)
    gaps = mends(page).gaps
    gaps.select("birthday")
    gaps.setFocus()
    QTest.keyClick(gaps, Qt.Key.Key_Return)
    gaps.select("name")
    QTest.keyClick(gaps, Qt.Key.Key_Return)
    assert visits.pages == [("customers", Filter((Condition("gap", "is", ("birthday",)),)))]


def test_deleted_cards_come_back_by_enter(desk: Desk, shop: Shop, page: CleanPage, qtbot: QtBot) -> None:
    cards = [customers.add(shop, CustomerDraft(name)) for name in ("Wang", "Li")]
    customers.delete(shop, cards)
    section = bin_of(page, desk, qtbot)
    assert section.table.model().rowCount() == 2
    QTest.keyClicks(section.text.editor, "li")
    calm(desk, qtbot)
    assert section.table.model().rowCount() == 1
    section.table.select_first()
    QTest.keyClick(section.table, Qt.Key.Key_Return)
    calm(desk, qtbot)
    assert [each.name for each in recycle_bin.listing(shop)] == ["Wang"]
    assert customers.count(shop) == 1


def test_an_unknown_section_is_passed_over(page: CleanPage) -> None:
    page.open("nonsense")
    assert page.pills.chosen == "mends"
