"""Reminders: what to announce now, once each, also after a restart. How it is shown is in ui/reminders.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from desktop_crm import business_time, complaints, followup_words, followups
from desktop_crm.base.dates import local_day
from desktop_crm.base.i18n import _, ngettext
from desktop_crm.business_time import Hours
from desktop_crm.records.followups import Followup
from desktop_crm.records.history import PROGRAM
from desktop_crm.settings import LAST_SUMMARY_DAY, REMIND_AT_OPENING
from desktop_crm.shop import Shop
from desktop_crm.store import followups as store
from desktop_crm.store.followups import Planned


@dataclass(frozen=True)
class Announcement:
    """One thing to announce.

    Attributes:
        title / text: ready to show; the text is '' where the title says it all.
        followup_id / customer_id: of a timed contact; None for the summary of the day.
    """

    title: str
    text: str
    followup_id: int | None = None
    customer_id: int | None = None


@dataclass(frozen=True)
class Waiting:
    """What waits today: follow-ups due and overdue, and complaints past their due time."""

    due: int
    overdue: int
    late_complaints: int


def announcements(
    now: datetime, hours: Hours, waiting: Waiting, timed: Sequence[Planned], summary_day: str, summaries: bool
) -> list[Announcement]:
    """What to announce at an instant: the summary once a day from opening time on, timed contacts from their time on.

    Args:
        timed: contacts whose time has come and that were not announced.
        summary_day: the last day whose summary was announced, '' never. summaries: whether they are wanted.
    """
    today = local_day(now, hours.zone)
    found = []
    if summaries and summary_day < today.isoformat() and _opened(now, today, hours):
        summary = _summary(waiting)
        found += [summary] if summary else []
    return found + [_timed(planned, today) for planned in timed]


def due_now(shop: Shop) -> list[Announcement]:
    """What to announce now."""
    now, hours = shop.now(), business_time.of(shop)
    clock = now.astimezone(hours.zone).strftime("%H:%M")
    with shop.reading() as db:
        open_ones = followups.counts(shop)
        waiting = Waiting(
            open_ones.overdue + open_ones.today, open_ones.overdue, complaints.counts(shop).overdue
        )
        timed = store.timed(db, shop.today().isoformat(), clock)
        return announcements(
            now, hours, waiting, timed, shop.get(LAST_SUMMARY_DAY), shop.get(REMIND_AT_OPENING)
        )


def mark(shop: Shop, announced: Sequence[Announcement]) -> None:
    """Remember what was announced, so that it is not announced again.

    Where nothing waited at opening time, the summary of the day is over all the same.
    """
    own = shop.at_counter(PROGRAM)
    with own.change(_("Reminders were shown"), {"followups"}, action="reminders.mark"):
        if _summary_is_over(shop):
            own.put(LAST_SUMMARY_DAY, shop.today().isoformat())
        for one in announced:
            followup = own.db.get(Followup, one.followup_id) if one.followup_id else None
            if followup is not None:
                own.db.update(replace(followup, reminded_at=shop.stamp()))


def take(shop: Shop) -> list[Announcement]:
    """What to announce now, remembered as announced; on the writer thread."""
    found = due_now(shop)
    if found or _summary_is_over(shop):
        mark(shop, found)
    return found


def _summary_is_over(shop: Shop) -> bool:
    """Whether opening time has come and the day is not noted as announced yet."""
    today = shop.today()
    return shop.get(LAST_SUMMARY_DAY) < today.isoformat() and _opened(
        shop.now(), today, business_time.of(shop)
    )


def _opened(now: datetime, today: date, hours: Hours) -> bool:
    opening = business_time.opens(today, hours)
    return opening is not None and now >= opening


def _summary(waiting: Waiting) -> Announcement | None:
    parts = []
    if waiting.overdue:
        parts.append(
            ngettext("{count} overdue", "{count} overdue", waiting.overdue).format(count=waiting.overdue)
        )
    if waiting.late_complaints:
        late = ngettext("{count} complaint is late", "{count} complaints are late", waiting.late_complaints)
        parts.append(late.format(count=waiting.late_complaints))
    if not waiting.due and not waiting.late_complaints:
        return None
    title = ngettext("{count} contact today", "{count} contacts today", waiting.due)
    return Announcement(title.format(count=waiting.due), " · ".join(parts))


def _timed(planned: Planned, today: date) -> Announcement:
    followup = planned.followup
    title = _("{time} {name}").format(time=followup.due_time, name=planned.customer_name)
    return Announcement(title, followup_words.why(planned, today), followup.id, followup.customer_id)
