"""Importing a workbook: validated, deduplicated, searchable, journalled, encrypted, against a bare read of the same file."""

from __future__ import annotations

import random
import shutil
import tempfile
import time
from pathlib import Path

from desktop_crm.importing import plan
from desktop_crm.shop import Shop
from desktop_crm.store import customer_figures
from desktop_crm.store import search as store_search
from desktop_crm.store.rows import Database
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
"""Rows of the workbook, however large the shops of the other families are."""


def cases(shops: Shops, customers: int) -> list[Case]:
    """A workbook of as many rows as asked for, 100,000 at most."""
    rows = min(customers, MOST)
    workbook, template = shops.folder / f"{rows}.xlsx", shops.folder / "template"
    if not workbook.exists():
        write_workbook(workbook, rows)
    shutil.rmtree(template, ignore_errors=True)
    Shop.create(template, "template").close()
    return [
        Case(
            "import of a workbook",
            Side("rehearse and apply", ("imports.plan", str(workbook), str(template))),
            Side("calamine and executemany", ("imports.read", str(workbook))),
            10.0,
            3.0,
            repeats=3,
        )
    ]


def rehearse_and_apply(file: str, template: str) -> Measured:
    """Into a fresh shop; the parts tell how long the index and the figures take of it."""
    with tempfile.TemporaryDirectory() as scratch:
        shop = Shop.open(Path(shutil.copytree(template, Path(scratch) / "shop")))
        parts = {"search index": 0.0, "figures": 0.0}
        _watch(parts)
        begin = time.perf_counter()
        rehearsed = plan.rehearse(shop, Path(file))
        parts["rehearsal"] = time.perf_counter() - begin
        plan.apply(shop, rehearsed)
        seconds = time.perf_counter() - begin
        if shop.db.value("SELECT count(*) FROM customers") < rehearsed.rows / 2:
            raise RuntimeError("the import brought too few customers")
        shop.close()
    return Measured(seconds, parts)


def _watch(parts: dict[str, float]) -> None:
    """Time what the shop does at the end of a change."""
    index, figures = store_search.refresh, customer_figures.refresh

    def timed_index(db: Database) -> int:
        begin = time.perf_counter()
        marked = index(db)
        parts["search index"] += time.perf_counter() - begin
        return marked

    def timed_figures(db: Database) -> None:
        begin = time.perf_counter()
        figures(db)
        parts["figures"] += time.perf_counter() - begin

    store_search.refresh, customer_figures.refresh = timed_index, timed_figures


def read(file: str) -> Measured:
    """calamine's bare read of the file and one plain executemany into an unencrypted table."""
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
    return Measured(seconds)


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


SIDES = {"plan": rehearse_and_apply, "read": read}
