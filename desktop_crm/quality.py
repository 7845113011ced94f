"""The state of the cards: how complete and valid they are (kpis), and which five are worth mending next.

A mend is worth the more, the more the customer is worth, the worse the fault, and if the shop speaks with them
this week anyway. Mending itself is an edit of the card (customers.py, devices.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from desktop_crm import customers, kpis, verification
from desktop_crm.base.dates import month_of
from desktop_crm.base.i18n import N_, _, ngettext
from desktop_crm.base.values import show_money, show_phone
from desktop_crm.kpi_formulas import is_valid
from desktop_crm.phones import PhoneDraft
from desktop_crm.records.quality import MendSkip
from desktop_crm.settings import COMPLETENESS_FIELDS, VERIFY_MONTHS
from desktop_crm.shop import Shop
from desktop_crm.store import figures
from desktop_crm.store import quality as store
from desktop_crm.store.quality import CardState

SKIP_DAYS = 30
"""A card that was put off is not proposed for so many days."""

_SOON_DAYS = 7
_LOOKED_AT = 1_000
"""So many of the most valuable cards are looked at, and everybody the shop speaks with this week; more only while
fewer mends were found than asked for."""

_SEVERITY = {
    "phone_wrong": 100, "phone": 90, "imei_wrong": 60, "date_wrong": 60, "name": 50, "consent": 40,
    "device": 35, "birthday": 30, "owner": 25, "unverified": 20, "source": 10,
}  # fmt: skip
_WORTH = {5: 5, 4: 3, 3: 2}
"""By tier rank (5 high value, 4 potential, 3 regular); 1 for everybody else."""

_LACKING = {
    "name": N_("No name"),
    "phone": N_("No phone number"),
    "source": N_("Source not known"),
    "consent": N_("Consent not asked"),
    "owner": N_("No clerk in charge"),
    "birthday": N_("No birthday"),
    "device": N_("No device"),
}


@dataclass(frozen=True)
class Rate:
    """A share of something, with what it is made of; `value` None where there is nothing."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """Part ÷ whole."""
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True)
class Gap:
    """How many cards lack one required field: `lacking` of `asked`."""

    key: str
    label: str
    lacking: int
    asked: int


@dataclass(frozen=True)
class Standing:
    """The state of all cards.

    Attributes:
        completeness / validity: as kpis.md defines them, for today.
        gaps: one per required field, the largest first.
    """

    completeness: Rate
    validity: Rate
    gaps: tuple[Gap, ...]


@dataclass(frozen=True)
class Problem:
    """One fault of a card: its key (a required field, or …_wrong, or "unverified"), and in words."""

    key: str
    text: str


@dataclass(frozen=True)
class Mend:
    """One card that is worth mending.

    Attributes:
        problems: the worst first, at least one.
        why: why this card, in words. worth: what it was ranked by, higher first.
    """

    customer_id: int
    name: str
    phone: str
    tier: str
    problems: tuple[Problem, ...]
    why: str
    worth: int


def standing(shop: Shop) -> Standing:
    """How complete and valid the cards are now."""
    with shop.reading() as db:
        today = shop.today()
        filled = figures.filled_fields(db, kpis.frames_of(shop, month_of(today)).main)
        values = figures.checkable_values(db)
        required = shop.get(COMPLETENESS_FIELDS)
    labels = dict(COMPLETENESS_FIELDS.choices)
    gaps = []
    for key in required:
        asked = filled.buyers if key == "device" else filled.customers
        gaps.append(Gap(key, _(labels[key]), asked - getattr(filled, key), asked))
    verdicts = [is_valid(kind, text, today) for kind, text, _id, _name in values]
    asked = sum(gap.asked for gap in gaps)
    return Standing(
        Rate(asked - sum(gap.lacking for gap in gaps), asked),
        Rate(sum(verdict is True for verdict in verdicts), sum(verdict is not None for verdict in verdicts)),
        tuple(sorted(gaps, key=lambda gap: (-gap.lacking, gap.key))),
    )


def next_mends(shop: Shop, limit: int = 5) -> list[Mend]:
    """The cards worth mending next, the most worthwhile first."""
    today = shop.today()
    found: dict[int, Mend] = {}
    with shop.reading() as db:
        required = shop.get(COMPLETENESS_FIELDS)
        soon = store.soon_in_touch(db, (today + timedelta(days=_SOON_DAYS)).isoformat(), _LOOKED_AT)
        found.update(_mends(shop, soon, required, today))
        offset = 0
        while offset == 0 or len(found) < limit:
            ids = store.most_valuable(db, offset, _LOOKED_AT)
            found.update(_mends(shop, ids, required, today))
            offset += _LOOKED_AT
            if len(ids) < _LOOKED_AT:
                break
    return sorted(found.values(), key=lambda mend: (-mend.worth, -mend.customer_id))[:limit]


def put_off(shop: Shop, customer_id: int) -> None:
    """Do not propose a card for `SKIP_DAYS` days.

    Raises:
        CustomerMissing
    """
    name = customers.live(shop, customer_id).name
    until = (shop.today() + timedelta(days=SKIP_DAYS)).isoformat()
    with shop.change(
        _("Put off mending the card of {name}").format(name=name), {"customers"}, action="quality.put_off"
    ):
        before = store.skip(shop.db, customer_id)
        if before is None:
            shop.db.insert(MendSkip(0, customer_id, until, shop.stamp(), shop.staff_id))
        else:
            shop.db.update(replace(before, until_day=until, at=shop.stamp(), staff_id=shop.staff_id))


def mend(
    shop: Shop,
    customer_id: int,
    changes: Mapping[str, Any],  # values of the fields named
    numbers: Sequence[PhoneDraft] | None = None,
) -> None:
    """Fill what a card lacks, as one step.

    Args:
        changes: fields as of `customers.edit`. numbers: all its phone numbers, None where they stay.

    Raises:
        what `customers.edit` and `customers.set_phones` raise; nothing was changed.
    """
    name = customers.live(shop, customer_id).name
    with shop.change(
        _("Mend the card of {name}").format(name=name), {"customers", "followups"}, action="quality.mend"
    ):
        if numbers is not None:
            customers.set_phones_within(shop, customer_id, numbers)
        customers.edit_within(shop, customer_id, **changes)


def _problems(
    shop: Shop, state: CardState, required: Iterable[str], months: int, today: date
) -> tuple[Problem, ...]:
    """What is wrong with one card, the worst first; `months`: unconfirmed for so long is too long, 0 for never."""
    has = {
        "name": any(not c.isdigit() and c not in "+ -" for c in state.name),
        "phone": bool(state.numbers),
        "source": bool(state.source),
        "consent": bool(state.consent),
        "owner": state.owner,
        "birthday": bool(state.birthday),
        "device": state.device or not state.buys,
    }
    found = [Problem(key, _(_LACKING[key])) for key in required if not has[key]]
    for number in state.numbers.split():
        if not is_valid("phone", number, today):
            found.append(
                Problem(
                    "phone_wrong", _("{number} is no whole phone number").format(number=show_phone(number))
                )
            )
    for imei in state.imeis.split():
        if is_valid("imei", imei, today) is False:
            found.append(Problem("imei_wrong", _("Check digit of IMEI {imei} is wrong").format(imei=imei)))
    for day in filter(None, (state.birthday, state.since_day)):
        if not is_valid("date", day, today):
            found.append(Problem("date_wrong", _("{day} cannot be right").format(day=day)))
    if verification.is_overdue(shop, state, months):
        words = ngettext("Not confirmed for {count} month", "Not confirmed for {count} months", months)
        found.append(Problem("unverified", words.format(count=months)))
    return tuple(sorted(found, key=lambda problem: -_SEVERITY[problem.key]))


def _mends(shop: Shop, ids: Sequence[int], required: Iterable[str], today: date) -> dict[int, Mend]:
    found, months = {}, shop.get(VERIFY_MONTHS)
    for state in store.states(shop.db, ids, today.isoformat()):
        wrong = _problems(shop, state, required, months, today)
        if wrong:
            found[state.id] = _mend(state, wrong, today)
    return found


def _mend(state: CardState, wrong: tuple[Problem, ...], today: date) -> Mend:
    tier = _TIERS[state.tier_rank]
    soon = state.due_day is not None and state.due_day <= (today + timedelta(days=_SOON_DAYS)).isoformat()
    reasons = [_("{sum} so far").format(sum=show_money(state.net_fen, cents=False))] if state.net_fen else []
    if soon and state.due_day is not None:
        today_words, later_words = (
            _("you speak with them today: ask then"),
            _("you speak with them on {day}: ask then"),
        )
        reasons.append(
            today_words if state.due_day <= today.isoformat() else later_words.format(day=state.due_day)
        )
    worth = _SEVERITY[wrong[0].key] * _WORTH.get(state.tier_rank, 1) * (2 if soon else 1)
    phone = state.numbers.split(" ", 1)[0]
    return Mend(state.id, state.name, phone, tier, wrong, " · ".join(reasons), worth)


_TIERS = ("", "prospect", "lost", "regular", "potential", "high_value")
"""By tier rank, as in `customer_figures`."""
