"""A shop is neither made nor opened in a folder that another program copies; everything there stays as it was."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from desktop_crm.base.places import PlaceRefused
from desktop_crm.shop import Shop


def test_no_shop_is_made_in_a_synced_folder(tmp_path: Path) -> None:
    with pytest.raises(PlaceRefused, match="OneDrive"):
        Shop.create(tmp_path / "OneDrive" / "shop", "店")
    assert not (tmp_path / "OneDrive").exists()


def test_a_shop_that_was_moved_into_a_synced_folder_is_not_opened(tmp_path: Path, template: Path) -> None:
    folder = Path(shutil.copytree(template, tmp_path / "Nutstore" / "shop"))
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    with pytest.raises(PlaceRefused, match="坚果云"):
        Shop.open(folder)
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before
    moved = Path(shutil.move(folder, tmp_path / "shop"))
    Shop.open(moved).close()
