"""Saving atomically: the old file or the new one, and a sentence when it cannot be."""

from __future__ import annotations

import errno
import os
import resource
from pathlib import Path
from typing import BinaryIO

import pytest

from desktop_crm.base.errors import CrmError
from desktop_crm.files import atomic


def test_a_file_is_written_and_nothing_else_is_left(tmp_path: Path) -> None:
    atomic.save(tmp_path / "月报.pdf", b"new")
    assert (tmp_path / "月报.pdf").read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["月报.pdf"]


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), atomic.DiskFull),
        (PermissionError(errno.EACCES, "Permission denied"), atomic.FolderReadOnly),
        (OSError(errno.EROFS, "Read-only file system"), atomic.FolderReadOnly),
        (OSError(errno.EIO, "Input/output error"), atomic.NotSaved),
        (ValueError("a bug"), ValueError),
        (KeyboardInterrupt(), KeyboardInterrupt),
    ],
)
def test_the_old_file_stays_whatever_fails(
    tmp_path: Path, error: BaseException, expected: type[BaseException]
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")

    def fill(file: BinaryIO) -> None:
        file.write(b"half")
        raise error

    with pytest.raises(expected) as caught:
        atomic.write(path, fill)
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a.xlsx"]
    assert not isinstance(caught.value, CrmError) or str(caught.value).endswith((".", "again."))


def test_a_file_over_the_systems_limit_is_a_full_disk(tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(atomic.DiskFull, match="not enough room"):
            atomic.save(tmp_path / "a", b"x" * 100_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert os.listdir(tmp_path) == []


def test_a_folder_that_is_gone(tmp_path: Path) -> None:
    with pytest.raises(atomic.FolderMissing, match="does not exist"):
        atomic.save(tmp_path / "gone" / "a.pdf", b"")
    (tmp_path / "file").write_text("")
    with pytest.raises(atomic.FolderMissing):
        atomic.save(tmp_path / "file" / "a.pdf", b"")


def test_a_file_that_cannot_be_replaced(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").mkdir()
    with pytest.raises(atomic.FileBusy, match="open in another program or is a folder"):
        atomic.save(tmp_path / "a.pdf", b"x")
    assert os.listdir(tmp_path) == ["a.pdf"]


def test_a_name_that_is_too_long(tmp_path: Path) -> None:
    with pytest.raises(atomic.NotSaved, match="could not be saved"):
        atomic.save(tmp_path / ("长" * 200), b"x")
    assert os.listdir(tmp_path) == []
