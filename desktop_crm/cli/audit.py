"""The command for the audit trail: listed, verified, taken out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from desktop_crm import audit, audit_list, masks
from desktop_crm.audit import ACTIONS
from desktop_crm.audit_list import AuditWanted
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _
from desktop_crm.base.values import MISSING
from desktop_crm.cli.shared import NEW_FILE, Shared, answer, command, day_option, opened
from desktop_crm.exporting import audit as taking_out
from desktop_crm.shop import Shop


class PersonUnknown(CrmError):
    """Nobody of this name stands in the trail."""


@command("audit")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True)
@click.option("--by", default="", help="Only entries of this person.")
@click.option("--what", type=click.Choice(list(ACTIONS)), multiple=True, help="Only these actions.")
@click.option("--customer", "customer_id", type=int, help="Only entries about this customer.")
@day_option("--from", "Only entries of this day and later.")
@day_option("--to", "Only entries of this day and earlier.")
@click.option("--text", default="", help="Only entries with these words.")
@click.option("--verify", is_flag=True, help="Look through the whole trail.")
@click.option("--anchor", default="", help="Verify, with the anchor from the foot of a printed report.")
@click.option("-o", "--out", type=NEW_FILE, help="Save the entries as .xlsx or .csv.")
def audit_trail(
    shared: Shared,
    limit: int,
    by: str,
    what: tuple[str, ...],
    customer_id: int | None,
    text: str,
    verify: bool,
    anchor: str,
    out: Path | None,
    **days: date | None,
) -> None:
    """List who saw, changed and deleted what; or verify that nobody tampered with it."""
    with opened(shared) as shop:
        if verify or anchor:
            verdict = audit.verify(shop, anchor)
            result = {"whole": verdict.is_whole, "entries": verdict.entries, "anchor": verdict.anchor}
            answer(
                shared, result | {"flaws": verdict.flaws, "words": verdict.sentences()}, verdict.sentences()
            )
            return
        wanted = AuditWanted(
            staff_id=_who(shop, by) if by else None,
            actions=what,
            from_day=str(days["from"] or ""),
            to_day=str(days["to"] or ""),
            text=text,
            customer_id=customer_id,
        )
        if out is not None:
            saved = taking_out.save(shop, wanted, out)
            answer(
                shared,
                {"file": out, "rows": saved.rows},
                [_("The audit trail is in {file}.").format(file=out)],
            )
            return
        _list(shared, masks.veil(shop, audit_list.lines(shop, wanted, limit)))


def _list(shared: Shared, found: list[audit_list.Line]) -> None:
    rows = [
        {
            "entry_id": line.id,
            "at": line.entry.at,
            "by": line.who,
            "action": line.entry.action,
            "words": line.words,
            "kinds": [kind for kind in line.entry.kinds.split(",") if kind],
            "change_id": line.entry.change_id,
            "customers": [customer_id for customer_id, _name in line.people],
        }
        for line in found
    ]
    lines = [f"{line.id:>6}  {line.when}  {line.who or MISSING}  {line.what}  {line.words}" for line in found]
    answer(shared, {"entries": rows}, lines)


def _who(shop: Shop, name: str) -> int:
    for staff_id, known in audit_list.people(shop):
        if staff_id is not None and known == name:
            return staff_id
    raise PersonUnknown(_("Nobody called {name} stands in the audit trail.").format(name=name))
