"""What the system must bring on Linux: the libraries Qt is linked to, and Debian's packages of them.

Here: what is missing, which package holds it, and installing it where that is allowed. Windows brings all of
these itself. Not here: Python packages.
"""

from __future__ import annotations

import ctypes
import os
import re
import shutil
from pathlib import Path
from typing import Iterable, Mapping

from installer.terminal import Problem, last_line, run, say

# Library -> Debian package, read off `ldd` of PySide6-Essentials 6.11 on Debian 12. Later releases still
# provide these names where they renamed the package (libglib2.0-0t64).
BASE = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libX11.so.6": "libx11-6",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libstdc++.so.6": "libstdc++6",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
}
X11 = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
WAYLAND = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}
# Only printing needs it, so that it is installed with the others but stops nobody.
PRINTING = {"libcups.so.2": "libcups2"}

_BY_SCREEN = {"xcb": X11, "wayland": WAYLAND}
_PACKAGES = {**BASE, **X11, **WAYLAND, **PRINTING}
_PLUGINS = {"xcb": "libqxcb.so", "wayland": "libqwayland.so"}
_APT_LISTS = Path("/var/lib/apt/lists")


def screen_kind(environ: Mapping[str, str]) -> str:
    """Where Qt will draw: "xcb", "wayland" or "offscreen".

    X11 comes first where both are there, because it is the one that ends the program if a library is missing.
    """
    chosen = environ.get("QT_QPA_PLATFORM", "").split(":")[0].split(";")[0]
    if chosen:
        return chosen if chosen in _BY_SCREEN else "offscreen"
    if environ.get("DISPLAY"):
        return "xcb"
    return "wayland" if environ.get("WAYLAND_DISPLAY") else "offscreen"


def missing_libraries(screen: str) -> list[str]:
    """The libraries Qt needs for this kind of screen that cannot be loaded, in the tables' order."""
    return _unloadable({**BASE, **_BY_SCREEN.get(screen, {})})


def missing_for_printing() -> list[str]:
    """The libraries without which Qt finds no printer."""
    return _unloadable(PRINTING)


def _unloadable(names: Iterable[str]) -> list[str]:
    return [name for name in names if not _loads(name)]


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def packages_for(libraries: Iterable[str]) -> list[str]:
    """Debian's packages of these libraries, each once, sorted; a library nobody knows is left out."""
    return sorted({_PACKAGES[name] for name in libraries if name in _PACKAGES})


def parse_missing(output: str) -> list[str]:
    """The libraries that an ImportError or `ldd` reports as not found, each once, in their order."""
    found = re.findall(r"(lib\S+?\.so[.\d]*)(?=: cannot open shared object| => not found)", output)
    return list(dict.fromkeys(found))


def check_qt(python: Path, screen: str) -> list[str]:
    """Load Qt in a child, for this kind of screen, and return the libraries it misses.

    The plugin of the screen is asked through `ldd`, because Qt ends the program where it cannot load it.

    Raises:
        Problem: Qt does not load for another reason than a missing library.
    """
    code = "import PySide6, PySide6.QtWidgets, PySide6.QtPrintSupport; print(PySide6.__path__[0])"
    status, output = run([str(python), "-c", code])
    if status != 0:
        missing = parse_missing(output)
        if not missing:
            raise Problem(
                f"Qt, which draws the window, does not load on this computer ({last_line(output)}). "
                "Nothing outside .venv was changed. Qt needs Windows 10 or a Linux with glibc 2.28, on a "
                "64-bit processor; if this is one, delete the folder .venv and start again."
            )
        return missing
    if screen not in _PLUGINS:
        return []
    plugin = Path(last_line(output), "Qt", "plugins", "platforms", _PLUGINS[screen])
    return parse_missing(run(["ldd", str(plugin)])[1])


def admin_prefix() -> list[str] | None:
    """What to write before a command to run it as administrator, unasked; None where we may not."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and run(["sudo", "-n", "true"])[0] == 0:
        return ["sudo", "-n"]
    return None


def install(packages: list[str], prefix: list[str]) -> bool:
    """Install Debian packages as the administrator; say what happens and return whether it worked."""
    say("Installing system packages: " + " ".join(packages) + " …")
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-o", "DPkg::Lock::Timeout=120"]
    status, output = run([*apt, "update"])
    if status != 0:  # one broken source out of many is common and often does not matter
        say("The lists of packages could not all be refreshed; going on with those that are here.")
    install_them = [*apt, "install", "-y", "--no-install-recommends"]
    status, output = run([*install_them, *packages])
    if status != 0:  # one name that this release does not know stops them all
        say(f"The system's installer refused ({last_line(output)}): one after the other …")
        status = max([run([*install_them, package])[0] for package in packages])
    return status == 0


def install_command(packages: list[str], has_sudo: bool, has_lists: bool) -> str:
    """The one line that a person can copy to install these packages on a Debian-like system."""
    command = "apt-get install -y --no-install-recommends " + " ".join(packages)
    if not has_sudo:
        return f"su -c '{'' if has_lists else 'apt-get update && '}{command}'"
    return f"{'' if has_lists else 'sudo apt-get update && '}sudo {command}"


def refusal(packages: list[str], libraries: list[str]) -> Problem:
    """The problem that names everything missing and the one command that brings it."""
    unknown = [name for name in libraries if name not in _PACKAGES]
    if not shutil.which("apt-get") or not packages:
        names = ", ".join([*libraries, *(name for name in packages if name.endswith("-venv"))])
        return Problem(
            f"This system lacks what the program needs: {names}. Nothing else was changed. "
            "Install these with the system's own package tool, then start again."
        )
    command = install_command(packages, bool(shutil.which("sudo")), _has_apt_lists())
    also = f" (and whatever brings {', '.join(unknown)})" if unknown else ""
    return Problem(
        "This system lacks packages that the program needs, and only its administrator may install them. "
        f"Nothing was changed. Run this line once{also}, then start again:\n\n  {command}\n"
    )


def _has_apt_lists() -> bool:
    return any(_APT_LISTS.glob("*_Packages*"))
