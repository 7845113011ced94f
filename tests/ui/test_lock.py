"""At the counter: another person in a few keys with everything open, the locked screen, and numbers shown while a key is held."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QMenu, QWidget
from pytestqt.qtbot import QtBot

from desktop_crm import counter, customers, pins, staff
from desktop_crm.base.clock import FixedClock
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.records.audit import AuditEntry
from desktop_crm.shop import Shop
from desktop_crm.ui import attention
from desktop_crm.ui.attention import Attention
from desktop_crm.ui.customer_form import CustomerForm
from desktop_crm.ui.lock import LockDialog
from desktop_crm.ui.main_window import ACTIONS, PAGES, MainWindow
from desktop_crm.ui.person import PersonDialog
from desktop_crm.ui.pins import PinForm
from desktop_crm.ui.reminders import Reminders
from desktop_crm.ui.staff import StaffSection
from tests.ui.conftest import Windows


@dataclass
class Counter:
    """A window with people before it."""

    window: MainWindow
    shop: Shop
    owner: int
    clerk: int
    wang: int

    def dialog(self, kind: type[QDialog], qtbot: QtBot) -> QDialog:
        found = lambda: isinstance(QApplication.activeModalWidget(), kind)  # noqa: E731
        qtbot.waitUntil(found)
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, kind)
        return dialog

    @property
    def noted(self) -> list[str]:
        rows = self.shop.db.records(AuditEntry, "SELECT * FROM audit ORDER BY id")
        return [each.action for each in rows]


@pytest.fixture
def at(shop: Shop, make_window: Windows, qtbot: QtBot) -> Iterator[Counter]:
    """A clerk at the counter of a shop in which the owner and the clerk have PINs."""
    owner, clerk = staff.add(shop, "王芳", "owner"), staff.add(shop, "小雅")
    pins.put(shop, owner, "7306")
    pins.put(shop, clerk, "4071")
    wang = customers.add(shop, CustomerDraft("王建国", phones=(PhoneDraft("13805718866", label="家"),)))
    window = make_window(PAGES, ACTIONS)
    window.set_person(clerk)
    window.start_services(("desktop_crm.ui.attention:start",))
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    window.go_to("customers")
    qtbot.waitUntil(lambda: not window.jobs.is_busy)
    yield Counter(window, shop, owner, clerk, wang)
    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, QDialog):
            if isinstance(widget, LockDialog):
                widget.may_close = True
            widget.close()


def typed(dialog: QDialog, text: str) -> None:
    assert isinstance(dialog, PersonDialog | LockDialog)
    QTest.keyClicks(dialog.people.field.line, text)
    QTest.keyClick(dialog.people.field.line, Qt.Key.Key_Return)


# ---------------------------------------------------------------- another person


def test_another_person_comes_in_seven_keys(at: Counter, qtbot: QtBot) -> None:
    QTest.keyClick(at.window, Qt.Key.Key_F12)
    dialog = at.dialog(PersonDialog, qtbot)
    assert isinstance(dialog, PersonDialog)
    QTest.keyClicks(dialog.people.rows[1], "1")
    with qtbot.waitSignal(dialog.destroyed):
        typed(dialog, "7306")
    assert at.window.jobs.shop.staff_id == at.owner
    assert at.noted[-1] == "switch"


def test_a_wrong_pin_is_said_and_typed_over(at: Counter, qtbot: QtBot) -> None:
    QTest.keyClick(at.window, Qt.Key.Key_F12)
    dialog = at.dialog(PersonDialog, qtbot)
    assert isinstance(dialog, PersonDialog)
    dialog.people.choose(at.owner)
    typed(dialog, "0000")
    qtbot.waitUntil(lambda: dialog.people.field._below.text() == "That is not the PIN of 王芳.")
    assert dialog.people.field.line.selectedText() != ""
    assert at.window.jobs.shop.staff_id == at.clerk
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.people.field.isHidden()
    QTest.keyClick(dialog.people.rows[0], Qt.Key.Key_Down)
    assert dialog.people.rows[1].hasFocus() or not dialog.isActiveWindow()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)


def test_who_has_nothing_to_show_is_told_what_to_do(at: Counter, qtbot: QtBot) -> None:
    staff.add(at.shop, "陈经理", "manager")
    QTest.keyClick(at.window, Qt.Key.Key_F12)
    dialog = at.dialog(PersonDialog, qtbot)
    assert isinstance(dialog, PersonDialog)
    QTest.keyClicks(dialog.people.rows[0], "3")
    qtbot.waitUntil(lambda: "陈经理 has neither a PIN nor a password" in dialog.people.said.text())


def test_a_form_stays_open_with_what_was_typed_and_is_saved_by_who_saves(at: Counter, qtbot: QtBot) -> None:
    at.window.run_action("customer")
    form = at.dialog(CustomerForm, qtbot)
    assert isinstance(form, CustomerForm)
    form.name.line.setText("李明")
    QTest.keyClick(form.windowHandle(), Qt.Key.Key_F12)
    dialog = at.dialog(PersonDialog, qtbot)
    assert isinstance(dialog, PersonDialog)
    dialog.people.choose(at.owner)
    with qtbot.waitSignal(dialog.destroyed):
        typed(dialog, "7306")
    assert form.isVisible()
    assert form.name.text() == "李明"
    form.save()
    by_whom = "SELECT c.staff_id FROM changes c WHERE c.label LIKE '%李明%'"
    qtbot.waitUntil(lambda: at.shop.db.row(by_whom) == (at.owner,))


# ---------------------------------------------------------------- the locked screen


def lock(at: Counter, qtbot: QtBot) -> LockDialog:
    QTest.keyClick(at.window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    dialog = at.dialog(LockDialog, qtbot)
    assert isinstance(dialog, LockDialog)
    return dialog


def open_again(at: Counter, dialog: LockDialog, qtbot: QtBot, digits: str = "4071") -> None:
    with qtbot.waitSignal(dialog.destroyed):
        typed(dialog, digits)
    qtbot.waitUntil(lambda: not at.window.property("locked"))


def is_blank(widget: QWidget) -> bool:
    """Whether nothing but one colour is to be seen of a window."""
    image = widget.grab().toImage()
    colours = {image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)}
    return len(colours) == 1


def test_the_locked_screen_shows_nothing_and_comes_back_as_it_was(at: Counter, qtbot: QtBot) -> None:
    at.window.open_customer(at.wang)
    qtbot.waitUntil(lambda: not at.window.jobs.is_busy)
    title = at.window.windowTitle()
    assert not is_blank(at.window)
    dialog = lock(at, qtbot)
    assert is_blank(at.window)
    assert (at.window.windowTitle(), dialog.windowTitle()) == ("Desktop CRM", "Desktop CRM")
    at.window.messages.say("王建国 was saved.")
    at.window.refresh_frame()
    at.window.resize(1200, 700)
    qtbot.waitUntil(lambda: not at.window.jobs.is_busy)
    assert is_blank(at.window), "whatever would be said waits"
    assert at.window.windowTitle() == "Desktop CRM"
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    dialog.close()
    assert dialog.isVisible(), "it goes for who shows who they are only"
    open_again(at, dialog, qtbot)
    assert not is_blank(at.window)
    assert at.window.windowTitle() == title
    assert at.window.messages.shown == "王建国 was saved."
    assert at.noted[-2:] == ["lock", "unlock"]


def test_another_one_may_open_the_screen(at: Counter, qtbot: QtBot) -> None:
    dialog = lock(at, qtbot)
    assert dialog.people._chosen is not None
    assert dialog.people._chosen.member.id == at.clerk, "it waits for who locked it"
    QTest.keyClick(dialog.people.field.line, Qt.Key.Key_Up)
    open_again(at, dialog, qtbot, "7306")
    assert at.window.jobs.shop.staff_id == at.owner


def test_dialogs_are_covered_and_keep_what_was_typed(at: Counter, qtbot: QtBot) -> None:
    CustomerForm.edit(at.window.desk, at.wang, lambda _id: None)
    form = at.dialog(CustomerForm, qtbot)
    assert isinstance(form, CustomerForm)
    form.address.line.setText("西湖 1 号")
    QTest.keyClick(form.windowHandle(), Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    dialog = at.dialog(LockDialog, qtbot)
    assert isinstance(dialog, LockDialog)
    assert is_blank(form)
    assert form.windowTitle() == "Desktop CRM"
    open_again(at, dialog, qtbot)
    assert "王建国" in form.windowTitle()
    assert form.address.text() == "西湖 1 号"
    assert not is_blank(form)


def test_what_would_open_meanwhile_opens_afterwards(at: Counter, qtbot: QtBot) -> None:
    menu = QMenu(at.window)
    menu.addAction("王建国")
    menu.popup(at.window.mapToGlobal(at.window.rect().center()))
    at.window.lock_screen()
    assert not menu.isVisible()
    dialog = at.dialog(LockDialog, qtbot)
    assert isinstance(dialog, LockDialog)
    CustomerForm.edit(at.window.desk, at.wang, lambda _id: None)
    qtbot.waitUntil(lambda: at.window.findChild(CustomerForm) is not None)
    form = at.window.findChild(CustomerForm)
    assert form is not None
    qtbot.waitUntil(lambda: not form.isVisible())
    open_again(at, dialog, qtbot)
    qtbot.waitUntil(form.isVisible)
    assert not is_blank(form)


def test_reminders_are_silent_while_it_is_locked(
    at: Counter, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    reminders = Reminders(at.window.desk, tray=False)
    qtbot.waitUntil(lambda: not at.window.jobs.is_busy)
    dialog = lock(at, qtbot)
    monkeypatch.setattr(at.window.jobs, "change", lambda *args, **_more: asked.append(args))
    reminders.look()
    assert asked == []
    monkeypatch.undo()
    reminders.stop()
    open_again(at, dialog, qtbot)


def test_it_is_not_locked_where_nobody_could_open_it(at: Counter, qtbot: QtBot) -> None:
    pins.remove(at.shop, at.clerk)
    pins.remove(at.shop, at.owner)
    QTest.keyClick(at.window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: at.window.messages.shown.startswith("Nobody could open the screen again"))
    assert not at.window.property("locked")


# ---------------------------------------------------------------- nobody there


@pytest.fixture
def watch(at: Counter, qtbot: QtBot) -> Attention:
    found = at.window.findChild(Attention)
    assert found is not None
    qtbot.waitUntil(lambda: found._guard.can_lock)
    return found


def test_it_locks_by_itself_after_the_minutes_set(
    at: Counter, watch: Attention, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 9 * 60)
    watch.look()
    qtbot.waitUntil(lambda: not at.window.jobs.is_busy)
    assert not at.window.property("locked")
    QTest.mouseMove(at.window.windowHandle(), at.window.rect().center())
    QTest.keyClick(at.window.windowHandle(), Qt.Key.Key_Down)
    monkeypatch.setattr(time, "monotonic", lambda: now + 18 * 60)
    watch.look()
    qtbot.waitUntil(lambda: not at.window.jobs.is_busy)
    assert not at.window.property("locked"), "somebody was there meanwhile"
    monkeypatch.setattr(time, "monotonic", lambda: now + 20 * 60)
    watch.look()
    dialog = at.dialog(LockDialog, qtbot)
    assert isinstance(dialog, LockDialog)
    watch.look()
    open_again(at, dialog, qtbot)
    assert at.noted.count("lock") == 1


# ---------------------------------------------------------------- a look at the numbers


def texts(widget: QWidget | None) -> str:
    return (
        ""
        if widget is None
        else " ".join(child.text() for child in widget.findChildren(QWidget) if hasattr(child, "text"))
    )


def test_numbers_are_shown_as_long_as_the_key_is_held(at: Counter, watch: Attention, qtbot: QtBot) -> None:
    at.window.open_customer(at.wang)
    qtbot.waitUntil(lambda: not at.window.jobs.is_busy)
    assert "13805718866" not in texts(at.window).replace(" ", "")
    QTest.keyPress(at.window.windowHandle(), Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: watch.reveal.strip is not None)
    assert "138 0571 8866" in texts(watch.reveal.strip)
    assert "in the audit trail" in texts(watch.reveal.strip)
    QTest.keyRelease(at.window.windowHandle(), Qt.Key.Key_F9)
    assert texts(watch.reveal.strip) == ""
    assert at.noted[-1] == "reveal"


def test_a_short_press_shows_nothing_late(at: Counter, watch: Attention, qtbot: QtBot) -> None:
    at.window.open_customer(at.wang)
    qtbot.waitUntil(lambda: not at.window.jobs.is_busy)
    QTest.keyPress(at.window.windowHandle(), Qt.Key.Key_F9)
    QTest.keyRelease(at.window.windowHandle(), Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: not at.window.jobs.is_busy)
    assert watch.reveal.strip is None


def test_of_a_marked_row_and_of_a_hit_too(at: Counter, watch: Attention, qtbot: QtBot) -> None:
    page = at.window.current_page()
    assert page is not None
    page.table.select_first()  # type: ignore[attr-defined]
    assert at.window.whom() == at.wang
    at.window.go_to("reports")
    assert at.window.whom() is None
    QTest.keyPress(at.window.windowHandle(), Qt.Key.Key_F9)
    QTest.keyRelease(at.window.windowHandle(), Qt.Key.Key_F9)
    assert at.window.messages.shown == "Choose a customer first; F9 shows the numbers while it is held."
    at.window.search.setFocus()
    at.window.search.setText("8866")
    qtbot.waitUntil(lambda: bool(at.window.search.hits))
    at.window.search._show_list()
    assert at.window.whom() == at.wang


def test_of_whom_a_form_is_about(at: Counter, watch: Attention, qtbot: QtBot) -> None:
    CustomerForm.edit(at.window.desk, at.wang, lambda _id: None)
    form = at.dialog(CustomerForm, qtbot)
    assert form.isVisible()
    assert at.window.whom() == at.wang
    QTest.keyPress(form.windowHandle(), Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: watch.reveal.strip is not None)
    assert form.isAncestorOf(watch.reveal.strip)  # type: ignore[arg-type]
    QTest.keyRelease(form.windowHandle(), Qt.Key.Key_F9)


def test_what_was_found_is_asked_again_for_other_eyes(at: Counter, qtbot: QtBot) -> None:
    at.window.set_person(at.owner)
    at.window.search.setText("8866")
    qtbot.waitUntil(lambda: [hit.phones for hit in at.window.search.hits] == [("13805718866",)])
    at.window.set_person(at.clerk)
    qtbot.waitUntil(lambda: [hit.phones for hit in at.window.search.hits] == [("138****8866",)])


# ---------------------------------------------------------------- setting one


def test_a_pin_is_set_and_taken_away_in_settings(at: Counter, qtbot: QtBot) -> None:
    at.window.set_person(at.owner)
    at.window.go_to("settings", "staff")
    qtbot.waitUntil(lambda: not at.window.jobs.is_busy)
    section = at.window.current_page().section("staff")  # type: ignore[union-attr]
    assert isinstance(section, StaffSection)
    section.table.select(at.clerk)
    section.set_pin()
    form = at.dialog(PinForm, qtbot)
    assert isinstance(form, PinForm)
    said = " ".join(label.text() for label in (*form.findChildren(QLabel), *section.findChildren(QLabel)))
    assert "It changes who is at the counter; what opens the shop in the morning is a password" in said
    assert "Opening the shop in the morning asks for no PIN" in said
    form.pin.set_value("1234")
    assert form.pin.problem().startswith("This PIN is one of those")
    form.pin.set_value("5193")
    form.again.set_value("5194")
    assert form.again.problem() == "These are not the same digits."
    form.again.set_value("5193")
    form.save()
    qtbot.waitUntil(
        lambda: not at.window.jobs.is_busy and at.window.messages.shown.startswith("The PIN of 小雅")
    )
    assert pins.check(at.shop, at.clerk, "5193").name == "小雅"
    section.set_pin()
    form = at.dialog(PinForm, qtbot)
    assert isinstance(form, PinForm)
    form.none.set_value(True)
    form.none.changed.emit()
    form.save()
    qtbot.waitUntil(lambda: at.clerk not in pins.owners(at.shop))


def test_a_locked_pin_is_marked(at: Counter, clock: FixedClock, qtbot: QtBot) -> None:
    for _try in range(pins.MOST):
        clock.instant = clock.instant.replace(hour=clock.instant.hour + 1)
        with pytest.raises(pins.PinWrong):
            pins.check(at.shop, at.clerk, "0000")
    at.window.go_to("settings", "staff")
    qtbot.waitUntil(lambda: not at.window.jobs.is_busy)
    section = at.window.current_page().section("staff")  # type: ignore[union-attr]
    assert isinstance(section, StaffSection)
    marks = {
        member.id: [mark.text for mark in section._pin_marks(member)] for member in staff.listing(at.shop)
    }
    assert marks == {at.owner: ["set"], at.clerk: ["locked"]}
    assert counter.guard(at.shop).can_lock
    assert QEvent.Type.KeyPress in attention._SIGNS_OF_LIFE
