"""Bad rows go back: the person's own workbook with nothing lost but the others' rows, and mended it just works."""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.formatting.rule import ColorScaleRule, FormulaRule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.views import SheetView

from desktop_crm.files import reading, rejects
from desktop_crm.files.atomic import FolderMissing
from desktop_crm.files.sniff import stamp_of
from desktop_crm.importing import plan
from desktop_crm.importing.columns import REJECT_HEADING
from desktop_crm.shop import Shop
from tests.files import workbooks
from tests.files.locked_workbooks import PASSWORD, lock
from tests.importing.sheets import counts, rehearsed, text

LOST = "1.38E+10"
"""A telephone number whose digits are gone: a bad row."""
Page = Any  # openpyxl has no types


def members(path: Path, change: Callable[[Page], None] = lambda page: None, *, mac: bool = False) -> Path:
    """A sheet as a shop keeps it: a joined title, headings, and one bad row among three, the fifth of the sheet."""
    book = openpyxl.Workbook()
    if mac:
        book.epoch = CALENDAR_MAC_1904
    page = book.active
    page.title = "会员 & 客户"
    for row in (
        ["星河手机店 会员表"],
        ["姓名", "手机", "生日", "储值", "合计"],
        ["张三", 13800000001, datetime(1985, 5, 15), 10.5, "=D3*2"],
        ["王五", 13800000003, datetime(1985, 5, 16), 11.5, "=D4*2"],
        ["李四", LOST, datetime(1985, 5, 17), 1234.5, "=D5*2"],
    ):
        page.append(row)
    page.merge_cells("A1:E1")
    page["A1"].font = Font(size=18, bold=True)
    page["A1"].alignment = Alignment(horizontal="center")
    for cell in page[2]:
        cell.font, cell.fill = Font(bold=True, color="FFFFFFFF"), PatternFill("solid", fgColor="FF3344AA")
    for row in page.iter_rows(min_row=3):
        row[2].number_format, row[3].number_format = "yyyy年m月d日", "¥#,##0.00"
        row[0].font = Font(name="楷体", italic=True)
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 23, 17
    page.row_dimensions[2].height = 33
    page.freeze_panes = "B3"
    page.auto_filter.ref = "A2:E5"
    change(page)
    book.save(path)
    return path


def returned(shop: Shop, path: Path, out: Path, **wishes: Any) -> Page:  # keyword arguments of `rehearse`
    """The sheet that comes back."""
    with plan.rehearse(shop, path, **wishes) as found:
        assert plan.write_rejects(found, out) == found.counts["bad"] > 0
    return openpyxl.load_workbook(out).active


def values(page: Page) -> list[list[Any]]:
    """What stands in the cells, row by row."""
    return [[cell.value for cell in row] for row in page.iter_rows()]


REASON = "手机: The digits of 1.38E+10 are lost. Take the number from another source."


def test_an_own_workbook_comes_back_with_its_looks(shop: Shop, tmp_path: Path) -> None:
    page = returned(shop, members(tmp_path / "a.xlsx"), tmp_path / "out.xlsx")
    assert page.title == "会员 & 客户"
    title, headings, row = values(page)
    assert title == ["星河手机店 会员表", None, None, None, None, None]
    assert headings == ["姓名", "手机", "生日", "储值", "合计", REJECT_HEADING]
    assert row[:5] == ["李四", LOST, datetime(1985, 5, 17), 1234.5, None]
    assert row[5].startswith("手机: ")
    assert page["A1"].font.size == 18
    assert page["A1"].alignment.horizontal == "center"
    assert [str(joined) for joined in page.merged_cells.ranges] == ["A1:E1"]
    assert (page["B2"].font.color.rgb, page["B2"].fill.fgColor.rgb) == ("FFFFFFFF", "FF3344AA")
    assert (page["C3"].number_format, page["D3"].number_format) == ("yyyy年m月d日", "¥#,##0.00")
    assert (page["A3"].font.name, page["A3"].font.italic) == ("楷体", True)
    widths = [page.column_dimensions[letter].width for letter in "ABF"]
    assert widths == [23, 17, 60]
    assert page.row_dimensions[2].height == 33
    assert (page.freeze_panes, page.auto_filter.ref) == ("B3", "A2:E3")
    for place in ("F2", "F3"):
        assert page[place].font.color.rgb == "FFB42318"
        assert page[place].fill.fgColor.rgb == "FFFEF3F2"
    assert (page["F2"].font.bold, page["F3"].alignment.wrap_text) == (True, True)


def test_nobody_elses_data_goes_along(shop: Shop, tmp_path: Path) -> None:
    def more(page: Page) -> None:
        page.parent.create_sheet("其他")["A1"] = "张三的秘密"
        page["A3"].comment = Comment("张三很有钱", "x")

    page = returned(shop, members(tmp_path / "a.xlsx", more), tmp_path / "out.xlsx")
    assert page.parent.sheetnames == ["会员 & 客户"]
    with zipfile.ZipFile(tmp_path / "out.xlsx") as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist()).decode()
    assert "李四" in everything
    assert "张三" not in everything
    assert "王五" not in everything


def test_mended_and_imported_again_it_just_works(shop: Shop, tmp_path: Path) -> None:
    returned(shop, members(tmp_path / "a.xlsx"), tmp_path / "out.xlsx")
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    book.active["B3"] = 13800000002
    book.save(tmp_path / "out.xlsx")
    with plan.rehearse(shop, tmp_path / "out.xlsx") as again:
        assert counts(again) == {"new": 1}
        assert (again.layout.header_row, again.layout.mapping[REJECT_HEADING]) == (2, "")
        assert plan.rows(again)[0].number == 3
        assert plan.apply(shop, again)


def test_what_was_said_of_the_columns_holds_for_the_mended_rows(shop: Shop, tmp_path: Path) -> None:
    rows = [["姓名", "手机", "备用"], ["张三", 13800000001, "vip"], ["李四", LOST, "vip"]]
    with rehearsed(shop, rows, mapping={"备用": "source"}) as found:
        plan.write_rejects(found, tmp_path / "out.xlsx")
        plan.apply(shop, found)
    with plan.rehearse(shop, tmp_path / "out.xlsx") as again:
        assert again.layout.mapping["备用"] == "source"


def test_rows_that_are_still_bad_keep_one_column_of_reasons(shop: Shop, tmp_path: Path) -> None:
    first = tmp_path / "out.xlsx"
    returned(shop, members(tmp_path / "a.xlsx"), first)
    page = returned(shop, first, tmp_path / "again.xlsx")
    assert [cell.value for cell in page[2]].count(REJECT_HEADING) == 1
    assert page.max_column == 6
    assert page["F3"].value.startswith("手机: ")
    assert page["F3"].font.color.rgb == "FFB42318"


def test_rows_of_an_xls_that_are_still_bad_keep_one_column_of_reasons(shop: Shop, tmp_path: Path) -> None:
    cells = [
        (0, 0, "姓名"),
        (0, 1, "手机"),
        (0, 2, REJECT_HEADING),
        (1, 0, "李四"),
        (1, 1, LOST),
        (1, 2, "old"),
    ]
    page = returned(shop, workbooks.xls(tmp_path / "a.xls", cells), tmp_path / "out.xlsx")
    assert values(page)[0] == ["姓名", "手机", REJECT_HEADING]
    assert page["C2"].value.startswith("手机: ")


def test_two_rows_of_headings_and_empty_ones_stay(shop: Shop, tmp_path: Path) -> None:
    rows = [[], ["基本", None, "其他"], ["姓名", "手机", "生日"], [], ["李四", LOST, "5月15日"]]
    with rehearsed(shop, rows) as found:
        assert found.layout.header_row == 3
        plan.write_rejects(found, tmp_path / "out.xlsx")
    with plan.rehearse(shop, tmp_path / "out.xlsx") as again:
        assert (again.layout.header_row, counts(again)) == (3, {"bad": 1})
        assert [row.number for row in plan.rows(again)] == [4]
    page = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    assert page["D3"].value == REJECT_HEADING
    assert page["A2"].value == "基本"


def test_hidden_rows_and_protection_do_not_hinder_mending(shop: Shop, tmp_path: Path) -> None:
    def hide(page: Page) -> None:
        page.row_dimensions[5].hidden = True
        page.protection.sheet = True
        page.protection.password = "x"
        page.row_dimensions[1].hidden = True
        page.views.sheetView.append(SheetView(workbookViewId=0, topLeftCell="C4"))

    page = returned(shop, members(tmp_path / "a.xlsx", hide), tmp_path / "out.xlsx")
    assert not page.row_dimensions[3].hidden
    assert not page.protection.sheet
    assert page.row_dimensions[1].hidden  # above the data everything stays as it was
    assert len(page.views.sheetView) == 1


def test_joined_cells_follow_their_row(shop: Shop, tmp_path: Path) -> None:
    def join(page: Page) -> None:
        page.merge_cells("C5:D5")
        page.merge_cells("A3:A4")
        page.merge_cells("D4:E4")
        page.merge_cells("D2:H2")

    page = returned(shop, members(tmp_path / "a.xlsx", join), tmp_path / "out.xlsx")
    assert sorted(str(joined) for joined in page.merged_cells.ranges) == ["A1:E1", "C3:D3"]


def test_cells_joined_with_rows_above_come_back_filled(shop: Shop, tmp_path: Path) -> None:
    def join(page: Page) -> None:
        page["A4"].value, page["A4"].font = "李四", Font(name="黑体")
        page.merge_cells("A4:A5")
        page.merge_cells("C3:C5")
        page.merge_cells("D3:D5")
        page.merge_cells("F3:F5")
        page["F3"] = "vip"
        page["H5"] = "x"

    page = returned(shop, members(tmp_path / "a.xlsx", join), tmp_path / "out.xlsx")
    assert values(page)[2][:8] == ["李四", LOST, datetime(1985, 5, 15), None, None, "vip", None, "x"]
    assert page["A3"].font.name == "黑体"
    assert [str(joined) for joined in page.merged_cells.ranges] == ["A1:E1"]


def test_lists_and_colours_follow_the_rows(shop: Shop, tmp_path: Path) -> None:
    def rules(page: Page) -> None:
        for formula, ranges in (
            ('"男,女"', "E3:E99 E2"),
            ("Sheet2!$A$1:$A$3", "D3:D99"),
            ('"a,b"', "D9:D99"),
        ):
            rule = DataValidation(type="list", formula1=formula)
            page.add_data_validation(rule)
            for part in ranges.split():
                rule.add(part)
        page.conditional_formatting.add(
            "D3:D99", ColorScaleRule("min", None, "FFFF0000", end_type="max", end_color="FF00FF00")
        )
        page.conditional_formatting.add("A3:A5", FormulaRule(["$B$1>3"]))

    page = returned(shop, members(tmp_path / "a.xlsx", rules), tmp_path / "out.xlsx")
    (rule,) = page.data_validations.dataValidation
    assert (rule.formula1, sorted(str(rule.sqref).split())) == ('"男,女"', ["E2", "E3"])
    assert [str(found.sqref) for found in page.conditional_formatting] == ["D3"]


def test_tables_links_and_extra_views_stay_behind(shop: Shop, tmp_path: Path) -> None:
    def more(page: Page) -> None:
        page.merged_cells.ranges = set()
        page.auto_filter.ref = None
        page.add_table(Table(displayName="T", ref="A2:E5"))
        page["A5"].hyperlink = "https://example.com"

    page = returned(shop, members(tmp_path / "a.xlsx", more), tmp_path / "out.xlsx")
    assert (page.tables, page["A3"].hyperlink, page["A3"].value) == ({}, None, "李四")


def test_one_row_of_many_comes_back(shop: Shop, tmp_path: Path) -> None:
    def more(page: Page) -> None:
        for number in range(1200):
            page.append([f"赵{number}", 13800001000 + number])
        page.append(["孙六", LOST])

    page = returned(shop, members(tmp_path / "a.xlsx", more), tmp_path / "out.xlsx")
    assert [row[0] for row in values(page)][2:] == ["李四", "孙六"]


def test_days_of_1904_stay_the_same_days(shop: Shop, tmp_path: Path) -> None:
    page = returned(shop, members(tmp_path / "a.xlsx", mac=True), tmp_path / "out.xlsx")
    assert page["C3"].value == datetime(1985, 5, 17)


def test_an_xls_comes_back_with_its_looks(shop: Shop, tmp_path: Path) -> None:
    cells = [
        (0, 0, "会员表"), (1, 0, "姓名"), (1, 1, "手机"), (1, 2, "生日"), (1, 3, "备注"), (1, 4, "VIP"),
        (2, 0, "张三"), (2, 1, 13800000001.0),
        (3, 0, "李四"), (3, 1, LOST), (3, 2, ("day", 31184)), (3, 3, "=1+1"), (3, 4, True), (3, 5, ("error", 0x17)),
        (2, 6, "同"), (2, 7, 5.0), (2, 8, ("day", 31184)), (2, 9, "5元"),
    ]  # fmt: skip
    tall = [(2, 3, column, column) for column in (6, 7, 8, 9)]
    path = workbooks.xls(tmp_path / "a.xls", cells, looks=True, merged=tall)
    page = returned(shop, path, tmp_path / "out.xlsx")
    assert page.title == "客户"
    assert values(page)[:2] == [
        ["会员表", *[None] * 10],
        ["姓名", "手机", "生日", "备注", "VIP", *[None] * 5, REJECT_HEADING],
    ]
    assert values(page)[2][:6] == ["李四", LOST, datetime(1985, 5, 17), "=1+1", True, "#REF!"]
    assert values(page)[2][6:10] == ["同", None, datetime(1985, 5, 17), None]
    assert page["D3"].data_type == "s"
    cell = page["A3"]
    assert (cell.font.name, cell.font.size, cell.font.bold, cell.font.color.rgb) == (
        "宋体",
        14,
        True,
        "FFFF0000",
    )
    assert (cell.alignment.horizontal, cell.alignment.vertical) == ("center", "center")
    assert (cell.fill.fgColor.rgb, cell.border.bottom.style) == ("FFFFFF00", "thin")
    assert (page.column_dimensions["A"].width, page.row_dimensions[1].height) == (25, 35)
    assert (page.freeze_panes, [str(joined) for joined in page.merged_cells.ranges]) == ("B3", ["A1:B1"])
    assert page["K3"].font.color.rgb == "FFB42318"
    assert page["K3"].value.startswith("手机: ")
    with plan.rehearse(shop, tmp_path / "out.xlsx") as again:
        assert (again.layout.header_row, counts(again)) == (2, {"bad": 1})


def test_days_of_a_1904_xls_stay_the_same_days(shop: Shop, tmp_path: Path) -> None:
    cells = [
        (0, 0, "姓名"),
        (0, 1, "手机"),
        (0, 2, "生日"),
        (1, 0, "李四"),
        (1, 1, LOST),
        (1, 2, ("day", 31184 - 1462)),
    ]
    page = returned(
        shop, workbooks.xls(tmp_path / "a.xls", cells, date1904=True, looks=True), tmp_path / "out.xlsx"
    )
    assert page["C2"].value == datetime(1985, 5, 17)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_text_comes_back_as_a_workbook_of_text(shop: Shop, tmp_path: Path, encoding: str) -> None:
    rows = [
        ["会员名单"],
        [],
        ["姓名", "手机", "会员卡号", "备注"],
        ["张三", "13800000001", "0007", ""],
        ["李四", LOST, "0008", "=SUM(A1)"],
        ["", LOST, "0009", "x" * 90],
    ]
    page = returned(shop, text(tmp_path / "a.csv", rows, encoding=encoding), tmp_path / "out.xlsx")
    shown = values(page)
    assert [row[:4] for row in shown] == [
        ["会员名单", None, None, None],
        [None] * 4,
        rows[2],
        ["李四", LOST, "0008", "=SUM(A1)"],
        [None, LOST, "0009", "x" * 90],
    ]
    assert shown[2][4] == REJECT_HEADING
    assert page["D4"].data_type == "s"
    assert (page["C4"].number_format, page.freeze_panes) == ("@", "A4")
    assert page["E4"].font.color.rgb == page["E3"].font.color.rgb == "FFB42318"
    assert [page.column_dimensions[letter].width for letter in "ADE"] == [8, 40, 60]
    with plan.rehearse(shop, tmp_path / "out.xlsx") as again:
        assert counts(again) == {"bad": 2}


def test_the_rows_of_an_ods_come_back_plainly(shop: Shop, tmp_path: Path) -> None:
    path = workbooks.ods(tmp_path / "a.ods", [["会员"], ["姓名", "手机"], ["李四", LOST]])
    page = returned(shop, path, tmp_path / "out.xlsx")
    assert page.title == "表一"
    assert [row[:2] for row in values(page)] == [["会员", None], ["姓名", "手机"], ["李四", LOST]]


@pytest.mark.parametrize("harm", ["gone", "changed"])
def test_rows_of_a_file_that_is_not_the_same_any_more_come_back_plainly(
    shop: Shop, tmp_path: Path, harm: str
) -> None:
    path = members(tmp_path / "a.xlsx")
    with plan.rehearse(shop, path) as found:
        if harm == "gone":
            path.unlink()
        else:
            members(path, lambda page: page.delete_rows(5))
        assert plan.write_rejects(found, tmp_path / "out.xlsx") == 1
    page = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    assert [cell.value for cell in page[1]] == ["姓名", "手机", "生日", "储值", "合计", REJECT_HEADING]
    assert [cell.value for cell in page[2]][:4] == ["李四", LOST, "1985-05-17", 1234.5]


def exchanged(path: Path, content: bytes) -> None:
    """Other content of the same size and time: what a failing disk may give."""
    before = path.stat()
    path.write_bytes(content[: before.st_size].ljust(before.st_size, b"\0"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_what_cannot_be_read_any_more_comes_back_with_its_headings(shop: Shop, tmp_path: Path) -> None:
    with plan.rehearse(
        shop, text(tmp_path / "a.csv", [["会员名单"], ["姓名", "手机"], ["李四", LOST]])
    ) as found:
        exchanged(found.path, b"")
        plan.write_rejects(found, tmp_path / "out.xlsx")
    page = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    assert [row[:2] for row in values(page)] == [["姓名", "手机"], ["李四", LOST]]


def part(path: Path, name: str, change: Callable[[str], str]) -> None:
    """Rewrite one part of a workbook, keeping size and time as far as the reader looks at them."""
    with zipfile.ZipFile(path) as archive:
        parts = {found: archive.read(found) for found in archive.namelist()}
    before = parts[name].decode()
    parts[name] = change(before).encode()
    assert parts[name].decode() != before
    with zipfile.ZipFile(path, "w") as archive:
        for found, content in parts.items():
            archive.writestr(found, content)


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("name", "change"),
    [
        (SHEET, lambda xml: xml.replace('<row r="5"', '<row r="6"')),
        (SHEET, lambda xml: xml.replace("<sheetData>", "<sheetData><row").replace("</sheetData>", "")),
        (SHEET, lambda xml: re.sub(r'(<row r="1".*?</row>)(.*)(</sheetData>)', r"\2\1\3", xml)),
        (SHEET, lambda xml: re.sub("<sheetData>.*</sheetData>", "<sheetData/>", xml)),
        (SHEET, lambda xml: xml.replace('ref="A1:E1"', 'ref="A:E"')),
        (SHEET, lambda xml: xml.replace("<sheetData>", '<sheetData><row r="1"><c t="s"><v>7</v></c></row>')),
        ("xl/styles.xml", lambda xml: xml.replace("cellXfs", "others")),
        ("xl/workbook.xml", lambda xml: xml.replace("会员 &amp; 客户", "x")),
        ("xl/_rels/workbook.xml.rels", lambda xml: xml.replace("styles.xml", "nothing.xml")),
    ],
)
def test_a_workbook_that_cannot_be_copied_comes_back_plainly(
    shop: Shop, tmp_path: Path, name: str, change: Callable[[str], str]
) -> None:
    def more(page: Page) -> None:
        page["F1"], page["G1"] = 123456789012345, "#N/A"

    path = members(tmp_path / "a.xlsx", more)
    with plan.rehearse(shop, path) as found:
        part(path, name, change)
        found.source = replace(found.source, stamp=stamp_of(path))
        assert plan.write_rejects(found, tmp_path / "out.xlsx") == 1
    page = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    rows = [row[:4] for row in values(page)]
    assert rows[-2:] == [["姓名", "手机", "生日", "储值"], ["李四", LOST, "1985-05-17", 1234.5]]
    assert page.merged_cells.ranges == set()


def test_a_file_that_changes_while_it_is_copied_comes_back_plainly(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = members(tmp_path / "a.xlsx")
    with plan.rehearse(shop, path) as found:
        looks = iter([found.source.stamp])
        monkeypatch.setattr(rejects, "stamp_of", lambda _path: next(looks, (0, 0)))
        plan.write_rejects(found, tmp_path / "out.xlsx")
    assert openpyxl.load_workbook(tmp_path / "out.xlsx").active.merged_cells.ranges == set()


@pytest.mark.parametrize("harm", [False, True])
def test_what_had_a_password_goes_back_with_it(shop: Shop, tmp_path: Path, harm: bool) -> None:
    path = lock(members(tmp_path / "a.xlsx"))
    with plan.rehearse(shop, path, password=PASSWORD) as found:
        if harm:
            path.unlink()
        plan.write_rejects(found, tmp_path / "out.xlsx")
    with pytest.raises(plan.NeedsPassword):
        plan.rehearse(shop, tmp_path / "out.xlsx")
    with plan.rehearse(shop, tmp_path / "out.xlsx", password=PASSWORD) as again:
        assert counts(again) == {"bad": 1}
        assert again.layout.header_row == (1 if harm else 2)


def test_an_xls_with_a_password_goes_back_with_it(shop: Shop, tmp_path: Path) -> None:
    cells = [(0, 0, "姓名"), (0, 1, "手机"), (1, 0, "李四"), (1, 1, LOST)]
    path = workbooks.xls(tmp_path / "a.xls", cells, password=PASSWORD)
    with plan.rehearse(shop, path, password=PASSWORD) as found:
        plan.write_rejects(found, tmp_path / "out.xlsx")
    (sheet,) = reading.read(tmp_path / "out.xlsx", password=PASSWORD)
    assert [row.cells[:2] for row in sheet.rows] == [["姓名", "手机"], ["李四", LOST]]


def test_there_must_be_a_place_for_them(shop: Shop, tmp_path: Path) -> None:
    with plan.rehearse(shop, members(tmp_path / "a.xlsx")) as found, pytest.raises(FolderMissing):
        plan.write_rejects(found, tmp_path / "nowhere" / "out.xlsx")


STYLES = [
    (
        "xl/styles.xml",
        f"<styleSheet xmlns='{workbooks.MAIN}'><fonts><font><b/><color rgb='FF00FF00'/></font></fonts>"
        "<fills><fill><patternFill/></fill></fills><borders><border/></borders><cellStyleXfs><xf/></cellStyleXfs>"
        "<cellXfs><xf fontId='0' xfId='0'><protection/></xf></cellXfs>"
        "<cellStyles><cellStyle name='Normal' xfId='0' builtinId='0'/></cellStyles></styleSheet>",
    )
]


def link(book: Path, *kinds: str) -> None:
    """Let the workbook know its other parts."""
    links = "".join(
        f'<Relationship Id="rId{number}" Type="x/{kind}" Target="{kind}.xml"/>'
        for number, kind in enumerate(kinds, 2)
    )
    part(
        book,
        "xl/_rels/workbook.xml.rels",
        lambda rels: rels.replace("</Relationships>", f"{links}</Relationships>"),
    )


def test_ways_of_writing_cells(shop: Shop, tmp_path: Path) -> None:
    """No numbers of rows and places, texts inside the cells, rich ones, formulas that give text, an error."""
    main = workbooks.MAIN
    rows = (
        "<row><c t='inlineStr'><is><t>姓名</t></is></c><c t='inlineStr'><is><r><t>手</t></r><r><t>机</t></r></is></c>"
        "<c t='str'><f>1</f><v>备注</v></c></row>"
        f"<row x='1'><c t='str'><f>A1</f><v>李四</v></c><c t='inlineStr'><is><t xml:space='preserve'>{LOST}</t></is></c>"
        "<c t='e'><v>#REF!</v></c><c/><c t='d'><v>2026-01-02</v></c><c r='G2' t='b'><v>1</v></c>"
        "<x/><c t='s'><v>2</v></c><c t='s'><v>0</v></c><c t='s'><v>2</v></c></row><row><c t='s'><v>1</v></c></row>"
    )
    strings = f"<sst xmlns='{main}'><si><t>七</t></si><si><t>secret</t></si><si><r><t>八</t></r><r><t> 九</t></r></si></sst>"
    xml = f"<worksheet xmlns='{main}' xmlns:q='urn:q' q:a='1'><sheetData>{rows}</sheetData></worksheet>"
    book = tmp_path / "a.xlsx"
    workbooks.xlsx(book, xml, extra=[*STYLES, ("xl/sharedStrings.xml", strings)])
    link(book, "styles", "sharedStrings")
    page = returned(shop, book, tmp_path / "out.xlsx")
    assert values(page) == [
        ["姓名", "手机", "备注", *[None] * 7, REJECT_HEADING],
        [
            "李四",
            LOST,
            "#REF!",
            None,
            date(2026, 1, 2),
            None,
            True,
            "八 九",
            "七",
            "八 九",
            page["K2"].value,
        ],
    ]
    with zipfile.ZipFile(tmp_path / "out.xlsx") as archive:
        assert b"secret" not in archive.read("xl/sharedStrings.xml")
    assert page["C2"].data_type == "e"


def test_joined_cells_with_leftovers_and_rules_without_a_place(shop: Shop, tmp_path: Path) -> None:
    def cell(place: str, text: str) -> str:
        return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'

    rows = (
        f'<row r="1">{cell("A1", "姓名")}{cell("B1", "手机")}</row>'
        f'<row r="2">{cell("A2", "李四")}<c r="B2"><v>13800000001</v></c></row><row r="3"><c r="A3"/>{cell("B3", LOST)}</row>'
    )
    end = (
        '</sheetData><mergeCells><mergeCell ref="A2:A3"/></mergeCells>'
        '<conditionalFormatting sqref=""/><extLst><row r="9"/></extLst>'
    )
    book = workbooks.xlsx(
        tmp_path / "a.xlsx", workbooks.sheet(rows).replace("</sheetData>", end), extra=STYLES
    )
    link(book, "styles")
    page = returned(shop, book, tmp_path / "out.xlsx")
    assert values(page)[1][:2] == ["李四", LOST]
    assert page.max_row == 2


def test_a_text_that_is_not_among_the_shared_ones(shop: Shop, tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2" t="s"><v>1</v></c></row>'
    texts = f"<sst xmlns='{workbooks.MAIN}'><si><t>姓名</t></si><si><t>{LOST}</t></si></sst>"
    path = workbooks.xlsx(
        tmp_path / "a.xlsx", workbooks.sheet(rows), extra=[*STYLES, ("xl/sharedStrings.xml", texts)]
    )
    link(path, "styles", "sharedStrings")
    with plan.rehearse(shop, path, mapping={"姓名": "phone"}) as found:
        assert found.counts["bad"] == 1
        part(path, "xl/sharedStrings.xml", lambda xml: xml.replace(f"<si><t>{LOST}</t></si>", ""))
        found.source = replace(found.source, stamp=stamp_of(path))
        assert plan.write_rejects(found, tmp_path / "out.xlsx") == 1
    assert openpyxl.load_workbook(tmp_path / "out.xlsx").active["A2"].value == LOST


def test_an_xls_that_cannot_be_copied_comes_back_plainly(shop: Shop, tmp_path: Path) -> None:
    cells = [(0, 0, "姓名"), (0, 1, "手机"), (1, 0, "李四"), (1, 1, LOST)]
    path = workbooks.xls(tmp_path / "a.xls", cells)
    with plan.rehearse(shop, path) as found:
        path.write_bytes(path.read_bytes().replace("客户".encode("utf-16-le"), "别的".encode("utf-16-le")))
        found.source = replace(found.source, stamp=stamp_of(path))
        assert plan.write_rejects(found, tmp_path / "out.xlsx") == 1
    page = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    assert [row[:2] for row in values(page)] == [["姓名", "手机"], ["李四", LOST]]
