"""The page Complaints: cases by state with their clocks, beside the case with its steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QWidget

from desktop_crm import complaints
from desktop_crm.base.i18n import N_, _, ngettext
from desktop_crm.complaints import CaseLine, Show
from desktop_crm.shop import Shop
from desktop_crm.ui.beside import Beside
from desktop_crm.ui.complaint_panel import STATE_TONES, ComplaintPanel, clock_mark
from desktop_crm.ui.kit.buttons import KeyButton, Pills
from desktop_crm.ui.kit.labels import Chip, Label
from desktop_crm.ui.kit.layouts import STRETCH, hbox, vbox
from desktop_crm.ui.kit.panels import EmptyState, Panel
from desktop_crm.ui.kit.table import Column, Mark, RecordTable
from desktop_crm.ui.kit.theme import S8, S16
from desktop_crm.ui.marks import tier_mark
from desktop_crm.ui.page import Badge, Desk, Page

SHOWS: tuple[Show, ...] = (
    "open",
    "overdue",
    "received",
    "investigating",
    "resolved",
    "answered",
    "ended",
)


@dataclass(frozen=True)
class _Counted:
    """What one load brings: the sizes of the lists, and where the wanted case stands.

    Attributes:
        asked: the list shown when this was asked. show: the list that has the wanted case, else `asked`.
    """

    asked: Show
    show: Show
    counts: dict[Show, int]
    place: int | None = None


def badge(shop: Shop) -> Badge:
    """Late cases in red; without any, the open ones."""
    found = complaints.counts(shop)
    return Badge(found.overdue, "bad") if found.overdue else Badge(found.open)


class ComplaintsPage(Page):
    """All cases, by list."""

    depends_on = frozenset({"complaints", "customers", "settings"})

    keys = (
        ("Alt+O", N_("Open the card")),
        ("Alt+U", N_("Urgency and person in charge")),
    )

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._place = 0
        self._show: Show = "open"
        self._wanted: int | None = None
        self._build()
        self._connect()

    def _build(self) -> None:
        self.table: RecordTable[CaseLine] = RecordTable(
            [
                Column(
                    "name",
                    _("Customer"),
                    lambda line: line.row.customer_name or _("Unknown customer"),
                    bold=True,
                    marks=lambda line: [tier_mark(line.row.tier)] if line.row.customer_id else [],
                    width=180,
                    sortable=False,
                ),
                Column(
                    "case",
                    _("Complaint"),
                    lambda line: line.row.summary.replace("\n", " "),
                    second=_second,
                    stretch=1,
                    sortable=False,
                ),
                Column(
                    "state",
                    _("State"),
                    marks=lambda line: [
                        Mark(complaints.state_label(line.row.state), STATE_TONES[line.row.state])
                    ],
                    width=112,
                    sortable=False,
                ),
                Column(
                    "clock", _("Time left"), marks=lambda line: [clock_mark(line)], width=104, sortable=False
                ),
            ],
            name="complaints.list",
            state=self.desk.state,
        )
        self._title, self._late = Label("", "title"), Chip()
        self._lists = Pills(_list_items({}), on_choose=self._choose_list)
        take = KeyButton(
            _("Take a complaint in"), "F4", bind=False, on_click=partial(self.desk.run_action, "complaint")
        )
        panel = Panel(padding=8, spacing=S8)
        panel.body.setContentsMargins(8, S16, 8, 8)
        panel.add(hbox(self._title, self._late, STRETCH, take, spacing=S8, margins=(8, 0, 8, 0)))
        panel.add(hbox(self._lists, STRETCH, margins=(4, 0, 8, 0)))
        panel.add(self.table, 1)
        self.case = ComplaintPanel(self.desk)
        self._beside = Beside(panel, self.case)
        vbox(self._beside, on=self)
        self.setFocusProxy(self.table)

    def _connect(self) -> None:
        self.table.record_selected.connect(self.case.show_line)
        self.table.record_chosen.connect(self._open_steps)
        self.case.left.connect(self.table.setFocus)
        self.case.changed.connect(self._go_on)

    def load(self) -> None:
        asked, wanted = self._show, self._wanted

        def count(shop: Shop) -> _Counted:
            with shop.reading():
                counts = {each: complaints.count(shop, each) for each in SHOWS}
                lists: tuple[Show, ...] = () if wanted is None else (asked, "open", "ended")
                for show in lists:
                    place = complaints.place(shop, show, wanted or 0)
                    if place is not None:
                        return _Counted(asked, show, counts, place)
                return _Counted(asked, asked, counts)

        self.desk.jobs.query(count, self._show_counts, key="complaints.load")

    def open(self, argument: object) -> None:
        """`argument` names a list ("overdue") or is the id of a case."""
        if argument in SHOWS:
            self._lists.choose(str(argument))
        elif isinstance(argument, int):
            self._wanted = argument

    def current_customer(self) -> int | None:
        return self.case.customer_id

    def go_back(self) -> bool:
        if self.case.outcomes.close_choice():
            self.table.setFocus()
            return True
        return False

    def _choose_list(self, key: str) -> None:
        self._show = next(show for show in SHOWS if show == key)
        self._place = 0
        self.table.setCurrentIndex(self.table.rows.index(-1, -1))
        self.load()

    def _open_steps(self, _line: CaseLine) -> None:
        self._beside.bring(self.case.outcomes)
        self.case.take_keys()

    def _go_on(self) -> None:
        self._place = max(self.table.currentIndex().row(), 0)
        self.table.setFocus()
        self.load()

    def _show_counts(self, counted: _Counted) -> None:
        if counted.asked != self._show:
            return
        self._show, counts = counted.show, counted.counts
        self._lists.set_items(_list_items(counts))
        self._lists.choose(self._show, silently=True)
        title = ngettext("{count} open complaint", "{count} open complaints", counts["open"])
        self._title.setText(title.format(count=counts["open"]))
        late = counts["overdue"]
        self._late.show_mark(_("{count} late").format(count=late) if late else "", "bad")
        self.table.set_empty(
            EmptyState(
                _("Nothing in this list"),
                _("F4 takes a complaint in; its due time and its next step then stand here."),
                icon="message-square-warning",
            )
        )
        wanted, self._wanted = self._wanted, None
        if counted.place is not None:
            self._place = counted.place
            self.table.setCurrentIndex(self.table.rows.index(-1, -1))  # else a reload keeps the case before
        self._show_list(counts[self._show], wanted if counted.place is None else None)

    def _show_list(self, total: int, unlisted: int | None) -> None:
        show = self._show

        def fetch(shop: Shop, offset: int, limit: int, _key: str, _down: bool) -> Sequence[CaseLine]:
            return complaints.lines(shop, show, limit, offset)

        self.table.show_pages(self.desk.jobs, total, fetch)
        if unlisted is not None:
            self.table.setCurrentIndex(self.table.rows.index(-1, -1))
            self.case.show_case(unlisted)
        elif total:
            self.table.selectRow(min(self._place, total - 1))
        else:
            self.case.show_case(None)


def _second(line: CaseLine) -> str:
    row = line.row
    return " · ".join(part for part in (row.category, row.device, row.owner_name) if part)


def _list_items(counts: dict[Show, int]) -> list[tuple[str, str]]:
    words: dict[Show, str] = {"open": _("Still open"), "overdue": _("Late"), "ended": _("Ended")}
    named = [(show, words[show] if show in words else complaints.state_label(show)) for show in SHOWS]
    return [(show, f"{name} {counts[show]:,}" if show in counts else name) for show, name in named]
