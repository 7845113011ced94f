"""What the demo shop's people answer when they are asked, and what some of them still owe.

Each draws from a random source of its own, named by the sale, so that nothing else of a life depends on it.
"""

from __future__ import annotations

import random
from datetime import date, timedelta

from desktop_crm.demo_calendar import open_day, stamp
from desktop_crm.demo_stage import Life
from desktop_crm.records.balance import BalanceEntry
from desktop_crm.records.purchases import Payment, PayMethod, Purchase
from desktop_crm.records.surveys import SurveyAnswer

_ASKED = 0.3
"""Share of the sales worth a question that are asked about and answered."""
_SCORES = ((5, 52), (4, 85), (3, 94), (2, 98), (1, 100))
_COMMENTS = {
    5: ("服务热情，讲得很清楚", "数据迁移很快", "价格合适，还送了膜", "", "", ""),
    4: ("还不错", "等了一会儿，其他都好", "", "", ""),
    3: ("一般", "等得有点久", ""),
    2: ("配件贵了", "说好的赠品没有给"),
    1: ("手机有问题，处理太慢",),
}
_OWES = 0.02
"""Share of phone sales of which part is left on account."""


def answer_maybe(life: Life, purchase: Purchase, day: date) -> None:
    """Some days after a sale its buyer may be asked, at the counter or by WeChat."""
    assert life.customer is not None
    rng, until = random.Random(f"{purchase.id}-answer"), life.stage.until
    asked = open_day(day + timedelta(days=3 + rng.randrange(30)))
    if rng.random() >= _ASKED or asked > until:
        return
    chance = rng.random() * 100
    satisfaction = next(score for score, edge in _SCORES if chance < edge)
    likely = min(10, max(0, satisfaction * 2 + rng.choice((-2, -1, 0, 0, 1))))
    life.stage.add(
        SurveyAnswer,
        life.customer.id,
        stamp(asked, rng.randrange(9 * 60 + 30, 10 * 60)),
        asked.isoformat(),
        satisfaction,
        likely if rng.random() < 0.8 else None,
        rng.choice(_COMMENTS[satisfaction]),
        rng.choice(("wechat", "wechat", "call", "visit")),
        purchase.id,
        staff_id=life.clerk,
    )


def owe_maybe(life: Life, purchase: Purchase, payment: Payment, day: date) -> None:
    """Part of a phone may stay unpaid; most pay it within weeks."""
    rng = random.Random(f"{purchase.id}-owes")
    if life.customer is None or rng.random() >= _OWES or payment.amount_fen < 100_000:
        return
    stage, clerk = life.stage, life.clerk
    owed = rng.choice((20_000, 50_000, 100_000))
    stage.change_last(payment, amount_fen=payment.amount_fen - owed)
    stage.add(Payment, purchase.id, "account", owed)
    entry = (life.customer.id, purchase.at, purchase.day, owed, "sale", purchase.id)
    stage.add(BalanceEntry, *entry, staff_id=clerk)
    paid = open_day(day + timedelta(days=10 + rng.randrange(60)))
    if rng.random() < 0.8 and paid <= stage.until:
        way: PayMethod = rng.choice(("wechat", "cash", "alipay"))
        at = stamp(paid, rng.randrange(9 * 60 + 30, 10 * 60))
        stage.add(
            BalanceEntry,
            life.customer.id,
            at,
            paid.isoformat(),
            -owed,
            "payment",
            None,
            way,
            "",
            clerk,
        )
