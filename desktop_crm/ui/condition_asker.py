"""Asking for one condition by keys: the field, how to compare, with what. What fields there are is who.py's business."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import partial

from desktop_crm import search, who
from desktop_crm.base.dates import PeriodNotUnderstood, parse_period
from desktop_crm.base.i18n import N_, _
from desktop_crm.base.values import half_width, parse_money, show_phone
from desktop_crm.search import SearchResult
from desktop_crm.ui.kit.days import parse_day
from desktop_crm.ui.kit.palette import Option, Palette, Question
from desktop_crm.ui.page import Desk
from desktop_crm.who import Condition, Field, Takes, Value, Way

_SPANS = ("7d", "14d", "30d", "60d", "90d", "6m", "12m", "24m")


class ConditionAsker:
    """Three questions in one palette; Backspace goes back to the one before.

    Args:
        on_done: is given the condition.
    """

    def __init__(self, desk: Desk, palette: Palette, on_done: Callable[[Condition], None]) -> None:
        self._desk, self._palette, self._on_done = desk, palette, on_done
        self._fields: list[Field] = []
        self._back: Callable[[], None] = palette.close_it
        self._old: Condition | None = None
        palette.went_back.connect(lambda: self._back())

    def begin(self) -> None:
        """Ask for a condition."""
        self._old = None
        self._ask_with_fields(self._ask_field)

    def change(self, condition: Condition) -> None:
        """Ask for another comparison of the same field."""
        self._old = condition

        def ask() -> None:
            asked = next((field for field in self._fields if field.key == condition.field), None)
            if asked is None:
                self._ask_field()
            else:
                self._ask_way(asked)

        self._ask_with_fields(ask)

    def _ask_with_fields(self, ask: Callable[[], None]) -> None:
        def show(fields: list[Field]) -> None:
            self._fields = fields
            ask()

        self._desk.jobs.query(who.fields, show, key="filter.fields")

    def _ask_field(self) -> None:
        self._back = self._palette.close_it
        options = [Option(field.key, field.label, _(who.GROUPS[field.group])) for field in self._fields]
        self._palette.ask(
            Question(
                _("Show customers whose …"),
                options,
                lambda keys: self._ask_way(next(field for field in self._fields if field.key == keys[0])),
                placeholder=_("Type to find: tier, last contact, warranty, tag …"),
            )
        )

    def _ask_way(self, asked: Field) -> None:
        found = who.ways(asked)
        self._back = self._ask_field
        if len(found) == 1:
            self._ask_value(asked, found[0])
            return
        old = self._old
        at = next(
            (
                p
                for p, way in enumerate(found)
                if old and (way.operator, way.negated) == (old.operator, old.negated)
            ),
            0,
        )
        options = [Option(str(place), way.label) for place, way in enumerate(found)]
        self._palette.ask(
            Question(
                asked.label,
                options,
                lambda keys: self._ask_value(asked, found[int(keys[0])]),
                marked=frozenset({str(at)}) if old else frozenset(),
                placeholder=_("Type to find"),
            )
        )

    def _ask_value(self, asked: Field, way: Way) -> None:
        self._back = (lambda: self._ask_way(asked)) if len(who.ways(asked)) > 1 else self._ask_field
        if way.takes == "":
            self._done(asked, way, "")
            return
        title = f"{asked.label} · {way.label}"
        if way.takes == "choices":
            self._ask_choices(asked, way, title)
        elif way.takes == "customer":
            self._ask_customer(asked, way, title)
        elif way.takes == "span":
            spans = [Option(span, who.show_span(span)) for span in _SPANS]
            self._ask_text(asked, way, title, spans)
        else:
            proposed = [Option(choice.value, choice.label) for choice in asked.choices]
            self._ask_text(asked, way, title, proposed if way.takes == "text" else [])

    def _ask_choices(self, asked: Field, way: Way, title: str) -> None:
        held = self._old.value if self._old is not None else ""
        marked = frozenset(str(value) for value in held) if isinstance(held, tuple) else frozenset()
        free = partial(self._typed_word, asked, way) if asked.kind == "word" else None
        self._palette.ask(
            Question(
                title,
                [Option(choice.value, choice.label, choice.group) for choice in asked.choices],
                lambda keys: self._finish(asked, way, keys),
                on_text=free,
                many=asked.kind != "birthday",
                marked=marked & {choice.value for choice in asked.choices},
                placeholder=_("Type to find"),
            )
        )

    def _typed_word(self, asked: Field, way: Way, text: str) -> str:
        return self._done(asked, way, (text,))

    def _ask_text(self, asked: Field, way: Way, title: str, options: list[Option]) -> None:
        self._palette.ask(
            Question(
                title,
                options,
                lambda keys: self._finish(asked, way, keys[0]),
                on_text=lambda text: self._read(asked, way, text),
                text_first=way.takes != "span" or not options,
                placeholder=_(_PLACEHOLDERS[way.takes]),
            )
        )

    def _ask_customer(self, asked: Field, way: Way, title: str, hits: tuple[Option, ...] = ()) -> None:
        def find(text: str) -> str:
            def show(found: SearchResult) -> None:
                options = tuple(
                    Option(str(hit.customer_id), hit.name, "  ".join(map(show_phone, hit.phones)))
                    for hit in found.hits
                )
                self._ask_customer(asked, way, title, options)
                if not options:
                    self._palette.fail(_("Nobody fits “{text}”.").format(text=text))

            self._desk.jobs.query(lambda shop: search.find(shop, text), show, key="filter.customer")
            return ""

        self._palette.ask(
            Question(
                title,
                hits,
                lambda keys: self._finish(asked, way, int(keys[0])),
                on_text=find,
                text_first=True,
                placeholder=_("Phone digits, name or pinyin, then Enter"),
            )
        )

    def _read(self, asked: Field, way: Way, text: str) -> str:
        value = read(way.takes, text, self._desk.shop.today())
        if value is None:
            return _(_PROBLEMS[way.takes])
        return self._done(asked, way, value)

    def _finish(self, asked: Field, way: Way, value: Value) -> None:
        self._done(asked, way, value)

    def _done(self, asked: Field, way: Way, value: Value) -> str:
        self._palette.close_it()
        self._on_done(Condition(asked.key, way.operator, value, way.negated))
        return ""


_PLACEHOLDERS: dict[Takes, str] = {
    "number": N_("A number"),
    "numbers": N_("Two numbers: 18 30"),
    "money": N_("An amount: 3000"),
    "moneys": N_("Two amounts: 1000 5000"),
    "span": N_("Days, or 2 weeks, 6 months, 1 year"),
    "day": N_("A day: 2026-11-21, 11-21, yesterday"),
    "days": N_("Two days, or 2026-10, 2026-Q3, 2026"),
    "text": N_("A part of it"),
}
_PROBLEMS: dict[Takes, str] = {
    "number": N_("This is not a number. Write 3 or 12.5."),
    "numbers": N_("Write two numbers with a space between them: 18 30."),
    "money": N_("This is not an amount. Write 3000 or 2999.50."),
    "moneys": N_("Write two amounts with a space between them: 1000 5000."),
    "span": N_("This is not a span. Write 60 for days, or 2 weeks, 6 months, 1 year."),
    "day": N_("This is not a day. Write 2026-11-21 or 11-21."),
    "days": N_("Write two days with a space between them, or a month like 2026-10."),
}


def read(takes: Takes, text: str, today: date) -> Value | None:
    """What a person typed as a value of a condition; None where it is none."""
    if takes == "text":
        return text
    if takes == "span":
        return who.read_span(text) or None
    if takes == "day":
        day = parse_day(text, today, past=True)
        return day.isoformat() if day else None
    if takes == "days":
        return _days(text, today)
    if takes == "money":
        return parse_money(text)
    parts = re.split(r"\s*(?:~|—|–|-|至|到|to|\.\.|…|,|，|\s)\s*", half_width(text).strip())
    if takes == "moneys":
        amounts = [fen for fen in map(parse_money, parts) if fen is not None]
        return tuple(sorted(amounts)) if len(amounts) == len(parts) == 2 else None
    numbers = [number for number in map(_number, parts) if number is not None]
    if len(numbers) != len(parts) or len(numbers) != (2 if takes == "numbers" else 1):
        return None
    return tuple(sorted(numbers)) if takes == "numbers" else numbers[0]


def _number(text: str) -> int | float | None:
    if re.fullmatch(r"-?\d{1,15}", text):
        return int(text)
    return float(text) if re.fullmatch(r"-?\d{1,15}\.\d{1,6}", text) else None


def _days(text: str, today: date) -> tuple[str, str] | None:
    """Two days, or a period: 2026-10, 2026-Q3, 2026, 2026-10-01..2026-10-15."""
    try:
        period = parse_period(half_width(text))
    except PeriodNotUnderstood:
        days = [
            parse_day(part, today, past=True)
            for part in re.split(r"\s*(?:~|至|到|\.\.|…|\s)\s*", text.strip())
        ]
        found = sorted(day for day in days if day is not None)
        return (found[0].isoformat(), found[1].isoformat()) if len(days) == len(found) == 2 else None
    return period.start.isoformat(), period.last_day.isoformat()
