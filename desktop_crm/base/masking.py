"""Hidden phone numbers: 138****8866 instead of the number, in a field or inside a text; and how one comes back.

Who may see numbers in full is decided in masks.py; how a number is read and shown is in values.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from desktop_crm.base.values import normal_phone

_MASK = re.compile(r"\+?\d{0,3}\*{3,}\d{2,4}")
_GAP = r"[ .\-\u2010-\u2015\u00a0\u3000]?"
_SHAPES = re.compile(
    rf"(?<!\d)(?:(?:[+＋]|00)?86{_GAP})?[1１][3-9３-９]\d(?:{_GAP}\d){{8}}(?!\d)"  # a mobile number, in whatever groups
    rf"|(?<!\d)(?:(?:[+＋]|00)86{_GAP})?\(?[0０]\d{{2,3}}\)?{_GAP}[2-9２-９](?:{_GAP}\d){{6,7}}(?!\d)"  # a landline, area first
    rf"|(?<!\d)[+＋]\d(?:{_GAP}\d){{7,14}}(?!\d)"  # a foreign one
)
"""What is a phone number wherever it stands. IMEIs are longer, money has commas, days have other lengths."""

_RUNS = re.compile(r"\+?\d{5,}")


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
    if len(text) < 8:
        return text
    return _SHAPES.sub(lambda found: mask_phone(normal_phone(found[0])), text)


def hide_all(text: str) -> str:
    """What is known to hold nothing but numbers and their labels: every run of digits is hidden, local numbers too."""
    return _RUNS.sub(lambda found: mask_phone(found[0]), hide(text))


def restore(text: str, whole: str) -> str:
    """A text that was changed while its numbers were hidden, with those that `whole` holds in full.

    A hidden number that `whole` does not hold stays as it was typed.

    Example:
        restore("call 138****8866 at noon", "call 138 0571 8866") is "call 138 0571 8866 at noon".
    """
    if not is_masked(text):
        return text
    known: dict[str, list[str]] = {}
    for mask, number in _hidden_in(whole):
        known.setdefault(mask, []).append(number)

    def back(found: re.Match[str]) -> str:
        numbers = known.get(found[0])
        if not numbers:
            return found[0]
        return numbers.pop(0) if len(numbers) > 1 else numbers[0]

    return _MASK.sub(back, text)


def _hidden_in(whole: str) -> Iterator[tuple[str, str]]:
    """(mask, number as it is written) of all that would be hidden."""
    for found in _SHAPES.finditer(whole):
        yield mask_phone(normal_phone(found[0])), found[0]
    for found in _RUNS.finditer(_SHAPES.sub(" ", whole)):
        yield mask_phone(found[0]), found[0]
