"""A shop with something of everything, to be taken out."""

from __future__ import annotations

from datetime import date

import pytest

from desktop_crm import complaints, custom_fields, customers, followups, interactions, purchases, staff
from desktop_crm.complaints import ComplaintDraft
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.purchase_drafts import LineDraft, SaleDraft
from desktop_crm.shop import Shop


def _fill_own_fields(shop: Shop, first: int, second: int) -> None:
    """A value of each kind, one that is no choice any more, and a retired field."""
    values = {
        custom_fields.add(shop, "备用"): ("+86 联系儿子", "无"),
        custom_fields.add(shop, "月租", "number"): ("59.90", "1.2万"),
        custom_fields.add(shop, "宽带到期", "date"): ("2026-12-01", ""),
        custom_fields.add(shop, "套餐", "choice", ["59元", "99元"]): ("59元", "99元"),
        custom_fields.add(shop, "短信", "yes_no"): ("是", "否"),
        custom_fields.add(shop, "旧的"): ("x", "y"),
    }
    for field, texts in values.items():
        for who, text in zip((first, second), texts, strict=True):
            custom_fields.put(shop, who, field, text)
    *_fields, plan_field, _sms, old = values
    custom_fields.edit(shop, plan_field, choices=["99元", "129元"])
    custom_fields.retire(shop, old)


@pytest.fixture
def lively(shop: Shop) -> Shop:
    """A shop with something of everything."""
    clerk = staff.add(shop, "李娜", "owner")
    shop = shop.at_counter(clerk)
    phones = (PhoneDraft("13800000001"), PhoneDraft("010-88888888", label="转801"))
    first = customers.add(
        shop,
        CustomerDraft(
            name="=赵敏", phones=phones, card_no="V1", external_id="X1", kind="agent", wechat="zm", email="a@b.cn",
            gender="female", birthday="1990-05-01", region="西湖区", address="文三路1号", occupation="教师", source="抖音",
            consent="granted", note="两\n行", tags=("VIP", "苹果"),
        ),
    )  # fmt: skip
    second = customers.add(
        shop, CustomerDraft(name="周芷若", phones=(PhoneDraft("13800000002"),), birthday="--05-01")
    )
    customers.edit(shop, second, do_not_contact=True, referred_by=first, owner_staff_id=clerk, language="en")
    lunar = customers.add(shop, CustomerDraft(name="农", birthday="--08-15", birthday_lunar=True))
    _fill_own_fields(shop, first, second)
    customers.delete(shop, [customers.add(shop, CustomerDraft(name="走了"))])
    line = LineDraft("iPhone 17", 599900, imei="490154203237518", discount_fen=10000, cost_fen=500000)
    sold = purchases.record(
        shop,
        SaleDraft(
            (line, LineDraft("膜", 3000, category="accessory")), customer_id=first, number="S1", note="n"
        ),
    )
    purchases.refund(shop, sold, 1000, "小问题")
    purchases.record(shop, SaleDraft((LineDraft("线", 4500, quantity=2, category="accessory"),)))
    purchases.void(
        shop, purchases.record(shop, SaleDraft((LineDraft("错", 100),), customer_id=lunar)), "typing error"
    )
    followups.plan(shop, lunar, date(2026, 12, 1), "问候")
    done = followups.plan(shop, lunar, date(2026, 11, 21), "回访")
    followups.finish(shop, done, "reached", "很好")
    interactions.log(shop, second, "wechat", "shop", "问了价格\n下周再来")
    interactions.log(shop, second, "call", "shop", "", reached=False)
    case = complaints.receive(shop, ComplaintDraft("屏幕坏了", first, "high", "屏幕"))
    complaints.respond(shop, case, "看看")
    complaints.receive(shop, ComplaintDraft("太吵"))
    return shop
