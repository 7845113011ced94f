"""Exports of other programs: every person arrives with all that the file says, once, and nothing is dropped unseen."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_crm import customers
from desktop_crm.importing import plan
from desktop_crm.importing.fields import EXTRA
from desktop_crm.shop import Shop
from tests.importing.sheets import counts, reasons
from tests.imports_corpus import containers, oracle
from tests.imports_corpus.programs import PROGRAMS, Program


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_everybody_arrives_with_all_that_the_file_says(program: Program, shop: Shop, tmp_path: Path) -> None:
    path = containers.text(tmp_path / "contacts.csv", program.table(), encoding=program.encoding)
    with plan.rehearse(shop, path) as found:
        assert found.kind == "customers"
        assert counts(found) == {"new": len(program.people)}, reasons(found)
        plan.apply(shop, found)
    assert oracle.differences(shop, program.known, program.fields) == []
    with plan.rehearse(shop, path) as again:
        assert counts(again) == {"same": len(program.people)}, reasons(again)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_nothing_is_dropped_unseen(program: Program, shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "contacts.xlsx"
    with plan.rehearse(shop, containers.excel(path, program.table())) as found:
        mapping = found.layout.mapping
    assert "" not in mapping.values()
    nobody = {title: f"other {place}" for place, title in enumerate(mapping) if mapping[title] == EXTRA}
    person = program.people[0]
    with plan.rehearse(shop, containers.excel(path, program.table([person], nobody))) as found:
        mapping = found.layout.mapping
        plan.apply(shop, found)
    card = customers.get(shop, shop.db.value("SELECT id FROM customers"))
    written = nobody | {title: text for title, text in program.row(person).items() if text}
    kept = [f"{title}: {text}" for title, text in written.items() if mapping[title] == EXTRA]
    assert {line for text in kept for line in text.split("\n")} <= set(card.note.split("\n"))
