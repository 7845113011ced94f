"""When two cards are probably one person, and when two people are probably one family: points, pure functions.

Every sign that speaks for one person gives points, every contradiction takes some, as in the record linkage of
Fellegi and Sunter; the sums were set by hand so that one strong sign and the same name is sure. What is the same on
many cards (the shop's own number) is no sign. Which pairs are looked at at all is in duplicates.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from desktop_crm.base import names
from desktop_crm.base.i18n import N_, _
from desktop_crm.base.names import NameLikeness
from desktop_crm.base.pinyin import squash
from desktop_crm.base.values import half_width, show_phone, valid_mobile
from desktop_crm.records.relations import RelationKind
from desktop_crm.store.duplicates import Traits

Confidence = Literal["sure", "probable", "possible"]
CONFIDENCES: dict[Confidence, str] = {
    "sure": N_("Sure"),
    "probable": N_("Probable"),
    "possible": N_("Possible"),
}
"""Labels, the surest first."""

_LEAST: dict[Confidence, int] = {"sure": 8, "probable": 6, "possible": 5}

_RARE = 3
"""A name that sounds like no more cards than this is rare: to have it twice says more."""
_COMMON = 20
"""A name that sounds like more cards than this says little."""

_APART_YEARS = 16
"""Born so many years apart, two of one household are rather parent and child."""

Common = Callable[[str, str], bool]
"""Whether a (kind of sign, value) is on so many cards that it says nothing."""


@dataclass(frozen=True)
class Reason:
    """One sign: its kind ("phone", "name", "birthday", …) and a sentence part for people."""

    kind: str
    words: str


@dataclass(frozen=True)
class Comparison:
    """What two cards have in common.

    Attributes:
        points: the higher, the surer. likeness: of the names.
        reasons: what speaks for one person, the strongest first.
        contradictory: something speaks against: two birthdays, two genders, two names.
    """

    points: int
    likeness: NameLikeness
    reasons: tuple[Reason, ...]
    contradictory: bool

    @property
    def confidence(self) -> Confidence | None:
        """How sure it is that both are one person; None: they are not proposed."""
        for level, least in _LEAST.items():
            if self.points >= least:
                return "possible" if self.contradictory else level
        return None


@dataclass(frozen=True)
class Link:
    """That two people are probably one family: `customer_id` is the `kind` of `other_id`, as in records/relations.py."""

    customer_id: int
    other_id: int
    kind: RelationKind
    reasons: tuple[Reason, ...]


def nothing_common(_kind: str, _value: str) -> bool:
    """For two cards alone: every value counts."""
    return False


def compare(one: Traits, other: Traits, frequency: int = 1, common: Common = nothing_common) -> Comparison:
    """Weigh two cards.

    Args:
        frequency: how many cards have a name that sounds like theirs.
        common: which values say nothing.
    """
    likeness = names.compare(one.name, other.name)
    found = [(points, reason) for points, reason in _signs(one, other, common)]
    strong = bool(found) and max(points for points, _reason in found) >= 3
    gap = _near_number(one, other) if likeness in ("same", "sound") else None
    if gap is not None and not any(reason.kind == "phone" for _points, reason in found):
        found.append((4, gap))
    points = sum(each for each, _reason in found) + _name_points(likeness, frequency)
    against = _against(one, other, likeness)
    if likeness in ("same", "sound", "like"):
        found.append((_name_points(likeness, frequency), Reason("name", _name_words(likeness, one, other))))
    elif likeness == "open" and strong:
        found.append((0, Reason("name", _("one of them has no full name"))))
    found.sort(key=lambda each: -each[0])
    return Comparison(
        points - sum(against),
        likeness,
        tuple(reason for _points, reason in found),
        any(a > 1 for a in against),
    )


def link(one: Traits, other: Traits, weighed: Comparison) -> Link | None:
    """Whether two different people live or telephone together, and what they may be to each other.

    They share a number; or an address down to the house and the surname; or one down to the door, and are of two
    generations. Strangers live in one house.
    """
    if weighed.likeness != "different":
        return None
    shared = [reason for reason in weighed.reasons if reason.kind in ("phone", "address")]
    if not shared:
        return None
    apart = _years_apart(one, other)
    related = names.same_surname(one.name, other.name)
    by_phone = any(reason.kind == "phone" for reason in shared)
    parts = len(re.findall(r"\d+", half_width(one.address)))
    by_address = (parts >= 1 and related) or (parts >= 2 and apart >= _APART_YEARS)
    if not by_phone and not by_address:
        return None
    reasons = list(shared)
    if related:
        reasons.append(Reason("surname", _("same surname")))
    if apart >= 1:
        reasons.append(Reason("age", _("{years} years apart").format(years=apart)))
    first, second = sorted((one, other), key=lambda each: each.id)
    if apart >= _APART_YEARS and first.birthday[:4] > second.birthday[:4]:
        first, second = second, first  # the parent first
    return Link(first.id, second.id, _kind(first, second, related, apart), tuple(reasons))


def address_key(region: str, address: str) -> str:
    """An address in the form in which it is compared; '' where there is too little of one."""
    plain = squash(address)
    return squash(region) + plain if len(plain) >= 4 else ""


def sound_key(name: str) -> str:
    """What equals for names that sound alike; '' for what is no full name."""
    read = names.read(name)
    return (
        "" if read.is_open else min(read.sounds[0], read.sounds[-1]) if not read.surname else read.sounds[0]
    )


def code_key(text: str) -> str:
    """A WeChat id, e-mail address or card number in the form in which it is compared."""
    return re.sub(r"\s", "", half_width(text)).casefold()


def _signs(one: Traits, other: Traits, common: Common) -> list[tuple[int, Reason]]:
    """What both have, with its points; called for every pair, so words are made only for what they share."""
    found: list[tuple[int, Reason]] = []
    number = _first_shared(one.phones, other.phones, lambda value: common("phone", value))
    if number:
        found.append((6, Reason("phone", _("same phone {number}").format(number=show_phone(number)))))
    for kind, points, mine, theirs in (
        ("wechat", 10, one.wechat, other.wechat),
        ("card_no", 10, one.card_no, other.card_no),
        ("email", 6, one.email, other.email),
    ):
        code = _same(code_key(mine), code_key(theirs)) if mine and theirs else ""
        # many use their number as WeChat id: that is one sign, not two
        if code and code not in one.phones and not common(kind, code):
            found.append((points, Reason(kind, _(_SAME_CODE[kind]).format(text=mine))))
    imei = _first_shared(one.imeis, other.imeis, lambda value: common("imei", value))
    if imei:
        found.append((5, Reason("imei", _("same IMEI …{tail}").format(tail=imei[-6:]))))
    old_key = _same(one.external_id, other.external_id)
    if old_key and not common("external_id", old_key):
        found.append((3, Reason("external_id", _("same number in the old program"))))
    if one.birthday and other.birthday and one.birthday_lunar == other.birthday_lunar:
        found += _same_birthday(one.birthday, other.birthday)
    return found + _near_signs(one, other, common, bool(imei))


_SAME_CODE = {
    "wechat": N_("same WeChat {text}"),
    "card_no": N_("same card no. {text}"),
    "email": N_("same e-mail {text}"),
}


def _same_birthday(one: str, other: str) -> list[tuple[int, Reason]]:
    """A full birthday counts more than one whose year is open."""
    if one[-5:] != other[-5:] or not (one == other or "--" in (one[:2], other[:2])):
        return []
    full = one == other and not one.startswith("--")
    day = one if full else one[-5:]
    return [(4 if full else 3, Reason("birthday", _("same birthday {day}").format(day=day)))]


def _near_signs(one: Traits, other: Traits, common: Common, same_device: bool) -> list[tuple[int, Reason]]:
    """What neighbours and colleagues share, too."""
    found: list[tuple[int, Reason]] = []
    place = ""
    if one.address and other.address:
        place = _same(address_key(one.region, one.address), address_key(other.region, other.address))
    if place and not common("address", place):
        found.append((3, Reason("address", _("same address"))))
    elif one.region and one.region == other.region:
        found.append((1, Reason("region", _("same district {text}").format(text=one.region))))
    model = "" if same_device else _first_shared(one.models, other.models, lambda _value: False)
    if model:
        found.append((1, Reason("device", _("same device {model}").format(model=model))))
    return found


def _name_points(likeness: NameLikeness, frequency: int) -> int:
    if likeness == "same":
        return 4 if frequency <= _RARE else 3 if frequency <= _COMMON else 2
    if likeness == "sound":
        return 2 if frequency <= _COMMON else 1
    return {"like": 1, "open": 0, "different": -3}[likeness]


def _name_words(likeness: NameLikeness, one: Traits, other: Traits) -> str:
    if likeness == "same":
        return _("same name")
    both = {"first": one.name, "second": other.name}
    if likeness == "sound":
        return _("names sound alike: {first}, {second}").format(**both)
    return _("names look alike: {first}, {second}").format(**both)


def _against(one: Traits, other: Traits, likeness: NameLikeness) -> list[int]:
    """Points of the contradictions; those above 1 forbid more than “possible”."""
    found = []
    if likeness == "different":
        found.append(2)
    same_calendar = one.birthday_lunar == other.birthday_lunar
    if one.birthday and other.birthday and same_calendar and not _birthdays_fit(one.birthday, other.birthday):
        found.append(4)
    if one.gender and other.gender and one.gender != other.gender:
        found.append(4)
    if (one.kind == "person") != (other.kind == "person"):
        found.append(3)
    if one.phones and other.phones and not set(one.phones) & set(other.phones):
        found.append(1)
    if one.wechat and other.wechat and code_key(one.wechat) != code_key(other.wechat):
        found.append(1)
    return found


def _birthdays_fit(one: str, other: str) -> bool:
    """Whether two birthdays may be one day: equal, one without year, a single slip, or day and month exchanged."""
    if one[-5:] == f"{other[-2:]}-{other[-5:-3]}":
        return one[:4] == other[:4] or "--" in (one[:2], other[:2])
    if "--" in (one[:2], other[:2]):
        return one[-5:] == other[-5:]
    return sum(a != b for a, b in zip(one, other, strict=True)) <= 1


def _near_number(one: Traits, other: Traits) -> Reason | None:
    """Two mobile numbers with one digit wrong, or two neighbours exchanged."""
    for first in one.phones:
        for second in other.phones:
            if valid_mobile(first) and valid_mobile(second) and is_slip(first, second):
                words = _("numbers differ by one slip: {first}, {second}")
                return Reason("near_phone", words.format(first=show_phone(first), second=show_phone(second)))
    return None


def is_slip(one: str, other: str) -> bool:
    """Whether two numbers of the same length differ in one digit or in two neighbours exchanged."""
    places = [place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b]
    if len(one) != len(other) or not places or len(places) > 2:
        return False
    if len(places) == 1:
        return True
    first, second = places
    return second == first + 1 and one[first] == other[second] and one[second] == other[first]


def _years_apart(one: Traits, other: Traits) -> int:
    """Between the births; 0 where a year is not known."""
    if not (one.birthday[:4].isdigit() and other.birthday[:4].isdigit()):
        return 0
    return abs(int(one.birthday[:4]) - int(other.birthday[:4]))


def _kind(first: Traits, second: Traits, related: bool, apart: int) -> RelationKind:
    """What they most likely are to each other; a person decides."""
    if first.kind != "person" or second.kind != "person":
        return "colleague"
    if apart >= _APART_YEARS:
        return "parent"
    known = bool(first.birthday[:4].isdigit() and second.birthday[:4].isdigit())
    if related:
        return "sibling" if known else "relative"
    same_gender = bool(first.gender) and first.gender == second.gender
    return "friend" if same_gender else "spouse"


def _same(one: str, other: str) -> str:
    return one if one == other else ""


def _first_shared(one: tuple[str, ...], other: tuple[str, ...], leave: Callable[[str], bool]) -> str:
    return next((value for value in one if value and value in other and not leave(value)), "")
