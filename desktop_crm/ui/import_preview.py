"""A sheet before it is imported: five counts, what the columns mean, every row with its verdict and reason.

Nothing is written here: rehearsing and judging is importing/'s business, writing goes by import_flow.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from desktop_crm.base.errors import Cancelled, CrmError
from desktop_crm.base.i18n import _, ngettext
from desktop_crm.importing import plan as importing
from desktop_crm.importing.plan import Filter, Plan
from desktop_crm.importing.several import Item
from desktop_crm.shop import Shop
from desktop_crm.ui.beside import NARROW, Beside
from desktop_crm.ui.import_columns import ColumnsPanel
from desktop_crm.ui.import_forms import order_words
from desktop_crm.ui.import_policy import PolicyButton
from desktop_crm.ui.import_rows import TONES, CountTile, file_words, left_out_words, tile_words, verdict_words
from desktop_crm.ui.import_table import Overview, RowsPanel, Step, overview
from desktop_crm.ui.kit.buttons import KeyButton, Pills
from desktop_crm.ui.kit.jobs import Progress
from desktop_crm.ui.kit.labels import Elided, Label
from desktop_crm.ui.kit.layouts import clear, hbox, move_foot, vbox
from desktop_crm.ui.kit.palette import Option, Palette, Question
from desktop_crm.ui.kit.panels import Banner
from desktop_crm.ui.kit.theme import S8, S12
from desktop_crm.ui.page import Desk


class ImportPreview(QWidget):
    """One rehearsed sheet.

    Attributes:
        item / plan: the sheet; a plan that takes the place of another one is given back by `changed`.
        alone: nothing else comes in with it, so its button imports.

    Signals:
        ready(): the sheet that was asked for can be seen.
        changed(item: Item, plan: Plan, wishes: dict, waits: int, told: int): a sheet was rehearsed or judged anew; so many
            rows wait, of so many there is something to know.
        accepted(): the person has seen enough: import, or go on to the next one.
        left(): back, without that.
        rejects_wanted(): save the bad rows.
    """

    ready = Signal()
    changed = Signal(object, object, object, int, int)
    accepted = Signal()
    left = Signal()
    rejects_wanted = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.plan: Plan | None = None
        self.alone = True
        self._wishes: dict[str, Any] = {}  # keyword arguments of `rehearse`
        self.item: Item | None = None
        self._todo: list[Callable[[Item, Plan], None]] = []
        self._is_busy = self._is_accepted = False
        self._build()
        self._connect()

    # ------------------------------------------------------------ building

    def _build(self) -> None:
        self._title = Label(_("Look first, then import"), "title")
        self._file = Elided("", "quiet")
        self.kind = KeyButton("", "Alt+T", kind="quiet", on_click=self._ask_kind)
        self._kinds = Palette(self.kind)
        self.sheets = Pills(
            [], on_choose=lambda name: self.again(sheet=name, kind="auto", mapping={}, orders={})
        )
        self.tiles = {
            verdict: CountTile(tone, partial(self._show_only, verdict)) for verdict, tone in TONES.items()
        }
        self._questions = QWidget()
        vbox(spacing=S8, on=self._questions)
        self.left_out = Elided("", "quiet")
        self.columns = ColumnsPanel(self.desk)
        self.policy = PolicyButton(lambda policy: self._decide(partial(_judge_by, policy)))
        self.table = RowsPanel(self.desk)
        row = hbox(*((tile, 1) for tile in self.tiles.values()), spacing=S12)
        head = hbox(self._title, (self._file, 1), self.kind, self.policy, spacing=S8)
        middle = Beside(self.table, self.columns, panel_first=True, shares=(5, 2))
        self._foot, self._is_small = self._build_foot(), False
        self._column = vbox(
            head,
            self.sheets,
            row,
            self._questions,
            self.left_out,
            (middle, 1),
            self._foot,
            spacing=S12,
            on=self,
        )

    def _build_foot(self) -> QWidget:
        self._promise = Elided("", "quiet")
        self.rejects = KeyButton("", "Alt+B", on_click=self.rejects_wanted.emit, icon="save")
        self._to_columns = KeyButton(_("Columns"), "Alt+C", kind="quiet", on_click=self.look_at_columns)
        self._back = KeyButton("", "Esc", bind=False, on_click=self.left.emit)
        self.import_button = KeyButton("", "Ctrl+Return", kind="primary", on_click=self._accept)
        foot = QWidget()
        hbox(
            (self._promise, 1),
            self._to_columns,
            self.rejects,
            self._back,
            self.import_button,
            spacing=S8,
            on=foot,
        )
        return foot

    def _connect(self) -> None:
        self.columns.meaning_chosen.connect(self._change_meaning)
        self.table.decided.connect(self._decide)
        for palette in (self._kinds, self.policy.palette_list):
            palette.closed.connect(self.table.setFocus)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        small = self.width() < NARROW
        if small != self._is_small:
            self._is_small = small
            move_foot(self._column, self._foot, to_top=small)
        self.policy.set_short(small)
        for button in (self.kind, self._to_columns, self.rejects, self._back):
            button.set_compact(small)

    # ------------------------------------------------------------ what is shown

    def show_item(self, item: Item, *, alone: bool) -> None:
        """Show a sheet that was read."""
        plan, wishes = item.plan, dict(item.wishes)
        assert plan is not None, "a sheet that was read"

        def show(seen: Overview) -> None:
            self.item, self.plan, self._wishes, self.alone = item, plan, wishes, alone
            self._show(seen, anew=True)
            self.ready.emit()

        self.desk.jobs.query(lambda _shop: overview(plan), show, key="import.preview")

    def forget(self) -> None:
        """Show nothing any more, and hold no rows."""
        self.item = self.plan = None
        self._todo = []
        self._is_accepted = False
        self.table.forget()
        self.columns.forget()
        self.desk.jobs.forget("import.preview")

    def look_at_columns(self) -> None:
        """Give the columns the keys, at the first one that was guessed or is not known."""
        self.columns.look()

    def look_at_rows(self) -> None:
        """Give the rows that wait for the person the keys."""
        self.table.show_asking()

    # ------------------------------------------------------------ rehearsing and judging anew

    def again(self, **wishes: Any) -> None:  # keyword arguments of `rehearse`
        """Rehearse the sheet with other wishes; what was decided about its rows holds on."""
        self._queue(partial(self._rehearse, wishes))

    def _decide(self, step: Step) -> None:
        self._queue(partial(self._judge, step))

    def _queue(self, begin: Callable[[Item, Plan], None]) -> None:
        """One thing after another, each upon what the one before left: two at once would judge the same rows."""
        if self.plan is not None:
            self._todo.append(begin)
            if not self._is_busy:
                self._next()

    def _next(self) -> None:
        self._is_busy = bool(self._todo) and self.item is not None and self.plan is not None
        if self._is_busy and self.item is not None and self.plan is not None:
            self._todo.pop(0)(self.item, self.plan)
        elif self._is_accepted:
            self._is_accepted = False
            self.accepted.emit()

    def _rehearse(self, wishes: Mapping[str, Any], item: Item, plan: Plan) -> None:  # those of `rehearse`
        asked = {**self._wishes, "sheet": plan.sheet or None, **wishes}

        def rehearse(shop: Shop, progress: Progress) -> tuple[Plan, Overview] | None:
            try:
                made = importing.rehearse(shop, plan.path, progress=progress, after=plan, **asked)
            except Cancelled:
                return None
            return made, overview(made)

        self.desk.jobs.query(
            rehearse,
            partial(self._done, item, asked),
            title=_("Reading {file}…").format(file=plan.path.name),
            on_error=self._refused,
        )

    def _judge(self, step: Step, item: Item, plan: Plan) -> None:
        def run(shop: Shop, progress: Progress) -> tuple[Plan, Overview]:
            try:
                step(shop, plan, progress)
            except Cancelled:
                importing.judge(shop, plan)  # half of it would be neither the old verdicts nor the new ones
            return plan, overview(plan)

        self.desk.jobs.query(
            run,
            partial(self._done, item, None),
            title=_("Comparing with the shop…"),
            on_error=self._refused,
        )

    def _done(
        self, item: Item, asked: dict[str, Any] | None, found: tuple[Plan, Overview] | None
    ) -> None:  # keyword arguments of `rehearse`
        """A sheet was rehearsed with what was asked, or (None) judged anew; it need not be the one that is shown."""
        if found is not None:
            plan, seen = found
            wishes = dict(item.wishes) | {"policy": plan.policy} if asked is None else asked
            if item is self.item:
                anew, self.plan, self._wishes = plan is not self.plan, plan, wishes
                if anew or not self._todo:
                    self._show(seen, anew=anew)
            self.changed.emit(item, plan, wishes, seen.counts["asks"], seen.counts["doubtful"])
        elif self.plan is not None:
            self._show_choices(self.plan)
        self._next()

    def _refused(self, error: CrmError) -> None:
        self.desk.messages.error(str(error))
        if self.plan is not None:
            self._show_choices(self.plan)
        self._next()

    def _accept(self) -> None:
        """Ctrl+Enter: at once, or when what was decided before is done."""
        if self._is_busy:
            self._is_accepted = True
        else:
            self.accepted.emit()

    def _change_meaning(self, title: str, field: str) -> None:
        self.again(mapping={**self._wishes.get("mapping", {}), title: field})

    def answer_days(self, title: str, order: str) -> None:
        """Say how the days of a column are meant."""
        self.again(orders={**self._wishes.get("orders", {}), title: order})

    def _ask_kind(self) -> None:
        if self.plan is None:
            return

        def chosen(keys: tuple[str, ...]) -> None:
            self._kinds.close_it()
            if self.plan is not None and keys[0] != self.plan.kind:
                self.again(kind=keys[0], mapping={})

        options = [Option(kind, label) for kind, label in importing.kinds()]
        question = Question(_("What is in this sheet?"), options, chosen, marked=frozenset({self.plan.kind}))
        self._kinds.ask(question)

    # ------------------------------------------------------------ showing

    def _show(self, seen: Overview, *, anew: bool) -> None:
        plan = self.plan
        if plan is None:
            return
        self._show_choices(plan)
        self._file.setText(file_words(plan))
        self.left_out.setText(left_out_words(plan))
        self.left_out.setVisible(bool(plan.left_out))
        self.columns.show_plan(plan)
        self._show_questions(plan)
        words, short = tile_words(plan.policy), verdict_words()
        for verdict, tile in self.tiles.items():
            tile.show_count(seen.counts[verdict], words[verdict], short[verdict])
        self._show_foot(plan)
        self.table.show_plan(plan, seen, anew=anew)

    def _show_only(self, verdict: Any) -> None:  # one of `Which`
        self.table.show_rows(Filter(verdict))

    def _show_choices(self, plan: Plan) -> None:
        words = next(label for kind, label in importing.kinds() if kind == plan.kind)
        self.kind.setText(_("Taken for: {kind}").format(kind=words))
        self.kind.updateGeometry()
        self.policy.show_policy(plan.policy)
        names = [sheet.name for sheet in plan.sheets if not sheet.hidden or sheet.name == plan.sheet]
        self.sheets.set_items([(name, name) for name in names])
        self.sheets.choose(plan.sheet, silently=True)
        self.sheets.setVisible(self.alone and len(names) > 1)

    def _show_foot(self, plan: Plan) -> None:
        bad, rows = plan.counts["bad"], plan.to_write
        words = ngettext("Save the {count} row with problems", "Save the {count} rows with problems", bad)
        self.rejects.setText(words.format(count=f"{bad:,}"))
        self.rejects.setVisible(bool(bad) and self.alone)
        self._back.setText(_("Cancel") if self.alone else _("Back"))
        if not self.alone:
            self.import_button.setText(_("Looks right, go on"))
            self.import_button.setEnabled(True)
            self._promise.setText(_("Nothing is written yet: all sheets are imported together."))
            return
        self.import_button.setEnabled(bool(rows))
        self.import_button.setText(
            ngettext("Import {count} row", "Import {count} rows", rows).format(count=f"{rows:,}")
            if rows
            else _("Nothing to import")
        )
        self._promise.setText(
            _("A backup is made first; the whole import can be undone at any time.")
            if rows
            else _("Everything in this sheet is in the shop already, or waits for you.")
        )

    def _show_questions(self, plan: Plan) -> None:
        layout = self._questions.layout()
        assert layout is not None
        clear(layout)
        words, digit = order_words(), 0
        for question in plan.questions:
            buttons = []
            for order, day in question.examples.items():
                digit += 1
                buttons.append(
                    KeyButton(
                        words[order].format(day=day),
                        f"Alt+Shift+{digit}" if digit < 10 else "",
                        on_click=partial(self.answer_days, question.title, order),
                    )
                )
            text = ngettext(
                "{count} date in “{column}” can be read in several ways. How are they meant?",
                "{count} dates in “{column}” can be read in several ways. How are they meant?",
                question.cells,
            ).format(count=f"{question.cells:,}", column=question.title)
            layout.addWidget(Banner(text, "look", buttons=buttons))
        self._questions.setVisible(bool(plan.questions))


def _judge_by(policy: Any, shop: Shop, plan: Plan, progress: Progress) -> None:  # one of `Policy`
    importing.judge(shop, plan, policy=policy, progress=progress)
