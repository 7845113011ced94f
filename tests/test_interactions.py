"""Contacts: logged, and what follows from them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from desktop_crm import customers, followups, history, interactions, tiers
from desktop_crm.customers import CustomerDraft
from desktop_crm.records.followups import Followup
from desktop_crm.records.purchases import Purchase
from desktop_crm.shop import Shop


@pytest.fixture
def wang(shop: Shop) -> int:
    """A customer who bought two years ago and for whom a revisit is planned."""
    with shop.change("x", {"customers"}):
        made = customers.add_within(shop, CustomerDraft("王建国"))
        shop.db.insert(Purchase(0, "2024-11-30T02:00:00Z", "2024-11-30", 900_000, made))
        tiers.refresh_within(shop, made)
        shop.db.insert(Followup(0, made, "tier_interval", "", "2026-12-01", "2026-12-01", ""))
    return made


def test_a_visit_is_logged_and_makes_the_planned_revisit_needless(shop: Shop, wang: int) -> None:
    interactions.log(shop, wang, "visit", "customer", " 看 iPhone 17\r\n比较颜色 ")
    contact = interactions.of_customer(shop, wang)[0]
    assert (contact.summary, contact.day, contact.reached) == ("看 iPhone 17\n比较颜色", "2026-11-21", True)
    assert followups.of_customer(shop, wang) == []
    tier = tiers.current(shop, wang)
    assert tier is not None
    assert tier.last_active_day == "2026-11-21"
    history.undo(shop)
    assert interactions.of_customer(shop, wang) == []
    assert len(followups.of_customer(shop, wang)) == 1
    history.redo(shop)
    assert len(interactions.of_customer(shop, wang)) == 1


def test_a_call_of_ours_that_nobody_took_changes_nothing_else(shop: Shop, wang: int) -> None:
    at = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)
    interactions.log(shop, wang, "call", "shop", "", reached=False, at=at)
    contact = interactions.of_customer(shop, wang)[0]
    assert (contact.at, contact.day, contact.reached) == ("2026-11-20T17:30:00Z", "2026-11-21", False)
    assert len(followups.of_customer(shop, wang)) == 1
    tier = tiers.current(shop, wang)
    assert tier is not None
    assert tier.last_active_day == "2024-11-30"


def test_no_contact_is_later_than_now_or_with_a_deleted_card(shop: Shop, wang: int) -> None:
    with pytest.raises(interactions.ContactInFuture, match="later than now"):
        interactions.log(shop, wang, "call", "shop", "", at=datetime(2026, 11, 22, tzinfo=UTC))
    customers.delete(shop, [wang])
    with pytest.raises(customers.CustomerMissing):
        interactions.log(shop, wang, "call", "shop", "")
    assert interactions.of_customer(shop, wang) == []


def test_every_channel_has_a_name() -> None:
    assert [interactions.channel_label(channel) for channel in interactions.CHANNELS] == [
        "Visit",
        "Call",
        "WeChat",
        "SMS",
        "E-mail",
        "Other contact",
    ]
