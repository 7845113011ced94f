"""The list of customers and the form for a new one, through their keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop_crm import custom_fields, customer_list, customers, devices, openings, points, shops, tiers, who
from desktop_crm.customer_list import Selection
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.openings import Brought
from desktop_crm.records.purchases import Purchase
from desktop_crm.records.tiers import CustomerTier
from desktop_crm.shop import Shop
from desktop_crm.ui import customer_form
from desktop_crm.ui.customer_form import CustomerForm
from desktop_crm.ui.customers import CustomersPage
from desktop_crm.ui.kit.chooser import ColumnChooser
from desktop_crm.ui.page import Desk
from tests.ui.conftest import Visits

Show = Callable[[QWidget], None]


@pytest.fixture
def people(shop: Shop) -> dict[str, int]:
    """Three customers, of whom one bought."""
    with shop.change("x", {"customers"}):
        made = {
            name: customers.add_within(shop, CustomerDraft(name, (PhoneDraft(number),)))
            for name, number in (("王建国", "13805718866"), ("李芳", "13905711234"), ("赵敏", "13705715678"))
        }
        shop.db.insert(Purchase(0, "2026-10-30T02:00:00Z", "2026-10-30", 900_000, made["李芳"]))
        tiers.refresh_within(shop, made["李芳"])
        shop.db.delete(CustomerTier, made["王建国"])  # as a shop of an older version may have it
    return made


@pytest.fixture
def page(desk: Desk, people: dict[str, int], shown: Show, qtbot: QtBot) -> CustomersPage:
    """The list, loaded."""
    page = CustomersPage(desk)
    page.resize(1000, 600)
    shown(page)
    page.load()
    qtbot.waitUntil(lambda: None not in names(page) and len(names(page)) == 3)
    return page


def names(page: CustomersPage) -> list[str | None]:
    """Names in the order shown; None where a row is still on its way."""
    records = [page.table.rows.record(row) for row in range(page.table.rows.rowCount())]
    return [record.name if record is not None else None for record in records]


def form(qtbot: QtBot) -> CustomerForm:
    """The form that is open."""

    def found() -> CustomerForm | None:
        open_ones = [
            w for w in QApplication.topLevelWidgets() if isinstance(w, CustomerForm) and w.isVisible()
        ]
        return open_ones[0] if open_ones else None

    qtbot.waitUntil(lambda: found() is not None)
    made = found()
    assert made is not None
    return made


def test_who_was_here_last_stands_first_and_enter_opens_the_card(
    page: CustomersPage, people: dict[str, int], visits: Visits, qtbot: QtBot
) -> None:
    assert names(page) == ["李芳", "赵敏", "王建国"]
    assert page.title.text() == "3 customers"
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    QTest.keyClick(page.table, Qt.Key.Key_Down)
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    assert visits.customers == [people["李芳"], people["赵敏"]]


def test_a_tier_is_chosen_and_a_column_sorts(page: CustomersPage, qtbot: QtBot) -> None:
    page.table.set_sort("name")
    qtbot.waitUntil(lambda: names(page) == ["李芳", "王建国", "赵敏"])
    page.tiers.choose("prospect")
    qtbot.waitUntil(lambda: names(page) == ["赵敏"])
    page.tiers.choose("none")
    qtbot.waitUntil(lambda: names(page) == ["王建国"])


def test_little_room_keeps_the_columns_that_matter(page: CustomersPage) -> None:
    def shown() -> list[str]:
        table = page.table
        return [each.key for place, each in enumerate(table.columns()) if not table.isColumnHidden(place)]

    assert shown() == ["name", "phone", "tier", "device", "last_visit", "owner", "since", "spent"]
    page.resize(700, 500)
    assert shown() == ["name", "phone", "last_visit", "spent"]
    page.table.show_column("tags", True)
    assert shown() == ["name", "phone", "tier", "device", "last_visit", "owner", "since", "spent", "tags"]
    page.table.reset_columns()
    assert shown() == ["name", "phone", "last_visit", "spent"]


def test_an_empty_shop_says_what_to_do_first(
    desk: Desk, shown: Show, visits: Visits, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path | None] = []
    monkeypatch.setattr(shops, "ready_demo", lambda progress: progress(1, 2) or Path("demo"))
    object.__setattr__(desk, "open_shop", opened.append)
    page = CustomersPage(desk)
    shown(page)
    page.load()
    qtbot.waitUntil(page.import_button.isVisible)
    page.import_button.click()
    page.add_button.click()
    assert visits.pages == [("data", None)]
    assert visits.actions == [("customer", None)]
    page.demo_button.click()
    qtbot.waitUntil(lambda: opened == [Path("demo")])


def test_a_new_customer_takes_three_keys_beyond_what_is_typed(
    desk: Desk, shop: Shop, visits: Visits, qtbot: QtBot
) -> None:
    customer_form.new_customer(desk, None)
    opened = form(qtbot)
    QTest.keyClicks(opened.name.line, "Wang")
    QTest.keyClick(opened.name.line, Qt.Key.Key_Return)
    assert opened.focusWidget() is opened.phone.line
    QTest.keyClicks(opened.phone.line, "138 0571 8866")
    QTest.keyClick(opened.phone.line, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(visits.customers) == 1)
    assert customers.get(shop, visits.customers[0]).name == "Wang"
    assert desk.messages.shown == "The card was added."


def test_a_known_number_is_told_while_typing_and_both_may_be_kept(
    desk: Desk, shop: Shop, people: dict[str, int], visits: Visits, qtbot: QtBot
) -> None:
    customer_form.new_customer(desk, None)
    opened = form(qtbot)
    opened.name.set_value("李梅")
    QTest.keyClicks(opened.phone.line, "13805718866")
    qtbot.waitUntil(opened.known.isVisible)
    assert opened.known.text() == "王建国 138 0571 8866 is there already. The same person?"
    opened.save()
    qtbot.waitUntil(lambda: not desk.jobs.is_busy)
    assert customers.count(shop) == 3
    opened.known.keep_button.click()
    assert not opened.known.isVisible()
    opened.save()
    qtbot.waitUntil(lambda: len(visits.customers) == 1)
    assert len(customers.by_phone(shop, "13805718866")) == 2


def test_the_card_that_has_the_number_is_opened_instead(
    desk: Desk, shop: Shop, people: dict[str, int], visits: Visits, qtbot: QtBot
) -> None:
    customer_form.new_customer(desk, None)
    opened = form(qtbot)
    QTest.keyClicks(opened.phone.line, "13805718866")
    qtbot.waitUntil(opened.known.isVisible)
    opened.known.open_button.click()
    assert visits.customers == [people["王建国"]]
    qtbot.waitUntil(lambda: not opened.isVisible())
    assert customers.count(shop) == 3


def test_a_form_without_anything_or_with_nonsense_stays_open(desk: Desk, shop: Shop, qtbot: QtBot) -> None:
    customer_form.new_customer(desk, None)
    opened = form(qtbot)
    opened.save()
    assert opened.isVisible()
    QTest.keyClicks(opened.phone.line, "19811345, 13805718866")
    assert "19811345: not a whole phone number" in opened.phone._below.text()
    assert opened.phone.problem() == ""
    QTest.keyClick(opened.phone.line, Qt.Key.Key_Home)
    QTest.keyClicks(opened.phone.line, "198")
    assert not opened.phone._below.isVisible()
    opened.phone.set_value("12")
    opened.birthday.set_value("31-31")
    opened.save()
    assert "not a phone number" in opened.phone.problem()
    assert "not a birthday" in opened.birthday.problem()
    assert customers.count(shop) == 0
    opened.reject()
    opened.reject()


def test_a_number_that_was_searched_in_vain_is_filled_in(
    desk: Desk, people: dict[str, int], qtbot: QtBot
) -> None:
    box = desk.window.findChild(QWidget, "search")
    box.setText("13600001111")  # type: ignore[union-attr]
    customer_form.new_customer(desk, None)
    opened = form(qtbot)
    assert opened.phone.value() == "13600001111"
    opened.close()


def test_all_fields_are_edited_and_saved_as_one_step(
    desk: Desk, shop: Shop, people: dict[str, int], qtbot: QtBot
) -> None:
    saved: list[int] = []
    who = people["王建国"]
    CustomerForm.edit(desk, who, saved.append)
    opened = form(qtbot)
    assert opened.phone.value() == "13805718866"
    opened.birthday.set_value("lunar 10-15")
    opened.tags.set_value("拍照，苹果")
    opened.referred.set_value(people["李芳"])
    opened.region.set_value("西湖区")
    opened.no_contact.set_value(True)
    opened.save()
    qtbot.waitUntil(lambda: saved == [who])
    card = customers.get(shop, who)
    assert (card.birthday, card.birthday_lunar, card.region, card.referred_by, card.do_not_contact) == (
        "--10-15",
        True,
        "西湖区",
        people["李芳"],
        True,
    )
    assert customers.tags(shop, who) == ("拍照", "苹果")


def test_marks_say_who_is_meant_and_esc_takes_them_away(
    page: CustomersPage, people: dict[str, int], qtbot: QtBot
) -> None:
    assert page.selection() == Selection(frozenset({people["李芳"]})), (
        "nobody is marked: the row of the cursor"
    )
    assert page.marked == 0
    with qtbot.waitSignal(page.selection_changed):
        QTest.keyClick(page.table, Qt.Key.Key_Space)
    QTest.keyClick(page.table, Qt.Key.Key_Space)
    assert page.selection() == Selection(frozenset({people["李芳"], people["赵敏"]}))
    assert page.marked == 2
    QTest.keyClick(page.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(page.table, Qt.Key.Key_Space)
    assert page.selection() == Selection(all_but=frozenset({people["王建国"]}))
    assert customer_list.chosen(page.desk.shop, page.selection(), page.clause) == [
        people["李芳"],
        people["赵敏"],
    ]
    assert page.go_back()
    assert not page.go_back()
    assert page.marked == 0


def test_a_condition_lists_some_from_the_top_and_says_how_many(
    page: CustomersPage, shop: Shop, people: dict[str, int], qtbot: QtBot
) -> None:
    card = customers.edit(shop, people["赵敏"], source="路过")
    page.open(who.Filter((who.Condition("source", "is", (card.source,)),)))
    qtbot.waitUntil(lambda: names(page) == ["赵敏"])
    assert (page.total, page.table.currentIndex().row()) == (1, 0)
    assert "1 of them listed" in [label.text() for label in page.findChildren(QLabel)]
    page.tiers.choose("none")
    qtbot.waitUntil(lambda: page.total == 0)
    page.tiers.choose("all")
    page.open(who.Filter())
    qtbot.waitUntil(lambda: len(names(page)) == 3)


def test_a_tier_that_empties_gives_way_to_everybody(page: CustomersPage, shop: Shop, qtbot: QtBot) -> None:
    page.tiers.choose("none")
    qtbot.waitUntil(lambda: names(page) == ["王建国"])
    with shop.change("x", {"tiers"}):
        tiers.first_within(shop)
    page.load()
    qtbot.waitUntil(lambda: len(names(page)) == 3 and None not in names(page))
    assert page.tiers.chosen == "all"


def test_columns_that_no_index_sorts_are_worked_out_and_own_fields_come_by_themselves(
    page: CustomersPage, shop: Shop, people: dict[str, int], qtbot: QtBot
) -> None:
    field = custom_fields.add(shop, "宝宝年龄", "number")
    custom_fields.put(shop, people["赵敏"], field, "9")
    custom_fields.put(shop, people["李芳"], field, "10")
    page.load()
    qtbot.waitUntil(lambda: page.table.columns()[-1].title == "宝宝年龄")
    key = page.table.columns()[-1].key
    page.table.show_column(key, True)
    page.table.sort_by(key)
    qtbot.waitUntil(lambda: names(page) == ["李芳", "赵敏", "王建国"])
    page.table.sort_by(key)
    qtbot.waitUntil(lambda: names(page) == ["赵敏", "李芳", "王建国"])
    column = page.table.columns()[-1]
    assert [column.words(page.table.rows.record(row)) for row in range(3)] == ["9", "10", "–"]
    custom_fields.retire(shop, field)
    page.load()
    qtbot.waitUntil(lambda: page.table.sorted_by[0] == "last_visit")
    qtbot.waitUntil(lambda: names(page) == ["李芳", "赵敏", "王建国"])


def test_every_column_says_something(
    page: CustomersPage, shop: Shop, people: dict[str, int], qtbot: QtBot
) -> None:
    fang = people["李芳"]
    customers.edit(
        shop, fang, region="西湖区", source="路过", birthday="--11-22", card_no="V8", do_not_contact=True
    )
    customers.set_tags(shop, fang, ["苹果"])
    devices.add(shop, fang, "iPhone 17")
    points.put(shop, fang, 1_638)
    openings.put(shop, fang, Brought(800_000))
    page.load()
    qtbot.waitUntil(
        lambda: page.table.rows.record(0) is not None and page.table.rows.record(0).card_no == "V8"
    )
    said = {column.key: column.words(page.table.rows.record(0)) for column in page.table.columns()}
    assert said == {
        "name": "李芳 Do not contact",
        "phone": "139 0571 1234",
        "tier": "High value",
        "device": "iPhone 17",
        "last_visit": "2026-10-30",
        "owner": "–",
        "since": "2026-11-21",
        "spent": "¥9,000",
        "contact": "2026-10-30",
        "purchases": "1",
        "points": "1,638",
        "brought": "¥8,000",
        "region": "西湖区",
        "source": "路过",
        "birthday": "2026-11-22",
        "card_no": "V8",
        "tags": "苹果",
    }


def test_columns_are_chosen_below_their_button_and_remembered(
    page: CustomersPage, desk: Desk, people: dict[str, int], shown: Show, qtbot: QtBot
) -> None:
    page.columns_button.click()
    chooser = page.window().findChild(ColumnChooser)
    assert chooser is not None
    assert chooser.isVisible()
    QTest.keyClick(chooser.lines, Qt.Key.Key_Home)
    QTest.keyClick(chooser.lines, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: names(page) == ["李芳", "王建国", "赵敏"])
    QTest.keyClick(chooser.lines, Qt.Key.Key_Escape)
    again = CustomersPage(desk)
    again.resize(1000, 600)
    shown(again)
    again.load()
    qtbot.waitUntil(lambda: names(again) == ["李芳", "王建国", "赵敏"])
