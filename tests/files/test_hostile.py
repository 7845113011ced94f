"""Hostile files and mutants: each gets its verdict in time, and neither the program nor its reader fills the memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from desktop_crm.files import reading
from desktop_crm.files.prescan import Limits
from tests.files import hostile, mutants, workbooks
from tests.files.locked_workbooks import PASSWORD, lock

PROGRAM_MB, READER_MB, SECONDS = 300, 1024, 60
ROOT = Path(__file__).parent.parent.parent
Measured = dict[str, tuple[str, float, int, int]]


def run(module: str, *arguments: str) -> str:
    """What a module of the tests prints, run in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT, capture_output=True, text=True, timeout=280, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Measured:
    """Every hostile file, rehearsed one after another in one process: verdict, seconds, memory so far."""
    printed = run(hostile.__name__, str(tmp_path_factory.mktemp("hostile")))
    found = (json.loads(line) for line in printed.splitlines())
    return {name: (verdict, seconds, program, reader) for name, verdict, seconds, program, reader in found}


@pytest.mark.parametrize("name", hostile.FILES)
def test_a_hostile_file_gets_its_verdict(measured: Measured, name: str) -> None:
    verdict, seconds, program, reader = measured[name]
    assert verdict.split()[0] in hostile.FILES[name][1]
    assert seconds <= SECONDS
    assert program <= PROGRAM_MB
    assert reader <= READER_MB


def test_a_key_that_takes_for_ever_is_given_up(tmp_path: Path) -> None:
    path = lock(workbooks.xlsx(tmp_path / "a.xlsx", workbooks.sheet("")))
    content = path.read_bytes()
    slow = b'spinCount="9999999" '
    assert content.count(b'spinCount="100000" ') == 1
    path.write_bytes(content.replace(b'spinCount="100000" ', slow)[: len(content)])
    with pytest.raises(reading.ReaderTooSlow):
        reading.read(path, password=PASSWORD, limits=Limits(seconds=3))


def test_every_mutant_gets_a_verdict() -> None:
    found: dict[str, Any] = json.loads(run(mutants.__name__, "200", "2026"))
    verdicts = found["verdicts"]
    assert sum(verdicts.values()) == 200
    assert not [name for name in verdicts if name.endswith("ReaderTooSlow")]
    assert {name.split()[0] for name in verdicts if name.endswith(" read")} == {
        "csv",
        "ods",
        "vcf",
        "xls",
        "xlsx",
    }
    assert found["slowest"][0] < SECONDS
