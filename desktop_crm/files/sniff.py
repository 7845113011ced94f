"""What a file is, judged by its content and never by its name: format, encoding, separator.

Only the first look happens here; parsing is reading.py's business and runs in a child process.
"""

from __future__ import annotations

import codecs
import os
import re
import stat
import zipfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, Literal

from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _
from desktop_crm.files.separators import guess_separator
from desktop_crm.files.zips import has_endless_directory

Format = Literal["xlsx", "xls", "ods", "text", "html", "vcf"]

_HEAD = 64 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAMS = tuple(name.encode("utf-16-le") + b"\0\0" for name in ("Workbook", "Book", "WORKBOOK", "BOOK"))
_PACKAGE = "EncryptedPackage".encode("utf-16-le") + b"\0\0"
_BIFF = (b"\x09\x08", b"\x09\x04", b"\x09\x02")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FOREIGN = re.compile(
    rb"\xff\xd8\xff|\x89PNG|GIF8[79]a|II\*\0|MM\0\*|RIFF....(?:WEBP|WAVE|AVI )|BM....\0\0\0\0|8BPS\0|\0\0\x01\0|....ftyp|"
    rb"ID3[\x02-\x04]|OggS\0|fLaC\0|\x1aE\xdf\xa3|%PDF-|%!PS|\{\\rtf|7z\xbc\xaf|Rar!\x1a|\x1f\x8b\x08|BZh[1-9]1AY|\xfd7zXZ\0|"
    rb"SQLite format 3\0|\x7fELF|MZ.\0",
    re.S,
)
"""How pictures, sounds, films, papers, packed files, databases and programs begin."""
_CONTROL = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_HTML = re.compile(
    r"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|meta|style|body|table|div)\b", re.I | re.S
)
_VCARD = re.compile(r"(?:^|\r)[\ufeff\xef\xbb\xbf \t]*begin\s*:\s*vcard[ \t]*(?:\r|$)", re.I | re.M)
CANDIDATES = ("gb18030", "big5hkscs", "utf-16-le", "cp1252", "shift_jis", "euc_kr")
"""Encodings offered when the content does not tell."""


class FileGone(CrmError):
    """The file is not there (any more)."""


class NotAFile(CrmError):
    """A folder, a pipe or a device instead of a file."""


class FileNotReadable(CrmError):
    """The system refuses to open the file."""


class EmptyFile(CrmError):
    """The file has no content at all."""


class NotATable(CrmError):
    """The content is nothing that rows can be read from."""


class DamagedFile(CrmError):
    """The file begins like a workbook and is broken inside."""


class PasswordProtected(CrmError):
    """The workbook is encrypted in a way that cannot be opened here, password or not."""


class NeedsPassword(CrmError):
    """The workbook is encrypted with a password: ask for it."""


class WrongPassword(NeedsPassword):
    """It is another password."""


class NeedsEncoding(CrmError):
    """The encoding of a text cannot be told from its content.

    Attributes:
        candidates: encodings to offer, the most probable first.
    """

    def __init__(self, message: str, candidates: tuple[str, ...]) -> None:
        super().__init__(message)
        self.candidates = candidates


@dataclass(frozen=True)
class Source:
    """A file and how it is to be read.

    Attributes:
        path: where it lies.
        format: what its content is.
        encoding: Python's name of the text encoding; "" for workbooks, and for vCards, whose values name their own.
        separator: what stands between the cells of a text; "" otherwise.
        stamp: size and time of change when it was looked at; tells whether it is still the same.
        locked: it is encrypted with a password; known of an .xls only when it was tried.
        password: what the person said; "" while nobody was asked.
    """

    path: Path
    format: Format
    encoding: str = ""
    separator: str = ""
    stamp: tuple[int, int] = field(default=(0, 0), compare=False)
    locked: bool = False
    password: str = field(default="", repr=False)


def sniff(path: Path, *, encoding: str | None = None, separator: str | None = None) -> Source:
    """Look at a file's content and say how to read it; `encoding` and `separator` overrule the guess.

    Raises:
        CrmError: a small class per cause when it cannot be read as a table.
    """
    check_regular(path)
    stamp = stamp_of(path)
    return replace(_source(path, encoding, separator), stamp=stamp)


def stamp_of(path: Path) -> tuple[int, int]:
    """Size and time of change, zeros where the file is gone."""
    try:
        found = os.stat(path)
    except OSError:
        return (0, 0)
    return (found.st_size, found.st_mtime_ns)


def _source(path: Path, encoding: str | None, separator: str | None) -> Source:
    head = _head(path)
    if not head:
        raise EmptyFile(_("{file} is empty. Nothing was changed.").format(file=path.name))
    if head.startswith(b"PK"):
        return Source(path, zip_format(path))
    if head.startswith(_OLE):
        return _ole_source(path)
    if head.startswith(_BIFF):
        return Source(path, "xls")
    if _FOREIGN.match(head):
        raise not_a_table(path)
    return _vcard_source(path, head, encoding) or _text_source(path, head, encoding, separator)


def check_regular(path: Path) -> None:
    """Refuse what is not an ordinary file, before anything opens it (opening a pipe would wait for ever)."""
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError as error:
        raise FileGone(
            _("{file} is not there any more. Choose the file again.").format(file=path.name)
        ) from error
    except OSError as error:
        raise _not_readable(path) from error
    if not stat.S_ISREG(mode):
        raise NotAFile(
            _("{file} is not a file but a folder or a device. Choose a workbook or a text file.").format(
                file=path.name
            )
        )


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_HEAD)
    except OSError as error:
        raise _not_readable(path) from error


def _not_readable(path: Path) -> CrmError:
    return FileNotReadable(
        _(
            "{file} cannot be opened. Close it in other programs, or check who may read it, and try again."
        ).format(file=path.name)
    )


def damaged(path: Path) -> CrmError:
    """The error for a workbook that is broken inside."""
    return DamagedFile(
        _(
            "{file} is damaged and cannot be read. Nothing was changed. "
            "Open it in the spreadsheet program, save it under a new name and choose that."
        ).format(file=path.name)
    )


def locked(path: Path, *, asked: bool) -> NeedsPassword:
    """The error for a workbook that wants its password; `asked` where the person has said one."""
    if asked:
        return WrongPassword(
            _("This is not the password of {file}. Enter it again; nothing was changed.").format(
                file=path.name
            )
        )
    return NeedsPassword(
        _(
            "{file} is protected with a password. Enter the password of the workbook; nothing was changed."
        ).format(file=path.name)
    )


def not_a_table(path: Path) -> CrmError:
    """The error for a file without rows."""
    return NotATable(
        _(
            "{file} is not a workbook or a table of text. Nothing was changed. "
            "Save it as .xlsx or .csv in the program it comes from and choose that."
        ).format(file=path.name)
    )


def protected(path: Path) -> CrmError:
    """The error for a workbook with a password that cannot be used here."""
    return PasswordProtected(
        _(
            "{file} is protected with a password. Nothing was changed. "
            "Open it in the spreadsheet program, save it without a password and choose that."
        ).format(file=path.name)
    )


def zip_format(path: Path, file: BinaryIO | None = None) -> Format:
    """What lies in a zip; `file` is its content where that is not what lies at the path."""
    try:
        if has_endless_directory(path, file):
            raise damaged(path)
        with zipfile.ZipFile(file or path) as archive:
            names = {name.lower().replace("\\", "/") for name in archive.namelist()}
            kind = _part(archive, "mimetype")
            secret = b"encryption-data" in _part(archive, "META-INF/manifest.xml")
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise damaged(path) from error
    if any(re.fullmatch(r"xl/workbook\d*\.xml", name) for name in names):
        return "xlsx"
    if b"opendocument.spreadsheet" in kind and secret:
        raise protected(path)
    if b"opendocument.spreadsheet" in kind:
        return "ods"
    raise not_a_table(path)


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    """The beginning of a part; nothing where there is none."""
    if name not in archive.namelist():
        return b""
    with archive.open(name) as part:
        return part.read(_HEAD)


def _ole_source(path: Path) -> Source:
    """An .xls, or an .xlsx inside an encrypted package, by the names of the streams wherever the file keeps them."""
    kept, biff = b"", False
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            kept = kept[-len(_PACKAGE) :] + piece
            if _PACKAGE in kept:
                return Source(path, "xlsx", locked=True)
            biff = biff or any(name in kept for name in _STREAMS)
    if not biff:
        raise not_a_table(path)
    return Source(path, "xls")


def _vcard_source(path: Path, head: bytes, encoding: str | None) -> Source | None:
    """A phone book, whatever its name and the encoding of its values; None where it is none."""
    marked = next((name for mark, name in _BOMS if head.startswith(mark)), "")
    whole = marked.removeprefix("utf-8-sig")
    if not whole and not _VCARD.search(head.decode("latin-1")):
        whole = _utf16_by_zeros(head) if b"\0" in head else ""
    if not _VCARD.search(head.decode(whole or "latin-1", "replace")):
        return None
    if encoding and not whole:
        whole = _encoding_name(encoding)
        if not whole:
            raise _wrong_encoding(path, encoding, CANDIDATES)
    return Source(path, "vcf", whole)


def _text_source(path: Path, head: bytes, encoding: str | None, separator: str | None) -> Source:
    encoding = _given_encoding(path, encoding) if encoding else _guess_encoding(path, head)
    beginning = codecs.getincrementaldecoder(encoding)("replace").decode(head)
    start = beginning.lstrip("\ufeff \t\r\n")[:200].lower()
    if _HTML.match(start):
        return Source(path, "html", encoding)
    if start.startswith(("%pdf", "{\\rtf", "<?xml", "mime-version:", "%!ps")):
        raise not_a_table(path)
    return Source(path, "text", encoding, separator or guess_separator(beginning))


def _decodes(path: Path, encoding: str) -> bool:
    """Whether the whole file is valid in the encoding; read in pieces, so that size does not matter."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    with path.open("rb") as file:
        try:
            while piece := file.read(1 << 20):
                if b"\0" in piece and not encoding.startswith(("utf-16", "utf-32")):
                    return False
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeError:
            return False
    return True


def _given_encoding(path: Path, encoding: str) -> str:
    name = _encoding_name(encoding)
    if name and _decodes(path, name):
        return "utf-8-sig" if name == "utf-8" else name
    raise _wrong_encoding(path, encoding, tuple(c for c in CANDIDATES if c != name and _decodes(path, c)))


def _encoding_name(encoding: str) -> str:
    """Python's name of an encoding of text; "" where there is none."""
    try:
        found = codecs.lookup(encoding)
    except LookupError:
        return ""
    return found.name if found._is_text_encoding else ""


def _wrong_encoding(path: Path, encoding: str, candidates: tuple[str, ...]) -> NeedsEncoding:
    return NeedsEncoding(
        _(
            "{file} is not written in the encoding {encoding}. Choose another one; nothing was changed."
        ).format(file=path.name, encoding=encoding),
        candidates,
    )


def unknown_encoding(path: Path, candidates: tuple[str, ...]) -> NeedsEncoding:
    """The error for a text whose bytes do not tell its encoding."""
    return NeedsEncoding(
        _(
            "It cannot be told in which encoding {file} is written. Choose the one in which the names look right; "
            "nothing was changed."
        ).format(file=path.name),
        candidates,
    )


def _guess_encoding(path: Path, head: bytes) -> str:
    """The encoding: byte order mark, strict UTF-8, zeros of UTF-16, strict GB18030 that looks like Chinese."""
    for mark, name in _BOMS:
        if head.startswith(mark) and _decodes(path, name):
            return name
    if b"\0" in head:
        guess = _utf16_by_zeros(head)
        if guess and _decodes(path, guess):
            return guess
        raise not_a_table(path)
    if len(_CONTROL.findall(head)) * 200 > len(head) or head.startswith(b"%PDF"):
        raise not_a_table(path)
    if _decodes(path, "utf-8"):
        return "utf-8"
    if _decodes(path, "gb18030") and common_chinese(head):
        return "gb18030"
    candidates = tuple(c for c in CANDIDATES if _decodes(path, c))
    if not candidates:
        raise not_a_table(path)
    if candidates[:2] == CANDIDATES[:2]:
        candidates = ("big5hkscs", "gb18030", *candidates[2:])
    raise unknown_encoding(path, candidates)


def _utf16_by_zeros(head: bytes) -> str:
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > 4 * even:
        return "utf-16-le"
    if even > 4 * odd:
        return "utf-16-be"
    return ""


def common_chinese(head: bytes) -> bool:
    """Whether text that is valid GB18030 also looks like it.

    Big5 and Latin-1 texts are mostly valid GB18030, but land outside GB 2312 (both bytes A1…FE), where real
    Chinese texts have only the rare characters of names.
    """
    text = codecs.getincrementaldecoder("gb18030")("replace").decode(head)
    wide = [char.encode("gb18030") for char in text if ord(char) > 127 and char != "\ufffd"]
    if any(len(char) == 4 for char in wide):  # hardly ever valid by accident
        return True
    rare = sum(1 for char in wide if char[0] < 0xA1 or char[1] < 0xA1)
    return rare * 4 <= len(wide)
