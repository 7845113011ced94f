"""The table of rights: read, changed, undone; what cannot be given; whose figures one sees."""

from __future__ import annotations

import pytest

from desktop_crm import history, passwords, profile, roles, staff
from desktop_crm.base.errors import CrmError
from desktop_crm.rights import EVERY, GIVABLE, NotAllowed
from desktop_crm.roles import RightsWrong
from desktop_crm.settings import CLERK_RIGHTS
from desktop_crm.shop import Shop


def test_a_new_shop_has_the_usual_table(shop: Shop) -> None:
    assert roles.table(shop) == {
        "owner": EVERY,
        "manager": EVERY - {"settings", "roles"},
        "clerk": frozenset(),
    }


def test_what_is_given_counts_from_then_on_and_is_undone_and_redone(shop: Shop) -> None:
    clerk = staff.add(shop, "小王")
    before = shop.at_counter(clerk)
    assert roles.save(shop, "clerk", {"merge", "cost"}) == "Change what clerks may do"
    assert roles.table(shop)["clerk"] == {"merge", "cost"}
    assert shop.at_counter(clerk).rights == {"merge", "cost"}
    before.require("merge")  # asked in the file, whatever was true when they came
    assert not before.may("merge")
    history.undo(shop)
    assert roles.table(shop)["clerk"] == frozenset()
    with pytest.raises(NotAllowed):
        before.require("merge")
    history.redo(shop)
    assert roles.table(shop)["clerk"] == {"merge", "cost"}


def test_history_tells_in_words_who_may_what(shop: Shop) -> None:
    roles.save(shop, "clerk", ["cost"])
    roles.save(shop, "clerk", ["merge", "cost"])
    roles.save(shop, "clerk", [])
    told = [
        (field.before, field.after)
        for step in history.changes(shop, 3)
        for row in history.row_changes(shop, step.id)
        for field in row.fields
    ]
    assert told == [
        ("Merge cards, See costs and margins", "Nothing"),
        ("See costs and margins", "Merge cards, See costs and margins"),
        ("", "See costs and margins"),
    ]


def test_what_is_so_already_is_no_step(shop: Shop) -> None:
    steps = len(history.changes(shop))
    assert roles.save(shop, "clerk", []) == ""
    assert len(history.changes(shop)) == steps


def test_owners_keep_everything_and_nobody_is_given_the_table_itself(shop: Shop) -> None:
    with pytest.raises(RightsWrong, match="Owners may always do everything"):
        roles.save(shop, "owner", [])
    with pytest.raises(RightsWrong, match="cannot be handed on"):
        roles.save(shop, "manager", [*GIVABLE, "roles"])


def test_settings_do_not_change_rights(shop: Shop) -> None:
    manager = shop.at_counter(staff.add(shop, "李娜", "manager"))
    roles.save(shop, "manager", GIVABLE)
    with pytest.raises(TypeError):
        profile.save(manager, {CLERK_RIGHTS: ("cost",)})


def test_a_manager_with_the_settings_adds_clerks_and_raises_nobody(shop: Shop) -> None:
    manager, owner = staff.add(shop, "李娜", "manager"), staff.add(shop, "陈星河", "owner")
    roles.save(shop, "manager", GIVABLE)
    own = shop.at_counter(manager)
    clerk = staff.add(own, "小王")
    staff.edit(own, clerk, name="小张")
    for act in (
        lambda: staff.add(own, "小李", "manager"),
        lambda: staff.edit(own, clerk, role="manager"),
        lambda: staff.edit(own, manager, role="owner"),
        lambda: staff.edit(own, owner, role="clerk"),
    ):
        with pytest.raises(NotAllowed, match="李娜 may not say who may do what"):
            act()
    assert [(member.name, member.role) for member in staff.listing(shop)] == [
        ("李娜", "manager"),
        ("陈星河", "owner"),
        ("小张", "clerk"),
    ]


def test_the_only_owner_stays_one(shop: Shop) -> None:
    first = staff.add(shop, "陈星河", "owner")
    for wish in ({"role": "manager"}, {"active": False}):
        with pytest.raises(staff.OwnerMissing, match="陈星河 is the only owner"):
            staff.edit(shop, first, **wish)
    staff.add(shop, "李娜", "owner")
    staff.edit(shop, first, role="manager")
    assert [member.role for member in staff.listing(shop)] == ["manager", "owner"]


def test_nobody_anybody_knows_may_nothing(shop: Shop) -> None:
    stranger = shop.at_counter(99)
    assert stranger.rights == frozenset()
    with pytest.raises(NotAllowed, match="Nobody is at the counter"):
        stranger.require("export")


def test_ones_own_figures_are_always_seen(shop: Shop) -> None:
    clerk, other = staff.add(shop, "小王"), staff.add(shop, "小李")
    own = shop.at_counter(clerk)
    assert roles.sees_figures_of(own, clerk)
    assert not roles.sees_figures_of(own, other)
    assert not roles.sees_figures_of(own, None)
    roles.save(shop, "clerk", ["staff_figures"])
    assert roles.sees_figures_of(shop.at_counter(clerk), other)


def test_nobody_in_particular_may_nothing_where_the_shop_has_a_password(shop: Shop) -> None:
    owner = staff.add(shop, "陈星河", "owner")
    own = passwords.set_first(shop, owner, "opens the shop 8866")
    assert own.rights == EVERY
    nobody = own.at_counter(None)
    assert nobody.rights == frozenset()
    with pytest.raises(NotAllowed, match="Nobody is at the counter"):
        staff.add(nobody, "小王")


def test_undo_takes_no_last_owner_away(shop: Shop) -> None:
    owner = staff.add(shop, "陈星河", "owner")
    added = history.changes(shop, 1)[0].id
    own = passwords.set_first(shop, owner, "opens the shop 8866")
    with pytest.raises(CrmError):
        history.undo(own, added)
    assert [(member.id, member.role) for member in staff.listing(own)] == [(owner, "owner")]
