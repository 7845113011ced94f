"""The private place where an import lies before it is applied: a temporary encrypted database, gone when closed.

Its key is random and never stored, so that what a crash leaves behind is noise. One row per row of the sheet; what
verdicts mean and how they are found is decided in importing/, the SQL for matching is in matching.py.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from desktop_crm.store import open as store_open
from desktop_crm.store import room
from desktop_crm.store.errors import DiskFull, ShopDamaged
from desktop_crm.store.private import PrivateFile
from desktop_crm.store.rows import Database, known_failures

Rows = list[tuple[Any, ...]]  # whatever the columns hold

Params = Sequence[Any] | Mapping[str, Any]
"""Values for the marks of a statement."""

HEAD = ("n", "row", "bad", "doubt", "reasons", "raw", "originals")
"""What each staged row begins with: running number from 1, the spreadsheet's row number, flags, reasons, raw cells (JSON),
and the cells whose stored text differs from what stood there (JSON {title: text})."""

Defaults = Mapping[str, Any]
"""Name of a staged column → what it holds where a sheet says nothing."""

_FOUND = (
    "customer_id INTEGER, leader INTEGER, how INTEGER, verdict TEXT, changes TEXT, origin INTEGER, told TEXT, "
    "asks INTEGER, suspect INTEGER"
)


class Staging:
    """One sheet's staged rows. May be used from any thread, by one at a time.

    Attributes:
        said: the staged columns in which any row says anything; nothing need be looked for in the others.
        judged: rows have had verdicts, which must be forgotten before others are found.

    Args:
        columns: the kind's staged columns, after HEAD, with their defaults: "", 0 or None.
    """

    def __init__(self, columns: Defaults) -> None:
        self._file = PrivateFile(".import", 32768)
        self._connection = self._file.connection
        self.said: set[str] = set()
        self.judged = False
        self.lock = threading.RLock()
        self._is_full = False
        self._defaults = {
            "n": None,
            "row": None,
            "bad": 0,
            "doubt": 0,
            **dict.fromkeys(HEAD[4:], ""),
            **columns,
        }
        made = ", ".join(
            f"{name} DEFAULT {_literal(value)}" for name, value in list(self._defaults.items())[1:]
        )
        self.execute(f"CREATE TABLE stage (n INTEGER PRIMARY KEY, {made}, {_FOUND})")
        self.execute("CREATE TABLE numbers (n INTEGER, position INTEGER, number TEXT, label TEXT)")
        self.execute("CREATE TABLE ambiguous (n INTEGER, place INTEGER, field TEXT, days TEXT, reason TEXT)")
        self.execute("CREATE TABLE choices (n INTEGER, field TEXT, choice TEXT, PRIMARY KEY (n, field))")

    def execute(self, sql: str, params: Params = ()) -> sqlite3.Cursor:
        """Run one statement."""
        with self._explained():
            return self._connection.execute(sql, params)

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run one statement for many rows."""
        with self._explained():
            self._connection.executemany(sql, rows)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """A place without a journal that met a full disk is damaged from then on: it is told as full still."""
        with self.lock:
            try:
                with known_failures():
                    yield
            except DiskFull:
                self._is_full = True
                raise
            except ShopDamaged as damage:
                if self._is_full:
                    raise room.full() from damage
                raise

    def rows(self, sql: str, params: Params = ()) -> Rows:
        """All rows of a query."""
        with self.lock:
            return self.execute(sql, params).fetchall()

    def value(self, sql: str, params: Params = ()) -> Any:  # a column's value has whatever type it has
        """The first column of the first row, or None."""
        found = self.rows(sql, params)
        return found[0][0] if found else None

    def rest(self) -> None:
        """Give back the memory that is held only for speed: many sheets may wait for one another."""
        self.execute("PRAGMA shrink_memory")

    @contextmanager
    def together(self) -> Iterator[None]:
        """Many writes as one, for speed."""
        with self.lock:
            self.execute("BEGIN")
            try:
                yield
            finally:
                if self._connection.in_transaction:  # a full disk may have ended it already
                    self.execute("COMMIT")

    @contextmanager
    def beside(self, folder: Path, key: str) -> Iterator[None]:
        """The shop's tables readable as `shop.…`, in one unchanging view, for as long as this lasts."""
        with self.lock:
            uri = f"{(folder / store_open.FILE).resolve().as_uri()}?mode=ro"
            self.execute(f"ATTACH '{uri.replace(chr(39), chr(39) * 2)}' AS shop KEY \"x'{key}'\"")
            try:
                self.execute("PRAGMA shop.cache_size = -32768")
                with self.together():
                    yield
            finally:
                self.execute("DETACH shop")

    def bring(self, db: Database) -> None:
        """Make the staged tables readable and writable on the shop's own connection, inside its open change.

        Names that the shop does not have mean the staged ones. They stay until the connection is closed.
        """
        with self.lock:
            self.execute("PRAGMA shrink_memory")
            db.execute(f"ATTACH '{self._file.path.as_uri()}' AS st KEY \"x'{self._file.key}'\"")
            db.execute("PRAGMA st.journal_mode = MEMORY")

    def add(self, columns: Mapping[str, list[Any]]) -> None:
        """Stage rows that are given column by column; columns that say nothing are left to their defaults."""
        said = {
            name: values
            for name, values in columns.items()
            if values.count(self._defaults[name]) < len(values)
        }
        self.said |= said.keys()
        if not said:
            return
        marks = ", ".join("?" * len(said))
        rows = zip(*said.values(), strict=True)
        self.executemany(f"INSERT INTO stage ({', '.join(said)}) VALUES ({marks})", rows)

    def add_ambiguous(self, cells: Iterable[tuple[int, int, str, str, str]]) -> None:
        """Remember cells whose day waits for its column."""
        self.executemany(
            "INSERT INTO ambiguous (n, place, field, days, reason) VALUES (?, ?, ?, ?, ?)", cells
        )

    def close(self) -> None:
        """Throw everything away."""
        with self.lock:
            self._file.close()


def _literal(value: Any) -> str:
    return "NULL" if value is None else repr(value)
