"""Which shops this PC knows: the one used last, the demo, and where a new one of one's own goes."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from desktop_crm.base import machine, paths
from desktop_crm.store import folders
from desktop_crm.store import open as store_open


def is_shop(folder: Path) -> bool:
    """Whether the folder holds a shop, damaged or not; one whose making was cut off is none."""
    # False where the folder may not be read
    return os.path.exists(folder / store_open.FILE) and not folders.is_unfinished(folder)


def last_used() -> Path | None:
    """The folder of the shop used last, if it is still there."""
    remembered = machine.read().get(machine.LAST_SHOP)
    if isinstance(remembered, str) and is_shop(Path(remembered)):
        return Path(remembered)
    return None


def remember(folder: Path, *, is_demo: bool) -> None:
    """Open this shop next time; the demo is never remembered."""
    if not is_demo:
        machine.remember({machine.LAST_SHOP: str(folder.resolve())})


def demo_folder() -> Path:
    """Where the demo shop lies that the welcome makes."""
    return paths.data_dir() / "demo"


def own_folder() -> Path:
    """Where a new shop of one's own goes unless told otherwise: the first of shop, shop-2, … without one."""
    place, number = paths.data_dir() / "shop", 1
    while is_shop(place):
        number += 1
        place = paths.data_dir() / f"shop-{number}"
    return place


def ready_demo(progress: Callable[[int, int], None] | None = None) -> Path:
    """The demo shop, made where it is not there yet; one that was not finished leaves nothing.

    Args:
        progress: told (done, in all); may raise `Cancelled`.
    """
    from desktop_crm import demo  # the generator and all it needs, only where it is asked for

    folder = demo_folder()
    if not is_shop(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".making-") as scratch:
            demo.make(Path(scratch) / "demo", progress=progress)
            shutil.rmtree(folder, ignore_errors=True)
            (Path(scratch) / "demo").rename(folder)
    return folder
