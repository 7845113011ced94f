"""Makers of files that shops bring, good and hostile; nothing binary is committed."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.files.locked_workbooks import encrypted, file_pass

TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'spreadsheetml.worksheet+xml"/></Types>'
)
_RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
    'Target="{target}"/></Relationships>'
)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
BOOK = (
    f'<?xml version="1.0"?><workbook xmlns="{MAIN}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships"><sheets><sheet name="客户 &amp; 线索" sheetId="1" r:id="rId1"/></sheets></workbook>'
)


def sheet(rows: str) -> str:
    """A worksheet part around rows of XML."""
    return f'<?xml version="1.0"?><worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def xlsx(
    path: Path, sheet_xml: str | bytes, *, extra: Iterable[tuple[str, str | bytes]] = (), book: str = BOOK
) -> Path:
    """A workbook of one sheet, its XML as given."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("_rels/.rels", _RELATIONS.format(kind="officeDocument", target="xl/workbook.xml"))
        archive.writestr("xl/workbook.xml", book)
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            _RELATIONS.format(kind="worksheet", target="/xl/worksheets/sheet1.xml"),
        )
        archive.writestr("xl/worksheets/sheet1.xml", sheet_xml)
        for name, content in extra:
            archive.writestr(name, content)
    return path


ENCRYPTED = (
    '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml">'
    '<manifest:encryption-data manifest:checksum="x"></manifest:encryption-data></manifest:file-entry>'
    "</manifest:manifest>"
)
"""The manifest of an OpenDocument file with a password."""


def ods(path: Path, rows: Sequence[Sequence[str]], *, manifest: str = "<manifest/>") -> Path:
    """An OpenDocument spreadsheet of texts."""
    body = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    space = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<?xml version="1.0"?><office:document-content xmlns:office="{space}:office:1.0" '
        f'xmlns:table="{space}:table:1.0" xmlns:text="{space}:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="表一">{body}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return path


def _record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _text(text: str, length: str) -> bytes:
    units = text.encode("utf-16-le")
    return struct.pack(f"<{length}B", len(units) // 2, 1) + units


def xls(
    path: Path,
    cells: Iterable[tuple[int, int, object]],
    *,
    date1904: bool = False,
    password: str = "",
    looks: bool = False,
    merged: Sequence[tuple[int, int, int, int]] = (),
) -> Path:
    """A BIFF8 workbook of one sheet (MS-XLS): texts, numbers, booleans; ("day", n) and ("error", code) as pairs.

    Args:
        looks: column A is wide, its cells are bold, red, centred on yellow with a thin line below, row 1 is high and joined
            over A1:B1, the panes are frozen at B3.
        merged: first row, last row, first column, last column of ranges.
    """
    head = _record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 6))
    if password:
        head += _record(0x2F, file_pass(password))
    head += _record(0x42, struct.pack("<H", 1200)) + _record(0x22, struct.pack("<H", date1904))
    head += _font(200, 400, 0x7FFF)
    for number_format in (0, 14):
        head += _record(
            0xE0, struct.pack("<HHHBBBBIHI", 0, number_format, 0, 0, 0, 0, 0, 0, 0, 0)[:20].ljust(20, b"\0")
        )
    if looks:
        head += _font(280, 700, 10)
        head += _record(0xE0, struct.pack("<HHHBBBBIIH", 1, 0, 0, 0x12, 0, 0, 0xFF, 1 << 12, 1 << 26, 13))
    name = struct.pack("<BB", 2, 1) + "客户".encode("utf-16-le")
    end = _record(0x0A)
    start = len(head) + 4 + 6 + len(name) + len(end)
    book = head + _record(0x85, struct.pack("<IBB", start, 0, 0) + name) + end
    book += _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0, 0, 0, 6))
    if looks:
        book += _record(0x7D, struct.pack("<HHHHHH", 0, 0, 25 * 256, 0, 0, 0))
        book += _record(0x208, struct.pack("<HHHHHHI", 0, 0, 2, 700, 0, 0, 0x140))
    for row, column, value in cells:
        place = struct.pack("<HHH", row, column, 2 if looks and column == 0 else 0)
        if isinstance(value, str):
            book += _record(0x204, place + _text(value, "H"))
        elif isinstance(value, bool):
            book += _record(0x205, place + struct.pack("<BB", value, 0))
        elif isinstance(value, tuple) and value[0] == "error":
            book += _record(0x205, place + struct.pack("<BB", value[1], 1))
        elif isinstance(value, tuple):
            book += _record(0x203, struct.pack("<HHHd", row, column, 1, value[1]))
        else:
            assert isinstance(value, int | float)
            book += _record(0x203, place + struct.pack("<d", value))
    if looks:
        book += _record(0x23E, struct.pack("<HHHHHHII", 0x08, 0, 0, 0, 0, 0, 0, 0))
        book += _record(0x41, struct.pack("<HHHHH", 1, 2, 2, 1, 0))
        book += _record(0xE5, struct.pack("<HHHHH", 1, 0, 0, 0, 1))
    if merged:
        ranges = b"".join(struct.pack("<4H", *one) for one in merged)
        book += _record(0xE5, struct.pack("<H", len(merged)) + ranges)
    whole = book + end
    whole += _record(0, b"\0" * (-len(whole) % 4))  # what follows is read as records of nothing
    path.write_bytes(ole("Workbook", encrypted(whole, password) if password else whole))
    return path


def _font(height: int, weight: int, colour: int) -> bytes:
    name = struct.pack("<BB", 2, 1) + "宋体".encode("utf-16-le")
    return _record(0x31, struct.pack("<HHHHHBBBB", height, 0, colour, weight, 0, 0, 0, 0, 0) + name)


def ole(name: str, content: bytes) -> bytes:
    """A compound file (MS-CFB) with one stream."""
    content = content.ljust(4096, b"\0")
    content += b"\0" * (-len(content) % 512)
    sectors = len(content) // 512
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 16
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + b"\0" * 6
    )
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<I", 0) + b"\xff" * (512 - len(header) - 4)
    chain = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, 2 + sectors), 0xFFFFFFFE]
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(512, b"\xff")

    def entry(title: str, kind: int, child: int, start: int, size: int) -> bytes:
        raw = (title + "\0").encode("utf-16-le")
        return (
            raw.ljust(64, b"\0")
            + struct.pack("<HBBIII", len(raw), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
            + b"\0" * 36
            + struct.pack("<IQ", start, size)
        )

    folder = entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry(name, 2, 0xFFFFFFFF, 2, len(content))
    assert len(chain) <= 128
    return header + table + folder.ljust(512, b"\0") + content


def column(place: int) -> str:
    """What a spreadsheet program calls a column: 0 is A."""
    return (column(place // 26 - 1) if place >= 26 else "") + chr(65 + place % 26)
