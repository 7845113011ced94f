"""The page Data: bring lists in, take lists out (export_panel.py)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFileDialog, QFrame, QStackedLayout, QWidget

from desktop_crm import history, tiers
from desktop_crm.base.dates import from_instant
from desktop_crm.base.i18n import N_, _, ngettext
from desktop_crm.importing import plan as importing
from desktop_crm.records.imports import ImportBatch
from desktop_crm.ui.export_panel import KEYS as EXPORT_KEYS
from desktop_crm.ui.export_panel import ExportPanel
from desktop_crm.ui.import_preview import ImportPreview
from desktop_crm.ui.kit import theme
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.layouts import hbox, vbox
from desktop_crm.ui.kit.panels import Banner, Drawing, EmptyState, Panel
from desktop_crm.ui.kit.places import documents
from desktop_crm.ui.kit.table import Column, Mark, RecordTable
from desktop_crm.ui.kit.theme import S4, S8, S16
from desktop_crm.ui.page import Desk, Page
from desktop_crm.ui.tiers import retier


class DropArea(QFrame):
    """Where a file can be let fall, or be chosen."""

    def __init__(self, on_choose: Callable[[], None]) -> None:
        super().__init__()
        self.is_wanted = False
        self.button = KeyButton(
            _("Choose a file"), "Ctrl+O", kind="primary", on_click=on_choose, icon="folder-open"
        )
        title = Label(_("Drop an Excel or CSV file here"), "section")
        words = Label(
            _("Customers, purchases, contacts or complaints; you see every row before it is imported."),
            "quiet",
            wrap=True,
        )
        text = vbox(title, words, spacing=S4)
        hbox(Drawing("file-spreadsheet"), (text, 1), self.button, spacing=S16, margins=S16, on=self)

    def want(self, wanted: bool) -> None:
        """Show that what is dragged over it is welcome."""
        self.is_wanted = wanted
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = theme.tokens()
        pen = QPen(tokens.colour("accent" if self.is_wanted else "line"), 1.5, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(tokens.colour("accent_soft" if self.is_wanted else "panel"))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -2, -2), theme.RADIUS, theme.RADIUS)
        painter.end()


class DataPage(Page):
    """In and out; while a file is looked at, its preview takes the whole page."""

    depends_on = frozenset(
        {
            "customers",
            "purchases",
            "followups",
            "complaints",
            "tiers",
            "settings",
            "staff",
            "products",
            "devices",
        }
        | {"interactions", "tags", "imports"}
    )

    keys = (
        ("Ctrl+O", N_("Choose a file to import")),
        ("Ctrl+Return", N_("Import what is shown")),
        ("Alt+S", N_("Same person")),
        ("Alt+N", N_("Another person: make a new card")),
        ("Alt+I", N_("Undo this import")),
        *EXPORT_KEYS,
        ("Alt+G", N_("Re-tier")),
    )

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.setAcceptDrops(True)
        self.preview = ImportPreview(desk)
        self._overview = QWidget()
        self._stack = QStackedLayout(self)
        self._build()
        self._stack.addWidget(self._overview)
        self._stack.addWidget(self.preview)
        self._connect()

    def _build(self) -> None:
        self.drop = DropArea(self.choose_file)
        self.exports = ExportPanel(self.desk)
        self.retier = Banner("", "look", buttons=[KeyButton(_("Re-tier…"), "Alt+G", on_click=self._retier)])
        self.retier.hide()
        vbox(
            Label(_("Data"), "title"),
            self.retier,
            self.drop,
            (self._build_imports(), 1),
            self.exports,
            spacing=S16,
            on=self._overview,
        )

    def _build_imports(self) -> Panel:
        self.undo_import = KeyButton(
            _("Undo this import"), "Alt+I", icon="undo-2", on_click=self._undo_import
        )
        self.imports: RecordTable[ImportBatch] = RecordTable(
            [
                Column(
                    "file", _("File"), lambda b: b.file_name, second=self._when, stretch=1, sortable=False
                ),
                Column("counts", _("Rows"), _count_words, marks=_bad_marks, width=230, sortable=False),
            ],
            name="data.imports",
            state=self.desk.state,
        )
        self.imports.set_empty(
            EmptyState(
                _("Nothing was imported yet"),
                _("Your lists can come from any program: headings in Chinese or English are understood."),
                icon="upload",
            )
        )
        panel = Panel(section=_("Imports so far"), actions=[self.undo_import], padding=8, spacing=S8)
        panel.head.setContentsMargins(8, S8, 8, 0)
        panel.add(self.imports, 1)
        return panel

    def _connect(self) -> None:
        self.preview.ready.connect(lambda: self._stack.setCurrentWidget(self.preview))
        self.preview.closed.connect(self._show_overview)
        self.preview.imported.connect(lambda _change: self._after_import())
        self.imports.record_selected.connect(self._import_selected)
        self._import_selected(None)

    # ------------------------------------------------------------ showing

    def load(self) -> None:
        self.desk.jobs.query(importing.latest, self._show_imports, key="data.imports")

    def open(self, argument: object) -> None:
        """`argument` "import" asks for a file, a Path looks at that one."""
        if isinstance(argument, Path):
            self.look_at(argument)
        elif argument == "import":
            QTimer.singleShot(0, self, self.choose_file)

    def go_back(self) -> bool:
        if self._stack.currentWidget() is self.preview:
            self.preview.close_plan()
            return True
        return False

    def _show_imports(self, batches: list[ImportBatch]) -> None:
        self.imports.set_records(batches)
        self._import_selected(self.imports.selected())

    def _import_selected(self, batch: ImportBatch | None) -> None:
        self.undo_import.setEnabled(batch is not None)

    def _when(self, batch: ImportBatch) -> str:
        kinds = dict(importing.kinds())
        at = f"{from_instant(batch.at).astimezone(self.desk.shop.zone):%Y-%m-%d %H:%M}"
        kind = next((text for kind, text in kinds.items() if kind == batch.kind), batch.kind)
        return f"{at} · {kind}"

    def _after_import(self) -> None:
        """The past that came in may move customers who were here before: propose a run, do not make it."""
        self._show_overview()
        self.desk.jobs.query(tiers.waiting, self._propose, key="data.tiers")

    def _propose(self, words: str) -> None:
        self.retier.set_text(words)
        self.retier.setVisible(bool(words))

    def _retier(self) -> None:
        retier(self.desk, self.retier.hide)

    def _show_overview(self) -> None:
        self._stack.setCurrentWidget(self._overview)
        self.load()
        self.drop.button.setFocus()

    # ------------------------------------------------------------ in

    def choose_file(self) -> None:
        """Ask for a file to import."""
        dialog = QFileDialog(self, _("Choose a file to import"), documents())
        dialog.setNameFilters([_("Lists (*.xlsx *.xls *.csv *.txt *.tsv *.ods *.et)"), _("All files (*)")])
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda chosen: self.look_at(Path(chosen)))
        dialog.open()

    def look_at(self, path: Path) -> None:
        """Rehearse the import of a file and show it."""
        self.preview.begin(path)

    def _undo_import(self) -> None:
        batch = self.imports.selected()
        if batch is not None and batch.change_id is not None:
            change_id = batch.change_id
            self.desk.jobs.change(lambda shop: history.undo(shop, change_id), self.desk.tell_undone)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()
            self.drop.want(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.drop.want(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self.drop.want(False)
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.look_at(paths[0])


def _count_words(batch: ImportBatch) -> str:
    parts = [
        ngettext("{count} new", "{count} new", batch.new).format(count=f"{batch.new:,}") if batch.new else "",
        ngettext("{count} updated", "{count} updated", batch.updated).format(count=f"{batch.updated:,}")
        if batch.updated
        else "",
        ngettext("{count} same", "{count} same", batch.same).format(count=f"{batch.same:,}")
        if batch.same
        else "",
        ngettext("{count} left alone", "{count} left alone", batch.skipped).format(count=f"{batch.skipped:,}")
        if batch.skipped
        else "",
    ]
    return " · ".join(part for part in parts if part)


def _bad_marks(batch: ImportBatch) -> list[Mark]:
    return (
        [
            Mark(
                ngettext("{count} problem", "{count} problems", batch.bad).format(count=f"{batch.bad:,}"),
                "bad",
            )
        ]
        if batch.bad
        else []
    )
