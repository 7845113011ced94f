"""A backup that takes the place of the shop brings back no rights: people, roles, what roles may, and PINs stay as they are.

Passwords do because the present key file stays (restore.py). Whoever may work with backups could otherwise choose one from
the time when they were allowed more, or when they knew the owner's PIN.
"""

from __future__ import annotations

from dataclasses import replace

from desktop_crm.base.i18n import _
from desktop_crm.records.history import PROGRAM
from desktop_crm.records.staff import StaffMember
from desktop_crm.rights import OF_ROLES
from desktop_crm.shop import Shop
from desktop_crm.store import locks, pins


def bring(shop: Shop, copy: Shop) -> None:
    """Make the people of a restored copy those of the shop; somebody who is in the copy alone does not work there any more.

    The recovery sheet that was proved to exist is the same one.
    """
    own = copy.at_counter(PROGRAM)
    present = {member.id: member for member in _everybody(shop)}
    restored = {member.id: member for member in _everybody(own)}
    # a shop in which nobody is listed yet guards nothing: there everybody may everything
    gone = [replace(each, active=False) for each in restored.values() if present and each.id not in present]
    with own.change(
        _("People and rights as they are now"), {"staff", "settings"}, action="restored_people.bring"
    ):
        for member in (*present.values(), *gone):
            if member.id not in restored:
                own.db.insert(member)
            elif member != restored[member.id]:
                own.db.update(member)
        for setting in OF_ROLES.values():
            if own.get(setting) != shop.get(setting):
                own.put(setting, shop.get(setting))
    with own.upkeep():
        pins.replace_all(own.db, pins.listing(shop.db))
        if locks.is_proved(shop.db, shop.keys):
            locks.prove_sheet(own.db, own.keys)


def _everybody(shop: Shop) -> list[StaffMember]:
    return shop.db.records(StaffMember, "SELECT * FROM staff ORDER BY id")
