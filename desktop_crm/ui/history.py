"""The page History: who did what when, what it changed from what to what, and any step undone or done again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop_crm import history
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import N_, _, ngettext
from desktop_crm.base.values import MISSING, clean_text
from desktop_crm.history import CannotUndo, RowChange, Step, Undone, Wanted
from desktop_crm.history_fields import KINDS
from desktop_crm.records.exports import ExportRecord
from desktop_crm.records.history import PROGRAM, StoredChange
from desktop_crm.shop import Shop
from desktop_crm.ui.beside import Beside
from desktop_crm.ui.kit.buttons import KeyButton, Pills
from desktop_crm.ui.kit.choices import ChoiceField
from desktop_crm.ui.kit.fields import DayField
from desktop_crm.ui.kit.jobs import Progress
from desktop_crm.ui.kit.labels import Chip, KeyCap, Label
from desktop_crm.ui.kit.layouts import STRETCH, hbox, scrolling, vbox
from desktop_crm.ui.kit.panels import EmptyState, Panel
from desktop_crm.ui.kit.table import Column, Mark, RecordTable
from desktop_crm.ui.kit.theme import S8, S12
from desktop_crm.ui.page import Desk, Page
from desktop_crm.ui.step_details import MOST_ROWS, LeftDialog, RowList

_WAIT_MS = 120
_EVERYBODY, _NOBODY = -1, -2
_BY_PEOPLE, _EVERYTHING = "people", "all"


@dataclass(frozen=True)
class _Asked:
    """What one load brings."""

    count: int
    people: list[tuple[int | None, str]]


@dataclass(frozen=True)
class _Told:
    """What one step did: the rows told of, and how many there are by kind of thing; or what left the shop."""

    change_id: int
    rows: list[RowChange]
    counts: list[tuple[str, int]]
    export: ExportRecord | None


class HistoryPage(Page):
    """All steps, the newest first, beside what the chosen one changed."""

    depends_on = frozenset(KINDS)

    keys = (
        ("Alt+U", N_("Undo the chosen step")),
        ("Alt+R", N_("Do an undone step again")),
        ("Alt+O", N_("Open the card it changed")),
        ("Alt+T", N_("Find a step by its words")),
        ("Alt+B", N_("By whom")),
        ("Alt+W", N_("What kind of thing")),
        ("Alt+D", N_("On which day")),
        ("Alt+A", N_("Show everything, the program’s own steps too")),
        ("Alt+L", N_("The audit trail: who saw what")),
    )

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._told: _Told | None = None
        self._customer_id: int | None = None
        self._timer = QTimer(self, interval=_WAIT_MS, singleShot=True)
        self._build()
        self._connect()

    # ------------------------------------------------------------ building

    def _build(self) -> None:
        self.count = Label("", "quiet")
        self.pills = Pills(
            [(_BY_PEOPLE, _("Steps of people")), (_EVERYTHING, _("Everything"))],
            on_choose=lambda _key: self.load(),
        )
        QShortcut(QKeySequence("Alt+A"), self).activated.connect(self._toggle_everything)
        self.audit_button = KeyButton(
            _("Audit trail"),
            "Alt+L",
            kind="quiet",
            on_click=lambda: self.desk.go_to("audit", self._customer_id),
        )
        head = hbox(
            Label(_("History"), "title"),
            self.pills,
            KeyCap("Alt+A"),
            STRETCH,
            self.count,
            self.audit_button,
            spacing=S12,
        )
        vbox(
            head,
            self._build_filters(),
            (Beside(self._build_list(), self._build_details(), shares=(11, 9)), 1),
            spacing=S12,
            on=self,
        )
        self.setFocusProxy(self.table)

    def _build_filters(self) -> QWidget:
        self.text = QLineEdit()
        self.text.setClearButtonEnabled(True)
        self.text.setPlaceholderText(_("Words of the step, like a name"))
        self.text.setAccessibleName(_("Words of the step, like a name"))
        self.person: ChoiceField[int] = ChoiceField("", [(_EVERYBODY, _("All people"))], value=_EVERYBODY)
        kinds = [("", _("All kinds")), *((kind, _(words)) for kind, words in KINDS.items())]
        self.kind: ChoiceField[str] = ChoiceField("", kinds, value="")
        self.day = DayField("", today=self.desk.shop.today(), placeholder=_("Any day"), past=True)
        self.whose = Chip("", "accent")
        self.whose.hide()
        self.clear_button = KeyButton(_("Clear"), kind="quiet", on_click=self._clear_filters)
        row = QWidget()
        hbox(
            self.whose,
            (self.text, 3),
            (self.person, 2),
            (self.kind, 2),
            (self.day, 2),
            self.clear_button,
            spacing=S8,
            on=row,
        )
        return row

    def _build_list(self) -> Panel:
        self.table: RecordTable[Step] = RecordTable(
            [
                Column("when", _("When"), lambda s: s.when, tone="faint", width=136, sortable=False),
                Column(
                    "what",
                    _("What"),
                    lambda s: s.change.label,
                    marks=_marks,
                    tone=_tone,
                    stretch=1,
                    sortable=False,
                ),
                Column(
                    "who", _("By whom"), lambda s: s.who or MISSING, tone="quiet", width=96, sortable=False
                ),
            ],
            name="history.steps",
            state=self.desk.state,
            dense=True,
        )
        panel = Panel(padding=8, spacing=S8)
        panel.add(self.table, 1)
        return panel

    def _build_details(self) -> Panel:
        self.undo_button = KeyButton(_("Undo this step"), "Alt+U", icon="undo-2", on_click=self._undo)
        self.redo_button = KeyButton(_("Do it again"), "Alt+R", icon="redo-2", on_click=self._redo)
        self.open_button = KeyButton(_("Open the card"), "Alt+O", on_click=self._open_card)
        self.label = Label("", "section", wrap=True, selectable=True)
        self.about = Label("", "quiet", wrap=True)
        self.rows = RowList()
        self.area = scrolling(self.rows)
        self.area.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        panel = Panel(spacing=S8)
        panel.add(self.label)
        panel.add(self.about)
        panel.add(hbox(self.undo_button, self.redo_button, self.open_button, STRETCH, spacing=S8))
        panel.add(self.area, 1)
        return panel

    def _connect(self) -> None:
        self._timer.timeout.connect(self.load)
        self.text.textChanged.connect(lambda _text: self._timer.start())
        for field in (self.person, self.kind, self.day):
            field.changed.connect(self._timer.start)
            field.entered.connect(self.table.setFocus)
        self.text.returnPressed.connect(self.table.setFocus)
        self.table.record_selected.connect(self._show_step)
        jumps: tuple[tuple[str, QWidget], ...] = (
            ("Alt+T", self.text),
            ("Alt+B", self.person),
            ("Alt+W", self.kind),
            ("Alt+D", self.day),
        )
        for key, widget in jumps:
            QShortcut(QKeySequence(key), self).activated.connect(partial(_take_keys, widget))
        self._show_step(None)

    # ------------------------------------------------------------ showing

    def open(self, argument: object) -> None:
        """`argument` is a customer's id and name: only the steps on that card."""
        assert isinstance(argument, tuple)
        self._customer_id, name = argument
        self._clear_fields()
        self.pills.choose(_EVERYTHING, silently=True)
        self.whose.show_mark(_("On the card of {name}").format(name=name), "accent")
        self.whose.show()

    def load(self) -> None:
        self.audit_button.setVisible(self.desk.shop.may("settings"))
        wanted = self.wanted()

        def ask(shop: Shop) -> _Asked:
            with shop.reading():
                return _Asked(history.count(shop, wanted), history.people(shop))

        self.desk.jobs.query(ask, self._show, key="history.load")

    @property
    def told(self) -> Sequence[RowChange]:
        """What is told of the chosen step."""
        return self._told.rows if self._told is not None else ()

    def wanted(self) -> Wanted:
        """Which steps are listed now."""
        person = self.person.value() if not self.person.is_empty() else _EVERYBODY
        day = None if self.day.is_empty() else self.day.value()
        return Wanted(
            staff_id=person if person >= PROGRAM else None,
            day=day.isoformat() if day else "",
            kind="" if self.kind.is_empty() else self.kind.value() or "",
            text=clean_text(self.text.text()),
            nobody=person == _NOBODY,
            people=self.pills.chosen == _BY_PEOPLE and person != PROGRAM,
            customer_id=self._customer_id,
        )

    def _show(self, asked: _Asked) -> None:
        wanted = self.wanted()
        words = ngettext("{count} step", "{count} steps", asked.count)
        self.count.setText(words.format(count=f"{asked.count:,}"))
        self.person.set_items([(_EVERYBODY, _("All people")), *map(_listed, asked.people)])
        is_filtered = wanted != Wanted(people=wanted.people)
        self.clear_button.setEnabled(is_filtered)
        self.table.set_empty(_nothing(is_filtered))
        self.table.show_pages(
            self.desk.jobs,
            asked.count,
            lambda shop, offset, limit, _key, _down: history.steps(shop, wanted, limit, offset),
        )
        self.table.select_first()
        if not asked.count:
            self._show_step(None)

    def _show_step(self, step: Step | None) -> None:
        """What a step changed, and what can be done with it."""
        self._told = None
        self.rows.show_rows([])
        undone = step is not None and step.first.undone_by is not None
        self.undo_button.setVisible(not undone)
        self.redo_button.setVisible(undone)
        self.undo_button.setEnabled(step is not None and step.first.undoable)
        self.open_button.setEnabled(False)
        self.label.setText(step.change.label if step else "")
        self.about.setText(_about(step) if step else _("Choose a step to see what it changed."))
        if step is not None:
            change_id = step.id
            self.desk.jobs.query(lambda shop: _tell(shop, change_id), self._show_told, key="history.told")

    def _show_told(self, told: _Told) -> None:
        step = self.table.selected()
        if step is None or step.id != told.change_id:
            return
        self._told = told
        total = sum(count for _words, count in told.counts)
        parts = [_("{thing} {count}").format(thing=words, count=f"{count:,}") for words, count in told.counts]
        self.about.setText("\n".join(part for part in (_about(step), " · ".join(parts)) if part))
        if told.export is not None:
            self.about.setText("\n".join([_about(step), *_left_the_shop(told.export)]))
        elif not told.counts and not told.rows and _is_forgotten(step.change):
            self.about.setText(f"{_about(step)}\n{_('What it changed is no longer known.')}")
        stands = step.change.undone_by is None and step.change.undo_of is None
        more = max(0, total - MOST_ROWS) if total > MOST_ROWS else 0
        self.rows.show_rows(told.rows, more=more, since=stands)
        self.open_button.setEnabled(any(row.customer_id for row in told.rows))

    # ------------------------------------------------------------ doing

    def _undo(self) -> None:
        step = self.table.selected()
        if step is not None:
            self._change(lambda shop, _progress: history.undo(shop, step.first.id), _("Undoing…"))

    def _redo(self) -> None:
        step = self.table.selected()
        if step is not None:
            self._change(lambda shop, _progress: history.redo_of(shop, step.first.id), _("Doing it again…"))

    def _change(self, do: Callable[[Shop, Progress], Undone], title: str) -> None:
        self.desk.jobs.change(do, self._changed, on_error=self._not_changed, initiator=self, title=title)

    def _changed(self, undone: Undone) -> None:
        self.desk.tell_undone(undone)
        self.load()

    def _not_changed(self, error: CrmError) -> None:
        if isinstance(error, CannotUndo) and len(error.left) > 1:
            LeftDialog(self.desk.window, str(error), error.left, len(error.left)).open()
        else:
            self.desk.messages.error(str(error))

    def _open_card(self) -> None:
        customer_id = next((row.customer_id for row in self.told if row.customer_id), None)
        if customer_id is not None:
            self.desk.open_customer(customer_id)

    def _toggle_everything(self) -> None:
        self.pills.choose(_BY_PEOPLE if self.pills.chosen == _EVERYTHING else _EVERYTHING)

    def _clear_filters(self) -> None:
        self._customer_id = None
        self.whose.hide()
        self._clear_fields()
        self.load()

    def _clear_fields(self) -> None:
        self.text.clear()
        self.person.set_value(_EVERYBODY)
        self.kind.set_value("")
        self.day.set_value(None)

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        super().hideEvent(event)

    def go_back(self) -> bool:
        if self.clear_button.isEnabled():
            self._clear_filters()
            self.table.setFocus()
            return True
        return False


def _tell(shop: Shop, change_id: int) -> _Told:
    with shop.reading():
        return _Told(
            change_id,
            history.row_changes(shop, change_id, MOST_ROWS),
            history.what_changed(shop, change_id),
            history.export_of(shop, change_id),
        )


def _left_the_shop(export: ExportRecord) -> list[str]:
    """What an export took out, in lines."""
    rows = ngettext("{count} row in {file}", "{count} rows in {file}", export.rows)
    people = ngettext("{count} person stands in it.", "{count} people stand in it.", export.people)
    return [
        rows.format(count=f"{export.rows:,}", file=export.file_name),
        people.format(count=f"{export.people:,}"),
        export.filter or _("Everybody"),
    ]


def _take_keys(widget: QWidget) -> None:
    widget.setFocus(Qt.FocusReason.ShortcutFocusReason)
    if isinstance(widget, QLineEdit):
        widget.selectAll()


def _listed(person: tuple[int | None, str]) -> tuple[int, str]:
    staff_id, name = person
    return (_NOBODY, _("Nobody chosen")) if staff_id is None else (staff_id, name)


def _nothing(is_filtered: bool) -> EmptyState:
    if is_filtered:
        return EmptyState(_("No step like that"), _("Esc shows all steps again."), icon="history")
    return EmptyState(
        _("Nothing was done yet"), _("Every step will be here and can be undone."), icon="history"
    )


def _about(step: Step) -> str:
    """When, by whom, and why it cannot be undone."""
    change = step.change
    who = step.who or _("nobody chosen")
    first = _("{time} by {who}").format(time=step.when, who=who)
    if change.is_export:
        return _("{first}; what left the shop cannot be called back.").format(first=first)
    if change.undone_by is not None:
        return _("{first}; it was undone.").format(first=first)
    if change.outdated:
        return _("{first}; it is from before an update of the program and stays.").format(first=first)
    if change.erased:
        return _("{first}; somebody was erased for good, which is never undone.").format(first=first)
    if _is_forgotten(change):
        return _("{first}; it is too old to be undone.").format(first=first)
    return first


def _is_forgotten(change: StoredChange) -> bool:
    """Whether the journal no longer knows what it changed, because it is too old."""
    return not (change.undoable or change.outdated or change.erased or change.is_export)


def _marks(step: Step) -> list[Mark]:
    if step.change.undone_by is not None:
        return [Mark(_("undone"), "grey")]
    return []


def _tone(step: Step) -> str:
    quiet = step.change.undone_by is not None or step.change.undo_of is not None or step.by_program
    return "faint" if quiet else "plain"
