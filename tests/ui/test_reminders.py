"""Reminders in the window: with and without a tray, once each, never taking the focus."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from PySide6.QtWidgets import QApplication, QSystemTrayIcon
from pytestqt.qtbot import QtBot

from desktop_crm import followups
from desktop_crm.base.clock import FixedClock
from desktop_crm.settings import LAST_RULES_DAY, STAY_IN_TRAY
from desktop_crm.shop import Shop
from desktop_crm.ui.page import Desk
from desktop_crm.ui.reminders import Reminders, start
from tests.contact_builders import add_customer
from tests.ui.conftest import Visits, Windows

DAY = date(2026, 11, 21)


def settle(desk: Desk, qtbot: QtBot) -> None:
    for _again in range(2):
        qtbot.waitUntil(lambda: not desk.jobs.is_busy)
        QApplication.processEvents()
        QApplication.processEvents()


def test_without_a_tray_a_toast_says_it_once(
    desk: Desk, shop: Shop, qtbot: QtBot, visits: Visits, clock: FixedClock
) -> None:
    who = add_customer(shop)
    followups.plan(shop, who, DAY, "film", due_time="10:30")
    reminders = Reminders(desk, tray=False)
    settle(desk, qtbot)
    assert shop.get(LAST_RULES_DAY) == "2026-11-21"
    assert desk.messages.shown == "1 contact today"
    desk.messages.hide()
    clock.instant += timedelta(minutes=30)
    reminders.look()
    settle(desk, qtbot)
    assert desk.messages.shown == "10:30 王建国 – film"
    desk.messages.hide()
    reminders.look()
    settle(desk, qtbot)
    assert desk.messages.shown == ""
    reminders._go()
    assert visits.customers == [who]
    reminders.stop()


def test_with_a_tray_its_message_says_it_and_closing_may_keep_the_program(
    desk: Desk, shop: Shop, qtbot: QtBot, visits: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[tuple[str, str]] = []
    monkeypatch.setattr(
        QSystemTrayIcon, "showMessage", lambda _tray, title, text, *_more: said.append((title, text))
    )
    followups.plan(shop, add_customer(shop), DAY, "film", due_time="09:30")
    with shop.change("tray", {"settings"}):
        shop.put(STAY_IN_TRAY, True)
    reminders = Reminders(desk, tray=True)
    settle(desk, qtbot)
    assert said == [("1 contact today", "09:30 王建国 – film")]
    assert reminders.tray is not None
    assert reminders.tray.toolTip() == "1 contact waits"
    assert desk.window.property("stays_in_tray")
    desk.jobs.change(lambda shop: followups.finish(shop, 1, "reached"))
    settle(desk, qtbot)
    qtbot.waitUntil(lambda: reminders.tray is not None and reminders.tray.toolTip() == "0 contacts wait")
    reminders._customer = None
    reminders._activated(QSystemTrayIcon.ActivationReason.Trigger)
    reminders._go()
    assert visits.pages == [("today", None)]
    desk.window.hide()
    reminders.stop()


def test_the_tray_can_end_the_program(make_window: Windows, qtbot: QtBot) -> None:
    window = make_window()
    window.show()
    reminders = Reminders(window.desk, tray=True)
    settle(window.desk, qtbot)
    window.setProperty("stays_in_tray", True)
    reminders.stop()
    with qtbot.waitSignal(window.closed):
        reminders._quit()


def test_the_window_starts_it(desk: Desk, qtbot: QtBot) -> None:
    service = start(replace(desk))
    assert isinstance(service, Reminders)
    settle(desk, qtbot)
    service.stop()
