"""Whether the audit trail is whole: every entry as it was written, none missing, none out of its place.

One pass over all of it, in the order of the numbers. What was found in words is in audit.py.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from desktop_crm.records.audit import AuditEntry
from desktop_crm.store import ids
from desktop_crm.store.audit import digest_of, hash_of
from desktop_crm.store.rows import Database

Kind = Literal["edited", "said", "missing", "cut", "blank", "step", "anchor", "left"]
"""What is wrong: an entry was edited; what it says was edited; entries before it are missing or swapped; the last ones
are missing; what it says was taken away and nobody was erased; a step has no entry; the anchor names an entry that is not
(or not so) there; or the anchor is of a trail that a restored backup replaced.
"""

_EVERY = 2_000


@dataclass(frozen=True)
class Flaw:
    """One thing that is wrong with the trail; `number` is the entry's, of kind "step" the change's."""

    kind: Kind
    number: int


@dataclass(frozen=True)
class Chain:
    """What a pass over the trail brought: how many entries, the last hash, and what is wrong."""

    entries: int
    head: str
    flaws: tuple[Flaw, ...]


def check(
    db: Database, anchor: tuple[int, str] | None = None, tell: Callable[[int], None] = lambda _done: None
) -> Chain:
    """Go through the trail.

    Args:
        anchor: number of an entry and what its hash begins with.
        tell: called with the number of entries done; what it raises ends the pass.
    """
    flaws: list[Flaw] = []
    said = _Said([], set(), [])
    expected, last, done, anchored = "", 0, 0, anchor is None
    cursor = db.execute(
        "SELECT id, at, day, staff_id, action, kinds, change_id, customer_id, step, digest, previous, hash, details, salt "
        "FROM audit ORDER BY id"
    )
    for *chained, chain_hash, details, salt in cursor:
        number, action, digest, previous = chained[0], chained[4], chained[9], chained[10]
        if number != last + 1 or previous != expected:
            flaws.append(Flaw("missing", number))
        if hash_of(chained) != chain_hash:
            flaws.append(Flaw("edited", number))
        is_blank = details is None and salt is None
        if is_blank or (salt is not None and details is not None and digest_of(salt, details) == digest):
            said.hear(number, action, details)
        else:
            flaws.append(Flaw("said", number))
        if anchor is not None and number == anchor[0]:
            anchored = chain_hash.startswith(anchor[1])
        expected, last, done = chain_hash, number, done + 1
        if done % _EVERY == 0:
            tell(done)
    flaws += [Flaw("blank", number) for number in said.blanked if number not in said.erased]
    known = {flaw.number for flaw in flaws if flaw.kind == "said"}
    flaws += [Flaw("said", number) for number in _filled(db, said.erased) if number not in known]
    flaws += _beyond(db, last)
    if anchor is not None and not anchored:
        flaws.append(Flaw("left" if said.was_left(anchor[0]) else "anchor", anchor[0]))
    return Chain(done, expected, tuple(sorted(flaws, key=lambda flaw: (flaw.kind == "step", flaw.number))))


@dataclass(frozen=True)
class _Said:
    """What entries say that explains others.

    Attributes:
        blanked: entries that say nothing any more. erased: those of which an entry says that they were blanked.
        left: of each restored backup the number of its entry, and the last number of the trail that it replaced.
    """

    blanked: list[int]
    erased: set[int]
    left: list[tuple[int, int]]

    def hear(self, number: int, action: str, details: str | None) -> None:
        """Take up what an entry says."""
        if details is None:
            self.blanked.append(number)
        elif action == "erase":
            self.erased.update(json.loads(details).get("entries", ()))
        elif action == "restore":
            self.left.append((number, _number(json.loads(details).get("left", ""))))

    def was_left(self, number: int) -> bool:
        """Whether an entry of this number was in a trail that a restored backup replaced."""
        return any(restored <= number <= until for restored, until in self.left)


def _number(anchor: str) -> int:
    """Of the entry that an anchor names, 0 for none."""
    number, _dash, _code = anchor.partition("-")
    return int(number or 0)


def _filled(db: Database, erased: set[int]) -> list[int]:
    """Those of these entries that say something, though it was erased: even what they said first was put back by hand."""
    rows = db.rows(
        "SELECT id FROM audit WHERE details IS NOT NULL AND id IN (SELECT value FROM json_each(?)) ORDER BY id",
        (json.dumps([*erased]),),
    )
    return [number for (number,) in rows]


def _beyond(db: Database, last: int) -> list[Flaw]:
    """Entries that were there behind the last one, and steps without an entry since there is a trail."""
    counted = ids.last_id(db, AuditEntry.TABLE)
    found = [Flaw("cut", last + 1)] if counted > last else []
    rows = db.rows(
        "SELECT id FROM changes c WHERE id >= (SELECT min(change_id) FROM audit) "
        "AND NOT EXISTS (SELECT 1 FROM audit WHERE change_id = c.id) ORDER BY id"
    )
    return found + [Flaw("step", change_id) for (change_id,) in rows]
