"""The search index of thousands of new cards, made in a second thread while the cards are still being written.

The index is half the work of an import, and SQLite lets one connection write a file at a time. So the new cards go into
an index of their own, in a private database; at the end its pieces (FTS5 calls them segments) are put into the shop's as
they are. What they look like is said in SQLite's ext/fts5/fts5_index.c, "Version 2 structure record" and "segment
leaves": rows of the _data table whose key holds the segment's number, and one record that lists all segments. Only
whole segments are moved; nothing in them is read or changed. Which words a card has is search_tokens.py's business.
"""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

from desktop_crm.store import search_tokens as tokens
from desktop_crm.store.private import PrivateFile
from desktop_crm.store.rows import Database, known_failures

Tell = Callable[[int, int], None]
"""Told how many are done, and of how many; what it raises ends the work."""

_SCHEMA = "SELECT sql FROM main.sqlite_master WHERE name = 'search_index'"
_CONFIG = "SELECT k, v FROM main.search_index_config WHERE k IN ('pgsz', 'crisismerge')"
_HASH = 16 << 20
"""Bytes gathered in memory before they become a segment: a hundred thousand cards make three or four."""

_MOST_WAITING = 120
"""Pieces that wait for the second thread; more only cost memory."""

_MOST_SEGMENTS = 6
"""More of them are merged here, while there is time, because every search looks into each."""

_STRUCTURE, _TOTALS = 10, 1
"""Keys of the two records of the _data table."""

_VERSION_2 = b"\xff\x00\x00\x01"
_SEGMENT_BITS = 37
_TICK = 0.1


class _Stopped(Exception):
    """Nobody wants the index any more."""


class IndexBeside:
    """The index of new cards. Used within one change: feed it, finish it, close it in any case."""

    def __init__(self, db: Database) -> None:
        self._file = PrivateFile(".index", 8192)
        self._own = Database(self._file.connection)
        self._own.writable = True
        self._own.execute(db.value(_SCHEMA))
        for name, value in [*db.rows(_CONFIG), ("automerge", 0), ("hashsize", _HASH)]:
            self._own.execute("INSERT INTO search_index (search_index, rank) VALUES (?, ?)", (name, value))
        self._jobs: queue.Queue[tuple[str, str] | None] = queue.Queue(_MOST_WAITING)
        self._stop = False
        self._error: BaseException | None = None
        self._fed = self._done = 0
        self._thread = threading.Thread(target=self._work, name="index-beside", daemon=True)
        self._thread.start()

    def feed(self, hanging: str, cards: str, count: int, tell: Tell) -> None:
        """Take up cards, see `search.gathered`.

        Args:
            count: how many. tell: called while the other thread must be waited for; what it raises ends the waiting.
        """
        self._fed += count
        self._put((hanging, cards), tell)

    def finish(self, db: Database, tell: Tell) -> None:
        """Put all of it into the shop's index, which nobody may have used on this connection yet."""
        self._put(None, tell)
        while self._thread.is_alive():
            tell(self._done, self._fed)
            self._thread.join(_TICK)
        if self._error is not None:
            raise self._error
        db.execute(f"ATTACH '{self._file.path.as_uri()}' AS beside KEY \"x'{self._file.key}'\"")
        _adopt(db)  # the connection is closed after the change, and the private database let go with it

    def close(self) -> None:
        """End the work, whatever it is at, and throw everything away."""
        self._stop = True
        with suppress(queue.Empty):
            while True:
                self._jobs.get_nowait()
        self._jobs.put(None)
        self._thread.join()
        self._file.close()

    def _put(self, job: tuple[str, str] | None, tell: Tell) -> None:
        while self._thread.is_alive():
            try:
                self._jobs.put(job, timeout=_TICK)
                break
            except queue.Full:
                tell(self._done, self._fed)

    def _work(self) -> None:
        try:
            with known_failures():
                self._own.execute("BEGIN")
                while (job := self._jobs.get()) is not None:
                    hanging, cards = map(json.loads, job)
                    self._own.executemany(
                        "INSERT INTO search_index (rowid, tokens) VALUES (?, ?)",
                        self._counted(tokens.documents(hanging, cards)),
                    )
                self._own.execute("COMMIT")
                if len(_Structure.of(self._own, "main").segments) > _MOST_SEGMENTS:
                    self._own.execute("INSERT INTO search_index (search_index) VALUES ('optimize')")
        except BaseException as error:  # told to the thread that waits for the index
            self._error = error

    def _counted(self, documents: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
        for document in documents:
            if self._stop:
                raise _Stopped
            self._done += 1
            yield document


@dataclass(frozen=True)
class _Segment:
    """One segment as the structure record names it.

    Attributes:
        number / first / last: of the segment and its leaves.
        oldest / newest: between them lie the origins of its documents, see the _docsize table.
        graves / buried: pages and entries of deleted documents. entries: documents.
    """

    number: int
    first: int
    last: int
    oldest: int
    newest: int
    graves: int
    buried: int
    entries: int


@dataclass(frozen=True)
class _Structure:
    """The structure record: its first bytes, a counter of writes, and (segments being merged, segments) by level."""

    cookie: bytes
    writes: int
    levels: tuple[tuple[int, tuple[_Segment, ...]], ...]

    @property
    def segments(self) -> list[_Segment]:
        """All segments, those with the oldest documents first."""
        return sorted((each for _merging, level in self.levels for each in level), key=lambda one: one.oldest)

    @classmethod
    def of(cls, db: Database, schema: str) -> _Structure:
        """What the index of a database consists of."""
        record = _record(db, schema, _STRUCTURE)
        if record[4:8] != _VERSION_2:
            raise RuntimeError("an index of an unknown form")
        numbers = _numbers(record[8:])
        count, _segments, writes = next(numbers), next(numbers), next(numbers)
        levels = []
        for _level in range(count):
            merging, size = next(numbers), next(numbers)
            levels.append(
                (merging, tuple(_Segment(*(next(numbers) for _each in range(8))) for _one in range(size)))
            )
        return cls(record[:4], writes, tuple(levels))

    def record(self) -> bytes:
        """As it is stored."""
        numbers = [len(self.levels), len(self.segments), self.writes]
        for merging, level in self.levels:
            numbers += [merging, len(level)]
            for one in level:
                numbers += [one.number, one.first, one.last, one.oldest, one.newest]
                numbers += [one.graves, one.buried, one.entries]
        return self.cookie + _VERSION_2 + b"".join(map(_varint, numbers))


def _adopt(db: Database) -> None:
    """Put the segments of the attached index behind those of the shop's."""
    ours, theirs = _Structure.of(db, "main"), _Structure.of(db, "beside")
    taken = {one.number for one in ours.segments}
    free = (number for number in range(1, 2001) if number not in taken)  # FTS5_MAX_SEGMENT
    shift = max((one.newest for one in ours.segments), default=0)
    moved = []
    for one in theirs.segments:
        number = next(free)
        _move(db, one.number, number)
        moved.append(replace(one, number=number, oldest=one.oldest + shift, newest=one.newest + shift))
    db.execute(
        "INSERT INTO main.search_index_docsize (id, sz, origin) "
        "SELECT id, sz, origin + ? FROM beside.search_index_docsize ORDER BY id",
        (shift,),
    )
    (merging, newest), *older = ours.levels or ((0, ()),)
    after = replace(ours, writes=ours.writes + theirs.writes, levels=((merging, (*newest, *moved)), *older))
    totals = zip(_totals(db, "main"), _totals(db, "beside"), strict=True)
    for key, record in (
        (_STRUCTURE, after.record()),
        (_TOTALS, b"".join(_varint(one + other) for one, other in totals)),
    ):
        db.execute("UPDATE main.search_index_data SET block = ? WHERE id = ?", (record, key))


def _move(db: Database, number: int, becomes: int) -> None:
    low = number << _SEGMENT_BITS
    db.execute(
        "INSERT INTO main.search_index_data (id, block) "
        "SELECT id + ?, block FROM beside.search_index_data WHERE id >= ? AND id < ? ORDER BY id",
        ((becomes - number) << _SEGMENT_BITS, low, low + (1 << _SEGMENT_BITS)),
    )
    db.execute(
        "INSERT INTO main.search_index_idx (segid, term, pgno) "
        "SELECT ?, term, pgno FROM beside.search_index_idx WHERE segid = ? ORDER BY term",
        (becomes, number),
    )


def _record(db: Database, schema: str, key: int) -> bytes:
    return bytes(db.value(f"SELECT block FROM {schema}.search_index_data WHERE id = ?", (key,)))


def _totals(db: Database, schema: str) -> tuple[int, int]:
    """Documents and words of an index."""
    record = _record(db, schema, _TOTALS)
    documents, words = _numbers(record) if record else (0, 0)
    return documents, words


def _numbers(record: bytes) -> Iterator[int]:
    """The numbers of a record, https://www.sqlite.org/fileformat2.html#varint; none here needs nine bytes."""
    number = 0
    for byte in record:
        number = number << 7 | byte & 0x7F
        if byte < 0x80:
            yield number
            number = 0


def _varint(number: int) -> bytes:
    made = bytearray([number & 0x7F])
    while number := number >> 7:
        made.append(number & 0x7F | 0x80)
    return bytes(reversed(made))
