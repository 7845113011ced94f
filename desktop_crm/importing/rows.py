"""Raw rows of a sheet → staged rows: column by column for speed, then what only a whole row can tell.

Cells are read by cleaning.py and days.py; whether rows are new to the shop is matching.py's business.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, tzinfo
from itertools import zip_longest
from typing import Any, NamedTuple

from desktop_crm.base.i18n import _
from desktop_crm.base.values import clean_text, digits_lost
from desktop_crm.files.merged import text_within
from desktop_crm.files.reading import Cell, Error, Row
from desktop_crm.importing import besides, originals, own, shapes
from desktop_crm.importing.blocks import Block
from desktop_crm.importing.cleaning import READERS
from desktop_crm.importing.columns import Layout, SheetColumn
from desktop_crm.importing.days import DayReader
from desktop_crm.importing.fields import EXTRA, LEFT_OUT, Field
from desktop_crm.importing.fields import field as field_of
from desktop_crm.importing.plain import text_of
from desktop_crm.importing.trouble import Trouble
from desktop_crm.importing.whole_columns import ColumnReader
from desktop_crm.store.staging import HEAD

Values = list[Any]  # one column of a chunk: text, fen, None …
_MOBILE = re.compile(r"手机|移动|mobile|cell", re.I)
"""Headings of numbers that become the primary one, wherever their column stands."""
_TOTAL = re.compile(
    r"(?:本页|本月|本日|当日|全部|总)?(?:合计|总计|小计|共计)(?:金额|数量|人数)?[:：]?[¥￥]?[\d,.]*(?:元|人|台|件|条|笔|位)?"
    r"|(?:sub|grand)?totals?:?[\d,.]*",
    re.I,
)
_ASIDE = re.compile(
    r"(?:制表|填表|打印|导出|审核|复核|统计|经办)(?:人|员|时间|日期|单位)?\s*[:：].*|第\s*\d+\s*页.*|总?共\s*\d+\s*(?:页|条|行|笔|人).*"
    r"|(?:说明|备注|注|提示|注意)\s*[:：].*|page\s+\d+.*|printed\s.*|exported\s.*",
    re.I,
)
"""What programs write above and below a table: who made it, and when."""
_HINT = re.compile(
    r"[(\[（【]?(?:非?必填|选填|必须|必填项|可填|可不填|可为空|不能为空|唯一|文本|数字|日期|下拉选择|请选择|required|optional|text|number|date)"
    r"(?:[，,;；].*)?[)\]）】]?|(?:格式|例如|示例|例|如|填写)\s*[:：].*|(?:最多|不超过|长度).*|\d+位(?:数字|手机号).*|yyyy[-/.]mm[-/.]dd.*",
    re.I,
)
"""What templates write below their headings about what goes into a column."""
_SOME_TOTAL, _SOME_ASIDE, _SOME_HINT = (
    re.compile(rf"^\s*(?:{words.pattern})\s*$", re.I | re.M) for words in (_TOTAL, _ASIDE, _HINT)
)
_ORDERS = {
    "dmy": re.compile(r"d{1,2}[-/.]m{1,2}[-/.]y{2,4}|日[-/.]月[-/.]年", re.I),
    "mdy": re.compile(r"m{1,2}[-/.]d{1,2}[-/.]y{2,4}|月[-/.]日[-/.]年", re.I),
}


_OF_SOMEBODY = frozenset(
    ("phone", "card_no", "external_id", "imei", "wechat", "email", "birthday", "lunar_birthday", "address")
)
"""Fields that no total says anything in."""
_FEW_DIGITS = 5
"""So many digits of a number count nothing."""
_MERE_COUNT = re.compile(r"[¥￥]?[\d,.]*\s*\w?")


class LeftOut(NamedTuple):
    """A row that is no data: its number as the spreadsheet program shows it, and why, as a sentence."""

    row: int
    why: str


@dataclass
class Chunk:
    """What became of some rows.

    Attributes:
        size: how many rows of data there were.
        columns: staged columns of these rows by name, see `shapes.COLUMNS`.
        ambiguous: (n, place of the column, field, {order: day} as JSON, reason) of cells whose day waits for its column.
        left_out: totals, repeated headings and what programs write around a table; they are no data.
    """

    size: int = 0
    columns: dict[str, list[Any]] = field(default_factory=dict)
    ambiguous: list[tuple[int, int, str, str, str]] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)


class RowCleaner:
    """Cleans the rows of one sheet.

    Args:
        layout: which column is what.
        today: the present day in shop time.
        date1904: of the workbook.
        orders: {title: "ymd", "dmy" or "mdy"} as the person answered for columns of days.
        zone: of the shop.
    """

    def __init__(
        self,
        layout: Layout,
        today: date,
        *,
        date1904: bool,
        orders: dict[str, str],
        zone: tzinfo | None = None,
    ) -> None:
        self.layout = layout
        self._today = today
        self._zone = zone
        self._width = len(layout.columns)
        self._next = 1
        self._days: dict[int, DayReader] = {}
        self._mapped: list[tuple[SheetColumn, Field, ColumnReader]] = []
        self._keepers: dict[int, originals.Keeper] = {}
        for column in layout.columns:
            if column.field not in (EXTRA, LEFT_OUT):
                known = field_of(layout.kind, column.field) if column.own is None else _own_field(column)
                self._mapped.append((column, known, self._reader(column, known, date1904, orders)))
                self._keepers[column.place] = originals.Keeper(known.reader)
        self._mapped.sort(key=lambda one: one[1].key == "phone" and not _MOBILE.search(one[0].title))
        self._extra = [column for column in layout.columns if column.field == EXTRA]
        self._besides = besides.columns(layout)
        self._first = next((column for column in layout.columns if column.field != LEFT_OUT), None)

    def _reader(
        self, column: SheetColumn, known: Field, date1904: bool, orders: dict[str, str]
    ) -> ColumnReader:
        if known.reader in ("day", "birthday", "instant"):
            order = orders.get(column.title) or _order_said(column.title)
            is_lunar = known.key == "lunar_birthday"
            reader = DayReader(self._today, known.reader, date1904, order, is_lunar, self._zone)
            self._days[column.place] = reader
            return ColumnReader(reader)
        if column.own is not None:
            return ColumnReader(own.reader(column.own))
        return ColumnReader(READERS[known.reader], repeats=known.reader not in ("phone", "code", "imei"))

    @property
    def evidence(self) -> dict[int, set[str]]:
        """Place of each column of days → the orders that its cells prove."""
        return {place: reader.evidence for place, reader in self._days.items()}

    def clean(self, raw: Sequence[Row]) -> Chunk:
        """The staged rows of some raw ones."""
        chunk = Chunk()
        kept = [row for row in raw if not self._no_data(row, chunk)] if self._may_be_no_data(raw) else raw
        if not kept:
            return chunk
        columns: list[Sequence[Cell]] = list(zip_longest(*(row.cells for row in kept)))
        columns += [[None] * len(kept)] * (self._width - len(columns))
        block = Block(self._next, len(kept), self._today)
        self._next += len(kept)
        for column, known, read in self._mapped:
            cells = columns[column.place]
            self._read(block, chunk, column, known, read.all(cells), cells, read.one)
        for column in self._extra:
            _add_lines(block, column.title, columns[column.place])
        staged = shapes.SHAPES[self.layout.kind](block)
        staged += [
            block.columns.get(name) or [0 if name == "birthday_leap" else ""] * block.size
            for name in self._besides
        ]
        staged += [block.get(column.key) for column in self.layout.own]
        chunk.size = block.size
        chunk.columns = self._assembled(block, staged, kept)
        return chunk

    def _may_be_no_data(self, raw: Sequence[Row]) -> bool:
        """Whether any of these rows could be a total or another line that is no data: one look for all of them."""
        firsts = [row.cells[0] if row.cells[0] is not None else _first_of(row) for row in raw]
        texts = [first for first in firsts if isinstance(first, str)]
        lines = "\n".join(texts)
        return (
            lines.count("\n") != max(len(texts) - 1, 0)
            or (self._first is not None and self._first.title in texts)
            or _SOME_TOTAL.search(lines.replace(" ", "").replace("\u3000", "")) is not None
            or _SOME_ASIDE.search(lines) is not None
            or (self._next == 1 and _SOME_HINT.search(lines) is not None)
        )

    def _no_data(self, row: Row, chunk: Chunk) -> bool:
        """Whether a row is no data; then it is told why."""
        first = _first_of(row)
        if not isinstance(first, str) or len(first) > 60:
            return False
        why = self._why_no_data(row, first)
        if why:
            chunk.left_out.append(LeftOut(row.number, why.format(text=clean_text(first))))
        return bool(why)

    def _why_no_data(self, row: Row, first: str) -> str:
        if _TOTAL.fullmatch(first.replace(" ", "").replace("\u3000", "")):
            return "" if self._is_about_somebody(row) else _("“{text}” is a total.")
        if self._width > 1 and self._beside_the_table(row, first):
            return _("“{text}” is about the sheet, not about anybody in it.")
        if self._first is not None and first == self._first.title:
            titles = [column.title for column in self.layout.columns]
            if all(cell is None or cell == title for cell, title in zip(row.cells, titles, strict=False)):
                return _("The headings once more: “{text}” …")
        return ""

    def _is_about_somebody(self, row: Row) -> bool:
        """Whether a row that begins like a total says what only a person has, such as a number."""
        for column, known, _read in self._mapped:
            cell = row.cells[column.place] if column.place < len(row.cells) else None
            if known.key not in _OF_SOMEBODY or cell is None or cell is _first_of(row):
                continue
            text = text_of(cell)
            if known.reader in ("phone", "code", "imei") and sum(map(str.isdigit, text)) >= _FEW_DIGITS:
                return True
            if known.reader not in ("phone", "imei") and not _MERE_COUNT.fullmatch(text.strip()):
                return True
        return False

    def _beside_the_table(self, row: Row, first: str) -> bool:
        """Whether a row is of the sheet's head or foot, or explains the headings."""
        for words in (_ASIDE,) if self._next > 1 else (_ASIDE, _HINT):
            if words.fullmatch(first.strip()):
                return all(cell is None or words.fullmatch(text_of(cell)) for cell in row.cells)
        return False

    def _read(
        self,
        block: Block,
        chunk: Chunk,
        column: SheetColumn,
        known: Field,
        values: Values,
        cells: Sequence[Cell],
        read: Callable[[Cell], Any],
    ) -> None:
        """Put one read column into the block; troubled cells are told and replaced."""
        for place, stood in self._keepers[column.place].changed(values, cells):
            block.originals.setdefault(place, {})[column.title] = stood
        for place, value in enumerate(values) if Trouble in map(type, values) else ():
            if type(value) is Trouble:
                cell = cells[place]
                if isinstance(cell, Error) and known.reader not in ("money", "count") and text_within(cell):
                    cell = text_within(cell)  # no sum that the rows below share, but a number of theirs
                    values[place] = value = read(cell)
                if type(value) is Trouble:
                    values[place] = self._settle(block, chunk, place, column, known, value, cell)
        if known.key not in block.columns:
            block.columns[known.key] = values
        else:
            separator = " " if known.reader == "phone" else "\n"
            before = block.columns[known.key]
            block.columns[known.key] = [_joined(a, b, separator) for a, b in zip(before, values, strict=True)]

    def _settle(
        self,
        block: Block,
        chunk: Chunk,
        place: int,
        column: SheetColumn,
        known: Field,
        trouble: Trouble,
        cell: Cell,
    ) -> Any:
        reason = _("{column}: {reason}").format(column=column.title, reason=trouble.reason)
        empty = None if known.reader in ("money", "count") else ""
        if trouble.level == "order":
            n = block.first + place
            block.waiting.add(place)
            chunk.ambiguous.append((n, column.place, known.key, json.dumps(trouble.value), reason))
            return empty
        if trouble.level == "bad" and known.must:
            block.fail(place, reason)
            return empty
        block.tell(place, reason)
        if trouble.keep or (trouble.level == "bad" and not trouble.value and not isinstance(cell, Error)):
            block.line(place, column.title, text_of(cell))
        return empty if trouble.value == "" else trouble.value

    def _assembled(self, block: Block, staged: list[Values], kept: Sequence[Row]) -> dict[str, Values]:
        size = block.size
        raw: Values = [""] * size
        for place in {*block.bad, *block.told, *block.waiting}:
            raw[place] = json.dumps([_plain(cell) for cell in kept[place].cells], ensure_ascii=False)
        bad: Values = [0] * size
        for place in block.bad:
            bad[place] = 1
        reasons: Values = [""] * size
        for place in {*block.bad, *block.told}:
            reasons[place] = "\n".join([*block.bad.get(place, ()), *block.told.get(place, ())])
        doubts: Values = [0] * size
        for place in block.undecided:
            doubts[place] = 1
        head = [
            list(range(block.first, block.first + size)),
            [row.number for row in kept],
            bad,
            doubts,
            reasons,
            raw,
            originals.as_column(block.originals, size),
        ]
        names = (
            *HEAD,
            *shapes.COLUMNS[self.layout.kind],
            *self._besides,
            *(one.key for one in self.layout.own),
        )
        return dict(zip(names, [*head, *staged], strict=True))


def _order_said(title: str) -> str:
    """The order of day, month and year that a heading names, "生日(日/月/年)"; "" if none."""
    return next((order for order, words in _ORDERS.items() if words.search(title)), "")


def raw_cell(raw: str, layout: Layout, key: str) -> str:
    """What stood in the first column of a field, in a row whose raw cells were kept; "" otherwise."""
    cells = json.loads(raw) if raw else []
    for column in layout.columns:
        if column.field == key and column.place < len(cells) and cells[column.place] is not None:
            return str(cells[column.place])
    return ""


def _own_field(column: SheetColumn) -> Field:
    """How a column that fills a field of the shop's own is handled."""
    kind = column.own.kind if column.own is not None else "text"
    return Field(column.key, column.title, "day" if kind == "date" else "text", ())


def _plain(cell: Cell) -> str | int | float | None:
    """A cell as it can be kept beside its row and written back for the person to mend."""
    return (
        cell if isinstance(cell, str | int | float | None) and not isinstance(cell, bool) else text_of(cell)
    )


def _first_of(row: Row) -> Cell:
    """What stands in the first cell of a row that is not empty."""
    return next((cell for cell in row.cells if cell is not None), None)


def _joined(first: str, second: str, separator: str) -> str:
    """What two columns say together, each part once."""
    if not first or not second:
        return first or second
    return separator.join(dict.fromkeys([*first.split(separator), *second.split(separator)]))


def _has_lost_digits(cell: Cell, text: str) -> bool:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return abs(cell) >= 10**15
    return isinstance(cell, str) and digits_lost(text)


def _digits_gone(title: str, text: str) -> str:
    told = _("{column}: the spreadsheet lost digits of this number ({text}); it stands in the note as it is.")
    return told.format(column=title, text=text)


def _add_lines(block: Block, title: str, cells: Sequence[Cell]) -> None:
    """Cells of a column that nobody knows become lines of the note."""
    if all(cell is None for cell in cells):
        return
    for place, cell in enumerate(cells):
        if cell is not None and (text := text_of(cell)):
            block.line(place, title, text)
            block.keep(place)
            if (type(cell) is not str or "+" in text) and _has_lost_digits(cell, text):
                block.tell(place, _digits_gone(title, text))
