"""A field for a password: dots instead of characters, shown while the eye is held. What a good password is, is not known here."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from desktop_crm.base.i18n import _
from desktop_crm.ui.kit.buttons import IconButton
from desktop_crm.ui.kit.fields import Check, LineField


class SecretField(LineField[str]):
    """A password, exactly as typed; spaces count. The eye shows it while it is held, with the mouse."""

    def __init__(
        self, label: str, *, required: bool = False, check: Check[str] | None = None, hint: str = ""
    ) -> None:
        self.eye = IconButton("eye", _("Show while held"))
        self._usual_hint = hint
        super().__init__(label, required=required, check=check, hint=hint, beside=(self.eye,))
        self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.eye.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Tab goes on to the next field
        self.eye.pressed.connect(lambda: self.line.setEchoMode(QLineEdit.EchoMode.Normal))
        self.eye.released.connect(lambda: self.line.setEchoMode(QLineEdit.EchoMode.Password))

    def value(self) -> str:
        return self.line.text()

    def set_value(self, value: str) -> None:
        self.line.setText(value)

    def is_empty(self) -> bool:
        return not self.line.text()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and watched is self.line:
            self._look_at_capitals(event)
        return super().eventFilter(watched, event)

    def _look_at_capitals(self, event: QKeyEvent) -> None:
        """A capital letter without Shift: Qt does not say whether Caps Lock is on, but this does."""
        text, shift = event.text(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if text.isalpha() and text.isascii():
            self.set_hint(_("Caps Lock is on.") if text.isupper() != shift else self._usual_hint)
