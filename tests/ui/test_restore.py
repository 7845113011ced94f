"""Coming back from a backup in the window: what would be lost is seen first; then the shop opens as it was."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop_crm import backup, customers, restore
from desktop_crm.base.clock import FixedClock
from desktop_crm.customers import CustomerDraft
from desktop_crm.shop import Shop
from desktop_crm.ui import application
from desktop_crm.ui import restore as restoring
from desktop_crm.ui.application import Running
from desktop_crm.ui.backups import BackupsSection
from desktop_crm.ui.kit.messages import Messages
from desktop_crm.ui.main_window import MainWindow
from desktop_crm.ui.page import Desk
from desktop_crm.ui.restore import RestoreDialog
from desktop_crm.ui.settings import SettingsPage


def dialog(qapp: QApplication, qtbot: QtBot) -> RestoreDialog:
    """The one that is open."""

    def found() -> list[RestoreDialog]:
        return [
            each for each in qapp.topLevelWidgets() if isinstance(each, RestoreDialog) and each.isVisible()
        ]

    qtbot.waitUntil(lambda: len(found()) == 1)
    return found()[0]


def words(widget: QWidget) -> str:
    """Everything that is said inside a widget."""
    return " ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


@pytest.fixture
def made(shop: Shop) -> Path:
    """A backup with one card; the shop has two."""
    customers.add(shop, CustomerDraft(name="王建国"))
    path = backup.make(shop, "manual")
    customers.add(shop, CustomerDraft(name="李娜"))
    return path


def test_it_shows_what_would_be_lost_and_esc_changes_nothing(
    desk: Desk, made: Path, qapp: QApplication, qtbot: QtBot
) -> None:
    restoring.ask(desk, made)
    opened = dialog(qapp, qtbot)
    said = words(opened)
    assert "Restore the backup of 2026-11-21 10:00" in said
    assert "Customers 1 2" in said
    assert "What came since would be lost: 1 customer, in 1 step." in said
    assert opened.close_button.hasFocus()
    QTest.keyClick(opened, Qt.Key.Key_Return)
    assert opened.isVisible(), "Enter alone replaces nothing"
    QTest.keyClick(opened, Qt.Key.Key_Escape)
    assert not opened.isVisible()


def test_it_takes_the_place_of_the_shop(
    desk: Desk, shop: Shop, made: Path, qapp: QApplication, qtbot: QtBot, clock: FixedClock
) -> None:
    wanted: list[tuple[Path, dict[str, object]]] = []
    desk = replace(desk, open_shop=lambda folder, **how: wanted.append((folder, how)))
    restoring.ask(desk, made)
    opened = dialog(qapp, qtbot)
    QTest.keyClick(opened, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert not opened.replace_button.isEnabled()
    assert not opened.elsewhere_button.isEnabled()
    opened.replace()
    qtbot.waitUntil(lambda: len(wanted) == 1)
    folder, how = wanted[0]
    assert (folder, how["page"], how["argument"]) == (shop.folder, "settings", "backups")
    between = how["between"]
    assert isinstance(between, partial)
    assert [name for (name,) in shop.db.rows("SELECT name FROM customers ORDER BY id")] == ["王建国", "李娜"]
    assert between.func is restore.carry_out


def test_trouble_is_said_in_the_dialog(desk: Desk, made: Path, qapp: QApplication, qtbot: QtBot) -> None:
    restoring.ask(desk, made)
    opened = dialog(qapp, qtbot)
    whole = bytearray(made.read_bytes())
    whole[len(whole) // 2] ^= 255
    made.write_bytes(whole)
    opened.replace()
    qtbot.waitUntil(lambda: "not a whole backup" in words(opened))
    assert opened.replace_button.isEnabled()
    opened.close()


def test_esc_stops_it_while_it_works(desk: Desk, made: Path, qapp: QApplication, qtbot: QtBot) -> None:
    restoring.ask(desk, made)
    opened = dialog(qapp, qtbot)
    opened.replace()
    opened.reject()
    qtbot.waitUntil(lambda: not desk.jobs.is_busy)
    assert opened.isVisible()
    assert "Cancelled" in desk.messages.shown
    opened.reject()
    assert not opened.isVisible()


def test_it_goes_into_another_folder(
    desk: Desk, made: Path, qapp: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened_shops: list[Path] = []
    desk = replace(desk, open_shop=opened_shops.append)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_a, **_k: str(tmp_path / "back"))
    answers = [False, True]
    monkeypatch.setattr(Messages, "confirm", lambda *_a, **_k: answers.pop(0))
    restoring.ask(desk, made)
    dialog(qapp, qtbot).into_folder()
    qtbot.waitUntil((tmp_path / "back" / "shop.db").exists)
    qtbot.waitUntil(lambda: answers == [True])
    assert opened_shops == []
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_a, **_k: str(tmp_path / "again"))
    restoring.ask(desk, made)
    dialog(qapp, qtbot).into_folder()
    qtbot.waitUntil(lambda: opened_shops == [tmp_path / "again"])
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_a, **_k: "")
    restoring.ask(desk, made)
    last = dialog(qapp, qtbot)
    last.into_folder()
    last.close()


def test_a_backup_of_another_shop_goes_only_into_a_folder(
    desk: Desk, qapp: QApplication, qtbot: QtBot, tmp_path: Path, clock: FixedClock
) -> None:
    other = Shop.create(tmp_path / "other", "别家", clock)
    made = backup.make(other, "manual")
    other.close()
    restoring.ask(desk, made)
    opened = dialog(qapp, qtbot)
    assert "another shop" in words(opened)
    opened.replace()
    assert not desk.jobs.is_busy
    opened.close()


def test_a_file_of_another_place_is_looked_into(
    desk: Desk,
    made: Path,
    qapp: QApplication,
    qtbot: QtBot,
    shown: Callable[[QWidget], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    section = BackupsSection(desk, desk.window)
    shown(section)
    section.load()
    qtbot.waitUntil(lambda: len(section.table.records()) == 1)
    section.table.select_first()
    section.activateWindow()
    qtbot.waitUntil(section.isActiveWindow)
    QTest.keyClick(section, Qt.Key.Key_R, Qt.KeyboardModifier.AltModifier)
    dialog(qapp, qtbot).close()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_a, **_k: (str(made), ""))
    section.restore_file()
    dialog(qapp, qtbot).close()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_a, **_k: ("", ""))
    section.restore_file()
    assert not desk.jobs.is_busy


def test_the_window_closes_and_opens_again_with_the_restored_shop(
    shop: Shop, made: Path, qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.close()
    monkeypatch.setattr(MainWindow, "start_services", lambda *_a: None)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    running = Running(qapp)
    running.open_shop(shop.folder)
    first = running.window
    assert first is not None
    qtbot.waitUntil(lambda: not first.jobs.is_busy)
    restoring.ask(first.desk, made)
    dialog(qapp, qtbot).replace()
    qtbot.waitUntil(lambda: running.window is not None and running.window is not first, timeout=15_000)
    window = running.window
    assert window is not None
    assert window.messages.shown.startswith("The backup of 2026-11-21 10:00 is restored")
    qtbot.waitUntil(lambda: not window.jobs.is_busy)
    assert [name for (name,) in window.desk.shop.db.rows("SELECT name FROM customers ORDER BY id")] == [
        "王建国"
    ]
    page = window.current_page()
    assert isinstance(page, SettingsPage)
    section = page.section("backups")
    assert isinstance(section, BackupsSection)
    qtbot.waitUntil(section.restored.isVisible)
    assert "replaced" in words(section.restored)
    assert len(list((shop.folder / "replaced").iterdir())) == 1
    shutil.rmtree(shop.folder / "replaced")
    section.load()
    qtbot.waitUntil(lambda: "is among the backups" in words(section.restored))
    window.close()
    running.finish()
    running.deleteLater()


def test_a_shop_that_somebody_else_has_open_stays_as_it_was(
    shop: Shop,
    made: Path,
    qapp: QApplication,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    clock: FixedClock,
) -> None:
    said: list[str] = []
    monkeypatch.setattr(application, "tell", lambda _parent, title, text: said.append(f"{title}: {text}"))
    monkeypatch.setattr(MainWindow, "start_services", lambda *_a: None)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    assert len(shop.db.rows("SELECT name FROM customers ORDER BY id")) == 2  # a reader that stays
    running = Running(qapp)
    running.open_shop(shop.folder)
    first = running.window
    assert first is not None
    qtbot.waitUntil(lambda: not first.jobs.is_busy)
    restoring.ask(first.desk, made)
    dialog(qapp, qtbot).replace()
    qtbot.waitUntil(lambda: running.window is not None and running.window is not first, timeout=25_000)
    assert said[0].startswith("The shop is as it was: Another window or program has the shop open.")
    window = running.window
    assert window is not None
    assert window.messages.shown == "", "nothing was restored"
    qtbot.waitUntil(lambda: not window.jobs.is_busy)
    assert len(window.desk.shop.db.rows("SELECT name FROM customers ORDER BY id")) == 2
    window.close()
    running.finish()
    running.deleteLater()
