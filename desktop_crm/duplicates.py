"""Who is there twice, and who is one family: over the whole shop, and while a card is being typed.

Cards are only compared where they share a sign (a number, a code, a name together with something near): one ordered
pass for each kind of sign, never everybody with everybody. A value on very many cards, such as the shop's own number,
is no sign and is reported as a finding. How two cards are weighed is in duplicate_rules.py, making one of them is
merge.py.

Groups: pairs are taken the surest first, and a card joins a group only if nothing speaks against it and *any* card of
that group (two names, two birthdays, two genders, or somebody said they are two people). So a card known only as
“王先生” joins 王建国 or 王芳 but never makes one person of both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Protocol

from desktop_crm import search
from desktop_crm.base import names
from desktop_crm.base.i18n import _
from desktop_crm.base.values import normal_phone, valid_phone
from desktop_crm.customer_drafts import CustomerDraft
from desktop_crm.customers import add_within, checked, live
from desktop_crm.duplicate_rules import CONFIDENCES as CONFIDENCES
from desktop_crm.duplicate_rules import (
    Confidence,
    Link,
    compare,
)
from desktop_crm.duplicate_rules import Reason as Reason
from desktop_crm.duplicate_search import MOST, ORDER, Search, groups, weakest
from desktop_crm.duplicate_search import Pair as Pair
from desktop_crm.duplicate_search import Shared as Shared
from desktop_crm.records.duplicates import DistinctPair
from desktop_crm.shop import Shop
from desktop_crm.store import duplicates as store
from desktop_crm.store.duplicates import Outline as Outline
from desktop_crm.store.duplicates import Traits


class Progress(Protocol):
    """What is told of a long task, and how it is stopped."""

    def report(self, done: int, total: int, text: str = "") -> None:
        """Say how far it is; raises Cancelled when it is to stop."""
        ...


@dataclass(frozen=True)
class Likeness:
    """Somebody who may be the one whose card is being typed.

    Attributes:
        strong: they share a number, IMEI, WeChat id or card number, and not only a name. points: how alike they are.
    """

    customer_id: int
    name: str
    phones: tuple[str, ...]
    reasons: tuple[Reason, ...]
    confidence: Confidence
    strong: bool
    points: int

    def words(self) -> str:
        """The reasons in one line."""
        return _(", ").join(reason.words for reason in self.reasons)


@dataclass(frozen=True)
class Group:
    """Cards that are probably one person.

    Attributes:
        cards: ascending by id. pairs: those that hold the group together, the surest first.
        confidence: of the weakest of these.
    """

    cards: tuple[Outline, ...]
    pairs: tuple[Pair, ...]
    confidence: Confidence

    @property
    def ids(self) -> tuple[int, ...]:
        """The ids of the cards."""
        return tuple(card.id for card in self.cards)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why, each sign once."""
        return tuple(dict.fromkeys(reason for pair in self.pairs for reason in pair.reasons))


@dataclass(frozen=True)
class Family:
    """Two people who are probably one family, with what they may be to each other."""

    customer: Outline
    other: Outline
    link: Link


@dataclass(frozen=True)
class Findings:
    """What a search over the whole shop found.

    Attributes:
        groups: the surest first, then by id. families: by ids. shared: the most frequent first.
        cards: how many were looked at.
    """

    groups: tuple[Group, ...] = ()
    families: tuple[Family, ...] = ()
    shared: tuple[Shared, ...] = ()
    cards: int = 0


# -------------------------------------------------------------------- while typing


def similar(
    shop: Shop,
    draft: CustomerDraft,
    *,
    imeis: Iterable[str] = (),
    own_id: int = 0,
    limit: int = 5,
) -> list[Likeness]:
    """Who may be the person whose card is being typed, the surest first; a draft may be half typed.

    Args:
        imeis: IMEIs or serials of devices, in stored form.
        own_id: the card itself, where it is stored already.
    """
    typed = _typed(draft, tuple(imeis), own_id)
    with shop.reading() as db:
        ids = dict.fromkeys(store.holders(db, typed, MOST))
        if not names.read(typed.name).is_open:
            ids.update(dict.fromkeys(_sounding(shop, typed.name)))
        left_out = store.settled_with(db, own_id) | {own_id}
        known = store.traits(db, [each for each in ids if each not in left_out])
    found = [like for other in known.values() if (like := _likeness(typed, other, len(known))) is not None]
    found.sort(key=lambda like: (not like.strong, -like.points, -like.customer_id))
    return found[:limit]


def add_apart(shop: Shop, draft: CustomerDraft, others: Sequence[int]) -> int:
    """Make a card and remember that those who look like it are other people, as one step; returns its id.

    Raises:
        what `customers.add` raises
    """
    clean = checked(draft)
    with shop.change(
        _("Add customer {name}").format(name=clean.name),
        {"customers", "tiers"},
        action="duplicates.add_apart",
    ):
        customer_id = add_within(shop, clean)
        keep_apart_within(shop, [(customer_id, other) for other in others])
    return customer_id


def keep_apart(shop: Shop, customer_ids: Sequence[int]) -> None:
    """Remember that these cards are different people: no two of them are proposed again.

    Raises:
        CustomerMissing
    """
    keep_pairs_apart(shop, list(combinations(dict.fromkeys(customer_ids), 2)))


def keep_pairs_apart(shop: Shop, pairs: Sequence[tuple[int, int]]) -> None:
    """As `keep_apart`, for these pairs only.

    Raises:
        CustomerMissing
    """
    people = {each: live(shop, each).name for pair in pairs for each in pair}
    if not pairs:
        return
    first, second = pairs[0]
    label = _("Keep {first} and {second} as two people").format(first=people[first], second=people[second])
    with shop.change(label, {"customers", "relations"}, action="duplicates.keep_pairs_apart"):
        keep_apart_within(shop, pairs)


def keep_apart_within(shop: Shop, pairs: Iterable[tuple[int, int]]) -> None:
    """As `keep_apart` for pairs of cards, inside an open change."""
    for one, other in pairs:
        first, second = sorted((one, other))
        if first != second and second not in store.settled_with(shop.db, first):
            shop.db.insert(DistinctPair(0, first, second, shop.stamp(), shop.staff_id or None))


def _typed(draft: CustomerDraft, imeis: tuple[str, ...], own_id: int) -> Traits:
    numbers = tuple(number for each in draft.phones if valid_phone(number := normal_phone(each.number)))
    return Traits(
        own_id,
        draft.name.strip(),
        draft.kind,
        draft.gender,
        draft.birthday,
        draft.birthday_lunar,
        draft.region,
        draft.address,
        draft.wechat.strip(),
        draft.email.strip(),
        draft.card_no.strip(),
        draft.external_id,
        phones=numbers,
        imeis=tuple(imei for imei in imeis if imei),
    )


def _sounding(shop: Shop, name: str) -> list[int]:
    """Cards whose names sound like this one, the best first."""
    sound = names.read(name).sounds[0]
    return [hit.customer_id for hit in search.find(shop, sound, MOST).hits] if len(sound) >= 4 else []


def _likeness(typed: Traits, other: Traits, frequency: int) -> Likeness | None:
    found = compare(typed, other, frequency)
    strong = any(reason.kind in ("phone", "imei", "wechat", "card_no", "email") for reason in found.reasons)
    confidence = found.confidence or ("possible" if strong else None)
    if confidence is None or not other.name:
        return None
    return Likeness(other.id, other.name, other.phones, found.reasons, confidence, strong, found.points)


# -------------------------------------------------------------------- over the whole shop


def find(shop: Shop, progress: Progress | None = None) -> Findings:
    """Look for cards that are probably one person, and people who are probably one family, in the whole shop.

    The same shop gives the same answer. Cards about which somebody decided, and linked ones, are left out.
    """
    tell = progress.report if progress is not None else _say_nothing
    with shop.reading() as db:
        work = Search(list(store.settled(db)))
        tell(0, 10, _("Reading the names…"))
        work.read_people(store.people(db))
        for place, key in enumerate(store.KEYS):
            tell(1 + place, 10, _("Comparing numbers and codes…"))
            for value, ids in store.blocks(db, key):
                work.add_block("imei" if key == "serial" else key, value, ids)
        work.add_slips(store.mobiles(db))
        tell(8, 10, _("Comparing names…"))
        work.add_names()
        tell(9, 10, _("Weighing…"))
        pairs, links = work.weigh(store.traits(db, work.candidates()))
        joined = groups(pairs, work)
        wanted = {each for group in joined for each in group[0]}
        wanted |= {each for found in links for each in (found.customer_id, found.other_id)}
        outlines = store.outlines(db, wanted)
    tell(10, 10)
    made = [Group(tuple(outlines[each] for each in ids), tuple(held), weakest(held)) for ids, held in joined]
    made.sort(key=lambda group: (ORDER[group.confidence], -group.pairs[-1].points, group.ids))
    families = tuple(Family(outlines[each.customer_id], outlines[each.other_id], each) for each in links)
    return Findings(tuple(made), families, work.shared(), len(work.ids))


def _say_nothing(_done: int, _total: int, _text: str = "") -> None:
    """Where nobody wants to know."""
