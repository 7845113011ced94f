"""Sheets that only know totals, points and balances: what they bring, what a second time changes, and taking it back."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from desktop_crm import balance, customers, history, integrity, merge, openings, points, tiers
from desktop_crm.exporting import orders
from desktop_crm.exporting.orders import Order
from desktop_crm.importing import plan
from desktop_crm.openings import Brought
from desktop_crm.shop import Shop
from tests.contact_builders import add_customer, add_sale, add_staff
from tests.importing.sheets import bring, counts, reasons, rehearsed

MEMBERS = ["会员姓名", "联系电话", "累计消费金额", "累计订单数", "最近消费", "当前积分", "当前余额", "欠款"]
ZHANG = ["张三", 13800000001, "￥8,000.00", "12次", "2026-08-03", "1,638分", 200, None]
LI = ["李四", 13800000002, None, None, None, 0, 0, 50.5]
WANG = ["王五", 13800000003, 0, 0, None, None, None, None]
ROWS = [MEMBERS, ZHANG, LI, WANG]


def brought(shop: Shop, who: int = 1) -> tuple[Any, ...]:
    """Total, count and last day of a customer, then points and what they owe."""
    sums = openings.of_customer(shop, who)
    known = None if sums is None else (sums.total_fen, sums.purchases, sums.last_day, sums.day)
    return known, points.total(shop, who), balance.due_fen(shop, who)


def test_totals_points_and_balances_come_along_with_new_cards_and_go_with_them(shop: Shop) -> None:
    clerk = shop.at_counter(add_staff(shop))
    with rehearsed(clerk, ROWS) as found:
        assert found.kind == "customers"
        assert {"opening_total", "opening_count", "opening_last", "points", "credit", "due"} <= set(
            found.layout.mapping.values()
        )
        change_id = plan.apply(clerk, found)
    assert change_id is not None
    assert brought(shop, 1) == ((800_000, 12, "2026-08-03", "2026-11-21"), 1_638, -20_000)
    assert brought(shop, 2) == (None, None, 5_050)
    assert brought(shop, 3) == (None, None, 0)
    (line,) = points.ledger(shop, 1)
    assert (line.entry.kind, line.entry.import_id, line.entry.staff_id, line.after) == (
        "opening",
        1,
        clerk.staff_id,
        1_638,
    )
    assert [entry.kind for entry in balance.entries(shop, 1)] == ["opening"]
    assert integrity.check(shop) == []
    history.undo(clerk)
    assert [shop.db.value(f"SELECT count(*) FROM {table}") for table in (
        "opening_summaries", "point_entries", "balance_entries", "customers")] == [0, 0, 0, 0]  # fmt: skip
    history.redo(clerk)
    assert brought(shop, 1) == ((800_000, 12, "2026-08-03", "2026-11-21"), 1_638, -20_000)
    assert integrity.check(shop) == []


def test_new_members_get_their_tier_by_what_they_bring(shop: Shop) -> None:
    bring(shop, ROWS)
    found = [tiers.current(shop, who) for who in (1, 2, 3)]
    assert [
        (tier.tier, tier.net_fen, tier.brought_fen, tier.brought_occasions) for tier in found if tier
    ] == [
        ("high_value", 0, 800_000, 12),
        ("prospect", 0, 0, 0),
        ("prospect", 0, 0, 0),
    ]
    assert tiers.present(shop, 1).why == (
        "12 purchases in 24 months, ¥8,000 (of which ¥8,000 brought along), last active 110 days ago"
    )


@pytest.mark.parametrize("policy", ["fill", "overwrite"])
def test_the_same_sheet_a_second_time_changes_nothing(shop: Shop, policy: str) -> None:
    bring(shop, ROWS)
    before = shop.db.value("SELECT max(id) FROM changes")
    assert bring(shop, ROWS, policy=policy) == {"same": 3}
    assert shop.db.value("SELECT max(id) FROM changes") == before


@pytest.mark.parametrize("policy", ["fill", "overwrite"])
def test_nor_does_it_after_points_were_spent_and_debts_paid_here(shop: Shop, policy: str) -> None:
    bring(shop, ROWS)
    points.put(shop, 1, 1_600)
    balance.pay_out(shop, 1, 5_000)
    balance.pay(shop, 2, 5_050)
    assert bring(shop, ROWS, policy=policy) == {"same": 3}


def test_only_blanks_are_filled_on_known_cards(shop: Shop) -> None:
    customers_of = [["姓名", "手机"], ["张三", 13800000001], ["李四", 13800000002]]
    bring(shop, customers_of)
    openings.put(shop, 1, Brought(500_000))
    points.put(shop, 1, 10)
    with rehearsed(shop, ROWS) as found:
        assert counts(found) == {"update": 2, "new": 1}
        assert reasons(found) == [
            "Purchases before: 12 is added · Last purchase before: 2026-08-03 is added · "
            "Balance due: −¥200 is added · Spent before: ¥5,000 stays (¥8,000 in the sheet) · "
            "Points: 10 stays (1638 in the sheet)",
            "Balance due: ¥50.50 is added",
        ]
        change_id = plan.apply(shop, found)
    assert brought(shop, 1) == ((500_000, 12, "2026-08-03", "2026-11-21"), 10, -20_000)
    history.undo(shop, change_id)
    assert brought(shop, 1) == ((500_000, None, None, "2026-11-21"), 10, 0)


def test_overwriting_sets_sums_and_books_what_is_missing(shop: Shop) -> None:
    bring(shop, [["姓名", "手机"], ["张三", 13800000001]])
    openings.put(shop, 1, Brought(500_000, 3, day="2026-01-31"))
    points.put(shop, 1, 10)
    balance.correct(shop, 1, 30_000, "x")
    change = ["张三", 13800000001, 8000, 0, "2026-08-03", 4, None, 100]
    with rehearsed(shop, [MEMBERS, change], policy="overwrite") as found:
        assert counts(found) == {"update": 1}
        change_id = plan.apply(shop, found)
    assert brought(shop, 1) == ((800_000, None, "2026-08-03", "2026-11-21"), 4, 10_000)
    assert [(line.entry.kind, line.entry.points, line.after) for line in points.ledger(shop, 1)] == [
        ("correction", -6, 4),
        ("correction", 10, 10),
    ]
    assert [entry.amount_fen for entry in balance.entries(shop, 1)] == [-20_000, 30_000]
    assert bring(shop, [MEMBERS, change], policy="overwrite") == {"same": 1}
    history.undo(shop, change_id)
    assert brought(shop, 1) == ((500_000, 3, None, "2026-01-31"), 10, 30_000)


@pytest.mark.parametrize(
    ("known", "policy", "row", "sums", "fen"),
    [
        (Brought(700_000, day="2026-01-01"), "fill", [None, 3, "2025-12-30"], (700_000, 3, "2026-01-01"), 700_000),
        (Brought(700_000, 2, day="2026-01-01"), "overwrite", [None, 3, None], (700_000, 3, "2026-01-01"), 700_000),
        (Brought(None, 2, day="2026-01-01"), "fill", [7000, None, None], (700_000, 2, "2026-01-01"), 700_000),
        (Brought(None, 2, day="2026-01-01"), "overwrite", [7000, 3, None], (700_000, 3, "2026-11-21"), 200_000),
        (Brought(None, None, "2025-12-30", "2026-01-01"), "fill", [7000, 3, None], (700_000, 3, "2026-11-21"), 200_000),
    ],
)  # fmt: skip
def test_the_day_of_the_sums_is_that_of_the_total(
    shop: Shop, known: Brought, policy: str, row: list[Any], sums: tuple[Any, ...], fen: int
) -> None:
    bring(shop, [["姓名", "手机"], ["张三", 13800000001]])
    openings.put(shop, 1, known)
    add_sale(shop, 1, "2026-02-01", 500_000)
    before = openings.of_customer(shop, 1)
    bring(shop, [MEMBERS, ["张三", 13800000001, *row, None, None, None]], policy=policy)
    after = openings.of_customer(shop, 1)
    assert after is not None
    assert (after.total_fen, after.purchases, after.day) == sums
    tiers.apply(shop, tiers.proposal(shop))
    tier = tiers.current(shop, 1)
    assert tier is not None
    assert tier.brought_fen == fen
    history.undo(shop, shop.db.value("SELECT change_id FROM imports ORDER BY id DESC LIMIT 1"))
    assert openings.of_customer(shop, 1) == before


def test_where_they_differ_the_person_may_say_which_is_right(shop: Shop) -> None:
    bring(shop, [["姓名", "手机"], ["张三", 13800000001]])
    openings.put(shop, 1, Brought(500_000, 3))
    points.put(shop, 1, 10)
    with rehearsed(shop, [MEMBERS, ZHANG], policy="ask") as found:
        assert plan.decide_fields(shop, found, [1], "take", ["points", "opening_total"]) == 1
        assert plan.decide_fields(shop, found, [1], "keep", ["opening_count"]) == 1
        plan.apply(shop, found)
    assert brought(shop) == ((800_000, 3, "2026-08-03", "2026-11-21"), 1_638, -20_000)
    assert [line.entry.points for line in points.ledger(shop, 1)] == [1_628, 10]


def test_sums_of_nothing_take_away_what_was_brought_along(shop: Shop) -> None:
    bring(shop, [MEMBERS, ["张三", 13800000001, 8000, 12, None, None, None, None]])
    assert bring(
        shop, [MEMBERS, ["张三", 13800000001, 0, 0, None, None, None, None]], policy="overwrite"
    ) == {"update": 1}
    assert openings.of_customer(shop, 1) is None


def test_two_rows_about_one_new_person_are_compared(shop: Shop) -> None:
    rows = [MEMBERS, ZHANG, ["张三", 13800000001, 3000, None, None, None, None, 20]]
    with rehearsed(shop, rows) as found:
        assert counts(found) == {"new": 1, "skip": 1}
        assert reasons(found) == [
            "Spent before: ¥8,000 stays (¥3,000 in the sheet) · Balance due: −¥200 stays (¥20 in the sheet)"
        ]
        plan.apply(shop, found)
    assert brought(shop)[0][0] == 800_000
    assert bring(shop, rows[:2]) == {"same": 1}


def test_a_merge_moves_what_was_brought_along_and_back(shop: Shop) -> None:
    bring(shop, ROWS)
    bring(shop, [MEMBERS, ["张三三", 13800000009, 2000, 3, "2026-09-01", 62, 0, None]])
    change_id = merge.merge(shop, 1, [4], {}, "same")
    assert brought(shop, 1) == ((1_000_000, 15, "2026-09-01", "2026-11-21"), 1_700, -20_000)
    assert integrity.check(shop) == []
    history.undo(shop, change_id)
    assert brought(shop, 1) == ((800_000, 12, "2026-08-03", "2026-11-21"), 1_638, -20_000)
    assert brought(shop, 4) == ((200_000, 3, "2026-09-01", "2026-11-21"), 62, 0)


def test_what_cannot_be_is_told_and_kept_in_the_note(shop: Shop) -> None:
    with rehearsed(
        shop, [MEMBERS, ["张三", 13800000001, "很多", -3, "2027-01-01", 12.5, None, None]]
    ) as found:
        assert counts(found) == {"new": 1}
        (told,) = reasons(found)
        assert "“很多” is not an amount of money" in told
        assert "Nobody bought -3 times" in told
        assert "2027-01-01 is still to come" in told
        plan.apply(shop, found)
    assert brought(shop) == (None, None, 0)
    note = customers.get(shop, 1).note
    assert "累计消费金额: 很多" in note
    assert "当前积分: 12.5" in note
    assert "2027-01-01" in note


def test_an_undo_leaves_all_that_came_along_with_a_card_that_is_needed_since(shop: Shop) -> None:
    with rehearsed(shop, ROWS) as found:
        change_id = plan.apply(shop, found)
    add_sale(shop, 1, "2026-11-21")
    assert change_id is not None
    history.undo(shop, change_id)
    assert [row[0] for row in shop.db.rows("SELECT id FROM customers ORDER BY id")] == [1]
    assert brought(shop, 1) == ((800_000, 12, "2026-08-03", "2026-11-21"), 1_638, -20_000)
    assert shop.db.value("SELECT count(*) FROM balance_entries") == 1
    assert integrity.check(shop) == []


def test_ambiguous_days_of_the_last_purchase_wait_for_their_column(shop: Shop) -> None:
    rows = [MEMBERS, ["张三", 13800000001, 8000, 12, "03/04/2026", None, None, None]]
    with rehearsed(shop, rows) as found:
        assert [question.title for question in found.questions] == ["最近消费"]
    assert bring(shop, rows, orders={"最近消费": "dmy"}) == {"new": 1}
    assert brought(shop)[0] == (800_000, 12, "2026-04-03", "2026-11-21")


SALES = ["日期", "客户姓名", "手机", "商品", "金额", "付款方式", "类型"]


def unpaid(day: str, yuan: float, kind: str = "销售") -> list[Any]:
    return [day, "李四", 13800000002, "钢化膜", yuan, "赊账", kind]


def test_a_debt_brought_along_is_not_owed_again_with_its_sales(shop: Shop) -> None:
    bring(shop, ROWS)
    bring(shop, [SALES, unpaid("2026-03-01", 30), unpaid("2026-04-01", 20)])
    assert balance.due_fen(shop, 2) == 5_050
    assert [(entry.kind, entry.amount_fen) for entry in balance.entries(shop, 2)][::-1] == [
        ("sale", 3_000),
        ("sale", 2_000),
        ("opening", 5_050),
        ("opening", -3_000),
        ("opening", -2_000),
    ]
    assert integrity.check(shop) == []
    assert bring(shop, ROWS) == {"same": 3}
    assert bring(shop, ROWS, policy="overwrite") == {"same": 3}


def test_sales_are_owed_again_when_the_balance_that_held_them_is_taken_back(shop: Shop) -> None:
    bring(shop, [["姓名", "手机"], ["李四", 13800000002]])
    with rehearsed(shop, [MEMBERS, LI]) as found:
        of_balance = plan.apply(shop, found)
    with rehearsed(shop, [SALES, unpaid("2026-03-01", 30), unpaid("2026-04-01", 20)]) as found:
        of_sales = plan.apply(shop, found)
    assert balance.due_fen(shop, 1) == 5_050
    history.undo(shop, of_balance)
    assert [entry.kind for entry in balance.entries(shop, 1)] == ["sale", "sale"]
    assert balance.due_fen(shop, 1) == 5_000
    assert integrity.check(shop) == []
    history.redo(shop)
    assert balance.due_fen(shop, 1) == 5_050
    assert len(balance.entries(shop, 1)) == 5
    history.undo(shop, of_sales)
    assert balance.due_fen(shop, 1) == 5_050
    assert integrity.check(shop) == []


def test_sales_stay_out_of_what_they_owe_while_another_balance_holds_them(shop: Shop) -> None:
    bring(shop, [["姓名", "手机"], ["李四", 13800000002]])
    balance.correct(shop, 1, 1_000, "x", kind="opening")
    with rehearsed(shop, [MEMBERS, LI], policy="overwrite") as found:
        of_balance = plan.apply(shop, found)
    bring(shop, [SALES, unpaid("2026-03-01", 30)])
    assert balance.due_fen(shop, 1) == 5_050
    history.undo(shop, of_balance)
    assert sorted(entry.amount_fen for entry in balance.entries(shop, 1)) == [-3_000, 1_000, 3_000]


def test_debts_of_sales_that_came_first_are_the_balance_of_the_sheet_behind_them(shop: Shop) -> None:
    bring(shop, [SALES, unpaid("2026-03-01", 30), unpaid("2026-04-01", 20.5)])
    with rehearsed(shop, [MEMBERS, LI]) as found:
        assert counts(found) == {"same": 1}


@pytest.mark.parametrize(
    ("headings", "kind"),
    [
        ("姓名,手机,消费金额", "customers"),
        ("姓名,手机,消费金额,消费次数,最后消费时间", "customers"),
        ("会员卡号,积分,余额", "customers"),
        ("姓名,手机,消费时间,消费金额", "purchases"),
        ("姓名,手机,消费时间,消费金额,积分,余额", "purchases"),
        ("Name,Phone,Date,Item,Amount,Points,Balance", "purchases"),
        ("Name,Phone,Total spent,Orders,Last order", "customers"),
    ],
)
def test_lists_of_sales_with_points_beside_them_are_no_lists_of_totals(
    shop: Shop, headings: str, kind: str
) -> None:
    row = ["1", 13800000001, *["2026-03-01"] * (headings.count(",") - 1)]
    with rehearsed(shop, [headings.split(","), row]) as found:
        assert found.kind == kind


def test_a_refund_on_account_strikes_off_what_was_owed_of_its_sale_and_no_more(shop: Shop) -> None:
    bring(shop, [["姓名", "手机"], ["李四", 13800000002]])
    bring(shop, [SALES, unpaid("2026-03-01", 30), unpaid("2026-03-02", 30, "退货")])
    assert balance.due_fen(shop, 1) == 0
    add_sale(shop, 1, "2026-05-01", 4_000)
    bring(shop, [SALES, ["2026-05-02", "李四", 13800000002, "iPhone 17", 40, "赊账", "退货"]])
    assert shop.db.rows("SELECT method FROM refunds ORDER BY id") == [("account",), ("other",)]
    assert balance.due_fen(shop, 1) == 0
    assert integrity.check(shop) == []


def test_sheets_without_such_columns_write_nothing_of_it(shop: Shop) -> None:
    add_customer(shop)
    bring(shop, [["姓名", "手机", "标签"], ["张三", 13800000001, "a"]])
    assert brought(shop, 2) == (None, None, 0)
    kinds = {"balance", "openings", "points"}
    assert not kinds & set(shop.db.value("SELECT kinds FROM changes ORDER BY id DESC LIMIT 1").split(","))
    bring(shop, ROWS)
    assert kinds <= set(shop.db.value("SELECT kinds FROM changes ORDER BY id DESC LIMIT 1").split(","))


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("累计消费", "opening_total"), ("消费总额（元）", "opening_total"), ("Total spent", "opening_total"),
        ("消费次数", "opening_count"), ("累计订单数*", "opening_count"), ("Orders", "opening_count"),
        ("最后消费时间", "opening_last"), ("上次消费时间", "opening_last"), ("Last purchase", "opening_last"),
        ("积分", "points"), ("可用积分", "points"), ("Points", "points"),
        ("储值余额", "credit"), ("余额", "credit"), ("欠款", "due"), ("挂账", "due"), ("应收", "due"), ("Balance due", "due"),
    ],
)  # fmt: skip
def test_headings_of_totals_points_and_balances_are_known(shop: Shop, heading: str, field: str) -> None:
    with rehearsed(shop, [["姓名", "手机", heading], ["张三", 13800000001, None]]) as found:
        assert (found.kind, found.layout.mapping[heading]) == ("customers", field)


@pytest.mark.parametrize("name", ["out.xlsx", "out.csv"])
def test_what_came_along_goes_out_and_comes_back(
    shop: Shop, template: Path, tmp_path: Path, name: str
) -> None:
    bring(shop, ROWS)
    points.put(shop, 1, 1_600)
    balance.pay(shop, 2, 5_050)
    out = orders.export(shop, Order("customers", tmp_path / name)).file
    with plan.rehearse(shop, out, policy="overwrite") as found:
        assert counts(found) == {"same": 3}
    other = Shop.open(Path(shutil.copytree(template, tmp_path / "other")), shop.clock)
    with plan.rehearse(other, out) as found:
        plan.apply(other, found)
    assert [brought(other, who) for who in (1, 2, 3)] == [
        ((800_000, 12, "2026-08-03", "2026-11-21"), 1_600, -20_000),
        (None, None, 0),
        (None, None, 0),
    ]
    other.close()


def test_the_export_of_a_member_program_is_understood(shop: Shop) -> None:
    heading = "会员ID,会员卡号,会员姓名,拼音简写,身份证号,联系电话,联系地址,Email,会员类型,会员状态,当前余额,当前积分"
    row = [
        "77", "V0001", "张三", "zs", "", "13800000001", "中山路1号", "a@b.cn", "金卡", "正常", "128.50", "1638",
    ]  # fmt: skip
    assert bring(
        shop,
        [
            [*heading.split(","), "备注", "门店", "创建日期", "操作日期"],
            [*row, "老客户", "一店", "2024-05-06", "2026-01-02"],
        ],
    ) == {"new": 1}
    assert brought(shop) == (None, 1_638, -12_850)
