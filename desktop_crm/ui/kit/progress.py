"""What a long task tells of itself, how fast it goes, and how it is stopped; made by jobs.py."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from desktop_crm.base.errors import Cancelled
from desktop_crm.base.i18n import _, ngettext

TOLD_S = 0.05
"""A report sooner after the last one is not told, so that a busy task does not keep the window busy."""

BY_ESCAPE = "by_escape"
"""A job with this property is stopped by Esc, which its page sees to; the card only says so."""

_LOOK_BACK_S = 6.0
_SURE_AFTER_S = 1.0


class Progress:
    """What a long task tells of itself; made by `Jobs`, used on the worker thread."""

    def __init__(self, tell: Callable[[int, int, str], None]) -> None:
        self._tell = tell
        self._cancelled = threading.Event()
        self._told_at = 0.0
        self._told = ""

    def report(self, done: int, total: int, text: str = "") -> None:
        """Say how far it is; `total` 0 where nobody knows.

        Raises:
            Cancelled: the person does not want it any more.
        """
        if self._cancelled.is_set():
            raise Cancelled
        now = time.monotonic()
        if text == self._told and now - self._told_at < TOLD_S and done != total:
            return
        self._told, self._told_at = text, now
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


class Pace:
    """How fast something goes, from its reports of the last seconds; a new text begins a new step.

    Args:
        clock: seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: deque[tuple[float, int]] = deque()
        self._text = ""

    def note(self, done: int, total: int, text: str = "") -> str:
        """Take a report and say how far it is, how fast, and how long it will take, as far as that is known."""
        now = self._clock()
        if text != self._text or (self._seen and done < self._seen[-1][1]):
            self._seen.clear()
        self._text = text
        self._seen.append((now, done))
        while len(self._seen) > 2 and now - self._seen[0][0] > _LOOK_BACK_S:
            self._seen.popleft()
        if not done:
            return ""
        parts = [_("{done} of {total}") if total else _("{done} so far")]
        rate = self._rate(now, done)
        if rate >= 1:
            parts.append(_("{rate} a second"))
            if total > done:
                parts.append(_left(round((total - done) / rate)))
        return " · ".join(parts).format(done=f"{done:,}", total=f"{total:,}", rate=f"{_rounded(rate):,}")

    def _rate(self, now: float, done: int) -> float:
        begun, before = self._seen[0]
        return (done - before) / (now - begun) if now - begun >= _SURE_AFTER_S else 0.0


def _rounded(rate: float) -> int:
    """A rate with two digits that count; more would only flicker."""
    size: int = 10 ** max(0, len(str(int(rate))) - 2)
    return int(rate) // size * size


def _left(seconds: int) -> str:
    if seconds < 90:
        words = ngettext("about {count} second left", "about {count} seconds left", max(1, seconds))
        return words.format(count=max(1, seconds))
    minutes = round(seconds / 60)
    return ngettext("about {count} minute left", "about {count} minutes left", minutes).format(count=minutes)
