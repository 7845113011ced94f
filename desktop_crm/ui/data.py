"""The page Data: bring lists in, take lists out (export_panel.py)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFileDialog, QFrame, QWidget

from desktop_crm import tiers
from desktop_crm.base.dates import from_instant
from desktop_crm.base.i18n import N_, _, ngettext
from desktop_crm.importing import batches, several
from desktop_crm.importing import plan as importing
from desktop_crm.importing.batches import Brought
from desktop_crm.importing.plan import Memory
from desktop_crm.importing.several import TakenBack
from desktop_crm.shop import Shop
from desktop_crm.ui import import_originals as originals
from desktop_crm.ui.export_panel import KEYS as EXPORT_KEYS
from desktop_crm.ui.export_panel import ExportPanel
from desktop_crm.ui.import_view import KEYS as IMPORT_KEYS
from desktop_crm.ui.import_view import ImportView, OneShown, taken_back_words
from desktop_crm.ui.kit import theme
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.jobs import Progress
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.layouts import hbox, vbox
from desktop_crm.ui.kit.palette import Option, Palette, Question
from desktop_crm.ui.kit.panels import Banner, Drawing, EmptyState, Panel
from desktop_crm.ui.kit.places import documents
from desktop_crm.ui.kit.table import Column, Mark, RecordTable
from desktop_crm.ui.kit.theme import S4, S8, S16
from desktop_crm.ui.page import Desk, Page
from desktop_crm.ui.tiers import retier


class DropArea(QFrame):
    """Says that files can be let fall on the window, or be chosen."""

    def __init__(self, on_files: Callable[[], None], on_folder: Callable[[], None]) -> None:
        super().__init__()
        self.button = KeyButton(
            _("Choose files"), "Ctrl+O", kind="primary", on_click=on_files, icon="folder-open"
        )
        folder = KeyButton(_("A folder"), "Ctrl+Shift+O", on_click=on_folder)
        title = Label(_("Drop files or a whole folder anywhere on the window"), "section")
        words = Label(
            _(
                "Workbooks, CSV, phone books: customers, purchases, contacts, complaints. "
                "You see every row before it is imported."
            ),
            "quiet",
            wrap=True,
        )
        text = vbox(title, words, spacing=S4)
        hbox(Drawing("file-spreadsheet"), (text, 1), folder, self.button, spacing=S16, margins=S16, on=self)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = theme.tokens()
        painter.setPen(QPen(tokens.colour("line"), 1.5, Qt.PenStyle.DashLine))
        painter.setBrush(tokens.colour("panel"))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -2, -2), theme.RADIUS, theme.RADIUS)
        painter.end()


class DataPage(Page):
    """In and out; while files come in, they take the whole page."""

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
        ("Ctrl+O", N_("Choose files to import")),
        ("Ctrl+Shift+O", N_("Choose a folder to import")),
        ("Alt+I", N_("Undo an import, all its sheets at once")),
        ("Alt+O", N_("What stood in the files of an import")),
        ("Alt+H", N_("What is remembered of columns, to forget it")),
        *IMPORT_KEYS,
        *EXPORT_KEYS,
        ("Alt+G", N_("Re-tier")),
    )

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.view = ImportView(desk, self)
        self._opened: object = None
        self._overview = QWidget()
        self._stack = OneShown()
        vbox(self._stack, on=self)
        self._build()
        self._stack.addWidget(self._overview)
        self._stack.addWidget(self.view)
        self._connect()

    def _build(self) -> None:
        self.drop = DropArea(self.choose_files, self.choose_folder)
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
        self.imports: RecordTable[Brought] = RecordTable(
            [
                Column("file", _("File"), _file_words, second=self._when, stretch=1, sortable=False),
                Column("counts", _("Rows"), _count_words, marks=_bad_marks, width=340, sortable=False),
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
        self.stood = KeyButton(
            _("As it stood in the files"), "Alt+O", kind="quiet", on_click=self._show_originals
        )
        self.remembered = KeyButton(
            _("Remembered columns"), "Alt+H", kind="quiet", on_click=self._ask_memories
        )
        self.memories = Palette(self.remembered)
        actions = [self.remembered, self.stood, self.undo_import]
        panel = Panel(section=_("Imports so far"), actions=actions, padding=8, spacing=S8)
        panel.head.setContentsMargins(8, S8, 8, 0)
        panel.add(self.imports, 1)
        return panel

    def _connect(self) -> None:
        self.view.opened.connect(lambda: self._stack.setCurrentWidget(self.view))
        self.view.closed.connect(self._show_overview)
        self.view.imported.connect(self._after_import)
        self.imports.record_selected.connect(self._import_selected)
        self.imports.record_chosen.connect(lambda batch: originals.of_import(self.desk, batch))
        self.memories.closed.connect(self.drop.button.setFocus)
        self._import_selected(None)

    # ------------------------------------------------------------ showing

    def load(self) -> None:
        self.desk.jobs.query(batches.latest, self._show_imports, key="data.imports")

    def open(self, argument: object) -> None:
        """`argument` "import" asks for files; paths are looked at, once: coming back to the page does not repeat it."""
        if argument is self._opened:
            return
        self._opened = argument if isinstance(argument, tuple | Path) else None
        if isinstance(argument, Path):
            self.look_at([argument])
        elif isinstance(argument, tuple):
            self.look_at([path for path in argument if isinstance(path, Path)])
        elif argument == "import":
            QTimer.singleShot(0, self, self.choose_files)

    def go_back(self) -> bool:
        return self.view.go_back()

    def _show_imports(self, batches: list[Brought]) -> None:
        self.imports.set_records(batches)
        self._import_selected(self.imports.selected())

    def _import_selected(self, batch: Brought | None) -> None:
        self.undo_import.setEnabled(batch is not None and bool(batch.changes))
        self.stood.setEnabled(batch is not None)

    def _when(self, batch: Brought) -> str:
        kinds = dict(importing.kinds())
        at = f"{from_instant(batch.sheets[0].at).astimezone(self.desk.shop.zone):%Y-%m-%d %H:%M}"
        named = dict.fromkeys(
            next((text for kind, text in kinds.items() if kind == sheet.kind), sheet.kind)
            for sheet in batch.sheets
        )
        parts = [at, ", ".join(named)]
        if len(batch.sheets) > 1:
            count = len(batch.sheets)
            parts.append(ngettext("{count} sheet", "{count} sheets", count).format(count=count))
        return " · ".join(parts)

    def _after_import(self) -> None:
        """The past that came in may move customers who were here before: propose a run, do not make it."""
        self.load()
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

    def choose_files(self) -> None:
        """Ask for files to import."""
        dialog = QFileDialog(self, _("Choose files to import"), documents())
        dialog.setNameFilters(
            [_("Lists (*.xlsx *.xls *.csv *.txt *.tsv *.ods *.et *.vcf)"), _("All files (*)")]
        )
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda chosen: self.look_at([Path(each) for each in chosen]))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def choose_folder(self) -> None:
        """Ask for a folder of lists to import."""
        dialog = QFileDialog(self, _("Choose a folder to import"), documents())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda chosen: self.look_at([Path(chosen)]))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def look_at(self, paths: Sequence[Path]) -> None:
        """Rehearse the import of files and folders and show it."""
        self.view.begin(paths)

    def _undo_import(self) -> None:
        batch = self.imports.selected()
        if batch is None or not batch.changes:
            return
        changes = batch.changes

        def undo(shop: Shop, progress: Progress) -> TakenBack:
            return several.take_back(shop, changes, progress)

        self.desk.jobs.change(undo, self._undone, title=_("Taking back…"))

    def _show_originals(self) -> None:
        batch = self.imports.selected()
        if batch is not None:
            originals.of_import(self.desk, batch)

    def _ask_memories(self) -> None:
        self.desk.jobs.query(importing.memories, self._offer_memories, key="data.memories")

    def _offer_memories(self, found: list[Memory]) -> None:
        """Enter forgets one: the next sheet with these headings is guessed anew."""

        def chosen(keys: tuple[str, ...]) -> None:
            self.memories.close_it()
            self.desk.jobs.change(
                lambda shop: importing.forget(shop, int(keys[0])),
                lambda _change: self.desk.done(_("Forgotten; these columns are guessed anew next time.")),
            )

        if not found:
            self.desk.messages.say(_("No columns were corrected yet; what you correct is remembered."))
            return
        options = [Option(str(each.id), _memory_words(each), each.kind_label) for each in found]
        self.memories.ask(
            Question(_("What columns mean: Enter forgets"), options, chosen, placeholder=_("Type to find"))
        )

    def _undone(self, back: TakenBack) -> None:
        self.desk.messages.say(taken_back_words(back))
        self.load()


def _memory_words(memory: Memory) -> str:
    return " · ".join(f"{heading}: {meaning}" for heading, meaning in memory.columns)


def _file_words(batch: Brought) -> str:
    """The files by name; of many the first ones."""
    files = batch.files
    if len(files) <= 3:
        return ", ".join(files)
    words = ngettext("{files} and {count} more", "{files} and {count} more", len(files) - 2)
    return words.format(files=", ".join(files[:2]), count=len(files) - 2)


def _count_words(batch: Brought) -> str:
    new, updated, same, skipped = (batch.total(name) for name in ("new", "updated", "same", "skipped"))
    parts = [
        ngettext("{count} new", "{count} new", new).format(count=f"{new:,}") if new else "",
        ngettext("{count} updated", "{count} updated", updated).format(count=f"{updated:,}")
        if updated
        else "",
        ngettext("{count} same", "{count} same", same).format(count=f"{same:,}") if same else "",
        ngettext("{count} left alone", "{count} left alone", skipped).format(count=f"{skipped:,}")
        if skipped
        else "",
    ]
    return " · ".join(part for part in parts if part)


def _bad_marks(batch: Brought) -> list[Mark]:
    bad = batch.total("bad")
    words = ngettext("{count} problem", "{count} problems", bad)
    return [Mark(words.format(count=f"{bad:,}"), "bad")] if bad else []
