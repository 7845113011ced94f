"""The rows behind a figure: which customers, sales or complaints, what each adds to both sides of the line, and why.

The contributions add up to the figure's numerator and denominator (for medians: the rows below the line are n);
a test holds every key to that. The formulas are in kpi_formulas.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from desktop_crm.base.document import Column, Table
from desktop_crm.base.i18n import _, ngettext
from desktop_crm.base.values import show, show_money
from desktop_crm.kpi_answers import promotion, recommending, satisfied
from desktop_crm.kpi_cases import SETTLED, SOLVED, Case
from desktop_crm.kpi_formulas import due_in, is_valid, on_time, received_in, resolved_in
from desktop_crm.kpi_measures import Measures
from desktop_crm.store import figure_rows, figures
from desktop_crm.store.figure_rows import AnswerRow, Buyer, CardFields, MoneyRow
from desktop_crm.store.figures import Frame
from desktop_crm.store.rows import Database

Kind = Literal["customer", "purchase", "complaint", "followup"]


@dataclass(frozen=True)
class BehindRow:
    """One row behind a figure.

    Attributes:
        kind / id: what it is, and its key.
        customer_id / name: whose; None and '' for a walk-in or an anonymous complaint.
        day: `YYYY-MM-DD`, what the row is dated by. reason: why it counts or not, in words.
        over / under: what it adds above and below the line (minutes above, for medians).
    """

    kind: Kind
    id: int
    customer_id: int | None
    name: str
    day: str
    reason: str
    over: float
    under: float


@dataclass(frozen=True)
class Behind:
    """All rows behind a figure, the ones to look at first in front."""

    rows: tuple[BehindRow, ...]

    def table(self) -> Table:
        """The rows as a table of a document."""
        columns = (Column(_("Customer"), 2), Column(_("Day"), 1.2, unit="day"), Column(_("Why"), 4))
        rows = tuple((row.name or _("Walk-in"), row.day, row.reason) for row in self.rows)
        return Table(columns, rows, empty=_("There are no rows behind this figure."))


def behind(db: Database, key: str, m: Measures, previous: Frame) -> Behind:
    """The rows of one figure in the snapshot that is open."""
    rows = list(_BUILDERS[key](db, m, previous))
    if key in _MISSES_FIRST:
        rows.sort(key=lambda row: row.over >= row.under)
    else:
        rows.sort(key=lambda row: not row.over)
    return Behind(tuple(rows))


Builder = Callable[[Database, Measures, Frame], Iterable[BehindRow]]


def _customer(
    row: Buyer | figures.LostContact, day: str, reason: str, over: float, under: float = 1
) -> BehindRow:
    key = row.id if isinstance(row, Buyer) else row.customer_id
    return BehindRow("customer", key, key, row.name, day, reason, over, under)


def _new_customers(db: Database, frame: Frame) -> list[Buyer]:
    return [row for row in figure_rows.buyers(db, frame) if row.first_day >= frame.start]


def _growth(db: Database, m: Measures, previous: Frame) -> Iterator[BehindRow]:
    for row in _new_customers(db, m.frame):
        yield _customer(
            row, row.first_day, _("First purchase on {day}.").format(day=row.first_day), 1, under=0
        )
    for row in _new_customers(db, previous):
        text = _("First purchase on {day}, in the period before.").format(day=row.first_day)
        yield _customer(row, row.first_day, text, -1)


def _referred(db: Database, m: Measures, _previous: Frame) -> Iterator[BehindRow]:
    for row in _new_customers(db, m.frame):
        text = _("Sent by another customer.") if row.referred else _("Came without a referral.")
        yield _customer(row, row.first_day, text, row.referred)


def _conversion(_db: Database, m: Measures, _previous: Frame) -> Iterator[BehindRow]:
    for item in m.prospects:
        text = (
            _("Card made {day}, not bought yet.").format(day=item.card_day)
            if item.first_sale_day is None
            else _("Card made {day}, bought on {sale}.").format(day=item.card_day, sale=item.first_sale_day)
        )
        bought = item.first_sale_day is not None
        key = item.customer_id
        yield BehindRow("customer", key, key, item.name, item.card_day.isoformat(), text, bought, 1)


def _window(db: Database, m: Measures, _previous: Frame, *, occasions: bool) -> Iterator[BehindRow]:
    for row in figure_rows.buyers(db, m.frame):
        if row.window_occasions:
            text = ngettext(
                "Bought on {count} day in the window.",
                "Bought on {count} days in the window.",
                row.window_occasions,
            ).format(count=row.window_occasions)
            yield _customer(
                row, row.last_day, text, row.window_occasions if occasions else row.window_occasions >= 2
            )


def _repurchase(db: Database, m: Measures, previous: Frame) -> Iterator[BehindRow]:
    return _window(db, m, previous, occasions=False)


def _frequency(db: Database, m: Measures, previous: Frame) -> Iterator[BehindRow]:
    return _window(db, m, previous, occasions=True)


def _returning(db: Database, m: Measures, _previous: Frame) -> Iterator[BehindRow]:
    for row in figure_rows.buyers(db, m.frame):
        if row.bought_before:
            text = (
                _("Back on {day}, before that on {before}.")
                if row.bought_in
                else _("Last bought on {before}.")
            ).format(day=row.last_day, before=row.last_before)
            yield _customer(row, row.last_day, text, row.bought_in)


def _days_ago(day: str, until: date) -> str:
    days = (until - date.fromisoformat(day)).days
    return ngettext(
        "Last active {day}, {count} day before.", "Last active {day}, {count} days before.", days
    ).format(day=day, count=days)


def _active(db: Database, m: Measures, _previous: Frame) -> Iterator[BehindRow]:
    for row in figure_rows.buyers(db, m.frame):
        yield _customer(
            row, row.active_day, _days_ago(row.active_day, m.last_day), row.active_day >= m.frame.active_from
        )


def _kept(db: Database, m: Measures, _previous: Frame, *, lost: bool) -> Iterator[BehindRow]:
    for row in figure_rows.buyers(db, m.frame):
        if row.active_before is not None and row.active_before >= m.frame.kept_from_start:
            stays = row.active_day >= m.frame.kept_from
            yield _customer(row, row.active_day, _days_ago(row.active_day, m.last_day), stays != lost)


def _retained(db: Database, m: Measures, previous: Frame) -> Iterator[BehindRow]:
    return _kept(db, m, previous, lost=False)


def _churned(db: Database, m: Measures, previous: Frame) -> Iterator[BehindRow]:
    return _kept(db, m, previous, lost=True)


def _length(db: Database, m: Measures, _previous: Frame) -> Iterator[BehindRow]:
    for row in figure_rows.buyers(db, m.frame):
        if row.occasions >= 2:
            days = (date.fromisoformat(row.last_day) - date.fromisoformat(row.first_day)).days
            text = _("From {first} to {last}: {days}.").format(
                first=row.first_day, last=row.last_day, days=show(days, "days")
            )
            yield _customer(row, row.last_day, text, days)


def _money(row: MoneyRow, reason: str, over: float, under: float) -> BehindRow:
    kind: Kind = "purchase" if row.kind in ("sale", "refund") else "customer"
    return BehindRow(kind, row.id, row.customer_id, row.name, row.day, reason, over, under)


def _value(db: Database, m: Measures, _previous: Frame) -> Iterator[BehindRow]:
    for row in figure_rows.net_by_customer(db, m.frame):
        yield _money(row, _("{money} to date.").format(money=show_money(row.fen)), row.fen, 1)


def _orders(db: Database, m: Measures, _previous: Frame) -> Iterator[BehindRow]:
    for row, counts in figure_rows.occasions(db, m.frame):
        text = show_money(row.fen) if counts else _("Fully refunded: no purchase day.")
        yield _money(row, text, row.fen, counts)


def _sales(db: Database, m: Measures, _previous: Frame) -> Iterator[BehindRow]:
    for row in figure_rows.money(db, m.frame):
        text = _("Sale of {money}.") if row.kind == "sale" else _("Refund of {money}.")
        yield _money(row, text.format(money=show_money(abs(row.fen))), row.fen, 0)


def _sales_growth(db: Database, m: Measures, previous: Frame) -> Iterator[BehindRow]:
    yield from _sales(db, m, previous)
    for row in figure_rows.money(db, previous):
        text = (
            _("Sale of {money}, in the period before.")
            if row.kind == "sale"
            else _("Refund of {money}, in the period before.")
        )
        yield _money(row, text.format(money=show_money(abs(row.fen))), -row.fen, row.fen)


def _won_back(_db: Database, m: Measures, _previous: Frame) -> Iterator[BehindRow]:
    for row in m.lost_contacts:
        text = (
            _("Lost since {last}, contacted {day}, bought {sale}.")
            if row.bought_day
            else _("Lost since {last}, contacted {day}, nothing bought yet.")
        )
        words = text.format(last=row.last_active_day, day=row.contact_day, sale=row.bought_day)
        yield _customer(row, row.contact_day, words, row.bought_day is not None)


def _case(case: Case, reason: str, over: float, under: float = 1) -> BehindRow:
    row = case.row
    return BehindRow("complaint", row.id, row.customer_id, row.name, row.received_day, reason, over, under)


def _responses(_db: Database, m: Measures, _previous: Frame) -> Iterator[BehindRow]:
    for case in received_in(m):
        wait = case.response_minutes
        if case.answered_at is None or wait is None:
            yield _case(case, _("{what}: not answered yet.").format(what=case.row.summary), 0, 0)
        elif wait < 0:
            yield _case(
                case, _("{what}: answered before it was received.").format(what=case.row.summary), 0, 0
            )
        else:
            minutes = case.business_minutes(case.answered_at, m.hours)
            text = _("{what}: answered after {time}.")
            yield _case(case, text.format(what=case.row.summary, time=show(minutes, "minutes")), minutes)


def _resolutions(_db: Database, m: Measures, _previous: Frame) -> Iterator[BehindRow]:
    for case in resolved_in(m):
        minutes = case.business_minutes(case.resolutions[-1].at, m.hours)
        text = _("{what}: resolved after {time}.")
        yield _case(case, text.format(what=case.row.summary, time=show(minutes, "minutes")), minutes)


def _resolved(_db: Database, m: Measures, _previous: Frame) -> Iterator[BehindRow]:
    for case in received_in(m):
        if case.state not in ("withdrawn", "duplicate"):
            done = case.state in SOLVED
            text = _("{what}: resolved.") if done else _("{what}: still open.")
            yield _case(case, text.format(what=case.row.summary), done)


def _first_contact(_db: Database, m: Measures, _previous: Frame) -> Iterator[BehindRow]:
    for case in resolved_in(m):
        text = (
            ngettext(
                "{what}: resolved with {count} contact.",
                "{what}: resolved with {count} contacts.",
                case.contacts,
            )
            if case.at_first_contact or case.contacts > 1
            else _("{what}: reopened within 7 days.")
        )
        yield _case(
            case, text.format(what=case.row.summary, count=max(case.contacts, 1)), case.at_first_contact
        )


def _satisfied(_db: Database, m: Measures, _previous: Frame) -> Iterator[BehindRow]:
    return _satisfaction(m, lambda score: score >= 4)


def _index(_db: Database, m: Measures, _previous: Frame) -> Iterator[BehindRow]:
    return _satisfaction(m, lambda score: (score - 1) * 25)


def _satisfaction(m: Measures, over: Callable[[int], float]) -> Iterator[BehindRow]:
    for row, score in sorted(satisfied(m), key=lambda found: found[1]):
        text = _("Answered {score} of 5.").format(score=score)
        yield _answer(row, text, over(score))


def _promoters(_db: Database, m: Measures, _previous: Frame) -> Iterator[BehindRow]:
    for row, score in sorted(recommending(m), key=lambda found: found[1]):
        yield _answer(row, _("Would recommend: {score} of 10.").format(score=score), promotion(score))


def _answer(row: AnswerRow, reason: str, over: float) -> BehindRow:
    return BehindRow("customer", row.customer_id, row.customer_id, row.name, row.day, reason, over, 1)


def _complaints(db: Database, m: Measures, _previous: Frame) -> Iterator[BehindRow]:
    for case in received_in(m):
        yield _case(case, case.row.summary, 1, 0)
    for row in figure_rows.money(db, m.frame):
        if row.kind == "sale":
            yield _money(row, _("Sale of {money}.").format(money=show_money(row.fen)), 0, 1)


def _handled(_db: Database, m: Measures, _previous: Frame) -> Iterator[BehindRow]:
    for case in received_in(m):
        if case.state != "duplicate":
            done = case.state in SETTLED
            text = _("{what}: closed or withdrawn.") if done else _("{what}: still open.")
            yield _case(case, text.format(what=case.row.summary), done)


def _in_time(_db: Database, m: Measures, _previous: Frame) -> Iterator[BehindRow]:
    for case in due_in(m):
        good = on_time(case)
        text = _("{what}: closed in time.") if good else _("{what}: not closed by its due time.")
        yield _case(case, text.format(what=case.row.summary), good)


def _promised(db: Database, m: Measures, _previous: Frame) -> Iterator[BehindRow]:
    for row in figure_rows.promised(db, m.frame):
        if row.on_time:
            text = _("Promised for {day}, done on {done}.")
        elif row.done_day:
            text = _("Promised for {day}, done late on {done}.")
        else:
            text = _("Promised for {day}, not done yet.")
        words = text.format(day=row.first_due_day, done=row.done_day)
        yield BehindRow(
            "followup", row.id, row.customer_id, row.name, row.first_due_day, words, row.on_time, 1
        )


def _missing_fields(row: CardFields, required: tuple[str, ...]) -> tuple[int, list[str]]:
    """How many fields the card should have, and the names of those it lacks."""
    names = {
        "name": (_("name"), row.has_name),
        "phone": (_("phone"), row.phone),
        "source": (_("source"), row.source),
        "consent": (_("consent"), row.consent),
        "owner": (_("clerk"), row.owner),
        "birthday": (_("birthday"), row.birthday),
        "device": (_("device"), row.device),
    }
    asked = [names[key] for key in required if key != "device" or row.buys]
    return len(asked), [name for name, filled in asked if not filled]


def _complete(db: Database, m: Measures, _previous: Frame) -> Iterator[BehindRow]:
    if m.filled is None:
        return
    for row in figure_rows.card_fields(db, m.frame):
        fields, lacking = _missing_fields(row, m.required)
        text = _("Missing: {fields}.").format(fields=_(", ").join(lacking)) if lacking else _("Complete.")
        yield BehindRow("customer", row.id, row.id, row.name, "", text, fields - len(lacking), fields)


def _valid(db: Database, m: Measures, _previous: Frame) -> Iterator[BehindRow]:
    if m.checked is None:
        return
    for kind, text, customer_id, name in figures.checkable_values(db):
        verdict = is_valid(kind, text, m.known_day)
        if verdict is not None:
            words = (_("{value} is valid.") if verdict else _("{value} is not valid.")).format(value=text)
            yield BehindRow("customer", customer_id, customer_id, name, "", words, verdict, 1)


_BUILDERS: dict[str, Builder] = {
    "new_customer_growth": _growth,
    "conversion_rate": _conversion,
    "first_response_time": _responses,
    "resolution_rate": _resolved,
    "resolution_time": _resolutions,
    "first_contact_resolution": _first_contact,
    "csat": _satisfied,
    "csat_index": _index,
    "repurchase_rate": _repurchase,
    "returning_rate": _returning,
    "active_rate": _active,
    "clv_historic": _value,
    "retention_rate": _retained,
    "churn_rate": _churned,
    "relationship_length": _length,
    "purchase_frequency": _frequency,
    "average_order_value": _orders,
    "win_back_rate": _won_back,
    "nps": _promoters,
    "referral_rate": _referred,
    "complaint_rate": _complaints,
    "complaint_handling_rate": _handled,
    "complaint_on_time_rate": _in_time,
    "follow_up_on_time_rate": _promised,
    "net_sales": _sales,
    "sales_growth": _sales_growth,
    "completeness": _complete,
    "validity": _valid,
}

_MISSES_FIRST = frozenset(
    {
        "resolution_rate",
        "csat",
        "csat_index",
        "nps",
        "complaint_handling_rate",
        "complaint_on_time_rate",
        "follow_up_on_time_rate",
        "retention_rate",
        "completeness",
        "validity",
    }
)
"""Of these one wants to see what did not count."""
