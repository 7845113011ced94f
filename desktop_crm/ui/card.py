"""The customer card: one screen that answers who, what they own, what happened, what is open and what to do now.

The panels are in card_who.py, card_devices.py, card_past.py and card_now.py; here they are arranged, loaded and
connected; what their keys and buttons do is card_actions.py. A further panel is made in `_build`, put into a column
there, and named in `_panels`: it is told of the card by `show_card`. A further key is a line of `_keys`, and every key
stands in `CardPage.keys`, for the sheet of keys.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QGridLayout, QScrollArea, QStackedWidget, QWidget
from shiboken6 import isValid

from desktop_crm import card as cards
from desktop_crm import staff, timeline
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import N_, _
from desktop_crm.card import Card
from desktop_crm.records.staff import StaffMember
from desktop_crm.shop import Shop
from desktop_crm.ui.card_actions import CardActions
from desktop_crm.ui.card_alerts import CardAlerts
from desktop_crm.ui.card_devices import DevicesPanel
from desktop_crm.ui.card_fields import Said
from desktop_crm.ui.card_history import show_history
from desktop_crm.ui.card_likeness import CardLikeness
from desktop_crm.ui.card_notes import NotePanel
from desktop_crm.ui.card_now import NowPanel, OpenPanel, ValuePanel
from desktop_crm.ui.card_past import TimelinePanel
from desktop_crm.ui.card_who import WhoPanel
from desktop_crm.ui.custom_panel import CustomPanel
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.inplace import FieldRow
from desktop_crm.ui.kit.layouts import vbox
from desktop_crm.ui.kit.panels import EmptyState, Panel
from desktop_crm.ui.kit.theme import S16
from desktop_crm.ui.page import Desk, Page

_NARROW = 960
"""Below this width the right column goes under the left one."""


@dataclass(frozen=True)
class _Seen:
    """What one load brings."""

    card: Card
    people: list[StaffMember]


class CardPanel(Protocol):
    """A part of the page that shows something of a customer."""

    def show_card(self, card: Card) -> None:
        """Show this customer's part."""


class CardPage(Page):
    """One customer, all round; `open(customer_id)` says who."""

    is_of_one_customer = True

    depends_on = frozenset(
        {
            "customers",
            "purchases",
            "followups",
            "complaints",
            "tiers",
            "devices",
            "interactions",
            "tags",
            "staff",
            "settings",
            "fields",
            "relations",
            "notes",
            "surveys",
            "balance",
            "openings",
            "points",
        }
    )

    keys = (
        ("Down", N_("Next field; Enter changes it, Esc takes it back")),
        ("Alt+A", N_("More fields, or fewer")),
        ("Alt+E", N_("All fields in a form")),
        ("Alt+P", N_("Add a phone number")),
        ("Alt+T", N_("Tags")),
        ("Alt+R", N_("Link with another card")),
        ("Alt+M", N_("Make one card of this and another")),
        ("Alt+F", N_("Open the card that looks the same")),
        ("Alt+X", N_("That card is somebody else's")),
        ("Alt+S", N_("Open the card with the same number")),
        ("Alt+V", N_("The details are right")),
        ("Alt+G", N_("Set the tier by hand")),
        ("Alt+Q", N_("Points")),
        ("Alt+W", N_("What was brought along from another program")),
        ("Alt+N", N_("The standing note")),
        ("Alt+I", N_("Pin the standing note")),
        ("F6", N_("A dated note")),
        ("F7", N_("An answer to a survey")),
        ("F8", N_("Note a contact")),
        ("Alt+L", N_("Go to the timeline; left and right filter it")),
        ("Alt+D", N_("Add a device")),
        ("Alt+B", N_("Take a payment of what is owed")),
        ("Alt+U", N_("Own fields")),
        ("Alt+C", N_("Open the complaint that is due")),
        ("Alt+O", N_("Outcome of the contact that is due")),
        ("Alt+K", N_("Copy what to say")),
        ("Alt+Y", N_("They agree to contact")),
        ("Alt+J", N_("They want no contact")),
        ("Alt+H", N_("History of the card")),
        ("Ctrl+P", N_("Print the card")),
        ("Ctrl+Del", N_("Into the recycle bin")),
        ("Alt+Z", N_("Personal data: print everything, erase for good")),
    )

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._customer_id: int | None = None
        self.card: Card | None = None
        self._known_tags: set[str] = set()
        self._build()
        self._connect()

    def _build(self) -> None:
        shop_id = self.desk.shop.keys.shop_id
        act = self.doing = CardActions(self, lambda: self.card, self._save, self._saved)
        self.alerts = CardAlerts(self.desk.state, shop_id, act.confirm, act.edit_all, self._fit)
        self.who = WhoPanel(self._save, self.desk.jobs, act, self._fit)
        self.note = NotePanel(self._save, act.open_note)
        self.own = CustomPanel(self._save)
        self.devices = DevicesPanel(act.add_device, act.edit_device)
        self.timeline = TimelinePanel(self.desk.jobs, act.open_entry)
        self.now = NowPanel(act.act, act.plan, act.log_contact, act.consent)
        self.open_items = OpenPanel(act.open_item)
        self.value = ValuePanel(act.open_brought)
        self._left = vbox(self.who, self.own, (self.note, 1), spacing=S16)
        self._middle = vbox(self.devices, (self.timeline, 1), spacing=S16)
        self._right = vbox(self.now, self.open_items, (self.value, 1), spacing=S16)
        self._columns = [_column(each) for each in (self._left, self._middle, self._right)]
        shown = QWidget()
        self._grid = QGridLayout(shown)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(S16)
        self._arranged = ""
        self._places = QStackedWidget()
        self._places.addWidget(shown)
        self._places.addWidget(self._nobody())
        self.likeness = CardLikeness(self.desk, self, self._fit)
        vbox(self.alerts, self.likeness, (self._places, 1), spacing=S16, on=self)
        self._arrange()

    def _nobody(self) -> QWidget:
        panel = Panel()
        panel.add(
            EmptyState(
                _("This card is not there any more"),
                _("It was never saved, or its making was undone."),
                buttons=[KeyButton(_("All customers"), "Ctrl+2", bind=False, on_click=self._to_list)],
                icon="user",
            ),
            1,
        )
        return panel

    def _panels(self) -> Sequence[CardPanel]:
        """Every panel that shows something of the card."""
        return (
            self.who,
            self.own,
            self.note,
            self.devices,
            self.timeline,
            self.now,
            self.open_items,
            self.value,
        )

    def _keys(self) -> dict[str, Callable[[], object]]:
        """The keys of the page that no button wears."""
        return {
            "Alt+N": self.note.note.edit,
            "Alt+L": self.timeline.take_keys,
            "F6": self.doing.write_note,
            "Alt+M": self._merge,
            "F7": self.doing.ask,
            "Alt+H": self._show_history,
            "Ctrl+P": self.doing.print_card,
            "Alt+Z": self.doing.personal_data,
        }

    def _connect(self) -> None:
        for key, run in self._keys().items():
            QShortcut(QKeySequence(key), self).activated.connect(run)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def _show_history(self) -> None:
        if self._customer_id is not None:
            show_history(self.desk, self._customer_id)

    def _merge(self) -> None:
        """With whoever is shown above the card, else with somebody who is asked for."""
        if not self.likeness.merge():
            self.doing.merge()

    # ---------------------------------------------------------------- showing

    def open(self, argument: object) -> None:
        """Show this customer."""
        assert isinstance(argument, int)
        self._customer_id = argument
        self.alerts.begin(argument)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down go from field to field, where the field itself does not want them."""
        if event.key() == Qt.Key.Key_Down:
            self.focusNextChild()
        elif event.key() == Qt.Key.Key_Up:
            self.focusPreviousChild()
        else:
            super().keyPressEvent(event)

    def go_back(self) -> bool:
        """Esc: close what stands above the card."""
        return self.likeness.dismiss() or self.alerts.dismiss()

    def current_customer(self) -> int | None:
        """Whom a sale, follow-up or complaint begun now is for."""
        gone = self.card is None or self.card.customer.deleted_at is not None
        return None if gone else self._customer_id

    def load(self) -> None:
        """Gather the whole card in one read."""
        who = self._customer_id
        if who is None:
            self._places.setCurrentIndex(1)
            return

        def gather(shop: Shop) -> _Seen:
            with shop.reading():
                return _Seen(cards.gather(shop, who, timeline.PAGE), staff.listing(shop))

        self.desk.jobs.query(gather, self._show, key="card.load", on_error=self._show_nobody)

    def _show(self, seen: _Seen) -> None:
        if self.card is None or self.card.customer.id != seen.card.customer.id:
            _scroll_up(self)
        self.card = seen.card
        self._customer_id = seen.card.customer.id  # of a merged card, the one that stayed
        self.likeness.show_card(seen.card)
        self.who.offer(seen.people)
        for panel in self._panels():
            panel.show_card(seen.card)
        self.alerts.show_card(seen.card)
        self._places.setCurrentIndex(0)
        self._fit()
        QTimer.singleShot(0, self, self._fit)  # what was made just now knows its fonts only when it is shown
        if not {"", *seen.card.tags} <= self._known_tags:
            self._known_tags |= set(seen.card.tags)
            self.desk.jobs.query(cards.in_use, self._offer_words, key="card.in_use")

    def _offer_words(self, words: cards.InUse) -> None:
        self._known_tags |= {"", *words.tags}
        self.who.offer_words(words)

    def _show_nobody(self, _error: CrmError) -> None:
        self.card = None
        self._places.setCurrentIndex(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Three columns, or two where there is little room."""
        arranged = "narrow" if self.width() < _NARROW else "wide"
        if arranged == self._arranged:
            return
        self._arranged = arranged
        left, middle, right = self._columns
        for column in self._columns:
            self._grid.removeWidget(column)
        narrow = arranged == "narrow"
        self._grid.addWidget(left, 0, 0)
        self._grid.addWidget(middle, 0, 1, 2 if narrow else 1, 1)
        self._grid.addWidget(right, 1 if narrow else 0, 0 if narrow else 2)
        left.setFixedWidth(264 if narrow else 330)
        right.setFixedWidth(264 if narrow else 280)
        self.timeline.set_narrow(narrow)
        self._grid.setColumnStretch(1, 1)

        self._fit()

    def _fit(self) -> None:
        """Panels of wrapped words are as high as these words need: Qt does not pass that on through a scroll area."""
        for widget in (each for column in self._columns for each in column.findChildren(QWidget)):
            if widget.layout() is not None:
                widget.updateGeometry()  # what it needed before is remembered at every level between
        for panel in (self.who, self.own, self.now, self.value):
            column = self._columns[0] if panel in (self.who, self.own) else self._columns[2]
            panel.setMinimumHeight(panel.body.totalHeightForWidth(column.minimumWidth()))
        self.alerts.setFixedHeight(max(0, self.alerts.needed_height(self.width())))

    # ---------------------------------------------------------------- saving

    def _save(self, row: FieldRow | None, what: str, change: Callable[[Shop], Any]) -> None:
        """Queue an edit; a wrong one goes back to its row with the sentence."""
        self.desk.jobs.change(
            change,
            lambda done: self._saved(
                done if isinstance(done, Said) else _("Saved: {what}.").format(what=what)
            ),
            on_error=partial(self._refuse, row),
            initiator=self,
        )

    def _refuse(self, row: FieldRow | None, error: CrmError) -> None:
        if row is not None and isValid(row):  # a line of a number may have been made anew meanwhile
            row.fail(str(error))
        else:
            self.desk.messages.error(str(error))
            self.load()

    def _saved(self, text: str) -> None:
        self.load()
        self.desk.done(text)

    def _to_list(self) -> None:
        self.desk.go_to("customers")


def _scroll_up(page: QWidget) -> None:
    """Another card begins at its top."""
    above = page.parentWidget()
    while above is not None and not isinstance(above, QScrollArea):
        above = above.parentWidget()
    if above is not None:
        above.verticalScrollBar().setValue(0)


def _column(layout: Any) -> QWidget:  # a box layout
    held = QWidget()
    held.setLayout(layout)
    return held
