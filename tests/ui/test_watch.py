"""A shop file that is moved, removed or swapped while its window is open is noticed and said, and said to be mended."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop_crm import staff
from desktop_crm.base import places
from desktop_crm.base.errors import CrmError
from desktop_crm.base.places import Place
from desktop_crm.shop import Shop
from desktop_crm.ui import watch
from desktop_crm.ui.kit.panels import Banner
from desktop_crm.ui.main_window import MainWindow
from tests.ui import pages
from tests.ui.conftest import Windows


@pytest.fixture
def window(make_window: Windows, shown: Callable[[QWidget], None]) -> MainWindow:
    made = make_window(pages.PAGES, pages.ACTIONS)
    shown(made)
    made.go_to(pages.PAGES[0].key)
    return made


def said(window: MainWindow) -> list[str]:
    """The sentences across the top of the window."""
    banners = [banner for banner in window.findChildren(Banner) if banner.isVisible()]
    return [banner.text() for banner in banners]


def look(window: MainWindow, looking: watch.Watch, qtbot: QtBot) -> list[str]:
    looking.look()
    qtbot.waitUntil(lambda: not window.jobs.is_busy)
    return said(window)


def test_a_file_that_is_moved_away_and_back(window: MainWindow, shop: Shop, qtbot: QtBot) -> None:
    looking = watch.start(window.desk)
    assert look(window, looking, qtbot) == []
    away = shop.folder / "elsewhere.db"
    os.rename(shop.folder / "shop.db", away)
    (sentence,) = look(window, looking, qtbot)
    assert "moved" in sentence
    window.set_language("en")
    qtbot.waitUntil(lambda: said(window) == [sentence])
    with pytest.raises(CrmError, match="Nothing was saved"):
        staff.add(shop, "李娜", "clerk")
    os.rename(away, shop.folder / "shop.db")
    assert look(window, looking, qtbot) == []
    assert staff.add(shop, "李娜", "clerk")


def test_another_file_in_its_place(window: MainWindow, shop: Shop, qtbot: QtBot, template: Path) -> None:
    looking = watch.start(window.desk)
    shutil.copyfile(template / "shop.db", shop.folder / "other.db")
    os.replace(shop.folder / "other.db", shop.folder / "shop.db")
    (sentence,) = look(window, looking, qtbot)
    assert "another one lies in its place" in sentence


def test_it_looks_by_itself(
    window: MainWindow, shop: Shop, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "LOOK_MS", 20)
    window.start_services(["desktop_crm.ui.watch:start"])
    os.rename(shop.folder / "shop.db", shop.folder / "elsewhere.db")
    qtbot.waitUntil(lambda: bool(said(window)))


def test_a_disk_that_can_be_unplugged_is_said_at_the_start(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "look", lambda _folder: Place("removable"))
    watch.start(window.desk)
    qtbot.waitUntil(lambda: "unplug" in window.messages.shown)
