"""Rows to be mended as a copy of the person's own .xlsx: its widths, formats, titles and headings, nobody else's rows.

Runs in the child process only, for rejects.py. The sheet's XML streams through row by row and the copy streams out,
so memory grows with the rows that are copied, not with the sheet. The copy has one sheet and no formulas; only texts
that it shows are in it. Drawings, comments, protection, filters that hide rows and links to other sheets stay behind.
How rows, ranges and cells are rewritten is in likeness_parts.py, styles are in likeness_styles.py.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from typing import IO, Any
from xml.sax.saxutils import quoteattr  # it writes, and reads nothing  # nosec B406

from lxml import etree

from desktop_crm.files.engines import opened
from desktop_crm.files.likeness_parts import (
    MAIN,
    Shape,
    Strings,
    Tall,
    after_rows,
    before_rows,
    copied_row,
    local,
    parse,
    plain,
)
from desktop_crm.files.likeness_styles import Styles
from desktop_crm.files.prescan import counts_from_1904, relations, sheet_parts
from desktop_crm.files.wire import Refused

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_SIGN_OF_LIFE = 1000
"""Rows after which the parent is told that all is well, because it may be long until one is copied."""
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PARTS = (
    # part, content type, relation's kind
    ("worksheets/sheet1.xml", f"{_TYPE}.worksheet+xml", "worksheet"),
    ("styles.xml", f"{_TYPE}.styles+xml", "styles"),
    ("sharedStrings.xml", f"{_TYPE}.sharedStrings+xml", "sharedStrings"),
    ("theme/theme1.xml", "application/vnd.openxmlformats-officedocument.theme+xml", "theme"),
)


def write(job: dict[str, Any], output: IO[bytes], reasons: Mapping[int, str]) -> None:
    """Write the copy.

    Args:
        job: "path" of the workbook, and "shape": sheet, head, column and heading as in `Shape`.
        output: takes the copy; need not be seekable.
        reasons: of the rows to copy, by row number.

    Raises:
        Refused: the workbook is not as it was when it was read, or is made in a way that cannot be copied.
    """
    try:
        with (
            opened(job) as file,
            zipfile.ZipFile(file) as source,
            zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as made,
        ):
            _Copy(source, made, Shape(*job["shape"]), lambda: output.write(b"")).write(reasons)
    except (etree.LxmlError, zipfile.BadZipFile, KeyError, ValueError, IndexError, StopIteration) as error:
        raise Refused("damaged", repr(error)) from error


class _Copy:
    """One copying: from an open workbook into another."""

    def __init__(
        self, source: zipfile.ZipFile, made: zipfile.ZipFile, shape: Shape, alive: Callable[[], object]
    ) -> None:
        self._source = source
        self._alive = alive
        self._made = made
        self._shape = shape
        self._book = next(
            name for name in source.namelist() if re.fullmatch(r"(?i)xl/workbook\d*\.xml", name)
        )
        self._related = {
            kind: part for kind, part in relations(source, self._book).values() if part in source.NameToInfo
        }
        self._strings = Strings()

    def write(self, reasons: Mapping[int, str]) -> None:
        """All parts, the list of contents first, because some programs look for it there."""
        names = {name: part for part, name in sheet_parts(self._source, self._book).items()}
        sheet = names[self._shape.sheet]
        theme = self._related.get("theme")
        parts = _PARTS if theme else _PARTS[:-1]
        self._frame(parts)
        with self._source.open(self._related["styles"]) as part:
            styles = Styles(parse(part))
        with self._source.open(sheet) as part:
            tall = Tall(part, self._shape.head)
        with self._source.open(sheet) as part, self._made.open("xl/worksheets/sheet1.xml", "w") as out:
            self._sheet(part, out, reasons, styles, tall)
        self._made.writestr("xl/styles.xml", styles.xml())
        with self._made.open("xl/sharedStrings.xml", "w") as out:
            self._write_strings(out)
        if theme:
            self._made.writestr("xl/theme/theme1.xml", self._source.read(theme))

    def _frame(self, parts: tuple[tuple[str, str, str], ...]) -> None:
        """The list of contents, the relations and the workbook with its one sheet."""
        overrides = "".join(
            f'<Override PartName="/xl/{name}" ContentType="{kind}"/>'
            for name, kind in [("workbook.xml", f"{_TYPE}.sheet.main+xml"), *(part[:2] for part in parts)]
        )
        self._made.writestr(
            "[Content_Types].xml",
            f'{_DECLARATION}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f"{overrides}</Types>",
        )
        for name, targets in (
            ("_rels/.rels", [("xl/workbook.xml", "officeDocument")]),
            ("xl/_rels/workbook.xml.rels", [(part, relation) for part, _kind, relation in parts]),
        ):
            links = "".join(
                f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
                for number, (target, kind) in enumerate(targets, 1)
            )
            self._made.writestr(
                name, f'{_DECLARATION}<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'
            )
        date1904 = counts_from_1904(self._source, self._book)
        self._made.writestr(
            "xl/workbook.xml",
            f'{_DECLARATION}<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}"><workbookPr date1904="{int(date1904)}"/>'
            f'<bookViews><workbookView/></bookViews><sheets><sheet name={quoteattr(self._shape.sheet)} sheetId="1" '
            'r:id="rId1"/></sheets></workbook>',
        )

    def _sheet(self, part: Any, out: Any, reasons: Mapping[int, str], styles: Styles, tall: Tall) -> None:
        """The sheet with the rows that are wanted; zip parts have no common type for reading and writing."""
        out.write(f'{_DECLARATION}<worksheet xmlns="{MAIN}">'.encode())
        renumbered: dict[int, int] = {}
        root = None
        for count, (number, row) in enumerate(_rows(part), 1):
            if count % _SIGN_OF_LIFE == 0:
                self._alive()
            if root is None:
                root = row.getparent().getparent()
                out.write(before_rows(root, self._shape) + b"<sheetData>")
            tall.fill(number, row, styles, wanted=number in reasons)
            head = number <= self._shape.head
            if head and renumbered:
                raise Refused("damaged", "headings below rows")
            if head or number in reasons:
                new = number if head else self._shape.head + len(renumbered) + 1
                if not head:
                    renumbered[number] = new
                out.write(copied_row(row, number, new, self._shape, reasons, self._strings, styles))
        if len(renumbered) != len(reasons) or root is None:
            raise Refused("damaged", "rows are missing")
        out.write(b"</sheetData>" + after_rows(root, self._shape, renumbered) + b"</worksheet>")

    def _write_strings(self, out: Any) -> None:
        """The shared texts that the copy shows, and no others."""
        found: list[bytes] = [b""] * len(self._strings.places)
        if found:
            with self._source.open(self._related["sharedStrings"]) as part:
                for place, (_event, item) in enumerate(_stream(part, "si")):
                    new = self._strings.places.get(place)
                    if new is not None:
                        found[new] = etree.tostring(plain(item), encoding="UTF-8")
                    _forget(item)
        if not all(found):
            raise Refused("damaged", "shared strings")
        out.write(f'{_DECLARATION}<sst xmlns="{MAIN}">'.encode())
        for item in found:
            out.write(item)
        out.write(b"</sst>")


def _rows(part: Any) -> Iterator[tuple[int, Any]]:
    """(row number, row) in the file's order; each row is gone when the next one is asked for."""
    number = 0
    for _event, row in _stream(part, "row"):
        if local(row.getparent()) != "sheetData":
            continue
        number = int(row.get("r") or number + 1)
        yield number, row
        _forget(row)


def _stream(part: Any, tag: str) -> Iterator[tuple[str, Any]]:
    events: Iterator[tuple[str, Any]] = etree.iterparse(
        part, events=("end",), tag=f"{{*}}{tag}", resolve_entities=False, load_dtd=False, no_network=True
    )
    return events


def _forget(element: Any) -> None:
    """Free an element and those before it."""
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]
