"""Rows for tests of figures: a small shop written down row by row, with days instead of instants."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from desktop_crm.records.complaints import Complaint, ComplaintStep
from desktop_crm.records.customers import Customer, Phone
from desktop_crm.records.devices import Device
from desktop_crm.records.followups import Followup
from desktop_crm.records.interactions import Interaction
from desktop_crm.records.purchases import Purchase, PurchaseLine, Refund
from desktop_crm.records.staff import StaffMember
from desktop_crm.records.surveys import SurveyAnswer
from desktop_crm.shop import Shop


def instant(text: str) -> str:
    """The stored instant of Shanghai wall clock "2026-10-05 10:30" (noon where no time is given)."""
    day, _space, clock = text.partition(" ")
    local = datetime.fromisoformat(f"{day}T{clock or '12:00'}:00+08:00")
    return local.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Rows:
    """Adds rows inside one open change of a shop; every method returns the new id."""

    def __init__(self, shop: Shop) -> None:
        self.db = shop.db

    def customer(
        self, name: str, since: str | None = None, *, made: str = "2020-01-01", **fields: object
    ) -> int:
        """A card; `made` is the wall clock it was recorded at."""
        return self.db.insert(Customer(0, name, instant(made), since_day=since, **fields))  # type: ignore[arg-type]

    def clerk(self, name: str) -> int:
        """A person of the shop."""
        return self.db.insert(StaffMember(0, name, instant("2020-01-01")))

    def phone(self, customer_id: int, number: str) -> int:
        """A phone number."""
        return self.db.insert(Phone(0, customer_id, number))

    def device(self, customer_id: int, imei: str = "", acquired: str | None = None) -> int:
        """A device."""
        return self.db.insert(
            Device(0, customer_id, "iPhone 17 256G", instant("2020-01-01"), imei=imei, acquired_day=acquired)
        )

    def sale(
        self,
        customer_id: int | None,
        day: str,
        yuan: float,
        *,
        void: str | None = None,
        costs: Sequence[tuple[int, int | None]] = (),
        clerk: int | None = None,
    ) -> int:
        """A sale of one line, or of lines given as (fen, cost in fen or None)."""
        lines = costs or ((round(yuan * 100), None),)
        total = sum(fen for fen, _cost in lines)
        sale_id = self.db.insert(
            Purchase(
                0,
                instant(day),
                day[:10],
                total,
                customer_id,
                clerk,
                voided_at=instant(void) if void else None,
                void_day=void,
                created_at=instant(day),
            )
        )
        for fen, cost in lines:
            self.db.insert(
                PurchaseLine(0, sale_id, "iPhone 17 256G", 1, fen, 0, fen, category="phone", cost_fen=cost)
            )
        return sale_id

    def line_of(self, sale_id: int, place: int = 0) -> int:
        """The id of a sale's line."""
        found: int = self.db.value(
            "SELECT id FROM purchase_lines WHERE purchase_id = ? ORDER BY id LIMIT 1 OFFSET ?",
            (sale_id, place),
        )
        return found

    def refund(self, sale_id: int, day: str, yuan: float, line_id: int | None = None) -> int:
        """Money given back."""
        return self.db.insert(Refund(0, sale_id, instant(day), day, round(yuan * 100), "faulty", line_id))

    def contact(self, customer_id: int, day: str, began_by: str = "shop", *, reached: bool = True) -> int:
        """A call or visit."""
        return self.db.insert(
            Interaction(0, customer_id, instant(day), day[:10], "call", began_by, reached=reached)  # type: ignore[arg-type]
        )

    def answer(
        self,
        customer_id: int,
        day: str,
        satisfaction: int | None = None,
        recommendation: int | None = None,
        *,
        sale_id: int | None = None,
        case_id: int | None = None,
    ) -> int:
        """An answer to a survey."""
        return self.db.insert(
            SurveyAnswer(
                0,
                customer_id,
                instant(day),
                day[:10],
                satisfaction,
                recommendation,
                purchase_id=sale_id,
                complaint_id=case_id,
            )
        )

    def case(
        self,
        received: str,
        due: str,
        *steps: tuple[str, str] | tuple[str, str, bool],
        customer_id: int | None = None,
        category: str = "screen",
    ) -> int:
        """A complaint received and due at wall clocks, with (kind, wall clock[, interaction]) after its receipt."""
        case_id = self.db.insert(
            Complaint(
                0,
                "screen turns yellow",
                instant(received),
                received[:10],
                instant(due),
                customer_id,
                category=category,
            )
        )
        for kind, at, *talk in (("received", received, True), *steps):
            self.db.insert(
                ComplaintStep(0, case_id, kind, instant(at), at[:10], interaction=bool(talk and talk[0]))  # type: ignore[arg-type]
            )
        return case_id

    def followup(
        self,
        customer_id: int,
        first_due: str,
        *,
        done: str | None = None,
        cancelled: str | None = None,
        reason: str = "",
        outcome: str = "reached",
        rule: str = "manual",
        clerk: int | None = None,
        snoozed: str | None = None,
    ) -> int:
        """A planned contact, done or cancelled on a day; `snoozed` is the day it was put off to."""
        state = "done" if done else "cancelled" if cancelled else "open"
        ended = done or cancelled
        return self.db.insert(
            Followup(
                0,
                customer_id,
                rule,  # type: ignore[arg-type]
                "battery",
                first_due,
                snoozed or first_due,
                instant(first_due),
                state=state,  # type: ignore[arg-type]
                staff_id=clerk,
                outcome=outcome if done else "",  # type: ignore[arg-type]
                done_at=instant(ended) if ended else None,
                done_day=ended,
                done_by=clerk if done else None,
                cancel_reason=reason,
            )
        )
