"""Who may do what."""

from __future__ import annotations

import pytest

from desktop_crm import rights, staff
from desktop_crm.records.history import PROGRAM
from desktop_crm.records.staff import Role
from desktop_crm.rights import NotAllowed
from desktop_crm.shop import Shop


@pytest.mark.parametrize(("role", "allowed"), [("owner", True), ("manager", True), ("clerk", False)])
def test_taking_lists_out_is_for_some_roles(shop: Shop, role: Role, allowed: bool) -> None:
    at_counter = shop.at_counter(staff.add(shop, "李娜", role))
    assert rights.may(at_counter, "export") is allowed
    if allowed:
        rights.require(at_counter, "export")
    else:
        with pytest.raises(NotAllowed, match="李娜 may not take lists out"):
            rights.require(at_counter, "export")


@pytest.mark.parametrize("who", [None, PROGRAM])
def test_nobody_at_the_counter_and_the_program_may(shop: Shop, who: int | None) -> None:
    rights.require(shop.at_counter(who), "export")
