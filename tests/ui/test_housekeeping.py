"""What the program does by itself while its window is open."""

from __future__ import annotations

from datetime import timedelta

from pytestqt.qtbot import QtBot

from desktop_crm import backup, history
from desktop_crm.base.clock import FixedClock
from desktop_crm.records.customers import Tag
from desktop_crm.shop import Shop
from desktop_crm.ui import housekeeping
from desktop_crm.ui.page import Desk


def add_tag(shop: Shop, name: str) -> None:
    with shop.change(f"Add tag {name}", {"tags"}):
        shop.db.insert(Tag(0, name))


def test_it_backs_up_once_a_day_and_tidies(desk: Desk, shop: Shop, clock: FixedClock, qtbot: QtBot) -> None:
    told: list[object] = []
    desk.jobs.changed.connect(lambda kinds, _by: told.append(kinds))
    made = housekeeping.start(desk)
    made.look()
    qtbot.waitUntil(lambda: not desk.jobs.is_busy)
    made.look()
    qtbot.waitUntil(lambda: not desk.jobs.is_busy)
    assert [each.why for each in backup.listing(shop)] == ["day"]
    assert told == [frozenset({"backups"})]
    clock.instant += timedelta(days=500)
    add_tag(shop, "x")
    made.look()
    qtbot.waitUntil(lambda: len(backup.listing(shop)) == 2)
    qtbot.waitUntil(lambda: [change.undoable for change in history.changes(shop)] == [True, False])


def test_a_clock_that_went_back_is_said(desk: Desk, shop: Shop, clock: FixedClock, qtbot: QtBot) -> None:
    made = housekeeping.start(desk)
    made._first_look()
    qtbot.waitUntil(lambda: not desk.jobs.is_busy)
    assert desk.messages.shown == ""
    clock.instant -= timedelta(days=3)
    made._first_look()
    qtbot.waitUntil(lambda: "2026-11-21 10:00" in desk.messages.shown)
    assert "Nothing is lost" in desk.messages.shown


def test_an_idle_shop_puts_its_log_away(desk: Desk, shop: Shop, qtbot: QtBot) -> None:
    made = housekeeping.start(desk)
    made._idle.setInterval(20)
    log = shop.folder / "shop.db-wal"
    desk.jobs.change(lambda shop: add_tag(shop, "x"))
    qtbot.waitUntil(lambda: not desk.jobs.is_busy)
    assert shop.db.value("SELECT count(*) FROM tags") == 1
    qtbot.waitUntil(lambda: log.stat().st_size == 0)
    desk.jobs.query(lambda shop: shop.now(), lambda _now: None)
    made._settle()
    assert made._idle.isActive(), "somebody waits for an answer: later"
    qtbot.waitUntil(lambda: not desk.jobs.is_busy and not made._idle.isActive())
