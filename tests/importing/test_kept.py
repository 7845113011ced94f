"""What stands in columns that nobody knows, and notes of people whom the shop knows: what is told is what happens."""

from __future__ import annotations

import pytest

from desktop_crm import customers, history
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.importing import plan
from desktop_crm.importing.verdicts import POLICIES, Policy
from desktop_crm.shop import Shop
from tests.importing.sheets import Rows, counts, rehearsed

KNOWN: Rows = [["姓名", "手机", "备注", "宝宝"], ["张三", 13800000001, "爱茶", "三岁"]]


def note_of(shop: Shop, name: str) -> str:
    found: str = shop.db.value("SELECT note FROM customers WHERE name = ?", (name,))
    return found


@pytest.fixture(autouse=True)
def known(shop: Shop) -> None:
    """张三 has a note."""
    customers.add(shop, CustomerDraft("张三", (PhoneDraft("13800000001"),), note="老客户"))


@pytest.mark.parametrize(
    ("policy", "told", "note"),
    [
        (
            "fill",
            ["Note: 老客户 stays (爱茶 in the sheet)", "A line of the note: 宝宝: 三岁 is added"],
            "老客户\n宝宝: 三岁",
        ),
        (
            "ask",
            [
                "Note: 老客户 here, 爱茶 in the sheet – which is right?",
                "A line of the note: 宝宝: 三岁 is added",
            ],
            "老客户\n宝宝: 三岁",
        ),
        (
            "overwrite",
            ["Note: 老客户 → 老客户\n爱茶", "A line of the note: 宝宝: 三岁 is added"],
            "老客户\n爱茶\n宝宝: 三岁",
        ),
        (
            "skip",
            [
                "Note: 老客户 stays (爱茶 in the sheet)",
                "A line of the note: – stays (宝宝: 三岁 in the sheet)",
            ],
            "老客户",
        ),
    ],
)
def test_an_unknown_column_is_added_to_a_note_that_is_kept(
    shop: Shop, policy: Policy, told: list[str], note: str
) -> None:
    with rehearsed(shop, KNOWN, policy=policy) as found:
        (row,) = plan.rows(found)
        assert [change.words for change in row.changes] == told
        change_id = plan.apply(shop, found)
    assert note_of(shop, "张三") == note
    with rehearsed(shop, KNOWN, policy=policy) as again:
        assert [change for row in plan.rows(again) for change in row.changes if change.applied] == []
    if change_id is not None:
        history.undo(shop, change_id)
        assert note_of(shop, "张三") == "老客户"
        history.redo(shop)
        assert note_of(shop, "张三") == note


def test_each_can_be_decided_for_itself(shop: Shop) -> None:
    with rehearsed(shop, KNOWN) as found:
        assert [one[:2] for one in plan.differing(found)] == [
            ("note", "Note"),
            ("kept", "A line of the note"),
        ]
        plan.decide_fields(shop, found, "", "keep", ["kept"])
        plan.decide_fields(shop, found, "", "take", ["note"])
        plan.apply(shop, found)
    assert note_of(shop, "张三") == "老客户\n爱茶"


@pytest.mark.parametrize("policy", POLICIES)
def test_rows_about_one_person_come_together(shop: Shop, policy: Policy) -> None:
    rows: Rows = [
        ["姓名", "手机", "备注", "宝宝", "车"],
        ["李四", 13800000002, "一", "三岁", None],
        ["李四", 13800000002, "二", "三岁", "白"],
        ["李四", 13800000002, None, None, "黑"],
        ["王五", 13800000003, None, None, None],
        ["王五", 13800000003, None, "四岁", "红"],
    ]
    with rehearsed(shop, rows, policy=policy) as found:
        plan.apply(shop, found)
    assert note_of(shop, "李四") == "一\n宝宝: 三岁\n二\n车: 白\n车: 黑"
    assert note_of(shop, "王五") == "宝宝: 四岁\n车: 红"
    with rehearsed(shop, rows) as again:
        assert counts(again) == {"same": 5}


def test_numbers_and_tags_that_are_added_are_told_beside_those_that_stay(shop: Shop) -> None:
    customers.add(shop, CustomerDraft("李四", (PhoneDraft("13800000002"),), card_no="V1", tags=("VIP",)))
    rows: Rows = [["姓名", "会员卡号", "手机", "标签"], ["李四", "V1", 13800000009, "苹果"]]
    with rehearsed(shop, rows) as found:
        (row,) = plan.rows(found)
        assert [change.words for change in row.changes] == [
            "Phone: 138 0000 0002 → 138 0000 0002 / 138 0000 0009",
            "Tags: VIP → VIP, 苹果",
        ]
        assert [change.adds for change in row.changes] == [True, True]
