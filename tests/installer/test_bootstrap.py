"""The order of the set-up and its sentences; the steps themselves have files of their own."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from installer import bootstrap, environment, requirements, run, system_libraries, test
from installer.terminal import Problem

SCRIPTS = sorted(
    p for p in (bootstrap.CHECKOUT / "installer").glob("*.py") if p.name != "texts.py"
)  # a developer's tool


@pytest.mark.parametrize("version", [(2, 7), (3, 7), (3, 9), (3, 10)])
def test_an_older_python_is_refused_in_one_sentence_that_names_both_versions(
    version: tuple[int, int],
) -> None:
    with pytest.raises(Problem) as refused:
        bootstrap.check_version(version, "installer/run.py")
    assert "needs Python 3.11 or newer" in str(refused.value)
    assert f"this is Python {version[0]}.{version[1]}" in str(refused.value)
    assert "installer/run.py" in str(refused.value)


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 20), (4, 0)])
def test_a_newer_python_is_accepted(version: tuple[int, int]) -> None:
    bootstrap.check_version(version, "installer/run.py")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_an_older_python_can_read_the_scripts_as_far_as_the_refusal(script: Path) -> None:
    tree = ast.parse(script.read_text(encoding="utf-8"), feature_version=(3, 7))
    imported = {
        name.split(".")[0]
        for node in tree.body
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name in (
            [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
        )
    }
    assert "tomllib" not in imported
    assert imported <= {*sys.stdlib_module_names, "installer"}


def test_a_problem_becomes_its_sentence_and_a_failed_exit(capsys: pytest.CaptureFixture[str]) -> None:
    def refuse() -> int:
        raise Problem("The disk is full.")

    assert bootstrap.guarded(refuse) == 1
    assert capsys.readouterr() == ("", "The disk is full.\n")


def test_a_refusal_of_the_system_names_the_file_and_shows_no_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "gone" / "file"

    def write() -> int:
        return missing.write_text("x")

    assert bootstrap.guarded(write) == 1
    said = capsys.readouterr().err
    assert str(missing) in said
    assert "Traceback" not in said
    assert said.count("\n") == 1


def test_an_interrupted_set_up_says_that_the_next_start_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    def interrupt() -> int:
        raise KeyboardInterrupt

    assert bootstrap.guarded(interrupt) == 130
    assert "goes on from here" in capsys.readouterr().err


@pytest.fixture
def finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A .venv that an earlier run finished, for the program and without a screen."""
    venv = tmp_path / ".venv"
    environment.python_of(venv).parent.mkdir(parents=True)
    monkeypatch.setattr(bootstrap, "CHECKOUT", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV", venv)
    monkeypatch.setattr(environment, "is_whole", lambda folder: folder == venv)
    stamp = requirements.after_install({}, "run")
    requirements.write_stamp(venv, {**stamp, "screens": ["offscreen"]})
    return venv


def test_a_finished_environment_is_used_without_another_step(finished: Path) -> None:
    assert bootstrap.prepare("run", "offscreen") == environment.python_of(finished)
    assert not (finished.parent / ".venv.lock").exists()


def test_a_new_kind_of_screen_is_tried_once_and_noted(
    finished: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    def check_qt(_: Path, screen: str) -> list[str]:
        tried.append(screen)
        return []

    monkeypatch.setattr(bootstrap, "_bring_from_system", lambda *_: None)
    monkeypatch.setattr(system_libraries, "check_qt", check_qt)

    bootstrap.prepare("run", "xcb")
    bootstrap.prepare("run", "xcb")

    assert tried == ["xcb"]
    assert requirements.read_stamp(finished)["screens"] == ["offscreen", "xcb"]


def test_other_pins_are_installed_before_anything_else_is_believed(
    finished: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = []

    def check_qt(*_: object) -> list[str]:
        done.append("qt")
        return []

    monkeypatch.setattr(bootstrap, "_bring_from_system", lambda *_: None)
    monkeypatch.setattr(requirements, "install", lambda _, kind: done.append(kind))
    monkeypatch.setattr(system_libraries, "check_qt", check_qt)

    bootstrap.prepare("test", "offscreen")
    bootstrap.prepare("run", "offscreen")

    assert done == ["test", "qt"]


def test_the_administrator_is_told_everything_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(environment, "pip_source", lambda: None)
    monkeypatch.setattr(environment, "download_pip", lambda _: None)
    monkeypatch.setattr(system_libraries, "admin_prefix", lambda: None)
    monkeypatch.setattr(system_libraries, "missing_libraries", lambda _: ["libEGL.so.1"])
    monkeypatch.setattr(system_libraries, "missing_for_printing", lambda: ["libcups.so.2"])
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")

    with pytest.raises(Problem) as refused:
        bootstrap._bring_from_system("offscreen", True, tmp_path)

    venv = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    command = next(line for line in str(refused.value).splitlines() if "apt-get install" in line)
    assert command.endswith(f"sudo apt-get install -y --no-install-recommends libcups2 libegl1 {venv}")


def test_missing_printing_alone_stops_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(environment, "pip_source", lambda: "ensurepip")
    monkeypatch.setattr(system_libraries, "admin_prefix", lambda: None)
    monkeypatch.setattr(system_libraries, "missing_libraries", lambda _: [])
    monkeypatch.setattr(system_libraries, "missing_for_printing", lambda: ["libcups.so.2"])

    assert bootstrap._bring_from_system("offscreen", True, tmp_path) == "ensurepip"


def test_the_program_gets_the_arguments_of_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    handed: list[list[str]] = []
    monkeypatch.setattr(sys, "argv", ["installer/run.py", "report", "--json"])
    monkeypatch.setattr(bootstrap, "prepare", lambda kind, _: Path(kind, "python"))
    monkeypatch.setattr(bootstrap, "hand_over", lambda command, _: handed.append(command))

    run.main()
    assert handed == [[str(Path("run", "python")), "-m", "desktop_crm", "report", "--json"]]


@pytest.mark.parametrize(("cores", "workers"), [(1, None), (2, "2"), (64, "8")])
def test_the_tests_use_the_cores_that_are_there(cores: int, workers: str | None) -> None:
    command = dict(test.steps("python", cores))["pytest"]
    assert (command[command.index("-n") + 1] if "-n" in command else None) == workers


def test_every_check_runs_after_one_failed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = []

    def call(command: list[str], **_: object) -> int:
        ran.append(command[2])
        return 1 if command[2] == "mypy" else 0

    monkeypatch.setattr("subprocess.call", call)
    assert test.run_steps("python", {}) == ["mypy"]
    assert ran == ["ruff", "ruff", "mypy", "bandit", "pytest", "coverage"]
    assert "== mypy: failed" in capsys.readouterr().out


def test_the_checks_leave_their_files_outside_the_checkout(tmp_path: Path) -> None:
    env = test.environment_in(tmp_path)
    for name in ("TMPDIR", "TMP", "TEMP", "COVERAGE_FILE", "XDG_RUNTIME_DIR"):
        assert Path(env[name]).is_relative_to(tmp_path)
    assert env["QT_QPA_PLATFORM"] == "offscreen"
