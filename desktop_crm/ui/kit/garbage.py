"""Cyclic garbage is collected on the window's thread only.

Python collects on whichever thread happens to allocate. Where a cycle holds a widget that nobody needs any more, a
reader thread would then destroy it beside the running window, and Qt ends the process without a word. While anything
here holds it, the automatic collection is off, and a timer on the window's thread does the same work.
"""

from __future__ import annotations

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer

LOOK_MS: Final = 1000


class GarbageTimer(QObject):
    """Collects every second what Python itself would have collected by then; made and stopped on the window's thread."""

    _held = 0

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._is_on = True
        GarbageTimer._held += 1
        gc.disable()
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Collect the oldest generation whose threshold is passed."""
        due = [
            age
            for age, (count, most) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True))
            if count > most
        ]
        if due:
            gc.collect(max(due))

    def stop(self) -> None:
        """Leave it to Python again, once nobody holds it: no other thread is at work then."""
        if not self._is_on:
            return
        self._is_on = False
        self._timer.stop()
        GarbageTimer._held -= 1
        if not GarbageTimer._held:
            gc.enable()
