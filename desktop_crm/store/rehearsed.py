"""The SQL by which people look at rehearsed rows, filter them, and say what is to become of them.

Runs on the staging database alone. Which rows there are and what verdicts mean is importing/'s business.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from desktop_crm.store.staging import Rows, Staging

WHO_WAITS, FIELD_WAITS, WHO_MAY = 1, 2, 4
"""Bits of `asks`: the row waits to hear who it is, or which value is right; or it may be said who it is."""

_DOUBTFUL = f"(s.reasons <> '' OR coalesce(s.told, '') <> '' OR coalesce(s.asks, 0) & {FIELD_WAITS})"
_WAITS = f"coalesce(s.asks, 0) & {WHO_WAITS | FIELD_WAITS}"


@dataclass(frozen=True)
class Condition:
    """Which rows are meant.

    Attributes:
        which: a verdict, "doubtful", "asks" or "" for all.
        hows: they were found by one of these; empty for any. in_sheet: only by an earlier row of the sheet.
        field: this field differs. text: stands in the name, a number, or is the row's number.
        rows: only these, by running number; None for any.
    """

    which: str = ""
    hows: tuple[int, ...] = ()
    in_sheet: bool = False
    field: str = ""
    text: str = ""
    rows: Collection[int] | None = None

    def sql(self) -> tuple[str, dict[str, Any]]:
        """The condition on `stage s`, and its values."""
        parts: list[str] = []
        values: dict[str, Any] = {}
        if self.which == "doubtful":
            parts.append(f"s.verdict <> 'bad' AND {_DOUBTFUL}")
        elif self.which == "asks":
            parts.append(_WAITS)
        elif self.which:
            parts.append("s.verdict = :which")
            values["which"] = self.which
        if self.hows:
            parts.append(f"s.how IN ({', '.join(str(int(how)) for how in self.hows)})")
        if self.in_sheet:
            parts.append("s.how IS NULL AND s.leader IS NOT NULL AND s.leader <> s.n")
        if self.field:
            parts.append("instr(s.changes, :field)")
            values["field"] = f'["{self.field}", '  # inside a JSON text these quotes would be escaped
        if self.text:
            parts.append(
                "(instr(lower(s.name), lower(:text)) OR instr(s.phones, :digits) OR instr(lower(s.card_no), lower(:text)) "
                "OR CAST(s.row AS TEXT) = :text)"
            )
            values |= {"text": self.text, "digits": self.text.replace(" ", "")}
        if self.rows is not None:
            parts.append("s.n IN (SELECT value FROM json_each(:rows))")
            values["rows"] = json.dumps(list(self.rows))
        return " AND ".join(parts) or "1", values


def counts(staging: Staging) -> dict[str, int]:
    """Verdict → number of rows."""
    return dict(staging.rows("SELECT verdict, count(*) FROM stage GROUP BY verdict"))


def count(staging: Staging, condition: Condition) -> int:
    """How many rows are meant."""
    where, values = condition.sql()
    found: int = staging.value(f"SELECT count(*) FROM stage s WHERE {where}", values)
    return found


def rows(staging: Staging, condition: Condition, columns: Sequence[str], limit: int, offset: int) -> Rows:
    """(n, row, verdict, reasons, told, changes, raw, how, asks, customer, leader's row, originals, columns …) in order."""
    where, values = condition.sql()
    names = ", ".join(
        (
            "s.n, s.row, s.verdict, s.reasons, coalesce(s.told, ''), coalesce(s.changes, ''), s.raw, s.how, "
            "coalesce(s.asks, 0), coalesce(s.customer_id, s.suspect), "
            "(SELECT f.row FROM stage f WHERE f.n = s.leader AND s.leader <> s.n), s.originals",
            *(f"s.{column}" for column in columns),
        )
    )
    values |= {"limit": limit, "offset": offset}
    return staging.rows(
        f"SELECT {names} FROM stage s WHERE {where} ORDER BY s.n LIMIT :limit OFFSET :offset", values
    )


def found_by(staging: Staging) -> Rows:
    """(how, whether only within the sheet, number of rows) of the rows that are about somebody known."""
    return staging.rows(
        "SELECT s.how, s.how IS NULL, count(*) FROM stage s WHERE s.how IS NOT NULL "
        "OR (s.leader IS NOT NULL AND s.leader <> s.n) GROUP BY 1, 2 ORDER BY 1"
    )


def differing(staging: Staging, condition: Condition) -> Rows:
    """(field, rows that differ in it, rows in which it waits) among the rows that are meant."""
    where, values = condition.sql()
    return staging.rows(
        "SELECT json_extract(d.value, '$[0]'), count(*), sum(json_extract(d.value, '$[4]') = 'ask') "
        f"FROM stage s, json_each(s.changes) d WHERE coalesce(s.changes, '') <> '' AND ({where}) GROUP BY 1",
        values,
    )


def numbers(staging: Staging, condition: Condition) -> list[int]:
    """The running numbers of the rows that are meant."""
    where, values = condition.sql()
    return [n for (n,) in staging.rows(f"SELECT s.n FROM stage s WHERE {where} ORDER BY s.n", values)]


def choose(staging: Staging, condition: Condition, choice: str, fields: Collection[str]) -> list[int]:
    """Note which value is right, "keep" or "take", in fields that differ (all, or these); "" forgets what was said.

    Of rows that are meant because they wait, only the fields that wait.

    Returns:
        the rows in which something was said or forgotten.
    """
    where, values = condition.sql()
    values["fields"] = json.dumps(list(fields))
    waiting = "AND json_extract(d.value, '$[4]') = 'ask'" if condition.which == "asks" else ""
    only = "AND json_extract(d.value, '$[0]') IN (SELECT value FROM json_each(:fields))" if fields else ""
    found = staging.rows(
        "SELECT s.n, json_extract(d.value, '$[0]') FROM stage s, json_each(s.changes) d "
        f"WHERE coalesce(s.changes, '') <> '' AND ({where}) {waiting} {only}",
        values,
    )
    with staging.together():
        if choice:
            staging.executemany(
                "INSERT INTO choices (n, field, choice) VALUES (?, ?, ?) "
                "ON CONFLICT (n, field) DO UPDATE SET choice = excluded.choice",
                ((n, field, choice) for n, field in found),
            )
        else:
            staging.executemany("DELETE FROM choices WHERE n = ? AND field = ?", found)
    return sorted({n for n, _field in found})


def choices(staging: Staging) -> dict[int, dict[str, str]]:
    """n → {field: "keep" or "take"} as people said."""
    found: dict[int, dict[str, str]] = {}
    for n, field, choice in staging.rows("SELECT n, field, choice FROM choices"):
        found.setdefault(n, {})[field] = choice
    return found


def any_together(staging: Staging, rows_: Collection[int]) -> bool:
    """Whether one of these rows shares its person with another row, which what is said of the one changes too."""
    where, values = Condition(rows=rows_).sql()
    return (
        staging.value(f"SELECT 1 FROM stage s WHERE s.leader IS NOT NULL AND ({where}) LIMIT 1", values)
        is not None
    )


def changes_of(staging: Staging, rows_: Collection[int]) -> Rows:
    """(n, changes as JSON) of some rows."""
    where, values = Condition(rows=rows_).sql()
    return staging.rows(f"SELECT s.n, s.changes FROM stage s WHERE {where}", values)


def set_changes(staging: Staging, found: Iterable[tuple[str, str, int, int]]) -> None:
    """Note (verdict, changes as JSON, what it asks, n)."""
    with staging.together():
        staging.executemany("UPDATE stage SET verdict = ?, changes = ?, asks = ? WHERE n = ?", found)


def candidates(staging: Staging, n: int) -> list[tuple[int, int, int]]:
    """(customer_id, how, whether everything agrees) of the cards that a row may be about, the likeliest first."""
    found: list[tuple[int, int, int]] = staging.rows(
        "SELECT customer_id, min(how), max(agrees) FROM candidates WHERE n = ? GROUP BY 1 ORDER BY 3 DESC, 2, 1",
        (n,),
    )
    return found


def sheet_rows(staging: Staging, wanted: Collection[int]) -> dict[int, int]:
    """n → the row's number in the spreadsheet program."""
    where, values = Condition(rows=wanted).sql()
    return dict(staging.rows(f"SELECT s.n, s.row FROM stage s WHERE {where}", values))


def running_numbers(staging: Staging, wanted: Collection[int]) -> dict[int, int]:
    """The row's number in the spreadsheet program → n."""
    return dict(
        staging.rows(
            "SELECT row, n FROM stage WHERE row IN (SELECT value FROM json_each(?))",
            (json.dumps(list(wanted)),),
        )
    )


def chosen_rows(staging: Staging) -> Rows:
    """(row's number in the spreadsheet program, field, choice) of all choices."""
    return staging.rows("SELECT s.row, c.field, c.choice FROM choices c JOIN stage s USING (n)")


def take_choices(staging: Staging, found: Iterable[tuple[int, str, str]]) -> None:
    """Take over choices of an earlier rehearsal of the same sheet: (row's number, field, choice)."""
    staging.executemany(
        "INSERT INTO choices (n, field, choice) SELECT n, ?2, ?3 FROM stage WHERE row = ?1", found
    )
