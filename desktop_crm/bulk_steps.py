"""What can be done with many cards at once, as values, and how each step and what it changes reads.

Doing it is bulk.py's business.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from desktop_crm import custom_fields, staff, who
from desktop_crm.base.i18n import N_, _, ngettext
from desktop_crm.consents import CHANNELS
from desktop_crm.records.customers import Consent, ConsentChannel
from desktop_crm.shop import Shop
from desktop_crm.store.bulk_changes import Column


@dataclass(frozen=True)
class Tagging:
    """Put tags on, or take them off. names: in the shop's words; unknown ones are made. on: False takes them off."""

    names: tuple[str, ...]
    on: bool = True


@dataclass(frozen=True)
class Editing:
    """Give one field one value. field: a key of FIELDS or "own:3"; value: as stored, '' empties it."""

    field: str
    value: str


@dataclass(frozen=True)
class Consenting:
    """Note an answer. channel: '' is in general; answer: granted, refused or '' (not asked)."""

    channel: Literal[""] | ConsentChannel
    answer: Consent


@dataclass(frozen=True)
class Silence:
    """They asked not to be contacted (wanted), or take that back."""

    wanted: bool = True


@dataclass(frozen=True)
class Planning:
    """Plan a contact with each. staff_id: who should do it; None: anybody."""

    day: date
    reason: str
    staff_id: int | None = None


@dataclass(frozen=True)
class Deleting:
    """Put them into the recycle bin."""


Step = Tagging | Editing | Consenting | Silence | Planning | Deleting

FIELDS: dict[str, Column] = {
    "owner": "owner_staff_id",
    "source": "source",
    "region": "region",
    "occupation": "occupation",
    "kind": "kind",
    "gender": "gender",
    "language": "language",
}
"""The fields that can be edited on many cards, by their key in who_fields.py, with their column."""


_ANSWERS = {"granted": N_("granted"), "refused": N_("refused"), "": N_("not asked")}


class Words:
    """Stored values of a step in words."""

    def __init__(self, shop: Shop, step: Step) -> None:
        self._step = step
        asked = who.field(shop, step.field) if isinstance(step, Editing) else None
        self._names = {choice.value: choice.label for choice in asked.choices} if asked else {}
        self._own = (
            custom_fields.get(shop, int(step.field.removeprefix("own:")))
            if isinstance(step, Editing) and step.field.startswith("own:")
            else None
        )
        self._clerk = staff.name_of(shop, step.staff_id) if isinstance(step, Planning) else ""

    def old(self, stored: str) -> str:
        """What a card says now."""
        step = self._step
        if isinstance(step, Tagging):
            return _(", ").join(stored.split("\n")) if stored else ""
        if isinstance(step, Editing):
            return self._value(stored)
        if isinstance(step, Consenting):
            return _(_ANSWERS[stored])
        if isinstance(step, Silence):
            return _("does not want to be contacted") if stored == "1" else ""
        return stored

    def new(self, stored: str) -> str:
        """What it will say."""
        step = self._step
        if isinstance(step, Tagging):
            worn = stored.split("\n") if stored else []
            kept = [name for name in worn if step.on or name not in step.names]
            return _(", ").join([*kept, *(n for n in step.names if step.on and n not in worn)])
        if isinstance(step, Editing):
            return self._value(step.value)
        if isinstance(step, Consenting):
            return _(_ANSWERS[step.answer])
        if isinstance(step, Silence):
            return _("does not want to be contacted") if step.wanted else _("may be contacted")
        if isinstance(step, Planning):
            return " · ".join(part for part in (step.day.isoformat(), step.reason, self._clerk) if part)
        return _("in the recycle bin")

    def _value(self, stored: str) -> str:
        if self._own is not None:
            return custom_fields.show(self._own, stored) if stored else ""
        return self._names.get(stored, stored)


def label(shop: Shop, step: Step, count: int) -> str:
    """The step as History names it."""
    values: dict[str, Any] = {"count": f"{count:,}"}
    if isinstance(step, Tagging):
        values["names"] = _(", ").join(step.names)
        words = (
            ngettext("Tag {count} customer with {names}", "Tag {count} customers with {names}", count)
            if step.on
            else ngettext("Take {names} off {count} customer", "Take {names} off {count} customers", count)
        )
    elif isinstance(step, Editing):
        asked = who.field(shop, step.field)
        values["field"] = asked.label if asked else ""
        words = ngettext("Set {field} of {count} customer", "Set {field} of {count} customers", count)
    elif isinstance(step, Consenting):
        values["channel"] = _(CHANNELS[step.channel]) if step.channel else _("in general")
        words = ngettext(
            "Note the consent of {count} customer ({channel})",
            "Note the consent of {count} customers ({channel})",
            count,
        )
    elif isinstance(step, Silence):
        words = (
            ngettext("Contact {count} customer no more", "Contact {count} customers no more", count)
            if step.wanted
            else ngettext("Let {count} customer be contacted", "Let {count} customers be contacted", count)
        )
    elif isinstance(step, Planning):
        words = ngettext(
            "Plan a contact with {count} customer", "Plan a contact with {count} customers", count
        )
    else:
        words = ngettext("Delete {count} customer", "Delete {count} customers", count)
    return words.format(**values)
