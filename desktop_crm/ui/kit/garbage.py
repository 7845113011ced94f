"""Cyclic garbage is collected on the window's thread only.

Python collects on whichever thread happens to allocate. Where a cycle holds a widget that nobody needs any more, a
reader thread would then destroy it beside the running window, and Qt ends the process without a word. While anything
here holds it, the automatic collection is off, and a timer on the window's thread does the same work.
"""

from __future__ import annotations

import gc
from functools import partial
from itertools import count
from typing import ClassVar, Final

from PySide6.QtCore import QObject, QTimer

LOOK_MS: Final = 1000


class GarbageTimer(QObject):
    """Collects every second what Python itself would have collected by then; made and stopped on the window's thread.

    What it belongs to may be destroyed without a word: then it stops, too.
    """

    _held: ClassVar[set[int]] = set()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._number = next(_NUMBERS)
        GarbageTimer._held.add(self._number)
        gc.disable()
        self.destroyed.connect(partial(_let_go, self._number))
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Collect the oldest generation whose threshold is passed."""
        counts = zip(gc.get_count(), gc.get_threshold(), strict=True)
        due = [age for age, (now, most) in enumerate(counts) if now > most]
        if due:
            gc.collect(max(due))

    def stop(self) -> None:
        """Leave it to Python again, once nobody holds it: no other thread is at work then."""
        self._timer.stop()
        _let_go(self._number)

    @staticmethod
    def is_held() -> bool:
        """Whether anybody holds it."""
        return bool(GarbageTimer._held)


_NUMBERS = count(1)


def _let_go(number: int, _gone: QObject | None = None) -> None:
    if number in GarbageTimer._held:
        GarbageTimer._held.remove(number)
        if not GarbageTimer._held:
            gc.enable()
