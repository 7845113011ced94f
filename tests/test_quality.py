"""What is lacking and wrong on cards, and which are worth mending next."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from desktop_crm import customers, followups, history, kpis, quality, tiers, verification
from desktop_crm.base.clock import FixedClock
from desktop_crm.base.dates import month_of
from desktop_crm.customers import CustomerDraft, CustomerMissing, PhoneDraft
from desktop_crm.phones import PhoneNotUnderstood
from desktop_crm.records.devices import Device
from desktop_crm.records.purchases import Purchase
from desktop_crm.records.staff import StaffMember
from desktop_crm.settings import VERIFY_MONTHS
from desktop_crm.shop import Shop

WHOLE = CustomerDraft(
    "王建国", (PhoneDraft("13805718866"),), source="到店", consent="granted", birthday="1985-11-21"
)


@pytest.fixture
def clerk(shop: Shop) -> int:
    """Somebody who looks after customers."""
    with shop.change("x", {"staff"}):
        return shop.db.insert(StaffMember(0, "李娜", shop.stamp()))


def add(shop: Shop, clerk: int, net_fen: int = 0, **fields: Any) -> int:  # fields of a draft
    """A card in order but for the fields named, whose owner bought for `net_fen`."""
    draft = replace(WHOLE, **({"owner_staff_id": clerk} | fields))
    customer_id = customers.add(shop, draft)
    if net_fen:
        with shop.change("buy", {"purchases"}):
            shop.db.insert(Purchase(0, "2026-11-01T02:00:00Z", "2026-11-01", net_fen, customer_id))
            shop.db.insert(Device(0, customer_id, "iPhone 17", shop.stamp()))
            tiers.refresh_within(shop, customer_id)
    return customer_id


def test_a_card_in_order_needs_no_mending(shop: Shop, clerk: int) -> None:
    add(shop, clerk)
    assert quality.next_mends(shop) == []
    standing = quality.standing(shop)
    assert (standing.completeness.value, standing.validity.value) == (1.0, 1.0)
    assert {gap.lacking for gap in standing.gaps} == {0}


def test_an_empty_shop_has_no_rate(shop: Shop) -> None:
    standing = quality.standing(shop)
    assert (standing.completeness.value, standing.validity.value) == (None, None)
    assert quality.next_mends(shop) == []


@pytest.mark.parametrize(
    ("fields", "key", "words"),
    [
        ({"phones": ()}, "phone", "No phone number"),
        ({"phones": (PhoneDraft("1380571886"),)}, "phone_wrong", "1380571886 is no whole phone number"),
        ({"name": "13805718866"}, "name", "No name"),
        ({"source": ""}, "source", "Source not known"),
        ({"consent": ""}, "consent", "Consent not asked"),
        ({"birthday": ""}, "birthday", "No birthday"),
        ({"owner_staff_id": None}, "owner", "No clerk in charge"),
        ({"since_day": "2025-11-20"}, "unverified", "Not confirmed for 12 months"),
        ({"since_day": "2027-01-01"}, "date_wrong", "2027-01-01 cannot be right"),
    ],
)
def test_each_fault_is_named(shop: Shop, clerk: int, fields: dict[str, Any], key: str, words: str) -> None:
    add(shop, clerk, **fields)
    (mend,) = quality.next_mends(shop)
    assert [(problem.key, problem.text) for problem in mend.problems] == [(key, words)]


def test_how_long_a_card_may_stay_unconfirmed_is_the_setting_that_the_card_goes_by(
    shop: Shop, clerk: int
) -> None:
    confirmed = add(shop, clerk, since_day="2019-01-01")
    customers.edit(shop, confirmed, verified_day="2026-05-21")
    later = add(shop, clerk, since_day="2026-05-22")

    def said(months: int) -> list[tuple[int, str]]:
        with shop.change("months", {"settings"}):
            shop.put(VERIFY_MONTHS, months)
        due = [each for each in (confirmed, later) if verification.is_due(shop, customers.get(shop, each))]
        found = sorted((mend.customer_id, mend.problems[0].text) for mend in quality.next_mends(shop))
        assert [customer_id for customer_id, _text in found] == due
        return found

    assert said(0) == []
    assert said(7) == []
    assert said(6) == [(confirmed, "Not confirmed for 6 months")]
    assert said(1)[0] == (confirmed, "Not confirmed for 1 month")


def test_a_wrong_check_digit_and_a_missing_device_are_faults(shop: Shop, clerk: int) -> None:
    with_phone, without = add(shop, clerk), add(shop, clerk)
    with shop.change("x", {"devices"}):
        shop.db.insert(Device(0, with_phone, "iPhone 17", shop.stamp(), imei="490154203237519"))
        shop.db.insert(Purchase(0, "2026-11-01T02:00:00Z", "2026-11-01", 100, without))
    keys = {mend.customer_id: [problem.key for problem in mend.problems] for mend in quality.next_mends(shop)}
    assert keys == {with_phone: ["imei_wrong"], without: ["device"]}


def test_the_figures_are_those_of_the_report(sample_shop: Shop) -> None:
    standing = quality.standing(sample_shop)
    shown = kpis.all(sample_shop, month_of(sample_shop.today()))
    for key in ("completeness", "validity"):
        rate = getattr(standing, key)
        assert (rate.part, rate.whole, rate.value) == (
            shown[key].numerator,
            shown[key].denominator,
            shown[key].value,
        )


def test_five_are_proposed_the_most_worthwhile_first(sample_shop: Shop) -> None:
    mends = quality.next_mends(sample_shop)
    assert len(mends) == 5
    assert [mend.worth for mend in mends] == sorted((mend.worth for mend in mends), reverse=True)
    assert mends[0].worth > quality.next_mends(sample_shop, 60)[-1].worth


def test_who_is_spoken_with_this_week_comes_first(shop: Shop, clerk: int) -> None:
    rich = add(shop, clerk, net_fen=900_000, birthday="")
    soon, today = add(shop, clerk, phones=(), name="李芳"), add(shop, clerk, phones=(), name="张强")
    followups.plan(shop, soon, shop.today() + timedelta(days=3), "call")
    followups.plan(shop, today, shop.today(), "call")
    mends = quality.next_mends(shop)
    assert [mend.customer_id for mend in mends] == [today, soon, rich]
    assert [mend.worth for mend in mends] == [180, 180, 150]
    assert "you speak with them on 2026-11-24: ask then" in mends[1].why
    assert "you speak with them today: ask then" in mends[0].why
    assert mends[2].why == "¥9,000 so far"


def test_faults_of_cheap_cards_are_found_behind_many_good_ones(
    shop: Shop, clerk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quality, "_LOOKED_AT", 2)
    wrong = add(shop, clerk, birthday="")
    for number in range(5):
        add(shop, clerk, net_fen=100_000 + number)
    assert [mend.customer_id for mend in quality.next_mends(shop)] == [wrong]


def test_a_card_put_off_comes_back_after_a_month(shop: Shop, clerk: int, clock: FixedClock) -> None:
    card = add(shop, clerk, birthday="")
    quality.put_off(shop, card)
    assert quality.next_mends(shop) == []
    history.undo(shop)
    assert len(quality.next_mends(shop)) == 1
    history.redo(shop)
    clock.instant += timedelta(days=29)
    assert quality.next_mends(shop) == []
    clock.instant += timedelta(days=1)
    assert len(quality.next_mends(shop)) == 1
    quality.put_off(shop, card)
    assert quality.next_mends(shop) == []
    with pytest.raises(CustomerMissing):
        quality.put_off(shop, 99)


def test_mending_is_one_step(shop: Shop, clerk: int) -> None:
    card = add(shop, clerk, phones=(), birthday="", consent="")
    quality.mend(shop, card, {"birthday": "1990-01-02", "consent": "refused"}, [PhoneDraft("13900000001")])
    assert quality.next_mends(shop) == []
    assert customers.get(shop, card).consent_day == date(2026, 11, 21).isoformat()
    undone = history.undo(shop)
    assert undone.label == "Mend the card of 王建国"
    assert customers.phones(shop, card) == ()
    assert customers.get(shop, card).birthday == ""
    history.redo(shop)
    assert [phone.number for phone in customers.phones(shop, card)] == ["13900000001"]


def test_a_mend_that_is_wrong_changes_nothing(shop: Shop, clerk: int) -> None:
    card = add(shop, clerk, phones=(), birthday="")
    with pytest.raises(PhoneNotUnderstood):
        quality.mend(shop, card, {"birthday": "1990-01-02"}, [PhoneDraft("138")])
    assert customers.get(shop, card).birthday == ""
    quality.mend(shop, card, {"birthday": "1990-01-02"})
    assert customers.get(shop, card).birthday == "1990-01-02"
