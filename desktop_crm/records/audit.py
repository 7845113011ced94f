"""The audit trail: who saw, changed, deleted what, and when; each entry holds the hash of the one before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

OF_STEPS: Final[Mapping[str, str]] = {
    "after_sales.add": "settings",
    "after_sales.edit": "settings",
    "after_sales.reset": "settings",
    "after_sales.retire": "settings",
    "bulk.apply.delete": "delete",
    "custom_fields.add": "settings",
    "custom_fields.bring_back": "settings",
    "custom_fields.edit": "settings",
    "custom_fields.move": "settings",
    "custom_fields.retire": "settings",
    "customers.delete": "delete",
    "devices.remove": "delete",
    "exporting.audit.save": "export",
    "exporting.orders.release": "export",
    "history.undo": "undo",
    "importing.applying.apply": "import",
    "merge.merge": "merge",
    "notes.remove": "delete",
    "openings.remove": "delete",
    "person.erase": "erase",
    "person.reapply": "erase",
    "profile.save": "settings",
    "purchases.void": "delete",
    "relations.remove": "delete",
    "roles.save": "rights",
    "staff.add": "settings",
    "staff.edit": "settings",
    "surveys.remove": "delete",
    "tags.delete": "delete",
    "views.delete": "delete",
}
"""`action` of the entry of a step, by the step's name in rights.ACTIONS; any other is a "change"."""


@dataclass(frozen=True)
class AuditEntry:
    """One entry; the trail is never edited.

    Attributes:
        id: key, rising by one. at: instant. day: shop day. staff_id: who, None for nobody chosen, 0 the program.
        action: change, undo, reveal, print, export, erase, sign_in, … (see audit.py).
        kinds: comma-joined nouns. change_id: the step it tells of, or None. customer_id: whom it is about, or None.
        step: name in rights.ACTIONS of what made the step, '' where none did; erasing leaves it.
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
    step: str
    details: str | None
    salt: str | None
    digest: str
    previous: str
    hash: str


@dataclass(frozen=True)
class AuditWanted:
    """Which entries are listed; what is not set is not asked.

    Attributes:
        staff_id: by whom; 0 is the program. nobody: only those made while nobody was chosen.
        actions: only these. from_day / to_day: shop days, both inclusive. text: part of the sentence.
        customer_id: only those about this customer.
    """

    staff_id: int | None = None
    nobody: bool = False
    actions: tuple[str, ...] = ()
    from_day: str = ""
    to_day: str = ""
    text: str = ""
    customer_id: int | None = None
