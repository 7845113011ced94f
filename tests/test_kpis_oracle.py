"""Every figure against a slow oracle (tests/kpi_oracle.py) over random shops, and its rows against both sides of its line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from desktop_crm import kpis
from desktop_crm.base.dates import Period, parse_period
from desktop_crm.complaint_rules import NEXT, STATE_AFTER
from desktop_crm.records.complaints import ComplaintState
from desktop_crm.shop import Shop
from tests.kpi_oracle import ask
from tests.shop_rows import Rows

TODAY = date(2026, 11, 21)
_EDGES = [date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1), date(2026, 11, 21), date(2025, 10, 1)]
_AGES = [0, 1, 7, 8, 30, 90, 91, 180, 181, 365, 719, 720, 721, 730, 731]
DAYS = st.one_of(
    st.sampled_from(
        sorted({edge - timedelta(days=age - shift) for edge in _EDGES for age in _AGES for shift in (0, 1)})
    ).filter(lambda day: day <= TODAY),
    st.dates(date(2023, 9, 1), TODAY),
    st.dates(date(2026, 9, 1), TODAY),
).map(date.isoformat)
HOURS = st.sampled_from(["08:10", "09:00", "10:30", "13:05", "20:50", "23:30"])
MOMENTS = st.tuples(DAYS, HOURS).map(" ".join)
PEOPLE = st.integers(0, 6)
YUAN = st.sampled_from([0, 1, 99, 1299, 5000])
STEP = st.tuples(st.integers(0, 5), st.integers(0, 9000), st.booleans())
"""Which of the possible next steps, how many minutes later, and whether it was an interaction."""


class _Undo(Exception):
    """Takes a random shop back."""


@st.composite
def plans(draw: st.DrawFn) -> Callable[[Rows], None]:
    """A random shop of seven people, as something that writes it down."""
    people = draw(
        st.lists(
            st.tuples(
                st.none() | DAYS, MOMENTS, st.booleans(), st.sampled_from(["", "", "", "deleted", "merged"])
            ),
            min_size=7,
            max_size=7,
        )
    )
    sales = draw(
        st.lists(
            st.tuples(
                st.none() | PEOPLE,
                DAYS,
                YUAN,
                st.none() | st.integers(0, 60),
                st.lists(st.tuples(st.integers(0, 70), st.sampled_from([1, 2])), max_size=2),
            ),
            max_size=25,
        )
    )
    contacts = draw(
        st.lists(st.tuples(PEOPLE, DAYS, st.sampled_from(["customer", "shop"]), st.booleans()), max_size=12)
    )
    cases = draw(
        st.lists(
            st.tuples(
                st.none() | PEOPLE,
                MOMENTS,
                st.integers(60, 9000),
                st.none() | st.integers(-60, 0),
                st.lists(STEP, max_size=7),
            ),
            max_size=5,
        )
    )
    followups = draw(
        st.lists(
            st.tuples(
                PEOPLE, DAYS, st.sampled_from(["open", "done", "cancelled", "dropped"]), st.integers(-3, 20)
            ),
            max_size=8,
        )
    )
    answers = draw(
        st.lists(
            st.tuples(
                PEOPLE,
                DAYS,
                st.none() | st.integers(1, 5),
                st.none() | st.integers(0, 10),
                st.sampled_from(["", "sale", "case"]),
            ),
            max_size=12,
        )
    )

    def write(rows: Rows) -> None:
        _write(rows, people, sales, contacts, cases, followups)
        _write_answers(rows, answers)

    return write


def _later(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def _write(
    rows: Rows,
    people: list[tuple[str | None, str, bool, str]],
    sales: list[tuple[int | None, str, int, int | None, list[tuple[int, int]]]],
    contacts: list[tuple[int, str, str, bool]],
    cases: list[tuple[int | None, str, int, int | None, list[tuple[int, int, bool]]]],
    followups: list[tuple[int, str, str, int]],
) -> None:
    ids: list[int] = []
    for since, made, referred, gone in people:
        fields: dict[str, Any] = {"referred_by": ids[0] if referred and ids else None}
        if gone == "deleted":
            fields["deleted_at"] = "2026-11-20T00:00:00Z"
        if gone == "merged" and ids:
            fields["merged_into"] = ids[0]
        ids.append(rows.customer(f"person {len(ids)}", since, made=made, **fields))
    for who, day, yuan, void, refunds in sales:
        sale = rows.sale(
            None if who is None else ids[who], day, yuan, void=_later(day, void) if void is not None else None
        )
        for after, part in refunds:
            rows.refund(sale, _later(day, after), yuan / part)
    for who, day, began, reached in contacts:
        rows.contact(ids[who], day, began, reached=reached)
    for who_or_none, received, due, at_once, steps in cases:
        _write_case(rows, None if who_or_none is None else ids[who_or_none], received, due, at_once, steps)
    for who, day, state, after in followups:
        ended = _later(day, after)
        rows.followup(
            ids[who],
            day,
            done=ended if state == "done" else None,
            cancelled=ended if state in ("cancelled", "dropped") else None,
            reason="moved away" if state == "cancelled" else "",
        )


def _write_answers(rows: Rows, answers: list[tuple[int, str, int | None, int | None, str]]) -> None:
    """Answers, some about a sale or a case of whoever gave them, where there is one."""
    ids = [row[0] for row in rows.db.rows("SELECT id FROM customers ORDER BY id DESC LIMIT 7")][::-1]
    for who, day, satisfaction, recommendation, about in answers:
        mine = (ids[who],)
        sale = rows.db.value("SELECT max(id) FROM purchases WHERE customer_id = ?", mine)
        case = rows.db.value("SELECT max(id) FROM complaints WHERE customer_id = ?", mine)
        rows.answer(
            ids[who],
            day,
            satisfaction,
            recommendation,
            sale_id=sale if about == "sale" else None,
            case_id=case if about == "case" else None,
        )


def _write_case(
    rows: Rows,
    who: int | None,
    received: str,
    due: int,
    at_once: int | None,
    steps: list[tuple[int, int, bool]],
) -> None:
    """A case that goes the ways a case can go; `at_once` answers it when, or by mistake before, it came in."""
    came = datetime.fromisoformat(received)
    state: ComplaintState = "received"
    made: list[tuple[str, str, bool]] = []
    at = came
    if at_once is not None:
        made.append(("responded", f"{came + timedelta(minutes=at_once):%Y-%m-%d %H:%M}", False))
    for choice, minutes, talk in steps:
        kinds = [kind for kind in NEXT[state] if kind != "responded" or not made]
        kind = kinds[choice % len(kinds)]
        at += timedelta(minutes=minutes)
        made.append((kind, f"{at:%Y-%m-%d %H:%M}", talk))
        state = STATE_AFTER.get(kind, state)
    rows.case(received, f"{came + timedelta(minutes=due):%Y-%m-%d %H:%M}", *made, customer_id=who)


PERIODS = [
    ("2026-10", None),
    ("2026-11", None),
    ("2026-10", date(2026, 10, 15)),
    ("2026-10", date(2026, 11, 21)),
    ("2026-Q3", None),
    ("2026", None),
    ("2026-10-03..2026-11-02", date(2026, 11, 5)),
    ("2026-11-01..2026-11-21", None),
]


@settings(
    max_examples=100,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # shrinking a whole shop takes longer than reading the message
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(plan=plans(), asked=st.sampled_from(PERIODS))
def test_every_figure_equals_the_slow_oracle_and_the_sums_of_its_rows(
    shop: Shop, plan: Callable[[Rows], None], asked: tuple[str, date | None]
) -> None:
    period, as_of = parse_period(asked[0]), asked[1]
    with pytest.raises(_Undo), shop.change("a random shop", {"customers"}):
        plan(Rows(shop))
        _compare(shop, period, as_of)
        raise _Undo


def _compare(shop: Shop, period: Period, as_of: date | None) -> None:
    found = kpis.all(shop, period, as_of)
    day = kpis.known_at(shop, period, as_of)
    wanted = ask(shop.db, period, day, TODAY)
    for key, answer in wanted.items():
        kpi = found[key]
        for name, expected in answer.items():
            got = getattr(kpi, name) if hasattr(kpi, name) else kpi.parts[name]
            assert got == pytest.approx(expected), (key, name)
    for key, kpi in found.items():
        rows = kpis.rows_behind(shop, key, period, as_of).rows
        if kpi.numerator is not None:
            assert sum(row.over for row in rows) == kpi.numerator, key
            assert sum(row.under for row in rows) == (kpi.denominator or 0), key
        else:
            assert sum(row.under for row in rows) == (kpi.n or 0), key
