"""The filter above the list of customers, its views, and what is done to those marked, through their keys."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop_crm import bulk, customers, followups, history, staff, views, who
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.shop import Shop
from desktop_crm.ui.bulk import PlanForm, PreviewForm
from desktop_crm.ui.condition_asker import read
from desktop_crm.ui.customers import CustomersPage
from desktop_crm.ui.export_panel import ExportPanel
from desktop_crm.ui.kit.palette import Palette
from desktop_crm.ui.main_window import MainWindow
from desktop_crm.ui.page import Desk, PageSpec
from desktop_crm.ui.rail_views import ROW
from desktop_crm.ui.taking_out import CSV, LeavingDialog
from desktop_crm.who import Condition, Filter, Takes, Value
from tests.ui.pages import HERE

Show = Callable[[QWidget], None]
TODAY = date(2026, 11, 21)
WOMEN = Filter((Condition("gender", "is", ("female",)),))


@pytest.fixture
def people(shop: Shop) -> dict[str, int]:
    """Two women, one of whom has a number, and a man."""
    drafts = (
        CustomerDraft("李芳", (PhoneDraft("13905711234"),), gender="female"),
        CustomerDraft("赵敏", gender="female", tags=("VIP",)),
        CustomerDraft("王建国", (PhoneDraft("13805718866"),), gender="male"),
    )
    return {draft.name: customers.add(shop, draft) for draft in drafts}


@pytest.fixture
def page(desk: Desk, people: dict[str, int], shown: Show, qtbot: QtBot) -> CustomersPage:
    """The list, loaded."""
    made = CustomersPage(desk)
    made.resize(1100, 700)
    shown(made)
    made.load()
    settle(made.desk, qtbot)
    return made


def settle(desk: Desk, qtbot: QtBot) -> None:
    """Wait until nothing is on its way."""
    for _again in range(4):
        qtbot.waitUntil(lambda: not desk.jobs.is_busy)
        QApplication.processEvents()


def names(page: CustomersPage) -> set[str]:
    """Who is listed."""
    rows = page.table.rows
    found = [rows.record(row) for row in range(rows.rowCount())]
    return {line.name for line in found if line is not None}


def lists(page: CustomersPage, qtbot: QtBot, *wanted: str) -> None:
    """Wait until these are listed, and nobody else."""
    settle(page.desk, qtbot)
    qtbot.waitUntil(lambda: names(page) == set(wanted))


def key(widget: QWidget, which: Qt.Key, how: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key."""
    QTest.keyClick(widget, which, how)


ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
ENTER = Qt.Key.Key_Return


@pytest.mark.parametrize("loaded", [True, False])
def test_ctrl_a_right_after_a_view_is_opened_marks_those_who_come(
    page: CustomersPage, shop: Shop, qtbot: QtBot, loaded: bool
) -> None:
    view_id = views.add(shop, "Women", WOMEN)
    for _again in range(2):  # the second time it is open already
        page.open(("view", view_id))
        if not loaded:
            page.load()
        key(page.table, Qt.Key.Key_A, CTRL)
        lists(page, qtbot, "李芳", "赵敏")
        assert page.marked == 2
        assert page.selection().all_but == frozenset()
        page.clear_selection()


def test_esc_takes_back_what_was_marked_before_it_came(page: CustomersPage, shop: Shop, qtbot: QtBot) -> None:
    page.open(("view", views.add(shop, "Women", WOMEN)))
    key(page.table, Qt.Key.Key_A, CTRL)
    page.clear_selection()
    lists(page, qtbot, "李芳", "赵敏")
    assert page.marked == 0


def say(palette: Palette, *texts: str) -> None:
    """Type a text and Enter, several times."""
    for text in texts:
        palette.line.setText(text)
        palette.line.textEdited.emit(text)
        key(palette.line, ENTER)


def ask_for(page: CustomersPage, qtbot: QtBot, *texts: str) -> None:
    """Add a condition by keys."""
    key(page, Qt.Key.Key_F, ALT)
    settle(page.desk, qtbot)
    assert page.filter_bar.palette_list.isVisible()
    say(page.filter_bar.palette_list, *texts)
    settle(page.desk, qtbot)


def test_a_condition_is_added_changed_and_removed_by_keys(page: CustomersPage, qtbot: QtBot) -> None:
    bar = page.filter_bar
    ask_for(page, qtbot, "Gender", "is", "female")
    lists(page, qtbot, "李芳", "赵敏")
    assert bar.sentence.whole_text() == "2 customers: Gender is female"
    assert [chip.text() for chip in bar.chips] == ["Gender is female"]
    ask_for(page, qtbot, "Phone number", "Has no phone number")
    lists(page, qtbot, "赵敏")
    key(page, Qt.Key.Key_O, ALT)
    lists(page, qtbot, "李芳", "赵敏")
    assert bar.joint_button.text() == "One must hold"
    bar.chips[1].setFocus()
    key(bar.chips[1], ENTER)
    settle(page.desk, qtbot)
    say(bar.palette_list, "begins with", "138")
    lists(page, qtbot, "李芳", "赵敏", "王建国")
    key(bar.chips[0], Qt.Key.Key_Right)
    assert bar.chips[1].hasFocus()
    key(bar.chips[0], Qt.Key.Key_Delete)
    lists(page, qtbot, "王建国")
    key(bar.chips[0], Qt.Key.Key_Backspace)
    lists(page, qtbot, "李芳", "赵敏", "王建国")
    assert not bar.chips


def test_a_chip_is_removed_by_its_cross(page: CustomersPage, qtbot: QtBot) -> None:
    page.filter_bar.set_filter(WOMEN)
    lists(page, qtbot, "李芳", "赵敏")
    chip = page.filter_bar.chips[0]
    place = QPointF(chip.width() - 10, 10)
    for kind in (QMouseEvent.Type.MouseButtonPress, QMouseEvent.Type.MouseButtonRelease):
        left = Qt.MouseButton.LeftButton
        QApplication.sendEvent(
            chip, QMouseEvent(kind, place, place, left, left, Qt.KeyboardModifier.NoModifier)
        )
    lists(page, qtbot, "李芳", "赵敏", "王建国")


def test_several_choices_are_marked_with_space(page: CustomersPage, qtbot: QtBot) -> None:
    ask_for(page, qtbot, "Gender", "is")
    line = page.filter_bar.palette_list.line
    key(line, Qt.Key.Key_Space)
    key(line, Qt.Key.Key_Down)
    key(line, Qt.Key.Key_Space)
    key(line, ENTER)
    settle(page.desk, qtbot)
    assert page.filter_bar.filter.conditions[0].value == ("female", "male")


def test_backspace_goes_back_a_question_and_esc_closes(page: CustomersPage, qtbot: QtBot) -> None:
    palette = page.filter_bar.palette_list
    ask_for(page, qtbot, "Last contact", "not for")
    assert palette.title.text() == "Last contact · not for …"
    key(palette.line, Qt.Key.Key_Backspace)
    assert palette.title.text() == "Last contact"
    key(palette.line, Qt.Key.Key_Backspace)
    assert palette.title.text() == "Show customers whose …"
    key(palette.line, Qt.Key.Key_Escape)
    assert not palette.isVisible()
    assert page.filter_bar.filter == who.EVERYBODY


def test_what_is_wrong_stays_with_a_sentence(page: CustomersPage, qtbot: QtBot) -> None:
    palette = page.filter_bar.palette_list
    ask_for(page, qtbot, "Last contact", "not for", "soon")
    assert palette.problem.text() == "This is not a span. Write 60 for days, or 2 weeks, 6 months, 1 year."
    assert palette.line.text() == "soon"
    say(palette, "45")
    settle(page.desk, qtbot)
    assert page.filter_bar.filter.conditions == (Condition("last_contact", "not_for", "45d"),)


def test_nothing_is_called_so(page: CustomersPage, qtbot: QtBot) -> None:
    ask_for(page, qtbot, "shoe size")
    assert "Nothing is called “shoe size”" in page.filter_bar.palette_list.problem.text()


def test_who_referred_is_found_by_name(page: CustomersPage, people: dict[str, int], qtbot: QtBot) -> None:
    customers.edit(page.desk.shop, people["赵敏"], referred_by=people["李芳"])
    palette = page.filter_bar.palette_list
    ask_for(page, qtbot, "Referred by", "is", "nobody at all")
    assert "Nobody fits" in palette.problem.text()
    say(palette, "李芳")
    settle(page.desk, qtbot)
    key(palette.line, ENTER)
    lists(page, qtbot, "赵敏")


@pytest.mark.parametrize(
    ("takes", "text", "value"),
    [
        ("text", "a b", "a b"), ("span", "2周", "2w"), ("span", "x", None), ("day", "2026-03-01", "2026-03-01"),
        ("day", "x", None), ("money", "1299.5", 129_950), ("money", "x", None),
        ("moneys", "5000 至 1000", (100_000, 500_000)),
        ("moneys", "5000", None), ("number", "3", 3), ("number", "2.5", 2.5), ("number", "x", None),
        ("numbers", "30-18", (18, 30)),
        ("numbers", "18", None), ("days", "2026-10", ("2026-10-01", "2026-10-31")),
        ("days", "2026-03-02 至 2026-03-01", ("2026-03-01", "2026-03-02")), ("days", "x", None),
    ],
)  # fmt: skip
def test_values_are_read_as_people_write_them(takes: Takes, text: str, value: Value | None) -> None:
    assert read(takes, text, TODAY) == value


def test_a_filter_is_kept_opened_changed_and_deleted_as_a_view(page: CustomersPage, qtbot: QtBot) -> None:
    bar, shop = page.filter_bar, page.desk.shop
    bar.set_filter(WOMEN)
    settle(page.desk, qtbot)
    key(page, Qt.Key.Key_S, CTRL)
    say(bar.palette_list, "女客")
    settle(page.desk, qtbot)
    assert [(view.name, views.filter_of(view)) for view in views.listing(shop)] == [("女客", WOMEN)]
    assert bar.view_button.text() == "女客"
    ask_for(page, qtbot, "Phone number", "Has a phone number")
    assert bar.view_button.text() == "女客, changed"
    key(page, Qt.Key.Key_S, CTRL)
    say(bar.palette_list, "Change the view")
    settle(page.desk, qtbot)
    assert len(views.filter_of(views.by_name(shop, "女客")).conditions) == 2
    assert not bar.is_changed
    key(page, Qt.Key.Key_V, ALT)
    say(bar.palette_list, "Rename", "女客户")
    settle(page.desk, qtbot)
    assert bar.view_button.text() == "女客户"
    key(page, Qt.Key.Key_V, ALT)
    say(bar.palette_list, "Delete")
    lists(page, qtbot, "李芳", "赵敏", "王建国")
    assert views.listing(shop) == []


def test_a_changed_view_may_be_kept_as_a_new_one(page: CustomersPage, qtbot: QtBot) -> None:
    bar, shop = page.filter_bar, page.desk.shop
    bar.open(("view", views.add(shop, "女客", WOMEN)))
    lists(page, qtbot, "李芳", "赵敏")
    bar.set_filter(Filter(WOMEN.conditions, all_of=False))
    settle(page.desk, qtbot)
    key(page, Qt.Key.Key_S, CTRL)
    say(bar.palette_list, "new view", "女客")
    settle(page.desk, qtbot)
    assert "already a view “女客”" in bar.palette_list.problem.text()
    say(bar.palette_list, "女客二")
    settle(page.desk, qtbot)
    assert [view.name for view in views.listing(shop)] == ["女客", "女客二"]


@pytest.mark.parametrize(
    ("choice", "order", "in_rail"),
    [
        ("Move it down", ["B", "A"], True),
        ("Move it up", ["A", "B"], True),
        ("Take it out", ["A", "B"], False),
    ],
)
def test_a_view_is_ordered_and_taken_out_of_the_rail(
    page: CustomersPage, qtbot: QtBot, choice: str, order: list[str], in_rail: bool
) -> None:
    bar, shop = page.filter_bar, page.desk.shop
    first = views.add(shop, "A", WOMEN)
    views.add(shop, "B", WOMEN)
    bar.open(("view", first))
    settle(page.desk, qtbot)
    key(page, Qt.Key.Key_V, ALT)
    say(bar.palette_list, choice)
    settle(page.desk, qtbot)
    assert [view.name for view in views.listing(shop)] == order
    assert views.get(shop, first).in_rail is in_rail


def test_an_undo_of_a_changed_view_changes_the_list(page: CustomersPage, qtbot: QtBot) -> None:
    shop = page.desk.shop
    number = views.add(shop, "女客", WOMEN)
    page.open(("view", number))
    lists(page, qtbot, "李芳", "赵敏")
    views.change_filter(shop, number, Filter((Condition("gender", "is", ("male",)),)))
    page.load()
    lists(page, qtbot, "王建国")
    history.undo(shop)
    page.load()
    lists(page, qtbot, "李芳", "赵敏")


def test_a_view_is_chosen_from_a_list(page: CustomersPage, qtbot: QtBot) -> None:
    views.add(page.desk.shop, "女客", WOMEN)
    page.open("views")
    qtbot.waitUntil(page.filter_bar.palette_list.isVisible)
    assert [option.label for option in page.filter_bar.palette_list.options()] == ["女客", "Everybody"]
    say(page.filter_bar.palette_list, "女客")
    lists(page, qtbot, "李芳", "赵敏")
    page.filter_bar.choose_view()
    settle(page.desk, qtbot)
    say(page.filter_bar.palette_list, "Everybody")
    lists(page, qtbot, "李芳", "赵敏", "王建国")


def test_a_filter_may_be_handed_over(page: CustomersPage, qtbot: QtBot) -> None:
    page.open(Filter((Condition("gap", "is", ("phone",)),)))
    lists(page, qtbot, "赵敏")
    key(page, Qt.Key.Key_E, ALT)
    lists(page, qtbot, "李芳", "赵敏", "王建国")


def test_a_filter_that_cannot_be_asked_says_so(page: CustomersPage, qtbot: QtBot) -> None:
    page.filter_bar.set_filter(Filter((Condition("own:7", "empty"),)))
    lists(page, qtbot)
    assert "not there any more" in page.filter_bar.sentence.whole_text()


def test_first_views_are_offered_and_taken(page: CustomersPage, qtbot: QtBot) -> None:
    assert page.filter_bar.offer.isVisible()
    key(page, Qt.Key.Key_Y, ALT)
    settle(page.desk, qtbot)
    assert not page.filter_bar.offer.isVisible()
    assert len(views.listing(page.desk.shop)) == 6


# ---------------------------------------------------------------- those marked


def mark_all(page: CustomersPage) -> Palette:
    """Mark everybody; answers the palette of what can be done."""
    key(page.table, Qt.Key.Key_A, CTRL)
    assert page.bulk_bar.isVisible()
    assert page.bulk_bar.count.text() == "3 customers marked"
    return page.bulk_bar.palette_list


def confirm(page: CustomersPage, qtbot: QtBot) -> str:
    """Do what the preview shows; answers its title."""
    settle(page.desk, qtbot)
    form = QApplication.activeModalWidget()
    assert isinstance(form, PreviewForm)
    title = form.windowTitle()
    key(form, ENTER, CTRL)
    settle(page.desk, qtbot)
    return title


def test_those_marked_are_tagged_and_it_is_undone(
    page: CustomersPage, people: dict[str, int], qtbot: QtBot
) -> None:
    shop = page.desk.shop
    palette = mark_all(page)
    key(page, Qt.Key.Key_T, ALT)
    settle(page.desk, qtbot)
    say(palette, "VIP")
    assert confirm(page, qtbot) == "Tag 2 customers with VIP"
    assert all(customers.tags(shop, number) == ("VIP",) for number in people.values())
    history.undo(shop)
    assert [customers.tags(shop, number) for number in people.values()] == [(), ("VIP",), ()]


def test_a_new_tag_is_typed(page: CustomersPage, people: dict[str, int], qtbot: QtBot) -> None:
    palette = mark_all(page)
    key(page, Qt.Key.Key_T, ALT)
    settle(page.desk, qtbot)
    say(palette, "新客")
    assert confirm(page, qtbot) == "Tag 3 customers with 新客"


@pytest.mark.parametrize(
    ("texts", "title"),
    [
        (("Take a tag", "VIP"), "Take VIP off 1 customer"),
        (("Set a field", "District", "西湖区"), "Set District of 3 customers"),
        (("Set a field", "Gender", "male"), "Set Gender of 2 customers"),
        (("Note their consent", "SMS: granted"), "Note the consent of 3 customers (SMS)"),
        (("They do not want",), "Contact 3 customers no more"),
        (("Delete them",), "Delete 3 customers"),
    ],
)
def test_all_that_can_be_done(page: CustomersPage, qtbot: QtBot, texts: tuple[str, ...], title: str) -> None:
    palette = mark_all(page)
    key(page, Qt.Key.Key_B, CTRL)
    for text in texts:
        settle(page.desk, qtbot)
        say(palette, text)
    assert confirm(page, qtbot) == title
    assert history.changes(page.desk.shop, 1)[0].label == title


def test_those_marked_are_assigned(page: CustomersPage, people: dict[str, int], qtbot: QtBot) -> None:
    clerk = staff.add(page.desk.shop, "陈星河")
    palette = mark_all(page)
    key(page, Qt.Key.Key_A, ALT)
    settle(page.desk, qtbot)
    say(palette, "陈星河")
    confirm(page, qtbot)
    assert {customers.get(page.desk.shop, number).owner_staff_id for number in people.values()} == {clerk}


def test_a_contact_is_planned_with_each(page: CustomersPage, qtbot: QtBot) -> None:
    mark_all(page)
    key(page, Qt.Key.Key_P, ALT)
    settle(page.desk, qtbot)
    form = QApplication.activeModalWidget()
    assert isinstance(form, PlanForm)
    form.reason.set_value("新机到店")
    key(form, ENTER, CTRL)
    settle(page.desk, qtbot)
    assert confirm(page, qtbot) == "Plan a contact with 3 customers"
    assert len(followups.due(page.desk.shop)) == 3


def test_where_nothing_would_change_nothing_can_be_done(page: CustomersPage, qtbot: QtBot) -> None:
    bulk.apply(page.desk.shop, who.EVERYBODY, bulk.Silence(True))
    palette = mark_all(page)
    key(page, Qt.Key.Key_B, CTRL)
    say(palette, "They do not want")
    settle(page.desk, qtbot)
    form = QApplication.activeModalWidget()
    assert isinstance(form, PreviewForm)
    assert not form.save_button.isEnabled()
    form.reject()


def test_cards_gone_meanwhile_are_a_sentence(
    page: CustomersPage, people: dict[str, int], qtbot: QtBot
) -> None:
    palette = mark_all(page)
    customers.delete(page.desk.shop, list(people.values()))
    key(page, Qt.Key.Key_B, CTRL)
    say(palette, "Delete")
    settle(page.desk, qtbot)
    assert "there any more" in palette.problem.text()
    key(palette.line, Qt.Key.Key_Escape)


# ---------------------------------------------------------------- the rail and the exports

PAGES = (
    PageSpec("customers", "Customers", f"{HERE}:NamePage"),
    PageSpec("other", "Other", f"{HERE}:OtherPage"),
)


def rail_texts(window: MainWindow) -> list[tuple[str, str]]:
    """The views that the rail shows, with their counts."""
    return [(entry.text(), entry.count) for entry in window.rail.views.entries]


def test_the_rail_counts_views_and_opens_them(
    make_window: Callable[..., MainWindow], people: dict[str, int], shop: Shop, qtbot: QtBot
) -> None:
    number = views.add(shop, "女客", WOMEN)
    window = make_window(PAGES)
    window.go_to("other")
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    qtbot.waitUntil(lambda: rail_texts(window) == [("女客", "2")])
    window.jobs.change(lambda shop: customers.edit(shop, people["王建国"], gender="female"))
    qtbot.waitUntil(lambda: rail_texts(window) == [("女客", "3")])
    key(window, Qt.Key.Key_1, CTRL | Qt.KeyboardModifier.ShiftModifier)
    page = window.current_page()
    assert page is not None
    assert page.opened == [("view", number)]  # type: ignore[attr-defined]
    window.rail.views.entries[0].click()
    key(window, Qt.Key.Key_J, CTRL)
    assert page.opened[-1] == "views"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("rows", "texts"),
    [
        (0, []),
        (1, ["8 views"]),
        (3, ["view 0", "view 1", "6 more"]),
        (9, ["view 0", "view 1", "view 2", "view 3", "view 4", "view 5", "2 more"]),
    ],
)
def test_the_rail_shows_as_many_as_there_is_room_for(
    make_window: Callable[..., MainWindow], shop: Shop, qtbot: QtBot, rows: int, texts: list[str]
) -> None:
    for place in range(8):
        views.add(shop, f"view {place}", WOMEN)
    window = make_window(PAGES)
    qtbot.waitUntil(lambda: window.rail.views.wanted() == 7)
    window.rail.views.give_room(rows * ROW + 5)
    shown = [text for text, _count in rail_texts(window)] if not window.rail.views.isHidden() else []
    assert shown == texts


def test_the_rows_of_a_view_are_taken_out(
    desk: Desk, people: dict[str, int], shop: Shop, shown: Show, qtbot: QtBot
) -> None:
    views.add(shop, "女客", WOMEN)
    panel = ExportPanel(desk)
    panel.resize(900, 300)
    shown(panel)
    key(panel, Qt.Key.Key_W, ALT)
    settle(desk, qtbot)
    say(panel.palette_list, "女客")
    assert panel.whose.text() == "Of: 女客"
    out = shop.folder / "list.csv"
    panel.taking("customers").count(out, CSV)
    settle(desk, qtbot)
    question = desk.window.findChild(LeavingDialog)
    assert isinstance(question, LeavingDialog)
    question.accept()
    settle(desk, qtbot)
    assert "王建国" not in out.read_text("utf-8-sig")
