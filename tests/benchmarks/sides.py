"""Runs one side in this process: `python -m tests.benchmarks.sides FAMILY.SIDE ARGUMENT…` prints one JSON line."""

from __future__ import annotations

import importlib
import json
import os
import sys
from pathlib import Path

from tests.benchmarks.runner import Measured


def tell(measured: Measured) -> None:
    """Print what a side measured, and the peak memory of this process unless it measured that too."""
    peak_kib = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])
    peak_mib = peak_kib / 1024 if measured.peak_mib is None else measured.peak_mib
    answer = {"seconds": measured.seconds, "parts": dict(measured.parts), "peak_mib": peak_mib}
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    family, _dot, side = sys.argv[1].partition(".")
    tell(importlib.import_module(f"tests.benchmarks.{family}").SIDES[side](*sys.argv[2:]))
    os._exit(0)  # a window that closes makes a backup, which is not what is measured
