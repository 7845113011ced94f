"""Sales as typed: their lines and payments, and what fits together. Storing them is purchases.py's."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _
from desktop_crm.base.values import clean_note, clean_text, normal_imei, show_money
from desktop_crm.records.products import Category
from desktop_crm.records.purchases import PayMethod


class SaleWrong(CrmError):
    """A sale's lines or payments do not fit together."""


@dataclass(frozen=True)
class LineDraft:
    """One line as typed: `discount_fen` is for the whole line; `cost_fen` likewise, None: what is known of the product.

    `color` and `storage` go to the customer's device, `barcode` (scanned, not known before) to the product.
    """

    description: str
    unit_price_fen: int
    quantity: int = 1
    discount_fen: int = 0
    imei: str = ""
    category: Category = "phone"
    cost_fen: int | None = None
    color: str = ""
    storage: str = ""
    barcode: str = ""

    @property
    def amount_fen(self) -> int:
        """What the line comes to."""
        return self.quantity * self.unit_price_fen - self.discount_fen


@dataclass(frozen=True)
class PaymentDraft:
    """One payment as typed; for a trade-in `imei` names the phone taken in and `note` says which it is."""

    method: PayMethod
    amount_fen: int
    note: str = ""
    imei: str = ""


@dataclass(frozen=True)
class SaleDraft:
    """A sale as typed.

    Attributes:
        lines: at least one.
        payments: must sum to the lines; empty means all in cash.
        customer_id: None for a walk-in.
        staff_id: who sold it; None: who is at the counter.
        at: instant, None: now. number: receipt number. note: free text.
    """

    lines: tuple[LineDraft, ...]
    payments: tuple[PaymentDraft, ...] = field(default=())
    customer_id: int | None = None
    staff_id: int | None = None
    at: datetime | None = None
    number: str = ""
    note: str = ""

    @property
    def total_fen(self) -> int:
        """Sum of the lines."""
        return sum(line.amount_fen for line in self.lines)


def checked(draft: SaleDraft) -> SaleDraft:
    """The draft as it may be stored: texts cleaned, cash filled in.

    Raises:
        SaleWrong: what does not fit together, in words.
    """
    lines = _checked_lines(draft)
    total = sum(line.amount_fen for line in lines)
    payments = draft.payments or (PaymentDraft("cash", total),)
    paid = sum(payment.amount_fen for payment in payments)
    if paid != total or any(payment.amount_fen < 0 for payment in payments):
        raise SaleWrong(
            _(
                "The payments come to {paid}, the sale to {total}. Nothing was saved; correct one of them."
            ).format(paid=show_money(paid), total=show_money(total))
        )
    if draft.customer_id is None and any(each.method == "account" for each in payments):
        raise SaleWrong(
            _(
                "Only a customer with a card can owe money. Nothing was saved; name the customer or choose another way."
            )
        )
    return replace(
        draft, lines=lines, payments=payments, number=clean_text(draft.number), note=clean_note(draft.note)
    )


def _checked_lines(draft: SaleDraft) -> tuple[LineDraft, ...]:
    lines = tuple(
        replace(
            line,
            description=clean_text(line.description),
            imei=normal_imei(clean_text(line.imei)),
            color=clean_text(line.color),
            storage=clean_text(line.storage),
            barcode=clean_text(line.barcode),
        )
        for line in draft.lines
    )
    if not lines:
        raise SaleWrong(_("A sale needs at least one line. Nothing was saved."))
    for line in lines:
        if not line.description:
            raise SaleWrong(_("A line of the sale does not say what was sold. Nothing was saved."))
        if (
            line.quantity < 1
            or line.unit_price_fen < 0
            or not 0 <= line.discount_fen <= line.quantity * line.unit_price_fen
        ):
            raise SaleWrong(
                _("The price, quantity or discount of {item} cannot be right. Nothing was saved.").format(
                    item=line.description
                )
            )
    return lines
