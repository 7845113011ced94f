"""What the demo shop's people brought along from the program before, and the points that some of them collect.

Each draws from a random source of its own, named by the card, so that nothing else of a life depends on it.
"""

from __future__ import annotations

import random
from datetime import date, timedelta

from desktop_crm.demo_calendar import stamp
from desktop_crm.demo_stage import Life
from desktop_crm.records.openings import OpeningSummary
from desktop_crm.records.points import PointEntry, PointKind

_COLLECTS = 0.4
"""Share of the buyers with points."""
_FEN_PER_POINT = 1_000
_OLD_DAYS = 90
"""Whoever came in the first days of the shop's past came from the program before."""
_GIFTS = ((500, "换钢化膜"), (1_000, "换数据线"), (2_000, "换充电头"))


def collect(life: Life) -> None:
    """Sums from the program before, and points of the sales; only of whoever bought."""
    if life.customer is None or not life.sales:
        return
    rng = random.Random(f"{life.customer.id}-points")
    joined = min(day for day, _fen in life.sales)
    is_old = (joined - life.stage.first).days < _OLD_DAYS and rng.random() < 0.5
    if is_old:
        _bring(life, rng)
    if rng.random() < _COLLECTS:
        _earn(life, rng, is_old)


def _bring(life: Life, rng: random.Random) -> None:
    assert life.customer is not None
    stage = life.stage
    until = stage.first - timedelta(days=1)
    last = until - timedelta(days=rng.randrange(400))
    times = rng.randint(1, 9)
    stage.add(
        OpeningSummary, life.customer.id, until.isoformat(), times * rng.randrange(4_000, 260_000, 100), times,
        last.isoformat(), stamp(stage.first, 10 * 60),
    )  # fmt: skip


def _earn(life: Life, rng: random.Random, is_old: bool) -> None:
    has = 0
    if is_old:
        has = rng.randrange(50, 2_000)
        _entry(life, life.stage.first, has, "opening", "")
    for day, fen in life.sales:
        points = fen // _FEN_PER_POINT
        if points:
            has += points
            _entry(life, day, points, "earned", "")
        gift = next(((cost, note) for cost, note in reversed(_GIFTS) if cost <= has), None)
        if gift and rng.random() < 0.15:
            has -= gift[0]
            _entry(life, day, -gift[0], "spent", gift[1])


def _entry(life: Life, day: date, points: int, kind: PointKind, note: str) -> None:
    assert life.customer is not None
    at = stamp(day, 9 * 60 + 45)
    life.stage.add(PointEntry, life.customer.id, at, day.isoformat(), points, kind, None, note, life.clerk)
