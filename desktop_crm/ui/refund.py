"""The forms that take (part of) a sale back: a refund, and the void of a sale that never was."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from desktop_crm import balance, purchases
from desktop_crm.base.i18n import N_, _
from desktop_crm.base.values import show_money
from desktop_crm.purchases import Sale
from desktop_crm.records.purchases import PayMethod, Purchase
from desktop_crm.shop import Shop
from desktop_crm.ui.kit.forms import ChoiceField, FormDialog, MoneyField
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.page import Desk
from desktop_crm.ui.sale_payment import MONEY_WAYS

REFUND_REASONS = (
    N_("Returned within seven days"),
    N_("Faulty"),
    N_("The price fell"),
    N_("Does not fit or does not please"),
)
VOID_REASONS = (N_("Typed wrongly"), N_("Rung up twice"), N_("The payment did not come"))
"""What such reasons usually are; anything else may be typed."""


class RefundForm(FormDialog[str]):
    """Money given back; saving gives the sentence about it."""

    def __init__(self, desk: Desk, sale: Sale) -> None:
        super().__init__(
            desk.jobs,
            desk.window,
            title=_("Refund"),
            save_text=_("Give back"),
            note=_("A line that is given back in full takes its phone back, too."),
        )
        self._sale = sale
        self.what = ChoiceField[int | None](_("For what"), _parts(sale), value=None, required=True)
        self.amount = MoneyField(_("Amount"), sale.refundable_fen(), required=True)
        ways = [(way, _(name)) for way, name in purchases.METHODS.items() if way in MONEY_WAYS]
        self.way = ChoiceField[PayMethod](_("Given back by"), ways, value=_way(sale), required=True)
        self.why = _why(REFUND_REASONS)
        self.add(self.what)
        self.add_row(self.amount, self.way)
        self.add(self.why)
        self.what.set_value(None)
        self.owed = self.add_widget(Label("", "quiet", wrap=True))
        self.owed.hide()
        if sale.on_account_fen:
            ask = partial(_owed, sale.purchase)
            desk.jobs.query(ask, partial(self.fill, self._show_owed), key="refund.owed")
        self.what.changed.connect(self._show_amount)
        self.why.editor.setFocus()

    def job(self) -> Callable[[Shop], str]:
        """Record the refund."""
        number, line_id = self._sale.purchase.id, self.what.value()
        amount, why, way = self.amount.value() or 0, self.why.value(), self.way.value()
        sentence = _("Given back: {money}.").format(money=show_money(amount))

        def give(shop: Shop) -> str:
            purchases.refund(shop, number, amount, why, line_id=line_id, method=way)
            return sentence

        return give

    def _show_owed(self, owed_fen: int) -> None:
        if owed_fen:
            text = _(
                "{money} of this sale is still owed: that is struck off first, only the rest is given back."
            )
            self.owed.setText(text.format(money=show_money(owed_fen)))
            self.owed.show()

    def _show_amount(self) -> None:
        if not self.what.problem():
            self.amount.set_value(self._sale.refundable_fen(self.what.value()))


class VoidForm(FormDialog[str]):
    """A sale that never was; saving gives the sentence about it."""

    def __init__(self, desk: Desk, sale: Sale) -> None:
        super().__init__(
            desk.jobs,
            desk.window,
            title=_("Void the sale of {money}").format(money=show_money(sale.purchase.total_fen)),
            save_text=_("Void"),
            note=_(
                "For mistakes only: from today on the sale counts nowhere. It stays on the card, struck out."
            ),
        )
        self._sale = sale
        self.why = self.add(_why(VOID_REASONS))

    def job(self) -> Callable[[Shop], str]:
        """Void it."""
        number, why = self._sale.purchase.id, self.why.value()
        sentence = _("The sale of {money} was voided.").format(
            money=show_money(self._sale.purchase.total_fen)
        )

        def strike(shop: Shop) -> str:
            purchases.void(shop, number, why)
            return sentence

        return strike


def _owed(purchase: Purchase, shop: Shop) -> int:
    return balance.owed_of_sale_fen(shop, purchase)


def _why(reasons: Sequence[str]) -> ChoiceField[str]:
    return ChoiceField(
        _("Why"),
        [(text, text) for text in map(_, reasons)],
        free=True,
        required=True,
        placeholder=_("The reason stays with the sale"),
    )


def _parts(sale: Sale) -> list[tuple[int | None, str]]:
    found: list[tuple[int | None, str]] = [(None, _("The whole sale"))]
    if len(sale.lines) > 1:
        found += [
            (line.id, f"{line.description} · {show_money(line.amount_fen)}")
            for line in sale.lines
            if sale.refundable_fen(line.id) > 0
        ]
    return found


def _way(sale: Sale) -> PayMethod:
    """The way it was paid, as far as money came."""
    return next((each.method for each in sale.payments if each.method in MONEY_WAYS), "cash")
