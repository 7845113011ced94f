"""Backups in Settings: how safe the shop is, the copies, the second place, the proof, the check."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop_crm import backup, customers, drill, passwords, restore, second_place, staff
from desktop_crm.base.clock import FixedClock
from desktop_crm.customers import CustomerDraft
from desktop_crm.shop import Shop
from desktop_crm.store import backup_state
from desktop_crm.ui.backups import BackupsSection
from desktop_crm.ui.kit.messages import Messages
from desktop_crm.ui.page import Desk
from desktop_crm.ui.sections import StateRow
from desktop_crm.ui.settings import SettingsPage


@pytest.fixture
def page(desk: Desk, shown: Callable[[QWidget], None], qtbot: QtBot) -> SettingsPage:
    """Settings on the screen, at the backups."""
    made = SettingsPage(desk)
    made.resize(1150, 700)
    shown(made)
    made.open("backups")
    made.load()
    qtbot.waitUntil(lambda: not desk.jobs.is_busy)
    return made


@pytest.fixture
def section(page: SettingsPage) -> BackupsSection:
    """The backups, of which there is none yet."""
    found = page.section("backups")
    assert isinstance(found, BackupsSection)
    return found


def settled(section: BackupsSection, qtbot: QtBot) -> None:
    """Load again and wait until everything asked for is there."""
    qtbot.waitUntil(lambda: not section.desk.jobs.is_busy)
    section.load()
    qtbot.waitUntil(lambda: not section.desk.jobs.is_busy)


def press(page: QWidget, key: Qt.Key, qtbot: QtBot) -> None:
    """Alt and a key."""
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    QTest.keyClick(page, key, Qt.KeyboardModifier.AltModifier)


def state(row: StateRow) -> str:
    """How something stands."""
    return row.chip.text()


def words(widget: QWidget) -> str:
    """Everything that is said inside a widget."""
    return " ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def test_a_new_shop_has_no_backup(section: BackupsSection) -> None:
    assert [state(row) for row in (section.last, section.second, section.proof)] == ["none", "none", "never"]
    assert "everything is gone" in words(section.last)
    assert not section.restored.isVisible()
    assert not section.restore_button.isEnabled()


def test_a_backup_is_made_by_its_key_and_verified(
    section: BackupsSection, page: SettingsPage, qtbot: QtBot
) -> None:
    press(page, Qt.Key.Key_B, qtbot)
    qtbot.waitUntil(lambda: len(backup.listing(section.desk.shop)) == 1)
    settled(section, qtbot)
    (made,) = section.table.records()
    assert (made.at, made.why, made.cards) == ("2026-11-21 10:00", "by hand", "0")
    assert [mark.text for mark in section._marks(made)] == ["verified", "no password"]
    assert state(section.last) == "2026-11-21 10:00"
    assert "who has the file can read" in words(section.last)
    section.verify()
    section.restore()
    section.table.select_first()
    section.verify()
    qtbot.waitUntil(lambda: section.desk.messages.shown == "The backup is whole; it holds 0 cards.")
    assert [mark.text for mark in section._marks(made)] == ["whole ✓", "no password"]
    made.id.write_bytes(b"broken")
    section.verify()
    qtbot.waitUntil(lambda: "older backup" in section.desk.messages.shown)
    assert section._marks(made)[0].text == "damaged"


def test_a_damaged_file_is_seen_in_the_list(section: BackupsSection, shop: Shop, qtbot: QtBot) -> None:
    backup.make(shop, "manual").write_bytes(b"broken")
    settled(section, qtbot)
    (broken,) = section.table.records()
    assert [mark.text for mark in section._marks(broken)] == ["damaged"]
    assert broken.cards == "–"
    assert state(section.last) == "–"


def test_with_a_password_nobody_is_warned(section: BackupsSection, shop: Shop, qtbot: QtBot) -> None:
    own = passwords.set_first(shop, staff.add(shop, "老板", "owner"), "correct horse battery")
    backup.make(own, "manual")
    settled(section, qtbot)
    assert "holds all that the shop holds now" in words(section.last)
    assert [mark.text for mark in section._marks(section.table.records()[0])] == ["verified"]


def test_a_copy_is_saved_elsewhere(
    section: BackupsSection, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "usb.crmbackup"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a, **_k: (str(out), ""))
    section.make_elsewhere()
    qtbot.waitUntil(out.exists)
    settled(section, qtbot)
    assert section.table.records() == []


def test_the_table_stands_right_below_its_keys(
    section: BackupsSection, page: SettingsPage, shop: Shop, qtbot: QtBot
) -> None:
    backup.make(shop, "manual")
    page.resize(1150, 1400)
    settled(section, qtbot)
    keys = section.restore_button
    gap = section.table.mapTo(section, QPoint(0, 0)).y() - keys.mapTo(section, keys.rect().bottomLeft()).y()
    assert gap <= 24


def test_the_last_backup_says_what_is_not_in_it(section: BackupsSection, shop: Shop, qtbot: QtBot) -> None:
    made = backup.make(shop, "manual")
    settled(section, qtbot)
    assert (backup.missing(shop), section.last.chip._tone) == (0, "good")
    customers.add(shop, CustomerDraft(name="王建国"))
    settled(section, qtbot)
    assert "1 step came since and is not in it." in words(section.last)
    assert section.last.chip._tone == "good"
    for _number in range(10):
        customers.add(shop, CustomerDraft(name="李娜"))
    settled(section, qtbot)
    assert "11 steps came since and are not in it." in words(section.last)
    assert section.last.chip._tone == "look", "never green when much is missing"
    backup.make(shop, "manual")
    prepared = restore.prepare(shop, made)
    shop.close()
    restore.carry_out(prepared)
    with closing(Shop.open(shop.folder, shop.clock)) as back:
        assert backup.missing(back) is None


def test_an_open_shop_asks_before_it_is_copied_elsewhere(
    section: BackupsSection, shop: Shop, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def refuse(_messages: Messages, title: str, text: str, **_how: object) -> bool:
        asked.append(f"{title}: {text}")
        return False

    went: list[tuple[str, object]] = []
    section.desk = replace(section.desk, go_to=lambda page, argument: went.append((page, argument)))
    monkeypatch.setattr(Messages, "confirm", refuse)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_a, **_k: str(tmp_path / "usb"))
    (tmp_path / "usb").mkdir()
    section.choose_second()
    qtbot.waitUntil(lambda: not section.desk.jobs.is_busy)
    assert asked[0].startswith("The shop has no password yet: Backups in ")
    assert second_place.state(shop) is None
    assert list((tmp_path / "usb").iterdir()) == [], "nothing is written before the answer"
    toast = section.desk.messages._toast
    assert toast is not None
    assert section.desk.messages.shown == "Nothing was copied."
    toast.click()
    assert went == [("settings", "safety")]


def test_a_shop_with_a_password_is_copied_without_a_question(
    section: BackupsSection, shop: Shop, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = passwords.set_first(shop, staff.add(shop, "老板", "owner"), "correct horse battery")
    section.desk.jobs.use(own)
    monkeypatch.setattr(Messages, "confirm", lambda *_a, **_k: pytest.fail("asked for nothing"))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_a, **_k: str(tmp_path))
    section.choose_second()
    qtbot.waitUntil(lambda: second_place.state(own) is not None)
    settled(section, qtbot)


def test_a_second_place_is_chosen_missed_and_given_up(
    section: BackupsSection,
    shop: Shop,
    clock: FixedClock,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    usb = tmp_path / "坚果云"
    usb.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_a, **_k: "")
    section.choose_second()
    assert second_place.state(shop) is None
    monkeypatch.setattr(Messages, "confirm", lambda *_a, **_k: True)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_a, **_k: str(usb))
    section.choose_second()
    qtbot.waitUntil(lambda: section.desk.messages.shown == "Backups are copied there from now on.")
    settled(section, qtbot)
    assert state(section.second) == "today ✓"
    assert str(usb) in words(section.second)
    backup_state.remember(shop.folder, reached_at="")
    settled(section, qtbot)
    assert state(section.second) == "not reached yet"
    second_place.carry(shop)
    shutil.rmtree(usb)
    clock.instant += timedelta(days=1)
    settled(section, qtbot)
    assert state(section.second) == "1 day ago ✓"
    clock.instant += timedelta(days=8)
    settled(section, qtbot)
    assert state(section.second) == "not reached for 9 days"
    section.give_up_button.click()
    settled(section, qtbot)
    assert state(section.second) == "none"


def test_the_last_backup_is_tried_out(
    section: BackupsSection, page: SettingsPage, shop: Shop, clock: FixedClock, qtbot: QtBot
) -> None:
    press(page, Qt.Key.Key_O, qtbot)
    qtbot.waitUntil(lambda: "no backup yet" in section.desk.messages.shown)
    made = backup.make(shop, "manual")
    section.prove()
    qtbot.waitUntil(lambda: section.desk.messages.shown.startswith("It opened"))
    settled(section, qtbot)
    assert state(section.proof) == "today ✓"
    clock.instant += timedelta(days=40)
    settled(section, qtbot)
    assert state(section.proof) == "40 days ago ✓"
    made.write_bytes(made.read_bytes()[:-900])
    drill.run(shop)
    settled(section, qtbot)
    assert state(section.proof) == "failed"


def test_a_clerk_sees_the_backups_and_may_do_nothing(
    section: BackupsSection, shop: Shop, qtbot: QtBot
) -> None:
    staff.add(shop, "老板", "owner")
    backup.make(shop, "manual")
    section.desk.jobs.use(shop.at_counter(staff.add(shop, "店员", "clerk")))
    settled(section, qtbot)
    section.table.select_first()
    for button in (
        section.now_button, section.second_button, section.proof_button, section.restore_button, section.verify_button,
        *section._others,
    ):  # fmt: skip
        assert not button.isEnabled()
    assert len(section.table.records()) == 1


def test_the_check_tells_and_mends(section: BackupsSection, shop: Shop, qtbot: QtBot) -> None:
    section.check.check()
    qtbot.waitUntil(lambda: "Nothing is wrong." in words(section.check.findings))
    customers.add(shop, CustomerDraft(name="王建国"))
    with shop.upkeep():
        shop.db.execute("DELETE FROM search_index WHERE rowid = 1")
        shop.db.execute("INSERT INTO search_index (rowid, tokens) VALUES (9, 'x')")
    section.check.check()
    qtbot.waitUntil(lambda: "wrongly in it: 2." in words(section.check.findings))
    section.check.mend("search")
    qtbot.waitUntil(lambda: "Nothing is wrong." in words(section.check.findings))


def test_a_check_that_fails_can_be_asked_again(section: BackupsSection, shop: Shop, qtbot: QtBot) -> None:
    section.check._check_failed(second_place.PlaceWrong("It cannot be read."))
    assert section.check.check_button.isEnabled()
    assert section.desk.messages.shown == "It cannot be read."
