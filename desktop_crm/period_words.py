"""Periods in words, as titles and inside sentences: "October 2026", "Q3 2026", "1–15 October 2026"."""

from __future__ import annotations

from desktop_crm.base.dates import Period
from desktop_crm.base.i18n import N_, _

_MONTHS = (
    N_("January"),
    N_("February"),
    N_("March"),
    N_("April"),
    N_("May"),
    N_("June"),
    N_("July"),
    N_("August"),
    N_("September"),
    N_("October"),
    N_("November"),
    N_("December"),
)


def title(period: Period) -> str:
    """The period by its full name; two dates show as their first and last day."""
    year = period.start.year
    if period.grain == "month":
        return _("{month} {year}").format(month=_(_MONTHS[period.start.month - 1]), year=year)
    if period.grain == "quarter":
        return _("Quarter {number} of {year}").format(number=(period.start.month + 2) // 3, year=year)
    if period.grain == "year":
        return _("Year {year}").format(year=year)
    if period.grain == "day":
        return period.start.isoformat()
    return _("{first} to {last}").format(first=period.start, last=period.last_day)


def short(period: Period, beside: Period) -> str:
    """The period as it is called beside another one: without its year where that is the same."""
    if period.grain == "month" and period.start.year == beside.start.year:
        return _(_MONTHS[period.start.month - 1])
    if period.grain == "year":
        return _("the year {year}").format(year=period.start.year)
    if period.grain == "range":
        return _("the {days} days before").format(days=period.days)
    return title(period)


def before(period: Period) -> str:
    """The head of a column about the period before."""
    names = {
        "month": N_("Month before"),
        "quarter": N_("Quarter before"),
        "year": N_("Year before"),
        "day": N_("Day before"),
    }
    return _(names.get(period.grain, N_("Days before")))


def this(period: Period) -> str:
    """The head of a column about the period itself."""
    names = {
        "month": N_("This month"),
        "quarter": N_("This quarter"),
        "year": N_("This year"),
        "day": N_("This day"),
    }
    return _(names.get(period.grain, N_("These days")))
