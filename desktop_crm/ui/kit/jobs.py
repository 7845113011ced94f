"""The whole threading layer: questions on reader threads, changes one after another on one writer thread.

Urgent questions have a reader of their own, so that who types never waits for a report.
Results come back by one signal on the window's thread, veiled for the person at the counter (masks.py). Worker code gets
plain data, returns plain data and never touches a widget; a `Shop` gives each thread its own connection. Beside it only
alone.py starts a thread.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from functools import partial
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Final, TypeVar, overload

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from shiboken6 import isValid

from desktop_crm import history, masks
from desktop_crm.base.errors import Cancelled, CrmError
from desktop_crm.ui.kit.garbage import GarbageTimer
from desktop_crm.ui.kit.progress import Job, Progress

if TYPE_CHECKING:
    from desktop_crm.shop import Change, Shop

__all__ = ["Job", "Jobs", "Progress"]

T = TypeVar("T")
log = logging.getLogger(__name__)

READERS: Final = 2
SHOW_PROGRESS_MS: Final = 600
POLL_MS: Final = 2000
_NEWS: Final = 50
"""How many of the newest changes are looked at when somebody else wrote."""


class _Task:
    """A function to be run and whom to tell."""

    def __init__(
        self,
        job: Job,
        fn: Callable[..., Any],  # returns what on_done takes
        on_done: Callable[[Any], object] | None,
        on_error: Callable[[CrmError], object] | None,
        key: str | None,
        turn: int,
        initiator: object | None,
        is_change: bool,
    ) -> None:
        self.job, self.fn, self.on_done, self.on_error = job, fn, on_done, on_error
        self.key, self.turn, self.initiator, self.is_change = key, turn, initiator, is_change
        self.result: Any = None  # whatever fn returned
        self.error: BaseException | None = None
        self.kinds: set[str] = set()
        self.shop: Shop | None = None  # with whoever was at the counter when it ran

    def let_go(self) -> None:
        """Forget the functions, on the window's thread: the last hold of a widget must not end on another one."""
        self.fn, self.on_done, self.on_error, self.initiator, self.result = _nothing, None, None, None, None


def _nothing() -> None:
    """What a task does that is over."""


class Jobs(QObject):
    """Runs questions and changes for the window.

    Signals:
        changed(kinds: frozenset[str], initiator: object | None): something was written; None = by somebody else.
        failed(error: CrmError): a task without on_error failed in a way the person can act upon.
        crashed(error: BaseException): a bug.
        person_came(): another person is at the counter of `shop`.
        cancelled(title: str): a long task was stopped by the person; nothing was changed.
        took_long(job: Job): it has a title and runs for more than 600 ms.
    """

    changed = Signal(object, object)
    failed = Signal(object)
    crashed = Signal(object)
    cancelled = Signal(str)
    person_came = Signal()
    took_long = Signal(object)
    _delivered = Signal(object)

    def __init__(self, shop: Shop, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.shop = shop
        self._turns: dict[str, int] = {}
        self._closing = False
        self._open = 0
        self._running: _Task | None = None
        self._own_ids: set[int] = set()
        self._questions: SimpleQueue[_Task | None] = SimpleQueue()
        self._urgent: SimpleQueue[_Task | None] = SimpleQueue()
        self._changes: SimpleQueue[_Task | None] = SimpleQueue()
        self._delivered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._garbage = GarbageTimer(self)
        shop.listen(self._note_change)
        self._threads = [
            threading.Thread(target=self._work, args=(self._questions,), name=f"reader-{place}", daemon=True)
            for place in range(READERS)
        ]
        self._threads.append(
            threading.Thread(target=self._work, args=(self._urgent,), name="urgent reader", daemon=True)
        )
        self._writer = threading.Thread(target=self._work, args=(self._changes,), name="writer", daemon=True)
        for thread in (*self._threads, self._writer):
            thread.start()
        self._version = shop.data_version()
        self._newest = max((change.id for change in history.changes(shop, 1)), default=0)
        self._poll = QTimer(self, interval=POLL_MS)
        self._poll.timeout.connect(self.look_for_news)
        self._poll.start()

    @overload
    def query(
        self,
        fn: Callable[[Shop], T],
        on_done: Callable[[T], object],
        *,
        key: str | None = None,
        urgent: bool = False,
        on_error: Callable[[CrmError], object] | None = None,
    ) -> Job: ...

    @overload
    def query(
        self,
        fn: Callable[[Shop, Progress], T],
        on_done: Callable[[T], object],
        *,
        title: str,
        key: str | None = None,
        on_error: Callable[[CrmError], object] | None = None,
    ) -> Job: ...

    def query(
        self,
        fn: Callable[..., T],
        on_done: Callable[[T], object],
        *,
        title: str = "",
        key: str | None = None,
        urgent: bool = False,
        on_error: Callable[[CrmError], object] | None = None,
    ) -> Job:
        """Ask `fn(shop)` on a reader thread; `on_done(answer)` runs on the window's thread.

        `urgent` is for short questions whose answer somebody waits for with fingers on the keys. A newer question
        with the same `key` drops the answer of the older one. With a `title` the function is called as
        `fn(shop, progress)` and its progress is shown after 600 ms.
        """
        turn = 0
        if key is not None:
            turn = self._turns[key] = self._turns.get(key, 0) + 1
        job = Job(self, title)
        queue = self._urgent if urgent else self._questions
        self._start(_Task(job, fn, on_done, on_error, key, turn, None, False), queue)
        return job

    @overload
    def change(
        self,
        fn: Callable[[Shop], T],
        on_done: Callable[[T], object] | None = None,
        *,
        on_error: Callable[[CrmError], object] | None = None,
        initiator: object | None = None,
    ) -> Job: ...

    @overload
    def change(
        self,
        fn: Callable[[Shop, Progress], T],
        on_done: Callable[[T], object] | None = None,
        *,
        title: str,
        on_error: Callable[[CrmError], object] | None = None,
        initiator: object | None = None,
    ) -> Job: ...

    def change(
        self,
        fn: Callable[..., T],
        on_done: Callable[[T], object] | None = None,
        *,
        title: str = "",
        on_error: Callable[[CrmError], object] | None = None,
        initiator: object | None = None,
    ) -> Job:
        """Run `fn(shop)`, which may open a `shop.change`, on the writer thread, after those already waiting.

        `changed` is emitted before `on_done`, with `initiator`, so that a page can ignore its own echo.
        """
        job = Job(self, title)
        self._start(_Task(job, fn, on_done, on_error, None, 0, initiator, True), self._changes)
        return job

    def forget(self, key: str) -> None:
        """Drop the answer to the question `key`, if one is on its way."""
        self._turns[key] = self._turns.get(key, 0) + 1

    @property
    def is_busy(self) -> bool:
        """Whether anything is on its way."""
        return self._open > 0

    def use(self, shop: Shop) -> None:
        """Work for the same shop with another person at the counter from now on."""
        self.shop = shop
        self.person_came.emit()

    def close(self) -> None:
        """Let the waiting changes finish, drop the questions, end the threads."""
        if self._closing:
            return
        self._closing = True
        self._poll.stop()
        for _thread in self._threads:
            self._questions.put(None)
        self._urgent.put(None)
        self._changes.put(None)
        for thread in (*self._threads, self._writer):
            thread.join()
        self._garbage.stop()

    def look_for_news(self) -> None:
        """Emit `changed` for what another process wrote since the last look."""
        if self._closing:
            return
        version = self.shop.data_version()
        if version == self._version:
            return
        self._version = version
        kinds: set[str] = set()
        newest = self._newest
        for change in history.changes(self.shop, _NEWS):
            if change.id > self._newest and change.id not in self._own_ids:
                kinds.update(change.kinds.split(","))
            newest = max(newest, change.id)
        self._newest = newest
        self._own_ids = {own for own in self._own_ids if own > newest}
        if kinds:
            self.changed.emit(frozenset(kinds), None)

    def _start(self, task: _Task, queue: SimpleQueue[_Task | None]) -> None:
        if self._closing:
            task.job.is_over = True
            return
        self._open += 1
        if task.job.title:
            QTimer.singleShot(SHOW_PROGRESS_MS, task.job, partial(self._show_progress, task.job))
        queue.put(task)

    def _show_progress(self, job: Job) -> None:
        if not job.is_over:
            self.took_long.emit(job)

    def _work(self, queue: SimpleQueue[_Task | None]) -> None:
        while self._next(queue):
            pass

    def _next(self, queue: SimpleQueue[_Task | None]) -> bool:
        """One task; a function of its own, so that a thread that waits for the next one holds nothing of the last."""
        task = queue.get()
        if task is None:
            return False
        if self._is_old(task) or (self._closing and not task.is_change):
            task.error = Cancelled()
        else:
            self._run(task)
        if isValid(self):
            self._delivered.emit(task)
        return True

    def _run(self, task: _Task) -> None:
        if task.is_change:
            self._running = task
        try:
            shop = task.shop = self.shop
            found = task.fn(shop, task.job.progress) if task.job.title else task.fn(shop)
            task.result = masks.veil(shop, found)
        except CrmError as error:
            task.error = masks.veil(shop, error)
        except BaseException as error:  # handed over whole: `_deliver` tells the three kinds apart
            task.error = error
        if task.is_change:
            self._running = None

    def _note_change(self, change: Change) -> None:
        """Called by the shop on the thread that made the change."""
        self._own_ids.add(change.id)
        task = self._running
        if task is not None and threading.current_thread() is self._writer:
            task.kinds.update(change.kinds)

    def _is_old(self, task: _Task) -> bool:
        return task.key is not None and self._turns[task.key] != task.turn

    def _deliver(self, task: _Task) -> None:
        self._open -= 1
        task.job.is_over = True
        if (
            task.shop is not None and task.shop.rights != self.shop.rights
        ):  # another person is at the counter by now
            task.result = masks.veil(self.shop, task.result)
        task.job.ended.emit()
        if task.kinds:
            self.changed.emit(frozenset(task.kinds), task.initiator)
        try:
            self._answer(task)
        finally:
            if isValid(task.job):  # the answer may have closed the window, and this with it
                task.job.deleteLater()
            task.let_go()

    def _answer(self, task: _Task) -> None:
        if isinstance(task.error, Cancelled):
            if task.job.title and not self._closing and not self._is_old(task):
                self.cancelled.emit(task.job.title)
        elif isinstance(task.error, CrmError):
            if self._is_old(task):
                log.info("an old question failed: %s", type(task.error).__name__)
            elif task.on_error is None:
                self.failed.emit(task.error)
            elif _is_alive(task.on_error):
                task.on_error(task.error)
        elif task.error is not None:
            self.crashed.emit(task.error)
        elif task.on_done is not None and not self._is_old(task) and _is_alive(task.on_done):
            task.on_done(task.result)


def _is_alive(callback: Callable[..., Any]) -> bool:  # any callback of any task
    """Whether no Qt object that `callback` belongs to or closes over was destroyed."""
    while isinstance(callback, partial):
        if not all(isValid(part) for part in callback.args if isinstance(part, QObject)):
            return False
        callback = callback.func
    held = [getattr(callback, "__self__", None)]
    for cell in getattr(callback, "__closure__", None) or ():
        try:
            held.append(cell.cell_contents)
        except ValueError:
            continue
    return all(isValid(part) for part in held if isinstance(part, QObject))
