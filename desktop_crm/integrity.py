"""Whether the shop's file, indexes, totals, trail and keys are in order; each finding says what to do about it.

Of a large file each check looks at enough to find what is wrong in seconds; a thorough one looks at everything. The
questions themselves are in store/integrity.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from desktop_crm import audit, backup, person, search, tiers
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import N_, _
from desktop_crm.shop import Shop
from desktop_crm.store import customer_figures, key_file
from desktop_crm.store import integrity as store
from desktop_crm.store.errors import ShopDamaged
from desktop_crm.store.rows import Database, known_failures

Tell = Callable[[int, int], None]
"""Told (checks done, checks in all) now and then; what it raises ends the check."""

_RESTORE = N_("Restore the newest backup into a new folder.")
_REPORT = N_("The customers are safe; please report this as a bug of the program.")
_STEPS = 500_000
"""SQLite's steps between two looks whether the check shall end."""


@dataclass(frozen=True)
class Finding:
    """One thing that is not in order.

    Attributes:
        key: which check. count: how many rows or places.
        what: a sentence. mend: what to do. mendable: `mend` does it.
    """

    key: str
    count: int
    what: str
    mend: str
    mendable: bool = False


@dataclass
class _Look:
    """One look at a shop: what the checks ask, and what several of them need."""

    shop: Shop
    db: Database
    thorough: bool

    @cached_property
    def trouble(self) -> list[str]:
        """What SQLite says of the file; of a large one only where a short look finds something."""
        if not self.thorough and not store.trouble_of_tables(self.db) and not store.short_indexes(self.db):
            return []
        if not self.thorough and store.bad_pages(self.db):
            raise ShopDamaged
        return store.trouble(self.db)

    def structure(self) -> int:
        """Damaged places."""
        return sum(not store.is_about_index(text) for text in self.trouble)

    def indexes(self) -> int:
        """Places in indexes that are not what their tables say."""
        return sum(map(store.is_about_index, self.trouble))

    def figures(self) -> int:
        """Customers whose kept figures are wrong."""
        if self.thorough:
            return customer_figures.wrong(self.db)
        return customer_figures.wrong_in_short(self.db, self.shop.today().toordinal())

    def trail(self) -> int:
        """What is wrong with the audit trail, compared with the newest backup, too."""
        newest = backup.newest_whole(self.shop)
        anchor = newest[1].audit if newest is not None else ""
        return sum(flaw.kind != "left" for flaw in audit.verify(self.shop, anchor).flaws)

    def keys(self) -> int:
        """Copies of the key file that are missing, damaged or out of date."""
        try:
            return len(key_file.bad_copies(self.shop.folder))
        except CrmError:  # neither can be read; the shop is open all the same
            return len(key_file.NAMES)

    def backups(self) -> int:
        """Backups that cannot be read."""
        return backup.damaged(self.shop)

    def erased(self) -> int:
        """Cards of erased people that are back."""
        return len(person.to_erase_again(self.shop))


@dataclass(frozen=True)
class Check:
    """One check: what counts the trouble, the sentence about it, the mend in words."""

    key: str
    count: Callable[[_Look], int]
    what: str
    mend: str


def _of(question: Callable[[Database], int]) -> Callable[[_Look], int]:
    return lambda look: question(look.db)


_INDEXES = Check(
    "indexes",
    _Look.indexes,
    N_("Places where an index of the file does not agree with its table: {count}."),
    N_("Make the indexes anew; it takes a moment and changes no card."),
)
"""Found together with what is wrong with the structure, and told where nothing else is."""

CHECKS: Final = (
    Check("structure", _Look.structure, N_("Damaged places in the structure of the file: {count}."), _RESTORE),
    Check(
        "references",
        _of(store.dangling_references),
        N_("Rows that refer to something that is gone: {count}."),
        _RESTORE,
    ),
    Check("parts", _of(store.missing_parts), N_("Missing parts of the file (triggers, indexes): {count}."), _RESTORE),
    Check(
        "journal",
        _of(store.open_steps),
        N_("Steps that were never ended: {count}."),
        N_("End them; nothing that was entered is lost."),
    ),
    Check(
        "search",
        _of(store.unindexed_customers),
        N_("Customers missing from the search, or wrongly in it: {count}."),
        N_("Build the search anew; it takes a moment and changes no card."),
    ),
    Check(
        "figures",
        _Look.figures,
        N_("Customers whose figures in lists are not those of their card: {count}."),
        N_("Make the figures anew; it takes a moment and changes no card."),
    ),
    Check(
        "merged",
        _of(store.on_merged_cards),
        N_("Numbers, sales and accounts that hang on a card which went into another one: {count}."),
        _REPORT,
    ),
    Check("totals", _of(store.wrong_totals), N_("Sales whose total is not the sum of their lines: {count}."), _REPORT),
    Check(
        "refunds",
        _of(store.overpaid_refunds),
        N_("Sales of which more was refunded than paid: {count}."),
        N_("Look at those refunds."),
    ),
    Check(
        "accounts",
        _of(store.wrong_accounts),
        N_("Sales on account that the ledger does not know so: {count}."),
        _REPORT,
    ),
    Check(
        "points",
        _of(store.wrong_points),
        N_("Entries of points about a sale of somebody else: {count}."),
        _REPORT,
    ),
    Check(
        "tiers",
        _of(store.untiered_customers),
        N_("Customers who bought and have no tier: {count}."),
        N_("Run the re-tier; it gives them one."),
    ),
    Check(
        "cases",
        _of(store.stale_case_states),
        N_("Complaints whose state is not that of their latest step: {count}."),
        _REPORT,
    ),
    Check(
        "audit",
        _Look.trail,
        N_("Places where the audit trail was changed or cut: {count}."),
        N_("Look at the audit trail and verify it with a printed report; keep the newest backups apart."),
    ),
    Check(
        "erased",
        _Look.erased,
        N_("Cards of people who were erased, and are back with an older backup: {count}."),
        N_("Erase them again; that cannot be undone."),
    ),
    Check(
        "keys",
        _Look.keys,
        N_("Copies of the key file that are missing or damaged: {count}."),
        N_("Write them anew from the good one."),
    ),
    Check(
        "backups",
        _Look.backups,
        N_("Backups that cannot be read any more: {count}."),
        N_("Make a new backup now; the damaged files are in the folder “backups” of the shop."),
    ),
)  # fmt: skip
"""Everything that is looked at once the pages are whole, the gravest first."""

_PAGES = Check(
    "pages", lambda look: store.bad_pages(look.db), N_("Damaged pages of the file: {count}."), _RESTORE
)


KEYS: Final = (_PAGES.key, *(each.key for each in CHECKS))
"""Every check, in the order in which they are made."""


def check(shop: Shop, *, thorough: bool = False, tell: Tell = lambda _done, _total: None) -> list[Finding]:
    """Everything that is not in order, the gravest first; empty when all is well.

    Where pages are damaged, nothing further is looked at: reading them would fail.

    Args:
        thorough: also of a large file look at every row and every index; that takes minutes.
    """
    found = []
    thorough = thorough or not store.is_large(shop.db)
    for key in KEYS:
        finding = _one(shop, key, thorough, tell)
        if finding is not None:
            found.append(finding)
            if finding.key == _PAGES.key:
                return [finding]
    return found


def check_one(shop: Shop, key: str, tell: Tell = lambda _done, _total: None) -> Finding | None:
    """Only the check `key`, one of KEYS: for who has time for one at a time. Any of them may come upon damaged pages."""
    return _one(shop, key, not store.is_large(shop.db), tell)


def _one(shop: Shop, key: str, thorough: bool, tell: Tell) -> Finding | None:
    place = KEYS.index(key)
    tell(place, len(KEYS))
    if key == _PAGES.key and not thorough:
        shop.read_anew()  # what the old connection has in memory would not be read from the disk
        return None
    if key == _PAGES.key:
        pages = _bad_pages(shop)
        return _finding(_PAGES, pages) if pages else None
    each = CHECKS[place - 1]
    try:
        with (
            known_failures(),
            shop.reading() as db,
            db.watched(lambda _steps: tell(place, len(KEYS)), _STEPS),
        ):
            look = _Look(shop, db, thorough)
            count = each.count(look)
            if not count and each.key == "structure":
                each, count = _INDEXES, look.indexes()
    except ShopDamaged:
        shop.read_anew()  # SQLCipher reads nothing more on a connection that met a damaged page
        return _finding(_PAGES, max(1, _bad_pages(shop)))
    return _finding(each, count) if count else None


def mend(shop: Shop, key: str) -> None:
    """Do what the finding `key` says, where it is mendable.

    Raises:
        NotAllowed: nothing was changed.
    """
    shop.require("backups" if key == "backups" else "settings")
    _MENDS[key](shop)


def _finding(of: Check, count: int) -> Finding:
    return Finding(of.key, count, _(of.what).format(count=f"{count:,}"), _(of.mend), of.key in _MENDS)


def _bad_pages(shop: Shop) -> int:
    """Damaged pages; looked at again with the log put away and nobody writing, where there seem to be some."""
    count = store.bad_pages(shop.db)
    if not count:
        return 0
    try:
        shop.settle()
        with shop.upkeep():
            return store.bad_pages(shop.db)
    except CrmError:  # what is damaged cannot be put away
        return count


def _renew_figures(shop: Shop) -> None:
    with shop.upkeep():
        customer_figures.mark_all(shop.db)


def _renew_indexes(shop: Shop) -> None:
    with shop.upkeep():
        store.make_indexes_anew(shop.db)


def _end_steps(shop: Shop) -> None:
    with shop.upkeep():
        store.end_open_steps(shop.db)


def _give_tiers(shop: Shop) -> None:
    tiers.apply(shop, tiers.proposal(shop))


def _write_keys(shop: Shop) -> None:
    key_file.mend_copies(shop.folder)


def _back_up(shop: Shop) -> None:
    backup.make(shop, "manual")


def _erase_again(shop: Shop) -> None:
    person.reapply(shop)


_MENDS: Final[dict[str, Callable[[Shop], None]]] = {
    "indexes": _renew_indexes,
    "journal": _end_steps,
    "search": search.rebuild,
    "figures": _renew_figures,
    "tiers": _give_tiers,
    "erased": _erase_again,
    "keys": _write_keys,
    "backups": _back_up,
}
