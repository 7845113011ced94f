"""Files let fall anywhere on a window: a veil over all of it says that they are welcome and takes them.

Without it the widget below would take them, a search box as the text of an address.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, QRectF, Qt
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QShowEvent,
)
from PySide6.QtWidgets import QWidget

from desktop_crm.base.i18n import _
from desktop_crm.ui.kit import theme


def dropped_paths(data: QMimeData) -> list[Path]:
    """The files and folders of this machine that are dragged."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


class DropVeil(QWidget):
    """Lies over `window` while files are dragged over it.

    Args:
        on_drop: called with the files and folders that fell.
    """

    def __init__(self, window: QWidget, on_drop: Callable[[list[Path]], object]) -> None:
        super().__init__(window)
        self._window, self._on_drop = window, on_drop
        self._watched: QObject | None = None
        self.setAcceptDrops(True)
        self.hide()
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window:
            if isinstance(event, QShowEvent):
                self._watch()
        elif isinstance(event, QDragEnterEvent) and dropped_paths(event.mimeData()):
            self.setGeometry(self._window.rect())
            self.show()
            self.raise_()  # what is dragged finds the veil first, wherever it is
        return False

    def _watch(self) -> None:
        """The system's window hears of a drag before any widget does; it exists once the window was shown."""
        handle = self._window.windowHandle()
        if handle is not None and handle is not self._watched:
            handle.installEventFilter(self)
            self._watched = handle

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_paths(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self.hide()
        paths = dropped_paths(event.mimeData())
        if paths:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self._on_drop(paths)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = theme.tokens()
        cover = tokens.colour("accent_soft")
        cover.setAlpha(240)
        painter.fillRect(self.rect(), cover)
        pen = QPen(tokens.colour("accent"), 3, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(14, 14, -14, -14), 16, 16)
        painter.setFont(theme.font(20, bold=True))
        painter.drawText(
            self.rect(),
            Qt.AlignmentFlag.AlignCenter,
            _("Let go: everything is looked at first, nothing is written yet"),
        )
        painter.end()
