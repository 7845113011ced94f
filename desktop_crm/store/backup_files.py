"""One backup file: a zip (stored) of shop.db, both key files and about.json, which says what is in it.

A file gets its name only after it was written to the disk and read back; whatever has a name is whole or was damaged
later, and then its checksums say so. What a good copy is, and when one is made, is in backups.py.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _
from desktop_crm.store import folders, keys
from desktop_crm.store import open as store_open

ENDING = ".crmbackup"
HELD = (*keys.NAMES, store_open.FILE)
"""What of a shop's folder a backup holds."""

_ABOUT = "about.json"
_CHUNK = 1 << 20
_SYNC_EVERY = 16 * _CHUNK
"""So much is written before it is put on the disk: who saves meanwhile waits for that much at most."""
_TIME = (1980, 1, 1, 0, 0, 0)


class BackupDamaged(CrmError):
    """A backup file cannot be read or does not pass its check."""


@dataclass(frozen=True)
class About:
    """What a backup says of itself; files of older versions say less.

    Attributes:
        made_at: instant. why: as in its name. shop_id: of which shop.
        rows: rows by table, and under "last_change" the id of the newest step.
        protected: no password opened the shop then, if False: who has the file can read the customers.
        last_ids: the highest id ever given by table. newest: what tells the newest step from any
            other of its number, see `backups.mark_of`; "" for none.
        key_sequence: of its key file; rises with every new password. erasures: people erased until then.
        erased: those people's cards: id, instant of recording, instant of erasing. pins: how many PINs and when the
            newest was set, "" for none.
        audit: anchor of the audit trail as it was. checksums: SHA-256 by name of what it holds.
        living: cards that are neither in the recycle bin nor merged into another, None where it does not say.
    """

    made_at: str
    why: str
    shop_id: str
    rows: Mapping[str, int]
    protected: bool = False
    last_ids: Mapping[str, int] = field(default_factory=dict)
    newest: str = ""
    key_sequence: int = 1
    erasures: int = 0
    erased: Sequence[tuple[int, str, str]] = ()
    pins: str = ""
    audit: str = ""
    checksums: Mapping[str, str] = field(default_factory=dict)
    living: int | None = None

    @property
    def cards(self) -> int | None:
        """How many cards a person saw in the shop, or where that is not said, with those in the recycle bin."""
        return self.rows.get("customers") if self.living is None else self.living

    @property
    def content(self) -> tuple[int, str, int, int, str]:
        """What differs as soon as something is in the shop that is not in this backup."""
        return (self.rows.get("last_change", 0), self.newest, self.erasures, self.key_sequence, self.pins)


def pack(copy: Path, target: Path, about: About, tick: Callable[[], None] = lambda: None) -> None:
    """Write the files of `copy` and what is said of them as `target`, read that back, and name it.

    Args:
        tick: called after each piece; what it raises stops it.

    Raises:
        BackupDamaged: what was read back is not what was written. OSError: it could not be written.
    """
    part = target.with_name(target.name + ".part")
    try:
        with open(part, "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
                sums = {
                    name: _put(archive, file, copy / name, tick) for name in HELD if (copy / name).exists()
                }
                said = asdict(about) | {"checksums": sums}
                archive.writestr(zipfile.ZipInfo(_ABOUT, _TIME), json.dumps(said, sort_keys=True, indent=1))
            file.flush()
            os.fsync(file.fileno())
        _read_back(part, sums, tick)
        os.replace(part, target)
        folders.sync(target.parent)
    finally:
        part.unlink(missing_ok=True)


def carry(path: Path, folder: Path) -> Path:
    """Copy a backup file into `folder` (on another disk), read it back there, and name it; answer where it lies.

    Raises:
        BackupDamaged: the source or what was read back is not whole. OSError: it could not be written.
    """
    target = folder / path.name
    part = target.with_name(target.name + ".part")
    try:
        with open(path, "rb") as source, open(part, "wb") as file:
            _copy(source, file, file, lambda: None)
            file.flush()
            os.fsync(file.fileno())
        _read_back(part, _said(path).checksums, lambda: None)
        os.replace(part, target)
        folders.sync(folder)
    finally:
        part.unlink(missing_ok=True)
    return target


def about(path: Path) -> About | None:
    """What a backup says of itself; None where it is not a whole file of ours."""
    try:
        return _said(path)
    except (BackupDamaged, OSError):
        return None


def is_intact(path: Path, tick: Callable[[], None] = lambda: None) -> bool:
    """Whether every byte of a backup is as it was written; reads all of it."""
    try:
        _read_back(path, _said(path).checksums, tick)
        with _reading(path), zipfile.ZipFile(path) as archive:
            return archive.testzip() is None  # of an older one, which has no checksums but those of the zip
    except (BackupDamaged, OSError):
        return False


def unpack(path: Path, folder: Path, tick: Callable[[], None] = lambda: None) -> About:
    """Put a backup's files into `folder` (must exist, holding no shop), durably, and compare their checksums.

    Raises:
        BackupDamaged: nothing of it stays in the folder.
        OSError: the folder cannot be written to; nothing of it stays there.
    """
    try:
        said = _said(path)
        with _reading(path), zipfile.ZipFile(path) as archive:
            for name in (name for name in HELD if name in archive.namelist()):
                digest = _take(archive, name, folder / name, tick)
                if said.checksums.get(name, digest) != digest:
                    raise damaged(path)
        folders.sync(folder)
    except BaseException:
        for name in HELD:
            (folder / name).unlink(missing_ok=True)
        raise
    return said


def damaged(path: Path) -> BackupDamaged:
    """The sentence about a backup that is not whole."""
    return BackupDamaged(
        _("{file} is not a whole backup of a shop. Nothing was changed. Choose an older backup.").format(
            file=path.name
        )
    )


def _said(path: Path) -> About:
    """What it says of itself, where the zip's directory is whole and names a shop file.

    Raises:
        BackupDamaged
    """
    with _reading(path), zipfile.ZipFile(path) as archive:
        archive.getinfo(store_open.FILE)
        said = json.loads(archive.read(_ABOUT))
        return About(**{name: said[name] for name in About.__dataclass_fields__ if name in said})


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Whatever a file that is no whole zip of ours makes of its reader is one and the same: damage."""
    try:
        yield
    except (zipfile.BadZipFile, EOFError, KeyError, TypeError, ValueError, RuntimeError) as error:
        raise damaged(path) from error


def _put(archive: zipfile.ZipFile, file: IO[bytes], source: Path, tick: Callable[[], None]) -> str:
    """Write one file into the zip; answer its SHA-256."""
    with (
        open(source, "rb") as inside,
        archive.open(zipfile.ZipInfo(source.name, _TIME), "w", force_zip64=True) as out,
    ):
        return _copy(inside, out, file, tick)


def _take(archive: zipfile.ZipFile, name: str, target: Path, tick: Callable[[], None]) -> str:
    """Write one file of the zip onto the disk; answer its SHA-256."""
    with archive.open(name) as inside, open(target, "wb") as out:
        digest = _copy(inside, out, out, tick)
        out.flush()
        os.fsync(out.fileno())
    return digest


def _copy(source: IO[bytes], target: IO[bytes], file: IO[bytes], tick: Callable[[], None]) -> str:
    """Copy piece by piece, putting `file`, in which `target` lies, on the disk ever again; answer the SHA-256."""
    digest, waiting = hashlib.sha256(), 0
    while piece := source.read(_CHUNK):
        digest.update(piece)
        target.write(piece)
        waiting += len(piece)
        if waiting >= _SYNC_EVERY:
            file.flush()
            os.fsync(file.fileno())
            waiting = 0
        tick()
    return digest.hexdigest()


def _read_back(part: Path, sums: Mapping[str, str], tick: Callable[[], None]) -> None:
    """Raises: BackupDamaged: it does not hold what these checksums say."""
    with _reading(part), zipfile.ZipFile(part) as archive:
        for name, expected in sums.items():
            digest = hashlib.sha256()
            with archive.open(name) as inside:
                while piece := inside.read(_CHUNK):
                    digest.update(piece)
                    tick()
            if digest.hexdigest() != expected:
                raise damaged(part)
