"""Bad rows go back: the person's own workbook with nothing lost but the others' rows, and mended it just works."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.comments import Comment
from openpyxl.formatting.rule import ColorScaleRule, FormulaRule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

from desktop_crm.importing import plan
from desktop_crm.importing.columns import REJECT_HEADING
from desktop_crm.shop import Shop
from tests.importing.sheets import counts, rehearsed

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

    page = returned(shop, members(tmp_path / "a.xlsx", hide), tmp_path / "out.xlsx")
    assert not page.row_dimensions[3].hidden
    assert not page.protection.sheet


def test_joined_cells_follow_their_row(shop: Shop, tmp_path: Path) -> None:
    def join(page: Page) -> None:
        page.merge_cells("C5:D5")
        page.merge_cells("A3:A4")
        page.merge_cells("D4:E4")
        page.merge_cells("D2:H2")

    page = returned(shop, members(tmp_path / "a.xlsx", join), tmp_path / "out.xlsx")
    assert sorted(str(joined) for joined in page.merged_cells.ranges) == ["A1:E1", "C3:D3"]


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


def test_days_of_1904_stay_the_same_days(shop: Shop, tmp_path: Path) -> None:
    page = returned(shop, members(tmp_path / "a.xlsx", mac=True), tmp_path / "out.xlsx")
    assert page["C3"].value == datetime(1985, 5, 17)
