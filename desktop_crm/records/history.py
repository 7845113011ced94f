"""Changes: what was done by whom, and what can be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

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
        undoable: its before-images are still there.
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
