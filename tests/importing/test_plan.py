"""Rehearsing and importing lists of customers: what becomes of each row, and that nothing else happens."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from desktop_crm import backup, customers, history, merge, settings
from desktop_crm.base import i18n
from desktop_crm.base.clock import FixedClock
from desktop_crm.base.errors import Cancelled, CrmError
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.files.sniff import NeedsEncoding
from desktop_crm.importing import plan
from desktop_crm.importing.columns import NoHeadings, UnknownColumn
from desktop_crm.importing.rehearsal import NoRoom, NoRows
from desktop_crm.records.customers import Customer
from desktop_crm.shop import Shop
from tests.importing.sheets import bring, counts, reasons, rehearsed, text, workbook

HEAD = ["姓名", "手机", "生日", "性别", "备注"]


def names(shop: Shop) -> list[str]:
    return [row[0] for row in shop.db.rows("SELECT name FROM customers WHERE deleted_at IS NULL ORDER BY id")]


def card(shop: Shop, name: str) -> Customer:
    found = shop.db.value("SELECT id FROM customers WHERE name = ?", (name,))
    return customers.get(shop, found)


def numbers(shop: Shop, name: str) -> list[str]:
    return [phone.number for phone in customers.phones(shop, card(shop, name).id)]


def add(shop: Shop, name: str, *phones: str, **fields: object) -> int:
    drafts = tuple(PhoneDraft(number) for number in phones)
    return customers.add(shop, CustomerDraft(name=name, phones=drafts, **fields))  # type: ignore[arg-type]


class Told:
    """A progress that remembers, and cancels at a text."""

    def __init__(self, cancel_at: str = "") -> None:
        self.texts: list[str] = []
        self._cancel_at = cancel_at

    def report(self, done: int, total: int, text: str = "") -> None:
        self.texts.append(text)
        if self._cancel_at and text.startswith(self._cancel_at):
            raise Cancelled


def test_codes_of_a_merged_card_lead_to_the_one_that_stayed(shop: Shop) -> None:
    keep, other = add(shop, "王建国", card_no="A1"), add(shop, "王健国", card_no="B2", external_id="77")
    merge.merge(shop, keep, [other], {"external_id": keep})
    head = ["姓名", "会员卡号", "客户编号", "备注"]
    bring(shop, [head, ["王建国", "B2", "", "爱喝茶"]])
    bring(shop, [head, ["王健国", "", "77", "爱喝茶"]])
    assert customers.count(shop) == 1
    assert customers.get(shop, keep).note == "爱喝茶"


def test_a_list_becomes_cards(shop: Shop) -> None:
    rows = [
        ["客户信息（*必填）"],
        [
            "*姓名",
            "手机号(11位)",
            "微信",
            "邮箱",
            "性别",
            "生日",
            "省",
            "市",
            "区/县",
            "详细地址",
            "来源",
            "负责人",
            "标签",
            "建档日期",
            "机型",
            "IMEI",
            "宝宝年龄",
            "下次联系时间",
            "备注",
            "会员卡号",
            "职业",
            "同意联系",
            "推荐人",
        ],
        [
            "赵敏",
            "13844440001/010-88888888转801",
            "zm",
            "z@m.cn",
            "女",
            date(1990, 5, 1),
            "浙江省",
            "杭州市",
            "西湖区",
            "文三路1号",
            "抖音",
            "李娜",
            "VIP，苹果",
            "2024-03-01",
            "iPhone 17",
            490154203237518,
            3,
            "2026-12-01",
            "喜欢大屏",
            "V1",
            "教师",
            "是",
            "周芷若",
        ],
        [
            "周芷若",
            13844440002,
            "",
            "",
            "F",
            "农历八月十五",
            "",
            "杭州",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            "2020-01-01",
            "",
            "",
            "",
            "",
            "无名氏",
        ],
    ]
    with rehearsed(shop, rows) as found:
        assert counts(found) == {"new": 2}
        change_id = plan.apply(shop, found)
    first, second = card(shop, "赵敏"), card(shop, "周芷若")
    assert (first.card_no, first.wechat, first.email, first.gender) == ("V1", "zm", "z@m.cn", "female")
    assert (first.birthday, first.birthday_lunar) == ("1990-05-01", False)
    assert (first.region, first.address) == ("西湖区", "浙江省杭州市文三路1号")
    assert (first.source, first.occupation, first.consent, first.since_day) == (
        "抖音",
        "教师",
        "granted",
        "2024-03-01",
    )
    assert first.note == "喜欢大屏\n宝宝年龄: 3"
    assert first.referred_by == second.id
    assert shop.db.value("SELECT name FROM staff WHERE id = ?", (first.owner_staff_id,)) == "李娜"
    assert customers.tags(shop, first.id) == ("VIP", "苹果")
    assert [(p.number, p.kind, p.label) for p in customers.phones(shop, first.id)] == [
        ("13844440001", "mobile", ""),
        ("01088888888", "landline", "转801"),
    ]
    assert shop.db.rows("SELECT model, imei, bought_here FROM devices") == [
        ("iPhone 17", "490154203237518", 0)
    ]
    assert shop.db.rows("SELECT customer_id, due_day, reason, state, rule FROM followups") == [
        (first.id, "2026-12-01", "Interested in iPhone 17", "open", "imported")
    ]
    assert (second.birthday, second.birthday_lunar, second.region, second.since_day) == (
        "--08-15",
        True,
        "杭州",
        None,
    )
    assert second.note == "Next contact: 2020-01-01\nReferred by: 无名氏"
    assert dict(shop.db.rows("SELECT tier, count(*) FROM customer_tiers GROUP BY 1")) == {"prospect": 2}
    batch = plan.latest(shop)[0]
    assert (batch.file_name, batch.sheet, batch.kind, batch.rows, batch.new) == (
        "list.xlsx",
        "Sheet1",
        "customers",
        2,
        2,
    )
    assert batch.change_id == change_id
    assert [backup.name for backup in (shop.folder / "backups").glob("*import*")]


def test_the_same_file_a_second_time_changes_nothing(shop: Shop) -> None:
    rows = [
        [*HEAD, "会员卡号", "标签", "机型", "IMEI", "下次联系时间", "推荐人", "拒绝联系", "类型X"],
        [
            "赵敏",
            "13844440001/13944440001",
            "农历八月十五",
            "女",
            "a\nb",
            "V1",
            "VIP",
            "iPhone 17",
            "490154203237518",
            "2026-12-01",
            "无名氏",
            "是",
            1,
        ],
        ["周芷若", 13844440002, "5月1日", "", "", "", "", "Mate 80", "", "", "赵敏", "否", ""],
        ["王伟", "", "", "", "", "", "", "", "", "", "", "", ""],
        ["王伟", 13844440003, "", "", "", "", "", "", "", "", "", "", ""],
        ["", 13844440004, "", "", "", "", "", "", "", "", "", "", ""],
        ["家", 13844440005, "", "", "", "", "", "", "", "", "", "", ""],
        ["人", 13844440005, "", "", "", "", "", "", "", "", "", "", ""],
    ]
    assert bring(shop, rows) == {"new": 7}
    before = shop.db.rows("SELECT * FROM customers"), shop.db.value("SELECT max(id) FROM changes")
    for policy in ("fill", "overwrite", "skip"):
        assert bring(shop, rows, policy=policy) == {"same": 7}
    assert (shop.db.rows("SELECT * FROM customers"), shop.db.value("SELECT max(id) FROM changes")) == before


def test_undo_takes_a_whole_import_back(shop: Shop) -> None:
    add(shop, "旧人", "13800000001")
    before = shop.db.rows("SELECT * FROM customers"), shop.db.rows("SELECT * FROM phones")
    rows = [
        [*HEAD, "标签"],
        ["旧人", "13800000001/13900000001", "1990-01-01", "男", "x", "VIP"],
        ["新人", "13800000002"],
    ]
    with rehearsed(shop, rows) as found:
        change_id = plan.apply(shop, found)
    assert len(names(shop)) == 2
    assert not history.undo(shop, change_id).left
    assert (shop.db.rows("SELECT * FROM customers"), shop.db.rows("SELECT * FROM phones")) == before
    assert shop.db.value("SELECT count(*) FROM imports") == 0
    history.redo(shop)
    assert len(names(shop)) == 2


def test_bad_rows_are_told_and_go_back(shop: Shop, tmp_path: Path) -> None:
    rows = [
        ["姓名", "手机", "生日", "=特别"],
        ["张无忌", "1.38E+10", "", "=1+1"],
        ["", "", "1990-01-01", ""],
        ["谢逊", "13844440004", "0000-00-00", 12345678901234],
    ]
    out = tmp_path / "mend.xlsx"
    with rehearsed(shop, rows) as found:
        assert counts(found) == {"new": 1, "bad": 2}
        bad = plan.rows(found, "bad")
        assert [(row.number, row.name, row.phone) for row in bad] == [
            (2, "张无忌", "1.38E+10"),
            (3, "–" * 0, ""),
        ]
        assert bad[0].reasons == (
            "手机: The spreadsheet lost digits of this number (1.38E+10); write it again, in a column formatted as text.",
        )
        assert bad[1].reasons == ("There is neither a name nor a telephone number nor a card number.",)
        assert plan.count(found, "doubtful") == 1
        assert reasons(found, "doubtful") == ["生日: “0000-00-00” is no date; it was left empty."]
        entry = plan.report(found)
        assert entry["bad_rows"][0]["row"] == 2
        assert entry["doubtful"] == [
            {"row": 4, "reasons": ["生日: “0000-00-00” is no date; it was left empty."]}
        ]
        assert (
            entry["rows"]
            == entry["new"] + entry["update"] + entry["same"] + entry["skip"] + entry["bad"]
            == 3
        )
        assert plan.write_rejects(found, out) == 2
        assert plan.apply(shop, found)
    with plan.rehearse(shop, out) as again:
        assert counts(again) == {"bad": 2}
        assert again.layout.mapping["Why not imported"] == ""


FILL: list[tuple[str, dict[str, int], tuple[str, str]]] = [
    ("fill", {"update": 1}, ("old", "male")),
    ("overwrite", {"update": 1}, ("new", "male")),
    ("skip", {"skip": 1}, ("old", "")),
]


@pytest.mark.parametrize(("policy", "expected", "after"), FILL)
def test_policies(shop: Shop, policy: str, expected: dict[str, int], after: tuple[str, str]) -> None:
    add(shop, "张三", "13800000001", source="old")
    assert (
        bring(shop, [["姓名", "手机", "来源", "性别"], ["张三", 13800000001, "new", "男"]], policy=policy)
        == expected
    )
    found = card(shop, "张三")
    assert (found.source, found.gender) == after


def test_what_differs_and_is_not_filled_is_left_alone(shop: Shop) -> None:
    add(shop, "张三", "13800000001", source="old", note="first")
    rows = [["姓名", "手机", "来源", "备注"], ["张三", 13800000001, "new", "second"]]
    with rehearsed(shop, rows) as found:
        assert counts(found) == {"skip": 1}
        row = plan.rows(found)[0]
        assert (
            row.explanation
            == "Source: old stays (new in the sheet) · Note: first stays (second in the sheet)"
        )
        assert not row.asks
        plan.judge(shop, found, policy="overwrite")
        assert plan.rows(found)[0].explanation == "Source: old → new · Note: first → first / second"
        assert plan.apply(shop, found)
    assert card(shop, "张三").note == "first\nsecond"


def test_everything_that_can_be_updated(shop: Shop) -> None:
    add(shop, "13800000001", "13800000001")
    rows = [
        [
            "姓名",
            "手机",
            "负责人",
            "生日",
            "同意联系",
            "同意日期",
            "拒绝联系",
            "机型",
            "IMEI",
            "标签",
            "下次联系时间",
            "推荐人",
            "客户类型",
            "微信",
        ],
        [
            "张三",
            "13800000001 010-88888888转801",
            "李娜",
            "农历八月十五",
            "同意",
            "2026-01-01",
            "是",
            "iPhone 17",
            490154203237518,
            "VIP",
            "2026-12-01",
            "谁",
            "企业",
            "zs",
        ],
    ]
    with rehearsed(shop, rows) as found:
        assert counts(found) == {"update": 1}
        assert "Phone: 138 0000 0001 → 138 0000 0001 / 01088888888 转801" in plan.rows(found)[0].explanation
        plan.apply(shop, found)
    person = card(shop, "张三")
    assert (person.birthday, person.birthday_lunar, person.consent, person.consent_day) == (
        "--08-15",
        True,
        "granted",
        "2026-01-01",
    )
    assert (person.do_not_contact, person.kind, person.wechat, person.note) == (
        True,
        "company",
        "zs",
        "Referred by: 谁",
    )
    assert person.owner_staff_id is not None
    assert numbers(shop, "张三") == ["13800000001", "01088888888"]
    assert customers.tags(shop, person.id) == ("VIP",)
    assert (
        shop.db.value("SELECT count(*) FROM devices") == shop.db.value("SELECT count(*) FROM followups") == 1
    )
    assert bring(shop, rows) == {"same": 1}


def test_keys_the_strongest_first(shop: Shop) -> None:
    one = add(shop, "张三", "13800000001", card_no="V1", external_id="X1")
    two = add(shop, "李四", "13800000002", birthday="1985-05-15")
    add(shop, "王五", birthday="1990-01-01")
    head = ["姓名", "手机", "会员卡号", "客户编号", "生日", "来源"]
    with rehearsed(
        shop,
        [
            head,
            ["改名", "13800000001", "V1", "", "", "a"],
            ["", "", "", "X1", "", "a"],
            ["", "13800000002", "", "", "", "b"],
            ["王五", "13800000009", "", "", "1990-01-01", "c"],
        ],
    ) as found:
        assert counts(found) == {"update": 3, "same": 1}
        plan.apply(shop, found)
    assert (customers.get(shop, one).source, customers.get(shop, two).source, card(shop, "王五").source) == (
        "a",
        "b",
        "c",
    )
    assert numbers(shop, "王五") == ["13800000009"]
    assert customers.get(shop, one).name == "张三"


BINNED: list[tuple[list[str], list[object]]] = [
    (["姓名", "手机"], ["张三", 13800000001]),
    (["手机"], [13800000001]),
    (["姓名", "会员卡号"], ["张三", "V1"]),
    (["客户编号"], ["X1"]),
    (["姓名", "备注"], ["李四", "x"]),
]


@pytest.mark.parametrize(("head", "row"), BINNED)
@pytest.mark.parametrize(
    "more", [[], ["日期", "商品", "金额"], ["投诉时间", "投诉内容"], ["跟进时间", "跟进内容"]]
)
def test_nobody_comes_back_from_the_recycle_bin_without_a_word(
    shop: Shop, head: list[str], row: list[object], more: list[str]
) -> None:
    binned = add(shop, "张三", "13800000001", card_no="V1", external_id="X1")
    customers.delete(shop, [binned, add(shop, "李四")])
    said = {
        "日期": "2026-03-01",
        "投诉时间": "2026-03-01",
        "跟进时间": "2026-03-01",
        "商品": "膜",
        "金额": 30,
    }
    rows: list[list[object]] = [[*head, *more], [*row, *(said.get(title, "某事") for title in more)]]
    with rehearsed(shop, rows) as found:
        assert counts(found) == {"skip": 1}
        assert plan.rows(found)[0].asks
        assert "lies in the recycle bin: bring it back there first" in reasons(found)[0]
        plan.decide_who(shop, found, [1], "join")
        assert counts(found) == {"skip": 1}
        assert plan.apply(shop, found) is None
        plan.decide_who(shop, found, [1], "new")
        assert counts(found) == {"new": 1}
        plan.apply(shop, found)
    assert bring(shop, rows) == {"same": 1}


def test_somebody_else_with_the_number_of_a_deleted_card_is_new(shop: Shop) -> None:
    customers.delete(shop, [add(shop, "张三", "13800000001")])
    add(shop, "张三", "13800000003")
    assert bring(shop, [["姓名", "手机"], ["李四", 13800000001], ["张三", 13800000003]]) == {
        "new": 1,
        "same": 1,
    }


def test_an_imei_with_the_name_is_a_key(shop: Shop) -> None:
    bring(shop, [["姓名", "手机", "IMEI"], ["张三", "13800000001", "490154203237518"]])
    head = ["姓名", "IMEI", "来源"]
    assert bring(shop, [head, ["张三", "490154203237518", "a"]]) == {"update": 1}
    with rehearsed(shop, [head, ["李四", "490154203237518", "a"]]) as found:
        assert counts(found) == {"skip": 1}
        assert reasons(found) == ["The phone with this IMEI belongs to 张三 in the shop: the same person?"]


DOUBTS: list[tuple[list[object], str]] = [
    (["李四", "13800000001", ""], "The telephone number belongs to 张三 in the shop: the same person?"),
    (
        ["张三", "13900000009", "1985-05-15"],
        "张三 in the shop has the same birthday, but another number: the same person?",
    ),
    (
        ["张三", "", ""],
        "There is a 张三 in the shop, and this row has nothing but the name: the same person?",
    ),
]


@pytest.mark.parametrize(("row", "reason"), DOUBTS)
def test_the_person_decides_about_doubtful_rows(shop: Shop, row: list[object], reason: str) -> None:
    add(shop, "张三", "13800000001", birthday="1985-05-15")
    with rehearsed(shop, [["姓名", "手机", "生日", "来源"], [*row, "抖音"]]) as found:
        assert counts(found) == {"skip": 1}
        shown = plan.rows(found)[0]
        assert shown.reasons == (reason,)
        assert shown.asks
        assert plan.apply(shop, found) is None
        plan.judge(shop, found, decisions={shown.id: "new"})
        assert counts(found) == {"new": 1}
        plan.judge(shop, found, decisions={shown.n: "join"})
        assert counts(found) == {"update": 1}
        assert plan.apply(shop, found)
    assert card(shop, "张三").source == "抖音"


def test_namesakes_are_told_and_imported(shop: Shop) -> None:
    add(shop, "王建国", "13800000001")
    add(shop, "王伟", "13800000003")
    rows = [["姓名", "手机"], ["王建国", 13900000001], ["王伟", 13900000002]]
    with rehearsed(shop, rows) as found:
        assert counts(found) == {"new": 2}
        assert reasons(found) == [
            "There is a 王建国 in the shop with another number; this becomes a new card."
        ]
        assert plan.rows(found)[0].asks
        plan.judge(shop, found, decisions={1: "join"})
        assert counts(found) == {"new": 1, "update": 1}


def test_a_family_number_is_no_key(shop: Shop) -> None:
    head = ["姓名", "手机"]
    assert bring(shop, [head, ["父", 13800000001], ["母", 13800000001]]) == {"new": 2}
    assert bring(shop, [head, ["母", 13800000001], ["女", 13800000001]]) == {"same": 1, "new": 1}
    assert names(shop) == ["父", "母", "女"]


def test_several_cards_that_fit_wait_for_the_person(shop: Shop) -> None:
    for name in ("张三", "李四"):
        add(shop, name, external_id="X1")
    with rehearsed(shop, [["姓名", "客户编号"], ["王五", "X1"]]) as found:
        assert reasons(found) == ["Several cards in the shop fit this row; say which, or merge them."]


def test_twins_take_one_card_each(shop: Shop) -> None:
    add(shop, "王伟", source="a")
    add(shop, "王伟", source="b")
    with rehearsed(shop, [["姓名", "来源"], ["王伟", "a"], ["王伟", "b"], ["王伟", "b"]]) as found:
        assert counts(found) == {"same": 3}


def test_rows_about_one_person_are_folded(shop: Shop) -> None:
    rows = [
        ["姓名", "手机", "会员卡号", "性别", "来源", "标签", "备注", "机型", "拒绝联系", "生日"],
        ["张三", "13800000001", "V1", "", "抖音", "A", "x", "iPhone 15", "", ""],
        ["张三", "13800000001/13900000001", "", "男", "抖音", "B", "x", "iPhone 17", "是", "1990-01-01"],
        ["张三", "13900000001", "", "男", "进店", "", "", "", "", ""],
        ["李四", "", "V1", "", "", "", "", "", "", ""],
        ["王五", "", "", "", "", "", "", "", "", ""],
        ["王五", "", "", "", "", "", "", "", "", ""],
    ]
    with rehearsed(shop, rows) as found:
        assert counts(found) == {"new": 2, "update": 1, "skip": 2, "same": 1}
        assert "The card number V1 belongs to 张三: the same person?" in reasons(found, "skip")
        plan.apply(shop, found)
    person = card(shop, "张三")
    assert (person.gender, person.source, person.do_not_contact, person.birthday) == (
        "male",
        "抖音",
        True,
        "1990-01-01",
    )
    assert numbers(shop, "张三") == ["13800000001", "13900000001"]
    assert customers.tags(shop, person.id) == ("A", "B")
    assert shop.db.rows("SELECT model FROM devices ORDER BY id") == [("iPhone 15",), ("iPhone 17",)]
    assert bring(shop, rows) == {"same": 4, "skip": 2}


def test_rows_about_one_known_person_are_folded(shop: Shop) -> None:
    add(shop, "张三", "13800000001", card_no="V1")
    rows = [
        ["姓名", "手机", "会员卡号", "性别", "下次联系时间"],
        ["张三", "", "V1", "男", "2026-12-01"],
        ["张三", 13800000001, "", "男", "2026-12-02"],
    ]
    assert bring(shop, rows) == {"update": 2}
    assert bring(shop, rows) == {"same": 2}
    assert shop.db.value("SELECT count(*) FROM followups") == 2


def test_a_group_that_the_shop_knows_as_two_people_stays_two(shop: Shop) -> None:
    add(shop, "张三", "13800000001")
    add(shop, "张三", "13800000002")
    rows = [["姓名", "手机", "会员卡号"], ["张三", 13800000001, "V9"], ["张三", 13800000002, "V9"]]
    with rehearsed(shop, rows) as found:
        assert counts(found) == {"update": 1, "skip": 1}
        assert "The card number V9 stands in several rows for different people." in reasons(found)[1]
        plan.apply(shop, found)
    assert shop.db.value("SELECT count(*) FROM customers WHERE card_no = 'V9'") == 1


def test_more_numbers_join_rows_into_one_group(shop: Shop) -> None:
    rows = [
        ["姓名", "手机"],
        ["张三", "13800000001"],
        ["张三", "13800000002"],
        ["张三", "13800000001/13800000002"],
    ]
    assert bring(shop, rows) == {"new": 1, "update": 1, "same": 1}


def test_ambiguous_days_are_asked_once_per_column(shop: Shop) -> None:
    rows = [
        ["姓名", "手机", "生日"],
        ["张三", 13800000001, "03/04/1990"],
        ["李四", 13800000002, "05/06/1991"],
        ["王五", 13800000003, ""],
    ]
    with rehearsed(shop, rows) as found:
        assert counts(found) == {"new": 1, "skip": 2}
        question = found.questions[0]
        assert (question.title, question.cells, dict(question.examples)) == (
            "生日",
            2,
            {"dmy": "1990-04-03", "mdy": "1990-03-04"},
        )
        assert "say once for the column" in reasons(found, "skip")[0]
        assert not plan.rows(found, "skip")[0].asks
    with rehearsed(shop, rows, orders={"生日": "mdy"}) as found:
        assert counts(found) == {"new": 3}
        plan.apply(shop, found)
    assert card(shop, "张三").birthday == "1990-03-04"


def test_one_certain_day_settles_its_column(shop: Shop) -> None:
    rows = [
        ["姓名", "手机", "生日"],
        ["张三", 13800000001, "03/04/1990"],
        ["李四", 13800000002, "25/12/1991"],
    ]
    assert bring(shop, rows) == {"new": 2}
    assert card(shop, "张三").birthday == "1990-04-03"


def test_rows_that_are_no_data_are_left_out(shop: Shop) -> None:
    rows = [
        ["姓名", "手机"],
        ["张三", 13800000001],
        [],
        ["姓名", "手机"],
        ["合计", 1],
        ["  小计：", 1],
        [None, 13800000002],
        [date(2026, 1, 1), 13800000003],
    ]
    with rehearsed(shop, rows) as found:
        assert plan.report(found)["left_out"] == [
            {"row": 4, "why": "The headings once more: “姓名” …"},
            {"row": 5, "why": "“合计” is a total."},
            {"row": 6, "why": "“小计：” is a total."},
        ]
        assert [row.number for row in plan.rows(found)] == [2, 7, 8]
    with rehearsed(shop, [["姓名", "手机"], ["合计", 5], ["张三", 13800000001]]) as found:
        assert found.rows == 1


def test_a_total_s_word_beside_somebody_s_number_is_data_and_a_foot_is_told(shop: Shop) -> None:
    rows = [
        ["姓名", "手机", "会员卡号", "邮箱", "备注"],
        ["合计", 13800000001],
        ["总计", None, "V0012345"],
        ["小计", None, None, "a@b.cn"],
        ["合计", "3 人", 3, "3 个", 5],
        ["备注：以上客户均为老客户"],
    ]
    with rehearsed(shop, rows) as found:
        assert [row.number for row in plan.rows(found)] == [2, 3, 4]
        assert found.left_out == (
            (5, "“合计” is a total."),
            (6, "“备注：以上客户均为老客户” is about the sheet, not about anybody in it."),
        )
        assert counts(found) == {"new": 3}


def test_only_totals_are_no_rows(shop: Shop) -> None:
    with pytest.raises(NoRows, match="no rows below them"), rehearsed(shop, [["姓名", "手机"], ["合计", 5]]):
        pass


def test_the_sheet_that_is_understood_is_taken(shop: Shop) -> None:
    notes = ("说明", [["请按模板填写"], ["谢谢"]])
    people = ("客户", [["姓名", "手机"], ["张三", 13800000001]])
    sales = ("销售", [["日期", "手机", "商品", "金额"], ["2026-01-01", 13800000001, "膜", 30]])
    path = workbook(shop.folder.parent / "book.xlsx", notes, people, sales, ("空", []))
    with plan.rehearse(shop, path) as found:
        assert (found.sheet, found.kind) == ("客户", "customers")
        assert [(sheet.name, sheet.kind) for sheet in found.sheets] == [
            ("说明", None),
            ("客户", "customers"),
            ("销售", "purchases"),
            ("空", None),
        ]
    with plan.rehearse(shop, path, sheet="销售") as found:
        assert found.kind == "purchases"
    with plan.rehearse(shop, path, kind="purchases", sheet="销售") as found:
        assert found.kind == "purchases"
    found_counts = []
    for one in plan.each_sheet(shop, path):
        found_counts.append((one.sheet, counts(one)))
        plan.apply(shop, one)
    assert found_counts == [("客户", {"new": 1}), ("销售", {"new": 1})]
    assert shop.db.value("SELECT count(*) FROM customers") == 1
    assert [one.sheet for one in plan.each_sheet(shop, path, sheet="销售")] == ["销售"]


def test_a_later_sheet_without_rows_is_passed_over(shop: Shop) -> None:
    path = workbook(
        shop.folder.parent / "book.xlsx",
        ("客户", [["姓名", "手机"], ["张三", 13800000001]]),
        ("会员", [["姓名", "手机"]]),
    )
    assert [one.sheet for one in plan.each_sheet(shop, path)] == ["客户"]


def test_hidden_rows_are_counted(shop: Shop) -> None:
    from openpyxl import load_workbook

    path = workbook(
        shop.folder.parent / "book.xlsx",
        ("客户", [["姓名", "手机"], ["张三", 13800000001], ["李四", 13800000002]]),
    )
    book = load_workbook(path)
    book["客户"].row_dimensions[3].hidden = True
    book.save(path)
    with plan.rehearse(shop, path) as found:
        assert (found.hidden_rows, found.rows) == (1, 2)


def test_texts_in_their_encodings(shop: Shop, tmp_path: Path) -> None:
    rows = [["姓名", "手机"], ["张三", "\t13800000001"]]
    for encoding, separator in (("gb18030", ","), ("utf-16", "\t"), ("utf-8-sig", ";")):
        with plan.rehearse(
            shop, text(tmp_path / "list.csv", rows, encoding=encoding, separator=separator)
        ) as found:
            assert counts(found) == {"new": 1}
            assert found.encoding
            assert plan.report(found)["sheet"] is None
    path = text(tmp_path / "big5.csv", [["姓名", "手機"], ["陳", "13800000001"]], encoding="big5")
    with pytest.raises(NeedsEncoding) as asked:
        plan.rehearse(shop, path)
    assert "陳" in plan.first_lines(path, asked.value.candidates[0])
    with plan.rehearse(shop, path, encoding="big5", mapping={"手機": "phone"}) as found:
        assert plan.report(found)["encoding"] == "big5"


def test_a_corrected_mapping_is_remembered(shop: Shop) -> None:
    rows = [["姓名", "手机", "绰号", "空"], ["张三", 13800000001, "小张"]]
    bring(shop, rows, mapping={"绰号": "occupation"})
    assert card(shop, "张三").occupation == "小张"
    with rehearsed(shop, rows) as found:
        assert found.layout.mapping["绰号"] == "occupation"
    bring(shop, [rows[0], ["李四", 13800000002, "小李"]], mapping={"绰号": "note"})
    with rehearsed(shop, rows) as found:
        assert found.layout.mapping["绰号"] == "note"


def test_a_wrong_mapping_is_refused(shop: Shop) -> None:
    with (
        pytest.raises(UnknownColumn),
        rehearsed(shop, [["姓名", "手机"], ["张三", 13800000001]], mapping={"x": "name"}),
    ):
        pass


def test_no_headings_at_all(shop: Shop) -> None:
    with pytest.raises(NoHeadings), rehearsed(shop, [["张三", 13800000001], ["李四", 13800000002]]):
        pass


def test_a_file_that_is_gone(shop: Shop, tmp_path: Path) -> None:
    with pytest.raises(CrmError, match="is not there any more"):
        plan.rehearse(shop, tmp_path / "gone.xlsx")


def test_no_room_on_the_disk(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        free = 10

    monkeypatch.setattr("desktop_crm.importing.rehearsal.shutil.disk_usage", lambda _folder: Full)
    with (
        pytest.raises(NoRoom, match="too little room"),
        rehearsed(shop, [["姓名", "手机"], ["张三", 13800000001]]),
    ):
        pass


def test_progress_is_told(shop: Shop) -> None:
    told = Told()
    with rehearsed(shop, [["姓名", "手机"], ["张三", 13800000001]], progress=told) as found:
        plan.apply(shop, found, told)
    assert list(dict.fromkeys(told.texts)) == [
        "Reading list.xlsx…",
        "Comparing with the shop…",
        "Making a backup…",
        "Writing…",
        "Finding the first tier of the new customers…",
        "Adding up the figures of the customers…",
        "Making everything searchable…",
    ]


def test_cancelling_leaves_nothing_behind(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    rows = [["姓名", "手机"], ["张三", 13800000001]]
    for moment in ("Reading", "Comparing"):
        with pytest.raises(Cancelled), rehearsed(shop, rows, progress=Told(moment)):
            pass
        assert not list(tmp_path.glob("desktop-crm-*"))
    with rehearsed(shop, rows) as found:
        staged = list(tmp_path.glob("desktop-crm-*"))
        assert len(staged) == 1
        assert "张三".encode() not in staged[0].read_bytes()
        with shop.change("Settings", {"settings"}):
            shop.put(settings.BACKUPS_KEPT, 2)
        kept = [backup.make(shop, "manual"), backup.make(shop, "manual")]
        for moment in ("Making a backup", "Writing", "Finding", "Making everything searchable"):
            with pytest.raises(Cancelled):
                plan.apply(shop, found, Told(moment))
            assert names(shop) == []
            assert sorted(each.path for each in backup.listing(shop)) == kept
        assert plan.apply(shop, found)
        assert [each.why for each in backup.listing(shop)] == ["import", "manual"]
    assert names(shop) == ["张三"]
    assert not list(tmp_path.glob("desktop-crm-*"))


def test_a_shop_that_changed_meanwhile_is_looked_at_again(shop: Shop) -> None:
    with rehearsed(
        shop, [["姓名", "手机", "来源"], ["张三", 13800000001, "x"], ["李四", 13800000002, "x"]]
    ) as found:
        add(shop, "张三", "13800000001")
        plan.apply(shop, found)
        assert counts(found) == {"new": 1, "update": 1}


def test_a_change_during_the_backup_is_seen_too(shop: Shop) -> None:
    class Meanwhile(Told):
        def report(self, done: int, total: int, text: str = "") -> None:
            super().report(done, total, text)
            if text.startswith("Making a backup"):
                add(shop, "张三", "13800000001")

    with rehearsed(
        shop, [["姓名", "手机", "来源"], ["张三", 13800000001, "x"], ["李四", 13800000002, "x"]]
    ) as found:
        plan.apply(shop, found, Meanwhile())
        assert counts(found) == {"new": 1, "update": 1}


def test_unknown_clerks_join_as_gone_where_people_are_known(shop: Shop) -> None:
    head = ["姓名", "手机", "负责人"]
    bring(shop, [head, ["张三", 13800000001, "李娜"]])
    bring(shop, [head, ["李四", 13800000002, "王磊"], ["王五", 13800000003, "李娜"]])
    assert shop.db.rows("SELECT name, active FROM staff ORDER BY id") == [("李娜", 1), ("王磊", 0)]


def test_a_company_and_its_people(shop: Shop) -> None:
    rows = [
        ["公司", "姓名", "姓", "名", "昵称", "手机"],
        ["星辰", "", "", "", "", 13800000001],
        ["星辰", "", "张", "三", "阿三", 13800000002],
        ["", "", "Smith", "John", "", 13800000003],
        ["", "", "", "", "小鱼", 13800000004],
        ["", "李四", "", "", "小鱼", 13800000005],
    ]
    bring(shop, rows)
    assert names(shop) == ["星辰", "张三", "John Smith", "小鱼", "李四"]
    assert card(shop, "星辰").kind == "company"
    assert card(shop, "张三").note == "Company: 星辰\nNickname: 阿三"
    assert card(shop, "李四").note == "Nickname: 小鱼"


def test_birthdays_that_programs_made_up(shop: Shop) -> None:
    rows = [
        ["姓名", "手机", "生日", "建档日期", "生日类型", "农历生日"],
        ["张三", 13800000001, "2020-03-03", "2020-03-03", "", ""],
        ["李四", 13800000002, "1990-03-03", "2020-03-03", 0, ""],
        ["王五", 13800000003, "1990-03-03", "", 1, ""],
        ["赵六", 13800000004, "", "", "", "08-15"],
    ]
    bring(shop, rows)
    found = {name: (card(shop, name).birthday, card(shop, name).birthday_lunar) for name in names(shop)}
    assert found == {
        "张三": ("", False),
        "李四": ("1990-03-03", True),
        "王五": ("1990-03-03", False),
        "赵六": ("--08-15", True),
    }


def test_addresses_from_parts(shop: Shop) -> None:
    rows = [
        ["Name", "Phone", "Province", "City", "District", "Address"],
        ["A", 13800000001, "NY", "New York", "Queens", "1 Main St"],
        ["B", 13800000002, "浙江省", "杭州市", "", "杭州市文三路"],
        ["C", 13800000003, "浙江省", "", "", ""],
    ]
    bring(shop, rows)
    assert [(card(shop, name).region, card(shop, name).address) for name in "ABC"] == [
        ("Queens", "NY, New York, 1 Main St"),
        ("杭州市", "浙江省杭州市文三路"),
        ("", "浙江省"),
    ]


def test_two_imeis_of_one_phone(shop: Shop) -> None:
    bring(
        shop,
        [
            ["姓名", "手机", "机型", "IMEI"],
            ["张三", 13800000001, "X", "490154203237518/356938035643809"],
            ["李四", 13800000002, "", ""],
        ],
    )
    assert shop.db.value("SELECT imei FROM devices") == "490154203237518"
    assert card(shop, "张三").note == "IMEI: 356938035643809"


def test_many_rows_come_in_pieces(shop: Shop) -> None:
    rows = [
        ["姓名", "手机", "备注", "来源"],
        *([f"人{n}", 13800000001 + n, "", "抖音" if n == 1500 else ""] for n in range(2300)),
    ]
    assert bring(shop, rows) == {"new": 2300}
    assert card(shop, "人1500").source == "抖音"
    with rehearsed(shop, rows) as found:
        assert [row.number for row in plan.rows(found, "same", 2, 2298)] == [2300, 2301]


def test_kinds_and_meanings_for_people(shop: Shop) -> None:
    assert plan.kinds()[0] == ("customers", "Customers")
    with rehearsed(shop, [["姓名", "手机"], ["张三", 13800000001]]) as found:
        assert ("phone", "Phone") in plan.meanings(found)
        assert plan.meanings(found)[-2:] == [("extra", "A line of the note"), ("", "Leave out")]


def test_the_staged_file_is_private(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: FixedClock
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with rehearsed(shop, [["姓名", "手机"], ["张三", 13800000001]]):
        staged = next(tmp_path.glob("desktop-crm-*"))
        assert os.name != "posix" or staged.stat().st_mode & 0o077 == 0


def test_several_columns_for_one_field(shop: Shop) -> None:
    rows = [
        [
            "Name",
            "Phone 1 - Label",
            "Phone 1 - Value",
            "Phone 2 - Label",
            "Phone 2 - Value",
            "Notes",
            "备注",
            "Labels",
            "标签",
        ],
        [
            "张三",
            "Mobile",
            "13800000001",
            "老婆",
            "13800000001 ::: 13800000002",
            "a",
            "b",
            "* myContacts ::: VIP",
            "VIP,A",
        ],
        ["李四", "", "", "Home", "13800000003", "", "c", "", ""],
    ]
    with rehearsed(shop, rows) as found:
        assert reasons(found, "doubtful") == ["Phone 2 - Label: “老婆” was kept in the note."]
        assert plan.count(found) == plan.count(found, "new") == 2
        plan.apply(shop, found)
    assert numbers(shop, "张三") == ["13800000001", "13800000002"]
    assert card(shop, "张三").note == "a\nb\nPhone 2 - Label: 老婆"
    assert customers.tags(shop, card(shop, "张三").id) == ("A", "VIP")
    assert (numbers(shop, "李四"), card(shop, "李四").note) == (["13800000003"], "c")


def test_troubled_cells_that_are_not_needed_stay_in_the_note(shop: Shop) -> None:
    rows = [
        ["姓名", "手机", "生日", "性别", "建档日期"],
        ["张三", 13800000001, "1985-02-30", "robot", "someday"],
    ]
    with rehearsed(shop, rows) as found:
        assert counts(found) == {"new": 1}
        assert len(plan.rows(found)[0].reasons) == 3
        plan.apply(shop, found)
    assert card(shop, "张三").note == "生日: 1985-02-30\n性别: robot\n建档日期: someday"


def test_a_matched_card_may_be_called_otherwise(shop: Shop) -> None:
    add(shop, "张三", "13800000001", card_no="V1")
    rows = [["姓名", "手机", "会员卡号"], ["张大三", 13800000001, "V1"]]
    with rehearsed(shop, rows) as found:
        assert reasons(found) == ["Name: 张三 stays (张大三 in the sheet)"]
    assert bring(shop, rows, policy="overwrite") == {"update": 1}
    assert names(shop) == ["张大三"]
    assert bring(shop, [["姓名", "会员卡号"], ["张 大三", "V1"]]) == {"same": 1}


@pytest.mark.parametrize("languages", [("zh_CN", "en"), ("en", "zh_CN")])
def test_a_sheet_is_the_same_in_the_other_language(shop: Shop, languages: tuple[str, str]) -> None:
    cards = [
        ["姓名", "手机", "公司", "昵称", "下次联系日期", "累计消费次数"],
        ["赵敏", "13800000001", "绍敏汽车", "敏敏", "2020-01-05", "-3"],
    ]
    sales = [["姓名", "手机", "销售日期", "金额"], ["赵敏", "13800000001", "2026-03-01", 100]]
    with i18n.using(languages[0]):
        assert (bring(shop, cards), bring(shop, sales)) == ({"new": 1}, {"new": 1})
        word = shop.db.value("SELECT description FROM purchase_lines")
    with i18n.using(languages[1]):
        assert (bring(shop, cards), bring(shop, sales)) == ({"same": 1}, {"same": 1})
        assert bring(shop, cards, policy="overwrite") == {"same": 1}
        more = [*sales, ["赵敏", "13800000001", "2026-03-02", 50]]
        assert bring(shop, more) == {"same": 1, "new": 1}
    assert shop.db.rows("SELECT DISTINCT description FROM purchase_lines") == [(word,)]
