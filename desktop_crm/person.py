"""What is held about a person, and erasing it for good: the two rights of the personal-information law.

Erasing empties the card and everything that hangs on it, and takes it out of the search, of what undo remembers, of
the history's words and of the audit trail; what was sold and paid stays in the books, of nobody. It cannot be undone. Which
columns say what is in store/person_columns.py; the paper of everything held is reports/person.py.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from desktop_crm import audit, audit_list, balance, customers, history, staff
from desktop_crm.base.dates import from_instant
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _, ngettext
from desktop_crm.base.values import show_money
from desktop_crm.history import Step
from desktop_crm.history_fields import THINGS
from desktop_crm.records.history import PROGRAM
from desktop_crm.shop import Shop
from desktop_crm.store import erased as erased_list
from desktop_crm.store import person as store
from desktop_crm.store import person_words, swap
from desktop_crm.store.person_columns import GONE
from desktop_crm.store.restoring import Image

log = logging.getLogger(__name__)

KINDS = frozenset(
    {
        "customers", "purchases", "followups", "interactions", "complaints", "devices", "tiers", "tags", "notes",
        "relations", "fields", "balance", "points", "openings", "surveys", "views", "imports",
    }
)  # fmt: skip
_MOST_SHOWN, _ALL = 20, 2**31
"""Texts of others that are shown before they are changed."""


class AlreadyErased(CrmError):
    """Whoever is to be erased or printed was erased already."""


@dataclass(frozen=True)
class Preview:
    """What erasing somebody would do, before anybody is asked whether it shall be done.

    Attributes:
        customer_id / name: of the card that they have now. cards: how many became that card, itself counted.
        goes / stays: (kind of thing in words, how many), the most first.
        net_fen: net sales that stay in the books. mentions: texts of others that name them, and are struck out there.
        cautions: what to finish or to know before, in sentences.
    """

    customer_id: int
    name: str
    cards: int
    goes: tuple[tuple[str, int], ...]
    stays: tuple[tuple[str, int], ...]
    net_fen: int
    mentions: tuple[str, ...]
    cautions: tuple[str, ...]


@dataclass(frozen=True)
class Erased:
    """What was done.

    Attributes:
        customer_id: the card that stays, empty. change_id: its entry in History. rows: how many rows went or were
            emptied. struck: texts of others in which they were struck out. steps: steps that cannot be undone any more.
        is_settled: the write-ahead log holds nothing of them any more; else it is put away when nobody reads the shop.
    """

    customer_id: int
    change_id: int
    rows: int
    struck: int
    steps: int
    is_settled: bool


@dataclass(frozen=True)
class Everything:
    """Everything that the shop file holds about a person, as it is stored.

    Attributes:
        customer_id / name: of the card that they have now. rows: (table, its rows by column), what matters most first.
        earlier: (table, column, value, until which instant): what was changed or removed and is kept for undo.
        steps: the steps of History about them, the latest first. trail: what the audit trail says of them.
        named: how many texts of others name them.
    """

    customer_id: int
    name: str
    rows: tuple[tuple[str, list[Image]], ...]
    earlier: tuple[tuple[str, str, Any, str], ...]  # a column's value has its own type
    steps: tuple[Step, ...]
    trail: tuple[audit_list.Line, ...]
    named: int


@dataclass(frozen=True)
class ErasedLine:
    """One erasure as listed: the card's number, when in shop time, and by whom ('' nobody chosen)."""

    customer_id: int
    when: str
    who: str


def preview(shop: Shop, customer_id: int) -> Preview:
    """What goes and what stays when this person is erased.

    Raises:
        CustomerMissing, AlreadyErased
    """
    with shop.reading() as db:
        ids = family(shop, customer_id)
        card = customers.get(shop, ids[0])
        own = store.own_rows(db, ids)
        named = person_words.identifiers(db, ids, store.past_rows(db, ids, own))
        mentions = person_words.mentions(db, named, own, _MOST_SHOWN)
        counted = {
            table: len(rows) for table, rows in own.items() if table in THINGS and table != "customers"
        }
        return Preview(
            ids[0],
            card.name,
            len(ids),
            _in_words({table: count for table, count in counted.items() if table in GONE}),
            _in_words({table: count for table, count in counted.items() if table in _BOOKS}),
            store.net_fen(db, ids),
            tuple(each.text for each in mentions),
            _cautions(shop, ids, own),
        )


_BOOKS = (
    "purchases",
    "refunds",
    "balance_entries",
    "point_entries",
    "complaints",
    "followups",
    "interactions",
    "survey_answers",
)


def _in_words(counted: dict[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(
        (_(THINGS[table][1]), count) for table, count in sorted(counted.items(), key=lambda each: -each[1])
    )


def _cautions(shop: Shop, ids: Sequence[int], own: store.Places) -> tuple[str, ...]:
    found = []
    cases = store.open_cases(shop.db, ids)
    if cases:
        words = ngettext(
            "{count} complaint is not closed: close it first, or nobody will know what it was about.",
            "{count} complaints are not closed: close them first, or nobody will know what they were about.",
            cases,
        )
        found.append(words.format(count=cases))
    due_fen = balance.due_fen(shop, ids[0])
    if due_fen:
        words = (
            _("They owe {sum}: afterwards nobody can be asked for it.")
            if due_fen > 0
            else _("The shop owes them {sum}: pay it out first.")
        )
        found.append(words.format(sum=show_money(abs(due_fen))))
    kept = len(swap.old(shop.folder))
    if kept:
        words = ngettext(
            "{count} shop that a restored backup replaced holds them, too: it is thrown away with them. It can still be "
            "restored from the backup that was made before.",
            "{count} shops that restored backups replaced hold them, too: they are thrown away with them. They can still "
            "be restored from the backups that were made before.",
            kept,
        )
        found.append(words.format(count=kept))
    return tuple(found)


def everything(shop: Shop, customer_id: int) -> Everything:
    """Gather everything that is held about a person, for the paper that they may ask for.

    Raises:
        CustomerMissing, AlreadyErased, NotAllowed: it takes the rights to see numbers and to take lists out.
    """
    shop.require("phones")
    shop.require("export")
    with shop.reading() as db:
        ids = family(shop, customer_id)
        own = store.own_rows(db, ids)
        past = store.past_rows(db, ids, own)
        order = list(THINGS)
        rows = sorted(
            store.held(db, own), key=lambda each: order.index(each[0]) if each[0] in order else len(order)
        )
        mentions = person_words.mentions(db, person_words.identifiers(db, ids, past), own, _ALL)
        return Everything(
            ids[0],
            customers.get(shop, ids[0]).name,
            tuple(rows),
            tuple(store.earlier(db, past)),
            tuple(history.listed(shop, store.steps_about(db, past))),
            tuple(line for each in ids for line in audit_list.about(shop, each)),
            len(mentions),
        )


def erase(shop: Shop, customer_id: int) -> Erased:
    """Erase a person for good: one step that cannot be undone; it takes the rights "settings" and "delete".

    Raises:
        CustomerMissing, AlreadyErased, NotAllowed, DiskFull, ShopBusy: nothing was changed.
    """
    shop.require("delete")
    ids = family(shop, customer_id)
    label = _("Erase a person for good (card no. {number})").format(number=ids[0])
    with shop.change(label, KINDS, action="person.erase") as change:
        rows, struck, steps = _erase_within(shop, ids, change.id)
    return Erased(ids[0], change.id, rows, struck, steps, _settle(shop))


def reapply(shop: Shop) -> int:
    """Erase again who was erased after this backup of the shop was made; answers how many cards that were.

    The list beside the backups says who; a card of the same number that was made at another time is somebody else.
    """
    again = to_erase_again(shop)
    if again:
        own = shop.at_counter(PROGRAM)
        label = ngettext(
            "Erase {count} card again that was erased after this backup",
            "Erase {count} cards again that were erased after this backup",
            len(again),
        )
        with own.change(label.format(count=len(again)), KINDS, action="person.reapply") as change:
            _erase_within(own, again, change.id)
    _settle(shop)
    return len(again)


def to_erase_again(shop: Shop) -> list[int]:
    """Cards that are there, though the list beside the backups says that they were erased."""
    listed = erased_list.read(shop.folder / "backups", shop.keys.shop_id)
    return sorted(card.id for card in listed if store.matching(shop.db, card.id, card.made_at))


def listing(shop: Shop) -> list[ErasedLine]:
    """Who was erased and when, by card number, the latest first."""
    zone = shop.zone
    return [
        ErasedLine(
            each.customer_id,
            f"{from_instant(each.at).astimezone(zone):%Y-%m-%d %H:%M}",
            _("the program") if each.staff_id == PROGRAM else staff.name_of(shop, each.staff_id),
        )
        for each in store.erased(shop.db)
    ]


def keep_list(shop: Shop) -> None:
    """See that the list beside the backups names everybody who was erased; a disk that refuses is asked again next time."""
    try:
        erased_list.add(shop.folder / "backups", shop.keys.shop_id, erased_cards(shop))
    except OSError as error:
        log.info("the list of erased cards was not written: %s", type(error).__name__)


def erased_cards(shop: Shop) -> list[erased_list.ErasedCard]:
    """Who was erased, by what the shop itself knows."""
    return [
        erased_list.ErasedCard(each.customer_id, each.card_made_at, each.at) for each in store.erased(shop.db)
    ]


def family(shop: Shop, customer_id: int) -> list[int]:
    """The card that a person has now, and before it every card that went into it.

    Raises:
        CustomerMissing, AlreadyErased
    """
    customers.get(shop, customer_id)
    found = store.family(shop.db, customer_id)
    if store.is_erased(shop.db, found[0]):
        raise AlreadyErased(
            _("Card no. {number} was erased: nothing is held about that person any more.").format(
                number=found[0]
            )
        )
    return found


def _erase_within(shop: Shop, ids: list[int], change_id: int) -> tuple[int, int, int]:
    """(rows, texts of others, steps) that were emptied; inside the open change."""
    db, at, day = shop.db, shop.stamp(), shop.today().isoformat()
    own = store.own_rows(db, ids)
    past = store.past_rows(db, ids, own)
    named = person_words.identifiers(db, ids, past)
    store.wipe(db, ids, own, _("Erased customer"), at, day)
    emptied, mixed = store.forget_steps(db, past, _("A step about somebody who was erased"), change_id)
    store.forget_own_step(db, change_id)
    struck = person_words.strike(db, named, mixed)
    _blank_trail(shop, ids, emptied, mixed, named)
    store.note(db, ids, at, day, shop.staff_id, change_id)
    store.forget_own_step(db, change_id)
    store.clear_index(db)
    return sum(map(len, own.values())), struck, len(emptied)


def _blank_trail(
    shop: Shop, ids: Sequence[int], emptied: Sequence[int], mixed: Sequence[int], named: person_words.Named
) -> None:
    """The trail keeps that something happened and who did it, and says no more of it."""
    steps = [*emptied, *person_words.steps_naming(shop.db, mixed, named.every)]
    mentions = person_words.as_written(shop.db, named.alone)
    for customer_id in ids:
        audit.blank(shop, customer_id, steps, mentions)


def _settle(shop: Shop) -> bool:
    """Put the write-ahead log away, and the list beside the backups, and let go of shops that a backup replaced; whether
    nothing is left in the log.
    """
    shop.settle()
    keep_list(shop)
    swap.forget_replaced(shop.folder)
    return store.log_is_empty(shop.folder)
