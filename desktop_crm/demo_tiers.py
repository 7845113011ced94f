"""The tiers of an invented life: the first one, better ones at once, all others by the runs at each quarter's first day.

It judges by `tier_rules` as tiers.py does; only which days need judging is found here, because most runs change nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from desktop_crm import tier_rules
from desktop_crm.base.dates import add_months
from desktop_crm.demo_calendar import CLOSES, NOW, stamp
from desktop_crm.demo_stage import Life
from desktop_crm.records.tiers import CustomerTier, TierStep
from desktop_crm.store.tiers import Standing

_Same = tuple[int, int, int, bool]
"""Purchases, occasions, net fen and whether lost: where these are as before, so is the tier."""


def judge(life: Life, joined: date) -> None:
    """Make the tier that a customer has now, and its history."""
    stage, customer = life.stage, life.customer
    assert customer is not None
    past = _Past(life)
    runs = quarters(joined, stage.until)
    last_run = runs[-1] if runs else None
    tier: CustomerTier | None = None
    before: _Same | None = None
    for day in sorted({joined, *past.sale_days, *runs}):
        same = past.sums(day)
        if same == before and day != last_run:
            continue
        before = same
        standing = past.standing(day)
        found = tier_rules.judge(standing, day, stage.cuts)
        falls = tier is not None and tier_rules.RANK[found.tier] < tier_rules.RANK[tier.tier]
        kept = tier.tier if tier is not None and falls and day not in runs else found.tier
        since = day.isoformat() if tier is None or kept != tier.tier else tier.since_day
        if tier is None or kept != tier.tier:
            why = tier_rules.words(standing, day, stage.cuts)
            at = stamp(day, CLOSES if day < stage.until else NOW - 5)
            was, origin = (tier.tier, "retier") if tier is not None else ("", "first")
            stage.add(TierStep, customer.id, was, kept, at, since, origin, why)
        tier = CustomerTier(
            customer.id,
            kept,
            found.tier,
            found.value,
            found.activity,
            standing.occasions,
            standing.net_fen,
            since,
            standing.last_active_day,
        )
    stage.keep(tier)


@lru_cache(maxsize=4096)
def quarters(joined: date, until: date) -> tuple[date, ...]:
    """The first days of the quarters after a day, up to another."""
    found, day = [], date(joined.year, (joined.month - 1) // 3 * 3 + 1, 1)
    while (day := add_months(day, 3)) <= until:
        found.append(day)
    return tuple(found)


@dataclass(frozen=True)
class _Window:
    """What is counted as of a day, as day numbers: from `since` on; lost is who was last active before `lost`."""

    since: int
    lost: int


@lru_cache(maxsize=4096)
def _window(day: date, months: int, dormant_days: int) -> _Window:
    return _Window(tier_rules.window_start(day, months).toordinal(), day.toordinal() - dormant_days)


class _Past:
    """A life's sales, refunds and active days in order, for sums as of many days."""

    def __init__(self, life: Life) -> None:
        self._life = life
        self.sale_days = sorted({day for day, _fen in life.sales})
        self._sales = sorted((day.toordinal(), fen) for day, fen in life.sales)
        self._refunds = [(day.toordinal(), fen) for day, fen in life.refunds]
        self._active = sorted(day.toordinal() for day in life.active)

    def sums(self, day: date) -> _Same:
        """What the tier hangs on, as of a day."""
        cuts, number = self._life.stage.cuts, day.toordinal()
        window = _window(day, cuts.window_months, cuts.dormant_days)
        recent = [(when, fen) for when, fen in self._sales if window.since <= when <= number]
        given = sum(fen for when, fen in self._refunds if window.since <= when <= number)
        bought = sum(when <= number for when, _fen in self._sales)
        last = bisect_right(self._active, number)
        is_lost = last > 0 and self._active[last - 1] < window.lost
        return (
            bought,
            len({when for when, _fen in recent}),
            sum(fen for _when, fen in recent) - given,
            is_lost,
        )

    def standing(self, day: date) -> Standing:
        """The same as tiers.py would find it."""
        bought, occasions, net_fen, _is_lost = self.sums(day)
        customer = self._life.customer
        assert customer is not None
        last = bisect_right(self._active, day.toordinal())
        active = date.fromordinal(self._active[last - 1]).isoformat() if last else None
        return Standing(customer.id, customer.name, bought, occasions, net_fen, active)
