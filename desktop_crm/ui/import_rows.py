"""How the rows and counts of a rehearsed import are shown: words, chips, tiles."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QFrame

from desktop_crm.base.i18n import _, ngettext
from desktop_crm.base.values import MISSING
from desktop_crm.importing.plan import Plan, PlanRow, Policy, Verdict
from desktop_crm.ui.kit.labels import Elided, Label
from desktop_crm.ui.kit.layouts import vbox
from desktop_crm.ui.kit.table import Mark
from desktop_crm.ui.kit.theme import S12, S16

TONES: Mapping[Verdict, str] = {
    "new": "good",
    "update": "accent",
    "same": "grey",
    "skip": "look",
    "bad": "bad",
}


def verdict_words() -> dict[str, str]:
    """The words for verdicts on rows."""
    return {
        "new": _("New"),
        "update": _("Update"),
        "same": _("Same"),
        "skip": _("Left alone"),
        "bad": _("Problem"),
    }


def tile_words(policy: Policy) -> dict[str, str]:
    """What the big counts count."""
    updates = {
        "fill": _("Update (blanks only)"),
        "ask": _("Update (the rest asks)"),
        "overwrite": _("Update (overwriting)"),
    }
    return {
        "new": _("New"),
        "update": updates.get(policy, _("Update")),
        "same": _("Same"),
        "skip": _("Left alone, you decide"),
        "bad": _("Problems, not imported"),
    }


class CountTile(QFrame):
    """How many rows have a verdict; a click shows only these."""

    def __init__(self, tone: str, on_click: Callable[[], object]) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._on_click = on_click
        self._tone = "quiet" if tone == "grey" else tone
        self.figure = Label(MISSING, "figure")
        self.name = Elided("", "quiet")
        self._words = self._short = ""
        vbox(self.figure, self.name, spacing=0, margins=(S16, 10, S16, S12), on=self)

    def show_count(self, count: int, words: str, short: str) -> None:
        """Show a number and what it counts, in a short word where there is no room for more."""
        self.figure.setText(f"{count:,}")
        self.figure.set_tone(self._tone if count else "faint")
        self._words, self._short = words, short
        self._fit()
        self.setAccessibleName(f"{words} {count}")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        fits = self.name.fontMetrics().horizontalAdvance(self._words) <= self.width() - 2 * S16
        self.name.setText(self._words if fits else self._short)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.rect().contains(event.position().toPoint()):
            self._on_click()


def verdict_mark(row: PlanRow) -> Mark:
    """The chip of a row."""
    if row.waits or (row.verdict == "skip" and row.asks and not row.decision):
        return Mark(_("Decide"), "look")
    return Mark(verdict_words()[row.verdict], TONES[row.verdict])


def row_words(row: PlanRow) -> str:
    """What a row is about and what has to be said of it."""
    return " · ".join(part for part in (row.about, row.explanation) if part)


def file_words(plan: Plan) -> str:
    """What was found in the file, in one line."""
    parts = [plan.path.name]
    if plan.sheet and len(plan.sheets) == 1:
        parts.append(_("sheet “{name}”").format(name=plan.sheet))
    if plan.encoding:
        parts.append(plan.encoding)
    parts.append(_("headings in row {row}").format(row=plan.layout.header_row))
    if plan.hidden_rows:
        parts.append(
            ngettext("{count} hidden row too", "{count} hidden rows too", plan.hidden_rows).format(
                count=plan.hidden_rows
            )
        )
    parts.append(_("nothing is written yet"))
    return " · ".join(parts)


_MOST_LEFT_OUT = 20


def left_out_words(plan: Plan) -> str:
    """Which rows are no data and why, in one line; "" where there are none."""
    count = len(plan.left_out)
    if not count:
        return ""
    words = ngettext("{count} row is left out:", "{count} rows are left out:", count).format(
        count=f"{count:,}"
    )
    told = [_("row {row}: {why}").format(row=row, why=why) for row, why in plan.left_out[:_MOST_LEFT_OUT]]
    return f"{words} {' · '.join(told)}{' …' if count > _MOST_LEFT_OUT else ''}"
