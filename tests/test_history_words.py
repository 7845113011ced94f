"""What steps changed, in words: from what to what, whose, with names instead of numbers; and the history of a card."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from desktop_crm import (
    balance,
    complaints,
    consents,
    custom_fields,
    customers,
    devices,
    followups,
    history,
    interactions,
    merge,
    notes,
    products,
    profile,
    purchases,
    relations,
    staff,
    surveys,
    tags,
    tiers,
    views,
    who,
)
from desktop_crm.base.clock import FixedClock
from desktop_crm.complaints import ComplaintDraft
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.history import CannotUndo, Left
from desktop_crm.history_fields import FIELDS, KINDS, THINGS
from desktop_crm.history_words import Words
from desktop_crm.purchase_drafts import LineDraft, PaymentDraft, SaleDraft
from desktop_crm.records.complaints import Complaint
from desktop_crm.records.customers import Tag
from desktop_crm.records.history import PROGRAM, Wanted
from desktop_crm.records.products import Product
from desktop_crm.settings import HIGH_NET_FEN, OPENING_HOURS, REMIND_AT_OPENING
from desktop_crm.shop import Shop
from desktop_crm.store import journal
from desktop_crm.store.restoring import LeftAlone
from tests.undo_actions import ACTIONS, attempt


def refused(shop: Shop, step: int) -> tuple[Left, ...]:
    """Why nothing of a step is undone."""
    with pytest.raises(CannotUndo) as caught:
        history.undo(shop, step)
    return caught.value.left


@pytest.fixture
def person(shop: Shop) -> int:
    return customers.add(shop, CustomerDraft(name="王建国", phones=(PhoneDraft("13805718866"),)))


def lines(shop: Shop, change_id: int | None = None) -> list[str]:
    """What the newest step, or this one, changed."""
    step = change_id or history.changes(shop, 1)[0].id
    return [line for row in history.row_changes(shop, step) for line in row.lines()]


def test_a_new_card_says_what_is_on_it(shop: Shop, person: int) -> None:
    assert lines(shop) == [
        "王建国 · Customer card added: 王建国 · person · zh_CN · 2026-11-21",
        "王建国 · Telephone number added: 138 0571 8866",
        "王建国 · Tier added: Prospect",
    ] or lines(shop)[1:] == [
        "王建国 · Telephone number added: 138 0571 8866",
        "王建国 · Tier added: Prospect",
    ]


def test_fields_say_from_what_to_what(shop: Shop, person: int) -> None:
    clerk = staff.add(shop, "李娜")
    other = customers.add(shop, CustomerDraft(name="张小丽"))
    customers.edit(
        shop, person, gender="male", owner_staff_id=clerk, referred_by=other, do_not_contact=True, birthday="1962-12-30"
    )  # fmt: skip
    assert set(lines(shop)) == {
        "王建国 · Customer card: Gender: – → male",
        "王建国 · Customer card: Birthday: – → 1962-12-30",
        "王建国 · Customer card: Referred by: – → 张小丽",
        "王建国 · Customer card: Looked after by: – → 李娜",
        "王建国 · Customer card: Do not contact: – → Yes",
    }
    customers.delete(shop, [person])
    assert lines(shop) == ["王建国 · Customer card: In the recycle bin since: – → 2026-11-21 10:00"]


Step = Callable[[Shop, int], object]


@pytest.mark.parametrize(
    ("do", "expected"),
    [
        (lambda s, p: customers.set_phones(s, p, []), "王建国 · Telephone number removed: 138 0571 8866"),
        (lambda s, p: customers.set_tags(s, p, ["VIP"]), "王建国 · Tag added: VIP"),
        (lambda s, p: tiers.override(s, p, "lost", "搬走了"), "王建国 · Tier: Tier: Prospect → Lost"),
        (lambda s, p: notes.add(s, p, "下次带太太来"), "王建国 · Note added: 下次带太太来"),
        (lambda s, p: consents.set(s, p, "sms", "refused"), "王建国 · Consent added: SMS · refused · 2026-11-21"),
        (lambda s, p: surveys.record(s, p, 5, 9, "很好"), "王建国 · Survey answer added: 5 · 9 · 很好"),
        (lambda s, p: balance.correct(s, p, 5000, "旧账"), "王建国 · Account added: Correction · +¥50 · 旧账"),
        (
            lambda s, p: followups.plan(s, p, s.today() + timedelta(days=2), "回访"),
            "王建国 · Follow-up added: 回访 · Planned contact · 2026-11-23 · Open",
        ),
        (
            lambda s, p: interactions.log(s, p, "visit", "customer", "看新机"),
            "王建国 · Contact record added: Visit · 2026-11-21 · 看新机 · Yes",
        ),
        (
            lambda s, p: devices.add(s, p, "iPhone 17 256G", color="黑"),
            "王建国 · Device added: iPhone 17 256G · 黑 · in use",
        ),
        (lambda s, p: profile.save(s, {HIGH_NET_FEN: 900_000}), "High value from sales added: ¥9,000"),
        (lambda s, p: profile.save(s, {REMIND_AT_OPENING: False}), "Summary at opening time added: No"),
        (lambda s, p: staff.add(s, "李娜"), "李娜 · Person of the shop added: 李娜 · clerk · Yes"),
        (lambda s, p: tags.add(s, "VIP", "价值"), "VIP · Tag of the shop added: VIP · 价值"),
        (
            lambda s, p: products.add(s, Product(0, "手机壳", s.stamp(), "accessory", price_fen=3900)),
            "手机壳 · Product added: 手机壳 · Accessory · ¥39 · Yes",
        ),
        (
            lambda s, p: views.add(s, "老客户", who.EVERYBODY),
            "老客户 · View added: 老客户 · Everybody · 1 · Yes",
        ),
        (
            lambda s, p: custom_fields.add(s, "尺寸", "choice", ["大", "小"]),
            "尺寸 · Field of your own added: 尺寸 · Choice · 大, 小 · 1",
        ),
        (
            lambda s, p: complaints.receive(s, ComplaintDraft("屏幕发黄", p, "high")),
            "王建国 · Step of a complaint added: Received",
        ),
    ],
)  # fmt: skip
def test_each_kind_of_thing_has_words(shop: Shop, person: int, do: Step, expected: str) -> None:
    do(shop, person)
    assert expected in lines(shop)


def test_a_sale_its_lines_and_its_refund_belong_to_the_customer(shop: Shop, person: int) -> None:
    sale = purchases.record(
        shop, SaleDraft((LineDraft("iPhone 17 256G", 599_900),), (PaymentDraft("wechat", 599_900),), person)
    )
    told = lines(shop)
    assert [line for line in told if "Item" in line] == [
        "王建国 · Item sold added: iPhone 17 256G · 1 · ¥5,999 · ¥0"
    ]
    assert "王建国 · Payment added: WeChat · ¥5,999" in told
    line = purchases.get(shop, sale).lines[0]
    purchases.refund(shop, sale, 599_900, "坏了", line_id=line.id)
    assert "王建国 · Refund added: ¥5,999 · Cash · 坏了 · 2026-11-21" in lines(shop)
    assert "王建国 · Device: State: in use → returned" in lines(shop)
    history.undo(shop)
    assert "王建国 · Refund removed: ¥5,999 · Cash · 坏了 · 2026-11-21" in lines(shop)


def test_own_fields_and_settings_go_by_their_own_names(shop: Shop, person: int) -> None:
    field = custom_fields.add(shop, "戴眼镜", "yes_no")
    custom_fields.put(shop, person, field, "yes")
    assert lines(shop) == ["王建国 · 戴眼镜 added: Yes"]
    profile.save(shop, {HIGH_NET_FEN: 900_000})
    profile.save(shop, {HIGH_NET_FEN: 700_000})
    assert lines(shop) == ["High value from sales: Value: ¥9,000 → ¥7,000"]
    hours = ("10:00-20:00",) * 7
    profile.save(shop, {OPENING_HOURS: hours})
    assert lines(shop) == [f"Opening hours, Monday to Sunday added: {', '.join(hours)}"]
    with shop.change("A setting of tomorrow", {"settings"}):
        shop.db.execute("INSERT INTO settings (key, value) VALUES ('unheard_of', '7')")
    assert lines(shop) == ["Setting added: 7"]


def test_names_are_known_of_what_is_gone(shop: Shop, person: int) -> None:
    other = customers.add(shop, CustomerDraft(name="张小丽"))
    made = history.changes(shop, 1)[0].id
    relations.add(shop, person, other, "spouse")
    link = history.changes(shop, 1)[0].id
    assert lines(shop, link) == ["王建国 · Relation added: Spouse · 张小丽"]
    history.undo(shop)
    history.undo(shop, made)
    assert lines(shop, link) == ["王建国 · Relation added: Spouse · 张小丽"]
    with shop.upkeep():
        shop.db.execute("DELETE FROM journal WHERE table_name = 'customers'")
    assert lines(shop, link) == [f"王建国 · Relation added: Spouse · no. {other}"]


def test_what_only_the_program_knows_is_not_told(shop: Shop, person: int) -> None:
    with shop.change("Learn", {"products"}) as step:
        product = shop.db.insert(Product(0, "iPhone 17", shop.stamp()))
        shop.db.execute("INSERT INTO tacs (tac, product_id) VALUES ('35123456', ?)", (product,))
        shop.db.execute("UPDATE customers SET created_at = 'x'")
    assert lines(shop, step.id) == ["iPhone 17 · Product added: iPhone 17 · Phone · Yes"]
    with shop.change("Another product", {"products"}):
        other = shop.db.insert(Product(0, "iPhone 18", shop.stamp()))
    with shop.change("Learn otherwise", {"products"}) as later:
        shop.db.execute("UPDATE tacs SET product_id = ?", (other,))
    assert lines(shop, later.id) == []
    undone = history.undo(shop, step.id)
    assert (undone.left, undone.left_count) == ((), 0)


def test_what_stayed_says_the_day_where_it_is_not_today(shop: Shop, clock: FixedClock, person: int) -> None:
    step = history.changes(shop, 1)[0].id
    customers.edit(shop, person, address="x")
    clock.instant += timedelta(days=1)
    assert [each.words for each in refused(shop, step)] == [
        "Customer card “王建国” stays: Address was changed to x by somebody at 2026-11-21 10:00."
    ]


def test_what_stays_because_of_something_without_a_name(shop: Shop, person: int) -> None:
    with shop.change("Product", {"products"}) as step:
        product = shop.db.insert(Product(0, "iPhone 17", shop.stamp()))
        shop.db.execute("UPDATE customers SET note = 'x'")
    with shop.change("Learn", {"products"}):
        shop.db.execute("INSERT INTO tacs (tac, product_id) VALUES ('35123456', ?)", (product,))
    (left,) = history.undo(shop, step.id).left
    assert left.words == "Product “iPhone 17” stays: something belongs to it by now."


def test_a_new_row_that_the_program_alone_changed_unseen_says_so(shop: Shop, person: int) -> None:
    step = history.changes(shop, 1)[0].id
    with shop.change("Unseen", {"customers"}):
        shop.db.execute("UPDATE customers SET created_at = 'x'")
    (left,) = refused(shop, step)
    assert left.words == "Customer card “王建国” stays: it was changed by somebody at 10:00."


def test_the_history_of_a_card_holds_what_hangs_on_it_now_and_did_once(shop: Shop, person: int) -> None:
    other = customers.add(shop, CustomerDraft(name="张小丽", phones=(PhoneDraft("13800000002"),)))
    sale = purchases.record(shop, SaleDraft((LineDraft("手机壳", 3900),), (), other))
    purchases.refund(shop, sale, 3900, "坏了")
    complaints.note(shop, complaints.receive(shop, ComplaintDraft("慢", other)), "说明")
    relations.add(shop, person, other, "spouse")
    notes.remove(shop, notes.add(shop, other, "旧"))
    merge.merge(shop, person, [other], reason="同一个人")
    labels = [step.step.change.label for step in history.of_card(shop, other)]
    assert labels == [change.label for change in history.changes(shop, 9)]
    kept = history.of_card(shop, person)
    assert [step.step.change.label for step in kept][-1] == "Add customer 王建国"
    assert {"phones", "purchases", "merges", "refunds"} <= {row.table for step in kept for row in step.rows}
    assert len(history.of_card(shop, other, limit=2)) == 2
    older = history.of_card(shop, other, 3, history.of_card(shop, other, limit=2)[-1].step.id)
    assert [step.step.change.label for step in older] == labels[2:5]


def test_a_card_that_came_with_many_others_knows_it(shop: Shop) -> None:
    with shop.change("Import 3 customers", {"customers"}), journal.by_runs(shop.db):
        for number in range(3):
            shop.db.execute(
                "INSERT INTO customers (name, created_at, card_no, external_id, kind, wechat, email, gender, birthday, "
                "birthday_lunar, region, address, occupation, source, consent, do_not_contact, language, note) "
                "VALUES (?, '', '', '', 'person', '', '', '', '', 0, '', '', '', '', '', 0, '', '')",
                (f"c{number}",),
            )
    customers.edit(shop, 2, address="文三路")
    found = history.of_card(shop, 2)
    assert [step.step.change.label for step in found] == ["Edit customer c1", "Import 3 customers"]
    assert found[1].rows[0].lines() == ["c1 · Customer card added: c1 · person"]


def test_steps_are_wanted_by_person_day_kind_and_text(shop: Shop, clock: FixedClock, person: int) -> None:
    clerk = staff.add(shop, "李娜")
    clock.instant += timedelta(days=1)
    customers.edit(shop.at_counter(clerk), person, address="100% 文三路")

    def labels(**which: object) -> list[str]:
        found = history.steps(shop, Wanted(**which))  # type: ignore[arg-type]
        assert history.count(shop, Wanted(**which)) == len(found)  # type: ignore[arg-type]
        return [step.change.label for step in found]

    assert labels() == [
        "Edit customer 王建国",
        "Add 李娜 to the staff",
        "Add customer 王建国",
        "New shop 星河手机店",
    ]
    assert labels(staff_id=clerk) == ["Edit customer 王建国"]
    assert labels(staff_id=PROGRAM) == ["New shop 星河手机店"]
    assert labels(nobody=True) == ["Add 李娜 to the staff", "Add customer 王建国"]
    assert labels(people=True, day="2026-11-21") == ["Add 李娜 to the staff", "Add customer 王建国"]
    assert labels(kind="staff") == ["Add 李娜 to the staff"]
    assert labels(kind="staf") == []
    assert labels(text="EDIT") == ["Edit customer 王建国"]
    assert labels(text="%") == []
    assert labels(customer_id=person) == ["Edit customer 王建国", "Add customer 王建国"]
    assert history.people(shop) == [(None, "somebody"), (PROGRAM, "the program"), (clerk, "李娜")]
    newest = history.steps(shop, limit=1)[0]
    assert (newest.when, newest.who, newest.by_program) == ("2026-11-22 10:00", "李娜", False)
    assert history.step_of(shop, newest.id) == newest.change


def test_a_view_whose_field_is_gone_and_a_thing_without_a_name(shop: Shop, person: int) -> None:
    with shop.change("View", {"views"}):
        shop.db.execute(
            "INSERT INTO views (name, filter, position, in_rail, created_at) VALUES ('旧', '{', 1, 1, '')"
        )
    assert lines(shop) == ["旧 · View added: 旧 · – · 1 · Yes"]
    with shop.change("Anonymous", {"complaints"}) as step:
        case = shop.db.insert(Complaint(0, "慢", shop.stamp(), "2026-11-21", shop.stamp()))
        shop.db.insert(Tag(0, "x"))
    complaints.note(shop, case, "说明")
    (left,) = refused(shop, step.id)
    assert left.words == "Complaint stays: Step of a complaint belongs to it by now."
    clock = shop.clock
    assert isinstance(clock, FixedClock)
    clock.instant += timedelta(days=1)
    assert history.steps(shop, limit=1)[0].when == "2026-11-21 10:00"


def test_every_column_that_is_told_is_there_and_every_thing_has_fields(shop: Shop) -> None:
    for table, fields in FIELDS.items():
        names = {name for (name,) in shop.db.rows("SELECT name FROM pragma_table_info(?)", (table,))}
        assert set(fields) <= names, table
    assert set(FIELDS) == set(THINGS)
    assert set(THINGS) <= set(journal.TABLES)
    assert len(set(KINDS.values())) == len(KINDS)


def test_everything_that_can_be_done_is_told(shop: Shop) -> None:
    for seed in range(6):
        attempt(shop, "add_customer", seed)
    names = [*sorted(ACTIONS), *sorted(ACTIONS, reverse=True)]
    done = [name for seed, name in enumerate(names) if attempt(shop, name, seed)]
    assert len(done) > 60
    for step in history.changes(shop, 200):
        told = lines(shop, step.id)
        assert told, step.label
        assert not [line for line in told if "None" in line or "no. " in line]


def test_a_row_of_which_nothing_is_known_any_more_has_a_sentence(shop: Shop) -> None:
    words = Words(shop).left(LeftAlone("customers", 999, "deleted"))
    assert words == "A note that the program keeps for itself stays as it is."
