"""Opening the shop file: what is wrong with it gets its own sentence, and it stays as it was."""

from __future__ import annotations

import json
import sqlite3
import threading
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as driver

from desktop_crm import history
from desktop_crm.base.clock import FixedClock
from desktop_crm.base.errors import CrmError
from desktop_crm.records.customers import Tag
from desktop_crm.shop import Shop
from desktop_crm.store import key_file, keys, migrations
from desktop_crm.store.errors import (
    DiskFull,
    KeyFileUnreadable,
    ShopBusy,
    ShopDamaged,
    ShopExists,
    ShopForeign,
    ShopMissing,
    ShopNewer,
    ShopUnreachable,
)


@pytest.fixture
def closed(shop: Shop) -> Path:
    """The folder of a shop that nobody has open."""
    shop.close()
    return shop.folder


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, what SQLite keeps beside the shop file too."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def put(folder: Path, data: bytes) -> None:
    """Put `data` in the place of the shop file."""
    (folder / "shop.db").write_bytes(data)


def plain_database(folder: Path) -> None:
    """A file of a program that locks nothing."""
    (folder / "shop.db").unlink()
    connection = sqlite3.connect(folder / "shop.db")
    connection.execute("CREATE TABLE contacts (name TEXT)")
    connection.commit()
    connection.close()


def locked_database(folder: Path) -> None:
    """A file that our key opens, and in which nothing is ours."""
    (folder / "shop.db").unlink()
    connection = driver.connect(str(folder / "shop.db"))
    connection.execute(f"PRAGMA key = \"x'{keys.load(folder).database_key()}'\"")
    connection.execute("CREATE TABLE contacts (name TEXT)")
    connection.commit()
    connection.close()


def cut_short(folder: Path) -> None:
    put(folder, (folder / "shop.db").read_bytes()[: 40 * 4096])


@pytest.mark.parametrize(
    ("spoil", "kind", "words"),
    [
        (plain_database, ShopForeign, "another program or another shop"),
        (locked_database, ShopForeign, "another program or another shop"),
        (lambda folder: put(folder, b"not a database " * 999), ShopForeign, "with its own key file"),
        (lambda folder: put(folder, b""), ShopDamaged, "is empty"),
        (cut_short, ShopDamaged, "Restore the newest backup"),
    ],
)
def test_what_is_no_shop_of_ours_is_told_apart_and_stays_as_it_was(
    closed: Path, spoil: object, kind: type[CrmError], words: str
) -> None:
    assert callable(spoil)
    spoil(closed)
    before = contents(closed)
    with pytest.raises(kind, match=words):
        Shop.open(closed)
    assert contents(closed) == before


def test_a_key_file_of_a_newer_version(closed: Path) -> None:
    for name in keys.NAMES:
        body = json.loads((closed / name).read_text("ascii"))["body"] | {"format": key_file.FORMAT + 1}
        (closed / name).write_text(json.dumps({"body": body, "checksum": key_file.checksum(body)}), "ascii")
    before = contents(closed)
    with pytest.raises(ShopNewer, match="newest version"):
        Shop.open(closed)
    assert contents(closed) == before


def test_a_key_file_that_cannot_be_read_is_served_by_its_copy(closed: Path) -> None:
    (closed / keys.NAMES[0]).unlink()
    (closed / keys.NAMES[0]).mkdir()
    Shop.open(closed).close()
    (closed / keys.NAMES[1]).unlink()
    with pytest.raises(KeyFileUnreadable, match="cannot be read"):
        Shop.open(closed)


def test_a_folder_with_the_log_of_a_shop_that_is_gone_takes_no_new_one(closed: Path) -> None:
    for name in ("shop.db", *keys.NAMES):
        (closed / name).unlink()
    (closed / "shop.db-wal").write_bytes(b"old")
    with pytest.raises(ShopExists):
        Shop.create(closed, "店")


def test_a_shop_that_could_not_be_made_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(db: object) -> None:
        raise DiskFull

    with monkeypatch.context() as patched:
        patched.setattr(migrations, "apply", refuse)
        with pytest.raises(DiskFull):
            Shop.create(tmp_path / "shop", "店")
    assert [path.name for path in (tmp_path / "shop").iterdir()] == ["backups"]
    Shop.create(tmp_path / "shop", "店").close()


def test_a_closed_shop_is_one_file_and_its_keys(shop: Shop) -> None:
    reader = threading.Thread(target=lambda: shop.db.value("SELECT 1"))
    reader.start()
    reader.join()
    history.changes(shop)
    shop.close()
    assert sorted(contents(shop.folder)) == ["shop.db", "shop.keys", "shop.keys.copy"]


def test_a_closed_shop_answers_nothing_and_opens_nothing(shop: Shop) -> None:
    shop.close()
    with pytest.raises(RuntimeError, match="the shop is closed"):
        history.changes(shop)
    with pytest.raises(RuntimeError, match="the shop is closed"), shop.change("x", {"tags"}):
        shop.db.insert(Tag(0, "x"))
    assert "shop.db-wal" not in contents(shop.folder)


def test_a_shop_at_rest_has_everything_in_its_file(shop: Shop) -> None:
    with shop.change("Add tag", {"tags"}):
        shop.db.insert(Tag(0, "x"))
    log = shop.folder / "shop.db-wal"
    assert log.stat().st_size > 0
    shop.settle()
    assert log.stat().st_size == 0


def test_a_shop_closes_where_its_log_cannot_be_put_away(shop: Shop, clock: FixedClock) -> None:
    with shop.change("Add tag", {"tags"}):
        shop.db.insert(Tag(0, "x"))
    other = Shop.open(shop.folder, clock)
    writer = shop._connections.writing().connection
    writer.execute("PRAGMA busy_timeout = 0")
    with other.reading() as db:
        db.value("SELECT count(*) FROM tags")
        writer.execute("BEGIN")  # the log cannot be put away from inside a transaction
        writer.execute("SELECT count(*) FROM tags").fetchone()
        shop.close()
    assert other.db.value("SELECT name FROM tags") == "x"
    other.close()


def test_a_damaged_page_that_comes_to_light_late_gets_its_sentence(closed: Path, clock: FixedClock) -> None:
    shop = Shop.open(closed, clock)
    with shop.change("Add tags", {"tags"}):
        shop.db.insert_many(Tag, (Tag(0, f"{number:04d}" * 100) for number in range(2000)))
    shop.close()
    whole = bytearray((closed / "shop.db").read_bytes())
    for page in range(len(whole) // 4096 - 60, len(whole) // 4096 - 20):
        whole[page * 4096 + 99] ^= 255
    put(closed, bytes(whole))
    shop = Shop.open(closed, clock)
    with pytest.raises(ShopDamaged, match="Restore the newest backup"):
        shop.db.rows("SELECT name FROM tags ORDER BY id")
    with pytest.raises(ShopDamaged, match="Restore the newest backup"):
        shop.db.records(Tag, "SELECT * FROM tags ORDER BY id")
    shop.close()


def test_a_file_that_cannot_be_reached_gets_its_sentence(shop: Shop) -> None:
    with pytest.raises(ShopUnreachable, match="What was saved before is safe"), shop.upkeep():
        shop.db.execute("ATTACH ? AS gone", (str(shop.folder / "gone" / "x.db"),))
    assert history.changes(shop)


def test_an_update_of_the_file_waits_until_nobody_else_has_it(
    closed: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Shop.open(closed, clock)
    with monkeypatch.context() as patched:
        patched.setattr(migrations, "NAMES", (*migrations.NAMES, "0002_test"))
        with pytest.raises(ShopBusy, match="another window or program has it open"):
            Shop.open(closed, clock)
    assert list((closed / "backups").iterdir()) == []
    assert history.changes(other)
    other.close()


def test_the_folder_may_not_be_looked_into(closed: Path) -> None:
    with pytest.raises(ShopMissing, match="not accessible"):
        Shop.open(closed / ("x" * 300))
