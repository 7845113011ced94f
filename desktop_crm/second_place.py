"""A second place for the backups, on another disk: a fire or a thief takes the PC with all that lies in it.

A stick, another disk, a folder that is kept in step with another computer: each backup is copied there when it can be
reached, checked there, and as many are kept as beside the shop. Which disk is which, base/places.py knows.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from desktop_crm import audit
from desktop_crm.backup_rules import Copy, Rule, superfluous
from desktop_crm.base import places
from desktop_crm.base.dates import from_instant, local_day
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _
from desktop_crm.settings import BACKUP_DAYS, BACKUP_MONTHS, BACKUP_WEEKS, BACKUPS_KEPT, IS_DEMO
from desktop_crm.shop import Shop
from desktop_crm.store import backup_files, backup_state, backups, erased
from desktop_crm.store.backup_files import BackupDamaged
from desktop_crm.store.backups import Backup

log = logging.getLogger(__name__)

WEEK: Final = timedelta(days=7)


class PlaceWrong(CrmError):
    """Backups would not be safe there, or cannot be written there."""


@dataclass(frozen=True)
class Second:
    """The second place of a shop.

    Attributes:
        folder: the one that was chosen. reached_at: instant of the last copy there, "" for never.
        days_late: whole days since then, or since it was chosen.
    """

    folder: Path
    reached_at: str
    days_late: int

    @property
    def is_late(self) -> bool:
        """Whether it was not reached for a week."""
        return self.days_late >= WEEK.days


def state(shop: Shop) -> Second | None:
    """The second place, None where there is none."""
    known = backup_state.read(shop.folder)
    if not known.second:
        return None
    since = from_instant(known.reached_at or known.second_at)
    return Second(Path(known.second), known.reached_at, max(0, (shop.now() - since).days))


def own_folder(shop: Shop, chosen: Path) -> Path:
    """Where the backups of this shop lie within the folder that was chosen: several shops may share a stick."""
    return chosen / f"desktop-crm-{shop.keys.shop_id[:8]}"


def choose(shop: Shop, chosen: Path) -> str:
    """Copy backups to this folder from now on, beginning with the newest; answer what there is to say, "" for nothing.

    Raises:
        NotAllowed. PlaceWrong: it lies with the shop or cannot be written to; the old place stays.
    """
    shop.require("backups")
    whole = chosen.resolve()
    if whole.is_relative_to(shop.folder.resolve()):
        raise PlaceWrong(
            _(
                "That folder lies within the shop itself: who loses the one loses the other. Choose one on another disk."
            )
        )
    try:
        own_folder(shop, whole).mkdir(parents=True, exist_ok=True)
        trial = own_folder(shop, whole) / ".trial"
        trial.write_bytes(b"trial")
        trial.unlink()
    except OSError as error:
        raise PlaceWrong(
            _("Nothing can be written to {folder}. Nothing was changed; choose another folder.").format(
                folder=chosen
            )
        ) from error
    backup_state.remember(shop.folder, second=str(whole), second_at=shop.stamp(), reached_at="")
    label = _("Backups are copied to {folder} from now on").format(folder=whole)
    audit.note(shop, "backup", details={"label": label})
    carry(shop)
    return _remark(shop, whole)


def give_up(shop: Shop) -> None:
    """Copy backups nowhere from now on; what lies there stays.

    Raises:
        NotAllowed
    """
    shop.require("backups")
    backup_state.remember(shop.folder, second="", second_at="", reached_at="")


def carry(shop: Shop) -> bool:
    """Copy the newest whole backup to the second place, if there is one that can be reached; answer whether it lies there.

    What cannot be done there is not worth an error: `state` tells when it has lasted. The folder that `choose` made is not
    made again: where it is missing, the stick is unplugged and its place is a folder of this PC, or it is another stick.
    """
    chosen = state(shop)
    if chosen is None or not own_folder(shop, chosen.folder).is_dir():
        return False
    place = own_folder(shop, chosen.folder)
    try:
        for part in place.glob("*.part"):
            part.unlink()
        newest = _newest_whole(shop.folder / backups.FOLDER)
        if newest is not None and not _lies_there(newest, place):
            backup_files.carry(newest.path, place)
        # whom another PC or a copy of the shop erased stands there already
        shop_id = shop.keys.shop_id
        erased.add(place, shop_id, erased.read(shop.folder / backups.FOLDER, shop_id))
        drop_old(shop, place)
    except (OSError, BackupDamaged) as error:
        log.warning("the second place was not reached: %s", type(error).__name__)
        return False
    backup_state.remember(shop.folder, reached_at=shop.stamp())
    return newest is not None


def reminder(shop: Shop) -> str:
    """What to remind of, at most once a week: that there is no second place, or that it was not reached; "" for nothing."""
    second, asked_at = state(shop), backup_state.read(shop.folder).asked_at
    asked = from_instant(asked_at) if asked_at else None
    if shop.get(IS_DEMO) or (asked is not None and asked <= shop.now() < asked + WEEK):
        return ""
    if second is None:
        sentence = _(
            "The backups lie on the same disk as the shop: if it breaks or is stolen, both are gone. "
            "Choose a second place for them, like a USB stick."
        )
    elif second.is_late:
        sentence = _(
            "No backup has reached the second place for {days} days. Plug it in, or choose another one: {folder}"
        ).format(days=second.days_late, folder=second.folder)
    else:
        return ""
    backup_state.remember(shop.folder, asked_at=shop.stamp())
    return sentence


def drop_old(shop: Shop, place: Path) -> None:
    """Take away what need not be kept in a folder of backups; the rules are in backup_rules.py."""
    rule = Rule(
        shop.get(BACKUPS_KEPT), shop.get(BACKUP_DAYS), shop.get(BACKUP_WEEKS), shop.get(BACKUP_MONTHS)
    )
    found = backups.listing(place)
    copies = [
        Copy(local_day(from_instant(each.at), shop.zone), each.why, backup_files.about(each.path) is not None)
        for each in found
    ]
    for index in superfluous(copies, rule):
        found[index].path.unlink(missing_ok=True)


def _newest_whole(place: Path) -> Backup | None:
    return next((each for each in backups.listing(place) if backup_files.about(each.path) is not None), None)


def _lies_there(newest: Backup, place: Path) -> bool:
    there = place / newest.path.name
    return there.exists() and there.stat().st_size == newest.size and backup_files.about(there) is not None


def _remark(shop: Shop, chosen: Path) -> str:
    """What the person ought to know of the place they chose."""
    if places.look(chosen).kind == "disk" and chosen.stat().st_dev == shop.folder.stat().st_dev:
        return _(
            "This folder is on the same disk as the shop. It helps against mistakes, not against a broken disk or a thief."
        )
    return ""
