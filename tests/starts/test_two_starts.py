"""Two starts at once: exactly one opens a window and the other raises it; a killed one leaves nothing in the way."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from desktop_crm.shop import Shop

ROOT = Path(__file__).resolve().parents[2]
TIMES = 50


class Starter:
    """A process that starts the program when told to."""

    def __init__(self, folder: Path, home: Path) -> None:
        places = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("DATA", "CONFIG", "STATE")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.starts.starter", str(folder)],
            cwd=ROOT,
            env=os.environ | places,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        assert self.read() == "ready"

    def tell(self, word: str) -> None:
        pipe: IO[str] | None = self.process.stdin
        assert pipe is not None
        pipe.write(word + "\n")
        pipe.flush()

    def read(self) -> str:
        pipe = self.process.stdout
        assert pipe is not None
        return pipe.readline().strip()

    def ask(self, word: str) -> str:
        self.tell(word)
        return self.read()

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def folder(shop: Shop) -> Path:
    """A shop that nobody has open."""
    shop.close()
    return shop.folder


@pytest.fixture
def both(folder: Path, own_places: Path) -> Iterator[list[Starter]]:
    """Two processes that can start the program for the same shop."""
    made = [Starter(folder, own_places), Starter(folder, own_places)]
    yield made
    for starter in made:
        starter.end()


def wait_until_raised(starter: Starter) -> bool:
    until = time.monotonic() + 10
    while starter.ask("raised") == "0":
        if time.monotonic() > until:
            return False
    return True


def test_of_two_starts_at_once_one_opens_a_window_and_the_other_raises_it(both: list[Starter]) -> None:
    first_won = 0
    for turn in range(TIMES):
        order = both if turn % 2 else both[::-1]
        for starter in order:
            starter.tell("start")
        answers = [starter.read() for starter in both]
        assert sorted(answers) == ["none", "window"], f"start {turn}"
        winner = both[answers.index("window")]
        assert wait_until_raised(winner), f"start {turn}"
        for starter in both:
            assert starter.ask("close") == "closed"
        first_won += answers[0] == "window"
    assert 0 < first_won < TIMES, "each of them must have come first sometimes, or nothing was tested"


def test_a_killed_window_leaves_no_lock(both: list[Starter], folder: Path, own_places: Path) -> None:
    assert both[0].ask("start") == "window"
    assert both[1].ask("start") == "none"
    both[0].end()
    begun = time.monotonic()
    assert both[1].ask("start") == "window"
    assert time.monotonic() - begun < 5
    both[0] = Starter(folder, own_places)
    assert both[0].ask("start") == "none"
    assert wait_until_raised(both[1])
