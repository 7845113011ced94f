"""Reading the audit trail: which entries are listed, in what words, for whom."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from desktop_crm import (
    audit,
    audit_list,
    backup,
    customers,
    integrity,
    merge,
    person,
    profile,
    purchases,
    roles,
    staff,
    tags,
)
from desktop_crm.audit_list import AuditWanted
from desktop_crm.base.clock import FixedClock
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.purchase_drafts import LineDraft, SaleDraft
from desktop_crm.records.customers import Customer
from desktop_crm.rights import NotAllowed
from desktop_crm.settings import SHOP_NAME
from desktop_crm.shop import Shop
from desktop_crm.store import audit as store_audit
from desktop_crm.store import journal
from tests.test_audit import entries, flaws


def test_entries_are_listed_in_words(shop: Shop) -> None:
    clerk = shop.at_counter(staff.add(shop, "李娜", "clerk"))
    one = customers.add(clerk, CustomerDraft(name="王建国", phones=(PhoneDraft("13805718866"),)))
    two = customers.add(shop, CustomerDraft(name="王健国"))
    merge.merge(shop, one, [two])
    audit.note(clerk, "lock")
    lock, merged, added, first, *_rest = audit_list.lines(shop)
    assert (lock.what, lock.words, lock.who, lock.people) == ("Locked", "Locked", "李娜", ())
    assert (merged.what, merged.who, merged.id) == ("Merged", "", merged.entry.id)
    assert merged.people == ((one, "王建国"), (two, "王健国"))
    assert (added.words, added.when) == ("Add customer 王健国", "2026-11-21 10:00")
    assert first.counts[0] == ("Customers", 1)
    assert audit_list.people(shop) == [(None, ""), (0, "The program"), (clerk.staff_id, "李娜")]


def test_entries_are_found_by_who_what_customer_day_and_text(shop: Shop, clock: FixedClock) -> None:
    clerk = shop.at_counter(staff.add(shop, "李娜", "clerk"))
    one = customers.add(clerk, CustomerDraft(name="王建国"))
    clock.instant += timedelta(days=1)
    two = customers.add(shop, CustomerDraft(name="王健国"))
    audit.note(clerk, "reveal", customer_id=two, details={"label": "Looked at two"})

    def found(**wanted: object) -> list[str]:
        which = AuditWanted(**wanted)  # type: ignore[arg-type]
        lines = audit_list.lines(shop, which)
        assert audit_list.count(shop, which) == len(lines)
        return [line.words for line in lines]

    assert found(staff_id=clerk.staff_id) == ["Looked at two", "Add customer 王建国"]
    assert "Add customer 王健国" in found(nobody=True)
    assert found(actions=("reveal",)) == ["Looked at two"]
    assert found(customer_id=one) == ["Add customer 王建国"]
    assert found(from_day="2026-11-22") == ["Looked at two", "Add customer 王健国"]
    assert found(to_day="2026-11-21")[0] == "Add customer 王建国"
    assert found(text="LOOKED") == ["Looked at two"]
    assert len(audit_list.lines(shop, AuditWanted(), 1, 1)) == 1


def test_what_a_trimmed_journal_no_longer_knows_is_still_found_by_customer(shop: Shop) -> None:
    one = customers.add(shop, CustomerDraft(name="王建国"))
    with shop.upkeep():
        shop.db.execute("DELETE FROM journal")
    assert [line.words for line in audit_list.about(shop, one)] == ["Add customer 王建国"]


def test_the_trail_is_for_those_who_may_change_settings(shop: Shop) -> None:
    clerk = shop.at_counter(staff.add(shop, "李娜", "clerk"))
    with pytest.raises(NotAllowed):
        audit_list.lines(clerk)
    with pytest.raises(NotAllowed):
        audit_list.count(clerk)


def test_every_way_to_a_customer_is_known(shop: Shop) -> None:
    """A table that names customers, and is journalled, has its line in the trail's tables."""
    named = {}
    for table in journal.TABLES:
        keys = shop.db.rows(f"PRAGMA foreign_key_list({table})")
        own = {column for _i, _s, parent, column, *_rest in keys if parent == "customers"}
        named[table] = tuple(sorted(own - {"referred_by", "merged_into"}))
    named["customers"] = ("id",)
    assert {table: columns for table, columns in named.items() if columns} == store_audit._BY_CARD


def test_a_sale_and_its_refund_are_about_the_customer(shop: Shop) -> None:
    one = customers.add(shop, CustomerDraft(name="王建国"))
    sold = purchases.record(shop, SaleDraft((LineDraft("贴膜", 5_000),), customer_id=one))
    purchases.refund(shop, sold, 1_000, "小问题")
    tags.add(shop, "拍照")
    tagged, refund, sale = entries(shop)[-1], entries(shop)[-2], entries(shop)[-3]
    assert (sale.customer_id, refund.customer_id, tagged.customer_id) == (one, one, None)


def test_a_step_of_thousands_is_one_entry_about_nobody_in_particular(shop: Shop) -> None:
    before = len(entries(shop))
    with shop.change("Many", {"customers"}), journal.by_runs(shop.db):
        for number in range(600):
            shop.db.insert(Customer(0, f"王{number}", shop.stamp()))
    last = entries(shop)[-1]
    assert len(entries(shop)) == before + 1
    assert (last.customer_id, json.loads(last.details or "")["counts"]["customers"]) == (None, 600)
    with shop.change("Few", {"customers"}), journal.by_runs(shop.db):
        shop.db.insert(Customer(0, "李", shop.stamp()))
    assert entries(shop)[-1].customer_id == shop.db.value("SELECT max(id) FROM customers")


def test_a_person_erased_for_good_leaves_a_whole_trail_that_does_not_name_them(sample_shop: Shop) -> None:
    owner = sample_shop.at_counter(staff.add(sample_shop, "老板", "owner"))
    gone = customers.add(owner, CustomerDraft(name="欧阳无名", phones=(PhoneDraft("13805718866"),)))
    audit.note(owner, "reveal", customer_id=gone, details={"label": "欧阳无名 138****8866"})
    printed = audit.anchor(owner)
    person.erase(owner, gone)
    assert flaws(owner, printed) == []
    assert not any("欧阳无名" in (entry.details or "") for entry in entries(owner))
    assert {line.what for line in audit_list.lines(owner, AuditWanted(actions=("erase",)))} == {
        "Person erased"
    }
    assert integrity.check(owner) == []


def test_a_backup_that_is_taken_along_is_noted(shop: Shop, tmp_path: Path) -> None:
    backup.by_hand(shop)
    assert entries(shop)[-1].action == "change"
    backup.by_hand(shop, tmp_path / "copy.backup")
    assert audit_list.lines(shop)[0].words == "Backup saved elsewhere as copy.backup"


def test_what_the_owner_changes_of_rights_and_settings_is_told_apart(shop: Shop) -> None:
    roles.save(shop, "clerk", frozenset({"export"}))
    profile.save(shop, {SHOP_NAME: "新店"})
    assert [line.what for line in audit_list.lines(shop, limit=2)] == ["Settings", "Rights changed"]


def test_what_was_printed_and_what_was_saved_as_a_file_is_told_apart(shop: Shop) -> None:
    audit.printed(shop, "October")
    audit.printed(shop, "October", file="october.pdf")
    saved, printed = audit_list.lines(shop, AuditWanted(actions=("print",)))
    assert (printed.words, saved.words) == ("Printed “October”", "Saved “October” as october.pdf")
