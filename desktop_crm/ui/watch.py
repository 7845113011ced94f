"""Looks whether the shop file still lies where it was opened; nothing can be saved once it does not.

It is only looked at (os.stat): opening it would cancel SQLite's locks. Each change asks for itself as well; this says it
before somebody has typed for nothing.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QTimer

from desktop_crm.base import places
from desktop_crm.base.errors import CrmError
from desktop_crm.shop import Shop
from desktop_crm.ui.page import Desk

LOOK_MS: Final = 4000


def start(desk: Desk) -> Watch:
    """Begin; the window keeps it."""
    return Watch(desk)


class Watch(QObject):
    """Looks every few seconds and says what it finds across the top of the window, until it is mended."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.window)
        self._desk = desk
        self._has_warned = False
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        desk.jobs.query(_on_what, self._say_place, key="watch.place")

    def look(self) -> None:
        """Look now."""
        self._desk.jobs.query(Shop.check_in_place, self._found, key="watch", on_error=self._gone)

    def _say_place(self, words: str) -> None:
        if words:
            self._desk.messages.say(words)

    def _found(self, _nothing: None) -> None:
        if self._has_warned:
            self._has_warned = False
            self._desk.warn("")

    def _gone(self, error: CrmError) -> None:
        self._has_warned = True
        self._desk.warn(str(error))


def _on_what(shop: Shop) -> str:
    return places.warning(places.look(shop.folder))
