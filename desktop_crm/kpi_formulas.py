"""The formulas: counts and sums in, figures out. Pure; the law is the list of definitions (kpi_definitions.py).

Every function's docstring carries an example worked out by hand, and a test runs it. Reading the counts is in
store/figures.py, comparing periods in kpis.py.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, timedelta

from desktop_crm.base.dates import from_instant
from desktop_crm.base.i18n import _, ngettext
from desktop_crm.base.values import show_money, valid_imei, valid_phone
from desktop_crm.kpi_answers import csat, csat_index, nps
from desktop_crm.kpi_cases import REOPEN_DAYS, SETTLED, SOLVED, Case
from desktop_crm.kpi_measures import (
    Base,
    Figure,
    Measures,
    growth,
    mean,
    median,
    median_of_counts,
    rate,
    ratio,
)

MONTH_DAYS = 30.4375
WIN_BACK_DAYS = 90


def new_customer_growth(m: Measures, base: Base) -> Figure:
    """(N1 − N0) ÷ N0, N = customers whose first purchase falls in the period; example: (43 − 31) ÷ 31 = 38.7 %."""
    new = m.buyers.new
    notes = () if base.new else (_("No new customer in the period before; now +{count}.").format(count=new),)
    parts: dict[str, float | None] = {"new_customers": new, "new_customers_before": base.new}
    return Figure(growth(new, base.new), new - base.new, base.new, base.new, parts, notes)


def conversion_rate(m: Measures) -> Figure:
    """Prospects of the period who bought since ÷ prospects of the period; example: 9 ÷ 40 = 22.5 %."""
    bought = sum(item.first_sale_day is not None for item in m.prospects)
    age = mean([(m.known_day - item.card_day).days for item in m.prospects])
    return rate(bought, len(m.prospects), {"cohort_age_days": age})


def first_response_time(m: Measures) -> Figure:
    """Median of (first answer − received) of the period's cases in opening hours; example: 5, 8, 40 min → 8 min."""
    received = received_in(m)
    good = [case for case in received if (case.response_minutes or 0) >= 0 and case.answered_at]
    waits = [case.business_minutes(case.answered_at, m.hours) for case in good if case.answered_at]
    clock = [case.response_minutes or 0.0 for case in good]
    waiting = [case for case in received if case.answered_at is None]
    ages = [(m.known_day - date.fromisoformat(case.row.received_day)).days for case in waiting]
    errors = len(received) - len(good) - len(waiting)
    parts: dict[str, float | None] = {
        "mean": mean(waits),
        "calendar_median": median(clock),
        "calendar_mean": mean(clock),
        "unanswered": len(waiting),
        "oldest_unanswered_days": max(ages, default=None),
        "data_errors": errors,
    }
    notes = []
    if waiting:
        text = ngettext("{count} not answered yet.", "{count} not answered yet.", len(waiting))
        notes.append(text.format(count=len(waiting)))
    if errors:
        text = ngettext(
            "{count} answered before it was received: left out.",
            "{count} answered before they were received: left out.",
            errors,
        )
        notes.append(text.format(count=errors))
    return Figure(median(waits), n=len(waits), parts=parts, notes=tuple(notes))


def resolution_rate(m: Measures) -> Figure:
    """Cases of the period solved at as-of ÷ cases of the period; example: 18 ÷ 20 = 90.0 %."""
    asked = [case for case in received_in(m) if case.state not in ("withdrawn", "duplicate")]
    return rate(sum(case.state in SOLVED for case in asked), len(asked))


def resolution_time(m: Measures) -> Figure:
    """Median of (last resolution − received) in opening hours, by the last resolution's day; example: 1, 3, 8 h → 3 h."""
    solved = resolved_in(m)
    last = [case.business_minutes(case.resolutions[-1].at, m.hours) for case in solved]
    first = [case.business_minutes(case.resolutions[0].at, m.hours) for case in solved]
    return Figure(median(last), n=len(last), parts={"first_resolution": median(first)})


def first_contact_resolution(m: Measures) -> Figure:
    """Solved with one interaction and not reopened within 7 days ÷ solved; example: 12 ÷ 20 = 60.0 %."""
    solved = resolved_in(m)
    good = [case for case in solved if case.at_first_contact]
    young = sum(case.resolutions[-1].day + timedelta(days=REOPEN_DAYS) > m.known_day for case in good)
    notes: tuple[str, ...] = ()
    if young:
        text = ngettext(
            "Provisional: for {count} case the {days} days are not over.",
            "Provisional: for {count} cases the {days} days are not over.",
            young,
        )
        notes = (text.format(count=young, days=REOPEN_DAYS),)
    return rate(len(good), len(solved), notes=notes)


def repurchase_rate(m: Measures) -> Figure:
    """Customers with ≥ 2 occasions in W ÷ with ≥ 1; example: 381 ÷ 1,204 = 31.6 %."""
    return rate(m.buyers.window_repeaters, m.buyers.window_buyers, notes=(_window_note(m),))


def returning_rate(m: Measures) -> Figure:
    """Bought in the period and before it ÷ all who bought before it; example: 52 ÷ 1,300 = 4.0 %."""
    return rate(m.buyers.came_back, m.buyers.before)


def active_rate(m: Measures) -> Figure:
    """Buyers active at the end ÷ all buyers by then; example: 640 ÷ 1,600 = 40.0 %."""
    days = m.cuts.active_days
    return rate(m.buyers.active, m.buyers.buyers, notes=(_("Active: within {days} days.").format(days=days),))


def clv_historic(m: Measures) -> Figure:
    """Net sales to customers to date ÷ buyers; example: ¥4,800,000 ÷ 1,600 = ¥3,000."""
    parts: dict[str, float | None] = {}
    if m.profit is not None:
        known, everything, profit = m.profit
        parts["gross_profit"] = ratio(profit, m.buyers.buyers) if known else None
        parts["known_cost_share"] = ratio(known, everything)
    return rate(m.net_fen, m.buyers.buyers, parts)


def retention_rate(m: Measures) -> Figure:
    """Not lost at the start and not at the end ÷ not lost at the start; example: 1,257 ÷ 1,311 = 95.9 %."""
    note = _("Lost: more than {days} days.").format(days=m.cuts.dormant_days)
    return rate(m.buyers.kept, m.buyers.kept_before, {"won_back": m.buyers.won_back}, (note,))


def churn_rate(m: Measures) -> Figure:
    """1 − retention; example: 54 ÷ 1,311 = 4.1 %."""
    note = _("Lost: more than {days} days.").format(days=m.cuts.dormant_days)
    return rate(m.buyers.kept_before - m.buyers.kept, m.buyers.kept_before, notes=(note,))


def relationship_length(m: Measures) -> Figure:
    """Median of (last − first occasion) of customers with ≥ 2; example: 365 days are 365 ÷ 30.4375 = 12.0 months."""
    days = median_of_counts(m.spans)
    share = ratio(m.buyers.one_time, m.buyers.buyers)
    return Figure(
        None if days is None else days / MONTH_DAYS,
        n=sum(count for _days, count in m.spans),
        parts={"one_time_share": share},
    )


def purchase_frequency(m: Measures) -> Figure:
    """Occasions in W ÷ buyers in W; example: 1,686 ÷ 1,204 = 1.40."""
    return rate(m.buyers.window_occasions, m.buyers.window_buyers, notes=(_window_note(m),))


def average_order_value(m: Measures) -> Figure:
    """Known customers' sales less refunds of those sales ÷ their occasions; example: ¥380,000 ÷ 152 = ¥2,500."""
    net, occasions = m.orders
    return rate(net, occasions)


def win_back_rate(m: Measures) -> Figure:
    """Lost customers who bought within 90 days of the period's first contact ÷ all of them; example: 6 ÷ 48 = 12.5 %."""
    waiting = [item for item in m.lost_contacts if item.bought_day is None]
    edge = timedelta(days=WIN_BACK_DAYS)
    young = sum(date.fromisoformat(item.contact_day) + edge > m.known_day for item in waiting)
    notes: tuple[str, ...] = ()
    if young:
        text = ngettext(
            "Provisional: for {count} customer the {days} days are not over.",
            "Provisional: for {count} customers the {days} days are not over.",
            young,
        )
        notes = (text.format(count=young, days=WIN_BACK_DAYS),)
    return rate(len(m.lost_contacts) - len(waiting), len(m.lost_contacts), notes=notes)


def referral_rate(m: Measures) -> Figure:
    """New customers with a referrer ÷ new customers; example: 11 ÷ 43 = 25.6 %."""
    return rate(m.buyers.new_referred, m.buyers.new)


def complaint_rate(m: Measures) -> Figure:
    """Complaints received ÷ sales of the period; example: 4 ÷ 160 = 2.5 %."""
    return rate(len(received_in(m)), m.sales.sales)


def complaint_handling_rate(m: Measures) -> Figure:
    """Cases of the period closed or withdrawn at as-of ÷ cases of the period; example: 36 ÷ 38 = 94.7 %."""
    asked = [case for case in received_in(m) if case.state != "duplicate"]
    return rate(sum(case.state in SETTLED for case in asked), len(asked))


def complaint_on_time_rate(m: Measures) -> Figure:
    """Closed by their due time ÷ cases of the period that are due; example: 30 ÷ 36 = 83.3 %."""
    asked = due_in(m)
    return rate(sum(on_time(case) for case in asked), len(asked))


def follow_up_on_time_rate(m: Measures) -> Figure:
    """Done by the end of the first due day ÷ first due in the period; example: 52 ÷ 60 = 86.7 %."""
    return rate(m.followups.on_time, m.followups.due)


def net_sales(m: Measures) -> Figure:
    """Sales − refunds dated in the period; example: ¥420,000 − ¥7,620 = ¥412,380."""
    net = m.sales.gross_fen - m.sales.refunds_fen
    parts: dict[str, float | None] = {"gross": m.sales.gross_fen, "refunds": m.sales.refunds_fen}
    return Figure(net, net, None, m.sales.sales, parts)


def sales_growth(m: Measures, base: Base) -> Figure:
    """(S1 − S0) ÷ S0; example: (¥412,380 − ¥380,424) ÷ ¥380,424 = 8.4 %."""
    net = m.sales.gross_fen - m.sales.refunds_fen
    year = None if base.last_year_net_fen is None else growth(net, base.last_year_net_fen)
    notes = (
        ()
        if base.net_fen > 0
        else (
            _("Nothing to compare with: the period before came to {money}.").format(
                money=show_money(base.net_fen)
            ),
        )
    )
    return Figure(
        growth(net, base.net_fen),
        net - base.net_fen,
        base.net_fen,
        m.sales.sales,
        {"against_last_year": year},
        notes,
    )


def completeness(m: Measures) -> Figure:
    """Filled required fields ÷ required fields; example: 9,500 ÷ 14,000 = 67.9 %."""
    if m.filled is None:
        return _not_kept()
    filled = sum(getattr(m.filled, key) for key in m.required)
    fields = sum(m.filled.buyers if key == "device" else m.filled.customers for key in m.required)
    found = ratio(filled, fields)
    return Figure(found, filled, fields, m.filled.customers)


def validity(m: Measures) -> Figure:
    """Valid entries ÷ filled entries of phones, IMEIs and dates; example: 3,960 ÷ 4,000 = 99.0 %."""
    if m.checked is None:
        return _not_kept()
    judged = [
        verdict for kind, text in m.checked if (verdict := is_valid(kind, text, m.known_day)) is not None
    ]
    return rate(sum(judged), len(judged))


def is_valid(kind: str, text: str, today: date) -> bool | None:
    """Whether a phone, IMEI or date can be right; None for a serial that is no IMEI, which nothing can check.

    >>> is_valid("phone", "13805718866", date(2026, 11, 21)), is_valid("imei", "490154203237519", date(2026, 11, 21))
    (True, False)
    >>> is_valid("date", "--02-30", date(2026, 11, 21)), is_valid("imei", "C39XK1", date(2026, 11, 21))
    (False, None)
    """
    if kind == "phone":
        return valid_phone(text)
    if kind == "imei":
        return valid_imei(text) if text.isdigit() else None
    try:
        day = date.fromisoformat(f"2000{text[1:]}" if text.startswith("--") else text)
    except ValueError:
        return False
    return date(1900, 1, 1) <= day <= today or text.startswith("--")


def received_in(m: Measures) -> list[Case]:
    """The cases received in the frame."""
    return [case for case in m.cases if m.frame.start <= case.row.received_day < m.frame.end]


def resolved_in(m: Measures) -> list[Case]:
    """The cases whose last known resolution falls in the frame."""
    return [
        case
        for case in m.cases
        if case.resolutions and m.frame.start <= case.resolutions[-1].day.isoformat() < m.frame.end
    ]


def due_in(m: Measures) -> list[Case]:
    """The frame's cases that were due by as-of, whatever became of them."""
    return [
        case for case in received_in(m) if from_instant(case.row.due_at) <= m.judged_until.astimezone(UTC)
    ]


def on_time(case: Case) -> bool:
    """Closed by its due time."""
    return case.closed_at is not None and case.closed_at <= from_instant(case.row.due_at)


def _window_note(m: Measures) -> str:
    months = m.cuts.window_months
    text = ngettext("Window: {count} month.", "Window: {count} months.", months)
    return text.format(count=months)


def _not_kept() -> Figure:
    return Figure(None, notes=(_("Known only for today: no snapshot of that day was kept."),))


SIMPLE: dict[str, Callable[[Measures], Figure]] = {
    formula.__name__: formula
    for formula in (
        conversion_rate,
        first_response_time,
        resolution_rate,
        resolution_time,
        first_contact_resolution,
        csat,
        csat_index,
        repurchase_rate,
        returning_rate,
        active_rate,
        clv_historic,
        retention_rate,
        churn_rate,
        relationship_length,
        purchase_frequency,
        average_order_value,
        win_back_rate,
        nps,
        referral_rate,
        complaint_rate,
        complaint_handling_rate,
        complaint_on_time_rate,
        follow_up_on_time_rate,
        net_sales,
        completeness,
        validity,
    )
}
"""Formulas that need one frame only, by key."""

GROWING: dict[str, Callable[[Measures, Base], Figure]] = {
    "new_customer_growth": new_customer_growth,
    "sales_growth": sales_growth,
}
"""Formulas that compare with a base."""
