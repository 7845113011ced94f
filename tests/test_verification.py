"""Asking whether a card is still right: when, and confirming it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from desktop_crm import customers, history, verification
from desktop_crm.customers import CustomerDraft
from desktop_crm.settings import VERIFY_MONTHS
from desktop_crm.shop import Shop


@pytest.mark.parametrize(
    ("verified", "since", "due"),
    [
        (None, "2025-11-21", True),
        (None, "2025-11-22", False),
        ("2025-11-21", "2019-01-01", True),
        ("2026-01-01", "2019-01-01", False),
        (None, None, False),  # an import that knows no beginning: since it was recorded
    ],
)
def test_a_card_is_asked_about_after_a_year(
    shop: Shop, verified: str | None, since: str | None, due: bool
) -> None:
    made = customers.get(shop, customers.add(shop, CustomerDraft("王建国")))
    card = replace(made, verified_day=verified, since_day=since)
    assert verification.is_due(shop, card) is due


def test_the_setting_says_how_long_and_can_switch_it_off(shop: Shop) -> None:
    card = customers.get(shop, customers.add(shop, CustomerDraft("王建国", since_day="2026-08-01")))
    assert not verification.is_due(shop, card)
    with shop.change("months", {"settings"}):
        shop.put(VERIFY_MONTHS, 3)
    assert verification.is_due(shop, card)
    assert not verification.is_due(shop, replace(card, deleted_at="2026-11-20T00:00:00Z"))
    with shop.change("months", {"settings"}):
        shop.put(VERIFY_MONTHS, 0)
    assert not verification.is_due(shop, card)


def test_confirming_is_undone_and_redone(shop: Shop) -> None:
    made = customers.add(shop, CustomerDraft("王建国", since_day="2019-08-01"))
    verification.confirm(shop, made)
    assert customers.get(shop, made).verified_day == "2026-11-21"
    assert verification.known_since(shop, customers.get(shop, made)) == date(2026, 11, 21)
    history.undo(shop)
    assert customers.get(shop, made).verified_day is None
    history.redo(shop)
    assert customers.get(shop, made).verified_day == "2026-11-21"
