"""The phones that customers own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

DeviceStatus = Literal["in_use", "traded_in", "returned", "gone"]


@dataclass(frozen=True)
class Device:
    """One device of one customer; the same IMEI may appear with several owners over time.

    Attributes:
        id: key. customer_id: the owner.
        product_id: the product, None if only words are known.
        model: in words, always filled ("iPhone 17 256G").
        color / storage: in words ("黑", "256G"), '' unknown. note: free text.
        serial: the serial number (SN) or MEID beside the IMEI, '' unknown.
        imei: 15 digits, or another serial as `base.values.normal_imei` makes it, '' unknown.
        bought_here: sold by this shop.
        purchase_line_id: the sale line, or None.
        acquired_day: the day it became theirs, or None.
        warranty_end_day: last day of the warranty, or None.
        plan_name / plan_end_day: carrier plan and the last day of its contract.
        gone_day: the day it was no longer theirs, or None.
        status: in_use, traded_in, returned or gone.
        created_at: instant of recording. import_id: the import that made it, or None.
    """

    TABLE: ClassVar[str] = "devices"

    id: int
    customer_id: int
    model: str
    created_at: str
    product_id: int | None = None
    color: str = ""
    storage: str = ""
    imei: str = ""
    bought_here: bool = False
    purchase_line_id: int | None = None
    acquired_day: str | None = None
    warranty_end_day: str | None = None
    plan_name: str = ""
    plan_end_day: str | None = None
    status: DeviceStatus = "in_use"
    note: str = ""
    import_id: int | None = None
    serial: str = ""
    gone_day: str | None = None
