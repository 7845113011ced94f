"""Families and friends: stored once, told from either side; done, undone, redone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_crm import customers, history, recycle_bin, relations
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.relations import Side
from desktop_crm.shop import Shop


@pytest.fixture
def family(shop: Shop) -> dict[str, int]:
    """王建国, 李芳 and 小宇."""
    return {
        "wang": customers.add(shop, CustomerDraft("王建国", (PhoneDraft("13805718866"),), gender="male")),
        "fang": customers.add(shop, CustomerDraft("李芳", gender="female")),
        "yu": customers.add(shop, CustomerDraft("小宇")),
    }


def told(shop: Shop, customer_id: int) -> list[tuple[str, str]]:
    return [(each.words, each.other.name) for each in relations.of_customer(shop, customer_id)]


def test_a_link_is_told_from_either_side(shop: Shop, family: dict[str, int]) -> None:
    relations.add(shop, family["fang"], family["wang"], "spouse")
    relations.add(shop, family["yu"], family["wang"], "child")
    relations.add(shop, family["fang"], family["yu"], "parent", "亲生")
    relations.add(shop, family["wang"], family["fang"], "pays_for")
    assert told(shop, family["wang"]) == [("Wife", "李芳"), ("Child", "小宇"), ("They pay for", "李芳")]
    assert told(shop, family["fang"]) == [
        ("Husband", "王建国"),
        ("Child", "小宇"),
        ("Pays for them", "王建国"),
    ]
    assert told(shop, family["yu"]) == [("Father", "王建国"), ("Mother", "李芳")]
    of_yu = relations.of_customer(shop, family["yu"])
    assert [(each.phone, each.tier, each.relation.note) for each in of_yu] == [
        ("13805718866", "prospect", ""),
        ("", "prospect", "亲生"),
    ]


def test_linking_and_removing_are_undone_and_redone(shop: Shop, family: dict[str, int]) -> None:
    made = relations.add(shop, family["fang"], family["wang"], "spouse")
    history.undo(shop)
    assert told(shop, family["wang"]) == []
    history.redo(shop)
    assert told(shop, family["wang"]) == [("Wife", "李芳")]
    relations.remove(shop, made)
    assert told(shop, family["fang"]) == []
    history.undo(shop)
    assert told(shop, family["fang"]) == [("Husband", "王建国")]
    history.redo(shop)
    assert told(shop, family["fang"]) == []


def test_a_deleted_card_is_left_out_until_it_is_back(shop: Shop, family: dict[str, int]) -> None:
    relations.add(shop, family["fang"], family["wang"], "spouse")
    customers.delete(shop, [family["fang"]])
    assert told(shop, family["wang"]) == []
    recycle_bin.restore(shop, [family["fang"]])
    assert told(shop, family["wang"]) == [("Wife", "李芳")]


@pytest.mark.parametrize(("first", "again"), [("spouse", "spouse"), ("parent", "child"), ("child", "child")])
def test_the_same_link_twice_is_refused(shop: Shop, family: dict[str, int], first: Side, again: Side) -> None:
    relations.add(shop, family["fang"], family["wang"], first)
    with pytest.raises(relations.RelationKnown, match="linked like this already"):
        relations.add(shop, family["wang"], family["fang"], again)
    assert len(told(shop, family["wang"])) == 1


def test_a_card_is_not_linked_with_itself_nor_with_nobody(shop: Shop, family: dict[str, int]) -> None:
    with pytest.raises(relations.RelationToSelf, match="the same card"):
        relations.add(shop, family["wang"], family["wang"], "friend")
    with pytest.raises(customers.CustomerMissing):
        relations.add(shop, family["wang"], 99, "friend")
    with pytest.raises(relations.RelationMissing, match="not there any more"):
        relations.remove(shop, 99)


@given(st.sampled_from(list(relations.KINDS)))
def test_the_other_side_of_the_other_side_is_the_side(side: Side) -> None:
    assert relations.other_side(relations.other_side(side)) == side
    assert relations.words(side) != ""
    assert relations.words(side, "female") != ""
