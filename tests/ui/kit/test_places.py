"""Where a dialog begins to look for a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_crm.ui.kit.places import documents


def test_files_are_offered_in_the_documents_else_at_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    assert documents("报告.pdf") == str(tmp_path / "报告.pdf")
    (tmp_path / "Documents").mkdir()
    assert documents("报告.pdf") == str(tmp_path / "Documents" / "报告.pdf")
    assert documents() == str(tmp_path / "Documents")
