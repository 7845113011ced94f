"""Wrong passwords are counted on disk beside the shop, so that a restart forgets none; the wait between tries grows.

It never locks for ever: a minute is the longest wait. Who copies the shop away to guess elsewhere is held up by
argon2id alone. PINs have their own count, in the database.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
from datetime import datetime
from pathlib import Path

from desktop_crm.base.dates import from_instant, to_instant

FILE = "shop.tries"

FREE = 4
"""So many wrong ones in a row cost nothing: fingers slip, and caps lock is found late."""

LONGEST_S = 60


def wait_s(folder: Path, who: str, now: datetime) -> int:
    """Whole seconds until the next try of this person's password is looked at, 0 for at once."""
    count, last = _read(folder).get(who, (0, now))
    passed = (now - last).total_seconds()
    if passed < 0:  # the clock was put back: nobody waits for a day that lies behind
        return 0
    return max(0, math.ceil(_delay_s(count) - passed))


def count(folder: Path, who: str, now: datetime) -> int:
    """Count a try as a wrong one, before it is looked at; answer the wait that follows if it is."""
    known = _read(folder)
    wrong = known.get(who, (0, now))[0] + 1
    _write(folder, known | {who: (wrong, now)})
    return _delay_s(wrong)


def forget(folder: Path, who: str) -> int:
    """The try was right: the count begins anew; answer how many wrong ones there were before it."""
    known = _read(folder)
    counted, _last = known.pop(who, (0, None))
    _write(folder, known)
    return max(0, counted - 1)


def _delay_s(wrong: int) -> int:
    return 0 if wrong <= FREE else min(LONGEST_S, 2 ** min(wrong - FREE, 10))


def _read(folder: Path) -> dict[str, tuple[int, datetime]]:
    try:
        found = json.loads((folder / FILE).read_text("ascii"))
        return {str(who): (int(wrong), from_instant(at)) for who, (wrong, at) in found.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _write(folder: Path, known: dict[str, tuple[int, datetime]]) -> None:
    part = folder / (FILE + ".part")
    with contextlib.suppress(OSError):  # a full disk or a read-only folder keeps nobody out
        if not known:
            (folder / FILE).unlink(missing_ok=True)
            return
        part.write_text(
            json.dumps({who: (wrong, to_instant(at)) for who, (wrong, at) in known.items()}), "ascii"
        )
        os.replace(part, folder / FILE)
