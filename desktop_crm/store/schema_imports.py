"""The third step: what comes in and goes out (opening summaries, points, originals of cleaned cells, exports).

Meaning and unit of each column stand in records/. Like every step it is never edited once released.
"""

from __future__ import annotations

_TABLES = """
CREATE TABLE opening_summaries (
  id INTEGER PRIMARY KEY AUTOINCREMENT, customer_id INTEGER NOT NULL REFERENCES customers, day TEXT NOT NULL,
  total_fen INTEGER, purchases INTEGER CHECK (purchases >= 0), last_day TEXT, created_at TEXT NOT NULL,
  import_id INTEGER REFERENCES imports, CHECK (coalesce(total_fen, purchases, last_day) IS NOT NULL)
) STRICT;
CREATE INDEX opening_summaries_customer ON opening_summaries (customer_id);
CREATE INDEX opening_summaries_import ON opening_summaries (import_id);

CREATE TABLE point_entries (
  id INTEGER PRIMARY KEY AUTOINCREMENT, customer_id INTEGER NOT NULL REFERENCES customers, at TEXT NOT NULL,
  day TEXT NOT NULL, points INTEGER NOT NULL CHECK (points <> 0),
  kind TEXT NOT NULL CHECK (kind IN ('opening', 'earned', 'spent', 'expired', 'correction')),
  purchase_id INTEGER REFERENCES purchases, note TEXT NOT NULL, staff_id INTEGER REFERENCES staff,
  import_id INTEGER REFERENCES imports
) STRICT;
CREATE INDEX point_entries_customer ON point_entries (customer_id, points);
CREATE INDEX point_entries_purchase ON point_entries (purchase_id);
CREATE INDEX point_entries_staff ON point_entries (staff_id);
CREATE INDEX point_entries_import ON point_entries (import_id);

CREATE TABLE import_originals (
  id INTEGER PRIMARY KEY AUTOINCREMENT, import_id INTEGER NOT NULL REFERENCES imports, row INTEGER NOT NULL,
  customer_id INTEGER REFERENCES customers, cells TEXT NOT NULL
) STRICT;
CREATE INDEX import_originals_import ON import_originals (import_id);
CREATE INDEX import_originals_customer ON import_originals (customer_id);

CREATE TABLE exports (
  id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, day TEXT NOT NULL, staff_id INTEGER REFERENCES staff,
  kind TEXT NOT NULL, format TEXT NOT NULL, file_name TEXT NOT NULL, filter TEXT NOT NULL,
  people INTEGER NOT NULL, rows INTEGER NOT NULL, change_id INTEGER NOT NULL
) STRICT;
CREATE INDEX exports_staff ON exports (staff_id);
CREATE INDEX exports_change ON exports (change_id);

ALTER TABLE imports ADD COLUMN batch_id INTEGER;
CREATE INDEX imports_batch ON imports (batch_id) WHERE batch_id IS NOT NULL;

ALTER TABLE customer_tiers ADD COLUMN brought_occasions INTEGER NOT NULL DEFAULT 0;
ALTER TABLE customer_tiers ADD COLUMN brought_fen INTEGER NOT NULL DEFAULT 0;
ALTER TABLE customer_figures ADD COLUMN brought_day TEXT NOT NULL DEFAULT ''
"""

_MARK = (
    "INSERT INTO figures_dirty (customer_id) SELECT {row}.customer_id "
    "WHERE NOT EXISTS (SELECT 1 FROM figures_dirty WHERE customer_id = {row}.customer_id);"
)
"""Never OR IGNORE: the conflict clause of the statement that fires a trigger replaces the trigger's own."""


def _triggers() -> list[str]:
    """What was brought along feeds `customer_figures`, as sales and contacts do."""
    old, new = _MARK.format(row="OLD"), _MARK.format(row="NEW")
    head = "CREATE TRIGGER figures_opening_summaries"
    return [
        f"{head}_insert AFTER INSERT ON opening_summaries BEGIN {new} END",
        f"{head}_update AFTER UPDATE ON opening_summaries BEGIN {old} {new} END",
        f"{head}_delete AFTER DELETE ON opening_summaries BEGIN {old} END",
    ]


def statements() -> list[str]:
    """Every statement of this step, in order, without the journal's triggers."""
    return [*(part.strip() for part in _TABLES.split(";\n") if part.strip()), *_triggers()]
