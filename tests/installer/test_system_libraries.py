"""What Qt misses on a Linux, which packages bring it, and what the person without rights is told."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from installer import system_libraries
from installer.terminal import Problem

LDD = """\
\tlinux-vdso.so.1 (0x00007f28b8967000)
\tlibQt6XcbQpa.so.6 => /v/PySide6/Qt/plugins/platforms/../../lib/libQt6XcbQpa.so.6 (0x00007f28b8700000)
\tlibxcb-cursor.so.0 => not found
\tlibxcb-icccm.so.4 => not found
\tlibxcb-cursor.so.0 => not found
\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f28b7c00000)
"""
IMPORT_ERROR = "ImportError: libEGL.so.1: cannot open shared object file: No such file or directory\n"


@pytest.mark.parametrize(
    ("environ", "screen"),
    [
        ({}, "offscreen"),
        ({"DISPLAY": ""}, "offscreen"),
        ({"DISPLAY": ":0"}, "xcb"),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "wayland"),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, "xcb"),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}, "offscreen"),
        ({"QT_QPA_PLATFORM": "offscreen:configfile=screen.json"}, "offscreen"),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "wayland;xcb"}, "wayland"),
    ],
)
def test_the_environment_decides_where_qt_draws(environ: dict[str, str], screen: str) -> None:
    assert system_libraries.screen_kind(environ) == screen


@pytest.mark.parametrize(
    ("output", "libraries"),
    [
        (LDD, ["libxcb-cursor.so.0", "libxcb-icccm.so.4"]),
        (IMPORT_ERROR, ["libEGL.so.1"]),
        ("ImportError: /lib/libc.so.6: version `GLIBC_2.34' not found (required by libQt6Core.so.6)", []),
        ("", []),
    ],
)
def test_missing_libraries_are_read_from_ldd_and_from_pythons_error(
    output: str, libraries: list[str]
) -> None:
    assert system_libraries.parse_missing(output) == libraries


def test_no_library_of_x11_is_asked_for_without_a_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_libraries, "_loads", lambda name: False)
    offscreen = system_libraries.packages_for(system_libraries.missing_libraries("offscreen"))
    assert {"libegl1", "libgl1", "libglib2.0-0", "libfontconfig1", "libxkbcommon0", "libdbus-1-3"} <= set(
        offscreen
    )
    assert not [name for name in offscreen if "xcb" in name or "wayland" in name]
    x11 = system_libraries.packages_for(system_libraries.missing_libraries("xcb"))
    assert {"libxcb-cursor0", "libxkbcommon-x11-0", *offscreen} <= set(x11)


def test_only_what_does_not_load_is_asked_for() -> None:
    assert system_libraries._unloadable(["libnobody-has-this.so.9"]) == ["libnobody-has-this.so.9"]
    if sys.platform == "linux":
        assert system_libraries._unloadable(["libc.so.6"]) == []


@pytest.mark.parametrize(
    ("has_sudo", "has_lists", "command"),
    [
        (True, True, "sudo apt-get install -y --no-install-recommends libegl1 libgl1"),
        (
            True,
            False,
            "sudo apt-get update && sudo apt-get install -y --no-install-recommends libegl1 libgl1",
        ),
        (False, True, "su -c 'apt-get install -y --no-install-recommends libegl1 libgl1'"),
        (False, False, "su -c 'apt-get update && apt-get install -y --no-install-recommends libegl1 libgl1'"),
    ],
)
def test_the_command_can_be_copied_as_it_is(has_sudo: bool, has_lists: bool, command: str) -> None:
    assert system_libraries.install_command(["libegl1", "libgl1"], has_sudo, has_lists) == command


def test_a_library_whose_package_nobody_knows_is_named_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    said = str(system_libraries.refusal(["libegl1"], ["libEGL.so.1", "libnew.so.1"]))
    assert "whatever brings libnew.so.1" in said
    assert "libegl1" in said


def test_a_system_without_apt_is_told_the_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    said = str(system_libraries.refusal(["libegl1", "python3.11-venv"], ["libEGL.so.1"]))
    assert "libEGL.so.1, python3.11-venv" in said
    assert "apt-get" not in said
    assert system_libraries.admin_prefix() is None


@pytest.mark.parametrize(
    ("user", "sudo_status", "prefix"), [(0, 1, []), (1000, 0, ["sudo", "-n"]), (1000, 1, None)]
)
def test_packages_are_installed_only_where_that_needs_no_password(
    monkeypatch: pytest.MonkeyPatch, user: int, sudo_status: int, prefix: list[str] | None
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr("os.geteuid", lambda: user, raising=False)
    monkeypatch.setattr(system_libraries, "run", lambda command: (sudo_status, ""))
    assert system_libraries.admin_prefix() == prefix


def test_one_unknown_package_does_not_keep_the_others_away(monkeypatch: pytest.MonkeyPatch) -> None:
    installed: list[str] = []

    def apt(command: list[str]) -> tuple[int, str]:
        if "install" not in command:
            return 0, ""
        names = command[command.index("--no-install-recommends") + 1 :]
        if "libnew1" in names:
            return 100, "E: Unable to locate package libnew1"
        installed.extend(names)
        return 0, ""

    monkeypatch.setattr(system_libraries, "run", apt)
    assert not system_libraries.install(["libegl1", "libnew1", "libgl1"], [])
    assert installed == ["libegl1", "libgl1"]


def test_qt_loads_here() -> None:
    assert system_libraries.check_qt(Path(sys.executable), "offscreen") == []


def test_a_qt_that_does_not_load_for_another_reason_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    reason = "ImportError: /lib/libc.so.6: version `GLIBC_2.34' not found"
    monkeypatch.setattr(system_libraries, "run", lambda _: (1, reason))
    with pytest.raises(Problem, match=r"GLIBC_2\.34"):
        system_libraries.check_qt(Path("python"), "offscreen")


def test_the_plugin_of_the_screen_is_looked_into_because_qt_aborts_without(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def answer(command: list[str]) -> tuple[int, str]:
        asked.append(command[0])
        return (0, LDD) if command[0] == "ldd" else (0, "/v/PySide6\n")

    monkeypatch.setattr(system_libraries, "run", answer)
    assert system_libraries.check_qt(Path("python"), "xcb") == ["libxcb-cursor.so.0", "libxcb-icccm.so.4"]
    assert asked == ["python", "ldd"]
