"""The whole card, made by the shop's own actions."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from desktop_crm import (
    balance,
    card,
    complaints,
    consents,
    customers,
    interactions,
    notes,
    purchases,
    relations,
    staff,
    tiers,
)
from desktop_crm.base.clock import FixedClock
from desktop_crm.card import Quarter
from desktop_crm.complaints import ComplaintDraft
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.purchase_drafts import LineDraft, PaymentDraft, SaleDraft
from desktop_crm.shop import Shop

TODAY = "2026-11-21"


@pytest.fixture
def clerk(shop: Shop) -> Shop:
    """The shop with 李娜 at the counter."""
    return shop.at_counter(staff.add(shop, "李娜"))


def on(clock: FixedClock, day: str, hour: int = 2) -> None:
    clock.instant = datetime.fromisoformat(f"{day}T{hour:02d}:00:00+00:00").astimezone(UTC)


@pytest.fixture
def wang(clerk: Shop, clock: FixedClock) -> int:
    """Two years of a customer's life."""
    on(clock, "2024-09-12")
    referrer = customers.add(clerk, CustomerDraft("李芳"))
    made = customers.add(
        clerk,
        CustomerDraft(
            "王建国",
            (PhoneDraft("13805718866"),),
            ("拍照",),
            source="朋友介绍",
            referred_by=referrer,
            owner_staff_id=clerk.staff_id,
            consent="granted",
            birthday="--11-24",
        ),
    )
    old = LineDraft("iPhone 15 256G", 599_900, imei="490154203237518")
    purchases.record(clerk, SaleDraft((old,), customer_id=made))
    on(clock, "2026-10-28")
    interactions.log(clerk, made, "visit", "customer", "看 iPhone 17\n比较颜色")
    on(clock, "2026-10-30")
    new = LineDraft("iPhone 17 256G 黑", 579_900, imei="356938035643809")
    film = LineDraft("钢化膜", 5_000, quantity=2, category="accessory")
    shell = LineDraft("手机壳", 9_900, category="accessory")
    paid = (
        PaymentDraft("trade_in", 205_000, "iPhone 15", "490154203237518"),
        PaymentDraft("wechat", 394_800),
    )
    purchases.record(clerk, SaleDraft((new, film, shell), paid, customer_id=made))
    on(clock, "2026-11-02")
    case = complaints.receive(clerk, ComplaintDraft("屏幕偏黄", made, priority="high"))
    complaints.resolve(clerk, case, "换新屏")
    on(clock, "2026-11-21")
    return made


def test_the_card_knows_everything(clerk: Shop, wang: int) -> None:
    found = card.gather(clerk, wang)
    assert (found.customer.name, found.phones[0].number, found.tags) == ("王建国", "13805718866", ("拍照",))
    assert (found.owner, found.referrer, found.referred_count) == ("李娜", "李芳", 0)
    assert (found.tier_label, found.activity_label, found.at_risk) == ("Potential", "Active", False)
    assert found.why == "1 purchase in 24 months, ¥5,998, last active 19 days ago"
    assert [(each.device.model, each.device.status, each.used_months) for each in found.devices] == [
        ("iPhone 17 256G 黑", "in_use", 0),
        ("iPhone 15 256G", "traded_in", 26),
    ]
    assert found.devices[0].warranty.days_left == 343
    assert found.next_birthday == date(2026, 11, 24)
    assert [sale.purchase.total_fen for sale in found.purchases] == [599_800, 599_900]
    assert [followup.followup.rule for followup in found.followups] == 2 * [
        "after_sale_care",
        "after_sale_check",
    ]
    assert [case.summary for case in found.complaints] == ["屏幕偏黄"]
    assert [each.head for each in found.advice] == [
        "Complaint overdue",
        "Care call 3 days after the sale",
        "Birthday in 3 days",
    ]
    assert "王建国" in found.advice[1].text


def test_its_worth_counts_the_window_and_all_time(clerk: Shop, wang: int) -> None:
    worth = card.gather(clerk, wang).worth
    assert (worth.window_months, worth.net_fen, worth.occasions) == (24, 599_800, 1)
    assert (worth.lifetime_fen, worth.purchases, worth.last_visit_day) == (1_199_700, 2, "2026-11-02")
    assert worth.quarters == (
        *(Quarter(label, 0) for label in ("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4")),
        *(Quarter(label, 0) for label in ("2026-Q1", "2026-Q2", "2026-Q3")),
        Quarter("2026-Q4", 599_800),
    )


def test_refunds_count_on_their_day_and_voided_sales_never(clerk: Shop, wang: int, clock: FixedClock) -> None:
    newest, oldest = (sale.purchase.id for sale in purchases.of_customer(clerk, wang))
    purchases.refund(clerk, newest, 9_900, "不合适")
    purchases.void(clerk, oldest, "录错了")
    worth = card.gather(clerk, wang).worth
    assert (worth.net_fen, worth.lifetime_fen, worth.purchases) == (589_900, 589_900, 2)
    assert worth.quarters[-1].net_fen == 589_900


def test_the_timeline_tells_it_latest_first(clerk: Shop, wang: int) -> None:
    newest, oldest = (sale.purchase.id for sale in purchases.of_customer(clerk, wang))
    purchases.refund(clerk, newest, 9_900, "不合适")
    purchases.void(clerk, oldest, "录错了")
    interactions.log(clerk, wang, "call", "shop", "", reached=False)
    interactions.log(clerk, wang, "wechat", "shop", "发了图", reached=False)
    tiers.override(clerk, wang, "high_value", "老板的朋友")
    told = card.gather(clerk, wang).timeline
    assert [entry.day for entry in told] == [
        *[TODAY] * 4,
        "2026-11-02",
        "2026-10-30",
        "2026-10-28",
        *["2024-09-12"] * 3,
    ]
    assert {(entry.group, entry.kind, entry.label, entry.text, entry.detail) for entry in told} == {
        ("tiers", "tier", "Tier", "Potential → High value: 老板的朋友", "李娜"),
        ("contacts", "missed", "WeChat", "Not reached: 发了图", "李娜"),
        ("contacts", "missed", "Call", "Not reached", "李娜"),
        ("purchases", "refund", "Refund", "−¥99 · 不合适", "李娜"),
        ("complaints", "complaint", "Complaint", "屏幕偏黄 → 换新屏 · Resolved", "李娜"),
        (
            "purchases",
            "sale",
            "Sale",
            "iPhone 17 256G 黑, 钢化膜 × 2 and 1 more ¥5,998, trade-in ¥2,050",
            "李娜",
        ),
        ("contacts", "contact", "Visit", "看 iPhone 17 比较颜色", "李娜"),
        ("purchases", "void", "Void", "iPhone 15 256G ¥5,999 – voided: 录错了", "李娜"),
        (
            "tiers",
            "tier",
            "Tier",
            "Prospect → Potential: 1 purchase in 24 months, ¥5,999, last active today",
            "",
        ),
        ("card", "card", "Joined", "Became a customer: 朋友介绍", ""),
    }


def test_an_empty_card_has_no_holes(clerk: Shop) -> None:
    found = card.gather(clerk, customers.add(clerk, CustomerDraft("李芳", since_day="2026-11-01")))
    assert (found.tier_label, found.activity, found.why) == ("Prospect", "prospect", "No purchase yet")
    assert [(entry.day, entry.text) for entry in found.timeline] == [("2026-11-01", "Became a customer")]
    assert (found.worth.net_fen, found.worth.last_visit_day, found.referrer) == (0, None, "")
    assert [each.action for each in found.advice] == ["consent"]


def test_the_words_in_use_can_be_chosen(clerk: Shop, wang: int) -> None:
    customers.edit(clerk, wang, region="西湖区")
    assert card.in_use(clerk) == card.InUse(("朋友介绍",), ("西湖区",), ("拍照",))


def test_a_page_of_the_past_is_enough_for_the_screen(clerk: Shop, wang: int) -> None:
    found = card.gather(clerk, wang, 2)
    assert (len(found.timeline), len(found.purchases)) == (2, 2)
    assert found.timeline_counts["all"] == len(card.gather(clerk, wang).timeline) > 2
    assert card.gather(clerk, wang, 1).worth.purchases == 2


def test_family_notes_accounts_and_consent_are_on_it(clerk: Shop, wang: int) -> None:
    fang = found_referrer(clerk, wang)
    relations.add(clerk, fang, wang, "spouse")
    consents.set(clerk, wang, "sms", "refused")
    notes.add(clerk, wang, "一")
    notes.add(clerk, wang, "二", pinned=True)
    notes.add(clerk, wang, "三")
    balance.correct(clerk, wang, 10_000, "旧账")
    found = card.gather(clerk, wang)
    assert [(each.words, each.other.id) for each in found.related] == [("Spouse", fang)]
    assert [(each.channel, each.answer) for each in found.consents] == [("sms", "refused")]
    assert [(note.text, author) for note, author in found.notes] == [
        ("二", "李娜"),
        ("三", "李娜"),
        ("一", "李娜"),
    ]
    assert (found.pinned, found.due_fen, found.unverified_since) == (("二",), 10_000, date(2024, 9, 12))
    assert "Owes ¥100" in [each.head for each in found.advice]


def found_referrer(shop: Shop, customer_id: int) -> int:
    referrer = customers.get(shop, customer_id).referred_by
    assert referrer is not None
    return referrer


def test_who_sent_others_is_told(clerk: Shop, wang: int) -> None:
    referrer = card.gather(clerk, wang).customer.referred_by
    assert referrer is not None
    assert card.gather(clerk, referrer).referred_count == 1


def test_a_deleted_card_is_still_shown_and_a_missing_one_is_not(clerk: Shop, wang: int) -> None:
    customers.delete(clerk.at_counter(None), [wang])
    assert card.gather(clerk, wang).customer.deleted_at is not None
    with pytest.raises(customers.CustomerMissing):
        card.gather(clerk, 999)
