"""A process that starts the program again and again when it is told to: `python -m tests.starts.starter SHOP`.

Reads words from standard input, answers one line each:
    start   start the program for the shop at once: "window" where it has one now, "none" where another has
    raised  how often its window was asked to come to the front since it started
    close   close the window and put everything away: "closed"
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QSocketNotifier

from desktop_crm.shop import Shop
from desktop_crm.ui import application, main_window
from desktop_crm.ui.application import Running
from desktop_crm.ui.kit.state import State
from tests.ui import pages

raised: list[int] = []


class Small(main_window.MainWindow):
    """The window with made-up pages, which counts how often it is raised."""

    def __init__(self, shop: Shop, state: State) -> None:
        super().__init__(shop, state, pages=pages.PAGES, actions=pages.ACTIONS)
        raised.clear()

    def start_services(self, places: object = ()) -> None:
        """None in these tests."""

    def raise_(self) -> None:
        """Come to the front."""
        raised.append(1)
        super().raise_()


def say(words: str) -> None:
    """One line to whoever started this."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def main(folder: Path) -> int:
    """Do what is said until nothing more is."""
    main_window.MainWindow = Small  # type: ignore[assignment, misc]
    app = application.make_application(State())
    app.setQuitOnLastWindowClosed(False)
    running: list[Running] = []

    def obey(word: str) -> str:
        if word == "start":
            running[:] = [Running(app)]
            running[0].start(folder)
            return "window" if running[0].window is not None else "none"
        if word == "raised":
            return str(len(raised))
        if running[0].window is not None:
            running[0].window.close()
        running[0].finish()
        return "closed"

    def read() -> None:
        line = sys.stdin.readline()
        if line:
            say(obey(line.strip()))
        else:
            app.quit()

    notifier = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(read)
    say("ready")
    return app.exec()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
