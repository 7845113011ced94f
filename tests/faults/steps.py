"""What a worker does: each step is the feature a person uses, and each scenario a row of them.

Steps are chosen by a seeded generator; a scenario begins below a root that `prepare` made, and tells after each step
what now holds.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from desktop_crm import (
    backup,
    customers,
    followups,
    history,
    merge,
    notes,
    passwords,
    purchases,
    restore,
    staff,
)
from desktop_crm.base.clock import FixedClock
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.importing import plan
from desktop_crm.purchase_drafts import LineDraft, SaleDraft
from desktop_crm.shop import Shop
from tests.conftest import NOW
from tests.faults.said import Said, following, opened_with, say

RELEASED = Path(__file__).parents[1] / "data" / "shops"
SHOP = "data/shop"
"""Where the shop of a scenario lies below its root."""


@dataclass
class Day:
    """A shop at work.

    Attributes:
        root: what the recorder watches. rng: chooses what is done. shop: open, unless `is_closed`.
        password: what opens it, nothing while it has none.
    """

    root: Path
    rng: random.Random
    shop: Shop
    password: str = ""
    is_closed: bool = False

    def said(self, step: str) -> Said:
        """What holds now."""
        return say(self.shop, step, self.root, self.password)

    def close(self) -> None:
        """Nobody has the shop open any more; closing it twice is no more than once."""
        if not self.is_closed:
            self.is_closed = True
            self.shop.close()

    def open(self) -> None:
        """Open it again."""
        self.shop = opened_with(self.root / SHOP, self.password)
        self.is_closed = False


def opened(root: Path, seed: int, password: str = "") -> Day:
    """The shop of a scenario, opened."""
    return Day(root, random.Random(seed), opened_with(root / SHOP, password), password)


def made(root: Path, seed: int) -> Day:
    """The first run: a shop is made."""
    return Day(root, random.Random(seed), Shop.create(root / SHOP, "星河手机店", FixedClock(NOW)))


def add_customer(day: Day) -> None:
    """A card with a number."""
    number = f"139{day.rng.randrange(10**8):08d}"
    customers.add(day.shop, CustomerDraft(f"王{number[-4:]}", (PhoneDraft(number),), note="喜欢小屏" * 20))


def sell(day: Day) -> None:
    """A sale with what it sets off."""
    lines = (
        LineDraft("iPhone 17 256G", day.rng.randrange(1, 9_000) * 100),
        LineDraft("钢化膜", 2_900, category="accessory"),
    )
    purchases.record(day.shop, SaleDraft(lines, customer_id=_some_customer(day)))


def write_note(day: Day) -> None:
    """A note on a card."""
    notes.add(day.shop, _some_customer(day), "约好下周来看新机。" * day.rng.randrange(1, 30))


def plan_followup(day: Day) -> None:
    """A follow-up by hand."""
    followups.plan(day.shop, _some_customer(day), day.shop.today(), "电池")


def merge_two(day: Day) -> None:
    """Two cards become one."""
    keep, other = _some_customer(day), _some_customer(day)
    if keep != other:
        merge.merge(day.shop, keep, [other])


def undo(day: Day) -> None:
    """Ctrl+Z; where there is nothing to take back, a card is added."""
    try:
        history.undo(day.shop)
    except (history.NothingToUndo, history.CannotUndo):
        add_customer(day)


def import_list(day: Day, rows: int = 40) -> None:
    """A list of customers, after the backup that comes before it."""
    path = day.root.parent / "list.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("姓名", "手机", "备注"))
        for _number in range(rows):
            writer.writerow(
                ("李" + str(day.rng.randrange(10**6)), f"137{day.rng.randrange(10**8):08d}", "老客户介绍")
            )
    with plan.rehearse(day.shop, path) as rehearsed:
        plan.apply(day.shop, rehearsed)


def back_up(day: Day) -> None:
    """A backup by hand."""
    backup.make(day.shop, "manual")


def settle(day: Day) -> None:
    """What the window does when nothing is going on."""
    day.shop.settle()


def reopen(day: Day) -> None:
    """The window is closed and opened again."""
    day.close()
    day.open()


def new_password(day: Day) -> None:
    """The first password of the shop, or another one."""
    new = following(day.password)
    if day.password:
        passwords.change(day.shop, day.password, new)
    else:
        owner = next((each.id for each in staff.listing(day.shop) if each.role == "owner"), None)
        day.shop = passwords.set_first(day.shop, owner or staff.add(day.shop, "陈星河", "owner"), new)
    day.password = new


def hire(day: Day) -> None:
    """The owner of the shop is entered, who can have a password."""
    staff.add(day.shop, "陈星河", "owner")


def new_locks(day: Day) -> None:
    """The locks are changed; where there are none, the first password is set."""
    if day.password:
        passwords.change_locks(day.shop)
    else:
        new_password(day)


def restore_back(day: Day) -> None:
    """The oldest backup takes the place of the shop."""
    if day.is_closed:
        day.open()
    if not backup.listing(day.shop):
        back_up(day)
    prepared = restore.prepare(day.shop, backup.listing(day.shop)[-1].path)
    day.close()
    try:
        restore.carry_out(prepared)
    finally:
        day.open()


def _some_customer(day: Day) -> int:
    ids = [
        row[0]
        for row in day.shop.db.rows(
            "SELECT id FROM customers WHERE deleted_at IS NULL AND merged_into IS NULL"
        )
    ]
    chosen: int = day.rng.choice(ids)
    return chosen


Step = Callable[[Day], None]
OFTEN: tuple[Step, ...] = (add_customer, sell, sell, sell, write_note, plan_followup, merge_two, undo)
SELDOM: tuple[Step, ...] = (import_list, back_up, settle, reopen, new_password, new_locks, restore_back)


def run(root: Path, seed: int, steps: Iterable[Step]) -> Iterator[Said]:
    """Open the shop and do these steps, telling after each what now holds."""
    day = opened(root, seed)
    yield day.said("open")
    for step in steps:
        step(day)
        yield day.said(step.__name__)
    day.close()
