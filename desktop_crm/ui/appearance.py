"""Language and theme of this PC, changed at run time; in the welcome and in Settings."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QWidget

from desktop_crm.base import i18n, machine
from desktop_crm.base.i18n import _
from desktop_crm.ui.kit import theme
from desktop_crm.ui.kit.buttons import Pills
from desktop_crm.ui.kit.layouts import hbox
from desktop_crm.ui.kit.state import State
from desktop_crm.ui.kit.theme import S12
from desktop_crm.ui.translation import translate_qt

LANGUAGE_NAMES = (("zh_CN", "中文"), ("en", "English"))
"""Each language in its own words, so that who cannot read the others finds it."""


class Appearance(QWidget):
    """Two rows of pills that take effect at once, for a window without a desk.

    Signals:
        language_changed(code): the texts are others from now on.
    """

    language_changed = Signal(str)

    def __init__(self, state: State) -> None:
        super().__init__()
        self._state = state
        self.languages = Pills(LANGUAGE_NAMES, on_choose=self._set_language)
        self.languages.choose(i18n.current_language(), silently=True)
        self.themes = Pills([("light", _("Light")), ("dark", _("Dark"))], on_choose=self._set_theme)
        self.themes.choose("dark" if state.flag("dark") else "light", silently=True)
        hbox(self.themes, self.languages, spacing=S12, on=self)

    def _set_language(self, code: str) -> None:
        i18n.set_language(code)
        machine.remember({machine.LANGUAGE: code})
        translate_qt(code)
        self.language_changed.emit(code)

    def _set_theme(self, key: str) -> None:
        self._state.put("dark", key == "dark")
        self._state.save()
        application = QApplication.instance()
        if isinstance(application, QApplication):
            theme.dress(application, dark=key == "dark")
