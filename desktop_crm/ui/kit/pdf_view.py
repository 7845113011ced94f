"""The pages of a PDF on the screen and on the printer, from the same file: what is seen is what is printed.

Turning pages into pictures is the business of a function given by the page (`render`); it runs on reader threads.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QRectF, QSize, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QImage,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from desktop_crm.ui.kit import theme
from desktop_crm.ui.kit.jobs import Jobs
from desktop_crm.ui.kit.theme import S12, S16

Render = Callable[[bytes, float, int, int | None], list[bytes]]
"""render(pdf, dpi, first page from 0, how many or None for all): the pages as PNG files."""

_LOOK_DPI: Final = 12.0
"""Enough to learn how many pages there are and how large."""
_ZOOMS: Final = (0.5, 0.67, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0)
_MOST_DPI: Final = 600


class PdfView(QScrollArea):
    """All pages below each other, as wide as the view unless zoomed.

    Signals:
        pages_known(count): a file was opened.
    """

    pages_known = Signal(int)

    def __init__(self, jobs: Jobs, render: Render, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._jobs, self._render = jobs, render
        self._pdf = b""
        self._zoom = 1.0
        self._sheets = _Sheets(self)
        self.setWidget(self._sheets)
        self._later = QTimer(self, singleShot=True, interval=60)
        self._later.timeout.connect(self._ask_for_pictures)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self._later.start())

    def show_pdf(self, pdf: bytes) -> None:
        """Show this file; the place in it stays where the pages are as before."""
        self._pdf = pdf
        render = self._render
        self._jobs.query(
            lambda _shop: (pdf, render(pdf, _LOOK_DPI, 0, None)), self._know_pages, key=f"pdf.{id(self)}"
        )

    def clear(self) -> None:
        """Show nothing."""
        self._pdf = b""
        self._sheets.show_pages([])

    @property
    def page_count(self) -> int:
        """How many pages are shown."""
        return len(self._sheets.sizes)

    @property
    def page(self) -> int:
        """The page at the top, from 0."""
        return self._sheets.page_at(self.verticalScrollBar().value() + 40)

    def go_to_page(self, page: int) -> None:
        """Put the top of a page at the top."""
        if 0 <= page < self.page_count:
            self.verticalScrollBar().setValue(self._sheets.top_of(page) - S12)

    def zoom_in(self) -> None:
        """The next larger size."""
        self._set_zoom(next((zoom for zoom in _ZOOMS if zoom > self._zoom + 0.01), _ZOOMS[-1]))

    def zoom_out(self) -> None:
        """The next smaller size."""
        self._set_zoom(next((zoom for zoom in reversed(_ZOOMS) if zoom < self._zoom - 0.01), _ZOOMS[0]))

    def fit_width(self) -> None:
        """As wide as the view."""
        self._set_zoom(1.0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if key == Qt.Key.Key_PageDown:
            self.go_to_page(min(self.page + 1, self.page_count - 1))
        elif key == Qt.Key.Key_PageUp:
            self.go_to_page(max(self.page - 1, 0))
        elif key == Qt.Key.Key_Home:
            self.go_to_page(0)
        elif key == Qt.Key.Key_End:
            self.go_to_page(self.page_count - 1)
        elif control and key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_in()
        elif control and key == Qt.Key.Key_Minus:
            self.zoom_out()
        elif control and key == Qt.Key.Key_0:
            self.fit_width()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if event.angleDelta().y() > 0:
                self.zoom_in()
            else:
                self.zoom_out()
            event.accept()
        else:
            super().wheelEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    # ---------------------------------------------------------------- inside

    def _know_pages(self, looked: tuple[bytes, list[bytes]]) -> None:
        pdf, pictures = looked
        if pdf is not self._pdf:
            return
        images = [QImage.fromData(picture) for picture in pictures]
        place = self.verticalScrollBar().value()
        self._sheets.show_pages([QSizeF(image.size()) * (72 / _LOOK_DPI) for image in images])
        self._lay_out()
        self.verticalScrollBar().setValue(place)
        self.pages_known.emit(len(images))

    def _set_zoom(self, zoom: float) -> None:
        share = self.verticalScrollBar().value() / max(1, self._sheets.height())
        self._zoom = zoom
        self._lay_out()
        self.verticalScrollBar().setValue(round(share * self._sheets.height()))

    def _lay_out(self) -> None:
        widest = max((size.width() for size in self._sheets.sizes), default=0)
        if widest:
            room = self.viewport().width() - 2 * S12
            self._sheets.set_scale(max(0.1, min(room / widest, 2.2) * self._zoom))
            self._later.start()

    def _ask_for_pictures(self) -> None:
        """Draw the pages in view that are not drawn at this size yet, one question each."""
        top = self.verticalScrollBar().value()
        dpi = round(72 * self._sheets.scale * self.devicePixelRatioF(), 1)
        pdf, render = self._pdf, self._render
        for page in self._sheets.pages_between(top - 200, top + self.viewport().height() + 200):
            if not self._sheets.has_picture(page, dpi):
                draw = partial(_draw, render, pdf, page, dpi)
                self._jobs.query(draw, self._take_picture, key=f"pdf.{id(self)}.{page}")

    def _take_picture(self, drawn: tuple[bytes, int, float, list[bytes]]) -> None:
        pdf, page, dpi, pictures = drawn
        if pdf is self._pdf and pictures:
            self._sheets.take_picture(page, dpi, QImage.fromData(pictures[0]))


def _draw(
    render: Render, pdf: bytes, page: int, dpi: float, _shop: object
) -> tuple[bytes, int, float, list[bytes]]:
    return pdf, page, dpi, render(pdf, dpi, page, 1)


class _Sheets(QWidget):
    """The pages as sheets of paper."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.sizes: list[QSizeF] = []
        self.scale = 1.0
        self._pictures: dict[int, tuple[float, QImage]] = {}

    def show_pages(self, sizes: list[QSizeF]) -> None:
        """Be these pages, sizes in points; pictures come later."""
        self.sizes = sizes
        self._pictures.clear()
        self.resize(self.sizeHint())
        self.update()

    def set_scale(self, scale: float) -> None:
        """Logical pixels per point."""
        self.scale = scale
        self.resize(self.sizeHint())
        self.update()

    def sizeHint(self) -> QSize:
        wide = max((size.width() for size in self.sizes), default=0.0) * self.scale + 2 * S12
        return QSize(round(wide), self.top_of(len(self.sizes)))

    def top_of(self, page: int) -> int:
        """Where a page begins."""
        return S12 + round(sum(size.height() * self.scale + S16 for size in self.sizes[:page]))

    def page_at(self, y: int) -> int:
        """The page at a height."""
        return next((page for page in reversed(range(len(self.sizes))) if self.top_of(page) <= y), 0)

    def pages_between(self, top: int, bottom: int) -> list[int]:
        """The pages of which something lies between two heights."""
        return [
            page
            for page in range(len(self.sizes))
            if self.top_of(page) <= bottom and self.top_of(page + 1) - S16 >= top
        ]

    def has_picture(self, page: int, dpi: float) -> bool:
        """Whether a page is drawn at this size."""
        return page in self._pictures and self._pictures[page][0] == dpi

    def take_picture(self, page: int, dpi: float, image: QImage) -> None:
        """Here is a page."""
        self._pictures[page] = (dpi, image)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for page in self.pages_between(event.rect().top(), event.rect().bottom()):
            size = self.sizes[page] * self.scale
            sheet = QRectF((self.width() - size.width()) / 2, self.top_of(page), size.width(), size.height())
            painter.fillRect(sheet, Qt.GlobalColor.white)
            if page in self._pictures:
                painter.drawImage(sheet, self._pictures[page][1])
            painter.setPen(QPen(theme.tokens().colour("line"), 1))
            painter.drawRect(sheet)
        painter.end()


def print_pdf(pdf: bytes, render: Render, printer: QPrinter, pages: int) -> bool:
    """Print the file at the printer's own resolution; False where the printer cannot be begun with.

    Args:
        pages: how many pages the file has; the range chosen in the print dialog is kept to.
    """
    printer.setFullPage(True)
    painter = QPainter()
    if not painter.begin(printer):
        return False
    first, last = printer.fromPage() or 1, printer.toPage() or pages
    dpi = min(printer.resolution(), _MOST_DPI)
    for number in range(first - 1, min(last, pages)):
        if number > first - 1:
            printer.newPage()
        image = QImage.fromData(render(pdf, dpi, number, 1)[0])
        sheet = QRectF(printer.paperRect(QPrinter.Unit.DevicePixel))
        size = QSizeF(image.size()).scaled(sheet.size(), Qt.AspectRatioMode.KeepAspectRatio)
        painter.drawImage(QRectF(sheet.topLeft(), size), image)
    painter.end()
    return True
