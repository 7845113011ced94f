"""The check of a shop: silent on a whole one, a sentence and a mend for each thing that is broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_crm import backup, complaints, customers, integrity, restore, search, tiers
from desktop_crm.base.clock import FixedClock
from desktop_crm.complaints import ComplaintDraft
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.records.customers import Tag
from desktop_crm.records.purchases import Purchase, PurchaseLine, Refund
from desktop_crm.shop import Shop
from desktop_crm.store import integrity as store_integrity

NOW = "2026-11-21T02:00:00Z"


@pytest.fixture
def busy(shop: Shop) -> Shop:
    """A shop with a customer, a sale and a complaint, all in order."""
    customer_id = customers.add(
        shop, CustomerDraft(name="王建国", phones=(PhoneDraft("13805718866"),), tags=("拍照",))
    )
    with shop.change("Sale", {"purchases"}):
        purchase_id = shop.db.insert(Purchase(0, NOW, "2026-11-21", 5_000, customer_id, created_at=NOW))
        shop.db.insert(PurchaseLine(0, purchase_id, "贴膜", 1, 5_000, 0, 5_000))
        tiers.refresh_within(shop, customer_id)
    complaints.receive(shop, ComplaintDraft(customer_id=customer_id, summary="屏幕偏黄"))
    return shop


def spoil(shop: Shop, *statements: str) -> None:
    """Write past all guards, as a foreign tool or a bug would."""
    db = shop._connections.writing()
    db.connection.execute("PRAGMA foreign_keys = OFF")
    with shop.change("Spoil", {"customers"}):
        shop.db.insert(Tag(0, "spoilt"))
        for statement in statements:
            shop.db.execute(statement)
    db.connection.execute("PRAGMA foreign_keys = ON")


def test_a_card_made_by_hand_leaves_nothing_to_find(shop: Shop) -> None:
    made = customers.add(shop, CustomerDraft(name="李芳"))
    tier = tiers.current(shop, made)
    assert tier is not None
    assert (tier.tier, tier.since_day) == ("prospect", "2026-11-21")
    assert integrity.check(shop) == []
    assert tiers.proposal(shop).changes == ()


def test_a_whole_shop_has_no_findings(busy: Shop) -> None:
    assert integrity.check(busy) == []


@pytest.mark.parametrize(
    ("statement", "key", "count", "words"),
    [
        ("DELETE FROM tags WHERE name = '拍照'", "references", 1, "something that is gone: 1."),
        ("DROP TRIGGER journal_tags_insert", "parts", 1, "Missing parts of the file (triggers, indexes): 1."),
        ("DROP INDEX journal_row", "parts", 1, "Missing parts"),
        ("UPDATE purchases SET total_fen = 1", "totals", 1, "not the sum of their lines: 1."),
        (
            "UPDATE customers SET merged_into = id",
            "merged",
            2,
            "hang on a card which went into another one: 2.",
        ),
        ("DELETE FROM customer_tiers", "tiers", 1, "Customers who bought and have no tier: 1."),
        ("UPDATE complaints SET state = 'closed'", "cases", 1, "latest step: 1."),
        ("INSERT INTO search_index (rowid, tokens) VALUES (77, 'x')", "search", 1, "wrongly in it: 1."),
    ],
)
def test_what_is_broken_is_found(busy: Shop, statement: str, key: str, count: int, words: str) -> None:
    spoil(busy, statement)
    found = {finding.key: finding for finding in integrity.check(busy)}
    assert found[key].count == count
    assert words in found[key].what
    assert found[key].mend


def test_more_refunded_than_paid_is_found(busy: Shop) -> None:
    with busy.change("Refunds", {"purchases"}):
        for _time in range(2):
            busy.db.insert(Refund(0, 1, NOW, "2026-11-21", 3_000, "坏了"))
    assert [(finding.key, finding.count) for finding in integrity.check(busy)] == [("refunds", 1)]


def test_damaged_pages_are_counted_and_nothing_else_is_asked(busy: Shop, clock: FixedClock) -> None:
    with busy.change("Notes", {"interactions"}):
        for number in range(200):
            busy.db.insert(Tag(0, f"{number}" * 50))
    first = busy.db.value("SELECT rootpage FROM sqlite_master WHERE name = 'tags'")
    path = busy.folder / "shop.db"
    busy.close()
    whole = bytearray(path.read_bytes())
    whole[(first - 1) * 4096 + 100] ^= 255
    path.write_bytes(whole)
    again = Shop.open(busy.folder, clock)
    assert [(finding.key, finding.count) for finding in integrity.check(again)] == [("pages", 1)]
    again.close()


def test_a_broken_structure_is_counted(busy: Shop) -> None:
    db = busy._connections.writing()
    assert store_integrity.broken_structure(db) == 0
    db.connection.execute("BEGIN IMMEDIATE")
    db.connection.execute("PRAGMA writable_schema = ON")
    db.connection.execute("UPDATE sqlite_master SET rootpage = 3 WHERE name = 'journal_row'")
    db.connection.execute("PRAGMA writable_schema = RESET")
    assert store_integrity.broken_structure(db) > 0
    db.connection.execute("ROLLBACK")


def test_the_search_is_built_anew(busy: Shop) -> None:
    customers.add(busy, CustomerDraft(name="李娜", phones=(PhoneDraft("13900000000"),)))
    spoil(
        busy,
        "DELETE FROM search_index WHERE rowid = 1",
        "INSERT INTO search_index (rowid, tokens) VALUES (77, 'x')",
        "UPDATE customers SET deleted_at = '2026-11-21T02:00:00Z' WHERE id = 2",
        "INSERT OR REPLACE INTO search_index (rowid, tokens) VALUES (2, 'lina')",
    )
    assert search.find(busy, "8866").hits == ()
    finding = next(f for f in integrity.check(busy) if f.key == "search")
    assert finding.mendable
    steps = busy.db.value("SELECT count(*) FROM changes")
    integrity.mend(busy, finding.key)
    assert [hit.name for hit in search.find(busy, "8866").hits] == ["王建国"]
    assert "search" not in {f.key for f in integrity.check(busy)}
    assert busy.db.value("SELECT count(*) FROM changes") == steps


def test_the_shop_of_a_restored_backup_is_in_order(busy: Shop, clock: FixedClock, tmp_path: Path) -> None:
    restored = Shop.open(restore.into_folder(backup.make(busy, "manual"), tmp_path / "back"), clock)
    assert integrity.check(restored) == []
    restored.close()


def test_an_index_that_moved_since_this_connection_read_it_is_no_damage(shop: Shop) -> None:
    made = [customers.add(shop, CustomerDraft(name=f"王{number}")) for number in range(30)]
    assert integrity.check(shop) == []
    customers.delete(shop, made)
    for number in range(10):
        customers.add(shop, CustomerDraft(name=f"李{number}"))
    assert integrity.check(shop) == []
