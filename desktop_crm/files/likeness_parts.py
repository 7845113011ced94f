"""How the pieces of a sheet's XML are rewritten for likeness.py: rows, cells, ranges and widths.

Everything is rebuilt without namespaces other than the spreadsheet's own, so no reference to a part that stays behind
survives.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lxml import etree

from desktop_crm.files.cells import cut, escaped, storable

if TYPE_CHECKING:
    from desktop_crm.files.likeness_styles import Styles

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RED = "FFB42318"
PALE = "FFFEF3F2"
REASON_WIDTH = 60

Element = Any  # lxml has no types
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?")
_ROW_LOOKS = ("s", "customFormat", "ht", "customHeight", "thickTop", "thickBot")
_BEFORE = ("sheetPr", "sheetViews", "sheetFormatPr", "cols")
_AFTER = (
    "autoFilter", "mergeCells", "conditionalFormatting", "dataValidations", "printOptions", "pageMargins", "pageSetup",
    "headerFooter",
)  # fmt: skip
_JOINED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]{0,200}?ref=[\"']([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})[\"']")
_LONGEST_TAG = 300
_PIECE = 4 << 20


@dataclass(frozen=True)
class Shape:
    """Where things stand in the sheet.

    Attributes:
        sheet: its name.
        head: number of its (last) heading row; that row and all above are copied as they are.
        column: number of the column for the reasons (A is 1).
        heading: of that column.
    """

    sheet: str
    head: int
    column: int
    heading: str


@dataclass
class Strings:
    """The shared texts that the copy needs: place in the workbook → place in the copy."""

    places: dict[int, int] = field(default_factory=dict)

    def new(self, old: int) -> int:
        """The place of a text in the copy."""
        return self.places.setdefault(old, len(self.places))


class Tall:
    """Cells that are joined over several rows: each copied row gets what stands in the first of them.

    A number is not repeated, because it may be a sum over the rows (as merged.py has it when the file is read).

    Args:
        part: the sheet, which is searched for them because they stand behind the rows.
        head: number of the last heading row; only joined cells below it are meant.
    """

    def __init__(self, part: Any, head: int) -> None:
        self._begins: dict[int, list[tuple[int, int]]] = {}
        self._going: dict[int, tuple[int, Element]] = {}
        kept = b""
        while piece := part.read(_PIECE):
            kept += piece
            for match in _JOINED.finditer(kept):
                left, top, right, bottom = _corners(match[1].decode())
                if bottom > top > head and right >= left:
                    self._begins.setdefault(top, []).append((left, bottom))
            kept = kept[-_LONGEST_TAG:] if len(kept) > _LONGEST_TAG else kept
        for ranges in self._begins.values():
            ranges[:] = set(ranges)  # one that lay on the edge of two pieces was found twice

    def fill(self, number: int, row: Element, styles: Styles, *, wanted: bool) -> None:
        """Remember what begins in this row; where it is wanted, put in what began above."""
        if not self._begins:
            return
        self._going = {column: held for column, held in self._going.items() if held[0] >= number}
        found = {} if not (self._going or number in self._begins) else _cells(row)
        for column, (_last, cell) in self._going.items() if wanted else ():
            copy = deepcopy(cell)
            copy.set("r", f"{letters(column)}{number}")
            old = found.get(column)
            if old is not None:
                row.replace(old, copy)
            else:
                row.insert(sum(place < column for place in found), copy)
        for column, last in self._begins.get(number, ()):
            cell = found.get(column)
            if cell is not None and (cell.get("t", "n") != "n" or styles.is_day(int(cell.get("s", "0")))):
                self._going[column] = (last, deepcopy(cell))


def parse(part: Any) -> Element:
    """The root of a small part; nothing is fetched, no entity is resolved."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    return etree.parse(part, parser).getroot()


def local(element: Element) -> str:
    """An element's name without its namespace."""
    name: str = etree.QName(element).localname if isinstance(element.tag, str) else ""
    return name


def plain(element: Element) -> Element:
    """The same without namespaces; what belongs to another one is left behind."""
    made = etree.Element(local(element))
    for name, value in element.attrib.items():
        if not name.startswith("{"):
            made.set(name, value)
        elif name == _SPACE:
            made.set(_SPACE, value)
    made.text = element.text if len(element) == 0 else None
    space = etree.QName(element).namespace
    for child in element:
        if isinstance(child.tag, str) and etree.QName(child).namespace == space and local(child) != "extLst":
            made.append(plain(child))
    return made


def copied_row(
    row: Element,
    number: int,
    new: int,
    shape: Shape,
    reasons: Mapping[int, str],
    strings: Strings,
    styles: Styles,
) -> bytes:
    """A row under its new number, its formulas replaced by their values, with its reason."""
    looks = {name: row.get(name) for name in _ROW_LOOKS if row.get(name) is not None}
    made = etree.Element("row", r=str(new), **looks)
    if number <= shape.head and row.get("hidden") is not None:
        made.set("hidden", row.get("hidden"))
    style = "0"
    for column, cell in _cells(row).items():
        if column == shape.column and number >= shape.head:
            continue  # the reason of an earlier time
        style = cell.get("s", "0") if column < shape.column else style
        made.append(_copied_cell(cell, f"{letters(column)}{new}", strings))
    if number == shape.head:
        _add_text(made, shape.column, new, shape.heading, styles.heading(int(style)))
    elif number in reasons and number > shape.head:
        _add_text(made, shape.column, new, reasons[number], styles.reason())
    written: bytes = etree.tostring(made, encoding="UTF-8")
    return written


def _cells(row: Element) -> dict[int, Element]:
    """Column number → cell, in the row's order; cells need not say where they stand."""
    found: dict[int, Element] = {}
    column = 0
    for cell in row:
        if local(cell) == "c":
            reference = _REFERENCE.fullmatch(cell.get("r", ""))
            column = column_number(reference[1]) if reference else column + 1
            found[column] = cell
    return found


def _copied_cell(cell: Element, place: str, strings: Strings) -> Element:
    made = etree.Element("c", r=place)
    if cell.get("s"):
        made.set("s", cell.get("s"))
    kind = cell.get("t", "n")
    value = next((child for child in cell if local(child) == "v"), None)
    inline = next((child for child in cell if local(child) == "is"), None)
    if kind == "inlineStr" and inline is not None:
        made.set("t", kind)
        made.append(plain(inline))
    elif value is not None and value.text:
        if kind == "str":  # the text of a formula, which is not copied
            _set_text(made, value.text)
        else:
            made.set("t", kind)
            text = str(strings.new(int(value.text))) if kind == "s" else value.text
            etree.SubElement(made, "v").text = text
    return made


def _add_text(row: Element, column: int, number: int, text: str, style: int) -> None:
    """Put a text cell at its place among the others, which stand in order."""
    made = etree.Element("c", r=f"{letters(column)}{number}", s=str(style))
    _set_text(made, escaped(cut(storable(text))))
    before = [cell for cell in row if column_number(cell.get("r").rstrip("0123456789")) < column]
    row.insert(len(before), made)


def _set_text(cell: Element, text: str) -> None:
    cell.set("t", "inlineStr")
    item = etree.SubElement(etree.SubElement(cell, "is"), "t")
    item.set(_SPACE, "preserve")
    item.text = text


def before_rows(root: Element, shape: Shape) -> bytes:
    """What stands above the rows: view, widths; with room for the reasons."""
    found = {local(child): plain(child) for child in root if local(child) in _BEFORE}
    if "sheetPr" in found:
        for name in ("codeName", "filterMode", "syncRef", "transitionEvaluation"):
            found["sheetPr"].attrib.pop(name, None)
    if "sheetViews" in found:
        _settle_view(found["sheetViews"])
    found["cols"] = _with_reasons(found.get("cols"), shape.column)
    written: bytes = b"".join(
        etree.tostring(found[name], encoding="UTF-8") for name in _BEFORE if name in found
    )
    return written


def _settle_view(views: Element) -> None:
    """Only the first view, at the top, with its frozen panes."""
    for view in list(views)[1:]:
        views.remove(view)
    for view in views:
        view.attrib.pop("topLeftCell", None)
        view.set("tabSelected", "1")
        view.set("workbookViewId", "0")
        for child in list(view):
            if local(child) != "pane" or not child.get("state", "").startswith("frozen"):
                view.remove(child)
                continue
            across, down = (int(float(child.get(name, "0"))) for name in ("xSplit", "ySplit"))
            child.set("topLeftCell", f"{letters(across + 1)}{down + 1}")


def _with_reasons(columns: Element | None, place: int) -> Element:
    """The widths, where the reasons' column has its own; a range that holds it is split."""
    made = etree.Element("cols")
    ranges = (
        [(int(c.get("min")), int(c.get("max")), dict(c.attrib)) for c in columns]
        if columns is not None
        else []
    )
    for first, last, looks in ranges:
        for begin, end in ((first, min(last, place - 1)), (max(first, place + 1), last)):
            if begin <= end:
                made.append(etree.Element("col", {**looks, "min": str(begin), "max": str(end)}))
    wide = {"min": str(place), "max": str(place), "width": str(REASON_WIDTH), "customWidth": "1"}
    before = sum(int(column.get("max")) < place for column in made)
    made.insert(before, etree.Element("col", wide))
    return made


def after_rows(root: Element, shape: Shape, renumbered: Mapping[int, int]) -> bytes:
    """What stands below the rows: joined cells, lists to choose from, the page; its ranges follow the rows."""
    made = []
    last = shape.head + max(1, len(renumbered))
    for child in root:
        name = local(child)
        if name not in _AFTER:
            continue
        copy = plain(child)
        if name == "mergeCells":
            copy = _merged(copy, shape, renumbered)
        elif name == "autoFilter":
            copy = etree.Element("autoFilter", ref=_filtered(copy.get("ref", ""), shape, last))
        elif name == "conditionalFormatting":
            copy = _ranged(copy, shape, last)
        elif name == "dataValidations":
            for rule in list(copy):
                if _ranged(rule, shape, last) is None:
                    copy.remove(rule)
            copy.set("count", str(len(copy)))
        if (
            copy is not None
            and (len(copy) or copy.attrib)
            and not (name == "dataValidations" and not len(copy))
        ):
            made.append(etree.tostring(copy, encoding="UTF-8"))
    return b"".join(made)


def _merged(cells: Element, shape: Shape, renumbered: Mapping[int, int]) -> Element | None:
    """The joined cells of the head, and those inside a row that is copied; none where the reasons stand."""
    made = etree.Element("mergeCells")
    for cell in cells:
        left, top, right, bottom = _corners(cell.get("ref", ""))
        covers = left <= shape.column <= right and bottom >= shape.head
        if bottom > shape.head and top == bottom and top in renumbered:
            top = bottom = renumbered[top]
        elif bottom > shape.head:
            continue
        if not covers:
            etree.SubElement(made, "mergeCell", ref=f"{letters(left)}{top}:{letters(right)}{bottom}")
    made.set("count", str(len(made)))
    return made if len(made) else None


def _filtered(ref: str, shape: Shape, last: int) -> str:
    left, top, right, _bottom = _corners(ref)
    return f"{letters(left)}{min(top, shape.head)}:{letters(right)}{last}"


def _ranged(rule: Element, shape: Shape, last: int) -> Element | None:
    """A rule on ranges, stretched over the copied rows; None where it looks at other cells."""
    told = [child for child in rule.iter() if local(child).startswith("formula")]
    if any(re.search(r"[!\[]|\$\d", child.text or "") for child in told):
        return None
    ranges = []
    for part in rule.get("sqref", "").split():
        left, top, right, bottom = _corners(part)
        if top > shape.head + 1:
            return None  # it begins at a row that may not be there
        ranges.append(f"{letters(left)}{top}:{letters(right)}{last if bottom > shape.head else bottom}")
    if not ranges:
        return None
    rule.set("sqref", " ".join(ranges))
    return rule


def _corners(reference: str) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of a range like A1:C9; whole columns ("A:C") are not written in files."""
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        raise ValueError(reference)
    left, top = column_number(found[1]), int(found[2])
    return left, top, column_number(found[3] or found[1]), int(found[4] or found[2])


def column_number(name: str) -> int:
    """The number of a column: A is 1, XFD is 16384."""
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - 64
    return number


def letters(number: int) -> str:
    """What the spreadsheet program calls a column: 1 is A, 27 is AA."""
    text = ""
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text
