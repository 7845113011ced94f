"""Columns that fill fields of the shop's own: found, made, compared, written, taken back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from desktop_crm import custom_fields, customers, history, points
from desktop_crm.custom_fields import FieldNameWrong
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.exporting import orders
from desktop_crm.importing import own, plan
from desktop_crm.importing.columns import UnknownColumn
from desktop_crm.importing.own import TooManyChoices
from desktop_crm.importing.plan import Plan
from desktop_crm.shop import Shop
from tests.importing.sheets import bring, counts, reasons, rehearsed, text

HEAD = ["姓名", "手机", "宽带到期", "套餐", "短信"]
ROWS = [
    HEAD,
    ["赵敏", "13844440001", date(2026, 12, 1), "59元", "是"],
    ["周芷若", "13844440002", "2027年3月1日", "99", "否"],
    ["小昭", "13844440003", "", "", ""],
]


@pytest.fixture
def fields(shop: Shop) -> dict[str, int]:
    """Three fields of the shop's own."""
    return {
        "宽带到期": custom_fields.add(shop, "宽带到期", "date"),
        "套餐": custom_fields.add(shop, "套餐", "choice", ["59元套餐", "99元套餐"]),
        "短信": custom_fields.add(shop, "短信", "yes_no"),
    }


def values(shop: Shop, name: str) -> dict[str, str]:
    """The stored values of the customer of this name by the fields' names, retired ones too."""
    who = shop.db.value("SELECT id FROM customers WHERE name = ?", (name,))
    names = {field.id: field.name for field in custom_fields.listing(shop, active_only=False)}
    return {names[field_id]: value for field_id, value in custom_fields.values(shop, who).items()}


def meaning(found: Plan, title: str) -> str:
    return found.layout.mapping[title]


def add(shop: Shop, name: str, number: str) -> int:
    return customers.add(shop, CustomerDraft(name=name, phones=(PhoneDraft(number),)))


def test_columns_named_like_own_fields_fill_them(shop: Shop, fields: dict[str, int]) -> None:
    with rehearsed(shop, ROWS) as found:
        assert meaning(found, "宽带到期") == f"own:{fields['宽带到期']}"
        assert plan.report(found)["mapping"]["套餐"] == "own:套餐"
        assert counts(found) == {"new": 3}
        plan.apply(shop, found)
    assert values(shop, "赵敏") == {"宽带到期": "2026-12-01", "套餐": "59元套餐", "短信": "1"}
    assert values(shop, "周芷若") == {"宽带到期": "2027-03-01", "套餐": "99元套餐", "短信": "0"}
    assert values(shop, "小昭") == {}
    assert bring(shop, ROWS) == {"same": 3}


def test_an_import_with_own_fields_is_undone_and_redone(shop: Shop, fields: dict[str, int]) -> None:
    bring(shop, ROWS)
    history.undo(shop)
    assert custom_fields.counts(shop) == {}
    assert customers.count(shop) == 0
    history.redo(shop)
    assert values(shop, "赵敏")["套餐"] == "59元套餐"


def test_a_name_is_known_with_a_hint_in_brackets_behind_it(shop: Shop, fields: dict[str, int]) -> None:
    with rehearsed(
        shop, [["姓名", "手机", "*短 信（是/否）", "宽带到期 "], ["赵敏", "13844440001", "Y", ""]]
    ) as found:
        assert meaning(found, "*短 信（是/否）") == f"own:{fields['短信']}"
        assert meaning(found, "宽带到期") == f"own:{fields['宽带到期']}"


def test_of_two_columns_of_one_name_the_first_fills_the_field(shop: Shop, fields: dict[str, int]) -> None:
    with rehearsed(shop, [["姓名", "手机", "套餐", "套餐"], ["赵敏", "", "59元套餐", "x"]]) as found:
        assert meaning(found, "套餐") == f"own:{fields['套餐']}"
        assert meaning(found, "套餐 (2)") == "extra"
    chosen = {"套餐": f"own:{fields['套餐']}", "套餐 (2)": f"own:{fields['套餐']}"}
    with rehearsed(
        shop, [["姓名", "手机", "套餐", "套餐"], ["赵敏", "", "x", "59元套餐"]], mapping=chosen
    ) as found:
        assert meaning(found, "套餐") == "extra"
        plan.apply(shop, found)
    assert values(shop, "赵敏") == {"套餐": "59元套餐"}


def test_a_field_from_before_that_is_called_like_one_of_ours_comes_back_as_it_went_out(
    shop: Shop, tmp_path: Path
) -> None:
    field = custom_fields.add(shop, "Old points", "number")
    with shop.change("from a version that had no points", {"fields"}):
        shop.db.execute("UPDATE custom_fields SET name = 'Points' WHERE id = ?", (field,))
    who = add(shop, "王芳", "13800000001")
    custom_fields.put(shop, who, field, "42")
    points.put(shop, who, 1700)
    out = orders.export(shop, orders.Order("customers", tmp_path / "out.xlsx")).file
    with plan.rehearse(shop, out) as found:
        assert (meaning(found, "Points"), meaning(found, "Points (2)")) == ("points", f"own:{field}")
        assert found.counts["same"] == 1


def test_other_kinds_of_sheets_have_no_own_fields(shop: Shop, fields: dict[str, int]) -> None:
    rows = [
        ["姓名", "手机", "日期", "商品", "金额", "套餐"],
        ["赵敏", "13844440001", "2026-01-01", "膜", 30, "59元"],
    ]
    with rehearsed(shop, rows) as found:
        assert found.kind == "purchases"
        assert not plan.takes_own(found)
        assert not found.layout.own
        assert "套餐" not in [name for _key, name in plan.meanings(found)]
    with pytest.raises(UnknownColumn):
        bring(shop, rows, mapping={"套餐": f"own:{fields['套餐']}"})


# ---------------------------------------------------------------- policies


def test_fill_keeps_what_the_card_says(shop: Shop, fields: dict[str, int]) -> None:
    who = add(shop, "赵敏", "13844440001")
    custom_fields.put(shop, who, fields["短信"], "否")
    with rehearsed(shop, ROWS[:2]) as found:
        assert counts(found) == {"update": 1}
        (row,) = plan.rows(found)
        assert [(c.label, c.old, c.new, c.applied) for c in row.changes] == [
            ("宽带到期", "", "2026-12-01", True),
            ("套餐", "", "59元套餐", True),
            ("短信", "No", "Yes", False),
        ]
        plan.apply(shop, found)
    assert values(shop, "赵敏") == {"宽带到期": "2026-12-01", "套餐": "59元套餐", "短信": "0"}
    history.undo(shop)
    assert values(shop, "赵敏") == {"短信": "0"}
    history.redo(shop)
    assert values(shop, "赵敏")["套餐"] == "59元套餐"
    assert bring(shop, ROWS[:2]) == {"skip": 1}


def test_overwrite_takes_what_the_sheet_says(shop: Shop, fields: dict[str, int]) -> None:
    who = add(shop, "赵敏", "13844440001")
    custom_fields.put(shop, who, fields["短信"], "否")
    assert bring(shop, ROWS[:2], policy="overwrite") == {"update": 1}
    assert values(shop, "赵敏")["短信"] == "1"
    assert bring(shop, ROWS[:2], policy="overwrite") == {"same": 1}


def test_skip_leaves_known_cards_alone(shop: Shop, fields: dict[str, int]) -> None:
    add(shop, "赵敏", "13844440001")
    assert bring(shop, ROWS, policy="skip") == {"skip": 1, "new": 2}
    assert values(shop, "赵敏") == {}


def test_a_second_row_about_the_same_person_adds_its_values(shop: Shop, fields: dict[str, int]) -> None:
    rows = [
        HEAD,
        ["赵敏", "13844440001", "2026-12-01", "", ""],
        ["赵敏", "13844440001", "", "59元套餐", ""],
        ["赵敏", "13844440001", "2026-12-31", "59元套餐", ""],
    ]
    assert bring(shop, rows) == {"new": 1, "update": 1, "skip": 1}
    assert values(shop, "赵敏") == {"宽带到期": "2026-12-01", "套餐": "59元套餐"}
    assert customers.count(shop) == 1


# ---------------------------------------------------------------- what cannot be read


def test_what_is_no_value_is_told_and_kept_in_the_note(shop: Shop, fields: dict[str, int]) -> None:
    custom_fields.add(shop, "月租", "number")
    rows = [
        [*HEAD, "月租"],
        ["赵敏", "13844440001", "很快", "199", "随便", "很多"],
        ["周芷若", "13844440002", "无", "无", "-", "n/a"],
    ]
    with rehearsed(shop, rows) as found:
        told = reasons(found, "doubtful")[0]
        assert "套餐: “199” is none of the choices and was kept in the note." in told
        assert "短信: “随便” is neither yes nor no" in told
        assert "月租: “很多” is no number" in told
        plan.apply(shop, found)
    assert values(shop, "赵敏") == {}
    assert values(shop, "周芷若") == {}
    note = shop.db.value("SELECT note FROM customers WHERE name = '赵敏'")
    assert note == "宽带到期: 很快\n套餐: 199\n短信: 随便\n月租: 很多"
    assert shop.db.value("SELECT note FROM customers WHERE name = '周芷若'") == ""
    assert bring(shop, rows) == {"same": 2}


def test_a_formula_that_failed_is_told(shop: Shop, fields: dict[str, int]) -> None:
    with rehearsed(shop, [HEAD, ["赵敏", "13844440001", "", "#N/A", ""]]) as found:
        assert any("#N/A" in row for row in reasons(found))


def test_days_that_can_be_read_in_two_ways_are_asked_once(shop: Shop, fields: dict[str, int]) -> None:
    rows = [
        HEAD,
        ["赵敏", "13844440001", "03/04/2027", "", ""],
        ["小昭", "13844440003", "05/06/2027", "", ""],
    ]
    with rehearsed(shop, rows) as found:
        assert [question.title for question in found.questions] == ["宽带到期"]
        assert counts(found) == {"skip": 2}
    bring(shop, rows, orders={"宽带到期": "dmy"})
    assert values(shop, "赵敏") == {"宽带到期": "2027-04-03"}


def test_one_day_settles_its_column(shop: Shop, fields: dict[str, int]) -> None:
    bring(
        shop,
        [HEAD, ["赵敏", "13844440001", "03/04/2027", "", ""], ["小昭", "13844440003", "25/06/2027", "", ""]],
    )
    assert values(shop, "赵敏") == {"宽带到期": "2027-04-03"}


# ---------------------------------------------------------------- fields that are made


def test_unknown_columns_stay_lines_of_the_note(shop: Shop) -> None:
    with rehearsed(shop, ROWS) as found:
        assert meaning(found, "套餐") == "extra"
        plan.apply(shop, found)
    assert custom_fields.listing(shop) == []
    assert "套餐: 59元" in shop.db.value("SELECT note FROM customers WHERE name = '赵敏'")


def test_a_column_becomes_a_new_field(shop: Shop) -> None:
    chosen = {
        "宽带到期": plan.new_field("date"),
        "套餐": plan.new_field("choice"),
        "短信": plan.new_field("yes_no"),
    }
    add(shop, "小昭", "13844440003")
    with rehearsed(shop, ROWS, mapping=chosen) as found:
        assert counts(found) == {"new": 2, "same": 1}
        assert plan.report(found)["mapping"]["短信"] == "new:短信"
        plan.apply(shop, found)
    made = custom_fields.listing(shop)
    assert [(field.name, field.kind) for field in made] == [
        ("宽带到期", "date"),
        ("套餐", "choice"),
        ("短信", "yes_no"),
    ]
    assert custom_fields.choices(made[1]) == ("59元", "99")
    assert values(shop, "赵敏") == {"宽带到期": "2026-12-01", "套餐": "59元", "短信": "1"}
    with rehearsed(shop, ROWS) as found:
        assert counts(found) == {"same": 3}
        assert found.layout.columns[3].how == "memory"
    history.undo(shop)
    assert custom_fields.listing(shop, active_only=False) == []
    assert customers.count(shop) == 1
    history.redo(shop)
    assert values(shop, "周芷若")["套餐"] == "99"


def test_known_cards_get_the_values_of_a_new_field(shop: Shop) -> None:
    add(shop, "赵敏", "13844440001")
    rows = [["姓名", "手机", "月租"], ["赵敏", "13844440001", 59], ["周芷若", "13844440002", 99.5]]
    with rehearsed(shop, rows, mapping={"月租": "new:number"}) as found:
        assert counts(found) == {"new": 1, "update": 1}
        assert "月租: 59 is added" in plan.rows(found, "update")[0].explanation
        plan.apply(shop, found)
    assert (values(shop, "赵敏"), values(shop, "周芷若")) == ({"月租": "59"}, {"月租": "99.5"})


def test_a_new_field_of_choices_without_values_still_is_one(shop: Shop) -> None:
    bring(shop, [["姓名", "手机", "套餐"], ["赵敏", "13844440001", ""]], mapping={"套餐": "new:choice"})
    assert custom_fields.choices(custom_fields.listing(shop)[0]) == ("套餐",)


def test_too_many_choices_are_refused_before_anything_is_written(shop: Shop) -> None:
    rows = [["姓名", "手机", "套餐"], *([f"客{n}", f"138444400{n:02d}", f"词{n}"] for n in range(41))]
    with pytest.raises(TooManyChoices, match="“套餐” has 41 different words"):
        bring(shop, rows, mapping={"套餐": "new:choice"})
    assert bring(shop, rows, mapping={"套餐": "new:text"}) == {"new": 41}


def test_a_new_field_needs_a_name_of_its_own(shop: Shop, fields: dict[str, int]) -> None:
    with pytest.raises(FieldNameWrong, match="already a field"):
        bring(shop, ROWS, mapping={"套餐": "new:text"})
    for odd in ("new:colour", "own:99"):
        with pytest.raises(UnknownColumn):
            bring(shop, ROWS, mapping={"套餐": odd})


def test_a_remembered_field_that_was_retired_is_a_line_of_the_note_again(shop: Shop) -> None:
    bring(shop, ROWS, mapping={"套餐": "new:choice"})
    custom_fields.retire(shop, custom_fields.listing(shop)[0].id)
    with rehearsed(shop, ROWS) as found:
        assert meaning(found, "套餐") == "extra"


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ([], "text"),
        (["2026-12-01", "2027年3月1日"], "date"),
        ([date(2026, 12, 1)], "date"),
        (["03/04/2027"], "date"),
        (["是", "否", "是"], "yes_no"),
        (["1", "0"], "number"),
        ([59, 99.5, "1.2万"], "number"),
        (["13805718866"], "text"),
        (["007"], "text"),
        ([20000, 21000], "number"),
        (["A", "B", "A", "B"], "choice"),
        (["A", "B", "C"], "text"),
        (["a longer text than a choice"] * 4, "text"),
    ],
)
def test_the_kind_of_a_field_is_guessed_from_its_values(cells: list[object], kind: str) -> None:
    assert own.guess(cells) == kind  # type: ignore[arg-type]


def test_the_guess_stands_at_the_column(shop: Shop, tmp_path: Path) -> None:
    path = text(tmp_path / "list.csv", ROWS)
    with plan.rehearse(shop, path) as found:
        assert [column.guess for column in found.layout.columns[2:]] == ["date", "number", "yes_no"]
