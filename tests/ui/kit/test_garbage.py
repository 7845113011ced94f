"""No thread but the window's destroys a widget."""

from __future__ import annotations

import gc
import threading

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot
from shiboken6 import delete, isValid

from desktop_crm.shop import Shop
from desktop_crm.ui.kit.alone import Alone
from desktop_crm.ui.kit.garbage import GarbageTimer
from desktop_crm.ui.kit.jobs import Jobs


class _Cycle:
    """Says which thread destroyed it."""

    def __init__(self, gone: list[str]) -> None:
        self.itself, self.gone = self, gone

    def __del__(self) -> None:
        self.gone.append(threading.current_thread().name)


class _Held:
    """Something of the window that asks a question and is closed before the answer comes."""

    def __init__(self, gone: list[str]) -> None:
        self.gone = gone

    def ask(self, _shop: Shop) -> int:
        return 1

    def take(self, _answer: int) -> None:
        pass

    def __del__(self) -> None:
        self.gone.append(threading.current_thread().name)


def _allocates(_shop: Shop) -> list[list[int]]:
    return [[place] for place in range(200_000)]


@pytest.fixture(autouse=True)
def none_held() -> None:
    """What other tests left behind would hold it for ever."""
    assert not GarbageTimer.is_held()
    assert gc.isenabled()


def test_a_reader_that_allocates_destroys_nothing_of_the_window(shop: Shop, qtbot: QtBot) -> None:
    jobs = Jobs(shop)
    gone: list[str] = []
    try:
        _Cycle(gone)
        answers: list[list[list[int]]] = []
        jobs.query(_allocates, answers.append)
        qtbot.waitUntil(lambda: bool(answers))
        qtbot.waitUntil(lambda: bool(gone))  # the timer's turn
        assert gone == [threading.main_thread().name]
    finally:
        jobs.close()


def test_what_a_question_held_ends_on_the_thread_of_the_window(shop: Shop, qtbot: QtBot) -> None:
    jobs = Jobs(shop)
    gone: list[str] = []
    try:
        for _again in range(50):
            held = _Held(gone)
            jobs.query(held.ask, held.take)
            del held
        qtbot.waitUntil(lambda: len(gone) == 50)
        assert set(gone) == {threading.main_thread().name}
    finally:
        jobs.close()


def test_what_is_destroyed_without_a_word_lets_go(qtbot: QtBot) -> None:
    parent = QObject()
    alone = Alone("", lambda _progress: None, parent)
    assert GarbageTimer.is_held()
    delete(parent)
    assert not isValid(alone)
    assert not GarbageTimer.is_held()
    assert gc.isenabled()


def test_python_collects_by_itself_again_when_the_last_one_stops(shop: Shop) -> None:
    first, second = Jobs(shop), Jobs(shop)
    first.close()
    assert not gc.isenabled()
    second.close()
    second.close()
    assert gc.isenabled()
