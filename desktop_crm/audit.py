"""The audit trail: who saw, changed and deleted what, and when; and whether somebody tampered with it.

Every kept step writes its entry by itself, in its own transaction (shop.py). What is no step (a number revealed, a paper
printed, somebody signed in) is noted here. The chain of hashes is store/audit.py's business.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from desktop_crm.base.i18n import N_
from desktop_crm.shop import Shop
from desktop_crm.store import audit as store

ACTIONS: Final[Mapping[str, str]] = {
    "change": N_("Changed"),
    "delete": N_("Deleted"),
    "merge": N_("Merged"),
    "import": N_("Imported"),
    "undo": N_("Undone or done again"),
    "settings": N_("Settings changed"),
    "reveal": N_("Number looked at"),
    "print": N_("Printed"),
    "export": N_("Taken out"),
    "erase": N_("Person erased"),
    "sign_in": N_("Signed in"),
    "sign_in_failed": N_("Sign-in failed"),
    "switch": N_("Person at the counter changed"),
    "lock": N_("Screen locked"),
    "unlock": N_("Screen unlocked"),
    "pin": N_("PIN set or reset"),
    "password": N_("Password set, changed or removed"),
    "locks": N_("Locks changed"),
    "recovery": N_("Recovery sheet"),
    "rights": N_("Rights changed"),
    "backup": N_("Backup made elsewhere"),
    "restore": N_("Backup restored"),
    "read_audit": N_("Audit trail taken out or verified"),
}
"""Everything that is noted, in words."""


def note(
    shop: Shop,
    action: str,
    *,
    customer_id: int | None = None,
    kinds: Iterable[str] = (),
    details: Mapping[str, Any] | None = None,  # JSON values of several types
) -> int:
    """Note what is no step: inside the change that is open on this thread, or in a short transaction of its own.

    Args:
        action: one of ACTIONS. customer_id: whom it is about. kinds: nouns it is about.
        details: "label" is a whole sentence for the person who reads the trail; what else it holds is read by programs.
            No full phone number belongs here.

    Returns:
        The entry's number.

    Raises:
        KeyError: there is no such action.
        DiskFull, ShopBusy, ShopReadOnly: nothing was noted.
    """
    if action not in ACTIONS:
        raise KeyError(action)
    if shop.db.writable:
        return _append(shop, action, customer_id, kinds, details or {})
    with shop.upkeep():
        return _append(shop, action, customer_id, kinds, details or {})


def _append(
    shop: Shop, action: str, customer_id: int | None, kinds: Iterable[str], details: store.Details
) -> int:
    return store.append(
        shop.db,
        at=shop.stamp(),
        day=shop.today().isoformat(),
        staff_id=shop.staff_id,
        action=action,
        kinds=",".join(sorted(kinds)),
        customer_id=customer_id,
        details=details,
    )
