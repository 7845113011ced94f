"""The set-up shared by run.py and test.py: from a fresh checkout to a Python that can start the program.

In this order: Python's version, what the system must bring, .venv, its packages, Qt. Each step looks first
whether it is done, so that a run goes on where an earlier one stopped, and a second run only looks.

Run on Debian 12. Written for Windows too (`py -3 installer\\run.py`), and not run there.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import IO, Any, Callable

from installer import environment, requirements, system_libraries
from installer.terminal import Problem, say

CHECKOUT = Path(__file__).resolve().parent.parent
VENV = CHECKOUT / ".venv"


def check_version(version: tuple[int, ...], script: str) -> None:
    """Refuse a Python that is too old for the program.

    Raises:
        Problem: it is older than 3.11.
    """
    if version < (3, 11):
        start = f"py -3.11 {script}" if sys.platform == "win32" else f"python3.11 {script}"
        raise Problem(
            f"This program needs Python 3.11 or newer, and this is Python {version[0]}.{version[1]}. "
            f"Nothing was changed. Install a newer Python, then start with it, for example: {start}"
        )


def prepare(kind: str, screen: str) -> Path:
    """Make this checkout ready.

    Args:
        kind: "run" for the program, "test" for its checks as well.
        screen: where Qt will draw, see `system_libraries.screen_kind`.

    Returns:
        The Python of .venv, to start the program with.

    Raises:
        Problem: something is missing that the person has to bring.
    """
    python = environment.python_of(VENV)
    if _is_ready(kind, screen):
        return python
    with (CHECKOUT / ".venv.lock").open("a") as lock:
        _wait_for(lock)
        whole = environment.is_whole(VENV)
        with environment.private_folder() as downloads:
            source = _bring_from_system(screen, not whole, Path(downloads))
            if not whole:
                if VENV.exists():
                    environment.remove(VENV)
                environment.make(VENV, source or "ensurepip")
        stamp = requirements.read_stamp(VENV)
        if not requirements.is_installed(stamp, kind):
            requirements.install(VENV, kind)
            stamp = requirements.after_install(stamp, kind)
            requirements.write_stamp(VENV, stamp)
        _check_screen(python, screen, stamp)
    return python


def _is_ready(kind: str, screen: str) -> bool:
    """Whether earlier runs finished everything; asked without the lock, because it is the usual case."""
    stamp = requirements.read_stamp(VENV)
    return (
        requirements.is_installed(stamp, kind)
        and screen in stamp.get("screens", [])
        and environment.is_whole(VENV)
    )


def _bring_from_system(screen: str, needs_pip: bool, downloads: Path) -> str | None:
    """See to libraries and pip in one go, so that the administrator is needed once at most.

    Returns:
        Where pip comes from, see `environment.pip_source`.
    """
    source = environment.pip_source()
    if sys.platform != "linux":
        return source
    libraries = system_libraries.missing_libraries(screen)
    prefix = system_libraries.admin_prefix()
    if prefix is not None:
        packages = _packages(libraries, needs_pip and source is None)
        if packages:
            system_libraries.install(packages, prefix)
            libraries = system_libraries.missing_libraries(screen)
            source = environment.pip_source()
    if needs_pip and source is None:
        source = environment.download_pip(downloads)
    lacks_pip = needs_pip and source is None
    if libraries or lacks_pip:
        raise system_libraries.refusal(_packages(libraries, lacks_pip), libraries)
    return source


def _packages(libraries: list[str], lacks_pip: bool) -> list[str]:
    """Debian's packages for these libraries, for printing, and for environments of exactly this Python."""
    wanted = system_libraries.packages_for([*libraries, *system_libraries.missing_for_printing()])
    return [*wanted, f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"] if lacks_pip else wanted


def _check_screen(python: Path, screen: str, stamp: dict[str, Any]) -> None:  # Any: JSON
    """Load Qt once for each kind of screen, bring what it still misses, and note that it works."""
    if screen in stamp.get("screens", []):
        return
    missing = system_libraries.check_qt(python, screen)
    packages = system_libraries.packages_for(missing)
    prefix = system_libraries.admin_prefix() if packages else None
    if prefix is not None and system_libraries.install(packages, prefix):
        missing = system_libraries.check_qt(python, screen)
    if missing:
        raise system_libraries.refusal(system_libraries.packages_for(missing), missing)
    stamp["screens"] = sorted({*stamp.get("screens", []), screen})
    requirements.write_stamp(VENV, stamp)


def _wait_for(lock: IO[str]) -> None:
    """Hold the lock file until it is closed, so that two starts do not build one .venv."""
    if sys.platform == "win32":
        import msvcrt  # only there on Windows

        while True:
            try:
                msvcrt.locking(lock.fileno(), msvcrt.LK_LOCK, 1)
            except OSError:  # it gives up after ten seconds
                say("Another start is setting up: waiting …")
            else:
                return
    import fcntl  # only there outside Windows

    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say("Another start is setting up: waiting …")
        fcntl.flock(lock, fcntl.LOCK_EX)


def guarded(main: Callable[[], int]) -> int:
    """Run a command of the installer; every failure becomes one sentence and an exit status that is not 0."""
    try:
        return main()
    except Problem as problem:
        say(str(problem))
    except KeyboardInterrupt:
        say("Stopped. Nothing is lost: the next start goes on from here.")
        return 130
    except OSError as error:
        what = f"{error.filename}: {error.strerror}" if error.filename else str(error)
        say(
            f"The system refused ({what}). Nothing outside this folder was changed. "
            "See that the disk has room and that you may write here, then start again."
        )
    return 1


def hand_over(command: list[str], env: dict[str, str]) -> int:
    """Become the given program; on Windows, which cannot, run it and return its exit status."""
    if sys.platform == "win32":
        return subprocess.call(command, env=env)
    os.execve(command[0], command, env)  # the environment that was just made  # nosec B606
    raise AssertionError("execve does not return")
