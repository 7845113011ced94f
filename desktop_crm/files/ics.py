"""Writing days and hours for the calendar of a phone (iCalendar, RFC 5545). Whose they are is exporting/calendar.py's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import BinaryIO

from desktop_crm.files.cells import storable

_LENGTH = timedelta(minutes=15)


@dataclass(frozen=True)
class Entry:
    """One entry of a calendar.

    Attributes:
        uid: the same for the same thing for ever, so that a calendar replaces what it has. title / text: what it says.
        day: an aware instant for an hour, a date for a whole day. yearly: it comes back each year on this day.
        category: one word by which a calendar groups.
    """

    uid: str
    title: str
    day: date | datetime
    text: str = ""
    yearly: bool = False
    category: str = ""


def fill_ics(file: BinaryIO, name: str, now: datetime, entries: Iterable[Entry]) -> int:
    """Write a calendar into an open file, entry by entry.

    Args:
        name: what it is called in the phone. now: when it was made, an aware instant.

    Returns:
        How many entries were written.
    """
    from icalendar import Calendar  # slow to import, and only calendars need it

    frame = Calendar()
    frame.add("prodid", "-//Desktop CRM//EN")
    frame.add("version", "2.0")
    frame.add("calscale", "GREGORIAN")
    frame.add("method", "PUBLISH")
    frame.add("x-wr-calname", " ".join(storable(name).split()))  # the library escapes no line ends here
    head, _between, foot = frame.to_ical().rpartition(b"END:VCALENDAR")
    file.write(head)
    written = 0
    for entry in entries:
        file.write(_event(entry, now))
        written += 1
    file.write(b"END:VCALENDAR" + foot)
    return written


def _event(entry: Entry, now: datetime) -> bytes:
    from icalendar import Alarm, Event  # slow to import, and only calendars need it

    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", now)
    event.add("summary", storable(entry.title))
    event.add("dtstart", entry.day)
    if isinstance(entry.day, datetime):
        event.add("dtend", entry.day + _LENGTH)
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", storable(entry.title))
        alarm.add("trigger", timedelta(0))
        event.add_component(alarm)
    else:
        event.add("dtend", entry.day + timedelta(days=1))
        event.add("transp", "TRANSPARENT")  # a birthday makes nobody busy
    if entry.yearly:
        event.add("rrule", {"freq": "yearly"})
    if entry.text:
        event.add("description", storable(entry.text))
    if entry.category:
        event.add("categories", [storable(entry.category)])
    made: bytes = event.to_ical()
    return made
