"""Sheets as people lay them out: titles, merged cells, headings over two rows, hints, totals, feet, hidden and more sheets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from desktop_crm.importing import plan
from desktop_crm.importing.plan import Plan
from desktop_crm.shop import Shop
from tests.files import workbooks
from tests.importing.sheets import counts, reasons, text, workbook
from tests.imports_corpus import containers, oracle

Rows = Sequence[Sequence[Any]]  # cells of any kind
HEAD = ["姓名", "手机", "生日", "备注"]
ZHAO, ZHOU = (
    ["赵敏", "13844440001", "1990-05-01", "老客户"],
    ["周芷若", "13844440002", "1992-06-02", "新客户"],
)


def rehearsed(shop: Shop, rows: Rows, folder: Path) -> Plan:
    return plan.rehearse(shop, containers.excel(folder / "list.xlsx", rows))


def names(found: Plan) -> list[str]:
    return [row.name for row in plan.rows(found)]


SHAPES: dict[str, tuple[Rows, list[int]]] = {
    "titles above": ([["星河手机店客户名单"], [], ["打印日期：2026-01-01", None, "共 2 人"], HEAD, ZHAO, ZHOU], []),
    "headings over two rows": (
        [["姓名", "联系方式", None, "其他", None], [None, "手机", "微信", "生日", "备注"],
         ["赵敏", "13844440001", "zm", "1990-05-01", "老客户"], ["周芷若", "13844440002", "", "1992-06-02", "新客户"]], [],
    ),
    "hints below the headings": ([HEAD, ["必填", "11位数字", "格式：2001-01-01", "选填"], ZHAO, ZHOU], [2]),
    "hints in brackets": ([["*姓名（必填）", "手机号码(11位)", "生日【格式：2001-01-01】", "备注："], ZHAO, ZHOU], []),
    "blank rows and totals": (
        [HEAD, ZHAO, [], ["小 计", None, None, "1 人"], [None, None], ZHOU, ["合计：2人"], ["总计", 2]], [4, 7, 8],
    ),
    "headings on every page": ([HEAD, ZHAO, HEAD, ZHOU], [3]),
    "a foot": (
        [HEAD, ZHAO, ZHOU, ["制表人：李娜", None, "审核人：王强"], ["第 1 页 共 1 页"], ["说明：仅供内部使用"]], [4, 5, 6],
    ),
    "empty columns between and behind": (
        [[row[0], None, row[1], None, *row[2:], None, None] for row in (HEAD, ZHAO, ZHOU)], [],
    ),
    "an empty first column": ([[None, *HEAD], [None, *ZHAO], [None, *ZHOU]], []),
    "numbers of rows": ([["序号", *HEAD], [1, *ZHAO], [2, *ZHOU], ["合计", 2]], [4]),
    "a heading twice, the first one empty": (
        [["姓名", "手机", "生日", "生日", "备注"], *([*row[:2], None, *row[2:]] for row in (ZHAO, ZHOU))], [],
    ),
    "invisible signs": (
        [["\ufeff姓名", "手 机", "生\u200b日", "备注\xa0"], ["\u200b赵敏\xa0", " 13844440001\u3000", "1990-05-01\u200b",
          "老客户"], ZHOU], [],
    ),
    "traditional signs": ([["姓名", "手機號碼", "生日", "備註"], ZHAO, ZHOU], []),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_the_same_two_people_in_every_layout(shape: str, shop: Shop, tmp_path: Path) -> None:
    rows, left_out = SHAPES[shape]
    with rehearsed(shop, rows, tmp_path) as found:
        assert (names(found), reasons(found)) == (["赵敏", "周芷若"], [])
        assert [row for row, _why in found.left_out] == left_out
        plan.apply(shop, found)
    for name, phone, day, note in (ZHAO, ZHOU):
        card = oracle.cards(shop)[name]
        assert (card["phones"], card["birthday"]) == ((phone,), day)
        assert note in str(card["note"]).split("\n")


def test_people_whose_names_are_words_of_tables_stay(shop: Shop, tmp_path: Path) -> None:
    rows: Rows = [
        HEAD,
        ["计然", "13844440001", None, "注：范蠡的老师"],
        ["数字", "13844440002"],
        ["文本", "13844440003"],
    ]
    with rehearsed(shop, rows, tmp_path) as found:
        assert names(found) == ["计然", "数字", "文本"]


# ---------------------------------------------------------------- merged cells

LEDGER: Rows = [
    ["客户", None, "日期", "单号", "商品", "单价", "实付金额"],
    ["姓名", "电话", None, None, None, None, None],
    ["赵敏", 13844440001, date(2026, 1, 5), "S1", "iPhone 17", 5999, 5999],
    [None, None, None, None, "贴膜", 50, 50],
    ["周芷若", "13844440002", date(2026, 1, 6), "S2", "小米 15", 3999, 3999],
]
MERGED = ("A3:A4", "B3:B4", "C3:C4", "D3:D4", "A1:B1", "C1:C2", "D1:D2", "E1:E2", "F1:F2", "G1:G2")


def merged_workbook(path: Path, rows: Rows, ranges: Sequence[str]) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    for each in ranges:
        book.active.merge_cells(each)
    book.save(path)
    return path


def test_a_merged_customer_owns_all_lines_of_the_receipt(shop: Shop, tmp_path: Path) -> None:
    with plan.rehearse(shop, merged_workbook(tmp_path / "sales.xlsx", LEDGER, MERGED)) as found:
        assert (found.kind, counts(found), reasons(found)) == ("purchases", {"new": 3}, [])
        plan.apply(shop, found)
    assert shop.db.rows(
        "SELECT c.name, p.number, p.day, l.description, l.amount_fen FROM purchase_lines l JOIN purchases p "
        "ON p.id = l.purchase_id JOIN customers c ON c.id = p.customer_id ORDER BY l.id"
    ) == [
        ("赵敏", "S1", "2026-01-05", "iPhone 17", 599900), ("赵敏", "S1", "2026-01-05", "贴膜", 5000),
        ("周芷若", "S2", "2026-01-06", "小米 15", 399900),
    ]  # fmt: skip


def test_a_sum_merged_over_its_lines_is_not_shared_out_by_guess(shop: Shop, tmp_path: Path) -> None:
    rows: list[list[Any]] = [list(row) for row in LEDGER]
    rows[2][6], rows[3][6] = 6000, None
    with plan.rehearse(shop, merged_workbook(tmp_path / "sales.xlsx", rows, (*MERGED, "G3:G4"))) as found:
        assert counts(found) == {"new": 1, "bad": 2}
        assert "6000 stands in a cell that is merged over several rows" in reasons(found, "bad")[0]


def test_a_number_merged_over_rows_that_is_no_sum_is_repeated(shop: Shop, tmp_path: Path) -> None:
    rows: Rows = [
        ["姓名", "家里第几人", "备用电话", "楼层"],
        ["赵敏", 1, 13844440001, 3],
        ["赵一", 2, None, None],
    ]
    with plan.rehearse(shop, merged_workbook(tmp_path / "list.xlsx", rows, ("C2:C3", "D2:D3"))) as found:
        assert counts(found) == {"new": 2}
        plan.apply(shop, found)
    cards = oracle.cards(shop)
    assert [cards[name]["phones"] for name in ("赵敏", "赵一")] == [("13844440001",)] * 2
    assert all("楼层: 3" in str(cards[name]["note"]) for name in ("赵敏", "赵一"))


def test_cells_of_web_pages_that_go_over_rows_and_columns(shop: Shop, tmp_path: Path) -> None:
    page = (
        "<table><tr><th colspan=2>客户<th rowspan=2>商品<th rowspan=2>金额<th rowspan=2>日期"
        "<tr><th>姓名<th>电话"
        "<tr><td rowspan=2>赵敏<td rowspan=2>13844440001<td>iPhone 17<td>5999<td rowspan=2>2026-01-05"
        "<tr><td>贴膜<td>50<tr><td>周芷若<td>13844440002<td>小米 15<td>¥3999<td>2026-01-06</table>"
    )
    path = tmp_path / "sales.xls"
    path.write_text(page, encoding="utf-8")
    with plan.rehearse(shop, path) as found:
        assert (found.kind, counts(found), reasons(found)) == ("purchases", {"new": 3}, [])
        assert names(found) == ["赵敏", "赵敏", "周芷若"]
    page = page.replace("<td>5999", "<td rowspan=2>5999").replace("贴膜<td>50", "贴膜")
    path.write_text(page, encoding="utf-8")
    with plan.rehearse(shop, path) as found:
        assert counts(found) == {"new": 1, "bad": 2}


def test_merged_cells_of_the_old_binary_format(shop: Shop, tmp_path: Path) -> None:
    cells = [(0, 0, "姓名"), (0, 1, "电话"), (0, 2, "商品"), (0, 3, "金额"), (0, 4, "日期"), (1, 0, "赵敏"),
             (1, 1, 13844440001.0), (1, 2, "手机"), (1, 3, 5999.0), (1, 4, "2026-01-05"), (2, 2, "贴膜"), (2, 3, 50.0),
             (2, 4, "2026-01-05")]  # fmt: skip
    path = workbooks.xls(tmp_path / "sales.xls", cells, merged=((1, 2, 0, 0), (1, 2, 1, 1)))
    with plan.rehearse(shop, path, kind="purchases") as found:
        assert (counts(found), names(found)) == ({"new": 2}, ["赵敏", "赵敏"])


# ---------------------------------------------------------------- several sheets, hidden things


def test_every_visible_sheet_that_is_understood_comes_in(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "all.xlsx"
    sold = [
        ["日期", "客户姓名", "手机号", "商品名称", "金额"],
        [date(2026, 1, 5), "赵敏", "13844440001", "iPhone 17", 5999],
    ]
    workbook(
        path, ("说明", [["本表由系统导出"]]), ("会员", [HEAD, ZHAO, ZHOU]), ("销售流水", sold), ("Sheet4", [])
    )
    found = []
    for sheet in plan.each_sheet(shop, path):
        found.append((sheet.sheet, sheet.kind, counts(sheet)))
        plan.apply(shop, sheet)
    assert found == [("会员", "customers", {"new": 2}), ("销售流水", "purchases", {"new": 1})]
    assert shop.db.value("SELECT count(*) FROM customers") == 2


def test_hidden_rows_are_imported_and_told_hidden_sheets_are_not(shop: Shop, tmp_path: Path) -> None:
    book = Workbook()
    for row in (HEAD, ZHAO, ZHOU):
        book.active.append(row)
    book.active.row_dimensions[3].hidden = True
    old = book.create_sheet("旧名单")
    for row in (HEAD, ["旧人", "13844440009"]):
        old.append(row)
    old.sheet_state = "hidden"
    book.save(tmp_path / "list.xlsx")
    with plan.rehearse(shop, tmp_path / "list.xlsx") as rehearsal:
        assert (names(rehearsal), rehearsal.hidden_rows) == (["赵敏", "周芷若"], 1)
        assert [(sheet.name, sheet.hidden) for sheet in rehearsal.sheets] == [
            ("Sheet", False),
            ("旧名单", True),
        ]


# ---------------------------------------------------------------- content where headings say too little


def test_a_level_is_no_name_even_where_it_begins_with_a_surname(shop: Shop, tmp_path: Path) -> None:
    rows = [["昵称", "手机", "档次"], *([f"客人{n}", f"1384444000{n}", "金卡会员"] for n in range(5))]
    with rehearsed(shop, rows, tmp_path) as found:
        assert found.layout.mapping == {"昵称": "nickname", "手机": "phone", "档次": "extra"}


@pytest.mark.parametrize(("values", "field"), [(("金卡", "银卡"), "tags"), (("8001", "8002"), "card_no")])
def test_a_member_card_is_a_level_or_a_number(
    values: tuple[str, str], field: str, shop: Shop, tmp_path: Path
) -> None:
    rows = [["姓名", "会员卡"], ["赵敏", values[0]], ["周芷若", values[1]]]
    with rehearsed(shop, rows, tmp_path) as found:
        assert found.layout.mapping["会员卡"] == field


@pytest.mark.parametrize(
    ("titles", "field"), [(("Mr.", "Ms."), "gender"), (("Teacher", "Clerk"), "occupation")]
)
def test_a_title_is_a_salutation_or_an_occupation(
    titles: tuple[str, str], field: str, shop: Shop, tmp_path: Path
) -> None:
    rows = [["Name", "Title"], ["A", titles[0]], ["B", titles[1]]]
    with rehearsed(shop, rows, tmp_path) as found:
        assert found.layout.mapping["Title"] == field


@pytest.mark.parametrize(
    ("heading", "day"), [("生日(日/月/年)", "1990-02-01"), ("Birthday (mm/dd/yyyy)", "1990-01-02")]
)
def test_a_heading_that_names_the_order_of_a_day_is_believed(
    heading: str, day: str, shop: Shop, tmp_path: Path
) -> None:
    with plan.rehearse(
        shop, text(tmp_path / "list.csv", [["姓名", heading], ["赵敏", "01/02/1990"]])
    ) as found:
        assert (found.questions, counts(found)) == ((), {"new": 1})
        plan.apply(shop, found)
    assert oracle.cards(shop)["赵敏"]["birthday"] == day


@pytest.mark.parametrize(
    ("make", "cell"), [(containers.excel, 330106199005011234), (containers.text, "3.30106E+17")]
)
def test_digits_lost_in_a_column_nobody_knows_are_told(
    make: Callable[[Path, Rows], Path], cell: object, shop: Shop, tmp_path: Path
) -> None:
    with plan.rehearse(shop, make(tmp_path / "list", [["姓名", "身份证号"], ["赵敏", cell]])) as found:
        assert ["lost digits" in reason for reason in reasons(found)] == [True]
        assert counts(found) == {"new": 1}
