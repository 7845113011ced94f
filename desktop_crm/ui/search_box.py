"""The one search box: typing asks, the hits hang below it, Enter opens the first or chosen one; a scan opens its card.

It asks `search.find` by `jobs`; how hits are found and ranked is search.py's business, how they look hit_list.py's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop_crm import search
from desktop_crm.base.i18n import _, ngettext
from desktop_crm.ui.hit_list import HitList
from desktop_crm.ui.kit import theme
from desktop_crm.ui.kit.jobs import Jobs
from desktop_crm.ui.kit.labels import CAP_HEIGHT, cap_width, key_words, paint_cap
from desktop_crm.ui.scanner import Burst

if TYPE_CHECKING:
    from desktop_crm.search import Hit, SearchResult

_CAP = key_words("Ctrl+F")
_ASKED = (Qt.FocusReason.MouseFocusReason, Qt.FocusReason.ShortcutFocusReason, Qt.FocusReason.TabFocusReason)
"""Coming so, a person looks at the box first; otherwise a key is on its way."""

_WIDE = 680
"""The list is at least so wide where the window has the room."""


class SearchBox(QLineEdit):
    """The line at the top of the window.

    Signals:
        customer_chosen(id): Enter or a click on a hit.
        nobody_found(text): Enter on a text that nobody fits, e.g. a scanned number.
        new_wanted(): the person wants a new card with what was typed.
        left(): Esc in the empty box, or a hit was opened: the keys go back to the page.
    """

    customer_chosen = Signal(object)
    nobody_found = Signal(str)
    new_wanted = Signal()
    left = Signal()

    def __init__(self, jobs: Jobs, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("search")
        self.setPlaceholderText(_("Phone digits, name, pinyin, IMEI, or just scan"))
        self.setAccessibleName(_("Search"))
        self._jobs = jobs
        self._answer: SearchResult | None = None
        self._enter_waits = False
        self.burst = Burst()
        self._list = HitList(window)
        self._list.hide()
        self.destroyed.connect(self._list.deleteLater)
        self.textChanged.connect(self._ask)
        self.setTextMargins(0, 0, cap_width(_CAP) + 8, 0)
        self._list.clicked.connect(self._choose)
        self._list.new_wanted.connect(self.new_wanted)
        self._list.prefix_chosen.connect(self.setText)

    def sizeHint(self) -> QSize:
        return QSize(374, 36)

    @property
    def hits(self) -> Sequence[Hit]:
        """The hits that are shown."""
        return self._answer.hits if self._answer is not None else ()

    def is_open(self) -> bool:
        """Whether the list of hits is to be seen."""
        return self._list.isVisible()

    def marked(self) -> int | None:
        """The customer of the hit that Enter would open, while the list is to be seen."""
        hit = self._list.chosen() if self.is_open() else None
        return None if hit is None else hit.customer_id

    def ask_again(self) -> None:
        """Drop what was found and look for the same once more."""
        self._ask(self.text())

    def close_list(self) -> None:
        """Take the list of hits away."""
        self._list.hide()

    def take(self, event: QKeyEvent) -> None:
        """Take a key that was typed elsewhere: it begins a new search."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
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
            if event.text().isprintable() and event.text():
                self.burst.feel(event.text())
            super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        super().inputMethodEvent(event)
        if event.preeditString() and not self.text():
            self._list.hide()  # the input method opens its own list of characters there

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() == Qt.FocusReason.MouseFocusReason and self.text():
            self._show_list()
        elif not self.text() and event.reason() in _ASKED:
            self._jobs.query(search.prefixes, self._show_hints, key="search.prefixes", urgent=True)

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
            return "" if self._answer.is_open else _("nobody found")
        if self._answer.more:
            return _("{count}+ found · Enter opens the first").format(count=len(self._answer.hits))
        return ngettext(
            "1 found · Enter opens", "{count} found · Enter opens the first", len(self._answer.hits)
        ).format(count=len(self._answer.hits))

    def missed(self) -> str:
        """What stands in the box, unless somebody is known to fit it."""
        answer, text = self._answer, self.text().strip()
        return "" if answer is not None and answer.query == text and answer.hits else text

    def _show_hints(self, prefixes: Sequence[str]) -> None:
        if self.hasFocus() and not self.text() and not self.property("composing"):
            self._list.show_hints(prefixes)
            self._raise_list()

    def _ask(self, text: str) -> None:
        self._enter_waits = False
        self.setTextMargins(0, 0, 0 if text else cap_width(_CAP) + 8, 0)
        asked = text.strip()
        if not asked:
            self._jobs.forget("search")
            self._answer = None
            self._list.hide()
            return
        self._jobs.query(lambda shop: search.find(shop, asked), self._show_answer, key="search", urgent=True)

    def _show_answer(self, answer: SearchResult) -> None:
        self._answer = answer
        if answer.query != self.text().strip():
            return
        self._list.show_hits(answer)
        self.update()
        if self._enter_waits:
            self._enter_waits = False
            self._enter()
        elif self.hasFocus():
            self._show_list()

    def _enter(self) -> None:
        """Open the chosen hit; a scanner presses Enter before the answer is here, so it may have to wait."""
        text, code = self.text().strip(), self.burst.code()
        if not text:
            return
        if code:
            self._scan(code)
        elif self._answer is None or self._answer.query != text:
            self._enter_waits = True
        elif not self._answer.hits:
            if not self._answer.is_open:
                self.nobody_found.emit(text)
        else:
            self._choose()

    def _scan(self, code: str) -> None:
        """Ask whose code it is; the rest of the box, if anything stood there, was not scanned."""
        self.setText(code)
        asked = self.text().strip()
        self._jobs.query(
            lambda shop: (search.scanned(shop, asked), search.find(shop, asked)),
            self._scanned,
            key="search",
            urgent=True,
        )

    def _scanned(self, found: tuple[Sequence[int], SearchResult]) -> None:
        """One owner: the card; several: the list of them all."""
        owners, answer = found
        self._answer = answer
        self._list.show_hits(answer)
        self.update()
        alone = owners or [hit.customer_id for hit in answer.hits]
        if len(alone) == 1:
            self._open(alone[0])
        elif answer.hits:
            self._show_list()
        else:
            self.nobody_found.emit(answer.query)

    def _choose(self) -> None:
        hit = self._list.chosen()
        if hit is not None:
            self._open(hit.customer_id)

    def _open(self, customer_id: int) -> None:
        self._list.hide()
        self.selectAll()
        self.customer_chosen.emit(customer_id)
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
            self._raise_list()

    def _raise_list(self) -> None:
        self._place_list()
        self._list.show()
        self._list.raise_()

    def _place_list(self) -> None:
        window = self._list.parentWidget()
        if window is None:
            return
        corner = self.mapTo(window, QPoint(0, self.height() + 4))
        room = window.height() - corner.y() - 12
        wide = min(max(self.width(), _WIDE), window.width() - corner.x() - 12)
        self._list.setGeometry(corner.x(), corner.y(), wide, min(self._list.wanted_height(), room))
