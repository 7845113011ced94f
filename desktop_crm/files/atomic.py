"""Saving a file so that a power cut leaves either the old one or the new one, never half of one."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _


class FolderMissing(CrmError):
    """The folder that is to hold the file does not exist."""


class FolderReadOnly(CrmError):
    """Nothing may be written into the folder."""


class DiskFull(CrmError):
    """There is no room for the file."""


class FileBusy(CrmError):
    """Another program holds the file open (Windows)."""


class NotSaved(CrmError):
    """The system refused to write, for a reason of its own."""


def save(path: Path, content: bytes) -> None:
    """Write a whole file; see `write`."""
    write(path, lambda file: file.write(content))


def write(path: Path, fill: Callable[[BinaryIO], object]) -> None:
    """Let `fill` write into a new file beside `path`, then put it in the place of `path`.

    When anything fails, also inside `fill`, the old file stays and the new one is gone.

    Raises:
        CrmError: a small class per cause: folder missing or read-only, disk full, file open elsewhere.
    """
    draft(path, fill).put()


def draft(path: Path, fill: Callable[[BinaryIO], object]) -> Draft:
    """Let `fill` write into a new file beside `path` that is not in its place yet; when anything fails, it is gone.

    Raises:
        CrmError: as `write`.
    """
    part = path.with_name(f".{path.name[:40]}.{secrets.token_hex(4)}.part")
    try:
        with open(part, "xb") as file:
            fill(file)
            file.flush()
            os.fsync(file.fileno())
    except BaseException as error:
        _remove(part)
        if isinstance(error, OSError):
            raise _failure(path, error) from error
        raise
    return Draft(path, part)


@dataclass(frozen=True)
class Draft:
    """A whole file that is not in its place yet.

    Attributes:
        path: where it is to be. part: where it is.
    """

    path: Path
    part: Path

    def put(self) -> None:
        """Put it in its place; when that fails, the old file stays and this one is gone.

        Raises:
            CrmError: as `write`.
        """
        try:
            os.replace(self.part, self.path)
        except OSError as error:
            _remove(self.part)
            raise _busy(self.path, error) from error
        sync_folder(self.path.parent)

    def drop(self) -> None:
        """Throw it away, if it is still there."""
        _remove(self.part)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut; Windows has no such thing and needs none."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _remove(part: Path) -> None:
    with suppress(OSError):
        part.unlink()


def _busy(path: Path, error: OSError) -> CrmError:
    if isinstance(error, IsADirectoryError | PermissionError):
        return FileBusy(
            _(
                "{file} could not be replaced: it is open in another program or is a folder. "
                "The old one is unchanged. Close it there or choose another name, and save again."
            ).format(file=path.name)
        )
    return _failure(path, error)


def _failure(path: Path, error: OSError) -> CrmError:
    folder = path.parent
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return DiskFull(
            _(
                "There is not enough room on the disk for {file}. What was there before is unchanged. "
                "Free some space or choose another disk, and save again."
            ).format(file=path.name)
        )
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return FolderMissing(
            _("The folder {folder} does not exist (any more). Choose another one and save again.").format(
                folder=folder
            )
        )
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return FolderReadOnly(
            _(
                "Nothing may be written into the folder {folder}. Nothing was changed. Choose another one and save again."
            ).format(folder=folder)
        )
    return NotSaved(
        _("{file} could not be saved ({reason}). What was there before is unchanged.").format(
            file=path.name, reason=error.strerror or error
        )
    )
