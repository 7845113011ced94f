"""Fonts, colours and lines of text on paper: measuring, wrapping, drawing. What stands on a page is pdf.py's business.

Chinese breaks between any two characters, Latin words stay whole, and no line begins with a closing sign or ends
with an opening one.
"""

from __future__ import annotations

import functools
import re
import threading
import unicodedata
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from desktop_crm.base.paths import resource

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

REGULAR, BOLD = "NotoSansSC", "NotoSansSC-Bold"
_FILES = {REGULAR: "NotoSansSC-Regular.ttf", BOLD: "NotoSansSC-Bold.ttf"}
_LOCK = threading.Lock()

INK, BODY, QUIET, FAINT = "#1d2433", "#344054", "#667085", "#98a2b3"
LINE, HAIR = "#e4e7ec", "#eceef2"
GOOD, LOOK, BAD = "#12805c", "#b54708", "#c4320a"
BAR, BAR_QUIET = "#437aff", "#a7c0ff"
SHARES = {
    "gold": "#b58105",
    "accent": "#2f6bff",
    "grey": "#98a2b3",
    "red": "#e0603a",
    "green": "#2fa37c",
    "pale": "#d5dae2",
}
TONES = {"plain": INK, "good": GOOD, "look": LOOK, "bad": BAD, "quiet": QUIET}

_CLOSING = "，。、；：！？）》〉」』】〕％%…—·・•–”’,.;:!?)]}＞"
_OPENING = "（《〈「『【〔“‘([{¥￥$＜"
_TOKEN = re.compile(r"\n|[^\S\n]+|[⺀-\U0003ffff]|[^\s⺀-\U0003ffff]+")
_HIDDEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff\u00ad]")


class Style(NamedTuple):
    """How a piece of text looks: font, size in points, colour as #rrggbb."""

    font: str = REGULAR
    size: float = 9.4
    colour: str = INK


class Run(NamedTuple):
    """A piece of text in one style."""

    text: str
    style: Style


class Line(NamedTuple):
    """One line: its runs and its width in points."""

    runs: tuple[Run, ...]
    width: float


def register_fonts() -> None:
    """Make our two fonts known to reportlab, once in a process (about 100 ms)."""
    with _LOCK:
        _register()


@functools.cache
def _register() -> None:
    from reportlab.pdfbase import pdfmetrics, ttfonts  # slow to import, and only paper needs it

    _mend_to_unicode(ttfonts)
    for name, file in _FILES.items():
        pdfmetrics.registerFont(ttfonts.TTFont(name, str(resource("fonts", file))))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)


def _mend_to_unicode(ttfonts: Any) -> None:  # the module of a library without types
    """Let characters above U+FFFF be copied out of the PDF.

    reportlab 5.1 writes <20BB7> where PDF 32000-1, 9.10.3 wants UTF-16BE, <D842DFB7>.
    """
    original = ttfonts.makeToUnicodeCMap

    def mended(fontname: str, subset: Sequence[int]) -> str:
        return re.sub(
            r"(?m)^(<[0-9A-F]{2}> <)([0-9A-F]{5,6})>$",
            lambda match: f"{match[1]}{chr(int(match[2], 16)).encode('utf-16-be').hex().upper()}>",
            original(fontname, subset),
        )

    ttfonts.makeToUnicodeCMap = mended


@functools.cache
def _widths(font: str) -> tuple[dict[int, float], float]:
    """Widths of a font's characters in thousandths of its size, and that of an unknown one."""
    from reportlab.pdfbase import pdfmetrics  # slow to import, and only paper needs it

    register_fonts()
    face = pdfmetrics.getFont(font).face
    return dict(face.charWidths), float(face.defaultWidth)


def width_of(text: str, style: Style) -> float:
    """The width of a text in points."""
    widths, unknown = _widths(style.font)
    return sum(widths.get(ord(char), unknown) for char in text) * style.size / 1000


def printable(text: str) -> str:
    """The text as our fonts can print it: no control or invisible characters, □ for what has no glyph."""
    if text.isascii() and text.isprintable():
        return text
    widths, _unknown = _widths(REGULAR)
    kept = _HIDDEN.sub("", text).replace("\t", " ").replace("\xa0", " ")
    return "".join(
        char
        if char == "\n" or ord(char) in widths
        else ""
        if unicodedata.category(char) in ("Cc", "Cs")
        else "□"
        for char in kept
    )


def wrap(runs: Sequence[Run], width: float, most: int | None = None) -> list[Line]:
    """Break runs into lines no wider than `width`; the last of `most` lines ends with … when text is left over."""
    clean = [Run(printable(run.text), run.style) for run in runs]
    lines = list(_lines(list(_units(clean, width)), width))
    if most is not None and len(lines) > most:
        last = lines[most - 1]
        return [*lines[: most - 1], fit(_join(last.runs, lines[most].runs[:1]), width, always=True)]
    return lines


def fit(runs: Sequence[Run], width: float, *, always: bool = False) -> Line:
    """One line; what does not fit is cut and ends with … (`always`: even when it fits)."""
    runs = [Run(printable(run.text).replace("\n", " "), run.style) for run in runs]
    total = sum(width_of(run.text, run.style) for run in runs)
    if total <= width and not always:
        return Line(tuple(runs), total)
    style = runs[-1].style if runs else Style()
    room = width - width_of("…", style)
    kept: list[Run] = []
    for run in runs:
        text = run.text
        while text and width_of(text, run.style) > room:
            text = text[:-1]
        kept.append(Run(text, run.style))
        room -= width_of(text, run.style)
        if text != run.text:
            break
    kept.append(Run("…", style))
    return Line(tuple(kept), sum(width_of(run.text, run.style) for run in kept))


def _units(runs: Sequence[Run], width: float) -> Iterator[list[Run]]:
    """Pieces that must not be broken; a unit of one "\\n" ends a line."""
    unit: list[Run] = []
    open_end = False
    for run in runs:
        for token in _TOKEN.findall(run.text):
            glued = unit and (open_end or token[0] in _CLOSING) and not token.isspace() and not _blank(unit)
            if unit and not glued:
                yield unit
                unit = []
            unit.append(Run(token, run.style))
            open_end = token[-1] in _OPENING
            if sum(width_of(part.text, part.style) for part in unit) > width:
                yield from _chopped(unit, width)
                unit = []
    if unit:
        yield unit


def _blank(unit: list[Run]) -> bool:
    return unit[-1].text.isspace()


def _chopped(unit: list[Run], width: float) -> Iterator[list[Run]]:
    """A unit wider than the line, broken between any two characters."""
    text, room = "", width
    for run in unit:
        for char in run.text:
            size = width_of(char, run.style)
            if size > room and text:
                yield [Run(text, run.style)]
                text, room = "", width
            text += char
            room -= size
        if text:
            yield [Run(text, run.style)]
            text = ""


def _lines(units: list[list[Run]], width: float) -> Iterator[Line]:
    line: list[Run] = []
    used = 0.0
    for unit in units:
        if unit[0].text == "\n":
            yield _line(line)
            line, used = [], 0.0
            continue
        size = sum(width_of(run.text, run.style) for run in unit)
        if line and used + size > width + 0.01:
            if unit[0].text.isspace():
                continue
            yield _line(line)
            line, used = [], 0.0
        if not line and unit[0].text.isspace():
            continue
        line.extend(unit)
        used += size
    yield _line(line)


def _line(line: list[Run]) -> Line:
    while line and line[-1].text.isspace():
        line.pop()
    runs = _join(line)
    return Line(runs, sum(width_of(run.text, run.style) for run in runs))


def _join(*groups: Sequence[Run]) -> tuple[Run, ...]:
    """Neighbours of one style as one run."""
    joined: list[Run] = []
    for run in (run for group in groups for run in group):
        if joined and joined[-1].style == run.style:
            joined[-1] = Run(joined[-1].text + run.text, run.style)
        else:
            joined.append(run)
    return tuple(joined)


def draw_line(canvas: Canvas, line: Line, x: float, middle: float) -> None:
    """Draw a line of text from `x` on, its characters centred on the height `middle`."""
    for run in line.runs:
        canvas.setFont(run.style.font, run.style.size)
        canvas.setFillColor(run.style.colour)
        canvas.drawString(x, middle - run.style.size * 0.36, run.text)
        x += width_of(run.text, run.style)


def draw_text(
    canvas: Canvas,
    text: str,
    style: Style,
    x: float,
    middle: float,
    *,
    width: float = 1e9,
    align: float = 0.0,
) -> None:
    """Draw one line; `align` 0 begins at `x`, 0.5 is centred on it, 1 ends there."""
    line = fit([Run(text, style)], width)
    draw_line(canvas, line, x - line.width * align, middle)
