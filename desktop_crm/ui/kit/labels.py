"""Words and small marks: labels by role, elided lines, pills, key caps, avatars. Nothing clickable."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeySequence, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from desktop_crm.ui.kit import theme

Role = Literal[
    "body",
    "title",
    "section",
    "strong",
    "figure",
    "quiet",
    "faint",
    "small",
    "tiny",
    "error",
    "toast",
    "offer",
    "wrong",
]

CHIP_HEIGHT = 20
_CHIP_PADDING = 8
_SIGNS = {
    "Return": "↵",
    "Enter": "↵",
    "Up": "↑",
    "Down": "↓",
    "Left": "←",
    "Right": "→",
}
"""Keys whose cap carries a sign; the others say the same in every language, as keyboards sold in China do."""
CAP_HEIGHT = 19


class Label(QLabel):
    """Plain text in one of the kit's roles; never reads HTML, because names may hold angle brackets."""

    def __init__(
        self,
        text: str = "",
        role: Role = "body",
        *,
        wrap: bool = False,
        selectable: bool = False,
        tone: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setFont(_role_font(role))
        if wrap:
            self.setWordWrap(True)
            self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        if selectable:
            self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if tone is not None:
            self.setProperty("tone", tone)

    def set_tone(self, tone: str) -> None:
        """Change the meaning of its colour ("plain" for none)."""
        self.setProperty("tone", "" if tone == "plain" else tone)
        self.style().unpolish(self)
        self.style().polish(self)


class Elided(Label):
    """One line that ends in … where it does not fit, with the whole text as tooltip."""

    def __init__(
        self, text: str = "", role: Role = "body", *, tone: str | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__("", role, tone=tone, parent=parent)
        self._whole = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setText(text)

    def whole_text(self) -> str:
        """What it says when there is room."""
        return self._whole

    def setText(self, text: str) -> None:
        self._whole = text
        self.setAccessibleName(text)
        self.updateGeometry()
        self._elide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def sizeHint(self) -> QSize:
        size = super().sizeHint()
        size.setWidth(self.fontMetrics().horizontalAdvance(self._whole) + 2)
        return size

    def minimumSizeHint(self) -> QSize:
        size = super().minimumSizeHint()
        size.setWidth(min(40, self.sizeHint().width()))
        return size

    def _elide(self) -> None:
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, self.width())
        super().setText(shown)
        self.setToolTip(self._whole if shown != self._whole else "")


class Chip(QWidget):
    """A small pill with one word; its colour is never the only sign. An empty one is hidden."""

    def __init__(
        self, text: str = "", tone: str = "grey", *, bold: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._bold = bold
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_mark(text, tone)

    def show_mark(self, text: str, tone: str = "grey") -> None:
        """Say another word in another tone."""
        self._text, self._tone = text, tone
        self.setAccessibleName(text)
        if not text or self.parentWidget() is not None:  # without a parent it would be a window of its own
            self.setHidden(not text)
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        """The word on it."""
        return self._text

    def sizeHint(self) -> QSize:
        return QSize(chip_width(self._text, bold=self._bold), CHIP_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_chip(painter, 0, (self.height() - CHIP_HEIGHT) / 2, self._text, self._tone, bold=self._bold)
        painter.end()


class KeyCap(QWidget):
    """A key as it stands on the keyboard: "Ctrl F"."""

    def __init__(self, key: str, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = key_words(key)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(cap_width(self._text), CAP_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_cap(painter, 0, (self.height() - CAP_HEIGHT) / 2, self._text)
        painter.end()


class Avatar(QWidget):
    """A circle with the first character of a name."""

    def __init__(
        self, name: str = "", tone: str = "gold", *, size: int = 48, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._size = size
        self.setFixedSize(size, size)
        self.show_name(name, tone)

    def show_name(self, name: str, tone: str = "gold") -> None:
        """Stand for somebody else."""
        self._letter, self._tone = name.strip()[:1].upper(), tone
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        ink, ground = theme.tone_colours(self._tone)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawEllipse(self.rect())
        painter.setPen(ink)
        painter.setFont(theme.font(round(self._size * 0.42), bold=True))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._letter)
        painter.end()


def line(parent: QWidget | None = None) -> QWidget:
    """A hair line across."""
    made = QLabel(parent)
    made.setObjectName("line")
    made.setFixedHeight(1)
    return made


def chip_width(text: str, *, bold: bool = False) -> int:
    """How wide a pill with `text` is."""
    return _metrics(12, bold).horizontalAdvance(text) + 2 * _CHIP_PADDING if text else 0


def paint_chip(painter: QPainter, x: float, y: float, text: str, tone: str, *, bold: bool = False) -> int:
    """Paint a pill with its left top corner at x, y; returns its width. For widgets and table cells alike."""
    width = chip_width(text, bold=bold)
    ink, ground = theme.tone_colours(tone)
    box = QRectF(x, y, width, CHIP_HEIGHT)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(box, CHIP_HEIGHT / 2, CHIP_HEIGHT / 2)
    painter.setPen(ink)
    painter.setFont(theme.font(12, bold=bold))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    return width


def key_words(key: str) -> str:
    """ "Ctrl+Return" as people read it on a key cap: "Ctrl ↵"."""
    if not key:
        return ""
    # The native text follows the language of Qt: long words there, and no sign for an arrow.
    shown = QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)
    return " ".join(_SIGNS.get(name, name) for name in shown.split("+"))


def cap_width(text: str) -> int:
    """How wide a key cap with `text` is."""
    return max(19, _metrics(11, False).horizontalAdvance(text) + 11) if text else 0


def paint_cap(painter: QPainter, x: float, y: float, text: str, ink: QColor | None = None) -> None:
    """Paint a key cap with its left top corner at x, y; `ink` colours it on a filled button."""
    named = theme.tokens()
    box = QRectF(x + 0.5, y + 0.5, cap_width(text) - 1, CAP_HEIGHT - 2)
    edge = QColor(ink) if ink is not None else QColor(named.line)
    if ink is not None:
        edge.setAlpha(110)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush if ink is not None else named.colour("panel"))
    painter.setPen(QPen(edge, 1))
    painter.drawRoundedRect(box, 4, 4)
    below = box.bottom() + 1
    painter.drawLine(QPointF(box.left() + 3, below), QPointF(box.right() - 3, below))
    painter.setPen(ink if ink is not None else named.colour("quiet"))
    painter.setFont(theme.font(11))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def _metrics(size: int, bold: bool) -> QFontMetrics:
    return QFontMetrics(theme.font(size, bold=bold))


def _role_font(role: Role) -> QFont:
    sizes = {"title": 20, "figure": 26, "small": 12, "tiny": 12, "error": 12}
    return theme.font(sizes.get(role, 14), bold=role in ("title", "section", "strong", "figure", "offer"))
