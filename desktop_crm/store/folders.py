"""Folders that survive a power cut, and shops that are being made in one: nothing of them counts until they are whole.

A file's name lasts only once its folder was synced, and a folder's only once the one around it was (fsync(2)): a shop
or a backup in a folder that nobody synced is gone with the power, however well its own bytes were kept.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

MARK = "shop.making"
"""Lies beside a shop while it is being made: with it, what else lies there was never finished, and nobody's."""


def sync(folder: Path) -> None:
    """Make the names in `folder` survive a power cut (POSIX)."""
    if os.name == "nt":  # pragma: no cover  directories cannot be opened there; NTFS orders renames itself
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make(folder: Path) -> None:
    """Make `folder` and those around it where they are missing, so that they last."""
    missing = []
    place = folder
    while not place.is_dir():
        missing.append(place)
        place = place.parent
    for each in reversed(missing):
        each.mkdir(exist_ok=True)
        sync(each.parent)


def copy(source: Path, target: Path) -> None:
    """Copy a file so that its contents last; its name does once its folder is synced."""
    shutil.copyfile(source, target)
    with open(target, "rb+") as copied:
        os.fsync(copied.fileno())


def is_unfinished(folder: Path) -> bool:
    """Whether what lies in `folder` is a shop whose making was cut off."""
    return os.path.exists(folder / MARK)


@contextmanager
def making(folder: Path, parts: Sequence[str]) -> Iterator[None]:
    """A shop of these files is made inside; where that is cut off, by whatever, they count as not there.

    Files of an earlier one that was cut off are taken away first, and those of this one when it fails.
    """
    make(folder)
    if is_unfinished(folder):
        clear(folder, parts)
    with open(folder / MARK, "wb"):
        pass
    sync(folder)
    try:
        yield
        sync(folder)
        os.unlink(folder / MARK)
        sync(folder)
    except BaseException:
        clear(folder, parts)
        raise


def clear(folder: Path, parts: Sequence[str]) -> None:
    """Take these files of an unfinished shop away, and only then the mark that says so."""
    with suppress(OSError):
        for name in parts:
            (folder / name).unlink(missing_ok=True)
        sync(folder)
        (folder / MARK).unlink(missing_ok=True)
