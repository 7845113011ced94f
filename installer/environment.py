"""The folder .venv: where its Python lies, whether it is whole, and making it, also on a Debian without pip.

Not here: what is installed into it (requirements.py).
"""

from __future__ import annotations

import importlib.util
import shutil
import sys
import tempfile
from pathlib import Path

from installer.terminal import Problem, last_line, run, say

_DEBIAN_WHEELS = Path("/usr/share/python-wheels")
_PARTS = {"bin", "include", "lib", "lib64", "scripts", "pyvenv.cfg", ".gitignore", "share"}


def python_of(venv: Path, platform: str = sys.platform) -> Path:
    """The Python inside a virtual environment."""
    return venv / "Scripts" / "python.exe" if platform == "win32" else venv / "bin" / "python"


def site_packages_of(venv: Path) -> list[Path]:
    """The folders of installed packages, on Windows one, elsewhere one for each version of Python."""
    return [
        folder
        for pattern in ("Lib/site-packages", "lib/python3.*/site-packages")
        for folder in venv.glob(pattern)
    ]


def is_whole(venv: Path) -> bool:
    """Whether the folder holds a Python that starts, is new enough and has pip."""
    python = python_of(venv)
    if not python.exists() or not (venv / "pyvenv.cfg").exists():
        return False
    code = "import sys, pip; raise SystemExit(sys.version_info < (3, 11) or sys.prefix == sys.base_prefix)"
    return run([str(python), "-c", code])[0] == 0


def looks_made_by_python(venv: Path) -> bool:
    """Whether a broken folder may be deleted: it holds nothing but the parts of a virtual environment."""
    return all(entry.name.lower() in _PARTS for entry in venv.iterdir())


def remove(venv: Path) -> None:
    """Delete a half-made or outdated .venv; a folder with other things in it is left alone.

    Raises:
        Problem: it holds other things.
    """
    if venv.is_symlink() or not venv.is_dir() or not looks_made_by_python(venv):
        raise Problem(
            f"{venv} is there, but it is no whole virtual environment of Python, and it holds other things. "
            "It was left as it is. Move it somewhere else, then start again."
        )
    say("An unfinished or outdated .venv is there: making it anew.")
    shutil.rmtree(venv)


def pip_source() -> str | None:
    """Where a new environment can get pip from without the administrator and without a download.

    Returns:
        "ensurepip", "pip" (this Python's own), the path of Debian's wheel of pip, or None.
    """
    for module in ("ensurepip", "pip"):
        if importlib.util.find_spec(module) is not None:
            return module
    return _wheel_below(_DEBIAN_WHEELS)


def _wheel_below(folder: Path) -> str | None:
    wheels = sorted(folder.glob("pip-*.whl"))
    return str(wheels[-1]) if wheels else None


def download_pip(folder: Path) -> str | None:
    """Fetch Debian's wheel of pip into `folder` as an ordinary user, also where apt's lists were never read.

    Returns:
        The path of the wheel, or None where there is no apt or no network.
    """
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        return None
    say("This Python comes without pip: fetching Debian's …")
    lists = folder / "lists"
    (lists / "partial").mkdir(parents=True)
    own_lists = ["-o", f"Dir::State::Lists={lists}", "-o", f"Dir::Cache={folder}"]
    download = ["download", "python3-pip-whl"]
    if run(["apt-get", *download], cwd=folder)[0] != 0:
        run(["apt-get", *own_lists, "update"], cwd=folder)
        run(["apt-get", *own_lists, *download], cwd=folder)
    for package in folder.glob("python3-pip-whl*.deb"):
        run(["dpkg-deb", "-x", str(package), str(folder / "unpacked")])
    return _wheel_below(folder / "unpacked" / "usr" / "share" / "python-wheels")


def make_commands(venv: Path, source: str) -> list[list[str]]:
    """The commands that make an environment with pip from `source` (see `pip_source`)."""
    make = [sys.executable, "-m", "venv", str(venv)]
    if source == "ensurepip":
        return [make]
    bare = [sys.executable, "-m", "venv", "--without-pip", str(venv)]
    python = str(python_of(venv))
    if source == "pip":
        return [bare, [sys.executable, "-m", "pip", "--python", python, "install", "-q", "pip"]]
    return [bare, [python, f"{source}/pip", "install", "-q", "--no-index", "--no-deps", source]]


def make(venv: Path, source: str) -> None:
    """Make the environment.

    Raises:
        Problem: Python or pip refused; the half-made folder is recognised by the next run.
    """
    say("Making .venv …")
    for command in make_commands(venv, source):
        status, output = run(command)
        if status != 0:
            raise Problem(
                f"Python could not make the folder .venv ({last_line(output)}). Nothing outside it was "
                "changed. See that the disk has room and that you may write here, then start again."
            )


def private_folder() -> tempfile.TemporaryDirectory[str]:
    """A folder for downloads that goes away by itself."""
    return tempfile.TemporaryDirectory(prefix="desktop-crm-")
