"""The devices on the card: what each row says, and all about the chosen one below."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from desktop_crm import after_sales, devices
from desktop_crm.card import OwnedDevice
from desktop_crm.records.devices import Device, DeviceStatus
from desktop_crm.ui.card_devices import DevicesPanel, plan_words

TODAY = date(2026, 11, 21)
PHONE = Device(
    1,
    1,
    "iPhone 17",
    "",
    color="黑",
    storage="256G",
    imei="352041000000008",
    serial="C39XK1",
    bought_here=True,
    acquired_day="2026-11-01",
    warranty_end_day="2027-11-01",
    plan_name="全球通 128",
    plan_end_day="2026-12-14",
)


def owned(device: Device, plan_days_left: int | None = None) -> OwnedDevice:
    return OwnedDevice(device, devices.warranty(device, TODAY, after_sales.BUILT_IN), plan_days_left, 0)


def cells(device: Device, plan_days_left: int | None = None) -> list[str]:
    """What a row of the table says."""
    panel = DevicesPanel(lambda: None, lambda _device: None)
    panel.table.set_records([owned(device, plan_days_left)])
    said = [str(panel.table.rows.index(0, column).data()) for column in range(4)]
    panel.deleteLater()
    return said


def test_a_phone_in_use_says_all_in_a_row() -> None:
    assert cells(PHONE, 23) == [
        "iPhone 17 256G 黑",
        "·· 0008 ✓",
        "here 2026-11",
        "345 days left repair plan: 23 days",
    ]


@pytest.mark.parametrize(
    ("device", "wanted"),
    [
        (replace(PHONE, imei="352041000000001"), ["iPhone 17 256G 黑", "·· 0001"]),
        (replace(PHONE, imei=""), ["iPhone 17 256G 黑", "SN ·· 9XK1"]),
        (replace(PHONE, imei="", serial="", model="iPhone 17 256G 黑"), ["iPhone 17 256G 黑", "–"]),
    ],
)
def test_a_wrong_number_has_no_check_mark_and_a_serial_says_what_it_is(
    device: Device, wanted: list[str]
) -> None:
    assert cells(device)[:2] == wanted


@pytest.mark.parametrize(
    ("status", "gone", "words"),
    [
        ("traded_in", "2026-05-02", "Traded in 2026-05"),
        ("returned", None, "Returned"),
        ("gone", "2026-01-01", "Not theirs any more 2026-01"),
    ],
)
def test_what_left_says_how_and_when(status: DeviceStatus, gone: str | None, words: str) -> None:
    row = cells(replace(PHONE, status=status, gone_day=gone, bought_here=False))
    assert row[2:] == ["2026-11", words]


@pytest.mark.parametrize(
    ("device", "words"),
    [
        (replace(PHONE, bought_here=True, acquired_day=None), "here"),
        (replace(PHONE, bought_here=False, acquired_day=None), "–"),
    ],
)
def test_an_unknown_day_is_left_out(device: Device, words: str) -> None:
    assert cells(device)[2] == words


@pytest.mark.parametrize(
    ("device", "left", "words"),
    [
        (PHONE, 23, "全球通 128 until 2026-12-14, 23 days left"),
        (PHONE, 1, "全球通 128 until 2026-12-14, 1 day left"),
        (PHONE, -1, "全球通 128, over since 2026-12-14"),
        (replace(PHONE, plan_end_day=None), None, "全球通 128"),
        (replace(PHONE, plan_name=""), 23, "Carrier plan until 2026-12-14, 23 days left"),
        (replace(PHONE, plan_name="", plan_end_day=None), None, ""),
    ],
)
def test_the_plan_and_its_end_in_words(device: Device, left: int | None, words: str) -> None:
    assert plan_words(owned(device, left)) == words


def test_the_chosen_device_is_told_in_full_below() -> None:
    panel = DevicesPanel(lambda: None, lambda _device: None)
    other = replace(
        PHONE, id=2, imei="", serial="", plan_name="", plan_end_day=None, bought_here=False, note="备用"
    )
    panel.table.set_records([owned(PHONE, 23), owned(other)])
    panel.table.select_first()
    assert panel.about.whole_text() == (
        "黑 · IMEI 352041000000008 ✓ · Serial C39XK1 · 全球通 128 until 2026-12-14, 23 days left"
    )
    assert panel.rights.whole_text() == (
        "repair until 2027-11-01 · battery: repair or exchange until 2027-05-01 · "
        "charger: repair or exchange until 2027-11-01 · headset: repair or exchange until 2027-02-01"
    )
    panel.table.select(2)
    assert (panel.about.whole_text(), panel.rights.isHidden()) == ("黑 · 备用", True)
    panel.deleteLater()
