"""Filling a new shop with very many rows that are nobody's step: the demo shop, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from desktop_crm.store import journal
from desktop_crm.store.rows import Database


@contextmanager
def unjournalled(db: Database) -> Iterator[None]:
    """New rows leave no mark in the journal, which would be half of the file; inside `Shop.upkeep`.

    The triggers come back before the transaction ends, or it is as if they had never been away.
    """
    triggers = db.rows(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name GLOB 'journal_*_insert'"
    )
    for name, _sql in triggers:
        db.execute(f"DROP TRIGGER {name}")
    yield
    for _name, sql in triggers:
        db.execute(sql)


def drop_indexes(db: Database) -> list[str]:
    """Drop the indexes that many new rows would touch all over; returns the statements that make them again.

    Kept are those that keep rows apart, and those by customer, which new cards only lengthen and the search asks.
    """
    found = db.rows(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql GLOB 'CREATE INDEX*' "
        "AND tbl_name IN (SELECT value FROM json_each(?)) AND name NOT GLOB '*_customer'",
        (json.dumps(journal.TABLES),),
    )
    for name, _sql in found:
        db.execute(f"DROP INDEX {name}")
    return [sql for _name, sql in found]


def make_again(db: Database, statements: list[str]) -> None:
    """Make dropped indexes again."""
    for sql in statements:
        db.execute(sql)
