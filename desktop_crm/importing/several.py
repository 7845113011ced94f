"""Several files that come in together: the queue of their sheets, writing, one report, taking back.

Each sheet is rehearsed and applied as if it came alone (rehearsal.py, applying.py); here is what holds for all of them:
the order (customers before what they bought and said), one backup, and one way back. Which files are meant is
folders.py's business.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from desktop_crm import history
from desktop_crm.base.errors import Cancelled, CrmError
from desktop_crm.base.i18n import _
from desktop_crm.files import sniff
from desktop_crm.importing import looking
from desktop_crm.importing import plan as importing
from desktop_crm.importing.applying import apply as apply
from desktop_crm.importing.fields import KINDS, Kind
from desktop_crm.importing.folders import PassedOver
from desktop_crm.importing.plan import each_sheet
from desktop_crm.importing.rehearsal import Plan, Progress, judge
from desktop_crm.importing.verdicts import VERDICTS, Policy
from desktop_crm.shop import Shop

State = Literal[
    "waiting", "password", "encoding", "unreadable", "left_out", "asks", "ready", "nothing", "written"
]
"""What a sheet of the queue waits for; "nothing": all of it is in the shop, "written": its rows are."""


@dataclass(eq=False)
class Item:
    """One line of the queue: a sheet, or a file of which no sheet is known (yet).

    Attributes:
        path: the file. wishes: what was asked for beside it, keyword arguments of `rehearse`.
        plan: the rehearsed sheet, see `hold`. problem: why there is none, or why it could not be written.
        waits: how many of its rows wait for the person. told: of how many there is something to know.
        wanted: False where the person leaves it out. is_seen: the person has looked at what its columns mean.
        changes: those that wrote it; a second one where rows that waited came in afterwards.
        counts: what became of its rows when it was written; None while there is something to be written.
        before: the counts of the earlier writing, while the rest waits to be written.
    """

    path: Path
    wishes: Mapping[str, Any] = field(default_factory=dict)
    plan: Plan | None = None
    problem: CrmError | None = None
    waits: int = 0
    told: int = 0
    wanted: bool = True
    is_seen: bool = False
    changes: list[int] = field(default_factory=list)
    counts: Mapping[str, int] | None = None
    before: Mapping[str, int] | None = None

    def hold(self, plan: Plan, waits: int | None = None, told: int | None = None) -> None:
        """Hold a plan that was just made or judged; `waits` and `told` where they were counted already."""
        self.plan, self.problem = plan, None
        self.before, self.counts = self.counts or self.before, None
        self.waits = looking.count(plan, "asks") if waits is None else waits
        self.told = looking.count(plan, "doubtful") if told is None else told

    @property
    def id(self) -> int:
        """For tables: what tells it apart."""
        return id(self)

    @property
    def sheet(self) -> str:
        """The sheet's name, "" for a text or where nothing is known."""
        return self.plan.sheet if self.plan is not None else ""

    @property
    def kind(self) -> Kind | None:
        """What its rows are."""
        return self.plan.kind if self.plan is not None else None

    @property
    def state(self) -> State:
        """What it waits for."""
        if not self.wanted:
            return "left_out"
        if self.plan is None:
            return self._why_unread()
        if self.problem is not None:
            return "unreadable"
        if self.plan.questions or self.waits:
            return "asks"
        if self.counts is not None:
            return "written"
        return "ready" if self.plan.to_write else "nothing"

    @property
    def is_to_write(self) -> bool:
        """Whether importing all writes something of it."""
        ready = self.wanted and self.counts is None and self.problem is None
        return ready and self.plan is not None and bool(self.plan.to_write)

    def count(self, verdict: str) -> int:
        """Its rows with a verdict; of a written one those that it had then."""
        if self.counts is not None:
            return self.counts[verdict]
        if self.before is not None and self.plan is not None:
            return _together(self.before, self.plan)[verdict]
        return next((n for key, n in self.plan.counts.items() if key == verdict), 0) if self.plan else 0

    @property
    def unsure(self) -> int:
        """How many of its columns were guessed by their content, or are not known."""
        columns = self.plan.layout.columns if self.plan is not None else ()
        return sum(column.how in ("content", "unknown") for column in columns)

    def _why_unread(self) -> State:
        if self.problem is None:
            return "waiting"
        if isinstance(self.problem, sniff.NeedsEncoding):
            return "encoding"
        return "password" if isinstance(self.problem, sniff.NeedsPassword) else "unreadable"


@dataclass(eq=False)
class Batch:
    """Everything that comes in together; close it, so that the staged rows are thrown away.

    Attributes:
        items: in the order of the files. passed: files of folders that hold no list.
        passwords: those that opened a workbook; tried on the next ones. Never kept anywhere.
        first: the change of the first sheet that was written.
    """

    items: list[Item] = field(default_factory=list)
    passed: list[PassedOver] = field(default_factory=list)
    passwords: list[str] = field(default_factory=list)
    policy: Policy = "fill"
    first: int | None = None

    @property
    def changes(self) -> list[int]:
        """The changes that wrote its sheets, the oldest first."""
        return sorted(change for item in self.items for change in item.changes)

    def order(self) -> list[Item]:
        """The sheets in the order in which they are written: customers first, each kind in the order of the files."""
        known = [item for item in self.items if item.kind is not None]
        return sorted(known, key=lambda item: KINDS.index(item.kind or "customers"))

    def total(self, verdict: str) -> int:
        """Rows with a verdict, of all sheets that are wanted."""
        return sum(item.count(verdict) for item in self.items if item.wanted)

    def replace(self, item: Item, found: Sequence[Item]) -> None:
        """Put what was found of a file into the place of the line that stood for it."""
        place = self.items.index(item)
        self.items[place : place + 1] = found

    def forget_written(self) -> None:
        """All that was written was taken back: everything is as if it were still to be written."""
        self.first = None
        for item in self.items:
            item.changes, item.counts, item.before = [], None, None

    def close(self) -> None:
        """Throw the staged rows away."""
        for item in self.items:
            if item.plan is not None:
                item.plan.close()


# ---------------------------------------------------------------- looking


def look(
    shop: Shop,
    path: Path,
    *,
    passwords: Sequence[str] = (),
    known: Sequence[str] = (),
    progress: Progress | None = None,
    **wishes: Any,
) -> list[Item]:
    """Rehearse every sheet of a file that is understood; one line with the reason where none is.

    Args:
        passwords: those that the person gave for it, to be tried where the file asks for one.
        known: those that opened other files; that they are wrong here is nobody's mistake and not told.
        wishes: keyword arguments of `rehearse`.

    Raises:
        Cancelled: nothing is left behind.
    """
    found = _look(shop, path, wishes, progress)
    for password in (*passwords, *known):
        if not isinstance(found[0].problem, sniff.NeedsPassword):
            break
        tried = _look(shop, path, {**wishes, "password": password}, progress)
        if password in passwords or not isinstance(tried[0].problem, sniff.NeedsPassword):
            found = tried
    return found


def _look(shop: Shop, path: Path, wishes: Mapping[str, Any], progress: Progress | None) -> list[Item]:
    items: list[Item] = []
    try:
        for plan in each_sheet(shop, path, progress=progress, **wishes):
            items.append(Item(path, wishes))
            items[-1].hold(plan)
            plan.staging.rest()
    except BaseException as error:
        Batch(items).close()
        if not isinstance(error, CrmError):
            raise
        return [Item(path, wishes, problem=error)]
    return items


def judge_all(shop: Shop, batch: Batch, policy: Policy, progress: Progress | None = None) -> None:
    """Find the verdicts of all sheets anew, with another policy."""
    batch.policy = policy
    for item in batch.items:
        if item.counts is None:
            item.wishes = {**item.wishes, "policy": policy}
    for item in batch.order():
        if item.counts is None and item.plan is not None:
            judge(shop, item.plan, policy=policy, progress=progress)
            item.hold(item.plan)


# ---------------------------------------------------------------- writing


def write_next(shop: Shop, batch: Batch, progress: Progress | None = None) -> Item | None:
    """Write the next sheet of a batch as a change of its own, so that others can write between two sheets.

    Returns:
        the sheet, or None where there is none left. What went wrong with it stands in its `problem`.

    Raises:
        Cancelled: nothing of this sheet was written.
    """
    waiting = [item for item in batch.order() if item.is_to_write]
    if not waiting:
        return None
    item = waiting[0]
    assert item.plan is not None
    done = sum(each.counts is not None for each in batch.items)
    told = None if progress is None else _Told(progress, item, done + 1, done + len(waiting))
    try:
        change = apply(shop, item.plan, told, batch=batch.first, backed_up=batch.first is not None)
    except CrmError as error:
        item.problem = error
        return item
    item.hold(item.plan)
    item.counts, item.before = _together(item.before, item.plan), None
    item.changes += [] if change is None else [change]
    batch.first = batch.first or change
    return item


def _together(before: Mapping[str, int] | None, plan: Plan) -> Mapping[str, int]:
    """The counts of a sheet of which a part was written before: its rows are the same now, and were new then."""
    found = {str(verdict): plan.counts[verdict] for verdict in VERDICTS}
    if before is not None:
        for verdict in ("new", "update"):
            found[verdict] += before[verdict]
            found["same"] = max(0, found["same"] - before[verdict])
    return found


class _Told:
    """Progress of one sheet, said with its place among all."""

    def __init__(self, progress: Progress, item: Item, place: int, of: int) -> None:
        self._progress, self._item, self._place, self._of = progress, item, place, of

    def report(self, done: int, total: int, text: str = "") -> None:
        if self._of > 1:
            words = _("{place} of {count}, {file}: {text}")
            text = words.format(place=self._place, count=self._of, file=self._item.path.name, text=text)
        self._progress.report(done, total, text)


def write_all(shop: Shop, batch: Batch, progress: Progress | None = None) -> None:
    """Write every sheet of a batch, or nothing at all.

    Raises:
        CrmError: a sheet could not be written. Cancelled: the person stopped it. Either way nothing of the batch stays.
    """
    try:
        while (item := write_next(shop, batch, progress)) is not None:
            if item.problem is not None:
                raise item.problem
    except BaseException:
        take_back(shop, batch.changes)
        raise


@dataclass(frozen=True)
class TakenBack:
    """What taking a batch back did.

    Attributes:
        sheets: how many sheets were taken back. left: things that stayed because of what was done since, in words; at
            most some hundreds of `left_count`. refused: why a sheet could not be taken back at all.
    """

    sheets: int
    left_count: int
    left: tuple[str, ...]
    refused: tuple[str, ...]


def take_back(shop: Shop, changes: Iterable[int], progress: Progress | None = None) -> TakenBack:
    """Undo the sheets of a batch, the last one first, whenever that is; each is a step that can be done again."""
    undone: list[history.Undone] = []
    refused: list[str] = []
    order = sorted(changes, reverse=True)
    for place, change_id in enumerate(order):
        if progress is not None:
            with suppress(Cancelled):  # half of a batch taken back is what nobody wants
                progress.report(place, len(order), _("Taking back…"))
        try:
            undone.append(history.undo(shop, change_id))
        except history.CannotUndo as error:
            refused.append(str(error))
    left = [each.words for step in undone for each in step.left]
    return TakenBack(len(undone), sum(step.left_count for step in undone), tuple(left), tuple(refused))


# ---------------------------------------------------------------- telling, giving back


def report(batch: Batch) -> dict[str, Any]:
    """The JSON of `import`, see the command line's contract; files of folders that were passed over come besides."""
    told = [(item, item.plan) for item in batch.items if item.plan is not None]
    found: dict[str, Any] = {
        "files": [
            {**importing.report(plan), "change_id": item.changes[-1] if item.changes else None}
            for item, plan in told
        ],
        "change_id": max(batch.changes, default=None),
    }
    if batch.passed:
        found["passed_over"] = [{"file": str(each.path), "reason": each.why} for each in batch.passed]
    return found


def write_rejects(batch: Batch, folder: Path) -> list[Path]:
    """Write the bad rows of every sheet into a workbook of its own, see `plan.write_rejects`; answer the files."""
    made: list[Path] = []
    folder.mkdir(parents=True, exist_ok=True)
    for item in batch.items:
        if item.plan is not None and item.wanted and item.plan.counts["bad"]:
            several = sum(other.path == item.path for other in batch.items) > 1
            made.append(_free(folder / rejects_name(item.plan, with_sheet=several)))
            importing.write_rejects(item.plan, made[-1])
    return made


def rejects_name(plan: Plan, *, with_sheet: bool = False) -> str:
    """What a workbook with the bad rows of a sheet is called."""
    name = f"{plan.path.stem} {plan.sheet}" if with_sheet and plan.sheet else plan.path.stem
    return _("{file} – to be mended.xlsx").format(file=re.sub(r'[\\/:*?"<>|]', "-", name))


def _free(path: Path) -> Path:
    """The path, or the first of "name (2)", "name (3)" … that is free."""
    found, number = path, 1
    while found.exists():
        number += 1
        found = path.with_stem(f"{path.stem} ({number})")
    return found
