"""Flow 1: a clerk types the last four digits, presses Enter, and has the card."""

from __future__ import annotations

from PySide6.QtCore import Qt

from desktop_crm.shop import Shop
from desktop_crm.ui.card import CardPage
from desktop_crm.ui.main_window import MainWindow
from tests.flows.conftest import Keyboard


def owner_of_a_single_tail(shop: Shop) -> tuple[int, str]:
    """A customer whose last four digits nobody else has anywhere."""
    found: tuple[int, str] = shop.db.rows(
        "SELECT customer_id, substr(number, -4) AS tail FROM phones p WHERE kind = 'mobile' "
        "AND NOT EXISTS (SELECT 1 FROM phones q WHERE q.id <> p.id AND q.number LIKE '%' || substr(p.number, -4)) "
        "AND NOT EXISTS (SELECT 1 FROM devices d WHERE d.imei LIKE '%' || substr(p.number, -4)) ORDER BY p.id LIMIT 1"
    )[0]
    return found


def test_four_digits_and_enter_open_the_card(
    window: MainWindow, keyboard: Keyboard, sample_shop: Shop
) -> None:
    customer_id, tail = owner_of_a_single_tail(sample_shop)
    keyboard.press(tail, Qt.Key.Key_Return)
    page = window.current_page()
    assert isinstance(page, CardPage)
    assert page.current_customer() == customer_id
    assert keyboard.pressed == 5


def test_pinyin_initials_find_too_and_escape_leads_back(
    window: MainWindow, keyboard: Keyboard, sample_shop: Shop
) -> None:
    keyboard.press("zhang")
    assert window.search.is_open()
    hits = window.search.hits
    assert hits
    assert all(hit.matched for hit in hits)
    keyboard.press(Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert isinstance(window.current_page(), CardPage)
    keyboard.press(Qt.Key.Key_Escape)
    assert not isinstance(window.current_page(), CardPage)


def test_a_scanned_imei_jumps_to_its_owner(window: MainWindow, keyboard: Keyboard, sample_shop: Shop) -> None:
    customer_id, imei = sample_shop.db.rows(
        "SELECT customer_id, imei FROM devices WHERE imei <> '' AND status = 'in_use' ORDER BY id LIMIT 1"
    )[0]
    keyboard.press(imei, Qt.Key.Key_Return)
    page = window.current_page()
    assert page is not None
    assert page.current_customer() == customer_id
