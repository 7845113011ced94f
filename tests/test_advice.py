"""What a card suggests, and that it suggests nothing it does not know."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Literal

import pytest

from desktop_crm import advice, consents
from desktop_crm.advice import Advice, Facts
from desktop_crm.followups import DueFollowup
from desktop_crm.records.customers import ChannelConsent, ConsentChannel, Customer
from desktop_crm.records.devices import Device
from desktop_crm.records.followups import Followup, Rule
from desktop_crm.records.relations import Relation
from desktop_crm.relations import Related
from desktop_crm.store.complaints import CaseRow

TODAY = date(2026, 11, 21)
CARD = Customer(1, "王建国", "", consent="granted")
PHONE = Device(1, 1, "iPhone 17 256G", "", acquired_day="2026-10-30", warranty_end_day="2027-10-30")
OLD = replace(PHONE, id=2, model="iPhone 15", acquired_day="2024-09-12", status="traded_in")
OLDER = replace(OLD, id=3, model="iPhone 13", acquired_day="2022-09-10")
FACTS = Facts(CARD, (PHONE,), (), (), "", "4 purchases", False, 30, "2026-11-21T02:00:00Z", TODAY)
CASE = CaseRow(
    7, 1, "屏幕偏黄", "", "normal", "received", "2026-11-01T02:00:00Z", "2026-11-01", "2026-11-03T02:00:00Z",
    None, "王建国", "regular", "", "", "", None, None, "",
)  # fmt: skip


def due(days: int, rule: Rule = "manual") -> DueFollowup:
    """A follow-up so many days overdue."""
    followup = Followup(5, 1, rule, "看新款", "2026-11-20", "2026-11-20", "")
    return DueFollowup(followup, "王建国", "regular", "", "看新款", "iPhone 17 · 2026-10", days, "", None)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (FACTS, []),
        (replace(FACTS, complaints=(CASE,)), [Advice("Complaint overdue", "屏幕偏黄", "complaint", 7)]),
        (
            replace(FACTS, complaints=(replace(CASE, due_at="2026-11-22T02:00:00Z"),)),
            [Advice("Complaint open", "屏幕偏黄", "complaint", 7)],
        ),
        (replace(FACTS, followups=(due(1),)), [Advice("看新款", "iPhone 17 · 2026-10", "followup", 5)]),
        (replace(FACTS, followups=(due(0),), saying="您好"), [Advice("看新款", "您好", "followup", 5)]),
        (replace(FACTS, followups=(due(-1),)), []),
        (
            replace(FACTS, devices=(replace(PHONE, warranty_end_day="2026-12-14"),)),
            [Advice("Warranty ends in 23 days", "Offer to check the iPhone 17 256G before it does.", "plan")],
        ),
        (replace(FACTS, devices=(replace(PHONE, warranty_end_day="2026-12-14", status="gone"),)), []),
        (
            replace(FACTS, devices=(replace(PHONE, plan_end_day="2026-11-22", plan_name="移动 128 元"),)),
            [Advice("Carrier plan ends in 1 day", "移动 128 元", "plan")],
        ),
        (
            replace(FACTS, customer=replace(CARD, birthday="--11-24")),
            [Advice("Birthday in 3 days", "On 2026-11-24.")],
        ),
        (
            replace(FACTS, customer=replace(CARD, birthday="1985-11-21")),
            [Advice("Birthday today", "A word of congratulation costs nothing.")],
        ),
        (replace(FACTS, customer=replace(CARD, birthday="--11-29")), []),
        (
            replace(FACTS, customer=replace(CARD, birthday="--11-24"), followups=(due(0, "birthday"),)),
            [Advice("看新款", "iPhone 17 · 2026-10", "followup", 5)],
        ),
        (
            replace(FACTS, devices=(replace(PHONE, acquired_day="2024-05-20"),)),
            [Advice("Phone in use for 30 months", "iPhone 17 256G: show what is new.", "plan")],
        ),
        (
            replace(FACTS, devices=(replace(OLD, status="in_use"), OLDER)),
            [
                Advice(
                    "Phone in use for 26 months", "iPhone 15; this customer changes about every 24 months.", "plan"
                )
            ],
        ),
        (replace(FACTS, devices=(replace(PHONE, acquired_day=None),)), []),
        (replace(FACTS, at_risk=True), [Advice("At risk of leaving", "4 purchases", "plan")]),
        (
            replace(FACTS, customer=replace(CARD, consent="")),
            [Advice("Ask for consent", "Nobody has asked yet whether the shop may contact them.", "consent")],
        ),
        (
            replace(FACTS, customer=replace(CARD, consent="refused"), followups=(due(1),), complaints=(CASE,)),
            [
                Advice("Do not contact", "The customer asked not to be called or written to."),
                Advice("Complaint overdue", "屏幕偏黄", "complaint", 7),
            ],
        ),
    ],
)  # fmt: skip
def test_each_fact_gives_its_suggestion(facts: Facts, expected: list[Advice]) -> None:
    assert list(advice.of(facts)) == expected


WIFE = Related(
    Relation(1, 9, 1, "spouse", ""),
    Customer(9, "李芳", "", gender="female", birthday="1987-11-23"),
    "",
    "regular",
    "spouse",
    "Wife",
)
FRIEND = replace(WIFE, side="friend", words="Friend")


def answer(channel: ConsentChannel, said: Literal["granted", "refused"] = "refused") -> ChannelConsent:
    return ChannelConsent(0, 1, channel, said, "2026-11-01")


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (replace(FACTS, due_fen=20_000), [Advice("Owes ¥200", "Ask for it kindly.")]),
        (
            replace(FACTS, due_fen=-20_000),
            [Advice("We owe them ¥200", "Set it off against the next sale, or give it back.")],
        ),
        (replace(FACTS, pinned=("留一台\niPad", "二")), [Advice("Remember", "留一台 iPad")]),
        (
            replace(FACTS, related=(WIFE,)),
            [Advice("Wife 李芳: birthday in 2 days", "Perhaps a present is looked for.")],
        ),
        (
            replace(FACTS, related=(replace(WIFE, other=replace(WIFE.other, birthday="--11-21")),)),
            [Advice("Wife 李芳: birthday today", "Perhaps a present is looked for.")],
        ),
        (replace(FACTS, related=(FRIEND,)), []),
        (
            replace(FACTS, family_devices=((WIFE, (replace(PHONE, warranty_end_day="2026-12-14"),)),)),
            [
                Advice(
                    "Wife 李芳: Warranty ends in 23 days",
                    "Offer to check the iPhone 17 256G before it does.",
                )
            ],
        ),
        (
            replace(FACTS, at_risk=True, consents=(answer("call"), answer("sms"))),
            [Advice("At risk of leaving", "4 purchases", "plan", hint="Do not call, No SMS")],
        ),
        (
            replace(FACTS, at_risk=True, consents=[answer(each) for each in consents.CHANNELS]),
            [
                Advice(
                    "At risk of leaving",
                    "4 purchases",
                    "plan",
                    hint="They want no calls and no messages: say it when they are here.",
                )
            ],
        ),
        (replace(FACTS, customer=replace(CARD, consent=""), consents=(answer("sms", "granted"),)), []),
        (
            replace(FACTS, customer=replace(CARD, do_not_contact=True), due_fen=100, pinned=("一",)),
            [
                Advice("Do not contact", "The customer asked not to be called or written to."),
                Advice("Owes ¥1", "Ask for it kindly."),
                Advice("Remember", "一"),
            ],
        ),
    ],
)
def test_family_accounts_notes_and_consent_are_thought_of(facts: Facts, expected: list[Advice]) -> None:
    assert list(advice.of(facts)) == expected


def test_only_the_three_most_pressing_are_said() -> None:
    soon = replace(PHONE, warranty_end_day="2026-12-14")
    facts = replace(FACTS, complaints=(CASE,), followups=(due(1),), devices=(soon,), at_risk=True)
    assert [each.head for each in advice.of(facts)] == [
        "Complaint overdue",
        "看新款",
        "Warranty ends in 23 days",
    ]


@pytest.mark.parametrize(
    ("days", "months"),
    [
        (("2022-09-10", "2024-09-12", "2026-10-30"), 25),
        (("2024-09-12",), None),
        (("2024-09-12", "2024-09-12"), None),
        (("2024-09-12", "2024-10-12"), None),
        ((None, "2024-09-12"), None),
    ],
)
def test_the_habit_is_the_mean_of_the_gaps(days: tuple[str | None, ...], months: int | None) -> None:
    assert advice.habit_months([replace(PHONE, acquired_day=day) for day in days]) == months
