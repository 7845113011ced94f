"""Backups: verified before they count, the newest kept, whatever the clock says; and coming back from them."""

from __future__ import annotations

import errno
import itertools
import json
import os
import threading
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from filelock import FileLock

from desktop_crm import backup, customers, integrity, passwords, pins, profile, restore, settings, staff
from desktop_crm.backup import BackupMissing
from desktop_crm.base.clock import FixedClock
from desktop_crm.base.errors import CrmError
from desktop_crm.customers import CustomerDraft
from desktop_crm.records.customers import Tag
from desktop_crm.shop import Shop
from desktop_crm.store import backup_files, backups, ballast
from desktop_crm.store.backup_files import BackupDamaged
from desktop_crm.store.backups import BackupFailed
from desktop_crm.store.errors import DiskFull, ShopReadOnly


def add_tag(shop: Shop, name: str) -> None:
    with shop.change(f"Add tag {name}", {"tags"}):
        shop.db.insert(Tag(0, name))


def tags(shop: Shop) -> list[str]:
    return [name for (name,) in shop.db.rows("SELECT name FROM tags ORDER BY id")]


def names(place: Path) -> list[str]:
    """What lies in a folder of backups, but for the lock and what is remembered."""
    return sorted(each.name for each in place.iterdir() if each.name not in (".lock", "state.json"))


def test_a_backup_brings_everything_back(shop: Shop, clock: FixedClock, tmp_path: Path) -> None:
    add_tag(shop, "before")
    path = backup.make(shop, "manual")
    add_tag(shop, "after")
    restored = Shop.open(restore.into_folder(path, tmp_path / "back"), clock)
    assert tags(restored) == ["before"]
    assert tags(shop) == ["before", "after"]
    assert restored.keys.secret == shop.keys.secret
    restored.close()
    about = backup_files.about(path)
    assert about is not None
    assert (about.rows["tags"], about.shop_id, about.why) == (1, shop.keys.shop_id, "manual")
    assert about.audit.startswith("2-"), "the shop's making and one tag"


def test_a_backup_is_verified_without_being_restored(shop: Shop, tmp_path: Path) -> None:
    customers.add(shop, CustomerDraft(name="王建国"))
    path = backup.make(shop, "manual")
    assert restore.verify(path) == 1
    path.write_bytes(path.read_bytes()[:-5000])
    with pytest.raises(BackupDamaged, match="Nothing was changed"):
        restore.verify(path)
    with pytest.raises(BackupMissing, match="Nothing was changed"):
        restore.verify(tmp_path / "nowhere")


def test_what_is_saved_meanwhile_neither_delays_nor_spoils_it(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    with shop.change("Many", {"tags"}):
        for number in range(3000):
            shop.db.insert(Tag(0, f"{number}" * 90))
    monkeypatch.setattr(backups, "_SLICE_PAGES", 5)
    slices: list[int] = []

    def save(done: int, _total: int) -> None:
        if done:
            slices.append(done)
        if len(slices) in (2, 30, 60):
            slices.append(done)
            add_tag(shop, f"meanwhile {len(slices)}")

    path = backup.make(shop, "manual", progress=save)
    assert [done for done in slices if slices.count(done) == 1] == sorted(
        {done for done in slices if slices.count(done) == 1}
    )
    assert len(tags(shop)) == 3003
    about = backup_files.about(path)
    assert about is not None
    assert about.rows["tags"] == 3000
    assert backup.make_if_changed(shop, "close") is not None


def test_damage_in_an_unused_page_is_found_too(shop: Shop) -> None:
    with shop.change("Many", {"tags"}):
        for number in range(300):
            shop.db.insert(Tag(0, f"{number}" * 60))
    with shop.change("None", {"tags"}):
        shop.db.execute("DELETE FROM tags")
    path = backup.make(shop, "manual")
    with zipfile.ZipFile(path) as archive:
        held = {name: bytearray(archive.read(name)) for name in archive.namelist()}
    held["shop.db"][-3000] ^= 255
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in held.items():
            archive.writestr(name, bytes(content))
    with pytest.raises(BackupDamaged):
        restore.verify(path)
    said = json.loads(held["about.json"])
    del said["checksums"]  # as older versions made them: then the check of the pages finds it
    held["about.json"] = bytearray(json.dumps(said).encode())
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in held.items():
            archive.writestr(name, bytes(content))
    with pytest.raises(BackupDamaged) as caught:
        restore.verify(path)
    assert isinstance(caught.value.__cause__, BackupFailed)


def test_a_large_one_goes_to_the_disk_piece_by_piece(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    real = os.fsync

    def sync(handle: int) -> None:
        synced.append(os.fstat(handle).st_size)
        real(handle)

    monkeypatch.setattr(backup_files, "_SYNC_EVERY", 1 << 17)
    monkeypatch.setattr(backup_files, "_CHUNK", 1 << 16)
    monkeypatch.setattr(os, "fsync", sync)
    made = backup.make(shop, "manual")
    steps = [size for size in synced if size > 1 << 17]
    assert len(steps) > 3
    assert max(after - before for before, after in itertools.pairwise(steps)) <= 1 << 18
    assert restore.verify(made) == 0


def test_a_large_one_is_checked_page_by_page(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backups, "_LARGE_BYTES", 0)
    made = backup.make(shop, "manual")
    assert restore.verify(made) == 0
    real = backups._copy_database

    def spoil(db: object, copy: Path, key: str, progress: object) -> None:
        real(db, copy, key, None)  # type: ignore[arg-type]
        whole = bytearray((copy / "shop.db").read_bytes())
        whole[-3000] ^= 255
        (copy / "shop.db").write_bytes(whole)

    monkeypatch.setattr(backups, "_copy_database", spoil)
    with pytest.raises(CrmError):
        backup.make(shop, "manual")
    assert len(backup.listing(shop)) == 1


def test_its_progress_is_told_and_it_may_lie_anywhere(shop: Shop, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    out = tmp_path / "usb" / "copy.crmbackup"
    assert backup.make(shop, "manual", out, lambda done, total: seen.append((done, total))) == out
    pages = [each for each in seen if each[1]]
    assert pages[-1][0] == pages[-1][1] > 0
    assert len(seen) > len(pages), "packing and reading back can be stopped, too"
    assert backup.listing(shop) == []


KEEP_TWO = {
    settings.BACKUPS_KEPT: 2,
    settings.BACKUP_DAYS: 0,
    settings.BACKUP_WEEKS: 0,
    settings.BACKUP_MONTHS: 0,
}


def test_the_newest_are_kept_even_when_the_clock_jumps_back(shop: Shop, clock: FixedClock) -> None:
    profile.save(shop, KEEP_TWO)
    for number in range(5):
        clock.instant -= timedelta(days=400 * number)
        backup.make(shop, "manual")
    (shop.folder / "backups" / "other.crmbackup").write_text("not ours")
    kept = backup.listing(shop)
    assert [item.sequence for item in kept] == [5, 4]
    assert kept[0].at == "2015-12-09T02:00:00Z"
    assert kept[0].size == kept[0].path.stat().st_size


def test_of_days_weeks_and_months_one_is_kept(shop: Shop, clock: FixedClock) -> None:
    profile.save(shop, KEEP_TWO | {settings.BACKUP_MONTHS: 3})
    for _month in range(5):
        backup.make(shop, "manual")
        clock.instant += timedelta(days=30)
    assert [item.sequence for item in backup.listing(shop)] == [5, 4, 3]


def test_a_broken_copy_counts_for_nothing(shop: Shop) -> None:
    profile.save(shop, KEEP_TWO)
    first = backup.make(shop, "manual")
    second = backup.make(shop, "manual")
    second.write_bytes(second.read_bytes()[:3000])
    assert [each.is_whole for each in backup.copies(shop)] == [False, True]
    newest = backup.newest_whole(shop)
    assert newest is not None
    assert newest[0].path == first
    third = backup.make(shop, "manual")
    assert [each.path for each in backup.listing(shop)] == [third, second, first]
    backup.make(shop, "manual")
    assert [item.sequence for item in backup.listing(shop)] == [4, 3]


def test_nothing_new_makes_no_second_backup(shop: Shop) -> None:
    assert backup.make_if_changed(shop, "close") is not None
    assert backup.make_if_changed(shop, "close") is None
    add_tag(shop, "x")
    assert backup.make_if_changed(shop, "close") is not None


def test_a_bit_that_the_disk_lost_makes_the_newest_count_for_nothing(shop: Shop, clock: FixedClock) -> None:
    made = backup.make(shop, "manual")
    content = bytearray(made.read_bytes())
    content[len(content) // 2] ^= 1
    made.write_bytes(content)
    assert backup.copies(shop)[0].is_whole, "what it says of itself is not where the bit was lost"
    assert [finding.key for finding in integrity.check(shop)] == ["backups"]
    clock.instant += timedelta(hours=3)
    again = backup.make_due(shop)
    assert again is not None
    assert backup.make_if_changed(shop, "close") is None
    assert backup.damaged(shop) == 0, "only the newest is read whole"
    again.write_bytes(b"")
    assert backup.damaged(shop) == 2


def test_a_new_password_is_worth_a_backup(shop: Shop) -> None:
    owner = staff.add(shop, "老板", "owner")
    open_to_all = backup.make_if_changed(shop, "close")
    own = passwords.set_first(shop, owner, "correct horse battery")
    made = backup.make_if_changed(own, "close")
    assert made is not None
    assert [(each.path, each.is_protected) for each in backup.copies(own)] == [
        (made, True),
        (open_to_all, False),
    ]
    assert restore.verify(made, own) == 0
    passwords.change(own, "correct horse battery", "battery horse correct")
    assert backup.make_if_changed(own, "close") is not None


def test_a_pin_is_worth_a_backup(shop: Shop, clock: FixedClock) -> None:
    own = shop.at_counter(staff.add(shop, "老板", "owner"))
    assert backup.make_if_changed(own, "close") is not None
    for digits in ("734912", "551907", ""):
        clock.instant += timedelta(minutes=1)
        if digits:
            pins.put(own, 1, digits)
        else:
            pins.remove(own, 1)
        assert backup.make_if_changed(own, "close") is not None
        assert backup.make_if_changed(own, "close") is None


def test_a_window_that_stays_open_backs_up_every_two_hours(shop: Shop, clock: FixedClock) -> None:
    assert backup.make_due(shop) is not None
    add_tag(shop, "x")
    clock.instant += timedelta(hours=1, minutes=59)
    assert backup.make_due(shop) is None
    clock.instant += timedelta(minutes=1)
    assert backup.make_due(shop) is not None
    clock.instant += timedelta(hours=3)
    assert backup.make_due(shop) is None, "nothing new"
    add_tag(shop, "y")
    clock.instant -= timedelta(days=3)
    assert backup.make_due(shop) is not None, "the clock went back"
    assert [each.why for each in backup.listing(shop)] == ["hours"] * 3


def test_what_a_killed_backup_left_behind_goes_with_the_next(shop: Shop) -> None:
    place = shop.folder / "backups"
    (place / ".making-abc").mkdir()
    (place / ".making-abc" / "shop.db").write_text("half")
    (place / "000001-20261121T020000Z-close.crmbackup.part").write_text("half")
    assert backup.listing(shop) == []
    made = backup.make(shop, "manual")
    assert names(place) == [made.name]


def test_two_at_once_wait_for_each_other(
    shop: Shop, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Path] = []

    def make() -> None:
        beside = Shop.open(shop.folder, clock)
        made.append(backup.make(beside, "manual"))
        beside.close()

    threads = [threading.Thread(target=make) for _turn in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(each.sequence for each in backup.listing(shop)) == [1, 2, 3]
    assert len(set(made)) == 3
    monkeypatch.setattr(backups, "_PATIENCE_S", 0)
    with FileLock(shop.folder / "backups" / ".lock"), pytest.raises(BackupFailed, match="Another backup"):
        backup.make(shop, "manual")


def test_a_change_that_is_not_written_leaves_no_backup_and_pushes_none_out(shop: Shop) -> None:
    profile.save(shop, KEEP_TWO)
    kept = [backup.make(shop, "manual"), backup.make(shop, "manual")]
    with pytest.raises(ZeroDivisionError), backup.beforehand(shop, "import"):
        raise ZeroDivisionError
    assert sorted(each.path for each in backup.listing(shop)) == kept
    with backup.beforehand(shop, "import"):
        add_tag(shop, "x")
    assert [each.why for each in backup.listing(shop)] == ["import", "manual"]


def test_room_is_kept_in_reserve_and_given_back_on_a_full_disk(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ballast, "SIZE", 3 << 20)
    assert backup.keep_reserve(shop)
    reserve = shop.folder / "reserve"
    assert reserve.stat().st_size == 3 << 20
    assert backup.keep_reserve(shop)
    pages = shop.db.value("PRAGMA page_count")
    with shop.upkeep():
        shop.db.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(DiskFull, match="kept in reserve"), shop.change("Many", {"tags"}):
        for number in range(500):
            shop.db.insert(Tag(0, f"{number}" * 90))
    assert not reserve.exists()
    with pytest.raises(DiskFull, match="The disk is full"), shop.change("Many", {"tags"}):
        for number in range(500):
            shop.db.insert(Tag(0, f"{number}" * 90))
    assert tags(shop) == []


def test_the_reserve_is_not_made_where_there_is_no_room(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ballast, "SIZE", 1 << 60)
    assert not backup.keep_reserve(shop)
    monkeypatch.setattr(ballast, "SIZE", 1 << 20)

    def full(*_args: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "fsync", full)
    assert not backup.keep_reserve(shop)
    assert not list(shop.folder.glob("reserve*"))


def test_the_reason_of_a_backup_is_said_in_words() -> None:
    assert backup.why_words("close") == "when the window closed"
    assert backup.why_words("other") == "other"


def test_the_demo_may_end_later_today(shop: Shop, clock: FixedClock) -> None:
    with shop.change("Demo", {"settings"}):
        shop.put(settings.IS_DEMO, True)
    clock.instant -= timedelta(hours=1)
    assert backup.clock_went_back(shop) is None


def test_a_clock_that_jumped_back_is_noticed(shop: Shop, clock: FixedClock) -> None:
    assert backup.clock_went_back(shop) is None
    clock.instant -= timedelta(hours=1)
    assert backup.clock_went_back(shop) == "2026-11-21T02:00:00Z"


def test_a_copy_that_does_not_match_is_thrown_away(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backups, "verify_folder", lambda _folder, _key: {"last_change": 0})
    with pytest.raises(BackupFailed, match="thrown away"):
        backup.make(shop, "manual")
    assert names(shop.folder / "backups") == []


def test_a_disk_that_writes_something_else_is_noticed(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fsync

    def spoil(handle: int) -> None:
        real(handle)
        for part in (shop.folder / "backups").glob("*.part"):
            whole = bytearray(part.read_bytes())
            whole[len(whole) // 2] ^= 255
            part.write_bytes(whole)

    monkeypatch.setattr(os, "fsync", spoil)
    with pytest.raises(BackupDamaged):
        backup.make(shop, "manual")
    assert names(shop.folder / "backups") == []


def test_a_damaged_copy_is_thrown_away(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    real = backups._copy_database

    def spoil(db: object, copy: Path, key: str, progress: object) -> None:
        real(db, copy, key, None)  # type: ignore[arg-type]
        whole = bytearray((copy / "shop.db").read_bytes())
        whole[-3000] ^= 255
        (copy / "shop.db").write_bytes(whole)

    monkeypatch.setattr(backups, "_copy_database", spoil)
    with pytest.raises(Exception, match=r"damaged|thrown away"):
        backup.make(shop, "manual")
    assert backup.listing(shop) == []


@pytest.mark.parametrize(("number", "kind"), [(errno.ENOSPC, DiskFull), (errno.EACCES, ShopReadOnly)])
def test_no_room_or_no_right(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, number: int, kind: type[Exception]
) -> None:
    def fail(*_args: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(kind, match="shop itself is safe"):
        backup.make(shop, "manual")
    assert names(shop.folder / "backups") == []
