"""The history of one card: who changed what on it and on all that hangs on it, from what to what, and when.

Opened by Alt+H on the card. Steps are undone on the page History, to which a chosen one leads.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from desktop_crm import customers, history
from desktop_crm.base.i18n import _
from desktop_crm.base.values import MISSING
from desktop_crm.history import CardStep
from desktop_crm.shop import Shop
from desktop_crm.ui import import_originals
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.forms import leave_dialogs
from desktop_crm.ui.kit.labels import Chip, Elided, Label
from desktop_crm.ui.kit.layouts import STRETCH, clear, hbox, scrolling, vbox
from desktop_crm.ui.kit.panels import EmptyState
from desktop_crm.ui.kit.theme import S4, S8, S12, S16, S20
from desktop_crm.ui.page import Desk
from desktop_crm.ui.step_details import row_widget

_PAGE = 30


class CardHistory(QDialog):
    """All steps on one card, the newest first; older ones are fetched when asked for."""

    def __init__(self, desk: Desk, customer_id: int) -> None:
        super().__init__(desk.window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("History of the card"))
        self._desk, self._customer_id = desk, customer_id
        self._oldest: int | None = None
        self.steps: list[CardStep] = []
        self._build()
        self.older()

    def _build(self) -> None:
        self._name = Elided("", "quiet")
        self._held = QWidget()
        self._column: QVBoxLayout = vbox(spacing=S16, margins=(0, 0, S8, 0), on=self._held)
        self.area = scrolling(self._held)
        self.area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.more = KeyButton(_("Older steps"), "Alt+O", on_click=self.older)
        all_steps = KeyButton(_("All steps, to undo one"), "Alt+S", on_click=self._open_page)
        stood = KeyButton(_("As it stood in the files"), "Alt+F", on_click=self._show_originals)
        close = KeyButton(_("Close"), "Esc", bind=False, on_click=self.reject)
        vbox(
            Label(_("History of the card"), "title"),
            self._name,
            (self.area, 1),
            hbox(self.more, all_steps, stood, STRETCH, close, spacing=S8),
            spacing=S12,
            margins=S20,
            on=self,
        )
        window = self._desk.window
        self.resize(min(720, window.width() - 48), min(640, window.height() - 48))
        self.area.setFocus()

    def older(self) -> None:
        """Fetch the next steps back."""
        customer_id, oldest = self._customer_id, self._oldest

        def ask(shop: Shop) -> tuple[str, list[CardStep]]:
            with shop.reading():
                name = customers.get(shop, customer_id).name
                return name, history.of_card(shop, customer_id, _PAGE, oldest)

        self._desk.jobs.query(ask, self._show, key="card.history")

    def _show(self, found: tuple[str, Sequence[CardStep]]) -> None:
        name, steps = found
        self._name.setText(name)
        if not self.steps:
            clear(self._column)
        elif self._column.count():
            self._column.takeAt(self._column.count() - 1)
        self.steps += steps
        for step in steps:
            self._column.addWidget(_step_widget(step))
        if not self.steps:
            nothing = EmptyState(
                _("Nothing is known"),
                _("This card came with the demo, or its steps are too old."),
                icon="history",
            )
            self._column.addWidget(nothing)
        self._column.addStretch(1)
        self._oldest = steps[-1].step.id if steps else self._oldest
        self.more.setEnabled(len(steps) == _PAGE)

    def _show_originals(self) -> None:
        import_originals.of_customer(self._desk, self._customer_id, self._name.whole_text())

    def _open_page(self) -> None:
        if leave_dialogs():
            self._desk.go_to("history", (self._customer_id, self._name.whole_text()))


def show_history(desk: Desk, customer_id: int) -> None:
    """Open the history of a card."""
    CardHistory(desk, customer_id).open()


def _step_widget(found: CardStep) -> QWidget:
    change = found.step.change
    widget = QWidget()
    head = hbox(Label(found.step.when, "small"), Label(found.step.who or MISSING, "small"), spacing=S8)
    if change.undone_by is not None:
        head.addWidget(Chip(_("undone"), "grey"))
    head.addStretch(1)
    column = vbox(head, Label(change.label, "strong", wrap=True), spacing=S4, on=widget)
    for row in found.rows:
        column.addWidget(row_widget(row, of_card=True))
    return widget
