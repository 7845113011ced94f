"""The counts of one frame of days, one figure made of them, and the small arithmetic every formula uses. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from desktop_crm.business_time import Hours
from desktop_crm.kpi_cases import Case
from desktop_crm.store.figure_rows import AnswerRow
from desktop_crm.store.figures import (
    BuyerTotals,
    FilledFields,
    FollowupTotals,
    Frame,
    LostContact,
    SalesTotals,
)
from desktop_crm.tier_rules import Cuts

SMALL = 5
"""Fewer than so many are marked as a small sample."""


@dataclass(frozen=True)
class Figure:
    """One figure of one frame.

    Attributes:
        value: unrounded, None where it is missing.
        numerator / denominator: above and below the line; None where there is none (medians, sums).
        n: the size of the sample.
        parts: further figures of the same formula. notes: whole sentences.
    """

    value: float | None
    numerator: float | None = None
    denominator: float | None = None
    n: int | None = None
    parts: dict[str, float | None] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Prospect:
    """A card made in the frame and its owner's first sale, as days; only cards older than the sale are prospects."""

    customer_id: int
    name: str
    card_day: date
    first_sale_day: date | None


@dataclass(frozen=True)
class Measures:
    """All counts of one frame.

    Attributes:
        spans: (days between first and last purchase day, customers), ascending.
        orders: (net fen of known customers' sales, their occasions). net_fen: to date.
        profit: (fen with known cost, fen of all, profit fen) of lines to date; None where not asked.
        judged_until: complaints due at or before this instant are judged.
        filled / checked: fields filled, entries (kind, value); None where the frame does not end today.
        required: keys of the fields a card should have.
        answers: survey answers given in the frame, in their order.
        answered: (purchase days that an answer is about, purchase days).
    """

    frame: Frame
    buyers: BuyerTotals
    spans: Sequence[tuple[int, int]]
    sales: SalesTotals
    orders: tuple[int, int]
    net_fen: int
    profit: tuple[int, int, int] | None
    prospects: Sequence[Prospect]
    followups: FollowupTotals
    lost_contacts: Sequence[LostContact]
    cases: Sequence[Case]
    hours: Hours
    cuts: Cuts
    judged_until: datetime
    filled: FilledFields | None = None
    checked: Sequence[tuple[str, str]] | None = None
    required: tuple[str, ...] = ()
    answers: Sequence[AnswerRow] = ()
    answered: tuple[int, int] = (0, 0)

    @property
    def last_day(self) -> date:
        """The last day of the frame."""
        return date.fromisoformat(self.frame.end) - timedelta(days=1)

    @property
    def known_day(self) -> date:
        """The last known day."""
        return date.fromisoformat(self.frame.known) - timedelta(days=1)


@dataclass(frozen=True)
class Base:
    """What growth is measured against: new customers and net sales of the period before, and of last year."""

    new: int
    net_fen: int
    last_year_net_fen: int | None = None


def ratio(numerator: float, denominator: float) -> float | None:
    """Numerator ÷ denominator; missing where there is nothing to divide by.

    >>> ratio(54, 1311)
    0.041189931350114416
    >>> ratio(0, 0)
    """
    return numerator / denominator if denominator else None


def rate(
    numerator: float,
    denominator: int,
    parts: dict[str, float | None] | None = None,
    notes: tuple[str, ...] = (),
) -> Figure:
    """A figure of one thing above and one below the line, of which there are `denominator`."""
    return Figure(ratio(numerator, denominator), numerator, denominator, denominator, parts or {}, notes)


def growth(now: float, before: float) -> float | None:
    """(now − before) ÷ before; missing at a base of zero or less.

    >>> growth(43, 31)
    0.3870967741935484
    >>> growth(43, 0)
    """
    return (now - before) / before if before > 0 else None


def median(values: Sequence[float]) -> float | None:
    """The middle value, the mean of the middle two of an even number; missing for none.

    >>> median([40, 5, 8])
    8
    >>> median([1, 2, 4, 40])
    3.0
    """
    if not values:
        return None
    ordered, middle = sorted(values), len(values) // 2
    return ordered[middle] if len(values) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def mean(values: Sequence[float]) -> float | None:
    """The sum ÷ how many; missing for none.

    >>> mean([5, 8, 40])
    17.666666666666668
    """
    return sum(values) / len(values) if values else None


def median_of_counts(counts: Sequence[tuple[int, int]]) -> float | None:
    """The median of values that come as (value, how often), ascending.

    >>> median_of_counts([(10, 1), (20, 2), (400, 1)])
    20.0
    """
    total = sum(count for _value, count in counts)

    def at(place: int) -> int:
        for value, count in counts:
            if place < count:
                return value
            place -= count
        raise IndexError(place)  # pragma: no cover  every place is below the total

    return (at((total - 1) // 2) + at(total // 2)) / 2 if total else None
