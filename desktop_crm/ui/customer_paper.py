"""The list of customers on paper: those marked, or all that are listed, with the own fields one wants as columns."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from desktop_crm.base.i18n import _
from desktop_crm.records.custom_fields import CustomField
from desktop_crm.reports import lists, output
from desktop_crm.reports.output import Sheet
from desktop_crm.shop import Shop
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.layouts import STRETCH, hbox, vbox, wrap_row
from desktop_crm.ui.kit.theme import S12
from desktop_crm.ui.page import Desk
from desktop_crm.ui.paper import PaperDialog

MOST = 5_000
"""Customers on paper at most: more than a hundred pages nobody reads."""


class _Columns(QWidget):
    """Which own fields become columns.

    Signals:
        changed(): another one was ticked.
    """

    changed = Signal()

    def __init__(self, fields: Sequence[CustomField], shown: Collection[int]) -> None:
        super().__init__()
        self._boxes = {field.id: QCheckBox(field.name) for field in fields}
        for field_id, box in self._boxes.items():
            box.setChecked(field_id in shown)
            box.toggled.connect(lambda _on: self.changed.emit())
        row = wrap_row(*self._boxes.values(), spacing=S12)
        name = vbox(Label(_("Own fields"), "quiet"), STRETCH, spacing=0)
        hbox(name, (row, 1), spacing=S12, on=self)

    def chosen(self) -> list[int]:
        """The ids of those that are ticked."""
        return [field_id for field_id, box in self._boxes.items() if box.isChecked()]


def print_customers(
    desk: Desk,
    customer_ids: Callable[[Shop], Sequence[int]],
    fields: Sequence[CustomField],
    shown: Collection[int],
) -> PaperDialog:
    """Show the list as it is printed.

    Args:
        customer_ids: who, in their order; asked on a reader thread, up to MOST count.
        fields: own fields that may become columns; shown: ids of those that do at first.
    """
    columns = _Columns(fields, shown) if fields else None
    chosen = columns.chosen if columns is not None else list[int]

    def make(own: list[int], shop: Shop, language: str) -> Sheet:
        with shop.reading():
            found = lists.customer_list(shop, customer_ids(shop)[:MOST], own, language=language)
        return output.sheet(found)

    dialog = PaperDialog(desk, _("The list of customers"), make, columns, chosen)
    if columns is not None:
        columns.changed.connect(dialog.reload)
    dialog.open()
    return dialog
