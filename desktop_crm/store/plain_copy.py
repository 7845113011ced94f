"""A plain SQLite file of what a person entered, without key, that every program can open; what it is for is copies.py's.

Tables and columns are called as they are here, except that what only the program needs is left out: keys of imports,
the journal, the search index, what is worked out, settings. Cards in the recycle bin are left out with what is theirs;
sales to them stay, to nobody and without what may name them. Foreign keys hold.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import sqlcipher3.dbapi2 as driver

from desktop_crm.store import open as store_open
from desktop_crm.store.rows import Database, known_failures

Tell = Callable[[int, int], None]

TABLES = {
    "staff": "staff",
    "products": "products",
    "customers": "customers",
    "phones": "phones",
    "tags": "tags",
    "customer_tags": "customer_tags",
    "customer_tiers": "tiers",
    "tier_history": "tier_history",
    "purchases": "purchases",
    "purchase_lines": "purchase_lines",
    "payments": "payments",
    "refunds": "refunds",
    "devices": "devices",
    "complaints": "complaints",
    "complaint_steps": "complaint_steps",
    "followups": "followups",
    "interactions": "interactions",
    "survey_answers": "survey_answers",
    "consents": "consents",
    "relations": "relations",
    "notes": "notes",
    "custom_fields": "own_fields",
    "custom_values": "own_values",
    "balance_entries": "balance_entries",
    "point_entries": "point_entries",
    "opening_summaries": "opening_summaries",
}
"""Every table that is copied, parents before children → what it is called in the copy."""

_LOOK_EVERY = 100_000
"""Steps of SQLite after which it is told again how far it is, and can be stopped."""

_LEFT_OUT = frozenset({"import_id", "deleted_at", "merged_into", "reminded_at", "note_pinned"})
_ROWS = {
    "customers": "deleted_at IS NULL AND merged_into IS NULL",
    "tags": "id NOT IN (SELECT tag_id FROM shop.customer_tags) OR id IN "
    "(SELECT tag_id FROM shop.customer_tags WHERE customer_id IN (SELECT id FROM main.customers))",
    "complaints": "customer_id IS NULL OR customer_id IN (SELECT id FROM main.customers)",
}
_NOBODYS = "SELECT id FROM shop.purchases WHERE customer_id NOT IN (SELECT id FROM main.customers)"
_OF_THE_BUYER = {
    ("purchases", "note"): f"id IN ({_NOBODYS})",
    ("purchase_lines", "imei"): f"purchase_id IN ({_NOBODYS})",
    ("refunds", "reason"): f"purchase_id IN ({_NOBODYS})",
}
"""Columns that may say who bought, and which rows they are empty in: sales to cards that are left out."""


@dataclass(frozen=True)
class _Column:
    """A column of a copied table: its name, type, whether it may be empty, the copied table that it points to, and whether
    whoever takes the copy may not see what stands in it."""

    name: str
    type: str
    nullable: bool
    target: str
    hidden: bool = False

    def declared(self) -> str:
        points = f" REFERENCES {TABLES[self.target]} (id)" if self.target else ""
        key = " PRIMARY KEY" if self.name == "id" else "" if self.nullable else " NOT NULL"
        return f"{self.name} {self.type}{key}{points}"

    def value(self, table: str) -> str:
        """What is copied: nothing where it points to, or tells of, what was left out."""
        if self.hidden:
            return "NULL"
        if (table, self.name) in _OF_THE_BUYER:
            return f"iif({_OF_THE_BUYER[table, self.name]}, '', {self.name})"
        if not self.target or not self.nullable:
            return self.name
        return f"iif({self.name} IN ({_ids(self.target, table)}), {self.name}, NULL)"


def _ids(target: str, table: str) -> str:
    """The ids of a copied table; a table that points to itself is not copied yet."""
    if target != table:
        return f"SELECT id FROM main.{TABLES[target]}"
    return f"SELECT id FROM shop.{target} WHERE {_ROWS.get(target, '1')}"


def write(
    folder: Path,
    key: str,
    out: Path,
    about: Iterable[tuple[str, str]],
    tell: Tell | None,
    hidden: frozenset[str] = frozenset(),
) -> int:
    """Make the copy in a new file.

    Args:
        folder / key: of the shop. out: the file, which must not be there. about: lines for a table of that name.
        tell: told (tables done, tables in all) now and then; what it raises stops the work.
        hidden: columns of which the copy says nothing; see `Database.hidden`.

    Returns:
        How many rows were written.
    """
    with closing(
        driver.connect(f"{out.resolve().as_uri()}?mode=rwc", uri=True, isolation_level=None)
    ) as connection:
        shop = f"{(folder / store_open.FILE).resolve().as_uri()}?mode=ro".replace("'", "''")
        with known_failures():
            for statement in (
                "PRAGMA cipher_log_level = NONE",
                "PRAGMA journal_mode = OFF",
                "PRAGMA synchronous = OFF",
                "PRAGMA temp_store = MEMORY",
                f"ATTACH '{shop}' AS shop KEY \"x'{key}'\"",
                "BEGIN",
            ):
                connection.execute(statement)
            rows = 0
            for done, table in enumerate(TABLES):
                look = partial(_told, tell, done)
                look(0)
                with Database(connection).watched(look, _LOOK_EVERY):
                    rows += _copy(connection, table, hidden)
            connection.execute("CREATE TABLE about (label TEXT NOT NULL, text TEXT NOT NULL)")
            connection.executemany("INSERT INTO about VALUES (?, ?)", about)
            connection.execute("COMMIT")
            connection.execute("DETACH shop")
    return rows


def _told(tell: Tell | None, done: int, _steps: int) -> None:
    if tell is not None:
        tell(done, len(TABLES))


def _copy(connection: sqlite3.Connection, table: str, hidden: frozenset[str]) -> int:
    columns = _columns(connection, table, hidden)
    connection.execute(f"CREATE TABLE {TABLES[table]} ({', '.join(each.declared() for each in columns)})")
    where = [_ROWS.get(table, "1")]
    where += [
        f"{each.name} IN ({_ids(each.target, table)})"
        for each in columns
        if each.target and not each.nullable
    ]
    values = ", ".join(each.value(table) for each in columns)
    made = connection.execute(
        f"INSERT INTO main.{TABLES[table]} SELECT {values} FROM shop.{table} "
        f"WHERE {' AND '.join(f'({each})' for each in where)} ORDER BY id"
    )
    return made.rowcount


def _columns(connection: sqlite3.Connection, table: str, hidden: frozenset[str]) -> list[_Column]:
    targets = {row[3]: row[2] for row in connection.execute(f"PRAGMA shop.foreign_key_list({table})")}
    found = []
    for _place, name, type_, not_null, _default, is_key in connection.execute(
        f"PRAGMA shop.table_info({table})"
    ):
        target = targets.get(name, "")
        if name in _LEFT_OUT or (target and target not in TABLES):
            continue
        found.append(_Column(name, type_, not not_null and not is_key, target, name in hidden))
    return found
