"""What a killed program left in the temporary folder: tables of an import, a backup that was being tried out.

The tables are locked with keys that died with their program; a backup lies there with its key file, so it must not stay.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Final

PREFIX: Final = "desktop-crm-"
OLD: Final = timedelta(days=2)
"""Nobody leaves an import open for longer; the files of a program that runs are younger."""

log = logging.getLogger(__name__)


def sweep() -> int:
    """Remove what is old, and answer how much; sockets of running windows stay, and so does what is somebody else's.

    By the machine's own clock, which stamps files.
    """
    gone, now = 0, time.time()
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        try:
            age = now - path.lstat().st_mtime
            if age < OLD.total_seconds() or path.is_symlink():
                continue
            if path.is_dir():
                shutil.rmtree(path)
            elif path.is_file():
                path.unlink()
            else:
                continue
        except OSError as error:
            log.info("something old stays in the temporary folder: %s", type(error).__name__)
        else:
            gone += 1
    return gone
