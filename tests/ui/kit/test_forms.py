"""Fields and forms: what is read, what is said about it, and that nothing typed is ever lost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from desktop_crm.base.errors import CrmError
from desktop_crm.settings import SHOP_NAME
from desktop_crm.shop import Shop
from desktop_crm.ui.kit.days import parse_day
from desktop_crm.ui.kit.forms import (
    CheckField,
    ChoiceField,
    DayField,
    FormDialog,
    MoneyField,
    NoteField,
    PhoneField,
    TextField,
)
from desktop_crm.ui.page import Desk

Show = Callable[[QWidget], None]
TODAY = date(2026, 11, 21)
"""A Saturday."""


class NameForm(FormDialog[str]):
    """Renames the shop; "taken" is refused by the shop, "same" by the form as a whole."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.jobs, desk.window, title="Rename", note="The name on paper.")
        self.name = self.add(TextField("Name", required=True))
        self.price = MoneyField("Price")
        self.phone = PhoneField("Phone")
        self.add_row(self.price, self.phone)
        self.note = self.add(NoteField("Note", lines=2))
        self.gate = threading.Event()
        self.gate.set()

    def problem(self) -> str:
        return "Name and note are the same." if self.name.value() == self.note.value() else ""

    def job(self) -> Callable[[Shop], str]:
        name, gate = self.name.value(), self.gate

        def rename(shop: Shop) -> str:
            gate.wait(5)
            if name == "taken":
                raise CrmError("This name is taken.")
            with shop.change("Rename", {"settings"}):
                shop.put(SHOP_NAME, name)
            return name

        return rename


@pytest.fixture
def form(desk: Desk, qtbot: QtBot) -> Iterator[NameForm]:
    desk.window.show()
    made = NameForm(desk)
    made.saved_with: list[str] = []  # type: ignore[attr-defined, misc]
    made.open_with(made.saved_with.append)  # type: ignore[attr-defined]
    qtbot.waitUntil(made.isVisible)
    yield made
    if isValid(made):
        made.done(0)


def saved(form: NameForm) -> list[str]:
    found: list[str] = form.saved_with  # type: ignore[attr-defined]
    return found


def test_enter_goes_on_and_control_enter_saves(form: NameForm, shop: Shop, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: form.focusWidget() is form.name.line)
    QTest.keyClicks(form.name.line, "Star")
    QTest.keyClick(form.name.line, Qt.Key.Key_Return)
    assert form.focusWidget() is form.price.line
    QTest.keyClick(form.price.line, Qt.Key.Key_Return)
    QTest.keyClick(form.phone.line, Qt.Key.Key_Return)
    assert form.focusWidget() is form.note.box
    QTest.keyClick(form.note.box, Qt.Key.Key_Return)
    assert form.note.box.toPlainText() == "\n", "Enter in a note makes a line"
    told = saved(form)
    QTest.keyClick(form.note.box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: told == ["Star"])
    assert shop.get(SHOP_NAME) == "Star"


def test_enter_on_the_last_field_saves(desk: Desk, qtbot: QtBot) -> None:
    class Short(NameForm):
        def __init__(self, desk: Desk) -> None:
            super().__init__(desk)
            self.note.hide()

    form = Short(desk)
    told: list[str] = []
    desk.window.show()
    form.open_with(told.append)
    form.name.set_value("Star")
    QTest.keyClick(form.phone.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: told == ["Star"])


def test_what_is_wrong_stands_under_the_field_and_goes_when_it_is_mended(
    form: NameForm, qtbot: QtBot
) -> None:
    QTest.keyClicks(form.phone.line, "138")
    form.save()
    assert form.name._below.text() == "Please fill this in."
    assert form.phone._below.text() == "A mobile number has 11 digits, this one has 3."
    assert form.isVisible()
    assert form.focusWidget() is form.name.line
    QTest.keyClicks(form.name.line, "x")
    assert form.name._below.text() == ""


def test_a_form_that_is_wrong_as_a_whole_says_so_on_top(form: NameForm, qtbot: QtBot) -> None:
    form.name.set_value("same")
    form.note.set_value("same")
    form.save()
    assert form._trouble.isVisible()
    assert form._trouble.text() == "Name and note are the same."


def test_a_refused_save_keeps_everything_typed(form: NameForm, shop: Shop, qtbot: QtBot) -> None:
    form.name.set_value("taken")
    form.note.set_value("a long note")
    form.save()
    qtbot.waitUntil(lambda: form._trouble.text() == "This name is taken.")
    assert form.isVisible()
    assert (form.name.value(), form.note.value()) == ("taken", "a long note")
    assert form.save_button.isEnabled()
    assert shop.get(SHOP_NAME) == "星河手机店"


def test_while_saving_it_says_so_and_does_not_save_twice(form: NameForm, qtbot: QtBot) -> None:
    form.gate.clear()
    form.name.set_value("Star")
    form.save()
    form.save()
    form.reject()
    assert form.isVisible()
    assert form._state.text() == "Saving…"
    told, gate = saved(form), form.gate
    gate.set()
    qtbot.waitUntil(lambda: told == ["Star"])


def test_escape_asks_once_when_something_was_typed(form: NameForm, qtbot: QtBot) -> None:
    QTest.keyClicks(form.name.line, "Star")
    QTest.keyClick(form, Qt.Key.Key_Escape)
    assert form.isVisible()
    assert form._state.text() == "Not saved yet. Esc again closes without saving."
    QTest.keyClicks(form.name.line, "s")
    assert form._state.text() == "", "going on typing takes the question back"
    QTest.keyClick(form, Qt.Key.Key_Escape)
    told = saved(form)
    with qtbot.waitSignal(form.destroyed):
        QTest.keyClick(form, Qt.Key.Key_Escape)
    assert told == []


def test_running_gives_the_saved_value_or_none(desk: Desk, qtbot: QtBot) -> None:
    desk.window.show()
    first, second = NameForm(desk), NameForm(desk)

    def fill() -> None:
        first.name.set_value("Star")
        first.save()

    QTimer.singleShot(0, first, fill)
    assert first.run() == "Star"
    QTimer.singleShot(0, second, second.reject)
    assert second.run() is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-30", date(2026, 11, 30)),
        ("2026/1/5", date(2026, 1, 5)),
        ("20261130", date(2026, 11, 30)),
        ("26-11-30", date(2026, 11, 30)),
        ("2026年11月30日", date(2026, 11, 30)),
        ("11-30", date(2026, 11, 30)),
        ("1-5", date(2027, 1, 5)),
        ("25", date(2026, 11, 25)),
        ("5", date(2026, 12, 5)),
        ("+3", date(2026, 11, 24)),
        ("+2周", date(2026, 12, 5)),
        ("+1m", date(2026, 12, 21)),
        ("－1", date(2026, 11, 20)),
        ("明天", date(2026, 11, 22)),
        ("Tomorrow", date(2026, 11, 22)),
        ("大后天", date(2026, 11, 24)),
        ("周一", date(2026, 11, 23)),
        ("星期天", date(2026, 11, 22)),
        ("mon", date(2026, 11, 23)),
        ("sat", TODAY),
        ("", None),
        ("soon", None),
        ("2026-02-30", None),
        ("31.2.", None),
        ("+99999m", None),
        ("+9999", date(2054, 4, 7)),
        ("99", None),
    ],
)
def test_days_are_read_as_one_types_them(text: str, day: date | None) -> None:
    assert parse_day(text, TODAY) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [("11-30", date(2025, 11, 30)), ("25", date(2026, 10, 25)), ("周一", date(2026, 11, 16)), ("21", TODAY)],
)
def test_days_of_the_past_are_the_last_ones(text: str, day: date) -> None:
    assert parse_day(text, TODAY, past=True) == day


def test_a_day_is_spelled_out_when_one_leaves_it(qtbot: QtBot, shown: Show) -> None:
    field = DayField("Day", today=TODAY, required=True)
    shown(field)
    QTest.keyClicks(field.line, "+3")
    field.line.editingFinished.emit()
    assert field.text() == "2026-11-24"
    field.line.setText("someday")
    assert field.problem() == "This is not a day. Write 2026-11-21, 11-21, +3 or tomorrow."


def test_a_day_can_be_picked(qtbot: QtBot, shown: Show) -> None:
    field = DayField("Day", today=TODAY)
    shown(field)
    field._open_calendar()
    calendar = next(
        widget for widget in field.findChildren(QWidget) if type(widget).__name__ == "QCalendarWidget"
    )
    with qtbot.waitSignal(field.changed):
        calendar.activated.emit(calendar.selectedDate().addDays(2))  # type: ignore[attr-defined]
    assert field.value() == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "fen"), [("1,299", 129900), ("￥50.5", 5050), ("1.2万", 1200000), ("", None)]
)
def test_money_is_read_as_fen(text: str, fen: int | None, qtbot: QtBot) -> None:
    field = MoneyField("Price")
    qtbot.addWidget(field)
    field.line.setText(text)
    assert field.value() == fen
    assert field.problem() == ""
    field.line.setText("cheap")
    assert field.problem() == "This is not an amount. Write 1299 or 1299.50."
    field.set_value(fen)
    assert field.value() == fen


def test_a_choice_takes_the_only_one_that_fits(qtbot: QtBot) -> None:
    field = ChoiceField("Clerk", [(1, "Li Na"), (2, "Zhang Qiang"), (3, "Wang Lei")], value=2, required=True)
    qtbot.addWidget(field)
    assert field.value() == 2
    field._line.setText("lei")
    assert (field.value(), field.problem()) == (3, "")
    field._line.setText("na g")
    assert field.problem() == "Please choose one of the list."
    field._line.setText("")
    assert field.problem() == "Please fill this in."
    field.set_items([(3, "Wang Lei")])
    field.set_value(3)
    assert field.value() == 3
    field.set_value(99)
    assert field.is_empty()


def test_a_free_choice_gives_what_was_typed(qtbot: QtBot) -> None:
    field: ChoiceField[Any] = ChoiceField("Model", [("iPhone 17", "iPhone 17")], free=True)
    qtbot.addWidget(field)
    field.set_value("Mate 80")
    assert (field.value(), field.problem()) == ("Mate 80", "")


def test_a_field_checks_with_its_own_rule(qtbot: QtBot) -> None:
    field = TextField(
        "Name", "ab", check=lambda text: "" if len(text) > 2 else "Too short.", hint="At least three."
    )
    qtbot.addWidget(field)
    assert field.problem() == "Too short."
    field.fail("Too short.")
    assert field._below.text() == "Too short."
    field.fail("")
    assert field._below.text() == "At least three."


def test_a_check_field_is_yes_or_no(qtbot: QtBot) -> None:
    field = CheckField("Wants messages", True)
    qtbot.addWidget(field)
    field.box.toggle()
    assert field.value() is False
    assert not field.is_empty()


def test_a_form_is_as_wide_as_what_is_in_it(desk: Desk, qtbot: QtBot) -> None:
    desk.window.show()
    made = NameForm(desk)
    made.name.setMinimumWidth(600)
    made.open_with(lambda _name: None)
    qtbot.waitUntil(made.isVisible)
    wide = made.name.mapTo(made, made.name.rect().topRight()).x() < made.save_button.geometry().right() + 2
    made.done(0)
    assert made.width() >= 640
    assert wide
