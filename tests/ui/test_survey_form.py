"""Asking a customer: two digits and Enter; what it is about, corrections, and what is off the scale."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from desktop_crm import purchases, surveys
from desktop_crm.purchase_drafts import LineDraft, SaleDraft
from desktop_crm.shop import Shop
from desktop_crm.ui.page import Desk
from desktop_crm.ui.survey_form import SurveyForm, new_answer, open_answer
from tests.contact_builders import add_customer

Key = Qt.Key


@pytest.fixture
def wang(shop: Shop) -> int:
    """A customer who bought a phone today."""
    who = add_customer(shop)
    purchases.record(shop, SaleDraft((LineDraft("iPhone 17", 579_900),), customer_id=who))
    return who


@pytest.fixture(autouse=True)
def closing(desk: Desk) -> Iterator[None]:
    """The window behind the form; forms that a test left open are closed."""
    desk.window.show()
    yield
    for each in QApplication.topLevelWidgets():
        if isinstance(each, SurveyForm) and isValid(each) and each.isVisible():
            each.done(0)


def settle(desk: Desk, qtbot: QtBot) -> None:
    for _again in range(2):
        qtbot.waitUntil(lambda: not desk.jobs.is_busy)
        QApplication.processEvents()


def form() -> SurveyForm:
    return next(
        each for each in QApplication.topLevelWidgets() if isinstance(each, SurveyForm) and each.isVisible()
    )


def press(*keys: Qt.Key) -> int:
    """Press keys wherever the keyboard is; gives how many."""
    for key in keys:
        target = form().focusWidget()
        assert target is not None
        QTest.keyClick(target, key)
    return len(keys)


def test_two_digits_and_enter(desk: Desk, shop: Shop, wang: int, qtbot: QtBot) -> None:
    done: list[str] = []
    new_answer(desk, wang, lambda: done.append("told"))
    settle(desk, qtbot)
    assert form().satisfaction.line.hasFocus()
    assert form().windowTitle() == "Ask 王建国 how it was"
    assert press(Key.Key_5, Key.Key_9, Key.Key_Return) == 3
    settle(desk, qtbot)
    (answer,) = surveys.of_customer(shop, wang)
    assert (answer.satisfaction, answer.recommendation) == (5, 9)
    assert answer.purchase_id == purchases.of_customer(shop, wang)[0].purchase.id, "what was bought last"
    assert done == ["told"]


def test_enter_right_after_the_first_digit_waits_for_the_second(
    desk: Desk, shop: Shop, wang: int, qtbot: QtBot
) -> None:
    new_answer(desk, wang)
    settle(desk, qtbot)
    press(Key.Key_5, Key.Key_Return)
    settle(desk, qtbot)
    assert form().recommendation.line.hasFocus()
    assert "Enter once more" in form().recommendation._below.text()
    assert surveys.of_customer(shop, wang) == []
    press(Key.Key_9)
    assert form().recommendation._below.text() == "0 not at all · 10 certainly"
    press(Key.Key_Return)
    settle(desk, qtbot)
    (answer,) = surveys.of_customer(shop, wang)
    assert (answer.satisfaction, answer.recommendation) == (5, 9)


def test_a_second_enter_saves_without_the_second_digit(
    desk: Desk, shop: Shop, wang: int, qtbot: QtBot
) -> None:
    new_answer(desk, wang)
    settle(desk, qtbot)
    press(Key.Key_5, Key.Key_Return, Key.Key_Return)
    settle(desk, qtbot)
    (answer,) = surveys.of_customer(shop, wang)
    assert (answer.satisfaction, answer.recommendation) == (5, None)


def test_a_ten_and_the_second_score_alone(desk: Desk, shop: Shop, wang: int, qtbot: QtBot) -> None:
    new_answer(desk, wang)
    settle(desk, qtbot)
    press(Key.Key_Return, Key.Key_1, Key.Key_0, Key.Key_Return)
    settle(desk, qtbot)
    (answer,) = surveys.of_customer(shop, wang)
    assert (answer.satisfaction, answer.recommendation) == (None, 10)


def test_what_was_answered_before_is_not_offered_first(
    desk: Desk, shop: Shop, wang: int, qtbot: QtBot
) -> None:
    sale = purchases.of_customer(shop, wang)[0].purchase.id
    surveys.record(shop, wang, 4, purchase_id=sale)
    new_answer(desk, wang)
    settle(desk, qtbot)
    assert form().about.is_empty()
    assert form().about.box.itemText(0) == "2026-11-21 iPhone 17 (answered)"


@pytest.mark.parametrize(
    ("first", "second", "words"), [("6", "", "from 1 to 5"), ("5", "11", "from 0 to 10")]
)
def test_what_is_off_the_scale_stays_and_says_so(
    desk: Desk, shop: Shop, wang: int, qtbot: QtBot, first: str, second: str, words: str
) -> None:
    new_answer(desk, wang)
    settle(desk, qtbot)
    form().satisfaction.set_value(first)
    form().recommendation.set_value(second)
    form().save()
    said = form().satisfaction._below.text() + form().recommendation._below.text()
    assert words in said
    assert surveys.of_customer(shop, wang) == []


def test_nothing_at_all_is_no_answer(desk: Desk, wang: int, qtbot: QtBot) -> None:
    new_answer(desk, wang)
    settle(desk, qtbot)
    form().save()
    assert "Write a digit" in form()._trouble.text()
    assert form().satisfaction.line.hasFocus()


def test_an_answer_is_put_right(desk: Desk, shop: Shop, wang: int, qtbot: QtBot) -> None:
    made = surveys.record(shop, wang, 2, 3, "等太久")
    open_answer(desk, made)
    settle(desk, qtbot)
    assert (form().satisfaction.value(), form().comment.value()) == ("2", "等太久")
    form().satisfaction.line.setFocus()
    form().satisfaction.line.selectAll()
    press(Key.Key_4, Key.Key_Return)
    settle(desk, qtbot)
    assert (surveys.get(shop, made).satisfaction, surveys.get(shop, made).recommendation) == (4, 3)


def test_an_answer_is_taken_away(desk: Desk, shop: Shop, wang: int, qtbot: QtBot) -> None:
    done: list[str] = []
    open_answer(desk, surveys.record(shop, wang, 2), lambda: done.append("told"))
    settle(desk, qtbot)
    form().removal.click()
    settle(desk, qtbot)
    assert surveys.of_customer(shop, wang) == []
    assert done == ["told"]
