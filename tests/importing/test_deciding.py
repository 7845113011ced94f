"""What the person decides about rehearsed rows: who they are about, and which value is right."""

from __future__ import annotations

import pytest

from desktop_crm import customers, history, merge
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.importing import plan
from desktop_crm.importing.plan import Filter, Plan, PlanRow
from desktop_crm.shop import Shop
from tests.importing.sheets import Rows, bring, counts, rehearsed, workbook

HEAD = ["姓名", "手机", "邮箱", "来源"]


def add(shop: Shop, name: str, *phones: str, **fields: object) -> int:
    drafts = tuple(PhoneDraft(number) for number in phones)
    return customers.add(shop, CustomerDraft(name=name, phones=drafts, **fields))  # type: ignore[arg-type]


def one(found: Plan, n: int) -> PlanRow:
    return next(row for row in plan.rows(found) if row.n == n)


def states(row: PlanRow) -> dict[str, tuple[bool, str, bool]]:
    """Field → (applied, choice, waits)."""
    return {change.field: (change.applied, change.choice, change.waits) for change in row.changes}


@pytest.fixture
def rows(shop: Shop) -> Rows:
    """A sheet about two known customers, who differ in two fields and have a blank one, and a new one."""
    add(shop, "张三", "13800000001", email="old@x.cn", source="路过")
    add(shop, "李四", "13800000002", email="lisi@x.cn")
    return [
        HEAD,
        ["张三", 13800000001, "new@x.cn", "抖音"],
        ["李四", 13800000002, "li@x.cn", "抖音"],
        ["王五", 13800000003, "w@x.cn", ""],
    ]


def card(shop: Shop, name: str) -> tuple[str, str]:
    found: tuple[str, str] = shop.db.rows("SELECT email, source FROM customers WHERE name = ?", (name,))[0]
    return found


# ---------------------------------------------------------------- fields


def test_ask_fills_blanks_and_waits_where_the_two_differ(shop: Shop, rows: Rows) -> None:
    with rehearsed(shop, rows, policy="ask") as found:
        assert counts(found) == {"new": 1, "update": 1, "skip": 1}
        assert states(one(found, 1)) == {"email": (False, "", True), "source": (False, "", True)}
        assert states(one(found, 2)) == {"source": (True, "", False), "email": (False, "", True)}
        assert [row.n for row in plan.rows(found, "asks")] == [1, 2]
        assert plan.count(found, "asks") == 2
        assert plan.report(found)["doubtful"] == [
            {
                "row": 2,
                "reasons": [
                    "E-mail: old@x.cn here, new@x.cn in the sheet – which is right?",
                    "Source: 路过 here, 抖音 in the sheet – which is right?",
                ],
            },
            {"row": 3, "reasons": ["E-mail: lisi@x.cn here, li@x.cn in the sheet – which is right?"]},
        ]
        plan.apply(shop, found)
    assert (card(shop, "张三"), card(shop, "李四")) == (("old@x.cn", "路过"), ("lisi@x.cn", "抖音"))


def test_a_field_is_decided_for_one_row(shop: Shop, rows: Rows) -> None:
    with rehearsed(shop, rows, policy="ask") as found:
        assert plan.decide_fields(shop, found, [1], "take", ["email"]) == 1
        assert counts(found) == {"new": 1, "update": 2}
        assert states(one(found, 1)) == {"email": (True, "take", False), "source": (False, "", True)}
        assert plan.decide_fields(shop, found, [1], "keep", ["source"]) == 1
        assert states(one(found, 1))["source"] == (False, "keep", False)
        assert [row.n for row in plan.rows(found, "asks")] == [2]
        plan.decide_fields(shop, found, [1], "", ["source"])
        assert states(one(found, 1))["source"] == (False, "", True)
        plan.apply(shop, found)
    assert card(shop, "张三") == ("new@x.cn", "路过")


def test_fields_are_decided_in_bulk_for_a_filter(shop: Shop, rows: Rows) -> None:
    with rehearsed(shop, rows, policy="ask") as found:
        assert plan.differing(found) == [("email", "E-mail", 2, 2), ("source", "Source", 2, 1)]
        assert plan.differing(found, Filter(text="李四")) == [
            ("email", "E-mail", 1, 1),
            ("source", "Source", 1, 0),
        ]
        assert plan.decide_fields(shop, found, Filter("asks", field="email"), "take", ["email"]) == 2
        assert plan.decide_fields(shop, found, "asks", "keep") == 1
        assert plan.count(found, "asks") == 0
        change = plan.apply(shop, found)
    assert (card(shop, "张三"), card(shop, "李四")) == (("new@x.cn", "路过"), ("li@x.cn", "抖音"))
    assert change is not None
    history.undo(shop, change)
    assert (card(shop, "张三"), card(shop, "李四")) == (("old@x.cn", "路过"), ("lisi@x.cn", ""))
    history.redo(shop)
    assert (card(shop, "张三"), card(shop, "李四")) == (("new@x.cn", "路过"), ("li@x.cn", "抖音"))


@pytest.mark.parametrize("policy", ["fill", "overwrite", "skip", "ask"])
def test_what_is_said_goes_before_every_policy(shop: Shop, rows: Rows, policy: str) -> None:
    with rehearsed(shop, rows, policy=policy) as found:
        plan.decide_fields(shop, found, [1, 2], "take", ["email"])
        plan.decide_fields(shop, found, [1, 2], "keep", ["source"])
        plan.judge(shop, found)
        plan.apply(shop, found)
    assert (card(shop, "张三"), card(shop, "李四")) == (("new@x.cn", "路过"), ("li@x.cn", ""))


def test_a_later_row_about_the_same_one_sees_what_was_decided(shop: Shop) -> None:
    add(shop, "张三", "13800000001", email="old@x.cn")
    rows = [HEAD, ["张三", 13800000001, "a@x.cn", ""], ["张三", 13800000001, "b@x.cn", ""]]
    with rehearsed(shop, rows, policy="ask") as found:
        plan.decide_fields(shop, found, [1], "take")
        assert [(change.old, change.new) for change in one(found, 2).changes] == [("a@x.cn", "b@x.cn")]
        assert one(found, 2).with_row == 2
        plan.decide_fields(shop, found, [1], "keep")
        assert [(change.old, change.new) for change in one(found, 2).changes] == [("old@x.cn", "b@x.cn")]


def test_own_fields_are_decided_too(shop: Shop) -> None:
    head = ["姓名", "手机", "鞋码"]
    bring(shop, [head, ["张三", 13800000001, "41"]], mapping={"鞋码": "new:number"})
    with rehearsed(shop, [head, ["张三", 13800000001, "42"]], policy="ask") as found:
        (change,) = one(found, 1).changes
        assert (change.label, change.old, change.new, change.waits) == ("鞋码", "41", "42", True)
        plan.decide_fields(shop, found, Filter(field=change.field), "take", [change.field])
        plan.apply(shop, found)
    assert shop.db.value("SELECT value FROM custom_values") == "42"


# ---------------------------------------------------------------- who


def test_which_key_matched_is_told(shop: Shop) -> None:
    add(shop, "卡", card_no="V1")
    add(shop, "号", external_id="77")
    add(shop, "电", "13800000001")
    owner = add(shop, "机")
    with shop.change("a phone", {"devices"}):
        shop.db.execute(
            "INSERT INTO devices (customer_id, model, created_at, imei, bought_here, color, storage, plan_name, status, note, "
            "serial) VALUES (?, 'X', '2026-01-01T00:00:00Z', '490154203237518', 0, '', '', '', 'in_use', '', '')",
            (owner,),
        )
    add(shop, "生日", birthday="1990-05-01")
    add(shop, "名")
    head = ["姓名", "手机", "会员卡号", "客户编号", "IMEI", "生日", "来源"]
    rows = [
        head,
        ["卡", "", "V1", "", "", "", "a"],
        ["号", "", "", "77", "", "", "a"],
        ["电", 13800000001, "", "", "", "", "a"],
        ["机", "", "", "", "490154203237518", "", "a"],
        ["生日", "", "", "", "", "1990-05-01", "a"],
        ["名", "", "", "", "", "", "a"],
        ["新", 13800000009, "", "", "", "", "a"],
        ["新", 13800000009, "", "", "", "", "a"],
    ]
    with rehearsed(shop, rows) as found:
        assert [(row.key, row.key_label) for row in plan.rows(found)] == [
            ("card_no", "Card no."),
            ("external_id", "Id in the other program"),
            ("phone", "Phone"),
            ("imei", "IMEI"),
            ("birthday", "Name and birthday"),
            ("name", "Name"),
            ("", ""),
            ("sheet", "Earlier row of the sheet"),
        ]
        assert [(key, rows_) for key, _label, rows_ in plan.keys(found)] == [
            ("sheet", 1), ("card_no", 1), ("external_id", 1), ("phone", 1), ("imei", 1), ("birthday", 1), ("name", 1),
        ]  # fmt: skip
        assert [row.n for row in plan.rows(found, Filter(key="imei"))] == [4]
        assert [row.n for row in plan.rows(found, Filter(key="sheet"))] == [8]
        assert [row.with_row for row in plan.rows(found, "same")] == [8]
        assert one(found, 4).customer_id == owner


def test_rows_are_found_by_text_and_verdict(shop: Shop) -> None:
    rows = [
        ["姓名", "手机", "会员卡号"],
        ["Zhang San", 13800000001, ""],
        ["李四", 13900000002, "VIP7"],
        ["王五", "1", ""],
    ]
    with rehearsed(shop, rows) as found:
        for text, expected in (
            ("zhang", [1]),
            (" 1390 0000 002 ", [2]),
            ("vip7", [2]),
            ("4", [3]),
            ("nobody", []),
        ):
            assert [row.n for row in plan.rows(found, Filter(text=text))] == expected
        assert [row.n for row in plan.rows(found, Filter("bad", text="王"))] == [3]
        assert plan.count(found, Filter("new")) == 2


def test_a_row_that_is_asked_about_is_joined_new_or_left(shop: Shop) -> None:
    zhang = add(shop, "张三", "13800000001")
    rows = [HEAD, ["李四", 13800000001, "li@x.cn", ""]]
    with rehearsed(shop, rows) as found:
        row = one(found, 1)
        assert (row.verdict, row.asks, row.key, row.customer_id) == ("skip", True, "phone", zhang)
        assert plan.candidates(shop, found, 1) == [(zhang, "张三", ("13800000001",), "phone", "Phone", False)]
        assert plan.decide_who(shop, found, "asks", "join") == 1
        assert (one(found, 1).verdict, one(found, 1).decision) == ("update", "join")
        plan.decide_who(shop, found, [1], "new")
        assert (one(found, 1).verdict, one(found, 1).customer_id) == ("new", None)
        plan.decide_who(shop, found, [1], "leave")
        assert (one(found, 1).verdict, one(found, 1).asks) == ("skip", False)
        plan.decide_who(shop, found, [1], "")
        assert one(found, 1).asks
        plan.decide_who(shop, found, [1], "new")
        plan.apply(shop, found)
    assert shop.db.rows("SELECT name FROM customers ORDER BY id") == [("张三",), ("李四",)]


def test_a_namesake_may_be_said_to_be_the_same(shop: Shop) -> None:
    add(shop, "欧阳明月", "13800000001")
    with rehearsed(shop, [HEAD, ["欧阳明月", 13800000002, "", ""]]) as found:
        assert (one(found, 1).verdict, one(found, 1).asks, plan.count(found, "asks")) == ("new", True, 0)
        plan.decide_who(shop, found, [1], "join")
        plan.apply(shop, found)
    assert shop.db.value("SELECT count(*) FROM customers") == 1


def test_the_person_names_the_card(shop: Shop) -> None:
    first, second = add(shop, "张三", "13800000001"), add(shop, "李四", "13800000001")
    third = add(shop, "王五")
    with rehearsed(shop, [HEAD, ["", 13800000001, "x@x.cn", ""]]) as found:
        assert one(found, 1).reasons == ("Several people have this telephone number; say whose row this is.",)
        assert [one_.customer_id for one_ in plan.candidates(shop, found, 1)] == [first, second]
        plan.decide_who(shop, found, [1], "join")  # whom?
        assert one(found, 1).asks
        plan.decide_who(shop, found, [1], f"card:{third}")
        assert (one(found, 1).key, one(found, 1).customer_id) == ("person", third)
        customers.delete(shop, [third])
        plan.judge(shop, found)
        assert one(found, 1).asks
        plan.decide_who(shop, found, [1], f"card:{second}")
        plan.apply(shop, found)
    assert (card(shop, "李四")[0], card(shop, "张三")[0]) == ("x@x.cn", "")


def test_a_card_number_that_is_somebody_elses_stays_there(shop: Shop) -> None:
    add(shop, "张三", card_no="V1")
    other = add(shop, "李四")
    with rehearsed(shop, [["姓名", "会员卡号", "来源"], ["李四", "V1", "x"]]) as found:
        plan.decide_who(shop, found, [1], f"card:{other}")
        assert one(found, 1).verdict == "skip"
        assert "belongs to 张三" in one(found, 1).reasons[0]


def test_a_candidate_that_is_gone_is_not_offered(shop: Shop) -> None:
    first, second = add(shop, "张三", "13800000001"), add(shop, "李四", "13800000001")
    with rehearsed(shop, [HEAD, ["", 13800000001, "", ""]]) as found:
        customers.delete(shop, [first])
        assert [one_.customer_id for one_ in plan.candidates(shop, found, 1)] == [second]


def test_somebody_with_the_same_name_and_number_can_be_somebody_else(shop: Shop) -> None:
    add(shop, "张三", "13800000001")
    rows = [
        HEAD,
        ["张三", 13800000001, "a@x.cn", ""],
        ["张三", 13800000001, "", "b"],
        ["张三", 13800000001, "", "c"],
    ]
    with rehearsed(shop, rows) as found:
        plan.decide_who(shop, found, [1, 2], "new")
        assert [row.verdict for row in plan.rows(found)] == ["new", "update", "update"]
        assert one(found, 2).with_row == 2
        plan.apply(shop, found)
    assert shop.db.rows("SELECT email, source FROM customers ORDER BY id") == [("", "c"), ("a@x.cn", "b")]


def test_a_card_number_is_one_cards_whatever_is_said(shop: Shop) -> None:
    add(shop, "张三", card_no="V1")
    with rehearsed(shop, [["姓名", "会员卡号", "来源"], ["张三", "V1", "x"]]) as found:
        plan.decide_who(shop, found, [1], "new")
        assert one(found, 1).verdict == "update"


CODES = [("会员卡号", "card_no"), ("客户编号", "external_id")]


@pytest.mark.parametrize(("title", "field"), CODES)
@pytest.mark.parametrize("who", [("李四", 13900000002), ("李四", ""), ("", 13900000002)])
def test_a_code_that_neither_name_nor_number_speaks_for_is_asked_about(
    shop: Shop, title: str, field: str, who: tuple[str, object]
) -> None:
    add(shop, "张三", "13800000001", **{field: "A1"})
    with rehearsed(shop, [["姓名", "手机", title, "来源"], [*who, "A1", "x"]], policy="overwrite") as found:
        assert (counts(found), one(found, 1).asks) == ({"skip": 1}, True)
        assert "belong to 张三 in the shop, but name and telephone do not agree" in one(found, 1).reasons[0]
        plan.decide_who(shop, found, [1], "new")
        assert one(found, 1).verdict == ("skip" if field == "card_no" else "new")
        plan.decide_who(shop, found, [1], "join")
        assert one(found, 1).verdict == "update"


@pytest.mark.parametrize(("title", "field"), CODES)
@pytest.mark.parametrize("who", [("李四", 13800000001), ("张三", 13900000002), ("", "")])
def test_a_code_that_name_or_number_speaks_for_is_enough(
    shop: Shop, title: str, field: str, who: tuple[str, object]
) -> None:
    add(shop, "张三", "13800000001", **{field: "A1"})
    assert bring(shop, [["姓名", "手机", title, "来源"], [*who, "A1", "x"]]) == {"update": 1}


def test_a_card_that_is_called_by_its_code_gets_its_name(shop: Shop) -> None:
    add(shop, "A1", card_no="A1")
    assert bring(shop, [["姓名", "手机", "会员卡号"], ["张三", 13800000001, "A1"]], policy="overwrite") == {
        "update": 1
    }
    assert shop.db.value("SELECT name FROM customers") == "张三"


def test_somebody_elses_card_number_does_not_go_to_whom_the_telephone_means(shop: Shop) -> None:
    add(shop, "张三", "13800000001", card_no="A1")
    add(shop, "李四", "13900000002")
    with rehearsed(shop, [["姓名", "手机", "会员卡号", "来源"], ["李四", 13900000002, "A1", "x"]]) as found:
        assert counts(found) == {"skip": 1}
        assert one(found, 1).reasons == (
            "The card number A1 belongs to 张三, and this row is to go to somebody else.",
        )
        assert plan.apply(shop, found) is None


def test_ids_of_a_second_program_book_no_sales_to_strangers(shop: Shop) -> None:
    add(shop, "张三", "13800000001", external_id="1")
    head = ["日期", "客户编号", "姓名", "手机", "商品", "金额"]
    sale = ["2026-03-01", "1", "孙六", 13900000003, "膜", 30]
    with rehearsed(shop, [head, sale]) as found:
        assert (counts(found), one(found, 1).asks) == ({"skip": 1}, True)
        plan.decide_who(shop, found, [1], "new")
        plan.apply(shop, found)
    assert shop.db.rows("SELECT c.name FROM purchases p JOIN customers c ON c.id = p.customer_id") == [
        ("孙六",)
    ]
    assert bring(shop, [head, sale]) == {"same": 1}


def test_two_names_with_one_card_number_in_the_sheet(shop: Shop) -> None:
    rows = [["姓名", "会员卡号", "来源"], ["张三", "V1", ""], ["张叁", "V1", "x"]]
    with rehearsed(shop, rows) as found:
        assert (one(found, 2).verdict, one(found, 2).asks) == ("skip", True)
        plan.decide_who(shop, found, [2], "join")
        assert one(found, 2).verdict == "update"
        plan.apply(shop, found)
    assert shop.db.rows("SELECT name, source FROM customers") == [("张三", "x")]


def test_a_left_row_is_nobody(shop: Shop) -> None:
    rows = [HEAD, ["张三", 13800000001, "", ""], ["张三", 13800000001, "a@x.cn", ""]]
    with rehearsed(shop, rows) as found:
        plan.decide_who(shop, found, [1], "leave")
        assert counts(found) == {"new": 1, "skip": 1}
        plan.apply(shop, found)
    assert shop.db.rows("SELECT name, email FROM customers") == [("张三", "a@x.cn")]


def test_sales_wait_too(shop: Shop) -> None:
    zhang = add(shop, "张三", "13800000001")
    rows = [["日期", "姓名", "手机", "商品", "金额"], ["2026-03-01", "李四", 13800000001, "膜", 30]]
    with rehearsed(shop, rows) as found:
        assert (counts(found), one(found, 1).asks) == ({"skip": 1}, True)
        plan.decide_who(shop, found, "asks", "join")
        plan.apply(shop, found)
    assert shop.db.rows("SELECT customer_id FROM purchases") == [(zhang,)]


@pytest.mark.parametrize(
    ("written", "known", "same"),
    [
        ("张先生", "张三", True),
        ("欧阳女士", "欧阳明月", True),
        ("张三(老客户)", "张三", True),
        ("张三 VIP", "张三", False),
        ("Mr. Smith", "John Smith", True),
        ("mrs smith", "John Smithson", False),
        ("王先生", "张三", False),
        ("李四", "张三", False),
    ],
)
def test_names_on_sales_as_clerks_note_them(shop: Shop, written: str, known: str, same: bool) -> None:
    add(shop, known, "13800000001")
    rows = [["日期", "姓名", "手机", "商品", "金额"], ["2026-03-01", written, 13800000001, "膜", 30]]
    with rehearsed(shop, rows) as found:
        assert counts(found) == ({"new": 1} if same else {"skip": 1})


# ---------------------------------------------------------------- keys that chain


def test_keys_that_chain_do_not_make_one_person_of_several_names(shop: Shop) -> None:
    """李四 – V1 – 欧阳明月 – IMEI – 欧阳明月 – V2 – 阿强: three people."""
    rows = [
        ["姓名", "手机", "会员卡号", "IMEI"],
        ["李四", 13800000001, "V1", ""],
        ["欧阳明月", "", "V1", "490154203237518"],
        ["阿强", 13800000002, "V2", ""],
        ["欧阳明月", 13800000003, "V2", "490154203237518"],
    ]
    with rehearsed(shop, rows) as found:
        assert [(row.verdict, row.asks) for row in plan.rows(found)] == [
            ("new", False),
            ("skip", True),
            ("new", False),
            ("skip", True),
        ]
        plan.apply(shop, found)
    assert shop.db.rows("SELECT name, card_no FROM customers ORDER BY id") == [("李四", "V1"), ("阿强", "V2")]


def test_a_nameless_row_goes_where_its_strongest_key_leads(shop: Shop) -> None:
    rows = [
        ["姓名", "手机", "会员卡号", "来源"],
        ["", "13800000002/13800000003", "V1", "抖音"],
        ["李四", 13800000001, "V1", ""],
        ["阿强", 13800000002, "", ""],
    ]
    with rehearsed(shop, rows) as found:
        assert [row.with_row for row in plan.rows(found)] == [None, 2, None]
        plan.apply(shop, found)
    assert shop.db.rows("SELECT name, source FROM customers ORDER BY id") == [("李四", "抖音"), ("阿强", "")]


def test_a_nameless_row_that_leads_to_two_waits_and_two_of_one_number_are_one(shop: Shop) -> None:
    rows = [
        HEAD,
        ["李四", 13800000001, "", ""],
        ["阿强", 13800000002, "", ""],
        ["", "13800000001/13800000002", "", "x"],
        ["", 13800000003, "", ""],
        ["", "13800000003/13800000004", "", "y"],
    ]
    with rehearsed(shop, rows) as found:
        assert [row.verdict for row in plan.rows(found)] == ["new", "new", "skip", "new", "update"]
        assert one(found, 3).reasons == ("Several people have this telephone number; say whose row this is.",)
        plan.decide_who(shop, found, [3], "new")
        assert one(found, 3).verdict == "new"


# ---------------------------------------------------------------- family numbers


def test_a_number_of_a_family_in_the_sheet_is_no_key(shop: Shop) -> None:
    rows = [
        HEAD,
        ["父", 13800000001, "f@x.cn", ""],
        ["母", 13800000001, "m@x.cn", ""],
        ["", 13800000001, "", "谁"],
        ["父", 13800000001, "", "路过"],
    ]
    with rehearsed(shop, rows) as found:
        assert counts(found) == {"new": 2, "skip": 1, "update": 1}
        assert one(found, 3).asks
        plan.apply(shop, found)
    assert (card(shop, "父"), card(shop, "母")) == (("f@x.cn", "路过"), ("m@x.cn", ""))
    with rehearsed(shop, rows) as found:
        assert counts(found) == {"same": 3, "skip": 1}


def test_a_number_that_the_sheet_gives_to_two_is_no_key_of_the_one_in_the_shop(shop: Shop) -> None:
    father = add(shop, "父", "13800000001")
    rows = [HEAD, ["母", 13800000001, "", ""], ["父", 13800000001, "f@x.cn", ""], ["", 13800000001, "", "x"]]
    with rehearsed(shop, rows) as found:
        assert [row.verdict for row in plan.rows(found)] == ["new", "update", "skip"]
        assert one(found, 3).customer_id == father
        plan.decide_who(shop, found, [3], "join")
        assert one(found, 3).verdict == "update"
        plan.decide_who(shop, found, [3], "new")
        assert one(found, 3).verdict == "new"


def test_two_cards_of_one_name_and_a_shared_number_keep_their_own_rows(shop: Shop) -> None:
    first = add(shop, "王伟", "13800000001", email="a@x.cn")
    second = add(shop, "王伟", "13800000001", "13800000002", email="b@x.cn")
    rows = [
        HEAD,
        ["王伟", "13800000001/13800000002", "b@x.cn", ""],
        ["王伟", "13800000001", "a@x.cn", ""],
        ["王伟", "13800000002", "", ""],
    ]
    with rehearsed(shop, rows) as found:
        assert [(row.verdict, row.customer_id) for row in plan.rows(found)] == [
            ("same", second),
            ("same", first),
            ("same", second),
        ]


def test_a_card_that_is_called_by_its_number_gives_way_to_the_one_of_the_name(shop: Shop) -> None:
    add(shop, "", "13800000001")
    zhang = add(shop, "张三", "13800000001")
    with rehearsed(shop, [HEAD, ["张三", "13800000001", "", ""]]) as found:
        assert [(row.verdict, row.customer_id) for row in plan.rows(found)] == [("same", zhang)]


# ---------------------------------------------------------------- read anew


def test_decisions_hold_on_when_the_sheet_is_read_anew(shop: Shop) -> None:
    add(shop, "张三", "13800000001", email="old@x.cn")
    rows = [
        [*HEAD, "绰号"],
        ["张三", 13800000001, "new@x.cn", "", "小张"],
        ["李四", 13800000001, "", "", ""],
    ]
    with rehearsed(shop, rows, policy="ask") as first:
        plan.decide_fields(shop, first, [1], "take", ["email"])
        plan.decide_who(shop, first, [2], "new")
        with plan.rehearse(
            shop, first.path, policy="ask", mapping={"绰号": "occupation"}, after=first
        ) as found:
            assert [row.verdict for row in plan.rows(found)] == ["update", "new"]
            assert states(one(found, 1))["email"] == (True, "take", False)
            assert one(found, 2).decision == "new"


def test_another_sheet_knows_nothing_of_them(shop: Shop) -> None:
    add(shop, "张三", "13800000001")
    sheet = [HEAD, ["李四", 13800000001, "", ""]]
    path = workbook(shop.folder.parent / "two.xlsx", ("甲", sheet), ("乙", sheet))
    with plan.rehearse(shop, path, sheet="甲") as first:
        plan.decide_who(shop, first, [1], "new")
        with plan.rehearse(shop, path, sheet="乙", after=first) as found:
            assert one(found, 1).asks


# ---------------------------------------------------------------- memories


def test_what_columns_mean_is_remembered_seen_and_forgotten(shop: Shop) -> None:
    rows = [["姓名", "手机", "绰号", "鞋码", "空"], ["张三", 13800000001, "小张", "41", "x"]]
    with rehearsed(shop, rows) as found:
        assert plan.memory_of(shop, found) is None
    bring(shop, rows, mapping={"绰号": "occupation", "鞋码": "new:number", "空": ""})
    with rehearsed(shop, rows) as found:
        known = plan.memory_of(shop, found)
    assert known is not None
    assert (known.kind, known.kind_label) == ("customers", "Customers")
    assert known.columns == (
        ("姓名", "Name"), ("手机", "Phone"), ("绰号", "Occupation"), ("鞋码", "鞋码"), ("空", "Leave out"),
    )  # fmt: skip
    assert plan.memories(shop) == [known]
    change = plan.forget(shop, known.id)
    with rehearsed(shop, rows) as found:
        assert found.layout.mapping["绰号"] == "extra"
    assert plan.memories(shop) == []
    with pytest.raises(Exception, match="not remembered any more"):
        plan.forget(shop, known.id)
    history.undo(shop, change)
    assert plan.memories(shop) == [known]
    history.redo(shop)
    assert plan.memories(shop) == []


def test_a_merge_in_between_is_followed(shop: Shop) -> None:
    keep, other = add(shop, "张三", "13800000001"), add(shop, "张叁", "13800000002")
    with rehearsed(shop, [HEAD, ["张叁", 13800000002, "x@x.cn", ""]]) as found:
        merge.merge(shop, keep, [other])
        plan.apply(shop, found)
        assert counts(found) == {"skip": 1}
        plan.decide_who(shop, found, "asks", "join")
        plan.apply(shop, found)
    assert card(shop, "张三")[0] == "x@x.cn"
