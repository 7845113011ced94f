"""Named views: filters of customers that a shop keeps, in the order it wants, some of them in the rail with live counts.

    view_id = views.add(shop, "本月生日", Filter((Condition("birthday", "month", ("this",)),)))
    who.ids(shop, views.filter_of(views.get(shop, view_id)))

What a filter is stands in who.py; what the list does with one is ui/customers.py's business.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from desktop_crm import who
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import N_, _, ngettext
from desktop_crm.base.values import clean_text
from desktop_crm.records.views import View
from desktop_crm.settings import VIEWS_OFFERED
from desktop_crm.shop import Shop
from desktop_crm.store import views as store
from desktop_crm.who import Condition, Filter

log = logging.getLogger(__name__)

IN_RAIL = 6
"""How many views the rail shows; the others are behind "more"."""

_LONGEST_NAME = 40


class ViewMissing(CrmError):
    """There is no such view."""


class ViewNameWrong(CrmError):
    """A view's name is empty or too long, or another view has it."""


@dataclass(frozen=True)
class Counted:
    """A view and how many customers it names now; None where its filter can no longer be read or asked."""

    view: View
    count: int | None


@dataclass(frozen=True)
class InRail:
    """What the rail shows: the first views with their counts, and how many views there are beyond them."""

    shown: tuple[Counted, ...]
    more: int


@dataclass(frozen=True)
class Proposal:
    """A view that many shops want: its key, its name in the present language, its filter."""

    key: str
    name: str
    filter: Filter


_PROPOSALS: tuple[tuple[str, str, tuple[Condition, ...]], ...] = (
    ("quiet", N_("High value, quiet"), (
        Condition("tier", "is", ("high_value",)), Condition("last_contact", "not_for", "60d"))),
    ("warranty", N_("Warranty ending"), (Condition("warranty", "next", "30d"),)),
    ("birthday", N_("Birthdays"), (Condition("birthday", "month", ("this",)),)),
    ("risk", N_("Leaving us"), (Condition("at_risk", "yes"),)),
    ("balance", N_("Owes us"), (Condition("balance", "at_least", 1),)),
    ("phone", N_("No phone"), (Condition("phone", "empty"),)),
)  # fmt: skip


# ---------------------------------------------------------------- reading


def listing(shop: Shop) -> list[View]:
    """Every view in its order."""
    return store.listing(shop.db)


def get(shop: Shop, view_id: int) -> View:
    """One view.

    Raises:
        ViewMissing
    """
    found = shop.db.get(View, view_id)
    if found is None:
        raise ViewMissing(_("This view is not there any more. Choose another one."))
    return found


def by_name(shop: Shop, name: str) -> View:
    """The view of this name.

    Raises:
        ViewMissing: there is none; the message names those that there are.
    """
    found = store.by_name(shop.db, clean_text(name))
    if found is None:
        names = _(", ").join(view.name for view in listing(shop)) or _("none yet")
        raise ViewMissing(
            _("There is no view “{name}”. The views of this shop: {names}.").format(name=name, names=names)
        )
    return found


def filter_of(view: View) -> Filter:
    """A view's filter.

    Raises:
        FilterNotUnderstood
    """
    return who.from_text(view.filter)


def counted(shop: Shop, found: Sequence[View]) -> list[Counted]:
    """Views with how many customers they name now."""
    with shop.reading():
        return [Counted(view, _count(shop, view)) for view in found]


def rail(shop: Shop) -> InRail:
    """What the rail shows of the views, counted now."""
    with shop.reading():
        every = listing(shop)
        shown = [view for view in every if view.in_rail][:IN_RAIL]
        return InRail(tuple(counted(shop, shown)), len(every) - len(shown))


def _count(shop: Shop, view: View) -> int | None:
    try:
        return who.count(shop, filter_of(view))
    except CrmError as error:
        log.info("view %s cannot be counted: %s", view.id, type(error).__name__)
        return None


# ---------------------------------------------------------------- changing


def add(shop: Shop, name: str, wanted: Filter, *, in_rail: bool = True) -> int:
    """Keep a filter under a name, as the last view, and return its id.

    Raises:
        ViewNameWrong, FilterNotUnderstood, FieldGone: nothing was saved.
    """
    clean = _free_name(shop, name, 0)
    who.clause(shop, wanted)
    with shop.change(_("Add the view {name}").format(name=clean), {"views"}, action="views.add"):
        return _add_within(shop, clean, wanted, in_rail)


def rename(shop: Shop, view_id: int, name: str) -> None:
    """Give a view another name.

    Raises:
        ViewMissing, ViewNameWrong: nothing was saved.
    """
    before = get(shop, view_id)
    clean = _free_name(shop, name, view_id)
    label = _("Rename the view {name} to {other}").format(name=before.name, other=clean)
    with shop.change(label, {"views"}, action="views.rename"):
        shop.db.update(replace(before, name=clean))


def change_filter(shop: Shop, view_id: int, wanted: Filter) -> None:
    """Let a view name other customers.

    Raises:
        ViewMissing, FilterNotUnderstood, FieldGone: nothing was saved.
    """
    before = get(shop, view_id)
    who.clause(shop, wanted)
    with shop.change(
        _("Change the filter of the view {name}").format(name=before.name),
        {"views"},
        action="views.change_filter",
    ):
        shop.db.update(replace(before, filter=who.to_text(wanted)))


def show_in_rail(shop: Shop, view_id: int, shown: bool) -> None:
    """Put a view into the rail, or take it out of it.

    Raises:
        ViewMissing
    """
    before = get(shop, view_id)
    words = _("Show the view {name} in the rail") if shown else _("Take the view {name} out of the rail")
    with shop.change(words.format(name=before.name), {"views"}, action="views.show_in_rail"):
        shop.db.update(replace(before, in_rail=shown))


def move(shop: Shop, view_id: int, steps: int) -> None:
    """Move a view by so many places, negative towards the top; it stops at the ends.

    Raises:
        ViewMissing
    """
    moved = get(shop, view_id)
    order = [view for view in listing(shop) if view.id != view_id]
    place = next(p for p, view in enumerate(listing(shop)) if view.id == view_id)
    order.insert(max(0, min(place + steps, len(order))), moved)
    with shop.change(_("Move the view {name}").format(name=moved.name), {"views"}, action="views.move"):
        for position, view in enumerate(order, start=1):
            if view.position != position:
                store.place(shop.db, view.id, position)


def delete(shop: Shop, view_id: int) -> None:
    """Delete a view; the customers it named are not touched.

    Raises:
        ViewMissing
    """
    gone = get(shop, view_id)
    with shop.change(_("Delete the view {name}").format(name=gone.name), {"views"}, action="views.delete"):
        shop.db.delete(View, view_id)


def asking_for_tag(shop: Shop, tag_id: int) -> list[View]:
    """The views that ask for a tag, in their order."""
    return [view for view, _wanted in _asking(shop, str(tag_id))]


def follow_tag_within(shop: Shop, tag_id: int, into_id: int) -> None:
    """Let the views that ask for a tag ask for the one it was merged into; inside a change."""
    _put_tag_within(shop, str(tag_id), str(into_id))


def drop_tag_within(shop: Shop, tag_id: int) -> None:
    """Let the views that ask for one of several tags go without a deleted one; inside a change.

    Where no other tag is left, or all of them are asked for, the condition stays: without it the view named everybody.
    """
    _put_tag_within(shop, str(tag_id), None)


def _put_tag_within(shop: Shop, old: str, new: str | None) -> None:
    for view, wanted in _asking(shop, old):
        conditions = tuple(_with_tag(each, old, new) for each in wanted.conditions)
        if conditions != wanted.conditions:
            text = who.to_text(replace(wanted, conditions=conditions))
            shop.db.update(replace(view, filter=text))


def _with_tag(condition: Condition, old: str, new: str | None) -> Condition:
    """A condition with another tag in the place of one (None: with one less, where that means the same)."""
    tags = _tags(condition)
    if old not in tags or (new is None and (condition.operator != "any" or len(tags) == 1)):
        return condition
    left = [new if tag == old else tag for tag in tags]
    return replace(condition, value=tuple(dict.fromkeys(tag for tag in left if tag is not None)))


def _tags(condition: Condition) -> tuple[str | int | float, ...]:
    """The tags that a condition asks for."""
    return condition.value if condition.field == "tag" and isinstance(condition.value, tuple) else ()


def _asking(shop: Shop, tag: str) -> list[tuple[View, Filter]]:
    """The views that ask for a tag, with their filters; one that cannot be read asks for nothing."""
    found = []
    for view in listing(shop):
        try:
            wanted = filter_of(view)
        except CrmError:
            continue
        if any(tag in _tags(each) for each in wanted.conditions):
            found.append((view, wanted))
    return found


# ---------------------------------------------------------------- a first set


def proposals(shop: Shop) -> list[Proposal]:
    """Views that a shop without any is offered; empty once it has taken or declined them, or has views of its own."""
    if shop.get(VIEWS_OFFERED) or listing(shop):
        return []
    return [Proposal(key, _(name), Filter(conditions)) for key, name, conditions in _PROPOSALS]


def take(shop: Shop, chosen: Sequence[Proposal]) -> None:
    """Keep the proposed views that were chosen, as one step, and offer none again."""
    label = ngettext("Add {count} view", "Add {count} views", len(chosen)).format(count=len(chosen))
    with shop.change(label, {"views", "settings"}, action="views.take"):
        shop.put(VIEWS_OFFERED, True)
        for each in chosen:
            _add_within(shop, _free_name(shop, each.name, 0), each.filter, True)


def decline(shop: Shop) -> None:
    """Offer no views again."""
    with shop.change(_("Do without the proposed views"), {"views", "settings"}, action="views.decline"):
        shop.put(VIEWS_OFFERED, True)


def _add_within(shop: Shop, name: str, wanted: Filter, in_rail: bool) -> int:
    position = store.last_position(shop.db) + 1
    return shop.db.insert(View(0, name, who.to_text(wanted), shop.stamp(), position, in_rail, shop.staff_id))


def _free_name(shop: Shop, name: str, own_id: int) -> str:
    clean = clean_text(name)
    if not clean:
        raise ViewNameWrong(_("A view needs a name. Nothing was saved."))
    if len(clean) > _LONGEST_NAME:
        raise ViewNameWrong(
            _("This name is too long for the rail: at most {count} characters. Nothing was saved.").format(
                count=_LONGEST_NAME
            )
        )
    taken = store.by_name(shop.db, clean)
    if taken is not None and taken.id != own_id:
        raise ViewNameWrong(
            _(
                "There is already a view “{name}”. Nothing was saved; choose another name, or change that view."
            ).format(name=taken.name)
        )
    return clean
