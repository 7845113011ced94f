"""What the frame of the window shows of the shop: its name, who is at the counter, the last backup, what is not safe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from desktop_crm import backup, passwords, second_place, staff
from desktop_crm.base.dates import from_instant
from desktop_crm.base.i18n import N_, _
from desktop_crm.records.staff import Role, StaffMember
from desktop_crm.rights import EVERY, Right
from desktop_crm.settings import IS_DEMO, SHOP_NAME

if TYPE_CHECKING:
    from desktop_crm.shop import Shop

ROLES: Final = {"owner": N_("owner"), "manager": N_("manager"), "clerk": N_("clerk")}


@dataclass(frozen=True)
class Frame:
    """The words of the frame.

    Attributes:
        person: "" where nobody was chosen. rights: what that person may do now.
        safety: what is not safe yet, in two words and as a sentence; both "" where all is well.
    """

    shop: str
    person: str
    backup: str
    is_demo: bool
    rights: frozenset[Right] = EVERY
    safety: tuple[str, str] = ("", "")


def look(shop: Shop) -> Frame:
    """Gather them in one snapshot; run on a reader thread."""
    with shop.reading():
        member = staff.get(shop, shop.staff_id)
        person = person_words(member) if member is not None else ""
        return Frame(
            shop.get(SHOP_NAME),
            person,
            _backup_words(shop),
            shop.get(IS_DEMO),
            shop.at_counter(shop.staff_id).rights,
            _safety_words(shop),
        )


def person_words(member: StaffMember) -> str:
    """A person of the shop with their role."""
    return name_and_role(member.name, member.role)


def name_and_role(name: str, role: Role) -> str:
    """A name with what that person is in the shop."""
    return _("{name} ・ {role}").format(name=name, role=_(ROLES[role]))


def _safety_words(shop: Shop) -> tuple[str, str]:
    if shop.get(IS_DEMO):
        return "", ""
    if not shop.keys.is_protected:
        return _("No password"), _("No password: anyone with this PC can read the customers.")
    if shop.may("roles") and not passwords.is_proved(shop):
        return _("Recovery sheet?"), _("Print the recovery sheet and show that you have it.")
    return "", ""


def _backup_words(shop: Shop) -> str:
    made = backup.listing(shop)
    if not made:
        return _("No backup yet")
    second = second_place.state(shop)
    if second is not None and second.is_late:
        return _("Second place late")
    at = from_instant(made[0].at).astimezone(shop.zone)
    if at.date() == shop.today():
        return _("Backed up {time} ✓").format(time=f"{at:%H:%M}")
    return _("Backed up {day}").format(day=f"{at:%Y-%m-%d}")
