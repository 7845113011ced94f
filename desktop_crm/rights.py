"""Who may do what: one table, asked where a thing is done and not in its buttons.

A right is named by what it allows; nobody at the counter, and the program itself, may do everything until a shop
says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from desktop_crm import staff
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import N_, _
from desktop_crm.records.staff import Role
from desktop_crm.shop import Shop

Right = Literal["export"]

_MAY: Mapping[Right, frozenset[Role]] = {"export": frozenset({"owner", "manager"})}
_REFUSALS: Mapping[Right, str] = {
    "export": N_(
        "{name} may not take lists out of the shop: only the owner and managers may. Nothing was written; "
        "ask one of them, or choose another person at the counter first."
    ),
}


class NotAllowed(CrmError):
    """The person at the counter has not the right to do this."""


def may(shop: Shop, right: Right) -> bool:
    """Whether the person at the counter may do it."""
    member = staff.get(shop, shop.staff_id)
    return member is None or member.role in _MAY[right]


def require(shop: Shop, right: Right) -> None:
    """Stop where the person at the counter may not do it.

    Raises:
        NotAllowed: in the words of that right; nothing was done.
    """
    if not may(shop, right):
        raise NotAllowed(_(_REFUSALS[right]).format(name=staff.name_of(shop, shop.staff_id)))
