"""The key file on disk: its format, its two copies, and that every altered bit is noticed. No secret is opened here.

JSON with a checksum, written twice (`shop.keys`, `shop.keys.copy`), each through a temporary file, fsync and rename.
Format 1 had one open slot; format 2 adds slots with a password and older secrets. What the parts mean is in keys.py.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from desktop_crm.base.i18n import _
from desktop_crm.records.users import User
from desktop_crm.store import folders
from desktop_crm.store.errors import KeyFileDamaged, KeyFileMissing, KeyFileUnreadable, ShopNewer
from desktop_crm.store.seals import Lock, Sealed, is_bearable

NAMES = ("shop.keys", "shop.keys.copy")
FORMAT = 2

_ROLES = ("owner", "manager", "clerk")
_REPLACED, _PART, _BEFORE = ".replaced", ".part", ".before"


@dataclass(frozen=True)
class Slot:
    """One person's way into the shop: the newest secret, sealed to the key pair that their password makes."""

    user: User
    lock: Lock
    sealed: Sealed


@dataclass(frozen=True)
class Older:
    """A secret of before the locks were changed, sealed with the newest one.

    Attributes:
        check: see `KeyFile.check`. salt: of the database that it opens. sealed: the secret.
    """

    check: str
    salt: bytes
    sealed: Sealed


@dataclass(frozen=True)
class KeyFile:
    """What stands in the key file; nothing in it is secret but `open_secret`.

    Attributes:
        shop_id: random, names this shop for ever. sequence: rises with each rewrite.
        salt: of the database. check: a value that only the right secret gives (hex).
        slots: whose passwords open it, in the order they were added.
        older: secrets of before, newest first.
        open_secret: the secret itself while the shop has no password, else None.
    """

    shop_id: str
    sequence: int
    salt: bytes
    check: str
    slots: tuple[Slot, ...] = ()
    older: tuple[Older, ...] = ()
    open_secret: bytes | None = field(default=None, repr=False)

    @property
    def is_protected(self) -> bool:
        """Whether it takes a password or the recovery code to open it."""
        return self.open_secret is None

    @property
    def users(self) -> tuple[User, ...]:
        """Whose passwords open it."""
        return tuple(slot.user for slot in self.slots)


def read(folder: Path) -> KeyFile:
    """Read the key file; where one copy is damaged or missing, the other serves.

    Raises:
        KeyFileMissing: neither copy is there.
        KeyFileUnreadable: those that are there may not be read.
        KeyFileDamaged: those that are there fail their checksum.
        ShopNewer: a newer version wrote it.
    """
    found = [folder / name for name in NAMES if os.path.exists(folder / name)]
    if not found:
        raise KeyFileMissing(
            _(
                "The key file of this shop (shop.keys) is not in {folder}. Nothing was changed: the customers are "
                "still in shop.db, locked. Put shop.keys back beside it, restore a backup (each holds it), or open "
                "the shop with the recovery sheet."
            ).format(folder=folder)
        )
    copies, failure = [], None
    for path in found:
        try:
            copies.append(decode(path.read_bytes()))
        except OSError as error:
            failure = error
    whole = [copy for copy in copies if copy is not None]
    if failure is not None and not whole:
        raise KeyFileUnreadable(
            _(
                "The key file of this shop (shop.keys) in {folder} cannot be read. Nothing was changed. "
                "Give yourself the right to read the files of this folder."
            ).format(folder=folder)
        ) from failure
    if not whole:
        raise KeyFileDamaged(
            _(
                "The key file of this shop (shop.keys) is damaged, in both copies. Nothing was changed: the customers "
                "are still in shop.db, locked. Put an undamaged shop.keys back, restore a backup (each holds it), or "
                "open the shop with the recovery sheet."
            )
        )
    return max(whole, key=lambda copy: copy.sequence)


def write(folder: Path, file: KeyFile) -> None:
    """Write both copies or none; a power cut leaves at least one whole.

    Raises:
        OSError: the copies are as they were.
    """
    text, (first, second) = encode(file), NAMES
    before = _bytes(folder / first)
    wanted = {first + _PART: text, second + _PART: text} | ({first + _BEFORE: before} if before else {})
    try:
        for name, content in wanted.items():  # all that needs room comes first
            _write_whole(folder / name, content)
        os.replace(folder / (first + _PART), folder / first)
        try:
            folders.sync(folder)
            os.replace(folder / (second + _PART), folder / second)
        except OSError:
            _put_back(folder, first)
            raise
        with suppress(OSError):  # the first copy is on the disk for good, and the newer one counts
            folders.sync(folder)
    finally:
        for name in wanted:
            (folder / name).unlink(missing_ok=True)


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _write_whole(path: Path, content: bytes) -> None:
    with open(path, "wb") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())


def _put_back(folder: Path, first: str) -> None:
    """The first copy as it was, where the second one cannot follow."""
    if os.path.exists(folder / (first + _BEFORE)):
        os.replace(folder / (first + _BEFORE), folder / first)
    else:
        (folder / first).unlink(missing_ok=True)


def bad_copies(folder: Path) -> list[str]:
    """Names of the copies that are missing, damaged, or older than the other one."""
    newest = read(folder)
    return [name for name in NAMES if _copy(folder / name) != newest]


def mend_copies(folder: Path) -> None:
    """Write both copies anew from the newest whole one."""
    write(folder, read(folder))


def put_aside(folder: Path) -> None:
    """Keep what lies in the place of a key file that is to be made anew."""
    for name in NAMES:
        if os.path.exists(folder / name):
            os.replace(folder / name, folder / (name + _REPLACED))
    folders.sync(folder)


def encode(file: KeyFile) -> bytes:
    """The text of a key file."""
    slots: list[dict[str, Any]] = [_slot_json(slot) for slot in file.slots]  # JSON values
    if file.open_secret is not None:
        slots.insert(0, {"kind": "open", "secret": file.open_secret.hex()})
    body = {
        "format": FORMAT,
        "shop_id": file.shop_id,
        "sequence": file.sequence,
        "salt": file.salt.hex(),
        "key_check": file.check,
        "slots": slots,
        "older": [
            {"key_check": each.check, "salt": each.salt.hex()} | _sealed_json(each.sealed)
            for each in file.older
        ],
    }
    return _text(body)


@lru_cache(maxsize=4)  # opening a shop looks at each copy several times
def decode(text: bytes) -> KeyFile | None:
    """What stands in the text of a key file, None where a single bit of it is not as it was written.

    Raises:
        ShopNewer: a newer version wrote it.
    """
    try:
        whole = json.loads(text)
        body = whole["body"]
        if whole["checksum"] != checksum(body):
            return None
        if body["format"] > FORMAT:
            raise ShopNewer(
                _(
                    "This shop was last used with a newer version of Desktop CRM. It was left as it was. "
                    "Install the newest version on this PC, then open it again."
                )
            )
        # what says the same in other bytes was altered too; Windows wrote line ends of its own into format 1
        return _file(body) if text.replace(b"\r\n", b"\n") == _text(body) else None
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def checksum(body: dict[str, Any]) -> str:  # JSON values
    """SHA-256 of the body, hex."""
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def about(shop_id: str, user: User) -> bytes:
    """What is sealed together with a person's secret: nobody can be given another name or role in the file."""
    return json.dumps([shop_id, user.staff_id, user.role, user.name]).encode()


def stepped(file: KeyFile, above: int) -> KeyFile:
    """The same with the next sequence, which is above both its own and the given one."""
    return replace(file, sequence=max(file.sequence, above) + 1)


def _copy(path: Path) -> KeyFile | None:
    text = _bytes(path)
    return None if text is None else decode(text)


def _text(body: dict[str, Any]) -> bytes:  # JSON values
    return json.dumps({"body": body, "checksum": checksum(body)}, indent=1, sort_keys=True).encode()


def _file(body: dict[str, Any]) -> KeyFile:  # JSON values
    plain = [slot for slot in body["slots"] if slot["kind"] == "open"]
    slots = tuple(_slot(slot) for slot in body["slots"] if slot["kind"] == "password")
    if len(plain) + len(slots) != len(body["slots"]) or not all(is_bearable(slot.lock) for slot in slots):
        raise ValueError("slots")
    return KeyFile(
        body["shop_id"],
        body["sequence"],
        bytes.fromhex(body["salt"]),
        body["key_check"],
        slots,
        tuple(Older(each["key_check"], bytes.fromhex(each["salt"]), _sealed(each)) for each in body["older"]),
        bytes.fromhex(plain[0]["secret"]) if plain else None,
    )


def _slot(each: dict[str, Any]) -> Slot:  # JSON values
    if each["role"] not in _ROLES:
        raise ValueError("role")
    lock = Lock(
        int(each["time_cost"]),
        int(each["memory_kib"]),
        int(each["lanes"]),
        bytes.fromhex(each["salt"]),
        bytes.fromhex(each["public"]),
    )
    return Slot(User(int(each["user"]), str(each["name"]), each["role"]), lock, _sealed(each))


def _slot_json(slot: Slot) -> dict[str, Any]:  # JSON values
    return {
        "kind": "password",
        "user": slot.user.staff_id,
        "name": slot.user.name,
        "role": slot.user.role,
        "time_cost": slot.lock.time_cost,
        "memory_kib": slot.lock.memory_kib,
        "lanes": slot.lock.lanes,
        "salt": slot.lock.salt.hex(),
        "public": slot.lock.public.hex(),
    } | _sealed_json(slot.sealed)


def _sealed(each: dict[str, Any]) -> Sealed:  # JSON values
    return Sealed(
        bytes.fromhex(each["ephemeral"]), bytes.fromhex(each["nonce"]), bytes.fromhex(each["sealed"])
    )


def _sealed_json(sealed: Sealed) -> dict[str, Any]:  # JSON values
    return {
        "ephemeral": sealed.ephemeral.hex(),
        "nonce": sealed.nonce.hex(),
        "sealed": sealed.box.hex(),
    }
