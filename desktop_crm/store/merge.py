"""What hangs on cards that become one: moved row by row so that nothing is lost and nothing is there twice.

`RULES` names every column that refers to a customer; a test holds it to the file's foreign keys. Which values the card
then has is decided in merge.py. Everything runs inside one open change, so that the journal can take it back.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final, Literal

from desktop_crm.records.customers import ChannelConsent, Customer, Phone
from desktop_crm.records.devices import Device
from desktop_crm.records.duplicates import DistinctPair, Merge
from desktop_crm.records.followups import Followup
from desktop_crm.records.relations import Relation
from desktop_crm.records.tiers import CustomerTier
from desktop_crm.records.views import View
from desktop_crm.store.rows import Database

Rule = Literal["move", "fold", "stays"]

RULES: Final[dict[tuple[str, str], Rule]] = {
    ("phones", "customer_id"): "fold",
    ("customer_tags", "customer_id"): "fold",
    ("consents", "customer_id"): "fold",
    ("custom_values", "customer_id"): "fold",
    ("relations", "customer_id"): "fold",
    ("relations", "other_id"): "fold",
    ("distinct_pairs", "first_id"): "fold",
    ("distinct_pairs", "second_id"): "fold",
    ("mend_skips", "customer_id"): "fold",
    ("devices", "customer_id"): "fold",
    ("customer_tiers", "id"): "fold",
    ("purchases", "customer_id"): "move",
    ("interactions", "customer_id"): "move",
    ("followups", "customer_id"): "move",
    ("complaints", "customer_id"): "move",
    ("tier_history", "customer_id"): "move",
    ("notes", "customer_id"): "move",
    ("balance_entries", "customer_id"): "move",
    ("survey_answers", "customer_id"): "move",
    ("opening_summaries", "customer_id"): "move",
    ("point_entries", "customer_id"): "move",
    ("import_originals", "customer_id"): "move",
    ("merges", "customer_id"): "move",
    ("customers", "referred_by"): "move",
    ("customers", "merged_into"): "move",
    ("merges", "merged_id"): "stays",
}
"""Every column that refers to a customer. move: simply repointed; fold: repointed without making anything twice;
stays: says what happened, and goes on saying it."""


def move(db: Database, keep_id: int, other_id: int) -> None:
    """Give `keep_id` everything that hangs on `other_id`; the other's own row stays as it is."""
    for (table, column), rule in RULES.items():
        if rule == "move":
            db.execute(f"UPDATE {table} SET {column} = ? WHERE {column} = ?", (keep_id, other_id))
    db.execute("UPDATE customers SET referred_by = NULL WHERE id = ?1 AND referred_by = ?1", (keep_id,))
    db.execute(
        "UPDATE followups SET source_id = ? WHERE source_kind = 'customer' AND source_id = ?",
        (keep_id, other_id),
    )
    _fold_phones(db, keep_id, other_id)
    _fold_pairs(db, "customer_tags", "tag_id", keep_id, other_id)
    _fold_pairs(db, "custom_values", "field_id", keep_id, other_id)
    _fold_consents(db, keep_id, other_id)
    _fold_relations(db, keep_id, other_id)
    _fold_distinct(db, keep_id, other_id)
    _fold_devices(db, keep_id, other_id)
    _fold_tier(db, keep_id, other_id)
    db.execute("DELETE FROM mend_skips WHERE customer_id = ?", (other_id,))
    _repoint_views(db, keep_id, other_id)


def put_first(db: Database, customer_id: int, number: str) -> None:
    """Make a number the primary one, and count the places from 0 without gaps."""
    phones = db.records(
        Phone,
        "SELECT * FROM phones WHERE customer_id = ? ORDER BY number <> ?, position, id",
        (customer_id, number),
    )
    for place, phone in enumerate(phones):
        if phone.position != place:
            db.update(replace(phone, position=place))


def open_twice(db: Database, customer_id: int) -> list[Followup]:
    """Open follow-ups of one rule beyond the first, which two cards had; those planned by hand are left."""
    found = db.records(
        Followup,
        "SELECT * FROM followups WHERE customer_id = ? AND state = 'open' AND rule IN ('birthday', 'tier_interval') "
        "ORDER BY due_day, id",
        (customer_id,),
    )
    seen: set[str] = set()
    return [each for each in found if each.rule in seen or seen.add(each.rule)]  # type: ignore[func-returns-value]


def own_values(db: Database, customer_ids: Sequence[int]) -> dict[int, dict[int, str]]:
    """The values of the shop's own fields: field → card → stored value."""
    found: dict[int, dict[int, str]] = {}
    for field_id, customer_id, value in db.rows(
        "SELECT field_id, customer_id, value FROM custom_values "
        "WHERE customer_id IN (SELECT value FROM json_each(?)) ORDER BY field_id",
        (json.dumps(list(customer_ids)),),
    ):
        found.setdefault(field_id, {})[customer_id] = value
    return found


def set_own(db: Database, customer_id: int, field_id: int, value: str) -> None:
    """Change a value of one of the shop's own fields, which the card has."""
    db.execute(
        "UPDATE custom_values SET value = ? WHERE customer_id = ? AND field_id = ?",
        (value, customer_id, field_id),
    )


def attached(db: Database, customer_ids: Sequence[int]) -> dict[str, int]:
    """How many rows of each kind hang on these cards; kinds without any are left out."""
    wanted = (json.dumps(list(customer_ids)),)
    found = {}
    for table in ("purchases", "devices", "interactions", "followups", "complaints", "notes", "balance_entries",
                  "point_entries", "opening_summaries", "survey_answers", "phones"):  # fmt: skip
        count = db.value(
            f"SELECT count(*) FROM {table} WHERE customer_id IN (SELECT value FROM json_each(?))", wanted
        )
        if count:
            found[table] = int(count)
    return found


def merges_into(db: Database, customer_id: int) -> list[Merge]:
    """What was merged into a card, latest first."""
    return db.records(
        Merge, "SELECT * FROM merges WHERE customer_id = ? ORDER BY at DESC, id DESC", (customer_id,)
    )


def stayed(db: Database, customer_id: int) -> int:
    """The card that a merged one went into at last; the id itself where it was not merged."""
    return int(
        db.value(
            "WITH RECURSIVE way (id, steps) AS (SELECT ?1, 0 UNION ALL SELECT c.merged_into, w.steps + 1 FROM way w "
            "JOIN customers c ON c.id = w.id WHERE c.merged_into IS NOT NULL AND w.steps < 100) "
            "SELECT id FROM way ORDER BY steps DESC LIMIT 1",
            (customer_id,),
        )
    )


def _fold_phones(db: Database, keep_id: int, other_id: int) -> None:
    kept = {phone.number: phone for phone in _phones(db, keep_id)}
    for phone in _phones(db, other_id):
        same = kept.get(phone.number)
        if same is None:
            db.update(replace(phone, customer_id=keep_id, position=len(kept)))
            kept[phone.number] = phone
        else:
            if phone.label and not same.label:
                db.update(replace(same, label=phone.label))
            db.delete(Phone, phone.id)


def _phones(db: Database, customer_id: int) -> list[Phone]:
    return db.records(
        Phone, "SELECT * FROM phones WHERE customer_id = ? ORDER BY position, id", (customer_id,)
    )


def _fold_pairs(db: Database, table: str, column: str, keep_id: int, other_id: int) -> None:
    """Move rows of which a card has at most one for each value of `column`; the kept card's own wins."""
    db.execute(
        f"DELETE FROM {table} WHERE customer_id = ?2 AND {column} IN (SELECT {column} FROM {table} "
        "WHERE customer_id = ?1)",
        (keep_id, other_id),
    )
    db.execute(f"UPDATE {table} SET customer_id = ? WHERE customer_id = ?", (keep_id, other_id))


def _fold_consents(db: Database, keep_id: int, other_id: int) -> None:
    """For each channel the newest answer holds; of one day's two, the refusal."""
    both = db.records(
        ChannelConsent,
        "SELECT * FROM consents WHERE customer_id IN (?, ?) ORDER BY channel, id",
        (keep_id, other_id),
    )
    for channel in sorted({consent.channel for consent in both}):
        found = [consent for consent in both if consent.channel == channel]
        best = max(found, key=lambda each: (each.day, each.answer == "refused", each.customer_id == keep_id))
        for consent in found:
            if consent is not best:
                db.delete(ChannelConsent, consent.id)
        if best.customer_id != keep_id:
            db.update(replace(best, customer_id=keep_id))


def _fold_relations(db: Database, keep_id: int, other_id: int) -> None:
    """Links between the two are gone with the two; one that both had stays once."""
    mine = db.records(Relation, "SELECT * FROM relations WHERE ?1 IN (customer_id, other_id)", (keep_id,))
    known = {_link(relation) for relation in mine}
    theirs = db.records(
        Relation, "SELECT * FROM relations WHERE ?1 IN (customer_id, other_id) ORDER BY id", (other_id,)
    )
    for relation in theirs:
        moved = replace(
            relation,
            customer_id=keep_id if relation.customer_id == other_id else relation.customer_id,
            other_id=keep_id if relation.other_id == other_id else relation.other_id,
        )
        if moved.customer_id == moved.other_id or _link(moved) in known:
            db.delete(Relation, relation.id)
        else:
            db.update(moved)
            known.add(_link(moved))


def _link(relation: Relation) -> tuple[object, ...]:
    """What is one and the same link: a marriage holds both ways, parenthood does not."""
    one, other = relation.customer_id, relation.other_id
    if relation.kind in ("parent", "pays_for"):
        return relation.kind, one, other
    return relation.kind, min(one, other), max(one, other)


def _fold_distinct(db: Database, keep_id: int, other_id: int) -> None:
    known = {
        (pair.first_id, pair.second_id)
        for pair in db.records(
            DistinctPair, "SELECT * FROM distinct_pairs WHERE ?1 IN (first_id, second_id)", (keep_id,)
        )
    }
    theirs = db.records(
        DistinctPair,
        "SELECT * FROM distinct_pairs WHERE ?1 IN (first_id, second_id) ORDER BY id",
        (other_id,),
    )
    for pair in theirs:
        stranger = pair.second_id if pair.first_id == other_id else pair.first_id
        first, second = sorted((keep_id, stranger))
        if first == second or (first, second) in known:
            db.delete(DistinctPair, pair.id)
        else:
            db.update(replace(pair, first_id=first, second_id=second))
            known.add((first, second))


def _fold_devices(db: Database, keep_id: int, other_id: int) -> None:
    """One device noted on both cards is one device again, with all that was known of it; complaints follow it."""
    kept = _devices(db, keep_id)
    for device in _devices(db, other_id):
        same = next((each for each in kept if _same_device(each, device)), None)
        if same is None:
            db.update(replace(device, customer_id=keep_id))
            continue
        filled: dict[str, Any] = {  # values of the columns' own types
            name: getattr(device, name)
            for name in ("product_id", "color", "storage", "imei", "purchase_line_id", "acquired_day",
                         "warranty_end_day", "plan_name", "plan_end_day", "note", "serial", "gone_day")
            if getattr(same, name) in ("", None) and getattr(device, name) not in ("", None)
        }  # fmt: skip
        whole = replace(same, bought_here=same.bought_here or device.bought_here, **filled)
        if whole != same:
            db.update(whole)
        db.execute("UPDATE complaints SET device_id = ? WHERE device_id = ?", (same.id, device.id))
        db.execute(
            "UPDATE followups SET source_id = ? WHERE source_kind = 'device' AND source_id = ?",
            (same.id, device.id),
        )
        db.delete(Device, device.id)
        kept[kept.index(same)] = whole


def _same_device(one: Device, other: Device) -> bool:
    """The same number in the same state, unless each came from a sale of its own."""
    same = (bool(one.imei) and one.imei == other.imei) or (bool(one.serial) and one.serial == other.serial)
    sold_twice = one.purchase_line_id is not None and other.purchase_line_id is not None
    return same and one.status == other.status and not sold_twice


def _devices(db: Database, customer_id: int) -> list[Device]:
    return db.records(Device, "SELECT * FROM devices WHERE customer_id = ? ORDER BY id", (customer_id,))


def _fold_tier(db: Database, keep_id: int, other_id: int) -> None:
    """A tier set by hand on the other card goes on holding, unless the kept one has its own."""
    mine, theirs = db.get(CustomerTier, keep_id), db.get(CustomerTier, other_id)
    if theirs is not None and theirs.overridden and (mine is None or not mine.overridden):
        if mine is None:
            db.insert(replace(theirs, id=keep_id))
        else:
            db.update(replace(mine, tier=theirs.tier, since_day=theirs.since_day, overridden=True,
                              override_reason=theirs.override_reason))  # fmt: skip


def _repoint_views(db: Database, keep_id: int, other_id: int) -> None:
    """Views that ask who was referred by the other card ask for the kept one."""
    for view in db.records(View, "SELECT * FROM views WHERE filter LIKE '%\"referred_by\"%'"):
        wanted = json.loads(view.filter)
        for condition in wanted["conditions"]:
            if condition["field"] == "referred_by":
                condition["value"] = keep_id if condition["value"] == other_id else condition["value"]
        if json.loads(view.filter) != wanted:
            db.update(replace(view, filter=json.dumps(wanted, ensure_ascii=False)))


def retire(db: Database, customer: Customer, keep_id: int) -> None:
    """Say of a card that it went into another."""
    db.update(replace(customer, merged_into=keep_id))
