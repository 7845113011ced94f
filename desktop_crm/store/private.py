"""A private database beside the shop: temporary, encrypted with a key that is never stored, gone when it is closed.

What a crash leaves behind of it is noise. What lies in it is the business of those who open it.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
import tempfile
import weakref
from pathlib import Path

import sqlcipher3.dbapi2 as driver


class PrivateFile:
    """An open private database. May be used from any thread, by one at a time.

    Args:
        suffix: of the file's name. cache_kib: how much of it is held in memory.
    """

    def __init__(self, suffix: str, cache_kib: int) -> None:
        handle, name = tempfile.mkstemp(prefix="desktop-crm-", suffix=suffix)
        os.close(handle)
        self.path = Path(name)
        self.key = secrets.token_hex(48)
        self.connection: sqlite3.Connection = driver.connect(
            f"{self.path.as_uri()}?mode=rwc", uri=True, isolation_level=None, check_same_thread=False
        )
        self._end = weakref.finalize(self, _discard, self.connection, self.path)
        for pragma in (
            f"key = \"x'{self.key}'\"",
            "cipher_log_level = NONE",
            "main.journal_mode = OFF",
            "main.synchronous = OFF",
            "temp_store = MEMORY",
            f"main.cache_size = -{cache_kib}",
        ):
            self.connection.execute(f"PRAGMA {pragma}")

    def close(self) -> None:
        """Throw everything away."""
        self._end()


def _discard(connection: sqlite3.Connection, path: Path) -> None:
    connection.close()
    path.unlink(missing_ok=True)
