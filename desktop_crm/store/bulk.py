"""Filling a new shop with very many rows that are nobody's step: the demo shop, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

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
