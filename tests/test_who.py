"""Filters on customers: what they name, held to plain Python; their text form, words and failures."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_crm import custom_fields, customers, devices, notes, surveys, who
from desktop_crm.base.clock import FixedClock
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.records.customers import Customer, Tag
from desktop_crm.shop import Shop
from desktop_crm.store import customer_figures
from desktop_crm.store import who as store
from desktop_crm.who import Condition, Field, Filter, Value, Way
from tests.who_oracle import SPANS, WORDS, Rows, edges, fill, named


class _Enough(Exception):
    """Ends a change that is not to be kept."""


@contextmanager
def lively(shop: Shop, seed: int, size: int = 5) -> Iterator[random.Random]:
    """A shop with a life at random, for a while."""
    rng = random.Random(seed)
    with suppress(_Enough), shop.change("life", {"customers"}) as _change:
        fill(shop.db, rng, shop.today(), size)
        customer_figures.refresh(shop.db)
        yield rng
        raise _Enough


def some_value(rng: random.Random, asked: Field, way: Way, today: date) -> Value:
    """A value that the way takes, at random."""
    days = sorted(rng.choice(edges(today)).isoformat() for _n in range(2))
    numbers = sorted(rng.choice((0, 1, 2, 5, 18, 40, 9_900, 300_000)) for _n in range(2))
    if way.takes == "choices":
        values = [choice.value for choice in asked.choices] or list(WORDS[1:])
        return tuple(rng.sample(values, min(len(values), rng.randint(1, 2))))
    found: dict[str, Value] = {
        "": "",
        "text": rng.choice(("a", "A_", "%", "57", "\\", "华为", "iPhone 15", "138")),
        "number": numbers[0],
        "money": numbers[0],
        "numbers": tuple(numbers),
        "moneys": tuple(numbers),
        "span": rng.choice(SPANS),
        "day": days[0],
        "days": tuple(days),
        "customer": 1,
    }
    return found[way.takes]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_every_condition_names_whom_plain_python_names(shop: Shop, seed: int) -> None:
    with lively(shop, seed) as rng:
        rows, today = Rows.read(shop.db), shop.today()
        someone = rng.choice([card.id for card in rows.tables[Customer]])
        for asked in who.fields(shop):
            for way in who.ways(asked):
                value = someone if way.takes == "customer" else some_value(rng, asked, way, today)
                wanted = Filter((Condition(asked.key, way.operator, value, way.negated),))
                assert list(who.ids(shop, wanted)) == named(rows, wanted, today), wanted
                other = Filter((Condition(asked.key, way.operator, value, not way.negated),))
                assert who.count(shop, wanted) + who.count(shop, other) == len(rows.live())
                assert who.from_text(who.to_text(wanted)) == wanted
                assert "{" not in who.sentence(shop, wanted)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), all_of=st.booleans())
def test_several_conditions_join_as_plain_python_joins_them(shop: Shop, seed: int, all_of: bool) -> None:
    with lively(shop, seed, 8) as rng:
        rows, today, fields = Rows.read(shop.db), shop.today(), who.fields(shop)
        for _n in range(20):
            conditions = []
            for asked in rng.sample(fields, rng.randint(2, 4)):
                way = rng.choice(who.ways(asked))
                value = some_value(rng, asked, way, today)
                if way.takes == "customer":
                    value = rng.choice([card.id for card in rows.tables[Customer]])
                conditions.append(Condition(asked.key, way.operator, value, rng.random() < 0.3))
            wanted = Filter(tuple(conditions), all_of)
            assert list(who.ids(shop, wanted)) == named(rows, wanted, today), wanted


def person(shop: Shop, name: str = "王芳", **fields: object) -> int:
    """A card."""
    return customers.add(shop, CustomerDraft(name=name, **fields))  # type: ignore[arg-type]


def one(field: str, operator: str, value: Value = "", negated: bool = False) -> Filter:
    """A filter of one condition."""
    return Filter((Condition(field, operator, value, negated),))


def test_without_conditions_it_is_everybody_in_use(shop: Shop) -> None:
    kept, gone = person(shop), person(shop, "李娜")
    customers.delete(shop, [gone])
    assert list(who.ids(shop, who.EVERYBODY)) == [kept]
    assert who.sentence(shop, who.EVERYBODY) == "Everybody"
    assert store.Clause().where == "1"


def test_a_filter_reads_as_a_sentence(shop: Shop) -> None:
    wanted = Filter((Condition("tier", "is", ("high_value",)), Condition("last_contact", "not_for", "60d")))
    assert who.sentence(shop, wanted) == "Tier is High value, No contact for 60 days"
    either = Filter(wanted.conditions, all_of=False)
    assert who.sentence(shop, either) == "Tier is High value or No contact for 60 days"
    assert (
        who.sentence(shop, one("spent", "between", (100_00, 5_000_00))) == "Spent so far from ¥100 to ¥5,000"
    )
    assert who.sentence(shop, one("since", "between", ("2026-01-01", "2026-06-30"))) == (
        "Customer since from 2026-01-01 to 2026-06-30"
    )


def test_a_sentence_names_people_and_says_where_they_are_gone(shop: Shop) -> None:
    sender = person(shop, "介绍人")
    assert who.sentence(shop, one("referred_by", "is", sender)) == "Was referred by 介绍人"
    assert who.sentence(shop, one("referred_by", "is", 99)) == "Was referred by (gone)"
    assert who.sentence(shop, one("tag", "any", ("99",))) == "Tagged (gone)"
    assert who.sentence(shop, one("tag", "all", ("98", "99"))) == "Tagged with all of: (gone), (gone)"
    assert who.sentence(shop, one("region", "is", ("西湖区",))) == "District is 西湖区"


@pytest.mark.parametrize(
    ("today", "stored", "lunar", "leap", "there"),
    [
        (date(2026, 11, 21), "1985-11-24", False, False, True),  # in three days
        (date(2026, 11, 21), "--11-20", False, False, False),  # yesterday: not again for a year
        (date(2026, 12, 30), "1990-01-02", False, False, True),  # over the end of the year
        (date(2026, 11, 21), "1985-10-15", True, False, True),  # lunar 10-15 is 2026-11-23
        (date(2026, 11, 21), "1985-11-22", True, False, False),
        (date(2025, 7, 25), "--06-02", True, True, True),  # the leap sixth month of 2025: 2025-07-26
    ],
)
def test_birthdays_of_the_next_days_in_either_calendar(
    shop: Shop, clock: FixedClock, today: date, stored: str, lunar: bool, leap: bool, there: bool
) -> None:
    someone = person(shop, birthday=stored, birthday_lunar=lunar, birthday_leap=leap)
    clock.instant = clock.now().replace(year=today.year, month=today.month, day=today.day)
    assert list(who.ids(shop, one("birthday", "next", "5d"))) == ([someone] if there else [])


def test_own_fields_are_asked_by_id_and_survive_a_new_name(shop: Shop) -> None:
    number = custom_fields.add(shop, "宽带到期", "date")
    someone = person(shop)
    custom_fields.put(shop, someone, number, "2026-12-01")
    wanted = one(f"own:{number}", "next", "30d")
    assert list(who.ids(shop, wanted)) == [someone]
    custom_fields.edit(shop, number, name="宽带")
    assert who.sentence(shop, wanted) == "宽带 within the next 30 days"
    custom_fields.retire(shop, number)
    assert list(who.ids(shop, wanted)) == [someone]
    assert f"own:{number}" not in {field.key for field in who.fields(shop)}


def test_a_field_that_is_gone_is_a_clear_sentence(shop: Shop) -> None:
    wanted = one("own:7", "empty")
    with pytest.raises(who.FieldGone, match="not there any more"):
        who.count(shop, wanted)
    assert who.sentence(shop, wanted) == "A field that is not there any more"


@pytest.mark.parametrize(
    "text",
    [
        "", "no JSON", "[]", "{}", '{"conditions": 3}', '{"conditions": [3]}', '{"conditions": [{"field": "tier"}]}',
        '{"conditions": [{"field": "shoe size", "operator": "is", "value": "42"}]}',
        '{"conditions": [{"field": "own:x", "operator": "is", "value": "42"}]}',
        '{"conditions": [{"field": "tier", "operator": "smells", "value": "42"}]}',
        '{"conditions": [{"field": "tier", "operator": 3, "value": ""}]}',
        '{"conditions": [{"field": "tier", "operator": "is", "value": "", "not": "maybe"}]}',
        '{"all": "perhaps", "conditions": []}', "[" * 100_000,
    ],
)  # fmt: skip
def test_a_broken_text_is_a_clear_sentence(text: str) -> None:
    with pytest.raises(who.FilterNotUnderstood, match="cannot be read"):
        who.from_text(text)


@pytest.mark.parametrize(
    ("field", "operator", "value"),
    [
        ("tier", "contains", "x"), ("tier", "is", ""), ("tier", "is", ()), ("tier", "is", (3,)), ("tier", "is", "high_value"),
        ("at_risk", "yes", "x"), ("occasions", "at_least", "many"), ("occasions", "between", (1,)),
        ("occasions", "at_least", True), ("spent", "at_least", 1.5), ("spent", "at_least", 2**60),
        ("last_contact", "not_for", "60"), ("last_contact", "not_for", "0d"), ("last_contact", "not_for", 60),
        ("last_contact", "from", "2026-02-30"), ("last_contact", "from", "20260203"),
        ("last_contact", "between", ("2026-01-01",)), ("name", "contains", ""), ("birthday", "month", ("13",)),
        ("referred_by", "is", "王芳"), ("shoe", "is", "42"),
    ],
)  # fmt: skip
def test_a_value_that_does_not_fit_is_a_clear_sentence(
    shop: Shop, field: str, operator: str, value: Value
) -> None:
    with pytest.raises(who.FilterNotUnderstood, match="no proper value"):
        who.count(shop, one(field, operator, value))


@pytest.mark.parametrize(
    ("typed", "span", "words"),
    [
        ("60", "60d", "60 days"), ("60天", "60d", "60 days"), ("１ day", "1d", "1 day"), ("2 weeks", "2w", "2 weeks"),
        ("2周", "2w", "2 weeks"), ("1星期", "1w", "1 week"), ("6个月", "6m", "6 months"), ("12 Months", "12m", "12 months"),
        ("3月", "3m", "3 months"), ("1y", "1y", "1 year"), ("2年", "2y", "2 years"),
    ],
)  # fmt: skip
def test_spans_are_read_as_people_write_them(typed: str, span: str, words: str) -> None:
    assert who.read_span(typed) == span
    assert who.show_span(span) == words


@pytest.mark.parametrize("typed", ["", "0", "soon", "-3", "1000y", "12345", "3 moons"])
def test_what_is_no_span_is_none(typed: str) -> None:
    assert who.read_span(typed) == ""


def test_a_term_of_a_year_from_a_leap_day_ends_on_the_last_of_february(shop: Shop, clock: FixedClock) -> None:
    someone = person(shop)
    devices.add(shop, someone, "iPhone 15", bought_here=True, acquired_day="2024-02-29")
    clock.instant = clock.now().replace(year=2025, month=2, day=28)
    assert list(who.ids(shop, one("after_sales", "between", ("2025-02-28", "2025-02-28")))) == [someone]


def test_a_phone_is_named_by_its_number_however_it_is_written(shop: Shop) -> None:
    someone, other = person(shop), person(shop, "李雷")
    devices.add(
        shop, someone, "小米 14", imei="352041000000008", serial="f2l-a57", color="黑", storage="256G"
    )
    devices.add(shop, other, "小米 14", imei="490154203237518", color="白", status="gone")
    for operator, value in (
        ("is", "35 204100-000000/8"), ("starts", "SN: F2LA"), ("contains", "2041 0"), ("empty", "")):  # fmt: skip
        wanted = Filter((Condition("imei", operator, value, negated=operator == "empty"),))
        assert list(who.ids(shop, wanted)) == [someone], operator
    assert list(who.ids(shop, one("imei", "contains", " - "))) == []
    assert list(who.ids(shop, one("color", "is", "黑"))) == [someone]
    assert list(who.ids(shop, one("storage", "starts", "256g"))) == [someone]
    assert who.sentence(shop, one("imei", "starts", "3520")) == "IMEI or serial number begins with “3520”"


def test_what_is_pinned_and_preferred_is_asked_for(shop: Shop) -> None:
    standing, dated = person(shop, note="下午再打"), person(shop, "李雷", preferences="喜欢红色")
    notes.add(shop, dated, "欠保护壳", pinned=True)
    assert list(who.ids(shop, one("pinned_note", "contains", "壳"))) == [dated]
    customers.edit(shop, standing, note_pinned=True)
    has = Filter((Condition("pinned_note", "empty", negated=True),))
    assert list(who.ids(shop, has)) == [standing, dated]
    assert who.sentence(shop, has) == "Has a pinned note"
    assert list(who.ids(shop, one("preferences", "contains", "红"))) == [dated]


def test_the_latest_answer_of_a_day_counts(shop: Shop) -> None:
    someone = person(shop)
    for satisfaction in (1, 5):
        surveys.record(shop, someone, satisfaction=satisfaction)
    assert list(who.ids(shop, one("satisfaction", "at_least", 4))) == [someone]


def test_a_text_may_hold_signs_that_like_knows(shop: Shop) -> None:
    percent, plain = person(shop, "100% 优惠"), person(shop, "1000 优惠")
    assert list(who.ids(shop, one("name", "contains", "0% "))) == [percent]
    assert list(who.ids(shop, one("name", "contains", "00"))) == [percent, plain]


def test_every_field_has_a_name_and_choices_have_names(shop: Shop) -> None:
    with shop.change("tags", {"tags"}):
        shop.db.insert(Tag(0, "学生", "职业"))
    fields = who.fields(shop)
    assert len({field.key for field in fields}) == len(fields)
    assert [field.group for field in fields] == sorted(
        (field.group for field in fields), key=list(who.GROUPS).index
    )
    assert all(choice.label for field in fields for choice in field.choices)
    tag = next(field for field in fields if field.key == "tag")
    assert tag.choices == (who.Choice("1", "学生", "职业"),)


def test_conditions_go_by_todays_settings_and_phones_by_any_number(shop: Shop) -> None:
    someone = person(shop, phones=(PhoneDraft("13805718866"), PhoneDraft("0571-88866688")))
    assert list(who.ids(shop, one("phone", "starts", "0571"))) == [someone]
    assert (
        who.sentence(shop, one("phone", "starts", "13805718866"))
        == "Phone number begins with “138 0571 8866”"
    )
