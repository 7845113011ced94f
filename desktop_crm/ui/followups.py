"""The page Follow-ups: all planned contacts, open and done, beside what one knows of the person."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QWidget

from desktop_crm import followups
from desktop_crm.base.i18n import N_, _, ngettext
from desktop_crm.followups import DueFollowup, Show
from desktop_crm.shop import Shop
from desktop_crm.ui.beside import Beside
from desktop_crm.ui.contact_panel import ContactPanel
from desktop_crm.ui.kit.buttons import KeyButton, Pills
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.layouts import STRETCH, hbox, vbox
from desktop_crm.ui.kit.panels import EmptyState, Panel
from desktop_crm.ui.kit.table import Column, Mark, RecordTable
from desktop_crm.ui.kit.theme import S8, S16
from desktop_crm.ui.page import Desk, Page
from desktop_crm.ui.today import customer_column, due_mark, why_column

SHOWS: tuple[Show, ...] = ("open", "overdue", "due", "upcoming", "done")

_TONES = {"reached": "good", "bought": "good", "no_answer": "look", "do_not_contact": "bad"}

Counted = tuple[Show, dict[Show, int]]


def state_mark(line: DueFollowup) -> Mark:
    """When it is due, or how it ended."""
    followup = line.followup
    if followup.state == "open":
        return due_mark(line)
    if followup.state == "cancelled":
        return Mark(_("Cancelled"), "grey")
    return Mark(followups.outcome_label(followup.outcome), _TONES.get(followup.outcome, "grey"))


class FollowupsPage(Page):
    """All follow-ups, by list."""

    depends_on = frozenset({"followups", "customers", "tiers", "person"})

    keys = (
        ("Alt+O", N_("Open the card")),
        ("Alt+C", N_("Copy the number")),
        ("Alt+S", N_("Plan again for another day")),
        ("Alt+X", N_("Cancel this contact")),
    )

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._place = 0
        self._show: Show = "open"
        self._wanted: int | None = None
        self._build()
        self._connect()

    def _build(self) -> None:
        self.table: RecordTable[DueFollowup] = RecordTable(
            [
                customer_column(190),
                why_column(),
                Column(
                    "when",
                    _("When"),
                    marks=lambda line: [state_mark(line)],
                    width=132,
                    sortable=False,
                ),
                Column(
                    "who",
                    _("Who"),
                    lambda line: line.staff_name or _("Anybody"),
                    second=lambda line: line.followup.done_day or line.followup.due_day,
                    tone=lambda line: "plain" if line.staff_name else "faint",
                    width=104,
                    sortable=False,
                ),
            ],
            name="followups.list",
            state=self.desk.state,
        )
        self._title = Label("", "title")
        self._whose = Pills([("all", _("Everybody's")), ("mine", _("Mine"))], on_choose=self._choose_whose)
        self._lists = Pills(_list_items({}), on_choose=self._choose_list)
        plan = KeyButton(
            _("Plan a contact"), "F3", bind=False, on_click=partial(self.desk.run_action, "followup")
        )
        panel = Panel(padding=8, spacing=S8)
        panel.body.setContentsMargins(8, S16, 8, 8)
        panel.add(hbox(self._title, STRETCH, self._whose, plan, spacing=S8, margins=(8, 0, 8, 0)))
        panel.add(hbox(self._lists, STRETCH, margins=(4, 0, 8, 0)))
        panel.add(self.table, 1)
        self.contact = ContactPanel(self.desk)
        self._beside = Beside(panel, self.contact)
        vbox(self._beside, on=self)
        self.setFocusProxy(self.table)

    def _connect(self) -> None:
        self.table.record_selected.connect(self.contact.show_line)
        self.table.record_chosen.connect(self._open_outcomes)
        self.contact.left.connect(self.table.setFocus)
        self.contact.finished.connect(self._go_on)

    def load(self) -> None:
        self._whose.setVisible(self.desk.shop.staff_id is not None)
        mine, show = self._mine(), self._show

        def count(shop: Shop) -> Counted:
            with shop.reading():
                return show, {each: followups.count(shop, each, staff_id=mine) for each in SHOWS}

        self.desk.jobs.query(count, self._show_counts, key="followups.load")

    def open(self, argument: object) -> None:
        """`argument` names a list ("overdue") or is the id of a follow-up."""
        if argument in SHOWS:
            self._lists.choose(str(argument))
        elif isinstance(argument, int):
            self._wanted = argument

    def current_customer(self) -> int | None:
        return self.contact.customer_id

    def go_back(self) -> bool:
        if self.contact.outcomes.close_choice():
            self.table.setFocus()
            return True
        return False

    def _mine(self) -> int | None:
        return self.desk.shop.staff_id if self._whose.chosen == "mine" else None

    def _choose_whose(self, _key: str) -> None:
        self._place = 0
        self.load()

    def _choose_list(self, key: str) -> None:
        self._show = next(show for show in SHOWS if show == key)
        self._place = 0
        self.table.clearSelection()
        self.table.setCurrentIndex(self.table.rows.index(-1, -1))
        self.load()

    def _open_outcomes(self, _line: DueFollowup) -> None:
        self._beside.bring(self.contact.outcomes)
        self.contact.take_keys()

    def _go_on(self) -> None:
        self._place = max(self.table.currentIndex().row(), 0)
        self.table.setFocus()
        self.load()

    def _show_counts(self, counted: Counted) -> None:
        show, counts = counted
        if show != self._show:
            return
        total = counts[show]
        self._lists.set_items(_list_items(counts))
        open_ones = ngettext("{count} planned contact", "{count} planned contacts", counts["open"])
        self._title.setText(open_ones.format(count=counts["open"]))
        self.table.set_empty(EmptyState(_("Nothing in this list"), _empty_words(show), icon="list-checks"))
        mine = self._mine()

        def fetch(shop: Shop, offset: int, limit: int, _key: str, _down: bool) -> Sequence[DueFollowup]:
            return followups.listing(shop, show, staff_id=mine, limit=limit, offset=offset)

        self.table.show_pages(self.desk.jobs, total, fetch)
        if self._wanted is not None:
            self.table.setCurrentIndex(self.table.rows.index(-1, -1))
            self.contact.show_followup(self._wanted)
            self._wanted = None
        elif total:
            self.table.selectRow(min(self._place, total - 1))
        else:
            self.contact.show_followup(None)


def _list_items(counts: dict[Show, int]) -> list[tuple[str, str]]:
    words: dict[Show, str] = {
        "open": _("All open"),
        "overdue": _("Overdue"),
        "due": _("Due by today"),
        "upcoming": _("Next 7 days"),
        "done": _("Done"),
    }
    return [(show, f"{words[show]} {counts[show]:,}" if show in counts else words[show]) for show in SHOWS]


def _empty_words(show: Show) -> str:
    if show == "done":
        return _("Contacts that were made or cancelled are kept here.")
    return _(
        "The rules plan contacts after sales, before birthdays and after complaints; F3 plans any other."
    )
