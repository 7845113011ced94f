"""A look at the end of a zip before anything reads its list of parts."""

from __future__ import annotations

import os
from contextlib import nullcontext
from pathlib import Path
from typing import BinaryIO

_TAIL = 66 * 1024
"""Holds the end of a zip's list of parts and the longest comment behind it (APPNOTE.TXT 4.3.16)."""
_LONGEST_DIRECTORY = 2 << 20


def has_endless_directory(path: Path, file: BinaryIO | None = None) -> bool:
    """Whether the list of parts would itself fill the memory; zipfile reads all of it at once.

    Args:
        file: the content, where it is not what lies at the path.
    """
    with path.open("rb") if file is None else nullcontext(file) as found:
        size = found.seek(0, os.SEEK_END)
        found.seek(max(0, size - _TAIL))
        tail = found.read(_TAIL)
        found.seek(0)
    for mark, at, length in ((b"PK\5\6", 12, 4), (b"PK\6\6", 40, 8)):
        place = -1
        while (place := tail.find(mark, place + 1)) >= 0:
            told = int.from_bytes(tail[place + at : place + at + length], "little")
            if told > _LONGEST_DIRECTORY and told != 0xFFFFFFFF:
                return True
    return False
