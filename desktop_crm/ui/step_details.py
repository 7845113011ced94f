"""What one step changed, from what to what, row by row; and the dialog that lists what an undo left as it is.

Used by the History page and by the history of a card; the words themselves are made in history_words.py.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from desktop_crm.base.i18n import _, ngettext
from desktop_crm.base.values import MISSING
from desktop_crm.history import Left, RowChange
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.labels import Chip, Elided, Label
from desktop_crm.ui.kit.layouts import STRETCH, clear, hbox, scrolling, vbox
from desktop_crm.ui.kit.theme import S4, S8, S12, S20

MOST_ROWS = 100
"""Rows told of one by one; of a step that wrote more, only how many."""


class RowList(QWidget):
    """Rows that a step changed, one below the other: whose and what, then each field from → to."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column: QVBoxLayout = vbox(spacing=S12, margins=(0, 0, S8, 0), on=self)
        self._column.addStretch(1)

    def show_rows(self, rows: Sequence[RowChange], *, more: int = 0, since: bool = False) -> None:
        """Show these rows.

        Args:
            more: how many further rows the step wrote.
            since: say what somebody changed since, which an undo would leave.
        """
        clear(self._column)
        for row in rows:
            self._column.addWidget(row_widget(row, since=since))
        if more:
            words = ngettext("and {count} more row", "and {count} more rows", more)
            self._column.addWidget(Label(words.format(count=f"{more:,}"), "quiet"))
        self._column.addStretch(1)


def row_widget(row: RowChange, *, since: bool = False, of_card: bool = False) -> QWidget:
    """One row in words; `of_card`: among the rows of one card, whose name need not be said again."""
    chip = {"added": (_("added"), "good"), "removed": (_("removed"), "bad")}.get(row.what)
    title = Elided(row.thing if of_card else row.title, "strong")
    title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    head = hbox(title, spacing=S8)
    if chip is not None:
        head.addWidget(Chip(*chip))
    if since and row.gone:
        head.addWidget(Chip(_("removed since"), "look"))
    elif since and row.what == "added" and row.since:
        head.addWidget(Chip(_("changed since"), "look"))
    head.addStretch(1)
    widget = QWidget()
    column = vbox(head, spacing=2, on=widget)
    for each in row.fields:
        words = _line(row, each.label, each.before, each.after)
        column.addWidget(Label(words, "quiet", wrap=True, selectable=True))
        if since and each.since and row.what == "changed" and not row.gone:
            now = _("now {value}: changed since, an undo leaves it").format(value=each.now or MISSING)
            column.addWidget(Label(now, "small", wrap=True, tone="look"))
    return widget


def _line(row: RowChange, label: str, before: str, after: str) -> str:
    if row.what == "changed":
        return _("{field}: {before} → {after}").format(
            field=label, before=before or MISSING, after=after or MISSING
        )
    return _("{field}: {value}").format(field=label, value=after or before)


class LeftDialog(QDialog):
    """Everything that an undo left as it is, and why."""

    def __init__(self, window: QWidget, title: str, left: Sequence[Left], count: int) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("What stayed as it is"))
        held = QWidget()
        column = vbox(spacing=S8, margins=(0, 0, S8, 0), on=held)
        for each in left:
            column.addWidget(Label(each.words, "body", wrap=True, selectable=True))
        if count > len(left):
            words = ngettext("and {count} more", "and {count} more", count - len(left))
            column.addWidget(Label(words.format(count=f"{count - len(left):,}"), "quiet"))
        column.addStretch(1)
        self._area: QScrollArea = scrolling(held)
        close = KeyButton(_("Close"), "Esc", bind=False, on_click=self.reject)
        note = Label(
            _("Other people’s work is not undone. Undo the later step first, if it was wrong too."),
            "quiet",
            wrap=True,
        )
        vbox(
            Label(_("What stayed as it is"), "title"),
            Elided(title, "quiet"),
            (self._area, 1),
            note,
            hbox(STRETCH, close, spacing=S4),
            spacing=S12,
            margins=S20,
            on=self,
        )
        self.resize(min(620, window.width() - 48), min(420, window.height() - 48))
        self._area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._area.setFocus()
