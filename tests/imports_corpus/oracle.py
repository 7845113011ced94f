"""What a shop knows of its customers, in the same words as people.py, to be held against what a file said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict

from desktop_crm.shop import Shop
from tests.imports_corpus.people import Person

Known = dict[str, object]
"""A field's name → what is known: texts, and tuples for numbers and tags."""


def cards(shop: Shop) -> dict[str, Known]:
    """Every live card by its name."""
    found: dict[str, Known] = {}
    for row in shop.db.rows(
        "SELECT id, name, email, wechat, gender, birthday, birthday_lunar, region, address, occupation, source, note, "
        "card_no, external_id, coalesce(since_day, ''), kind, coalesce((SELECT name FROM staff WHERE id = owner_staff_id), '') "
        "FROM customers WHERE deleted_at IS NULL AND merged_into IS NULL ORDER BY id"
    ):
        keys = ("name", "email", "wechat", "gender", "birthday", "lunar", "region", "address", "occupation", "source",
                "note", "card_no", "external_id", "since_day", "kind", "owner")  # fmt: skip
        card: Known = dict(zip(keys, row[1:], strict=True))
        card["lunar"] = bool(card["lunar"])
        card["phones"] = tuple(
            number + (label if label.startswith("转") else "")
            for number, label in shop.db.rows(
                "SELECT number, label FROM phones WHERE customer_id = ? ORDER BY position", (row[0],)
            )
        )
        card["tags"] = tuple(
            name
            for (name,) in shop.db.rows(
                "SELECT name FROM customer_tags JOIN tags ON tags.id = tag_id WHERE customer_id = ? ORDER BY name",
                (row[0],),
            )
        )
        assert row[1] not in found, f"two cards called {row[1]}"
        found[row[1]] = card
    return found


def truth(person: Person) -> Known:
    """What is true of a person, in the form of `cards`."""
    told: Known = asdict(person) | {"name": person.name, "address": person.address}
    told["tags"] = tuple(sorted(person.tags))
    return told


def differences(shop: Shop, people: Iterable[Person], carried: Sequence[str]) -> list[str]:
    """What the shop should know of these people and does not, one line each; `note`: all its lines are there."""
    known = cards(shop)
    wrong = []
    for person in people:
        card = known.get(person.name)
        if card is None:
            wrong.append(f"{person.name} is missing among {list(known)}")
            continue
        for key, true in truth(person).items():
            if key not in carried:
                continue
            mine = card[key]
            if key == "note":
                lines = str(mine).split("\n")
                wrong += [
                    f"{person.name}: no line {line}"
                    for line in filter(None, person.note.split("\n"))
                    if line not in lines
                ]
            elif mine != true:
                wrong.append(f"{person.name}: {key} is {mine!r}, not {true!r}")
    return wrong
