"""The private place of an import when its disk is full, or it is damaged."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_crm.store.errors import DiskFull, ShopDamaged
from desktop_crm.store.staging import Staging


@pytest.fixture
def staging() -> Iterator[Staging]:
    """A place with some rows, put on the disk."""
    made = Staging({"name": ""})
    with made.together():
        made.add({"row": list(range(2_000)), "name": ["王建国" * 20] * 2_000})
    made.execute("PRAGMA cache_size = 1")
    yield made
    made.close()


def damage(staging: Staging) -> None:
    place: Path = staging._file.path
    whole = bytearray(place.read_bytes())
    for page in range(1, len(whole) // 4096):
        whole[page * 4096 + 99] ^= 255
    place.write_bytes(whole)
    staging.rest()


def test_a_full_disk_is_still_told_where_it_left_damage(staging: Staging) -> None:
    pages = staging.value("PRAGMA page_count")
    staging.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(DiskFull), staging.together():
        staging.add({"row": list(range(2_000)), "name": ["张伟" * 50] * 2_000})
    damage(staging)
    with pytest.raises(DiskFull, match="Free some space"):
        staging.rows("SELECT name FROM stage")


def test_damage_alone_is_damage(staging: Staging) -> None:
    damage(staging)
    with pytest.raises(ShopDamaged):
        staging.rows("SELECT name FROM stage")
