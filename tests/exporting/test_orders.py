"""Exports that people like, and that come back unchanged."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from desktop_crm import (
    complaints,
    custom_fields,
    customer_list,
    customers,
    followups,
    history,
    purchases,
    staff,
)
from desktop_crm.base import i18n
from desktop_crm.base.clock import FixedClock
from desktop_crm.complaints import ComplaintDraft
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.exporting import orders
from desktop_crm.exporting.orders import FormatUnknown, Order
from desktop_crm.importing import plan
from desktop_crm.importing.fields import KINDS, Kind
from desktop_crm.purchase_drafts import LineDraft, SaleDraft
from desktop_crm.shop import Shop
from desktop_crm.who import Condition, Filter
from tests.importing.sheets import bring, counts


def _fill_own_fields(shop: Shop, first: int, second: int) -> None:
    """A value of each kind, one that is no choice any more, and a retired field."""
    values = {
        custom_fields.add(shop, "备用"): ("+86 联系儿子", "无"),
        custom_fields.add(shop, "月租", "number"): ("59.90", "1.2万"),
        custom_fields.add(shop, "宽带到期", "date"): ("2026-12-01", ""),
        custom_fields.add(shop, "套餐", "choice", ["59元", "99元"]): ("59元", "99元"),
        custom_fields.add(shop, "短信", "yes_no"): ("是", "否"),
        custom_fields.add(shop, "旧的"): ("x", "y"),
    }
    for field, texts in values.items():
        for who, text in zip((first, second), texts, strict=True):
            custom_fields.put(shop, who, field, text)
    *_fields, plan_field, _sms, old = values
    custom_fields.edit(shop, plan_field, choices=["99元", "129元"])
    custom_fields.retire(shop, old)


@pytest.fixture
def lively(shop: Shop) -> Shop:
    """A shop with something of everything."""
    clerk = staff.add(shop, "李娜", "manager")
    shop = shop.at_counter(clerk)
    phones = (PhoneDraft("13800000001"), PhoneDraft("010-88888888", label="转801"))
    first = customers.add(
        shop,
        CustomerDraft(
            name="=赵敏", phones=phones, card_no="V1", external_id="X1", kind="agent", wechat="zm", email="a@b.cn",
            gender="female", birthday="1990-05-01", region="西湖区", address="文三路1号", occupation="教师", source="抖音",
            consent="granted", note="两\n行", tags=("VIP", "苹果"),
        ),
    )  # fmt: skip
    second = customers.add(
        shop, CustomerDraft(name="周芷若", phones=(PhoneDraft("13800000002"),), birthday="--05-01")
    )
    customers.edit(shop, second, do_not_contact=True, referred_by=first, owner_staff_id=clerk, language="en")
    lunar = customers.add(shop, CustomerDraft(name="农", birthday="--08-15", birthday_lunar=True))
    _fill_own_fields(shop, first, second)
    customers.delete(shop, [customers.add(shop, CustomerDraft(name="走了"))])
    line = LineDraft("iPhone 17", 599900, imei="490154203237518", discount_fen=10000, cost_fen=500000)
    sold = purchases.record(
        shop,
        SaleDraft(
            (line, LineDraft("膜", 3000, category="accessory")), customer_id=first, number="S1", note="n"
        ),
    )
    purchases.refund(shop, sold, 1000, "小问题")
    purchases.record(shop, SaleDraft((LineDraft("线", 4500, quantity=2, category="accessory"),)))
    purchases.void(
        shop, purchases.record(shop, SaleDraft((LineDraft("错", 100),), customer_id=lunar)), "typing error"
    )
    followups.plan(shop, lunar, date(2026, 12, 1), "问候")
    done = followups.plan(shop, lunar, date(2026, 11, 21), "回访")
    followups.finish(shop, done, "reached", "很好")
    case = complaints.receive(shop, ComplaintDraft("屏幕坏了", first, "high", "屏幕"))
    complaints.respond(shop, case, "看看")
    complaints.receive(shop, ComplaintDraft("太吵"))
    return shop


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("kind", ["customers", "purchases", "followups", "complaints"])
@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_an_export_comes_back_unchanged(
    lively: Shop, tmp_path: Path, kind: str, ending: str, language: str
) -> None:
    i18n.set_language(language)
    out = tmp_path / f"list.{ending}"
    written = orders.export(lively, Order(next(each for each, _text in plan.kinds() if each == kind), out))
    with plan.rehearse(lively, out) as found:
        assert (found.kind, found.rows) == (kind, written.rows)
        assert counts(found) == {"same": written.rows}
        assert plan.rows(found, "doubtful") == []
        assert not {"extra"} & set(found.layout.mapping.values())


def test_everything_in_one_workbook(lively: Shop, tmp_path: Path) -> None:
    out = tmp_path / "all.xlsx"
    written = orders.export(lively, Order("all", out))
    assert [(one.kind, counts(one)) for one in plan.each_sheet(lively, out)] == [
        ("customers", {"same": 3}), ("purchases", {"same": 4}), ("followups", {"same": 6}), ("complaints", {"same": 2}),
    ]  # fmt: skip
    assert written.rows == 15
    book = load_workbook(out)
    people = book["Customers"]
    assert people.freeze_panes == "A2"
    row = {cell.value: people.cell(2, cell.column) for cell in people[1]}
    assert (row["Name"].value, row["Name"].data_type, row["Name"].quotePrefix) == ("=赵敏", "s", True)
    assert row["Phone"].value == "13800000001 / 01088888888转801"
    assert row["Birthday"].value == datetime(1990, 5, 1)
    assert row["Computed tier"].value == "Potential"
    sold = book["Purchases"]
    lines = {cell.value: sold.cell(2, cell.column).value for cell in sold[1]}
    assert (lines["Sold on"], lines["Amount"], lines["IMEI"]) == (
        datetime(2026, 11, 21, 10, 0),
        5899,
        "490154203237518",
    )
    facts = {line[0].value: line[1].value for line in book["About this file"]}
    assert (facts["Shop"], facts["By whom"], facts["When"]) == ("星河手机店", "李娜", "2026-11-21 10:00")


def test_without_anybody_at_the_counter(shop: Shop, tmp_path: Path) -> None:
    orders.export(shop, Order("customers", tmp_path / "list.xlsx"))
    facts = [line[0].value for line in load_workbook(tmp_path / "list.xlsx")["About this file"]]
    assert "By whom" not in facts


@pytest.mark.parametrize(
    ("kind", "name", "words"),
    [
        ("customers", "a.pdf", "ends in .xlsx, .csv"),
        ("purchases", "a.ics", "ends in .xlsx or .csv"),
        ("all", "a.csv", "ends in .xlsx, .ics, .db or .zip"),
        ("customers", "a.db", "ends in .xlsx, .csv"),
    ],
)
def test_formats_that_are_not_there(shop: Shop, tmp_path: Path, kind: str, name: str, words: str) -> None:
    wanted = next((each for each, _text in plan.kinds() if each == kind), None)
    with pytest.raises(FormatUnknown, match=words):
        orders.export(shop, Order(wanted or "all", tmp_path / name))
    assert not list(tmp_path.glob("a.*"))


def test_an_export_fills_an_empty_shop(lively: Shop, tmp_path: Path, clock: FixedClock) -> None:
    out = tmp_path / "all.xlsx"
    orders.export(lively, Order("all", out))
    other = Shop.create(tmp_path / "other", "别的店", clock)
    for one in plan.each_sheet(other, out):
        assert plan.apply(other, one)
    assert [counts(one) for one in plan.each_sheet(other, out)] == [
        {"same": 3},
        {"same": 4},
        {"same": 6},
        {"same": 2},
    ]
    for table in ("customers", "phones", "purchases", "purchase_lines", "refunds", "followups", "complaints"):
        alive = {"customers": "WHERE deleted_at IS NULL", "purchases": "WHERE void_day IS NULL"}.get(
            table, ""
        )
        if table == "purchase_lines":
            alive = "WHERE purchase_id IN (SELECT id FROM purchases WHERE void_day IS NULL)"
        count = f"SELECT count(*) FROM {table} {alive}"
        assert other.db.value(count) == lively.db.value(count), table
    while history.next_undo(other) is not None:
        history.undo(other)
    assert other.db.value("SELECT count(*) FROM customers") == 0
    other.close()


TEXTS = st.text(alphabet=st.characters(codec="utf-8"), min_size=1, max_size=30)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(TEXTS, TEXTS, TEXTS), min_size=1, max_size=5))
def test_any_text_comes_back_unchanged(shop: Shop, tmp_path: Path, rows: list[tuple[str, str, str]]) -> None:
    for number, (name, address, note) in enumerate(rows):
        stamp = shop.db.value("SELECT count(*) FROM customers")
        draft = CustomerDraft(name=f"{name}客", address=address, note=note, card_no=f"C{stamp}-{number}")
        customers.add(shop, draft)
    for ending in ("xlsx", "csv"):
        out = tmp_path / f"list.{ending}"
        written = orders.export(shop, Order("customers", out))
        with plan.rehearse(shop, out) as found:
            assert counts(found) == {"same": written.rows}, [row.explanation for row in plan.rows(found)]


def test_what_import_brought_goes_out_again(shop: Shop, tmp_path: Path) -> None:
    bring(shop, [["姓名", "手机", "宝宝年龄", "机型"], ["张三", "13800000001转8", 3, "iPhone 17"]])
    orders.export(shop, Order("customers", tmp_path / "list.csv"))
    text = (tmp_path / "list.csv").read_text("utf-8-sig")
    assert "宝宝年龄: 3" in text
    assert "13800000001转8" in text


def test_own_fields_are_columns_with_their_types(lively: Shop, tmp_path: Path) -> None:
    orders.export(lively, Order("customers", tmp_path / "list.xlsx"))
    sheet = load_workbook(tmp_path / "list.xlsx").worksheets[0]
    titles = [cell.value for cell in sheet[1]]
    assert titles[-5:] == ["备用", "月租", "宽带到期", "套餐", "短信"]
    assert [cell.value for cell in sheet[2]][-5:] == [
        "+86 联系儿子",
        59.9,
        datetime(2026, 12, 1),
        "59元",
        "Yes",
    ]
    assert [cell.value for cell in sheet[3]][-5:] == ["无", 12000, None, "99元", "No"]


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_own_fields_go_to_another_shop_that_has_them(
    lively: Shop, shop: Shop, tmp_path: Path, ending: str
) -> None:
    out = tmp_path / f"list.{ending}"
    orders.export(lively, Order("customers", out))
    people = [line.id for line in customer_list.page(lively, "newest", descending=False)]
    before = custom_fields.values_of(lively, people)
    with lively.change("empty", {"customers"}):
        for field in custom_fields.listing(lively):
            custom_fields.put_many_within(lively, people, field.id, "")
    with plan.rehearse(lively, out) as found:
        assert counts(found) == {"update": 2, "same": 1}
        plan.apply(lively, found)
    after = custom_fields.values_of(lively, people)
    old = {field.id for field in custom_fields.listing(lively, active_only=False) if not field.active}
    words = {"备用", "套餐"}
    free = {field.id for field in custom_fields.listing(lively) if field.name in words}
    for who, values in before.items():
        kept = {key: value for key, value in values.items() if key not in old | free}
        assert {key: after[who].get(key) for key in kept} == kept


def test_a_value_that_is_no_number_any_more_goes_out_as_it_is(lively: Shop, tmp_path: Path) -> None:
    with lively.change("spoil", {"customers"}):
        lively.db.execute("UPDATE custom_values SET value = 'many' WHERE value = '59.9'")
    orders.export(lively, Order("customers", tmp_path / "list.csv"))
    assert "many" in (tmp_path / "list.csv").read_text("utf-8-sig")


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_of_some_customers_holds_what_is_theirs_and_says_who_they_are(
    lively: Shop, tmp_path: Path, kind: Kind
) -> None:
    meant = Filter((Condition("name", "contains", "赵敏"),))
    out = tmp_path / "list.xlsx"
    written = orders.export(lively, Order(kind, out, meant, "赵家"))
    book = load_workbook(out)
    rows = list(book.worksheets[0].iter_rows(min_row=2, values_only=True))
    assert {str(row[0]) for row in rows} == {"=赵敏"}
    assert len(rows) == written.rows
    said = [str(cell.value) for row in book.worksheets[-1].iter_rows() for cell in row]
    assert "Only customers of the view “赵家”: Name contains “赵敏”" in said


def test_a_filter_without_a_name_is_said_in_words(lively: Shop, tmp_path: Path) -> None:
    meant = Filter((Condition("gender", "is", ("male",)),))
    out = tmp_path / "list.xlsx"
    assert orders.export(lively, Order("customers", out, meant)).rows == 0
    said = [str(cell.value) for row in load_workbook(out).worksheets[-1].iter_rows() for cell in row]
    assert "Only customers with: Gender is male" in said
    assert orders.export(lively, Order("customers", tmp_path / "list.csv", meant)).rows == 0
