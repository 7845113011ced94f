"""Who may do what."""

from __future__ import annotations

import pytest

from desktop_crm import staff
from desktop_crm.records.history import PROGRAM
from desktop_crm.records.staff import Role
from desktop_crm.rights import NotAllowed
from desktop_crm.shop import Shop


@pytest.mark.parametrize(("role", "allowed"), [("owner", True), ("manager", True), ("clerk", False)])
def test_taking_lists_out_is_for_some_roles(shop: Shop, role: Role, allowed: bool) -> None:
    at_counter = shop.at_counter(staff.add(shop, "李娜", role))
    assert at_counter.may("export") is allowed
    if allowed:
        at_counter.require("export")
    else:
        with pytest.raises(NotAllowed, match="李娜 may not take lists out"):
            at_counter.require("export")


@pytest.mark.parametrize("who", [None, PROGRAM])
def test_nobody_at_the_counter_and_the_program_may(shop: Shop, who: int | None) -> None:
    shop.at_counter(who).require("export")
