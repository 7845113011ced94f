"""The staff: names that differ, roles, and who left."""

from __future__ import annotations

import pytest

from desktop_crm import history, staff
from desktop_crm.shop import Shop
from desktop_crm.staff import StaffNameWrong, StaffUnknown


def test_people_stand_in_the_order_they_came(shop: Shop) -> None:
    first = staff.add(shop, "  李娜 ", "manager")
    second = staff.add(shop, "王磊")
    assert [(each.id, each.name, each.role) for each in staff.listing(shop)] == [
        (first, "李娜", "manager"),
        (second, "王磊", "clerk"),
    ]


def test_who_left_is_listed_only_on_request(shop: Shop) -> None:
    member = staff.add(shop, "李娜")
    staff.edit(shop, member, active=False)
    assert staff.listing(shop) == []
    assert [each.active for each in staff.listing(shop, active_only=False)] == [False]
    assert staff.name_of(shop, member) == "李娜"


@pytest.mark.parametrize("name", ["", "  ", "\u200b"])
def test_a_person_needs_a_name(shop: Shop, name: str) -> None:
    with pytest.raises(StaffNameWrong, match="needs a name"):
        staff.add(shop, name)


def test_two_people_cannot_have_one_name(shop: Shop) -> None:
    staff.add(shop, "李娜")
    other = staff.add(shop, "王磊")
    with pytest.raises(StaffNameWrong, match="already a 李娜"):
        staff.edit(shop, other, name="李娜 ")
    staff.edit(shop, other, name="王磊", role="owner")
    assert staff.listing(shop)[1].role == "owner"


def test_nobody_has_no_name_and_cannot_be_edited(shop: Shop) -> None:
    assert staff.name_of(shop, None) == ""
    assert staff.name_of(shop, 9) == ""
    with pytest.raises(StaffUnknown):
        staff.edit(shop, 9, name="李娜")


def test_adding_and_editing_is_undone_and_redone(shop: Shop) -> None:
    member = staff.add(shop, "李娜")
    staff.edit(shop, member, name="李静")
    history.undo(shop)
    assert staff.name_of(shop, member) == "李娜"
    history.undo(shop)
    assert staff.listing(shop) == []
    history.redo(shop)
    assert staff.name_of(shop, member) == "李娜"
