"""Hidden phone numbers: 138****8866 instead of the number, in a field or inside a text; and how one comes back.

Who may see numbers in full is decided in masks.py; how a number is read and shown is in values.py.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _
from desktop_crm.base.values import normal_phone

_MASK = re.compile(r"\+?\d{0,3}\*{3,}\d{2,4}")
_ALIKE = {
    "0123456789+": "０１２３４５６７８９＋",
    " ": "\t\u00a0\u2002\u2003\u2009\u200b\u200c\u200d\u200e\u200f\u202f\u2060\u3000\ufeff",
    "-": "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d",
    ".": "\u00b7\u2022\u2027\u2219\u30fb\uff0e\uff65",
    "/": "\\_~\uff0f\uff3c\uff3f\uff5e",
    "(": "[\uff08\u3010",
    ")": "]\uff09\u3011",
}
"""What is written instead of a sign, one for one, so that what is found in the one has its place in the other."""

_PLAIN = str.maketrans(
    {other: sign for signs, others in _ALIKE.items() for sign, other in zip(signs * 20, others, strict=False)}
)

_GAP = r"[ \-./()]{0,3}"
"""What may stand between two digits of one number; no comma, which parts amounts and lists of them."""

_NO_DAY = rf"(?!\d{{1,5}}{_GAP}(?:19|20)\d\d[-./]\d{{1,2}}[-./]\d)"
"""A price, points or the number of an order with a day behind it are no phone number."""

_SHAPES = re.compile(
    rf"(?<![\d¥￥])(?:(?:\(\+?86\)|(?:\+|00)?86){_GAP})?{_NO_DAY}"  # a mobile number, in whatever groups
    rf"(?:\(1[3-9]\d\)|1[3-9]\d)(?:{_GAP}\d){{8}}(?!\d)"
    rf"|(?<!\d)(?:(?:\(\+?86\)|(?:\+|00)86){_GAP})?{_NO_DAY}"  # a landline, area first
    rf"(?:\(0\d{{2,3}}\)|0\d{{2,3}}){_GAP}[2-9](?:{_GAP}\d){{6,7}}(?!\d)"
    rf"|(?<!\d)\+{_NO_DAY}\d(?:{_GAP}\d){{7,14}}(?!\d)"  # a foreign one
)
"""What is a phone number wherever it stands. IMEIs are longer, money has commas, days have other lengths."""

_BEGINNING = re.compile(r"\d{3}|[+＋]")
"""Without one of these there is no number, as in most texts."""

_RUNS = re.compile(r"\+?\d{5,}")


class PhoneHidden(CrmError):
    """A hidden number was given where its digits are needed."""


def cannot_be_told(mask: str) -> PhoneHidden:
    """The failure where several numbers look so, or none."""
    return PhoneHidden(
        _(
            "It cannot be told which number {number} is. Nothing was saved; hold F9 to see the numbers of this "
            "customer, and type all digits."
        ).format(number=mask)
    )


def mask_phone(number: str) -> str:
    """A stored number whose middle is hidden: 138****8866; of a short one the last two digits are left.

    It is as long as the number, so that what is marked in the one is marked in the other.
    """
    if len(number) >= 10:
        return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"
    return "*" * (len(number) - 2) + number[-2:]


def is_masked(text: str) -> bool:
    """Whether a hidden number stands in the text."""
    return "***" in text and _MASK.search(text) is not None


def hide(text: str) -> str:
    """A text in which every phone number is hidden, whatever stands around it."""
    if len(text) < 8 or not _BEGINNING.search(text):
        return text
    parts, end = [], 0
    for found in _SHAPES.finditer(text.translate(_PLAIN)):
        parts += [text[end : found.start()], mask_phone(normal_phone(found[0]))]
        end = found.end()
    return "".join([*parts, text[end:]])


def hide_all(text: str) -> str:
    """What is known to hold nothing but numbers and their labels: every run of digits is hidden, local numbers too."""
    return _RUNS.sub(lambda found: mask_phone(found[0]), hide(text))


def restore(text: str, whole: str) -> str:
    """A text that was changed while its numbers were hidden, with those that `whole` holds in full.

    A hidden number that `whole` does not hold stays as it was typed.

    Raises:
        PhoneHidden: several look so and not all of them came back, so that it cannot be told which did.

    Example:
        restore("call 138****8866 at noon", "call 138 0571 8866") is "call 138 0571 8866 at noon".
    """
    if not is_masked(text):
        return text
    known: dict[str, list[str]] = {}
    for mask, number in _hidden_in(whole):
        known.setdefault(mask, []).append(number)

    for mask, count in Counter(_MASK.findall(text)).items():
        if len(set(known.get(mask, ()))) > 1 and count != len(known[mask]):
            raise cannot_be_told(mask)

    def back(found: re.Match[str]) -> str:
        numbers = known.get(found[0])
        if not numbers:
            return found[0]
        return numbers.pop(0) if len(numbers) > 1 else numbers[0]

    return _MASK.sub(back, text)


def _hidden_in(whole: str) -> Iterator[tuple[str, str]]:
    """(mask, number as it is written) of all that would be hidden."""
    plain = whole.translate(_PLAIN)
    for found in _SHAPES.finditer(plain):
        yield mask_phone(normal_phone(found[0])), whole[found.start() : found.end()]
    for found in _RUNS.finditer(_SHAPES.sub(" ", plain)):
        yield mask_phone(found[0]), found[0]
