"""The Qt application: fonts, theme, language, one window per shop, a second start raises the first.

Before the first painted window only QtWidgets and the driver are imported; everything else on idle or first use. Where a
password is asked first, the modules of the shop's window are read while it is typed and while its key is derived.
"""

from __future__ import annotations

import hashlib
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout
from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtWidgets import QApplication, QWidget

from desktop_crm import backup, counter, shops
from desktop_crm.base import i18n
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _
from desktop_crm.passwords import KeyFileDamaged, KeyFileMissing, PasswordNeeded
from desktop_crm.settings import IS_DEMO, SHOP_NAME
from desktop_crm.shop import Shop
from desktop_crm.ui.kit import theme
from desktop_crm.ui.kit.crash import CrashHandler
from desktop_crm.ui.kit.messages import tell
from desktop_crm.ui.kit.state import State
from desktop_crm.ui.reading import Reading
from desktop_crm.ui.translation import translate_qt

if TYPE_CHECKING:
    from desktop_crm.ui.main_window import MainWindow
    from desktop_crm.ui.sign_in import SignIn

_LOCK = "shop.lock"
_PATIENCE_MS = 1500
_CLOSING_S = 20
"""A window that no longer answers is given this long to make its last backup."""
_AGAIN_S = 0.05


def run(folder: Path | None) -> int:
    """Show the shop in `folder`, or the welcome for None; answer the exit status when the last window closed."""
    application = make_application(State())
    running = Running(application)
    _leave_when_told(running)
    running.start(folder)
    status = application.exec() if running.is_open else int(running.has_failed)
    running.finish()
    return status


def make_application(state: State) -> QApplication:
    """The application in this machine's theme and the chosen language; fonts before any widget."""
    found = QApplication.instance()
    application = found if isinstance(found, QApplication) else QApplication(sys.argv[:1])
    application.setApplicationName("desktop-crm")
    application.setApplicationDisplayName("Desktop CRM")
    application.setQuitOnLastWindowClosed(True)
    theme.load_fonts()
    theme.dress(application, dark=state.flag("dark"))
    translate_qt(i18n.current_language())
    return application


class Running(QObject):
    """What is open at the moment: one shop's window, the question for its password, or the welcome.

    Signals:
        left(): the last window closed and everything was put away.

    Attributes:
        has_failed: no window could be shown, and none of this shop is open elsewhere.
    """

    left = Signal()

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        self.state = State()
        self.window: MainWindow | None = None
        self.welcome: QWidget | None = None
        self.sign_in: SignIn | None = None
        self.has_failed = False
        self._opening = self._told_to_leave = False
        self._to_say = ""
        self._shop: Shop | None = None
        self._lock: FileLock | None = None
        self._server: QLocalServer | None = None
        self.crashes = CrashHandler(application, self.leave)
        self.crashes.install()

    @property
    def is_open(self) -> bool:
        """Whether there is a window to wait for."""
        return any((self.window, self.welcome, self.sign_in))

    def start(self, folder: Path | None) -> None:
        """Open the shop, or raise the window that has it open already, or show the welcome."""
        if folder is None:
            self.show_welcome()
        else:
            self.open_shop(folder)

    def show_welcome(self, *, from_demo: bool = False) -> None:
        """Ask what to begin with; `from_demo` where somebody has seen the demo."""
        from desktop_crm.ui.welcome import WelcomePage  # only where there is no shop yet

        self.welcome = WelcomePage(self.open_shop, from_demo=from_demo, state=self.state)
        self.welcome.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.welcome.destroyed.connect(self._forget_welcome)
        self.welcome.setWindowTitle(_("Welcome"))
        self.welcome.resize(*_fitting(self._application, 960, 640))
        self.welcome.show()

    def open_shop(
        self,
        folder: Path,
        page: str = "today",
        argument: object = None,
        password: str | None = None,
        code: str | None = None,
    ) -> None:
        """Open the shop in `folder` at a page, asking for a password first where it has some and none is given.

        What stands against it is said, and the welcome shown.
        """
        try:
            lock = _lock(folder)
        except (_OpenElsewhere, Timeout) as error:
            self.has_failed = isinstance(error, Timeout)
            if self.has_failed:
                tell(self.welcome, _("This shop is already open"), _busy_words())
            if self.welcome is not None:
                self.welcome.close()
            return
        self._lock = lock
        if lock is not None:
            self._listen(folder)  # at once: who comes second asks whoever has the lock to come to the front
        try:
            shop = Shop.open(folder, password=password, code=code)
        except PasswordNeeded:
            self._ask_password(folder, page, argument)
        except (KeyFileMissing, KeyFileDamaged) as error:
            self._ask_password(folder, page, argument, trouble=str(error))
        except CrmError as error:
            self._let_go()
            tell(self.welcome, _("The shop cannot be opened"), str(error))
            if self.welcome is None:
                self.show_welcome()
        else:
            self._signed_in(page, argument, shop, code is not None)

    def _is_opened(self, shop: Shop, page: str, argument: object) -> None:
        self._shop = shop
        shops.remember(shop.folder, is_demo=shop.get(IS_DEMO))
        self.state.put(f"name.{shop.folder}", shop.get(SHOP_NAME))
        self._show_window(shop, page, argument)

    def _ask_password(self, folder: Path, page: str, argument: object, *, trouble: str = "") -> None:
        """Ask for a password, or where none can help (`trouble` says why) for the recovery sheet."""
        from desktop_crm.ui.sign_in import SignIn  # most shops open without

        self.sign_in = SignIn(folder, self.state, trouble=trouble)
        self.sign_in.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.sign_in.destroyed.connect(self._forget_sign_in)
        self.sign_in.opened.connect(partial(self._signed_in, page, argument))
        self.sign_in.left.connect(self._leave_sign_in)
        self.sign_in.resize(*_fitting(self._application, 960, 640))
        self.sign_in.show()
        if self.welcome is not None:
            self.welcome.close()
        Reading(self.sign_in)

    def _signed_in(self, page: str, argument: object, shop: Shop, by_code: bool) -> None:
        if by_code:
            page, argument = "settings", "safety.recover"
        self._is_opened(shop, page, argument)
        if by_code and self.window is not None:
            self.window.messages.say(
                _("The recovery sheet has opened the shop. Give yourself a new password now.")
            )

    def _leave_sign_in(self) -> None:
        self._application.setQuitOnLastWindowClosed(False)
        if self.sign_in is not None:
            self.sign_in.close()
        self._let_go()
        self.show_welcome()
        self._application.setQuitOnLastWindowClosed(True)

    def finish(self, then: Callable[[], object] | None = None) -> bool:
        """Back the shop up and put everything away; safe to call twice. `then` runs while nobody else may open it.

        Returns:
            Whether `then` was done; where not, that was said.
        """
        if self._server is not None:
            self._server.close()  # from here on a second start waits for the lock
        if self._shop is not None:
            try:
                backup.make_if_changed(self._shop, "close")
            except CrmError as error:
                tell(None, _("No backup was made"), str(error))
            self._shop.close()
        self._shop = None
        is_done = True
        if then is not None:
            try:
                then()
            except CrmError as error:
                is_done = False
                tell(None, _("The shop is as it was"), str(error))
        self._let_go()
        self.left.emit()
        return is_done

    def _let_go(self) -> None:
        """Leave the folder to whoever wants to open it next."""
        if self._server is not None:
            self._server.close()
            self._server.deleteLater()
        if self._lock is not None:
            self._lock.release()
        self._server = self._lock = None

    def _show_window(self, shop: Shop, page: str, argument: object) -> None:
        from desktop_crm.ui.main_window import MainWindow  # not before a password window

        person = self.state.text(f"person.{shop.keys.shop_id}")
        if person.isdigit() and not shop.keys.is_protected:
            shop = shop.at_counter(int(person))
        self._opening = True
        try:
            self.window = MainWindow(shop, self.state)
            self.window.jobs.crashed.connect(self.crashes.take)
            self.window.shop_wanted = self.switch
            self.window.closed.connect(self._window_closed)
            if counter.guard(shop).starts_locked:
                self.window.lock_screen(by_itself=True)
            self.window.appear()
            # The frame is painted, and one can type, before the modules of the page are read (a third of the start).
            self._application.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
            self.window.go_to(page, argument)
            for before in (self.welcome, self.sign_in):
                if before is not None:
                    before.close()
            if self._to_say:
                self.window.messages.say(self._to_say)
                self._to_say = ""
            QTimer.singleShot(0, self.window, self.window.start_services)
        finally:
            self._opening = False
        if self._told_to_leave:
            self.leave()

    def _window_closed(self) -> None:
        if self.window is not None:
            self.window.deleteLater()
            self.window = None

    def switch(
        self,
        folder: Path | None,
        *,
        page: str = "today",
        argument: object = None,
        between: Callable[[], object] | None = None,
        said: str = "",
    ) -> None:
        """Leave this shop for another one, for the same again, or for the welcome.

        Args:
            page / argument: where the other one opens.
            between: done while this shop is closed and still nobody else's; where it cannot be, that is said.
            said: in the window that opens, once that is done; also when a password is asked first.
        """
        self._application.setQuitOnLastWindowClosed(False)
        from_demo = self._shop is not None and self._shop.get(IS_DEMO)
        self._close_window()
        is_done = self.finish(between)
        self._to_say = said if is_done else ""
        if folder is None:
            self.show_welcome(from_demo=from_demo)
        else:
            self.open_shop(folder, page, argument)
        self._application.setQuitOnLastWindowClosed(True)

    def _forget_welcome(self) -> None:
        self.welcome = None

    def _forget_sign_in(self) -> None:
        self.sign_in = None

    def leave(self) -> None:
        """Close everything in good order, whatever asked for it; a window that is being made is finished first."""
        if self._opening:
            self._told_to_leave = True
            return
        self._close_window()
        for other in (self.welcome, self.sign_in):
            if other is not None:
                other.close()
        self._application.quit()

    def _close_window(self) -> None:
        if self.window is not None:
            self.window.setProperty("stays_in_tray", False)
            self.window.close()

    def _listen(self, folder: Path) -> None:
        """Hear a second start."""
        name = _server_name(folder)
        QLocalServer.removeServer(name)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._raise_window)
        self._server.listen(name)

    def _raise_window(self) -> None:
        socket = self._server.nextPendingConnection() if self._server is not None else None
        if socket is not None:
            socket.disconnected.connect(socket.deleteLater)
            socket.disconnectFromServer()
        window = self.window or self.sign_in
        if window is not None:
            window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
            window.show()
            window.raise_()
            window.activateWindow()


def _leave_when_told(running: Running) -> None:
    """Close in good order when the system shuts down. Python looks at signals only while it runs, hence the timer."""
    signal.signal(signal.SIGTERM, lambda _number, _frame: QTimer.singleShot(0, running, running.leave))
    timer = QTimer(running, interval=1000)
    timer.timeout.connect(lambda: None)
    timer.start()


class _OpenElsewhere(Exception):
    """Another window has the shop open, and has come to the front."""


def _lock(folder: Path) -> FileLock | None:
    """The lock of the shop in `folder`, held while its window is open.

    Returns:
        None where there is no shop or no right to write: opening it says so in a sentence.

    Raises:
        _OpenElsewhere: another window has it. Timeout: something has it that does not answer.
    """
    lock = FileLock(folder / _LOCK)
    if not shops.is_shop(folder):
        return None
    until = time.monotonic() + _CLOSING_S
    while True:
        try:
            lock.acquire(timeout=0)
            return lock
        except Timeout:
            # Who has it may be just starting and not listen yet, or be closing and listen no more: ask again.
            if _raise_other(folder):
                raise _OpenElsewhere from None
            if time.monotonic() >= until:
                raise
            time.sleep(_AGAIN_S)
        except OSError:
            return None


def _busy_words() -> str:
    return _("Another window has this shop open, but it does not answer. Close it, or restart the computer.")


def _raise_other(folder: Path) -> bool:
    """Ask the window that has the shop open to come to the front; False where it does not answer."""
    socket = QLocalSocket()
    socket.connectToServer(_server_name(folder))
    reached = socket.waitForConnected(_PATIENCE_MS)
    socket.disconnectFromServer()
    return reached


def _server_name(folder: Path) -> str:
    return "desktop-crm-" + hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]


def _fitting(application: QApplication, width: int, height: int) -> tuple[int, int]:
    room = application.primaryScreen().availableGeometry()
    return min(width, room.width()), min(height, room.height())
