"""Writing a rehearsed import into the shop: backup first, then one change that can be taken back as a whole.

Imported history starts nothing: no follow-up rules, no popups; new customers get their first tier. The SQL is in
store/imports.py and store/import_sales.py.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Set
from contextlib import closing
from typing import Any

from desktop_crm import backup, tiers
from desktop_crm.base.i18n import _, ngettext
from desktop_crm.importing import besides, brought, history, own, rehearsal
from desktop_crm.importing.fields import Kind
from desktop_crm.importing.findable import Findable
from desktop_crm.importing.rehearsal import Plan, Progress
from desktop_crm.records.customers import Tag
from desktop_crm.records.imports import ImportBatch
from desktop_crm.records.staff import StaffMember
from desktop_crm.shop import Shop
from desktop_crm.store import bulk_rows
from desktop_crm.store import import_besides as store_besides
from desktop_crm.store import import_sales as sales
from desktop_crm.store import imports as store
from desktop_crm.store import originals as store_originals
from desktop_crm.store.journal import by_runs
from desktop_crm.store.matching import number_and_label

_WRITTEN: dict[Kind, frozenset[str]] = {
    "customers": frozenset({"devices", "tags", "followups", "notes"}),
    "purchases": frozenset({"purchases", "devices", "products"}),
    "followups": frozenset({"followups", "interactions"}),
    "complaints": frozenset({"complaints", "interactions"}),
}
_OF_NEW_CARDS = (
    "customers", "phones", "customer_tags", "custom_values", "devices", "opening_summaries", "point_entries", "balance_entries",
)  # fmt: skip
"""What is written while its triggers rest: rows of nobody but the new customers."""

_FOUND_LATER = frozenset(("preferences", "dated_notes"))
"""Staged columns that search finds cards by, and that are written after all cards."""

_STEP = 10_000
"""Cards written between two looks at whether the person cancelled."""


def apply(
    shop: Shop,
    plan: Plan,
    progress: Progress | None = None,
    *,
    batch: int | None = None,
    backed_up: bool = False,
) -> int | None:
    """Write the new and updating rows of a plan as one change; where there are none, do nothing.

    Args:
        batch: the change of the first sheet of those that come in together; None where this is the first.
        backed_up: a backup was made just now for the sheets before it.

    Returns:
        the change, for undo; None where nothing was to be written.

    Raises:
        CrmError: nothing was written.
        Cancelled: nothing was written.
    """
    if plan.seen != store.last_change(shop.db):
        rehearsal.judge(shop, plan, progress=progress)
    if not plan.to_write:
        return None
    if backed_up:
        return _applied(shop, plan, progress, batch)
    _tell(progress, 0, 0, _("Making a backup…"))
    with backup.beforehand(shop, "import"):
        return _applied(shop, plan, progress, batch)


def _applied(shop: Shop, plan: Plan, progress: Progress | None, batch: int | None) -> int:
    kinds = (
        _WRITTEN[plan.kind] | {"customers", "tiers", "staff", "imports"} | brought.kinds(plan.staging.said)
    )
    if any(column.own is not None and not column.own.id for column in plan.layout.own):
        kinds |= {"fields"}
    with (
        shop.change(_label(plan), kinds, bulk=True, action="importing.applying.apply") as change,
        closing(Findable(shop, progress)) as findable,
    ):
        if plan.seen != change.id - 1:  # somebody wrote during the backup
            rehearsal.judge(shop, plan, progress=progress)
        plan.staging.bring(shop.db)
        import_id = shop.db.insert(_batch(shop, plan, change.id, batch))
        fields = own.fields_within(shop, plan.layout)
        with by_runs(shop.db):
            _write(shop, plan, import_id, fields, progress, findable)
        _remember_mapping(shop, plan, fields)
        findable.finish()
    return change.id


def latest(shop: Shop, limit: int = 20) -> list[ImportBatch]:
    """The newest imports first."""
    return store.latest(shop.db, limit)


def _label(plan: Plan) -> str:
    name = plan.path.name
    sentences = {
        "customers": ngettext(
            "Import {count} customer from {file}", "Import {count} customers from {file}", plan.to_write
        ),
        "purchases": ngettext(
            "Import {count} purchase from {file}", "Import {count} purchases from {file}", plan.to_write
        ),
        "followups": ngettext(
            "Import {count} contact from {file}", "Import {count} contacts from {file}", plan.to_write
        ),
        "complaints": ngettext(
            "Import {count} complaint from {file}", "Import {count} complaints from {file}", plan.to_write
        ),
    }
    return sentences[plan.kind].format(count=f"{plan.to_write:,}", file=name)


def _batch(shop: Shop, plan: Plan, change_id: int, batch: int | None) -> ImportBatch:
    counts = plan.counts
    costs = [title for title, field in plan.layout.mapping.items() if field == "cost"]
    return ImportBatch(
        0, plan.path.name, plan.sheet, plan.kind, shop.stamp(), plan.rows, counts["new"], counts["update"],
        counts["same"], counts["skip"], counts["bad"], shop.staff_id, change_id, batch or change_id,
        json.dumps(costs, ensure_ascii=False),
    )  # fmt: skip


def _remember_mapping(shop: Shop, plan: Plan, fields: Mapping[str, int]) -> None:
    """Keep the columns' meaning for the next sheet with these headings, if the person corrected the guess."""
    if plan.request.mapping:
        mapping = own.confirmed(plan.layout, fields)
        store.remember(shop.db, plan.layout.heading, plan.kind, mapping, shop.stamp())


def _write(
    shop: Shop,
    plan: Plan,
    import_id: int,
    fields: Mapping[str, int],
    progress: Progress | None,
    findable: Findable,
) -> None:
    kind = plan.kind
    whole = kind == "customers"
    said = plan.staging.said
    _set_staff(shop, "owner" if whole else "clerk", said)
    tags = _set_tags(shop) if "tags" in said else {}
    more = [name for name in besides.columns(plan.layout) if name in said]
    people = store.number_people(shop.db, whole=whole)
    with bulk_rows.unmarked(shop.db, _OF_NEW_CARDS):
        for first in range(0, len(people), _STEP):
            some = people[first : first + _STEP]
            _tell(progress, first, len(people), _("Writing…"))
            low, high = first + 1, first + len(some)
            store.add_customers(shop.db, import_id, shop.stamp(), whole=whole, low=low, high=high)
            if whole:
                _finish_new(shop, import_id, fields, low, high, said)
            if whole and not _FOUND_LATER & set(more):  # sales bring devices, which search finds cards by
                findable.take(some)
        _tell(progress, len(people), len(people), _("Writing…"))
        if whole:
            brought.write_new(shop, import_id, said)
    findable.mark(people)
    if whole and "next_day" in said:
        _plan_contacts(shop, store.next_contacts(shop.db), import_id)
    if whole and "referred_by" in said:
        _refer(shop, store.referred(shop.db))
    if whole:
        besides.write_new(shop, import_id, more)
        rows = store.updates(shop.db, serial="serial" in more, leap="birthday_leap" in more)
        _Updates(shop, tags, fields, import_id).write(rows)
    elif kind == "purchases":
        history.write_sales(shop, import_id)
    elif kind == "followups":
        history.write_contacts(shop, import_id)
    else:
        history.write_complaints(shop, import_id)
    store_originals.add(shop.db, import_id)
    _tell(progress, 0, 0, _("Finding the first tier of the new customers…"))
    if people:
        with bulk_rows.unmarked(shop.db, ("customer_tiers", "tier_history")):  # all of them marked above
            tiers.first_of_new_within(shop, people[0], people[-1])


def _tell(progress: Progress | None, done: int, total: int, text: str) -> None:
    if progress is not None:
        progress.report(done, total, text)


def _set_staff(shop: Shop, column: str, said: Set[str]) -> None:
    """The shop's people by name; unknown names join the staff, as gone where the shop has people already."""
    known = {
        name: staff_id
        for staff_id, name in shop.db.rows("SELECT id, name FROM staff ORDER BY active, id DESC")
    }
    any_known = bool(known)
    for name in store.words(shop.db, column) if column in said else ():
        if name not in known:
            known[name] = shop.db.insert(StaffMember(0, name, shop.stamp(), active=not any_known))
    store.set_ids(shop.db, "staff_ids", known.items())


def _set_tags(shop: Shop) -> dict[str, int]:
    """The tags that rows name, made where the shop has none of that name."""
    db = shop.db
    tags = {name: tag_id for tag_id, name in db.rows("SELECT id, name FROM tags")}
    lines: dict[str, list[int]] = {}
    for line in store.words(db, "tags"):
        for tag in line.split("\n"):
            if tag not in tags:
                tags[tag] = db.insert(Tag(0, tag, ""))
            lines.setdefault(line, []).append(tags[tag])
    store.set_tags(db, lines)
    return tags


def _finish_new(
    shop: Shop, import_id: int, fields: Mapping[str, int], low: int, high: int, said: Set[str]
) -> None:
    """What hangs on the new cards of the people numbered `low` … `high`, and on them alone."""
    if "tags" in said:
        store.add_tags(shop.db, low, high)
    for column, field_id in fields.items():
        store.add_values(shop.db, column, field_id, import_id, low, high)
    if {"model", "imei", "serial"} & said:
        _own_devices(shop, store.own_devices(shop.db, low, high, serial="serial" in said), import_id)


def _own_devices(shop: Shop, rows: Iterable[tuple[int, str, str, str, str]], import_id: int) -> None:
    """Phones that customers own: (customer_id, model, imei, day they got it, serial)."""
    at = shop.stamp()
    store.add_own_devices(
        shop.db,
        (
            (person, model or imei or serial, at, imei, serial, day or None, import_id)
            for person, model, imei, day, serial in rows
        ),
    )


def _plan_contacts(shop: Shop, rows: Iterable[tuple[int, str, str]], import_id: int) -> None:
    """Contacts that the sheet plans for a day to come: (customer_id, day, model of interest)."""
    at = shop.stamp()
    sales.plan_contacts(
        shop.db,
        (
            (
                person,
                _("Interested in {model}").format(model=model) if model else _("Next contact"),
                day,
                at,
                import_id,
            )
            for person, day, model in rows
        ),
    )


def _refer(shop: Shop, rows: list[tuple[int, str]]) -> None:
    """Who referred whom; a name that is not one customer's becomes a line of the note."""
    if not rows:
        return
    known = store.referrers(shop.db, sorted({word for _person, word in rows}))
    others = [(known[word], person) for person, word in rows if known.get(word, person) != person]
    store.set_referrers(shop.db, others)
    title = _("Referred by")
    store.append_notes(
        shop.db, ((f"{title}: {word}", person) for person, word in rows if known.get(word, person) == person)
    )


class _Updates:
    """Writes what rows change on known cards, field by field."""

    _PLAIN = frozenset(
        (
            "name",
            "card_no",
            "external_id",
            "wechat",
            "email",
            "gender",
            "region",
            "address",
            "occupation",
            "source",
        )
    ) | {"since_day", "kind", "language"}

    def __init__(self, shop: Shop, tags: dict[str, int], fields: Mapping[str, int], import_id: int) -> None:
        self._shop = shop
        self._tags = tags
        self._fields = fields
        self._values: dict[str, list[tuple[str, int]]] = {}
        self._import_id = import_id
        self._plain: dict[str, list[tuple[Any, int]]] = {}
        self._phones: list[tuple[int, str, str]] = []
        self._new_tags: list[tuple[int, int]] = []
        self._notes: list[tuple[str, int]] = []
        self._devices: list[tuple[int, str, str, str, str]] = []
        self._serials: list[tuple[str, int, str]] = []
        self._besides = besides.Additions()
        self._contacts: list[tuple[int, str, str]] = []
        self._referred: list[tuple[int, str]] = []
        self._brought = brought.Corrections()

    def write(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Write the changes of these rows, see `store.imports.updates`."""
        staff = dict(self._shop.db.rows("SELECT name, id FROM staff ORDER BY active, id DESC"))
        for person, changes, model, imei, bought_day, serial, lunar, leap, consent_day in rows:
            applied = [change for change in json.loads(changes or "[]") if change[3]]
            brings_device = any(change[0] in ("model", "imei") for change in applied)
            for field, _old, new, *_settled in applied:
                if field in self._PLAIN:
                    self._set(field, new, person)
                elif field in self._fields:
                    self._values.setdefault(field, []).append((new, person))
                elif field == "owner":
                    self._set("owner_staff_id", staff[new], person)
                elif field == "birthday":
                    self._set("birthday", new, person)
                    self._set("birthday_lunar", lunar, person)
                    self._set("birthday_leap", leap, person)
                elif field == "consent":
                    self._set("consent", new, person)
                    self._set("consent_day", consent_day or None, person)
                elif field == "do_not_contact":
                    self._set("do_not_contact", int(new), person)
                elif field in ("model", "imei"):
                    self._devices.append((person, model, imei, bought_day, serial))
                elif field == "serial":
                    if not (model or imei):
                        self._devices.append((person, "", "", bought_day, serial))
                    elif not brings_device:
                        self._serials.append((serial, person, imei))
                elif field in besides.FIELDS:
                    self._besides.add(person, field, new)
                elif field in brought.FIELDS:
                    self._brought.add(person, field, new)
                else:
                    self._add(field, new, person, model)
        self._store()

    def _set(self, column: str, value: Any, person: int) -> None:
        self._plain.setdefault(column, []).append((value, person))

    def _add(self, field: str, new: str, person: int, model: str) -> None:
        """What is added to a card instead of set."""
        if field == "phones":
            for part in new.split(" "):
                self._phones.append((person, *number_and_label(part)))
        elif field == "tags":
            self._new_tags += [(person, self._tags[tag]) for tag in new.split("\n")]
        elif field == "next_day":
            self._contacts.append((person, new, model))
        elif field == "referred_by":
            self._referred.append((person, new))
        else:
            self._notes.append((new, person))

    def _store(self) -> None:
        db = self._shop.db
        for column, pairs in self._plain.items():
            store.set_field(db, column, pairs)
        for column, values in self._values.items():
            store.set_values(db, self._fields[column], values, self._import_id)
        store.append_phones(db, self._phones)
        store.append_tags(db, self._new_tags)
        store.append_notes(db, self._notes)
        _own_devices(self._shop, self._devices, self._import_id)
        store_besides.set_serials(db, self._serials)
        self._besides.write(self._shop, self._import_id)
        _plan_contacts(self._shop, self._contacts, self._import_id)
        _refer(self._shop, self._referred)
        self._brought.write(self._shop, self._import_id)
