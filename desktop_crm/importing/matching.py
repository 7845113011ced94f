"""Who each staged row is about: somebody in the shop, somebody earlier in the sheet, or somebody new.

Keys, the strongest first: card number, key of the other program, telephone with the name, IMEI with the name, name
with birthday, and for rows that have nothing else the name. A number that belongs to people of different names is no
key by itself. What is then done with the row is verdicts.py's business, the SQL is in store/matching.py.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from desktop_crm.base.i18n import _
from desktop_crm.importing.fields import Kind
from desktop_crm.store import matching as store
from desktop_crm.store.staging import Staging

Decision = str
"""What the person said about a row: "join" (it is the customer that is asked about), "card:12" (it is that one), "new"
(somebody else), "leave" (do not import it) or "" (nothing)."""
_CARD = "card:"


def find_customers(staging: Staging, kind: Kind, decisions: Mapping[int, Decision]) -> None:
    """Note for every usable row its customer in the shop, its fellow rows in the sheet, or why it must wait.

    The shop must be attached (Staging.beside).
    """
    store.begin(staging)
    store.share_numbers(staging)
    store.candidates_by_code(staging)
    store.candidates_by_phone(staging)
    if kind == "customers":
        store.candidates_by_imei(staging)
        store.candidates_by_birthday(staging)
        store.namesakes(staging)
    store.candidates_by_name(staging)
    said = {n: decision for n, decision in decisions.items() if decision}
    store.leave(staging, [n for n, decision in said.items() if decision == "leave"])
    named = _named(staging, said)
    store.set_customers(staging, ((customer, store.PERSON, n) for n, customer in named.items()))
    settled = {*named, *(n for n, decision in said.items() if decision == "leave")}
    _settle(staging, settled, said)
    _settle_doubts(staging, kind, settled, said)
    _ask_about_bin(staging, said)
    _fold(staging, kind, said)


def _named(staging: Staging, said: Mapping[int, Decision]) -> dict[int, int]:
    """n → the card that the person named, as long as it is there."""
    named = {
        n: int(decision.removeprefix(_CARD)) for n, decision in said.items() if decision.startswith(_CARD)
    }
    living = store.living(staging, named.values())
    return {n: customer for n, customer in named.items() if customer in living}


def _settle(staging: Staging, settled: Collection[int], said: Mapping[int, Decision]) -> None:
    """Rows with one strongest candidate are theirs; several wait, unless the cards are twins."""
    sure: list[tuple[int, int, int]] = []
    twins: list[int] = []
    waiting: list[tuple[str, int, int | None, int]] = []
    unclear = store.nameless_shared(staging) - set(settled)
    disputed = store.disputed_cards(staging)
    for n, how, customer_id, count, names in store.found(staging):
        decision = said.get(n, "")
        if n in settled or (decision == "new" and how not in (store.CARD, store.EXTERNAL)):
            continue  # a code belongs to one card only, whatever is said
        by_number = how == store.PHONE
        if n in disputed and decision != "join":
            waiting.append((_of_card(*disputed[n]), how, customer_id, n))
        elif count == 1 and not (by_number and n in unclear and decision != "join"):
            sure.append((customer_id, how, n))
        elif how in (store.PHONE, store.NAME) and names == 1 and n not in unclear:
            sure.append((customer_id, how, n))
            twins.append(n)
        else:
            waiting.append((_several(by_number), how, customer_id if count == 1 else None, n))
    answered = {n for _customer, _how, n in sure} | {n for *_told, n in waiting}
    waiting += [
        (_several(by_number=True), store.PHONE, None, n)
        for n in sorted(unclear - answered)
        if said.get(n) != "new"
    ]
    how_of = {n: how for _customer, how, n in sure}
    store.set_customers(staging, [*sure, *_twins(staging, twins, how_of)])
    store.doubt(staging, waiting)


def _of_card(card_no: str, name: str) -> str:
    text = _("The card number {card_no} belongs to {name}: the same person?")
    return text.format(card_no=card_no, name=name)


def _several(by_number: bool) -> str:
    if by_number:
        return _("Several people have this telephone number; say whose row this is.")
    return _("Several cards in the shop fit this row; say which, or merge them.")


def _twins(staging: Staging, rows: list[int], how: dict[int, int]) -> Iterable[tuple[int, int, int]]:
    """Spread rows that fit several equal cards over these cards in order: the second such row is the second card."""
    taken: Counter[tuple[int, ...]] = Counter()
    for n in rows:
        cards = tuple(store.candidates_of(staging, n, how[n]))
        yield cards[min(taken[cards], len(cards) - 1)], how[n], n
        taken[cards] += 1


def _settle_doubts(
    staging: Staging, kind: Kind, settled: Collection[int], said: Mapping[int, Decision]
) -> None:
    joined: list[tuple[int, int, int]] = []
    waiting: list[tuple[str, int, int | None, int]] = []
    namesakes: list[tuple[str, int, int]] = []
    for n, written, how, customer_id, name, count in store.doubtful(staging):
        decision = said.get(n, "")
        if n in settled:
            continue
        if decision == "join":
            joined.append((customer_id, how, n))
        elif (decision == "new" and how != store.CARD) or (how == store.PHONE and _no_key(staging, n)):
            continue  # a card number is one card's, whatever is said
        elif kind != "customers" and count == 1 and (how == store.NAME or _could_be(written, name)):
            joined.append((customer_id, how, n))
        elif how == store.NAMESAKE:
            told = _("There is a {name} in the shop with another number; this becomes a new card.")
            namesakes.append((told.format(name=name), customer_id, n))
        elif count > 1 and how in (store.CARD, store.EXTERNAL):
            waiting.append((_several(by_number=False), how, None, n))
        else:
            waiting.append((_doubt(how, name), how, customer_id, n))
    store.set_customers(staging, joined)
    store.doubt(staging, waiting)
    store.tell(staging, namesakes)


def _ask_about_bin(staging: Staging, said: Mapping[int, Decision]) -> None:
    """Nobody who was deleted comes back without a word."""
    told = _(
        "The card of {name} lies in the recycle bin: bring it back there first, or say that this is somebody new."
    )
    waiting = {
        n: (told.format(name=name), how, None, n)
        for n, how, name in store.in_bin(staging)
        if said.get(n) != "new"
    }
    store.doubt(staging, waiting.values())


def _no_key(staging: Staging, n: int) -> bool:
    """Whether the row's number is shared by people of different names, so that another name is another person."""
    return store.number_is_shared(staging, n) or store.owners_of_number(staging, n) > 1


_TITLES = r"(?:先生|女士|小姐|太太|夫人|老板|老师|师傅|经理|阿姨|叔叔|大哥|大姐|总|哥|姐)"


def _could_be(written: str, name: str) -> bool:
    """Whether a name as clerks note it on a sale can mean somebody: 张先生 and 张三（老客户） can be 张三."""
    plain = re.sub(r"[(（\[【].*", "", written).strip().lower()
    known = name.strip().lower()
    if plain == known:
        return True
    if titled := re.fullmatch(rf"(.{{1,2}}){_TITLES}", plain):
        return known.startswith(titled[1])
    titled = re.fullmatch(r"(?:mr|mrs|ms|miss)\.?\s+(\S+)", plain)
    return titled is not None and titled[1] in known.split()


def _doubt(how: int, name: str) -> str:
    if how in (store.CARD, store.EXTERNAL):
        text = _(
            "Card number or id belong to {name} in the shop, but name and telephone do not agree: the same person?"
        )
        return text.format(name=name)
    if how == store.PHONE:
        return _("The telephone number belongs to {name} in the shop: the same person?").format(name=name)
    if how == store.BIRTHDAY:
        return _("{name} in the shop has the same birthday, but another number: the same person?").format(
            name=name
        )
    if how == store.IMEI:
        return _("The phone with this IMEI belongs to {name} in the shop: the same person?").format(name=name)
    return _("There is a {name} in the shop, and this row has nothing but the name: the same person?").format(
        name=name
    )


def _fold(staging: Staging, kind: Kind, said: Mapping[int, Decision]) -> None:
    """Give rows that are one person the same leader, by keys within the sheet and by what was found in the shop."""
    customers = kind == "customers"
    parents: dict[int, int] = {}
    keys: dict[str, list[int]] = {}
    for n, first, key in store.fold_pairs(staging, birthdays=customers, imeis=customers):
        _join(parents, n, first)
        keys.setdefault(key, [first]).append(n)
    _part_namesakes(staging, said)
    found: dict[int, int] = dict(store.matched_ids(staging))
    firsts: dict[int, int] = {}
    for n, customer_id in sorted(found.items()):
        _join(parents, n, firsts.setdefault(customer_id, n))
    groups: dict[int, list[int]] = {}
    for n in parents:
        groups.setdefault(_root(parents, n), []).append(n)
    parting = _Parting(found, store.names_and_cards(staging, parents), keys, said)
    for members in groups.values():
        if len(members) > 1:
            parting.part(sorted(members))
    store.set_leaders(staging, parting.leaders)
    store.doubt(staging, parting.waiting)


def _part_namesakes(staging: Staging, said: Mapping[int, Decision]) -> None:
    """Rows that have one name and say different things are several people: of them only one can be a card of the shop."""
    holders: dict[int, str] = {}
    waiting: list[tuple[str, int, int | None, int]] = []
    remarks: list[tuple[str, int]] = []
    for n, key, customer_id, name in store.rivals(staging):
        if customer_id is None:
            told = _("Rows that are called {name} say different things, so this is a card of its own.")
            remarks.append((told.format(name=name), n))
        elif holders.setdefault(customer_id, key) != key and said.get(n) != "join":
            told = _(
                "Several rows that are called {name} say different things, and there is one {name}: which is it?"
            )
            waiting.append((told.format(name=name), store.NAME, customer_id, n))
    store.remark(staging, remarks)
    store.doubt(staging, waiting)


_Part = tuple[str, Any]
"""Whose rows they are: ("found", customer) or ("name", name), ("new", name) where the person said it is nobody known."""


class _Parting:
    """Parts rows that hang together by their keys into people: keys chain, and a chain may lead to another name.

    Attributes:
        leaders: (leader, customer, n) of rows that are one person. waiting: rows that the person has to decide about.
    """

    def __init__(
        self,
        found: Mapping[int, int],
        rows: Mapping[int, tuple[str, str, str]],
        keys: Mapping[str, Sequence[int]],
        said: Mapping[int, Decision],
    ) -> None:
        self._found = found
        self._rows = rows
        self._said = said
        self._sharing = keys
        self._keys: dict[int, list[str]] = {}
        for key, sharing in keys.items():
            for n in sharing:
                self._keys.setdefault(n, []).append(key)
        self.leaders: list[tuple[int, int | None, int]] = []
        self.waiting: list[tuple[str, int, int | None, int]] = []

    def part(self, members: Sequence[int]) -> None:
        """Part one group, given in the sheet's order."""
        parts: dict[_Part, list[int]] = {}
        homes: dict[str, _Part] = {}
        for n in members:
            if n in self._found:
                home: _Part = ("found", self._found[n])
                homes.setdefault(self._rows[n][0], home)
                parts.setdefault(home, []).append(n)
        holders: dict[str, tuple[_Part, str]] = {}
        nameless: list[int] = []
        for n in members:
            key, name, card_no = self._rows[n]
            is_new = self._said.get(n) == "new" and n not in self._found
            if n not in self._found and not key and not is_new:
                nameless.append(n)
                continue
            home = ("found", self._found[n]) if n in self._found else homes.get(key, ("name", key))
            home = ("new", key) if is_new else home
            holder, its_name = holders.setdefault(card_no, (home, name)) if card_no else (home, name)
            if n in self._found:
                continue
            if holder != home and self._said.get(n) != "join":
                self.waiting.append((_of_card(card_no, its_name), store.CARD, None, n))
            else:
                parts.setdefault(holder, []).append(n)
        self._add_nameless(nameless, parts)
        for (what, whom), rows in parts.items():
            if len(rows) > 1:
                self.leaders += [(min(rows), whom if what == "found" else None, n) for n in rows]

    def _add_nameless(self, rows: Sequence[int], parts: dict[_Part, list[int]]) -> None:
        """Rows without a name go with the one person that their strongest key leads to; several people: they wait."""
        home_of = {n: home for home, members in parts.items() for n in members}
        for n in rows:
            homes = next(filter(None, (self._homes(n, sign, home_of) for sign in "cepi")), {("name", str(n))})
            if len(homes) > 1:
                self.waiting.append((_several(by_number=True), store.PHONE, None, n))
            else:
                home_of[n] = next(iter(homes))
                parts.setdefault(home_of[n], []).append(n)

    def _homes(self, n: int, sign: str, home_of: Mapping[int, _Part]) -> set[_Part]:
        """Whom the keys of a row lead to that begin with this sign."""
        keys = [key for key in self._keys.get(n, ()) if key[0] == sign]
        return {home_of[other] for key in keys for other in self._sharing[key] if other in home_of}


def _root(parents: dict[int, int], n: int) -> int:
    root = n
    while parents.get(root, root) != root:
        root = parents[root]
    while parents.get(n, n) != root:
        parents[n], n = root, parents[n]
    return root


def _join(parents: dict[int, int], one: int, other: int) -> None:
    parents.setdefault(one, one)
    parents.setdefault(other, other)
    first, second = sorted((_root(parents, one), _root(parents, other)))
    parents[second] = first
