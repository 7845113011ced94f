"""The page Data: one list after another through the real widgets, threads and shop, and taking lists out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from desktop_crm import custom_fields, customers, history
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.importing import plan as importing
from desktop_crm.shop import Shop
from desktop_crm.ui import import_originals
from desktop_crm.ui.data import DataPage
from desktop_crm.ui.import_forms import EncodingForm, MeaningForm
from desktop_crm.ui.import_originals import OriginalsDialog
from desktop_crm.ui.import_preview import ImportPreview
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.page import Desk
from desktop_crm.ui.taking_out import LeavingDialog
from tests.importing.sheets import text, workbook
from tests.ui.conftest import Visits

Shown = Callable[[QWidget], None]
HEAD = ["姓名", "手机", "生日", "来源", "绰号"]


def settle(desk: Desk, qtbot: QtBot) -> None:
    for _again in range(3):
        qtbot.waitUntil(lambda: not desk.jobs.is_busy, timeout=20_000)
        QApplication.processEvents()
    qtbot.waitUntil(lambda: not desk.jobs.is_busy, timeout=20_000)


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
    page.look_at([path])
    settle(page.desk, qtbot)
    return page.view.preview


def choose(palette_list: Any, key: str, qtbot: QtBot, desk: Desk) -> None:  # a Palette
    """Choose what a palette offers under a key."""
    place = [option.key for option in palette_list.options()].index(key)
    palette_list.table.selectRow(place)
    QTest.keyClick(palette_list.line, Qt.Key.Key_Return)
    settle(desk, qtbot)


def counts(preview: ImportPreview) -> list[str]:
    return [tile.figure.text() for tile in preview.tiles.values()]


def is_overview(page: DataPage) -> bool:
    return page._stack.currentWidget() is not page.view


def names(shop: Shop) -> list[str]:
    return [
        name for (name,) in shop.db.rows("SELECT name FROM customers WHERE deleted_at IS NULL ORDER BY id")
    ]


def test_a_list_is_looked_at_imported_and_undone(
    page: DataPage, shop: Shop, tmp_path: Path, qtbot: QtBot
) -> None:
    path = leads(
        tmp_path, ["张三", 13800000001, "", "抖音"], ["李四", "1.38E+10"], ["王五", 13800000003, "0000-00-00"],
        ["合计", 3],
    )  # fmt: skip
    preview = look(page, path, qtbot)
    assert counts(preview) == ["2", "0", "0", "0", "1"]
    assert preview.left_out.whole_text() == "1 row is left out: row 5: “合计” is a total."
    assert preview.table.rows.rows.rowCount() == 3
    assert "线索" in preview._file.whole_text()
    preview.tiles["bad"].mouseReleaseEvent(_release(preview.tiles["bad"]))
    settle(page.desk, qtbot)
    assert preview.table.rows.rows.rowCount() == 1
    assert "lost digits" in preview.table.detail._words.text()
    assert names(shop) == []
    QTest.keyClick(preview.table.rows, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle(page.desk, qtbot)
    assert names(shop) == ["张三", "王五"]
    assert is_overview(page)
    assert page.imports.rows.rowCount() == 1
    assert "2 rows were imported" in page.desk.messages.shown
    page.imports.selectRow(0)
    page.undo_import.click()
    settle(page.desk, qtbot)
    assert names(shop) == []
    assert page.imports.rows.rowCount() == 0
    assert page.desk.messages.shown == "1 sheet was taken back."
    history.redo(shop)
    page.load()
    settle(page.desk, qtbot)
    assert names(shop) == ["张三", "王五"]
    assert page.imports.rows.rowCount() == 1


def _release(widget: QWidget) -> Any:  # QMouseEvent
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QMouseEvent

    middle = QPointF(widget.rect().center())
    left = Qt.MouseButton.LeftButton
    return QMouseEvent(
        QEvent.Type.MouseButtonRelease, middle, middle, left, left, Qt.KeyboardModifier.NoModifier
    )


def test_escape_leaves_everything_as_it_was(
    page: DataPage, shop: Shop, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    preview = look(page, leads(tmp_path, ["张三", 13800000001]), qtbot)
    assert len(list(tmp_path.glob("desktop-crm-*"))) == 1
    assert page.go_back()
    settle(page.desk, qtbot)
    assert preview.plan is None
    assert not list(tmp_path.glob("desktop-crm-*"))
    assert is_overview(page)
    assert not page.go_back()
    assert names(shop) == []
    page.view.apply()
    page.view.ask_rejects()
    page.view.save_all_rejects(tmp_path)
    preview.again(kind="purchases")
    preview._ask_kind()
    assert not page.desk.jobs.is_busy


def test_the_policy_is_chosen(page: DataPage, shop: Shop, tmp_path: Path, qtbot: QtBot) -> None:
    customers.add(shop, CustomerDraft(name="张三", phones=(PhoneDraft("13800000001"),), source="old"))
    path = leads(
        tmp_path, ["张三", 13800000001, "", "new"], ["李四", 13800000001, "", "x"], ["王五", 13800000003]
    )
    preview = look(page, path, qtbot)
    assert counts(preview) == ["2", "0", "0", "1", "0"]
    preview.policy.ask()
    choose(preview.policy.palette_list, "overwrite", qtbot, page.desk)
    assert counts(preview) == ["2", "1", "0", "0", "0"]
    assert preview.policy.text() == "Known customers: Overwrite"
    preview.policy.ask()
    choose(preview.policy.palette_list, "overwrite", qtbot, page.desk)
    page.go_back()


def test_who_a_row_is_about_is_decided_by_key(
    page: DataPage, shop: Shop, tmp_path: Path, qtbot: QtBot
) -> None:
    person = customers.add(shop, CustomerDraft(name="张三三", phones=(PhoneDraft("13800000001"),)))
    preview = look(page, leads(tmp_path, ["李四", 13800000001, "", "x"], ["王五", 13800000003]), qtbot)
    rows, detail = preview.table.rows, preview.table.detail
    assert detail.same.isVisible()
    QTest.keyClick(rows, Qt.Key.Key_S, Qt.KeyboardModifier.AltModifier)
    settle(page.desk, qtbot)
    assert counts(preview) == ["1", "1", "0", "0", "0"]
    assert detail.back.isVisible()
    QTest.keyClick(rows, Qt.Key.Key_N, Qt.KeyboardModifier.AltModifier)
    settle(page.desk, qtbot)
    assert counts(preview) == ["2", "0", "0", "0", "0"]
    QTest.keyClick(rows, Qt.Key.Key_L, Qt.KeyboardModifier.AltModifier)
    settle(page.desk, qtbot)
    assert counts(preview) == ["1", "0", "0", "1", "0"]
    QTest.keyClick(rows, Qt.Key.Key_Y, Qt.KeyboardModifier.AltModifier)
    settle(page.desk, qtbot)
    assert counts(preview) == ["1", "0", "0", "1", "0"]
    assert not detail.back.isVisible()
    QTest.keyClick(rows, Qt.Key.Key_Return)
    settle(page.desk, qtbot)
    assert [option.key for option in preview.table.palette_list.options()] == [
        f"card:{person}",
        "new",
        "leave",
    ]
    choose(preview.table.palette_list, f"card:{person}", qtbot, page.desk)
    assert counts(preview) == ["1", "1", "0", "0", "0"]
    assert rows.hasFocus()
    page.go_back()


def known(shop: Shop, count: int) -> None:
    """Customers whose source is "old"."""
    for place in range(count):
        customers.add(
            shop,
            CustomerDraft(
                name=f"人{place}",
                phones=(PhoneDraft(f"1380000000{place}"),),
                source="old",
                occupation="teacher",
            ),
        )


def asking(page: DataPage, folder: Path, qtbot: QtBot) -> ImportPreview:
    """Three rows that differ in two fields, under the policy that asks."""
    rows = [
        ["姓名", "手机", "来源", "职业"],
        *([f"人{n}", f"1380000000{n}", "new", "cook"] for n in range(3)),
    ]
    preview = look(page, workbook(folder / "leads.xlsx", ("线索", rows)), qtbot)
    preview.policy.ask()
    choose(preview.policy.palette_list, "ask", qtbot, page.desk)
    return preview


def test_two_values_are_chosen_between_field_by_field(
    page: DataPage, shop: Shop, tmp_path: Path, qtbot: QtBot
) -> None:
    known(shop, 3)
    preview = asking(page, tmp_path, qtbot)
    rows, fields = preview.table.rows, preview.table.detail.fields
    assert preview.table.filters.chosen == ""
    preview.look_at_rows()
    settle(page.desk, qtbot)
    assert rows.rows.rowCount() == 3
    QTest.keyClick(rows, Qt.Key.Key_Return)
    assert fields.hasFocus()
    assert [(change.old, change.new) for change in fields.records()] == [("teacher", "cook"), ("old", "new")]
    QTest.keyClick(fields, Qt.Key.Key_Right)
    settle(page.desk, qtbot)
    assert fields.hasFocus()
    assert [change.choice for change in fields.records()] == ["take", ""]
    QTest.keyClick(fields, Qt.Key.Key_Left)
    settle(page.desk, qtbot)
    assert rows.rows.rowCount() == 2
    assert fields.hasFocus()
    assert [change.waits for change in fields.records()] == [True, True]
    QTest.keyClick(fields, Qt.Key.Key_Escape)
    assert rows.hasFocus()
    page.view.apply()
    settle(page.desk, qtbot)
    assert shop.db.rows("SELECT source, occupation FROM customers ORDER BY id") == [
        ("old", "cook"),
        ("old", "teacher"),
        ("old", "teacher"),
    ]


def test_all_rows_that_are_shown_are_decided_at_once(
    page: DataPage, shop: Shop, tmp_path: Path, qtbot: QtBot
) -> None:
    known(shop, 3)
    preview = asking(page, tmp_path, qtbot)
    QTest.keyClick(preview.table.rows, Qt.Key.Key_D, Qt.KeyboardModifier.AltModifier)
    settle(page.desk, qtbot)
    choose(preview.table.palette_list, "take:source", qtbot, page.desk)
    assert counts(preview)[:2] == ["0", "3"]
    preview.table.ask_bulk()
    settle(page.desk, qtbot)
    choose(preview.table.palette_list, "keep:", qtbot, page.desk)
    assert counts(preview) == ["0", "0", "0", "3", "0"]
    preview.table.ask_bulk()
    settle(page.desk, qtbot)
    choose(preview.table.palette_list, "", qtbot, page.desk)
    assert preview.table._seen.counts["asks"] == 3
    page.go_back()


def test_rows_are_filtered_by_what_is_asked_of_them(
    page: DataPage, shop: Shop, tmp_path: Path, qtbot: QtBot
) -> None:
    known(shop, 3)
    preview = asking(page, tmp_path, qtbot)
    table = preview.table
    QTest.keyClick(table.rows, Qt.Key.Key_F, Qt.KeyboardModifier.AltModifier)
    assert [option.key for option in table.palette_list.options()] == [
        "which:",
        "which:asks",
        "which:skip",
        "which:doubtful",
        "field:occupation",
        "field:source",
        "key:phone",
    ]
    choose(table.palette_list, "field:source", qtbot, page.desk)
    assert (table.rows.rows.rowCount(), table.filter_button.text()) == (3, "Filter: Source")
    table.ask_filter()
    choose(table.palette_list, "key:phone", qtbot, page.desk)
    assert table.filter_button.text() == "Filter: Phone"
    table.ask_filter()
    table.palette_list.line.setText("人1")
    table.palette_list.line.textEdited.emit("人1")
    QTest.keyClick(table.palette_list.line, Qt.Key.Key_Return)
    settle(page.desk, qtbot)
    assert (table.rows.rows.rowCount(), table.filter_button.text()) == (1, "Filter: 人1")
    table.filters.choose("skip")
    settle(page.desk, qtbot)
    assert (table.rows.rows.rowCount(), table.filter_button.text()) == (3, "Filter")
    page.go_back()


def test_a_column_becomes_an_own_field(page: DataPage, shop: Shop, tmp_path: Path, qtbot: QtBot) -> None:
    rows = [
        ["姓名", "手机", "宽带到期"],
        ["张三", 13800000001, "2026-12-01"],
        ["李四", 13800000002, "2027-01-31"],
    ]
    preview = look(page, workbook(tmp_path / "leads.xlsx", ("线索", rows)), qtbot)
    QTest.keyClick(preview.table.rows, Qt.Key.Key_C, Qt.KeyboardModifier.AltModifier)
    assert preview.columns.table.hasFocus()
    selected = preview.columns.table.selected()
    assert selected is not None
    assert selected.title == "宽带到期"
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
    page.view.apply()
    settle(page.desk, qtbot)
    assert [(field.name, field.kind) for field in custom_fields.listing(shop)] == [("宽带到期", "date")]
    assert custom_fields.value_counts(shop, custom_fields.listing(shop)[0].id) == [
        ("2026-12-01", 1),
        ("2027-01-31", 1),
    ]


def test_a_column_and_the_sheet_get_another_meaning(page: DataPage, tmp_path: Path, qtbot: QtBot) -> None:
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
    preview.kind.click()
    choose(preview._kinds, "followups", qtbot, page.desk)
    assert preview.plan.kind == "followups"
    assert page.view.flow.batch is not None
    assert page.view.flow.batch.items[0].plan is preview.plan
    page.go_back()


def test_another_sheet_of_the_file_is_chosen(page: DataPage, tmp_path: Path, qtbot: QtBot) -> None:
    people = [HEAD, ["张三", 13800000001], ["李四", 13800000002]]
    book = workbook(tmp_path / "shop.xlsx", ("客户", people), ("说明", [["x"]]))
    preview = look(page, book, qtbot)
    assert preview.plan is not None
    assert (preview.plan.kind, preview.sheets.isVisible()) == ("customers", True)
    preview.sheets.choose("说明")
    settle(page.desk, qtbot)
    assert page.desk.messages.shown
    assert (preview.plan.sheet, preview.sheets.chosen) == ("客户", "客户")
    page.go_back()


def test_the_order_of_day_and_month_is_asked(page: DataPage, tmp_path: Path, qtbot: QtBot) -> None:
    preview = look(page, leads(tmp_path, ["张三", 13800000001, "03/04/1990"]), qtbot)
    assert preview._questions.isVisible()
    buttons = preview._questions.findChildren(KeyButton)
    assert [button.text() for button in buttons] == ["Day first: 1990-04-03", "Month first: 1990-03-04"]
    QTest.keyClick(
        preview.table.rows,
        Qt.Key.Key_1,
        Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier,
    )
    settle(page.desk, qtbot)
    assert not preview._questions.isVisible()
    assert preview.tiles["new"].figure.text() == "1"
    page.go_back()


def test_the_encoding_is_asked(page: DataPage, tmp_path: Path, qtbot: QtBot) -> None:
    path = text(tmp_path / "big5.csv", [["姓名", "手機"], ["陳", "13800000001"]], encoding="big5")
    page.look_at([path])
    settle(page.desk, qtbot)
    form = next(widget for widget in QApplication.topLevelWidgets() if isinstance(widget, EncodingForm))
    assert "陳" in form._sample.text()
    form.save()
    settle(page.desk, qtbot)
    assert page.view.preview.plan is not None
    page.go_back()
    page.look_at([path])
    settle(page.desk, qtbot)
    form = next(w for w in QApplication.topLevelWidgets() if isinstance(w, EncodingForm) and w.isVisible())
    form.reject()
    settle(page.desk, qtbot)
    assert is_overview(page)
    assert page.view.flow.batch is None


def test_a_file_that_cannot_be_read(page: DataPage, tmp_path: Path, qtbot: QtBot) -> None:
    page.look_at([tmp_path / "gone.xlsx"])
    settle(page.desk, qtbot)
    assert "is not there any more" in page.desk.messages.shown
    assert is_overview(page)
    (tmp_path / "none").mkdir()
    page.look_at([tmp_path / "none"])
    settle(page.desk, qtbot)
    assert page.desk.messages.shown.startswith("There is no list in none")
    assert page.view.flow.batch is None


def test_rows_with_problems_are_saved(page: DataPage, tmp_path: Path, qtbot: QtBot) -> None:
    preview = look(page, leads(tmp_path, ["李四", "1.38E+10"]), qtbot)
    QTest.keyClick(preview.table.rows, Qt.Key.Key_B, Qt.KeyboardModifier.AltModifier)
    dialog = page.view.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    assert dialog.selectedFiles()[0].endswith("leads – to be mended.xlsx")
    dialog.fileSelected.emit(str(tmp_path / "out.xlsx"))
    dialog.reject()
    settle(page.desk, qtbot)
    assert (tmp_path / "out.xlsx").exists()
    assert "Mend the rows" in page.desk.messages.shown
    page.go_back()


def test_another_page_can_ask_for_an_import(page: DataPage, tmp_path: Path, qtbot: QtBot) -> None:
    page.open("import")
    qtbot.waitUntil(lambda: page.findChild(QFileDialog) is not None)
    dialog = page.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    dialog.filesSelected.emit([str(leads(tmp_path, ["张三", 13800000001]))])
    dialog.reject()
    settle(page.desk, qtbot)
    assert page.view.preview.plan is not None
    page.go_back()
    page.open(leads(tmp_path, ["李四", 13800000002]))
    settle(page.desk, qtbot)
    assert page.view.preview.plan is not None
    page.go_back()


def test_a_folder_is_chosen(page: DataPage, tmp_path: Path, qtbot: QtBot) -> None:
    place = tmp_path / "old"
    place.mkdir()
    leads(place, ["张三", 13800000001])
    QTest.keyClick(
        page,
        Qt.Key.Key_O,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )
    dialog = page.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    dialog.fileSelected.emit(str(place))
    dialog.reject()
    settle(page.desk, qtbot)
    assert page.view.preview.plan is not None
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
    look(page, path, qtbot)
    page.view.apply()
    settle(page.desk, qtbot)
    assert page.retier.isVisible()
    assert page.retier.text() == "By what is known now, 1 customer belongs in another tier."
    assert shop.db.value("SELECT tier FROM customer_tiers") == "prospect"


def test_what_stood_in_the_files_is_looked_at(
    page: DataPage, shop: Shop, tmp_path: Path, qtbot: QtBot, visits: Visits
) -> None:
    head = ["姓名", "手机", "生日"]
    book = workbook(
        tmp_path / "leads.xlsx",
        ("一", [head, ["张三", "138-0000-0001", "1990年5月1日"], ["李四", 13800000002, ""]]),
        ("二", [head, ["王五", "138 0000 0003", ""]]),
    )
    page.look_at([book])
    settle(page.desk, qtbot)
    page.view.apply()
    settle(page.desk, qtbot)
    page.go_back()
    settle(page.desk, qtbot)
    page.imports.selectRow(0)
    page.stood.click()
    settle(page.desk, qtbot)
    dialog = page.desk.window.findChild(OriginalsDialog)
    assert isinstance(dialog, OriginalsDialog)
    assert dialog.table.rows.rowCount() == 1
    record = dialog.table.selected()
    assert record is not None
    assert (record.name, record.row) == ("张三", 2)
    assert "138-0000-0001" in dialog.table._columns[2].words(record)
    dialog.sheets.choose(str(page.imports.records()[0].sheets[1].id))
    settle(page.desk, qtbot)
    record = dialog.table.selected()
    assert record is not None
    assert record.name == "王五"
    dialog.table.record_chosen.emit(record)
    assert visits.customers == [record.customer_id]
    page.imports.record_chosen.emit(page.imports.records()[0])
    settle(page.desk, qtbot)
    for left in page.desk.window.findChildren(OriginalsDialog):
        left.reject()
    assert record.customer_id is not None
    import_originals.of_customer(page.desk, record.customer_id, "王五")
    settle(page.desk, qtbot)
    shown = [each for each in page.desk.window.findChildren(OriginalsDialog) if each.isVisible()]
    assert [each.row for each in shown[-1].table.records()] == [2]
    shown[-1].reject()


def test_remembered_columns_are_seen_and_forgotten(
    page: DataPage, shop: Shop, tmp_path: Path, qtbot: QtBot
) -> None:
    page.remembered.click()
    settle(page.desk, qtbot)
    assert page.desk.messages.shown.startswith("No columns were corrected yet")
    preview = look(page, leads(tmp_path, ["张三", 13800000001, "", "", "小张"]), qtbot)
    preview._change_meaning("绰号", "occupation")
    settle(page.desk, qtbot)
    page.view.apply()
    settle(page.desk, qtbot)
    page.remembered.click()
    settle(page.desk, qtbot)
    (option,) = page.memories.options()
    assert "绰号: Occupation" in option.label
    choose(page.memories, option.key, qtbot, page.desk)
    assert importing.memories(shop) == []
    history.undo(shop)
    assert len(importing.memories(shop)) == 1
    history.redo(shop)
    assert importing.memories(shop) == []
