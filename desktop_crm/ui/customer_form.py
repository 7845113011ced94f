"""Ctrl+N: a new card, or all fields of one; says at once when somebody has the number already."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from desktop_crm import birthdays, customers, phones, staff
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _
from desktop_crm.base.values import normal_phone, valid_phone
from desktop_crm.customers import CustomerDraft
from desktop_crm.records.customers import Consent, Customer, Gender
from desktop_crm.records.staff import StaffMember
from desktop_crm.ui.customer_field import CustomerField
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.forms import CheckField, ChoiceField, FormDialog, NoteField, TextField
from desktop_crm.ui.kit.panels import Banner
from desktop_crm.ui.page import Desk
from desktop_crm.ui.search_box import SearchBox

if TYPE_CHECKING:
    from desktop_crm.shop import Shop


@dataclass(frozen=True)
class _Offered:
    """What the form offers: the draft to begin with, and words and people to choose from."""

    draft: CustomerDraft
    people: Sequence[StaffMember]
    sources: Sequence[str]
    regions: Sequence[str]


def new_customer(desk: Desk, _customer_id: int | None) -> None:
    """Open the form for a new card; a name and number that were searched for in vain are filled in."""
    box = desk.window.findChild(SearchBox)
    name, numbers = _read(box.missed()) if box is not None else ("", "")

    def gather(shop: Shop) -> _Offered:
        draft = CustomerDraft(name, tuple(phones.parse(numbers)), owner_staff_id=shop.staff_id)
        return _offered(shop, draft)

    def added(customer_id: int) -> None:
        desk.open_customer(customer_id)
        desk.done(_("The card was added."))

    desk.jobs.query(gather, lambda offered: CustomerForm(desk, offered).open_with(added), key="customer_form")


class CustomerForm(FormDialog[int]):
    """All fields of a card; saving gives its id."""

    def __init__(
        self,
        desk: Desk,
        offered: _Offered,
        customer_id: int | None = None,
        *,
        initiator: object | None = None,
    ) -> None:
        title = (
            _("New customer")
            if customer_id is None
            else _("All fields of {name}").format(name=offered.draft.name)
        )
        super().__init__(desk.jobs, desk.window, title=title, width=560, initiator=initiator)
        self._desk, self._customer_id, self._draft = desk, customer_id, offered.draft
        self._keep_both = customer_id is not None
        self._holders: Sequence[Customer] = ()
        self._build_fields(offered)
        self.phone.changed.connect(self._look_for_holders)

    @classmethod
    def edit(
        cls,
        desk: Desk,
        customer_id: int,
        on_saved: Callable[[int], object],
        *,
        initiator: object | None = None,
    ) -> None:
        """Open all fields of a card."""

        def gather(shop: Shop) -> _Offered:
            draft = customers.draft_of(shop, customer_id)
            return _offered(shop, draft)

        def show(offered: _Offered) -> None:
            cls(desk, offered, customer_id, initiator=initiator).open_with(on_saved)

        desk.jobs.query(gather, show, key="customer_form")

    def _build_fields(self, offered: _Offered) -> None:
        draft = offered.draft
        typed = ", ".join(f"{phone.number} {phone.label}".rstrip() for phone in draft.phones)
        self.name = TextField(_("Name"), draft.name)
        self.phone = TextField(_("Phone"), typed, check=_dialled, placeholder=_("several with commas"))
        self.add_row(self.name, self.phone)
        self.open_button = KeyButton(_("Open that card"), "Alt+O", on_click=self._open_holder)
        self.keep_button = KeyButton(_("Keep both"), "Alt+B", on_click=self._keep)
        self.known = self.add_widget(Banner("", "look", buttons=[self.open_button, self.keep_button]))
        self.known.hide()
        self.wechat = TextField(_("WeChat"), draft.wechat)
        self.birthday = TextField(
            _("Birthday"),
            _birthday_text(draft),
            check=_born,
            placeholder=_("1985-11-21, 11-21 or lunar 10-15"),
        )
        self.add_row(self.wechat, self.birthday)
        people = [(person.id, person.name) for person in offered.people]
        self.owner: ChoiceField[int] = ChoiceField(
            _("Clerk"), [(0, _("Nobody")), *people], value=draft.owner_staff_id or 0
        )
        self.source = ChoiceField(
            _("Came by"), [(word, word) for word in offered.sources], value=draft.source, free=True
        )
        self.add_row(self.source, self.owner)
        self.referred = CustomerField(self._jobs, _("Referred by"), customer_id=draft.referred_by)
        self.consent: ChoiceField[Consent] = ChoiceField(
            _("May we contact them?"), _consents(), value=draft.consent
        )
        self.add_row(self.referred, self.consent)
        self.tags = TextField(_("Tags"), ", ".join(draft.tags), placeholder=_("several with commas"))
        self.card_no = TextField(_("Card no."), draft.card_no)
        self.add_row(self.tags, self.card_no)
        self.region = ChoiceField(
            _("District"), [(word, word) for word in offered.regions], value=draft.region, free=True
        )
        self.address = TextField(_("Address"), draft.address)
        self.add_row(self.region, self.address)
        self.email = TextField(_("E-mail"), draft.email)
        self.occupation = TextField(_("Occupation"), draft.occupation)
        self.gender: ChoiceField[Gender] = ChoiceField(_("Gender"), _genders(), value=draft.gender)
        self.add_row(self.email, self.occupation, self.gender)
        self.note = self.add(NoteField(_("Note"), draft.note, lines=3))
        self.no_contact = self.add(
            CheckField(_("Asked not to be called or written to"), draft.do_not_contact)
        )

    def problem(self) -> str:
        """A card needs a name or a number."""
        if self.name.is_empty() and self.phone.is_empty():
            self.name.editor.setFocus()
            return _("A card needs a name or a phone number.")
        return ""

    def job(self) -> Callable[[Shop], int]:
        """Add the card or save it."""
        birthday, lunar = birthdays.parse(self.birthday.value())
        draft = replace(
            self._draft,
            name=self.name.value(),
            phones=phones.parse(self.phone.value()),
            wechat=self.wechat.value(),
            birthday=birthday,
            birthday_lunar=lunar,
            owner_staff_id=self.owner.value() or None,
            source=self.source.value(),
            consent=self.consent.value(),
            tags=_parts(self.tags.value()),
            card_no=self.card_no.value(),
            region=self.region.value(),
            address=self.address.value(),
            email=self.email.value(),
            occupation=self.occupation.value(),
            gender=self.gender.value(),
            note=self.note.value(),
            do_not_contact=self.no_contact.value(),
            referred_by=self.referred.value(),
        )
        who, keep_both = self._customer_id, self._keep_both

        def run(shop: Shop) -> int:
            if who is None:
                return customers.add(shop, draft, keep_both=keep_both)
            customers.save(shop, who, draft)
            return who

        return run

    # ---------------------------------------------------------------- a number somebody has

    def _look_for_holders(self) -> None:
        """Ask who has the number while it is typed."""
        numbers = [
            phone.number
            for phone in phones.parse(self.phone.text())
            if valid_phone(normal_phone(phone.number))
        ]
        own = self._customer_id

        def holders(shop: Shop) -> list[Customer]:
            return [each for number in numbers for each in customers.by_phone(shop, number) if each.id != own]

        self._jobs.query(holders, self._show_holders, key="customer_form.holders")

    def _show_holders(self, holders: Sequence[Customer]) -> None:
        if [holder.id for holder in holders] != [holder.id for holder in self._holders]:
            self._keep_both = self._customer_id is not None
        self._holders = holders
        if holders:
            text = _("{name} has this number already.").format(
                name=_(", ").join(each.name for each in holders[:3])
            )
            self.known.set_text(text)
        self.known.setVisible(bool(holders) and not self._keep_both)
        self._fit()

    def _not_saved(self, error: CrmError) -> None:
        if isinstance(error, customers.PhoneKnown):
            self._holders = ()
            self._show_holders(error.holders)
        super()._not_saved(error)

    def _keep(self) -> None:
        self._keep_both = True
        self.known.hide()
        self._say_trouble("")
        self._fit()
        self.name.editor.setFocus()

    def _open_holder(self) -> None:
        if self._holders:
            self._leaving = True
            self.reject()
            self._desk.open_customer(self._holders[0].id)


def _offered(shop: Shop, draft: CustomerDraft) -> _Offered:
    with shop.reading():
        return _Offered(draft, staff.listing(shop), customers.sources(shop), customers.regions(shop))


def _read(typed: str) -> tuple[str, str]:
    """The name and the number in what was typed into the search box; codes and prefixes are neither."""
    plain = normal_phone(typed)
    if valid_phone(plain):
        return "", plain
    words = typed.split()
    numbers = [word for word in words if valid_phone(normal_phone(word))]
    names = [word for word in words if not any(c.isdigit() or c in ":：" for c in word)]
    return " ".join(names), ", ".join(numbers)


def _dialled(text: str) -> str:
    """What is wrong with the numbers, as a sentence."""
    try:
        phones.checked_phones(phones.parse(text))
    except CrmError as error:
        return str(error)
    return ""


def _born(text: str) -> str:
    """What is wrong with the birthday, as a sentence."""
    try:
        birthdays.parse(text)
    except CrmError as error:
        return str(error)
    return ""


def _birthday_text(draft: CustomerDraft) -> str:
    plain = draft.birthday.removeprefix("--")
    return _("lunar {day}").format(day=plain) if draft.birthday_lunar else plain


def _parts(text: str) -> tuple[str, ...]:
    return tuple(
        part.strip() for part in text.replace("，", ",").replace("、", ",").split(",") if part.strip()
    )


def _consents() -> list[tuple[Consent, str]]:
    return [("", _("Not asked yet")), ("granted", _("Yes")), ("refused", _("No"))]


def _genders() -> list[tuple[Gender, str]]:
    return [("", _("Not known")), ("female", _("Female")), ("male", _("Male"))]
