"""The tables as the first released step makes them; later steps are in migrations.py and never edit this.

All tables are STRICT, every foreign key is indexed, `id` is the key everywhere and never used twice. Meaning and
unit of each column stand in records/.
"""

from __future__ import annotations

_TABLES = """
CREATE TABLE settings (id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, value TEXT NOT NULL) STRICT;

CREATE TABLE staff (
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, created_at TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('owner', 'manager', 'clerk')), active INTEGER NOT NULL CHECK (active IN (0, 1))
) STRICT;

CREATE TABLE imports (
  id INTEGER PRIMARY KEY AUTOINCREMENT, file_name TEXT NOT NULL, sheet TEXT NOT NULL, kind TEXT NOT NULL, at TEXT NOT NULL,
  rows INTEGER NOT NULL, new INTEGER NOT NULL, updated INTEGER NOT NULL, same INTEGER NOT NULL,
  skipped INTEGER NOT NULL, bad INTEGER NOT NULL,
  staff_id INTEGER REFERENCES staff, change_id INTEGER
) STRICT;
CREATE INDEX imports_staff ON imports (staff_id);

CREATE TABLE column_memories (
  id INTEGER PRIMARY KEY AUTOINCREMENT, header TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, mapping TEXT NOT NULL, at TEXT NOT NULL
) STRICT;

CREATE TABLE products (
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, created_at TEXT NOT NULL,
  category TEXT NOT NULL CHECK (category IN ('phone', 'accessory', 'service', 'plan', 'other')),
  brand TEXT NOT NULL, price_fen INTEGER, cost_fen INTEGER, barcode TEXT NOT NULL, warranty_months INTEGER,
  active INTEGER NOT NULL CHECK (active IN (0, 1))
) STRICT;
CREATE UNIQUE INDEX products_name ON products (name) WHERE active = 1;
CREATE INDEX products_barcode ON products (barcode) WHERE barcode <> '';

CREATE TABLE tacs (
  id INTEGER PRIMARY KEY AUTOINCREMENT, tac TEXT NOT NULL UNIQUE, product_id INTEGER NOT NULL REFERENCES products
) STRICT;
CREATE INDEX tacs_product ON tacs (product_id);

CREATE TABLE customers (
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL CHECK (name <> ''), created_at TEXT NOT NULL,
  card_no TEXT NOT NULL, external_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('person', 'company', 'agent', 'channel')),
  wechat TEXT NOT NULL, email TEXT NOT NULL, gender TEXT NOT NULL CHECK (gender IN ('', 'female', 'male')),
  birthday TEXT NOT NULL, birthday_lunar INTEGER NOT NULL CHECK (birthday_lunar IN (0, 1)),
  region TEXT NOT NULL, address TEXT NOT NULL, occupation TEXT NOT NULL, source TEXT NOT NULL,
  referred_by INTEGER REFERENCES customers, owner_staff_id INTEGER REFERENCES staff,
  consent TEXT NOT NULL CHECK (consent IN ('', 'granted', 'refused')), consent_day TEXT,
  do_not_contact INTEGER NOT NULL CHECK (do_not_contact IN (0, 1)),
  language TEXT NOT NULL, note TEXT NOT NULL, since_day TEXT, verified_day TEXT, deleted_at TEXT,
  merged_into INTEGER REFERENCES customers, import_id INTEGER REFERENCES imports
) STRICT;
CREATE UNIQUE INDEX customers_card ON customers (card_no)
  WHERE card_no <> '' AND deleted_at IS NULL AND merged_into IS NULL;
CREATE INDEX customers_external ON customers (external_id) WHERE external_id <> '';
CREATE INDEX customers_referred ON customers (referred_by);
CREATE INDEX customers_owner ON customers (owner_staff_id);
CREATE INDEX customers_merged ON customers (merged_into);
CREATE INDEX customers_import ON customers (import_id);
CREATE INDEX customers_name ON customers (name);
CREATE INDEX customers_wechat ON customers (wechat) WHERE wechat <> '';
CREATE INDEX customers_birthday ON customers (birthday) WHERE birthday <> '';
CREATE INDEX customers_deleted ON customers (deleted_at) WHERE deleted_at IS NOT NULL;

CREATE TABLE phones (
  id INTEGER PRIMARY KEY AUTOINCREMENT, customer_id INTEGER NOT NULL REFERENCES customers, number TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('mobile', 'landline', 'service', 'foreign', 'other')),
  label TEXT NOT NULL, position INTEGER NOT NULL
) STRICT;
CREATE INDEX phones_customer ON phones (customer_id, position);
CREATE INDEX phones_number ON phones (number);

CREATE TABLE tags (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, group_name TEXT NOT NULL) STRICT;

CREATE TABLE customer_tags (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  customer_id INTEGER NOT NULL REFERENCES customers, tag_id INTEGER NOT NULL REFERENCES tags
) STRICT;
CREATE UNIQUE INDEX customer_tags_pair ON customer_tags (customer_id, tag_id);
CREATE INDEX customer_tags_tag ON customer_tags (tag_id);

CREATE TABLE customer_tiers (
  id INTEGER PRIMARY KEY REFERENCES customers,
  tier TEXT NOT NULL CHECK (tier IN ('high_value', 'potential', 'regular', 'lost', 'prospect')),
  derived TEXT NOT NULL, value TEXT NOT NULL, activity TEXT NOT NULL,
  occasions INTEGER NOT NULL, net_fen INTEGER NOT NULL, since_day TEXT NOT NULL, last_active_day TEXT,
  overridden INTEGER NOT NULL CHECK (overridden IN (0, 1)), override_reason TEXT NOT NULL
) STRICT;
CREATE INDEX customer_tiers_tier ON customer_tiers (tier);

CREATE TABLE tier_history (
  id INTEGER PRIMARY KEY AUTOINCREMENT, customer_id INTEGER NOT NULL REFERENCES customers,
  from_tier TEXT NOT NULL, to_tier TEXT NOT NULL, at TEXT NOT NULL, day TEXT NOT NULL,
  origin TEXT NOT NULL, reason TEXT NOT NULL, staff_id INTEGER REFERENCES staff
) STRICT;
CREATE INDEX tier_history_customer ON tier_history (customer_id, day);
CREATE INDEX tier_history_day ON tier_history (day);
CREATE INDEX tier_history_staff ON tier_history (staff_id);

CREATE TABLE purchases (
  id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, day TEXT NOT NULL, total_fen INTEGER NOT NULL,
  customer_id INTEGER REFERENCES customers, staff_id INTEGER REFERENCES staff,
  number TEXT NOT NULL, note TEXT NOT NULL, voided_at TEXT, void_day TEXT, void_reason TEXT NOT NULL,
  created_at TEXT NOT NULL, import_id INTEGER REFERENCES imports
) STRICT;
CREATE INDEX purchases_customer ON purchases (customer_id, day, total_fen, void_day);
CREATE INDEX purchases_day ON purchases (day, customer_id, total_fen, void_day);
CREATE INDEX purchases_staff ON purchases (staff_id);
CREATE INDEX purchases_number ON purchases (number) WHERE number <> '';
CREATE INDEX purchases_import ON purchases (import_id);

CREATE TABLE purchase_lines (
  id INTEGER PRIMARY KEY AUTOINCREMENT, purchase_id INTEGER NOT NULL REFERENCES purchases, description TEXT NOT NULL,
  quantity INTEGER NOT NULL, unit_price_fen INTEGER NOT NULL, discount_fen INTEGER NOT NULL, amount_fen INTEGER NOT NULL,
  product_id INTEGER REFERENCES products,
  category TEXT NOT NULL CHECK (category IN ('phone', 'accessory', 'service', 'plan', 'other')),
  cost_fen INTEGER, imei TEXT NOT NULL
) STRICT;
CREATE INDEX purchase_lines_purchase ON purchase_lines (purchase_id);
CREATE INDEX purchase_lines_product ON purchase_lines (product_id);
CREATE INDEX purchase_lines_imei ON purchase_lines (imei) WHERE imei <> '';

CREATE TABLE payments (
  id INTEGER PRIMARY KEY AUTOINCREMENT, purchase_id INTEGER NOT NULL REFERENCES purchases,
  method TEXT NOT NULL CHECK (method IN ('cash', 'wechat', 'alipay', 'card', 'trade_in', 'instalment', 'other')),
  amount_fen INTEGER NOT NULL, note TEXT NOT NULL
) STRICT;
CREATE INDEX payments_purchase ON payments (purchase_id);

CREATE TABLE refunds (
  id INTEGER PRIMARY KEY AUTOINCREMENT, purchase_id INTEGER NOT NULL REFERENCES purchases, at TEXT NOT NULL, day TEXT NOT NULL,
  amount_fen INTEGER NOT NULL, reason TEXT NOT NULL, line_id INTEGER REFERENCES purchase_lines,
  method TEXT NOT NULL, staff_id INTEGER REFERENCES staff, import_id INTEGER REFERENCES imports
) STRICT;
CREATE INDEX refunds_purchase ON refunds (purchase_id, day, amount_fen);
CREATE INDEX refunds_day ON refunds (day);
CREATE INDEX refunds_line ON refunds (line_id);
CREATE INDEX refunds_staff ON refunds (staff_id);
CREATE INDEX refunds_import ON refunds (import_id);

CREATE TABLE devices (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  customer_id INTEGER NOT NULL REFERENCES customers, model TEXT NOT NULL, created_at TEXT NOT NULL,
  product_id INTEGER REFERENCES products, color TEXT NOT NULL, storage TEXT NOT NULL, imei TEXT NOT NULL,
  bought_here INTEGER NOT NULL CHECK (bought_here IN (0, 1)), purchase_line_id INTEGER REFERENCES purchase_lines,
  acquired_day TEXT, warranty_end_day TEXT, plan_name TEXT NOT NULL, plan_end_day TEXT,
  status TEXT NOT NULL CHECK (status IN ('in_use', 'traded_in', 'returned', 'gone')), note TEXT NOT NULL,
  import_id INTEGER REFERENCES imports
) STRICT;
CREATE INDEX devices_customer ON devices (customer_id);
CREATE INDEX devices_imei ON devices (imei) WHERE imei <> '';
CREATE INDEX devices_product ON devices (product_id);
CREATE INDEX devices_line ON devices (purchase_line_id);
CREATE INDEX devices_import ON devices (import_id);

CREATE TABLE followups (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  customer_id INTEGER NOT NULL REFERENCES customers, rule TEXT NOT NULL, reason TEXT NOT NULL,
  first_due_day TEXT NOT NULL, due_day TEXT NOT NULL, created_at TEXT NOT NULL, due_time TEXT,
  state TEXT NOT NULL CHECK (state IN ('open', 'done', 'cancelled')), source_kind TEXT NOT NULL, source_id INTEGER,
  staff_id INTEGER REFERENCES staff, outcome TEXT NOT NULL, outcome_note TEXT NOT NULL,
  done_at TEXT, done_day TEXT, done_by INTEGER REFERENCES staff, cancel_reason TEXT NOT NULL, reminded_at TEXT,
  import_id INTEGER REFERENCES imports
) STRICT;
CREATE INDEX followups_customer ON followups (customer_id, state, due_day);
CREATE INDEX followups_due ON followups (state, due_day);
CREATE INDEX followups_first_due ON followups (first_due_day);
CREATE INDEX followups_source ON followups (source_kind, source_id);
CREATE INDEX followups_staff ON followups (staff_id);
CREATE INDEX followups_done_by ON followups (done_by);
CREATE INDEX followups_import ON followups (import_id);

CREATE TABLE complaints (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  summary TEXT NOT NULL, received_at TEXT NOT NULL, received_day TEXT NOT NULL, due_at TEXT NOT NULL,
  customer_id INTEGER REFERENCES customers, purchase_id INTEGER REFERENCES purchases, device_id INTEGER REFERENCES devices,
  category TEXT NOT NULL, priority TEXT NOT NULL CHECK (priority IN ('high', 'normal', 'low')), channel TEXT NOT NULL,
  state TEXT NOT NULL
    CHECK (state IN ('received', 'investigating', 'resolved', 'answered', 'closed', 'withdrawn', 'duplicate')),
  owner_staff_id INTEGER REFERENCES staff, duplicate_of INTEGER REFERENCES complaints, created_at TEXT NOT NULL,
  import_id INTEGER REFERENCES imports
) STRICT;
CREATE INDEX complaints_customer ON complaints (customer_id);
CREATE INDEX complaints_purchase ON complaints (purchase_id);
CREATE INDEX complaints_device ON complaints (device_id);
CREATE INDEX complaints_owner ON complaints (owner_staff_id);
CREATE INDEX complaints_duplicate ON complaints (duplicate_of);
CREATE INDEX complaints_state ON complaints (state, due_at);
CREATE INDEX complaints_received ON complaints (received_day);
CREATE INDEX complaints_import ON complaints (import_id);

CREATE TABLE complaint_steps (
  id INTEGER PRIMARY KEY AUTOINCREMENT, complaint_id INTEGER NOT NULL REFERENCES complaints, kind TEXT NOT NULL,
  at TEXT NOT NULL, day TEXT NOT NULL, staff_id INTEGER REFERENCES staff, note TEXT NOT NULL,
  interaction INTEGER NOT NULL CHECK (interaction IN (0, 1))
) STRICT;
CREATE INDEX complaint_steps_complaint ON complaint_steps (complaint_id, at);
CREATE INDEX complaint_steps_day ON complaint_steps (day, kind);
CREATE INDEX complaint_steps_staff ON complaint_steps (staff_id);

CREATE TABLE interactions (
  id INTEGER PRIMARY KEY AUTOINCREMENT, customer_id INTEGER NOT NULL REFERENCES customers, at TEXT NOT NULL, day TEXT NOT NULL,
  channel TEXT NOT NULL CHECK (channel IN ('visit', 'call', 'wechat', 'sms', 'email', 'other')),
  began_by TEXT NOT NULL CHECK (began_by IN ('customer', 'shop')), summary TEXT NOT NULL,
  reached INTEGER NOT NULL CHECK (reached IN (0, 1)), staff_id INTEGER REFERENCES staff,
  followup_id INTEGER REFERENCES followups, complaint_id INTEGER REFERENCES complaints, import_id INTEGER REFERENCES imports
) STRICT;
CREATE INDEX interactions_customer ON interactions (customer_id, day, began_by);
CREATE INDEX interactions_day ON interactions (day);
CREATE INDEX interactions_staff ON interactions (staff_id);
CREATE INDEX interactions_followup ON interactions (followup_id);
CREATE INDEX interactions_complaint ON interactions (complaint_id);
CREATE INDEX interactions_import ON interactions (import_id);

CREATE TABLE changes (
  id INTEGER PRIMARY KEY AUTOINCREMENT, label TEXT NOT NULL, kinds TEXT NOT NULL, at TEXT NOT NULL, day TEXT NOT NULL,
  staff_id INTEGER, undo_of INTEGER REFERENCES changes, undone_by INTEGER REFERENCES changes,
  version INTEGER NOT NULL, trimmed INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX changes_undo ON changes (undo_of);
CREATE INDEX changes_undone ON changes (undone_by);
CREATE INDEX changes_person ON changes (staff_id, day);

CREATE TABLE journal (
  id INTEGER PRIMARY KEY, change_id INTEGER NOT NULL REFERENCES changes, table_name TEXT NOT NULL,
  row_id INTEGER NOT NULL, operation TEXT NOT NULL, before TEXT
) STRICT;
CREATE INDEX journal_change ON journal (change_id);
CREATE INDEX journal_row ON journal (table_name, row_id, change_id);

CREATE TABLE journal_state (id INTEGER PRIMARY KEY CHECK (id = 1), change_id INTEGER REFERENCES changes) STRICT;
CREATE INDEX journal_state_change ON journal_state (change_id);
INSERT INTO journal_state (id, change_id) VALUES (1, NULL);

CREATE TABLE search_dirty (customer_id INTEGER PRIMARY KEY) STRICT;
CREATE VIRTUAL TABLE search_index USING fts5(
  tokens, content='', contentless_delete=1, tokenize='ascii', detail=none, prefix='1 2 3 4 5');
INSERT INTO search_index (search_index, rank) VALUES ('secure-delete', 1);
INSERT INTO search_index (search_index, rank) VALUES ('automerge', 16);
INSERT INTO search_index (search_index, rank) VALUES ('crisismerge', 64)
"""

_SEARCHED = {
    "customers": ("id", ("name", "card_no", "wechat", "deleted_at", "merged_into")),
    "phones": ("customer_id", ("customer_id", "number")),
    "devices": ("customer_id", ("customer_id", "imei")),
}
"""Tables whose rows feed the search index: column that names the customer, columns that matter."""


def statements() -> list[str]:
    """Every statement of the first step, in order, without the journal's triggers."""
    made = [part.strip() for part in _TABLES.split(";\n") if part.strip()]
    for table, (key, columns) in _SEARCHED.items():
        made += _dirty_triggers(table, key, columns)
    return [*made, f"PRAGMA application_id = {0x4443524D}"]


def _dirty_triggers(table: str, key: str, columns: tuple[str, ...]) -> list[str]:
    def mark(row: str) -> str:
        return f"INSERT OR IGNORE INTO search_dirty (customer_id) VALUES ({row}.{key});"

    differs = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in columns)
    return [
        f"CREATE TRIGGER search_{table}_insert AFTER INSERT ON {table} BEGIN {mark('NEW')} END",
        f"CREATE TRIGGER search_{table}_update AFTER UPDATE ON {table} WHEN {differs} BEGIN {mark('OLD')} {mark('NEW')} END",
        f"CREATE TRIGGER search_{table}_delete AFTER DELETE ON {table} BEGIN {mark('OLD')} END",
    ]
