"""The window before a shop with passwords. It only gets the shop opened; its window is the application's business.

What is asked and how is in unlock.py; here are the window, its language, and who opened the shop last on this PC.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from desktop_crm import passwords
from desktop_crm.base.i18n import _
from desktop_crm.shop import Shop
from desktop_crm.ui.appearance import Appearance
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.labels import Elided
from desktop_crm.ui.kit.layouts import STRETCH, hbox, vbox
from desktop_crm.ui.kit.state import State
from desktop_crm.ui.kit.theme import S12, S20
from desktop_crm.ui.unlock import CodePanel, Door, PasswordPanel, Unlock


class SignIn(QWidget):
    """Opens the shop in a folder for somebody who knows a password, or has the recovery sheet.

    Args:
        folder: where the shop lies.
        state: this machine's memory; it knows who opened the shop last.
        trouble: why no password can open it, as a sentence; then only the sheet is asked for.

    Signals:
        opened(shop: Shop, by_code: bool): the shop is open.
        left(): the person wants another shop.
    """

    opened = Signal(object, bool)
    left = Signal()

    def __init__(self, folder: Path, state: State, *, trouble: str = "") -> None:
        super().__init__()
        self.setObjectName("content")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._folder, self._state, self._trouble = folder, state, trouble
        self._column = vbox(spacing=0, on=self)
        self._build()

    def _build(self) -> None:
        """Everything that wears words; built anew in another language."""
        self.setWindowTitle(_("Open the shop"))
        folder = self._folder
        door = Door(
            _("Who opens the shop?"),
            [] if self._trouble else passwords.users(folder),
            lambda staff_id, password: Shop.open(folder, password=password, user=staff_id),
            lambda code: Shop.open(folder, code=code),
            lambda staff_id: passwords.wait_s(folder, staff_id),
            self._trouble,
        )
        self.unlock = Unlock(door, self._remembered())
        self.unlock.opened.connect(self._is_open)
        appearance = Appearance(self._state)
        appearance.language_changed.connect(self._build_anew)
        other = KeyButton(_("Another shop…"), "Ctrl+O", kind="quiet", on_click=self.left.emit)
        name = Elided(self._state.text(f"name.{folder}") or folder.name, "section")
        name.setToolTip(str(folder))
        self._held = QWidget()
        bar = hbox(name, STRETCH, other, appearance, spacing=S12, margins=(S20, S12, S20, 0))
        vbox(bar, (self.unlock, 1), spacing=0, on=self._held)
        self._column.addWidget(self._held)

    @property
    def password(self) -> PasswordPanel:
        """Where the password is asked for."""
        return self.unlock.password

    @property
    def code(self) -> CodePanel:
        """Where the sheet is asked for."""
        return self.unlock.code

    def _build_anew(self) -> None:
        asks_code, old = self.unlock.asks_code, self._held
        self._column.removeWidget(old)
        old.hide()
        old.deleteLater()
        self._build()
        if asks_code:
            self.unlock.use_sheet()
        self.unlock.focus_first()

    def _is_open(self, shop: Shop, by_code: bool) -> None:
        if not by_code:
            self._state.put(f"signed_in.{self._folder}", str(self.password.chosen))
        self.opened.emit(shop, by_code)

    def _remembered(self) -> int:
        """Who opened this shop last on this machine; 0 for nobody."""
        found = self._state.text(f"signed_in.{self._folder}")
        return int(found) if found.isdigit() else 0

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.unlock.focus_first()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Whatever is being opened is closed again."""
        self.unlock.end(lambda shop: Shop.close(shop))  # type: ignore[arg-type]
        self._state.save()
        super().closeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Escape or not self.unlock.use_password():
            super().keyPressEvent(event)
