"""One window per shop: opening, a second start, what stands against opening, leaving for another shop."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from desktop_crm import backup, pins, staff
from desktop_crm.base import machine
from desktop_crm.base.clock import FixedClock
from desktop_crm.settings import IS_DEMO
from desktop_crm.shop import Shop
from desktop_crm.store.errors import ShopMissing
from desktop_crm.ui import application, main_window
from desktop_crm.ui.application import Running
from desktop_crm.ui.kit.state import State
from desktop_crm.ui.lock import LockDialog
from desktop_crm.ui.main_window import MainWindow
from desktop_crm.ui.welcome import WelcomePage
from tests.ui import pages


class Small(MainWindow):
    """The window with made-up pages."""

    def __init__(self, shop: Shop, state: State) -> None:
        super().__init__(shop, state, pages=pages.PAGES, actions=pages.ACTIONS)

    def start_services(self, places: object = ()) -> None:
        """None in these tests."""


@pytest.fixture
def folder(shop: Shop) -> Path:
    """A shop that nobody has open."""
    shop.close()
    return shop.folder


@pytest.fixture
def start(
    dressed: QApplication, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> Iterator[Callable[[], Running]]:
    monkeypatch.setattr(main_window, "MainWindow", Small)
    hook = sys.excepthook
    made: list[Running] = []

    def make() -> Running:
        made.append(Running(dressed))
        return made[-1]

    yield make
    for running in made:
        if running.window is not None:
            running.window.close()
        if running.welcome is not None:
            running.welcome.close()
        running.finish()
        running.deleteLater()
    sys.excepthook = hook


def accept_what_is_said() -> list[str]:
    said: list[str] = []

    def accept() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QDialog)
        said.append(dialog.windowTitle())
        dialog.accept()

    QTimer.singleShot(80, accept)
    return said


def test_a_shop_is_opened_backed_up_at_close_and_remembered(
    start: Callable[[], Running], folder: Path, clock: FixedClock
) -> None:
    running = start()
    running.start(folder)
    assert running.window is not None
    assert running.window.isVisible()
    assert machine.read()[machine.LAST_SHOP] == str(folder)
    running.window.close()
    running.finish()
    running.finish()
    again = Shop.open(folder, clock)
    assert [made.why for made in backup.listing(again)] == ["close"]
    again.close()


def test_a_shop_with_pins_and_no_password_opens_locked(
    start: Callable[[], Running], folder: Path, clock: FixedClock, qtbot: QtBot
) -> None:
    shop = Shop.open(folder, clock)
    owner = staff.add(shop, "王芳", "owner")
    pins.put(shop, owner, "7306")
    shop.close()
    running = start()
    running.start(folder)
    window = running.window
    assert window is not None
    assert window.property("locked")
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), LockDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, LockDialog)
    dialog.people.field.set_value("7306")
    dialog.people.field.entered.emit()
    qtbot.waitUntil(lambda: not window.property("locked"))
    assert window.jobs.shop.staff_id == owner


def test_the_demo_is_not_remembered(start: Callable[[], Running], folder: Path, clock: FixedClock) -> None:
    demo = Shop.open(folder, clock)
    with demo.change("Demo", {"settings"}):
        demo.put(IS_DEMO, True)
    demo.close()
    running = start()
    running.start(folder)
    assert machine.LAST_SHOP not in machine.read()


def test_a_second_start_raises_the_first_window(
    start: Callable[[], Running], folder: Path, qtbot: QtBot
) -> None:
    first, second = start(), start()
    first.start(folder)
    assert first.window is not None
    first.window.showMinimized()
    second.start(folder)
    assert not second.is_open
    qtbot.waitUntil(lambda: first.window is not None and not first.window.isMinimized())


def test_a_window_that_does_not_answer_is_said(
    start: Callable[[], Running], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = start(), start()
    first.start(folder)
    monkeypatch.setattr(application, "_raise_other", lambda _folder: False)
    monkeypatch.setattr(application, "_CLOSING_S", 0)
    said = accept_what_is_said()
    second.start(folder)
    assert said == ["This shop is already open"]


def test_what_stands_against_opening_is_said_and_the_welcome_shown(
    start: Callable[[], Running], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = start()
    welcomed: list[int] = []
    monkeypatch.setattr(running, "show_welcome", lambda: welcomed.append(1))

    def missing(_folder: Path, **_how: object) -> Shop:
        raise ShopMissing("There is no shop here.")

    monkeypatch.setattr("desktop_crm.ui.application.Shop.open", missing)
    said = accept_what_is_said()
    running.start(tmp_path)
    assert said == ["The shop cannot be opened"]
    assert welcomed == [1]


def test_one_leaves_a_shop_for_another(
    start: Callable[[], Running], folder: Path, tmp_path: Path, clock: FixedClock
) -> None:
    Shop.create(tmp_path / "other", "二店", clock).close()
    running = start()
    running.start(folder)
    before: QWidget | None = running.window
    assert running.window is not None
    running.window.desk.open_shop(tmp_path / "other")
    assert running.window is not before
    assert running.window.jobs.shop.folder == tmp_path / "other"


def test_the_person_who_was_there_last_is_there_again(start: Callable[[], Running], folder: Path) -> None:
    running = start()
    running.start(folder)
    assert running.window is not None
    running.window.set_person(4)
    running.window.close()
    running.finish()
    running.start(folder)
    assert running.window.jobs.shop.staff_id == 4


def test_from_the_demo_one_comes_to_a_shop_of_ones_own(
    start: Callable[[], Running], folder: Path, clock: FixedClock, tmp_path: Path, qtbot: QtBot
) -> None:
    demo = Shop.open(folder, clock)
    with demo.change("Demo", {"settings"}):
        demo.put(IS_DEMO, True)
    demo.close()
    running = start()
    running.start(folder)
    assert running.window is not None
    shown: QWidget | None = running.window
    running.window.desk.open_shop(None)
    welcome = running.welcome
    assert isinstance(welcome, WelcomePage)
    welcome.begin_shop()
    welcome.form.name.set_value("我的店")
    welcome.form.folder.set_value(str(tmp_path / "mine"))
    welcome.form.make()
    welcome.protect.skip()
    qtbot.waitUntil(lambda: running.window is not None and running.window is not shown)
    assert running.window.jobs.shop.folder == tmp_path / "mine"
    assert machine.read()[machine.LAST_SHOP] == str(tmp_path / "mine")
    qtbot.waitUntil(lambda: running.welcome is None)


def test_told_to_end_it_closes_in_good_order(folder: Path, own_places: Path, qtbot: QtBot) -> None:
    places = {f"XDG_{name}_HOME": str(own_places / name.lower()) for name in ("DATA", "CONFIG", "STATE")}
    child = subprocess.Popen(
        [sys.executable, "-m", "desktop_crm", "--shop", str(folder)],
        env=os.environ | places,
        cwd=Path(application.__file__).parents[2],
        stderr=subprocess.PIPE,
        text=True,
    )
    with child:
        qtbot.waitUntil(
            lambda: (own_places / "config" / "desktop-crm" / "machine.json").exists(), timeout=20_000
        )
        child.send_signal(signal.SIGTERM)
        try:
            _out, said = child.communicate(timeout=20)
        finally:
            child.kill()
    assert (child.returncode, said) == (0, "")
    assert "Traceback" not in said
    assert len(list((folder / "backups").glob("*.crmbackup"))) == 1
