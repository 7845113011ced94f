"""The page Data and the import preview, through the real widgets, threads and shop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from desktop_crm import custom_fields, customers
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.shop import Shop
from desktop_crm.ui.data import DataPage
from desktop_crm.ui.import_forms import EncodingForm, MeaningForm
from desktop_crm.ui.import_preview import ImportPreview
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.page import Desk
from desktop_crm.ui.taking_out import LeavingDialog
from tests.importing.sheets import text, workbook

Shown = Callable[[QWidget], None]
HEAD = ["姓名", "手机", "生日", "来源", "绰号"]


def settle(desk: Desk, qtbot: QtBot) -> None:
    for _again in range(3):
        qtbot.waitUntil(lambda: not desk.jobs.is_busy)
        QApplication.processEvents()
    qtbot.waitUntil(lambda: not desk.jobs.is_busy)


@pytest.fixture
def page(desk: Desk, shown: Shown, qtbot: QtBot) -> DataPage:
    made = DataPage(desk)
    made.resize(1160, 680)
    shown(made)
    made.load()
    settle(desk, qtbot)
    return made


def leads(folder: Path, *rows: Sequence[Any]) -> Path:  # cells of any kind
    return workbook(folder / "leads.xlsx", ("线索", [HEAD, *rows]))


def look(page: DataPage, path: Path, qtbot: QtBot) -> ImportPreview:
    page.look_at(path)
    settle(page.desk, qtbot)
    return page.preview


def names(shop: Shop) -> list[str]:
    return [
        name for (name,) in shop.db.rows("SELECT name FROM customers WHERE deleted_at IS NULL ORDER BY id")
    ]


def test_a_list_is_looked_at_imported_and_undone(
    page: DataPage, shop: Shop, tmp_path: Path, qtbot: QtBot
) -> None:
    path = leads(
        tmp_path, ["张三", 13800000001, "", "抖音"], ["李四", "1.38E+10"], ["王五", 13800000003, "0000-00-00"]
    )
    preview = look(page, path, qtbot)
    assert [tile.figure.text() for tile in preview.tiles.values()] == ["2", "0", "0", "0", "1"]
    assert preview.rows.rows.rowCount() == 3
    assert "线索" in preview._file.whole_text()
    preview.tiles["bad"].mouseReleaseEvent(_release(preview.tiles["bad"]))
    settle(page.desk, qtbot)
    assert preview.rows.rows.rowCount() == 1
    preview.rows.selectRow(0)
    settle(page.desk, qtbot)
    assert "lost digits" in preview._why.text()
    assert names(shop) == []
    QTest.keyClick(preview.rows, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle(page.desk, qtbot)
    assert names(shop) == ["张三", "王五"]
    assert page._stack.currentWidget() is not preview
    assert page.imports.rows.rowCount() == 1
    assert "2 rows were imported" in page.desk.messages.shown
    page.imports.selectRow(0)
    page.undo_import.click()
    settle(page.desk, qtbot)
    page.load()
    settle(page.desk, qtbot)
    assert names(shop) == []
    assert page.imports.rows.rowCount() == 0


def _release(widget: QWidget) -> Any:  # QMouseEvent
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QMouseEvent

    middle = QPointF(widget.rect().center())
    left = Qt.MouseButton.LeftButton
    return QMouseEvent(
        QEvent.Type.MouseButtonRelease, middle, middle, left, left, Qt.KeyboardModifier.NoModifier
    )


def test_escape_leaves_everything_as_it_was(page: DataPage, shop: Shop, tmp_path: Path, qtbot: QtBot) -> None:
    preview = look(page, leads(tmp_path, ["张三", 13800000001]), qtbot)
    staged = preview.plan
    assert page.go_back()
    settle(page.desk, qtbot)
    assert preview.plan is None
    assert staged is not None
    assert not staged.staging.path.exists()
    assert not page.go_back()
    assert names(shop) == []
    preview.apply()
    preview._judge(policy="skip")
    preview._show_rows()
    preview._save_rejects()
    preview.columns._plan = None
    assert not page.desk.jobs.is_busy


def test_policies_and_decisions(page: DataPage, shop: Shop, tmp_path: Path, qtbot: QtBot) -> None:
    customers.add(shop, CustomerDraft(name="张三", phones=(PhoneDraft("13800000001"),), source="old"))
    path = leads(
        tmp_path, ["张三", 13800000001, "", "new"], ["李四", 13800000001, "", "x"], ["王五", 13800000003]
    )
    preview = look(page, path, qtbot)

    def counts() -> list[str]:
        return [tile.figure.text() for tile in page.preview.tiles.values()]

    assert counts() == ["2", "0", "0", "1", "0"]
    preview.policies.choose("overwrite")
    settle(page.desk, qtbot)
    assert counts() == ["2", "1", "0", "0", "0"]
    page.go_back()
    customers.edit(shop, 1, name="张三三")
    preview = look(page, leads(tmp_path, ["李四", 13800000001, "", "x"]), qtbot)
    preview.rows.selectRow(0)
    settle(page.desk, qtbot)
    assert preview._same.isVisible()
    preview._same.click()
    settle(page.desk, qtbot)
    assert counts() == ["0", "0", "0", "1", "0"]
    preview.rows.selectRow(0)
    preview._decide("new")
    settle(page.desk, qtbot)
    assert preview.import_button.text() == "Nothing to import"


def test_a_column_becomes_an_own_field(page: DataPage, shop: Shop, tmp_path: Path, qtbot: QtBot) -> None:
    rows = [
        ["姓名", "手机", "宽带到期"],
        ["张三", 13800000001, "2026-12-01"],
        ["李四", 13800000002, "2027-01-31"],
    ]
    preview = look(page, workbook(tmp_path / "leads.xlsx", ("线索", rows)), qtbot)
    preview.columns.table.setFocus()
    preview.columns.table.selectRow(2)
    QTest.keyClick(preview.columns.table, Qt.Key.Key_Return)
    form = next(widget for widget in QApplication.topLevelWidgets() if isinstance(widget, MeaningForm))
    assert not form._kind.isVisible()
    form._field.set_value("new")
    assert form._kind.isVisible()
    assert form._kind.value() == "date"
    form.save()
    settle(page.desk, qtbot)
    marks = preview.columns._marks(preview.columns.table.records()[2])
    assert [mark.text for mark in marks] == ["new: Date"]
    preview.apply()
    settle(page.desk, qtbot)
    assert [(field.name, field.kind) for field in custom_fields.listing(shop)] == [("宽带到期", "date")]
    assert custom_fields.value_counts(shop, custom_fields.listing(shop)[0].id) == [
        ("2026-12-01", 1),
        ("2027-01-31", 1),
    ]


def test_a_column_gets_another_meaning(page: DataPage, tmp_path: Path, qtbot: QtBot) -> None:
    preview = look(page, leads(tmp_path, ["张三", 13800000001, "", "", "小张"]), qtbot)
    assert preview.columns.table.rows.rowCount() == 5
    preview.columns.table.selectRow(4)
    preview.columns.table.record_chosen.emit(preview.columns.table.selected())
    form = next(widget for widget in QApplication.topLevelWidgets() if isinstance(widget, MeaningForm))
    form._field.set_value("occupation")
    form.save()
    settle(page.desk, qtbot)
    assert preview.plan is not None
    assert preview.plan.layout.mapping["绰号"] == "occupation"
    preview._kind.choose("followups")
    settle(page.desk, qtbot)
    assert preview.plan.kind == "followups"
    page.go_back()


def test_another_sheet_of_the_file_is_chosen(page: DataPage, tmp_path: Path, qtbot: QtBot) -> None:
    sales = [["日期", "姓名", "手机", "商品", "金额"], ["2026-10-01", "张三", "13800000001", "手机壳", 49]]
    people = [HEAD, ["张三", 13800000001], ["李四", 13800000002]]
    book = workbook(tmp_path / "shop.xlsx", ("客户", people), ("说明", [["x"]]), ("销售", sales))
    preview = look(page, book, qtbot)
    assert page._stack.currentWidget() is preview
    assert preview.plan is not None
    assert (preview.plan.kind, preview.sheets.isVisible()) == ("customers", True)
    preview.sheets.choose("销售")
    settle(page.desk, qtbot)
    assert (preview.plan.kind, preview.plan.sheet, preview.rows.rows.rowCount()) == ("purchases", "销售", 1)
    preview.sheets.choose("说明")
    settle(page.desk, qtbot)
    assert page.desk.messages.shown
    assert (preview.plan.sheet, preview.sheets.chosen) == ("销售", "销售")
    preview.sheets.choose("客户")
    settle(page.desk, qtbot)
    assert (preview.plan.kind, preview.rows.rows.rowCount()) == ("customers", 2)
    page.go_back()


def test_the_order_of_day_and_month_is_asked(page: DataPage, tmp_path: Path, qtbot: QtBot) -> None:
    preview = look(page, leads(tmp_path, ["张三", 13800000001, "03/04/1990"]), qtbot)
    assert preview._questions.isVisible()
    buttons = preview._questions.findChildren(KeyButton)
    assert [button.text() for button in buttons] == ["Day first: 1990-04-03", "Month first: 1990-03-04"]
    buttons[0].click()
    settle(page.desk, qtbot)
    assert not preview._questions.isVisible()
    assert preview.tiles["new"].figure.text() == "1"
    page.go_back()


def test_the_encoding_is_asked(page: DataPage, tmp_path: Path, qtbot: QtBot) -> None:
    path = text(tmp_path / "big5.csv", [["姓名", "手機"], ["陳", "13800000001"]], encoding="big5")
    page.look_at(path)
    settle(page.desk, qtbot)
    form = next(widget for widget in QApplication.topLevelWidgets() if isinstance(widget, EncodingForm))
    assert "陳" in form._sample.text()
    form.save()
    settle(page.desk, qtbot)
    assert page.preview.plan is not None
    page.go_back()
    page.look_at(path)
    settle(page.desk, qtbot)
    form = next(w for w in QApplication.topLevelWidgets() if isinstance(w, EncodingForm) and w.isVisible())
    form.reject()
    settle(page.desk, qtbot)
    assert page._stack.currentWidget() is not page.preview


def test_a_file_that_cannot_be_read(page: DataPage, tmp_path: Path, qtbot: QtBot) -> None:
    page.look_at(tmp_path / "gone.xlsx")
    settle(page.desk, qtbot)
    assert "is not there any more" in page.desk.messages.shown
    assert page._stack.currentWidget() is not page.preview


def test_rows_with_problems_are_saved(page: DataPage, tmp_path: Path, qtbot: QtBot) -> None:
    preview = look(page, leads(tmp_path, ["李四", "1.38E+10"]), qtbot)
    preview._rejects.click()
    dialog = preview.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    dialog.reject()
    preview.save_rejects(tmp_path / "out.xlsx")
    settle(page.desk, qtbot)
    assert (tmp_path / "out.xlsx").exists()
    assert "Mend the rows" in page.desk.messages.shown
    page.go_back()


def test_a_dropped_file_is_looked_at(page: DataPage, tmp_path: Path, qtbot: QtBot) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(leads(tmp_path, ["张三", 13800000001])))])
    where, action, left = QPoint(5, 5), Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    wanted = []
    page.dragEnterEvent(QDragEnterEvent(where, action, data, left, none))
    wanted.append(page.drop.is_wanted)
    page.grab()
    page.dragLeaveEvent(QDragLeaveEvent())
    wanted.append(page.drop.is_wanted)
    assert wanted == [True, False]
    page.dropEvent(QDropEvent(QPointF(where), action, data, left, none))
    settle(page.desk, qtbot)
    assert page.preview.plan is not None
    page.go_back()


def test_another_page_can_ask_for_an_import(page: DataPage, tmp_path: Path, qtbot: QtBot) -> None:
    page.open("import")
    qtbot.waitUntil(lambda: page.findChild(QFileDialog) is not None)
    dialog = page.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    dialog.fileSelected.emit(str(leads(tmp_path, ["张三", 13800000001])))
    dialog.reject()
    settle(page.desk, qtbot)
    assert page.preview.plan is not None
    page.open(leads(tmp_path, ["李四", 13800000002]))
    settle(page.desk, qtbot)
    assert page.preview.plan is not None
    page.go_back()


@pytest.mark.parametrize(
    ("kind", "name"), [("customers", "a.xlsx"), ("all", "b.xlsx"), ("customers", "c.csv")]
)
def test_lists_are_taken_out(
    page: DataPage, shop: Shop, tmp_path: Path, qtbot: QtBot, kind: str, name: str
) -> None:
    customers.add(shop, CustomerDraft(name="张三"))
    page.exports.choose_target(kind)
    settle(page.desk, qtbot)
    dialog = page.desk.window.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / name))
    dialog.reject()
    settle(page.desk, qtbot)
    question = page.desk.window.findChild(LeavingDialog)
    assert isinstance(question, LeavingDialog)
    assert question.title.text() == "1 person leaves the shop with this file"
    QTest.keyClick(question, Qt.Key.Key_Return)
    settle(page.desk, qtbot)
    assert (tmp_path / name).exists()
    assert "1 row was written" in page.desk.messages.shown


def test_sales_of_the_past_propose_a_retier_run(
    page: DataPage, shop: Shop, tmp_path: Path, qtbot: QtBot
) -> None:
    customers.add(shop, CustomerDraft("张三", (PhoneDraft("13800000001"),)))
    path = workbook(
        tmp_path / "sales.xlsx",
        (
            "销售",
            [
                ["姓名", "手机", "销售日期", "商品", "金额"],
                ["张三", 13800000001, "2026-10-01", "iPhone 17", 5999],
            ],
        ),
    )
    look(page, path, qtbot).apply()
    settle(page.desk, qtbot)
    assert page.retier.isVisible()
    assert page.retier.text() == "By what is known now, 1 customer belongs in another tier."
    assert shop.db.value("SELECT tier FROM customer_tiers") == "prospect"
