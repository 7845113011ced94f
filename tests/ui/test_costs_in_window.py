"""No page, list or form shows what something cost to somebody who may not see it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from desktop_crm import customers, products, purchases, roles, staff
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.purchase_drafts import LineDraft, SaleDraft
from desktop_crm.rights import GIVABLE
from desktop_crm.shop import Shop
from desktop_crm.ui import main_window
from desktop_crm.ui.main_window import MainWindow
from desktop_crm.ui.products import ProductForm
from desktop_crm.ui.settings import SECTIONS
from tests.ui.seen import everything

COST = 51234567
CANARIES = ("51234567", "512345", "512,345", "8765432", "87,654", "87654")
"""The cost and the margin, stored and as people write them."""


@pytest.fixture
def clerk(shop: Shop) -> int:
    """Somebody who may do everything but see costs, in a shop with a sale."""
    wang = customers.add(shop, CustomerDraft(name="王芳", phones=(PhoneDraft("13800138000"),)))
    line = LineDraft("iPhone 17", COST + 8765432, imei="490154203237518", cost_fen=COST)
    purchases.record(shop, SaleDraft((line,), customer_id=wang))
    roles.save(shop, "clerk", set(GIVABLE) - {"cost"})
    return staff.add(shop, "小王")


EVERYWHERE = (
    *(page.key for page in main_window.PAGES if page.key != "settings"),
    *(f"settings-{key}" for key, _title, _make in SECTIONS),
)


def walk(window: MainWindow, qtbot: QtBot, places: Iterable[str]) -> dict[str, list[str]]:
    """Where → the canaries that are to be read there."""
    found = {}
    for place in places:
        key, _dash, section = place.partition("-")
        window.go_to(key, 1 if key == "card" else section or None)
        qtbot.waitUntil(lambda: not window.jobs.is_busy, timeout=20_000)
        found[place] = leaks(window)
    for action in ("sale", "customer", "followup", "complaint"):
        window.run_action(action, 1)
        qtbot.waitUntil(lambda: not window.jobs.is_busy)
        found[action] = leaks(*dialogs())
        for dialog in dialogs():
            dialog.reject()
    form = ProductForm(window.desk, products.get(window.jobs.shop, 1), window)
    form.open_with(lambda _sentence: None)
    found["product"] = leaks(form)
    form.reject()
    return {place: said for place, said in found.items() if said}


def dialogs() -> list[QDialog]:
    return [each for each in QApplication.topLevelWidgets() if isinstance(each, QDialog) and each.isVisible()]


def leaks(*widgets: MainWindow | QDialog) -> list[str]:
    return sorted({canary for text in everything(*widgets) for canary in CANARIES if canary in text})


def test_costs_are_nowhere_in_the_window_of_who_may_not_see_them(
    make_window: Callable[..., MainWindow], clerk: int, qtbot: QtBot
) -> None:
    window = make_window(main_window.PAGES, main_window.ACTIONS)
    window.show()
    assert {"settings-products", "product"} <= set(walk(window, qtbot, ["settings-products"])), (
        "the owner reads"
    )
    window.set_person(clerk)
    assert walk(window, qtbot, EVERYWHERE) == {}
