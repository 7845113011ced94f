"""Who belongs to whom: families, friends, colleagues, who pays for whom; stored once, told from either side.

Numbers that several people share are customer_phones.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from desktop_crm import customers
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import N_, _
from desktop_crm.base.values import clean_text
from desktop_crm.records.customers import Customer
from desktop_crm.records.relations import Relation, RelationKind
from desktop_crm.shop import Shop
from desktop_crm.store import relations as store

Side = Literal[
    "spouse", "parent", "child", "sibling", "relative", "friend", "colleague", "pays_for", "paid_by"
]
"""What somebody is to somebody: as `records.relations.RelationKind`, with the other sides of two of them."""

KINDS: dict[Side, str] = {
    "spouse": N_("Spouse"),
    "parent": N_("Parent"),
    "child": N_("Child"),
    "sibling": N_("Brother or sister"),
    "relative": N_("Relative"),
    "friend": N_("Friend"),
    "colleague": N_("Colleague"),
    "pays_for": N_("Pays for them"),
    "paid_by": N_("They pay for"),
}
"""Every side with its name, the most frequent first; the other is … of the customer whose card it is."""

FAMILY: frozenset[Side] = frozenset({"spouse", "parent", "child", "sibling", "relative"})
"""The sides that make a family."""

_OTHER_SIDE: dict[Side, Side] = {
    "parent": "child",
    "child": "parent",
    "pays_for": "paid_by",
    "paid_by": "pays_for",
}
_GENDERED: dict[tuple[Side, str], str] = {
    ("spouse", "female"): N_("Wife"),
    ("spouse", "male"): N_("Husband"),
    ("parent", "female"): N_("Mother"),
    ("parent", "male"): N_("Father"),
    ("child", "female"): N_("Daughter"),
    ("child", "male"): N_("Son"),
    ("sibling", "female"): N_("Sister"),
    ("sibling", "male"): N_("Brother"),
}


class RelationToSelf(CrmError):
    """A card is to be linked with itself."""


class RelationKnown(CrmError):
    """The two cards are linked like this already."""


class RelationMissing(CrmError):
    """There is no such link any more."""


@dataclass(frozen=True)
class Related:
    """Somebody who belongs to a customer.

    Attributes:
        relation: the stored link. other: the other's card. phone: the other's primary number, ''. tier: ''.
        side: what the other is to this customer. words: the same in words, e.g. "Wife".
    """

    relation: Relation
    other: Customer
    phone: str
    tier: str
    side: Side
    words: str


def words(side: Side, gender: str = "") -> str:
    """What somebody of this gender is called on that side."""
    return _(_GENDERED.get((side, gender), KINDS[side]))


def other_side(side: Side) -> Side:
    """What this customer is to somebody who is `side` to them."""
    return _OTHER_SIDE.get(side, side)


def of_customer(shop: Shop, customer_id: int) -> list[Related]:
    """Who belongs to a customer, family first, in the order of KINDS; deleted cards are left out."""
    with shop.reading() as db:
        links = store.of_customer(db, customer_id)
        ids = {_other(link, customer_id) for link in links}
        people = store.people(db, ids) if ids else {}
    found = []
    for link in links:
        seen = people.get(_other(link, customer_id))
        if seen is not None:
            side: Side = link.kind if link.other_id == customer_id else other_side(link.kind)
            found.append(Related(link, *seen, side, words(side, seen[0].gender)))
    order = list(KINDS)
    return sorted(found, key=lambda each: (order.index(each.side), each.relation.id))


def add(shop: Shop, customer_id: int, other_id: int, kind: Side, note: str = "") -> int:
    """Link two cards and return the link's id: `customer_id` is the `kind` of `other_id`.

    Example: add(shop, li_fang, xiao_yu, "parent") makes 李芳 the parent of 小宇, and 小宇 the child of 李芳.

    Raises:
        CustomerMissing, RelationToSelf, RelationKnown: nothing was linked.
    """
    one, other = customers.live(shop, customer_id), customers.live(shop, other_id)
    label = _("Link {name} with {other}: {words}").format(
        name=other.name, other=one.name, words=words(kind, one.gender)
    )
    with shop.change(label, {"relations"}, action="relations.add"):
        return add_within(shop, customer_id, other_id, kind, note)


def add_within(shop: Shop, customer_id: int, other_id: int, kind: Side, note: str = "") -> int:
    """As `add`, inside an open change."""
    one, other = customers.live(shop, customer_id), customers.live(shop, other_id)
    if customer_id == other_id:
        raise RelationToSelf(_("This is the same card. Nothing was linked; choose another customer."))
    if kind in ("child", "paid_by"):
        one, other, kind = other, one, other_side(kind)
    stored: RelationKind = kind  # type: ignore[assignment]  # the two other sides were turned round just now
    if any(link.kind == stored for link in store.between(shop.db, one.id, other.id)):
        raise RelationKnown(
            _("{name} and {other} are linked like this already. Nothing was changed.").format(
                name=one.name, other=other.name
            )
        )
    return shop.db.insert(Relation(0, one.id, other.id, stored, shop.stamp(), clean_text(note)))


def remove(shop: Shop, relation_id: int) -> None:
    """Take a link away; both cards stay.

    Raises:
        RelationMissing
    """
    link = shop.db.get(Relation, relation_id)
    if link is None:
        raise RelationMissing(_("This link is not there any more. Nothing was changed."))
    one, other = customers.get(shop, link.customer_id), customers.get(shop, link.other_id)
    label = _("Remove the link between {name} and {other}").format(name=one.name, other=other.name)
    with shop.change(label, {"relations"}, action="relations.remove"):
        shop.db.delete(Relation, relation_id)


def _other(link: Relation, customer_id: int) -> int:
    return link.other_id if link.customer_id == customer_id else link.customer_id
