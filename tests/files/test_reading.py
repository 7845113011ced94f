"""Reading tables: values as they stand, row numbers as people see them, hostile files survived."""

from __future__ import annotations

import os
import random
import signal
import stat
import sys
import time
import zipfile
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from desktop_crm.base.errors import CrmError
from desktop_crm.files import child, lost, reader_child, reading, zips
from desktop_crm.files.prescan import NO_VALUE, Limits, TooLarge
from desktop_crm.files.reading import Error, Row, look, read, stream
from desktop_crm.files.sniff import DamagedFile, FileGone, NeedsEncoding, PasswordProtected, sniff
from tests.files import hostile, workbooks


def only_rows(path: Path, **choices: Any) -> list[Row]:
    """The rows of the only sheet."""
    (sheet,) = read(path, **choices)
    return sheet.rows


def saved(path: Path, cells: dict[str, Any], *, mac: bool = False) -> Path:
    """A workbook written by openpyxl."""
    book = openpyxl.Workbook()
    page = book.active
    for place, value in cells.items():
        page[place] = value
    if mac:
        book.epoch = CALENDAR_MAC_1904
    book.save(path)
    return path


def test_values_stay_what_they_are_in_xlsx(tmp_path: Path) -> None:
    path = saved(
        tmp_path / "a.xlsx",
        {
            "B3": " 王建国\t ",
            "C3": 13800138000,
            "D3": 12.5,
            "E3": True,
            "F3": date(2024, 1, 2),
            "G3": datetime(2024, 1, 2, 3, 4, 5),
            "H3": clock_time(3, 4),
            "I3": timedelta(hours=30),
            "J3": "13800138000.0",
            "K3": "'138",
            "L3": "_x0041_",
            "B5": "一\n二",
        },
    )
    assert only_rows(path) == [
        Row(
            3,
            [
                *(
                    None,
                    " 王建国\t ",
                    13800138000,
                    12.5,
                    True,
                    date(2024, 1, 2),
                    datetime(2024, 1, 2, 3, 4, 5),
                ),
                *(clock_time(3, 4), timedelta(hours=30), "13800138000.0", "'138", "A"),
            ],
        ),
        Row(5, [None, "一\n二"]),
    ]
    assert read(path)[0].first_row == 3


def test_dates_of_1904_workbooks_are_right(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.xlsx", {"A1": date(1985, 5, 15), "B1": 29720}, mac=True)
    book = look(path)
    assert book.date1904
    assert book.sheets[0].rows == [Row(1, [date(1985, 5, 15), 29720])]


def test_lost_values_are_marked_and_never_empty(tmp_path: Path) -> None:
    rows = (
        '<row r="2"><c r="B2" t="e"><v>#REF!</v></c></row>'
        '<row r="4"><c r="A4"><v>7</v></c><c r="B4" t="e"><v>#N/A</v></c><c r="D4"><f>A4+1</f></c></row>'
        '<row r="5"><c r="A5"><f t="shared" si="0"/><v></v></c><c r="B5" t="str"><f>""</f><v></v></c>'
        '<c r="C5"><f>A4</f><v>7</v></c></row>'
        '<row r="9"><c r="C9" t="e"/><c r="A9" t="e"><f>1/0</f></c></row>'
    )
    assert only_rows(workbooks.xlsx(tmp_path / "a.xlsx", workbooks.sheet(rows))) == [
        Row(2, [None, Error("#REF!")]),
        Row(4, [7, Error("#N/A"), None, Error(NO_VALUE)]),
        Row(5, [Error(NO_VALUE), None, 7]),
        Row(9, [Error("#VALUE!"), None, Error("#VALUE!")]),
    ]


def test_lost_values_are_marked_in_other_spellings_of_xml(tmp_path: Path) -> None:
    xml = (
        f"<x:worksheet xmlns:x='{workbooks.MAIN}'><x:sheetData><x:row r='2' hidden='1'><x:c r='A2'><x:v>1</x:v></x:c>"
        "<x:c t='e' r='AB2'><x:v>#NAME?</x:v></x:c><x:c r='C2'><x:f>A2</x:f></x:c></x:row></x:sheetData></x:worksheet>"
    )
    (sheet,) = read(workbooks.xlsx(tmp_path / "a.xlsx", xml))
    assert sheet.rows == [Row(2, [1, None, Error(NO_VALUE), *[None] * 24, Error("#NAME?")])]
    assert sheet.hidden_rows == {2}
    assert sheet.name == "客户 & 线索"


def test_hidden_sheets_and_rows_are_told(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    page["A1"], page["A2"] = "a", "b"
    page.row_dimensions[2].hidden = True
    book.create_sheet("旧").sheet_state = "hidden"
    book.create_chartsheet("图")
    book.save(tmp_path / "a.xlsx")
    sheets = read(tmp_path / "a.xlsx")
    assert [(sheet.name, sheet.hidden, sheet.first_row) for sheet in sheets] == [
        ("Sheet", False, 1),
        ("旧", True, 0),
    ]
    assert sheets[0].hidden_rows == {2}


def test_rows_out_of_order_are_not_lost(tmp_path: Path) -> None:
    rows = '<row r="5"><c r="A5"><v>5</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>'
    assert [row.number for row in only_rows(workbooks.xlsx(tmp_path / "a.xlsx", workbooks.sheet(rows)))] == [
        2,
        5,
    ]


def test_a_cell_in_the_farthest_corner_is_read(tmp_path: Path) -> None:
    rows = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c><c r="B1"/><c r="C1" t="e"><v>#N/A</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c><c r="A1048576" s="1"><v>45000</v></c></row>'
    )
    path = workbooks.xlsx(tmp_path / "a.xlsx", workbooks.sheet(rows))
    first, last = only_rows(path)
    assert first == Row(1, ["姓名", None, Error("#N/A")])
    assert (last.number, len(last.cells), last.cells[-1]) == (1_048_576, 16_384, 1)
    assert list(stream(path, "客户 & 线索")) == [[first, last]]


def test_the_sparse_reader_gives_days_as_the_fast_one(tmp_path: Path) -> None:
    path = saved(
        tmp_path / "a.xlsx", {"A1": date(2024, 1, 2), "B1": datetime(2024, 1, 2, 3, 4), "XFD1048576": "far"}
    )
    assert only_rows(path)[0] == Row(1, [date(2024, 1, 2), datetime(2024, 1, 2, 3, 4)])


def test_only_the_first_rows_of_each_sheet(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("姓名,手机\n" + "王,1\n" * 50)
    book = look(path, rows=3)
    assert [row.number for row in book.sheets[0].rows] == [1, 2, 3]
    assert (book.source.encoding, book.source.separator) == ("utf-8", ",")


def test_xls_values_errors_and_days(tmp_path: Path) -> None:
    cells = [
        (0, 0, "姓名"), (0, 1, 13800138000.0), (0, 2, True), (0, 3, ("error", 0x2A)), (0, 4, ("day", 31182)),
        (0, 5, ("day", 31182.25)), (0, 6, ("day", 0.5)), (0, 7, ("day", -5)), (2, 0, 1.5), (2, 1, ("error", 99)),
    ]  # fmt: skip
    assert only_rows(workbooks.xls(tmp_path / "a.csv", cells)) == [
        Row(
            1,
            [
                "姓名",
                13800138000,
                True,
                Error("#N/A"),
                date(1985, 5, 15),
                datetime(1985, 5, 15, 6),
                clock_time(12),
                -5,
            ],
        ),
        Row(3, [1.5, Error("#VALUE!")]),
    ]
    book = look(workbooks.xls(tmp_path / "b.xls", [(0, 0, ("day", 31182 - 1462))], date1904=True))
    assert book.date1904
    assert book.sheets[0].rows[0].cells == [date(1985, 5, 15)]


def test_a_broken_xls(tmp_path: Path) -> None:
    path = workbooks.xls(tmp_path / "a.xls", [(0, 0, "x" * 3000)])
    path.write_bytes(path.read_bytes()[:1600])
    with pytest.raises(DamagedFile):
        read(path)


def test_ods(tmp_path: Path) -> None:
    assert only_rows(workbooks.ods(tmp_path / "a.xlsx", [["姓名", "手机"], ["王", "138"]])) == [
        Row(1, ["姓名", "手机"]),
        Row(2, ["王", "138"]),
    ]
    (tmp_path / "b.ods").write_bytes(
        (tmp_path / "a.xlsx").read_bytes().replace(b"table:table ", b"table:tabbe ")
    )
    with pytest.raises(DamagedFile):
        read(tmp_path / "b.ods")


TRAPS = [
    "13800138000.0", "1.38001E+10", "'13800138000", "\t13800138000", '="13800138000"', "+86 138-0013-8000",
    "１３８", "010-88888888转801", "NA", "None", "007", "310101199001011234", " x\u3000", "\u200b王\xa0",
]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_text_comes_verbatim(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(("姓名,备注\r\n" + "".join(f"王,{trap}\r\n" for trap in TRAPS)).encode(encoding))
    rows = only_rows(path)
    assert [row.cells[1] for row in rows[1:]] == TRAPS
    assert rows[-1].number == len(TRAPS) + 1


def test_gbk_tab_text_with_blank_and_broken_lines(tmp_path: Path) -> None:
    path = tmp_path / "礼品.csv"
    path.write_bytes('姓名\t"备注"\n\n王\t"一\n二 ""三"""\n喆\t\t\n'.encode("gb18030"))
    assert only_rows(path) == [Row(1, ["姓名", "备注"]), Row(3, ["王", '一\n二 "三"']), Row(4, ["喆"])]


def test_big5_is_read_when_told(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("姓名,電話\n陳國榮,1\n許雅婷,2\n".encode("big5"))
    with pytest.raises(NeedsEncoding):
        read(path)
    assert only_rows(path, encoding="big5hkscs")[1] == Row(2, ["陳國榮", "1"])


def test_the_separator_line_of_excel_is_no_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("sep=;\na;b\n")
    assert only_rows(path) == [Row(1, ["a", "b"])]


def test_an_open_quotation_mark_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('name,note\nbob,"5 inch\nann,x\n')
    with pytest.raises(reading.QuotesNotClosed, match="line 3"):
        read(path)


def test_html_tables(tmp_path: Path) -> None:
    path = tmp_path / "会员.xls"
    path.write_bytes(
        "<html><style>td{x}</style><body>x<td>lost</td><table><tr><th colspan=2>会员<br>名单</th><th colspan=x>A&amp;B"
        "<tr><td> 王\n建国 <td>138<script>evil()</script><td><table><td>inner</table></td></tr></table></table>"
        "<table></table></body></html>".encode("gbk")
    )
    outer, inner = read(path)
    assert outer.rows == [Row(1, ["会员\n名单", None, "A&B"]), Row(2, ["王 建国", "138"])]
    assert inner.rows == [Row(1, ["inner"])]
    path.write_text("<html><p>no table</p>")
    with pytest.raises(DamagedFile):
        read(path)


def test_a_sheet_by_name_by_place_and_one_that_is_not_there(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "one"
    book.create_sheet("二")["A1"] = "two"
    book.save(tmp_path / "a.xlsx")
    assert [chunk[0].cells for chunk in stream(tmp_path / "a.xlsx", "二")] == [["two"]]
    assert [chunk[0].cells for chunk in stream(tmp_path / "a.xlsx", 0)] == [["one"]]
    with pytest.raises(reading.NoSuchSheet, match="“三”"):
        list(stream(tmp_path / "a.xlsx", "三"))


def test_rows_stream_in_chunks(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("".join(f"{number},x\n" for number in range(2500)))
    chunks = list(stream(path))
    assert [len(chunk) for chunk in chunks] == [1000, 1000, 500]
    assert chunks[2][0] == Row(2001, ["2000", "x"])


def test_all_sheets_flow_with_one_parsing(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "one"
    book.create_sheet("空")
    book.create_sheet("二")["A1"] = "two"
    book.save(tmp_path / "a.xlsx")
    found = [(look.sheets[place].name, rows) for look, place, rows in reading.flow(tmp_path / "a.xlsx")]
    assert found == [("Sheet", [Row(1, ["one"])]), ("空", []), ("二", [Row(1, ["two"])])]


def children() -> set[int]:
    """Process ids of our child processes (Linux)."""
    found: set[int] = set()
    for task in Path("/proc/self/task").iterdir():
        found.update(map(int, (task / "children").read_text().split()))
    return found


def long_text(tmp_path: Path) -> Path:
    """A text of many chunks."""
    path = tmp_path / "long.csv"
    path.write_text("name,note\n" + "bob," * 3 + "\n" + "ann,a rather long note\n" * 200_000)
    return path


def test_closing_the_iterator_ends_the_child(tmp_path: Path) -> None:
    before = children()
    rows = stream(long_text(tmp_path))
    next(rows)
    assert len(children() - before) == 1
    rows.close()  # type: ignore[attr-defined]  # a generator
    assert children() <= before


def test_a_killed_child_is_told_after_the_first_chunk(tmp_path: Path) -> None:
    before = children()
    rows = stream(long_text(tmp_path))
    next(rows)
    (pid,) = children() - before
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(reading.ReaderDied, match="the program itself is unharmed"):
        list(rows)


def test_a_file_that_disappears_meanwhile(tmp_path: Path) -> None:
    before = children()
    path = long_text(tmp_path)
    rows = stream(path)
    next(rows)
    path.unlink()
    (pid,) = children() - before
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(FileGone):
        list(rows)


def test_too_little_memory_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('"' + "x" * 60_000_000 + '",y\n')
    with pytest.raises(TooLarge):
        read(path, limits=Limits(memory=250 << 20))


def test_no_memory_at_all_is_told(tmp_path: Path) -> None:
    with pytest.raises(TooLarge):
        read(saved(tmp_path / "a.xlsx", {"A1": 1}), limits=Limits(memory=1 << 20))


def test_a_slow_child_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "_TICK", 0.005)
    path = saved(tmp_path / "a.xlsx", {"A1": 1})
    with pytest.raises(reading.ReaderTooSlow):
        read(path, limits=Limits(seconds=-1))


def test_our_own_slowness_does_not_count(tmp_path: Path) -> None:
    sizes = []
    for chunk in stream(long_text(tmp_path), limits=Limits(seconds=1.5)):
        sizes.append(len(chunk))
        if len(sizes) in (2, 4):
            time.sleep(1.7)  # the point of the test: time in which nobody waits for the child
    assert sum(sizes) == 200_002


def test_a_file_over_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n")
    with pytest.raises(TooLarge):
        read(path, limits=Limits(file=3))


def test_a_zip_bomb(tmp_path: Path) -> None:
    path = workbooks.xlsx(
        tmp_path / "a.xlsx", workbooks.sheet(""), extra=[("xl/media/x.png", b"\0" * (60 << 20))]
    )
    with pytest.raises(TooLarge, match="Nothing was changed"):
        read(path)
    with pytest.raises(TooLarge):
        read(path, limits=Limits(unpacked=1000, ratio_from=1 << 40))


@pytest.mark.parametrize(
    "sheet_xml",
    [
        '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]>'
        + workbooks.sheet("")[21:],
        workbooks.sheet("").encode("utf-16"),
        b"\0",
        "no xml at all",
        workbooks.sheet('<row r="1"><c r="A1"><v>1</c></row>'),
    ],
)
def test_hostile_and_broken_xml(tmp_path: Path, sheet_xml: str | bytes) -> None:
    path = workbooks.xlsx(tmp_path / "a.xlsx", sheet_xml)
    with pytest.raises(DamagedFile):
        read(path)
    with pytest.raises(DamagedFile):
        list(stream(path))


def test_a_cell_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop_crm.files.prescan._LONGEST_CELL", 1000)
    rows = f'<row r="1" spans="{" " * 3000}"/>'
    with pytest.raises(TooLarge):
        read(workbooks.xlsx(tmp_path / "a.xlsx", workbooks.sheet(rows)))


def test_a_vast_attribute_is_survived(tmp_path: Path) -> None:
    rows = f'<row r="1"><c r="A1" x="{"y" * 2_000_000}"><v>1</v></c></row>'
    assert only_rows(workbooks.xlsx(tmp_path / "a.xlsx", workbooks.sheet(rows))) == [Row(1, [1])]


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.99])
def test_a_truncated_workbook(tmp_path: Path, share: float) -> None:
    path = saved(tmp_path / "a.xlsx", {"A1": "x" * 1000})
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(DamagedFile):
        read(path)


def test_a_flipped_bit_in_a_part(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.xlsx", {"A1": "x" * 1000})
    with zipfile.ZipFile(path) as archive:
        place = archive.getinfo("xl/worksheets/sheet1.xml").header_offset + 80
    content = bytearray(path.read_bytes())
    content[place] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(DamagedFile):
        read(path)


def test_a_workbook_without_its_relations(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(DamagedFile):
        read(tmp_path / "a.xlsx")


def test_a_zip_cut_between_two_looks(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.xlsx", {"A1": 1})
    source = sniff(path)
    path.write_bytes(b"PK\x03\x04")
    with pytest.raises(DamagedFile):
        reading._Reading(source, Limits())


def test_mutants_get_a_verdict_each(tmp_path: Path) -> None:
    content = saved(tmp_path / "a.xlsx", {"A1": "姓名", "B1": 5, "C2": date(2024, 1, 2)}).read_bytes()
    chance = random.Random(5)
    verdicts = {"read": 0, "refused": 0}
    for _round in range(12):
        mutant = bytearray(content)
        for _flip in range(3):
            mutant[chance.randrange(len(mutant))] = chance.randrange(256)
        (tmp_path / "m.xlsx").write_bytes(mutant)
        try:
            read(tmp_path / "m.xlsx")
            verdicts["read"] += 1
        except CrmError:
            verdicts["refused"] += 1
    assert sum(verdicts.values()) == 12
    assert verdicts["refused"] > 0


def test_a_packaged_program_starts_itself_as_the_child(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "desktop-crm"
    program.write_text(
        f'#!/bin/sh\n[ "$1" = "{reader_child.FLAG}" ] && exec {sys.executable} -m {reader_child.__name__} "$2"\n'
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(program))
    (tmp_path / "a.csv").write_text("a,b\n")
    assert only_rows(tmp_path / "a.csv") == [Row(1, ["a", "b"])]


def test_the_child_goes_when_the_parent_never_asks(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n")
    job = {"path": str(tmp_path / "a.csv"), "engine": "text", "encoding": "utf-8", "separator": ","}
    process = child.Child({**job, "sheet": None, "rows": None, "memory": 1 << 30}, 20)
    assert process._process.stdin is not None
    process._process.stdin.close()
    assert process._process.wait(20) == 0
    process.close()


def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: bytes) -> None:
    """A child that answers with these bytes and nothing else."""
    (tmp_path / "answer").write_bytes(answer)
    program = tmp_path / "desktop-crm"
    program.write_text(f"#!/bin/sh\ncat '{tmp_path}/answer'\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(program))


@pytest.mark.parametrize("answer", [b"", b"\2", b"\2\0\0\0", b"\2\0\0\0(\xff", b"\1\0\0\0["])
def test_a_child_that_talks_nonsense(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: bytes) -> None:
    (tmp_path / "a.csv").write_text("a,b\n")
    stand_in(tmp_path, monkeypatch, answer)
    with pytest.raises(reading.ReaderDied):
        read(tmp_path / "a.csv")


@pytest.mark.parametrize("name", ["a.xls", "a.csv", "a", "a.xlsm"])
def test_a_workbook_is_read_under_any_name(tmp_path: Path, name: str) -> None:
    saved(tmp_path / "a.xlsx", {"A1": "x"}).rename(tmp_path / name)
    assert only_rows(tmp_path / name) == [Row(1, ["x"])]
    far = saved(tmp_path / "b.xlsx", {"A1": "x", "XFD1048576": "far"}).rename(tmp_path / ("far" + name))
    assert only_rows(far)[0] == Row(1, ["x"])


def test_an_encrypted_ods(tmp_path: Path) -> None:
    path = workbooks.ods(tmp_path / "a.ods", [["x"]], manifest=workbooks.ENCRYPTED)
    with pytest.raises(PasswordProtected):
        read(path)


def test_both_readers_refusing_is_damage(tmp_path: Path) -> None:
    cell = (
        '<row r="1"><c r="A1" t="s"><v>99</v></c></row><row r="1048576"><c r="XFD1048576"><v>x</v></c></row>'
    )
    with pytest.raises(DamagedFile):
        read(workbooks.xlsx(tmp_path / "a.xlsx", workbooks.sheet(cell)))
    styles = [("xl/styles.xml", "<no/>"), ("xl/sharedStrings.xml", "<<<")]
    with pytest.raises(DamagedFile):
        read(workbooks.xlsx(tmp_path / "b.xlsx", workbooks.sheet(cell), extra=styles))


def test_a_day_beyond_the_calendar_stays_a_number_in_xls(tmp_path: Path) -> None:
    assert only_rows(workbooks.xls(tmp_path / "a.xls", [(0, 0, ("day", 3e9))])) == [Row(1, [3_000_000_000])]


def test_a_row_that_holds_nothing_but_a_lost_value_at_the_end(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="B1"><v>1</v></c></row><row r="3"><c r="A3"><f>B1</f></c></row>'
    assert only_rows(workbooks.xlsx(tmp_path / "a.xlsx", workbooks.sheet(rows))) == [
        Row(1, [None, 1]),
        Row(3, [Error(NO_VALUE)]),
    ]


def test_a_part_that_is_there_twice(tmp_path: Path) -> None:
    hostile.FILES["same part twice.xlsx"][0](tmp_path / "a.xlsx")
    with pytest.raises(DamagedFile):
        read(tmp_path / "a.xlsx")


def test_more_lost_values_than_anybody_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lost, "_MOST", 1)
    rows = '<row r="1"><c r="A1" t="e"><v>#N/A</v></c><c r="B1" t="e"><v>#N/A</v></c></row>'
    with pytest.raises(TooLarge):
        read(workbooks.xlsx(tmp_path / "a.xlsx", workbooks.sheet(rows)))


def test_a_look_that_takes_too_long(tmp_path: Path) -> None:
    with pytest.raises(reading.ReaderTooSlow):
        read(saved(tmp_path / "a.xlsx", {"A1": 1}), limits=Limits(all_seconds=-1))


def test_a_list_of_parts_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zips, "_LONGEST_DIRECTORY", 100)
    with pytest.raises(DamagedFile):
        read(saved(tmp_path / "a.xlsx", {"A1": 1}))


def test_sheets_without_end(tmp_path: Path) -> None:
    (tmp_path / "a.xls").write_text("<html>" + "<table><tr><td>x</table>" * 2001)
    with pytest.raises(TooLarge):
        read(tmp_path / "a.xls")


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (",".join(["x" * 60] * 17_000), "Row 2 of a.csv has more columns"),
        ("x" * 1_100_000, "A cell in row 2"),
    ],
)
def test_rows_that_no_spreadsheet_could_hold(tmp_path: Path, row: str, words: str) -> None:
    (tmp_path / "a.csv").write_text(f"name,phone\n{row},y\n")
    with pytest.raises(reading.TooUnhandy, match=words):
        read(tmp_path / "a.csv")


def test_a_message_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "_LONGEST_MESSAGE", 500)
    (tmp_path / "a.csv").write_text("name,phone\n" * 200)
    with pytest.raises(TooLarge):
        read(tmp_path / "a.csv")


def test_wide_rows_come_in_small_chunks(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text((",".join(["x"] * 1000) + "\n") * 120)
    assert [len(chunk) for chunk in stream(tmp_path / "a.csv")] == [51, 51, 18]


def test_long_rows_come_in_small_chunks(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"{'x' * 40_000},y\n" * 1300)
    sizes = [len(chunk) for chunk in stream(tmp_path / "a.csv")]
    assert (sizes[0], sizes[1], sum(sizes)) == (1000, 104, 1300)
