"""Fields that the shop defines for itself, and their values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

FieldKind = Literal["text", "number", "date", "choice", "yes_no"]


@dataclass(frozen=True)
class CustomField:
    """A field of the shop's own on every customer's card.

    Attributes:
        id: key. name: in the shop's words, unique among active ones.
        kind: text, number, date, choice or yes_no.
        choices: JSON list of the words to choose from, '[]' for other kinds.
        position: ascending on the card. active: shown; values of others are kept.
        created_at: instant of recording.
    """

    TABLE: ClassVar[str] = "custom_fields"

    id: int
    name: str
    kind: FieldKind
    created_at: str
    choices: str = "[]"
    position: int = 0
    active: bool = True


@dataclass(frozen=True)
class CustomValue:
    """The value of one such field for one customer; no row where it is empty.

    Attributes:
        id: key. customer_id / field_id: each pair at most once.
        value: never empty; a number in plain decimal ("12.5"), a date as 'YYYY-MM-DD', yes and no as '1' and '0',
            a text or a choice as it is. import_id: the import that made it, or None.
    """

    TABLE: ClassVar[str] = "custom_values"

    id: int
    customer_id: int
    field_id: int
    value: str
    import_id: int | None = None
