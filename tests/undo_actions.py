"""Everything a person can do to the shop, with random customers and values, for the tests of undo.

An action that is not possible raises a `CrmError` and has changed nothing; the tests then go on with the next.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TypeVar

from desktop_crm import (
    after_sales,
    balance,
    bulk,
    complaints,
    consents,
    custom_fields,
    customers,
    devices,
    followups,
    interactions,
    merge,
    notes,
    openings,
    points,
    products,
    profile,
    purchases,
    quality,
    recycle_bin,
    relations,
    staff,
    surveys,
    tags,
    tiers,
    verification,
    views,
    who,
)
from desktop_crm.base.errors import CrmError
from desktop_crm.complaints import ComplaintDraft
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.followup_outcomes import finish
from desktop_crm.openings import Brought
from desktop_crm.purchase_drafts import LineDraft, PaymentDraft, SaleDraft
from desktop_crm.records.products import Product
from desktop_crm.settings import ACTIVE_DAYS, HIGH_NET_FEN
from desktop_crm.shop import Shop

T = TypeVar("T")
NAMES = ("王建国", "李娜", "张小丽", "陈伟", "曾志强", "Anna Schmidt", "单雄信", "解珍")
WORDS = ("老客户", "喜欢大屏", "摄影", "VIP", "学生", "要发票")
ITEMS = ("iPhone 17 256G", "Mate 70 512G", "手机壳", "贴膜")


class Nothing(CrmError):
    """There is nothing of the kind to do it to."""


def one(shop: Shop, rng: random.Random, table: str, where: str = "1") -> int:
    """The id of a random row."""
    found: list[int] = [
        row_id for (row_id,) in shop.db.rows(f"SELECT id FROM {table} WHERE {where} ORDER BY id")
    ]
    if not found:
        raise Nothing("nothing there")
    return rng.choice(found)


def somebody(shop: Shop, rng: random.Random) -> int:
    """A live customer."""
    return one(shop, rng, "customers", "deleted_at IS NULL AND merged_into IS NULL")


def few(shop: Shop, rng: random.Random) -> list[int]:
    """Some different live customers."""
    return sorted({somebody(shop, rng) for _time in range(rng.randint(1, 4))})


def number(rng: random.Random) -> PhoneDraft:
    """One of a few numbers, so that cards share them."""
    return PhoneDraft(f"1380571{rng.randrange(40):04d}", label=rng.choice(("", "home")))


def add_customer(shop: Shop, rng: random.Random) -> None:
    customers.add(
        shop,
        CustomerDraft(
            name=rng.choice(NAMES),
            phones=tuple({each.number: each for each in (number(rng), number(rng))}.values()),
            tags=tuple(rng.sample(WORDS, rng.randrange(3))),
            card_no=rng.choice(("", "", f"VIP{rng.randrange(6)}")),
            birthday=rng.choice(("", "1990-01-02")),
        ),
    )


def edit_customer(shop: Shop, rng: random.Random) -> None:
    changes = {
        "name": rng.choice(NAMES),
        "wechat": f"wx{rng.randrange(5)}",
        "address": rng.choice(WORDS),
        "note": rng.choice(WORDS),
        "card_no": rng.choice(("", f"VIP{rng.randrange(6)}")),
        "do_not_contact": rng.random() < 0.3,
    }
    wanted = rng.sample(sorted(changes), rng.randint(1, 3))
    customers.edit(shop, somebody(shop, rng), **{field: changes[field] for field in wanted})


def set_phones(shop: Shop, rng: random.Random) -> None:
    wanted = {each.number: each for each in (number(rng), number(rng), number(rng))}
    customers.set_phones(shop, somebody(shop, rng), list(wanted.values())[: rng.randint(0, 3)])


def set_tags(shop: Shop, rng: random.Random) -> None:
    customers.set_tags(shop, somebody(shop, rng), rng.sample(WORDS, rng.randrange(4)))


def delete(shop: Shop, rng: random.Random) -> None:
    customers.delete(shop, few(shop, rng))


def restore(shop: Shop, rng: random.Random) -> None:
    recycle_bin.restore(shop, [one(shop, rng, "customers", "deleted_at IS NOT NULL")])


def sell(shop: Shop, rng: random.Random) -> None:
    lines = tuple(
        LineDraft(
            rng.choice(ITEMS),
            rng.choice((3900, 599900)),
            imei=rng.choice(("", f"35{rng.randrange(9):013d}")),
            barcode=rng.choice(("", "6901234567892")),
        )
        for _line in range(rng.randint(1, 2))
    )
    total = sum(line.amount_fen for line in lines)
    ways = (
        (),
        (PaymentDraft("wechat", total),),
        (PaymentDraft("account", total),),
        (
            PaymentDraft("trade_in", 1000, "旧手机", imei=f"35{rng.randrange(9):013d}"),
            PaymentDraft("cash", total - 1000),
        ),
    )
    purchases.record(shop, SaleDraft(lines, rng.choice(ways), rng.choice((None, somebody(shop, rng)))))


def refund(shop: Shop, rng: random.Random) -> None:
    sale = purchases.get(shop, one(shop, rng, "purchases"))
    line = rng.choice(sale.lines)
    purchases.refund(shop, sale.purchase.id, line.amount_fen, "坏了", line_id=rng.choice((None, line.id)))


def void(shop: Shop, rng: random.Random) -> None:
    purchases.void(shop, one(shop, rng, "purchases", "void_day IS NULL"), "打错了")


def pay_debt(shop: Shop, rng: random.Random) -> None:
    person = one(shop, rng, "customers", "id IN (SELECT customer_id FROM balance_entries)")
    balance.pay(shop, person, max(1, balance.due_fen(shop, person) // rng.randint(1, 2)))


def correct_debt(shop: Shop, rng: random.Random) -> None:
    balance.correct(shop, somebody(shop, rng), rng.choice((5000, -3000)), "对账")


def book_points(shop: Shop, rng: random.Random) -> None:
    points.put_typed(shop, somebody(shop, rng), rng.choice(("100", "+50", "-20")), rng.choice(WORDS))


def bring_along(shop: Shop, rng: random.Random) -> None:
    brought = Brought(rng.choice((None, 900_000)), rng.randint(1, 5), rng.choice((None, "2026-01-02")))
    openings.put(shop, somebody(shop, rng), brought)


def forget_brought(shop: Shop, rng: random.Random) -> None:
    openings.remove(shop, one(shop, rng, "customers", "id IN (SELECT customer_id FROM opening_summaries)"))


def add_device(shop: Shop, rng: random.Random) -> None:
    devices.add(shop, somebody(shop, rng), rng.choice(ITEMS), imei=f"35{rng.randrange(9):013d}")


def edit_device(shop: Shop, rng: random.Random) -> None:
    devices.edit(shop, one(shop, rng, "devices"), color=rng.choice(("黑", "白")), plan_end_day="2027-01-01")


def remove_device(shop: Shop, rng: random.Random) -> None:
    devices.remove(shop, one(shop, rng, "devices"))


def plan(shop: Shop, rng: random.Random) -> None:
    day = shop.today() + timedelta(days=rng.randrange(9))
    followups.plan(shop, somebody(shop, rng), day, rng.choice(WORDS))


def snooze(shop: Shop, rng: random.Random) -> None:
    day = shop.today() + timedelta(days=rng.randint(1, 9))
    followups.snooze(shop, one(shop, rng, "followups", "state = 'open'"), day)


def end_followup(shop: Shop, rng: random.Random) -> None:
    outcome = rng.choice(("reached", "no_answer", "later", "not_interested", "bought", "do_not_contact"))
    day = shop.today() + timedelta(days=3)
    finish(shop, one(shop, rng, "followups", "state = 'open'"), outcome, rng.choice(WORDS), day)  # type: ignore[arg-type]


def cancel_followup(shop: Shop, rng: random.Random) -> None:
    followups.cancel(shop, one(shop, rng, "followups", "state = 'open'"), "不用了")


def complain(shop: Shop, rng: random.Random) -> None:
    complaints.receive(shop, ComplaintDraft(rng.choice(WORDS), somebody(shop, rng), "high"))


def go_on(shop: Shop, rng: random.Random) -> None:
    case = one(shop, rng, "complaints")
    step = rng.choice(complaints.next_steps(shop, case) or ("note",))
    complaints.step(shop, case, step, rng.choice(WORDS))


def give_case(shop: Shop, rng: random.Random) -> None:
    complaints.edit(shop, one(shop, rng, "complaints"), rng.choice(("high", "low")), None)


def log_contact(shop: Shop, rng: random.Random) -> None:
    interactions.log(shop, somebody(shop, rng), "visit", "customer", rng.choice(WORDS))


def retier(shop: Shop, rng: random.Random) -> None:
    tiers.apply(shop, tiers.proposal(shop, shop.today() + timedelta(days=rng.choice((0, 800)))))


def override(shop: Shop, rng: random.Random) -> None:
    tiers.override(shop, somebody(shop, rng), rng.choice(("high_value", "lost")), "老板说的")


def set_setting(shop: Shop, rng: random.Random) -> None:
    profile.save(shop, {ACTIVE_DAYS: rng.randint(100, 300), HIGH_NET_FEN: rng.randint(1, 9) * 100_000})


def write_note(shop: Shop, rng: random.Random) -> None:
    notes.add(shop, somebody(shop, rng), rng.choice(WORDS), pinned=rng.random() < 0.5)


def change_note(shop: Shop, rng: random.Random) -> None:
    found = one(shop, rng, "notes")
    rng.choice(
        (
            lambda: notes.edit(shop, found, rng.choice(WORDS)),
            lambda: notes.pin(shop, found, rng.random() < 0.5),
            lambda: notes.remove(shop, found),
        )
    )()


def relate(shop: Shop, rng: random.Random) -> None:
    relations.add(
        shop, somebody(shop, rng), somebody(shop, rng), rng.choice(("spouse", "parent", "pays_for"))
    )


def unrelate(shop: Shop, rng: random.Random) -> None:
    relations.remove(shop, one(shop, rng, "relations"))


def consent(shop: Shop, rng: random.Random) -> None:
    consents.set(
        shop, somebody(shop, rng), rng.choice(("sms", "call")), rng.choice(("granted", "refused", ""))
    )


def define_field(shop: Shop, rng: random.Random) -> None:
    custom_fields.add(shop, rng.choice(("尺寸", "生肖")), "text")


def fill_field(shop: Shop, rng: random.Random) -> None:
    field = one(shop, rng, "custom_fields", "active = 1")
    custom_fields.put(shop, somebody(shop, rng), field, rng.choice(("大", "小", "")))


def retire_field(shop: Shop, rng: random.Random) -> None:
    custom_fields.retire(shop, one(shop, rng, "custom_fields", "active = 1"))


def survey(shop: Shop, rng: random.Random) -> None:
    surveys.record(shop, somebody(shop, rng), rng.randint(1, 5), rng.randrange(11), rng.choice(WORDS))


def change_survey(shop: Shop, rng: random.Random) -> None:
    found = one(shop, rng, "survey_answers")
    if rng.random() < 0.5:
        surveys.edit(shop, found, satisfaction=rng.randint(1, 5))
    else:
        surveys.remove(shop, found)


def tag_things(shop: Shop, rng: random.Random) -> None:
    tag = one(shop, rng, "tags")
    rng.choice(
        (
            lambda: tags.edit(shop, tag, name=rng.choice(WORDS), group="组"),
            lambda: tags.merge(shop, tag, one(shop, rng, "tags")),
            lambda: tags.delete(shop, [tag]),
            lambda: tags.add(shop, rng.choice(WORDS)),
        )
    )()


def many_at_once(shop: Shop, rng: random.Random) -> None:
    steps: Sequence[bulk.Step] = (
        bulk.Tagging((rng.choice(WORDS),)),
        bulk.Tagging((rng.choice(WORDS),), on=False),
        bulk.Editing("source", rng.choice(WORDS)),
        bulk.Consenting("sms", "granted"),
        bulk.Silence(),
        bulk.Planning(shop.today() + timedelta(days=2), rng.choice(WORDS)),
        bulk.Deleting(),
    )
    bulk.apply(shop, few(shop, rng), rng.choice(steps))


def merge_cards(shop: Shop, rng: random.Random) -> None:
    first, *others = few(shop, rng)
    merge.merge(shop, first, others, reason="同一个人")


def keep_view(shop: Shop, rng: random.Random) -> None:
    wanted = who.Filter((who.Condition("tier", "is", ("high_value",)),))
    if rng.random() < 0.5:
        views.add(shop, rng.choice(("好客户", "老客户")), wanted)
    else:
        views.delete(shop, one(shop, rng, "views"))


def change_staff(shop: Shop, rng: random.Random) -> None:
    staff.add(shop, rng.choice(("赵敏", "周杰")))


def change_product(shop: Shop, rng: random.Random) -> None:
    products.add(shop, Product(0, rng.choice(ITEMS), shop.stamp(), price_fen=rng.randint(1, 9) * 1000))


def change_term(shop: Shop, rng: random.Random) -> None:
    term = rng.choice(after_sales.terms(shop))
    after_sales.edit(shop, term.id, days=rng.randint(1, 30), months=None)


def confirm(shop: Shop, rng: random.Random) -> None:
    verification.confirm(shop, somebody(shop, rng))


def put_off(shop: Shop, rng: random.Random) -> None:
    quality.put_off(shop, somebody(shop, rng))


Do = Callable[[Shop, random.Random], None]
ACTIONS: dict[str, Do] = {
    do.__name__: do
    for do in (
        add_customer, edit_customer, set_phones, set_tags, delete, restore, sell, refund, void, pay_debt, correct_debt,
        add_device, edit_device, remove_device, plan, snooze, end_followup, cancel_followup, complain, go_on, give_case,
        log_contact, retier, override, set_setting, write_note, change_note, relate, unrelate, consent, define_field,
        fill_field, retire_field, survey, change_survey, tag_things, many_at_once, merge_cards, keep_view, change_staff,
        change_product, change_term, confirm, put_off, book_points, bring_along, forget_brought,
    )
}  # fmt: skip


def attempt(shop: Shop, name: str, seed: int) -> bool:
    """Do one of the actions; False where it was not possible."""
    try:
        ACTIONS[name](shop, random.Random(seed))
    except CrmError:
        return False
    return True
