"""A customer's card as lines of text: all that the window shows, for `show` without --json."""

from __future__ import annotations

from collections.abc import Iterator

from desktop_crm import balance, birthdays, consents, custom_fields, customer_phones, openings, points
from desktop_crm.base.i18n import _
from desktop_crm.base.values import show_money, show_phone
from desktop_crm.card import Card


def card_lines(seen: Card) -> list[str]:
    """Who, how to reach them, what they own, what is open, what to say, and what happened."""
    head = f"{seen.customer.name}  {seen.tier_label}  {seen.why}".rstrip()
    fields = [_("{field}: {text}").format(field=label, text=text) for label, text in _fields(seen) if text]
    return [head, *_alerts(seen), *fields, *_belongings(seen), *_open(seen), *_past(seen)]


def _alerts(seen: Card) -> Iterator[str]:
    if seen.customer.deleted_at is not None:
        yield _("Deleted")
    if seen.customer.do_not_contact:
        yield _("Do not contact")
    if seen.due_fen:
        yield balance.words(seen.due_fen)
    yield from (_("Remember: {note}").format(note=note) for note in seen.pinned)


def _fields(seen: Card) -> Iterator[tuple[str, str]]:
    who = seen.customer
    for phone in seen.phones:
        kind = _(customer_phones.KINDS[phone.kind])
        yield kind, f"{show_phone(phone.number)} {phone.label}".rstrip()
    for each in seen.sharing:
        yield _("Same number as"), f"{each.customer.name} (#{each.customer.id})"
    yield _("Tags"), _(", ").join(seen.tags)
    yield _("Card no."), who.card_no
    yield _("Other no."), who.external_id
    yield _("WeChat"), who.wechat
    yield _("E-mail"), who.email
    following = f" → {seen.next_birthday.isoformat()}" if seen.next_birthday is not None else ""
    yield _("Birthday"), f"{birthdays.words(birthdays.of(who))}{following}"
    yield _("Address"), f"{who.region} {who.address}".strip()
    yield _("Occupation"), who.occupation
    for link in seen.related:
        yield link.words, f"{link.other.name} (#{link.other.id})"
    yield _("Came by"), who.source
    yield _("Referred by"), seen.referrer
    yield _("Clerk"), seen.owner
    answers = {"granted": _("May be contacted"), "refused": _("Does not want contact")}
    general = f"{answers.get(who.consent, '')} {who.consent_day or ''}".strip()
    single = [f"{consents.words(each.channel, each.answer)} {each.day}" for each in seen.consents]
    yield _("Consent"), _(", ").join(part for part in (general, *single) if part)
    yield _("Likes"), who.preferences
    yield _("Points"), points.words(seen.points)
    yield _("Brought along"), openings.words(seen.brought)
    for field, stored in seen.own:
        yield field.name, custom_fields.show(field, stored) if stored else ""
    yield _("Confirmed"), who.verified_day or ""
    yield _("Note"), who.note.replace("\n", " ")


def _belongings(seen: Card) -> Iterator[str]:
    for owned in seen.devices:
        number = owned.device.imei or owned.device.serial
        yield f"{owned.device.model}  {number}  {owned.warranty.text}".rstrip()


def _open(seen: Card) -> Iterator[str]:
    yield from (f"{item.followup.due_day}  {item.why}" for item in seen.followups)
    yield from (f"{case.due_at[:10]}  {case.summary}" for case in seen.complaints)
    yield from (f"→ {advice.head}: {advice.text} {advice.hint}".rstrip() for advice in seen.advice)


def _past(seen: Card) -> Iterator[str]:
    if seen.worth.purchases:
        yield _("{money} of all time").format(money=show_money(seen.worth.lifetime_fen))
    yield from (f"{entry.day}  {entry.label}  {entry.text}" for entry in seen.timeline)
