"""From a key press in the search box of the whole window to the painted list, against a step of Qt's own table.

The step is one row further in a QTableView over a QSqlTableModel with the same customers, copied into a plain SQLite
file: as large as the window, five columns. Both are offscreen, so that nothing waits for a screen.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import sqlcipher3.dbapi2 as driver
from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer
from PySide6.QtSql import QSqlDatabase, QSqlTableModel
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTableView, QWidget

from desktop_crm.shop import Shop
from desktop_crm.ui import application
from desktop_crm.ui.kit.state import State
from desktop_crm.ui.main_window import MainWindow
from tests.benchmarks.runner import Case, Measured, Shops, Side, percentile, timed

MOST = 1.5
TEXTS = ("8866", "13805718", "wang", "zhangwei", "王", "wj", "138", "li 8866", "7518", "zhang 138")
_COPY = """
SELECT c.id, c.name, coalesce((SELECT number FROM phones p WHERE p.customer_id = c.id ORDER BY position LIMIT 1), ''),
  c.wechat, c.card_no, coalesce(c.since_day, '') FROM customers c
"""


def cases(shops: Shops, customers: int) -> list[Case]:
    """The box over a shop of the asked size."""
    large = str(shops.large(customers))
    return [
        Case(
            "key press to painted list",
            Side("search box", ("paint.box", large)),
            Side("paint step of QSqlTableModel", ("paint.table", large)),
            MOST,
            repeats=3,
        )
    ]


class _Painted(QObject):
    """Counts how often something in a widget was painted."""

    def __init__(self, whole: QWidget) -> None:
        super().__init__()
        self.whole = whole
        self.count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.Paint and isinstance(watched, QWidget):
            self.count += watched is self.whole or self.whole.isAncestorOf(watched)
        return False


def box(folder: str) -> Measured:
    """Median over key presses that change the text: until the answer to it is painted."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    state = State(Path(tempfile.mkdtemp()))
    app = application.make_application(state)
    shop = Shop.open(Path(folder))
    window = MainWindow(shop, state)
    window.resize(1366, 768)
    window.go_to("customers")
    window.show()
    window.activateWindow()
    _until(app, lambda: not window.jobs.is_busy)
    search, painted = window.search, _Painted(window.search._list)
    app.installEventFilter(painted)
    alarm = QTimer(interval=100)  # ends the wait for events that do not come
    alarm.start()
    times = []
    for text in TEXTS * 2:
        search.clear()
        search.setFocus()
        for place, key in enumerate(text, 1):
            asked = text[:place].strip()
            painted.count = 0
            begin = time.perf_counter()
            if key.isascii():
                QTest.keyClicks(search, key)
            else:
                search.insert(key)
            _until(app, lambda asked=asked: _is_shown(window, asked) and painted.count > 0)  # type: ignore[misc]
            times.append(time.perf_counter() - begin)
            _until(app, lambda: not window.jobs.is_busy)
    return Measured(statistics.median(times), {"p95": percentile(times, 0.95)})


def table(folder: str) -> Measured:
    """Median over steps of one row, from the scroll to the painted rows."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    app = QApplication([])
    with tempfile.TemporaryDirectory() as scratch:
        plain = Path(scratch) / "plain.db"
        _copy(Path(folder), plain)
        database = QSqlDatabase.addDatabase("QSQLITE")
        database.setDatabaseName(str(plain))
        database.open()
        model = QSqlTableModel(None, database)
        model.setTable("customers")
        model.select()
        view = QTableView()
        view.setModel(model)
        view.resize(1366, 768)
        view.show()
        app.processEvents()
        bar = view.verticalScrollBar()

        def step() -> None:
            bar.setValue(bar.value() + 1)
            view.viewport().repaint()

        times = [timed(step) for _number in range(120)][20:]
    return Measured(statistics.median(times), {"p95": percentile(times, 0.95)})


def _copy(folder: Path, plain: Path) -> None:
    """The same customers as a plain SQLite file that Qt can read."""
    shop = Shop.open(folder)
    with closing(driver.connect(str(plain))) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute(
            "CREATE TABLE customers (id INTEGER PRIMARY KEY, name, phone, wechat, card_no, since_day)"
        )
        rows = shop.db.execute(_COPY)
        connection.executemany("INSERT INTO customers VALUES (?, ?, ?, ?, ?, ?)", rows)
        connection.commit()
    shop.close()


def _is_shown(window: MainWindow, asked: str) -> bool:
    answer = window.search._answer
    return answer is not None and answer.query == asked


def _until(app: QApplication, done: Callable[[], bool]) -> None:
    """Sleep between events, so that the readers have the interpreter as when a person waits."""
    end = time.monotonic() + 30
    while not done():
        if time.monotonic() > end:
            raise RuntimeError("nothing was painted")
        app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


SIDES = {"box": box, "table": table}
