"""Makers of workbooks with a password; nothing binary is committed."""

from __future__ import annotations

import io
import struct
import zipfile
from hashlib import md5
from pathlib import Path

from msoffcrypto.format.ooxml import OOXMLFile
from msoffcrypto.method.rc4 import DocumentRC4

PASSWORD = "秘密 2026"
_SALT = b"0123456789abcdef"
_PLAIN = (0x0809, 0x2F)  # BOF and FILEPASS are never encrypted; of BOUNDSHEET the first four bytes are not
_BLOCK = 1024


def lock(path: Path, password: str = PASSWORD) -> Path:
    """Encrypt an .xlsx as Excel does today (agile encryption)."""
    plain, made = io.BytesIO(path.read_bytes()), io.BytesIO()
    with zipfile.ZipFile(plain, "a") as archive:
        archive.comment = b" " * 5000  # msoffcrypto writes packages below 4096 bytes wrongly
    OOXMLFile(plain).encrypt(password, made)
    path.write_bytes(made.getvalue())
    return path


def _rc4(content: bytes, password: str) -> bytes:
    made: bytes = DocumentRC4.decrypt(password, _SALT, io.BytesIO(content), blocksize=_BLOCK).read()
    return made


def file_pass(password: str) -> bytes:
    """The body of the FILEPASS record: RC4 of Office 97 ([MS-XLS] 2.4.117)."""
    verifier = b"verifier 16 byte"
    secret = _rc4(verifier + md5(verifier).digest(), password)
    return struct.pack("<HHH", 1, 1, 1) + _SALT + secret


def encrypted(stream: bytes, password: str) -> bytes:
    """A BIFF stream that has its FILEPASS record, encrypted behind it."""
    kept, mixed = bytearray(), bytearray()
    place = 0
    while place < len(stream):
        kind, size = struct.unpack_from("<HH", stream, place)
        whole = stream[place : place + 4 + size]
        open_bytes = len(whole) if kind in _PLAIN else 8 if kind == 0x85 else 4
        kept += whole[:open_bytes] + b"\0" * (len(whole) - open_bytes)
        mixed += b"\0" * open_bytes + whole[open_bytes:]
        place += len(whole)
    secret = bytearray(_rc4(bytes(mixed), password))
    place = 0
    while place < len(stream):
        kind, size = struct.unpack_from("<HH", stream, place)
        open_bytes = 4 + size if kind in _PLAIN else 8 if kind == 0x85 else 4
        secret[place : place + open_bytes] = kept[place : place + open_bytes]
        place += 4 + size
    return bytes(secret)
