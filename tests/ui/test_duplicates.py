"""The sections Duplicates and Families: one after another, decided by keys, and the next comes by itself."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_crm import customers, duplicates, history, relations
from desktop_crm.base.errors import Cancelled
from desktop_crm.customers import CustomerDraft
from desktop_crm.phones import PhoneDraft
from desktop_crm.shop import Shop
from desktop_crm.ui.clean import CleanPage
from desktop_crm.ui.duplicate_cards import LinkForm
from desktop_crm.ui.duplicates import DuplicatesPanel
from desktop_crm.ui.families import FamiliesPanel
from desktop_crm.ui.kit.forms import FormDialog
from desktop_crm.ui.merge import MergeForm
from desktop_crm.ui.page import Desk


def person(shop: Shop, name: str = "王建国", *numbers: str, **fields: Any) -> int:  # fields of a draft
    """A card."""
    return customers.add(shop, CustomerDraft(name, tuple(map(PhoneDraft, numbers)), **fields))


@pytest.fixture
def crowd(shop: Shop) -> list[int]:
    """Two pairs of one person each, sure and probable, and a wife with the first one's number."""
    return [
        person(shop, "王建国", "13800001111", wechat="wjg"),
        person(shop, "王建国", "13800001111", wechat="other"),
        person(shop, "陈伟", "13900002222"),
        person(shop, "程伟", "13900002222"),
        person(shop, "李芳", "13800001111", gender="female"),
    ]


@pytest.fixture
def page(desk: Desk, shown: Any, qtbot: QtBot) -> CleanPage:  # shows a widget
    """The page Clean, shown."""
    made = CleanPage(desk)
    made.resize(1100, 700)
    shown(made)
    return made


def section(page: CleanPage, key: str, qtbot: QtBot) -> Any:  # a section of any kind
    """A section, shown and loaded."""
    page.open(key)
    page.load()
    qtbot.waitUntil(lambda: not page.desk.jobs.is_busy)
    return page.section(key)


def form(kind: type[FormDialog[Any]], qtbot: QtBot) -> Any:  # a form of that kind
    """The form that opens."""

    def found() -> list[Any]:
        return [
            each for each in QApplication.topLevelWidgets() if isinstance(each, kind) and each.isVisible()
        ]

    qtbot.waitUntil(lambda: bool(found()))
    return found()[0]


def ids(panel: DuplicatesPanel) -> list[tuple[int, ...]]:
    """The groups that are shown."""
    return [group.ids for group in panel.groups.records()]


def settle(desk: Desk, qtbot: QtBot) -> None:
    """Wait until nothing is on its way."""
    qtbot.waitUntil(lambda: not desk.jobs.is_busy)


def test_groups_come_with_reasons_and_can_be_narrowed(
    page: CleanPage, crowd: list[int], qtbot: QtBot
) -> None:
    panel = section(page, "duplicates", qtbot)
    assert ids(panel) == [tuple(crowd[:2]), tuple(crowd[2:4])]
    assert panel.groups.selected().ids == tuple(crowd[:2])
    assert panel.detail.isVisible()
    panel.levels.choose("probable")
    assert ids(panel) == [tuple(crowd[2:4])]
    panel.levels.choose("all")
    assert len(ids(panel)) == 2
    assert not panel.common.isVisible()


def test_enter_makes_one_card_and_the_next_group_comes(
    page: CleanPage, shop: Shop, crowd: list[int], qtbot: QtBot
) -> None:
    panel = section(page, "duplicates", qtbot)
    QTest.keyClick(panel.groups, Qt.Key.Key_Return)
    opened = form(MergeForm, qtbot)
    QTest.keyClick(opened.table, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: ids(panel) == [tuple(crowd[2:4])])
    assert panel.groups.selected().ids == tuple(crowd[2:4])
    assert customers.count(shop) == 4
    assert page.desk.messages.shown == "The cards are one now."
    row = shop.db.row("SELECT reason FROM merges")
    assert row is not None
    assert row[0].startswith("same phone")


def test_two_people_are_remembered_and_it_can_be_undone(
    page: CleanPage, shop: Shop, crowd: list[int], qtbot: QtBot
) -> None:
    panel = section(page, "duplicates", qtbot)
    panel.apart_button.click()
    qtbot.waitUntil(lambda: ids(panel) == [tuple(crowd[2:4])])
    assert [group.ids for group in duplicates.find(shop).groups] == [tuple(crowd[2:4])]
    history.undo(shop)
    panel.load()
    qtbot.waitUntil(lambda: len(ids(panel)) == 2)


def test_two_of_a_group_are_linked(page: CleanPage, shop: Shop, crowd: list[int], qtbot: QtBot) -> None:
    panel = section(page, "duplicates", qtbot)
    panel.family_button.click()
    opened = form(LinkForm, qtbot)
    opened.kind.set_value("sibling")
    opened.save()
    qtbot.waitUntil(lambda: ids(panel) == [tuple(crowd[2:4])])
    assert [link.side for link in relations.of_customer(shop, crowd[1])] == ["sibling"]


def test_next_goes_round(page: CleanPage, crowd: list[int], qtbot: QtBot) -> None:
    panel = section(page, "duplicates", qtbot)
    seen = []
    for _turn in range(3):
        seen.append(panel.groups.selected().ids)
        panel.skip_button.click()
    assert seen == [tuple(crowd[:2]), tuple(crowd[2:4]), tuple(crowd[:2])]


def test_a_number_on_many_cards_is_told(page: CleanPage, shop: Shop, qtbot: QtBot) -> None:
    with shop.change("rows", {"customers"}):
        for place in range(40):
            numbers = (PhoneDraft("057188886666"), PhoneDraft("057188887777"))
            customers.add_within(shop, CustomerDraft(f"客户甲{chr(0x4E00 + place)}", numbers))
    panel = section(page, "duplicates", qtbot)
    assert panel.common.text() == (
        "057188886666 is on 40 cards, so it says nothing of who they are. So does 1 other value."
    )


def test_an_empty_shop_says_so_and_keys_do_nothing(page: CleanPage, shop: Shop, qtbot: QtBot) -> None:
    panel = section(page, "duplicates", qtbot)
    assert ids(panel) == []
    assert not panel.detail.isVisible()
    newest = history.changes(shop, 1)[0].id
    for act in (panel.merge, panel.keep_apart, panel.link, panel.skip):
        act()
    families = section(page, "families", qtbot)
    for act in (families.merge, families.keep_apart, families.choose, families.skip):
        act()
    families.link_as("spouse")
    settle(page.desk, qtbot)
    assert history.changes(shop, 1)[0].id == newest


def test_it_is_looked_for_again_only_after_a_change(
    page: CleanPage, shop: Shop, crowd: list[int], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = section(page, "duplicates", qtbot)
    first = panel.finder.findings
    panel.load()
    panel.load()
    settle(page.desk, qtbot)
    assert panel.finder.findings is first
    customers.delete(shop, crowd[:1])
    panel.load()
    settle(page.desk, qtbot)
    assert ids(panel) == [tuple(crowd[2:4])]


def test_a_stopped_search_can_be_begun_again(
    page: CleanPage, crowd: list[int], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(_shop: Shop, _progress: object) -> None:
        raise Cancelled

    find = duplicates.find
    monkeypatch.setattr(duplicates, "find", stop)
    panel = section(page, "duplicates", qtbot)
    assert ids(panel) == []
    monkeypatch.setattr(duplicates, "find", find)
    panel.finder.look()
    qtbot.waitUntil(lambda: len(ids(panel)) == 2)


# ------------------------------------------------------------------------------------ families


def pairs(panel: FamiliesPanel) -> list[tuple[int, int]]:
    """The two of each proposal."""
    return [(family.customer.id, family.other.id) for family in panel.families.records()]


def test_a_family_is_linked_by_a_digit(page: CleanPage, shop: Shop, crowd: list[int], qtbot: QtBot) -> None:
    panel = section(page, "families", qtbot)
    assert pairs(panel) == [(crowd[0], crowd[4]), (crowd[1], crowd[4])]
    QTest.keyClick(panel.families, Qt.Key.Key_Return)
    focused = page.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, Qt.Key.Key_4)
    qtbot.waitUntil(lambda: pairs(panel) == [(crowd[1], crowd[4])])
    assert [link.side for link in relations.of_customer(shop, crowd[4])] == ["sibling"]
    history.undo(shop)
    assert relations.of_customer(shop, crowd[4]) == []


def test_enter_twice_takes_the_proposed_kind(
    page: CleanPage, shop: Shop, crowd: list[int], qtbot: QtBot
) -> None:
    panel = section(page, "families", qtbot)
    QTest.keyClick(panel.families, Qt.Key.Key_Return)
    focused = page.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: pairs(panel) == [(crowd[1], crowd[4])])
    assert [link.side for link in relations.of_customer(shop, crowd[4])] == ["spouse"]


def test_no_family_is_remembered(page: CleanPage, shop: Shop, crowd: list[int], qtbot: QtBot) -> None:
    panel = section(page, "families", qtbot)
    panel.skip_button.click()
    assert panel.families.selected().customer.id == crowd[1]
    panel.apart_button.click()
    qtbot.waitUntil(lambda: pairs(panel) == [(crowd[0], crowd[4])])
    assert shop.db.rows("SELECT first_id, second_id FROM distinct_pairs") == [(crowd[1], crowd[4])]


def test_a_family_that_is_one_person_becomes_one_card(
    page: CleanPage, shop: Shop, crowd: list[int], qtbot: QtBot
) -> None:
    panel = section(page, "families", qtbot)
    panel.merge_button.click()
    opened = form(MergeForm, qtbot)
    opened.save()
    qtbot.waitUntil(lambda: customers.count(shop) == 4)
    settle(page.desk, qtbot)
    assert (crowd[0], crowd[4]) not in pairs(panel)
