"""Points: a ledger whose sum is what a customer has; corrected, undone and redone."""

from __future__ import annotations

import pytest

from desktop_crm import customers, history, points
from desktop_crm.customers import CustomerMissing
from desktop_crm.points import PointsWrong
from desktop_crm.records.points import PointEntry
from desktop_crm.shop import Shop
from tests.contact_builders import add_customer, add_staff


def test_points_are_set_by_an_entry_over_what_is_missing(shop: Shop) -> None:
    who, clerk = add_customer(shop), add_staff(shop)
    assert points.total(shop, who) is None
    at_counter = shop.at_counter(clerk)
    points.put(at_counter, who, 100, " 开卡 送 ")
    points.put(at_counter, who, 40)
    assert points.put(at_counter, who, 40) == 40
    assert [(line.entry.points, line.entry.note, line.after) for line in points.ledger(shop, who)] == [
        (-60, "", 40),
        (100, "开卡 送", 100),
    ]
    entry = points.ledger(shop, who)[0].entry
    assert (entry.kind, entry.day, entry.staff_id, points.label(entry)) == (
        "correction",
        "2026-11-21",
        clerk,
        "Correction",
    )
    history.undo(at_counter)
    assert points.total(shop, who) == 100
    history.redo(at_counter)
    assert points.total(shop, who) == 40


@pytest.mark.parametrize("wanted", [-1, 10**12])
def test_what_cannot_be_is_refused(shop: Shop, wanted: int) -> None:
    who = add_customer(shop)
    with pytest.raises(PointsWrong):
        points.put(shop, who, wanted)
    assert points.total(shop, who) is None


def test_a_deleted_card_takes_none(shop: Shop) -> None:
    who = add_customer(shop)
    customers.delete(shop, [who])
    with pytest.raises(CustomerMissing):
        points.put(shop, who, 1)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("1700", 1_700), (" 1,700 分", 1_700), ("+50", 150), ("＋50", 150), ("-20", 80), ("−20", 80), ("0", 0),
     ("-200", -100), ("", None), ("many", None), ("1.5", None), ("1,7", None)],
)  # fmt: skip
def test_all_more_or_less_can_be_typed(typed: str, meant: int | None) -> None:
    assert points.wanted(typed, 100) == meant


@pytest.mark.parametrize(
    ("number", "words"), [(None, ""), (1, "1 point"), (1_638, "1,638 points"), (0, "0 points")]
)
def test_points_in_words(number: int | None, words: str) -> None:
    assert points.words(number) == words


def test_entries_are_in_the_order_of_their_time(shop: Shop) -> None:
    who = add_customer(shop)
    with shop.change("x", {"points"}):
        for at, day, number in (
            ("2026-03-01T00:00:00Z", "2026-03-01", 5),
            ("2026-01-01T00:00:00Z", "2026-01-01", 7),
        ):
            shop.db.insert(PointEntry(0, who, at, day, number, "earned", None, ""))
    assert [line.after for line in points.ledger(shop, who)] == [12, 7]


def test_what_is_typed_is_booked_or_refused(shop: Shop) -> None:
    who = add_customer(shop)
    assert points.put_typed(shop, who, "100", "开卡") == 100
    assert points.put_typed(shop, who, "+50") == 150
    with pytest.raises(PointsWrong, match="Type how many"):
        points.put_typed(shop, who, "many")
    with pytest.raises(PointsWrong, match="below zero"):
        points.put_typed(shop, who, "-151")
    assert points.total(shop, who) == 150
