"""What managers and clerks may do: the table in Settings, read and changed; rights.py says what each right covers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import N_, _
from desktop_crm.records.staff import Role
from desktop_crm.rights import EVERY, GIVABLE, OF_ROLES, Right
from desktop_crm.shop import Shop

KINDS: Final = frozenset({"settings", "staff"})

_LABELS: Final[Mapping[Role, str]] = {
    "manager": N_("Change what managers may do"),
    "clerk": N_("Change what clerks may do"),
}


class RightsWrong(CrmError):
    """A right that cannot be given, or a role whose rights never change."""


def table(shop: Shop) -> dict[Role, frozenset[Right]]:
    """What each role may do now."""
    found: dict[Role, frozenset[Right]] = {"owner": EVERY}
    with shop.reading():
        for role, setting in OF_ROLES.items():
            given = shop.get(setting)
            found[role] = frozenset(right for right in GIVABLE if right in given)
    return found


def save(shop: Shop, role: Role, rights: Collection[str]) -> str:
    """Set what a role may do, as one step that can be undone.

    Returns:
        what was done, as a sentence; "" where it was so before.

    Raises:
        RightsWrong, NotAllowed: nothing was changed.
    """
    if role not in OF_ROLES:
        raise RightsWrong(_("Owners may always do everything. Nothing was changed."))
    if not set(rights) <= set(GIVABLE):
        raise RightsWrong(
            _("Only owners may say who may do what; this cannot be handed on. Nothing was changed.")
        )
    wanted = tuple(right for right in GIVABLE if right in rights)
    if wanted == shop.get(OF_ROLES[role]):
        return ""
    label = _(_LABELS[role])
    with shop.change(label, KINDS, action="roles.save"):
        shop.put(OF_ROLES[role], wanted)
    return label


def sees_figures_of(shop: Shop, staff_id: int | None) -> bool:
    """Whether the person at the counter may see the figures of somebody of the staff; their own always."""
    return shop.may("staff_figures") or (staff_id is not None and staff_id == shop.staff_id)
