"""Codes for cameras on paper, drawn as vectors. What they hold and what stands beside them is the document's business."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_crm.base.document import QrCode
from desktop_crm.files.flow import Piece
from desktop_crm.files.typeset import BOLD, INK, QUIET, REGULAR, Run, Style, draw_line, wrap

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

_SIDE = 108.0
_GAP = 18.0
_LINE = 15.0
_TITLE = Style(BOLD, 10.5, INK)
_WORDS = Style(REGULAR, 8.8, QUIET)


def qr_code(block: QrCode, x: float, width: float) -> Piece:
    """The square at the left, its words at the right, in the middle of its height."""
    beside = width - _SIDE - _GAP
    lines = wrap([Run(block.title, _TITLE)], beside, 2)
    for words in block.lines:
        lines += wrap([Run(words, _WORDS)], beside, 3)

    def draw(canvas: Canvas, top: float) -> None:
        _square(canvas, block.text, x, top)
        first = top - _SIDE / 2 + _LINE * (len(lines) - 1) / 2
        for number, line in enumerate(lines):
            draw_line(canvas, line, x + _SIDE + _GAP, first - _LINE * number)

    return Piece(max(_SIDE, _LINE * len(lines)), draw, before=16)


def _square(canvas: Canvas, text: str, x: float, top: float) -> None:
    """Each dark run of a row is one rectangle, so that no hair lines show between them."""
    import segno  # only paper needs it

    rows = [bytes(row) for row in segno.make(text, micro=False, error="m").matrix]
    dot = _SIDE / len(rows)
    canvas.setFillColor("#000000")
    for number, row in enumerate(rows):
        place = 0
        while place < len(row):
            dark = place
            while dark < len(row) and row[dark]:
                dark += 1
            if dark > place:
                bottom = top - dot * (number + 1)
                canvas.rect(x + dot * place, bottom, dot * (dark - place), dot, stroke=0, fill=1)
            place = max(dark, place + 1)
