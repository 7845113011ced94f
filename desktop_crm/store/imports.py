"""Import batches, remembered column mappings, and writing staged rows into the shop in bulk.

Runs on the shop's own connection inside the change, with the staged tables attached (Staging.bring): rows go from table
to table without passing through Python. Ids of new cards are given beforehand, so that all that hangs on them can be
written without asking back. What is written and in which order is importing/applying.py's business.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from desktop_crm.records.imports import ColumnMemory, ImportBatch
from desktop_crm.store.ids import last_id
from desktop_crm.store.rows import Database
from desktop_crm.store.staging import Rows, Staging


def memory(db: Database, heading: str) -> tuple[str, Mapping[str, str]] | None:
    """(kind, {title: field}) as a person confirmed them for this heading row, or None."""
    found = db.row("SELECT kind, mapping FROM column_memories WHERE header = ?", (heading,))
    return None if found is None else (found[0], json.loads(found[1]))


def memories(db: Database) -> list[ColumnMemory]:
    """All mappings that are remembered, the newest first."""
    return db.records(ColumnMemory, "SELECT * FROM column_memories ORDER BY at DESC, id DESC")


def memory_record(db: Database, heading: str) -> ColumnMemory | None:
    """What is remembered of this heading row."""
    found = db.records(ColumnMemory, "SELECT * FROM column_memories WHERE header = ?", (heading,))
    return found[0] if found else None


def forget(db: Database, memory_id: int) -> bool:
    """Forget a mapping; whether there was one."""
    return bool(db.execute("DELETE FROM column_memories WHERE id = ?", (memory_id,)).rowcount)


def remember(db: Database, heading: str, kind: str, mapping: Mapping[str, str], at: str) -> None:
    """Keep a mapping for the next sheet with the same headings."""
    known = db.value("SELECT id FROM column_memories WHERE header = ?", (heading,))
    record = ColumnMemory(known or 0, heading, kind, json.dumps(mapping, ensure_ascii=False), at)
    if known is None:
        db.insert(record)
    else:
        db.update(record)


def latest(db: Database, limit: int) -> list[ImportBatch]:
    """The newest imports first."""
    return db.records(ImportBatch, "SELECT * FROM imports ORDER BY id DESC LIMIT ?", (limit,))


def last_change(db: Database) -> int:
    """The number of the shop's newest change; staged verdicts are good as long as it stays."""
    found: int = db.value("SELECT coalesce(max(id), 0) FROM changes")
    return found


def words(db: Database, column: str) -> list[str]:
    """The different words of a column in rows that are to be written."""
    return [
        word
        for (word,) in db.rows(
            f"SELECT DISTINCT {column} FROM stage WHERE {column} <> '' AND verdict IN ('new', 'update') ORDER BY 1"
        )
    ]


def count_words(staging: Staging, column: str) -> int:
    """How many different words stand in a staged column."""
    found: int = staging.value(f"SELECT count(DISTINCT {column}) FROM stage WHERE {column} <> ''")
    return found


def set_ids(db: Database, table: str, pairs: Iterable[tuple[str, int]]) -> None:
    """Make a table (word, id) that staged rows are joined with."""
    db.execute(f"DROP TABLE IF EXISTS st.{table}")
    db.execute(f"CREATE TABLE st.{table} (word TEXT PRIMARY KEY, id INTEGER) WITHOUT ROWID")
    db.executemany(f"INSERT OR REPLACE INTO st.{table} VALUES (?, ?)", pairs)


_SOMEBODY = "(name <> '' OR phones <> '' OR card_no <> '' OR external_id <> '')"


def number_people(db: Database, *, whole: bool) -> range:
    """Give ids to the customers that the rows make; return the ids.

    Args:
        whole: rows about customers, of which only those that add to a new card need its id; of other rows all do.
    """
    base = last_id(db, "customers")
    db.execute("DROP TABLE IF EXISTS st.people")
    db.execute(
        "CREATE TABLE st.people AS SELECT min(n) AS n, coalesce(leader, n) AS who, ?1 + row_number() OVER (ORDER BY min(n)) "
        f"AS id FROM stage WHERE verdict = 'new' AND customer_id IS NULL AND {_SOMEBODY} GROUP BY 2 ORDER BY 1",
        (base,),
    )
    db.execute("CREATE UNIQUE INDEX st.people_who ON people (who)")
    verdicts = "'update'" if whole else "'new', 'update'"
    db.execute(
        "UPDATE st.stage SET customer_id = p.id FROM people p WHERE p.who = coalesce(stage.leader, stage.n) "
        f"AND stage.customer_id IS NULL AND stage.verdict IN ({verdicts}) AND {_SOMEBODY}"
    )
    count: int = db.value("SELECT count(*) FROM people")
    return range(base + 1, base + 1 + count)


_CARD = {
    "id": "q.id",
    "name": "CASE WHEN s.name <> '' THEN s.name WHEN s.phones <> '' THEN (SELECT number FROM numbers p WHERE p.n = s.n "
    "ORDER BY position LIMIT 1) WHEN s.card_no <> '' THEN s.card_no ELSE s.external_id END",
    "card_no": "s.card_no",
    "external_id": "s.external_id",
}
_CARD_MORE = {
    "wechat": "s.wechat", "email": "s.email", "gender": "s.gender", "birthday": "s.birthday",
    "birthday_lunar": "s.birthday_lunar", "region": "s.region", "address": "s.address", "occupation": "s.occupation",
    "source": "s.source", "owner_staff_id": "w.id", "since_day": "nullif(s.since_day, '')",
    "do_not_contact": "s.do_not_contact = '1'", "consent": "s.consent", "consent_day": "nullif(s.consent_day, '')",
    "kind": "CASE WHEN s.kind = '' THEN 'person' ELSE s.kind END", "language": "s.language", "note": "s.note",
}  # fmt: skip
_CARD_DEFAULTS = {
    "wechat": "''", "email": "''", "gender": "''", "birthday": "''", "birthday_lunar": "0", "region": "''",
    "address": "''", "occupation": "''", "source": "''", "owner_staff_id": "NULL", "since_day": "NULL",
    "do_not_contact": "0", "consent": "''", "consent_day": "NULL", "kind": "'person'", "language": "''", "note": "''",
}  # fmt: skip


_PHONE_KIND = (
    "CASE WHEN p.number GLOB '1[3-9]?????????' THEN 'mobile' WHEN p.number GLOB '+*' THEN 'foreign' "
    "WHEN p.number GLOB '[48]00???????' THEN 'service' ELSE 'landline' END"
)


def add_customers(db: Database, import_id: int, at: str, *, whole: bool, low: int, high: int) -> None:
    """Write new cards, those of the people numbered `low` … `high`, with their numbers.

    Args:
        whole: from rows about customers; otherwise only name and keys are known.
    """
    made = _CARD | (_CARD_MORE if whole else _CARD_DEFAULTS) | {"created_at": "?1", "import_id": "?2"}
    join = "LEFT JOIN staff_ids w ON w.word = s.owner" if whole else ""
    db.execute(
        f"INSERT INTO customers ({', '.join(made)}) SELECT {', '.join(made.values())} FROM people q "
        f"CROSS JOIN stage s ON s.n = q.n {join} WHERE q.rowid BETWEEN ?3 AND ?4 ORDER BY q.rowid",
        (at, import_id, low, high),
    )
    if whole:
        numbers = (
            f"SELECT q.id, p.number, {_PHONE_KIND}, p.label, p.position FROM people q CROSS JOIN stage s ON s.n = q.n "
            "CROSS JOIN numbers p ON p.n = q.n WHERE q.rowid BETWEEN ?1 AND ?2 ORDER BY q.rowid, p.position"
        )
    else:
        numbers = (
            f"SELECT customer_id, number, {_PHONE_KIND}, label, row_number() OVER (PARTITION BY customer_id ORDER BY first) - 1 "
            "FROM (SELECT q.id AS customer_id, p.number, max(p.label) AS label, min(p.rowid) AS first FROM people q "
            "JOIN stage s ON coalesce(s.leader, s.n) = q.who JOIN numbers p ON p.n = s.n WHERE s.verdict = 'new' "
            "AND q.rowid BETWEEN ?1 AND ?2 GROUP BY 1, 2) p ORDER BY first"
        )
    db.execute(f"INSERT INTO phones (customer_id, number, kind, label, position) {numbers}", (low, high))


def set_tags(db: Database, lines: Mapping[str, Sequence[int]]) -> None:
    """Make the table (tags as staged, tag id) that staged rows are joined with."""
    db.execute("DROP TABLE IF EXISTS st.tag_lines")
    db.execute("CREATE TABLE st.tag_lines (line TEXT, id INTEGER)")
    db.executemany(
        "INSERT INTO st.tag_lines VALUES (?, ?)",
        ((line, tag) for line, tags in lines.items() for tag in tags),
    )
    db.execute("CREATE INDEX st.tag_lines_line ON tag_lines (line)")


def add_tags(db: Database, low: int, high: int) -> None:
    """Put the tags of the new cards on them, those of the people numbered `low` … `high`."""
    db.execute(
        "INSERT INTO customer_tags (customer_id, tag_id) SELECT q.id, t.id FROM people q CROSS JOIN stage s "
        "ON s.n = q.n CROSS JOIN tag_lines t ON t.line = s.tags WHERE q.rowid BETWEEN ? AND ? AND s.tags <> '' "
        "ORDER BY q.rowid",
        (low, high),
    )


def add_values(db: Database, column: str, field_id: int, import_id: int, low: int, high: int) -> None:
    """Write the values of one own field on the new cards, those of the people numbered `low` … `high`."""
    db.execute(
        "INSERT INTO custom_values (customer_id, field_id, value, import_id) "
        f"SELECT q.id, ?1, s.{column}, ?2 FROM people q CROSS JOIN stage s ON s.n = q.n "
        f"WHERE q.rowid BETWEEN ?3 AND ?4 AND s.{column} <> '' ORDER BY q.rowid",
        (field_id, import_id, low, high),
    )


def set_values(db: Database, field_id: int, pairs: Iterable[tuple[str, int]], import_id: int) -> None:
    """Set one own field of many cards: (value, customer_id)."""
    db.executemany(
        "INSERT INTO custom_values (value, customer_id, field_id, import_id) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (customer_id, field_id) DO UPDATE SET value = excluded.value",
        ((value, customer_id, field_id, import_id) for value, customer_id in pairs),
    )


def own_devices(db: Database, low: int, high: int, *, serial: bool = False) -> Rows:
    """(customer_id, model, imei, bought_day, serial) that the rows of the new cards numbered `low` … `high` tell of.

    Args:
        serial: the sheet has serial numbers.
    """
    number = "s.serial" if serial else "''"
    return db.rows(
        f"SELECT q.id, s.model, s.imei, s.bought_day, {number} FROM people q CROSS JOIN stage s ON s.n = q.n "
        f"WHERE q.rowid BETWEEN ? AND ? AND (s.model <> '' OR s.imei <> '' OR {number} <> '') ORDER BY q.rowid",
        (low, high),
    )


def add_devices(db: Database, rows: Iterable[tuple[Any, ...]]) -> None:
    """Write devices: (customer_id, model, created_at, product_id, imei, bought_here, line, acquired, warranty_end, import_id)."""
    columns = ["customer_id", "model", "created_at", "product_id", "imei", "bought_here", "purchase_line_id"]
    columns += [
        "acquired_day",
        "warranty_end_day",
        "import_id",
        "color",
        "storage",
        "plan_name",
        "status",
        "note",
    ]
    _write(db, "devices", columns, ((*row, "", "", "", "in_use", "") for row in rows))


def add_own_devices(db: Database, rows: Iterable[tuple[Any, ...]]) -> None:
    """Write phones that customers told of: (customer_id, model, created_at, imei, serial, acquired, import_id)."""
    db.executemany(
        "INSERT INTO devices (customer_id, model, created_at, imei, serial, acquired_day, import_id, bought_here, color, "
        "storage, plan_name, status, note) VALUES (?, ?, ?, ?, ?, ?, ?, 0, '', '', '', 'in_use', '')",
        rows,
    )


def next_contacts(db: Database) -> list[tuple[int, str, str]]:
    """(customer_id, day, model of interest) of new cards with a next contact."""
    return db.rows(
        "SELECT q.id, s.next_day, s.model FROM people q JOIN stage s ON s.n = q.n WHERE s.next_day <> '' ORDER BY s.n"
    )


def referred(db: Database) -> list[tuple[int, str]]:
    """(customer_id, who referred them as written) of new cards."""
    return db.rows(
        "SELECT q.id, s.referred_by FROM people q JOIN stage s ON s.n = q.n WHERE s.referred_by <> '' ORDER BY s.n"
    )


def referrers(db: Database, names: Sequence[str]) -> dict[str, int]:
    """The customers whose name or number is among these words and who are the only one."""
    return dict(
        db.rows(
            "SELECT word, min(id) FROM (SELECT name AS word, id FROM customers "
            "WHERE name IN (SELECT value FROM json_each(?1)) AND deleted_at IS NULL AND merged_into IS NULL UNION "
            "SELECT p.number, c.id FROM phones p JOIN customers c ON c.id = p.customer_id "
            "WHERE p.number IN (SELECT value FROM json_each(?1)) AND deleted_at IS NULL AND merged_into IS NULL) "
            "GROUP BY word HAVING count(DISTINCT id) = 1",
            (json.dumps(names, ensure_ascii=False),),
        )
    )


def set_referrers(db: Database, pairs: Iterable[tuple[int, int]]) -> None:
    """Note (referrer, customer_id)."""
    db.executemany("UPDATE customers SET referred_by = ?1 WHERE id = ?2 AND id <> ?1", pairs)


def updates(db: Database, *, serial: bool = False, leap: bool = False) -> Rows:
    """(customer_id, changes as JSON, model, imei, bought_day, serial, birthday_lunar, birthday_leap, consent_day) of rows
    that change a card.

    Args:
        serial / leap: the sheet has serial numbers, birthdays.
    """
    return db.rows(
        f"SELECT customer_id, changes, model, imei, bought_day, {'serial' if serial else chr(39) * 2}, birthday_lunar, "
        f"{'birthday_leap' if leap else 0}, consent_day FROM stage WHERE verdict = 'update' ORDER BY n"
    )


def set_field(db: Database, field: str, pairs: Iterable[tuple[Any, int]]) -> None:
    """Set one plain column of many cards: (value, customer_id)."""
    db.executemany(f"UPDATE customers SET {field} = ? WHERE id = ?", pairs)


def append_notes(db: Database, pairs: Iterable[tuple[str, int]]) -> None:
    """Add (lines, customer_id) to the end of notes."""
    db.executemany(
        "UPDATE customers SET note = CASE WHEN note = '' THEN ?1 ELSE note || char(10) || ?1 END WHERE id = ?2",
        pairs,
    )


def append_phones(db: Database, rows: Iterable[tuple[int, str, str]]) -> None:
    """Add (customer_id, number, label) behind the numbers that a card has."""
    db.executemany(
        "INSERT INTO phones (customer_id, number, kind, label, position) SELECT ?1, p.number, "
        f"{_PHONE_KIND}, ?3, coalesce((SELECT max(position) + 1 FROM phones WHERE customer_id = ?1), 0) "
        "FROM (SELECT ?2 AS number) p",
        rows,
    )


def append_tags(db: Database, pairs: Iterable[tuple[int, int]]) -> None:
    """Put (customer_id, tag_id) on cards."""
    db.executemany("INSERT OR IGNORE INTO customer_tags (customer_id, tag_id) VALUES (?, ?)", pairs)


def _write(db: Database, table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    marks = ", ".join("?" * len(columns))
    db.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)
