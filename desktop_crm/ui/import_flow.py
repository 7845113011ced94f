"""The course of an import in the window: find files, read them one after another, write sheet by sheet, take back.

Holds the batch and runs the jobs; what is shown of it is in import_queue.py and import_preview.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from desktop_crm.base.errors import Cancelled, CrmError
from desktop_crm.base.i18n import _
from desktop_crm.importing import folders, several
from desktop_crm.importing import plan as importing
from desktop_crm.importing.folders import PassedOver
from desktop_crm.importing.plan import Plan, Policy
from desktop_crm.importing.several import Batch, Item, TakenBack
from desktop_crm.shop import Shop
from desktop_crm.ui.kit.jobs import Job, Progress
from desktop_crm.ui.kit.progress import BY_ESCAPE
from desktop_crm.ui.page import Desk


class ImportFlow(QObject):
    """One import of some files, from letting them fall on the window to the summary.

    Attributes:
        batch: what comes in; None where nothing does. is_writing: sheets are being written or taken back.

    Signals:
        changed(): a line of the queue is another one.
        read(): every file was looked at.
        written(): all that was to be written is, or stands with its problem.
        taken_back(what: TakenBack): all sheets were undone.
        closed(): it is over, or was given up.
    """

    changed = Signal()
    read = Signal()
    written = Signal()
    taken_back = Signal(object)
    closed = Signal()

    def __init__(self, desk: Desk, initiator: QObject) -> None:
        super().__init__(initiator)
        self.desk = desk
        self.batch: Batch | None = None
        self.is_writing = False
        self._initiator = initiator
        self._is_judging = False
        self._job: Job | None = None

    @property
    def is_reading(self) -> bool:
        """Whether files are being looked at, or all sheets judged anew."""
        return (self._job is not None and not self.is_writing) or self._is_judging

    # ------------------------------------------------------------ reading

    def begin(self, paths: Sequence[Path]) -> None:
        """Look at files and folders; what is there already stays, unless all of it was written."""
        if self.is_writing:
            self.desk.messages.error(
                _(
                    "An import is being written. Let the files fall here again when it is done; nothing is lost."
                )
            )
            return
        if self.batch is not None and self.batch.changes:
            self._forget()
        self.batch = self.batch or Batch()

        def find(_shop: Shop, progress: Progress) -> tuple[list[Path], list[PassedOver]] | None:
            try:
                return folders.find(paths, progress)
            except Cancelled:
                return None

        self._job = self.desk.jobs.query(
            find, self._found, title=_("Looking for lists…"), key="import.find", on_error=self._not_found
        )

    def _found(self, found: tuple[list[Path], list[PassedOver]] | None) -> None:
        self._job = None
        if found is None:
            self._stopped()
            return
        batch = self._batch()
        files, passed = found
        there = {item.path for item in batch.items}
        batch.items += [Item(path, {"policy": batch.policy}) for path in files if path not in there]
        batch.passed += passed
        self.changed.emit()
        self._read_next()

    def _not_found(self, error: CrmError) -> None:
        self._job = None
        self.desk.messages.error(str(error))
        if not self._batch().items:
            self.close()

    def _read_next(self) -> None:
        waiting = [item for item in self._batch().items if item.state == "waiting"]
        if waiting:
            self._read(waiting[0])
        else:
            self.read.emit()

    def _read(self, item: Item) -> None:
        path, wishes, known = item.path, dict(item.wishes), tuple(self._batch().passwords)

        def look(shop: Shop, progress: Progress) -> list[Item] | None:
            try:
                return several.look(shop, path, known=known, progress=progress, **wishes)
            except Cancelled:
                return None

        title = _("Reading {file}…").format(file=path.name)
        self._job = self.desk.jobs.query(look, partial(self._was_read, item), title=title)
        self._job.setProperty(BY_ESCAPE, True)

    def _was_read(self, item: Item, found: list[Item] | None) -> None:
        self._job = None
        batch = self.batch
        if batch is None or item not in batch.items:  # given up meanwhile
            Batch(found or []).close()
            return
        if found is None:
            self._stopped()
            return
        batch.replace(item, found)
        for each in found:
            password = each.wishes.get("password")
            if each.plan is not None and password and password not in batch.passwords:
                batch.passwords.append(password)
                for other in batch.items:
                    if other.state == "password":
                        other.problem = None  # perhaps it opens that one too
        self.changed.emit()
        self._read_next()

    def answer(self, item: Item, **wishes: Any) -> None:  # keyword arguments of `rehearse`
        """Look again at a file that asked for a password or an encoding."""
        item.problem = None
        item.wishes = {**item.wishes, **wishes}
        self.changed.emit()
        if not self.is_reading:
            self._read_next()
            self.changed.emit()

    def again(self, item: Item, then: Callable[[], object], **wishes: Any) -> None:  # those of `rehearse`
        """Rehearse a sheet with other wishes; what was decided about its rows holds on."""
        plan = item.plan
        assert plan is not None, "a sheet that was read"
        asked = {**item.wishes, "sheet": plan.sheet or None, **wishes}

        def rehearse(shop: Shop, _progress: Progress) -> tuple[Plan, int, int]:
            made = importing.rehearse(shop, plan.path, after=plan, **asked)
            return made, importing.count(made, "asks"), importing.count(made, "doubtful")

        def done(found: tuple[Plan, int, int]) -> None:
            self._is_judging = False
            self.hold(item, found[0], asked, *found[1:])
            then()

        def failed(error: CrmError) -> None:
            self._judged(error)
            then()

        self._is_judging = True
        self.desk.jobs.query(
            rehearse, done, title=_("Reading {file}…").format(file=plan.path.name), on_error=failed
        )
        self.changed.emit()

    def hold(self, item: Item, plan: Plan, wishes: dict[str, Any], waits: int, told: int) -> None:
        """A sheet was rehearsed or judged anew; so many of its rows wait, of so many there is something to know."""
        item.wishes = wishes
        item.hold(plan, waits, told)
        self.changed.emit()

    def set_wanted(self, item: Item, wanted: bool) -> None:
        """Leave a line out, or take it in again."""
        item.wanted = wanted
        self.changed.emit()

    def set_policy(self, policy: Policy) -> None:
        """Judge all sheets anew."""
        if self.is_reading or self.is_writing:
            return
        batch = self._batch()
        self._is_judging = True

        def judge(shop: Shop, _progress: Progress) -> None:
            several.judge_all(shop, batch, policy)

        self.desk.jobs.query(judge, self._judged, title=_("Comparing with the shop…"), on_error=self._judged)
        self.changed.emit()

    def _judged(self, error: CrmError | None) -> None:
        self._is_judging = False
        if error is not None:
            self.desk.messages.error(str(error))
        self.changed.emit()

    # ------------------------------------------------------------ writing

    def write(self) -> None:
        """Write every sheet, each as a change of its own, so that a sale entered meanwhile waits for one sheet only."""
        if self.is_writing or self.is_reading:
            return
        self.is_writing = True
        self._write_next()

    def _write_next(self) -> None:
        batch = self._batch()

        def write(shop: Shop, progress: Progress) -> Item | bool:
            try:
                return several.write_next(shop, batch, progress) or True
            except Cancelled:
                return False

        self._job = self.desk.jobs.change(
            write, self._one_written, title=_("Importing…"), initiator=self._initiator
        )
        self._job.setProperty(BY_ESCAPE, True)

    def _one_written(self, found: Item | bool) -> None:
        """An item is written; True: none is left; False: the person cancelled."""
        self._job = None
        if isinstance(found, Item):
            self.changed.emit()
            self._write_next()
            return
        if found:
            self.is_writing = False
            self.written.emit()
        elif self._batch().changes:
            self._take_back(self._cancelled)
        else:
            self._cancelled()

    def _cancelled(self, back: TakenBack | None = None) -> None:
        self.is_writing = False
        self._batch().forget_written()
        self.changed.emit()
        words = _("Cancelled; nothing was changed.")
        if back is not None:
            words = _("Cancelled; what was written before was taken back.")
        self.desk.messages.say(words)

    def take_back(self) -> None:
        """Undo every sheet of the batch."""
        if self.batch is not None and self.batch.changes and not self.is_writing:
            self.is_writing = True
            self._take_back(self._all_taken_back)

    def _take_back(self, then: Any) -> None:  # a method that takes a TakenBack
        changes = self._batch().changes

        def undo(shop: Shop, progress: Progress) -> TakenBack:
            return several.take_back(shop, changes, progress)

        self.desk.jobs.change(undo, then, title=_("Taking back…"), initiator=self._initiator)

    def _all_taken_back(self, back: TakenBack) -> None:
        self.is_writing = False
        self._batch().forget_written()
        self.changed.emit()
        self.taken_back.emit(back)

    # ------------------------------------------------------------ ending

    def cancel(self) -> None:
        """Stop writing: nothing of the batch stays."""
        if self._job is not None:
            self._job.cancel()
            self.desk.messages.say(_("Stopping…"))

    def close(self) -> None:
        """Throw everything away that is not written."""
        if self.is_writing:
            return
        self.desk.jobs.forget("import.find")
        if self._job is not None:
            self._job.progress.cancel()
        self._forget()
        self.closed.emit()

    def _stopped(self) -> None:
        self.desk.messages.say(_("Cancelled; nothing was changed."))
        self.close()

    def _forget(self) -> None:
        # What a job still looks at throws itself away when the last one lets go of it.
        if self.batch is not None and not self.desk.jobs.is_busy:
            self.batch.close()
        self.batch = self._job = None
        self._is_judging = False

    def _batch(self) -> Batch:
        assert self.batch is not None, "an import is on its way"
        return self.batch
