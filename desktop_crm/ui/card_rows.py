"""The fields of a card below each other: those that say something, and behind “More” all the others.

What a field may be is customer_drafts.py; each row is saved by one feature call.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from desktop_crm import birthdays, consents, customers, points
from desktop_crm.base.i18n import N_, _, ngettext
from desktop_crm.card import Card
from desktop_crm.records.customers import ConsentChannel, Customer
from desktop_crm.records.staff import StaffMember
from desktop_crm.shop import Shop
from desktop_crm.ui.card_fields import Choice, ChoiceRow, PickRow, Save, label_width
from desktop_crm.ui.kit.days import parse_day
from desktop_crm.ui.kit.inplace import FieldRow
from desktop_crm.ui.kit.jobs import Jobs
from desktop_crm.ui.kit.layouts import vbox

Row = FieldRow | ChoiceRow | PickRow

KINDS = {
    "person": N_("Person"),
    "company": N_("Company"),
    "agent": N_("Agent"),
    "channel": N_("Channel partner"),
}
_GENDERS = {"female": N_("Female"), "male": N_("Male"), "": N_("Not known")}
_LANGUAGES = {"zh_CN": N_("Chinese"), "en": N_("English"), "": N_("Not known")}
_SOON_DAYS = 30
_ALWAYS = ("wechat", "birthday", "address", "owner", "consent")
"""Rows that are there also when they are empty: one asks for them most."""
_BEHIND = (
    "region",
    "contact",
    "call",
    "sms",
    "wechat_consent",
    "email_consent",
    "asked",
    "consent_day",
    "kind",
)
"""Rows that are behind “More” also when they say something: another row or a chip says it."""

_QUIET = ("gender", "language", "external_id", "verified", "email", "occupation", "source", "card_no")
"""Rows that say something of little weight at the counter: behind “More”."""


class FieldRows(QWidget):
    """Every field of a card in a row of its own.

    Args:
        save: see `Save`. jobs: for finding who sent them. confirm: the details are right as of today.

    Attributes:
        is_folded: only the rows that say something are shown.
        hidden_filled: how many rows behind “More” say something.
    """

    def __init__(self, save: Save, jobs: Jobs, confirm: Callable[[], object]) -> None:
        super().__init__()
        self._save, self._customer_id = save, 0
        self._card: Card | None = None
        self.is_folded, self.hidden_filled = True, 0
        self._filled: set[str] = set()
        self._people: Sequence[StaffMember] = ()
        self._rows: dict[str, QWidget] = {}
        self._column = vbox(spacing=6, on=self)
        self._build_rows(jobs, confirm)
        for name, row in self._rows.items():
            self._column.addWidget(row)
            row.setObjectName(name)

    def _build_rows(self, jobs: Jobs, confirm: Callable[[], object]) -> None:
        self.why = self._text("why", _("Why"), None)
        self.wechat = self._field("wechat", _("WeChat"))
        self.birthday = self._text("birthday", _("Birthday"), self._save_birthday, _("1985-11-21 or 11-21"))
        self.address = self._text("address", _("Address"), self._save_address, _("district, street"))
        self.referred = self._keep(
            "referred", PickRow(jobs, _("Referred by"), partial(self._put, _("who sent them"), "referred_by"))
        )
        self.points = self._text("points", _("Points"), self._save_points, _("1700, +50 or -20"))
        self.owner = self._choice("owner", _("Clerk"), partial(self._put, _("clerk"), "owner_staff_id"))
        self.consent = self._choice("consent", _("Consent"), partial(self._put, _("consent"), "consent"))
        self.source = self._field("source", _("Came by"))
        self.preferences = self._field("preferences", _("Likes"))
        self.card_no = self._field("card_no", _("Card no."))
        self.kind = self._choice("kind", _("Type"), partial(self._put, _("type"), "kind"))
        self.gender = self._choice("gender", _("Gender"), partial(self._put, _("gender"), "gender"))
        self.occupation = self._field("occupation", _("Occupation"))
        self.email = self._field("email", _("E-mail"))
        self.region = self._field("region", _("District"))
        self.language = self._choice("language", _("Language"), partial(self._put, _("language"), "language"))
        self.contact = self._choice(
            "contact", _("Contact"), partial(self._put, _("contact"), "do_not_contact")
        )
        self.channels: dict[ConsentChannel, ChoiceRow] = {
            channel: self._choice(
                channel if channel in ("call", "sms") else f"{channel}_consent",
                _(label),
                partial(self._put_consent, channel),
            )
            for channel, label in consents.CHANNELS.items()
        }
        self.asked = self._text(
            "asked", _("We asked"), partial(self._put_text, "asked", _("wording"), "consent_wording")
        )
        self.consent_day = self._text("consent_day", _("Answered"), self._save_consent_day, "2026-11-21")
        self.external_id = self._field("external_id", _("Other no."))
        self.verified = self._choice("verified", _("Confirmed"), lambda _right: confirm())

    def insert(self, row: QWidget, *, before: QWidget) -> None:
        """Put a row of somebody else's among these."""
        self._column.insertWidget(self._column.indexOf(before), row)

    # ---------------------------------------------------------------- showing

    def offer(self, people: Sequence[StaffMember]) -> None:
        """Who may be named as the clerk in charge."""
        self._people = people

    def offer_words(self, sources: Sequence[str], regions: Sequence[str]) -> None:
        """Words that are in use."""
        self.source.offer(sources)
        self.region.offer(regions)

    def show_card(self, card: Card) -> None:
        """Show a customer's fields."""
        self._card, who = card, card.customer
        self._customer_id = who.id
        texts = _texts(who)
        for name, text in texts.items():
            row = self._rows[name]
            assert isinstance(row, FieldRow)
            row.show_value(text, shown=breakable(text))
        self.why.show_value(card.why if card.tier else "", tone="look" if card.at_risk else "plain")
        self._show_birthday(card)
        self.address.show_value(" ".join(part for part in (who.region, who.address) if part))
        self._show_choices(card)
        self._show_consent(card)
        self.referred.show_value(_referred(card))
        total = card.points
        self.points.show_value(
            "" if total is None else str(total), shown="" if total is None else f"{total:,}"
        )
        asked = {self.channels[each.channel].objectName() for each in card.consents}
        self._filled = {name for name, text in texts.items() if text} | _filled(card) | asked
        self.fold(self.is_folded)

    def fold(self, folded: bool) -> None:
        """Show only the rows that say something, or all; a row that is being edited stays."""
        self.is_folded, self.hidden_filled = folded, 0
        for name, row in self._rows.items():
            says = name in self._filled
            shown = not folded or (says and name not in _BEHIND + _QUIET) or name in _ALWAYS
            shown = shown or (isinstance(row, FieldRow | PickRow) and row.is_editing())
            if name == "why":
                shown = says
            self.hidden_filled += says and not shown
            row.setVisible(shown)

    def first_of_more(self) -> QWidget:
        """The first row that is only there when all are shown."""
        return self.kind

    def visible_rows(self, inserted: QWidget, links: Sequence[QWidget]) -> list[QWidget]:
        """The rows that are shown, top to bottom; in place of `inserted` its `links`."""
        found: list[QWidget] = []
        for place in range(self._column.count()):
            item = self._column.itemAt(place)
            row = item.widget() if item is not None else None
            if row is inserted:
                found += links
            elif row is not None and not row.isHidden():
                found.append(row)
        return found

    def _show_birthday(self, card: Card) -> None:
        following = card.next_birthday
        if following is None:
            self.birthday.show_value("")
            return
        days = (following - card.today).days
        born = birthdays.of(card.customer)
        soon = days <= _SOON_DAYS and born.lunar
        shown = birthdays.words(birthdays.without_year(born) if soon else born)
        if card.customer.birthday_lunar:
            shown = _("{birthday} → {day}").format(birthday=shown, day=following.isoformat()[5:])
        if days == 0:
            shown = _("{birthday} · today").format(birthday=shown)
        elif days <= _SOON_DAYS:
            words = ngettext("{birthday} · in {days} day", "{birthday} · in {days} days", days)
            shown = words.format(birthday=shown, days=days)
        self.birthday.show_value(card.birthday, shown=shown, tone="look" if days <= 7 else "plain")

    def _show_choices(self, card: Card) -> None:
        who = card.customer
        known = [Choice(person.id, person.name) for person in self._people]
        if who.owner_staff_id is not None and who.owner_staff_id not in {each.value for each in known}:
            known.append(Choice(who.owner_staff_id, card.owner))
        self.owner.show_choices([*known, Choice(None, _("Nobody"))], who.owner_staff_id)
        self.kind.show_choices([Choice(key, _(text)) for key, text in KINDS.items()], who.kind)
        self.gender.show_choices([Choice(key, _(text)) for key, text in _GENDERS.items()], who.gender)
        self.language.show_choices([Choice(key, _(text)) for key, text in _LANGUAGES.items()], who.language)
        wishes = [Choice(False, _("May be contacted")), Choice(True, _("Asked not to be contacted"))]
        self.contact.show_choices(wishes, who.do_not_contact)
        right = Choice(card.today.isoformat(), _("Right as of today"))
        day = who.verified_day
        self.verified.show_choices([right], day, shown=day or "")

    def _show_consent(self, card: Card) -> None:
        who = card.customer
        shown = next(choice.text for choice in _consents() if choice.value == who.consent)
        exceptions = [consents.words(each.channel, each.answer) for each in card.consents]
        if who.consent_day and not exceptions:
            shown = _("{answer} · {day}").format(answer=shown, day=who.consent_day)
        elif exceptions:
            shown = _(", ").join([shown, *exceptions])
        self.consent.show_choices(_consents(), who.consent, shown=shown if who.consent or exceptions else "")
        self.consent.setToolTip(who.consent_wording)
        self.consent_day.show_value(who.consent_day or "")
        given = {each.channel: each for each in card.consents}
        for channel, row in self.channels.items():
            answer = given.get(channel)
            choices = [
                Choice("granted", consents.words(channel, "granted")),
                Choice("refused", consents.words(channel, "refused")),
                Choice("", _("As in general")),
            ]
            said = consents.words(channel, answer.answer) if answer else ""
            words = _("{answer} · {day}").format(answer=said, day=answer.day) if answer else ""
            row.show_choices(choices, answer.answer if answer else "", shown=words)
            row.setToolTip(answer.wording if answer else "")

    # ---------------------------------------------------------------- making rows

    def _keep(self, name: str, row: Any) -> Any:  # a row of the type given
        self._rows[name] = row
        return row

    def _text(
        self, name: str, label: str, on_save: Callable[[str], object] | None, placeholder: str = ""
    ) -> FieldRow:
        row = FieldRow(label, on_save=on_save, placeholder=placeholder, label_width=label_width())
        self._rows[name] = row
        return row

    def _field(self, name: str, label: str) -> FieldRow:
        """A row of one text that is stored as it is."""
        return self._text(name, label, partial(self._put_text, name, label, name))

    def _choice(self, name: str, label: str, on_choose: Callable[[Any], object]) -> ChoiceRow:
        row = ChoiceRow(label, on_choose)
        self._rows[name] = row
        return row

    # ---------------------------------------------------------------- saving

    def _edit(self, **changes: Any) -> Callable[[Shop], object]:  # values of the fields named
        who = self._customer_id
        return lambda shop: customers.edit(shop, who, **changes)

    def _put(self, what: str, name: str, value: object) -> None:
        self._save(None, what, self._edit(**{name: value}))

    def _put_text(self, row: str, what: str, name: str, text: str) -> None:
        shown = self._rows[row]
        assert isinstance(shown, FieldRow)
        self._save(shown, what, self._edit(**{name: text}))

    def _put_consent(self, channel: ConsentChannel, answer: str) -> None:
        who = self._customer_id
        self._save(None, _("consent"), lambda shop: consents.set(shop, who, channel, answer))

    def _save_address(self, text: str) -> None:
        """A first word that is a district, or was the district before, is the district."""
        first, _gap, rest = text.partition(" ")
        known = self._card.customer.region if self._card is not None else ""
        if first and (first == known or first.endswith(("区", "县", "市", "旗"))):
            self._save(self.address, _("address"), self._edit(region=first, address=rest))
        else:
            self._save(self.address, _("address"), self._edit(region="", address=text))

    def _save_birthday(self, text: str) -> None:
        who = self._customer_id

        def change(shop: Shop) -> object:
            born = birthdays.read(text)
            return customers.edit(
                shop, who, birthday=born.stored, birthday_lunar=born.lunar, birthday_leap=born.leap
            )

        self._save(self.birthday, _("birthday"), change)

    def _save_points(self, text: str) -> None:
        who = self._customer_id
        self._save(self.points, _("points"), lambda shop: points.put_typed(shop, who, text))

    def _save_consent_day(self, text: str) -> None:
        who = self._customer_id

        def change(shop: Shop) -> None:
            day = parse_day(text, shop.today(), past=True)
            if text and day is None:
                raise consents.day_wrong(text)
            consents.redate(shop, who, day)

        self._save(self.consent_day, _("day of the answer"), change)


def breakable(text: str) -> str:
    """A long word with invisible places to break, because a label only wraps between words."""
    return (
        "\u200b".join(text[start : start + 8] for start in range(0, len(text), 8)) if len(text) > 24 else text
    )


def _texts(who: Customer) -> dict[str, str]:
    """What the rows of one text say, by row."""
    return {
        "wechat": who.wechat,
        "source": who.source,
        "card_no": who.card_no,
        "preferences": who.preferences,
        "occupation": who.occupation,
        "email": who.email,
        "region": who.region,
        "external_id": who.external_id,
        "asked": who.consent_wording,
    }


def _filled(card: Card) -> set[str]:
    """The other rows that say something."""
    who = card.customer
    says = {
        "why": card.tier is not None,
        "birthday": bool(who.birthday),
        "address": bool(who.region or who.address),
        "referred": bool(_referred(card)),
        "points": card.points is not None,
        "owner": who.owner_staff_id is not None,
        "consent": bool(who.consent),
        "kind": who.kind != "person",
        "gender": bool(who.gender),
        "language": bool(who.language),
        "contact": who.do_not_contact,
        "consent_day": bool(who.consent_day),
        "verified": who.verified_day is not None,
    }
    return {name for name, something in says.items() if something}


def _referred(card: Card) -> str:
    parts = [card.referrer] if card.referrer else []
    if card.referred_count:
        words = ngettext("sent {count} other", "sent {count} others", card.referred_count)
        parts.append(words.format(count=card.referred_count))
    return " · ".join(parts)


def _consents() -> list[Choice]:
    return [
        Choice("granted", _("May be contacted")),
        Choice("refused", _("Does not want contact")),
        Choice("", _("Not asked yet")),
    ]
