"""What can be begun on a card: forms about the customer, other places, and the small changes that need no form.

The page shows and saves; every method here stands still where no card is open or it was deleted.
"""

from __future__ import annotations

from collections.abc import Callable

from desktop_crm import customers, notes, relations, verification
from desktop_crm.advice import Advice
from desktop_crm.base.i18n import _
from desktop_crm.card import Card
from desktop_crm.records.devices import Device
from desktop_crm.records.notes import Note
from desktop_crm.reports import card as paper
from desktop_crm.timeline import Entry
from desktop_crm.ui.balance import pay_balance
from desktop_crm.ui.card_fields import Save
from desktop_crm.ui.card_notes import NoteForm
from desktop_crm.ui.card_now import OpenItem
from desktop_crm.ui.card_people import RelationForm
from desktop_crm.ui.contact_dialog import ContactDialog
from desktop_crm.ui.contact_form import ContactForm
from desktop_crm.ui.customer_form import CustomerForm
from desktop_crm.ui.device_form import DeviceForm
from desktop_crm.ui.merge import merge_with, open_merged
from desktop_crm.ui.openings import OpeningForm
from desktop_crm.ui.page import Desk, Page
from desktop_crm.ui.paper import PaperDialog
from desktop_crm.ui.personal_data import open_personal_data
from desktop_crm.ui.points import PointsForm
from desktop_crm.ui.purchases import PurchaseDialog
from desktop_crm.ui.survey_form import new_answer, open_answer
from desktop_crm.ui.tiers import override_tier


class CardActions:
    """What the keys and buttons of a card do.

    Args:
        page: whose own changes they are. current: the card that is shown, None where there is none.
        save: see `Save`. saved: called with a sentence after a form was saved.
    """

    def __init__(
        self, page: Page, current: Callable[[], Card | None], save: Save, saved: Callable[[str], object]
    ) -> None:
        self._page, self._current, self._save, self._saved = page, current, save, saved

    @property
    def _desk(self) -> Desk:
        return self._page.desk

    def _live(self) -> Card | None:
        """The card that is shown, if it is in use."""
        card = self._current()
        return None if card is None or card.customer.deleted_at is not None else card

    def confirm(self) -> None:
        """The details are right as of today."""
        card = self._live()
        if card is not None:
            who = card.customer.id
            self._save(None, _("details confirmed"), lambda shop: verification.confirm(shop, who))

    def relate(self) -> None:
        """Link the card with another."""
        card = self._live()
        if card is not None:
            form = RelationForm(self._desk, card, initiator=self._page)
            form.open_with(lambda _made: self._saved(_("The cards were linked.")))

    def merge(self) -> None:
        """Make one card of this and another."""
        card = self._live()
        if card is not None:
            merge_with(self._desk, card.customer.id, open_merged(self._desk), card.customer.name)

    def unrelate(self, relation_id: int) -> None:
        """Take a link away."""
        self._save(None, _("link taken away"), lambda shop: relations.remove(shop, relation_id))

    def open_customer(self, customer_id: int) -> None:
        """Open somebody else's card."""
        self._desk.open_customer(customer_id)

    def print_card(self) -> None:
        """Show the card as it is printed, also one that was deleted."""
        card = self._current()
        if card is not None:
            who = card.customer.id
            title = _("The card of {name}").format(name=card.customer.name)
            PaperDialog(
                self._desk,
                title,
                lambda _chosen, shop, language: paper.sheet(shop, who, language),
                people=lambda _document: 1,
                customer_id=who,
            ).open()

    def personal_data(self) -> None:
        """Everything held about the customer, to be printed or erased for good; also of a card that was deleted."""
        card = self._current()
        if card is not None:
            open_personal_data(self._desk, card.customer.id, self._desk.back)

    def write_note(self) -> None:
        """Write a dated note."""
        card = self._live()
        if card is not None:
            form = NoteForm(self._desk, card.customer.id, card.customer.name, initiator=self._page)
            form.open_with(lambda _made: self._saved(_("The note was written.")))

    def open_note(self, note_id: int) -> None:
        """Put a dated note right."""
        self._desk.jobs.query(lambda shop: notes.get(shop, note_id), self._edit_note, key="card.note")

    def _edit_note(self, note: Note) -> None:
        card = self._current()
        if card is not None:
            form = NoteForm(self._desk, note.customer_id, card.customer.name, note, initiator=self._page)
            form.open_with(lambda _made: self._saved(_("The note was saved.")))

    def edit_all(self) -> None:
        """All fields in a form."""
        card = self._live()
        if card is not None:
            saved = _("The card was saved.")
            CustomerForm.edit(self._desk, card.customer.id, lambda _done: self._saved(saved))

    def set_tier(self) -> None:
        """Set the tier by hand."""
        card = self._live()
        if card is not None:
            override_tier(self._desk, card.customer.id, card.customer.name, self._page.load)

    def delete(self) -> None:
        """Put the card into the recycle bin and go back to where one came from."""
        card = self._live()
        if card is not None:
            who, name = card.customer.id, card.customer.name
            self._desk.jobs.change(
                lambda shop: customers.delete(shop, [who]),
                lambda _done: self._deleted(name),
                initiator=self._page,
            )

    def _deleted(self, name: str) -> None:
        self._desk.back()
        self._desk.done(_("The card of {name} was deleted.").format(name=name))

    def log_contact(self) -> None:
        """Note a visit, a call or a message."""
        card = self._live()
        if card is not None:
            form = ContactForm(self._desk, card.customer, initiator=self._page)
            form.open_with(lambda _made: self._saved(_("The contact was noted.")))

    def add_device(self) -> None:
        """Add a device."""
        card = self._live()
        if card is not None:
            form = DeviceForm(self._desk, card.customer.id, initiator=self._page)
            form.open_with(lambda _made: self._saved(_("The device was added.")))

    def edit_device(self, device: Device) -> None:
        """Put a device right."""
        form = DeviceForm(self._desk, device.customer_id, device, initiator=self._page)
        form.open_with(lambda _made: self._saved(_("The device was saved.")))

    def plan(self) -> None:
        """Plan a contact."""
        self._desk.run_action("followup")

    def consent(self, answer: str) -> None:
        """Note the answer to "may we contact you?"."""
        card = self._live()
        if card is not None:
            who = card.customer.id
            self._save(None, _("consent"), lambda shop: customers.edit(shop, who, consent=answer))

    def open_account(self) -> None:
        """Open what the customer owes."""
        card = self._current()
        if card is not None:
            pay_balance(self._desk, card.customer.id, self._page.load, initiator=self._page)

    def open_points(self) -> None:
        """Open the points of the customer."""
        card = self._live()
        if card is not None:
            PointsForm(self._desk, card.customer.id, initiator=self._page).open_with(self._saved)

    def open_brought(self) -> None:
        """Say what the customer bought before the shop's own records begin."""
        card = self._live()
        if card is not None:
            OpeningForm(self._desk, card, initiator=self._page).open_with(self._saved)

    def ask(self) -> None:
        """Note an answer to a survey."""
        card = self._live()
        if card is not None:
            new_answer(self._desk, card.customer.id, self._page.load, initiator=self._page)

    def act(self, advice: Advice) -> None:
        """Do what a suggestion is about."""
        self._open(advice.action, advice.ref)

    def open_item(self, item: OpenItem) -> None:
        """Open what is not finished."""
        self._open(item.kind, item.id)

    def open_entry(self, entry: Entry) -> None:
        """Open what is behind a line of the timeline."""
        self._open(*entry.ref)

    def _open(self, noun: str, number: int) -> None:
        card = self._current()
        if noun == "complaint":
            self._desk.go_to("complaints", number)
        elif noun == "followup":
            ContactDialog(self._desk, number).open()
        elif noun == "purchase":
            PurchaseDialog(self._desk, number).open()
        elif noun == "survey":
            open_answer(self._desk, number, self._page.load, initiator=self._page)
        elif noun == "balance":
            self.open_account()
        elif noun == "note":
            self.open_note(number)
        elif noun == "customer" and card is not None and number != card.customer.id:
            self._desk.open_customer(number)
