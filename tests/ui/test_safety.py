"""Settings › Safety: the first password, those of others and one's own, the recovery sheet, the locks; the amber badge."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from desktop_crm import passwords, staff
from desktop_crm.base import places
from desktop_crm.base.clock import FixedClock
from desktop_crm.base.places import Place
from desktop_crm.passwords import PasswordNeeded, PasswordWrong
from desktop_crm.settings import IS_DEMO
from desktop_crm.shop import Shop
from desktop_crm.ui import frame
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.messages import Messages
from desktop_crm.ui.main_window import MainWindow
from desktop_crm.ui.page import PageSpec
from desktop_crm.ui.safety import SafetySection, SheetDialog
from desktop_crm.ui.safety_forms import FirstForm, OwnForm, PasswordForm, ProveForm
from desktop_crm.ui.settings import SettingsPage
from tests.ui.conftest import Windows

OWNER, CLERK = "correct horse", "battery staple"
DialogT = TypeVar("DialogT", bound=QDialog)


class Safety:
    """The section in a whole window, and what a person does there."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window, self._qtbot = window, qtbot
        window.go_to("settings", "safety")
        page = window.current_page()
        assert isinstance(page, SettingsPage)
        section = page.section("safety")
        assert isinstance(section, SafetySection)
        self.section = section
        self.settle()

    def settle(self) -> None:
        self._qtbot.waitUntil(lambda: not self.window.jobs.is_busy, timeout=15_000)

    def dialog(self, kind: type[DialogT]) -> DialogT:
        """The dialog that is open, of this kind."""
        found: list[DialogT] = []

        def look() -> bool:
            found[:] = [
                each for each in QApplication.topLevelWidgets() if isinstance(each, kind) and each.isVisible()
            ]
            return bool(found)

        self._qtbot.waitUntil(look, timeout=15_000)
        self.settle()
        return found[0]

    def saved(self, form: FirstForm | PasswordForm | OwnForm | ProveForm) -> None:
        """Press save and wait until the form is gone."""
        gone: list[int] = []
        form.finished.connect(gone.append)
        form.save()
        self._qtbot.waitUntil(lambda: bool(gone), timeout=15_000)
        self.settle()

    def shown(self) -> set[str]:
        """Which panels are there."""
        names = ("open_panel", "people_panel", "sheet_panel", "locks_panel", "place_panel")
        return {name for name in names if getattr(self.section, name).isVisible()}

    def badge(self) -> str:
        """What the amber badge of the frame says."""
        badge = self.window.rail.safety
        return badge.accessibleName() if badge.isVisible() else ""


@pytest.fixture
def safety(make_window: Windows, shown: Callable[[QWidget], None], qtbot: QtBot) -> Callable[[], Safety]:
    """Opens Settings › Safety in a window of the shop."""

    def make() -> Safety:
        window = make_window((PageSpec("settings", "Settings", "desktop_crm.ui.settings:SettingsPage"),))
        shown(window)
        return Safety(window, qtbot)

    return make


@pytest.fixture
def locked(shop: Shop, safety: Callable[[], Safety]) -> Safety:
    """The section for the owner of a locked shop who has a manager and a clerk; the clerk has a password."""
    owner, clerk = staff.add(shop, "王芳", "owner"), staff.add(shop, "李娜", "clerk")
    staff.add(shop, "张强", "manager")
    own = passwords.set_first(shop, owner, OWNER)
    passwords.add_user(own, clerk, CLERK)
    found = safety()
    found.window.set_person(owner)
    found.settle()
    return found


def opens(shop: Shop, password: str, clock: FixedClock) -> str:
    """Who this password opens the shop for."""
    opened = Shop.open(shop.folder, clock, password=password)
    try:
        member = staff.get(opened, opened.staff_id)
        return member.name if member else ""
    finally:
        opened.close()


def names(safety: Safety) -> list[str]:
    return [row.user.name for row in safety.section.table.records()]


def said(widget: QWidget) -> str:
    return " ".join(label.text() for label in widget.findChildren(Label) if label.isVisible())


def test_the_first_password_locks_the_shop_and_leads_to_the_sheet(
    safety: Callable[[], Safety], shop: Shop, clock: FixedClock
) -> None:
    at = safety()
    assert at.shown() == {"open_panel", "place_panel"}
    assert "anyone with this PC" in at.badge()
    at.section.lock()
    form = at.dialog(FirstForm)
    form.name.set_value("王芳")
    form.first.set_value("1234")
    form.second.set_value("1234")
    form.save()
    assert "too short" in said(form)
    for field in (form.first, form.second):
        field.set_value(OWNER)
    at.saved(form)
    sheet = at.dialog(SheetDialog)
    assert not sheet.pdf_button.isVisible()
    assert not sheet.excel_button.isVisible()
    sheet.reject()
    at.settle()
    assert at.shown() == {"people_panel", "sheet_panel", "locks_panel", "place_panel"}
    assert names(at) == ["王芳"]
    assert at.window.jobs.shop.staff_id is not None
    assert "recovery sheet" in at.badge()
    with pytest.raises(PasswordNeeded):
        Shop.open(shop.folder, clock)
    assert opens(shop, OWNER, clock) == "王芳"


def test_an_owner_who_is_on_the_staff_is_chosen(safety: Callable[[], Safety], shop: Shop) -> None:
    owner = staff.add(shop, "王芳", "owner")
    at = safety()
    at.section.lock()
    form = at.dialog(FirstForm)
    for field in (form.first, form.second):
        field.set_value(OWNER)
    at.saved(form)
    at.dialog(SheetDialog).reject()
    assert [user.staff_id for user in passwords.users(shop.folder)] == [owner]
    assert [member.name for member in staff.listing(shop)] == ["王芳"]


def test_others_get_a_password_and_lose_it(
    locked: Safety, shop: Shop, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert names(locked) == ["王芳", "李娜"]
    locked.section.add()
    form = locked.dialog(PasswordForm)
    for field in (form.first, form.second):
        field.set_value("a third password")
    locked.saved(form)
    assert names(locked) == ["王芳", "李娜", "张强"]
    assert opens(shop, "a third password", clock) == "张强"
    locked.section.add()
    assert "Everybody" in locked.window.messages.shown
    locked.section.table.select(locked.section.table.records()[2].id)
    monkeypatch.setattr(Messages, "confirm", lambda *_a, **_k: False)
    locked.section.remove()
    locked.settle()
    assert len(names(locked)) == 3
    monkeypatch.setattr(Messages, "confirm", lambda *_a, **_k: True)
    locked.section.remove()
    locked.settle()
    assert names(locked) == ["王芳", "李娜"]
    with pytest.raises(PasswordWrong):
        opens(shop, "a third password", clock)


def test_the_last_owner_keeps_the_password(locked: Safety, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Messages, "confirm", lambda *_a, **_k: True)
    locked.section.table.select_first()
    locked.section.remove()
    locked.settle()
    assert names(locked) == ["王芳", "李娜"]
    assert locked.window.messages.shown


def test_who_forgot_the_password_gets_a_new_one(locked: Safety, shop: Shop, clock: FixedClock) -> None:
    locked.section.table.select(locked.section.table.records()[1].id)
    locked.section.reset()
    form = locked.dialog(PasswordForm)
    for field in (form.first, form.second):
        field.set_value("another staple")
    locked.saved(form)
    assert opens(shop, "another staple", clock) == "李娜"
    with pytest.raises(PasswordWrong):
        opens(shop, CLERK, clock)


def test_ones_own_password_needs_the_old_one(
    locked: Safety, shop: Shop, clock: FixedClock, qtbot: QtBot
) -> None:
    locked.section.table.select_first()
    locked.section.reset()
    form = locked.dialog(OwnForm)
    form.old.set_value(CLERK)
    for field in (form.first, form.second):
        field.set_value("a new horse")
    form.save()
    qtbot.waitUntil(form._trouble.isVisible, timeout=15_000)
    assert form.first.value() == "a new horse", "nothing typed is lost"
    form.old.set_value(OWNER)
    locked.saved(form)
    assert opens(shop, "a new horse", clock) == "王芳"


def test_the_sheet_is_proved_by_one_of_its_groups(locked: Safety, qtbot: QtBot) -> None:
    owner = locked.window.jobs.shop
    groups = passwords.sheet(owner).groups
    assert locked.section.sheet_state.text() == "not proved yet"
    locked.section.prove()
    form = locked.dialog(ProveForm)
    form.group.set_value("00000")
    form.save()
    qtbot.waitUntil(form._trouble.isVisible, timeout=15_000)
    assert not passwords.is_proved(owner)
    form.group.set_value(groups[form._group_no - 1].lower())
    locked.saved(form)
    assert passwords.is_proved(owner)
    qtbot.waitUntil(lambda: "✓" in locked.section.sheet_state.text())
    qtbot.waitUntil(lambda: locked.badge() == "")


def test_what_was_printed_is_asked_for(locked: Safety) -> None:
    locked.section.print_sheet()
    locked.dialog(SheetDialog).accept()
    locked.dialog(ProveForm).reject()


def test_changed_locks_make_the_sheet_void(
    locked: Safety, shop: Shop, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = passwords.sheet(locked.window.jobs.shop).groups
    passwords.prove_sheet(locked.window.jobs.shop, 1, before[0])
    monkeypatch.setattr(Messages, "confirm", lambda *_a, **_k: False)
    locked.section.change_locks()
    locked.settle()
    assert passwords.sheet(locked.window.jobs.shop).groups == before
    monkeypatch.setattr(Messages, "confirm", lambda *_a, **_k: True)
    locked.section.change_locks()
    locked.dialog(SheetDialog).reject()
    assert passwords.sheet(locked.window.jobs.shop).groups != before
    assert not passwords.is_proved(locked.window.jobs.shop)
    assert opens(shop, CLERK, clock) == "李娜"


def test_a_clerk_changes_only_their_own(locked: Safety, shop: Shop) -> None:
    clerk = locked.section.table.records()[1].id
    locked.window.set_person(clerk)
    locked.section.load()
    locked.settle()
    assert locked.shown() == {"people_panel", "place_panel"}
    at = locked.section
    assert at.own_button.isVisible()
    assert not any(button.isVisible() for button in (at.add_button, at.reset_button, at.remove_button))
    assert locked.badge() == "", "the sheet is the owner's business"


def test_a_disk_that_can_be_unplugged_is_said(
    safety: Callable[[], Safety], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "look", lambda *_where: Place("removable"))
    at = safety()
    assert at.section.place_state.text() == "can be unplugged"
    assert "unplug" in said(at.section.place_panel)


def test_the_badge_leads_to_safety_and_is_short_in_a_low_window(
    safety: Callable[[], Safety], shop: Shop, qtbot: QtBot
) -> None:
    at = safety()
    at.window.go_to("settings", "shop")
    badge = at.window.rail.safety
    high = badge.height()
    badge.click()
    at.settle()
    assert at.section.isVisible()
    at.window.resize(911, 485)
    qtbot.waitUntil(lambda: badge.height() < high)
    assert badge.accessibleName() == badge.toolTip() != ""
    with shop.change("Demo", {"settings"}):
        shop.put(IS_DEMO, True)
    assert frame.look(shop).safety == ("", ""), "made-up people need no lock"
