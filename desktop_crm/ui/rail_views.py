"""The views in the rail: their names and live counts below Customers; as many as there is room for, the rest behind one.

Keys, everywhere: Ctrl+Shift+1 … 6 opens one of them, Ctrl+J asks for any.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent, QPen, QShortcut
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from desktop_crm.base.i18n import _, ngettext
from desktop_crm.ui.kit import theme
from desktop_crm.ui.kit.jobs import Jobs
from desktop_crm.ui.kit.labels import CAP_HEIGHT, cap_width, key_words, paint_cap
from desktop_crm.ui.kit.layouts import clear, vbox

if TYPE_CHECKING:
    from desktop_crm.shop import Shop
    from desktop_crm.views import InRail

ROW = 27
"""Height of a view's line."""

PAGE = "customers"
JUMP = "Ctrl+J"

_WAIT_MS = 300
"""Several changes one after another are counted once."""

_KINDS = frozenset(
    {"views", "customers", "purchases", "followups", "complaints", "tiers", "devices", "interactions", "tags"}
    | {"relations", "notes", "fields", "surveys", "balance", "settings", "staff", "imports", "products"}
)


class RailViews(QWidget):
    """The views below the entry of the customers; asks for its counts itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs: Jobs | None = None
        self._go_to: Callable[..., None] | None = None
        self._found: InRail | None = None
        self._rows = 0
        self.entries: list[ViewEntry] = []
        self._column = vbox(spacing=0, on=self)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._wait = QTimer(self, interval=_WAIT_MS, singleShot=True)
        self._wait.timeout.connect(self._ask)
        self.hide()

    def attach(self, jobs: Jobs, go_to: Callable[..., None]) -> None:
        """Begin to ask `jobs`, and open views by `go_to`."""
        self._jobs, self._go_to = jobs, go_to
        jobs.changed.connect(self._changed)
        rail = self.parentWidget() or self  # itself it is hidden while there are no views, and deaf then
        QShortcut(QKeySequence(JUMP), rail).activated.connect(self._jump)
        for place in range(6):
            shortcut = QShortcut(QKeySequence(f"Ctrl+Shift+{place + 1}"), rail)
            shortcut.activated.connect(partial(self._open_place, place))
        self._ask()

    def give_room(self, height: int) -> None:
        """Show as many lines as fit into `height`."""
        self._rows = max(0, height // ROW)
        self._lay_out()

    def wanted(self) -> int:
        """How many lines there would be with room enough."""
        if self._found is None:
            return 0
        return len(self._found.shown) + (1 if self._found.more else 0)

    def _changed(self, kinds: frozenset[str], _initiator: object) -> None:
        if kinds & _KINDS:
            self._wait.start()

    def _ask(self) -> None:
        if self._jobs is not None:
            self._jobs.query(_look, self._show, key="rail.views")

    def _show(self, found: InRail) -> None:
        self._found = found
        self._lay_out()

    def _lay_out(self) -> None:
        found = self._found
        lines = min(self._rows, self.wanted())
        self.setVisible(lines > 0)
        if found is None or not lines:
            return
        cut = lines < self.wanted()
        many = lines - 1 if cut or found.more else lines
        hidden = len(found.shown) - many + found.more
        clear(self._column)
        self.entries = []
        for place, each in enumerate(found.shown[:many]):
            count = f"{each.count:,}" if each.count is not None else "?"
            entry = ViewEntry(each.view.name, count, f"Ctrl+Shift+{place + 1}")
            entry.clicked.connect(partial(self._open, each.view.id))
            self._put(entry)
        if hidden:
            words = ngettext("{count} view", "{count} views", hidden) if not many else _("{count} more")
            more = ViewEntry(words.format(count=hidden), "", JUMP, shows_key=True)
            more.clicked.connect(self._jump)
            self._put(more)
        self.setFixedHeight(lines * ROW)

    def _put(self, entry: ViewEntry) -> None:
        self.entries.append(entry)
        self._column.addWidget(entry)

    def _open_place(self, place: int) -> None:
        if self._found is not None and place < len(self._found.shown):
            self._open(self._found.shown[place].view.id)

    def _open(self, view_id: int, _checked: bool = False) -> None:
        if self._go_to is not None:
            self._go_to(PAGE, ("view", view_id))

    def _jump(self, _checked: bool = False) -> None:
        if self._go_to is not None:
            self._go_to(PAGE, "views")


class ViewEntry(QAbstractButton):
    """One view: its name and how many it names now; or the line that asks for the others."""

    def __init__(self, name: str, count: str, key: str, *, shows_key: bool = False) -> None:
        super().__init__()
        self.count = count
        self._key = key_words(key) if shows_key else ""
        self.setText(name)
        self.setAccessibleName(f"{name} {count}".strip())
        self.setToolTip(f"{name}  {key_words(key)}")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFixedHeight(ROW)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(120, ROW)

    def paintEvent(self, event: QPaintEvent) -> None:
        named = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() or self.hasFocus():
            painter.setPen(QPen(named.colour("accent"), 1) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(named.colour("hover"))
            painter.drawRoundedRect(QRectF(0.5, 0.5, self.width() - 1, self.height() - 1), 6, 6)
        painter.setFont(theme.font(12))
        behind = cap_width(self._key) if self._key else painter.fontMetrics().horizontalAdvance(self.count)
        room = self.width() - 22 - 10 - behind - 6
        painter.setPen(named.colour("faint" if self._key else "quiet"))
        words = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(22, 0, room + 2, self.height()), middle | Qt.AlignmentFlag.AlignLeft, words)
        if self._key:
            paint_cap(painter, self.width() - 10 - behind, (self.height() - CAP_HEIGHT) / 2, self._key)
        else:
            painter.setPen(named.colour("faint"))
            painter.drawText(
                QRectF(0, 0, self.width() - 10, self.height()),
                middle | Qt.AlignmentFlag.AlignRight,
                self.count,
            )
        painter.end()


def _look(shop: Shop) -> InRail:
    """Asked on a reader thread, which also pays for the import: it is not needed for the first window."""
    module = importlib.import_module("desktop_crm.views")
    found: InRail = module.rail(shop)
    return found
