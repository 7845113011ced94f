"""Putting a restored shop in the place of the present one, so that a crash leaves either, never a mixture.

The restored files wait in a folder within the shop's own. A mark is put on the disk, then each present file goes into
replaced/<stamp>/ and each restored one takes its place; whoever opens the shop next finishes what a crash interrupted.
Nothing here opens a database.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from desktop_crm.store import folders, keys
from desktop_crm.store import open as store_open

MARK: Final = "restoring.json"
REPLACED: Final = "replaced"
PREPARED: Final = ".restored-"
_KEPT: Final = 3
"""Shops that were replaced and are kept; each is also in the backup that was made before."""

_COMES: Final = (store_open.FILE, *keys.NAMES)


def begin(folder: Path, prepared: Path, stamp: str) -> Path:
    """Put what lies in `prepared` (within `folder`, durable, closed) in the place of the shop; answer where that went.

    Nobody may have the shop open. From the mark on there is no way back, only forward.
    """
    replaced = folder / REPLACED / f"{_next_number(folder):04d}-{stamp}"
    folders.sync(prepared)
    folders.make(replaced)
    leaving = [name for name in (*store_open.LEFT_BEHIND, *keys.NAMES) if (folder / name).exists()]
    _put_mark(folder, {"prepared": prepared.name, "replaced": replaced.name, "leaving": leaving})
    finish(folder)
    return replaced


def finish(folder: Path) -> bool:
    """Go on where a swap stopped; answer whether there was one. Doing it again does nothing."""
    try:
        mark = json.loads((folder / MARK).read_text("ascii"))
        prepared, replaced = folder / mark["prepared"], folder / REPLACED / mark["replaced"]
        leaving = list(mark["leaving"])
    except (OSError, ValueError, KeyError, TypeError):  # none, nor where the folder may not be looked into
        return False
    if leaving:
        _move(leaving, folder, replaced)
        # what lies in the folder from here on is the restored shop's
        _put_mark(folder, mark | {"leaving": []})
    _move(_COMES, prepared, folder)
    (folder / MARK).unlink()
    folders.sync(folder)
    shutil.rmtree(prepared, ignore_errors=True)
    for old in _old(folder)[:-_KEPT]:
        shutil.rmtree(old, ignore_errors=True)
    return True


def sweep(folder: Path) -> None:
    """Take away what was prepared and never swapped in."""
    for left in folder.glob(PREPARED + "*"):
        shutil.rmtree(left, ignore_errors=True)


def forget_replaced(folder: Path) -> None:
    """Take the replaced shops away: somebody was erased who is still in them. Each is also in the backup made before."""
    shutil.rmtree(folder / REPLACED, ignore_errors=True)


def _move(names: Iterable[str], source: Path, target: Path) -> None:
    for name in names:
        if (source / name).exists():
            os.replace(source / name, target / name)
    folders.sync(target)
    folders.sync(source)


def _put_mark(folder: Path, mark: Mapping[str, object]) -> None:
    part = folder / (MARK + ".part")
    with open(part, "w", encoding="ascii") as file:
        json.dump(mark, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, folder / MARK)
    folders.sync(folder)


def _old(folder: Path) -> list[Path]:
    """The shops that were replaced, oldest first."""
    return sorted((folder / REPLACED).glob("[0-9][0-9][0-9][0-9]-*"))


def _next_number(folder: Path) -> int:
    old = _old(folder)
    return int(old[-1].name[:4]) + 1 if old else 1
