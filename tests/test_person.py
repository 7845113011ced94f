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
from desktop_crm.kpi_definitions import BY_KEY
from desktop_crm.records.customers import Customer
from desktop_crm.shop import Shop
from desktop_crm.store import erased as erased_list
from desktop_crm.store import person as store
from desktop_crm.store.person_columns import COLUMNS, GONE, IDENTIFIERS, STRUCTURED
from tests.raw_pages import all_bytes, files_below
from tests.zilpzalp import (
    NAME,
    NUMBER,
    PERSON_TABLES,
    SONG,
    Bird,
    every_text_column,
    hanging_tables,
    hatch,
)


def _found(bird: Bird, data: bytes) -> list[str]:
    """Words of the person that stand in these bytes, also pieces of those that the search keeps."""
    low = data.lower()
    pieces = {SONG[start : start + 4] for start in range(len(SONG) - 3)}
    wanted = bird.all_words() | {NAME, NUMBER, "0099 7766"} | pieces
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
    bird = hatch(shop)
    wanted = {
        (table, column)
        for table, columns in COLUMNS.items()
        for column, meaning in columns.items()
        if meaning in ("own", "words") and table in {*PERSON_TABLES, "customers", "tags"}
        and (table, column) not in _CHOICES
    }  # fmt: skip
    assert wanted <= set(bird.words), "the person has a word in every column that may be about them"
    shop.settle()
    before, findings = all_bytes(shop), integrity.check(shop)
    assert len(_found(bird, before)) > len(bird.all_words()), "the test sees what there is to see"

    done = person.erase(shop, bird.customer_id)

    assert done.is_settled
    assert _found(bird, all_bytes(shop)) == []
    for path, data in files_below(shop.folder, tmp_path / "home", log_file.parent).items():
        assert _found(bird, data) == [], path
    for path in Path(tempfile.gettempdir()).glob("desktop-crm-*"):
        assert _found(bird, path.read_bytes() if path.is_file() else b"") == [], path
    assert integrity.check(shop) == findings


_CHOICES = {("customers", "gender"), ("customers", "consent")}
"""Values of one or two words that everybody has."""


def test_nothing_comes_back_by_undo_and_history_says_why(shop: Shop) -> None:
    bird = hatch(shop)
    steps = {step.label: step.id for step in history.changes(shop)}
    done = person.erase(shop, bird.customer_id)
    assert not any(NAME in step.label for step in history.changes(shop))
    for label in (f"Add customer {NAME}", f"Edit customer {NAME}", f"Remove things of {NAME}"):
        with pytest.raises(history.CannotUndo, match="A step about somebody who was erased.*erased for good"):
            history.undo(shop, steps[label])
    with pytest.raises(history.CannotUndo, match="erased for good"):
        history.undo(shop, done.change_id)
    history.undo(shop, steps["A step of many"])
    assert _found(bird, all_bytes(shop)) == []


def test_a_step_about_several_is_undone_for_the_others_only(shop: Shop) -> None:
    one, other = _add(shop, "甲一一", "13800000001"), _add(shop, "乙二二", "13800000002")
    with shop.change("Move 甲一一 and others", {"customers"}) as change:
        for customer_id in (one, other):
            customers.edit_within(shop, customer_id, region="余杭区")
    person.erase(shop, one)
    step = history.step_of(shop, change.id)
    assert step is not None
    assert step.label == "Move … and others"
    history.undo(shop, change.id)
    assert customers.get(shop, other).region == ""
    assert customers.get(shop, one).name == "Erased customer"
    history.redo(shop)
    assert customers.get(shop, other).region == "余杭区"
    assert customers.get(shop, one).region == ""


def test_the_books_and_every_figure_stay(sample_shop: Shop) -> None:
    buyers = sample_shop.db.rows(
        "SELECT customer_id FROM purchases WHERE customer_id IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC LIMIT 8"
    )
    before = _books(sample_shop)
    for (customer_id,) in buyers:
        person.erase(sample_shop, customer_id)
    assert _books(sample_shop) == before
    assert integrity.check(sample_shop) == []


def _books(shop: Shop) -> dict[str, object]:
    found: dict[str, object] = {}
    for period in ("2026-10", "2026-Q3", "2026", "2025"):
        for key, value in kpis.all(shop, parse_period(period)).items():
            if BY_KEY[key].group != "data":  # how well the cards are kept
                found[f"{period} {key}"] = value
    found["sums"] = shop.db.rows(
        "SELECT count(*), sum(total_fen), (SELECT sum(amount_fen) FROM refunds), (SELECT sum(points) FROM point_entries), "
        "(SELECT sum(amount_fen) FROM balance_entries), (SELECT count(*) FROM customers) FROM purchases"
    )
    return found


def _add(shop: Shop, name: str, *numbers: str, **fields: object) -> int:
    drafts = tuple(customers.PhoneDraft(number) for number in numbers)
    return customers.add(shop, customers.CustomerDraft(name, phones=drafts, **fields))  # type: ignore[arg-type]
