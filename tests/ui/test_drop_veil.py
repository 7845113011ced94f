"""Files let fall on any page and on the welcome, also where a text field would take them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop_crm.shop import Shop
from desktop_crm.ui.data import DataPage
from desktop_crm.ui.drop_veil import DropVeil
from desktop_crm.ui.main_window import PAGES
from desktop_crm.ui.welcome import WelcomePage
from tests.importing.sheets import text
from tests.ui.conftest import Windows

COPY, LEFT, NONE = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
Shown = Callable[[QWidget], None]


def files(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def drag_over(window: QWidget, veil: DropVeil, data: QMimeData) -> None:
    """A drag comes over the system's window, which hears of it first; Qt itself takes such an event only in a real drag."""
    handle = window.windowHandle()
    assert handle is veil._watched
    assert handle is not None
    assert not veil.eventFilter(handle, QDragEnterEvent(QPoint(300, 20), COPY, data, LEFT, NONE))


def drop(veil: DropVeil, data: QMimeData) -> None:
    veil.dropEvent(QDropEvent(QPointF(300, 20), COPY, data, LEFT, NONE))


@pytest.fixture
def fallen() -> list[list[Path]]:
    return []


def test_files_dragged_over_a_text_field_find_the_veil(
    shown: Shown, tmp_path: Path, fallen: list[list[Path]]
) -> None:
    window = QWidget()
    line = QLineEdit(window)
    veil = DropVeil(window, fallen.append)
    window.resize(600, 300)
    line.resize(600, 40)
    shown(window)
    drag_over(window, veil, files(tmp_path / "a.csv", tmp_path))
    assert veil.isVisible()
    assert veil.size() == window.size()
    assert window.childAt(QPoint(300, 20)) is veil
    assert not veil.grab().isNull()
    data = files(tmp_path)  # an event does not keep it
    move = QDragMoveEvent(QPoint(9, 9), COPY, data, LEFT, NONE)
    veil.dragMoveEvent(move)
    assert move.isAccepted()
    drop(veil, files(tmp_path / "a.csv", tmp_path))
    assert not veil.isVisible()
    assert fallen == [[tmp_path / "a.csv", tmp_path]]
    assert line.text() == ""


def test_a_drag_that_leaves_or_brings_no_files_changes_nothing(
    shown: Shown, tmp_path: Path, fallen: list[list[Path]]
) -> None:
    window = QWidget()
    veil = DropVeil(window, fallen.append)
    shown(window)
    words = QMimeData()
    words.setText("hello")
    drag_over(window, veil, words)
    assert not veil.isVisible()
    drag_over(window, veil, files(tmp_path))
    veil.dragLeaveEvent(QDragLeaveEvent())
    assert not veil.isVisible()
    data = files(tmp_path)  # an event does not keep it
    entered = QDragEnterEvent(QPoint(9, 9), COPY, data, LEFT, NONE)
    veil.dragEnterEvent(entered)
    assert entered.isAccepted()
    drop(veil, words)
    assert fallen == []


def test_files_that_fall_on_any_page_are_looked_at_on_the_page_data(
    make_window: Windows, shop: Shop, tmp_path: Path, qtbot: QtBot
) -> None:
    window = make_window(pages=PAGES)
    window.go_to("settings")
    window.show()
    path = text(tmp_path / "neu.csv", [["姓名", "手机"], ["钱七", "13800000008"]])
    drop(window.veil, files(path))
    qtbot.waitUntil(lambda: not window.jobs.is_busy)
    page = window.current_page()
    assert isinstance(page, DataPage)
    qtbot.waitUntil(lambda: page.view.preview.plan is not None, timeout=10_000)
    assert page.view.preview.plan is not None
    assert page.view.preview.plan.path == path
    page.go_back()


def test_files_that_fall_on_the_welcome_lead_to_a_new_shop(
    shown: Shown, shop: Shop, tmp_path: Path, qtbot: QtBot
) -> None:
    opened: list[tuple[object, ...]] = []
    welcome = WelcomePage(lambda *place: opened.append(place))
    shown(welcome)
    drop(welcome.veil, files(shop.folder))
    assert opened == [(shop.folder, "today", None)]
    drop(welcome.veil, files(tmp_path / "a.csv", tmp_path / "b.vcf"))
    welcome.form.name.set_value("星河")
    welcome.form.folder.set_value(str(tmp_path / "neu"))
    welcome.form.make()
    welcome.protect.skip()
    qtbot.waitUntil(lambda: len(opened) == 2, timeout=10_000)
    assert opened[1] == (tmp_path / "neu", "data", (tmp_path / "a.csv", tmp_path / "b.vcf"))
