"""The dialogs of tiers: a run shows its changes before it applies them; a tier by hand needs a reason."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_crm import history, tiers
from desktop_crm.shop import Shop
from desktop_crm.ui.page import Desk
from desktop_crm.ui.tiers import OverrideForm, RetierDialog, override_tier, retier
from tests.contact_builders import add_customer, add_sale


def settle(desk: Desk, qtbot: QtBot) -> None:
    for _again in range(2):
        qtbot.waitUntil(lambda: not desk.jobs.is_busy)
        QApplication.processEvents()
        QApplication.processEvents()


def test_a_run_is_shown_applied_and_taken_back(desk: Desk, shop: Shop, qtbot: QtBot) -> None:
    who = add_customer(shop)
    add_sale(shop, who, "2026-11-01", 900_000)
    told: list[bool] = []
    retier(desk, lambda: told.append(True))
    dialog = desk.window.findChildren(RetierDialog)[0]
    settle(desk, qtbot)
    qtbot.waitUntil(lambda: len(dialog.table.records()) == 1)
    assert dialog._head.text() == "1 customer would move"
    assert dialog.table.records()[0].to_tier == "high_value"
    assert tiers.current(shop, who) is None
    dialog.apply()
    settle(desk, qtbot)
    assert tiers.counts(shop)["high_value"] == 1
    assert told == [True]
    assert desk.messages.shown == "1 customer moved"
    history.undo(shop)
    assert tiers.current(shop, who) is None


def test_where_nothing_moves_there_is_nothing_to_apply(desk: Desk, qtbot: QtBot) -> None:
    dialog = RetierDialog(desk)
    qtbot.addWidget(dialog)
    dialog.open()
    settle(desk, qtbot)
    qtbot.waitUntil(lambda: dialog._head.text() == "Nobody would move")
    assert not dialog.apply_button.isEnabled()
    dialog.apply()
    dialog.close()


def test_a_tier_by_hand_and_back(desk: Desk, shop: Shop, qtbot: QtBot) -> None:
    who = add_customer(shop)
    told: list[bool] = []
    override_tier(desk, who, "王建国", lambda: told.append(True))
    settle(desk, qtbot)
    form = desk.window.findChildren(OverrideForm)[0]
    form.tier.set_value("high_value")
    form.save()
    assert tiers.current(shop, who) is None
    form.reason.set_value("brings his company")
    form.save()
    settle(desk, qtbot)
    found = tiers.current(shop, who)
    assert found is not None
    assert (found.tier, found.override_reason, told) == ("high_value", "brings his company", [True])
    again = OverrideForm(desk, who, "王建国", found)
    qtbot.addWidget(again)
    again.open()
    again.tier.set_value("")
    again.save()
    settle(desk, qtbot)
    back = tiers.current(shop, who)
    assert back is not None
    assert (back.tier, back.overridden) == ("prospect", False)
