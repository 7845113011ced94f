"""The way into a shop: from what somebody gave (nothing, a password, the recovery code) to an open shop file.

Wrong password, damaged key file and damaged database are told apart here. What happens to the shop once it is open is
shop.py's.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from desktop_crm.base import recovery_code
from desktop_crm.base.i18n import _, joined, ngettext
from desktop_crm.records.users import User
from desktop_crm.store import key_file, keys, locks, tries
from desktop_crm.store import open as store_open
from desktop_crm.store.errors import (
    CodeOld,
    CodeWrong,
    KeyFileDamaged,
    KeyFileMissing,
    KeyFileUnreadable,
    PasswordNeeded,
    PasswordWrong,
    ShopDamaged,
    ShopForeign,
    TooManyTries,
)
from desktop_crm.store.key_file import KeyFile
from desktop_crm.store.keys import Keys, Opened, Secret
from desktop_crm.store.rows import Database


@dataclass(frozen=True)
class Pass:
    """What somebody gives to come in.

    Attributes:
        password: of `user` (name or id), or of anybody for None. code: the recovery code, instead of a password.
        opened: keys that are open already, instead of both.
    """

    password: str | None = None
    user: str | int | None = None
    code: str | None = None
    opened: Keys | None = None


@dataclass(frozen=True)
class Entered:
    """An open shop file.

    Attributes:
        db: its writing connection. keys: the open key file.
        user: whose password it was, None where there is none or the recovery code was given.
        by_code: it was the recovery code. wrong_before: wrong passwords of this user since the last right one.
    """

    db: Database
    keys: Keys
    user: User | None = None
    by_code: bool = False
    wrong_before: int = 0


def enter(folder: Path, given: Pass, now: datetime) -> Entered:
    """Open the key file and the shop file in `folder`.

    Raises:
        PasswordNeeded, PasswordWrong, TooManyTries, CodeWrong, CodeOld; KeyFileMissing, KeyFileUnreadable,
        KeyFileDamaged, KeyFileOld; and as `open.connect`. The files stay as they were.
    """
    try:
        file = key_file.read(folder)
    except (KeyFileMissing, KeyFileDamaged, KeyFileUnreadable):
        if given.code is None:
            raise
        return _by_code_alone(folder, given.code, None)
    if given.opened is not None:
        opened = Opened(_present(file, given.opened), None)
    elif file.is_protected and given.code is not None:
        try:
            opened = keys.open_file(file, code=given.code)
        except (CodeWrong, CodeOld) as problem:
            return _by_code_alone(folder, given.code, problem)
    elif file.is_protected and given.password is not None:
        opened = by_password(folder, file, given.password, given.user, now)
    else:
        opened = keys.open_file(file)
    db, fitting = locks.fit(folder, opened.keys)
    if locks.is_behind(db, file.sequence):
        if given.code is None or not file.is_protected:
            db.close()
            raise locks.old_file()
        fitting = _file_anew(db, folder, fitting)
    by_code = file.is_protected and given.code is not None
    return Entered(db, fitting, opened.user, by_code, opened.wrong_before)


def unlock_copy(place: Path, beside: Path, given: Pass, present: Keys | None, now: datetime) -> Keys:
    """Open the key file of a copy of a shop in `place`, with the keys of an open shop or what was given.

    Wrong passwords are counted in `beside`, where the copy came from.

    Raises:
        PasswordNeeded, PasswordWrong, TooManyTries; and as `keys.unlock`.
    """
    try:
        return keys.unlock(place, present=present, code=given.code)
    except PasswordNeeded:
        if given.password is None:
            raise
        by_password(beside, key_file.read(place), given.password, given.user, now)
        return keys.unlock(place, password=given.password, user=given.user)


def by_password(folder: Path, file: KeyFile, password: str, user: str | int | None, now: datetime) -> Opened:
    """Open a key file with a password; each wrong one is counted, and too many have to wait.

    Raises:
        PasswordWrong, TooManyTries, KeyFileDamaged
    """
    tried = tries.begin(folder, _whose(file, user), now)
    if tried.wait_s:
        raise TooManyTries(_wait_words(tried.wait_s), tried.wait_s)
    follows = tried.follows_s
    try:
        opened = keys.open_file(file, password=password, user=user)
    except PasswordWrong as wrong:
        words = joined([str(wrong), _wait_words(follows)]) if follows else str(wrong)
        raise PasswordWrong(words, follows) from None
    who = str(opened.user.staff_id) if opened.user else ""
    return replace(opened, wrong_before=tries.right(folder, tried, who))


def wait_s(folder: Path, file: KeyFile, user: str | int | None, now: datetime) -> int:
    """Whole seconds until the next try of this person's password is looked at, 0 for at once."""
    return tries.wait_s(folder, _whose(file, user), now)


def _whose(file: KeyFile, user: str | int | None) -> list[str]:
    """Everybody whose password it may be, as they are counted; of one that names nobody it may be anybody's."""
    return [
        str(known.staff_id) for known in file.users if user is None or user in (known.staff_id, known.name)
    ]


def _wait_words(seconds: int) -> str:
    return ngettext(
        "After several wrong passwords the next one can be given in {count} second.",
        "After several wrong passwords the next one can be given in {count} seconds.",
        seconds,
    ).format(count=seconds)


def _present(file: KeyFile, present: Keys) -> Keys:
    for secret in (present.secret, *present.older):
        if secret.check == file.check:
            return keys.opened(file, replace(secret, salt=file.salt))
    return keys.open_file(file).keys


def _by_code_alone(folder: Path, code: str, problem: CodeWrong | None) -> Entered:
    """Open the shop file without its key file, which is lost, damaged, or of another shop or time; make a new one."""
    value = recovery_code.decode(code)
    salts = {keys.secret_of(value).salt, store_open.salt_of(folder)}
    for secret in (Secret(value, salt) for salt in salts if salt):
        try:
            db = store_open.connect(folder, secret.database_key(), write=True)
        except (ShopDamaged, ShopForeign):
            continue
        return Entered(db, _file_anew(db, folder, Keys("", 0, secret, (), secret, True)), None, True)
    raise problem or CodeWrong(
        _("This is a recovery code, but not that of this shop. Nothing was changed; look for its own sheet.")
    )


def _file_anew(db: Database, folder: Path, opened: Keys) -> Keys:
    """Write a key file in which nobody has a password; what lay in its place is kept beside it."""
    known = locks.state(db)
    shop_id = known.shop_id if known else opened.shop_id
    sequence = max(known.sequence if known else 0, opened.sequence) + 1
    file = keys.made_anew(shop_id, sequence, opened.secret, opened.older)
    if any(os.path.exists(folder / name) for name in keys.NAMES):
        key_file.put_aside(folder)
    locks.write(folder, file)
    return replace(opened, shop_id=file.shop_id, sequence=sequence, is_protected=True)
