"""What the recorder noted: each file operation of a worker with its contents, in order, and what the worker said."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_HEAD = struct.Struct("<cQqII")


@dataclass(frozen=True)
class Operation:
    """One record; recorder.c says what each kind holds.

    Attributes:
        kind: one letter. inode / number: 0 where the kind has none.
        first / second: its path or data; a second path.
    """

    kind: str
    inode: int
    number: int
    first: bytes
    second: bytes

    @property
    def path(self) -> str:
        """The first path."""
        return self.first.decode()

    @property
    def target(self) -> str:
        """The second path."""
        return self.second.decode()


def read(path: Path) -> list[Operation]:
    """All operations of a trace."""
    return list(_records(path.read_bytes()))


def _records(whole: bytes) -> Iterator[Operation]:
    place = 0
    while place < len(whole):
        kind, inode, number, first, second = _HEAD.unpack_from(whole, place)
        place += _HEAD.size
        middle = place + first
        yield Operation(kind.decode(), inode, number, whole[place:middle], whole[middle : middle + second])
        place = middle + second
