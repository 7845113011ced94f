"""Opening the shop file: the driver, its settings, and telling apart what can be wrong with it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import sqlcipher3.dbapi2 as driver

from desktop_crm.base.i18n import _
from desktop_crm.store import migrations
from desktop_crm.store.errors import ShopDamaged, ShopForeign, ShopMissing, ShopNewer
from desktop_crm.store.rows import Database, known_failures

FILE = "shop.db"
APPLICATION_ID = 0x4443524D
"""'DCRM' in the file header (sqlite.org/pragma.html#pragma_application_id)."""

_SAFE_VERSION = (3, 51, 3)
"""Older ones have the WAL-reset corruption bug."""


def connect(folder: Path, key: str, *, write: bool, create: bool = False) -> Database:
    """A connection to the shop file in `folder`.

    Args:
        folder: the shop's folder.
        key: 96 hex digits, see `Keys.database_key`.
        write: False opens `mode=ro`.
        create: make the file; otherwise a missing one raises.

    Raises:
        ShopMissing, ShopDamaged, ShopReadOnly, ShopBusy: each with its sentence; the file stays as it was.
    """
    if driver.sqlite_version_info < _SAFE_VERSION:
        raise RuntimeError(f"SQLite {driver.sqlite_version} must not open a shop")
    path = folder / FILE
    if not create and not path.exists():
        raise ShopMissing(
            _("There is no shop in {folder}. Choose another folder or make a new shop.").format(folder=folder)
        )
    mode = "rwc" if create else "rw" if write else "ro"
    try:
        connection: sqlite3.Connection = driver.connect(
            f"{path.resolve().as_uri()}?mode={mode}", uri=True, isolation_level=None, check_same_thread=False
        )
    except driver.OperationalError as error:
        raise ShopMissing(
            _(
                "The shop in {folder} cannot be opened: the file or its folder is not accessible. Nothing was changed."
            ).format(folder=folder)
        ) from error
    try:
        with known_failures():
            _prepare(connection, key, write=write)
    except BaseException:
        connection.close()
        raise
    return Database(connection)


def _prepare(connection: sqlite3.Connection, key: str, *, write: bool) -> None:
    execute = connection.execute
    execute(f"PRAGMA key = \"x'{key}'\"")
    execute("PRAGMA cipher_log_level = NONE")
    execute("PRAGMA busy_timeout = 5000")
    execute("SELECT count(*) FROM sqlite_master").fetchone()
    if write:
        answer = execute("PRAGMA journal_mode = WAL").fetchone()[0]
        if answer != "wal":
            raise RuntimeError(f"journal mode is {answer}")
        execute("PRAGMA synchronous = FULL")
        execute("PRAGMA fullfsync = ON")
        execute("PRAGMA checkpoint_fullfsync = ON")
        execute("PRAGMA secure_delete = ON")
    execute("PRAGMA foreign_keys = ON")
    execute("PRAGMA temp_store = MEMORY")
    execute("PRAGMA cache_size = -65536")
    execute("PRAGMA trusted_schema = OFF")
    execute("PRAGMA cell_size_check = ON")


def check_ours(db: Database) -> None:
    """Refuse a database of another program, and one that a newer version has changed.

    Raises:
        ShopForeign, ShopNewer: the file stays as it was.
    """
    if db.value("PRAGMA application_id") != APPLICATION_ID:
        raise ShopForeign(
            _(
                "This file belongs to another program; it was left as it was. Choose the folder of a Desktop CRM shop."
            )
        )
    unknown = [name for name in migrations.applied(db) if name not in migrations.NAMES]
    if unknown:
        raise ShopNewer(
            _(
                "This shop was last used with a newer version of Desktop CRM. It was left as it was. "
                "Install the newest version on this PC, then open it again."
            )
        )


def check_whole(db: Database) -> None:
    """Compare triggers and indexes with those this version expects (a schema tool may drop them silently).

    Raises:
        ShopDamaged: some are missing.
    """
    missing = migrations.expected_parts() - migrations.present_parts(db)
    if missing:
        raise ShopDamaged(
            _(
                "Parts of the shop file are missing ({parts}). Nothing was changed. "
                "Restore the newest backup from the folder “backups” of the shop."
            ).format(parts=", ".join(sorted(missing)[:3]))
        )


def checkpoint(db: Database) -> None:
    """Move the write-ahead log into the file and truncate it; harmless where a reader is still busy."""
    db.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
