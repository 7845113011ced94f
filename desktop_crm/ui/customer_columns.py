"""The columns of the list of customers, the shop's own fields among them. The list itself is ui/customers.py."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from desktop_crm import custom_fields
from desktop_crm.base.i18n import _
from desktop_crm.base.values import MISSING, show_money, show_phone
from desktop_crm.customer_list import CustomerLine, before_words, next_birthday, order_of_field, own_values
from desktop_crm.records.custom_fields import CustomField
from desktop_crm.ui.kit.cells import Column, Mark
from desktop_crm.ui.marks import tier_mark

NARROW_LEAVES_OUT = frozenset({"since", "owner", "device", "tier"})
"""Columns that a narrow window leaves out, unless somebody chose the columns by hand."""

Text = Callable[[CustomerLine], str]


def columns(fields: Sequence[CustomField], today: date) -> list[Column[CustomerLine]]:
    """All columns there are, in the order in which they stand before anybody moves one."""
    return [
        Column("name", _("Customer"), lambda line: line.name, bold=True, marks=_warnings, stretch=3),
        _phone(),
        Column("tier", _("Tier"), marks=_tier, width=110, descends=True),
        _column("device", _("Device in use"), lambda line: line.device, width=190, tone="quiet"),
        _column("last_visit", _("Last visit"), lambda line: line.last_visit_day, width=104, descends=True),
        _column(
            "contact",
            _("Last contact"),
            lambda line: line.last_contact_day,
            width=104,
            descends=True,
            shown=False,
        ),
        _number(
            "purchases",
            _("Purchases so far"),
            lambda line: str(line.occasions) if line.occasions else "",
            width=96,
            shown=False,
        ),
        _column("owner", _("Clerk"), lambda line: line.owner, width=90, tone="quiet"),
        _column(
            "since", _("Customer since"), lambda line: line.since_day, width=120, tone="quiet", descends=True
        ),
        _number(
            "spent",
            _("Spent"),
            lambda line: show_money(line.spent_fen, cents=False) if line.spent_fen else before_words(line),
            width=124,
            tone=lambda line: "plain" if line.spent_fen else "quiet",
        ),
        _number(
            "points",
            _("Points"),
            lambda line: "" if line.points is None else f"{line.points:,}",
            width=90,
            shown=False,
        ),
        _number(
            "brought",
            _("Brought along"),
            lambda line: "" if line.brought_fen is None else show_money(line.brought_fen, cents=False),
            width=110,
            shown=False,
        ),
        _column("region", _("District"), lambda line: line.region, width=120, shown=False),
        _column("source", _("Source"), lambda line: line.source, width=110, shown=False),
        _column(
            "birthday", _("Next birthday"), lambda line: next_birthday(line, today), width=116, shown=False
        ),
        _column("card_no", _("Card no."), lambda line: line.card_no, width=110, shown=False),
        _column("tags", _("Tags"), lambda line: line.tags, width=180, tone="quiet", shown=False),
        *(_own(field) for field in fields),
    ]


def _phone() -> Column[CustomerLine]:
    return _column("phone", _("Phone"), lambda line: show_phone(line.phone) if line.phone else "", width=134)


def _column(
    key: str,
    title: str,
    text: Text,
    *,
    width: int,
    tone: str = "plain",
    descends: bool = False,
    shown: bool = True,
) -> Column[CustomerLine]:
    """A column of texts; a dash where there is none."""
    return Column(
        key,
        title,
        lambda line: text(line) or MISSING,
        tone=lambda line: tone if text(line) else "faint",
        width=width,
        descends=descends,
        shown=shown,
    )


def _number(
    key: str, title: str, text: Text, *, width: int, shown: bool = True, tone: Text = lambda _line: "plain"
) -> Column[CustomerLine]:
    """A column of numbers, to the right; a dash where there is none."""
    return Column(
        key,
        title,
        lambda line: text(line) or MISSING,
        tone=lambda line: tone(line) if text(line) else "faint",
        align="right",
        width=width,
        descends=True,
        shown=shown,
    )


def _own(field: CustomField) -> Column[CustomerLine]:
    """A column of one of the shop's own fields."""
    number, key = field.kind == "number", str(field.id)

    def text(line: CustomerLine) -> str:
        stored = own_values(line.own).get(key, "")
        return custom_fields.show(field, stored) if stored else ""

    make = _number if number else _column
    return make(order_of_field(field), field.name, text, width=110, shown=False)


def _warnings(line: CustomerLine) -> Sequence[Mark]:
    return (Mark(_("Do not contact"), "bad"),) if line.do_not_contact else ()


def _tier(line: CustomerLine) -> Sequence[Mark]:
    return (tier_mark(line.tier),) if line.tier else ()
