"""Folders that last, and shops whose making was cut off."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from desktop_crm import shops
from desktop_crm.base.clock import FixedClock
from desktop_crm.shop import Shop
from desktop_crm.store import folders, migrations
from desktop_crm.store.errors import ShopMissing


def cut_off(folder: Path, clock: FixedClock) -> None:
    """A shop whose making the power ended."""
    Shop.create(folder, "half", clock).close()
    (folder / folders.MARK).touch()


def test_missing_folders_are_made(tmp_path: Path) -> None:
    folders.make(tmp_path / "a" / "b")
    folders.make(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()


def test_a_copy_holds_the_same(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"keys")
    folders.copy(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "b").read_bytes() == b"keys"


def test_a_shop_whose_making_was_cut_off_is_none(tmp_path: Path, clock: FixedClock) -> None:
    cut_off(tmp_path / "shop", clock)
    assert not shops.is_shop(tmp_path / "shop")
    with pytest.raises(ShopMissing, match="make a new shop"):
        Shop.open(tmp_path / "shop", clock)


def test_another_is_made_in_its_place(tmp_path: Path, clock: FixedClock) -> None:
    cut_off(tmp_path / "shop", clock)
    before = (tmp_path / "shop" / "shop.keys").read_bytes()
    Shop.create(tmp_path / "shop", "whole", clock).close()
    assert shops.is_shop(tmp_path / "shop")
    assert (tmp_path / "shop" / "shop.keys").read_bytes() != before


def test_a_shop_that_cannot_be_made_leaves_nothing(
    tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_db: object) -> None:
        raise RuntimeError("power")

    monkeypatch.setattr(migrations, "apply", broken)
    with pytest.raises(RuntimeError, match="power"):
        Shop.create(tmp_path / "shop", "half", clock)
    assert [path.name for path in (tmp_path / "shop").iterdir()] == ["backups"]


def test_what_cannot_be_taken_away_stays_marked(
    tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_off(tmp_path / "shop", clock)

    def refuse(*_others: object, **_named: object) -> None:
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))

    with monkeypatch.context() as patched:
        patched.setattr(os, "unlink", refuse)
        patched.setattr(Path, "unlink", refuse)
        folders.clear(tmp_path / "shop", ("shop.db",))
    assert folders.is_unfinished(tmp_path / "shop")
    assert not shops.is_shop(tmp_path / "shop")
