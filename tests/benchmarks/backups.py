"""The window while a backup of a large shop is made: how long its loop stands still, against the same window at rest.

What is compared is the 99th part of a hundred of the gaps between two turns of the loop, because the longest one is the
machine's business; the longest one and how long a search takes meanwhile are reported.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.runner import Case, Measured, Shops, Side

if TYPE_CHECKING:
    from desktop_crm.shop import Shop
    from desktop_crm.ui.main_window import MainWindow

_REST_S = 8.0
_TICK_MS = 5
_SEARCH_MS = 170


def cases(shops: Shops, customers: int) -> list[Case]:
    """The gaps during a backup against those at rest."""
    folder = str(shops.large(customers))
    return [
        Case(
            f"backup of {customers:,}: the window goes on",
            Side("gaps during the backup", ("backups.during", folder)),
            Side("gaps at rest", ("backups.at_rest", folder)),
            4.0,
            repeats=2,
        )
    ]


def at_rest(folder: str) -> Measured:
    """The window with nothing going on but a search now and then."""
    return _watched(folder, with_backup=False)


def during(folder: str) -> Measured:
    """The same while a backup is made."""
    return _watched(folder, with_backup=True)


def _watched(folder: str, *, with_backup: bool) -> Measured:
    from PySide6.QtTest import QTest

    from desktop_crm import backup
    from desktop_crm.shop import Shop

    with tempfile.TemporaryDirectory() as scratch:
        shop = Shop.open(Path(folder))
        window = _window(shop, Path(scratch))
        turns, found = _watch(window)
        done: list[Path] = []
        begun = time.perf_counter()
        if with_backup:
            out = Path(scratch) / "copy.crmbackup"
            window.jobs.query(lambda shop: backup.make(shop, "manual", out), done.append)
        while not done if with_backup else time.perf_counter() < begun + _REST_S:
            QTest.qWait(50)
        took = time.perf_counter() - begun
        gaps = sorted(after - before for before, after in pairwise(turns))
        window.close()
        shop.close()
    return Measured(
        gaps[int(len(gaps) * 0.99)],
        {"the longest": gaps[-1], "a search": statistics.median(found), "in all": took},
    )


def _window(shop: Shop, scratch: Path) -> MainWindow:
    """The window of the shop, at its list of customers, with everything read."""
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from desktop_crm.ui.kit import theme
    from desktop_crm.ui.kit.state import State
    from desktop_crm.ui.main_window import MainWindow

    application = QApplication.instance() or QApplication([])
    theme.load_fonts()
    theme.dress(application, dark=False)  # type: ignore[arg-type]  # the one made here
    window = MainWindow(shop, State(scratch))
    window.resize(1366, 768)
    window.show()
    window.go_to("customers")
    QTest.qWait(2000)
    return window


def _watch(window: MainWindow) -> tuple[list[float], list[float]]:
    """The moments at which its loop came round, and how long each search took; both grow from now on."""
    from PySide6.QtCore import QTimer

    from desktop_crm import search

    turns: list[float] = []
    found: list[float] = []

    def find() -> None:
        begun = time.perf_counter()
        window.jobs.query(
            lambda shop: search.find(shop, "zhang"),
            lambda _hits: found.append(time.perf_counter() - begun),
            urgent=True,
        )

    for every, run in ((_TICK_MS, lambda: turns.append(time.perf_counter())), (_SEARCH_MS, find)):
        timer = QTimer(window, interval=every)
        timer.timeout.connect(run)
        timer.start()
    return turns, found


SIDES = {"at_rest": at_rest, "during": during}
