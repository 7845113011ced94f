"""What people see of a rehearsed import: its rows with verdict, reasons and old → new; filters; what differs; who it may be.

Only reads the staged rows (and, for `candidates`, the shop); what people decide is deciding.py's business.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from desktop_crm import custom_fields
from desktop_crm.base.i18n import N_, _
from desktop_crm.base.values import MISSING, show_money, show_phone
from desktop_crm.importing import besides, originals
from desktop_crm.importing.fields import FIELDS, Kind
from desktop_crm.importing.matching import Decision
from desktop_crm.importing.originals import Cleaned
from desktop_crm.importing.rehearsal import Plan
from desktop_crm.importing.rows import raw_cell
from desktop_crm.importing.verdicts import Choice, State, Verdict
from desktop_crm.importing.words import LABELS
from desktop_crm.shop import Shop
from desktop_crm.store import matching as store_matching
from desktop_crm.store import rehearsed as store
from desktop_crm.store.rehearsed import Condition

Which = Verdict | Literal["", "doubtful", "asks"]
"""Which rows to look at: those with a verdict, those of which something has to be told, those that wait for the person
(who is it, or which value is right), or all."""
MatchKey = Literal["card_no", "external_id", "phone", "imei", "birthday", "name", "person", "sheet"]
"""By what a row was found to be about somebody known: "birthday" with the name, "person" the person said so, "sheet"
only an earlier row of the sheet is about the same one."""

PAGE = 5000
_KEYS: dict[int, MatchKey] = {
    store_matching.CARD: "card_no",
    store_matching.EXTERNAL: "external_id",
    store_matching.PHONE: "phone",
    store_matching.IMEI: "imei",
    store_matching.BIRTHDAY: "birthday",
    store_matching.NAME: "name",
    store_matching.NAMESAKE: "name",
    store_matching.PERSON: "person",
}
_KEY_LABELS: dict[MatchKey, str] = {
    "card_no": N_("Card no."),
    "external_id": N_("Id in the other program"),
    "phone": N_("Phone"),
    "imei": N_("IMEI"),
    "birthday": N_("Name and birthday"),
    "name": N_("Name"),
    "person": N_("You said so"),
    "sheet": N_("Earlier row of the sheet"),
}
_ADDED = {"phones": " ", "tags": "\n", "note": "\n"}
"""Fields that keep what they have when the sheet says more, and what stands between the two."""
_ABOUT: dict[Kind, tuple[str, ...]] = {
    "customers": (),
    "purchases": ("day", "item", "amount", "refund"),
    "followups": ("due_day", "contact_day", "content"),
    "complaints": ("day", "summary"),
}


@dataclass(frozen=True)
class Filter:
    """Which rows to look at, or to decide about.

    Attributes:
        which: see `Which`. key: found by this; "" for any. field: this field differs.
        text: stands in the name, in a number or the card number, or is the row's number.
    """

    which: Which = ""
    key: MatchKey | Literal[""] = ""
    field: str = ""
    text: str = ""


Rows = Which | Filter | Collection[int]
"""Rows by verdict, by a filter, or by their running numbers."""


class Change(NamedTuple):
    """What the sheet says differently from the shop.

    Attributes:
        label / old / new: in words. applied: whether it is written.
        field: its key. choice: what the person said. waits: it is not written until the person says something.
    """

    label: str
    old: str
    new: str
    applied: bool
    field: str = ""
    choice: Choice = ""
    waits: bool = False

    @property
    def adds(self) -> bool:
        """Whether what the shop has stays, and more comes to it."""
        return self.applied and bool(self.old) and self.field in _ADDED

    @property
    def words(self) -> str:
        """What becomes of it, in one line."""
        if self.waits:
            words = _("{field}: {old} here, {new} in the sheet – which is right?")
        elif not self.applied:
            words = _("{field}: {old} stays ({new} in the sheet)")
        else:
            words = _("{field}: {old} → {new}") if self.old else _("{field}: {new} is added")
        return words.format(field=self.label, old=self.old or MISSING, new=self.new)


@dataclass(frozen=True)
class PlanRow:
    """One row as people see it.

    Attributes:
        n: its running number, for decisions. number: as the spreadsheet program shows it.
        name / phone: who it is about, as far as the row says; the raw text where it could not be read.
        about: what it is about besides ("iPhone 17 · ¥5,999").
        reasons: why it is bad, or waits, or what to know about it; whole sentences.
        changes: old → new for rows about known customers.
        asks: the person may say whether it is a customer of the shop; a row that is left alone waits for it.
        waits: it is not known which of two values is right.
        key / key_label: by what it was found (or asked) to be about somebody known.
        customer_id: who it was found to be, or is asked about. with_row: an earlier row is about the same person.
        decision: what the person said about the row. cleaned: cells whose stored text differs from what stood there.
    """

    n: int
    number: int
    verdict: Verdict
    name: str
    phone: str
    about: str
    reasons: tuple[str, ...]
    changes: tuple[Change, ...]
    asks: bool
    waits: bool = False
    key: MatchKey | Literal[""] = ""
    customer_id: int | None = None
    with_row: int | None = None
    decision: Decision = ""
    cleaned: tuple[Cleaned, ...] = ()

    @property
    def id(self) -> int:
        """For tables: what tells it apart."""
        return self.n

    @property
    def key_label(self) -> str:
        """The key in words, "" where there is none."""
        return _(_KEY_LABELS[self.key]) if self.key else ""

    @property
    def explanation(self) -> str:
        """All that has to be said about it, in one line."""
        parts = [*self.reasons, *(change.words for change in self.changes)]
        return " · ".join(part.replace("\n", " / ") for part in parts)


class Differing(NamedTuple):
    """A field in which rows differ from the shop: its key and name, in how many rows, and in how many it waits."""

    field: str
    label: str
    rows: int
    waits: int


class Candidate(NamedTuple):
    """A card that a row may be about.

    Attributes:
        agrees: nothing speaks against it. key / key_label: by what it was found.
    """

    customer_id: int
    name: str
    phones: tuple[str, ...]
    key: MatchKey
    key_label: str
    agrees: bool


def condition(where: Rows) -> Condition:
    """The rows that are meant, for store/rehearsed.py."""
    if isinstance(where, str):
        return Condition(where)
    if isinstance(where, Filter):
        hows = tuple(how for how, key in _KEYS.items() if key == where.key)
        return Condition(where.which, hows, where.key == "sheet", where.field, where.text.strip())
    return Condition(rows=where)


def rows(plan: Plan, where: Which | Filter = "", limit: int = 200, offset: int = 0) -> list[PlanRow]:
    """Some rows of a plan in the sheet's order."""
    columns = ("name", "phones", *_ABOUT[plan.kind])
    return [_row(plan, found) for found in store.rows(plan.staging, condition(where), columns, limit, offset)]


def each(plan: Plan, where: Which | Filter = "") -> Iterator[PlanRow]:
    """All these rows, a page at a time."""
    start = 0
    while page := rows(plan, where, PAGE, start):
        yield from page
        start += PAGE


def count(plan: Plan, where: Which | Filter = "") -> int:
    """How many rows `rows` gives altogether."""
    if where == "":
        return plan.rows
    return store.count(plan.staging, condition(where))


def keys(plan: Plan) -> list[tuple[MatchKey, str, int]]:
    """By what rows were found to be about somebody known: (key, its name, how many rows)."""
    found: dict[MatchKey, int] = {}
    for how, in_sheet, number in store.found_by(plan.staging):
        key = "sheet" if in_sheet else _KEYS[how]
        found[key] = found.get(key, 0) + number
    return [(key, _(_KEY_LABELS[key]), number) for key, number in found.items()]


def differing(plan: Plan, where: Which | Filter = "") -> list[Differing]:
    """The fields in which rows differ from the shop, in the order of the columns."""
    found = {
        field: (number, waits) for field, number, waits in store.differing(plan.staging, condition(where))
    }
    labels = _labels(plan)
    order = sorted(found, key=lambda field: list(labels).index(field))
    return [Differing(field, labels[field], *found[field]) for field in order]


def candidates(shop: Shop, plan: Plan, n: int) -> list[Candidate]:
    """The cards that a row may be about, the likeliest first."""
    made = []
    for customer_id, how, agrees in store.candidates(plan.staging, n):
        known = store_matching.card(shop.db, customer_id)
        if known is not None:
            name, phones = known
            key = _KEYS[how]
            made.append(Candidate(customer_id, name, phones, key, _(_KEY_LABELS[key]), bool(agrees)))
    return made


# ---------------------------------------------------------------- one row


def _row(plan: Plan, found: tuple[Any, ...]) -> PlanRow:
    n, number, verdict, reasons, told, changes, raw, how, asks, customer, leader_row, stood, *rest = found
    name, phones, *about = rest
    if verdict == "bad":
        name = name or raw_cell(raw, plan.layout, "name")
    phone = _numbers(phones)
    return PlanRow(
        n,
        number,
        verdict,
        name,
        phone or raw_cell(raw, plan.layout, "phone"),
        _about(plan.kind, about),
        tuple(text for text in (*reasons.split("\n"), told) if text),
        tuple(_changes(plan, json.loads(changes))) if changes else (),
        bool(asks & (store.WHO_WAITS | store.WHO_MAY)),
        bool(asks & store.FIELD_WAITS),
        _KEYS[how] if how is not None else "sheet" if leader_row is not None else "",
        customer,
        leader_row,
        plan.decisions.get(n, ""),
        originals.cells_of(stood),
    )


def _changes(plan: Plan, changes: Iterable[tuple[str, str, str, int, State, int]]) -> Iterator[Change]:
    labels = _labels(plan)
    mine = {column.key: column.own for column in plan.layout.own if column.own is not None}
    for field, old, new, applied, state, _fills in changes:
        if applied and old and field in _ADDED:
            new = old + _ADDED[field] + new
        here, there = (
            custom_fields.show(mine[field], text) if field in mine else _shown(field, text)
            for text in (old, new)
        )
        choice: Choice = "" if state == "ask" else state
        yield Change(labels[field], here, there, bool(applied), field, choice, state == "ask")


def _labels(plan: Plan) -> Mapping[str, str]:
    """What people call the fields in which rows can differ, by the name of the staged column."""
    staged = {"phone": "phones", "customer_kind": "kind"}
    labels = {staged.get(known.key, known.key): _(known.label) for known in FIELDS[plan.kind]}
    labels[besides.KEPT] = _("A line of the note")
    return labels | {column.key: column.own.name for column in plan.layout.own if column.own is not None}


def _shown(field: str, text: str) -> str:
    if field == "phones":
        return _numbers(text)
    if field in besides.CONSENTS and text:
        answer, _space, day = text.partition(" ")
        return f"{_(LABELS['consent'][answer])} {day}".rstrip()
    if field in ("opening_total", "due") and text:
        return show_money(int(text))
    return text.replace("\n", ", ") if field == "tags" else text


def _numbers(staged: str) -> str:
    """Staged numbers with their labels, for people."""
    found = (store_matching.number_and_label(part) for part in staged.split(" ") if part)
    return " / ".join(f"{show_phone(number)} {label}".rstrip() for number, label in found)


def _about(kind: Kind, values: Sequence[Any]) -> str:
    if kind == "purchases":
        day, item, amount, refund = values
        money = MISSING if amount is None else show_money(-amount if refund else amount)
        return " · ".join(part for part in (day, item, money) if part)
    return " · ".join(str(value) for value in values if value).replace("\n", " / ")
