"""Who may open the shop, as the key file lists them before anybody has signed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from desktop_crm.records.staff import Role


@dataclass(frozen=True)
class User:
    """A person whose password opens the shop.

    Attributes:
        staff_id: the person. name / role: as they stood when the key file was last written.
    """

    staff_id: int
    name: str
    role: Role


@dataclass(frozen=True)
class KeyState:
    """What the shop file remembers of its key file; one row.

    Attributes:
        id: always 1. sequence: the highest that was written to the key file, so that an older one is recognised.
        shop_id: as in the key file, which may be lost.
        sheet_proved: the check value of the secret whose recovery sheet was proved to exist, '' for none.
    """

    TABLE: ClassVar[str] = "key_state"

    id: int
    sequence: int
    shop_id: str
    sheet_proved: str = ""
