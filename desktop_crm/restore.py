"""Coming back from a backup: what would be lost, into a new folder, or in the place of the shop that is open.

The shop that is replaced is kept, first as a backup and then as it lay. Who was erased stays erased: the list lies beside
the backups. How files change places is in store/swap.py.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from desktop_crm import backup
from desktop_crm.base.clock import Clock
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _, ngettext
from desktop_crm.shop import Shop
from desktop_crm.store import backup_files, backup_state, backups, journal, keys, swap
from desktop_crm.store import open as store_open
from desktop_crm.store import restored as store
from desktop_crm.store.backup_files import About
from desktop_crm.store.backups import Progress

log = logging.getLogger(__name__)

NOUNS: Final = ("customers", "purchases", "interactions", "followups", "complaints", "notes")
"""What a person counts a shop by, most telling first."""


class FolderTaken(CrmError):
    """A shop is to be restored where one already is."""


class OtherShop(CrmError):
    """A backup of another shop is to take the place of this one."""


@dataclass(frozen=True)
class Preview:
    """What a backup holds, and what would be gone if it took the place of the shop as it is now.

    Attributes:
        file: the backup. about: what it says of itself.
        is_same_shop: it is of this shop.
        is_earlier: everything in it is also in the shop or was changed there since; False where both have gone separate
            ways, because an older backup was restored in between: what is lost cannot be told then.
        now: rows by noun in the shop. lost: those that came since, by noun; only nouns with any.
        steps: how many were made since. latest_at: instant of the latest of them, "" for none.
    """

    file: Path
    about: About
    is_same_shop: bool
    is_earlier: bool
    now: Mapping[str, int]
    lost: Mapping[str, int] = field(default_factory=dict)
    steps: int = 0
    latest_at: str = ""


@dataclass(frozen=True)
class Prepared:
    """A restored shop that waits, checked and closed, within the folder of the shop it is to replace.

    Attributes:
        folder: of the shop. files: where it waits. source: the backup. opened: the present keys of the shop.
        stamp: instant, as a part of names.
    """

    folder: Path
    files: Path
    source: Path
    opened: keys.Keys
    stamp: str


def preview(shop: Shop, file: Path) -> Preview:
    """What a backup holds and what would be lost; nothing is unpacked.

    Raises:
        NotAllowed, BackupMissing, BackupDamaged
    """
    shop.require("backups")
    backup.check_there(file)
    about = backup_files.about(file)
    if about is None:
        raise backup_files.damaged(file)
    with shop.reading() as db:
        now = {noun: count for noun, count in backups.row_counts(db).items() if noun in NOUNS}
        if about.shop_id != shop.keys.shop_id:
            return Preview(file, about, is_same_shop=False, is_earlier=False, now=now)
        last = about.rows.get("last_change", 0)
        change = journal.change(db, last)
        if last and (change is None or about.last_change_at not in ("", change.at)):
            return Preview(file, about, is_same_shop=True, is_earlier=False, now=now)
        lost = {noun: store.newer(db, noun, about) for noun in NOUNS}
        steps, latest_at = store.steps_since(db, last)
    lost = {noun: count for noun, count in lost.items() if count}
    return Preview(file, about, True, True, now, lost, steps, latest_at)


def lost_words(shown: Preview) -> str:
    """What would be lost, as one sentence."""
    if not shown.is_earlier:
        return _(
            "The shop and this backup have gone separate ways since an older backup was restored: compare the figures."
        )
    if not shown.steps:
        return _("Nothing would be lost: nothing was changed since.")
    if not shown.lost:
        return ngettext(
            "{count} step since would be lost; nothing new was entered in it.",
            "{count} steps since would be lost; nothing new was entered in them.",
            shown.steps,
        ).format(count=f"{shown.steps:,}")
    parts = [noun_words(noun, count) for noun, count in shown.lost.items()]
    return ngettext(
        "What came since would be lost: {things}, in {count} step.",
        "What came since would be lost: {things}, in {count} steps.",
        shown.steps,
    ).format(things=_(", ").join(parts), count=f"{shown.steps:,}")


def noun_words(noun: str, count: int) -> str:
    """So many of something."""
    words = {
        "customers": ngettext("{count} customer", "{count} customers", count),
        "purchases": ngettext("{count} sale", "{count} sales", count),
        "interactions": ngettext("{count} contact", "{count} contacts", count),
        "followups": ngettext("{count} follow-up", "{count} follow-ups", count),
        "complaints": ngettext("{count} complaint", "{count} complaints", count),
        "notes": ngettext("{count} note", "{count} notes", count),
    }
    return words[noun].format(count=f"{count:,}")


def verify(file: Path, shop: Shop | None = None) -> int:
    """Open a backup and check it whole; answer how many cards it holds.

    Args:
        shop: whose backup it is, open; its keys open it.

    Raises:
        NotAllowed, BackupMissing, BackupDamaged: nothing was changed.
    """
    if shop is not None:
        shop.require("backups")
    backup.check_there(file)
    with tempfile.TemporaryDirectory(prefix="desktop-crm-") as scratch:
        return backups.unpack(file, Path(scratch), _key_of(shop)).rows["customers"]


def into_folder(file: Path, folder: Path, clock: Clock | None = None) -> Path:
    """Put a backup into a new or empty folder and check it there; the shop it came from is not touched.

    Raises:
        BackupMissing, BackupDamaged, FolderTaken, DiskFull, ShopReadOnly: nothing was changed.
    """
    backup.check_there(file)
    if any((folder / name).exists() for name in (*store_open.LEFT_BEHIND, *keys.NAMES)):
        raise FolderTaken(
            _(
                "There is already a shop in {folder}; it was left as it was. Restore into an empty folder."
            ).format(folder=folder)
        )
    backups.unpack(file, folder, _key_of(None))
    (folder / backups.FOLDER).mkdir(exist_ok=True)
    return folder


def prepare(shop: Shop, file: Path, progress: Progress | None = None) -> Prepared:
    """Back the shop up, and have a backup of it ready to take its place; nothing of the shop is changed yet.

    Raises:
        NotAllowed, BackupMissing, BackupDamaged, OtherShop, BackupFailed, DiskFull, ShopReadOnly: nothing was changed.
    """
    if not preview(shop, file).is_same_shop:
        raise OtherShop(
            _("This is a backup of another shop. Nothing was changed. Restore it into a folder of its own.")
        )
    swap.sweep(shop.folder)
    backup.make_if_changed(shop, backup.BEFORE_RESTORE, progress)
    files = Path(tempfile.mkdtemp(dir=shop.folder, prefix=swap.PREPARED))
    try:
        backups.unpack(file, files, _key_of(shop), progress)
    except BaseException:
        swap.sweep(shop.folder)
        raise
    stamp = shop.stamp().replace("-", "").replace(":", "")
    return Prepared(shop.folder, files, file, shop.keys, stamp)


def carry_out(prepared: Prepared) -> Path:
    """Put what was prepared in the place of the shop, which this program has closed; answer where that one lies now.

    Raises:
        ShopBusy: another program has it open; the shop is as it was, and what was prepared is gone.
    """
    folder = prepared.folder
    try:
        with closing(store_open.connect(folder, prepared.opened.database_key(), write=True)) as db:
            store_open.check_alone(db)
        replaced = swap.begin(folder, prepared.files, prepared.stamp)
    except CrmError:
        swap.sweep(folder)
        raise
    at = f"{prepared.stamp[:4]}-{prepared.stamp[4:6]}-{prepared.stamp[6:11]}:{prepared.stamp[11:13]}:{prepared.stamp[13:]}"
    backup_state.remember(
        folder, restored_at=at, restored_from=prepared.source.name, restored_over=str(replaced)
    )
    log.info("restored from a backup")
    return replaced


def _key_of(shop: Shop | None) -> Callable[[Path], str]:
    """Opens the key file of a backup with the keys of the open shop, where it is one of its own."""
    present = None if shop is None else shop.keys
    return lambda folder: keys.unlock(folder, present=present).database_key()
