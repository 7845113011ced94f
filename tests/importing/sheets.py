"""Builders: sheets of other people's programs, and what becomes of them in a shop."""

from __future__ import annotations

import csv
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from desktop_crm.base.clock import FixedClock
from desktop_crm.importing import plan
from desktop_crm.importing.plan import Plan
from desktop_crm.shop import Shop
from tests.conftest import NOW

Rows = Sequence[Any]  # rows of cells as a person or a program puts them


def workbook(path: Path, *sheets: tuple[str, Rows]) -> Path:
    """A workbook with these sheets."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        page = book.create_sheet(name)
        for row in rows:
            page.append(list(row))
    book.save(path)
    return path


def text(path: Path, rows: Rows, *, encoding: str = "utf-8", separator: str = ",") -> Path:
    """A table of text."""
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=separator).writerows(rows)
    return path


@contextmanager
def fresh(template: Path) -> Iterator[Shop]:
    """An empty shop of its own, for tests that need a new one again and again."""
    with tempfile.TemporaryDirectory() as folder:
        opened = Shop.open(Path(shutil.copytree(template, Path(folder) / "shop")), FixedClock(NOW))
        try:
            yield opened
        finally:
            opened.close()


@contextmanager
def rehearsed(shop: Shop, rows: Rows, **wishes: Any) -> Iterator[Plan]:  # keyword arguments of `rehearse`
    """A rehearsed import of a workbook with one sheet of these rows."""
    path = workbook(shop.folder.parent / "list.xlsx", ("Sheet1", rows))
    with plan.rehearse(shop, path, **wishes) as found:
        yield found


def bring(shop: Shop, rows: Rows, **wishes: Any) -> dict[str, int]:  # keyword arguments of `rehearse`
    """Import these rows; the counts that are not zero."""
    with rehearsed(shop, rows, **wishes) as found:
        plan.apply(shop, found)
        return counts(found)


def counts(found: Plan) -> dict[str, int]:
    """Verdict → rows, without zeros."""
    return {str(verdict): number for verdict, number in found.counts.items() if number}


def reasons(found: Plan, which: plan.Which = "") -> list[str]:
    """The explanations of rows that have one, in order."""
    return [row.explanation for row in plan.rows(found, which) if row.explanation]
