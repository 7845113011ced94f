"""Taking lists out as workbooks, against openpyxl's write-only mode with lxml on the same rows; memory stays what it is."""

from __future__ import annotations

import pickle
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from desktop_crm import who
from desktop_crm.exporting import orders
from desktop_crm.exporting.orders import Order
from desktop_crm.exporting.tables import table
from desktop_crm.shop import Shop
from tests.benchmarks.runner import Case, Measured, Shops, Side


def cases(shops: Shops, customers: int) -> list[Case]:
    """The list of all customers, and the same of a tenth of them: memory does not grow with the rows."""
    folder, smaller = shops.large(customers), shops.large(max(customers // 10, 1))
    rows = shops.folder / f"{customers}.rows"
    if not rows.exists():
        _keep_rows(folder, rows)
    out = Side("customers to .xlsx", ("exports.workbook", str(folder)))
    return [
        Case(
            "writing a workbook",
            out,
            Side("openpyxl write-only with lxml", ("exports.openpyxl", str(rows))),
            1.2,
            repeats=3,
        ),
        Case(
            "writing a workbook of ten times the rows",
            out,
            Side("a tenth of them", ("exports.workbook", str(smaller))),
            12.0,
            1.15,
            repeats=3,
        ),
    ]


def workbook(folder: str) -> Measured:
    """The whole way: rows from the encrypted shop, with their words, into a workbook, and the entry in History."""
    import openpyxl  # its import is not what is measured

    assert openpyxl.LXML
    shop = Shop.open(Path(folder))
    with tempfile.TemporaryDirectory() as scratch:
        begin = time.perf_counter()
        written = orders.export(shop, Order("customers", Path(scratch) / "list.xlsx"))
        seconds = time.perf_counter() - begin
        if written.rows != shop.db.value("SELECT count(*) FROM customer_figures"):
            raise RuntimeError("rows are missing")
    begin = time.perf_counter()
    with shop.reading() as db, db.frugal():
        for _row in table(shop, "customers", who.clause(shop, who.EVERYBODY))[1]:
            pass
    parts = {"rows alone": time.perf_counter() - begin}
    shop.close()
    return Measured(seconds, parts)


def with_openpyxl(rows: str) -> Measured:
    """The same rows, appended as they are; the time to read them is taken off."""
    import openpyxl

    assert openpyxl.LXML
    begin = time.perf_counter()
    for _row in _kept(Path(rows)):
        pass
    reading = time.perf_counter() - begin
    with tempfile.TemporaryDirectory() as scratch:
        begin = time.perf_counter()
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet("Customers")
        for row in _kept(Path(rows)):
            sheet.append(row)
        book.save(Path(scratch) / "list.xlsx")
        seconds = time.perf_counter() - begin - reading
    return Measured(seconds)


def _keep_rows(folder: Path, rows: Path) -> None:
    """The rows of the list of customers in a file, to be read one after the other."""
    shop = Shop.open(folder)
    with shop.reading(), open(rows, "wb") as file:
        columns, found = table(shop, "customers", who.clause(shop, who.EVERYBODY))
        pickle.dump([column.title for column in columns], file)
        for row in found:
            pickle.dump(list(row), file)
    shop.close()


def _kept(rows: Path) -> Iterator[list[Any]]:
    with open(rows, "rb") as file:
        while True:
            try:
                yield pickle.load(file)
            except EOFError:
                return


SIDES = {"workbook": workbook, "openpyxl": with_openpyxl}
