"""A look into the zip of an .xlsx before a parser touches it: bombs, far corners, and what calamine does not say.

calamine reads an error cell as '' and a formula that was never calculated as well; both are found here, so that
no lost value passes for an empty one. Nothing is parsed as XML: bytes are inflated in pieces and searched.
"""

from __future__ import annotations

import html
import posixpath
import re
import time
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _
from desktop_crm.files.lost import Lost, TooMany
from desktop_crm.files.sniff import damaged

NO_VALUE = "=?"
"""The error code of a formula whose value is not stored in the file (written by a program that does not calculate)."""

_PIECE = 1 << 20
_LONGEST_CELL = 64 << 20
_LONGEST_TAG = 500
_LONGEST_PREFIX = 8
_LAST_ROW = 1_048_576
_REF = re.compile(rb"\br=[\"']([A-Z]{1,3})(\d{1,7})[\"']")
_VALUE = re.compile(rb"<(?:\w{1,8}:)?v[^>]{0,100}>([^<]{0,100})<")
_DATE1904 = re.compile(r"<(?:\w+:)?workbookPr\b[^>]{0,500}\sdate1904=[\"'](?:1|true)")
_ATTRIBUTE = re.compile(r"([\w:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


@dataclass(frozen=True)
class _Style:
    """The patterns for one way of writing sheet XML.

    Those for the usual way (no prefixes, double quotes, r first) begin with literal bytes, which makes them
    eight times faster; a file that mixes the ways only loses the early warning, not its safety. All repeats are
    bounded, so that no file can make a search take long.
    """

    row: re.Pattern[bytes]
    wide: re.Pattern[bytes]
    error: re.Pattern[bytes]
    formula: re.Pattern[bytes]
    hidden: re.Pattern[bytes]
    cell: re.Pattern[bytes]


_USUAL = _Style(
    row=re.compile(rb'<row r="(\d{1,9})'),
    wide=re.compile(rb' r="([A-Z]{2,3})\d'),
    error=re.compile(rb't="e"(?:[^>]{0,300}/>|[^>]{0,300}>(.{0,9000}?)</c>)', re.S),
    formula=re.compile(rb"<f(?:\s[^>]{0,400})?(?:/>|>[^<]{0,9000}</f>)(?:<v\s?/>|<v></v>)?</c>"),
    hidden=re.compile(rb'<row r="(\d{1,9})"[^>]{0,300}\shidden="(?:1|true)"'),
    cell=re.compile(rb"<c\s[^>]{0,500}>"),
)
_OTHER = _Style(
    row=re.compile(rb"<(?:\w{1,8}:)?row\b[^>]{0,300}?\sr=[\"'](\d{1,9})"),
    wide=re.compile(rb"\sr=[\"']([A-Z]{2,3})\d"),
    error=re.compile(rb"\st=[\"']e[\"'](?:[^>]{0,300}/>|[^>]{0,300}>(.{0,9000}?)</(?:\w{1,8}:)?c>)", re.S),
    formula=re.compile(
        rb"<(?:\w{1,8}:)?f(?:\s[^>]{0,400})?(?:/>|>[^<]{0,9000}</(?:\w{1,8}:)?f>)"
        rb"(?:<(?:\w{1,8}:)?v\s?/>|<(?:\w{1,8}:)?v></(?:\w{1,8}:)?v>)?</(?:\w{1,8}:)?c>"
    ),
    hidden=re.compile(
        rb"<(?:\w{1,8}:)?row\b(?=[^>]{0,300}\shidden=[\"'](?:1|true))[^>]{0,300}?\sr=[\"'](\d{1,9})"
    ),
    cell=re.compile(rb"<(?:\w{1,8}:)?c\s[^>]{0,500}>"),
)


class TakesTooLong(Exception):
    """The look itself takes longer than any honest file needs."""


class TooLarge(CrmError):
    """The file unpacks to more than any shop's list: refused before it can fill the memory."""


@dataclass(frozen=True)
class Limits:
    """What a file may cost. Sizes in bytes, times in seconds of waiting for the child process; `all_seconds` is the most,
    also for large files."""

    file: int = 400 << 20
    unpacked: int = 800 << 20
    ratio: int = 300
    ratio_from: int = 50 << 20
    cells: int = 40_000_000
    memory: int = 1 << 30
    seconds: float = 25.0
    all_seconds: float = 50.0


@dataclass
class Findings:
    """What the look found.

    Attributes:
        unpacked: bytes of all parts together.
        area: cells of the rectangle that the widest row and the last row of a sheet span; the largest one.
        vast: some sheet spans more cells than a dense reader can hold; read it sparsely.
        date1904: the workbook counts its days from 1904.
        errors: per sheet name, the cells whose value is lost.
        hidden_rows: per sheet name: numbers of the hidden rows.
    """

    unpacked: int = 0
    area: int = 0
    vast: bool = False
    date1904: bool = False
    errors: dict[str, Lost] = field(default_factory=dict)
    hidden_rows: dict[str, set[int]] = field(default_factory=dict)


def too_large(path: Path) -> CrmError:
    """The error for a file that would not fit into the memory."""
    return TooLarge(
        _(
            "{file} is too large to be read safely. Nothing was changed. "
            "Copy the rows that you need into a new workbook and choose that."
        ).format(file=path.name)
    )


def check_size(path: Path, limits: Limits, file: BinaryIO | None = None) -> int:
    """Refuse a zip whose directory already says too much; returns the bytes it unpacks to.

    Args:
        file: the content, where it is not what lies at the path.
    """
    try:
        with zipfile.ZipFile(file or path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise damaged(path) from error
    unpacked = sum(part.file_size for part in parts)
    packed = max(1, path.stat().st_size)
    if unpacked > limits.unpacked or (unpacked > limits.ratio_from and unpacked / packed > limits.ratio):
        raise too_large(path)
    return unpacked


def prescan(path: Path, limits: Limits, file: BinaryIO | None = None) -> Findings:
    """Search all XML parts of an .xlsx.

    Args:
        file: as in `check_size`.

    Raises:
        TooLarge: more than the limits.
        DamagedFile: a document type declaration, a broken part, not UTF-8.
    """
    findings = Findings(unpacked=check_size(path, limits, file))
    try:
        with zipfile.ZipFile(file or path) as archive:
            book = next(name for name in archive.namelist() if re.fullmatch(r"(?i)xl/workbook\d*\.xml", name))
            sheets = sheet_parts(archive, book)
            findings.date1904 = counts_from_1904(archive, book)
            names = archive.namelist()
            if len(set(names)) < len(names):
                raise damaged(path)  # readers would not agree on which of the two is meant
            until = time.monotonic() + limits.all_seconds
            for name in names:
                if name.lower().endswith((".xml", ".rels", ".vml")):
                    _scan_part(path, archive, name, sheets.get(name), findings, until)
        findings.vast = findings.area > limits.cells
    except TooMany as error:
        raise too_large(path) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError, KeyError) as error:
        raise damaged(path) from error
    return findings


def _pieces(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with archive.open(name) as part:
        while piece := part.read(_PIECE):
            yield piece


def _scan_part(
    path: Path, archive: zipfile.ZipFile, name: str, sheet: str | None, findings: Findings, until: float
) -> None:
    kept = b""
    style: _Style | None = None
    corner = (1, 0)
    for piece in _pieces(archive, name):
        if time.monotonic() > until:
            raise TakesTooLong
        if style is None:
            style = _OTHER if b":sheetData" in piece or b"r='" in piece or b"row spans" in piece else _USUAL
            if b"\0" in piece[:64]:
                raise damaged(path)
        if b"<!DOCTYPE" in piece:
            raise damaged(path)
        if sheet is None:
            continue
        kept += piece
        cut = kept.rfind(b"c>") + 2
        if cut < 2 and len(kept) > _LONGEST_CELL:
            raise too_large(path)
        whole, kept = kept[:cut], kept[cut:]
        corner = _scan_cells(whole, sheet, style, findings, corner)
    findings.area = max(findings.area, max(corner[0], 26) * corner[1])


def _scan_cells(
    whole: bytes, sheet: str, style: _Style, findings: Findings, corner: tuple[int, int]
) -> tuple[int, int]:
    """Search a piece of a sheet that ends behind a cell; returns the farthest column and row so far."""
    widest, lowest = corner
    for column in set(style.wide.findall(whole)):
        widest = max(widest, column_number(column) + 1)
    lowest = max(lowest, max(map(int, style.row.findall(whole)), default=0))
    errors = findings.errors.setdefault(sheet, Lost())
    if b't="e"' in whole or style is _OTHER:
        for match in style.error.finditer(whole):
            text = _VALUE.search(match[1] or b"")
            _note(
                errors, style, whole, match.start(), text[1].decode("utf-8", "replace") if text else "#VALUE!"
            )
    if b"<f" in whole or style is _OTHER:
        for match in style.formula.finditer(whole):
            _note(errors, style, whole, match.start(), NO_VALUE)
    if b"hidden=" in whole:
        hidden = map(int, style.hidden.findall(whole))
        findings.hidden_rows.setdefault(sheet, set()).update(row for row in hidden if row <= _LAST_ROW)
    return widest, lowest


def _note(errors: Lost, style: _Style, whole: bytes, place: int, code: str) -> None:
    """Remember the cell whose inside begins at `place`."""
    first = max(0, place - _LONGEST_TAG)
    start = (
        whole.rfind(b"<c ", first, place)
        if style is _USUAL
        else whole.rfind(b"c ", first, place + 1) - _LONGEST_PREFIX
    )
    found = style.cell.search(whole, max(start, 0))
    tag = found[0] if found else b""
    reference = _REF.search(tag)
    empty_text = code == NO_VALUE and re.search(rb"\bt=[\"'](?:str|e)[\"']", tag)
    if reference and not empty_text:
        errors.add(int(reference[2]), column_number(reference[1]), code)


def column_number(letters: bytes) -> int:
    """The 0-based number of a column: A is 0, XFD is 16383."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _attributes(tag: str) -> dict[str, str]:
    return {m[1]: html.unescape(m[2] if m[2] is not None else m[3]) for m in _ATTRIBUTE.finditer(tag)}


def relations(archive: zipfile.ZipFile, book: str) -> dict[str, tuple[str, str]]:
    """What the workbook part refers to: id -> (kind, part), the kind as the last word of its type ("styles")."""
    folder = posixpath.dirname(book)
    place = posixpath.join(folder, "_rels", posixpath.basename(book) + ".rels")
    found: dict[str, tuple[str, str]] = {}
    for tag in re.findall(r"<(?:\w{1,8}:)?Relationship\s[^>]{1,2000}>", _small(archive, place)):
        said = _attributes(tag)
        target = said.get("Target", "")
        whole = (
            target.lstrip("/")
            if target.startswith("/")
            else posixpath.normpath(posixpath.join(folder, target))
        )
        found[said.get("Id", "")] = (posixpath.basename(said.get("Type", "")), whole)
    return found


def sheet_parts(archive: zipfile.ZipFile, book: str) -> dict[str, str]:
    """Which part holds which sheet: part name -> sheet name."""
    targets = relations(archive, book)
    parts: dict[str, str] = {}
    for tag in re.findall(r"<(?:\w{1,8}:)?sheet\s[^>]{1,2000}>", _small(archive, book)):
        said = _attributes(tag)
        relation = next((value for key, value in said.items() if key.endswith(":id")), "")
        parts[targets.get(relation, ("", ""))[1]] = said.get("name", "")
    return parts


def counts_from_1904(archive: zipfile.ZipFile, book: str) -> bool:
    """Whether the workbook counts its days from 1904."""
    return bool(_DATE1904.search(_small(archive, book)))


def _small(archive: zipfile.ZipFile, name: str) -> str:
    with archive.open(name) as part:
        return part.read(4 << 20).decode("utf-8", "replace")
