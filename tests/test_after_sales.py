"""After-sales terms: those of the law, which of them hold on a day, editing the table and putting it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from desktop_crm import after_sales, history
from desktop_crm.after_sales import BUILT_IN, LAW, TermUnknown, TermWrong
from desktop_crm.base import i18n
from desktop_crm.records.after_sales import AfterSalesTerm
from desktop_crm.records.devices import Device
from desktop_crm.records.products import Category
from desktop_crm.records.purchases import PurchaseLine
from desktop_crm.shop import Shop

SOLD = Device(1, 1, "iPhone 17", "", bought_here=True, acquired_day="2026-10-30")


def told(found: tuple[after_sales.Remedy, ...]) -> list[tuple[str, str, str]]:
    return [(each.part, each.remedy, each.last_day.isoformat()) for each in found]


def test_a_new_shop_has_the_terms_of_the_law(shop: Shop) -> None:
    found = after_sales.terms(shop)
    assert [replace(term, id=0, position=0) for term in found] == list(BUILT_IN)
    assert {term.source for term in found} == {LAW}


# Sold on 30 October 2026: day 7 is 6 November, day 15 is 14 November; the battery until 30 April, the headset 30 January.
@pytest.mark.parametrize(
    ("today", "held"),
    [
        (date(2026, 10, 29), set()),
        (date(2026, 10, 30), {"return", "exchange", "repair", "battery", "charger", "headset"}),
        (date(2026, 11, 6), {"return", "exchange", "repair", "battery", "charger", "headset"}),
        (date(2026, 11, 7), {"exchange", "repair", "battery", "charger", "headset"}),
        (date(2026, 11, 15), {"repair", "battery", "charger", "headset"}),
        (date(2027, 1, 31), {"repair", "battery", "charger"}),
        (date(2027, 5, 1), {"repair", "charger"}),
        (date(2027, 10, 31), set()),
    ],
)
def test_what_holds_on_a_day(today: date, held: set[str]) -> None:
    found = after_sales.of_device(BUILT_IN, SOLD, today)
    free = {(each.part, each.remedy, each.last_day) for each in found if not each.condition}
    wanted = [term for term in BUILT_IN if term.key in held]
    assert free == {
        (term.part, term.remedy, after_sales.last_day(term, date(2026, 10, 30))) for term in wanted
    }


def test_conditions_are_told_in_words_and_repair_work_is_none_of_the_phone() -> None:
    found = after_sales.of_device(BUILT_IN, SOLD, date(2026, 12, 1))
    assert [each.condition for each in found if each.condition] == [
        "the same main fault was repaired twice within the warranty",
        "the repair waited more than 60 days for parts",
        "the same accessory was exchanged twice",
    ]
    assert found[0].text == "repair until 2027-10-30"
    assert found[0].days_left == 333


def test_the_main_unit_comes_first_in_few_words() -> None:
    found = after_sales.of_device(BUILT_IN, SOLD, date(2026, 11, 1))
    assert after_sales.today_words(found) == "return, exchange or repair"
    assert after_sales.today_words(found[3:]) == "repair or exchange"
    assert after_sales.today_words(()) == ""


@pytest.mark.parametrize(
    ("category", "words", "wanted"),
    [
        ("phone", "iPhone 17", ["exchange or repair", "repair", "exchange", "exchange"]),
        ("accessory", "20W 充电器", ["repair or exchange"]),
        ("accessory", "AirPods 4 充电盒", ["repair or exchange"]),
        ("accessory", "移动电源 10000mAh", ["repair or exchange"]),
        ("accessory", "钢化膜", []),
        ("service", "换屏", ["repair again without charge"]),
        ("service", "贴膜", []),
        ("plan", "5G 套餐", []),
    ],
)
def test_a_line_of_a_sale_has_the_terms_of_what_it_is(
    category: Category, words: str, wanted: list[str]
) -> None:
    line = PurchaseLine(1, 1, words, 1, 1, 0, 1, category=category)
    found = after_sales.of_line(BUILT_IN, line, date(2026, 11, 10), date(2026, 11, 20))
    assert [each.remedy for each in found] == wanted


def test_a_term_is_added_undone_and_redone(shop: Shop) -> None:
    made = after_sales.add(shop, " 屏幕 ", "免费换屏一次", months=6, source="本店承诺")
    mine = after_sales.terms(shop)[-1]
    assert mine == AfterSalesTerm(made, "", "屏幕", "免费换屏一次", None, 6, "", "本店承诺", 10, True)
    assert told(after_sales.of_device([mine], SOLD, date(2026, 12, 1))) == [
        ("屏幕", "免费换屏一次", "2027-04-30")
    ]
    history.undo(shop)
    assert len(after_sales.terms(shop)) == 10
    history.redo(shop)
    assert after_sales.terms(shop)[-1] == mine


def test_a_term_is_changed_retired_and_put_back_as_the_law_has_it(shop: Shop) -> None:
    first, second = after_sales.terms(shop)[:2]
    after_sales.edit(shop, first.id, days=30, remedy="退货")
    after_sales.retire(shop, second.id)
    found = after_sales.terms(shop)
    assert (found[0].days, after_sales.words(found[0])[1]) == (30, "退货")
    assert second.id not in {term.id for term in found}
    assert len(after_sales.terms(shop, active_only=False)) == 10
    own = after_sales.add(shop, "屏幕", "免费换屏一次", days=30)
    after_sales.reset(shop)
    assert after_sales.terms(shop)[:2] == [first, second]
    assert after_sales.terms(shop)[-1].id == own
    for _step in range(4):
        history.undo(shop)
    assert [term.id for term in after_sales.terms(shop)] == list(range(1, 11))
    for _step in range(4):
        history.redo(shop)
    assert after_sales.terms(shop)[:2] == [first, second]


def test_built_in_words_are_translated_as_long_as_nobody_changed_them(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {"repair": "维修", "main unit": "主机"}
    monkeypatch.setattr(after_sales, "_", lambda text: said.get(text, text))
    term = after_sales.terms(shop)[2]
    assert after_sales.words(term) == ("主机", "维修", "")
    after_sales.edit(shop, term.id, part="主机", remedy="维修", months=24)
    assert after_sales.terms(shop)[2] == replace(term, months=24)
    after_sales.edit(shop, term.id, remedy="免费维修")
    monkeypatch.undo()
    i18n.set_language("en")
    assert after_sales.words(after_sales.terms(shop)[2]) == ("main unit", "免费维修", "")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"part": " "}, "for which part"),
        ({"remedy": ""}, "what may be asked for"),
        ({"days": 0}, "either days or months"),
        ({"months": 3}, "either days or months"),
        ({"days": None}, "either days or months"),
        ({"days": 4000}, "either days or months"),
    ],
)
def test_a_wrong_term_is_refused(shop: Shop, fields: dict[str, object], words: str) -> None:
    before = after_sales.terms(shop)
    with pytest.raises(TermWrong, match=words):
        after_sales.edit(shop, before[0].id, **fields)
    assert after_sales.terms(shop) == before


def test_a_term_that_is_not_there_cannot_be_changed(shop: Shop) -> None:
    with pytest.raises(TermUnknown):
        after_sales.retire(shop, 99)
