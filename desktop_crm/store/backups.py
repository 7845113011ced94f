"""Backups of an open shop: a copy taken in slices from one unchanging view, checked, packed, and named last.

A copy counts only after it was opened again and holds what the shop held. The file itself is in backup_files.py; when
one is made and which are kept is decided in backup.py.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import sqlcipher3.dbapi2 as driver
from filelock import FileLock, Timeout

from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _
from desktop_crm.store import backup_files, ballast, folders, journal, keys, room
from desktop_crm.store import open as store_open
from desktop_crm.store.backup_files import ENDING, About
from desktop_crm.store.errors import DiskFull, ShopReadOnly
from desktop_crm.store.rows import Database, known_failures

FOLDER = "backups"
_LOCK = ".lock"
_NUMBER = ".number"
_SCRATCH = ".making-"
_NAME = re.compile(r"(\d{6})-(\d{8}T\d{6}Z)-([a-z_]+)\.crmbackup")
_SLICE_PAGES = 200
_BESIDES = ("changes", "pins", "audit", "erasures")
"""Tables that hold what nobody can enter again, and are not journalled."""
_PAUSE_S = 0.001
"""After each slice, so that who reads from the same disk meanwhile has it, too."""
_LARGE_BYTES = 256 << 20
_PATIENCE_S = 900
"""So long one backup waits for another one (the command line beside the window)."""


class BackupFailed(CrmError):
    """The copy could not be made or did not pass its check."""


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


Progress = Callable[[int, int], None]
"""Told (done, in all) after each slice; what it raises stops the work."""


def make(
    db: Database,
    folder: Path,
    opened: keys.Keys,
    why: str,
    at: str,
    *,
    out: Path | None = None,
    anchor: str = "",
    progress: Progress | None = None,
) -> Path:
    """Copy the shop while it is open, check the copy, and name it.

    Args:
        db: a connection of the shop in `folder`; no change open on it.
        opened: the shop's keys.
        why: a short word for the file's name.
        at: instant of now.
        out: the file to write; otherwise the next one in the shop's folder backups/.
        anchor: of the audit trail, kept with what is said of the backup.
        progress: told (pages done, pages in all) after each slice.

    Raises:
        BackupFailed, DiskFull, ShopReadOnly: no half file stays.
    """
    own = folder / FOLDER
    parent = out.parent if out else own
    with writing(folder, parent), _alone(own, is_own=out is None):
        target = out or own / _next_name(own, why, at)
        with tempfile.TemporaryDirectory(dir=parent, prefix=_SCRATCH) as scratch:
            copy = Path(scratch)
            said = _copied(db, copy, opened, progress)
            for name in keys.NAMES:  # after the database: of the two the key file may be the newer one
                if (folder / name).exists():
                    shutil.copyfile(folder / name, copy / name)
            about = replace(
                said,
                made_at=at,
                why=why,
                shop_id=opened.shop_id,
                protected=opened.is_protected,
                key_sequence=opened.sequence,
                audit=anchor,
            )
            backup_files.pack(copy, target, about, _ticks(progress))
    return target


def listing(folder: Path) -> list[Backup]:
    """The backups in a folder, newest (by sequence) first; other files are passed over, damaged ones are not noticed."""
    found = []
    for path in folder.glob("*" + ENDING):
        match = _NAME.fullmatch(path.name)
        if match:
            stamp = match[2]
            at = f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:11]}:{stamp[11:13]}:{stamp[13:15]}Z"
            found.append(Backup(path, int(match[1]), at, match[3], path.stat().st_size))
    return sorted(found, key=lambda backup: (-backup.sequence, backup.path.name))


def unpack(
    path: Path, folder: Path, key_of: Callable[[Path], str], progress: Progress | None = None
) -> About:
    """Put a backup's files into `folder` (must exist, holding no shop) and check them there.

    Args:
        key_of: gives the database's key from the key file in a folder; what it raises comes through.

    Raises:
        BackupDamaged, DiskFull, ShopReadOnly: nothing of it stays in the folder.
    """
    with writing(folder, folder):
        said = backup_files.unpack(path, folder, _ticks(progress))
    try:
        key = key_of(folder)
        try:
            found = verify_folder(folder, key)
        except CrmError as error:
            raise backup_files.damaged(path) from error
        if any(found.get(table, count) != count for table, count in said.rows.items()):
            raise backup_files.damaged(path)
    except BaseException:
        for name in backup_files.HELD:
            (folder / name).unlink(missing_ok=True)
        raise
    return said


def verify_folder(folder: Path, key: str) -> dict[str, int]:
    """Check the shop file in `folder` (every page, integrity) and return its row counts.

    Of a large file the indexes are not compared with their tables, which takes minutes: its pages are those of the shop,
    each with its own checksum, and the shop itself is looked through when nobody uses it (integrity.py).

    Raises:
        CrmError: it is damaged, or the key is not its own.
    """
    db = store_open.connect(folder, key, write=False)
    try:
        is_large = (folder / store_open.FILE).stat().st_size > _LARGE_BYTES
        with known_failures():
            found = db.value("PRAGMA quick_check" if is_large else "PRAGMA integrity_check")
            if found != "ok" or db.rows("PRAGMA cipher_integrity_check"):
                raise BackupFailed(
                    _(
                        "The copy of the shop is damaged and was thrown away. The shop itself is safe; try again."
                    )
                )
            return row_counts(db)
    finally:
        db.close()


def row_counts(db: Database) -> dict[str, int]:
    """Rows of each table that this file has and people fill (an older one lacks some), and the newest change."""
    present = _tables(db)
    counts = {
        table: int(db.value(f"SELECT count(*) FROM {table}"))
        for table in (*journal.TABLES, *_BESIDES)
        if table in present
    }
    counts["last_change"] = journal.last_id(db)
    return counts


def living(db: Database) -> int:
    """Cards as a person counts them: without the recycle bin and without those that were merged into another."""
    return int(
        db.value("SELECT count(*) FROM customers WHERE deleted_at IS NULL AND merged_into IS NULL"),
    )


def content(db: Database, opened: keys.Keys) -> tuple[int, str, int, int, str]:
    """What differs as soon as something was saved: to be compared with `About.content`."""
    last = journal.last_id(db)
    return (last, mark_of(db, last), len(_erased(db)), opened.sequence, _pins(db))


def mark_of(db: Database, change_id: int) -> str:
    """What tells a step from any other of its number, in a shop that went another way since; "" where there is none.

    The hash of its entry in the audit trail, which is salted; its instant where it has no entry, being older than the trail.
    """
    if "audit" in _tables(db):
        found = db.value("SELECT hash FROM audit WHERE change_id = ? ORDER BY id LIMIT 1", (change_id,))
        if found is not None:
            return str(found)
    return str(db.value("SELECT at FROM changes WHERE id = ?", (change_id,)) or "")


def _ticks(progress: Progress | None) -> Callable[[], None]:
    """What is called between pieces of a file, of which nobody counts how many there are."""
    return (lambda: None) if progress is None else (lambda: progress(0, 0))


def _copied(db: Database, copy: Path, opened: keys.Keys, progress: Progress | None) -> About:
    """Copy what one unchanging view of the shop shows, and check that the copy shows the same; answer what it holds."""
    with _one_view(db):
        rows, alive = row_counts(db), living(db)
        _copy_database(db, copy, opened.database_key(), progress)
        tops = {str(name): int(top) for name, top in db.rows("SELECT name, seq FROM sqlite_sequence")}
        newest, erased = mark_of(db, journal.last_id(db)), _erased(db)
        said = About(
            "", "", "", rows,
            last_ids=tops, newest=newest, erasures=len(erased), erased=erased, pins=_pins(db), living=alive,
        )  # fmt: skip
    if verify_folder(copy, opened.database_key()) != rows:
        raise BackupFailed(
            _("The backup did not match the shop and was thrown away. The shop itself is safe; try again.")
        )
    return said


@contextmanager
def _one_view(db: Database) -> Iterator[None]:
    """Whatever is saved meanwhile, these reads show the shop as it is now: the copy never begins anew."""
    with known_failures():
        db.connection.execute("BEGIN")
        try:
            db.connection.execute(
                "SELECT count(*) FROM sqlite_master"
            ).fetchone()  # BEGIN alone looks at nothing yet
            yield
        finally:
            if db.connection.in_transaction:  # a full disk may have ended it already
                db.connection.execute("ROLLBACK")


def _copy_database(db: Database, copy: Path, key: str, progress: Progress | None) -> None:
    def told(_status: int, remaining: int, total: int) -> None:
        time.sleep(_PAUSE_S)
        if progress is not None:
            progress(total - remaining, total)

    target = driver.connect(str(copy / store_open.FILE), isolation_level=None)
    try:
        target.execute(f"PRAGMA key = \"x'{key}'\"")
        target.execute("PRAGMA synchronous = OFF")  # a scratch file: what is packed of it is put on the disk
        with known_failures():
            db.connection.backup(target, pages=_SLICE_PAGES, progress=told)
        target.execute("PRAGMA journal_mode = DELETE")
    finally:
        target.close()


def _tables(db: Database) -> set[str]:
    return {name for (name,) in db.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}


def _erased(db: Database) -> list[tuple[int, str, str]]:
    """The cards that were erased: no more than is in the list beside the backups."""
    if "erasures" not in _tables(db):
        return []
    return db.rows("SELECT customer_id, card_made_at, at FROM erasures ORDER BY id")


def _pins(db: Database) -> str:
    """What differs as soon as somebody has another PIN, and tells nothing of it."""
    if "pins" not in _tables(db):
        return ""
    return str(db.value("SELECT count(*) || ' ' || max(set_at) FROM pins") or "")


@contextmanager
def _alone(own: Path, *, is_own: bool) -> Iterator[None]:
    """One backup of a shop at a time; what one left behind that was killed is taken away first."""
    if not is_own:
        yield
        return
    try:
        with FileLock(own / _LOCK, timeout=_PATIENCE_S):
            for left in (*own.glob(_SCRATCH + "*"), *own.glob("*.part")):
                if left.is_dir():
                    shutil.rmtree(left, ignore_errors=True)
                else:
                    left.unlink(missing_ok=True)
            yield
    except Timeout as error:
        raise BackupFailed(
            _(
                "Another backup of this shop has been going on for a quarter of an hour. The shop itself is safe; try again."
            )
        ) from error


@contextmanager
def writing(shop: Path, folder: Path) -> Iterator[None]:
    """What cannot be written into `folder` inside is said in words; a full disk is given the reserve of the shop's folder.

    Raises:
        DiskFull, ShopReadOnly
    """
    try:
        folders.make(folder)
        with room.explained(folder):
            yield
    except (DiskFull, OSError) as error:
        if isinstance(error, DiskFull) or room.was_out(error, folder):
            ballast.give_up(shop)
            raise DiskFull(
                _(
                    "There is no room for a backup in {folder}. The shop itself is safe. Free some space and try again."
                ).format(folder=folder)
            ) from error
        raise ShopReadOnly(
            _("No backup can be written to {folder}. The shop itself is safe. Choose another folder.").format(
                folder=folder
            )
        ) from error


def count_on(folder: Path, beside: Path) -> None:
    """Number backups in `folder` above all that lie `beside` a restored one: copied there they must not seem the oldest."""
    newest = listing(beside)
    if newest:
        (folder / _NUMBER).write_text(str(newest[0].sequence), "ascii")


def _next_name(folder: Path, why: str, at: str) -> str:
    newest = listing(folder)
    try:
        least = int((folder / _NUMBER).read_text("ascii"))
    except (OSError, ValueError):
        least = 0
    sequence = max(least, newest[0].sequence if newest else 0) + 1
    return f"{sequence:06d}-{at.replace('-', '').replace(':', '')}-{why}{ENDING}"
