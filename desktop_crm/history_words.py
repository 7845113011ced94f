"""What changes wrote, in words: whose, what, from → to, and why something stayed as it is when a step was undone.

Names stand for ids, money and days are written as people write them. Labels and the ways of showing are in
history_fields.py, rows in store/past.py, undoing in history.py.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from desktop_crm import (
    balance,
    complaint_rules,
    consents,
    custom_fields,
    devices,
    followup_words,
    interactions,
    masks,
    points,
    products,
    purchases,
    relations,
    settings,
    staff,
    tier_rules,
    who,
)
from desktop_crm.base.dates import from_instant, local_day
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import N_, _
from desktop_crm.base.values import MISSING, show_money
from desktop_crm.history_fields import FIELDS, THINGS
from desktop_crm.importing.words import LABELS
from desktop_crm.records.custom_fields import CustomField
from desktop_crm.records.history import PROGRAM
from desktop_crm.shop import Shop
from desktop_crm.store import journal, past
from desktop_crm.store.past import Image, RowPast
from desktop_crm.store.restoring import LeftAlone

What = Literal["added", "changed", "removed"]
_MOST_NAMED = 4
"""Values that are told of a row that was added or removed."""


@dataclass(frozen=True)
class FieldChange:
    """One field of a row: its label, what it was, what it became, and what it is now; '' where there is nothing."""

    label: str
    before: str
    after: str
    now: str

    @property
    def since(self) -> bool:
        """Somebody has changed it since."""
        return self.now != self.after


@dataclass(frozen=True)
class RowChange:
    """One row that a step wrote, in words.

    Attributes:
        table / row_id: which row. customer_id: on whose card, None where on nobody's.
        thing: what kind of thing. whose: the customer's name, or the name of what it is, ''.
        what: added, changed or removed.
        fields: what changed; of a row that was added or removed, what it says.
        gone: an added or changed row that is not there any more. since: it is there, and somebody changed it since.
    """

    table: str
    row_id: int
    customer_id: int | None
    thing: str
    whose: str
    what: What
    fields: tuple[FieldChange, ...]
    gone: bool = False
    since: bool = False

    @property
    def title(self) -> str:
        """Whose and what, e.g. 王建国 · Telephone number."""
        return " · ".join(part for part in (self.whose, self.thing) if part)

    def lines(self) -> list[str]:
        """A sentence for each field that changed, or one for the whole row."""
        if self.what == "changed":
            return [
                _("{what}: {field}: {before} → {after}").format(
                    what=self.title,
                    field=each.label,
                    before=each.before or MISSING,
                    after=each.after or MISSING,
                )
                for each in self.fields
            ]
        words = _("{what} added: {value}") if self.what == "added" else _("{what} removed: {value}")
        return [words.format(what=self.title, value=self.summary())]

    def summary(self) -> str:
        """What a row that was added or removed says, in a line."""
        said = [each.after or each.before for each in self.fields[:_MOST_NAMED]]
        return " · ".join(said) or MISSING


_PLAIN: dict[str, Mapping[Any, str]] = {  # keys are literals of several types
    "customer_kind": LABELS["kind"],
    "gender": LABELS["gender"],
    "consent": LABELS["consent"],
    "followup_state": {"open": N_("Open"), "done": N_("Done"), "cancelled": N_("Cancelled")},
    "role": {"owner": N_("owner"), "manager": N_("manager"), "clerk": N_("clerk")},
    "language": {"zh_CN": "中文", "en": "English"},
    "device_status": {**devices.WENT, "in_use": N_("in use")},
    "category": products.CATEGORIES,
    "method": purchases.METHODS,
    "consent_channel": consents.CHANNELS,
    "balance_kind": balance.LABELS,
    "point_kind": points.LABELS,
    "field_kind": custom_fields.KINDS,
    "relation": relations.KINDS,
}
"""Words of a column that holds one of a few."""

_LABELS: dict[str, Callable[[str], str]] = {
    "tier": tier_rules.label,
    "channel": interactions.channel_label,
    "outcome": followup_words.outcome_label,
    "rule": followup_words.rule_label,
    "priority": complaint_rules.priority_label,
    "complaint_state": complaint_rules.state_label,
    "complaint_step": complaint_rules.step_label,
}


class Words:
    """Puts rows into words; remembers the names it looked up, so make one for each answer."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._zone = shop.zone
        self._names: dict[tuple[str, int], str] = {}
        self._settings = {each.key: each for each in settings.ALL}

    # ------------------------------------------------------------ values

    def show(
        self, kind: str, value: Any, image: Image
    ) -> str:  # a column's value has whatever type is stored
        """A stored value as people write it, '' for nothing; `image` is the whole row."""
        if value is None or value == "":
            return ""
        if kind in _PLAIN:
            return _(_PLAIN[kind].get(value, value))
        if kind == "phone":
            return masks.shown(self._shop, value)
        if kind in _LABELS:
            return _LABELS[kind](value)
        if kind in ("customer", "staff", "tag"):
            return self.name({"customer": "customers", "staff": "staff", "tag": "tags"}[kind], value)
        return self._shown(kind, value, image)

    def _shown(self, kind: str, value: Any, image: Image) -> str:
        if kind == "yes":
            return _("Yes") if value else ""
        if kind == "money":
            return show_money(value)
        if kind == "signed":
            return show_money(value, signed=True)
        if kind == "instant":
            return f"{from_instant(value).astimezone(self._zone):%Y-%m-%d %H:%M}"
        if kind == "place":
            return str(value + 1)
        if kind == "own":
            field = self._shop.db.get(CustomField, image["field_id"])
            return custom_fields.show(field, value) if field else str(value)
        if kind == "choices":
            return ", ".join(json.loads(value))
        if kind == "filter":
            return self._filter(value)
        if kind == "setting":
            return self._setting(image["key"], value)
        return str(value)

    def _filter(self, text: str) -> str:
        try:
            return who.sentence(self._shop, who.from_text(text))
        except CrmError:  # a field of it is gone
            return MISSING

    def _setting(self, key: str, text: str) -> str:
        setting = self._settings.get(key)
        value = json.loads(text)
        if setting is not None and setting.unit == "fen" and isinstance(value, int):
            return show_money(value)
        if setting is not None and setting.choices:
            labels = dict(setting.choices)
            return ", ".join(_(labels[word]) for word in value if word in labels) or _("Nothing")
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        return ", ".join(map(str, value)) if isinstance(value, list) else str(value)

    def moment(self, instant: str) -> str:
        """An instant in shop time; of today only the time."""
        local = from_instant(instant).astimezone(self._zone)
        if local_day(from_instant(instant), self._zone) == self._shop.today():
            return f"{local:%H:%M}"
        return f"{local:%Y-%m-%d %H:%M}"

    def name(self, table: str, row_id: int) -> str:
        """What a row is called, also one that is gone."""
        place = (table, row_id)
        if place not in self._names:
            found = past.latest(self._shop.db, table, row_id) or {}
            self._names[place] = found.get("name") or _("no. {number}").format(number=row_id)
        return self._names[place]

    def person(self, staff_id: int | None) -> str:
        """Who was at the counter."""
        if staff_id == PROGRAM:
            return _("the program")
        return staff.name_of(self._shop, staff_id) or _("somebody")

    # ------------------------------------------------------------ rows

    def row(self, found: RowPast) -> RowChange | None:
        """What a step did to a row; None where it is nothing that people have a word for."""
        image = found.after or found.before
        if image is None or found.table not in THINGS:
            return None
        what: What = "added" if found.before is None else "removed" if found.after is None else "changed"
        fields = self._fields(found)
        if what == "changed" and not fields:
            return None
        customer_id = past.customer_of(self._shop.db, found.table, image)
        return RowChange(
            found.table,
            found.row_id,
            customer_id,
            self.thing(found.table, image),
            self.whose(found.table, image),
            what,
            fields,
            gone=found.after is not None and found.now is None,
            since=_since(found),
        )

    def _fields(self, past: RowPast) -> tuple[FieldChange, ...]:
        found = []
        images = (past.before or {}, past.after or {}, past.now or {})
        whole = past.before is None or past.after is None
        for column, (label, kind) in FIELDS[past.table].items():
            if whole and (column == "customer_id" or kind == "place"):
                continue
            before, after, now = (self.show(kind, image.get(column), image) for image in images)
            if before != after:
                found.append(FieldChange(_(label), before, after, now))
        return tuple(found)

    def thing(self, table: str, image: Image) -> str:
        """What kind of thing a row is; an own field and a setting go by their own names."""
        if table == "custom_values":
            return self.name("custom_fields", image["field_id"])
        if table == "settings" and image["key"] in self._settings:
            return _(self._settings[image["key"]].label)
        return _(THINGS[table][0])

    def whose(self, table: str, image: Image) -> str:
        """The name of the customer a row belongs to, or of what it is itself; '' where it has none."""
        customer_id = past.customer_of(self._shop.db, table, image)
        if customer_id is not None:
            return self.name("customers", customer_id)
        return str(image.get("name") or image.get("number") or "")

    # ------------------------------------------------------------ what stayed

    def left(self, left: LeftAlone) -> str:
        """Why a row or a field stayed as it is, in a sentence."""
        image = past.latest(self._shop.db, left.table, left.row_id) or {}
        if not image:  # too long ago
            return _("A note that the program keeps for itself stays as it is.")
        of = self._called(left.table, image)
        who, at = self._who(left.change_id)
        label = self._label(left)
        if left.why == "changed":
            return self._changed(left, image, of, label, who, at)
        if left.why == "deleted":
            return _("{thing} was removed by {who} at {time} and stays so.").format(
                thing=of, who=who, time=at
            )
        if left.why == "needed":
            return _("{thing} stays: {other} belongs to it by now.").format(
                thing=of, other=self._other(left.needed_by)
            )
        if left.why == "noted":
            assert left.needed_by is not None
            return _("The card number of {name} belongs to {holder} now; it stands in the note.").format(
                name=image["name"], holder=self.name(*left.needed_by)
            )
        if left.why == "hidden":
            return _("{thing}: {field} stays as it is, because only who may see it may change it.").format(
                thing=of, field=label
            )
        if left.why == "clash" and label:
            return _("{thing}: {field} stays, because another one has that by now.").format(
                thing=of, field=label
            )
        if left.why == "clash":
            return _("{thing} does not come back, because there is another one by now.").format(thing=of)
        return _("{thing} stays, because what it belonged to is gone.").format(thing=of)

    def _changed(self, left: LeftAlone, image: Image, of: str, label: str, who: str, at: str) -> str:
        if label:
            kind = FIELDS[left.table][left.column][1]
            now = self.show(kind, image.get(left.column), image) or MISSING
            return _("{thing}: {field} was changed to {value} by {who} at {time} and stays so.").format(
                thing=of, field=label, value=now, who=who, time=at
            )
        found = self.row(past.of_row(self._shop.db, left.change_id or 0, left.table, left.row_id))
        if found is not None and found.what == "changed":
            first = found.fields[0]
            return _("{thing} stays: {field} was changed to {value} by {who} at {time}.").format(
                thing=of, field=first.label, value=first.after or MISSING, who=who, time=at
            )
        return _("{thing} stays: it was changed by {who} at {time}.").format(thing=of, who=who, time=at)

    def _label(self, left: LeftAlone) -> str:
        field = FIELDS[left.table].get(left.column)
        return _(field[0]) if field else ""

    def _other(self, place: tuple[str, int] | None) -> str:
        assert place is not None
        table, row_id = place
        image = past.latest(self._shop.db, table, row_id) or {}
        if table == "changes":
            return _("a step of theirs")
        return self._called(table, image) if table in THINGS and image else _("something")

    def _called(self, table: str, image: Image) -> str:
        thing, whose = self.thing(table, image), self.whose(table, image)
        if not whose:
            return thing
        if table == "customers" or past.customer_of(self._shop.db, table, image) is None:
            return _("{thing} “{name}”").format(thing=thing, name=whose)
        return _("{thing} of {name}").format(thing=thing, name=whose)

    def _who(self, change_id: int | None) -> tuple[str, str]:
        found = journal.change(self._shop.db, change_id) if change_id else None
        if found is None:
            return _("somebody"), MISSING
        return self.person(found.staff_id), self.moment(found.at)


def _since(found: RowPast) -> bool:
    after, now = found.after, found.now
    return (
        after is not None
        and now is not None
        and any(after.get(name) != now.get(name) for name in FIELDS[found.table])
    )
