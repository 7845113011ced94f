"""Coming back from a backup: what would be lost, into a new folder, or in the place of the shop that is open.

The shop that is replaced is kept, first as a backup and then as it lay. Who was erased stays erased: lists of them lie
beside the backups and in them. How files change places is in store/swap.py.
"""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from desktop_crm import audit, backup, person, restored_people, shops
from desktop_crm.backup_rules import BEFORE_RESTORE
from desktop_crm.base import places
from desktop_crm.base.clock import Clock, SystemClock
from desktop_crm.base.dates import from_instant
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import N_, _, ngettext
from desktop_crm.shop import Shop
from desktop_crm.store import backup_files, backup_state, backups, door, erased, folders, journal, keys, swap
from desktop_crm.store import open as store_open
from desktop_crm.store import restored as store
from desktop_crm.store.backup_files import About
from desktop_crm.store.backups import Progress
from desktop_crm.store.erased import ErasedCard
from desktop_crm.store.errors import PasswordNeeded, ShopBusy

log = logging.getLogger(__name__)

NOUNS: Final[Mapping[str, str]] = {
    "customers": N_("Customers"),
    "purchases": N_("Sales"),
    "interactions": N_("Contacts"),
    "followups": N_("Follow-ups"),
    "complaints": N_("Complaints"),
    "notes": N_("Notes"),
}
"""What a person counts a shop by, most telling first: its table and its name."""


class FolderTaken(CrmError):
    """A shop is to be restored where one already is."""


class OtherShop(CrmError):
    """A backup of another shop is to take the place of this one."""


class OtherKeys(CrmError):
    """A backup is locked, and neither the present keys of the shop nor its older ones open it."""


@dataclass(frozen=True)
class Preview:
    """What a backup holds, and what would be gone if it took the place of the shop as it is now.

    Attributes:
        file: the backup. about: what it says of itself.
        is_same_shop: it is of this shop.
        is_earlier: everything in it is also in the shop or was changed there since; False where both have gone separate
            ways, because an older backup was restored in between: what is lost cannot be told then.
        now: rows by noun in the shop, only living cards. lost: those that came since, by noun; only nouns with any.
        steps: how many were made since. latest_at: instant of the latest of them, "" for none.
        deleted: cards that were put into the recycle bin since and would be back.
    """

    file: Path
    about: About
    is_same_shop: bool
    is_earlier: bool
    now: Mapping[str, int]
    lost: Mapping[str, int] = field(default_factory=dict)
    steps: int = 0
    latest_at: str = ""
    deleted: int = 0

    def held(self, noun: str) -> int | None:
        """How many the backup holds, None where it does not say."""
        return self.about.cards if noun == "customers" else self.about.rows.get(noun)


@dataclass(frozen=True)
class Prepared:
    """A restored shop that waits, checked and closed, within the folder of the shop it is to replace.

    Attributes:
        folder: of the shop. files: where it waits. source: the backup. opened: the present keys of the shop.
        stamp: instant of now. last_change: the newest step of the shop by then.
    """

    folder: Path
    files: Path
    source: Path
    opened: keys.Keys
    stamp: str
    last_change: int


@dataclass(frozen=True)
class Restored:
    """When a backup last took the place of the shop.

    Attributes:
        at: instant. source: name of the backup. over: folder in which the shop lies that it replaced, "" where it is not
            kept any more but as a backup.
    """

    at: str
    source: str
    over: str


def last(shop: Shop) -> Restored | None:
    """The last time, None where there never was one."""
    state = backup_state.read(shop.folder)
    if not state.restored_at:
        return None
    over = state.restored_over if Path(state.restored_over).is_dir() else ""
    return Restored(state.restored_at, state.restored_from, over)


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
        now["customers"] = backups.living(db)
        if about.shop_id != shop.keys.shop_id:
            return Preview(file, about, is_same_shop=False, is_earlier=False, now=now)
        last = about.rows.get("last_change", 0)
        if last and about.newest not in ("", backups.mark_of(db, last)):
            return Preview(file, about, is_same_shop=True, is_earlier=False, now=now)
        lost = {noun: store.newer(db, noun, about) for noun in NOUNS}
        steps, latest_at = store.steps_since(db, last)
        gone = store.deleted(db, about)
    lost = {noun: count for noun, count in lost.items() if count}
    return Preview(file, about, True, True, now, lost, steps, latest_at, gone)


def lost_words(shown: Preview) -> str:
    """What would be lost, in words, and what would be back."""
    said = _lost_words(shown)
    if shown.deleted:
        said += " " + ngettext(
            "{count} card was deleted since; it would be back.",
            "{count} cards were deleted since; they would be back.",
            shown.deleted,
        ).format(count=f"{shown.deleted:,}")
    return said


def _lost_words(shown: Preview) -> str:
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
        return backups.unpack(file, Path(scratch), key_of(shop)).cards or 0


def into_folder(
    file: Path,
    folder: Path,
    clock: Clock | None = None,
    *,
    present: Shop | None = None,
    password: str | None = None,
    user: str | int | None = None,
    code: str | None = None,
) -> Path:
    """Put a backup into a new or empty folder and check it there; the shop it came from is not touched.

    Args:
        present: a shop that is open, whose keys open its own backups; it is for who may work with them.
        password / user / code: otherwise, what opened the shop when the backup was made.

    Raises:
        NotAllowed, BackupMissing, BackupDamaged, FolderTaken, PlaceRefused, PasswordNeeded, PasswordWrong, TooManyTries,
            DiskFull, ShopReadOnly: nothing was changed.
    """
    if present is not None:
        present.require("backups")
    backup.check_there(file)
    places.check_new(folder)
    parts = (*store_open.LEFT_BEHIND, *keys.NAMES)
    if any((folder / name).exists() for name in parts) and not folders.is_unfinished(folder):
        raise FolderTaken(
            _(
                "There is already a shop in {folder}; it was left as it was. Restore into an empty folder."
            ).format(folder=folder)
        )
    opened: list[keys.Keys] = []

    def own_key(place: Path) -> str:
        own = None if present is None else present.keys
        given, now = door.Pass(password, user, code), (clock or SystemClock()).now()
        opened[:] = [door.unlock_copy(place, file.parent, given, own, now)]
        return opened[0].database_key()

    # a copy in which erased people are back counts as none
    with backups.writing(folder, folder), folders.making(folder, parts):
        about = backups.unpack(file, folder, own_key)
        own = folder / backups.FOLDER
        folders.make(own)
        backups.count_on(own, file.parent)
        listed = _erased(about.shop_id, file, present)
        if listed:
            erased.add(own, about.shop_id, listed)
            with closing(Shop.open_with(folder, opened[0], clock)) as restored:
                person.reapply(restored)
    return folder


def prepare(shop: Shop, file: Path, progress: Progress | None = None) -> Prepared:
    """Back the shop up, and have a backup of it ready to take its place; nothing of the shop is changed yet.

    Who may open the shop now may do so afterwards, with the same password, and no more than now: the present key file and
    people stay (restored_people.py). Who was erased since is erased in the copy.

    Raises:
        NotAllowed, BackupMissing, BackupDamaged, OtherShop, BackupFailed, DiskFull, ShopReadOnly: nothing was changed.
    """
    if not preview(shop, file).is_same_shop:
        raise OtherShop(
            _("This is a backup of another shop. Nothing was changed. Restore it into a folder of its own.")
        )
    swap.sweep(shop.folder)
    backup.make_if_changed(shop, BEFORE_RESTORE, progress)
    files = Path(tempfile.mkdtemp(dir=shop.folder, prefix=swap.PREPARED))
    try:
        backups.unpack(file, files, key_of(shop), progress)
        with _opened_copy(shop, file, files) as copy:
            restored_people.bring(shop, copy)
            label = _("Restored the backup of {time}").format(time=_shop_time(shop, file))
            audit.note(copy, "restore", details={"label": label, "left": audit.anchor(shop)})
        folders.sync(files)
    except BaseException:
        swap.sweep(shop.folder)
        raise
    return Prepared(shop.folder, files, file, shop.keys, shop.stamp(), journal.last_id(shop.db))


def carry_out(prepared: Prepared) -> Path:
    """Put what was prepared in the place of the shop, which this program has closed; answer where that one lies now.

    Raises:
        ShopBusy: another program has it open, or saved something since; the shop is as it was, and what was prepared is
            gone.
    """
    folder, stamp = prepared.folder, prepared.stamp.replace("-", "").replace(":", "")
    try:
        replaced = swap.begin(folder, prepared.files, stamp, _alone(prepared))
    except CrmError:
        if not swap.is_begun(folder):
            swap.sweep(folder)
        raise
    backup_state.remember(
        folder, restored_at=prepared.stamp, restored_from=prepared.source.name, restored_over=str(replaced)
    )
    log.info("restored from a backup")
    return replaced


def key_of(shop: Shop | None) -> Callable[[Path], str]:
    """Opens the key file of a backup with the keys of the open shop, where it is one of its own.

    What it gives raises: OtherKeys: they do not open it. PasswordNeeded: without a shop, it is locked.
    """
    if shop is None:
        return lambda folder: keys.unlock(folder).database_key()
    return lambda folder: _unlocked(folder, shop).database_key()


def _unlocked(folder: Path, shop: Shop) -> keys.Keys:
    try:
        return keys.unlock(folder, present=shop.keys)
    except PasswordNeeded as error:
        raise OtherKeys(
            _(
                "This backup is locked with a password that the shop no longer knows. Nothing was changed. "
                "Restore it into another folder: then its password is asked for."
            )
        ) from error


@contextmanager
def _alone(prepared: Prepared) -> Iterator[None]:
    """Nobody has the shop open, nothing was saved in it since, and nobody saves anything in it until this is left.

    Whoever opened it meanwhile and waits finds another file in its place then (`shop.check_in_place`).
    """
    db = store_open.connect(prepared.folder, prepared.opened.database_key(), write=True)
    try:
        try:
            store_open.keep_alone(db)
        except ShopBusy as error:
            raise ShopBusy(
                _(
                    "Another window or program has the shop open. Nothing was changed. Close that one, then restore again."
                )
            ) from error
        if journal.last_id(db) != prepared.last_change:
            raise ShopBusy(
                _("Something was saved in the shop meanwhile. Nothing was changed; look at the backup again.")
            )
        if os.name == "nt":  # pragma: no cover  there an open file cannot be moved
            db.close()
        yield
    finally:
        db.close()


@contextmanager
def _opened_copy(shop: Shop, file: Path, files: Path) -> Iterator[Shop]:
    """The restored copy as a shop, by the present keys, brought up to date, without those who were erased."""
    own = files / backups.FOLDER
    own.mkdir()
    for name in keys.NAMES:
        if (shop.folder / name).exists():
            folders.copy(shop.folder / name, files / name)
    erased.add(own, shop.keys.shop_id, _erased(shop.keys.shop_id, file, shop))
    with closing(Shop.open_with(files, keys.unlock(files, present=shop.keys), shop.clock)) as copy:
        person.reapply(copy)
        yield copy.at_counter(shop.staff_id)


def _erased(shop_id: str, file: Path, present: Shop | None) -> set[ErasedCard]:
    """Who was erased, by the shop that is open or else the one used last, the list beside the backup, and the backups there."""
    found = erased.read(file.parent, shop_id)
    for each in (file, *(made.path for made in backups.listing(file.parent))):
        said = backup_files.about(each)
        if said is not None and said.shop_id == shop_id:
            found |= {ErasedCard(*card) for card in said.erased}
    used = present.folder if present is not None else shops.last_used()
    if used is not None:
        found |= erased.read(used / backups.FOLDER, shop_id)
    if present is not None and present.keys.shop_id == shop_id:
        found |= set(person.erased_cards(present))
    return found


def _shop_time(shop: Shop, file: Path) -> str:
    about = backup_files.about(file)
    assert about is not None
    return f"{from_instant(about.made_at).astimezone(shop.zone):%Y-%m-%d %H:%M}"
