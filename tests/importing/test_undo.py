"""An import taken back at any later time: updates too, and after edits, merges, sales and further imports."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_crm import customers, followups, history, integrity, merge, notes
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.history import CannotUndo
from desktop_crm.importing import plan
from desktop_crm.shop import Shop
from tests.importing.sheets import Rows, fresh, rehearsed
from tests.test_undo_machine import consistent, differences, snapshot
from tests.undo_actions import ACTIONS, attempt

HEAD = ["姓名", "手机", "邮箱", "来源", "标签", "备注", "机型", "生日"]
SALES = ["日期", "单号", "姓名", "手机", "商品", "金额"]


def step_of(shop: Shop, rows: Rows, **wishes: Any) -> int:  # keyword arguments of `rehearse`
    """Import these rows; the change."""
    with rehearsed(shop, rows, **wishes) as found:
        change = plan.apply(shop, found)
    assert change is not None
    return change


def live(shop: Shop) -> list[str]:
    return [
        name
        for (name,) in shop.db.rows(
            "SELECT name FROM customers WHERE deleted_at IS NULL AND merged_into IS NULL ORDER BY id"
        )
    ]


def known(shop: Shop) -> int:
    return customers.add(
        shop,
        CustomerDraft("张三", (PhoneDraft("13800000001"),), email="old@x.cn", source="路过", note="老客户"),
    )


UPDATES = [
    HEAD,
    ["张三", "13800000001/13900000001", "new@x.cn", "抖音", "VIP", "爱喝茶", "iPhone 17", "85-05-15"],
    ["李四", "13800000002", "li@x.cn", "", "VIP", "", "Mate 70", "农历八月十五"],
]


@pytest.mark.parametrize("policy", ["fill", "overwrite", "ask"])
def test_updates_and_new_cards_go_and_come_back(shop: Shop, policy: str) -> None:
    known(shop)
    before = snapshot(shop)
    with rehearsed(shop, UPDATES, policy=policy) as found:
        if policy == "ask":
            plan.decide_fields(shop, found, "asks", "take")
        change = plan.apply(shop, found)
    after = snapshot(shop)
    assert change is not None
    assert history.undo(shop, change).left == ()
    assert differences(snapshot(shop), before) == {}
    assert history.redo(shop).left == ()
    assert differences(snapshot(shop), after) == {}
    consistent(shop)


def test_what_was_edited_since_stays_and_the_rest_returns(shop: Shop) -> None:
    zhang = known(shop)
    change = step_of(shop, UPDATES, policy="overwrite")
    customers.edit(shop, zhang, email="mine@x.cn")
    li = shop.db.value("SELECT id FROM customers WHERE name = '李四'")
    customers.edit(shop, li, address="文三路1号")
    undone = history.undo(shop, change)
    card = customers.get(shop, zhang)
    assert (card.email, card.source, card.note, card.birthday) == ("mine@x.cn", "路过", "老客户", "")
    assert [phone.number for phone in customers.phones(shop, zhang)] == ["13800000001"]
    assert customers.tags(shop, zhang) == ()
    assert customers.get(shop, li).address == "文三路1号"
    assert ("customers", li) in [(left.table, left.row_id) for left in undone.left]
    assert all(left.words for left in undone.left)
    assert integrity.check(shop) == []
    history.redo(shop)
    card = customers.get(shop, zhang)
    assert (card.email, card.source) == ("mine@x.cn", "抖音")
    assert integrity.check(shop) == []


@pytest.mark.parametrize("imported_stays", [False, True])
def test_a_merge_since_is_undone_with_it_or_said(shop: Shop, imported_stays: bool) -> None:
    old = customers.add(shop, CustomerDraft("李叔", (PhoneDraft("13700000001"),)))
    before = snapshot(shop)
    change = step_of(shop, [HEAD, ["李四", "13800000002", "li@x.cn", "", "VIP", "", "Mate 70", ""]])
    new = shop.db.value("SELECT id FROM customers WHERE name = '李四'")
    keep, other = (new, old) if imported_stays else (old, new)
    merged = history_id(shop, lambda: merge.merge(shop, keep, [other]))
    told = undone_or_told(shop, change)
    assert all(told)
    assert integrity.check(shop) == []
    assert "李叔" in live(shop) or "李四" in live(shop)
    assert shop.db.value("SELECT count(*) FROM phones WHERE number = '13700000001'") == 1
    # the merge taken back, the import goes whole
    if shop.db.value("SELECT undone_by FROM changes WHERE id = ?", (change,)) is None:
        history.undo(shop, merged)
        assert history.undo(shop, change).left == ()
        assert differences(snapshot(shop), before) == {}


def undone_or_told(shop: Shop, change: int) -> list[str]:
    """Take a step back as far as it goes; why something stayed."""
    try:
        return [left.words for left in history.undo(shop, change).left]
    except CannotUndo as error:
        return [left.words for left in error.left]


def history_id(shop: Shop, do: Any) -> int:  # an action
    do()
    found: int = shop.db.value("SELECT max(id) FROM changes")
    return found


def test_taken_back_in_order_nothing_is_left_of_import_merge_and_edit(shop: Shop) -> None:
    zhang = known(shop)
    before = snapshot(shop)
    steps = [step_of(shop, UPDATES, policy="overwrite")]
    li = shop.db.value("SELECT id FROM customers WHERE name = '李四'")
    steps.append(history_id(shop, lambda: merge.merge(shop, zhang, [li])))
    steps.append(history_id(shop, lambda: customers.edit(shop, zhang, address="文三路1号")))
    end = snapshot(shop)
    for step in reversed(steps):
        assert history.undo(shop, step).left == ()
    assert differences(snapshot(shop), before) == {}
    for _step in steps:
        assert history.redo(shop).left == ()
    assert differences(snapshot(shop), end) == {}
    consistent(shop)


def test_a_second_import_built_upon_the_first(shop: Shop) -> None:
    first = step_of(shop, [HEAD, ["李四", "13800000002", "", "", "", "", "", ""]])
    second = step_of(shop, [HEAD, ["李四", "13800000002", "li@x.cn", "", "VIP", "", "", ""]])
    third = step_of(shop, [SALES, ["2026-03-01", "S1", "李四", "13800000002", "膜", 30]])
    undone = history.undo(shop, second)
    assert (undone.left, live(shop)) == ((), ["李四"])
    assert shop.db.rows("SELECT email FROM customers") == [("",)]
    with pytest.raises(CannotUndo, match="belongs to it by now"):
        history.undo(shop, first)
    assert history.undo(shop, third).left == ()
    assert history.undo(shop, first).left == ()
    assert live(shop) == []
    consistent(shop)


def test_history_kinds_are_taken_back_too(shop: Shop) -> None:
    before = snapshot(shop)
    sold = ["2026-03-01", "S1", "李四", "13800000002", "iPhone 17", 5999]
    sheets: list[Rows] = [
        [SALES, sold, ["2026-03-02", "S2", "李四", "13800000002", "iPhone 17", -100]],
        [
            ["跟进时间", "姓名", "手机", "跟进内容", "跟进方式"],
            ["2026-03-01", "王五", "13800000003", "问价", "电话"],
        ],
        [
            ["投诉时间", "姓名", "手机", "投诉内容", "状态"],
            ["2026-03-01", "赵六", "13800000004", "屏碎", "已解决"],
        ],
    ]
    steps = [step_of(shop, rows) for rows in sheets]
    end = snapshot(shop)
    for step in steps:  # the oldest first: they do not lean on each other
        assert history.undo(shop, step).left == ()
    assert differences(snapshot(shop), before) == {}
    for _step in steps:
        assert history.redo(shop).left == ()
    assert differences(snapshot(shop), end) == {}
    consistent(shop)


def test_a_card_put_away_since_goes_once_it_is_back(shop: Shop) -> None:
    change = step_of(shop, [HEAD, ["李四", "13800000002", "", "", "", "", "", ""]])
    li = shop.db.value("SELECT id FROM customers")
    away = history_id(shop, lambda: customers.delete(shop, [li]))
    assert undone_or_told(shop, change)
    assert live(shop) == []
    history.undo(shop, away)
    assert history.undo(shop, change).left == ()
    assert shop.db.value("SELECT count(*) FROM customers") == 0
    consistent(shop)


def test_a_phone_stays_sold_while_its_sale_stays(shop: Shop) -> None:
    imei = "490154203237518"
    step_of(shop, [["姓名", "手机", "机型", "IMEI"], ["张三", "13800000001", "Mate 70", imei]])
    head = ["日期", "姓名", "手机", "商品", "类别", "金额", "串号"]
    sold = step_of(shop, [head, ["2026-03-01", "张三", "13800000001", "Mate 70 Pro", "手机", 5999, imei]])
    facts = (
        "SELECT model, bought_here, purchase_line_id, acquired_day, warranty_end_day, product_id FROM devices"
    )
    (device,) = shop.db.rows(facts)
    refunded = step_of(shop, [head, ["2026-03-05", "张三", "13800000001", "Mate 70 Pro", "手机", -999, imei]])
    before = snapshot(shop)
    assert next(left.words for left in history.undo(shop, sold).left).startswith("Purchase of 张三 stays")
    assert shop.db.rows(facts) == [device]
    consistent(shop)
    history.redo(shop)
    assert not differences(before, snapshot(shop))
    history.undo(shop, refunded)
    history.undo(shop, sold)
    assert shop.db.rows(facts) == [("Mate 70", 0, None, None, None, None)]
    consistent(shop)


def test_after_other_work_on_the_cards_no_work_is_lost(shop: Shop) -> None:
    zhang = known(shop)
    change = step_of(shop, UPDATES)
    li = shop.db.value("SELECT id FROM customers WHERE name = '李四'")
    notes.add(shop, zhang, "来过")
    notes.add(shop, li, "来过")
    followups.plan(shop, li, shop.today(), "看新机")
    history.undo(shop, change)
    assert [text for (text,) in shop.db.rows("SELECT text FROM notes ORDER BY id")] == ["来过", "来过"]
    assert live(shop) == ["张三", "李四"]
    assert [phone.number for phone in customers.phones(shop, li)] == ["13800000002"]
    assert integrity.check(shop) == []


DONE = st.lists(st.tuples(st.sampled_from(sorted(ACTIONS)), st.integers(0, 999)), max_size=8)
PEOPLE = st.lists(
    st.tuples(
        st.sampled_from(["王建国", "李娜", "张小丽", "陈伟", ""]),
        st.sampled_from(["", "13805710001", "13805710002", "13805710003", "13805710004/13805710005"]),
        st.sampled_from(["", "a@x.cn", "b@x.cn"]),
        st.sampled_from(["", "抖音", "路过"]),
        st.sampled_from(["", "VIP", "VIP，学生"]),
        st.sampled_from(["", "爱喝茶", "要发票"]),
        st.sampled_from(["", "Mate 70"]),
        st.sampled_from(["", "85-05-15", "农历八月十五"]),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(before=DONE, rows=PEOPLE, policy=st.sampled_from(["fill", "overwrite"]), since=DONE)
def test_whatever_was_done_since_undo_breaks_nothing(
    template: Path,
    before: list[tuple[str, int]],
    rows: list[tuple[str, ...]],
    policy: str,
    since: list[tuple[str, int]],
) -> None:
    with fresh(template) as shop:
        for name, seed in before:
            attempt(shop, name, seed)
        start = snapshot(shop)
        with rehearsed(shop, [HEAD, *rows], policy=policy) as found:
            change = plan.apply(shop, found)
        if change is None:
            return
        end = snapshot(shop)
        assert history.undo(shop, change).left == ()
        assert differences(snapshot(shop), start) == {}
        history.redo(shop)
        assert differences(snapshot(shop), end) == {}
        for name, seed in since:
            attempt(shop, name, seed)
        if shop.db.value("SELECT undone_by FROM changes WHERE id = ?", (change,)) is None:
            assert all(undone_or_told(shop, change))
        assert shop.db.rows("PRAGMA foreign_key_check") == []
        consistent(shop)
