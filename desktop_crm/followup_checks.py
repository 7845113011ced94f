"""What stands between a wish and a follow-up: is it there, still open, the customer living, the day possible."""

from __future__ import annotations

from datetime import date

from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _
from desktop_crm.base.values import clean_text
from desktop_crm.records.customers import Customer
from desktop_crm.shop import Shop
from desktop_crm.store import followups as store
from desktop_crm.store import person
from desktop_crm.store.followups import Planned


class FollowupMissing(CrmError):
    """There is no such follow-up, or its customer is gone."""


class FollowupEnded(CrmError):
    """The follow-up is not open any more."""


class ReasonMissing(CrmError):
    """A plan or cancellation needs a reason."""


class DayNotPossible(CrmError):
    """The day is missing or has passed."""


class TimeNotUnderstood(CrmError):
    """The time is not of the form HH:MM."""


class ContactNotWanted(CrmError):
    """The customer asked not to be contacted."""


def planned(shop: Shop, followup_id: int) -> Planned:
    """One follow-up with everything around it."""
    found = store.planned(shop.db, followup_id)
    if found is None:
        raise FollowupMissing(_("This follow-up is not there any more; nothing was changed."))
    return found


def still_open(shop: Shop, followup_id: int) -> Planned:
    """One follow-up that is not ended."""
    found = planned(shop, followup_id)
    if found.followup.state != "open":
        raise FollowupEnded(
            _("This contact with {name} was ended already; nothing was changed.").format(
                name=found.customer_name
            )
        )
    return found


def living(shop: Shop, customer_id: int) -> Customer:
    """A customer whose card is there."""
    found = shop.db.get(Customer, customer_id)
    is_gone = found is None or found.deleted_at is not None or found.merged_into is not None
    if found is None or is_gone or person.is_erased(shop.db, customer_id):
        raise FollowupMissing(_("This customer's card is not there any more; nothing was changed."))
    return found


def possible_day(shop: Shop, day: date) -> str:
    """The stored form of a day that is not over."""
    if day < shop.today():
        raise DayNotPossible(
            _("{day} has passed. Choose today or a later day; nothing was changed.").format(day=day)
        )
    return day.isoformat()


def clean_time(text: str | None) -> str | None:
    """The stored form HH:MM of a time, None where none was given."""
    plain = clean_text(text or "").replace("：", ":")
    if not plain:
        return None
    hour, _colon, minute = plain.partition(":")
    if not (
        hour.isdecimal() and minute.isdecimal() and len(minute) == 2 and int(hour) < 24 and int(minute) < 60
    ):
        raise TimeNotUnderstood(
            _("“{text}” is not a time. Write 15:30; nothing was changed.").format(text=plain)
        )
    return f"{int(hour):02d}:{int(minute):02d}"
