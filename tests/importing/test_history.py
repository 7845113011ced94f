"""Sales, contacts and complaints of the past: who they belong to, and that a second time changes nothing."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from desktop_crm import history, integrity
from desktop_crm.importing import plan
from desktop_crm.importing.shapes import agreed
from desktop_crm.products import category_of
from desktop_crm.shop import Shop
from tests.importing.sheets import bring, counts, reasons, rehearsed

SALES = [
    "日期",
    "单号",
    "姓名",
    "手机",
    "商品",
    "颜色",
    "类别",
    "数量",
    "单价",
    "优惠",
    "金额",
    "成本",
    "串号",
    "付款方式",
    "店员",
    "备注",
]
IMEI = "490154203237518"


def sale(**cells: object) -> list[object]:
    return [cells.get(title) for title in SALES]


def test_sales_with_lines_clerks_and_phones(shop: Shop) -> None:
    rows = [
        SALES,
        sale(
            日期=datetime(2026, 3, 1, 15, 30),
            单号="S1",
            姓名="张三",
            手机=13800000001,
            商品="iPhone 17",
            颜色="黑色",
            数量=1,
            单价=5999,
            优惠=100,
            金额=5899,
            成本=5000,
            串号=int(IMEI),
            付款方式="微信",
            店员="李娜",
            备注="开心",
        ),
        sale(
            日期=date(2026, 3, 1),
            单号="S1",
            姓名="张三",
            手机=13800000001,
            商品="钢化膜",
            数量="2张",
            单价="30元",
            付款方式="现金",
            店员="李娜",
        ),
        sale(日期="2026-03-02", 商品="数据线", 金额=45),
        sale(日期="2026-03-02", 手机=13800000001, 金额=20, 串号="356938035643809"),
        sale(日期="2026-03-02", 手机=13800000001, 金额=10),
    ]
    assert bring(shop, rows) == {"new": 5}
    assert shop.db.rows("SELECT name FROM customers") == [("张三",)]
    assert shop.db.rows(
        "SELECT p.number, p.at, p.day, p.total_fen, p.customer_id, s.name, p.note FROM purchases p "
        "LEFT JOIN staff s ON s.id = p.staff_id ORDER BY p.id"
    ) == [
        ("S1", "2026-03-01T07:30:00Z", "2026-03-01", 595900, 1, "李娜", "开心"),
        ("", "2026-03-02T04:00:00Z", "2026-03-02", 4500, None, None, ""),
        ("", "2026-03-02T04:00:00Z", "2026-03-02", 2000, 1, None, ""),
        ("", "2026-03-02T04:00:00Z", "2026-03-02", 1000, 1, None, ""),
    ]
    assert shop.db.rows(
        "SELECT description, category, quantity, unit_price_fen, discount_fen, amount_fen, cost_fen, imei "
        "FROM purchase_lines ORDER BY id"
    ) == [
        ("iPhone 17 黑色", "phone", 1, 599900, 10000, 589900, 500000, IMEI),
        ("钢化膜", "accessory", 2, 3000, 0, 6000, None, ""),
        ("数据线", "accessory", 1, 4500, 0, 4500, None, ""),
        ("356938035643809", "phone", 1, 2000, 0, 2000, None, "356938035643809"),
        ("Not named", "other", 1, 1000, 0, 1000, None, ""),
    ]
    assert shop.db.rows("SELECT purchase_id, method, amount_fen FROM payments ORDER BY id")[:2] == [
        (1, "cash", 6000), (1, "wechat", 589900),
    ]  # fmt: skip
    assert shop.db.rows("SELECT model, imei, bought_here, acquired_day, warranty_end_day FROM devices ORDER BY id")[0] == (
        "iPhone 17 黑色", IMEI, 1, "2026-03-01", "2027-03-01",
    )  # fmt: skip
    assert shop.db.value("SELECT count(*) FROM tacs") == 2
    assert shop.db.value("SELECT count(*) FROM followups") == 0
    assert shop.db.value("SELECT tier FROM customer_tiers") != "prospect"
    assert bring(shop, rows) == {"same": 5}


def test_a_card_keeps_one_device_of_an_imei(shop: Shop) -> None:
    bring(shop, [["姓名", "手机", "机型", "IMEI"], ["张三", 13800000001, "iPhone 17", int(IMEI)]])
    bring(
        shop, [SALES, sale(日期="2026-03-01", 手机=13800000001, 商品="iPhone 17", 金额=5999, 串号=int(IMEI))]
    )
    assert shop.db.rows("SELECT imei, bought_here, acquired_day FROM devices") == [(IMEI, 1, "2026-03-01")]


def test_sales_are_compared_as_a_multiset(shop: Shop) -> None:
    one = sale(日期="2026-03-01", 手机=13800000001, 商品="膜", 金额=30)
    assert bring(shop, [SALES, one, one]) == {"new": 2}
    assert bring(shop, [SALES, one, one, one]) == {"new": 1, "same": 2}
    assert bring(shop, [SALES, one]) == {"same": 1}


@pytest.mark.parametrize("phone", [13800000001, ""])
def test_another_receipt_is_another_sale(shop: Shop, phone: object) -> None:
    def sold(number: str) -> list[object]:
        return sale(日期="2026-03-01", 单号=number, 手机=phone, 商品="膜", 金额=30)

    assert bring(shop, [SALES, sold("S1")]) == {"new": 1}
    assert bring(shop, [SALES, sold("S2")]) == {"new": 1}
    assert bring(shop, [SALES, sold("S3"), sold("S1"), sold("S3")]) == {"new": 2, "same": 1}
    assert shop.db.rows("SELECT number, total_fen FROM purchases ORDER BY id") == [
        ("S1", 3000),
        ("S2", 3000),
        ("S3", 6000),
    ]
    assert bring(shop, [SALES, sold(""), sold("S1"), sold("S3"), sold("S3"), sold("")]) == {
        "same": 5 - 1,
        "new": 1,
    }


def test_a_receipt_may_be_a_sale_that_came_in_without_its_number(shop: Shop) -> None:
    def sold(number: str) -> list[object]:
        return sale(日期="2026-03-01", 单号=number, 手机=13800000001, 商品="膜", 金额=30)

    assert bring(shop, [SALES, sold("")]) == {"new": 1}
    assert bring(shop, [SALES, sold("S1"), sold("S2"), sold("")]) == {"same": 1, "new": 2}
    assert bring(shop, [SALES, sold("S2"), sold(""), sold("")]) == {"same": 3}


def test_refunds_of_several_lines_of_a_receipt(shop: Shop) -> None:
    def line(item: str, amount: int, number: str = "S1") -> list[object]:
        return sale(日期="2026-03-02", 单号=number, 手机=13800000001, 商品=item, 金额=amount)

    sold = [line("壳", 30), line("膜", 30), line("线", 30), line("壳", 30, "S2")]
    rows = [SALES, *sold, line("壳", -30)]
    assert bring(shop, rows) == {"new": 5}
    of_line = "SELECT l.description, p.number FROM refunds r JOIN purchase_lines l ON l.id = r.line_id "
    of_line += "JOIN purchases p ON p.id = l.purchase_id ORDER BY r.id"
    assert shop.db.rows(of_line) == [("壳", "S1")]
    assert bring(shop, [SALES, line("膜", -30)]) == {"new": 1}
    assert bring(shop, [SALES, line("壳", -30, "S2")]) == {"new": 1}
    assert shop.db.rows(of_line) == [("壳", "S1"), ("膜", "S1"), ("壳", "S2")]
    assert bring(shop, [*rows, line("膜", -30), line("壳", -30, "S2")]) == {"same": 7}
    assert bring(shop, [SALES, line("退款", -30)]) == {"same": 1}


def test_a_refund_may_have_a_number_of_its_own(shop: Shop) -> None:
    def line(amount: int, number: str) -> list[object]:
        return sale(日期="2026-03-02", 单号=number, 手机=13800000001, 商品="壳", 金额=amount)

    rows = [SALES, line(90, "S1"), line(-30, "T1"), line(-30, "T2")]
    assert bring(shop, rows) == {"new": 3}
    assert bring(shop, rows) == {"same": 3}
    assert bring(shop, [*rows, line(-30, "T3")]) == {"same": 3, "new": 1}


def test_nobody_in_particular_is_no_customer(shop: Shop) -> None:
    words = ["散客", "零售", "路人", "匿名", "现金客户", "先生", "Walk-in", "WALK IN", "guest"]
    rows = [SALES, *(sale(日期="2026-03-01", 姓名=word, 商品="膜", 金额=30) for word in words)]
    rows.append(sale(日期="2026-03-01", 姓名="张先生", 商品="膜", 金额=30))
    rows.append(sale(日期="2026-03-01", 姓名="散客", 手机=13800000001, 商品="膜", 金额=30))
    assert bring(shop, rows) == {"new": len(words) + 2}
    assert shop.db.rows("SELECT name FROM customers ORDER BY id") == [("张先生",), ("13800000001",)]
    assert shop.db.value("SELECT count(*) FROM purchases WHERE customer_id IS NULL") == len(words)
    assert bring(shop, rows) == {"same": len(words) + 2}


def test_nobody_in_particular_is_no_row_of_a_list_of_customers(shop: Shop) -> None:
    with rehearsed(shop, [["姓名", "手机", "备注"], ["散客", "", "x"], ["张三", 13800000001, ""]]) as found:
        assert counts(found) == {"new": 1, "bad": 1}
        assert plan.rows(found, "bad")[0].reasons == (
            "“散客” is nobody in particular, and there is neither a telephone number nor a card number.",
        )


def test_a_known_receipt_with_another_line_waits(shop: Shop) -> None:
    bring(shop, [SALES, sale(日期="2026-03-01", 单号="S1", 手机=13800000001, 商品="膜", 金额=30)])
    with rehearsed(
        shop, [SALES, sale(日期="2026-03-01", 单号="S1", 手机=13800000001, 商品="壳", 金额=50)]
    ) as found:
        assert counts(found) == {"skip": 1}
        assert reasons(found)[0].startswith("Receipt with this number is in the shop already")
        assert plan.rows(found)[0].about == "2026-03-01 · 壳 · ¥50"


def test_refunds_find_their_sale(shop: Shop) -> None:
    bring(
        shop, [SALES, sale(日期="2026-03-01", 手机=13800000001, 商品="iPhone 17", 金额=5999, 串号=int(IMEI))]
    )
    rows = [
        SALES,
        sale(
            日期="2026-03-05",
            手机=13800000001,
            商品="退款",
            金额=-5999,
            串号=int(IMEI),
            备注="坏了",
            付款方式="现金",
        ),
        sale(日期="2026-03-02", 手机=13800000002, 商品="壳", 金额=50),
        sale(日期="2026-03-03", 手机=13800000002, 商品="壳", 金额="(30)"),
        sale(日期="2026-03-03", 手机=13800000002, 商品="壳", 数量=-1, 金额=30),
        sale(日期="2026-03-03", 商品="膜", 金额=-30),
    ]
    with rehearsed(shop, rows) as found:
        assert counts(found) == {"new": 3, "skip": 2}
        assert (
            reasons(found)
            == ["No sale was found that this refund belongs to; enter it by hand on the sale."] * 2
        )
        assert plan.rows(found)[0].about == "2026-03-05 · 退款 · −¥5,999"
        plan.apply(shop, found)
    assert shop.db.rows("SELECT purchase_id, line_id, day, amount_fen, reason, method FROM refunds ORDER BY id") == [
        (1, 1, "2026-03-05", 599900, "坏了", "cash"), (2, 2, "2026-03-03", 3000, "Imported refund", "other"),
    ]  # fmt: skip
    assert shop.db.rows("SELECT status, gone_day FROM devices") == [("returned", "2026-03-05")]
    assert bring(shop, rows[:4]) == {"same": 3}


def test_what_is_wrong_with_sales(shop: Shop) -> None:
    head = [*SALES, "订单状态"]
    rows = [
        head,
        [*sale(日期="2026-03-01", 手机=13800000001, 商品="膜"), ""],
        [*sale(手机=13800000001, 商品="膜", 金额=30), ""],
        [*sale(日期="03/04/2026", 手机=13800000001, 商品="膜", 金额=30), ""],
        [*sale(日期="2026-03-01", 手机=13800000001, 商品="膜", 金额=30), "已取消"],
        [*sale(日期="2026-03-01", 手机=13800000001, 商品="膜", 金额="#?"), ""],
    ]
    with rehearsed(shop, rows) as found:
        assert counts(found) == {"bad": 3, "skip": 2}
        assert [row.explanation for row in plan.rows(found)] == [
            "There is no amount.",
            "There is no day.",
            "日期: “03/04/2026” can mean 2026-03-04 / 2026-04-03; say once for the column which is which.",
            "This sale was cancelled; it is not imported.",
            "金额: “#?” is not an amount of money.",
        ]
        assert plan.rows(found)[0].about == "2026-03-01 · 膜 · –"
    with rehearsed(shop, rows, orders={"日期": "dmy"}) as found:
        plan.apply(shop, found)
    assert shop.db.rows("SELECT day FROM purchases") == [("2026-04-03",)]


def test_ambiguous_moments_keep_their_time(shop: Shop) -> None:
    rows = [
        SALES,
        sale(日期="03/04/2026 14:30", 商品="膜", 金额=30),
        sale(日期="25/04/2026 9:05", 商品="膜", 金额=30),
    ]
    assert bring(shop, rows) == {"new": 2}
    assert shop.db.rows("SELECT at FROM purchases ORDER BY id") == [
        ("2026-04-03T06:30:00Z",),
        ("2026-04-25T01:05:00Z",),
    ]


def test_sales_go_to_the_number_they_name(shop: Shop) -> None:
    bring(
        shop,
        [
            ["姓名", "手机", "会员卡号"],
            ["张三", 13800000001, "V1"],
            ["父", 13800000002, ""],
            ["母", 13800000002, ""],
            ["王伟", "", ""],
        ],
    )
    rows = [
        [*SALES, "会员卡号"],
        [*sale(日期="2026-03-01", 姓名="张先生", 手机=13800000001, 商品="膜", 金额=1), ""],
        [*sale(日期="2026-03-01", 姓名="母", 手机=13800000002, 商品="膜", 金额=2), ""],
        [*sale(日期="2026-03-01", 手机=13800000002, 商品="膜", 金额=3), ""],
        [*sale(日期="2026-03-01", 商品="膜", 金额=4), "V1"],
        [*sale(日期="2026-03-01", 姓名="王伟", 商品="膜", 金额=5), ""],
        [*sale(日期="2026-03-01", 姓名="赵六", 商品="膜", 金额=6), ""],
        [*sale(日期="2026-03-02", 姓名="赵六", 手机="13800000009 13800000008", 商品="膜", 金额=7), ""],
        [*sale(日期="2026-03-02", 手机="13800000009", 商品="膜", 金额=8), ""],
    ]
    with rehearsed(shop, rows) as found:
        assert reasons(found, "asks") == ["Several people have this telephone number; say whose row this is."]
        plan.apply(shop, found)
    assert shop.db.rows(
        "SELECT c.name, p.total_fen FROM purchases p JOIN customers c ON c.id = p.customer_id ORDER BY p.total_fen"
    ) == [
        ("张三", 100),
        ("母", 200),
        ("张三", 400),
        ("王伟", 500),
        ("赵六", 600),
        ("赵六", 700),
        ("赵六", 800),
    ]
    assert shop.db.rows("SELECT p.number, p.position FROM phones p JOIN customers c ON c.id = p.customer_id "
        "WHERE c.name = '赵六' ORDER BY p.id") == [
        ("13800000009", 0), ("13800000008", 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ((1, 100, None, None), (1, 100, 0, 100)),
        ((2, 100, 50, None), (2, 100, 50, 150)),
        ((2, None, None, 201), (2, 101, 1, 201)),
        ((1, 100, None, 80), (1, 100, 20, 80)),
        ((2, 50, None, 120), (2, 60, 0, 120)),
        ((1, None, 20, 80), (1, 100, 20, 80)),
    ],
)
def test_amounts_agree(
    given: tuple[int, int | None, int | None, int | None], made: tuple[int, int, int, int]
) -> None:
    assert agreed(*given) == made
    quantity, price, discount, amount = made
    assert amount == quantity * price - discount


@pytest.mark.parametrize(
    ("item", "imei", "category"),
    [("iPhone 17", "", "phone"), ("iPhone 17 手机壳", "", "accessory"), ("换屏", "", "service"), ("59元套餐", "", "plan"),
     ("老人手机", "", "phone"), ("雨伞", "", "other"), ("雨伞", IMEI, "phone")],
)  # fmt: skip
def test_categories_by_words(item: str, imei: str, category: str) -> None:
    assert category_of(item, imei) == category


FOLLOWUPS = [
    "客户名称",
    "手机号",
    "跟进方式",
    "跟进时间",
    "负责人",
    "跟进内容",
    "下次联系时间",
    "跟进原因",
    "跟进状态",
    "跟进结果",
    "完成日期",
    "备注",
]


def contact(**cells: object) -> list[object]:
    return [cells.get(title) for title in FOLLOWUPS]


def test_contacts_made_and_planned(shop: Shop) -> None:
    rows = [
        FOLLOWUPS,
        contact(
            客户名称="张三",
            手机号=13800000001,
            跟进方式="微信",
            跟进时间="2026-03-01 10:00",
            负责人="李娜",
            跟进内容="想换机",
            下次联系时间="2026-12-01",
        ),
        contact(
            客户名称="张三",
            手机号=13800000001,
            跟进时间="2026-03-02",
            跟进内容="没人接",
            跟进结果="未接",
            备注="再打",
        ),
        contact(
            客户名称="张三",
            手机号=13800000001,
            下次联系时间="2026-03-05",
            跟进原因="回访",
            跟进结果="成交",
            完成日期="2026-03-06",
        ),
        contact(客户名称="张三", 手机号=13800000001, 下次联系时间="2026-03-07", 跟进原因="太久"),
        contact(客户名称="张三", 手机号=13800000001, 完成日期="2026-03-08", 跟进原因="完成了"),
        contact(客户名称="张三", 手机号=13800000001),
        contact(手机号="", 跟进时间="2026-03-01", 跟进内容="谁"),
    ]
    with rehearsed(shop, rows) as found:
        assert counts(found) == {"new": 5, "bad": 2}
        assert [row.explanation for row in plan.rows(found, "bad")] == [
            "There is no day.", "There is neither a name nor a telephone number nor a card number.",
        ]  # fmt: skip
        assert plan.rows(found)[0].about == "2026-12-01 · 2026-03-01 · 想换机"
        plan.apply(shop, found)
    assert shop.db.rows("SELECT day, channel, began_by, summary, reached FROM interactions ORDER BY id") == [
        ("2026-03-01", "wechat", "shop", "想换机", 1), ("2026-03-02", "call", "shop", "没人接\n再打", 0),
    ]  # fmt: skip
    assert shop.db.rows(
        "SELECT due_day, first_due_day, reason, state, outcome, done_day, cancel_reason FROM followups ORDER BY id"
    ) == [
        ("2026-12-01", "2026-12-01", "Imported contact", "open", "", None, ""),
        ("2026-03-05", "2026-03-05", "回访", "done", "bought", "2026-03-06", ""),
        ("2026-03-07", "2026-03-07", "太久", "cancelled", "", None, "Imported contact"),
        ("2026-03-08", "2026-03-08", "完成了", "done", "reached", "2026-03-08", ""),
    ]
    assert bring(shop, rows[:6]) == {"same": 5}


COMPLAINTS = [
    "投诉日期",
    "客户姓名",
    "联系电话",
    "投诉内容",
    "投诉类型",
    "优先级",
    "处理状态",
    "处理结果",
    "结案日期",
    "处理人",
]


def complaint(**cells: object) -> list[object]:
    return [cells.get(title) for title in COMPLAINTS]


def test_a_contact_and_the_next_one_in_a_row_are_compared_apart(shop: Shop) -> None:
    def row(day: str, content: str, due: str) -> list[object]:
        return contact(客户名称="张三", 手机号=13800000001, 跟进时间=day, 跟进内容=content, 下次联系时间=due)

    assert bring(shop, [FOLLOWUPS, row("2026-03-01", "问价", "2027-01-01")]) == {"new": 1}
    rows = [
        FOLLOWUPS,
        row("2026-03-05", "要新机", "2027-01-01"),
        row("2026-03-01", "问价", "2027-02-02"),
    ]
    with rehearsed(shop, rows) as found:
        plan.judge(shop, found)
        assert counts(found) == {"new": 2}
        change = plan.apply(shop, found)
    made = [("2026-03-01", "问价"), ("2026-03-05", "要新机")]
    assert shop.db.rows("SELECT day, summary FROM interactions ORDER BY id") == made
    assert shop.db.rows("SELECT due_day FROM followups ORDER BY id") == [("2027-01-01",), ("2027-02-02",)]
    assert bring(shop, rows) == {"same": 2}
    assert change is not None
    history.undo(shop, change)
    assert shop.db.value("SELECT count(*) FROM interactions") == 1
    history.redo(shop)
    assert shop.db.rows("SELECT day, summary FROM interactions ORDER BY id") == made


def test_complaints_with_their_steps(shop: Shop) -> None:
    rows = [
        COMPLAINTS,
        complaint(
            投诉日期="2026-03-01",
            客户姓名="张三",
            联系电话=13800000001,
            投诉内容="屏幕坏了",
            投诉类型="屏幕",
            优先级="高",
            处理状态="已结案",
            处理结果="换新",
            结案日期="2026-03-03",
            处理人="李娜",
        ),
        complaint(投诉日期="2026-03-02", 投诉内容="太吵", 结案日期="2026-03-02"),
        complaint(投诉日期="2026-03-02", 投诉内容="等太久"),
        complaint(投诉日期="2026-03-02", 客户姓名="李四"),
        complaint(客户姓名="李四", 投诉内容="没有日期"),
    ]
    with rehearsed(shop, rows) as found:
        assert counts(found) == {"new": 3, "bad": 2}
        assert [row.explanation for row in plan.rows(found, "bad")] == [
            "Nothing says what happened.",
            "There is no day.",
        ]
        change_id = plan.apply(shop, found)
    assert shop.db.rows(
        "SELECT customer_id, summary, category, priority, state, received_day FROM complaints ORDER BY id"
    ) == [
        (1, "屏幕坏了", "屏幕", "high", "closed", "2026-03-01"),
        (None, "太吵", "", "normal", "closed", "2026-03-02"),
        (None, "等太久", "", "normal", "received", "2026-03-02"),
    ]
    assert ("closed", "2026-03-03", "换新") in shop.db.rows("SELECT kind, day, note FROM complaint_steps")
    assert bring(shop, rows[:4]) == {"same": 3}
    history.undo(shop, change_id)
    assert shop.db.value("SELECT count(*) FROM complaints") == 0


def test_what_a_sheet_tells_of_an_open_complaint_is_a_note_on_it(shop: Shop) -> None:
    rows = [
        [*COMPLAINTS, "备注", "赔偿"],
        [
            *complaint(投诉日期="2026-03-01", 联系电话=13800000001, 投诉内容="屏碎", 处理结果="已换屏并道歉"),
            None,
            None,
        ],
        [*complaint(投诉日期="2026-03-02", 投诉内容="太慢"), "常客", 50],
        [*complaint(投诉日期="2026-03-03", 投诉内容="太吵", 处理状态="处理中"), "再打", None],
        [*complaint(投诉日期="2026-03-04", 投诉内容="等太久"), None, None],
    ]
    with rehearsed(shop, rows) as found:
        assert counts(found) == {"new": 4}
        change_id = plan.apply(shop, found)
    told = shop.db.rows("SELECT complaint_id, kind, day, note FROM complaint_steps WHERE kind <> 'received'")
    assert told == [
        (1, "note", "2026-03-01", "已换屏并道歉"),
        (2, "note", "2026-03-02", "常客\n赔偿: 50"),
        (3, "investigating", "2026-03-03", "再打"),
    ]
    assert [state for (state,) in shop.db.rows("SELECT state FROM complaints ORDER BY id")] == [
        "received", "received", "investigating", "received",
    ]  # fmt: skip
    assert bring(shop, rows) == {"same": 4}
    assert integrity.check(shop) == []
    history.undo(shop, change_id)
    assert shop.db.value("SELECT count(*) FROM complaint_steps") == 0
    history.redo(shop)
    assert shop.db.value("SELECT count(*) FROM complaint_steps WHERE kind = 'note'") == 2


def test_a_kind_can_be_forced(shop: Shop) -> None:
    rows = [["姓名", "手机", "日期", "内容"], ["张三", 13800000001, "2026-03-01", "x"]]
    with rehearsed(shop, rows, kind="complaints") as found:
        assert found.kind == "complaints"
    with rehearsed(shop, rows, kind="customers") as found:
        assert found.kind == "customers"


@pytest.mark.parametrize(
    ("written", "paid", "told"),
    [
        ("欠款2000", [("account", 200_000), ("other", 1_000_000)], "On account: ¥2,000 goes into"),
        ("欠2000.50元", [("account", 200_050), ("other", 999_950)], "On account: ¥2,000.50 goes into"),
        ("欠：20,000", [("account", 1_200_000)], "On account: ¥12,000 goes into"),
        ("微信10000，欠2000", [("account", 200_000), ("other", 1_000_000)], "付款方式: “微信10000,欠2000” names several ways"),
        ("已还清原欠2000", [("other", 1_200_000)], "付款方式: “已还清原欠2000” is not one of the known words"),
    ],
)  # fmt: skip
def test_a_part_on_account_is_owed_and_the_rest_was_paid(
    shop: Shop, written: str, paid: list[tuple[str, int]], told: str
) -> None:
    rows = [SALES, sale(日期="2026-03-02", 手机=13800000001, 商品="手机壳", 金额=12_000, 付款方式=written)]
    with rehearsed(shop, rows) as found:
        assert reasons(found)[0].startswith(told)
        plan.apply(shop, found)
    assert shop.db.rows("SELECT method, amount_fen FROM payments ORDER BY method") == paid
    owed = [amount for method, amount in paid if method == "account"]
    assert [amount for (amount,) in shop.db.rows("SELECT amount_fen FROM balance_entries")] == owed
    assert ("欠2000" in shop.db.value("SELECT note FROM purchases")) is ("，" in written or not owed)
    assert bring(shop, rows) == {"same": 1}
    history.undo(shop)
    assert shop.db.rows("SELECT method FROM payments") == []
    history.redo(shop)
    assert shop.db.rows("SELECT method, amount_fen FROM payments ORDER BY method") == paid


def test_what_is_owed_of_a_receipt_counts_once(shop: Shop) -> None:
    words = {"日期": "2026-03-02", "手机": 13800000001, "付款方式": "欠款100", "单号": "A1"}
    rows = [
        SALES,
        sale(商品="壳", 金额=300, **words),
        sale(商品="膜", 金额=200, **words),
        sale(日期="2026-03-02", 商品="线", 金额=30, 付款方式="欠款10"),
        sale(日期="2026-03-05", 手机=13800000001, 商品="壳", 金额=-40, 付款方式="欠款40"),
    ]
    bring(shop, rows)
    assert shop.db.rows("SELECT purchase_id, method, amount_fen FROM payments ORDER BY 1, 2") == [
        (1, "account", 10_000),
        (1, "other", 40_000),
        (2, "other", 3_000),
    ]
    assert shop.db.rows("SELECT method FROM refunds") == [("other",)]


@pytest.mark.parametrize("word", ["赊账", "On account"])
def test_what_was_left_on_account_is_owed_if_it_is_known_by_whom(shop: Shop, word: str) -> None:
    rows = [
        SALES,
        sale(日期="2026-03-02", 手机=13800000001, 商品="壳", 金额=20, 付款方式=word),
        sale(日期="2026-03-03", 商品="壳", 金额=30, 付款方式=word),
    ]
    with rehearsed(shop, rows) as found:
        assert reasons(found) == [
            "On account: ¥20 goes into the customer's account.",
            "On account, but nobody is named who owes ¥30.",
        ]
        change_id = plan.apply(shop, found)
    assert shop.db.rows("SELECT method FROM payments ORDER BY id") == [("account",), ("other",)]
    assert shop.db.rows("SELECT customer_id, day, amount_fen, kind, purchase_id FROM balance_entries") == [
        (1, "2026-03-02", 2_000, "sale", 1)
    ]
    assert integrity.check(shop) == []
    assert bring(shop, rows) == {"same": 2}
    history.undo(shop, change_id)
    assert shop.db.value("SELECT count(*) FROM balance_entries") == 0
