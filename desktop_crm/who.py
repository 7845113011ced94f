"""Who is meant: one notion of a filter on customers, shared by lists, views, import, export, campaigns and prints.

    wanted = Filter((Condition("tier", "is", ("high_value",)), Condition("last_contact", "not_for", "60d")))
    who.sentence(shop, wanted); who.count(shop, wanted); who.ids(shop, wanted)

Which fields there are stands in who_fields.py, words in who_words.py, the SQL in store/who.py; named filters are
views.py. Days are relative to the shop's today each time a filter is asked.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Literal

from desktop_crm import birthdays
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _
from desktop_crm.base.lunar import lunar_of
from desktop_crm.base.values import normal_imei
from desktop_crm.records.customers import Customer
from desktop_crm.records.who import Condition as Condition
from desktop_crm.records.who import Filter as Filter
from desktop_crm.records.who import Value as Value
from desktop_crm.settings import ACTIVE_DAYS, DORMANT_DAYS
from desktop_crm.shop import Shop
from desktop_crm.store import who as store
from desktop_crm.store.who import Clause as Clause
from desktop_crm.store.who import Edges, Test
from desktop_crm.who_fields import GROUPS as GROUPS
from desktop_crm.who_fields import Choice as Choice
from desktop_crm.who_fields import Field as Field
from desktop_crm.who_fields import Kind, known
from desktop_crm.who_fields import field as field
from desktop_crm.who_fields import fields as fields
from desktop_crm.who_words import TAKES, days_off
from desktop_crm.who_words import Takes as Takes
from desktop_crm.who_words import Way as Way
from desktop_crm.who_words import condition_words as condition_words
from desktop_crm.who_words import read_span as read_span
from desktop_crm.who_words import sentence as sentence
from desktop_crm.who_words import show_span as show_span
from desktop_crm.who_words import ways as ways

EVERYBODY = Filter()

_MOST = 200
"""More conditions, or choices of one, nobody can read; SQLite nests expressions up to 1,000 deep."""


class FilterNotUnderstood(CrmError):
    """A stored filter is none, or asks for what there is not."""


class FieldGone(CrmError):
    """A filter asks for one of the shop's own fields that is not there any more."""


# ---------------------------------------------------------------- text form


def to_text(wanted: Filter) -> str:
    """A filter as text (JSON), which `from_text` reads again."""
    conditions = []
    for each in wanted.conditions:
        value = list(each.value) if isinstance(each.value, tuple) else each.value
        made: dict[str, Any] = {"field": each.field, "operator": each.operator, "value": value}
        conditions.append(made | ({"not": True} if each.negated else {}))
    return json.dumps({"all": wanted.all_of, "conditions": conditions}, ensure_ascii=False)


def from_text(text: str) -> Filter:
    """The filter of a text that `to_text` made.

    Raises:
        FilterNotUnderstood: it is broken, or has a field, operator or value that this program does not know.
    """
    try:
        found = json.loads(text)
        conditions = tuple(_read_condition(each) for each in found["conditions"])
        all_of = found.get("all", True)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise _broken() from error
    if not isinstance(all_of, bool) or len(conditions) > _MOST:
        raise _broken()
    return Filter(conditions, all_of)


def _read_condition(found: dict[str, Any]) -> Condition:  # JSON values
    value = found.get("value", "")
    made = Condition(
        found["field"],
        found["operator"],
        tuple(value) if isinstance(value, list) else value,
        found.get("not", False),
    )
    if not (
        isinstance(made.field, str) and isinstance(made.operator, str) and isinstance(made.negated, bool)
    ):
        raise _broken()
    if not known(made.field) or all(operator != made.operator for _kind, operator in TAKES):
        raise _broken()
    return made


def _broken() -> FilterNotUnderstood:
    return FilterNotUnderstood(
        _(
            "This filter cannot be read: it is damaged, or a newer version of the program made it. "
            "Nothing was changed; make the filter again."
        )
    )


# ---------------------------------------------------------------- asking


def count(shop: Shop, wanted: Filter) -> int:
    """How many live customers a filter names.

    Raises:
        FilterNotUnderstood, FieldGone
    """
    with shop.reading():
        return store.count(shop.db, clause(shop, wanted))


def ids(shop: Shop, wanted: Filter) -> Sequence[int]:
    """The ids of the live customers a filter names, ascending.

    Raises:
        FilterNotUnderstood, FieldGone
    """
    with shop.reading():
        return store.ids(shop.db, clause(shop, wanted))


def clause(shop: Shop, wanted: Filter) -> Clause:
    """A filter as SQL, as of today; for queries of other nouns, see `Clause`.

    Raises:
        FilterNotUnderstood, FieldGone
    """
    today = shop.today()
    edges = Edges(
        (today - timedelta(days=shop.get(ACTIVE_DAYS))).isoformat(),
        (today - timedelta(days=shop.get(DORMANT_DAYS))).isoformat(),
    )
    tests = [_test(shop, checked(shop, each), today) for each in wanted.conditions]
    return store.clause(tests, wanted.all_of, edges)


def checked(shop: Shop, condition: Condition) -> Condition:
    """The condition itself, if its field is there and its value is one that the operator takes.

    Raises:
        FilterNotUnderstood, FieldGone
    """
    asked = field(shop, condition.field) if known(condition.field) else None
    if asked is None and condition.field.startswith("own:"):
        raise FieldGone(
            _(
                "This filter asks for a field of your own that is not there any more. "
                "Take that condition away, or bring the field back in Settings."
            )
        )
    takes = TAKES.get((asked.kind, condition.operator)) if asked else None
    if asked is None or takes is None or not _fits(asked, takes, condition.value):
        raise FilterNotUnderstood(
            _(
                "A condition of this filter has no proper value, so nobody was looked up. Take it away and add it again."
            )
        )
    return condition


def _fits(asked: Field, takes: Takes, value: Value) -> bool:
    values = value if isinstance(value, tuple) else (value,)
    if (
        asked.kind == "birthday"
        and takes == "choices"
        and not set(values) <= {c.value for c in asked.choices}
    ):
        return False
    if takes == "":
        return value == ""
    if takes == "choices":
        return isinstance(value, tuple) and 0 < len(value) <= _MOST and all(isinstance(v, str) for v in value)
    if len(values) != (2 if takes in ("numbers", "moneys", "days") else 1):
        return False
    if takes in ("number", "numbers"):
        return all(isinstance(v, int | float) and not isinstance(v, bool) for v in values)
    if takes in ("money", "moneys", "customer"):
        return all(isinstance(v, int) and not isinstance(v, bool) and abs(v) < 2**53 for v in values)
    if not all(isinstance(v, str) and v for v in values):
        return False
    if takes == "span":
        return read_span(str(value)) == value
    return takes == "text" or all(_is_day(str(v)) for v in values)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


# ---------------------------------------------------------------- working out what is relative


def _test(shop: Shop, condition: Condition, today: date) -> Test:
    """A checked condition with all that is relative worked out."""
    asked = field(shop, condition.field)
    assert asked is not None, "checked"
    value = condition.value
    values: tuple[Any, ...] = value if isinstance(value, tuple) else () if value == "" else (value,)
    operator, flipped = condition.operator, False
    if asked.kind == "birthday" and operator in ("month", "next"):
        operator, values = "days", _birthdays(shop, operator, values, today)
    elif asked.key == "age" and operator != "empty":
        operator, values = _ages(operator, values, today)
    elif asked.kind == "day":
        operator, values, flipped = _days(operator, values, today)
    else:
        values = _stored(asked.kind, asked.key, values)
    return Test(asked.key, _STORED.get(operator, operator), values, condition.negated is not flipped)


_STORED: dict[str, Any] = {
    "is": "in", "any": "in", "at_least": "ge", "at_most": "le", "from": "ge", "until": "le",
}  # fmt: skip
"""Operators that the store calls otherwise."""


def _stored(kind: Kind, key: str, values: tuple[Any, ...]) -> tuple[Any, ...]:
    """Ids as numbers, numbers of devices as they are stored, everything else as it is."""
    if key == "imei":
        return tuple(normal_imei(str(v)) or v for v in values)
    if kind in ("tags", "customer") or key in ("owner", "import"):
        return tuple(int(v) for v in values if str(v).isdecimal())
    return values


def _days(operator: str, values: tuple[Any, ...], today: date) -> tuple[str, tuple[Any, ...], bool]:
    """(operator, days, negate) of a condition on days."""
    if operator == "next":
        return "between", (today.isoformat(), days_off(today, values[0], 1).isoformat()), False
    if operator in ("within", "ago", "not_for"):
        edge = days_off(today, values[0], -1).isoformat()
        if operator == "within":
            return "between", (edge, today.isoformat()), False
        return ("until", (edge,), False) if operator == "ago" else ("gt", (edge,), True)
    return operator, values, False


def _ages(operator: str, values: tuple[Any, ...], today: date) -> tuple[str, tuple[Any, ...]]:
    """The birthdays, solar and lunar, between which an age lies."""
    there = lunar_of(today)

    def edges(years: float) -> tuple[str, str]:
        whole = max(0, min(int(years), 200))
        return (
            f"{today.year - whole:04d}-{today.month:02d}-{today.day:02d}",
            f"{there.year - whole:04d}-{there.month:02d}-{there.day:02d}",
        )

    if operator == "between":
        return "between", (*edges(values[0]), *edges(values[1] + 1))
    return ("age_ge", edges(values[0])) if operator == "at_least" else ("age_le", edges(values[0] + 1))


def _birthdays(shop: Shop, operator: str, values: tuple[Any, ...], today: date) -> tuple[str]:
    """The birthdays of every calendar in use that fall into the span or the months meant, as a JSON list."""
    spans: tuple[tuple[date, date], ...]
    if operator == "next":
        spans = ((today, days_off(today, values[0], 1)),)
    else:
        spans = tuple(_month(str(value), today) for value in values)
    return (json.dumps([day for key in store.calendars(shop.db) for day in _falling(key, spans)]),)


@lru_cache(maxsize=64)
def _falling(calendar: str, spans: tuple[tuple[date, date], ...]) -> tuple[str, ...]:
    """Every birthday of a calendar ("S", "L", "P") that is kept within one of the spans, last days included."""
    found = []
    for month in range(1, 13):
        for day in range(1, (_LENGTHS[month - 1] if calendar == "S" else 30) + 1):
            asked = Customer(
                0,
                "?",
                "",
                birthday=f"--{month:02d}-{day:02d}",
                birthday_lunar=calendar != "S",
                birthday_leap=calendar == "P",
            )
            if any(birthdays.next_day(asked, first) <= last for first, last in spans):  # type: ignore[operator]
                found.append(f"{calendar}{month:02d}-{day:02d}")
    return tuple(found)


_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _month(value: str, today: date) -> tuple[date, date]:
    """The first and last day of "this" or "next" month, or of the next month with this number, this one included."""
    step: int | Literal[0, 1] = {"this": 0, "next": 1}.get(value, -1)
    if step < 0:
        step = (int(value) - today.month) % 12
    place = today.year * 12 + today.month - 1 + step
    first = date(place // 12, place % 12 + 1, 1)
    after = date((place + 1) // 12, (place + 1) % 12 + 1, 1)
    return first, after - timedelta(days=1)
