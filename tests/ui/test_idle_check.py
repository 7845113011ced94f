"""The daily check in quiet minutes: once a day, one check at a time, stopped by a key, saying what it found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop_crm import integrity
from desktop_crm.base.clock import FixedClock
from desktop_crm.integrity import Finding
from desktop_crm.shop import Shop
from desktop_crm.store.errors import ShopDamaged
from desktop_crm.ui import idle_check
from desktop_crm.ui.idle_check import IdleCheck
from desktop_crm.ui.page import Desk
from tests.test_audit import tamper
from tests.ui.conftest import Visits


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The checks that are made."""
    made: list[str] = []
    real = integrity.check_one

    def noted(shop: Shop, key: str, tell: integrity.Tell) -> Finding | None:
        made.append(key)
        return real(shop, key, tell)

    monkeypatch.setattr(integrity, "check_one", noted)
    return made


@pytest.fixture
def checking(
    desk: Desk, asked: list[str], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> Iterator[IdleCheck]:
    """A desk that counts as quiet at once."""
    assert asked == []
    monkeypatch.setattr(idle_check, "QUIET_S", 0.0)
    made = idle_check.start(desk)
    qtbot.waitUntil(lambda: not desk.jobs.is_busy)
    yield made
    made._watch(None)


def over(checking: IdleCheck, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not checking._left and not checking._runs and not checking._desk.jobs.is_busy)


def test_it_makes_every_check_once_a_day_and_says_nothing_where_all_is_well(
    checking: IdleCheck, desk: Desk, asked: list[str], clock: FixedClock, qtbot: QtBot
) -> None:
    assert idle_check.last(desk.state, desk.shop) == ""
    checking.look()
    over(checking, qtbot)
    assert tuple(asked) == integrity.KEYS
    assert desk.messages.shown == ""
    assert idle_check.last(desk.state, desk.shop) == "2026-11-21"
    checking.look()
    over(checking, qtbot)
    assert len(asked) == len(integrity.KEYS)
    clock.instant += timedelta(days=1)
    checking.look()
    over(checking, qtbot)
    assert len(asked) == 2 * len(integrity.KEYS)


def test_what_was_found_is_said_with_a_way_there(
    checking: IdleCheck, desk: Desk, shop: Shop, visits: Visits, qtbot: QtBot
) -> None:
    tamper(shop, "UPDATE audit SET staff_id = 9")
    (shop.folder / "shop.keys.copy").unlink()
    checking.look()
    over(checking, qtbot)
    assert desk.messages.shown == (
        "The daily check found: Places where the audit trail was changed or cut: 1. And 1 more."
    )
    toast = desk.messages._toast
    assert toast is not None
    toast.click()
    assert visits.pages == [("settings", "backups")]


def test_it_waits_until_nobody_touched_anything_for_a_while(
    checking: IdleCheck, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idle_check, "QUIET_S", 60.0)
    checking.look()
    assert asked == []


def test_a_key_stops_it_and_it_goes_on_where_it_was(
    checking: IdleCheck,
    asked: list[str],
    shown: Callable[[QWidget], None],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    line = QLineEdit()
    shown(line)
    counted = integrity.check_one

    def slow(shop: Shop, key: str, tell: integrity.Tell) -> Finding | None:
        found = counted(shop, key, tell)
        if key == "figures" and asked.count(key) == 1:
            assert checking._stop.wait(5)
            tell(0, 1)
        return found

    monkeypatch.setattr(integrity, "check_one", slow)
    checking.look()
    qtbot.waitUntil(lambda: "figures" in asked)
    monkeypatch.setattr(idle_check, "QUIET_S", 60.0)
    window = line.windowHandle()
    assert window is not None
    QTest.keyClick(window, Qt.Key.Key_A)
    qtbot.waitUntil(lambda: not checking._runs)
    assert checking._left[0] == "figures"
    checking.look()
    assert asked[-1] == "figures"
    monkeypatch.setattr(idle_check, "QUIET_S", 0.0)
    checking.look()
    over(checking, qtbot)
    assert asked.count("figures") == 2
    assert asked[-1] == integrity.KEYS[-1]


def test_of_a_damaged_file_nothing_else_is_asked(
    checking: IdleCheck, desk: Desk, asked: list[str], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(integrity, "_bad_pages", lambda _shop: 3)
    checking.look()
    over(checking, qtbot)
    assert asked == ["pages"]
    assert "Damaged pages of the file: 3." in desk.messages.shown
    desk.messages.hide()


def test_a_file_that_cannot_be_read_is_said(
    checking: IdleCheck, desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_shop: Shop) -> int:
        raise ShopDamaged("It is damaged.")

    monkeypatch.setattr(integrity, "_bad_pages", gone)
    checking.look()
    over(checking, qtbot)
    assert desk.messages.shown == "It is damaged."
    desk.messages.hide()
    assert idle_check.last(desk.state, desk.shop) == "2026-11-21"
