"""The shop's secret M: what opens it, what is derived from it, and the key file's slots when it or the staff changes.

M opens the database; every user's password opens M; the recovery sheet *is* M. Setting or removing users rewrites the
key file only. A new M ("change the locks", and the first password, because the open slot exposed the old one) seals the
older ones, so that older backups open. How the file looks is in key_file.py, how secrets are sealed in seals.py, how the
database follows a new secret in locks.py.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from desktop_crm.base import recovery_code
from desktop_crm.base.i18n import _
from desktop_crm.records.users import User
from desktop_crm.store import key_file, seals
from desktop_crm.store import open as store_open
from desktop_crm.store.errors import CodeOld, CodeWrong, KeyFileDamaged, PasswordNeeded, PasswordWrong
from desktop_crm.store.key_file import NAMES as NAMES
from desktop_crm.store.key_file import KeyFile, Older, Slot, about
from desktop_crm.store.key_file import read as read
from desktop_crm.store.seals import Lock, derive


@dataclass(frozen=True)
class Secret:
    """M: 16 random bytes, and the salt of the database that it opens."""

    value: bytes = field(repr=False)
    salt: bytes = field(repr=False)

    @property
    def check(self) -> str:
        """A value that only this secret gives, and that says nothing about it (hex)."""
        return derive(self.value, "check").hex()

    def database_key(self) -> str:
        """The raw key and salt as SQLCipher's PRAGMA key takes them: 96 hex digits."""
        return derive(self.value, "db").hex() + self.salt.hex()


@dataclass(frozen=True)
class Keys:
    """What the key file holds once it is open.

    Attributes:
        shop_id: random, names this shop for ever. sequence: of the key file.
        secret: the newest M. older: those of before, newest first.
        in_use: the one that the database has; `secret`, unless a change of locks was cut short.
        is_protected: whether it takes a password or the recovery code to open the shop.
    """

    shop_id: str
    sequence: int
    secret: Secret
    older: tuple[Secret, ...]
    in_use: Secret
    is_protected: bool

    def database_key(self) -> str:
        """The key of the database as it is now, see `Secret.database_key`."""
        return self.in_use.database_key()


@dataclass(frozen=True)
class Opened:
    """A key file that was opened.

    Attributes:
        user: who opened it, None for nobody in particular (no password, recovery code).
        wrong_before: so many wrong passwords of theirs came before.
    """

    keys: Keys
    user: User | None
    wrong_before: int = 0


def new_secret() -> Secret:
    """A new M; its salt follows from it, so that the recovery sheet holds both."""
    return secret_of(secrets.token_bytes(recovery_code.SECRET_BYTES))


def secret_of(value: bytes) -> Secret:
    """M with the salt that new ones have."""
    return Secret(value, derive(value, "salt", 16))


def create(folder: Path) -> Keys:
    """Make a new secret and write both copies of a key file without password into `folder`."""
    secret = new_secret()
    file = KeyFile(str(uuid.uuid4()), 1, secret.salt, secret.check, open_secret=secret.value)
    key_file.write(folder, file)
    return opened(file, secret)


def load(folder: Path) -> Keys:
    """Open the key file of a shop without password.

    Raises:
        PasswordNeeded: it has one. And as `read`.
    """
    return unlock(folder)


def unlock(
    folder: Path,
    *,
    present: Keys | None = None,
    password: str | None = None,
    user: str | int | None = None,
    code: str | None = None,
) -> Keys:
    """Open the key file in `folder`, of a shop or of a copy of one.

    Args:
        present: keys of the open shop: where the copy has the same secret or an older one, they open it.
        password / user / code: as `open_file` takes them.

    Raises:
        As `read` and `open_file`.
    """
    file = read(folder)
    for secret in (present.secret, *present.older) if present else ():
        if secret.check == file.check:
            return _as_locked(folder, opened(file, replace(secret, salt=file.salt)))
    return _as_locked(folder, open_file(file, password=password, user=user, code=code).keys)


def open_file(
    file: KeyFile, *, password: str | None = None, user: str | int | None = None, code: str | None = None
) -> Opened:
    """Open a key file: without anything where it has no password, else with the recovery code or a password.

    Args:
        user: whose password it is, by name or id; None tries everybody's.

    Raises:
        PasswordNeeded, PasswordWrong, CodeWrong, CodeOld, KeyFileDamaged
    """
    if file.open_secret is not None:
        return Opened(opened(file, Secret(file.open_secret, file.salt)), None)
    if code is not None:
        return Opened(opened(file, _of_code(file, code)), None)
    if password is None:
        raise PasswordNeeded(
            _(
                "This shop is locked. Give the password of one of those who may open it, or the recovery code."
            ),
            file.users,
        )
    asked = [slot for slot in file.slots if user is None or user in (slot.user.staff_id, slot.user.name)]
    if not asked:
        raise PasswordWrong(_("{name} has no password for this shop. Nothing was changed.").format(name=user))
    for slot in asked:
        private = seals.private_half(slot.lock, password)
        if private is not None:
            return Opened(opened(file, _of_slot(file, slot, private)), slot.user)
    raise PasswordWrong(_("This password opens nothing here. Nothing was changed; try again."))


def opened(file: KeyFile, secret: Secret) -> Keys:
    """The keys of a file whose secret is known."""
    older = []
    for each in file.older:
        value = seals.unwrap(secret.value, each.sealed, _about_older(file.shop_id, each.check))
        if value is None:
            raise _altered()
        older.append(Secret(value, each.salt))
    return Keys(file.shop_id, file.sequence, secret, tuple(older), secret, file.is_protected)


def with_user(file: KeyFile, keys: Keys, user: User, lock: Lock) -> KeyFile:
    """The file with a slot for this person, instead of the one they had."""
    slot = _slot(file.shop_id, keys.secret, user, lock)
    kept = [each for each in file.slots if each.user.staff_id != user.staff_id]
    place = next((n for n, each in enumerate(file.slots) if each.user.staff_id == user.staff_id), len(kept))
    return replace(file, slots=(*kept[:place], slot, *kept[place:]))


def with_staff(file: KeyFile, keys: Keys, staff: Mapping[int, User]) -> KeyFile:
    """The file with the names and roles that its people have now, without those who are not in `staff`."""
    slots = []
    for slot in file.slots:
        now = staff.get(slot.user.staff_id)
        if now is not None:
            slots.append(slot if now == slot.user else _slot(file.shop_id, keys.secret, now, slot.lock))
    return replace(file, slots=tuple(slots))


def renewed(file: KeyFile, keys: Keys, secret: Secret, also: Iterable[tuple[User, Lock]] = ()) -> KeyFile:
    """The file with a new secret, sealed for everybody who has a slot and for `also`; the older ones sealed with it."""
    people = [*((slot.user, slot.lock) for slot in file.slots), *also]
    return replace(
        file,
        salt=secret.salt,
        check=secret.check,
        slots=tuple(_slot(file.shop_id, secret, user, lock) for user, lock in people),
        older=_sealed_older(file.shop_id, secret, (keys.secret, *keys.older)),
        open_secret=None,
    )


def made_anew(shop_id: str, sequence: int, secret: Secret, older: tuple[Secret, ...]) -> KeyFile:
    """A key file without anybody's password, for a shop that was opened with its recovery code alone."""
    known = shop_id or str(uuid.uuid4())
    return KeyFile(known, sequence, secret.salt, secret.check, older=_sealed_older(known, secret, older))


def _as_locked(folder: Path, known: Keys) -> Keys:
    """The keys with the secret in use that the shop file beside the key file has, where it is an older one."""
    if (folder / store_open.FILE).is_file():
        salt = store_open.salt_of(folder)
        for secret in known.older:
            if secret.salt == salt:
                return replace(known, in_use=secret)
    return known


def _sealed_older(shop_id: str, secret: Secret, older: Iterable[Secret]) -> tuple[Older, ...]:
    return tuple(
        Older(each.check, each.salt, seals.wrap(secret.value, each.value, _about_older(shop_id, each.check)))
        for each in older
    )


def _slot(shop_id: str, secret: Secret, user: User, lock: Lock) -> Slot:
    return Slot(user, lock, seals.seal_to(lock.public, secret.value, about(shop_id, user)))


def _of_slot(file: KeyFile, slot: Slot, private: bytes) -> Secret:
    value = seals.open_with(private, slot.sealed, about(file.shop_id, slot.user))
    if value is None or Secret(value, file.salt).check != file.check:
        raise _altered()
    return Secret(value, file.salt)


def _of_code(file: KeyFile, code: str) -> Secret:
    secret = Secret(recovery_code.decode(code), file.salt)
    if secret.check == file.check:
        return secret
    if any(secret.check == older.check for older in file.older):
        raise CodeOld(
            _(
                "This recovery sheet is from before the locks of the shop were changed, so it opens only backups of "
                "that time. Use the newest sheet or a password."
            )
        )
    raise CodeWrong(
        _("This is a recovery code, but not that of this shop. Nothing was changed; look for its own sheet.")
    )


def _about_older(shop_id: str, check: str) -> bytes:
    return f"older|{shop_id}|{check}".encode()


def _altered() -> KeyFileDamaged:
    return KeyFileDamaged(
        _(
            "The key file of this shop (shop.keys) was altered by something else than this program, so it is not "
            "trusted. Nothing was changed: the customers are still in shop.db, locked. Restore a backup (each holds "
            "the key file), or open the shop with the recovery sheet."
        )
    )
