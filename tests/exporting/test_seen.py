"""The list of customers as somebody sees it, and that it comes back without harm."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from desktop_crm import custom_fields, customer_list, customers, openings
from desktop_crm.base import i18n
from desktop_crm.customer_list import Selection
from desktop_crm.customers import CustomerDraft
from desktop_crm.exporting import orders
from desktop_crm.exporting.orders import FormatUnknown, Order, seen_words
from desktop_crm.exporting.seen import Seen
from desktop_crm.importing import plan
from desktop_crm.importing.fields import FIELDS, LEFT_OUT
from desktop_crm.importing.words import COMPUTED, COMPUTED_TIER, computed, is_computed
from desktop_crm.openings import Brought
from desktop_crm.shop import Shop
from desktop_crm.ui.customer_columns import columns
from desktop_crm.who import Condition, Filter
from tests.importing.sheets import counts


def every_column(shop: Shop) -> list[str]:
    """The keys of all columns that the list can have."""
    return [column.key for column in columns(custom_fields.listing(shop), shop.today())]


def take_out(shop: Shop, out: Path, seen: Seen) -> orders.ExportResult:
    """Write the list."""
    return orders.export(shop, Order("customers", out, seen=seen))


def table(path: Path) -> list[list[object]]:
    """All cells of the first sheet."""
    return [list(row) for row in load_workbook(path).worksheets[0].iter_rows(values_only=True)]


def test_columns_and_order_are_those_seen(lively: Shop, tmp_path: Path) -> None:
    out = tmp_path / "seen.xlsx"
    written = take_out(lively, out, Seen(("name", "spent", "phone", "last_visit"), "spent", True))
    assert table(out) == [
        ["Name", "Spent (computed)", "Phone", "Last visit (computed)"],
        ["=赵敏", 5919, "13800000001", datetime(2026, 11, 21)],
        ["农", None, None, None],
        ["周芷若", None, "13800000002", None],
    ]
    assert (written.rows, written.people) == (3, 3)
    facts = {line[0].value: line[1].value for line in load_workbook(out)["About this file"]}
    assert facts["Columns shown"] == "Name, Spent (computed), Phone, Last visit (computed)"
    assert facts["Sorted by"] == "Spent (computed), downwards"
    assert facts["What"] == "Customers"


def test_sums_that_came_along_are_marked_where_nothing_was_bought_here(lively: Shop, tmp_path: Path) -> None:
    bought, before, *_rest = sorted(line.id for line in customer_list.page(lively))
    for who in (bought, before):
        openings.put(lively, who, Brought(2_568_100, last_day="2021-11-11"))
    out = tmp_path / "seen.xlsx"
    take_out(lively, out, Seen(("name", "spent", "last_visit"), "last_visit"))
    assert table(out)[1:] == [
        ["=赵敏", 5919, datetime(2026, 11, 21)],
        ["周芷若", "Before ¥25,681", datetime(2021, 11, 11)],
        ["农", None, None],
    ]
    take_out(lively, tmp_path / "seen.csv", Seen(("name", "spent"), "name"))
    assert '"Before ¥25,681"' in (tmp_path / "seen.csv").read_text("utf-8-sig")


def test_own_fields_and_all_others_keep_their_types(lively: Shop, tmp_path: Path) -> None:
    out = tmp_path / "seen.xlsx"
    keys = every_column(lively)
    take_out(lively, out, Seen(keys, "name", False))
    titles, *rows = table(out)
    assert len(titles) == len(keys)
    (row,) = [dict(zip(titles, row, strict=True)) for row in rows if "=赵敏" in row]
    assert row["Tags"] == "VIP; 苹果"
    assert row["Next birthday (computed)"] == datetime(2027, 5, 1)
    assert row["Purchases so far (computed)"] == 1
    assert row["月租"] == 59.9
    assert row["宽带到期"] == datetime(2026, 12, 1)
    assert row[COMPUTED_TIER] == "Potential"


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_what_was_seen_comes_back_unchanged(lively: Shop, tmp_path: Path, ending: str, language: str) -> None:
    i18n.set_language(language)
    out = tmp_path / f"seen.{ending}"
    take_out(lively, out, Seen(every_column(lively)))
    with plan.rehearse(lively, out) as found:
        assert counts(found) == {"same": 3}, [row.explanation for row in plan.rows(found)]
        left_out = [title for title, meaning in found.layout.mapping.items() if meaning == LEFT_OUT]
        assert len(left_out) == len(COMPUTED) + 1


def test_a_tag_that_looks_like_two_stays_one(shop: Shop, tmp_path: Path) -> None:
    for name, worn in (
        ("张三", ("C · D", "VIP")),
        ("李四", ("VIP", "苹果")),
        ("王五", ("C · D",)),
        ("赵六", ()),
    ):
        customers.add(shop, CustomerDraft(name, tags=worn))
    out = tmp_path / "seen.csv"
    take_out(shop, out, Seen(("name", "tags"), "newest", False))
    assert out.read_text("utf-8-sig").splitlines()[1:] == [
        "张三,C · D; VIP",
        "李四,VIP; 苹果",
        "王五,C · D",
        "赵六,",
    ]


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_a_heading_that_is_worked_out_is_no_field_of_others(language: str) -> None:
    i18n.set_language(language)
    assert all(is_computed(computed(title)) for title in COMPUTED)
    names = {name for field in FIELDS["customers"] for name in field.names}
    assert not any(is_computed(name) for name in names)


def test_only_those_marked_go_out_in_the_order_of_the_list(lively: Shop, tmp_path: Path) -> None:
    people = {line.name: line.id for line in customer_list.page(lively, "name")}
    marked = Selection(frozenset({people["农"], people["=赵敏"]}))
    out = tmp_path / "seen.csv"
    order = Order("customers", out, seen=Seen(("name",), "newest", True, selection=marked))
    assert orders.people(lively, order) == 2
    orders.export(lively, order)
    assert out.read_text("utf-8-sig").split() == ["Name", "农", "'=赵敏"]
    rest = Seen(("name",), "newest", True, selection=Selection(all_but=marked.ids))
    take_out(lively, out, rest)
    assert out.read_text("utf-8-sig").split() == ["Name", "周芷若"]


def test_a_long_list_goes_out_whole(shop: Shop, tmp_path: Path) -> None:
    for number in range(1, 8):
        customers.add(shop, CustomerDraft(name=f"客{number}"))
    out = tmp_path / "seen.csv"
    take_out(shop, out, Seen(("name",), "newest", False))
    assert out.read_text("utf-8-sig").split()[1:] == [f"客{number}" for number in range(1, 8)]


def test_the_phone_book_of_those_marked_in_their_order(lively: Shop, tmp_path: Path) -> None:
    people = {line.name: line.id for line in customer_list.page(lively, "name")}
    marked = Selection(frozenset({people["农"], people["周芷若"]}))
    out = tmp_path / "seen.vcf"
    assert take_out(lively, out, Seen(("name",), "newest", True, selection=marked)).rows == 2
    names = [line for line in out.read_text("utf-8").splitlines() if line.startswith("FN:")]
    assert names == ["FN:农", "FN:周芷若"]


def test_columns_that_are_gone_are_left_away(lively: Shop, tmp_path: Path) -> None:
    out = tmp_path / "seen.xlsx"
    take_out(lively, out, Seen(("field:999", "name"), "last_visit"))
    assert table(out)[0] == ["Name"]


def test_what_one_sees_is_a_list_and_no_copy(lively: Shop, tmp_path: Path) -> None:
    with pytest.raises(FormatUnknown, match=r"\.xlsx, \.csv or \.vcf"):
        take_out(lively, tmp_path / "seen.ics", Seen(("name",)))


@pytest.mark.parametrize(
    ("meant", "view", "tier", "marked", "words"),
    [
        (Filter(), "", "", False, ""),
        (Filter(), "", "lost", False, "Only the tier Lost"),
        (Filter(), "", "none", True, "Only the tier No tier yet; Only those marked by hand"),
        (
            Filter((Condition("gender", "is", ("female",)),)), "女客", "lost", False,
            "Only customers of the view “女客”: Gender is female; Only the tier Lost",
        ),
    ],
)  # fmt: skip
def test_whom_a_list_shows_is_said_in_words(
    shop: Shop, meant: Filter, view: str, tier: str, marked: bool, words: str
) -> None:
    assert seen_words(shop, meant, view, tier, marked) == words
