"""What people and spreadsheets write for a day: serial numbers, thirty ways of text, lunar birthdays.

Nothing is guessed: where day and month could be swapped the answer is a `Trouble` of level "order" that names both,
and the column decides (rows.py). Exact forms of stored days are in base/dates.py.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from typing import NamedTuple

from desktop_crm.base.i18n import _
from desktop_crm.base.values import clean_text, half_width
from desktop_crm.files.reading import Cell, Error
from desktop_crm.importing.damage import damage
from desktop_crm.importing.plain import unprefixed
from desktop_crm.importing.trouble import Trouble, error_cell

_DIGITS = dict(zip("〇零一二三四五六七八九", "00123456789", strict=True))
_TIME = re.compile(
    r"[\sT日号,]*(?:(?:星期|周|礼拜)[一二三四五六日天])?\s*(凌晨|早上|上午|中午|下午|傍晚|晚上|am|pm)?\s*"
    r"(\d{1,2})[:：时点](\d{1,2})?(?:[:：分](\d{1,2}))?(?:\.\d+)?[秒分]?\s*(am|pm)?\s*(z|[+-]\d{2}:?\d{2})?$",
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
_NO_DATE = re.compile(r"0+|0000[-/.]00?[-/.]00?(?:[ T]00:00(?::00)?)?|1900[-/.]0?1[-/.]00?(?:[ T].*)?")
_DEFAULT_DAYS = {date(1900, 1, 1), date(1899, 12, 30), date(1899, 12, 31), date(1, 1, 1)}
_EPOCH = date(1970, 1, 1)
_YOUNG = 10
"""Nobody younger is a customer: two digits of a year that say so may mean another century."""
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
_KEPT = 50_000
"""Texts of dates that are remembered with their reading: sheets repeat them."""
_EMPTY = {"", "-", "--", "—", "/", "无", "未知", "不详", "n/a", "na", "none", "null", "0/0/00"}  # Outlook's


class Written(NamedTuple):
    """A day as it was written: year 0 where none was, `clock` minutes since midnight or -1, `short` a year of two digits."""

    year: int
    month: int
    day: int
    clock: int = -1
    lunar: bool = False
    leap: bool = False
    short: bool = False


@dataclass
class DayReader:
    """Reads the cells of one column of days.

    Attributes:
        today: the present day in shop time.
        kind: "day" gives YYYY-MM-DD; "birthday" also --MM-DD and, for lunar ones, a leading L (LL in a leap month);
            "instant" adds THH:MM where a time of day is known; neither a birthday nor an instant can be to come.
        date1904: serial numbers count from 1904.
        order: "ymd", "dmy" or "mdy" where the person chose; "" otherwise.
        lunar: the column holds days of the lunar calendar.
        zone: of the shop, for instants that name their own.
        evidence: the orders that cells of this column prove; one alone settles the column.
    """

    today: date
    kind: str = "day"
    date1904: bool = False
    order: str = ""
    lunar: bool = False
    zone: tzinfo | None = None
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
        if isinstance(number, float) and number.is_integer():
            number = int(number)
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
        text = clean_text(half_width(unprefixed(raw))).translate(_DASHES).lstrip("'").strip()
        if text.lower() in _EMPTY:
            return ""
        if _NO_DATE.fullmatch(text):
            return Trouble("hint", _("“{text}” is no date; it was left empty.").format(text=text), "")
        if text[:1] == "#" and (damaged := damage(text)):
            return damaged
        if re.fullmatch(r"\d{5}(?:\.\d+)?", text) and not self.date1904:
            return self._number(float(text))  # a serial number that was saved as text
        body, clock, offset = _split_time(text)
        lunar = _lunar(body)
        if lunar is not None:
            return self._checked(lunar, text)
        if (
            re.fullmatch(rf"(?:(?:\d{{4}}|{_NUMERAL}{{4}})年)?{_NUMERAL}+月{_NUMERAL}+", body)
            and not self.lunar
        ):
            return Trouble(
                "bad",
                _("“{text}” may be lunar or not; write 农历 before it, or 08-15 for a solar day.").format(
                    text=text
                ),
                "",
            )
        plain = _arabic(body)
        found = _certain(plain, self.today)
        if found is not None:
            timed = found if clock < 0 else found._replace(clock=clock)
            return self._checked(self._here(timed, offset), text)
        return self._ordered(plain, clock, text)

    def _here(self, found: Written, offset: timedelta | None) -> Written:
        """The same instant in the shop's zone where it names its own; the midnight by which days are written stays."""
        if offset is None or self.zone is None or (found.clock == 0 and self.kind != "instant"):
            return found
        try:
            moment = datetime(found.year, found.month, found.day, tzinfo=timezone(offset))
            moment = (moment + timedelta(minutes=found.clock)).astimezone(self.zone)
        except (ValueError, OverflowError):
            return found  # no day of the calendar, which is told
        return found._replace(
            year=moment.year, month=moment.month, day=moment.day, clock=moment.hour * 60 + moment.minute
        )

    def _ordered(self, plain: str, clock: int, text: str) -> str | Trouble:
        """A day whose parts do not say which is which."""
        possible = {
            order: written._replace(clock=clock)
            for order, written in _orders(plain, self.today).items()
            if self._day(written, text)
        }
        if not possible:
            return _unreadable(text)
        if self.order in possible:
            return self._checked(possible[self.order], text)
        days = {order: self._day(written, text) for order, written in possible.items()}
        if len(possible) == 1:
            self.evidence |= set(possible)
        if len(set(days.values())) == 1:
            return self._checked(next(iter(possible.values())), text)
        return Trouble(
            "order",
            _("“{text}” can mean {days}; say once for the column which is which.").format(
                text=text, days=" / ".join(sorted(set(days.values())))
            ),
            days,
        )

    def _checked(self, found: Written, text: str) -> str | Trouble:
        if found.lunar or self.lunar or not found.year:
            return self._without_calendar(found, text)
        try:
            day = date(found.year, found.month, found.day)
        except ValueError:
            return _unreadable(text)
        no_day = day in _DEFAULT_DAYS or (self.date1904 and day == date(1904, 1, 1))
        if no_day or (
            day == _EPOCH and found.clock == 8 * 60
        ):  # second 0 of computers, as a clock in China shows it
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
        if self.kind == "birthday" and day == _EPOCH:
            told = _("“{text}” may be what programs write for no date; ask the customer.")
            return Trouble("hint", told.format(text=text), day.isoformat())
        if self.kind == "birthday" and found.short and self.today.year - day.year < _YOUNG:
            told = _("“{text}” has a year of two digits; it was read as {year}.")
            return Trouble("hint", told.format(text=text, year=day.year), day.isoformat())
        return day.isoformat()

    def _without_calendar(self, found: Written, text: str) -> str | Trouble:
        """A lunar day, or one without a year; only birthdays can be that."""
        is_lunar = found.lunar or self.lunar
        latest = 30 if is_lunar else calendar.monthrange(2000, found.month)[1]
        if self.kind != "birthday" and not is_lunar and found.day <= latest:
            told = _("“{text}” has no year; write the year too, as in 2026-10-31.")
            return Trouble("bad", told.format(text=text), "")
        if self.kind != "birthday" or found.day > latest:
            return _unreadable(text)
        year = f"{found.year:04d}" if found.year else "-"
        mark = "LL" if found.leap else "L" if is_lunar else ""
        return f"{mark}{year}-{found.month:02d}-{found.day:02d}"

    def _day(self, found: Written, text: str) -> str:
        """The day of a reading, "" where it cannot be meant."""
        read = self._checked(found, text)
        return read if isinstance(read, str) else str(read.value)


def _unreadable(text: str) -> Trouble:
    return Trouble(
        "bad", _("“{text}” is not a date that can be read; write it as 2026-10-31.").format(text=text), ""
    )


def _split_time(text: str) -> tuple[str, int, timedelta | None]:
    """The text without its time of day, that time in minutes (-1 if none), and how far it is from UTC if it says so."""
    found = _TIME.search(text)
    if found is None or not re.search(r"\d", text[: found.start()]) or found.start() < 4:
        return re.sub(r"\s*(?:星期|周|礼拜)[一二三四五六日天]$", "", text), -1, None
    half = (found[1] or found[5] or "").lower()
    hour, minute = int(found[2]), int(found[3] or 0)
    if (half in ("下午", "傍晚", "晚上", "pm") and hour < 12) or (half == "中午" and hour < 3):
        hour += 12
    elif half in ("凌晨", "早上", "上午", "am") and hour == 12:
        hour = 0
    if hour > 23 or minute > 59 or (half == "晚上" and hour == 12):
        return text, -1, None
    kept = text[: found.start()]
    body = kept + "日" if "月" in kept and not kept.endswith("日") else kept
    return body, hour * 60 + minute, _offset(found[6])


def _offset(written: str | None) -> timedelta | None:
    """Z, +08:00 or -0530."""
    if not written:
        return None
    if written in "zZ":
        return timedelta(0)
    digits = written[1:].replace(":", "")
    size = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return size if written[0] == "+" else -size


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
    rf"(农历|阴历|旧历|lunar)?[:：]?\s*(闰|leap)?\s*(?:(\d{{4}}|{_NUMERAL}{{4}})\s*[年\-/.])?\s*(闰)?"
    rf"(\d{{1,2}}|{_NUMERAL}{{1,3}}|正|冬|腊)\s*[月\-/.]\s*(\d{{1,2}}|初{_NUMERAL}|{_NUMERAL}{{1,3}})\s*[日号]?$",
    re.I,
)


def _lunar(text: str) -> Written | None:
    """A day in the lunar calendar, by its word or by words only that calendar has (初, 廿, 正月, 腊月)."""
    found = _LUNAR.match(text.replace("(", "").replace(")", "").strip())
    if found is None:
        return None
    calendar, before, written_year, within, written_month, written_day = found.groups()
    leap = bool(before or within)
    if not (calendar or leap or written_month in "正冬腊" or re.match(r"[初廿]", written_day)):
        return None
    year = 0
    if written_year:
        year = int(written_year) if written_year.isascii() else _numeral(written_year)
    month = {"正": 1, "冬": 11, "腊": 12}.get(written_month) or _any_numeral(written_month)
    day = _any_numeral(written_day)
    possible = 1 <= month <= 12 and 1 <= day <= 30
    return Written(year, month, day, lunar=True, leap=leap) if possible else None


def _any_numeral(text: str) -> int:
    return int(text) if text.isascii() else _numeral(text)


def _written_digits(text: str) -> Written | None:
    """19850515, also with hours, minutes and seconds behind."""
    year, month, day = int(text[:4]), int(text[4:6]), int(text[6:8])
    hour, minute = int(text[8:10] or 0), int(text[10:12] or 0)
    if not (1 <= month <= 12 and 1 <= day <= 31 and hour < 24 and minute < 60):
        return None
    return Written(year, month, day, hour * 60 + minute if text[8:] else -1)


_YEAR_FIRST = re.compile(r"(\d{4})\s*[年\-/.\s]\s*(\d{1,2})\s*[月\-/.\s]\s*(\d{1,2})\s*[日号]?")
_SHORT_YEAR = re.compile(r"(\d{2})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?")
_NO_YEAR = re.compile(r"(?:--)?(\d{1,2})(?:月|-|/|\.)(\d{1,2})[日号]?|--(\d{2})(\d{2})")
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[\s\-.]+([a-z]{3})[a-z]*\.?,?[\s\-]+(\d{4}|\d{2})", re.I)
_MONTH_DAY = re.compile(r"([a-z]{3})[a-z]*\.?[\s\-]+(\d{1,2})(?:st|nd|rd|th)?,?[\s\-]+(\d{4})", re.I)


def _certain(plain: str, today: date) -> Written | None:
    """Forms in which every part says what it is."""
    if found := _YEAR_FIRST.fullmatch(plain):
        return Written(int(found[1]), int(found[2]), int(found[3]))
    if re.fullmatch(r"(?:19|20)\d{6}(?:\d{4}|\d{6})?", plain):
        return _written_digits(plain)
    if found := _NO_YEAR.fullmatch(plain):
        month, day = int(found[1] or found[3]), int(found[2] or found[4])
        return Written(0, month, day) if 1 <= month <= 12 and 1 <= day <= 31 else None
    if found := _DAY_MONTH.fullmatch(plain):
        short = len(found[3]) == 2
        year = _century(int(found[3]), today) if short else int(found[3])
        return Written(year, _MONTHS.get(found[2].lower(), 0), int(found[1]), short=short)
    if found := _MONTH_DAY.fullmatch(plain):
        return Written(int(found[3]), _MONTHS.get(found[1].lower(), 0), int(found[2]))
    return None


def _orders(plain: str, today: date) -> dict[str, Written]:
    """The possible readings of three numbers, per order of their parts."""
    if found := _SHORT_YEAR.fullmatch(plain):
        return {"ymd": Written(_century(int(found[1]), today), int(found[2]), int(found[3]), short=True)}
    found = re.fullmatch(r"(\d{1,2})[\-/.](\d{1,2})[\-/.](\d{4}|\d{1,2})", plain)
    if found is None:
        return {}
    one, two, three = int(found[1]), int(found[2]), int(found[3])
    short = len(found[3]) < 4
    year = _century(three, today) if short else three
    readings: dict[str, Written] = {}
    if len(found[3]) > 1:
        readings = {"dmy": Written(year, two, one, short=short), "mdy": Written(year, one, two, short=short)}
    if len(found[1]) == 2 and short:
        readings["ymd"] = Written(_century(one, today), two, three, short=True)
    return {
        order: written
        for order, written in readings.items()
        if 1 <= written.month <= 12 and 1 <= written.day <= 31
    }


def _century(year: int, today: date) -> int:
    """The year of two digits that is not in the future: 85 is 1985, 19 is 2019."""
    return year + (2000 if year + 2000 <= today.year else 1900)
