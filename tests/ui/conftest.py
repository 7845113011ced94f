"""Fixtures of the window: a dressed application, a desk for one page, the whole window; no stray Qt warning."""

from __future__ import annotations

import gc
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QtMsgType
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop_crm.shop import Shop
from desktop_crm.ui.kit import theme
from desktop_crm.ui.kit.state import State
from desktop_crm.ui.main_window import MainWindow
from desktop_crm.ui.page import ActionSpec, Desk, PageSpec

_HARMLESS = ("This plugin does not support", "systemTrayWindowChanged")
# the offscreen platform, of what it cannot do


_ENDED = itertools.count(1)


@pytest.fixture(scope="session", autouse=True)
def dressed(qapp: QApplication) -> QApplication:
    """The application as it runs: our fonts, the light theme."""
    theme.load_fonts()
    theme.dress(qapp, dark=False)
    return qapp


@pytest.fixture(autouse=True)
def nothing_left(qapp: QApplication, request: pytest.FixtureRequest) -> Iterator[None]:
    """A Qt warning or a window that stayed open fails the test."""
    log = request.getfixturevalue("qtlog")
    yield
    if next(_ENDED) % 5 == 0:  # a window's own timer has no time to collect in a short test
        gc.collect()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    left = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
    for widget in left:
        widget.close()
    said = [
        record.message
        for record in log.records
        if record.type != QtMsgType.QtDebugMsg and not any(words in record.message for words in _HARMLESS)
    ]
    assert said == []
    assert left == []


@pytest.fixture(autouse=True)
def own_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is remembered on the machine that runs the tests."""
    monkeypatch.setattr("desktop_crm.base.machine.config_dir", lambda: tmp_path / "config")


@pytest.fixture
def state(tmp_path: Path) -> State:
    """A machine that remembers nothing yet."""
    return State(tmp_path / "machine")


@dataclass
class Visits:
    """What a page asked of the window, instead of its being done."""

    pages: list[tuple[str, object]] = field(default_factory=list)
    customers: list[int] = field(default_factory=list)
    actions: list[tuple[str, int | None]] = field(default_factory=list)
    bugs: list[BaseException] = field(default_factory=list)


def _is_quiet(window: MainWindow) -> bool:
    return not window.jobs.is_busy


Windows = Callable[..., MainWindow]


@pytest.fixture
def make_window(shop: Shop, state: State, qtbot: QtBot) -> Iterator[Windows]:
    """Makes windows of the shop; closed at the end, and a bug in a job fails the test."""
    made: list[MainWindow] = []
    bugs: list[BaseException] = []

    def make(pages: tuple[PageSpec, ...] = (), actions: tuple[ActionSpec, ...] = ()) -> MainWindow:
        window = MainWindow(shop, state, pages=pages, actions=actions)
        window.jobs.crashed.connect(bugs.append)
        window.resize(1366, 768)
        made.append(window)
        return window

    yield make
    for window in made:
        qtbot.waitUntil(partial(_is_quiet, window))
        window.setProperty("stays_in_tray", False)
        window.close()
        window.deleteLater()
    if bugs:
        raise bugs[0]


@pytest.fixture
def visits() -> Visits:
    """What the page under test asked of the window."""
    return Visits()


@pytest.fixture
def desk(make_window: Windows, visits: Visits) -> Desk:
    """A desk for one page under test: real shop, jobs and messages; going elsewhere is only noted in `visits`."""
    return replace(
        make_window().desk,
        go_to=lambda key, argument=None: visits.pages.append((key, argument)),
        open_customer=visits.customers.append,
        run_action=lambda key, customer_id=None: visits.actions.append((key, customer_id)),
    )


@pytest.fixture
def shown(qtbot: QtBot) -> Iterator[Callable[[QWidget], None]]:
    """Shows a widget of its own and waits until it is there; closed at the end."""
    held: list[QWidget] = []

    def show(widget: QWidget) -> None:
        held.append(widget)
        with qtbot.waitActive(widget):
            widget.show()
            widget.activateWindow()

    yield show
    for widget in held:
        widget.close()
