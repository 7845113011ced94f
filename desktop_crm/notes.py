"""Dated notes on a customer's card: write, put right, pin, remove.

The undated note of a card is a field of it (`Customer.note`), edited by customers.py; `pinned` tells both.
"""

from __future__ import annotations

from dataclasses import replace

from desktop_crm import customers
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _
from desktop_crm.base.values import clean_note
from desktop_crm.records.notes import Note
from desktop_crm.shop import Shop
from desktop_crm.store import notes as store


class NoteEmpty(CrmError):
    """A note says nothing."""


class NoteMissing(CrmError):
    """There is no such note any more."""


def get(shop: Shop, note_id: int) -> Note:
    """One note.

    Raises:
        NoteMissing
    """
    found = shop.db.get(Note, note_id)
    if found is None:
        raise NoteMissing(_("This note is not there any more. Nothing was changed."))
    return found


def of_customer(shop: Shop, customer_id: int, limit: int = 500) -> list[Note]:
    """The customer's dated notes, latest first."""
    return store.of_customer(shop.db, customer_id, limit)


def pinned(shop: Shop, customer_id: int) -> list[str]:
    """What is said when the card opens: the standing note if it is pinned, then the pinned notes, latest first."""
    card = customers.get(shop, customer_id)
    standing = [card.note] if card.note_pinned and card.note else []
    return standing + [note.text for note in store.pinned(shop.db, customer_id)]


def add(shop: Shop, customer_id: int, text: str, pinned: bool = False) -> int:
    """Write a note as of now and return its id.

    Raises:
        CustomerMissing, NoteEmpty
    """
    name, clean = customers.live(shop, customer_id).name, _checked(text)
    with shop.change(_("Write a note on {name}").format(name=name), {"notes"}, action="notes.add"):
        return add_within(shop, customer_id, clean, pinned)


def add_within(
    shop: Shop, customer_id: int, text: str, pinned: bool = False, *, import_id: int | None = None
) -> int:
    """As `add`, inside an open change."""
    return shop.db.insert(
        Note(
            0,
            customer_id,
            _checked(text),
            shop.stamp(),
            shop.today().isoformat(),
            pinned,
            shop.staff_id,
            import_id,
        )
    )


def edit(shop: Shop, note_id: int, text: str, *, pinned: bool | None = None) -> int:
    """Put a note right and return its id; its day and author stay, and whether it is pinned if that is not given.

    Raises:
        NoteMissing, NoteEmpty
    """
    note, clean = get(shop, note_id), _checked(text)
    with shop.change(
        _("Edit a note on {name}").format(name=_name(shop, note)), {"notes"}, action="notes.edit"
    ):
        shop.db.update(replace(note, text=clean, pinned=note.pinned if pinned is None else pinned))
    return note_id


def pin(shop: Shop, note_id: int, pinned: bool = True) -> None:
    """Have a note said when the card opens, or no more.

    Raises:
        NoteMissing
    """
    note = get(shop, note_id)
    label = _("Pin a note on {name}") if pinned else _("Unpin a note on {name}")
    with shop.change(label.format(name=_name(shop, note)), {"notes"}, action="notes.pin"):
        shop.db.update(replace(note, pinned=pinned))


def remove(shop: Shop, note_id: int) -> None:
    """Take a note away.

    Raises:
        NoteMissing
    """
    note = get(shop, note_id)
    with shop.change(
        _("Remove a note on {name}").format(name=_name(shop, note)), {"notes"}, action="notes.remove"
    ):
        shop.db.delete(Note, note_id)


def _name(shop: Shop, note: Note) -> str:
    return customers.get(shop, note.customer_id).name


def _checked(text: str) -> str:
    clean = clean_note(text)
    if not clean:
        raise NoteEmpty(_("The note is empty. Nothing was saved; write a word, or close it."))
    return clean
