"""What the program does by itself while its window is open: backups, the reserve, a tidy journal, a look at the clock.

When and how is decided in backup.py, second_place.py, drill.py and history.py; nothing here asks the person anything or
takes the focus: what there is to remind of is said once, with a way there.
"""

from __future__ import annotations

import logging
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from desktop_crm import backup, drill, history, leftovers, person, second_place
from desktop_crm.base.dates import from_instant
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _
from desktop_crm.shop import Shop
from desktop_crm.ui.kit.messages import Action
from desktop_crm.ui.page import Desk

log = logging.getLogger(__name__)

FIRST_MS = 4000
"""The first look waits until the person has what they came for."""
EVERY_MS = 10 * 60 * 1000
REMIND_MS = 5 * 60 * 1000
"""What is not urgent is reminded of when the first customers of the day are served."""
IDLE_MS = 30_000
"""After so long without a change the shop counts as idle."""


def start(desk: Desk) -> Housekeeping:
    """Begin; the window keeps it."""
    return Housekeeping(desk)


class Housekeeping(QObject):
    """Looks once after the start and then every ten minutes; what is done each time is decided where it is done."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.window)
        self._desk = desk
        self._tidied = ""
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        self._idle = QTimer(self, interval=IDLE_MS, singleShot=True)
        self._idle.timeout.connect(self._settle)
        desk.jobs.changed.connect(lambda _kinds, _by: self._idle.start())
        QTimer.singleShot(FIRST_MS, self, self._first_look)
        self._reminding = QTimer(self, interval=REMIND_MS)
        self._reminding.timeout.connect(self.remind)
        self._reminding.start()

    def look(self) -> None:
        """Back up where it is due, keep the reserve and the list of who was erased, and tidy once a day."""
        jobs = self._desk.jobs
        jobs.query(backup.keep_reserve, lambda _kept: None, key="housekeeping.reserve")
        jobs.query(backup.make_due, self._backed_up, key="housekeeping.backup")
        jobs.query(person.keep_list, lambda _kept: None, key="housekeeping.erased")
        today = self._desk.shop.today().isoformat()
        if today != self._tidied:
            self._tidied = today
            jobs.change(history.tidy)
            jobs.query(lambda _shop: leftovers.sweep(), lambda _gone: None, key="housekeeping.leftovers")

    def remind(self) -> None:
        """Say what the backups lack, to who can do something about it."""
        if self._desk.shop.may("backups"):
            self._desk.jobs.query(_reminder, self._say_reminder, key="housekeeping.reminder")

    def _say_reminder(self, sentence: str) -> None:
        if sentence:
            look = Action(_("Look"), "", lambda: self._desk.go_to("settings", "backups"))
            self._desk.messages.say(sentence, look)

    def _settle(self) -> None:
        """Move what was written into the shop file itself, while nobody waits for anything."""
        if self._desk.jobs.is_busy:
            self._idle.start()
        else:
            self._desk.jobs.change(Shop.settle, on_error=_not_settled)

    def _first_look(self) -> None:
        self._desk.jobs.query(_late_clock, self._say_clock, key="housekeeping.clock")
        self.look()

    def _backed_up(self, made: Path | None) -> None:
        if made is not None:
            self._desk.jobs.changed.emit(frozenset({"backups"}), None)

    def _say_clock(self, newest: str) -> None:
        if newest:
            self._desk.messages.error(
                _(
                    "The clock of this PC has gone back: something was saved at {time}, which is later than now. "
                    "Nothing is lost. Set the clock, or today's sales get a wrong date."
                ).format(time=newest)
            )


def _not_settled(error: CrmError) -> None:
    """Nothing to tell: the log stays beside the file, and what cannot be written shows at the next step."""
    log.info("the write-ahead log stays: %s", type(error).__name__)


def _reminder(shop: Shop) -> str:
    return second_place.reminder(shop) or drill.reminder(shop)


def _late_clock(shop: Shop) -> str:
    """The shop time of the newest step where the clock stands before it, else ""."""
    newest = backup.clock_went_back(shop)
    return f"{from_instant(newest).astimezone(shop.zone):%Y-%m-%d %H:%M}" if newest else ""
