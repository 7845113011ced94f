"""The page Reports: choose a period, see exactly the pages that will be printed, print or save them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop_crm import audit, performance, period_words
from desktop_crm.base.dates import Period
from desktop_crm.base.document import Document
from desktop_crm.base.i18n import N_, _, current_language, ngettext
from desktop_crm.base.values import show_money
from desktop_crm.performance import PastPeriod
from desktop_crm.reports import monthly, output
from desktop_crm.shop import Shop
from desktop_crm.ui.kit.buttons import IconButton, KeyButton, Pills
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.layouts import STRETCH, hbox, vbox
from desktop_crm.ui.kit.messages import Action
from desktop_crm.ui.kit.panels import EmptyState, Panel
from desktop_crm.ui.kit.pdf_view import PdfView, print_pdf
from desktop_crm.ui.kit.places import documents
from desktop_crm.ui.kit.table import Column, RecordTable
from desktop_crm.ui.kit.theme import S8, S12, S16
from desktop_crm.ui.page import Desk, Page
from desktop_crm.ui.period_stepper import PeriodStepper, first_look


@dataclass(frozen=True)
class _Paper:
    """A report and its pages as they will be printed."""

    period: Period
    document: Document
    pdf: bytes


class ReportsPage(Page):
    """The paper."""

    depends_on = frozenset(
        {
            "purchases",
            "customers",
            "complaints",
            "followups",
            "interactions",
            "tiers",
            "devices",
            "settings",
        }
    )

    keys = (
        ("Alt+Left", N_("Period before")),
        ("Alt+Right", N_("Period after")),
        ("Ctrl+P", N_("Print")),
        ("Ctrl+S", N_("Save as PDF")),
        ("Ctrl+E", N_("Save as Excel")),
        ("Ctrl++", N_("Larger")),
        ("Ctrl+-", N_("Smaller")),
        ("Alt+W", N_("As wide as the window")),
    )

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.paper: _Paper | None = None
        self._build()
        self._connect()

    def load(self) -> None:
        period, language = self._stepper.period, self.language.chosen
        grain = period.grain

        def past(shop: Shop) -> list[PastPeriod]:
            return performance.past_periods(shop, grain)

        self.desk.jobs.query(past, self._show_past, key="reports.past")
        self.desk.jobs.query(
            lambda shop: _made(shop, period, language), self._show_paper, key="reports.paper"
        )

    def open(self, argument: object) -> None:
        if isinstance(argument, Period):
            self._stepper.show_period(argument)

    # ---------------------------------------------------------------- building

    def _build(self) -> None:
        today = self.desk.shop.today()
        self._stepper = PeriodStepper(first_look(today).previous(), today)
        self.language = Pills([("zh_CN", "中文"), ("en", "English")], on_choose=lambda _language: self.load())
        self.language.choose(current_language(), silently=True)
        self.print_button = KeyButton(
            _("Print"), "Ctrl+P", kind="primary", icon="printer", on_click=self.print_paper
        )
        self.pdf_button = KeyButton(_("Save as PDF"), "Ctrl+S", on_click=partial(self.save, ".pdf"))
        self.excel_button = KeyButton(_("Save as Excel"), "Ctrl+E", on_click=partial(self.save, ".xlsx"))
        head = hbox(
            self._stepper,
            STRETCH,
            self.language,
            self.pdf_button,
            self.excel_button,
            self.print_button,
            spacing=S8,
        )
        self.pages = PdfView(self.desk.jobs, output.page_images)
        self._count = Label("", "faint")
        tools = hbox(
            self._count,
            STRETCH,
            IconButton("zoom-out", _("Smaller"), key="Ctrl+-", on_click=self.pages.zoom_out),
            IconButton("maximize", _("As wide as the window"), key="Alt+W", on_click=self.pages.fit_width),
            IconButton("zoom-in", _("Larger"), key="Ctrl++", on_click=self.pages.zoom_in),
            spacing=S8,
        )
        view = Panel(padding=S12, spacing=S8)
        view.add(tools)
        view.add(self.pages, 1)
        vbox(head, (hbox((self._build_past(), 1), (view, 3), spacing=S16), 1), spacing=S16, on=self)
        self.setFocusProxy(self.past)
        self._enable(False)

    def _build_past(self) -> Panel:
        """The periods there are, the latest first; arrows go through them."""
        self.past: RecordTable[PastPeriod] = RecordTable(
            [
                Column(
                    "period",
                    _("Period"),
                    lambda row: period_words.title(row.period),
                    bold=True,
                    stretch=1,
                    sortable=False,
                ),
                Column(
                    "sales",
                    _("Net sales"),
                    lambda row: show_money(row.net_fen, cents=False),
                    align="right",
                    width=96,
                    sortable=False,
                ),
            ],
            name="reports.past",
            dense=True,
            state=self.desk.state,
            identity=lambda row: row.period,
        )
        self.past.set_empty(
            EmptyState(_("No sales yet"), _("Every month with sales will stand here with its net sales."))
        )
        panel = Panel(padding=S12, spacing=S8)
        panel.add(self.past, 1)
        return panel

    def _connect(self) -> None:
        self._stepper.stepped.connect(lambda _period: self.load())
        self.past.record_selected.connect(self._select)
        self.pages.pages_known.connect(self._say_count)

    # ---------------------------------------------------------------- showing

    def _show_past(self, rows: list[PastPeriod]) -> None:
        self.past.set_records(rows)
        self.past.select(self._stepper.period)

    def _select(self, row: PastPeriod | None) -> None:
        if (
            row is not None
            and row.period != self._stepper.period
            and row.period.grain == self._stepper.period.grain
        ):
            self._stepper.show_period(row.period)
            self.load()

    def _show_paper(self, paper: _Paper) -> None:
        if paper.period == self._stepper.period:
            self.paper = paper
            self.pages.show_pdf(paper.pdf)
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

    # ---------------------------------------------------------------- saving and printing

    def save(self, ending: str) -> None:
        """Ask where, then save the document that is shown as ".pdf" or ".xlsx"."""
        paper = self.paper
        if paper is None:
            return
        name = f"{paper.document.title} {paper.document.author}".strip() + ending
        kinds = _("PDF files (*.pdf)") if ending == ".pdf" else _("Excel workbooks (*.xlsx)")
        chosen, _kind = QFileDialog.getSaveFileName(self, _("Save the report"), documents(name), kinds)
        if chosen:
            path = Path(chosen if chosen.lower().endswith(ending) else chosen + ending)
            self.desk.jobs.query(
                lambda shop: _save(shop, paper.document, path), self._saved, key="reports.save"
            )

    def _saved(self, path: Path) -> None:
        show_file = partial(QDesktopServices.openUrl, QUrl.fromLocalFile(str(path)))
        self.desk.messages.say(
            _("The report was saved as {file}.").format(file=path.name), Action(_("Open it"), "", show_file)
        )

    def print_paper(self) -> None:
        """Ask which printer, then print the very pages that are shown."""
        if self.paper is None:
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(self.paper.document.title)
        dialog = QPrintDialog(printer, self)
        dialog.setMinMax(1, max(1, self.pages.page_count))
        if not dialog.exec():
            return
        if print_pdf(self.paper.pdf, output.page_images, printer, self.pages.page_count):
            title = self.paper.document.title
            self.desk.jobs.change(lambda shop: audit.printed(shop, title))
        else:
            self.desk.messages.error(
                _(
                    "The printer did not start. Nothing was printed; check that it is switched on and try again."
                )
            )


def _save(shop: Shop, document: Document, path: Path) -> Path:
    output.save(document, path)
    audit.printed(shop, document.title, file=path.name)
    return path


def _made(shop: Shop, period: Period, language: str) -> _Paper:
    document = monthly.make(shop, period, language=language)
    return _Paper(period, document, output.content(document, ".pdf"))
