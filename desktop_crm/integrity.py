"""Whether the shop's file, indexes and totals are in order; each finding says what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from desktop_crm.base.i18n import N_, _
from desktop_crm.shop import Shop
from desktop_crm.store import integrity as store_integrity
from desktop_crm.store.rows import Database

_RESTORE = N_("Restore the newest backup into a new folder.")
_REPORT = N_("The customers are safe; please report this as a bug of the program.")

CHECKS: tuple[tuple[str, Callable[[Database], int], str, str], ...] = (
    ("pages", store_integrity.bad_pages, N_("{count} pages of the file are damaged."), _RESTORE),
    (
        "structure",
        store_integrity.broken_structure,
        N_("The structure of the file is damaged in {count} places."),
        _RESTORE,
    ),
    (
        "references",
        store_integrity.dangling_references,
        N_("{count} rows refer to something that is gone."),
        _RESTORE,
    ),
    ("parts", store_integrity.missing_parts, N_("{count} triggers or indexes are missing."), _RESTORE),
    (
        "search",
        store_integrity.unindexed_customers,
        N_("{count} customers are missing from the search or wrongly in it."),
        N_("Change and save those cards, or export and import them again."),
    ),
    (
        "totals",
        store_integrity.wrong_totals,
        N_("{count} sales have a total that is not the sum of their lines."),
        _REPORT,
    ),
    (
        "refunds",
        store_integrity.overpaid_refunds,
        N_("Of {count} sales more was refunded than paid."),
        N_("Look at those refunds."),
    ),
    (
        "tiers",
        store_integrity.untiered_customers,
        N_("{count} customers have no tier yet."),
        N_("Run the re-tier; it gives them one."),
    ),
    (
        "cases",
        store_integrity.stale_case_states,
        N_("{count} complaints show a state that is not their latest step."),
        _REPORT,
    ),
)
"""Each check: key, what counts the trouble, the sentence about it, the mend."""


@dataclass(frozen=True)
class Finding:
    """One thing that is not in order.

    Attributes:
        key: which check. count: how many rows or places.
        what: a sentence. mend: what to do.
    """

    key: str
    count: int
    what: str
    mend: str


def check(shop: Shop) -> list[Finding]:
    """Everything that is not in order, the gravest first; empty when all is well."""
    found = []
    with shop.reading() as db:
        for key, count_trouble, what, mend in CHECKS:
            count = count_trouble(db)
            if count:
                found.append(Finding(key, count, _(what).format(count=count), _(mend)))
    return found
