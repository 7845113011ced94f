"""When the shop is backed up, and what there is of backups.

Nothing here looks at the clock to decide what to throw away (backup_rules.py). How a copy is made and checked is in
store/backups.py, the way back in restore.py, the copies on another disk in second_place.py.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from desktop_crm import audit, second_place
from desktop_crm.backup_rules import BEFORE_RESTORE
from desktop_crm.base.dates import from_instant
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import N_, _
from desktop_crm.settings import IS_DEMO
from desktop_crm.shop import Shop
from desktop_crm.store import backup_files, backups, ballast, journal, restored
from desktop_crm.store.backup_files import About
from desktop_crm.store.backups import Backup, Progress

log = logging.getLogger(__name__)

EVERY: Final = timedelta(hours=2)
_CLOCK_SLACK = timedelta(minutes=10)


class BackupMissing(CrmError):
    """The named backup is not there."""


@dataclass(frozen=True)
class Copy:
    """A backup of the shop's own folder, with what it says of itself.

    Attributes:
        path: where it lies. at: instant of making. why: its reason, see `why_words`. size: bytes.
        cards: how many living ones it holds, None where it says nothing. is_whole: it can be read.
        is_protected: nobody reads it without a password.
    """

    path: Path
    at: str
    why: str
    size: int
    cards: int | None
    is_whole: bool
    is_protected: bool


def make(shop: Shop, why: str, out: Path | None = None, progress: Progress | None = None) -> Path:
    """Make a verified backup, copy it to the second place, and drop what is beyond the number kept.

    Args:
        out: the file to write, which is then nobody's to count; otherwise one in the shop's own folder.

    Raises:
        BackupFailed, DiskFull, ShopReadOnly: the shop is untouched.
    """
    path = _made(shop, why, out, progress)
    if out is None:
        _settle_copies(shop, why)
    return path


def by_hand(shop: Shop, out: Path | None = None, progress: Progress | None = None) -> Path:
    """As `make`, because somebody at the counter wants it.

    Raises:
        NotAllowed, BackupFailed, DiskFull, ShopReadOnly: the shop is untouched.
    """
    shop.require("backups")
    made = make(shop, "manual", out, progress)
    if out is not None:
        words = _("Backup saved elsewhere as {file}").format(file=out.name)
        audit.note(shop, "backup", details={"label": words})
    return made


@contextmanager
def beforehand(shop: Shop, why: str) -> Iterator[None]:
    """As `make`, for one change inside; where that is not written its backup goes again, and no older one made room for it.

    Raises:
        BackupFailed, DiskFull, ShopReadOnly: the shop is untouched.
    """
    path = _made(shop, why)
    try:
        yield
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    _settle_copies(shop, why)


def make_if_changed(shop: Shop, why: str, progress: Progress | None = None) -> Path | None:
    """As `make`, unless the newest whole backup already holds the newest change; then None.

    It is read whole before it counts: a disk may have lost a bit of it since.
    """
    newest = newest_whole(shop)
    holds_all = newest is not None and newest[1].content == backups.content(shop.db, shop.keys)
    if newest is not None and holds_all and backup_files.is_intact(newest[0].path):
        return None
    return make(shop, why, progress=progress)


def make_due(shop: Shop) -> Path | None:
    """As `make_if_changed`, at most every two hours; for a window that is never closed.

    Where the clock has gone back, the newest one seems to be of later: then it is due, too.
    """
    newest = newest_whole(shop)
    if newest is not None and timedelta() <= shop.now() - from_instant(newest[0].at) < EVERY:
        return None
    return make_if_changed(shop, "hours")


def listing(shop: Shop) -> list[Backup]:
    """The backups in the shop's own folder, newest first."""
    return backups.listing(shop.folder / backups.FOLDER)


def copies(shop: Shop) -> list[Copy]:
    """As `listing`, with a look into each."""
    found = []
    for made in listing(shop):
        said = backup_files.about(made.path)
        cards = said.cards if said is not None else None
        is_protected = said is not None and said.protected
        found.append(Copy(made.path, made.at, made.why, made.size, cards, said is not None, is_protected))
    return found


def newest_whole(shop: Shop) -> tuple[Backup, About] | None:
    """The newest backup that can be read, and what it says of itself."""
    for made in listing(shop):
        said = backup_files.about(made.path)
        if said is not None:
            return made, said
    return None


def damaged(shop: Shop) -> int:
    """How many backups cannot be read any more; the newest is read whole, of the others what they say of themselves."""
    found = copies(shop)
    whole = [copy.path for copy in found if copy.is_whole]
    return len(found) - len(whole) + sum(not backup_files.is_intact(path) for path in whole[:1])


def missing(shop: Shop) -> int | None:
    """How many steps the newest whole backup lacks; None where there is none, or the shop has gone another way since."""
    newest = newest_whole(shop)
    if newest is None:
        return None
    said = newest[1]
    last = said.rows.get("last_change", 0)
    with shop.reading() as db:
        if last and said.newest not in ("", backups.mark_of(db, last)):
            return None
        return restored.steps_since(db, last)[0]


def keep_reserve(shop: Shop) -> bool:
    """Keep some room in reserve beside the shop, given back when the disk is full; answer whether it is there."""
    return ballast.keep(shop.folder)


def check_there(path: Path) -> None:
    """Raises: BackupMissing: nothing was changed."""
    if not path.is_file():
        raise BackupMissing(_("There is no backup {file}. Nothing was changed.").format(file=path))


def _made(shop: Shop, why: str, out: Path | None = None, progress: Progress | None = None) -> Path:
    shop.settle()
    anchor = audit.anchor(shop)
    path = backups.make(
        shop.db.whole, shop.folder, shop.keys, why, shop.stamp(), out=out, anchor=anchor, progress=progress
    )
    log.info("backup made: %s", why)
    return path


def _settle_copies(shop: Shop, why: str) -> None:
    """A backup that is made because another one is to be restored pushes none out."""
    if why != BEFORE_RESTORE:
        second_place.drop_old(shop, shop.folder / backups.FOLDER)
    second_place.carry(shop)


def clock_went_back(shop: Shop) -> str | None:
    """The instant of the newest step if the PC's clock now stands clearly before it, else None.

    The demo is not asked: its past may end later today.
    """
    newest = journal.newest_at(shop.db)
    if newest is None or shop.get(IS_DEMO) or from_instant(newest) - _CLOCK_SLACK <= shop.now():
        return None
    return newest


def why_words(why: str) -> str:
    """The reason of a backup in words; one of another version as it is."""
    return _(_WHY.get(why, why))


_WHY = {
    "close": N_("when the window closed"),
    "day": N_("once a day"),
    "hours": N_("every two hours"),
    "delete": N_("before deleting many cards"),
    "import": N_("before an import"),
    "manual": N_("by hand"),
    "migration": N_("before an update"),
    BEFORE_RESTORE: N_("before a backup was restored"),
}
