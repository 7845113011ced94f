"""Consent in general and per channel: day and wording kept, clear words, done, undone, redone."""

from __future__ import annotations

from datetime import date

import pytest

from desktop_crm import consents, customers, history
from desktop_crm.customers import CustomerDraft
from desktop_crm.records.customers import ConsentChannel
from desktop_crm.settings import CONSENT_WORDING
from desktop_crm.shop import Shop

ASKED = "我们可以打电话或发微信给您吗?"


@pytest.fixture
def wang(shop: Shop) -> int:
    """A customer nobody has asked, in a shop with its own wording."""
    with shop.change("wording", {"settings"}):
        shop.put(CONSENT_WORDING, ASKED)
    return customers.add(shop, CustomerDraft("王建国"))


def said(shop: Shop, customer_id: int) -> list[tuple[str, str, str, str]]:
    return [
        (each.channel, each.answer, each.day, each.wording)
        for each in consents.of_customer(shop, customer_id)
    ]


def test_an_answer_keeps_its_day_and_the_words_of_that_day(shop: Shop, wang: int) -> None:
    consents.set(shop, wang, "wechat", "granted")
    consents.set(shop, wang, "call", "refused", "2026-11-01", "电话?")
    with shop.change("wording", {"settings"}):
        shop.put(CONSENT_WORDING, "later words")
    assert said(shop, wang) == [
        ("call", "refused", "2026-11-01", "电话?"),
        ("wechat", "granted", "2026-11-21", ASKED),
    ]


def test_setting_changing_and_clearing_are_undone_and_redone(shop: Shop, wang: int) -> None:
    consents.set(shop, wang, "call", "granted")
    consents.set(shop, wang, "call", "refused")
    consents.set(shop, wang, "call", "")
    assert said(shop, wang) == []
    history.undo(shop)
    assert [each[1] for each in said(shop, wang)] == ["refused"]
    history.undo(shop)
    assert [each[1] for each in said(shop, wang)] == ["granted"]
    history.undo(shop)
    assert said(shop, wang) == []
    for answers in (["granted"], ["refused"], []):
        history.redo(shop)
        assert [each[1] for each in said(shop, wang)] == answers
    consents.set(shop, wang, "call", "")
    assert said(shop, wang) == []


@pytest.mark.parametrize(
    ("fields", "answers", "channel", "may"),
    [
        ({}, {}, "call", None),
        ({"consent": "granted"}, {}, "call", True),
        ({"consent": "refused"}, {}, "sms", False),
        ({"consent": "granted"}, {"call": "refused"}, "call", False),
        ({"consent": "granted"}, {"call": "refused"}, "sms", True),
        ({"consent": "refused"}, {"wechat": "granted"}, "wechat", True),
        ({"do_not_contact": True, "consent": "granted"}, {"wechat": "granted"}, "wechat", False),
    ],
)
def test_the_channel_goes_before_the_answer_in_general(
    shop: Shop,
    wang: int,
    fields: dict[str, object],
    answers: dict[ConsentChannel, str],
    channel: ConsentChannel,
    may: bool | None,
) -> None:
    customers.edit(shop, wang, **fields)
    for asked, answer in answers.items():
        consents.set(shop, wang, asked, answer)
    assert consents.may(shop, customers.get(shop, wang), channel) is may


def test_an_answer_in_general_keeps_day_and_wording_too(shop: Shop, wang: int) -> None:
    after = customers.edit(shop, wang, consent="granted")
    assert (after.consent_day, after.consent_wording) == ("2026-11-21", ASKED)
    consents.redate(shop, wang, date(2026, 10, 1))
    assert customers.get(shop, wang).consent_day == "2026-10-01"
    history.undo(shop)
    assert customers.get(shop, wang).consent_day == "2026-11-21"
    history.redo(shop)
    assert customers.get(shop, wang).consent_day == "2026-10-01"
    after = customers.edit(shop, wang, consent="")
    assert (after.consent_day, after.consent_wording) == (None, "")
    made = customers.get(shop, customers.add(shop, CustomerDraft("李芳", consent="refused")))
    assert (made.consent_day, made.consent_wording) == ("2026-11-21", ASKED)


def test_a_day_to_come_is_no_day_of_an_answer(shop: Shop, wang: int) -> None:
    customers.edit(shop, wang, consent="granted")
    with pytest.raises(consents.DayWrong, match="no day up to today"):
        consents.redate(shop, wang, date(2026, 11, 22))
    consents.redate(shop, wang, None)
    assert customers.get(shop, wang).consent_day is None


def test_an_answer_is_yes_or_no(shop: Shop, wang: int) -> None:
    with pytest.raises(ValueError, match="no answer"):
        consents.set(shop, wang, "call", "perhaps")
    assert said(shop, wang) == []


def test_answers_are_said_in_words_that_cannot_be_misread() -> None:
    words = {
        consents.words(channel, answer) for channel in consents.CHANNELS for answer in ("granted", "refused")
    }
    assert len(words) == 8
    assert "Do not call" in words
    assert consents.words("call", "") == ""
