"""What a thief with the key would read: every byte of the shop's files, decrypted, free places and all.

SQLCipher 4 (zetetic.net/sqlcipher/design): a page of 4,096 bytes ends in 16 bytes of IV and 64 of HMAC; what stands
before them is AES-256-CBC; the first page begins with 16 bytes of salt.
"""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from desktop_crm.shop import Shop

_PAGE, _TAIL, _IV, _SALT = 4096, 80, 16, 16
_WAL_HEAD, _FRAME_HEAD = 32, 24


def all_bytes(shop: Shop) -> bytes:
    """The whole database file and its write-ahead log as they lie on the disk, decrypted."""
    key = bytes.fromhex(shop.keys.database_key()[:64])
    whole = (shop.folder / "shop.db").read_bytes()
    pages = [whole[start : start + _PAGE] for start in range(0, len(whole), _PAGE)]
    assert len(pages) > 10
    wal = shop.folder / "shop.db-wal"
    log = wal.read_bytes() if wal.exists() else b""
    step = _FRAME_HEAD + _PAGE
    frames = [log[start + _FRAME_HEAD : start + step] for start in range(_WAL_HEAD, len(log), step)]
    shown = [_plain(key, page, is_first=index == 0) for index, page in enumerate(pages)]
    shown += [_plain(key, page, is_first=False) for page in frames if len(page) == _PAGE]
    return b"\0".join(shown)


def _plain(key: bytes, page: bytes, *, is_first: bool) -> bytes:
    start = _SALT if is_first else 0
    iv = page[_PAGE - _TAIL : _PAGE - _TAIL + _IV]
    made = Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor()
    return made.update(page[start : _PAGE - _TAIL]) + made.finalize()


def files_below(*folders: Path) -> dict[Path, bytes]:
    """Every file below these folders, as it lies there."""
    return {
        path: path.read_bytes()
        for folder in folders
        if folder.exists()
        for path in folder.rglob("*")
        if path.is_file()
    }
