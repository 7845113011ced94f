"""The page Audit trail through the real widgets, threads and shop."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop_crm import audit, customers, staff
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.shop import Shop
from desktop_crm.ui.audit import AuditPage
from desktop_crm.ui.audit_verify import VerifyForm
from desktop_crm.ui.history import HistoryPage
from desktop_crm.ui.kit.panels import Banner
from desktop_crm.ui.page import Desk
from tests.test_audit import tamper
from tests.ui.conftest import Visits
from tests.ui.test_data import settle

Shown = Callable[[QWidget], None]
_ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def who(shop: Shop) -> int:
    """A customer whose number a clerk looked at."""
    clerk = shop.at_counter(staff.add(shop, "李娜", "clerk"))
    made = customers.add(clerk, CustomerDraft(name="王建国", phones=(PhoneDraft("13805718866"),)))
    audit.note(
        clerk, "reveal", customer_id=made, kinds={"phones"}, details={"label": "Looked at 138****8866"}
    )
    return made


@pytest.fixture
def page(desk: Desk, who: int, shown: Shown, qtbot: QtBot) -> AuditPage:
    assert who
    made = AuditPage(desk)
    made.resize(1160, 680)
    shown(made)
    made.load()
    settle(desk, qtbot)
    return made


def said(page: AuditPage) -> list[str]:
    """The sentences that are listed."""
    rows = (page.table.rows.record(row) for row in range(page.table.rows.rowCount()))
    return [line.words for line in rows if line]


def again(page: AuditPage, qtbot: QtBot) -> list[str]:
    """What is listed once the filters were looked at."""
    qtbot.waitUntil(lambda: not page._timer.isActive())
    settle(page.desk, qtbot)
    return said(page)


def found(page: AuditPage) -> str:
    """What stands in the banner above the list."""
    (banner,) = page.findChildren(Banner)
    return "\n".join(label.text() for label in banner.findChildren(QLabel))


def test_the_newest_entry_comes_first_and_tells_what_it_wrote(
    page: AuditPage, qtbot: QtBot, visits: Visits
) -> None:
    assert said(page)[:2] == ["Looked at 138****8866", "Add customer 王建国"]
    assert page.about.text().endswith("by 李娜\nAbout 王建国")
    page.table.selectRow(1)
    settle(page.desk, qtbot)
    assert "Telephone numbers 1" in page.about.text()
    assert any("王建国" in label.text() for label in page.rows.findChildren(QLabel))
    QTest.keyClick(page, Qt.Key.Key_O, _ALT)
    assert visits.customers == [1]


def test_it_is_filtered_by_keys_and_esc_shows_all_again(page: AuditPage, who: int, qtbot: QtBot) -> None:
    everything = said(page)
    QTest.keyClick(page, Qt.Key.Key_T, _ALT)
    page.text.setText("looked")
    assert page.text.hasFocus()
    assert again(page, qtbot) == ["Looked at 138****8866"]
    assert page.go_back()
    assert again(page, qtbot) == everything
    page.what.set_value("saw")
    page.load()
    assert again(page, qtbot) == ["Looked at 138****8866"]
    assert page.wanted().actions == ("reveal", "print", "export")
    page.what.set_value("lock")
    page.load()
    assert (again(page, qtbot), page.label.text()) == ([], "")
    page.open(who)
    page.load()
    assert again(page, qtbot) == ["Looked at 138****8866", "Add customer 王建国"]
    page.open(None)
    page.person.set_value(0)
    page.from_day.set_value(page.desk.shop.today())
    page.to_day.set_value(page.desk.shop.today())
    page.load()
    assert again(page, qtbot) == [words for words in everything if words.startswith("New shop")]
    page.person.set_value(-2)
    assert page.wanted().nobody
    QTest.mouseClick(page.clear_button, Qt.MouseButton.LeftButton)
    assert again(page, qtbot) == everything
    assert not page.go_back()


def test_it_is_verified_with_the_anchor_from_paper(page: AuditPage, shop: Shop, qtbot: QtBot) -> None:
    printed = audit.anchor(shop)
    QTest.keyClick(page, Qt.Key.Key_V, _ALT)
    form = next(
        each for each in QApplication.topLevelWidgets() if isinstance(each, VerifyForm) and each.isVisible()
    )
    form.anchor.set_value(printed)
    form.save()
    settle(page.desk, qtbot)
    assert "The audit trail is whole" in found(page)
    assert "The anchor is right" in found(page)
    tamper(shop, "DELETE FROM audit WHERE id < 3", "UPDATE audit SET staff_id = 9")
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    QTest.keyClick(page, Qt.Key.Key_V, _ALT)
    form = next(
        each for each in QApplication.topLevelWidgets() if isinstance(each, VerifyForm) and each.isVisible()
    )
    form.save()
    settle(page.desk, qtbot)
    assert "Before entry 3 something is missing" in found(page)
    assert "Do not go on working as before" in found(page)


def test_many_flaws_are_not_all_told(page: AuditPage, shop: Shop, qtbot: QtBot) -> None:
    for _time in range(9):
        audit.note(shop, "print")
    tamper(shop, "UPDATE audit SET staff_id = 9 WHERE action = 'print'")
    page._show_verdict(audit.verify(shop))
    assert "and 4 more." in found(page)


def test_what_is_shown_is_taken_out(
    page: AuditPage, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        QFileDialog, "open", lambda dialog: dialog.fileSelected.emit(str(tmp_path / "trail.csv"))
    )
    QTest.keyClick(page, Qt.Key.Key_E, _ALT)
    settle(page.desk, qtbot)
    assert page.desk.messages.shown == "The audit trail is in trail.csv."
    page.desk.messages.hide()
    assert "Looked at 138****8866" in (tmp_path / "trail.csv").read_text("utf-8-sig")
    assert said(page)[0].startswith("Take out the audit trail")


def test_a_clerk_reads_that_it_is_not_theirs(
    desk: Desk, who: int, shown: Shown, qtbot: QtBot, shop: Shop
) -> None:
    assert who
    desk.jobs.use(shop.at_counter(shop.db.value("SELECT id FROM staff WHERE role = 'clerk'")))
    page = AuditPage(desk)
    shown(page)
    page.load()
    settle(desk, qtbot)
    assert said(page) == []
    assert "may not" in desk.messages.shown
    desk.messages.hide()
    history = HistoryPage(desk)
    shown(history)
    history.load()
    settle(desk, qtbot)
    assert not history.audit_button.isVisible()


def test_history_leads_to_it(desk: Desk, who: int, shown: Shown, qtbot: QtBot, visits: Visits) -> None:
    page = HistoryPage(desk)
    shown(page)
    page.open((who, "王建国"))
    page.load()
    settle(desk, qtbot)
    QTest.keyClick(page, Qt.Key.Key_L, _ALT)
    assert visits.pages == [("audit", who)]
