"""The same file a second time changes nothing: sheets of every kind, with all that people write, under every policy."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from desktop_crm import integrity
from desktop_crm.importing import plan
from desktop_crm.importing.verdicts import POLICIES
from desktop_crm.shop import Shop
from tests.importing.sheets import Rows, bring, counts, fresh, rehearsed, text
from tests.test_undo_machine import differences, snapshot

_PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
"""Making a failing sheet smaller would import it a thousand times."""
NAMES = st.sampled_from(["张三", "李四", "王 伟", "王伟", "John Smith", "", "欧阳明月", "-阿强", "=1+1"])
PHONES = st.sampled_from(
    [
        "", "13800000001", "138-0000-0001", 13800000002, "13800000002/13800000003", "13800000003(儿子)", "010-88888888转801",
        "1.38E+10", "无", "１３８００００００４",
    ]
)  # fmt: skip
CUSTOMERS = {
    "姓名": NAMES,
    "手机": PHONES,
    "会员卡号": st.sampled_from(["", "V1", "ｖ2", "00123"]),
    "客户编号": st.sampled_from(["", "", "77"]),
    "邮箱": st.sampled_from(["", "a@x.cn", "b@x.cn", "abc"]),
    "性别": st.sampled_from(["", "男", "女士", "robot"]),
    "生日": st.sampled_from(["", "85-05-15", "农历八月十五", "5月15日", "0000-00-00", 31182]),
    "标签": st.sampled_from(["", "VIP", "VIP，学生"]),
    "备注": st.sampled_from(["", "爱喝茶", "a\nb", "'=x"]),
    "机型": st.sampled_from(["", "Mate 70", "iPhone 17"]),
    "IMEI": st.sampled_from(["", "490154203237518", "490154203237518/356938035643809"]),
    "推荐人": st.sampled_from(["", "张三", "无名氏"]),
    "下次联系时间": st.sampled_from(["", "2027-01-01", "2020-01-01"]),
    "拒绝联系": st.sampled_from(["", "是", "否"]),
    "负责人": st.sampled_from(["", "李娜"]),
    "宝宝年龄": st.sampled_from(["", 3]),
}
PURCHASES = {
    "日期": st.sampled_from(["2026-03-01", "2026/3/2 14:30", "2026-03-03"]),
    "单号": st.sampled_from(["", "", "S1", "S2"]),
    "姓名": NAMES,
    "手机": PHONES,
    "商品": st.sampled_from(["膜", "iPhone 17", ""]),
    "数量": st.sampled_from(["", 1, "2张"]),
    "金额": st.sampled_from([30, "￥30", "1.2万", -30, "abc"]),
    "串号": st.sampled_from(["", "490154203237518"]),
    "店员": st.sampled_from(["", "李娜"]),
    "备注": st.sampled_from(["", "送壳"]),
}
FOLLOWUPS = {
    "跟进时间": st.sampled_from(["", "2026-03-01", "2026-03-02 15:00"]),
    "下次跟进时间": st.sampled_from(["", "2027-01-01", "2026-03-05"]),
    "姓名": NAMES,
    "手机": PHONES,
    "跟进内容": st.sampled_from(["", "问价", "要新机"]),
    "跟进方式": st.sampled_from(["", "电话", "微信"]),
    "结果": st.sampled_from(["", "成交", "未接"]),
}
COMPLAINTS = {
    "投诉时间": st.sampled_from(["2026-03-01", "2026-03-02 15:00"]),
    "姓名": NAMES,
    "手机": PHONES,
    "投诉内容": st.sampled_from(["屏碎", "太慢", ""]),
    "状态": st.sampled_from(["", "已解决", "处理中"]),
    "处理结果": st.sampled_from(["", "已换屏"]),
}
KINDS = {"customers": CUSTOMERS, "purchases": PURCHASES, "followups": FOLLOWUPS, "complaints": COMPLAINTS}


@st.composite
def sheets(draw: st.DrawFn, kind: str) -> list[list[Any]]:  # cells have several types
    """A sheet of a kind: some of its columns in any order, with rows that repeat."""
    columns = KINDS[kind]
    needed = list(columns)[:3] if kind == "customers" else list(columns)
    others = [title for title in columns if title not in needed and draw(st.booleans())]
    titles = draw(st.permutations(needed + others))
    rows = draw(st.lists(st.tuples(*(columns[title] for title in titles)), min_size=1, max_size=7))
    again = draw(st.lists(st.sampled_from(rows), max_size=2))
    return [list(titles), *map(list, rows + again)]


def nothing_new(shop: Shop, sheet: Rows, kind: str, policy: str, first: dict[str, int]) -> None:
    """Import it once more; the shop is as it was."""
    before, change = snapshot(shop), shop.db.value("SELECT max(id) FROM changes")
    with rehearsed(shop, sheet, kind=kind, policy=policy) as found:
        again = counts(found)
        assert again.get("new", 0) == again.get("update", 0) == 0, plan.rows(found)
        assert again.get("bad", 0) == first.get("bad", 0)
        assert plan.apply(shop, found) is None
    assert differences(snapshot(shop), before) == {}
    assert shop.db.value("SELECT max(id) FROM changes") == change


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("kind", KINDS)
@settings(
    max_examples=3, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), phases=_PHASES
)
@given(data=st.data())
def test_generated_sheets(template: Path, kind: str, policy: str, data: st.DataObject) -> None:
    sheet = data.draw(sheets(kind))
    with fresh(template) as shop:
        first = bring(shop, sheet, kind=kind, policy=policy)
        if kind == "purchases":
            place_refunds(shop, sheet, policy, first)
        nothing_new(shop, sheet, kind, policy, first)
        assert integrity.check(shop) == []


def place_refunds(shop: Shop, sheet: Rows, policy: str, first: dict[str, int]) -> None:
    """A refund that names nobody but a person whom only this sheet made known was left alone, and finds its sale now."""
    with rehearsed(shop, sheet, kind="purchases", policy=policy) as found:
        late = [row for row in plan.rows(found) if row.verdict == "new"]
        assert len(late) <= first.get("skip", 0)
        assert all("−" in row.about for row in late), late
        plan.apply(shop, found)


LINES = st.lists(
    st.tuples(
        st.sampled_from(["2026-03-01", "2026-03-02"]),
        st.sampled_from(["13800000001", "13800000002", ""]),
        st.sampled_from(["膜", "壳"]),
        st.sampled_from([30, 45]),
        st.sampled_from(["", "490154203237518"]),
    ),
    min_size=1,
    max_size=8,
)


@settings(
    max_examples=5, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), phases=_PHASES
)
@given(old=LINES, new=LINES)
def test_purchases_without_a_number_are_compared_as_multisets(
    template: Path, old: list[Any], new: list[Any]
) -> None:
    """After two sheets the shop has each line as often as the one that has it more often."""
    head = ["日期", "手机", "商品", "金额", "串号"]
    with fresh(template) as shop:
        bring(shop, [head, *old], kind="purchases")
        bring(shop, [head, *new], kind="purchases")
        found = Counter(
            shop.db.rows(
                "SELECT p.day, coalesce(t.number, ''), l.description, l.amount_fen / 100, l.imei FROM purchases p "
                "JOIN purchase_lines l ON l.purchase_id = p.id LEFT JOIN phones t ON t.customer_id = p.customer_id"
            )
        )
        assert found == Counter(old) | Counter(new)


def test_later_rows_about_one_person_overwrite_earlier_ones_once_and_for_all(shop: Shop) -> None:
    head = ["姓名", "手机", "邮箱", "来源"]
    bring(shop, [head, ["张三", "13800000001", "old@x.cn", ""]])
    sheet = [
        head,
        ["张三", "13800000001", "a@x.cn", "路过"],
        ["张三", "13800000001", "b@x.cn", ""],
    ]
    assert bring(shop, sheet, policy="overwrite") == {"update": 2}
    assert shop.db.rows("SELECT email, source FROM customers") == [("b@x.cn", "路过")]
    assert bring(shop, sheet, policy="overwrite") == {"skip": 1, "same": 1}
    assert shop.db.rows("SELECT email, source FROM customers") == [("b@x.cn", "路过")]


def test_a_row_without_a_name_gets_that_of_a_later_one(shop: Shop) -> None:
    head = ["姓名", "手机", "会员卡号"]
    sheet = [head, ["", "010-88888888转801", "V1"], ["李四", "13800000003", "V1"]]
    assert bring(shop, sheet) == {"new": 1, "update": 1}
    assert shop.db.rows("SELECT name FROM customers") == [("李四",)]
    assert bring(shop, sheet) == {"same": 2}


def test_somebody_who_is_said_to_refer_themselves(shop: Shop) -> None:
    sheet = [["姓名", "手机", "推荐人"], ["张三", "13800000001", "张三"]]
    bring(shop, sheet)
    assert shop.db.rows("SELECT referred_by, note FROM customers") == [(None, "Referred by: 张三")]
    assert bring(shop, sheet) == {"same": 1}


@pytest.mark.parametrize("name", ["list.csv", "list.txt"])
def test_a_text_file_after_the_same_workbook(shop: Shop, name: str) -> None:
    rows = [
        ["姓名", "手机", "生日", "金额", "商品", "日期"],
        ["张三", "138-0000-0001", "", "￥1,299.00", "膜", "2026/3/1"],
        ["李四", "13800000002", "", "45", "壳", "2026-03-02"],
    ]
    assert bring(shop, rows) == {"new": 2}
    with plan.rehearse(shop, text(shop.folder.parent / name, rows)) as found:
        assert counts(found) == {"same": 2}
