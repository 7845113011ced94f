"""A rehearsed import: what would become of every row of a sheet, before anything is written.

`rehearse` reads, cleans, stages and judges; applying.py writes, and plan.py is the door for all others.
A `Plan` holds its rows in a private temporary
database until it is closed. Which rule gives which verdict is in matching.py and verdicts.py.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Literal, Protocol

from desktop_crm import custom_fields
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _
from desktop_crm.files import reading
from desktop_crm.files.reading import Book, Row
from desktop_crm.files.sniff import Source
from desktop_crm.importing import besides, matching, own, verdicts
from desktop_crm.importing.columns import Layout, NoHeadings, UnknownColumn, find_layout
from desktop_crm.importing.fields import KINDS, Kind
from desktop_crm.importing.headings import is_about_sheet
from desktop_crm.importing.rows import LeftOut, RowCleaner
from desktop_crm.importing.shapes import staged_columns
from desktop_crm.importing.verdicts import VERDICTS, Policy, Verdict
from desktop_crm.records.custom_fields import CustomField
from desktop_crm.shop import Shop
from desktop_crm.store import imports as store_imports
from desktop_crm.store import matching as store_matching
from desktop_crm.store import rehearsed as store_rehearsed
from desktop_crm.store import verdicts as store_verdicts
from desktop_crm.store.staging import Staging

_LOOK = 40
"""Rows that the layout is guessed from."""


class Progress(Protocol):
    """What is told of a long task, and how it is stopped."""

    def report(self, done: int, total: int, text: str = "") -> None:
        """Say how far it is, `total` 0 where nobody knows; raises Cancelled when it is to stop."""
        ...


class NoRows(CrmError):
    """There are headings and no rows."""


class NoRoom(CrmError):
    """There is too little room on the disk for what the file would bring."""


@dataclass(frozen=True)
class SheetGuess:
    """One sheet of the file: `kind` None where nothing of ours was recognised."""

    name: str
    hidden: bool
    kind: Kind | None


@dataclass(frozen=True)
class Question:
    """A column whose days can be read in several orders; answer with `rehearse(orders={title: order})`.

    Attributes:
        title: the column. cells: how many wait for the answer.
        examples: {order: the day that one of them would be}.
    """

    title: str
    cells: int
    examples: Mapping[str, str]


@dataclass(frozen=True)
class Request:
    """What the person wants: all that `rehearse` was called with besides the file."""

    kind: Kind | Literal["auto"] = "auto"
    policy: Policy = "fill"
    sheet: str | None = None
    encoding: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    orders: Mapping[str, str] = field(default_factory=dict)
    password: str = field(default="", repr=False)


@dataclass
class Plan:
    """A rehearsed import; close it (or use `with`), so that its staged rows are thrown away.

    Attributes:
        path / request: the file and what was asked for.
        layout: kind and columns. sheet: the sheet's name, "" for text. encoding: of a text, "" for workbooks.
        sheets: all sheets of the file. questions: columns whose days are ambiguous.
        left_out: rows that are no data (totals, repeated headings, what stands around the table), and why.
        hidden_rows: how many rows of the sheet the workbook hides; they are imported like the others.
        counts: verdict → rows; rows = their sum.
        decisions: what the person said about rows, see `matching.Decision`; what was said of fields lies in `staging`.
        seen: the shop's newest change when the verdicts were found.
        staging: where the rows lie; only importing/ touches it.
        source: how the file was read, and what tells that it is still the same one.
        fields: the fields of the shop's own that columns may go to.
    """

    path: Path
    request: Request
    layout: Layout
    sheet: str
    encoding: str
    sheets: tuple[SheetGuess, ...]
    left_out: tuple[LeftOut, ...]
    hidden_rows: int
    staging: Staging
    source: Source
    fields: tuple[CustomField, ...] = ()
    questions: tuple[Question, ...] = ()
    counts: Mapping[Verdict, int] = field(default_factory=dict)
    decisions: dict[int, matching.Decision] = field(default_factory=dict)
    policy: Policy = "fill"
    seen: int = 0

    @property
    def kind(self) -> Kind:
        """What the rows are."""
        return self.layout.kind

    @property
    def rows(self) -> int:
        """How many rows of data the sheet has."""
        return sum(self.counts.values())

    @property
    def to_write(self) -> int:
        """How many rows would change the shop."""
        return self.counts["new"] + self.counts["update"]

    def close(self) -> None:
        """Throw the staged rows away."""
        self.staging.close()

    def __enter__(self) -> Plan:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def rehearse(
    shop: Shop,
    path: Path,
    *,
    kind: Kind | Literal["auto"] = "auto",
    policy: Policy = "fill",
    sheet: str | None = None,
    encoding: str | None = None,
    password: str = "",
    mapping: Mapping[str, str] | None = None,
    orders: Mapping[str, str] | None = None,
    after: Plan | None = None,
    progress: Progress | None = None,
) -> Plan:
    """Read a sheet and say what would become of each row; nothing is written.

    Args:
        kind: what the rows are; "auto" goes by headings, content and the sheet's name.
        policy: what happens to known customers: "fill" empty fields only, "overwrite", "skip", or "ask" where the
            two say different things.
        sheet: its name; None takes the first visible one whose headings are understood.
        encoding: of a text whose encoding cannot be told.
        password: of a workbook that is protected with one.
        mapping: {heading: field, "extra", "", "own:<id>" or "new:<kind>"} where the person corrected the guess.
        orders: {heading: "ymd", "dmy" or "mdy"}: the person's answers to `questions`.
        after: the rehearsal that this one replaces; what the person decided on its rows holds on.

    Raises:
        CrmError: the file cannot be read, has no headings or no rows; with a sentence.
        Cancelled: nothing is left behind.
    """
    request = Request(kind, policy, sheet, encoding, dict(mapping or {}), dict(orders or {}), password)
    _refuse_without_room(shop, path)
    plan = _staged(shop, path, request, progress)
    try:
        _settle_days(plan)
        own.refuse_too_many(plan.layout, plan.staging)
        store_matching.split_numbers(plan.staging)
        if plan.kind == "followups":
            store_verdicts.complete_followups(plan.staging, shop.today().isoformat())
        if after is not None:
            _take_over(plan, after)
        judge(shop, plan, policy=policy, progress=progress)
    except BaseException:
        plan.close()
        raise
    return plan


def judge(
    shop: Shop,
    plan: Plan,
    *,
    policy: Policy | None = None,
    decisions: Mapping[int, matching.Decision] | None = None,
    progress: Progress | None = None,
) -> None:
    """Find all verdicts anew: after another policy or decision, or because the shop has changed."""
    plan.policy = policy or plan.policy
    plan.decisions.update(decisions or {})
    if progress is not None:
        progress.report(0, 0, _("Comparing with the shop…"))
    plan.seen = store_imports.last_change(shop.db)
    with plan.staging.beside(shop.folder, shop.keys.database_key()):
        matching.find_customers(plan.staging, plan.kind, plan.decisions)
        verdicts.judge(
            plan.staging,
            plan.kind,
            plan.policy,
            [*besides.columns(plan.layout), *(column.key for column in plan.layout.own)],
        )
    recount(plan)


def recount(plan: Plan) -> None:
    """Count the verdicts."""
    found = store_rehearsed.counts(plan.staging)
    plan.counts = {verdict: found.get(verdict, 0) for verdict in VERDICTS}


def _take_over(plan: Plan, earlier: Plan) -> None:
    """Let hold on what the person decided on an earlier rehearsal of the same sheet, row by row."""
    if (plan.path, plan.sheet, plan.kind) != (earlier.path, earlier.sheet, earlier.kind):
        return
    rows = store_rehearsed.sheet_rows(earlier.staging, earlier.decisions)
    places = store_rehearsed.running_numbers(plan.staging, rows.values())
    plan.decisions.update(
        (places[rows[n]], said) for n, said in earlier.decisions.items() if rows[n] in places
    )
    store_rehearsed.take_choices(plan.staging, store_rehearsed.chosen_rows(earlier.staging))


def _refuse_without_room(shop: Shop, path: Path) -> None:
    """Three times the file's size must be free, or the shop could run out of disk in the middle."""
    try:
        size = path.stat().st_size
    except OSError:
        return  # reading says what is wrong with the file
    if shutil.disk_usage(shop.folder).free < 3 * size:
        raise NoRoom(
            _(
                "There is too little room on the disk to import {file}. Nothing was changed; free some space first."
            ).format(file=path.name)
        )


def _staged(shop: Shop, path: Path, request: Request, progress: Progress | None) -> Plan:
    """Read the file once: the wanted sheet is staged, the others only looked at."""
    reader = _Reader(shop, path, request, progress)
    try:
        for book, place, rows in reading.flow(
            path, request.sheet, encoding=request.encoding, password=request.password
        ):
            reader.take(book, place, rows)
        return reader.plan()
    except BaseException:
        reader.close()
        raise


class _Reader:
    """Takes the chunks of a file: guesses each sheet's layout, stages the first one that is understood."""

    def __init__(self, shop: Shop, path: Path, request: Request, progress: Progress | None) -> None:
        self._shop = shop
        self._path = path
        self._request = request
        self._progress = progress
        self._book: Book | None = None
        self._seen: set[int] = set()
        self._kinds: dict[int, Kind] = {}
        self._errors: list[CrmError] = []
        self._chosen = -1
        self._layout: Layout | None = None
        self._cleaner: RowCleaner | None = None
        self._staging: Staging | None = None
        self._left_out: list[LeftOut] = []
        self._staged = 0

    def take(self, book: Book, place: int, rows: list[Row]) -> None:
        """One chunk of one sheet."""
        self._book = book
        if place not in self._seen:
            self._seen.add(place)
            layout = self._guess(book, place, rows)
            if layout is None:
                return
            self._kinds[place] = layout.kind
            wanted = not book.sheets[place].hidden or self._request.sheet is not None
            if self._staging is None and wanted and self._request.kind in ("auto", layout.kind):
                self._choose(book, place, layout)
                rows = rows[layout.skip :]
        if place == self._chosen and self._cleaner is not None and self._staging is not None:
            chunk = self._cleaner.clean(rows)
            self._staging.add(chunk.columns)
            self._staging.add_ambiguous(chunk.ambiguous)
            self._left_out += chunk.left_out
            self._staged += chunk.size
            if self._progress is not None:
                self._progress.report(self._staged, 0, _("Reading {file}…").format(file=self._path.name))

    def _guess(self, book: Book, place: int, rows: list[Row]) -> Layout | None:
        request = self._request
        if request.sheet is None and is_about_sheet(book.sheets[place].name):
            return None
        kind = next((known for known in KINDS if known == request.kind), None)
        mapping = request.mapping if self._staging is None else {}
        try:
            layout = find_layout(
                rows[:_LOOK],
                kind=kind,
                sheet=book.sheets[place].name or self._path.stem,
                mapping=own.without_own(mapping),
                memory=lambda heading: store_imports.memory(self._shop.db, heading),
            )
            _kind, remembered = store_imports.memory(self._shop.db, layout.heading) or ("", {})
            return own.recognised(self._shop, layout, rows[:_LOOK], mapping, remembered)
        except (NoHeadings, UnknownColumn) as error:
            self._errors.append(error)
            return None

    def _choose(self, book: Book, place: int, layout: Layout) -> None:
        self._chosen = place
        self._layout = layout
        orders = dict(self._request.orders)
        self._cleaner = RowCleaner(
            layout, self._shop.today(), date1904=book.date1904, orders=orders, zone=self._shop.zone
        )
        mine = {column.key: "" for column in layout.own}
        self._staging = Staging(staged_columns(layout.kind) | besides.staged(layout) | mine)
        self._staging.execute("BEGIN")

    def plan(self) -> Plan:
        """The staged sheet."""
        if self._staging is None or self._book is None or self._layout is None or self._cleaner is None:
            raise (
                self._errors[0]
                if self._errors
                else NoHeadings(
                    _("{file} holds no table. Nothing was changed; choose another file.").format(
                        file=self._path.name
                    )
                )
            )
        self._staging.execute("COMMIT")
        if not self._staged:
            raise NoRows(
                _("There are headings in {file}, but no rows below them. Nothing was changed.").format(
                    file=self._path.name
                )
            )
        sheet = self._book.sheets[self._chosen]
        guesses = tuple(
            SheetGuess(known.name, known.hidden, self._kinds.get(place))
            for place, known in enumerate(self._book.sheets)
        )
        plan = Plan(
            self._path, self._request, self._layout, sheet.name, self._book.source.encoding, guesses,
            tuple(self._left_out), len(sheet.hidden_rows), self._staging, self._book.source,
            tuple(custom_fields.listing(self._shop)),
        )  # fmt: skip
        self._settle_columns()
        return plan

    def _settle_columns(self) -> None:
        """Where the cells of a column prove one order of day and month, it holds for all of them."""
        assert self._cleaner is not None
        assert self._staging is not None
        for place, known, _count, _days in store_verdicts.ambiguous_places(self._staging):
            proven = self._cleaner.evidence[place]
            if len(proven) == 1:
                store_verdicts.resolve_days(self._staging, place, known, next(iter(proven)))

    def close(self) -> None:
        """Throw away what was staged."""
        if self._staging is not None:
            self._staging.close()


def _settle_days(plan: Plan) -> None:
    """Ask about the columns that stay ambiguous; their rows wait."""
    titles = {column.place: column.title for column in plan.layout.columns}
    plan.questions = tuple(
        Question(titles[place], count, json.loads(days))
        for place, _field, count, days in store_verdicts.ambiguous_places(plan.staging)
    )
    store_verdicts.doubt_ambiguous(plan.staging)
