"""Fixtures of the flows: the real window with all its pages over a believable shop."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop_crm.shop import Shop
from desktop_crm.ui.kit.state import State
from desktop_crm.ui.main_window import MainWindow
from tests.ui.conftest import dressed, nothing_left, own_machine, state

__all__ = ["dressed", "nothing_left", "own_machine", "state"]


@pytest.fixture
def window(sample_shop: Shop, state: State, qtbot: QtBot) -> Iterator[MainWindow]:
    """The window as a clerk has it in front of them, on the page Today."""
    made = MainWindow(sample_shop, state)
    bugs: list[BaseException] = []
    made.jobs.crashed.connect(bugs.append)
    made.resize(1366, 768)
    made.go_to("today")
    with qtbot.waitExposed(made):
        made.show()
    quiet(qtbot, made)
    yield made
    quiet(qtbot, made)
    made.close()
    made.deleteLater()
    assert bugs == []


def quiet(qtbot: QtBot, window: MainWindow) -> None:
    """Wait until no job runs and no answer is on its way."""

    def check(calm: Callable[[], bool]) -> None:
        qtbot.waitUntil(calm, timeout=10_000)

    for _turn in range(3):
        qtbot.wait(20)
        check(partial(lambda w: not w.jobs.is_busy, window))


class Keyboard:
    """A keyboard in front of the window: presses go to whatever has the focus, and are counted.

    Attributes:
        pressed: how many keys so far.
    """

    def __init__(self, qtbot: QtBot, window: MainWindow) -> None:
        self._qtbot, self._window, self.pressed = qtbot, window, 0

    def press(self, *keys: Qt.Key | str) -> None:
        """Press keys one after the other; a text is typed letter by letter; then wait for what they set off."""
        for key in keys:
            if isinstance(key, str):
                for letter in key:
                    QTest.keyClick(self._target(), Qt.Key(ord(letter.upper())))
            else:
                QTest.keyClick(self._target(), key)
            self.pressed += len(key) if isinstance(key, str) else 1
            quiet(self._qtbot, self._window)

    def chord(self, key: Qt.Key, modifier: Qt.KeyboardModifier) -> None:
        """Press a key with Ctrl or Alt: two keys."""
        QTest.keyClick(self._target(), key, modifier)
        self.pressed += 2
        quiet(self._qtbot, self._window)

    def _target(self) -> QWidget:
        return QApplication.focusWidget() or self._window


@pytest.fixture
def keyboard(qtbot: QtBot, window: MainWindow) -> Keyboard:
    """The keyboard of the window."""
    window.activateWindow()
    return Keyboard(qtbot, window)
