"""What a customer brought along from another program: shown on the card, set, corrected and taken away in a form.

What may be said is openings.py's business; points and the account have forms of their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from PySide6.QtWidgets import QWidget

from desktop_crm import openings
from desktop_crm.base.i18n import _
from desktop_crm.base.values import half_width
from desktop_crm.card import Card
from desktop_crm.openings import Brought
from desktop_crm.shop import Shop
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.forms import DayField, FormDialog, MoneyField, TextField
from desktop_crm.ui.kit.labels import Chip, Label
from desktop_crm.ui.kit.layouts import STRETCH, hbox, vbox
from desktop_crm.ui.kit.theme import S4
from desktop_crm.ui.page import Desk

KEY = "Alt+W"


class OpeningForm(FormDialog[str]):
    """The sums that another program knew; saving sets them, with nothing in them takes them away."""

    def __init__(self, desk: Desk, card: Card, *, initiator: object | None = None) -> None:
        super().__init__(
            desk.jobs,
            desk.window,
            title=_("Brought along"),
            note=_(
                "What {name} bought before, as another program knew it. It counts for tier and activity, never for sales."
            ).format(name=card.customer.name),
            width=500,
            initiator=initiator,
        )
        self._customer_id = card.customer.id
        known = card.brought or Brought()
        self.total = MoneyField(_("Spent in all"), known.total_fen)
        self.count = TextField(
            _("Purchases"), "" if known.purchases is None else str(known.purchases), check=_no_count
        )
        self.add_row(self.total, self.count)
        self.last = DayField(_("Last purchase"), today=card.today, value=_date(known.last_day))
        self.until = DayField(
            _("Counted up to"), today=card.today, value=_date(known.day) or card.today, required=True
        )
        self.add_row(self.last, self.until)
        words = _("Sales of this shop up to that day are part of it.")
        if card.brought is not None:
            words = _("Sales of this shop up to that day are part of it. Empty fields take it away.")
        self.add_widget(Label(words, "small", wrap=True))

    def job(self) -> Callable[[Shop], str]:
        """Set what is typed."""
        who, count, last, until = self._customer_id, self.count.value(), self.last.value(), self.until.value()
        brought = Brought(
            self.total.value(),
            int(half_width(count)) if count else None,
            last.isoformat() if last else None,
            until.isoformat() if until else None,
        )

        def keep(shop: Shop) -> str:
            if not brought.says_something and openings.of_customer(shop, who) is not None:
                openings.remove(shop, who)
                return _("What was brought along was taken away.")
            openings.put(shop, who, brought)
            return _("What was brought along was saved.")

        return keep


class BroughtPart(QWidget):
    """The sums in words behind their mark, with the key that opens the form; hidden where nothing is known.

    Args:
        on_open: opens the form.
    """

    def __init__(self, on_open: Callable[[], object]) -> None:
        super().__init__()
        self.words = Label("", "quiet", wrap=True)
        self.button = KeyButton(_("Correct"), KEY, kind="quiet", bind=False, on_click=on_open)
        mark = Chip(_("Brought along"), "accent")
        vbox(hbox(mark, STRETCH, self.button), self.words, spacing=S4, on=self)
        self.hide()

    def show_brought(self, brought: Brought | None) -> None:
        """Say these sums."""
        self.words.setText(openings.words(brought))
        self.setVisible(brought is not None)


def _no_count(text: str) -> str:
    return "" if re.fullmatch(r"\d{0,9}", half_width(text)) else _("Write how often, as a number.")


def _date(day: str | None) -> date | None:
    return date.fromisoformat(day) if day else None
