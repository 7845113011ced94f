"""Who may open the shop: its passwords, the locks, and the recovery sheet. Switching at the counter is pins.py's.

A password opens the shop; it is never stored, and setting or removing one encrypts nothing anew. The first password and
`change_locks` give the shop a new secret: sheets from before open only backups from before.
"""

from __future__ import annotations

import logging
import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from desktop_crm import audit
from desktop_crm.base import recovery_code
from desktop_crm.base.clock import Clock, SystemClock
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _
from desktop_crm.base.recovery_code import CodeWrong as CodeWrong
from desktop_crm.records.staff import StaffMember
from desktop_crm.records.users import User as User
from desktop_crm.settings import SHOP_NAME
from desktop_crm.shop import Shop
from desktop_crm.store import door, key_file, keys, locks, seals
from desktop_crm.store.errors import CodeOld as CodeOld
from desktop_crm.store.errors import KeyFileDamaged as KeyFileDamaged
from desktop_crm.store.errors import KeyFileMissing as KeyFileMissing
from desktop_crm.store.errors import KeyFileOld as KeyFileOld
from desktop_crm.store.errors import KeyFileUnreadable as KeyFileUnreadable
from desktop_crm.store.errors import LocksChanged as LocksChanged
from desktop_crm.store.errors import OwnerNeeded as OwnerNeeded
from desktop_crm.store.errors import PasswordNeeded as PasswordNeeded
from desktop_crm.store.errors import PasswordWrong as PasswordWrong
from desktop_crm.store.errors import TooManyTries as TooManyTries
from desktop_crm.store.errors import UserGone as UserGone
from desktop_crm.store.key_file import KeyFile
from desktop_crm.store.keys import Keys

log = logging.getLogger(__name__)

SHORTEST: Final = 8
SHORTEST_OF_DIGITS: Final = 12
"""Digits alone are a birthday or a telephone number more often than not."""

_FEW = 4
_COMMON = frozenset(
    {
        "password", "password1", "passw0rd", "qwertyuiop", "qwerty123", "qwer1234", "abc12345", "abcd1234",
        "a1234567", "a12345678", "aa123456", "asd12345", "1q2w3e4r", "1qaz2wsx", "q1w2e3r4", "iloveyou",
        "woaini1314", "woaini520", "zxcvbnm123", "asdfghjkl", "admin123", "admin888", "administrator",
        "welcome1", "letmein1", "12345678a", "123456789a", "123456abc", "a123456789",
    }
)  # fmt: skip
"""From published lists of passwords that are tried first, those that the other rules let through."""


class PasswordWeak(CrmError):
    """A password that is guessed too soon."""


class PasswordSet(CrmError):
    """The shop has a first password already."""


class NotProtected(CrmError):
    """The shop has no password yet."""


@dataclass(frozen=True)
class Sheet:
    """What is printed on the recovery sheet.

    Attributes:
        code: thirty symbols in groups, also what the QR code says. groups: the six groups.
        shop_name: whose sheet it is. made_day: the day it is printed.
    """

    code: str
    groups: tuple[str, ...]
    shop_name: str
    made_day: date


def users(folder: Path) -> list[User]:
    """Whose passwords open the shop in `folder`, in the order they were given; asks for none.

    Raises:
        KeyFileMissing, KeyFileDamaged, KeyFileUnreadable, ShopNewer
    """
    return list(key_file.read(folder).users)


def is_protected(folder: Path) -> bool:
    """Whether the shop in `folder` needs a password, or the recovery sheet where it has no users."""
    return key_file.read(folder).is_protected


def wait_s(folder: Path, user: str | int | None, clock: Clock | None = None) -> int:
    """Whole seconds until the next try of this person's password is looked at, 0 for at once."""
    return door.wait_s(folder, key_file.read(folder), user, (clock or SystemClock()).now())


def check(password: str, name: str = "") -> None:
    """Refuse a password that is guessed too soon.

    Raises:
        PasswordWeak: says what would make it better.
    """
    plain = unicodedata.normalize("NFKC", password)
    bare = plain.lower()
    if _length(plain) < SHORTEST:
        words = _(
            "This password is too short: it needs at least {count} characters; a Chinese one counts twice."
        )
        raise PasswordWeak(words.format(count=SHORTEST))
    if plain.isdigit() and len(plain) < SHORTEST_OF_DIGITS:
        raise PasswordWeak(
            _(
                "A password of digits alone is guessed soon: use at least {count} digits, or letters as well."
            ).format(count=SHORTEST_OF_DIGITS)
        )
    if len(set(bare)) < _FEW or _is_row(bare) or bare in _COMMON or (name and bare == name.lower() * 2):
        raise PasswordWeak(_("This password is one of the first that anyone tries. Choose another one."))


def set_first(shop: Shop, staff_id: int, password: str) -> Shop:
    """Give the shop its first password, an owner's; answer the shop with that owner at the counter.

    Raises:
        NotAllowed, PasswordWeak, PasswordSet; OwnerNeeded, UserGone: the person is no owner who works here;
        LocksChanged, DiskFull, ShopReadOnly, ShopBusy. Nothing was changed.
    """
    shop.require("roles")
    if shop.keys.is_protected:
        raise PasswordSet(_("This shop has a password already. Nothing was changed."))
    user = _user(shop, staff_id)
    if user.role != "owner":
        raise OwnerNeeded(
            _(
                "The first password is the owner's, and {name} is not the owner. Nothing was changed. "
                "Choose the owner, or make {name} one first."
            ).format(name=user.name)
        )
    check(password, user.name)
    shop.change_locks([(user, seals.new_lock(password))])
    own = shop.at_counter(staff_id)
    _note(own, "password", _("First password of the shop, for {name}").format(name=user.name))
    return own


def add_user(shop: Shop, staff_id: int, password: str) -> None:
    """Let a person open the shop with this password; one that they had no longer counts.

    Raises:
        NotAllowed, NotProtected, PasswordWeak, UserGone; OwnerNeeded: nobody has a password yet, and this is no owner.
        LocksChanged, DiskFull, ShopReadOnly, ShopBusy. Nothing was changed.
    """
    shop.require("roles")
    _require_protected(shop)
    user = _user(shop, staff_id)
    check(password, user.name)
    _set(shop, user, password)
    _note(shop, "password", _("Password set for {name}").format(name=user.name))


def change(shop: Shop, old: str, new: str) -> None:
    """Change the password of whoever is at the counter.

    Raises:
        PasswordWrong, TooManyTries: the old one is another. PasswordWeak, NotProtected, UserGone, LocksChanged,
        DiskFull, ShopReadOnly, ShopBusy. The old one goes on working.
    """
    _require_protected(shop)
    user = _user(shop, shop.staff_id or 0)
    check(new, user.name)
    check_own(shop, old)
    _set(shop, user, new)
    _note(shop, "password", _("{name} changed the own password").format(name=user.name))


def check_own(shop: Shop, password: str) -> None:
    """See that this is the password of whoever is at the counter; wrong ones are counted.

    Raises:
        PasswordWrong, TooManyTries
    """
    file = key_file.read(shop.folder)
    door.by_password(shop.folder, file, password, shop.staff_id or 0, shop.now())


def remove_user(shop: Shop, staff_id: int) -> None:
    """Have a person's password open nothing any more; who has copied the shop's secret still could: change the locks.

    Raises:
        NotAllowed, OwnerNeeded: no owner would be left with one. LocksChanged, DiskFull, ShopReadOnly, ShopBusy.
        Nothing was changed.
    """
    shop.require("roles")
    shop.change_keys(_without(staff_id))
    member = shop.db.get(StaffMember, staff_id)
    name = member.name if member else ""
    _note(shop, "password", _("Password of {name} removed").format(name=name))


def change_locks(shop: Shop) -> None:
    """Give the shop a new secret and lock the whole file with it: passwords stay, every sheet from before is void.

    Raises:
        NotAllowed, NotProtected, LocksChanged, DiskFull, ShopReadOnly, ShopBusy: nothing was changed.
    """
    shop.require("roles")
    _require_protected(shop)
    shop.change_locks()
    _note(shop, "locks", _("Locks of the shop changed"))


def sheet(shop: Shop) -> Sheet:
    """What the recovery sheet says: whoever has it opens the shop without a password.

    Raises:
        NotAllowed
    """
    shop.require("roles")
    secret = shop.keys.secret.value
    audit.note(shop, "recovery", details={"label": _("Recovery sheet made")})
    return Sheet(
        recovery_code.encode(secret), recovery_code.groups(secret), shop.get(SHOP_NAME), shop.today()
    )


def group_to_prove(_shop: Shop) -> int:
    """The number of the group to ask back, 1 to 6; another one each time."""
    return secrets.randbelow(recovery_code.GROUPS) + 1


def prove_sheet(shop: Shop, group_no: int, text: str) -> bool:
    """Whether this is that group of the present sheet; it is then known to exist.

    Raises:
        NotAllowed
    """
    shop.require("roles")
    wanted = recovery_code.groups(shop.keys.secret.value)[group_no - 1]
    if recovery_code.plain(text) != wanted:
        return False
    with shop.upkeep():
        locks.prove_sheet(shop.db, shop.keys)
    _note(shop, "recovery", _("Recovery sheet proved to exist"))
    return True


def is_proved(shop: Shop) -> bool:
    """Whether the recovery sheet of the present secret was proved to exist."""
    return locks.is_proved(shop.db, shop.keys)


def _note(shop: Shop, action: str, label: str) -> None:
    """Note in the audit trail what is done already, and so never fails any more."""
    try:
        audit.note(shop, action, details={"label": label})
    except CrmError as error:
        log.info("not noted: %s", type(error).__name__)


def _set(shop: Shop, user: User, password: str) -> None:
    lock = seals.new_lock(password)

    def edit(file: KeyFile, opened: Keys) -> KeyFile:
        if not file.slots and user.role != "owner":
            raise locks.owner_needed()
        return keys.with_user(file, opened, user, lock)

    shop.change_keys(edit)


def _without(staff_id: int) -> Callable[[KeyFile, Keys], KeyFile]:
    def edit(file: KeyFile, opened: Keys) -> KeyFile:
        left = {user.staff_id: user for user in file.users if user.staff_id != staff_id}
        if not any(user.role == "owner" for user in left.values()):
            raise locks.owner_needed()
        return keys.with_staff(file, opened, left)

    return edit


def _user(shop: Shop, staff_id: int) -> User:
    member = shop.db.get(StaffMember, staff_id)
    if member is None or not member.active:
        raise UserGone(_("This person does not work here any more. Nothing was changed."))
    return User(member.id, member.name, member.role)


def _require_protected(shop: Shop) -> None:
    if not shop.keys.is_protected:
        raise NotProtected(
            _(
                "This shop has no password yet, so everyone with this PC can open it. Give the owner one first."
            )
        )


def _length(text: str) -> int:
    """A Chinese character counts twice: there are thousands."""
    return sum(1 if each.isascii() else 2 for each in text)


def _is_row(text: str) -> bool:
    """Whether each character follows the one before, up or down, in the alphabet or on the keyboard."""
    rows = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
    return any(text in row or text in row[::-1] for row in rows)
