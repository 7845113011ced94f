"""Who each staged row is about: somebody in the shop, somebody earlier in the sheet, or somebody new.

Keys, the strongest first: card number, key of the other program, telephone with the name, IMEI with the name, name
with birthday, and for rows that have nothing else the name. A number that belongs to people of different names is no
key by itself. What is then done with the row is verdicts.py's business, the SQL is in store/matching.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from desktop_crm.base.i18n import _
from desktop_crm.importing.fields import Kind
from desktop_crm.store import matching as store
from desktop_crm.store.staging import Staging

Decision = str
"""What the person said about a doubtful row: "join" (it is that customer), "new" (somebody else) or "" (nothing yet)."""


def find_customers(staging: Staging, kind: Kind, decisions: dict[int, Decision]) -> None:
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
    _settle(staging, kind)
    _settle_doubts(staging, kind, decisions)
    _fold(staging, kind)


def _settle(staging: Staging, kind: Kind) -> None:
    """Rows with one strongest candidate are theirs; several of one name wait, unless the cards are twins."""
    sure: list[tuple[int, int, int]] = []
    waiting: list[tuple[str, int]] = []
    found = store.found(staging)
    for n, how, customer_id, count in found:
        if count == 1 or how in (store.PHONE, store.NAME):
            sure.append((customer_id, how, n))
        else:
            waiting.append(
                (_("Several cards in the shop fit this row; merge them or add a telephone number."), n)
            )
    twins = [n for n, how, _customer, count in found if count > 1 and how in (store.PHONE, store.NAME)]
    store.set_customers(staging, [*sure, *_twins(staging, twins, {n: how for _c, how, n in sure})])
    store.doubt(staging, waiting)


def _twins(staging: Staging, rows: list[int], how: dict[int, int]) -> Iterable[tuple[int, int, int]]:
    """Spread rows that fit several equal cards over these cards in order: the second such row is the second card."""
    taken: Counter[tuple[int, ...]] = Counter()
    for n in rows:
        cards = tuple(store.candidates_of(staging, n, how[n]))
        yield cards[min(taken[cards], len(cards) - 1)], how[n], n
        taken[cards] += 1


def _settle_doubts(staging: Staging, kind: Kind, decisions: dict[int, Decision]) -> None:
    joined: list[tuple[int, int, int]] = []
    waiting: list[tuple[str, int]] = []
    namesakes: list[tuple[str, int]] = []
    for n, how, customer_id, name, count in store.doubtful(staging):
        decision = decisions.get(n, "")
        if decision == "join":
            joined.append((customer_id, how, n))
        elif decision == "new" or (how == store.PHONE and _no_key(staging, n)):
            continue
        elif kind != "customers" and count == 1 and how in (store.PHONE, store.NAME):
            joined.append((customer_id, how, n))
        elif how == store.NAMESAKE:
            told = _("There is a {name} in the shop with another number; this becomes a new card.")
            namesakes.append((told.format(name=name), n))
        else:
            waiting.append((_doubt(how, name), n))
    store.set_customers(staging, joined)
    store.doubt(staging, waiting)
    store.tell(staging, namesakes)


def _no_key(staging: Staging, n: int) -> bool:
    """Whether the row's number is shared by people of different names, so that another name is another person."""
    return store.number_is_shared(staging, n) or store.owners_of_number(staging, n) > 1


def _doubt(how: int, name: str) -> str:
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


def _fold(staging: Staging, kind: Kind) -> None:
    """Give rows that are one person the same leader, by keys within the sheet and by what was found in the shop."""
    customers = kind == "customers"
    parents: dict[int, int] = {}
    for n, first in store.fold_pairs(staging, birthdays=customers, imeis=customers):
        _join(parents, n, first)
    found: dict[int, int] = dict(store.matched_ids(staging))
    firsts: dict[int, int] = {}
    for n, customer_id in sorted(found.items()):
        _join(parents, n, firsts.setdefault(customer_id, n))
    groups: dict[int, list[int]] = {}
    for n in parents:
        groups.setdefault(_root(parents, n), []).append(n)
    pairs: list[tuple[int, int | None, int]] = []
    for members in groups.values():
        known = {found[n] for n in members if n in found}
        if len(known) <= 1 and len(members) > 1:
            leader, customer = min(members), next(iter(known), None)
            pairs += [(leader, customer, n) for n in members]
        elif len(members) > 1:
            pairs += _apart(members, found, firsts)
    store.set_leaders(staging, pairs)


def _apart(
    members: list[int], found: dict[int, int], firsts: dict[int, int]
) -> Iterable[tuple[int, int | None, int]]:
    """A group in which the shop knows several people: each row stays with its own, the others with the first."""
    first = min(n for n in members if n in found)
    for n in members:
        customer = found.get(n, found[first])
        yield firsts[customer], customer, n


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
