"""Flow 3: a follow-up falls due, is finished in three keys, and the next one follows by rule."""

from __future__ import annotations

from PySide6.QtCore import Qt

from desktop_crm import followups, history
from desktop_crm.records.followups import Followup
from desktop_crm.shop import Shop
from desktop_crm.ui.main_window import MainWindow
from desktop_crm.ui.today import TodayPage
from tests.flows.conftest import Keyboard


def test_enter_a_digit_and_enter_finish_the_first_contact(
    window: MainWindow, keyboard: Keyboard, sample_shop: Shop
) -> None:
    page = window.current_page()
    assert isinstance(page, TodayPage)
    first = page.table.selected()
    assert first is not None
    waiting = len(followups.due(sample_shop))
    keyboard.press(Qt.Key.Key_Return, "1", Qt.Key.Key_Return)
    assert keyboard.pressed == 3
    done = sample_shop.db.get(Followup, first.id)
    assert done is not None
    assert (done.state, done.outcome) == ("done", "reached")
    assert len(followups.due(sample_shop)) == waiting - 1
    following = page.table.selected()
    assert following is not None
    assert following.id != first.id


def test_what_was_done_is_taken_back_with_one_chord(
    window: MainWindow, keyboard: Keyboard, sample_shop: Shop
) -> None:
    page = window.current_page()
    assert isinstance(page, TodayPage)
    first = page.table.selected()
    assert first is not None
    contacts = sample_shop.db.value("SELECT count(*) FROM interactions")
    keyboard.press(Qt.Key.Key_Return, "1", Qt.Key.Key_Return)
    assert sample_shop.db.value("SELECT count(*) FROM interactions") == contacts + 1
    keyboard.chord(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    undone = sample_shop.db.get(Followup, first.id)
    assert undone is not None
    assert undone.state == "open"
    assert sample_shop.db.value("SELECT count(*) FROM interactions") == contacts
    assert history.next_redo(sample_shop) is not None
