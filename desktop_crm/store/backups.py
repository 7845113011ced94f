"""Backup files: one zip (stored) each, holding a verified copy of shop.db, the key file and a note of what is in it.

A copy counts only after it was opened again and checked; it gets its name last. When to back up and how many to
keep is decided in backup.py.
"""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as driver

from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _
from desktop_crm.store import journal, keys
from desktop_crm.store import open as store_open
from desktop_crm.store.errors import DiskFull, ShopReadOnly
from desktop_crm.store.rows import Database, known_failures

ENDING = ".crmbackup"
_NAME = re.compile(r"(\d{6})-(\d{8}T\d{6}Z)-([a-z_]+)\.crmbackup")
_SLICE_PAGES = 200
_TIME = (1980, 1, 1, 0, 0, 0)


class BackupFailed(CrmError):
    """The copy could not be made or did not pass its check."""


class BackupDamaged(CrmError):
    """A backup file cannot be read or does not pass its check."""


@dataclass(frozen=True)
class Backup:
    """One backup file.

    Attributes:
        path: where it lies. sequence: rises by one with each; the order of making, whatever the clock said.
        at: instant of making. why: "close", "import", "migration", "manual", "restore" …
        size: bytes.
    """

    path: Path
    sequence: int
    at: str
    why: str
    size: int


def make(
    db: Database,
    folder: Path,
    why: str,
    at: str,
    *,
    out: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Path:
    """Copy the shop while it is open, check the copy, and name it.

    Args:
        db: a connection of the shop in `folder`; no transaction open on it.
        why: a short word for the file's name.
        at: instant of now.
        out: the file to write; otherwise the next one in the shop's folder backups/.
        progress: told (pages done, pages in all) after each slice.

    Raises:
        BackupFailed, DiskFull, ShopReadOnly: no half file stays.
    """
    target = out or folder / "backups" / _next_name(folder / "backups", why, at)
    with _writing(target), tempfile.TemporaryDirectory(dir=target.parent, prefix=".making-") as scratch:
        copy = Path(scratch)
        for name in keys.NAMES:
            if (folder / name).exists():
                shutil.copyfile(folder / name, copy / name)
        opened = keys.load(copy)
        before = row_counts(db)
        _copy_database(db, copy, opened.database_key(), progress)
        counts = verify_folder(copy)
        if counts["last_change"] <= before["last_change"] and counts != before:
            raise BackupFailed(
                _(
                    "The backup did not match the shop and was thrown away. The shop itself is safe; try again."
                )
            )
        _pack(copy, target, {"made_at": at, "why": why, "shop_id": opened.shop_id, "rows": counts})
    return target


def listing(folder: Path) -> list[Backup]:
    """The backups in a shop's folder backups/, newest (by sequence) first; other files are passed over."""
    found = []
    for path in folder.glob("*" + ENDING):
        match = _NAME.fullmatch(path.name)
        if match:
            stamp = match[2]
            at = f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:11]}:{stamp[11:13]}:{stamp[13:15]}Z"
            found.append(Backup(path, int(match[1]), at, match[3], path.stat().st_size))
    return sorted(found, key=lambda backup: -backup.sequence)


def unpack(path: Path, folder: Path) -> None:
    """Put a backup's files into `folder` (must exist, holding no shop) and check them there.

    Raises:
        BackupDamaged: nothing of it stays in the folder.
    """
    names = (store_open.FILE, *keys.NAMES)
    try:
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name in names:
                    with archive.open(name) as source, open(folder / name, "wb") as target:
                        shutil.copyfileobj(source, target, 1 << 20)
                        target.flush()
                        os.fsync(target.fileno())
        verify_folder(folder)
    except (zipfile.BadZipFile, EOFError, KeyError, OSError, CrmError) as error:
        for name in names:
            (folder / name).unlink(missing_ok=True)
        raise BackupDamaged(
            _("{file} is not a whole backup of a shop. Nothing was changed. Choose an older backup.").format(
                file=path.name
            )
        ) from error


def verify(path: Path) -> dict[str, int]:
    """Open a backup in a scratch folder, check it, and return its row counts.

    Raises:
        BackupDamaged: it is not whole.
    """
    with tempfile.TemporaryDirectory(prefix="desktop-crm-") as scratch:
        unpack(path, Path(scratch))
        return verify_folder(Path(scratch))


def verify_folder(folder: Path) -> dict[str, int]:
    """Check the shop file in `folder` (pages, integrity, foreign keys) and return its row counts.

    Raises:
        CrmError: it is damaged, or its key is.
    """
    db = store_open.connect(folder, keys.load(folder).database_key(), write=False)
    try:
        if db.value("PRAGMA integrity_check") != "ok" or db.rows("PRAGMA cipher_integrity_check"):
            raise BackupFailed(
                _("The copy of the shop is damaged and was thrown away. The shop itself is safe; try again.")
            )
        return row_counts(db)
    finally:
        db.close()


def row_counts(db: Database) -> dict[str, int]:
    """Rows of each journalled table that this file has (an older one lacks some), and the newest change."""
    present = {name for (name,) in db.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}
    counts = {
        table: int(db.value(f"SELECT count(*) FROM {table}")) for table in journal.TABLES if table in present
    }
    counts["last_change"] = int(db.value("SELECT coalesce(max(id), 0) FROM changes"))
    return counts


def _copy_database(db: Database, copy: Path, key: str, progress: Callable[[int, int], None] | None) -> None:
    def told(_status: int, remaining: int, total: int) -> None:
        if progress is not None:
            progress(total - remaining, total)

    target = driver.connect(str(copy / store_open.FILE), isolation_level=None)
    try:
        target.execute(f"PRAGMA key = \"x'{key}'\"")
        with known_failures():
            db.connection.backup(target, pages=_SLICE_PAGES, progress=told, sleep=0.001)
        target.execute("PRAGMA journal_mode = DELETE")
    finally:
        target.close()


def _pack(copy: Path, target: Path, about: dict[str, Any]) -> None:  # JSON values
    part = target.with_name(target.name + ".part")
    try:
        with open(part, "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
                archive.writestr(
                    zipfile.ZipInfo("about.json", _TIME), json.dumps(about, sort_keys=True, indent=1)
                )
                for name in (*keys.NAMES, store_open.FILE):
                    if (copy / name).exists():
                        with (
                            open(copy / name, "rb") as source,
                            archive.open(zipfile.ZipInfo(name, _TIME), "w", force_zip64=True) as inside,
                        ):
                            shutil.copyfileobj(source, inside, 1 << 20)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, target)
        keys.sync_folder(target.parent)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _writing(target: Path) -> Iterator[None]:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(
                _(
                    "There is no room for a backup in {folder}. The shop itself is safe. Free some space and try again."
                ).format(folder=target.parent)
            ) from error
        raise ShopReadOnly(
            _("No backup can be written to {folder}. The shop itself is safe. Choose another folder.").format(
                folder=target.parent
            )
        ) from error


def _next_name(folder: Path, why: str, at: str) -> str:
    newest = listing(folder)
    sequence = newest[0].sequence + 1 if newest else 1
    return f"{sequence:06d}-{at.replace('-', '').replace(':', '')}-{why}{ENDING}"
