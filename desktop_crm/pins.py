"""PINs: four to six digits by which somebody shows at the counter who they are. Opening the shop is another act (passwords.py).

A wrong PIN is counted before it is looked at, in the file, so that no restart forgets it. After three wrong ones the next
try waits, longer each time; after ten the PIN is locked until an owner or a manager sets a new one. An owner's own is
never locked for good, because there may be nobody to open it: the eleventh try waits a quarter of an hour.
Who may come to the counter, and how, is counter.py. The command line asks for no PIN: where the shop has no password,
anybody who can start it can read the file without it, too.
"""

from __future__ import annotations

import math
from typing import Final

from desktop_crm import audit, staff
from desktop_crm.base.dates import from_instant
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _, ngettext
from desktop_crm.base.values import half_width
from desktop_crm.records.pins import Pin
from desktop_crm.records.staff import Role, StaffMember
from desktop_crm.rights import NotAllowed
from desktop_crm.shop import Shop
from desktop_crm.store import pins as store

SHORTEST: Final = 4
LONGEST: Final = 6
FREE: Final = 3
"""So many wrong ones in a row cost nothing but themselves."""
MOST: Final = 10
"""So many wrong ones in a row lock a PIN."""

_LONGEST_WAIT_S: Final = 60
_OWNERS_WAIT_S: Final = 15 * 60
_ROWS: Final = ("01234567890", "09876543210")
_EASY: Final = frozenset(
    {
        "2580", "0852", "1314", "5201", "1379", "147258", "258369", "159357", "147369", "123654", "112233",
        "520131", "131452", "520520", "521521", "131420", "201314", "168168", "123321", "789456",
    }
)  # fmt: skip
"""Lines on the keypad and numbers that sound like something: tried first by whoever tries."""
_RANKS: Final[dict[Role, int]] = {"owner": 2, "manager": 1, "clerk": 0}


class PinNotUnderstood(CrmError):
    """What was given as a PIN is none, or one that is guessed too soon."""


class PinMissing(CrmError):
    """This person has no PIN."""


class PinWrong(CrmError):
    """Not the right PIN; `wait_s`: seconds until the next try is looked at."""

    def __init__(self, words: str, wait_s: int = 0) -> None:
        super().__init__(words)
        self.wait_s = wait_s


class PinLocked(PinWrong):
    """Too many wrong ones in a row."""


class PinOfOwnerFirst(CrmError):
    """The others get theirs when an owner has one: else nobody could open what they lock."""


def checked(text: str) -> str:
    """The digits of a PIN that may be set.

    Raises:
        PinNotUnderstood: it has not four to six digits, or is guessed too soon.
    """
    digits = _digits(text)
    if len(digits) < SHORTEST or not looks_like_one(digits):
        raise PinNotUnderstood(
            _("A PIN has {least} to {most} digits and nothing else. Nothing was saved.").format(
                least=SHORTEST, most=LONGEST
            )
        )
    if _is_easy(digits):
        raise PinNotUnderstood(
            _(
                "This PIN is one of those that are guessed first: a row, a repetition, a year. Nothing was saved; "
                "take digits that nobody expects."
            )
        )
    return digits


def looks_like_one(text: str) -> bool:
    """Whether it is so short and only digits, as no password is."""
    digits = _digits(text)
    return digits.isascii() and digits.isdigit() and len(digits) <= LONGEST


def are_used(shop: Shop) -> bool:
    """Whether anybody who works here has a PIN."""
    return bool(owners(shop))


def owners(shop: Shop) -> frozenset[int]:
    """Who of those who work here has a PIN."""
    have = store.owners(shop.db)
    return frozenset(member.id for member in staff.listing(shop) if member.id in have)


def put(shop: Shop, staff_id: int, text: str) -> None:
    """Give somebody a PIN, or another one; a locked one is open again.

    Raises:
        StaffUnknown, PinNotUnderstood, PinOfOwnerFirst
        NotAllowed: it is not one's own, and the other one's place in the shop is not below.
    """
    member, digits = _whose(shop, staff_id), checked(text)
    if member.role != "owner" and not _an_owner_is_safe(shop):
        raise PinOfOwnerFirst(
            _(
                "First an owner needs a PIN: whoever had one alone could shut the others out. Nothing was saved."
            )
        )
    with shop.upkeep():
        store.put(shop.db, staff_id, digits, shop.stamp())
        _note(shop, member, _("PIN of {name} set"))


def remove(shop: Shop, staff_id: int) -> None:
    """Take somebody's PIN away; they show who they are by their password then.

    Raises:
        StaffUnknown, NotAllowed: as `put`. PinMissing
        PinOfOwnerFirst: others would have one, and no owner any.
    """
    member = _whose(shop, staff_id)
    if store.of(shop.db, staff_id) is None:
        raise _missing(member)
    if member.role == "owner" and owners(shop) - {staff_id} and not _an_owner_is_safe(shop, staff_id):
        raise PinOfOwnerFirst(
            _(
                "The others have a PIN, so an owner needs one too. Take theirs away first. Nothing was changed."
            )
        )
    with shop.upkeep():
        store.remove(shop.db, staff_id)
        _note(shop, member, _("PIN of {name} taken away"))


def check(shop: Shop, staff_id: int, text: str) -> StaffMember:
    """See that this is somebody's PIN; the person, where it is.

    Raises:
        StaffUnknown, PinMissing, PinWrong, PinLocked
    """
    member = _member(shop, staff_id)
    _in_time(shop, staff_id)
    with shop.upkeep():
        pin = store.of(shop.db, staff_id)
        if pin is None:
            raise _missing(member)
        _refuse_early(shop, member, pin)
        store.count_wrong(shop.db, pin, shop.stamp())
    if not store.fits(pin, _digits(text)):
        raise _wrong(shop, member, pin.failures + 1)
    with shop.upkeep():
        store.forget_wrong(shop.db, pin)
    return member


def wait_s(shop: Shop, staff_id: int) -> int:
    """Whole seconds until the next try of this person's PIN is looked at, 0 for at once."""
    pin = _in_time(shop, staff_id)
    return 0 if pin is None else _wait_s(shop, _member(shop, staff_id), pin)


def locked(shop: Shop) -> frozenset[int]:
    """Whose PIN is locked."""
    return frozenset(staff_id for staff_id in owners(shop) if is_locked(shop, staff_id))


def is_locked(shop: Shop, staff_id: int) -> bool:
    """Whether only a new PIN helps."""
    pin = store.of(shop.db, staff_id)
    return pin is not None and _is_locked(_member(shop, staff_id), pin)


# ---------------------------------------------------------------- inside


def _digits(text: str) -> str:
    return half_width(text).strip()


def _is_easy(digits: str) -> bool:
    halves = (digits[: len(digits) // size] * size for size in (2, 3) if len(digits) % size == 0)
    return (
        len(set(digits)) == 1
        or digits in _EASY
        or any(digits in row for row in _ROWS)
        or digits in halves
        or (len(digits) == 4 and digits[:2] in ("19", "20"))
    )


def _member(shop: Shop, staff_id: int) -> StaffMember:
    found = staff.get(shop, staff_id)
    if found is None or not found.active:
        raise staff.StaffUnknown(_("This person is not on the list any more; nothing was changed."))
    return found


def _whose(shop: Shop, staff_id: int) -> StaffMember:
    """The person, where whoever is at the counter may set or take their PIN."""
    member, here = _member(shop, staff_id), staff.get(shop, shop.staff_id)
    if shop.staff_id is None:
        shop.require("roles")
    elif here is None or not (
        here.id == staff_id or here.role == "owner" or _RANKS[here.role] > _RANKS[member.role]
    ):
        raise NotAllowed(
            _("Only {name}, or somebody above, may set this PIN. Nothing was changed; ask the owner.").format(
                name=member.name
            )
        )
    return member


def _an_owner_is_safe(shop: Shop, but: int = 0) -> bool:
    """Whether an owner can always come to the counter: one has a PIN (other than `but`), or the shop has passwords."""
    if shop.keys.is_protected:
        return True
    have = store.owners(shop.db)
    return any(each.role == "owner" and each.id in have - {but} for each in staff.listing(shop))


def _note(shop: Shop, member: StaffMember, words: str) -> None:
    audit.note(shop, "pin", kinds={"staff"}, details={"label": words.format(name=member.name)})


def _missing(member: StaffMember) -> PinMissing:
    return PinMissing(
        _("{name} has no PIN yet. An owner or a manager sets one in Settings › Staff.").format(
            name=member.name
        )
    )


def _is_locked(member: StaffMember, pin: Pin) -> bool:
    return pin.failures >= MOST and member.role != "owner"


def _wait_s(shop: Shop, member: StaffMember, pin: Pin) -> int:
    if pin.failed_at is None or pin.failures < FREE:
        return 0
    most = _OWNERS_WAIT_S if pin.failures >= MOST else _LONGEST_WAIT_S
    asked = most if pin.failures >= MOST else min(most, 2 ** (pin.failures - FREE + 1))
    passed = (shop.now() - from_instant(pin.failed_at)).total_seconds()
    return max(
        0, math.ceil(asked - max(0, passed))
    )  # where the clock was put back, `_in_time` begins it anew


def _in_time(shop: Shop, staff_id: int) -> Pin | None:
    """Somebody's PIN; where its last wrong one lies ahead the clock was put back, and the wait begins anew, now."""
    pin = store.of(shop.db, staff_id)
    if pin is None or pin.failed_at is None or from_instant(pin.failed_at) <= shop.now():
        return pin
    with shop.upkeep():
        return store.begin_wait_anew(shop.db, pin, shop.stamp())


def _refuse_early(shop: Shop, member: StaffMember, pin: Pin) -> None:
    if _is_locked(member, pin):
        raise PinLocked(
            _(
                "The PIN of {name} is locked after {count} wrong tries. An owner or a manager sets a new one in "
                "Settings › Staff."
            ).format(name=member.name, count=pin.failures)
        )
    wait = _wait_s(shop, member, pin)
    if wait:
        raise PinWrong(_waiting(wait), wait)


def _wrong(shop: Shop, member: StaffMember, failures: int) -> PinWrong:
    now = Pin(member.id, "", "", failures, shop.stamp())
    audit.note(
        shop,
        "sign_in_failed",
        details={"label": _("Wrong PIN of {name}").format(name=member.name), "count": failures},
    )
    if _is_locked(member, now):
        return PinLocked(
            _(
                "That was not the PIN, for the {count}th time: it is locked now. An owner or a manager sets a new one."
            ).format(count=failures)
        )
    wait = _wait_s(shop, member, now)
    return PinWrong(
        _waiting(wait) if wait else _("That is not the PIN of {name}.").format(name=member.name), wait
    )


def _waiting(seconds: int) -> str:
    return ngettext(
        "That was not the PIN. The next try is looked at in {count} second.",
        "That was not the PIN. The next try is looked at in {count} seconds.",
        seconds,
    ).format(count=seconds)
