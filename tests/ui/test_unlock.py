"""A locked backup of another shop asks, before the open shop's window, for what opened it when it was made."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from desktop_crm import backup, passwords, shops, staff
from desktop_crm.base.clock import FixedClock
from desktop_crm.shop import Shop
from desktop_crm.ui import restore as restoring
from desktop_crm.ui.kit.messages import Messages
from desktop_crm.ui.page import Desk
from desktop_crm.ui.restore import RestoreDialog
from desktop_crm.ui.unlock import UnlockDialog

PASSWORD = "correct horse"


@pytest.fixture
def locked(tmp_path: Path, clock: FixedClock) -> Path:
    """A backup of another, locked shop."""
    other = Shop.create(tmp_path / "other", "二店", clock)
    own = passwords.set_first(other, staff.add(other, "王芳", "owner"), PASSWORD)
    made = backup.make(own, "manual")
    other.close()
    return made


def ask(desk: Desk, file: Path, target: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> UnlockDialog:
    """Restore the file into a folder, until it asks for a password."""
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_a, **_k: str(target))
    monkeypatch.setattr(Messages, "confirm", lambda *_a, **_k: False)

    def open_one(kind: type[RestoreDialog] | type[UnlockDialog]) -> list[RestoreDialog | UnlockDialog]:
        return [
            each for each in QApplication.topLevelWidgets() if isinstance(each, kind) and each.isVisible()
        ]

    restoring.ask(desk, file)
    qtbot.waitUntil(lambda: bool(open_one(RestoreDialog)))
    (before,) = open_one(RestoreDialog)
    assert isinstance(before, RestoreDialog)
    before.into_folder()
    qtbot.waitUntil(lambda: bool(open_one(UnlockDialog)), timeout=15_000)
    (dialog,) = open_one(UnlockDialog)
    assert isinstance(dialog, UnlockDialog)
    return dialog


def test_it_is_restored_with_the_password_of_its_time(
    desk: Desk, locked: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "restored"
    dialog = ask(desk, locked, target, qtbot, monkeypatch)
    line = dialog.unlock.password.field.line
    qtbot.waitUntil(line.hasFocus)
    QTest.keyClicks(line, PASSWORD)
    QTest.keyClick(line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shops.is_shop(target), timeout=15_000)
    qtbot.waitUntil(lambda: not any(isinstance(each, RestoreDialog) for each in visible()))
    Shop.open(target, password=PASSWORD).close()


def test_escape_leaves_everything_as_it_was(
    desk: Desk, locked: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "restored"
    dialog = ask(desk, locked, target, qtbot, monkeypatch)
    dialog.unlock.use_sheet()
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.unlock.asks_code
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert not shops.is_shop(target)
    (before,) = [each for each in visible() if isinstance(each, RestoreDialog)]
    assert isinstance(before, RestoreDialog)
    before.reject()


def visible() -> list[object]:
    """The windows that can be seen."""
    return [each for each in QApplication.topLevelWidgets() if each.isVisible()]
