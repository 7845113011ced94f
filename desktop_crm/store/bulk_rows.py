"""Writing thousands of new rows at once: what triggers would note of each one is noted as ranges of ids.

A trigger that finds nothing to do still costs as much as the row it looks at. Inside `journal.by_runs` the journal
knows new rows by their ids already, and which cards search and figures must take up is told once, by `mark`. Only
triggers on INSERT are set aside; changed and deleted rows are noted as ever.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from desktop_crm.store.rows import Database


def mark(db: Database, low: int, high: int, tables: Sequence[str]) -> None:
    """Have the cards with these ids (inclusive) taken up at the end of the change: "search_dirty", "figures_dirty"."""
    for table in tables:
        db.execute(
            f"INSERT INTO {table} (customer_id) SELECT id FROM customers WHERE id BETWEEN ?1 AND ?2 "
            f"AND id NOT IN (SELECT customer_id FROM {table} WHERE customer_id BETWEEN ?1 AND ?2) ORDER BY id",
            (low, high),
        )


@contextmanager
def unmarked(db: Database, tables: Sequence[str]) -> Iterator[None]:
    """While this lasts, rows put into these tables set off no trigger; the caller tells `mark` whose they are.

    The triggers are dropped and made again inside the change: others never see the file without them, and what rolls
    the change back brings them back.

    Raises:
        RuntimeError: outside `by_runs` no row may go unnoted.
    """
    wanted = json.dumps(tables)
    runs = db.value(
        "SELECT count(*) FROM journal_runs WHERE table_name IN (SELECT value FROM json_each(?))", (wanted,)
    )
    if runs < len(tables):
        raise RuntimeError("rows without marks outside of runs")
    triggers = db.rows(
        "SELECT name, sql FROM main.sqlite_master WHERE type = 'trigger' AND sql LIKE '% AFTER INSERT ON %' "
        "AND tbl_name IN (SELECT value FROM json_each(?))",
        (wanted,),
    )
    for name, _sql in triggers:
        db.execute(f"DROP TRIGGER main.{name}")
    try:
        yield
    finally:
        if db.connection.in_transaction:
            for _name, sql in triggers:
                db.execute(sql)
