"""The audit trail: every step and every look leaves an entry, and tampering is found."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from desktop_crm import (
    audit,
    audit_list,
    backup,
    customers,
    history,
    integrity,
    merge,
    person,
    profile,
    purchases,
    rights,
    roles,
    staff,
    tags,
)
from desktop_crm.audit_list import AuditWanted
from desktop_crm.base.clock import FixedClock
from desktop_crm.base.errors import Cancelled
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.purchase_drafts import LineDraft, SaleDraft
from desktop_crm.records.audit import OF_STEPS, AuditEntry
from desktop_crm.records.customers import Customer, Tag
from desktop_crm.rights import NotAllowed
from desktop_crm.settings import SHOP_NAME
from desktop_crm.shop import Shop
from desktop_crm.store import audit as store_audit
from desktop_crm.store import audit_chain, journal
from desktop_crm.store.audit import hash_of


def entries(shop: Shop) -> list[AuditEntry]:
    """All entries, the oldest first."""
    return shop.db.records(AuditEntry, "SELECT * FROM audit ORDER BY id")


def test_a_step_its_undo_and_its_redo_leave_an_entry_each(shop: Shop) -> None:
    made = customers.add(shop, CustomerDraft(name="王建国", phones=(PhoneDraft("13805718866"),)))
    history.undo(shop)
    history.redo(shop)
    added, undone, redone = entries(shop)[-3:]
    assert [entry.action for entry in (added, undone, redone)] == ["change", "undo", "undo"]
    assert {entry.customer_id for entry in (added, undone, redone)} == {made}
    details = json.loads(added.details or "")
    assert "王建国" in details["label"]
    assert details["counts"]["phones"] == 1
    assert undone.previous == added.hash
    assert undone.change_id == (added.change_id or 0) + 1


def test_a_step_that_did_nothing_or_failed_leaves_none(shop: Shop) -> None:
    before = len(entries(shop))
    with shop.change("Nothing", {"customers"}):
        pass
    with pytest.raises(RuntimeError), shop.change("Half", {"customers"}):
        shop.db.insert(Tag(0, "拍照"))
        raise RuntimeError
    assert len(entries(shop)) == before


def test_a_look_is_noted_by_itself_and_inside_a_step(shop: Shop) -> None:
    clerk = shop.at_counter(staff.add(shop, "李娜", "clerk"))
    made = customers.add(shop, CustomerDraft(name="王建国"))
    alone = audit.note(clerk, "reveal", customer_id=made, kinds={"phones"}, details={"label": "…8866"})
    with shop.change("Two", {"tags"}):
        shop.db.insert(Tag(0, "拍照"))
        inside = audit.note(shop, "print")
    look, printed, change = entries(shop)[-3:]
    assert (look.id, look.action, look.staff_id, look.customer_id) == (alone, "reveal", clerk.staff_id, made)
    assert (printed.id, change.action) == (inside, "change")
    assert [entry.id for entry in entries(shop)] == list(range(1, len(entries(shop)) + 1))


def test_only_what_has_words_is_noted(shop: Shop) -> None:
    with pytest.raises(KeyError):
        audit.note(shop, "peek")
    assert set(OF_STEPS) <= set(rights.ACTIONS)
    assert set(OF_STEPS.values()) | {"change"} <= set(audit.ACTIONS)


# ---------------------------------------------------------------- tampering


@pytest.fixture
def trail(shop: Shop) -> Shop:
    """A shop with fifty looks behind its first steps."""
    for number in range(50):
        audit.note(shop, "reveal", customer_id=number + 1, details={"label": f"Look {number}"})
    return shop


def tamper(shop: Shop, *statements: str) -> None:
    """Write past the guards, as somebody with the key and a database tool."""
    connection = shop._connections.writing().connection
    connection.execute("BEGIN IMMEDIATE")
    guards = [
        sql
        for (sql,) in connection.execute(
            "SELECT sql FROM sqlite_master WHERE name GLOB 'audit_*' AND type = 'trigger'"
        )
    ]
    connection.execute("DROP TRIGGER audit_stays")
    connection.execute("DROP TRIGGER audit_is_not_edited")
    for statement in (*statements, *guards):
        connection.execute(statement)
    connection.execute("COMMIT")


def flaws(shop: Shop, typed: str = "") -> list[tuple[str, int]]:
    """What looking through the trail finds."""
    return [(flaw.kind, flaw.number) for flaw in audit.verify(shop, typed).flaws]


def test_a_trail_that_nobody_touched_is_whole(trail: Shop) -> None:
    verdict = audit.verify(trail, audit.anchor(trail))
    assert (verdict.is_whole, verdict.anchored) == (True, verdict.entries)
    assert verdict.sentences() == [
        f"The audit trail is whole: {verdict.entries} entries.",
        f"The anchor is right: nothing up to entry {verdict.entries} was changed since it was printed.",
    ]
    assert audit.verify(trail).sentences() == [f"The audit trail is whole: {verdict.entries} entries."]


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE audit SET staff_id = 7 WHERE id = 20", [("edited", 20)]),
        ("UPDATE audit SET at = '2020-01-01T00:00:00Z' WHERE id = 20", [("edited", 20)]),
        ("UPDATE audit SET action = 'print' WHERE id = 20", [("edited", 20)]),
        ("UPDATE audit SET customer_id = NULL WHERE id = 20", [("edited", 20)]),
        ("""UPDATE audit SET details = '{"label": "Nothing"}' WHERE id = 20""", [("said", 20)]),
        ("UPDATE audit SET salt = '00' WHERE id = 20", [("said", 20)]),
        ("UPDATE audit SET details = NULL, salt = NULL WHERE id = 20", [("blank", 20)]),
        ("DELETE FROM audit WHERE id = 20", [("missing", 21)]),
        ("DELETE FROM audit WHERE id = 1", [("missing", 2)]),
        ("DELETE FROM audit WHERE id > 49", [("cut", 50)]),
        ("UPDATE audit SET hash = previous WHERE id = 20", [("edited", 20), ("missing", 21)]),
        ("UPDATE audit SET id = -id WHERE id IN (20, 21)", []),
    ],
)  # fmt: skip
def test_an_edited_removed_or_swapped_entry_is_found(
    trail: Shop, statement: str, found: list[tuple[str, int]]
) -> None:
    more = ["UPDATE audit SET id = 41 + id WHERE id < 0"] if not found else []
    tamper(trail, statement, *more)
    expected = found or [("edited", 20), ("missing", 20), ("edited", 21), ("missing", 21), ("missing", 22)]
    assert sorted(flaws(trail)) == sorted(expected)
    assert str(expected[0][1]) in audit.verify(trail).sentences()[0]


def test_a_trail_written_anew_is_found_by_the_printed_anchor(trail: Shop) -> None:
    printed = audit.anchor(trail)
    audit.note(trail, "print")
    tamper(trail, "UPDATE audit SET staff_id = 7 WHERE id = 20")
    write_anew(trail)
    assert flaws(trail) == []
    number = int(printed.partition("-")[0])
    assert flaws(trail, printed) == [("anchor", number)]
    assert "written anew" in audit.verify(trail, printed).sentences()[0]


def write_anew(shop: Shop) -> None:
    """Make every hash of the trail fit what it says now."""
    previous, updates = "", []
    for entry in entries(shop):
        chained = (entry.id, entry.at, entry.day, entry.staff_id, entry.action, entry.kinds, entry.change_id,
                   entry.customer_id, entry.digest, previous)  # fmt: skip
        made = hash_of(chained)
        updates.append(f"UPDATE audit SET previous = '{previous}', hash = '{made}' WHERE id = {entry.id}")
        previous = made
    tamper(shop, *updates)


def test_the_last_entries_gone_with_their_number_are_found_by_their_steps_and_the_anchor(trail: Shop) -> None:
    customers.add(trail, CustomerDraft(name="王建国"))
    printed = audit.anchor(trail)
    last = entries(trail)[-1]
    tamper(
        trail,
        f"DELETE FROM audit WHERE id = {last.id}",
        f"UPDATE sqlite_sequence SET seq = {last.id - 1} WHERE name = 'audit'",
    )
    assert flaws(trail) == [("step", last.change_id)]
    assert flaws(trail, printed) == [("anchor", last.id), ("step", last.change_id)]


def test_an_anchor_of_before_a_restore_says_so(trail: Shop) -> None:
    printed = audit.anchor(trail)
    number = int(printed.partition("-")[0])
    tamper(
        trail,
        "DELETE FROM audit WHERE id > 40",
        "UPDATE sqlite_sequence SET seq = 40 WHERE name = 'audit'",
    )
    audit.note(trail, "restore", details={"label": "Restored", "left": printed})
    assert flaws(trail) == []
    assert flaws(trail, printed) == [("left", number)]


@pytest.mark.parametrize(
    "change",
    [
        str.lower,
        lambda text: text.replace("-", " "),
        lambda text: "Entry " + text.replace("-", " – ", 1) + " ",
        lambda text: text.replace("0", "O").replace("1", "l") if not text.startswith(("0", "1")) else text,
        lambda text: "".join(chr(ord(sign) + 0xFEE0) for sign in text),
    ],
)
def test_an_anchor_is_read_as_people_type_it(trail: Shop, change: Callable[[str], str]) -> None:
    assert audit.verify(trail, change(audit.anchor(trail))).anchored


@pytest.mark.parametrize("typed", ["x", "12", "12-ABCD", "12-ABCD-ABCD-ABCD-ABCU", "ABCD-ABCD-ABCD-ABCD"])
def test_what_is_no_anchor_is_refused(trail: Shop, typed: str) -> None:
    with pytest.raises(audit.AnchorNotUnderstood, match="looks like"):
        audit.verify(trail, typed)


def test_the_file_itself_refuses_to_edit_or_remove_an_entry(trail: Shop) -> None:
    for statement in ("DELETE FROM audit WHERE id = 3", "UPDATE audit SET action = 'print' WHERE id = 3"):
        with pytest.raises(Exception, match="the audit trail"), trail.upkeep():
            trail.db.execute(statement)


def test_looking_through_can_be_ended(trail: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_chain, "_EVERY", 10)

    def stop(done: int) -> None:
        raise Cancelled(done)

    with pytest.raises(Cancelled):
        audit.verify(trail, tell=stop)


def test_an_empty_trail_has_no_anchor(shop: Shop) -> None:
    tamper(shop, "DELETE FROM audit", "DELETE FROM sqlite_sequence WHERE name = 'audit'")
    assert audit.anchor(shop) == ""
    assert audit.verify(shop).anchor == ""


# ---------------------------------------------------------------- an erased person


def test_what_is_said_of_an_erased_person_goes_and_the_trail_stays_whole(shop: Shop) -> None:
    kept = customers.add(shop, CustomerDraft(name="李娜"))
    gone = customers.add(shop, CustomerDraft(name="王建国", phones=(PhoneDraft("13805718866"),)))
    other = customers.add(shop, CustomerDraft(name="王健国"))
    merge.merge(shop, gone, [other])
    audit.note(shop, "reveal", customer_id=gone, details={"label": "王建国 …8866"})
    audit.note(shop, "print", details={"label": "A list that names 王建国"})
    printed = audit.anchor(shop)
    count = audit.blank(shop, gone, mentions=["王建国"])
    assert count == 4
    said = [entry.details or "" for entry in entries(shop)]
    assert not any("王建国" in text for text in said)
    assert any("李娜" in text for text in said)
    assert flaws(shop, printed) == []
    assert entries(shop)[-1].action == "erase"
    again = audit.blank(shop, gone)
    assert (again, flaws(shop)) == (0, [])
    assert [line.is_blank for line in audit_list.about(shop, kept)] == [False]
    assert audit_list.about(shop, gone)[-1].words == "Erased, because it was about a person who was erased"
    with shop.change("Erase", {"customers"}):
        shop.db.insert(Tag(0, "拍照"))
        assert audit.blank(shop, kept) == 1
    assert flaws(shop) == []


# ---------------------------------------------------------------- reading


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
