"""Telling a full disk from one that is gone: SQLite and the system use one word for both, and only one can be mended."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desktop_crm.base.i18n import _
from desktop_crm.store.errors import DiskFull, ShopReadOnly, ShopUnreachable

_LEAST = 1 << 20
"""With less than this free a file that cannot be made or grow is taken to have had no room."""


def full() -> DiskFull:
    """The sentence about it."""
    return DiskFull(
        _(
            "The disk is full, so nothing was saved. What was saved before is safe. Free some space and try again."
        )
    )


def is_out(folder: Path) -> bool:
    """Whether the disk of a folder, or of what lies around it where it is missing, has no room left."""
    place = folder.absolute()
    while not place.is_dir() and place != place.parent:
        place = place.parent
    try:
        return shutil.disk_usage(place).free < _LEAST
    except OSError:
        return False


def was_out(error: OSError, folder: Path) -> bool:
    """Whether a failure below `folder` came from a full disk."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT) or is_out(folder)


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """What cannot be reached or written inside because its disk is full is told as that.

    Raises:
        DiskFull
    """
    try:
        yield
    except (ShopUnreachable, ShopReadOnly) as error:
        if is_out(folder):
            raise full() from error
        raise
