"""The log file: what the program did, by ids, never names, phones or notes."""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

_NAME = "desktop_crm"
FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


def start(folder: Path) -> Path:
    """Log into `folder`/desktop-crm.log (1 MB, three old ones kept) and return the file's path.

    A folder that cannot be written to leaves the program without a log rather than without a start. Started again,
    it goes on in the new folder only.
    """
    path = folder / "desktop-crm.log"
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    for old in [handler for handler in root.handlers if handler.get_name() == _NAME]:
        root.removeHandler(old)
        old.close()
    handler: logging.Handler
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=1_000_000, backupCount=3, encoding="utf-8", delay=True)
    except OSError:
        handler = logging.NullHandler()
    handler.set_name(_NAME)
    handler.setFormatter(logging.Formatter(FORMAT))
    root.addHandler(handler)
    return path
