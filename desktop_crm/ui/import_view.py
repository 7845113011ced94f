"""Bringing files in, as it is seen: the queue of sheets, one sheet from near, the questions one after another.

Puts import_flow.py, import_queue.py and import_preview.py together; a single sheet needs no queue.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QSizePolicy, QStackedWidget, QWidget

from desktop_crm.base.i18n import N_, _, ngettext
from desktop_crm.importing import plan as importing
from desktop_crm.importing import several
from desktop_crm.importing.plan import Plan
from desktop_crm.importing.several import Item, TakenBack
from desktop_crm.shop import Shop
from desktop_crm.ui.import_flow import ImportFlow
from desktop_crm.ui.import_forms import DaysForm, EncodingForm, PasswordForm
from desktop_crm.ui.import_preview import ImportPreview
from desktop_crm.ui.import_queue import ImportQueue
from desktop_crm.ui.kit.places import documents
from desktop_crm.ui.page import Desk

KEYS = (
    ("Ctrl+Return", N_("Import what is shown, or go on to the next question")),
    ("Alt+Q", N_("Go through the questions of an import")),
    ("Delete", N_("Leave a sheet of an import out, or take it in again")),
    ("Alt+P", N_("What an import does to known customers")),
    ("Alt+T", N_("What a sheet is taken for")),
    ("Alt+C", N_("What the columns of a sheet mean")),
    ("Alt+F", N_("Filter the rows of an import")),
    ("Alt+D", N_("Decide about all rows that are shown")),
    ("Alt+S", N_("Same person")),
    ("Alt+N", N_("Another person: make a new card")),
    ("Alt+A", N_("Choose the card that a row is about")),
    ("Alt+L", N_("Leave a row out")),
    ("Alt+Y", N_("Take back what was said of a row")),
    ("Alt+B", N_("Save the rows with problems as a workbook")),
    ("Alt+Shift+1", N_("The first way to read the days of a column; 2, 3 … are the others")),
)
"""For the sheet of keys."""


class OneShown(QStackedWidget):
    """A stack that needs only the room of what is shown: a hidden page must not make the whole page scroll."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.currentChanged.connect(self._fit)

    def addWidget(self, widget: QWidget) -> int:
        place = super().addWidget(widget)
        self._fit()
        return place

    def hasHeightForWidth(self) -> bool:
        """No: else the room that hidden pages would like to have counts, and the whole page scrolls."""
        return False

    def _fit(self) -> None:
        for place in range(self.count()):
            shown = place == self.currentIndex()
            policy = QSizePolicy.Policy.Preferred if shown else QSizePolicy.Policy.Ignored
            page = self.widget(place)
            assert page is not None, "places below the count have a page"
            page.setSizePolicy(policy, policy)


class Waiter(QWidget):
    """Has the keys while the next question or the writing is on its way, so that they do not land elsewhere."""

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self.setProperty("takes_letters", True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedSize(1, 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.setAccepted(event.key() != Qt.Key.Key_Escape)  # which goes back, or stops what runs


class ImportView(OneShown):
    """The import that is on its way.

    Signals:
        opened(): there is something to see.
        closed(): there is nothing any more.
        imported(): something was written.
    """

    opened = Signal()
    closed = Signal()
    imported = Signal()

    def __init__(self, desk: Desk, page: QWidget) -> None:
        super().__init__(page)
        self.desk = desk
        self.flow = ImportFlow(desk, page)
        self.queue = ImportQueue(desk)
        self.preview = ImportPreview(desk)
        self.addWidget(self.queue)
        self.addWidget(self.preview)
        self._waiter = Waiter(page)
        self._item: Item | None = None
        self._is_over = self._walks = False
        self._connect()

    def _connect(self) -> None:
        self.flow.changed.connect(self._show_queue)
        self.flow.read.connect(self._all_read)
        self.flow.written.connect(self._all_written)
        self.flow.taken_back.connect(self._taken_back)
        self.flow.closed.connect(self._forget)
        self.queue.item_chosen.connect(self.look_at)
        self.queue.wanted.connect(self.flow.set_wanted)
        self.queue.questions_wanted.connect(self.next_question)
        self.queue.policy_chosen.connect(self.flow.set_policy)
        self.queue.import_wanted.connect(self.apply)
        self.queue.undo_wanted.connect(self.flow.take_back)
        self.queue.rejects_wanted.connect(self.ask_rejects)
        self.queue.left.connect(self.go_back)
        self.queue.policy.palette_list.closed.connect(self.queue.table.setFocus)
        self.preview.ready.connect(self._show_preview)
        self.preview.changed.connect(self._hold)
        self.preview.accepted.connect(self._accepted)
        self.preview.left.connect(self.go_back)
        self.preview.rejects_wanted.connect(self.ask_rejects)

    # ------------------------------------------------------------ coming in

    @property
    def is_open(self) -> bool:
        """Whether an import is on its way."""
        return self.flow.batch is not None

    @property
    def is_single(self) -> bool:
        """Whether one sheet comes in and nothing else is to be told."""
        batch = self.flow.batch
        return batch is not None and len(batch.items) == 1 and not batch.passed

    def begin(self, paths: Sequence[Path]) -> None:
        """Look at files and folders."""
        if not self.is_open or self._is_over:
            self._is_over = self._walks = False
        self.flow.begin(paths)

    def _all_read(self) -> None:
        self._show_queue()
        if self._walks:
            self.next_question()
        elif not self.is_single:
            if self.currentWidget() is self.queue or self.preview.alone:
                self._open_queue()
        elif self._items()[0].state == "unreadable":
            self.desk.messages.error(str(self._items()[0].problem))
            self.flow.close()
        else:
            self.look_at(self._items()[0])

    def _show_queue(self) -> None:
        batch = self.flow.batch
        if not self.flow.is_writing and not self.isEnabled():
            self.setEnabled(True)
            self._focus()
        if batch is None:
            return
        busy = self.flow.is_reading or self.flow.is_writing
        self.queue.show_batch(batch, over=self._is_over, busy=busy)
        if len(batch.items) > 1 and self._item is None and self.currentWidget() is self.queue:
            self.opened.emit()

    def _focus(self) -> None:
        (self.queue.table if self.currentWidget() is self.queue else self.preview.table).setFocus()

    def _open_queue(self) -> None:
        self._item = None
        self._show_queue()
        self.setCurrentWidget(self.queue)
        self.opened.emit()
        self.queue.table.setFocus()

    # ------------------------------------------------------------ one sheet

    def look_at(self, item: Item) -> None:
        """Show a sheet, or ask what its file needs."""
        if item.state == "encoding" and isinstance(item.problem, importing.NeedsEncoding):
            form = EncodingForm(self.desk, item.path, str(item.problem), item.problem.candidates)
            form.open_with(lambda encoding: self._answer(item, encoding=encoding))
            form.rejected.connect(self._not_answered)
        elif item.state == "password":
            password = PasswordForm(self.desk, item.path, str(item.problem))
            password.open_with(lambda text: self._answer(item, password=text))
            password.rejected.connect(self._not_answered)
        elif item.plan is not None:
            self._item = item
            self.preview.show_item(item, alone=self.is_single)
        elif item.problem is not None:
            self.desk.messages.error(str(item.problem))

    def _answer(self, item: Item, **wishes: Any) -> None:  # keyword arguments of `rehearse`
        self._waiter.setFocus()
        self.flow.answer(item, **wishes)

    def _not_answered(self) -> None:
        self._walks = False
        if self.is_single:
            self.flow.close()

    def _show_preview(self) -> None:
        item = self._item
        if item is None:
            return
        self.setCurrentWidget(self.preview)
        self.opened.emit()
        if item.waits and self._walks:
            self.preview.look_at_rows()
        elif item.unsure and self._walks:
            self.preview.look_at_columns()
        else:
            self.preview.table.setFocus()

    def _hold(self, item: Item, plan: Plan, wishes: dict[str, Any], waits: int, told: int) -> None:
        if item in self._items():
            self.flow.hold(item, plan, wishes, waits, told)

    def _accepted(self) -> None:
        """Ctrl+Enter in a sheet: import it where it is alone, else go on."""
        if self.is_single:
            self.apply()
            return
        if self._item is not None:
            self._item.is_seen = True
        if self._walks:
            self.next_question()
        else:
            self._open_queue()

    # ------------------------------------------------------------ the questions

    def next_question(self) -> None:
        """Go to what is asked next: password, encoding, days, columns, rows that wait; at last back to the queue."""
        self._walks = True
        for item in self._items():
            if not item.wanted or item.state == "written":
                continue
            if item.state in ("password", "encoding"):
                self._to_queue()
                self.look_at(item)
                return
            if item.plan is None:
                continue
            if item.plan.questions:
                self._ask_days(item, item.plan)
                return
            if (item.waits or (item.unsure and not item.changes)) and not item.is_seen:
                self.look_at(item)
                return
        self._walks = False
        self._open_queue()

    def _to_queue(self) -> None:
        self._item = None
        self.setCurrentWidget(self.queue)

    def _ask_days(self, item: Item, plan: Plan) -> None:
        self._to_queue()
        question = plan.questions[0]
        form = DaysForm(self.desk, item.path, question)
        form.open_with(lambda order: self._days_answered(item, question.title, order))
        form.rejected.connect(self._not_answered)

    def _days_answered(self, item: Item, title: str, order: str) -> None:
        self._waiter.setFocus()
        orders = {**item.wishes.get("orders", {}), title: order}
        self.flow.again(item, self._go_on_asking, orders=orders)

    def _go_on_asking(self) -> None:
        if self._walks:
            self.next_question()

    # ------------------------------------------------------------ writing

    def apply(self) -> None:
        """Write everything that is to be written."""
        if any(item.is_to_write for item in self._items()) and not self.flow.is_reading:
            self._waiter.setFocus()
            self.setEnabled(False)  # what is being written is not looked at meanwhile
            self.flow.write()
            self._show_queue()

    def _all_written(self) -> None:
        self.setEnabled(True)
        items, single = self._items(), self.is_single
        rows = sum(item.count("new") + item.count("update") for item in items if item.changes)
        problem = next(
            (item.problem for item in items if item.problem is not None and item.plan is not None), None
        )
        if single and problem is None:
            words = ngettext(
                "{count} row was imported from {file}.", "{count} rows were imported from {file}.", rows
            )
            self.desk.done(words.format(count=f"{rows:,}", file=items[0].path.name))
            self.flow.close()
        else:
            self._is_over = True
            for item in items:
                item.is_seen = False  # what still waits is asked again
            self._open_queue()
            if problem is not None:
                self.desk.messages.error(str(problem))
        self.imported.emit()

    def _taken_back(self, back: TakenBack) -> None:
        self._is_over = False
        self._show_queue()
        self.desk.messages.say(taken_back_words(back))
        self.imported.emit()

    # ------------------------------------------------------------ bad rows

    def ask_rejects(self) -> None:
        """Ask for the folder that the workbooks with the bad rows go into."""
        items = [item for item in self._items() if item.plan is not None and item.plan.counts["bad"]]
        if not items:
            return
        if len(items) == 1 and items[0].plan is not None:
            dialog = QFileDialog(self, _("Save the rows with problems"))
            dialog.setNameFilter(_("Workbook (*.xlsx)"))
            dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
            dialog.selectFile(str(items[0].path.with_name(several.rejects_name(items[0].plan))))
            dialog.fileSelected.connect(lambda chosen: self.save_rejects(Path(chosen)))
        else:
            dialog = QFileDialog(self, _("The folder for the rows with problems"), documents())
            dialog.setFileMode(QFileDialog.FileMode.Directory)
            dialog.setOption(QFileDialog.Option.ShowDirsOnly)
            dialog.fileSelected.connect(lambda chosen: self.save_all_rejects(Path(chosen)))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def save_rejects(self, out: Path) -> None:
        """Write the bad rows of the only sheet that has some."""
        plan = next(item.plan for item in self._items() if item.plan is not None and item.plan.counts["bad"])
        text = _("Saved {file}. Mend the rows there and import it again.").format(file=out.name)
        self.desk.jobs.query(
            lambda _shop: importing.write_rejects(plan, out), lambda _count: self.desk.messages.say(text)
        )

    def save_all_rejects(self, folder: Path) -> None:
        """Write the bad rows of every sheet into workbooks in a folder."""
        batch = self.flow.batch
        if batch is None:
            return

        def write(_shop: Shop) -> list[Path]:
            return several.write_rejects(batch, folder)

        def said(made: list[Path]) -> None:
            words = ngettext(
                "Saved {count} workbook in {folder}. Mend the rows there and import it again.",
                "Saved {count} workbooks in {folder}. Mend the rows there and import them again.",
                len(made),
            )
            self.desk.messages.say(words.format(count=len(made), folder=folder.name))

        self.desk.jobs.query(write, said)

    # ------------------------------------------------------------ leaving

    def go_back(self) -> bool:
        """Esc: from a sheet to the queue, from there out; while sheets are being written, it stops that."""
        if not self.is_open:
            return False
        if self.flow.is_writing:
            self.flow.cancel()
            return True
        self._walks = False
        if self.currentWidget() is self.preview and not self.is_single:
            self._open_queue()
        else:
            self.flow.close()
        return True

    def _forget(self) -> None:
        self.setEnabled(True)
        self.preview.forget()
        self._item = None
        self._is_over = self._walks = False
        self.setCurrentWidget(self.queue)
        self.closed.emit()

    def _items(self) -> list[Item]:
        return list(self.flow.batch.items) if self.flow.batch is not None else []


def taken_back_words(back: TakenBack) -> str:
    """What taking a batch back did, in a sentence or two."""
    parts = [
        ngettext("{count} sheet was taken back.", "{count} sheets were taken back.", back.sheets).format(
            count=back.sheets
        )
    ]
    if back.left_count:
        parts.append(
            ngettext(
                "{count} thing stayed as it is, because of what was done since.",
                "{count} things stayed as they are, because of what was done since.",
                back.left_count,
            ).format(count=f"{back.left_count:,}")
        )
    parts += back.refused[:1]
    return " ".join(parts)
