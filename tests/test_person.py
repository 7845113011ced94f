"""Erasing a person for good: nothing of them is left in any byte, the books stay, and nothing brings them back."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

import pytest

from desktop_crm import backup, customers, history, integrity, kpis, merge, person, purchases, search
from desktop_crm.base import log
from desktop_crm.base.clock import FixedClock
from desktop_crm.base.dates import parse_period
from desktop_crm.records.customers import Customer
from desktop_crm.shop import Shop
from desktop_crm.store import erased as erased_list
from desktop_crm.store import person as store
from desktop_crm.store.person_columns import COLUMNS, GONE, IDENTIFIERS, STRUCTURED
from tests.canaries import PERSON_TABLES, SONG, Canary, every_text_column, hanging_tables, hatch
from tests.raw_pages import all_bytes, files_below


def _found(canary: Canary, data: bytes) -> list[str]:
    """Words of the person that stand in these bytes, also pieces of those that the search keeps."""
    low = data.lower()
    pieces = {SONG[start : start + 4] for start in range(len(SONG) - 3)}
    wanted = canary.all_words() | {canary.name, canary.number, "0099 7766"} | pieces
    return sorted(word for word in wanted if word.lower().encode() in low)


def test_every_text_column_of_the_file_is_classified(shop: Shop) -> None:
    present = every_text_column(shop.db)
    known = {(table, column) for table, columns in COLUMNS.items() for column in columns}
    assert set(present) - known == set(), "say in store/person_columns.py what it says of a customer"
    assert known - set(present) == set()
    assert set(present.values()) == {"TEXT"}


def test_every_table_that_hangs_on_customers_goes_or_is_emptied(shop: Shop) -> None:
    assert hanging_tables(shop.db) == set(PERSON_TABLES)
    for table, columns in IDENTIFIERS.items():
        assert {COLUMNS[table][column] for column in columns} == {"own"}
    assert set(GONE) <= {*PERSON_TABLES, "tags"}
    assert {COLUMNS[table][column] for table, column in STRUCTURED} == {"words"}


def test_no_byte_of_an_erased_person_is_left_anywhere(shop: Shop, tmp_path: Path) -> None:
    log_file = log.start(tmp_path / "log")
    canary = hatch(shop)
    wanted = {
        (table, column)
        for table, columns in COLUMNS.items()
        for column, meaning in columns.items()
        if meaning in ("own", "words") and table in {*PERSON_TABLES, "customers", "tags"}
        and (table, column) not in _CHOICES
    }  # fmt: skip
    assert wanted <= set(canary.words), "the person has a word in every column that may be about them"
    shop.settle()
    before, findings = all_bytes(shop), integrity.check(shop)
    assert len(_found(canary, before)) > len(canary.all_words()), "the test sees what there is to see"

    done = person.erase(shop, canary.customer_id)

    assert done.is_settled
    assert _found(canary, all_bytes(shop)) == []
    for path, data in files_below(shop.folder, tmp_path / "home", log_file.parent).items():
        assert _found(canary, data) == [], path
    for path in Path(tempfile.gettempdir()).glob("desktop-crm-*"):
        assert _found(canary, path.read_bytes() if path.is_file() else b"") == [], path
    assert integrity.check(shop) == findings


_CHOICES = {("customers", "gender"), ("customers", "consent")}
"""Values of one or two words that everybody has."""
