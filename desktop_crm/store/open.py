"""Opening the shop file: the driver, its settings, and telling apart what can be wrong with it."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path

import sqlcipher3.dbapi2 as driver

from desktop_crm.base.i18n import _
from desktop_crm.base.pinyin import sort_key
from desktop_crm.store import folders, migrations, room
from desktop_crm.store.errors import DiskFull, ShopBusy, ShopDamaged, ShopForeign, ShopMissing, ShopNewer
from desktop_crm.store.rows import Database, known_failures

FILE = "shop.db"
LEFT_BEHIND = (FILE, f"{FILE}-wal", f"{FILE}-shm")
"""The shop file and what SQLite keeps beside it; a log without its file would spoil the next one made there."""

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
        ShopMissing, ShopForeign, ShopNewer, ShopDamaged, ShopReadOnly, ShopBusy: each with its sentence; the file
            stays as it was.
    """
    if driver.sqlite_version_info < _SAFE_VERSION:
        raise RuntimeError(f"SQLite {driver.sqlite_version} must not open a shop")
    path = folder / FILE
    if not create:
        check_there(folder)
    mode = "rwc" if create else "rw" if write else "ro"
    try:
        connection: sqlite3.Connection = driver.connect(
            f"{path.resolve().as_uri()}?mode={mode}", uri=True, isolation_level=None, check_same_thread=False
        )
    except driver.OperationalError as error:
        if write and room.is_out(folder):
            raise room.full() from error
        raise _not_accessible(folder) from error
    db = Database(connection)
    try:
        with room.explained(folder), known_failures():
            _unlock(connection, key)
            if write and not create:
                check_ours(db)  # before the first PRAGMA that writes
            _prepare(connection, write=write)
    except ShopDamaged as damage:
        db.close()
        if _is_of_others(folder, key):
            raise _foreign() from damage
        raise
    except BaseException:
        db.close()
        raise
    return db


def check_there(folder: Path) -> None:
    """Refuse a folder without a shop file, or with one that has nothing in it.

    Raises:
        ShopMissing, ShopDamaged
    """
    try:
        size = (folder / FILE).stat().st_size
    except (FileNotFoundError, NotADirectoryError) as error:
        raise _missing(folder) from error
    except OSError as error:
        raise _not_accessible(folder) from error
    if size == 0:
        raise ShopDamaged(
            _(
                "The shop file in {folder} is empty; it was left as it was. "
                "Restore the newest backup from the folder “backups” of the shop."
            ).format(folder=folder)
        )


def check_finished(folder: Path) -> None:
    """Refuse a shop whose making was cut off: nothing was ever entered in it.

    Raises:
        ShopMissing
    """
    if folders.is_unfinished(folder):
        raise _missing(folder)


def _missing(folder: Path) -> ShopMissing:
    return ShopMissing(
        _("There is no shop in {folder}. Choose another folder or make a new shop.").format(folder=folder)
    )


def _not_accessible(folder: Path) -> ShopMissing:
    return ShopMissing(
        _(
            "The shop in {folder} cannot be opened: the file or its folder is not accessible. Nothing was changed."
        ).format(folder=folder)
    )


def _foreign() -> ShopForeign:
    return ShopForeign(
        _(
            "This file belongs to another program or another shop, or its locks were changed and an older key file lies "
            "beside it; it was left as it was. Choose the folder of a Desktop CRM shop, with its own key file, the newest "
            "one, or open it with its recovery sheet."
        )
    )


def salt_of(folder: Path) -> bytes:
    """The salt at the beginning of the shop file, empty where it has none.

    Asked through SQLite: opening and closing the file ourselves would cancel its locks.
    """
    path = folder / FILE
    connection = driver.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{bytes(32).hex()}'\"")  # any key without a salt
        found = connection.execute("PRAGMA cipher_salt").fetchone()
        return bytes.fromhex(found[0]) if found else b""
    finally:
        connection.close()


def _is_of_others(folder: Path, key: str) -> bool:
    """Whether a file that our key does not open is a plain SQLite file, or was locked with another key.

    A damaged file of ours still has our salt, and one whose salt is damaged still opens with key and salt.
    """
    salt = salt_of(folder)
    return bool(salt) and salt.hex() != key[64:]


def _unlock(connection: sqlite3.Connection, key: str) -> None:
    execute = connection.execute
    execute(f"PRAGMA key = \"x'{key}'\"")
    execute("PRAGMA cipher_log_level = NONE")
    execute("PRAGMA busy_timeout = 5000")
    execute("SELECT count(*) FROM sqlite_master").fetchone()


def _prepare(connection: sqlite3.Connection, *, write: bool) -> None:
    execute = connection.execute
    if write:
        answer = execute("PRAGMA journal_mode = WAL").fetchone()[0]
        if answer != "wal":
            raise RuntimeError(f"journal mode is {answer}")
        execute("PRAGMA synchronous = FULL")
        execute("PRAGMA fullfsync = ON")
        execute("PRAGMA checkpoint_fullfsync = ON")
        execute("PRAGMA secure_delete = ON")
    connection.create_function("name_key", -1, sort_key, deterministic=True)
    execute("PRAGMA foreign_keys = ON")
    execute("PRAGMA temp_store = MEMORY")
    execute(f"PRAGMA cache_size = -{_cache_kib(connection)}")
    execute("PRAGMA trusted_schema = OFF")
    execute("PRAGMA cell_size_check = ON")


def _cache_kib(connection: sqlite3.Connection) -> int:
    """64 MB, which makes an encrypted shop as fast as a plain one; of a very large file a sixth, 256 MB at most."""
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    return int(min(262_144, max(65_536, pages * 4 // 6)))


def check_ours(db: Database) -> None:
    """Refuse a database of another program, and one that a newer version has changed.

    Raises:
        ShopForeign, ShopNewer: the file stays as it was.
    """
    if db.value("PRAGMA application_id") != APPLICATION_ID:
        raise _foreign()
    unknown = [name for name in migrations.applied(db) if name not in migrations.NAMES]
    if unknown:
        raise ShopNewer(
            _(
                "This shop was last used with a newer version of Desktop CRM. It was left as it was. "
                "Install the newest version on this PC, then open it again."
            )
        )


def check_alone(db: Database) -> None:
    """Refuse to go on while anybody else has the file open: only the last connection may leave the write-ahead log.

    Raises:
        ShopBusy: somebody has; nothing was changed.
    """
    try:
        with known_failures():
            db.connection.execute("PRAGMA journal_mode = DELETE").fetchone()
            db.connection.execute("PRAGMA journal_mode = WAL").fetchone()
    except ShopBusy as error:
        raise ShopBusy(
            _(
                "This shop must be brought up to date first, but another window or program has it open. "
                "Nothing was changed. Close that one, then open the shop again."
            )
        ) from error


def keep_alone(db: Database) -> None:
    """Let nobody else read or write the file until this connection is closed; it leaves no write-ahead log.

    Raises:
        ShopBusy: somebody has it open; nothing was changed.
    """
    with known_failures():
        db.connection.execute("PRAGMA journal_mode = DELETE").fetchone()
        db.connection.execute("BEGIN EXCLUSIVE")


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


def take_over(db: Database) -> None:
    """Move what a crash left in the write-ahead log into the file, without waiting for anybody.

    Power that goes while the log is being moved leaves torn pages in the file. Their right contents are in the log, and
    every reader gets them there; only SQLCipher's check, which reads past the log, would call them damaged.
    """
    with suppress(DiskFull), known_failures():  # the log serves as well, until there is room
        db.connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()


def checkpoint(db: Database) -> None:
    """Move the write-ahead log into the file and truncate it; harmless where a reader is still busy."""
    db.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
