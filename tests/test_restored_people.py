"""Restoring a backup in the place of the shop gives nobody a right, a role or a PIN that they have not now."""

from __future__ import annotations

import pytest

from desktop_crm import backup, customers, history, passwords, pins, restore, roles, staff
from desktop_crm.base.clock import FixedClock
from desktop_crm.customers import CustomerDraft
from desktop_crm.pins import PinMissing, PinWrong
from desktop_crm.rights import NotAllowed
from desktop_crm.shop import Shop

OWNER, MANAGER, CLERK = "correct horse battery", "another long password", "a third long password"


def with_people(shop: Shop) -> Shop:
    """An owner, a manager and somebody who was a manager, each with a PIN; the owner is at the counter."""
    own = shop.at_counter(staff.add(shop, "老板", "owner"))
    for number, name in ((2, "店长"), (3, "小李")):
        assert staff.add(own, name, "manager") == number
    for staff_id, digits in ((1, "734912"), (2, "829164"), (3, "918273")):
        pins.put(own, staff_id, digits)
    return own


def rights_taken_away(own: Shop) -> None:
    """小李 becomes a clerk, managers may work with backups only, and the owner has another PIN."""
    staff.edit(own, 3, role="clerk")
    roles.save(own, "manager", ("backups",))
    pins.put(own, 1, "551907")


def restored(shop: Shop, made: backup.Copy, password: str | None = None, user: str | None = None) -> Shop:
    """The shop after this backup took its place, opened again."""
    prepared = restore.prepare(shop, made.path)
    shop.close()
    restore.carry_out(prepared)
    return Shop.open(shop.folder, shop.clock, password=password, user=user)


def test_whoever_restores_may_do_no_more_than_before(shop: Shop, clock: FixedClock) -> None:
    own = with_people(shop)
    roles.save(own, "manager", ("phones", "backups", "settings", "delete"))
    own = passwords.set_first(own, 1, OWNER)
    passwords.add_user(own, 2, MANAGER)
    backup.make(own, "manual")
    (made,) = backup.copies(own)
    rights_taken_away(own)
    again = restored(own.at_counter(2), made, MANAGER, "店长")
    assert again.rights == {"backups"}
    assert [(each.name, each.role) for each in staff.listing(again)] == [
        ("老板", "owner"), ("店长", "manager"), ("小李", "clerk"),
    ]  # fmt: skip
    with pytest.raises(PinWrong):
        pins.check(again, 1, "734912")
    assert pins.check(again, 1, "551907").name == "老板"
    again.close()


def test_pins_alone_keep_who_may_what_too(shop: Shop) -> None:
    own = with_people(shop)
    backup.make(own, "manual")
    (made,) = backup.copies(own)
    rights_taken_away(own)
    pins.remove(own, 2)
    with pytest.raises(PinWrong):
        pins.check(own, 3, "000000")
    again = restored(own, made)
    assert again.at_counter(2).rights == {"backups"}
    assert not again.at_counter(3).may("backups")
    with pytest.raises(PinMissing):
        pins.check(again, 2, "829164")
    found = again.db.rows("SELECT id, failures FROM pins ORDER BY id")
    assert found == [(1, 0), (3, 1)]
    again.close()


def test_who_is_in_the_backup_alone_does_not_work_here(shop: Shop) -> None:
    own = with_people(shop)
    extra = staff.add(own, "临时", "manager")
    backup.make(own, "manual")
    (made,) = backup.copies(own)
    history.undo(own)
    again = restored(own, made)
    assert [each.name for each in staff.listing(again)] == ["老板", "店长", "小李"]
    assert not again.at_counter(extra).rights
    again.close()


def test_who_came_since_is_there_and_a_shop_without_people_gets_those_of_the_backup(shop: Shop) -> None:
    customers.add(shop, CustomerDraft(name="王建国"))
    backup.make(shop, "manual")
    (empty,) = backup.copies(shop)
    own = with_people(shop)
    backup.make(own, "manual")
    full = backup.copies(own)[0]
    again = restored(own, empty)
    assert [each.id for each in staff.listing(again)] == [1, 2, 3]
    assert pins.owners(again) == {1, 2, 3}
    for staff_id in (3, 2, 1):
        pins.remove(again, staff_id)
    while staff.listing(again):
        history.undo(again, history.changes(again)[0].id)
    back = restored(again, full)
    assert [each.id for each in staff.listing(back)] == [1, 2, 3]
    assert pins.owners(back) == set()
    back.close()


def test_only_who_says_who_may_what_takes_that_step_back(shop: Shop, clock: FixedClock) -> None:
    own = passwords.set_first(with_people(shop), 1, OWNER)
    passwords.add_user(own, 3, CLERK)
    backup.make(own, "manual")
    (made,) = backup.copies(own)
    rights_taken_away(own)
    clerk = restored(own, made, CLERK, "小李")
    (step,) = [each for each in history.changes(clerk) if each.label == "People and rights as they are now"]
    with pytest.raises(NotAllowed):
        history.undo(clerk, step.id)
    assert [each.role for each in staff.listing(clerk)] == ["owner", "manager", "clerk"]
    clerk.close()
    again = Shop.open(shop.folder, clock, password=OWNER, user="老板")
    history.undo(again, step.id)
    assert [each.role for each in staff.listing(again)] == ["owner", "manager", "manager"]
    assert again.at_counter(2).may("delete")
    history.redo(again)
    assert [each.role for each in staff.listing(again)] == ["owner", "manager", "clerk"]
    assert again.at_counter(2).rights == {"backups"}
    again.close()
