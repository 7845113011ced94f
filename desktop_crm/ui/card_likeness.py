"""While a number, WeChat id or card number is typed on a card: who has it already, above the card, with three keys.

It watches which field is open and takes no focus; what looks alike is decided in duplicates.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from desktop_crm import customers, duplicates, phones
from desktop_crm.base.i18n import _
from desktop_crm.card import Card
from desktop_crm.duplicates import Likeness
from desktop_crm.shop import Shop
from desktop_crm.ui.card_phones import PhoneRow
from desktop_crm.ui.kit.inplace import FieldRow
from desktop_crm.ui.likeness import LikenessBanner
from desktop_crm.ui.merge import merge_cards, open_merged
from desktop_crm.ui.page import Desk

KEYS = ("Alt+F", "Alt+M", "Alt+X")
"""Open, make one card, two people."""

_NAMED = ("wechat", "card_no")
"""Rows of the card whose value points to one person, by the name of the field."""


class CardLikeness(LikenessBanner):
    """Who else has what is being typed.

    Args:
        desk: the window's. parent: the card; only its fields are watched.
        on_changed: called when it came or went, because the card then has another height.
    """

    def __init__(self, desk: Desk, parent: QWidget, on_changed: Callable[[], object]) -> None:
        super().__init__(
            lambda like: desk.open_customer(like.customer_id),
            self._merge,
            self._keep_apart,
            join_text=_("Make one card"),
            keys=KEYS,
            join_bound=False,
            is_wide=True,
        )
        self._desk, self._page, self._on_changed = desk, parent, on_changed
        self._customer_id = 0
        self._line: QLineEdit | None = None
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._focus_moved)

    def show_card(self, card: Card) -> None:
        """Another card: nothing is typed on it yet."""
        if card.customer.id != self._customer_id:
            self._customer_id = card.customer.id
            self._show_found(())

    def dismiss(self) -> bool:
        """Take it away; False where it was not there."""
        was_there = bool(self.people)
        self._show_found(())
        return was_there

    def _focus_moved(self, _old: QWidget | None, now: QWidget | None) -> None:
        if self._line is now or not isinstance(now, QLineEdit) or not self._page.isAncestorOf(now):
            return
        kind = _kind_of(now)
        self._line = now if kind else None
        if kind and not now.property("likeness"):
            now.setProperty("likeness", True)  # watched once, however often it opens
            now.textEdited.connect(lambda text: self._look(kind, text))

    def _look(self, kind: str, text: str) -> None:
        who = self._customer_id

        def ask(shop: Shop) -> list[Likeness]:
            typed = {"phones": phones.parse(text)} if kind == "phone" else {kind: text}
            draft = replace(customers.draft_of(shop, who), **typed)
            found = duplicates.similar(shop, draft, own_id=who)
            return [like for like in found if any(reason.kind == kind for reason in like.reasons)]

        self._desk.jobs.query(ask, self._show_found, key="card.likeness")

    def _show_found(self, found: Sequence[Likeness]) -> None:
        if self.show_people(found):
            self._on_changed()

    def merge(self) -> bool:
        """Make one card with the first of them; False where nobody is shown."""
        if not self.people:
            return False
        self._merge(self.people[0])
        return True

    def _merge(self, like: Likeness) -> None:
        ids = [self._customer_id, like.customer_id]
        merge_cards(self._desk, ids, open_merged(self._desk), reason=like.words())

    def _keep_apart(self) -> None:
        """They are two people; whoever else is like that is shown next."""
        first, *rest = self.people
        ids = [self._customer_id, first.customer_id]
        self._desk.jobs.change(
            lambda shop: duplicates.keep_apart(shop, ids),
            lambda _none: self._desk.done(_("Remembered: not the same.")),
        )
        self._show_found(rest)


def _kind_of(line: QLineEdit) -> str:
    """What is typed in a line: "phone", "wechat", "card_no" or '' for anything else."""
    place: QWidget | None = line
    while place is not None:
        if isinstance(place, PhoneRow):
            return "phone"
        if isinstance(place, FieldRow) and place.objectName() in _NAMED:
            return place.objectName()
        place = place.parentWidget()
    return ""
