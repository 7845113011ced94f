"""People of whom a sheet says nothing but the name and what tells them apart: never one card for two of them."""

from __future__ import annotations

from typing import Any  # what cells may hold

import pytest

from desktop_crm import history
from desktop_crm.importing import plan
from desktop_crm.shop import Shop
from tests.importing.sheets import Rows, bring, counts, reasons, rehearsed

HEAD = ["姓名", "微信", "邮箱", "生日", "地址", "性别", "积分", "累计消费", "备注"]


def row(name: str = "王伟", **said: object) -> list[object]:
    return [said.get(title, "") if title != "姓名" else name for title in HEAD]


def cards(shop: Shop, columns: str = "wechat, address, note") -> list[tuple[object, ...]]:
    return shop.db.rows(f"SELECT {columns} FROM customers ORDER BY id")


APART: list[dict[str, Any]] = [
    {"微信": "ww1"},
    {"邮箱": "a@x.cn"},
    {"生日": "1985-05-15"},
    {"地址": "北京路1号"},
    {"性别": "男"},
    {"积分": 100},
    {"累计消费": 1000},
]
OTHERS: list[dict[str, Any]] = [
    {"微信": "ww2"},
    {"邮箱": "b@x.cn"},
    {"生日": "1990-05-15"},
    {"地址": "上海路2号"},
    {"性别": "女"},
    {"积分": 200},
    {"累计消费": 2000},
]


SUMS = 5


@pytest.mark.parametrize("policy", ["fill", "overwrite", "ask", "skip"])
@pytest.mark.parametrize("place", range(len(APART)))
def test_rows_that_say_different_things_are_several_people(shop: Shop, place: int, policy: str) -> None:
    rows: Rows = [HEAD, row(备注="红衣", **APART[place]), row(备注="蓝衣", **OTHERS[place])]
    with rehearsed(shop, rows) as found:
        assert counts(found) == {"new": 2}
        if "生日" not in APART[place]:
            told = "Rows that are called 王伟 say different things, so this is a card of its own."
            assert reasons(found) == [told, told]
        plan.apply(shop, found)
    assert cards(shop, "note") == [("红衣",), ("蓝衣",)]
    assert bring(shop, rows, policy=policy) == {"same": 2}
    if place < SUMS:  # sums alone tell nobody apart for ever: there the order has to
        assert bring(shop, [HEAD, *reversed(rows[1:])], policy=policy) == {"same": 2}
    assert cards(shop, "note") == [("红衣",), ("蓝衣",)]


def test_what_rows_have_in_common_makes_one_person_of_them(shop: Shop) -> None:
    rows: Rows = [
        HEAD,
        row(微信="ww1", 地址="北京路1号"),
        row(微信="ww1", 备注="x"),
        row(微信="ww2"),
        row(备注="y"),
    ]
    with rehearsed(shop, rows) as found:
        assert counts(found) == {"new": 3, "update": 1}
        change = plan.apply(shop, found)
    assert cards(shop) == [("ww1", "北京路1号", "x"), ("ww2", "", ""), ("", "", "y")]
    assert bring(shop, rows) == {"same": 4}
    assert change is not None
    history.undo(shop, change)
    assert cards(shop) == []
    history.redo(shop)
    assert len(cards(shop)) == 3


def test_a_card_of_which_the_row_says_something_else_is_asked_about(shop: Shop) -> None:
    assert bring(shop, [HEAD, row(微信="ww1", 地址="北京路1号")]) == {"new": 1}
    assert bring(shop, [HEAD, row(微信="ww1", 地址="上海路2号", 备注="搬家")]) == {"update": 1}
    with rehearsed(shop, [HEAD, row(微信="ww2", 备注="z")], policy="overwrite") as found:
        assert (counts(found), plan.rows(found)[0].asks) == ({"skip": 1}, True)
        assert plan.apply(shop, found) is None
        plan.decide_who(shop, found, [1], "new")
        assert counts(found) == {"new": 1}
        plan.apply(shop, found)
    assert cards(shop) == [("ww1", "北京路1号", "搬家"), ("ww2", "", "z")]


def test_of_several_rows_only_one_can_be_the_card(shop: Shop) -> None:
    assert bring(shop, [HEAD, row(地址="北京路1号")]) == {"new": 1}
    rows: Rows = [HEAD, row(微信="ww1"), row(微信="ww2", 地址="北京路1号")]
    with rehearsed(shop, rows) as found:
        assert counts(found) == {"skip": 1, "update": 1}
        assert plan.rows(found, "asks")[0].reasons == (
            "Several rows that are called 王伟 say different things, and there is one 王伟: which is it?",
        )
        plan.decide_who(shop, found, [1], "new")
        assert counts(found) == {"new": 1, "update": 1}
        plan.apply(shop, found)
    assert cards(shop) == [("ww2", "北京路1号", ""), ("ww1", "", "")]
    assert bring(shop, rows) == {"same": 2}
