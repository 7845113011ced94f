"""The audit trail in the file: appending, reading, blanking what it says of erased people, and what the chain tells.

Each entry's hash covers everything of it but details and salt, the digest of these, and the hash of the entry before.
So an entry whose details were blanked still stands in the chain. Whether the chain holds is asked in audit_chain.py;
what entries mean in words is in audit.py and audit_list.py.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from desktop_crm.records.audit import AuditEntry, AuditWanted
from desktop_crm.store import ids, past
from desktop_crm.store.rows import Database

Details = Mapping[str, Any]  # JSON values of several types

_FEW_ROWS = 500
"""A step that wrote more is about nobody in particular: only how much it wrote is told."""

_MOST_PEOPLE = 20
"""Customers of a step that are named one by one."""

_OF_ONE = (
    "phones", "customer_tags", "tier_history", "devices", "purchases", "interactions", "followups", "complaints",
    "consents", "notes", "custom_values", "mend_skips", "balance_entries", "survey_answers", "opening_summaries",
    "point_entries", "import_originals",
)  # fmt: skip
_BY_CARD: Mapping[str, tuple[str, ...]] = {
    "customers": ("id",),
    "customer_tiers": ("id",),
    **dict.fromkeys(_OF_ONE, ("customer_id",)),
    "relations": ("customer_id", "other_id"),
    "merges": ("customer_id", "merged_id"),
    "distinct_pairs": ("first_id", "second_id"),
}
"""Columns of journalled tables that hold the id of a customer whom a row is about."""

_BY_PARENT = {
    "purchase_lines": ("purchase_id", "purchases"),
    "payments": ("purchase_id", "purchases"),
    "refunds": ("purchase_id", "purchases"),
    "complaint_steps": ("complaint_id", "complaints"),
}
"""Tables whose rows hang on a customer by way of a sale or a case."""


def append(
    db: Database,
    *,
    at: str,
    day: str,
    staff_id: int | None,
    action: str,
    kinds: str = "",
    change_id: int | None = None,
    customer_id: int | None = None,
    step: str = "",
    details: Details,
) -> int:
    """Add an entry behind the last one, and return its number."""
    text, salt = json.dumps(details, ensure_ascii=False, sort_keys=True), secrets.token_hex(16)
    number, previous = ids.last_id(db, AuditEntry.TABLE) + 1, head(db)[1]
    digest = digest_of(salt, text)
    chained = hash_of(
        (number, at, day, staff_id, action, kinds, change_id, customer_id, step, digest, previous)
    )
    entry = AuditEntry(
        number, at, day, staff_id, action, kinds, change_id, customer_id, step, text, salt, digest, previous, chained
    )  # fmt: skip
    return db.insert(entry)


def append_change(
    db: Database, change_id: int, *, at: str, day: str, staff_id: int | None, action: str, kinds: str, label: str,
    step: str = "",
) -> int:  # fmt: skip
    """Add the entry of a step that is about to be kept: its label and name, what it wrote, and whom it was about."""
    counts = dict(past.touched(db, change_id))
    details: dict[str, Any] = {"label": label, "counts": counts}
    people = _people_of(db, change_id) if sum(counts.values()) < _FEW_ROWS else []
    if len(people) > 1:
        details["customers"] = people[:_MOST_PEOPLE]
    return append(
        db,
        at=at,
        day=day,
        staff_id=staff_id,
        action=action,
        kinds=kinds,
        change_id=change_id,
        customer_id=people[0] if len(people) == 1 else None,
        step=step,
        details=details,
    )


def step_of(db: Database, change_id: int) -> str:
    """The name in rights.ACTIONS of what made a change, "" where it has no entry or never had a name."""
    found: str | None = db.value(
        "SELECT step FROM audit WHERE change_id = ? AND step <> '' ORDER BY id LIMIT 1", (change_id,)
    )
    return found or ""


def digest_of(salt: str, details: str) -> str:
    """What stays of the details in the chain when they are blanked."""
    return hashlib.sha256((salt + details).encode()).hexdigest()


def hash_of(chained: Sequence[object]) -> str:
    """The hash of an entry: of its columns from id to step, its digest, and the hash before it."""
    return hashlib.sha256(json.dumps(chained, ensure_ascii=False).encode()).hexdigest()


def head(db: Database) -> tuple[int, str]:
    """Number and hash of the last entry; (0, '') where there is none."""
    found = db.row("SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1")
    return (0, "") if found is None else (found[0], found[1])


def _people_of(db: Database, change_id: int) -> list[int]:
    """The customers whose rows a step wrote, in the order of their ids."""
    people: set[int] = set()
    named: dict[str, set[int]] = {}
    places: dict[str, set[int]] = {}
    for table, row_id, operation, before in db.rows(
        "SELECT table_name, row_id, operation, before FROM journal WHERE change_id = ?", (change_id,)
    ):
        ids = range(row_id, int(before) + 1) if operation == "R" else (row_id,)
        columns = _columns(table)
        if columns == ("id",):
            people.update(ids)
        elif columns:
            places.setdefault(table, set()).update(ids)
            if operation in ("U", "D"):
                image = json.loads(before)
                named.setdefault(table, set()).update(filter(None, map(image.get, columns)))
    for table, row_ids in places.items():
        people |= _meant(db, table, row_ids, named.get(table, set()))
    return sorted(people)


def _columns(table: str) -> tuple[str, ...]:
    """The columns of a table that lead to customers."""
    return (_BY_PARENT[table][0],) if table in _BY_PARENT else _BY_CARD.get(table, ())


def _meant(db: Database, table: str, row_ids: set[int], before: set[int]) -> set[int]:
    """The customers whom rows are about, or were, by what stood in them `before`."""
    found = {*before}
    for column in _columns(table):
        found |= _values(db, table, column, row_ids)
    return _values(db, _BY_PARENT[table][1], "customer_id", found) if table in _BY_PARENT else found


def _values(db: Database, table: str, column: str, row_ids: set[int]) -> set[int]:
    rows = db.rows(
        f"SELECT {column} FROM {table} WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps([*row_ids]),),
    )
    return {value for (value,) in rows if value is not None}


# ---------------------------------------------------------------- reading


def entries(
    db: Database, which: AuditWanted, steps: Sequence[int], limit: int, offset: int
) -> list[AuditEntry]:
    """The entries that are wanted, the newest first.

    Args:
        steps: changes that count as being about the customer who is wanted.
    """
    where, params = _where(which, steps)
    return db.records(
        AuditEntry, f"SELECT * FROM audit {where} ORDER BY id DESC LIMIT ? OFFSET ?", (*params, limit, offset)
    )


def count(db: Database, which: AuditWanted, steps: Sequence[int]) -> int:
    """How many entries are wanted; `steps` as `entries`."""
    where, params = _where(which, steps)
    found: int = db.value(f"SELECT count(*) FROM audit {where}", params)
    return found


def people(db: Database) -> list[int | None]:
    """Everybody who stands in the trail, None where nobody was chosen."""
    return [staff_id for (staff_id,) in db.rows("SELECT DISTINCT staff_id FROM audit ORDER BY 1")]


def _where(which: AuditWanted, steps: Sequence[int]) -> tuple[str, list[object]]:
    terms: list[str] = []
    params: list[object] = []

    def add(term: str, *values: object) -> None:
        terms.append(term)
        params.extend(values)

    if which.staff_id is not None:
        add("staff_id = ?", which.staff_id)
    if which.nobody:
        add("staff_id IS NULL")
    if which.actions:
        add("action IN (SELECT value FROM json_each(?))", json.dumps(which.actions))
    if which.from_day:
        add("day >= ?", which.from_day)
    if which.to_day:
        add("day <= ?", which.to_day)
    if which.text:
        add("instr(lower(coalesce(json_extract(details, '$.label'), '')), lower(?))", which.text)
    if which.customer_id is not None:
        add(f"({_ABOUT})", which.customer_id, which.customer_id, json.dumps(steps))
    return ("WHERE " + " AND ".join(terms)) if terms else "", params


_ABOUT = (
    "customer_id = ? OR ? IN (SELECT value FROM json_each(audit.details, '$.customers')) "
    "OR change_id IN (SELECT value FROM json_each(?))"
)
"""SQL: the entry is about a customer: asked with the customer's id, twice, and steps that wrote their card."""


# ---------------------------------------------------------------- erasing


def naming(db: Database, customer_id: int, steps: Sequence[int], texts: Sequence[str]) -> list[int]:
    """Entries that still say something of a person: those about them, and those that contain one of these texts."""
    rows = db.rows(
        f"SELECT id FROM audit WHERE details IS NOT NULL AND action <> 'erase' AND ({_ABOUT} "
        "OR EXISTS (SELECT 1 FROM json_each(?) t WHERE instr(audit.details, t.value))) ORDER BY id",
        (customer_id, customer_id, json.dumps(steps), json.dumps([text for text in texts if text])),
    )
    return [number for (number,) in rows]


def blank(db: Database, numbers: Sequence[int]) -> None:
    """Take away what these entries say; the chain still holds."""
    db.execute(
        "UPDATE audit SET details = NULL, salt = NULL WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(numbers),),
    )
