"""The list of customers as somebody sees it: those columns, that order, those rows, with real days and numbers.

Columns that the import knows are headed as it knows them; what the shop works out is headed as such, and the import
leaves it alone. What the columns look like on the screen is ui/customer_columns.py's business.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from desktop_crm import custom_fields, customer_list, customers, masks, tags, tier_rules
from desktop_crm.base.i18n import _
from desktop_crm.customer_list import EVERYBODY, Clause, CustomerLine, Listing, Selection
from desktop_crm.exporting.about import Facts
from desktop_crm.exporting.tables import OWN_SPECS, Cell, Row, column, own_cell
from desktop_crm.files.cells import ColumnSpec, Kind
from desktop_crm.importing import tag_words
from desktop_crm.importing.fields import KIND_LABELS
from desktop_crm.importing.words import (
    COMPUTED_TIER,
    LAST_CONTACT,
    LAST_VISIT,
    NEXT_BIRTHDAY,
    PURCHASES,
    SPENT,
    computed,
)
from desktop_crm.records.custom_fields import CustomField
from desktop_crm.shop import Shop

_PAGE = 500


@dataclass(frozen=True)
class Seen:
    """What somebody sees.

    Attributes:
        columns: their keys from left to right; own fields by `customer_list.order_of_field`.
        order: key of the column it is sorted by. descending: downwards.
        clause: whom it lists. words: that in words, '' everybody.
        selection: only those marked; None all.
    """

    columns: Sequence[str]
    order: str = "last_visit"
    descending: bool = True
    clause: Clause = EVERYBODY
    words: str = ""
    selection: Selection | None = None

    def ids(self, shop: Shop) -> Sequence[int]:
        """The customers in their order."""
        listing = Listing.of(shop, self.clause, self.order)
        found = listing.ids(shop, [(0, listing.total)], self.order, self.descending)
        if self.selection is None:
            return found
        wanted = set(customer_list.chosen(shop, self.selection, self.clause))
        return array("q", (each for each in found if each in wanted))

    def table(self, shop: Shop) -> tuple[list[ColumnSpec], Sequence[int], Iterator[Row]]:
        """Columns, who is in it, and their rows."""
        known = _columns(shop)
        chosen = [key for key in self.columns if key in known]
        ids = self.ids(shop)
        rows = _rows(shop, ids, [known[key][1] for key in chosen])
        return [known[key][0] for key in chosen], ids, masks.veil_rows(shop, rows, chosen)

    def about(self, shop: Shop) -> Facts:
        """What it is, in lines."""
        known = _columns(shop)
        titles = {key: column.title for key, (column, _cell) in known.items()}
        facts = [
            (_("What"), _(KIND_LABELS["customers"])),
            (_("Columns shown"), _(", ").join(titles[key] for key in self.columns if key in titles)),
        ]
        if self.order in titles:
            words = _("{column}, downwards") if self.descending else _("{column}, upwards")
            facts.append((_("Sorted by"), words.format(column=titles[self.order])))
        return facts


Get = Callable[[CustomerLine], Cell]


def _text(name: str, line: CustomerLine) -> Cell:
    found: str = getattr(line, name)
    return found


def _day(name: str, line: CustomerLine) -> Cell:
    found: str = getattr(line, name)
    return date.fromisoformat(found) if found else None


def _own(item: CustomField, line: CustomerLine) -> Cell:
    return own_cell(item, customer_list.own_values(line.own).get(str(item.id)))


_KNOWN: Mapping[str, tuple[str, Get]] = {
    "name": ("name", partial(_text, "name")),
    "phone": ("phone", partial(_text, "phone")),
    "device": ("model", partial(_text, "device")),
    "owner": ("owner", partial(_text, "owner")),
    "since": ("since_day", partial(_day, "since_day")),
    "region": ("region", partial(_text, "region")),
    "source": ("source", partial(_text, "source")),
    "card_no": ("card_no", partial(_text, "card_no")),
    "points": ("points", lambda line: line.points),
    "brought": ("opening_total", lambda line: line.brought_fen),
}
"""Columns that the import reads: the key of its field, and what stands there."""

_COMPUTED: Mapping[str, tuple[str, Kind, Get]] = {
    "last_visit": (LAST_VISIT, "day", partial(_day, "last_visit_day")),
    "contact": (LAST_CONTACT, "day", partial(_day, "last_contact_day")),
    "purchases": (PURCHASES, "count", lambda line: line.occasions or None),
    "spent": (SPENT, "money", lambda line: line.spent_fen or customer_list.before_words(line) or None),
}
"""Columns that the shop works out."""


_BETWEEN = " · "
"""What stands between the tags of a line; a tag may hold it too."""


def _tags(shop: Shop) -> Get:
    are_plain = not any(_BETWEEN in tag.name for tag in tags.listing(shop))

    def cell(line: CustomerLine) -> Cell:
        if are_plain or _BETWEEN not in line.tags:
            return tag_words.words(line.tags.split(_BETWEEN) if are_plain else [line.tags])
        return tag_words.words(customers.tags(shop, line.id))

    return cell


def _columns(shop: Shop) -> dict[str, tuple[ColumnSpec, Get]]:
    """Every column that can be seen, by its key."""
    today = shop.today()

    def birthday(line: CustomerLine) -> Cell:
        day = customer_list.next_birthday(line, today)
        return date.fromisoformat(day) if day else None

    found: dict[str, tuple[ColumnSpec, Get]] = {
        key: (column("customers", name), get) for key, (name, get) in _KNOWN.items()
    }
    for key, (title, kind, get) in _COMPUTED.items():
        found[key] = (ColumnSpec(computed(title), kind), get)
    found["tags"] = (column("customers", "tags"), _tags(shop))
    found["tier"] = (ColumnSpec(_(COMPUTED_TIER)), _tier)
    found["birthday"] = (ColumnSpec(computed(NEXT_BIRTHDAY), "day"), birthday)
    for item in custom_fields.listing(shop):
        found[customer_list.order_of_field(item)] = (
            ColumnSpec(item.name, OWN_SPECS[item.kind]),
            partial(_own, item),
        )
    return found


def _tier(line: CustomerLine) -> Cell:
    return tier_rules.label(line.tier) if line.tier else None


def _rows(shop: Shop, ids: Sequence[int], gets: Sequence[Get]) -> Iterator[Row]:
    for start in range(0, len(ids), _PAGE):
        for line in customer_list.lines(shop, ids[start : start + _PAGE]):
            yield [get(line) for get in gets]
