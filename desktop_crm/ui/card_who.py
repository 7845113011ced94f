"""The left of the card: who this is, how to reach them, why this tier, and the note; edited in place.

A panel shows and collects; what is saved is told to the card by `save`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import (
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import QLayout, QMenu, QWidget

from desktop_crm import birthdays, customers, phones
from desktop_crm.base.i18n import _, ngettext
from desktop_crm.card import Card
from desktop_crm.records.staff import StaffMember
from desktop_crm.shop import Shop
from desktop_crm.ui.card_fields import LABEL_WIDTH, Choice, ChoiceRow, PhoneLines
from desktop_crm.ui.kit.buttons import IconButton
from desktop_crm.ui.kit.inplace import FieldRow
from desktop_crm.ui.kit.labels import Avatar, Chip, KeyCap, key_words
from desktop_crm.ui.kit.layouts import STRETCH, clear, hbox, vbox, wrap_row
from desktop_crm.ui.kit.panels import Panel
from desktop_crm.ui.kit.theme import S12
from desktop_crm.ui.marks import TIER_TONES

Save = Callable[[FieldRow | None, str, Callable[[Shop], Any]], None]
"""Saves an edit: the row it came from (it shows what is wrong), what was edited in words, what to run."""


class WhoPanel(Panel):
    """Name, numbers, chips and fields.

    Args:
        save: see `Save`.
        on_edit / on_tier / on_delete: what the button and the menu at the top do.
    """

    def __init__(
        self,
        save: Save,
        on_edit: Callable[[], object],
        on_tier: Callable[[], object],
        on_delete: Callable[[], object],
    ) -> None:
        super().__init__(spacing=S12)
        self._save = save
        self._customer_id = 0
        self._card: Card | None = None
        self._people: Sequence[StaffMember] = ()
        self._more: tuple[tuple[str, str, Callable[[], object]], ...] = (
            (_("Edit phone numbers"), "Alt+P", self.edit_numbers),
            (_("Edit tags"), "Alt+T", self.edit_tags),
            (_("Set the tier by hand"), "Alt+G", on_tier),
            (_("Delete this card"), "Ctrl+Del", on_delete),
        )
        self._build(on_edit)

    def _build(self, on_edit: Callable[[], object]) -> None:
        self._avatar = Avatar("", "grey")
        self.name = FieldRow("", on_save=self._save_name, role="title")
        self.numbers = FieldRow(
            "", on_save=self._save_phones, placeholder=_("138 0571 8866, 0571-8765 4321 home")
        )
        self._lines = PhoneLines()
        self._lines.pressed.connect(self.edit_numbers)
        self.edit_button = IconButton("pencil", _("Edit all fields"), key="Alt+E", on_click=on_edit)
        self.more_button = IconButton("ellipsis", _("More"), on_click=self._open_more)
        for _text, key, run in self._more:
            QShortcut(QKeySequence(key), self).activated.connect(run)
        buttons = hbox(self.edit_button, self.more_button, spacing=0)
        words = vbox(self.name, self._lines, self.numbers, spacing=2)
        picture, tools = vbox(self._avatar, STRETCH, spacing=0), vbox(buttons, STRETCH, spacing=0)
        self.add(hbox(picture, (words, 1), tools, spacing=S12))
        self._chips = wrap_row()
        self.add(self._chips)
        self.tags = FieldRow(
            _("Tags"), on_save=self._save_tags, placeholder=_("camera, Apple"), label_width=LABEL_WIDTH
        )
        self.tags.hide()
        fields = vbox(self.tags, spacing=6)
        for row in self._rows():
            fields.addWidget(row)
        self.add(fields)

    def _open_more(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, key, run in self._more:
            # Shown only: the same key of a menu and of the panel would do neither.
            menu.addAction(f"{text}\t{key_words(key)}", run)
        menu.popup(self.more_button.mapToGlobal(QPoint(0, self.more_button.height())))

    def _rows(self) -> list[QWidget]:
        row = partial(FieldRow, label_width=LABEL_WIDTH)
        self.why = row(_("Why"))
        self.wechat = row(_("WeChat"), on_save=partial(self._save_field, self._field("wechat"), "wechat"))
        self.birthday = row(_("Birthday"), on_save=self._save_birthday, placeholder=_("1985-11-21 or 11-21"))
        self.address = row(_("Address"), on_save=self._save_address, placeholder=_("district, street"))
        self.source = row(_("Came by"), on_save=partial(self._save_field, self._field("source"), "source"))
        self.referred = row(_("Referred"))
        self.owner = ChoiceRow(_("Clerk"), partial(self._save_choice, _("clerk"), "owner_staff_id"))
        self.consent = ChoiceRow(_("Consent"), partial(self._save_choice, _("consent"), "consent"))
        self.card_no = row(
            _("Card no."), on_save=partial(self._save_field, self._field("card_no"), "card_no")
        )
        return [
            self.why,
            self.wechat,
            self.birthday,
            self.address,
            self.source,
            self.referred,
            self.owner,
            self.consent,
            self.card_no,
        ]

    def _field(self, name: str) -> Callable[[], FieldRow]:
        def row() -> FieldRow:
            found: FieldRow = getattr(self, name)
            return found

        return row

    # ---------------------------------------------------------------- showing

    def offer(self, people: Sequence[StaffMember]) -> None:
        """Who may be named as the clerk in charge."""
        self._people = people

    def show_card(self, card: Card) -> None:
        """Show a customer."""
        self._card = card
        people, today = self._people, card.today
        who = card.customer
        self._customer_id = who.id
        tone = TIER_TONES.get(card.tier.tier, "grey") if card.tier else "grey"
        self._avatar.show_name(who.name, tone)
        self.name.show_value(who.name)
        self._show_numbers(card)
        self._show_chips(card, tone)
        self.tags.show_value(_(", ").join(card.tags))
        self.tags.hide()
        self.why.show_value(card.why, tone="look" if card.at_risk else "plain")
        self.why.setVisible(card.tier is not None)
        self.wechat.show_value(who.wechat, shown=_breakable(who.wechat))
        self._show_birthday(card, today)
        self.address.show_value(" ".join(part for part in (who.region, who.address) if part))
        self.source.show_value(who.source)
        self._show_referred(card)
        known = [Choice(person.id, person.name) for person in people]
        if who.owner_staff_id is not None and who.owner_staff_id not in {person.id for person in people}:
            known.append(Choice(who.owner_staff_id, card.owner))
        self.owner.show_choices([*known, Choice(None, _("Nobody"))], who.owner_staff_id)
        self.consent.show_choices(_consents(), who.consent)
        self.card_no.show_value(who.card_no, shown=_breakable(who.card_no))

    def edit_tags(self) -> None:
        """Open the line of tags."""
        self.tags.show()
        self.tags.edit()

    def _show_numbers(self, card: Card) -> None:
        typed = ", ".join(phones.said_phone(phone) for phone in card.phones)
        self.numbers.show_value(typed, tone="faint", shown=typed or _("Add a phone number"))
        self._lines.show_numbers([(phone.number, phone.label) for phone in card.phones])
        self.numbers.setVisible(not card.phones or self.numbers.is_editing())

    def edit_numbers(self) -> None:
        """Open the line of numbers."""
        self._lines.hide()
        self.numbers.show()
        self.numbers.edit()

    def _show_chips(self, card: Card, tone: str) -> None:
        layout = self._chips.layout()
        assert isinstance(layout, QLayout)
        clear(layout)
        chips = []
        if card.tier is not None:
            chips.append(Chip(card.tier_label, tone, bold=True))
            if card.activity == "active":
                chips.append(Chip(card.activity_label, "good"))
            elif card.activity == "dormant":
                chips.append(Chip(card.activity_label, "look"))
        if card.customer.deleted_at is not None:
            chips.insert(0, Chip(_("Deleted"), "bad", bold=True))
        if card.customer.do_not_contact:
            chips.append(Chip(_("Do not contact"), "bad"))
        chips += [Chip(tag) for tag in card.tags]
        for chip in chips:
            layout.addWidget(chip)
        self._chips.setVisible(bool(chips))
        self._chips.updateGeometry()

    def _show_birthday(self, card: Card, today: date) -> None:
        who, following = card.customer, card.next_birthday
        if following is None:
            self.birthday.show_value("")
            return
        plain = who.birthday.removeprefix("--")
        typed = _("lunar {day}").format(day=plain) if who.birthday_lunar else plain
        days = (following - today).days
        shown = typed
        if who.birthday_lunar:
            shown = _("{birthday} → {day}").format(birthday=typed, day=following.isoformat()[5:])
        if days == 0:
            shown = _("{birthday} · today").format(birthday=shown)
        elif days <= 30:
            words = ngettext("{birthday} · in {days} day", "{birthday} · in {days} days", days)
            shown = words.format(birthday=shown, days=days)
        self.birthday.show_value(typed, shown=shown, tone="look" if days <= 7 else "plain")

    def _show_referred(self, card: Card) -> None:
        parts = [_("by {name}").format(name=card.referrer)] if card.referrer else []
        if card.referred_count:
            words = ngettext("sent {count} other", "sent {count} others", card.referred_count)
            parts.append(words.format(count=card.referred_count))
        self.referred.show_value(" · ".join(parts))
        self.referred.setVisible(bool(parts))

    # ---------------------------------------------------------------- saving

    def _save_name(self, text: str) -> None:
        self._save(self.name, _("name"), self._edit(name=text))

    def _save_phones(self, text: str) -> None:
        who, drafts = self._customer_id, phones.parse(text)
        self._save(self.numbers, _("phone numbers"), lambda shop: customers.set_phones(shop, who, drafts))

    def _save_tags(self, text: str) -> None:
        who = self._customer_id
        names = [part.strip() for part in text.replace("，", ",").replace("、", ",").split(",")]
        self._save(self.tags, _("tags"), lambda shop: customers.set_tags(shop, who, names))

    def _save_field(self, row: Callable[[], FieldRow], name: str, text: str) -> None:
        labels = {
            "wechat": _("WeChat"),
            "source": _("source"),
            "card_no": _("card number"),
        }
        self._save(row(), labels[name], self._edit(**{name: text}))

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
            birthday, lunar = birthdays.parse(text)
            return customers.edit(shop, who, birthday=birthday, birthday_lunar=lunar)

        self._save(self.birthday, _("birthday"), change)

    def _save_choice(self, label: str, name: str, value: object) -> None:
        self._save(None, label, self._edit(**{name: value}))

    def _edit(self, **changes: Any) -> Callable[[Shop], object]:  # values of the fields named
        who = self._customer_id
        return lambda shop: customers.edit(shop, who, **changes)


class NotePanel(Panel):
    """The note; Ctrl+Enter saves it."""

    def __init__(self, save: Save) -> None:
        super().__init__(_("Note"), actions=[KeyCap("Alt+N")])
        self._save, self._customer_id = save, 0
        self.note = FieldRow(
            "",
            on_save=self._save_note,
            multiline=True,
            placeholder=_("What to remember next time. Ctrl+Enter saves."),
        )
        self.add(self.note)
        self.body.addStretch(1)

    def show_card(self, card: Card) -> None:
        """Show a customer's note."""
        self._customer_id = card.customer.id
        empty = _("What to remember next time: likes, family, promises.")
        note = card.customer.note
        self.note.show_value(note, shown=note or empty)

    def _save_note(self, text: str) -> None:
        who = self._customer_id
        self._save(self.note, _("note"), lambda shop: customers.edit(shop, who, note=text))


def _breakable(text: str) -> str:
    """A long word with invisible places to break, because a label only wraps between words."""
    return (
        "\u200b".join(text[start : start + 8] for start in range(0, len(text), 8)) if len(text) > 24 else text
    )


def _consents() -> list[Choice]:
    return [
        Choice("granted", _("May be contacted")),
        Choice("refused", _("Does not want contact")),
        Choice("", _("Not asked yet")),
    ]
