"""Starts `python -m tests.faults` beside the tests: without coverage, which costs twice the time, and with the recorder."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from tests.faults import preload


def driven(*arguments: str) -> dict[str, Any]:  # the JSON of a result
    """What came of it."""
    command = [sys.executable, "-m", "tests.faults", *arguments]
    done = subprocess.run(command, env=preload.environment(), capture_output=True, text=True, check=False)
    if not done.stdout:
        raise RuntimeError(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout)
    return found
