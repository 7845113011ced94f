"""The figures that lists sort by are right after whatever happens: told again here in plain Python, row by row."""

from __future__ import annotations

import random
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desktop_crm import (
    customers,
    history,
    integrity,
    interactions,
    merge,
    openings,
    purchases,
    recycle_bin,
    restore,
    tiers,
)
from desktop_crm.base.clock import FixedClock
from desktop_crm.base.errors import CrmError
from desktop_crm.base.pinyin import sort_key
from desktop_crm.customer_drafts import CustomerDraft
from desktop_crm.customer_list import TIER_RANKS
from desktop_crm.importing import plan
from desktop_crm.openings import Brought
from desktop_crm.purchase_drafts import LineDraft, PaymentDraft, SaleDraft
from desktop_crm.shop import Shop
from desktop_crm.store import customer_figures

Figures = tuple[int, str, int, str, str, str, str, int, int, str]


def retold(shop: Shop) -> list[Figures]:
    """What customer_figures should hold, from the cards, sales, refunds, contacts and tiers."""
    db = shop.db
    sales: dict[int, list[tuple[int, str, int]]] = {}
    for sale, customer, day, fen in db.rows(
        "SELECT id, customer_id, day, total_fen FROM purchases WHERE void_day IS NULL AND customer_id IS NOT NULL"
    ):
        sales.setdefault(customer, []).append((sale, day, fen))
    refunds: Counter[int] = Counter()
    for sale, fen in db.rows("SELECT purchase_id, amount_fen FROM refunds"):
        refunds[sale] += fen
    contacts: dict[int, list[tuple[str, str, int]]] = {}
    for customer, day, began_by, reached in db.rows(
        "SELECT customer_id, day, began_by, reached FROM interactions"
    ):
        contacts.setdefault(customer, []).append((day, began_by, reached))
    brought: dict[int, list[str]] = {}
    before: dict[int, str] = {}
    for customer, last, day in db.rows("SELECT customer_id, last_day, day FROM opening_summaries"):
        brought.setdefault(customer, []).append(last or day)
        before[customer] = max(before.get(customer, ""), last or "")
    tier_of = dict(db.rows("SELECT id, tier FROM customer_tiers"))
    found = []
    for customer, name, since in db.rows(
        "SELECT id, name, since_day FROM customers WHERE deleted_at IS NULL AND merged_into IS NULL ORDER BY id"
    ):
        own, talks = sales.get(customer, []), contacts.get(customer, [])
        bought = max((day for _sale, day, _fen in own), default="")
        came = max((day for day, began_by, _reached in talks if began_by == "customer"), default="")
        spoke = max((day for day, _began_by, reached in talks if reached), default="")
        found.append(
            (
                customer,
                sort_key(name),
                TIER_RANKS[tier_of.get(customer, "none")],
                since or "",
                max(bought, came, before.get(customer, "")),
                bought,
                max(bought, spoke, before.get(customer, "")),
                len({day for _sale, day, _fen in own}),
                sum(fen - refunds[sale] for sale, _day, fen in own),
                max(brought.get(customer, []), default=""),
            )
        )
    return found


def agree(shop: Shop) -> None:
    """Fail unless the figures and the counts are what was told again, and the integrity check thinks so too."""
    kept = shop.db.rows("SELECT * FROM customer_figures ORDER BY id")
    assert kept == retold(shop)
    counts = dict(shop.db.rows("SELECT tier_rank, customers FROM customer_counts WHERE customers <> 0"))
    assert counts == Counter(row[2] for row in kept)
    assert customer_figures.wrong(shop.db) == 0


class Life:
    """Random things that happen in a shop."""

    def __init__(self, shop: Shop, clock: FixedClock, seed: int) -> None:
        self.shop, self.clock, self.rng = shop, clock, random.Random(seed)

    def step(self) -> None:
        """One of them; what the shop refuses did not happen."""
        self.clock.instant += timedelta(hours=self.rng.choice((0, 1, 7, 30)))
        deeds = (
            self.add,
            self.sell,
            self.sell,
            self.refund,
            self.void,
            self.talk,
            self.rename,
            self.bring,
            self.delete,
            self.restore,
            self.merge,
            self.retier,
            self.undo,
            self.redo,
        )
        try:
            self.rng.choice(deeds)()
        except CrmError:
            return

    def somebody(self) -> int:
        ids = [row[0] for row in self.shop.db.rows("SELECT id FROM customers")]
        return self.rng.choice(ids) if ids else 0

    def some_sale(self) -> int:
        ids = [row[0] for row in self.shop.db.rows("SELECT id FROM purchases")]
        return self.rng.choice(ids) if ids else 0

    def add(self) -> None:
        name = self.rng.choice(("王建国", "Anna", "曾小花", "阿明 Ming", "Émile"))
        customers.add(
            self.shop, CustomerDraft(name, since_day=self.rng.choice((None, "2020-01-01", "2024-12-31")))
        )

    def sell(self) -> None:
        fen = self.rng.choice((100, 9_900, 599_900))
        whom = self.rng.choice((self.somebody(), self.somebody(), None))
        purchases.record(
            self.shop, SaleDraft((LineDraft("钢化膜", fen),), (PaymentDraft("cash", fen),), whom)
        )

    def refund(self) -> None:
        purchases.refund(self.shop, self.some_sale(), self.rng.choice((50, 100)), "坏了")

    def void(self) -> None:
        purchases.void(self.shop, self.some_sale(), "打错了")

    def talk(self) -> None:
        interactions.log(
            self.shop,
            self.somebody(),
            "call",
            self.rng.choice(("customer", "shop")),
            "x",
            self.rng.random() < 0.6,
        )

    def rename(self) -> None:
        customers.edit(self.shop, self.somebody(), name=self.rng.choice(("李芳", "Bob", "章子怡")))

    def bring(self) -> None:
        last = self.rng.choice((None, "2020-02-29", "2026-08-01"))
        openings.put(self.shop, self.somebody(), Brought(self.rng.choice((100, 900_000)), 3, last))

    def delete(self) -> None:
        customers.delete(self.shop, [self.somebody()])

    def restore(self) -> None:
        recycle_bin.restore(self.shop, [self.somebody()])

    def merge(self) -> None:
        one, other = self.somebody(), self.somebody()
        if one != other:
            merge.merge(self.shop, one, [other], {}, "同一个人")

    def retier(self) -> None:
        tiers.apply(self.shop, tiers.proposal(self.shop))

    def undo(self) -> None:
        history.undo(self.shop)

    def redo(self) -> None:
        history.redo(self.shop)


@pytest.mark.parametrize("seed", range(4))
def test_figures_are_right_after_every_step(shop: Shop, clock: FixedClock, seed: int) -> None:
    life = Life(shop, clock, seed)
    for _number in range(5):
        life.add()
    for _number in range(90):
        life.step()
        agree(shop)


def test_figures_of_a_demo_shop_are_right_and_all_of_it_can_be_undone(sample_shop: Shop) -> None:
    agree(sample_shop)
    everybody = [row[0] for row in sample_shop.db.rows("SELECT id FROM customer_figures")]
    customers.delete(sample_shop, everybody)
    assert sample_shop.db.value("SELECT count(*) FROM customer_figures") == 0
    agree(sample_shop)
    history.undo(sample_shop)
    agree(sample_shop)


def test_a_bulk_is_made_anew_in_parts(sample_shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(customer_figures, "_CHUNK", 7)
    with sample_shop.upkeep():
        customer_figures.mark_all(sample_shop.db)
    agree(sample_shop)


def test_an_import_and_its_undoing_keep_the_figures(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "客户.csv"
    path.write_text("姓名,手机\n王建国,13805718866\n曾小花,13905711234\n", "utf-8-sig")
    plan.apply(shop, plan.rehearse(shop, path))
    agree(shop)
    assert [row[0] for row in shop.db.rows("SELECT name_key FROM customer_figures ORDER BY name_key")] == [
        "wang 王 jian 建 guo 国",
        "zeng 曾 xiao 小 hua 花",
    ]
    history.undo(shop)
    agree(shop)


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE customer_figures SET net_fen = net_fen + 1 WHERE id = 3",
        "DELETE FROM customer_figures WHERE id = 3",
        "UPDATE customer_counts SET customers = customers + 1 WHERE tier_rank = 4",
        "INSERT INTO customer_counts (tier_rank, customers) VALUES (9, 1)",
    ],
)
def test_wrong_figures_are_found_and_mended(sample_shop: Shop, harm: str) -> None:
    with sample_shop.upkeep():
        sample_shop.db.execute(harm)
    (finding,) = integrity.check(sample_shop)
    assert (finding.key, finding.mendable) == ("figures", True)
    integrity.mend(sample_shop, "figures")
    assert integrity.check(sample_shop) == []
    agree(sample_shop)


def test_names_sort_as_in_a_phone_book(shop: Shop) -> None:
    names = ("章二", "詹三", "张三", "anna", "Bob", "阿明", "Émile", "李四", "曾国", "单田芳", "Zoe")
    for name in names:
        customers.add(shop, CustomerDraft(name))
    found = shop.db.rows(
        "SELECT c.name FROM customer_figures f JOIN customers c ON c.id = f.id ORDER BY name_key"
    )
    assert [name for (name,) in found] == [
        "阿明", "anna", "Bob", "Émile", "李四", "单田芳", "曾国", "詹三", "张三", "章二", "Zoe",
    ]  # fmt: skip


def test_a_sale_costs_the_figures_little(sample_shop: Shop) -> None:
    """As a ratio to the sale itself: the shop's own work is far more."""
    shop = sample_shop
    whom = shop.db.value("SELECT id FROM customer_figures")
    draft = SaleDraft((LineDraft("钢化膜", 100),), (PaymentDraft("cash", 100),), whom)
    begin = time.perf_counter()
    purchases.record(shop, draft)
    whole = time.perf_counter() - begin
    spent = []
    with shop.upkeep():
        for _number in range(20):
            shop.db.execute("INSERT INTO figures_dirty (customer_id) VALUES (?)", (whom,))
            begin = time.perf_counter()
            customer_figures.refresh(shop.db)
            spent.append(time.perf_counter() - begin)
    assert min(spent) < whole / 5


def test_an_older_shop_gets_its_figures(clock: FixedClock, tmp_path: Path) -> None:
    released = Path(__file__).parent / "data" / "shops"
    for place in sorted(released.iterdir()):
        folder = tmp_path / place.name
        restore.into_folder(place, folder)
        shop = Shop.open(folder, FixedClock(datetime(2026, 11, 21, tzinfo=UTC)))
        agree(shop)
        shop.close()
