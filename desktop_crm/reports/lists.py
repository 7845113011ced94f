"""Lists on paper: who is due, chosen customers with the columns one wants. One card is in card.py, the month in monthly.py."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from desktop_crm import custom_fields, followups, masks, tier_rules
from desktop_crm.base.document import Block, Cell, Column, Document, Table, Value
from desktop_crm.base.i18n import _, current_language, using
from desktop_crm.base.values import show_phone
from desktop_crm.customer_list import lines as customer_lines
from desktop_crm.followups import DueFollowup
from desktop_crm.settings import SHOP_ADDRESS, SHOP_NAME
from desktop_crm.shop import Shop


def due_list(
    shop: Shop, on: date | None = None, staff_id: int | None = None, language: str | None = None
) -> Document:
    """The follow-ups due on a day as a list to take along, with a place to tick."""
    with using(language or current_language()), shop.reading():
        day = on or shop.today()
        columns = (
            Column("", 0.4),
            Column(_("Customer"), 1.6),
            Column(_("Phone"), 1.6),
            Column(_("Why"), 3),
            Column(_("Due"), 1.2, unit="day"),
            Column(_("Clerk"), 1),
        )
        rows = tuple(_due_row(item) for item in masks.veil(shop, followups.due(shop, day, staff_id)))
        table = Table(columns, rows, empty=_("Nobody is due."))
        title = _("To contact on {day}").format(day=day.isoformat())
        return paper(shop, title, (table,))


def _due_row(item: DueFollowup) -> tuple[Cell, ...]:
    why = f"{item.why} · {item.detail}" if item.detail else item.why
    late = item.overdue_days > 0
    return (
        "□",
        Value(item.customer_name, bold=True),
        show_phone(item.phone) or None,
        why,
        Value(item.followup.due_day, "day", tone="bad" if late else "plain"),
        item.staff_name,
    )


def customer_list(
    shop: Shop,
    customer_ids: Sequence[int],
    own: Sequence[int] = (),
    title: str = "",
    language: str | None = None,
) -> Document:
    """Customers as a list on paper, in the order given.

    Args:
        own: ids of own fields that become columns, after those that every shop has.
        title: what list this is; "Customers" if not given.
    """
    with using(language or current_language()), shop.reading():
        fields = [field for field in custom_fields.listing(shop) if field.id in own]
        columns = [Column(_("Customer"), 1.8), Column(_("Phone"), 1.5), Column(_("Tier"), 1.2)]
        columns += [Column(_("Last here"), 1.1, unit="day"), Column(_("Clerk"), 0.9)]
        columns += [
            Column(field.name, 1.3, "right" if field.kind == "number" else "left") for field in fields
        ]
        values = custom_fields.values_of(shop, customer_ids)
        rows = []
        for line in masks.veil(shop, customer_lines(shop, customer_ids)):
            mine = values.get(line.id, {})
            own_cells = [
                custom_fields.show(field, mine[field.id]) if field.id in mine else "" for field in fields
            ]
            tier = tier_rules.label(line.tier) if line.tier else ""
            phone = show_phone(line.phone) or None
            rows.append(
                (
                    Value(line.name, bold=True),
                    phone,
                    tier,
                    line.last_visit_day or None,
                    line.owner,
                    *own_cells,
                )
            )
        table = Table(tuple(columns), tuple(rows), empty=_("Nobody is on this list."), dense=True)
        return paper(shop, title or _("Customers"), (table,))


def paper(shop: Shop, title: str, blocks: tuple[Block, ...]) -> Document:
    """A document of this shop, printed today, as the person at the counter may see it."""
    name, address = shop.get(SHOP_NAME), shop.get(SHOP_ADDRESS)
    return Document(
        masks.in_text(shop, title),
        " · ".join(part for part in (name, address) if part),
        masks.veil(shop, blocks),
        current_language(),
        shop.today(),
        (_("Printed {day}").format(day=shop.today().isoformat()),),
        author=name,
    )
