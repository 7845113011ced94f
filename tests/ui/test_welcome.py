"""The welcome: the demo, a new shop, one's own list, a shop or backup that exists; language and theme."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from desktop_crm import backup, demo, passwords, shops, staff
from desktop_crm.base import i18n, machine, places
from desktop_crm.base.places import Place
from desktop_crm.passwords import PasswordNeeded
from desktop_crm.settings import SHOP_NAME
from desktop_crm.shop import Shop
from desktop_crm.ui.appearance import Appearance
from desktop_crm.ui.kit import theme
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.state import State
from desktop_crm.ui.unlock import Unlock
from desktop_crm.ui.welcome import WelcomePage

Opened = list[tuple[Any, ...]]  # what the welcome asks to be opened


@pytest.fixture
def opened() -> Opened:
    """The shops that were to be opened, and where."""
    return []


@pytest.fixture
def welcome(
    opened: Opened, state: State, shown: Callable[[QWidget], None], monkeypatch: pytest.MonkeyPatch
) -> WelcomePage:
    """The welcome on the screen; its demo has ten customers."""
    real = demo.make
    monkeypatch.setattr(
        demo, "make", lambda folder, progress=None: real(folder, customers=10, progress=progress)
    )
    page = WelcomePage(lambda *told: opened.append(told), state=state)
    page.resize(960, 640)
    shown(page)
    return page


def test_enter_makes_the_demo_and_opens_it(welcome: WelcomePage, opened: Opened, qtbot: QtBot) -> None:
    qtbot.waitUntil(welcome.demo_button.hasFocus)
    QTest.keyClick(welcome.demo_button, Qt.Key.Key_Return)
    assert not welcome.new_button.isEnabled(), "one thing at a time"
    welcome.look_at_demo()
    qtbot.waitUntil(lambda: bool(opened), timeout=20_000)
    assert opened == [(shops.demo_folder(), "today", None)]
    shop = Shop.open(shops.demo_folder())
    assert shop.db.value("SELECT count(*) FROM customers") == 10
    shop.close()
    welcome.look_at_demo()
    qtbot.waitUntil(lambda: len(opened) == 2)


def test_a_new_shop_is_named_and_made(welcome: WelcomePage, opened: Opened, qtbot: QtBot) -> None:
    QTest.keyClick(welcome, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(welcome.form.name.line.hasFocus)
    QTest.keyClick(welcome.form.name.line, Qt.Key.Key_Return)
    assert opened == []
    QTest.keyClicks(welcome.form.name.line, "Moon Phones")
    QTest.keyClick(welcome.form.name.line, Qt.Key.Key_Return)
    qtbot.waitUntil(welcome.protect.name.line.hasFocus)
    QTest.keyClick(welcome.protect.name.line, Qt.Key.Key_N, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: bool(opened))
    assert [(page, argument) for _folder, page, argument in opened] == [("today", None)]
    shop = Shop.open(opened[0][0])
    assert shop.get(SHOP_NAME) == "Moon Phones"
    shop.close()


def test_ones_own_list_leads_to_the_data_page(
    welcome: WelcomePage, opened: Opened, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_a, **_k: str(tmp_path / "mine"))
    welcome.import_button.click()
    welcome.form.name.set_value("店")
    welcome.form._choose()
    welcome.form.make()
    welcome.protect.skip()
    qtbot.waitUntil(lambda: bool(opened))
    assert opened == [(tmp_path / "mine", "data", "import")]


def test_escape_leads_back_to_the_choices(welcome: WelcomePage, qtbot: QtBot) -> None:
    welcome.begin_shop()
    QTest.keyClick(welcome.form.name.line, Qt.Key.Key_Escape)
    qtbot.waitUntil(welcome.demo_button.hasFocus)
    QTest.keyClick(welcome.demo_button, Qt.Key.Key_Right)
    assert welcome.new_button.hasFocus()
    QTest.keyClick(welcome.new_button, Qt.Key.Key_Left)
    assert welcome.demo_button.hasFocus()


def test_a_shop_is_never_made_where_one_is(
    welcome: WelcomePage, opened: Opened, shop: Shop, tmp_path: Path
) -> None:
    welcome.begin_shop()
    welcome.form.name.set_value("店")
    welcome.form.folder.set_value(str(shop.folder))
    welcome.form.make()
    assert "left as it was" in said_under(welcome.form.folder)
    welcome.form.folder.set_value(str(tmp_path / "OneDrive" / "shop"))
    welcome.form.make()
    assert "OneDrive" in said_under(welcome.form.folder)
    assert welcome.form.isVisible()
    assert opened == []


def said_under(field: QWidget) -> str:
    """What stands below a field."""
    return " ".join(label.text() for label in field.findChildren(Label) if label.isVisible())


def test_the_owner_locks_a_new_shop_with_a_password(
    welcome: WelcomePage, opened: Opened, qtbot: QtBot
) -> None:
    welcome.begin_shop()
    QTest.keyClicks(welcome.form.name.line, "Moon Phones")
    QTest.keyClick(welcome.form.name.line, Qt.Key.Key_Return)
    protect = welcome.protect
    qtbot.waitUntil(protect.name.line.hasFocus)
    for field, text in ((protect.name, "Wang"), (protect.first, "1234"), (protect.second, "12345")):
        qtbot.waitUntil(field.line.hasFocus)
        QTest.keyClicks(field.line, text)
        QTest.keyClick(field.line, Qt.Key.Key_Return)
    assert "too short" in said_under(protect.first)
    assert "not the same" in said_under(protect.second)
    protect.name.set_value("")
    protect.make()
    assert protect.name.line.hasFocus()
    protect.name.set_value("Wang Fang")
    for field in (protect.first, protect.second):
        field.set_value("correct horse")
    QTest.keyClick(protect.second.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(opened), timeout=15_000)
    folder, page, argument, password = opened[0]
    assert (page, argument, password) == ("today", None, "correct horse")
    assert [(user.name, user.role) for user in passwords.users(folder)] == [("Wang Fang", "owner")]
    with pytest.raises(PasswordNeeded):
        Shop.open(folder)
    shop = Shop.open(folder, password="correct horse")
    assert shop.get(SHOP_NAME) == "Moon Phones"
    shop.close()


def test_escape_leads_back_through_the_questions(welcome: WelcomePage, qtbot: QtBot) -> None:
    welcome.begin_shop()
    welcome.form.name.set_value("店")
    welcome.form.make()
    QTest.keyClick(welcome.protect.name.line, Qt.Key.Key_Escape)
    qtbot.waitUntil(welcome.form.name.line.hasFocus)
    assert welcome.form.name.value() == "店"


def test_a_disk_that_can_be_unplugged_is_warned_of(
    welcome: WelcomePage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(places, "look", lambda *_where: Place("removable"))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_a, **_k: str(tmp_path / "mine"))
    welcome.begin_shop()
    welcome.form._choose()
    assert "unplug" in said_under(welcome.form.folder)
    welcome.form.name.set_value("店")
    welcome.form.make()
    assert welcome.protect.isVisible(), "a warning, no refusal"


def test_a_shop_that_exists_is_opened_and_a_backup_restored(
    welcome: WelcomePage, opened: Opened, shop: Shop, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_a, **_k: str(shop.folder))
    welcome.choose_shop()
    made = backup.make(shop, "manual")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_a, **_k: (str(made), ""))
    place = shops.own_folder()
    welcome.choose_backup()
    qtbot.waitUntil(lambda: len(opened) == 2)
    assert opened == [(shop.folder, "today", None), (place, "today", None)]
    assert shops.is_shop(place)


def test_choosing_nothing_does_nothing(
    welcome: WelcomePage, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_a, **_k: "")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_a, **_k: ("", ""))
    before = welcome.form.folder.value()
    welcome.choose_shop()
    welcome.choose_backup()
    welcome.form._choose()
    assert (opened, welcome.form.folder.value()) == ([], before)


def test_closing_stops_the_demo_and_leaves_nothing(
    welcome: WelcomePage, opened: Opened, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    begun: list[Path] = []

    def endless(folder: Path, progress: Callable[[int, int], None]) -> None:
        begun.append(folder)
        while True:
            progress(1, 0)

    monkeypatch.setattr(demo, "make", endless)
    welcome.look_at_demo()
    qtbot.waitUntil(lambda: bool(begun))
    welcome.close()
    qtbot.waitUntil(lambda: welcome._working is None)
    assert opened == []
    assert not shops.is_shop(shops.demo_folder())


def test_from_the_demo_a_shop_of_ones_own_comes_first(
    state: State, shown: Callable[[QWidget], None], qtbot: QtBot
) -> None:
    page = WelcomePage(lambda *_told: None, from_demo=True, state=state)
    shown(page)
    qtbot.waitUntil(page.new_button.hasFocus)


def test_language_and_theme_change_at_once_and_are_remembered(
    welcome: WelcomePage, state: State, qapp: QApplication
) -> None:
    switch = welcome.findChild(Appearance)
    assert switch is not None
    switch.languages.choose("zh_CN")
    assert i18n.current_language() == machine.read()[machine.LANGUAGE] == "zh_CN"
    again = welcome.findChildren(Appearance)[-1]
    again.themes.choose("dark")
    assert state.flag("dark")
    assert theme.tokens() == theme.DARK
    again.themes.choose("light")
    assert theme.tokens() == theme.LIGHT


def test_a_locked_backup_asks_for_what_opened_the_shop_then(
    welcome: WelcomePage, opened: Opened, shop: Shop, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = passwords.set_first(shop, staff.add(shop, "王芳", "owner"), "correct horse")
    made, code = backup.make(own, "manual"), passwords.sheet(own).code
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_a, **_k: (str(made), ""))

    def asked() -> Unlock:
        welcome.choose_backup()
        qtbot.waitUntil(lambda: welcome.unlock is not None, timeout=15_000)
        assert welcome.unlock is not None
        return welcome.unlock

    QTest.keyClick(asked().password.field.line, Qt.Key.Key_Escape)
    assert welcome.unlock is None
    assert welcome.demo_button.isVisible()
    place = shops.own_folder()
    panel = asked().password
    panel.field.set_value("another horse")
    panel.open_shop()
    qtbot.waitUntil(lambda: "opens nothing" in said_under(panel.field), timeout=15_000)
    assert not shops.is_shop(place)
    panel.field.set_value("correct horse")
    panel.open_shop()
    qtbot.waitUntil(lambda: bool(opened), timeout=15_000)
    assert opened == [(place, "today", None, "correct horse", None)]
    by_code = asked()
    by_code.use_sheet()
    QTest.keyClick(by_code.code.field.line, Qt.Key.Key_Escape)
    assert not by_code.asks_code
    by_code.use_sheet()
    by_code.code.field.set_value(code)
    by_code.code.open_shop()
    qtbot.waitUntil(lambda: len(opened) == 2, timeout=15_000)
    assert opened[1][1:] == ("today", None, None, code)
    assert shops.is_shop(opened[1][0])


def test_closing_while_a_locked_backup_is_asked_for(
    welcome: WelcomePage, opened: Opened, shop: Shop, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = passwords.set_first(shop, staff.add(shop, "王芳", "owner"), "correct horse")
    made = backup.make(own, "manual")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_a, **_k: (str(made), ""))
    welcome.choose_backup()
    qtbot.waitUntil(lambda: welcome.unlock is not None, timeout=15_000)
    assert welcome.unlock is not None
    welcome.unlock.password.field.set_value("correct horse")
    welcome.unlock.password.open_shop()
    welcome.close()
    assert opened == []
