"""The door of the import: rehearse, look at the rows, apply, and give bad rows back.

    with plan.rehearse(shop, path) as rehearsed:
        for row in plan.rows(rehearsed, "bad"): …
        change_id = plan.apply(shop, rehearsed)

Reading and judging is in rehearsal.py, writing in applying.py; here is what people see of a rehearsed import.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

from desktop_crm import custom_fields
from desktop_crm.base.i18n import _
from desktop_crm.base.values import MISSING, show_money, show_phone
from desktop_crm.files.sniff import NeedsEncoding as NeedsEncoding
from desktop_crm.importing import own
from desktop_crm.importing.applying import apply as apply
from desktop_crm.importing.applying import latest as latest
from desktop_crm.importing.fields import EXTRA, FIELDS, KIND_LABELS, KINDS, LEFT_OUT, Kind
from desktop_crm.importing.rehearsal import NoRows
from desktop_crm.importing.rehearsal import Plan as Plan
from desktop_crm.importing.rehearsal import Progress as Progress
from desktop_crm.importing.rehearsal import judge as judge
from desktop_crm.importing.rehearsal import rehearse as rehearse
from desktop_crm.importing.rejects import write_rejects as write_rejects
from desktop_crm.importing.rows import raw_cell
from desktop_crm.importing.verdicts import Verdict
from desktop_crm.records.custom_fields import FieldKind
from desktop_crm.shop import Shop
from desktop_crm.store import verdicts as store

Which = Verdict | Literal["", "doubtful"]
"""Which rows to look at: those with a verdict, those of which something has to be told, or all."""

_PAGE = 5000
_ABOUT: dict[Kind, tuple[str, ...]] = {
    "customers": (),
    "purchases": ("day", "item", "amount", "refund"),
    "followups": ("due_day", "contact_day", "content"),
    "complaints": ("day", "summary"),
}


class Change(NamedTuple):
    """What the sheet says differently from the shop: field's label, old, new, and whether it is written."""

    label: str
    old: str
    new: str
    applied: bool


@dataclass(frozen=True)
class PlanRow:
    """One row as people see it.

    Attributes:
        n: its running number, for decisions. number: as the spreadsheet program shows it.
        name / phone: who it is about, as far as the row says; the raw text where it could not be read.
        about: what it is about besides ("iPhone 17 · ¥5,999").
        reasons: why it is bad, or waits, or what to know about it; whole sentences.
        changes: old → new for rows about known customers.
        asks: it waits for the person to say whether it is a customer of the shop.
    """

    n: int
    number: int
    verdict: Verdict
    name: str
    phone: str
    about: str
    reasons: tuple[str, ...]
    changes: tuple[Change, ...]
    asks: bool

    @property
    def id(self) -> int:
        """For tables: what tells it apart."""
        return self.n

    @property
    def explanation(self) -> str:
        """All that has to be said about it, in one line."""
        parts = list(self.reasons)
        for change in self.changes:
            if change.applied:
                words = _("{field}: {old} → {new}") if change.old else _("{field}: {new} is added")
            else:
                words = _("{field}: {old} stays ({new} in the sheet)")
            parts.append(words.format(field=change.label, old=change.old or MISSING, new=change.new))
        return " · ".join(part.replace("\n", " / ") for part in parts)


def rows(plan: Plan, which: Which = "", limit: int = 200, offset: int = 0) -> list[PlanRow]:
    """Some rows of a plan in the sheet's order."""
    columns = ("name", "phones", "how", *_ABOUT[plan.kind])
    return [_row(plan, found) for found in store.rows_for_people(plan.staging, which, columns, limit, offset)]


def count(plan: Plan, which: Which = "") -> int:
    """How many rows `rows` gives altogether."""
    if which == "doubtful":
        return store.count_doubtful(plan.staging)
    return plan.rows if which == "" else plan.counts[which]


def report(plan: Plan) -> dict[str, Any]:
    """A file's entry in the JSON of `import`, see the command line's contract."""
    return {
        "file": str(plan.path),
        "kind": plan.kind,
        "sheet": plan.sheet or None,
        "encoding": plan.encoding or None,
        "mapping": own.plain_mapping(plan.layout),
        "rows": plan.rows,
        **{str(verdict): number for verdict, number in plan.counts.items()},
        "bad_rows": _reasons(plan, "bad"),
        "doubtful": _reasons(plan, "doubtful"),
    }


def each_sheet(
    shop: Shop,
    path: Path,
    *,
    kind: Kind | Literal["auto"] = "auto",
    sheet: str | None = None,
    **wishes: Any,  # the other keyword arguments of `rehearse`
) -> Iterator[Plan]:
    """Rehearse every visible sheet of a file that is understood (only the one named by `sheet`), one after another.

    A sheet is rehearsed when it is asked for, so that what was applied before counts: sales find the customers of the
    sheet before them. The plans are the caller's to close; one that nobody holds any more throws its rows away itself.
    """
    first = rehearse(shop, path, kind=kind, sheet=sheet, **wishes)
    yield first
    others = first.sheets if sheet is None else ()
    for guess in others:
        if (
            guess.kind is None
            or guess.name == first.sheet
            or guess.hidden
            or kind not in ("auto", guess.kind)
        ):
            continue
        try:
            yield rehearse(shop, path, kind=kind, sheet=guess.name, **wishes)
        except NoRows:
            continue  # headings only, beside a sheet that has rows


def kinds() -> list[tuple[Kind, str]]:
    """Every kind of sheet with its name."""
    return [(kind, _(KIND_LABELS[kind])) for kind in KINDS]


def meanings(plan: Plan) -> list[tuple[str, str]]:
    """What a column of the sheet can mean: (field, its name), at last a line of the note and left out."""
    known = [(field.key, _(field.label)) for field in FIELDS[plan.kind]]
    mine = [(f"{own.OWN}{field.id}", field.name) for field in plan.fields] if takes_own(plan) else []
    return [*mine, *known, (EXTRA, _("A line of the note")), (LEFT_OUT, _("Leave out"))]


def takes_own(plan: Plan) -> bool:
    """Whether columns of the sheet can fill fields of the shop's own: those of customers."""
    return plan.kind == "customers"


def new_field(kind: FieldKind) -> str:
    """The meaning of a column that becomes a new field of the shop's own."""
    return own.NEW + kind


def first_lines(path: Path, encoding: str, count: int = 3) -> str:
    """The beginning of a text in an encoding, for choosing the one in which the names look right."""
    with path.open(encoding=encoding, errors="replace") as file:
        return "".join(itertools.islice(file, count))[:300].strip()


def _all(plan: Plan, which: Which, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    start = 0
    while found := store.rows_for_people(plan.staging, which, columns, _PAGE, start):
        yield from found
        start += _PAGE


def _reasons(plan: Plan, which: Which) -> list[dict[str, Any]]:
    return [
        {"row": row, "reasons": [text for text in (*reasons.split("\n"), told) if text]}
        for _n, row, _verdict, reasons, told, _changes, _raw in _all(plan, which, ())
    ]


def _row(plan: Plan, found: tuple[Any, ...]) -> PlanRow:
    n, number, verdict, reasons, told, changes, raw, name, phones, how, *about = found
    if verdict == "bad":
        name = name or raw_cell(raw, plan.layout, "name")
    phone = " / ".join(show_phone(part) for part in phones.split(" ") if part)
    return PlanRow(
        n,
        number,
        verdict,
        name,
        phone or raw_cell(raw, plan.layout, "phone"),
        _about(plan.kind, about),
        tuple(text for text in (*reasons.split("\n"), told) if text),
        tuple(_changes(plan, json.loads(changes))) if changes else (),
        bool(told) and how is None and verdict in ("skip", "new"),
    )


def _changes(plan: Plan, changes: Iterable[tuple[str, str, str, int]]) -> Iterator[Change]:
    labels: Mapping[str, str] = {field.key: field.label for field in FIELDS[plan.kind]} | {
        "phones": _label("phone")
    }
    mine = {column.key: column.own for column in plan.layout.own if column.own is not None}
    for field, old, new, applied in changes:
        if field in mine:
            known = mine[field]
            yield Change(
                known.name, custom_fields.show(known, old), custom_fields.show(known, new), bool(applied)
            )
            continue
        label = labels.get("customer_kind" if field == "kind" else field, field)
        yield Change(_(label), _shown(field, old), _shown(field, new), bool(applied))


def _label(key: str) -> str:
    return next(field.label for field in FIELDS["customers"] if field.key == key)


def _shown(field: str, text: str) -> str:
    if field == "phones":
        return " / ".join(show_phone(part) for part in text.split(" ") if part)
    return text.replace("\n", ", ") if field == "tags" else text


def _about(kind: Kind, values: list[Any]) -> str:
    if kind == "purchases":
        day, item, amount, refund = values
        money = MISSING if amount is None else show_money(-amount if refund else amount)
        return " · ".join(part for part in (day, item, money) if part)
    return " · ".join(str(value) for value in values if value).replace("\n", " / ")
