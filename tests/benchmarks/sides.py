"""What the benchmarks run, each in a process of its own: `python -m tests.benchmarks.sides NAME ARGUMENT…`.

Each prints one JSON line with the seconds that count: a percentile over queries, an import, or the time from the
start of the process to the first painted window.
"""

from __future__ import annotations

import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.benchmarks.runner import percentile

QUERIES = 300


def search(folder: str) -> float:
    """p95 of `search.find`, hits assembled, over queries of every class."""
    from desktop_crm import search as feature
    from desktop_crm.shop import Shop

    shop = Shop.open(Path(folder))
    queries = _queries(shop.db)
    feature.find(shop, "warm up")
    times = [_timed(feature.find, shop, query) for query in queries]
    shop.close()
    return percentile(times, 0.95)


def scan(folder: str) -> float:
    """p95 of a LIKE scan over the same rows with the same queries."""
    from desktop_crm.shop import Shop

    shop = Shop.open(Path(folder))
    queries = random.Random(2).sample(_queries(shop.db), 60)

    def find(text: str) -> list[tuple[Any, ...]]:
        like = f"%{text}%"
        return shop.db.rows(
            "SELECT DISTINCT c.id, c.name FROM customers c LEFT JOIN phones p ON p.customer_id = c.id "
            "LEFT JOIN devices d ON d.customer_id = c.id "
            "WHERE c.name LIKE ?1 OR p.number LIKE ?1 OR d.imei LIKE ?1 OR c.card_no LIKE ?1 OR c.wechat LIKE ?1 "
            "ORDER BY c.id DESC LIMIT 50",
            (like,),
        )

    find("warm up")
    times = [_timed(find, query) for query in queries]
    shop.close()
    return percentile(times, 0.95)


def _queries(db: Any) -> list[str]:  # the shop's Database, whatever its module is called
    rng = random.Random(1)
    names = [name for (name,) in db.rows("SELECT name FROM customers ORDER BY id % 997, id LIMIT 2000")]
    numbers = [number for (number,) in db.rows("SELECT number FROM phones ORDER BY id % 997, id LIMIT 2000")]
    imeis = [
        imei for (imei,) in db.rows("SELECT imei FROM devices WHERE imei <> '' ORDER BY id % 997 LIMIT 2000")
    ]
    classes: tuple[Callable[[], str], ...] = (
        lambda: rng.choice(numbers)[-4:],
        lambda: rng.choice(numbers)[-6:],
        lambda: rng.choice(numbers)[:7],
        lambda: rng.choice(numbers),
        lambda: rng.choice(imeis)[-4:],
        lambda: rng.choice(imeis),
        lambda: rng.choice(names),
        lambda: rng.choice(names)[0],
        lambda: rng.choice(names)[-1:],
        lambda: rng.choice(("wang", "zhang", "li", "wangjg", "zhangw", "zj", "wj", "l", "ch", "wangjianguo")),
        lambda: f"{rng.choice(('zhang', 'li', 'wang'))} {rng.choice(('138', '139', '186'))}",
        lambda: rng.choice(("qqqq", "00000000", "龘龘")),
    )
    return [classes[number % len(classes)]() for number in range(QUERIES)]


def import_workbook(file: str, template: str) -> float:
    """Rehearse and apply a workbook into a fresh shop: validated, deduplicated, searchable, journalled, encrypted."""
    import shutil

    from desktop_crm.importing import plan
    from desktop_crm.shop import Shop

    with tempfile.TemporaryDirectory() as scratch:
        shop = Shop.open(Path(shutil.copytree(template, Path(scratch) / "shop")))
        begin = time.perf_counter()
        rehearsed = plan.rehearse(shop, Path(file))
        plan.apply(shop, rehearsed)
        seconds = time.perf_counter() - begin
        if shop.db.value("SELECT count(*) FROM customers") < 50_000:
            raise RuntimeError("the import brought too few customers")
        shop.close()
    return seconds


def read_workbook(file: str) -> float:
    """calamine's bare read of the same file and one plain executemany into an unencrypted table."""
    import sqlcipher3.dbapi2 as driver
    from python_calamine import CalamineWorkbook

    with tempfile.TemporaryDirectory() as scratch:
        begin = time.perf_counter()
        rows = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()
        connection = driver.connect(str(Path(scratch) / "plain.db"))
        width = len(rows[0])
        connection.execute(f"CREATE TABLE plain ({', '.join(f'c{n}' for n in range(width))})")
        connection.executemany(
            f"INSERT INTO plain VALUES ({', '.join('?' * width)})",
            ([str(cell) for cell in row] for row in rows),
        )
        connection.commit()
        seconds = time.perf_counter() - begin
        connection.close()
    return seconds


def window(folder: str) -> float:
    """From the start of the process to the first painted, usable window of a shop."""
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
    os._exit(_print(seconds))  # closing makes a backup, which is not what is measured


def bare_window() -> float:
    """The same for an empty QMainWindow."""
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
    return seconds


def since_start() -> float:
    """Seconds since this process began (Linux: field 22 of /proc/self/stat, see proc(5))."""
    ticks = int(Path("/proc/self/stat").read_text().rsplit(")", 1)[1].split()[19])
    return time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")


def _print(seconds: float) -> int:
    peak_kib = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])
    print(json.dumps({"seconds": seconds, "peak_mib": peak_kib / 1024}), flush=True)
    return 0


def _timed(function: Callable[..., object], *arguments: object) -> float:
    begin = time.perf_counter()
    function(*arguments)
    return time.perf_counter() - begin


SIDES: dict[str, Callable[..., float]] = {
    "search": search,
    "scan": scan,
    "import": import_workbook,
    "read": read_workbook,
    "window": window,
    "bare": bare_window,
}

if __name__ == "__main__":
    _print(SIDES[sys.argv[1]](*sys.argv[2:]))
