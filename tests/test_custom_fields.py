"""The shop's own fields: what they may be called, what a value is, and what happens to values when a field changes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_crm import custom_fields, customers, history, views, who
from desktop_crm.base import i18n
from desktop_crm.custom_fields import (
    ChoicesWrong,
    FieldKind,
    FieldMissing,
    FieldNameWrong,
    KindKept,
    ValueNotUnderstood,
)
from desktop_crm.customers import CustomerDraft, CustomerMissing
from desktop_crm.phones import PhoneDraft
from desktop_crm.records.custom_fields import CustomField
from desktop_crm.records.views import View
from desktop_crm.shop import Shop
from desktop_crm.who import Condition, Filter


def somebody(shop: Shop, name: str = "王芳", number: str = "13805718866") -> int:
    return customers.add(shop, CustomerDraft(name=name, phones=(PhoneDraft(number),)))


def field_of(kind: FieldKind, *choices: str) -> CustomField:
    words = "[" + ", ".join(f'"{word}"' for word in choices) + "]"
    return CustomField(1, "Level", kind, "2026-11-21T02:00:00Z", words)


def names(shop: Shop, *, active_only: bool = True) -> list[str]:
    return [field.name for field in custom_fields.listing(shop, active_only)]


# ---------------------------------------------------------------- what a value is


@pytest.mark.parametrize(
    ("kind", "text", "stored"),
    [
        ("text", "  any\tthing ", "any thing"),
        ("number", "12", "12"),
        ("number", "１２．５０", "12.5"),
        ("number", "1,299.00", "1299"),
        ("number", "1.2万", "12000"),
        ("number", "￥59元", "59"),
        ("number", "(50)", "-50"),
        ("number", "−3", "-3"),
        ("number", "-0.0", "0"),
        ("number", "007", "7"),
        ("number", ".5", "0.5"),
        ("number", "0", "0"),
        ("number", "100000", "100000"),
        ("date", "2026-12-01", "2026-12-01"),
        ("date", "2026年12月1日", "2026-12-01"),
        ("date", "２０２６／１２／０１", "2026-12-01"),
        ("date", "20261201", "2026-12-01"),
        ("date", "27年3月1日", "2027-03-01"),
        ("yes_no", "Yes", "1"),
        ("yes_no", "是", "1"),
        ("yes_no", "√", "1"),
        ("yes_no", "否", "0"),
        ("yes_no", "NO", "0"),
        ("yes_no", "没有", "0"),
        ("yes_no", "不要", "0"),
        ("number", " ", ""),
    ],
)
def test_values_are_read_as_people_write_them(kind: FieldKind, text: str, stored: str) -> None:
    assert custom_fields.checked(field_of(kind), text) == stored


@pytest.mark.parametrize(
    ("kind", "text", "words"),
    [
        ("number", "many", "is no number for Level"),
        ("number", "1.38E+10", "is no number"),
        ("number", "1-2", "is no number"),
        ("number", "1234567890123456", "more digits than a number keeps"),
        ("date", "soon", "is no day for Level"),
        ("date", "12-01", "is no day"),
        ("date", "03/04/2026", "can mean several days"),
        ("yes_no", "maybe", "neither yes nor no for Level"),
    ],
)
def test_what_is_no_value_is_said_in_a_sentence(kind: FieldKind, text: str, words: str) -> None:
    with pytest.raises(ValueNotUnderstood, match=words):
        custom_fields.checked(field_of(kind), text)


def test_a_choice_is_known_by_its_word_or_its_beginning() -> None:
    field = field_of("choice", "59元套餐", "99元套餐", "99元家庭套餐", "Plus")
    assert custom_fields.checked(field, "59") == "59元套餐"
    assert custom_fields.checked(field, "９９元套餐") == "99元套餐"
    assert custom_fields.checked(field, "p") == "Plus"
    with pytest.raises(ValueNotUnderstood, match="several choices of Level: 99元套餐, 99元家庭套餐"):
        custom_fields.checked(field, "99")
    with pytest.raises(ValueNotUnderstood, match="is no choice of Level"):
        custom_fields.checked(field, "199")


def test_a_long_list_of_choices_is_not_read_out_whole() -> None:
    field = field_of("choice", *[f"A{n}" for n in range(12)])
    with pytest.raises(ValueNotUnderstood, match="A0, A1, A2, A3, A4, A5, A6, A7…"):
        custom_fields.checked(field, "B")


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9))
def test_a_stored_number_reads_as_itself(number: object) -> None:
    stored = custom_fields.checked(field_of("number"), f"{number:f}")
    assert custom_fields.checked(field_of("number"), stored) == stored
    assert float(stored) == float(str(number))


def test_values_are_worded_in_the_language_of_the_reader() -> None:
    assert custom_fields.show(field_of("yes_no"), "1") == "Yes"
    assert custom_fields.show(field_of("yes_no"), "perhaps") == "perhaps"
    assert custom_fields.show(field_of("number"), "12.5") == "12.5"
    with i18n.using("zh_CN"):
        assert custom_fields.show(field_of("yes_no"), "1") == "是"
        assert custom_fields.checked(field_of("yes_no"), "Yes") == "1"


# ---------------------------------------------------------------- defining


def test_fields_are_added_at_the_end_and_moved(shop: Shop) -> None:
    first = custom_fields.add(shop, " 宽带到期 ", "date")
    second = custom_fields.add(shop, "套餐", "choice", ["59元", "99元", " 59元 ", ""])
    third = custom_fields.add(shop, "月租", "number")
    assert names(shop) == ["宽带到期", "套餐", "月租"]
    assert custom_fields.choices(custom_fields.get(shop, second)) == ("59元", "99元")
    custom_fields.move(shop, third, -9)
    assert names(shop) == ["月租", "宽带到期", "套餐"]
    custom_fields.move(shop, third, -1)
    custom_fields.move(shop, first, 1)
    assert names(shop) == ["月租", "套餐", "宽带到期"]
    history.undo(shop)
    history.undo(shop)
    assert names(shop) == ["宽带到期", "套餐", "月租"]
    history.redo(shop)
    assert names(shop) == ["月租", "宽带到期", "套餐"]


def test_adding_is_undone_and_redone(shop: Shop) -> None:
    custom_fields.add(shop, "月租", "number")
    label = history.changes(shop)[0].label
    assert label == "Add the field 月租"
    history.undo(shop)
    assert names(shop) == []
    history.redo(shop)
    assert names(shop) == ["月租"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "needs a name"),
        ("月 租", "already a field"),
        ("生日", "on every card"),
        ("Birthday", "on every card"),
    ],
)
def test_a_field_needs_a_name_of_its_own(shop: Shop, name: str, words: str) -> None:
    custom_fields.add(shop, "月租", "number")
    with pytest.raises(FieldNameWrong, match=words):
        custom_fields.add(shop, name)


def test_a_field_of_choices_needs_some_and_not_a_thousand(shop: Shop) -> None:
    with pytest.raises(ChoicesWrong, match="what can be chosen"):
        custom_fields.add(shop, "套餐", "choice", ["", " "])
    with pytest.raises(ChoicesWrong, match="41 choices are too many"):
        custom_fields.add(shop, "套餐", "choice", [str(n) for n in range(41)])
    with pytest.raises(ValueError, match="no kind"):
        custom_fields.add(shop, "套餐", "colour")  # type: ignore[arg-type]
    field = custom_fields.add(shop, "套餐", "choice", ["59元"])
    with pytest.raises(ChoicesWrong):
        custom_fields.edit(shop, field, choices=[])


def test_renaming_is_undone_and_redone(shop: Shop) -> None:
    field = custom_fields.add(shop, "月租")
    custom_fields.edit(shop, field, name="月费")
    assert names(shop) == ["月费"]
    history.undo(shop)
    assert names(shop) == ["月租"]
    history.redo(shop)
    assert names(shop) == ["月费"]
    before = len(history.changes(shop))
    custom_fields.edit(shop, field, name="月费")
    assert len(history.changes(shop)) == before


def test_a_value_that_is_no_choice_any_more_is_shown_and_kept(shop: Shop) -> None:
    who = somebody(shop)
    field = custom_fields.add(shop, "套餐", "choice", ["59元", "99元"])
    custom_fields.put(shop, who, field, "59")
    custom_fields.edit(shop, field, choices=["99元", "129元"])
    assert custom_fields.values(shop, who) == {field: "59元"}
    assert custom_fields.put(shop, who, field, "59元") == "59元"
    assert [(found.name, value) for found, value in custom_fields.on_card(shop, who)] == [("套餐", "59元")]
    with pytest.raises(ValueNotUnderstood):
        custom_fields.put(shop, who, field, "59")


def test_a_field_is_retired_with_its_values_and_brought_back(shop: Shop) -> None:
    who = somebody(shop)
    field = custom_fields.add(shop, "月租", "number")
    other = custom_fields.add(shop, "备用")
    custom_fields.put(shop, who, field, "59")
    custom_fields.retire(shop, field)
    custom_fields.retire(shop, field)
    assert names(shop) == ["备用"]
    assert names(shop, active_only=False) == ["备用", "月租"]
    assert [(found.name, value) for found, value in custom_fields.on_card(shop, who)] == [("备用", "")]
    with pytest.raises(FieldMissing, match="was retired"):
        custom_fields.put(shop, who, field, "60")
    with pytest.raises(FieldMissing, match="was retired"):
        custom_fields.move(shop, field, 1)
    custom_fields.bring_back(shop, field)
    custom_fields.bring_back(shop, field)
    assert names(shop) == ["备用", "月租"]
    assert custom_fields.values(shop, who) == {field: "59"}
    history.undo(shop)
    history.undo(shop)
    assert names(shop) == ["月租", "备用"]
    history.redo(shop)
    custom_fields.edit(shop, other, name="月租")
    with pytest.raises(FieldNameWrong):
        custom_fields.bring_back(shop, field)


def test_a_field_that_is_gone_is_said(shop: Shop) -> None:
    with pytest.raises(FieldMissing, match="not there any more"):
        custom_fields.edit(shop, 9, name="月租")


# ---------------------------------------------------------------- other kinds


def test_the_kind_changes_when_all_values_can_be_read(shop: Shop) -> None:
    who, other = somebody(shop), somebody(shop, "李雷", "13905718866")
    field = custom_fields.add(shop, "宽带到期")
    custom_fields.put(shop, who, field, "2026年12月1日")
    custom_fields.put(shop, other, field, "2027-01-31")
    custom_fields.edit(shop, field, kind="date")
    assert custom_fields.values_of(shop, [who, other]) == {
        who: {field: "2026-12-01"},
        other: {field: "2027-01-31"},
    }
    history.undo(shop)
    assert custom_fields.values(shop, who) == {field: "2026年12月1日"}
    assert custom_fields.get(shop, field).kind == "text"
    history.redo(shop)
    assert custom_fields.values(shop, who) == {field: "2026-12-01"}


def test_the_kind_stays_when_a_value_cannot_be_read(shop: Shop) -> None:
    field = custom_fields.add(shop, "月租")
    for place, text in enumerate(("59", "很多", "不少", "看情况", "随便")):
        custom_fields.put(shop, somebody(shop, f"客{place}", f"1380571886{place}"), field, text)
    with pytest.raises(KindKept, match=r"月租 stays as it is: .* cannot be read as “Number”"):
        custom_fields.edit(shop, field, kind="number")
    assert custom_fields.get(shop, field).kind == "text"


def test_the_kind_stays_while_a_view_compares_the_field(shop: Shop) -> None:
    who_has = somebody(shop)
    field, other = custom_fields.add(shop, "月租"), custom_fields.add(shop, "备用")
    custom_fields.put(shop, who_has, field, "59")
    known = Condition(f"own:{field}", "empty", negated=True)
    views.add(shop, "有月租", Filter((known,)))
    views.add(shop, "备用", Filter((Condition(f"own:{other}", "contains", "5"),)))
    first = views.add(shop, "月租五十多", Filter((known, Condition(f"own:{field}", "starts", "5"))))
    with pytest.raises(
        KindKept, match=r"The view 月租五十多 asks for 月租 as it is now: .* Nothing was saved"
    ):
        custom_fields.edit(shop, field, kind="number")
    second = views.add(shop, "便宜", Filter((Condition(f"own:{field}", "is", "59"),)))
    with shop.change("broken", {"views"}):
        shop.db.insert(View(0, "坏的", "{", shop.stamp(), 9))
    with pytest.raises(KindKept, match="The views 月租五十多, 便宜 ask for 月租"):
        custom_fields.edit(shop, field, kind="number")
    assert custom_fields.get(shop, field).kind == "text"
    custom_fields.edit(shop, field, name="月费")
    views.delete(shop, first)
    views.delete(shop, second)
    custom_fields.edit(shop, field, kind="number")
    assert who.ids(shop, Filter((known,)))[0] == who_has


def test_yes_and_no_become_words_and_words_become_yes_and_no(shop: Shop) -> None:
    who, other = somebody(shop), somebody(shop, "李雷", "13905718866")
    field = custom_fields.add(shop, "短信", "yes_no")
    custom_fields.put(shop, who, field, "是")
    custom_fields.put(shop, other, field, "否")
    custom_fields.edit(shop, field, kind="choice", choices=["Yes", "No", "Later"])
    assert custom_fields.value_counts(shop, field) == [("No", 1), ("Yes", 1)]
    custom_fields.edit(shop, field, kind="yes_no")
    assert custom_fields.value_counts(shop, field) == [("0", 1), ("1", 1)]
    assert custom_fields.get(shop, field).choices == "[]"


# ---------------------------------------------------------------- values on cards


def test_a_value_is_written_undone_and_redone(shop: Shop) -> None:
    who = somebody(shop)
    field = custom_fields.add(shop, "月租", "number")
    assert custom_fields.put(shop, who, field, "59") == "59"
    assert history.changes(shop)[0].label == "Change 月租 of 王芳"
    custom_fields.put(shop, who, field, "99")
    custom_fields.put(shop, who, field, "")
    assert custom_fields.values(shop, who) == {}
    history.undo(shop)
    assert custom_fields.values(shop, who) == {field: "99"}
    history.undo(shop)
    history.undo(shop)
    assert custom_fields.values(shop, who) == {}
    history.redo(shop)
    assert custom_fields.values(shop, who) == {field: "59"}


def test_the_same_or_nothing_is_no_step(shop: Shop) -> None:
    who = somebody(shop)
    field = custom_fields.add(shop, "短信", "yes_no")
    custom_fields.put(shop, who, field, "yes")
    before = len(history.changes(shop))
    custom_fields.put(shop, who, field, "Yes")
    custom_fields.put(shop, who, field, "1")
    custom_fields.put(shop, somebody(shop, "李雷", "13905718866"), field, " ")
    assert len(history.changes(shop)) == before + 1
    assert custom_fields.values(shop, who) == {field: "1"}


def test_a_deleted_card_takes_no_value_and_does_not_count(shop: Shop) -> None:
    who = somebody(shop)
    field = custom_fields.add(shop, "月租", "number")
    custom_fields.put(shop, who, field, "59")
    assert custom_fields.counts(shop) == {field: 1}
    customers.delete(shop, [who])
    assert custom_fields.counts(shop) == {}
    assert custom_fields.value_counts(shop, field) == []
    with pytest.raises(CustomerMissing):
        custom_fields.put(shop, who, field, "60")


def test_numbers_and_days_go_from_the_lowest_to_the_highest(shop: Shop) -> None:
    rent, until = custom_fields.add(shop, "月租", "number"), custom_fields.add(shop, "到期", "date")
    word = custom_fields.add(shop, "备用")
    assert custom_fields.span(shop, custom_fields.get(shop, rent)) is None
    for place, value in enumerate(("99", "159", "-5")):
        who = somebody(shop, f"客{place}", f"1380571886{place}")
        custom_fields.put(shop, who, rent, value)
        custom_fields.put(shop, who, until, f"2026-12-0{place + 1}")
        custom_fields.put(shop, who, word, value)
    assert custom_fields.span(shop, custom_fields.get(shop, rent)) == ("-5", "159")
    assert custom_fields.span(shop, custom_fields.get(shop, until)) == ("2026-12-01", "2026-12-03")
    assert custom_fields.span(shop, custom_fields.get(shop, word)) is None


def test_many_cards_get_one_value_in_one_step(shop: Shop) -> None:
    people = [somebody(shop, f"客{n}", f"1380571886{n}") for n in range(4)]
    field = custom_fields.add(shop, "月租", "number")
    custom_fields.put(shop, people[0], field, "59")
    custom_fields.put(shop, people[1], field, "99")
    with shop.change("Many", {"customers"}):
        assert custom_fields.put_many_within(shop, people[:3], field, "９９") == "99"
    assert custom_fields.value_counts(shop, field) == [("99", 3)]
    with shop.change("None", {"customers"}):
        custom_fields.put_many_within(shop, people, field, "")
    assert custom_fields.counts(shop) == {}
    history.undo(shop)
    history.undo(shop)
    assert custom_fields.value_counts(shop, field) == [("59", 1), ("99", 1)]
    history.redo(shop)
    assert custom_fields.value_counts(shop, field) == [("99", 3)]


def test_a_field_made_within_a_step_goes_with_it(shop: Shop) -> None:
    who = somebody(shop)
    with shop.change("Both", {"fields", "customers"}):
        field = custom_fields.add_within(shop, "套餐", "choice", ["59元"])
        custom_fields.put_within(shop, who, field, "5")
    assert custom_fields.values(shop, who) == {field: "59元"}
    history.undo(shop)
    assert names(shop) == []
    history.redo(shop)
    assert custom_fields.values(shop, who) == {field: "59元"}


def test_every_kind_has_a_name() -> None:
    assert [custom_fields.kind_label(kind) for kind in custom_fields.KINDS] == [
        "Text",
        "Number",
        "Date",
        "Choice",
        "Yes or no",
    ]
