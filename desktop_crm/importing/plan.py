"""The door of the import: rehearse, look at the rows, apply, and give bad rows back.

    with plan.rehearse(shop, path) as rehearsed:
        for row in plan.rows(rehearsed, "bad"): …
        change_id = plan.apply(shop, rehearsed)

Reading and judging is in rehearsal.py, writing in applying.py; here is what people see of a rehearsed import.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from desktop_crm.base.i18n import _
from desktop_crm.files.sniff import NeedsEncoding as NeedsEncoding
from desktop_crm.files.sniff import NeedsPassword as NeedsPassword
from desktop_crm.importing import looking, own
from desktop_crm.importing.applying import apply as apply
from desktop_crm.importing.applying import latest as latest
from desktop_crm.importing.deciding import fields as decide_fields
from desktop_crm.importing.deciding import who as decide_who
from desktop_crm.importing.fields import EXTRA, FIELDS, KIND_LABELS, KINDS, LEFT_OUT, Kind
from desktop_crm.importing.looking import Candidate as Candidate
from desktop_crm.importing.looking import Change as Change
from desktop_crm.importing.looking import Differing as Differing
from desktop_crm.importing.looking import Filter as Filter
from desktop_crm.importing.looking import MatchKey as MatchKey
from desktop_crm.importing.looking import PlanRow as PlanRow
from desktop_crm.importing.looking import Which as Which
from desktop_crm.importing.looking import candidates as candidates
from desktop_crm.importing.looking import count as count
from desktop_crm.importing.looking import differing as differing
from desktop_crm.importing.looking import keys as keys
from desktop_crm.importing.looking import rows as rows
from desktop_crm.importing.matching import Decision as Decision
from desktop_crm.importing.memories import Memory as Memory
from desktop_crm.importing.memories import forget as forget
from desktop_crm.importing.memories import listing as memories
from desktop_crm.importing.memories import of_plan as memory_of
from desktop_crm.importing.originals import Cleaned as Cleaned
from desktop_crm.importing.originals import Original as Original
from desktop_crm.importing.originals import count as count_originals
from desktop_crm.importing.originals import of_customer as originals_of
from desktop_crm.importing.originals import of_import as originals
from desktop_crm.importing.rehearsal import NoRows
from desktop_crm.importing.rehearsal import Plan as Plan
from desktop_crm.importing.rehearsal import Progress as Progress
from desktop_crm.importing.rehearsal import judge as judge
from desktop_crm.importing.rehearsal import rehearse as rehearse
from desktop_crm.importing.rejects import write_rejects as write_rejects
from desktop_crm.importing.verdicts import Choice as Choice
from desktop_crm.importing.verdicts import Policy as Policy
from desktop_crm.importing.verdicts import Verdict as Verdict
from desktop_crm.records.custom_fields import FieldKind
from desktop_crm.shop import Shop

__all__ = (
    "Candidate", "Change", "Choice", "Cleaned", "Decision", "Differing", "Filter", "MatchKey", "Memory",
    "NeedsEncoding", "Original", "Plan", "PlanRow", "Policy", "Progress", "Verdict", "Which", "apply", "candidates",
    "count", "count_originals", "decide_fields", "decide_who", "differing", "each_sheet", "first_lines", "forget",
    "judge", "keys", "kinds", "latest", "meanings", "memories", "memory_of", "new_field", "originals", "originals_of",
    "rehearse", "report", "rows", "takes_own", "write_rejects",
)  # fmt: skip


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
        "left_out": [{"row": row, "why": why} for row, why in plan.left_out],
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
        return "\n".join(file.read(300).splitlines()[:count]).strip()


def _reasons(plan: Plan, which: Which) -> list[dict[str, Any]]:
    found = []
    for row in looking.each(plan, which):
        waiting = [change.words for change in row.changes if change.waits]
        found.append({"row": row.number, "reasons": [*row.reasons, *waiting]})
    return found
