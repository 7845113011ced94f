"""The pins against the ranges, the stamp, an interrupted pip, and the sentence for each way pip fails."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from installer import requirements
from installer.terminal import Problem

KINDS = ["run", "test"]


def pins(kind: str) -> list[Requirement]:
    """The pinned requirements of a file, hashes left out; a package may be pinned once for each Python."""
    lines = requirements.FILES[kind].read_text(encoding="utf-8").splitlines()
    return [Requirement(line.removesuffix("\\")) for line in lines if line and line[0].isalnum()]


@pytest.mark.parametrize("kind", KINDS)
def test_every_range_has_a_pin_that_satisfies_it(kind: str) -> None:
    for wanted in map(Requirement, requirements.ranges(kind)):
        name = canonicalize_name(wanted.name)
        versions = [
            str(pin.specifier).removeprefix("==") for pin in pins(kind) if canonicalize_name(pin.name) == name
        ]
        assert versions, f"{name} is not pinned"
        assert all(version in wanted.specifier for version in versions), f"{name} {versions}"


def test_the_tests_run_on_exactly_the_versions_that_the_program_runs_on() -> None:
    def versions(kind: str) -> set[str]:  # a pin of both may be needed by the tests on more platforms
        return {f"{canonicalize_name(pin.name)}{pin.specifier}" for pin in pins(kind)}

    assert versions("run") <= versions("test")


@pytest.mark.parametrize("kind", KINDS)
def test_every_pin_is_exact_and_has_hashes(kind: str) -> None:
    blocks = re.split(
        r"^(?=[A-Za-z0-9])", requirements.FILES[kind].read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    for block in filter(str.strip, blocks):
        assert re.match(r"[a-z0-9-]+==[0-9][^\s;]*( ; .+)? \\\n", block), block[:80]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", block), block[:80]


@pytest.mark.parametrize("kind", KINDS)
def test_the_files_name_no_place_to_fetch_from(kind: str) -> None:
    text = requirements.FILES[kind].read_text(encoding="utf-8")
    assert "//" not in text
    assert set(re.findall(r"--[a-z-]+", text)) == {"--hash"}


def test_qt_stays_below_the_version_that_aborts_python_3_11() -> None:
    qt = next(wanted for wanted in map(Requirement, requirements.ranges("run")) if "PySide6" in wanted.name)
    assert "6.11.3" in qt.specifier
    assert "6.12.0" not in qt.specifier


def test_what_was_installed_for_the_tests_is_enough_for_the_program() -> None:
    stamp = requirements.after_install({}, "test")
    assert requirements.is_installed(stamp, "test")
    assert requirements.is_installed(stamp, "run")


def test_what_was_installed_for_the_program_is_not_enough_for_the_tests() -> None:
    stamp = requirements.after_install({}, "run")
    assert requirements.is_installed(stamp, "run")
    assert not requirements.is_installed(stamp, "test")


def test_a_change_of_one_pin_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stamp = requirements.after_install({}, "run")
    other = tmp_path / "requirements.txt"
    other.write_text(requirements.FILES["run"].read_text(encoding="utf-8").replace("==", "===", 1))
    monkeypatch.setitem(requirements.FILES, "run", other)
    assert not requirements.is_installed(stamp, "run")


def test_new_pins_of_the_program_make_the_tests_install_again() -> None:
    before = {"installed": {"run": "older", "test": "older"}}
    assert "test" not in requirements.after_install(before, "run")["installed"]


def test_the_stamp_is_read_as_it_was_written(tmp_path: Path) -> None:
    stamp = {**requirements.after_install({}, "test"), "screens": ["xcb"]}
    requirements.write_stamp(tmp_path, stamp)
    assert requirements.read_stamp(tmp_path) == stamp
    assert [path.name for path in tmp_path.iterdir()] == [requirements.STAMP]


@pytest.mark.parametrize(
    "content", [None, b"", b"{", b"[1]", b"\xff\xfe", json.dumps({"installed": 3}).encode()]
)
def test_a_damaged_stamp_counts_as_nothing_installed(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / requirements.STAMP).write_bytes(content)
    assert not requirements.is_installed(requirements.read_stamp(tmp_path), "run")


def package(site: Path, name: str, *files: str) -> None:
    """A folder as pip leaves it, finished or not."""
    info = site / f"{name}.dist-info"
    info.mkdir(parents=True)
    for file in ("METADATA", *files):
        (info / file).touch()


@pytest.mark.parametrize("site", ["lib/python3.11/site-packages", "Lib/site-packages"])
def test_packages_that_pip_did_not_finish_are_forgotten(tmp_path: Path, site: str) -> None:
    package(tmp_path / site, "whole-1", "INSTALLER", "RECORD")
    package(tmp_path / site, "cut-2")
    package(tmp_path / site, "nearly-3", "RECORD")
    assert requirements.drop_half_installed(tmp_path) == ["cut-2.dist-info", "nearly-3.dist-info"]
    assert [path.name for path in (tmp_path / site).iterdir()] == ["whole-1.dist-info"]


@pytest.mark.parametrize("site", ["lib/python3.11/site-packages", "Lib/site-packages"])
def test_the_checkout_is_found_from_the_environment_also_after_a_move(tmp_path: Path, site: str) -> None:
    folder = tmp_path / "店铺" / ".venv" / site
    folder.mkdir(parents=True)
    requirements.link_checkout(tmp_path / "店铺" / ".venv")
    (link,) = folder.glob("*.pth")
    assert (folder / link.read_text(encoding="ascii").strip()).resolve() == tmp_path / "店铺"


UNFIT = "ERROR: Could not find a version that satisfies the requirement x==2 (from versions: 1)\n" + (
    "ERROR: No matching distribution found for x==2\n"
)
OFFLINE = "WARNING: Retrying after connection broken by 'NewConnectionError: Failed to establish a new connection'\n"


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        (UNFIT, True),
        (OFFLINE + UNFIT.replace("versions: 1", "versions: none"), False),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", False),
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", False),
    ],
)
def test_the_ranges_are_taken_only_where_a_pin_does_not_fit(output: str, expected: bool) -> None:
    assert requirements.pins_do_not_fit(output) is expected


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        (OFFLINE + UNFIT, "could not be fetched from the network"),
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
            "disk is full",
        ),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "was refused"),
        ("PermissionError: [WinError 5] Access is denied: 'x.pyd'", "Close the program"),
        (UNFIT, r"does not exist for this computer \(No matching distribution found for x==2\)"),
        ("ERROR: ResolutionImpossible: a and b", r"could not be installed \(ResolutionImpossible: a and b\)"),
        ("", "it printed nothing"),
    ],
)
def test_each_way_pip_fails_has_its_sentence(output: str, sentence: str) -> None:
    problem = str(requirements.explain(output))
    assert re.search(sentence, problem)
    assert "start again" in problem.lower() or "try again" in problem.lower()


@pytest.fixture
def venv_with_pip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment whose pip is a script that obeys the file `pins` and `ranges`: "ok" or what it prints."""
    pip = tmp_path / "pip.py"
    pip.write_text(
        "import pathlib, sys\n"
        "kind = 'pins' if '--require-hashes' in sys.argv else 'ranges'\n"
        "with pathlib.Path(__file__).with_name('asked').open('a') as asked: asked.write(kind + ' ')\n"
        "answer = pathlib.Path(__file__).with_name(kind).read_text()\n"
        "sys.exit(0 if answer == 'ok' else (print(answer), 1)[1])\n"
    )
    (tmp_path / "lib" / "python3.11" / "site-packages").mkdir(parents=True)
    monkeypatch.setattr(requirements, "pip_command", lambda _: [sys.executable, str(pip)])
    return tmp_path


@pytest.mark.parametrize(
    ("pinned", "by_ranges", "asked"), [("ok", "ok", ["pins"]), (UNFIT, "ok", ["pins", "ranges"])]
)
def test_the_pins_come_first_and_the_ranges_where_they_do_not_fit(
    venv_with_pip: Path, pinned: str, by_ranges: str, asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    (venv_with_pip / "pins").write_text(pinned)
    (venv_with_pip / "ranges").write_text(by_ranges)
    requirements.install(venv_with_pip, "run")
    assert (venv_with_pip / "asked").read_text().split() == asked
    assert ("taking the ranges" in capsys.readouterr().err) is (len(asked) == 2)


def test_without_a_network_the_ranges_are_not_even_tried(venv_with_pip: Path) -> None:
    (venv_with_pip / "pins").write_text(OFFLINE + UNFIT)
    with pytest.raises(Problem, match="network"):
        requirements.install(venv_with_pip, "run")
    assert (venv_with_pip / "asked").read_text().split() == ["pins"]
