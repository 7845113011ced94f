"""The dialog of a person's rights, and the section of Settings: by keyboard, done, refused, and listed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from desktop_crm import complaints, customers, person, recycle_bin, staff
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.reports import output
from desktop_crm.ui.card import CardPage
from desktop_crm.ui.kit.messages import Messages
from desktop_crm.ui.page import Desk
from desktop_crm.ui.paper import PaperDialog
from desktop_crm.ui.personal_data import PersonalData, PrivacySection
from desktop_crm.ui.recycle_bin import RecycleBinSection


@pytest.fixture
def customer_id(desk: Desk) -> int:
    """Somebody with a number and an open complaint, whom another card names."""
    made = customers.add(desk.shop, CustomerDraft("诸葛亮", phones=(PhoneDraft("13800997766"),), note="卧龙"))
    customers.add(desk.shop, CustomerDraft("刘备", note="诸葛亮的朋友"))
    complaints.receive(desk.shop, complaints.ComplaintDraft("屏幕碎了", customer_id=made))
    return made


def _opened(desk: Desk, customer_id: int, qtbot: QtBot) -> PersonalData:
    dialog = PersonalData(desk, customer_id)
    dialog.open()
    qtbot.waitUntil(lambda: dialog.preview is not None)
    return dialog


def _first_is_there(section: RecycleBinSection) -> bool:
    section.table.select_first()
    return section.restore_button.isEnabled()


def _answers(monkeypatch: pytest.MonkeyPatch, answer: bool) -> list[str]:
    asked: list[str] = []

    def confirm(_self: Messages, title: str, text: str, **_kwargs: object) -> bool:
        asked.append(f"{title} {text}")
        return answer

    monkeypatch.setattr(Messages, "confirm", confirm)
    return asked


def _texts(widget: QWidget) -> str:
    return "\n".join(each.text() for each in widget.findChildren(QWidget) if hasattr(each, "text"))


def test_the_dialog_says_first_that_it_cannot_be_undone_and_what_goes_and_stays(
    desk: Desk, customer_id: int, qtbot: QtBot
) -> None:
    dialog = _opened(desk, customer_id, qtbot)
    said = _texts(dialog)
    for words in (
        "It cannot be undone",
        "Telephone numbers: 1",
        "Complaints: 1",
        "诸葛亮的朋友",
        "1 complaint is not closed",
    ):
        assert words in said
    dialog.reject()


def test_alt_e_asks_and_erases(
    desk: Desk, customer_id: int, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = _opened(desk, customer_id, qtbot)
    asked = _answers(monkeypatch, answer=False)
    QTest.keyClick(dialog, Qt.Key.Key_E, Qt.KeyboardModifier.AltModifier)
    assert "诸葛亮" in asked[0]
    assert "cannot be undone" in asked[0]
    assert person.listing(desk.shop) == []
    _answers(monkeypatch, answer=True)
    QTest.keyClick(dialog, Qt.Key.Key_E, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: len(person.listing(desk.shop)) == 1)
    qtbot.waitUntil(lambda: not isValid(dialog))


def test_a_refusal_keeps_the_dialog(
    desk: Desk, customer_id: int, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = _opened(desk, customer_id, qtbot)
    said: list[str] = []
    monkeypatch.setattr(Messages, "error", lambda _self, text: said.append(text))
    person.erase(desk.shop, customer_id)  # somebody else was quicker
    dialog.erase()
    qtbot.waitUntil(lambda: bool(said))
    assert "nothing is held" in said[0]
    assert dialog.isVisible()
    dialog.reject()
    PersonalData(desk, customer_id)
    qtbot.waitUntil(lambda: len(said) == 2)


def test_who_may_not_finds_the_buttons_off(
    desk: Desk, customer_id: int, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff.add(desk.shop, "老板", "owner")
    clerk = staff.add(desk.shop, "小李", "clerk")
    theirs = desk.shop.at_counter(clerk)
    monkeypatch.setattr(type(desk), "shop", property(lambda _desk: theirs))
    dialog = _opened(desk, customer_id, qtbot)
    assert "ask the owner" in _texts(dialog)
    assert not dialog.print_button.isEnabled()
    assert not dialog.erase_button.isEnabled()
    dialog.reject()


def test_everything_is_printed_from_the_dialog(desk: Desk, customer_id: int, qtbot: QtBot) -> None:
    dialog = _opened(desk, customer_id, qtbot)
    dialog.print_everything()
    (paper,) = desk.window.findChildren(PaperDialog)
    qtbot.waitUntil(lambda: paper.sheet is not None, timeout=20_000)
    assert paper.sheet is not None
    assert paper.sheet.document.title == "Everything held about 诸葛亮"
    assert output.page_count(paper.sheet.pdf) >= 1
    paper.reject()
    dialog.reject()


def test_settings_open_it_for_whoever_is_chosen_and_list_who_was_erased(
    desk: Desk, customer_id: int, qtbot: QtBot, shown: Callable[[QWidget], None]
) -> None:
    section = PrivacySection(desk, QWidget())
    shown(section)
    section.load()
    section.open_person()
    assert "Choose a person first." in _texts(section)
    section.who.line.setText("nobody of this name")
    section.open_person()
    assert "choose one of those found" in _texts(section)
    section.who.set_value(customer_id)
    section.open_person()
    dialog = next(each for each in desk.window.findChildren(PersonalData))
    qtbot.waitUntil(lambda: dialog.preview is not None)
    dialog.erase()
    qtbot.waitUntil(lambda: len(section.table.records()) == 1)
    assert section.table.records()[0].customer_id == customer_id
    assert section.who.value() is None


def test_the_card_and_the_bin_open_it(
    desk: Desk, customer_id: int, qtbot: QtBot, shown: Callable[[QWidget], None]
) -> None:
    page = CardPage(desk)
    page.open(customer_id)
    shown(page)
    page.load()
    qtbot.waitUntil(lambda: page.card is not None)
    QTest.keyClick(page, Qt.Key.Key_Z, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: bool(desk.window.findChildren(PersonalData)))
    desk.window.findChildren(PersonalData)[0].reject()
    customers.delete(desk.shop, [customer_id])
    section = RecycleBinSection(desk, QWidget())
    shown(section)
    section.load()
    qtbot.waitUntil(partial(_first_is_there, section))
    section.erase()
    dialog = desk.window.findChildren(PersonalData)[-1]
    qtbot.waitUntil(lambda: dialog.preview is not None)
    dialog.erase()
    qtbot.waitUntil(lambda: recycle_bin.listing(desk.shop)[0].name == "Erased customer")
    qtbot.waitUntil(lambda: not isValid(dialog))
