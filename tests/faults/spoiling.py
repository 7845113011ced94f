"""The negative controls: what a careless program would do instead, put in the place of what ours does."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import sqlcipher3.dbapi2 as driver

from desktop_crm.store import open as store_open
from desktop_crm.store import seals

Prepare = Callable[..., None]
"""As `store_open._prepare`."""


def with_pragmas(prepare: Prepare, *pragmas: str) -> Prepare:
    """`prepare`, which then sets these on each writing connection."""

    def careless(connection: sqlite3.Connection, *, write: bool, **others: Any) -> None:  # whatever it takes
        prepare(connection, write=write, **others)
        if write:
            with suppress(driver.OperationalError):  # a reader is open: this connection is not spoilt
                for pragma in pragmas:
                    connection.execute(f"PRAGMA {pragma}").fetchall()

    return careless


def _with(*pragmas: str) -> Callable[[], None]:
    def spoil() -> None:
        store_open._prepare = with_pragmas(store_open._prepare, *pragmas)

    return spoil


def _no_folder_sync() -> None:
    real = os.fsync

    def careless(handle: int) -> None:
        if not stat.S_ISDIR(os.fstat(handle).st_mode):
            real(handle)

    os.fsync = careless  # type: ignore[assignment]


def _no_rename() -> None:
    def careless(source: Any, target: Any, **_others: Any) -> None:  # paths, as os.replace takes them
        with open(source, "rb") as whole, open(target, "wb") as written:
            written.write(whole.read())
        os.unlink(source)

    os.replace = os.rename = careless  # type: ignore[assignment]


def cheap() -> None:
    """No careless program: argon2id made cheap, because it is not guessing that is tried here."""
    seals.TIME_COST, seals.MEMORY_KIB, seals.LANES = 1, 64, 1


SPOILINGS: dict[str, Callable[[], None]] = {
    "synchronous_off": _with("synchronous = OFF"),
    "synchronous_normal": _with("synchronous = NORMAL"),
    "rollback_journal": _with("journal_mode = DELETE"),
    "no_folder_sync": _no_folder_sync,
    "no_rename": _no_rename,
    "no_journal": _with("journal_mode = OFF"),
}
