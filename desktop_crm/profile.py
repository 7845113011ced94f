"""The shop's own choices: what each setting may be, reading what was typed, saving; which there are: settings.py.

Nothing is saved unless all of it can be. What a setting does is the business of the feature that reads it.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from desktop_crm import business_time
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _, ngettext
from desktop_crm.base.values import clean_text, half_width, parse_money, show_money
from desktop_crm.settings import (
    ACTIVE_DAYS,
    CLOSED_DAYS,
    DORMANT_DAYS,
    DUE_HIGH_HOURS,
    DUE_LOW_HOURS,
    DUE_NORMAL_HOURS,
    HIGH_NET_FEN,
    HIGH_OCCASIONS,
    MID_NET_FEN,
    MID_OCCASIONS,
    OPENING_HOURS,
    SHOP_NAME,
    TIME_ZONE,
    Setting,
)
from desktop_crm.shop import Shop

AnySetting = Setting[Any]  # settings of different types stand in one table

_LONGEST_CLOSURE_DAYS = 366

_RISING: tuple[tuple[AnySetting, AnySetting], ...] = (
    (ACTIVE_DAYS, DORMANT_DAYS),
    (MID_OCCASIONS, HIGH_OCCASIONS),
    (MID_NET_FEN, HIGH_NET_FEN),
    (DUE_HIGH_HOURS, DUE_NORMAL_HOURS),
    (DUE_NORMAL_HOURS, DUE_LOW_HOURS),
)
"""Pairs of which the first must not be more than the second."""


class SettingWrong(CrmError):
    """A setting cannot have this value."""


def shown(setting: AnySetting, value: object) -> str:
    """A value as it stands in the field in which it is edited; what `typed` reads back."""
    if setting is CLOSED_DAYS and isinstance(value, tuple):
        return _show_days(value)
    if isinstance(value, tuple):
        return ", ".join(value)
    if setting.unit == "fen" and isinstance(value, int):
        return show_money(value).replace("¥", "")
    return str(value)


def typed(setting: AnySetting, text: str) -> Any:  # of the setting's own type
    """The value of what was typed.

    Raises:
        SettingWrong: it is no such thing; the message says what to write.
    """
    text = clean_text(text)
    if setting is CLOSED_DAYS:
        return _read_days(text)
    if not isinstance(setting.default, int):
        return text
    if setting.unit == "fen":
        found = parse_money(text)
        if found is None:
            raise SettingWrong(_("This is not an amount. Write 3000 or 2999.50."))
        return found
    if not half_width(text).isascii() or not half_width(text).removeprefix("-").isdigit():
        raise SettingWrong(_("Please write a whole number."))
    return int(half_width(text))


def time_zones() -> tuple[str, ...]:
    """The names of all time zones, those of the region first."""
    near = ("Asia/Shanghai", "Asia/Hong_Kong", "Asia/Macau", "Asia/Taipei", "Asia/Singapore")
    return (*near, *sorted(zoneinfo.available_timezones() - set(near)))


def save(shop: Shop, values: Mapping[AnySetting, object]) -> str:
    """Set settings as one step that can be undone.

    Returns:
        what was done, as a sentence; "" where nothing differs from before.

    Raises:
        SettingWrong, OpeningHoursNotUnderstood: nothing was saved.
    """
    clean = {setting: _checked(setting, value) for setting, value in values.items()}
    with shop.reading():
        for low, high in _RISING:
            if low in clean or high in clean:
                _check_rising(low, clean.get(low, shop.get(low)), high, clean.get(high, shop.get(high)))
        fresh = {setting: value for setting, value in clean.items() if value != shop.get(setting)}
    if not fresh:
        return ""
    label = _label(fresh)
    with shop.change(label, {"settings"}, action="profile.save"):
        for setting, value in fresh.items():
            shop.put(setting, value)
    return label


def _checked(setting: AnySetting, value: Any) -> Any:  # of the setting's own type
    if type(value) is not type(setting.default) or setting.group == "rights":  # those are roles.py's alone
        raise TypeError(f"{setting.key} is no {type(value).__name__}")
    if setting is OPENING_HOURS:
        return tuple(_same_form(day) for day in value)
    if setting is TIME_ZONE:
        return _known_zone(value)
    if setting is SHOP_NAME and not clean_text(value):
        raise SettingWrong(_("The shop needs a name; it stands on the report. Nothing was saved."))
    if isinstance(value, str):
        return clean_text(value)
    if setting.choices:
        return tuple(word for word, _label in setting.choices if word in value)
    if setting.least is not None and value < setting.least:
        raise _out_of_bounds(setting)
    if setting.most is not None and value > setting.most:
        raise _out_of_bounds(setting)
    return value


def _same_form(day: str) -> str:
    spans = business_time.parse_day(day)
    return ", ".join(
        f"{_clock(first)}-{_clock(last if last <= 1440 else last - 1440)}" for first, last in spans
    )


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _known_zone(name: str) -> str:
    if name not in zoneinfo.available_timezones():
        raise SettingWrong(
            _(
                "“{name}” is no time zone. Choose one of the list, like Asia/Shanghai. Nothing was saved."
            ).format(name=name)
        )
    return name


def _check_rising(low: AnySetting, low_value: int, high: AnySetting, high_value: int) -> None:
    if low_value > high_value:
        raise SettingWrong(
            _(
                "“{low}” ({low_value}) must not be more than “{high}” ({high_value}). Nothing was saved."
            ).format(
                low=_(low.label),
                low_value=shown(low, low_value),
                high=_(high.label),
                high_value=shown(high, high_value),
            )
        )


def _out_of_bounds(setting: AnySetting) -> SettingWrong:
    least, most = (None if n is None else shown(setting, n) for n in (setting.least, setting.most))
    if most is None:
        return SettingWrong(
            _("“{label}” must be at least {least}. Nothing was saved.").format(
                label=_(setting.label), least=least
            )
        )
    return SettingWrong(
        _("“{label}” must be between {least} and {most}. Nothing was saved.").format(
            label=_(setting.label), least=least, most=most
        )
    )


def _label(fresh: Mapping[AnySetting, object]) -> str:
    if len(fresh) > 1:
        return ngettext("Change {count} setting", "Change {count} settings", len(fresh)).format(
            count=len(fresh)
        )
    ((setting, value),) = fresh.items()
    if isinstance(value, bool) or value == setting.off:
        words = _("Switch on “{label}”") if value is True else _("Switch off “{label}”")
        return words.format(label=_(setting.label))
    if isinstance(value, tuple) or not value:
        return _("Change “{label}”").format(label=_(setting.label))
    return _("Set “{label}” to {value}").format(label=_(setting.label), value=shown(setting, value))


def _read_days(text: str) -> tuple[str, ...]:
    """Days from "2026-02-17, 2026-05-01..2026-05-05", sorted, each once."""
    days: set[str] = set()
    for part in half_width(text).replace("、", " ").replace(",", " ").replace(";", " ").split():
        first, _dots, last = part.partition("..")
        try:
            start = date.fromisoformat(first)
            end = date.fromisoformat(last or first)
        except ValueError:
            raise _no_days() from None
        if not 0 <= (end - start).days <= _LONGEST_CLOSURE_DAYS:
            raise _no_days()
        days |= {(start + timedelta(days=n)).isoformat() for n in range((end - start).days + 1)}
    return tuple(sorted(days))


def _no_days() -> SettingWrong:
    return SettingWrong(
        _(
            "Write closed days like 2026-02-17 or 2026-02-16..2026-02-22, with commas between. Nothing was saved."
        )
    )


def _show_days(days: tuple[str, ...]) -> str:
    """Days in a line, three or more in a row as first..last."""
    runs: list[list[date]] = []
    for day in map(date.fromisoformat, days):
        if runs and day == runs[-1][-1] + timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    parts = []
    for run in runs:
        parts += [f"{run[0]}..{run[-1]}"] if len(run) > 2 else [str(day) for day in run]
    return ", ".join(parts)
