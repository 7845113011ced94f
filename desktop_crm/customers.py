"""Customers: add, edit, delete, tag and list them; deleted ones come back by recycle_bin.py.

What a valid card is stands in customer_drafts.py; finding them is search.py; everything that hangs on one is
card.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from desktop_crm import birthdays, tiers
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _, ngettext
from desktop_crm.base.masking import restore
from desktop_crm.base.values import clean_text, normal_phone
from desktop_crm.customer_drafts import EDITABLE, NameMissing, clean_field
from desktop_crm.customer_drafts import CustomerDraft as CustomerDraft
from desktop_crm.customer_drafts import checked as checked
from desktop_crm.followup_rules import cancel_customer_within
from desktop_crm.phones import PhoneDraft as PhoneDraft
from desktop_crm.phones import checked_phones, meant, phone_kind
from desktop_crm.records.customers import Customer, Phone, Tag
from desktop_crm.settings import CONSENT_WORDING
from desktop_crm.shop import Shop
from desktop_crm.store import customer_list, person
from desktop_crm.store import customers as store


class CustomerMissing(CrmError):
    """There is no such card, or it was deleted."""


class CardNoTaken(CrmError):
    """Another card carries this card number."""


class ReferredBySelf(CrmError):
    """A card is said to have been sent by itself."""


class PhoneKnown(CrmError):
    """Somebody has this number already; `holders` are they."""

    def __init__(self, holders: Sequence[Customer]) -> None:
        super().__init__(
            _("{name} has this phone number already. Open that card, or keep both.").format(
                name=holders[0].name
            )
        )
        self.holders = tuple(holders)


def get(shop: Shop, customer_id: int) -> Customer:
    """The customer's own fields, also of a deleted card.

    Raises:
        CustomerMissing: there was never such a card.
    """
    found = shop.db.get(Customer, customer_id)
    if found is None:
        raise CustomerMissing(
            _(
                "There is no customer number {number}. The card may have been undone or never imported."
            ).format(number=customer_id)
        )
    return found


def live(shop: Shop, customer_id: int) -> Customer:
    """The customer's own fields, of a card that is in use.

    Raises:
        CustomerMissing: there is none, it was deleted, or it went into another one.
    """
    found = get(shop, customer_id)
    if person.is_erased(shop.db, customer_id):
        raise CustomerMissing(
            _(
                "Card no. {number} belonged to somebody whose data was erased for good, so nothing was changed. "
                "Make a new card instead."
            ).format(number=customer_id)
        )
    if found.merged_into is not None:
        raise CustomerMissing(
            _(
                "The card of {name} went into card no. {number}, so nothing was changed. Open that one instead."
            ).format(name=found.name, number=found.merged_into)
        )
    if found.deleted_at is not None:
        raise CustomerMissing(
            _(
                "The card of {name} was deleted, so nothing was changed. Bring it back on the page Tidy up first."
            ).format(name=found.name)
        )
    return found


def phones(shop: Shop, customer_id: int) -> tuple[Phone, ...]:
    """The customer's numbers, primary first."""
    return tuple(store.phones(shop.db, customer_id))


def tags(shop: Shop, customer_id: int) -> tuple[str, ...]:
    """Names of the customer's tags, by name."""
    return tuple(store.tag_names(shop.db, customer_id))


def sources(shop: Shop) -> list[str]:
    """The words for how customers came that are in use, most frequent first."""
    return store.words_in_use(shop.db, "source")


def regions(shop: Shop) -> list[str]:
    """The districts in use, most frequent first."""
    return store.words_in_use(shop.db, "region")


def by_phone(shop: Shop, number: str) -> list[Customer]:
    """Everybody whose number this is (any way of writing it), deleted cards left out, newest first."""
    plain = normal_phone(number)
    return store.by_phone(shop.db, plain) if plain else []


def by_card_no(shop: Shop, card_no: str) -> Customer | None:
    """The live card with this card number, or None."""
    return store.by_card_no(shop.db, card_no) if card_no else None


def count(shop: Shop) -> int:
    """How many live cards there are."""
    return sum(customer_list.counts(shop.db).values())


def add(shop: Shop, draft: CustomerDraft, *, keep_both: bool = True) -> int:
    """Make a card and return its id; `keep_both` False refuses a number that somebody has already.

    Raises:
        what `checked` raises; CardNoTaken, PhoneKnown: nothing was saved.
    """
    clean = checked(draft)
    holders = [] if keep_both else [each for phone in clean.phones for each in by_phone(shop, phone.number)]
    if holders:
        raise PhoneKnown(holders)
    with shop.change(
        _("Add customer {name}").format(name=clean.name), {"customers", "tiers"}, action="customers.add"
    ):
        return add_within(shop, clean)


def add_within(shop: Shop, draft: CustomerDraft) -> int:
    """Make a card with its first tier inside an open change and return its id; the draft is checked here too."""
    clean = checked(draft)
    _refuse_taken_card(shop, clean.card_no, 0)
    wording = shop.get(CONSENT_WORDING)
    customer_id = shop.db.insert(_as_customer(clean, shop.stamp(), shop.today().isoformat(), wording))
    for phone in _as_phones(meant(clean.phones, ()), customer_id):
        shop.db.insert(phone)
    if clean.tags:
        _tag_within(shop, customer_id, clean.tags)
    if clean.since_day is None or clean.since_day <= shop.today().isoformat():
        tiers.first_of_one_within(shop, customer_id)
    return customer_id


def edit(shop: Shop, customer_id: int, **changes: Any) -> Customer:  # values of the fields named
    """Change fields of a card; answers the card as it is now.

    Args:
        changes: any of EDITABLE, or verified_day.

    Raises:
        CustomerMissing, CardNoTaken, and what `checked` raises
    """
    before = live(shop, customer_id)
    with shop.change(
        _("Edit customer {name}").format(name=before.name),
        {"customers", "followups"},
        action="customers.edit",
    ):
        return edit_within(shop, customer_id, **changes)


def edit_within(shop: Shop, customer_id: int, **changes: Any) -> Customer:  # values of the fields named
    """As `edit`, inside an open change."""
    before = live(shop, customer_id)
    values = {name: clean_field(name, value) for name, value in changes.items()}
    after = replace(before, **values)
    if not after.name:
        raise NameMissing(_("A card needs a name. Nothing was saved; the old name stays."))
    if after.birthday:
        birthdays.checked(after.birthday, after.birthday_lunar)
    if after.referred_by == customer_id:
        raise ReferredBySelf(_("Nobody is sent by themselves. Nothing was saved; choose another customer."))
    if after.consent != before.consent:
        after = replace(after, **_asked_now(shop, after, changes))
    if after.card_no != before.card_no:
        _refuse_taken_card(shop, after.card_no, customer_id)
    if after != before:
        shop.db.update(after)
    if _unwanted(after) and not _unwanted(before):
        cancel_customer_within(shop, customer_id, _("The customer does not want to be contacted."))
    return after


def _asked_now(
    shop: Shop, after: Customer, changes: Mapping[str, object]
) -> dict[str, Any]:  # as edit_within
    """Day and wording of an answer that was given just now, as far as the change does not name them."""
    day, wording = shop.today().isoformat(), shop.get(CONSENT_WORDING)
    asked = {"consent_day": day, "consent_wording": wording} if after.consent else _NOT_ASKED
    return {name: value for name, value in asked.items() if name not in changes}


_NOT_ASKED: dict[str, str | None] = {"consent_day": None, "consent_wording": ""}


def save(shop: Shop, customer_id: int, draft: CustomerDraft) -> Customer:
    """Make a card say exactly what the draft says, phones and tags too, as one step; its beginning stays.

    Raises:
        CustomerMissing, CardNoTaken, and what `checked` raises
    """
    clean, before = checked(draft), live(shop, customer_id)
    values = {
        name: getattr(clean, name)
        for name in EDITABLE - {"since_day", "import_id", "consent_day", "consent_wording"}
    }
    label = _("Edit customer {name}").format(name=before.name)
    with shop.change(label, {"customers", "followups", "tags"}, action="customers.save"):
        set_phones_within(shop, customer_id, clean.phones)
        set_tags_within(shop, customer_id, clean.tags)
        return edit_within(shop, customer_id, **values)


def draft_of(shop: Shop, customer_id: int) -> CustomerDraft:
    """A stored card as a draft, for editing all of it.

    Raises:
        CustomerMissing
    """
    card = get(shop, customer_id)
    numbers = tuple(PhoneDraft(each.number, each.kind, each.label) for each in phones(shop, customer_id))
    values = {name: getattr(card, name) for name in EDITABLE}
    return CustomerDraft(phones=numbers, tags=tags(shop, customer_id), **values)


def set_phones(shop: Shop, customer_id: int, drafts: Iterable[PhoneDraft]) -> None:
    """Give a card exactly these numbers, the primary one first.

    Raises:
        CustomerMissing, PhoneNotUnderstood
    """
    clean, before = checked_phones(drafts), live(shop, customer_id)
    with shop.change(
        _("Edit phone numbers of {name}").format(name=before.name),
        {"customers"},
        action="customers.set_phones",
    ):
        set_phones_within(shop, customer_id, clean)


def set_phones_within(shop: Shop, customer_id: int, drafts: Iterable[PhoneDraft]) -> None:
    """As `set_phones`, inside an open change; numbers that stay keep their row, also those written hidden."""
    old = {phone.number: phone for phone in store.phones(shop.db, customer_id)}
    for new in _as_phones(meant(drafts, tuple(old)), customer_id):
        kept = old.pop(new.number, None)
        if kept is None:
            shop.db.insert(new)
        elif replace(new, id=kept.id) != kept:
            shop.db.update(replace(new, id=kept.id))
    for phone in old.values():
        shop.db.delete(Phone, phone.id)


def set_tags(shop: Shop, customer_id: int, names: Iterable[str]) -> None:
    """Give a card exactly these tags; unknown ones are made.

    Raises:
        CustomerMissing
    """
    wanted, before = [name for name in map(clean_text, names) if name], live(shop, customer_id)
    with shop.change(
        _("Edit tags of {name}").format(name=before.name), {"customers", "tags"}, action="customers.set_tags"
    ):
        set_tags_within(shop, customer_id, wanted)


def set_tags_within(shop: Shop, customer_id: int, names: Iterable[str]) -> None:
    """As `set_tags`, inside an open change."""
    present = store.tag_names(shop.db, customer_id)
    have = set(present)
    wanted = set(restore("\n".join(names), "\n".join(present)).split("\n")) - {""}
    for name in sorted(have - wanted):
        store.remove_tag(shop.db, customer_id, name)
    _tag_within(shop, customer_id, sorted(wanted - have))


def delete(shop: Shop, customer_ids: Sequence[int]) -> None:
    """Put cards into the recycle bin; everything that hangs on them stays with them.

    Raises:
        CustomerMissing: one of them is not there; nothing was deleted.
    """
    found = [live(shop, customer_id) for customer_id in customer_ids]
    if not found:
        return
    label = ngettext("Delete customer {name}", "Delete {count} customers", len(found))
    with shop.change(
        label.format(name=found[0].name, count=len(found)), {"customers"}, action="customers.delete"
    ):
        for customer in found:
            shop.db.update(replace(customer, deleted_at=shop.stamp()))


def _unwanted(customer: Customer) -> bool:
    return customer.do_not_contact or customer.consent == "refused"


def _refuse_taken_card(shop: Shop, card_no: str, customer_id: int) -> None:
    holder = by_card_no(shop, card_no)
    if holder is not None and holder.id != customer_id:
        raise CardNoTaken(
            _("Card number {number} belongs to {name}. Nothing was saved; give another number.").format(
                number=card_no, name=holder.name
            )
        )


def _as_customer(draft: CustomerDraft, stamp: str, today: str, wording: str) -> Customer:
    values = {name: getattr(draft, name) for name in EDITABLE}
    if draft.import_id is None:
        values["since_day"] = draft.since_day or today
        values["consent_day"] = draft.consent_day or (today if draft.consent else None)
        values["consent_wording"] = draft.consent_wording or (wording if draft.consent else "")
    return Customer(id=0, created_at=stamp, **values)


def _as_phones(drafts: Iterable[PhoneDraft], customer_id: int) -> list[Phone]:
    return [
        Phone(0, customer_id, draft.number, draft.kind or phone_kind(draft.number), draft.label, position)
        for position, draft in enumerate(drafts)
    ]


def _tag_within(shop: Shop, customer_id: int, names: Iterable[str]) -> None:
    store.add_tags(shop.db, [(customer_id, _tag_id(shop, name)) for name in names])


def _tag_id(shop: Shop, name: str) -> int:
    return store.tag_id(shop.db, name) or shop.db.insert(Tag(0, name))
