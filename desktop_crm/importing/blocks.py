"""Some rows of a sheet, column by column: what the steps from cleaned cells to staged rows work on."""

from __future__ import annotations

from datetime import date
from typing import Any

from desktop_crm.importing import besides

Values = list[Any]  # one column: text, fen, None …


class Block:
    """Some rows, column by column, and what has to be told about them."""

    def __init__(self, first: int, size: int, today: date) -> None:
        self.first = first
        self.size = size
        self.today = today.isoformat()
        self.columns: dict[str, Values] = {}
        self.bad: dict[int, list[str]] = {}
        self.told: dict[int, list[str]] = {}
        self.undecided: set[int] = set()
        self.waiting: set[int] = set()
        self.lines: dict[int, list[str]] = {}
        self.originals: dict[int, dict[str, str]] = {}

    def get(self, key: str) -> Values:
        """The values of a field; empty ones where the sheet has no such column."""
        return self.columns.get(key) or [""] * self.size

    def numbers(self, key: str) -> Values:
        """The same for money and counts, None where nothing stands."""
        return self.columns.get(key) or [None] * self.size

    def fail(self, place: int, reason: str) -> None:
        """This row cannot be imported."""
        self.bad.setdefault(place, []).append(reason)

    def tell(self, place: int, reason: str) -> None:
        """The person should know this about the row."""
        self.told.setdefault(place, []).append(reason)

    def line(self, place: int, title: str, text: str) -> None:
        """Keep a text as a line of the row's note."""
        self.lines.setdefault(place, []).append(f"{title}: {text}")

    def keep(self, place: int) -> None:
        """The line just kept is of a column that nobody knows."""
        kept = self.columns.setdefault(besides.KEPT, [""] * self.size)
        kept[place] = "\n".join(filter(None, (kept[place], self.lines[place][-1])))

    def notes(self, key: str = "note") -> Values:
        """The notes with the lines that were kept."""
        found = self.get(key)
        if self.lines:
            found = list(found)
            for place, lines in self.lines.items():
                known = found[place].split("\n")
                found[place] = "\n".join(
                    [*filter(None, known), *(line for line in lines if line not in known)]
                )
        return found
