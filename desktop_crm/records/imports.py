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
        batch_id: the change of the first sheet of those that came in together, its own where it came alone; None for
            what came in before batches were noted.
        cost_titles: JSON list of the headings over costs; None for what came in before they were noted.
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
    batch_id: int | None = None
    cost_titles: str | None = None


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


@dataclass(frozen=True)
class ImportOriginal:
    """What stood in the cells of one imported row that cleaning changed.

    Attributes:
        id: key. import_id: the import. row: the row number that the spreadsheet program shows.
        customer_id: the customer the row became or belongs to, or None.
        cells: JSON {column title: text as it stood}.
    """

    TABLE: ClassVar[str] = "import_originals"

    id: int
    import_id: int
    row: int
    customer_id: int | None
    cells: str
