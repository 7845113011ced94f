"""Sales, refunds and voids, and what a sale sets off: device, learnt product, follow-ups, tier.

A traded-in phone is a payment, not a discount. Money is whole fen. What a sale looks like before it is stored is in
purchase_drafts.py; sales of the past come by importing/.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from desktop_crm import balance, customers, devices, followups, products, tiers
from desktop_crm.base.dates import local_day, to_instant
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import N_, _
from desktop_crm.base.values import clean_text, normal_imei, show_money
from desktop_crm.purchase_drafts import LineDraft, PaymentDraft, SaleDraft, SaleWrong, checked
from desktop_crm.records.products import Product
from desktop_crm.records.purchases import Payment, PayMethod, Purchase, PurchaseLine, Refund
from desktop_crm.shop import Shop
from desktop_crm.store import purchases as store_purchases

KINDS = frozenset({"purchases", "devices", "products", "followups", "tiers", "customers", "balance"})
"""What a sale, refund or void may change."""

Part = TypeVar("Part", PurchaseLine, Payment, Refund)

METHODS: dict[PayMethod, str] = {
    "cash": N_("Cash"),
    "wechat": N_("WeChat"),
    "alipay": N_("Alipay"),
    "card": N_("Bank card"),
    "instalment": N_("Instalments"),
    "trade_in": N_("Trade-in"),
    "account": N_("On account"),
    "other": N_("Other"),
}
"""The ways to pay, in words; what is on account is still owed (balance.py)."""


class RefundWrong(CrmError):
    """More is to be refunded than was paid, or nothing, or from a voided sale."""


class PurchaseUnknown(CrmError):
    """There is no such sale."""


class ReasonMissing(CrmError):
    """A refund or void without a reason."""


@dataclass(frozen=True)
class Sale:
    """A stored sale with all that hangs on it.

    Attributes:
        purchase: the sale. lines / payments / refunds: in the order made.
        refunded_fen: sum of the refunds.
    """

    purchase: Purchase
    lines: tuple[PurchaseLine, ...]
    payments: tuple[Payment, ...]
    refunds: tuple[Refund, ...]

    @property
    def refunded_fen(self) -> int:
        """What was given back so far."""
        return sum(refund.amount_fen for refund in self.refunds)

    def refundable_fen(self, line_id: int | None = None) -> int:
        """What can still be given back, for one line or for the sale as a whole."""
        if self.purchase.void_day is not None:
            return 0
        left = self.purchase.total_fen - self.refunded_fen
        for line in self.lines:
            if line.id == line_id:
                given = sum(made.amount_fen for made in self.refunds if made.line_id == line_id)
                left = min(left, line.amount_fen - given)
        return left

    @property
    def net_fen(self) -> int:
        """What the shop kept; nothing of a voided sale."""
        return 0 if self.purchase.void_day else self.purchase.total_fen - self.refunded_fen

    @property
    def on_account_fen(self) -> int:
        """What was left unpaid when it was sold."""
        return sum(each.amount_fen for each in self.payments if each.method == "account")


def record(shop: Shop, draft: SaleDraft) -> int:
    """Store a sale with all it sets off, as one step; return its id.

    Raises:
        SaleWrong, CustomerMissing: nothing was saved.
    """
    draft = checked(draft)
    label = _("Sale {item}, {money}").format(
        item=draft.lines[0].description, money=show_money(draft.total_fen)
    )
    with shop.change(label, KINDS, action="purchases.record"):
        purchase_id = _store(shop, draft)
        followups.after_sale_within(shop, purchase_id)
        if draft.customer_id is not None:
            tiers.refresh_within(shop, draft.customer_id)
    return purchase_id


def refund(
    shop: Shop,
    purchase_id: int,
    amount_fen: int,
    reason: str,
    *,
    line_id: int | None = None,
    method: PayMethod = "cash",
) -> int:
    """Give money back for a sale, or for one line of it; return the (last) refund's id.

    What of the sale is still owed is struck off first, as a refund of its own: nobody is paid back what they never paid.
    A line refunded in full gives its device back; where nothing is left of the sale, nobody asks how it goes any more.

    Raises:
        PurchaseUnknown, RefundWrong, ReasonMissing: nothing was saved.
    """
    why = _reason(reason)
    label = _("Refund {money}: {reason}").format(money=show_money(amount_fen), reason=why)
    with shop.change(label, KINDS, action="purchases.refund"):
        sale = get(shop, purchase_id)  # inside, so that two at once cannot give the same money back
        _check_refund(sale, amount_fen, line_id)
        owed = min(amount_fen, balance.owed_of_sale_fen(shop, sale.purchase))
        refund_id = 0
        parts: tuple[tuple[int, PayMethod], ...] = ((owed, "account"), (amount_fen - owed, method))
        for part_fen, way in parts:
            if part_fen:
                refund_id = _store_refund(shop, sale.purchase, part_fen, why, line_id, way)
        _take_back(shop, get(shop, purchase_id), why)
        if sale.purchase.customer_id is not None:
            tiers.refresh_within(shop, sale.purchase.customer_id)
    return refund_id


def void(shop: Shop, purchase_id: int, reason: str) -> None:
    """Declare that a sale never was (a typing error): it counts nowhere from today on.

    Raises:
        PurchaseUnknown, SaleWrong, ReasonMissing: nothing was changed.
    """
    why = _reason(reason)
    money = show_money(get(shop, purchase_id).purchase.total_fen)
    with shop.change(
        _("Void a sale of {money}: {reason}").format(money=money, reason=why), KINDS, action="purchases.void"
    ):
        sale = get(shop, purchase_id)
        _check_void(sale)
        shop.db.update(
            replace(sale.purchase, voided_at=shop.stamp(), void_day=shop.today().isoformat(), void_reason=why)
        )
        lines, today = [line.id for line in sale.lines], shop.today().isoformat()
        devices.sale_voided_within(shop, lines, sale.purchase.day, today)
        balance.sale_voided_within(shop, sale.purchase, why)
        _give_trade_ins_back(shop, sale)
        followups.cancel_source_within(shop, "purchase", purchase_id, why)
        if sale.purchase.customer_id is not None:
            tiers.refresh_within(shop, sale.purchase.customer_id)


def get(shop: Shop, purchase_id: int) -> Sale:
    """One sale with its lines, payments and refunds.

    Raises:
        PurchaseUnknown: there is none.
    """
    purchase = shop.db.get(Purchase, purchase_id)
    if purchase is None:
        raise PurchaseUnknown(_("There is no sale number {number}.").format(number=purchase_id))
    return _with_parts(shop, [purchase])[0]


def of_customer(shop: Shop, customer_id: int) -> list[Sale]:
    """A customer's sales, the newest first, voided ones too."""
    return _with_parts(shop, store_purchases.of_customer(shop.db, customer_id))


def latest(shop: Shop, limit: int = 100) -> list[Sale]:
    """The newest sales of the shop, walk-ins and voided ones too."""
    return _with_parts(shop, store_purchases.latest(shop.db, limit))


def find(shop: Shop, text: str) -> list[Sale]:
    """The sales with this receipt number or of this IMEI, the newest first."""
    return _with_parts(shop, store_purchases.named(shop.db, clean_text(text), normal_imei(text)))


def sold_before(shop: Shop, imei: str) -> Purchase | None:
    """The latest standing sale of a phone with this IMEI, to warn of a second one."""
    return store_purchases.with_imei(shop.db, normal_imei(imei))


def _store(shop: Shop, draft: SaleDraft) -> int:
    if draft.customer_id is not None:
        customers.live(shop, draft.customer_id)
    moment = draft.at or shop.now()
    day = local_day(moment, shop.zone)
    purchase = Purchase(
        0,
        to_instant(moment),
        day.isoformat(),
        draft.total_fen,
        draft.customer_id,
        shop.staff_id if draft.staff_id is None else draft.staff_id,
        draft.number or _next_number(shop, day),
        draft.note,
        created_at=shop.stamp(),
    )
    purchase_id = shop.db.insert(purchase)
    for line in draft.lines:
        _store_line(shop, replace(purchase, id=purchase_id), line)
    for payment in draft.payments:
        _store_payment(shop, replace(purchase, id=purchase_id), payment)
    return purchase_id


def _store_payment(shop: Shop, purchase: Purchase, payment: PaymentDraft) -> None:
    note = _payment_note(payment)
    shop.db.insert(Payment(0, purchase.id, payment.method, payment.amount_fen, note))
    if payment.method == "trade_in" and note and purchase.customer_id is not None:
        devices.trade_in_within(shop, purchase.customer_id, note, purchase.day)
    if payment.method == "account":
        balance.sale_within(shop, purchase, payment.amount_fen)


def _store_refund(
    shop: Shop, purchase: Purchase, amount_fen: int, why: str, line_id: int | None, method: PayMethod
) -> int:
    if method == "account":
        balance.refund_within(shop, purchase, amount_fen, why)
    day = shop.today().isoformat()
    made = Refund(0, purchase.id, shop.stamp(), day, amount_fen, why, line_id, method, shop.staff_id)
    return shop.db.insert(made)


def _next_number(shop: Shop, day: date) -> str:
    """The next receipt number of a day, e.g. 20261121-004."""
    stem = f"{day:%Y%m%d}-"
    latest = store_purchases.latest_number(shop.db, stem)
    return f"{stem}{int(latest.removeprefix(stem) or 0) + 1:03d}"


def _store_line(shop: Shop, purchase: Purchase, line: LineDraft) -> None:
    product_id = products.learn_within(
        shop,
        line.description,
        category=line.category,
        price_fen=line.unit_price_fen or None,  # a gift is not what it costs
        cost_fen=None if line.cost_fen is None else line.cost_fen // line.quantity,
        imei=line.imei,
        barcode=line.barcode,
        keep_price=True,
    )
    if line.cost_fen is None:  # also who sells without seeing the cost books it
        line = replace(line, cost_fen=products.cost_within(shop, product_id, line.quantity))
    stored = PurchaseLine(
        0,
        purchase.id,
        line.description,
        line.quantity,
        line.unit_price_fen,
        line.discount_fen,
        line.amount_fen,
        product_id,
        line.category,
        line.cost_fen,
        line.imei,
    )
    line_id = shop.db.insert(stored)
    if line.category == "phone" and purchase.customer_id is not None:
        product = shop.db.get(Product, product_id)
        devices.sold_within(
            shop,
            purchase,
            replace(stored, id=line_id),
            product,
            color=line.color,
            storage=line.storage,
        )


def _payment_note(payment: PaymentDraft) -> str:
    return clean_text(" ".join(part for part in (payment.note, normal_imei(payment.imei)) if part))


def _give_trade_ins_back(shop: Shop, sale: Sale) -> None:
    for payment in sale.payments:
        if payment.method == "trade_in" and payment.note and sale.purchase.customer_id is not None:
            devices.trade_in_undone_within(shop, sale.purchase.customer_id, payment.note)


def _take_back(shop: Shop, sale: Sale, why: str) -> None:
    """What a refund sets off."""
    by_line: dict[int | None, int] = {}
    for made in sale.refunds:
        by_line[made.line_id] = by_line.get(made.line_id, 0) + made.amount_fen
    if sale.refunded_fen == sale.purchase.total_fen:
        back = [line.id for line in sale.lines]
        followups.cancel_source_within(shop, "purchase", sale.purchase.id, why)
    else:
        back = [
            line.id for line in sale.lines if line.amount_fen and by_line.get(line.id, 0) >= line.amount_fen
        ]
    devices.returned_within(shop, back, shop.today().isoformat())


def _check_void(sale: Sale) -> None:
    if sale.purchase.void_day is not None:
        raise SaleWrong(_("This sale is voided already; nothing was changed."))
    if sale.refunds:
        raise SaleWrong(
            _(
                "Money was refunded for this sale, so it cannot be voided; nothing was changed. Refund the rest."
            )
        )


def _check_refund(sale: Sale, amount_fen: int, line_id: int | None) -> None:
    if sale.purchase.void_day is not None:
        raise RefundWrong(_("This sale is voided, so nothing can be refunded. Nothing was saved."))
    if line_id is not None and all(line.id != line_id for line in sale.lines):
        raise RefundWrong(_("That line does not belong to this sale. Nothing was saved."))
    left = sale.refundable_fen(line_id)
    if left <= 0:
        raise RefundWrong(_("All of it was given back already. Nothing was saved."))
    if amount_fen <= 0 or amount_fen > left:
        raise RefundWrong(
            _("Between ¥0.01 and {left} can be refunded here. Nothing was saved; correct the amount.").format(
                left=show_money(left)
            )
        )


def _reason(text: str) -> str:
    reason = clean_text(text)
    if not reason:
        raise ReasonMissing(_("Please say why. Nothing was saved."))
    return reason


def _with_parts(shop: Shop, found: list[Purchase]) -> list[Sale]:
    ids = [purchase.id for purchase in found]
    lines = _by_sale(store_purchases.lines_of(shop.db, ids))
    payments = _by_sale(store_purchases.payments_of(shop.db, ids))
    refunds = _by_sale(store_purchases.refunds_of(shop.db, ids))
    return [
        Sale(
            purchase,
            tuple(lines.get(purchase.id, ())),
            tuple(payments.get(purchase.id, ())),
            tuple(refunds.get(purchase.id, ())),
        )
        for purchase in found
    ]


def _by_sale(parts: list[Part]) -> dict[int, list[Part]]:
    found: dict[int, list[Part]] = {}
    for part in parts:
        found.setdefault(part.purchase_id, []).append(part)
    return found
