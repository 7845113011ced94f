"""Reminders while the program runs: a message and a number at the tray icon; without a tray, a toast.

Nothing here takes the focus. What is announced when is decided in reminders.py; the daily rules run here, too,
because this is what notices that a new day has begun.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QRect, Qt, QTimer
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon

from desktop_crm import followups, reminders
from desktop_crm.base.i18n import _, ngettext
from desktop_crm.reminders import Announcement
from desktop_crm.settings import STAY_IN_TRAY
from desktop_crm.shop import Shop
from desktop_crm.ui.kit import icons, theme
from desktop_crm.ui.kit.messages import Action
from desktop_crm.ui.page import Desk

LOOK_MS = 30_000
SHOWN_MS = 12_000
_SIZE = 64


class Seen:
    """What a look found: what to announce, how much waits, and whether closing keeps the program."""

    def __init__(self, announced: list[Announcement], waiting: int, stays: bool) -> None:
        self.announced, self.waiting, self.stays = announced, waiting, stays


def look(shop: Shop) -> Seen:
    """Run the rules of the day, and take what is to be announced now; on the writer thread."""
    followups.run_rules(shop)
    waiting = followups.counts(shop, shop.staff_id)
    return Seen(reminders.take(shop), waiting.overdue + waiting.today, shop.get(STAY_IN_TRAY))


class Reminders(QObject):
    """Looks twice a minute and shows what is due."""

    def __init__(self, desk: Desk, *, tray: bool | None = None) -> None:
        super().__init__(desk.window)
        self._desk = desk
        self._customer: int | None = None
        has_tray = QSystemTrayIcon.isSystemTrayAvailable() if tray is None else tray
        self.tray = self._make_tray() if has_tray else None
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)
        desk.jobs.changed.connect(self._changed)
        self._timer.start()
        self.look()

    def look(self) -> None:
        """Look now; a locked screen is told of nothing, what falls due meanwhile is said afterwards."""
        if self._desk.window.property("locked"):
            return
        self._desk.jobs.change(look, self._show, initiator=self)

    def stop(self) -> None:
        """Look no more and take the icon away."""
        self._timer.stop()
        if self.tray is not None:
            self.tray.hide()

    def _changed(self, kinds: frozenset[str], initiator: object) -> None:
        if initiator is not self and kinds & {"followups", "settings"}:
            self._desk.jobs.query(_count, self._show_count, key="reminders.count")

    def _show(self, seen: Seen) -> None:
        self._show_count(seen.waiting)
        self._desk.window.setProperty("stays_in_tray", seen.stays and self.tray is not None)
        if not seen.announced:
            return
        first = seen.announced[0]
        self._customer = first.customer_id
        text = "\n".join(_words(each) for each in seen.announced[1:])
        title, body = first.title, "\n".join(part for part in (first.text, text) if part)
        if self.tray is not None:
            self.tray.showMessage(title, body, self.tray.icon(), SHOWN_MS)
            return
        words = "  ·  ".join(_words(each) for each in seen.announced)
        self._desk.messages.say(words, Action(_("Show"), "", self._go))

    def _show_count(self, waiting: int) -> None:
        if self.tray is not None:
            self.tray.setIcon(_icon(waiting))
            words = ngettext("{count} contact waits", "{count} contacts wait", waiting)
            self.tray.setToolTip(words.format(count=waiting))

    def _make_tray(self) -> QSystemTrayIcon:
        tray = QSystemTrayIcon(_icon(0), self)
        self._menu = QMenu(self._desk.window)
        self._menu.addAction(_("Open the window"), self._raise)
        self._menu.addAction(_("Quit"), self._quit)
        tray.setContextMenu(self._menu)
        tray.messageClicked.connect(self._go)
        tray.activated.connect(self._activated)
        tray.show()
        return tray

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason == QSystemTrayIcon.ActivationReason.Trigger:
            self._raise()

    def _go(self) -> None:
        """The person asked for it: show whom it is about, or the day."""
        self._raise()
        if self._customer is not None:
            self._desk.open_customer(self._customer)
        else:
            self._desk.go_to("today")

    def _raise(self) -> None:
        window = self._desk.window
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.show()
        window.raise_()
        window.activateWindow()

    def _quit(self) -> None:
        self._desk.window.setProperty("stays_in_tray", False)
        self._desk.window.close()


def start(desk: Desk) -> QObject:
    """Begin to look."""
    return Reminders(desk)


def _count(shop: Shop) -> int:
    waiting = followups.counts(shop, shop.staff_id)
    return waiting.overdue + waiting.today


def _words(announcement: Announcement) -> str:
    if announcement.text:
        return f"{announcement.title} – {announcement.text}"
    return announcement.title


def _icon(waiting: int) -> QIcon:
    """The program's icon with the number of waiting contacts in its corner."""
    held = QApplication.windowIcon().pixmap(_SIZE, _SIZE)
    drawn = held if not held.isNull() else icons.pixmap("store", _SIZE, "accent")
    if not waiting:
        return QIcon(drawn)
    picture = QPixmap(drawn)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    side = round(picture.width() / picture.devicePixelRatio())
    box = QRect(side // 2 - 6, side // 2 - 6, side // 2 + 6, side // 2 + 6)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.tokens().colour("bad"))
    painter.drawEllipse(box)
    painter.setPen(QColor(theme.tokens().on_accent))
    painter.setFont(theme.font(side // 3, bold=True))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(waiting) if waiting < 100 else "99")
    painter.end()
    return QIcon(picture)
