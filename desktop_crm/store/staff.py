"""Staff rows."""

from __future__ import annotations

from desktop_crm.records.staff import StaffMember
from desktop_crm.store.rows import Database


def listing(db: Database, active_only: bool) -> list[StaffMember]:
    """Everybody in the order they came, or only those who are still here."""
    return db.records(StaffMember, "SELECT * FROM staff WHERE active OR NOT ? ORDER BY id", (active_only,))


def has_owner(db: Database) -> bool:
    """Whether an owner works here."""
    return bool(db.value("SELECT 1 FROM staff WHERE role = 'owner' AND active LIMIT 1"))
