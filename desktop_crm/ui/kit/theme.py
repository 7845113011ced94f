"""The look: one small set of tokens, the palettes and the style sheet made from it, fonts.

The only place where colours, type sizes and gaps are written down; widgets that paint ask `tokens()`.
The sheet itself lies in resources/style/kit.qss with $names of tokens.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from string import Template
from typing import Literal

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from desktop_crm.base.paths import resource

Tone = Literal["gold", "accent", "grey", "good", "look", "bad"]
"""The meaning of a coloured pill: three kinds of person, three kinds of news."""

TextTone = Literal["plain", "quiet", "faint", "good", "look", "bad", "accent"]
"""The meaning of a text's colour."""

S4, S8, S12, S16, S20 = 4, 8, 12, 16, 20
"""The only distances there are, in logical pixels."""

RADIUS = 12
"""Corners of panels; buttons and fields have 8."""

FAMILIES = ["Microsoft YaHei UI", "Noto Sans SC"]
_FONT_FILES = ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf")


@dataclass(frozen=True)
class Tokens:
    """Every colour of one theme, as #rrggbb.

    `x_soft` is the background of something whose text is `x`. `bar` and `bar_quiet` are chart bars,
    `share_*` the parts of a share bar.
    """

    bg: str
    panel: str
    raised: str
    line: str
    hair: str
    text: str
    body: str
    quiet: str
    faint: str
    accent: str
    accent_hover: str
    accent_text: str
    accent_soft: str
    accent_line: str
    on_accent: str
    hover: str
    gold: str
    gold_soft: str
    grey: str
    grey_soft: str
    good: str
    good_soft: str
    look: str
    look_soft: str
    bad: str
    bad_soft: str
    bar: str
    bar_quiet: str
    share_gold: str
    share_accent: str
    share_grey: str
    share_red: str
    share_green: str
    share_pale: str
    toast: str
    on_toast: str
    toast_action: str

    def colour(self, name: str) -> QColor:
        """The token called `name`, for painting."""
        return QColor(getattr(self, name))


LIGHT = Tokens(
    bg="#f6f7f9",
    panel="#ffffff",
    raised="#ffffff",
    line="#e4e7ec",
    hair="#eceef2",
    text="#1d2433",
    body="#344054",
    quiet="#667085",
    faint="#98a2b3",
    accent="#2f6bff",
    accent_hover="#1f5bf0",
    accent_text="#2f6bff",
    accent_soft="#eaf0ff",
    accent_line="#c9d8ff",
    on_accent="#ffffff",
    hover="#f6f8fb",
    gold="#8a5a00",
    gold_soft="#fff6dd",
    grey="#344054",
    grey_soft="#eef1f5",
    good="#12805c",
    good_soft="#e6f6ef",
    look="#b54708",
    look_soft="#fff4e5",
    bad="#c4320a",
    bad_soft="#ffede6",
    bar="#437aff",
    bar_quiet="#a7c0ff",
    share_gold="#b58105",
    share_accent="#2f6bff",
    share_grey="#98a2b3",
    share_red="#e0603a",
    share_green="#2fa37c",
    share_pale="#d5dae2",
    toast="#1d2433",
    on_toast="#ffffff",
    toast_action="#9dbaff",
)

DARK = Tokens(
    bg="#12151a",
    panel="#1a1e25",
    raised="#222731",
    line="#2c323c",
    hair="#262b34",
    text="#edf0f5",
    body="#cdd4df",
    quiet="#9aa4b4",
    faint="#707b8c",
    accent="#3f76ff",
    accent_hover="#5586ff",
    accent_text="#7ea4ff",
    accent_soft="#1d2a4a",
    accent_line="#2d4580",
    on_accent="#ffffff",
    hover="#20252e",
    gold="#f0c35c",
    gold_soft="#3a2f13",
    grey="#c3cbd8",
    grey_soft="#2a303a",
    good="#56d0a0",
    good_soft="#14352a",
    look="#f7a652",
    look_soft="#3d2a12",
    bad="#ff8a6b",
    bad_soft="#43211a",
    bar="#4f82ff",
    bar_quiet="#2f4680",
    share_gold="#c9971f",
    share_accent="#4f82ff",
    share_grey="#6f7a8b",
    share_red="#dd6846",
    share_green="#34a87f",
    share_pale="#3a414d",
    toast="#e8ebf1",
    on_toast="#1a1e25",
    toast_action="#2459d6",
)


def tokens() -> Tokens:
    """The tokens of the theme the application is dressed in."""
    application = QCoreApplication.instance()
    return DARK if application is not None and application.property("dark") else LIGHT


def tone_colours(tone: str) -> tuple[QColor, QColor]:
    """Text and background of a pill."""
    named = tokens()
    if tone == "accent":
        return QColor(named.accent_text), QColor(named.accent_soft)
    return named.colour(tone), named.colour(tone + "_soft")


def text_colour(tone: str) -> QColor:
    """The colour of text of a tone."""
    named = tokens()
    if tone == "plain":
        return QColor(named.text)
    return QColor(named.accent_text) if tone == "accent" else named.colour(tone)


def font(size: int = 14, *, bold: bool = False) -> QFont:
    """The program's font in logical pixels, its figures all equally wide."""
    return QFont(_font(size, bold))


@cache
def _font(size: int, bold: bool) -> QFont:
    """Made once: painted rows ask for fonts a hundred times."""
    made = QFont(FAMILIES)
    made.setPixelSize(size)
    made.setBold(bold)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def load_fonts() -> None:
    """Load our Chinese font; a bare Linux has none and would show boxes.

    Before the first widget, because Qt keeps the fallback it found for a widget's text.
    """
    for name in _FONT_FILES:
        QFontDatabase.addApplicationFont(str(resource("fonts", name)))


def dress(application: QApplication, *, dark: bool) -> None:
    """Give the whole application one theme; callable again at any time.

    Fusion with our own palette, because `setColorScheme` does nothing offscreen and on plain X11.
    """
    application.setProperty("dark", dark)
    named = tokens()
    application.setStyle("Fusion")
    application.setFont(font())
    application.setPalette(_palette(named))
    application.setStyleSheet(style_sheet(named))


def style_sheet(named: Tokens) -> str:
    """resources/style/kit.qss with the tokens put in."""
    sheet = resource("style", "kit.qss").read_text(encoding="utf-8")
    values = {item.name: getattr(named, item.name) for item in fields(named)}
    values["icons"] = resource("icons").as_posix()
    return Template(sheet).substitute(values)


def _palette(named: Tokens) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for which, name in {
        role.Window: named.bg,
        role.WindowText: named.text,
        role.Base: named.panel,
        role.AlternateBase: named.hover,
        role.Text: named.text,
        role.PlaceholderText: named.faint,
        role.Button: named.panel,
        role.ButtonText: named.text,
        role.ToolTipBase: named.toast,
        role.ToolTipText: named.on_toast,
        role.Highlight: named.accent,
        role.HighlightedText: named.on_accent,
        role.Link: named.accent_text,
        role.Light: named.panel,
        role.Midlight: named.hair,
        role.Mid: named.line,
        role.Dark: named.faint,
        role.Shadow: named.line,
    }.items():
        palette.setColor(which, QColor(name))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(named.faint))
    return palette
