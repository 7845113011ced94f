"""Phone numbers of customers as somebody writes them: read, checked, judged by kind.

How a number is stored and shown is in base/values.py; whose it is, in customers.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _
from desktop_crm.base.masking import cannot_be_told, is_masked, mask_phone
from desktop_crm.base.values import (
    clean_text,
    digits_lost,
    half_width,
    normal_phone,
    show_phone,
    valid_mobile,
    valid_phone,
)
from desktop_crm.records.customers import Phone, PhoneKind


@dataclass(frozen=True)
class PhoneDraft:
    """A phone number as somebody wrote it; `kind` None: judged by the number."""

    number: str
    kind: PhoneKind | None = None
    label: str = ""


class PhoneNotUnderstood(CrmError):
    """What was written is no phone number."""


def checked_phones(phones: Iterable[PhoneDraft]) -> tuple[PhoneDraft, ...]:
    """The numbers in stored form with their kind; empty ones left out, each number once.

    A hidden one (138****8866) stays as it is, of no kind: which number it is, `meant` knows.

    Raises:
        PhoneNotUnderstood: one of them has fewer than five digits, or lost digits in a spreadsheet.
    """
    found: dict[str, PhoneDraft] = {}
    for phone in phones:
        if not clean_text(phone.number):
            continue
        if is_masked(phone.number):
            mask = "".join(phone.number.split())
            found.setdefault(mask, PhoneDraft(mask, None, clean_text(phone.label)))
            continue
        number = normal_phone(phone.number)
        if digits_lost(phone.number) or not 5 <= len(number.lstrip("+")) <= 20:
            raise PhoneNotUnderstood(
                _("“{text}” is not a phone number. Nothing was saved; please type all its digits.").format(
                    text=clean_text(phone.number)
                )
            )
        found.setdefault(
            number, PhoneDraft(number, phone.kind or phone_kind(number), clean_text(phone.label))
        )
    return tuple(found.values())


def parse(text: str) -> tuple[PhoneDraft, ...]:
    """Read numbers typed in one line: separated by commas, each with an optional label behind it ("… 家")."""
    found = []
    for part in re.split(r"[,，;；、\n]", text):
        match = re.fullmatch(r"\s*(\+?[\d\s()*-]*)(.*?)\s*", half_width(part))
        if match and part.strip():
            found.append(
                PhoneDraft(match[1].strip() or part.strip(), label=match[2] if match[1].strip() else "")
            )
    return tuple(found)


def meant(drafts: Iterable[PhoneDraft], stored: Iterable[str]) -> tuple[PhoneDraft, ...]:
    """As `checked_phones`, written by somebody who sees the numbers of a card hidden: each is the one that looks so.

    Raises:
        PhoneNotUnderstood, PhoneHidden: none of them looks so, or it cannot be told which.
    """
    written = checked_phones(drafts)
    named = {draft.number for draft in written}
    left = [number for number in stored if number not in named]
    return checked_phones(
        replace(draft, number=_only(draft.number, left)) if is_masked(draft.number) else draft
        for draft in written
    )


def same(number: str, stored: Iterable[str]) -> str | None:
    """The stored number that is written so, in full or hidden; None if there is none.

    Raises:
        PhoneHidden: it is hidden, and it cannot be told which it is.
    """
    if is_masked(number):
        return _only("".join(number.split()), stored)
    plain = normal_phone(number)
    return plain if plain in stored else None


def _only(mask: str, stored: Iterable[str]) -> str:
    alike = [number for number in stored if mask_phone(number) == mask]
    if len(alike) != 1:
        raise cannot_be_told(mask)
    return alike[0]


def phone_kind(number: str) -> PhoneKind:
    """What kind of number a stored number is."""
    if valid_mobile(number):
        return "mobile"
    if number.startswith("+"):
        return "foreign"
    if re.fullmatch(r"[48]00\d{7}", number):
        return "service"
    return "landline" if valid_phone(number) else "other"


def said_phone(phone: Phone) -> str:
    """A number with its label, for lists and cards."""
    return f"{show_phone(phone.number)} {phone.label}".rstrip()
