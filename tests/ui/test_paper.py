"""A sheet before it is printed: shown, in the other language, saved, printed, by keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QDialog, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from desktop_crm import audit_list, custom_fields, customers, followups
from desktop_crm.base.document import Scalar, Table, Value
from desktop_crm.customers import CustomerDraft
from desktop_crm.shop import Shop
from desktop_crm.ui import paper
from desktop_crm.ui.card import CardPage
from desktop_crm.ui.customers import CustomersPage
from desktop_crm.ui.page import Desk
from desktop_crm.ui.paper import PaperDialog
from desktop_crm.ui.taking_out import LeavingDialog
from desktop_crm.ui.today import TodayPage
from tests.contact_builders import add_customer, add_staff


@pytest.fixture
def dialog(desk: Desk, shop: Shop, shown: Callable[[QWidget], None], qtbot: QtBot) -> Iterator[PaperDialog]:
    """The card of somebody, as it is printed, opened by Ctrl+P."""
    who = customers.add(shop, CustomerDraft("王芳"))
    page = CardPage(desk)
    page.resize(1158, 680)
    shown(page)
    page.open(who)
    page.load()
    qtbot.waitUntil(lambda: page.card is not None and not desk.jobs.is_busy)
    QTest.keyClick(page, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    found = next(each for each in QApplication.topLevelWidgets() if isinstance(each, PaperDialog))
    qtbot.waitUntil(lambda: found.sheet is not None and not desk.jobs.is_busy)
    yield found
    with suppress(RuntimeError):  # it goes when it is closed
        found.reject()
    qtbot.waitUntil(lambda: not desk.jobs.is_busy)


def test_the_card_is_shown_as_it_is_printed(dialog: PaperDialog, desk: Desk, qtbot: QtBot) -> None:
    assert dialog.sheet is not None
    assert dialog.sheet.document.title == "王芳"
    qtbot.waitUntil(lambda: dialog._count.text().startswith("1 page"))
    dialog.language.choose("zh_CN")
    qtbot.waitUntil(lambda: dialog.sheet is not None and dialog.sheet.document.language == "zh_CN")
    qtbot.waitUntil(lambda: not desk.jobs.is_busy)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


@pytest.mark.parametrize(("key", "ending"), [(Qt.Key.Key_S, ".pdf"), (Qt.Key.Key_E, ".xlsx")])
def test_it_is_saved(
    dialog: PaperDialog,
    desk: Desk,
    shop: Shop,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
    key: Qt.Key,
    ending: str,
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_asked: (str(tmp_path / "card"), ""))
    QTest.keyClick(dialog, key, Qt.KeyboardModifier.ControlModifier)
    question = dialog.findChild(LeavingDialog)
    assert isinstance(question, LeavingDialog)
    assert question.title.text() == "1 person leaves the shop with this file"
    qtbot.waitUntil(question.isActiveWindow)
    QTest.keyClick(question, Qt.Key.Key_Return)
    qtbot.waitUntil((tmp_path / f"card{ending}").exists)
    qtbot.waitUntil(lambda: desk.messages.shown == f"Saved as card{ending}.")
    assert shop.db.rows("SELECT format, people, filter FROM exports") == [(ending[1:], 1, "王芳")]


def test_not_choosing_a_name_saves_nothing(
    dialog: PaperDialog, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_asked: ("", ""))
    dialog.save(".pdf")
    assert not desk.jobs.is_busy


def test_it_is_printed(
    dialog: PaperDialog, desk: Desk, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def accept(asked: QPrintDialog) -> int:
        printer = asked.printer()
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(tmp_path / "out.pdf"))
        return int(QDialog.DialogCode.Accepted)

    monkeypatch.setattr(QPrintDialog, "exec", accept)
    QTest.keyClick(dialog, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert (tmp_path / "out.pdf").stat().st_size > 1000
    assert not dialog.isVisible()
    qtbot.waitUntil(lambda: not desk.jobs.is_busy)
    (noted,) = audit_list.about(desk.shop, 1)[:1]
    assert (noted.what, noted.words, noted.people) == ("Printed", "Printed “王芳”", ((1, "王芳"),))


def test_a_printer_that_does_not_start_is_said(
    dialog: PaperDialog, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QPrintDialog, "exec", lambda _asked: int(QDialog.DialogCode.Accepted))
    monkeypatch.setattr(paper, "print_pdf", lambda *_asked: False)
    dialog.print_paper()
    assert "did not start" in desk.messages.shown
    assert dialog.isVisible()
    monkeypatch.setattr(QPrintDialog, "exec", lambda _asked: 0)
    dialog.print_paper()
    assert dialog.isVisible()


def the_list(shop: Shop, qtbot: QtBot, desk: Desk, page: CustomersPage) -> PaperDialog:
    """The list as it is printed, opened by Ctrl+P."""
    QTest.keyClick(page.table, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    found = next(
        each for each in QApplication.topLevelWidgets() if isinstance(each, PaperDialog) and each.isVisible()
    )
    qtbot.waitUntil(lambda: found.sheet is not None and not desk.jobs.is_busy)
    return found


def columns_and_names(dialog: PaperDialog) -> tuple[list[str], list[Scalar]]:
    assert dialog.sheet is not None
    table = dialog.sheet.document.blocks[0]
    assert isinstance(table, Table)
    names = [row[0].value for row in table.rows if isinstance(row[0], Value)]
    return [column.title for column in table.columns], names


def test_the_list_is_printed_in_its_order_with_the_own_fields_one_wants(
    desk: Desk, shop: Shop, shown: Callable[[QWidget], None], qtbot: QtBot
) -> None:
    people = [customers.add(shop, CustomerDraft(name)) for name in ("Anna", "Bo", "Cy")]
    custom_fields.put(shop, people[1], custom_fields.add(shop, "Rent", "number"), "59")
    custom_fields.add(shop, "Until", "date")
    page = CustomersPage(desk)
    page.resize(1158, 680)
    shown(page)
    page.table.set_sort("name", descending=True)
    page.load()
    qtbot.waitUntil(lambda: page.total == 3 and not desk.jobs.is_busy)
    dialog = the_list(shop, qtbot, desk, page)
    titles, names = columns_and_names(dialog)
    assert (titles[-1], names) == ("Clerk", ["Cy", "Bo", "Anna"])
    box = next(each for each in dialog.findChildren(QCheckBox) if each.text() == "Rent")
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: columns_and_names(dialog)[0][-1] == "Rent" and not desk.jobs.is_busy)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_Down)
    QTest.keyClick(page.table, Qt.Key.Key_Space)
    dialog = the_list(shop, qtbot, desk, page)
    assert columns_and_names(dialog)[1] == ["Bo"]
    dialog.reject()


def test_an_empty_list_is_not_printed(desk: Desk, shown: Callable[[QWidget], None], qtbot: QtBot) -> None:
    page = CustomersPage(desk)
    shown(page)
    page.load()
    qtbot.waitUntil(lambda: not desk.jobs.is_busy)
    page._print()
    assert not [each for each in QApplication.topLevelWidgets() if isinstance(each, PaperDialog)]


def test_the_contacts_of_today_are_shown_as_they_are_printed(
    desk: Desk, shop: Shop, shown: Callable[[QWidget], None], qtbot: QtBot
) -> None:
    mine, hers = add_staff(shop), add_staff(shop, "张伟")
    for name, clerk in (("王芳", mine), ("李雷", hers)):
        followups.plan(shop, add_customer(shop, name), shop.today(), "贴膜", staff_id=clerk)
    desk.jobs.use(shop.at_counter(mine))
    page = TodayPage(desk)
    page.resize(1126, 680)
    shown(page)
    page.load()
    qtbot.waitUntil(lambda: not desk.jobs.is_busy)

    def printed() -> list[object]:
        tops = QApplication.topLevelWidgets()
        found = next(each for each in tops if isinstance(each, PaperDialog) and each.isVisible())
        qtbot.waitUntil(lambda: found.sheet is not None and not desk.jobs.is_busy)
        assert found.sheet is not None
        table = found.sheet.document.blocks[0]
        assert isinstance(table, Table)
        found.reject()
        return [row[1] for row in table.rows]

    QTest.keyClick(page, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert printed() == [Value("王芳", bold=True)]
    page._whose.choose("all")
    page.print_list()
    assert sorted(map(str, printed())) == sorted(str(Value(name, bold=True)) for name in ("王芳", "李雷"))
