"""Tiers: the value axis, the activity axis, the label they give, the override by hand and the re-tier run.

The definitions are the field's (recency, frequency and money with cut points); the cut points are settings. When a
tier moves: a re-tier run moves everybody; between runs a sale moves its customer at once where the tier gets better
or where no sale is left, and other falls wait for the run, so that nobody drops by surprise.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _, current_language, ngettext
from desktop_crm.base.values import clean_text
from desktop_crm.records.customers import Customer
from desktop_crm.records.tiers import Activity, CustomerTier, Origin, Tier, TierStep
from desktop_crm.settings import (
    ACTIVE_DAYS,
    DORMANT_DAYS,
    HIGH_NET_FEN,
    HIGH_OCCASIONS,
    MID_NET_FEN,
    MID_OCCASIONS,
    WINDOW_MONTHS,
)
from desktop_crm.shop import Change, Shop
from desktop_crm.store import tiers as store
from desktop_crm.store.journal import by_runs
from desktop_crm.store.tiers import Standing
from desktop_crm.tier_rules import RANK, words
from desktop_crm.tier_rules import TIERS as TIERS
from desktop_crm.tier_rules import Cuts as Cuts
from desktop_crm.tier_rules import Judgement as Judgement
from desktop_crm.tier_rules import activity_label as activity_label
from desktop_crm.tier_rules import judge as judge
from desktop_crm.tier_rules import label as label
from desktop_crm.tier_rules import window_start as window_start


@dataclass(frozen=True)
class Move:
    """One customer whose tier a run changes.

    Attributes:
        from_tier: '' for a customer who was never judged.
        reason: in words, why.
        before / after: the stored rows, for applying exactly what was shown.
    """

    customer_id: int
    name: str
    from_tier: Tier | str
    to_tier: Tier
    reason: str
    before: CustomerTier | None
    after: CustomerTier


@dataclass(frozen=True)
class Proposal:
    """What a re-tier run would do.

    Attributes:
        as_of: the day it judges by, inclusive.
        tiers: customers per tier after it, all five tiers present.
        changes: who moves, the best new tier first, then by net sales.
        quiet: rows whose figures changed while the tier stays.
    """

    as_of: date
    tiers: dict[Tier, int]
    changes: tuple[Move, ...]
    quiet: tuple[tuple[CustomerTier, CustomerTier], ...]


@dataclass(frozen=True)
class Applied:
    """What a run did; `left` rows had been changed since they were shown and stayed."""

    change_id: int
    moved: int
    left: int


@dataclass(frozen=True)
class Present:
    """How a customer stands today.

    Attributes:
        tier: the stored row, None before the first judgement.
        activity: of today; prospect before the first judgement.
        at_risk: of high value, and quiet.
        why: the figures of today in words, and what a re-tier run would make of them where that is another tier.
    """

    tier: CustomerTier | None
    activity: Activity
    at_risk: bool
    why: str


class NoSuchCustomer(CrmError):
    """The customer is not there (any more)."""


class ReasonMissing(CrmError):
    """An override needs a reason."""


class NoOverride(CrmError):
    """The tier was not set by hand."""


def cuts(shop: Shop) -> Cuts:
    """The shop's cut points."""
    return Cuts(
        shop.get(WINDOW_MONTHS),
        shop.get(ACTIVE_DAYS),
        shop.get(DORMANT_DAYS),
        shop.get(HIGH_OCCASIONS),
        shop.get(HIGH_NET_FEN),
        shop.get(MID_OCCASIONS),
        shop.get(MID_NET_FEN),
    )


def current(shop: Shop, customer_id: int) -> CustomerTier | None:
    """The tier the customer has now, None before the first judgement."""
    return shop.db.get(CustomerTier, customer_id)


def counts(shop: Shop) -> dict[Tier, int]:
    """Customers per tier now, all five tiers present."""
    return _filled(store.counts(shop.db))


def steps(shop: Shop, customer_id: int) -> list[TierStep]:
    """How the customer's tier came about, the latest first."""
    return store.steps(shop.db, customer_id)


def present(shop: Shop, customer_id: int) -> Present:
    """How a customer stands today, counted now: a stored row is as old as the last sale, contact or re-tier run."""
    tier = current(shop, customer_id)
    if tier is None:
        return Present(None, "prospect", False, _("Not judged yet"))
    points, today = cuts(shop), shop.today()
    found = _standings(shop, customer_id, customer_id, today, points)
    bought = int(tier.activity != "prospect")
    stored = Standing(
        customer_id, "", bought, tier.occasions, tier.net_fen, tier.last_active_day, tier.brought_occasions, tier.brought_fen
    )  # fmt: skip
    standing = found[0] if found else stored  # a deleted card is not counted any more
    judged = judge(standing, today, points)
    figures = words(standing, today, points)
    if tier.overridden:
        why = _("Set by hand: {reason} ({figures})").format(reason=tier.override_reason, figures=figures)
    elif judged.tier != tier.tier:
        next_tier = label(judged.tier)
        why = _("{figures}; the next re-tier run moves to {tier}").format(figures=figures, tier=next_tier)
    elif judged.at_risk:
        why = _("{figures}: at risk of leaving").format(figures=figures)
    else:
        why = figures
    return Present(tier, judged.activity, judged.at_risk, why)


def proposal(shop: Shop, as_of: date | None = None) -> Proposal:
    """What a re-tier run as of the end of a day (today) would change; changes nothing."""
    day, points = as_of or shop.today(), cuts(shop)
    totals: dict[str, int] = {}
    moves: list[Move] = []
    quiet: list[tuple[CustomerTier, CustomerTier]] = []
    with shop.reading() as db:
        for low, high in store.ranges(db):
            present = store.present(db, low, high)
            for standing in _standings(shop, low, high, day, points):
                before = present.get(standing.id)
                after = _judged(standing, before, day, points)
                totals[after.tier] = totals.get(after.tier, 0) + 1
                if before is None or before.tier != after.tier:
                    moves.append(_move(standing, before, after, day, points))
                elif before != after:
                    quiet.append((before, after))
    moves.sort(key=lambda move: (-RANK[move.to_tier], -move.after.net_fen, move.customer_id))
    return Proposal(day, _filled(totals.items()), tuple(moves), tuple(quiet))


def waiting(shop: Shop) -> str:
    """That a re-tier run would move somebody, in words; '' where it would not. Said after an import of the past."""
    moves = len(proposal(shop).changes)
    if not moves:
        return ""
    return ngettext(
        "By what is known now, {count} customer belongs in another tier.",
        "By what is known now, {count} customers belong in another tier.",
        moves,
    ).format(count=f"{moves:,}")


def apply(shop: Shop, proposal: Proposal) -> Applied:
    """Do what a proposal shows, as one step; rows that were changed since it was made stay as they are."""
    moved = len(proposal.changes)
    sentence = ngettext("Re-tier: {count} customer moved", "Re-tier: {count} customers moved", moved)
    with shop.change(sentence.format(count=moved), {"tiers"}, action="tiers.apply") as change:
        return _apply(shop, proposal, change)


def first_within(shop: Shop, customer_ids: Collection[int] | None = None, as_of: date | None = None) -> int:
    """Judge customers who have no tier yet (all of them, or those named) and return how many; inside a change.

    Set-based: a hundred thousand new customers take a few seconds.
    """
    day, points, at = as_of or shop.today(), cuts(shop), shop.stamp()
    wanted = None if customer_ids is None else frozenset(customer_ids)
    judged = 0
    for low, high in list(_ranges(shop, wanted)):
        known = store.present(shop.db, low, high)
        rows = [
            (standing, _judged(standing, None, day, points))
            for standing in _standings(shop, low, high, day, points)
            if standing.id not in known and (wanted is None or standing.id in wanted)
        ]
        store.save(shop.db, (tier for _standing, tier in rows))
        as_of_day, by = day.isoformat(), shop.staff_id
        store.add_steps(
            shop.db,
            (
                TierStep(0, s.id, "", t.tier, at, as_of_day, "first", words(s, day, points), by)
                for s, t in rows
            ),
        )
        judged += len(rows)
    return judged


def first_of_one_within(shop: Shop, customer_id: int) -> None:
    """As `first_within` for one new customer, who has no sale and no contact yet; inside a change."""
    day = shop.today()
    tier, reason = _of_nobody_known(day, cuts(shop), current_language())
    store.save(shop.db, [replace(tier, id=customer_id)])
    step = TierStep(
        0, customer_id, "", tier.tier, shop.stamp(), day.isoformat(), "first", reason, shop.staff_id
    )
    store.add_steps(shop.db, [step])


@lru_cache(maxsize=16)
def _of_nobody_known(day: date, points: Cuts, _language: str) -> tuple[CustomerTier, str]:
    """The first tier of whoever is new on a day, and why in words."""
    idle = Standing(0, "", 0, 0, 0, None)
    return _judged(idle, None, day, points), words(idle, day, points)


def first_of_new_within(shop: Shop, low: int, high: int) -> int:
    """As `first_within` for the new customers with ids `low`…`high` (inclusive), which an import made; inside a change.

    Those who never bought and never came are judged once for all, in the database.
    """
    day, points = shop.today(), cuts(shop)
    idle = Standing(0, "", 0, 0, 0, None)
    after = _judged(idle, None, day, points)
    step = _step(shop, _move(idle, None, after, day, points), "first", day, shop.stamp())
    judged = store.add_idle(shop.db, low, high, after, step)
    rest = store.untiered(shop.db, low, high)
    return judged + (first_within(shop, rest) if rest else 0)


def refresh_within(shop: Shop, customer_id: int) -> Tier | None:
    """Judge one customer after a sale, void, refund or contact; inside a change.

    A better tier, and prospect where no sale is left, apply at once; other falls wait for the re-tier run.

    Returns:
        the tier the customer has now, None where there is no such customer.
    """
    day, points = shop.today(), cuts(shop)
    found = _standings(shop, customer_id, customer_id, day, points)
    if not found:
        return None
    before = current(shop, customer_id)
    after = _judged(found[0], before, day, points)
    falls = before is not None and after.tier != "prospect" and RANK[after.tier] < RANK[before.tier]
    if before is not None and falls:
        after = replace(after, tier=before.tier, since_day=before.since_day)
    store.save(shop.db, [after])
    if before is None or before.tier != after.tier:
        origin: Origin = "first" if before is None else "retier"
        move = _move(found[0], before, after, day, points)
        store.add_steps(shop.db, [_step(shop, move, origin, day, shop.stamp())])
    return after.tier


def override(shop: Shop, customer_id: int, tier: Tier, reason: str) -> None:
    """Set a customer's tier by hand; it stays through re-tier runs until the override is removed.

    Raises:
        ReasonMissing: without a reason. NoSuchCustomer: the card is gone.
    """
    because = clean_text(reason)
    if not because:
        raise ReasonMissing(_("Please say why this tier is set by hand; nothing was changed."))
    name = _name(shop, customer_id)
    with shop.change(
        _("Set the tier of {name} by hand").format(name=name), {"tiers"}, action="tiers.override"
    ):
        first_within(shop, [customer_id])
        before = current(shop, customer_id)
        assert before is not None
        day = shop.today().isoformat()
        since = before.since_day if before.tier == tier else day
        store.save(
            shop.db, [replace(before, tier=tier, since_day=since, overridden=True, override_reason=because)]
        )
        step = TierStep(
            0, customer_id, before.tier, tier, shop.stamp(), day, "override", because, shop.staff_id
        )
        store.add_steps(shop.db, [step])


def remove_override(shop: Shop, customer_id: int) -> None:
    """Let the axes decide again.

    Raises:
        NoOverride: the tier was not set by hand. NoSuchCustomer: the card is gone.
    """
    name = _name(shop, customer_id)
    with shop.change(
        _("Let the figures decide the tier of {name}").format(name=name),
        {"tiers"},
        action="tiers.remove_override",
    ):
        before = current(shop, customer_id)
        if before is None or not before.overridden:
            raise NoOverride(_("The tier of {name} was not set by hand.").format(name=name))
        day, points = shop.today(), cuts(shop)
        plain = replace(before, overridden=False, override_reason="")
        standing = _standings(shop, customer_id, customer_id, day, points)[0]
        after = _judged(standing, plain, day, points)
        store.save(shop.db, [after])
        move = _move(standing, before, after, day, points)
        store.add_steps(shop.db, [_step(shop, move, "override_removed", day, shop.stamp())])


def _name(shop: Shop, customer_id: int) -> str:
    customer = shop.db.get(Customer, customer_id)
    if customer is None or customer.deleted_at is not None:
        raise NoSuchCustomer(_("This customer's card is not there any more; nothing was changed."))
    return customer.name


def _apply(shop: Shop, proposal: Proposal, change: Change) -> Applied:
    at, left, moved = shop.stamp(), 0, 0
    present: dict[int, CustomerTier] = {}
    for low, high in store.ranges(shop.db):
        present |= store.present(shop.db, low, high)
    rows, steps = [], []
    for move in proposal.changes:
        if present.get(move.customer_id) != move.before:
            left += 1
            continue
        moved += 1
        rows.append(move.after)
        origin: Origin = "first" if move.before is None else "retier"
        steps.append(_step(shop, move, origin, proposal.as_of, at))
    rows += [after for before, after in proposal.quiet if present.get(before.id) == before]
    with by_runs(shop.db):
        store.save(shop.db, rows)
        store.add_steps(shop.db, steps)
    return Applied(change.id, moved, left)


def _standings(shop: Shop, low: int, high: int, day: date, points: Cuts) -> list[Standing]:
    since = window_start(day, points.window_months)
    return store.standings(shop.db, low, high, since.isoformat(), day.isoformat())


def _ranges(shop: Shop, wanted: frozenset[int] | None) -> Iterator[tuple[int, int]]:
    if wanted is not None and len(wanted) <= 100:
        yield from ((one, one) for one in sorted(wanted))
    else:
        yield from store.ranges(shop.db)


def _judged(standing: Standing, before: CustomerTier | None, day: date, points: Cuts) -> CustomerTier:
    """The row a customer gets; an override keeps its tier."""
    found = judge(standing, day, points)
    overridden = before is not None and before.overridden
    tier = before.tier if before is not None and overridden else found.tier
    stays = before is not None and before.tier == tier
    return CustomerTier(
        standing.id,
        tier,
        found.tier,
        found.value,
        found.activity,
        standing.occasions,
        standing.net_fen,
        before.since_day if before is not None and stays else day.isoformat(),
        standing.last_active_day,
        overridden,
        before.override_reason if before is not None else "",
        standing.brought_occasions,
        standing.brought_fen,
    )


def _move(
    standing: Standing, before: CustomerTier | None, after: CustomerTier, day: date, points: Cuts
) -> Move:
    start = before.tier if before is not None else ""
    return Move(standing.id, standing.name, start, after.tier, words(standing, day, points), before, after)


def _step(shop: Shop, move: Move, origin: Origin, day: date, at: str) -> TierStep:
    return TierStep(
        0,
        move.customer_id,
        move.from_tier,
        move.to_tier,
        at,
        day.isoformat(),
        origin,
        move.reason,
        shop.staff_id,
    )


def _filled(found: Iterable[tuple[str, int]]) -> dict[Tier, int]:
    totals = dict(found)
    return {tier: totals.get(tier, 0) for tier in TIERS}
