"""Rows that leave no mark in the journal: only while that is asked for."""

from __future__ import annotations

import pytest

from desktop_crm import history, products
from desktop_crm.records.products import Product
from desktop_crm.shop import Shop
from desktop_crm.store import bulk, migrations

FILM = Product(0, "钢化膜", "2026-11-21T02:00:00Z", "accessory")


def test_such_rows_are_there_but_are_nobodys_step(shop: Shop) -> None:
    steps = len(history.changes(shop))
    with shop.upkeep(), bulk.unjournalled(shop.db):
        shop.db.insert_many(Product, [FILM])
    assert [each.name for each in products.listing(shop)] == ["钢化膜"]
    assert len(history.changes(shop)) == steps


def test_the_journal_is_on_again_after_it_and_after_a_failure(shop: Shop) -> None:
    with pytest.raises(ZeroDivisionError), shop.upkeep(), bulk.unjournalled(shop.db):
        shop.db.insert_many(Product, [FILM])
        raise ZeroDivisionError
    assert products.listing(shop) == []
    assert migrations.present_parts(shop.db) >= migrations.expected_parts()
    products.add(shop, FILM)
    history.undo(shop)
    assert products.listing(shop) == []
