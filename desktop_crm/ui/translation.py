"""Qt's own buttons, menus and calendars in the chosen language; our texts are in base/i18n.py."""

from __future__ import annotations

from PySide6.QtCore import QLibraryInfo, QTranslator
from PySide6.QtWidgets import QApplication


def translate_qt(language: str) -> None:
    """Qt's own buttons and menus in `language`."""
    application = QApplication.instance()
    if application is None:
        return
    before = application.findChild(QTranslator, "qtbase")
    if before is not None:
        application.removeTranslator(before)
        before.deleteLater()
    translator = QTranslator(application)
    translator.setObjectName("qtbase")
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if language != "en" and translator.load(f"qtbase_{language}", folder):
        application.installTranslator(translator)
