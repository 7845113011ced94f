"""The disk is full: whatever operation it meets, a sentence says so, nothing acknowledged goes, and it works with room."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_crm import integrity
from desktop_crm.base.clock import FixedClock
from desktop_crm.shop import Shop
from desktop_crm.store import open as store_open
from desktop_crm.store.errors import DiskFull
from tests.conftest import NOW
from tests.faults import full, preload, small, steps
from tests.faults.driven import driven_all
from tests.faults.said import digest
from tests.faults.spoiling import with_pragmas
from tests.faults.steps import Day, Step

needs_recorder = pytest.mark.skipif(bool(preload.missing()), reason=preload.missing())
RUNS = 12
"""Of each row; `python -m tests.faults full --count 0` makes one at every operation, in each way."""


@needs_recorder
def test_a_full_disk_costs_nothing_but_time() -> None:
    results = driven_all("full", "all", "--count", str(RUNS))
    assert [result["row"] for result in results] == list(full.ROWS)
    for result in results:
        assert result["wrong"] == {}
        assert result["hit"] == result["runs"] == RUNS
        assert result["kinds"]["DiskFull"] >= RUNS / 2
        assert result["said"] == RUNS * (len(full.ROWS[result["row"]][1]) + 1), "each step was done at last"


@pytest.fixture
def day(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Iterator[Day]:
    """A shop at work in the place where steps look for it."""
    shop.close()
    root = shop.folder.parent
    (root / "data").mkdir()
    shop.folder.rename(root / steps.SHOP)
    made = Day(root, random.Random(1), Shop.open(root / steps.SHOP, FixedClock(NOW)))
    for _number in range(5):
        steps.add_customer(made)
    yield made
    made.close()


@pytest.mark.parametrize(
    "step", [steps.add_customer, steps.sell, steps.write_note, steps.merge_two, steps.undo, steps.import_list]
)
def test_a_file_that_may_not_grow(day: Day, step: Step, monkeypatch: pytest.MonkeyPatch) -> None:
    real, refused = store_open._prepare, 0
    day.shop.settle()
    pages = int(day.shop.db.value("PRAGMA page_count"))
    day.rng = random.Random(7)
    for more in range(200):
        day.close()
        with monkeypatch.context() as patched:
            patched.setattr(store_open, "_prepare", with_pragmas(real, f"max_page_count = {pages + more}"))
            day.open()
            before = digest(day.shop)
            said = _tried(step, day)
            if not said:
                break
            refused += 1
            assert "What was saved before is safe" in said
            assert digest(day.shop) == before
            assert integrity.check(day.shop) == []
    assert digest(day.shop) != before
    assert integrity.check(day.shop) == []
    if step is steps.import_list:
        assert refused


@pytest.mark.skipif(bool(small.missing()), reason=small.missing())
def test_a_small_disk_is_filled_and_freed(tmp_path: Path) -> None:
    told = small.filled(tmp_path)
    assert told["saved before it was full"] >= 5
    assert "A little room that was kept in reserve is free now" in told["first sentence"]
    assert told["saved from the reserve"] >= 1
    assert "Free some space and try again" in told["second sentence"]
    assert told["saved with room"] == 1
    assert told["wrong"] == ""
    assert told["reopened"] is True


def _tried(step: Step, day: Day) -> str:
    """What a step says of the full disk; nothing where it was done."""
    try:
        step(day)
    except DiskFull as full_disk:
        return str(full_disk)
    return ""
