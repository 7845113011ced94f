"""A list and the panel of its chosen row: beside each other where there is room, else one below the other."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QScrollArea, QWidget

from desktop_crm.ui.kit.theme import S16

NARROW = 900
"""Below this width the panel stands under the list, and the page scrolls."""

_LEAST = 480
_PANEL_HEIGHT = 420


class Beside(QWidget):
    """Two widgets, of which the list is the wider one.

    Args:
        first: the list. panel: what is shown of its chosen row.
        list_height: the least height of the list where it stands above the panel.
        panel_first: the panel stands at the left where there is room.
        shares: how the width is divided between the two.
    """

    def __init__(
        self,
        first: QWidget,
        panel: QWidget,
        *,
        list_height: int = 300,
        panel_first: bool = False,
        shares: tuple[int, int] = (5, 3),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._list_height = list_height
        self._first, self._panel = first, panel
        sides = QBoxLayout.Direction
        self._wide = sides.RightToLeft if panel_first else sides.LeftToRight
        self._box = QBoxLayout(self._wide, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(S16)
        self._box.setSizeConstraint(QBoxLayout.SizeConstraint.SetNoConstraint)
        self._box.addWidget(first, shares[0])
        self._box.addWidget(panel, shares[1])
        self._is_narrow = False

    def minimumSizeHint(self) -> QSize:
        first, panel = self._first.minimumSizeHint().height(), self._panel.minimumSizeHint().height()
        if self._is_narrow:
            return QSize(_LEAST, max(first, self._list_height) + S16 + max(panel, _PANEL_HEIGHT))
        return QSize(_LEAST, max(first, panel))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < NARROW
        if narrow == self._is_narrow:
            return
        self._is_narrow = narrow
        self._box.setDirection(QBoxLayout.Direction.TopToBottom if narrow else self._wide)
        self._first.setMinimumHeight(self._list_height if narrow else 0)
        self._panel.setMinimumHeight(_PANEL_HEIGHT if narrow else 0)
        self.updateGeometry()

    def bring(self, widget: QWidget) -> None:
        """Scroll the page so that `widget` can be seen."""
        above = self.parentWidget()
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        if above is not None:
            above.ensureWidgetVisible(widget)
