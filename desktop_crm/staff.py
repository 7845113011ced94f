"""The shop's people: who stands at the counter, whose name stands on each step, and which role each has.

What a role may do is in roles.py and rights.py.
"""

from __future__ import annotations

from dataclasses import replace

from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _
from desktop_crm.base.values import clean_text
from desktop_crm.records.staff import Role, StaffMember
from desktop_crm.shop import Shop
from desktop_crm.store import staff as store_staff


class StaffNameWrong(CrmError):
    """A name is empty, or another person of the staff has it."""


class StaffUnknown(CrmError):
    """There is no such person."""


class OwnerMissing(CrmError):
    """Nobody would be left who may say who may do what."""


def add(shop: Shop, name: str, role: Role = "clerk") -> int:
    """Add a person and return the id.

    Raises:
        StaffNameWrong: the name is empty or taken.
        NotAllowed: only owners make owners and managers.
    """
    clean = _free_name(shop, name, 0)
    with shop.change(_("Add {name} to the staff").format(name=clean), {"staff"}, action="staff.add"):
        _check_roles(shop, role)
        return shop.db.insert(StaffMember(0, clean, shop.stamp(), role))


def edit(
    shop: Shop,
    staff_id: int,
    *,
    name: str | None = None,
    role: Role | None = None,
    active: bool | None = None,
) -> None:
    """Rename a person, give another role, or let them leave (inactive: their steps stay).

    Raises:
        StaffUnknown, StaffNameWrong, OwnerMissing: nothing was changed.
        NotAllowed: only owners change owners and managers, and make them.
    """
    found = shop.db.get(StaffMember, staff_id)
    if found is None:
        raise StaffUnknown(_("This person is not on the list any more; nothing was changed."))
    changed = replace(
        found,
        name=found.name if name is None else _free_name(shop, name, staff_id),
        role=role or found.role,
        active=found.active if active is None else active,
    )
    with shop.change(_("Edit {name} of the staff").format(name=changed.name), {"staff"}, action="staff.edit"):
        _check_roles(shop, found.role, changed.role)
        shop.db.update(changed)
        _check_owner(shop, found)


def listing(shop: Shop, active_only: bool = True) -> list[StaffMember]:
    """The staff in the order they came; those who left only on request."""
    return store_staff.listing(shop.db, active_only)


def get(shop: Shop, staff_id: int | None) -> StaffMember | None:
    """One person, or None."""
    return None if staff_id is None else shop.db.get(StaffMember, staff_id)


def name_of(shop: Shop, staff_id: int | None) -> str:
    """The name of a person, '' for nobody."""
    found = get(shop, staff_id)
    return found.name if found else ""


def _check_roles(shop: Shop, *concerned: Role) -> None:
    """Whoever may add clerks may not raise them, nor themselves, nor touch those above."""
    if set(concerned) != {"clerk"}:
        shop.require("roles")


def _check_owner(shop: Shop, before: StaffMember) -> None:
    """An owner stays where there was one; without, nobody could ever change the rights again."""
    if before.role == "owner" and before.active and not store_staff.has_owner(shop.db):
        raise OwnerMissing(
            _(
                "{name} is the only owner: nobody else could say who may do what. Nothing was changed; "
                "make somebody else an owner first."
            ).format(name=before.name)
        )


def _free_name(shop: Shop, name: str, own_id: int) -> str:
    clean = clean_text(name)
    if not clean:
        raise StaffNameWrong(_("A person needs a name. Nothing was saved."))
    if any(member.name == clean and member.id != own_id for member in listing(shop, active_only=False)):
        raise StaffNameWrong(
            _(
                "There is already a {name} on the staff. Nothing was saved; write the name so that it differs."
            ).format(name=clean)
        )
    return clean
