"""How the installer talks to the person and to other programs; no decision is taken here.

Its lines go to standard error, so that the output of a command of the program stays clean.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


class Problem(Exception):
    """The set-up cannot go on; the text says what happened, what is safe and what to do."""


def say(text: str) -> None:
    """Print one line about what is being done."""
    print(text, file=sys.stderr, flush=True)


def child_environment(**changes: str) -> dict[str, str]:
    """Our environment without what would let the Python of .venv see another one's packages."""
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONHOME", "PYTHONPATH")}
    kept.update(changes)
    return kept


def run(command: list[str], cwd: Path | None = None, env: dict[str, str] | None = None) -> tuple[int, str]:
    """Run a command to its end without a standard input.

    Returns:
        Its exit status (127 where there is no such program) and everything it printed.
    """
    try:
        done = subprocess.run(
            command,
            cwd=cwd,
            env=child_environment() if env is None else env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except (FileNotFoundError, PermissionError) as error:
        return 127, str(error)
    return done.returncode, done.stdout


def last_line(output: str) -> str:
    """The last line with something in it, which is where programs say why they failed."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return lines[-1] if lines else "it printed nothing"
