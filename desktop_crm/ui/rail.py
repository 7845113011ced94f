"""The rail at the left: shop, pages with their numbers, views (rail_views.py), who is at the counter, last backup."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QSizePolicy, QWidget

from desktop_crm.base.i18n import _
from desktop_crm.ui.kit import icons, theme
from desktop_crm.ui.kit.jobs import Jobs
from desktop_crm.ui.kit.labels import (
    CAP_HEIGHT,
    CHIP_HEIGHT,
    Elided,
    cap_width,
    chip_width,
    paint_cap,
    paint_chip,
)
from desktop_crm.ui.kit.layouts import vbox
from desktop_crm.ui.kit.theme import S8, S16
from desktop_crm.ui.page import Badge, PageSpec, page_digit
from desktop_crm.ui.rail_views import PAGE, RailViews

WIDTH = 168
_LOW = 620
"""A rail lower than this has no room for sentences."""
_ICON = 16
_WRAPPED = Qt.TextFlag.TextWordWrap
_LEAST, _USUAL, _GAP = 28, 36, 2
"""Heights of a page's entry, and the gap below each."""


class Rail(QFrame):
    """The pages of the window.

    Signals:
        page_chosen(key): a page's entry was pressed.
        person_pressed(): the name at the bottom was pressed.
        safety_pressed(): the badge was pressed that says who could read the customers.
    """

    page_chosen = Signal(str)
    person_pressed = Signal()
    safety_pressed = Signal()

    def __init__(self, pages: Sequence[PageSpec], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self.setFixedWidth(WIDTH)
        self._shop = Elided("", "section")
        self._shop.setContentsMargins(10, 0, 10, 0)
        self._entries: dict[str, _Entry] = {}
        self.views = RailViews()
        column = self._column = vbox(self._shop, 9, spacing=_GAP, margins=(S8, S16 + 1, S8 + 1, S16), on=self)
        for place, page in enumerate(page for page in pages if page.title):
            entry = _Entry(_(page.title), f"Alt+{page_digit(place)}")
            entry.clicked.connect(lambda _checked=False, key=page.key: self.page_chosen.emit(key))
            self._entries[page.key] = entry
            column.addWidget(entry)
            if page.key == PAGE:
                column.addWidget(self.views)
        column.addStretch(1)
        self._person = _Person()
        self._person.clicked.connect(self.person_pressed)
        self._backup = Elided("", "tiny")
        self._backup.setContentsMargins(10, 0, 10, 0)
        self.safety = _Safety()
        self.safety.clicked.connect(self.safety_pressed)
        column.addWidget(self.safety)
        column.addWidget(self._person)
        column.addWidget(self._backup)

    def attach_views(self, jobs: Jobs, go_to: Callable[..., None]) -> None:
        """Show the views with their counts, where there is a page that shows them."""
        if PAGE in self._entries:
            self.views.attach(jobs, go_to)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()

    def _share(self) -> None:
        """The views get what the pages leave, the pages at their least where that is needed to show the views."""
        margins = self._column.contentsMargins()
        self.safety.be_short(self.height() < _LOW)
        badge = 0 if self.safety.isHidden() else self.safety.sizeHint().height() + _GAP
        foot = self._person.sizeHint().height() + self._backup.sizeHint().height() + 2 * _GAP + badge
        head = self._shop.sizeHint().height() + 9 + 2 * _GAP
        pages = len(self._entries) * (_LEAST + _GAP)
        room = self.height() - margins.top() - margins.bottom() - foot - head - pages - 2 * _GAP
        self.views.give_room(room)

    def light(self, key: str) -> None:
        """Show where one is."""
        for name, entry in self._entries.items():
            entry.setChecked(name == key)

    def show_badge(self, key: str, badge: Badge) -> None:
        """Show the number behind an entry."""
        if key in self._entries:
            self._entries[key].show_badge(badge)

    def show_shop(self, name: str) -> None:
        """Show the shop's name."""
        self._shop.setText(name)

    def show_person(self, words: str) -> None:
        """Show who is at the counter."""
        self._person.show_words(words)

    def show_safety(self, short: str, sentence: str) -> None:
        """Show in amber what is not safe; "" where all is well."""
        self.safety.show_words(short, sentence)
        self._share()

    def show_backup(self, words: str) -> None:
        """Show when the shop was last backed up."""
        self._backup.setText(words)


class _Entry(QAbstractButton):
    """One page: its title and its number."""

    def __init__(self, title: str, key: str) -> None:
        super().__init__()
        self._badge = Badge(0)
        self.setText(title)
        self.setAccessibleName(title)
        self.setToolTip(f"{title}  {key.replace('+', ' ')}")
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setMinimumHeight(_LEAST)

    def show_badge(self, badge: Badge) -> None:
        """Show another number."""
        self._badge = badge
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(WIDTH - 17, _USUAL)

    def nextCheckState(self) -> None:
        """Being lit is the window's decision, not the button's."""

    def paintEvent(self, event: QPaintEvent) -> None:
        named = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(0.5, 0.5, self.width() - 1, self.height() - 1)
        lit = self.isChecked()
        if lit or self.underMouse() or self.hasFocus():
            painter.setPen(QPen(named.colour("accent"), 1) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(named.colour("accent_soft" if lit else "hover"))
            painter.drawRoundedRect(box, 8, 8)
        text = str(self._badge.count) if self._badge.count < 1000 else "999+"
        badge = chip_width(text) if self._badge.count else 0
        painter.setFont(theme.font(14, bold=lit))
        painter.setPen(named.colour("accent_text" if lit else "body"))
        room = self.width() - 20 - badge - (6 if badge else 0)
        words = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRectF(10, 0, room + 2, self.height()), left, words)
        if badge:
            place = self.width() - 10 - badge
            paint_chip(painter, place, (self.height() - CHIP_HEIGHT) / 2, text, self._badge.tone)
        painter.end()


class _Safety(QAbstractButton):
    """An amber badge: one sentence about what is not safe yet, or two words of it where the rail is low."""

    def __init__(self) -> None:
        super().__init__()
        self._short = self._sentence = ""
        self._is_short = False
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_words(self, short: str, sentence: str) -> None:
        """Say this; nothing is shown for ""."""
        self._short, self._sentence = short, sentence
        self.setAccessibleName(sentence)
        self.setToolTip(sentence)
        self.setVisible(bool(sentence))
        self.updateGeometry()
        self.update()

    def be_short(self, short: bool) -> None:
        """Whether there is room for two words only."""
        if short != self._is_short:
            self._is_short = short
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        width = WIDTH - 17
        room = QRect(0, 0, width - _ICON - 26, 200)
        words = QFontMetrics(theme.font(12)).boundingRect(room, _WRAPPED, self._words())
        return QSize(width, words.height() + 14)

    def paintEvent(self, event: QPaintEvent) -> None:
        ink, ground = theme.tone_colours("look")
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lit = self.underMouse() or self.hasFocus()
        painter.setPen(QPen(ink, 1) if lit else Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(QRectF(0.5, 0.5, self.width() - 1, self.height() - 1), 8, 8)
        drawn = icons.pixmap("triangle-alert", _ICON, "look", ratio=self.devicePixelRatioF())
        painter.drawPixmap(10, 8, drawn)
        painter.setPen(ink)
        painter.setFont(theme.font(12))
        room = QRect(10 + _ICON + 8, 0, self.width() - _ICON - 26, self.height())
        painter.drawText(room, _WRAPPED | Qt.AlignmentFlag.AlignVCenter, self._words())
        painter.end()

    def _words(self) -> str:
        return self._short if self._is_short else self._sentence


class _Person(QAbstractButton):
    """Who is at the counter, with the key that changes it."""

    def __init__(self) -> None:
        super().__init__()
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_words(self, words: str) -> None:
        """Show another person."""
        self.setText(words)
        self.setAccessibleName(words)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(WIDTH - 17, 34)

    def paintEvent(self, event: QPaintEvent) -> None:
        named = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() or self.hasFocus():
            painter.setPen(QPen(named.colour("accent"), 1) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(named.colour("hover"))
            painter.drawRoundedRect(QRectF(0.5, 0.5, self.width() - 1, self.height() - 1), 8, 8)
        cap = cap_width("F12")
        room = self.width() - 20 - cap - 4
        painter.setFont(theme.font(13))
        painter.setPen(named.colour("body"))
        words = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRectF(10, 0, room + 2, self.height()), left, words)
        paint_cap(painter, self.width() - 10 - cap, (self.height() - CAP_HEIGHT) / 2, "F12")
        painter.end()
