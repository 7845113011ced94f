"""The audit trail as a file: a workbook or separated text of the entries that are wanted, with their hashes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from desktop_crm import audit, audit_list, masks
from desktop_crm.audit_list import AuditWanted, Line
from desktop_crm.base.dates import from_instant
from desktop_crm.base.i18n import _, ngettext
from desktop_crm.exporting.about import about
from desktop_crm.exporting.orders import ExportResult, FormatUnknown
from desktop_crm.exporting.pace import Pace, Tell
from desktop_crm.files import atomic
from desktop_crm.files.csv_out import fill_csv
from desktop_crm.files.xlsx import ColumnSpec, SheetSpec, fill_table
from desktop_crm.records.exports import ExportRecord
from desktop_crm.records.history import EXPORTS
from desktop_crm.shop import Shop

_BATCH = 1_000


def save(shop: Shop, which: AuditWanted, out: Path, tell: Tell | None = None) -> ExportResult:
    """Write the entries that are wanted as .xlsx or .csv, the newest first, and note that they left the shop.

    Raises:
        NotAllowed, FormatUnknown, CrmError: nothing was written.
    """
    shop.require("export")
    if out.suffix.lower() not in (".xlsx", ".csv"):
        raise FormatUnknown(_("Choose a name that ends in .xlsx or .csv. Nothing was written."))
    people: set[int] = set()
    with shop.reading():
        rows = audit_list.count(shop, which)
        lines = Pace(tell, rows).each(_lines(shop, which, people))
        file = atomic.draft(out, lambda opened: _fill(shop, which, opened, lines, out.suffix.lower()))
    try:
        words = ngettext(
            "Take out the audit trail: {count} entry in {file}",
            "Take out the audit trail: {count} entries in {file}",
            rows,
        )
        label = words.format(count=f"{rows:,}", file=out.name)
        with shop.change(label, {EXPORTS}, action="exporting.audit.save") as change:
            shop.db.insert(
                ExportRecord(
                    0, shop.stamp(), shop.today().isoformat(), shop.staff_id, "audit", out.suffix.lower()[1:], out.name,
                    _which(which), len(people), rows, change.id,
                )
            )  # fmt: skip
            file.put()
    finally:
        file.drop()
    return ExportResult(out, rows, len(people))


def _fill(
    shop: Shop,
    which: AuditWanted,
    file: BinaryIO,
    rows: Iterator[list[str | int | datetime | None]],
    ending: str,
) -> None:
    columns = [
        ColumnSpec(_("No."), "count"),
        ColumnSpec(_("When"), "instant"),
        ColumnSpec(_("By whom")),
        ColumnSpec(_("What")),
        ColumnSpec(_("In words"), width=60),
        ColumnSpec(_("Customers")),
        ColumnSpec(_("Step of History"), "count"),
        ColumnSpec(_("Hash"), width=20),
    ]
    if ending == ".csv":
        fill_csv(file, columns, rows)
        return
    facts = [(_("What"), _("Audit trail")), (_("Anchor"), audit.anchor(shop))]
    fill_table(
        file,
        [SheetSpec(_("Audit trail"), columns, rows), about(shop, facts, _which(which) or _("All of it"))],
    )


def _lines(shop: Shop, which: AuditWanted, people: set[int]) -> Iterator[list[str | int | datetime | None]]:
    offset, zone = 0, shop.zone
    while batch := audit_list.lines(shop, which, _BATCH, offset):
        offset += len(batch)
        for line in masks.veil(shop, batch):
            people.update(customer_id for customer_id, _name in line.people)
            yield _row(line, from_instant(line.entry.at).astimezone(zone).replace(tzinfo=None))


def _row(line: Line, at: datetime) -> list[str | int | datetime | None]:
    names = _(", ").join(name for _customer_id, name in line.people)
    entry = line.entry
    return [entry.id, at, line.who, line.what, line.words, names, entry.change_id, entry.hash]


def _which(which: AuditWanted) -> str:
    """Which entries are in the file, '' for all; what was typed is not repeated, it may name a person."""
    parts = [
        _("From {day}").format(day=which.from_day) if which.from_day else "",
        _("Until {day}").format(day=which.to_day) if which.to_day else "",
        _("Only entries of one person") if which.staff_id is not None or which.nobody else "",
        _("Only some kinds of entries") if which.actions else "",
        _("Only entries with certain words") if which.text else "",
        _("Only entries about one customer") if which.customer_id is not None else "",
    ]
    return _("; ").join(part for part in parts if part)
