"""The PIN by which somebody at the counter shows who they are; opening the shop is another act, with a password."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Pin:
    """One person's PIN.

    Attributes:
        id: key of the person. hash: argon2id in its own notation, with salt and cost. set_at: instant.
        failures: wrong ones since the last right one. failed_at: instant of the last wrong one, or None.
    """

    TABLE: ClassVar[str] = "pins"

    id: int
    hash: str
    set_at: str
    failures: int = 0
    failed_at: str | None = None
