"""The shop's four lists as columns and rows that come back unchanged.

Headings are those that the import knows (importing/fields.py), choices are written as words it reads. How cells are
written, and that none can become a formula, is files/xlsx.py's business; the rows are in store/exports.py, files in
orders.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from desktop_crm import custom_fields, followup_words, masks, tier_rules
from desktop_crm.base.dates import from_instant
from desktop_crm.base.i18n import _
from desktop_crm.files.xlsx import ColumnSpec
from desktop_crm.importing import besides, phone_labels, tag_words
from desktop_crm.importing.fields import CARD_KEYS, FIELDS, Kind
from desktop_crm.importing.words import COMPUTED_TIER, LABELS
from desktop_crm.records.custom_fields import CustomField, FieldKind
from desktop_crm.shop import Shop
from desktop_crm.store import exports as store
from desktop_crm.who import Clause

Cell = str | int | float | date | datetime | None
Row = Sequence[Cell]


def table(shop: Shop, kind: Kind, meant: Clause) -> tuple[list[ColumnSpec], Iterator[Row]]:
    """Columns and rows of a list of these customers; of everybody, and of walk-in sales too, where nothing is meant."""
    keys, rows = _TABLES[kind]
    if kind == "customers":
        unsaid = besides.FIELDS - {*store.besides(shop.db)}
        keys = tuple(key for key in keys if key not in unsaid)
    columns = [column(kind, key) for key in keys]
    if kind == "customers":
        columns += [ColumnSpec(field.name, OWN_SPECS[field.kind]) for field in custom_fields.listing(shop)]
    own = [""] * (len(columns) - len(keys))
    return columns, masks.veil_rows(shop, rows(shop, shop.zone, meant), [*keys, *own])


_SPECS: dict[str, Literal["digits", "day", "instant", "money", "count"]] = {
    "phone": "digits", "code": "digits", "imei": "digits", "day": "day", "birthday": "day", "instant": "instant",
    "money": "money", "count": "count",
}  # fmt: skip


OWN_SPECS: dict[FieldKind, Literal["text", "number", "day"]] = {
    "text": "text", "number": "number", "date": "day", "choice": "text", "yes_no": "text",
}  # fmt: skip
"""What a column holds, by the kind of own field."""


def column(kind: Kind, key: str) -> ColumnSpec:
    """The column of a field that the import knows."""
    if key == "tier":
        return ColumnSpec(_(COMPUTED_TIER))
    if key == "due":
        return ColumnSpec(_("Balance due (below 0: prepaid, the shop owes it)"), "money")
    field = next(known for known in FIELDS[kind] if known.key == key)
    return ColumnSpec(_(field.label), _SPECS.get(field.reader, "text"))


def _word(choice: str, value: str) -> str:
    """The word for a stored choice, as the import reads it."""
    return _(LABELS[choice][value]) if value in LABELS[choice] else value


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _moment(at: str, zone: ZoneInfo) -> datetime:
    return from_instant(at).astimezone(zone).replace(tzinfo=None)


def _birthday(day: str, lunar: int, leap: int) -> date | str:
    """A full birthday as a date; one without a year, or a lunar one, as text that the import reads."""
    if day and not lunar and not day.startswith("-"):
        return date.fromisoformat(day)
    month = f"闰{day[-5:]}" if leap and lunar else day[-5:]
    year = day[:5] if day[:1].isdigit() else ""
    return ("农历" if lunar and day else "") + year + month


def _numbers(text: str | None) -> str:
    if not text:
        return ""
    if "\t" not in text:
        return text.replace("\n", " / ")
    return " / ".join(
        phone_labels.words(number, label)
        for number, _tab, label in (line.partition("\t") for line in text.split("\n"))
    )


def _beside(name: str, value: str | None, zone: ZoneInfo) -> str:
    """The cell of a column that few shops have anything in."""
    if not value:
        return ""
    if name in besides.CONSENTS:
        answer, _space, day = value.partition(" ")
        return f"{_word('consent', answer)} {day}"
    if name != "dated_notes":
        return value
    made = []
    for stored in value.split("\x1e"):
        day, at, author, pinned, text = stored.split("\x1f")
        clock = f"{_moment(at, zone):%H:%M}"
        made.append(besides.note_text(besides.DatedNote(day, clock, author, pinned == "1", text)))
    return "\n".join(made)


_CUSTOMER_KEYS = (*CARD_KEYS, "tier")


def own_cell(field: CustomField, stored: str | None) -> Cell:
    """A value of an own field, typed; one that is no day or number any more as it is."""
    if not stored:
        return None
    try:
        if field.kind == "date":
            return date.fromisoformat(stored)
        if field.kind == "number":
            return float(stored) if "." in stored else int(stored)
    except ValueError:
        return stored
    return custom_fields.show(field, stored)


def _customers(shop: Shop, zone: ZoneInfo, meant: Clause) -> Iterator[Row]:
    own = custom_fields.listing(shop)
    beside = store.besides(shop.db)
    for (
        name, numbers, card_no, external_id, kind, wechat, email, gender, birthday, lunar, leap, region, address, occupation,
        source, referrer, owner, tags, since_day, do_not_contact, consent, consent_day, model, imei, language, total, count, last,
        points, due, note, tier, *values,
    ) in store.customers(shop.db, [field.id for field in own], meant, beside):  # fmt: skip
        more = [_beside(each, value, zone) for each, value in zip(beside, values, strict=False)]
        yield (
            name, _numbers(numbers), card_no, external_id, _word("kind", kind), wechat,
            email, _word("gender", gender), _birthday(birthday, lunar, leap), region, address, occupation, source, referrer,
            owner, tag_words.words((tags or "").split("\n")), _day(since_day), _word("yes", "1") if do_not_contact else "",
            _word("consent", consent), _day(consent_day), model, imei, language, total, count, _day(last), points,
            due, *more, note, tier_rules.label(tier) if tier else "", *map(own_cell, own, values[len(beside) :]),
        )  # fmt: skip


_PURCHASE_KEYS = (
    "name", "phone", "card_no", "number", "sold_at", "item", "category", "quantity", "price", "discount", "amount",
    "cost", "imei", "pay", "clerk", "sale_type", "note",
)  # fmt: skip


def _purchases(shop: Shop, zone: ZoneInfo, meant: Clause) -> Iterator[Row]:
    for (
        name, phone, card_no, number, at, item, category, quantity, price, discount, amount, cost, imei, pay, clerk,
        refund, note,
    ) in store.purchases(shop.db, meant):  # fmt: skip
        yield (
            name, phone, card_no, number, _moment(at, zone), item, _word("category", category), quantity, price, discount,
            -amount if refund else amount, cost, imei, _word("pay", pay or ""), clerk,
            _word("sale_type", "refund" if refund else "sale"), note,
        )  # fmt: skip


_FOLLOWUP_KEYS = (
    "name", "phone", "card_no", "due_day", "first_due_day", "reason", "state", "contact_at", "channel", "outcome",
    "content", "done_day", "clerk",
)  # fmt: skip


def _followups(shop: Shop, zone: ZoneInfo, meant: Clause) -> Iterator[Row]:
    """What was planned, and behind it the contacts that nobody had planned."""
    for name, phone, card_no, due, first, rule, reason, state, outcome, note, done, clerk in store.followups(
        shop.db, meant
    ):
        yield (
            name, phone, card_no, _day(due), _day(first), reason or followup_words.rule_label(rule),
            _word("followup_state", state), None, "", _word("outcome", outcome), note, _day(done), clerk,
        )  # fmt: skip
    for name, phone, card_no, at, channel, summary, reached, clerk in store.contacts(shop.db, meant):
        yield (
            name, phone, card_no, None, None, "", "", _moment(at, zone), _word("channel", channel),
            "" if reached else _word("outcome", "no_answer"), summary, None, clerk,
        )  # fmt: skip


_COMPLAINT_KEYS = (
    "name", "phone", "card_no", "received_at", "summary", "complaint_category", "priority", "channel", "state", "answer",
    "closed_day", "clerk",
)  # fmt: skip


def _complaints(shop: Shop, zone: ZoneInfo, meant: Clause) -> Iterator[Row]:
    for (
        name, phone, card_no, at, summary, category, priority, channel, state, answer, closed_day, clerk,
    ) in store.complaints(shop.db, meant):  # fmt: skip
        yield (
            name, phone, card_no, _moment(at, zone), summary, category, _word("priority", priority),
            _word("channel", channel), _word("complaint_state", state), answer, _day(closed_day), clerk,
        )  # fmt: skip


_TABLES: dict[Kind, tuple[tuple[str, ...], Callable[[Shop, ZoneInfo, Clause], Iterator[Row]]]] = {
    "customers": (_CUSTOMER_KEYS, _customers),
    "purchases": (_PURCHASE_KEYS, _purchases),
    "followups": (_FOLLOWUP_KEYS, _followups),
    "complaints": (_COMPLAINT_KEYS, _complaints),
}
"""Per kind: keys of its columns, and its rows."""
