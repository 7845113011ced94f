"""One long task without a shop, on a thread of its own: making one, opening one. What a shop's window does is jobs.py's.

The password window needs it before the modules of the shop's window are read; hence a file of its own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

from desktop_crm.base.errors import Cancelled, CrmError
from desktop_crm.ui.kit.garbage import GarbageTimer
from desktop_crm.ui.kit.progress import Job, Progress


class Alone(QObject):
    """One long task without a shop, e.g. making one; on a thread of its own.

    Signals:
        done(result): it is over.
        failed(error: CrmError): it failed in a way the person can act upon.
        crashed(error): a bug.
        cancelled(): the person stopped it.
    """

    done = Signal(object)
    failed = Signal(object)
    crashed = Signal(object)
    cancelled = Signal()
    _delivered = Signal(object, object)

    def __init__(self, title: str, fn: Callable[[Progress], object], parent: QObject) -> None:
        super().__init__(parent)
        self.job = Job(self, title)
        self._fn = fn
        self._garbage = GarbageTimer(self)
        self._delivered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._work, name="alone", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wait(self) -> None:
        """Wait until the thread is over; for closing."""
        self._thread.join()
        self._garbage.stop()

    def _work(self) -> None:
        result: object = None
        error: BaseException | None = None
        try:
            result = self._fn(self.job.progress)
        except BaseException as caught:  # handed over whole: `_deliver` tells the three kinds apart
            error = caught
        if isValid(self):
            self._delivered.emit(result, error)

    def _deliver(self, result: object, error: BaseException | None) -> None:
        self._garbage.stop()
        self.job.is_over = True
        self.job.ended.emit()
        if error is None:
            self.done.emit(result)
        elif isinstance(error, Cancelled):
            self.cancelled.emit()
        elif isinstance(error, CrmError):
            self.failed.emit(error)
        else:
            self.crashed.emit(error)
