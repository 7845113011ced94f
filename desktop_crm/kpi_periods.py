"""Which days a figure looks at: the period as known at a day, and what it is compared with. Pure.

While a period runs, the period before and last year's are cut at the same number of days; one that is seen later
than its end is compared with others seen with the same lag.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from desktop_crm.base.dates import Period, add_months
from desktop_crm.store.figures import Frame
from desktop_crm.tier_rules import Cuts

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Frames:
    """A period and what it is compared with.

    Attributes:
        period / as_of: what was asked; as-of is the last known day.
        main / previous / last_year: the compared frames.
        before_previous / before_last_year: what the growth of those two is measured against.
        running: as-of lies inside the period before its last day.
        begun: as-of is not before the period.
    """

    period: Period
    as_of: date
    main: Frame
    previous: Frame
    last_year: Frame
    before_previous: Frame
    before_last_year: Frame
    running: bool
    begun: bool


def default_as_of(period: Period, today: date) -> date:
    """The period's last day, or today while it runs."""
    return min(today, period.last_day)


def frames(period: Period, as_of: date, cuts: Cuts) -> Frames:
    """The frames of a period as known at the end of `as_of`."""
    known = as_of + _DAY
    elapsed = max((min(known, period.end) - period.start).days, 0)
    running = known < period.end
    lag = timedelta() if running else known - period.end

    def compared(other: Period) -> Frame:
        end = min(other.start + elapsed * _DAY, other.end) if running else other.end
        return frame(other.start, end, end + lag, cuts)

    before, year = period.previous(), period.last_year()
    return Frames(
        period,
        as_of,
        frame(period.start, min(period.end, known), known, cuts),
        compared(before),
        compared(year),
        compared(before.previous()),
        compared(year.previous()),
        running,
        known > period.start,
    )


def frame(start: date, end: date, known: date, cuts: Cuts) -> Frame:
    """The days from `start` to before `end`, nothing known from `known` on.

    Example: with 180 and 720 days, at the end of 31 October somebody last active on 4 May (180 days ago) is active.
    """
    last, before = end - _DAY, start - _DAY
    return Frame(
        start.isoformat(),
        end.isoformat(),
        known.isoformat(),
        add_months(end, -cuts.window_months).isoformat(),
        (last - timedelta(days=cuts.active_days)).isoformat(),
        (last - timedelta(days=cuts.dormant_days)).isoformat(),
        (before - timedelta(days=cuts.dormant_days)).isoformat(),
        cuts.dormant_days,
    )
