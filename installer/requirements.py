"""Which Python packages .venv must hold, what it holds by its stamp, and installing the difference with pip.

The pinned versions with their hashes lie in requirements.txt (to run) and requirements-test.txt (that and the
tests). Where a pin does not fit the platform, the ranges of pyproject.toml decide instead.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from installer.environment import python_of, site_packages_of
from installer.terminal import Problem, child_environment, last_line, say

HERE = Path(__file__).resolve().parent
FILES = {"run": HERE / "requirements.txt", "test": HERE / "requirements-test.txt"}
STAMP = "desktop-crm.json"

_NETWORK = re.compile(
    r"Failed to establish a new connection|name resolution|getaddrinfo failed|ConnectTimeoutError"
    r"|ReadTimeoutError|Read timed out|ProxyError|Cannot connect to proxy|SSLError|Connection reset"
    r"|Connection aborted|Connection refused|IncompleteRead|Max retries exceeded"
)


def project() -> dict[str, Any]:  # Any: the tables of a TOML file
    """The [project] table of pyproject.toml."""
    import tomllib  # not in the Pythons that must get as far as being told that they are too old

    with (HERE.parent / "pyproject.toml").open("rb") as file:
        table: dict[str, Any] = tomllib.load(file)["project"]
    return table


def ranges(kind: str) -> list[str]:
    """The requirements of pyproject.toml for "run" or "test", as written there."""
    table = project()
    wanted: list[str] = list(table["dependencies"])
    if kind == "test":
        wanted += table["optional-dependencies"]["dev"]
    return wanted


def fingerprint(kind: str) -> str:
    """What the stamp holds when everything for this kind is installed: a hash over pins and ranges."""
    digest = hashlib.sha256(FILES[kind].read_bytes())
    digest.update("\n".join(ranges(kind)).encode())
    return digest.hexdigest()


def read_stamp(venv: Path) -> dict[str, Any]:  # Any: JSON
    """What earlier runs finished in this environment; empty where there is no readable stamp."""
    try:
        stamp = json.loads((venv / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def write_stamp(venv: Path, stamp: dict[str, Any]) -> None:  # Any: JSON
    """Write the stamp whole or not at all."""
    part = venv / (STAMP + ".part")
    part.write_text(json.dumps(stamp, indent=1), encoding="utf-8")
    part.replace(venv / STAMP)


def after_install(stamp: dict[str, Any], kind: str) -> dict[str, Any]:  # Any: JSON
    """The stamp once `kind` is installed: the tests' packages include the program's, but not the reverse."""
    installed = {"run": fingerprint("run")}
    if kind == "test":
        installed["test"] = fingerprint("test")
    elif stamp.get("run") == installed["run"] and "test" in stamp:
        installed["test"] = stamp["test"]
    return {"installed": installed}


def is_installed(stamp: dict[str, Any], kind: str) -> bool:  # Any: JSON
    """Whether an earlier run installed exactly what is wanted now."""
    installed = stamp.get("installed")
    return isinstance(installed, dict) and installed.get(kind) == fingerprint(kind)


def drop_half_installed(venv: Path) -> list[str]:
    """Forget packages that an interrupted pip left half-copied, so that pip installs them again.

    pip writes INSTALLER and RECORD last; a .dist-info without one of them is not a finished package, but pip
    would count it as installed.

    Returns:
        The names of the folders removed.
    """
    dropped = []
    for folder in site_packages_of(venv):
        for info in sorted(folder.glob("*.dist-info")):
            if not (info / "RECORD").exists() or not (info / "INSTALLER").exists():
                shutil.rmtree(info)
                dropped.append(info.name)
    return dropped


def pip_command(venv: Path) -> list[str]:
    """pip inside the environment, wheels only: nobody's computer has to compile."""
    pip = [str(python_of(venv)), "-m", "pip", "--disable-pip-version-check", "--no-input"]
    return [*pip, "install", "--only-binary", ":all:", "--progress-bar", "off"]


def pins_do_not_fit(output: str) -> bool:
    """Whether pip failed for want of a wheel for this platform, and not for want of a network."""
    return "No matching distribution found" in output and not _NETWORK.search(output)


def explain(output: str) -> Problem:
    """The sentence for a pip that failed."""
    safe = "What was fetched so far is kept, and nothing else was changed. "
    if "No space left on device" in output or "Errno 28" in output:
        return Problem(f"The disk is full. {safe}Free about 1 GB, then start again: it goes on from here.")
    if "DO NOT MATCH THE HASHES" in output:
        return Problem(
            f"A package arrived that is not the one this program was tested with, and was refused. {safe}"
            "Try again on another network; if it stays so, tell the people who make the program."
        )
    if _NETWORK.search(output):
        return Problem(
            f"The packages could not be fetched from the network. {safe}"
            "Check the connection (and pip's proxy or mirror settings), then start again."
        )
    if "Access is denied" in output or "WinError 5" in output or "Permission denied" in output:
        return Problem(
            f"Files in .venv are in use or belong to another user. {safe}"
            "Close the program, or delete the folder .venv as the user who made it, then start again."
        )
    reason = last_line(output).replace("ERROR: ", "")
    if pins_do_not_fit(output):
        return Problem(
            f"A package that the program needs does not exist for this computer ({reason}). {safe}"
            "The program needs a 64-bit Windows 10 or a Linux with glibc 2.28; start again on one of these."
        )
    return Problem(
        f"The packages could not be installed ({reason}). {safe}"
        "Start again; if it stays so, delete the folder .venv and start once more."
    )


def install(venv: Path, kind: str) -> None:
    """Install what is wanted for "run" or "test"; the ranges instead where a pin does not fit the platform.

    Raises:
        Problem: neither could be installed.
    """
    for name in drop_half_installed(venv):
        say(f"{name} was left half-installed: once more.")
    pinned = FILES[kind]
    count = len(re.findall(r"^[A-Za-z0-9]", pinned.read_text(encoding="utf-8"), re.MULTILINE))
    say(f"Installing {count} Python packages (some 200 MB the first time; a minute or more) …")
    status, output = _run_pip([*pip_command(venv), "--require-hashes", "-r", str(pinned)])
    if status != 0 and pins_do_not_fit(output):
        reason = last_line(output).replace("ERROR: ", "")
        say(f"A pinned version does not fit here ({reason}): taking the ranges of pyproject.toml.")
        status, output = _run_pip([*pip_command(venv), *ranges(kind)])
    if status != 0:
        raise explain(output)
    link_checkout(venv)


def link_checkout(venv: Path) -> None:
    """Let the environment's Python find the program from every folder.

    The path is relative, so that it survives a moved checkout and needs no encoding of a Chinese folder name.
    """
    for folder in site_packages_of(venv):
        up = "/".join([".."] * len(folder.relative_to(venv.parent).parts))
        (folder / "desktop_crm_checkout.pth").write_text(up + "\n", encoding="ascii")


def _run_pip(command: list[str]) -> tuple[int, str]:
    """Run pip, naming the packages as they arrive; return its status and everything it printed."""
    lines = []
    with subprocess.Popen(
        command,
        env=child_environment(PYTHONUNBUFFERED="1"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            lines.append(line)
            if re.search(r"Downloading \S+\.whl.*\([\d.]+ MB\)", line):
                say("  " + line.strip())
    return process.returncode, "".join(lines)
