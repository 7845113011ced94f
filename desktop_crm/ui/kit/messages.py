"""Words to the person: toasts at the bottom, progress of long tasks, questions. Never steals the focus."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QDialog, QProgressBar, QWidget

from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _
from desktop_crm.ui.kit import theme
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.labels import Elided, Label, key_words
from desktop_crm.ui.kit.layouts import STRETCH, hbox, vbox
from desktop_crm.ui.kit.panels import Panel
from desktop_crm.ui.kit.progress import BY_ESCAPE, Job, Pace
from desktop_crm.ui.kit.theme import S8, S12, S16, S20

if TYPE_CHECKING:
    from desktop_crm.ui.kit.jobs import Jobs

SHOWN_MS, ERROR_SHOWN_MS = 6000, 12000
_WIDEST = 560


@dataclass(frozen=True)
class Action:
    """What a toast offers, e.g. Undo; `key` is only shown, the window listens to it."""

    text: str
    key: str
    run: Callable[[], object]


class Messages(QObject):
    """Toasts and progress over one window, questions before it.

    One toast at a time: a newer one takes the place of an older one, an error stays longer.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._toast: _Toast | None = None
        self._cards: list[_ProgressCard] = []
        self._is_held = False
        self._held: tuple[str, Action | None, str] | None = None  # said last while nobody may read it
        window.installEventFilter(self)

    @property
    def shown(self) -> str:
        """What the toast says at the moment, "" where there is none."""
        return self._toast.words if self._toast is not None else ""

    def listen(self, jobs: Jobs) -> None:
        """Say what goes wrong in `jobs` and show what takes long."""
        jobs.failed.connect(self._failed)
        jobs.took_long.connect(self.show_progress)
        jobs.cancelled.connect(lambda _title: self.say(_("Cancelled; nothing was changed.")))

    def say(self, text: str, action: Action | None = None) -> None:
        """A short sentence at the bottom of the window."""
        self._say(text, action, "plain")

    def error(self, text: str) -> None:
        """Something did not work: what happened, what is safe, what to do."""
        self._say(text, None, "bad")

    def hold(self, held: bool) -> None:
        """Say nothing for a while, as long as nobody may read it; the last word is said when that is over."""
        self._is_held = held
        if held:
            self.hide()
        elif self._held is not None:
            text, action, tone = self._held
            self._held = None
            self._say(text, action, tone)

    def hide(self) -> None:
        """Take the toast away."""
        if self._toast is not None:
            self._toast.hide()
            self._toast.deleteLater()
            self._toast = None

    def confirm(self, title: str, text: str, *, yes: str = "", danger: bool = False) -> bool:
        """Ask; Enter is yes only where nothing is lost by it."""
        return (
            _Question(self._window, title, text, yes or _("Yes"), danger).exec()
            == QDialog.DialogCode.Accepted
        )

    def show_progress(self, job: Job) -> None:
        """A card with the progress of `job` and a way to cancel it, until it ends."""
        card = _ProgressCard(job, self._window)
        self._cards.append(card)
        job.ended.connect(lambda: self._take_card_away(card))
        card.grown.connect(self._place)
        self._place()
        card.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _failed(self, error: CrmError) -> None:
        self.error(str(error))

    def _say(self, text: str, action: Action | None, tone: str) -> None:
        if self._is_held:
            self._held = (text, action, tone)
        else:
            self._show(_Toast(text, action, tone, self._window))

    def _show(self, toast: _Toast) -> None:
        self.hide()
        self._toast = toast
        toast.clicked.connect(self.hide)
        QTimer.singleShot(
            ERROR_SHOWN_MS if toast.is_error else SHOWN_MS, toast, lambda: self._time_is_up(toast)
        )
        self._place()
        toast.show()
        toast.raise_()

    def _time_is_up(self, toast: _Toast) -> None:
        if toast is not self._toast:
            return
        if toast.underMouse():
            QTimer.singleShot(SHOWN_MS, toast, lambda: self._time_is_up(toast))
        else:
            self.hide()

    def _take_card_away(self, card: _ProgressCard) -> None:
        if card in self._cards:
            self._cards.remove(card)
            card.hide()
            card.deleteLater()

    def _place(self) -> None:
        bottom = self._window.height() - S20
        for widget in (self._toast, *self._cards):
            if widget is None:
                continue
            width = min(_WIDEST, self._window.width() - 2 * S20)
            widget.set_widest(width)
            size = widget.sizeHint()
            bottom -= size.height()
            x = (self._window.width() - size.width()) // 2
            widget.setGeometry(x, bottom, size.width(), size.height())
            bottom -= S8


class _Toast(QAbstractButton):
    """A dark strip with a sentence and one thing that can be done about it; a click on it does that or closes it."""

    def __init__(self, text: str, action: Action | None, tone: str, window: QWidget) -> None:
        super().__init__(window)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(text)
        self.words, self.is_error = text, tone == "bad"
        self._words = Label(text, "wrong" if self.is_error else "toast", wrap=True)
        self._row = row = hbox((self._words, 1), spacing=S16, margins=(S16, S12, S16, S12), on=self)
        if action is not None:
            row.addWidget(Label(f"{action.text}  {key_words(action.key)}".strip(), "offer"))
            self.clicked.connect(lambda: action.run())

    def set_widest(self, width: int) -> None:
        """Break lines beyond this width."""
        one_line = self._words.fontMetrics().horizontalAdvance(self._words.text()) + 4
        others = self.sizeHint().width() - self._words.sizeHint().width()
        self._words.setFixedWidth(min(one_line, width - others))
        self._words.setFixedHeight(self._words.heightForWidth(self._words.width()))

    def sizeHint(self) -> QSize:
        return self._row.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        named = theme.tokens()
        painter.setPen(named.colour("bad") if self.is_error else Qt.PenStyle.NoPen)
        painter.setBrush(named.colour("bad_soft" if self.is_error else "toast"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 10, 10)
        painter.end()


class _ProgressCard(Panel):
    """How far a long task is, how fast it goes, and a way to stop it."""

    grown = Signal()
    """It needs more room."""

    def __init__(self, job: Job, window: QWidget) -> None:
        super().__init__(parent=window, spacing=S8)
        self._words = Elided("", "small")
        self._pace_words = Label("", "small", tone="faint")
        self._pace = Pace()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 0)
        cap = "Esc" if job.property(BY_ESCAPE) else ""
        self._stop = KeyButton(_("Cancel"), cap, bind=False, on_click=job.cancel)
        self._stop.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.add(hbox((vbox(Elided(job.title, "strong"), self._words, spacing=2), 1), self._stop))
        self.add(self._bar)
        self.add(self._pace_words)
        self._pace_words.hide()
        self.setFixedWidth(420)
        job.progressed.connect(self._show_progress)

    def set_widest(self, width: int) -> None:
        """Be no wider than this."""
        self.setFixedWidth(min(420, width))

    def _show_progress(self, done: int, total: int, text: str) -> None:
        # QProgressBar counts in 32 bits; a thousandth is fine enough to see.
        self._bar.setRange(0, 1000 if total else 0)
        if total:
            self._bar.setValue(round(1000 * done / total))
        self._words.setText(text)
        pace = self._pace.note(done, total, text)
        self._pace_words.setText(pace)
        if pace and self._pace_words.isHidden():
            self._pace_words.show()
            self.grown.emit()


class _Question(QDialog):
    """One question with two answers."""

    def __init__(self, window: QWidget, title: str, text: str, yes: str, danger: bool) -> None:
        super().__init__(window)
        self.setWindowTitle(title)
        words = Label(text, "quiet", wrap=True)
        words.setMinimumWidth(380)
        agree = KeyButton(
            yes,
            "Ctrl+Return" if danger else "Return",
            kind="danger" if danger else "primary",
            on_click=self.accept,
        )
        refuse = KeyButton(_("Cancel"), "Esc", bind=False, on_click=self.reject)
        vbox(
            Label(title, "title", wrap=True),
            words,
            S8,
            hbox(STRETCH, refuse, agree),
            spacing=S8,
            margins=S20,
            on=self,
        )
        self._first = refuse if danger else agree

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._first.setFocus()


def tell(parent: QWidget | None, title: str, text: str) -> None:
    """Say something before there is a window for a toast, e.g. why a shop cannot be opened."""
    dialog = QDialog(parent)
    dialog.setWindowTitle(title)
    words = Label(text, "quiet", wrap=True, selectable=True)
    words.setMinimumWidth(420)
    understood = KeyButton(_("Understood"), "Return", kind="primary", on_click=dialog.accept)
    head = Label(title, "title", wrap=True)
    vbox(head, words, S8, hbox(STRETCH, understood), spacing=S8, margins=S20, on=dialog)
    dialog.exec()
