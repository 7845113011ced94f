"""The recorder: compiled once where a C compiler is at hand, and how a process is started with it."""

from __future__ import annotations

import ctypes
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SOURCE = Path(__file__).parent / "recorder.c"
ONCE, ONWARDS, HALF, DIE = 1, 2, 3, 4
"""How the chosen operation fails: it alone, it and all after it, a write in half, with the death of the process."""

TOLD = (
    "COVERAGE_PROCESS_START",
    "COVERAGE_PROCESS_CONFIG",
    "COV_CORE_SOURCE",
    "COV_CORE_CONFIG",
    "COV_CORE_DATAFILE",
)
"""What would make a child measure its own coverage, which costs these tests twice the time and tells nothing new."""


def missing() -> str:
    """Why there can be no recorder here, or nothing."""
    if platform.system() != "Linux":
        return "the recorder of file operations is written for Linux"
    if shutil.which("cc") is None:
        return "there is no C compiler (cc) to make the recorder of file operations with"
    return ""


def library() -> Path:
    """The compiled recorder, made where it is missing or older than its source."""
    made = Path(tempfile.gettempdir()) / f"faults-recorder-{os.getuid()}-{SOURCE.stat().st_mtime_ns}.so"
    if not made.exists():
        part = made.with_suffix(f".{os.getpid()}")
        subprocess.run(
            ["cc", "-shared", "-fPIC", "-O1", "-o", str(part), str(SOURCE), "-ldl", "-lpthread"], check=True
        )
        part.replace(made)
    return made


def environment(
    root: Path | None = None, trace: Path | None = None, said: Path | None = None
) -> dict[str, str]:
    """The environment of a process with the recorder watching what is below `root`."""
    own = {name: value for name, value in os.environ.items() if name not in TOLD}
    own["PYTHONPATH"] = str(Path(__file__).parents[2])
    if not missing():
        own["LD_PRELOAD"] = str(library())
        for name, place in (("ROOT", root), ("TRACE", trace), ("ACKS", said)):
            if place is not None:
                own[f"FAULTS_{name}"] = str(place)
    return own


def arm(at: int, mode: int, error: int = 0) -> None:
    """Let the `at`-th operation that needs room fail, counted from now; in a process that has the recorder."""
    _loaded().faults_arm(at, mode, error)


def watch(root: Path) -> None:
    """Count and fail what is done below `root`."""
    ctypes.CDLL(None).faults_watch(str(root).encode())


def counted() -> int:
    """Operations that needed room since `arm`."""
    return int(_loaded().faults_counted())


def hits() -> int:
    """Operations that were made to fail since `arm`."""
    return int(_loaded().faults_hits())


def is_loaded() -> bool:
    """Whether this process has the recorder."""
    return sys.platform == "linux" and hasattr(ctypes.CDLL(None), "faults_arm")


def _loaded() -> ctypes.CDLL:
    found = ctypes.CDLL(None)
    found.faults_arm.argtypes = (ctypes.c_long, ctypes.c_int, ctypes.c_int)
    return found
