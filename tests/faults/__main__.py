"""`python -m tests.faults WHAT --count N`: as much of what the suite does as is wanted, with figures."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator

from desktop_crm.base import i18n
from tests.faults import cuts, full, kills, preload
from tests.faults.scenarios import SCENARIOS
from tests.faults.spoiling import SPOILINGS, cheap


def main() -> int:
    """Do what is asked for and print what came of it as JSON, one line each; 1 where something did not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("what", choices=("cuts", "kills", "full"))
    parser.add_argument(
        "which",
        nargs="?",
        default="all",
        help=f"all, or of cuts {', '.join(SCENARIOS)}, of full {', '.join(full.ROWS)}",
    )
    parser.add_argument(
        "--count", type=int, default=200, help="kills, states of each scenario, runs of each row (0: all)"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--without", choices=tuple(SPOILINGS), default="", help="leave a safeguard out")
    parser.add_argument(
        "--until-wrong", action="store_true", help="stop at the first thing that does not hold"
    )
    asked = parser.parse_args()
    if asked.what != "cuts" and not preload.missing() and not preload.is_loaded():
        os.execve(
            sys.executable, [sys.executable, "-m", "tests.faults", *sys.argv[1:]], preload.environment()
        )
    i18n.set_language("en")
    cheap()
    failed = 0
    for result in _results(asked):
        print(json.dumps(vars(result), ensure_ascii=False), flush=True)  # noqa: T201 - the answer
        failed += bool(result.wrong)
    return 1 if failed else 0


def _results(asked: argparse.Namespace) -> Iterator[cuts.Result | kills.Result | full.Result]:
    if asked.what == "kills":
        yield kills.kill(asked.count, asked.seed, asked.without, until_wrong=asked.until_wrong)
        return
    if asked.what == "full":
        yield from full.fill(
            dict.fromkeys(full.ROWS, asked.count) if asked.which == "all" else {asked.which: asked.count},
            asked.seed,
        )
        return
    for scenario in SCENARIOS if asked.which == "all" else (asked.which,):
        yield cuts.cut(scenario, asked.count, asked.seed, asked.without, until_wrong=asked.until_wrong)


if __name__ == "__main__":
    sys.exit(main())
