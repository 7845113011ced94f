"""Who is there twice: with which reasons and how sure, over the whole shop and while typing; families are links."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from desktop_crm import customers, devices, duplicates, history, relations
from desktop_crm.base.errors import Cancelled
from desktop_crm.customers import CustomerDraft, CustomerMissing
from desktop_crm.duplicate_rules import is_slip
from desktop_crm.duplicates import Findings
from desktop_crm.phones import PhoneDraft
from desktop_crm.shop import Shop


def person(shop: Shop, name: str = "王建国", *numbers: str, **fields: Any) -> int:  # fields of a draft
    """A card."""
    return customers.add(shop, CustomerDraft(name, tuple(map(PhoneDraft, numbers)), **fields))


def grouped(found: Findings) -> list[tuple[int, ...]]:
    """The ids of the groups."""
    return [group.ids for group in found.groups]


# ------------------------------------------------------------------------------------ the whole shop

PAIRS: list[tuple[str, tuple[Any, ...], tuple[Any, ...], str]] = [  # name, numbers and fields of two cards
    ("same number and name", ("王建国", "13800001111", {}), ("王建国", "13800001111", {}), "sure"),
    ("same number, names sound alike", ("张伟", "13800001111", {}), ("章伟", "13800001111", {}), "sure"),
    ("same number, a slip", ("陈伟", "13800001111", {}), ("程伟", "13800001111", {}), "probable"),
    ("same number, one without a name", ("", "13800001111", {}), ("王建国", "13800001111", {}), "probable"),
    (
        "same number, a surname with a title",
        ("王先生", "13800001111", {}),
        ("王建国", "13800001111", {}),
        "probable",
    ),
    (
        "same WeChat",
        ("王建国", "13800001111", {"wechat": "WJG"}),
        ("王建国", "13900002222", {"wechat": "wjg"}),
        "sure",
    ),
    (
        "one WeChat, two names",
        ("小雨点", "", {"wechat": "rain"}),
        ("张雨桐", "", {"wechat": "rain"}),
        "possible",
    ),
    ("same e-mail", ("王建国", "", {"email": "w@a.com"}), ("王建国", "", {"email": "W@A.com"}), "sure"),
    (
        "card no. written otherwise",
        ("王建国", "", {"card_no": "vip 1"}),
        ("王建国", "", {"card_no": "VIP1"}),
        "sure",
    ),
    (
        "same key of another program",
        ("王建国", "", {"external_id": "7"}),
        ("王建国", "", {"external_id": "7"}),
        "probable",
    ),
    (
        "same name and birthday",
        ("王建国", "", {"birthday": "1980-05-06"}),
        ("王建国", "", {"birthday": "1980-05-06"}),
        "sure",
    ),
    (
        "birthday, one without year",
        ("王建国", "", {"birthday": "1980-05-06"}),
        ("王建国", "", {"birthday": "--05-06"}),
        "probable",
    ),
    (
        "born on one day, names alike",
        ("陈伟", "", {"birthday": "1980-05-06"}),
        ("程伟", "", {"birthday": "1980-05-06"}),
        "possible",
    ),
    (
        "same name and address",
        ("王建国", "", {"address": "文三路12号"}),
        ("王建国", "", {"address": "文三路 12 号"}),
        "probable",
    ),
    (
        "a rare name in one district",
        ("王建国", "", {"region": "西湖区"}),
        ("王建国", "", {"region": "西湖区"}),
        "possible",
    ),
    ("one digit wrong", ("王建国", "13800001111", {}), ("王建国", "13800001119", {}), "probable"),
    ("two digits exchanged", ("王建国", "13800001211", {}), ("王建国", "13800002111", {}), "probable"),
]


@pytest.mark.parametrize(("why", "one", "other", "confidence"), PAIRS, ids=[case[0] for case in PAIRS])
def test_two_cards_of_one_person_are_found(
    shop: Shop, why: str, one: tuple[Any, ...], other: tuple[Any, ...], confidence: str
) -> None:
    ids = [
        person(shop, name, *([number] if number else ()), **fields) for name, number, fields in (one, other)
    ]
    found = duplicates.find(shop)
    assert [(group.ids, group.confidence) for group in found.groups] == [(tuple(ids), confidence)], why
    assert found.groups[0].reasons
    assert found.families == ()


STRANGERS: list[tuple[str, tuple[Any, ...], tuple[Any, ...]]] = [
    ("a name alone", ("王建国", "13800001111", {}), ("王建国", "13900002222", {})),
    (
        "another number in one district",
        ("王建国", "13800001111", {"region": "西湖区"}),
        ("王建国", "13900002222", {"region": "西湖区"}),
    ),
    (
        "another gender",
        ("王芳", "", {"region": "西湖区", "gender": "female"}),
        ("王芳", "", {"region": "西湖区", "gender": "male"}),
    ),
    (
        "a person and a company",
        ("王建国", "", {"region": "西湖区"}),
        ("王建国", "", {"region": "西湖区", "kind": "company"}),
    ),
    (
        "a lunar and a solar day",
        ("王建国", "", {"birthday": "1980-05-06"}),
        ("王建国", "", {"birthday": "1980-05-06", "birthday_lunar": True}),
    ),
    ("two names and nothing else", ("王建国", "", {}), ("李芳", "", {})),
    (
        "one house, two surnames",
        ("王建国", "", {"address": "文三路12号"}),
        ("李芳", "", {"address": "文三路12号"}),
    ),
    ("one street, no number", ("王建国", "", {"address": "文三路口"}), ("王芳", "", {"address": "文三路口"})),
]


@pytest.mark.parametrize(("why", "one", "other"), STRANGERS, ids=[case[0] for case in STRANGERS])
def test_strangers_are_left_alone(shop: Shop, why: str, one: tuple[Any, ...], other: tuple[Any, ...]) -> None:
    for name, number, fields in (one, other):
        person(shop, name, *([number] if number else ()), **fields)
    found = duplicates.find(shop)
    assert (found.groups, found.families, found.cards) == ((), (), 2), why


def test_a_contradiction_leaves_it_possible_at_most(shop: Shop) -> None:
    for birthday in ("1980-05-06", "1991-02-03"):
        person(shop, "王建国", "13800001111", birthday=birthday)
    assert [group.confidence for group in duplicates.find(shop).groups] == ["possible"]


@pytest.mark.parametrize("written", ["1980-05-09", "1980-06-05"])
def test_a_birthday_with_one_slip_does_not_contradict(shop: Shop, written: str) -> None:
    for birthday in ("1980-05-06", written):
        person(shop, "王建国", "13800001111", birthday=birthday)
    assert [group.confidence for group in duplicates.find(shop).groups] == ["sure"]


def test_a_number_used_as_wechat_id_is_one_sign(shop: Shop) -> None:
    for name in ("王建国", "李芳"):
        person(shop, name, "13800001111", wechat="13800001111")
    found = duplicates.find(shop)
    assert (found.groups, len(found.families)) == ((), 1)


def test_a_device_is_a_sign_only_with_the_name(shop: Shop) -> None:
    one, other, buyer = person(shop), person(shop), person(shop, "李芳")
    for owner in (one, other, buyer):
        devices.add(shop, owner, "iPhone 17", imei="356789012345671")
    found = duplicates.find(shop)
    assert grouped(found) == [(one, other)]
    assert "same IMEI …345671" in [reason.words for reason in found.groups[0].reasons]


def test_serials_and_models_count_too(shop: Shop) -> None:
    one, other = person(shop, "王建国", region="西湖区"), person(shop, "王建国", region="西湖区")
    for owner in (one, other):
        devices.add(shop, owner, "iPhone 17", serial="F2LXK12345")
    kinds = {reason.kind for reason in duplicates.find(shop).groups[0].reasons}
    assert {"imei", "region", "name"} <= kinds
    third, fourth = person(shop, "钱多多", region="西湖区"), person(shop, "钱多多", region="西湖区")
    for owner in (third, fourth):
        devices.add(shop, owner, "Mate 70")
    kinds = {reason.kind for reason in duplicates.find(shop).groups[1].reasons}
    assert kinds == {"name", "region", "device"}


def test_connected_cards_are_one_group(shop: Shop) -> None:
    ids = (
        person(shop, "王建国", "13800001111"),
        person(shop, "王建国", "13800001111", "13900002222"),
        person(shop, "王健国", "13900002222"),
    )
    found = duplicates.find(shop)
    assert grouped(found) == [ids]
    assert len(found.groups[0].pairs) == 2


def test_a_chain_does_not_make_one_person_of_strangers(shop: Shop) -> None:
    man, nobody, woman = (person(shop, name, "13800001111") for name in ("王建国", "王先生", "王芳"))
    found = duplicates.find(shop)
    assert grouped(found) == [(man, nobody)]
    assert [(each.customer.id, each.other.id) for each in found.families] == [(man, woman)]


def test_a_number_on_very_many_cards_is_a_finding_and_no_key(shop: Shop) -> None:
    with shop.change("rows", {"customers"}):
        for number in range(40):
            customers.add_within(
                shop, CustomerDraft(f"客户甲{chr(0x4E00 + number)}", (PhoneDraft("057188886666"),))
            )
    found = duplicates.find(shop)
    assert (found.groups, found.families) == ((), ())
    assert [(each.kind, each.value, each.cards) for each in found.shared] == [("phone", "057188886666", 40)]


def test_a_number_of_many_names_is_no_key_either(shop: Shop) -> None:
    for name in ("赵一", "钱二", "孙三", "李四", "周五", "吴六", "郑七", "王八", "冯九", "冯九"):
        person(shop, name, "13800001111", wechat="shopchat")
    found = duplicates.find(shop)
    assert grouped(found) == []
    assert {each.kind for each in found.shared} == {"phone", "wechat"}


FAMILIES: list[tuple[str, tuple[Any, ...], tuple[Any, ...], str, bool]] = [
    ("same surname", ("王建国", "13800001111", {}), ("王芳", "13800001111", {}), "relative", False),
    (
        "a generation apart",
        ("王芳", "13800001111", {"birthday": "2001-01-01"}),
        ("王建国", "13800001111", {"birthday": "1970-01-01"}),
        "parent",
        True,
    ),
    (
        "brothers by age",
        ("王建国", "13800001111", {"birthday": "1972-01-01"}),
        ("王建华", "13800001111", {"birthday": "1970-01-01"}),
        "sibling",
        False,
    ),
    (
        "two surnames, one number",
        ("王建国", "13800001111", {"gender": "male"}),
        ("李芳", "13800001111", {"gender": "female"}),
        "spouse",
        False,
    ),
    (
        "two men, one number",
        ("王建国", "13800001111", {"gender": "male"}),
        ("李伟", "13800001111", {"gender": "male"}),
        "friend",
        False,
    ),
    (
        "a firm's number",
        ("星河公司", "13800001111", {"kind": "company"}),
        ("李伟", "13800001111", {}),
        "colleague",
        False,
    ),
    (
        "one house, one surname",
        ("王建国", "", {"address": "文三路12号"}),
        ("王芳", "", {"address": "文三路12号"}),
        "relative",
        False,
    ),
    (
        "one door, two generations",
        ("王芳", "", {"address": "文三路12号3幢501", "birthday": "2001-01-01"}),
        ("李玉兰", "", {"address": "文三路12号3幢501", "birthday": "1970-01-01"}),
        "parent",
        True,
    ),
]


@pytest.mark.parametrize(
    ("why", "one", "other", "kind", "turned"), FAMILIES, ids=[case[0] for case in FAMILIES]
)
def test_families_are_proposed_as_links(
    shop: Shop, why: str, one: tuple[Any, ...], other: tuple[Any, ...], kind: str, turned: bool
) -> None:
    first, second = (
        person(shop, name, *([number] if number else ()), **fields) for name, number, fields in (one, other)
    )
    found = duplicates.find(shop)
    assert found.groups == ()
    (family,) = found.families
    ids = (second, first) if turned else (first, second)
    assert (family.link.kind, family.link.customer_id, family.link.other_id) == (kind, *ids), why
    assert (family.customer.id, family.other.id) == ids


def test_what_somebody_decided_is_not_proposed_again(shop: Shop) -> None:
    one, other = person(shop, "王建国", "13800001111"), person(shop, "王建国", "13800001111")
    wife = person(shop, "李芳", "13800001111")
    assert len(duplicates.find(shop).families) == 2
    duplicates.keep_apart(shop, [one, other])
    relations.add(shop, one, wife, "spouse")
    found = duplicates.find(shop)
    assert grouped(found) == []
    assert [(each.customer.id, each.other.id) for each in found.families] == [(other, wife)]
    history.undo(shop)
    history.undo(shop)
    assert grouped(duplicates.find(shop)) == [(one, other)]
    history.redo(shop)
    assert grouped(duplicates.find(shop)) == []


def test_two_people_stay_two_in_a_group_of_others(shop: Shop) -> None:
    ids = [person(shop, "王建国", "13800001111") for _turn in range(3)]
    duplicates.keep_apart(shop, ids[:2])
    assert grouped(duplicates.find(shop)) == [(ids[0], ids[2])]


def test_deleted_and_merged_cards_are_not_looked_at(shop: Shop) -> None:
    ids = [person(shop, "王建国", "13800001111") for _turn in range(2)]
    customers.delete(shop, ids[:1])
    assert duplicates.find(shop) == Findings(cards=1)


def test_the_surest_come_first_and_the_answer_is_the_same_each_time(sample_shop: Shop) -> None:
    with sample_shop.change("rows", {"customers"}):
        for customer in sample_shop.db.rows("SELECT id, name FROM customers ORDER BY id LIMIT 20"):
            number = sample_shop.db.value("SELECT number FROM phones WHERE customer_id = ?", customer[:1])
            name = customer[1] if customer[0] % 2 else ""
            customers.add_within(sample_shop, CustomerDraft(name, (PhoneDraft(number),) if number else ()))
    found = duplicates.find(sample_shop)
    assert len(found.groups) >= 10
    order = [("sure", "probable", "possible").index(group.confidence) for group in found.groups]
    assert all(first <= second for first, second in pairwise(order))
    assert duplicates.find(sample_shop) == found


def test_it_tells_how_far_it_is_and_stops_when_told(shop: Shop) -> None:
    class Watch:
        def __init__(self, stop_at: int) -> None:
            self.seen: list[int] = []
            self.stop_at = stop_at

        def report(self, done: int, total: int, text: str = "") -> None:
            self.seen.append(done)
            if done == self.stop_at:
                raise Cancelled

    patient = Watch(99)
    duplicates.find(shop, patient)
    assert patient.seen == sorted(patient.seen)
    assert patient.seen[-1] == 10
    with pytest.raises(Cancelled):
        duplicates.find(shop, Watch(8))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("13800001111", "13800001111", False),
        ("13800001111", "13800001112", True),
        ("13800001211", "13800002111", True),
        ("13800001111", "13800001122", False),
        ("13800001111", "1380000111", False),
        ("13800001111", "13900001112", False),
    ],
)
def test_a_slip_is_one_digit_or_two_exchanged(one: str, other: str, expected: bool) -> None:
    assert is_slip(one, other) is expected


# ------------------------------------------------------------------------------------ while typing


def test_a_number_being_typed_says_whose_it_is(shop: Shop) -> None:
    known = person(shop, "李芳", "13800001111")
    (found,) = duplicates.similar(shop, CustomerDraft("王建国", (PhoneDraft("138 0000 1111"),)))
    assert (found.customer_id, found.strong, found.confidence) == (known, True, "possible")
    assert found.words() == "same phone 138 0000 1111"


@pytest.mark.parametrize(
    ("typed", "strong"),
    [
        ({"wechat": "WJG"}, True),
        ({"card_no": "a1"}, True),
        ({"name": "王建国", "region": "西湖区"}, False),
        ({"name": "王健国", "birthday": "1980-05-06"}, False),
        ({"name": "王建国", "address": "文三路12号"}, False),
    ],
)
def test_other_signs_are_seen_while_typing(shop: Shop, typed: dict[str, str], strong: bool) -> None:
    known = person(
        shop,
        "王建国",
        wechat="wjg",
        card_no="A1",
        birthday="1980-05-06",
        region="西湖区",
        address="文三路12号",
    )
    draft = CustomerDraft(**{"region": "西湖区", **typed}) if "address" in typed else CustomerDraft(**typed)  # type: ignore[arg-type]
    (found,) = duplicates.similar(shop, draft)
    assert (found.customer_id, found.strong) == (known, strong)


def test_an_imei_being_typed_says_whose_it_is(shop: Shop) -> None:
    known = person(shop, "李芳")
    devices.add(shop, known, "iPhone 17", imei="356789012345671")
    other = person(shop, "王建国")
    draft = customers.draft_of(shop, other)
    (found,) = duplicates.similar(shop, draft, imeis=["356789012345671", ""], own_id=other)
    assert (found.customer_id, found.strong) == (known, True)


def test_a_name_alone_warns_nobody(shop: Shop) -> None:
    person(shop, "王建国", "13800001111")
    assert duplicates.similar(shop, CustomerDraft("王建国")) == []
    assert duplicates.similar(shop, CustomerDraft("")) == []


def test_a_card_is_not_like_itself_nor_like_those_kept_apart(shop: Shop) -> None:
    one, other = person(shop, "王建国", "13800001111"), person(shop, "王建国", "13800001111")
    draft = customers.draft_of(shop, one)
    assert [like.customer_id for like in duplicates.similar(shop, draft, own_id=one)] == [other]
    duplicates.keep_apart(shop, [one, other])
    assert duplicates.similar(shop, draft, own_id=one) == []


def test_the_surest_is_shown_first_and_no_more_than_asked(shop: Shop) -> None:
    person(shop, "李芳", "13800001111")
    best = person(shop, "王建国", "13800001111")
    for _turn in range(4):
        person(shop, "赵六", "13800001111")
    found = duplicates.similar(shop, CustomerDraft("王建国", (PhoneDraft("13800001111"),)), limit=3)
    assert len(found) == 3
    assert found[0].customer_id == best


def test_a_card_is_added_beside_others_and_they_are_remembered_as_two(shop: Shop) -> None:
    old = person(shop, "王建国", "13800001111")
    draft = CustomerDraft("王建国", (PhoneDraft("13800001111"),))
    new = duplicates.add_apart(shop, draft, [old])
    assert grouped(duplicates.find(shop)) == []
    history.undo(shop)
    assert customers.count(shop) == 1
    assert shop.db.rows("SELECT * FROM distinct_pairs") == []
    history.redo(shop)
    assert shop.db.rows("SELECT first_id, second_id FROM distinct_pairs") == [(old, new)]


def test_keeping_apart_needs_two_cards_that_are_there(shop: Shop) -> None:
    one = person(shop)
    duplicates.keep_apart(shop, [one, one])
    assert shop.db.rows("SELECT * FROM distinct_pairs") == []
    with pytest.raises(CustomerMissing):
        duplicates.keep_apart(shop, [one, 99])
