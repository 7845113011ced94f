"""What the shop sells, and which device model an IMEI's first eight digits mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

Category = Literal["phone", "accessory", "service", "plan", "other"]


@dataclass(frozen=True)
class Product:
    """One product or service.

    Attributes:
        id: key. created_at: instant of recording.
        name: model with storage as the shop says it ("iPhone 17 256G"); unique among active products.
        brand: '' unknown.
        category: phone, accessory, service (repair, film), plan (carrier plan), other.
        price_fen: last or listed price per piece, None unknown.
        cost_fen: last known cost per piece, None unknown.
        barcode: EAN, '' none.
        warranty_months: maker's warranty, None: the setting of its category.
        active: offered now.
    """

    TABLE: ClassVar[str] = "products"

    id: int
    name: str
    created_at: str
    category: Category = "phone"
    brand: str = ""
    price_fen: int | None = None
    cost_fen: int | None = None
    barcode: str = ""
    warranty_months: int | None = None
    active: bool = True


@dataclass(frozen=True)
class Tac:
    """A type allocation code, learnt from a sale.

    Attributes:
        id: key. tac: the first eight digits of an IMEI, unique. product_id: the model they stand for.
    """

    TABLE: ClassVar[str] = "tacs"

    id: int
    tac: str
    product_id: int
