"""Pieces on pages: what stays together and what is repeated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_crm.files.flow import Piece, paginate

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas


def draw(_canvas: Canvas, _top: float) -> None:
    """Draws nothing."""


def heights(pieces: list[Piece], first_top: float = 100) -> list[list[tuple[float, float]]]:
    """Pages of (upper edge, height); a page runs from 100 down to 0."""
    return [[(item.top, item.piece.height) for item in page] for page in paginate(pieces, first_top, 100, 0)]


def test_an_empty_document_has_a_page() -> None:
    assert heights([]) == [[]]


def test_space_is_kept_between_pieces_but_not_at_the_top() -> None:
    assert heights([Piece(40, draw, before=10)] * 3) == [[(100, 40), (50, 40)], [(100, 40)]]


def test_the_first_page_begins_lower() -> None:
    assert heights([Piece(40, draw)] * 2, first_top=70) == [[(70, 40)], [(100, 40)]]


def test_a_heading_goes_with_what_follows() -> None:
    pieces = [Piece(70, draw), Piece(10, draw, glued=True), Piece(30, draw)]
    assert heights(pieces) == [[(100, 70)], [(100, 10), (90, 30)]]


def test_a_heading_at_the_very_end_stands_alone() -> None:
    assert heights([Piece(10, draw, glued=True)]) == [[(100, 10)]]
    assert heights([Piece(10, draw, glued=True), Piece(5, draw, new_page=True)]) == [[(100, 10)], [(100, 5)]]


def test_a_header_comes_again() -> None:
    header = Piece(10, draw, glued=True)
    rows = [Piece(40, draw, repeat=header) for _ in range(4)]
    assert heights([header, *rows]) == [[(100, 10), (90, 40), (50, 40)], [(100, 10), (90, 40), (50, 40)]]


def test_a_group_higher_than_a_page_is_broken_between_its_pieces() -> None:
    pieces = [Piece(10, draw), Piece(60, draw, glued=True), Piece(60, draw, glued=True), Piece(60, draw)]
    assert heights(pieces) == [[(100, 10)], [(100, 60)], [(100, 60)], [(100, 60)]]
