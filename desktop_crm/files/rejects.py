"""A workbook of rows to be mended: the person's own columns, and a red column that says what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from desktop_crm.files import atomic
from desktop_crm.files.cells import cut, escaped, risky, sheet_title, storable

_RED = "FFB42318"
_PALE = "FFFEF3F2"


def write(
    path: Path,
    name: str,
    titles: Sequence[str],
    rows: Iterable[tuple[Sequence[str | int | float | None], str]],
    reason: str,
) -> int:
    """Write rows, each with its reason, atomically; numbers stay numbers, long ones become text so that no digit is lost.

    Args:
        name: of the sheet.
        titles: the person's headings, in order.
        rows: (cells, reason); as many cells as titles.
        reason: heading of the last column.

    Returns:
        how many rows were written.
    """
    import openpyxl  # slow to import, and only writing needs it
    from openpyxl.styles import Font, PatternFill

    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet(sheet_title(name, ()))
    page.freeze_panes = "A2"
    page.column_dimensions[_letter(len(titles) + 1)].width = 60
    bold, red, fill = Font(bold=True), Font(color=_RED), PatternFill("solid", fgColor=_PALE)
    page.append(
        [_cell(page, title, font=bold) for title in titles]
        + [_cell(page, reason, font=Font(bold=True, color=_RED))]
    )
    count = 0
    for cells, why in rows:
        page.append([_cell(page, cell) for cell in cells] + [_cell(page, why, font=red, fill=fill)])
        count += 1
    atomic.write(path, book.save)
    return count


def _letter(number: int) -> str:
    from openpyxl.utils import get_column_letter  # slow to import, and only writing needs it

    letters: str = get_column_letter(number)
    return letters


def _cell(page: Any, value: str | int | float | None, **styles: Any) -> Any:  # openpyxl has no types
    from openpyxl.cell import WriteOnlyCell  # slow to import, and only writing needs it

    cell = WriteOnlyCell(page)
    if isinstance(value, int) and abs(value) >= 10**11:
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
