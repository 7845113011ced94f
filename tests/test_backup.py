"""Backups: verified before they count, the newest kept, whatever the clock says; and coming back from them."""

from __future__ import annotations

import errno
import os
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from desktop_crm import backup, customers, settings
from desktop_crm.backup import BackupMissing, FolderTaken
from desktop_crm.base.clock import FixedClock
from desktop_crm.customers import CustomerDraft
from desktop_crm.records.customers import Tag
from desktop_crm.shop import Shop
from desktop_crm.store import backups
from desktop_crm.store.backups import BackupDamaged, BackupFailed
from desktop_crm.store.errors import DiskFull, ShopReadOnly


def add_tag(shop: Shop, name: str) -> None:
    with shop.change(f"Add tag {name}", {"tags"}):
        shop.db.insert(Tag(0, name))


def tags(shop: Shop) -> list[str]:
    return [name for (name,) in shop.db.rows("SELECT name FROM tags ORDER BY id")]


def test_a_backup_brings_everything_back(shop: Shop, clock: FixedClock, tmp_path: Path) -> None:
    add_tag(shop, "before")
    path = backup.make(shop, "manual")
    add_tag(shop, "after")
    restored = Shop.open(backup.restore(path, tmp_path / "back"), clock)
    assert tags(restored) == ["before"]
    assert tags(shop) == ["before", "after"]
    assert restored.keys == shop.keys
    restored.close()
    assert backups.verify(path)["tags"] == 1


def test_a_backup_is_verified_without_being_restored(shop: Shop, tmp_path: Path) -> None:
    customers.add(shop, CustomerDraft(name="王建国"))
    path = backup.make(shop, "manual")
    assert backup.verify(path) == 1
    path.write_bytes(path.read_bytes()[:-5000])
    with pytest.raises(BackupDamaged, match="Nothing was changed"):
        backup.verify(path)
    with pytest.raises(BackupMissing, match="Nothing was changed"):
        backup.verify(tmp_path / "nowhere")


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
    with pytest.raises(BackupDamaged) as caught:
        backup.verify(path)
    assert isinstance(caught.value.__cause__, BackupFailed)


def test_its_progress_is_told_and_it_may_lie_anywhere(shop: Shop, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    out = tmp_path / "usb" / "copy.crmbackup"
    assert backup.make(shop, "manual", out, lambda done, total: seen.append((done, total))) == out
    assert seen
    assert seen[-1][0] == seen[-1][1] > 0
    assert backup.listing(shop) == []


def test_the_newest_are_kept_even_when_the_clock_jumps_back(shop: Shop, clock: FixedClock) -> None:
    with shop.change("Settings", {"settings"}):
        shop.put(settings.BACKUPS_KEPT, 3)
    for number in range(5):
        clock.instant -= timedelta(days=400 * number)
        backup.make(shop, "manual")
    (shop.folder / "backups" / "other.crmbackup").write_text("not ours")
    kept = backup.listing(shop)
    assert [item.sequence for item in kept] == [5, 4, 3]
    assert kept[0].at == "2015-12-09T02:00:00Z"
    assert kept[0].size == kept[0].path.stat().st_size


def test_nothing_new_makes_no_second_backup(shop: Shop) -> None:
    assert backup.make_if_changed(shop, "close") is not None
    assert backup.make_if_changed(shop, "close") is None
    add_tag(shop, "x")
    assert backup.make_if_changed(shop, "close") is not None


def test_a_window_that_stays_open_backs_up_once_a_day(shop: Shop, clock: FixedClock) -> None:
    assert backup.make_daily(shop) is not None
    add_tag(shop, "x")
    assert backup.make_daily(shop) is None
    clock.instant += timedelta(days=1)
    assert backup.make_daily(shop) is not None
    clock.instant += timedelta(days=1)
    assert backup.make_daily(shop) is None, "nothing new"


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


def test_restoring_never_touches_a_shop(shop: Shop, tmp_path: Path) -> None:
    path = backup.make(shop, "manual")
    with pytest.raises(FolderTaken, match="left as it was"):
        backup.restore(path, shop.folder)
    with pytest.raises(BackupMissing, match="Nothing was changed"):
        backup.restore(tmp_path / "nowhere", tmp_path / "back")


@pytest.mark.parametrize(
    "damage", [lambda b: b[:200], lambda b: b"no zip", lambda b: b[:-5000] + bytes(3000) + b[-2000:]]
)
def test_a_damaged_backup_is_refused_and_leaves_nothing(
    shop: Shop, tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    path = backup.make(shop, "manual")
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(BackupDamaged, match="older backup"):
        backup.restore(path, tmp_path / "back")
    assert [p.name for p in (tmp_path / "back").iterdir()] == ["backups"]


def test_a_copy_that_does_not_match_is_thrown_away(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backups, "verify_folder", lambda _folder: {"last_change": 0})
    with pytest.raises(BackupFailed, match="thrown away"):
        backup.make(shop, "manual")
    assert list((shop.folder / "backups").iterdir()) == []


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
    assert list((shop.folder / "backups").iterdir()) == []
