"""Where .venv has its Python, when it is whole, and how it is made with and without pip."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from installer import environment
from installer.terminal import Problem


@pytest.mark.parametrize(
    ("platform", "python"),
    [("linux", "bin/python"), ("darwin", "bin/python"), ("win32", "Scripts/python.exe")],
)
def test_the_python_lies_where_the_platform_puts_it(platform: str, python: str) -> None:
    assert environment.python_of(Path("v"), platform) == Path("v", python)


def test_an_environment_without_pip_is_not_whole(tmp_path: Path) -> None:
    venv = tmp_path / ".venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
    assert not environment.is_whole(venv)

    (site,) = environment.site_packages_of(venv)
    (site / "pip").mkdir()
    assert environment.is_whole(venv)


@pytest.mark.parametrize("left", [[], ["pyvenv.cfg"], ["pyvenv.cfg", "bin", "lib", "include"]])
def test_a_half_made_environment_is_deleted(tmp_path: Path, left: list[str]) -> None:
    venv = tmp_path / ".venv"
    venv.mkdir()
    for name in left:
        (venv / name).touch()
    assert not environment.is_whole(venv)
    environment.remove(venv)
    assert not venv.exists()


def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path: Path) -> None:
    venv = tmp_path / ".venv"
    venv.mkdir()
    (venv / "letters.txt").write_text("dear shop")
    with pytest.raises(Problem, match="left as it is"):
        environment.remove(venv)
    assert (venv / "letters.txt").read_text() == "dear shop"


def test_a_link_to_another_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    venv = tmp_path / ".venv"
    venv.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Problem, match="left as it is"):
        environment.remove(venv)
    assert (tmp_path / "elsewhere").is_dir()


@pytest.mark.parametrize(
    ("modules", "wheels", "source"),
    [
        ({"ensurepip", "pip"}, ["pip-23.0.1-py3-none-any.whl"], "ensurepip"),
        ({"pip"}, [], "pip"),
        (
            set(),
            ["pip-23.0.1-py3-none-any.whl", "setuptools-66.1.1-py3-none-any.whl"],
            "pip-23.0.1-py3-none-any.whl",
        ),
        (set(), [], None),
    ],
)
def test_pip_comes_from_the_nearest_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, modules: set[str], wheels: list[str], source: str | None
) -> None:
    for wheel in wheels:
        (tmp_path / wheel).touch()
    monkeypatch.setattr(environment, "_DEBIAN_WHEELS", tmp_path)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: object() if name in modules else None)
    found = environment.pip_source()
    assert (Path(found).name if found else None) == source


@pytest.mark.parametrize("source", ["pip", "/usr/share/python-wheels/pip-23.0.1-py3-none-any.whl"])
def test_without_ensurepip_the_environment_is_made_bare_and_pip_added(source: str) -> None:
    bare, add_pip = environment.make_commands(Path(".venv"), source)
    assert bare == [sys.executable, "-m", "venv", "--without-pip", ".venv"]
    assert str(environment.python_of(Path(".venv"))) in add_pip
    assert add_pip[-1] == source


def test_with_ensurepip_one_command_is_enough() -> None:
    assert environment.make_commands(Path(".venv"), "ensurepip") == [[sys.executable, "-m", "venv", ".venv"]]


def test_a_python_that_cannot_make_it_is_a_problem_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Problem, match=r"could not make the folder \.venv \(.*file"):
        environment.make(tmp_path / "file" / ".venv", "ensurepip")
