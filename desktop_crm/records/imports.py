"""Import batches and the mappings that were corrected by a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class ImportBatch:
    """One imported sheet.

    Attributes:
        id: key. at: instant of the import. staff_id: who was at the counter, or None.
        file_name: without its folder. sheet: its name, '' for text.
        kind: customers, purchases, followups or complaints.
        rows / new / updated / same / skipped / bad: rows = sum of the others.
        change_id: the change that applied it, for undo; None until known.
    """

    TABLE: ClassVar[str] = "imports"

    id: int
    file_name: str
    sheet: str
    kind: str
    at: str
    rows: int
    new: int
    updated: int
    same: int
    skipped: int
    bad: int
    staff_id: int | None = None
    change_id: int | None = None


@dataclass(frozen=True)
class ColumnMemory:
    """A mapping a person confirmed, for the next sheet with the same headings.

    Attributes:
        id: key. at: instant of confirming.
        header: the joined header row, unique. kind: as of ImportBatch. mapping: JSON {column: field}.
    """

    TABLE: ClassVar[str] = "column_memories"

    id: int
    header: str
    kind: str
    mapping: str
    at: str
