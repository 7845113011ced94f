"""Importing a workbook: from the file to validated, deduplicated, searchable, journalled, encrypted rows.

The span is `plan.rehearse` (look at the file, start the reader child, parse, clean, stage, compare with the shop) and
`plan.apply` to the end of the commit, with search index and figures. Not in it: opening the shop, the backup before the
import, and showing rows to people. Memory is the most that the program and its reader child together held at one time.
"""

from __future__ import annotations

import random
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from desktop_crm.importing import applying, plan, rehearsal
from desktop_crm.importing.findable import Findable
from desktop_crm.shop import Shop
from tests.benchmarks.runner import Case, Measured, Shops, Side

HEADERS = (
    "姓名",
    "手机",
    "微信",
    "性别",
    "生日",
    "区域",
    "地址",
    "来源",
    "会员卡号",
    "备注",
    "创建日期",
    "标签",
)
MOST = 100_000
"""Rows of the workbook that other programs are compared at, however large the shops of the other families are."""


def cases(shops: Shops, customers: int) -> list[Case]:
    """A workbook of as many rows as asked for, 100,000 at most, against others; and against a tenth of itself."""
    template = shops.folder / "template"
    shutil.rmtree(template, ignore_errors=True)
    Shop.create(template, "template").close()

    def ours(rows: int) -> Side:
        return Side(f"import of {rows:,} rows", ("imports.plan", str(_workbook(shops, rows)), str(template)))

    rows = min(customers, MOST)
    file = str(_workbook(shops, rows))
    return [
        Case(
            "importing a workbook",
            ours(rows),
            Side("calamine's bare read", ("imports.read", file)),
            6.0,
            2.0,
            3,
        ),
        Case(
            "importing into a plain table",
            ours(rows),
            Side("openpyxl and sqlite-utils", ("imports.sqlite_utils", file)),
            0.5,
            repeats=1,
        ),
        Case("ten times the rows", ours(customers), ours(customers // 10), 12.0, 10.0, repeats=1),
    ]


def _workbook(shops: Shops, rows: int) -> Path:
    path = shops.folder / f"{rows}.xlsx"
    if not path.exists():
        write_workbook(path, rows)
    return path


def rehearse_and_apply(file: str, template: str) -> Measured:
    """Into a fresh shop; the parts tell what takes how long of it."""
    parts: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as scratch:
        shop = Shop.open(Path(shutil.copytree(template, Path(scratch) / "shop")))
        _watch(parts)
        with _peak() as peak:
            begin = time.perf_counter()
            rehearsed = plan.rehearse(shop, Path(file))
            parts["rehearsal"] = time.perf_counter() - begin
            plan.apply(shop, rehearsed, backed_up=True)
            seconds = time.perf_counter() - begin
        written = rehearsed.counts["new"]
        if written < rehearsed.rows / 2 or shop.db.value("SELECT count(*) FROM customers") != written:
            raise RuntimeError("the import brought too few customers")
        if shop.db.value("SELECT count(*) FROM search_index_docsize") != written:
            raise RuntimeError("not all of them can be found")
        rehearsed.close()
        shop.close()
    parts["commit and rest"] = seconds - sum(
        parts[name] for name in ("rehearsal", "rows", "figures, rest of index")
    )
    return Measured(seconds, parts, peak[0])


def _watch(parts: dict[str, float]) -> None:
    """Time the parts of both halves."""
    _timed(rehearsal, "_staged", "of it reading, cleaning, staging", parts)
    _timed(rehearsal, "judge", "of it comparing", parts)
    _timed(applying, "_write", "rows", parts)
    _timed(Findable, "finish", "figures, rest of index", parts)


def _timed(owner: Any, name: str, part: str, parts: dict[str, float]) -> None:  # Any: a module or a class
    function: Callable[..., object] = getattr(owner, name)

    def timed(*arguments: object, **named: object) -> object:
        begin = time.perf_counter()
        try:
            return function(*arguments, **named)
        finally:
            parts[part] = parts.get(part, 0.0) + time.perf_counter() - begin

    setattr(owner, name, timed)


@contextmanager
def _peak() -> Iterator[list[float]]:
    """The most MiB that this process and its children hold at one time, looked at every 10 ms."""
    peak, ended = [0.0], threading.Event()

    def look() -> None:
        while not ended.wait(0.01):
            peak[0] = max(peak[0], _held("self") + sum(map(_held, _children())))

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        ended.set()
        watcher.join()


def _children() -> list[str]:
    found = [path.read_text() for path in Path("/proc/self/task").glob("*/children")]
    return " ".join(found).split()


def _held(process: str) -> float:
    try:
        text = Path(f"/proc/{process}/status").read_text()
    except OSError:  # it has ended meanwhile
        return 0.0
    return int(text.split("VmRSS:")[1].split()[0]) / 1024 if "VmRSS:" in text else 0.0


def read(file: str) -> Measured:
    """calamine's bare read of the file."""
    from python_calamine import CalamineWorkbook

    begin = time.perf_counter()
    rows = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()
    seconds = time.perf_counter() - begin
    if len(rows) < 2:
        raise RuntimeError("nothing was read")
    return Measured(seconds)


def into_plain_table(file: str) -> Measured:
    """openpyxl's read-only mode and sqlite-utils into a table without types, index or encryption."""
    import openpyxl
    import sqlite_utils

    with tempfile.TemporaryDirectory() as scratch:
        begin = time.perf_counter()
        sheet = openpyxl.load_workbook(file, read_only=True, data_only=True).worksheets[0]
        rows = sheet.iter_rows(values_only=True)
        names = [str(name) for name in next(rows)]
        table = sqlite_utils.Database(Path(scratch) / "plain.db").table("customers")
        table.insert_all(dict(zip(names, row, strict=True)) for row in rows)
        return Measured(time.perf_counter() - begin)


def write_workbook(path: Path, rows: int) -> None:
    """A workbook of `rows` customers × 12 columns as shops write them; a tenth repeats an earlier number."""
    from openpyxl import Workbook

    rng = random.Random(1)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("客户")
    sheet.append(HEADERS)
    for number in range(rows):
        phone = 13_000_000_000 + (number if rng.random() < 0.9 else rng.randrange(number + 1)) * 7
        sheet.append(
            (
                rng.choice("王李张刘陈杨黄赵吴周")
                + rng.choice("建国晓梅子轩雨桐志强丽娜")
                + rng.choice("国梅轩桐强娜"),
                str(phone) if rng.random() < 0.5 else phone,
                f"wx_{number}",
                rng.choice(("男", "女", "")),
                f"{rng.randrange(1960, 2005)}-{rng.randrange(1, 13):02d}-{rng.randrange(1, 29):02d}",
                rng.choice(("西湖区", "拱墅区", "上城区", "滨江区")),
                f"文三路{rng.randrange(1, 999)}号",
                rng.choice(("到店", "介绍", "抖音", "美团")),
                f"C{number:07d}",
                rng.choice(("", "喜欢拍照", "周末来")),
                f"2024/{rng.randrange(1, 13)}/{rng.randrange(1, 29)}",
                rng.choice(("", "老客户", "学生")),
            )
        )
    book.save(path)


SIDES = {"plan": rehearse_and_apply, "read": read, "sqlite_utils": into_plain_table}
