"""A disk that may lose its power: what lasts, what may last, and the states in which it can be found afterwards.

Contents last once their file was synced, names once their folder was. What was not yet synced may be there in any
part: of contents each sector of 512 or 4096 bytes by itself, of names a beginning of what was done (in the whole disk,
as a journalling file system keeps it, or in each folder by itself). POSIX promises no more; see fsync(2) on names.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Literal

from tests.faults.trace import Operation

Kind = Literal["nothing", "everything", "names", "contents", "some"]
"""What of the unsynced is there: nothing; all; all names and no contents; the reverse; some of both."""

KINDS: tuple[Kind, ...] = ("nothing", "everything", "names", "contents")
Tree = dict[str, bytes | None]
"""A state: path below the root → contents, None for a folder."""


@dataclass(eq=False)
class File:
    """Contents that last, and the writes (offset, data) and sizes (size, None) after them."""

    lasting: bytearray = field(default_factory=bytearray)
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)


@dataclass(eq=False)
class Folder:
    """Names that last, and the names of this moment."""

    lasting: dict[str, File | Folder] = field(default_factory=dict)
    now: dict[str, File | Folder] = field(default_factory=dict)


Entry = tuple[Folder, str, "File | Folder | None"]
"""A name in a folder and what it now names."""


class Disk:
    """The files below one root, from a beginning that lasts, through the operations of a trace."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.top = Folder()
        self.inodes: dict[int, File] = {}
        self.names: list[tuple[Entry, ...]] = []
        self._begin(root, self.top)

    def _begin(self, place: Path, folder: Folder) -> None:
        for path in place.iterdir():
            made: File | Folder = Folder() if path.is_dir() else File(bytearray(path.read_bytes()))
            folder.lasting[path.name] = folder.now[path.name] = made
            if isinstance(made, Folder):
                self._begin(path, made)
            else:
                self.inodes[path.stat().st_ino] = made

    def do(self, operation: Operation) -> None:
        """One operation of the trace."""
        match operation.kind:
            case "c":
                self.inodes[operation.inode] = made = File()
                self._name((*self._place(operation.path), made))
            case "w":
                self.inodes[operation.inode].pending.append((operation.number, operation.first))
            case "t":
                self.inodes[operation.inode].pending.append((operation.number, None))
            case "s":
                file = self.inodes[operation.inode]
                file.lasting, file.pending = applied(file.lasting, file.pending), []
            case "d":
                self._sync(self._folder(PurePosixPath(operation.path)))
            case "m":
                self._name((*self._place(operation.path), Folder()))
            case "u" | "x":
                self._name((*self._place(operation.path), None))
            case "r":
                source, name = self._place(operation.path)
                moved = source.now[name]
                self._name((*self._place(operation.target), moved), (source, name, None))
            case "l":
                source, name = self._place(operation.path)
                self._name((*self._place(operation.target), source.now[name]))

    def _folder(self, path: PurePosixPath) -> Folder:
        found = self.top
        for name in path.relative_to(self.root).parts:
            inner = found.now[name]
            assert isinstance(inner, Folder)
            found = inner
        return found

    def _place(self, path: str) -> tuple[Folder, str]:
        whole = PurePosixPath(path)
        return self._folder(whole.parent), whole.name

    def _name(self, *entries: Entry) -> None:
        self.names.append(entries)
        for folder, name, what in entries:
            _enter(folder.now, name, what)

    def _sync(self, folder: Folder) -> None:
        """A folder's names last; of a move between two folders both sides do, as soon as its goal is synced."""
        waiting = []
        for entries in self.names:
            if entries[0][0] is folder:
                for place, name, what in entries:
                    _enter(place.lasting, name, what)
            else:
                waiting.append(entries)
        self.names = waiting

    def state(self, kind: Kind, rng: random.Random) -> Tree:
        """What the disk may hold if the power goes now."""
        kept = self._kept_names(kind, rng)
        tree: Tree = {}

        def walk(folder: Folder, path: PurePosixPath) -> None:
            for name, what in sorted(kept.get(folder, folder.lasting).items()):
                if isinstance(what, Folder):
                    tree[str(path / name)] = None
                    walk(what, path / name)
                else:
                    tree[str(path / name)] = bytes(_contents(what, kind, rng))

        walk(self.top, PurePosixPath())
        return tree

    def _kept_names(self, kind: Kind, rng: random.Random) -> dict[Folder, dict[str, File | Folder]]:
        """The names of each folder that has pending ones."""
        kept: dict[Folder, dict[str, File | Folder]] = {}
        whole = rng.randint(0, len(self.names)) if kind == "some" else len(self.names)
        by_folder = kind == "some" and rng.random() < 0.5
        cuts: dict[Folder, float] = {}
        if kind in ("nothing", "contents"):
            return kept
        for place, entries in enumerate(self.names):
            goal = entries[0][0]
            cut = cuts.setdefault(goal, rng.random() * (len(self.names) + 1)) if by_folder else whole
            if place < cut:
                for folder, name, what in entries:
                    _enter(kept.setdefault(folder, dict(folder.lasting)), name, what)
        return kept


def applied(lasting: bytearray, pending: list[tuple[int, bytes | None]]) -> bytearray:
    """Contents after these writes and sizes."""
    made = bytearray(lasting)
    for number, data in pending:
        if data is None:
            _resize(made, number)
        else:
            _put(made, number, data)
    return made


def _contents(file: File, kind: Kind, rng: random.Random) -> bytearray:
    if kind in ("nothing", "names") or not file.pending:
        return file.lasting
    if kind in ("everything", "contents"):
        return applied(file.lasting, file.pending)
    made, sector, share = bytearray(file.lasting), rng.choice((512, 4096)), rng.choice((0.1, 0.5, 0.9))
    for number, data in file.pending:
        if data is None:
            if rng.random() < share:
                _resize(made, number)
            continue
        for start, part in _sectors(number, data, sector):
            if rng.random() < share:
                _put(made, start, part)
    return made


def _sectors(offset: int, data: bytes, size: int) -> Iterator[tuple[int, bytes]]:
    place = 0
    while place < len(data):
        end = min(len(data), (offset + place) // size * size + size - offset)
        yield offset + place, data[place:end]
        place = end


def _put(made: bytearray, offset: int, data: bytes) -> None:
    if offset > len(made):
        _resize(made, offset)
    made[offset : offset + len(data)] = data


def _resize(made: bytearray, size: int) -> None:
    if size < len(made):
        del made[size:]
    else:
        made.extend(bytes(size - len(made)))


def _enter(names: dict[str, File | Folder], name: str, what: File | Folder | None) -> None:
    if what is None:
        names.pop(name, None)
    else:
        names[name] = what


def put(tree: Tree, folder: Path) -> None:
    """Write a state below an empty folder."""
    for path, contents in tree.items():  # folders come before what is in them
        if contents is None:
            (folder / path).mkdir()
        else:
            (folder / path).write_bytes(contents)
