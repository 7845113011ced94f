"""The audit trail: every step and every look leaves an entry, and tampering is found."""

from __future__ import annotations

import json

import pytest

from desktop_crm import audit, customers, history, rights, staff
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.records.audit import OF_STEPS, AuditEntry
from desktop_crm.records.customers import Tag
from desktop_crm.shop import Shop


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
