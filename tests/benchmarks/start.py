"""Starting: from the start of the process to the first painted, usable window, against a bare QMainWindow."""

from __future__ import annotations

import os
import time
from pathlib import Path

from desktop_crm import demo
from tests.benchmarks.runner import Case, Measured, Shops, Side


def cases(shops: Shops, _customers: int) -> list[Case]:
    """The window of a shop of usual size."""
    folder = shops.folder / "demo"
    if not folder.exists():
        demo.make(folder)
    return [
        Case(
            "start to the first window",
            Side("window of a shop", ("start.window", str(folder))),
            Side("bare QMainWindow", ("start.bare",)),
            3.5,
            3.0,
            repeats=7,
        )
    ]


def window(folder: str) -> Measured:
    """The window of a shop."""
    from PySide6.QtCore import QEvent, QObject, QTimer

    from desktop_crm.ui import application
    from desktop_crm.ui.kit.state import State

    seconds = 0.0
    app = application.make_application(State(Path(folder)))
    running = application.Running(app)

    class FirstPaint(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
            nonlocal seconds
            if event.type() == QEvent.Type.Paint and watched is running.window and not seconds:
                seconds = since_start()
                QTimer.singleShot(0, app.quit)
            return super().eventFilter(watched, event)

    watcher = FirstPaint()
    app.installEventFilter(watcher)
    running.start(Path(folder))
    app.exec()
    return Measured(seconds)


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


SIDES = {"window": window, "bare": bare}
