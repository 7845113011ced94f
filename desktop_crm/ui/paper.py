"""A sheet of paper before it is printed: exactly the pages, in either language, to print or to save.

What stands on it is made by reports/; the monthly report has a page of its own (reports.py).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from desktop_crm import audit
from desktop_crm.base.document import Document
from desktop_crm.base.i18n import _, current_language, ngettext
from desktop_crm.reports import output
from desktop_crm.reports.output import Sheet
from desktop_crm.shop import Shop
from desktop_crm.ui.appearance import LANGUAGE_NAMES
from desktop_crm.ui.kit.buttons import KeyButton, Pills
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.layouts import STRETCH, hbox, vbox
from desktop_crm.ui.kit.messages import Action
from desktop_crm.ui.kit.pdf_view import PdfView, print_pdf
from desktop_crm.ui.kit.places import documents
from desktop_crm.ui.kit.theme import S8, S12, S16
from desktop_crm.ui.page import Desk

if TYPE_CHECKING:
    from desktop_crm.exporting.orders import ExportResult

Make = Callable[[Any, Shop, str], Sheet]  # whatever is chosen about it
"""Makes the sheet from what was chosen about it, in a language, on a reader thread."""


class PaperDialog(QDialog):
    """The preview; Ctrl+P or Enter prints, Ctrl+S saves a PDF, Ctrl+E a workbook, Esc closes.

    Args:
        title: what it is. make: see `Make`.
        options: what is chosen about it, at the top; `chosen` gives it, `reload` makes the sheet anew.
        people: how many people stand on it; one for each row if not given.
        customer_id: whom it is about, where that is one person.
    """

    def __init__(
        self,
        desk: Desk,
        title: str,
        make: Make,
        options: QWidget | None = None,
        chosen: Callable[[], object] = lambda: None,
        people: Callable[[Document], int] | None = None,
        customer_id: int | None = None,
    ) -> None:
        super().__init__(desk.window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self._desk, self._make, self._chosen, self._people = desk, make, chosen, people
        self._customer_id = customer_id
        self.sheet: Sheet | None = None
        self._build(title, options)
        most = desk.window.size() if desk.window is not None else self.size()
        self.resize(min(860, most.width() - 24), max(most.height() - 24, 480))
        self.reload()

    def _build(self, title: str, options: QWidget | None) -> None:
        self.language = Pills(LANGUAGE_NAMES, on_choose=lambda _language: self.reload())
        self.language.choose(current_language(), silently=True)
        self._count = Label("", "faint")
        self.pages = PdfView(self._desk.jobs, output.page_images)
        self.pages.pages_known.connect(self._say_count)
        self.print_button = KeyButton(
            _("Print"), "Ctrl+P", kind="primary", icon="printer", on_click=self.print_paper
        )
        self.pdf_button = KeyButton(_("Save as PDF"), "Ctrl+S", on_click=partial(self.save, ".pdf"))
        self.excel_button = KeyButton(_("Save as Excel"), "Ctrl+E", on_click=partial(self.save, ".xlsx"))
        close = KeyButton(_("Close"), "Esc", bind=False, on_click=self.reject)
        head = hbox(Label(title, "title"), STRETCH, self.language, spacing=S12)
        foot = hbox(
            self._count, STRETCH, self.pdf_button, self.excel_button, close, self.print_button, spacing=S8
        )
        column = vbox(head, (self.pages, 1), foot, spacing=S12, margins=S16, on=self)
        if options is not None:
            column.insertWidget(1, options)
        self._enable(False)
        self.print_button.setFocus()

    def reload(self) -> None:
        """Make the sheet anew."""
        make, chosen, language = self._make, self._chosen(), self.language.chosen
        self._desk.jobs.query(lambda shop: make(chosen, shop, language), self._show, key=f"paper.{id(self)}")

    def _show(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.pages.show_pdf(sheet.pdf)
        self._enable(True)

    def _say_count(self, count: int) -> None:
        text = ngettext(
            "{count} page, exactly as it will be printed",
            "{count} pages, exactly as they will be printed",
            count,
        )
        self._count.setText(text.format(count=count))

    def _enable(self, there: bool) -> None:
        for button in (self.print_button, self.pdf_button, self.excel_button):
            button.setEnabled(there)

    def save(self, ending: str) -> None:
        """Ask where, then save what is shown as ".pdf" or ".xlsx"."""
        if self.sheet is None:
            return
        kinds = _("PDF files (*.pdf)") if ending == ".pdf" else _("Excel workbooks (*.xlsx)")
        name = documents(self.sheet.document.title + ending)
        chosen, _kind = QFileDialog.getSaveFileName(self, _("Save"), name, kinds)
        if chosen:
            self.save_as(Path(chosen if chosen.lower().endswith(ending) else chosen + ending))

    def save_as(self, path: Path) -> None:
        """Ask whether the people on it may leave, then save what is shown, whole or not at all."""
        # none of it before the first window, which shows a page that can print
        from desktop_crm.exporting import papers
        from desktop_crm.exporting.orders import Order
        from desktop_crm.ui.taking_out import LeavingDialog

        assert self.sheet is not None
        document = self.sheet.document
        people = (self._people or papers.people_listed)(document)

        def write() -> None:
            self._desk.jobs.change(lambda shop: papers.save(shop, document, path, people), self._saved)

        if people:
            LeavingDialog(self._desk, Order("customers", path), people, write, self).open()
        else:
            write()

    def _saved(self, result: ExportResult) -> None:
        path = result.file
        show_file = partial(QDesktopServices.openUrl, QUrl.fromLocalFile(str(path)))
        self._desk.messages.say(
            _("Saved as {file}.").format(file=path.name), Action(_("Open it"), "", show_file)
        )

    def print_paper(self) -> None:
        """Ask which printer, then print the very pages that are shown."""
        if self.sheet is None:
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(self.sheet.document.title)
        dialog = QPrintDialog(printer, self)
        dialog.setMinMax(1, max(1, self.pages.page_count))
        if not dialog.exec():
            return
        if print_pdf(self.sheet.pdf, output.page_images, printer, self.pages.page_count):
            title, whom = self.sheet.document.title, self._customer_id
            self._desk.jobs.change(lambda shop: audit.printed(shop, title, customer_id=whom))
            self.accept()
        else:
            self._desk.messages.error(
                _(
                    "The printer did not start. Nothing was printed; check that it is switched on and try again."
                )
            )
