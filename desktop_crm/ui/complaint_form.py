"""The forms of complaints: take one in (F4), hand it to somebody, say which other case it repeats."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import cast

from desktop_crm import complaints, devices, interactions, staff
from desktop_crm.base.i18n import _
from desktop_crm.complaints import Case, CaseLine, ComplaintDraft
from desktop_crm.records.complaints import Priority
from desktop_crm.records.interactions import Channel
from desktop_crm.shop import Shop
from desktop_crm.ui.customer_field import CustomerField
from desktop_crm.ui.kit.forms import CheckField, ChoiceField, FormDialog, NoteField
from desktop_crm.ui.page import Desk


@dataclass(frozen=True)
class _Words:
    """What the form offers: staff, categories in use, phones of the customer."""

    staff: list[tuple[int | None, str]]
    categories: list[str]


def _words(shop: Shop) -> _Words:
    members = [(member.id, member.name) for member in staff.listing(shop)]
    return _Words([(None, _("Who is at the counter")), *members], complaints.categories(shop))


class ComplaintForm(FormDialog[int]):
    """A complaint to be taken in."""

    def __init__(self, desk: Desk, customer_id: int | None) -> None:
        super().__init__(
            desk.jobs,
            desk.window,
            title=_("Take a complaint in"),
            note=_("The due time follows from how urgent it is."),
            save_text=_("Take it in"),
            width=520,
        )
        self._desk = desk
        self.customer = CustomerField(
            desk.jobs, _("Customer"), customer_id=customer_id, hint=_("Empty if they do not give a name.")
        )
        self.summary = NoteField(_("What the customer says"), lines=3, required=True)
        self.priority = ChoiceField[str](
            _("How urgent"),
            [(each, complaints.priority_label(each)) for each in complaints.PRIORITIES],
            value="normal",
            required=True,
        )
        self.category = ChoiceField[str](
            _("About"), [], free=True, placeholder=_("screen, battery, service …")
        )
        self.device = ChoiceField[int | None](_("Device"), [(None, "–")], value=None)
        self.channel = ChoiceField[str](
            _("How it came"),
            [(key, interactions.channel_label(key)) for key in interactions.CHANNELS],
            value="visit",
        )
        self.owner = ChoiceField[int | None](
            _("Answerable"), [(None, _("Who is at the counter"))], value=None
        )
        self.responded = CheckField(_("Answered on the spot: the first response took no time"))
        self.add(self.customer)
        self.add(self.summary)
        self.add_row(self.priority, self.category)
        self.add_row(self.device, self.channel)
        self.add(self.owner)
        self.add(self.responded)
        for field in (self.device, self.owner):
            field.set_value(None)
        self.customer.changed.connect(self._ask_devices)
        desk.jobs.query(_words, partial(self.fill, self._show_words), key="complaint_form.words")
        self._ask_devices()
        if customer_id is not None:
            self.summary.editor.setFocus()

    def job(self) -> Callable[[Shop], int]:
        draft = ComplaintDraft(
            self.summary.value(),
            self.customer.value(),
            cast(Priority, self.priority.value()),
            self.category.value(),
            cast(Channel, self.channel.value()),
            device_id=self.device.value(),
            owner_staff_id=self.owner.value(),
            responded=self.responded.value(),
        )
        return lambda shop: complaints.receive(shop, draft)

    def _show_words(self, words: _Words) -> None:
        self.owner.set_items(words.staff)
        self.owner.set_value(None)
        self.category.set_items([(each, each) for each in words.categories])

    def _ask_devices(self) -> None:
        customer_id = self.customer.value()
        if customer_id is None:
            self._show_devices([])
            return
        self._desk.jobs.query(
            lambda shop: [(each.id, each.model) for each in devices.of_customer(shop, customer_id)],
            partial(self.fill, self._show_devices),
            key="complaint_form.devices",
        )

    def _show_devices(self, found: list[tuple[int, str]]) -> None:
        self.device.set_items([(None, "–"), *found])
        self.device.set_value(None)


class HandForm(FormDialog[None]):
    """How urgent a case is and who is answerable."""

    def __init__(self, desk: Desk, case: Case) -> None:
        super().__init__(desk.jobs, desk.window, title=_("Urgency and who is answerable"))
        self._case = case.complaint
        self._priority = self.add(
            ChoiceField[str](
                _("How urgent"),
                [(each, complaints.priority_label(each)) for each in complaints.PRIORITIES],
                value=case.complaint.priority,
                required=True,
            )
        )
        self._owner = self.add(ChoiceField[int | None](_("Answerable"), [(None, _("Nobody"))], value=None))
        desk.jobs.query(_words, partial(self.fill, self._show_words), key="hand_form.words")

    def job(self) -> Callable[[Shop], None]:
        case_id, priority = self._case.id, cast(Priority, self._priority.value())
        owner = self._owner.value()
        return lambda shop: complaints.edit(shop, case_id, priority, owner)

    def _show_words(self, words: _Words) -> None:
        self._owner.set_items([(None, _("Nobody")), *words.staff[1:]])
        self._owner.set_value(self._case.owner_staff_id)


class DuplicateForm(FormDialog[None]):
    """Which other case this one repeats."""

    def __init__(self, desk: Desk, case: Case) -> None:
        super().__init__(
            desk.jobs,
            desk.window,
            title=_("It repeats another complaint"),
            note=_("This one ends here; the other one stays open."),
            save_text=_("Mark as duplicate"),
        )
        self._case = case.complaint
        self._other = self.add(ChoiceField[int](_("The other complaint"), [], required=True))
        desk.jobs.query(complaints.lines, self._show_lines, key="duplicate_form.lines")

    def job(self) -> Callable[[Shop], None]:
        case_id, other = self._case.id, self._other.value()
        return lambda shop: complaints.mark_duplicate(shop, case_id, other)

    def _show_lines(self, found: list[CaseLine]) -> None:
        own = self._case.customer_id
        others = [line.row for line in found if line.id != self._case.id]
        others.sort(key=lambda row: (row.customer_id != own, -row.id))
        self._other.set_items(
            [(row.id, f"{row.customer_name or '–'} · {row.received_day} · {row.summary}") for row in others]
        )


def new_complaint(desk: Desk, customer_id: int | None) -> None:
    """F4: take a complaint in, with the open customer filled in."""
    ComplaintForm(desk, customer_id).open_with(lambda _id: desk.done(_("The complaint is taken in.")))
