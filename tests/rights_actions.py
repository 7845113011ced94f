"""Every action of the program, really performed through its public function, and the right that it needs.

Written down here a second time on purpose: a line that is changed in rights.py alone, or a check that is taken out of a
function, makes tests/test_rights_matrix.py red. A new action gets a function here.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from desktop_crm import (
    additions,
    after_sales,
    audit_list,
    backup,
    balance,
    bulk,
    complaint_steps,
    complaints,
    consents,
    custom_fields,
    customer_phones,
    customers,
    demo,
    devices,
    drill,
    duplicates,
    followup_outcomes,
    followup_rules,
    followups,
    history,
    integrity,
    interactions,
    masks,
    merge,
    notes,
    openings,
    passwords,
    person,
    pins,
    points,
    products,
    profile,
    purchases,
    quality,
    recycle_bin,
    relations,
    reminders,
    restore,
    roles,
    second_place,
    staff,
    surveys,
    tags,
    tiers,
    verification,
    views,
)
from desktop_crm.complaints import ComplaintDraft
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.exporting import audit as audit_export
from desktop_crm.exporting import orders, papers
from desktop_crm.exporting.orders import Order
from desktop_crm.importing import memories, plan
from desktop_crm.openings import Brought
from desktop_crm.purchase_drafts import LineDraft, PaymentDraft, SaleDraft
from desktop_crm.records.audit import AuditWanted
from desktop_crm.records.imports import ColumnMemory
from desktop_crm.records.products import Product
from desktop_crm.reports import lists
from desktop_crm.rights import Right
from desktop_crm.settings import ACTIVE_DAYS
from desktop_crm.shop import Shop
from desktop_crm.store.errors import OwnerNeeded
from desktop_crm.who import Condition, Filter

TODAY = date(2026, 11, 21)
WOMEN = Filter((Condition("gender", "is", ("female",)),))


@dataclass(frozen=True)
class World:
    """What there is in the shop in which the actions are performed, by id."""

    owner: int
    manager: int
    clerk: int
    wang: int
    li: int
    zhao: int
    gone: int
    sale: int
    owing: int
    device: int
    product: int
    tag: int
    other_tag: int
    field: int
    retired: int
    followup: int
    case: int
    note: int
    relation: int
    answer: int
    view: int
    memory: int
    term: int
    backup: Path


@dataclass(frozen=True)
class Performer:
    """One action: its name in rights.py, the right that it needs, others that it needs too, and how it is done.

    `run` gets the shop of whoever does it, the same shop with nobody in particular at the counter, what there is, and a
    folder for files.
    """

    name: str
    needs: Right | None
    run: Callable[[Shop, Shop, World, Path], object]
    also: tuple[Right, ...] = ()


PERFORMERS: dict[str, Performer] = {}
Run = Callable[[Shop, Shop, World, Path], object]


def performs(name: str, needs: Right | None = None, *also: Right) -> Callable[[Run], Run]:
    """Register how an action is done."""

    def keep(run: Run) -> Run:
        assert name not in PERFORMERS, name
        PERFORMERS[name] = Performer(name, needs, run, also)
        return run

    return keep


def make_world(shop: Shop) -> World:
    """Something of everything."""
    owner, manager = staff.add(shop, "陈星河", "owner"), staff.add(shop, "李娜", "manager")
    clerk = staff.add(shop, "小王", "clerk")
    wang, li, zhao, gone = (
        customers.add(shop, CustomerDraft(name=name, phones=(PhoneDraft(f"1380000000{place}"),)))
        for place, name in enumerate(("王芳", "李四", "赵敏", "走了"))
    )
    customers.delete(shop, [gone])
    phone = LineDraft("iPhone 17", 599900, imei="490154203237518", cost_fen=512345)
    sale = purchases.record(shop, SaleDraft((phone,), customer_id=wang))
    owing = purchases.record(
        shop, SaleDraft((LineDraft("膜", 3000),), (PaymentDraft("account", 3000),), customer_id=li)
    )
    tag, other_tag = tags.add(shop, "VIP", "老"), tags.add(shop, "老客户")
    tags.add(shop, "摄影", "爱好")
    customers.set_tags(shop, wang, ["VIP"])
    field, retired = custom_fields.add(shop, "尺寸"), custom_fields.add(shop, "生肖")
    custom_fields.add(shop, "套餐")
    custom_fields.retire(shop, retired)
    views.add(shop, "男客", Filter((Condition("gender", "is", ("male",)),)))
    openings.put(shop, zhao, Brought(900_000, 3, "2026-01-02"))
    tiers.override(shop, zhao, "high_value", "老板说的")
    case = complaints.receive(shop, ComplaintDraft("屏幕坏了", wang))
    answer = surveys.record(shop, wang, 5, 10, "好")
    assert answer is not None
    with shop.change("Remember what columns mean", {"imports"}):
        memory = shop.db.insert(ColumnMemory(0, "a\tb", "customers", '{"a": "name"}', shop.stamp()))
    return World(
        owner=owner, manager=manager, clerk=clerk, wang=wang, li=li, zhao=zhao, gone=gone, sale=sale, owing=owing,
        device=devices.of_customer(shop, wang)[0].id,
        product=products.listing(shop)[0].id,
        tag=tag, other_tag=other_tag, field=field, retired=retired,
        followup=followups.plan(shop, wang, date(2026, 12, 1), "问候"),
        case=case, note=notes.add(shop, wang, "喜欢大屏"),
        relation=relations.add(shop, wang, li, "spouse"),
        answer=answer, view=views.add(shop, "女客", WOMEN), memory=memory, term=after_sales.terms(shop)[0].id,
        backup=backup.make(shop, "hand"),
    )  # fmt: skip


# ---------------------------------------------------------------- customers


@performs("additions.add_to")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    additions.add_to(shop, w.wang, CustomerDraft(name="王芳", wechat="wf"))


@performs("customers.add")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    customers.add(shop, CustomerDraft(name="新来的"))


@performs("customers.edit")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    customers.edit(shop, w.wang, address="文三路")


@performs("customers.save")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    customers.save(shop, w.wang, CustomerDraft(name="王芳芳"))


@performs("customers.set_phones")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    customers.set_phones(shop, w.wang, [PhoneDraft("13900000009")])


@performs("customers.set_tags")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    customers.set_tags(shop, w.wang, ["老客户"])


@performs("customers.delete", "delete")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    customers.delete(shop, [w.wang])


@performs("customer_phones.edit")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    customer_phones.edit(shop, w.wang, "13800000000", PhoneDraft("13800000000", label="家"))


@performs("recycle_bin.restore")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    recycle_bin.restore(shop, [w.gone])


@performs("merge.merge", "merge")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    merge.merge(shop, w.wang, [w.li], reason="同一个人")


@performs("duplicates.add_apart")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    duplicates.add_apart(shop, CustomerDraft(name="王芳"), [w.wang])


@performs("duplicates.keep_pairs_apart")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    duplicates.keep_pairs_apart(shop, [(w.wang, w.li)])


@performs("bulk.apply")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    bulk.apply(shop, [w.wang, w.li], bulk.Tagging(("大户",)))


@performs("bulk.apply.delete", "delete")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    bulk.apply(shop, [w.wang, w.li], bulk.Deleting())


@performs("verification.confirm")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    verification.confirm(shop, w.wang)


@performs("quality.mend")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    quality.mend(shop, w.wang, {"source": "抖音"})


@performs("quality.put_off")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    quality.put_off(shop, w.wang)


@performs("consents.set")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    consents.set(shop, w.wang, "sms", "granted")


@performs("relations.add")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    relations.add(shop, w.wang, w.zhao, "pays_for")


@performs("relations.remove")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    relations.remove(shop, w.relation)


@performs("notes.add")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    notes.add(shop, w.wang, "想换手表")


@performs("notes.edit")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    notes.edit(shop, w.note, "小屏")


@performs("notes.pin")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    notes.pin(shop, w.note)


@performs("notes.remove")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    notes.remove(shop, w.note)


@performs("custom_fields.put")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    custom_fields.put(shop, w.wang, w.field, "大")


@performs("openings.put")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    openings.put(shop, w.wang, Brought(100_000, 1, None))


@performs("openings.remove")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    openings.remove(shop, w.zhao)


@performs("points.put")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    points.put(shop, w.wang, 100, "开卡")


# ---------------------------------------------------------------- sales, devices, accounts


@performs("purchases.record")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    purchases.record(shop, SaleDraft((LineDraft("壳", 3900),), customer_id=w.wang))


@performs("purchases.refund")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    purchases.refund(shop, w.sale, 1000, "划痕")


@performs("purchases.void")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    purchases.void(shop, w.sale, "打错了")


@performs("balance.pay")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    balance.pay(shop, w.li, 1000)


@performs("balance.pay_out")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    balance.correct(boss, w.zhao, -3000, "对账")
    balance.pay_out(shop, w.zhao, 1000)


@performs("balance.correct")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    balance.correct(shop, w.wang, 500, "对账")


@performs("devices.add")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    devices.add(shop, w.wang, "Mate 70")


@performs("devices.edit")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    devices.edit(shop, w.device, color="黑")


@performs("devices.remove")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    devices.remove(shop, devices.add(boss, w.li, "Mate 70"))


@performs("products.add")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    products.add(shop, Product(0, "Mate 70", ""))


@performs("products.edit")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    found = products.get(shop, w.product)
    assert found is not None
    products.edit(shop, replace(found, price_fen=649900))


# ---------------------------------------------------------------- contacts, complaints, answers, tiers


@performs("followups.plan")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    followups.plan(shop, w.li, date(2026, 12, 2), "问候")


@performs("followups.snooze")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    followups.snooze(shop, w.followup, date(2026, 12, 9))


@performs("followups.cancel")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    followups.cancel(shop, w.followup, "不用了")


@performs("followup_outcomes.finish")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    followup_outcomes.finish(shop, w.followup, "reached", "很好")


@performs("followup_rules.run_rules")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    followup_rules.run_rules(shop)


@performs("interactions.log")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    interactions.log(shop, w.wang, "call", "shop", "问了价格")


@performs("reminders.mark")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    reminders.mark(shop, [reminders.Announcement("问候", "", w.followup, w.wang)])


@performs("complaints.receive")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    complaints.receive(shop, ComplaintDraft("太吵"))


@performs("complaints.edit")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    complaints.edit(shop, w.case, "high", None)


@performs("complaint_steps.step")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    complaint_steps.step(shop, w.case, complaints.next_steps(shop, w.case)[0], "看看")


@performs("surveys.record")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    surveys.record(shop, w.li, 4, 8, "")


@performs("surveys.edit")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    surveys.edit(shop, w.answer, satisfaction=4)


@performs("surveys.remove")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    surveys.remove(shop, w.answer)


@performs("tiers.apply")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    tiers.apply(shop, tiers.proposal(shop, date(2029, 1, 1)))


@performs("tiers.override")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    tiers.override(shop, w.wang, "lost", "搬走了")


@performs("tiers.remove_override")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    tiers.remove_override(shop, w.zhao)


# ---------------------------------------------------------------- tags, views, lists


@performs("tags.add")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    tags.add(shop, "学生")


@performs("tags.edit")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    tags.edit(shop, w.tag, name="贵宾")


@performs("tags.delete")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    tags.delete(shop, [w.tag])


@performs("tags.merge")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    tags.merge(shop, w.tag, w.other_tag)


@performs("tags.rename_group")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    tags.rename_group(shop, "老", "新")


@performs("views.add")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    views.add(shop, "好客户", WOMEN)


@performs("views.change_filter")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    views.change_filter(shop, w.view, Filter((Condition("gender", "is", ("male",)),)))


@performs("views.rename")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    views.rename(shop, w.view, "女顾客")


@performs("views.show_in_rail")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    views.show_in_rail(shop, w.view, False)


@performs("views.move")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    views.move(shop, w.view, -1)


@performs("views.delete")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    views.delete(shop, w.view)


@performs("views.take")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    for view in views.listing(boss):
        views.delete(boss, view.id)
    views.take(shop, views.proposals(shop)[:1])


@performs("views.decline")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    views.decline(shop)


@performs("importing.applying.apply")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    (out / "new.csv").write_text("姓名,电话\n周杰,13900000001\n", encoding="utf-8")
    with plan.rehearse(shop, out / "new.csv") as found:
        plan.apply(shop, found)


@performs("importing.memories.forget")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    memories.forget(shop, w.memory)


@performs("exporting.orders.people", "export")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    orders.people(shop, Order("customers", out / "a.csv"))


@performs("exporting.orders.prepare", "export")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    orders.prepare(shop, Order("customers", out / "a.csv")).file.drop()


@performs("exporting.orders.release", "export")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    orders.release(shop, orders.prepare(boss, Order("customers", out / "a.csv")))


@performs("exporting.papers.prepare", "export")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    papers.prepare(shop, lists.due_list(shop), out / "a.xlsx", 1).file.drop()


@performs("exporting.audit.save", "export", "settings")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    audit_export.save(shop, AuditWanted(), out / "a.csv")


@performs("audit_list.lines", "settings")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    assert audit_list.lines(shop)


@performs("audit_list.count", "settings")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    assert audit_list.count(shop)


# ---------------------------------------------------------------- persons


@performs("masks.reveal")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    assert masks.reveal(shop, w.wang).phones


@performs("integrity.mend", "settings")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    integrity.mend(shop, "search")


@performs("person.everything", "export", "phones")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    person.everything(shop, w.wang)


@performs("person.erase", "settings", "delete")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    person.erase(shop, w.wang)


@performs("person.reapply")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    person.reapply(shop)


# ---------------------------------------------------------------- settings, staff, rights, passwords


@performs("after_sales.add", "settings")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    after_sales.add(shop, "耳机", "更换", days=7)


@performs("after_sales.edit", "settings")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    after_sales.edit(shop, w.term, days=9, months=None)


@performs("after_sales.retire", "settings")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    after_sales.retire(shop, w.term)


@performs("after_sales.reset", "settings")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    after_sales.retire(boss, w.term)
    after_sales.reset(shop)


@performs("custom_fields.add", "settings")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    custom_fields.add(shop, "鞋码")


@performs("custom_fields.edit", "settings")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    custom_fields.edit(shop, w.field, name="尺码")


@performs("custom_fields.move", "settings")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    custom_fields.move(shop, w.field, 1)


@performs("custom_fields.retire", "settings")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    custom_fields.retire(shop, w.field)


@performs("custom_fields.bring_back", "settings")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    custom_fields.bring_back(shop, w.retired)


@performs("profile.save", "settings")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    profile.save(shop, {ACTIVE_DAYS: 200})


@performs("staff.add", "settings")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    staff.add(shop, "小张")


@performs("staff.edit", "settings")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    staff.edit(shop, staff.add(boss, "小周"), name="小赵")


@performs("roles.save", "roles")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    roles.save(shop, "clerk", ["phones", "merge"])


@performs("passwords.add_user", "roles")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    with suppress(passwords.NotProtected):  # which is found out behind the door
        passwords.add_user(shop, w.clerk, "long enough 8866")


@performs("passwords.remove_user", "roles")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    with suppress(OwnerNeeded):
        passwords.remove_user(shop, w.clerk)


@performs("passwords.change_locks", "roles")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    with suppress(passwords.NotProtected):
        passwords.change_locks(shop)


@performs("passwords.set_first", "roles")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    passwords.set_first(shop, w.owner, "long enough 8866")


@performs("passwords.sheet", "roles")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    with suppress(passwords.NotProtected):
        passwords.sheet(shop)


@performs("passwords.prove_sheet", "roles")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    with suppress(passwords.NotProtected):
        passwords.prove_sheet(shop, 1, "00000")


@performs("pins.put")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    pins.put(boss, w.owner, "7391")
    pins.put(shop, shop.staff_id or 0, "5283")


@performs("pins.remove")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    for who, digits in ((w.owner, "7391"), (shop.staff_id or 0, "5283")):
        pins.put(boss, who, digits)
    pins.remove(shop, shop.staff_id or 0)


# ---------------------------------------------------------------- backups, history, the demo


@performs("backup.by_hand", "backups")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    backup.by_hand(shop)


@performs("restore.into_folder", "backups")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    restore.into_folder(w.backup, out / "restored", present=shop)


@performs("restore.preview", "backups")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    restore.preview(shop, w.backup)


@performs("restore.verify", "backups")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    restore.verify(w.backup, shop)


@performs("restore.prepare", "backups")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    restore.prepare(shop, w.backup)


@performs("restored_people.bring")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    restore.prepare(boss, w.backup)  # which does it by itself, in the copy


@performs("drill.run", "backups")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    drill.run(shop)


@performs("second_place.choose", "backups")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    second_place.choose(shop, out)


@performs("second_place.give_up", "backups")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    second_place.give_up(shop)


@performs("history.undo")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    notes.add(shop, w.li, "想换手表")
    history.undo(shop)


@performs("demo.make")
def _(shop: Shop, boss: Shop, w: World, out: Path) -> None:
    demo.make(out / "demo", customers=20, until=TODAY)
