"""Complaints: the steps and which fit, clocks in business hours, lists, what steps bring with them, history, undo."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from desktop_crm import business_time, complaints, history, tiers
from desktop_crm.base.clock import FixedClock
from desktop_crm.complaints import (
    ComplaintDraft,
    ComplaintMissing,
    NoteMissing,
    StepNotPossible,
    SummaryMissing,
    TimeNotPossible,
)
from desktop_crm.records.complaints import ComplaintState, Priority, StepKind
from desktop_crm.settings import DUE_NORMAL_HOURS
from desktop_crm.shop import Shop
from tests.contact_builders import (
    add_customer,
    add_device,
    add_import,
    add_sale,
    add_staff,
    change_customer,
    contacts,
)


def receive(
    shop: Shop, summary: str = "screen flickers", who: int | None = None, priority: Priority = "normal"
) -> int:
    return complaints.receive(shop, ComplaintDraft(summary, who, priority))


def kinds(shop: Shop, case: int) -> list[str]:
    return [step.kind for step in complaints.steps(shop, case)]


def take(shop: Shop, case: int, *steps: StepKind) -> None:
    for kind in steps:
        complaints.step(shop, case, kind, "words")


def test_a_complaint_is_received_with_its_due_time(shop: Shop) -> None:
    clerk, who = add_staff(shop), add_customer(shop)
    own = shop.at_counter(clerk)
    made = complaints.receive(own, ComplaintDraft(" screen\nflickers ", who, "high", " screen ", "call"))
    case = complaints.get(shop, made)
    assert (case.summary, case.category, case.state, case.owner_staff_id) == (
        "screen\nflickers",
        "screen",
        "received",
        clerk,
    )
    assert (case.received_at, case.received_day, case.due_at) == (
        "2026-11-21T02:00:00Z",
        "2026-11-21",
        "2026-11-21T06:00:00Z",
    )
    step = complaints.steps(shop, made)[0]
    assert (step.kind, step.staff_id, step.interaction) == ("received", clerk, True)
    logged = contacts(shop, who)[0]
    assert (logged.began_by, logged.channel, logged.complaint_id) == ("customer", "call", made)
    history.undo(own)
    with pytest.raises(ComplaintMissing):
        complaints.get(shop, made)
    with pytest.raises(ComplaintMissing):
        complaints.row(shop, made)
    history.redo(own)
    assert complaints.get(shop, made) == case


@pytest.mark.parametrize(
    ("priority", "due"),
    [("high", "2026-11-21T06:00:00Z"), ("normal", "2026-11-23T02:00:00Z"), ("low", "2026-11-27T02:00:00Z")],
)
def test_the_due_time_counts_business_hours(shop: Shop, priority: Priority, due: str) -> None:
    assert complaints.get(shop, receive(shop, priority=priority)).due_at == due


def test_the_hours_are_settings(shop: Shop) -> None:
    with shop.change("hours", {"settings"}):
        shop.put(DUE_NORMAL_HOURS, 1)
    assert complaints.get(shop, receive(shop)).due_at == "2026-11-21T03:00:00Z"


def test_an_answer_on_the_spot_is_the_first_response(shop: Shop) -> None:
    made = complaints.receive(shop, ComplaintDraft("no sound", responded=True))
    received, responded = complaints.steps(shop, made)
    assert (responded.kind, responded.at, responded.interaction) == ("responded", received.at, False)


def test_drafts_that_are_refused(shop: Shop) -> None:
    who = add_customer(shop)
    with pytest.raises(SummaryMissing):
        receive(shop, " \n ")
    with pytest.raises(TimeNotPossible):
        complaints.receive(shop, ComplaintDraft("x", who, received_at=shop.now() + timedelta(minutes=1)))
    with pytest.raises(ComplaintMissing):
        receive(shop, who=999)
    change_customer(shop, who, deleted_at="2026-11-20T00:00:00Z")
    merged = add_customer(shop, merged_into=add_customer(shop))
    for gone in (who, merged):
        with pytest.raises(ComplaintMissing, match="card is not there"):
            receive(shop, who=gone)
    assert complaints.counts(shop) == complaints.Counts(0, 0, 0)


def test_the_whole_way(shop: Shop, clock: FixedClock) -> None:
    who = add_customer(shop)
    made = receive(shop, who=who)
    acts: list[Callable[[Shop, int, str], None]] = [
        complaints.respond,
        complaints.investigate,
        complaints.resolve,
        complaints.answer,
        complaints.close,
    ]
    for number, act in enumerate(acts):
        clock.instant += timedelta(minutes=10)
        act(shop, made, f"step {number}")
    assert kinds(shop, made) == ["received", "responded", "investigating", "resolved", "answered", "closed"]
    assert complaints.get(shop, made).state == "closed"
    assert [c.summary for c in contacts(shop, who)] == ["screen flickers", "step 0", "step 3"]
    assert [c.began_by for c in contacts(shop, who)] == ["customer", "shop", "shop"]
    row = complaints.row(shop, made)
    assert (row.responded_at, row.ended_at, row.latest_note) == (
        "2026-11-21T02:10:00Z",
        "2026-11-21T02:50:00Z",
        "step 4",
    )
    history.undo(shop)
    assert complaints.get(shop, made).state == "answered"
    history.redo(shop)
    assert complaints.get(shop, made).state == "closed"


def test_a_lost_customer_who_complains_is_not_lost(shop: Shop) -> None:
    who = add_customer(shop)
    add_sale(shop, who, "2023-01-01")
    with shop.change("tiers", {"tiers"}):
        tiers.first_within(shop)
    receive(shop, who=who)
    found = tiers.current(shop, who)
    assert found is not None
    assert found.tier == "regular"


def test_an_answer_without_a_response_before_is_the_response(shop: Shop) -> None:
    made = receive(shop)
    take(shop, made, "resolved", "answered")
    steps = complaints.steps(shop, made)
    assert [(s.kind, s.interaction) for s in steps] == [
        ("received", True),
        ("resolved", False),
        ("responded", False),
        ("answered", True),
    ]


WAYS: dict[ComplaintState, tuple[StepKind, ...]] = {
    "received": (),
    "investigating": ("investigating",),
    "resolved": ("resolved",),
    "answered": ("resolved", "answered"),
    "closed": ("resolved", "answered", "closed"),
    "withdrawn": ("withdrawn",),
}


@pytest.mark.parametrize(
    ("state", "kind", "sentence"),
    [
        ("received", "answered", "“Answered” does not fit a complaint that is Received"),
        ("received", "closed", "not resolved yet"),
        ("received", "reopened", "does not fit"),
        ("investigating", "investigating", "does not fit"),
        ("investigating", "closed", "not resolved yet"),
        ("resolved", "closed", "not told the result yet"),
        ("resolved", "investigating", "does not fit"),
        ("resolved", "duplicate", "does not fit"),
        ("answered", "resolved", "does not fit"),
        ("closed", "closed", "does not fit"),
        ("closed", "withdrawn", "does not fit"),
        ("withdrawn", "resolved", "does not fit"),
    ],
)
def test_steps_that_do_not_fit_are_refused_in_a_sentence(
    shop: Shop, state: ComplaintState, kind: StepKind, sentence: str
) -> None:
    made = receive(shop)
    take(shop, made, *WAYS[state])
    before = kinds(shop, made)
    with pytest.raises(StepNotPossible, match=sentence):
        complaints.step(shop, made, kind, "words")
    assert kinds(shop, made) == before
    assert complaints.get(shop, made).state == state


def test_the_first_response_fits_once(shop: Shop) -> None:
    made = receive(shop)
    assert complaints.next_steps(shop, made)[:2] == ("responded", "investigating")
    complaints.respond(shop, made)
    assert complaints.next_steps(shop, made)[0] == "investigating"
    with pytest.raises(StepNotPossible, match="noted already"):
        complaints.respond(shop, made)


def test_reopened_withdrawn_and_noted_need_words(shop: Shop) -> None:
    made = receive(shop)
    for act in (complaints.withdraw, complaints.note):
        with pytest.raises(NoteMissing):
            act(shop, made, "  ")
    complaints.note(shop, made, "called twice")
    assert complaints.get(shop, made).state == "received"
    complaints.withdraw(shop, made, "works again")
    with pytest.raises(NoteMissing):
        complaints.reopen(shop, made, "")
    complaints.reopen(shop, made, "broken again")
    assert complaints.get(shop, made).state == "investigating"


def test_a_duplicate_names_the_case_it_repeats(shop: Shop) -> None:
    first, second, third = receive(shop, "first"), receive(shop, "second"), receive(shop, "third")
    complaints.mark_duplicate(shop, second, first)
    found = complaints.get(shop, second)
    assert (found.state, found.duplicate_of) == ("duplicate", first)
    for of_id in (third, second):
        with pytest.raises(StepNotPossible, match="only be a duplicate"):
            complaints.mark_duplicate(shop, third, of_id)
    with pytest.raises(ComplaintMissing):
        complaints.mark_duplicate(shop, third, 999)
    complaints.reopen(shop, second, "another fault after all")
    assert complaints.get(shop, second).duplicate_of is None


def test_a_step_may_be_told_later_but_not_out_of_order(shop: Shop, clock: FixedClock) -> None:
    made = receive(shop)
    received = clock.instant
    clock.instant += timedelta(hours=5)
    complaints.note(shop, made, "came with a friend", at=received)
    complaints.respond(shop, made, at=received + timedelta(minutes=20))
    with pytest.raises(TimeNotPossible, match="before the one"):
        complaints.resolve(shop, made, at=received)
    with pytest.raises(TimeNotPossible, match="future"):
        complaints.resolve(shop, made, at=clock.instant + timedelta(minutes=1))
    clock.instant = received  # the computer's clock jumped back
    complaints.investigate(shop, made)
    assert complaints.steps(shop, made)[-1].at == "2026-11-21T02:20:00Z"


def test_the_clock_of_a_case(shop: Shop, clock: FixedClock) -> None:
    hours = business_time.of(shop)
    made = receive(shop, priority="high")

    def now() -> complaints.Clock:
        row = complaints.row(shop, made)
        return complaints.clock(row, row.ended_at, shop.now(), hours)

    clock.instant += timedelta(hours=1)
    assert now() == complaints.Clock(False, 180, False)
    clock.instant += timedelta(hours=3)
    assert now() == complaints.Clock(False, 0, False)
    clock.instant += timedelta(hours=15)
    assert now() == complaints.Clock(True, -7 * 60, False)
    assert [row.id for row in complaints.overdue(shop)] == [made]
    take(shop, made, "resolved", "answered", "closed")
    clock.instant += timedelta(days=2)
    assert now() == complaints.Clock(True, -7 * 60, True)
    assert complaints.overdue(shop) == []
    prompt = receive(shop, priority="high")
    take(shop, prompt, "resolved", "answered", "closed")
    row = complaints.row(shop, prompt)
    assert complaints.clock(row, row.ended_at, shop.now(), hours) == complaints.Clock(False, 240, True)


def test_lists_and_counts(shop: Shop, clock: FixedClock) -> None:
    clerk, who, gone = add_staff(shop), add_customer(shop, phone="13805718866"), add_customer(shop, "gone")
    add_device(shop, who)
    own = shop.at_counter(clerk)
    late = complaints.receive(own, ComplaintDraft("late", who, "high", "screen", device_id=1))
    normal = receive(shop, "normal")
    low = receive(shop, "low", priority="low")
    ended = receive(shop, "ended")
    hidden = receive(shop, "hidden", gone)
    change_customer(shop, gone, deleted_at="2026-11-21T00:00:00Z")
    complaints.withdraw(shop, ended, "fine")
    assert complaints.counts(shop) == complaints.Counts(3, 0, 1)
    clock.instant = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
    assert complaints.counts(shop) == complaints.Counts(3, 1, 1)

    def shown(show: complaints.Show, **more: int) -> list[int]:
        return [row.id for row in complaints.listing(shop, show, **more)]

    assert shown("open") == [late, normal, low]
    assert shown("open", limit=1, offset=1) == [normal]
    assert shown("overdue") == [late]
    assert shown("ended") == [ended]
    assert shown("all") == [ended, low, normal, late]
    assert shown("withdrawn") == [ended]
    assert hidden not in shown("received")
    row = complaints.row(shop, late)
    assert (row.customer_name, row.phone, row.owner_name, row.device, row.tier, row.category) == (
        "王建国",
        "13805718866",
        "李娜",
        "iPhone 15 256G",
        "prospect",
        "screen",
    )
    assert [row.id for row in complaints.of_customer(shop, who)] == [late]
    assert complaints.count_by_state(shop) == {
        "received": 3,
        "investigating": 0,
        "resolved": 0,
        "answered": 0,
        "closed": 0,
        "withdrawn": 1,
        "duplicate": 0,
    }
    assert complaints.categories(shop) == ["screen"]
    case = complaints.gather(shop, late)
    assert [(s.kind, name) for s, name in case.steps] == [("received", "李娜")]
    assert (case.line.id, case.complaint.id, case.next_steps[0]) == (late, late, "responded")
    assert [(line.id, line.clock.late) for line in complaints.lines(shop)] == [
        (late, True),
        (normal, False),
        (low, False),
    ]
    assert [complaints.count(shop, show) for show in ("open", "ended", "received", "all")] == [3, 1, 3, 4]


def test_priority_and_owner_can_change(shop: Shop) -> None:
    clerk, made = add_staff(shop), receive(shop)
    complaints.edit(shop, made, "high", clerk)
    found = complaints.get(shop, made)
    assert (found.priority, found.due_at, found.owner_staff_id) == ("high", "2026-11-21T06:00:00Z", clerk)
    history.undo(shop)
    assert complaints.get(shop, made).priority == "normal"


@pytest.mark.parametrize(
    ("state", "steps"),
    [
        ("received", ["received", "note"]),
        ("investigating", ["received", "investigating"]),
        ("resolved", ["received", "resolved"]),
        ("answered", ["received", "resolved", "answered"]),
        ("closed", ["received", "resolved", "answered", "closed"]),
        ("withdrawn", ["received", "withdrawn"]),
    ],
)
def test_a_case_from_a_list_keeps_its_days(shop: Shop, state: ComplaintState, steps: list[str]) -> None:
    who, batch, clerk = add_customer(shop), add_import(shop), add_staff(shop)
    came, ended = datetime(2026, 8, 1, 2, tzinfo=UTC), datetime(2026, 8, 3, 2, tzinfo=UTC)
    draft = ComplaintDraft("old case", who, received_at=came, owner_staff_id=clerk)
    with shop.change("import", {"complaints"}):
        made = complaints.receive_history_within(
            shop, draft, batch, state=state, ended_at=ended, note="repaired"
        )
    case = complaints.get(shop, made)
    assert (case.state, case.import_id, case.received_day) == (state, batch, "2026-08-01")
    assert kinds(shop, made) == steps
    assert {(s.day, s.staff_id) for s in complaints.steps(shop, made)[1:]} <= {("2026-08-03", clerk)}
    assert complaints.row(shop, made).latest_note == "repaired"
    assert [(c.day, c.import_id) for c in contacts(shop, who)] == [("2026-08-01", batch)]


def test_words() -> None:
    assert complaints.state_label("received") == "Received"
    assert complaints.step_label("responded") == "First response"
    assert complaints.priority_label("low") == "Minor"
