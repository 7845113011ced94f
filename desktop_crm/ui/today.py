"""The page Today: whom to contact and why, one after the other, complaints, and the month so far."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop_crm import followups, today
from desktop_crm.base.document import Unit
from desktop_crm.base.i18n import N_, _, ngettext
from desktop_crm.base.values import show
from desktop_crm.followups import DueFollowup
from desktop_crm.kpis import Kpi
from desktop_crm.reports import lists, output
from desktop_crm.reports.output import Sheet
from desktop_crm.shop import Shop
from desktop_crm.today import MonthSoFar, Today
from desktop_crm.ui.beside import Beside
from desktop_crm.ui.contact_panel import ContactPanel
from desktop_crm.ui.kit.buttons import IconButton, KeyButton, Pills
from desktop_crm.ui.kit.labels import Chip, Elided, Label
from desktop_crm.ui.kit.layouts import STRETCH, hbox, vbox
from desktop_crm.ui.kit.panels import EmptyState, Panel
from desktop_crm.ui.kit.table import Column, Mark, RecordTable
from desktop_crm.ui.kit.theme import S8, S16, S20
from desktop_crm.ui.marks import tier_mark
from desktop_crm.ui.page import Badge, Desk, Page
from desktop_crm.ui.paper import PaperDialog


def badge(shop: Shop) -> Badge:
    """Contacts due and overdue, for the rail."""
    waiting = followups.counts(shop, shop.staff_id)
    return Badge(waiting.overdue + waiting.today)


def due_mark(line: DueFollowup) -> Mark:
    """When a contact is due, as a pill."""
    if line.overdue_days > 0:
        late = ngettext("{days} day late", "{days} days late", line.overdue_days)
        return Mark(late.format(days=line.overdue_days), "bad")
    if line.overdue_days == 0:
        return Mark(line.followup.due_time or _("Today"), "look")
    if line.overdue_days == -1:
        return Mark(_("Tomorrow"), "grey")
    return Mark(line.followup.due_day, "grey")


def customer_column(width: int) -> Column[DueFollowup]:
    """Who, with the tier."""
    return Column(
        "name",
        _("Customer"),
        lambda line: line.customer_name,
        bold=True,
        marks=lambda line: [tier_mark(line.tier)],
        width=width,
        sortable=False,
    )


def why_column() -> Column[DueFollowup]:
    """Why, with what it is about below."""
    return Column(
        "why", _("Why"), lambda line: line.why, second=lambda line: line.detail, stretch=1, sortable=False
    )


class TodayPage(Page):
    """The day at a glance."""

    depends_on = frozenset(
        {"followups", "customers", "complaints", "purchases", "tiers", "settings", "person"}
    )

    keys = (
        ("Alt+O", N_("Open the card")),
        ("Alt+C", N_("Copy the number")),
        ("Alt+S", N_("Plan again for another day")),
        ("Alt+X", N_("Cancel this contact")),
        ("Ctrl+P", N_("Print the list of today's contacts")),
        ("Alt+I", N_("Import my Excel")),
        ("Alt+D", N_("Look at the demo")),
    )

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._place = 0
        self._build()
        self._connect()

    def _build(self) -> None:
        self.table: RecordTable[DueFollowup] = RecordTable(
            [
                customer_column(206),
                why_column(),
                Column(
                    "when",
                    _("When"),
                    marks=lambda line: [due_mark(line)],
                    second=lambda line: "",
                    width=118,
                    sortable=False,
                ),
            ],
            name="today.due",
            state=self.desk.state,
        )
        self._title, self._late, self._next = Label("", "title"), Chip(), Elided("", "faint")
        self._whose = Pills(
            [("mine", _("Mine")), ("all", _("Everybody's"))], on_choose=lambda _key: self.load()
        )
        self.print_button = IconButton(
            "printer", _("Print the list of today's contacts"), key="Ctrl+P", on_click=self.print_list
        )
        self.print_button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        right = hbox(self._whose, self.print_button, spacing=S8)
        head = hbox(self._title, self._late, (self._next, 1), right, spacing=S8, margins=(8, 0, 8, 0))
        panel = Panel(padding=8, spacing=8)
        panel.body.setContentsMargins(8, S16, 8, 8)
        panel.add(head)
        panel.add(self.table, 1)
        self.contact = ContactPanel(self.desk)
        left = QWidget()
        foot = hbox((self._build_complaints(), 2), (self._build_month(), 3), spacing=S16)
        vbox((panel, 1), foot, spacing=S16, on=left)
        self._beside = Beside(left, self.contact, list_height=440)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._beside)
        self._stack.addWidget(self._build_welcome())
        vbox(self._stack, on=self)
        self.setFocusProxy(self.table)

    def _build_complaints(self) -> Panel:
        self._overdue, self._open, self._due = (Label("–", "figure") for _number in range(3))
        panel = Panel(_("Complaints"), spacing=4)
        names = (_("overdue"), _("open"), _("due today"))
        panel.add(_figures(list(zip((self._overdue, self._open, self._due), names, strict=True))))
        return panel

    def _build_month(self) -> Panel:
        self._month = Panel(_("This month so far"), spacing=4)
        self._sales, self._new, self._on_time = (Label("–", "figure") for _number in range(3))
        self._sales_change, self._new_change = Label("", "quiet"), Label("", "quiet")
        for change in (self._sales_change, self._new_change):
            change.setToolTip(_("Against the same days of the month before"))
        columns = hbox(
            vbox(self._sales, hbox(Label(_("net sales"), "quiet"), self._sales_change, spacing=4), spacing=0),
            vbox(self._new, hbox(Label(_("new customers"), "quiet"), self._new_change, spacing=4), spacing=0),
            vbox(self._on_time, Label(_("contacts on time"), "quiet"), spacing=0),
            STRETCH,
            spacing=S20,
        )
        self._month.add(columns)
        return self._month

    def _build_welcome(self) -> Panel:
        self._welcome = Panel()
        run, go = self.desk.run_action, self.desk.go_to
        self._welcome.add(
            EmptyState(
                _("Your shop is ready and still empty"),
                _(
                    "Bring your customer list from Excel, and this page tells you every morning whom to contact and why."
                ),
                buttons=[
                    KeyButton(_("Import my Excel"), "Alt+I", kind="primary", on_click=partial(go, "data")),
                    KeyButton(_("Add a customer"), "Ctrl+N", bind=False, on_click=partial(run, "customer")),
                    KeyButton(_("Look at the demo"), "Alt+D", on_click=partial(self.desk.open_shop, None)),
                ],
                icon="sparkles",
            ),
            1,
        )
        return self._welcome

    def _connect(self) -> None:
        self.table.record_selected.connect(self.contact.show_line)
        self.table.record_chosen.connect(self._open_outcomes)
        self.contact.left.connect(self.table.setFocus)
        self.contact.finished.connect(self._go_on)

    def print_list(self) -> None:
        """Show whom to contact today as it is printed."""
        mine = self._mine()

        def make(_chosen: None, shop: Shop, language: str) -> Sheet:
            return output.sheet(lists.due_list(shop, staff_id=mine, language=language))

        PaperDialog(self.desk, _("The contacts of today"), make).open()

    def _mine(self) -> int | None:
        """Whose contacts are listed, None for everybody's."""
        return self.desk.shop.staff_id if self._whose.chosen == "mine" else None

    def load(self) -> None:
        mine = self._mine()
        self._whose.setVisible(self.desk.shop.staff_id is not None)
        self.desk.jobs.query(lambda shop: today.gather(shop, mine), self._show, key="today.load")
        self.desk.jobs.query(today.month_so_far, self._show_month, key="today.month")

    def current_customer(self) -> int | None:
        return self.contact.customer_id

    def go_back(self) -> bool:
        if self.contact.outcomes.close_choice():
            self.table.setFocus()
            return True
        return False

    def _open_outcomes(self, _line: DueFollowup) -> None:
        self._beside.bring(self.contact.outcomes)
        self.contact.take_keys()

    def _go_on(self) -> None:
        """One is done: read the list again and stand on the one that follows."""
        self._place = max(self.table.currentIndex().row(), 0)
        self.table.setFocus()
        self.load()

    def _show(self, found: Today) -> None:
        self._stack.setCurrentIndex(0 if found.has_customers else 1)
        waiting = found.waiting
        count = waiting.overdue + waiting.today
        self._title.setText(
            ngettext("{count} contact today", "{count} contacts today", count).format(count=count)
        )
        late = ngettext("{count} overdue", "{count} overdue", waiting.overdue).format(count=waiting.overdue)
        self._late.show_mark(late if waiting.overdue else "", "bad")
        coming = ngettext("{count} in the next 7 days", "{count} in the next 7 days", waiting.next_days)
        self._next.setText(coming.format(count=waiting.next_days))
        self._show_complaints(found)
        self.table.set_empty(self._nothing_to_do(found))
        self.table.set_records(found.lines)
        if found.lines and not self.table.currentIndex().isValid():
            self.table.selectRow(min(self._place, len(found.lines) - 1))
        if not found.lines:
            self.contact.show_followup(None)

    def _show_complaints(self, found: Today) -> None:
        cases = found.complaints
        self._overdue.setText(str(cases.overdue))
        self._overdue.set_tone("bad" if cases.overdue else "plain")
        self._open.setText(str(cases.open))
        self._due.setText(str(cases.due_today))

    def _nothing_to_do(self, found: Today) -> EmptyState:
        if found.following is None:
            text = _("Contacts after sales, before birthdays and after complaints appear here by themselves.")
        else:
            text = _("Next is {name} on {day}: {why}.").format(
                name=found.following.customer_name,
                day=found.following.followup.due_day,
                why=found.following.why,
            )
        plan = KeyButton(
            _("Plan a contact"), "F3", bind=False, on_click=partial(self.desk.run_action, "followup")
        )
        return EmptyState(_("All contacts of today are done"), text, buttons=[plan], icon="circle-check")

    def _show_month(self, found: MonthSoFar) -> None:
        self._month.note_label.setText(_("until {day}").format(day=found.day.isoformat()))
        self._sales.setText(_shown(found.net_sales))
        self._new.setText(show(found.new_customers, "count"))
        change = (found.new_customers or 0) - (found.new_customers_before or 0)
        _show_change(self._new_change, change, "count")
        _show_change(self._sales_change, _growth(found.net_sales), "ratio")
        self._on_time.setText(_shown(found.on_time))


def _figures(pairs: list[tuple[Label, str]]) -> QWidget:
    held = QWidget()
    hbox(
        *(vbox(figure, Label(name, "quiet"), spacing=0) for figure, name in pairs),
        STRETCH,
        spacing=S20,
        on=held,
    )
    return held


def _shown(kpi: Kpi) -> str:
    return show(kpi.value, kpi.unit)


def _growth(kpi: Kpi) -> float:
    """Against the same days of the month before, 0 where there is nothing to compare with."""
    if kpi.value is None or not kpi.previous or kpi.previous <= 0:
        return 0
    return (kpi.value - kpi.previous) / kpi.previous


def _show_change(label: Label, change: float, unit: Unit) -> None:
    label.setText(show(change, unit, signed=True) if change else "")
    label.set_tone("good" if change > 0 else "bad")
