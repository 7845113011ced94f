"""A neutral document: what screen preview, PDF and workbook all render, so that no number can differ.

Blocks say what is shown, never how it is drawn; values stay typed (a number and its unit) so that a
workbook gets numbers where paper gets text. Rendering lives in files/pdf.py, files/xlsx.py and ui/kit.
All texts are already in the reader's language.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Unit = Literal["text", "day", "count", "ratio", "points", "fen", "minutes", "score", "months", "days"]
"""How a value is read: ratio 0.316 shows as 31.6 %; points is a difference of ratios; fen is money."""

Tone = Literal["plain", "good", "look", "bad", "quiet"]
"""The meaning of a colour; always beside a word, never instead of one."""

Number = int | float
Scalar = str | int | float | date | None


@dataclass(frozen=True)
class Value:
    """One typed value of a tile or a cell.

    Attributes:
        value: the unrounded number, day or text; None shows as – and stays an empty cell in a workbook.
        unit: how it is read.
        note: a quiet word behind it, e.g. "n=38".
        tone: meaning of its colour.
        signed: show + before a positive number (differences).
        bold: the figure the reader came for.
    """

    value: Scalar
    unit: Unit = "text"
    note: str = ""
    tone: Tone = "plain"
    signed: bool = False
    bold: bool = False


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 opens a section (and a workbook sheet), 2 and 3 stand inside one."""

    text: str
    level: int = 2
    note: str = ""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; `lead` is printed bold before it ("What went well:")."""

    text: str
    lead: str = ""
    tone: Tone = "plain"


@dataclass(frozen=True)
class Tile:
    """One big figure with its name and its change against something named."""

    key: str
    label: str
    value: Value
    change: Value | None = None
    change_note: str = ""


@dataclass(frozen=True)
class Tiles:
    """A row of up to six tiles."""

    tiles: tuple[Tile, ...]


@dataclass(frozen=True)
class Series:
    """One series of a chart: same length as the chart's labels; None is a gap."""

    name: str
    values: tuple[Number | None, ...]
    unit: Unit = "count"


@dataclass(frozen=True)
class BarChart:
    """Bars over labelled places with an optional line over them (e.g. the same days last year).

    Attributes:
        title: what is shown.
        note: unit and meaning of the line, in words.
        labels: one per place; an empty label leaves its tick unmarked.
        bars: the bars.
        line: drawn as a grey line, or None.
        quiet: places (0-based) drawn lighter, e.g. closed days and week-ends.
    """

    title: str
    labels: tuple[str, ...]
    bars: Series
    line: Series | None = None
    note: str = ""
    quiet: frozenset[int] = frozenset()


@dataclass(frozen=True)
class LineChart:
    """One or more lines over labelled places, e.g. a rate over the last twelve months."""

    title: str
    labels: tuple[str, ...]
    lines: tuple[Series, ...]
    note: str = ""


@dataclass(frozen=True)
class Share:
    """One part of a whole; `colour` names a token of the palette (gold, accent, grey, red, green)."""

    label: str
    value: Number
    colour: Literal["gold", "accent", "grey", "red", "green", "pale"]


@dataclass(frozen=True)
class ShareBar:
    """One horizontal bar split into shares, labelled with their percentages."""

    title: str
    shares: tuple[Share, ...]
    note: str = ""


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes:
        title: header text.
        width: share of the table's width; the shares need not sum to one.
        align: numbers right, texts left.
        unit: the unit of its plain scalars (cells may carry their own in a Value).
    """

    title: str
    width: float = 1.0
    align: Literal["left", "right"] = "left"
    unit: Unit = "text"


Cell = Value | Scalar


@dataclass(frozen=True)
class Table:
    """Rows under columns; without any column title there is no header.

    Attributes:
        title / note: above it. empty: said where there are no rows. total: a last, bold row.
        dense: rows stand closer than a table of so few rows would give them.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    title: str = ""
    note: str = ""
    empty: str = ""
    total: tuple[Cell, ...] | None = None
    dense: bool = False


@dataclass(frozen=True)
class QrCode:
    """A text as a square for a camera, with a heading and lines beside it; only on paper.

    Attributes:
        text: what the camera reads.
        title: what it is. lines: quiet words below the title.
    """

    text: str
    title: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class PageBreak:
    """Start a new page on paper; nothing in a workbook."""


Block = Heading | Paragraph | Tiles | BarChart | LineChart | ShareBar | Table | QrCode | PageBreak


@dataclass(frozen=True)
class Document:
    """A whole document.

    Attributes:
        title: big, top left of the first page.
        subtitle: below it (shop and branch).
        stamp: lines at the top right ("As known on 2026-10-31", "Printed 2026-11-01").
        blocks: the content in order.
        footer: bottom left of each page.
        language: "zh_CN" or "en".
        day: the day it was made; all that a file's metadata may know of time (same day, same bytes).
        author: shop name for the file's metadata.
    """

    title: str
    subtitle: str
    blocks: tuple[Block, ...]
    language: str
    day: date
    stamp: tuple[str, ...] = ()
    footer: str = ""
    author: str = ""
    keywords: tuple[str, ...] = field(default=())
