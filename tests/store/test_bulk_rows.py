"""Rows that no trigger looks at: only inside runs, and the triggers are back whatever happens."""

from __future__ import annotations

import pytest

from desktop_crm.shop import Shop
from desktop_crm.store import bulk_rows, journal, migrations


def test_triggers_rest_for_these_tables_alone(shop: Shop) -> None:
    parts = migrations.present_parts(shop.db)
    with shop.change("Many", {"customers"}), journal.by_runs(shop.db):
        with bulk_rows.unmarked(shop.db, ["tags"]):
            gone = parts - migrations.present_parts(shop.db)
            shop.db.execute("INSERT INTO tags (name, group_name) VALUES ('a', '')")
        assert migrations.present_parts(shop.db) == parts
    assert len(gone) == 1
    assert "tags_insert" in str(gone)
    assert migrations.present_parts(shop.db) == parts


def test_outside_of_runs_no_row_goes_unnoted(shop: Shop) -> None:
    with shop.change("One", {"tags"}):
        with pytest.raises(RuntimeError, match="outside of runs"), bulk_rows.unmarked(shop.db, ["tags"]):
            pass
        shop.db.execute("INSERT INTO tags (name, group_name) VALUES ('a', '')")
    assert shop.db.value("SELECT count(*) FROM journal WHERE table_name = 'tags'") == 1


def test_an_error_brings_the_triggers_back(shop: Shop) -> None:
    parts = migrations.present_parts(shop.db)
    with shop.change("Many", {"tags"}), journal.by_runs(shop.db):
        with pytest.raises(ZeroDivisionError), bulk_rows.unmarked(shop.db, ["tags"]):
            raise ZeroDivisionError
        assert migrations.present_parts(shop.db) == parts


def test_a_bulk_change_has_a_connection_of_its_own(shop: Shop) -> None:
    with shop.change("One", {"tags"}):
        shop.db.execute("INSERT INTO tags (name, group_name) VALUES ('a', '')")
        first = shop.db
    with shop.change("Many", {"tags"}, bulk=True):
        shop.db.execute("INSERT INTO tags (name, group_name) VALUES ('b', '')")
        second = shop.db
    with shop.change("One more", {"tags"}):
        shop.db.execute("INSERT INTO tags (name, group_name) VALUES ('c', '')")
        assert shop.db is not first
        assert shop.db is not second
    assert shop.db.value("SELECT count(*) FROM tags") == 3
