"""One thread's connection to the shop file: plain cursors, records in and out, writes only inside a change."""

from __future__ import annotations

import dataclasses
import sqlite3
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from operator import attrgetter
from typing import Any, ClassVar, NoReturn, Protocol, TypeVar, cast

from desktop_crm.base.i18n import _
from desktop_crm.base.masking import is_masked, restore
from desktop_crm.store import room
from desktop_crm.store.errors import (
    ShopBusy,
    ShopDamaged,
    ShopReadOnly,
    ShopUnreachable,
    WriteOutsideChange,
)

# sqlite3 is imported for the types of cursors only: sqlcipher3 has no stubs and the same interface.

Params = Sequence[Any] | dict[str, Any]  # whatever SQLite can bind


class Record(Protocol):
    """Any stored dataclass: a table's name and an integer key."""

    TABLE: ClassVar[str]
    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def id(self) -> int:
        """The key; 0 until stored."""
        ...


T = TypeVar("T", bound=Record)
D = TypeVar("D")

_NOT_OPEN = (11, 26)
"""SQLITE_CORRUPT, SQLITE_NOTADB: what a file says to a wrong key, too."""


class Database:
    """One connection; made by `store.open.connect`, handed out by `Shop.db`.

    Reads work at any time; writes raise `WriteOutsideChange` unless `writable` was set by the open change.

    Attributes:
        spent: it is for one change of thousands of rows (attached tables, a larger hash of the index) and is closed
            when that ends; the next change gets a fresh one.
        hidden: columns that whoever reads here may not see, by name: records have None there, `update` leaves them
            as they are, and SQL written out in store/ asks here.
        again: where the file no longer opens with this connection's key: gives one with the present key, or None
            where there is no other key.
    """

    hidden: frozenset[str] = frozenset()

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.writable = False
        self.spent = False
        self.again: Callable[[], sqlite3.Connection | None] | None = None

    @property
    def whole(self) -> Database:
        """The same connection with every column: for the program's own rules, never for what somebody reads."""
        return _same(self, Database) if self.hidden else self

    @property
    def without_cost(self) -> Database:
        """The same connection for somebody who may not see what things cost the shop."""
        return self if self.hidden else _same(self, _WithoutCost)

    def execute(self, sql: str, params: Params = ()) -> sqlite3.Cursor:
        """Run one statement; a write outside a change raises before it reaches the file."""
        if not self.writable and not _reads(sql):
            raise WriteOutsideChange(sql.split(None, 3)[:3])
        try:
            return self.connection.execute(sql, params)
        except self.connection.DatabaseError as error:
            if not self._has_new_key(error):
                raise_known(error)
        with known_failures():
            return self.connection.execute(sql, params)

    def _has_new_key(self, error: Exception) -> bool:
        """Whether this failed because the shop got new locks; then the connection is one with the new key.

        A read that had begun goes on in the file as it was, so one that fails had seen nothing yet.
        """
        code = getattr(error, "sqlite_errorcode", None)
        fresh = self.again() if self.again is not None and code in _NOT_OPEN else None
        if fresh is None:
            return False
        if self.connection.in_transaction:
            fresh.execute("BEGIN")
        self.connection.close()
        self.connection = fresh
        return True

    def executemany(self, sql: str, rows: Iterable[Params]) -> None:
        """Run one writing statement for many rows."""
        if not self.writable:
            raise WriteOutsideChange(sql.split(None, 3)[:3])
        with known_failures():
            self.connection.executemany(sql, rows)

    def rows(self, sql: str, params: Params = ()) -> list[tuple[Any, ...]]:
        """All rows of a query as plain tuples."""
        return self._fetched(self.execute(sql, params).fetchall)

    def row(self, sql: str, params: Params = ()) -> tuple[Any, ...] | None:
        """The first row, or None."""
        found: tuple[Any, ...] | None = self._fetched(self.execute(sql, params).fetchone)
        return found

    def _fetched(self, fetch: Callable[[], D]) -> D:
        try:
            return fetch()
        except self.connection.DatabaseError as error:  # a damaged page may come to light at any row
            raise_known(error)

    def value(self, sql: str, params: Params = ()) -> Any:  # a column's value has whatever type is stored
        """The first column of the first row, or None."""
        found = self.row(sql, params)
        return None if found is None else found[0]

    def records(self, kind: type[D], sql: str, params: Params = ()) -> list[D]:
        """All rows as frozen dataclasses; the columns' names must be names of its fields."""
        cursor = self.execute(sql, params)
        names = [column[0] for column in cursor.description]
        flags = _flags(cast(Hashable, kind))
        places = [index for index, name in enumerate(names) if name in flags]
        with known_failures():
            rows = cursor.fetchall()
        unseen = [index for index, name in enumerate(names) if name in self.hidden]
        if not places and not unseen:
            return [kind(**dict(zip(names, row, strict=True))) for row in rows]
        found = []
        for row in rows:
            values = list(row)
            for place in places:
                values[place] = bool(values[place])
            for place in unseen:
                values[place] = None
            found.append(kind(**dict(zip(names, values, strict=True))))
        return found

    def record(self, kind: type[D], sql: str, params: Params = ()) -> D | None:
        """The first row as a dataclass, or None."""
        found = self.records(kind, sql, params)
        return found[0] if found else None

    def get(self, kind: type[T], row_id: int) -> T | None:
        """The record with this key, or None."""
        return self.record(kind, f"SELECT * FROM {kind.TABLE} WHERE id = ?", (row_id,))

    def insert(self, record: Record) -> int:
        """Store a new record and return its key (a given one is kept, 0 lets SQLite choose)."""
        sql, names = _insert_sql(type(record))
        values = [getattr(record, name) for name in names]
        if record.id == 0:
            values[0] = None
        row_id = self.execute(sql, values).lastrowid
        assert row_id is not None
        return row_id

    def insert_many(self, kind: type[T], records: Iterable[T]) -> None:
        """Store many new records of one kind."""
        sql, names = _insert_sql(kind)
        values = attrgetter(*names)
        self.executemany(sql, (row if row[0] else (None, *row[1:]) for row in map(values, records)))

    def update(self, record: Record) -> None:
        """Store the record's present values under its key, except what is hidden here.

        Phone numbers that come back hidden (138****8866) stay as they are stored; see masks.py.
        """
        names = tuple(name for name in _names(type(record))[1:] if name not in self.hidden)
        sets = ", ".join(f"{name} = ?" for name in names)
        values = [getattr(record, name) for name in names]
        if any(isinstance(value, str) and is_masked(value) for value in values):
            values = self._with_numbers(record, names, values)
        self.execute(f"UPDATE {record.TABLE} SET {sets} WHERE id = ?", [*values, record.id])

    def _with_numbers(
        self, record: Record, names: Sequence[str], values: list[Any]
    ) -> list[Any]:  # any column's
        stored = (
            self.row(f"SELECT {', '.join(names)} FROM {record.TABLE} WHERE id = ?", (record.id,)) or values
        )
        return [
            restore(new, old) if isinstance(new, str) and isinstance(old, str) else new
            for new, old in zip(values, stored, strict=True)
        ]

    def delete(self, kind: type[Record], row_id: int) -> None:
        """Remove the row with this key."""
        self.execute(f"DELETE FROM {kind.TABLE} WHERE id = ?", (row_id,))

    @contextmanager
    def watched(self, look: Callable[[int], None], every: int) -> Iterator[None]:
        """Call `look(SQLite's steps so far)` each `every` steps of what runs inside; what it raises stops that."""
        steps = 0
        stopped: list[BaseException] = []

        def count() -> bool:
            nonlocal steps
            steps += every
            try:
                look(steps)
            except BaseException as error:  # raised again below: SQLite would turn it into its own
                stopped.append(error)
            return bool(stopped)

        self.connection.set_progress_handler(count, every)
        try:
            yield
        except Exception:
            if stopped:
                raise stopped[0] from None
            raise
        finally:
            self.connection.set_progress_handler(None, 0)

    @contextmanager
    def frugal(self) -> Iterator[None]:
        """Keep little of the file in memory meanwhile: for going through all of it once."""
        kept = self.value("PRAGMA cache_size")
        self.execute("PRAGMA cache_size = -8192")
        try:
            yield
        finally:
            self.execute(f"PRAGMA cache_size = {int(kept)}")

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()


class _WithoutCost(Database):
    hidden = frozenset({"cost_fen"})


def _same(db: Database, kind: type[Database]) -> Database:
    """The connection of `db` seen through another class: whatever happens to one of the two happens to both."""
    seen = kind.__new__(kind)
    seen.__dict__ = db.__dict__
    return seen


@contextmanager
def known_failures() -> Iterator[None]:
    """Turn the failures that a person can act upon into their sentences; let bugs through."""
    import sqlcipher3.dbapi2 as driver  # bound late: the module is native and large

    try:
        yield
    except driver.DatabaseError as error:
        raise_known(error)


def raise_known(error: Exception) -> NoReturn:
    """Raise the sentence of a failure that a person can act upon, and a bug as it is.

    Codes: https://www.sqlite.org/rescode.html
    """
    code = getattr(error, "sqlite_errorcode", None)
    primary = None if code is None else code & 0xFF
    text = str(error)
    if primary == 13 or "disk is full" in text:
        raise room.full() from error
    if primary in (5, 6) or "is locked" in text:
        raise ShopBusy(
            _("Another program is writing to the shop. Nothing was lost; wait a moment and try again.")
        ) from error
    if primary == 8 or "readonly" in text:
        raise ShopReadOnly(
            _("The shop cannot be written to, so nothing was saved. Check that its folder is not read-only.")
        ) from error
    if primary in (10, 14) or "disk I/O" in text or "unable to open" in text:
        raise ShopUnreachable(
            _(
                "The shop's folder cannot be reached any more, so nothing was saved. What was saved before is safe. "
                "Check the disk or the network drive, then start the program again."
            )
        ) from error
    if primary in (11, 26) or "malformed" in text or "not a database" in text:
        raise ShopDamaged(
            _(
                "The shop file is damaged or was not closed properly. Nothing was changed. "
                "Restore the newest backup from the folder “backups” of the shop."
            )
        ) from error
    raise error


def _reads(sql: str) -> bool:
    first = sql.lstrip().split(None, 1)[0].upper()
    return first in ("SELECT", "WITH", "PRAGMA", "EXPLAIN", "VALUES")


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


@cache
def _flags(kind: Any) -> frozenset[str]:
    return frozenset(f.name for f in dataclasses.fields(kind) if f.type in ("bool", bool))


@cache
def _insert_sql(kind: type[Record]) -> tuple[str, tuple[str, ...]]:
    names = _names(kind)
    marks = ", ".join("?" for _name in names)
    return f"INSERT INTO {kind.TABLE} ({', '.join(names)}) VALUES ({marks})", names
