"""What this computer remembers outside any shop: last shop, language, theme, window sizes; one JSON file.

A file that is missing or damaged means the defaults; these choices are never worth an error.
"""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path

from desktop_crm.base.paths import config_dir

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]

FILE = "machine.json"
LAST_SHOP = "last_shop"
LANGUAGE = "language"


def read(folder: Path | None = None) -> dict[str, Json]:
    """All that is remembered; empty where nothing is."""
    try:
        found = json.loads(((folder or config_dir()) / FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def remember(changes: dict[str, Json], folder: Path | None = None) -> None:
    """Set some of it; a folder that cannot be written to is left alone."""
    place = folder or config_dir()
    whole = read(folder) | changes
    part = place / (FILE + ".part")
    with contextlib.suppress(OSError):
        place.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True), "utf-8")
        os.replace(part, place / FILE)
