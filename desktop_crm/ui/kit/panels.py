"""Places: white panels, figures, rows edited in place, banners, what an empty place says, lists of outcomes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop_crm.base.i18n import _
from desktop_crm.base.values import MISSING
from desktop_crm.ui.kit import icons, layouts, theme
from desktop_crm.ui.kit.buttons import IconButton
from desktop_crm.ui.kit.labels import Elided, Label
from desktop_crm.ui.kit.layouts import STRETCH, hbox, vbox
from desktop_crm.ui.kit.theme import S4, S8, S12, S16

PartT = TypeVar("PartT", QWidget, QLayout)


class Panel(QFrame):
    """A white card with rounded corners.

    Args:
        section: bold words in its first line, or "".
        note: quiet words behind them.
        actions: widgets at the right of the first line.
        tone: "accent" for the one panel that proposes something.
        padding: distance of the contents from the edge.
    """

    def __init__(
        self,
        section: str = "",
        *,
        note: str = "",
        actions: Sequence[QWidget] = (),
        tone: str = "plain",
        padding: int = S16,
        spacing: int = S12,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setProperty("tone", tone)
        self.body: QVBoxLayout = vbox(spacing=spacing, margins=padding, on=self)
        self.section_label = Label(section, "section")
        self.note_label = Label(note, "faint")
        self.head: QHBoxLayout = hbox(self.section_label, self.note_label, STRETCH, *actions, spacing=S8)
        self._has_head = bool(section or note or actions)
        if self._has_head:
            self.body.addLayout(self.head)
        else:
            self.section_label.setParent(self)
            self.note_label.setParent(self)
            self.section_label.hide()
            self.note_label.hide()

    def add(self, part: PartT, stretch: int = 0) -> PartT:
        """Put a widget or layout below the rest; returns it."""
        if isinstance(part, QWidget):
            self.body.addWidget(part, stretch)
        else:
            self.body.addLayout(part, stretch)
        return part

    def clear(self) -> None:
        """Take out everything but the first line."""
        while self.body.count() > (1 if self._has_head else 0):
            layouts.let_go(self.body.takeAt(self.body.count() - 1))


class FigureTile(QFrame):
    """One big figure in its own panel: name above, change and sample below; a click asks how it is made."""

    def __init__(
        self,
        label: str,
        text: str = MISSING,
        *,
        tone: str = "plain",
        change: str = "",
        change_tone: str = "good",
        note: str = "",
        hint: str = "",
        on_click: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._on_click = on_click
        self._name = Elided(label, "quiet")
        self._name.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._figure = Label(text, "figure")
        self._change = Label(change, "small")
        self._note = Label(note, "tiny")
        self._note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        first = hbox(self._name, spacing=S4)
        if hint or on_click:
            self._mark = Label("ⓘ", "tiny")
            first.addWidget(self._mark)
        first.addStretch(1)
        vbox(
            first,
            self._figure,
            hbox(self._change, (self._note, 1), spacing=S4),
            spacing=0,
            margins=(14, S12, 14, S12),
            on=self,
        )
        self.setToolTip(hint)
        if on_click is not None:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.set(text, tone=tone, change=change, change_tone=change_tone, note=note)

    def set(
        self, text: str, *, tone: str = "plain", change: str = "", change_tone: str = "good", note: str = ""
    ) -> None:
        """Show another figure."""
        self._figure.setText(text)
        self._figure.set_tone(tone)
        self._change.setText(change)
        self._change.set_tone(change_tone)
        self._change.setVisible(bool(change))
        self._note.setText(note)
        self._note.setToolTip(note)
        self.setAccessibleName(f"{self._name.whole_text()} {text}")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._on_click is not None and self.rect().contains(event.position().toPoint()):
            self._on_click()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._on_click is not None and event.key() in (
            Qt.Key.Key_Return,
            Qt.Key.Key_Enter,
            Qt.Key.Key_Space,
        ):
            self._on_click()
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._on_click is not None and (self.hasFocus() or self.underMouse()):
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(theme.tokens().colour("accent" if self.hasFocus() else "faint"))
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), theme.RADIUS, theme.RADIUS)
            painter.end()


class EmptyState(QWidget):
    """What will be here and how to fill it, in the middle of an empty place."""

    def __init__(
        self,
        title: str,
        text: str = "",
        *,
        buttons: Sequence[QWidget] = (),
        icon: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon = icon
        name = Label(title, "section", wrap=True)
        words = Label(text, "quiet", wrap=True)
        for label in (name, words):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            label.setMaximumWidth(440)
        self._drawing = Drawing(icon) if icon else None
        column = vbox(STRETCH, spacing=S8, margins=S16, on=self)
        for widget in (self._drawing, name, words if text else None):
            if widget is not None:
                column.addLayout(hbox(STRETCH, (widget, 8) if isinstance(widget, Label) else widget, STRETCH))
        if buttons:
            column.addSpacing(S8)
            column.addLayout(hbox(STRETCH, *buttons, STRETCH))
        column.addStretch(1)


class Drawing(QWidget):
    """An icon in a soft circle."""

    def __init__(self, icon: str) -> None:
        super().__init__()
        self._icon = icon
        self.setFixedSize(56, 56)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.tokens().colour("grey_soft"))
        painter.drawEllipse(self.rect())
        drawn = icons.pixmap(self._icon, 24, "quiet", ratio=self.devicePixelRatioF())
        painter.drawPixmap(16, 16, drawn)
        painter.end()


class Banner(QFrame):
    """A soft coloured line across the top of a place: something holds until it is dealt with."""

    closed = Signal()
    """The person closed it."""

    def __init__(
        self,
        text: str,
        tone: str = "accent",
        *,
        buttons: Sequence[QWidget] = (),
        closable: bool = False,
        slim: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self.setProperty("tone", tone)
        # A slim one stays one line and must not make its page wider than the window.
        self._label = Elided(text, tone=tone) if slim else Label(text, wrap=True, tone=tone)
        gap = 0 if slim else S8
        row = hbox((self._label, 1), *buttons, spacing=S8, margins=(S12, gap, S8, gap), on=self)
        if closable:
            row.addWidget(IconButton("x", _("Close"), on_click=self._close))
        if slim:
            self.setFixedHeight(32)
        else:
            self.setMinimumHeight(40)

    def set_text(self, text: str) -> None:
        """Say something else."""
        self._label.setText(text)

    def text(self) -> str:
        """What it says."""
        return self._label.whole_text() if isinstance(self._label, Elided) else self._label.text()

    def _close(self) -> None:
        self.hide()
        self.closed.emit()
