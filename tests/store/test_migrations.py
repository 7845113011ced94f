"""Every released schema is brought up to date with all that was in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_crm import card, customers, history, integrity, recycle_bin, restore, search
from desktop_crm.base.clock import FixedClock
from desktop_crm.shop import Shop
from desktop_crm.store import migrations

RELEASED = Path(__file__).parents[1] / "data" / "shops"
"""One backup for each schema that was ever released: 30 demo customers, one of them edited, one deleted."""


@pytest.fixture(params=sorted(path.name for path in RELEASED.iterdir()))
def upgraded(request: pytest.FixtureRequest, tmp_path: Path, clock: FixedClock) -> Shop:
    """The shop of one released schema, opened by this version."""
    folder = tmp_path / "old"
    restore.into_folder(RELEASED / request.param, folder)
    return Shop.open(folder, clock)


def test_a_released_shop_is_brought_up_to_date(upgraded: Shop) -> None:
    assert migrations.applied(upgraded.db) == list(migrations.NAMES)
    assert customers.count(upgraded) == 29
    assert upgraded.db.value("SELECT count(*) FROM purchases") == 61
    assert integrity.check(upgraded) == []


def test_its_cards_are_found_and_opened(upgraded: Shop) -> None:
    (hit,) = search.find(upgraded, "old_shop_1").hits
    assert card.gather(upgraded, hit.customer_id).customer.note == "喜欢先看样机，不要推销保险。"
    (deleted,) = recycle_bin.listing(upgraded)
    recycle_bin.restore(upgraded, [deleted.id])
    assert customers.count(upgraded) == 30


def test_steps_from_before_say_that_they_cannot_be_undone(upgraded: Shop) -> None:
    edited = history.changes(upgraded)[1]
    with pytest.raises(history.CannotUndo, match="before an update"):
        history.undo(upgraded, edited.id)
