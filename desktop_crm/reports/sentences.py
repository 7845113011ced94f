"""The three sentences on top of a report: what went well, what to look at, what was agreed and kept.

They only read figures; which figures there are is in kpis.py, the pages around them in monthly.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desktop_crm import period_words
from desktop_crm.base.document import Paragraph
from desktop_crm.base.i18n import _, joined, ngettext
from desktop_crm.base.values import show, show_money
from desktop_crm.kpi_measures import growth
from desktop_crm.kpi_periods import Frames
from desktop_crm.kpis import Kpi
from desktop_crm.store.figure_rows import PromisedContact

MOST = 2
"""So many facts stand in one sentence's place; more would not be read."""

GOOD_RATE = 0.9
POOR_RATE = 0.8


@dataclass(frozen=True)
class Facts:
    """What the sentences are made from.

    Attributes:
        frames / kpis: the period and its figures.
        categories: (category, complaints received) of the period, the most first.
        late: complaints that were not closed by their due time.
        promised: the contacts promised for the period.
        bought_after: how many of the contacted bought afterwards in the period.
    """

    frames: Frames
    kpis: dict[str, Kpi]
    categories: Sequence[tuple[str, int]]
    late: int
    promised: Sequence[PromisedContact]
    bought_after: int


def three(facts: Facts) -> tuple[Paragraph, Paragraph, Paragraph]:
    """The three sentences."""
    good, look = went_well(facts), to_look_at(facts)
    if not good:
        good = [_sales_only(facts)]
    if not look:
        look = [_("Nothing stands out.")]
    return (
        Paragraph(joined(good[:MOST]), _("What went well:")),
        Paragraph(joined(look[:MOST]), _("What to look at:")),
        Paragraph(agreed(facts), _("What was agreed:")),
    )


def went_well(facts: Facts) -> list[str]:
    """Good news, the biggest first."""
    found, kpis = [], facts.kpis
    if (growth := _sales_growth(facts, up=True)) is not None:
        found.append(growth)
    new = kpis["new_customer_growth"].parts.get("new_customers") or 0
    if new:
        sent = int(kpis["referral_rate"].numerator or 0)
        found.append(_new_customers(int(new), sent))
    back = int(kpis["retention_rate"].parts.get("won_back") or 0)
    if back:
        text = ngettext("{count} lost customer came back.", "{count} lost customers came back.", back)
        found.append(text.format(count=f"{back:,}"))
    handled = kpis["complaint_on_time_rate"]
    if handled.value is not None and handled.value >= GOOD_RATE:
        text = ngettext(
            "{good} of {count} complaint was closed in time.",
            "{good} of {count} complaints were closed in time.",
            int(handled.denominator or 0),
        )
        found.append(text.format(good=int(handled.numerator or 0), count=int(handled.denominator or 0)))
    return found


def to_look_at(facts: Facts) -> list[str]:
    """What calls for a look, the most pressing first."""
    found, kpis = [], facts.kpis
    if (growth := _sales_growth(facts, up=False)) is not None:
        found.append(growth)
    if (churn := _churn(kpis["churn_rate"])) is not None:
        found.append(churn)
    if facts.late:
        text = ngettext(
            "{count} complaint was not closed in time.",
            "{count} complaints were not closed in time.",
            facts.late,
        )
        found.append(text.format(count=f"{facts.late:,}"))
    if facts.categories and facts.categories[0][1] >= 2:
        name, count = facts.categories[0]
        found.append(_("{count} complaints were about “{what}”.").format(count=count, what=name))
    kept = kpis["follow_up_on_time_rate"]
    if kept.value is not None and kept.value < POOR_RATE:
        found.append(
            _("Only {rate} of the contacts were made on the day promised.").format(
                rate=show(kept.value, "ratio")
            )
        )
    return found


def agreed(facts: Facts) -> str:
    """What became of the contacts that were promised."""
    if not facts.promised:
        return _("No contacts were promised for these days.")
    done = [row for row in facts.promised if row.done_day is not None]
    in_time = sum(row.on_time for row in facts.promised)
    text = ngettext(
        "{count} contact was promised; {done} made, {in_time} on the day promised.",
        "{count} contacts were promised; {done} made, {in_time} on the day promised.",
        len(facts.promised),
    ).format(count=f"{len(facts.promised):,}", done=f"{len(done):,}", in_time=f"{in_time:,}")
    if not facts.bought_after:
        return text
    after = ngettext(
        "{count} of these customers bought afterwards.",
        "{count} of these customers bought afterwards.",
        facts.bought_after,
    ).format(count=f"{facts.bought_after:,}")
    return joined([text, after])


def _sales_only(facts: Facts) -> str:
    money = show_money(round(facts.kpis["net_sales"].value or 0), cents=False)
    return _("Net sales came to {money}.").format(money=money)


def _sales_growth(facts: Facts, *, up: bool) -> str | None:
    """Net sales against the period before and last year, if the first of these comparisons goes this way."""
    net, period = facts.kpis["net_sales"], facts.frames.period
    if net.value is None:
        return None
    against = [
        (period_words.short(period.previous(), period), growth(net.value, net.previous or 0)),
        (period_words.title(period.last_year()), growth(net.value, net.last_year or 0)),
    ][: 1 if period.previous() == period.last_year() else 2]
    known = [
        (name, rate) for name, rate in against if rate is not None and show(abs(rate), "ratio") != "0.0%"
    ]
    if not known or (known[0][1] > 0) != up:
        return None
    money = show_money(round(net.value), cents=False)
    if len(known) == 1:
        text = _("Net sales were {money}, {one}.")
        return text.format(money=money, one=_more_or_less(*known[0]))
    text = _("Net sales were {money}, {one} and {two}.")
    return text.format(money=money, one=_more_or_less(*known[0]), two=_more_or_less(*known[1]))


def _more_or_less(name: str, rate: float) -> str:
    text = _("{rate} more than in {period}") if rate > 0 else _("{rate} less than in {period}")
    return text.format(rate=show(abs(rate), "ratio"), period=name)


def _new_customers(new: int, sent: int) -> str:
    if not sent:
        text = ngettext("{count} new customer came.", "{count} new customers came.", new)
        return text.format(count=f"{new:,}")
    text = ngettext(
        "{count} new customer came, {sent} of them sent by another customer.",
        "{count} new customers came, {sent} of them sent by other customers.",
        new,
    )
    return text.format(count=f"{new:,}", sent=f"{sent:,}")


def _churn(kpi: Kpi) -> str | None:
    """How many became lost, and whether the rate rose."""
    lost = int(kpi.numerator or 0)
    if not lost or kpi.value is None:
        return None
    rate = show(kpi.value, "ratio")
    if kpi.previous is not None and kpi.value > kpi.previous and show(kpi.previous, "ratio") != rate:
        text = ngettext(
            "{count} customer became lost; churn rose from {before} to {rate}.",
            "{count} customers became lost; churn rose from {before} to {rate}.",
            lost,
        )
        return text.format(count=f"{lost:,}", before=show(kpi.previous, "ratio"), rate=rate)
    text = ngettext(
        "{count} customer became lost (churn {rate}).", "{count} customers became lost (churn {rate}).", lost
    )
    return text.format(count=f"{lost:,}", rate=rate)
