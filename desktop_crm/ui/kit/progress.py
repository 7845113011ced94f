"""What a long task tells of itself and how it is stopped; made by jobs.py."""

from __future__ import annotations

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from desktop_crm.base.errors import Cancelled


class Progress:
    """What a long task tells of itself; made by `Jobs`, used on the worker thread."""

    def __init__(self, tell: Callable[[int, int, str], None]) -> None:
        self._tell = tell
        self._cancelled = threading.Event()

    def report(self, done: int, total: int, text: str = "") -> None:
        """Say how far it is; `total` 0 where nobody knows.

        Raises:
            Cancelled: the person does not want it any more.
        """
        if self._cancelled.is_set():
            raise Cancelled
        self._tell(done, total, text)

    def cancel(self) -> None:
        """Ask it to stop at its next report."""
        self._cancelled.set()

    @property
    def is_cancelled(self) -> bool:
        """Whether it was asked to stop."""
        return self._cancelled.is_set()


class Job(QObject):
    """One question or change on its way; lives on the window's thread.

    Signals:
        progressed(done, total, text): it reported; object because row numbers may be large.
        ended(): it is over, in whatever way.
    """

    progressed = Signal(object, object, str)
    ended = Signal()

    def __init__(self, parent: QObject, title: str) -> None:
        super().__init__(parent)
        self.title = title
        self.is_over = False
        self.progress = Progress(self.progressed.emit)

    def cancel(self) -> None:
        """Ask it to stop; half a change is never kept."""
        self.progress.cancel()
