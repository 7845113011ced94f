"""The rules of the tiers, pure: cut points, both axes, the label they give, and why in words.

The definitions are the field's (recency, frequency and money with cut points); the cut points are settings. Storing,
re-tier runs and overrides are in tiers.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from desktop_crm.base.dates import add_months
from desktop_crm.base.i18n import N_, _, current_language, ngettext
from desktop_crm.base.values import show_money
from desktop_crm.records.tiers import Activity, Tier, ValueAxis
from desktop_crm.settings import (
    ACTIVE_DAYS,
    DORMANT_DAYS,
    HIGH_NET_FEN,
    HIGH_OCCASIONS,
    MID_NET_FEN,
    MID_OCCASIONS,
    WINDOW_MONTHS,
)
from desktop_crm.store.tiers import Standing

TIERS: tuple[Tier, ...] = ("high_value", "potential", "regular", "lost", "prospect")
"""All tiers, the order in which people read them."""

_LABELS: dict[str, str] = {
    "high_value": N_("High value"),
    "potential": N_("Potential"),
    "regular": N_("Regular"),
    "lost": N_("Lost"),
    "prospect": N_("Prospect"),
}
_ACTIVITY_LABELS: dict[str, str] = {
    "active": N_("Active"),
    "dormant": N_("Dormant"),
    "lost": N_("Lost"),
    "prospect": N_("No purchase yet"),
}
RANK: dict[str, int] = {"prospect": 0, "lost": 1, "regular": 2, "potential": 3, "high_value": 4}
"""Higher is better; a customer never falls between two re-tier runs."""


@dataclass(frozen=True)
class Cuts:
    """The cut points of a shop; days and occasions inclusive ("active ≤ 180 days", "high ≥ 3 occasions")."""

    window_months: int = WINDOW_MONTHS.default
    active_days: int = ACTIVE_DAYS.default
    dormant_days: int = DORMANT_DAYS.default
    high_occasions: int = HIGH_OCCASIONS.default
    high_net_fen: int = HIGH_NET_FEN.default
    mid_occasions: int = MID_OCCASIONS.default
    mid_net_fen: int = MID_NET_FEN.default


@dataclass(frozen=True)
class Judgement:
    """What the axes give."""

    tier: Tier
    value: ValueAxis
    activity: Activity

    @property
    def at_risk(self) -> bool:
        """Whether a customer of high value has gone quiet."""
        return self.value == "high" and self.activity == "dormant"


def label(tier: str) -> str:
    """The tier's name, '' where there is none yet."""
    return _(_LABELS[tier]) if tier else ""


def activity_label(activity: str) -> str:
    """The activity's name."""
    return _(_ACTIVITY_LABELS[activity])


def window_start(as_of: date, months: int) -> date:
    """The first day of the window that ends with `as_of`: 24 months up to 2026-11-20 begin on 2024-11-21."""
    return add_months(as_of + timedelta(days=1), -months)


def activity_of(purchases: int, last_active_day: str | None, as_of: date, cuts: Cuts) -> Activity:
    """The activity axis; without a purchase it is prospect, whatever else happened."""
    if purchases == 0 or last_active_day is None:
        return "prospect"
    days = (as_of - date.fromisoformat(last_active_day)).days
    if days <= cuts.active_days:
        return "active"
    return "dormant" if days <= cuts.dormant_days else "lost"


def judge(standing: Standing, as_of: date, cuts: Cuts) -> Judgement:
    """Both axes and the tier they give.

    Example: 3 occasions for ¥1,200 with the last 200 days ago are high value and dormant: high_value, at risk. What was
    brought along counts with them: ¥2,000 of the shop's own and ¥6,000 from before are ¥8,000.
    """
    value: ValueAxis = "low"
    occasions, fen = standing.occasions + standing.brought_occasions, standing.net_fen + standing.brought_fen
    if occasions >= cuts.high_occasions or fen >= cuts.high_net_fen:
        value = "high"
    elif occasions >= cuts.mid_occasions or fen >= cuts.mid_net_fen:
        value = "mid"
    activity = activity_of(standing.purchases, standing.last_active_day, as_of, cuts)
    tier: Tier
    if activity in ("prospect", "lost"):
        tier = activity
    else:
        tier = "high_value" if value == "high" else "potential" if value == "mid" else "regular"
    return Judgement(tier, value, activity)


def words(standing: Standing, as_of: date, cuts: Cuts) -> str:
    """Why, in words: "4 purchases in 24 months, ¥16,380, last active 22 days ago"; what was brought along is marked."""
    last_active_day = standing.last_active_day if standing.purchases else None
    if last_active_day is None:
        return _("No purchase yet")
    occasions = standing.occasions + standing.brought_occasions
    fen = standing.net_fen + standing.brought_fen
    language = current_language()
    bought = _bought(occasions, cuts.window_months, language).format(money=show_money(fen, cents=False))
    if standing.brought_fen or standing.brought_occasions:
        count = f"{standing.brought_occasions:,}"
        brought = show_money(standing.brought_fen, cents=False) if standing.brought_fen else count
        bought = _("{bought} (of which {brought} brought along)").format(bought=bought, brought=brought)
    return _since(last_active_day, as_of, language).format(bought=bought)


@lru_cache(maxsize=1_000)
def _bought(occasions: int, months: int, _language: str) -> str:
    """How often, with room for the money: an import says it of thousands."""
    words = ngettext(
        "{count} purchase in {months} months, {money}",
        "{count} purchases in {months} months, {money}",
        occasions,
    )
    return words.format(count=f"{occasions:,}", months=months, money="{money}")


@lru_cache(maxsize=4_000)
def _since(last_active_day: str, as_of: date, _language: str) -> str:
    """How long ago, with room for what was bought."""
    days = (as_of - date.fromisoformat(last_active_day)).days
    if days <= 0:
        return _("{bought}, last active today")
    last = ngettext("{bought}, last active {days} day ago", "{bought}, last active {days} days ago", days)
    return last.format(bought="{bought}", days=days)
