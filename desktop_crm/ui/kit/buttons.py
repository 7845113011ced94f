"""Things to press: buttons that wear their key, icon buttons, filter pills."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
    QShortcut,
)
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLayout, QSizePolicy, QWidget

from desktop_crm.ui.kit import icons, theme
from desktop_crm.ui.kit.labels import CAP_HEIGHT, cap_width, key_words, paint_cap
from desktop_crm.ui.kit.layouts import FlowLayout

Kind = Literal["plain", "primary", "danger", "quiet", "chosen"]

_PADDING = 12
_GAP = 8


class KeyButton(QAbstractButton):
    """A button with its key beside its word; the key works while the button can be seen and pressed.

    Args:
        text: what it does.
        key: a key sequence ("F2", "Ctrl+N", "Alt+P") or "" for none.
        kind: "primary" is the one thing to do here; "quiet" has no frame;
            "chosen" is the one of several that holds.
        wide: text at the left, key at the right, as wide as its place.
        bind: False shows the key only (somebody else listens to it).
        cap: what the key cap says instead of the key.
    """

    def __init__(
        self,
        text: str,
        key: str = "",
        *,
        kind: Kind = "plain",
        on_click: Callable[[], object] | None = None,
        wide: bool = False,
        icon: str = "",
        bind: bool = True,
        cap: str | None = None,
        tooltip: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setAccessibleName(text)
        self._kind, self._wide, self._icon = kind, wide, icon
        self._key_words = key_words(key) if cap is None else cap
        self._compact = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        across = QSizePolicy.Policy.Expanding if wide else QSizePolicy.Policy.Fixed
        self.setSizePolicy(across, QSizePolicy.Policy.Fixed)
        self.setToolTip(tooltip)
        if on_click is not None:
            self.clicked.connect(lambda: on_click())
        if key and bind:
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.activated.connect(self.click)

    def set_compact(self, compact: bool) -> None:
        """Leave the key away where there is little room; it goes on working."""
        if compact != self._compact:
            self._compact = compact
            self.updateGeometry()
            self.update()

    def set_kind(self, kind: Kind) -> None:
        """Change its weight."""
        self._kind = kind
        self.update()

    @property
    def _cap(self) -> str:
        return "" if self._compact else self._key_words

    def sizeHint(self) -> QSize:
        width = self._text_width() + 2 * _PADDING + (24 if self._icon else 0)
        if self._cap:
            width += _GAP + cap_width(self._cap)
        return QSize(width, 34)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = self._paint_ground(painter)
        x = float(_PADDING)
        if self._icon:
            drawn = icons.pixmap(self._icon, 16, ink.name(), ratio=self.devicePixelRatioF())
            painter.drawPixmap(round(x), (self.height() - 16) // 2, drawn)
            x += 24
        cap = cap_width(self._cap)
        room = self.width() - x - _PADDING - (cap + _GAP if cap else 0)
        painter.setFont(self._font())
        painter.setPen(ink)
        shown = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, round(room) + 1)
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRectF(x, 0, room + 2, self.height() - 1), left, shown)
        if cap:
            on_fill = ink if self._kind == "primary" else None
            place = self.width() - _PADDING - cap
            paint_cap(painter, place, (self.height() - CAP_HEIGHT) / 2, self._cap, on_fill)
        painter.end()

    def _paint_ground(self, painter: QPainter) -> QColor:
        named = theme.tokens()
        hot = self.underMouse() and self.isEnabled()
        fill, edge, ink = named.panel, named.line, named.text
        if self._kind == "primary":
            fill, edge, ink = named.accent, named.accent, named.on_accent
        elif self._kind == "danger":
            ink = named.bad
        elif self._kind == "chosen":
            fill, edge, ink = named.accent_soft, named.accent, named.accent_text
        if self._kind == "primary":
            fill = named.accent_hover if hot or self.isDown() else fill
        elif self._kind != "chosen" and (hot or self.isDown()):
            fill = named.hover
        if not self.isEnabled():
            fill, edge, ink = named.bg, named.line, named.faint
        box = QRectF(0.5, 0.5, self.width() - 1, self.height() - 1)
        if self._kind != "quiet" or hot:
            painter.setPen(QPen(QColor(edge), 1) if self._kind != "quiet" else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(fill))
            painter.drawRoundedRect(box, 8, 8)
        if self.hasFocus() and self.isEnabled():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            inner = named.on_accent if self._kind == "primary" else named.accent
            painter.setPen(QPen(QColor(inner), 1.5))
            painter.drawRoundedRect(box.adjusted(1.5, 1.5, -1.5, -1.5), 7, 7)
        return QColor(named.quiet if self._kind == "quiet" and not hot and self.isEnabled() else ink)

    def _font(self) -> QFont:
        return theme.font(14)

    def _text_width(self) -> int:
        return QFontMetrics(self._font()).horizontalAdvance(self.text())


class IconButton(QAbstractButton):
    """A small button with an icon only; its tooltip says what it does."""

    def __init__(
        self,
        icon: str,
        tooltip: str,
        *,
        key: str = "",
        size: int = 16,
        on_click: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon, self._icon_size = icon, size
        self.setToolTip(f"{tooltip}  {key_words(key)}".strip())
        self.setAccessibleName(tooltip)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFixedSize(size + 14, size + 14)
        if on_click is not None:
            self.clicked.connect(lambda: on_click())
        if key:
            QShortcut(QKeySequence(key), self).activated.connect(self.click)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        named = theme.tokens()
        hot = self.isEnabled() and (self.underMouse() or self.hasFocus())
        if hot:
            painter.setPen(QPen(named.colour("accent"), 1) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(named.colour("grey_soft"))
            painter.drawRoundedRect(QRectF(0.5, 0.5, self.width() - 1, self.height() - 1), 7, 7)
        colour = "text" if hot else "quiet" if self.isEnabled() else "faint"
        place = (self.width() - self._icon_size) // 2
        drawn = icons.pixmap(self._icon, self._icon_size, colour, ratio=self.devicePixelRatioF())
        painter.drawPixmap(place, place, drawn)
        painter.end()


class _Pill(QAbstractButton):
    """One choice of `Pills`."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.setText(text)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(QFontMetrics(theme.font(13)).horizontalAdvance(self.text()) + 18, 26)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        named = theme.tokens()
        box = QRectF(0.5, 1.5, self.width() - 1, self.height() - 3)
        painter.setPen(QPen(named.colour("accent"), 1.2) if self.hasFocus() else Qt.PenStyle.NoPen)
        if self.isChecked() or self.hasFocus():
            painter.setBrush(named.colour("accent_soft" if self.isChecked() else "panel"))
            painter.drawRoundedRect(box, 11.5, 11.5)
        ink = "accent_text" if self.isChecked() else "text" if self.underMouse() else "quiet"
        painter.setPen(named.colour(ink))
        painter.setFont(theme.font(13))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()


class Pills(QWidget):
    """A row of choices of which one holds, e.g. "All 27 · Sales 6"; left and right move it.

    Args:
        items: (key, text) in order; the first holds at the beginning.
        on_choose: called with the key when the person chose another one.
        wraps: they take further lines where they do not fit into one.
    """

    def __init__(
        self,
        items: Sequence[tuple[str, str]] = (),
        *,
        on_choose: Callable[[str], object] | None = None,
        wraps: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._on_choose = on_choose
        self._pills: dict[str, _Pill] = {}
        self.chosen = ""
        self._row: QLayout = FlowLayout(2) if wraps else QHBoxLayout()
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(2)
        self.setLayout(self._row)
        across = QSizePolicy.Policy.Expanding if wraps else QSizePolicy.Policy.Fixed
        self.setSizePolicy(across, QSizePolicy.Policy.Minimum if wraps else QSizePolicy.Policy.Fixed)
        self.set_items(items)

    def set_items(self, items: Sequence[tuple[str, str]]) -> None:
        """Show other words or choices; what was chosen stays chosen where it still is there."""
        if [key for key, _text in items] == list(self._pills):
            for key, text in items:
                self._pills[key].setText(text)
                self._pills[key].updateGeometry()
            return
        for pill in self._pills.values():
            self._row.removeWidget(pill)
            pill.hide()
            pill.deleteLater()
        self._pills = {}
        for key, text in items:
            pill = _Pill(text)
            pill.clicked.connect(lambda _checked=False, key=key: self.choose(key))
            self._row.addWidget(pill)
            self._pills[key] = pill
        if self._pills:
            held = self.chosen if self.chosen in self._pills else next(iter(self._pills))
            self.choose(held, silently=True)

    def show_fitting(self, width: int) -> None:
        """Show as many as fit into a line this wide, the first ones and the one that holds."""
        kept = self._pills.get(self.chosen)
        left = width - (kept.sizeHint().width() + self._row.spacing() if kept is not None else 0)
        for pill in self._pills.values():
            if pill is not kept:
                left -= pill.sizeHint().width() + self._row.spacing()
                pill.setVisible(left >= 0)

    def choose(self, key: str, *, silently: bool = False) -> None:
        """Make `key` the one that holds; `silently` does not tell `on_choose`."""
        changed = key != self.chosen
        self.chosen = key
        for name, pill in self._pills.items():
            pill.setChecked(name == key)
        if changed and not silently and self._on_choose is not None:
            self._on_choose(key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        keys = list(self._pills)
        if step is None or not keys:
            event.ignore()
            return
        key = keys[(keys.index(self.chosen) + step) % len(keys)]
        self._pills[key].setFocus()
        self.choose(key)
