"""Carrying lists out of the shop as files that people like: what is asked for, whether it can be, and writing it.

What stands in the columns is tables.py's business.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from desktop_crm import who
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _
from desktop_crm.exporting.tables import table
from desktop_crm.files.xlsx import SheetSpec, write_csv, write_table
from desktop_crm.importing.fields import KIND_LABELS, KINDS, Kind
from desktop_crm.settings import SHOP_NAME
from desktop_crm.shop import Shop
from desktop_crm.staff import name_of
from desktop_crm.who import EVERYBODY, Filter


class FormatUnknown(CrmError):
    """The file's ending is none of those that can be written."""


@dataclass(frozen=True)
class ExportResult:
    """What was written: the file, and how many rows without headings."""

    file: Path
    rows: int


def export(
    shop: Shop, kind: Kind | Literal["all"], out: Path, *, meant: Filter = EVERYBODY, name: str = ""
) -> ExportResult:
    """Write a list, or all of them, to a .xlsx or .csv file, atomically.

    Args:
        meant: only these customers and what is theirs; without conditions everything, walk-in sales too.
        name: of the view that the filter comes from, for the sheet about the file; '' for none.

    Raises:
        FormatUnknown, FilterNotUnderstood, FieldGone: nothing was written.
    """
    kinds = KINDS if kind == "all" else (kind,)
    _check_ending(kind, out)
    with shop.reading():
        clause = who.clause(shop, meant)
        if out.suffix.lower() == ".csv":
            columns, rows = table(shop, kinds[0], clause)
            return ExportResult(out, write_csv(out, columns, rows))
        sheets = [SheetSpec(_(KIND_LABELS[each]), *table(shop, each, clause)) for each in kinds]
        which = _which(shop, meant, name)
        return ExportResult(out, write_table(out, [*sheets, _about(shop, kinds, which)]))


def _check_ending(kind: str, out: Path) -> None:
    ending = out.suffix.lower()
    if ending == ".vcf":
        raise FormatUnknown(
            _(
                "Phone books (.vcf) cannot be written yet; choose a name that ends in .xlsx or .csv. Nothing was written."
            )
        )
    if ending not in (".xlsx", ".csv"):
        raise FormatUnknown(_("Choose a name that ends in .xlsx or .csv. Nothing was written."))
    if ending == ".csv" and kind == "all":
        raise FormatUnknown(
            _(
                "A .csv file holds one list; choose one of them, or a name that ends in .xlsx. Nothing was written."
            )
        )


def _which(shop: Shop, meant: Filter, name: str) -> str:
    """Which customers are in the file, in words."""
    if not meant.conditions:
        return _("All of them; deleted cards and voided sales are left out")
    words = who.sentence(shop, meant)
    if not name:
        return _("Only customers with: {filter}").format(filter=words)
    return _("Only customers of the view “{name}”: {filter}").format(name=name, filter=words)


def _about(shop: Shop, kinds: Sequence[Kind], which: str) -> SheetSpec:
    """The sheet that says what this is."""
    now = shop.now().astimezone(shop.zone)
    facts = [
        (_("What"), _(", ").join(_(KIND_LABELS[kind]) for kind in kinds)),
        (_("Which"), which),
        (_("Shop"), shop.get(SHOP_NAME)),
        (_("When"), f"{now:%Y-%m-%d %H:%M}"),
    ]
    if shop.staff_id is not None:
        facts.append((_("By whom"), name_of(shop, shop.staff_id)))
    return SheetSpec(_("About this file"), facts=facts)
