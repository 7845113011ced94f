"""A customer's past by the page: every kind of line, the filters' counts, and long histories."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from desktop_crm import (
    balance,
    customers,
    followup_outcomes,
    followups,
    history,
    interactions,
    notes,
    staff,
    surveys,
    timeline,
)
from desktop_crm.base.clock import FixedClock
from desktop_crm.customers import CustomerDraft
from desktop_crm.records.duplicates import Merge
from desktop_crm.records.followups import Followup
from desktop_crm.shop import Shop


@pytest.fixture
def wang(shop: Shop) -> int:
    """A customer of today."""
    return customers.add(shop, CustomerDraft("王建国", source="路过"))


def words(shop: Shop, customer_id: int, group: str) -> list[tuple[str, str]]:
    return [(entry.label, entry.text) for entry in timeline.page(shop, customer_id, group)]


def test_notes_stand_in_it_with_their_author(shop: Shop, wang: int) -> None:
    clerk = staff.add(shop, "李娜")
    own = shop.at_counter(clerk)
    first = notes.add(own, wang, "想换\n手表")
    notes.add(own, wang, "留一台", pinned=True)
    found = timeline.page(shop, wang, "notes")
    assert [(each.kind, each.label, each.text, each.detail) for each in found] == [
        ("pinned", "Pinned", "留一台", "李娜"),
        ("note", "Note", "想换 手表", "李娜"),
    ]
    assert found[1].ref == ("note", first)


def test_what_is_paid_and_corrected_stands_among_the_purchases(shop: Shop, wang: int) -> None:
    balance.correct(shop, wang, 50_000, "旧账")
    balance.pay(shop, wang, 20_000, "cash", "")
    balance.correct(shop, wang, -10_000, "少收")
    assert words(shop, wang, "purchases") == [
        ("Account", "Owes ¥100 less · 少收"),
        ("Account", "Paid ¥200 of what was owed"),
        ("Account", "Owes ¥500 more · 旧账"),
    ]


def test_a_followup_stands_by_its_contact_or_by_itself(shop: Shop, wang: int, clock: FixedClock) -> None:
    made = followups.plan(shop, wang, shop.today(), "新款到货")
    followup_outcomes.finish(shop, made, "reached", "明天来看")
    stamp, day = shop.stamp(), shop.today().isoformat()
    old = Followup(0, wang, "imported", "老系统回访", day, day, stamp, state="done", outcome="bought")
    with shop.change("an import", {"followups"}):
        shop.db.insert(replace(old, outcome_note="买了壳", done_at=stamp, done_day=day))
    found = dict(words(shop, wang, "followups"))
    assert found["Follow-up"] == "老系统回访 · Bought · 买了壳"
    assert len(found) == 2
    assert timeline.counts(shop, wang)["followups"] == 2
    assert "contacts" not in timeline.counts(shop, wang)


def test_answers_say_scores_and_words(shop: Shop, wang: int) -> None:
    surveys.record(shop, wang, satisfaction=4, recommendation=9, comment="态度好")
    assert words(shop, wang, "surveys") == [("Answer", surveys.words(surveys.of_customer(shop, wang)[0]))]
    assert "态度好" in words(shop, wang, "surveys")[0][1]


def test_a_merge_is_told_on_both_cards(shop: Shop, wang: int) -> None:
    other = customers.add(shop, CustomerDraft("王建國"))
    with shop.change("a merge", {"customers"}):
        shop.db.insert(Merge(0, wang, other, shop.stamp(), "2026-11-21", "同一个人"))
    assert words(shop, wang, "merges") == [("Merged", "The card of 王建國 went into this one · 同一个人")]
    assert words(shop, other, "merges") == [("Merged", "This card went into that of 王建国 · 同一个人")]
    assert timeline.page(shop, wang, "merges")[0].ref == ("customer", other)


def test_it_ends_with_the_beginning_of_the_card(shop: Shop, wang: int) -> None:
    interactions.log(shop, wang, "visit", "customer", "看看")
    found = timeline.page(shop, wang)
    assert [entry.kind for entry in found] == ["contact", "card"]
    assert timeline.counts(shop, wang) == {"all": 2, "contacts": 1, "card": 1}
    history.undo(shop)
    assert [entry.kind for entry in timeline.page(shop, wang)] == ["card"]
    history.redo(shop)
    assert [entry.kind for entry in timeline.page(shop, wang)] == ["contact", "card"]


def test_a_long_past_comes_by_pages_without_gap_or_repeat(shop: Shop, wang: int, clock: FixedClock) -> None:
    begin = clock.instant - timedelta(days=40)
    for number in range(60):
        clock.instant = begin + timedelta(hours=number)
        if number % 3:
            interactions.log(shop, wang, "call", "customer", str(number))
        else:
            notes.add(shop, wang, str(number))
    clock.instant = begin + timedelta(days=40)
    whole = timeline.page(shop, wang, limit=timeline.EVERYTHING)
    pages = [entry for start in range(0, 80, 7) for entry in timeline.page(shop, wang, "all", start, 7)]
    assert [entry.ref for entry in pages] == [entry.ref for entry in whole]
    assert len(whole) == timeline.counts(shop, wang)["all"] == 61
    assert [entry.text for entry in timeline.page(shop, wang, "notes", 2, 3)] == ["51", "48", "45"]
