"""Which files are meant when somebody names files and folders: what may be a list, each once, in natural order.

Looks at contents only as far as files/sniff.py does; reading them is rehearsal.py's business.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from desktop_crm import shops
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _
from desktop_crm.files import sniff
from desktop_crm.importing.rehearsal import Progress

MOST_FILES = 500
"""Files that come in together at most: beyond, somebody let a whole disk fall on the window by mistake."""

_MOST_SEEN = 50_000
_NO_LISTS = frozenset({"thumbs.db", "desktop.ini", "icon\r"})


class TooManyFiles(CrmError):
    """A folder holds more files than anybody means to import at once."""


class NoLists(CrmError):
    """There is nothing in the folders that could be imported."""


@dataclass(frozen=True)
class PassedOver:
    """A file that is not imported, and why in a sentence."""

    path: Path
    why: str


def find(paths: Iterable[Path], progress: Progress | None = None) -> tuple[list[Path], list[PassedOver]]:
    """The files that are meant by files and folders, in natural order, and those of folders that are no lists.

    A file that somebody named is meant, whatever it is. In folders, hidden files, locks of open workbooks, shops and
    what is no table by its content are passed over, and so is what has the same content as another file.

    Raises:
        TooManyFiles, NoLists
    """
    asked = list(dict.fromkeys(paths))
    files: list[Path] = []
    passed: list[PassedOver] = []
    for path in asked:
        if not path.is_dir():
            files.append(path)
            continue
        for found in _inside(path, passed, progress):
            why = _why_no_list(found)
            if why:
                passed.append(PassedOver(found, why))
            else:
                files.append(found)
            if len(files) > MOST_FILES:
                raise _too_many(path)
    kept = _different(list(dict.fromkeys(files)), frozenset(asked), passed)
    if not kept:
        raise no_lists(asked)
    return kept, passed


def no_lists(paths: Iterable[Path]) -> NoLists:
    """The error for files and folders that hold nothing to import."""
    words = _("There is no list in {folder} that could be imported. Nothing was changed.")
    return NoLists(words.format(folder=", ".join(path.name for path in paths)))


def _inside(folder: Path, passed: list[PassedOver], progress: Progress | None) -> Iterator[Path]:
    seen = 0
    for place, folders, names in os.walk(folder):
        here = Path(place)
        if shops.is_shop(here):
            folders.clear()
            passed.append(PassedOver(here, _("This is a shop of this program, not a list.")))
            continue
        folders[:] = sorted((name for name in folders if not name.startswith(".")), key=_natural)
        seen += len(names)
        if seen > _MOST_SEEN:
            raise _too_many(folder)
        if progress is not None:
            progress.report(seen, 0, _("Looking into {folder}…").format(folder=here.name))
        for name in sorted(names, key=_natural):
            if not name.startswith((".", "~$")) and name.lower() not in _NO_LISTS:
                yield here / name


def _too_many(folder: Path) -> TooManyFiles:
    words = _(
        "{folder} holds more than {count} files. Nothing was changed; choose a folder with the lists only."
    )
    return TooManyFiles(words.format(folder=folder.name or folder, count=f"{MOST_FILES:,}"))


def _natural(name: str) -> list[tuple[int, str]]:
    """Sorts 2 before 10."""
    parts = re.split(r"(\d+)", name.casefold())
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]


def _why_no_list(path: Path) -> str:
    """Why a file of a folder cannot be a list; "" where it may be one, or where it can be asked how to read it."""
    try:
        sniff.sniff(path)
    except (sniff.NotATable, sniff.NotAFile, sniff.EmptyFile) as error:
        return str(error)
    except CrmError:
        return ""  # encrypted, damaged, in an unknown encoding: the queue says so
    return ""


def _different(files: Sequence[Path], named: Collection[Path], passed: list[PassedOver]) -> list[Path]:
    """The files without those of folders whose content another one has."""
    sizes = Counter(_size(path) for path in files)
    kept: list[Path] = []
    known: dict[str, Path] = {}
    for path in files:
        size = _size(path)
        same = known.setdefault(_digest(path), path) if size and sizes[size] > 1 else path
        if same == path or path in named:
            kept.append(path)
        else:
            passed.append(PassedOver(path, _("It is the same as {file}.").format(file=same.name)))
    return kept


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0  # reading says what is wrong with the file


def _digest(path: Path) -> str:
    digest = str(path)
    with suppress(OSError), path.open("rb") as file:  # reading says what is wrong with the file
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return digest
