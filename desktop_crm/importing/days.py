"""What people and spreadsheets write for a day: serial numbers, thirty ways of text, lunar birthdays.

Nothing is guessed: where day and month could be swapped the answer is a `Trouble` of level "order" that names both,
and the column decides (rows.py). Exact forms of stored days are in base/dates.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from desktop_crm.base.i18n import _
from desktop_crm.base.values import clean_text, half_width
from desktop_crm.files.reading import Cell, Error
from desktop_crm.importing.trouble import Trouble, error_cell

_DIGITS = dict(zip("〇零一二三四五六七八九", "00123456789", strict=True))
_TIME = re.compile(
    r"[\sT日号,]*(?:(?:星期|周|礼拜)[一二三四五六日天])?\s*(上午|下午|晚上|中午|am|pm)?\s*"
    r"(\d{1,2})[:：时点](\d{1,2})?(?:[:：分](\d{1,2}))?(?:\.\d+)?[秒分]?\s*(am|pm)?\s*(?:z|[+-]\d{2}:?\d{2})?$",
    re.I,
)
_MONTHS = {
    "jan": 1,
    "feb": 2,
    "mar": 3,
    "apr": 4,
    "may": 5,
    "jun": 6,
    "jul": 7,
    "aug": 8,
    "sep": 9,
    "oct": 10,
    "nov": 11,
    "dec": 12,
}
_NO_DATE = {"0000-00-00", "0000/00/00", "1900-01-00", "00000000", "0000-00-00 00:00:00"}
_DEFAULT_DAYS = {date(1900, 1, 1), date(1899, 12, 30), date(1899, 12, 31), date(1, 1, 1)}
_KEPT = 50_000
"""Texts of dates that are remembered with their reading: sheets repeat them."""
_EMPTY = {"", "-", "--", "—", "/", "无", "未知", "不详", "n/a", "na", "none", "null", "0/0/00"}  # Outlook's


class Written(NamedTuple):
    """A day as it was written: year 0 where none was, `clock` minutes since midnight or -1."""

    year: int
    month: int
    day: int
    clock: int = -1
    lunar: bool = False


@dataclass
class DayReader:
    """Reads the cells of one column of days.

    Attributes:
        today: the present day in shop time.
        kind: "day" gives YYYY-MM-DD; "birthday" also --MM-DD and, for lunar ones, a leading L; "instant" adds THH:MM
            where a time of day is known; neither a birthday nor an instant can be to come.
        date1904: serial numbers count from 1904.
        order: "ymd", "dmy" or "mdy" where the person chose; "" otherwise.
        evidence: the orders that cells of this column prove; one alone settles the column.
    """

    today: date
    kind: str = "day"
    date1904: bool = False
    order: str = ""
    evidence: set[str] = field(default_factory=set)
    _seen: dict[date, str | Trouble] = field(default_factory=dict, repr=False)
    _read: dict[str, str | Trouble] = field(default_factory=dict, repr=False)

    def __call__(self, cell: Cell) -> str | Trouble:
        """The day of one cell, "" for an empty one."""
        if type(cell) is date:
            found = self._seen.get(cell)
            if found is None:
                found = self._seen[cell] = self._checked(Written(cell.year, cell.month, cell.day), str(cell))
            return found
        if cell is None:
            return ""
        if isinstance(cell, datetime):
            clock = cell.hour * 60 + cell.minute
            return self._checked(Written(cell.year, cell.month, cell.day, clock), str(cell))
        if isinstance(cell, Error):
            return error_cell(cell)
        if isinstance(cell, bool | time | timedelta):
            return _unreadable(str(cell))
        if isinstance(cell, int | float):
            return self._number(cell)
        text = str(cell)
        read = self._read.get(text)
        if read is None:
            read = self._text(text)
            if len(self._read) < _KEPT:
                self._read[text] = read
        return read

    def _number(self, number: float) -> str | Trouble:
        text = str(number)
        if isinstance(number, int) and 19000101 <= number <= 21001231:
            written = _written_digits(text)
            return self._checked(written, text) if written else _unreadable(text)
        if number == 0:
            return Trouble("hint", _("0 is no date; it was left empty."), "")
        if not 10_000 <= number <= 73_050:
            return _unreadable(text)
        epoch = datetime(1904, 1, 1) if self.date1904 else datetime(1899, 12, 30)
        moment = epoch + timedelta(days=number, seconds=30 if number % 1 else 0)
        clock = moment.hour * 60 + moment.minute if number % 1 else -1
        return self._checked(Written(moment.year, moment.month, moment.day, clock), text)

    def _text(self, raw: str) -> str | Trouble:
        text = clean_text(half_width(raw)).lstrip("'").strip()
        if text.lower() in _EMPTY:
            return ""
        if text in _NO_DATE:
            return Trouble("hint", _("“{text}” is no date; it was left empty.").format(text=text), "")
        body, clock = _split_time(text)
        lunar = _lunar(body)
        if lunar is not None:
            return self._checked(lunar, text)
        if re.fullmatch(f"{_NUMERAL}+月{_NUMERAL}+", body):
            return Trouble(
                "bad",
                _("“{text}” may be lunar or not; write 农历 before it, or 08-15 for a solar day.").format(
                    text=text
                ),
                "",
            )
        plain = _arabic(body)
        found = _certain(plain)
        if found is not None:
            return self._checked(found._replace(clock=clock), text)
        return self._ordered(plain, clock, text)

    def _ordered(self, plain: str, clock: int, text: str) -> str | Trouble:
        """A day whose parts do not say which is which."""
        possible = {
            order: written._replace(clock=clock)
            for order, written in _orders(plain, self.today).items()
            if not isinstance(self._checked(written, text), Trouble)
        }
        if not possible:
            return _unreadable(text)
        if self.order in possible:
            return self._checked(possible[self.order], text)
        days = {order: str(self._checked(written, text)) for order, written in possible.items()}
        if len(possible) == 1:
            self.evidence |= set(possible)
        if len(set(days.values())) == 1:
            return next(iter(days.values()))
        return Trouble(
            "order",
            _("“{text}” can mean {days}; say once for the column which is which.").format(
                text=text, days=" / ".join(sorted(set(days.values())))
            ),
            days,
        )

    def _checked(self, found: Written, text: str) -> str | Trouble:
        if found.lunar or (not found.year and self.kind == "birthday"):
            if self.kind != "birthday":
                return _unreadable(text)
            year = f"{found.year:04d}" if found.year else "-"
            return f"{'L' if found.lunar else ''}{year}-{found.month:02d}-{found.day:02d}"
        try:
            day = date(found.year, found.month, found.day)
        except ValueError:
            return _unreadable(text)
        if day in _DEFAULT_DAYS:
            return Trouble(
                "hint",
                _("“{text}” is what programs write for no date; it was left empty.").format(text=text),
                "",
            )
        if self.kind == "birthday" and day.year == 1604:  # how Apple writes a birthday without a year
            return f"--{day.month:02d}-{day.day:02d}"
        if day.year < 1900 or day.year > 2100 or (self.kind != "day" and day > self.today):
            return Trouble(
                "bad", _("“{text}” cannot be right: the day is impossible here.").format(text=text), ""
            )
        if self.kind == "instant" and found.clock >= 0:
            return f"{day}T{found.clock // 60:02d}:{found.clock % 60:02d}"
        return day.isoformat()


def _unreadable(text: str) -> Trouble:
    return Trouble(
        "bad", _("“{text}” is not a date that can be read; write it as 2026-10-31.").format(text=text), ""
    )


def _split_time(text: str) -> tuple[str, int]:
    """The text without its time of day, and that time in minutes (-1 if none)."""
    found = _TIME.search(text)
    if found is None or not re.search(r"\d", text[: found.start()]) or found.start() < 4:
        return re.sub(r"\s*(?:星期|周|礼拜)[一二三四五六日天]$", "", text), -1
    half = (found[1] or found[5] or "").lower()
    hour, minute = int(found[2]), int(found[3] or 0)
    if half in ("下午", "晚上", "pm") and hour < 12:
        hour += 12
    elif half in ("上午", "am") and hour == 12:
        hour = 0
    if hour > 23 or minute > 59:
        return text, -1
    kept = text[: found.start()]
    return (kept + "日" if "月" in kept and not kept.endswith("日") else kept), hour * 60 + minute


def _arabic(text: str) -> str:
    """Chinese numerals before 年, 月 and 日 as digits."""
    if not re.search(r"[〇零一二三四五六七八九十]", text):
        return text
    return re.sub(r"[〇零一二三四五六七八九十廿卅]+", lambda found: str(_numeral(found[0])), text)


def _numeral(text: str) -> int:
    """三十一 is 31, 二〇二六 is 2026, 廿三 is 23, 初五 is 5."""
    text = text.replace("廿", "二十").replace("卅", "三十").removeprefix("初")
    if "十" not in text:
        return int("".join(_DIGITS[sign] for sign in text))
    tens, _ten, ones = text.partition("十")
    return int(_DIGITS[tens[-1]] if tens else 1) * 10 + int(_DIGITS[ones[0]] if ones else 0)


_NUMERAL = "[〇零一二三四五六七八九十廿卅]"
_LUNAR = re.compile(
    rf"(农历|阴历|旧历|lunar)?[:：]?\s*(?:(\d{{4}}|{_NUMERAL}{{4}})\s*[年\-/.])?\s*闰?"
    rf"(\d{{1,2}}|{_NUMERAL}{{1,3}}|正|冬|腊)\s*[月\-/.]\s*(\d{{1,2}}|初{_NUMERAL}|{_NUMERAL}{{1,3}})\s*[日号]?$",
    re.I,
)


def _lunar(text: str) -> Written | None:
    """A day in the lunar calendar, by its word or by words only that calendar has (初, 廿, 正月, 腊月)."""
    found = _LUNAR.match(text.replace("(", "").replace(")", "").strip())
    if found is None or not (found[1] or found[3] in "正冬腊" or re.match(r"[初廿]", found[4])):
        return None
    year = 0 if not found[2] else int(found[2]) if found[2].isascii() else _numeral(found[2])
    month = {"正": 1, "冬": 11, "腊": 12}.get(found[3]) or _any_numeral(found[3])
    day = _any_numeral(found[4])
    return Written(year, month, day, lunar=True) if 1 <= month <= 12 and 1 <= day <= 30 else None


def _any_numeral(text: str) -> int:
    return int(text) if text.isascii() else _numeral(text)


def _written_digits(text: str) -> Written | None:
    """19850515."""
    year, month, day = int(text[:4]), int(text[4:6]), int(text[6:8])
    return Written(year, month, day) if 1 <= month <= 12 and 1 <= day <= 31 else None


_YEAR_FIRST = re.compile(r"(\d{4})\s*[年\-/.\s]\s*(\d{1,2})\s*[月\-/.\s]\s*(\d{1,2})\s*[日号]?")
_SHORT_YEAR = re.compile(r"(\d{2})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?")
_NO_YEAR = re.compile(r"(?:--)?(\d{1,2})(?:月|-|/|\.)(\d{1,2})[日号]?|--(\d{2})(\d{2})")
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[\s\-.]+([a-z]{3})[a-z]*\.?,?[\s\-]+(\d{4})", re.I)
_MONTH_DAY = re.compile(r"([a-z]{3})[a-z]*\.?[\s\-]+(\d{1,2})(?:st|nd|rd|th)?,?[\s\-]+(\d{4})", re.I)


def _certain(plain: str) -> Written | None:
    """Forms in which every part says what it is."""
    if found := _YEAR_FIRST.fullmatch(plain):
        return Written(int(found[1]), int(found[2]), int(found[3]))
    if re.fullmatch(r"(?:19|20)\d{6}(?:\d{6})?", plain):
        return _written_digits(plain)
    if re.fullmatch(r"\d{5}(?:\.\d+)?", plain):  # a serial number that was saved as text
        moment = datetime(1899, 12, 30) + timedelta(days=float(plain))
        return Written(moment.year, moment.month, moment.day) if 10_000 <= float(plain) <= 73_050 else None
    if found := _NO_YEAR.fullmatch(plain):
        month, day = int(found[1] or found[3]), int(found[2] or found[4])
        return Written(0, month, day) if 1 <= month <= 12 and 1 <= day <= 31 else None
    if found := _DAY_MONTH.fullmatch(plain):
        return Written(int(found[3]), _MONTHS.get(found[2].lower(), 0), int(found[1]))
    if found := _MONTH_DAY.fullmatch(plain):
        return Written(int(found[3]), _MONTHS.get(found[1].lower(), 0), int(found[2]))
    return None


def _orders(plain: str, today: date) -> dict[str, Written]:
    """The possible readings of three numbers, per order of their parts."""
    if found := _SHORT_YEAR.fullmatch(plain):
        return {"ymd": Written(_century(int(found[1]), today), int(found[2]), int(found[3]))}
    found = re.fullmatch(r"(\d{1,2})[\-/.](\d{1,2})[\-/.](\d{4}|\d{2})", plain)
    if found is None:
        return {}
    one, two, three = int(found[1]), int(found[2]), int(found[3])
    year = three if len(found[3]) == 4 else _century(three, today)
    readings = {"dmy": Written(year, two, one), "mdy": Written(year, one, two)}
    if len(found[1]) == len(found[3]) == 2:
        readings["ymd"] = Written(_century(one, today), two, three)
    return {
        order: written
        for order, written in readings.items()
        if 1 <= written.month <= 12 and 1 <= written.day <= 31
    }


def _century(year: int, today: date) -> int:
    """The year of two digits that is not in the future: 85 is 1985, 19 is 2019."""
    return year + (2000 if year + 2000 <= today.year else 1900)
