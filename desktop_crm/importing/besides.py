"""What only few sheets say of a customer: likes, consent per channel, a serial number, a leap month, dated notes.

Such columns are staged only where the sheet has them, so that all others cost nothing. How they are written is
store/import_besides.py's business; the fields that every sheet may have are in shapes.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, time
from typing import TYPE_CHECKING, Any, NamedTuple

from desktop_crm.base.dates import to_instant
from desktop_crm.base.i18n import _
from desktop_crm.base.values import clean_note, normal_imei
from desktop_crm.importing.fields import EXTRA
from desktop_crm.records.notes import Note
from desktop_crm.records.staff import StaffMember
from desktop_crm.shop import Shop
from desktop_crm.store import import_besides as store

if TYPE_CHECKING:
    from desktop_crm.importing.blocks import Block
    from desktop_crm.importing.columns import Layout

CONSENTS = ("consent_call", "consent_sms", "consent_wechat", "consent_email")
_FILLED_BY = {
    "preferences": {"preferences"}, "serial": {"serial"}, "dated_notes": {"dated_notes"},
    "birthday_leap": {"birthday", "lunar_birthday"}, "consent_email": {"consent_email", "email_opt_out"},
    **{name: {name} for name in CONSENTS[:3]},
}  # fmt: skip
FIELDS = frozenset(_FILLED_BY)
"""The staged columns that are handled here."""
KEPT = "kept"
"""The staged column with what stands in columns that nobody knows; the note holds it too, and new cards take it from there."""


# ---------------------------------------------------------------- dated notes


class DatedNote(NamedTuple):
    """One note as it stands in a cell: the day, HH:MM or "", who wrote it or "", whether it is pinned, what it says."""

    day: str
    clock: str
    author: str
    pinned: bool
    text: str


_STAMP = re.compile(r"^\[(\d{4}-\d\d-\d\d)(?: (\d\d:\d\d))?(?: ([^\]★\n]*?))?( ?★)?\] ?", re.M)


def note_text(note: DatedNote) -> str:
    """A note as it stands in a cell: [2026-03-01 14:30 李娜 ★] 要大屏."""
    stamp = " ".join(part for part in (note.day, note.clock, note.author, "★" if note.pinned else "") if part)
    return f"[{stamp}] {note.text}"


def dated_notes(text: str) -> list[DatedNote]:
    """The notes of a cell; what stands before the first day is none of them."""
    found = list(_STAMP.finditer(text))
    ends = [*(match.start() for match in found[1:]), len(text)]
    return [
        DatedNote(
            match[1], match[2] or "", match[3] or "", bool(match[4]), clean_note(text[match.end() : end])
        )
        for match, end in zip(found, ends, strict=False)  # without a stamp there is an end and no note
    ]


# ---------------------------------------------------------------- reading


def columns(layout: Layout) -> tuple[str, ...]:
    """The staged columns that this sheet fills."""
    if layout.kind != "customers":
        return ()
    said = {column.field for column in layout.columns}
    found = tuple(name for name, fields in _FILLED_BY.items() if fields & said)
    return (*found, KEPT) if EXTRA in said else found


def staged(layout: Layout) -> dict[str, str | int]:
    """The same with what they hold where a row says nothing."""
    return {name: 0 if name == "birthday_leap" else "" for name in columns(layout)}


def prepare(block: Block) -> None:
    """Settle these columns of some rows; what cannot be one of them becomes a line of the note."""
    for place, out in enumerate(block.columns.get("email_opt_out", ())):
        if out == "1":
            answers = block.columns.setdefault("consent_email", [""] * block.size)
            answers[place] = answers[place] or "refused"
    if "serial" in block.columns:
        block.columns["serial"] = [normal_imei(serial) for serial in block.columns["serial"]]
    for place, text in enumerate(block.columns.get("dated_notes", ())):
        if text:
            before = text[: match.start()] if (match := _STAMP.search(text)) else text
            notes = [note for note in dated_notes(text) if note.text and note.day <= block.today]
            block.columns["dated_notes"][place] = "\n".join(map(note_text, notes))
            if clean_note(before):
                block.line(place, _("Dated notes"), clean_note(before))


# ---------------------------------------------------------------- comparing


def difference(name: str, mine: Any, theirs: Any) -> tuple[bool, Any, Any] | None:
    """(whether it only fills, old, new) of one column, or None where nothing differs."""
    if name == "birthday_leap":
        return None  # goes with the birthday
    if name == "serial":
        return None if mine in theirs.split(" ") else (True, "", mine)
    if name in CONSENTS:
        same = theirs.split(" ")[0] == mine.split(" ")[0]
        return None if same else (not theirs, theirs, mine)
    if name == "dated_notes":
        known = {(note.day, note.text) for note in dated_notes(theirs)}
        new = [note for note in dated_notes(mine) if (note.day, note.text) not in known]
        return (True, "", "\n".join(map(note_text, new))) if new else None
    return (not theirs, theirs, mine)


# ---------------------------------------------------------------- writing


class Additions:
    """What an import says here of cards: collected, then written at once."""

    def __init__(self) -> None:
        self._preferences: list[tuple[str, int]] = []
        self._consents: list[tuple[int, str, str, str]] = []
        self._notes: list[tuple[int, DatedNote]] = []

    def add(self, person: int, field: str, value: str) -> None:
        """One value of one card."""
        if field == "preferences":
            self._preferences.append((value, person))
        elif field == "dated_notes":
            self._notes += [(person, note) for note in dated_notes(value)]
        else:
            answer, _space, day = value.partition(" ")
            self._consents.append((person, field.removeprefix("consent_"), answer, day))

    def write(self, shop: Shop, import_id: int) -> None:
        """Write them; an answer without a day is of today."""
        store.set_preferences(shop.db, self._preferences)
        today = shop.today().isoformat()
        store.set_consents(
            shop.db,
            ((person, channel, answer, day or today) for person, channel, answer, day in self._consents),
        )
        if self._notes:
            staff = dict(shop.db.rows("SELECT name, id FROM staff ORDER BY active, id DESC"))
            shop.db.insert_many(
                Note, [_note(shop, person, note, staff, import_id) for person, note in self._notes]
            )


def _note(shop: Shop, person: int, note: DatedNote, staff: dict[str, int], import_id: int) -> Note:
    if note.author and note.author not in staff:
        staff[note.author] = shop.db.insert(StaffMember(0, note.author, shop.stamp(), active=False))
    clock = time.fromisoformat(note.clock) if note.clock else time(12)
    moment = datetime.combine(datetime.fromisoformat(note.day), clock, shop.zone)
    author = staff.get(note.author) if note.author else None
    return Note(0, person, note.text, to_instant(moment), note.day, note.pinned, author, import_id)


def write_new(shop: Shop, import_id: int, names: Iterable[str]) -> None:
    """What the rows of new cards say here; serial numbers are written with their devices."""
    additions = Additions()
    for name in names:
        if name == "birthday_leap":
            store.set_leaps(shop.db)
        elif name not in ("serial", KEPT):
            for person, value in store.new_values(shop.db, name):
                additions.add(person, name, value)
    additions.write(shop, import_id)
