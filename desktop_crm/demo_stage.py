"""What the invented lives of the demo shop share, and the state of one of them while it is made up.

A `Stage` collects records with their keys until they are stored. How people buy is in demo_life.py, how they complain
in demo_cases.py, what they are worth in demo_tiers.py.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from desktop_crm.business_time import Hours
from desktop_crm.demo_calendar import open_day, some_minute, stamp
from desktop_crm.records.customers import Customer
from desktop_crm.records.devices import Device
from desktop_crm.records.followups import Followup, Outcome, Rule
from desktop_crm.records.interactions import Channel, Interaction, Starter
from desktop_crm.records.purchases import Purchase
from desktop_crm.tier_rules import Cuts

REASONS: dict[Rule, str] = {
    "after_sale_care": "购机后关怀",
    "after_sale_check": "购机后回访",
    "birthday": "生日祝福",
    "complaint_closed": "投诉解决后回访",
    "tier_interval": "定期回访",
    "manual": "说好再联系",
}
_OUTCOMES: tuple[Outcome, ...] = ("reached", "no_answer", "later", "not_interested", "bought")
_OUTCOME_WEIGHTS = (70, 90, 94, 97, 100)
_NOTES: dict[Outcome, tuple[str, ...]] = {
    "reached": ("使用正常，很满意", "", "", "问了新机价格", "教了照片备份", "说有空来贴膜"),
    "no_answer": ("", "", "下午再打"),
    "later": ("在开会，改天联系",),
    "not_interested": ("暂时不换",),
    "bought": ("约好来店", "来店配了耳机"),
}
_WAYS: tuple[Channel, ...] = ("call", "call", "wechat")


@dataclass
class Stage:
    """What all lives share.

    Attributes:
        first / until: first and last day (inclusive) of the shop's past.
        hours: opening hours. clerks: staff ids. tags: tag id by name.
        products: product id by name. fields: id by name of the shop's own fields. cuts: the tiers' cut points.
        next_id: the next key per table; the lives draw from it.
        rows: what was made and not stored yet, per record class.
        people: who came so far, for the families of those who come later.
        recent: phones sold of late with their buyers, for the cases that are open today.
    """

    first: date
    until: date
    hours: Hours
    clerks: tuple[int, ...]
    tags: dict[str, int]
    products: dict[str, int]
    fields: dict[str, int] = field(default_factory=dict)
    cuts: Cuts = field(default_factory=Cuts)
    next_id: dict[type, int] = field(default_factory=dict)
    rows: dict[type, list[Any]] = field(default_factory=dict)  # records of the class that is the key
    people: list[Any] = field(default_factory=list)  # demo_details.Person
    recent: list[tuple[Customer, Purchase, int]] = field(default_factory=list)

    def new_id(self, kind: type) -> int:
        """The next key of a table."""
        key = self.next_id.get(kind, 1)
        self.next_id[kind] = key + 1
        return key

    def add(self, kind: type, /, *values: object, **named: object) -> Any:
        """Make a record with the next key and keep it for storing."""
        return self.keep(kind(self.new_id(kind), *values, **named))

    def keep(self, record: Any) -> Any:
        """Keep a record for storing."""
        self.rows.setdefault(type(record), []).append(record)
        return record

    def change_last(self, record: Any, **named: object) -> Any:
        """Replace a record of this batch, found from its end."""
        rows = self.rows[type(record)]
        place = next(i for i in range(len(rows) - 1, -1, -1) if rows[i].id == record.id)
        rows[place] = replace(rows[place], **named)
        return rows[place]


class Life:
    """The state of one life while it is made up.

    Attributes:
        customer: the card, None for somebody who leaves no name.
        clerk: who looks after them.
        brand: of the latest phone. phone: the one in use.
        sales / refunds: (day, fen) of the standing ones. active: days on which they bought or came by themselves.
    """

    def __init__(self, stage: Stage, rng: random.Random, customer: Customer | None = None) -> None:
        self.stage, self.rng = stage, rng
        self.customer = customer
        self.clerk = rng.choice(stage.clerks)
        self.brand = ""
        self.sales: list[tuple[date, int]] = []
        self.refunds: list[tuple[date, int]] = []
        self.active: list[date] = []
        self.phone: Device | None = None

    @property
    def wanted(self) -> bool:
        """Whether the customer may be contacted."""
        assert self.customer is not None
        return self.customer.consent != "refused" and not self.customer.do_not_contact

    def minute(self, day: date) -> int:
        """A minute of a day at which something happens."""
        return some_minute(self.rng, day == self.stage.until)

    def contact(
        self,
        day: date,
        channel: Channel,
        began_by: Starter,
        summary: str,
        *,
        reached: bool = True,
        minute: int | None = None,
        followup_id: int | None = None,
    ) -> None:
        """One contact on a day that has come."""
        assert self.customer is not None
        self.stage.add(
            Interaction,
            self.customer.id,
            stamp(day, self.minute(day) if minute is None else minute),
            day.isoformat(),
            channel,
            began_by,
            summary,
            reached,
            self.clerk,
            followup_id,
        )
        if began_by == "customer":
            self.active.append(day)

    def plan(
        self,
        rule: Rule,
        due: date,
        made: date,
        source: tuple[str, int | None] = ("", None),
        *,
        reason: str = "",
        time: str | None = None,
    ) -> None:
        """A planned contact and, where its day has come, how it ended: mostly on time, some late, a few not at all.

        Of those due on the last day half are done by now, of those of the last three days a few are not.
        """
        until, rng = self.stage.until, self.rng
        if self.customer is None or not self.wanted:
            return
        due = open_day(due)
        chance = rng.random()
        put_off = 2 if 0.05 < chance < 0.08 else 0
        late = rng.randrange(1, 6) if chance > 0.91 else 0
        ended = due + timedelta(days=put_off + late)
        is_fresh = due >= until - timedelta(days=3)
        waits = due > until or (due == until and chance < 0.45)
        waits = waits or (is_fresh and (ended > until or chance < 0.10))
        end: dict[str, object] = {}
        followup_id = self.stage.new_id(Followup)
        if not waits and chance < 0.05:
            at = stamp(due, self.minute(due))
            end = {
                "state": "cancelled",
                "cancel_reason": "客户刚到过店",
                "done_at": at,
                "done_by": self.clerk,
            }
            end["done_day"] = due.isoformat()
        elif not waits:
            end = self._finish(followup_id, min(open_day(ended), until), reason or REASONS[rule])
        self.stage.keep(
            Followup(
                followup_id,
                self.customer.id,
                rule,
                reason or REASONS[rule],
                due.isoformat(),
                (due + timedelta(days=put_off)).isoformat(),
                stamp(made, self.minute(made)),
                due_time=time,
                source_kind=source[0],
                source_id=source[1],
                staff_id=self.clerk,
                **end,  # type: ignore[arg-type]
            )
        )

    def _finish(self, followup_id: int, day: date, summary: str) -> dict[str, object]:
        """The contact that ended a planned one, and what the planned one says of it."""
        rng = self.rng
        outcome = rng.choices(_OUTCOMES, cum_weights=_OUTCOME_WEIGHTS)[0]
        minute, note = self.minute(day), rng.choice(_NOTES[outcome])
        words = f"{summary}:{note}" if note else summary
        self.contact(
            day,
            rng.choice(_WAYS),
            "shop",
            words,
            reached=outcome != "no_answer",
            minute=minute,
            followup_id=followup_id,
        )
        return {
            "state": "done",
            "outcome": outcome,
            "outcome_note": note,
            "done_at": stamp(day, minute),
            "done_day": day.isoformat(),
            "done_by": self.clerk,
        }
