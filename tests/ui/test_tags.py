"""Tags in Settings, by keys alone: made, renamed, merged after a question, moved, deleted."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop_crm import customers, history, tags, views
from desktop_crm.customers import CustomerDraft
from desktop_crm.shop import Shop
from desktop_crm.ui.kit.messages import Messages
from desktop_crm.ui.page import Desk
from desktop_crm.ui.settings import SettingsPage
from desktop_crm.ui.tags import TagForm, TagsSection
from desktop_crm.who import Condition, Filter

ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was asked; the answer is yes as long as the list does not begin with "no"."""
    said: list[str] = []

    def confirm(_self: Messages, title: str, text: str, *, yes: str = "", danger: bool = False) -> bool:
        said.append(f"{title} {text}")
        behind = [
            each for each in QApplication.topLevelWidgets() if isinstance(each, TagForm) and each.isVisible()
        ]
        assert not any(each._trouble.isVisible() for each in behind), "no error behind the question"
        return said[0] != "no"

    monkeypatch.setattr(Messages, "confirm", confirm)
    return said


@pytest.fixture
def page(desk: Desk, shop: Shop, shown: Callable[[QWidget], None], qtbot: QtBot) -> SettingsPage:
    """Settings, at the tags of three people."""
    tags.add(shop, "拍照", "兴趣")
    for name, worn in (("王芳", ("拍照", "摄影")), ("李雷", ("拍照",)), ("韩梅", ("摄影",))):
        customers.add(shop, CustomerDraft(name, tags=worn))
    made = SettingsPage(desk)
    made.resize(1150, 700)
    made.open("tags")
    shown(made)
    made.load()
    settled(made, qtbot)
    section(made).table.setFocus()
    section(made).table.select_first()
    return made


def settled(page: SettingsPage, qtbot: QtBot) -> None:
    for _again in range(3):
        qtbot.waitUntil(lambda: not page.desk.jobs.is_busy)
        QApplication.processEvents()


def section(page: SettingsPage) -> TagsSection:
    found = page.section("tags")
    assert isinstance(found, TagsSection)
    return found


def form_of_tag() -> TagForm:
    return next(
        each for each in QApplication.topLevelWidgets() if isinstance(each, TagForm) and each.isVisible()
    )


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    at = QApplication.focusWidget()
    assert at is not None
    QTest.keyClick(at, key, modifier)


def write(text: str) -> None:
    at = QApplication.focusWidget()
    line = at.lineEdit() if isinstance(at, QComboBox) else at
    assert isinstance(line, QLineEdit)
    line.setText(text)
    line.textEdited.emit(text)


def lines(shop: Shop) -> list[tuple[str, str, int]]:
    return [(tag.group_name, tag.name, tag.count) for tag in tags.listing(shop)]


def in_form(qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), QLineEdit | QComboBox))


def test_a_tag_is_made_in_a_group(page: SettingsPage, shop: Shop, qtbot: QtBot) -> None:
    press(Qt.Key.Key_A, ALT)
    in_form(qtbot)
    write("游戏")
    press(Qt.Key.Key_Return)
    write("兴趣")
    press(Qt.Key.Key_Return, CTRL)
    settled(page, qtbot)
    assert ("兴趣", "游戏", 0) in lines(shop)
    assert page.desk.messages.shown == "The tag 游戏 was saved."


def test_a_tag_is_renamed_and_put_into_another_group(page: SettingsPage, shop: Shop, qtbot: QtBot) -> None:
    press(Qt.Key.Key_Return)
    in_form(qtbot)
    write("相机")
    press(Qt.Key.Key_Return)
    write("爱好")
    press(Qt.Key.Key_Return, CTRL)
    settled(page, qtbot)
    assert ("爱好", "相机", 2) in lines(shop)
    history.undo(shop)
    assert ("兴趣", "拍照", 2) in lines(shop)


def test_a_name_that_is_taken_merges_after_a_question(
    page: SettingsPage, shop: Shop, qtbot: QtBot, asked: list[str]
) -> None:
    press(Qt.Key.Key_Return)
    in_form(qtbot)
    write("摄影")
    press(Qt.Key.Key_Return, CTRL)
    settled(page, qtbot)
    assert "2 customers then wear 摄影 instead of 拍照" in asked[0]
    assert lines(shop) == [("", "摄影", 3)]
    history.undo(shop)
    assert lines(shop) == [("兴趣", "拍照", 2), ("", "摄影", 2)]


def test_no_leaves_both_tags(page: SettingsPage, shop: Shop, qtbot: QtBot, asked: list[str]) -> None:
    asked.append("no")
    press(Qt.Key.Key_Return)
    in_form(qtbot)
    write("摄影")
    press(Qt.Key.Key_Return, CTRL)
    settled(page, qtbot)
    assert len(asked) == 2
    assert form_of_tag()._trouble.isVisible()  # why it is not saved
    assert len(lines(shop)) == 2
    press(Qt.Key.Key_Escape)
    press(Qt.Key.Key_Escape)


def test_a_tag_is_deleted_after_a_question(
    page: SettingsPage, shop: Shop, qtbot: QtBot, asked: list[str]
) -> None:
    press(Qt.Key.Key_D, ALT)
    settled(page, qtbot)
    assert "2 customers wear this tag and lose it" in asked[0]
    assert lines(shop) == [("", "摄影", 2)]
    history.undo(shop)
    assert len(lines(shop)) == 2


def test_the_question_names_the_views_that_ask_for_the_tag(
    page: SettingsPage, shop: Shop, qtbot: QtBot, asked: list[str]
) -> None:
    worn, unworn = section(page).table.selected(), tags.add(shop, "空的", "一")
    assert worn is not None
    for name, tag in (("拍照的人", worn.id), ("空的", unworn), ("空的二", unworn)):
        views.add(shop, name, Filter((Condition("tag", "any", (str(tag),)),)))
    press(Qt.Key.Key_D, ALT)
    settled(page, qtbot)
    assert "The view 拍照的人 asks for it: without another tag it names nobody then. 2 cust" in asked[0]
    section(page).table.select(unworn)
    press(Qt.Key.Key_D, ALT)
    settled(page, qtbot)
    assert asked[1].endswith("The views 空的, 空的二 ask for it: without another tag they name nobody then.")
    assert lines(shop) == [("", "摄影", 2)]


def test_no_keeps_it_and_a_tag_nobody_wears_asks_nothing(
    page: SettingsPage, shop: Shop, qtbot: QtBot, asked: list[str]
) -> None:
    asked.append("no")
    press(Qt.Key.Key_D, ALT)
    settled(page, qtbot)
    assert len(lines(shop)) == 2
    empty = tags.add(shop, "空的", "一")
    page.load()
    settled(page, qtbot)
    section(page).table.select(empty)
    press(Qt.Key.Key_D, ALT)
    settled(page, qtbot)
    assert len(asked) == 2
    assert [name for _group, name, _count in lines(shop)] == ["拍照", "摄影"]


def test_a_group_is_renamed(page: SettingsPage, shop: Shop, qtbot: QtBot) -> None:
    press(Qt.Key.Key_G, ALT)
    in_form(qtbot)
    write("爱好")
    press(Qt.Key.Key_Return)
    settled(page, qtbot)
    assert lines(shop)[0] == ("爱好", "拍照", 2)


def test_words_filter_tags_and_groups(page: SettingsPage, qtbot: QtBot) -> None:
    found = section(page)
    found.text.line.setFocus()
    write("兴")
    assert [tag.name for tag in found.table.records()] == ["拍照"]
    press(Qt.Key.Key_Return)
    assert QApplication.focusWidget() is not found.text.line
    found.text.line.setFocus()
    write("x")
    assert list(found.table.records()) == []
    found.delete()
    found.rename_group()
