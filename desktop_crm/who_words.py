"""Conditions in words: what each operator takes, how a condition and a whole filter read, spans like "60 days".

Which fields have which operators is in who_fields.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from desktop_crm.base.dates import add_months
from desktop_crm.base.i18n import N_, _, ngettext
from desktop_crm.base.values import half_width, show_money, show_phone
from desktop_crm.records.customers import Customer
from desktop_crm.records.who import Condition, Filter, Value
from desktop_crm.shop import Shop
from desktop_crm.who_fields import Field, field

Takes = Literal[
    "", "text", "choices", "number", "numbers", "money", "moneys", "span", "day", "days", "customer"
]
"""What an operator compares with; "" for nothing, the plural for a first and a last."""

TAKES: dict[tuple[str, str], Takes] = {
    ("text", "contains"): "text", ("text", "starts"): "text", ("text", "is"): "text", ("text", "empty"): "",
    ("word", "is"): "choices", ("word", "contains"): "text", ("word", "empty"): "",
    ("choice", "is"): "choices", ("choice", "empty"): "",
    ("number", "at_least"): "number", ("number", "at_most"): "number", ("number", "between"): "numbers",
    ("number", "empty"): "",
    ("money", "at_least"): "money", ("money", "at_most"): "money", ("money", "between"): "moneys",
    ("day", "within"): "span", ("day", "ago"): "span", ("day", "not_for"): "span", ("day", "next"): "span",
    ("day", "from"): "day", ("day", "until"): "day", ("day", "between"): "days", ("day", "empty"): "",
    ("flag", "yes"): "",
    ("birthday", "month"): "choices", ("birthday", "next"): "span", ("birthday", "empty"): "",
    ("tags", "any"): "choices", ("tags", "all"): "choices", ("tags", "empty"): "",
    ("customer", "is"): "customer", ("customer", "empty"): "",
}  # fmt: skip
"""What an operator of a kind of field compares with; those that are not here do not exist."""

_LABELS: dict[tuple[str, bool], str] = {
    ("contains", False): N_("contains"), ("contains", True): N_("does not contain"),
    ("starts", False): N_("begins with"), ("starts", True): N_("does not begin with"),
    ("is", False): N_("is"), ("is", True): N_("is not"),
    ("empty", False): N_("is not known"), ("empty", True): N_("is known"),
    ("at_least", False): N_("at least"), ("at_least", True): N_("less than"),
    ("at_most", False): N_("at most"), ("at_most", True): N_("more than"),
    ("between", False): N_("from … to …"), ("between", True): N_("not from … to …"),
    ("within", False): N_("within the last …"), ("within", True): N_("not within the last …"),
    ("ago", False): N_("… ago or longer"), ("ago", True): N_("not … ago or longer"),
    ("not_for", False): N_("not for …"), ("not_for", True): N_("again since …"),
    ("next", False): N_("within the next …"), ("next", True): N_("not within the next …"),
    ("from", False): N_("from the day …"), ("from", True): N_("not from the day …"),
    ("until", False): N_("up to the day …"), ("until", True): N_("not up to the day …"),
    ("yes", False): N_("yes"), ("yes", True): N_("no"),
    ("month", False): N_("in the month"), ("month", True): N_("not in the month"),
    ("any", False): N_("one of"), ("any", True): N_("none of"),
    ("all", False): N_("all of"), ("all", True): N_("not all of"),
}  # fmt: skip
"""How operators are called where one is chosen."""

_SENTENCES: dict[tuple[str, bool], str] = {
    ("contains", False): N_("{field} contains “{value}”"),
    ("contains", True): N_("{field} does not contain “{value}”"),
    ("starts", False): N_("{field} begins with “{value}”"),
    ("starts", True): N_("{field} does not begin with “{value}”"),
    ("is", False): N_("{field} is {value}"),
    ("is", True): N_("{field} is not {value}"),
    ("empty", False): N_("{field}: not known"),
    ("empty", True): N_("{field}: known"),
    ("at_least", False): N_("{field} at least {value}"),
    ("at_least", True): N_("{field} less than {value}"),
    ("at_most", False): N_("{field} at most {value}"),
    ("at_most", True): N_("{field} more than {value}"),
    ("between", False): N_("{field} from {value} to {last}"),
    ("between", True): N_("{field} not from {value} to {last}"),
    ("within", False): N_("{field} within the last {value}"),
    ("within", True): N_("{field} not within the last {value}"),
    ("ago", False): N_("{field} {value} ago or longer"),
    ("ago", True): N_("{field} not {value} ago or longer"),
    ("not_for", False): N_("{field}: none for {value}"),
    ("not_for", True): N_("{field}: some in the last {value}"),
    ("next", False): N_("{field} within the next {value}"),
    ("next", True): N_("{field} not within the next {value}"),
    ("from", False): N_("{field} on {value} or later"),
    ("from", True): N_("{field} not on {value} or later"),
    ("until", False): N_("{field} on {value} or earlier"),
    ("until", True): N_("{field} not on {value} or earlier"),
    ("yes", False): N_("{field}: yes"),
    ("yes", True): N_("{field}: no"),
    ("month", False): N_("{field} in: {value}"),
    ("month", True): N_("{field} not in: {value}"),
    ("any", False): N_("Tagged {value}"),
    ("any", True): N_("Not tagged {value}"),
    ("all", False): N_("Tagged with all of: {value}"),
    ("all", True): N_("Not tagged with all of: {value}"),
}
"""How a condition reads."""

_OWN_SENTENCES: dict[tuple[str, str, bool], str] = {
    ("last_contact", "not_for", False): N_("No contact for {value}"),
    ("last_visit", "not_for", False): N_("Not here for {value}"),
    ("last_purchase", "not_for", False): N_("Bought nothing for {value}"),
    ("verified", "not_for", False): N_("Not verified for {value}"),
    ("warranty", "next", False): N_("Warranty ends within {value}"),
    ("plan_end", "next", False): N_("Carrier plan ends within {value}"),
    ("after_sales", "next", False): N_("A statutory term ends within {value}"),
    ("birthday", "next", False): N_("Birthday within {value}"),
    ("followup_due", "ago", False): N_("A follow-up is overdue by {value} or more"),
    ("at_risk", "yes", False): N_("At risk"),
    ("at_risk", "yes", True): N_("Not at risk"),
    ("do_not_contact", "yes", False): N_("Asked not to be contacted"),
    ("do_not_contact", "yes", True): N_("Did not ask not to be contacted"),
    ("open_followup", "yes", False): N_("Has an open follow-up"),
    ("open_followup", "yes", True): N_("Has no open follow-up"),
    ("open_complaint", "yes", False): N_("Has an open complaint"),
    ("open_complaint", "yes", True): N_("Has no open complaint"),
    ("phone", "empty", False): N_("Has no phone number"),
    ("phone", "empty", True): N_("Has a phone number"),
    ("note", "empty", False): N_("Has no note"),
    ("note", "empty", True): N_("Has a note"),
    ("pinned_note", "empty", False): N_("Has no pinned note"),
    ("pinned_note", "empty", True): N_("Has a pinned note"),
    ("relation", "empty", False): N_("Has no relations"),
    ("relation", "empty", True): N_("Has relations"),
    ("tag", "empty", False): N_("Has no tags"),
    ("tag", "empty", True): N_("Has tags"),
    ("referred_by", "empty", False): N_("Was referred by nobody"),
    ("referred_by", "empty", True): N_("Was referred by somebody"),
    ("referred_by", "is", False): N_("Was referred by {value}"),
    ("gap", "is", False): N_("On the card is missing: {value}"),
}
"""How a condition reads where the usual words would be clumsy."""

_SPAN = re.compile(r"(\d{1,4})\s*(d|w|m|y|days?|weeks?|months?|years?|天|日|周|星期|个?月|年)?")
_MOST_YEARS = 999
_UNITS = {"w": "w", "周": "w", "星": "w", "m": "m", "个": "m", "月": "m", "y": "y", "年": "y"}


@dataclass(frozen=True)
class Way:
    """One way to compare a field: the operator, its name, and what it takes."""

    operator: str
    negated: bool
    label: str
    takes: Takes


def ways(asked: Field) -> list[Way]:
    """How a field can be compared, in the order in which to offer it."""
    return [
        Way(operator, negated, _way_label(asked, operator, negated), TAKES[asked.kind, operator])
        for operator, negated in asked.operators
    ]


def _way_label(asked: Field, operator: str, negated: bool) -> str:
    """An operator's own words for this field where it has some that take nothing, else the usual ones."""
    own = _OWN_SENTENCES.get((asked.key, operator, negated), "")
    return _(own) if own and "{" not in own else _(_LABELS[operator, negated])


def read_span(text: str) -> str:
    """The stored form of a span that a person typed ("60", "60天", "12 months", "1y"); '' if it is none.

    A number alone counts days.
    """
    match = _SPAN.fullmatch(half_width(text).strip().lower())
    if match is None or int(match[1]) == 0:
        return ""
    unit = _UNITS.get((match[2] or "d")[0], "d")
    return "" if unit == "y" and int(match[1]) > _MOST_YEARS else f"{int(match[1])}{unit}"


def show_span(span: str) -> str:
    """A stored span in words: "60 days"."""
    count, unit = int(span[:-1]), span[-1]
    words = {
        "d": ngettext("{count} day", "{count} days", count),
        "w": ngettext("{count} week", "{count} weeks", count),
        "m": ngettext("{count} month", "{count} months", count),
        "y": ngettext("{count} year", "{count} years", count),
    }
    return words[unit].format(count=count)


def days_off(day: date, span: str, sign: Literal[1, -1]) -> date:
    """The day a span after (1) or before (-1) a day."""
    count, unit = sign * int(span[:-1]), span[-1]
    if unit in ("m", "y"):
        return add_months(day, count * (12 if unit == "y" else 1))
    return day + timedelta(days=count * (7 if unit == "w" else 1))


def condition_words(shop: Shop, condition: Condition) -> str:
    """One condition in words; a field of the shop's own that is gone is called so."""
    asked = field(shop, condition.field)
    if asked is None:
        return _("A field that is not there any more")
    operator, negated = condition.operator, condition.negated
    pattern = _OWN_SENTENCES.get((asked.key, operator, negated)) or _SENTENCES[operator, negated]
    first, last = _value_words(shop, asked, condition)
    return _(pattern).format(field=asked.label, value=first, last=last)


def sentence(shop: Shop, wanted: Filter) -> str:
    """A whole filter in words: "Tier is High value, No contact for 60 days"; without conditions everybody."""
    if not wanted.conditions:
        return _("Everybody")
    parts = [condition_words(shop, each) for each in wanted.conditions]
    if wanted.all_of or len(parts) == 1:
        return _(", ").join(parts)
    return _(" or ").join(parts)


def _value_words(shop: Shop, asked: Field, condition: Condition) -> tuple[str, str]:
    takes = TAKES[asked.kind, condition.operator]
    values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    if takes == "choices":
        names = {choice.value: choice.label for choice in asked.choices}
        gone = _("(gone)") if asked.kind != "word" else ""
        joint = _(", ") if condition.operator == "all" else _(" or ")
        return joint.join(names.get(str(value), gone or str(value)) for value in values), ""
    if takes == "customer":
        found = shop.db.get(Customer, int(values[0]))
        return found.name if found else _("(gone)"), ""
    shown = [_SHOW.get(takes, str)(value) for value in values]
    return shown[0], shown[-1]


def _money_words(value: Value) -> str:
    return show_money(value) if isinstance(value, int) else str(value)


def _text_words(value: Value) -> str:
    return show_phone(str(value))


_SHOW: dict[Takes, Callable[[Value], str]] = {
    "span": lambda value: show_span(str(value)),
    "money": _money_words,
    "moneys": _money_words,
    "text": _text_words,
}
