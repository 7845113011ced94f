"""A locked shop from the start of the program to its window: the password, the sheet, another shop, two starts."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_crm import passwords, staff
from desktop_crm.base import machine
from desktop_crm.shop import Shop
from desktop_crm.ui import main_window, reading
from desktop_crm.ui.application import Running
from desktop_crm.ui.kit.state import State
from desktop_crm.ui.main_window import MainWindow
from desktop_crm.ui.page import PageSpec
from desktop_crm.ui.safety_forms import PasswordForm
from desktop_crm.ui.sign_in import SignIn
from desktop_crm.ui.welcome import WelcomePage
from tests.ui import pages

OWNER = "correct horse"
PAGES = (*pages.PAGES, PageSpec("settings", "Settings", "desktop_crm.ui.settings:SettingsPage"))


class Small(MainWindow):
    """The window with made-up pages, and Settings."""

    def __init__(self, shop: Shop, state: State) -> None:
        super().__init__(shop, state, pages=PAGES, actions=pages.ACTIONS)

    def start_services(self, places: object = ()) -> None:
        """None in these tests."""


@pytest.fixture
def folder(shop: Shop) -> Path:
    """A locked shop that nobody has open; its clerk was at the counter last."""
    owner = staff.add(shop, "王芳", "owner")
    remembered = State()
    remembered.put(f"person.{shop.keys.shop_id}", str(staff.add(shop, "李娜", "clerk")))
    remembered.save()
    passwords.set_first(shop, owner, OWNER)
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
        for window in (running.window, running.welcome, running.sign_in):
            if window is not None:
                window.close()
        running.finish()
        running.deleteLater()
    sys.excepthook = hook


def asked(running: Running) -> SignIn:
    """The password window of a start."""
    assert running.window is None
    assert running.sign_in is not None
    assert running.is_open
    return running.sign_in


def type_password(window: SignIn, password: str = OWNER) -> None:
    window.password.field.set_value(password)
    window.password.open_shop()


def test_a_locked_shop_asks_and_opens_for_who_has_the_password(
    start: Callable[[], Running], folder: Path, qtbot: QtBot
) -> None:
    running = start()
    running.start(folder)
    type_password(asked(running))
    qtbot.waitUntil(lambda: running.window is not None, timeout=15_000)
    assert running.window is not None
    shop = running.window.jobs.shop
    found = staff.get(shop, shop.staff_id)
    assert found is not None
    assert found.name == "王芳", "who opened it is at the counter, not who was there last"
    qtbot.waitUntil(lambda: running.sign_in is None)
    assert machine.read()[machine.LAST_SHOP] == str(folder)
    running.window.close()
    running.finish()
    running.start(folder)
    asked(running)
    assert running.state.text(f"name.{folder}") == "星河手机店"


def test_a_second_start_raises_the_password_window(
    start: Callable[[], Running], folder: Path, qtbot: QtBot
) -> None:
    first, second = start(), start()
    first.start(folder)
    window = asked(first)
    window.showMinimized()
    second.start(folder)
    assert not second.is_open
    qtbot.waitUntil(lambda: not window.isMinimized())
    window.close()
    first.finish()
    second.start(folder)
    asked(second)


def test_the_sheet_leads_to_a_new_password(start: Callable[[], Running], folder: Path, qtbot: QtBot) -> None:
    owner = Shop.open(folder, password=OWNER)
    code = passwords.sheet(owner).code
    owner.close()
    running = start()
    running.start(folder)
    window = asked(running)
    window.unlock.use_sheet()
    window.code.field.set_value(code)
    window.code.open_shop()
    qtbot.waitUntil(lambda: running.window is not None, timeout=15_000)
    assert running.window is not None
    assert "new password" in running.window.messages.shown
    forms: list[PasswordForm] = []

    def form_is_there() -> bool:
        forms[:] = running.window.findChildren(PasswordForm) if running.window is not None else []
        return bool(forms) and forms[0].isVisible()

    qtbot.waitUntil(form_is_there, timeout=15_000)
    for field in (forms[0].first, forms[0].second):
        field.set_value("never again")
    forms[0].save()
    qtbot.waitUntil(lambda: not form_is_there(), timeout=15_000)
    Shop.open(folder, password="never again").close()
    qtbot.waitUntil(lambda: running.window is not None and not running.window.jobs.is_busy)


def test_without_its_key_file_the_sheet_alone_opens_the_shop(
    start: Callable[[], Running], folder: Path, qtbot: QtBot
) -> None:
    owner = Shop.open(folder, password=OWNER)
    code = passwords.sheet(owner).code
    owner.close()
    for name in ("shop.keys", "shop.keys.copy"):
        (folder / name).unlink()
    running = start()
    running.start(folder)
    window = asked(running)
    assert window.code.isVisible()
    window.code.field.set_value(code)
    window.code.open_shop()
    qtbot.waitUntil(lambda: running.window is not None, timeout=15_000)
    qtbot.waitUntil(lambda: bool(running.window and running.window.findChildren(PasswordForm)))
    assert running.window is not None
    running.window.findChildren(PasswordForm)[0].reject()
    qtbot.waitUntil(lambda: running.window is not None and not running.window.jobs.is_busy)


def test_from_the_password_one_comes_to_another_shop(
    start: Callable[[], Running], folder: Path, qtbot: QtBot
) -> None:
    running = start()
    running.start(folder)
    asked(running).left.emit()
    assert isinstance(running.welcome, WelcomePage)
    qtbot.waitUntil(lambda: running.sign_in is None)
    other = start()
    other.start(folder)
    asked(other)
    other.leave()
    assert other.sign_in is None or not other.sign_in.isVisible()


def test_a_shop_that_was_just_locked_opens_at_once(start: Callable[[], Running], folder: Path) -> None:
    running = start()
    running.open_shop(folder, "today", None, OWNER)
    assert running.window is not None
    assert running.sign_in is None


def test_the_modules_of_the_window_are_read_while_one_types(
    start: Callable[[], Running], folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    monkeypatch.setattr("desktop_crm.ui.reading.importlib.import_module", read.append)
    running = start()
    running.start(folder)
    asked(running)
    qtbot.waitUntil(lambda: read == list(reading.MODULES))
    monkeypatch.undo()
