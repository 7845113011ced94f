"""The window before a shop with passwords: who one is, the password, or the code of the recovery sheet.

It only gets the shop opened; its window is the application's business. Deriving the key takes a part of a second and
runs on a thread of its own, while the window's thread goes on reading the modules of the shop's window.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop_crm import passwords
from desktop_crm.base import recovery_code
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _
from desktop_crm.passwords import PasswordWrong, User
from desktop_crm.shop import Shop
from desktop_crm.ui.appearance import Appearance
from desktop_crm.ui.frame import name_and_role
from desktop_crm.ui.kit.alone import Alone
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.fields import TextField
from desktop_crm.ui.kit.labels import Elided, Label
from desktop_crm.ui.kit.layouts import STRETCH, hbox, scrolling, vbox
from desktop_crm.ui.kit.panels import Banner, Drawing, Panel
from desktop_crm.ui.kit.secrets import SecretField
from desktop_crm.ui.kit.state import State
from desktop_crm.ui.kit.theme import S4, S8, S12, S16, S20

_WIDTH = 440
_SYMBOLS = recovery_code.GROUPS * recovery_code.GROUP


class SignIn(QWidget):
    """Opens the shop in a folder for somebody who knows a password, or has the recovery sheet.

    Args:
        folder: where the shop lies.
        state: this machine's memory; it knows who opened the shop last.
        trouble: why no password can open it, as a sentence; then only the sheet is asked for.

    Signals:
        opened(shop: Shop, by_code: bool): the shop is open.
        left(): the person wants another shop.
    """

    opened = Signal(object, bool)
    left = Signal()

    def __init__(self, folder: Path, state: State, *, trouble: str = "") -> None:
        super().__init__()
        self.setObjectName("content")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._folder, self._state, self._trouble = folder, state, trouble
        self._users: Sequence[User] = [] if trouble else passwords.users(folder)
        self._working: Alone | None = None
        self._column = vbox(spacing=0, on=self)
        self._build()

    # ---------------------------------------------------------------- building

    def _build(self) -> None:
        """Everything that wears words; built anew in another language."""
        self.setWindowTitle(_("Open the shop"))
        self.password = PasswordPanel(self._users, self._folder, self._remembered())
        self.code = CodePanel(self._trouble, can_go_back=bool(self._users))
        self._stack = QStackedWidget()
        for panel in (self.password, self.code):
            self._stack.addWidget(scrolling(_middle(panel)))
        self.password.wanted.connect(self._try_password)
        self.password.sheet_wanted.connect(self.use_sheet)
        self.code.wanted.connect(self._try_code)
        self.code.left.connect(self.use_password)
        appearance = Appearance(self._state)
        appearance.language_changed.connect(self._build_anew)
        other = KeyButton(_("Another shop…"), "Ctrl+O", kind="quiet", on_click=self.left.emit)
        self._held = QWidget()
        bar = hbox(self._shop_name(), STRETCH, other, appearance, spacing=S12, margins=(S20, S12, S20, 0))
        vbox(bar, (self._stack, 1), spacing=0, on=self._held)
        self._column.addWidget(self._held)
        self._stack.setCurrentIndex(0 if self._users else 1)

    def _shop_name(self) -> QWidget:
        name = self._state.text(f"name.{self._folder}")
        words = Elided(name or self._folder.name, "section")
        words.setToolTip(str(self._folder))
        return words

    def _build_anew(self) -> None:
        page, old = self._stack.currentIndex(), self._held
        self._column.removeWidget(old)
        old.hide()
        old.deleteLater()
        self._build()
        self._stack.setCurrentIndex(page)
        self._focus_first()

    # ---------------------------------------------------------------- what one can do

    def use_sheet(self) -> None:
        """Ask for the code of the recovery sheet instead."""
        self._stack.setCurrentIndex(1)
        self._focus_first()

    def use_password(self) -> None:
        """Ask for a password again, where anybody has one."""
        if self._users:
            self._stack.setCurrentIndex(0)
            self._focus_first()

    def _try_password(self, staff_id: int, password: str) -> None:
        folder = self._folder
        self._begin(lambda: Shop.open(folder, password=password, user=staff_id), self.password.fail)

    def _try_code(self, code: str) -> None:
        folder = self._folder
        self._begin(lambda: Shop.open(folder, code=code), self.code.fail)

    def _begin(self, open_shop: Callable[[], Shop], fail: Callable[[CrmError], None]) -> None:
        if self._working is not None:
            return
        self._working = work = Alone(_("Opening the shop…"), lambda _progress: open_shop(), self)
        work.done.connect(self._done)
        work.failed.connect(partial(self._failed, fail))
        work.crashed.connect(self._crashed)
        self._held.setEnabled(False)
        work.start()

    def _done(self, shop: Shop) -> None:
        self._working = None
        by_code = self._stack.currentIndex() == 1
        if not by_code:
            self._state.put(f"signed_in.{self._folder}", str(self.password.chosen))
        self.opened.emit(shop, by_code)

    def _failed(self, fail: Callable[[CrmError], None], error: CrmError) -> None:
        self._free()
        fail(error)

    def _crashed(self, error: BaseException) -> None:
        self._free()
        raise error

    def _free(self) -> None:
        self._working = None
        self._held.setEnabled(True)
        self._focus_first()

    def _remembered(self) -> int:
        """Who opened this shop last on this machine; 0 for nobody."""
        found = self._state.text(f"signed_in.{self._folder}")
        return int(found) if found.isdigit() else 0

    def _focus_first(self) -> None:
        (self.password.field if self._stack.currentIndex() == 0 else self.code.field).setFocus()

    # ---------------------------------------------------------------- the window

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._focus_first()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Whatever is being opened is closed again."""
        if self._working is not None:
            self._working.done.disconnect(self._done)
            self._working.done.connect(Shop.close)
            self._working.wait()
        self._state.save()
        super().closeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._stack.currentIndex() == 1:
            self.use_password()
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

    def __init__(self, users: Sequence[User], folder: Path, chosen: int) -> None:
        super().__init__(padding=S20, spacing=S12)
        self.setFixedWidth(_WIDTH)
        self._users, self._folder = list(users), folder
        self.rows: dict[int, KeyButton] = {}
        self._wait = QTimer(self, interval=1000)
        self._wait.timeout.connect(self._count_down)
        self._seconds = 0
        self._build()
        if self._users:
            known = next((user.staff_id for user in self._users if user.staff_id == chosen), None)
            self._choose(self._users[0].staff_id if known is None else known)

    def _build(self) -> None:
        self.add(
            hbox(Drawing("lock"), vbox(Label(_("Who opens the shop?"), "title"), spacing=S4), spacing=S12)
        )
        people = QWidget()
        column = vbox(spacing=S4, on=people)
        for user in self._users:
            words = name_and_role(user.name, user.role)
            row = KeyButton(words, wide=True, on_click=partial(self._choose, user.staff_id))
            row.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self.rows[user.staff_id] = row
            column.addWidget(row)
        area = scrolling(people)
        area.setFixedHeight(min(len(self._users), 6) * (34 + S4))
        self._area = area
        self.add(area)
        self.field = SecretField(_("Password"), required=True)
        self.field.line.installEventFilter(self)
        self.field.entered.connect(self.open_shop)
        self.add(self.field)
        self.open_button = KeyButton(_("Open"), "Return", kind="primary", bind=False, on_click=self.open_shop)
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
        self._hold(passwords.wait_s(self._folder, staff_id))

    def _hold(self, seconds: int) -> None:
        self._seconds = seconds
        self._wait.start() if seconds else self._wait.stop()
        self._show_wait()

    def _count_down(self) -> None:
        self._hold(max(0, self._seconds - 1))

    def _show_wait(self) -> None:
        text = _("Open in {count} s").format(count=self._seconds) if self._seconds else _("Open")
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
        self.open_button = KeyButton(_("Open"), "Return", kind="primary", bind=False, on_click=self.open_shop)
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
