"""The page Reports: the pages on screen are those of the file; saving, printing, language, stepping."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from desktop_crm import audit_list
from desktop_crm.base.dates import parse_period
from desktop_crm.reports import output
from desktop_crm.shop import Shop
from desktop_crm.ui.page import Desk
from desktop_crm.ui.period_stepper import PeriodStepper, around, first_look
from desktop_crm.ui.reports import ReportsPage
from tests.shop_rows import Rows
from tests.ui.test_performance import settled, texts

_CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def page(desk: Desk, shop: Shop, shown: Callable[[QWidget], None], qtbot: QtBot) -> Iterator[ReportsPage]:
    """The page, loaded, of October 2026 of a shop with a few sales."""
    with shop.change("sales", {"purchases"}):
        rows = Rows(shop)
        anna = rows.customer("Anna")
        for day in ("2026-11-03", "2026-10-03", "2026-09-03"):
            rows.sale(anna, day, 1000)
    made = ReportsPage(desk)
    made.resize(1158, 640)
    shown(made)
    made.load()
    settled(qtbot, desk.jobs)
    yield made
    made.pages.clear()


def test_the_month_before_is_shown_at_first_beside_the_list_of_months(page: ReportsPage) -> None:
    assert "October 2026" in texts(page)
    assert f"{page.pages.page_count} pages, exactly as they will be printed" in texts(page)
    assert [row.net_fen for row in page.past.records()] == [100_000, 100_000, 100_000]
    selected = page.past.selected()
    assert selected is not None
    assert selected.period == parse_period("2026-10")


def test_choosing_another_month_in_the_list_shows_its_paper(
    page: ReportsPage, desk: Desk, qtbot: QtBot
) -> None:
    page.setFocus()
    QTest.keyClick(page.past, Qt.Key.Key_Down)
    settled(qtbot, desk.jobs)
    assert "September 2026" in texts(page)
    QTest.keyClick(page, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    settled(qtbot, desk.jobs)
    assert "October 2026" in texts(page)


@pytest.mark.parametrize(("key", "ending"), [(Qt.Key.Key_S, ".pdf"), (Qt.Key.Key_E, ".xlsx")])
def test_what_is_saved_is_what_was_shown(
    page: ReportsPage,
    desk: Desk,
    shop: Shop,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    key: Qt.Key,
    ending: str,
) -> None:
    asked: list[str] = []

    def choose(_parent: QWidget, _title: str, name: str, _kinds: str) -> tuple[str, str]:
        asked.append(Path(name).name)
        return str(tmp_path / "october"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    QTest.keyClick(page, key, _CONTROL)
    settled(qtbot, desk.jobs)
    assert asked == [f"Report for October 2026 星河手机店{ending}"]
    saved = (tmp_path / f"october{ending}").read_bytes()
    assert page.paper is not None
    assert saved == output.content(page.paper.document, ending)
    assert audit_list.lines(shop)[0].words == f"Saved “Report for October 2026” as october{ending}"
    assert desk.messages.shown == f"The report was saved as october{ending}."
    desk.messages.hide()


def test_saving_can_be_given_up(
    page: ReportsPage, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: ("", ""))
    QTest.keyClick(page, Qt.Key.Key_S, _CONTROL)
    assert not desk.jobs.is_busy
    assert desk.messages.shown == ""


def test_the_paper_may_be_in_the_other_language(page: ReportsPage, desk: Desk, qtbot: QtBot) -> None:
    english = page.paper
    page.language.choose("zh_CN")
    settled(qtbot, desk.jobs)
    assert english is not None
    assert page.paper is not None
    assert (english.document.language, page.paper.document.language) == ("en", "zh_CN")
    assert english.pdf != page.paper.pdf


def test_printing_prints_the_very_pages(
    page: ReportsPage, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    target = tmp_path / "printed.pdf"

    def accept(dialog: QPrintDialog) -> int:
        printer = dialog.printer()
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(target))
        printer.setResolution(30)
        return 1

    monkeypatch.setattr(QPrintDialog, "exec", accept)
    QTest.keyClick(page, Qt.Key.Key_P, _CONTROL)
    assert len(output.page_images(target.read_bytes(), 10)) == page.pages.page_count
    settled(qtbot, desk.jobs)
    assert page.paper is not None
    assert audit_list.lines(desk.shop)[0].words == f"Printed “{page.paper.document.title}”"
    monkeypatch.setattr("desktop_crm.ui.reports.print_pdf", lambda *_args: False)
    page.print_paper()
    assert desk.messages.shown.startswith("The printer did not start.")
    desk.messages.hide()


def test_before_the_paper_is_there_nothing_can_be_saved_or_printed(desk: Desk) -> None:
    page = ReportsPage(desk)
    assert not page.pdf_button.isEnabled()
    page.print_paper()
    page.save(".pdf")
    assert desk.messages.shown == ""
    page.deleteLater()


def test_a_period_can_be_given(page: ReportsPage, desk: Desk, qtbot: QtBot) -> None:
    page.open(parse_period("2026-Q3"))
    page.load()
    settled(qtbot, desk.jobs)
    assert page.paper is not None
    assert page.paper.document.title == "Report for Quarter 3 of 2026"
    page.open(None)
    assert "Quarter 3 of 2026" in texts(page)


def test_the_first_days_of_a_month_look_at_the_month_before() -> None:
    day = parse_period("2026-11-03").start
    assert first_look(day) == parse_period("2026-10")
    assert first_look(day.replace(day=4)) == parse_period("2026-11")


@pytest.mark.parametrize(("grain", "label"), [("month", "2026-09"), ("quarter", "2026-Q3"), ("year", "2026")])
def test_another_grain_looks_around_the_last_day(grain: str, label: str) -> None:
    assert around(parse_period("2026-Q3"), grain) == parse_period(label)


def test_the_stepper_never_steps_into_the_future(qtbot: QtBot) -> None:
    today = parse_period("2026-11-21").start
    stepper = PeriodStepper(parse_period("2026"), today)
    qtbot.addWidget(stepper)
    stepped: list[object] = []
    stepper.stepped.connect(stepped.append)
    stepper.grains.choose("month")
    assert stepper.period == parse_period("2026-11")
    stepper.step(parse_period("2027-01"))
    assert stepper.period == parse_period("2026-11")
    assert stepped == [parse_period("2026-11")]
