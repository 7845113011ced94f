"""What the sections of Settings share: panels of rows, two columns where there is room, saving with Undo."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QSizePolicy, QWidget

from desktop_crm import profile
from desktop_crm.base.errors import CrmError
from desktop_crm.profile import AnySetting
from desktop_crm.shop import Shop
from desktop_crm.ui.kit.labels import Chip, Label
from desktop_crm.ui.kit.layouts import hbox, vbox
from desktop_crm.ui.kit.panels import Panel
from desktop_crm.ui.kit.theme import S12, S16
from desktop_crm.ui.page import Desk
from desktop_crm.ui.setting_rows import SettingRow, rows_for

_ROOM_FOR_TWO = 840
_NAME_WIDTH = 120


class Section(QWidget):
    """One section: builds its panels, loads when it is shown and when something changed.

    Args:
        page: the page it is on, whose own changes its are.

    Attributes:
        fills: it fills the page (a long table); others are as high as they need and scroll.
    """

    fills = False

    def __init__(self, desk: Desk, page: QWidget) -> None:
        super().__init__()
        self.desk, self.page = desk, page
        self.rows: dict[str, SettingRow] = {}

    def load(self) -> None:
        """Ask for what is shown; a section with more than rows asks for that, too."""
        settings = [row.setting for row in self.rows.values()]
        if settings:
            self.desk.jobs.query(
                lambda shop: _values(shop, settings), self._show_values, key=f"settings.{id(self)}"
            )

    def begin(self, what: str) -> None:
        """Begin what the way to this section names; most begin nothing."""

    def panel_of(self, settings: Sequence[AnySetting], title: str, note: str = "") -> Panel:
        """A panel with a row for each setting."""
        panel = Panel(title, note=note)
        panel.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        for place, row in enumerate(rows_for(settings)):
            if place:
                panel.add(hair())
            self.rows[row.setting.key] = row
            row.changed.connect(partial(self._save, row))
            panel.add(row)
        return panel

    def _show_values(self, values: dict[str, Any]) -> None:  # values of the settings' own types
        for key, value in values.items():
            self.rows[key].show_value(value)

    def _save(self, row: SettingRow, value: object) -> None:
        self.desk.jobs.change(
            lambda shop: profile.save(shop, {row.setting: value}),
            self._saved,
            on_error=partial(self._not_saved, row),
            initiator=self.page,
        )

    def _saved(self, label: str) -> None:
        if label:
            self.desk.done(label)
        self.load()

    def _not_saved(self, row: SettingRow, error: CrmError) -> None:
        row.fail(str(error))


class Columns(QWidget):
    """Panels in two columns, below each other where there is no room."""

    def __init__(self, left: Sequence[QWidget], right: Sequence[QWidget] = ()) -> None:
        super().__init__()
        self._sides = [vbox(*side, spacing=S16) for side in (left, right) if side]
        for side in self._sides:
            side.addStretch(1)
        self._both = hbox(*((side, 1) for side in self._sides), spacing=S16, on=self)

    def minimumSizeHint(self) -> QSize:
        """One column's, or the columns could never move below each other."""
        least = super().minimumSizeHint()
        return QSize(max(side.minimumSize().width() for side in self._sides), least.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= _ROOM_FOR_TWO
        direction = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        if self._both.direction() != direction:
            self._both.setDirection(direction)


class StateRow(QWidget):
    """One line about how safe the shop is: what, how it stands, a sentence, what can be done."""

    def __init__(self, name: str, *buttons: QWidget) -> None:
        super().__init__()
        title = Label(name, "strong")
        title.setMinimumWidth(_NAME_WIDTH)
        self.chip = Chip("", "grey")
        self.words = Label("", "quiet", wrap=True)
        hbox(title, self.chip, (self.words, 1), *buttons, spacing=S12, on=self)

    def show_state(self, state: str, tone: str, words: str) -> None:
        """Say how it stands."""
        self.chip.show_mark(state, tone)
        self.words.setText(words)


def hair() -> QFrame:
    """A thin line between rows."""
    line = QFrame()
    line.setObjectName("line")
    return line


def _values(shop: Shop, settings: Sequence[AnySetting]) -> dict[str, Any]:  # values of their own types
    with shop.reading():
        return {setting.key: shop.get(setting) for setting in settings}
