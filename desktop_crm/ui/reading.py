"""The modules of a shop's window, read while its password is typed and while its key is derived.

Both take longer than reading them, so that the window is there as soon as the shop is open.
"""

from __future__ import annotations

import importlib
from typing import Final

from PySide6.QtCore import QObject, QTimer

MODULES: Final[tuple[str, ...]] = (
    "desktop_crm.files.reading",
    "desktop_crm.importing.days",
    "desktop_crm.devices",
    "desktop_crm.custom_fields",
    "desktop_crm.balance",
    "desktop_crm.history",
    "desktop_crm.ui.kit.jobs",
    "desktop_crm.ui.search_box",
    "desktop_crm.ui.key_sheet",
    "desktop_crm.ui.main_window",
    "desktop_crm.card",
    "desktop_crm.today",
    "desktop_crm.ui.today",
)
"""In parts of a few hundredths of a second each, so that typing never waits for long."""


BEFORE_MS: Final = 60
"""The password window is painted first."""


class Reading(QObject):
    """Reads one module after another whenever the window has nothing else to do."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._left = list(MODULES)
        self._timer = QTimer(self, interval=BEFORE_MS)
        self._timer.timeout.connect(self._read_one)
        self._timer.start()

    def _read_one(self) -> None:
        self._timer.setInterval(0)
        if self._left:
            importlib.import_module(self._left.pop(0))
        else:
            self._timer.stop()
