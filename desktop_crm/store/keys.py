"""The shop's key file: one secret M, from which the database key is derived, in slots that open it.

For now there is one open slot (no password); slots with a password (argon2id, AES-GCM), recovery codes and
older secrets have their places in the format, so that they come without a new one. The file is JSON with a
checksum, written twice (`shop.keys`, `shop.keys.copy`), each through a temporary file, fsync and rename.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from desktop_crm.base.i18n import _
from desktop_crm.store.errors import KeyFileDamaged, KeyFileMissing, KeyFileUnreadable, ShopNewer

NAMES = ("shop.keys", "shop.keys.copy")
FORMAT = 1


@dataclass(frozen=True)
class Keys:
    """What the key file holds once it is open.

    Attributes:
        shop_id: random, names this shop for ever.
        sequence: rises with each rewrite of the file.
        secret: M, 16 random bytes.
        salt: the database's salt, 16 bytes (a destroyed first page can then still be opened).
    """

    shop_id: str
    sequence: int
    secret: bytes = field(repr=False)
    salt: bytes = field(repr=False)

    def database_key(self) -> str:
        """The raw key and salt as SQLCipher's PRAGMA key takes them: 96 hex digits."""
        return derive(self.secret, "db").hex() + self.salt.hex()


def derive(secret: bytes, purpose: str, length: int = 32) -> bytes:
    """HKDF-SHA256 (RFC 5869) without salt; `purpose` is the info text."""
    pseudo_random = hmac.new(bytes(32), secret, hashlib.sha256).digest()
    result, block, counter = b"", b"", 1
    while len(result) < length:
        block = hmac.new(pseudo_random, block + purpose.encode() + bytes([counter]), hashlib.sha256).digest()
        result += block
        counter += 1
    return result[:length]


def create(folder: Path) -> Keys:
    """Make a new secret and write both copies of the key file into `folder`."""
    keys = Keys(str(uuid.uuid4()), 1, secrets.token_bytes(16), secrets.token_bytes(16))
    write(folder, keys)
    return keys


def write(folder: Path, keys: Keys) -> None:
    """Write both copies so that a power cut leaves at least one whole."""
    text = _encode(keys)
    for name in NAMES:
        part = folder / (name + ".part")
        try:
            with open(part, "w", encoding="ascii") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, folder / name)
        finally:
            part.unlink(missing_ok=True)
        sync_folder(folder)


def load(folder: Path) -> Keys:
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
                "still in shop.db, locked. Put shop.keys back beside it, or restore a backup: each backup holds it."
            ).format(folder=folder)
        )
    read, failure = [], None
    for path in found:
        try:
            read.append(_decode(path.read_text("ascii", "replace")))
        except OSError as error:
            failure = error
    if failure is not None and not any(read):
        raise KeyFileUnreadable(
            _(
                "The key file of this shop (shop.keys) in {folder} cannot be read. Nothing was changed. "
                "Give yourself the right to read the files of this folder."
            ).format(folder=folder)
        ) from failure
    whole = [keys for keys in read if keys is not None]
    if not whole:
        raise KeyFileDamaged(
            _(
                "The key file of this shop (shop.keys) is damaged, in both copies. Nothing was changed: the customers "
                "are still in shop.db, locked. Put an undamaged shop.keys back, or restore a backup: each holds it."
            )
        )
    return max(whole, key=lambda keys: keys.sequence)


def _encode(keys: Keys) -> str:
    body: dict[str, Any] = {  # JSON values of several types
        "format": FORMAT,
        "shop_id": keys.shop_id,
        "sequence": keys.sequence,
        "salt": keys.salt.hex(),
        "key_check": derive(keys.secret, "check").hex(),
        "slots": [{"kind": "open", "secret": keys.secret.hex()}],
        "older": [],
    }
    return json.dumps({"body": body, "checksum": _checksum(body)}, indent=1, sort_keys=True)


def _decode(text: str) -> Keys | None:
    try:
        whole = json.loads(text)
        body = whole["body"]
        if whole["checksum"] != _checksum(body):
            return None
        if body["format"] > FORMAT:
            raise ShopNewer(
                _(
                    "This shop was last used with a newer version of Desktop CRM. It was left as it was. "
                    "Install the newest version on this PC, then open it again."
                )
            )
        secret = bytes.fromhex(body["slots"][0]["secret"])
        return Keys(body["shop_id"], body["sequence"], secret, bytes.fromhex(body["salt"]))
    except (ValueError, KeyError, TypeError, IndexError):
        return None


def _checksum(body: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` survive a power cut (POSIX)."""
    if os.name == "nt":  # pragma: no cover  directories cannot be opened there; NTFS orders renames itself
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
