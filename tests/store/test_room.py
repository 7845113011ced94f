"""A full disk is told from one that is gone, wherever it is met."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from desktop_crm.base.clock import FixedClock
from desktop_crm.records.customers import Tag
from desktop_crm.shop import Shop
from desktop_crm.store import ballast, folders, keys, locks, room
from desktop_crm.store import open as store_open
from desktop_crm.store.errors import DiskFull, ShopMissing, ShopReadOnly, ShopUnreachable


class Usage(NamedTuple):
    total: int
    used: int
    free: int


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk has no room."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: Usage(1 << 30, 1 << 30, 0))


def test_a_disk_with_room_is_not_out(tmp_path: Path) -> None:
    assert not room.is_out(tmp_path / "not" / "there")


@pytest.mark.usefixtures("full")
def test_a_full_disk_is_out(tmp_path: Path) -> None:
    assert room.is_out(tmp_path / "not" / "there")


def test_a_disk_that_does_not_answer_is_not_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_place: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(shutil, "disk_usage", gone)
    assert not room.is_out(tmp_path)


@pytest.mark.parametrize("failure", [ShopUnreachable("gone"), ShopReadOnly("read-only")])
def test_what_a_full_disk_does_is_told_as_that(
    tmp_path: Path, failure: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(type(failure)), room.explained(tmp_path):
        raise failure
    monkeypatch.setattr(room, "is_out", lambda _folder: True)
    with pytest.raises(DiskFull, match="Free some space"), room.explained(tmp_path):
        raise failure


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_no_room_for_a_new_shop(
    tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(_folder: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(folders, "sync", refuse)
    with pytest.raises(DiskFull, match="Free some space"):
        Shop.create(tmp_path / "shop", "full", clock)


@pytest.mark.usefixtures("full")
def test_a_file_that_cannot_be_made_on_a_full_disk(tmp_path: Path) -> None:
    with pytest.raises(DiskFull):
        store_open.connect(tmp_path / "nowhere", "00" * 48, write=True, create=True)


def test_a_file_that_cannot_be_made_for_another_reason(tmp_path: Path) -> None:
    with pytest.raises(ShopMissing, match="not accessible"):
        store_open.connect(tmp_path / "nowhere", "00" * 48, write=True, create=True)


def test_opening_takes_the_reserve_where_the_disk_is_full(
    shop: Shop, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.close()
    (shop.folder / ballast.FILE).write_bytes(b"reserve")
    real = store_open.check_whole

    def needs_room(db: object) -> None:
        if (shop.folder / ballast.FILE).exists():
            raise room.full()
        real(db)  # type: ignore[arg-type]

    monkeypatch.setattr(store_open, "check_whole", needs_room)
    opened = Shop.open(shop.folder, clock)
    assert not (shop.folder / ballast.FILE).exists()
    opened.close()


def test_opening_without_a_reserve_says_so(
    shop: Shop, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def needs_room(_db: object) -> None:
        raise room.full()

    shop.close()
    monkeypatch.setattr(store_open, "check_whole", needs_room)
    with pytest.raises(DiskFull, match="Free some space"):
        Shop.open(shop.folder, clock)


def test_a_change_of_locks_that_met_a_full_disk_says_so(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "is_out", lambda _folder: True)
    spent = store_open.connect(shop.folder, shop.keys.database_key(), write=True)
    with shop.change("Add a tag", {"tags"}):  # keeps the file from being locked anew
        shop.db.insert(Tag(0, "x"))
        spent.connection.execute("PRAGMA busy_timeout = 0")
        with pytest.raises(DiskFull, match="Free some space"):
            locks.rekey(spent, shop.folder, keys.new_secret())
    spent.close()
    assert shop.db.value("SELECT name FROM tags") == "x"
