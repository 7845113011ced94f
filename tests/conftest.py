"""Fixtures that every test may use: a fixed clock, an empty shop, English texts, no stray log warnings."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from desktop_crm import demo
from desktop_crm.base import i18n
from desktop_crm.base.clock import FixedClock
from desktop_crm.shop import Shop
from tests import no_internet

no_internet.forbid()

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def language() -> Iterator[None]:
    """Tests read English unless they choose otherwise."""
    i18n.set_language("en")
    yield
    i18n.set_language("en")


@pytest.fixture(autouse=True)
def own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Data, choices and log of this test; what the person who runs it has is neither read nor written."""
    for name in ("DATA", "CONFIG", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / "home" / name.lower()))
    return tmp_path / "home"


@pytest.fixture
def clock() -> FixedClock:
    """Saturday 21 November 2026, 10:00 in Shanghai."""
    return FixedClock(NOW)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an empty shop, made once, to be copied."""
    i18n.set_language("en")  # made before any test's own fixture has chosen
    folder = tmp_path_factory.mktemp("template") / "shop"
    Shop.create(folder, "星河手机店", FixedClock(NOW)).close()
    return folder


@pytest.fixture
def shop(tmp_path: Path, template: Path, clock: FixedClock) -> Iterator[Shop]:
    """An empty shop."""
    opened = Shop.open(Path(shutil.copytree(template, tmp_path / "shop")), clock)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def demo_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small demo shop of the fixed day, made once, to be copied."""
    i18n.set_language("en")
    folder = tmp_path_factory.mktemp("demo") / "shop"
    demo.make(folder, customers=300, until=date(2026, 11, 21))
    return folder


@pytest.fixture
def sample_shop(tmp_path: Path, demo_template: Path, clock: FixedClock) -> Iterator[Shop]:
    """A small, believable shop."""
    opened = Shop.open(Path(shutil.copytree(demo_template, tmp_path / "sample")), clock)
    yield opened
    opened.close()
