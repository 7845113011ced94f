"""The small forms of follow-ups: plan one (F3), put one off, cancel one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

from desktop_crm import followup_checks, followups, staff
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import N_, _
from desktop_crm.followups import DueFollowup
from desktop_crm.records.staff import StaffMember
from desktop_crm.shop import Shop
from desktop_crm.ui.customer_field import CustomerField
from desktop_crm.ui.kit.forms import ChoiceField, DayField, FormDialog, TextField
from desktop_crm.ui.page import Desk

REASONS = (
    N_("A new model they asked about"),
    N_("A part or film has arrived"),
    N_("Their carrier plan ends"),
    N_("Call back"),
)
"""What such contacts usually are about; anything else may be typed."""


def time_problem(text: str) -> str:
    """What is wrong with a time, as a sentence, or ""."""
    try:
        followup_checks.clean_time(text)
    except CrmError as error:
        return str(error)
    return ""


class FollowupForm(FormDialog[int]):
    """A contact to be planned."""

    def __init__(self, desk: Desk, customer_id: int | None) -> None:
        super().__init__(desk.jobs, desk.window, title=_("Plan a contact"), save_text=_("Plan it"))
        self._today = desk.shop.today()
        self.customer = CustomerField(desk.jobs, _("Customer"), customer_id=customer_id, required=True)
        self.why = ChoiceField(
            _("Why"),
            [(text, text) for text in map(_, REASONS)],
            free=True,
            required=True,
            placeholder=_("What is it about?"),
        )
        self.day = DayField(
            _("Day"),
            today=self._today,
            value=self._today + timedelta(days=1),
            required=True,
            check=self._late,
        )
        self.time = TextField(_("Time, for a reminder"), placeholder="15:30", check=time_problem)
        self.who = ChoiceField[int | None](_("Who"), [(None, _("Anybody"))], value=None)
        self.add(self.customer)
        self.add(self.why)
        self.add_row(self.day, self.time)
        self.add(self.who)
        self.who.set_value(None)
        desk.jobs.query(staff.listing, partial(self.fill, self._show_staff), key="followup_form.staff")
        if customer_id is not None:
            self.why.editor.setFocus()

    def job(self) -> Callable[[Shop], int]:
        customer_id, day = self.customer.value() or 0, self.day.value() or self._today
        why, time, who = self.why.value(), self.time.value(), self.who.value()
        return lambda shop: followups.plan(shop, customer_id, day, why, due_time=time, staff_id=who)

    def _late(self, day: date | None) -> str:
        return _("This day has passed.") if day is not None and day < self._today else ""

    def _show_staff(self, members: list[StaffMember]) -> None:
        self.who.set_items([(None, _("Anybody")), *((member.id, member.name) for member in members)])
        self.who.set_value(None)


def new_followup(desk: Desk, customer_id: int | None) -> None:
    """F3: plan a contact, with the open customer filled in."""
    FollowupForm(desk, customer_id).open_with(lambda _id: desk.done(_("The contact is planned.")))


class SnoozeForm(FormDialog[None]):
    """Another day for a contact."""

    def __init__(self, desk: Desk, line: DueFollowup) -> None:
        super().__init__(
            desk.jobs,
            desk.window,
            title=_("Put off the contact with {name}").format(name=line.customer_name),
            note=_("The day first promised stays: {day}.").format(day=line.followup.first_due_day),
            save_text=_("Put off"),
        )
        self._id, self._today = line.id, desk.shop.today()
        self._day = DayField(
            _("Day"), today=self._today, value=self._today + timedelta(days=1), required=True
        )
        self._time = TextField(
            _("Time, for a reminder"), line.followup.due_time or "", placeholder="15:30", check=time_problem
        )
        self.add_row(self._day, self._time)

    def job(self) -> Callable[[Shop], None]:
        day, time = self._day.value() or self._today, self._time.value()
        return lambda shop: followups.snooze(shop, self._id, day, time)


class CancelForm(FormDialog[None]):
    """Why a contact is not needed any more."""

    def __init__(self, desk: Desk, line: DueFollowup) -> None:
        super().__init__(
            desk.jobs,
            desk.window,
            title=_("Cancel the contact with {name}").format(name=line.customer_name),
            note=_("A cancelled contact counts neither as done nor as missed."),
            save_text=_("Cancel the contact"),
        )
        self._id = line.id
        self._why = self.add(TextField(_("Why"), required=True))

    def job(self) -> Callable[[Shop], None]:
        why = self._why.value()
        return lambda shop: followups.cancel(shop, self._id, why)
