"""What this machine remembers for the window: geometry, column widths, theme; kept by base/machine.py.

Shop settings live in the shop file (settings.py); nothing here is about customers.
"""

from __future__ import annotations

from pathlib import Path

from desktop_crm.base import machine
from desktop_crm.base.machine import Json


class State:
    """Named values of this machine; what is put is written by the next `save`.

    Args:
        folder: where the machine's file lies; None for the usual place.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._values = machine.read(folder)
        self._changed: dict[str, Json] = {}

    def text(self, key: str, default: str = "") -> str:
        """A remembered text."""
        value = self._values.get(key)
        return value if isinstance(value, str) else default

    def flag(self, key: str, default: bool = False) -> bool:
        """A remembered yes or no."""
        value = self._values.get(key)
        return value if isinstance(value, bool) else default

    def numbers(self, key: str) -> dict[str, int]:
        """Remembered whole numbers by name, e.g. column widths; {} when there are none."""
        value = self._values.get(key)
        if not isinstance(value, dict):
            return {}
        return {name: number for name, number in value.items() if isinstance(number, int)}

    def texts(self, key: str) -> list[str]:
        """Remembered texts in their order; [] when there are none."""
        value = self._values.get(key)
        return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []

    def put(self, key: str, value: Json) -> None:
        """Remember `value`."""
        if self._values.get(key) != value:
            self._values[key] = self._changed[key] = value

    def put_numbers(self, key: str, values: dict[str, int]) -> None:
        """Remember whole numbers by name."""
        self.put(key, dict(values))

    def save(self) -> None:
        """Write what changed; a machine that cannot be written to is left without a memory."""
        if self._changed:
            machine.remember(self._changed, self._folder)
            self._changed = {}
