"""What a file is, by its content: formats, encodings, separators, and what is no table at all."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from desktop_crm.base.errors import CrmError
from desktop_crm.files.sniff import (
    DamagedFile,
    EmptyFile,
    FileGone,
    FileNotReadable,
    NeedsEncoding,
    NotAFile,
    NotATable,
    sniff,
)
from tests.files import workbooks

NAMES = "姓名,手机\n王建国,13805718866\n欧阳雪,13905718866\n"
TRADITIONAL = "姓名,電話\n陳國榮,0912345678\n許雅婷,0987654321\n黃麗華,0911222333\n"


def made(tmp_path: Path, content: bytes, name: str = "clients.xls") -> Path:
    """A file of that content, under a name that means nothing."""
    path = tmp_path / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (NAMES.encode(), "utf-8"),
        (NAMES.encode("utf-8-sig"), "utf-8-sig"),
        (NAMES.encode("gb18030"), "gb18030"),
        ("姓名,手机\n喆堃㐂䶮,1\n".encode("gb18030"), "gb18030"),
        (NAMES.encode("utf-16"), "utf-16"),
        (NAMES.encode("utf-16-le"), "utf-16-le"),
        (NAMES.encode("utf-16-be"), "utf-16-be"),
        (NAMES.encode("utf-32"), "utf-32"),
        (b"name,phone\nbob,1\n", "utf-8"),
    ],
)
def test_encoding_is_told_by_content(tmp_path: Path, content: bytes, encoding: str) -> None:
    source = sniff(made(tmp_path, content))
    assert (source.format, source.encoding, source.separator) == ("text", encoding, ",")


def test_big5_is_asked_with_big5_first(tmp_path: Path) -> None:
    path = made(tmp_path, TRADITIONAL.encode("big5"), "clients.csv")
    with pytest.raises(NeedsEncoding) as caught:
        sniff(path)
    assert caught.value.candidates[:2] == ("big5hkscs", "gb18030")
    assert sniff(path, encoding="big5hkscs").encoding == "big5hkscs"


def test_western_text_is_asked(tmp_path: Path) -> None:
    with pytest.raises(NeedsEncoding) as caught:
        sniff(made(tmp_path, "name;city\nRenée;Zürich\n".encode("cp1252")))
    assert "cp1252" in caught.value.candidates


def test_half_a_character_at_the_end_is_asked(tmp_path: Path) -> None:
    with pytest.raises(NeedsEncoding):
        sniff(made(tmp_path, b"\xff\xfea"))


@pytest.mark.parametrize("encoding", ["utf-8", "no such thing", "rot13"])
def test_a_wrong_encoding_is_refused(tmp_path: Path, encoding: str) -> None:
    with pytest.raises(NeedsEncoding, match="is not written in the encoding") as caught:
        sniff(made(tmp_path, NAMES.encode("gb18030")), encoding=encoding)
    assert "gb18030" in caught.value.candidates


def test_a_chosen_utf_8_also_takes_a_byte_order_mark(tmp_path: Path) -> None:
    assert sniff(made(tmp_path, NAMES.encode("utf-8-sig")), encoding="UTF8").encoding == "utf-8-sig"


def test_a_late_wrong_byte_counts(tmp_path: Path) -> None:
    content = b"name,phone\n" + b"bob,13800138000\n" * 80_000 + "王".encode("gb18030") + b",1\n"
    assert sniff(made(tmp_path, content)).encoding == "gb18030"


@pytest.mark.parametrize(
    ("text", "separator"),
    [
        ("a,b\n1,2\n", ","),
        ("a;b\n1,5;2\n3;4\n", ";"),
        ("a\tb\n1\t2\n", "\t"),
        ("a|b\n1|2\n", "|"),
        ('"x,y";b\n"x,z";c\n', ";"),
        ("sep=;\na;b\n", ";"),
        ("only one column\nand no sign\n", ","),
        ('"' + "x" * 200_000, ","),
        ("\n\n", ","),
    ],
)
def test_the_separator_is_the_sign_that_splits_evenly(tmp_path: Path, text: str, separator: str) -> None:
    assert sniff(made(tmp_path, text.encode())).separator == separator


def test_a_chosen_separator_overrules(tmp_path: Path) -> None:
    assert sniff(made(tmp_path, b"a,b|c\n"), separator="|").separator == "|"


@pytest.mark.parametrize(
    "content",
    [
        "<html><body><table><tr><td>1</td></tr></table>",
        "\ufeff <!-- made by a shop program -->\n<TABLE><tr><td>x",
        '<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01//EN"><html>',
    ],
)
def test_html_that_calls_itself_xls_is_html(tmp_path: Path, content: str) -> None:
    assert sniff(made(tmp_path, content.encode())).format == "html"


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (b"BEGIN:VCARD\nVERSION:3.0\nEND:VCARD\n", ""),
        ("\ufeffbegin:vCard\n".encode(), ""),
        (b"\r\n# sent by somebody\r\nBEGIN:VCARD\r\nFN:\xd5\xc5\r\n", ""),
        ("begin:vcard\n".encode("utf-16"), "utf-16"),
        ("begin:vcard\n".encode("utf-16-le"), "utf-16-le"),
        ("BEGIN:VCARD\n".encode("utf-16-be"), "utf-16-be"),
    ],
)
def test_phone_books_are_known_by_content(tmp_path: Path, content: bytes, encoding: str) -> None:
    found = sniff(made(tmp_path, content))
    assert (found.format, found.encoding) == ("vcf", encoding)


def test_a_phone_book_may_be_told_its_encoding(tmp_path: Path) -> None:
    path = made(tmp_path, b"BEGIN:VCARD\nFN:\xa4@\nEND:VCARD\n")
    assert sniff(path, encoding="Big5").encoding == "big5"
    for wrong in ("klingon", "base64"):
        with pytest.raises(NeedsEncoding) as raised:
            sniff(path, encoding=wrong)
        assert "big5hkscs" in raised.value.candidates


def test_a_table_that_speaks_of_phone_books_is_a_table(tmp_path: Path) -> None:
    assert sniff(made(tmp_path, b"Name,Note\nA,BEGIN:VCARD\nB,x\n")).format == "text"


def test_workbooks_are_known_by_content(tmp_path: Path) -> None:
    assert sniff(workbooks.xlsx(tmp_path / "a.csv", workbooks.sheet(""))).format == "xlsx"
    assert sniff(workbooks.ods(tmp_path / "b.txt", [["x"]])).format == "ods"
    assert sniff(workbooks.xls(tmp_path / "c.xlsx", [(0, 0, "x")])).format == "xls"
    assert sniff(made(tmp_path, b"\x09\x08\x10\x00\x00\x06\x05\x00" + b"\0" * 50)).format == "xls"


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", EmptyFile),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", NotATable),
        (b"{\\rtf1 hello}", NotATable),
        (b"<?xml version='1.0'?><Workbook/>", NotATable),
        (b"MIME-Version: 1.0\n", NotATable),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\0\0", NotATable),
        (b"\x89PNG\r\n\x1a\n" + b"\xe4\xb8\xad1 " * 90, NotATable),
        (b"\xff\xd8\xff\xe0" + b"JFIF picture, \xa5" * 90, NotATable),
        (b"GIF89a" + b" \xa5\xe9" * 90, NotATable),
        (b"RIFF\x24\x30\x40\x50WEBPVP8 \xa5\xe9", NotATable),
        (b"Rar!\x1a\x07\x01 \xa5\xe9", NotATable),
        (b"%PDF-1.7\n" + b"text \xa5\xe9\n" * 90, NotATable),
        (bytes(range(1, 9)) * 50, NotATable),
        (b"text at first\n" * 10_000 + b"\0\xff\xff", NotATable),
        (b"PK\x03\x04 and nothing more", DamagedFile),
        (workbooks.ole("WordDocument", b"x"), NotATable),
    ],
)
def test_what_is_no_table_gets_a_sentence(tmp_path: Path, content: bytes, error: type[CrmError]) -> None:
    with pytest.raises(error, match=r"clients\.xls"):
        sniff(made(tmp_path, content))


def test_another_zip_is_no_workbook(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "w.xlsx", "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    with pytest.raises(NotATable):
        sniff(tmp_path / "w.xlsx")


def test_a_missing_file_a_folder_a_pipe(tmp_path: Path) -> None:
    with pytest.raises(FileGone, match=r"gone\.xlsx"):
        sniff(tmp_path / "gone.xlsx")
    with pytest.raises(NotAFile):
        sniff(tmp_path)
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(NotAFile):
        sniff(tmp_path / "pipe.csv")


def test_a_path_that_the_system_refuses(tmp_path: Path) -> None:
    with pytest.raises(FileNotReadable):
        sniff(tmp_path / ("x" * 300))


def test_a_file_that_may_not_be_opened(tmp_path: Path) -> None:
    with pytest.raises(FileNotReadable):
        sniff(Path("/proc/self/mem"))  # an ordinary file whose first bytes nobody may read
