"""A form field for one of several values, filtered by typing; the other fields are in fields.py."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit, QListView

from desktop_crm.base.i18n import _
from desktop_crm.base.values import clean_text
from desktop_crm.ui.kit import icons
from desktop_crm.ui.kit.fields import Check, Field

V = TypeVar("V")


class _Choices(QComboBox):
    """An editable combo box with our own arrow."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        drawn = icons.pixmap("chevron-down", 14, "quiet", ratio=self.devicePixelRatioF())
        painter.drawPixmap(self.width() - 24, (self.height() - 14) // 2, drawn)
        painter.end()


class ChoiceField(Field[V], Generic[V]):
    """One of several values; typing filters by any part of the text.

    Args:
        items: (value, text).
        free: a typed text that is none of them is allowed and given as it is (only where V is str).
    """

    def __init__(
        self,
        label: str,
        items: Sequence[tuple[V, str]],
        *,
        value: V | None = None,
        required: bool = False,
        free: bool = False,
        placeholder: str = "",
        check: Check[V] | None = None,
        hint: str = "",
    ) -> None:
        self.box = _Choices()
        self._items: list[tuple[V, str]] = []
        self._free = free
        super().__init__(label, self.box, required=required, check=check, hint=hint)
        self.box.setEditable(True)
        self.box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        line = self.box.lineEdit()
        assert line is not None, "an editable box has a line"
        self._line: QLineEdit = line
        self._line.setPlaceholderText(placeholder)
        self._line.installEventFilter(self)
        completer = QCompleter(self.box.model(), self.box)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._popup = QListView()
        self._popup.setObjectName("choices")
        completer.setPopup(self._popup)
        self.box.setCompleter(completer)
        self.box.currentIndexChanged.connect(lambda _index: self.changed.emit())
        self._line.textEdited.connect(lambda _text: self.changed.emit())
        self.set_items(items)
        if value is not None:
            self.set_value(value)

    def set_items(self, items: Sequence[tuple[V, str]]) -> None:
        """Offer other values; what is filled in stays where it can."""
        typed = self._line.text()
        self._items = list(items)
        self.box.blockSignals(True)
        self.box.clear()
        self.box.addItems([text for _value, text in items])
        self.box.setCurrentIndex(-1)
        self._line.setText(typed)
        self.box.blockSignals(False)

    def value(self) -> V:
        typed = clean_text(self._line.text())
        place = self._place(typed)
        if place is not None:
            return self._items[place][0]
        return typed  # type: ignore[return-value]  # `free` stands only where V is str

    def set_value(self, value: V) -> None:
        for place, (known, text) in enumerate(self._items):
            if known == value:
                self.box.setCurrentIndex(place)
                self._line.setText(text)
                return
        self.box.setCurrentIndex(-1)
        self._line.setText(str(value) if self._free else "")

    def is_empty(self) -> bool:
        return not clean_text(self._line.text())

    def _misread(self) -> str:
        if self._free or self._place(clean_text(self._line.text())) is not None:
            return ""
        return _("Please choose one of the list.")

    def _place(self, typed: str) -> int | None:
        """The item with this text; else the only one that contains it."""
        texts = [text for _value, text in self._items]
        if typed in texts:
            return texts.index(typed)
        if self._free or not typed:
            return None
        near = [place for place, text in enumerate(texts) if typed.casefold() in text.casefold()]
        return near[0] if len(near) == 1 else None

    def _enters(self, event: QKeyEvent) -> bool:
        return not self._popup.isVisible() and super()._enters(event)
