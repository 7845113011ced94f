"""What a killed program left in the temporary folder goes; what is in use, of others or no file of ours stays."""

from __future__ import annotations

import os
import socket
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import pytest

from desktop_crm import leftovers


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary folder of this test's own."""
    place = tmp_path / "t"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    return place


def aged(path: Path, age: timedelta) -> None:
    then = time.time() - age.total_seconds()
    os.utime(path, (then, then), follow_symlinks=False)


def test_only_what_is_old_and_ours_goes(temporary: Path) -> None:
    old, young = timedelta(days=3), timedelta(hours=5)
    for name, age in (("desktop-crm-a.import", old), ("desktop-crm-b.index", young), ("other.import", old)):
        (temporary / name).write_bytes(b"x")
        aged(temporary / name, age)
    tried = temporary / "desktop-crm-tried"
    tried.mkdir()
    (tried / "shop.keys").write_text("{}")
    aged(tried, old)
    (temporary / "desktop-crm-link").symlink_to(temporary / "other.import")
    aged(temporary / "desktop-crm-link", old)
    with socket.socket(socket.AF_UNIX) as heard:
        heard.bind(str(temporary / "desktop-crm-5d3f"))
        aged(temporary / "desktop-crm-5d3f", old)
        assert leftovers.sweep() == 2
    kept = {path.name for path in temporary.iterdir()}
    assert kept == {"desktop-crm-b.index", "other.import", "desktop-crm-link", "desktop-crm-5d3f"}


def test_what_cannot_be_removed_is_no_error(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (temporary / "desktop-crm-a.import").write_bytes(b"x")
    aged(temporary / "desktop-crm-a.import", timedelta(days=3))

    def refuse(_path: Path) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "unlink", refuse)
    assert leftovers.sweep() == 0
