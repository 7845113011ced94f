"""The parent's side of the reader child: start it, wait with a limit, kill it. What it parses is engines.py's business.

Only waiting counts against the time limit: a child that is held up because the program is busy is not slow.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from desktop_crm.files import reader_child
from desktop_crm.files.lost import Packed
from desktop_crm.files.wire import Message, TooLong, receive, send

_PACKAGE_PARENT = Path(__file__).resolve().parent.parent.parent
_TICK = 0.2
_FAREWELL = 10.0
_PATIENCE = 2.0
_SECONDS_PER_ROW = 0.01
_LONGEST_MESSAGE = 48 << 20


class Failure(Exception):
    """The child gave up or was given up: kind as in engines.Refused, or "died", "slow"."""

    def __init__(self, kind: str, detail: str = "") -> None:
        super().__init__(kind)
        self.kind = kind
        self.detail = detail


class Child:
    """One child process reading one file.

    Args:
        job: what reader_child.py is to do.
        seconds: how long it may be waited for; rows that come give it some more.
    """

    def __init__(self, job: dict[str, Any], seconds: float) -> None:
        self._seconds = seconds
        self._memory = int(job["memory"])
        self._waited = 0.0
        self._since: float | None = None
        self._killed = ""
        self._done = False
        self._ended = threading.Event()
        self._process = subprocess.Popen(
            _command(job),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._watch = threading.Thread(target=self._watch_time, name="reader-child-watch", daemon=True)
        self._watch.start()

    def begin(self, errors: Mapping[str, Packed], worked: float = 0.0) -> Message:
        """Wait until the file is open and let the rows come; returns the "book" message.

        Args:
            errors: sheet name -> cells whose value is lost.
            worked: seconds that the child had already, while the parent was busy with the same file.
        """
        self._waited += worked
        head = self._next()
        self._since = time.monotonic()
        self.tell(("go", errors))
        self._pause()
        return head

    def tell(self, message: Message) -> None:
        """Send the child something that its job waits for."""
        with suppress(BrokenPipeError, OSError):  # a dead child shows at the next message
            send(_pipe(self._process.stdin), message)

    def messages(self) -> Iterator[Message]:
        """All messages after "book", without the last, "done"."""
        while True:
            message = self._next()
            if message[0] == "done":
                self._done = True
                return
            if message[0] == "rows":  # the faster they come, the longer it may go on
                self._waited = max(0.0, self._waited - len(message[1]) * _SECONDS_PER_ROW)
            elif message[0] == "bytes":
                self._waited = 0.0
            yield message

    def close(self) -> None:
        """End the child, whatever it is doing; one that is done ends by itself and is waited for only a little."""
        self._ended.set()
        if not self._done:
            self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):  # unsent bytes of a dead child
                _pipe(pipe).close()
        self._watch.join(_PATIENCE if self._done else None)

    def _next(self) -> Message:
        self._since = time.monotonic()
        try:
            message = receive(_pipe(self._process.stdout), _LONGEST_MESSAGE)
        except TooLong as error:
            raise Failure("memory") from error
        except (ValueError, EOFError, TypeError) as error:
            raise Failure("died") from error
        finally:
            self._pause()
        if self._killed:
            raise Failure(self._killed)
        if message is None:
            raise Failure("died")
        if message[0] == "fail":
            self._done = True
            raise Failure(message[1], message[2])
        return message

    def _pause(self) -> None:
        since, self._since = self._since, None
        if since is not None:
            self._waited += time.monotonic() - since

    def _watch_time(self) -> None:
        while not self._ended.wait(_TICK):
            since = self._since
            if since is not None and self._waited + time.monotonic() - since > self._seconds:
                self._killed = "slow"
            if sys.platform == "win32":
                if _memory_of(self._process) > self._memory:
                    self._killed = "memory"
            if self._killed:
                self._process.kill()
                break
        try:
            self._process.wait(_FAREWELL)
        except subprocess.TimeoutExpired:  # pragma: no cover  it has nothing left to do
            self._process.kill()
            self._process.wait()


def _pipe(pipe: IO[bytes] | None) -> Any:  # BinaryIO to wire.py, and never None here
    assert pipe is not None
    return pipe


def _command(job: dict[str, Any]) -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, reader_child.FLAG, json.dumps(job)]
    return [sys.executable, "-m", reader_child.__name__, json.dumps(job)]


def _environment() -> dict[str, str]:
    """The environment, with this package importable whatever the working folder is."""
    paths = [str(_PACKAGE_PARENT), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in paths if path), "PYTHONUTF8": "1"}


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    class _MemoryCounters(ctypes.Structure):
        """PROCESS_MEMORY_COUNTERS of psapi.h."""

        _fields_ = (
            ("cb", wintypes.DWORD),
            ("page_faults", wintypes.DWORD),
            ("peak_working_set", ctypes.c_size_t),
            ("working_set", ctypes.c_size_t),
            ("quota_peak_paged", ctypes.c_size_t),
            ("quota_paged", ctypes.c_size_t),
            ("quota_peak_nonpaged", ctypes.c_size_t),
            ("quota_nonpaged", ctypes.c_size_t),
            ("pagefile", ctypes.c_size_t),
            ("peak_pagefile", ctypes.c_size_t),
        )

    def _memory_of(process: subprocess.Popen[bytes]) -> int:
        """Bytes the child has committed; 0 where Windows does not say."""
        counters = _MemoryCounters()
        counters.cb = ctypes.sizeof(counters)
        ask = ctypes.windll.psapi.GetProcessMemoryInfo
        ask.argtypes = [wintypes.HANDLE, ctypes.POINTER(_MemoryCounters), wintypes.DWORD]
        if not ask(int(process._handle), ctypes.byref(counters), counters.cb):
            return 0
        return int(counters.pagefile)
