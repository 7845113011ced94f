"""A year of backups, simulated: crashes in the middle of one, full disks, clocks that jump, files that rot.

At each moment there is a newest backup that is whole, and it holds all that was there when a backup last succeeded.
"""

from __future__ import annotations

import errno
import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest

from desktop_crm import backup, customers, restore, second_place
from desktop_crm.base.clock import FixedClock
from desktop_crm.base.errors import CrmError
from desktop_crm.customers import CustomerDraft
from desktop_crm.shop import Shop
from desktop_crm.store import backup_files, folders

DAYS = 365
MOST = 12 + 14 + 8 + 12 + 12


class Crash(BaseException):
    """The power went."""


class Year:
    """A shop through its days, and what must hold."""

    def __init__(
        self, shop: Shop, clock: FixedClock, usb: Path, seed: int, patch: pytest.MonkeyPatch
    ) -> None:
        self.shop, self.clock, self.usb, self.patch = shop, clock, usb, patch
        self.rng = random.Random(seed)
        self.cards = 0
        self.held = -1  # cards in the last backup that succeeded
        self.crashes = self.refused = self.rotten = self.jumps = 0

    def live(self) -> None:
        """One day: some customers, some backups, and what goes wrong."""
        self.clock.instant += timedelta(days=1)
        if self.rng.random() < 0.05:
            self.jumps += 1
            self.clock.instant += timedelta(days=self.rng.choice([-4000, -300, -40, 25, 300, 3000]))
        for _customer in range(self.rng.randrange(2)):
            customers.add(self.shop, CustomerDraft(name=f"王{self.cards}"))
            self.cards += 1
        what = self.rng.random()
        if what < 0.12:
            self.crash()
        elif what < 0.2:
            self.fill_the_disk()
        else:
            self.back_up()
        if self.rng.random() < 0.04:
            self.rot()

    def back_up(self) -> None:
        """As the window does when it closes."""
        backup.make_if_changed(self.shop, self.rng.choice(["close", "hours", "import"]))
        self.held = self.cards

    def crash(self) -> None:
        """Somewhere within a backup."""
        with self.failing(Crash, self.rng.randrange(1, 14)), suppress(Crash):
            self.back_up()
        self.crashes += 1

    def fill_the_disk(self) -> None:
        """It is refused with a sentence, or it fitted in just so."""
        with (
            self.failing(lambda: OSError(errno.ENOSPC, "full"), self.rng.randrange(1, 14)),
            suppress(CrmError),
        ):
            self.back_up()
        self.refused += 1

    def rot(self) -> None:
        """One of the older backups can no longer be read."""
        whole = [each for each in backup.copies(self.shop) if each.is_whole]
        if len(whole) > 3:
            path = self.rng.choice(whole[1:]).path
            path.write_bytes(path.read_bytes()[: self.rng.randrange(2000)])
            self.rotten += 1

    @contextmanager
    def failing(self, failure: Callable[[], BaseException], at: int) -> Iterator[None]:
        """From step number `at` on (a write to the disk, a rename, a sync), nothing works any more."""
        seen = 0

        def count(real: Callable[..., object]) -> Callable[..., object]:
            def step(*args: object, **kwargs: object) -> object:
                nonlocal seen
                seen += 1
                if seen >= at:
                    raise failure()
                return real(*args, **kwargs)

            return step

        with self.patch.context() as patch:
            for place, name in ((os, "fsync"), (os, "replace"), (folders, "sync"), (backup_files, "_copy")):
                patch.setattr(place, name, count(getattr(place, name)))
            yield

    def check(self) -> None:
        """What must hold after each day."""
        newest = backup.newest_whole(self.shop)
        if self.held < 0:
            return
        assert newest is not None
        made, said = newest
        assert said.rows["customers"] >= self.held, (
            "nothing that was backed up is missing in the newest whole one"
        )
        listed = backup.listing(self.shop)
        assert len(listed) <= MOST
        assert [each.sequence for each in listed] == sorted({each.sequence for each in listed}, reverse=True)
        if self.rng.random() < 0.15:
            assert restore.verify(made.path) == said.rows["customers"]


def through(
    shop: Shop, clock: FixedClock, usb: Path, patch: pytest.MonkeyPatch, seed: int, days: int
) -> Year:
    """Live so many days."""
    patch.setattr(
        os, "fsync", lambda _handle: None
    )  # what the power takes is asked in tests/faults; this takes minutes
    usb.mkdir()
    second_place.choose(shop, usb)
    year = Year(shop, clock, usb, seed, patch)
    for _day in range(days):
        year.live()
        year.check()
    return year


def test_a_year_with_crashes_and_full_disks_always_has_a_newest_verified_one(
    shop: Shop, clock: FixedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    year = through(shop, clock, tmp_path / "usb", monkeypatch, seed=20261121, days=DAYS)
    assert year.crashes > 25
    assert year.refused > 15
    assert year.rotten > 5
    assert year.jumps > 8
    year.back_up()
    newest, _said = backup.newest_whole(shop) or (None, None)
    assert newest is not None
    assert restore.verify(newest.path) == year.cards
    assert restore.verify(second_place.own_folder(shop, tmp_path / "usb") / newest.path.name) == year.cards
    left = [each.name for each in (shop.folder / "backups").iterdir() if each.name.endswith(".part")]
    assert left == []
