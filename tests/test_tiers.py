"""Tiers: both axes at their cut points, business dates, the run, the override, history, undo."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from desktop_crm import history, tiers
from desktop_crm.base.clock import FixedClock
from desktop_crm.records.tiers import CustomerTier
from desktop_crm.settings import ACTIVE_DAYS, HIGH_NET_FEN, HIGH_OCCASIONS, WINDOW_MONTHS
from desktop_crm.shop import Shop
from desktop_crm.store.tiers import Standing
from desktop_crm.tiers import Cuts, NoOverride, NoSuchCustomer, ReasonMissing
from tests.contact_builders import (
    add_contact,
    add_customer,
    add_refund,
    add_sale,
    change_customer,
)

DAY = date(2026, 11, 21)


def first(shop: Shop, as_of: date | None = None) -> int:
    """Judge everybody who was not judged yet."""
    with shop.change("first", {"tiers"}):
        return tiers.first_within(shop, as_of=as_of)


def refresh(shop: Shop, customer_id: int) -> str | None:
    """Judge one customer as a sale does."""
    with shop.change("sale", {"tiers"}):
        return tiers.refresh_within(shop, customer_id)


def tier_of(shop: Shop, customer_id: int) -> str:
    found = tiers.current(shop, customer_id)
    assert found is not None
    return found.tier


@pytest.mark.parametrize(
    ("occasions", "net_fen", "last", "tier", "value", "activity"),
    [
        (3, 0, "2026-11-20", "high_value", "high", "active"),
        (1, 800_000, "2026-11-20", "high_value", "high", "active"),
        (2, 799_999, "2026-11-20", "potential", "mid", "active"),
        (1, 300_000, "2026-11-20", "potential", "mid", "active"),
        (1, 299_999, "2026-11-20", "regular", "low", "active"),
        (3, 0, "2026-05-25", "high_value", "high", "active"),  # 180 days
        (3, 0, "2026-05-24", "high_value", "high", "dormant"),  # 181 days
        (3, 0, "2024-12-01", "high_value", "high", "dormant"),  # 720 days
        (3, 0, "2024-11-30", "lost", "high", "lost"),  # 721 days
        (0, 0, "2026-11-20", "regular", "low", "active"),
        (0, -5_000, "2023-01-01", "lost", "low", "lost"),
    ],
)
def test_the_cut_points_are_inclusive(
    occasions: int, net_fen: int, last: str, tier: str, value: str, activity: str
) -> None:
    found = tiers.judge(Standing(1, "A", 5, occasions, net_fen, last), DAY, Cuts())
    assert (found.tier, found.value, found.activity) == (tier, value, activity)


def test_who_never_bought_is_a_prospect_however_active() -> None:
    found = tiers.judge(Standing(1, "A", 0, 0, 0, "2026-11-21"), DAY, Cuts())
    assert (found.tier, found.activity) == ("prospect", "prospect")


@pytest.mark.parametrize(
    ("months", "start"), [(24, date(2024, 11, 22)), (1, date(2026, 10, 22)), (12, date(2025, 11, 22))]
)
def test_the_window_ends_with_the_day(months: int, start: date) -> None:
    assert tiers.window_start(DAY, months) == start


def test_sales_of_one_day_are_one_occasion_and_only_the_window_counts(shop: Shop) -> None:
    who = add_customer(shop)
    add_sale(shop, who, "2024-11-21", 900_000)  # the day before the window
    add_sale(shop, who, "2024-11-22", 100_000)
    add_sale(shop, who, "2026-10-30", 100_000)
    add_sale(shop, who, "2026-10-30", 38_000)
    first(shop)
    found = tiers.current(shop, who)
    assert found is not None
    assert (found.tier, found.occasions, found.net_fen, found.last_active_day) == (
        "potential",
        2,
        238_000,
        "2026-10-30",
    )
    assert tiers.present(shop, who).why == "2 purchases in 24 months, ¥2,380, last active 22 days ago"


def test_refunds_count_by_their_own_day_and_voids_from_theirs(shop: Shop) -> None:
    who = add_customer(shop)
    sale = add_sale(shop, who, "2026-09-10", 900_000)
    add_refund(shop, sale, "2026-11-15", 200_000)
    voided = add_sale(
        shop, who, "2026-09-20", 500_000, void_day="2026-11-10", voided_at="2026-11-10T02:00:00Z"
    )
    add_refund(shop, voided, "2026-10-01", 100)
    for day, occasions, net_fen in [
        (date(2026, 9, 9), 0, 0),
        (date(2026, 9, 10), 1, 900_000),
        (date(2026, 11, 9), 2, 1_399_900),
        (date(2026, 11, 10), 1, 900_000),
        (date(2026, 11, 15), 1, 700_000),
    ]:
        move = tiers.proposal(shop, day).changes[0]
        assert (move.after.occasions, move.after.net_fen) == (occasions, net_fen)


def test_contacts_the_customer_began_count_as_activity_and_our_calls_do_not(shop: Shop) -> None:
    who = add_customer(shop)
    add_sale(shop, who, "2025-06-01")
    add_contact(shop, who, "2026-11-01", "shop", channel="call")
    assert tiers.proposal(shop).changes[0].after.activity == "dormant"
    add_contact(shop, who, "2026-11-02", "customer", channel="wechat")
    after = tiers.proposal(shop).changes[0].after
    assert (after.activity, after.last_active_day) == ("active", "2026-11-02")


def test_deleted_and_later_cards_are_not_judged(shop: Shop) -> None:
    add_customer(shop, "gone", deleted_at="2026-11-01T00:00:00Z")
    keeper = add_customer(shop, "kept")
    add_customer(shop, "merged", merged_into=keeper)
    later = add_customer(shop, "later", since_day="2026-11-20")
    bought = add_customer(shop, "bought before", since_day="2026-11-20")
    add_sale(shop, bought, "2026-10-01")
    names = {move.name for move in tiers.proposal(shop, date(2026, 10, 31)).changes}
    assert names == {"kept", "bought before"}
    assert {m.customer_id for m in tiers.proposal(shop).changes} == {keeper, later, bought}


def test_the_words_say_why(shop: Shop) -> None:
    one = add_customer(shop, "one")
    add_sale(shop, one, "2026-11-21", 599_900)
    visitor = add_customer(shop, "visitor")
    add_contact(shop, visitor, "2026-11-21")
    yesterday = add_customer(shop, "yesterday")
    add_sale(shop, yesterday, "2026-11-20", 100)
    stranger = add_customer(shop, "not judged")
    with shop.change("first", {"tiers"}):
        assert tiers.first_within(shop, [one, visitor, yesterday, 999]) == 3
    assert tiers.present(shop, one).why == "1 purchase in 24 months, ¥5,999, last active today"
    assert tiers.present(shop, visitor).why == "No purchase yet"
    assert tiers.present(shop, yesterday).why == "1 purchase in 24 months, ¥1, last active 1 day ago"
    assert tiers.present(shop, stranger).why == "Not judged yet"
    assert (tiers.label("high_value"), tiers.label("")) == ("High value", "")
    assert tiers.activity_label("dormant") == "Dormant"


def test_a_quiet_customer_of_high_value_is_at_risk(shop: Shop, clock: FixedClock) -> None:
    who = add_customer(shop)
    add_sale(shop, who, "2026-01-01", 900_000)
    first(shop)
    found = tiers.present(shop, who)
    assert found.tier is not None
    assert (found.tier.tier, found.activity, found.at_risk) == ("high_value", "dormant", True)
    assert found.why.endswith("last active 324 days ago: at risk of leaving")
    clock.instant = datetime(2026, 2, 1, 2, tzinfo=UTC)
    assert not tiers.present(shop, who).at_risk


def test_the_reason_counts_as_of_today_and_says_what_the_next_run_does(shop: Shop, clock: FixedClock) -> None:
    who = add_customer(shop)
    add_sale(shop, who, "2024-12-01", 700_000)
    add_sale(shop, who, "2026-11-20", 600_000)
    first(shop)
    assert tiers.present(shop, who).why == "2 purchases in 24 months, ¥13,000, last active 1 day ago"
    clock.instant = datetime(2026, 12, 2, 2, tzinfo=UTC)
    assert tiers.present(shop, who).why == (
        "1 purchase in 24 months, ¥6,000, last active 12 days ago; the next re-tier run moves to Potential"
    )
    with shop.change("delete", {"customers"}):
        shop.db.execute("UPDATE customers SET deleted_at = ?", (shop.stamp(),))
    assert tiers.present(shop, who).why.startswith("2 purchases in 24 months, ¥13,000")


def test_first_tiers_are_made_once_with_their_history(shop: Shop) -> None:
    who = add_customer(shop)
    assert first(shop) == 1
    assert first(shop) == 0
    step = tiers.steps(shop, who)[0]
    assert (step.from_tier, step.to_tier, step.origin, step.day) == ("", "prospect", "first", "2026-11-21")
    assert step.reason == "No purchase yet"
    assert tiers.counts(shop) == {"high_value": 0, "potential": 0, "regular": 0, "lost": 0, "prospect": 1}


def test_many_named_customers_are_judged_by_ranges(shop: Shop) -> None:
    known = [add_customer(shop, f"n{number}") for number in range(3)]
    with shop.change("first", {"tiers"}):
        assert tiers.first_within(shop, [*known[:2], *range(1000, 1200)]) == 2
    assert tiers.current(shop, known[2]) is None
    assert tiers.counts(shop)["prospect"] == 3


def test_a_run_shows_its_changes_and_does_them_as_one_step(shop: Shop, clock: FixedClock) -> None:
    rises, falls, stays = (add_customer(shop, name) for name in ("rises", "falls", "stays"))
    add_sale(shop, rises, "2026-11-01", 100_000)
    add_sale(shop, falls, "2024-12-10", 100_000)
    add_sale(shop, stays, "2026-11-01", 100_000)
    first(shop)
    clock.instant = datetime(2027, 1, 10, 2, tzinfo=UTC)
    add_sale(shop, rises, "2027-01-09", 800_000)
    add_sale(shop, stays, "2027-01-09", 10_000)
    add_sale(shop, stays, "2027-01-09", 10_000)
    newcomer = add_customer(shop, "newcomer")

    shown = tiers.proposal(shop)
    assert [(m.name, m.from_tier, m.to_tier) for m in shown.changes] == [
        ("rises", "regular", "high_value"),
        ("stays", "regular", "potential"),
        ("falls", "regular", "lost"),
        ("newcomer", "", "prospect"),
    ]
    assert shown.changes[0].reason == "2 purchases in 24 months, ¥9,000, last active 1 day ago"
    assert shown.tiers == {"high_value": 1, "potential": 1, "regular": 0, "lost": 1, "prospect": 1}
    assert tiers.counts(shop)["regular"] == 3

    done = tiers.apply(shop, shown)
    assert (done.moved, done.left) == (4, 0)
    assert tiers.counts(shop) == shown.tiers
    assert tiers.steps(shop, rises)[0].origin == "retier"
    assert history.next_undo(shop).label == "Re-tier: 4 customers moved"  # type: ignore[union-attr]

    assert history.undo(shop, done.change_id).left == ()
    assert tiers.counts(shop)["regular"] == 3
    assert tiers.current(shop, newcomer) is None
    history.redo(shop)
    assert tiers.counts(shop) == shown.tiers
    assert tiers.proposal(shop).changes == ()


def test_a_run_leaves_what_changed_since_it_was_shown(shop: Shop) -> None:
    one, other = add_customer(shop, "one"), add_customer(shop, "other")
    shown = tiers.proposal(shop)
    tiers.override(shop, one, "high_value", "the owner's brother")
    done = tiers.apply(shop, shown)
    assert (done.moved, done.left) == (1, 1)
    assert (tier_of(shop, one), tier_of(shop, other)) == ("high_value", "prospect")


def test_figures_are_brought_up_to_date_where_the_tier_stays(shop: Shop) -> None:
    who = add_customer(shop)
    add_sale(shop, who, "2026-11-01", 100_000)
    first(shop)
    add_sale(shop, who, "2026-11-01", 50_000)
    shown = tiers.proposal(shop)
    assert shown.changes == ()
    assert len(shown.quiet) == 1
    assert tiers.apply(shop, shown).moved == 0
    assert tiers.current(shop, who) == CustomerTier(
        who, "regular", "regular", "low", "active", 1, 150_000, "2026-11-21", "2026-11-01"
    )


def test_a_sale_moves_up_at_once_and_other_falls_wait_for_the_run(shop: Shop) -> None:
    who = add_customer(shop)
    assert refresh(shop, who) == "prospect"
    assert refresh(shop, 999) is None
    sale = add_sale(shop, who, "2026-11-21", 900_000)
    assert refresh(shop, who) == "high_value"
    add_refund(shop, sale, "2026-11-21", 800_000)
    assert refresh(shop, who) == "high_value"
    waiting = tiers.current(shop, who)
    assert waiting is not None
    assert (waiting.derived, waiting.net_fen) == ("regular", 100_000)
    assert [m.to_tier for m in tiers.proposal(shop).changes] == ["regular"]
    with shop.change("void", {"purchases"}):
        shop.db.execute("UPDATE purchases SET void_day = '2026-11-21' WHERE id = ?", (sale,))
    assert refresh(shop, who) == "prospect"
    assert [s.to_tier for s in tiers.steps(shop, who)] == ["prospect", "high_value", "prospect"]


def test_a_lost_customer_who_buys_is_back_at_once(shop: Shop) -> None:
    who = add_customer(shop)
    add_sale(shop, who, "2023-01-01")
    first(shop)
    assert tier_of(shop, who) == "lost"
    add_sale(shop, who, "2026-11-21")
    assert refresh(shop, who) == "regular"


def test_an_override_needs_a_reason_and_stays_through_runs(shop: Shop) -> None:
    who = add_customer(shop)
    with pytest.raises(ReasonMissing, match="why this tier"):
        tiers.override(shop, who, "high_value", "  ")
    tiers.override(shop, who, "high_value", "brings the whole company")
    add_sale(shop, who, "2026-11-20", 10_000)
    assert refresh(shop, who) == "high_value"
    assert tiers.proposal(shop).changes == ()
    found = tiers.current(shop, who)
    assert found is not None
    assert (found.tier, found.derived, found.overridden) == ("high_value", "regular", True)
    assert tiers.present(shop, who).why == (
        "Set by hand: brings the whole company (1 purchase in 24 months, ¥100, last active 1 day ago)"
    )
    tiers.override(shop, who, "high_value", "another reason")
    tiers.remove_override(shop, who)
    assert tier_of(shop, who) == "regular"
    assert [s.origin for s in tiers.steps(shop, who)] == ["override_removed", "override", "override", "first"]
    with pytest.raises(NoOverride, match="王建国"):
        tiers.remove_override(shop, who)
    history.undo(shop)
    assert tier_of(shop, who) == "high_value"


def test_an_override_of_a_deleted_card_is_refused(shop: Shop) -> None:
    who = add_customer(shop)
    change_customer(shop, who, deleted_at="2026-11-01T00:00:00Z")
    for customer_id in (who, 999):
        with pytest.raises(NoSuchCustomer):
            tiers.override(shop, customer_id, "regular", "x")


def test_the_cut_points_are_settings(shop: Shop) -> None:
    who = add_customer(shop)
    add_sale(shop, who, "2026-05-01", 300_000)
    with shop.change("settings", {"settings"}):
        shop.put(HIGH_OCCASIONS, 9)
        shop.put(HIGH_NET_FEN, 250_000)
        shop.put(ACTIVE_DAYS, 30)
        shop.put(WINDOW_MONTHS, 12)
    after = tiers.proposal(shop).changes[0].after
    assert (after.tier, after.activity) == ("high_value", "dormant")
    with shop.change("settings", {"settings"}):
        shop.put(WINDOW_MONTHS, 6)
    assert tiers.proposal(shop).changes[0].after.tier == "regular"


def test_an_empty_shop_has_nobody_to_move(shop: Shop) -> None:
    assert tiers.proposal(shop).changes == ()


def test_new_customers_of_an_import_are_judged_at_once(shop: Shop) -> None:
    idle, buyer, guest = (add_customer(shop, name) for name in ("idle", "buyer", "guest"))
    gone = add_customer(shop, "gone", deleted_at="2026-11-01T00:00:00Z")
    judged = add_customer(shop, "judged")
    add_sale(shop, buyer, "2026-11-01", 100)
    add_contact(shop, guest, "2026-11-01")
    with shop.change("first", {"tiers"}):
        tiers.first_within(shop, [judged])
    with shop.change("new", {"tiers"}):
        assert tiers.first_of_new_within(shop, idle, judged) == 3
    found = {each: tiers.current(shop, each) for each in (idle, buyer, guest, gone, judged)}
    assert [tier.tier if tier else None for tier in found.values()] == [
        "prospect",
        "regular",
        "prospect",
        None,
        "prospect",
    ]
    like = found[judged]
    assert like is not None
    assert found[idle] == replace(like, id=idle)
    assert [(step.to_tier, step.reason, step.origin) for step in tiers.steps(shop, idle)] == [
        (step.to_tier, step.reason, step.origin) for step in tiers.steps(shop, judged)
    ]
