"""The plain database and the archive of everything, opened with what every machine has."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from zipfile import ZipFile

import icalendar
import pytest
from openpyxl import load_workbook

from desktop_crm import customers
from desktop_crm.base import i18n
from desktop_crm.base.errors import Cancelled
from desktop_crm.exporting import orders
from desktop_crm.exporting.orders import Order, Which
from desktop_crm.importing import plan
from desktop_crm.shop import Shop
from desktop_crm.store import journal, plain_copy
from tests.importing.sheets import counts


@pytest.fixture
def copy(lively: Shop, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """The plain database of the shop, by Python's own sqlite3."""
    first = lively.db.value("SELECT id FROM customers WHERE name = '周芷若'")
    customers.delete(lively, [first])
    orders.export(lively, Order("all", tmp_path / "copy.db"))
    with closing(sqlite3.connect(tmp_path / "copy.db")) as found:
        yield found


def test_every_program_opens_the_database(copy: sqlite3.Connection, tmp_path: Path) -> None:
    assert (tmp_path / "copy.db").read_bytes()[:15] == b"SQLite format 3"
    assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert copy.execute("PRAGMA foreign_key_check").fetchall() == []
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_rows_hang_together_by_their_ids(copy: sqlite3.Connection) -> None:
    people = copy.execute(
        "SELECT c.name, p.number, l.description, l.amount_fen FROM customers c JOIN phones p ON p.customer_id = c.id "
        "JOIN purchases s ON s.customer_id = c.id JOIN purchase_lines l ON l.purchase_id = s.id ORDER BY p.id, l.id"
    ).fetchall()
    assert people[0] == ("=赵敏", "13800000001", "iPhone 17", 589900)
    own = copy.execute(
        "SELECT f.name, v.value FROM own_values v JOIN own_fields f ON f.id = v.field_id ORDER BY f.id"
    ).fetchall()
    assert ("套餐", "59元") in own


def test_who_was_deleted_is_not_in_it_and_a_voided_sale_says_so(
    copy: sqlite3.Connection, lively: Shop
) -> None:
    assert {name for (name,) in copy.execute("SELECT name FROM customers")} == {"=赵敏", "农"}
    for table in ("phones", "followups", "own_values", "devices"):
        gone = copy.execute(
            f"SELECT count(*) FROM {table} WHERE customer_id NOT IN (SELECT id FROM customers)"
        )
        assert gone.fetchone() == (0,), table
    sales = lively.db.value("SELECT count(*) FROM purchases")
    assert copy.execute("SELECT count(*) FROM purchases").fetchone() == (sales,)
    assert copy.execute("SELECT count(*) FROM purchases WHERE void_day IS NOT NULL").fetchone() == (1,)


def test_no_way_out_tells_of_who_was_deleted(lively: Shop, tmp_path: Path) -> None:
    who = lively.db.value("SELECT id FROM customers WHERE name = '=赵敏'")
    customers.delete(lively, [who])
    secret = ("13800000001", "01088888888", "赵敏", "490154203237518", "文三路", "小问题", "屏幕坏了", "苹果")
    ways: tuple[tuple[Which, str], ...] = (
        ("customers", "a.csv"), ("purchases", "b.csv"), ("followups", "c.csv"), ("complaints", "d.csv"),
        ("customers", "e.vcf"), ("all", "f.ics"), ("all", "g.db"), ("all", "h.xlsx"), ("all", "i.zip"),
    )  # fmt: skip
    for kind, name in ways:
        orders.export(lively, Order(kind, tmp_path / name))
        files = {name: (tmp_path / name).read_bytes()}
        if name.endswith(("xlsx", "zip")):
            with ZipFile(tmp_path / name) as archive:
                files = {each: archive.read(each) for each in archive.namelist()}
        for inner, content in files.items():
            assert not [word for word in secret if word.encode() in content], (name, inner)


def test_nothing_of_the_program_s_own_is_in_it(copy: sqlite3.Connection) -> None:
    tables = {name for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert tables == {*plain_copy.TABLES.values(), "about"}
    columns = {column[1] for table in tables for column in copy.execute(f"PRAGMA table_info({table})")}
    assert not columns & {"import_id", "merged_into", "deleted_at", "change_id"}
    facts = dict(copy.execute("SELECT label, text FROM about"))
    assert facts["Shop"] == "星河手机店"
    assert facts["*_fen"] == "Money, in hundredths of a yuan"


def test_every_table_that_a_person_fills_is_copied_or_left_out_on_purpose() -> None:
    left_out = {
        "settings", "imports", "column_memories", "tacs", "after_sales_terms", "views", "merges", "distinct_pairs",
        "mend_skips", "import_originals",
    }  # fmt: skip
    assert set(journal.TABLES) == set(plain_copy.TABLES) | left_out


def test_the_archive_holds_everything_in_every_form(lively: Shop, tmp_path: Path) -> None:
    written = orders.export(lively, Order("all", tmp_path / "all.zip"))
    with ZipFile(tmp_path / "all.zip") as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        content = {name: archive.read(name) for name in names}
    assert {name for name in names if name.endswith(".csv")} == {
        "Customers.csv", "Purchases.csv", "Follow-ups.csv", "Complaints.csv",
    }  # fmt: skip
    rows = [content[name].decode("utf-8-sig").count("\r\n") - 1 for name in names if name.endswith(".csv")]
    assert sum(rows) == written.rows
    book = load_workbook(io.BytesIO(content["All lists.xlsx"]))
    assert book.sheetnames == ["Customers", "Purchases", "Follow-ups", "Complaints", "About this file"]
    assert icalendar.Calendar.from_ical(content["Dates.ics"]).walk("VEVENT")
    assert content["Phone book.vcf"].count(b"BEGIN:VCARD") == 3
    (tmp_path / "copy.db").write_bytes(content["Everything.db"])
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        assert copy.execute("SELECT count(*) FROM customers").fetchone() == (3,)
    words = content["Read me first.txt"].decode("utf-8-sig")
    assert "Customers.csv: one list as text" in words
    assert "None of these files has a password" in words


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_lists_of_an_archive_come_back(lively: Shop, tmp_path: Path, language: str) -> None:
    i18n.set_language(language)
    orders.export(lively, Order("all", tmp_path / "all.zip"))
    with ZipFile(tmp_path / "all.zip") as archive:
        archive.extractall(tmp_path / "out")
    for found in (tmp_path / "out").glob("*.csv"):
        with plan.rehearse(lively, found) as rehearsed:
            assert counts(rehearsed) == {"same": rehearsed.rows}, found.name


@pytest.mark.parametrize("name", ["all.zip", "all.db"])
def test_a_copy_can_be_stopped_at_any_moment(
    lively: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(plain_copy, "_LOOK_EVERY", 5)
    told: list[tuple[int, int]] = []
    orders.export(lively, Order("all", tmp_path / name), lambda *far: told.append(far))
    assert len(told) > 50
    for moment in range(0, len(told), len(told) // 6):
        left = [moment]

        def stop(_done: int, _total: int, left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] < 0:
                raise Cancelled

        with pytest.raises(Cancelled):
            orders.export(lively, Order("all", tmp_path / f"second-{name}"), stop)
    assert sorted(path.name for path in tmp_path.iterdir() if "all" in path.name) == [name]
    assert lively.db.value("SELECT count(*) FROM exports") == 1
