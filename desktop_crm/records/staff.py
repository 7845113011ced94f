"""The shop's people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

Role = Literal["owner", "manager", "clerk"]


@dataclass(frozen=True)
class StaffMember:
    """One person of the shop; someone who left stays, inactive, because their steps stay.

    Attributes:
        id: key. name: as on the list at the counter. created_at: instant of recording.
        role: owner, manager or clerk. active: works here now.
    """

    TABLE: ClassVar[str] = "staff"

    id: int
    name: str
    created_at: str
    role: Role = "clerk"
    active: bool = True
