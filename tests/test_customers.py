"""Customers: what a valid card is, and every action done, undone and redone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from desktop_crm import (
    birthdays,
    customer_drafts,
    customer_list,
    customers,
    followups,
    history,
    phones,
    recycle_bin,
    search,
)
from desktop_crm.base.errors import CrmError
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.shop import Shop

WANG = CustomerDraft(
    " 王建国　",
    (PhoneDraft("138 0571 8866"), PhoneDraft("0571-87654321", label="家")),
    tags=("拍照", "拍照", " 苹果用户"),
    wechat="wjg８８66",
    source="朋友介绍",
    region="西湖区",
    birthday="1985-11-21",
    consent="granted",
    note="喜欢先看样机\r\n周末来\x00",
)


@pytest.fixture
def wang(shop: Shop) -> int:
    """A customer with everything."""
    return customers.add(shop, WANG)


def names(shop: Shop) -> list[str]:
    return [line.name for line in customer_list.page(shop, "newest")]


def test_a_new_card_is_stored_clean_with_phones_and_tags(shop: Shop, wang: int) -> None:
    card = customers.get(shop, wang)
    assert (card.name, card.wechat, card.note) == ("王建国", "wjg8866", "喜欢先看样机\n周末来")
    assert (card.since_day, card.consent_day) == ("2026-11-21", "2026-11-21")
    assert [(phone.number, phone.kind, phone.position) for phone in customers.phones(shop, wang)] == [
        ("13805718866", "mobile", 0),
        ("057187654321", "landline", 1),
    ]
    assert customers.tags(shop, wang) == ("拍照", "苹果用户")


def test_adding_can_be_undone_and_redone(shop: Shop, wang: int) -> None:
    history.undo(shop)
    assert customers.count(shop) == 0
    assert not search.find(shop, "8866").hits
    history.redo(shop)
    assert customers.get(shop, wang).name == "王建国"
    assert search.find(shop, "8866").hits


def test_a_card_known_only_by_its_number_carries_the_number(shop: Shop) -> None:
    made = customers.add(shop, CustomerDraft(phones=(PhoneDraft("13805718866"),)))
    assert customers.get(shop, made).name == "13805718866"


def test_all_new_fields_are_stored_edited_and_undone(shop: Shop) -> None:
    draft = CustomerDraft(
        "王",
        preferences="大屏\n拍照",
        note="一",
        note_pinned=True,
        birthday="--04-08",
        birthday_lunar=True,
        birthday_leap=True,
        language="en",
        kind="agent",
    )
    made = customers.add(shop, draft)
    assert customers.draft_of(shop, made) == replace(draft, since_day="2026-11-21")
    customers.edit(shop, made, preferences="小屏", note_pinned=False, kind="company", external_id="K 1")
    after = customers.get(shop, made)
    assert (after.preferences, after.note_pinned, after.kind, after.external_id) == (
        "小屏",
        False,
        "company",
        "K 1",
    )
    history.undo(shop)
    assert customers.draft_of(shop, made) == replace(draft, since_day="2026-11-21")
    history.redo(shop)
    assert customers.get(shop, made).preferences == "小屏"
    customers.save(shop, made, replace(draft, preferences="再换"))
    assert (customers.get(shop, made).preferences, customers.get(shop, made).note_pinned) == ("再换", True)


def test_nobody_is_sent_by_themselves(shop: Shop, wang: int) -> None:
    with pytest.raises(customers.ReferredBySelf, match="sent by themselves"):
        customers.edit(shop, wang, referred_by=wang)
    assert customers.get(shop, wang).referred_by is None


@pytest.mark.parametrize(
    ("draft", "error"),
    [
        (CustomerDraft(" "), customer_drafts.NameMissing),
        (CustomerDraft("王", (PhoneDraft("12"),)), phones.PhoneNotUnderstood),
        (CustomerDraft("王", birthday="1985-02-30"), birthdays.BirthdayNotUnderstood),
        (CustomerDraft("王", email="nobody"), customer_drafts.EmailNotUnderstood),
    ],
)
def test_what_is_no_valid_card_is_refused(shop: Shop, draft: CustomerDraft, error: type[CrmError]) -> None:
    with pytest.raises(error):
        customers.add(shop, draft)
    assert customers.count(shop) == 0


def test_a_choice_that_does_not_exist_is_a_bug(shop: Shop, wang: int) -> None:
    with pytest.raises(ValueError, match="is no gender"):
        customers.edit(shop, wang, gender="?")
    with pytest.raises(TypeError, match="created_at"):
        customers.edit(shop, wang, created_at="")


def test_a_card_number_belongs_to_one_card(shop: Shop, wang: int) -> None:
    customers.edit(shop, wang, card_no="A00１")
    found = customers.by_card_no(shop, "A001")
    assert found is not None
    assert found.id == wang
    assert customers.by_card_no(shop, "") is None
    with pytest.raises(customers.CardNoTaken, match="belongs to 王建国"):
        customers.add(shop, CustomerDraft("李", card_no="A001"))
    customers.edit(shop, wang, card_no="A001", name="王建")
    customers.delete(shop, [wang])
    other = customers.add(shop, CustomerDraft("李", card_no="A001"))
    assert names(shop) == ["李"]
    assert other != wang


def test_imported_cards_do_not_begin_today(shop: Shop) -> None:
    with shop.change("import", {"customers"}):
        batch = shop.db.execute(
            "INSERT INTO imports (file_name, sheet, kind, at, rows, new, updated, same, skipped, bad) "
            "VALUES ('x', '', 'customers', '', 2, 2, 0, 0, 0, 0)"
        ).lastrowid
        made = [
            customers.add_within(shop, CustomerDraft(name, (PhoneDraft(number),), ("会员",), import_id=batch))
            for name, number in (("王", "13800000001"), ("李", "13800000002"))
        ]
    assert [customers.get(shop, each).since_day for each in made] == [None, None]
    assert [customers.tags(shop, each) for each in made] == [("会员",), ("会员",)]
    assert [each.id for each in customers.by_phone(shop, "138 0000 0002")] == [made[1]]
    assert customers.by_phone(shop, "-") == []


@pytest.mark.parametrize(
    "act",
    [
        lambda shop, who: customers.edit(shop, who, name="王建中", birthday="--01-02", birthday_lunar=True),
        lambda shop, who: customers.set_phones(
            shop, who, [PhoneDraft("057187654321"), PhoneDraft("13911112222")]
        ),
        lambda shop, who: customers.set_tags(shop, who, ["拍照", "老客户", " "]),
        lambda shop, who: customers.delete(shop, [who]),
    ],
    ids=["edit", "phones", "tags", "delete"],
)
def test_every_change_is_undone_and_redone(shop: Shop, wang: int, act: Callable[[Shop, int], Any]) -> None:
    def state() -> tuple[object, ...]:
        return customers.get(shop, wang), customers.phones(shop, wang), customers.tags(shop, wang)

    before = state()
    act(shop, wang)
    after = state()
    assert after != before
    history.undo(shop)
    assert state() == before
    history.redo(shop)
    assert state() == after


def test_numbers_that_stay_keep_their_row_and_are_put_in_order(shop: Shop, wang: int) -> None:
    mobile, home = customers.phones(shop, wang)
    customers.set_phones(shop, wang, [PhoneDraft("057187654321", label="家"), PhoneDraft("13911112222")])
    first, second = customers.phones(shop, wang)
    assert (first.id, first.number, first.position) == (home.id, "057187654321", 0)
    assert second.number == "13911112222"
    assert second.id != mobile.id


def test_an_edit_cleans_and_checks(shop: Shop, wang: int) -> None:
    assert customers.edit(shop, wang, name=" 王  ").name == "王"
    with pytest.raises(customer_drafts.NameMissing):
        customers.edit(shop, wang, name="　")
    with pytest.raises(birthdays.BirthdayNotUnderstood):
        customers.edit(shop, wang, birthday="x")
    assert customers.edit(shop, wang, consent="").consent_day is None
    assert customers.edit(shop, wang, consent="granted", consent_day="2025-01-01").consent_day == "2025-01-01"
    assert customers.edit(shop, wang, verified_day="2026-11-21").verified_day == "2026-11-21"


def test_nothing_is_planned_any_more_for_who_wants_no_contact(shop: Shop, wang: int) -> None:
    followups.plan(shop, wang, date(2026, 12, 1), "新款到货")
    customers.edit(shop, wang, do_not_contact=True)
    assert followups.of_customer(shop, wang) == []
    history.undo(shop)
    assert len(followups.of_customer(shop, wang)) == 1


def test_a_deleted_card_is_restored_whole(shop: Shop, wang: int) -> None:
    other = customers.add(shop, CustomerDraft("李"))
    customers.delete(shop, [])
    customers.delete(shop, [wang, other])
    assert history.changes(shop)[0].label == "Delete 2 customers"
    assert [each.id for each in recycle_bin.listing(shop)] == [other, wang]
    assert customers.by_phone(shop, "13805718866") == []
    with pytest.raises(customers.CustomerMissing, match="was deleted"):
        customers.edit(shop, wang, name="x")
    recycle_bin.restore(shop, [wang])
    recycle_bin.restore(shop, [wang])
    assert customers.tags(shop, wang) == ("拍照", "苹果用户")
    assert names(shop) == ["王建国"]
    history.undo(shop)
    assert names(shop) == []


def test_a_card_that_never_was_is_missing(shop: Shop) -> None:
    with pytest.raises(customers.CustomerMissing, match="no customer number 7"):
        customers.get(shop, 7)


def test_words_in_use_are_offered_again(shop: Shop, wang: int) -> None:
    customers.add(shop, CustomerDraft("李", source="路过", region="余杭区"))
    customers.add(shop, CustomerDraft("赵", source="路过"))
    assert customers.sources(shop) == ["路过", "朋友介绍"]
    assert set(customers.regions(shop)) == {"西湖区", "余杭区"}


def test_a_known_number_is_refused_unless_both_are_kept(shop: Shop, wang: int) -> None:
    twin = CustomerDraft("李芳", (PhoneDraft("138-0571-8866"),))
    with pytest.raises(customers.PhoneKnown, match="王建国 has this phone number") as refused:
        customers.add(shop, twin, keep_both=False)
    assert [holder.id for holder in refused.value.holders] == [wang]
    customers.add(shop, twin)
    assert names(shop) == ["李芳", "王建国"]


def test_a_whole_card_is_edited_as_one_step(shop: Shop, wang: int) -> None:
    draft = customers.draft_of(shop, wang)
    assert (draft.name, draft.tags, [phone.number for phone in draft.phones]) == (
        "王建国",
        ("拍照", "苹果用户"),
        ["13805718866", "057187654321"],
    )
    changed = replace(
        draft, name="王建中", tags=("拍照",), phones=(PhoneDraft("13911112222"),), since_day=None
    )
    assert customers.save(shop, wang, changed).name == "王建中"
    assert (customers.tags(shop, wang), customers.get(shop, wang).since_day) == (("拍照",), "2026-11-21")
    history.undo(shop)
    assert customers.draft_of(shop, wang) == draft
