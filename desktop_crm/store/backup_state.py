"""What is remembered about the backups of a shop, beside them: the second place, the last proof, when was asked.

Not in the database: restoring an old backup must not bring an old answer back. A file that is missing or damaged means
nothing is remembered; these answers are asked again, never worth an error.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from desktop_crm.store import backups, folders

FILE = "state.json"


@dataclass(frozen=True)
class BackupState:
    """All of it; instants are "" where it never happened.

    Attributes:
        second: folder of the second place, "" for none. second_at: when it was chosen.
        reached_at: when a backup was last copied there. asked_at: when the person was last reminded of a second place,
            or that it was not reached.
        proved_at: when a backup was last opened for proof. proved_file: which. proved_words: what came of it.
        is_proved: whether it was good. proof_asked_at: when the person was last reminded of it.
        restored_at: when a backup was last put in the place of the shop. restored_from: which.
        restored_over: where the shop that it replaced lies.
    """

    second: str = ""
    second_at: str = ""
    reached_at: str = ""
    asked_at: str = ""
    proved_at: str = ""
    proved_file: str = ""
    proved_words: str = ""
    is_proved: bool = False
    proof_asked_at: str = ""
    restored_at: str = ""
    restored_from: str = ""
    restored_over: str = ""


def read(folder: Path) -> BackupState:
    """What is remembered of the shop in `folder`."""
    try:
        found = json.loads((folder / backups.FOLDER / FILE).read_text("utf-8"))
        known: dict[str, Any] = {
            name: found[name]
            for name, value in asdict(BackupState()).items()
            if type(found.get(name)) is type(value)
        }
    except (OSError, ValueError, AttributeError):
        return BackupState()
    return replace(BackupState(), **known)


def remember(folder: Path, **changes: Any) -> BackupState:  # fields of BackupState, of their own types
    """Set some of it; a folder that cannot be written to is left alone."""
    state = replace(read(folder), **changes)
    place = folder / backups.FOLDER
    part = place / (FILE + ".new")
    with suppress(OSError):
        try:
            place.mkdir(exist_ok=True)
            part.write_text(json.dumps(asdict(state), ensure_ascii=False, indent=1, sort_keys=True), "utf-8")
            os.replace(part, place / FILE)
            folders.sync(place)
        finally:
            part.unlink(missing_ok=True)
    return state
