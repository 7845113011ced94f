"""Sheets of sales, contacts and complaints as shops and other programs write them, held against counts and sums."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from desktop_crm import history
from desktop_crm.importing import plan
from desktop_crm.shop import Shop
from tests.importing.sheets import counts, reasons
from tests.imports_corpus import containers
from tests.imports_corpus.containers import Table

IMEI, OTHER = "490154203237518", "356938035643809"

RETAIL: Table = [
    ["星河手机店 2026年1月销售明细", *[None] * 11],
    [
        "开单日期",
        "单号",
        "客户姓名",
        "手机号",
        "商品名称",
        "颜色",
        "内存",
        "串号",
        "数量",
        "单价",
        "实付金额",
        "店员",
    ],
    [
        date(2026, 1, 5),
        "S1",
        "赵敏",
        13844440001,
        "iPhone 17",
        "黑",
        "256G",
        int(IMEI),
        1,
        5999,
        5899,
        "李娜",
    ],
    [date(2026, 1, 5), "S1", "赵敏", 13844440001, "贴膜", None, None, None, 2, 30, 60, "李娜"],
    [date(2026, 1, 6), "S2", "周芷若", 13844440002, "小米 15", "白", "512G", OTHER, 1, 3999, 3999, "王强"],
    [date(2026, 1, 7), "S3", None, None, "数据线", None, None, None, 1, 45, 45, "王强"],
    [date(2026, 1, 9), "S1", "赵敏", 13844440001, "贴膜", None, None, None, -1, 30, -30, "李娜"],
    ["合计", None, None, None, None, None, None, None, 4, None, 9973, None],
]
POS: Table = [
    ["Receipt #", "Date Sold", "Customer Name", "Customer Phone", "Product Description", "Qty", "Unit Price", "Discount",
     "Total Paid", "Payment Type", "Sales Person", "Transaction Type"],
    ["R-100", "2026-01-05 10:15:00", "Ann Lee", "+86 138-4444-0001", "iPhone 17", "1", "¥5,999.00", "100", "¥5,899.00", "Cash",
     "Lina", "Sale"],
    ["R-100", "2026-01-05 10:15:00", "Ann Lee", "+86 138-4444-0001", "Film", "2", "30", "", "60.00", "Cash", "Lina", "Sale"],
    ["R-101", "2026-01-06 18:00:00", "Bob Ray", "13844440002", "Xiaomi", "1", "3999", "", "3999", "WeChat Pay", "Wang", "Sale"],
    ["R-102", "2026-01-07 09:30:00", "", "", "Cable", "1", "45", "", "45", "Alipay", "Wang", "Sale"],
    ["R-100", "2026-01-09 11:00:00", "Ann Lee", "13844440001", "Film", "1", "30", "", "-30", "Cash", "Lina", "Refund"],
    ["R-103", "2026-01-10 11:00:00", "Bob Ray", "13844440002", "Case", "1", "99", "", "99", "Cash", "Lina", "Void"],
]  # fmt: skip
BARE: Table = [
    ["日期", "姓名", "电话", "机型", "价格", "备注"],
    ["2026/1/5", "赵敏", "13844440001", "iPhone 17", "5899元", "旧机换新"],
    ["2026.1.5", "赵敏", "13844440001", "贴膜", "60", ""],
    ["2026年1月6日", "周芷若", "13844440002", "小米 15", "￥3,999", ""],
    ["20260107", "", "", "数据线", "45.00", ""],
]
SOLD = {"sums": [("13844440001", 5959_00), ("13844440002", 3999_00), (None, 45_00)], "lines": 4}
"""What all of them say was sold: fen by telephone number, and how many lines."""


def _sold(shop: Shop) -> dict[str, Any]:  # sums by number, and a count
    sums = shop.db.rows(
        "SELECT (SELECT number FROM phones WHERE customer_id = p.customer_id), sum(total_fen) FROM purchases p "
        "GROUP BY customer_id ORDER BY customer_id IS NULL, 1"
    )
    return {"sums": sums, "lines": shop.db.value("SELECT count(*) FROM purchase_lines")}


@pytest.mark.parametrize(
    ("table", "refunds", "skipped", "make"),
    [
        (RETAIL, 3000, 0, containers.excel), (RETAIL, 3000, 0, containers.xls), (POS, 3000, 1, containers.text),
        (POS, 3000, 1, containers.ods), (BARE, 0, 0, containers.web_page), (BARE, 0, 0, containers.wps),
    ],
)  # fmt: skip
def test_what_was_sold(
    table: Table, refunds: int, skipped: int, make: Callable[[Path, Table], Path], shop: Shop, tmp_path: Path
) -> None:
    path = make(tmp_path / "销售.file", table)
    with plan.rehearse(shop, path) as found:
        assert found.kind == "purchases"
        assert found.counts["bad"] == 0, reasons(found)
        assert found.counts["skip"] == skipped, reasons(found)
        plan.apply(shop, found)
    assert _sold(shop) == SOLD
    assert (shop.db.value("SELECT sum(amount_fen) FROM refunds") or 0) == refunds
    with plan.rehearse(shop, path) as again:
        assert again.to_write == 0, reasons(again)
    history.undo(shop)
    assert shop.db.value("SELECT (SELECT count(*) FROM purchases) + (SELECT count(*) FROM customers)") == 0
    history.redo(shop)
    assert _sold(shop) == SOLD


def test_phones_of_a_ledger_are_devices_of_their_buyers(shop: Shop, tmp_path: Path) -> None:
    with plan.rehearse(shop, containers.excel(tmp_path / "list.xlsx", RETAIL)) as found:
        plan.apply(shop, found)
    assert shop.db.rows("SELECT name, imei FROM devices d JOIN customers c ON c.id = customer_id ORDER BY d.id") == [
        ("赵敏", IMEI), ("周芷若", OTHER),
    ]  # fmt: skip
    assert shop.db.value("SELECT description FROM purchase_lines ORDER BY id LIMIT 1") == "iPhone 17 黑 256G"


CONTACTS: dict[str, Table] = {
    "cordys": [
        ["跟进类型", "客户名称", "公司名称", "商机", "联系人", "跟进方式", "跟进时间", "负责人", "意向产品", "跟进内容"],
        ["客户", "赵敏", "", "", "", "电话", "2026-01-05 10:00", "李娜", "iPhone 17", "想换大屏"],
        ["客户", "周芷若", "", "", "", "微信", "2026-01-06 11:00", "王强", "", "问价格"],
    ],
    "a shop's own": [
        ["客户姓名", "回访日期", "回访方式", "回访记录", "回访人员"],
        ["赵敏", date(2026, 1, 5), "电话", "想换大屏\n意向产品: iPhone 17", "李娜"],
        ["周芷若", date(2026, 1, 6), "微信", "问价格", "王强"],
    ],
    "english": [
        ["Customer", "Contact Date", "Method", "Call Notes", "Assigned To"],
        ["赵敏", "2026-01-05", "Phone call", "想换大屏", "李娜"],
        ["周芷若", "2026-01-06", "WeChat", "问价格", "王强"],
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", CONTACTS)
def test_contacts(name: str, shop: Shop, tmp_path: Path) -> None:
    path = containers.excel(tmp_path / "跟进.xlsx", CONTACTS[name])
    with plan.rehearse(shop, path) as found:
        assert (found.kind, counts(found)) == ("followups", {"new": 2}), reasons(found)
        plan.apply(shop, found)
    held = shop.db.rows(
        "SELECT c.name, i.day, i.channel, i.summary, s.name FROM interactions i JOIN customers c ON c.id = i.customer_id "
        "JOIN staff s ON s.id = i.staff_id ORDER BY i.day"
    )
    assert [(*row[:3], row[3].split("\n")[0], row[4]) for row in held] == [
        ("赵敏", "2026-01-05", "call", "想换大屏", "李娜"), ("周芷若", "2026-01-06", "wechat", "问价格", "王强"),
    ]  # fmt: skip
    with plan.rehearse(shop, path) as again:
        assert counts(again) == {"same": 2}


COMPLAINTS: dict[str, Table] = {
    "a shop's own": [
        ["投诉登记表"],
        ["投诉时间", "投诉人姓名", "投诉人电话", "投诉类型", "投诉内容", "紧急程度", "处理结果", "处理状态", "处理完成日期",
         "处理人员"],
        [datetime(2026, 1, 5, 10, 0), "赵敏", "13844440001", "屏幕", "屏幕碎了", "高", "免费换屏", "已关闭",
         date(2026, 1, 8), "李娜"],
        [datetime(2026, 1, 6, 11, 0), "", "", "环境", "太吵", "低", "", "待处理", None, ""],
    ],
    "english": [
        ["Date Received", "Customer Name", "Phone", "Complaint Type", "Complaint Details", "Priority", "Resolution", "Status",
         "Date Closed", "Handled By"],
        ["2026-01-05 10:00", "赵敏", "13844440001", "屏幕", "屏幕碎了", "High", "免费换屏", "Closed", "2026-01-08", "李娜"],
        ["2026-01-06 11:00", "", "", "环境", "太吵", "Low", "", "New", "", ""],
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", COMPLAINTS)
def test_complaints(name: str, shop: Shop, tmp_path: Path) -> None:
    path = containers.excel(tmp_path / "投诉.xlsx", COMPLAINTS[name])
    with plan.rehearse(shop, path) as found:
        assert (found.kind, counts(found)) == ("complaints", {"new": 2}), reasons(found)
        plan.apply(shop, found)
    assert shop.db.rows(
        "SELECT coalesce((SELECT name FROM customers c WHERE c.id = customer_id), ''), received_day, summary, category, "
        "priority, state FROM complaints ORDER BY received_day"
    ) == [
        ("赵敏", "2026-01-05", "屏幕碎了", "屏幕", "high", "closed"), ("", "2026-01-06", "太吵", "环境", "low", "received"),
    ]  # fmt: skip
    with plan.rehearse(shop, path) as again:
        assert counts(again) == {"same": 2}


GIFTS: Sequence[Sequence[str]] = (
    ("会员卡号", "会员姓名", "礼品卡号", "礼品名称", "兑换数量", "兑换时间"),
    ("\t8000000000000001", "赵敏", "\tG0000000000001", "雨伞", "1", "2026-01-05 10:00:00"),
    ("\t8000000000000001", "赵敏", "\tG0000000000002", "水杯", "2", "2026-01-06 10:00:00"),
    ("\t8000000000000002", "周芷若", "\tG0000000000003", "雨伞", "1", "2026-01-07 10:00:00"),
)


def test_a_ledger_of_gifts_keeps_every_line_with_its_member(shop: Shop, tmp_path: Path) -> None:
    path = containers.text(tmp_path / "礼品.csv", GIFTS, encoding="gbk")
    with plan.rehearse(shop, path) as found:
        assert found.encoding == "gb18030"
        plan.apply(shop, found)
    notes = dict(shop.db.rows("SELECT card_no, note FROM customers"))
    assert set(notes) == {"8000000000000001", "8000000000000002"}
    assert all(word in notes["8000000000000001"] for word in ("雨伞", "水杯", "G0000000000002"))
    with plan.rehearse(shop, path) as again:
        assert again.to_write == 0
