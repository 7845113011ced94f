"""Answers of customers: one per occasion, corrected, removed, taken back, and what they may be about."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from desktop_crm import complaints, customers, history, merge, purchases, surveys
from desktop_crm.base.clock import FixedClock
from desktop_crm.complaints import ComplaintDraft
from desktop_crm.purchase_drafts import LineDraft, SaleDraft
from desktop_crm.records.surveys import SurveyAnswer
from desktop_crm.shop import Shop
from desktop_crm.surveys import AnswerUnknown, AnswerWrong
from tests.contact_builders import add_customer, add_staff

PHONE = LineDraft("iPhone 17 256G", 579_900)


@pytest.fixture
def wang(shop: Shop) -> int:
    """A customer."""
    return add_customer(shop)


def scores(shop: Shop, who: int) -> list[tuple[int | None, int | None, str]]:
    return [(each.satisfaction, each.recommendation, each.comment) for each in surveys.of_customer(shop, who)]


def test_an_answer_is_kept_undone_and_redone(shop: Shop, wang: int) -> None:
    clerk = add_staff(shop)
    here = shop.at_counter(clerk)
    made = surveys.record(here, wang, 5, 9, " 很快，很热情 ", channel="call")
    assert surveys.of_customer(shop, wang) == [
        SurveyAnswer(made, wang, shop.stamp(), "2026-11-21", 5, 9, "很快，很热情", "call", staff_id=clerk)
    ]
    history.undo(here)
    assert surveys.of_customer(shop, wang) == []
    history.redo(here)
    assert scores(shop, wang) == [(5, 9, "很快，很热情")]


def test_a_second_answer_of_the_same_occasion_corrects_the_first(
    shop: Shop, wang: int, clock: FixedClock
) -> None:
    first = purchases.record(shop, SaleDraft((PHONE,), customer_id=wang))
    second = purchases.record(shop, SaleDraft((PHONE,), customer_id=wang))
    made = surveys.record(shop, wang, 3, comment="等太久", purchase_id=first)
    clock.instant = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
    assert surveys.record(shop, wang, None, 8, purchase_id=second) == made, "sold on the same day"
    assert scores(shop, wang) == [(3, 8, "等太久")]
    assert surveys.get(shop, made).day == "2026-11-25"
    history.undo(shop)
    assert scores(shop, wang) == [(3, None, "等太久")]
    other = surveys.record(shop, wang, 5)
    assert other != made, "about nothing, on another day"
    assert surveys.record(shop, wang, 4) == other
    case = complaints.receive(shop, ComplaintDraft("屏幕偏黄", wang))
    assert surveys.record(shop, wang, 1, complaint_id=case) not in (made, other)
    assert len(surveys.of_customer(shop, wang)) == 3


def test_an_answer_is_edited_and_removed_undone_and_redone(shop: Shop, wang: int) -> None:
    made = surveys.record(shop, wang, 5)
    surveys.edit(shop, made, satisfaction=2, comment=" 等太久 ")
    assert scores(shop, wang) == [(2, None, "等太久")]
    surveys.remove(shop, made)
    assert scores(shop, wang) == []
    history.undo(shop)
    history.undo(shop)
    assert scores(shop, wang) == [(5, None, "")]
    history.redo(shop)
    history.redo(shop)
    with pytest.raises(AnswerUnknown):
        surveys.edit(shop, made, satisfaction=1)


@pytest.mark.parametrize(
    ("satisfaction", "recommendation", "words"),
    [
        (None, None, "needs a score"),
        (0, None, "from 1 to 5"),
        (6, None, "from 1 to 5"),
        (None, -1, "from 0 to 10"),
        (None, 11, "from 0 to 10"),
    ],
)
def test_a_score_off_its_scale_is_refused(
    shop: Shop, wang: int, satisfaction: int | None, recommendation: int | None, words: str
) -> None:
    with pytest.raises(AnswerWrong, match=words):
        surveys.record(shop, wang, satisfaction, recommendation)
    assert surveys.of_customer(shop, wang) == []


def test_an_answer_is_about_what_is_the_customers_own(shop: Shop, wang: int) -> None:
    li = add_customer(shop, "李芳")
    hers = purchases.record(shop, SaleDraft((PHONE,), customer_id=li))
    for sale, case in ((hers, None), (99, None), (None, 99)):
        with pytest.raises(AnswerWrong, match="not this customer's"):
            surveys.record(shop, wang, 5, purchase_id=sale, complaint_id=case)


def test_a_card_that_is_gone_is_not_asked(shop: Shop, wang: int) -> None:
    li = add_customer(shop, "李芳")
    merge.merge(shop, wang, [li])
    given = surveys.record(shop, wang, 5)
    customers.delete(shop, [wang])
    for who, words in ((li, "went into card no."), (wang, "was deleted"), (99, "There is no customer")):
        with pytest.raises(customers.CustomerMissing, match=words):
            surveys.record(shop, who, 4)
    with pytest.raises(customers.CustomerMissing, match="was deleted"):
        surveys.edit(shop, given, satisfaction=1)
    assert [each.satisfaction for each in surveys.of_customer(shop, wang)] == [5]
    assert surveys.of_customer(shop, li) == []


def test_what_may_be_asked_about_is_recent_and_unanswered_first(
    shop: Shop, wang: int, clock: FixedClock
) -> None:
    clock.instant = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)
    purchases.record(shop, SaleDraft((PHONE,), customer_id=wang))
    clock.instant = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)
    sale = purchases.record(shop, SaleDraft((PHONE,), customer_id=wang))
    case = complaints.receive(shop, ComplaintDraft("屏幕偏黄", wang))
    clock.instant = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
    today = purchases.record(shop, SaleDraft((PHONE,), customer_id=wang))
    wrong = purchases.record(shop, SaleDraft((PHONE,), customer_id=wang))
    purchases.void(shop, wrong, "录错了")
    surveys.record(shop, wang, 5, purchase_id=today)
    found = surveys.occasions(shop, wang)
    assert [(each.purchase_id, each.complaint_id) for each in found] == [
        (sale, None),
        (None, case),
        (today, None),
    ]
    assert found[0].words == "2026-11-01 iPhone 17 256G"
    assert found[1].words == "2026-11-01 屏幕偏黄"
    assert found[2].answer is not None


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (SurveyAnswer(1, 1, "", "", 4), "satisfied (4 of 5)"),
        (SurveyAnswer(1, 1, "", "", 2, 9), "unsatisfied (2 of 5), would recommend 9 of 10"),
        (SurveyAnswer(1, 1, "", "", None, 6, "慢\n贵"), "would recommend 6 of 10: 慢 贵"),
        (SurveyAnswer(1, 1, "", "", None, 7), "would recommend 7 of 10"),
        (SurveyAnswer(1, 1, "", "", 5, 3), "very satisfied (5 of 5), would recommend 3 of 10"),
    ],
)
def test_an_answer_in_words(answer: SurveyAnswer, words: str) -> None:
    assert surveys.words(answer) == words
