"""Everybody on one scroll: the rows of a list in any order, under a condition, and which of them are selected.

    listing = Listing.of(shop, clause)
    listing.page(shop, 0, 100, "last_visit", True)

A condition (`Clause`) comes from who.py; one card is customers.py; finding somebody is search.py.
"""

from __future__ import annotations

import json
import threading
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from desktop_crm import birthdays
from desktop_crm.base.i18n import _
from desktop_crm.base.pinyin import sort_key
from desktop_crm.base.values import show_money
from desktop_crm.records.custom_fields import CustomField
from desktop_crm.records.customers import Customer
from desktop_crm.shop import Shop
from desktop_crm.store import customer_list as store
from desktop_crm.store.customer_list import INDEXED, Place
from desktop_crm.store.customer_list import CustomerLine as CustomerLine
from desktop_crm.store.who import Clause as Clause

EVERYBODY: Final = Clause()
TIER_RANKS: Final[Mapping[str, int]] = {
    "high_value": 5,
    "potential": 4,
    "regular": 3,
    "lost": 2,
    "prospect": 1,
    "none": 0,
}
"""How `customer_figures.tier_rank` numbers the tiers; "none": not derived yet."""

_ORDERS_KEPT = 4
_PLACES_KEPT = 400

Tell = Callable[[int, int], None]
"""Told (done, in all) now and then; what it raises stops the work."""


@dataclass(frozen=True)
class Selection:
    """Which rows of a list are meant.

    Attributes:
        ids: these customers, where `all_but` is None.
        all_but: everybody in the list except these; None where `ids` counts.
    """

    ids: frozenset[int] = frozenset()
    all_but: frozenset[int] | None = None

    def count(self, total: int) -> int:
        """How many they are in a list of `total` rows."""
        return len(self.ids) if self.all_but is None else total - len(self.all_but)


def tier_clause(tier: str) -> Clause:
    """The live customers of one tier ("none": without one); '' is everybody."""
    return Clause("f.tier_rank = ?", (TIER_RANKS[tier],)) if tier else EVERYBODY


def count(shop: Shop, clause: Clause = EVERYBODY) -> int:
    """How many live customers the condition names."""
    return store.count(shop.db, clause)


def counts(shop: Shop) -> dict[str, int]:
    """Live customers by tier; "none" without one; tiers that nobody has are left out."""
    found = store.counts(shop.db)
    return {tier: found[rank] for tier, rank in TIER_RANKS.items() if rank in found}


def chosen(shop: Shop, selection: Selection, clause: Clause = EVERYBODY) -> list[int]:
    """The ids of a selection in the list under a condition, ascending; cards that are gone meanwhile are left out."""
    left_out, wanted = selection.all_but, selection.ids
    found = store.all_ids(shop.db, clause)
    return [each for each in found if (each in wanted if left_out is None else each not in left_out)]


def lines(shop: Shop, customer_ids: Sequence[int]) -> list[CustomerLine]:
    """What a list shows of these customers, in the order given; cards that are gone are left out."""
    found = {line.id: line for line in store.lines(shop.db, customer_ids)}
    return [found[each] for each in customer_ids if each in found]


def before_words(line: CustomerLine) -> str:
    """What another program says was spent, in words that tell it from the shop's own sales; '' for nothing."""
    return (
        _("Before {money}").format(money=show_money(line.brought_fen, cents=False))
        if line.brought_fen
        else ""
    )


def page(
    shop: Shop,
    order: str = "last_visit",
    *,
    descending: bool = True,
    clause: Clause = EVERYBODY,
    offset: int = 0,
    limit: int = 200,
) -> list[CustomerLine]:
    """Some rows of a list; who asks for several pages keeps a `Listing`."""
    return Listing.of(shop, clause, order).page(shop, offset, limit, order, descending)


def next_birthday(line: CustomerLine, today: date) -> str:
    """The next solar day of somebody's birthday, 'YYYY-MM-DD'; '' where it is not known."""
    return _next_birthday(line.birthday[-5:], line.birthday_lunar, line.birthday_leap, today)


@lru_cache(maxsize=2_000)
def own_values(stored: str) -> Mapping[str, str]:
    """The stored values in `CustomerLine.own`, by field id as text."""
    values: dict[str, str] = json.loads(stored)
    return values


def order_of_field(field: CustomField) -> str:
    """The order by one of the shop's own fields."""
    return f"{'number' if field.kind == 'number' else 'field'}:{field.id}"


class Listing:
    """Everybody whom a condition names, as rows of a scroll.

    Made anew after each change. May be asked on several threads; each order that no index answers is worked out once.
    """

    def __init__(self, clause: Clause, total: int) -> None:
        self.clause = clause
        self.total = total
        self._lock = threading.Lock()
        self._sequences: dict[str, tuple[array[int], array[int]]] = {}
        self._known: dict[str, int] = {}
        self._places: dict[tuple[str, bool, str], list[Place]] = {}

    @classmethod
    def of(
        cls, shop: Shop, clause: Clause = EVERYBODY, order: str = "last_visit", tell: Tell | None = None
    ) -> Listing:
        """The list under a condition, ready to be paged in one order."""
        made = cls(clause, 0)
        with shop.reading():
            made.prepare(shop, order, tell)
            known = made._sequences.get(order)
            made.total = len(known[0]) + len(known[1]) if known else store.count(shop.db, clause)
        return made

    def prepare(self, shop: Shop, order: str, tell: Tell | None = None) -> None:
        """Work out an order, where no index answers it; slow for a million rows, nothing for one that is ready."""
        if order in INDEXED and not self.clause.sql:
            return
        with self._lock:
            if order not in self._sequences:
                made = store.sequence(shop.db, order, self.clause, _compared_by(order, shop.today()), tell)
                while len(self._sequences) >= _ORDERS_KEPT:
                    del self._sequences[next(iter(self._sequences))]
                self._sequences[order] = made

    def page(
        self, shop: Shop, offset: int, limit: int, order: str = "last_visit", descending: bool = True
    ) -> list[CustomerLine]:
        """The rows from `offset` on; who has nothing to compare comes last in both directions."""
        with shop.reading():
            return lines(shop, self.ids(shop, [(offset, limit)], order, descending))

    def ids(
        self,
        shop: Shop,
        spans: Iterable[tuple[int, int]],
        order: str = "last_visit",
        descending: bool = True,
    ) -> list[int]:
        """The ids of some rows, given as (first row, how many)."""
        self.prepare(shop, order)
        found: list[int] = []
        for offset, limit in spans:
            if order in self._sequences:
                found += _slice(*self._sequences[order], offset, limit, descending)
            else:
                found += self._walked(shop, offset, limit, order, descending)
        return found

    def _walked(self, shop: Shop, offset: int, limit: int, order: str, descending: bool) -> list[int]:
        """As `ids`, by an index. Unknown days sort before all others, so they are last only when descending."""
        if order not in store.WITH_BLANKS or descending:
            return self._part(shop, offset, limit, self.total, "1", order, descending)
        if order not in self._known:
            self._known[order] = self.total - store.blanks(shop.db, order)
        known = self._known[order]
        found = self._part(shop, offset, limit, known, "{key} > ''", order, descending)
        return found + self._part(
            shop,
            max(offset - known, 0),
            limit - len(found),
            self.total - known,
            "{key} = ''",
            order,
            descending,
        )

    def _part(
        self, shop: Shop, offset: int, limit: int, size: int, where: str, order: str, descending: bool
    ) -> list[int]:
        """Rows of one part of an order, walked to from the nearest place that is known."""
        limit = min(limit, size - offset)
        if limit <= 0:
            return []
        places = self._places.setdefault((order, descending, where), [])
        last = offset + limit - 1
        before = max((each for each in places if each.row <= offset), key=lambda each: each.row, default=None)
        behind = min((each for each in places if each.row >= last), key=lambda each: each.row, default=None)
        ahead = offset - (before.row if before else 0)
        back = (behind.row if behind else size - 1) - last
        forward = ahead <= back
        found = store.walk(
            shop.db,
            order,
            where=where,
            start=before if forward else behind,
            skip=ahead if forward else back,
            limit=limit,
            descending=descending == forward,
        )
        if not forward:
            found.reverse()
        if len(found) == limit:
            places += (Place(offset, *found[0]), Place(last, *found[-1]))
            del places[:-_PLACES_KEPT]
        return [customer_id for _key, customer_id in found]


def _slice(known: array[int], bare: array[int], offset: int, limit: int, descending: bool) -> Sequence[int]:
    """Rows of an order that was worked out, those with nothing to compare last."""
    size = len(known)
    first, end = (
        (max(size - offset - limit, 0), max(size - offset, 0)) if descending else (offset, offset + limit)
    )
    top = known[first:end][::-1] if descending else known[first:end]
    start = max(offset - size, 0)
    return top + bare[start : start + limit - len(top)]


def _compared_by(order: str, today: date) -> Callable[[str], str]:
    """What the words of an order are sorted by: names by pinyin, birthdays by the next day one falls on."""
    if order != "birthday":
        return sort_key
    return lambda word: _next_birthday(word[:5], "L" in word, "LL" in word, today)


@lru_cache(maxsize=2_000)
def _next_birthday(day: str, lunar: bool, leap: bool, today: date) -> str:
    if not day:
        return ""
    card = Customer(0, "", "", birthday=f"--{day}", birthday_lunar=lunar, birthday_leap=leap)
    found = birthdays.next_day(card, today)
    return found.isoformat() if found is not None else ""
