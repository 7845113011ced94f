"""Striking somebody out of the words of others: notes that name them, labels of steps, names of files, filters.

Only what names nobody else is struck out: a number that another card has too, or a name that is part of another name,
stays where it stands. The audit trail is blanked entry by entry, because it is never edited.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from desktop_crm.store import person
from desktop_crm.store.person import Places
from desktop_crm.store.person_columns import COLUMNS, IDENTIFIERS, STRUCTURED
from desktop_crm.store.rows import Database

STRUCK = "…"
"""What stands where somebody was struck out."""

_SHORTEST = 5
"""Shorter keys, and shorter names in Latin letters, are words or numbers that mean anything."""

_NUMBER = re.compile(r"\+[0-9]{7,}|[0-9]{10,}|(?:2[1-9]|[3-9][0-9])[0-9]{5,6}")
"""What is a number however it is grouped; 20260301 may be a day."""
_WIDER = ord("０") - ord("0")
_GAP = (
    r"(?:[ \t\-./\\_~()\[\]\u00a0\u00b7\u2000-\u200f\u2010-\u2015\u2022\u2027\u202f\u2060\u2212\u2219\u3000\u3010\u3011"
    r"\u30fb\ufe58\ufe63\ufeff（）－．／＼＿～･]|\\t){0,3}"
)
"""What may stand between two digits of one number; JSON writes a tab as two signs."""
_COUNTRY = r"(?:[(（]?(?:[+＋]|[0０]{2})?[8８][6６][)）]?)"

_LATIN = re.compile(r"[ -~]+")
_UNIQUE = {("tags", "name"), ("views", "name"), ("column_memories", "header")}


@dataclass(frozen=True)
class Named:
    """By what somebody is named.

    Attributes:
        alone: what names nobody else. shared: what may name others too.
    """

    alone: tuple[str, ...]
    shared: tuple[str, ...]

    @property
    def every(self) -> tuple[str, ...]:
        """Both."""
        return (*self.alone, *self.shared)


@dataclass(frozen=True)
class Mention:
    """A text that names somebody and is not theirs: where it stands, and how it reads."""

    table: str
    column: str
    row_id: int
    text: str


def identifiers(db: Database, ids: Sequence[int], past: Places) -> Named:
    """By what the words of others may name a person, now or as they were called before."""
    whose = json.dumps(list(ids))
    alone: set[str] = set()
    shared: set[str] = set()
    for table, columns in IDENTIFIERS.items():
        for column in columns:
            for value in person.values(db, table, column, past.get(table, ())):
                if _names_somebody(column, value):
                    is_shared = _is_shared(db, table, column, value, whose)
                    (shared if is_shared else alone).add(value)
    return Named(
        tuple(sorted(alone - shared, key=len, reverse=True)), tuple(sorted(shared, key=len, reverse=True))
    )


def _names_somebody(column: str, value: str) -> bool:
    is_latin = bool(_LATIN.fullmatch(value))
    return len(value) >= (_SHORTEST if is_latin or column != "name" else 2)


def _is_shared(db: Database, table: str, column: str, value: str, whose: str) -> bool:
    if column == "name":
        return bool(
            db.value(
                "SELECT EXISTS (SELECT 1 FROM customers WHERE instr(name, ?1) AND id NOT IN (SELECT value FROM json_each(?2))) "
                "OR EXISTS (SELECT 1 FROM staff WHERE instr(name, ?1)) "
                "OR EXISTS (SELECT 1 FROM products WHERE instr(name, ?1))",
                (value, whose),
            )
        )
    owner = "id" if table == "customers" else "customer_id"
    if table == "purchase_lines":
        where = "purchase_id NOT IN (SELECT id FROM purchases WHERE customer_id IN (SELECT value FROM json_each(?2)))"
    else:
        where = f"{owner} NOT IN (SELECT value FROM json_each(?2))"
    return bool(
        db.value(f"SELECT EXISTS (SELECT 1 FROM {table} WHERE {column} = ?1 AND {where})", (value, whose))
    )


def strike(db: Database, named: Named, mixed: Sequence[int]) -> int:
    """Strike a person out of everything that is not theirs, inside the open change; answers how many texts that were.

    Args:
        mixed: steps that were also about others, see `person.forget_steps`.
    """
    struck = 0
    for table, columns in COLUMNS.items():
        for column, meaning in columns.items():
            if meaning in ("words", "sold") and table not in ("audit", "changes"):
                struck += _strike_column(db, table, column, named.alone)
    _strike_labels(db, named, mixed)
    return struck


def mentions(db: Database, named: Named, own: Places, limit: int) -> list[Mention]:
    """Texts of other cards, and of the shop, that name a person and will be struck out; at most `limit`."""
    found: list[Mention] = []
    for table, columns in COLUMNS.items():
        for column, meaning in columns.items():
            if meaning not in ("words", "sold") or table in ("audit", "changes", "journal"):
                continue
            for row_id, text in _containing(db, table, column, named.alone):
                if row_id not in own.get(table, ()) and len(found) < limit:
                    found.append(Mention(table, column, row_id, text))
    return found


def steps_naming(db: Database, change_ids: Sequence[int], texts: Sequence[str]) -> list[int]:
    """Which of these steps have an entry in the audit trail in which one of these texts stands."""
    cut = striker(texts)
    return [
        change_id
        for change_id, details in db.rows(
            "SELECT change_id, details FROM audit WHERE details IS NOT NULL "
            "AND change_id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(change_ids)),),
        )
        if cut(details) != details
    ]


def _strike_column(db: Database, table: str, column: str, texts: Sequence[str]) -> int:
    cut = striker(texts)
    changed = 0
    for row_id, text in list(_containing(db, table, column, texts)):
        new = _in_json(text, cut) if (table, column) in STRUCTURED else cut(text)
        if new == text:
            continue
        if (table, column) in _UNIQUE and db.value(f"SELECT 1 FROM {table} WHERE {column} = ?", (new,)):
            new = f"{new} {row_id}"
        db.execute(f"UPDATE {table} SET {column} = ? WHERE id = ?", (new, row_id))
        changed += 1
    return changed


def _strike_labels(db: Database, named: Named, mixed: Sequence[int]) -> None:
    """Labels of steps: what names only them, and of steps that were about them or are too old to tell, all of it."""
    _strike_column(db, "changes", "label", named.alone)
    cut = striker(named.shared)
    for change_id, label in db.rows(
        "SELECT id, label FROM changes WHERE trimmed OR id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(mixed)),),
    ):
        if cut(label) != label:
            db.execute("UPDATE changes SET label = ? WHERE id = ?", (cut(label), change_id))


def _containing(db: Database, table: str, column: str, texts: Sequence[str]) -> Iterator[tuple[int, str]]:
    """(id, text) of rows in whose column one of these texts stands, numbers in whatever way they are written."""
    if not texts:
        return
    names = [text for text in texts if not _NUMBER.fullmatch(text)]
    if (table, column) in STRUCTURED:
        names = sorted({*names, *(json.dumps(name, ensure_ascii=False)[1:-1] for name in names)})
    numbers = [_glob(text) for text in texts if _NUMBER.fullmatch(text)]
    where = [f"instr({column}, ?)"] * len(names) + [f"{column} GLOB ?"] * len(numbers)
    pattern = _pattern_of(texts)
    for row_id, text in db.rows(
        f"SELECT id, {column} FROM {table} WHERE {' OR '.join(where)}", [*names, *numbers]
    ):
        if pattern.search(text) or any(name in text for name in names):
            yield row_id, text


def as_written(db: Database, texts: Sequence[str]) -> list[str]:
    """These texts, and each way in which the audit trail writes those that are numbers."""
    numbers = [text for text in texts if _NUMBER.fullmatch(text)]
    found = set(texts)
    if numbers:
        pattern = _pattern_of(numbers)
        for _row_id, details in _containing(db, "audit", "details", numbers):
            found.update(each[0] for each in pattern.finditer(details))
    return sorted(found)


def striker(texts: Sequence[str]) -> Callable[[str], str]:
    """What replaces each of these texts in another text by `STRUCK`; numbers and Latin words only as whole ones."""
    if not texts:
        return lambda text: text
    pattern = _pattern_of(texts)
    return lambda text: pattern.sub(STRUCK, text)


def _pattern_of(texts: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(_pattern, sorted(texts, key=len, reverse=True))))


def _pattern(text: str) -> str:
    before = "(?<![0-9A-Za-z０-９])" if re.match(r"[+0-9A-Za-z]", text) else ""
    after = "(?![0-9A-Za-z０-９])" if re.search(r"[0-9A-Za-z]$", text) else ""
    return f"{before}{_number(text) if _NUMBER.fullmatch(text) else re.escape(text)}{after}"


def _number(text: str) -> str:
    """A number with whatever stands between its digits, and before it: +86 138-0571-8866 is 13805718866."""
    digits = _GAP.join(map(_digit, text.lstrip("+")))
    if text.startswith("+"):
        return f"(?:[+＋]|{_digit('0')}{{2}}){_GAP}{digits}"
    if text.startswith("0"):  # the area's 0 is left out behind the country
        return f"(?:{_COUNTRY}{_GAP}{_digit('0')}?|{_digit('0')}){digits[len(_digit('0')) :]}"
    return f"(?:{_COUNTRY}{_GAP})?{digits}"


def _digit(digit: str) -> str:
    return f"[{digit}{chr(ord(digit) + _WIDER)}]"


def _glob(text: str) -> str:
    """What SQLite looks for first: the digits one after the other, whatever lies between them."""
    return f"*{'*'.join(map(_digit, text.lstrip('+0')))}*"


def _in_json(text: str, cut: Callable[[str], str]) -> str:
    def walk(value: Any) -> Any:  # any JSON value
        if isinstance(value, str):
            return cut(value)
        if isinstance(value, list):
            return [walk(each) for each in value]
        if isinstance(value, dict):
            return {cut(key): walk(each) for key, each in value.items()}
        return STRUCK if isinstance(value, int) and cut(str(value)) != str(value) else value

    whole = json.loads(text)
    new = walk(whole)
    return text if new == whole else json.dumps(new, ensure_ascii=False, separators=(",", ":"))
