"""The command line reads and writes beside the open window, as processes of their own: neither loses a change."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

from pytestqt.qtbot import QtBot

from desktop_crm import history, tags
from desktop_crm.shop import Shop
from desktop_crm.ui.main_window import MainWindow
from tests.flows.conftest import quiet

ROOT = Path(__file__).resolve().parents[2]
ROWS = 300


def command(shop: Shop, home: Path, *arguments: str) -> subprocess.Popen[str]:
    """A command of the program for this shop, beside its window."""
    places = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("DATA", "CONFIG", "STATE", "CACHE")}
    return subprocess.Popen(
        [sys.executable, "-m", "desktop_crm", "--shop", str(shop.folder), "--json", *arguments],
        cwd=ROOT,
        env=os.environ | places,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def answer(process: subprocess.Popen[str]) -> dict[str, Any]:  # JSON values
    out, said = process.communicate(timeout=120)
    assert process.returncode == 0, said
    found = json.loads(out)
    assert isinstance(found, dict)
    return found


def list_of(path: Path, first: int) -> Path:
    lines = ["姓名,手机"] + [f"新客{first + row},139{first + row:08d}" for row in range(ROWS)]
    path.write_text("\n".join(lines), "utf-8")
    return path


def test_two_commands_and_the_window_write_at_once(
    window: MainWindow, sample_shop: Shop, own_places: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    before = int(sample_shop.db.value("SELECT count(*) FROM customers"))
    told: set[str] = set()
    window.jobs.changed.connect(lambda kinds, by: told.update(kinds) if by is None else None)
    imports = [
        command(sample_shop, own_places, "import", str(list_of(tmp_path / f"{first}.csv", first)))
        for first in (10_000, 20_000)
    ]
    made: list[int] = []
    after_the_end = 0
    while after_the_end < 3:
        after_the_end += all(process.poll() is not None for process in imports)
        window.jobs.change(partial(tags.add, name=f"拍照{len(made)}"), made.append)
        quiet(qtbot, window)
    answers = [answer(process) for process in imports]
    assert [found["files"][0]["new"] for found in answers] == [ROWS, ROWS]
    assert sample_shop.db.value("SELECT count(*) FROM customers") == before + 2 * ROWS
    names = {name for (name,) in sample_shop.db.rows("SELECT name FROM tags")}
    assert {f"拍照{place}" for place in range(len(made))} <= names
    own = {change.id for change in history.changes(sample_shop, 500) if "tags" in change.kinds.split(",")}
    theirs = [found["change_id"] for found in answers]
    assert min(own) < min(theirs)
    assert max(own) > max(theirs), "they wrote between the window's changes, or nothing was tested"
    window.jobs.look_for_news()
    assert "customers" in told


def test_a_command_reads_what_the_window_has_just_saved(
    window: MainWindow, sample_shop: Shop, own_places: Path, qtbot: QtBot
) -> None:
    window.jobs.change(lambda shop: tags.add(shop, "开业老客"))
    quiet(qtbot, window)
    found = answer(command(sample_shop, own_places, "history", "--limit", "5"))
    (seen,) = [change for change in found["changes"] if "开业老客" in change["label"]]
    undone = answer(command(sample_shop, own_places, "undo", str(seen["change_id"])))
    assert undone
    assert sample_shop.db.value("SELECT count(*) FROM tags WHERE name = '开业老客'") == 0
