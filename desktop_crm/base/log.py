"""The log file: what the program did, by ids, never names, phones or notes.

Libraries write into the same log and know no such rule: of what they say only who said it is kept, and of an error only its
kind and the places in the program, because its message may quote a customer.
"""

from __future__ import annotations

import logging
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

_NAME = "desktop_crm"
FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


_Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Discreet(logging.Formatter):
    """Writes what this program says, and of libraries and errors only what cannot quote anybody."""

    def format(self, record: logging.LogRecord) -> str:
        """One entry."""
        # others may have put the message there
        own = logging.makeLogRecord({**record.__dict__, "exc_text": None})
        if record.name.split(".")[0] != _NAME:
            own.msg, own.args = "(said something)", None
        return super().format(own)

    def formatException(self, ei: _Raised) -> str:  # noqa: N802  the name is logging's
        """Kind of the error, and where it came from, without its message."""
        kind, _error, places = ei
        lines = [
            f"  {Path(step.filename).name}:{step.lineno} {step.name}" for step in traceback.extract_tb(places)
        ]
        return "\n".join([*lines, kind.__qualname__ if kind is not None else ""])


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
    handler.setFormatter(Discreet(FORMAT))
    root.addHandler(handler)
    return path
