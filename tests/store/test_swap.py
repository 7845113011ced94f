"""Putting a restored shop in place: one program at a time, nothing acknowledged is lost, and no mark stands for ever."""

from __future__ import annotations

import errno
import os
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from filelock import FileLock

from desktop_crm import backup, customers, restore
from desktop_crm.base.clock import FixedClock
from desktop_crm.customers import CustomerDraft
from desktop_crm.restore import Prepared
from desktop_crm.shop import Shop
from desktop_crm.store import swap
from desktop_crm.store.errors import DiskFull, ShopBusy, ShopReadOnly


class Crash(BaseException):
    """The power went."""


def names(folder: Path, clock: FixedClock) -> list[str]:
    """Everybody on a card of the shop there."""
    shop = Shop.open(folder, clock)
    found = [name for (name,) in shop.db.rows("SELECT name FROM customers ORDER BY id")]
    shop.close()
    return found


@pytest.fixture
def prepared(shop: Shop) -> Prepared:
    """A backup with 王建国 ready to take the place of a shop with 李娜, too; that shop is closed."""
    customers.add(shop, CustomerDraft(name="王建国"))
    made = backup.make(shop, "manual")
    customers.add(shop, CustomerDraft(name="李娜"))
    found = restore.prepare(shop, made)
    shop.close()
    return found


def test_who_opens_the_shop_meanwhile_waits_and_moves_nothing(
    prepared: Prepared, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, halfway, go_on = os.replace, threading.Event(), threading.Event()

    def slow(source: Path, target: Path) -> None:
        real(source, target)
        if Path(source).name == "shop.db" and not halfway.is_set():
            halfway.set()
            assert go_on.wait(10)

    monkeypatch.setattr(os, "replace", slow)
    with ThreadPoolExecutor(2) as pool:
        window = pool.submit(restore.carry_out, prepared)
        assert halfway.wait(10)
        beside = pool.submit(names, prepared.folder, clock)
        assert not beside.done()
        go_on.set()
        over = window.result(20)
        assert beside.result(20) == ["王建国"]
    assert names(over, clock) == ["王建国", "李娜"]
    assert not swap.is_begun(prepared.folder)


def test_who_waits_too_long_is_told_so(
    prepared: Prepared, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(swap, "_PATIENCE_S", 0.05)
    with FileLock(prepared.folder / ".restoring.lock"):
        with pytest.raises(ShopBusy, match="is restoring this shop"):
            restore.carry_out(prepared)
        (prepared.folder / swap.MARK).write_text("{}")
        with pytest.raises(ShopBusy, match="is restoring this shop"):
            Shop.open(prepared.folder, clock)
    (prepared.folder / swap.MARK).unlink()
    assert names(prepared.folder, clock) == ["王建国", "李娜"]


def test_what_is_saved_in_the_last_moment_stops_it(
    prepared: Prepared, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = swap.begin

    def late(*args: object) -> Path:
        beside = Shop.open(prepared.folder, clock)
        customers.add(beside, CustomerDraft(name="赵敏"))
        beside.close()
        return begin(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(swap, "begin", late)
    with pytest.raises(ShopBusy, match="saved in the shop meanwhile"):
        restore.carry_out(prepared)
    assert names(prepared.folder, clock) == ["王建国", "李娜", "赵敏"]
    assert not prepared.files.exists()


@pytest.mark.parametrize("moved", [0, 1, 2, 4])
def test_a_mark_whose_files_are_gone_brings_back_what_was_there(
    prepared: Prepared, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, moved: int
) -> None:
    real, seen = os.replace, -1

    def cut_off(source: Path, target: Path) -> None:
        nonlocal seen
        if seen == moved:
            raise Crash
        seen += 1
        real(source, target)

    with monkeypatch.context() as patch, pytest.raises(Crash):
        patch.setattr(os, "replace", cut_off)
        restore.carry_out(prepared)
    assert swap.is_begun(prepared.folder)
    shutil.rmtree(prepared.files)
    for _turn in range(2):
        assert names(prepared.folder, clock) == ["王建国", "李娜"]
        assert not swap.is_begun(prepared.folder)


@pytest.mark.parametrize(("number", "error"), [(errno.EACCES, ShopReadOnly), (errno.ENOSPC, DiskFull)])
def test_what_cannot_be_moved_is_said_and_goes_on_at_the_next_opening(
    prepared: Prepared,
    clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    error: type[Exception],
) -> None:
    real = os.replace

    def refused(source: Path, target: Path) -> None:
        if Path(source).name == "shop.db":
            raise OSError(number, "no")
        real(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", refused)
        with pytest.raises(error):
            restore.carry_out(prepared)
        with pytest.raises(error):
            Shop.open(prepared.folder, clock)
    assert names(prepared.folder, clock) == ["王建国"]
