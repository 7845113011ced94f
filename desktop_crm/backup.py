"""When the shop is backed up, how many copies are kept, and coming back from one.

Nothing here looks at the clock to decide what to throw away: copies are counted, so that a PC whose clock jumped
loses none. How a copy is made and checked is in store/backups.py.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from desktop_crm.base.dates import from_instant, local_day
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import N_, _
from desktop_crm.settings import BACKUPS_KEPT, IS_DEMO
from desktop_crm.shop import Shop
from desktop_crm.store import backups, journal, keys
from desktop_crm.store import open as store_open
from desktop_crm.store.backups import Backup

log = logging.getLogger(__name__)

_CLOCK_SLACK = timedelta(minutes=10)


class FolderTaken(CrmError):
    """A shop is to be restored where one already is."""


class BackupMissing(CrmError):
    """The named backup is not there."""


def make(
    shop: Shop, why: str, out: Path | None = None, progress: Callable[[int, int], None] | None = None
) -> Path:
    """Make a verified backup and, for those in the shop's own folder, drop what is beyond the number kept.

    Raises:
        BackupFailed, DiskFull, ShopReadOnly: the shop is untouched.
    """
    shop.settle()
    path = backups.make(shop.db, shop.folder, why, shop.stamp(), out=out, progress=progress)
    if out is None:
        _drop_old(shop)
    log.info("backup made: %s", why)
    return path


@contextmanager
def beforehand(shop: Shop, why: str) -> Iterator[None]:
    """As `make`, for one change inside; where that is not written its backup goes again, and no older one made room for it.

    Raises:
        BackupFailed, DiskFull, ShopReadOnly: the shop is untouched.
    """
    shop.settle()
    path = backups.make(shop.db, shop.folder, why, shop.stamp())
    try:
        yield
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    _drop_old(shop)
    log.info("backup made: %s", why)


def _drop_old(shop: Shop) -> None:
    for old in listing(shop)[shop.get(BACKUPS_KEPT) :]:
        old.path.unlink(missing_ok=True)


def make_if_changed(shop: Shop, why: str) -> Path | None:
    """As `make`, unless the newest backup already holds the newest change; then None."""
    newest = listing(shop)
    marker = shop.folder / "backups" / ".last-change"
    last_change = str(journal.last_id(shop.db))
    if newest and marker.exists() and marker.read_text("ascii") == f"{newest[0].path.name} {last_change}":
        return None
    path = make(shop, why)
    marker.write_text(f"{path.name} {last_change}", "ascii")
    return path


def make_daily(shop: Shop) -> Path | None:
    """As `make_if_changed`, at most once a shop day; for a window that is never closed."""
    newest = listing(shop)
    if newest and local_day(from_instant(newest[0].at), shop.zone) == shop.today():
        return None
    return make_if_changed(shop, "day")


def listing(shop: Shop) -> list[Backup]:
    """The backups in the shop's own folder, newest first."""
    return backups.listing(shop.folder / "backups")


def verify(backup: Path) -> int:
    """Open a backup and check it whole; answer how many cards it holds.

    Raises:
        BackupMissing, BackupDamaged: nothing was changed.
    """
    _check_there(backup)
    return backups.verify(backup)["customers"]


def restore(backup: Path, folder: Path) -> Path:
    """Put a backup into a new or empty folder and check it there; the shop it came from is not touched.

    Raises:
        BackupMissing, BackupDamaged, FolderTaken: nothing was changed.
    """
    _check_there(backup)
    if any((folder / name).exists() for name in (*store_open.LEFT_BEHIND, *keys.NAMES)):
        raise FolderTaken(
            _(
                "There is already a shop in {folder}; it was left as it was. Restore into an empty folder."
            ).format(folder=folder)
        )
    (folder / "backups").mkdir(parents=True, exist_ok=True)
    backups.unpack(backup, folder)
    return folder


def clock_went_back(shop: Shop) -> str | None:
    """The instant of the newest step if the PC's clock now stands clearly before it, else None.

    The demo is not asked: its past may end later today.
    """
    newest = journal.newest_at(shop.db)
    if newest is None or shop.get(IS_DEMO) or from_instant(newest) - _CLOCK_SLACK <= shop.now():
        return None
    return newest


def _check_there(backup: Path) -> None:
    if not backup.is_file():
        raise BackupMissing(_("There is no backup {file}. Nothing was changed.").format(file=backup))


def why_words(why: str) -> str:
    """The reason of a backup in words; one of another version as it is."""
    return _(_WHY.get(why, why))


_WHY = {
    "close": N_("when the window closed"),
    "day": N_("once a day"),
    "delete": N_("before deleting many cards"),
    "import": N_("before an import"),
    "manual": N_("by hand"),
    "migration": N_("before an update"),
}
