"""The sheet of keys on paper, to lie beside the keyboard."""

from __future__ import annotations

from collections.abc import Sequence

from desktop_crm.base.document import Column, Document, Table, Value
from desktop_crm.base.i18n import _, current_language
from desktop_crm.settings import SHOP_NAME
from desktop_crm.shop import Shop

Group = tuple[str, Sequence[tuple[str, str]]]
"""A title, and (key, what it does) in words."""


def make(shop: Shop, groups: Sequence[Group]) -> Document:
    """All keys, a table per group, two keys beside each other."""
    name = shop.get(SHOP_NAME)
    columns = (Column("", 1.2), Column("", 2.8), Column("", 1.2), Column("", 2.8))
    blocks = []
    for title, keys in groups:
        half = (len(keys) + 1) // 2
        rows = []
        for place in range(half):
            left = keys[place]
            right = keys[half + place] if half + place < len(keys) else ("", "")
            rows.append((Value(left[0], bold=True), left[1], Value(right[0], bold=True), right[1]))
        blocks.append(Table(columns, tuple(rows), title, dense=True))
    return Document(_("Keys"), name, tuple(blocks), current_language(), shop.today(), author=name)
