"""The shop's own choices: read as people write them, refused with a sentence, saved as one step that is undone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_crm import history, profile, settings
from desktop_crm.base.errors import CrmError
from desktop_crm.profile import AnySetting, SettingWrong
from desktop_crm.shop import Shop


@pytest.mark.parametrize(
    ("setting", "text", "value", "back"),
    [
        (settings.SHOP_NAME, " 星河\t手机店 ", "星河 手机店", "星河 手机店"),
        (settings.ACTIVE_DAYS, "１８０", 180, "180"),
        (settings.BIRTHDAY_LEAD_DAYS, "-1", -1, "-1"),
        (settings.HIGH_NET_FEN, "8,000元", 800_000, "8,000"),
        (
            settings.CLOSED_DAYS,
            "2026-02-17，2026-02-01",
            ("2026-02-01", "2026-02-17"),
            "2026-02-01, 2026-02-17",
        ),
        (
            settings.CLOSED_DAYS,
            "2026-02-16..2026-02-19 2026-02-16",
            ("2026-02-16", "2026-02-17", "2026-02-18", "2026-02-19"),
            "2026-02-16..2026-02-19",
        ),
        (settings.CLOSED_DAYS, "", (), ""),
    ],
)
def test_what_was_typed_is_read_and_shown(setting: AnySetting, text: str, value: object, back: str) -> None:
    assert profile.typed(setting, text) == value
    assert profile.shown(setting, value) == back


@pytest.mark.parametrize(
    ("setting", "text", "words"),
    [
        (settings.ACTIVE_DAYS, "many", "whole number"),
        (settings.ACTIVE_DAYS, "", "whole number"),
        (settings.ACTIVE_DAYS, "1.5", "whole number"),
        (settings.ACTIVE_DAYS, "٣", "whole number"),
        (settings.MID_NET_FEN, "much", "not an amount"),
        (settings.CLOSED_DAYS, "Sunday", "2026-02-17"),
        (settings.CLOSED_DAYS, "2026-02-20..2026-02-10", "2026-02-17"),
        (settings.CLOSED_DAYS, "2026-02-20..2028-02-10", "2026-02-17"),
    ],
)
def test_what_cannot_be_read_gets_a_sentence(setting: AnySetting, text: str, words: str) -> None:
    with pytest.raises(SettingWrong, match=words):
        profile.typed(setting, text)


@given(st.sets(st.dates(), max_size=30))
def test_closed_days_come_back_as_they_were(days: set[object]) -> None:
    stored = tuple(sorted(str(day) for day in days))
    assert profile.typed(settings.CLOSED_DAYS, profile.shown(settings.CLOSED_DAYS, stored)) == stored


def test_a_setting_is_saved_undone_and_done_again(shop: Shop) -> None:
    assert profile.save(shop, {settings.ACTIVE_DAYS: 200}) == "Set “Active up to” to 200"
    assert shop.get(settings.ACTIVE_DAYS) == 200
    history.undo(shop)
    assert shop.get(settings.ACTIVE_DAYS) == 180
    history.redo(shop)
    assert shop.get(settings.ACTIVE_DAYS) == 200
    assert history.changes(shop)[0].kinds == "settings"


@pytest.mark.parametrize(
    ("values", "label"),
    [
        ({settings.STAY_IN_TRAY: True}, "Switch on “Closing the window keeps the program in the tray”"),
        ({settings.REMIND_AT_OPENING: False}, "Switch off “Summary at opening time”"),
        ({settings.BIRTHDAY_LEAD_DAYS: -1}, "Switch off “Birthday greeting, days before”"),
        ({settings.BIRTHDAY_LEAD_DAYS: 0}, "Change “Birthday greeting, days before”"),
        ({settings.CLOSED_DAYS: ("2026-02-17",)}, "Change “Closed days”"),
        ({settings.SHOP_NAME: "月亮手机店", settings.SHOP_PHONE: "0571-8866"}, "Change 2 settings"),
        ({settings.SHOP_NAME: "星河手机店"}, ""),
    ],
)
def test_the_step_says_what_was_done(shop: Shop, values: dict[AnySetting, object], label: str) -> None:
    before = len(history.changes(shop))
    assert profile.save(shop, values) == label
    assert len(history.changes(shop)) == before + bool(label)
    assert {setting: shop.get(setting) for setting in values} == values


def test_opening_hours_are_kept_in_one_form(shop: Shop) -> None:
    week = ("9:00-12:00，14:00-18:30", "", "18:00–2:00", "０９:00-21:00", "0:00-24:00", "", "")
    profile.save(shop, {settings.OPENING_HOURS: week})
    assert shop.get(settings.OPENING_HOURS) == (
        "09:00-12:00, 14:00-18:30",
        "",
        "18:00-02:00",
        "09:00-21:00",
        "00:00-24:00",
        "",
        "",
    )


def test_only_known_fields_make_a_card_complete(shop: Shop) -> None:
    profile.save(shop, {settings.COMPLETENESS_FIELDS: ("phone", "hobby", "name")})
    assert shop.get(settings.COMPLETENESS_FIELDS) == ("name", "phone")
    assert profile.shown(settings.COMPLETENESS_FIELDS, ("name", "phone")) == "name, phone"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({settings.SHOP_NAME: " "}, "needs a name"),
        ({settings.TIME_ZONE: "Hangzhou"}, "“Hangzhou” is no time zone"),
        ({settings.ACTIVE_DAYS: 0}, "“Active up to” must be between 1 and 3650"),
        ({settings.BACKUPS_KEPT: 1001}, "between 1 and 1000"),
        ({settings.JOURNAL_ROWS: 999}, "“Rows kept for undo” must be at least 1000"),
        ({settings.MID_NET_FEN: -1}, "“Middle value from sales” must be at least 0"),
        (
            {settings.ACTIVE_DAYS: 721},
            r"“Active up to” \(721\) must not be more than “Dormant up to” \(720\)",
        ),
        ({settings.HIGH_NET_FEN: 299_999}, r"“Middle value from sales” \(3,000\) must not be more"),
        ({settings.DUE_LOW_HOURS: 5}, "must not be more"),
        ({settings.OPENING_HOURS: ("9-21",) * 7}, "09:00-21:00"),
        ({settings.SHOP_PHONE: "0571", settings.ACTIVE_DAYS: 0}, "Nothing was saved"),
    ],
)
def test_what_cannot_be_is_refused_whole(shop: Shop, values: dict[AnySetting, object], words: str) -> None:
    with pytest.raises(CrmError, match=words):
        profile.save(shop, values)
    assert shop.get(settings.SHOP_PHONE) == ""
    assert len(history.changes(shop)) == 1


def test_another_time_zone_moves_the_days(shop: Shop) -> None:
    profile.save(shop, {settings.TIME_ZONE: "Pacific/Auckland"})
    assert str(shop.zone) == "Pacific/Auckland"


def test_both_ends_may_move_together(shop: Shop) -> None:
    profile.save(shop, {settings.ACTIVE_DAYS: 800, settings.DORMANT_DAYS: 900})
    assert (shop.get(settings.ACTIVE_DAYS), shop.get(settings.DORMANT_DAYS)) == (800, 900)


def test_a_value_of_another_type_is_a_bug(shop: Shop) -> None:
    with pytest.raises(TypeError, match="active_days"):
        profile.save(shop, {settings.ACTIVE_DAYS: "180"})


def test_the_zones_of_the_region_come_first() -> None:
    zones = profile.time_zones()
    assert zones[0] == "Asia/Shanghai"
    assert "Europe/London" in zones
    assert len(set(zones)) == len(zones)
