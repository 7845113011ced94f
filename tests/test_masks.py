"""Numbers as a clerk sees them, what becomes of those that come back hidden, and the look that is noted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import NamedTuple

import pytest

from desktop_crm import (
    customer_phones,
    customers,
    history,
    masks,
    notes,
    phones,
    quality,
    search,
    staff,
    views,
    who,
)
from desktop_crm.base.masking import PhoneHidden
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.records.audit import AuditEntry
from desktop_crm.records.customers import Phone
from desktop_crm.records.notes import Note
from desktop_crm.records.who import Condition, Filter
from desktop_crm.shop import Shop

NUMBER, HIDDEN = "13805718866", "138****8866"


@pytest.fixture
def clerk(shop: Shop) -> Shop:
    """The shop with a clerk at the counter."""
    return shop.at_counter(staff.add(shop, "小雅"))


@pytest.fixture
def wang(shop: Shop) -> int:
    """Somebody with two numbers."""
    numbers = (PhoneDraft(NUMBER), PhoneDraft("057187654321", label="家"))
    return customers.add(
        shop, CustomerDraft("王建国", phones=numbers, note=f"wife: {NUMBER}", tags=(NUMBER,))
    )


def numbers_of(shop: Shop, customer_id: int) -> list[tuple[str, str]]:
    return [(phone.number, phone.label) for phone in customers.phones(shop, customer_id)]


def test_one_number_is_shown_to_who_may_see_it(shop: Shop, clerk: Shop) -> None:
    assert masks.shown(shop, NUMBER) == "138 0571 8866"
    assert masks.shown(clerk, NUMBER) == HIDDEN
    assert masks.shown(clerk, "") == ""
    assert masks.in_text(shop, f"call {NUMBER}") == f"call {NUMBER}"
    assert masks.in_text(clerk, f"call {NUMBER}") == f"call {HIDDEN}"


@dataclass(frozen=True)
class Seen:
    name: str
    phone: str
    imei: str
    why: tuple[str, ...]
    more: Mapping[str, object]
    filter: str = ""


@dataclass
class Work:
    text: str


class Sentence(str):
    """A sentence of a kind of its own."""


class Pair(NamedTuple):
    place: str
    words: str


def test_every_kind_of_answer_is_veiled(clerk: Shop) -> None:
    seen = Seen(
        "87654321", "87654321 / 13805718866", "138057188661234", (NUMBER, "x"), {"phones": ["87654321"]}
    )
    assert masks.veil(clerk, seen) == Seen(
        "******21", "******21 / 138****8866", "138057188661234", (HIDDEN, "x"), {"phones": ["******21"]}
    )
    assert masks.veil(clerk, Pair("phone", "87654321")) == Pair("phone", "******21")
    assert masks.veil(clerk, Pair("words", "87654321")) == Pair("words", "87654321")
    assert masks.veil(clerk, {NUMBER: 1}) == {HIDDEN: 1}
    assert masks.veil(clerk, MappingProxyType({"a": NUMBER})) == {"a": HIDDEN}
    assert masks.veil(clerk, frozenset({NUMBER})) == {HIDDEN}
    assert masks.veil(clerk, (1, 2, None)) == (1, 2, None)
    assert str(masks.veil(clerk, phones.PhoneNotUnderstood(f"no {NUMBER}"))) == f"no {HIDDEN}"
    assert masks.veil(clerk, Phone(1, 1, "87654321")).number == "******21"


def test_a_sentence_of_its_own_kind_stays_one(clerk: Shop) -> None:
    for words in ("nothing to hide here", f"{NUMBER} was saved"):
        found = masks.veil(clerk, Sentence(words))
        assert isinstance(found, Sentence)
        assert NUMBER not in found


def test_what_is_worked_with_or_was_asked_stays(clerk: Shop) -> None:
    work, asked = Work(NUMBER), Filter((Condition("phone", "has", NUMBER),))
    assert masks.veil(clerk, work) is work
    assert work.text == NUMBER
    assert masks.veil(clerk, asked) is asked
    assert masks.veil(clerk, search.find(clerk, NUMBER)).query == NUMBER
    same = Seen("王", "", "", (), {})
    assert masks.veil(clerk, same) is same, "nothing to hide, nothing is copied"


def test_the_owner_gets_every_answer_as_it_is(shop: Shop, wang: int) -> None:
    found = customers.draft_of(shop, wang)
    assert masks.veil(shop, found) is found


def test_who_is_found_by_a_whole_number_or_its_end_is_found_by_a_clerk_too(clerk: Shop, wang: int) -> None:
    for typed in (NUMBER, "8866", "138 0571 8866"):
        (hit,) = masks.veil(clerk, search.find(clerk, typed)).hits
        assert hit.customer_id == wang
        assert hit.phones == (HIDDEN, "057*****4321")
    (reason,) = masks.veil(clerk, search.find(clerk, "8866")).hits[0].reasons
    assert HIDDEN[reason.start : reason.start + reason.size] == "8866", "what is marked is the same"


# ---------------------------------------------------------------- coming back


def test_a_card_saved_with_hidden_numbers_keeps_them(shop: Shop, clerk: Shop, wang: int) -> None:
    draft = masks.veil(clerk, customers.draft_of(clerk, wang))
    assert draft.phones[0].number == HIDDEN
    assert draft.note == f"wife: {HIDDEN}"
    assert draft.tags == (HIDDEN,)
    steps = len(history.steps(shop))
    customers.save(clerk, wang, draft)
    assert len(history.steps(shop)) == steps, "nothing was changed"
    customers.save(clerk, wang, replace(draft, note=f"{draft.note}, evenings", region="西湖"))
    kept = customers.draft_of(shop, wang)
    assert numbers_of(shop, wang) == [(NUMBER, ""), ("057187654321", "家")]
    assert (kept.note, kept.region, kept.tags) == (f"wife: {NUMBER}, evenings", "西湖", (NUMBER,))
    history.undo(clerk)
    assert customers.draft_of(shop, wang).note == f"wife: {NUMBER}"
    history.redo(clerk)
    assert customers.draft_of(shop, wang).note == f"wife: {NUMBER}, evenings"


def test_as_it_is_typed_in_a_line(shop: Shop, clerk: Shop, wang: int) -> None:
    customers.set_phones(clerk, wang, phones.parse("138****8866 office, 139 0000 1111, 057*****4321 家"))
    assert numbers_of(shop, wang) == [(NUMBER, "office"), ("13900001111", ""), ("057187654321", "家")]
    assert [phone.kind for phone in customers.phones(shop, wang)] == ["mobile", "mobile", "landline"]


def test_single_numbers_are_changed_by_how_they_look(shop: Shop, clerk: Shop, wang: int) -> None:
    customer_phones.edit(clerk, wang, HIDDEN, PhoneDraft(HIDDEN, label="office"))
    customer_phones.make_primary(clerk, wang, "057*****4321")
    assert numbers_of(shop, wang) == [("057187654321", "家"), (NUMBER, "office")]
    customer_phones.edit(clerk, wang, "057*****4321", PhoneDraft("057187654322"))
    customer_phones.remove(clerk, wang, HIDDEN)
    assert numbers_of(shop, wang) == [("057187654322", "")]
    labels = " ".join(step.change.label for step in history.steps(shop))
    assert NUMBER not in labels, "labels stay for years and hide numbers from everybody"
    assert HIDDEN in labels
    history.undo(clerk)
    assert (NUMBER, "office") in numbers_of(shop, wang)


def test_a_note_that_lost_one_of_two_numbers_that_look_alike_is_refused(shop: Shop, clerk: Shop) -> None:
    whole = f"son {NUMBER}, wife 13899998866"
    mei = customers.add(shop, CustomerDraft("李梅", note=whole, tags=(f"a {NUMBER}", "b 13899998866")))
    seen = masks.veil(clerk, customers.get(clerk, mei)).note
    with pytest.raises(PhoneHidden, match="Nothing was saved"):
        customers.edit(clerk, mei, note=seen.partition(", ")[2])
    customers.edit(clerk, mei, note=f"{seen}!")
    assert customers.get(shop, mei).note == f"{whole}!"
    customers.set_tags(clerk, mei, (f"a {HIDDEN}", f"b {HIDDEN}", "new"))
    assert set(customers.tags(shop, mei)) == {f"a {NUMBER}", "b 13899998866", "new"}
    with pytest.raises(PhoneHidden):
        customers.set_tags(clerk, mei, (f"b {HIDDEN}",))
    history.undo(clerk)
    history.undo(clerk)
    assert customers.get(shop, mei).note == whole
    history.redo(clerk)
    assert customers.get(shop, mei).note == f"{whole}!"


def test_a_number_in_a_view_of_others_is_hidden_and_still_finds(shop: Shop, clerk: Shop, wang: int) -> None:
    wanted = Filter((Condition("phone", "contains", (NUMBER,)),))
    view = views.get(clerk, views.add(shop, f"of {NUMBER}", wanted))
    seen = masks.veil(clerk, view)
    assert seen.name == f"of {HIDDEN}"
    held = views.filter_of(seen)
    assert list(who.ids(clerk, held)) == [wang]
    words = [who.condition_words(clerk, held.conditions[0]), who.sentence(clerk, held)]
    assert masks.veil(clerk, words) == [f"Phone number contains “{HIDDEN}”"] * 2


def test_a_hidden_number_that_cannot_be_told_is_refused(shop: Shop, clerk: Shop, wang: int) -> None:
    with pytest.raises(PhoneHidden, match=r"139\*\*\*\*0000"):
        customers.set_phones(clerk, wang, [PhoneDraft("139****0000")])
    with pytest.raises(PhoneHidden):
        customers.add(clerk, CustomerDraft("李", phones=(PhoneDraft(HIDDEN),)))
    with pytest.raises(PhoneHidden):
        customer_phones.add(clerk, wang, PhoneDraft(HIDDEN))
    customers.set_phones(shop, wang, [PhoneDraft(NUMBER), PhoneDraft("13811118866")])
    with pytest.raises(PhoneHidden):
        customer_phones.remove(clerk, wang, HIDDEN)
    assert numbers_of(shop, wang) == [(NUMBER, ""), ("13811118866", "")]
    with pytest.raises(customer_phones.PhoneMissing):
        customer_phones.remove(clerk, wang, "13900000000")


def test_mending_keeps_what_is_hidden(shop: Shop, clerk: Shop, wang: int) -> None:
    quality.mend(clerk, wang, {}, phones.parse("138****8866, 057187654329"))
    assert numbers_of(shop, wang) == [(NUMBER, ""), ("057187654329", "")]


def test_a_note_that_was_shown_hidden_keeps_its_number(shop: Shop, clerk: Shop, wang: int) -> None:
    note_id = notes.add(shop, wang, f"brother {NUMBER}")
    shown = masks.veil(clerk, clerk.db.get(Note, note_id))
    assert shown is not None
    assert shown.text == f"brother {HIDDEN}"
    notes.edit(clerk, note_id, f"{shown.text}, speaks English")
    stored = shop.db.get(Note, note_id)
    assert stored is not None
    assert stored.text == f"brother {NUMBER}, speaks English"


# ---------------------------------------------------------------- a look at them


def test_a_look_at_a_number_is_noted(shop: Shop, clerk: Shop, wang: int) -> None:
    seen = masks.reveal(clerk, wang)
    assert [phone.number for phone in seen.phones] == [NUMBER, "057187654321"]
    assert masks.veil(clerk, seen) is seen
    (entry,) = shop.db.records(AuditEntry, "SELECT * FROM audit ORDER BY id DESC LIMIT 1")
    assert (entry.action, entry.customer_id, entry.staff_id) == ("reveal", wang, clerk.staff_id)
    assert NUMBER not in str(entry.details)


def test_who_sees_them_anyway_is_not_noted(shop: Shop, wang: int) -> None:
    before = shop.db.value("SELECT count(*) FROM audit")
    assert masks.reveal(shop, wang).name == "王建国"
    assert shop.db.value("SELECT count(*) FROM audit") == before
    with pytest.raises(customers.CustomerMissing):
        masks.reveal(shop, 999)
