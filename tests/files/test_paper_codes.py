"""Codes for cameras on paper: what stands on the page is, dot for dot, what the library makes of the text."""

from __future__ import annotations

import io
from datetime import date

import pytest
import segno
from PIL import Image

from desktop_crm.base.document import Document, Paragraph, QrCode
from desktop_crm.files import pdf

DPI = 144


def drawn(text: str) -> list[list[int]]:
    """The dots of the square on the page, 1 for dark, from a picture of it."""
    block = QrCode(text, "Scan me", ("Or do not.",))
    paper = pdf.document_to_pdf(Document("Code", "", (block,), "en", date(2026, 11, 21)))
    picture = Image.open(io.BytesIO(pdf.page_images(paper, DPI)[0])).convert("L")
    scale = DPI / 72
    size = len(segno.make(text, micro=False, error="m").matrix)
    dark = [
        (x, y) for y in range(picture.height) for x in range(picture.width) if picture.getpixel((x, y)) == 0
    ]
    left, top = min(x for x, _y in dark), min(y for _x, y in dark)
    dot = 108 * scale / size
    return [
        [
            int(picture.getpixel((round(left + dot * (column + 0.5)), round(top + dot * (row + 0.5)))) < 128)  # type: ignore[operator]
            for column in range(size)
        ]
        for row in range(size)
    ]


@pytest.mark.parametrize("text", ["7K9QX-AAAAA-BBBBB-CCCCC-DDDDD-EEEEE", "星河手机店"])
def test_a_square_holds_the_text(text: str) -> None:
    wanted = [list(row) for row in segno.make(text, micro=False, error="m").matrix]
    assert drawn(text) == wanted


def test_long_words_beside_it_make_it_higher() -> None:
    block = QrCode("x", "Title", tuple(f"Line {number}" for number in range(30)))
    blocks = (block, Paragraph("Below"))
    paper = pdf.document_to_pdf(Document("Code", "", blocks, "en", date(2026, 11, 21)))
    assert pdf.pages(paper) == 1
