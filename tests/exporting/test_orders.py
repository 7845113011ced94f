"""Exports that people like, and that come back unchanged."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from desktop_crm import (
    balance,
    custom_fields,
    customer_list,
    customers,
    history,
    purchases,
    staff,
)
from desktop_crm.base import i18n
from desktop_crm.base.clock import FixedClock
from desktop_crm.base.errors import Cancelled
from desktop_crm.base.i18n import _
from desktop_crm.customers import CustomerDraft
from desktop_crm.exporting import orders
from desktop_crm.exporting.orders import EncodingUnknown, FormatUnknown, OnlyWhole, Order, Which
from desktop_crm.files.atomic import FileBusy, FolderMissing
from desktop_crm.history import CannotUndo, Wanted
from desktop_crm.importing import plan
from desktop_crm.importing.fields import KINDS, Kind
from desktop_crm.purchase_drafts import LineDraft, SaleDraft
from desktop_crm.records.history import EXPORTS
from desktop_crm.rights import NotAllowed
from desktop_crm.shop import Shop
from desktop_crm.who import Condition, Filter
from tests.importing.sheets import bring, counts


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


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_sheet_about_the_file_is_nobody(lively: Shop, tmp_path: Path, language: str) -> None:
    i18n.set_language(language)
    orders.export(lively, Order("customers", tmp_path / "list.xlsx"))
    orders.export(lively, Order("all", tmp_path / "all.xlsx"))
    i18n.set_language("en" if language == "zh_CN" else "zh_CN")
    for name, kinds in (("list.xlsx", [None, "customers"]), ("all.xlsx", [None, *KINDS])):
        with plan.rehearse(lively, tmp_path / name) as found:
            assert sorted(str(sheet.kind) for sheet in found.sheets) == sorted(map(str, kinds))
        found_kinds = [one.kind for one in plan.each_sheet(lively, tmp_path / name)]
        assert found_kinds == [kind for kind in kinds if kind]


def test_everything_in_one_workbook(lively: Shop, tmp_path: Path) -> None:
    out = tmp_path / "all.xlsx"
    written = orders.export(lively, Order("all", out))
    assert [(one.kind, counts(one)) for one in plan.each_sheet(lively, out)] == [
        ("customers", {"same": 3}), ("purchases", {"same": 4}), ("followups", {"same": 8}), ("complaints", {"same": 2}),
    ]  # fmt: skip
    assert written.rows == 17
    book = load_workbook(out)
    people = book["Customers"]
    assert people.freeze_panes == "A2"
    row = {cell.value: people.cell(2, cell.column) for cell in people[1]}
    assert (row["Name"].value, row["Name"].data_type, row["Name"].quotePrefix) == ("=赵敏", "s", True)
    assert row["Phone"].value == "13800000001 / 01088888888转801"
    assert row["Birthday"].value == datetime(1990, 5, 1)
    assert row["Computed tier"].value == "Potential"
    tags = [people.cell(line, row["Tags"].column).value for line in (2, 3, 4)]
    assert tags == ["VIP; 苹果", None, None]
    sold = book["Purchases"]
    lines = {cell.value: sold.cell(2, cell.column).value for cell in sold[1]}
    assert (lines["Sold on"], lines["Amount"], lines["IMEI"]) == (
        datetime(2026, 11, 21, 10, 0),
        5899,
        "490154203237518",
    )
    facts = {line[0].value: line[1].value for line in book["About this file"]}
    assert (facts["Shop"], facts["By whom"], facts["When"]) == ("星河手机店", "李娜", "2026-11-21 10:00")


def test_contacts_that_nobody_planned_are_rows_of_their_own(lively: Shop, tmp_path: Path) -> None:
    out = tmp_path / "list.xlsx"
    orders.export(lively, Order("followups", out))
    sheet = load_workbook(out)["Follow-ups"]
    titles = [cell.value for cell in sheet[1]]
    rows = [dict(zip(titles, line, strict=True)) for line in sheet.iter_rows(min_row=2, values_only=True)]
    told = ("Name", "Contacted at", "Way of contact", "What was said", "Outcome", "Due on", "Who")
    at = datetime(2026, 11, 21, 10, 0)
    assert [tuple(row[title] for title in told) for row in rows if row["Contacted at"]] == [
        ("周芷若", at, "WeChat", "问了价格\n下周再来", None, None, "李娜"),
        ("周芷若", at, "Call", None, "No answer", None, "李娜"),
    ]
    assert [row["What was said"] for row in rows].count("很好") == 1
    customers.delete(lively, [lively.db.value("SELECT id FROM customers WHERE name = '周芷若'")])
    assert orders.export(lively, Order("followups", tmp_path / "b.csv")).rows == len(rows) - 2
    assert "问了价格" not in (tmp_path / "b.csv").read_text("utf-8-sig")


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
        {"same": 8},
        {"same": 2},
    ]
    for table in (
        "customers",
        "phones",
        "purchases",
        "purchase_lines",
        "refunds",
        "followups",
        "complaints",
        "contacts",
    ):
        alive = {"customers": "WHERE deleted_at IS NULL", "purchases": "WHERE void_day IS NULL"}.get(
            table, ""
        )
        if table == "purchase_lines":
            alive = "WHERE purchase_id IN (SELECT id FROM purchases WHERE void_day IS NULL)"
        if table == "contacts":
            table, alive = "interactions", "WHERE followup_id IS NULL AND complaint_id IS NULL"
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


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_column_of_what_is_owed_says_what_below_zero_means(
    lively: Shop, tmp_path: Path, language: str
) -> None:
    i18n.set_language(language)
    owes, prepaid, *_rest = sorted(line.id for line in customer_list.page(lively))
    balance.correct(lively, owes, 30_000, "", kind="opening")
    balance.correct(lively, prepaid, -50_000, "", kind="opening")
    out = tmp_path / "list.xlsx"
    written = orders.export(lively, Order("customers", out))
    titles, *rows = load_workbook(out).worksheets[0].iter_rows(values_only=True)
    with plan.rehearse(lively, out) as found:
        (title,) = [title for title, key in found.layout.mapping.items() if key == "due"]
        assert counts(found) == {"same": written.rows}
    assert title == _("Balance due (below 0: prepaid, the shop owes it)")
    assert [row[titles.index(title)] for row in rows] == [300, -500, None]


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


# ---------------------------------------------------------------- who, how many, and what History keeps


def test_a_clerk_takes_nothing_out(lively: Shop, tmp_path: Path) -> None:
    clerk = lively.at_counter(staff.add(lively, "小王"))
    order = Order("customers", tmp_path / "list.csv")
    for ask in (orders.people, orders.export, orders.prepare):
        with pytest.raises(NotAllowed):
            ask(clerk, order)
    draft = orders.prepare(lively, order)
    with pytest.raises(NotAllowed):
        orders.release(clerk, draft)
    assert list(tmp_path.glob("*list*")) == []
    assert lively.db.value("SELECT count(*) FROM exports") == 0


@pytest.mark.parametrize(
    ("kind", "name", "people"),
    [
        ("customers", "a.xlsx", 3),
        ("purchases", "a.csv", 1),
        ("followups", "a.xlsx", 3),
        ("complaints", "a.xlsx", 1),
        ("all", "a.xlsx", 3),
        ("customers", "a.ics", 2),
        ("customers", "a.vcf", 3),
        ("followups", "a.ics", 2),
        ("all", "a.db", 3),
        ("all", "a.zip", 3),
    ],
)
def test_the_people_in_a_file_are_counted_once_each(
    lively: Shop, tmp_path: Path, kind: Which, name: str, people: int
) -> None:
    order = Order(kind, tmp_path / name)
    assert orders.people(lively, order) == people
    assert orders.export(lively, order).people == people


def test_the_people_of_a_filter_are_counted(lively: Shop, tmp_path: Path) -> None:
    women = Filter((Condition("gender", "is", ("female",)),))
    for kind, people in (("customers", 1), ("purchases", 1), ("followups", 1), ("all", 1)):
        assert orders.people(lively, Order(kind, tmp_path / "a.xlsx", women)) == people  # type: ignore[arg-type]


def test_an_export_is_a_step_of_history_with_its_facts(lively: Shop, tmp_path: Path) -> None:
    meant = Filter((Condition("gender", "is", ("female",)),))
    orders.export(lively, Order("customers", tmp_path / "list.csv", meant, "女客"))
    (step,) = history.steps(lively, Wanted(kind=EXPORTS))
    assert step.change.label == "Take out Customers: 1 person in list.csv"
    assert step.who == "李娜"
    found = history.export_of(lively, step.id)
    assert found is not None
    assert (found.kind, found.format, found.file_name) == ("customers", "csv", "list.csv")
    assert (found.people, found.rows, found.day) == (1, 1, "2026-11-21")
    assert found.filter == "Only customers of the view “女客”: Gender is female"
    assert history.export_of(lively, step.id - 1) is None


@pytest.mark.parametrize(
    ("kind", "name", "stored"),
    [
        ("all", "a.db", "database"),
        ("customers", "a.vcf", "contacts"),
        ("followups", "a.ics", "dates"),
        ("all", "a.zip", "all"),
    ],
)
def test_what_left_is_named(lively: Shop, tmp_path: Path, kind: Which, name: str, stored: str) -> None:
    orders.export(lively, Order(kind, tmp_path / name))
    assert lively.db.rows("SELECT kind, filter FROM exports") == [(stored, "")]


def test_an_export_is_nobody_s_undo_and_stands_in_no_redo_s_way(lively: Shop, tmp_path: Path) -> None:
    key = customers.add(lively, CustomerDraft(name="新来的"))
    orders.export(lively, Order("customers", tmp_path / "a.csv"))
    (left,) = history.steps(lively, Wanted(kind=EXPORTS))
    assert (left.change.undoable, left.change.outdated) == (False, False)
    with pytest.raises(CannotUndo, match="can be copied and read"):
        history.undo(lively, left.id)
    assert history.undo(lively).label == "Add customer 新来的"
    orders.export(lively, Order("customers", tmp_path / "b.csv"))
    assert history.redo(lively).label == "Add customer 新来的"
    assert customers.get(lively, key).name == "新来的"
    assert history.undo(lively).label == "Add customer 新来的"


def test_who_took_a_list_out_stays_on_the_staff(shop: Shop, tmp_path: Path) -> None:
    manager = staff.add(shop, "李娜", "manager")
    (added,) = [step for step in history.changes(shop) if step.label.startswith("Add 李娜")]
    orders.export(shop.at_counter(manager), Order("customers", tmp_path / "a.csv"))
    with pytest.raises(CannotUndo, match="a step of theirs belongs to it by now"):
        history.undo(shop, added.id)


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.vcf", "a.db", "a.zip", "a.ics"])
def test_a_place_that_cannot_be_written_leaves_nothing(lively: Shop, tmp_path: Path, name: str) -> None:
    kind: Which = "customers" if name.endswith((".csv", ".xlsx", ".ics", ".vcf")) else "all"
    with pytest.raises(FolderMissing):
        orders.export(lively, Order(kind, tmp_path / "nowhere" / name))
    (tmp_path / name).mkdir()
    with pytest.raises(FileBusy):
        orders.export(lively, Order(kind, tmp_path / name))
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    assert history.count(lively, Wanted(kind=EXPORTS)) == 0


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.vcf", "a.db", "a.zip", "a.ics"])
def test_stopping_leaves_nothing(lively: Shop, tmp_path: Path, name: str) -> None:
    kind: Which = "customers" if name.endswith((".csv", ".xlsx", ".ics", ".vcf")) else "all"
    (tmp_path / name).write_text("old")

    def stop(_done: int, _total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        orders.export(lively, Order(kind, tmp_path / name), stop)
    assert (tmp_path / name).read_text() == "old"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    assert history.count(lively, Wanted(kind=EXPORTS)) == 0


def test_how_far_it_is_is_told(lively: Shop, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    orders.export(lively, Order("customers", tmp_path / "a.csv"), lambda *far: told.append(far))
    assert told == [(0, 3)]
    women = Filter((Condition("gender", "is", ("female",)),))
    orders.export(lively, Order("customers", tmp_path / "a.csv", women), lambda *far: told.append(far))
    assert told[1:] == [(0, 0)]


def test_sales_of_deleted_cards_stay_with_their_cards(lively: Shop, tmp_path: Path) -> None:
    first = lively.db.value("SELECT id FROM customers WHERE name = '=赵敏'")
    customers.delete(lively, [first])
    assert orders.export(lively, Order("purchases", tmp_path / "a.csv")).rows == 1
    assert orders.export(lively, Order("complaints", tmp_path / "b.csv")).rows == 1
    assert orders.export(lively, Order("followups", tmp_path / "c.csv")).rows == 6
    for name in "abc":
        assert "赵敏" not in (tmp_path / f"{name}.csv").read_text("utf-8-sig")


def test_gb18030_on_request(lively: Shop, tmp_path: Path) -> None:
    customers.add(lively, CustomerDraft(name="㐂𠮷"))
    orders.export(lively, Order("customers", tmp_path / "a.csv", encoding="gb18030"))
    assert "㐂𠮷" in (tmp_path / "a.csv").read_bytes().decode("gb18030")
    with plan.rehearse(lively, tmp_path / "a.csv") as found:
        assert counts(found) == {"same": 4}
    with pytest.raises(EncodingUnknown, match="utf-8-sig, gb18030"):
        orders.export(lively, Order("customers", tmp_path / "b.csv", encoding="big5"))


@pytest.mark.parametrize("name", ["a.db", "a.zip"])
def test_copies_of_everything_are_of_everybody(lively: Shop, tmp_path: Path, name: str) -> None:
    women = Filter((Condition("gender", "is", ("female",)),))
    with pytest.raises(OnlyWhole):
        orders.export(lively, Order("all", tmp_path / name, women))


def test_a_sale_is_entered_while_a_file_is_written(lively: Shop, tmp_path: Path) -> None:
    sold: list[int] = []

    def sell(_done: int, _total: int) -> None:
        if not sold:
            sold.append(purchases.record(lively, SaleDraft((LineDraft("膜", 3000, category="accessory"),))))

    written = orders.export(lively, Order("purchases", tmp_path / "a.csv"), sell)
    assert sold
    assert written.rows == 4
    assert orders.export(lively, Order("purchases", tmp_path / "a.csv")).rows == 5
