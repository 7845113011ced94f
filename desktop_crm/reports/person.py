"""Everything that is held about a person on paper: what the personal-information law lets them ask for.

What it is stands in desktop_crm/person.py. Nothing is shortened or left out here: each value that is stored stands on it,
also of columns that no other page knows a word for.
"""

from __future__ import annotations

import json
from typing import Any

from desktop_crm import person
from desktop_crm.base.dates import from_instant
from desktop_crm.base.document import Block, Cell, Column, Document, Heading, Paragraph, Table, Value
from desktop_crm.base.i18n import N_, _, current_language, ngettext, using
from desktop_crm.history_fields import FIELDS, THINGS
from desktop_crm.history_words import Words
from desktop_crm.person import Everything
from desktop_crm.reports.lists import paper
from desktop_crm.shop import Shop
from desktop_crm.store.person_columns import COLUMNS, STRUCTURED
from desktop_crm.store.restoring import Image

_MORE_THINGS = {
    "tier_history": N_("Tiers so far"),
    "import_originals": N_("As it stood in imported files"),
    "mend_skips": N_("Mends put off"),
}
_MORE_FIELDS = {
    ("import_originals", "cells"): N_("Cells"),
    ("merges", "chosen"): N_("What was kept"),
    ("tier_history", "from_tier"): N_("From tier"),
    ("tier_history", "to_tier"): N_("To tier"),
    ("tier_history", "reason"): N_("Why"),
    ("tags", "group_name"): N_("Group"),
}
_ON_PAPER = {
    ("phones", "number"): N_("Telephone number"),
    ("phones", "label"): N_("Remark on the number"),
    ("phones", "position"): N_("Order on the card (1 is the main number)"),
}
"""Headings that say more than those in the window, where one sees beside what they stand."""
_WHEN = ("day", "at", "received_day", "due_day", "acquired_day", "created_at")
"""Columns that say when something was, the best first."""

_NOT_THEIRS = ("customer_id", "cost_fen")
"""Whose row it is they know; what a thing cost the shop is the shop's."""

_TIERS = {("tier_history", "from_tier"), ("tier_history", "to_tier")}
_MOST_COLUMNS = 6
"""A table of more has lines of its own for each row, so that nothing is squeezed."""


def document(shop: Shop, customer_id: int, language: str | None = None) -> Document:
    """Everything held about a person, as a document of as many pages as it takes.

    Raises:
        CustomerMissing, AlreadyErased, NotAllowed
    """
    with using(language or current_language()), shop.reading():
        found = person.everything(shop, customer_id)
        maker = _Maker(shop)
        blocks = [Paragraph(_introduction(found)), *maker.rows(found), *maker.past(found)]
        title = _("Everything held about {name}").format(name=found.name)
        return paper(shop, title, tuple(blocks))


def _introduction(found: Everything) -> str:
    words = _(
        "This is all that this shop's customer file holds about you (card no. {number}): what is stored now, what it "
        "still remembers of earlier, and who did what with it. You may ask to have it put right, or erased."
    ).format(number=found.customer_id)
    if found.named:
        words += " " + ngettext(
            "{count} text about somebody else names you; it is not printed here, because it is also about them.",
            "{count} texts about somebody else name you; they are not printed here, because they are also about them.",
            found.named,
        ).format(count=found.named)
    return words


class _Maker:
    """Puts stored rows into tables of words."""

    def __init__(self, shop: Shop) -> None:
        self._words = Words(shop)
        self._zone = shop.zone

    def rows(self, found: Everything) -> list[Block]:
        """What is stored now, one table for each kind of thing."""
        blocks: list[Block] = []
        for table, stored in found.rows:
            images = sorted(stored, key=self._when)
            told = [(image, said) for image in images if (said := self._told(table, image))]
            if told:
                blocks.append(self._table(table, told))
        return blocks

    def _table(self, table: str, told: list[tuple[Image, dict[str, str]]]) -> Table:
        title = (
            _(THINGS[table][table != "customers"]) if table in THINGS else _(_MORE_THINGS.get(table, table))
        )
        longest_first = sorted((said for _image, said in told), key=len, reverse=True)
        labels = list(dict.fromkeys(label for said in longest_first for label in said))
        if table != "customers" and len(labels) <= _MOST_COLUMNS:
            columns = tuple(
                Column(label, _width([said.get(label, "") for _image, said in told])) for label in labels
            )
            cells = tuple(tuple(said.get(label, "") for label in labels) for _image, said in told)
            return Table(columns, cells, title, dense=True)
        lines: list[tuple[Cell, ...]] = []
        for image, said in told:
            if table == "customers":
                lines += [(Value(label, tone="quiet"), text) for label, text in said.items()]
            else:
                said.pop(_("When"), None)
                words = (
                    _("{field}: {value}").format(field=label, value=text) for label, text in said.items()
                )
                lines.append((Value(self._when(image), tone="quiet"), " · ".join(words)))
        return Table((Column("", 1.2), Column("", 4.8)), tuple(lines), title, dense=True)

    def _told(self, table: str, image: Image) -> dict[str, str]:
        """Label: value of everything that a row says; a column without words is called as it is stored."""
        known = FIELDS.get(table, {})
        has_day = any(kind == "day" for _label, kind in known.values())
        when = "" if has_day or table in ("customers", "customer_tiers") else self._when(image)
        said: dict[str, str] = {_("When"): when} if when else {}
        for column, (label, kind) in known.items():
            text = self._words.show(kind, image[column], image)
            if text and column not in _NOT_THEIRS:
                said[self._label(table, column, label, image)] = text
        for column, meaning in COLUMNS.get(table, {}).items():
            wanted = meaning in ("own", "words", "sold") or (table, column) in _MORE_FIELDS
            if column not in known and wanted and image[column]:
                said[self._label(table, column, "", image)] = self._plain(table, column, image[column])
        return said

    def _label(self, table: str, column: str, label: str, image: Image) -> str:
        if table == "custom_values" and column == "value":
            return self._words.name("custom_fields", image["field_id"])
        label = _ON_PAPER.get((table, column), label)
        return _(label) if label else _(_MORE_FIELDS.get((table, column), column))

    def _plain(self, table: str, column: str, value: Any) -> str:  # whatever is stored
        if (table, column) in _TIERS:
            return self._words.show("tier", value, {})
        if (table, column) in STRUCTURED:
            return _flat(json.loads(value))
        return str(value)

    def _when(self, image: Image) -> str:
        for column in _WHEN:
            if image.get(column):
                value = str(image[column])
                return self._instant(value) if "T" in value else value
        return ""

    def _instant(self, value: str) -> str:
        return f"{from_instant(value).astimezone(self._zone):%Y-%m-%d %H:%M}"

    def past(self, found: Everything) -> list[Block]:
        """What it was before, and who did what with it."""
        blocks: list[Block] = []
        if found.earlier:
            rows = [self._earlier(*each) for each in found.earlier]
            note = _("Kept so that a step can be taken back, and forgotten after a while.")
            columns = (Column(_("Until"), 1.2), Column(_("What"), 1.8), Column(_("Value"), 4))
            blocks.append(Table(columns, tuple(rows), _("What it said before"), note, dense=True))
        who = (Column(_("When"), 1.2), Column(_("By whom"), 0.9), Column(_("Which step"), 4.9))
        if found.steps:
            steps = tuple((step.when, step.who, step.change.label) for step in found.steps)
            blocks.append(Table(who, steps, _("Steps about you"), dense=True))
        if found.trail:
            trail = tuple(
                (line.when, line.who, f"{line.what} · {line.words}" if line.words else line.what)
                for line in found.trail
            )
            blocks.append(Table(who, trail, _("Who saw, took out or changed it"), dense=True))
        return [Heading(_("Before, and by whom"), 2), *blocks] if blocks else []

    def _earlier(
        self, table: str, column: str, value: Any, until: str
    ) -> tuple[Cell, ...]:  # any stored value
        thing = _(THINGS[table][0]) if table in THINGS else _(_MORE_THINGS.get(table, table))
        label, kind = FIELDS.get(table, {}).get(column, (_MORE_FIELDS.get((table, column), column), ""))
        text = self._plain(table, column, value)
        if kind in _EASY:
            text = self._words.show(kind, value, {})
        what = thing if _(label) == thing else _("{thing}, {field}").format(thing=thing, field=_(label))
        return (Value(self._instant(until), tone="quiet"), what, text)


_EASY = ("phone", "customer_kind", "gender", "consent", "language")
"""Ways of showing a value that ask for nothing else of its row."""


def _width(texts: list[str]) -> float:
    longest = max(sum(2 if ord(sign) > 0x2E7F else 1 for sign in text) for text in texts)
    return min(4.0, max(0.9, longest / 10))


def _flat(value: Any) -> str:  # any JSON value
    if isinstance(value, dict):
        return " · ".join(f"{key}: {_flat(each)}" for key, each in value.items())
    if isinstance(value, list):
        return " · ".join(map(_flat, value))
    return str(value)
