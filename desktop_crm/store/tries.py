"""Wrong passwords are counted on disk beside the shop, so that a restart forgets none; the wait between tries grows.

It never locks for ever: a minute is the longest wait. Who copies the shop away to guess elsewhere is held up by
argon2id alone. PINs have their own count, in the database.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from filelock import FileLock

from desktop_crm.base.dates import from_instant, to_instant

FILE = "shop.tries"

FREE = 4
"""So many wrong ones in a row cost nothing: fingers slip, and caps lock is found late."""

LONGEST_S = 60

_LOCK = "shop.tries.lock"
_PATIENCE_S = 2
"""What is done under the lock takes milliseconds."""

_Counts = dict[str, tuple[int, datetime]]
"""Of each person how many wrong ones in a row, and when the last one was."""


@dataclass(frozen=True)
class Try:
    """A password that was given and counted, and may be looked at where `wait_s` is 0.

    Attributes:
        whom: whose it may be. wait_s: whole seconds until one is looked at; above 0 nothing was counted.
        follows_s: the wait that follows if it is wrong. before: what was counted before it.
    """

    whom: tuple[str, ...]
    wait_s: int
    follows_s: int
    before: Mapping[str, tuple[int, datetime]]


def wait_s(folder: Path, whom: Sequence[str], now: datetime) -> int:
    """Whole seconds until the next password that may be any of these people's is looked at, 0 for at once."""
    with _alone(folder):
        return _wait_s(folder, _read(folder), whom, now)


def begin(folder: Path, whom: Sequence[str], now: datetime) -> Try:
    """Count a try as a wrong one of all whose it may be, before it is looked at: two programs never use the same one."""
    with _alone(folder):
        before = _read(folder)
        wait = _wait_s(folder, before, whom, now)
        if wait:
            return Try(tuple(whom), wait, wait, before)
        counted = {who: (before.get(who, (0, now))[0] + 1, now) for who in whom}
        _write(folder, before | counted)
    follows = max((_delay_s(wrong) for wrong, _at in counted.values()), default=0)
    return Try(tuple(whom), 0, follows, before)


def right(folder: Path, tried: Try, who: str) -> int:
    """It was this person's: theirs are forgotten, the others' are as before the try; answer how many theirs were."""
    with _alone(folder):
        known = _read(folder)
        counted, _at = known.pop(who, (1, None))
        for other in tried.whom:
            if other in known:
                wrong, at = known.pop(other)
                was, then = tried.before.get(other, (0, at))
                if wrong > 1:
                    known[other] = (wrong - 1, then if wrong - 1 == was else at)
        _write(folder, known)
    return max(0, counted - 1)


def _wait_s(folder: Path, known: _Counts, whom: Sequence[str], now: datetime) -> int:
    """The longest wait of these; where the clock was put back it begins anew, so that nobody waits for days."""
    early = {who: (wrong, now) for who, (wrong, at) in known.items() if at > now}
    if early:
        known |= early
        _write(folder, known)
    counts = (known[who] for who in whom if who in known)
    waits = (_delay_s(wrong) - (now - at).total_seconds() for wrong, at in counts)
    return max(0, math.ceil(max(waits, default=0)))


def _delay_s(wrong: int) -> int:
    return 0 if wrong <= FREE else min(LONGEST_S, 2 ** min(wrong - FREE, 10))


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One program at a time reads and writes the counts."""
    lock = FileLock(folder / _LOCK, timeout=_PATIENCE_S)
    # a read-only folder, one that knows no locks, or a program that hangs, keeps nobody out
    with contextlib.suppress(OSError, NotImplementedError):
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _read(folder: Path) -> _Counts:
    try:
        found = json.loads((folder / FILE).read_text("ascii"))
        return {str(who): (int(wrong), from_instant(at)) for who, (wrong, at) in found.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _write(folder: Path, known: _Counts) -> None:
    part = folder / (FILE + ".part")
    with contextlib.suppress(OSError):  # a full disk or a read-only folder keeps nobody out
        if not known:
            (folder / FILE).unlink(missing_ok=True)
            return
        part.write_text(
            json.dumps({who: (wrong, to_instant(at)) for who, (wrong, at) in known.items()}), "ascii"
        )
        os.replace(part, folder / FILE)
