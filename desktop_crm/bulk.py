"""One change on many cards at once: tag, untag, edit a field, assign, consent, plan a contact, delete.

    shown = bulk.preview(shop, who_or_ids, bulk.Tagging(("VIP",)))
    bulk.apply(shop, shown.ids, shown.step)

`preview` says how many cards change, how many stay the same, and shows rows old → new; `apply` is one step that one
Ctrl+Z takes back. Cards that are not there any more are left out, and the sentence says so. Many cards by import are
importing/'s business.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from desktop_crm import backup, custom_fields, tags, who
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _, joined, ngettext
from desktop_crm.base.values import clean_text
from desktop_crm.bulk_steps import FIELDS as FIELDS
from desktop_crm.bulk_steps import Consenting as Consenting
from desktop_crm.bulk_steps import Deleting as Deleting
from desktop_crm.bulk_steps import Editing as Editing
from desktop_crm.bulk_steps import Planning as Planning
from desktop_crm.bulk_steps import Silence as Silence
from desktop_crm.bulk_steps import Step as Step
from desktop_crm.bulk_steps import Tagging as Tagging
from desktop_crm.bulk_steps import Words, label
from desktop_crm.followup_checks import ReasonMissing, possible_day
from desktop_crm.settings import CONSENT_WORDING
from desktop_crm.shop import Shop
from desktop_crm.store import bulk_changes as store
from desktop_crm.store import search
from desktop_crm.store.bulk_changes import Difference
from desktop_crm.store.journal import by_runs
from desktop_crm.who import Filter

SHOWN = 50
"""How many rows a preview shows."""


class NobodyLeft(CrmError):
    """None of the cards meant is there any more, or nobody was meant."""


class StepWrong(CrmError):
    """A change on many cards is not complete."""


@dataclass(frozen=True)
class Row:
    """One card that would change: what it says now and then, in words; '' for nothing."""

    id: int
    name: str
    old: str
    new: str


@dataclass(frozen=True)
class Preview:
    """What a step would do.

    Attributes:
        step: what. ids: on which cards, as meant. changes / same / refused / gone: how many change, say so already, do
            not want to be contacted, are not there any more. rows: the first that change.
        label: the step as History will name it.
    """

    step: Step
    ids: tuple[int, ...]
    changes: int
    same: int
    refused: int
    gone: int
    rows: tuple[Row, ...]
    label: str

    def sentence(self) -> str:
        """All the numbers in words."""
        words = ngettext("{count} card changes.", "{count} cards change.", self.changes)
        parts = [words.format(count=f"{self.changes:,}")]
        if self.same:
            words = ngettext("{count} stays as it is.", "{count} stay as they are.", self.same)
            parts.append(words.format(count=f"{self.same:,}"))
        return joined([*parts, self.rest()]).strip()

    def rest(self) -> str:
        """Who is left out and why, '' for nobody."""
        parts = []
        if self.refused:
            words = ngettext(
                "{count} asked not to be contacted and is left out.",
                "{count} asked not to be contacted and are left out.",
                self.refused,
            )
            parts.append(words.format(count=f"{self.refused:,}"))
        if self.gone:
            words = ngettext(
                "{count} is not there any more and is left out.",
                "{count} are not there any more and are left out.",
                self.gone,
            )
            parts.append(words.format(count=f"{self.gone:,}"))
        return joined(parts)


def editable(shop: Shop) -> list[who.Field]:
    """The fields that can be edited on many cards, with their choices; the shop's own come last."""
    order = list(FIELDS)
    found = [field for field in who.fields(shop) if field.key in FIELDS or field.key.startswith("own:")]
    return sorted(found, key=lambda field: order.index(field.key) if field.key in FIELDS else len(order))


def preview(shop: Shop, meant: Sequence[int] | Filter, step: Step) -> Preview:
    """What a step would do to these cards, or to all that a filter names now.

    Raises:
        StepWrong, NobodyLeft, and what the field, the follow-up or the filter has to say
    """
    clean = checked(shop, step)
    with shop.reading() as db:
        ids = tuple(who.ids(shop, meant) if isinstance(meant, Filter) else dict.fromkeys(meant))
        named, found = json.dumps(ids), _difference(shop, clean)
        tally = store.tally(db, named, found)
        if not tally.live:
            raise NobodyLeft(_("None of these cards is there any more. Nothing was changed; choose others."))
        words = Words(shop, clean)
        rows = tuple(
            Row(each.id, each.name, words.old(each.old), words.new(each.old))
            for each in store.samples(db, named, found, SHOWN)
        )
    return Preview(
        clean,
        ids,
        tally.changes,
        tally.live - tally.changes - tally.refused,
        tally.refused,
        len(ids) - tally.live,
        rows,
        label(shop, clean, tally.changes),
    )


def apply(shop: Shop, meant: Sequence[int] | Filter, step: Step) -> Preview:
    """Do a step on these cards, all of it as one change; answers what it did. Deleting makes a backup first.

    Raises:
        what `preview` raises; nothing was changed.
    """
    shown = preview(shop, meant, step)
    if not shown.changes:
        return shown
    deletes = isinstance(shown.step, Deleting)
    if deletes:
        shop.require("delete")
        backup.make_if_changed(shop, "delete")
    action = "bulk.apply.delete" if deletes else "bulk.apply"
    with shop.change(shown.label, _KINDS[type(shown.step)], action=action), by_runs(shop.db):
        _write(shop, json.dumps(shown.ids), shown.step)
        if _is_searched(shown.step) and 2 * shown.changes > who.count(shop, who.EVERYBODY):
            search.mark_all(shop.db)  # an index made anew takes half the time of most of its entries changed
    return shown


def _is_searched(step: Step) -> bool:
    return isinstance(step, Tagging) or (isinstance(step, Editing) and step.field.startswith("own:"))


def checked(shop: Shop, step: Step) -> Step:
    """The step as it may be done: texts cleaned, values in stored form.

    Raises:
        StepWrong, TagNameWrong, ValueNotUnderstood, FieldMissing, ReasonMissing, DayNotPossible
    """
    if isinstance(step, Tagging):
        names = tuple(dict.fromkeys(name for name in map(clean_text, step.names) if name))
        if not names:
            raise StepWrong(_("Please say which tag. Nothing was changed."))
        if step.on:
            names = tuple(tags.checked_name(name) for name in names)
        return Tagging(names, step.on)
    if isinstance(step, Editing):
        return Editing(step.field, _checked_value(shop, step))
    if isinstance(step, Planning):
        reason = clean_text(step.reason)
        if not reason:
            raise ReasonMissing(_("Please say why these customers are to be contacted; nothing was planned."))
        possible_day(shop, step.day)
        return Planning(step.day, reason, step.staff_id)
    return step


def _checked_value(shop: Shop, step: Editing) -> str:
    if step.field.startswith("own:"):
        field = custom_fields.active(shop, int(step.field.removeprefix("own:")))
        return custom_fields.checked(field, step.value)
    asked = who.field(shop, step.field) if step.field in FIELDS else None
    value = clean_text(step.value)
    wrong = asked is None or (
        asked.kind == "choice" and value not in {choice.value for choice in asked.choices}
    )
    if wrong:
        raise StepWrong(_("Please choose a field and one of its values. Nothing was changed."))
    return value


def _difference(shop: Shop, step: Step) -> Difference:
    if isinstance(step, Tagging):
        return store.of_tags(step.names, on=step.on)
    if isinstance(step, Editing):
        if step.field.startswith("own:"):
            return store.of_own_field(int(step.field.removeprefix("own:")), step.value)
        return store.of_column(FIELDS[step.field], _column_value(step))
    if isinstance(step, Consenting):
        return store.of_consent(step.channel, step.answer)
    if isinstance(step, Silence):
        return store.of_do_not_contact(step.wanted)
    if isinstance(step, Planning):
        return store.of_followup(step.day.isoformat(), step.reason)
    return store.of_deletion()


def _column_value(step: Editing) -> str | int | None:
    return (int(step.value) or None) if step.field == "owner" else step.value


_KINDS: dict[type[Any], set[str]] = {
    Tagging: {"customers", "tags"},
    Editing: {"customers", "fields"},
    Consenting: {"customers", "followups"},
    Silence: {"customers", "followups"},
    Planning: {"followups", "customers"},
    Deleting: {"customers"},
}


def _write(shop: Shop, ids: str, step: Step) -> None:
    db = shop.db
    if isinstance(step, Tagging):
        (store.add_tags if step.on else store.remove_tags)(db, ids, step.names)
    elif isinstance(step, Editing) and step.field.startswith("own:"):
        live = store.live(db, ids)
        custom_fields.put_many_within(shop, live, int(step.field.removeprefix("own:")), step.value)
    elif isinstance(step, Editing):
        store.set_column(db, ids, FIELDS[step.field], _column_value(step))
    elif isinstance(step, Consenting):
        _write_consent(shop, ids, step)
    elif isinstance(step, Silence):
        store.set_do_not_contact(db, ids, step.wanted)
        if step.wanted:
            _cancel(shop, ids)
    elif isinstance(step, Planning):
        store.plan(db, ids, step.day.isoformat(), step.reason, shop.stamp(), step.staff_id)
    else:
        store.delete(db, ids, shop.stamp())


def _write_consent(shop: Shop, ids: str, step: Consenting) -> None:
    day, wording = shop.today().isoformat(), shop.get(CONSENT_WORDING)
    if step.channel:
        store.set_channel(shop.db, ids, step.channel, step.answer, day, wording, shop.staff_id)
        return
    store.set_consent(shop.db, ids, step.answer, day, wording)
    if step.answer == "refused":
        _cancel(shop, ids)


def _cancel(shop: Shop, ids: str) -> None:
    reason = _("The customer does not want to be contacted.")
    store.cancel_followups(
        shop.db, ids, reason, shop.stamp(), shop.today().isoformat(), shop.staff_id or None
    )
