"""Starts `python -m tests.faults` beside the tests: without coverage, which costs twice the time, and with the recorder."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from tests.faults import preload

Told = dict[str, Any]  # the JSON of a result


def driven(*arguments: str) -> Told:
    """What came of it."""
    (only,) = driven_all(*arguments)
    return only


def driven_all(*arguments: str) -> list[Told]:
    """What came of each."""
    command = [sys.executable, "-m", "tests.faults", *arguments]
    done = subprocess.run(command, env=preload.environment(), capture_output=True, text=True, check=False)
    if done.returncode and "Traceback" in done.stderr:
        raise RuntimeError(done.stderr)
    return [json.loads(line) for line in done.stdout.splitlines()]
