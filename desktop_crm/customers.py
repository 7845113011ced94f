"""Customers: add, edit, delete, restore, tag, and what a valid card is.

Finding them is search.py, the whole card with everything that hangs on it is card.py.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, get_args

from desktop_crm import birthdays
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _, ngettext
from desktop_crm.base.values import clean_note, clean_text, half_width, normal_phone
from desktop_crm.phones import PhoneDraft as PhoneDraft
from desktop_crm.phones import checked_phones, phone_kind
from desktop_crm.records.customers import Consent, Customer, CustomerKind, Gender, Phone, Tag
from desktop_crm.shop import Shop
from desktop_crm.store import customers as store

CustomerLine = store.CustomerLine
Order = store.Order


@dataclass(frozen=True)
class CustomerDraft:
    """A card that is not stored yet; the fields mean what they mean in `records.customers.Customer`.

    Attributes:
        name: may stay empty where there is a phone; the card then carries the number as its name.
        phones: the first is the primary number.
        tags: names of tags; unknown ones are made.
        since_day: None is today, except for imported cards.
    """

    name: str = ""
    phones: tuple[PhoneDraft, ...] = ()
    tags: tuple[str, ...] = ()
    card_no: str = ""
    external_id: str = ""
    kind: CustomerKind = "person"
    wechat: str = ""
    email: str = ""
    gender: Gender = ""
    birthday: str = ""
    birthday_lunar: bool = False
    region: str = ""
    address: str = ""
    occupation: str = ""
    source: str = ""
    referred_by: int | None = None
    owner_staff_id: int | None = None
    consent: Consent = ""
    consent_day: str | None = None
    do_not_contact: bool = False
    language: str = ""
    note: str = ""
    since_day: str | None = None
    import_id: int | None = None


class CustomerMissing(CrmError):
    """There is no such card, or it was deleted."""


class NameMissing(CrmError):
    """A card has neither name nor number."""


class EmailNotUnderstood(CrmError):
    """What was written is no e-mail address."""


class CardNoTaken(CrmError):
    """Another card carries this card number."""


EDITABLE = frozenset(field.name for field in dataclasses.fields(CustomerDraft)) - {"phones", "tags"}
"""The fields of `Customer` that `edit` takes, beside verified_day."""


def checked(draft: CustomerDraft) -> CustomerDraft:
    """The draft as it may be stored: texts cleaned, numbers in stored form, no number twice.

    Raises:
        NameMissing, PhoneNotUnderstood, BirthdayNotUnderstood, EmailNotUnderstood
    """
    values = {name: _clean(name, getattr(draft, name)) for name in EDITABLE}
    if draft.birthday:
        birthdays.checked(draft.birthday, draft.birthday_lunar)
    phones = checked_phones(draft.phones)
    if not values["name"]:
        if not phones:
            raise NameMissing(
                _("A card needs a name or a phone number. Nothing was saved; type one of them.")
            )
        values["name"] = phones[0].number
    tags = tuple(dict.fromkeys(tag for tag in map(clean_text, draft.tags) if tag))
    return replace(draft, phones=phones, tags=tags, **values)


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


def phones(shop: Shop, customer_id: int) -> tuple[Phone, ...]:
    """The customer's numbers, primary first."""
    return tuple(store.phones(shop.db, customer_id))


def tags(shop: Shop, customer_id: int) -> tuple[str, ...]:
    """Names of the customer's tags, by name."""
    return tuple(store.tag_names(shop.db, customer_id))


def all_tags(shop: Shop) -> list[Tag]:
    """Every tag, by name."""
    return store.tags(shop.db)


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


def count(shop: Shop, tier: str = "") -> int:
    """How many live cards there are, of one tier if given ("none": without one)."""
    counts = store.counts(shop.db)
    return counts.get(tier, 0) if tier else sum(counts.values())


def counts(shop: Shop) -> dict[str, int]:
    """Live cards by tier; "none" for cards that have no tier yet."""
    return store.counts(shop.db)


def sequence(
    shop: Shop, order: Order = "last_visit", *, descending: bool = True, tier: str = ""
) -> Sequence[int]:
    """The ids of all live cards (of one tier if given) in an order; unknown values last."""
    return store.sequence(shop.db, order, descending, tier)


def lines(shop: Shop, customer_ids: Sequence[int]) -> list[CustomerLine]:
    """What a list shows of these customers, in the order given; cards that are gone are left out."""
    found = {line.id: line for line in store.lines(shop.db, customer_ids)}
    return [found[each] for each in customer_ids if each in found]


def listing(
    shop: Shop,
    order: Order = "last_visit",
    *,
    descending: bool = True,
    tier: str = "",
    offset: int = 0,
    limit: int = 200,
) -> list[CustomerLine]:
    """One page of the customers."""
    with shop.reading():
        return lines(shop, sequence(shop, order, descending=descending, tier=tier)[offset : offset + limit])


def deleted(shop: Shop, limit: int = 200) -> list[Customer]:
    """Cards in the recycle bin, latest deleted first."""
    return store.deleted(shop.db, limit)


def add(shop: Shop, draft: CustomerDraft) -> int:
    """Make a card and return its id.

    Raises:
        what `checked` raises; CardNoTaken
    """
    clean = checked(draft)
    with shop.change(_("Add customer {name}").format(name=clean.name), {"customers"}):
        return add_within(shop, clean)


def add_within(shop: Shop, draft: CustomerDraft) -> int:
    """Make a card inside an open change and return its id; the draft is checked here too."""
    clean = checked(draft)
    _refuse_taken_card(shop, clean.card_no, 0)
    customer_id = shop.db.insert(_as_customer(clean, 0, shop.stamp(), shop.today().isoformat()))
    for phone in _as_phones(clean.phones, customer_id):
        shop.db.insert(phone)
    if clean.tags:
        _tag_within(shop, customer_id, clean.tags)
    return customer_id


def add_many_within(shop: Shop, drafts: Sequence[CustomerDraft]) -> range:
    """Make many cards inside an open change; their ids, in the order given.

    The drafts must have passed `checked` and carry card numbers that are free: an importer has looked already.
    """
    first, stamp, today = store.next_id(shop.db), shop.stamp(), shop.today().isoformat()
    made = range(first, first + len(drafts))
    numbered = list(zip(made, drafts, strict=True))
    shop.db.insert_many(Customer, (_as_customer(draft, i, stamp, today) for i, draft in numbered))
    shop.db.insert_many(Phone, (phone for i, draft in numbered for phone in _as_phones(draft.phones, i)))
    pairs = [(i, tag) for i, draft in numbered for tag in draft.tags]
    ids = {name: _tag_id(shop, name) for name in dict.fromkeys(tag for _i, tag in pairs)}
    store.add_tags(shop.db, ((i, ids[tag]) for i, tag in pairs))
    return made


def edit(shop: Shop, customer_id: int, **changes: Any) -> Customer:  # values of the fields named
    """Change fields of a card; answers the card as it is now.

    Args:
        changes: any of EDITABLE, or verified_day.

    Raises:
        CustomerMissing, CardNoTaken, and what `checked` raises
    """
    before = _live(shop, customer_id)
    with shop.change(_("Edit customer {name}").format(name=before.name), {"customers"}):
        return edit_within(shop, customer_id, **changes)


def edit_within(shop: Shop, customer_id: int, **changes: Any) -> Customer:  # values of the fields named
    """As `edit`, inside an open change."""
    before = _live(shop, customer_id)
    values = {name: _clean(name, value) for name, value in changes.items()}
    after = replace(before, **values)
    if not after.name:
        raise NameMissing(_("A card needs a name. Nothing was saved; the old name stays."))
    if after.birthday:
        birthdays.checked(after.birthday, after.birthday_lunar)
    if after.consent != before.consent and "consent_day" not in changes:
        after = replace(after, consent_day=shop.today().isoformat() if after.consent else None)
    if after.card_no != before.card_no:
        _refuse_taken_card(shop, after.card_no, customer_id)
    if after != before:
        shop.db.update(after)
    return after


def set_phones(shop: Shop, customer_id: int, drafts: Iterable[PhoneDraft]) -> None:
    """Give a card exactly these numbers, the primary one first.

    Raises:
        CustomerMissing, PhoneNotUnderstood
    """
    clean, before = checked_phones(drafts), _live(shop, customer_id)
    with shop.change(_("Edit phone numbers of {name}").format(name=before.name), {"customers"}):
        set_phones_within(shop, customer_id, clean)


def set_phones_within(shop: Shop, customer_id: int, drafts: Iterable[PhoneDraft]) -> None:
    """As `set_phones`, inside an open change; numbers that stay keep their row."""
    old = {phone.number: phone for phone in store.phones(shop.db, customer_id)}
    for new in _as_phones(checked_phones(drafts), customer_id):
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
    wanted, before = [name for name in map(clean_text, names) if name], _live(shop, customer_id)
    with shop.change(_("Edit tags of {name}").format(name=before.name), {"customers", "tags"}):
        set_tags_within(shop, customer_id, wanted)


def set_tags_within(shop: Shop, customer_id: int, names: Iterable[str]) -> None:
    """As `set_tags`, inside an open change."""
    wanted, have = set(names), set(store.tag_names(shop.db, customer_id))
    for name in sorted(have - wanted):
        store.remove_tag(shop.db, customer_id, name)
    _tag_within(shop, customer_id, sorted(wanted - have))


def delete(shop: Shop, customer_ids: Sequence[int]) -> None:
    """Put cards into the recycle bin; everything that hangs on them stays with them.

    Raises:
        CustomerMissing: one of them is not there; nothing was deleted.
    """
    found = [_live(shop, customer_id) for customer_id in customer_ids]
    if not found:
        return
    label = ngettext("Delete customer {name}", "Delete {count} customers", len(found))
    with shop.change(label.format(name=found[0].name, count=len(found)), {"customers"}):
        for customer in found:
            shop.db.update(replace(customer, deleted_at=shop.stamp()))


def restore(shop: Shop, customer_ids: Sequence[int]) -> None:
    """Take cards out of the recycle bin; those that are not in it stay as they are.

    Raises:
        CustomerMissing, CardNoTaken: nothing was restored.
    """
    found = [each for each in (get(shop, i) for i in customer_ids) if each.deleted_at is not None]
    if not found:
        return
    label = ngettext("Restore customer {name}", "Restore {count} customers", len(found))
    with shop.change(label.format(name=found[0].name, count=len(found)), {"customers"}):
        for customer in found:
            _refuse_taken_card(shop, customer.card_no, customer.id)
            shop.db.update(replace(customer, deleted_at=None))


_CHOICES: dict[str, tuple[str, ...]] = {
    "kind": get_args(CustomerKind),
    "gender": get_args(Gender),
    "consent": get_args(Consent),
}


def _clean(name: str, value: Any) -> Any:  # a field's own type in, the same out
    """One field's value as it may be stored."""
    if name not in EDITABLE and name != "verified_day":
        raise TypeError(f"{name} is not an editable field of a customer")
    if name in _CHOICES and value not in _CHOICES[name]:
        raise ValueError(f"{value!r} is no {name}")
    if not isinstance(value, str):
        return value
    text = clean_note(value) if name == "note" else clean_text(value)
    if name == "email" and text and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", half_width(text)):
        raise EmailNotUnderstood(
            _("“{text}” is not an e-mail address. Nothing was saved; it looks like name@example.com.").format(
                text=text
            )
        )
    return half_width(text) if name in ("email", "card_no", "external_id", "wechat") else text


def _live(shop: Shop, customer_id: int) -> Customer:
    found = get(shop, customer_id)
    if found.deleted_at is not None or found.merged_into is not None:
        raise CustomerMissing(
            _(
                "The card of {name} was deleted, so nothing was changed. Restore it on the Data page first."
            ).format(name=found.name)
        )
    return found


def _refuse_taken_card(shop: Shop, card_no: str, customer_id: int) -> None:
    holder = by_card_no(shop, card_no)
    if holder is not None and holder.id != customer_id:
        raise CardNoTaken(
            _("Card number {number} belongs to {name}. Nothing was saved; give another number.").format(
                number=card_no, name=holder.name
            )
        )


def _as_customer(draft: CustomerDraft, customer_id: int, stamp: str, today: str) -> Customer:
    values = {name: getattr(draft, name) for name in EDITABLE}
    if draft.import_id is None:
        values["since_day"] = draft.since_day or today
        values["consent_day"] = draft.consent_day or (today if draft.consent else None)
    return Customer(id=customer_id, created_at=stamp, **values)


def _as_phones(drafts: Iterable[PhoneDraft], customer_id: int) -> list[Phone]:
    return [
        Phone(0, customer_id, draft.number, draft.kind or phone_kind(draft.number), draft.label, position)
        for position, draft in enumerate(drafts)
    ]


def _tag_within(shop: Shop, customer_id: int, names: Iterable[str]) -> None:
    store.add_tags(shop.db, [(customer_id, _tag_id(shop, name)) for name in names])


def _tag_id(shop: Shop, name: str) -> int:
    return store.tag_id(shop.db, name) or shop.db.insert(Tag(0, name))
