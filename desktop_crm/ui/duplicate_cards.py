"""Cards below each other in short, for somebody who must judge whether they are one person; and the form that links two."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop_crm import relations
from desktop_crm.base.i18n import _, ngettext
from desktop_crm.base.values import show_phone
from desktop_crm.duplicates import Outline
from desktop_crm.relations import Side
from desktop_crm.shop import Shop
from desktop_crm.ui.kit.forms import ChoiceField, FormDialog
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.layouts import clear, hbox, scrolling, vbox
from desktop_crm.ui.kit.theme import S4, S8, S16
from desktop_crm.ui.page import Desk
from desktop_crm.ui.sections import hair


class CardsInShort(QWidget):
    """What is known of each card, a paragraph each; words that are the same on all cards are quiet."""

    def __init__(self) -> None:
        super().__init__()
        held = QWidget()
        self._column = vbox(spacing=S8, margins=(0, 0, S16, 0), on=held)
        vbox(scrolling(held), on=self)

    def show_cards(self, cards: Sequence[Outline]) -> None:
        """Show these, in this order."""
        clear(self._column)
        lines = [_lines(card) for card in cards]
        for place, card in enumerate(cards):
            if place:
                self._column.addWidget(hair())
            number = Label(_("no. {number}").format(number=card.id), "faint")
            self._column.addLayout(hbox(Label(card.name, "strong", wrap=True), (number, 1), spacing=S8))
            for key, text in lines[place].items():
                same = all(other.get(key) == text for other in lines)
                row = hbox(_key(key), (Label(text, "quiet" if same else "body", wrap=True), 1), spacing=S4)
                self._column.addLayout(row)
        self._column.addStretch(1)


def _key(text: str) -> Label:
    made = Label(text, "quiet")
    made.setFixedWidth(84)
    made.setAlignment(Qt.AlignmentFlag.AlignTop)
    return made


def _lines(card: Outline) -> dict[str, str]:
    """What a card says, by label; empty ones left out."""
    sales = ngettext("{count} sale", "{count} sales", card.purchases).format(count=card.purchases)
    last = _("last {day}").format(day=card.last_day) if card.last_day else ""
    found = {
        _("Phone"): _(", ").join(show_phone(number) for number in card.phones.split(" / ") if number),
        _("WeChat"): card.wechat,
        _("Card no."): card.card_no,
        _("Birthday"): card.birthday.removeprefix("--"),
        _("Address"): " ".join(part for part in (card.region, card.address) if part),
        _("Device"): card.device,
        _("Past"): " · ".join(part for part in (sales if card.purchases else "", last) if part),
        _("Joined"): card.since_day,
    }
    return {label: text for label, text in found.items() if text}


class LinkForm(FormDialog[int]):
    """Who is what to whom; saving links two cards and gives the link's id."""

    def __init__(self, desk: Desk, cards: Sequence[Outline], *, initiator: object | None = None) -> None:
        super().__init__(
            desk.jobs,
            desk.window,
            title=_("Two people who belong together"),
            note=_("They stay two cards, each with a link to the other."),
            save_text=_("Link"),
            initiator=initiator,
        )
        people = [(card.id, f"{card.name} · {_('no. {number}').format(number=card.id)}") for card in cards]
        self.first = ChoiceField(_("This person"), people, value=cards[0].id)
        self.kind: ChoiceField[Side] = ChoiceField(
            _("is"), [(side, relations.words(side)) for side in relations.KINDS], value="relative"
        )
        self.other = ChoiceField(_("of this person"), people, value=cards[1].id)
        self.add(self.kind)
        self.add_row(self.first, self.other)

    def job(self) -> Callable[[Shop], int]:
        """Link them."""
        first, other, kind = self.first.value(), self.other.value(), self.kind.value()
        return lambda shop: relations.add(shop, first, other, kind)
