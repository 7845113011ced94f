"""The recycle bin: deleted cards with all that hung on them, and their way back. Deleting is customers.delete."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from desktop_crm import customers
from desktop_crm.base.i18n import _, ngettext
from desktop_crm.base.values import clean_text, show_money
from desktop_crm.shop import Shop
from desktop_crm.store import recycle_bin as store

DeletedCard = store.DeletedCard


def count(shop: Shop, text: str = "") -> int:
    """How many cards lie in it, of those that have `text` in their name or number."""
    return store.count(shop.db, clean_text(text))


def listing(shop: Shop, text: str = "", offset: int = 0, limit: int = 200) -> list[DeletedCard]:
    """Deleted cards, latest deleted first."""
    return store.listing(shop.db, clean_text(text), offset, limit)


def restore(shop: Shop, customer_ids: Sequence[int]) -> str:
    """Bring cards back whole, as one step; answers what was done as a sentence.

    A membership card number that another card carries by now does not come back with its card: it goes into the
    note, and the sentence says so.

    Raises:
        CustomerMissing: there never was such a card; nothing was changed.
    """
    found = [
        each for each in (customers.get(shop, one) for one in customer_ids) if each.deleted_at is not None
    ]
    if not found:
        return _("These cards are not in the recycle bin any more.")
    words = ngettext("Restore customer {name}", "Restore {count} customers", len(found))
    without = {}
    with shop.change(
        words.format(name=found[0].name, count=len(found)), {"customers"}, action="recycle_bin.restore"
    ):
        for card in found:
            back = replace(card, deleted_at=None)
            holder = customers.by_card_no(shop, card.card_no)
            if holder is not None:
                line = _("Card no. before: {number}").format(number=card.card_no)
                back = replace(back, card_no="", note=f"{card.note}\n{line}".strip())
                without[card.name] = holder.name
            shop.db.update(back)
    said = ngettext("{name} is back.", "{count} cards are back.", len(found))
    sentence = said.format(name=found[0].name, count=len(found))
    for name, other in without.items():
        sentence += " " + _(
            "The card number of {name} belongs to {holder} now; it stands in the note."
        ).format(name=name, holder=other)
    return sentence


def what_hangs(card: DeletedCard) -> str:
    """What comes back with a card, in words."""
    parts = []
    if card.purchases:
        words = ngettext("{count} purchase, {sum}", "{count} purchases, {sum}", card.purchases)
        parts.append(words.format(count=card.purchases, sum=show_money(card.net_fen, cents=False)))
    if card.devices:
        parts.append(ngettext("{count} device", "{count} devices", card.devices).format(count=card.devices))
    if card.followups:
        words = ngettext("{count} open follow-up", "{count} open follow-ups", card.followups)
        parts.append(words.format(count=card.followups))
    if card.complaints:
        words = ngettext("{count} complaint", "{count} complaints", card.complaints)
        parts.append(words.format(count=card.complaints))
    return " · ".join(parts) or _("nothing")
