"""Lists and cards on paper and in a terminal: who is due, one customer's card. The month is in monthly.py."""

from __future__ import annotations

from datetime import date

from desktop_crm import card, complaints, followups
from desktop_crm.base.document import Block, Cell, Column, Document, Paragraph, Table, Value
from desktop_crm.base.i18n import _, current_language, using
from desktop_crm.base.values import MISSING, show_money, show_phone
from desktop_crm.card import Card
from desktop_crm.followups import DueFollowup
from desktop_crm.settings import SHOP_ADDRESS, SHOP_NAME
from desktop_crm.shop import Shop

PAST_ON_PAPER = 60
"""So many lines of a customer's past are printed."""


def due_list(
    shop: Shop, on: date | None = None, staff_id: int | None = None, language: str | None = None
) -> Document:
    """The follow-ups due on a day as a list to take along, with a place to tick; numbers are not masked."""
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
        rows = tuple(_due_row(item) for item in followups.due(shop, day, staff_id))
        table = Table(columns, rows, empty=_("Nobody is due."))
        title = _("To contact on {day}").format(day=day.isoformat())
        return _document(shop, title, (table,))


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


def customer_card(shop: Shop, customer_id: int, language: str | None = None) -> Document:
    """One customer's card on paper.

    Raises:
        CustomerMissing: there was never such a card.
    """
    with using(language or current_language()):
        found = card.gather(shop, customer_id)
        blocks: list[Block] = [_facts(found)]
        if found.customer.note:
            blocks.append(Paragraph(found.customer.note.replace("\n", " "), _("Note:")))
        blocks += [_devices(found), _purchases(found), *_open_things(found), _past(found)]
        return _document(shop, found.customer.name, tuple(blocks))


def card_lines(found: Card) -> list[str]:
    """The card as lines of text for a terminal; nothing is masked."""
    lines = ["  ".join(part for part in (found.customer.name, found.tier_label, found.why) if part)]
    lines += [f"  {name}: {text}" for name, text in _fact_rows(found)]
    if found.customer.note:
        lines.append("  " + _("Note: {text}").format(text=found.customer.note.replace("\n", " ")))
    for block in (_devices(found), _purchases(found), *_open_things(found), _past(found)):
        if isinstance(block, Table) and block.rows:
            lines.append(block.title)
            lines += [
                "  " + "  ".join(_plain(cell) for cell in row if cell not in (None, "")) for row in block.rows
            ]
    return lines


def _plain(cell: Cell) -> str:
    if isinstance(cell, Value):
        return show_money(int(cell.value)) if isinstance(cell.value, int) else str(cell.value)
    return str(cell)


def _fact_rows(found: Card) -> list[tuple[str, str]]:
    """(name, text) of what is known of the person; unknown things are left out."""
    who = found.customer
    rows = [
        (_("Phone"), " · ".join(show_phone(phone.number) for phone in found.phones)),
        (_("WeChat"), who.wechat),
        (_("Card no."), who.card_no),
        (_("Birthday"), who.birthday.removeprefix("--")),
        (_("Address"), " ".join(part for part in (who.region, who.address) if part)),
        (_("Tags"), " · ".join(found.tags)),
        (_("Source"), who.source),
        (_("Sent by"), found.referrer),
        (_("Clerk"), found.owner),
        (_("Last here"), found.worth.last_visit_day or ""),
        (_("Net sales to date"), show_money(found.worth.lifetime_fen)),
    ]
    return [(name, text) for name, text in rows if text]


def _facts(found: Card) -> Table:
    rows: tuple[tuple[Cell, ...], ...] = tuple((name, text) for name, text in _fact_rows(found))
    return Table((Column("", 1), Column("", 4)), rows, found.tier_label, found.why, dense=True)


def _devices(found: Card) -> Table:
    columns = (
        Column(_("Device"), 2.4),
        Column(_("IMEI"), 1.8),
        Column(_("Since"), 1.2, unit="day"),
        Column(_("Warranty"), 2),
    )
    rows = tuple(
        (one.device.model, one.device.imei or None, one.device.acquired_day, one.warranty.text)
        for one in found.devices
    )
    return Table(columns, rows, _("Devices"), empty=_("No devices are known."), dense=True)


def _purchases(found: Card) -> Table:
    columns = (
        Column(_("Day"), 1.2, unit="day"),
        Column(_("What"), 4),
        Column(_("Amount"), 1.2, "right", "fen"),
    )
    rows = tuple(
        (
            sale.purchase.day,
            " · ".join(line.description for line in sale.lines)
            + (" " + _("(voided)") if sale.purchase.void_day else ""),
            Value(sale.net_fen, "fen"),
        )
        for sale in found.purchases
    )
    return Table(columns, rows, _("Purchases"), empty=_("Nothing was bought yet."), dense=True)


def _open_things(found: Card) -> list[Block]:
    """Open follow-ups and complaints, where there are any."""
    blocks: list[Block] = []
    if found.followups:
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            (item.followup.due_day, item.why, item.staff_name) for item in found.followups
        )
        columns = (Column(_("Due"), 1.2, unit="day"), Column(_("Why"), 4), Column(_("Clerk"), 1.2))
        blocks.append(Table(columns, rows, _("Open follow-ups"), dense=True))
    if found.complaints:
        cases: tuple[tuple[Cell, ...], ...] = tuple(
            (case.received_day, case.summary.replace("\n", " "), complaints.state_label(case.state))
            for case in found.complaints
        )
        columns = (Column(_("Received on"), 1.2, unit="day"), Column(_("What"), 4), Column(_("State"), 1.2))
        blocks.append(Table(columns, cases, _("Open complaints"), dense=True))
    return blocks


def _past(found: Card) -> Table:
    columns = (Column(_("Day"), 1.2, unit="day"), Column(_("What"), 3.2), Column("", 2.4))
    rows = tuple(
        (entry.day or MISSING, entry.text.replace("\n", " "), entry.detail)
        for entry in found.timeline[:PAST_ON_PAPER]
    )
    return Table(columns, rows, _("Past"), dense=True)


def _document(shop: Shop, title: str, blocks: tuple[Block, ...]) -> Document:
    name, address = shop.get(SHOP_NAME), shop.get(SHOP_ADDRESS)
    return Document(
        title,
        " · ".join(part for part in (name, address) if part),
        blocks,
        current_language(),
        shop.today(),
        (_("Printed {day}").format(day=shop.today().isoformat()),),
        author=name,
    )
