"""Icons: Lucide's line drawings from resources/icons, coloured by the theme, sharp at any pixel ratio."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from desktop_crm.base.paths import resource
from desktop_crm.ui.kit import theme


def pixmap(name: str, size: int = 16, colour: str = "quiet", *, ratio: float | None = None) -> QPixmap:
    """The icon `name` (a file of resources/icons without .svg) in a token's colour, `size` logical pixels wide."""
    value = getattr(theme.tokens(), colour, colour)
    application = QGuiApplication.instance()
    own = application.devicePixelRatio() if isinstance(application, QGuiApplication) else 1.0
    return _drawn(name, size, value, ratio or own)


def icon(name: str, size: int = 16, colour: str = "quiet") -> QIcon:
    """The same as a QIcon; take it anew after the theme changed."""
    return QIcon(pixmap(name, size, colour))


@lru_cache(maxsize=256)
def _drawn(name: str, size: int, colour: str, ratio: float) -> QPixmap:
    text = resource("icons", name + ".svg").read_text(encoding="utf-8").replace("currentColor", colour)
    renderer = QSvgRenderer(QByteArray(text.encode()))
    drawn = QPixmap(round(size * ratio), round(size * ratio))
    drawn.setDevicePixelRatio(ratio)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return drawn
