"""The form of a sale (F2): scan, price, Enter; further items, an old phone, the ways to pay."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from desktop_crm import balance, devices, products, purchases, staff
from desktop_crm.purchase_drafts import LineDraft, SaleDraft
from desktop_crm.purchases import Sale
from desktop_crm.records.products import Product
from desktop_crm.shop import Shop
from desktop_crm.store import devices as store_devices
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.page import Desk
from desktop_crm.ui.purchases import LatestSales, PurchaseDialog
from desktop_crm.ui.sale import SaleForm, new_sale, offer_sale
from desktop_crm.ui.sale_item import ItemEntry
from tests.contact_builders import add_customer
from tests.ui.conftest import Visits

Key = Qt.Key
IMEI, NEXT, OLD = "352041000000008", "352041000000016", "352078000000000"
FILM = Product(0, "钢化膜", "", "accessory", price_fen=3_900, cost_fen=800, barcode="6972100000018")


@pytest.fixture
def stocked(shop: Shop) -> Shop:
    """A shop that has sold one iPhone before and has films."""
    products.add(shop, FILM)
    purchases.record(shop, SaleDraft((LineDraft("iPhone 17 256G", 579_900, imei="352041000000024"),)))
    return shop


def settle(desk: Desk, qtbot: QtBot) -> None:
    for _again in range(2):
        qtbot.waitUntil(lambda: not desk.jobs.is_busy)
        QApplication.processEvents()


Opener = Callable[[int | None], SaleForm]


@pytest.fixture
def opened(stocked: Shop, desk: Desk, qtbot: QtBot) -> Iterator[Opener]:
    """Opens the form over the window; closed at the end."""
    forms: list[SaleForm] = []
    desk.window.show()

    def open_form(customer_id: int | None = None) -> SaleForm:
        new_sale(desk, customer_id)
        tops = QApplication.topLevelWidgets()
        form = next(each for each in tops if isinstance(each, SaleForm) and each not in forms)
        forms.append(form)
        qtbot.waitUntil(form.isVisible)
        settle(desk, qtbot)
        return form

    yield open_form
    for form in forms:
        if isValid(form):
            form.done(0)


def entry(form: SaleForm) -> ItemEntry:
    return form.entry


def type_in(text: str, *keys: Qt.Key) -> None:
    """Type Latin text and keys where the keyboard is."""
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClicks(focused, text)
    press(*keys)


def press(*keys: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    for key in keys:
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, key, modifier)


def newest(shop: Shop) -> Sale:
    return purchases.latest(shop, 1)[0]


def saved(form: SaleForm, desk: Desk, qtbot: QtBot) -> Sale:
    qtbot.waitUntil(lambda: not isValid(form) or not form.isVisible())
    settle(desk, qtbot)
    return newest(desk.shop)


def test_scan_price_enter_is_a_sale(opened: Opener, desk: Desk, qtbot: QtBot) -> None:
    form = opened(None)
    type_in(IMEI, Key.Key_Return)
    assert entry(form).what.value() == "iPhone 17 256G"
    assert entry(form).price.line.hasFocus()
    assert entry(form).price.line.selectedText() == "5,799"
    type_in("5699", Key.Key_Return)
    sale = saved(form, desk, qtbot)
    assert (sale.purchase.total_fen, sale.purchase.customer_id) == (569_900, None)
    assert [(line.description, line.imei) for line in sale.lines] == [("iPhone 17 256G", IMEI)]
    assert [(each.method, each.amount_fen) for each in sale.payments] == [("wechat", 569_900)]


def test_an_enter_before_the_catalogue_came_is_answered_when_it_comes(
    stocked: Shop, desk: Desk, qtbot: QtBot
) -> None:
    desk.window.show()
    form = SaleForm(desk, None)
    form.open_with(lambda _said: None)
    form.entry.what.set_value(IMEI)
    form.entry.what.decide()
    assert form.entry.imei.value() == ""
    qtbot.waitUntil(lambda: form.entry.imei.value() == IMEI)
    form.done(0)


def test_typed_words_offer_products_and_arrows_choose(opened: Opener, stocked: Shop) -> None:
    form = opened(None)
    type_in("ip")
    what = entry(form).what
    assert [what.list.item(row).text() for row in range(what.list.count())] == [
        "iPhone 17 256G   ¥5,799",
        "New: ip",
    ]
    press(Key.Key_Down)
    assert what.list.currentRow() == 1
    press(Key.Key_Down, Key.Key_Up, Key.Key_Return)
    assert what.value() == "iPhone 17 256G"
    assert entry(form).imei.line.hasFocus(), "a phone wants its IMEI"
    type_in(NEXT, Key.Key_Return)
    assert entry(form).price.line.hasFocus()


def test_a_whole_name_brings_its_price_also_with_tab(opened: Opener) -> None:
    form = opened(None)
    type_in("iphone 17 256g", Key.Key_Tab)
    assert not entry(form).what.line.hasFocus()
    assert entry(form).price.value() == 579_900
    assert entry(form).storage.value() == "256G"
    assert form.total.text() == "¥5,799"
    entry(form).price.set_value(0)
    entry(form).what.line.setFocus()
    press(Key.Key_Tab)
    assert entry(form).price.value() == 0, "what was typed stays"
    entry(form).clear()
    entry(form).what.line.setFocus()
    type_in("iphone 17", Key.Key_Tab)
    assert entry(form).price.is_empty(), "another model may begin alike"


def test_the_list_closes_with_escape_and_opens_with_down(opened: Opener) -> None:
    form = opened(None)
    type_in("ip", Key.Key_Escape)
    assert not entry(form).what.list.isVisible()
    assert form.isVisible()
    press(Key.Key_Down)
    assert entry(form).what.list.isVisible()
    entry(form).what.list.itemClicked.emit(entry(form).what.list.item(0))
    assert entry(form).what.value() == "iPhone 17 256G"


def test_a_click_elsewhere_closes_the_list(opened: Opener) -> None:
    form = opened(None)
    type_in("ip")
    entry(form).price.line.setFocus()
    assert not entry(form).what.list.isVisible()


def test_a_known_barcode_fills_in_and_an_unknown_one_says_so(
    opened: Opener, desk: Desk, qtbot: QtBot
) -> None:
    form = opened(None)
    type_in("6972100000025", Key.Key_Return)
    assert "6972100000025" in entry(form).what._below.text()
    type_in("6972100000018", Key.Key_Return)
    assert entry(form).what.value() == "钢化膜"
    assert not entry(form).imei.isEnabled()
    press(Key.Key_Return)
    sale = saved(form, desk, qtbot)
    assert (sale.lines[0].category, sale.lines[0].cost_fen) == ("accessory", 800)


def test_a_new_model_is_named_once(opened: Opener, desk: Desk, qtbot: QtBot) -> None:
    form = opened(None)
    type_in(OLD, Key.Key_Return)
    assert "new model" in entry(form).what._below.text()
    assert entry(form).what.line.hasFocus()
    type_in("Nokia 3310", Key.Key_Return)
    assert entry(form).kind.isVisible()
    assert entry(form).kind.value() == "phone"
    assert entry(form).price.line.hasFocus()
    type_in("399", Key.Key_Return)
    saved(form, desk, qtbot)
    found = products.catalogue(desk.shop).by_imei(OLD)
    assert found is not None
    assert found.name == "Nokia 3310"


def test_the_kind_of_something_new_may_be_corrected(opened: Opener, desk: Desk, qtbot: QtBot) -> None:
    form = opened(None)
    type_in("Umbrella", Key.Key_Return)
    assert entry(form).kind.value() == "other"
    entry(form).kind.set_value("accessory")
    entry(form).kind.editor.setFocus()
    press(Key.Key_Return)
    assert entry(form).price.line.hasFocus()
    type_in("25", Key.Key_Return)
    assert saved(form, desk, qtbot).lines[0].category == "accessory"


def test_several_items_pieces_and_discount(opened: Opener, desk: Desk, qtbot: QtBot) -> None:
    form = opened(None)
    type_in(IMEI, Key.Key_Return)
    press(Key.Key_F2)
    assert [row.line.description for row in form.rows] == ["iPhone 17 256G"]
    assert entry(form).what.line.hasFocus()
    type_in("6972100000018", Key.Key_Return)
    entry(form).pieces.set_value("2")
    entry(form).discount.set_value(800)
    entry(form).changed.emit()
    assert form.total.text() == "¥5,869"
    assert form.rest.text() == "2 items"
    press(Key.Key_Return)
    sale = saved(form, desk, qtbot)
    assert [line.amount_fen for line in sale.lines] == [579_900, 7_000]
    assert sale.lines[1].cost_fen == 1_600


def test_the_next_phone_may_be_scanned_into_the_price(opened: Opener) -> None:
    form = opened(None)
    type_in(IMEI, Key.Key_Return)
    type_in(NEXT, Key.Key_Return)
    assert [(row.line.imei, row.line.unit_price_fen) for row in form.rows] == [(IMEI, 579_900)]
    assert entry(form).imei.value() == NEXT


def test_a_phone_is_not_twice_in_one_sale(opened: Opener) -> None:
    form = opened(None)
    type_in(IMEI, Key.Key_Return)
    press(Key.Key_F2)
    type_in(IMEI, Key.Key_Return)
    assert "in the sale already" in entry(form).what._below.text()
    assert entry(form).is_empty()


def test_an_item_is_taken_back_or_removed(opened: Opener) -> None:
    form = opened(None)
    type_in(IMEI, Key.Key_Return)
    press(Key.Key_F2)
    form.basket.select_first()
    form.basket.setFocus()
    press(Key.Key_Return)
    assert form.rows == []
    assert (entry(form).imei.value(), entry(form).price.value()) == (IMEI, 579_900)
    press(Key.Key_F2)
    form.basket.select_first()
    form.basket.setFocus()
    press(Key.Key_Delete)
    assert form.rows == []
    assert form.total.text() == "¥0"


def test_a_phone_sold_before_is_warned_of(opened: Opener, desk: Desk, qtbot: QtBot) -> None:
    form = opened(None)
    type_in("352041000000024", Key.Key_Return)
    settle(desk, qtbot)
    assert "Sold here on 2026-11-21 already" in entry(form).imei._below.text()
    entry(form).imei.set_value("35204100000000X")
    entry(form).imei.line.editingFinished.emit()
    settle(desk, qtbot)
    assert "serial number" in entry(form).imei._below.text()


def test_an_old_phone_of_the_customer_is_part_of_the_payment(
    opened: Opener, desk: Desk, qtbot: QtBot
) -> None:
    wang = add_customer(desk.shop)
    devices.add(desk.shop, wang, "iPhone 15", imei=OLD)
    form = opened(wang)
    type_in(IMEI, Key.Key_Return)
    press(Key.Key_T, modifier=Qt.KeyboardModifier.AltModifier)
    assert form.old.box.itemText(0) == "iPhone 15 ·· 0000"
    form.old.set_value("iPhone 15 ·· 0000")
    press(Key.Key_Return)
    assert form.worth.line.hasFocus()
    press(Key.Key_3, modifier=Qt.KeyboardModifier.AltModifier)
    type_in("2050")
    assert form.rest.text() == "Cash ¥3,749 + old phone ¥2,050"
    press(Key.Key_Return)
    sale = saved(form, desk, qtbot)
    assert [(each.method, each.amount_fen) for each in sale.payments] == [
        ("trade_in", 205_000),
        ("cash", 374_900),
    ]
    assert store_devices.by_number(desk.shop.db, OLD)[0].status == "traded_in"
    assert sale.purchase.customer_id == wang


@pytest.mark.parametrize(
    ("typed", "note"), [(OLD, f"iPhone 15 {OLD}"), ("352041000000016", "352041000000016"), ("Nokia", "Nokia")]
)
def test_any_old_phone_is_taken_in_words_or_by_its_imei(
    opened: Opener, desk: Desk, qtbot: QtBot, typed: str, note: str
) -> None:
    wang = add_customer(desk.shop)
    devices.add(desk.shop, wang, "iPhone 15", imei=OLD)
    form = opened(wang)
    type_in(IMEI, Key.Key_Return)
    form.open_trade()
    type_in(typed)
    form.worth.set_value(579_900)
    form.worth.changed.emit()
    form.save()
    sale = saved(form, desk, qtbot)
    assert [(each.method, each.note) for each in sale.payments] == [("trade_in", note)]


def test_an_old_phone_is_not_worth_more_than_the_sale(opened: Opener, desk: Desk, qtbot: QtBot) -> None:
    form = opened(None)
    type_in("6972100000018", Key.Key_Return)
    form.open_trade()
    form.worth.set_value(100_000)
    form.save()
    assert "worth more" in form._trouble.text()
    assert form.worth.line.hasFocus()
    assert form.isVisible()


def test_an_empty_sale_asks_what_is_sold(opened: Opener) -> None:
    form = opened(None)
    press(Key.Key_Return)
    assert "What is sold?" in form._trouble.text()


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("price", "", "fill this in"),
        ("price", "-5", "below zero"),
        ("pieces", "none", "how many"),
        ("pieces", "0", "how many"),
        ("discount", "x", "not an amount"),
    ],
)
def test_what_is_wrong_with_the_item_is_said_there(opened: Opener, field: str, text: str, words: str) -> None:
    form = opened(None)
    type_in(IMEI, Key.Key_Return)
    getattr(entry(form), field).line.setText(text)
    form.save()
    assert words in getattr(entry(form), field)._below.text()
    assert form.isVisible()
    press(Key.Key_F2)
    assert form.rows == []


def test_a_wrong_item_is_not_lost_when_another_is_taken_back(opened: Opener) -> None:
    form = opened(None)
    type_in(IMEI, Key.Key_Return)
    press(Key.Key_F2)
    type_in("6972100000018", Key.Key_Return)
    entry(form).price.line.setText("x")
    form.take_back(form.rows[0])
    assert entry(form).what.value() == "钢化膜"
    assert len(form.rows) == 1


def test_the_clerk_is_who_is_at_the_counter_or_another_one(
    stocked: Shop, desk: Desk, opened: Opener, qtbot: QtBot
) -> None:
    li, wang = staff.add(stocked, "李娜"), staff.add(stocked, "王磊")
    desk.set_person(li)
    form = opened(None)
    assert form.clerk.value() == li
    form.clerk.set_value(wang)
    type_in("6972100000018", Key.Key_Return)
    press(Key.Key_Return)
    assert saved(form, desk, qtbot).purchase.staff_id == wang


def test_who_comes_while_the_form_is_open_sells_unless_another_was_chosen(
    stocked: Shop, desk: Desk, opened: Opener, qtbot: QtBot
) -> None:
    li, wang = staff.add(stocked, "李娜"), staff.add(stocked, "王磊")
    desk.set_person(li)
    form = opened(None)
    desk.set_person(wang)
    assert form.clerk.value() == wang
    form.clerk.set_value(li)
    desk.set_person(None)
    assert form.clerk.value() == li, "chosen by hand"
    type_in("6972100000018", Key.Key_Return)
    press(Key.Key_Return)
    assert saved(form, desk, qtbot).purchase.staff_id == li
    desk.set_person(wang)
    desk.jobs.person_came.emit()  # the form is gone and hears nothing


def test_the_way_of_paying_is_remembered_on_this_machine(opened: Opener, desk: Desk, qtbot: QtBot) -> None:
    form = opened(None)
    press(Key.Key_2, modifier=Qt.KeyboardModifier.AltModifier)
    type_in("6972100000018", Key.Key_Return)
    press(Key.Key_Return)
    assert saved(form, desk, qtbot).payments[0].method == "alipay"
    assert opened(None).ways.chosen == "alipay"


def test_the_customer_is_chosen_inside_by_digits(opened: Opener, desk: Desk, qtbot: QtBot) -> None:
    wang = add_customer(desk.shop, phone="13805718866")
    form = opened(None)
    form.customer.line.setFocus()
    type_in("8866")
    settle(desk, qtbot)
    press(Key.Key_Return)
    assert form.customer.value() == wang
    assert entry(form).what.line.hasFocus()
    form.customer.line.setFocus()
    form.customer.line.selectAll()
    type_in("zz")
    assert form.customer.value() is None


def test_the_latest_sales_are_one_key_away(opened: Opener, desk: Desk, qtbot: QtBot) -> None:
    opened(None)
    press(Key.Key_L, modifier=Qt.KeyboardModifier.AltModifier)
    dialog = next(each for each in QApplication.topLevelWidgets() if isinstance(each, LatestSales))
    settle(desk, qtbot)
    assert len(dialog.table.records()) == 1
    dialog.done(0)


ALT = Qt.KeyboardModifier.AltModifier


def methods(sale: Sale) -> list[tuple[str, int]]:
    return [(each.method, each.amount_fen) for each in sale.payments]


def test_colour_and_storage_are_asked_of_phones_and_cost_no_key(
    opened: Opener, desk: Desk, qtbot: QtBot
) -> None:
    wang = add_customer(desk.shop)
    form = opened(wang)
    assert not entry(form).color.isVisible()
    type_in(IMEI, Key.Key_Return)
    assert (entry(form).color.value(), entry(form).storage.value()) == ("", "256G")
    entry(form).color.editor.setFocus()
    type_in("black", Key.Key_Return)
    assert entry(form).price.line.hasFocus()
    press(Key.Key_F2)
    type_in("6972100000018", Key.Key_Return)
    assert not entry(form).color.isVisible(), "a film has no storage"
    form.take_back(form.rows[0])
    assert entry(form).color.value() == "black"
    press(Key.Key_Return)
    saved(form, desk, qtbot)
    (device,) = devices.of_customer(desk.shop, wang)
    assert (device.color, device.storage) == ("black", "256G")


def test_a_part_is_paid_now_and_the_rest_stays_owed(opened: Opener, desk: Desk, qtbot: QtBot) -> None:
    wang = add_customer(desk.shop)
    form = opened(wang)
    type_in(IMEI, Key.Key_Return)
    press(Key.Key_3, modifier=ALT)
    press(Key.Key_S, modifier=ALT)
    assert form.parts.amount.label == "Of it by Cash; the rest by the way chosen below"
    type_in("2000", Key.Key_Return)
    assert entry(form).price.line.hasFocus()
    press(Key.Key_7, modifier=ALT)
    assert form.rest.text() == "On account ¥3,799 + Cash ¥2,000"
    press(Key.Key_Return)
    assert methods(saved(form, desk, qtbot)) == [("cash", 200_000), ("account", 379_900)]
    assert balance.due_fen(desk.shop, wang) == 379_900
    again = opened(wang)
    settle(desk, qtbot)
    assert again.customer._below.text() == "Owes ¥3,799"
    press(Key.Key_N, modifier=ALT)
    assert not again.customer._below.isVisible()
    again.done(0)
    assert opened(None).ways.chosen == "cash", "nobody owes by habit"


def test_parts_may_be_several_one_of_each_way_and_be_taken_away(
    opened: Opener, desk: Desk, qtbot: QtBot
) -> None:
    form = opened(None)
    type_in(IMEI, Key.Key_Return)
    for way, amount in ((Key.Key_3, "1000"), (Key.Key_4, "500"), (Key.Key_3, "200")):
        press(way, modifier=ALT)
        press(Key.Key_S, modifier=ALT)
        type_in(amount)
    press(Key.Key_1, modifier=ALT)
    assert form.rest.text() == "WeChat ¥4,099 + Cash ¥1,200 + Bank card ¥500"
    form.parts.put_down()
    next(each for each in form.parts.findChildren(KeyButton) if each.text() == "Bank card ¥500").click()
    assert form.rest.text() == "WeChat ¥4,599 + Cash ¥1,200"
    form.parts.begin("wechat")
    form.parts.amount.set_value(100)
    form.save()
    assert methods(saved(form, desk, qtbot)) == [("cash", 120_000), ("wechat", 459_900)]


def test_parts_that_are_more_than_the_sale_are_refused(opened: Opener) -> None:
    form = opened(None)
    type_in("6972100000018", Key.Key_Return)
    press(Key.Key_S, modifier=ALT)
    type_in("100")
    form.save()
    assert "more than the whole sale" in form._trouble.text()
    assert form.parts.amount.line.hasFocus()


def test_a_part_waits_for_the_price_and_no_amount_is_below_nothing(opened: Opener) -> None:
    form = opened(None)
    press(Key.Key_S, modifier=ALT)
    assert form.rest.text() == "First an item and its price."
    assert not form.parts.isVisible()
    assert entry(form).what.editor.hasFocus()
    type_in(IMEI, Key.Key_Return)
    press(Key.Key_S, modifier=ALT)
    assert form.parts.amount.line.hasFocus()
    type_in("9000")
    assert form.rest.text() == "WeChat ¥9,000"
    entry(form).price.set_value(0)
    entry(form).price.changed.emit()
    assert form.rest.text() == "WeChat ¥9,000"


def test_somebody_unknown_cannot_owe(opened: Opener, desk: Desk, qtbot: QtBot) -> None:
    add_customer(desk.shop, phone="13805718866")
    form = opened(None)
    type_in("6972100000018", Key.Key_Return)
    press(Key.Key_7, modifier=ALT)
    press(Key.Key_Return)
    assert "Who owes it?" in form._trouble.text()
    assert form.customer.line.hasFocus()
    type_in("8866")
    settle(desk, qtbot)
    press(Key.Key_Return)
    form.save()
    assert methods(saved(form, desk, qtbot)) == [("account", 3_900)]


def test_a_selected_customer_is_offered_and_taken_with_one_key(
    stocked: Shop, desk: Desk, qtbot: QtBot
) -> None:
    wang = add_customer(stocked)
    desk.window.show()
    offer_sale(desk, wang)
    form = next(each for each in QApplication.topLevelWidgets() if isinstance(each, SaleForm))
    settle(desk, qtbot)
    assert form.customer.value() is None, "a walk-in's sale is nobody's"
    assert form.who.text() == "For 王建国"
    press(Key.Key_N, modifier=ALT)
    settle(desk, qtbot)
    assert (form.customer.value(), form.customer.line.text(), form.who.text()) == (
        wang,
        "王建国",
        "Nobody known",
    )
    assert entry(form).what.line.hasFocus()
    press(Key.Key_N, modifier=ALT)
    assert form.customer.value() is None
    form.done(0)


def test_the_open_customer_is_cleared_with_one_key(opened: Opener, desk: Desk, qtbot: QtBot) -> None:
    form = opened(add_customer(desk.shop))
    press(Key.Key_N, modifier=ALT)
    assert form.customer.value() is None
    assert not form.who.isVisible()
    type_in("6972100000018", Key.Key_Return)
    press(Key.Key_Return)
    assert saved(form, desk, qtbot).purchase.customer_id is None


def test_an_unknown_barcode_is_learnt_with_the_name(opened: Opener, desk: Desk, qtbot: QtBot) -> None:
    form = opened(None)
    type_in("6972100000025", Key.Key_Return)
    assert "type its name" in entry(form).what._below.text()
    type_in("Case red", Key.Key_Return)
    assert "known by the barcode 6972100000025" in entry(form).what._below.text()
    type_in("39", Key.Key_Return)
    saved(form, desk, qtbot)
    found = products.catalogue(desk.shop).by_barcode("6972100000025")
    assert found is not None
    assert (found.name, found.category) == ("Case red", "accessory")


def test_a_barcode_is_forgotten_when_a_phone_is_scanned_instead(opened: Opener) -> None:
    form = opened(None)
    type_in("6972100000025", Key.Key_Return)
    entry(form).what.line.selectAll()
    type_in(IMEI, Key.Key_Return)
    line = entry(form).line()
    assert line is not None
    assert line.barcode == ""


@pytest.mark.parametrize("typed", ["ghm", "ganghua", "gang mo"])
def test_goods_are_found_by_pinyin_and_initials(opened: Opener, typed: str) -> None:
    form = opened(None)
    type_in(typed, Key.Key_Return)
    assert entry(form).what.value() == "钢化膜"


def test_a_warning_under_a_field_makes_the_form_higher(opened: Opener, desk: Desk, qtbot: QtBot) -> None:
    form = opened(None)
    before = form.height()
    entry(form).imei.fail("Sold here on 2026-11-21 already: please compare.")
    entry(form).price.fail("Please fill this in.")
    entry(form).what.fail("No product has the barcode 6972100000025 yet: type its name.")
    qtbot.waitUntil(lambda: form.height() > before)


def test_a_card_opened_from_the_latest_sales_is_not_behind_the_form(
    opened: Opener, desk: Desk, visits: Visits, qtbot: QtBot
) -> None:
    wang = add_customer(desk.shop)
    purchases.record(desk.shop, SaleDraft((LineDraft("小米 17", 1),), customer_id=wang))
    form = opened(None)
    press(Key.Key_L, modifier=ALT)
    settle(desk, qtbot)
    look_at_the_latest(desk, qtbot).card_button.click()
    assert visits.customers == [wang]
    assert not isValid(form) or not form.isVisible()


def test_what_was_typed_into_the_form_is_not_left_for_a_card(
    opened: Opener, desk: Desk, visits: Visits, qtbot: QtBot
) -> None:
    wang = add_customer(desk.shop)
    purchases.record(desk.shop, SaleDraft((LineDraft("小米 17", 1),), customer_id=wang))
    form = opened(None)
    type_in("iPhone")
    form.entry.what.list.hide()
    press(Key.Key_L, modifier=ALT)
    settle(desk, qtbot)
    look_at_the_latest(desk, qtbot).card_button.click()
    assert visits.customers == []
    assert "not saved yet" in form._trouble.text()
    assert form.entry.what.value() == "iPhone"


def look_at_the_latest(desk: Desk, qtbot: QtBot) -> PurchaseDialog:
    """The latest sale, opened with Enter from the list."""
    listed = next(each for each in QApplication.topLevelWidgets() if isinstance(each, LatestSales))
    QTest.keyClick(listed.table, Key.Key_Return)
    settle(desk, qtbot)
    return next(each for each in QApplication.topLevelWidgets() if isinstance(each, PurchaseDialog))
