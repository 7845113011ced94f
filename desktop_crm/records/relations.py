"""Who belongs to whom: links between two customers' cards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

RelationKind = Literal["spouse", "parent", "sibling", "relative", "friend", "colleague", "pays_for"]


@dataclass(frozen=True)
class Relation:
    """One link, stored once and shown on both cards.

    Attributes:
        id: key.
        customer_id: who is the `kind` of the other ("parent": customer_id is the parent of other_id;
            "pays_for": customer_id pays for other_id; the rest hold both ways).
        other_id: the other. note: in words, ''. created_at: instant of recording.
    """

    TABLE: ClassVar[str] = "relations"

    id: int
    customer_id: int
    other_id: int
    kind: RelationKind
    created_at: str
    note: str = ""
