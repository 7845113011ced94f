"""Which backups are kept: counted, never measured against the clock."""

from __future__ import annotations

import random
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from desktop_crm.backup_rules import BEFORE_RESTORE, Copy, Rule, kept, superfluous

DAY = date(2026, 11, 21)


def days_back(count: int, per_day: int = 1) -> list[date]:
    """Copies of so many days, newest first."""
    return [DAY - timedelta(days=back) for back in range(count) for _copy in range(per_day)]


def test_the_newest_are_kept_whatever_their_day() -> None:
    assert kept([DAY] * 40, Rule()) == set(range(12))


def test_of_each_day_week_and_month_the_last_copy_is_kept() -> None:
    days = days_back(500, per_day=3)
    left = sorted(kept(days, Rule(newest=2, days=5, weeks=4, months=3)))
    shown = [(days[place].isoformat(), place % 3) for place in left]
    assert shown == [
        ("2026-11-21", 0), ("2026-11-21", 1),  # the two newest
        ("2026-11-20", 0), ("2026-11-19", 0), ("2026-11-18", 0), ("2026-11-17", 0),  # five days
        ("2026-11-15", 0), ("2026-11-08", 0), ("2026-11-01", 0),  # with today's: four weeks, each its Sunday
        ("2026-10-31", 0), ("2026-09-30", 0),  # with this month's: three months
    ]  # fmt: skip


def test_days_without_a_copy_are_not_counted() -> None:
    days = [DAY, DAY - timedelta(days=1), *days_back(30)[20:]]
    assert len(kept(days, Rule(newest=0, days=5, weeks=0, months=0))) == 5


def test_a_year_of_every_two_hours_leaves_a_year() -> None:
    stay: list[date] = []
    for day in range(400):
        for _turn in range(6):
            stay.insert(0, DAY + timedelta(days=day))
            left = kept(stay, Rule())
            stay = [stay[place] for place in sorted(left)]
    assert len(stay) <= 12 + 14 + 8 + 12
    assert (stay[0] - stay[-1]).days == 328, "this month and eleven before it"
    assert len({(day.year, day.month) for day in stay}) == 12


def test_a_clock_that_jumps_loses_only_its_own_places() -> None:
    before = days_back(60)
    jumped = [date(2040, 1, 1), date(1980, 1, 1), *before]
    lost = {day for place, day in enumerate(before) if place in kept(before, Rule())} - {
        day for place, day in enumerate(jumped) if place in kept(jumped, Rule())
    }
    assert len(lost) <= 4, "two places of each kind at most"
    assert kept([date(1980, 1, 1)] * 3 + before, Rule()) >= {0, 1, 2}


def test_who_tries_one_backup_after_another_loses_none() -> None:
    good = [Copy(day, "close", is_whole=True) for day in days_back(12)]
    tries = [Copy(DAY, BEFORE_RESTORE, is_whole=True)] * 30
    gone = superfluous([*tries, *good], Rule())
    assert gone == set(range(12, 30))


def test_what_is_not_whole_counts_for_nothing() -> None:
    broken = Copy(DAY, "close", is_whole=False)
    good = [Copy(day, "close", is_whole=True) for day in days_back(12)]
    assert superfluous([broken] * 20 + good, Rule()) == set(), "the newest whole ones stay"
    assert superfluous([*good, broken], Rule()) == {12}, "an old broken one goes when enough are newer"
    assert superfluous([*good[:3], broken], Rule()) == set(), "and stays while there are few"


@given(st.lists(st.integers(0, 3000), max_size=120), st.integers(0, 5))
def test_a_copy_that_is_dropped_never_comes_to_be_missed(offsets: list[int], newest: int) -> None:
    """Dropping what is superfluous, and then looking again, drops nothing more."""
    rule = Rule(newest, 3, 3, 3)
    days = [DAY - timedelta(days=offset) for offset in offsets]
    stay = sorted(kept(days, rule))
    assert kept([days[place] for place in stay], rule) == set(range(len(stay)))
    assert set(range(min(newest, len(days)))) <= set(stay)
    assert len(stay) <= newest + 9


def test_random_clocks_keep_the_newest_always() -> None:
    rng = random.Random(5)
    stay: list[tuple[int, date]] = []
    for turn in range(600):
        stay.insert(
            0, (turn, date(2026, 1, 1) + timedelta(days=rng.choice([turn, turn, turn, rng.randrange(9000)])))
        )
        left = kept([day for _turn, day in stay], Rule())
        stay = [stay[place] for place in sorted(left)]
        assert [each for each, _day in stay[:12]] == list(range(turn, max(-1, turn - 12), -1))
