"""Text as it may stand in somebody's spreadsheet: no formulas, no characters that break the file, no silent cuts.

Typed writing is xlsx.py's and csv_out.py's; here is only what both do to a text.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from desktop_crm.base.i18n import _

Kind = Literal["text", "digits", "count", "number", "money", "ratio", "day", "instant"]
"""What a column holds: digits = phones, IMEIs and card numbers (text for ever); money = whole fen, written in yuan;
day = date; instant = datetime in shop time without zone."""

LONGEST = 32_767
"""Excel's limit for a cell, in UTF-16 units ("Excel specifications and limits")."""

_RISKY = "=+-@\t\r＝＋－＠"
_BROKEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


@dataclass(frozen=True)
class ColumnSpec:
    """A column of an exported table.

    Attributes:
        title: header text.
        kind: what it holds.
        width: in characters of the standard font; None is measured from the first rows.
    """

    title: str
    kind: Kind = "text"
    width: float | None = None


def storable(text: str) -> str:
    """A text without what XML cannot hold (control characters, lone surrogates); line ends as \\n."""
    if text.isprintable():
        return text
    return _BROKEN.sub("", text.replace("\r\n", "\n"))


def cut(text: str) -> str:
    """A text that fits into a cell; what is too long ends with a visible mark."""
    if len(text) * 2 <= LONGEST or len(text.encode("utf-16-le", "surrogatepass")) // 2 <= LONGEST:
        return text
    mark = _("… [cut: a cell holds no more]")
    room = LONGEST - len(mark) - 1
    return text.encode("utf-16-le", "surrogatepass")[: room * 2].decode("utf-16-le", "ignore") + mark


def risky(text: str) -> bool:
    """Whether a spreadsheet program could take the text for a formula."""
    return text[:1] in _RISKY and text != ""


def escaped(text: str) -> str:
    """Keep a literal _x0041_ from being read as an escape (ECMA-376, ST_Xstring)."""
    return _ESCAPE.sub("_x005F_", text) if "_x" in text else text


def with_prefix(text: str) -> str:
    """A text for CSV: ' stands before what could be taken for a formula (or looks as if it already had one)."""
    return "'" + text if risky(text.lstrip("'")) else text


def for_workbook(text: str) -> str:
    """A text as a workbook's cell holds it; one that begins like a prefixed one gets a prefix, so that it comes back whole."""
    clean = cut(storable(text))
    return "'" + clean if clean[:1] == "'" and risky(clean.lstrip("'")) else clean


def without_prefix(text: str) -> str:
    """The text that `with_prefix` or `for_workbook` was given; takes away exactly what they add."""
    return text[1:] if text.startswith("'") and risky(text.lstrip("'")) else text


def text_width(text: str) -> float:
    """Width in characters of the standard font; a Chinese one counts two."""
    return sum(2 if ord(char) >= 0x2E80 else 1 for char in text[:2000])


def sheet_title(name: str, taken: Iterable[str]) -> str:
    """A name that Excel allows (31 characters, none of []:*?/\\, no ' at the ends) and that is not taken."""
    plain = re.sub(r"[\[\]:*?/\\]", " ", storable(name)).strip(" '") or "Sheet"
    used = {other.lower() for other in taken}
    for number in itertools.count(1):
        end = f" ({number})" if number > 1 else ""
        title = plain[: 31 - len(end)].rstrip() + end
        if title.lower() not in used:
            return title
    raise AssertionError("numbers do not end")  # pragma: no cover
