"""The pages behind a report's first one: tiers, complaints, follow-ups, best customers, all figures and their meaning."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from desktop_crm import business_time, complaint_rules, followups, performance, roles, tiers
from desktop_crm.base.dates import from_instant, local_day
from desktop_crm.base.document import Block, Cell, Column, Heading, PageBreak, Paragraph, Table, Value
from desktop_crm.base.i18n import _, ngettext
from desktop_crm.base.masking import mask_phone
from desktop_crm.base.values import show
from desktop_crm.calls import Call
from desktop_crm.kpi_cases import SOLVED, Case
from desktop_crm.kpi_definitions import ALL, GROUPS, PART_LABELS
from desktop_crm.kpis import Kpi
from desktop_crm.performance import Overview, TierPicture
from desktop_crm.shop import Shop
from desktop_crm.store.figure_rows import BestCustomer, PromisedContact
from desktop_crm.tier_rules import TIERS

ENDED = frozenset({"closed", "withdrawn", "duplicate"})
MOST_CASES = 60
"""So many complaints are listed; a shop with more reads them on screen."""


@dataclass(frozen=True)
class Gathered:
    """Everything a report shows.

    Attributes:
        cases: complaints received, resolved or closed in the period. carried: open ones from before it.
        promised: contacts promised for the period; bought_after: how many of the contacted bought then.
        best: customers who brought most. sellers: (what, pieces, fen).
        calls: whom the owner should call.
    """

    overview: Overview
    cases: Sequence[Case]
    carried: Sequence[Case]
    promised: Sequence[PromisedContact]
    bought_after: int
    best: Sequence[BestCustomer]
    sellers: Sequence[tuple[str, int, int]]
    calls: Sequence[Call]


def pages(shop: Shop, gathered: Gathered) -> Iterable[list[Block]]:
    """The pages in order; what is short follows on the same page."""
    yield [PageBreak(), *tiers_page(gathered.overview)]
    yield complaints_page(shop, gathered)
    yield followups_page(shop, gathered)
    yield [PageBreak(), *best_page(gathered)]
    yield [PageBreak(), *figures_page(gathered.overview)]
    yield [PageBreak(), *meanings_page()]


def received_cases(gathered: Gathered) -> list[Case]:
    """The complaints received in the period."""
    frame = gathered.overview.frames.main
    return [case for case in gathered.cases if frame.start <= case.row.received_day < frame.end]


def late_cases(shop: Shop, gathered: Gathered) -> list[Case]:
    """Complaints of the period that were not closed by their due time, and older ones that still are not."""
    asked = gathered.overview.frames
    last = asked.as_of - timedelta(days=asked.as_of == shop.today())  # a day still running is judged tomorrow
    found = []
    for case in [*gathered.carried, *received_cases(gathered)]:
        due = from_instant(case.row.due_at)
        ended = case.state in ENDED
        late = case.closed_at > due if case.closed_at is not None else not ended
        if late and local_day(due, shop.zone) <= last:
            found.append(case)
    return found


def made_of(kpi: Kpi) -> str:
    """How a figure was made, in numbers, with what must be said of it; the reason where it is missing."""
    made = performance.how(kpi)
    if kpi.value is None and kpi.note:
        return kpi.note
    return " · ".join(part for part in (made, _("small sample") if kpi.small else "") if part)


def tiers_page(seen: Overview) -> list[Block]:
    """How many customers stand in each tier, and who moved."""
    picture = seen.tiers
    columns = (
        Column(_("Tier"), 2),
        Column(_("At the start"), 1, "right", "count"),
        Column(_("At the end"), 1, "right", "count"),
        Column(_("Difference"), 1, "right"),
        Column(_("Share"), 1, "right"),
    )
    rows = tuple(
        (
            tiers.label(tier),
            picture.before[tier],
            Value(picture.counts[tier], "count", bold=True),
            Value(picture.counts[tier] - picture.before[tier], "count", signed=True),
            Value(picture.counts[tier] / picture.customers if picture.customers else None, "ratio"),
        )
        for tier in TIERS
    )
    total: tuple[Cell, ...] = (
        _("All"),
        sum(picture.before.values()),
        picture.customers,
        Value(picture.customers - sum(picture.before.values()), "count", signed=True),
        None,
    )
    return [
        Heading(_("Tiers and movement"), 1),
        picture.bar(),
        Table(columns, rows, total=total, dense=True),
        _moves_table(picture),
        Paragraph(
            _("Judged by the cut points of the shop; tiers set by hand are not shown here."), tone="quiet"
        ),
    ]


def _moves_table(picture: TierPicture) -> Table:
    """From which tier to which: a row per tier at the start, a column per tier at the end."""
    moved = {(start, end): count for start, end, count in picture.moves}
    columns = (
        Column(_("From … to"), 1.6),
        *(Column(tiers.label(tier), 1, "right", "count") for tier in TIERS),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            tiers.label(start) if start else _("New card"),
            *(Value(moved.get((start, end)) or "", "count") for end in TIERS),
        )
        for start in (*TIERS, "")
        if any(first == start for first, _end in moved)
    )
    return Table(columns, rows, _("Who moved in the period"), empty=_("Nobody moved."), dense=True)


def complaints_page(shop: Shop, gathered: Gathered) -> list[Block]:
    """The complaints of the period and the open ones from before, late ones first, each with its clock."""
    kpis = gathered.overview.kpis
    late = {case.row.id for case in late_cases(shop, gathered)}
    listed = [*gathered.carried, *received_cases(gathered)]
    listed.sort(key=lambda case: (case.row.id not in late, case.row.received_at, case.row.id))
    keys = (
        "first_response_time",
        "resolution_time",
        "resolution_rate",
        "first_contact_resolution",
        "complaint_handling_rate",
        "complaint_on_time_rate",
        "complaint_rate",
    )
    columns = (
        Column(_("Received on"), 1.1, unit="day"),
        Column(_("Customer"), 1.2),
        Column(_("What"), 2.6),
        Column(_("State"), 1.3),
        Column(_("First answer"), 1.0, "right"),
        Column(_("Clock"), 1.5),
    )
    rows = tuple(_case_row(shop, case, case.row.id in late) for case in listed[:MOST_CASES])
    note = ""
    if len(listed) > MOST_CASES:
        note = _("The first {shown} of {count}.").format(shown=MOST_CASES, count=len(listed))
    return [
        Heading(_("Complaints"), 1),
        _short_table([kpis[key] for key in keys]),
        Table(
            columns,
            rows,
            _("Each complaint"),
            note,
            _("No complaint came in, and none was open."),
            dense=True,
        ),
    ]


def _short_table(kpis: Iterable[Kpi]) -> Table:
    """Figures with their comparison in few columns."""
    columns = (
        Column(_("Figure"), 2.4),
        Column(_("Value"), 1, "right"),
        Column(_("Before"), 1, "right"),
        Column(_("How it is made"), 3),
    )
    rows = tuple(
        (kpi.label, Value(kpi.value, kpi.unit, bold=True), Value(kpi.previous, kpi.unit), made_of(kpi))
        for kpi in kpis
    )
    return Table(columns, rows, dense=True)


def _case_row(shop: Shop, case: Case, late: bool) -> tuple[Cell, ...]:
    row, hours = case.row, business_time.of(shop)
    answer: Cell = None
    if case.answered_at is not None and case.answered_at >= case.received_at:
        answer = Value(case.business_minutes(case.answered_at, hours), "minutes")
    what = f"{row.category}: {row.summary}" if row.category else row.summary
    return (
        row.received_day,
        row.name or _("Unknown"),
        what.replace("\n", " "),
        complaint_rules.state_label(case.state),
        answer,
        Value(_clock(shop, case, late), tone="bad" if late else "good" if case.state in ENDED else "plain"),
    )


def _clock(shop: Shop, case: Case, late: bool) -> str:
    """How a case stands against its due time, in words."""
    due = from_instant(case.row.due_at)
    if case.closed_at is not None:
        return _("closed late") if late else _("closed in time")
    if case.state in ENDED:
        return complaint_rules.state_label(case.state)
    day = local_day(due, shop.zone).isoformat()
    if late:
        return _("late, due {day}").format(day=day)
    return (
        _("resolved, due {day}").format(day=day)
        if case.state in SOLVED
        else _("open, due {day}").format(day=day)
    )


def followups_page(shop: Shop, gathered: Gathered) -> list[Block]:
    """Promised contacts: kept or not, by rule, by clerk, and what came of them.

    Who may not see the figures of the others gets a line of their own contacts only.
    """
    rows = gathered.promised
    kpi = gathered.overview.kpis["follow_up_on_time_rate"]
    outcomes: dict[str, int] = {}
    for row in rows:
        if row.outcome:
            outcomes[row.outcome] = outcomes.get(row.outcome, 0) + 1
    came = tuple(
        (followups.outcome_label(key), count)
        for key, count in sorted(outcomes.items(), key=lambda item: (-item[1], item[0]))
    )
    bought = ngettext(
        "{count} of the contacted customers bought afterwards in the period.",
        "{count} of the contacted customers bought afterwards in the period.",
        gathered.bought_after,
    ).format(count=f"{gathered.bought_after:,}")
    return [
        Heading(_("Follow-ups"), 1),
        _short_table([kpi]),
        _kept_table(rows, _("By reason"), lambda row: followups.rule_label(row.rule)),
        _kept_table(
            [row for row in rows if roles.sees_figures_of(shop, row.staff_id)],
            _("By clerk") if shop.may("staff_figures") else _("Your own"),
            lambda row: row.staff or _("Nobody in particular"),
        ),
        Table(
            (Column(_("Outcome"), 3), Column(_("Contacts"), 1, "right", "count")),
            came,
            _("What came of them"),
            bought if gathered.bought_after else "",
            empty=_("No contact was made yet."),
            dense=True,
        ),
    ]


def _kept_table(
    rows: Sequence[PromisedContact], title: str, group: Callable[[PromisedContact], str]
) -> Table:
    """Promised, made and on time per group, the most promised first."""
    groups: dict[str, list[PromisedContact]] = {}
    for row in rows:
        groups.setdefault(group(row), []).append(row)
    made = tuple(
        (
            name,
            len(each),
            sum(row.done_day is not None for row in each),
            sum(row.on_time for row in each),
            Value(sum(row.on_time for row in each) / len(each), "ratio", bold=True),
        )
        for name, each in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    )
    columns = (
        Column("", 3),
        Column(_("Promised"), 1, "right", "count"),
        Column(_("Made"), 1, "right", "count"),
        Column(_("On time"), 1, "right", "count"),
        Column(_("Rate"), 1, "right"),
    )
    return Table(columns, made, title, empty=_("No contacts were promised for these days."), dense=True)


def best_page(gathered: Gathered) -> list[Block]:
    """Who brought most in the period, and what was sold."""
    columns = (
        Column("", 0.4, unit="count"),
        Column(_("Customer"), 1.6),
        Column(_("Phone"), 1.3),
        Column(_("Main item"), 2.4),
        Column(_("Sales"), 0.7, "right", "count"),
        Column(_("In the period"), 1.2, "right", "fen"),
        Column(_("To date"), 1.2, "right", "fen"),
    )
    rows = tuple(
        (
            number,
            one.name,
            mask_phone(one.phone) if one.phone else None,
            one.dearest,
            one.sales,
            Value(one.fen, "fen", bold=True),
            one.to_date_fen,
        )
        for number, one in enumerate(gathered.best, 1)
    )
    sold = tuple(gathered.sellers)
    return [
        Heading(_("Best customers"), 1),
        Table(columns, rows, empty=_("No customer bought in the period.")),
        Table(
            (
                Column(_("What was sold"), 4),
                Column(_("Pieces"), 1, "right", "count"),
                Column(_("Amount"), 1.3, "right", "fen"),
            ),
            sold,
            _("What was sold most"),
            empty=_("Nothing was sold in the period."),
            dense=True,
        ),
    ]


def figures_page(seen: Overview) -> list[Block]:
    """Every figure of the law with its comparisons, numbers and notes, by group."""
    columns = (
        Column(_("Figure"), 2.8),
        Column(_("Value"), 1.1, "right"),
        Column(_("Before"), 1.1, "right"),
        Column(_("Last year"), 1.1, "right"),
        Column(_("How it is made"), 3.8),
    )
    rows: list[tuple[Cell, ...]] = []
    for group, name in GROUPS.items():
        rows.append((Value(_(name), bold=True), "", "", "", ""))
        for kpi in seen.kpis.values():
            if kpi.meaning.group == group:
                rows.append(
                    (
                        kpi.label,
                        Value(kpi.value, kpi.unit, bold=True),
                        Value(kpi.previous, kpi.unit),
                        Value(kpi.last_year, kpi.unit),
                        _explained(kpi),
                    )
                )
                rows += _part_rows(kpi)
    return [Heading(_("All figures"), 1), Table(columns, tuple(rows))]


def _explained(kpi: Kpi) -> str:
    made = performance.how(kpi) if kpi.value is not None else ""
    return " · ".join(part for part in (made, kpi.note) if part)


def _part_rows(kpi: Kpi) -> list[tuple[Cell, ...]]:
    """The figures beside a figure, indented; what is missing or none is left out."""
    return [
        (
            Value(_("– {part}").format(part=_(label)), tone="quiet"),
            Value(kpi.parts[part], unit, tone="quiet"),
            "",
            "",
            "",
        )
        for part, (label, unit) in PART_LABELS.items()
        if kpi.parts.get(part)
    ]


def meanings_page() -> list[Block]:
    """The meaning of every figure."""
    columns = (
        Column(_("Figure"), 1.7),
        Column(_("Formula"), 4.2),
        Column(_("Example"), 2.6),
        Column(_("After"), 1.5),
    )
    rows = tuple((item.name(), _(item.formula), _(item.example), _(item.source)) for item in ALL)
    note = _("Missing values print as {dash}: there was nothing to divide by, or nothing is recorded yet.")
    return [
        Heading(_("What each figure means"), 1),
        Paragraph(note.format(dash=show(None)), tone="quiet"),
        Table(columns, rows, dense=True),
    ]
