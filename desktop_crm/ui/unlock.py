"""Asking for what opens a locked shop or backup: who one is and the password, or the code of the recovery sheet.

What is opened and how, the caller says. Deriving the key takes a part of a second and runs on a thread of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QStackedWidget, QWidget

from desktop_crm.base import recovery_code
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _
from desktop_crm.passwords import PasswordWrong, User
from desktop_crm.ui.frame import name_and_role
from desktop_crm.ui.kit.alone import Alone
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.fields import TextField
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.layouts import STRETCH, hbox, scrolling, vbox
from desktop_crm.ui.kit.panels import Banner, Drawing, Panel
from desktop_crm.ui.kit.secrets import SecretField
from desktop_crm.ui.kit.theme import S4, S8, S12, S16, S20

_WIDTH, _LEAST = 440, 60
_ROW, _MOST_ROWS = 34 + S4, 4
_SYMBOLS = recovery_code.GROUPS * recovery_code.GROUP


@dataclass(frozen=True)
class Door:
    """Something that is locked.

    Attributes:
        title: the question above the people.
        users: whose passwords open it; without any only the sheet does.
        by_password / by_code: open it with (staff_id, password) or with a code, on any thread; what they answer is handed on.
        wait_s: seconds until the next try of a person is looked at.
        trouble: why no password can open it, as a sentence, or "".
    """

    title: str
    users: Sequence[User]
    by_password: Callable[[int, str], object]
    by_code: Callable[[str], object]
    wait_s: Callable[[int], int] = lambda _staff_id: 0
    trouble: str = ""


class Unlock(QWidget):
    """Both questions, one at a time.

    Args:
        door: what is to be opened.
        chosen: the staff_id of who is chosen at first; 0 for the first of them.

    Signals:
        opened(result, by_code: bool): it is open; what the door's function answered.
    """

    opened = Signal(object, bool)

    def __init__(self, door: Door, chosen: int = 0) -> None:
        super().__init__()
        self._door = door
        self.working: Alone | None = None
        self.password = PasswordPanel(door, chosen)
        self.code = CodePanel(door.trouble, can_go_back=bool(door.users))
        self._stack = QStackedWidget()
        for panel in (self.password, self.code):
            self._stack.addWidget(scrolling(_middle(panel)))
        vbox((self._stack, 1), spacing=0, on=self)
        self.password.wanted.connect(self._try_password)
        self.password.sheet_wanted.connect(self.use_sheet)
        self.code.wanted.connect(self._try_code)
        self.code.left.connect(self.use_password)
        self._stack.setCurrentIndex(0 if door.users else 1)

    @property
    def asks_code(self) -> bool:
        """Whether the sheet is asked for at the moment."""
        return self._stack.currentIndex() == 1

    def use_sheet(self) -> None:
        """Ask for the code of the recovery sheet instead."""
        self._stack.setCurrentIndex(1)
        self.focus_first()

    def use_password(self) -> bool:
        """Ask for a password again, where anybody has one; False where nobody has or it is asked for already."""
        if not self._door.users or not self.asks_code:
            return False
        self._stack.setCurrentIndex(0)
        self.focus_first()
        return True

    def focus_first(self) -> None:
        """Put the cursor where something is to be typed."""
        (self.code if self.asks_code else self.password).field.setFocus()

    def end(self, close: Callable[[object], object]) -> None:
        """Wait for what is being opened, and have it closed again instead of handed on."""
        if self.working is not None:
            self.working.done.disconnect(self._done)
            self.working.done.connect(close)
            self.working.wait()

    def _try_password(self, staff_id: int, password: str) -> None:
        self._begin(partial(self._door.by_password, staff_id, password), self.password.fail)

    def _try_code(self, code: str) -> None:
        self._begin(partial(self._door.by_code, code), self.code.fail)

    def _begin(self, open_it: Callable[[], object], fail: Callable[[CrmError], None]) -> None:
        if self.working is not None:
            return
        self.working = work = Alone(_("Opening the shop…"), lambda _progress: open_it(), self)
        work.done.connect(self._done)
        work.failed.connect(partial(self._failed, fail))
        work.crashed.connect(self._crashed)
        self.setEnabled(False)
        work.start()

    def _done(self, result: object) -> None:
        self.working = None
        self.opened.emit(result, self.asks_code)

    def _failed(self, fail: Callable[[CrmError], None], error: CrmError) -> None:
        self._free()
        fail(error)

    def _crashed(self, error: BaseException) -> None:
        self._free()
        raise error

    def _free(self) -> None:
        self.working = None
        self.setEnabled(True)
        self.focus_first()


class UnlockDialog(QDialog):
    """Both questions before a window that stays; Esc closes.

    Signals:
        opened(result): it is open; what the door's function answered.
    """

    opened = Signal(object)

    def __init__(self, parent: QWidget, door: Door) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(door.title)
        self.unlock = Unlock(door)
        self.unlock.opened.connect(self._is_open)
        vbox((self.unlock, 1), spacing=0, on=self)
        self.resize(_WIDTH + 2 * S20, min(440, parent.window().height() - 24))

    def _is_open(self, result: object, _by_code: bool) -> None:
        self.accept()
        self.opened.emit(result)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.unlock.focus_first()

    def reject(self) -> None:
        """Back to the password, or close; what is being opened then is not handed on."""
        if not self.unlock.use_password():
            self.unlock.end(lambda _result: None)
            super().reject()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()  # QDialog would press its first button
        else:
            super().keyPressEvent(event)


class PasswordPanel(Panel):
    """The people who have a password, and the field for it; up and down choose who.

    Signals:
        wanted(staff_id: int, password: str): try it.
        sheet_wanted(): the password is forgotten.
    """

    wanted = Signal(int, str)
    sheet_wanted = Signal()

    def __init__(self, door: Door, chosen: int) -> None:
        super().__init__(padding=S20, spacing=S12)
        self.setFixedWidth(_WIDTH)
        self._users, self._wait_s = list(door.users), door.wait_s
        self.rows: dict[int, KeyButton] = {}
        self._wait = QTimer(self, interval=1000)
        self._wait.timeout.connect(self._count_down)
        self._seconds = 0
        self._build(door.title)
        if self._users:
            known = next((user.staff_id for user in self._users if user.staff_id == chosen), None)
            self._choose(self._users[0].staff_id if known is None else known)

    def _build(self, title: str) -> None:
        self.add(hbox(Drawing("lock"), vbox(Label(title, "title", wrap=True), spacing=S4), spacing=S12))
        people = QWidget()
        column = vbox(spacing=S4, on=people)
        for user in self._users:
            words = name_and_role(user.name, user.role)
            row = KeyButton(words, wide=True, on_click=partial(self._choose, user.staff_id))
            row.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            row.setMinimumWidth(_LEAST)  # a long name is cut, not scrolled to
            self.rows[user.staff_id] = row
            column.addWidget(row)
        area = scrolling(people)
        area.setFixedHeight(min(len(self._users), _MOST_ROWS) * _ROW)
        self._area = area
        self.add(area)
        self.field = SecretField(_("Password"), required=True)
        self.field.line.installEventFilter(self)
        self.field.entered.connect(self.open_shop)
        self.add(self.field)
        self.open_button = KeyButton(
            _("Open the shop"), "Return", kind="primary", bind=False, on_click=self.open_shop
        )
        forgotten = KeyButton(
            _("Use the recovery sheet"), "Alt+R", kind="quiet", on_click=self.sheet_wanted.emit
        )
        self.add(hbox(forgotten, STRETCH, self.open_button))

    def open_shop(self) -> None:
        """Try what was typed."""
        problem = self.field.problem()
        self.field.fail(problem)
        if not problem and not self._seconds:
            self.wanted.emit(self.chosen, self.field.value())

    def fail(self, error: CrmError) -> None:
        """Say why it did not open; what was typed is selected, to be typed over."""
        self.field.fail(str(error))
        self.field.line.selectAll()
        if isinstance(error, PasswordWrong):
            self._hold(error.wait_s)

    def _choose(self, staff_id: int) -> None:
        self.chosen = staff_id
        for name, row in self.rows.items():
            row.set_kind("chosen" if name == staff_id else "plain")
        self._area.ensureWidgetVisible(self.rows[staff_id])
        self.field.fail("")
        self.field.setFocus()
        self._hold(self._wait_s(staff_id))

    def _hold(self, seconds: int) -> None:
        self._seconds = seconds
        self._wait.start() if seconds else self._wait.stop()
        self._show_wait()

    def _count_down(self) -> None:
        self._hold(max(0, self._seconds - 1))

    def _show_wait(self) -> None:
        text = _("Open in {count} s").format(count=self._seconds) if self._seconds else _("Open the shop")
        self.open_button.setText(text)
        self.open_button.setEnabled(not self._seconds)
        self.open_button.updateGeometry()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self._users:
            step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
            if step is not None:
                ids = [user.staff_id for user in self._users]
                self._choose(ids[(ids.index(self.chosen) + step) % len(ids)])
                return True
        return super().eventFilter(watched, event)


class CodePanel(Panel):
    """The field for the code of the recovery sheet; how much of it is there stands below.

    Signals:
        wanted(code: str): try it.
        left(): the password after all.
    """

    wanted = Signal(str)
    left = Signal()

    def __init__(self, trouble: str, *, can_go_back: bool) -> None:
        super().__init__(padding=S20, spacing=S12)
        self.setFixedWidth(_WIDTH)
        if trouble:
            self.add(Banner(trouble, "bad"))
        words = _(
            "Type the code that is printed on it: six groups of five. Small letters, spaces and hyphens make no "
            "difference, nor does O for 0. Then give yourself a new password."
        )
        head = vbox(Label(_("The recovery sheet"), "title"), Label(words, "quiet", wrap=True), spacing=S4)
        self.add(hbox(Drawing("key-round"), (head, 1), spacing=S12))
        self.field = TextField(_("Code"), placeholder="XXXXX-XXXXX-XXXXX-XXXXX-XXXXX-XXXXX", required=True)
        self.field.line.setInputMethodHints(Qt.InputMethodHint.ImhUppercaseOnly)
        self.field.changed.connect(self._count)
        self.field.entered.connect(self.open_shop)
        self.add(self.field)
        self.open_button = KeyButton(
            _("Open the shop"), "Return", kind="primary", bind=False, on_click=self.open_shop
        )
        back = KeyButton(_("Back"), "Esc", bind=False, on_click=self.left.emit)
        self.add(hbox(STRETCH, back, self.open_button, margins=(0, S8, 0, 0)))
        if not can_go_back:
            back.hide()

    def open_shop(self) -> None:
        """Try what was typed."""
        problem = self.field.problem()
        self.field.fail(problem)
        if not problem:
            self.wanted.emit(self.field.text())

    def fail(self, error: CrmError) -> None:
        """Say what is wrong with it; it stays, to be mended."""
        self.field.fail(str(error))

    def _count(self) -> None:
        typed = len(recovery_code.plain(self.field.text()))
        self.field.set_hint(_("{count} of {total}").format(count=typed, total=_SYMBOLS) if typed else "")


def _middle(widget: QWidget) -> QWidget:
    held = QWidget()
    vbox(STRETCH, hbox(STRETCH, widget, STRETCH), STRETCH, margins=S16, on=held)
    return held
