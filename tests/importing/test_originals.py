"""What stood in cells that cleaning changed is kept with the import, and only that."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from desktop_crm import history, merge
from desktop_crm.files.reading import Cell, Error
from desktop_crm.importing import plan
from desktop_crm.shop import Shop
from tests.importing.sheets import bring, rehearsed

KEPT: list[tuple[str, Cell, str]] = [
    ("手机", "138-0013-8000", "138-0013-8000"),
    ("手机", "１３８００１３８０００", "１３８００１３８０００"),
    ("手机", "+86 138 0013 8000", "+86 138 0013 8000"),
    ("手机", "13800138000(老婆)", "13800138000(老婆)"),
    ("生日", "农历八月十五", "农历八月十五"),
    ("生日", "85-05-15", "85-05-15"),
    ("生日", "1985年5月15日", "1985年5月15日"),
    ("生日", "0000-00-00", "0000-00-00"),
    ("生日", 31182, "31182"),
    ("建档日期", datetime(2020, 1, 2, 3, 4), "2020-01-02 03:04"),
    ("性别", "先生", "先生"),
    ("性别", "robot", "robot"),
    ("标签", "* myContacts ::: VIP", "* myContacts ::: VIP"),
    ("来源", "抖\u200b音", "抖音"),
]
UNCHANGED: list[tuple[str, Cell]] = [
    ("手机", "13800138001"),
    ("手机", 13800138001),
    ("手机", 13800138001.0),
    ("手机", 13800100000),
    ("手机", "\t13800138001"),
    ("生日", date(1985, 5, 15)),
    ("生日", datetime(1985, 5, 15)),
    ("生日", "1985-05-15"),
    ("生日", "1985/5/15"),
    ("生日", "1985.5.15 0:00:00"),
    ("生日", 19850515),
    ("生日", ""),
    ("性别", "男"),
    ("性别", "male"),
    ("性别", "无"),
    ("来源", " 抖音 "),
    ("来源", 12.5),
    ("标签", "VIP"),
]


def kept(shop: Shop) -> dict[str, str]:
    """Title → what stood there, of the one row of the newest import."""
    found = plan.originals(shop, plan.latest(shop)[0].id)
    return {cell.title: cell.stood for row in found for cell in row.cells}


@pytest.mark.parametrize(("title", "cell", "stood"), KEPT)
def test_what_stood_there_is_kept(shop: Shop, title: str, cell: Cell, stood: str) -> None:
    head = ["姓名", "手机", title] if title != "手机" else ["姓名", "手机"]
    bring(shop, [head, ["张三", 13900000001, cell] if title != "手机" else ["张三", cell]])
    assert kept(shop) == {title: stood}


@pytest.mark.parametrize(("title", "cell"), UNCHANGED)
def test_what_says_the_same_is_not_kept(shop: Shop, title: str, cell: Cell) -> None:
    head = ["姓名", "手机", title] if title != "手机" else ["姓名", "手机"]
    bring(shop, [head, ["张三", 13900000001, cell] if title != "手机" else ["张三", cell]])
    assert kept(shop) == {}


def test_money_and_instants_of_sales(shop: Shop) -> None:
    head = ["日期", "姓名", "商品", "数量", "金额", "付款方式"]
    rows = [
        head,
        ["2026/10/31 下午2:30", "张三", "膜", "2张", "1.2万", "微信"],
        [datetime(2026, 10, 31, 14, 30), "张三", "壳", 2, "1299.00", "微信支付"],
        [45000.5, "李四", "线", "3", "￥1,299", "花呗"],
    ]
    bring(shop, rows)
    found = plan.originals(shop, plan.latest(shop)[0].id)
    assert [(row.row, row.name, row.cells) for row in found] == [
        (2, "张三", (("日期", "2026/10/31 下午2:30"), ("数量", "2张"), ("金额", "1.2万"))),
        (4, "李四", (("日期", "45000.5"), ("金额", "￥1,299"), ("付款方式", "花呗"))),
    ]
    assert plan.count_originals(shop, plan.latest(shop)[0].id) == 2


def test_an_asked_day_keeps_its_text(shop: Shop) -> None:
    rows = [["姓名", "手机", "生日"], ["张三", 13800000001, "03/04/1990"]]
    with rehearsed(shop, rows, orders={"生日": "dmy"}) as found:
        assert plan.rows(found)[0].cleaned == (("生日", "03/04/1990"),)
        plan.apply(shop, found)
    assert kept(shop) == {"生日": "03/04/1990"}


def test_a_birthday_that_a_program_made_up_is_kept_here(shop: Shop) -> None:
    bring(shop, [["姓名", "手机", "生日", "建档日期"], ["张三", 13800000001, "2020-03-03", "2020-03-03"]])
    assert shop.db.rows("SELECT birthday FROM customers") == [("",)]
    assert kept(shop) == {"Birthday": "2020-03-03"}


def test_rows_that_are_not_written_keep_nothing(shop: Shop) -> None:
    rows = [["姓名", "手机"], ["张三", "138-0000-0001"], ["李四", "1.38E+10"]]
    bring(shop, rows)
    bring(shop, [*rows, ["王五", 13800000002]])
    first, second = [plan.count_originals(shop, batch.id) for batch in reversed(plan.latest(shop))]
    assert (first, second) == (1, 0)


def test_they_go_with_the_card_and_with_the_undo(shop: Shop) -> None:
    head = ["姓名", "手机", "生日"]
    with rehearsed(shop, [head, ["张三", "138-0000-0001", ""], ["张叁", "13800000002", "85-05-15"]]) as found:
        change = plan.apply(shop, found)
    assert change is not None
    people = dict(shop.db.rows("SELECT name, id FROM customers"))
    merge.merge(shop, people["张三"], [people["张叁"]])
    stood = plan.originals_of(shop, people["张三"])
    assert [(one.row, one.file_name, one.sheet, one.cells) for one in stood] == [
        (2, "list.xlsx", "Sheet1", (("手机", "138-0000-0001"),)),
        (3, "list.xlsx", "Sheet1", (("生日", "85-05-15"),)),
    ]
    merged = shop.db.value("SELECT max(id) FROM changes")
    history.undo(shop, merged)
    history.undo(shop, change)
    assert shop.db.value("SELECT count(*) FROM import_originals") == 0
    history.redo(shop)
    assert shop.db.value("SELECT count(*) FROM import_originals") == 2


def test_an_error_cell_is_named(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    from desktop_crm.importing.originals import Keeper
    from desktop_crm.importing.trouble import error_cell

    cell = Error("#REF!")
    assert list(Keeper("text").changed([error_cell(cell)], [cell])) == [(0, "#REF!")]
