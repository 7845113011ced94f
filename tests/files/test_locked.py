"""Workbooks with a password: asked for, opened in memory only, and nothing about it is told to others."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from desktop_crm.files.child import Child
from desktop_crm.files.locked import EVERYBODYS
from desktop_crm.files.prescan import NO_VALUE, TooLarge
from desktop_crm.files.reading import Error, Row, look, read, stream
from desktop_crm.files.sniff import (
    DamagedFile,
    NeedsPassword,
    NotATable,
    PasswordProtected,
    WrongPassword,
    sniff,
)
from desktop_crm.files.wire import Message
from tests.files import workbooks
from tests.files.locked_workbooks import PASSWORD, lock

CELLS: list[tuple[int, int, object]] = [
    (0, 0, "姓名"),
    (0, 1, "手机"),
    (1, 0, "王建国"),
    (1, 1, 13800138000.0),
]
ROWS = [Row(1, ["姓名", "手机"]), Row(2, ["王建国", 13800138000])]


def xlsx(path: Path, password: str = PASSWORD) -> Path:
    """A locked .xlsx of the rows."""
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row.cells)
    book.active.row_dimensions[2].hidden = True
    book.save(path)
    return lock(path, password)


def xls(path: Path, password: str = PASSWORD) -> Path:
    """A locked .xls of the rows."""
    return workbooks.xls(path, CELLS, password=password)


@pytest.mark.parametrize("make", [xlsx, xls])
def test_a_workbook_with_a_password_is_read_with_it(tmp_path: Path, make: object) -> None:
    assert callable(make)
    path = make(tmp_path / "a.csv")
    with pytest.raises(NeedsPassword, match="Enter the password") as asked:
        read(path)
    assert not isinstance(asked.value, WrongPassword)
    with pytest.raises(WrongPassword, match="not the password"):
        read(path, password="guessed")
    (sheet,) = read(path, password=PASSWORD)
    assert sheet.rows == ROWS
    assert list(stream(path, password=PASSWORD)) == [ROWS]


@pytest.mark.parametrize("make", [xlsx, xls])
def test_one_that_is_only_protected_against_changes_asks_nobody(tmp_path: Path, make: object) -> None:
    assert callable(make)
    assert read(make(tmp_path / "a.xls", EVERYBODYS))[0].rows == ROWS


def test_a_password_for_a_workbook_without_one_does_not_matter(tmp_path: Path) -> None:
    assert read(workbooks.xls(tmp_path / "a.xls", CELLS), password="x")[0].rows == ROWS
    rows = '<row r="1"><c r="A1"><v>1</v></c></row>'
    assert read(workbooks.xlsx(tmp_path / "a.xlsx", workbooks.sheet(rows)), password="x")[0].rows == [
        Row(1, [1])
    ]


def test_what_is_looked_for_in_a_zip_is_looked_for_behind_the_password_too(tmp_path: Path) -> None:
    rows = (
        '<row r="1" hidden="1"><c r="A1" t="e"><v>#REF!</v></c></row>'
        '<row r="2"><c r="A2"><f>1+1</f></c><c r="B2"><v>45000</v></c></row>'
    )
    book = workbooks.BOOK.replace("<sheets>", '<workbookPr date1904="1"/><sheets>')
    path = lock(workbooks.xlsx(tmp_path / "a.xlsx", workbooks.sheet(rows), book=book))
    found = look(path, password=PASSWORD)
    assert found.sheets[0].rows == [Row(1, [Error("#REF!")]), Row(2, [Error(NO_VALUE), 45000])]
    assert (found.sheets[0].hidden_rows, found.date1904) == ({1}, True)


def test_a_bomb_behind_a_password(tmp_path: Path) -> None:
    extra = [("xl/media/x.png", b"\0" * (60 << 20))]
    path = lock(workbooks.xlsx(tmp_path / "a.xlsx", workbooks.sheet(""), extra=extra))
    with pytest.raises(TooLarge):
        read(path, password=PASSWORD)


def test_entities_behind_a_password(tmp_path: Path) -> None:
    path = lock(
        workbooks.xlsx(tmp_path / "a.xlsx", '<?xml version="1.0"?><!DOCTYPE a>' + workbooks.sheet(""))
    )
    with pytest.raises(DamagedFile):
        read(path, password=PASSWORD)


def test_a_far_corner_behind_a_password(tmp_path: Path) -> None:
    rows = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    path = lock(workbooks.xlsx(tmp_path / "a.xlsx", workbooks.sheet(rows)))
    (row,) = read(path, password=PASSWORD)[0].rows
    assert (row.number, len(row.cells)) == (1_048_576, 16_384)


def test_a_letter_behind_a_password_is_no_table(tmp_path: Path) -> None:
    path = tmp_path / "letter.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", workbooks.TYPES)
        archive.writestr("word/document.xml", "<w/>")
    with pytest.raises(NotATable):
        read(lock(path), password=PASSWORD)


def test_another_kind_of_workbook_behind_a_password_is_no_table(tmp_path: Path) -> None:
    path = workbooks.ods(tmp_path / "a.ods", [["x"]])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("[Content_Types].xml", workbooks.TYPES)
    with pytest.raises(NotATable):
        read(lock(path), password=PASSWORD)


def test_a_cipher_that_nobody_here_knows(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx")
    head = struct.pack("<HHI", 4, 4, 0x40)
    content = path.read_bytes()
    assert content.count(head) == 1
    path.write_bytes(content.replace(head, struct.pack("<HHI", 4, 3, 0x40)))
    with pytest.raises(PasswordProtected, match="without a password"):
        read(path, password=PASSWORD)


def test_a_broken_package(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbooks.ole("EncryptedPackage", b"x"))
    assert sniff(path).locked
    with pytest.raises(DamagedFile):
        read(path, password=PASSWORD)


def test_the_password_is_not_among_what_other_programs_see(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bytes] = []
    begin = Child.begin

    def listen(child: Child, *arguments: Any) -> Message:
        for each in ("cmdline", "environ"):
            seen.append(Path(f"/proc/{child._process.pid}/{each}").read_bytes())
        return begin(child, *arguments)

    monkeypatch.setattr(Child, "begin", listen)
    source = look(xlsx(tmp_path / "a.xlsx"), password=PASSWORD).source
    assert len(seen) >= 2
    assert all("秘密".encode() not in part and b"\\u79d8" not in part for part in seen)
    assert "秘密" not in repr(source)
    assert source.password == PASSWORD


def test_the_plain_content_never_lies_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "nowhere"))
    assert read(xls(tmp_path / "a.xls"), password=PASSWORD)[0].rows == ROWS
    assert read(xlsx(tmp_path / "a.xlsx"), password=PASSWORD)[0].rows == ROWS
