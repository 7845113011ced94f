"""The list of products in Settings: filters, words, and the form."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from desktop_crm import products
from desktop_crm.records.products import Category, Product
from desktop_crm.shop import Shop
from desktop_crm.ui.page import Desk
from desktop_crm.ui.products import ProductForm, ProductsSection
from desktop_crm.ui.settings import SettingsPage

Key = Qt.Key


def add(shop: Shop, name: str, category: Category = "phone", **fields: object) -> int:
    return products.add(shop, Product(0, name, "", category, **fields))  # type: ignore[arg-type]


def settle(desk: Desk, qtbot: QtBot) -> None:
    for _again in range(2):
        qtbot.waitUntil(lambda: not desk.jobs.is_busy)
        QApplication.processEvents()


@pytest.fixture
def section(
    desk: Desk, shop: Shop, shown: Callable[[QWidget], None], qtbot: QtBot
) -> Iterator[ProductsSection]:
    """The section in the page of settings, with four products."""
    add(shop, "iPhone 17 256G", brand="Apple", price_fen=579_900)
    add(shop, "小米 17", price_fen=499_900, cost_fen=450_000)
    add(shop, "钢化膜", "accessory", price_fen=3_900, barcode="6972100000018")
    add(shop, "诺基亚", active=False)
    desk.window.show()
    page = SettingsPage(desk)
    page.open("products")
    shown(page)
    page.load()
    settle(desk, qtbot)
    found = page.section("products")
    assert isinstance(found, ProductsSection)
    yield found
    for each in QApplication.topLevelWidgets():
        if isinstance(each, ProductForm) and isValid(each):
            each.done(0)


def names(section: ProductsSection) -> list[str]:
    return [product.name for product in section.table.records()]


def form() -> ProductForm:
    return next(
        each for each in QApplication.topLevelWidgets() if isinstance(each, ProductForm) and each.isVisible()
    )


@pytest.mark.parametrize(
    ("kind", "shown_names"),
    [
        ("all", ["钢化膜", "iPhone 17 256G", "小米 17"]),
        ("phone", ["iPhone 17 256G", "小米 17"]),
        ("accessory", ["钢化膜"]),
        ("service", []),
        ("gone", ["诺基亚"]),
    ],
)
def test_kinds_filter(section: ProductsSection, kind: str, shown_names: list[str]) -> None:
    section.kinds.choose(kind)
    assert names(section) == shown_names


def test_words_filter_and_enter_goes_to_the_list(section: ProductsSection) -> None:
    section.text.line.setFocus()
    QTest.keyClicks(section.text.line, "apple")
    assert names(section) == ["iPhone 17 256G"]
    QTest.keyClick(section.text.line, Key.Key_Return)
    assert section.table.hasFocus()


def test_a_product_is_changed_with_enter(
    section: ProductsSection, desk: Desk, shop: Shop, qtbot: QtBot
) -> None:
    section.table.select_first()
    QTest.keyClick(section.table, Key.Key_Return)
    opened = form()
    assert (opened.barcode.value(), opened.cost.value()) == ("6972100000018", None)
    opened.cost.set_value(800)
    opened.warranty.set_value("x")
    opened.save()
    assert "whole months" in opened.warranty._below.text()
    opened.warranty.set_value("6")
    opened.offered.set_value(False)
    opened.save()
    settle(desk, qtbot)
    assert "钢化膜" not in names(section)
    gone = next(each for each in products.listing(shop, active_only=False) if each.name == "钢化膜")
    assert (gone.cost_fen, gone.warranty_months, gone.active) == (800, 6, False)


def test_a_product_is_added_with_its_maker_guessed(
    section: ProductsSection, desk: Desk, shop: Shop, qtbot: QtBot
) -> None:
    section.add_button.click()
    opened = form()
    assert not opened.offered.isVisible()
    opened.name.set_value("华为 Mate 80")
    opened.price.set_value(549_900)
    opened.save()
    settle(desk, qtbot)
    assert "华为 Mate 80" in names(section)
    made = products.catalogue(shop).named("华为 Mate 80")
    assert made is not None
    assert (made.brand, made.price_fen, made.warranty_months) == ("华为", 549_900, None)


def test_a_taken_name_stays_in_the_form(section: ProductsSection, desk: Desk, qtbot: QtBot) -> None:
    section.add()
    opened = form()
    opened.name.set_value("钢化膜")
    opened.save()
    settle(desk, qtbot)
    assert "already a product" in opened._trouble.text()
    assert opened.isVisible()
