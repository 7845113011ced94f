"""The connections of one open shop: one reader per thread, one writer, one change at a time; and the keys they use.

When the shop gets new locks, each reader goes on in what it had begun and then connects again by itself, on its own
thread. What is written and when is shop.py's.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _
from desktop_crm.store import ballast, key_file, locks, room
from desktop_crm.store import open as store_open
from desktop_crm.store.errors import DiskFull, ShopDamaged, ShopForeign, ShopUnreachable
from desktop_crm.store.key_file import KeyFile
from desktop_crm.store.keys import Keys
from desktop_crm.store.rows import Database, known_failures

log = logging.getLogger(__name__)

PATIENCE_MS = 90_000
"""So long a change waits for another program that is writing, before it gives up with a sentence."""


class Connections:
    """All connections of one process to one shop.

    Attributes:
        folder / keys: of the shop; the keys are replaced when the key file is written anew.
        place: what tells the shop file from any other one. lock: held by whoever writes.
        writer_thread / change_open: who writes now. settings: what the open change has read of them, or None.
        listeners: told of each change that was kept.
        before: the keys and the key file of before the open change wrote that anew, or None.
    """

    def __init__(self, folder: Path, keys: Keys, writer: Database | None = None) -> None:
        self.folder = folder
        self.keys = keys
        self.place = place_of(folder)
        self.lock = threading.Lock()
        self.all: list[Database] = [] if writer is None else [writer]
        self.local = threading.local()
        self.writer = writer
        self.writer_thread: int | None = None
        self.change_open = False
        self.closed = False
        self.settings: dict[str, str | None] | None = None
        self.before: tuple[Keys, KeyFile] | None = None
        self.listeners: list[Callable[[Any], None]] = []  # of shop.Change, which is not known here

    def reader(self) -> Database:
        """This thread's reading connection."""
        found: Database | None = getattr(self.local, "reader", None)
        if self.closed:
            raise RuntimeError("the shop is closed")
        if found is None:
            found = self._connect_to_read()
            self.local.reader = found
            self.all.append(found)
        return found

    def writing(self) -> Database:
        """The writing connection; whoever asks holds the lock."""
        if self.closed:
            raise RuntimeError("the shop is closed")
        if self.writer is None:
            self.writer = store_open.connect(self.folder, self.keys.database_key(), write=True)
            self.all.append(self.writer)
        return self.writer

    def drop_writer(self) -> None:
        """Close the writing connection; the next write gets a fresh one."""
        if self.writer is not None:
            self.all.remove(self.writer)
            self.writer.close()
            self.writer = None

    def drop_own_reader(self) -> None:
        """Close this thread's reading connection; its next read gets a fresh one."""
        found: Database | None = getattr(self.local, "reader", None)
        if found is not None:
            self.all.remove(found)
            found.close()
            self.local.reader = None

    @contextmanager
    def transaction(self, *, bulk: bool = False) -> Iterator[Database]:
        """The writing connection for this thread alone, in one transaction: committed, or as if nothing happened."""
        if self.change_open and self.writer_thread == threading.get_ident():
            raise RuntimeError("a change inside a change")
        with self.lock:
            if bulk:
                self.drop_writer()
            db = self._begun()
            db.spent = bulk
            db.writable, self.change_open, self.writer_thread = True, True, threading.get_ident()
            try:
                with room.explained(self.folder):
                    self.check_in_place()
                    yield db
                    if db.connection.in_transaction:
                        with known_failures():
                            db.connection.execute("COMMIT")
            except BaseException as error:
                is_freed = isinstance(error, DiskFull) and ballast.give_up(self.folder)
                self._put_keys_back()  # first: until then nobody else writes
                if db.connection.in_transaction:
                    db.connection.execute("ROLLBACK")
                if is_freed:
                    raise DiskFull(
                        _(
                            "The disk is full, so nothing was saved. What was saved before is safe. A little room that was "
                            "kept in reserve is free now: save this again, then free some space."
                        )
                    ) from error
                raise
            finally:
                db.writable, self.change_open, self.writer_thread = False, False, None
                self.settings = self.before = None
                if db.spent:
                    self.drop_writer()

    def keep_key_file(self) -> None:
        """The open change is about to write the key file anew: should it fail, that is as it was."""
        self.before = self.keys, key_file.read(self.folder)

    def _put_keys_back(self) -> None:
        if self.before is None:
            return
        self.keys, file = self.before
        try:
            if key_file.read(self.folder) != file:
                locks.write(self.folder, file)
        except CrmError as error:  # the next start notes in the shop file what lies there
            log.info("the key file is ahead of the shop file: %s", type(error).__name__)

    def _begun(self) -> Database:
        try:
            db = self.writing()
            with room.explained(self.folder), known_failures():
                # longer than a read waits: another program's import may write for half a minute, and nothing waits here
                # but the writer thread
                db.connection.execute(f"PRAGMA busy_timeout = {PATIENCE_MS}")
                db.connection.execute("BEGIN IMMEDIATE")
        except (ShopDamaged, ShopForeign):
            self.check_locks()
            raise
        return db

    def check_in_place(self) -> None:
        """Refuse to go on where the shop file is not the one that was opened; only looked at, never opened.

        Raises:
            ShopUnreachable: it is gone, or another one lies in its place; what was saved before is in the one that was.
        """
        if place_of(self.folder) != self.place:
            raise ShopUnreachable(
                _(
                    "The shop file is no longer where it was: it was moved, or another one lies in its place. Nothing was "
                    "saved. What was saved before is safe in the file that was moved. Start the program again."
                )
            )

    def close(self) -> None:
        """Close all connections, after which nothing can be asked; the write-ahead log is moved into the file."""
        with self.lock:
            self.closed = True
            for db in self.all:
                if db is not self.writer:
                    db.close()
            if self.writer is not None:  # the last one: only a writing connection can put the log away
                try:
                    with known_failures():
                        store_open.checkpoint(self.writer)
                except CrmError as error:  # a full disk: the log stays, and is read at the next start
                    log.info("the write-ahead log stays: %s", type(error).__name__)
                self.writer.close()
            self.all.clear()
            self.writer, self.local = None, threading.local()

    def check_locks(self) -> None:
        """Tell damage from another program's change of locks, where the file no longer opens.

        Raises:
            LocksChanged
        """
        if locks.were_changed(self.folder, self.keys):
            raise locks.changed()

    def _connect_to_read(self) -> Database:
        used = self.keys.database_key()
        try:
            made = store_open.connect(self.folder, used, write=False)
        except (ShopDamaged, ShopForeign):
            if used != self.keys.database_key():
                return self._connect_to_read()
            self.check_locks()
            raise

        def again() -> sqlite3.Connection | None:
            nonlocal used
            if used == self.keys.database_key():
                self.check_locks()
                return None
            fresh = self._connect_to_read()
            used = self.keys.database_key()
            return fresh.connection

        made.again = again
        return made


def place_of(folder: Path) -> tuple[int, int] | None:
    """What tells the shop file from any other, None where there is none; only looked at, never opened."""
    try:
        seen = os.stat(folder / store_open.FILE)
    except OSError:
        return None
    return seen.st_dev, seen.st_ino
