"""After-sales terms: what a customer may ask for after a sale, until which day; a table the owner may edit.

The built-in terms are those of 移动电话机商品修理更换退货责任规定 (in force 2001-11-15); their words are translated as long
as nobody has changed them. Devices themselves are devices.py's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from desktop_crm.base.dates import add_months
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import N_, _
from desktop_crm.base.values import clean_text
from desktop_crm.records.after_sales import AfterSalesTerm
from desktop_crm.records.devices import Device
from desktop_crm.records.purchases import PurchaseLine
from desktop_crm.shop import Shop
from desktop_crm.store import after_sales as store_after_sales

MAIN = "main unit"
LAW = "移动电话机商品修理更换退货责任规定 (2001-11-15)"


class TermWrong(CrmError):
    """A term does not say what may be asked for, or how long."""


class TermUnknown(CrmError):
    """There is no such term."""


def _built_in(
    key: str,
    part: str,
    remedy: str,
    *,
    days: int | None = None,
    months: int | None = None,
    condition: str = "",
) -> AfterSalesTerm:
    return AfterSalesTerm(0, key, part, remedy, days, months, condition, LAW)


BUILT_IN: Final[tuple[AfterSalesTerm, ...]] = (
    _built_in("return", N_("main unit"), N_("return, exchange or repair"), days=7),
    _built_in("exchange", MAIN, N_("exchange or repair"), days=15),
    _built_in("repair", MAIN, N_("repair"), months=12),
    _built_in("battery", N_("battery"), N_("repair or exchange"), months=6),
    _built_in("charger", N_("charger"), "repair or exchange", months=12),
    _built_in("headset", N_("headset"), "repair or exchange", months=3),
    _built_in(
        "two_repairs",
        MAIN,
        N_("exchange"),
        months=12,
        condition=N_("the same main fault was repaired twice within the warranty"),
    ),
    _built_in(
        "parts_wait",
        MAIN,
        "exchange",
        months=12,
        condition=N_("the repair waited more than 60 days for parts"),
    ),
    _built_in(
        "replaced_twice",
        N_("accessory"),
        N_("refund"),
        months=12,
        condition=N_("the same accessory was exchanged twice"),
    ),
    _built_in(
        "repair_holds",
        "repair",
        N_("repair again without charge"),
        days=30,
        condition=N_("the repaired fault came back"),
    ),
)
"""The terms of the law as every shop begins with them, the most far-reaching first."""

_BY_KEY = {term.key: term for term in BUILT_IN}
_REPAIR = _BY_KEY["repair_holds"].part
_PARTS_OF_GOODS: Final = (
    ("battery", r"电池|移动电源|充电宝|batter|power ?bank"),
    ("headset", r"耳机|headset|headphone|earphone|earbud|airpods|buds"),
    ("charger", r"充电|charger|adapter"),
)
"""Which accessory a line of a sale sells, by its words; repair of a battery is a service, not a battery."""


@dataclass(frozen=True)
class Remedy:
    """What a customer may ask for, until `last_day` (inclusive).

    Attributes:
        part / remedy / condition: in the reader's words; condition '' for none.
        days_left: 0: today is the last day, below 0: over.
        source: the rule it comes from.
    """

    part: str
    remedy: str
    condition: str
    last_day: date
    days_left: int
    source: str

    @property
    def text(self) -> str:
        """In one line, e.g. "exchange or repair until 2026-12-06"."""
        return _("{remedy} until {day}").format(remedy=self.remedy, day=self.last_day.isoformat())


def terms(shop: Shop, active_only: bool = True) -> list[AfterSalesTerm]:
    """The shop's terms in their order."""
    return store_after_sales.listing(shop.db, active_only)


def words(term: AfterSalesTerm) -> tuple[str, str, str]:
    """Part, remedy and condition as a reader sees them: translated as long as they are the built-in ones."""
    known = _BY_KEY.get(term.key)
    if known is None:
        return term.part, term.remedy, term.condition
    return (
        _shown(term.part, known.part),
        _shown(term.remedy, known.remedy),
        _shown(term.condition, known.condition),
    )


def last_day(term: AfterSalesTerm, sold: date) -> date:
    """The last day of a term after a sale; the day after the sale is day 1.

    >>> last_day(BUILT_IN[0], date(2026, 10, 30)), last_day(BUILT_IN[2], date(2024, 2, 29))
    (datetime.date(2026, 11, 6), datetime.date(2025, 2, 28))
    """
    return add_months(sold, term.months) if term.months else sold + timedelta(days=term.days or 0)


def of_device(found: Sequence[AfterSalesTerm], device: Device, today: date) -> tuple[Remedy, ...]:
    """What its owner may ask for today, in the order of the terms; nothing for one not sold here or no longer theirs."""
    if not device.bought_here or device.acquired_day is None or device.status != "in_use":
        return ()
    fitting = [term for term in found if term.part != _REPAIR]
    return _standing(fitting, date.fromisoformat(device.acquired_day), today)


def of_line(
    found: Sequence[AfterSalesTerm], line: PurchaseLine, sold: date, today: date
) -> tuple[Remedy, ...]:
    """What may be asked for today about one line of a sale: a phone's own terms, an accessory's, those of a repair."""
    part = _part_of(line)
    return _standing([term for term in found if part and term.part == part], sold, today)


def today_words(remedies: Sequence[Remedy]) -> str:
    """The most far-reaching thing that may be asked for without a condition, about the main unit first; '' for none."""
    free = [remedy for remedy in remedies if not remedy.condition]
    main = [remedy for remedy in free if remedy.part == _(MAIN)]
    return next((remedy.remedy for remedy in main or free), "")


def add(
    shop: Shop,
    part: str,
    remedy: str,
    *,
    days: int | None = None,
    months: int | None = None,
    condition: str = "",
    source: str = "",
) -> int:
    """Add a term of the shop's own and return its id.

    Raises:
        TermWrong: nothing was saved.
    """
    position = store_after_sales.last_position(shop.db) + 1
    term = _checked(AfterSalesTerm(0, "", part, remedy, days, months, condition, source, position))
    with shop.change(
        _("Add after-sales term {remedy}").format(remedy=term.remedy), {"settings"}, action="after_sales.add"
    ):
        return shop.db.insert(term)


def edit(shop: Shop, term_id: int, **fields: object) -> None:
    """Change fields of a term; words that are the built-in ones, in the reader's language, stay translated.

    Raises:
        TermUnknown, TermWrong: nothing was changed.
    """
    known = _get(shop, term_id)
    term = _checked(replace(known, **fields))  # type: ignore[arg-type]
    with shop.change(
        _("Edit after-sales term {remedy}").format(remedy=words(term)[1]),
        {"settings"},
        action="after_sales.edit",
    ):
        shop.db.update(term)


def retire(shop: Shop, term_id: int) -> None:
    """Have a term count no longer; it stays in the list and can be taken up again by `edit(active=True)`."""
    known = _get(shop, term_id)
    with shop.change(
        _("Retire after-sales term {remedy}").format(remedy=words(known)[1]),
        {"settings"},
        action="after_sales.retire",
    ):
        shop.db.update(replace(known, active=False))


def reset(shop: Shop) -> None:
    """Put the built-in terms back as the law has them; the shop's own terms stay as they are."""
    with shop.change(_("After-sales terms as the law has them"), {"settings"}, action="after_sales.reset"):
        for term in terms(shop, active_only=False):
            law = _BY_KEY.get(term.key)
            if law is not None:
                shop.db.update(replace(law, id=term.id, position=term.position))


def _standing(found: Sequence[AfterSalesTerm], sold: date, today: date) -> tuple[Remedy, ...]:
    made = []
    for term in found:
        end = last_day(term, sold)
        if sold <= today <= end:
            part, remedy, condition = words(term)
            made.append(Remedy(part, remedy, condition, end, (end - today).days, term.source))
    return tuple(made)


def _part_of(line: PurchaseLine) -> str:
    if line.category == "phone":
        return MAIN
    if line.category == "service":
        return _REPAIR if re.search(r"修|换|repair|replace", line.description, re.IGNORECASE) else ""
    if line.category == "accessory":
        return next(
            (part for part, fits in _PARTS_OF_GOODS if re.search(fits, line.description, re.IGNORECASE)), ""
        )
    return ""


def _shown(stored: str, built_in: str) -> str:
    return _(stored) if stored and stored == built_in else stored


def _get(shop: Shop, term_id: int) -> AfterSalesTerm:
    found = shop.db.get(AfterSalesTerm, term_id)
    if found is None:
        raise TermUnknown(_("This term is not there any more; nothing was changed."))
    return found


def _checked(term: AfterSalesTerm) -> AfterSalesTerm:
    law = _BY_KEY.get(term.key)
    part, remedy, condition = (clean_text(text) for text in (term.part, term.remedy, term.condition))
    if not part or not remedy:
        raise TermWrong(_("A term says for which part, and what may be asked for. Nothing was saved."))
    lengths = [length for length in (term.days, term.months) if length is not None]
    if len(lengths) != 1 or not 0 < lengths[0] <= 3650:
        raise TermWrong(_("A term lasts either days or months, at least 1. Nothing was saved."))
    if law is not None:
        part, remedy, condition = (
            _stored(part, law.part),
            _stored(remedy, law.remedy),
            _stored(condition, law.condition),
        )
    return replace(term, part=part, remedy=remedy, condition=condition, source=clean_text(term.source))


def _stored(typed: str, built_in: str) -> str:
    """The built-in words where these were left as they are shown."""
    return built_in if built_in and typed == _(built_in) else typed
