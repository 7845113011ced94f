"""Commands about customers: find one, show the card, who is due, the tiers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import click

from desktop_crm import card, followups, masks, search, tier_rules, tiers
from desktop_crm.base.i18n import _
from desktop_crm.cli.card_lines import card_lines
from desktop_crm.cli.shared import Shared, answer, as_of_option, command, day_option, opened, plain


@command("search")
@click.argument("text")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True)
def find(shared: Shared, text: str, limit: int) -> None:
    """Find customers by number, IMEI, name, pinyin or card number."""
    with opened(shared) as shop:
        found = masks.veil(shop, search.find(shop, text, limit))
    lines = [f"{hit.customer_id:>7}  {hit.name}  {' '.join(hit.phones)}  {hit.matched}" for hit in found.hits]
    answer(shared, plain(found), lines or [_("Nobody was found.")])


@command("show")
@click.argument("customer_id", type=int)
@click.option(
    "--reveal", is_flag=True, help="Show hidden phone numbers in full; each look is in the audit trail."
)
def show(shared: Shared, customer_id: int, reveal: bool) -> None:
    """Show a customer's card."""
    with opened(shared) as shop:
        gathered = masks.veil(shop, card.gather(shop, customer_id))
        if reveal:
            gathered = replace(gathered, phones=masks.reveal(shop, gathered.customer.id).phones)
    shown = plain(gathered)
    del shown["now"]  # the same card gives the same answer a second later
    answer(shared, shown, card_lines(gathered))


@command("due")
@day_option("--on", "The day; today if not given.")
def due(shared: Shared, on: date | None) -> None:
    """List the follow-ups that are due or overdue."""
    with opened(shared) as shop:
        found = masks.veil(shop, followups.due(shop, on))
    rows = [
        {
            "followup_id": item.followup.id,
            "customer_id": item.followup.customer_id,
            "name": item.customer_name,
            "due_day": item.followup.due_day,
            "reason": item.why,
        }
        for item in found
    ]
    lines = [f"{row['due_day']}  {row['name']}  {row['reason']}" for row in rows]
    answer(shared, {"due": rows}, lines or [_("Nobody is due.")])


@command("tiers")
@as_of_option()
@click.option("--apply", "apply_now", is_flag=True, help="Do it, instead of only showing it.")
def retier(shared: Shared, as_of: date | None, apply_now: bool) -> None:
    """Show what a re-tier run would change, or do it."""
    with opened(shared) as shop:
        proposal = tiers.proposal(shop, as_of)
        if apply_now:
            tiers.apply(shop, proposal)
        proposal = masks.veil(shop, proposal)
    changes = [
        {"customer_id": c.customer_id, "from": c.from_tier or None, "to": c.to_tier, "reason": c.reason}
        for c in proposal.changes
    ]
    lines = [f"{tier_rules.label(tier)}: {count}" for tier, count in proposal.tiers.items()]
    for move in proposal.changes:
        before = tier_rules.label(move.from_tier) if move.from_tier else "–"
        lines.append(f"{move.name}: {before} → {tier_rules.label(move.to_tier)}  {move.reason}")
    answer(shared, {"tiers": proposal.tiers, "changes": changes}, lines)
