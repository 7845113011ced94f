"""Whom a list, a view, an export or a campaign is about: conditions on customers, as one value that can be kept."""

from __future__ import annotations

from dataclasses import dataclass

Value = str | int | float | tuple[str | int | float, ...]
"""What a condition compares with; '' where it compares with nothing."""


@dataclass(frozen=True)
class Condition:
    """One condition; which fields and operators there are is in who_fields.py.

    Attributes:
        field: key of the field ("tier", "last_contact", "own:3" for the shop's own field number 3).
        operator: key of the operator ("is", "not_for", "between" …).
        value: a text, a number, fen, a span ("60d", "12m"), a day, or several of them; '' for none.
        negated: everybody for whom it does not hold.
    """

    field: str
    operator: str
    value: Value = ""
    negated: bool = False


@dataclass(frozen=True)
class Filter:
    """Several conditions; without any it is everybody whose card is in use.

    Attributes:
        conditions: in the order in which they were added.
        all_of: all must hold; False: at least one.
    """

    conditions: tuple[Condition, ...] = ()
    all_of: bool = True
