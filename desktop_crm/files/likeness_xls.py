"""Rows to be mended as an .xlsx that looks like the person's own .xls: fonts, fills, borders, formats, widths, joined cells.

Runs in the child process only, for rejects.py. xlrd tells the looks and openpyxl writes them; an .xls holds at most
65,536 rows, so both may lie in memory. The .xlsx way is likeness.py's.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from functools import cache
from typing import IO, Any

import openpyxl
import xlrd
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from desktop_crm.files import merged
from desktop_crm.files.cells import cut, escaped, sheet_title, storable
from desktop_crm.files.engines import opened
from desktop_crm.files.likeness_parts import PALE, REASON_WIDTH, RED, Shape
from desktop_crm.files.wire import Refused

_ACROSS = ("general", "left", "center", "right", "fill", "justify", "centerContinuous", "distributed")
_DOWN = ("top", "center", "bottom", "justify", "distributed")
_LINES = (
    None, "thin", "medium", "dashed", "dotted", "thick", "double", "hair", "mediumDashed", "dashDot", "mediumDashDot",
    "dashDotDot", "mediumDashDotDot", "slantDashDot",
)  # fmt: skip
_SOLID = 1
_BOLD = 700
_TEXT, _DAY, _TRUTH, _ERROR = 1, 3, 4, 5
_EMPTY = (0, 6)

Element = Any  # xlrd and openpyxl have no types


def write(job: dict[str, Any], output: IO[bytes], reasons: Mapping[int, str]) -> None:
    """Write the copy; arguments and errors as in likeness.py."""
    try:
        with opened(job) as file:
            book = xlrd.open_workbook(
                file_contents=file.read(), logfile=io.StringIO(), formatting_info=True, on_demand=True
            )
        shape = Shape(*job["shape"])
        made = _copied(book, book.sheet_by_name(shape.sheet), shape, reasons)
    except Exception as error:  # a strange file makes xlrd raise anything, down to IndexError
        raise Refused("damaged", repr(error)) from error
    made.save(output)


def _copied(book: Element, sheet: Element, shape: Shape, reasons: Mapping[int, str]) -> Element:
    made = openpyxl.Workbook()
    if book.datemode == 1:
        made.epoch = CALENDAR_MAC_1904
    page = made.active
    page.title = sheet_title(shape.sheet, ())
    look = _looks(book)
    anchors = {
        (row, left): top
        for top, end, left, _right in sheet.merged_cells
        if end - top > 1 and top >= shape.head
        if isinstance(merged.shared(sheet.cell_value(top, left)), str) or sheet.cell_type(top, left) == _DAY
        for row in range(top + 1, end)
    }
    wanted = [*range(1, shape.head + 1), *sorted(reasons)]
    renumbered = {old: new for new, old in enumerate(wanted, 1)}
    for old, new in renumbered.items():
        _copy_row(page, sheet, old - 1, new, shape, look, anchors)
    heading, width = page.cell(shape.head, shape.column), shape.column - 1
    _say(heading, shape.heading, bold=True)
    for old, why in reasons.items():
        _say(page.cell(renumbered[old], shape.column), why, bold=False)
    _set_frame(page, sheet, shape)
    for top, end, left, right in sheet.merged_cells:
        whole = end <= shape.head or (end - top == 1 and end in reasons)
        if whole and right <= width:
            place = renumbered[end]
            page.merge_cells(
                start_row=place - (end - top) + 1, end_row=place, start_column=left + 1, end_column=right
            )
    return made


def _copy_row(
    page: Element,
    sheet: Element,
    row: int,
    new: int,
    shape: Shape,
    look: Callable[[int], dict[str, Any]],
    anchors: Mapping[tuple[int, int], int],
) -> None:
    """Copy a row; cells that are joined with some above get what stands in the first of them."""
    if row in sheet.rowinfo_map and not sheet.rowinfo_map[row].has_default_height:
        page.row_dimensions[new].height = sheet.rowinfo_map[row].height / 20
    for column in range(sheet.ncols):
        if column == shape.column - 1 and row >= shape.head - 1:
            continue  # the reason of an earlier time
        stands = anchors.get((row, column), row)
        kind, value = sheet.cell_type(stands, column), sheet.cell_value(stands, column)
        cell = page.cell(new, column + 1)
        for name, part in look(sheet.cell_xf_index(stands, column)).items():
            setattr(cell, name, part)
        if kind == _TEXT:
            _set_text(cell, value)
        elif kind == _ERROR:
            cell._value, cell.data_type = xlrd.error_text_from_code.get(value, "#VALUE!"), "e"
        elif kind not in _EMPTY:
            cell._value, cell.data_type = (bool(value), "b") if kind == _TRUTH else (value, "n")


def _set_text(cell: Element, text: str) -> None:
    """A text, also where it begins with "="; openpyxl would make that a formula."""
    cell._value, cell.data_type = escaped(cut(storable(text))), "s"


def _say(cell: Element, text: str, *, bold: bool) -> None:
    _set_text(cell, text)
    cell.font, cell.fill = Font(color=RED, bold=bold), PatternFill("solid", fgColor=PALE)
    cell.alignment, cell.number_format = Alignment(vertical="top", wrap_text=True), "@"
    cell.quotePrefix = True


def _set_frame(page: Element, sheet: Element, shape: Shape) -> None:
    """Widths and frozen panes."""
    for place, info in sheet.colinfo_map.items():
        letter = get_column_letter(place + 1)
        page.column_dimensions[letter].width = info.width / 256
        page.column_dimensions[letter].hidden = bool(info.hidden)
    page.column_dimensions[get_column_letter(shape.column)].width = REASON_WIDTH
    page.column_dimensions[get_column_letter(shape.column)].hidden = False
    if sheet.panes_are_frozen:
        page.freeze_panes = page.cell(sheet.horz_split_pos + 1, sheet.vert_split_pos + 1)


def _looks(book: Element) -> Callable[[int], dict[str, Any]]:
    """What a cell of the .xls with a certain format looks like, as openpyxl says it; each made once."""

    def colour(index: int) -> str | None:
        found = book.colour_map.get(index)
        return "FF{:02X}{:02X}{:02X}".format(*found) if found else None

    def side(border: Element, name: str) -> Side:
        style = _LINES[getattr(border, f"{name}_line_style")]
        return Side(style, colour(getattr(border, f"{name}_colour_index"))) if style else Side()

    @cache
    def look(index: int) -> dict[str, Any]:
        if index >= len(
            book.xf_list
        ):  # xlrd says 15 for cells that are not there, as Excel's own files have it
            return {}
        form = book.xf_list[index]
        font = book.font_list[form.font_index]
        back, place, border = form.background, form.alignment, form.border
        parts: dict[str, Any] = {
            "font": Font(
                name=font.name, size=font.height / 20, bold=font.weight >= _BOLD, italic=bool(font.italic),
                strike=bool(font.struck_out), underline="single" if font.underline_type else None,
                color=colour(font.colour_index),
            ),
            "number_format": book.format_map[form.format_key].format_str,
            "alignment": Alignment(
                _ACROSS[place.hor_align], _DOWN[place.vert_align], wrap_text=bool(place.text_wrapped)
            ),
            "border": Border(*(side(border, name) for name in ("left", "right", "top", "bottom"))),
        }  # fmt: skip
        fill = colour(back.pattern_colour_index)
        if back.fill_pattern == _SOLID and fill:
            parts["fill"] = PatternFill("solid", fgColor=fill)
        return parts

    return look
