"""How a sale is paid, as a part of its form: the ways with their digits, and an old phone taken in part payment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QGridLayout, QWidget

from desktop_crm import purchases
from desktop_crm.base.i18n import _
from desktop_crm.purchase_drafts import PaymentDraft
from desktop_crm.records.devices import Device
from desktop_crm.records.purchases import PayMethod
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.forms import ChoiceField
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.layouts import STRETCH, hbox, vbox
from desktop_crm.ui.kit.theme import S4, S8
from desktop_crm.ui.product_field import is_imei

MONEY_WAYS: tuple[PayMethod, ...] = ("wechat", "alipay", "cash", "card", "instalment", "other")
"""The ways that bring money, in the order of their digits."""
WAYS: tuple[PayMethod, ...] = (*MONEY_WAYS, "account")
"""The ways a sale is paid; what is on account stays owed."""


class PayWays(QWidget):
    """The ways to pay; Alt and a digit chooses one."""

    def __init__(
        self,
        on_choose: Callable[[PayMethod], object],
        *,
        ways: Sequence[PayMethod] = WAYS,
        columns: int = 7,
    ) -> None:
        super().__init__()
        self.chosen: PayMethod = ways[0]
        self._on_choose = on_choose
        self._buttons: dict[PayMethod, KeyButton] = {}
        grid = QGridLayout()
        grid.setSpacing(S8)
        for place, way in enumerate(ways):
            button = KeyButton(
                _(purchases.METHODS[way]),
                f"Alt+{place + 1}",
                wide=True,
                cap=str(place + 1),
                on_click=partial(self.choose, way),
            )
            grid.addWidget(button, place // columns, place % columns)
            self._buttons[way] = button
        words = hbox(Label(_("Paid by"), "small"), Label(_("Alt + digit"), "tiny"), STRETCH, spacing=S8)
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
