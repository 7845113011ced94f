"""What hangs below the search box: the hits, each with what matched marked; what may be typed; or that nobody fits.

The box asks and decides what Enter does (search_box.py); here it is only shown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from desktop_crm.base.i18n import _
from desktop_crm.base.values import show_phone
from desktop_crm.search import Hit, SearchResult
from desktop_crm.search_reasons import Reason
from desktop_crm.ui.kit import theme
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.cells import Mark
from desktop_crm.ui.kit.labels import CHIP_HEIGHT, Label, chip_width, paint_chip
from desktop_crm.ui.kit.layouts import clear, hbox, holder, vbox
from desktop_crm.ui.kit.theme import S4, S8, S12
from desktop_crm.ui.marks import tier_mark

SHOWN_HITS = 8
"""Rows of the list before it scrolls."""

ROW_HEIGHT = 40
_OFFERED = 6
"""Prefixes that have room in one row."""

_DISPLAY = int(
    Qt.ItemDataRole.DisplayRole
)  # plain ints: an enum compared in data() doubles each paint (facts)
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
_ELIDE = Qt.TextElideMode.ElideRight
_SHARES: Final = (0.33, 0.29)
"""Of the width before the day: name and tier, number; the rest is why."""
_INKS: Final = ("text", "body", "quiet", "faint", "accent_text", "accent_soft")


class HitModel(QAbstractListModel):
    """The hits of one answer."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.hits: Sequence[Hit] = ()

    def show_hits(self, hits: Sequence[Hit]) -> None:
        """Show others."""
        self.beginResetModel()
        self.hits = hits
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.hits)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = _DISPLAY
    ) -> Any:  # any role's value
        if role == _DISPLAY and index.isValid():
            hit = self.hits[index.row()]
            numbers = " ".join(map(show_phone, hit.phones))
            return " · ".join(part for part in (hit.name, numbers, hit.matched, hit.last_visit_day) if part)
        return None


class HitPainter(QStyledItemDelegate):
    """Paints a hit: name and tier, number, why, last visit; what matched is marked in each.

    It is called for every row at every key, so colours, metrics and pills are kept until the theme changes.
    """

    def __init__(self, model: HitModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self._plain, self._bold, self._small = theme.font(14), theme.font(14, bold=True), theme.font(12)
        self._plain_metrics, self._bold_metrics = QFontMetrics(self._plain), QFontMetrics(self._bold)
        self._small_metrics = QFontMetrics(self._small)
        self._day_width = self._small_metrics.horizontalAdvance("2026-00-00") + S12
        self._theme: theme.Tokens | None = None
        self._inks: dict[str, QColor] = {}
        self._chips: dict[tuple[str, float], QPixmap] = {}

    def use(self, named: theme.Tokens) -> None:
        """Paint in these colours from now on."""
        if named is not self._theme:
            self._theme = named
            self._inks = {name: named.colour(name) for name in _INKS}
            self._chips.clear()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(200, ROW_HEIGHT)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        rect = option.rect
        hit = self._model.hits[index.row()]
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._inks["accent_soft"])
            painter.drawRoundedRect(QRectF(rect).adjusted(0, 1, 0, -1), 8, 8)
        left, top, height = rect.left() + S12, rect.top(), rect.height()
        free = rect.width() - 2 * S12 - self._day_width
        name, number = int(free * _SHARES[0]), int(free * _SHARES[1])
        self._name(painter, QRect(left, top, name - S8, height), hit)
        self._number(painter, QRect(left + name, top, number - S8, height), hit)
        self._why(painter, QRect(left + name + number, top, free - name - number - S8, height), hit)
        if hit.last_visit_day:
            painter.setFont(self._small)
            painter.setPen(self._inks["faint"])
            painter.drawText(QRect(left + free, top, self._day_width, height), _RIGHT, hit.last_visit_day)

    def _name(self, painter: QPainter, rect: QRect, hit: Hit) -> None:
        mark, metrics = tier_mark(hit.tier), self._bold_metrics
        chip = self._chip(painter, mark) if mark.text else None
        width = 0.0 if chip is None else chip.deviceIndependentSize().width() + S8
        shown = metrics.elidedText(hit.name, _ELIDE, max(rect.width() - int(width), rect.width() // 2))
        painter.setFont(self._bold)
        painter.setPen(self._inks["text"])
        painter.drawText(rect, _LEFT, shown)
        for reason in hit.reasons:
            if reason.place == "name" and reason.size:
                self._mark(painter, rect, metrics, shown, reason.start, reason.start + reason.size)
        x = rect.left() + metrics.horizontalAdvance(shown) + S8
        if chip is not None and x + width <= rect.right() + 2 * S8:
            painter.drawPixmap(QPointF(x, rect.center().y() + 0.5 - CHIP_HEIGHT / 2), chip)

    def _number(self, painter: QPainter, rect: QRect, hit: Hit) -> None:
        if not hit.phones:
            return
        found = [reason for reason in hit.reasons if reason.place == "phone"]
        first = found[0].number if found else 0
        shown = show_phone(hit.phones[first])
        painter.setFont(self._plain)
        painter.setPen(self._inks["body"])
        painter.drawText(rect, _LEFT, shown)
        for reason in found:
            if reason.number == first:
                self._mark(painter, rect, self._plain_metrics, shown, *_grouped(shown, reason))
        if len(hit.phones) > 1:
            place = rect.adjusted(self._plain_metrics.horizontalAdvance(shown) + S8, 0, 0, 0)
            painter.setFont(self._small)
            painter.setPen(self._inks["faint"])
            painter.drawText(place, _LEFT, f"+{len(hit.phones) - 1}")

    def _why(self, painter: QPainter, rect: QRect, hit: Hit) -> None:
        shown = self._small_metrics.elidedText(hit.matched, _ELIDE, rect.width())
        painter.setFont(self._small)
        painter.setPen(self._inks["quiet"])
        painter.drawText(rect, _LEFT, shown)
        for reason in hit.reasons:
            if reason.place == "words":
                start = hit.matched.find(reason.words) + reason.start
                if shown.startswith(hit.matched[: start + reason.size]):
                    self._mark(painter, rect, self._small_metrics, shown, start, start + reason.size)

    def _mark(
        self, painter: QPainter, rect: QRect, metrics: QFontMetrics, text: str, start: int, end: int
    ) -> None:
        """Paint a part of a text again, in colour and underlined."""
        left = rect.left() + metrics.horizontalAdvance(text[:start])
        width = rect.left() + metrics.horizontalAdvance(text[:end]) - left
        painter.setPen(self._inks["accent_text"])
        painter.drawText(QRect(left, rect.top(), width + S4, rect.height()), _LEFT, text[start:end])
        below = rect.center().y() + metrics.ascent() // 2 + 3
        painter.fillRect(left, below, width, 2, self._inks["accent_text"])

    def _chip(self, painter: QPainter, mark: Mark) -> QPixmap:
        """A pill, painted once."""
        ratio = painter.device().devicePixelRatioF()
        made = self._chips.get((mark.text, ratio))
        if made is None:
            made = QPixmap(round(chip_width(mark.text) * ratio), round(CHIP_HEIGHT * ratio))
            made.setDevicePixelRatio(ratio)
            made.fill(Qt.GlobalColor.transparent)
            inner = QPainter(made)
            paint_chip(inner, 0, 0, mark.text, mark.tone)
            inner.end()
            self._chips[mark.text, ratio] = made
        return made


class HitView(QListView):
    """The rows; paints its whole ground, so that nothing below it is painted again while somebody types."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setUniformItemSizes(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.viewport().setAutoFillBackground(False)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def paintEvent(self, event: QPaintEvent) -> None:
        named = theme.tokens()
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), named.colour("raised"))
        painter.end()
        delegate = self.itemDelegate()
        if isinstance(delegate, HitPainter):
            delegate.use(named)
        super().paintEvent(event)


class HitList(QFrame):
    """The frame below the box; never has the focus, so that typing goes on.

    Signals:
        clicked(): a hit was clicked, and is chosen now.
        new_wanted(): the button of a text that nobody fits.
        prefix_chosen(prefix): a prefix was clicked; with its colon.
    """

    clicked = Signal()
    new_wanted = Signal()
    prefix_chosen = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("hits")
        self.model = HitModel(self)
        self.view = HitView(self)
        self.view.setModel(self.model)
        self.view.setItemDelegate(HitPainter(self.model, self.view))
        self.view.clicked.connect(lambda _index: self.clicked.emit())
        self._said = Label("", "quiet")
        self.new_button = KeyButton(_("New customer"), "Ctrl+N", bind=False, on_click=self.new_wanted.emit)
        self.new_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._nobody = holder(hbox((self._said, 1), self.new_button, spacing=S12, margins=(S8, S4, S4, S4)))
        self._row = hbox(spacing=S4)
        kinds = Label(
            _("Any digits of the number, name, pinyin or initials, IMEI, card no., WeChat."), "quiet"
        )
        self._hints = holder(vbox(kinds, self._row, spacing=S8, margins=(S8, S4, S8, S4)))
        vbox((self.view, 1), self._nobody, self._hints, spacing=0, margins=6, on=self)

    def show_hits(self, answer: SearchResult) -> None:
        """Show the hits of an answer, the first one chosen; or that there are none."""
        self._hints.hide()
        self.model.show_hits(answer.hits)
        self.view.setVisible(bool(answer.hits))
        self._nobody.setVisible(not answer.hits)
        self.new_button.setVisible(not answer.is_open)
        if answer.hits:
            self.view.setCurrentIndex(self.model.index(0))
        elif answer.is_open:
            self._said.setText(_("Go on with a word that stands there."))
        else:
            self._said.setText(_("Nobody fits “{text}”.").format(text=answer.query))

    def show_hints(self, prefixes: Sequence[str]) -> None:
        """Show what may be typed, as long as the box is empty."""
        self.model.show_hits(())
        self.view.hide()
        self._nobody.hide()
        clear(self._row)
        self._row.addWidget(Label(_("In notes, tags and own fields:"), "quiet"))
        for each in prefixes[:_OFFERED]:
            self._row.addWidget(self._prefix_button(each))
        self._row.addStretch(1)
        self._hints.show()

    def chosen(self) -> Hit | None:
        """The hit that Enter opens."""
        row = self.view.currentIndex().row()
        return self.model.hits[row] if 0 <= row < len(self.model.hits) else None

    def wanted_height(self) -> int:
        """As many rows as there are, but not more than eight; or what the words need."""
        rows = min(len(self.model.hits), SHOWN_HITS)
        return rows * ROW_HEIGHT + 14 if rows else self.sizeHint().height()

    def move_choice(self, key: int) -> None:
        """Up, down or a page."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: SHOWN_HITS}.get(
            Qt.Key(key), -SHOWN_HITS
        )
        rows = len(self.model.hits)
        if rows:
            row = max(0, min(rows - 1, self.view.currentIndex().row() + step))
            self.view.setCurrentIndex(self.model.index(row))
            self.view.scrollTo(self.view.currentIndex())

    def _prefix_button(self, prefix: str) -> KeyButton:
        run: Callable[[], None] = partial(self.prefix_chosen.emit, f"{prefix}:")
        button = KeyButton(f"{prefix}:", kind="quiet", on_click=run)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return button


def _grouped(shown: str, reason: Reason) -> tuple[int, int]:
    """Where digits of a stored number stand in the number as it is shown in groups."""
    places = [at for at, character in enumerate(shown) if character != " "]
    return places[reason.start], places[reason.start + reason.size - 1] + 1
