"""An import before it happens: five counts, what the columns mean, every row with its verdict and reason.

Nothing is written until Ctrl+Enter; rehearsing, judging and applying is importing/'s business.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _, ngettext
from desktop_crm.base.values import MISSING
from desktop_crm.importing import plan as importing
from desktop_crm.importing.plan import NeedsEncoding, Plan, PlanRow, Which
from desktop_crm.shop import Shop
from desktop_crm.ui.beside import Beside
from desktop_crm.ui.import_columns import ColumnsPanel
from desktop_crm.ui.import_forms import EncodingForm
from desktop_crm.ui.import_rows import TONES, CountTile, file_words, row_words, verdict_mark, verdict_words
from desktop_crm.ui.kit.buttons import KeyButton, Pills
from desktop_crm.ui.kit.jobs import Progress
from desktop_crm.ui.kit.labels import Elided, Label
from desktop_crm.ui.kit.layouts import hbox, vbox, wrap_row
from desktop_crm.ui.kit.panels import Banner, EmptyState, Panel
from desktop_crm.ui.kit.table import Column, RecordTable
from desktop_crm.ui.kit.theme import S8, S12, S16
from desktop_crm.ui.page import Desk

_FILTERS: tuple[Which, ...] = ("", "new", "update", "skip", "bad", "same", "doubtful")


class ImportPreview(QWidget):
    """One rehearsed import.

    Signals:
        ready(): a file was rehearsed and can be seen.
        closed(): it was cancelled or could not be begun.
        imported(change_id: int | None): it was written; None where nothing was to be written.
    """

    ready = Signal()
    closed = Signal()
    imported = Signal(object)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.plan: Plan | None = None
        self._path: Path | None = None
        self._wishes: dict[str, Any] = {}  # keyword arguments of `rehearse`
        self._granted: dict[str, Any] = {}  # those of the plan that is shown
        self._build()
        self._connect()

    # ------------------------------------------------------------ building

    def _build(self) -> None:
        self._title = Label(_("Look first, then import"), "title")
        self._file = Elided("", "quiet")
        self._kind = Pills(importing.kinds(), on_choose=lambda kind: self._again(kind=kind, mapping={}))
        self.sheets = Pills(
            [], on_choose=lambda name: self._again(sheet=name, kind="auto", mapping={}, orders={})
        )
        self.tiles = {
            verdict: CountTile(tone, lambda verdict=verdict: self.filters.choose(verdict))  # type: ignore[misc]
            for verdict, tone in TONES.items()
        }
        self._questions = QWidget()
        vbox(spacing=S8, on=self._questions)
        self.columns = ColumnsPanel(self.desk)
        row = hbox(*((tile, 1) for tile in self.tiles.values()), spacing=S12)
        head = hbox(self._title, (self._file, 1), self._kind, spacing=S12)
        middle = Beside(self._build_rows(), self.columns, panel_first=True, shares=(5, 2))
        vbox(head, self.sheets, row, self._questions, (middle, 1), self._build_foot(), spacing=S12, on=self)

    def _build_rows(self) -> Panel:
        self.filters = Pills([("", _("All"))], on_choose=lambda _key: self._show_rows())
        self.policies = Pills(
            [
                ("fill", _("Fill blanks only")),
                ("overwrite", _("Overwrite")),
                ("skip", _("Leave known ones alone")),
            ],
            on_choose=lambda policy: self._judge(policy=policy),
        )
        self.rows: RecordTable[PlanRow] = RecordTable(
            [
                Column(
                    "number",
                    _("Row"),
                    lambda r: str(r.number),
                    tone=lambda r: "faint",
                    width=64,
                    sortable=False,
                ),
                Column("verdict", "", marks=lambda r: [verdict_mark(r)], width=96, sortable=False),
                Column("name", _("Name"), lambda r: r.name or MISSING, width=112, sortable=False),
                Column("phone", _("Phone"), lambda r: r.phone, width=132, sortable=False),
                Column("why", _("Why"), row_words, tone=lambda r: "quiet", stretch=1, sortable=False),
            ],
            name="import.rows",
            state=self.desk.state,
            dense=True,
        )
        self._why = Label("", "quiet", wrap=True, selectable=True)
        self._same = KeyButton(_("The same person"), "Alt+S", on_click=lambda: self._decide("join"))
        self._other = KeyButton(_("Somebody else: new card"), "Alt+N", on_click=lambda: self._decide("new"))
        self._asking = QWidget()
        hbox((self._why, 1), self._same, self._other, spacing=S8, margins=(8, 0, 8, 0), on=self._asking)
        panel = Panel(padding=8, spacing=S8)
        panel.body.setContentsMargins(8, S12, 8, 8)
        panel.add(wrap_row(self.filters, self.policies, spacing=S16))
        panel.add(self.rows, 1)
        panel.add(self._asking)
        return panel

    def _build_foot(self) -> QWidget:
        self._promise = Label("", "quiet", wrap=True)
        self._rejects = KeyButton("", on_click=self._save_rejects, icon="save")
        self._cancel = KeyButton(_("Cancel"), "Esc", bind=False, on_click=self.close_plan)
        self.import_button = KeyButton(_("Import"), "Ctrl+Return", kind="primary", on_click=self.apply)
        foot = QWidget()
        hbox((self._promise, 1), self._rejects, self._cancel, self.import_button, spacing=S8, on=foot)
        return foot

    def _connect(self) -> None:
        self.columns.meaning_chosen.connect(self._change_meaning)
        self.rows.record_selected.connect(self._show_row)

    # ------------------------------------------------------------ rehearsing

    def begin(self, path: Path, **wishes: Any) -> None:  # keyword arguments of `rehearse`
        """Rehearse a file and show what would happen."""
        self._path, self._wishes = path, wishes

        def rehearse(shop: Shop, progress: Progress) -> Plan:
            return importing.rehearse(shop, path, progress=progress, **wishes)

        title = _("Reading {file}…").format(file=path.name)
        self.desk.jobs.query(
            rehearse, self._show_plan, title=title, key="import.rehearse", on_error=self._refused
        )

    def _again(self, **wishes: Any) -> None:  # keyword arguments of `rehearse`
        if self._path is not None:
            self.begin(self._path, **(self._wishes | wishes))

    def _refused(self, error: CrmError) -> None:
        path = self._path
        if isinstance(error, NeedsEncoding) and path is not None:
            form = EncodingForm(self.desk, path, str(error), error.candidates)
            form.open_with(lambda encoding: self._again(encoding=encoding))
            form.rejected.connect(self._give_up)
            return
        self.desk.messages.error(str(error))
        if self.plan is not None:
            self._wishes = dict(self._granted)
            self._show_choices(self.plan)
        self._give_up()

    def _give_up(self) -> None:
        if self.plan is None:
            self.closed.emit()

    def _change_meaning(self, title: str, field: str) -> None:
        self._again(mapping={**self._wishes.get("mapping", {}), title: field})

    def _answer(self, title: str, order: str) -> None:
        self._again(orders={**self._wishes.get("orders", {}), title: order})

    def _judge(self, **wishes: Any) -> None:  # keyword arguments of `judge`
        plan = self.plan
        if plan is None:
            return
        self._wishes |= {key: value for key, value in wishes.items() if key == "policy"}

        def judge(shop: Shop, progress: Progress) -> Plan:
            importing.judge(shop, plan, progress=progress, **wishes)
            return plan

        self.desk.jobs.query(
            judge, self._show_plan, title=_("Comparing with the shop…"), key="import.rehearse"
        )

    def _decide(self, decision: str) -> None:
        row = self.rows.selected()
        if row is not None and row.asks:
            self._judge(decisions={row.n: decision})

    # ------------------------------------------------------------ showing

    def _show_plan(self, plan: Plan) -> None:
        if self.plan is not None and self.plan is not plan:
            self.plan.close()
        self.plan = plan
        self._granted = dict(self._wishes)
        self._show_choices(plan)
        self._file.setText(file_words(plan))
        self.columns.show_plan(plan)
        self._show_questions(plan)
        self._show_counts(plan)
        self._show_rows()
        self.ready.emit()
        self.rows.setFocus()

    def _show_choices(self, plan: Plan) -> None:
        self._kind.choose(plan.kind, silently=True)
        self.policies.choose(plan.policy, silently=True)
        names = [sheet.name for sheet in plan.sheets if not sheet.hidden or sheet.name == plan.sheet]
        self.sheets.set_items([(name, name) for name in names])
        self.sheets.choose(plan.sheet, silently=True)
        self.sheets.setVisible(len(names) > 1)

    def _show_counts(self, plan: Plan) -> None:
        words = {
            "new": _("New"),
            "update": {"fill": _("Update (blanks only)"), "overwrite": _("Update (overwriting)")}.get(
                plan.policy, _("Update")
            ),
            "same": _("Same"),
            "skip": _("Left alone, you decide"),
            "bad": _("Problems, not imported"),
        }
        for verdict, tile in self.tiles.items():
            tile.show_count(importing.count(plan, _which(verdict)), words[verdict])
        counted = {which: importing.count(plan, which) for which in _FILTERS}
        names = {"": _("All"), "doubtful": _("Remarks"), **verdict_words()}
        self.filters.set_items(
            [(which, f"{names[which]} {count:,}") for which, count in counted.items() if count or which == ""]
        )
        bad = plan.counts["bad"]
        self._rejects.setVisible(bool(bad))
        self._rejects.setText(
            ngettext("Save the {count} row with problems", "Save the {count} rows with problems", bad).format(
                count=f"{bad:,}"
            )
        )
        self.import_button.setEnabled(bool(plan.to_write))
        self.import_button.setText(
            ngettext("Import {count} row", "Import {count} rows", plan.to_write).format(
                count=f"{plan.to_write:,}"
            )
            if plan.to_write
            else _("Nothing to import")
        )
        self._promise.setText(
            _("A backup is made first; the whole import can be undone at any time.")
            if plan.to_write
            else _("Everything in this sheet is in the shop already, or waits for you.")
        )

    def _show_questions(self, plan: Plan) -> None:
        layout = self._questions.layout()
        while layout is not None and (item := layout.takeAt(0)) is not None:
            if widget := item.widget():
                widget.deleteLater()
        words = {"dmy": _("Day first: {day}"), "mdy": _("Month first: {day}"), "ymd": _("Year first: {day}")}
        for question in plan.questions:
            buttons = [
                KeyButton(
                    words[order].format(day=day),
                    on_click=lambda title=question.title, order=order: self._answer(title, order),  # type: ignore[misc]
                )
                for order, day in question.examples.items()
            ]
            text = ngettext(
                "{count} date in “{column}” can be read in several ways. How are they meant?",
                "{count} dates in “{column}” can be read in several ways. How are they meant?",
                question.cells,
            )
            banner = Banner(
                text.format(count=f"{question.cells:,}", column=question.title), "look", buttons=buttons
            )
            if layout is not None:
                layout.addWidget(banner)
        self._questions.setVisible(bool(plan.questions))

    def _show_rows(self) -> None:
        plan = self.plan
        if plan is None:
            return
        which = _which(self.filters.chosen)

        def fetch(_shop: Shop, offset: int, limit: int, _key: str, _down: bool) -> Sequence[PlanRow]:
            return importing.rows(plan, which, limit, offset)

        self.rows.set_empty(EmptyState(_("No such rows"), icon="check"))
        self.rows.show_pages(self.desk.jobs, importing.count(plan, which), fetch)
        self._show_row(None)

    def _show_row(self, row: PlanRow | None) -> None:
        words = row.explanation if row is not None else ""
        self._why.setText(words)
        for button in (self._same, self._other):
            button.setVisible(row is not None and row.asks)
        self._asking.setVisible(bool(words))

    # ------------------------------------------------------------ ending

    def apply(self) -> None:
        """Import, as one change that can be undone."""
        plan = self.plan
        if plan is None or not plan.to_write:
            return

        def write(shop: Shop, progress: Progress) -> int | None:
            return importing.apply(shop, plan, progress)

        self.desk.jobs.change(
            write, self._written, title=_("Importing {file}…").format(file=plan.path.name), initiator=self
        )

    def _written(self, change_id: int | None) -> None:
        plan = self.plan
        if plan is not None:
            text = ngettext(
                "{count} row was imported from {file}.",
                "{count} rows were imported from {file}.",
                plan.to_write,
            )
            self.desk.done(text.format(count=f"{plan.to_write:,}", file=plan.path.name))
        self._forget()
        self.imported.emit(change_id)

    def close_plan(self) -> None:
        """Throw the rehearsal away; nothing was written."""
        self.desk.jobs.forget("import.rehearse")
        self._forget()
        self.closed.emit()

    def _forget(self) -> None:
        if self.plan is not None:
            self.plan.close()
        self.plan = None

    def _save_rejects(self) -> None:
        plan = self.plan
        if plan is None:
            return
        name = _("{file} – to be mended.xlsx").format(file=plan.path.stem)
        dialog = QFileDialog(
            self, _("Save the rows with problems"), str(plan.path.with_name(name)), _("Workbook (*.xlsx)")
        )
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda chosen: self.save_rejects(Path(chosen)))
        dialog.open()

    def save_rejects(self, out: Path) -> None:
        """Write the rows with problems to a workbook, to be mended and imported again."""
        plan = self.plan
        if plan is not None:
            text = _("Saved {file}. Mend the rows there and import it again.").format(file=out.name)
            self.desk.jobs.query(
                lambda _shop: importing.write_rejects(plan, out), lambda _count: self.desk.messages.say(text)
            )


def _which(key: str) -> Which:
    return next(which for which in _FILTERS if which == key)
