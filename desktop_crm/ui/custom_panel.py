"""The shop's own fields on the card, each edited in place as its kind asks for; where the shop has none, nothing.

What a value is stands in custom_fields.py; defining fields is custom_fields.py's section of Settings.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from desktop_crm import custom_fields
from desktop_crm.base.i18n import _, ngettext
from desktop_crm.card import Card
from desktop_crm.records.custom_fields import CustomField
from desktop_crm.shop import Shop
from desktop_crm.ui.card_fields import Choice, ChoiceRow, Save, label_width
from desktop_crm.ui.kit import theme
from desktop_crm.ui.kit.days import parse_day
from desktop_crm.ui.kit.inplace import FieldRow
from desktop_crm.ui.kit.labels import KeyCap
from desktop_crm.ui.kit.layouts import clear, vbox
from desktop_crm.ui.kit.panels import Panel

RowT = TypeVar("RowT", bound=QWidget)
_WIDEST_NAME = 112
"""Pixels; eight Chinese characters."""
_SOON_DAYS = 60
_URGENT_DAYS = 14


class YesNoRow(ChoiceRow):
    """A label with yes or no; Enter, Space or a click turns it over, Delete empties it."""

    def __init__(self, label: str, on_choose: Callable[[Any], object], label_width: int) -> None:
        super().__init__(label, on_choose)
        self._value = ""
        self._name.setMinimumWidth(label_width)
        self.setToolTip(_("Enter or a click turns it over, Delete empties it."))

    def show_value(self, stored: str) -> None:
        """Show '1', '0' or ''."""
        self._value = stored
        self.show_choices([Choice("1", _("Yes")), Choice("0", _("No"))], stored)

    def open(self) -> None:
        self.choose("0" if self._value == "1" else "1")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.choose("")
        elif event.key() == Qt.Key.Key_Space:
            self.open()
        else:
            super().keyPressEvent(event)


class CustomPanel(Panel):
    """The own fields of one card; Alt+U goes to the first.

    Args:
        save: see `Save`.
    """

    def __init__(self, save: Save) -> None:
        super().__init__(_("Own fields"), actions=[KeyCap("Alt+U")])
        self._save = save
        self._customer_id = 0
        self._made_for: tuple[CustomField, ...] = ()
        self.rows: dict[int, FieldRow | YesNoRow] = {}
        self._fields = vbox(spacing=6)
        self.add(self._fields)
        QShortcut(QKeySequence("Alt+U"), self).activated.connect(self.take_keys)
        self.hide()

    def take_keys(self) -> None:
        """Go to the first field."""
        for row in list(self.rows.values())[:1]:
            row.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_card(self, card: Card) -> None:
        """Show a customer's values."""
        self._customer_id = card.customer.id
        fields = tuple(field for field, _value in card.own)
        if fields != self._made_for:
            self._make_rows(fields)
        for field, stored in card.own:
            row = self.rows[field.id]
            if isinstance(row, YesNoRow):
                row.show_value(stored)
            elif field.kind == "date":
                shown, tone = _day_words(stored, card.today)
                row.show_value(stored, shown=shown, tone=tone)
            else:
                row.show_value(custom_fields.show(field, stored))
        self.setVisible(bool(fields))

    def _make_rows(self, fields: tuple[CustomField, ...]) -> None:
        clear(self._fields)
        metrics = QFontMetrics(theme.font(14))
        names = {
            field.id: metrics.elidedText(field.name, Qt.TextElideMode.ElideRight, _WIDEST_NAME)
            for field in fields
        }
        width = max([label_width(), *(metrics.horizontalAdvance(name) + 2 for name in names.values())])
        self.rows = {field.id: self._row(field, names[field.id], width) for field in fields}
        for row in self.rows.values():
            self._fields.addWidget(row)
        self._made_for = fields
        before: QWidget | None = None
        for row in self.rows.values():
            if before is not None:
                QWidget.setTabOrder(before, row)
            before = row

    def _row(self, field: CustomField, name: str, width: int) -> FieldRow | YesNoRow:
        if field.kind == "yes_no":
            return self._told(YesNoRow(name, partial(self._put, field), width), field)
        hints = {"number": _("12 or 12.5"), "date": _("2026-11-21, 11-21, +3 or tomorrow")}
        row = FieldRow(
            name,
            on_save=partial(self._put, field),
            placeholder=hints.get(field.kind, ""),
            label_width=width,
        )
        if field.kind == "choice":
            row.offer(custom_fields.choices(field))
        return self._told(row, field)

    def _told(self, row: RowT, field: CustomField) -> RowT:
        """The row, which says its whole name where that is longer than its place."""
        row.setToolTip(f"{field.name} · {row.toolTip()}")
        row.setAccessibleName(field.name)
        return row

    def _put(self, field: CustomField, text: str) -> None:
        who, row = self._customer_id, self.rows[field.id]

        def change(shop: Shop) -> str:
            day = parse_day(text, shop.today()) if field.kind == "date" else None
            return custom_fields.put(shop, who, field.id, day.isoformat() if day else text)

        self._save(row if isinstance(row, FieldRow) else None, field.name, change)


def _day_words(stored: str, today: date) -> tuple[str, str]:
    """A day with how soon it comes, and its tone; ('', 'plain') for none."""
    try:
        days = (date.fromisoformat(stored) - today).days
    except ValueError:
        return stored, "plain"
    if days == 0:
        return _("{day} · today").format(day=stored), "look"
    if 0 < days <= _SOON_DAYS:
        words = ngettext("{day} · in {days} day", "{day} · in {days} days", days)
        return words.format(day=stored, days=days), "look" if days <= _URGENT_DAYS else "plain"
    return stored, "plain"
