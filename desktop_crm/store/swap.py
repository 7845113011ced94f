"""Putting a restored shop in the place of the present one, so that a crash leaves either, never a mixture.

The restored files wait in a folder within the shop's own. A mark is put on the disk, then each present file goes into
replaced/<stamp>/ and each restored one takes its place; whoever opens the shop next finishes what a crash interrupted.
One program at a time moves anything: the others wait. Nothing here opens a database.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from desktop_crm.base.i18n import _
from desktop_crm.store import folders, keys, room
from desktop_crm.store import open as store_open
from desktop_crm.store.errors import ShopBusy, ShopReadOnly

MARK: Final = "restoring.json"
REPLACED: Final = "replaced"
PREPARED: Final = ".restored-"
_KEPT: Final = 3
"""Shops that were replaced and are kept; each is also in the backup that was made before."""

_COMES: Final = (store_open.FILE, *keys.NAMES)
_LEAVES: Final = (*store_open.LEFT_BEHIND, *keys.NAMES)
_LOCK: Final = ".restoring.lock"
_PATIENCE_S = 30.0
"""So long whoever opens the shop waits for the one that moves its files, which takes a moment."""


def begin(
    folder: Path, prepared: Path, stamp: str, alone: AbstractContextManager[None] | None = None
) -> Path:
    """Put what lies in `prepared` (within `folder`, durable, closed) in the place of the shop; answer where that went.

    Nobody may have the shop open. From the mark on there is no way back, only forward.

    Args:
        alone: entered before anything is moved and left when all is; what it raises stops it, and nothing was changed.

    Raises:
        ShopBusy, DiskFull, ShopReadOnly: where no mark lies (`is_begun`) nothing was changed; else it goes on at the next
            opening.
    """
    with _one_at_a_time(folder), alone or nullcontext():
        replaced = folder / REPLACED / f"{_next_number(folder):04d}-{stamp}"
        folders.sync(prepared)
        folders.make(replaced)
        leaving = [name for name in _LEAVES if (folder / name).exists()]
        _put_mark(folder, {"prepared": prepared.name, "replaced": replaced.name, "leaving": leaving})
        _go_on(folder)
    return replaced


def finish(folder: Path) -> bool:
    """Go on where a swap stopped; answer whether there was one. Doing it again does nothing.

    Raises:
        ShopBusy: another program is at it. DiskFull, ShopReadOnly: it cannot go on; the next opening tries again.
    """
    if not is_begun(folder):
        return False
    with _one_at_a_time(folder):
        return _go_on(folder)


def is_begun(folder: Path) -> bool:
    """Whether a mark lies there: the restored shop is on its way in."""
    return os.path.exists(folder / MARK)  # False where the folder may not be looked into


def _go_on(folder: Path) -> bool:
    try:
        mark = json.loads((folder / MARK).read_text("ascii"))
        prepared, replaced = folder / mark["prepared"], folder / REPLACED / mark["replaced"]
        leaving = list(mark["leaving"])
    except (
        OSError,
        ValueError,
        KeyError,
        TypeError,
    ):  # another program has finished it, or it is none of ours
        return False
    if not (prepared / store_open.FILE).exists() and (leaving or not (folder / store_open.FILE).exists()):
        # somebody took the restored shop away: the one that was there stays, or comes back
        _move([name for name in _LEAVES if not (folder / name).exists()], replaced, folder)
    else:
        if leaving:
            _move(leaving, folder, replaced)
            # what lies in the folder from here on is the restored shop's
            _put_mark(folder, mark | {"leaving": []})
        _move(_COMES, prepared, folder)
    (folder / MARK).unlink()
    folders.sync(folder)
    shutil.rmtree(prepared, ignore_errors=True)
    for each in old(folder)[:-_KEPT]:
        shutil.rmtree(each, ignore_errors=True)
    return True


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Nobody else moves the files of the shop meanwhile; what cannot be done is said in words."""
    try:
        with FileLock(folder / _LOCK, timeout=_PATIENCE_S):
            yield
    except Timeout as error:
        raise ShopBusy(
            _("Another window or program is restoring this shop. Nothing was changed; try again in a minute.")
        ) from error
    except OSError as error:
        if room.was_out(error, folder):
            raise room.full() from error
        raise ShopReadOnly(
            _(
                "A backup is to take the place of the shop in {folder}, but files there cannot be moved. Nothing is lost. "
                "Close programs that use this folder, then open the shop again."
            ).format(folder=folder)
        ) from error


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
    for place in (target, source):
        if place.is_dir():  # gone where all of it was moved before
            folders.sync(place)


def _put_mark(folder: Path, mark: Mapping[str, object]) -> None:
    part = folder / (MARK + ".part")
    with open(part, "w", encoding="ascii") as file:
        json.dump(mark, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, folder / MARK)
    folders.sync(folder)


def old(folder: Path) -> list[Path]:
    """The shops that were replaced and are kept, oldest first."""
    return sorted((folder / REPLACED).glob("[0-9][0-9][0-9][0-9]-*"))


def _next_number(folder: Path) -> int:
    kept = old(folder)
    return int(kept[-1].name[:4]) + 1 if kept else 1
