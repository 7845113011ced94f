"""Customers, their phone numbers and tags."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

CustomerKind = Literal["person", "company", "agent", "channel"]
Gender = Literal["", "female", "male"]
Consent = Literal["", "granted", "refused"]
ConsentChannel = Literal["call", "sms", "wechat", "email"]
PhoneKind = Literal["mobile", "landline", "service", "foreign", "other"]


@dataclass(frozen=True)
class Customer:
    """One customer's card.

    Attributes:
        id: key; 0 until stored.
        name: as the customer writes it, never empty (a card known only by its number carries the number).
        card_no: membership card number, '' if none; unique among cards that are not deleted.
        external_id: the key in the program the card came from, '' if none.
        kind: person, company, agent or channel.
        wechat: WeChat id. email: address. gender: '' unknown.
        birthday: 'YYYY-MM-DD', or '--MM-DD' where the year is not known, '' unknown.
        birthday_lunar: the birthday counts in the lunar calendar. birthday_leap: in a leap month of it.
        region: district, e.g. 西湖区. address: the rest. occupation: in words.
        source: how the customer came ("walk-in", "referral", …), in the shop's words.
        referred_by: the customer who sent them, or None.
        owner_staff_id: the clerk who looks after them, or None.
        consent: may the shop contact them ('' not asked). consent_day: since when, or None.
        do_not_contact: the customer asked not to be contacted.
        language: 'zh_CN', 'en' or ''.
        note: the note on the card, may have several lines; dated notes are records/notes.py.
        note_pinned: the note shows when the card opens.
        preferences: what the customer likes and dislikes, in words.
        consent_wording: what the customer was asked, in the words of that day, ''.
        since_day: business day the card began; None where an import did not know it.
        verified_day: the day somebody last confirmed the details, or None.
        created_at: instant of recording.
        deleted_at: instant of deletion (recycle bin), or None.
        merged_into: the card this one was merged into, or None.
        import_id: the import that made it, or None.
    """

    TABLE: ClassVar[str] = "customers"

    id: int
    name: str
    created_at: str
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
    verified_day: str | None = None
    deleted_at: str | None = None
    merged_into: int | None = None
    import_id: int | None = None
    preferences: str = ""
    note_pinned: bool = False
    consent_wording: str = ""
    birthday_leap: bool = False


@dataclass(frozen=True)
class ChannelConsent:
    """What one customer answered for one channel; where there is none, `Customer.consent` holds.

    Attributes:
        id: key. customer_id: whose. channel: call, sms, wechat or email; each at most once.
        answer: granted or refused. day: of the answer. wording: what was asked, in the words of that day, ''.
        staff_id: who asked, or None.
    """

    TABLE: ClassVar[str] = "consents"

    id: int
    customer_id: int
    channel: ConsentChannel
    answer: Literal["granted", "refused"]
    day: str
    wording: str = ""
    staff_id: int | None = None


@dataclass(frozen=True)
class Phone:
    """One phone number of one customer; the same number may belong to several customers.

    Attributes:
        id: key. customer_id: whose.
        kind: mobile, landline, service (400, 95…), foreign or other.
        number: as `base.values.normal_phone` makes it: digits, a foreign one with +.
        label: "home", "company", … in the person's words.
        position: 0 is the primary number; ascending.
    """

    TABLE: ClassVar[str] = "phones"

    id: int
    customer_id: int
    number: str
    kind: PhoneKind = "mobile"
    label: str = ""
    position: int = 0


@dataclass(frozen=True)
class Tag:
    """A tag that customers can wear.

    Attributes:
        id: key. name: in the shop's words, unique. group_name: gathers tags ("interest", "brand"), '' for none.
    """

    TABLE: ClassVar[str] = "tags"

    id: int
    name: str
    group_name: str = ""


@dataclass(frozen=True)
class CustomerTag:
    """One tag on one customer.

    Attributes:
        id: key. customer_id: who wears it. tag_id: which; each at most once.
    """

    TABLE: ClassVar[str] = "customer_tags"

    id: int
    customer_id: int
    tag_id: int
