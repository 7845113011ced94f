"""What stands above a card when it opens: pinned notes, and the question whether the details are still right.

Nothing here stops anybody: Esc takes it away, and the card can be used beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtWidgets import QWidget

from desktop_crm.base.i18n import _
from desktop_crm.base.values import show_phone
from desktop_crm.card import Card
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.layouts import vbox
from desktop_crm.ui.kit.panels import Banner
from desktop_crm.ui.kit.state import State
from desktop_crm.ui.kit.theme import S8


class CardAlerts(QWidget):
    """Pinned notes and “still right?”.

    Args:
        state / shop_id: where it is remembered who was asked about today, and for which shop.
        on_confirm: the details are right. on_edit: they are not.
        on_changed: it needs another height.
    """

    def __init__(
        self,
        state: State,
        shop_id: str,
        on_confirm: Callable[[], object],
        on_edit: Callable[[], object],
        on_changed: Callable[[], object],
    ) -> None:
        super().__init__()
        self._state, self._on_changed = state, on_changed
        self._memory = f"card.asked.{shop_id}"
        self._customer_id = 0
        self._fresh = False
        self._said = self._asks = False
        close = KeyButton(_("Close"), "Esc", kind="quiet", bind=False, on_click=self.dismiss)
        self.pinned = Banner("", "look", buttons=[close])
        self.right_button = KeyButton(_("Yes, all right"), "Alt+V", bind=False, on_click=on_confirm)
        self.edit_button = KeyButton(_("Change it"), "Alt+E", bind=False, on_click=on_edit)
        later = KeyButton(_("Not now"), "Esc", kind="quiet", bind=False, on_click=self.dismiss)
        self.question = Banner("", "accent", buttons=[self.right_button, self.edit_button, later])
        for button in (close, later, self.right_button, self.edit_button):
            button.setFocusPolicy(self.focusPolicy())
        vbox(self.pinned, self.question, spacing=S8, on=self)
        self.hide()

    def begin(self, customer_id: int) -> None:
        """A card opens: what was closed on it before is said again."""
        self._customer_id, self._fresh = customer_id, True
        self._said = self._asks = False

    def show_card(self, card: Card) -> None:
        """Say what this customer's card has to say; what was closed stays closed."""
        if self._fresh:
            self._fresh = False
            self._said = bool(card.pinned)
            self._asks = self._ask_today(card)
        self._said = self._said and bool(card.pinned)
        self._asks = self._asks and card.unverified_since is not None
        self.pinned.set_text("\n".join(_("Remember: {note}").format(note=note) for note in card.pinned))
        self.question.set_text(question(card))
        self._show()

    def dismiss(self) -> bool:
        """Close what stands here; False where nothing does."""
        if self.isHidden():
            return False
        self._said = self._asks = False
        self._show()
        return True

    def needed_height(self, width: int) -> int:
        """How high it is at this width: wrapped words are not passed on through a scroll area."""
        layout = self.layout()
        return layout.totalHeightForWidth(width) if layout is not None else 0

    def _show(self) -> None:
        self.pinned.setVisible(self._said)
        self.question.setVisible(self._asks)
        self.setVisible(self._said or self._asks)
        self._on_changed()

    def _ask_today(self, card: Card) -> bool:
        """Whether to ask about this card now: once a day, and only where there is something to read out."""
        if card.unverified_since is None or not _details(card):
            return False
        asked = self._state.numbers(self._memory)
        today = card.today.toordinal()
        key = str(card.customer.id)
        if asked.get(key) == today:
            return False
        kept = {name: day for name, day in asked.items() if day == today}
        self._state.put_numbers(self._memory, {**kept, key: today})
        return True


def question(card: Card) -> str:
    """What to read out: number, address and WeChat, and since when nobody has asked."""
    since = card.unverified_since or date.min
    return _("Still right? {details} (not confirmed since {day})").format(
        details=" · ".join(_details(card)), day=since.isoformat()
    )


def _details(card: Card) -> list[str]:
    who = card.customer
    address = " ".join(part for part in (who.region, who.address) if part)
    wechat = _("WeChat {name}").format(name=who.wechat) if who.wechat else ""
    return [part for part in (*(show_phone(each.number) for each in card.phones), address, wechat) if part]
