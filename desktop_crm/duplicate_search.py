"""The search behind duplicates.find: which pairs of cards are looked at in a whole shop, and which form a group.

What was read of everybody stays in memory as numbers and shared words; a pair is one number. How two cards are weighed
is in duplicate_rules.py.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from desktop_crm.base import names
from desktop_crm.duplicate_rules import Confidence, Link, Reason, address_key, compare, link, sound_key
from desktop_crm.store.duplicates import Traits

MOST = 30
"""What is on more cards than this says nothing of who they are."""
_MOST_NAMES = 8
"""So does what is on cards of more different names than this."""
_MOST_NAMESAKES = 3
"""A district alone makes two cards worth a look only where no more cards have a name that sounds like theirs."""

ORDER: dict[Confidence, int] = {"sure": 0, "probable": 1, "possible": 2}


@dataclass(frozen=True)
class Pair:
    """Two cards that are probably one person; `first_id` < `second_id`."""

    first_id: int
    second_id: int
    points: int
    confidence: Confidence
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Shared:
    """A value on so many cards that it says nothing of who they are; `kind` "phone", "address", …"""

    kind: str
    value: str
    cards: int


@dataclass
class Search:
    """One search: what was read of everybody, and the pairs worth a look, each as one number."""

    settled_pairs: list[tuple[int, int]]
    ids: array[int] = field(default_factory=lambda: array("q"))
    sounds: array[int] = field(default_factory=lambda: array("q"))
    numbers: dict[str, int] = field(default_factory=dict)
    frequency: array[int] = field(default_factory=lambda: array("q"))
    beginnings: list[str] = field(default_factory=list)
    days: list[str] = field(default_factory=list)
    regions: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    pairs: set[int] = field(default_factory=set)
    common: dict[tuple[str, str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.settled = {_as_number(first, second) for first, second in self.settled_pairs}
        self.sound_of: dict[int, int] = {}

    def read_people(self, rows: Iterable[tuple[int, str, str, str, str]]) -> None:
        """Read everybody: how names sound, and what is near."""
        words: dict[str, str] = {}
        for customer_id, name, birthday, region, address in rows:
            key = sound_key(name)
            sound = self.numbers.setdefault(key, len(self.numbers)) if key else -1
            if sound == len(self.frequency):
                self.frequency.append(0)
                self.beginnings.append(names.southern(key)[:2])
            if sound >= 0:
                self.frequency[sound] += 1
            self.sound_of[customer_id] = sound
            self.ids.append(customer_id)
            self.sounds.append(sound)
            self.days.append(words.setdefault(birthday, birthday))
            self.regions.append(words.setdefault(region, region))
            self.places.append(address_key(region, address) if address else "")

    def add_block(self, kind: str, value: str, ids: Sequence[int]) -> None:
        """Cards that share a value: every two of them are worth a look, unless too many people have it."""
        names_there = {self.sound_of.get(each, -1) for each in ids}
        if len(ids) > MOST or len(names_there) > _MOST_NAMES:
            self.common[kind, value] = len(ids)
            return
        self._add_pairs(ids)

    def add_slips(self, rows: Iterable[tuple[int, str]]) -> None:
        """Cards whose names sound alike and whose numbers begin or end alike."""
        blocks: dict[tuple[int, str], list[int]] = {}
        for customer_id, number in rows:
            sound = self.sound_of[customer_id]
            if sound >= 0 and self.frequency[sound] > 1:
                for part in (number[:6], "-" + number[6:]):
                    blocks.setdefault((sound, part), []).append(customer_id)
        self._add_small(blocks.values())

    def add_names(self) -> None:
        """Cards whose names sound alike with something near, those of one address, and those born on one day whose names
        begin alike."""
        near: dict[tuple[object, ...], list[int]] = {}
        households: dict[str, list[int]] = {}
        born: dict[tuple[str, str], list[int]] = {}
        for place, customer_id in enumerate(self.ids):
            sound, day, region, address = (
                self.sounds[place],
                self.days[place],
                self.regions[place],
                self.places[place],
            )
            if address:
                households.setdefault(address, []).append(customer_id)
            if day and not day.startswith("--") and sound >= 0:
                born.setdefault((day, self.beginnings[sound]), []).append(customer_id)
            if sound < 0 or self.frequency[sound] < 2:
                continue
            if day:
                near.setdefault((sound, day[-5:]), []).append(customer_id)
            if self.frequency[sound] <= _MOST_NAMESAKES:
                near.setdefault((sound, region, 0), []).append(customer_id)
        for address, ids in households.items():
            if len(ids) > 1:
                self.add_block("address", address, ids)
        self._add_small(near.values())
        self._add_small(born.values())

    def candidates(self) -> set[int]:
        """Every card that is in a pair."""
        self.pairs -= self.settled
        return {each for pair in self.pairs for each in _as_pair(pair)}

    def weigh(self, traits: dict[int, Traits]) -> tuple[list[Pair], list[Link]]:
        """The pairs that are probably one person, the surest first, and those that are probably one family."""
        found: list[Pair] = []
        links: list[Link] = []
        for number in sorted(self.pairs):
            one, other = (traits[each] for each in _as_pair(number))
            weighed = compare(one, other, self._frequency_of(one), self.is_common)
            if weighed.confidence is not None:
                found.append(Pair(one.id, other.id, weighed.points, weighed.confidence, weighed.reasons))
            elif linked := link(one, other, weighed):
                links.append(linked)
        self.traits = traits
        found.sort(key=lambda pair: (ORDER[pair.confidence], -pair.points, pair.first_id, pair.second_id))
        links.sort(
            key=lambda each: (min(each.customer_id, each.other_id), max(each.customer_id, each.other_id))
        )
        return found, links

    def fit(self, one: int, other: int) -> bool:
        """Whether nothing speaks against two cards being one person."""
        if _as_number(one, other) in self.settled:
            return False
        return not compare(self.traits[one], self.traits[other], 1, self.is_common).contradictory

    def is_common(self, kind: str, value: str) -> bool:
        """Whether a value is on too many cards."""
        return (kind, value) in self.common

    def shared(self) -> tuple[Shared, ...]:
        """The values that are on too many cards, the most frequent first."""
        found = [Shared(kind, value, cards) for (kind, value), cards in self.common.items()]
        return tuple(sorted(found, key=lambda each: (-each.cards, each.kind, each.value)))

    def _frequency_of(self, one: Traits) -> int:
        sound = self.sound_of[one.id]
        return self.frequency[sound] if sound >= 0 else 1

    def _add_small(self, blocks: Iterable[list[int]]) -> None:
        for ids in blocks:
            if 1 < len(ids) <= MOST:
                self._add_pairs(ids)

    def _add_pairs(self, ids: Sequence[int]) -> None:
        self.pairs.update(_as_number(one, other) for one, other in combinations(ids, 2) if one != other)


def groups(pairs: Sequence[Pair], work: Search) -> list[tuple[tuple[int, ...], list[Pair]]]:
    """Cards joined by their pairs, the surest first; two groups join only where every card fits every other.

    A pair that itself contradicts (one WeChat id, two names) stays a group of two.
    """
    group_of: dict[int, list[int]] = {}
    held: dict[int, list[Pair]] = {}
    for pair in pairs:
        one = group_of.get(pair.first_id, [pair.first_id])
        other = group_of.get(pair.second_id, [pair.second_id])
        if one is other or not (
            (len(one) == len(other) == 1) or all(work.fit(a, b) for a in one for b in other)
        ):
            continue
        joined = sorted((*one, *other))
        reasons = [*held.pop(one[0], ()), *held.pop(other[0], ()), pair]
        held[joined[0]] = sorted(reasons, key=lambda each: (ORDER[each.confidence], -each.points))
        for each in joined:
            group_of[each] = joined
    return [(tuple(group_of[first]), found) for first, found in sorted(held.items())]


def weakest(pairs: Sequence[Pair]) -> Confidence:
    return max((pair.confidence for pair in pairs), key=lambda level: ORDER[level])


def _as_number(one: int, other: int) -> int:
    return (one << 32) | other if one < other else (other << 32) | one


def _as_pair(number: int) -> tuple[int, int]:
    return number >> 32, number & 0xFFFFFFFF
