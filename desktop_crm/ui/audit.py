"""The page Audit trail: who saw, changed and deleted what, filtered, verified and taken out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QHideEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QBoxLayout, QFileDialog, QLineEdit, QSizePolicy, QWidget

from desktop_crm import audit_list, history
from desktop_crm.audit import ACTIONS, Verdict
from desktop_crm.audit_list import AuditWanted, Line
from desktop_crm.base.i18n import N_, _, ngettext
from desktop_crm.base.values import MISSING, clean_text
from desktop_crm.history import RowChange
from desktop_crm.shop import Shop
from desktop_crm.ui.audit_verify import VerifyForm, banner
from desktop_crm.ui.beside import Beside
from desktop_crm.ui.customer_field import CustomerField
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.choices import ChoiceField
from desktop_crm.ui.kit.fields import DayField
from desktop_crm.ui.kit.jobs import Progress
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.layouts import STRETCH, Item, clear, hbox, scrolling, vbox
from desktop_crm.ui.kit.panels import EmptyState, Panel
from desktop_crm.ui.kit.places import documents
from desktop_crm.ui.kit.table import Column, Mark, RecordTable
from desktop_crm.ui.kit.theme import S8, S12
from desktop_crm.ui.page import Desk, Page
from desktop_crm.ui.step_details import MOST_ROWS, RowList

_WAIT_MS = 120
_ROOM_FOR_ONE_ROW = 980
_EVERYBODY, _NOBODY = -1, -2

_SAW, _SIGNED = ("reveal", "print", "export"), ("sign_in", "sign_in_failed", "switch", "lock", "unlock")
GROUPS = (
    ("saw", N_("Looks, prints, exports"), _SAW),
    ("signed", N_("Sign-ins and locks"), _SIGNED),
    (
        "safety",
        N_("Passwords and settings"),
        ("pin", "password", "locks", "recovery", "rights", "settings"),
    ),
    ("gone", N_("Deleted, merged, undone"), ("delete", "merge", "erase", "undo")),
)
"""Key, words and actions of what is often asked together; single actions follow them."""

_TONES = {"delete": "bad", "erase": "bad", "sign_in_failed": "bad"} | dict.fromkeys(_SAW, "look")


@dataclass(frozen=True)
class _Asked:
    """What one load brings."""

    count: int
    people: list[tuple[int | None, str]]


class _Filters(QWidget):
    """Two groups of fields, below each other where there is no room for one row."""

    def __init__(self, *groups: Sequence[Item]) -> None:
        super().__init__()
        self._rows = [hbox(*group, spacing=S8) for group in groups]
        self._both = hbox(*((row, 1) for row in self._rows), spacing=S8, on=self)

    def minimumSizeHint(self) -> QSize:
        """The wider group's, or the groups could never move below each other."""
        least = super().minimumSizeHint()
        return QSize(max(row.minimumSize().width() for row in self._rows), least.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        sides = QBoxLayout.Direction
        direction = sides.LeftToRight if self.width() >= _ROOM_FOR_ONE_ROW else sides.TopToBottom
        if self._both.direction() != direction:
            self._both.setDirection(direction)


class AuditPage(Page):
    """All entries, the newest first, beside what the chosen one tells."""

    depends_on = frozenset(
        {"customers", "purchases", "followups", "complaints", "settings", "staff", "exports"}
    )

    keys = (
        ("Alt+V", N_("Verify the trail")),
        ("Alt+E", N_("Take the shown entries out")),
        ("Alt+O", N_("Open the card it is about")),
        ("Alt+T", N_("Find an entry by its words")),
        ("Alt+B", N_("By whom")),
        ("Alt+W", N_("What was done")),
        ("Alt+C", N_("About which customer")),
        ("Alt+D", N_("From which day on")),
    )

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._timer = QTimer(self, interval=_WAIT_MS, singleShot=True)
        self._build()
        self._connect()

    # ------------------------------------------------------------ building

    def _build(self) -> None:
        self.count = Label("", "quiet")
        self.verify_button = KeyButton(_("Verify…"), "Alt+V", on_click=self._verify)
        self.export_button = KeyButton(_("Take out…"), "Alt+E", on_click=self._ask_place)
        head = hbox(
            Label(_("Audit trail"), "title"),
            STRETCH,
            self.count,
            self.verify_button,
            self.export_button,
            spacing=S12,
        )
        self.said = vbox(spacing=0)
        vbox(
            head,
            self.said,
            self._build_filters(),
            (Beside(self._build_list(), self._build_details(), shares=(12, 8)), 1),
            spacing=S12,
            on=self,
        )
        self.setFocusProxy(self.table)

    def _build_filters(self) -> QWidget:
        self.text = QLineEdit()
        self.text.setClearButtonEnabled(True)
        self.text.setPlaceholderText(_("Words of the entry"))
        self.text.setAccessibleName(_("Words of the entry"))
        self.person: ChoiceField[int] = ChoiceField("", [(_EVERYBODY, _("All people"))], value=_EVERYBODY)
        groups = [(key, _(words)) for key, words, _actions in GROUPS]
        actions = [("", _("Everything")), *groups, *((key, _(words)) for key, words in ACTIONS.items())]
        self.what: ChoiceField[str] = ChoiceField("", actions, value="")
        self.whom = CustomerField(self.desk.jobs, "")
        self.whom.line.setPlaceholderText(_("About any customer"))
        today = self.desk.shop.today()
        self.from_day = DayField("", today=today, placeholder=_("From day"), past=True)
        self.to_day = DayField("", today=today, placeholder=_("Until day"), past=True)
        self.clear_button = KeyButton(_("Clear"), kind="quiet", on_click=self._clear_filters)
        what = ((self.text, 4), (self.person, 3), (self.what, 4))
        return _Filters(what, ((self.whom, 4), (self.from_day, 3), (self.to_day, 3), self.clear_button))

    def _build_list(self) -> Panel:
        self.table: RecordTable[Line] = RecordTable(
            [
                Column("when", _("When"), lambda line: line.when, tone="faint", width=136, sortable=False),
                Column("who", _("By whom"), _who, tone="quiet", width=112, sortable=False),
                Column("what", _("What"), marks=_marks, width=146, sortable=False),
                Column(
                    "words", _("In words"), lambda line: line.words, tone=_tone, stretch=1, sortable=False
                ),
            ],
            name="audit.entries",
            state=self.desk.state,
            dense=True,
        )
        panel = Panel(padding=8, spacing=S8)
        panel.add(self.table, 1)
        return panel

    def _build_details(self) -> Panel:
        self.open_button = KeyButton(_("Open the card"), "Alt+O", on_click=self._open_card)
        self.label = Label("", "section", wrap=True, selectable=True)
        self.about = Label("", "quiet", wrap=True, selectable=True)
        for label in (self.label, self.about):
            policy = label.sizePolicy()  # a word without end would push the list aside
            policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
            label.setSizePolicy(policy)
        self.rows = RowList()
        panel = Panel(spacing=S8)
        panel.add(self.label)
        panel.add(self.about)
        panel.add(hbox(self.open_button, STRETCH, spacing=S8))
        panel.add(scrolling(self.rows), 1)
        return panel

    def _connect(self) -> None:
        self._timer.timeout.connect(self.load)
        self.text.textChanged.connect(lambda _text: self._timer.start())
        for field in (self.person, self.what, self.whom, self.from_day, self.to_day):
            field.changed.connect(self._timer.start)
            field.entered.connect(self.table.setFocus)
        self.text.returnPressed.connect(self.table.setFocus)
        self.table.record_selected.connect(self._show_line)
        self.table.record_chosen.connect(lambda _line: self._open_card())
        jumps: tuple[tuple[str, QWidget], ...] = (
            ("Alt+T", self.text),
            ("Alt+B", self.person),
            ("Alt+W", self.what),
            ("Alt+C", self.whom),
            ("Alt+D", self.from_day),
        )
        for key, widget in jumps:
            QShortcut(QKeySequence(key), self).activated.connect(widget.setFocus)
        self._show_line(None)

    # ------------------------------------------------------------ showing

    def open(self, argument: object) -> None:
        """`argument` is a customer's id, or None: only the entries about them."""
        assert argument is None or isinstance(argument, int)
        self._clear_fields()
        self.whom.set_value(argument)

    def load(self) -> None:
        wanted = self.wanted()

        def ask(shop: Shop) -> _Asked:
            with shop.reading():
                return _Asked(audit_list.count(shop, wanted), audit_list.people(shop))

        self.desk.jobs.query(ask, self._show, key="audit.load")

    def wanted(self) -> AuditWanted:
        """Which entries are listed now."""
        person = _EVERYBODY if self.person.is_empty() else self.person.value()
        key = "" if self.what.is_empty() else self.what.value() or ""
        grouped = {name: actions for name, _words, actions in GROUPS}
        first, last = (None if field.is_empty() else field.value() for field in (self.from_day, self.to_day))
        return AuditWanted(
            staff_id=person if person >= 0 else None,
            nobody=person == _NOBODY,
            actions=grouped.get(key, (key,) if key else ()),
            from_day=first.isoformat() if first else "",
            to_day=last.isoformat() if last else "",
            text=clean_text(self.text.text()),
            customer_id=self.whom.value(),
        )

    def _show(self, asked: _Asked) -> None:
        wanted = self.wanted()
        words = ngettext("{count} entry", "{count} entries", asked.count)
        self.count.setText(words.format(count=f"{asked.count:,}"))
        self.person.set_items([(_EVERYBODY, _("All people")), *map(_listed, asked.people)])
        is_filtered = wanted != AuditWanted()
        self.clear_button.setEnabled(is_filtered)
        self.table.set_empty(_nothing(is_filtered))
        self.table.show_pages(
            self.desk.jobs,
            asked.count,
            lambda shop, offset, limit, _key, _down: audit_list.lines(shop, wanted, limit, offset),
        )
        self.table.select_first()
        if not asked.count:
            self._show_line(None)

    def _show_line(self, line: Line | None) -> None:
        self.rows.show_rows([])
        self.label.setText(line.words if line else "")
        self.label.setVisible(line is not None)
        self.about.setText("\n".join(_facts(line)) if line else _("Choose an entry to see what it tells."))
        self.open_button.setEnabled(line is not None and bool(line.people))
        change_id = line.entry.change_id if line is not None and not line.is_blank else None
        self.desk.jobs.forget("audit.told")
        if change_id is not None:
            self.desk.jobs.query(
                lambda shop: history.row_changes(shop, change_id, MOST_ROWS),
                self._show_rows,
                key="audit.told",
            )

    def _show_rows(self, rows: list[RowChange]) -> None:
        line = self.table.selected()
        total = sum(count for _words, count in line.counts) if line is not None else 0
        self.rows.show_rows(rows, more=max(0, total - MOST_ROWS) if len(rows) >= MOST_ROWS else 0)

    # ------------------------------------------------------------ doing

    def _open_card(self) -> None:
        line = self.table.selected()
        if line is not None and line.people:
            self.desk.open_customer(line.people[0][0])

    def _verify(self) -> None:
        VerifyForm(self.desk).open_with(self._show_verdict)

    def _show_verdict(self, verdict: Verdict) -> None:
        clear(self.said)
        self.said.addWidget(banner(verdict))

    def _ask_place(self) -> None:
        dialog = QFileDialog(self, _("Take out"), documents(_("Audit trail") + ".xlsx"))
        dialog.setNameFilters([_("Workbook") + " (*.xlsx)", _("Text with commas") + " (*.csv)"])
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("xlsx")
        dialog.fileSelected.connect(self.save_as)
        dialog.open()

    def save_as(self, name: str) -> None:
        """Write the entries that are shown into a file."""
        # the spreadsheet libraries are not needed before somebody takes something out
        from desktop_crm.exporting import audit as taking_out
        from desktop_crm.exporting.orders import ExportResult

        path, wanted = Path(name), self.wanted()

        def write(shop: Shop, progress: Progress) -> ExportResult:
            return taking_out.save(shop, wanted, path, partial(progress.report, text=_("Writing the file…")))

        def saved(result: ExportResult) -> None:
            self.desk.messages.say(_("The audit trail is in {file}.").format(file=result.file.name))
            self.load()

        self.desk.jobs.change(write, saved, title=_("Taking out…"), initiator=self)

    def _clear_filters(self) -> None:
        self._clear_fields()
        self.load()

    def _clear_fields(self) -> None:
        self.text.clear()
        self.person.set_value(_EVERYBODY)
        self.what.set_value("")
        self.whom.set_value(None)
        self.from_day.set_value(None)
        self.to_day.set_value(None)

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        super().hideEvent(event)

    def go_back(self) -> bool:
        if self.clear_button.isEnabled():
            self._clear_filters()
            self.table.setFocus()
            return True
        return False


def _listed(person: tuple[int | None, str]) -> tuple[int, str]:
    staff_id, name = person
    return (_NOBODY, _("Nobody chosen")) if staff_id is None else (staff_id, name)


def _nothing(is_filtered: bool) -> EmptyState:
    if is_filtered:
        return EmptyState(_("No entry like that"), _("Esc shows all entries again."), icon="history")
    return EmptyState(
        _("Nothing was noted yet"), _("Every step and every look will be here."), icon="history"
    )


def _who(line: Line) -> str:
    return line.who or MISSING


def _marks(line: Line) -> list[Mark]:
    return [Mark(line.what, _TONES.get(line.entry.action, "grey"))]


def _tone(line: Line) -> str:
    return "faint" if line.is_blank else "plain"


def _facts(line: Line) -> list[str]:
    """What stands under the sentence of an entry."""
    who = line.who or _("nobody chosen")
    told = [_("Entry {number}: {time} by {who}").format(number=f"{line.id:,}", time=line.when, who=who)]
    if line.people:
        names = _(", ").join(name for _customer_id, name in line.people)
        told.append(_("About {names}").format(names=names))
    if line.counts:
        told.append(
            " · ".join(
                _("{thing} {count}").format(thing=words, count=f"{count:,}") for words, count in line.counts
            )
        )
    return told
