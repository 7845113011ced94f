"""Starting: from the start of the process to the first painted, usable window, against a bare QMainWindow.

After a password only deriving its key is waited for: the modules of the window are read while somebody types.
"""

from __future__ import annotations

import os
import shutil
import time
from contextlib import closing
from pathlib import Path

from desktop_crm import demo, passwords, staff
from desktop_crm.shop import Shop
from tests.benchmarks.runner import Case, Measured, Shops, Side


def cases(shops: Shops, _customers: int) -> list[Case]:
    """The window of a shop of usual size."""
    folder, locked_folder = shops.folder / "demo", shops.folder / "demo-locked"
    if not folder.exists():
        demo.make(folder)
    if not locked_folder.exists():
        shutil.copytree(folder, locked_folder)
        with closing(Shop.open(locked_folder)) as shop:
            owner = next(member.id for member in staff.listing(shop) if member.role == "owner")
            passwords.set_first(shop, owner, PASSWORD)
    return [
        Case(
            "start to the first window",
            Side("window of a shop", ("start.window", str(folder))),
            Side("bare QMainWindow", ("start.bare",)),
            3.5,
            3.0,
            repeats=7,
        ),
        Case(
            "from the password to the window",
            Side("modules read while it is typed", ("start.locked", str(locked_folder))),
            Side("modules read afterwards", ("start.locked", str(locked_folder), "alone")),
            0.9,
            repeats=7,
        ),
    ]


PASSWORD = "春风又绿 1995"
TYPING_MS = 1500


def window(folder: str) -> Measured:
    """The window of a shop."""
    seconds, _entered = _start(folder)
    return Measured(seconds)


def locked(folder: str, alone: str = "") -> Measured:
    """From Enter in the password window to the shop's window; `alone` reads no module beforehand."""
    from desktop_crm.ui import reading

    if alone:
        reading.MODULES = ()  # type: ignore[misc]
    seconds, entered = _start(folder)
    return Measured(seconds - entered)


def _start(folder: str) -> tuple[float, float]:
    """Seconds until the shop's window is painted, and until Enter in the password window, 0 where there is none."""
    from PySide6.QtCore import QEvent, QObject, QTimer

    from desktop_crm.ui import application
    from desktop_crm.ui.kit.state import State

    seconds = entered = 0.0
    app = application.make_application(State(Path(folder)))
    running = application.Running(app)

    class FirstPaint(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
            nonlocal seconds
            if event.type() == QEvent.Type.Paint and watched is running.window and not seconds:
                seconds = since_start()
                QTimer.singleShot(0, app.quit)
            if event.type() == QEvent.Type.Show and watched is running.sign_in:
                QTimer.singleShot(TYPING_MS, enter)
            return super().eventFilter(watched, event)

    def enter() -> None:
        nonlocal entered
        entered = since_start()
        assert running.sign_in is not None
        running.sign_in.password.field.set_value(PASSWORD)
        running.sign_in.password.open_shop()

    watcher = FirstPaint()
    app.installEventFilter(watcher)
    running.start(Path(folder))
    app.exec()
    return seconds, entered


def bare() -> Measured:
    """An empty window."""
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QApplication, QMainWindow

    seconds = 0.0
    app = QApplication([])

    class Bare(QMainWindow):
        def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
            nonlocal seconds
            super().paintEvent(event)
            seconds = seconds or since_start()
            app.quit()

    shown = Bare()
    shown.resize(1366, 768)
    shown.show()
    app.exec()
    return Measured(seconds)


def since_start() -> float:
    """Seconds since this process began (Linux: field 22 of /proc/self/stat, see proc(5))."""
    ticks = int(Path("/proc/self/stat").read_text().rsplit(")", 1)[1].split()[19])
    return time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")


SIDES = {"window": window, "bare": bare, "locked": locked}
