"""Taking lists out of the shop: what is asked for, who may, how many people leave, writing, and the entry in History.

    order = Order("customers", Path("customers.xlsx"))
    orders.people(shop, order)     # for the question before it
    orders.export(shop, order)     # or prepare on a reader thread, then release on the writer's

What stands in the columns is in tables.py and seen.py, dates are in calendar.py, copies of everything in copies.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from desktop_crm import masks, tier_rules, who
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import N_, _, ngettext
from desktop_crm.exporting import calendar, copies, phone_book
from desktop_crm.exporting.about import about, lists_told
from desktop_crm.exporting.pace import Pace, Tell
from desktop_crm.exporting.seen import Seen
from desktop_crm.exporting.tables import table
from desktop_crm.files import atomic
from desktop_crm.files.csv_out import fill_csv
from desktop_crm.files.xlsx import SheetSpec, fill_table
from desktop_crm.importing.fields import KIND_LABELS, KINDS, Kind
from desktop_crm.records.exports import ExportRecord
from desktop_crm.records.history import EXPORTS
from desktop_crm.shop import Shop
from desktop_crm.store import exports as store
from desktop_crm.who import EVERYBODY, Filter

Which = Kind | Literal["all"]

FORMATS: Mapping[str, tuple[Which, ...]] = {
    "xlsx": (*KINDS, "all"),
    "csv": KINDS,
    "vcf": ("customers",),
    "ics": ("customers", "followups", "all"),
    "db": ("all",),
    "zip": ("all",),
}
"""By the ending of the file: what can be written so."""

OF_SEEN = ("xlsx", "csv", "vcf")
"""How the list of customers can be written as somebody sees it."""

ENCODINGS = ("utf-8-sig", "gb18030")
"""Of a .csv: what every program of today opens, and what older Chinese ones want."""

_WANTED: Mapping[str, str] = {
    "customers": N_("Choose a name that ends in .xlsx, .csv, .vcf or .ics. Nothing was written."),
    "purchases": N_("Choose a name that ends in .xlsx or .csv. Nothing was written."),
    "followups": N_("Choose a name that ends in .xlsx, .csv or .ics. Nothing was written."),
    "complaints": N_("Choose a name that ends in .xlsx or .csv. Nothing was written."),
    "all": N_("Choose a name that ends in .xlsx, .ics, .db or .zip. Nothing was written."),
    "seen": N_("Choose a name that ends in .xlsx, .csv or .vcf. Nothing was written."),
}
_KINDS_OF: Mapping[str, str] = {"vcf": "contacts", "ics": "dates", "db": "database"}


class FormatUnknown(CrmError):
    """The file's ending is none of those that this can be written as."""


class EncodingUnknown(CrmError):
    """The encoding is none of those that are written."""


class OnlyWhole(CrmError):
    """A copy of everything was asked for only some customers."""


@dataclass(frozen=True)
class Order:
    """What is to be written.

    Attributes:
        kind: which list, or all. out: the file; its ending says the format.
        meant: only these customers and what is theirs; without conditions everything, walk-in sales too.
        view: name of the view that the filter comes from, '' for none.
        seen: the list of customers as somebody sees it, instead of `meant`; only of kind "customers".
        encoding: of a .csv, one of ENCODINGS.
    """

    kind: Which
    out: Path
    meant: Filter = EVERYBODY
    view: str = ""
    seen: Seen | None = None
    encoding: str = "utf-8-sig"

    @property
    def format(self) -> str:
        """The ending without its dot."""
        return self.out.suffix.lower().removeprefix(".")


@dataclass(frozen=True)
class Draft:
    """A whole file that nobody has yet: `release` puts it in its place.

    Attributes:
        order: what was asked for. rows: how many were written, without headings. people: in it.
        which: whose rows, in words, '' for everybody. file: where it lies.
    """

    order: Order
    rows: int
    people: int
    which: str
    file: atomic.Draft


@dataclass(frozen=True)
class ExportResult:
    """What was written: the file, how many rows without headings, and how many different people stand in it."""

    file: Path
    rows: int
    people: int


def people(shop: Shop, order: Order) -> int:
    """How many different people would leave the shop with this file.

    Raises:
        NotAllowed, FormatUnknown, EncodingUnknown, OnlyWhole, FilterNotUnderstood, FieldGone: it cannot be written.
    """
    _check(shop, order)
    with shop.reading():
        if order.seen is not None:
            return len(order.seen.ids(shop))
        lists = calendar.LISTS[order.kind] if order.format == "ics" else _lists(order.kind)
        return store.people(shop.db, lists, who.clause(shop, order.meant))


def export(shop: Shop, order: Order, tell: Tell | None = None) -> ExportResult:
    """Write a file, atomically, and note in History that it left the shop.

    Raises:
        CrmError: as `people`, and what is wrong with the place; nothing was written.
    """
    return release(shop, prepare(shop, order, tell))


def prepare(shop: Shop, order: Order, tell: Tell | None = None) -> Draft:
    """Write the file beside its place, in one view of the shop; sales can be entered meanwhile.

    Raises:
        CrmError: as `export`; nothing was written.
    """
    _check(shop, order)
    rows = 0

    def fill(file: BinaryIO) -> None:
        nonlocal rows
        rows = _FILLS[order.format](shop, order, file, tell)

    with shop.reading() as db, db.frugal():
        leaving, which = people(shop, order), _which(shop, order)
        file = atomic.draft(order.out, fill)
    return Draft(order, rows, leaving, which, file)


def release(shop: Shop, draft: Draft) -> ExportResult:
    """Put a file in its place, as a step of History that nobody can take back: both or neither.

    Raises:
        CrmError: nothing left the shop.
    """
    order = draft.order
    try:
        shop.require("export")
        with shop.change(_label(draft), {EXPORTS}, action="exporting.orders.release") as change:
            kind = _KINDS_OF.get(order.format, order.kind)
            shop.db.insert(
                ExportRecord(
                    0, shop.stamp(), shop.today().isoformat(), shop.staff_id, kind, order.format, order.out.name,
                    draft.which, draft.people, draft.rows, change.id,
                )
            )  # fmt: skip
            draft.file.put()
    finally:
        draft.file.drop()
    return ExportResult(order.out, draft.rows, draft.people)


def whose(shop: Shop, meant: Filter, view: str = "") -> str:
    """Which customers a filter names, in words, '' for everybody; `view` is the name it comes from, '' for none."""
    if not meant.conditions:
        return ""
    words = who.sentence(shop, meant)
    if not view:
        return _("Only customers with: {filter}").format(filter=words)
    return _("Only customers of the view “{name}”: {filter}").format(name=view, filter=words)


def seen_words(shop: Shop, meant: Filter, view: str, tier: str, marked: bool) -> str:
    """Whom a list of customers shows, in words, '' for everybody.

    Args:
        tier: only this one, "none" for those without one, '' for all. marked: only those who were marked by hand.
    """
    parts = [whose(shop, meant, view)]
    if tier:
        label = _("No tier yet") if tier == "none" else tier_rules.label(tier)
        parts.append(_("Only the tier {tier}").format(tier=label))
    if marked:
        parts.append(_("Only those marked by hand"))
    return _("; ").join(filter(None, parts))


def _check(shop: Shop, order: Order) -> None:
    shop.require("export")
    if order.kind not in FORMATS.get(order.format, ()):
        raise FormatUnknown(_(_WANTED[order.kind]))
    if order.seen is not None and order.format not in OF_SEEN:
        raise FormatUnknown(_(_WANTED["seen"]))
    if order.encoding not in ENCODINGS:
        raise EncodingUnknown(
            _("{name} is none of the encodings that are written: {known}. Nothing was written.").format(
                name=order.encoding, known=", ".join(ENCODINGS)
            )
        )
    if order.format in ("db", "zip"):
        shop.require("phones")  # a copy of everything holds every number
    if order.format in ("db", "zip") and order.meant.conditions:
        raise OnlyWhole(
            _(
                "A copy of everything holds everybody. Nothing was written; choose a list, or take the view away."
            )
        )


def _lists(kind: Which) -> Sequence[Kind]:
    return KINDS if kind == "all" else (kind,)


def _which(shop: Shop, order: Order) -> str:
    """Which customers are in the file, in words, '' for everybody."""
    words = whose(shop, order.meant, order.view) if order.seen is None else order.seen.words
    return masks.in_text(shop, words)


def _label(draft: Draft) -> str:
    order = draft.order
    what = _("Everything") if order.kind == "all" else _(KIND_LABELS[order.kind])
    words = ngettext(
        "Take out {what}: {count} person in {file}", "Take out {what}: {count} people in {file}", draft.people
    )
    return words.format(what=what, count=f"{draft.people:,}", file=order.out.name)


# ---------------------------------------------------------------- writing


def _tables(shop: Shop, order: Order, tell: Tell | None) -> list[SheetSpec]:
    """The lists of an order as sheets; their rows are read while they are written."""
    if order.seen is not None:
        columns, ids, rows = order.seen.table(shop)
        return [SheetSpec(_(KIND_LABELS["customers"]), columns, Pace(tell, len(ids)).each(rows))]
    clause = who.clause(shop, order.meant)
    kinds = KINDS if order.kind == "all" else (order.kind,)
    pace = Pace(tell, 0 if order.meant.conditions else sum(store.about(shop.db, kind) for kind in kinds))
    sheets = []
    for kind in kinds:
        columns, rows = table(shop, kind, clause)
        sheets.append(SheetSpec(_(KIND_LABELS[kind]), columns, pace.each(rows)))
    return sheets


def _workbook(shop: Shop, order: Order, file: BinaryIO, tell: Tell | None) -> int:
    what = order.seen.about(shop) if order.seen is not None else lists_told(_lists(order.kind))
    return fill_table(file, [*_tables(shop, order, tell), about(shop, what, _which(shop, order))])


def _csv(shop: Shop, order: Order, file: BinaryIO, tell: Tell | None) -> int:
    (sheet,) = _tables(shop, order, tell)
    return fill_csv(file, sheet.columns, sheet.rows, encoding=order.encoding)


def _contacts(shop: Shop, order: Order, file: BinaryIO, tell: Tell | None) -> int:
    if order.seen is not None:
        return phone_book.fill(shop, file, who.Clause(), order.seen.ids(shop), tell)
    return phone_book.fill(shop, file, who.clause(shop, order.meant), None, tell)


def _dates(shop: Shop, order: Order, file: BinaryIO, tell: Tell | None) -> int:
    return calendar.fill(shop, order.kind, who.clause(shop, order.meant), file, tell)


def _database(shop: Shop, order: Order, file: BinaryIO, tell: Tell | None) -> int:
    return copies.fill_database(shop, order.out.parent, file, tell)


def _everything(shop: Shop, order: Order, file: BinaryIO, tell: Tell | None) -> int:
    return copies.fill_archive(shop, order.out.parent, file, tell)


_FILLS: Mapping[str, Callable[[Shop, Order, BinaryIO, Tell | None], int]] = {
    "xlsx": _workbook,
    "csv": _csv,
    "vcf": _contacts,
    "ics": _dates,
    "db": _database,
    "zip": _everything,
}
"""By the ending: writes into an open file and answers how many rows."""
