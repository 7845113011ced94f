"""Paper: a Document as an A4 PDF with our fonts inside, and the pages of a PDF as pictures.

Values are rendered by base.values.show alone, in the document's language; the same document gives the same bytes.
"""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from desktop_crm.base.document import (
    BarChart,
    Document,
    Heading,
    LineChart,
    PageBreak,
    Paragraph,
    QrCode,
    ShareBar,
    Table,
    Tiles,
)
from desktop_crm.base.i18n import using
from desktop_crm.files.flow import Piece, paginate
from desktop_crm.files.paper_blocks import heading, paragraph, table, tiles
from desktop_crm.files.paper_charts import bar_chart, line_chart, share_bar
from desktop_crm.files.paper_codes import qr_code
from desktop_crm.files.typeset import (
    BOLD,
    FAINT,
    INK,
    QUIET,
    REGULAR,
    Line,
    Run,
    Style,
    draw_line,
    draw_text,
    fit,
    register_fonts,
    wrap,
)

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

PAGE = (595.2756, 841.8898)
"""A4 in points."""

_MARGIN = 42.0
_WIDTH = PAGE[0] - 2 * _MARGIN
_TOP = PAGE[1] - 44.0
_BOTTOM = 48.0
_FOOTER = 27.0
_DRAWING = threading.Lock()
_PDFIUM = threading.Lock()  # pdfium must not be entered by two threads


def document_to_pdf(document: Document) -> bytes:
    """The document as a PDF; takes a few milliseconds a page after the fonts are registered."""
    from reportlab.pdfgen.canvas import Canvas  # slow to import, and only paper needs it

    register_fonts()
    with _DRAWING, using(document.language):
        title = _title_lines(document)
        first_top = _TOP - _title_height(document, title)
        placed = paginate(list(_pieces(document)), first_top, _TOP, _BOTTOM)
        buffer = io.BytesIO()
        canvas = Canvas(
            buffer, pagesize=PAGE, invariant=1, pageCompression=1, initialFontName=REGULAR, initialFontSize=10
        )
        _describe(canvas, document)
        for number, page in enumerate(placed, 1):
            if number == 1:
                _draw_title(canvas, document, title)
            for item in page:
                item.piece.draw(canvas, item.top)
            _draw_footer(canvas, document, number, len(placed))
            canvas.showPage()
        canvas.save()
    return buffer.getvalue()


def pages(pdf: bytes) -> int:
    """How many pages a PDF has."""
    import pypdfium2  # slow to import, and only paper needs it

    with _PDFIUM:
        document = pypdfium2.PdfDocument(pdf)
        try:
            return len(document)
        finally:
            document.close()


def page_images(pdf: bytes, dpi: float, first: int = 0, count: int | None = None) -> list[bytes]:
    """Pages as PNG files.

    Args:
        pdf: the whole file.
        dpi: 72 gives a pixel per point.
        first: the first page wanted, 0-based.
        count: how many; None means all that follow.
    """
    import pypdfium2  # slow to import, and only paper needs it

    images = []
    with _PDFIUM:
        document = pypdfium2.PdfDocument(pdf)
        try:
            end = len(document) if count is None else min(first + count, len(document))
            for number in range(first, end):
                page = document[number]
                picture = io.BytesIO()
                page.render(scale=dpi / 72).to_pil().save(picture, "PNG", compress_level=1)
                images.append(picture.getvalue())
                page.close()
        finally:
            document.close()
    return images


def _pieces(document: Document) -> Iterator[Piece]:
    new_page = False
    for block in document.blocks:
        if isinstance(block, PageBreak):
            new_page = True
            continue
        for piece in _block_pieces(block):
            if new_page:
                piece = Piece(
                    piece.height, piece.draw, piece.before, piece.glued, piece.repeat, new_page=True
                )
                new_page = False
            yield piece


def _block_pieces(
    block: Heading | Paragraph | Tiles | BarChart | LineChart | ShareBar | Table | QrCode,
) -> Iterator[Piece]:
    if isinstance(block, Heading):
        yield heading(block, _MARGIN, _WIDTH)
    elif isinstance(block, Paragraph):
        yield from paragraph(block, _MARGIN, _WIDTH)
    elif isinstance(block, Tiles):
        yield tiles(block, _MARGIN, _WIDTH)
    elif isinstance(block, BarChart):
        yield bar_chart(block, _MARGIN, _WIDTH)
    elif isinstance(block, LineChart):
        yield line_chart(block, _MARGIN, _WIDTH)
    elif isinstance(block, ShareBar):
        yield share_bar(block, _MARGIN, _WIDTH)
    elif isinstance(block, QrCode):
        yield qr_code(block, _MARGIN, _WIDTH)
    else:
        yield from table(block, _MARGIN, _WIDTH)


def _title_lines(document: Document) -> list[Line]:
    return wrap([Run(document.title, Style(BOLD, 18.75, INK))], _WIDTH * 0.68, 3)


def _title_height(document: Document, title: list[Line]) -> float:
    left = 25.0 * len(title) + (17.0 if document.subtitle else 0)
    return max(left, 15.0 * len(document.stamp)) + 16.0


def _draw_title(canvas: Canvas, document: Document, title: list[Line]) -> None:
    y = _TOP
    for line in title:
        draw_line(canvas, line, _MARGIN, y - 11)
        y -= 25
    subtitle = fit([Run(document.subtitle, Style(REGULAR, 10.2, QUIET))], _WIDTH * 0.68)
    draw_line(canvas, subtitle, _MARGIN, y - 7)
    for number, text in enumerate(document.stamp):
        style = Style(REGULAR, 10.2, QUIET)
        draw_text(canvas, text, style, _MARGIN + _WIDTH, _TOP - 7 - 15 * number, width=_WIDTH * 0.3, align=1)
    rule = _TOP - _title_height(document, title) + 9
    canvas.setStrokeColor(INK)
    canvas.setLineWidth(1.5)
    canvas.line(_MARGIN, rule, _MARGIN + _WIDTH, rule)


def _draw_footer(canvas: Canvas, document: Document, number: int, total: int) -> None:
    style = Style(REGULAR, 8.2, FAINT)
    draw_text(canvas, document.footer, style, _MARGIN, _FOOTER, width=_WIDTH * 0.8)
    draw_text(canvas, f"{number} / {total}", style, _MARGIN + _WIDTH, _FOOTER, align=1)


def _describe(canvas: Canvas, document: Document) -> None:
    """Title, author and day for the file's properties; the day stands for the time, so that bytes repeat."""
    canvas.setTitle(document.title)
    canvas.setAuthor(document.author or document.subtitle)
    canvas.setSubject(document.subtitle)
    canvas.setKeywords(list(document.keywords))
    canvas.setCreator("Desktop CRM")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    stamp = canvas._doc._timeStamp  # the only way to a date of one's own in an invariant file
    midnight = datetime(document.day.year, document.day.month, document.day.day, tzinfo=UTC)
    stamp.t = midnight.timestamp()
    stamp.lt = time.gmtime(stamp.t)
    stamp.YMDhms = tuple(stamp.lt)[:6]
    stamp.dhh = stamp.dmm = 0
