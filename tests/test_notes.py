"""Dated notes: written, put right, pinned, removed; each done, undone, redone."""

from __future__ import annotations

import pytest

from desktop_crm import customers, history, notes, search, staff
from desktop_crm.customers import CustomerDraft
from desktop_crm.shop import Shop


@pytest.fixture
def wang(shop: Shop) -> int:
    """A customer with a standing note that is not pinned."""
    return customers.add(shop, CustomerDraft("王建国", note="喜欢先看样机"))


def texts(shop: Shop, customer_id: int) -> list[tuple[str, bool]]:
    return [(note.text, note.pinned) for note in notes.of_customer(shop, customer_id)]


def test_a_note_keeps_its_day_and_author(shop: Shop, wang: int) -> None:
    clerk = staff.add(shop, "李娜")
    made = notes.add(shop.at_counter(clerk), wang, " 想换手表\r\n儿子的 ")
    note = notes.get(shop, made)
    assert (note.text, note.day, note.staff_id, note.pinned) == (
        "想换手表\n儿子的",
        "2026-11-21",
        clerk,
        False,
    )


def test_writing_is_undone_and_redone(shop: Shop, wang: int) -> None:
    notes.add(shop, wang, "留一台 iPad", pinned=True)
    history.undo(shop)
    assert texts(shop, wang) == []
    history.redo(shop)
    assert texts(shop, wang) == [("留一台 iPad", True)]


def test_editing_pinning_and_removing_are_undone_and_redone(shop: Shop, wang: int) -> None:
    made = notes.add(shop, wang, "旧")
    notes.edit(shop, made, "新")
    notes.pin(shop, made)
    assert texts(shop, wang) == [("新", True)]
    notes.pin(shop, made, False)
    notes.edit(shop, made, "更新", pinned=True)
    notes.remove(shop, made)
    assert texts(shop, wang) == []
    for expected in ([("更新", True)], [("新", False)], [("新", True)], [("新", False)], [("旧", False)]):
        history.undo(shop)
        assert texts(shop, wang) == expected
    for expected in ([("新", False)], [("新", True)], [("新", False)], [("更新", True)], []):
        history.redo(shop)
        assert texts(shop, wang) == expected


def test_what_is_pinned_is_said_the_standing_note_first(shop: Shop, wang: int) -> None:
    assert notes.pinned(shop, wang) == []
    notes.add(shop, wang, "一", pinned=True)
    notes.add(shop, wang, "二")
    notes.add(shop, wang, "三", pinned=True)
    customers.edit(shop, wang, note_pinned=True)
    assert notes.pinned(shop, wang) == ["喜欢先看样机", "三", "一"]
    customers.edit(shop, wang, note="")
    assert notes.pinned(shop, wang) == ["三", "一"]


def test_a_note_that_says_nothing_is_refused(shop: Shop, wang: int) -> None:
    with pytest.raises(notes.NoteEmpty, match="The note is empty"):
        notes.add(shop, wang, " \n ")
    made = notes.add(shop, wang, "一")
    with pytest.raises(notes.NoteEmpty):
        notes.edit(shop, made, "")
    assert texts(shop, wang) == [("一", False)]


def test_a_note_that_is_gone_or_of_nobody_is_refused(shop: Shop, wang: int) -> None:
    with pytest.raises(notes.NoteMissing, match="not there any more"):
        notes.pin(shop, 99)
    with pytest.raises(customers.CustomerMissing):
        notes.add(shop, 99, "一")


def test_notes_are_found_by_their_words(shop: Shop, wang: int) -> None:
    notes.add(shop, wang, "答应留一台望远镜")
    assert [hit.customer_id for hit in search.find(shop, "备注:望远镜").hits] == [wang]
