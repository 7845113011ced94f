"""Columns that fill fields of the shop's own: found by their name or chosen by the person, read by their kind.

A column that nobody knows stays a line of the note unless the person makes a field of it. What a value is stands in
custom_fields.py; comparing and writing goes the way of all other columns (verdicts.py, applying.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from desktop_crm import custom_fields
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _, ngettext
from desktop_crm.custom_fields import KINDS, MOST_CHOICES, ValueNotUnderstood
from desktop_crm.files.cells import without_prefix
from desktop_crm.files.reading import Cell, Error, Row
from desktop_crm.importing.cleaning import READERS
from desktop_crm.importing.columns import How, Layout, SheetColumn, UnknownColumn, normal_heading
from desktop_crm.importing.days import DayReader
from desktop_crm.importing.fields import EXTRA
from desktop_crm.importing.plain import text_of
from desktop_crm.importing.trouble import Trouble, error_cell
from desktop_crm.records.custom_fields import CustomField, FieldKind
from desktop_crm.shop import Shop
from desktop_crm.store import imports as store
from desktop_crm.store.staging import Staging

OWN, NEW = "own:", "new:"
"""What a column is mapped to: "own:12" the field with this id, "new:date" one of that kind, made with the import."""
_GUESSED_CHOICES = 12
_AGAIN = re.compile(r" \(\d+\)$")
"""What columns.py puts behind a heading that stood there before."""


class TooManyChoices(CrmError):
    """A column that is to become a field of choices has too many different words."""


def is_own(meaning: str) -> bool:
    """Whether a column's meaning is a field of the shop's own, or one to be made."""
    return meaning.startswith((OWN, NEW))


def recognised(
    shop: Shop, layout: Layout, rows: Sequence[Row], mapping: Mapping[str, str], remembered: Mapping[str, str]
) -> Layout:
    """The layout with the columns that fill fields of the shop's own; only sheets of customers have any.

    Args:
        rows: the first rows of the sheet, as `find_layout` got them.
        mapping: what the person chose; remembered: what was confirmed for the same headings before.

    Raises:
        UnknownColumn: a chosen column or field is not there. FieldNameWrong: a field to be made cannot be called so.
    """
    fields = {
        f"{OWN}{field.id}": custom_fields.with_kept(shop, field) for field in custom_fields.listing(shop)
    }
    _refuse_unknown(layout, fields, mapping)
    if layout.kind != "customers":
        return layout
    body = rows[layout.skip :]
    taken = {
        meaning: title for title, meaning in mapping.items() if meaning in fields
    }  # the last one chosen holds it
    columns: list[SheetColumn] = []
    again = _named_twice(layout)
    for column in layout.columns:
        cells = [row.cells[column.place] if column.place < len(row.cells) else None for row in body]
        found = replace(column, guess=guess(cells))
        chosen = mapping.get(column.title, "")
        before = remembered.get(column.title, "")
        if is_own(chosen) and taken.get(chosen, column.title) == column.title:
            found = _filling(shop, found, chosen, fields, "person")
        elif column.title not in mapping and before in fields and before not in taken:
            found = _filling(shop, found, before, fields, "memory")
        elif column.how in ("heading", "content", "unknown") and column.title not in mapping:
            known = "" if column.title in again else _by_name(column.title, fields, again)
            if known and known not in taken:
                found = _filling(shop, found, known, fields, "heading")
        taken.setdefault(found.field, column.title)
        columns.append(found)
    return replace(layout, columns=tuple(columns))


def _named_twice(layout: Layout) -> frozenset[str]:
    """Headings of our own that a later column has too: that one is the shop's own, our lists are written so."""
    later = {_AGAIN.sub("", column.title) for column in layout.columns if _AGAIN.search(column.title)}
    return frozenset(each.title for each in layout.columns if each.how == "heading" and each.title in later)


def _refuse_unknown(layout: Layout, fields: Mapping[str, CustomField], mapping: Mapping[str, str]) -> None:
    for title, meaning in mapping.items():
        known = meaning in fields or (meaning.startswith(NEW) and meaning.removeprefix(NEW) in KINDS)
        if is_own(meaning) and (not known or layout.kind != "customers"):
            raise UnknownColumn(
                _(
                    "The sheet has no column “{column}”, or there is no such field. Nothing was changed."
                ).format(column=title)
            )


def _filling(
    shop: Shop, column: SheetColumn, meaning: str, fields: Mapping[str, CustomField], how: How
) -> SheetColumn:
    if meaning in fields:
        return replace(column, field=meaning, how=how, own=fields[meaning])
    name = custom_fields.free_name(shop, column.title)
    kind = next(kind for kind in KINDS if meaning == NEW + kind)
    return replace(column, field=meaning, how=how, own=CustomField(0, name, kind, shop.stamp()))


def _by_name(title: str, fields: Mapping[str, CustomField], again: frozenset[str]) -> str:
    """The field with this name, also behind the ' of our CSV; a hint in brackets may be missing on either side."""
    if _AGAIN.sub("", title) in again:
        title = _AGAIN.sub("", title)
    for plain in (custom_fields.plain_name(title), custom_fields.plain_name(without_prefix(title))):
        for meaning, field in fields.items():
            if custom_fields.plain_name(field.name) == plain:
                return meaning
    near = [
        meaning
        for meaning, field in fields.items()
        if normal_heading(field.name) == normal_heading(title) != ""
    ]
    return near[0] if len(near) == 1 else ""


# ---------------------------------------------------------------- reading


def reader(field: CustomField) -> Callable[[Cell], str | Trouble]:
    """How the cells of a column are read that fills a field; days have a reader of their own (days.DayReader)."""
    plain = READERS["text"]
    if field.kind == "text" or not field.id:  # the choices of a field to be made are what stands there
        return plain if field.kind in ("text", "choice") else _checked(field)
    return _checked(field)


def _checked(field: CustomField) -> Callable[[Cell], str | Trouble]:
    kept = {
        "number": _("“{text}” is no number and was kept in the note."),
        "choice": _("“{text}” is none of the choices and was kept in the note."),
        "yes_no": _("“{text}” is neither yes nor no and was kept in the note."),
    }[field.kind]

    def read(cell: Cell) -> str | Trouble:
        if cell is None:
            return ""
        if isinstance(cell, Error):
            return error_cell(cell)
        text = text_of(cell)
        try:
            return custom_fields.checked(field, text)
        except ValueNotUnderstood:
            nothing = READERS["text"](cell) == ""
            return "" if nothing else Trouble("hint", kept.format(text=text), keep=True)

    return read


def guess(cells: Sequence[Cell]) -> FieldKind:
    """The kind of field that these values would make."""
    filled = [cell for cell in cells if cell is not None and not isinstance(cell, Error) and text_of(cell)]
    if not filled:
        return "text"
    texts = [text_of(cell) for cell in filled]
    if all(isinstance(cell, date) for cell in filled) or _all_days(texts):
        return "date"
    if _all_read("yes_no", texts) and not {*texts} <= {"0", "1"}:
        return "yes_no"
    if _all_read("number", texts) and not any(re.match(r"0\d|\d{8}", text) for text in texts):
        return "number"
    few = len({*texts}) <= min(_GUESSED_CHOICES, len(texts) // 2)
    return "choice" if few and len(texts) >= 4 and max(map(len, texts)) <= 16 else "text"


def _all_days(texts: Sequence[str]) -> bool:
    read = DayReader(date(2099, 12, 31))
    return all(
        re.search(r"\d\D+\d|^(?:19|20)\d{6}$", text)
        and (not isinstance(found := read(text), Trouble) or found.level == "order")
        for text in texts
    )


def _all_read(kind: FieldKind, texts: Sequence[str]) -> bool:
    field = CustomField(0, "", kind, "")
    try:
        return all(custom_fields.checked(field, text) for text in texts)
    except ValueNotUnderstood:
        return False


def refuse_too_many(layout: Layout, staging: Staging) -> None:
    """Stop where a column is to become a field of choices and says too many different things.

    Raises:
        TooManyChoices
    """
    for column in layout.own:
        if column.own is not None and not column.own.id and column.own.kind == "choice":
            count = store.count_words(staging, column.key)
            if count > MOST_CHOICES:
                words = ngettext(
                    "“{column}” has {count} different words, too many to choose from. Nothing was changed; make it a text.",
                    "“{column}” has {count} different words, too many to choose from. Nothing was changed; make it a text.",
                    count,
                )
                raise TooManyChoices(words.format(column=column.title, count=f"{count:,}"))


# ---------------------------------------------------------------- writing


def fields_within(shop: Shop, layout: Layout) -> dict[str, int]:
    """The field of each staged own column; those that are new are made now, inside the open change."""
    made: dict[str, int] = {}
    for column in layout.own:
        field = column.own
        assert field is not None
        words = store.words(shop.db, column.key) if field.kind == "choice" and not field.id else []
        made[column.key] = field.id or custom_fields.add_within(
            shop, field.name, field.kind, words or [field.name]
        )
    return made


def confirmed(layout: Layout, fields: Mapping[str, int]) -> dict[str, str]:
    """The columns' meanings to remember: a field that was made is known from now on."""
    return {
        column.title: f"{OWN}{fields[column.key]}" if column.own is not None else column.field
        for column in layout.columns
    }


def plain_mapping(layout: Layout) -> dict[str, str]:
    """Title → field for people and programs: own fields by their name."""
    return {
        column.title: f"{OWN if column.own.id else NEW}{column.own.name}"
        if column.own is not None
        else column.field
        for column in layout.columns
    }


def without_own(mapping: Mapping[str, str]) -> dict[str, str]:
    """What the person chose of the fields that every shop has; own columns are nobody else's meanwhile."""
    return {title: EXTRA if is_own(meaning) else meaning for title, meaning in mapping.items()}
