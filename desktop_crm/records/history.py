"""Changes: what was done by whom, and what can be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

EXPORTS = "exports"
"""`kinds` of a step that took lists out of the shop: it wrote nothing that could be taken back."""

PROGRAM = 0
"""`staff_id` of changes that the program makes by itself (rules, reminders): nobody's Ctrl+Z takes them back."""


@dataclass(frozen=True)
class StoredChange:
    """One step of a person.

    Attributes:
        id: key, rising; what `undo` takes.
        label: whole sentence in the language it was made in.
        kinds: comma-joined nouns that changed.
        at: instant; day: shop day; staff_id: who was at the counter.
        undo_of: the change that this one takes back, or None.
        undone_by: the change that took this one back, or None.
        undoable: its before-images are still there, and of the tables as they are now.
        outdated: they are from before an update of the program that changed the tables.
        erased: they are gone because they were about somebody who was erased for good.
    """

    TABLE: ClassVar[str] = "changes"

    id: int
    label: str
    kinds: str
    at: str
    day: str
    staff_id: int | None
    undo_of: int | None
    undone_by: int | None
    undoable: bool
    outdated: bool
    erased: bool = False

    @property
    def is_export(self) -> bool:
        """It took lists out of the shop: no Ctrl+Z meets it."""
        return self.kinds == EXPORTS


@dataclass(frozen=True)
class Wanted:
    """Which steps History lists; what is not set is not asked.

    Attributes:
        staff_id: by whom; 0 is the program. day: on which shop day. kind: a noun that changed. text: part of the label.
        nobody: only those made while nobody was chosen. people: none of the program's own.
        customer_id: only those that changed this card or what hangs on it.
    """

    staff_id: int | None = None
    day: str = ""
    kind: str = ""
    text: str = ""
    nobody: bool = False
    people: bool = False
    customer_id: int | None = None
