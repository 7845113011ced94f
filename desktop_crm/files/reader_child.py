"""The child process that parses a file: it may crash, run out of memory or be killed without harm to the program.

Started by reading.py as `python -m desktop_crm.files.reader_child JOB` (a packaged program: its own executable with
`FLAG JOB`, which the program's entry hands to `main`). JOB is JSON. It answers on standard output in wire.py's
messages: ("book", [[name, hidden], …], date1904, {name: hidden rows}), then after the parent's ("go", …) for each sheet
("sheet", index), ("rows", numbers, rows, patches) …, at last ("done",) or ("fail", kind, detail). A job whose task is
"likeness" is told ("reasons", row numbers, texts) … ("end",) instead, and answers ("bytes", piece) … A job that is "locked"
is told ("password", text) before anything else.
"""

from __future__ import annotations

import errno
import io
import json
import marshal
import math
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from desktop_crm.files import locked
from desktop_crm.files.engines import Book, engine
from desktop_crm.files.lost import Lost
from desktop_crm.files.prescan import Findings, Limits, TooLarge, prescan
from desktop_crm.files.sniff import DamagedFile, NotATable, zip_format
from desktop_crm.files.wire import Error, Patch, Refused, pack_row, put, receive, send

FLAG = "--desktop-crm-reader-child"
CHUNK = 1000
_MOST_CELLS = 50_000
_MOST_SHEETS = 2000
_GOOD_SIZE = 4 << 20
_SUSPECT = 1 << 20
_LAST_COLUMN = 16_384
_LONGEST_TEXT = 200_000
"""Several times what a cell of Excel holds; a text may come from another program."""


def main(job_text: str) -> int:
    """Parse one file as the job says; the exit status is always 0, failures are messages."""
    output = os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 1)  # a library that prints must not break the messages
    job: dict[str, Any] = json.loads(job_text)
    _limit_memory(job["memory"])
    try:
        if job.get("locked"):
            password = receive(sys.stdin.buffer) or (
                "",
                "",
            )  # not in the job, which everybody on this machine can see
            job["file"] = locked.plain(job["path"], password[1])
        if job.get("task") == "likeness":
            _copy(job, output)
        else:
            _work(job, output)
    except Refused as refusal:
        send(output, ("fail", refusal.kind, refusal.detail))
    except (
        MemoryError,
        ImportError,
        OSError,
    ) as error:  # ImportError: a library that finds no room to be loaded
        other = isinstance(error, OSError) and error.errno != errno.ENOMEM
        send(output, ("fail", "died" if other else "memory", repr(error)))
    return 0


def _limit_memory(size: int) -> None:
    """Cap the address space where the system can (not on Windows, where the parent watches)."""
    try:
        import resource  # does not exist on Windows
    except ImportError:  # pragma: no cover  Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _work(job: dict[str, Any], output: BinaryIO) -> None:
    found = _inside(job) if job.get("locked") else Findings()
    book = engine(job["engine"])(job)
    if len(book.sheets) > _MOST_SHEETS:
        raise Refused("memory")
    hidden = {name: sorted(rows) for name, rows in found.hidden_rows.items()}
    date1904 = book.date1904 or found.date1904
    send(output, ("book", [[sheet.name, sheet.hidden] for sheet in book.sheets], date1904, hidden))
    wanted = _wanted(book, job["sheet"])
    prepared = [book.rows(index) for index in wanted[:1]]  # the parent still looks into the zip
    go = receive(sys.stdin.buffer)
    if go is None:
        return
    errors = found.errors or {name: Lost(packed) for name, packed in go[1].items()}
    for index in wanted:
        rows = prepared.pop() if prepared else book.rows(index)
        send(output, ("sheet", index))
        _send_rows(output, book, rows, errors.get(book.sheets[index].name) or Lost(), job["rows"])
    send(output, ("done",))


def _inside(job: dict[str, Any]) -> Findings:
    """The look into a zip that the parent takes otherwise: it cannot look into one that was encrypted."""
    if job["format"] != "xlsx":
        return Findings()
    path = Path(job["path"])
    try:
        if zip_format(path, job["file"]) != "xlsx":
            raise Refused("table")
        found = prescan(path, Limits(all_seconds=math.inf), job["file"])  # the parent looks at the clock
    except TooLarge as error:
        raise Refused("memory") from error
    except DamagedFile as error:
        raise Refused("damaged") from error
    except NotATable as error:
        raise Refused("table") from error
    if found.vast and job["engine"] == "calamine":
        raise Refused("died")
    return found


def _copy(job: dict[str, Any], output: BinaryIO) -> None:
    """Copy rows of the file as rejects.py wants them; their reasons come first, the copy goes out as it is made."""
    reasons: dict[int, str] = {}
    while (message := receive(sys.stdin.buffer)) is not None and message[0] == "reasons":
        reasons.update(zip(message[1], map(sys.intern, message[2]), strict=True))
    if job["format"] == "xls":
        from desktop_crm.files.likeness_xls import write  # slow to import, and readers do not need it
    else:
        from desktop_crm.files.likeness import write  # slow to import, and readers do not need it
    write(job, cast("IO[bytes]", _Bytes(output)), reasons)
    send(output, ("done",))


class _Bytes(io.RawIOBase):
    """Sends what is written as messages; there is no way back in it, which zipfile respects."""

    def __init__(self, output: BinaryIO) -> None:
        super().__init__()
        self._output = output

    def write(self, piece: Any) -> int:  # a buffer of any type
        """Send a piece."""
        send(self._output, ("bytes", bytes(piece)))
        return len(piece)


def _wanted(book: Book, sheet: str | int | None) -> list[int]:
    if sheet is None:
        return list(range(len(book.sheets)))
    found = [i for i, candidate in enumerate(book.sheets) if sheet in (i, candidate.name)]
    if not found:
        raise Refused("sheet", str(sheet))
    return found[:1]


def _send_rows(
    output: BinaryIO, book: Book, rows: Iterator[tuple[int, list[Any]]], errors: Lost, most: int | None
) -> None:
    """Send rows in chunks of a thousand, or fewer where they are wide or long."""
    numbers: list[int] = []
    cells: list[list[Any]] = []
    patches: list[Patch] = []
    sent = weight = 0
    room = CHUNK
    offset = 0 if errors else book.offset
    if errors:
        rows = mend(rows, book.offset, errors)
    for number, row in rows:
        packed = pack_row(row, len(cells), offset, patches)
        if not packed:
            continue
        numbers.append(number)
        cells.append(packed)
        sent += 1
        weight += len(packed)
        if len(cells) >= room or weight > _MOST_CELLS:
            size = _send_chunk(output, numbers, cells, patches)
            room = min(CHUNK, max(1, len(cells) * _GOOD_SIZE // size))
            numbers, cells, patches, weight = [], [], [], 0
        if sent == most:
            break
    _send_chunk(output, numbers, cells, patches)


def _send_chunk(output: BinaryIO, numbers: list[int], cells: list[list[Any]], patches: list[Patch]) -> int:
    """Send some rows; returns their size. A row or a cell that no spreadsheet program could hold ends all."""
    body = marshal.dumps(("rows", numbers, cells, patches))
    if len(body) > _SUSPECT:
        for number, row in zip(numbers, cells, strict=True):
            if len(row) > _LAST_COLUMN:
                raise Refused("wide", str(number))
            if any(type(cell) is str and len(cell) > _LONGEST_TEXT for cell in row):
                raise Refused("long", str(number))
    put(output, body)
    return len(body)


def mend(rows: Iterator[tuple[int, list[Any]]], offset: int, errors: Lost) -> Iterator[tuple[int, list[Any]]]:
    """Put error cells that the reader swallowed back into the rows, also into rows that it left out."""
    seen: set[int] = set()
    for number, row in rows:
        whole = [None] * offset + row
        cells = errors.at(number)
        if cells:
            seen.add(number)
        yield number, _with_errors(whole, cells) if cells else whole
    for number in errors.rows():
        if number not in seen:  # below the last value that the reader saw
            yield number, _with_errors([], errors.at(number))


def _with_errors(row: list[Any], cells: list[tuple[int, str]]) -> list[Any]:
    for column, code in cells:
        if column >= len(row):
            row.extend([None] * (column + 1 - len(row)))
        if row[column] in ("", None):
            row[column] = Error(code)
    return row


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
