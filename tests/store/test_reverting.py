"""Taking changes back: column by column, as sets, and what stays for which reason."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from desktop_crm import (
    complaints,
    customers,
    devices,
    history,
    integrity,
    notes,
    purchases,
    staff,
    tiers,
)
from desktop_crm.base.clock import FixedClock
from desktop_crm.complaints import ComplaintDraft
from desktop_crm.customers import CustomerDraft
from desktop_crm.history import CannotUndo, Left
from desktop_crm.phones import PhoneDraft
from desktop_crm.purchase_drafts import LineDraft, PaymentDraft, SaleDraft
from desktop_crm.records.custom_fields import CustomField, CustomValue
from desktop_crm.records.customers import Customer, CustomerTag, Phone, Tag
from desktop_crm.records.history import PROGRAM
from desktop_crm.records.staff import StaffMember
from desktop_crm.shop import Shop
from desktop_crm.store import journal, past
from tests.importing.sheets import bring


def add(shop: Shop, name: str, **fields: Any) -> int:  # fields of their own types
    with shop.change(f"Add {name}", {"customers"}):
        return shop.db.insert(Customer(0, name, shop.stamp(), **fields))


def change(shop: Shop, key: int, **fields: Any) -> int:  # fields of their own types
    found = shop.db.get(Customer, key)
    assert found is not None
    with shop.change(f"Change {' '.join(fields)}", {"customers"}) as done:
        shop.db.update(replace(found, **fields))
    return done.id


def card(shop: Shop, key: int) -> Customer:
    found = shop.db.get(Customer, key)
    assert found is not None
    return found


def whys(left: tuple[Left, ...]) -> list[tuple[str, str, str]]:
    return [(each.table, each.column, each.why) for each in left]


def written(shop: Shop, change_id: int) -> set[str]:
    """The columns that a change wrote with another value."""
    found = set()
    for row in past.of_change(shop.db, change_id, journal.TABLES, 1000):
        found |= {
            name for name in row.before or {} if (row.after or {}).get(name) != (row.before or {})[name]
        }
    return found


def test_an_undo_writes_no_column_that_the_step_left_as_it_was(shop: Shop) -> None:
    key = add(shop, "王建国", note="old")
    step = change(shop, key, wechat="a", email="b")
    change(shop, key, note="new", address="x")
    undone = history.undo(shop, step)
    assert undone.left == ()
    assert (card(shop, key).wechat, card(shop, key).email) == ("", "")
    assert (card(shop, key).note, card(shop, key).address) == ("new", "x")
    assert written(shop, undone.change_id) == {"wechat", "email"}
    history.redo_of(shop, step)
    assert (card(shop, key).wechat, card(shop, key).note) == ("a", "new")


def test_a_column_that_was_changed_since_stays_and_the_others_return(shop: Shop) -> None:
    key = add(shop, "王建国")
    step = change(shop, key, wechat="a", email="b")
    change(shop.at_counter(PROGRAM), key, wechat="c")
    undone = history.undo(shop, step)
    assert whys(undone.left) == [("customers", "wechat", "changed")]
    assert undone.sentence() == (
        "Undone: Change wechat email. Customer card “王建国”: WeChat was changed to c by the program at 10:00 and stays so."
    )
    assert (card(shop, key).wechat, card(shop, key).email) == ("c", "")


def test_a_column_that_was_changed_and_changed_back_counts_as_changed(shop: Shop) -> None:
    key = add(shop, "王建国")
    step = change(shop, key, wechat="a", email="b")
    change(shop, key, wechat="c")
    change(shop, key, wechat="a")
    assert whys(history.undo(shop, step).left) == [("customers", "wechat", "changed")]
    assert card(shop, key).wechat == "a"


def test_a_later_step_that_was_taken_back_counts_for_nothing(shop: Shop) -> None:
    key = add(shop, "王建国")
    step = change(shop, key, wechat="a")
    later = change(shop, key, wechat="b")
    history.undo(shop, later)
    history.redo_of(shop, later)
    history.undo(shop, later)
    assert history.undo(shop, step).left == ()
    assert card(shop, key).wechat == ""


def test_what_a_partial_undo_left_is_not_overwritten(shop: Shop) -> None:
    key = add(shop, "王建国")
    step = change(shop, key, wechat="a", email="a")
    middle = change(shop, key, wechat="b", email="b")
    change(shop, key, wechat="c")
    assert whys(history.undo(shop, middle).left) == [("customers", "wechat", "changed")]
    assert whys(history.undo(shop, step).left) == [("customers", "wechat", "changed")]
    assert (card(shop, key).wechat, card(shop, key).email) == ("c", "")


def test_a_row_that_was_removed_since_stays_removed(shop: Shop) -> None:
    key = add(shop, "王建国")
    with shop.change("Number", {"customers"}):
        phone = shop.db.insert(Phone(0, key, "13800000001"))
    with shop.change("Label", {"customers"}) as step:
        shop.db.update(Phone(phone, key, "13800000001", label="home"))
        shop.db.execute("UPDATE customers SET note = 'x'")
    with shop.change("Remove", {"customers"}):
        shop.db.delete(Phone, phone)
    undone = history.undo(shop, step.id)
    assert [left.words for left in undone.left] == [
        "Telephone number of 王建国 was removed by somebody at 10:00 and stays so."
    ]
    assert card(shop, key).note == ""


def test_what_the_program_noted_does_not_hold_a_new_row(shop: Shop) -> None:
    key = add(shop, "王建国")
    change(shop.at_counter(PROGRAM), key, verified_day="2026-11-21")
    assert history.undo(shop).left == ()
    assert shop.db.get(Customer, key) is None
    history.redo(shop)
    assert card(shop, key).verified_day == "2026-11-21"


def test_only_the_field_whose_place_is_taken_stays(shop: Shop) -> None:
    key = add(shop, "王建国", card_no="VIP1")
    step = change(shop, key, card_no="", wechat="a")
    add(shop, "李娜", card_no="VIP1")
    undone = history.undo(shop, step)
    assert [left.words for left in undone.left] == [
        "Customer card “王建国”: Card no. stays, because another one has that by now."
    ]
    assert (card(shop, key).card_no, card(shop, key).wechat) == ("", "")


def test_values_that_swapped_places_find_back_one_after_the_other(shop: Shop) -> None:
    keys = [add(shop, f"c{number}", card_no=f"VIP{number}") for number in range(4)]
    with shop.change("Move up", {"customers"}) as step:
        for place, key in enumerate(reversed(keys)):
            number = f"VIP{len(keys) - place}"
            shop.db.execute("UPDATE customers SET card_no = ? WHERE id = ?", (number, key))
    assert history.undo(shop, step.id).left == ()
    assert [card(shop, key).card_no for key in keys] == ["VIP0", "VIP1", "VIP2", "VIP3"]


def test_what_hung_on_a_row_that_cannot_return_stays_where_it_is(shop: Shop) -> None:
    key = add(shop, "王建国")
    with shop.change("Tags", {"tags"}):
        one, two = shop.db.insert(Tag(0, "VIP")), shop.db.insert(Tag(0, "老客户"))
        worn = shop.db.insert(CustomerTag(0, key, one))
    with shop.change("Merge tags", {"tags"}) as step:
        shop.db.update(CustomerTag(worn, key, two))
        shop.db.delete(Tag, one)
        shop.db.execute("UPDATE customers SET note = 'x'")
    with shop.change("New tag", {"tags"}):
        shop.db.insert(Tag(0, "VIP"))
    undone = history.undo(shop, step.id)
    assert whys(undone.left) == [("tags", "", "clash"), ("customer_tags", "tag_id", "gone")]
    assert undone.left[1].words == "Tag of 王建国 stays, because what it belonged to is gone."
    assert shop.db.get(CustomerTag, worn) == CustomerTag(worn, key, two)
    assert card(shop, key).note == ""


def test_what_was_removed_with_its_card_needs_the_card(shop: Shop) -> None:
    key = add(shop, "王建国")
    field = CustomField(0, "鞋码", "text", shop.stamp())
    with shop.change("Field", {"fields"}):
        field_id = shop.db.insert(field)
        shop.db.insert(CustomValue(0, key, field_id, "42"))
    with shop.change("Remove", {"fields"}) as step:
        shop.db.execute("DELETE FROM custom_values")
        shop.db.delete(CustomField, field_id)
        shop.db.execute("UPDATE customers SET note = 'x'")
    with shop.change("Another", {"fields"}):
        shop.db.insert(field)
    assert whys(history.undo(shop, step.id).left) == [
        ("custom_fields", "", "clash"),
        ("custom_values", "", "gone"),
    ]
    assert shop.db.rows("SELECT * FROM custom_values") == []
    assert card(shop, key).note == ""


def test_what_contradicts_itself_is_left_whole(shop: Shop) -> None:
    """The link can go back to neither card: the first was removed since, the second is what the step had made."""
    first = add(shop, "一")
    with shop.change("Number", {"customers"}):
        phone = shop.db.insert(Phone(0, first, "13800000001"))
    with shop.change("Move it to a new card", {"customers"}) as step:
        second = shop.db.insert(Customer(0, "二", shop.stamp()))
        shop.db.update(Phone(phone, second, "13800000001"))
    history.undo(shop, 2)
    before = shop.db.rows("SELECT * FROM phones"), shop.db.rows("SELECT id FROM customers")
    with pytest.raises(CannotUndo, match="Undo the later steps first"):
        history.undo(shop, step.id)
    assert (shop.db.rows("SELECT * FROM phones"), shop.db.rows("SELECT id FROM customers")) == before


def test_somebody_whose_steps_stand_stays(shop: Shop) -> None:
    with shop.change("Add 李娜", {"staff"}) as step:
        person = shop.db.insert(StaffMember(0, "李娜", shop.stamp()))
    add(shop.at_counter(person), "王建国")
    with pytest.raises(CannotUndo, match="“李娜” stays: a step of theirs belongs to it by now"):
        history.undo(shop, step.id)


def test_a_row_put_away_and_made_again_in_one_step_is_an_edited_one(shop: Shop) -> None:
    key = add(shop, "王建国", note="old")
    with shop.change("Made again", {"customers"}) as step:
        found = card(shop, key)
        shop.db.delete(Customer, key)
        shop.db.insert(replace(found, note="new"))
    with shop.change("Made and put away", {"customers"}) as fleeting:
        shop.db.delete(Customer, shop.db.insert(Customer(0, "x", shop.stamp())))
    assert history.row_changes(shop, fleeting.id) == []
    history.undo(shop, step.id)
    assert card(shop, key).note == "old"


def test_a_row_that_is_back_already_is_left(shop: Shop) -> None:
    key = add(shop, "王建国")
    with shop.change("Remove", {"customers"}) as step:
        shop.db.delete(Customer, key)
        shop.db.insert(Tag(0, "x"))
    with shop.change("Back by hand", {"customers"}):
        shop.db.insert(Customer(key, "王建国", shop.stamp()))
    assert history.undo(shop, step.id).left == ()
    assert card(shop, key).name == "王建国"


def test_a_step_of_which_nothing_is_left_counts_as_undone(shop: Shop) -> None:
    key = add(shop, "王建国")
    with shop.change("There and back", {"customers"}):
        shop.db.execute("UPDATE customers SET note = 'x'")
        shop.db.execute("UPDATE customers SET note = ''")
    assert history.undo(shop).label == "There and back"
    with shop.change("Number", {"customers"}) as step:
        phone = shop.db.insert(Phone(0, key, "13800000001"))
    with shop.at_counter(7).change("Remove", {"customers"}):
        shop.db.delete(Phone, phone)
    assert history.undo(shop).left == ()
    assert history.redo(shop).left == ()
    history.undo(shop, step.id)
    assert history.undo(shop).label == "Add 王建国"
    assert shop.db.rows("SELECT * FROM customers") == []


def test_new_rows_of_a_large_step_are_one_entry_each_table(shop: Shop, clock: FixedClock) -> None:
    old = add(shop, "old")
    with shop.change("Many", {"customers"}) as step, journal.by_runs(shop.db):
        keys = [shop.db.insert(Customer(0, f"c{number}", shop.stamp())) for number in range(50)]
        shop.db.execute("UPDATE customers SET note = 'x' WHERE id IN (?, ?)", (old, keys[0]))
        shop.db.delete(Customer, keys[-1])
        gone = shop.db.insert(Phone(0, old, "13800000001"))
        shop.db.delete(Phone, gone)
    entries = shop.db.rows(
        "SELECT table_name, operation, count(*) FROM journal WHERE change_id = ? GROUP BY 1, 2 ORDER BY 1, 2",
        (step.id,),
    )
    assert entries == [
        ("customers", "D", 1), ("customers", "R", 1), ("customers", "U", 2), ("phones", "D", 1), ("phones", "R", 1)
    ]  # fmt: skip
    assert dict(history.what_changed(shop, step.id))["Customers"] == 51
    assert len(history.row_changes(shop, step.id)) == 50
    assert [len(history.row_changes(shop, step.id, limit)) for limit in (1, 7)] == [1, 7]
    assert history.row_changes(shop, step.id, 3)[1].what == "added"
    shop.close()
    again = Shop.open(shop.folder, clock)
    assert history.undo(again).left == ()
    assert again.db.rows("SELECT id, note FROM customers") == [(old, "")]
    history.redo(again)
    assert again.db.rows("SELECT count(*), sum(note = 'x') FROM customers") == [(50, 2)]
    history.undo(again)
    assert again.db.rows("SELECT id FROM customers") == [(old,)]
    again.close()


def test_a_run_keeps_what_was_built_upon(shop: Shop) -> None:
    with shop.change("Many", {"customers"}) as step, journal.by_runs(shop.db):
        keys = [shop.db.insert(Customer(0, f"c{number}", shop.stamp())) for number in range(5)]
    change(shop, keys[1], note="mine")
    with shop.change("Number", {"customers"}):
        shop.db.insert(Phone(0, keys[3], "13800000001"))
    undone = history.undo(shop, step.id)
    assert [(left.row_id, left.why) for left in undone.left] == [(keys[1], "changed"), (keys[3], "needed")]
    assert shop.db.rows("SELECT id FROM customers") == [(keys[1],), (keys[3],)]


def test_rows_are_refused_again_after_a_run(shop: Shop) -> None:
    with pytest.raises(ZeroDivisionError), shop.change("Many", {"tags"}), journal.by_runs(shop.db):
        shop.db.insert(Tag(0, "x"))
        raise ZeroDivisionError
    assert shop.db.rows("SELECT * FROM journal_runs") == []
    with pytest.raises(Exception, match="NOT NULL"), shop.upkeep():
        shop.db.insert(Tag(0, "x"))
    with shop.change("Nothing", {"tags"}), journal.by_runs(shop.db):
        pass
    assert shop.db.rows("SELECT * FROM tags") == []
    assert history.changes(shop, 1)[0].label == "New shop 星河手机店"


def test_many_rows_that_were_changed_since_are_looked_at_in_parts(shop: Shop) -> None:
    with shop.change("Many", {"customers"}):
        for number in range(700):
            shop.db.insert(Customer(0, f"c{number}", shop.stamp()))
    with shop.change("All", {"customers"}) as step:
        shop.db.execute("UPDATE customers SET note = 'a', wechat = 'w' || id")
    with shop.change("All again", {"customers"}):
        shop.db.execute("UPDATE customers SET note = 'b'")
    undone = history.undo(shop, step.id)
    assert (undone.left_count, len(undone.left)) == (700, 200)
    assert "700 things stayed as they are" in undone.sentence()
    assert shop.db.rows("SELECT DISTINCT note, wechat FROM customers") == [("b", "")]


def test_text_with_every_kind_of_sign_comes_back_as_it_was(shop: Shop) -> None:
    text = "a\x00b \u2028 \"quoted\" 𠮷 \\ line\n2 'x' {} $.a"
    key = add(shop, "王建国", note=text)
    change(shop, key, note="")
    history.undo(shop)
    assert card(shop, key).note == text
    with shop.change("Remove", {"customers"}):
        shop.db.delete(Customer, key)
    history.undo(shop)
    assert card(shop, key).note == text


# ---------------------------------------------------------------- what stays, stays whole


def rows(shop: Shop) -> dict[str, list[tuple[Any, ...]]]:  # columns have several types
    return {table: shop.db.rows(f"SELECT * FROM {table} ORDER BY 1") for table in journal.TABLES}


def test_a_sale_that_was_refunded_since_stays_whole(shop: Shop) -> None:
    first, second = shop.at_counter(staff.add(shop, "小王")), shop.at_counter(staff.add(shop, "小李"))
    buyer = customers.add(second, CustomerDraft("甲", (PhoneDraft("13900000011"),)))
    devices.add(second, buyer, "iPhone 12", imei="356938035643809")
    lines = (LineDraft("iPhone 17", 500_000),)
    paid = (PaymentDraft("trade_in", 100_000, imei="356938035643809"), PaymentDraft("account", 400_000))
    sale = purchases.record(first, SaleDraft(lines, paid, customer_id=buyer))
    purchases.refund(second, sale, 10_000, "gift")
    before = rows(shop)
    with pytest.raises(CannotUndo, match="Purchase of 甲 stays: Refund of 甲 belongs to it by now"):
        history.undo(first)
    assert rows(shop) == before
    assert integrity.check(shop) == []
    history.undo(second)
    assert history.undo(first).left == ()
    assert integrity.check(shop) == []


def test_a_case_that_was_looked_into_since_stays_whole(shop: Shop) -> None:
    person = customers.add(shop, CustomerDraft("甲"))
    case = complaints.receive(shop, ComplaintDraft("屏幕偏黄", customer_id=person))
    received = history.changes(shop, 1)[0].id
    complaints.investigate(shop, case)
    before = rows(shop)
    with pytest.raises(CannotUndo, match="Undo the later steps first"):
        history.undo(shop, received)
    assert rows(shop) == before
    assert integrity.check(shop) == []


def test_a_new_card_that_somebody_sold_to_keeps_its_parts(shop: Shop) -> None:
    draft = CustomerDraft("乙", (PhoneDraft("13900000022"),), tags=("VIP",), consent="granted")
    buyer = customers.add(shop, draft)
    added = history.changes(shop, 1)[0].id
    purchases.record(shop, SaleDraft((LineDraft("壳", 5000),), customer_id=buyer))
    before = rows(shop)
    with pytest.raises(CannotUndo, match="belongs to it by now"):
        history.undo(shop, added)
    assert rows(shop) == before


def test_imported_sales_of_which_one_was_refunded(shop: Shop) -> None:
    head = ["姓名", "手机", "购买日期", "商品", "金额"]
    lines = [
        ["赵敏", "13844440001", "2026-10-01", "iPhone 17", 5000],
        ["周芷若", "13844440002", "2026-10-02", "Mate 70", 6000],
    ]
    bring(shop, [head, *lines])
    step = history.changes(shop, 1)[0].id
    sale, buyer = shop.db.rows("SELECT id, customer_id FROM purchases WHERE total_fen = 500000")[0]
    purchases.refund(shop, sale, 10_000, "gift")
    undone = history.undo(shop, step)
    assert ("purchases", sale, "needed") in [(left.table, left.row_id, left.why) for left in undone.left]
    assert [line.amount_fen for line in purchases.get(shop, sale).lines] == [500_000]
    assert [phone.number for phone in customers.phones(shop, buyer)] == ["13844440001"]
    assert [device.model for device in devices.of_customer(shop, buyer)] == ["iPhone 17"]
    assert customers.count(shop) == 1
    assert integrity.check(shop) == []
    history.redo_of(shop, step)
    assert customers.count(shop) == 2
    assert integrity.check(shop) == []


def test_an_imported_card_with_a_note_keeps_its_number_and_tier(shop: Shop) -> None:
    bring(shop, [["姓名", "手机"], ["赵敏", "13844440001"], ["周芷若", "13844440002"]])
    step, (person, _other) = (
        history.changes(shop, 1)[0].id,
        [key for (key,) in shop.db.rows("SELECT id FROM customers")],
    )
    notes.add(shop, person, "爱喝茶")
    history.undo(shop, step)
    assert [phone.number for phone in customers.phones(shop, person)] == ["13844440001"]
    assert tiers.current(shop, person) is not None
    assert customers.count(shop) == 1
    assert integrity.check(shop) == []


def test_a_card_has_one_main_number_after_an_undo(shop: Shop) -> None:
    person = customers.add(shop, CustomerDraft("李", (PhoneDraft("13900000001"),)))
    customers.set_phones(shop, person, [PhoneDraft("13900000002")])
    step = history.changes(shop, 1)[0].id
    customers.set_phones(shop, person, [PhoneDraft("13900000002", label="home")])
    history.undo(shop, step)
    found = sorted(customers.phones(shop, person), key=lambda phone: phone.position)
    assert [(phone.number, phone.position) for phone in found] == [("13900000001", 0), ("13900000002", 1)]
    history.redo_of(shop, step)
    assert [(phone.number, phone.position) for phone in customers.phones(shop, person)] == [
        ("13900000002", 0)
    ]
