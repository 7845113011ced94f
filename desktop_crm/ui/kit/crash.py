"""What happens at a bug: one dialog with a report that can be copied, the log, an orderly end.

The report names versions and places in the program, never values: names, phones and notes of customers stand in
values and in messages of errors, folders of people in paths.
"""

from __future__ import annotations

import logging
import platform
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

import PySide6
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QPlainTextEdit, QWidget

from desktop_crm import __version__
from desktop_crm.base.i18n import _
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.layouts import STRETCH, hbox, vbox
from desktop_crm.ui.kit.theme import S8, S12, S20

log = logging.getLogger(__name__)
_ROOT = Path(__file__).resolve().parents[3]


def report(error: BaseException) -> str:
    """What can be sent to the makers: kinds of error and places in the program, no values."""
    lines = [
        f"desktop_crm {__version__}",
        f"Python {platform.python_version()}, Qt {PySide6.__version__}, {platform.system()} {platform.release()}",
        "",
    ]
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        lines += [_place(step) for step in traceback.extract_tb(link.__traceback__)]
        lines.append(f"{type(link).__module__}.{type(link).__qualname__}")
        following = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
        if following is not None:
            lines.append("after:")
        link = following
    return "\n".join(lines)


def _place(step: traceback.FrameSummary) -> str:
    """One line of a traceback: the path below the program, elsewhere only the file's name."""
    path = Path(step.filename)
    shown = path.relative_to(_ROOT).as_posix() if path.is_relative_to(_ROOT) else path.name
    return f"  {shown}:{step.lineno} {step.name}"


class CrashHandler(QObject):
    """Takes every unexpected error of the process.

    Signals:
        crashed(error): an error came in; from any thread.
    """

    crashed = Signal(object)

    def __init__(self, application: QApplication, close: Callable[[], object]) -> None:
        super().__init__(application)
        self._close = close
        self._is_open = False
        self.crashed.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Be asked for every exception that nobody caught; without this Qt swallows those of slots."""
        sys.excepthook = self._hook

    def _hook(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QTimer.singleShot(0, self, lambda: self._close())
            return
        self.take(error.with_traceback(trace))

    def take(self, error: BaseException) -> None:
        """Log it and tell the person; one dialog, however many errors follow."""
        log.error("a bug\n%s", report(error))
        self.crashed.emit(error)

    def _show(self, error: BaseException) -> None:
        if self._is_open:
            return
        self._is_open = True
        CrashDialog(report(error), QApplication.activeWindow()).exec()
        self._is_open = False
        self._close()


class CrashDialog(QDialog):
    """Says what happened and what is safe, and gives the report to be copied."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("The program made a mistake"))
        words = _(
            "The program made a mistake and has to close. Everything that was saved is safe; what was being saved at "
            "this moment was taken back. The report below holds no customer data: please copy it and send it to the "
            "makers."
        )
        self._report = QPlainTextEdit(text)
        self._report.setReadOnly(True)
        self._copy = KeyButton(_("Copy the report"), "Ctrl+C", bind=False, on_click=self._copy_report)
        close = KeyButton(_("Close the program"), "Return", kind="primary", on_click=self.accept)
        vbox(
            Label(_("The program made a mistake"), "title", wrap=True),
            Label(words, "quiet", wrap=True),
            (self._report, 1),
            hbox(self._copy, STRETCH, close, spacing=S8),
            spacing=S12,
            margins=S20,
            on=self,
        )
        self.resize(560, 420)

    def _copy_report(self) -> None:
        QGuiApplication.clipboard().setText(self._report.toPlainText())
        self._copy.setText(_("Copied"))
