"""Taking lists out by keyboard: what, where to, how many people leave, and what is said afterwards."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from desktop_crm import customers, history, staff, views
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.history import Wanted
from desktop_crm.records.history import EXPORTS
from desktop_crm.shop import Shop
from desktop_crm.ui.customers import CustomersPage
from desktop_crm.ui.export_panel import ExportPanel
from desktop_crm.ui.history import HistoryPage
from desktop_crm.ui.page import Desk
from desktop_crm.ui.taking_out import LeavingDialog
from desktop_crm.who import Condition, Filter

ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
Show = Callable[[QWidget], None]
WOMEN = Filter((Condition("gender", "is", ("female",)),))


def settle(desk: Desk, qtbot: QtBot) -> None:
    """Wait until nothing is on its way."""
    qtbot.waitUntil(lambda: not desk.jobs.is_busy)


def choose(desk: Desk, qtbot: QtBot, out: Path, filter_name: str = "") -> str:
    """Name the file in the dialog that is open; answers the ending that it would add."""
    settle(desk, qtbot)
    dialog = desk.window.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    if filter_name:
        dialog.selectNameFilter(next(name for name in dialog.nameFilters() if filter_name in name))
        dialog.filterSelected.emit(dialog.selectedNameFilter())
    ending = dialog.defaultSuffix()
    dialog.fileSelected.emit(str(out))
    dialog.reject()
    settle(desk, qtbot)
    return ending


def question(desk: Desk) -> LeavingDialog | None:
    """The question about who leaves, if it is asked."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return desk.window.findChild(LeavingDialog)


def agree(desk: Desk, qtbot: QtBot) -> None:
    """Enter."""
    asked = question(desk)
    assert asked is not None
    qtbot.waitUntil(asked.isActiveWindow)
    QTest.keyClick(asked, Qt.Key.Key_Return)
    settle(desk, qtbot)
    settle(desk, qtbot)


@pytest.fixture
def people(shop: Shop) -> None:
    """Two women and a man."""
    for name, gender, number in (("王芳", "female", 1), ("李强", "male", 2), ("赵敏", "female", 3)):
        customers.add(
            shop,
            CustomerDraft(name, (PhoneDraft(f"1380000000{number}"),), gender=gender),  # type: ignore[arg-type]
        )


@pytest.fixture
def panel(desk: Desk, people: None, shown: Show, qtbot: QtBot) -> ExportPanel:
    """The panel of the page Data."""
    made = ExportPanel(desk)
    made.resize(1000, 400)
    shown(made)
    settle(desk, qtbot)
    return made


@pytest.fixture
def page(desk: Desk, people: None, shown: Show, qtbot: QtBot) -> CustomersPage:
    """The list of customers."""
    made = CustomersPage(desk)
    made.resize(1200, 700)
    shown(made)
    made.load()
    settle(desk, qtbot)
    return made


def names(path: Path, place: int = 0) -> list[str]:
    """A column of a written list."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        return [row[place] for row in csv.reader(file)][1:]


@pytest.mark.parametrize(
    ("typed", "ending", "people_count"),
    [
        ("Customers", "csv", 3),
        ("All lists", "xlsx", 3),
        ("Phone book", "vcf", 3),
        ("archive", "zip", 3),
        ("database", "db", 3),
    ],
)
def test_anything_goes_out_by_keyboard(
    panel: ExportPanel, tmp_path: Path, qtbot: QtBot, typed: str, ending: str, people_count: int
) -> None:
    desk = panel.desk
    QTest.keyClick(panel, Qt.Key.Key_E, ALT)
    panel.palette_list.line.setText(typed)
    panel.palette_list.line.textEdited.emit(typed)
    QTest.keyClick(panel.palette_list.line, Qt.Key.Key_Return)
    out = tmp_path / f"out.{ending}"
    assert choose(desk, qtbot, out, f"*.{ending}") == ending
    asked = question(desk)
    assert asked is not None
    assert asked.title.text() == f"{people_count} people leave the shop with this file"
    assert "without a password" in asked.words.text()
    assert asked.focusWidget() is asked.write_button
    assert not out.exists()
    agree(desk, qtbot)
    assert out.exists()
    assert "out." + ending in desk.messages.shown
    assert history.count(desk.shop, Wanted(kind=EXPORTS)) == 1


def test_esc_writes_nothing(panel: ExportPanel, tmp_path: Path, qtbot: QtBot) -> None:
    panel.choose_target("customers")
    choose(panel.desk, qtbot, tmp_path / "out.csv")
    asked = question(panel.desk)
    assert asked is not None
    QTest.keyClick(asked, Qt.Key.Key_Escape)
    settle(panel.desk, qtbot)
    assert question(panel.desk) is None
    assert list(tmp_path.glob("*out*")) == []
    assert history.count(panel.desk.shop, Wanted(kind=EXPORTS)) == 0


def test_nobody_is_asked_about_a_list_without_people(
    panel: ExportPanel, tmp_path: Path, qtbot: QtBot
) -> None:
    panel.choose_target("complaints")
    choose(panel.desk, qtbot, tmp_path / "out.csv")
    assert question(panel.desk) is None
    settle(panel.desk, qtbot)
    assert (tmp_path / "out.csv").exists()


def test_old_programs_get_their_encoding(panel: ExportPanel, tmp_path: Path, qtbot: QtBot) -> None:
    panel.choose_target("customers")
    choose(panel.desk, qtbot, tmp_path / "out.csv", "GB18030")
    agree(panel.desk, qtbot)
    assert "王芳" in (tmp_path / "out.csv").read_bytes().decode("gb18030")


def test_a_clerk_is_told_who_may(panel: ExportPanel, shop: Shop, qtbot: QtBot) -> None:
    desk = panel.desk
    desk.jobs.use(shop.at_counter(staff.add(shop, "小王")))
    panel.choose_target("customers")
    settle(desk, qtbot)
    assert desk.window.findChild(QFileDialog) is None
    assert "小王 may not take lists out of the shop" in desk.messages.shown


def test_of_a_view_only_lists_are_offered(panel: ExportPanel, shop: Shop) -> None:
    panel._hold(views.get(shop, views.add(shop, "女客", WOMEN)))
    panel.choose_thing()
    offered = {option.key for option in panel.palette_list.options()}
    assert offered == {"customers", "purchases", "followups", "complaints", "all", "contacts", "dates"}
    panel.palette_list.close_it()


def test_what_is_wrong_with_the_place_is_said(panel: ExportPanel, tmp_path: Path, qtbot: QtBot) -> None:
    panel.choose_target("customers")
    choose(panel.desk, qtbot, tmp_path / "nowhere" / "out.csv")
    agree(panel.desk, qtbot)
    assert "does not exist" in panel.desk.messages.shown


# ---------------------------------------------------------------- the list as it is seen


def test_the_list_goes_out_as_it_is_seen(page: CustomersPage, tmp_path: Path, qtbot: QtBot) -> None:
    page.table.set_sort("name", descending=True)
    for column in page.table.columns():
        page.table.show_column(column.key, column.key in ("name", "phone", "tier"))
    page.table.move_column("phone", -1)
    settle(page.desk, qtbot)
    QTest.keyClick(page.table, Qt.Key.Key_E, CTRL)
    out = tmp_path / "seen.csv"
    choose(page.desk, qtbot, out)
    agree(page.desk, qtbot)
    with open(out, encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    assert head == ["Phone", "Name", "Computed tier"]
    assert [row[1] for row in rows] == ["赵敏", "王芳", "李强"]


def test_only_those_marked_go_out(page: CustomersPage, tmp_path: Path, qtbot: QtBot) -> None:
    page.table.set_sort("name", descending=False)
    settle(page.desk, qtbot)
    page.table.selectRow(0)
    QTest.keyClick(page.table, Qt.Key.Key_Space)
    settle(page.desk, qtbot)
    assert page.marked == 1
    page.take_out()
    choose(page.desk, qtbot, tmp_path / "seen.csv")
    asked = question(page.desk)
    assert asked is not None
    assert asked.title.text() == "1 person leaves the shop with this file"
    agree(page.desk, qtbot)
    assert names(tmp_path / "seen.csv") == ["李强"]
    (step,) = history.steps(page.desk.shop, Wanted(kind=EXPORTS))
    found = history.export_of(page.desk.shop, step.id)
    assert found is not None
    assert found.filter == "Only those marked by hand"


def test_a_filtered_list_says_its_filter(page: CustomersPage, tmp_path: Path, qtbot: QtBot) -> None:
    page.open(WOMEN)
    settle(page.desk, qtbot)
    page.taking().begin()
    choose(page.desk, qtbot, tmp_path / "seen.csv")
    agree(page.desk, qtbot)
    assert sorted(names(tmp_path / "seen.csv")) == ["王芳", "赵敏"]
    assert page.desk.shop.db.value("SELECT filter FROM exports") == "Only customers with: Gender is female"


def test_an_empty_list_is_not_taken_out(desk: Desk, shown: Show, qtbot: QtBot) -> None:
    page = CustomersPage(desk)
    shown(page)
    page.load()
    settle(desk, qtbot)
    page.take_out()
    settle(desk, qtbot)
    assert desk.window.findChild(QFileDialog) is None


def test_history_tells_what_left(page: CustomersPage, tmp_path: Path, shown: Show, qtbot: QtBot) -> None:
    page.taking().begin()
    choose(page.desk, qtbot, tmp_path / "seen.csv")
    agree(page.desk, qtbot)
    told = HistoryPage(page.desk)
    shown(told)
    told.kind.set_value(EXPORTS)
    settle(page.desk, qtbot)
    told.load()
    settle(page.desk, qtbot)
    qtbot.waitUntil(lambda: "people stand in it" in told.about.text())
    settle(page.desk, qtbot)
    assert told.label.text() == "Take out Customers: 3 people in seen.csv"
    lines = told.about.text().split("\n")
    assert lines[0].endswith("what left the shop cannot be called back.")
    assert lines[1:] == ["3 rows in seen.csv", "3 people stand in it.", "Everybody"]
    assert not told.undo_button.isEnabled()
