"""The audit trail: who saw, changed, deleted what, and when; each entry holds the hash of the one before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class AuditEntry:
    """One entry; the trail is never edited.

    Attributes:
        id: key, rising by one. at: instant. day: shop day. staff_id: who, None for nobody chosen, 0 the program.
        action: change, undo, reveal, print, export, erase, sign_in, … (see audit.py).
        kinds: comma-joined nouns. change_id: the step it tells of, or None. customer_id: whom it is about, or None.
        details: JSON of what a person may read about it, None once that person was erased. salt: hex, likewise.
        digest: SHA-256 of salt and details, hex. previous: `hash` of the entry before, '' for the first.
        hash: SHA-256 over everything but details and salt, hex.
    """

    TABLE: ClassVar[str] = "audit"

    id: int
    at: str
    day: str
    staff_id: int | None
    action: str
    kinds: str
    change_id: int | None
    customer_id: int | None
    details: str | None
    salt: str | None
    digest: str
    previous: str
    hash: str
