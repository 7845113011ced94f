"""Writing what an import brings along besides cards: sums of the past, points, balances, and sales left unpaid.

Runs inside the change of the import. Which rows are written is verdicts.py's business, the order of steps applying.py's,
the SQL is in store/import_openings.py.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace

from desktop_crm import openings
from desktop_crm.base.i18n import _
from desktop_crm.openings import Brought
from desktop_crm.shop import Shop
from desktop_crm.store import import_openings as store

SUMS = frozenset(("opening_total", "opening_count", "opening_last"))
FIELDS = SUMS | {"points", "due"}
"""The staged columns that are written here."""
_KINDS = dict.fromkeys(SUMS, "openings") | {"points": "points", "due": "balance", "pay": "balance"}


def kinds(said: Set[str]) -> Set[str]:
    """The nouns that change where a sheet says something in these staged columns."""
    return {_KINDS[name] for name in said & _KINDS.keys()}


def write_new(shop: Shop, import_id: int, said: Set[str]) -> None:
    """What new cards bring along; `said` are the staged columns in which anything stands, others cost nothing."""
    moment = _moment(shop, import_id)
    if said & SUMS:
        store.add_openings(shop.db, moment)
    if "points" in said:
        store.add_points(shop.db, moment)
    if "due" in said:
        store.add_balances(shop.db, moment)


def write_unpaid(shop: Shop, import_id: int) -> None:
    """What imported sales left on account, and what refunds struck off of it; nothing that was brought along counts twice."""
    store.owe_sales(shop.db, import_id)
    store.strike_refunds(shop.db, import_id)
    note = _("Part of the balance brought along")
    store.leave_out_covered(shop.db, _moment(shop, import_id), note)


class Corrections:
    """What rows change on cards that are known: collected, then written at once."""

    def __init__(self) -> None:
        self._sums: dict[int, dict[str, str]] = {}
        self._points: list[tuple[int, int]] = []
        self._due: list[tuple[int, int]] = []

    def add(self, person: int, field: str, new: str) -> None:
        """One change: whose, which of FIELDS, what it becomes."""
        if field == "points":
            self._points.append((person, int(new)))
        elif field == "due":
            self._due.append((person, int(new)))
        else:
            self._sums.setdefault(person, {})[field] = new

    def write(self, shop: Shop, import_id: int) -> None:
        """Write them; ledgers get an entry over what is missing."""
        moment = _moment(shop, import_id)
        for person, new in self._sums.items():
            known = openings.of_customer(shop, person) or Brought()
            openings.put_within(shop, person, _changed(known, new), import_id)
        store.correct_points(shop.db, moment, self._points)
        store.correct_balances(shop.db, moment, self._due)


def _changed(known: Brought, new: dict[str, str]) -> Brought:
    """The sums with what the sheet says; the day up to which they hold is that of the total, without one of the count."""
    if known.total_fen is not None:
        moves = "opening_total" in new
    elif known.purchases is not None:
        moves = "opening_count" in new
    else:
        moves = bool({"opening_total", "opening_count"} & new.keys())
    after = replace(known, day=None) if moves else known
    if "opening_total" in new:
        after = replace(after, total_fen=int(new["opening_total"]) or None)
    if "opening_count" in new:
        after = replace(after, purchases=int(new["opening_count"]) or None)
    if "opening_last" in new:
        after = replace(after, last_day=new["opening_last"])
    return after


def _moment(shop: Shop, import_id: int) -> store.Moment:
    return store.Moment(import_id, shop.stamp(), shop.today().isoformat(), shop.staff_id)
