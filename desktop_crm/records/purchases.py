"""Sales: the purchase, its lines, how it was paid, and refunds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from desktop_crm.records.products import Category

PayMethod = Literal["cash", "wechat", "alipay", "card", "trade_in", "instalment", "account", "other"]


@dataclass(frozen=True)
class Purchase:
    """One sale.

    Attributes:
        id: key. note: free text, ''.
        number: the receipt's number, '' none.
        customer_id: None for a walk-in.
        staff_id: who sold it, or None.
        at: instant of the sale. day: its shop day (what every figure goes by).
        total_fen: sum of its lines after discount (kept equal to the sum of `purchase_lines.amount_fen`).
        voided_at / void_day / void_reason: set when the sale was voided; it then counts nowhere from that day.
        created_at: instant of recording. import_id: the import that made it, or None.
    """

    TABLE: ClassVar[str] = "purchases"

    id: int
    at: str
    day: str
    total_fen: int
    customer_id: int | None = None
    staff_id: int | None = None
    number: str = ""
    note: str = ""
    voided_at: str | None = None
    void_day: str | None = None
    void_reason: str = ""
    created_at: str = ""
    import_id: int | None = None


@dataclass(frozen=True)
class PurchaseLine:
    """One line of a sale.

    Attributes:
        id: key. purchase_id: of which sale.
        description: what was sold, as on the receipt. category: as of Product.
        quantity: pieces, at least 1. unit_price_fen: for one piece, before discount.
        discount_fen: off the whole line. amount_fen: quantity × unit price − discount.
        cost_fen: what the whole line cost the shop, None unknown.
        product_id: the product learnt, or None. imei: of the phone sold, ''.
    """

    TABLE: ClassVar[str] = "purchase_lines"

    id: int
    purchase_id: int
    description: str
    quantity: int
    unit_price_fen: int
    discount_fen: int
    amount_fen: int
    product_id: int | None = None
    category: Category = "phone"
    cost_fen: int | None = None
    imei: str = ""


@dataclass(frozen=True)
class Payment:
    """One way (part of) a sale was paid.

    Attributes:
        id: key. purchase_id: of which sale. amount_fen: how much of it.
        method: cash, wechat, alipay, card, trade_in, instalment, account (owed, see records/balance.py) or other.
        note: of a traded-in phone its model and IMEI, else free text, ''.
    """

    TABLE: ClassVar[str] = "payments"

    id: int
    purchase_id: int
    method: PayMethod
    amount_fen: int
    note: str = ""


@dataclass(frozen=True)
class Refund:
    """Money given back for a sale.

    Attributes:
        id: key. purchase_id: for which sale. line_id: for which line of it, None for the sale as a whole.
        at / day: instant and shop day of giving back (figures go by this day, not by the sale's).
        amount_fen: how much, above 0. method: as of Payment. reason: in words.
        staff_id: who gave it, or None. import_id: the import that made it, or None.
    """

    TABLE: ClassVar[str] = "refunds"

    id: int
    purchase_id: int
    at: str
    day: str
    amount_fen: int
    reason: str
    line_id: int | None = None
    method: PayMethod = "cash"
    staff_id: int | None = None
    import_id: int | None = None
