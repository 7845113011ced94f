"""The fourth step: who may, who saw and what was erased (PINs, the audit trail, erasures, the key file's state).

Meaning and unit of each column stand in records/. Like every step it is never edited once released. None of these
tables is journalled: undo must bring neither a PIN back nor an entry of the trail away.
"""

from __future__ import annotations

_TABLES = """
CREATE TABLE pins (
  id INTEGER PRIMARY KEY REFERENCES staff ON DELETE CASCADE, hash TEXT NOT NULL, set_at TEXT NOT NULL,
  failures INTEGER NOT NULL DEFAULT 0 CHECK (failures >= 0), failed_at TEXT
) STRICT;

CREATE TABLE audit (
  id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, day TEXT NOT NULL, staff_id INTEGER,
  action TEXT NOT NULL, kinds TEXT NOT NULL, change_id INTEGER, customer_id INTEGER, step TEXT NOT NULL,
  details TEXT, salt TEXT, digest TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL
) STRICT;
CREATE INDEX audit_customer ON audit (customer_id) WHERE customer_id IS NOT NULL;
CREATE INDEX audit_change ON audit (change_id) WHERE change_id IS NOT NULL;
CREATE INDEX audit_day ON audit (day);

CREATE TABLE erasures (
  id INTEGER PRIMARY KEY AUTOINCREMENT, customer_id INTEGER NOT NULL UNIQUE, card_made_at TEXT NOT NULL,
  at TEXT NOT NULL, day TEXT NOT NULL, staff_id INTEGER, change_id INTEGER NOT NULL
) STRICT;
CREATE INDEX erasures_change ON erasures (change_id);

CREATE TABLE key_state (
  id INTEGER PRIMARY KEY CHECK (id = 1), sequence INTEGER NOT NULL, shop_id TEXT NOT NULL,
  sheet_proved TEXT NOT NULL DEFAULT ''
) STRICT;

ALTER TABLE imports ADD COLUMN cost_titles TEXT
"""

_TRIGGERS = (
    "CREATE TRIGGER audit_stays BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail stays'); END",
    "CREATE TRIGGER audit_is_not_edited BEFORE UPDATE ON audit WHEN NEW.details IS NOT NULL OR NEW.salt IS NOT NULL "
    + "".join(
        f"OR NEW.{name} IS NOT OLD.{name} "
        for name in (
            "id", "at", "day", "staff_id", "action", "kinds", "change_id", "customer_id", "step",
            "digest", "previous", "hash",
        )
    )
    + "BEGIN SELECT RAISE(ABORT, 'the audit trail is not edited'); END",
)  # fmt: skip
"""The only edit of the trail is to blank what an entry says of an erased person; its digest stays in the chain."""


def statements() -> list[str]:
    """Every statement of this step, in order."""
    return [*(part.strip() for part in _TABLES.split(";\n") if part.strip()), *_TRIGGERS]
