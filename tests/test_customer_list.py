"""The list of customers: every order both ways against a plain sort, pages from anywhere, conditions, selections."""

from __future__ import annotations

import random
from typing import Any

import pytest

from desktop_crm import custom_fields, customer_list, customers, history, openings, points, purchases
from desktop_crm.base.errors import Cancelled
from desktop_crm.base.pinyin import sort_key
from desktop_crm.customer_list import Clause, Listing, Selection
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.openings import Brought
from desktop_crm.purchase_drafts import LineDraft, SaleDraft
from desktop_crm.shop import Shop
from desktop_crm.store import customer_list as store

ORDERS = (*store.INDEXED, *store.WORKED_OUT)


def compared(shop: Shop, order: str, line: customer_list.CustomerLine) -> Any:  # texts and numbers
    """What an order compares of one row, said plainly."""
    return {
        "last_visit": line.last_visit_day,
        "contact": line.last_contact_day,
        "name": sort_key(line.name),
        "since": line.since_day,
        "spent": line.spent_fen,
        "tier": customer_list.TIER_RANKS[line.tier or "none"],
        "newest": line.id,
        "purchases": line.occasions,
        "phone": line.phone,
        "device": sort_key(line.device),
        "owner": sort_key(line.owner),
        "region": sort_key(line.region),
        "source": sort_key(line.source),
        "birthday": customer_list.next_birthday(line, shop.today()),
        "card_no": line.card_no,
        "points": "" if line.points is None else line.points,
        "brought": "" if line.brought_fen is None else line.brought_fen,
        "tags": sort_key(line.tags),
    }[order]


def expected(shop: Shop, order: str, descending: bool) -> list[int]:
    """The ids in an order by a plain sort of every row, those with nothing to compare last."""
    everybody = store.lines(shop.db, store.all_ids(shop.db, customer_list.EVERYBODY))
    known = [line for line in everybody if compared(shop, order, line) != ""]
    bare = [line.id for line in everybody if compared(shop, order, line) == ""]
    known.sort(key=lambda line: (compared(shop, order, line), line.id), reverse=descending)
    walked = order in store.WITH_BLANKS and descending
    return [line.id for line in known] + sorted(bare, reverse=walked)


def ids(lines: list[customer_list.CustomerLine]) -> list[int]:
    return [line.id for line in lines]


def test_what_came_along_is_seen_in_the_list_and_in_no_sum(shop: Shop) -> None:
    old, undated, own = (customers.add(shop, CustomerDraft(name=name)) for name in ("老甲", "老乙", "丙"))
    openings.put(shop, old, Brought(2_568_100, 12, "2021-11-11"))
    openings.put(shop, undated, Brought(100_000))
    openings.put(shop, own, Brought(500_000, last_day="2026-01-02"))
    purchases.record(shop, SaleDraft((LineDraft("膜", 3_000),), customer_id=own))
    seen = {line.id: line for line in customer_list.page(shop)}
    assert list(seen) == [own, old, undated]
    days = {who: (line.last_visit_day, line.last_contact_day) for who, line in seen.items()}
    assert days == {own: ("2026-11-21",) * 2, old: ("2021-11-11",) * 2, undated: ("", "")}
    assert [line.spent_fen for line in seen.values()] == [3_000, 0, 0]
    words = {who: customer_list.before_words(line) for who, line in seen.items()}
    assert words == {own: "Before ¥5,000", old: "Before ¥25,681", undated: "Before ¥1,000"}
    openings.remove(shop, old)
    (bare,) = customer_list.lines(shop, [old])
    assert (bare.last_visit_day, bare.last_contact_day, customer_list.before_words(bare)) == ("", "", "")
    history.undo(shop)
    (back,) = customer_list.lines(shop, [old])
    assert back.last_visit_day == "2021-11-11"
    history.redo(shop)
    (bare,) = customer_list.lines(shop, [old])
    assert bare.last_visit_day == ""


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("descending", [False, True])
def test_every_order_is_a_plain_sort_with_unknown_last(
    sample_shop: Shop, order: str, descending: bool
) -> None:
    for who in range(1, 20) if order in ("points", "brought") else ():
        points.put(sample_shop, who, who % 4)
        openings.put(sample_shop, who + 5, Brought(who * 100, last_day="2026-01-02"))
    listing = Listing.of(sample_shop, order=order)
    wanted = expected(sample_shop, order, descending)
    assert listing.total == len(wanted) == customers.count(sample_shop)
    assert ids(listing.page(sample_shop, 0, 10_000, order, descending)) == wanted


@pytest.mark.parametrize("order", ["last_visit", "contact", "name", "spent", "region"])
def test_pages_are_the_same_from_wherever_one_comes(sample_shop: Shop, order: str) -> None:
    rng = random.Random(order)
    for descending in (False, True):
        listing, wanted = Listing.of(sample_shop), expected(sample_shop, order, descending)
        for _turn in range(60):
            offset, limit = rng.randrange(len(wanted) + 5), rng.choice((1, 7, 40, 400))
            found = ids(listing.page(sample_shop, offset, limit, order, descending))
            assert found == wanted[offset : offset + limit]


def test_a_condition_narrows_the_list_and_its_count(sample_shop: Shop) -> None:
    clause = customer_list.tier_clause("high_value")
    listing = Listing.of(sample_shop, clause)
    wanted = [
        each
        for each in expected(sample_shop, "last_visit", True)
        if store.lines(sample_shop.db, [each])[0].tier == "high_value"
    ]
    assert ids(listing.page(sample_shop, 0, 1_000)) == wanted
    assert listing.total == len(wanted) == customer_list.counts(sample_shop)["high_value"]
    assert customer_list.count(sample_shop, clause) == len(wanted)
    assert customer_list.tier_clause("") == customer_list.EVERYBODY
    by_card = Clause("c.region = ?", ("西湖区",))
    assert customer_list.count(sample_shop, by_card) == len(customer_list.page(sample_shop, clause=by_card))
    assert {line.region for line in customer_list.page(sample_shop, clause=by_card)} == {"西湖区"}


def test_a_selection_is_some_or_everybody_but_some(sample_shop: Shop) -> None:
    everybody = sorted(expected(sample_shop, "newest", True))
    some, but = Selection(frozenset(everybody[3:5])), Selection(all_but=frozenset(everybody[1:]))
    assert customer_list.chosen(sample_shop, some) == everybody[3:5]
    assert customer_list.chosen(sample_shop, but) == everybody[:1]
    assert (some.count(len(everybody)), but.count(len(everybody))) == (2, 1)
    clause = customer_list.tier_clause("lost")
    lost = customer_list.chosen(sample_shop, Selection(all_but=frozenset()), clause)
    assert len(lost) == customer_list.count(sample_shop, clause) > 0
    listing = Listing.of(sample_shop)
    assert listing.ids(sample_shop, [(0, 2), (5, 1)]) == [
        *ids(listing.page(sample_shop, 0, 2)),
        *ids(listing.page(sample_shop, 5, 1)),
    ]


@pytest.fixture
def own_fields(shop: Shop) -> tuple[Shop, int, int, list[int]]:
    """Three cards, of whom two have a number and a text of the shop's own fields."""
    number = custom_fields.add(shop, "宝宝年龄", "number")
    text = custom_fields.add(shop, "车牌")
    made = [customers.add(shop, CustomerDraft(name)) for name in ("王建国", "李芳", "赵敏")]
    for customer_id, age, plate in ((made[0], "10", "浙B"), (made[1], "9", "沪A")):
        custom_fields.put(shop, customer_id, number, age)
        custom_fields.put(shop, customer_id, text, plate)
    return shop, number, text, made


def test_own_fields_sort_as_numbers_and_by_pinyin(own_fields: tuple[Shop, int, int, list[int]]) -> None:
    shop, number, text, (wang, li, zhao) = own_fields
    fields = {field.id: field for field in custom_fields.listing(shop)}
    by_age = customer_list.order_of_field(fields[number])
    by_plate = customer_list.order_of_field(fields[text])
    assert ids(customer_list.page(shop, by_age, descending=False)) == [li, wang, zhao]
    assert ids(customer_list.page(shop, by_age)) == [wang, li, zhao]
    assert ids(customer_list.page(shop, by_plate, descending=False)) == [li, wang, zhao], "hu before zhe"
    (line,) = customer_list.lines(shop, [wang])
    assert customer_list.own_values(line.own) == {str(number): "10", str(text): "浙B"}


def test_work_that_takes_long_says_how_far_it_is_and_can_be_stopped(
    sample_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "_LOOK_EVERY", 100)
    told: list[tuple[int, int]] = []
    Listing.of(sample_shop, order="device", tell=lambda done, total: told.append((done, total)))
    assert told[0][0] < told[-1][0] <= told[-1][1]

    def stop(_done: int, _total: int) -> None:
        raise Cancelled

    listing = Listing.of(sample_shop)
    with pytest.raises(Cancelled):
        listing.prepare(sample_shop, "device", stop)
    assert len(listing.page(sample_shop, 0, 5, "device")) == 5, "and the connection is as good as before"


def test_only_some_orders_are_kept(sample_shop: Shop) -> None:
    listing = Listing.of(sample_shop)
    for order in store.WORKED_OUT:
        listing.prepare(sample_shop, order)
    assert len(listing._sequences) == 4


def test_a_row_says_what_the_card_says(shop: Shop) -> None:
    made = customers.add(
        shop,
        CustomerDraft(
            "王建国",
            (PhoneDraft("13805718866"), PhoneDraft("13905718866")),
            tags=("苹果", "拍照"),
            birthday="--11-22",
            region="西湖区",
            card_no="V1",
        ),
    )
    customers.delete(shop, [customers.add(shop, CustomerDraft("走了"))])
    (line,) = customer_list.page(shop)
    assert (line.id, line.phone, line.tags, line.region, line.card_no) == (
        made,
        "13805718866",
        "拍照 · 苹果",
        "西湖区",
        "V1",
    )
    assert customer_list.next_birthday(line, shop.today()) == "2026-11-22"
    assert (line.tier, line.last_visit_day, line.occasions, line.spent_fen) == ("prospect", "", 0, 0)


def test_very_many_different_words_are_compared_as_they_are(
    sample_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "_MOST_WORDS", 1)
    found = customer_list.page(sample_shop, "region", descending=False, limit=1_000)
    known = [line.region for line in found if line.region]
    assert len(known) > 100
    assert known == sorted(known)


def test_a_failure_while_watching_stays_what_it_is(sample_shop: Shop) -> None:
    with pytest.raises(ZeroDivisionError), sample_shop.db.watched(lambda _steps: None, 100):
        raise ZeroDivisionError
