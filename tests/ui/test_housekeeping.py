"""What the program does by itself while its window is open."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytestqt.qtbot import QtBot

from desktop_crm import backup, history, staff
from desktop_crm.base.clock import FixedClock
from desktop_crm.records.customers import Tag
from desktop_crm.shop import Shop
from desktop_crm.store import ballast
from desktop_crm.ui import housekeeping
from desktop_crm.ui.page import Desk
from tests.ui.conftest import Visits


def add_tag(shop: Shop, name: str) -> None:
    with shop.change(f"Add tag {name}", {"tags"}):
        shop.db.insert(Tag(0, name))


@pytest.fixture(autouse=True)
def small_reserve(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reserve is as small as the tests' shops."""
    monkeypatch.setattr(ballast, "SIZE", 1 << 20)


def test_it_backs_up_every_two_hours_keeps_the_reserve_and_tidies(
    desk: Desk, shop: Shop, clock: FixedClock, qtbot: QtBot
) -> None:
    told: list[object] = []
    desk.jobs.changed.connect(lambda kinds, _by: told.append(kinds))
    made = housekeeping.start(desk)
    made.look()
    qtbot.waitUntil(lambda: not desk.jobs.is_busy)
    made.look()
    qtbot.waitUntil(lambda: not desk.jobs.is_busy)
    assert [each.why for each in backup.listing(shop)] == ["hours"]
    assert told == [frozenset({"backups"})]
    assert (shop.folder / "reserve").exists()
    clock.instant += timedelta(days=500)
    add_tag(shop, "x")
    made.look()
    qtbot.waitUntil(lambda: len(backup.listing(shop)) == 2)
    qtbot.waitUntil(lambda: [change.undoable for change in history.changes(shop)] == [True, False])


def test_what_the_backups_lack_is_said_once_with_a_way_there(
    desk: Desk, shop: Shop, visits: Visits, qtbot: QtBot
) -> None:
    made = housekeeping.start(desk)
    made.remind()
    qtbot.waitUntil(lambda: "Choose a second place" in desk.messages.shown)
    toast = desk.messages._toast
    assert toast is not None
    toast.click()
    assert visits.pages == [("settings", "backups")]
    made.remind()
    qtbot.waitUntil(lambda: not desk.jobs.is_busy)
    assert desk.messages.shown == ""


def test_a_clerk_is_not_told_what_only_others_can_mend(desk: Desk, shop: Shop, qtbot: QtBot) -> None:
    staff.add(shop, "老板", "owner")
    desk.jobs.use(shop.at_counter(staff.add(shop, "店员", "clerk")))
    made = housekeeping.start(desk)
    made.remind()
    qtbot.waitUntil(lambda: not desk.jobs.is_busy)
    assert desk.messages.shown == ""


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
