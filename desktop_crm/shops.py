"""Which shops this PC knows: the one used last, the demo, and where a new one of one's own goes; opens none of them."""

from __future__ import annotations

from pathlib import Path

from desktop_crm.base import machine, paths
from desktop_crm.store import open as store_open


def is_shop(folder: Path) -> bool:
    """Whether the folder holds a shop, whole or not."""
    return (folder / store_open.FILE).exists()


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
