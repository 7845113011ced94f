"""The customers as cards for the shop's phone: who is in the phone book and what is told of them.

How a card is written is files/vcard_out.py's business. Tier and the wish not to be contacted go along as groups, so that
the phone shows them; coming back they are nothing (vcard_cards.py), because both are known here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from desktop_crm import masks, tier_rules
from desktop_crm.base.i18n import _
from desktop_crm.exporting.pace import Pace, Tell
from desktop_crm.files.vcard_out import Contact, write_contacts
from desktop_crm.shop import Shop
from desktop_crm.store import phone_book as store
from desktop_crm.store.who import Clause


def fill(
    shop: Shop, file: BinaryIO, meant: Clause, ids: Sequence[int] | None = None, tell: Tell | None = None
) -> int:
    """Write the cards of live customers into an open file and return how many there are.

    Args:
        meant: only these. ids: only these too, in this order.
        tell: told how far it is.
    """
    seen = (masks.veil(shop, contact) for contact in _contacts(shop, meant, ids))
    return write_contacts(file, Pace(tell, len(ids or ())).each(seen))


def _contacts(shop: Shop, meant: Clause, ids: Sequence[int] | None) -> Iterator[Contact]:
    for (
        customer_id, name, kind, phones, wechat, email, gender, birthday, lunar, leap, region, address, occupation, tier,
        do_not_contact, tags, card_no, external_id, note,
    ) in store.contacts(shop.db, meant, ids):  # fmt: skip
        labels = [tier_rules.label(tier)] if tier else []
        if do_not_contact:
            labels.append(_("Do not contact"))
        yield Contact(
            uid=f"{shop.keys.shop_id}-{customer_id}",
            name=name,
            company=kind == "company",
            phones=[(number, label) for number, label in json.loads(phones)],
            wechat=wechat,
            email=email,
            gender=gender,
            birthday=birthday,
            lunar=bool(lunar),
            leap=bool(leap),
            region=region,
            address=address,
            occupation=occupation,
            labels=labels,
            tags=tags.split("\n") if tags else (),
            card_no=card_no,
            external_id=external_id,
            kind=kind if kind in ("agent", "channel") else "",
            note=note,
        )
