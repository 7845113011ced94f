"""Phone numbers of customers as somebody writes them: read, checked, judged by kind.

How a number is stored and shown is in base/values.py; whose it is, in customers.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _
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

    Raises:
        PhoneNotUnderstood: one of them has fewer than five digits, or lost digits in a spreadsheet.
    """
    found: dict[str, PhoneDraft] = {}
    for phone in phones:
        if not clean_text(phone.number):
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
        match = re.fullmatch(r"\s*(\+?[\d\s()-]*)(.*?)\s*", half_width(part))
        if match and part.strip():
            found.append(
                PhoneDraft(match[1].strip() or part.strip(), label=match[2] if match[1].strip() else "")
            )
    return tuple(found)


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
