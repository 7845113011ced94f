"""Makers of files that mean harm, or look as if they did; nothing of it is committed, all of it is small to make.

`FILES` is the list: name → (maker, verdicts). A verdict is the name of an error, or "rows" where the file can be read
and its rows may be judged. `measure` runs in a process of its own: it rehearses an import of each file and tells the
verdict, the time and the memory of the program and of its reader children.
"""

from __future__ import annotations

import io
import json
import os
import random
import shutil
import socket
import struct
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

from tests.files import workbooks

Maker = Callable[[Path], object]
MB = 1 << 20
_ENTITIES = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefghi", "bcdefghij", strict=True)
)
_HEAD = '<row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c><c r="B1" t="inlineStr"><is><t>手机</t></is></c></row>'


def _xlsx(rows: Callable[[], str], **more: Callable[[], str | bytes]) -> Maker:
    """A workbook of these rows below two headings; other parts by name, with _ for / and __ for a dot."""

    def make(path: Path) -> None:
        extra = [(name.replace("__", ".").replace("_", "/"), content()) for name, content in more.items()]
        workbooks.xlsx(path, workbooks.sheet(_HEAD + rows()), extra=extra)

    return make


def _rows(form: str, count: int) -> Callable[[], str]:
    """Rows from the second on; {n} is the row's number."""
    return lambda: "".join(form.replace("{n}", str(number)) for number in range(2, count + 2))


def _text(content: str) -> Maker:
    return lambda path: path.write_text(content, "utf-8")


def _long(head: str, middle: str, times: int, end: str = "") -> Maker:
    """A text with something very often in it."""
    return lambda path: path.write_text(head + middle * times + end, "utf-8", newline="")


def _instead(old: str, new: str) -> Maker:
    """A good workbook with something else in its sheet."""
    return lambda path: workbooks.xlsx(path, workbooks.sheet(_HEAD + _ROW).replace(old, new))


def _lying_sizes(path: Path) -> None:
    """A part that says that it is small and is not."""
    workbooks.xlsx(path, workbooks.sheet(_HEAD), extra=[("xl/styles.xml", b"\0" * (80 * MB))])
    content = path.read_bytes()
    path.write_bytes(content.replace(struct.pack("<I", 80 * MB), struct.pack("<I", 100)))


def _twice_the_same_part(path: Path) -> None:
    workbooks.xlsx(path, workbooks.sheet(_HEAD))
    with zipfile.ZipFile(path, "a") as archive:
        info = zipfile.ZipInfo("xl/worksheets/sheet1.xml")
        archive.filelist.append(info)
        archive.NameToInfo.pop(info.filename)
        archive.filelist.pop()
        archive.writestr(info, workbooks.sheet("<row/>"))


def _endless_directory(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(30_000):
            archive.writestr(f"xl/{number}/{'x' * 60}", "")


def _many_sheets(path: Path) -> None:
    sheets = "".join(f'<sheet name="s{n}" sheetId="{n}" r:id="rId1"/>' for n in range(1, 3000))
    book = workbooks.BOOK[: workbooks.BOOK.index("<sheet ")] + sheets + "</sheets></workbook>"
    workbooks.xlsx(path, workbooks.sheet(_HEAD), book=book)


def _ods(attributes: str, before: str = "") -> Maker:
    def make(path: Path) -> None:
        workbooks.ods(path, [["姓名", "手机"], ["王", "x"]])
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name).decode() for name in archive.namelist()}
        content = parts["content.xml"].replace(
            'office:value-type="string"', f'office:value-type="string" {attributes}'
        )
        parts["content.xml"] = content.replace('<?xml version="1.0"?>', before or '<?xml version="1.0"?>')
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, part in parts.items():
                archive.writestr(name, part)

    return make


def _circle_of_sectors(path: Path) -> None:
    """A compound file whose chain of sectors comes back to itself."""
    workbooks.xls(path, [(0, 0, "姓名"), (1, 0, "王")])
    content = bytearray(path.read_bytes())
    place = 512 + 4 * 5
    content[place : place + 4] = struct.pack("<I", 2)
    path.write_bytes(content)


def _record_beyond_the_end(path: Path) -> None:
    workbooks.xls(path, [(0, 0, "姓名"), (1, 0, "王")])
    content = path.read_bytes()
    path.write_bytes(content.replace(struct.pack("<HH", 0x204, 6 + 3 + 4), struct.pack("<HH", 0x204, 0xFFFF)))


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


def _random(head: bytes) -> Maker:
    return lambda path: path.write_bytes(head + random.Random(7).randbytes(200_000))


def _sparse(head: bytes, size: int) -> Maker:
    """A file of zeros that takes no room on the disk."""

    def make(path: Path) -> None:
        path.write_bytes(head)
        os.truncate(path, size)

    return make


def _wide(columns: int, rows: int) -> Maker:
    """Full rows to the last column that a spreadsheet program has."""

    def make(path: Path) -> None:
        names = [workbooks.column(place) for place in range(columns)]
        xml = io.StringIO()
        for row in range(2, rows + 2):
            cells = "".join(f'<c r="{name}{row}"><v>{row}</v></c>' for name in names)
            xml.write(f'<row r="{row}">{cells}</row>')
        titles = "".join(f'<c r="{name}1" t="inlineStr"><is><t>T{name}</t></is></c>' for name in names[2:])
        head = _HEAD.replace("</row>", titles + "</row>")
        workbooks.xlsx(path, workbooks.sheet(head + xml.getvalue()))

    return make


_ROW = '<row r="2"><c r="A2" t="inlineStr"><is><t>王</t></is></c><c r="B2"><v>13800138000</v></c></row>'
_JOINED = '<mergeCells><mergeCell ref="A2:XFD1048576"/></mergeCells>'
_FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'

FILES: dict[str, tuple[Maker, tuple[str, ...]]] = {
    "bomb.xlsx": (_xlsx(lambda: _ROW, xl_media_x__png=lambda: b"\0" * (200 * MB)), ("TooLarge",)),
    "lying sizes.xlsx": (_lying_sizes, ("DamagedFile",)),
    "same part twice.xlsx": (_twice_the_same_part, ("DamagedFile",)),
    "endless directory.xlsx": (_endless_directory, ("DamagedFile",)),
    "many sheets.xlsx": (_many_sheets, ("TooLarge",)),
    "entities in the sheet.xlsx": (
        lambda path: workbooks.xlsx(path, _ENTITIES + "]>" + workbooks.sheet(_HEAD)[21:]),
        ("DamagedFile",),
    ),
    "entities in the strings.xlsx": (
        _xlsx(lambda: _ROW, xl_sharedStrings__xml=lambda: _ENTITIES + "]><sst><si><t>&j;</t></si></sst>"),
        ("DamagedFile",),
    ),
    "far corner.xlsx": (_xlsx(lambda: _ROW + _FAR), ("rows",)),
    "wide.xlsx": (_wide(16_384, 20), ("rows",)),
    "long attribute.xlsx": (
        _xlsx(lambda: f'<row r="2"><c r="A2" x="{"y" * (20 * MB)}"><v>1</v></c></row>'),
        ("rows",),
    ),
    "long attribute and a far corner.xlsx": (
        _xlsx(lambda: f'<row r="2"><c r="A2" x="{"y" * (5 * MB)}"><v>1</v></c></row>{_FAR}'),
        ("rows", "ReaderTooSlow"),
    ),
    "errors that do not end.xlsx": (_xlsx(lambda: '<row r="2"><c r="A2" ' + 't="e"' * (2 * MB)), ("DamagedFile",)),
    "formulas that do not end.xlsx": (_xlsx(lambda: "<f " * (2 * MB)), ("DamagedFile",)),
    "rows that do not end.xlsx": (_xlsx(lambda: '<row r="1" hidden="0"' * (MB // 4)), ("DamagedFile",)),
    "errors in all rows.xlsx": (_xlsx(_rows('<row r="{n}"><c r="A{n}" t="e"><v>#N/A</v></c></row>', 20_000)), ("rows",)),
    "long cell.xlsx": (
        _xlsx(lambda: f'<row r="2"><c r="A2" t="str"><v>{"x" * (20 * MB)}</v></c></row>'),
        ("TooUnhandy",),
    ),
    "long cells.xlsx": (_xlsx(_rows(f'<row r="{{n}}"><c r="A{{n}}" t="str"><v>{"x" * MB}</v></c></row>', 40)), ("TooUnhandy",)),
    "no such column.xlsx": (_xlsx(lambda: '<row r="2"><c r="ZZZ2"><v>1</v></c></row>'), ("rows", "TooUnhandy")),
    "no such row.xlsx": (
        _xlsx(lambda: '<row r="99999999999"><c r="A99999999999"><v>1</v></c></row>'),
        ("rows", "DamagedFile", "ReaderDied"),
    ),
    "row beyond the last.xlsx": (
        _xlsx(lambda: '<row r="9999999"><c r="A9999999"><v>1</v></c></row>'),
        ("rows", "DamagedFile"),
    ),
    "nested.xlsx": (_xlsx(lambda: "<a>" * 200_000 + "</a>" * 200_000), ("NoRows", "DamagedFile", "ReaderDied")),
    "numbers without end.xlsx": (
        _xlsx(lambda: "".join(
            f'<row r="{n}"><c r="A{n}"><v>{v}</v></c></row>' for n, v in enumerate(("1e999", "NaN", "-inf", "9" * 400), 2)
        )),
        ("rows",),
    ),
    "joined over everything.xlsx": (_instead("</sheetData>", "</sheetData>" + _JOINED), ("rows",)),
    "a lie about its size.xlsx": (_instead("<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>'), ("rows",)),
    "empty strings.xlsx": (
        _xlsx(lambda: _ROW, xl_sharedStrings__xml=lambda: "<sst>" + "<si/>" * (4 * MB) + "</sst>"),
        ("rows",),
    ),
    "entities.ods": (_ods("", _ENTITIES + "]>"), ("DamagedFile", "rows")),
    "columns without end.ods": (_ods('table:number-columns-repeated="1000000000"'), ("rows", "TooLarge", "ReaderDied")),
    "circle.xls": (_circle_of_sectors, ("DamagedFile", "rows")),
    "record beyond the end.xls": (_record_beyond_the_end, ("DamagedFile",)),
    "noise.xls": (_random(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), ("NotATable", "DamagedFile")),
    "noise.biff": (_random(b"\x09\x08\x10\x00"), ("DamagedFile",)),
    "noise.zip": (_random(b"PK\x03\x04"), ("DamagedFile",)),
    "noise.csv": (_random(b""), ("NotATable",)),
    "nothing.csv": (_text(""), ("EmptyFile",)),
    "zeros.csv": (_sparse(b"", 300 * MB), ("NotATable",)),
    "huge.csv": (_sparse(b"", 5 << 30), ("TooLarge",)),
    "huge.xls": (_sparse(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 5 << 30), ("TooLarge",)),
    "one line.csv": (_long("姓名,手机\n", "x", 60 * MB), ("TooLarge", "TooUnhandy")),
    "commas.csv": (_long("姓名,手机\n", ",", 10 * MB, "x"), ("TooUnhandy", "TooLarge")),
    "cells.csv": (_long("姓名,手机\n", "x,", 5 * MB, "x"), ("TooUnhandy", "TooLarge")),
    "quote.csv": (_long('姓名,手机\n"', "x\n", 10 * MB), ("QuotesNotClosed",)),
    "tables in tables.xls": (_long("<html>", "<table><tr><td>x", 200_000), ("TooLarge",)),
    "comment.xls": (_long("<html><table><tr><td>x<!--", "-", 2 * MB), ("DamagedFile", "ReaderTooSlow")),
    "wide cells.xls": (_long("<html><table><tr>", "<td colspan=1000>x", 200_000), ("TooLarge",)),
    "folded.vcf": (_long("BEGIN:VCARD\r\nFN:", "x\r\n ", MB), ("rows", "NoRows")),
    "cards that begin.vcf": (_long("", "BEGIN:VCARD\r\n", MB // 8), ("rows", "NoRows", "NoHeadings")),
    "folder": (Path.mkdir, ("NotAFile",)),
    "pipe": (os.mkfifo, ("NotAFile",)),
    "socket": (_socket, ("NotAFile",)),
    "device": (lambda path: path.symlink_to("/dev/zero"), ("NotAFile",)),
    "circle": (lambda path: path.symlink_to(path), ("FileNotReadable",)),
    "nowhere": (lambda path: path.symlink_to("/nowhere"), ("FileGone",)),
}  # fmt: skip


def measure(folder: Path, names: list[str]) -> None:
    """Print one JSON line per file: name, verdict, seconds, MB of the program and of its largest child so far."""
    import resource  # does not exist on Windows

    from desktop_crm.base import i18n
    from desktop_crm.base.clock import SystemClock
    from desktop_crm.base.errors import CrmError
    from desktop_crm.importing import plan
    from desktop_crm.shop import Shop

    i18n.set_language("en")
    shop = Shop.create(folder / "shop", "x", SystemClock())
    for name in names:
        made = Path(tempfile.mkdtemp(dir=folder)) / name
        pid = os.fork()  # what the maker needs is not the program's memory
        if pid == 0:
            FILES[name][0](made)
            os._exit(0)
        assert os.waitpid(pid, 0)[1] == 0
        start = time.monotonic()
        try:
            with plan.rehearse(shop, made) as found:
                verdict = f"rows {found.rows}"
        except CrmError as error:
            verdict = type(error).__name__
        seconds = time.monotonic() - start
        reader = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        sys.stdout.write(json.dumps([name, verdict, round(seconds, 2), _peak_mb(), reader]) + "\n")
        sys.stdout.flush()
        shutil.rmtree(made.parent)
    shop.close()


def _peak_mb() -> int:
    """What this program held at most; its ru_maxrss begins with what the program held that started it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


if __name__ == "__main__":
    measure(Path(sys.argv[1]), sys.argv[2:] or list(FILES))
