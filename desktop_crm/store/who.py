"""Which customers a filter names, as SQL; what the fields are called and how a filter is written is in who.py.

Days here are days: what is relative ("in the next 30 days") was worked out before. Nothing is ever NULL, so that
NOT is the complement.
"""

from __future__ import annotations

import json
import re
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from desktop_crm.store.rows import Database

TestOperator = Literal[
    "in", "all", "contains", "starts", "ge", "gt", "le", "between", "empty", "yes", "days", "age_ge", "age_le"
]  # fmt: skip


@dataclass(frozen=True)
class Clause:
    """A condition on one live customer, for the WHERE of any query.

    Attributes:
        sql: over the aliases c (customers) and f (customer_figures, which holds the live cards and no others); its own
            subqueries use neither name; never NULL, so that NOT is the complement; '' is everybody.
        params: what its question marks stand for, in order.
    """

    sql: str = ""
    params: tuple[Any, ...] = ()  # whatever SQLite can bind

    @cached_property
    def needs_customers(self) -> bool:
        """Whether it looks at columns of c; where not, customer_figures alone answers."""
        return re.search(r"\bc\.", self.sql) is not None

    @property
    def where(self) -> str:
        """The sql in brackets, '1' for everybody: what stands behind WHERE or AND."""
        return f"({self.sql})" if self.sql else "1"


@dataclass(frozen=True)
class Test:
    """One condition with all that is relative worked out.

    Attributes:
        field: a key of who_fields.py. values: what to compare with, by the operator. negated: the complement.
        operator: "in" (one of the values), "all" (of the tags), "ge", "gt", "le", "between" (days and numbers, a day not
            known is none), "empty", "yes" (a flag), "days" (birthdays: a JSON list of `calendars` + MM-DD),
            "age_ge" and "age_le" (the latest or earliest birthday: solar, lunar).
    """

    __test__ = False  # no test of pytest's

    field: str
    operator: TestOperator
    values: tuple[Any, ...] = ()
    negated: bool = False


@dataclass(frozen=True)
class Edges:
    """First days of being active and of being dormant."""

    active: str
    dormant: str


@dataclass(frozen=True)
class _Source:
    """Where a field's values are: an expression on c and f, or on rows that name their customer.

    Attributes:
        expr: used exactly once in a condition. rows: "SELECT customer FROM … WHERE …", "" for none.
        blank: what `expr` is where nothing is known. nullable: `expr` may be NULL.
    """

    expr: str
    rows: str = ""
    params: tuple[Any, ...] = ()
    blank: str = "''"
    nullable: bool = False


_DEVICES = "SELECT d.customer_id FROM devices d WHERE d.status = 'in_use'"
_BOUGHT = (
    "SELECT p.customer_id FROM purchases p JOIN purchase_lines l ON l.purchase_id = p.id "
    "WHERE p.void_day IS NULL AND p.customer_id IS NOT NULL"
)
_TIER = "(SELECT t.{column} FROM customer_tiers t WHERE t.id = f.id)"
_ANSWER = (
    "(SELECT a.{column} FROM survey_answers a WHERE a.customer_id = f.id AND a.{column} IS NOT NULL "
    "ORDER BY a.day DESC, a.id DESC LIMIT 1)"
)
_CONSENT = "coalesce((SELECT o.answer FROM consents o WHERE o.customer_id = f.id AND o.channel = '{channel}'), c.consent)"
_TEXTS = (
    "SELECT n.id FROM (SELECT id, note AS text FROM customers WHERE note <> '' UNION ALL "
    "SELECT id, preferences FROM customers WHERE preferences <> '' UNION ALL SELECT customer_id, text FROM notes) n WHERE 1"
)
_PINNED = (
    "SELECT n.id FROM (SELECT id, note AS text FROM customers WHERE note_pinned = 1 AND note <> '' UNION ALL "
    "SELECT customer_id, text FROM notes WHERE pinned = 1) n WHERE 1"
)
_NUMBERS = (
    "SELECT s.id FROM (SELECT customer_id AS id, imei AS number FROM devices WHERE status = 'in_use' AND imei <> '' "
    "UNION ALL SELECT customer_id, serial FROM devices WHERE status = 'in_use' AND serial <> '') s WHERE 1"
)
_RELATIONS = (
    "SELECT r.id FROM (SELECT customer_id AS id, kind FROM relations UNION ALL SELECT other_id, kind FROM relations) r "
    "WHERE 1"
)
_TERM_END = "date(d.acquired_day, '+' || coalesce(e.days, 0) || ' days', '+' || coalesce(e.months, 0) || ' months', 'floor')"
_TERMS = (
    "SELECT d.customer_id FROM devices d JOIN after_sales_terms e ON e.active = 1 AND e.part = 'main unit' "
    "AND e.condition = '' WHERE d.status = 'in_use' AND d.bought_here = 1 AND d.acquired_day IS NOT NULL"
)
_BROUGHT = "(SELECT {sums} FROM opening_summaries u WHERE u.customer_id = f.id)"
_ACTIVITY = (
    "CASE WHEN f.last_purchase_day = '' AND f.brought_day = '' THEN 'prospect' "
    "WHEN max(f.last_visit_day, f.brought_day) >= ? THEN 'active' "
    "WHEN max(f.last_visit_day, f.brought_day) >= ? THEN 'dormant' ELSE 'lost' END"
)

_SOURCES: dict[str, _Source] = {
    **{name: _Source(f"c.{name}") for name in (
        "name", "wechat", "email", "card_no", "external_id", "kind", "gender", "language", "birthday", "region", "address",
        "occupation", "preferences", "source", "consent", "do_not_contact")},
    "age": _Source("c.birthday"),
    "phone": _Source("q.number", "SELECT q.customer_id FROM phones q WHERE 1"),
    "referred_by": _Source("coalesce(c.referred_by, 0)", blank="0"),
    "owner": _Source("coalesce(c.owner_staff_id, 0)", blank="0"),
    "import": _Source("coalesce(c.import_id, 0)", blank="0"),
    **{f"consent_{channel}": _Source(_CONSENT.format(channel=channel)) for channel in ("call", "sms", "wechat", "email")},
    "since": _Source("f.since_day"),
    "verified": _Source("coalesce(c.verified_day, '')"),
    "last_purchase": _Source("f.last_purchase_day"),
    "last_visit": _Source("f.last_visit_day"),
    "last_contact": _Source("f.last_contact_day"),
    "tier": _Source("f.tier_rank", blank="0"),
    "value": _Source(f"coalesce({_TIER.format(column='value')}, '')"),
    "occasions": _Source("f.occasions"),
    "spent": _Source("f.net_fen"),
    "window_occasions": _Source(f"coalesce({_TIER.format(column='occasions')}, 0)"),
    "window_spent": _Source(f"coalesce({_TIER.format(column='net_fen')}, 0)"),
    "balance": _Source("coalesce((SELECT sum(b.amount_fen) FROM balance_entries b WHERE b.customer_id = f.id), 0)"),
    "points": _Source("coalesce((SELECT sum(e.points) FROM point_entries e WHERE e.customer_id = f.id), 0)"),
    "brought": _Source(_BROUGHT.format(sums="coalesce(sum(u.total_fen), 0)")),
    "brought_purchases": _Source(_BROUGHT.format(sums="coalesce(sum(u.purchases), 0)")),
    "brought_last": _Source(_BROUGHT.format(sums="coalesce(max(u.last_day), '')")),
    "open_complaint": _Source("1", "SELECT k.customer_id FROM complaints k WHERE k.customer_id IS NOT NULL "
                              "AND k.state NOT IN ('closed', 'withdrawn', 'duplicate')"),
    "open_followup": _Source("1", "SELECT w.customer_id FROM followups w WHERE w.state = 'open'"),
    "followup_due": _Source("w.due_day", "SELECT w.customer_id FROM followups w WHERE w.state = 'open'"),
    "satisfaction": _Source(_ANSWER.format(column="satisfaction"), nullable=True, blank="NULL"),
    "recommendation": _Source(_ANSWER.format(column="recommendation"), nullable=True, blank="NULL"),
    "relation": _Source("r.kind", _RELATIONS),
    "note": _Source("n.text", _TEXTS),
    "pinned_note": _Source("n.text", _PINNED),
    **{name: _Source(f"d.{name}", _DEVICES) for name in ("model", "color", "storage")},
    "imei": _Source("s.number", _NUMBERS),
    "brand": _Source("(SELECT g.brand FROM products g WHERE g.id = d.product_id)", _DEVICES, nullable=True),
    "warranty": _Source("coalesce(d.warranty_end_day, '')", _DEVICES),
    "plan_end": _Source("coalesce(d.plan_end_day, '')", _DEVICES),
    "after_sales": _Source(_TERM_END, _TERMS),
    "category": _Source("l.category", _BOUGHT),
    "product": _Source("l.description", _BOUGHT),
    "purchase_day": _Source("p.day", "SELECT p.customer_id FROM purchases p WHERE p.void_day IS NULL "
                            "AND p.customer_id IS NOT NULL"),
    "tag": _Source("j.tag_id", "SELECT j.customer_id FROM customer_tags j WHERE 1", blank="0"),
}  # fmt: skip

_TIER_RANKS = {"high_value": 5, "potential": 4, "regular": 3, "lost": 2, "prospect": 1, "": 0}

GAPS = ("phone", "birthday", "gender", "wechat", "region", "source", "consent", "owner", "card_no", "device")
"""What can be missing on a card; a device only on that of somebody who bought."""


def clause(tests: Sequence[Test], all_of: bool, edges: Edges) -> Clause:
    """All of the tests, or any of them; without any, everybody."""
    parts = [_one(test, edges) for test in tests]
    joined = (" AND " if all_of else " OR ").join(f"({part.sql})" for part in parts)
    return Clause(joined, tuple(value for part in parts for value in part.params))


def count(db: Database, found: Clause) -> int:
    """How many live customers it names."""
    return int(db.value(f"SELECT count(*) FROM {_from(found)} WHERE {found.where}", found.params))


def ids(db: Database, found: Clause) -> array[int]:
    """The ids of the live customers it names, ascending."""
    cursor = db.execute(f"SELECT f.id FROM {_from(found)} WHERE {found.where} ORDER BY f.id", found.params)
    return array("q", (row[0] for row in cursor))


def calendars(db: Database) -> list[str]:
    """By which calendars birthdays are counted: "S" solar, and of "L" lunar and "P" lunar leap months those in use."""
    asked = (
        "SELECT 1 FROM customers WHERE birthday <> '' AND birthday_lunar = 1 AND birthday_leap = ? LIMIT 1"
    )
    return ["S", *(key for key, leap in (("L", 0), ("P", 1)) if db.value(asked, (leap,)) is not None)]


def brands(db: Database) -> list[str]:
    """The brands of the products, by name."""
    return [brand for (brand,) in db.rows("SELECT DISTINCT brand FROM products WHERE brand <> '' ORDER BY 1")]


def tags(db: Database) -> list[tuple[int, str, str]]:
    """(id, name, group) of every tag, by group and name, those without a group last."""
    return [
        (tag_id, name, group)
        for tag_id, name, group in db.rows(
            "SELECT id, name, group_name FROM tags ORDER BY group_name = '', group_name, name"
        )
    ]


def imports(db: Database, limit: int = 50) -> list[tuple[int, str, str]]:
    """(id, file, instant) of the latest imports of customers, the latest first."""
    return [
        (import_id, name, at)
        for import_id, name, at in db.rows(
            "SELECT id, file_name, at FROM imports ORDER BY id DESC LIMIT ?", (limit,)
        )
    ]


def _from(found: Clause) -> str:
    # By id, as the cards lie: in the order of some index of the figures, a million cards took 12 times as long.
    return (
        "customer_figures f NOT INDEXED JOIN customers c ON c.id = f.id"
        if found.needs_customers
        else "customer_figures f"
    )


def _one(test: Test, edges: Edges) -> Clause:
    special = _SPECIAL.get(test.field)
    made = special(test, edges) if special else _plain(test, _source(test.field))
    return Clause(f"NOT ({made.sql})", made.params) if test.negated else made


def _source(field: str) -> _Source:
    if field.startswith("own:"):
        rows = "SELECT v.customer_id FROM custom_values v WHERE v.field_id = ?"
        return _Source("v.value", rows, (int(field.removeprefix("own:")),))
    return _SOURCES[field]


def _plain(test: Test, source: _Source) -> Clause:
    if test.operator == "all":
        parts = [_plain(Test(test.field, "in", (value,)), source) for value in test.values]
        return Clause(
            " AND ".join(part.sql for part in parts), tuple(v for part in parts for v in part.params)
        )
    if test.operator == "empty":
        return _empty(source)
    sql, params = _compare(test, source.expr)
    if source.nullable:
        sql = f"coalesce({sql}, 0)"
    if source.rows:
        sql = f"f.id IN ({source.rows} AND ({sql}))"
    return Clause(sql, (*source.params, *params))


def _empty(source: _Source) -> Clause:
    known = f"{source.expr} IS NOT NULL" if source.blank == "NULL" else f"{source.expr} IS NOT {source.blank}"
    if source.rows:
        return Clause(f"NOT (f.id IN ({source.rows} AND {known}))", source.params)
    return Clause(f"NOT ({known})", source.params)


def _compare(test: Test, expr: str) -> tuple[str, tuple[Any, ...]]:
    values = test.values
    numeric = bool(values) and isinstance(values[0], int | float)
    if test.field.startswith("own:") and numeric:
        expr = f"CAST({expr} AS REAL)"
    match test.operator:
        case "in":
            return f"{expr} IN (SELECT value FROM json_each(?))", (
                json.dumps(list(values), ensure_ascii=False),
            )
        case "contains":
            return f"{expr} LIKE ? ESCAPE '\\'", (f"%{_escaped(values[0])}%",)
        case "starts":
            return f"{expr} LIKE ? ESCAPE '\\'", (f"{_escaped(values[0])}%",)
        case "ge":
            return f"{expr} >= ?", values
        case "gt":
            return f"{expr} > ?", values
        case "le":
            return (f"{expr} <= ?", values) if numeric else (f"{expr} BETWEEN '0' AND ?", values)
        case "between":
            return f"{expr} BETWEEN ? AND ?", values
    return expr, ()  # "yes"


def _escaped(text: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", text)


def _activity(test: Test, edges: Edges) -> Clause:
    return _plain(test, _Source(_ACTIVITY, params=(edges.active, edges.dormant)))


def _at_risk(_test: Test, edges: Edges) -> Clause:
    return Clause(
        f"{_ACTIVITY} = 'dormant' AND {_SOURCES['value'].expr} = 'high'", (edges.active, edges.dormant)
    )


def _tier(test: Test, _edges: Edges) -> Clause:
    ranks = tuple(_TIER_RANKS[value] for value in test.values if value in _TIER_RANKS)
    return _plain(Test("tier", "in", ranks), _SOURCES["tier"])


def _birthday(test: Test, _edges: Edges) -> Clause:
    if test.operator == "empty":
        return _empty(_SOURCES["birthday"])
    asked = (
        "c.birthday <> '' AND CASE WHEN c.birthday_lunar = 0 THEN 'S' WHEN c.birthday_leap = 1 THEN 'P' ELSE 'L' END "
        "|| substr(c.birthday, -5) IN (SELECT value FROM json_each(?))"
    )
    return Clause(asked, test.values)


def _age(test: Test, _edges: Edges) -> Clause:
    known = "c.birthday GLOB '[0-9]*'"
    edge = "CASE c.birthday_lunar WHEN 0 THEN ? ELSE ? END"
    if test.operator == "empty":
        return Clause(f"NOT ({known})")
    if test.operator == "between":
        return Clause(
            f"{known} AND c.birthday <= {edge} AND c.birthday > {edge}", (*test.values[:2], *test.values[2:])
        )
    return Clause(f"{known} AND c.birthday {'<=' if test.operator == 'age_ge' else '>'} {edge}", test.values)


def _gap(test: Test, _edges: Edges) -> Clause:
    parts = [
        f"(f.occasions > 0 AND NOT (f.id IN ({_DEVICES})))" if gap == "device" else _empty(_SOURCES[gap]).sql
        for gap in test.values
        if gap in GAPS
    ]
    return Clause(" OR ".join(parts) or "0")


_SPECIAL: dict[str, Callable[[Test, Edges], Clause]] = {
    "activity": _activity,
    "at_risk": _at_risk,
    "tier": _tier,
    "birthday": _birthday,
    "age": _age,
    "gap": _gap,
}
