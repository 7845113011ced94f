"""What customers bring along: set, changed and taken away; counted once beside the shop's own; never in figures."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from desktop_crm import card, customers, history, kpis, merge, openings, performance, points, tiers
from desktop_crm.base.dates import parse_period
from desktop_crm.cli.card_lines import card_lines
from desktop_crm.customers import CustomerMissing
from desktop_crm.openings import Brought, OpeningWrong
from desktop_crm.records.openings import OpeningSummary
from desktop_crm.shop import Shop
from desktop_crm.store import tiers as store_tiers
from desktop_crm.store.tiers import Standing
from desktop_crm.tiers import Cuts
from tests.contact_builders import add_contact, add_customer, add_sale
from tests.shop_rows import Rows

TODAY = date(2026, 11, 21)


def tier_of(shop: Shop, who: int) -> str:
    found = tiers.current(shop, who)
    return found.tier if found else ""


def test_what_was_brought_along_is_set_undone_and_redone(shop: Shop) -> None:
    who = add_customer(shop)
    assert openings.of_customer(shop, who) is None
    openings.put(shop, who, Brought(800_000, 12, "2026-08-03"))
    kept = Brought(800_000, 12, "2026-08-03", "2026-11-21")
    assert openings.of_customer(shop, who) == kept
    assert tier_of(shop, who) == "high_value"
    assert history.undo(shop) is not None
    assert openings.of_customer(shop, who) is None
    assert tier_of(shop, who) == ""
    history.redo(shop)
    assert openings.of_customer(shop, who) == kept


def test_it_is_corrected_and_taken_away(shop: Shop) -> None:
    who = add_customer(shop)
    openings.put(shop, who, Brought(800_000, 12, "2026-08-03"))
    openings.put(shop, who, Brought(100_000, None, None, "2026-01-31"))
    assert openings.of_customer(shop, who) == Brought(100_000, None, None, "2026-01-31")
    openings.remove(shop, who)
    assert openings.of_customer(shop, who) is None
    assert tier_of(shop, who) == "prospect"
    history.undo(shop)
    assert openings.of_customer(shop, who) == Brought(100_000, None, None, "2026-01-31")
    history.redo(shop)
    openings.remove(shop, who)
    assert openings.of_customer(shop, who) is None


@pytest.mark.parametrize(
    ("brought", "words"),
    [
        (Brought(), "Say how much"),
        (Brought(-1), "below zero"),
        (Brought(1, -1), "below zero"),
        (Brought(1, last_day="2026-11-22"), "2026-11-22 is still to come"),
        (Brought(1, day="2027-01-01"), "2027-01-01 is still to come"),
        (Brought(1, last_day="2026-03-01", day="2026-02-28"), "was after 2026-02-28"),
    ],
)
def test_what_cannot_be_is_refused(shop: Shop, brought: Brought, words: str) -> None:
    who = add_customer(shop)
    with pytest.raises(OpeningWrong, match=words):
        openings.put(shop, who, brought)
    assert openings.of_customer(shop, who) is None


def test_a_deleted_card_takes_nothing(shop: Shop) -> None:
    who = add_customer(shop)
    customers.delete(shop, [who])
    with pytest.raises(CustomerMissing):
        openings.put(shop, who, Brought(1))
    with pytest.raises(CustomerMissing):
        openings.remove(shop, who)


def test_cards_that_become_one_bring_both_and_are_corrected_as_one(shop: Shop) -> None:
    one, other = add_customer(shop), add_customer(shop, "王建国2")
    openings.put(shop, one, Brought(800_000, 12, "2026-08-03", "2026-09-01"))
    openings.put(shop, other, Brought(None, 3, "2026-09-30", "2026-10-31"))
    merge.merge(shop, one, [other], {}, "same")
    assert openings.of_customer(shop, one) == Brought(800_000, 15, "2026-09-30", "2026-10-31")
    openings.put(shop, one, Brought(900_000, 15))
    assert openings.of_customer(shop, one) == Brought(900_000, 15, None, "2026-11-21")
    assert shop.db.value("SELECT count(*) FROM opening_summaries") == 1


@pytest.mark.parametrize(
    ("brought", "words"),
    [
        (None, ""),
        (Brought(800_000, 12, "2026-08-03"), "¥8,000 · 12 purchases · last 2026-08-03"),
        (Brought(purchases=1), "1 purchase"),
        (Brought(1_234_550), "¥12,346"),
    ],
)
def test_it_is_said_in_words(brought: Brought | None, words: str) -> None:
    assert openings.words(brought) == words


def test_own_sales_up_to_its_day_are_part_of_it_and_later_ones_come_on_top(shop: Shop) -> None:
    who = add_customer(shop)
    add_sale(shop, who, "2026-03-01", 300_000)
    add_sale(shop, who, "2026-10-05", 100_000)
    openings.put(shop, who, Brought(500_000, 2, "2026-08-03", "2026-09-30"))
    found = tiers.current(shop, who)
    assert found is not None
    assert (found.net_fen, found.brought_fen, found.occasions, found.brought_occasions) == (
        400_000,
        200_000,
        2,
        1,
    )
    assert (found.tier, found.last_active_day) == ("high_value", "2026-10-05")
    assert tiers.present(shop, who).why == (
        "3 purchases in 24 months, ¥6,000 (of which ¥2,000 brought along), last active 47 days ago"
    )


def test_where_the_last_day_is_not_known_the_day_of_the_summary_counts(shop: Shop) -> None:
    who = add_customer(shop)
    openings.put(shop, who, Brought(900_000, day="2025-01-01"))
    found = tiers.current(shop, who)
    assert found is not None
    assert (found.tier, found.activity, found.last_active_day) == ("high_value", "dormant", "2025-01-01")
    add_contact(shop, who, "2026-11-20")
    assert tiers.present(shop, who).activity == "active"


def test_the_card_shows_it_apart(shop: Shop) -> None:
    who = add_customer(shop)
    add_sale(shop, who, "2026-03-01", 300_000)
    openings.put(shop, who, Brought(500_000, 2, "2026-08-03"))
    points.put(shop, who, 1_638)
    seen = card.gather(shop, who)
    assert seen.brought == Brought(500_000, 2, "2026-08-03", "2026-11-21")
    assert (seen.worth.net_fen, seen.worth.lifetime_fen, seen.worth.last_visit_day) == (
        300_000,
        300_000,
        "2026-03-01",
    )
    assert "Brought along: ¥5,000 · 2 purchases · last 2026-08-03" in card_lines(seen)
    assert "Points: 1,638 points" in card_lines(seen)


# ---------------------------------------------------------------- a slow oracle

DAYS = st.integers(0, 1_100).map(lambda back: (TODAY - timedelta(days=back)).isoformat())
SALES = st.lists(st.tuples(DAYS, st.sampled_from([0, 1, 9_900, 500_000]), st.none() | DAYS), max_size=5)
REFUNDS = st.lists(st.tuples(st.integers(0, 4), DAYS, st.sampled_from([1, 9_900])), max_size=2)
TALKS = st.lists(DAYS, max_size=2)
SUMMARIES = st.lists(
    st.tuples(DAYS, st.none() | st.sampled_from([0, 1, 300_000, 800_000]), st.none() | st.integers(0, 4), st.none() | DAYS)
    .filter(lambda each: each[1:] != (None, None, None))
    .map(lambda each: (max(each[0], each[3] or ""), *each[1:])),
    max_size=3,
)  # fmt: skip
"""Days, sums and last days of what was brought along."""


class _Undo(Exception):
    """Takes a random shop back."""


def retold(
    sales: list[tuple[str, int, str | None]],
    refunds: list[tuple[int, str, int]],
    talks: list[str],
    summaries: list[tuple[str, int | None, int | None, str | None]],
    since: str,
    as_of: str,
) -> tuple[bool, int, int, str | None, int, int]:
    """Whether they ever bought, own occasions and sum, last active day, and what was brought along beyond the own."""
    stand = [(day, fen) for day, fen, void in sales if day <= as_of and not (void and void <= as_of)]
    back = [
        (day, fen) for number, day, fen in refunds
        if day <= as_of and number < len(sales) and not ((void := sales[number][2]) and void <= as_of)
    ]  # fmt: skip
    known = [
        (day, total, max(count or 0, int(bool(total) or last is not None)), last or day)
        for day, total, count, last in summaries
        if (count or total or last) and (last or day) <= as_of
    ]
    inside = [(day, fen) for day, fen in stand if day >= since]
    given = [(day, fen) for day, fen in back if day >= since]
    own = sum(fen for _day, fen in inside) - sum(fen for _day, fen in given)
    occasions = len({day for day, _fen in inside})
    last = max([*(day for day, _fen in stand), *(day for day in talks if day <= as_of), *(end for *_x, end in known)],
               default=None)  # fmt: skip
    brought_fen = brought_occasions = 0
    if known:
        until = max(day for day, *_rest in known)
        counted = [(total, count) for _day, total, count, end in known if end >= since]
        before = sum(fen for day, fen in inside if day <= until) - sum(
            fen for day, fen in given if day <= until
        )
        after = own - before
        totals = [total for total, _count in counted if total is not None]
        if totals:
            brought_fen = max(sum(totals), before) + after - own
        days_before = {day for day, _fen in inside if day <= until}
        days_after = {day for day, _fen in inside if day > until}
        count = sum(count for _total, count in counted)
        brought_occasions = max(count, len(days_before)) + len(days_after) - occasions
    return bool(stand or known), occasions, own, last, brought_occasions, brought_fen


@given(sales=SALES, refunds=REFUNDS, talks=TALKS, summaries=SUMMARIES, back=st.integers(0, 900))
@settings(
    max_examples=200,
    deadline=None,
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_nothing_counts_twice_whatever_came_along(
    shop: Shop,
    sales: list[tuple[str, int, str | None]],
    refunds: list[tuple[int, str, int]],
    talks: list[str],
    summaries: list[tuple[str, int | None, int | None, str | None]],
    back: int,
) -> None:
    as_of = TODAY - timedelta(days=back)
    since = tiers.window_start(as_of, 24).isoformat()
    sales = [(day, fen, void if void is None or void >= day else day) for day, fen, void in sales]
    with pytest.raises(_Undo), shop.change("random", {"customers"}):
        rows = Rows(shop)
        rows.customer("somebody else", "2020-01-01")
        who = rows.customer("somebody", "2020-01-01")
        made = [rows.sale(who, day, fen / 100, void=void) for day, fen, void in sales]
        for number, day, fen in refunds:
            if number < len(made):
                rows.refund(made[number], day, fen / 100)
        for day in talks:
            rows.contact(who, day, "customer")
        for day, total, count, last in summaries:
            shop.db.insert(OpeningSummary(0, who, day, total, count, last, "2026-11-21T00:00:00Z"))
        (found,) = store_tiers.standings(shop.db, who, who, since, as_of.isoformat())
        ever, occasions, own, last, more, fen = retold(
            sales, refunds, talks, summaries, since, as_of.isoformat()
        )
        assert (
            bool(found.purchases), found.occasions, found.net_fen, found.last_active_day, found.brought_occasions,
            found.brought_fen,
        ) == (ever, occasions, own, last, more, fen)  # fmt: skip
        raise _Undo


@pytest.mark.parametrize(
    ("occasions", "fen", "more", "brought", "tier"),
    [(1, 200_000, 0, 600_000, "high_value"), (1, 0, 2, 0, "high_value"), (0, 0, 1, 299_999, "regular"),
     (1, 100, 1, 0, "potential")],
)  # fmt: skip
def test_the_value_axis_adds_what_was_brought_along(
    occasions: int, fen: int, more: int, brought: int, tier: str
) -> None:
    standing = Standing(1, "A", 1, occasions, fen, "2026-11-20", more, brought)
    assert tiers.judge(standing, TODAY, Cuts()).tier == tier


def test_no_figure_of_the_shop_changes_by_what_was_brought_along(sample_shop: Shop) -> None:
    periods = [parse_period(text) for text in ("2026-10", "2026-Q3", "2026", "2025")]

    def figures() -> list[object]:
        found: list[object] = [kpis.all(sample_shop, period) for period in periods]
        found += [kpis.all(sample_shop, periods[0], TODAY), performance.past_periods(sample_shop, "month")]
        overviews = [performance.overview(sample_shop, period) for period in periods]
        found += [(each.tiles, each.chart) for each in overviews]
        found += sample_shop.db.rows("SELECT id, occasions, net_fen FROM customer_figures ORDER BY id")
        return found

    before = figures()
    people = [row[0] for row in sample_shop.db.rows("SELECT id FROM customer_figures ORDER BY id LIMIT 60")]
    for number, who in enumerate(people):
        last = (None, "2026-10-15", "2026-03-01", "2024-12-24")[number % 4]
        openings.put(sample_shop, who, Brought(100_000 * number, number, last))
    tiers.apply(sample_shop, tiers.proposal(sample_shop))
    assert figures() == before
