"""The schema, append-only: each step in its own transaction with its record, never edited once released.

sqlite_utils imports pandas where that is installed, so it is imported only when a step is really pending; the
names of the steps stand here for everything else.
"""

from __future__ import annotations

import re
import sys
from functools import cache
from typing import TYPE_CHECKING

from desktop_crm.store import journal, schema, schema_customers, schema_imports, schema_safety
from desktop_crm.store.rows import Database, known_failures

if TYPE_CHECKING:
    import sqlite_utils
    from sqlite_utils.migrations import Migrations

SET = "desktop_crm"
NAMES = ("0001_foundation", "0002_customers", "0003_imports", "0004_safety")
"""Every step this version knows, oldest first."""


def applied(db: Database) -> list[str]:
    """The names of the steps this file has, oldest first; the file must be one of ours."""
    return [
        name
        for (name,) in db.rows(
            "SELECT name FROM _sqlite_migrations WHERE migration_set = ? ORDER BY id", (SET,)
        )
    ]


def pending(db: Database) -> list[str]:
    """The steps this file still lacks."""
    have = set(applied(db))
    return [name for name in NAMES if name not in have]


def apply(db: Database) -> None:
    """Run the steps this file lacks."""
    utils = _sqlite_utils()
    wrapped = _immediate(utils)(db.connection)
    wrapped._supports_on_conflict = wrapped._supports_strict = True  # or a probe table is committed (facts)
    with known_failures():
        _steps().apply(wrapped)


def _sqlite_utils() -> type[sqlite_utils.Database]:
    import sqlcipher3
    import sqlcipher3.dbapi2

    # sqlite_utils must catch the exceptions of our driver: it takes pysqlite3 before the standard library.
    sys.modules.setdefault("pysqlite3", sqlcipher3)
    sys.modules.setdefault("pysqlite3.dbapi2", sqlcipher3.dbapi2)
    import sqlite_utils.utils

    if vars(sqlite_utils.utils)["sqlite3"] is not sqlcipher3:
        raise RuntimeError("sqlite_utils was imported before the driver was put in its place")
    return sqlite_utils.Database


def _immediate(base: type[sqlite_utils.Database]) -> type[sqlite_utils.Database]:
    from collections.abc import Iterator
    from contextlib import contextmanager

    class ImmediateDatabase(base):  # type: ignore[valid-type, misc]
        """sqlite_utils begins deferred, which fails under contention; migrations take the lock at once."""

        @contextmanager
        def atomic(self) -> Iterator[ImmediateDatabase]:
            if self.conn.in_transaction:
                yield self
                return
            self.conn.execute("BEGIN IMMEDIATE")
            try:
                yield self
            except BaseException:
                if self.conn.in_transaction:  # a full disk may have ended it already
                    self.conn.execute("ROLLBACK")
                raise
            self.conn.execute("COMMIT")

    return ImmediateDatabase


def _steps() -> Migrations:
    from sqlite_utils.migrations import Migrations

    steps = Migrations(SET)

    @steps(name="0001_foundation")
    def _foundation(db: sqlite_utils.Database) -> None:
        for statement in schema.statements():
            db.conn.execute(statement)
        _install_triggers(db)

    @steps(name="0002_customers")
    def _customers(db: sqlite_utils.Database) -> None:
        for statement in schema_customers.statements():
            db.conn.execute(statement)
        _install_triggers(db)

    @steps(name="0003_imports")
    def _imports(db: sqlite_utils.Database) -> None:
        for statement in schema_imports.statements():
            db.conn.execute(statement)
        _install_triggers(db)

    @steps(name="0004_safety")
    def _safety(db: sqlite_utils.Database) -> None:
        for statement in schema_safety.statements():
            db.conn.execute(statement)
        _install_triggers(db)

    return steps


def _install_triggers(db: sqlite_utils.Database) -> None:
    """Make the journal's triggers anew; every step that changes a journalled table ends with this.

    Tables of later steps are not there yet, and are left to them.
    """
    present = {name for (name,) in db.conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    for table in (name for name in journal.TABLES if name in present):
        for kind in ("insert", "update", "delete"):
            db.conn.execute(f"DROP TRIGGER IF EXISTS journal_{table}_{kind}")
        columns = [name for _cid, name, *_rest in db.conn.execute(f"PRAGMA table_info({table})")]
        for statement in journal.trigger_sql(table, columns):
            db.conn.execute(statement)


def _statements() -> list[str]:
    return [
        *schema.statements(),
        *schema_customers.statements(),
        *schema_imports.statements(),
        *schema_safety.statements(),
    ]


@cache
def expected_parts() -> frozenset[str]:
    """Names of all triggers and indexes that a whole file of this version has."""
    made = re.findall(r"CREATE (?:UNIQUE )?(?:INDEX|TRIGGER) (\w+)", "\n".join(_statements()))
    kept = [f"journal_{table}_{kind}" for table in journal.TABLES for kind in ("insert", "update", "delete")]
    return frozenset(made + kept)


def present_parts(db: Database) -> frozenset[str]:
    """Names of all triggers and indexes that this file has."""
    return frozenset(
        name
        for (name,) in db.rows(
            "SELECT name FROM sqlite_master WHERE type IN ('trigger', 'index') AND sql IS NOT NULL"
        )
    )
