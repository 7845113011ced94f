"""Devices: warranty and the statutory terms, owners over time, odd IMEIs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from desktop_crm import after_sales, complaints, customers, devices, history, merge, purchases
from desktop_crm.complaints import ComplaintDraft
from desktop_crm.devices import DeviceNeeded, DeviceUnknown, DeviceWrong
from desktop_crm.purchase_drafts import LineDraft, PaymentDraft, SaleDraft
from desktop_crm.records.devices import Device
from desktop_crm.shop import Shop
from desktop_crm.store import devices as store_devices
from tests.contact_builders import add_customer

IMEI = "352041000000008"
SOLD = Device(
    1,
    1,
    "iPhone 17",
    "",
    bought_here=True,
    acquired_day="2026-10-30",
    warranty_end_day="2027-10-30",
)


@pytest.mark.parametrize(
    ("today", "days_left", "text", "tone"),
    [
        ("2026-11-21", 343, "343 days left", "good"),
        ("2027-09-29", 31, "31 days left", "good"),
        ("2027-09-30", 30, "30 days left", "look"),
        ("2027-10-29", 1, "1 day left", "look"),
        ("2027-10-30", 0, "last day today", "look"),
        ("2027-10-31", -1, "warranty over", "quiet"),
    ],
)
def test_warranty_counts_to_its_last_day(today: str, days_left: int, text: str, tone: str) -> None:
    state = devices.warranty(SOLD, date.fromisoformat(today))
    assert (state.days_left, state.text, state.tone) == (days_left, text, tone)


def test_a_warranty_that_is_not_known_says_so() -> None:
    state = devices.warranty(replace(SOLD, warranty_end_day=None), date(2026, 11, 21))
    assert (state.days_left, state.text) == (None, "warranty not known")


# 移动电话机商品修理更换退货责任规定: 7 days return, 15 days exchange, one year repair; the day of sale is day 0.
@pytest.mark.parametrize(
    ("today", "terms"),
    [
        ("2026-10-30", "return, exchange or repair"),
        ("2026-11-06", "return, exchange or repair"),
        ("2026-11-07", "exchange or repair"),
        ("2026-11-14", "exchange or repair"),
        ("2026-11-15", "repair"),
        ("2027-10-30", "repair"),
        ("2027-10-31", ""),
    ],
)
def test_the_statutory_terms_end_on_their_days(today: str, terms: str) -> None:
    assert devices.warranty(SOLD, date.fromisoformat(today), after_sales.BUILT_IN).statutory == terms


@pytest.mark.parametrize(
    "device",
    [replace(SOLD, bought_here=False), replace(SOLD, acquired_day=None), replace(SOLD, status="returned")],
)
def test_the_terms_are_for_phones_sold_here_and_in_use(device: Device) -> None:
    assert devices.warranty(device, date(2026, 11, 1), after_sales.BUILT_IN).statutory == ""


@pytest.mark.parametrize(
    ("imei", "words"),
    [
        ("", ""),
        (IMEI, ""),
        ("3520410000000017", ""),  # IMEISV: 16 digits without a check digit
        ("352041000000001", "check digit"),
        ("35204100000000", "the 15th would be 8"),
        ("35204100000", "15 digits, this number has 11"),
        ("A10000009296F2", "MEID"),
        ("SN12345", "serial number"),
    ],
)
def test_an_odd_imei_is_remarked_upon_but_kept(imei: str, words: str) -> None:
    remark = devices.imei_remark(imei)
    assert words in remark
    assert bool(remark) == bool(words)


def test_a_card_that_is_gone_gets_no_device(shop: Shop) -> None:
    wang, li = add_customer(shop), add_customer(shop, "李芳")
    merge.merge(shop, wang, [li])
    customers.delete(shop, [wang])
    for who, words in ((li, "went into card no."), (wang, "was deleted"), (99, "There is no customer")):
        with pytest.raises(customers.CustomerMissing, match=words):
            devices.add(shop, who, "小米 14")
        assert devices.of_customer(shop, who) == []


def test_a_device_is_added_edited_undone_and_redone(shop: Shop) -> None:
    who = add_customer(shop)
    made = devices.add(shop, who, " 小米 14 ", imei="352041-000000/008", acquired_day="2024-05-01")
    assert (devices.of_customer(shop, who)[0].model, devices.of_customer(shop, who)[0].imei) == (
        "小米 14",
        IMEI,
    )
    devices.edit(shop, made, status="gone")
    history.undo(shop)
    assert devices.of_customer(shop, who)[0].status == "in_use"
    history.undo(shop)
    assert devices.of_customer(shop, who) == []
    history.redo(shop)
    assert [each.id for each in devices.of_customer(shop, who)] == [made]


def test_a_device_needs_a_model(shop: Shop) -> None:
    who = add_customer(shop)
    with pytest.raises(DeviceWrong, match="needs a model"):
        devices.add(shop, who, "  ")
    made = devices.add(shop, who, "小米 14")
    with pytest.raises(DeviceWrong, match="needs a model"):
        devices.edit(shop, made, model="")
    with pytest.raises(DeviceUnknown):
        devices.edit(shop, made + 1, model="小米 15")


def test_devices_in_use_come_first_and_the_newest_of_them(shop: Shop) -> None:
    who = add_customer(shop)
    old = devices.add(shop, who, "小米 12", acquired_day="2022-01-01")
    gone = devices.add(shop, who, "小米 14", acquired_day="2025-01-01", status="gone")
    new = devices.add(shop, who, "小米 13", acquired_day="2024-01-01")
    assert [each.id for each in devices.of_customer(shop, who)] == [new, old, gone]


def test_an_imei_knows_all_its_owners(shop: Shop) -> None:
    first, second = add_customer(shop, "王建国"), add_customer(shop, "李芳")
    devices.add(shop, first, "小米 14", imei=IMEI, acquired_day="2024-01-01", status="traded_in")
    devices.add(shop, second, "小米 14", imei=IMEI, acquired_day="2025-01-01")
    assert [each.customer_id for each in devices.owners(shop, "352041 00 000000 8")] == [second, first]
    assert devices.owners(shop, "") == []


@pytest.mark.parametrize(
    ("typed", "imei", "serial"),
    [
        ("３５２０４１　００-００００００/８", IMEI, ""),
        ("35204100000000", "35204100000000", ""),
        ("3520410000000017", "3520410000000017", ""),
        ("a1000000 9296f2", "", "A10000009296F2"),
        ("c39xk1", "", "C39XK1"),
    ],
)
def test_numbers_are_cleaned_and_a_serial_goes_to_its_place(
    shop: Shop, typed: str, imei: str, serial: str
) -> None:
    who = add_customer(shop)
    devices.add(shop, who, "小米 14", imei=typed)
    (device,) = devices.of_customer(shop, who)
    assert (device.imei, device.serial) == (imei, serial)
    assert [each.device_id for each in devices.owners(shop, typed)] == [device.id]


def test_an_odd_number_beside_another_serial_stays_where_it_was_typed(shop: Shop) -> None:
    who = add_customer(shop)
    devices.add(shop, who, "iPad", imei="X1", serial="SN 9")
    (device,) = devices.of_customer(shop, who)
    assert (device.imei, device.serial) == ("X1", "SN9")


def test_a_device_that_left_knows_the_day_and_forgets_it_when_it_is_back(shop: Shop) -> None:
    made = devices.add(shop, add_customer(shop), "小米 14")
    devices.edit(shop, made, status="gone")
    assert shop.db.value("SELECT gone_day FROM devices") == "2026-11-21"
    devices.edit(shop, made, gone_day="2026-11-01")
    assert shop.db.value("SELECT gone_day FROM devices") == "2026-11-01"
    devices.edit(shop, made, status="in_use")
    assert shop.db.value("SELECT gone_day FROM devices") is None


def test_a_device_entered_by_mistake_is_removed_undone_and_redone(shop: Shop) -> None:
    who = add_customer(shop)
    made = devices.add(shop, who, "小米 14")
    devices.remove(shop, made)
    assert devices.of_customer(shop, who) == []
    history.undo(shop)
    assert [each.id for each in devices.of_customer(shop, who)] == [made]
    history.redo(shop)
    assert devices.of_customer(shop, who) == []
    with pytest.raises(DeviceUnknown):
        devices.remove(shop, made)


def test_a_device_that_others_refer_to_stays(shop: Shop) -> None:
    who = add_customer(shop)
    purchases.record(shop, SaleDraft((LineDraft("iPhone 17", 1, imei=IMEI),), customer_id=who))
    with pytest.raises(DeviceNeeded, match="stays"):
        devices.remove(shop, devices.of_customer(shop, who)[0].id)
    own = devices.add(shop, who, "小米 14")
    complaints.receive(shop, ComplaintDraft("屏幕偏黄", who, device_id=own))
    with pytest.raises(DeviceNeeded, match="stays"):
        devices.remove(shop, own)


def test_the_history_of_owners_tells_each_stretch(shop: Shop) -> None:
    wang, li = add_customer(shop, "王建国"), add_customer(shop, "李芳")
    devices.add(shop, wang, "小米 14", imei=IMEI, acquired_day="2024-05-01")
    old_for_new = (PaymentDraft("trade_in", 150_000, "小米 14", IMEI), PaymentDraft("wechat", 50_000))
    purchases.record(shop, SaleDraft((LineDraft("小米 17", 200_000),), old_for_new, wang))
    walk_in = purchases.record(shop, SaleDraft((LineDraft("小米 14", 180_000, imei=IMEI),)))
    purchases.record(shop, SaleDraft((LineDraft("小米 14", 170_000, imei=IMEI),), customer_id=li))
    customers.delete(shop, [li])
    told = [
        (each.name, each.is_live, each.from_day, each.until_day, each.came, each.went)
        for each in devices.owners(shop, "352041 000000 008")
    ]
    today = "2026-11-21"
    assert told == [
        ("李芳", False, today, None, "bought here for ¥1,700", ""),
        ("", False, today, None, "bought here for ¥1,800", ""),
        ("王建国", True, "2024-05-01", today, "brought along", "traded in"),
    ]
    purchases.void(shop, walk_in, "录错了")
    assert [each.name for each in devices.owners(shop, IMEI)] == ["李芳", "王建国"]
    assert devices.owners(shop, "") == []


def test_a_device_known_to_be_from_here_without_its_sale_says_so(shop: Shop) -> None:
    devices.add(shop, add_customer(shop), "小米 14", imei=IMEI, bought_here=True)
    assert [each.came for each in devices.owners(shop, IMEI)] == ["bought here"]


def test_colour_and_storage_are_learnt_from_the_words_or_taken_as_typed(shop: Shop) -> None:
    who = add_customer(shop)
    lines = (
        LineDraft("iPhone 17 256G 深空黑", 1),
        LineDraft("iPhone 17 256G", 1, color=" 白 ", storage="512G"),
    )
    purchases.record(shop, SaleDraft(lines, customer_id=who))
    second, first = devices.of_customer(shop, who)
    assert (first.color, first.storage) == ("深空黑", "256G")
    assert (second.color, second.storage) == ("白", "512G")


def test_a_voided_sale_gives_the_phone_back_to_whom_it_was_taken_from(shop: Shop) -> None:
    wang, li = add_customer(shop, "王建国"), add_customer(shop, "李芳")
    devices.add(shop, wang, "小米 14", imei=IMEI, acquired_day="2024-05-01")
    wrong = purchases.record(shop, SaleDraft((LineDraft("小米 14", 1, imei=IMEI),), customer_id=li))
    assert [(each.status, each.gone_day) for each in store_devices.by_number(shop.db, IMEI)] == [
        ("in_use", None),
        ("gone", "2026-11-21"),
    ]
    purchases.void(shop, wrong, "卡选错了")
    assert [(each.status, each.gone_day) for each in store_devices.by_number(shop.db, IMEI)] == [
        ("returned", "2026-11-21"),
        ("in_use", None),
    ]
