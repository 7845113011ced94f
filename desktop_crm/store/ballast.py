"""32 MB kept in reserve beside the shop, given back when the disk is full: so that what the sentence asks for can be done.

On a full disk not even deleting works everywhere, and who has a customer before them wants to save now. It is made
again as soon as there is room (ui/housekeeping.py asks for that).
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Final

FILE: Final = "reserve"
SIZE: Final = 32 * 1024 * 1024
_ROOM: Final = 4
"""It is made again only where this many times its size is free: not to fill a disk that somebody has just made room on."""
_PIECE: Final = 1024 * 1024


def is_kept(folder: Path) -> bool:
    """Whether it lies beside the shop in `folder`."""
    return (folder / FILE).is_file()


def keep(folder: Path) -> bool:
    """Make it where it is missing and there is room; answer whether it is there. What cannot be written is left."""
    if is_kept(folder):
        return True
    part = folder / (FILE + ".part")
    with suppress(OSError):
        try:
            if shutil.disk_usage(folder).free >= _ROOM * SIZE:
                _fill(part)
                os.replace(part, folder / FILE)
        finally:
            part.unlink(missing_ok=True)
    return is_kept(folder)


def give_up(folder: Path) -> bool:
    """Give it back; answer whether there was anything to give."""
    try:
        (folder / FILE).unlink()
    except OSError:
        return False
    return True


def _fill(part: Path) -> None:
    with open(part, "wb") as file:
        for _piece in range(SIZE // _PIECE):
            file.write(os.urandom(_PIECE))  # no disk can make that smaller: all of it comes back
        file.flush()
        os.fsync(file.fileno())
