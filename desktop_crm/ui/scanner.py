"""Telling a scanner from a person: its keys follow each other faster than fingers can, and end with Enter."""

from __future__ import annotations

import time
from collections.abc import Callable

_LEAST = 6
"""Characters of the shortest code; four digits typed fast are a phone's tail."""

_GAP = 0.05
"""Seconds between two keys of a scanner at most; a fast typist needs 0.08, a slow scanner takes 0.03."""


class Burst:
    """The keys that came one right after the other, up to the last one."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._last = 0.0
        self._text = ""

    def feel(self, text: str) -> None:
        """A key was pressed that types `text`."""
        now = self._now()
        if now - self._last > _GAP:
            self._text = ""
        self._last = now
        self._text += text

    def code(self) -> str:
        """What was scanned, asked when Enter is pressed; '' where a person typed."""
        scanned = self._text if self._now() - self._last <= _GAP else ""
        self._text = ""
        return scanned if len(scanned) >= _LEAST else ""
