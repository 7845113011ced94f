"""What customers can be asked by: every field and figure with its name, kind, operators and choices.

How a condition reads in words is in who_words.py, what it means in store/who.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from desktop_crm import custom_fields, customers, staff, tier_rules
from desktop_crm.base.dates import from_instant, local_day
from desktop_crm.base.i18n import N_, _
from desktop_crm.importing.words import LABELS
from desktop_crm.records.custom_fields import CustomField
from desktop_crm.shop import Shop
from desktop_crm.store import who as store

Kind = Literal["text", "word", "choice", "number", "money", "day", "flag", "birthday", "tags", "customer"]
Group = Literal["person", "value", "contact", "goods", "own", "card"]

GROUPS: dict[Group, str] = {
    "value": N_("Customer value"),
    "contact": N_("Contacts"),
    "person": N_("Person"),
    "goods": N_("Phones and purchases"),
    "own": N_("Own fields"),
    "card": N_("Card"),
}
"""Groups of fields in their order, with their names."""


@dataclass(frozen=True)
class Choice:
    """One thing to choose: the stored value, its name, and what it is grouped under ('' for nothing)."""

    value: str
    label: str
    group: str = ""


@dataclass(frozen=True)
class Field:
    """One field or figure.

    Attributes:
        key: as in `Condition.field`. label: its name, translated. group: where a list of fields shows it.
        kind: what its values are, see who_words.py for the operators of each.
        operators: (operator, negated) in the order in which they are offered.
        choices: what can be chosen ("choice", "tags", "birthday") or is proposed ("word", "text"); () where anything goes.
    """

    key: str
    label: str
    group: Group
    kind: Kind
    operators: tuple[tuple[str, bool], ...]
    choices: tuple[Choice, ...] = ()


_PLAIN: dict[Kind, tuple[tuple[str, bool], ...]] = {
    "text": (("contains", False), ("contains", True), ("starts", False), ("is", False), ("empty", False), ("empty", True)),
    "word": (("is", False), ("is", True), ("contains", False), ("empty", False), ("empty", True)),
    "choice": (("is", False), ("is", True)),
    "number": (("at_least", False), ("at_most", False), ("between", False)),
    "money": (("at_least", False), ("at_most", False), ("between", False)),
    "day": (("within", False), ("ago", False), ("not_for", False), ("next", False), ("from", False), ("until", False),
            ("between", False), ("empty", False), ("empty", True)),
    "flag": (("yes", False), ("yes", True)),
    "birthday": (("month", False), ("next", False), ("empty", False), ("empty", True)),
    "tags": (("any", False), ("any", True), ("all", False), ("empty", False), ("empty", True)),
    "customer": (("is", False), ("empty", False), ("empty", True)),
}  # fmt: skip
"""Per kind: its operators, the most asked first."""

_KNOWN = (("empty", False), ("empty", True))
_PAST = (
    ("not_for", False),
    ("within", False),
    ("between", False),
    ("from", False),
    ("until", False),
    *_KNOWN,
)
_COMING = (("next", False), ("ago", False), ("between", False), ("from", False), ("until", False), *_KNOWN)
_HAS = (("empty", True), ("empty", False))

Load = Callable[[Shop], tuple[Choice, ...]]


@dataclass(frozen=True)
class _Made:
    """A field before its label is translated and its choices are looked up."""

    key: str
    label: str
    group: Group
    kind: Kind
    load: Load | None = None
    operators: tuple[tuple[str, bool], ...] = ()


def _fixed(words: dict[str, str], *, none: str = "") -> Load:
    """Choices that are the same in every shop; `none` names the empty value where it can be asked for."""

    def load(_shop: Shop) -> tuple[Choice, ...]:
        found = [Choice(value, _(label)) for value, label in words.items()]
        return (*found, Choice("", _(none))) if none else tuple(found)

    return load


def _tiers(_shop: Shop) -> tuple[Choice, ...]:
    return (
        *(Choice(tier, tier_rules.label(tier)) for tier in tier_rules.TIERS),
        Choice("", _("no tier yet")),
    )


def _activities(_shop: Shop) -> tuple[Choice, ...]:
    return tuple(
        Choice(key, tier_rules.activity_label(key)) for key in ("active", "dormant", "lost", "prospect")
    )


def _staff(shop: Shop) -> tuple[Choice, ...]:
    members = staff.listing(shop, active_only=False)
    return (*(Choice(str(member.id), member.name) for member in members), Choice("0", _("nobody")))


def _tags(shop: Shop) -> tuple[Choice, ...]:
    return tuple(Choice(str(tag_id), name, group) for tag_id, name, group in store.tags(shop.db))


def _imports(shop: Shop) -> tuple[Choice, ...]:
    return tuple(
        Choice(str(import_id), f"{local_day(from_instant(at), shop.zone)} {name}")
        for import_id, name, at in store.imports(shop.db)
    )


def _words_of(column: Literal["regions", "sources", "brands"]) -> Load:
    def load(shop: Shop) -> tuple[Choice, ...]:
        found = {"regions": customers.regions, "sources": customers.sources}.get(column)
        return tuple(Choice(word, word) for word in (found(shop) if found else store.brands(shop.db)))

    return load


_CONSENT = LABELS["consent"]
_NOT_ASKED = N_("not asked")
_UNKNOWN = N_("not known")
_MONTHS = {
    "this": N_("this month"), "next": N_("next month"), "1": N_("January"), "2": N_("February"), "3": N_("March"),
    "4": N_("April"), "5": N_("May"), "6": N_("June"), "7": N_("July"), "8": N_("August"), "9": N_("September"),
    "10": N_("October"), "11": N_("November"), "12": N_("December"),
}  # fmt: skip
_RELATIONS = {
    "spouse": N_("spouse"), "parent": N_("parent or child"), "sibling": N_("sibling"), "relative": N_("relative"),
    "friend": N_("friend"), "colleague": N_("colleague"), "pays_for": N_("paying"),
}  # fmt: skip
_GAPS = {
    "phone": N_("phone number"), "birthday": N_("birthday"), "gender": N_("gender"), "wechat": N_("WeChat"),
    "region": N_("district"), "source": N_("source"), "consent": N_("consent"), "owner": N_("clerk"),
    "card_no": N_("card number"), "device": N_("phone owned, of a buyer"),
}  # fmt: skip

_FIELDS: tuple[_Made, ...] = (
    _Made("tier", N_("Tier"), "value", "choice", _tiers),
    _Made("value", N_("Customer value"), "value", "choice", _fixed({"high": N_("high"), "mid": N_("middle"), "low": N_("low")})),
    _Made("activity", N_("Activity"), "value", "choice", _activities),
    _Made("at_risk", N_("At risk"), "value", "flag"),
    _Made("spent", N_("Spent so far"), "value", "money"),
    _Made("window_spent", N_("Spent in the window of the tiers"), "value", "money"),
    _Made("occasions", N_("Purchases so far"), "value", "number"),
    _Made("window_occasions", N_("Purchases in the window of the tiers"), "value", "number"),
    _Made("balance", N_("Balance due"), "value", "money"),
    _Made("points", N_("Points"), "value", "number"),
    _Made("brought", N_("Brought along: spent"), "value", "money"),
    _Made("brought_purchases", N_("Brought along: purchases"), "value", "number"),
    _Made("brought_last", N_("Brought along: last purchase"), "value", "day", None, _PAST),
    _Made("satisfaction", N_("Satisfaction (1–5)"), "value", "number", None, (*_PLAIN["number"], *_KNOWN)),
    _Made("recommendation", N_("Recommendation (0–10)"), "value", "number", None, (*_PLAIN["number"], *_KNOWN)),
    _Made("last_contact", N_("Last contact"), "contact", "day", None, _PAST),
    _Made("last_visit", N_("Last visit"), "contact", "day", None, _PAST),
    _Made("last_purchase", N_("Last purchase"), "contact", "day", None, _PAST),
    _Made("open_followup", N_("Open follow-up"), "contact", "flag"),
    _Made("followup_due", N_("Follow-up due"), "contact", "day", None, _COMING),
    _Made("open_complaint", N_("Open complaint"), "contact", "flag"),
    _Made("do_not_contact", N_("Do not contact"), "contact", "flag"),
    _Made("consent", N_("Consent"), "contact", "choice", _fixed(dict(_CONSENT), none=_NOT_ASKED)),
    _Made("consent_call", N_("Consent to calls"), "contact", "choice", _fixed(dict(_CONSENT), none=_NOT_ASKED)),
    _Made("consent_sms", N_("Consent to SMS"), "contact", "choice", _fixed(dict(_CONSENT), none=_NOT_ASKED)),
    _Made("consent_wechat", N_("Consent to WeChat"), "contact", "choice", _fixed(dict(_CONSENT), none=_NOT_ASKED)),
    _Made("consent_email", N_("Consent to e-mail"), "contact", "choice", _fixed(dict(_CONSENT), none=_NOT_ASKED)),
    _Made("name", N_("Name"), "person", "text", None, _PLAIN["text"][:4]),
    _Made("phone", N_("Phone number"), "person", "text", None, (
        *_HAS, ("starts", False), ("contains", False), ("is", False))),
    _Made("wechat", N_("WeChat"), "person", "text"),
    _Made("email", N_("E-mail"), "person", "text"),
    _Made("birthday", N_("Birthday"), "person", "birthday", _fixed(_MONTHS)),
    _Made("age", N_("Age"), "person", "number", None, (("between", False), *_PLAIN["number"][:2], *_KNOWN)),
    _Made("gender", N_("Gender"), "person", "choice", _fixed(dict(LABELS["gender"]), none=_UNKNOWN)),
    _Made("region", N_("District"), "person", "word", _words_of("regions")),
    _Made("address", N_("Address"), "person", "text"),
    _Made("occupation", N_("Occupation"), "person", "text"),
    _Made("language", N_("Language"), "person", "choice", _fixed(
        {"zh_CN": N_("Chinese"), "en": N_("English")}, none=_UNKNOWN)),
    _Made("relation", N_("Family and relations"), "person", "choice", _fixed(_RELATIONS), (*_HAS, *_PLAIN["choice"])),
    _Made("kind", N_("Kind of customer"), "person", "choice", _fixed(dict(LABELS["kind"]))),
    _Made("model", N_("Phone owned"), "goods", "text", None, (*_PLAIN["text"][:3], *_KNOWN)),
    _Made("color", N_("Colour of the phone owned"), "goods", "text", None, (*_PLAIN["text"][:4], *_KNOWN)),
    _Made("storage", N_("Storage of the phone owned"), "goods", "text", None, (*_PLAIN["text"][:4], *_KNOWN)),
    _Made("imei", N_("IMEI or serial number"), "goods", "text", None, (
        ("contains", False), ("starts", False), ("is", False), *_HAS)),
    _Made("brand", N_("Brand owned"), "goods", "word", _words_of("brands"), _PLAIN["word"][:3]),
    _Made("warranty", N_("Warranty end"), "goods", "day", None, _COMING),
    _Made("after_sales", N_("End of a statutory after-sales term"), "goods", "day", None, _COMING[:5]),
    _Made("plan_end", N_("End of the carrier plan"), "goods", "day", None, _COMING),
    _Made("product", N_("Bought item"), "goods", "text", None, _PLAIN["text"][:3]),
    _Made("category", N_("Bought kind of goods"), "goods", "choice", _fixed(dict(LABELS["category"]))),
    _Made("purchase_day", N_("Day of a purchase"), "goods", "day", None, (
        ("between", False), ("within", False), ("not_for", False), ("from", False), ("until", False))),
    _Made("tag", N_("Tags"), "card", "tags", _tags),
    _Made("owner", N_("Clerk"), "card", "choice", _staff),
    _Made("source", N_("Source"), "card", "word", _words_of("sources")),
    _Made("referred_by", N_("Referred by"), "card", "customer", None, (*_HAS, ("is", False))),
    _Made("since", N_("Customer since"), "card", "day", None, (
        ("within", False), ("ago", False), ("between", False), ("from", False), ("until", False), *_KNOWN)),
    _Made("verified", N_("Last verified"), "card", "day", None, _PAST),
    _Made("card_no", N_("Card number"), "card", "text"),
    _Made("external_id", N_("Number in another program"), "card", "text"),
    _Made("note", N_("Notes"), "card", "text", None, (*_PLAIN["text"][:2], *_HAS)),
    _Made("pinned_note", N_("Pinned note"), "card", "text", None, (*_HAS, *_PLAIN["text"][:2])),
    _Made("preferences", N_("Preferences"), "card", "text"),
    _Made("gap", N_("Missing on the card"), "card", "choice", _fixed(_GAPS), (("is", False),)),
    _Made("import", N_("Came with an import"), "card", "choice", _imports, _PLAIN["choice"]),
)  # fmt: skip

_BY_KEY = {made.key: made for made in _FIELDS}

_OWN_KINDS: dict[str, Kind] = {
    "text": "text",
    "number": "number",
    "date": "day",
    "choice": "choice",
    "yes_no": "choice",
}


def known(key: str) -> bool:
    """Whether there is such a field in every shop, or it has the form of one of a shop's own."""
    return key in _BY_KEY or (key.startswith("own:") and key.removeprefix("own:").isdecimal())


def fields(shop: Shop) -> list[Field]:
    """Every field that can be asked by now, by group, with its choices looked up."""
    order = list(GROUPS)
    made = [_field(shop, each) for each in _FIELDS]
    made += [_own(each) for each in custom_fields.listing(shop)]
    return sorted(made, key=lambda field: order.index(field.group))


def field(shop: Shop, key: str) -> Field | None:
    """One field with its choices, None where it is one of the shop's own that is gone."""
    if key in _BY_KEY:
        return _field(shop, _BY_KEY[key])
    return next(
        (_own(each) for each in custom_fields.listing(shop, active_only=False) if f"own:{each.id}" == key),
        None,
    )


def _field(shop: Shop, made: _Made) -> Field:
    operators = made.operators or _PLAIN[made.kind]
    found = Field(made.key, _(made.label), made.group, made.kind, operators)
    return replace(found, choices=made.load(shop)) if made.load else found


def _own(field: CustomField) -> Field:
    kind = _OWN_KINDS[field.kind]
    choices: tuple[Choice, ...] = tuple(Choice(word, word) for word in custom_fields.choices(field))
    if field.kind == "yes_no":
        choices = (Choice("1", _("yes")), Choice("0", _("no")))
    return Field(f"own:{field.id}", field.name, "own", kind, (*_PLAIN[kind], *_own_known(kind)), choices)


def _own_known(kind: Kind) -> tuple[tuple[str, bool], ...]:
    return _KNOWN if kind in ("number", "choice") else ()
