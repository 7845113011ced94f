"""Which column of a sheet is which field: the heading row, the kind of sheet, and a guess by content.

Reads headings only; what a cell means is cleaning.py's business, the fields and their names are in fields.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _
from desktop_crm.base.values import clean_text
from desktop_crm.files.reading import Cell, Error, Row
from desktop_crm.files.vcard_card import PICTURES
from desktop_crm.importing.content import are_salutations, has_numbers, looks_like
from desktop_crm.importing.fields import ACCOUNTS, EXTRA, FIELDS, KINDS, LEFT_OUT, STAND_INS, Kind, field
from desktop_crm.importing.headings import REJECT_HEADING as REJECT_HEADING
from desktop_crm.importing.headings import in_all_languages, is_computed_column, is_guess, known
from desktop_crm.importing.headings import is_reject as is_reject
from desktop_crm.importing.headings import normal_heading as normal_heading
from desktop_crm.records.custom_fields import CustomField, FieldKind

How = Literal["heading", "content", "memory", "person", "unknown"]
Memory = Callable[[str], tuple[str, Mapping[str, str]] | None]
"""Looks a joined heading row up: (kind, mapping) as a person once confirmed it, or None."""

_LOOKED_AT = 20
_SHEET_WORDS: dict[Kind, tuple[str, ...]] = {
    "customers": ("客户", "会员", "顾客", "通讯录", "phone book", "customer", "contact", "member", "线索"),
    "purchases": ("销售", "购买", "订单", "流水", "purchase", "sale", "order"),
    "followups": ("跟进", "回访", "拜访", "follow"),
    "complaints": ("投诉", "售后", "complaint"),
}
_NEEDED: dict[Kind, frozenset[str]] = {
    "customers": frozenset(),
    "purchases": frozenset({"amount", "price"}),
    "followups": frozenset({"content", "channel", "outcome", "contact_at"}),
    "complaints": frozenset({"summary"}),
}


_NO_DAY = 3
"""What sums without a day of sale lose: they are more likely those of a customer."""


class NoHeadings(CrmError):
    """No row of the sheet looks like a row of headings."""


class UnknownColumn(CrmError):
    """A given mapping names a column or a field that is not there."""


@dataclass(frozen=True)
class SheetColumn:
    """One column of the sheet.

    Attributes:
        place: 0 for column A.
        title: its heading as it stands there, made unique ("手机 (2)"); "Column C" where there is none.
        field: the key of a field of the kind, EXTRA or LEFT_OUT.
        how: why it was taken for that.
        samples: up to three different values from its first rows.
        own: the field of the shop's own that it fills, its id 0 where it is yet to be made; None for all others.
        guess: the kind of own field that its values would make.
    """

    place: int
    title: str
    field: str
    how: How
    samples: tuple[str, ...] = ()
    own: CustomField | None = None
    guess: FieldKind = "text"

    @property
    def key(self) -> str:
        """What its values are called among the staged ones, where it fills an own field."""
        return f"own_{self.own.id}" if self.own is not None and self.own.id else f"new_{self.place}"


@dataclass(frozen=True)
class Layout:
    """How a sheet is to be read.

    Attributes:
        kind: what its rows are.
        header_row: number of the (last) heading row as the spreadsheet program shows it.
        skip: how many rows of the sheet come before the data.
        columns: the columns in order.
        score: how sure the kind is; compare only between sheets.
    """

    kind: Kind
    header_row: int
    skip: int
    columns: tuple[SheetColumn, ...]
    score: int = 0

    @property
    def mapping(self) -> dict[str, str]:
        """Title → field, in the sheet's order."""
        return {column.title: column.field for column in self.columns}

    @property
    def own(self) -> tuple[SheetColumn, ...]:
        """The columns that fill fields of the shop's own."""
        return tuple(column for column in self.columns if column.own is not None)

    @property
    def heading(self) -> str:
        """The joined heading row: the key under which a corrected mapping is remembered."""
        return _heading(column.title for column in self.columns)


def _heading(titles: Iterable[str]) -> str:
    """The joined headings; the reasons that went back with bad rows are none of the sheet's own."""
    return "\n".join(normal_heading(title) for title in titles if not is_reject(title))


def find_layout(
    rows: Sequence[Row],
    *,
    kind: Kind | None = None,
    sheet: str = "",
    mapping: Mapping[str, str] | None = None,
    memory: Memory | None = None,
) -> Layout:
    """The layout of a sheet whose first rows are given.

    Args:
        rows: the first rows (some tens), not empty ones.
        kind: the kind where the person chose one.
        sheet: the sheet's (or file's) name; its words break ties.
        mapping: {title: field} as the person chose it; columns not named in it are guessed.
        memory: looks up what was confirmed for the same headings before.

    Raises:
        NoHeadings, UnknownColumn: with a sentence that says what to do.
    """
    best = max(_candidates(rows, mapping or {}), key=lambda found: found[0], default=None)
    if best is None:
        raise NoHeadings(
            _(
                "No row of headings was found in {sheet}. Nothing was changed. "
                "Write a first row with headings like 姓名, 手机 (Name, Phone) and choose the file again."
            ).format(sheet=f"“{sheet}”" if sheet else _("the sheet"))
        )
    _score, titles, skip = best
    body = rows[skip : skip + 100]
    titles = _unique_titles(titles, body)
    remembered = memory(_heading(titles)) if memory else None
    chosen, score = _choose_kind(titles, kind or _known_kind(remembered), sheet)
    columns = _columns(chosen, titles, body)
    if remembered and remembered[0] == chosen:
        columns = _overruled(columns, chosen, remembered[1], "memory")
    columns = _overruled(columns, chosen, mapping or {}, "person", strict=True)
    return Layout(chosen, rows[skip - 1].number, skip, tuple(columns), score)


def _known_kind(remembered: tuple[str, Mapping[str, str]] | None) -> Kind | None:
    return next((kind for kind in KINDS if remembered and remembered[0] == kind), None)


def _candidates(
    rows: Sequence[Row], mapping: Mapping[str, str]
) -> Iterable[tuple[tuple[int, int], list[str], int]]:
    """Possible heading rows: ((score, −place), titles, rows before the data)."""
    for place, row in enumerate(rows[:_LOOKED_AT]):
        titles = _titles(row)
        score = _recognised(titles) + 3 * sum(title in mapping for title in titles)
        following = rows[place + 1] if place + 1 < len(rows) else None
        if score >= 2 or (score == 1 and sum(bool(title) for title in titles) <= 2):
            yield (2 * score, -place), titles, place + 1
        elif score <= 1 and following and _headings_by_content(titles, rows[place + 1 : place + 21]):
            yield (1, -place), titles, place + 1
        if following and (both := _two_rows(row, following)):
            yield (2 * _recognised(both) - 1, -place), both, place + 2


def _two_rows(upper: Row, lower: Row) -> list[str] | None:
    """The titles of a heading that goes over two rows, or None where the lower one is no heading."""
    above, below = _titles(upper), _titles(lower)
    if not any(below) or any(
        title and not is_reject(title) and not any(known(kind, title) for kind in KINDS) for title in below
    ):
        return None
    width = max(len(above), len(below))
    above += [""] * (width - len(above))
    below += [""] * (width - len(below))
    return [down or up for up, down in zip(above, below, strict=True)]


def _titles(row: Row) -> list[str]:
    """The cells as headings; a number is marked, so that it is never taken for a known one."""
    made = []
    for cell in row.cells:
        if isinstance(cell, str):
            made.append(clean_text(cell))
        else:
            made.append("" if cell is None or isinstance(cell, Error) else f"\0{cell}")
    return made


def _recognised(titles: Sequence[str]) -> int:
    """How many headings the best kind knows."""
    return max(sum(bool(title and known(kind, title)) for title in titles) for kind in KINDS)


def _headings_by_content(titles: Sequence[str], body: Sequence[Row]) -> bool:
    """Whether unknown words stand above columns whose content speaks for itself."""
    if not all(title and not re.search(r"\d", title) for title in titles):
        return False
    return any(looks_like([_cell(row, place) for row in body]) == "phone" for place in range(len(titles)))


def _unique_titles(titles: Sequence[str], body: Sequence[Row]) -> list[str]:
    width = max([len(titles), *(len(row.cells) for row in body)])
    made: list[str] = []
    seen: dict[str, int] = {}
    for place in range(width):
        title = titles[place].lstrip("\0") if place < len(titles) else ""
        title = title or _("Column {letter}").format(letter=column_letter(place))
        seen[title] = seen.get(title, 0) + 1
        made.append(title if seen[title] == 1 else f"{title} ({seen[title]})")
    return made


def column_letter(place: int) -> str:
    """What the spreadsheet program calls a column: 0 is A, 26 is AA."""
    text = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        text = chr(65 + rest) + text
    return text


def _choose_kind(titles: Sequence[str], kind: Kind | None, sheet: str) -> tuple[Kind, int]:
    scores = {name: _kind_score(name, titles, sheet) for name in KINDS}
    chosen: Kind = kind if kind is not None else max(KINDS, key=scores.__getitem__)
    return chosen, scores[chosen]


def _kind_score(kind: Kind, titles: Sequence[str], sheet: str) -> int:
    keys = {known(kind, title) for title in titles} - {""}
    if _NEEDED[kind] and not keys & _NEEDED[kind]:
        return 0
    words = 3 if any(word in sheet.lower() for word in _SHEET_WORDS[kind]) else 0
    found = sum(field(kind, key).weight for key in keys) + len(keys) + words
    return found - _NO_DAY if kind == "purchases" and "sold_at" not in keys else found


def _columns(kind: Kind, titles: Sequence[str], body: Sequence[Row]) -> list[SheetColumn]:
    keys = _meant(kind, titles)
    taken: dict[str, int] = {}
    columns: list[SheetColumn] = []
    for place, title in enumerate(titles):
        cells = [_cell(row, place) for row in body]
        if (
            is_reject(title)
            or is_computed_column(title)
            or normal_heading(title) in in_all_languages(PICTURES)
        ):
            columns.append(SheetColumn(place, title, LEFT_OUT, "heading", _samples(cells)))
            continue
        key = _as_content_says(kind, keys[place], title, cells)
        how: How = "heading"
        if key in taken and not field(kind, key).many:
            if _is_empty(body, taken[key]) and not _is_empty(body, place):
                columns[taken[key]] = replace(columns[taken[key]], field=EXTRA, how="unknown")
            else:
                key = ""
        if not key:
            key, how = EXTRA, "unknown"
        taken[key] = place
        columns.append(SheetColumn(place, title, key, how, _samples(cells)))
    _let_stand_in(kind, columns, body, taken)
    return _by_content(kind, columns, body, set(taken))


def _meant(kind: Kind, titles: Sequence[str]) -> list[str]:
    """The field of each heading; where a person's name stands beside that of a client, the client is their company."""
    keys = [known(kind, title) for title in titles]
    sure = {key for key, title in zip(keys, titles, strict=True) if key and not is_guess(kind, title)}
    keys = [
        "" if key in sure and is_guess(kind, title) and not field(kind, key).many else key
        for key, title in zip(keys, titles, strict=True)
    ]
    plain = [normal_heading(title) for title in titles]
    names = {plain[place] for place, key in enumerate(keys) if key == "name"}
    if (
        kind == "customers"
        and names & ACCOUNTS
        and names & {"姓名", "联系人姓名", "fullname"}
        and "company" not in keys
    ):
        keys = ["company" if title in ACCOUNTS else key for title, key in zip(plain, keys, strict=True)]
    return keys if "imei" in keys else ["imei" if key == "serial" else key for key in keys]


def _as_content_says(kind: Kind, key: str, title: str, cells: Sequence[Cell]) -> str:
    """The field of a heading that may mean several, by what stands below it."""
    if key == "phone" and any(cell is not None for cell in cells) and not has_numbers(cells):
        return ""  # "联系方式" that holds WeChat names
    if key == "channel" and has_numbers(cells):
        return "phone"
    if (
        key == "card_no"
        and normal_heading(title) == "会员卡"
        and any(cells)
        and not has_numbers(cells, digits=2)
    ):
        return "tags" if kind == "customers" else ""  # 金卡, 银卡
    if key == "occupation" and are_salutations(cells):
        return "gender"  # "Title" above Mr. and Ms.
    return key


def _is_empty(body: Sequence[Row], place: int) -> bool:
    return all(_cell(row, place) is None for row in body)


def _let_stand_in(kind: Kind, columns: list[SheetColumn], body: Sequence[Row], taken: dict[str, int]) -> None:
    """Give fields that no filled column has to the second best one, e.g. the address to that of the office."""
    for number, column in enumerate(columns):
        key = STAND_INS.get(kind, {}).get(normal_heading(column.title), "")
        if column.field != EXTRA or not key or _is_empty(body, column.place):
            continue
        key = _as_content_says(kind, key, column.title, [_cell(row, column.place) for row in body])
        holder = taken.get(key)
        if holder is not None and _is_empty(body, holder):
            columns[holder] = replace(columns[holder], field=EXTRA, how="unknown")
            holder = None
        if holder is None:
            columns[number] = replace(column, field=key, how="heading")
            taken[key] = column.place


def _by_content(
    kind: Kind, columns: list[SheetColumn], body: Sequence[Row], taken: set[str]
) -> list[SheetColumn]:
    """Give columns with unknown headings the field that their content speaks for, if that is still free."""
    keys = {known.key for known in FIELDS[kind]}
    for number, column in enumerate(columns):
        if column.field != EXTRA:
            continue
        found = looks_like([_cell(row, column.place) for row in body])
        if found == "day":
            found = {"purchases": "sold_at", "followups": "contact_at", "complaints": "received_at"}.get(
                kind, ""
            )
        elif found == "money":
            found = "amount" if kind == "purchases" and "price" not in taken else ""
        if found in keys and found not in taken and not (found == "name" and "last_name" in taken):
            taken.add(found)
            columns[number] = replace(column, field=found, how="content")
    return columns


def _overruled(
    columns: list[SheetColumn], kind: Kind, mapping: Mapping[str, str], how: How, *, strict: bool = False
) -> list[SheetColumn]:
    keys = {known.key: known.many for known in FIELDS[kind]} | {EXTRA: True, LEFT_OUT: True}
    titles = {column.title for column in columns}
    wrong = [title for title, key in mapping.items() if title not in titles or key not in keys]
    if wrong and strict:
        raise UnknownColumn(
            _("The sheet has no column “{column}”, or there is no such field. Nothing was changed.").format(
                column=wrong[0]
            )
        )
    given = {title: key for title, key in mapping.items() if title not in wrong}
    single = {key for key in given.values() if not keys[key]}
    return [
        replace(column, field=given[column.title], how=how)
        if column.title in given
        else replace(column, field=EXTRA, how="unknown")
        if column.field in single
        else column
        for column in columns
    ]


def _cell(row: Row, place: int) -> Cell:
    return row.cells[place] if place < len(row.cells) else None


def _samples(cells: Sequence[Cell]) -> tuple[str, ...]:
    found: list[str] = []
    for cell in cells:
        text = "" if cell is None else clean_text(str(cell))
        if text and text not in found:
            found.append(text)
            if len(found) == 3:
                break
    return tuple(found)
