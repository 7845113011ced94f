"""The check of a shop: silent on a whole one, a sentence and a mend for each thing that is broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_crm import backup, complaints, customers, integrity, restore, roles, search, staff, tiers
from desktop_crm.base.clock import FixedClock
from desktop_crm.base.errors import Cancelled
from desktop_crm.complaints import ComplaintDraft
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.records.customers import Tag
from desktop_crm.records.purchases import Purchase, PurchaseLine, Refund
from desktop_crm.rights import NotAllowed
from desktop_crm.shop import Shop
from desktop_crm.store import customer_figures, erased
from desktop_crm.store import integrity as store_integrity
from desktop_crm.store import search as store_search
from desktop_crm.store.errors import KeyFileDamaged, ShopDamaged
from desktop_crm.store.rows import Database
from tests.test_audit import tamper, write_anew

NOW = "2026-11-21T02:00:00Z"


@pytest.fixture(params=["small", "large"])
def size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Small files are looked through whole; large ones in short, which must find the same here."""
    if request.param == "large":
        monkeypatch.setattr(store_integrity, "LARGE_PAGES", 0)
    return str(request.param)


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


@pytest.mark.usefixtures("size")
def test_a_whole_shop_has_no_findings(busy: Shop) -> None:
    assert integrity.check(busy) == []


@pytest.mark.usefixtures("size")
def test_a_lively_shop_has_no_findings(sample_shop: Shop) -> None:
    assert integrity.check(sample_shop) == []
    assert integrity.check(sample_shop, thorough=True) == []


@pytest.mark.parametrize(
    ("statement", "key", "count", "words"),
    [
        ("DELETE FROM tags WHERE name = '拍照'", "references", 1, "something that is gone: 1."),
        ("DROP TRIGGER journal_tags_insert", "parts", 1, "Missing parts of the file (triggers, indexes): 1."),
        ("DROP INDEX journal_row", "parts", 1, "Missing parts"),
        ("UPDATE purchases SET total_fen = 1", "totals", 1, "not the sum of their lines: 1."),
        ("UPDATE purchase_lines SET amount_fen = 4999", "totals", 1, "not the sum of their lines: 1."),
        ("DELETE FROM purchase_lines", "totals", 1, "not the sum of their lines: 1."),
        (
            "INSERT INTO point_entries (customer_id, at, day, points, kind, purchase_id, note) SELECT 2, at, day, 5, 'earned', "
            "id, '' FROM purchases",
            "points",
            1,
            "points about a sale of somebody else: 1.",
        ),
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
@pytest.mark.usefixtures("size")
def test_what_is_broken_is_found(busy: Shop, statement: str, key: str, count: int, words: str) -> None:
    customers.add(busy, CustomerDraft(name="李娜"))
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


@pytest.mark.usefixtures("size")
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


def raw(shop: Shop, *statements: str) -> None:
    """Write past everything, journal and all."""
    connection = shop._connections.writing().connection
    connection.execute("PRAGMA writable_schema = ON")
    for statement in statements:
        connection.execute(statement)
    connection.execute("PRAGMA writable_schema = RESET")


@pytest.mark.usefixtures("size")
def test_a_broken_structure_is_counted(busy: Shop) -> None:
    raw(busy, "UPDATE sqlite_master SET rootpage = 3 WHERE name = 'journal_row'")
    busy._connections.drop_own_reader()
    (finding, *_more) = integrity.check(busy)
    assert (finding.key, finding.mendable) == ("structure", False)
    assert finding.count > 0


@pytest.mark.usefixtures("size")
def test_an_index_that_lacks_rows_is_found_and_made_anew(busy: Shop) -> None:
    whole = busy.db.value("SELECT sql FROM sqlite_master WHERE name = 'phones_number'")
    raw(
        busy,
        "DROP INDEX phones_number",
        "CREATE INDEX phones_number ON phones (number) WHERE id < 0",
        f"UPDATE sqlite_master SET sql = '{whole}' WHERE name = 'phones_number'",
    )
    busy._connections.drop_own_reader()
    busy._connections.drop_writer()
    (finding,) = integrity.check(busy)
    assert (finding.key, finding.mendable) == ("indexes", True)
    integrity.mend(busy, "indexes")
    assert integrity.check(busy) == []


def test_a_step_that_was_left_open_is_ended(busy: Shop) -> None:
    raw(busy, "UPDATE journal_state SET change_id = 1", "INSERT INTO journal_runs VALUES ('tags', 1)")
    (finding,) = integrity.check(busy)
    assert (finding.key, finding.count) == ("journal", 2)
    integrity.mend(busy, "journal")
    assert integrity.check(busy) == []


@pytest.mark.usefixtures("size")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE customer_figures SET net_fen = 1",
        "UPDATE customer_figures SET occasions = 7",
        "UPDATE customer_figures SET last_purchase_day = ''",
        "UPDATE customer_figures SET last_visit_day = '2020-01-01'",
        "UPDATE customer_figures SET tier_rank = 0",
        "DELETE FROM customer_figures",
        "UPDATE customer_counts SET customers = 99",
        "INSERT INTO figures_dirty VALUES (1)",
    ],
)
def test_wrong_figures_are_found_and_made_anew(busy: Shop, statement: str) -> None:
    raw(busy, statement)
    (finding,) = integrity.check(busy)
    assert (finding.key, finding.mendable) == ("figures", True)
    integrity.mend(busy, "figures")
    assert integrity.check(busy) == []


def test_a_sale_taken_from_a_card_without_any_is_found_in_short(busy: Shop) -> None:
    spoil(busy, "UPDATE purchases SET void_day = day")
    raw(busy, "UPDATE customer_figures SET net_fen = 5000")
    assert customer_figures.wrong_in_short(busy.db, 1) == 2


def test_each_turn_looks_at_the_figures_of_others(busy: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    customers.add(busy, CustomerDraft(name="李娜"))
    raw(busy, "UPDATE customer_figures SET last_contact_day = '2020-01-01' WHERE id = 2")
    monkeypatch.setattr(customer_figures, "_SHARE", 2)
    assert [customer_figures.wrong_in_short(busy.db, turn) for turn in range(4)] == [0, 1, 0, 1]


def test_who_bought_and_has_no_tier_gets_one(busy: Shop) -> None:
    spoil(busy, "DELETE FROM customer_tiers")
    assert [finding.key for finding in integrity.check(busy)] == ["tiers"]
    integrity.mend(busy, "tiers")
    assert integrity.check(busy) == []


def test_a_changed_trail_is_found(busy: Shop) -> None:
    tamper(busy, "UPDATE audit SET staff_id = 9 WHERE id = 2")
    (finding,) = integrity.check(busy)
    assert (finding.key, finding.count, finding.mendable) == ("audit", 1, False)


def test_a_trail_that_was_written_anew_is_not_that_of_the_newest_backup(busy: Shop) -> None:
    backup.make(busy, "manual")
    tamper(busy, "UPDATE audit SET staff_id = 9 WHERE id = 2")
    write_anew(busy)
    assert [(finding.key, finding.count) for finding in integrity.check(busy)] == [("audit", 1)]


@pytest.mark.parametrize("spoiling", ["unlink", "flip", "older"])
def test_a_bad_copy_of_the_key_file_is_written_anew(busy: Shop, spoiling: str) -> None:
    copy = busy.folder / "shop.keys.copy"
    whole = copy.read_bytes()
    if spoiling == "unlink":
        copy.unlink()
    else:
        copy.write_bytes(whole.replace(b"checksum", b"checksun"))
    (finding,) = integrity.check(busy)
    assert (finding.key, finding.count) == ("keys", 1)
    integrity.mend(busy, "keys")
    assert integrity.check(busy) == []
    assert copy.read_bytes() == whole


def test_two_bad_copies_of_the_key_file_are_told_and_the_mend_says_why_it_cannot(busy: Shop) -> None:
    for name in ("shop.keys", "shop.keys.copy"):
        (busy.folder / name).write_bytes(b"x")
    assert [(finding.key, finding.count) for finding in integrity.check(busy)] == [("keys", 2)]
    with pytest.raises(KeyFileDamaged):
        integrity.mend(busy, "keys")


def test_a_backup_that_cannot_be_read_is_told_and_a_new_one_made(busy: Shop) -> None:
    made = backup.make(busy, "manual")
    made.write_bytes(made.read_bytes()[:-100])
    (finding,) = integrity.check(busy)
    assert (finding.key, finding.count) == ("backups", 1)
    integrity.mend(busy, "backups")
    assert backup.newest_whole(busy) is not None


def test_a_new_backup_is_made_by_who_may_work_with_backups(busy: Shop) -> None:
    boss = busy.at_counter(staff.add(busy, "王芳", "owner"))
    clerk = boss.at_counter(staff.add(boss, "Li Lei", "clerk"))
    before = backup.copies(busy)
    with pytest.raises(NotAllowed, match="backups"):
        integrity.mend(clerk, "backups")
    assert backup.copies(busy) == before
    roles.save(boss, "clerk", ["backups"])
    integrity.mend(boss.at_counter(clerk.staff_id), "backups")
    assert len(backup.copies(busy)) == len(before) + 1


def test_an_erased_person_who_is_back_is_erased_again(busy: Shop) -> None:
    card = customers.get(busy, 1)
    erased.add(busy.folder / "backups", busy.keys.shop_id, [erased.ErasedCard(1, card.created_at, NOW)])
    (finding,) = integrity.check(busy)
    assert (finding.key, finding.count) == ("erased", 1)
    integrity.mend(busy, "erased")
    assert integrity.check(busy) == []
    assert customers.get(busy, 1).name != "王建国"


# ---------------------------------------------------------------- being told, and stopping


def test_one_check_at_a_time_finds_the_same(busy: Shop) -> None:
    (busy.folder / "shop.keys.copy").unlink()
    found = [integrity.check_one(busy, key) for key in integrity.KEYS]
    assert [finding for finding in found if finding] == integrity.check(busy)


def test_damage_that_cannot_be_put_away_is_told_as_it_was_found(
    busy: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_db: Database) -> None:
        raise ShopDamaged("The log cannot be put away.")

    monkeypatch.setattr(store_search, "tidy", refuse)
    monkeypatch.setattr(store_integrity, "bad_pages", lambda _db: 2)
    assert [(finding.key, finding.count) for finding in integrity.check(busy)] == [("pages", 2)]


def test_it_tells_how_far_it_is(busy: Shop) -> None:
    told: list[tuple[int, int]] = []
    integrity.check(busy, tell=lambda done, total: told.append((done, total)))
    assert told[0] == (0, len(integrity.CHECKS) + 1)
    assert {done for done, _total in told} == set(range(len(integrity.CHECKS) + 1))


def test_it_can_be_stopped_within_one_question(busy: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(integrity, "_STEPS", 20)
    told: list[int] = []

    def stop(done: int, _total: int) -> None:
        told.append(done)
        if len(told) == 4:
            raise Cancelled

    with pytest.raises(Cancelled):
        integrity.check(busy, tell=stop)
    assert told[-1] == told[-2]
    assert integrity.check(busy) == []


def test_pages_that_a_checkpoint_is_writing_are_looked_at_again(
    busy: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, asked = store_integrity.bad_pages, []

    def torn_first(db: Database) -> int:
        asked.append(db.writable)
        return 3 if len(asked) == 1 else real(db)

    monkeypatch.setattr(store_integrity, "bad_pages", torn_first)
    assert integrity.check(busy) == []
    assert asked == [False, True]


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


def test_damage_that_sqlite_puts_in_words_is_told_as_damaged_pages(
    busy: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_integrity, "LARGE_PAGES", 0)
    monkeypatch.setattr(store_integrity, "trouble_of_tables", lambda _db: ["Page 7: unable to get the page"])
    monkeypatch.setattr(store_integrity, "bad_pages", lambda _db: 2)
    assert [(finding.key, finding.count) for finding in integrity.check(busy)] == [("pages", 2)]
