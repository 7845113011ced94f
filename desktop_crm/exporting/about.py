"""The sheet that says what a file is: what, whose, when, by whom. The lists themselves are tables.py's and seen.py's."""

from __future__ import annotations

from collections.abc import Sequence

from desktop_crm.base.i18n import _
from desktop_crm.files.xlsx import SheetSpec
from desktop_crm.importing.fields import KIND_LABELS, Kind
from desktop_crm.importing.headings import ABOUT_SHEET
from desktop_crm.settings import SHOP_NAME
from desktop_crm.shop import Shop
from desktop_crm.staff import name_of

Facts = list[tuple[str, str]]
"""Lines of label and text."""


def about(shop: Shop, what: Facts, which: str) -> SheetSpec:
    """The sheet; `which` is whose rows in words, '' for everybody."""
    return SheetSpec(_(ABOUT_SHEET), facts=facts(shop, what, which))


def facts(shop: Shop, what: Facts, which: str) -> Facts:
    """The lines of the sheet."""
    everybody = _("All of them; deleted cards and voided sales are left out")
    told = [
        *what,
        (_("Which"), which or everybody),
        (_("Shop"), shop.get(SHOP_NAME)),
        (_("When"), f"{shop.now().astimezone(shop.zone):%Y-%m-%d %H:%M}"),
    ]
    if shop.staff_id is not None:
        told.append((_("By whom"), name_of(shop, shop.staff_id)))
    return told


def lists_told(kinds: Sequence[Kind]) -> Facts:
    """What whole lists are in a file."""
    return [(_("What"), _(", ").join(_(KIND_LABELS[kind]) for kind in kinds))]
