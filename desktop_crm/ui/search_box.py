"""The one search box: typing asks, the hits hang below it, Enter opens the first or chosen one.

It asks `search.find` by `jobs`; how hits are found and ranked is search.py's business.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QWidget

from desktop_crm import search
from desktop_crm.base.i18n import _, ngettext
from desktop_crm.base.values import show_phone
from desktop_crm.ui.kit import theme
from desktop_crm.ui.kit.cells import Column
from desktop_crm.ui.kit.jobs import Jobs
from desktop_crm.ui.kit.labels import CAP_HEIGHT, Label, cap_width, key_words, paint_cap
from desktop_crm.ui.kit.layouts import vbox
from desktop_crm.ui.kit.table import RecordTable
from desktop_crm.ui.marks import tier_mark

if TYPE_CHECKING:
    from desktop_crm.search import Hit, SearchResult

_CAP = key_words("Ctrl+F")
SHOWN_HITS = 8
"""Rows of the list before it scrolls."""


class SearchBox(QLineEdit):
    """The line at the top of the window.

    Signals:
        customer_chosen(id): Enter or a click on a hit.
        nobody_found(text): Enter on a text that nobody fits, e.g. a scanned number.
        left(): Esc in the empty box, or a hit was opened: the keys go back to the page.
    """

    customer_chosen = Signal(object)
    nobody_found = Signal(str)
    left = Signal()

    def __init__(self, jobs: Jobs, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("search")
        self.setPlaceholderText(_("Phone digits, name, pinyin, IMEI, or just scan"))
        self.setAccessibleName(_("Search"))
        self._jobs = jobs
        self._answer: SearchResult | None = None
        self._enter_waits = False
        self._list = HitList(window)
        self._list.hide()
        self.destroyed.connect(self._list.deleteLater)
        self.textChanged.connect(self._ask)
        self.setTextMargins(0, 0, cap_width(_CAP) + 8, 0)
        self._list.table.clicked.connect(lambda _index: self._choose())

    def sizeHint(self) -> QSize:
        return QSize(374, 36)

    @property
    def hits(self) -> Sequence[Hit]:
        """The hits that are shown."""
        return self._answer.hits if self._answer is not None else ()

    def is_open(self) -> bool:
        """Whether the list of hits is to be seen."""
        return self._list.isVisible()

    def close_list(self) -> None:
        """Take the list of hits away."""
        self._list.hide()

    def take(self, event: QKeyEvent) -> None:
        """Take a key that was typed elsewhere: it begins a new search."""
        self.setFocus()
        self.selectAll()
        self.keyPressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter()
        elif key == Qt.Key.Key_Escape:
            self._escape()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            if self.text() and not self.is_open():
                self._show_list()
            self._list.move_choice(key)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() == Qt.FocusReason.MouseFocusReason and self.text():
            self._show_list()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._list.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_list()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        if not self.text():
            place = self.width() - cap_width(_CAP) - 12
            paint_cap(painter, place, (self.height() - CAP_HEIGHT) / 2, _CAP)
        else:
            painter.setFont(theme.font(14))
            painter.setPen(theme.tokens().colour("faint"))
            words = self._summary()
            free = self.width() - self.fontMetrics().horizontalAdvance(self.text()) - 44
            shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, max(0, free))
            right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(QRectF(0, 0, self.width() - 12, self.height()), right, shown)
        painter.end()

    def _summary(self) -> str:
        """Grey words at the end of the box: how many there are and what Enter does."""
        if self._answer is None or self._answer.query != self.text().strip():
            return ""
        if not self._answer.hits:
            return _("nobody found")
        if self._answer.more:
            return _("{count}+ found · Enter opens the first").format(count=len(self._answer.hits))
        return ngettext(
            "1 found · Enter opens", "{count} found · Enter opens the first", len(self._answer.hits)
        ).format(count=len(self._answer.hits))

    def _ask(self, text: str) -> None:
        self._enter_waits = False
        self.setTextMargins(0, 0, 0 if text else cap_width(_CAP) + 8, 0)
        asked = text.strip()
        if not asked:
            self._jobs.forget("search")
            self._answer = None
            self._list.hide()
            return
        self._jobs.query(lambda shop: search.find(shop, asked), self._show_answer, key="search")

    def _show_answer(self, answer: SearchResult) -> None:
        self._answer = answer
        self._list.show_hits(answer)
        self.update()
        if self._enter_waits:
            self._enter_waits = False
            self._enter()
        elif self.hasFocus():
            self._show_list()

    def _enter(self) -> None:
        """Open the chosen hit; a scanner presses Enter before the answer is here, so it may have to wait."""
        text = self.text().strip()
        if not text:
            return
        if self._answer is None or self._answer.query != text:
            self._enter_waits = True
        elif not self._answer.hits:
            self.nobody_found.emit(text)
        else:
            self._choose()

    def _choose(self) -> None:
        hit = self._list.chosen()
        if hit is None:
            return
        self._list.hide()
        self.selectAll()
        self.customer_chosen.emit(hit.customer_id)
        self.left.emit()

    def _escape(self) -> None:
        if self.is_open():
            self._list.hide()
        elif self.text():
            self.clear()
        else:
            self.left.emit()

    def _show_list(self) -> None:
        if self._answer is not None:
            self._place_list()
            self._list.show()
            self._list.raise_()

    def _place_list(self) -> None:
        window = self._list.parentWidget()
        if window is None:
            return
        corner = self.mapTo(window, QPoint(0, self.height() + 4))
        room = window.height() - corner.y() - 12
        wide = min(max(self.width(), 560), window.width() - corner.x() - 12)
        self._list.setGeometry(corner.x(), corner.y(), wide, min(self._list.wanted_height(), room))


class HitList(QFrame):
    """The hits, hanging below the box; never has the focus, so that typing goes on."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("hits")
        self.table: RecordTable[Hit] = RecordTable(
            [
                Column(
                    "name",
                    _("Customer"),
                    lambda hit: hit.name,
                    bold=True,
                    marks=lambda hit: [tier_mark(hit.tier)],
                    stretch=3,
                ),
                Column("phones", _("Phone"), lambda hit: "  ".join(map(show_phone, hit.phones)), stretch=3),
                Column("why", _("Found by"), lambda hit: hit.matched, tone="quiet", stretch=2),
                Column(
                    "visit", _("Last visit"), lambda hit: hit.last_visit_day or "", tone="faint", width=96
                ),
            ],
            dense=True,
            identity=lambda hit: hit.customer_id,
        )
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.table.horizontalHeader().hide()
        self._nobody = Label("", "quiet")
        self._nobody.setContentsMargins(8, 6, 8, 6)
        vbox((self.table, 1), self._nobody, spacing=0, margins=6, on=self)

    def show_hits(self, answer: SearchResult) -> None:
        """Show the hits of an answer, the first one chosen."""
        self.table.setCurrentIndex(self.table.rows.index(-1, -1))
        self.table.set_records(answer.hits)
        self.table.horizontalHeader().hide()
        self.table.select_first()
        self.table.setVisible(bool(answer.hits))
        self._nobody.setVisible(not answer.hits)
        self._nobody.setText(_("Nobody fits “{text}”. Ctrl N adds a new customer.").format(text=answer.query))

    def chosen(self) -> Hit | None:
        """The hit that Enter opens."""
        return self.table.selected()

    def wanted_height(self) -> int:
        """As many rows as there are, but not more than eight."""
        rows = min(self.table.rows.rowCount(), SHOWN_HITS)
        return rows * self.table.row_height + 14 if rows else self._nobody.sizeHint().height() + 14

    def move_choice(self, key: int) -> None:
        """Up, down or a page."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: SHOWN_HITS}.get(
            Qt.Key(key), -SHOWN_HITS
        )
        rows = self.table.rows.rowCount()
        if rows:
            row = max(0, min(rows - 1, self.table.currentIndex().row() + step))
            self.table.selectRow(row)
            self.table.scrollTo(self.table.currentIndex())
