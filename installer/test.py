"""Pass the checks: `python3 installer/test.py`; with arguments, only pytest with these arguments.

All steps run, also after one has failed; the exit status is 0 only if every one passed. Nothing is left in
the checkout but what .gitignore names.

Written for Windows too (`py -3 installer\\test.py`), and not run there.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from installer import bootstrap, terminal

_UI = "desktop_crm/ui/*"
_MOST_WORKERS = 8  # each holds a Qt and a shop in memory


def steps(python: str, cores: int) -> list[tuple[str, list[str]]]:
    """The checks in their order: name and command."""
    run = [python, "-m"]
    workers = ["-n", str(min(cores, _MOST_WORKERS)), "--dist", "worksteal"] if cores > 1 else []
    report = [*run, "coverage", "report"]
    return [
        ("ruff check", [*run, "ruff", "check", "."]),
        ("ruff format", [*run, "ruff", "format", "--check", "."]),
        ("mypy", [*run, "mypy"]),
        ("bandit", [*run, "bandit", "-q", "-r", "-c", "pyproject.toml", "desktop_crm", "installer"]),
        ("pytest", [*run, "pytest", *workers, "--cov", "--cov-report="]),
        ("every line of the core is tested", [*report, f"--omit={_UI}", "--fail-under=100"]),
    ]


def environment_in(folder: Path) -> dict[str, str]:
    """The environment of the checks: no screen, and every temporary file below `folder`."""
    temporary = folder / "t"  # short: the path of a local socket may have 108 characters at most
    runtime = folder / "r"
    for made in (temporary, runtime):
        made.mkdir(mode=0o700)
    return terminal.child_environment(
        QT_QPA_PLATFORM="offscreen",
        COVERAGE_FILE=str(folder / "coverage"),
        XDG_RUNTIME_DIR=str(runtime),  # Qt warns where there is none, and a Qt warning fails a test
        **dict.fromkeys(("TMPDIR", "TMP", "TEMP"), str(temporary)),
    )


def run_steps(python: str, env: dict[str, str]) -> list[str]:
    """Run all checks, print each with its seconds, and return the names of those that failed."""
    failed = []
    for name, command in steps(python, _cores()):
        print(f"== {name}", flush=True)
        began = time.monotonic()
        status = subprocess.call(command, cwd=bootstrap.CHECKOUT, env=env, stdin=subprocess.DEVNULL)
        print(
            f"== {name}: {'failed' if status else 'passed'}, {time.monotonic() - began:.1f} s\n", flush=True
        )
        if status:
            failed.append(name)
    return failed


def ui_coverage(python: str, env: dict[str, str]) -> str:
    """The share of the window's lines that the tests ran, in percent: measured, and not gated."""
    command = [python, "-m", "coverage", "report", f"--include={_UI}", "--format=total"]
    status, output = terminal.run(command, cwd=bootstrap.CHECKOUT, env=env)
    return f"{terminal.last_line(output)} %" if status == 0 else "not measured"


def _cores() -> int:
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    else:  # noqa: RET505 - mypy takes what follows a test of the platform for unreachable
        return os.cpu_count() or 1


def main() -> int:
    """Set up, then run the checks."""
    bootstrap.check_version(sys.version_info[:2], "installer/test.py")
    began = time.monotonic()
    python = str(bootstrap.prepare("test", "offscreen"))
    print(f"== set-up: ready, {time.monotonic() - began:.1f} s\n", flush=True)
    with tempfile.TemporaryDirectory(prefix="dcrm-", ignore_cleanup_errors=True) as folder:
        env = environment_in(Path(folder))
        if sys.argv[1:]:
            return subprocess.call([python, "-m", "pytest", *sys.argv[1:]], cwd=bootstrap.CHECKOUT, env=env)
        failed = run_steps(python, env)
        print(f"Lines of the window run by tests: {ui_coverage(python, env)}")
    seconds = time.monotonic() - began
    print(f"Failed: {', '.join(failed)} ({seconds:.0f} s)" if failed else f"All passed ({seconds:.0f} s)")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(bootstrap.guarded(main))
