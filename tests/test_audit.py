"""The audit trail: every step and every look leaves an entry, and tampering is found."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from desktop_crm import (
    audit,
    audit_list,
    customers,
    history,
    merge,
    rights,
    staff,
)
from desktop_crm.base.errors import Cancelled
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.records.audit import OF_STEPS, AuditEntry
from desktop_crm.records.customers import Tag
from desktop_crm.shop import Shop
from desktop_crm.store import audit_chain
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
        ("UPDATE audit SET step = 'notes.add' WHERE id = 20", [("edited", 20)]),
        ("""UPDATE audit SET details = '{"label": "Nothing"}' WHERE id = 20""", [("said", 20)]),
        ("UPDATE audit SET salt = '00' WHERE id = 20", [("said", 20)]),
        ("UPDATE audit SET salt = NULL WHERE id = 20", [("said", 20)]),
        ("UPDATE audit SET details = NULL, salt = NULL WHERE id = 20", [("blank", 20)]),
        ("UPDATE audit SET details = NULL WHERE id = 20", [("said", 20)]),
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
                   entry.customer_id, entry.step, entry.digest, previous)  # fmt: skip
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


@pytest.mark.parametrize(
    "filled",
    [
        """details = '{"label": "Sold the list to a stranger"}'""",
        """details = '{"label": "Sold the list to a stranger"}', salt = '00'""",
        "salt = '00'",
        "details = '{details}', salt = '{salt}'",
    ],
)
def test_an_erased_entry_that_says_something_again_was_edited(trail: Shop, filled: str) -> None:
    (number,) = [entry.id for entry in entries(trail) if entry.customer_id == 20]
    first = entries(trail)[number - 1]
    assert audit.blank(trail, 20) == 1
    assert flaws(trail) == []
    put = filled.replace("{details}", first.details or "").replace("{salt}", first.salt or "")
    tamper(trail, f"UPDATE audit SET {put} WHERE id = {number}")
    assert flaws(trail) == [("said", number)]


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
