"""Commands about cards that are one person: find them, make one card of them."""

from __future__ import annotations

import re

import click

from desktop_crm import customers, duplicates, masks, merge
from desktop_crm.base.i18n import _
from desktop_crm.base.values import show_phone
from desktop_crm.cli.shared import Meter, Shared, answer, command, opened, plain
from desktop_crm.duplicates import Findings
from desktop_crm.merge_fields import TOGETHER


@command("duplicates")
def find(shared: Shared) -> None:
    """Find cards that are probably one person, and people who are probably one family."""
    with opened(shared) as shop:
        found = masks.veil(shop, duplicates.find(shop, Meter()))
    groups = [
        {
            "customer_ids": list(group.ids),
            "confidence": group.confidence,
            "reasons": [reason.words for reason in group.reasons],
            "cards": plain(group.cards),
        }
        for group in found.groups
    ]
    families = [
        {
            "customer_id": family.link.customer_id,
            "other_id": family.link.other_id,
            "kind": family.link.kind,
            "reasons": [reason.words for reason in family.link.reasons],
        }
        for family in found.families
    ]
    result = {"cards": found.cards, "groups": groups, "families": families, "shared": plain(found.shared)}
    answer(shared, result, _lines(found))


@command("merge")
@click.argument("keep_id", type=int)
@click.argument("other_ids", type=int, nargs=-1, required=True)
@click.option(
    "--take", multiple=True, metavar="FIELD=ID", help="Take FIELD from card ID; 0 takes all texts of a note."
)
@click.option("--reason", default="", help="Why they are the same, in words.")
def merge_cards(
    shared: Shared, keep_id: int, other_ids: tuple[int, ...], take: tuple[str, ...], reason: str
) -> None:
    """Make one card of KEEP_ID and the others; it can be undone."""
    chosen = dict(map(_taken, take))
    with opened(shared) as shop:
        change_id = merge.merge(shop, keep_id, other_ids, chosen, reason)
        name = masks.veil(shop, customers.get(shop, keep_id)).name
    line = _("One card now: {name}, number {number}. “undo” takes it back.").format(name=name, number=keep_id)
    answer(shared, {"change_id": change_id, "customer_id": keep_id, "merged": list(other_ids)}, [line])


def _taken(text: str) -> tuple[str, int]:
    found = re.fullmatch(r"([\w:]+)=(\d+)", text)
    if found is None:
        raise click.BadParameter(
            _("“{text}” is not FIELD=ID, like phone=17.").format(text=text), param_hint="--take"
        )
    return found[1], int(found[2]) or TOGETHER


def _lines(found: Findings) -> list[str]:
    lines = []
    for group in found.groups:
        label = _(duplicates.CONFIDENCES[group.confidence])
        lines.append(f"{label}: {_(', ').join(reason.words for reason in group.reasons)}")
        lines += [f"{card.id:>9}  {card.name}  {card.phones}" for card in group.cards]
    for family in found.families:
        reasons = _(", ").join(reason.words for reason in family.link.reasons)
        names = f"{family.customer.name} – {family.other.name}"
        lines.append(_("Family? {names}: {reasons}").format(names=names, reasons=reasons))
    for shared in found.shared:
        value = show_phone(shared.value) if shared.kind == "phone" else shared.value
        lines.append(
            _("{value} is on {count} cards, so it says nothing of who they are.").format(
                value=value, count=shared.cards
            )
        )
    return lines or [_("Nobody is there twice.")]
