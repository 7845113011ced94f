"""Whether the shop's file, indexes and totals are in order; each finding says what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from desktop_crm import search
from desktop_crm.base.i18n import N_, _
from desktop_crm.shop import Shop
from desktop_crm.store import customer_figures
from desktop_crm.store import integrity as store_integrity
from desktop_crm.store.rows import Database

_RESTORE = N_("Restore the newest backup into a new folder.")
_REPORT = N_("The customers are safe; please report this as a bug of the program.")

CHECKS: tuple[tuple[str, Callable[[Database], int], str, str], ...] = (
    ("pages", store_integrity.bad_pages, N_("Damaged pages of the file: {count}."), _RESTORE),
    (
        "structure",
        store_integrity.broken_structure,
        N_("Damaged places in the structure of the file: {count}."),
        _RESTORE,
    ),
    (
        "references",
        store_integrity.dangling_references,
        N_("Rows that refer to something that is gone: {count}."),
        _RESTORE,
    ),
    (
        "parts",
        store_integrity.missing_parts,
        N_("Missing parts of the file (triggers, indexes): {count}."),
        _RESTORE,
    ),
    (
        "search",
        store_integrity.unindexed_customers,
        N_("Customers missing from the search, or wrongly in it: {count}."),
        N_("Build the search anew; it takes a moment and changes no card."),
    ),
    (
        "figures",
        customer_figures.wrong,
        N_("Customers whose figures in lists are not those of their card: {count}."),
        N_("Make the figures anew; it takes a moment and changes no card."),
    ),
    (
        "merged",
        store_integrity.on_merged_cards,
        N_("Numbers, sales and accounts that hang on a card which went into another one: {count}."),
        _REPORT,
    ),
    (
        "totals",
        store_integrity.wrong_totals,
        N_("Sales whose total is not the sum of their lines: {count}."),
        _REPORT,
    ),
    (
        "refunds",
        store_integrity.overpaid_refunds,
        N_("Sales of which more was refunded than paid: {count}."),
        N_("Look at those refunds."),
    ),
    (
        "accounts",
        store_integrity.wrong_accounts,
        N_("Sales on account that the ledger does not know so: {count}."),
        _REPORT,
    ),
    (
        "tiers",
        store_integrity.untiered_customers,
        N_("Customers who bought and have no tier: {count}."),
        N_("Run the re-tier; it gives them one."),
    ),
    (
        "cases",
        store_integrity.stale_case_states,
        N_("Complaints whose state is not that of their latest step: {count}."),
        _REPORT,
    ),
)
"""Each check: key, what counts the trouble, the sentence about it, the mend."""


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


def check(shop: Shop) -> list[Finding]:
    """Everything that is not in order, the gravest first; empty when all is well.

    Where pages are damaged, nothing further is looked at: reading them would fail.
    """
    found = []
    with shop.reading() as db:
        for key, count_trouble, what, mend in CHECKS:
            count = count_trouble(db)
            if count:
                found.append(Finding(key, count, _(what).format(count=count), _(mend), key in _MENDS))
                if key == "pages":
                    break
    return found


def mend(shop: Shop, key: str) -> None:
    """Do what the finding `key` says, where it is mendable."""
    _MENDS[key](shop)


def _renew_figures(shop: Shop) -> None:
    with shop.upkeep():
        customer_figures.mark_all(shop.db)


_MENDS: dict[str, Callable[[Shop], None]] = {"search": search.rebuild, "figures": _renew_figures}
