"""The second step: what one true card needs (relations, consents, notes, custom fields, views, merges, accounts).

Meaning and unit of each column stand in records/. Like every step it is never edited once released.
"""

from __future__ import annotations

_TABLES = """
ALTER TABLE customers ADD COLUMN preferences TEXT NOT NULL DEFAULT '';
ALTER TABLE customers ADD COLUMN note_pinned INTEGER NOT NULL DEFAULT 0 CHECK (note_pinned IN (0, 1));
ALTER TABLE customers ADD COLUMN consent_wording TEXT NOT NULL DEFAULT '';
ALTER TABLE customers ADD COLUMN birthday_leap INTEGER NOT NULL DEFAULT 0 CHECK (birthday_leap IN (0, 1));
ALTER TABLE devices ADD COLUMN serial TEXT NOT NULL DEFAULT '';
ALTER TABLE devices ADD COLUMN gone_day TEXT;
CREATE INDEX devices_serial ON devices (serial) WHERE serial <> '';

CREATE TABLE consents (
  id INTEGER PRIMARY KEY AUTOINCREMENT, customer_id INTEGER NOT NULL REFERENCES customers,
  channel TEXT NOT NULL CHECK (channel IN ('call', 'sms', 'wechat', 'email')),
  answer TEXT NOT NULL CHECK (answer IN ('granted', 'refused')), day TEXT NOT NULL, wording TEXT NOT NULL,
  staff_id INTEGER REFERENCES staff
) STRICT;
CREATE UNIQUE INDEX consents_channel ON consents (customer_id, channel);
CREATE INDEX consents_staff ON consents (staff_id);

CREATE TABLE relations (
  id INTEGER PRIMARY KEY AUTOINCREMENT, customer_id INTEGER NOT NULL REFERENCES customers,
  other_id INTEGER NOT NULL REFERENCES customers,
  kind TEXT NOT NULL CHECK (kind IN ('spouse', 'parent', 'sibling', 'relative', 'friend', 'colleague', 'pays_for')),
  note TEXT NOT NULL, created_at TEXT NOT NULL, CHECK (customer_id <> other_id)
) STRICT;
CREATE UNIQUE INDEX relations_pair ON relations (customer_id, other_id, kind);
CREATE INDEX relations_other ON relations (other_id);

CREATE TABLE notes (
  id INTEGER PRIMARY KEY AUTOINCREMENT, customer_id INTEGER NOT NULL REFERENCES customers, text TEXT NOT NULL,
  at TEXT NOT NULL, day TEXT NOT NULL, pinned INTEGER NOT NULL CHECK (pinned IN (0, 1)),
  staff_id INTEGER REFERENCES staff, import_id INTEGER REFERENCES imports
) STRICT;
CREATE INDEX notes_customer ON notes (customer_id, pinned, day);
CREATE INDEX notes_staff ON notes (staff_id);
CREATE INDEX notes_import ON notes (import_id);

CREATE TABLE custom_fields (
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('text', 'number', 'date', 'choice', 'yes_no')),
  choices TEXT NOT NULL, position INTEGER NOT NULL, active INTEGER NOT NULL CHECK (active IN (0, 1)),
  created_at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX custom_fields_name ON custom_fields (name) WHERE active = 1;

CREATE TABLE custom_values (
  id INTEGER PRIMARY KEY AUTOINCREMENT, customer_id INTEGER NOT NULL REFERENCES customers,
  field_id INTEGER NOT NULL REFERENCES custom_fields, value TEXT NOT NULL CHECK (value <> ''),
  import_id INTEGER REFERENCES imports
) STRICT;
CREATE UNIQUE INDEX custom_values_pair ON custom_values (customer_id, field_id);
CREATE INDEX custom_values_field ON custom_values (field_id, value);
CREATE INDEX custom_values_import ON custom_values (import_id);

CREATE TABLE after_sales_terms (
  id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL, part TEXT NOT NULL, remedy TEXT NOT NULL,
  days INTEGER, months INTEGER, condition TEXT NOT NULL, source TEXT NOT NULL,
  position INTEGER NOT NULL, active INTEGER NOT NULL CHECK (active IN (0, 1))
) STRICT;

CREATE TABLE views (
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, filter TEXT NOT NULL, position INTEGER NOT NULL,
  in_rail INTEGER NOT NULL CHECK (in_rail IN (0, 1)), created_at TEXT NOT NULL, staff_id INTEGER REFERENCES staff
) STRICT;
CREATE INDEX views_staff ON views (staff_id);

CREATE TABLE merges (
  id INTEGER PRIMARY KEY AUTOINCREMENT, customer_id INTEGER NOT NULL REFERENCES customers,
  merged_id INTEGER NOT NULL REFERENCES customers, at TEXT NOT NULL, day TEXT NOT NULL,
  reason TEXT NOT NULL, chosen TEXT NOT NULL, staff_id INTEGER REFERENCES staff
) STRICT;
CREATE INDEX merges_customer ON merges (customer_id);
CREATE INDEX merges_merged ON merges (merged_id);
CREATE INDEX merges_staff ON merges (staff_id);

CREATE TABLE distinct_pairs (
  id INTEGER PRIMARY KEY AUTOINCREMENT, first_id INTEGER NOT NULL REFERENCES customers,
  second_id INTEGER NOT NULL REFERENCES customers, at TEXT NOT NULL, staff_id INTEGER REFERENCES staff,
  CHECK (first_id < second_id)
) STRICT;
CREATE UNIQUE INDEX distinct_pairs_pair ON distinct_pairs (first_id, second_id);
CREATE INDEX distinct_pairs_second ON distinct_pairs (second_id);
CREATE INDEX distinct_pairs_staff ON distinct_pairs (staff_id);

CREATE TABLE journal_runs (table_name TEXT PRIMARY KEY, low INTEGER NOT NULL) STRICT;
CREATE INDEX journal_run ON journal (table_name, row_id) WHERE operation = 'R';
CREATE INDEX journal_card ON journal (json_extract(before, '$.customer_id'))
  WHERE operation IN ('U', 'D') AND json_extract(before, '$.customer_id') IS NOT NULL;

CREATE TABLE mend_skips (
  id INTEGER PRIMARY KEY AUTOINCREMENT, customer_id INTEGER NOT NULL REFERENCES customers,
  until_day TEXT NOT NULL, at TEXT NOT NULL, staff_id INTEGER REFERENCES staff
) STRICT;
CREATE UNIQUE INDEX mend_skips_customer ON mend_skips (customer_id);
CREATE INDEX mend_skips_staff ON mend_skips (staff_id);

CREATE TABLE balance_entries (
  id INTEGER PRIMARY KEY AUTOINCREMENT, customer_id INTEGER NOT NULL REFERENCES customers, at TEXT NOT NULL,
  day TEXT NOT NULL, amount_fen INTEGER NOT NULL CHECK (amount_fen <> 0),
  kind TEXT NOT NULL CHECK (kind IN ('sale', 'payment', 'refund', 'opening', 'correction')),
  purchase_id INTEGER REFERENCES purchases, method TEXT NOT NULL, note TEXT NOT NULL,
  staff_id INTEGER REFERENCES staff, import_id INTEGER REFERENCES imports
) STRICT;
CREATE INDEX balance_entries_customer ON balance_entries (customer_id, amount_fen);
CREATE INDEX balance_entries_purchase ON balance_entries (purchase_id);
CREATE INDEX balance_entries_staff ON balance_entries (staff_id);
CREATE INDEX balance_entries_import ON balance_entries (import_id);

CREATE TABLE survey_answers (
  id INTEGER PRIMARY KEY AUTOINCREMENT, customer_id INTEGER NOT NULL REFERENCES customers, at TEXT NOT NULL,
  day TEXT NOT NULL, satisfaction INTEGER CHECK (satisfaction BETWEEN 1 AND 5),
  recommendation INTEGER CHECK (recommendation BETWEEN 0 AND 10), comment TEXT NOT NULL, channel TEXT NOT NULL,
  purchase_id INTEGER REFERENCES purchases, complaint_id INTEGER REFERENCES complaints,
  staff_id INTEGER REFERENCES staff, import_id INTEGER REFERENCES imports
) STRICT;
CREATE INDEX survey_answers_customer ON survey_answers (customer_id, day);
CREATE INDEX survey_answers_day ON survey_answers (day);
CREATE INDEX survey_answers_purchase ON survey_answers (purchase_id);
CREATE INDEX survey_answers_complaint ON survey_answers (complaint_id);
CREATE INDEX survey_answers_staff ON survey_answers (staff_id);
CREATE INDEX survey_answers_import ON survey_answers (import_id);

CREATE TABLE payments_anew (
  id INTEGER PRIMARY KEY AUTOINCREMENT, purchase_id INTEGER NOT NULL REFERENCES purchases,
  method TEXT NOT NULL
    CHECK (method IN ('cash', 'wechat', 'alipay', 'card', 'trade_in', 'instalment', 'account', 'other')),
  amount_fen INTEGER NOT NULL, note TEXT NOT NULL
) STRICT;
INSERT INTO payments_anew (id, purchase_id, method, amount_fen, note)
  SELECT id, purchase_id, method, amount_fen, note FROM payments;
DROP TABLE payments;
ALTER TABLE payments_anew RENAME TO payments;
CREATE INDEX payments_purchase ON payments (purchase_id);

CREATE TABLE customer_figures (
  id INTEGER PRIMARY KEY, name_key TEXT NOT NULL, tier_rank INTEGER NOT NULL, since_day TEXT NOT NULL,
  last_visit_day TEXT NOT NULL, last_purchase_day TEXT NOT NULL, last_contact_day TEXT NOT NULL,
  occasions INTEGER NOT NULL, net_fen INTEGER NOT NULL
) STRICT;
CREATE INDEX customer_figures_name ON customer_figures (name_key);
CREATE INDEX customer_figures_tier ON customer_figures (tier_rank);
CREATE INDEX customer_figures_since ON customer_figures (since_day);
CREATE INDEX customer_figures_visit ON customer_figures (last_visit_day);
CREATE INDEX customer_figures_contact ON customer_figures (last_contact_day);
CREATE INDEX customer_figures_net ON customer_figures (net_fen);
CREATE TABLE figures_dirty (customer_id INTEGER PRIMARY KEY) STRICT;
DROP INDEX phones_customer;
CREATE INDEX phones_customer ON phones (customer_id, position, number);
DROP TABLE search_index;
CREATE VIRTUAL TABLE search_index USING fts5(tokens, content='', contentless_delete=1, tokenize='ascii', detail=none);
INSERT INTO search_index (search_index, rank) VALUES ('secure-delete', 1);
INSERT INTO search_index (search_index, rank) VALUES ('pgsz', 3940);
INSERT INTO search_index (search_index, rank) VALUES ('automerge', 8);
INSERT INTO search_index (search_index, rank) VALUES ('crisismerge', 64);
CREATE TABLE customer_counts (tier_rank INTEGER PRIMARY KEY, customers INTEGER NOT NULL) STRICT
"""

_SEARCHED = {
    "customers": (
        "{row}.id",
        ("name", "card_no", "wechat", "note", "preferences", "deleted_at", "merged_into"),
    ),
    "phones": ("{row}.customer_id", ("customer_id", "number")),
    "devices": ("{row}.customer_id", ("customer_id", "imei", "serial")),
    "customer_tags": ("{row}.customer_id", ("customer_id", "tag_id")),
    "notes": ("{row}.customer_id", ("customer_id", "text")),
    "custom_values": ("{row}.customer_id", ("customer_id", "value")),
}
"""Tables whose rows feed the search index: where the customer's id is, columns that matter."""

_COUNTED = {
    "customers": ("{row}.id", ("name", "since_day", "deleted_at", "merged_into")),
    "customer_tiers": ("{row}.id", ("tier",)),
    "purchases": ("{row}.customer_id", ("customer_id", "day", "total_fen", "void_day")),
    "refunds": (
        "(SELECT customer_id FROM purchases WHERE id = {row}.purchase_id)",
        ("purchase_id", "amount_fen"),
    ),
    "interactions": ("{row}.customer_id", ("customer_id", "day", "began_by", "reached")),
}
"""Tables whose rows feed `customer_figures`, in the same way."""

_TAG_RENAMED = """
CREATE TRIGGER search_tags_update AFTER UPDATE ON tags WHEN OLD.name IS NOT NEW.name BEGIN
  INSERT INTO search_dirty (customer_id) SELECT customer_id FROM customer_tags WHERE tag_id = NEW.id
  AND customer_id NOT IN (SELECT customer_id FROM search_dirty); END
"""

_MERGED = """
CREATE TRIGGER search_customers_merge AFTER UPDATE ON customers WHEN OLD.merged_into IS NOT NEW.merged_into BEGIN
  INSERT INTO search_dirty (customer_id) SELECT id FROM customers WHERE id IN (OLD.merged_into, NEW.merged_into)
  AND id NOT IN (SELECT customer_id FROM search_dirty); END
"""
"""A card is found by the codes of those that went into it, and no longer when the merge is taken back."""

_TERMS = (
    ("return", "main unit", "return, exchange or repair", 7, None, ""),
    ("exchange", "main unit", "exchange or repair", 15, None, ""),
    ("repair", "main unit", "repair", None, 12, ""),
    ("battery", "battery", "repair or exchange", None, 6, ""),
    ("charger", "charger", "repair or exchange", None, 12, ""),
    ("headset", "headset", "repair or exchange", None, 3, ""),
    (
        "two_repairs",
        "main unit",
        "exchange",
        None,
        12,
        "the same main fault was repaired twice within the warranty",
    ),
    ("parts_wait", "main unit", "exchange", None, 12, "the repair waited more than 60 days for parts"),
    ("replaced_twice", "accessory", "refund", None, 12, "the same accessory was exchanged twice"),
    ("repair_holds", "repair", "repair again without charge", 30, None, "the repaired fault came back"),
)
_LAW = "移动电话机商品修理更换退货责任规定 (2001-11-15)"


def statements() -> list[str]:
    """Every statement of this step, in order, without the journal's triggers."""
    made = [f"DROP TRIGGER search_{table}_{kind}" for table in ("customers", "phones", "devices")
            for kind in ("insert", "update", "delete")]  # fmt: skip
    made += [f"DROP TRIGGER journal_{table}_{kind}" for table in ("customers", "devices", "payments")
             for kind in ("insert", "update", "delete")]  # fmt: skip
    made += [part.strip() for part in _TABLES.split(";\n") if part.strip()]
    for mark, tables in (("search", _SEARCHED), ("figures", _COUNTED)):
        for table, (place, columns) in tables.items():
            made += _dirty_triggers(mark, table, place, columns)
    made += [_TAG_RENAMED.strip(), _MERGED.strip()]
    for position, (key, part, remedy, days, months, condition) in enumerate(_TERMS):
        values = ", ".join(
            _literal(value) for value in (key, part, remedy, days, months, condition, _LAW, position)
        )
        made.append(
            "INSERT INTO after_sales_terms (key, part, remedy, days, months, condition, source, position, active) "
            f"VALUES ({values}, 1)"
        )
    made += [
        f"INSERT OR IGNORE INTO {mark}_dirty (customer_id) SELECT id FROM customers"
        for mark in ("search", "figures")
    ]
    return made


def _literal(value: object) -> str:
    return "NULL" if value is None else f"'{value}'" if isinstance(value, str) else str(value)


def _dirty_triggers(mark: str, table: str, place: str, columns: tuple[str, ...]) -> list[str]:
    def note(row: str) -> str:
        customer = place.format(row=row)
        # never OR IGNORE: the conflict clause of the statement that fires a trigger replaces the trigger's own
        return (
            f"INSERT INTO {mark}_dirty (customer_id) SELECT {customer} WHERE {customer} IS NOT NULL "
            f"AND NOT EXISTS (SELECT 1 FROM {mark}_dirty WHERE customer_id = {customer});"
        )

    differs = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in columns)
    head = f"CREATE TRIGGER {mark}_{table}"
    return [
        f"{head}_insert AFTER INSERT ON {table} BEGIN {note('NEW')} END",
        f"{head}_update AFTER UPDATE ON {table} WHEN {differs} BEGIN {note('OLD')} {note('NEW')} END",
        f"{head}_delete AFTER DELETE ON {table} BEGIN {note('OLD')} END",
    ]
