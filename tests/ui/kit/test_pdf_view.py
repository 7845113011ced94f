"""Pages of a PDF on the screen and on the printer; the pictures come from a made-up renderer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QIODevice, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QImageWriter, QWheelEvent
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop_crm.ui.kit.pdf_view import PdfView, print_pdf
from desktop_crm.ui.page import Desk

Show = Callable[[QWidget], None]
PAGES = 3


class Renderer:
    """A4 pages in grey, and what was asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[float, int]] = []

    def __call__(self, pdf: bytes, dpi: float, first: int, count: int | None) -> list[bytes]:
        self.asked.append((dpi, first))
        made = []
        for _page in range(first, PAGES if count is None else first + count):
            image = QImage(round(595 * dpi / 72), round(842 * dpi / 72), QImage.Format.Format_RGB32)
            image.fill(Qt.GlobalColor.lightGray)
            buffer = QBuffer()
            buffer.open(QIODevice.OpenModeFlag.WriteOnly)
            assert QImageWriter(buffer, b"png").write(image)
            made.append(bytes(buffer.data().data()))
        return made


@pytest.fixture
def view(desk: Desk, shown: Show, qtbot: QtBot) -> PdfView:
    made = PdfView(desk.jobs, Renderer())
    made.resize(700, 500)
    shown(made)
    with qtbot.waitSignal(made.pages_known):
        made.show_pdf(b"%PDF")
    return made


def settled(view: PdfView, desk: Desk, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not view._later.isActive() and not desk.jobs.is_busy)


def test_pages_are_as_wide_as_the_view_and_drawn_where_one_looks(
    view: PdfView, desk: Desk, qtbot: QtBot
) -> None:
    settled(view, desk, qtbot)
    assert view.page_count == PAGES
    width = 595 * view._sheets.scale
    assert abs(width - (view.viewport().width() - 24)) < 12
    drawn = {page for page in range(PAGES) if page in view._sheets._pictures}
    assert drawn == {0}
    assert not view.grab().isNull()


def test_page_keys_move_by_whole_pages(view: PdfView, desk: Desk, qtbot: QtBot) -> None:
    QTest.keyClick(view, Qt.Key.Key_PageDown)
    assert view.page == 1
    QTest.keyClick(view, Qt.Key.Key_End)
    assert view.page == 2
    settled(view, desk, qtbot)
    assert 2 in view._sheets._pictures
    QTest.keyClick(view, Qt.Key.Key_PageUp)
    assert view.page == 1
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert view.page == 0
    settled(view, desk, qtbot)


def test_zoom_by_key_and_wheel(view: PdfView, desk: Desk, qtbot: QtBot) -> None:
    before = view._sheets.scale
    control = Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(view, Qt.Key.Key_Plus, control)
    assert view._sheets.scale == pytest.approx(before * 1.25, rel=0.05)
    QTest.keyClick(view, Qt.Key.Key_Minus, control)
    QTest.keyClick(view, Qt.Key.Key_Minus, control)
    assert view._sheets.scale < before
    QTest.keyClick(view, Qt.Key.Key_0, control)
    place = QPointF(100, 100)
    for turn in (120, -120):
        wheel = QWheelEvent(
            place,
            place,
            QPoint(),
            QPoint(0, turn),
            Qt.MouseButton.NoButton,
            control,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(view.viewport(), wheel)
    assert view._sheets.scale == pytest.approx(before, rel=0.05)
    settled(view, desk, qtbot)


def test_a_view_can_be_emptied(view: PdfView, desk: Desk, qtbot: QtBot) -> None:
    view.clear()
    assert view.page_count == 0
    settled(view, desk, qtbot)


def test_what_is_printed_is_the_same_file(tmp_path: Path, dressed: QApplication) -> None:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "out.pdf"))
    printer.setResolution(150)
    renderer = Renderer()
    assert print_pdf(b"%PDF", renderer, printer, PAGES)
    assert renderer.asked == [(150, 0), (150, 1), (150, 2)]
    assert (tmp_path / "out.pdf").read_bytes().startswith(b"%PDF")


def test_a_printer_that_cannot_begin_is_said(
    tmp_path: Path, dressed: QApplication, request: pytest.FixtureRequest
) -> None:
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "no such folder" / "out.pdf"))
    with request.getfixturevalue("qtlog").disabled():  # Qt warns of it as well
        assert not print_pdf(b"%PDF", Renderer(), printer, PAGES)
