"""The day at a glance: what waits, what one knows before calling, the month so far."""

from __future__ import annotations

from datetime import date

from desktop_crm import complaints, followups, tiers, today
from desktop_crm.complaints import ComplaintDraft
from desktop_crm.shop import Shop
from tests.contact_builders import (
    add_contact,
    add_customer,
    add_device,
    add_sale,
    add_staff,
)

DAY = date(2026, 11, 21)


def test_an_empty_shop(shop: Shop) -> None:
    found = today.gather(shop)
    assert (found.day, found.lines, found.following, found.has_customers) == (DAY, (), None, False)


def test_what_waits(shop: Shop) -> None:
    mine, other = add_staff(shop), add_staff(shop, "张强")
    who = add_customer(shop)
    followups.plan(shop, who, DAY, "film", staff_id=mine)
    followups.plan(shop, who, DAY, "case", staff_id=other)
    followups.plan(shop, who, date(2026, 11, 25), "later")
    complaints.receive(shop, ComplaintDraft("loud", who, "high"))
    found = today.gather(shop, mine)
    assert [line.why for line in found.lines] == ["film"]
    assert found.waiting == followups.Counts(0, 1, 1)
    assert found.following is not None
    assert found.following.why == "later"
    assert found.complaints == complaints.Counts(1, 0, 1)
    assert found.has_customers
    assert len(today.gather(shop).lines) == 2


def test_what_one_knows_before_calling(shop: Shop) -> None:
    who = add_customer(shop, phone="13805718866", wechat="wjg", created_at="2024-01-01T00:00:00Z")
    add_customer(shop, "sent", referred_by=who)
    add_device(shop, who, "iPhone 13", "2022-09-01")
    add_device(shop, who)
    add_sale(shop, who, "2026-01-10", 900_000)
    for day in ("2026-02-01", "2026-02-02", "2026-02-03", "2026-02-04"):
        add_contact(shop, who, day, "shop")
    with shop.change("tiers", {"tiers"}):
        tiers.first_within(shop)
    made = followups.plan(shop, who, DAY, "film")
    found = today.contact(shop, made)
    assert (found.line.id, found.phones, found.wechat, found.referred_count) == (
        made,
        ("13805718866",),
        "wjg",
        1,
    )
    assert (found.activity, found.at_risk) == ("Dormant", True)
    assert found.facts == (
        "1 purchase in 24 months, ¥9,000, last active 315 days ago: at risk of leaving.",
        "Last bought iPhone 17 for ¥9,000 on 2026-01-10.",
        "Changes phones about every 24 months.",
    )
    assert [met.day for met in found.met] == ["2026-02-04", "2026-02-03", "2026-02-02"]
    assert (found.met[0].how, found.met[0].text) == ("Visit", "")
    assert found.saying.startswith("Hello 王建国!")
    assert found.next_days == followups.NextDays(date(2026, 11, 22), date(2027, 2, 19))


def test_a_stranger_has_no_facts(shop: Shop) -> None:
    who = add_customer(shop)
    made = followups.plan(shop, who, DAY, "film")
    followups.plan(shop, who, date(2026, 12, 24), "another plan")
    found = today.contact(shop, made)
    assert (found.facts, found.met, found.phones) == ((), (), ())
    assert found.next_days == followups.NextDays(date(2026, 11, 22), None)


def test_the_month_so_far(shop: Shop) -> None:
    who = add_customer(shop)
    add_sale(shop, who, "2026-11-10", 500_000)
    add_sale(shop, add_customer(shop, "before"), "2026-10-10", 100_000)
    made = followups.plan(shop, who, DAY, "film")
    followups.finish(shop, made, "reached")
    found = today.month_so_far(shop)
    assert (found.day, found.net_sales.value, found.net_sales.previous) == (DAY, 500_000, 100_000)
    assert (found.new_customers, found.new_customers_before) == (1, 1)
    assert found.on_time.value == 1
