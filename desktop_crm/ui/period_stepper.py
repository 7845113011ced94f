"""Choosing a period: month, quarter or year, one back, one on; for Performance and Reports."""

from __future__ import annotations

from datetime import date
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_crm import period_words
from desktop_crm.base.dates import Period, month_of, parse_period, quarter_of
from desktop_crm.base.i18n import _
from desktop_crm.ui.kit.buttons import IconButton, Pills
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.layouts import hbox
from desktop_crm.ui.kit.theme import S4, S12

GRACE_DAYS: Final = 3
"""In the first days of a month the month before is still the one to look at."""


def first_look(today: date) -> Period:
    """The period that a page begins with: this month, in its first days the one before."""
    month = month_of(today)
    return month.previous() if today.day <= GRACE_DAYS else month


def around(period: Period, grain: str) -> Period:
    """The month, quarter or year that the last day of a period lies in."""
    day = period.last_day
    if grain == "month":
        return month_of(day)
    return quarter_of(day) if grain == "quarter" else parse_period(str(day.year))


class PeriodStepper(QWidget):
    """The period's name as the page's title, with arrows and grains beside it.

    Signals:
        stepped(period): the person chose another one.
    """

    stepped = Signal(object)

    def __init__(self, period: Period, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self._name = Label("", "title")
        self._back = IconButton(
            "chevron-left",
            _("The period before"),
            key="Alt+Left",
            on_click=lambda: self.step(self.period.previous()),
        )
        self._on = IconButton(
            "chevron-right",
            _("The period after"),
            key="Alt+Right",
            on_click=lambda: self.step(self.period.following()),
        )
        self.grains = Pills(
            [("month", _("Month")), ("quarter", _("Quarter")), ("year", _("Year"))], on_choose=self._choose
        )
        hbox(self._name, S4, self._back, self._on, self.grains, spacing=S4, on=self).setContentsMargins(
            0, 0, S12, 0
        )
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_period(period)

    def show_period(self, period: Period) -> None:
        """Show a period without telling anybody."""
        self.period = period
        self._name.setText(period_words.title(period))
        self.grains.choose(period.grain, silently=True)
        self._on.setEnabled(period.end <= self._today)

    def _choose(self, grain: str) -> None:
        found = around(self.period, grain)
        while found.start > self._today:
            found = found.previous()
        self.step(found)

    def step(self, period: Period) -> None:
        """Choose a period, unless it lies in the future."""
        if period.start > self._today:
            return
        self.show_period(period)
        self.stepped.emit(period)
