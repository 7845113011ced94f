"""How a sale is paid, as a part of its form: the ways with their digits, parts paid otherwise, an old phone taken in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop_crm import purchases
from desktop_crm.base.i18n import _
from desktop_crm.base.values import show_money
from desktop_crm.purchase_drafts import PaymentDraft
from desktop_crm.records.devices import Device
from desktop_crm.records.purchases import PayMethod
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.forms import ChoiceField, MoneyField
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.layouts import STRETCH, clear, hbox, vbox
from desktop_crm.ui.kit.theme import S4, S8
from desktop_crm.ui.product_field import is_imei
from desktop_crm.ui.sale_item import not_below

MONEY_WAYS: tuple[PayMethod, ...] = ("wechat", "alipay", "cash", "card", "instalment", "other")
"""The ways that bring money, in the order of their digits."""
WAYS: tuple[PayMethod, ...] = (*MONEY_WAYS, "account")
"""The ways a sale is paid; what is on account stays owed."""


class PayWays(QWidget):
    """The ways to pay; Alt and a digit chooses one.

    Args:
        beside: what stands at the right of the title.
        room: so wide it may be; in two rows where the words of the language need more.
    """

    def __init__(
        self,
        on_choose: Callable[[PayMethod], object],
        *,
        ways: Sequence[PayMethod] = WAYS,
        beside: Sequence[QWidget] = (),
        room: int = 640,
    ) -> None:
        super().__init__()
        self.chosen: PayMethod = ways[0]
        self._on_choose = on_choose
        self._buttons = {
            way: KeyButton(
                _(purchases.METHODS[way]),
                f"Alt+{place}",
                wide=True,
                cap=str(place),
                on_click=partial(self.choose, way),
            )
            for place, way in enumerate(ways, 1)
        }
        grid = QGridLayout()
        grid.setSpacing(S8)
        widest = max(button.sizeHint().width() for button in self._buttons.values()) + S8
        columns = len(ways) if widest * len(ways) <= room else -(-len(ways) // 2)
        for place, button in enumerate(self._buttons.values()):
            grid.addWidget(button, place // columns, place % columns)
        self.title = Label(_("Paid by"), "small")
        words = hbox(self.title, Label(_("Alt + digit"), "tiny"), STRETCH, *beside, spacing=S8)
        vbox(words, grid, spacing=S4, on=self)
        self.show_way(ways[0])

    def choose(self, way: PayMethod) -> None:
        """Pay this way."""
        self.show_way(way)
        self._on_choose(way)

    def show_way(self, way: PayMethod) -> None:
        """Show this way as the one that holds."""
        self.chosen = way
        for each, button in self._buttons.items():
            button.set_kind("chosen" if each == way else "plain")


class Parts(QWidget):
    """What is paid in other ways than the rest: one amount being typed, and those put down before.

    Signals:
        changed(): another amount.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.amount = MoneyField("", check=not_below)
        self._way: PayMethod | None = None
        self._down: list[PaymentDraft] = []
        self._shown = vbox(spacing=S4)
        vbox(self.amount, self._shown, spacing=S8, on=self)
        self.amount.changed.connect(self.changed)
        self.hide()

    def begin(self, way: PayMethod) -> None:
        """Ask for an amount that is paid this way; one typed before is put down."""
        self.put_down()
        self._way = way
        self.amount.set_label(
            _("Of it by {way}; the rest by the way chosen below").format(way=_way_words(way))
        )
        self.show()
        self.amount.show()
        self.amount.editor.setFocus()

    def put_down(self) -> None:
        """The amount being typed is one of the parts."""
        self._down = list(self.payments())
        self._way = None
        self.amount.set_value(None)
        self.amount.hide()
        clear(self._shown)
        buttons = [
            KeyButton(
                f"{_way_words(part.method)} {show_money(part.amount_fen)}",
                icon="x",
                kind="quiet",
                on_click=partial(self._remove, part),
                tooltip=_("Take this part away"),
            )
            for part in self._down
        ]
        if buttons:
            self._shown.addLayout(hbox(*buttons, STRETCH, spacing=S8))
        self.setVisible(bool(buttons))
        self.changed.emit()

    def payments(self) -> tuple[PaymentDraft, ...]:
        """The parts with their ways, one of each way."""
        typed = self.amount.value() if self._way is not None else None
        sums: dict[PayMethod, int] = {part.method: part.amount_fen for part in self._down}
        if self._way is not None and typed and typed > 0:
            sums[self._way] = sums.get(self._way, 0) + typed
        return tuple(PaymentDraft(way, fen) for way, fen in sums.items())

    def total_fen(self) -> int:
        """What the parts come to."""
        return sum(part.amount_fen for part in self.payments())

    def _remove(self, part: PaymentDraft) -> None:
        self._down = [each for each in self._down if each != part]
        self.put_down()


def _way_words(way: PayMethod) -> str:
    return _(purchases.METHODS[way])


class OldPhone(ChoiceField[str]):
    """The phone taken in: one of the customer's, or any other in words or by its IMEI."""

    def __init__(self) -> None:
        super().__init__(_("Old phone"), [], free=True, placeholder=_("Model, or scan its IMEI"))
        self._devices: dict[str, Device] = {}

    def show_devices(self, devices: Sequence[Device]) -> None:
        """Offer the customer's phones."""
        self._devices = {_device_words(each): each for each in devices if each.status == "in_use"}
        self.set_items([(words, words) for words in self._devices])

    def payment(self, amount_fen: int) -> PaymentDraft:
        """The payment it makes."""
        words = self.value()
        device = self._devices.get(words)
        if device is not None:
            return PaymentDraft("trade_in", amount_fen, device.model, device.imei)
        if is_imei(words):
            known = next((each for each in self._devices.values() if each.imei == words), None)
            return PaymentDraft("trade_in", amount_fen, known.model if known is not None else "", words)
        return PaymentDraft("trade_in", amount_fen, words)


def _device_words(device: Device) -> str:
    return f"{device.model} ·· {device.imei[-4:]}" if device.imei else device.model
