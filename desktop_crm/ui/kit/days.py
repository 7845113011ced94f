"""Reading a day the way one types it at a counter: 11-21, 21, +3, tomorrow, 明天, 周五. Pure."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from desktop_crm.base.dates import add_months
from desktop_crm.base.values import half_width

_WORDS: Final = {
    "today": 0,
    "今天": 0,
    "tomorrow": 1,
    "明天": 1,
    "后天": 2,
    "大后天": 3,
    "yesterday": -1,
    "昨天": -1,
    "前天": -2,
}
_WEEKDAYS: Final = {
    **{name: place for place, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))},
    **{f"{word}{name}": place for word in ("周", "星期") for place, name in enumerate("一二三四五六日")},
    "周天": 6,
    "星期天": 6,
}
_STEPS: Final = {"d": 1, "天": 1, "": 1, "w": 7, "周": 7}


def parse_day(text: str, today: date, *, past: bool = False) -> date | None:
    """The day that `text` means, or None.

    Args:
        today: the shop's day, which words and short forms count from.
        past: a month and day without a year mean the last one instead of the next one.
    """
    plain = half_width(text).strip().lower().replace(" ", "")
    if plain in _WORDS:
        return today + timedelta(days=_WORDS[plain])
    if plain[:3] in _WEEKDAYS and plain.isascii():
        return _weekday(today, _WEEKDAYS[plain[:3]], past)
    if plain in _WEEKDAYS:
        return _weekday(today, _WEEKDAYS[plain], past)
    if match := re.fullmatch(r"([+-])(\d{1,4})(d|w|m|天|周|月|个月)?", plain):
        return _shifted(today, int(match[1] + match[2]), match[3] or "")
    return _written(plain, today, past)


def _shifted(today: date, count: int, unit: str) -> date | None:
    try:
        if unit in ("m", "月", "个月"):
            return add_months(today, count)
        return today + timedelta(days=count * _STEPS[unit])
    except (OverflowError, ValueError):
        return None


def _weekday(today: date, weekday: int, past: bool) -> date:
    ahead = (weekday - today.weekday()) % 7
    return today + timedelta(days=ahead - 7 if past and ahead else ahead)


def _written(plain: str, today: date, past: bool) -> date | None:
    numbers = [int(part) for part in re.findall(r"\d+", plain)]
    if not re.fullmatch(r"[\d\-/.年月日号]+", plain):
        return None
    if len(plain) == 8 and plain.isdigit():
        numbers = [int(plain[:4]), int(plain[4:6]), int(plain[6:])]
    try:
        if len(numbers) == 3:
            return date(numbers[0] + (2000 if numbers[0] < 100 else 0), numbers[1], numbers[2])
        if len(numbers) == 2:
            return _nearest_year(numbers[0], numbers[1], today, past)
        if len(numbers) == 1 and numbers[0] <= 31:
            return _nearest_month(numbers[0], today, past)
    except ValueError:
        return None
    return None


def _nearest_year(month: int, day: int, today: date, past: bool) -> date:
    found = date(today.year, month, day)
    if past and found > today:
        return date(today.year - 1, month, day)
    if not past and found < today:
        return date(today.year + 1, month, day)
    return found


def _nearest_month(day: int, today: date, past: bool) -> date:
    found = today.replace(day=day)
    if past and found > today:
        return add_months(today.replace(day=1), -1).replace(day=day)
    if not past and found < today:
        return add_months(today.replace(day=1), 1).replace(day=day)
    return found
