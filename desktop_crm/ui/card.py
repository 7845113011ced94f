"""The customer card: one screen that answers who, what they own, what happened, what is open and what to do now.

The panels are in card_who.py, card_devices.py, card_past.py and card_now.py; here they are arranged, loaded and
connected. A further panel is made in `_build`, put into a column there, and named in `_panels`: it is told of the
card by `show_card`. A further key is a line of `_keys`.

Keys: Alt+E all fields in a form, Alt+P numbers, Alt+T tags, Alt+R relation, Alt+G tier by hand, Alt+N standing note,
Alt+U own fields, F6 dated note, F8 contact, Alt+D device, Ctrl+Del recycle bin; in “What can be done now” Alt+C, Alt+O,
Alt+K, Alt+Y.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QGridLayout, QScrollArea, QStackedWidget, QWidget

from desktop_crm import card as cards
from desktop_crm import customers, notes, relations, staff, timeline, verification
from desktop_crm.advice import Advice
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _
from desktop_crm.card import Card
from desktop_crm.records.devices import Device
from desktop_crm.records.notes import Note
from desktop_crm.records.staff import StaffMember
from desktop_crm.shop import Shop
from desktop_crm.timeline import Entry
from desktop_crm.ui.balance import pay_balance
from desktop_crm.ui.card_alerts import CardAlerts
from desktop_crm.ui.card_devices import DevicesPanel
from desktop_crm.ui.card_notes import NoteForm, NotePanel
from desktop_crm.ui.card_now import NowPanel, OpenItem, OpenPanel, ValuePanel
from desktop_crm.ui.card_past import TimelinePanel
from desktop_crm.ui.card_people import RelationForm
from desktop_crm.ui.card_who import WhoActions, WhoPanel
from desktop_crm.ui.contact_dialog import ContactDialog
from desktop_crm.ui.contact_form import ContactForm
from desktop_crm.ui.custom_panel import CustomPanel
from desktop_crm.ui.customer_form import CustomerForm
from desktop_crm.ui.device_form import DeviceForm
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.inplace import FieldRow
from desktop_crm.ui.kit.layouts import vbox
from desktop_crm.ui.kit.panels import EmptyState, Panel
from desktop_crm.ui.kit.theme import S16
from desktop_crm.ui.page import Desk, Page
from desktop_crm.ui.purchases import PurchaseDialog
from desktop_crm.ui.survey_form import new_answer, open_answer
from desktop_crm.ui.tiers import override_tier

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
        }
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
        self.alerts = CardAlerts(self.desk.state, shop_id, self._confirm, self._edit_all, self._fit)
        self.who = WhoPanel(self._save, self.desk.jobs, self._who_actions())
        self.note = NotePanel(self._save, self._open_note)
        self.own = CustomPanel(self._save)
        self.devices = DevicesPanel(self._add_device, self._edit_device)
        self.timeline = TimelinePanel(self.desk.jobs, self._open_entry)
        self.now = NowPanel(self._act, self._plan, self._log_contact, self._consent)
        self.open_items = OpenPanel(self._open_item)
        self.value = ValuePanel()
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
        vbox(self.alerts, (self._places, 1), spacing=S16, on=self)
        self._arrange()

    def _who_actions(self) -> WhoActions:
        return WhoActions(
            edit=self._edit_all,
            tier=self._set_tier,
            delete=self._delete,
            relate=self._relate,
            open_customer=self.desk.open_customer,
            unrelate=self._unrelate,
            confirm=self._confirm,
            grown=self._fit,
        )

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
            "F6": self._write_note,
            "F7": self._ask,
        }

    def _connect(self) -> None:
        for key, run in self._keys().items():
            QShortcut(QKeySequence(key), self).activated.connect(run)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    # ---------------------------------------------------------------- showing

    def open(self, argument: object) -> None:
        """Show this customer."""
        assert isinstance(argument, int)
        self._customer_id = argument
        self.alerts.begin(argument)

    def go_back(self) -> bool:
        """Esc: close what stands above the card."""
        return self.alerts.dismiss()

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
        self.who.offer(seen.people)
        for panel in self._panels():
            panel.show_card(seen.card)
        self.alerts.show_card(seen.card)
        self._places.setCurrentIndex(0)
        self._fit()
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
            lambda _done: self._saved(_("Saved: {what}.").format(what=what)),
            on_error=partial(self._refuse, row),
            initiator=self,
        )

    def _refuse(self, row: FieldRow | None, error: CrmError) -> None:
        if row is not None:
            row.fail(str(error))
        else:
            self.desk.messages.error(str(error))
            self.load()

    def _saved(self, text: str) -> None:
        self.load()
        self.desk.done(text)

    # ---------------------------------------------------------------- actions

    def _confirm(self) -> None:
        who = self.current_customer()
        if who is not None:
            self._save(None, _("details confirmed"), lambda shop: verification.confirm(shop, who))

    def _relate(self) -> None:
        if self.card is not None and self.current_customer() is not None:
            form = RelationForm(self.desk, self.card, initiator=self)
            form.open_with(lambda _made: self._saved(_("The cards were linked.")))

    def _unrelate(self, relation_id: int) -> None:
        self._save(None, _("link taken away"), lambda shop: relations.remove(shop, relation_id))

    def _write_note(self) -> None:
        if self.card is not None and self.current_customer() is not None:
            form = NoteForm(self.desk, self.card.customer.id, self.card.customer.name, initiator=self)
            form.open_with(lambda _made: self._saved(_("The note was written.")))

    def _open_note(self, note_id: int) -> None:
        key = "card.note"
        self.desk.jobs.query(lambda shop: notes.get(shop, note_id), self._edit_note, key=key)

    def _edit_note(self, note: Note) -> None:
        if self.card is not None:
            form = NoteForm(self.desk, note.customer_id, self.card.customer.name, note, initiator=self)
            form.open_with(lambda _made: self._saved(_("The note was saved.")))

    def _edit_all(self) -> None:
        if self._customer_id is not None:
            CustomerForm.edit(
                self.desk, self._customer_id, lambda _done: self._saved(_("The card was saved."))
            )

    def _set_tier(self) -> None:
        if self.card is not None and self.current_customer() is not None:
            override_tier(self.desk, self.card.customer.id, self.card.customer.name, self.load)

    def _delete(self) -> None:
        if self.card is None or self.card.customer.deleted_at is not None:
            return
        who, name = self.card.customer.id, self.card.customer.name
        self.desk.jobs.change(
            lambda shop: customers.delete(shop, [who]),
            lambda _done: self._deleted(name),
            initiator=self,
        )

    def _deleted(self, name: str) -> None:
        self.desk.back()
        self.desk.done(_("The card of {name} was deleted.").format(name=name))

    def _log_contact(self) -> None:
        if self.current_customer() is not None and self.card is not None:
            form = ContactForm(self.desk, self.card.customer, initiator=self)
            form.open_with(lambda _made: self._saved(_("The contact was noted.")))

    def _add_device(self) -> None:
        who = self.current_customer()
        if who is not None:
            form = DeviceForm(self.desk, who, initiator=self)
            form.open_with(lambda _made: self._saved(_("The device was added.")))

    def _edit_device(self, device: Device) -> None:
        form = DeviceForm(self.desk, device.customer_id, device, initiator=self)
        form.open_with(lambda _made: self._saved(_("The device was saved.")))

    def _act(self, advice: Advice) -> None:
        self._open_noun(advice.action, advice.ref)

    def _plan(self) -> None:
        self.desk.run_action("followup")

    def _consent(self, answer: str) -> None:
        who = self._customer_id
        if who is not None:
            self._save(None, _("consent"), lambda shop: customers.edit(shop, who, consent=answer))

    def _open_item(self, item: OpenItem) -> None:
        self._open_noun(item.kind, item.id)

    def _open_noun(self, noun: str, number: int) -> None:
        if noun == "complaint":
            self.desk.go_to("complaints", number)
        elif noun == "followup":
            ContactDialog(self.desk, number).open()
        elif noun == "purchase":
            PurchaseDialog(self.desk, number).open()
        elif noun == "survey":
            open_answer(self.desk, number, self.load, initiator=self)
        elif noun == "balance":
            self._open_account()
        elif noun == "note":
            self._open_note(number)
        elif noun == "customer" and number != self._customer_id:
            self.desk.open_customer(number)

    def _open_account(self) -> None:
        if self.card is not None:
            pay_balance(self.desk, self.card.customer.id, self.load, initiator=self)

    def _ask(self) -> None:
        who = self.current_customer()
        if who is not None:
            new_answer(self.desk, who, self.load, initiator=self)

    def _open_entry(self, entry: Entry) -> None:
        self._open_noun(*entry.ref)

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
