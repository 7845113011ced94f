"""Many files at once: the queue, its questions by keyboard, importing all, one summary, taking all back."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog
from pytestqt.qtbot import QtBot

from desktop_crm import customers, purchases
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.importing import several
from desktop_crm.importing.several import Batch, Item, State
from desktop_crm.shop import Shop
from desktop_crm.ui.data import DataPage
from desktop_crm.ui.import_forms import DaysForm, EncodingForm, PasswordForm
from desktop_crm.ui.import_view import ImportView
from desktop_crm.ui.kit.jobs import Progress
from tests.files.locked_workbooks import lock
from tests.importing.sheets import text, workbook
from tests.ui.test_data import choose, names, page, settle

__all__ = ["page"]

CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def folder(tmp_path: Path, shop: Shop) -> Path:
    """Ten years: sales before customers, a text nobody can tell the encoding of, days nobody can tell the order of."""
    customers.add(shop, CustomerDraft("王小明", (PhoneDraft("13800000005"),)))
    place = tmp_path / "老资料"
    place.mkdir()
    people = [["姓名", "手机", "绰号"], ["张三", 13800000001, "小张"], ["坏", "1.38E+10", ""]]
    sales = [["日期", "手机", "商品", "金额"], ["2026-01-01", 13800000001, "膜", 30], ["坏", "", "", 5]]
    workbook(place / "1 店.xlsx", ("销售", sales), ("客户", people))
    text(place / "2 big5.csv", [["姓名", "手機"], ["陳", "13800000002"]], encoding="big5")
    text(
        place / "3 days.csv",
        [["姓名", "手机", "生日"], ["赵六", "13800000007", "03/04/1990"], ["李四", "13800000005", ""]],
    )
    (place / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(range(256)) * 8)
    return place


def begin(page: DataPage, qtbot: QtBot, *paths: Path) -> ImportView:
    page.look_at(paths)
    settle(page.desk, qtbot)
    return page.view


def states(view: ImportView) -> list[State]:
    return [item.state for item in view.flow.batch.items] if view.flow.batch is not None else []


def figures(view: ImportView) -> list[str]:
    return [tile.figure.text() for tile in view.queue.tiles.values()]


def dialog() -> QDialog:
    return next(w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible())


def press(
    view: ImportView, qtbot: QtBot, key: Qt.Key, mod: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    """Press a key where the keys are; the system would make our window the active one again after a dialog."""
    view.activateWindow()
    QApplication.processEvents()
    QTest.keyClick(view.window().focusWidget() or view, key, mod)
    settle(view.desk, qtbot)


def test_everything_is_asked_by_keys_imported_and_taken_back(
    page: DataPage, shop: Shop, folder: Path, qtbot: QtBot
) -> None:
    view = begin(page, qtbot, folder)
    queue = view.queue
    assert page._stack.currentWidget() is view
    assert view.currentWidget() is queue
    assert queue.table.hasFocus()
    assert states(view) == ["ready", "ready", "encoding", "asks"]
    assert figures(view) == ["2", "0", "0", "2", "2"]
    assert queue._note.whole_text() == "3 files · 3 sheets · nothing is written yet"
    assert queue.questions.text().startswith("2 sheets ask something · 1 row waits for you")
    press(view, qtbot, Qt.Key.Key_Q, ALT)  # the first question: columns of the sheet of customers
    assert view.preview.columns.table.hasFocus()
    press(view, qtbot, Qt.Key.Key_Return, CONTROL)
    form = dialog()
    assert isinstance(form, EncodingForm)
    QTest.keyClick(form, Qt.Key.Key_Return, CONTROL)
    settle(page.desk, qtbot)
    form = dialog()
    assert isinstance(form, DaysForm)
    QTest.keyClick(form, Qt.Key.Key_Return, CONTROL)
    assert form.isVisible()  # nothing is chosen for the person
    QTest.keyClick(form.focusWidget(), Qt.Key.Key_1)
    qtbot.waitUntil(lambda: view.flow.is_reading or view.currentWidget() is view.preview)
    if view.flow.is_reading:  # what is typed before the next question comes lands nowhere
        assert not queue.import_button.isEnabled()
        assert view._waiter.window().focusWidget() is view._waiter
    settle(page.desk, qtbot)
    assert view.preview.table._where.which == "asks"
    press(view, qtbot, Qt.Key.Key_N, ALT)  # 李四 is not 王小明
    press(view, qtbot, Qt.Key.Key_Return, CONTROL)
    assert view.currentWidget() is queue
    assert states(view) == ["ready"] * 4
    assert not queue.questions.isVisible()
    press(view, qtbot, Qt.Key.Key_Return, CONTROL)
    assert names(shop) == ["王小明", "张三", "陳", "赵六", "李四"]
    assert len(purchases.of_customer(shop, 2)) == 1
    assert (queue._title.text(), queue.undo_button.isVisible()) == ("5 rows were imported", True)
    assert states(view) == ["written"] * 4
    assert figures(view) == ["5", "0", "0", "0", "2"]
    press(view, qtbot, Qt.Key.Key_I, ALT)
    assert names(shop) == ["王小明"]
    assert page.desk.messages.shown == "4 sheets were taken back."
    assert states(view) == ["ready"] * 4
    press(view, qtbot, Qt.Key.Key_Return, CONTROL)
    assert len(names(shop)) == 5
    press(view, qtbot, Qt.Key.Key_Return, CONTROL)
    assert page._stack.currentWidget() is not view
    assert [batch.total("new") for batch in page.imports.records()] == [5]
    page.imports.selectRow(0)
    page.undo_import.click()
    settle(page.desk, qtbot)
    assert names(shop) == ["王小明"]


def test_a_password_is_asked_once_for_all_workbooks(
    page: DataPage, shop: Shop, tmp_path: Path, qtbot: QtBot
) -> None:
    rows = [["姓名", "手机"], ["张三", 13800000001]]
    books = [lock(workbook(tmp_path / name, ("客户", rows)), " 8866") for name in ("a.xlsx", "b.xlsx")]
    view = begin(page, qtbot, *books)
    assert states(view) == ["password", "password"]
    press(view, qtbot, Qt.Key.Key_Q, ALT)
    for typed in ("1", " 8866"):
        form = dialog()
        assert isinstance(form, PasswordForm)
        form._line.setText(typed)
        QTest.keyClick(form._line, Qt.Key.Key_Return)
        settle(page.desk, qtbot)
    assert states(view) == ["ready", "ready"]
    assert view.currentWidget() is view.queue
    begin(page, qtbot, lock(workbook(tmp_path / "c.xlsx", ("客户", rows)), " 8866"))
    assert states(view) == ["ready"] * 3
    page.go_back()


def test_a_sheet_is_left_out_and_taken_in_again(
    page: DataPage, shop: Shop, folder: Path, qtbot: QtBot
) -> None:
    view = begin(page, qtbot, folder)
    view.queue.table.selectRow(0)
    press(view, qtbot, Qt.Key.Key_Delete)
    assert states(view)[0] == "left_out"
    press(view, qtbot, Qt.Key.Key_Delete)
    assert states(view)[0] == "ready"
    press(view, qtbot, Qt.Key.Key_Delete)
    press(view, qtbot, Qt.Key.Key_Return, CONTROL)
    assert view.queue.questions.text().startswith("Not everything is answered.")
    assert names(shop) == ["王小明"]
    press(view, qtbot, Qt.Key.Key_Return, CONTROL)
    assert len(purchases.of_customer(shop, 2)) == 0
    assert states(view) == ["left_out", "written", "encoding", "asks"]
    assert view.queue.questions.text().startswith("2 sheets ask something")
    press(view, qtbot, Qt.Key.Key_Escape)
    assert page.go_back()
    settle(page.desk, qtbot)
    assert page._stack.currentWidget() is not view


def test_a_line_is_looked_at_and_left(page: DataPage, folder: Path, qtbot: QtBot) -> None:
    view = begin(page, qtbot, folder)
    view.queue.tiles["bad"]._on_click()
    view.queue.tiles["bad"]._on_click()
    line = view.queue.table.selected()
    assert line is not None
    assert line.item is not None
    assert line.item.sheet == "销售"
    press(view, qtbot, Qt.Key.Key_Return)
    assert view.currentWidget() is view.preview
    assert not view.preview.rejects.isVisible()
    assert view.preview.import_button.text() == "Looks right, go on"
    assert page.go_back()
    assert view.currentWidget() is view.queue
    view.queue.table.selectRow(4)
    press(view, qtbot, Qt.Key.Key_Return)
    press(view, qtbot, Qt.Key.Key_Delete)
    assert view.currentWidget() is view.queue
    view.queue.table.selectRow(2)
    press(view, qtbot, Qt.Key.Key_Return)
    form = dialog()
    assert isinstance(form, EncodingForm)
    form.reject()
    settle(page.desk, qtbot)
    assert page.go_back()
    assert not view.is_open


def test_the_policy_holds_for_all_sheets(page: DataPage, shop: Shop, folder: Path, qtbot: QtBot) -> None:
    customers.add(shop, CustomerDraft("张三", (PhoneDraft("13800000001"),), note="x"))
    view = begin(page, qtbot, folder)
    press(view, qtbot, Qt.Key.Key_P, ALT)
    choose(view.queue.policy.palette_list, "skip", qtbot, page.desk)
    assert figures(view) == ["1", "0", "0", "3", "2"]
    assert {item.wishes["policy"] for item in view.flow.batch.items} == {"skip"}  # type: ignore[union-attr]
    page.go_back()


def test_more_files_come_to_those_that_are_there(
    page: DataPage, folder: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    alone = text(tmp_path / "neu.csv", [["姓名", "手机"], ["钱七", "13800000008"]])
    view = begin(page, qtbot, alone)
    assert view.currentWidget() is view.preview
    begin(page, qtbot, folder)
    assert view.currentWidget() is view.queue
    assert len(states(view)) == 5
    begin(page, qtbot, alone)
    assert len(states(view)) == 5
    begin(page, qtbot, tmp_path / "gone")
    assert states(view)[-1] == "unreadable"
    page.go_back()


def test_after_an_import_other_files_begin_another_one(
    page: DataPage, folder: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    view = begin(page, qtbot, folder)
    view.apply()
    settle(page.desk, qtbot)
    assert view.queue.is_over
    begin(page, qtbot, text(tmp_path / "neu.csv", [["姓名", "手机"], ["钱七", "13800000008"]]))
    assert states(view) == ["ready"]
    assert view.currentWidget() is view.preview
    page.go_back()


def test_rows_with_problems_of_all_sheets_are_saved(
    page: DataPage, folder: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    view = begin(page, qtbot, folder)
    press(view, qtbot, Qt.Key.Key_B, ALT)
    asked = view.findChild(QFileDialog)
    assert isinstance(asked, QFileDialog)
    asked.fileSelected.emit(str(tmp_path / "out"))
    asked.reject()
    settle(page.desk, qtbot)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "1 店 客户 – to be mended.xlsx",
        "1 店 销售 – to be mended.xlsx",
    ]
    assert page.desk.messages.shown.startswith("Saved 2 workbooks in out.")
    page.go_back()


def test_cancelling_in_the_middle_takes_back_what_was_written(
    page: DataPage, shop: Shop, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = begin(page, qtbot, folder)
    real, seen = several.write_next, []

    def write(shop: Shop, batch: Batch, progress: Progress) -> Item | None:
        seen.append(len(names(shop)))
        if len(seen) == 2:
            progress.cancel()  # the person presses Cancel while the second sheet begins
        return real(shop, batch, progress)

    monkeypatch.setattr(several, "write_next", write)
    view.apply()
    settle(page.desk, qtbot)
    assert seen == [1, 2]
    assert names(shop) == ["王小明"]
    assert page.desk.messages.shown == "Cancelled; what was written before was taken back."
    assert states(view)[:2] == ["ready", "ready"]
    assert not view.flow.is_writing
    page.go_back()


def test_cancelling_at_once_changes_nothing(page: DataPage, shop: Shop, folder: Path, qtbot: QtBot) -> None:
    view = begin(page, qtbot, folder)
    view.apply()
    view.flow.close()
    assert view.is_open
    page.look_at([folder])
    assert "An import is being written" in page.desk.messages.shown
    assert not view.isEnabled()
    assert view._waiter.hasFocus()
    QTest.keyClick(view._waiter, Qt.Key.Key_5)
    assert page.go_back()  # Esc while sheets are written stops that
    settle(page.desk, qtbot)
    assert view.isEnabled()
    assert names(shop) == ["王小明"]
    assert page.desk.messages.shown == "Cancelled; nothing was changed."
    page.go_back()


def test_cancelling_while_files_are_read_gives_all_up(page: DataPage, folder: Path, qtbot: QtBot) -> None:
    page.look_at([folder])
    page.view.flow._job.cancel()  # type: ignore[union-attr]
    settle(page.desk, qtbot)
    assert not page.view.is_open
    assert page.desk.messages.shown == "Cancelled; nothing was changed."
    page.look_at([folder])
    qtbot.waitUntil(lambda: bool(states(page.view)), timeout=10_000)
    page.view.flow._job.cancel()  # type: ignore[union-attr]
    settle(page.desk, qtbot)
    assert not page.view.is_open
    page.look_at([folder])
    qtbot.waitUntil(lambda: bool(states(page.view)), timeout=10_000)
    assert page.go_back()  # Esc while files are read
    settle(page.desk, qtbot)
    assert not page.view.is_open


def test_a_sale_entered_meanwhile_is_kept(page: DataPage, shop: Shop, folder: Path, qtbot: QtBot) -> None:
    view = begin(page, qtbot, folder)
    view.apply()
    page.desk.jobs.change(lambda shop: customers.edit(shop, 1, note="entered meanwhile"))
    settle(page.desk, qtbot)
    assert customers.get(shop, 1).note == "entered meanwhile"
    assert len(names(shop)) == 2
    view.flow.take_back()
    settle(page.desk, qtbot)
    assert customers.get(shop, 1).note == "entered meanwhile"
    page.go_back()


def test_what_waited_comes_in_after_the_rest(page: DataPage, shop: Shop, folder: Path, qtbot: QtBot) -> None:
    view = begin(page, qtbot, folder)
    for _twice in range(2):
        press(view, qtbot, Qt.Key.Key_Return, CONTROL)
    assert names(shop) == ["王小明", "张三"]
    view.flow.batch.items[2].wanted = False  # type: ignore[union-attr]
    press(view, qtbot, Qt.Key.Key_Q, ALT)
    form = dialog()
    assert isinstance(form, DaysForm)
    QTest.keyClick(form.focusWidget(), Qt.Key.Key_2)
    settle(page.desk, qtbot)
    press(view, qtbot, Qt.Key.Key_S, ALT)  # 李四 is 王小明 after all
    press(view, qtbot, Qt.Key.Key_Return, CONTROL)
    assert view.currentWidget() is view.queue
    assert view.queue.import_button.text() == "Import 1 row"
    assert (view.queue.leave.isVisible(), view.queue.leave.text()) == (True, "Close")
    press(view, qtbot, Qt.Key.Key_Return, CONTROL)
    assert names(shop) == ["王小明", "张三", "赵六"]
    assert figures(view)[0] == "3"
    press(view, qtbot, Qt.Key.Key_I, ALT)
    assert names(shop) == ["王小明"]
    page.go_back()


def test_counts_of_two_writings_are_told_together(
    page: DataPage, shop: Shop, tmp_path: Path, qtbot: QtBot
) -> None:
    customers.add(shop, CustomerDraft("王小明", (PhoneDraft("13800000005"),)))
    rows = [["姓名", "手机"], ["李四", "13800000005"], *([f"人{n}", f"1390000000{n}"] for n in range(3))]
    other = text(tmp_path / "z.csv", [["姓名", "手机"], ["钱七", "13800000008"]])
    view = begin(page, qtbot, text(tmp_path / "a.csv", rows), other)
    for _twice in range(2):
        press(view, qtbot, Qt.Key.Key_Return, CONTROL)
    assert figures(view) == ["4", "0", "0", "1", "0"]
    press(view, qtbot, Qt.Key.Key_Q, ALT)
    press(view, qtbot, Qt.Key.Key_N, ALT)
    press(view, qtbot, Qt.Key.Key_Return, CONTROL)
    assert figures(view) == ["5", "0", "0", "0", "0"]
    press(view, qtbot, Qt.Key.Key_Return, CONTROL)
    assert figures(view) == ["5", "0", "0", "0", "0"]
    assert len(names(shop)) == 6
    assert [len(each.sheets) for each in page.imports.records()] == [3]
    view.flow.take_back()
    settle(page.desk, qtbot)
    assert names(shop) == ["王小明"]
    page.go_back()
