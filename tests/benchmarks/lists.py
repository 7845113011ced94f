"""The list of customers in its real table, against QSqlTableModel in a QTableView over a plain copy of the same rows.

Both tables have the same size, columns and order. A step scrolls one page: from the scroll bar's new value to the
rows painted, those still on their way waited for. Qt's model has read all its rows before it is measured.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.benchmarks.runner import Case, Measured, Shops, Side
from tests.benchmarks.search import SMALL

WIDTH, HEIGHT = 1130, 640
STEPS = 60
ROWS_PER_STEP = 15
_PATIENCE_S = 20.0


def cases(shops: Shops, customers: int) -> list[Case]:
    """A step against Qt's, a jump to the end against a step, opening a large shop against a small one."""
    made = []
    for count in sorted({SMALL, customers}):
        folder, plain = str(shops.large(count)), str(_plain_copy(shops, count))
        step = Side("step of the list", ("lists.step", folder))
        made += [
            Case(
                f"list of {count:,}: a scroll step",
                step,
                Side("step of QSqlTableModel", ("lists.qt_step", plain)),
                1.4,
            ),
            Case(
                f"list of {count:,}: to the end",
                Side("jump to the end", ("lists.jump", folder)),
                Side("a step", step.arguments),
                1.2,
            ),
        ]
    if customers > SMALL:
        large, small = (("lists.opening", str(shops.large(count))) for count in (customers, SMALL))
        made.append(
            Case("list: opening stays flat", Side("opened", large), Side(f"of {SMALL:,}", small), 1.5)
        )
    return made


def _plain_copy(shops: Shops, customers: int) -> Path:
    """A plain SQLite file with what the list shows by default, sorted by nothing, its last visit indexed."""
    import sqlcipher3.dbapi2 as driver

    from desktop_crm.shop import Shop
    from desktop_crm.store import customer_list as store

    place = shops.folder / f"{customers}-plain.db"
    if place.exists():
        return place
    shop = Shop.open(shops.large(customers))
    rows = shop.db.execute(
        "SELECT c.id, c.name, (SELECT number FROM phones WHERE customer_id = c.id ORDER BY position LIMIT 1), t.tier, "
        "(SELECT model FROM devices WHERE customer_id = c.id ORDER BY id DESC LIMIT 1), f.last_visit_day, "
        "'¥' || (f.net_fen / 100), (SELECT name FROM staff WHERE id = c.owner_staff_id), f.since_day "
        "FROM customer_figures f JOIN customers c ON c.id = f.id LEFT JOIN customer_tiers t ON t.id = c.id"
    )
    with closing(driver.connect(str(place))) as plain:
        plain.execute(
            "CREATE TABLE rows (id INTEGER PRIMARY KEY, name TEXT, phone TEXT, tier TEXT, device TEXT, "
            "last_visit TEXT, spent TEXT, owner TEXT, since TEXT)"
        )
        plain.executemany("INSERT INTO rows VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        plain.execute("CREATE INDEX rows_visit ON rows (last_visit)")
        plain.commit()
        assert plain.execute("SELECT count(*) FROM rows").fetchone()[0] == sum(store.counts(shop.db).values())
    shop.close()
    return place


class _Stage:
    """The table of the list over one shop, shown; `settle` waits until it has all it asked for."""

    def __init__(self, folder: str) -> None:
        from PySide6.QtWidgets import QApplication

        from desktop_crm.customer_list import Listing
        from desktop_crm.shop import Shop
        from desktop_crm.ui.customer_columns import columns
        from desktop_crm.ui.kit import theme
        from desktop_crm.ui.kit.jobs import Jobs
        from desktop_crm.ui.kit.table import RecordTable

        self.app = QApplication([])
        theme.load_fonts()
        theme.dress(self.app, dark=False)
        self.shop = Shop.open(Path(folder))
        self.jobs = Jobs(self.shop)
        self.table: RecordTable[Any] = RecordTable(  # rows of the list
            columns((), self.shop.today()), dense=True, arrangeable=True, multiple=True
        )
        self.table.set_sort("last_visit", descending=True)
        self.table.resize(WIDTH, HEIGHT)
        self.table.show()
        self._listing = Listing
        self.settle()

    def open(self) -> float:
        """Seconds from asking for the list to its first rows painted."""
        begin = time.perf_counter()
        self.jobs.query(self._listing.of, self._take)
        self._until(lambda: self.table.rows.rowCount() > 0 and self._is_painted())
        return time.perf_counter() - begin

    def _take(self, listing: Any) -> None:  # a Listing
        self.table.show_pages(self.jobs, listing.total, listing.page, fetch_ids=listing.ids)

    def go(self, value: int) -> float:
        """Seconds from the scroll bar's new value to the rows painted."""
        begin = time.perf_counter()
        self.table.verticalScrollBar().setValue(value)
        self.app.processEvents()
        self._until(self._is_painted)
        return time.perf_counter() - begin

    def settle(self) -> None:
        """Wait until nothing is on its way."""
        for _turn in range(3):
            self._until(lambda: not self.jobs.is_busy)
            self.app.processEvents()

    def _is_painted(self) -> bool:
        first = max(self.table.rowAt(0), 0)
        last = min(first + HEIGHT // self.table.row_height, self.table.rows.rowCount() - 1)
        return all(self.table.rows.record(row) is not None for row in range(first, last + 1))

    def _until(self, is_so: Callable[[], bool]) -> None:
        from PySide6.QtCore import QEventLoop

        deadline = time.monotonic() + _PATIENCE_S
        self.app.processEvents()
        while not is_so():
            if time.monotonic() > deadline:
                raise RuntimeError("the list did not come")
            self.app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 2)
        self.app.processEvents()


def step(folder: str) -> Measured:
    """The median step down through the list, from the top and from the middle."""
    stage = _Stage(folder)
    stage.open()
    stage.settle()
    bar, times = stage.table.verticalScrollBar(), []
    for start in (0, bar.maximum() // 2):
        stage.go(start)
        stage.settle()
        for _number in range(STEPS // 2):
            times.append(stage.go(bar.value() + ROWS_PER_STEP * stage.table.row_height))
            stage.settle()
    return Measured(statistics.median(times), {"slowest step": max(times)})


def jump(folder: str) -> Measured:
    """The median jump from the top to the end."""
    stage = _Stage(folder)
    stage.open()
    stage.settle()
    times = []
    for _number in range(STEPS // 3):
        times.append(stage.go(stage.table.verticalScrollBar().maximum()))
        stage.settle()
        stage.go(0)
        stage.settle()
    return Measured(statistics.median(times), {"first jump": times[0]})


def opening(folder: str) -> Measured:
    """The median opening of the list."""
    stage = _Stage(folder)
    times = []
    for _number in range(12):
        stage.table.rows.show_list([])
        times.append(stage.open())
        stage.settle()
    return Measured(statistics.median(times[1:]), {"first opening": times[0]})


def qt_step(plain: str) -> Measured:
    """The median step of a QTableView over QSqlTableModel through the same rows."""
    from PySide6.QtCore import Qt
    from PySide6.QtSql import QSqlDatabase, QSqlTableModel
    from PySide6.QtWidgets import QAbstractItemView, QApplication, QTableView

    from desktop_crm.ui.kit import theme
    from desktop_crm.ui.kit.cells import DENSE

    app = QApplication([])
    theme.load_fonts()
    theme.dress(app, dark=False)
    database = QSqlDatabase.addDatabase("QSQLITE")
    database.setDatabaseName(plain)
    if not database.open():
        raise RuntimeError("the plain copy does not open")
    model = QSqlTableModel()
    model.setTable("rows")
    model.setSort(5, Qt.SortOrder.DescendingOrder)
    model.select()
    while model.canFetchMore():
        model.fetchMore()
    view = QTableView()
    view.setModel(model)
    view.setColumnHidden(0, True)
    view.setShowGrid(False)
    view.verticalHeader().hide()
    view.verticalHeader().setDefaultSectionSize(DENSE)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.resize(WIDTH, HEIGHT)
    view.show()
    for column in range(1, model.columnCount()):
        view.setColumnWidth(column, (WIDTH - 20) // (model.columnCount() - 1))
    app.processEvents()
    times = []
    bar = view.verticalScrollBar()
    for start in (0, bar.maximum() // 2):
        bar.setValue(start)
        app.processEvents()
        for _number in range(STEPS // 2):
            begin = time.perf_counter()
            bar.setValue(bar.value() + ROWS_PER_STEP * DENSE)
            app.processEvents()
            times.append(time.perf_counter() - begin)
    return Measured(statistics.median(times), {"slowest step": max(times)})


SIDES = {"step": step, "jump": jump, "opening": opening, "qt_step": qt_step}
