"""Workbooks with a password: their content, made plain in memory and never on the disk. In the child process only."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import BinaryIO

from desktop_crm.files.wire import Refused

_SMALLEST = 4096
EVERYBODYS = "VelvetSweatshop"
"""What Excel itself encrypts with where a workbook is only protected against changes ([MS-OFFCRYPTO] 2.1.1)."""


def plain(path: str, password: str) -> BinaryIO:
    """The plain content of a workbook with a password.

    Raises:
        Refused: "password", "cipher" (of a kind that nobody here knows) or "damaged".
    """
    import msoffcrypto  # slow to import, and hardly any file needs it
    from msoffcrypto import exceptions
    from msoffcrypto.format import xls97

    vars(xls97)["tempfile"] = _Memory  # it would put the plain text on the disk
    made = io.BytesIO()
    try:
        with open(path, "rb") as file:
            book = msoffcrypto.OfficeFile(file)
            verify = {"verify_password": True} if book.format == "ooxml" else {}
            book.load_key(password=password, **verify)
            book.decrypt(made)
    except Exception as error:  # a broken file makes olefile and msoffcrypto raise anything
        kinds = (
            (exceptions.InvalidKeyError, "password"),
            (exceptions.DecryptionError, "cipher"),
            (MemoryError, "memory"),
        )
        kind = next((kind for cause, kind in kinds if isinstance(error, cause)), "damaged")
        raise Refused(kind, repr(error)) from error
    made.seek(0)
    return made


class _Memory:
    """Stands for the module tempfile where a library means its temporary files only."""

    TemporaryFile = io.BytesIO


def sealed(fill: Callable[[BinaryIO], object], password: str) -> Callable[[BinaryIO], object]:
    """A `fill` for atomic.write that encrypts an .xlsx with a password on its way to the disk."""

    def fill_sealed(file: BinaryIO) -> None:
        from msoffcrypto.format.ooxml import OOXMLFile  # slow to import, and hardly any file needs it

        plain = io.BytesIO()
        fill(plain)
        with zipfile.ZipFile(plain, "a") as archive:
            archive.comment = b" " * _SMALLEST  # msoffcrypto writes packages below that size wrongly
        OOXMLFile(plain).encrypt(password, file)

    return fill_sealed
