"""The card by keys alone: fields, numbers, tags, families, notes, consent, and what pops up when it opens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QPlainTextEdit, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from desktop_crm import (
    balance,
    consents,
    customer_phones,
    customers,
    history,
    interactions,
    notes,
    relations,
    timeline,
    verification,
)
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.shop import Shop
from desktop_crm.ui.card import CardPage
from desktop_crm.ui.card_notes import NoteForm
from desktop_crm.ui.card_people import RelationForm
from desktop_crm.ui.kit.inplace import FieldRow
from desktop_crm.ui.page import Desk
from tests.ui.conftest import Visits

ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
KEY = Qt.Key


@pytest.fixture
def wang(shop: Shop) -> int:
    """A customer of today with two numbers, one of them shared."""
    phones = (PhoneDraft("13805718866"), PhoneDraft("057187654321", label="家"))
    return customers.add(
        shop,
        CustomerDraft("王建国", phones, ("拍照",), consent="granted", gender="male", email="w@example.com"),
    )


@pytest.fixture
def fang(shop: Shop, wang: int) -> int:
    """李芳, with the number at home."""
    return customers.add(shop, CustomerDraft("李芳", (PhoneDraft("057187654321"),), gender="female"))


@pytest.fixture
def page(desk: Desk, wang: int, shown: Callable[[QWidget], None], qtbot: QtBot) -> Iterator[CardPage]:
    """The card of 王建国, with the keys on it."""
    page = CardPage(desk)
    page.resize(1158, 680)
    shown(page)
    show(page, wang, qtbot)
    page.setFocus()
    yield page
    until(qtbot, lambda: not desk.jobs.is_busy)


def until(qtbot: QtBot, holds: Callable[[], bool]) -> None:
    """Wait until something holds; patiently, because other work may keep the machine busy."""
    qtbot.waitUntil(holds, timeout=20_000)


def settle(page: CardPage, qtbot: QtBot) -> None:
    """Wait until everything is saved and shown again."""
    for _turn in range(3):
        until(qtbot, lambda: not page.desk.jobs.is_busy)
        QApplication.processEvents()


def show(page: CardPage, customer_id: int, qtbot: QtBot) -> None:
    page.open(customer_id)
    again(page, qtbot)
    assert page.card is not None
    assert page.card.customer.id == customer_id


def again(page: CardPage, qtbot: QtBot) -> None:
    """Load and wait until it is shown."""
    page.load()
    settle(page, qtbot)


def press(page: CardPage, *keys: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press keys where the keys are."""
    for key in keys:
        QTest.keyClick(page.focusWidget() or page, key, held)


def write(page: CardPage, text: str) -> None:
    """Type into the line that is open, any language."""
    line = page.focusWidget()
    assert isinstance(line, QLineEdit | QPlainTextEdit)
    if isinstance(line, QPlainTextEdit):
        line.setPlainText(text)
    else:
        line.clear()
        line.insert(text)


def dialog(kind: type[QWidget], qtbot: QtBot) -> QWidget:
    def found() -> list[QWidget]:
        return [w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()]

    until(qtbot, lambda: bool(found()) and found()[0].isActiveWindow())
    return found()[0]


def numbers(shop: Shop, customer_id: int) -> list[tuple[str, str]]:
    return [(each.number, each.label) for each in customers.phones(shop, customer_id)]


def test_down_goes_through_the_card_as_the_eye_does(page: CardPage) -> None:
    seen = []
    for _step in range(9):
        press(page, KEY.Key_Down)
        seen.append(page.focusWidget())
    rows = page.who.rows
    expected = [page.who.name, *page.who.numbers.rows, rows.why, rows.wechat, rows.birthday, rows.address]
    assert [each for each in seen if each is not rows.why] == [
        *[each for each in expected if each is not rows.why],
        rows.owner,
        rows.consent,
        page.who.fold,
    ]
    press(page, KEY.Key_Up)
    assert page.focusWidget() is rows.consent


def test_a_field_is_reached_changed_and_taken_back_by_keys(
    page: CardPage, shop: Shop, wang: int, qtbot: QtBot
) -> None:
    press(page, KEY.Key_Down, KEY.Key_Down, KEY.Key_Down, KEY.Key_Down)
    assert page.focusWidget() is page.who.rows.wechat
    press(page, KEY.Key_Return)
    QTest.keyClicks(page.focusWidget(), "wjg8866")
    press(page, KEY.Key_Escape)
    assert customers.get(shop, wang).wechat == ""
    press(page, KEY.Key_Return)
    QTest.keyClicks(page.focusWidget(), "wjg8866")
    press(page, KEY.Key_Return)
    until(qtbot, lambda: customers.get(shop, wang).wechat == "wjg8866")
    until(qtbot, lambda: page.focusWidget() is page.who.rows.wechat)
    history.undo(shop)
    assert customers.get(shop, wang).wechat == ""


def test_more_fields_open_by_a_key_and_each_is_saved(
    page: CardPage, shop: Shop, wang: int, qtbot: QtBot
) -> None:
    rows = page.who.rows
    assert rows.email.isHidden()
    assert page.who.fold.text() == "More fields (3)"  # e-mail, gender, the day of the answer
    press(page, KEY.Key_A, held=ALT)
    assert not rows.email.isHidden()
    assert page.focusWidget() is rows.kind
    for row, text, field in (
        (rows.occupation, "教师", "occupation"),
        (rows.external_id, "K-17", "external_id"),
        (rows.preferences, "大屏", "preferences"),
        (rows.asked, "可以打电话吗", "consent_wording"),
        (rows.consent_day, "11-01", "consent_day"),
        (rows.email, "wjg@example.com", "email"),
    ):
        edit(page, row, text)
        expected = "2026-11-01" if field == "consent_day" else text
        until(qtbot, lambda f=field, e=expected: getattr(customers.get(shop, wang), f) == e)  # type: ignore[misc]
        settle(page, qtbot)
    press(page, KEY.Key_A, held=ALT)
    assert rows.email.isHidden()
    assert not rows.preferences.isHidden()


def edit(page: CardPage, row: FieldRow, text: str) -> None:
    """Go to a row, open it, type, Enter."""
    row.setFocus()
    press(page, KEY.Key_Return)
    write(page, text)
    press(page, KEY.Key_Return)


@pytest.mark.parametrize(
    ("row", "text", "sentence"),
    [
        ("email", "nobody", "not an e-mail address"),
        ("consent_day", "2026-12-01", "no day up to today"),
        ("consent_day", "soon", "no day up to today"),
        ("birthday", "农历十三月", "not a birthday"),
    ],
)
def test_a_wrong_value_keeps_what_was_typed_with_its_sentence(
    page: CardPage, qtbot: QtBot, row: str, text: str, sentence: str
) -> None:
    press(page, KEY.Key_A, held=ALT)
    field = getattr(page.who.rows, row)
    edit(page, field, text)
    until(qtbot, lambda: field.is_editing() and sentence in field.trouble())
    line = page.focusWidget()
    assert isinstance(line, QLineEdit)
    assert line.text() == text
    press(page, KEY.Key_Escape)
    assert not field.is_editing()


def test_a_lunar_birthday_in_chinese_words_shows_its_next_day(
    page: CardPage, shop: Shop, wang: int, qtbot: QtBot
) -> None:
    edit(page, page.who.rows.birthday, "农历闰六月初一")
    until(qtbot, lambda: customers.get(shop, wang).birthday_leap)
    until(qtbot, lambda: page.who.rows.birthday.value() == "lunar leap 06-01")
    assert "→ 07-04" in page.who.rows.birthday.shown()  # 2027 has no leap month: the ordinary sixth


def test_numbers_are_added_labelled_made_main_and_removed(
    page: CardPage, shop: Shop, wang: int, qtbot: QtBot
) -> None:
    press(page, KEY.Key_P, held=ALT)
    write(page, "139 0000 1111 公司")
    press(page, KEY.Key_Return)
    until(qtbot, lambda: len(page.who.numbers.rows) == 3)
    settle(page, qtbot)
    assert numbers(shop, wang)[2] == ("13900001111", "公司")
    rows = page.who.numbers.rows
    rows[1].setFocus()
    press(page, KEY.Key_Return)
    write(page, "0571 8765 4321 父母家")
    press(page, KEY.Key_Return)
    until(qtbot, lambda: numbers(shop, wang)[1] == ("057187654321", "父母家"))
    settle(page, qtbot)
    page.who.numbers.rows[2].setFocus()
    press(page, KEY.Key_Up, held=CTRL)
    until(qtbot, lambda: numbers(shop, wang)[0][0] == "13900001111")
    settle(page, qtbot)
    page.who.numbers.rows[0].setFocus()
    press(page, KEY.Key_Delete)
    until(qtbot, lambda: len(numbers(shop, wang)) == 2)
    until(qtbot, lambda: len(page.who.numbers.rows) == 2)
    assert customers.get(shop, wang).deleted_at is None


def test_a_number_that_cannot_be_dialled_is_saved_and_said(
    page: CardPage, desk: Desk, shop: Shop, wang: int, qtbot: QtBot
) -> None:
    page.who.numbers.rows[0].setFocus()
    press(page, KEY.Key_Return)
    write(page, "19811345 公司")
    press(page, KEY.Key_Return)
    until(qtbot, lambda: numbers(shop, wang)[0] == ("19811345", "公司"))
    settle(page, qtbot)
    assert desk.messages.shown == (
        "19811345 was saved, but it does not look like a whole phone number. Ctrl+Z takes it back."
    )
    page.who.numbers.rows[0].setFocus()
    press(page, KEY.Key_Return)
    write(page, "19811345 家")
    press(page, KEY.Key_Return)
    until(qtbot, lambda: numbers(shop, wang)[0] == ("19811345", "家"))
    settle(page, qtbot)
    assert desk.messages.shown == "Saved: phone number."  # the label only
    press(page, KEY.Key_P, held=ALT)
    write(page, "123456")
    press(page, KEY.Key_Return)
    until(qtbot, lambda: desk.messages.shown.startswith("123456 was saved, but"))
    history.undo(shop)
    assert len(numbers(shop, wang)) == 2


def test_a_wrong_or_known_number_keeps_what_was_typed(
    page: CardPage, shop: Shop, wang: int, qtbot: QtBot
) -> None:
    press(page, KEY.Key_P, held=ALT)
    write(page, "057187654321")
    press(page, KEY.Key_Return)
    until(qtbot, lambda: "has 057187654321 already" in page.who.numbers.more.field.trouble())
    line = page.focusWidget()
    assert isinstance(line, QLineEdit)
    assert line.text() == "057187654321"
    again(page, qtbot)
    assert page.who.numbers.more.is_editing()
    press(page, KEY.Key_Escape)
    assert page.who.numbers.more.isHidden()


def test_the_menu_key_offers_what_can_be_done_with_a_number(page: CardPage, qtbot: QtBot) -> None:
    page.who.numbers.rows[1].setFocus()
    press(page, KEY.Key_Menu)
    menu = page.who.numbers.rows[1].findChild(QMenu)
    assert isinstance(menu, QMenu)
    assert [action.text().split("\t")[0] for action in menu.actions()] == [
        "Edit number and label",
        "Make it the main number",
        "Remove the number",
    ]
    menu.close()


def test_a_number_emptied_is_removed(page: CardPage, shop: Shop, wang: int, qtbot: QtBot) -> None:
    page.who.numbers.rows[1].setFocus()
    press(page, KEY.Key_Return)
    write(page, "")
    press(page, KEY.Key_Return)
    until(qtbot, lambda: numbers(shop, wang) == [("13805718866", "")])


def has_tags(shop: Shop, customer_id: int, count: int) -> bool:
    return len(customers.tags(shop, customer_id)) == count


def test_the_line_of_tags_is_in_sight_after_each_without_its_list(
    page: CardPage, shop: Shop, wang: int, desk: Desk, qtbot: QtBot
) -> None:
    area = QScrollArea()
    qtbot.addWidget(area)
    area.setWidgetResizable(True)
    area.setWidget(page)
    area.resize(1200, 260)
    with qtbot.waitExposed(area):
        area.show()
    area.activateWindow()
    settle(page, qtbot)
    press(page, KEY.Key_T, held=ALT)
    settle(page, qtbot)
    line = page.focusWidget()
    assert isinstance(line, QLineEdit)
    words = line.completer().popup()
    assert words is not None
    qtbot.waitUntil(words.isVisible)
    for place in range(3):
        line.setText(",".join(f"{place}.{number} 一个很长很长的标签" for number in range(6)))
        press(page, KEY.Key_Return)
        until(qtbot, partial(has_tags, shop, wang, 1 + 6 * (place + 1)))
        settle(page, qtbot)
        assert page.focusWidget() is line
        assert not words.isVisible()
        top = line.mapTo(area.viewport(), QPoint(0, 0)).y()
        assert 0 <= top <= area.viewport().height() - line.height()
    press(page, KEY.Key_Escape)
    area.takeWidget()


def test_tags_are_added_and_taken_away_one_after_the_other(
    page: CardPage, shop: Shop, wang: int, qtbot: QtBot
) -> None:
    press(page, KEY.Key_T, held=ALT)
    write(page, "老客户")
    press(page, KEY.Key_Return)
    until(qtbot, lambda: set(customers.tags(shop, wang)) == {"拍照", "老客户"})
    assert page.who.tags.is_editing()
    settle(page, qtbot)
    write(page, "-拍照")
    press(page, KEY.Key_Return)
    until(qtbot, lambda: customers.tags(shop, wang) == ("老客户",))
    settle(page, qtbot)
    press(page, KEY.Key_Escape)
    assert page.who.tags.isHidden()
    history.undo(shop)
    assert set(customers.tags(shop, wang)) == {"拍照", "老客户"}


def test_the_card_with_the_same_number_opens_by_a_key(
    page: CardPage, fang: int, visits: Visits, qtbot: QtBot
) -> None:
    again(page, qtbot)
    assert [link.text() for link in page.who.people.links] == ["Same number as 李芳"]
    press(page, KEY.Key_S, held=ALT)
    page.who.people.links[0].setFocus()
    press(page, KEY.Key_Return)
    assert visits.customers == [fang, fang]


def test_who_belongs_to_them_is_linked_opened_and_taken_away(
    page: CardPage, shop: Shop, wang: int, fang: int, visits: Visits, qtbot: QtBot
) -> None:
    again(page, qtbot)
    press(page, KEY.Key_R, held=ALT)
    form = dialog(RelationForm, qtbot)
    assert isinstance(form, RelationForm)
    until(qtbot, lambda: form.who.line.text() == "李芳")  # who shares the number is proposed
    QTest.keyClick(form, KEY.Key_Return, CTRL)
    until(qtbot, lambda: len(relations.of_customer(shop, wang)) == 1)
    until(qtbot, lambda: [link.text() for link in page.who.people.links] == ["Wife 李芳 (same number)"])
    settle(page, qtbot)
    page.who.people.links[0].setFocus()
    press(page, KEY.Key_Return)
    assert visits.customers == [fang]
    press(page, KEY.Key_Delete)
    until(qtbot, lambda: relations.of_customer(shop, fang) == [])
    assert customers.get(shop, wang).deleted_at is None
    history.undo(shop)
    assert [each.words for each in relations.of_customer(shop, fang)] == ["Husband"]


def test_who_sent_them_is_picked_and_taken_off_by_keys(
    page: CardPage, shop: Shop, wang: int, fang: int, qtbot: QtBot
) -> None:
    press(page, KEY.Key_A, held=ALT)
    row = page.who.rows.referred
    row.setFocus()
    press(page, KEY.Key_Return)
    QTest.keyClicks(page.focusWidget(), "lifang")
    until(qtbot, lambda: bool(row.field.hits()))
    press(page, KEY.Key_Return)
    until(qtbot, lambda: customers.get(shop, wang).referred_by == fang)
    settle(page, qtbot)
    press(page, KEY.Key_Return)
    press(page, KEY.Key_Escape)
    assert not row.is_editing()
    press(page, KEY.Key_Return)
    press(page, KEY.Key_Return)
    until(qtbot, lambda: customers.get(shop, wang).referred_by is None)


def test_consent_for_a_channel_is_chosen_in_clear_words(
    page: CardPage, shop: Shop, wang: int, qtbot: QtBot
) -> None:
    press(page, KEY.Key_A, held=ALT)
    row = page.who.rows.channels["call"]
    row.setFocus()
    press(page, KEY.Key_Return)
    menu = row.findChild(QMenu)
    assert isinstance(menu, QMenu)
    assert [action.text() for action in menu.actions()] == ["May be called", "Do not call", "As in general"]
    menu.actions()[1].trigger()
    menu.close()
    until(qtbot, lambda: [each.answer for each in consents.of_customer(shop, wang)] == ["refused"])
    until(qtbot, lambda: "Do not call" in page.who.rows.consent.shown())
    history.undo(shop)
    assert consents.of_customer(shop, wang) == []


def test_a_dated_note_is_written_pinned_and_opened_by_keys(
    page: CardPage, shop: Shop, wang: int, qtbot: QtBot
) -> None:
    press(page, KEY.Key_F6)
    form = dialog(NoteForm, qtbot)
    assert isinstance(form, NoteForm)
    form.text.set_value("留一台 iPad")
    QTest.keyClick(form, KEY.Key_Return, CTRL)
    until(qtbot, lambda: [line.note.text for line in page.note.lines] == ["留一台 iPad"])
    settle(page, qtbot)
    page.note.lines[0].setFocus()
    press(page, KEY.Key_Return)
    form = dialog(NoteForm, qtbot)
    assert isinstance(form, NoteForm)
    form.pinned.set_value(True)
    QTest.keyClick(form, KEY.Key_Return, CTRL)
    until(qtbot, lambda: notes.pinned(shop, wang) == ["留一台 iPad"])
    settle(page, qtbot)
    page.note.lines[0].setFocus()
    press(page, KEY.Key_Delete)
    until(qtbot, lambda: notes.of_customer(shop, wang) == [])


def test_pinned_notes_pop_when_the_card_opens_and_esc_closes_them(
    page: CardPage, shop: Shop, wang: int, fang: int, qtbot: QtBot
) -> None:
    customers.edit(shop, wang, note="不要推销保险")
    again(page, qtbot)
    assert not page.go_back()
    page.note.toggle_pin()
    until(qtbot, lambda: customers.get(shop, wang).note_pinned)
    notes.add(shop, wang, "留一台 iPad", pinned=True)
    show(page, wang, qtbot)
    assert page.alerts.isVisible()
    assert page.alerts.pinned.text() == "Remember: 不要推销保险\nRemember: 留一台 iPad"
    assert page.go_back()
    assert not page.alerts.isVisible()
    again(page, qtbot)
    assert not page.alerts.isVisible()  # what was closed stays closed
    show(page, fang, qtbot)
    show(page, wang, qtbot)
    assert page.alerts.isVisible()  # until the card opens again


def test_an_old_card_asks_once_a_day_whether_it_is_still_right(
    page: CardPage, shop: Shop, wang: int, fang: int, qtbot: QtBot
) -> None:
    customers.edit(shop, wang, since_day="2019-05-01", region="西湖区", wechat="wjg8866")
    show(page, wang, qtbot)
    assert page.alerts.question.isVisible()
    assert page.alerts.question.text() == (
        "Still right? 138 0571 8866 · 057187654321 · 西湖区 · WeChat wjg8866 (not confirmed since 2019-05-01)"
    )
    assert page.go_back()
    show(page, fang, qtbot)
    show(page, wang, qtbot)
    assert not page.alerts.isVisible()


def test_one_key_confirms_and_can_be_undone(page: CardPage, shop: Shop, wang: int, qtbot: QtBot) -> None:
    customers.edit(shop, wang, since_day="2019-05-01")
    show(page, wang, qtbot)
    press(page, KEY.Key_V, held=ALT)
    until(qtbot, lambda: customers.get(shop, wang).verified_day == "2026-11-21")
    until(qtbot, lambda: not page.alerts.isVisible())
    assert not verification.is_due(shop, customers.get(shop, wang))
    history.undo(shop)
    assert customers.get(shop, wang).verified_day is None


def test_nobody_is_asked_where_nothing_can_be_read_out(page: CardPage, shop: Shop, qtbot: QtBot) -> None:
    show(page, customers.add(shop, CustomerDraft("陈静", since_day="2019-05-01")), qtbot)
    assert not page.alerts.isVisible()


def test_what_is_owed_stands_at_the_top(page: CardPage, shop: Shop, wang: int, qtbot: QtBot) -> None:
    assert page.who.balance.isHidden()
    balance.correct(shop, wang, 20_000, "旧账")
    again(page, qtbot)
    assert page.who.balance.isVisible()
    assert "¥200" in page.who.balance.text()


def test_the_timeline_is_reached_and_filtered_by_keys(
    page: CardPage, shop: Shop, wang: int, qtbot: QtBot
) -> None:
    notes.add(shop, wang, "留一台")
    interactions.log(shop, wang, "visit", "customer", "看看")
    again(page, qtbot)
    press(page, KEY.Key_L, held=ALT)
    assert page.focusWidget() is page.timeline.table
    assert page.timeline.table.currentIndex().row() == 0
    press(page, KEY.Key_Right)
    assert (page.timeline.filters.chosen, page.timeline.table.rows.rowCount()) == ("contacts", 1)
    press(page, KEY.Key_Left, KEY.Key_Left)
    assert page.timeline.filters.chosen == "notes"
    page.timeline.table.selectRow(0)
    press(page, KEY.Key_Return)
    form = dialog(NoteForm, qtbot)
    form.close()


def test_a_long_past_is_fetched_as_it_is_scrolled(
    page: CardPage, shop: Shop, wang: int, qtbot: QtBot
) -> None:
    for number in range(timeline.PAGE + 40):
        interactions.log(shop, wang, "call", "customer", f"call {number}")
    again(page, qtbot)
    table = page.timeline.table
    assert table.rows.rowCount() == timeline.PAGE + 41
    press(page, KEY.Key_L, held=ALT)
    press(page, KEY.Key_End)
    until(qtbot, lambda: (last := table.selected()) is not None and last.kind == "card")
    page.timeline.filters.choose("contacts")
    assert table.rows.rowCount() == timeline.PAGE + 40


def test_a_number_of_three_is_told_to_all(shop: Shop, wang: int, fang: int) -> None:
    made = customers.add(shop, CustomerDraft("小宇", (PhoneDraft("057187654321"),)))
    assert [each.customer.id for each in customer_phones.sharing(shop, wang)] == [made, fang]
