"""Putting pieces on pages: what stays together, what is repeated, where a page ends. Knows nothing of what is drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

Draw = Callable[["Canvas", float], None]
"""Draws a piece whose upper edge is at the given height."""


@dataclass(frozen=True)
class Piece:
    """Something that is never cut.

    Attributes:
        height: in points.
        draw: puts it on the canvas.
        before: space above it, in points; none at the top of a page.
        glued: the next piece must stand on the same page.
        repeat: drawn again above it when it begins a page (a table's header).
        new_page: it begins a page.
    """

    height: float
    draw: Draw
    before: float = 0.0
    glued: bool = False
    repeat: Piece | None = None
    new_page: bool = False


@dataclass(frozen=True)
class Placed:
    """A piece and the height of its upper edge on its page."""

    piece: Piece
    top: float


def paginate(pieces: Sequence[Piece], first_top: float, top: float, bottom: float) -> list[list[Placed]]:
    """Distribute pieces over pages; the first page begins lower (title). At least one page."""
    pages: list[list[Placed]] = [[]]
    y = first_top
    index = 0
    while index < len(pieces):
        group = _group(pieces, index)
        fresh = not pages[-1]
        needed = sum(piece.height + piece.before for piece in group) - (group[0].before if fresh else 0)
        wanted = group[0].new_page or y - needed < bottom
        if not fresh and wanted:
            pages.append([])
            y = top
            fresh = True
        for piece in group:
            if y - piece.height - (0 if not pages[-1] else piece.before) < bottom and pages[-1]:
                pages.append([])  # a group higher than a page: broken where it must be
                y = top
            y = _place(pages[-1], piece, y)
        index += len(group)
    return pages


def _group(pieces: Sequence[Piece], index: int) -> Sequence[Piece]:
    end = index
    while pieces[end].glued and end + 1 < len(pieces) and not pieces[end + 1].new_page:
        end += 1
    return pieces[index : end + 1]


def _place(page: list[Placed], piece: Piece, y: float) -> float:
    if page:
        y -= piece.before
    elif piece.repeat is not None:
        page.append(Placed(piece.repeat, y))
        y -= piece.repeat.height
    page.append(Placed(piece, y))
    return y - piece.height
