"""F1: every key on one sheet, which can be printed. What keys a page has it says itself (`Page.keys`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QFileDialog, QGridLayout, QLabel, QWidget

from desktop_crm.base.i18n import N_, _
from desktop_crm.reports import keys as paper
from desktop_crm.reports import output
from desktop_crm.shop import Shop
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.labels import KeyCap, Label, key_words
from desktop_crm.ui.kit.layouts import STRETCH, hbox, scrolling, vbox
from desktop_crm.ui.kit.panels import Panel
from desktop_crm.ui.kit.pdf_view import print_pdf
from desktop_crm.ui.kit.places import documents
from desktop_crm.ui.kit.theme import S8, S16, S20
from desktop_crm.ui.page import ActionSpec, Desk, PageSpec, page_digit, resolve

Keys = Sequence[tuple[str, str]]

_EVERYWHERE = (
    ("Ctrl+F", N_("Search; or just type or scan")),
    ("Esc", N_("Back")),
    ("Ctrl+Z", N_("Undo the last step")),
    ("Ctrl+Y", N_("Redo")),
    ("F5", N_("Load again")),
    ("F9", N_("Show hidden phone numbers, as long as it is held")),
    ("Ctrl+L", N_("Lock the screen")),
    ("F1", N_("This sheet")),
)
_IN_LISTS = (
    ("Up", N_("Previous row")),
    ("Down", N_("Next row")),
    ("Return", N_("Open or begin")),
    ("Ctrl+Return", N_("Save a form")),
)


def key_groups(pages: Iterable[PageSpec], actions: Iterable[ActionSpec], here: str) -> list[tuple[str, Keys]]:
    """Every key by group, in words; the page that is open comes right after what can be begun anywhere."""
    pages = list(pages)
    titled = [page for page in pages if page.title]
    to_pages = [(f"Alt+{page_digit(place)}", _(page.title)) for place, page in enumerate(titled[:10])]
    to_begin = [(action.shortcut, _(action.title)) for action in actions]
    own = [(page, resolve(page.place).keys) for page in pages]
    own.sort(key=lambda pair: pair[0].key != here)
    groups: list[tuple[str, Keys]] = [(_("Begin"), to_begin)]
    on_pages: list[tuple[str, Keys]] = [
        (
            _("On the page {page}").format(page=_(page.title or page.called)),
            [(k, _(text)) for k, text in keys],
        )
        for page, keys in own
        if keys
    ]
    general = [
        (_("Everywhere"), [(key, _(text)) for key, text in _EVERYWHERE]),
        (_("Go to"), to_pages),
        (_("Lists and forms"), [(key, _(text)) for key, text in _IN_LISTS]),
    ]
    return groups + on_pages[:1] + general + on_pages[1:]


class KeySheet(QDialog):
    """The keys of the window, the pages and of lists."""

    def __init__(self, desk: Desk, groups: Sequence[tuple[str, Keys]]) -> None:
        super().__init__(desk.window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Keys"))
        self._desk, self._groups = desk, groups
        columns: tuple[list[QWidget], list[QWidget]] = ([], [])
        heights = [0, 0]
        for title, keys in groups:
            shorter = heights.index(min(heights))
            columns[shorter].append(_panel(title, keys))
            heights[shorter] += len(keys) + 2
        held = QWidget()
        sides = [vbox(*side, STRETCH, spacing=S16) for side in columns]
        hbox(*((side, 1) for side in sides), spacing=S16, on=held)
        close = KeyButton(_("Close"), "Esc", bind=False, on_click=self.close)
        self.save_button = KeyButton(_("Save as PDF"), "Ctrl+S", on_click=self.save)
        self.print_button = KeyButton(_("Print"), "Ctrl+P", icon="printer", on_click=self.print_sheet)
        head = hbox(
            Label(_("Keys"), "title"), STRETCH, self.save_button, self.print_button, close, spacing=S8
        )
        vbox(head, (scrolling(held), 1), spacing=S16, margins=S20, on=self)
        self.resize(min(820, desk.window.width() - 24), min(660, desk.window.height() - 24))

    def _paper(self, shop: Shop) -> bytes:
        return output.content(paper.make(shop, self._in_words()), ".pdf")

    def _in_words(self) -> list[tuple[str, Keys]]:
        return [(title, [(key_words(key), text) for key, text in keys]) for title, keys in self._groups]

    def save(self) -> None:
        """Ask where, then save the sheet as PDF."""
        chosen, _kind = QFileDialog.getSaveFileName(
            self, _("Save the sheet of keys"), documents(_("Keys") + ".pdf"), _("PDF files (*.pdf)")
        )
        if chosen:
            self.save_as(Path(chosen).with_suffix(".pdf"))

    def save_as(self, path: Path) -> None:
        """Save the sheet as PDF there."""
        words = self._in_words()
        self._desk.jobs.query(
            lambda shop: output.save(paper.make(shop, words), path),
            lambda _pages: self._desk.messages.say(
                _("The sheet was saved as {file}.").format(file=path.name)
            ),
            key="keys.save",
        )

    def print_sheet(self) -> None:
        """Ask which printer, then print the sheet."""
        self._desk.jobs.query(self._paper, self._print, key="keys.print")

    def _print(self, pdf: bytes) -> None:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(_("Keys"))
        pages = len(output.page_images(pdf, 20))
        if QPrintDialog(printer, self).exec() and not print_pdf(pdf, output.page_images, printer, pages):
            self._desk.messages.error(
                _(
                    "The printer did not start. Nothing was printed; check that it is switched on and try again."
                )
            )


def _panel(title: str, keys: Keys) -> Panel:
    panel = Panel(title)
    grid = QGridLayout()
    grid.setHorizontalSpacing(S16)
    grid.setVerticalSpacing(S8)
    grid.setColumnMinimumWidth(0, 72)
    grid.setColumnStretch(1, 1)
    for row, (key, text) in enumerate(keys):
        words: QLabel = Label(text, wrap=True)
        grid.addWidget(KeyCap(key), row, 0)
        grid.addWidget(words, row, 1)
    panel.add(grid)
    return panel
