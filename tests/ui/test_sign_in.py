"""The window before a shop with passwords: who, the password, the throttle, the recovery sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop_crm import passwords, staff
from desktop_crm.base import i18n
from desktop_crm.base.clock import SystemClock
from desktop_crm.shop import Shop
from desktop_crm.ui.appearance import Appearance
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.state import State
from desktop_crm.ui.sign_in import SignIn
from tests.conftest import NOW

OWNER, CLERK = "correct horse", "battery staple"
Opened = list[tuple[Shop, bool]]


@pytest.fixture
def folder(shop: Shop) -> Path:
    """A locked shop of an owner and a clerk."""
    owner, clerk = staff.add(shop, "王芳", "owner"), staff.add(shop, "李娜", "clerk")
    own = passwords.set_first(shop, owner, OWNER)
    passwords.add_user(own, clerk, CLERK)
    shop.close()
    return shop.folder


@pytest.fixture
def opened() -> Iterator[Opened]:
    """What was opened, and whether by the sheet."""
    found: Opened = []
    yield found
    for shop, _by_code in found:
        shop.close()


Make = Callable[..., SignIn]


@pytest.fixture
def make(folder: Path, state: State, opened: Opened, shown: Callable[[QWidget], None]) -> Make:
    """Shows the window of the locked shop."""

    def make(trouble: str = "") -> SignIn:
        window = SignIn(folder, state, trouble=trouble)
        window.opened.connect(lambda shop, by_code: opened.append((shop, by_code)))
        window.resize(960, 640)
        shown(window)
        return window

    return make


def said(widget: QWidget) -> str:
    return " ".join(label.text() for label in widget.findChildren(Label) if label.isVisible())


def enter(field: QWidget, text: str) -> None:
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def test_the_password_of_the_first_and_enter(make: Make, opened: Opened, qtbot: QtBot, state: State) -> None:
    window = make()
    qtbot.waitUntil(window.password.field.line.hasFocus)
    assert window.password.field.line.echoMode() == QLineEdit.EchoMode.Password
    enter(window.password.field.line, OWNER)
    qtbot.waitUntil(lambda: bool(opened), timeout=15_000)
    ((shop, by_code),) = opened
    assert not by_code
    found = staff.get(shop, shop.staff_id)
    assert found is not None
    assert found.name == "王芳"
    assert state.text(f"signed_in.{shop.folder}") == str(shop.staff_id)


def test_down_chooses_the_next_person_who_is_the_first_next_time(
    make: Make, opened: Opened, qtbot: QtBot
) -> None:
    window = make()
    QTest.keyClick(window.password.field.line, Qt.Key.Key_Down)
    enter(window.password.field.line, CLERK)
    qtbot.waitUntil(lambda: bool(opened), timeout=15_000)
    clerk = opened[0][0].staff_id
    again = make()
    assert again.password.chosen == clerk
    QTest.keyClick(again.password.field.line, Qt.Key.Key_Down)
    assert again.password.chosen != clerk
    again.password.rows[clerk or 0].click()
    assert again.password.chosen == clerk


def test_a_wrong_password_is_said_and_selected(make: Make, opened: Opened, qtbot: QtBot) -> None:
    window = make()
    enter(window.password.field.line, "")
    assert "fill this in" in said(window.password)
    enter(window.password.field.line, CLERK)
    qtbot.waitUntil(lambda: "opens nothing" in said(window.password), timeout=15_000)
    qtbot.waitUntil(window.password.field.line.hasFocus)
    assert window.password.field.line.selectedText()
    assert opened == []
    enter(window.password.field.line, OWNER)
    qtbot.waitUntil(lambda: bool(opened), timeout=15_000)


def test_after_many_wrong_ones_one_waits_and_sees_how_long(
    make: Make, opened: Opened, qtbot: QtBot, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SystemClock, "now", lambda _clock: NOW)
    window = make()
    panel = window.password
    panel._wait.setInterval(10_000_000)  # seconds pass when the test says so

    def is_free() -> bool:
        return window.unlock.working is None

    for _turn in range(20):
        panel.field.set_value("wrong password")
        panel.open_shop()
        qtbot.waitUntil(is_free, timeout=15_000)
        if panel._seconds:
            break
    assert 0 < panel._seconds == passwords.wait_s(folder, panel.chosen)
    assert panel.open_button.text() == f"Open in {panel._seconds} s"
    assert not panel.open_button.isEnabled()
    panel.field.set_value(OWNER)
    panel.open_shop()
    assert window.unlock.working is None, "not even looked at"
    again = make()
    assert again.password._seconds, "a start does not end the wait"
    while panel._seconds:
        panel._count_down()
    assert panel.open_button.isEnabled()
    assert panel.open_button.text() == "Open the shop"
    QTest.keyClick(panel.field.line, Qt.Key.Key_Down)
    assert panel._seconds == 0, "the others need not wait"


def test_the_eye_shows_the_password_while_it_is_held(make: Make) -> None:
    field = make().password.field
    field.set_value(OWNER)
    QTest.mousePress(field.eye, Qt.MouseButton.LeftButton)
    assert field.line.echoMode() == QLineEdit.EchoMode.Normal
    QTest.mouseRelease(field.eye, Qt.MouseButton.LeftButton)
    assert field.line.echoMode() == QLineEdit.EchoMode.Password
    assert field.value() == OWNER
    assert field.eye.focusPolicy() == Qt.FocusPolicy.NoFocus, "Tab goes from the password to the next field"


def test_caps_lock_is_noticed(make: Make) -> None:
    window = make()
    QTest.keyClick(window.password.field.line, Qt.Key.Key_A)
    assert "Caps Lock" not in said(window.password)
    QTest.keyClicks(window.password.field.line, "Q")
    assert "Caps Lock" in said(window.password)
    QTest.keyClicks(window.password.field.line, "q")
    assert "Caps Lock" not in said(window.password)


def test_the_sheet_opens_the_shop_without_a_password(
    make: Make, opened: Opened, qtbot: QtBot, folder: Path
) -> None:
    owner = Shop.open(folder, password=OWNER)
    code = passwords.sheet(owner).code
    owner.close()
    window = make()
    QTest.keyClick(window.password.field.line, Qt.Key.Key_R, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(window.code.field.line.hasFocus)
    QTest.keyClick(window.code.field.line, Qt.Key.Key_Return)
    assert "fill this in" in said(window.code)
    QTest.keyClick(window.code.field.line, Qt.Key.Key_Escape)
    qtbot.waitUntil(window.password.field.line.hasFocus)
    window.unlock.use_sheet()
    QTest.keyClicks(window.code.field.line, code[:14].lower())
    assert "12 of 30" in said(window.code)
    QTest.keyClick(window.code.field.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "30 symbols" in said(window.code), timeout=15_000)
    QTest.keyClicks(window.code.field.line, code[14:].lower())
    QTest.keyClick(window.code.field.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(opened), timeout=15_000)
    assert opened[0][1]


def test_without_a_key_file_only_the_sheet_is_asked_for(make: Make) -> None:
    window = make("The key file is gone.")
    assert window.code.isVisible()
    assert not window.password.isVisible()
    assert "The key file is gone." in said(window)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.code.isVisible()


def test_language_and_another_shop(make: Make, qtbot: QtBot) -> None:
    window = make()
    window.unlock.use_sheet()
    window.findChild(Appearance).languages.choose("zh_CN")  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: len(window.findChildren(Appearance)) == 1)
    qtbot.waitUntil(window.code.field.line.hasFocus)
    assert i18n.current_language() == "zh_CN"
    with qtbot.waitSignal(window.left):
        QTest.keyClick(window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)


def test_closing_while_the_key_is_derived_leaves_nothing_open(
    make: Make, opened: Opened, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[Shop] = []
    monkeypatch.setattr(Shop, "close", closed.append)
    window = make()
    window.password.field.set_value(OWNER)
    window.password.open_shop()
    window.password.open_shop()
    window.close()
    qtbot.waitUntil(lambda: len(closed) == 1)
    monkeypatch.undo()
    closed[0].close()
    assert opened == []


def test_a_bug_while_opening_is_a_bug(make: Make, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    def bug(*_where: object, **_how: object) -> Shop:
        raise ZeroDivisionError

    window = make()
    monkeypatch.setattr(Shop, "open", bug)
    window.password.field.set_value(OWNER)
    with qtbot.captureExceptions() as bugs:
        window.password.open_shop()
        qtbot.waitUntil(lambda: window.unlock.working is None)
    assert [kind for kind, _error, _trace in bugs] == [ZeroDivisionError]
