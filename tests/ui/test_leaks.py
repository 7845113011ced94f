"""No page, form or list of the window shows a full phone number to a clerk: every widget, model and painted word is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from functools import partial
from typing import Any

import pytest
from PySide6.QtCore import QAbstractListModel, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractItemView, QApplication, QComboBox, QDialog, QWidget
from pytestqt.qtbot import QtBot

from desktop_crm import demo
from desktop_crm.base import i18n
from desktop_crm.base.clock import FixedClock
from desktop_crm.settings import CLERK_RIGHTS, RIGHTS
from desktop_crm.shop import Shop
from desktop_crm.ui import clean, settings
from desktop_crm.ui.card_history import show_history
from desktop_crm.ui.contact_dialog import ContactDialog
from desktop_crm.ui.customer_form import CustomerForm
from desktop_crm.ui.kit.state import State
from desktop_crm.ui.main_window import ACTIONS, PAGES, MainWindow
from desktop_crm.ui.merge import merge_cards
from tests import canaries
from tests.conftest import NOW

_ASKED = (
    "text", "toolTip", "accessibleName", "accessibleDescription", "placeholderText", "windowTitle", "toPlainText", "title",
    "statusTip", "whatsThis",
)  # fmt: skip
_ROLES = (
    Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.EditRole,
)  # fmt: skip


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop full of numbers; the window only looks at it."""
    i18n.set_language("en")
    folder = tmp_path_factory.mktemp("canaries") / "shop"
    demo.make(folder, customers=60, until=date(2026, 11, 21))
    with closing(Shop.open(folder, FixedClock(NOW))) as shop:
        canaries.plant(shop)
        with shop.change("Clerks may do all but see numbers", {"settings"}):
            shop.put(CLERK_RIGHTS, tuple(right for right, _words in RIGHTS if right != "phones"))
        yield shop


class Reader:
    """Reads all that a window says, and notes every word that is painted."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.painted: list[str] = []
        paint = QPainter.drawText

        def noted(painter: QPainter, *where: Any) -> Any:  # drawText has many forms
            self.painted += [each for each in where if isinstance(each, str)]
            return paint(painter, *where)

        monkeypatch.setattr(QPainter, "drawText", noted)

    def all_of(self, window: QWidget) -> list[str]:
        """What the window shows, also what would be seen by scrolling or pointing at it."""
        window.grab()
        said, self.painted = self.painted, []
        for widget in (window, *window.findChildren(QWidget)):
            said += [text for text in map(partial(_said, widget), _ASKED) if text]
            if isinstance(widget, QComboBox):
                said += [widget.itemText(place) for place in range(widget.count())]
            if isinstance(widget, QAbstractItemView) and widget.model() is not None:
                said += _cells(widget)
        return said


def _said(widget: QWidget, name: str) -> str:
    method = getattr(widget, name, None)
    found = method() if callable(method) else ""
    return found if isinstance(found, str) else ""


def _cells(view: QAbstractItemView) -> list[str]:
    model, found = view.model(), []
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount()
    for row in range(min(model.rowCount(), 400)):
        for column in range(columns):
            index = model.index(row, column)
            found += [str(value) for role in _ROLES if (value := model.data(index, role)) is not None]
    return found


class Walk:
    """Goes through the window as somebody would, and reads each place."""

    def __init__(self, window: MainWindow, reader: Reader, qtbot: QtBot) -> None:
        self.window, self._reader, self._qtbot = window, reader, qtbot
        self.read: dict[str, set[str]] = {}

    def settle(self) -> None:
        self._qtbot.waitUntil(lambda: not self.window.jobs.is_busy, timeout=20_000)

    def look(self, place: str) -> None:
        self.settle()
        self.read[place] = set(self._reader.all_of(self.window))

    def page(self, key: str, argument: object = None, place: str = "") -> None:
        self.window.go_to(key, argument)
        self.look(place or key)

    def dialog(self, place: str, begin: Callable[[], object]) -> None:
        begin()
        self._qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None, timeout=20_000)
        self.settle()
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QDialog)
        self.read[place] = set(self._reader.all_of(dialog))
        dialog.reject()
        self.settle()


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Reader:
    return Reader(monkeypatch)


@pytest.fixture
def walk(reader: Reader, state: State, qtbot: QtBot) -> Iterator[Callable[[Shop], Walk]]:
    """Begins a walk through a window of the shop with whoever is at its counter."""
    begun: list[MainWindow] = []

    def begin(shop: Shop) -> Walk:
        window = MainWindow(shop, state, pages=PAGES, actions=ACTIONS)
        begun.append(window)
        window.resize(1366, 768)
        window.show()
        return Walk(window, reader, qtbot)

    yield begin
    for window in begun:
        qtbot.waitUntil(partial(_is_quiet, window), timeout=20_000)
        window.close()
        window.deleteLater()


def _is_quiet(window: MainWindow) -> bool:
    return not window.jobs.is_busy


def ids_of(shop: Shop) -> list[int]:
    return [row[0] for row in shop.db.rows("SELECT id FROM customers ORDER BY id DESC")]


def through_the_pages(walk: Walk, shop: Shop) -> None:
    """Every page, what is on Tidy up, and cards of all kinds."""
    ids = ids_of(shop)
    for spec in PAGES:
        if spec.key != "card":
            walk.page(spec.key)
    for key, *_rest in clean.SECTIONS:
        walk.page("clean", key, f"clean {key}")
    for customer_id in ids[:4] + ids[-10:]:
        walk.page("card", customer_id, f"card {customer_id}")
    walk.dialog("merge", lambda: merge_cards(walk.window.desk, ids[-3:-1], lambda _id: None))


def through_the_rest(walk: Walk, shop: Shop) -> None:
    """Settings, searches, and every form."""
    ids = ids_of(shop)
    for key, *_rest in settings.SECTIONS:
        walk.page("settings", key, f"settings {key}")
    for typed in ("139", "8866", "87654321", "一号", "note:139", "tag:13"):
        walk.window.search.setFocus()
        walk.window.search.setText(typed)
        walk.settle()
        walk.window.search._show_list()
        walk.look(f"search {typed}")
        walk.read[f"search {typed}"] -= {typed}
        walk.window.search.clear()
    desk = walk.window.desk
    walk.dialog("all fields", lambda: CustomerForm.edit(desk, ids[-1], lambda _id: None))
    walk.dialog("history of the card", lambda: show_history(desk, ids[0]))
    followup = shop.db.value("SELECT id FROM followups WHERE state = 'open' LIMIT 1")
    walk.dialog("follow-up", lambda: ContactDialog(desk, followup).open())
    for action in ("customer", "sale", "followup", "complaint", "person"):
        walk.dialog(f"form {action}", partial(walk.window.run_action, action, ids[-1]))


def test_a_clerk_reads_no_number_anywhere(planted: Shop, walk: Callable[[Shop], Walk]) -> None:
    numbers = canaries.secrets(planted)
    clerk = walk(canaries.clerk_of(planted))
    through_the_pages(clerk, planted)
    through_the_rest(clerk, planted)
    if canaries.leaks(set().union(*clerk.read.values()), numbers):
        found = {
            place: shown for place, texts in clerk.read.items() if (shown := canaries.leaks(texts, numbers))
        }
        assert found == {}
    masked = [place for place, texts in clerk.read.items() if any("***" in text for text in texts)]
    assert len(masked) > 25, "numbers are there, hidden"


def test_the_owner_reads_them_in_the_same_places(planted: Shop, walk: Callable[[Shop], Walk]) -> None:
    """What shows that the walk above looks where numbers are."""
    numbers = canaries.secrets(planted)
    owner = walk(planted)
    through_the_pages(owner, planted)
    without = [place for place, texts in owner.read.items() if not canaries.leaks(texts, numbers)]
    assert len(owner.read) - len(without) > 15
    for place in (
        "today",
        "customers",
        "followups",
        "complaints",
        "history",
        "clean duplicates",
        "clean bin",
        "merge",
    ):
        assert place not in without
