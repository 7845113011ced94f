"""One person about whom something stands in every text of the shop file, made from the schema itself.

Every value of theirs is a word that stands nowhere else, so that a test can look for it in any heap of bytes. Zilpzalp is a
bird, like the canary that miners took with them.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from desktop_crm.shop import Shop
from desktop_crm.store.journal import TABLES
from desktop_crm.store.person_columns import COLUMNS, STRUCTURED
from desktop_crm.store.rows import Database

SONG = "zilpzalp"
"""Part of every word: the index of the search keeps only pieces of words."""

NAME, NUMBER = "茨威格鸟", "13800997766"

PERSON_TABLES = (
    "phones", "customer_tags", "customer_tiers", "tier_history", "devices", "purchases", "purchase_lines", "payments",
    "refunds", "interactions", "followups", "complaints", "complaint_steps", "consents", "relations", "notes",
    "custom_values", "merges", "distinct_pairs", "mend_skips", "balance_entries", "survey_answers",
    "opening_summaries", "point_entries", "import_originals",
)  # fmt: skip
"""Every journalled table with rows of customers, parents before children; a test holds it to the foreign keys."""

_CODES = {
    ("followups", "rule"): "manual",
    ("followups", "outcome"): "",
    ("followups", "source_kind"): "",
    ("complaint_steps", "kind"): "received",
    ("tier_history", "from_tier"): "regular",
    ("tier_history", "to_tier"): "potential",
}
"""Words of the program where the file itself allows others."""

_ONCE = ("customer_tiers", "consents", "relations", "custom_values", "merges", "distinct_pairs", "mend_skips")
"""Tables in which somebody has one row of a kind."""


@dataclass
class Bird:
    """The person, somebody else beside them, and every word that must be found nowhere afterwards.

    Attributes:
        customer_id / other_id: their cards. merged_id: a card that went into theirs.
        words: what stands about them: column → words.
    """

    customer_id: int
    other_id: int
    merged_id: int
    words: dict[tuple[str, str], set[str]] = field(default_factory=dict)

    def all_words(self) -> set[str]:
        """Every one of them."""
        return {word for words in self.words.values() for word in words}


class Nest:
    """Makes rows of any table out of its declaration."""

    def __init__(self, shop: Shop) -> None:
        self.db: Database = shop.db
        self.words: dict[tuple[str, str], set[str]] = {}
        self._count = 0

    def row(self, table: str, **given: object) -> int:
        """Insert a row with a word in each text that may be about somebody."""
        made = {**self._values(table, given), **given}
        names, marks = ", ".join(made), ", ".join("?" for _name in made)
        cursor = self.db.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(made.values()))
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def change(self, table: str, row_id: int) -> None:
        """Put new words into every text of a row that may be about somebody; the journal keeps the old ones."""
        made = {
            name: value
            for name, value in self._values(table, {}).items()
            if COLUMNS.get(table, {}).get(name) in ("own", "words", "sold") and isinstance(value, str)
        }
        if made:
            sets = ", ".join(f"{name} = ?" for name in made)
            self.db.execute(f"UPDATE {table} SET {sets} WHERE id = ?", [*made.values(), row_id])

    def _values(self, table: str, given: dict[str, object]) -> dict[str, object]:
        sql = self.db.value("SELECT sql FROM sqlite_master WHERE name = ?", (table,))
        found: dict[str, object] = {}
        for _cid, name, kind, is_needed, default, is_key in self.db.rows(f"PRAGMA table_info({table})"):
            if name in given or is_key:
                continue
            if kind == "TEXT":
                found[name] = self._text(table, name, sql)
            elif is_needed and default is None:
                found[name] = 1
        return found

    def _text(self, table: str, column: str, sql: str) -> str:
        choices = re.search(rf"{column} IN \(([^)]*)\)", sql)
        if choices:
            words: list[str] = re.findall(r"'([^']*)'", choices[1])
            return next(word for word in words if word)
        meaning = COLUMNS[table][column]
        if (table, column) in _CODES:
            return _CODES[table, column]
        if meaning in ("code", "shop"):
            return "2026-11-02T02:00:00Z" if column.endswith("at") else "2026-11-02"
        self._count += 1
        if meaning == "sold":  # stays, but for what names them
            return f"R{self._count} {NUMBER} {NAME}"
        word = f"k{self._count:03d}{SONG}"
        self.words.setdefault((table, column), set()).add(word)
        if (table, column) in STRUCTURED:
            return json.dumps({word: word}, separators=(",", ":"))
        return word


def hatch(shop: Shop) -> Bird:
    """Make the person in four steps of history: made, changed, some of it removed, one step beside somebody else."""
    with shop.change("make the others", {"customers"}):
        nest = Nest(shop)
        other, parents = _others(nest)
    with shop.change(f"Add customer {NAME}", {"customers"}):
        own = nest.row("customers", name=NAME, birthday_lunar=0)
        merged = nest.row("customers", birthday_lunar=0, merged_into=own)
        made = _hang(nest, own, merged, parents)
        nest.row("phones", customer_id=own, number=NUMBER, position=2)
    with shop.change(f"Edit customer {NAME}", {"customers"}):
        for customer_id in (own, merged):
            nest.change("customers", customer_id)
        shop.db.execute("UPDATE customers SET name = ? WHERE id = ?", (NAME, own))
        for table, rows in made.items():
            for row_id in rows:
                nest.change(table, row_id)
        again = _hang(nest, own, merged, parents, once_more=True)
    with shop.change(f"Remove things of {NAME}", {"customers"}):
        for table in reversed(PERSON_TABLES):
            for row_id in again.get(table, []):
                shop.db.execute(f"DELETE FROM {table} WHERE id = ?", (row_id,))
    with shop.change("A step of many", {"customers"}):
        shop.db.execute("UPDATE customers SET region = '西湖区' WHERE id IN (?, ?)", (own, other))
    return Bird(own, other, merged, nest.words)


def _others(nest: Nest) -> tuple[int, dict[str, Any]]:
    """Somebody else, whose note names the person; and what rows of a person refer to beside them."""
    other = nest.db.execute(
        "INSERT INTO customers (name, created_at, card_no, external_id, kind, wechat, email, gender, birthday, "
        "birthday_lunar, region, address, occupation, source, consent, do_not_contact, language, note) VALUES "
        "('留下的人', '2026-01-01T00:00:00Z', '', '', 'person', '', '', '', '', 0, '', '', '', '', '', 0, '', ?)",
        (f"{NAME}介绍来的，电话 138 0099 7766",),
    ).lastrowid
    assert other is not None
    field_id = nest.db.execute(
        "INSERT INTO custom_fields (name, kind, choices, position, active, created_at) "
        "VALUES ('爱好', 'text', '[]', 0, 1, '2026-01-01T00:00:00Z')"
    ).lastrowid
    import_id = nest.row(
        "imports", staff_id=None, change_id=None, batch_id=None, file_name=f"{NAME}.xlsx", sheet="x",
        cost_titles=json.dumps([f"给{NAME}的价"], ensure_ascii=False),
    )  # fmt: skip
    return other, {"field_id": field_id, "import_id": import_id, "other_id": other}


def _hang(
    nest: Nest, own: int, merged: int, parents: dict[str, Any], *, once_more: bool = False
) -> dict[str, list[int]]:
    """One row of each table that hangs on people."""
    made: dict[str, list[int]] = {}
    last: dict[str, int] = {}
    for table in PERSON_TABLES:
        if once_more and table in _ONCE:
            continue
        if table == "customer_tags":
            last["tags"] = nest.row("tags")
        given: dict[str, object] = {}
        for _seq, _id, parent, column, *_rest in nest.db.rows(f"PRAGMA foreign_key_list({table})"):
            given[column] = own if parent == "customers" else parents.get(column, last.get(parent))
        given |= _special(table, own, merged, parents["other_id"])
        last[table] = nest.row(table, **given)
        made.setdefault(table, []).append(last[table])
    return made


def _special(table: str, own: int, merged: int, other: int) -> dict[str, object]:
    special: dict[str, dict[str, object]] = {
        "relations": {"other_id": other},
        "merges": {"merged_id": merged},
        "distinct_pairs": {"first_id": other, "second_id": own},
        "customer_tiers": {"id": own},
        "survey_answers": {"satisfaction": 4, "recommendation": 9},
    }
    return special.get(table, {})


def every_text_column(db: Database) -> dict[tuple[str, str], str]:
    """(table, column) → declared type, of every column of the file that may hold text, but those of the search index."""
    found = {}
    tables = db.rows(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
        "AND name NOT LIKE 'search_index%' AND name NOT LIKE '\\_sqlite\\_%' ESCAPE '\\'"
    )
    for (table,) in tables:
        for _cid, name, kind, *_rest in db.rows(f"PRAGMA table_info({table})"):
            if kind not in ("INTEGER", "REAL"):
                found[table, name] = kind
    return found


def hanging_tables(db: Database) -> set[str]:
    """Journalled tables that refer to customers, or hang on a sale or a case."""
    found = set()
    for table in TABLES:
        parents = {parent for _seq, _id, parent, *_rest in db.rows(f"PRAGMA foreign_key_list({table})")}
        if parents & {"customers", "purchases", "complaints"} and table != "customers":
            found.add(table)
    return found
