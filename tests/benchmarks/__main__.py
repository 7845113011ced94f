"""python -m tests.benchmarks [FAMILY…]: prints medians as ratios and ends with 1 where a named ratio is missed.

Each family of cases is a module here. Absolute times are only reported: machines differ and are noisy. Data are made
anew in a temporary folder; `--shops FOLDER` keeps them for the next run. `--customers N` changes their size: the
ratios of search and lists are named for 1,000,000, which take five minutes and 2 GB to make.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.runner import Shops, run

FAMILIES = (
    "search",
    "paint",
    "adding",
    "lists",
    "duplicates",
    "imports",
    "exports",
    "encryption",
    "keys",
    "backups",
    "start",
)


def main() -> int:
    """Run the named families, or all."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("families", nargs="*", metavar="FAMILY", help=", ".join(FAMILIES))
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--shops", type=Path, help="a folder that keeps the data")
    asked = parser.parse_args()
    unknown = sorted(set(asked.families) - set(FAMILIES))
    if unknown:
        parser.error(f"there is no {', '.join(unknown)}; choose from {', '.join(FAMILIES)}")
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    missed = 0
    with tempfile.TemporaryDirectory() as scratch:
        shops = Shops(asked.shops or Path(scratch))
        for family in asked.families or FAMILIES:
            for case in importlib.import_module(f"tests.benchmarks.{family}").cases(shops, asked.customers):
                result = run(case)
                print("\n".join(result.lines()), flush=True)
                missed += not result.holds
    print(f"{missed} named ratios missed")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
