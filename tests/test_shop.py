"""The open shop: one way to write, all or nothing, seen by every thread; and what can be wrong with its files."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as driver

from desktop_crm import settings
from desktop_crm.base.clock import FixedClock
from desktop_crm.records.customers import Customer, Tag
from desktop_crm.shop import Change, Shop
from desktop_crm.store import journal, key_file, keys, migrations, schema
from desktop_crm.store import open as store_open
from desktop_crm.store.errors import (
    DiskFull,
    KeyFileDamaged,
    KeyFileMissing,
    ShopBusy,
    ShopDamaged,
    ShopExists,
    ShopForeign,
    ShopMissing,
    ShopNewer,
    ShopReadOnly,
    WriteOutsideChange,
)


def add_tag(shop: Shop, name: str) -> int:
    with shop.change(f"Add tag {name}", {"tags"}):
        return shop.db.insert(Tag(0, name))


def test_what_a_change_writes_is_there_after_a_restart(shop: Shop, clock: FixedClock) -> None:
    tag_id = add_tag(shop, "拍照")
    shop.close()
    again = Shop.open(shop.folder, clock)
    assert again.db.get(Tag, tag_id) == Tag(tag_id, "拍照")
    again.close()


def test_a_change_that_fails_leaves_nothing(shop: Shop) -> None:
    with pytest.raises(ZeroDivisionError), shop.change("Half", {"tags"}):
        shop.db.insert(Tag(0, "half"))
        raise ZeroDivisionError
    assert shop.db.rows("SELECT * FROM tags") == []
    assert [c.label for c in journal.changes(shop.db, 9)] == ["New shop 星河手机店"]


def test_a_change_that_wrote_nothing_is_no_step(shop: Shop) -> None:
    before = journal.changes(shop.db, 9)
    with shop.change("Nothing", {"tags"}):
        pass
    assert journal.changes(shop.db, 9) == before


def test_a_write_outside_a_change_is_refused(shop: Shop) -> None:
    with pytest.raises(WriteOutsideChange):
        shop.db.insert(Tag(0, "x"))
    with pytest.raises(WriteOutsideChange):
        shop.db.executemany("INSERT INTO tags VALUES (?, ?, ?)", [(1, "x", "")])


def test_the_file_itself_refuses_a_write_without_a_change(shop: Shop) -> None:
    writer = shop._connections.writing()
    with pytest.raises(driver.IntegrityError):
        writer.connection.execute("INSERT INTO tags VALUES (1, 'x', '')")


def test_who_listens_is_told_of_changes_that_were_kept(shop: Shop) -> None:
    told: list[Change] = []
    shop.listen(told.append)
    add_tag(shop, "x")
    with shop.change("Nothing", {"tags"}):
        pass
    with shop.upkeep():
        shop.db.execute("INSERT INTO search_dirty VALUES (7)")
    assert told == [Change(2, "Add tag x", frozenset({"tags"}))]


def test_a_shop_that_vanishes_while_it_is_open_gets_a_sentence(shop: Shop) -> None:
    shop.folder.rename(shop.folder.with_name("gone"))
    failures: list[Exception] = []

    def look() -> None:
        try:
            shop.db.value("SELECT 1")
        except ShopMissing as error:
            failures.append(error)

    reader = threading.Thread(target=look)
    reader.start()
    reader.join()
    assert "There is no shop" in str(failures[0])


def test_sqlite_utils_must_not_come_before_the_driver() -> None:
    code = "import sqlite_utils; from desktop_crm.store import migrations; migrations.apply(None)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "before the driver" in done.stderr


def test_upkeep_writes_no_step_and_nothing_that_a_person_entered(shop: Shop) -> None:
    before = journal.changes(shop.db, 9)
    with shop.upkeep():
        shop.db.execute("INSERT INTO search_dirty VALUES (7)")
    assert shop.db.value("SELECT count(*) FROM search_dirty") == 0, "brought up to date"
    with pytest.raises(driver.IntegrityError), shop.upkeep():
        shop.db.insert(Tag(0, "x"))
    assert shop.db.rows("SELECT * FROM tags") == []
    assert journal.changes(shop.db, 9) == before
    with pytest.raises(RuntimeError), shop.upkeep(), shop.change("Inner", {"tags"}):
        pass


def test_a_change_inside_a_change_is_a_bug(shop: Shop) -> None:
    with pytest.raises(RuntimeError), shop.change("Outer", {"tags"}), shop.change("Inner", {"tags"}):
        pass


def test_another_thread_sees_a_change_only_when_it_is_done(shop: Shop) -> None:
    seen: list[int] = []

    def look() -> None:
        seen.append(shop.db.value("SELECT count(*) FROM tags"))

    with shop.change("Add", {"tags"}):
        shop.db.insert(Tag(0, "x"))
        assert shop.db.value("SELECT count(*) FROM tags") == 1
        during = threading.Thread(target=look)
        during.start()
        during.join()
    after = threading.Thread(target=look)
    after.start()
    after.join()
    assert seen == [0, 1]


def test_reading_is_one_unchanging_view(shop: Shop, clock: FixedClock) -> None:
    other = Shop.open(shop.folder, clock)
    with shop.reading() as db:
        assert db.value("SELECT count(*) FROM tags") == 0
        add_tag(other, "x")
        with shop.reading() as inner:
            assert inner.value("SELECT count(*) FROM tags") == 0
    assert shop.db.value("SELECT count(*) FROM tags") == 1
    other.close()


def test_the_writes_of_others_are_noticed(shop: Shop, clock: FixedClock) -> None:
    before = shop.data_version()
    other = Shop.open(shop.folder, clock)
    add_tag(other, "x")
    other.close()
    assert shop.data_version() != before


def test_two_that_write_at_once_wait_or_get_a_sentence(
    shop: Shop, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Shop.open(shop.folder, clock)
    monkeypatch.setattr("desktop_crm.store.connections.PATIENCE_MS", 10)
    with shop.change("Long", {"tags"}):
        shop.db.insert(Tag(0, "x"))
        with pytest.raises(ShopBusy, match="Nothing was lost"):
            add_tag(other, "y")
    other.close()


def test_a_sale_outlasts_the_import_of_another_program(shop: Shop, clock: FixedClock) -> None:
    """Six seconds: longer than SQLite waits for a read."""
    other = Shop.open(shop.folder, clock)
    begun = threading.Event()

    def write_long() -> None:
        with other.change("Import", {"tags"}):
            other.db.insert(Tag(0, "x"))
            begun.set()
            threading.Event().wait(6)

    writer = threading.Thread(target=write_long)
    writer.start()
    assert begun.wait(10)
    add_tag(shop, "y")
    writer.join()
    assert shop.db.rows("SELECT name FROM tags ORDER BY id") == [("x",), ("y",)]
    other.close()


def test_settings_have_defaults_and_keep_what_was_set(shop: Shop) -> None:
    assert shop.get(settings.CLOSED_DAYS) == ()
    with shop.change("Settings", {"settings"}):
        shop.put(settings.CLOSED_DAYS, ("2026-02-17",))
        shop.put(settings.HIGH_OCCASIONS, 4)
    assert (shop.get(settings.CLOSED_DAYS), shop.get(settings.HIGH_OCCASIONS)) == (("2026-02-17",), 4)
    assert shop.get(settings.SHOP_NAME) == "星河手机店"
    keys_of_all = [setting.key for setting in settings.ALL]
    assert len(set(keys_of_all)) == len(keys_of_all) > 20


def test_days_are_the_shops_own(shop: Shop, clock: FixedClock) -> None:
    clock.instant = clock.instant.replace(hour=17)
    assert (shop.today().isoformat(), shop.stamp()) == ("2026-11-22", "2026-11-21T17:00:00Z")


def test_the_person_at_the_counter_stands_on_the_step(shop: Shop) -> None:
    add_tag(shop.at_counter(7), "x")
    assert journal.changes(shop.db, 1)[0].staff_id == 7


def test_rows_come_and_go_as_records(shop: Shop) -> None:
    with shop.change("Add", {"customers"}):
        key = shop.db.insert(Customer(0, "王", shop.stamp(), birthday_lunar=True))
        shop.db.insert_many(Tag, [Tag(0, "a"), Tag(9, "b")])
    found = shop.db.get(Customer, key)
    assert found is not None
    assert found.birthday_lunar is True
    assert shop.db.rows("SELECT id, name FROM tags ORDER BY id") == [(1, "a"), (9, "b")]
    with shop.change("Edit", {"customers"}):
        shop.db.update(dataclasses.replace(found, name="李"))
        shop.db.delete(Tag, 9)
    assert shop.db.value("SELECT name FROM customers") == "李"
    assert shop.db.get(Tag, 9) is None
    assert shop.db.value("SELECT name FROM tags WHERE id = 9") is None


def test_every_table_is_strict_and_every_reference_indexed(shop: Shop) -> None:
    tables = shop.db.rows(
        "SELECT name, strict FROM pragma_table_list WHERE type = 'table' AND schema = 'main'"
    )
    ordinary = {
        name for name, strict in tables if not name.startswith(("sqlite_", "search_index", "_sqlite"))
    }
    assert {name for name, strict in tables if strict} >= ordinary
    assert set(journal.TABLES) < ordinary
    for table in ordinary:
        leading = {
            shop.db.value("SELECT name FROM pragma_index_info(?) WHERE seqno = 0", (index,))
            for (index,) in shop.db.rows("SELECT name FROM pragma_index_list(?)", (table,))
        } | {"id"}
        for (column,) in shop.db.rows('SELECT "from" FROM pragma_foreign_key_list(?)', (table,)):
            assert column in leading, f"{table}.{column}"


def test_the_journal_has_three_triggers_for_each_table(shop: Shop) -> None:
    assert migrations.expected_parts() <= migrations.present_parts(shop.db)
    assert sum(name.startswith("journal_") and name.endswith(("insert", "update", "delete"))
               for name in migrations.present_parts(shop.db)) == 3 * len(journal.TABLES)  # fmt: skip


BOTH = {
    "foreign_keys": 1,
    "temp_store": 2,
    "cache_size": -65536,
    "trusted_schema": 0,
    "cell_size_check": 1,
    "busy_timeout": 5000,
    "journal_mode": "wal",
    "cipher_memory_security": "0",
}
WRITER = {"synchronous": 2, "fullfsync": 1, "checkpoint_fullfsync": 1, "secure_delete": 1}


def test_the_file_is_opened_as_measured_safe(shop: Shop) -> None:
    writer, reader = shop._connections.writing(), shop.db
    expected = BOTH | WRITER
    assert {name: writer.value(f"PRAGMA {name}") for name in expected} == expected
    assert {name: reader.value(f"PRAGMA {name}") for name in BOTH} == BOTH
    assert reader.value("SELECT v FROM search_index_config WHERE k = 'secure-delete'") == 1
    assert driver.sqlite_version_info >= (3, 51, 3)
    with pytest.raises(driver.OperationalError, match="readonly"):
        reader.connection.execute("DELETE FROM search_dirty")
    shop.close()
    assert shop.folder.joinpath("shop.db").read_bytes()[:15] != b"SQLite format 3"


# What can be wrong with the files: a sentence each, and the files stay as they were.


def contents(folder: Path) -> dict[str, bytes]:
    return {
        p.name: p.read_bytes()
        for p in folder.iterdir()
        if p.is_file() and not p.name.endswith(("-shm", "-wal"))
    }


@pytest.fixture
def closed(shop: Shop) -> Path:
    shop.close()
    return shop.folder


def test_no_shop_there(tmp_path: Path) -> None:
    with pytest.raises(ShopMissing, match="There is no shop"):
        Shop.open(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_second_shop_is_not_made_over_the_first(closed: Path) -> None:
    before = contents(closed)
    with pytest.raises(ShopExists, match="left as it was"):
        Shop.create(closed, "other")
    assert contents(closed) == before


def test_no_shop_in_a_place_that_cannot_be_written_to(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ShopReadOnly, match="choose another folder"):
        Shop.create(tmp_path / "file" / "shop", "x")


def test_a_key_file_that_is_gone(closed: Path) -> None:
    for name in keys.NAMES:
        (closed / name).unlink()
    before = contents(closed)
    with pytest.raises(KeyFileMissing, match="restore a backup"):
        Shop.open(closed)
    assert contents(closed) == before


def test_one_damaged_copy_of_the_key_file_does_no_harm(closed: Path) -> None:
    (closed / keys.NAMES[0]).write_text("{")
    Shop.open(closed).close()
    assert key_file.bad_copies(closed) == []  # it was mended


@pytest.mark.parametrize(
    "text", ["", "{}", '{"body": {}, "checksum": "0"}', "[]", '{"body": 1, "checksum": 2}']
)
def test_both_copies_of_the_key_file_damaged(closed: Path, text: str) -> None:
    for name in keys.NAMES:
        (closed / name).write_text(text)
    with pytest.raises(KeyFileDamaged, match="in both copies"):
        Shop.open(closed)


def test_every_flipped_byte_of_a_key_file_is_damage(closed: Path) -> None:
    text = (closed / keys.NAMES[0]).read_bytes()
    (closed / keys.NAMES[1]).unlink()
    whole = keys.load(closed)
    for place in range(0, len(text), 7):
        flipped = bytearray(text)
        flipped[place] ^= 1
        (closed / keys.NAMES[0]).write_bytes(flipped)
        try:
            assert keys.load(closed) == whole
        except KeyFileDamaged:
            continue
        assert chr(text[place]).isspace() or chr(flipped[place]).isspace(), place


def test_a_key_of_another_shop(closed: Path, tmp_path: Path) -> None:
    other = Shop.create(tmp_path / "other", "x")
    other.close()
    for name in keys.NAMES:
        (closed / name).write_bytes((tmp_path / "other" / name).read_bytes())
    before = contents(closed)
    with pytest.raises(ShopForeign, match="another shop"):
        Shop.open(closed)
    assert contents(closed) == before


def test_a_damaged_file(closed: Path) -> None:
    damaged = bytearray((closed / "shop.db").read_bytes())
    damaged[16:200] = os.urandom(184)
    (closed / "shop.db").write_bytes(damaged)
    with pytest.raises(ShopDamaged):
        Shop.open(closed)


def alter(folder: Path, statement: str) -> None:
    connection = driver.connect(str(folder / "shop.db"), isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{keys.load(folder).database_key()}'\"")
    connection.execute(statement)
    connection.close()


def test_a_file_of_a_newer_version(closed: Path) -> None:
    alter(
        closed,
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('desktop_crm', '9999_x', 'x')",
    )
    before = contents(closed)
    with pytest.raises(ShopNewer, match="newest version"):
        Shop.open(closed)
    assert contents(closed) == before


def test_a_file_of_another_program(closed: Path) -> None:
    alter(closed, "PRAGMA application_id = 7")
    with pytest.raises(ShopForeign, match="another program"):
        Shop.open(closed)


def test_a_dropped_trigger_is_noticed(closed: Path) -> None:
    alter(closed, "DROP TRIGGER journal_customers_update")
    with pytest.raises(ShopDamaged, match="journal_customers_update"):
        Shop.open(closed)


def test_a_file_that_cannot_be_opened(closed: Path) -> None:
    (closed / "shop.db").unlink()
    (closed / "shop.db").mkdir()
    with pytest.raises(ShopMissing, match="not accessible"):
        Shop.open(closed)


def test_a_full_disk_saves_nothing_and_loses_nothing(shop: Shop) -> None:
    add_tag(shop, "before")
    writer = shop._connections.writing().connection
    pages = writer.execute("PRAGMA page_count").fetchone()[0]
    writer.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(DiskFull, match="What was saved before is safe"), shop.change("Big", {"tags"}):
        for number in range(20_000):
            shop.db.insert(Tag(0, f"tag {number}"))
    assert shop.db.rows("SELECT name FROM tags") == [("before",)]
    writer.execute("PRAGMA max_page_count = 1000000")
    add_tag(shop, "after")
    assert shop.db.value("SELECT count(*) FROM tags") == 2


def test_a_file_turned_read_only_gets_its_sentence(shop: Shop) -> None:
    writer = shop._connections.writing().connection
    writer.execute("PRAGMA query_only = ON")
    with pytest.raises(ShopReadOnly, match="read-only"):
        add_tag(shop, "x")


def test_an_unknown_failure_stays_a_bug(shop: Shop) -> None:
    with pytest.raises(driver.OperationalError, match="no such table"):
        shop.db.rows("SELECT * FROM nowhere")


def test_an_old_sqlite_is_refused(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver, "sqlite_version_info", (3, 40, 1))
    with pytest.raises(RuntimeError, match="must not open a shop"):
        Shop.open(shop.folder)


def test_a_file_that_cannot_have_a_write_ahead_log_is_refused() -> None:
    with pytest.raises(RuntimeError, match="journal mode is memory"):
        store_open._prepare(driver.connect(":memory:", isolation_level=None), write=True)


def test_an_older_file_is_backed_up_and_brought_up_to_date(
    closed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real_steps, before = migrations._steps, list(migrations.NAMES)

    def with_one_more() -> object:
        steps = real_steps()

        @steps(name="9999_test")
        def _second(db: object) -> None:
            db.conn.execute("CREATE TABLE later (id INTEGER PRIMARY KEY) STRICT")  # type: ignore[attr-defined]

        return steps

    monkeypatch.setattr(migrations, "_steps", with_one_more)
    monkeypatch.setattr(migrations, "NAMES", (*migrations.NAMES, "9999_test"))
    opened = Shop.open(closed)
    assert migrations.applied(opened.db) == [*before, "9999_test"]
    assert [p.name.split("-")[-1] for p in (closed / "backups").glob("*.crmbackup")] == [
        "migration.crmbackup"
    ]
    assert not journal.changes(opened.db, 1)[0].undoable
    opened.close()


def test_a_migration_that_fails_leaves_the_file_as_it_was(
    closed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real_steps = migrations._steps

    def with_a_bad_one() -> object:
        steps = real_steps()

        @steps(name="0002_test")
        def _second(db: object) -> None:
            db.conn.execute("CREATE TABLE later (id INTEGER PRIMARY KEY) STRICT")  # type: ignore[attr-defined]
            raise ZeroDivisionError

        return steps

    monkeypatch.setattr(migrations, "_steps", with_a_bad_one)
    monkeypatch.setattr(migrations, "NAMES", (*migrations.NAMES, "0002_test"))
    with pytest.raises(ZeroDivisionError):
        Shop.open(closed)
    monkeypatch.undo()
    Shop.open(closed).close()


def test_statements_of_the_schema_are_all_there() -> None:
    assert len(schema.statements()) > 80
