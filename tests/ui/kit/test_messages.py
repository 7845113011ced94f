"""Toasts, progress, questions; and what a bug looks like to the person."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from desktop_crm.base.errors import CrmError
from desktop_crm.shop import Shop
from desktop_crm.ui.kit import crash
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.crash import CrashDialog, CrashHandler
from desktop_crm.ui.kit.jobs import Jobs, Progress
from desktop_crm.ui.kit.messages import Action, Messages, _ProgressCard, tell

Show = Callable[[QWidget], None]


@pytest.fixture
def window(shown: Show) -> QWidget:
    made = QWidget()
    made.resize(900, 500)
    shown(made)
    return made


def press_key_in_dialog(key: Qt.Key, qtbot: QtBot) -> None:
    def press() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QDialog)
        QTest.keyClick(dialog.focusWidget() or dialog, key)

    QTimer.singleShot(50, press)


def test_a_newer_toast_takes_the_place_of_an_older_one(window: QWidget, qtbot: QtBot) -> None:
    messages = Messages(window)
    messages.say("Saved.")
    messages.say("Saved again.")
    assert messages.shown == "Saved again."
    toast = messages._toast
    assert toast is not None
    assert toast.isVisible()
    assert toast.geometry().bottom() < window.height()
    assert abs(toast.geometry().center().x() - window.width() // 2) <= 1


def test_pressing_a_toast_does_what_it_offers(window: QWidget, qtbot: QtBot) -> None:
    messages = Messages(window)
    undone: list[int] = []
    messages.say("Saved.", Action("Undo", "Ctrl+Z", lambda: undone.append(1)))
    toast = messages._toast
    assert toast is not None
    QTest.mouseClick(toast, Qt.MouseButton.LeftButton)
    assert undone == [1]
    assert messages.shown == ""


def test_a_toast_goes_by_itself_but_not_under_the_mouse(
    window: QWidget, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr("desktop_crm.ui.kit.messages.SHOWN_MS", 30)
    messages = Messages(window)
    messages.say("Saved.")
    toast = messages._toast
    assert toast is not None
    toast.underMouse = lambda: True  # type: ignore[method-assign]
    with qtbot.assertNotEmitted(toast.destroyed, wait=100):
        pass
    assert messages.shown == "Saved."
    toast.underMouse = lambda: False  # type: ignore[method-assign]
    qtbot.waitUntil(lambda: messages.shown == "")


def test_a_long_sentence_breaks_and_stays_inside(window: QWidget) -> None:
    messages = Messages(window)
    messages.error(
        "The disk is full: nothing was saved. Free some space and try again, or choose another folder. " * 2
    )
    toast = messages._toast
    assert toast is not None
    assert toast.width() <= 560
    assert toast.height() > 60
    window.resize(400, 300)
    assert toast.geometry().right() < 400


def test_a_failed_job_is_said(window: QWidget, shop: Shop, qtbot: QtBot) -> None:
    jobs, messages = Jobs(shop), Messages(window)
    messages.listen(jobs)

    def fail(_shop: Shop) -> int:
        raise CrmError("No such customer.")

    jobs.query(fail, lambda _answer: None)
    qtbot.waitUntil(lambda: messages.shown == "No such customer.")
    jobs.close()


def test_a_long_job_shows_a_card_and_cancel_stops_it(window: QWidget, shop: Shop, qtbot: QtBot) -> None:
    jobs, messages = Jobs(shop), Messages(window)
    messages.listen(jobs)

    def work(_shop: Shop, progress: Progress) -> None:
        while True:
            progress.report(5_000_000_000, 10_000_000_000, "row 5,000,000,000")

    jobs.change(work, title="Importing…")
    qtbot.waitUntil(lambda: window.findChild(_ProgressCard) is not None, timeout=3000)
    card = window.findChild(_ProgressCard)
    assert card is not None
    qtbot.waitUntil(lambda: card._bar.value() == 500)
    assert card._words.text() == "row 5,000,000,000"
    card._stop.click()
    qtbot.waitUntil(lambda: messages.shown == "Cancelled; nothing was changed.")
    assert messages._cards == []
    jobs.close()


@pytest.mark.parametrize(("key", "answer"), [(Qt.Key.Key_Return, True), (Qt.Key.Key_Escape, False)])
def test_a_question_is_answered_by_key(window: QWidget, qtbot: QtBot, key: Qt.Key, answer: bool) -> None:
    press_key_in_dialog(key, qtbot)
    assert Messages(window).confirm("Close it?", "Nothing is lost.", yes="Close") is answer


def test_enter_never_means_yes_to_a_dangerous_question(window: QWidget, qtbot: QtBot) -> None:
    press_key_in_dialog(Qt.Key.Key_Return, qtbot)
    assert (
        Messages(window).confirm("Erase 王建国?", "This cannot be undone.", yes="Erase", danger=True) is False
    )


def test_a_sentence_before_there_is_a_window(qtbot: QtBot) -> None:
    said: list[str] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QDialog)
        said.append(dialog.windowTitle())
        dialog.accept()

    QTimer.singleShot(50, look)
    tell(None, "The shop cannot be opened", "The key file is gone.")
    assert said == ["The shop cannot be opened"]


def broken(customer: str) -> None:
    try:
        raise KeyError(customer)
    except KeyError as error:
        raise ValueError(f"no {customer}") from error


def the_error() -> BaseException:
    try:
        broken("王建国 13805718866")
    except ValueError as error:
        return error
    raise AssertionError


def test_a_report_names_places_but_no_customer() -> None:
    text = crash.report(the_error())
    assert "tests/ui/kit/test_messages.py" in text
    assert "builtins.ValueError" in text
    assert "builtins.KeyError" in text
    assert "王建国" not in text
    assert "13805718866" not in text


@pytest.fixture
def hook() -> Iterator[None]:
    before = sys.excepthook
    yield
    sys.excepthook = before


def test_a_bug_opens_one_dialog_and_closes_in_order(
    qapp: QApplication, hook: None, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    closed: list[int] = []
    handler = CrashHandler(qapp, lambda: closed.append(1))
    handler.install()
    seen: list[QWidget] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, CrashDialog)
        seen.append(dialog)
        copy = next(button for button in dialog.findChildren(KeyButton) if button.text() == "Copy the report")
        copy.click()
        dialog.accept()

    QTimer.singleShot(100, look)
    error = the_error()
    sys.excepthook(ValueError, error, error.__traceback__)
    handler.take(error)
    qtbot.waitUntil(lambda: bool(closed))
    assert len(seen) == 1
    assert QGuiApplication.clipboard().text().startswith("desktop_crm")
    assert "王建国" not in caplog.text
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    qtbot.waitUntil(lambda: len(closed) == 2)
