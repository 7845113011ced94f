"""One table in every kind of file that spreadsheet programs and exports make; cells are texts, days, numbers or None."""

from __future__ import annotations

import csv
import html
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from tests.files import workbooks

Table = Sequence[Sequence[Any]]  # cells of any kind that a spreadsheet knows

ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be")
SEPARATORS = (",", ";", "\t", "|")


def text(path: Path, table: Table, *, encoding: str = "utf-8", separator: str = ",") -> Path:
    """Separated text; UTF-16 with its mark where the encoding's name asks for one."""
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=separator).writerows(
            [["" if cell is None else _said(cell) for cell in row] for row in table]
        )
    return path


def _said(cell: object) -> str:
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M:%S}"
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def excel(path: Path, table: Table, *, sheet: str = "Sheet1", date1904: bool = False) -> Path:
    """As Excel writes it: shared strings, styles, real days."""
    from openpyxl.utils.datetime import CALENDAR_MAC_1904  # beside openpyxl's other parts

    book = Workbook()
    if date1904:
        book.epoch = CALENDAR_MAC_1904
    page = book.active
    page.title = sheet
    for row in table:
        page.append([cell if cell != "" else None for cell in row])
    book.save(path)
    return path


_CALC_NAMES = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def libreoffice(path: Path, table: Table) -> Path:
    """As LibreOffice writes it: a number for every cell's style, empty cells with a style, text in a string table."""
    strings: list[str] = []
    rows = "".join(
        f'<row r="{number}" customFormat="false" ht="12.8" hidden="false" customHeight="false" outlineLevel="0">'
        + "".join(_calc_cell(strings, number, place, cell) for place, cell in enumerate(row))
        + "</row>"
        for number, row in enumerate(table, 1)
    )
    table_of_strings = f"<sst {_CALC_NAMES}>" + "".join(
        f'<si><t xml:space="preserve">{html.escape(string, quote=False)}</t></si>' for string in strings
    )
    return _packed(path, rows, table_of_strings + "</sst>")


def _calc_cell(strings: list[str], number: int, place: int, cell: Any) -> str:  # any cell
    name = f"{_letter(place)}{number}"
    if cell in (None, ""):
        return f'<c r="{name}" s="0"/>'
    if isinstance(cell, date):
        return f'<c r="{name}" s="1" t="n"><v>{_serial(cell)}</v></c>'
    if isinstance(cell, int | float):
        return f'<c r="{name}" s="0" t="n"><v>{cell}</v></c>'
    strings.append(str(cell))
    return f'<c r="{name}" s="0" t="s"><v>{len(strings) - 1}</v></c>'


def wps(path: Path, table: Table) -> Path:
    """As WPS and many servers' writers do it: text inside the cells, no places, no empty cells, rich text now and then."""
    rows = ""
    for number, row in enumerate(table, 1):
        cells = "".join(
            _inline(place, number, cell) for place, cell in enumerate(row) if cell not in (None, "")
        )
        rows += f'<row r="{number}" spans="1:{max(len(row), 1)}">{cells}</row>'
    return _packed(path, rows, f"<sst {_CALC_NAMES}/>")


def _inline(place: int, number: int, cell: Any) -> str:  # any cell
    name = f"{_letter(place)}{number}"
    if isinstance(cell, date):
        return f'<c r="{name}" s="1"><v>{_serial(cell)}</v></c>'
    if isinstance(cell, int | float):
        return f'<c r="{name}"><v>{cell}</v></c>'
    first, rest = str(cell)[:1], str(cell)[1:]
    runs = f"<r><t>{html.escape(first)}</t></r>" + (
        f'<r><rPr><b/></rPr><t xml:space="preserve">{html.escape(rest)}</t></r>' if rest else ""
    )
    return f'<c r="{name}" t="inlineStr"><is>{runs}</is></c>'


def _letter(place: int) -> str:
    from openpyxl.utils import get_column_letter  # beside openpyxl's other parts

    found: str = get_column_letter(place + 1)
    return found


def _serial(day: date) -> float:
    whole = (date(day.year, day.month, day.day) - date(1899, 12, 30)).days
    if isinstance(day, datetime):
        return whole + (day.hour * 60 + day.minute) / 1440
    return whole


_STYLES = (
    f'<?xml version="1.0"?><styleSheet {_CALC_NAMES}><numFmts count="1"><numFmt numFmtId="164" '
    'formatCode="yyyy\\-mm\\-dd"/></numFmts><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2">'
    '<xf numFmtId="0"/><xf numFmtId="164" applyNumberFormat="1"/></cellXfs></styleSheet>'
)


def _packed(path: Path, rows: str, strings: str) -> Path:
    """A workbook of one sheet with strings and styles of its own."""
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relations = "".join(
        f'<Relationship Id="rId{number}" Type="{kinds}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(
            (
                ("worksheet", "worksheets/sheet1.xml"),
                ("styles", "styles.xml"),
                ("sharedStrings", "sharedStrings.xml"),
            ),
            1,
        )
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _RELATIONS.format(kinds=kinds))
        archive.writestr("xl/workbook.xml", _BOOK.format(names=_CALC_NAMES, kinds=kinds))
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<?xml version="1.0"?><Relationships xmlns="{_PACKAGE}/relationships">{relations}</Relationships>',
        )
        archive.writestr("xl/worksheets/sheet1.xml", workbooks.sheet(rows))
        archive.writestr("xl/styles.xml", _STYLES)
        archive.writestr("xl/sharedStrings.xml", f'<?xml version="1.0"?>{strings}')
    return path


_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEETS = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_TYPES = (
    f'<?xml version="1.0"?><Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEETS}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SHEETS}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_SHEETS}.styles+xml"/>'
    f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_SHEETS}.sharedStrings+xml"/></Types>'
)
_RELATIONS = (
    f'<?xml version="1.0"?><Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    'Type="{kinds}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
_BOOK = (
    '<?xml version="1.0"?><workbook {names} xmlns:r="{kinds}"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/>'
    "</sheets></workbook>"
)


def xls(path: Path, table: Table, *, date1904: bool = False) -> Path:
    """The old binary format (BIFF8), days as styled numbers."""
    cells: list[tuple[int, int, object]] = []
    start = date(1904, 1, 1) if date1904 else date(1899, 12, 30)
    for number, row in enumerate(table):
        for place, cell in enumerate(row):
            if isinstance(cell, date):
                cells.append((number, place, ("day", (date(cell.year, cell.month, cell.day) - start).days)))
            elif cell not in (None, ""):
                cells.append((number, place, cell))
    return workbooks.xls(path, cells, date1904=date1904)


def ods(path: Path, table: Table) -> Path:
    """OpenDocument, repeated empty cells at the end of every row as the programs leave them."""
    space = "urn:oasis:names:tc:opendocument:xmlns"
    rows = "".join(
        "<table:table-row>" + "".join(map(_ods_cell, row))
        + '<table:table-cell table:number-columns-repeated="1000"/></table:table-row>'
        for row in table
    )  # fmt: skip
    content = (
        f'<?xml version="1.0"?><office:document-content xmlns:office="{space}:office:1.0" xmlns:table="{space}:table:1.0" '
        f'xmlns:text="{space}:text:1.0"><office:body><office:spreadsheet><table:table table:name="表一">{rows}'
        '<table:table-row table:number-rows-repeated="100000"><table:table-cell table:number-columns-repeated="1000"/>'
        "</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return path


def _ods_cell(cell: Any) -> str:  # any cell
    if cell in (None, ""):
        return "<table:table-cell/>"
    if isinstance(cell, date):
        day = cell.isoformat()
        return f'<table:table-cell office:value-type="date" office:date-value="{day}"><text:p>{day}</text:p></table:table-cell>'
    if isinstance(cell, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{cell}"><text:p>{cell}</text:p></table:table-cell>'
    lines = "".join(f"<text:p>{html.escape(line)}</text:p>" for line in str(cell).split("\n"))
    return f'<table:table-cell office:value-type="string">{lines}</table:table-cell>'


def web_page(path: Path, table: Table, *, encoding: str = "utf-8") -> Path:
    """A web page that a system saves under the name of a workbook."""
    rows = "".join(f"<tr>{''.join(map(_web_cell, row))}</tr>\n" for row in table)
    head = f'<html><head><meta charset="{encoding}"><style>td {{}}</style></head>'
    path.write_bytes(f'{head}<body><table border="1">\n{rows}</table></body></html>'.encode(encoding))
    return path


def _web_cell(cell: Any) -> str:  # any cell
    return f"<td>{'' if cell is None else html.escape(_said(cell)).replace(chr(10), '<br>')}</td>"


CONTAINERS: dict[str, Callable[[Path, Table], Path]] = {
    "list.xlsx": excel,
    "libreoffice.xlsx": libreoffice,
    "wps.xlsx": wps,
    "list.xls": xls,
    "old.et": xls,
    "new.et": excel,
    "list.ods": ods,
    "page.xls": web_page,
    "text.xls": lambda path, table: text(path, table, encoding="gb18030", separator="\t"),
    "list.csv": text,
    "list.txt": lambda path, table: text(path, table, encoding="utf-16", separator="\t"),
}
"""A file's name → who makes it; what is in it never follows from the name."""
