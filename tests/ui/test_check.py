"""The panel of the check, in Settings: it tells, mends, and can be stopped and asked again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop_crm import integrity
from desktop_crm.base.errors import Cancelled
from desktop_crm.shop import Shop
from desktop_crm.ui.check import CheckPanel
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.page import Desk


@pytest.fixture
def panel(desk: Desk, shown: Callable[[QWidget], None]) -> CheckPanel:
    page = QWidget()
    made = CheckPanel(desk, page)
    page.setParent(made)
    page.hide()
    made.resize(700, 300)
    shown(made)
    return made


def words(panel: CheckPanel) -> str:
    """Everything that is said."""
    return " ".join(label.text() for label in panel.findChildren(QLabel))


def test_it_tells_that_all_is_well(panel: CheckPanel, qtbot: QtBot) -> None:
    assert "nothing is changed." in words(panel)
    panel.check()
    assert not panel.check_button.isEnabled()
    qtbot.waitUntil(panel.check_button.isEnabled)
    assert "Nothing is wrong." in words(panel)


def test_what_is_found_is_mended_by_its_button(panel: CheckPanel, shop: Shop, qtbot: QtBot) -> None:
    (shop.folder / "shop.keys.copy").unlink()
    panel.check()
    qtbot.waitUntil(lambda: "Copies of the key file" in words(panel))
    (button,) = panel.findings.findChildren(KeyButton)
    button.click()
    qtbot.waitUntil(lambda: "Nothing is wrong." in words(panel))
    assert (shop.folder / "shop.keys.copy").exists()


def test_a_check_that_was_stopped_can_be_asked_again(
    panel: CheckPanel, desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(_shop: Shop, tell: integrity.Tell) -> list[integrity.Finding]:
        raise Cancelled(tell)

    monkeypatch.setattr(integrity, "check", stop)
    panel.check()
    qtbot.waitUntil(panel.check_button.isEnabled)
    desk.messages.hide()


def test_it_says_when_it_was_done_by_itself(desk: Desk, shop: Shop) -> None:
    desk.state.put(f"checked.{shop.keys.shop_id}", "2026-11-20")
    made = CheckPanel(desk, QWidget())
    assert "by itself in quiet minutes, last on 2026-11-20." in words(made)
    made.deleteLater()
