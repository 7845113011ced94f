"""One change on very many cards: which of them it would change, what they say now, and writing it, each as one statement.

Which changes there are and what they are called is in bulk.py. Cards are named by a JSON list of ids; those that are
not live are left out everywhere.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from desktop_crm.records.customers import Tag
from desktop_crm.store.rows import Database

Column = Literal[
    "kind", "gender", "region", "occupation", "source", "language", "owner_staff_id", "verified_day"
]

_MEANT = "(SELECT value FROM json_each(:ids))"
_LIVE = f"(SELECT f.id FROM customer_figures f WHERE f.id IN {_MEANT})"
_NAMED = "(SELECT t.id FROM tags t WHERE t.name IN (SELECT value FROM json_each(:names)))"


@dataclass(frozen=True)
class Difference:
    """What a change would mean for one card c (customers).

    Attributes:
        changes: SQL, whether it changes the card. refuses: SQL, whether the card does not take it.
        old: SQL, what the card says now. params: named ones of all three.
    """

    changes: str
    old: str
    params: dict[str, Any]  # whatever SQLite can bind
    refuses: str = "0"


@dataclass(frozen=True)
class Tally:
    """How many of the named cards are live, would change, and do not take the change."""

    live: int
    changes: int
    refused: int


@dataclass(frozen=True)
class OldValue:
    """What one card that would change says now."""

    id: int
    name: str
    old: str


def of_tags(names: Sequence[str], *, on: bool) -> Difference:
    """Wearing all of these tags, or none of them."""
    worn = f"(SELECT count(*) FROM customer_tags k WHERE k.customer_id = c.id AND k.tag_id IN {_NAMED})"
    old = (
        "coalesce((SELECT group_concat(name, char(10)) FROM (SELECT t.name FROM customer_tags k JOIN tags t "
        "ON t.id = k.tag_id WHERE k.customer_id = c.id ORDER BY t.name)), '')"
    )
    params = {"names": json.dumps(list(names), ensure_ascii=False)}
    return Difference(f"{worn} < {len(names)}" if on else f"{worn} > 0", old, params)


def of_column(column: Column, value: str | int | None) -> Difference:
    """A column of the card having this value."""
    return Difference(f"c.{column} IS NOT :value", f"coalesce(c.{column}, '')", {"value": value})


def of_own_field(field_id: int, value: str) -> Difference:
    """A field of the shop's own having this value, '' for none."""
    old = "coalesce((SELECT v.value FROM custom_values v WHERE v.customer_id = c.id AND v.field_id = :field), '')"
    return Difference(f"{old} IS NOT :value", old, {"field": field_id, "value": value})


def of_consent(channel: str, answer: str) -> Difference:
    """The answer in general ('') or of one channel being this one; '' is not asked."""
    old = (
        "coalesce((SELECT o.answer FROM consents o WHERE o.customer_id = c.id AND o.channel = :channel), '')"
        if channel
        else "c.consent"
    )
    return Difference(f"{old} IS NOT :answer", old, {"channel": channel, "answer": answer})


def of_do_not_contact(wanted: bool) -> Difference:
    """Having asked not to be contacted, or not."""
    return Difference("c.do_not_contact <> :wanted", "c.do_not_contact", {"wanted": int(wanted)})


def of_followup(day: str, reason: str) -> Difference:
    """Having this follow-up planned; who does not want to be contacted gets none."""
    there = (
        "EXISTS (SELECT 1 FROM followups w WHERE w.customer_id = c.id AND w.state = 'open' AND w.due_day = :day "
        "AND w.reason = :reason)"
    )
    old = "coalesce((SELECT min(w.due_day) FROM followups w WHERE w.customer_id = c.id AND w.state = 'open'), '')"
    return Difference(
        f"c.do_not_contact = 0 AND NOT {there}", old, {"day": day, "reason": reason}, "c.do_not_contact = 1"
    )


def of_deletion() -> Difference:
    """Being in the recycle bin."""
    return Difference("1", "''", {})


def tally(db: Database, ids: str, found: Difference) -> Tally:
    """Count the cards of a JSON list of ids."""
    live, changes, refused = db.rows(
        f"SELECT count(*), coalesce(sum({found.changes}), 0), coalesce(sum({found.refuses}), 0) FROM customers c "
        f"WHERE c.id IN {_LIVE}",
        {"ids": ids, **found.params},
    )[0]
    return Tally(live, changes, refused)


def samples(db: Database, ids: str, found: Difference, limit: int) -> list[OldValue]:
    """The first cards that would change, with what they say now."""
    return db.records(
        OldValue,
        f"SELECT c.id, c.name, CAST({found.old} AS TEXT) AS old FROM customers c WHERE c.id IN {_LIVE} AND {found.changes} "
        "ORDER BY c.id LIMIT :limit",
        {"ids": ids, "limit": limit, **found.params},
    )


def live(db: Database, ids: str) -> list[int]:
    """Those of the cards that are in use."""
    return [row_id for (row_id,) in db.rows(f"SELECT id FROM {_LIVE} ORDER BY id", {"ids": ids})]


# ---------------------------------------------------------------- writing, inside a change


def add_tags(db: Database, ids: str, names: Sequence[str]) -> None:
    """Tag the cards; unknown tags are made."""
    for name in names:
        if db.value("SELECT 1 FROM tags WHERE name = ?", (name,)) is None:
            db.insert(Tag(0, name))
        db.execute(
            "INSERT INTO customer_tags (customer_id, tag_id) SELECT f.id, t.id FROM customer_figures f JOIN tags t "
            f"ON t.name = :name WHERE f.id IN {_MEANT} AND NOT EXISTS (SELECT 1 FROM customer_tags k "
            "WHERE k.customer_id = f.id AND k.tag_id = t.id) ORDER BY f.id",
            {"ids": ids, "name": name},
        )


def remove_tags(db: Database, ids: str, names: Sequence[str]) -> None:
    """Take tags off the cards."""
    db.execute(
        f"DELETE FROM customer_tags WHERE tag_id IN {_NAMED} AND customer_id IN {_LIVE}",
        {"ids": ids, "names": json.dumps(list(names), ensure_ascii=False)},
    )


def set_column(db: Database, ids: str, column: Column, value: str | int | None) -> None:
    """Write one value into a column of the cards."""
    db.execute(
        f"UPDATE customers SET {column} = :value WHERE id IN {_LIVE} AND {column} IS NOT :value",
        {"ids": ids, "value": value},
    )


def set_consent(db: Database, ids: str, answer: str, day: str, wording: str) -> None:
    """Write the answer in general; '' takes day and wording away too."""
    db.execute(
        "UPDATE customers SET consent = :answer, consent_day = CASE :answer WHEN '' THEN NULL ELSE :day END, "
        f"consent_wording = CASE :answer WHEN '' THEN '' ELSE :wording END WHERE id IN {_LIVE} AND consent <> :answer",
        {"ids": ids, "answer": answer, "day": day, "wording": wording},
    )


def set_channel(
    db: Database, ids: str, channel: str, answer: str, day: str, wording: str, staff_id: int | None
) -> None:
    """Write the answer for one channel; '' takes it away."""
    where = {"ids": ids, "channel": channel, "answer": answer}
    if not answer:
        db.execute(f"DELETE FROM consents WHERE channel = :channel AND customer_id IN {_LIVE}", where)
        return
    values = where | {"day": day, "wording": wording, "staff": staff_id}
    db.execute(
        "UPDATE consents SET answer = :answer, day = :day, wording = :wording, staff_id = :staff "
        f"WHERE channel = :channel AND answer <> :answer AND customer_id IN {_LIVE}",
        values,
    )
    db.execute(
        "INSERT INTO consents (customer_id, channel, answer, day, wording, staff_id) SELECT f.id, :channel, :answer, :day, "
        f":wording, :staff FROM customer_figures f WHERE f.id IN {_MEANT} AND NOT EXISTS (SELECT 1 FROM consents o "
        "WHERE o.customer_id = f.id AND o.channel = :channel) ORDER BY f.id",
        values,
    )


def set_do_not_contact(db: Database, ids: str, wanted: bool) -> None:
    """Note that they asked not to be contacted, or take that back."""
    db.execute(
        f"UPDATE customers SET do_not_contact = :wanted WHERE id IN {_LIVE} AND do_not_contact <> :wanted",
        {"ids": ids, "wanted": int(wanted)},
    )


def cancel_followups(db: Database, ids: str, reason: str, stamp: str, day: str, staff_id: int | None) -> None:
    """Cancel what is planned for the cards."""
    db.execute(
        "UPDATE followups SET state = 'cancelled', cancel_reason = :reason, done_at = :stamp, done_day = :day, "
        f"done_by = :staff WHERE state = 'open' AND customer_id IN {_LIVE}",
        {"ids": ids, "reason": reason, "stamp": stamp, "day": day, "staff": staff_id},
    )


def plan(db: Database, ids: str, day: str, reason: str, stamp: str, staff_id: int | None) -> None:
    """Plan a contact with each of the cards that takes one and has not this one."""
    found = of_followup(day, reason)
    db.execute(
        "INSERT INTO followups (customer_id, rule, reason, first_due_day, due_day, created_at, state, source_kind, staff_id, "
        "outcome, outcome_note, cancel_reason) SELECT c.id, 'manual', :reason, :day, :day, :stamp, 'open', '', :staff, "
        f"'', '', '' FROM customers c WHERE c.id IN {_LIVE} AND {found.changes} ORDER BY c.id",
        {"ids": ids, "stamp": stamp, "staff": staff_id, **found.params},
    )


def delete(db: Database, ids: str, stamp: str) -> None:
    """Put the cards into the recycle bin."""
    db.execute(f"UPDATE customers SET deleted_at = :stamp WHERE id IN {_LIVE}", {"ids": ids, "stamp": stamp})
