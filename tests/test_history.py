"""Undo and redo: of whom, of when, over restarts, and what a later change keeps from coming back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from desktop_crm import history, profile
from desktop_crm.base.clock import FixedClock
from desktop_crm.history import CannotUndo, NothingToUndo
from desktop_crm.records.customers import Customer, Phone, Tag
from desktop_crm.settings import JOURNAL_ROWS
from desktop_crm.shop import Shop
from desktop_crm.store import journal


def add(shop: Shop, name: str) -> int:
    with shop.change(f"Add {name}", {"customers"}):
        key = shop.db.insert(Customer(0, name, shop.stamp()))
        shop.db.insert(Phone(0, key, "13805718866"))
    return key


def rename(shop: Shop, key: int, name: str) -> None:
    with shop.change(f"Rename to {name}", {"customers"}):
        found = shop.db.get(Customer, key)
        assert found is not None
        shop.db.update(replace(found, name=name))


def names(shop: Shop) -> list[str]:
    return [name for (name,) in shop.db.rows("SELECT name FROM customers ORDER BY id")]


def test_undo_and_redo_over_a_restart(shop: Shop, clock: FixedClock) -> None:
    key = add(shop, "王建国")
    rename(shop, key, "王建")
    shop.close()
    again = Shop.open(shop.folder, clock)
    undone = history.undo(again)
    assert (undone.label, undone.kinds, undone.left) == ("Rename to 王建", frozenset({"customers"}), ())
    assert undone.sentence() == "Undone: Rename to 王建"
    assert names(again) == ["王建国"]
    history.undo(again)
    assert names(again) == []
    assert again.db.rows("SELECT * FROM phones") == []
    assert history.redo(again).label == "Add 王建国"
    assert history.redo(again).label == "Rename to 王建"
    assert names(again) == ["王建"]
    history.undo(again)
    assert names(again) == ["王建国"]
    again.close()


def test_a_deleted_row_comes_back_whole(shop: Shop) -> None:
    key = add(shop, "王建国")
    before = shop.db.rows("SELECT * FROM customers")
    with shop.change("Delete", {"customers"}):
        shop.db.execute("DELETE FROM phones")
        shop.db.delete(Customer, key)
    history.undo(shop)
    assert shop.db.rows("SELECT * FROM customers") == before


def test_nothing_to_undo_or_redo(shop: Shop, clock: FixedClock) -> None:
    clock.instant += timedelta(days=1)
    with pytest.raises(NothingToUndo, match="History"):
        history.undo(shop)
    with pytest.raises(CannotUndo, match="no step number 99"):
        history.undo(shop, 99)
    with pytest.raises(NothingToUndo, match="redo"):
        history.redo(shop)
    assert history.next_undo(shop) is None


def test_a_new_step_ends_redoing(shop: Shop) -> None:
    add(shop, "a")
    history.undo(shop)
    add(shop, "b")
    assert history.next_redo(shop) is None


def test_each_person_undoes_own_steps_of_today(shop: Shop, clock: FixedClock) -> None:
    add(shop.at_counter(1), "mine")
    add(shop.at_counter(2), "theirs")
    found = history.next_undo(shop.at_counter(1))
    assert found is not None
    assert found.label == "Add mine"
    clock.instant += timedelta(days=1)
    assert history.next_undo(shop.at_counter(1)) is None


def test_any_standing_step_can_be_undone_by_its_number(shop: Shop, clock: FixedClock) -> None:
    add(shop, "old")
    step = history.changes(shop)[0]
    clock.instant += timedelta(days=30)
    add(shop, "new")
    history.undo(shop, step.id)
    assert names(shop) == ["new"]
    with pytest.raises(CannotUndo, match="already undone"):
        history.undo(shop, step.id)


def test_what_was_built_upon_since_is_left_and_listed(shop: Shop) -> None:
    key = add(shop, "first")
    step = history.changes(shop)[0]
    rename(shop, key, "second")
    with pytest.raises(CannotUndo) as refused:
        history.undo(shop, step.id)
    left = refused.value.left
    assert [(each.table, each.row_id, each.why) for each in left] == [("customers", key, "changed")]
    words = "Customer card “second” stays: Name was changed to second by somebody at 10:00."
    assert left[0].words == words
    assert words in str(refused.value)
    assert names(shop) == ["second"]
    assert shop.db.value("SELECT customer_id FROM phones") == key


def test_a_row_that_others_refer_to_stays(shop: Shop) -> None:
    key = add(shop, "first")
    step = history.changes(shop)[0]
    with shop.change("Phone", {"customers"}):
        shop.db.insert(Phone(0, key, "13900000000"))
    with pytest.raises(CannotUndo) as refused:
        history.undo(shop, step.id)
    (left,) = refused.value.left
    assert (left.table, left.row_id, left.why) == ("customers", key, "needed")
    assert left.words == "Customer card “first” stays: Telephone number of first belongs to it by now."
    assert names(shop) == ["first"]


def test_a_row_whose_place_is_taken_stays_away(shop: Shop) -> None:
    with shop.change("Add tag", {"tags"}):
        key, other = shop.db.insert(Tag(0, "x")), shop.db.insert(Tag(0, "y"))
    with shop.change("Delete tags", {"tags"}):
        shop.db.delete(Tag, key)
        shop.db.delete(Tag, other)
    step = history.changes(shop)[0]
    with shop.change("Add again", {"tags"}):
        shop.db.insert(Tag(50, "x"))
    (left,) = history.undo(shop, step.id).left
    assert (left.table, left.row_id, left.why) == ("tags", key, "clash")
    assert left.words == "Tag of the shop “x” does not come back, because there is another one by now."
    assert shop.db.get(Tag, other) == Tag(other, "y")


def test_a_step_of_which_nothing_can_come_back_is_not_undone(shop: Shop) -> None:
    with shop.change("Add tag", {"tags"}):
        key = shop.db.insert(Tag(0, "x"))
    with shop.at_counter(7).change("Rename tag", {"tags"}):
        shop.db.update(Tag(key, "y"))
    before = history.changes(shop)
    with pytest.raises(history.CannotUndo, match="Undo the later steps first"):
        history.undo(shop)
    assert history.changes(shop) == before


def test_a_later_step_that_was_undone_itself_is_no_hindrance(shop: Shop) -> None:
    key = add(shop, "first")
    step = history.changes(shop)[0]
    rename(shop, key, "second")
    history.undo(shop)
    assert history.undo(shop, step.id).left == ()
    assert names(shop) == []


def test_trimmed_steps_stay_as_history_only(shop: Shop, clock: FixedClock) -> None:
    add(shop, "old")
    old = history.changes(shop)[0]
    clock.instant += timedelta(days=500)
    add(shop, "new")
    new = history.changes(shop)[0]
    with shop.change("Trim", {"history"}):
        assert journal.trim(shop.db, "2027-01-01", 1000) == 2
        shop.db.insert(Tag(0, "x"))
    with pytest.raises(CannotUndo, match="too old"):
        history.undo(shop, old.id)
    with shop.change("Trim by rows", {"history"}):
        assert journal.trim(shop.db, "2000-01-01", 1) == 1
        shop.db.insert(Tag(0, "y"))
    assert not next(c for c in history.changes(shop) if c.id == new.id).undoable


def test_what_is_too_old_can_no_longer_be_undone(shop: Shop, clock: FixedClock) -> None:
    add(shop, "old")
    clock.instant += timedelta(days=401)
    assert history.tidy(shop) == 0
    add(shop, "new")
    steps = len(history.changes(shop))
    assert history.tidy(shop) == 2
    assert [change.undoable for change in history.changes(shop)] == [True, False, False]
    assert len(history.changes(shop)) == steps
    with pytest.raises(CannotUndo, match="too old"):
        history.undo(shop, 2)
    assert history.tidy(shop) == 0


def test_a_clock_that_stands_years_ahead_forgets_nothing(shop: Shop, clock: FixedClock) -> None:
    add(shop, "old")
    clock.instant += timedelta(days=4000)
    assert history.tidy(shop) == 0


def test_an_undo_and_a_redo_can_be_taken_back_like_any_step(shop: Shop) -> None:
    add(shop, "王建国")
    history.undo(shop)
    history.redo(shop)
    first, undo, redo = reversed(history.changes(shop, 3))
    assert [step.first.id for step in history.steps(shop, limit=3)] == [first.id] * 3
    history.undo(shop, redo.id)
    assert names(shop) == []
    stands = {change.id: change.undone_by is None for change in history.changes(shop, 4)}
    assert (stands[first.id], stands[undo.id], stands[redo.id]) == (False, True, False)
    assert history.next_undo(shop) is None
    history.undo(shop, undo.id)
    assert names(shop) == ["王建国"]
    found = history.next_undo(shop)
    assert found is not None
    assert found.id == first.id


def test_steps_from_before_an_update_of_the_program_stay(shop: Shop) -> None:
    key = add(shop, "old")
    rename(shop, key, "new")
    with shop.upkeep():
        shop.db.execute("UPDATE changes SET version = version - 1 WHERE id = 2")
    assert [(change.undoable, change.outdated) for change in history.changes(shop, 2)] == [
        (True, False),
        (False, True),
    ]
    with pytest.raises(CannotUndo, match="from before an update of the program"):
        history.undo(shop, 2)
    assert history.undo(shop).label == "Rename to new"
    assert history.next_undo(shop) is None
    assert history.row_changes(shop, 2)[0].lines()[0].startswith("old · Customer card added: old")


def test_only_so_many_rows_are_kept_for_undo(shop: Shop) -> None:
    profile.save(shop, {JOURNAL_ROWS: 1000})
    with shop.change("Many", {"tags"}):
        for number in range(1000):
            shop.db.insert(Tag(0, f"tag {number}"))
    add(shop, "new")
    assert history.tidy(shop) == 3
    assert [change.undoable for change in history.changes(shop)] == [True, False, False, False]


def test_any_undone_step_is_done_again_from_the_list(shop: Shop, clock: FixedClock) -> None:
    add(shop, "王建国")
    undone = history.undo(shop, 2)
    clock.instant += timedelta(days=3)
    with shop.change("Add a tag", {"tags"}):
        shop.db.insert(Tag(0, "x"))
    again = history.redo_of(shop, 2)
    assert (again.label, again.sentence()) == ("Add 王建国", "Done again: Add 王建国")
    assert names(shop) == ["王建国"]
    with pytest.raises(CannotUndo, match="was not undone"):
        history.redo_of(shop, 2)
    assert undone.sentence() == "Undone: Add 王建国"


def test_a_step_tells_what_it_changed(shop: Shop) -> None:
    add(shop, "王建国")
    told = dict(history.what_changed(shop, 2))
    assert sum(told.values()) == 2


def test_the_key_of_an_undone_row_is_never_used_again(shop: Shop) -> None:
    first = add(shop, "first")
    history.undo(shop)
    assert add(shop, "second") > first
