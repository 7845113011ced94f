"""The list of customers: everybody on one scroll, in any order, under a condition, many of them marked at once.

What the columns say is ui/customer_columns.py, the filter above the list ui/filter_bar.py, what is done to many
ui/bulk.py; one card is ui/card.py. Keys: arrows, Page, Home, End; Enter opens; Space marks and goes on, Shift with
arrows marks all between, Ctrl+A everybody, Esc takes the marks away; Alt+C columns and sorting; Ctrl+P prints, Ctrl+E takes out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from desktop_crm import custom_fields, customer_list, shops, tier_rules
from desktop_crm.base.i18n import N_, _, ngettext
from desktop_crm.customer_list import EVERYBODY, Clause, CustomerLine, Listing, Selection, order_of_field
from desktop_crm.exporting.orders import Order, seen_words
from desktop_crm.exporting.seen import Seen
from desktop_crm.records.custom_fields import CustomField
from desktop_crm.ui.bulk import KEYS as BULK_KEYS
from desktop_crm.ui.bulk import BulkBar
from desktop_crm.ui.customer_columns import NARROW_LEAVES_OUT, columns
from desktop_crm.ui.customer_paper import MOST, print_customers
from desktop_crm.ui.filter_bar import KEYS as FILTER_KEYS
from desktop_crm.ui.filter_bar import FilterBar
from desktop_crm.ui.kit.buttons import KeyButton, Pills
from desktop_crm.ui.kit.chooser import ColumnChooser
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.layouts import STRETCH, hbox, vbox
from desktop_crm.ui.kit.panels import EmptyState, Panel
from desktop_crm.ui.kit.table import RecordTable
from desktop_crm.ui.kit.theme import S8, S12, S16
from desktop_crm.ui.page import Desk, Page
from desktop_crm.ui.taking_out import CARDS, TakingOut

if TYPE_CHECKING:
    from desktop_crm.shop import Shop
    from desktop_crm.ui.kit.jobs import Job, Progress

_ALL = "all"
_NARROW = 860
_LOW = 440
"""Below this height the rows of the list need the room more than the tiers do."""
_ORDER = ("last_visit", True)


@dataclass(frozen=True)
class _Loaded:
    """What one load brought: cards by tier, the shop's own fields, the rows."""

    counts: dict[str, int]
    fields: Sequence[CustomField]
    listing: Listing


class CustomersPage(Page):
    """Everybody; Enter opens a card.

    Attributes:
        bar: a layout between title and list, for the filter.
        foot: a layout below the list, for what is done to those marked.
        clause: the condition in force, the chosen tier included.
        total: how many rows the list has.

    Signals:
        selection_changed(): other rows are marked, or the list is another one.
        loaded(): the list is there, with `clause` and `total`.
    """

    depends_on = frozenset(
        {"customers", "purchases", "tiers", "devices", "interactions", "staff", "tags", "fields", "imports"}
    )
    keys = (
        ("Return", N_("Open the card")),
        ("Space", N_("Mark, and go on to the next")),
        ("Shift+Down", N_("Mark all between; also with Page, Home and End")),
        ("Ctrl+A", N_("Mark everybody in the list")),
        ("Esc", N_("Take the marks away")),
        ("Ctrl+P", N_("Print those marked, or the list")),
        ("Ctrl+E", N_("Take those marked, or the list, out as Excel, CSV or phone book")),
        ("Alt+C", N_("Choose columns, their order and what the list is sorted by")),
        ("Alt+I", N_("Import, while there are no customers")),
        ("Alt+D", N_("Look at the demo, while there are no customers")),
        *FILTER_KEYS,
        *BULK_KEYS,
    )
    selection_changed = Signal()
    loaded = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.clause = EVERYBODY
        self.total = 0
        self._filter = EVERYBODY
        self._fields: Sequence[CustomField] = ()
        self._chooser: ColumnChooser | None = None
        self._loading: Job | None = None
        self._build()
        self._connect()

    # ---------------------------------------------------------------- for the filter and for bulk

    def show_clause(self, clause: Clause) -> None:
        """List only those whom a condition names (EVERYBODY: all)."""
        if clause != self._filter:
            self._filter = clause
            self.load()
        else:
            self._arrive()

    def selection(self) -> Selection:
        """Who is marked; where nobody is, the customer under the cursor."""
        marking = self.table.marking
        if marking.all_but is not None:
            return Selection(all_but=_numbers(marking.all_but))
        if marking.ids:
            return Selection(_numbers(marking.ids))
        current = self.table.selected()
        return Selection(frozenset() if current is None else frozenset({current.id}))

    @property
    def marked(self) -> int:
        """How many are marked; 0 where there is but the cursor."""
        return self.table.marking.size if not self.table.marking.is_empty else 0

    def clear_selection(self) -> None:
        """Take all marks away."""
        self.table.marking.clear()

    # ---------------------------------------------------------------- building

    def _build(self) -> None:
        self.title = Label(_("Customers"), "title")
        self._note = Label("", "faint")
        self.tiers = Pills(on_choose=lambda _key: self.load())
        self.columns_button = KeyButton(
            _("Choose columns"), "Alt+C", kind="quiet", on_click=self._choose_columns
        )
        self.out_button = KeyButton(
            _("Take out"), "Ctrl+E", kind="quiet", icon="download", bind=False, on_click=self.take_out
        )
        self.table: RecordTable[CustomerLine] = RecordTable(
            columns((), self.desk.shop.today()),
            name="customers",
            state=self.desk.state,
            dense=True,
            multiple=True,
            arrangeable=True,
        )
        if self.table.arrangement.sort is None:
            self.table.set_sort(_ORDER[0], descending=_ORDER[1])
        self.bar, self.foot = QVBoxLayout(), QVBoxLayout()
        self.filter_bar = FilterBar(self.desk)
        self.bar.addWidget(self.filter_bar)
        self.bulk_bar = BulkBar(self.desk, lambda: (self.selection(), self.clause))
        self.foot.addWidget(self.bulk_bar)
        self._list = Panel(padding=16, spacing=S8)
        self._head = hbox(self.title, self._note, STRETCH, self.out_button, self.columns_button, spacing=S12)
        self._below_head = hbox(STRETCH)
        self._list.add(self._head)
        self._list.add(self.bar)
        self._list.add(self._below_head)
        self._list.add(self.table, 1)
        self._list.add(self.foot)
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
        self.table.marking.are_others_coming = self._is_list_coming
        QShortcut(QKeySequence("Ctrl+P"), self).activated.connect(self._print)
        QShortcut(QKeySequence("Ctrl+E"), self).activated.connect(self.take_out)
        self.table.columns_wanted.connect(self._choose_columns)
        self.table.marks_changed.connect(self.selection_changed)
        self.filter_bar.clause_changed.connect(self.show_clause)
        self.filter_bar.left.connect(self.table.setFocus)
        self.loaded.connect(self.filter_bar.load)
        self.selection_changed.connect(lambda: self.bulk_bar.show_count(self.marked))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_narrow = self.width() < _NARROW
        self.table.hide_columns(NARROW_LEAVES_OUT if is_narrow else ())
        self.bulk_bar.set_narrow(is_narrow)
        self.out_button.setVisible(not is_narrow)
        self._place_tiers()

    def _place_tiers(self) -> None:
        """The tiers stand beside the title where there is room, which leaves the list one row more."""
        others = (self.title, self._note, self.out_button, self.columns_button, self.tiers)
        fits = sum(each.sizeHint().width() + S12 for each in others) < self.width() - 2 * S16
        if fits:
            self._head.insertWidget(2, self.tiers)
        else:
            self._below_head.insertWidget(0, self.tiers)
        self.tiers.setVisible(fits or self.height() >= _LOW or self.tiers.chosen != _ALL)

    def open(self, argument: object) -> None:
        """`argument` is a `who.Filter`, ("view", id), or "views" to choose one."""
        self.filter_bar.open(argument)

    def looked_at(self) -> int | None:
        """The row that is marked."""
        line = self.table.selected()
        return None if line is None else line.id

    def go_back(self) -> bool:
        if self.table.marking.is_empty:
            return False
        self.clear_selection()
        return True

    # ---------------------------------------------------------------- loading

    def load(self) -> None:
        """Count by tier, work the order out where that is needed, then show the rows as they come into view."""
        if self._loading is not None and not self._loading.is_over:
            self._loading.cancel()
        tier = "" if self.tiers.chosen == _ALL else self.tiers.chosen
        clause = _both(self._filter, customer_list.tier_clause(tier))
        order = self.table.sorted_by[0] or _ORDER[0]

        def ask(shop: Shop, progress: Progress) -> _Loaded:
            with shop.reading():
                fields = custom_fields.listing(shop)
                known = {column.key for column in columns(fields, shop.today())}
                listing = Listing.of(shop, clause, order if order in known else _ORDER[0], progress.report)
                return _Loaded(customer_list.counts(shop), fields, listing)

        self._loading = self.desk.jobs.query(
            ask, self._show, title=_("Going through the customers…"), key="customers.load"
        )

    def _show(self, found: _Loaded) -> None:
        everybody, listing = sum(found.counts.values()), found.listing
        self._show_place(everybody == 0)
        self._say_counts(found.counts, listing)
        if list(found.fields) != list(self._fields):
            self._fields = found.fields
            self.table.set_columns(columns(found.fields, self.desk.shop.today()))
        if self.table.sorted_by[0] not in {column.key for column in self.table.columns()}:
            self.table.set_sort(_ORDER[0], descending=_ORDER[1])
        is_other = listing.clause != self.clause
        self.clause, self.total = listing.clause, listing.total
        empty = _("Nobody fits this.") if self._filter.sql else _("Nobody is in this tier.")
        self.table.set_empty(EmptyState(empty, icon="users"))
        self.table.show_pages(
            self.desk.jobs,
            listing.total,
            listing.page,
            prepare=lambda shop, progress, key, _descending: listing.prepare(shop, key, progress.report),
            fetch_ids=listing.ids,
        )
        if is_other:
            self.table.start_over()
        self.table.select_first()
        self.loaded.emit()
        self.selection_changed.emit()
        self._arrive()

    def _is_list_coming(self) -> bool:
        return self.filter_bar.is_asking or (self._loading is not None and not self._loading.is_over)

    def _arrive(self) -> None:
        """Ctrl+A was pressed while the list was on its way: it holds for the one that came."""
        if not self._is_list_coming():
            self.table.marking.arrive()

    def _show_place(self, is_empty: bool) -> None:
        """The greeting of an empty shop or the list; what is not shown asks for no room."""
        self._places.setCurrentIndex(int(is_empty))
        for place in range(self._places.count()):
            shown = place == self._places.currentIndex()
            policy = QSizePolicy.Policy.Preferred if shown else QSizePolicy.Policy.Ignored
            self._places.widget(place).setSizePolicy(policy, policy)  # type: ignore[union-attr]

    def _say_counts(self, counts: dict[str, int], listing: Listing) -> None:
        everybody = sum(counts.values())
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
        chosen = self.tiers.chosen
        self.tiers.set_items(pills)
        if chosen and chosen != self.tiers.chosen:  # nobody is in that tier any more
            self.load()
        is_part = listing.clause != EVERYBODY
        self._note.setText(_("{count} of them listed").format(count=f"{listing.total:,}") if is_part else "")
        self._place_tiers()

    # ---------------------------------------------------------------- doing

    def _choose_columns(self) -> None:
        if self._chooser is None:
            self._chooser = ColumnChooser(self.table, self.window())
        self._chooser.open_below(self.columns_button)

    def _print(self) -> None:
        """Show those marked, or all that are listed, as they are printed; the own fields shown here are columns."""
        if not self.total:
            return
        clause, marked = self.clause, self.selection() if self.marked else None
        key, descending = self.table.sorted_by

        def who(shop: Shop) -> list[int]:
            listing = Listing.of(shop, clause, key)
            if marked is None:
                return listing.ids(shop, [(0, MOST)], key, descending)
            wanted = set(customer_list.chosen(shop, marked, clause))
            listed = listing.ids(shop, [(0, listing.total)], key, descending)
            return [each for each in listed if each in wanted]

        shown = [each.id for each in self._fields if self.table.is_shown(order_of_field(each))]
        print_customers(self.desk, who, self._fields, shown)

    def take_out(self) -> None:
        """Write those marked, or all that are listed, as they are seen: these columns in this order."""
        if self.total:
            self.taking().begin()

    def taking(self) -> TakingOut:
        """The steps of taking the list out."""
        bar, tier = self.filter_bar, "" if self.tiers.chosen == _ALL else self.tiers.chosen
        meant, view = bar.filter, bar.view.name if bar.view is not None else ""
        selection = self.selection() if self.marked else None
        key, descending = self.table.sorted_by
        seen = Seen(
            [column for column in self.table.column_order() if self.table.is_shown(column)],
            key,
            descending,
            self.clause,
            selection=selection,
        )

        def make(shop: Shop, out: Path) -> Order:
            words = seen_words(shop, meant, view, tier, selection is not None)
            return Order("customers", out, seen=replace(seen, words=words))

        return TakingOut(self.desk, make, f"{view or _('Customers')} {self.desk.shop.today()}", CARDS)

    def _open_card(self, line: CustomerLine) -> None:
        self.desk.open_customer(line.id)

    def _look_at_demo(self) -> None:
        def make(_shop: Shop, progress: Progress) -> Path:
            return shops.ready_demo(lambda done, total: progress.report(done, total))

        self.desk.jobs.query(make, self.desk.open_shop, title=_("Making the demo shop…"))


def _both(one: Clause, other: Clause) -> Clause:
    if not one.sql or not other.sql:
        return one if one.sql else other
    return Clause(f"({one.sql}) AND ({other.sql})", one.params + other.params)


def _numbers(ids: frozenset[object]) -> frozenset[int]:
    return frozenset(each for each in ids if isinstance(each, int))
