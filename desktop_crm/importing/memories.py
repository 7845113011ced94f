"""What columns mean, as a person corrected it, remembered per heading row: see it, forget it."""

from __future__ import annotations

import json
from dataclasses import dataclass

from desktop_crm import custom_fields
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _
from desktop_crm.importing import own
from desktop_crm.importing.fields import EXTRA, FIELDS, KIND_LABELS, KINDS, LEFT_OUT, Kind
from desktop_crm.importing.rehearsal import Plan
from desktop_crm.records.imports import ColumnMemory
from desktop_crm.shop import Shop
from desktop_crm.store import imports as store


class AlreadyForgotten(CrmError):
    """What was to be forgotten is not remembered any more."""


@dataclass(frozen=True)
class Memory:
    """What is remembered of sheets with one heading row.

    Attributes:
        id: key. kind / kind_label: what their rows are. at: instant of confirming.
        columns: (heading, its meaning in words) in the order of the headings.
    """

    id: int
    kind: Kind
    kind_label: str
    columns: tuple[tuple[str, str], ...]
    at: str


def listing(shop: Shop) -> list[Memory]:
    """All that is remembered, the newest first."""
    return [_memory(shop, record) for record in store.memories(shop.db)]


def of_plan(shop: Shop, plan: Plan) -> Memory | None:
    """What is remembered of sheets with this plan's headings, None if nothing."""
    found = store.memory_record(shop.db, plan.layout.heading)
    return None if found is None else _memory(shop, found)


def forget(shop: Shop, memory_id: int) -> int:
    """Guess anew from now on; return the change, which can be undone.

    Raises:
        AlreadyForgotten
    """
    with shop.change(
        _("Forget what the columns of a list mean"), {"imports"}, action="importing.memories.forget"
    ) as change:
        if not store.forget(shop.db, memory_id):
            raise AlreadyForgotten(_("This is not remembered any more. Nothing was changed."))
    return change.id


def _memory(shop: Shop, record: ColumnMemory) -> Memory:
    kind = next(kind for kind in KINDS if kind == record.kind)
    words = {known.key: _(known.label) for known in FIELDS[kind]}
    words |= {EXTRA: _("A line of the note"), LEFT_OUT: _("Leave out")}
    words |= {f"{own.OWN}{field.id}": field.name for field in custom_fields.listing(shop)}
    mapping: dict[str, str] = json.loads(record.mapping)
    columns = tuple((title, words.get(meaning, words[EXTRA])) for title, meaning in mapping.items())
    return Memory(record.id, kind, _(KIND_LABELS[kind]), columns, record.at)
