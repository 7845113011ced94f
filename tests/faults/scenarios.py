"""The rows of steps through which the power goes: how the disk is before, and what is done and said."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from desktop_crm import backup, restore
from desktop_crm.base.clock import FixedClock
from desktop_crm.shop import Shop
from tests.conftest import NOW
from tests.faults import steps
from tests.faults.said import Said, say
from tests.faults.steps import SHOP

_DAY = (steps.sell, steps.add_customer, steps.merge_two, steps.undo, steps.write_note)


@dataclass(frozen=True)
class Scenario:
    """One row of steps.

    Attributes:
        prepare: makes what lies below the root before; all of it lasts. run: does it.
    """

    prepare: Callable[[Path], None]
    run: Callable[[Path], Iterator[Said]]


def _nothing(root: Path) -> None:
    root.mkdir(exist_ok=True)


def _shop(root: Path) -> None:
    shop = Shop.create(root / SHOP, "星河手机店", FixedClock(NOW))
    shop.close()
    day = steps.opened(root, 1)
    for _number in range(6):
        steps.add_customer(day)
    steps.sell(day)
    day.shop.close()


def _old_shop(root: Path) -> None:
    folder = root / SHOP
    (folder / "backups").mkdir(parents=True)
    with zipfile.ZipFile(sorted(steps.RELEASED.iterdir())[0]) as archive:
        archive.extractall(folder, [name for name in archive.namelist() if name.startswith("shop.")])


def _shop_and_backup(root: Path) -> None:
    _shop(root)
    day = steps.opened(root, 2)
    backup.make(day.shop, "manual", root / "usb" / "copy.crmbackup")
    steps.sell(day)
    day.shop.close()


def _first_run(root: Path) -> Iterator[Said]:
    shop = Shop.create(root / SHOP, "星河手机店", FixedClock(NOW))
    yield say(shop, "create", root)
    shop.close()
    yield from steps.run(root, 3, (steps.add_customer, steps.add_customer))


def _sale(root: Path) -> Iterator[Said]:
    yield from steps.run(root, 4, (*_DAY * 2, steps.settle, *_DAY, steps.reopen, *_DAY))


def _import(root: Path) -> Iterator[Said]:
    yield from steps.run(root, 5, (steps.sell, steps.import_list, steps.undo, steps.import_list, steps.sell))


def _migration(root: Path) -> Iterator[Said]:
    yield from steps.run(root, 6, (steps.add_customer, steps.sell))


def _backup(root: Path) -> Iterator[Said]:
    yield from steps.run(root, 7, (steps.sell, steps.back_up) * 4)


def _restore(root: Path) -> Iterator[Said]:
    yield from steps.run(root, 9, (steps.sell, steps.back_up, steps.sell, steps.restore_back, steps.sell))
    folder = restore.into_folder(root / "usb" / "copy.crmbackup", root / "back" / "shop")
    shop = Shop.open(folder, FixedClock(NOW))
    yield say(shop, "restore", root)
    shop.close()


def _password(root: Path) -> Iterator[Said]:
    row = (
        steps.hire,
        steps.new_password,
        steps.sell,
        steps.new_password,
        steps.new_locks,
        steps.back_up,
        steps.new_locks,
    )
    yield from steps.run(root, 10, row)


SCENARIOS = {
    "first_run": Scenario(_nothing, _first_run),
    "sale": Scenario(_shop, _sale),
    "import": Scenario(_shop, _import),
    "migration": Scenario(_old_shop, _migration),
    "backup": Scenario(_shop, _backup),
    "restore": Scenario(_shop_and_backup, _restore),
    "password": Scenario(_shop, _password),
}


def copy(template: Path, root: Path) -> None:
    """A prepared root of its own."""
    shutil.copytree(template, root, dirs_exist_ok=True)
