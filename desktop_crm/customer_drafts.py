"""Cards that are not stored yet, and what a valid card is. Storing them is customers.py."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass, replace
from typing import Any, get_args

from desktop_crm import birthdays
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import LANGUAGES, _
from desktop_crm.base.values import clean_note, clean_text, half_width
from desktop_crm.phones import PhoneDraft, checked_phones
from desktop_crm.records.customers import Consent, CustomerKind, Gender


@dataclass(frozen=True)
class CustomerDraft:
    """A card that is not stored yet; the fields mean what they mean in `records.customers.Customer`.

    Attributes:
        name: may stay empty where there is a phone; the card then carries the number as its name.
        phones: the first is the primary number.
        tags: names of tags; unknown ones are made.
        since_day: None is today, except for imported cards.
    """

    name: str = ""
    phones: tuple[PhoneDraft, ...] = ()
    tags: tuple[str, ...] = ()
    card_no: str = ""
    external_id: str = ""
    kind: CustomerKind = "person"
    wechat: str = ""
    email: str = ""
    gender: Gender = ""
    birthday: str = ""
    birthday_lunar: bool = False
    region: str = ""
    address: str = ""
    occupation: str = ""
    source: str = ""
    referred_by: int | None = None
    owner_staff_id: int | None = None
    consent: Consent = ""
    consent_day: str | None = None
    do_not_contact: bool = False
    language: str = ""
    note: str = ""
    since_day: str | None = None
    import_id: int | None = None
    preferences: str = ""
    note_pinned: bool = False
    consent_wording: str = ""
    birthday_leap: bool = False


class NameMissing(CrmError):
    """A card has neither name nor number."""


class EmailNotUnderstood(CrmError):
    """What was written is no e-mail address."""


EDITABLE = frozenset(field.name for field in dataclasses.fields(CustomerDraft)) - {"phones", "tags"}
"""The fields of `Customer` that `edit` takes, beside verified_day."""


def checked(draft: CustomerDraft) -> CustomerDraft:
    """The draft as it may be stored: texts cleaned, numbers in stored form, no number twice.

    Raises:
        NameMissing, PhoneNotUnderstood, BirthdayNotUnderstood, EmailNotUnderstood
    """
    values = {name: clean_field(name, getattr(draft, name)) for name in EDITABLE}
    if draft.birthday:
        birthdays.checked(draft.birthday, draft.birthday_lunar)
    phones = checked_phones(draft.phones)
    if not values["name"]:
        if not phones:
            raise NameMissing(
                _("A card needs a name or a phone number. Nothing was saved; type one of them.")
            )
        values["name"] = phones[0].number
    tags = tuple(dict.fromkeys(tag for tag in map(clean_text, draft.tags) if tag))
    return replace(draft, phones=phones, tags=tags, **values)


_CHOICES: dict[str, tuple[str, ...]] = {
    "kind": get_args(CustomerKind),
    "gender": get_args(Gender),
    "consent": get_args(Consent),
    "language": ("", *LANGUAGES),
}


def clean_field(name: str, value: Any) -> Any:  # a field's own type in, the same out
    """One field's value as it may be stored."""
    if name not in EDITABLE and name != "verified_day":
        raise TypeError(f"{name} is not an editable field of a customer")
    if name in _CHOICES and value not in _CHOICES[name]:
        raise ValueError(f"{value!r} is no {name}")
    if not isinstance(value, str) or not value:
        return value
    text = clean_note(value) if name in ("note", "preferences") else clean_text(value)
    if name == "email" and text and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", half_width(text)):
        raise EmailNotUnderstood(
            _("“{text}” is not an e-mail address. Nothing was saved; it looks like name@example.com.").format(
                text=text
            )
        )
    return half_width(text) if name in ("email", "card_no", "external_id", "wechat") else text
