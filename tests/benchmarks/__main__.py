"""python -m tests.benchmarks [CASE…]: prints medians as ratios and ends with 1 where a named ratio is missed.

Cases: search, import, start. Absolute times are only reported: machines differ and are noisy. The data (a demo shop
and a workbook) are made anew in a temporary folder. `--customers N` changes their size.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
from pathlib import Path

from desktop_crm import demo
from desktop_crm.shop import Shop
from tests.benchmarks.runner import Case, Side, run

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


def main() -> int:
    """Run the named cases, or all."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("cases", nargs="*", choices=["search", "import", "start"], default=[])
    parser.add_argument("--customers", type=int, default=100_000)
    asked = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    missed = 0
    with tempfile.TemporaryDirectory() as scratch:
        for case in cases(Path(scratch), set(asked.cases) or {"search", "import", "start"}, asked.customers):
            result = run(case)
            print("\n".join(result.lines()), flush=True)
            missed += not result.holds
    print(f"{missed} named ratios missed")
    return 1 if missed else 0


def cases(scratch: Path, names: set[str], customers: int) -> list[Case]:
    """The asked cases with their data made."""
    made = []
    if "search" in names:
        folder = scratch / "large"
        demo.make(folder, customers=customers)
        made.append(
            Case(
                "search p95",
                Side("search.find", ("search", str(folder))),
                Side("LIKE scan", ("scan", str(folder))),
                0.1,
            )
        )
    if "import" in names:
        workbook, template = scratch / "customers.xlsx", scratch / "template"
        write_workbook(workbook, customers)
        Shop.create(template, "template").close()
        made.append(
            Case(
                "import of a workbook",
                Side("rehearse and apply", ("import", str(workbook), str(template))),
                Side("calamine and executemany", ("read", str(workbook))),
                10.0,
                3.0,
                repeats=3,
            )
        )
    if "start" in names:
        folder = scratch / "shop"
        demo.make(folder)
        made.append(
            Case(
                "start to the first window",
                Side("window of a shop", ("window", str(folder))),
                Side("bare QMainWindow", ("bare",)),
                3.5,
                3.0,
                repeats=7,
            )
        )
    return made


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


if __name__ == "__main__":
    sys.exit(main())
