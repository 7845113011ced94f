"""Devices: warranty and the statutory terms, owners over time, odd IMEIs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from desktop_crm import devices, history
from desktop_crm.devices import DeviceUnknown, DeviceWrong
from desktop_crm.records.devices import Device
from desktop_crm.shop import Shop
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
    assert devices.warranty(SOLD, date.fromisoformat(today)).statutory == terms


@pytest.mark.parametrize(
    "device",
    [replace(SOLD, bought_here=False), replace(SOLD, acquired_day=None), replace(SOLD, status="returned")],
)
def test_the_terms_are_for_phones_sold_here_and_in_use(device: Device) -> None:
    assert devices.warranty(device, date(2026, 11, 1)).statutory == ""


@pytest.mark.parametrize(
    ("imei", "words"),
    [
        ("", ""),
        (IMEI, ""),
        ("352041000000001", "check digit"),
        ("35204100000000", "check digit"),
        ("SN12345", "serial number"),
    ],
)
def test_an_odd_imei_is_remarked_upon_but_kept(imei: str, words: str) -> None:
    remark = devices.imei_remark(imei)
    assert words in remark
    assert bool(remark) == bool(words)


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
    assert [each.customer_id for each in devices.by_imei(shop, "352041 00 000000 8")] == [second, first]
    assert devices.by_imei(shop, "") == []
