"""The shop file and its key file kept in step: which secret opens the file, a new one for it, what it knows of the other.

The key file is written first and the database follows: a change of locks that was cut short is finished at the next
start, because the new key file holds the older secrets. Rewriting goes inside a transaction of the shop file, which
keeps two programs from writing the key file at once. What a key file holds is in keys.py.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _
from desktop_crm.records.staff import StaffMember
from desktop_crm.records.users import KeyState, User
from desktop_crm.store import key_file, keys, room
from desktop_crm.store import open as store_open
from desktop_crm.store.errors import (
    DiskFull,
    KeyFileOld,
    LocksChanged,
    OwnerNeeded,
    ShopBusy,
    ShopDamaged,
    ShopForeign,
    ShopReadOnly,
)
from desktop_crm.store.key_file import KeyFile
from desktop_crm.store.keys import Keys, Secret
from desktop_crm.store.rows import Database, known_failures

log = logging.getLogger(__name__)

_SPARE_BYTES = 32 << 20


def fit(folder: Path, opened: Keys) -> tuple[Database, Keys]:
    """A writing connection to the shop file, opened with the newest secret, or with an older one that it still has.

    Raises:
        As `open.connect`, told by how the newest secret failed, or by damage where any showed that.
    """
    failures: list[CrmError] = []
    for secret in (opened.secret, *opened.older):
        try:
            db = store_open.connect(folder, secret.database_key(), write=True)
        except (ShopDamaged, ShopForeign) as failure:
            failures.append(failure)
        else:
            return db, replace(opened, in_use=secret)
    raise next((failure for failure in failures if isinstance(failure, ShopDamaged)), failures[0])


def state(db: Database) -> KeyState | None:
    """What the shop file remembers of its key file; None where it was never noted."""
    if db.value("SELECT 1 FROM sqlite_master WHERE name = ?", (KeyState.TABLE,)) is None:
        return None  # from before such a thing was kept; a step of the schema makes the place
    return db.get(KeyState, 1)


def is_behind(db: Database, file_sequence: int) -> bool:
    """Whether the shop file knows of a newer key file than the one that lies beside it.

    It finds one put back by mistake. Who edits the number in an older one is not held up: only new locks do that.
    """
    known = state(db)
    return known is not None and known.sequence > file_sequence


def old_file() -> KeyFileOld:
    """The sentence about it."""
    return KeyFileOld(
        _(
            "An older key file (shop.keys) was put in the place of the present one, so passwords that no longer count "
            "would open the shop. Nothing was changed. Put the newest shop.keys back (the newest backup holds it), or "
            "open the shop with the recovery sheet."
        )
    )


def note(db: Database, opened: Keys) -> None:
    """Remember the key file in the shop file; inside a transaction."""
    known = state(db)
    proved = known.sheet_proved if known else ""
    db.execute(f"DELETE FROM {KeyState.TABLE}")
    db.insert(KeyState(1, opened.sequence, opened.shop_id, proved))


def prove_sheet(db: Database, opened: Keys) -> None:
    """Remember that the recovery sheet of the newest secret exists; inside a transaction."""
    known = state(db)
    assert known is not None  # noted when the shop was opened
    db.update(replace(known, sheet_proved=opened.secret.check))


def is_proved(db: Database, opened: Keys) -> bool:
    """Whether the recovery sheet of the newest secret was proved to exist."""
    known = state(db)
    return known is not None and known.sheet_proved == opened.secret.check


def rewrite(db: Database, folder: Path, opened: Keys, edit: Callable[[KeyFile], KeyFile]) -> KeyFile:
    """Write the key file as `edit` makes it of the present one; inside a transaction of the shop file.

    Raises:
        LocksChanged: another program gave the shop a new secret meanwhile.
        DiskFull, ShopReadOnly: nothing was changed.
    """
    present = key_file.read(folder)
    if present.check != opened.secret.check:
        raise changed()
    known = state(db)
    made = key_file.stepped(edit(present), known.sequence if known else 0)
    write(folder, made)
    note(db, replace(opened, sequence=made.sequence))
    return made


def write(folder: Path, file: KeyFile) -> None:
    """As `key_file.write`, with its failures in words.

    Raises:
        DiskFull, ShopReadOnly: nothing was changed.
    """
    try:
        key_file.write(folder, file)
    except OSError as error:
        if room.was_out(error, folder):
            raise room.full() from error
        raise ShopReadOnly(
            _("The shop cannot be written to, so nothing was saved. Check that its folder is not read-only.")
        ) from error


def changed() -> LocksChanged:
    """The sentence about locks that another program changed."""
    return LocksChanged(
        _(
            "The locks of this shop were changed by another program meanwhile, so nothing was saved here. "
            "What was saved before is safe. Open the shop again with your password."
        )
    )


def were_changed(folder: Path, opened: Keys) -> bool:
    """Whether the key file is of another secret than the one this program opened the shop with."""
    try:
        return key_file.read(folder).check != opened.secret.check
    except CrmError:
        return False


def follow_staff(db: Database, folder: Path, opened: Keys) -> Keys:
    """Give the slots the names and roles of the staff, and take away those of people who left; inside a transaction.

    Raises:
        OwnerNeeded: no owner would be left whose password opens the shop.
        As `rewrite`.
    """
    if not opened.is_protected:
        return opened
    file = key_file.read(folder)
    if not file.slots:
        return opened  # it was opened with its recovery sheet, and nobody has set a password yet
    working = {
        member.id: User(member.id, member.name, member.role)
        for member in db.records(StaffMember, "SELECT * FROM staff WHERE active")
    }
    if not any(user.role == "owner" for staff_id, user in working.items() if staff_id in _holders(file)):
        raise owner_needed()
    wanted = tuple(working[user.staff_id] for user in file.users if user.staff_id in working)
    if wanted == file.users:
        return opened
    made = rewrite(db, folder, opened, lambda present: keys.with_staff(present, opened, working))
    return replace(opened, sequence=made.sequence)


def owner_needed() -> OwnerNeeded:
    """The sentence about an owner who is the last one with a password."""
    return OwnerNeeded(
        _(
            "The shop needs an owner with a password, and this would take the last one away. Nothing was changed. "
            "Give another owner a password first."
        )
    )


def _holders(file: KeyFile) -> set[int]:
    return {user.staff_id for user in file.users}


def check_room(folder: Path) -> None:
    """Refuse to lock the whole file anew where the disk has no room for its write-ahead log.

    Raises:
        DiskFull: nothing was changed.
    """
    needed = (folder / store_open.FILE).stat().st_size * 5 // 4 + _SPARE_BYTES
    missing = needed - shutil.disk_usage(folder).free
    if missing > 0:
        raise DiskFull(
            _(
                "Changing the locks writes the whole shop anew, and the disk has no room for that: {size} MB more are "
                "needed. Nothing was changed. Free some space and try again."
            ).format(size=missing // 1_000_000 + 1)
        )


def rekey(db: Database, folder: Path, secret: Secret) -> None:
    """Lock the whole shop file with another secret, in one transaction of its own; then see that it opens.

    The connection is spent afterwards, whatever the outcome. Readers go on in what they had begun.

    Raises:
        DiskFull, ShopBusy: the file is as it was.
    """
    failure: Exception | None = None
    try:
        db.connection.execute(f"PRAGMA rekey = \"x'{secret.database_key()}'\"").fetchone()
    except db.connection.DatabaseError as error:
        failure = error
    # it may say "ok" where the disk was full, and fail where another program that opened the shop did the same first
    if not _opens(folder, secret):
        if room.is_out(folder):
            raise room.full() from failure
        check_room(folder)
        raise ShopBusy(
            _("Another program is writing to the shop. Nothing was lost; wait a moment and try again.")
        ) from failure


def _opens(folder: Path, secret: Secret) -> bool:
    """Whether a secret opens the shop file; what was written with it is then put into the file."""
    try:
        db = store_open.connect(folder, secret.database_key(), write=True)
    except (ShopDamaged, ShopForeign):
        return False
    try:
        # who still reads has the log put away later, and so has a full disk: the file is locked anew in any case
        with suppress(CrmError), known_failures():
            db.connection.execute("PRAGMA busy_timeout = 200")
            store_open.checkpoint(db)
    finally:
        db.close()
    return True
