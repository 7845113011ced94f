"""Several cards become one: nothing is lost or there twice, the choice is kept, and it can be taken back row for row."""

from __future__ import annotations

import itertools
import json
import shutil
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_crm import (
    card,
    custom_fields,
    customers,
    history,
    integrity,
    merge,
    merge_fields,
    search,
    tiers,
    views,
    who,
)
from desktop_crm.base.clock import FixedClock
from desktop_crm.customers import CustomerDraft
from desktop_crm.phones import PhoneDraft
from desktop_crm.records.balance import BalanceEntry
from desktop_crm.records.complaints import Complaint
from desktop_crm.records.customers import ChannelConsent, Customer
from desktop_crm.records.devices import Device
from desktop_crm.records.duplicates import DistinctPair
from desktop_crm.records.followups import Followup
from desktop_crm.records.notes import Note
from desktop_crm.records.quality import MendSkip
from desktop_crm.records.relations import Relation, RelationKind
from desktop_crm.records.surveys import SurveyAnswer
from desktop_crm.shop import Shop
from desktop_crm.store import journal
from desktop_crm.store.merge import RULES
from tests.shop_rows import Rows

AT, DAY = "2026-11-01T02:00:00Z", "2026-11-01"


def person(shop: Shop, name: str = "王建国", *numbers: str, **fields: Any) -> int:  # fields of a draft
    """A card."""
    return customers.add(shop, CustomerDraft(name, tuple(map(PhoneDraft, numbers)), **fields))


def snapshot(shop: Shop) -> dict[str, list[tuple[Any, ...]]]:
    """Every row that a person's step can change."""
    return {table: shop.db.rows(f"SELECT * FROM {table} ORDER BY id") for table in journal.TABLES}


def two_people(one: int, other: int) -> DistinctPair:
    """That somebody said so."""
    return DistinctPair(0, min(one, other), max(one, other), AT)


def ids_of(shop: Shop, table: str, customer_id: int) -> list[int]:
    """Rows that hang on a card."""
    return [row[0] for row in shop.db.rows(f"SELECT id FROM {table} WHERE customer_id = ?", (customer_id,))]


def test_every_reference_to_a_customer_has_a_rule(shop: Shop) -> None:
    found = {
        (table, row[3])
        for (table,) in shop.db.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")
        for row in shop.db.rows(f"PRAGMA foreign_key_list({table})")
        if row[2] == "customers"
    }
    assert found == set(RULES)


def test_the_kept_card_takes_what_it_lacks_and_keeps_its_own(shop: Shop) -> None:
    keep = person(shop, "王建国", "13800001111", wechat="wjg", region="西湖区")
    other = person(
        shop, "王建国", "13900002222", email="w@example.com", region="滨江区", birthday="1980-05-06"
    )
    merge.merge(shop, keep, [other], reason="same name")
    made = customers.get(shop, keep)
    assert (made.wechat, made.email, made.region, made.birthday) == (
        "wjg",
        "w@example.com",
        "西湖区",
        "1980-05-06",
    )
    assert [phone.number for phone in customers.phones(shop, keep)] == ["13800001111", "13900002222"]
    assert customers.get(shop, other).merged_into == keep
    assert customers.count(shop) == 1


def test_the_value_confirmed_latest_is_the_sensible_one(shop: Shop) -> None:
    keep, other = person(shop, "王建国", address="文三路1号"), person(shop, "王建国", address="文二路2号")
    customers.edit(shop, other, verified_day="2026-11-01")
    assert merge.preview(shop, [keep, other], keep).defaults()["address"] == other
    merge.merge(shop, keep, [other])
    made = customers.get(shop, keep)
    assert (made.address, made.verified_day) == ("文二路2号", "2026-11-01")


def test_the_card_with_a_past_stays_and_keeps_its_name(shop: Shop) -> None:
    new = person(shop, "王老板", "13800001111", "13900002222", wechat="w", email="w@example.com")
    customers.edit(shop, new, verified_day="2026-11-21")
    old = person(shop, "王建国", since_day="2020-01-01")
    with shop.change("rows", {"interactions"}):
        Rows(shop).contact(old, "2026-11-01")
    found = merge.preview(shop, [new, old])
    assert (found.keep_id, found.defaults()["name"]) == (old, old)


@pytest.mark.parametrize(
    ("first", "second", "stays"),
    [
        ({"wechat": "w"}, {}, 0),
        ({}, {"wechat": "w"}, 1),
        ({"since_day": "2024-01-01"}, {"since_day": "2020-01-01"}, 1),
        ({"since_day": "2020-01-01"}, {"since_day": "2020-01-01"}, 0),
    ],
)
def test_without_a_past_the_fuller_card_stays_then_the_older(
    shop: Shop, first: dict[str, str], second: dict[str, str], stays: int
) -> None:
    both = [person(shop, "王建国", **first), person(shop, "王建国", **second)]
    assert merge.preview(shop, both[::-1]).keep_id == both[stays]


@pytest.mark.parametrize(
    ("kept", "other", "taken"),
    [("王建国", "王老板", 0), ("建国", "王建国", 1), ("王", "李建国", 1), ("王建国", "建国", 0)],
)
def test_the_name_of_the_card_that_stays_unless_another_is_fuller(
    shop: Shop, kept: str, other: str, taken: int
) -> None:
    both = [person(shop, kept), person(shop, other)]
    assert merge.preview(shop, both, both[0]).defaults()["name"] == both[taken]


def test_fields_are_taken_as_chosen(shop: Shop) -> None:
    field_id = custom_fields.add(shop, "鞋码", "text")
    keep = person(shop, "王建国", "13800001111", card_no="A1", birthday="1980-05-06", note="爱喝茶")
    other = person(
        shop, "王健国", "13900002222", card_no="B2", birthday="1980-06-05", birthday_lunar=True, note="爱咖啡"
    )
    custom_fields.put(shop, keep, field_id, "42")
    custom_fields.put(shop, other, field_id, "43")
    chosen = dict.fromkeys(("name", "phone", "card_no", "birthday", f"own:{field_id}"), other)
    merge.merge(shop, keep, [other], chosen | {"note": merge_fields.TOGETHER})
    made = customers.get(shop, keep)
    assert (made.name, made.card_no, made.birthday, made.birthday_lunar) == (
        "王健国",
        "B2",
        "1980-06-05",
        True,
    )
    assert made.note == "爱喝茶\n爱咖啡"
    assert customers.phones(shop, keep)[0].number == "13900002222"
    assert custom_fields.values(shop, keep) == {field_id: "43"}


def test_no_number_tag_consent_link_or_device_is_there_twice(shop: Shop) -> None:
    keep = person(shop, "王建国", "13800001111", tags=("拍照", "老客户"))
    other = person(shop, "王建国", "13800001111", "057188886666", tags=("拍照", "游戏"))
    wife = person(shop, "李芳")
    with shop.change("rows", {"customers"}):
        customers.set_phones_within(
            shop, other, [PhoneDraft("13800001111", label="公司"), PhoneDraft("057188886666")]
        )
        for who_id, answer, day in ((keep, "granted", "2026-01-01"), (other, "refused", "2026-05-01")):
            shop.db.insert(ChannelConsent(0, who_id, "call", answer, day))  # type: ignore[arg-type]
        shop.db.insert(ChannelConsent(0, other, "sms", "granted", DAY))
        for who_id in (keep, other):
            shop.db.insert(Relation(0, who_id, wife, "spouse", AT))
            shop.db.insert(two_people(who_id, wife))
            shop.db.insert(MendSkip(0, who_id, "2026-12-01", AT))
        shop.db.insert(Relation(0, wife, other, "spouse", AT, "again"))
        shop.db.insert(Relation(0, keep, other, "friend", AT))
        shop.db.insert(two_people(keep, other))
        shop.db.insert(Device(0, keep, "iPhone 17", AT, imei="356789012345671"))
        twin = shop.db.insert(
            Device(0, other, "iPhone 17", AT, imei="356789012345671", color="黑", bought_here=True)
        )
        shop.db.insert(Device(0, other, "Mate 70", AT, imei="356789012345672"))
        case = shop.db.insert(Complaint(0, "屏幕", AT, DAY, AT, other, device_id=twin))
        plan = shop.db.insert(
            Followup(0, other, "manual", "", DAY, DAY, AT, source_kind="device", source_id=twin)
        )
    merge.merge(shop, keep, [other])
    numbers = [(each.number, each.label, each.position) for each in customers.phones(shop, keep)]
    assert numbers == [("13800001111", "公司", 0), ("057188886666", "", 1)]
    assert sorted(customers.tags(shop, keep)) == ["拍照", "游戏", "老客户"]
    answers = dict(shop.db.rows("SELECT channel, answer FROM consents WHERE customer_id = ?", (keep,)))
    assert answers == {"call": "refused", "sms": "granted"}
    assert len(shop.db.rows("SELECT * FROM relations")) == 1
    assert len(shop.db.rows("SELECT * FROM distinct_pairs")) == 1
    assert len(shop.db.rows("SELECT * FROM mend_skips")) == 1
    devices = shop.db.records(Device, "SELECT * FROM devices ORDER BY id")
    assert [(each.imei[-1], each.color, each.bought_here) for each in devices] == [
        ("1", "黑", True),
        ("2", "", False),
    ]
    assert shop.db.value("SELECT device_id FROM complaints WHERE id = ?", (case,)) == devices[0].id
    assert shop.db.value("SELECT source_id FROM followups WHERE id = ?", (plan,)) == devices[0].id


def test_links_to_others_move_with_their_direction(shop: Shop) -> None:
    keep, other, child = person(shop), person(shop), person(shop, "王小明")
    with shop.change("rows", {"relations"}):
        shop.db.insert(Relation(0, other, child, "parent", AT))
        shop.db.insert(Relation(0, child, other, "pays_for", AT))
        shop.db.insert(two_people(other, child))
    merge.merge(shop, keep, [other])
    links = shop.db.records(Relation, "SELECT * FROM relations ORDER BY id")
    assert [(each.customer_id, each.other_id, each.kind) for each in links] == [
        (keep, child, "parent"),
        (child, keep, "pays_for"),
    ]
    assert shop.db.rows("SELECT first_id, second_id FROM distinct_pairs") == [(keep, child)]


def test_what_was_planned_for_both_is_planned_once(shop: Shop) -> None:
    keep, other = person(shop), person(shop)
    with shop.change("rows", {"followups"}):
        for who_id, due in ((keep, "2026-12-05"), (other, "2026-12-03")):
            shop.db.insert(Followup(0, who_id, "birthday", "", due, due, AT))
            shop.db.insert(
                Followup(0, who_id, "manual", "call", due, due, AT, source_kind="customer", source_id=who_id)
            )
    merge.merge(shop, keep, [other])
    states = shop.db.rows("SELECT rule, due_day, state, source_id FROM followups ORDER BY rule, due_day")
    assert states == [
        ("birthday", "2026-12-03", "open", None),
        ("birthday", "2026-12-05", "cancelled", None),
        ("manual", "2026-12-03", "open", keep),
        ("manual", "2026-12-05", "open", keep),
    ]


def test_the_wish_not_to_be_contacted_survives_and_cancels_what_was_planned(shop: Shop) -> None:
    keep, other = person(shop), person(shop, do_not_contact=True)
    with shop.change("rows", {"followups"}):
        shop.db.insert(Followup(0, keep, "manual", "call", DAY, DAY, AT))
    merge.merge(shop, keep, [other])
    assert customers.get(shop, keep).do_not_contact
    assert shop.db.value("SELECT state FROM followups") == "cancelled"


def test_the_tier_is_judged_anew_and_one_set_by_hand_holds(shop: Shop) -> None:
    keep, other = person(shop), person(shop)
    with shop.change("rows", {"purchases"}):
        rows = Rows(shop)
        for month in range(1, 6):
            rows.sale(other, f"2026-0{month + 5}-01" if month < 5 else "2026-10-01", 3000)
    merge.merge(shop, keep, [other])
    found = tiers.current(shop, keep)
    assert found is not None
    assert (found.tier, found.occasions) == ("high_value", 5)
    third = person(shop)
    tiers.override(shop, third, "regular", "friend of the house")
    merge.merge(shop, keep, [third])
    found = tiers.current(shop, keep)
    assert found is not None
    assert (found.tier, found.overridden, found.override_reason) == ("regular", True, "friend of the house")


def test_a_card_without_a_tier_takes_over_the_one_set_by_hand(shop: Shop) -> None:
    other = person(shop)
    tiers.override(shop, other, "potential", "big family")
    with shop.change("rows", {"customers"}):
        keep = Rows(shop).customer("王建国")
    merge.merge(shop, keep, [other])
    found = tiers.current(shop, keep)
    assert found is not None
    assert (found.tier, found.overridden) == ("potential", True)


def test_who_was_sent_by_a_merged_card_was_sent_by_the_kept_one(shop: Shop) -> None:
    keep, other = person(shop), person(shop)
    friend = person(shop, "赵六", referred_by=other)
    customers.edit(shop, keep, referred_by=other)
    views.add(shop, "sent by 王", who.Filter((who.Condition("referred_by", "is", other),)))
    views.add(shop, "sent by 赵", who.Filter((who.Condition("referred_by", "is", friend),)))
    merge.merge(shop, keep, [other])
    assert customers.get(shop, friend).referred_by == keep
    assert customers.get(shop, keep).referred_by is None
    filters = [
        json.loads(text)
        for (text,) in shop.db.rows("SELECT filter FROM views WHERE name LIKE 'sent%' ORDER BY id")
    ]
    assert [each["conditions"][0]["value"] for each in filters] == [keep, friend]


def test_the_old_id_card_number_and_telephone_lead_to_the_card_that_stayed(shop: Shop) -> None:
    keep = person(shop, "王建国", "13800001111", card_no="VIP001")
    other = person(shop, "王健国", "13900002222", card_no="VIP777", wechat="oldwechat")
    last = person(shop, "王建国", card_no="VIP003")
    merge.merge(shop, keep, [other])
    merge.merge(shop, last, [keep], {"card_no": last})
    assert merge.stayed(shop, other) == merge.stayed(shop, keep) == merge.stayed(shop, last) == last
    assert card.gather(shop, other).customer.id == last
    for text in ("VIP777", "VIP001", "2222", "oldwechat"):
        assert [hit.customer_id for hit in search.find(shop, text).hits] == [last], text
    history.undo(shop)
    assert [hit.customer_id for hit in search.find(shop, "VIP777").hits] == [keep]
    assert [hit.customer_id for hit in search.find(shop, "VIP001").hits] == [keep]


def test_what_was_merged_stays_traceable_through_a_chain(shop: Shop) -> None:
    first, second, third = (
        person(shop, "王建国", address=place) for place in ("文一路1号", "文二路2号", "文三路3号")
    )
    merge.merge(shop, second, [first], {"address": second}, "same person at the counter")
    merge.merge(shop, third, [second], {"address": third})
    found = merge.merged_into(shop, third)
    assert [(each.customer_id, each.left.get("Address")) for each in found] == [
        (second, "文二路2号"),
        (first, "文一路1号"),
    ]
    assert found[1].reason == "same person at the counter"
    texts = [entry.text for entry in card.gather(shop, third).timeline if entry.kind == "merge"]
    assert any("same person at the counter" in text for text in texts)


def test_own_fields_that_differed_are_traceable_by_name(shop: Shop) -> None:
    field_id = custom_fields.add(shop, "鞋码", "text")
    keep, other = person(shop), person(shop)
    custom_fields.put(shop, keep, field_id, "42")
    custom_fields.put(shop, other, field_id, "43")
    merge.merge(shop, keep, [other])
    assert merge.merged_into(shop, keep)[0].left == {"鞋码": "43"}


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (("a", "b"), "a\nb"),
        (("a", "a"), "a"),
        (("", "b"), "b"),
        (("tea", "likes tea"), "likes tea"),
        (("likes tea", "tea"), "likes tea"),
    ],
)
def test_texts_stand_together_without_saying_anything_twice(texts: tuple[str, ...], expected: str) -> None:
    assert merge_fields.joined(texts) == expected


def test_the_card_with_the_longest_past_is_kept(shop: Shop) -> None:
    new = person(shop, "王建国", "13800001111")
    old = person(shop, "王建国", "13800001111", consent="granted", owner_staff_id=None)
    with shop.change("rows", {"purchases"}):
        Rows(shop).sale(old, "2026-10-01", 100)
    found = merge.preview(shop, [new, old])
    assert found.keep_id == old
    assert found.attached == {"purchases": 1, "phones": 2}
    by_field = {choice.field: choice for choice in found.fields}
    assert (by_field["consent"].differs, by_field["consent"].default) == (False, old)
    assert by_field["since_day"].default == new


def test_fields_are_shown_in_words(shop: Shop) -> None:
    with shop.change("rows", {"staff"}):
        clerk = Rows(shop).clerk("李娜")
    friend = person(shop, "赵六")
    one = person(shop, do_not_contact=True, gender="male", birthday="--05-06", referred_by=friend)
    other = person(shop, owner_staff_id=clerk)
    texts = {choice.field: dict(choice.texts) for choice in merge.preview(shop, [one, other], one).fields}
    assert texts["gender"] == {one: "male", other: ""}
    assert texts["do_not_contact"] == {one: "Yes", other: ""}
    assert texts["referred_by"] == {one: "赵六", other: ""}
    assert texts["birthday"][one] == "05-06"
    assert texts["owner_staff_id"] == {one: "", other: "李娜"}
    assert "occupation" not in texts


@pytest.mark.parametrize(("keep", "others"), [(1, []), (1, [1])])
def test_one_card_alone_is_refused(shop: Shop, keep: int, others: list[int]) -> None:
    person(shop)
    with pytest.raises(merge.NothingToMerge, match="Two different cards"):
        merge.merge(shop, keep, others)


@pytest.mark.parametrize(
    ("chosen", "says"),
    [
        ({"shoe": 1}, "no field shoe"),
        ({"name": 99}, "Card 99 is not one of those"),
        ({"name": 0}, "Card 0 is not one of those"),
    ],
)
def test_an_impossible_choice_changes_nothing(shop: Shop, chosen: dict[str, int], says: str) -> None:
    person(shop), person(shop)
    before = snapshot(shop)
    with pytest.raises(merge.ChoiceImpossible, match=says):
        merge.merge(shop, 1, [2], chosen)
    assert snapshot(shop) == before


def test_a_merged_or_deleted_card_cannot_be_merged_again(shop: Shop) -> None:
    one, two, three = person(shop), person(shop), person(shop)
    merge.merge(shop, one, [two])
    with pytest.raises(merge.CustomerMissing, match=f"went into card no. {one}"):
        merge.merge(shop, three, [two])
    customers.delete(shop, [one])
    with pytest.raises(merge.CustomerMissing):
        merge.merge(shop, three, [one])


def test_a_merge_is_one_step_done_undone_and_redone(shop: Shop) -> None:
    one, two, three = (
        person(shop, "王建国", number) for number in ("13800001111", "13900002222", "13800001111")
    )
    before = snapshot(shop)
    merge.merge(shop, one, [two, three])
    after = snapshot(shop)
    assert history.changes(shop, 1)[0].label == "Merge 2 cards into 王建国"
    done = history.undo(shop)
    assert done.left == ()
    assert snapshot(shop) == before
    assert customers.count(shop) == 3
    history.redo(shop)
    assert snapshot(shop) == after
    assert customers.count(shop) == 1


def test_undo_after_later_edits_takes_back_what_it_can(shop: Shop) -> None:
    one, two = person(shop, "王建国", "13800001111"), person(shop, "王建国", "13900002222")
    change_id = merge.merge(shop, one, [two])
    customers.edit(shop, one, wechat="new")
    history.undo(shop, change_id)
    assert customers.get(shop, two).merged_into is None
    assert [phone.number for phone in customers.phones(shop, two)] == ["13900002222"]
    assert customers.get(shop, one).wechat == "new"


@pytest.mark.parametrize("taken_by", ["the kept card", "a new card"])
def test_a_card_comes_back_though_its_number_was_given_away(shop: Shop, taken_by: str) -> None:
    one = person(shop, "王建国", "13800001111", card_no="K1")
    two = person(shop, "李芳", "13900002222", card_no="K2", note="爱喝茶")
    change_id = merge.merge(shop, one, [two])
    merged = customers.get(shop, two)
    if taken_by == "the kept card":
        customers.edit(shop, one, card_no="K2")
    else:
        person(shop, "赵六", card_no="K2")
    done = history.undo(shop, change_id)
    holder = "王建国" if taken_by == "the kept card" else "赵六"
    assert [each.words for each in done.left] == [
        f"The card number of 李芳 belongs to {holder} now; it stands in the note."
    ]
    back = customers.get(shop, two)
    assert (back.merged_into, back.card_no, back.note) == (None, "", "爱喝茶\nCard no. before: K2")
    assert [hit.customer_id for hit in search.find(shop, "2222").hits] == [two]
    assert integrity.check(shop) == []
    history.redo_of(shop, change_id)
    assert customers.get(shop, two) == merged
    assert integrity.check(shop) == []


def test_a_deleted_card_comes_back_though_its_number_was_given_away(shop: Shop) -> None:
    one = person(shop, "王建国", card_no="K1")
    customers.delete(shop, [one])
    change_id = history.changes(shop, 1)[0].id
    person(shop, "李芳", card_no="K1")
    assert [each.why for each in history.undo(shop, change_id).left] == ["noted"]
    back = customers.get(shop, one)
    assert (back.deleted_at, back.card_no, back.note) == (None, "", "Card no. before: K1")


def test_of_merges_in_a_row_the_later_is_undone_first(shop: Shop) -> None:
    one, two, three = person(shop, "一", "13800001111"), person(shop, "二", "13800002222"), person(shop, "三")
    before = snapshot(shop)
    first = merge.merge(shop, one, [two])
    second = merge.merge(shop, three, [one])
    after = snapshot(shop)
    with pytest.raises(history.CannotUndo, match="Undo the later merge first: “Merge 1 card into 三”"):
        history.undo(shop, first)
    assert snapshot(shop) == after
    history.undo(shop, second)
    history.undo(shop, first)
    assert snapshot(shop) == before


# -------------------------------------------------------------------- any shop


def furnish(shop: Shop, draw: st.DataObject, people: list[int]) -> None:
    """Hang things on cards at random."""
    someone, day = st.sampled_from(people), st.sampled_from(["2026-03-01", "2026-09-01", DAY])
    rows = Rows(shop)
    for _turn in range(draw.draw(st.integers(3, 15))):
        owner = draw.draw(someone)
        other = draw.draw(someone)
        match draw.draw(st.integers(0, 9)):
            case 0:
                rows.sale(owner, draw.draw(day), draw.draw(st.sampled_from([100, 5000])))
            case 1:
                imei = draw.draw(st.sampled_from(["", "356789012345671", "356789012345672"]))
                rows.device(owner, imei)
            case 2:
                rows.contact(owner, draw.draw(day))
            case 3:
                rows.followup(owner, "2026-12-01", rule=draw.draw(st.sampled_from(["manual", "birthday"])))
            case 4:
                device = next(iter(ids_of(shop, "devices", owner)), None)
                case = rows.case("2026-10-01", "2026-10-05", ("resolved", "2026-10-02"), customer_id=owner)
                found = shop.db.get(Complaint, case)
                assert found is not None
                shop.db.update(replace(found, device_id=device))
            case 5:
                shop.db.insert(Note(0, owner, "茶", AT, DAY))
            case 6:
                shop.db.insert(BalanceEntry(0, owner, AT, DAY, 500, "opening"))
            case 7:
                shop.db.insert(SurveyAnswer(0, owner, AT, DAY, satisfaction=5))
            case 8 if owner != other:
                kind: RelationKind = draw.draw(st.sampled_from(["spouse", "parent"]))
                known = shop.db.value(
                    "SELECT 1 FROM relations WHERE customer_id = ? AND other_id = ? AND kind = ?",
                    (owner, other, kind),
                )
                if known is None:
                    shop.db.insert(Relation(0, owner, other, kind, AT))
            case _:
                found_card = shop.db.get(Customer, owner)
                assert found_card is not None
                shop.db.update(replace(found_card, referred_by=other if other != owner else None))


def counts(shop: Shop, tables: Iterable[str]) -> dict[str, int]:
    """Rows per table."""
    return {table: shop.db.value(f"SELECT count(*) FROM {table}") for table in tables}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_merge_loses_nothing_and_undo_brings_back_every_row(
    template: Path, tmp_path: Path, clock: FixedClock, data: st.DataObject
) -> None:
    folder = tmp_path / f"shop-{next(_numbers)}"
    shop = Shop.open(Path(shutil.copytree(template, folder)), clock)
    try:
        merge_some(shop, data)
    finally:
        shop.close()


_numbers = itertools.count()


def merge_some(shop: Shop, data: st.DataObject) -> None:
    """Merge cards of a shop made at random; look at every table before, after, undone and redone."""
    numbers = st.lists(
        st.sampled_from(["13800001111", "13900002222", "13700003333"]), max_size=3, unique=True
    )
    tags = st.lists(st.sampled_from(["拍照", "游戏"]), max_size=2, unique=True)
    names = st.sampled_from(["王建国", "李芳"])
    people = [
        person(shop, data.draw(names), *data.draw(numbers), tags=tuple(data.draw(tags)))
        for _turn in range(data.draw(st.integers(2, 5)))
    ]
    with shop.change("life", {"customers"}):
        furnish(shop, data, people)
    keep = data.draw(st.sampled_from(people))
    rest = [each for each in people if each != keep]
    others = data.draw(st.lists(st.sampled_from(rest), min_size=1, unique=True))
    moved = [
        place
        for place, rule in RULES.items()
        if rule == "move" and place[0] not in ("tier_history", "merges")
    ]
    before, held = snapshot(shop), _held(shop, [keep, *others])
    whole = counts(shop, [table for table, _column in moved])
    merge.merge(shop, keep, others)
    after = snapshot(shop)
    assert counts(shop, [table for table, _column in moved]) == whole
    assert len(after["merges"]) == len(others)
    assert len(after["tier_history"]) - len(before["tier_history"]) in (0, 1)
    assert _held(shop, [keep]) == held
    for table, column in RULES:
        if RULES[table, column] != "stays" and (table, column) != ("customer_tiers", "id"):
            marks = ", ".join("?" for _other in others)
            assert shop.db.value(f"SELECT count(*) FROM {table} WHERE {column} IN ({marks})", others) == 0
    assert history.undo(shop).left == ()
    assert snapshot(shop) == before
    history.redo(shop)
    assert snapshot(shop) == after


def _held(shop: Shop, people: list[int]) -> tuple[set[str], ...]:
    """The numbers, tags and IMEIs of cards."""
    marks = ", ".join("?" for _person in people)
    return tuple(
        {
            row[0]
            for row in shop.db.rows(f"SELECT {column} FROM {table} WHERE customer_id IN ({marks})", people)
        }
        for table, column in (("phones", "number"), ("customer_tags", "tag_id"), ("devices", "imei"))
    )
