"""Ctrl+N: a new card, or all fields of one; says while it is typed who is there already and looks like the same person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from desktop_crm import additions, birthdays, customers, duplicates, phones, staff
from desktop_crm.additions import Added
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _
from desktop_crm.base.masking import is_masked
from desktop_crm.base.values import normal_phone, valid_phone
from desktop_crm.customers import CustomerDraft
from desktop_crm.duplicates import Likeness
from desktop_crm.records.customers import Consent, Gender
from desktop_crm.records.staff import StaffMember
from desktop_crm.ui.customer_field import CustomerField
from desktop_crm.ui.kit.forms import CheckField, ChoiceField, FormDialog, NoteField, TextField
from desktop_crm.ui.likeness import LikenessBanner
from desktop_crm.ui.merge import merge_cards, open_merged
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

    typed = CustomerDraft(name, tuple(phones.parse(numbers)), owner_staff_id=desk.shop.staff_id)

    def show(offered: _Offered) -> None:
        # what was typed does not come from the shop, where numbers may be hidden
        CustomerForm(desk, replace(offered, draft=typed)).open_with(added)

    def added(customer_id: int) -> None:
        desk.open_customer(customer_id)
        desk.done(_("The card was added."))

    desk.jobs.query(lambda shop: _offered(shop, typed), show, key="customer_form")


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
        self._apart: frozenset[int] = frozenset()
        self.setProperty("customer_id", customer_id)  # for F9
        self._build_fields(offered)
        for field in (
            self.name,
            self.phone,
            self.wechat,
            self.birthday,
            self.card_no,
            self.region,
            self.address,
        ):
            field.changed.connect(self._look)
        self.phone.changed.connect(lambda: self.phone.set_hint(_doubt(self.phone.text())))
        if offered.draft.phones and customer_id is None:
            self._look()

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
        self.phone = TextField(_("Phone"), typed, check=dialled, placeholder=_("several with commas"))
        self.add_row(self.name, self.phone)
        is_new = self._customer_id is None
        self.known = self.add_widget(
            LikenessBanner(
                self._open_other,
                self._add_to_other if is_new else self._merge,
                self._keep,
                join_text=_("Add to that card") if is_new else _("Make one card"),
            )
        )
        self.wechat = TextField(_("WeChat"), draft.wechat)
        self.birthday = TextField(
            _("Birthday"),
            _birthday_text(draft),
            check=born,
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
            _("May we contact them?"), consents(), value=draft.consent
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

    def draft(self) -> CustomerDraft:
        """The card as it is typed now; only asked when all fields are right."""
        birthday = birthdays.read(self.birthday.value())
        return replace(
            self._half_typed(),
            birthday=birthday.stored,
            birthday_lunar=birthday.lunar,
            birthday_leap=birthday.leap,
            owner_staff_id=self.owner.value() or None,
            source=self.source.value(),
            consent=self.consent.value(),
            tags=_parts(self.tags.value()),
            email=self.email.value(),
            occupation=self.occupation.value(),
            gender=self.gender.value(),
            note=self.note.value(),
            do_not_contact=self.no_contact.value(),
            referred_by=self.referred.value(),
        )

    def job(self) -> Callable[[Shop], int]:
        """Add the card or save it."""
        draft, who, apart = self.draft(), self._customer_id, sorted(self._apart)

        def run(shop: Shop) -> int:
            if who is not None:
                customers.save(shop, who, draft)
                return who
            if apart:
                return duplicates.add_apart(shop, draft, apart)
            return customers.add(shop, draft, keep_both=False)

        return run

    # ---------------------------------------------------------------- somebody who is there already

    def _half_typed(self) -> CustomerDraft:
        """What tells a person from others, as far as it is typed."""
        return replace(
            self._draft,
            name=self.name.text(),
            phones=phones.parse(self.phone.text()),
            wechat=self.wechat.text(),
            card_no=self.card_no.text(),
            region=self.region.value(),
            address=self.address.text(),
            birthday="" if born(self.birthday.text()) else birthdays.parse(self.birthday.text())[0],
            birthday_lunar=not born(self.birthday.text()) and birthdays.parse(self.birthday.text())[1],
        )

    def _look(self) -> None:
        """Ask who is like that while it is typed; the answer to the latest question counts."""
        draft, own = self._half_typed(), self._customer_id or 0
        self._jobs.query(
            lambda shop: duplicates.similar(shop, draft, own_id=own),
            self._show_known,
            key="customer_form.known",
        )

    def _show_known(self, found: Sequence[Likeness]) -> None:
        known = [like for like in found if like.customer_id not in self._apart]
        if self.known.show_people(known):
            self._fit()

    def _not_saved(self, error: CrmError) -> None:
        super()._not_saved(error)
        if isinstance(error, customers.PhoneKnown):
            self._look()

    def _keep(self) -> None:
        """They are other people: remembered with the new card, or at once with one that is there."""
        own, ids = self._customer_id, [like.customer_id for like in self.known.people]
        self._apart |= frozenset(ids)
        if own is not None:
            pairs = [(own, other) for other in ids]
            self._jobs.change(
                lambda shop: duplicates.keep_pairs_apart(shop, pairs), initiator=self._initiator
            )
        self.known.show_people(())
        self._say_trouble("")
        self._fit()

    def _open_other(self, like: Likeness) -> None:
        self._leaving = True
        self.reject()
        self._desk.open_customer(like.customer_id)

    def _add_to_other(self, like: Likeness) -> None:
        """Put what was typed on the card that is there, if all of it is right."""
        wrong = next((field for field in self._fields if field.problem()), None)
        if wrong is not None:
            wrong.fail(wrong.problem())
            wrong.editor.setFocus()
            return
        draft = self.draft()
        self._set_saving(True)
        self._jobs.change(
            lambda shop: additions.add_to(shop, like.customer_id, draft),
            self._added,
            on_error=self._not_saved,
            initiator=self._initiator,
        )

    def _added(self, added: Added) -> None:
        self._set_saving(False)
        self._on_saved = None
        self.accept()
        self._desk.open_customer(added.customer_id)
        if added.change_id:
            self._desk.done(added.sentence())
        else:
            self._desk.messages.say(added.sentence())

    def _merge(self, like: Likeness) -> None:
        """Save what was typed, then choose field by field."""
        own, desk = self._customer_id or 0, self._desk

        def go_on(_saved: int) -> None:
            merge_cards(desk, [own, like.customer_id], open_merged(desk), reason=like.words())

        self._on_saved = go_on
        self.save()


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


def dialled(text: str) -> str:
    """What is wrong with the numbers, as a sentence."""
    try:
        phones.checked_phones(phones.parse(text))
    except CrmError as error:
        return str(error)
    return ""


def _doubt(text: str) -> str:
    """Which of the numbers may be saved, but cannot be dialled, as a sentence."""
    numbers = [normal_phone(phone.number) for phone in phones.parse(text) if not is_masked(phone.number)]
    odd = [number for number in numbers if len(number) >= 5 and not valid_phone(number)]
    if not odd:
        return ""
    return _("{numbers}: not a whole phone number. It can be saved all the same.").format(
        numbers=_(", ").join(odd)
    )


def born(text: str) -> str:
    """What is wrong with the birthday, as a sentence."""
    try:
        birthdays.parse(text)
    except CrmError as error:
        return str(error)
    return ""


def _birthday_text(draft: CustomerDraft) -> str:
    return birthdays.words(birthdays.Birthday(draft.birthday, draft.birthday_lunar, draft.birthday_leap))


def _parts(text: str) -> tuple[str, ...]:
    return tuple(
        part.strip() for part in text.replace("，", ",").replace("、", ",").split(",") if part.strip()
    )


def consents() -> list[tuple[Consent, str]]:
    return [
        ("", _("Not asked yet")),
        ("granted", _("May be contacted")),
        ("refused", _("Does not want contact")),
    ]


def _genders() -> list[tuple[Gender, str]]:
    return [("", _("Not known")), ("female", _("Female")), ("male", _("Male"))]
