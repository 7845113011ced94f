"""Who comes to the counter, how they show who they are, and when the screen is locked.

Whoever has a PIN types it or their password, whoever has only a password types that. Without PINs and passwords anybody
is chosen by name, as in a shop where everybody trusts everybody. Once somebody has one, who has none may be chosen by
whoever may do as much already, and not on a locked screen. An owner is never shut out: while none has anything to show,
they are chosen by name. What a PIN is, is pins.py; what the screen does, ui/lock.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from desktop_crm import audit, passwords, pins, staff
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _
from desktop_crm.records.staff import StaffMember
from desktop_crm.settings import LOCK_MINUTES
from desktop_crm.shop import Shop

Proof = Literal["pin", "password", "nothing", "never"]
"""What somebody types to come to the counter; never: an owner has to give them a PIN first."""


class MayNotCome(CrmError):
    """This person has nothing by which to show who they are."""


@dataclass(frozen=True)
class Comer:
    """Somebody who may want to come to the counter."""

    member: StaffMember
    proof: Proof


@dataclass(frozen=True)
class Guard:
    """How the counter is guarded.

    Attributes:
        can_lock: somebody could open a locked screen again. minutes: it locks by itself after so long, 0 never.
        starts_locked: nobody has shown who they are, though some have PINs.
    """

    can_lock: bool
    minutes: int
    starts_locked: bool


def guard(shop: Shop) -> Guard:
    """How the counter is guarded now."""
    have_pins = pins.are_used(shop)
    return Guard(
        have_pins or shop.keys.is_protected,
        shop.get(LOCK_MINUTES),
        have_pins and not shop.keys.is_protected,
    )


def comers(shop: Shop, *, locked: bool = False) -> list[Comer]:
    """Everybody who works here, in the order they came, and what each has to type."""
    have_pins, have_passwords, people = pins.owners(shop), _with_password(shop), staff.listing(shop)
    safe = have_pins | have_passwords
    owners_safe = any(member.role == "owner" and member.id in safe for member in people)
    found = []
    for member in people:
        proof: Proof = "never"
        if member.id in have_pins:
            proof = "pin"
        elif member.id in have_passwords:
            proof = "password"
        elif (
            not safe
            or (member.role == "owner" and not owners_safe)
            or (not locked and _is_below(shop, member))
        ):
            proof = "nothing"
        found.append(Comer(member, proof))
    return found


def _is_below(shop: Shop, member: StaffMember) -> bool:
    """Whether this person may do nothing that whoever is at the counter may not."""
    return shop.at_counter(member.id).rights <= shop.at_counter(shop.staff_id).rights


def come(shop: Shop, staff_id: int, proof: str = "", *, locked: bool = False) -> StaffMember:
    """Have somebody show who they are, and note it; the window then puts them at the counter.

    Args:
        proof: the PIN or the password; '' where neither is asked for.
        locked: it opens a locked screen.

    Raises:
        StaffUnknown, MayNotCome, PinWrong, PinLocked, PasswordWrong, TooManyTries: nothing changed.
    """
    found = next((each for each in comers(shop, locked=locked) if each.member.id == staff_id), None)
    if found is None:
        raise staff.StaffUnknown(_("This person is not on the list any more; nothing was changed."))
    if found.proof == "never":
        raise MayNotCome(
            _(
                "{name} has neither a PIN nor a password. An owner or a manager sets a PIN in Settings › Staff."
            ).format(name=found.member.name)
        )
    types_password = (
        found.proof == "pin" and not pins.looks_like_one(proof) and staff_id in _with_password(shop)
    )
    if found.proof == "pin" and not types_password:
        pins.check(shop, staff_id, proof)
    elif found.proof != "nothing":
        passwords.check_own(shop.at_counter(staff_id), proof)
    _note_coming(shop, found.member, locked)
    return found.member


def note_lock(shop: Shop, *, by_itself: bool) -> None:
    """Note that the screen was locked."""
    words = _("Screen locked by itself") if by_itself else _("Screen locked")
    audit.note(shop, "lock", details={"label": words})


def _note_coming(shop: Shop, member: StaffMember, locked: bool) -> None:
    new = shop.at_counter(member.id)
    if locked:
        audit.note(new, "unlock", details={"label": _("Screen unlocked by {name}").format(name=member.name)})
    if member.id != shop.staff_id:
        label = _("{name} came to the counter").format(name=member.name)
        audit.note(new, "switch", details={"label": label, "before": shop.staff_id})


def _with_password(shop: Shop) -> frozenset[int]:
    if not shop.keys.is_protected:
        return frozenset()
    return frozenset(user.staff_id for user in passwords.users(shop.folder))
