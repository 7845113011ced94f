"""The list of erased cards beside the backups: keys only, so that an older backup does not bring anybody back.

It says which cards of which shop were erased, and nothing of whom they told. What is done with it is in person.py.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from desktop_crm.store import folders

FILE = "erased.json"


@dataclass(frozen=True, order=True)
class ErasedCard:
    """A card that was erased: its key, the instant of its recording (which tells it from another of that key), and when."""

    id: int
    made_at: str
    at: str


def read(folder: Path, shop_id: str) -> set[ErasedCard]:
    """The erased cards of this shop that the list in `folder` names; none where there is no list that can be read."""
    try:
        whole = json.loads((folder / FILE).read_text("ascii"))
        if whole["shop"] != shop_id:
            return set()
        return {
            ErasedCard(int(card["id"]), str(card["made"]), str(card["erased"])) for card in whole["cards"]
        }
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def add(folder: Path, shop_id: str, cards: Iterable[ErasedCard]) -> None:
    """Make the list in `folder` name these cards too, whole or not at all; a list of another shop is replaced.

    Raises:
        OSError: it cannot be written; the list is as it was.
    """
    known = read(folder, shop_id)
    wanted = known | set(cards)
    if wanted == known:
        return
    body = {
        "shop": shop_id,
        "cards": [{"id": card.id, "made": card.made_at, "erased": card.at} for card in sorted(wanted)],
    }
    part = folder / f"{FILE}.part"
    try:
        with open(part, "w", encoding="ascii") as file:
            json.dump(body, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, folder / FILE)
    finally:
        part.unlink(missing_ok=True)
    folders.sync(folder)
