"""A workbook of rows to be mended: the person's own sheet, and a red column that says what is wrong.

`copy` makes it of the person's own workbook, with all its looks (likeness.py, in a child process); `write` makes a plain
one for texts, and wherever a copy cannot be made.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from desktop_crm.files import atomic, reading
from desktop_crm.files.cells import cut, escaped, risky, sheet_title, storable, text_width
from desktop_crm.files.child import Failure
from desktop_crm.files.locked import sealed
from desktop_crm.files.sniff import Source, stamp_of
from desktop_crm.files.wire import Cell, Error

_RED = "FFB42318"
_PALE = "FFFEF3F2"
_REASON_WIDTH = 60
_WIDEST = 40
_MEASURED = 200
"""Rows that the widths of a plain workbook are measured by."""
_SENT = 1000

Rows = Iterable[tuple[Sequence[Cell], str]]


class NotCopied(Exception):
    """The workbook cannot be copied: it has changed, or is made in a way that nobody foresaw. `write` is left."""


def copy(
    path: Path,
    source: Source,
    sheet: str,
    head: int,
    column: int,
    heading: str,
    reasons: Iterable[tuple[int, str]],
) -> None:
    """Write rows of a workbook with its own looks, and with its password, atomically.

    Args:
        source: the workbook as it was read.
        sheet: the name of the sheet.
        head: number of its last heading row.
        column: number of the column for the reasons (A is 1).
        heading: of that column.
        reasons: (row number, reason) of the rows to write.

    Raises:
        NotCopied: see there; nothing was written.
        CrmError: there is no place to write to.
    """
    if source.format not in _COPIED or stamp_of(source.path) != source.stamp:
        raise NotCopied
    child = reading.start(source, "likeness", shape=[sheet, head, column, storable(heading)])

    def fill(file: BinaryIO) -> None:
        told = iter(reasons)
        while chunk := list(itertools.islice(told, _SENT)):
            child.tell(("reasons", *map(list, zip(*chunk, strict=True))))
        child.tell(("end",))
        for message in child.messages():
            file.write(message[1])
        if stamp_of(source.path) != source.stamp:
            raise NotCopied

    try:
        atomic.write(path, _kept_secret(fill, source))
    except Failure as error:
        raise NotCopied from error
    finally:
        child.close()


_COPIED = ("xlsx", "xls")


def write(
    path: Path,
    source: Source,
    name: str,
    head: Sequence[Sequence[Cell]],
    rows: Rows,
    reason: str,
    column: int,
) -> None:
    """Write rows, each with its reason, plainly and atomically; numbers stay numbers, long ones become text.

    Args:
        source: the file as it was read.
        name: of the sheet.
        head: the rows above, the last one being the headings.
        rows: (cells, reason).
        reason: heading of the reasons.
        column: number of the column for the reasons (A is 1).
    """
    import openpyxl  # slow to import, and only writing needs it
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet(sheet_title(name, ()))
    page.freeze_panes = f"A{len(head) + 1}"
    told = iter(rows)
    first = list(itertools.islice(told, _MEASURED))
    for place, width in enumerate(_widths([*head[-1:], *(cells for cells, _why in first)], column), 1):
        page.column_dimensions[get_column_letter(place)].width = width
    fill = PatternFill("solid", fgColor=_PALE)
    bold = {"font": Font(bold=True)}
    heading = {"font": Font(bold=True, color=_RED), "fill": fill}
    red = {"font": Font(color=_RED), "fill": fill, "alignment": Alignment(vertical="top", wrap_text=True)}
    for cells in head[:-1]:
        page.append([_cell(page, cell) for cell in cells])
    page.append(_row(page, head[-1], reason, column, bold, heading))
    for cells, why in itertools.chain(first, told):
        page.append(_row(page, cells, why, column, {}, red))
    atomic.write(path, _kept_secret(book.save, source))


def _kept_secret(fill: Callable[[BinaryIO], object], source: Source) -> Callable[[BinaryIO], object]:
    """What was protected with a password goes back with the same one."""
    return sealed(fill, source.password) if source.locked and source.password else fill


def _widths(rows: Sequence[Sequence[Cell]], column: int) -> list[float]:
    widths = [8.0] * (column - 1) + [_REASON_WIDTH]
    for cells in rows:
        for place, cell in enumerate(cells[: column - 1]):
            widths[place] = min(max(widths[place], text_width(str(cell)) + 2), _WIDEST)
    return widths


def _row(
    page: Any, cells: Sequence[Cell], why: str, column: int, looks: dict[str, Any], red: dict[str, Any]
) -> list[Any]:  # openpyxl has no types
    made = [_cell(page, cell, **looks) for cell in cells]
    made += [None] * (column - len(made))
    made[column - 1] = _cell(page, why, **red)
    return made


def _cell(page: Any, value: Cell, **styles: Any) -> Any:
    from openpyxl.cell import WriteOnlyCell  # slow to import, and only writing needs it

    cell = WriteOnlyCell(page)
    if isinstance(value, Error):
        value = value.code
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**11:
        value = str(value)
    if isinstance(value, str):
        clean = cut(storable(value))
        cell._value = escaped(clean)
        cell.data_type = "s"
        cell.number_format = "@"
        if risky(clean):
            cell.quotePrefix = True
    else:
        cell.value = value
    for name, style in styles.items():
        setattr(cell, name, style)
    return cell
