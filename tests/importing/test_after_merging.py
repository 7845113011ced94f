"""Sheets that still hold apart the people whose cards became one: nothing is torn down, and what is unclear is asked."""

from __future__ import annotations

import pytest

from desktop_crm import balance, customers, history, integrity, merge, openings, points
from desktop_crm.importing import plan
from desktop_crm.shop import Shop
from tests.importing.sheets import bring, counts, reasons, rehearsed

MEMBERS = ["姓名", "手机", "会员卡号", "积分", "累计消费", "消费次数", "欠款", "地址", "备注"]
ZHANG = ["张三", "13800000001", "V1", 100, 1000, 3, 10, "中山路1号", "a"]
OTHER = ["张三", "13800000002", "V2", 200, 2000, 5, 20, "中山路2号", "b"]
NOBODY = ["张三", "13800000003", None, None, None, None, None, None, None]


def sums(shop: Shop) -> tuple[int | None, int | None, int | None, int]:
    """Total and count brought along, points and debt of the first card."""
    found = openings.of_customer(shop, 1)
    assert found is not None
    return found.total_fen, found.purchases, points.total(shop, 1), balance.due_fen(shop, 1)


@pytest.fixture
def one(shop: Shop) -> Shop:
    """Three members who became one card."""
    bring(shop, [MEMBERS, ZHANG, OTHER, NOBODY])
    merge.merge(shop, 1, [2, 3])
    return shop


@pytest.mark.parametrize("policy", ["fill", "overwrite", "ask", "skip"])
def test_the_same_sheet_after_a_merge_changes_nothing(one: Shop, policy: str) -> None:
    card = customers.get(one, 1)
    nothing = ["张三", "13800000003", None, 0, 0, 0, 0, None, None]
    bring(one, [MEMBERS[:-1], ZHANG[:-1], OTHER[:-1], nothing[:-1]], policy=policy)
    assert sums(one) == (300_000, 8, 300, 3_000)
    assert customers.get(one, 1) == card
    with rehearsed(one, [MEMBERS[:-1], ZHANG[:-1], OTHER[:-1], nothing[:-1]], policy=policy) as found:
        assert (reasons(found), counts(found)) == ([], {"same": 3})


def test_a_new_sum_of_one_of_them_is_asked_about_even_when_overwriting(one: Shop) -> None:
    newer = ["张三", "13800000002", "V2", 250, 2600, 5, 20, "中山路2号", "b"]
    with rehearsed(one, [MEMBERS[:-1], newer[:-1]], policy="overwrite") as found:
        assert counts(found) == {"skip": 1}
        assert reasons(found) == [
            "Spent before: ¥3,000 here, ¥2,600 in the sheet – which is right? · "
            "Points: 300 here, 250 in the sheet – which is right?"
        ]
        assert plan.apply(one, found) is None
        assert plan.decide_fields(one, found, [1], "take", ["opening_total"]) == 1
        assert plan.decide_fields(one, found, [1], "", ["opening_total"]) == 1
        assert counts(found) == {"skip": 1}
        assert plan.decide_fields(one, found, [1], "take", ["opening_total"]) == 1
        assert plan.decide_fields(one, found, [1], "keep", ["points"]) == 1
        change_id = plan.apply(one, found)
    assert sums(one) == (260_000, 8, 300, 3_000)
    assert integrity.check(one) == []
    history.undo(one, change_id)
    assert sums(one) == (300_000, 8, 300, 3_000)
    history.redo(one)
    assert sums(one) == (260_000, 8, 300, 3_000)


def test_what_neither_of_them_had_is_overwritten_as_ever(one: Shop) -> None:
    moved = [["姓名", "手机", "会员卡号", "地址"], ["张三", "13800000001", "V1", "中山路3号"]]
    known = customers.get(one, 1).card_no
    bring(one, moved, policy="overwrite")
    assert (customers.get(one, 1).card_no, customers.get(one, 1).address) == (known, "中山路3号")
