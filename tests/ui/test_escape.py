"""The forms of F2, F3 and F4 close with one Esc as long as nothing was typed, whatever they filled in themselves."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_crm.shop import Shop
from desktop_crm.ui.complaint_form import new_complaint
from desktop_crm.ui.followup_form import new_followup
from desktop_crm.ui.kit.forms import FormDialog
from desktop_crm.ui.page import Desk
from desktop_crm.ui.sale import new_sale
from tests.contact_builders import add_customer, add_device, add_staff

Action = Callable[[Desk, int | None], None]


def settle(desk: Desk, qtbot: QtBot) -> None:
    for _again in range(3):
        qtbot.waitUntil(lambda: not desk.jobs.is_busy)
        QApplication.processEvents()


@pytest.mark.parametrize("action", [new_sale, new_followup, new_complaint])
@pytest.mark.parametrize("known", [True, False])
def test_one_escape_closes_what_nobody_typed_into(
    desk: Desk, shop: Shop, qtbot: QtBot, action: Action, known: bool
) -> None:
    who = add_customer(shop)
    add_device(shop, who)
    add_staff(shop)
    desk.window.show()
    action(desk, who if known else None)
    form = next(each for each in QApplication.topLevelWidgets() if isinstance(each, FormDialog))
    qtbot.waitUntil(form.isVisible)
    settle(desk, qtbot)
    with qtbot.waitSignal(form.destroyed):
        QTest.keyClick(form, Qt.Key.Key_Escape)
    settle(desk, qtbot)
