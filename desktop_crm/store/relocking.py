"""The locks of an open shop: its key file written anew, a new secret for the whole file, and what is settled at opening.

How one step is done is in locks.py; who may do it and in which words it is asked for, in passwords.py.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _, ngettext
from desktop_crm.records.history import PROGRAM
from desktop_crm.records.staff import StaffMember
from desktop_crm.records.users import User
from desktop_crm.store import audit, key_file, keys, locks
from desktop_crm.store import open as store_open
from desktop_crm.store.connections import Connections
from desktop_crm.store.door import Entered
from desktop_crm.store.errors import ShopBusy, UserGone
from desktop_crm.store.key_file import KeyFile
from desktop_crm.store.keys import Keys, Secret
from desktop_crm.store.rows import Database
from desktop_crm.store.seals import Lock

log = logging.getLogger(__name__)


def change(own: Connections, edit: Callable[[KeyFile, Keys], KeyFile]) -> None:
    """Write the key file as `edit` makes it of the present one, in step with the shop file.

    Raises:
        LocksChanged, DiskFull, ShopReadOnly, ShopBusy: nothing was changed.
    """
    with own.transaction() as db:
        own.keep_key_file()
        made = locks.rewrite(db, own.folder, own.keys, lambda file: edit(file, own.keys))
    own.keys = replace(own.keys, sequence=made.sequence)


def renew(own: Connections, also: Iterable[tuple[User, Lock]] = ()) -> None:
    """Give the shop a new secret, and lock the whole file with it.

    The key file comes first: from then on a crash leaves a shop that opens, and is locked anew at the next start.

    Raises:
        LocksChanged, DiskFull, ShopReadOnly, ShopBusy: nothing was changed.
    """
    _check_alone(own)
    locks.check_room(own.folder)
    before, secret, people = own.keys, keys.new_secret(), list(also)
    file_before = key_file.read(own.folder)
    with own.transaction() as db:
        own.keep_key_file()
        made = locks.rewrite(db, own.folder, before, lambda file: keys.renewed(file, before, secret, people))
    older = (before.secret, *before.older)
    own.keys = Keys(before.shop_id, made.sequence, secret, older, before.in_use, is_protected=True)
    try:
        _rekey(own, secret)
    except CrmError:
        _put_back(own, before, file_before)
        raise


def settle(own: Connections) -> None:
    """What is due when a shop was opened: finish a change of locks that was cut short, note the key file, mend it."""
    if own.keys.in_use != own.keys.secret:
        try:
            _rekey(own, own.keys.secret)
            log.info("the shop file follows its key file")
        except CrmError as error:  # it opens as well with the older secret, which is in the key file
            log.info("the shop file keeps older locks: %s", type(error).__name__)
    known = locks.state(own.writing())
    if known is None or (known.sequence, known.shop_id) != (own.keys.sequence, own.keys.shop_id):
        with _if_there_is_room(), own.transaction() as db:
            locks.note(db, own.keys)
    if key_file.bad_copies(own.folder):  # damaged, or a crash came between the two
        with _if_there_is_room(), own.transaction():
            locks.write(own.folder, key_file.read(own.folder))


def note_coming(own: Connections, entered: Entered, at: str, day: str, staff_id: int) -> None:
    """Note in the audit trail who opened the shop, and what was tried before."""
    name = entered.user.name if entered.user else ""
    said: list[tuple[str, str, dict[str, int]]] = [("recovery", _("Shop opened with the recovery code"), {})]
    if entered.user is not None:
        said = [("sign_in", _("{name} opened the shop").format(name=name), {})]
    if entered.wrong_before:
        words = ngettext(
            "{count} wrong password of {name} before",
            "{count} wrong passwords of {name} before",
            entered.wrong_before,
        ).format(count=entered.wrong_before, name=name)
        said.insert(0, ("sign_in_failed", words, {"count": entered.wrong_before}))
    with _if_there_is_room(), own.transaction() as db:
        for action, label, more in said:
            audit.append(
                db, at=at, day=day, staff_id=staff_id, action=action, details={"label": label} | more
            )


def lost_owner(own: Connections) -> User | None:
    """The owner who has a password, where the shop file knows no such owner: it may be a backup from before they came."""
    file = key_file.read(own.folder)
    holders = {user.staff_id for user in file.users}
    known = own.reader().rows("SELECT id FROM staff WHERE role = 'owner' AND active")
    if any(staff_id in holders for (staff_id,) in known):
        return None
    return next((user for user in file.users if user.role == "owner"), None)


def bring_back(db: Database, owner: User, at: str) -> None:
    """Make this person an owner who works here; inside a change."""
    member = db.get(StaffMember, owner.staff_id)
    if member is None:
        db.insert(StaffMember(owner.staff_id, owner.name, at, "owner"))
    else:
        db.update(replace(member, role="owner", active=True))


def follow_staff(own: Connections, db: Database) -> None:
    """Have the key file follow what the open change did to the staff.

    Raises:
        OwnerNeeded: no owner would be left whose password opens the shop.
    """
    if own.keys.is_protected:
        own.keep_key_file()
    own.keys = locks.follow_staff(db, own.folder, own.keys)


def catch_up(own: Connections) -> None:
    """Have the key file follow a staff that a restored shop file knows otherwise: a number may mean another person by now."""
    staff = {
        member.id: member for member in own.reader().records(StaffMember, "SELECT * FROM staff WHERE active")
    }
    for user in key_file.read(own.folder).users:
        member = staff.get(user.staff_id)
        if member is None or (member.name, member.role) != (user.name, user.role):
            with _if_there_is_room(), own.transaction() as db:
                follow_staff(own, db)
            return


def who_came(own: Connections, entered: Entered) -> int | None:
    """Who is at the counter of a shop that was just opened; the first owner where it was the recovery code.

    Raises:
        UserGone: the person of the password does not work here.
    """
    db = own.reader()
    if entered.by_code:
        first: int | None = db.value("SELECT min(id) FROM staff WHERE role = 'owner' AND active")
        return PROGRAM if first is None else first
    if entered.user is None:
        return None
    member = db.get(StaffMember, entered.user.staff_id)
    if member is None or not member.active:
        raise UserGone(
            _(
                "The password is right, but {name} is not on the staff of this shop. Somebody else who works here can "
                "open it, or the recovery sheet does."
            ).format(name=entered.user.name)
        )
    return member.id


@contextmanager
def _if_there_is_room() -> Iterator[None]:
    """A full disk keeps nobody out: what is not noted now is noted at the next opening, or missing."""
    try:
        yield
    except CrmError as error:
        log.info("not noted: %s", type(error).__name__)


def _rekey(own: Connections, secret: Secret) -> None:
    with own.lock:
        try:
            locks.rekey(own.writing(), own.folder, secret)
            own.keys = replace(own.keys, in_use=secret)
        finally:
            own.drop_writer()


def _put_back(own: Connections, before: Keys, file_before: KeyFile) -> None:
    """The locks stay as they were; where even that cannot be written, the next start changes them after all."""
    try:
        with own.transaction() as db:
            made = locks.rewrite(db, own.folder, own.keys, lambda _file: file_before)
    except CrmError as error:
        log.info("the key file is ahead of the shop file: %s", type(error).__name__)
    else:
        own.keys = replace(before, sequence=made.sequence)


def _check_alone(own: Connections) -> None:
    """Refuse while another program has the shop open; a window's own readers connect again by themselves."""
    own.drop_own_reader()
    with own.lock:
        if own.all != [own.writing()]:
            return
        try:
            store_open.check_alone(own.writing())
        except ShopBusy as error:
            raise ShopBusy(
                _(
                    "Another window or program has this shop open, so its locks cannot be changed now. Nothing was "
                    "changed. Close that one, then try again."
                )
            ) from error
