"""The queue of an import: every sheet with what it was taken for and its counts, and afterwards what came in.

One line a sheet; what stands in a sheet is shown by import_preview.py, the course of things is import_flow.py's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QWidget

from desktop_crm.base.i18n import _, ngettext
from desktop_crm.importing import plan as importing
from desktop_crm.importing.folders import PassedOver
from desktop_crm.importing.plan import Verdict
from desktop_crm.importing.several import Batch, Item, State
from desktop_crm.ui.beside import NARROW
from desktop_crm.ui.import_policy import PolicyButton
from desktop_crm.ui.import_rows import TONES, CountTile, tile_words, verdict_words
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.labels import Elided, Label
from desktop_crm.ui.kit.layouts import hbox, move_foot, vbox
from desktop_crm.ui.kit.panels import Banner, Panel
from desktop_crm.ui.kit.table import Column, Mark, RecordTable
from desktop_crm.ui.kit.theme import S8, S12
from desktop_crm.ui.page import Desk

_LEAST = 200
"""Least height of the list; a window that is lower scrolls."""


@dataclass(frozen=True)
class Line:
    """One line: a sheet, or a file of a folder that holds no list."""

    item: Item | None
    passed: PassedOver | None = None

    @property
    def id(self) -> int:
        """For tables: what tells it apart."""
        return self.item.id if self.item is not None else hash(self.passed)

    @property
    def path(self) -> Path:
        """The file."""
        found = self.item or self.passed
        assert found is not None, "a line is one of both"
        return found.path


class ImportQueue(QWidget):
    """All sheets that come in together.

    Signals:
        item_chosen(item: Item): the person wants to see a sheet, or to answer what its file asks.
        wanted(item: Item, wanted: bool): leave it out, or take it in again.
        questions_wanted(): go through everything that is asked.
        policy_chosen(policy: str): for all sheets.
        import_wanted(), undo_wanted(), rejects_wanted(), left(): the buttons below.
    """

    item_chosen = Signal(object)
    wanted = Signal(object, bool)
    questions_wanted = Signal()
    policy_chosen = Signal(str)
    import_wanted = Signal()
    undo_wanted = Signal()
    rejects_wanted = Signal()
    left = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._batch: Batch | None = None
        self.is_over = self._is_warned = False
        self._build()
        self._connect()

    # ------------------------------------------------------------ building

    def _build(self) -> None:
        self._title = Label("", "title")
        self._note = Elided("", "quiet")
        self.policy = PolicyButton(self.policy_chosen.emit)
        kept = self.policy.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self.policy.setSizePolicy(kept)
        self.tiles = {verdict: CountTile(tone, self._go_to(verdict)) for verdict, tone in TONES.items()}
        self._ask = KeyButton("", "Alt+Q", kind="primary", on_click=self.questions_wanted.emit)
        self.questions = Banner("", "look", buttons=[self._ask])
        self.table: RecordTable[Line] = RecordTable(
            [
                Column("state", "", marks=lambda line: [_mark(line)], width=112, sortable=False),
                Column(
                    "name",
                    _("Sheet"),
                    _name,
                    second=_second,
                    bold=True,
                    stretch=3,
                    sortable=False,
                    tone=_tone,
                ),
                Column("kind", _("Taken for"), _kind_words, width=96, sortable=False),
                *(_figure(verdict, words) for verdict, words in _short_words().items()),
                Column("why", _("To know"), _why, tone="quiet", stretch=4, sortable=False),
            ],
            name="import.queue",
            state=self._desk.state,
        )
        self.table.setMinimumHeight(_LEAST)
        panel = Panel(padding=8, spacing=S8)
        panel.add(self.table, 1)
        head = hbox(self._title, (self._note, 1), self.policy, spacing=S12)
        row = hbox(*((tile, 1) for tile in self.tiles.values()), spacing=S12)
        self._foot, self._is_small = self._build_foot(), False
        self._column = vbox(head, row, self.questions, (panel, 1), self._foot, spacing=S12, on=self)

    def _build_foot(self) -> QWidget:
        self._promise = Elided("", "quiet")
        self.rejects = KeyButton("", "Alt+B", icon="save", on_click=self.rejects_wanted.emit)
        self.undo_button = KeyButton(
            _("Take all back"), "Alt+I", icon="undo-2", on_click=self.undo_wanted.emit
        )
        self.leave = KeyButton(_("Cancel"), "Esc", bind=False, on_click=self.left.emit)
        self.import_button = KeyButton("", "Ctrl+Return", kind="primary", on_click=self._go_on)
        foot = QWidget()
        hbox(
            (self._promise, 1),
            self.rejects,
            self.undo_button,
            self.leave,
            self.import_button,
            spacing=S8,
            on=foot,
        )
        return foot

    def _connect(self) -> None:
        self.table.record_chosen.connect(self._choose)
        QShortcut(QKeySequence("Delete"), self.table).activated.connect(self._leave_out)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        small = self.width() < NARROW
        if small != self._is_small:
            self._is_small = small
            move_foot(self._column, self._foot, to_top=small)
        self.policy.set_short(small)
        for button in (self.rejects, self.undo_button, self.leave):
            button.set_compact(small)

    # ------------------------------------------------------------ what one can do

    def _go_to(self, verdict: str) -> Callable[[], object]:
        """Select the next sheet that has such rows."""

        def go() -> None:
            lines = list(self.table.records())
            here = self.table.selected()
            start = lines.index(here) + 1 if here in lines else 0
            for line in lines[start:] + lines[:start]:
                if line.item is not None and line.item.count(verdict):
                    self.table.select(line.id)
                    return

        return go

    def _choose(self, line: Line) -> None:
        if line.item is not None:
            self.item_chosen.emit(line.item)

    def _leave_out(self) -> None:
        line = self.table.selected()
        if line is not None and line.item is not None and not line.item.changes:
            self.wanted.emit(line.item, not line.item.wanted)

    def _go_on(self) -> None:
        """Ctrl+Enter imports; where all is written it leaves. With questions open the first one only says so."""
        if self.is_over and not self._to_write():
            self.left.emit()
        elif self.questions.isVisible() and not self.is_over and not self._is_warned:
            self._is_warned = True
            self.questions.set_text(
                _("Not everything is answered. Ctrl+Enter again imports the rest; Alt+Q asks.")
            )
        else:
            self.import_wanted.emit()

    # ------------------------------------------------------------ showing

    def show_batch(self, batch: Batch, *, over: bool, busy: bool) -> None:
        """Show what comes in.

        Args:
            over: it was written. busy: files are being read, or sheets written.
        """
        self._batch, self.is_over, self._is_warned = batch, over, False
        self.table.set_records(
            [Line(item) for item in batch.items] + [Line(None, passed) for passed in batch.passed]
        )
        if self.table.selected() is None:
            self.table.select_first()
        words, short = tile_words(batch.policy), verdict_words()
        for verdict, tile in self.tiles.items():
            tile.show_count(batch.total(verdict), words[verdict], short[verdict])
        self.policy.show_policy(batch.policy)
        self.policy.setVisible(not over)
        self._show_head(batch, over)
        self._show_questions(batch)
        self._show_foot(batch, over, busy)

    def _show_head(self, batch: Batch, over: bool) -> None:
        rows = batch.total("new") + batch.total("update")
        words = ngettext("{count} row was imported", "{count} rows were imported", rows)
        self._title.setText(words.format(count=f"{rows:,}") if over else _("Look first, then import"))
        files = len({item.path for item in batch.items})
        known = sum(item.plan is not None for item in batch.items)
        parts = [
            ngettext("{count} file", "{count} files", files).format(count=files),
            ngettext("{count} sheet", "{count} sheets", known).format(count=known),
        ]
        waiting = sum(item.state == "waiting" for item in batch.items)
        if waiting:
            parts.append(
                ngettext("{count} still to be read", "{count} still to be read", waiting).format(
                    count=waiting
                )
            )
        if not over:
            parts.append(_("nothing is written yet"))
        self._note.setText(" · ".join(parts))

    def _show_questions(self, batch: Batch) -> None:
        rows = sum(item.waits for item in batch.items if item.wanted)
        sheets = sum(item.state in ("password", "encoding", "asks") for item in batch.items)
        self.questions.setVisible(bool(sheets))
        if not sheets:
            return
        parts = [
            ngettext("{count} sheet asks something", "{count} sheets ask something", sheets).format(
                count=sheets
            )
        ]
        if rows:
            words = ngettext("{count} row waits for you", "{count} rows wait for you", rows)
            parts.append(words.format(count=f"{rows:,}"))
        parts.append(_("what is not answered is left alone and can be imported later"))
        self.questions.set_text(" · ".join(parts))
        self._ask.setText(_("Go through them"))

    def _show_foot(self, batch: Batch, over: bool, busy: bool) -> None:
        bad = sum(item.plan.counts["bad"] for item in batch.items if item.plan is not None and item.wanted)
        words = ngettext("Save the {count} row with problems", "Save the {count} rows with problems", bad)
        self.rejects.setText(words.format(count=f"{bad:,}"))
        self.rejects.setVisible(bool(bad))
        self.undo_button.setVisible(bool(batch.changes) and not busy)
        rows = self._to_write()
        self.leave.setText(_("Close") if over else _("Cancel"))
        self.leave.setVisible(not over or bool(rows))
        self.import_button.setEnabled(not busy and (bool(rows) or over))
        if rows:
            text = ngettext("Import {count} row", "Import {count} rows", rows).format(count=f"{rows:,}")
        else:
            text = _("Done") if over else _("Nothing to import")
        self.import_button.setText(text)
        self._promise.setText(_promise(over, bool(rows)))

    def _to_write(self) -> int:
        items = self._batch.items if self._batch is not None else []
        return sum(item.plan.to_write for item in items if item.is_to_write and item.plan is not None)


def _promise(over: bool, rows: bool) -> str:
    if over:
        return _("All of it can be taken back at any time, here or on this page later.")
    if rows:
        return _(
            "A backup is made first; customers come before what they bought. All can be taken back at once."
        )
    return _("Everything is in the shop already, or waits for you.")


# ---------------------------------------------------------------- cells


def _short_words() -> dict[Verdict, str]:
    return {
        "new": _("New"),
        "update": _("Update"),
        "same": _("Same"),
        "skip": _("Left alone"),
        "bad": _("Problem"),
    }


def _figure(verdict: Verdict, words: str) -> Column[Line]:
    tone = TONES[verdict] if verdict in ("new", "bad", "skip") else "plain"

    def text(line: Line) -> str:
        count = line.item.count(verdict) if line.item is not None else 0
        return f"{count:,}" if count else ""

    return Column(verdict, words, text, tone=tone, align="right", width=76, sortable=False)


def _name(line: Line) -> str:
    return (line.item.sheet if line.item is not None else "") or line.path.name


def _second(line: Line) -> str:
    return (
        f"{line.path.name} · {line.path.parent.name}"
        if _name(line) != line.path.name
        else line.path.parent.name
    )


def _tone(line: Line) -> str:
    return "faint" if line.item is None or not line.item.wanted else "plain"


def _kind_words(line: Line) -> str:
    kind = line.item.kind if line.item is not None else None
    return dict(importing.kinds())[kind] if kind is not None else ""


_STATES: dict[State, str] = {
    "waiting": "grey",
    "password": "look",
    "encoding": "look",
    "unreadable": "bad",
    "left_out": "grey",
    "asks": "look",
    "ready": "good",
    "nothing": "grey",
    "written": "good",
}


def _mark(line: Line) -> Mark:
    if line.item is None:
        return Mark(_("No list"), "grey")
    words = {
        "waiting": _("To be read"),
        "password": _("Password"),
        "encoding": _("Encoding"),
        "unreadable": _("Problem"),
        "left_out": _("Left out"),
        "asks": _("Asks"),
        "ready": _("Ready"),
        "nothing": _("Nothing new"),
        "written": _("Imported"),
    }
    state = line.item.state
    return Mark(words[state], _STATES[state])


def _why(line: Line) -> str:
    """What has to be known or done about a line, in one line."""
    item = line.item
    if item is None:
        return line.passed.why if line.passed is not None else ""
    if item.problem is not None:
        return str(item.problem)
    if item.plan is None:
        return ""
    parts = []
    if item.plan.questions:
        parts.append(_("how are the days in “{column}” meant?").format(column=item.plan.questions[0].title))
    if item.waits:
        words = ngettext("{count} row waits for you", "{count} rows wait for you", item.waits)
        parts.append(words.format(count=f"{item.waits:,}"))
    if item.told > item.waits:
        words = ngettext("{count} row with a remark", "{count} rows with remarks", item.told - item.waits)
        parts.append(words.format(count=f"{item.told - item.waits:,}"))
    if item.unsure and not item.changes:
        words = ngettext("{count} column to be looked at", "{count} columns to be looked at", item.unsure)
        parts.append(words.format(count=item.unsure))
    return " · ".join(parts)
