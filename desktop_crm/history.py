"""Undo, redo and the list of what was done by whom; the mechanism itself is in store/journal.py and reverting.py.

Ctrl+Z takes back the latest step of the person at the counter, of today; `undo` takes back any step that still
has its before-images. An undo is a change of its own, which is why it can be redone. It writes only columns that the
step itself changed, and leaves what was built upon since; why, is in words in `Undone.left`. The words are made in
history_words.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from desktop_crm.base.dates import from_instant
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _, ngettext
from desktop_crm.history_fields import THINGS
from desktop_crm.history_words import RowChange as RowChange
from desktop_crm.history_words import Words
from desktop_crm.records.exports import ExportRecord
from desktop_crm.records.history import PROGRAM, StoredChange
from desktop_crm.records.history import Wanted as Wanted
from desktop_crm.rights import ACTIONS, UNDOING
from desktop_crm.settings import JOURNAL_DAYS, JOURNAL_ROWS
from desktop_crm.shop import Shop
from desktop_crm.store import audit as store_audit
from desktop_crm.store import exports, journal, past, reverting
from desktop_crm.store.restoring import Impossible, LeftAlone

EVERYTHING = Wanted()
_MOST_TOLD = 200
"""Rows told of in words; of a step that wrote more, only how many."""


class NothingToUndo(CrmError):
    """There is no step to take back or to redo."""


class CannotUndo(CrmError):
    """The step exists but cannot be taken back; `left` says why, row by row, where that is known."""

    def __init__(self, words: str, left: tuple[Left, ...] = ()) -> None:
        super().__init__(words)
        self.left = left


@dataclass(frozen=True)
class Left:
    """A row, or one field of it, that an undo left as it is.

    Attributes:
        table / row_id / column / why: see `store.restoring.LeftAlone`. words: whose, what, and why it stayed.
    """

    table: str
    row_id: int
    column: str
    why: str
    words: str


@dataclass(frozen=True)
class Undone:
    """What an undo or redo did.

    Attributes:
        change_id: the new change. label: the step that was taken back or redone.
        kinds: the nouns that changed.
        left: what was left alone because it was built upon since; at most the first 200 of `left_count`.
        again: it was a redo.
    """

    change_id: int
    label: str
    kinds: frozenset[str]
    left: tuple[Left, ...]
    left_count: int = 0
    again: bool = False

    def sentence(self) -> str:
        """What happened, for a toast."""
        words = _("Done again: {label}") if self.again else _("Undone: {label}")
        first = words.format(label=self.label)
        if not self.left:
            return first
        if self.left_count == 1:
            return _("{first}. {rest}").format(first=first, rest=self.left[0].words)
        rest = ngettext(
            "{count} thing stayed as it is, because of what was done since.",
            "{count} things stayed as they are, because of what was done since.",
            self.left_count,
        )
        return _("{first}. {rest}").format(first=first, rest=rest.format(count=f"{self.left_count:,}"))


@dataclass(frozen=True)
class Step:
    """One step as listed.

    Attributes:
        when: in shop time, '2026-11-21 10:20'. who: by name, '' where nobody was chosen.
        first: the step that it undoes or does again, where it does; else itself.
    """

    change: StoredChange
    when: str
    who: str
    first: StoredChange

    @property
    def id(self) -> int:
        """The change."""
        return self.change.id

    @property
    def by_program(self) -> bool:
        """Nobody did it by hand: a rule, a reminder, the making of the shop."""
        return self.change.staff_id == PROGRAM


@dataclass(frozen=True)
class CardStep:
    """One step in the history of a card: what it did to that card alone."""

    step: Step
    rows: tuple[RowChange, ...]


# ---------------------------------------------------------------- what was done


def changes(shop: Shop, limit: int = 100, before_id: int | None = None) -> list[StoredChange]:
    """The newest steps first."""
    return journal.changes(shop.db, limit, before_id)


def steps(shop: Shop, which: Wanted = EVERYTHING, limit: int = 100, offset: int = 0) -> list[Step]:
    """The steps that are wanted, the newest first."""
    with shop.reading() as db:
        return _listed(shop, journal.wanted(db, which, _only(shop, which), limit, offset))


def step_of(shop: Shop, change_id: int) -> StoredChange | None:
    """One step, None where there is none with this number."""
    return journal.change(shop.db, change_id)


def count(shop: Shop, which: Wanted = EVERYTHING) -> int:
    """How many steps are wanted."""
    with shop.reading() as db:
        return journal.count(db, which, _only(shop, which))


def _only(shop: Shop, which: Wanted) -> list[int] | None:
    return None if which.customer_id is None else past.changes_of_card(shop.db, which.customer_id)


def people(shop: Shop) -> list[tuple[int | None, str]]:
    """Everybody who ever did a step, by name; `PROGRAM` is the program, None somebody who was not chosen."""
    words = Words(shop)
    return [(staff_id, words.person(staff_id)) for staff_id in journal.people(shop.db)]


def what_changed(shop: Shop, change_id: int) -> list[tuple[str, int]]:
    """What a step wrote: kind of thing in words, and how many; the most first. Empty where it is too long ago."""
    counted = dict(past.touched(shop.db, change_id))
    found = [(_(words), counted[table]) for table, (_one, words) in THINGS.items() if table in counted]
    return sorted(found, key=lambda thing: -thing[1])


def row_changes(shop: Shop, change_id: int, limit: int = _MOST_TOLD) -> list[RowChange]:
    """What a step changed from what to what, in words, of at most `limit` rows; empty where it is too long ago."""
    with shop.reading() as db:
        words = Words(shop)
        told = map(words.row, past.of_change(db, change_id, tuple(THINGS), limit))
        return [each for each in told if each is not None]


def of_card(shop: Shop, customer_id: int, limit: int = 50, before_id: int | None = None) -> list[CardStep]:
    """Everything that was ever done to a card and what hangs on it, the newest steps first.

    Args:
        before_id: only steps older than this change, for the next page.
    """
    with shop.reading() as db:
        words = Words(shop)
        found = past.of_card(db, customer_id, limit, before_id)
        known = {
            change.id: change for change in journal.some(db, [change_id for change_id, _places in found])
        }
        listed = _listed(shop, [known[change_id] for change_id, _places in found])
        told = []
        for step, (change_id, places) in zip(listed, found, strict=True):
            order = list(THINGS)
            places.sort(key=lambda place: order.index(place[0]) if place[0] in THINGS else len(order))
            rows = [words.row(past.of_row(db, change_id, table, row_id)) for table, row_id in places]
            shown = tuple(row for row in rows if row is not None)
            if shown:
                told.append(CardStep(step, shown))
        return told


def export_of(shop: Shop, change_id: int) -> ExportRecord | None:
    """What left the shop by a step, None where it is no export."""
    return exports.of_change(shop.db, change_id)


def listed(shop: Shop, change_ids: Sequence[int]) -> list[Step]:
    """These steps, the newest first."""
    found = sorted(journal.some(shop.db, change_ids), key=lambda change: -change.id)
    return _listed(shop, found)


def _listed(shop: Shop, found: list[StoredChange]) -> list[Step]:
    words, zone = Words(shop), shop.zone
    names = {who: words.person(who) for who in {change.staff_id for change in found} - {None}}
    return [
        Step(
            change,
            f"{from_instant(change.at).astimezone(zone):%Y-%m-%d %H:%M}",
            names.get(change.staff_id, ""),
            _first(shop, change),
        )
        for change in found
    ]


def _first(shop: Shop, change: StoredChange) -> StoredChange:
    while change.undo_of is not None:
        before = journal.change(shop.db, change.undo_of)
        assert before is not None, "a change is never deleted"
        change = before
    return change


# ---------------------------------------------------------------- undo and redo


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
        NotAllowed: the person at the counter may not do what the step did.
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
    if found.is_export:
        raise CannotUndo(
            _(
                "“{label}” cannot be undone: what was written there can be copied and read by anybody who has it."
            ).format(label=found.label)
        )
    if found.erased:
        raise CannotUndo(
            _(
                "“{label}” cannot be undone: it is about somebody whose data was erased for good. Nothing was changed."
            ).format(label=found.label)
        )
    if not found.undoable:
        reason = (
            _(
                "“{label}” can no longer be undone: it is from before an update of the program. Nothing was changed."
            )
            if found.outdated
            else _("“{label}” can no longer be undone: it is too old. Nothing was changed.")
        )
        raise CannotUndo(reason.format(label=found.label))
    kinds = frozenset(found.kinds.split(",")) if found.kinds else frozenset()
    bulk = journal.is_bulk(shop.db, found.id)
    with shop.change(label, kinds, undo_of=found.id, bulk=bulk, action="history.undo") as change:
        _check_may(shop, found)
        try:
            left = reverting.revert(shop.db, found.id)
        except Impossible as error:
            later = journal.change(shop.db, error.later) if error.later else None
            if later is None:
                raise _nothing_undone(found, ()) from error
            words = _("Undo the later merge first: “{label}”. Nothing was changed.")
            raise CannotUndo(words.format(label=later.label)) from error
        shown_left = [each for each in left if each.table in THINGS]  # the rest is the program's own business
        told = _told(shop, shown_left)
        if left and not journal.wrote_anything(shop.db, change.id):
            raise _nothing_undone(found, told)
        journal.mark_undone(shop.db, found.id, change.id)
    return Undone(change.id, shown, kinds, told, len(shown_left))


def _check_may(shop: Shop, found: StoredChange) -> None:
    """Taking a step back, or doing it again, needs the right that the step needed; of no known name, the owner's."""
    step = store_audit.step_of(shop.db, _first(shop, found).id)
    needed = UNDOING.get(step, ACTIONS.get(step, "roles"))
    if needed is not None:
        shop.require(needed)


def _told(shop: Shop, left: list[LeftAlone]) -> tuple[Left, ...]:
    words = Words(shop)
    return tuple(
        Left(each.table, each.row_id, each.column, each.why, words.left(each)) for each in left[:_MOST_TOLD]
    )


def _nothing_undone(found: StoredChange, left: tuple[Left, ...]) -> CannotUndo:
    first = _("Nothing of “{label}” was undone, because of what was done since.").format(label=found.label)
    todo = _("Undo the later steps first, in History.")
    return CannotUndo(" ".join((first, *(each.words for each in left[:1]), todo)), left)
