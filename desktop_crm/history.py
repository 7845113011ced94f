"""Undo, redo and the list of what was done by whom; the mechanism itself is in store/journal.py.

Ctrl+Z takes back the latest step of the person at the counter, of today; `undo` takes back any step that still
has its before-images. An undo is a change of its own, which is why it can be redone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import N_, _, ngettext
from desktop_crm.records.history import StoredChange
from desktop_crm.settings import JOURNAL_DAYS, JOURNAL_ROWS
from desktop_crm.shop import Shop
from desktop_crm.store import journal
from desktop_crm.store.journal import LeftAlone


class NothingToUndo(CrmError):
    """There is no step to take back or to redo."""


class CannotUndo(CrmError):
    """The step exists but cannot be taken back."""


@dataclass(frozen=True)
class Undone:
    """What an undo or redo did.

    Attributes:
        change_id: the new change. label: the step that was taken back or redone.
        kinds: the nouns that changed.
        left: rows left alone because they were built upon since.
        again: it was a redo.
    """

    change_id: int
    label: str
    kinds: frozenset[str]
    left: tuple[LeftAlone, ...]
    again: bool = False

    def sentence(self) -> str:
        """What happened, for a toast."""
        words = _("Done again: {label}") if self.again else _("Undone: {label}")
        first = words.format(label=self.label)
        if not self.left:
            return first
        rest = ngettext(
            "{count} row stayed as it is, because it was changed since.",
            "{count} rows stayed as they are, because they were changed since.",
            len(self.left),
        )
        return _("{first}. {rest}").format(first=first, rest=rest.format(count=len(self.left)))


_THINGS = {
    "customers": N_("Customers"),
    "phones": N_("Telephone numbers"),
    "devices": N_("Devices"),
    "purchases": N_("Purchases"),
    "purchase_lines": N_("Lines of purchases"),
    "refunds": N_("Refunds"),
    "followups": N_("Follow-ups"),
    "interactions": N_("Contacts"),
    "complaints": N_("Complaints"),
    "complaint_steps": N_("Steps of complaints"),
    "customer_tiers": N_("Tiers"),
    "customer_tags": N_("Tags on cards"),
    "products": N_("Products"),
    "staff": N_("Staff"),
    "settings": N_("Settings"),
    "consents": N_("Consents"),
    "relations": N_("Relations"),
    "notes": N_("Notes"),
    "custom_fields": N_("Fields of your own"),
    "custom_values": N_("Values of your own fields"),
    "after_sales_terms": N_("After-sales terms"),
    "views": N_("Views"),
    "merges": N_("Merged cards"),
    "balance_entries": N_("Accounts of customers"),
    "survey_answers": N_("Survey answers"),
}
"""Tables that people have a word for; the others only hang on these."""


def changes(shop: Shop, limit: int = 100, before_id: int | None = None) -> list[StoredChange]:
    """The newest steps first."""
    return journal.changes(shop.db, limit, before_id)


def what_changed(shop: Shop, change_id: int) -> list[tuple[str, int]]:
    """What a step wrote: kind of thing in words, and how many; the most first. Empty where it is too long ago."""
    return [
        (_(_THINGS[table]), count) for table, count in journal.touched(shop.db, change_id) if table in _THINGS
    ]


def redo_of(shop: Shop, change_id: int) -> Undone:
    """Do a step again that was undone, whenever that was.

    Raises:
        CannotUndo: it stands, or its undoing can no longer be taken back.
    """
    found = journal.change(shop.db, change_id)
    undoing = journal.change(shop.db, found.undone_by) if found and found.undone_by else None
    if found is None or undoing is None:
        raise CannotUndo(_("This step was not undone."))
    return replace(
        _revert(shop, undoing, _("Redo: {label}").format(label=found.label), found.label), again=True
    )


def next_undo(shop: Shop) -> StoredChange | None:
    """The step that Ctrl+Z would take back."""
    return journal.latest_undoable(shop.db, shop.staff_id, shop.today().isoformat())


def next_redo(shop: Shop) -> StoredChange | None:
    """The undo that Ctrl+Y would take back."""
    return journal.latest_redoable(shop.db, shop.staff_id, shop.today().isoformat())


def undo(shop: Shop, change_id: int | None = None) -> Undone:
    """Take a step back: the given one, or the latest of the person at the counter, of today.

    Raises:
        NothingToUndo: there is none.
        CannotUndo: there is no such step, it was undone already, its before-images are gone, or all of it was
            changed since.
    """
    found = next_undo(shop) if change_id is None else journal.change(shop.db, change_id)
    if found is None and change_id is not None:
        raise CannotUndo(_("There is no step number {number}. Nothing was changed.").format(number=change_id))
    if found is None:
        raise NothingToUndo(_("There is nothing to undo. Older steps are on the History page."))
    return _revert(shop, found, _("Undo: {label}").format(label=found.label), found.label)


def redo(shop: Shop) -> Undone:
    """Take the latest undo back.

    Raises:
        NothingToUndo: nothing was undone since the latest step.
    """
    found = next_redo(shop)
    if found is None:
        raise NothingToUndo(_("There is nothing to redo."))
    first = journal.change(shop.db, found.undo_of or 0)
    label = first.label if first else found.label
    return replace(_revert(shop, found, _("Redo: {label}").format(label=label), label), again=True)


def tidy(shop: Shop) -> int:
    """Forget how to undo what is older or more than the settings keep; answer how many steps that were.

    Days count back from the newest step where that is earlier than today, so that a PC whose clock stands years
    ahead forgets nothing.
    """
    newest = journal.newest_day(shop.db)
    today = shop.today() if newest is None else min(shop.today(), date.fromisoformat(newest))
    edge = (today - timedelta(days=shop.get(JOURNAL_DAYS))).isoformat()
    with shop.upkeep():
        return journal.trim(shop.db, edge, shop.get(JOURNAL_ROWS))


def _revert(shop: Shop, found: StoredChange, label: str, shown: str) -> Undone:
    if found.undone_by is not None:
        raise CannotUndo(_("“{label}” was already undone.").format(label=found.label))
    if not found.undoable:
        raise CannotUndo(
            _(
                "“{label}” can no longer be undone: it is too old, or from before an update of the program."
            ).format(label=found.label)
        )
    kinds = frozenset(found.kinds.split(",")) if found.kinds else frozenset()
    with shop.change(label, kinds, undo_of=found.id) as change:
        left = journal.revert(shop.db, found.id)
        if left and not journal.wrote_anything(shop.db, change.id):
            raise CannotUndo(
                _(
                    "Nothing of “{label}” was undone: all of it was changed since. Undo the later steps first, in History."
                ).format(label=found.label)
            )
        journal.mark_undone(shop.db, found.id, change.id)
    return Undone(change.id, shown, kinds, tuple(left))
