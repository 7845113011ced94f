"""The proof that the last backup is worth something: it is opened like a shop, counted, and some of its cards are read.

What was never tried does not work on the day it is needed; so once a month the program reminds of it.
"""

from __future__ import annotations

import tempfile
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from desktop_crm import backup, card, restore
from desktop_crm.base.dates import from_instant
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _, ngettext
from desktop_crm.settings import IS_DEMO
from desktop_crm.shop import Shop
from desktop_crm.store import backup_state, backups, keys
from desktop_crm.store import restored as store
from desktop_crm.store.backups import Progress

MONTH: Final = timedelta(days=31)
_CARDS: Final = 20


class NothingToProve(CrmError):
    """There is no backup yet."""


@dataclass(frozen=True)
class Proof:
    """What came of the last one.

    Attributes:
        at: instant of it. file: name of the backup. is_good: it was opened and held what it should.
        words: one sentence about it.
    """

    at: str
    file: str
    is_good: bool
    words: str


def last(shop: Shop) -> Proof | None:
    """The last proof, None where there never was one."""
    state = backup_state.read(shop.folder)
    if not state.proved_at:
        return None
    return Proof(state.proved_at, state.proved_file, state.is_proved, state.proved_words)


def run(shop: Shop, progress: Progress | None = None) -> Proof:
    """Open the newest backup like a shop, count what it holds, read some cards; the shop itself is only read.

    Raises:
        NotAllowed, NothingToProve, DiskFull: nothing was proved.
    """
    shop.require("backups")
    made = backup.listing(shop)
    if not made:
        raise NothingToProve(_("There is no backup yet. Make one first."))
    try:
        is_good, words = True, _prove(shop, made[0].path, progress)
    except CrmError as error:
        is_good, words = False, str(error)
    proof = Proof(shop.stamp(), made[0].path.name, is_good, words)
    backup_state.remember(
        shop.folder, proved_at=proof.at, proved_file=proof.file, proved_words=words, is_proved=is_good
    )
    return proof


def reminder(shop: Shop) -> str:
    """What to remind of, at most once a month: that no backup was proved for so long; "" for nothing."""
    state = backup_state.read(shop.folder)
    now, made = shop.now(), backup.listing(shop)
    seen = [from_instant(at) for at in (state.proved_at, state.proof_asked_at) if at]
    if shop.get(IS_DEMO) or not made or any(at <= now < at + MONTH for at in seen):
        return ""
    if not seen and now - from_instant(made[-1].at) < MONTH:
        return ""  # a new shop is asked after its first month
    backup_state.remember(shop.folder, proof_asked_at=shop.stamp())
    return _(
        "No backup was tried out for a month. One key in Settings › Backups opens the last one and counts it."
    )


def _prove(shop: Shop, file: Path, progress: Progress | None) -> str:
    with tempfile.TemporaryDirectory(prefix="desktop-crm-") as scratch:
        place = Path(scratch)
        backups.unpack(file, place, restore.key_of(shop), progress)
        opened = keys.unlock(place, present=shop.keys)
        with closing(Shop.open_with(place, opened, shop.clock)) as copy:
            ids = store.spread(copy.db, _CARDS)
            for customer_id in ids:
                card.gather(copy, customer_id)
            held = backups.living(copy.db)
    now = backups.living(shop.db)
    words = ngettext(
        "It opened and holds {held} customers (now there are {now}). {count} card was read through.",
        "It opened and holds {held} customers (now there are {now}). {count} cards were read through.",
        len(ids),
    )
    return words.format(held=f"{held:,}", now=f"{now:,}", count=len(ids))
