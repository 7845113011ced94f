"""What left the shop as a file: who took it out, when, and how many people stand in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class ExportRecord:
    """One export; part of the history, and nothing that can be undone.

    Attributes:
        id: key. at: instant. day: shop day. staff_id: who was at the counter, or None.
        kind: customers, purchases, followups, complaints, all, contacts (vCard), dates (ICS) or database.
        format: the ending of the file: xlsx, csv, vcf, ics, db, zip or pdf.
        file_name: without its folder. filter: in words, '' for everybody.
        people: how many different customers stand in it. rows: how many rows were written.
        change_id: its entry in the history.
    """

    TABLE: ClassVar[str] = "exports"

    id: int
    at: str
    day: str
    staff_id: int | None
    kind: str
    format: str
    file_name: str
    filter: str
    people: int
    rows: int
    change_id: int
