"""The list of customers: everybody on one scroll, sorted by any column, filtered by tier. One card is ui/card.py."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop_crm import customers, shops, tier_rules
from desktop_crm.base.i18n import _, ngettext
from desktop_crm.base.values import MISSING, show_money, show_phone
from desktop_crm.customers import CustomerLine
from desktop_crm.ui.kit.buttons import KeyButton, Pills
from desktop_crm.ui.kit.cells import Column, Mark
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.layouts import STRETCH, hbox, vbox
from desktop_crm.ui.kit.panels import EmptyState, Panel
from desktop_crm.ui.kit.table import RecordTable
from desktop_crm.ui.kit.theme import S8, S12
from desktop_crm.ui.marks import tier_mark
from desktop_crm.ui.page import Desk, Page

if TYPE_CHECKING:
    from desktop_crm.shop import Shop
    from desktop_crm.ui.kit.jobs import Progress

_ALL = "all"
_NARROW = 860
"""Below this width the list shows only who, phone, last visit and sum."""


class _Orders:
    """The ids of everybody in the orders asked for so far; made anew with each load, read on worker threads."""

    def __init__(self, tier: str) -> None:
        self._tier = tier
        self._known: dict[tuple[str, bool], Sequence[int]] = {}

    def page(self, shop: Shop, offset: int, limit: int, key: str, descending: bool) -> list[CustomerLine]:
        order, down = _ORDERS.get(key, ("last_visit", True))
        place = (order, descending if key in _ORDERS else down)
        if place not in self._known:
            self._known[place] = customers.sequence(shop, order, descending=place[1], tier=self._tier)
        return customers.lines(shop, self._known[place][offset : offset + limit])


_ORDERS: dict[str, tuple[customers.Order, bool]] = {
    "name": ("name", False),
    "last_visit": ("last_visit", True),
    "spent": ("spent", True),
    "since": ("since", True),
    "owner": ("owner", False),
}
"""Columns that sort, and their orders."""


class CustomersPage(Page):
    """Everybody; Enter opens a card."""

    depends_on = frozenset({"customers", "purchases", "tiers", "devices", "interactions", "staff"})

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._build()
        self._connect()

    def _build(self) -> None:
        self.title = Label(_("Customers"), "title")
        self._note = Label("", "faint")
        self.tiers = Pills(on_choose=lambda _key: self.load())
        self.table: RecordTable[CustomerLine] = RecordTable(
            _columns(), name="customers", state=self.desk.state, dense=True
        )
        self.table.set_empty(EmptyState(_("Nobody is in this tier."), icon="users"))
        self.table.set_sort("last_visit", descending=True)
        self._list = Panel(padding=16, spacing=S8)
        self._list.add(hbox(self.title, self._note, STRETCH, spacing=S12))
        self._list.add(self.tiers)
        self._list.add(self.table, 1)
        self._places = QStackedWidget()
        self._places.addWidget(self._list)
        self._places.addWidget(self._greeting())
        vbox(self._places, on=self)
        self.setFocusProxy(self.table)

    def _greeting(self) -> QWidget:
        """What an empty shop says."""
        self.import_button = KeyButton(
            _("Import my Excel"), "Alt+I", kind="primary", on_click=lambda: self.desk.go_to("data")
        )
        self.add_button = KeyButton(
            _("Add a customer"), "Ctrl+N", bind=False, on_click=lambda: self.desk.run_action("customer")
        )
        self.demo_button = KeyButton(_("Look at the demo"), "Alt+D", on_click=self._look_at_demo)
        panel = Panel()
        panel.add(
            EmptyState(
                _("Your customers will be here"),
                _(
                    "Bring the list you have: Excel, CSV or text, any columns. You see what would happen before "
                    "anything is saved, and you can take it back."
                ),
                buttons=[self.import_button, self.add_button, self.demo_button],
                icon="users",
            ),
            1,
        )
        return panel

    def _connect(self) -> None:
        self.table.record_chosen.connect(self._open_card)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.table.hide_columns({"since", "owner", "device"} if self.width() < _NARROW else ())

    def load(self) -> None:
        """Count by tier, then show the rows as they come into view."""
        self.desk.jobs.query(customers.counts, self._show, key="customers.load")

    def _show(self, counts: dict[str, int]) -> None:
        everybody = sum(counts.values())
        self._places.setCurrentIndex(int(everybody == 0))
        text = ngettext("{count} customer", "{count} customers", everybody)
        self.title.setText(text.format(count=f"{everybody:,}"))
        pills = [(_ALL, _("All"))]
        pills += [
            (tier, _("{tier} {count}").format(tier=tier_rules.label(tier), count=f"{counts[tier]:,}"))
            for tier in tier_rules.TIERS
            if counts.get(tier)
        ]
        if counts.get("none"):
            pills.append(("none", _("{tier} {count}").format(tier=_("No tier yet"), count=counts["none"])))
        self.tiers.set_items(pills)
        chosen = "" if self.tiers.chosen == _ALL else self.tiers.chosen
        orders = _Orders(chosen)
        shown = counts.get(chosen, 0) if chosen else everybody
        self.table.show_pages(self.desk.jobs, shown, orders.page)
        self.table.select_first()

    def _open_card(self, line: CustomerLine) -> None:
        self.desk.open_customer(line.id)

    def _look_at_demo(self) -> None:
        def make(_shop: Shop, progress: Progress) -> Path:
            return shops.ready_demo(lambda done, total: progress.report(done, total))

        self.desk.jobs.query(make, self.desk.open_shop, title=_("Making the demo shop…"))


def _columns() -> list[Column[CustomerLine]]:
    return [
        Column("name", _("Customer"), lambda line: line.name, bold=True, marks=_marks, stretch=3),
        Column(
            "phone",
            _("Phone"),
            lambda line: show_phone(line.phone) if line.phone else MISSING,
            tone=lambda line: "plain" if line.phone else "faint",
            width=140,
            sortable=False,
        ),
        Column(
            "device", _("Device in use"), lambda line: line.device, tone="quiet", stretch=2, sortable=False
        ),
        Column(
            "last_visit",
            _("Last visit"),
            lambda line: line.last_visit_day or MISSING,
            tone=lambda line: "plain" if line.last_visit_day else "faint",
            width=110,
        ),
        Column(
            "spent",
            _("Spent"),
            lambda line: show_money(line.spent_fen, cents=False) if line.spent_fen else MISSING,
            tone=lambda line: "plain" if line.spent_fen else "faint",
            align="right",
            width=110,
        ),
        Column("owner", _("Clerk"), lambda line: line.owner, tone="quiet", width=100),
        Column("since", _("Customer since"), lambda line: line.since_day or "", tone="faint", width=130),
    ]


def _marks(line: CustomerLine) -> Sequence[Mark]:
    marks = [tier_mark(line.tier)] if line.tier else []
    if line.do_not_contact:
        marks.append(Mark(_("Do not contact"), "bad"))
    return marks
