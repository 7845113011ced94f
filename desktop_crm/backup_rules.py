"""Which backups are kept: the newest, and the last one of each of some days, weeks and months. Nothing here touches a file.

Copies are counted, never measured against the clock: a PC whose clock stands at 1980 or at 2040 throws nothing away for
that. A day of which there is no copy is not counted either: after a year of holidays the old ones are still there.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

BEFORE_RESTORE: Final = "restore"
"""The reason of a copy that was made of the shop before another one took its place."""


@dataclass(frozen=True)
class Rule:
    """How many are kept.

    Attributes:
        newest: whatever they are. days / weeks / months: with a copy, the last copy of each; weeks begin on Monday.
    """

    newest: int = 12
    days: int = 14
    weeks: int = 8
    months: int = 12


@dataclass(frozen=True)
class Copy:
    """What the rules look at.

    Attributes:
        day: of its making, in shop time, as the clock had it. why: its reason. is_whole: it can be read.
    """

    day: date
    why: str
    is_whole: bool


def superfluous(copies: Sequence[Copy], rule: Rule) -> set[int]:
    """Which copies need not be kept, by their place; newest first, by the order of making.

    Copies that are not whole count for nothing, and go when enough whole ones are newer. Those made before a restore have
    their own count, so that who tries one backup after another loses none.
    """
    whole = [place for place, copy in enumerate(copies) if copy.is_whole]
    counted = [place for place in whole if copies[place].why != BEFORE_RESTORE]
    stay = {counted[place] for place in kept([copies[place].day for place in counted], rule)}
    stay |= set([place for place in whole if copies[place].why == BEFORE_RESTORE][: rule.newest])
    edge = whole[rule.newest - 1] if len(whole) >= rule.newest else len(copies)
    stay |= {place for place in range(edge) if not copies[place].is_whole}
    return set(range(len(copies))) - stay


def kept(days: Sequence[date], rule: Rule) -> set[int]:
    """Which copies are kept, by their place.

    Args:
        days: the shop day of each copy, newest copy first (by the order of making, whatever the days say).
    """
    found = set(range(min(rule.newest, len(days))))
    periods: tuple[tuple[int, Callable[[date], Hashable]], ...] = (
        (rule.days, lambda day: day),
        (rule.weeks, lambda day: day.isocalendar()[:2]),
        (rule.months, lambda day: (day.year, day.month)),
    )
    for most, period in periods:
        seen: set[Hashable] = set()
        for place, day in enumerate(days):
            if len(seen) < most and period(day) not in seen:
                seen.add(period(day))
                found.add(place)
    return found
