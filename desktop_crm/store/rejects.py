"""The SQL that finds the staged rows which go back to the person; how they go back is importing/rejects.py's."""

from __future__ import annotations

from collections.abc import Iterator

from desktop_crm.store.staging import Staging

_PAGE = 2000


def bad_rows(staging: Staging) -> Iterator[tuple[int, str, str]]:
    """(row number, reasons, raw cells as JSON) in the sheet's order."""
    last = 0
    while found := staging.rows(
        "SELECT n, row, reasons, raw FROM stage WHERE verdict = 'bad' AND n > ? ORDER BY n LIMIT ?",
        (last, _PAGE),
    ):
        for _n, row, reasons, raw in found:
            yield row, reasons, raw
        last = found[-1][0]


def widest(staging: Staging) -> int:
    """How many cells the longest bad row has; 0 without any."""
    found: int | None = staging.value("SELECT max(json_array_length(raw)) FROM stage WHERE verdict = 'bad'")
    return found or 0
