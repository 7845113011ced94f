"""Fixtures that every test may use: a fixed clock, an empty shop, English texts, no stray log warnings."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from desktop_crm.base import i18n
from desktop_crm.base.clock import FixedClock
from desktop_crm.shop import Shop


@pytest.fixture(autouse=True)
def language() -> Iterator[None]:
    """Tests read English unless they choose otherwise."""
    i18n.set_language("en")
    yield
    i18n.set_language("en")


@pytest.fixture
def clock() -> FixedClock:
    """Saturday 21 November 2026, 10:00 in Shanghai."""
    return FixedClock(datetime(2026, 11, 21, 2, 0, tzinfo=UTC))


@pytest.fixture
def shop(tmp_path: Path, clock: FixedClock) -> Iterator[Shop]:
    """An empty shop."""
    made = Shop.create(tmp_path / "shop", "星河手机店", clock)
    yield made
    made.close()
