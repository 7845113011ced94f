"""The rows of a rehearsed sheet: filtered, paged, one from near, and what is decided about one or about all shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_crm.base.i18n import _, ngettext
from desktop_crm.base.values import MISSING, show_phone
from desktop_crm.importing import plan as importing
from desktop_crm.importing.plan import (
    Candidate,
    Choice,
    Decision,
    Differing,
    Filter,
    MatchKey,
    Plan,
    PlanRow,
    Progress,
    Which,
)
from desktop_crm.shop import Shop
from desktop_crm.ui.import_detail import RowDetail
from desktop_crm.ui.import_rows import row_words, verdict_mark, verdict_words
from desktop_crm.ui.kit.buttons import KeyButton, Pills
from desktop_crm.ui.kit.layouts import hbox
from desktop_crm.ui.kit.palette import Option, Palette, Question
from desktop_crm.ui.kit.panels import EmptyState, Panel
from desktop_crm.ui.kit.table import Column, RecordTable
from desktop_crm.ui.kit.theme import S8, S12
from desktop_crm.ui.page import Desk

_LEAST_ROWS = 112
"""Height of the list when the row from near needs much room: its header and two rows."""

Step = Callable[[Shop, Plan, Progress], object]
"""What a decision does to a plan, on a thread of its own."""

FILTERS: tuple[Which, ...] = ("", "asks", "new", "update", "skip", "bad", "same", "doubtful")


@dataclass(frozen=True)
class Overview:
    """What is asked of a whole sheet before its rows are shown; `overview` counts it, which takes a moment.

    Attributes:
        counts: rows by `Which`. differing / keys: see `plan.differing`, `plan.keys`.
    """

    counts: Mapping[Which, int]
    differing: Sequence[Differing]
    keys: Sequence[tuple[MatchKey, str, int]]


def overview(plan: Plan) -> Overview:
    """Count what there is of everything; for a thread of its own."""
    counts = {which: importing.count(plan, which) for which in FILTERS}
    return Overview(counts, importing.differing(plan), importing.keys(plan))


class RowsPanel(Panel):
    """Rows with their verdicts; Enter looks at one from near.

    Signals:
        decided(step: Step): the person decided something; run it and show the plan anew.
    """

    decided = Signal(object)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(padding=8, spacing=S8, parent=parent)
        self.body.setContentsMargins(8, S12, 8, 8)
        self._desk = desk
        self._plan: Plan | None = None
        self._where = Filter()
        self._seen = Overview({}, (), ())
        self._in_fields = False
        self._count = 0
        self._build()
        self._connect()

    def _build(self) -> None:
        self.filters = Pills([("", _("All"))], on_choose=lambda which: self.show_rows(Filter(_which(which))))
        self.filter_button = KeyButton(_("Filter"), "Alt+F", on_click=self.ask_filter)
        self.decide_button = KeyButton(_("Decide…"), "Alt+D", on_click=self.ask_bulk)
        self.palette_list = Palette(self.filter_button)
        self.rows: RecordTable[PlanRow] = RecordTable(
            [
                Column(
                    "number",
                    _("Row"),
                    lambda r: str(r.number),
                    tone=lambda r: "faint",
                    width=64,
                    sortable=False,
                ),
                Column("verdict", "", marks=lambda r: [verdict_mark(r)], width=96, sortable=False),
                Column("name", _("Name"), lambda r: r.name or MISSING, width=112, sortable=False),
                Column("phone", _("Phone"), lambda r: r.phone, width=132, sortable=False),
                Column("why", _("Why"), row_words, tone=lambda r: "quiet", stretch=1, sortable=False),
            ],
            name="import.rows",
            state=self._desk.state,
            dense=True,
        )
        self.rows.setMinimumHeight(_LEAST_ROWS)
        self.detail = RowDetail(self._desk)
        self._shelf = _Shelf(self.filters)
        self.add(hbox((self._shelf, 1), self.filter_button, self.decide_button, spacing=S8))
        self.add(self.rows, 1)
        self.add(self.detail)
        self.setFocusProxy(self.rows)

    def _connect(self) -> None:
        self.rows.record_selected.connect(self._show_row)
        self.rows.record_chosen.connect(self._enter)
        self.detail.said.connect(self._say_who)
        self.detail.chosen.connect(self._say_field)
        self.detail.cards_wanted.connect(self._ask_cards)
        self.detail.left.connect(self.rows.setFocus)
        self.palette_list.closed.connect(self.rows.setFocus)

    # ------------------------------------------------------------ showing

    def show_plan(self, plan: Plan, seen: Overview, *, anew: bool) -> None:
        """Show a sheet; `anew` forgets which rows were looked at."""
        self._plan, self._seen = plan, seen
        if anew:
            self._where = Filter()
        counted = seen.counts
        names = {"": _("All"), "asks": _("Wait for you"), "doubtful": _("Remarks"), **verdict_words()}
        shown = [which for which in FILTERS if counted[which] or which == ""]
        self.filters.set_items([(which, f"{names[which]} {counted[which]:,}") for which in shown])
        if self._where.which not in shown:
            self._where = Filter()
        self.decide_button.setVisible(bool(counted["asks"] or seen.differing))
        self.show_rows(self._where, keep=not anew)

    def forget(self) -> None:
        """Hold no rows any more."""
        self._plan, self._seen = None, Overview({}, (), ())
        self.rows.set_records(())
        self.detail.show_row(None)

    def show_rows(self, where: Filter, *, keep: bool = False) -> None:
        """Show the rows that a filter means; `keep` stays at the place in the list."""
        plan = self._plan
        if plan is None:
            return
        self._where = where
        self.filters.choose(where.which if where == Filter(where.which) else "-", silently=True)
        self.filter_button.setText(self._filter_words())
        self.filter_button.updateGeometry()
        self._shelf.fit()
        known = self._seen.counts.get(where.which) if where == Filter(where.which) else None
        if known is not None:
            self._show_counted(keep, known)
            return
        self._desk.jobs.query(
            lambda _shop: importing.count(plan, where), partial(self._show_counted, keep), key="import.count"
        )

    def _show_counted(self, keep: bool, count: int) -> None:
        plan, where = self._plan, self._where
        if plan is None:
            return
        if not keep:
            self.rows.start_over()
        place = max(0, self.rows.currentIndex().row()) if keep else 0
        self._count = count

        def fetch(_shop: Shop, offset: int, limit: int, _key: str, _down: bool) -> Sequence[PlanRow]:
            return importing.rows(plan, where, limit, offset)

        self.rows.set_empty(EmptyState(_("No such rows"), icon="check"))
        self.rows.show_pages(self._desk.jobs, count, fetch)
        if count:
            self.rows.selectRow(min(place, count - 1))
        else:
            self._show_row(None)

    def _filter_words(self) -> str:
        where = self._where
        if where.text:
            return _("Filter: {what}").format(what=where.text)
        if where.field:
            known = {each.field: each.label for each in self._seen.differing}
            return _("Filter: {what}").format(what=known.get(where.field, where.field))
        if where.key:
            words = {key: label for key, label, _count in self._seen.keys}
            return _("Filter: {what}").format(what=words.get(where.key, where.key))
        return _("Filter")

    def _show_row(self, row: PlanRow | None) -> None:
        if row is None and self._in_fields and self.rows.rows.rowCount():
            return  # it is on its way, and the keys stay where they are
        self.detail.show_row(row)
        if self._in_fields and row is not None:
            self._in_fields = row.waits
            (self.detail.take_keys if row.waits else self.rows.setFocus)()

    def show_asking(self) -> None:
        """Show the rows that wait for the person, from the first."""
        self.show_rows(Filter("asks"))
        self.rows.setFocus()

    # ------------------------------------------------------------ one row

    def _enter(self, row: PlanRow) -> None:
        if row.changes:
            self.detail.take_keys()
        elif row.asks:
            self._ask_cards()

    def _say_who(self, decision: Decision) -> None:
        row = self.detail.row
        if row is not None:
            self._who([row.n], decision)

    def _say_field(self, field: str, choice: Choice) -> None:
        row = self.detail.row
        if row is not None:
            self._in_fields = True
            self._fields([row.n], choice, [field])

    def _who(self, rows: Filter | list[int], decision: Decision) -> None:
        self.decided.emit(
            lambda shop, plan, progress: importing.decide_who(shop, plan, rows, decision, progress)
        )

    def _fields(self, rows: Filter | list[int], choice: Choice, fields: Sequence[str]) -> None:
        self.decided.emit(
            lambda shop, plan, progress: importing.decide_fields(shop, plan, rows, choice, fields, progress)
        )

    def _ask_cards(self) -> None:
        plan, row = self._plan, self.detail.row
        if plan is not None and row is not None:
            n = row.n
            self._desk.jobs.query(
                lambda shop: importing.candidates(shop, plan, n), self._show_cards, key="import.cards"
            )

    def _show_cards(self, found: list[Candidate]) -> None:
        options = [
            Option(
                f"card:{each.customer_id}",
                " · ".join((each.name, *map(show_phone, each.phones[:2]))),
                each.key_label,
            )
            for each in found
        ]
        options += [Option("new", _("Somebody else: new card")), Option("leave", _("Leave it"))]

        def chosen(keys: tuple[str, ...]) -> None:
            self.palette_list.close_it()
            self._say_who(keys[0])

        self.palette_list.hang_below(self.detail)
        self.palette_list.ask(Question(_("Who is it?"), options, chosen, placeholder=_("Type to find")))

    # ------------------------------------------------------------ many rows

    def ask_filter(self) -> None:
        """Ask which rows to show: by verdict, by field that differs, by what they were found, or by a typed text."""
        if self._plan is None:
            return
        names = {"": _("All"), "asks": _("Wait for you"), "doubtful": _("Remarks"), **verdict_words()}
        meant: dict[str, Filter] = {}
        options: list[Option] = []

        def offer(key: str, where: Filter, label: str, count: int) -> None:
            meant[key] = where
            options.append(Option(key, label, f"{count:,}"))

        for which, count in self._seen.counts.items():
            if which == "" or count:
                offer(f"which:{which}", Filter(which), names[which], count)
        for each in self._seen.differing:
            words = _("{field} differs").format(field=each.label)
            offer(f"field:{each.field}", Filter(field=each.field), words, each.rows)
        for key, label, count in self._seen.keys:
            offer(f"key:{key}", Filter(key=key), _("Found by: {key}").format(key=label), count)

        def chosen(keys: tuple[str, ...]) -> None:
            self.palette_list.close_it()
            self.show_rows(meant[keys[0]])

        def typed(text: str) -> str:
            self.palette_list.close_it()
            self.show_rows(Filter(text=text))
            return ""

        self.palette_list.hang_below(self.filter_button)
        self.palette_list.ask(
            Question(
                _("Which rows?"),
                options,
                chosen,
                on_text=typed,
                placeholder=_("Name, number, row, or choose"),
            )
        )

    def ask_bulk(self) -> None:
        """Ask what to decide about all rows that are shown."""
        plan, where = self._plan, self._where
        if plan is not None:
            self._desk.jobs.query(
                lambda _shop: importing.differing(plan, where),
                partial(self._ask_bulk, where),
                key="import.bulk",
            )

    def _ask_bulk(self, where: Filter, found: Sequence[Differing]) -> None:
        options: list[Option] = []
        if found:
            options = [
                Option("take:", _("Everything that differs: take the sheet's")),
                Option("keep:", _("Everything that differs: keep the shop's")),
            ]
        for each in found:
            detail = ngettext("{count} row", "{count} rows", each.rows).format(count=f"{each.rows:,}")
            options += [
                Option(f"take:{each.field}", _("{field}: take the sheet's").format(field=each.label), detail),
                Option(f"keep:{each.field}", _("{field}: keep the shop's").format(field=each.label), detail),
            ]
        if self._seen.counts.get("asks"):
            options += [
                Option("join", _("They are who they are asked about")),
                Option("new", _("They are somebody else: new cards")),
                Option("leave", _("Leave them")),
            ]
        options.append(Option("", _("Take back what was said of them")))

        def chosen(keys: tuple[str, ...]) -> None:
            self.palette_list.close_it()
            self._say_all(where, keys[0])

        words = ngettext(
            "About the {count} row that is shown", "About the {count} rows that are shown", self._count
        )
        self.palette_list.hang_below(self.decide_button)
        self.palette_list.ask(Question(words.format(count=f"{self._count:,}"), options, chosen))

    def _say_all(self, where: Filter, said: str) -> None:
        word, colon, field = said.partition(":")
        choice: Choice | None = {"take:": "take", "keep:": "keep", "": ""}.get(word + colon)  # type: ignore[assignment]
        if choice is not None:
            self._fields(where, choice, [field] if field else [])
        if not colon:
            self._who(_asking(where) if said else where, said)


class _Shelf(QWidget):
    """Holds the pills in a line that is as wide as there is room; those that do not fit are offered by the filter."""

    def __init__(self, pills: Pills) -> None:
        super().__init__()
        self._pills = pills
        pills.setParent(self)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(pills.sizeHint().height())

    def fit(self) -> None:
        """Show what fits."""
        self._pills.show_fitting(self.width())
        self._pills.setGeometry(0, 0, self.width(), self.height())
        self._pills.adjustSize()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()


def _asking(where: Filter) -> Filter:
    """Only rows that wait: what was found without doubt stays as it is."""
    return where if where.which in ("asks", "skip") else Filter("asks", where.key, where.field, where.text)


def _which(key: str) -> Which:
    return next(which for which in FILTERS if which == key)
