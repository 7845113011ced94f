"""No text that leaves the shop becomes a formula: in no format, no heading, no sheet's name, no sheet about the file."""

from __future__ import annotations

import csv
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lxml import etree
from openpyxl import load_workbook

from desktop_crm import complaints, custom_fields, customers, followups, purchases, staff, views
from desktop_crm.base.values import clean_text
from desktop_crm.complaints import ComplaintDraft
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.exporting import orders
from desktop_crm.exporting.orders import Order
from desktop_crm.exporting.seen import Seen
from desktop_crm.files.cells import risky
from desktop_crm.files.xlsx import ColumnSpec, SheetSpec, write_table
from desktop_crm.importing import plan
from desktop_crm.purchase_drafts import LineDraft, SaleDraft
from desktop_crm.settings import SHOP_NAME
from desktop_crm.shop import Shop
from desktop_crm.who import Condition, Filter
from tests.importing.sheets import counts

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
NUMBER = re.compile(r"-?\d+(\.\d+)?")
STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠", "'=", "''+", " =", "\u200b=", "\ufeff=")
BODIES = (
    "1+1",
    "cmd|' /C calc'!A0",
    'HYPERLINK("http://x","y")',
    "SUM(A1:A9)",
    "@x",
    "",
    "１",
    "x\n=2",
    ";=3",
)
TRICKS = st.builds(
    lambda start, body, rest: start + body + rest,
    st.sampled_from(STARTS),
    st.sampled_from(BODIES),
    st.text(alphabet=st.characters(codec="utf-8"), max_size=8),
)
QUICK = settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def cells_of(path: Path) -> list[etree._Element]:
    """Every cell of every sheet, as it stands in the file."""
    found = []
    with ZipFile(path) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/sheet"):
                found += list(etree.fromstring(archive.read(name)).iter(f"{MAIN}c"))
        assert b"definedName>=" not in archive.read("xl/workbook.xml")
        styles = etree.fromstring(archive.read("xl/styles.xml"))
    quoted = [each.get("quotePrefix") in ("1", "true") for each in styles.find(f"{MAIN}cellXfs")]
    for cell in found:
        cell.set("quoted", str(quoted[int(cell.get("s", "0"))]))
    return found


def assert_no_formula_in_workbook(path: Path) -> None:
    """Texts are texts by their type, and those that look like formulas stay so when somebody edits them."""
    cells = cells_of(path)
    assert cells
    for cell in cells:
        assert cell.find(f"{MAIN}f") is None
        assert cell.get("t", "n") in ("n", "inlineStr", "b")
        text = "".join(cell.itertext())
        if cell.get("t") == "inlineStr" and risky(text):
            assert cell.get("quoted") == "True", text


def assert_no_formula_in_csv(path: Path, encoding: str = "utf-8-sig") -> None:
    """No cell begins as a formula does, except numbers below zero."""
    with open(path, encoding=encoding, newline="") as file:
        for row in csv.reader(file, strict=True):
            for cell in row:
                assert not risky(cell) or NUMBER.fullmatch(cell), cell


def fill(shop: Shop, trick: str, number: int) -> Shop:
    """A shop in which everything that a person can write is the trick; answers with somebody called so at the counter."""
    with shop.change("name", {"settings"}):
        shop.put(SHOP_NAME, trick)
    name = clean_text(trick) or "名"
    clerk = staff.add(shop, f"{name}{number}", "manager")
    draft = CustomerDraft(
        name=name, phones=(PhoneDraft(f"1380000{number:04d}"),), card_no=f"-{number}", wechat="@x", address=trick,
        region=trick, occupation=trick, source=trick, note=trick, tags=(f"={number}", f"@{number}"),
    )  # fmt: skip
    key = customers.add(shop, draft)
    field = custom_fields.add(shop, f"{name}栏{number}")
    custom_fields.put(shop, key, field, trick)
    line = LineDraft(name, 100, category="accessory")
    sold = purchases.record(shop, SaleDraft((line,), customer_id=key, note=trick, number=f"={number}"))
    purchases.refund(shop, sold, 50, name)
    followups.plan(shop, key, shop.today(), name)
    complaints.receive(shop, ComplaintDraft(name, key, category=name))
    return shop.at_counter(clerk)


@QUICK
@given(TRICKS)
@example("=cmd|' /C calc'!A0")
@example("\t=1")
def test_no_text_becomes_a_formula_and_all_come_back(shop: Shop, tmp_path: Path, trick: str) -> None:
    shop = fill(shop, trick, int(shop.db.value("SELECT count(*) FROM customers")) + 1)
    meant = Filter((Condition("name", "contains", clean_text(trick)[:3] or "名"),))
    for kind, text in plan.kinds():
        for ending, encoding in (("xlsx", "utf-8-sig"), ("csv", "utf-8-sig"), ("csv", "gb18030")):
            out = tmp_path / f"{kind}.{ending}"
            written = orders.export(shop, Order(kind, out, encoding=encoding))
            assert written.rows, text
            assert_no_formula_in_workbook(out) if ending == "xlsx" else assert_no_formula_in_csv(
                out, encoding
            )
            if encoding == "gb18030":
                continue  # read by the same reader
            with plan.rehearse(shop, out) as found:
                assert counts(found) == {"same": written.rows}, [row.explanation for row in plan.rows(found)]
    view = views.get(shop, views.add(shop, f"v{shop.db.value('SELECT count(*) FROM views')}", meant))
    orders.export(shop, Order("customers", tmp_path / "view.xlsx", meant, f"={view.name}"))
    assert_no_formula_in_workbook(tmp_path / "view.xlsx")
    own = [f"field:{each.id}" for each in custom_fields.listing(shop)]
    seen = Seen(("name", "region", "tags", *own), words=trick)
    for name in ("seen.xlsx", "seen.csv"):
        orders.export(shop, Order("customers", tmp_path / name, seen=seen))
    assert_no_formula_in_workbook(tmp_path / "seen.xlsx")
    assert_no_formula_in_csv(tmp_path / "seen.csv")


@QUICK
@given(TRICKS)
def test_lines_of_phone_books_and_calendars_begin_as_they_must(
    shop: Shop, tmp_path: Path, trick: str
) -> None:
    shop = fill(shop, trick, int(shop.db.value("SELECT count(*) FROM customers")) + 1)
    orders.export(shop, Order("customers", tmp_path / "a.vcf"))
    orders.export(shop, Order("all", tmp_path / "a.ics"))
    for name in ("a.vcf", "a.ics"):
        lines = (tmp_path / name).read_bytes().decode().split("\r\n")
        assert all(re.match(r"[A-Z]|item\d| |$", line) for line in lines), name


@QUICK
@given(TRICKS)
def test_the_archive_and_the_database_keep_texts_as_they_are(shop: Shop, tmp_path: Path, trick: str) -> None:
    shop = fill(shop, trick, int(shop.db.value("SELECT count(*) FROM customers")) + 1)
    orders.export(shop, Order("all", tmp_path / "a.zip"))
    with ZipFile(tmp_path / "a.zip") as archive:
        for name in archive.namelist():
            (tmp_path / Path(name).name).write_bytes(archive.read(name))
            if name.endswith(".xlsx"):
                assert_no_formula_in_workbook(tmp_path / name)
            elif name.endswith(".csv"):
                assert_no_formula_in_csv(tmp_path / name)
    with closing(sqlite3.connect(tmp_path / "Everything.db")) as copy:
        stored = shop.db.rows("SELECT id, address FROM customers ORDER BY id")
        assert copy.execute("SELECT id, address FROM customers ORDER BY id").fetchall() == stored
        assert copy.execute("SELECT DISTINCT typeof(address) FROM customers").fetchall() == [("text",)]


@pytest.mark.parametrize("name", ["=1+1", "'=1'", "+x", "@[a]:b", "-", "\t=2", "＝3"])
def test_names_of_sheets_and_headings_are_texts(tmp_path: Path, name: str) -> None:
    out = tmp_path / "a.xlsx"
    sheets = [SheetSpec(name, [ColumnSpec(name)], [(name,)]), SheetSpec(name, facts=[(name, name)])]
    write_table(out, sheets)
    assert_no_formula_in_workbook(out)
    book = load_workbook(out)
    assert len(book.sheetnames) == 2
    assert book.worksheets[0]["A1"].data_type == "s"
    assert book.worksheets[1]["B1"].data_type == "s"
