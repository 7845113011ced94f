"""Queries on tags as the shop's words; putting them on one card is store/customers.py's."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_crm.records.customers import Tag
from desktop_crm.store.customers import LIVE
from desktop_crm.store.rows import Database


@dataclass(frozen=True)
class TagLine:
    """One tag with how many live cards wear it."""

    id: int
    name: str
    group_name: str
    count: int


def listing(db: Database) -> list[TagLine]:
    """All tags by group and name, those without a group last."""
    return db.records(
        TagLine,
        "SELECT t.id, t.name, t.group_name, (SELECT count(*) FROM customer_tags k JOIN customers c "
        f"ON c.id = k.customer_id WHERE k.tag_id = t.id AND {LIVE}) AS count FROM tags t "
        "ORDER BY t.group_name = '', t.group_name, t.name",
    )


def named(db: Database, name: str) -> Tag | None:
    """The tag with this name, or None."""
    return db.record(Tag, "SELECT * FROM tags WHERE name = ?", (name,))


def of_group(db: Database, group: str) -> list[Tag]:
    """The tags of a group, by name."""
    return db.records(Tag, "SELECT * FROM tags WHERE group_name = ? ORDER BY name", (group,))


def worn(db: Database, tag_id: int) -> int:
    """How many cards wear a tag, those in the recycle bin too."""
    return int(db.value("SELECT count(*) FROM customer_tags WHERE tag_id = ?", (tag_id,)))


def give_over(db: Database, tag_id: int, into_id: int) -> None:
    """Cards that wear one tag wear another instead."""
    db.execute(
        "DELETE FROM customer_tags WHERE tag_id = ?1 AND customer_id IN "
        "(SELECT customer_id FROM customer_tags WHERE tag_id = ?2)",
        (tag_id, into_id),
    )
    db.execute("UPDATE customer_tags SET tag_id = ?2 WHERE tag_id = ?1", (tag_id, into_id))


def take_off(db: Database, tag_id: int) -> None:
    """Take a tag off all cards."""
    db.execute("DELETE FROM customer_tags WHERE tag_id = ?", (tag_id,))
