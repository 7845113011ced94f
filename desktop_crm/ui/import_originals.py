"""What stood in the cells of imported files where it was stored otherwise: of an import, or of one customer."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog

from desktop_crm.base.i18n import _, ngettext
from desktop_crm.base.values import MISSING
from desktop_crm.importing import plan as importing
from desktop_crm.importing.batches import Brought
from desktop_crm.importing.plan import Original
from desktop_crm.shop import Shop
from desktop_crm.ui.kit.buttons import KeyButton, Pills
from desktop_crm.ui.kit.labels import Elided, Label
from desktop_crm.ui.kit.layouts import STRETCH, hbox, vbox
from desktop_crm.ui.kit.panels import EmptyState
from desktop_crm.ui.kit.table import Column, RecordTable
from desktop_crm.ui.kit.theme import S8, S12, S20
from desktop_crm.ui.page import Desk


class OriginalsDialog(QDialog):
    """Rows with the cells that were stored otherwise; Enter opens the card.

    Args:
        title: whose cells they are.
        sheets: (import id as text, name) to choose from with the left and right arrow; none where there is one list.
    """

    def __init__(self, desk: Desk, title: str, sheets: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(desk.window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("As it stood in the files"))
        self._desk = desk
        self.sheets = Pills(sheets, on_choose=lambda key: self.show_import(int(key)), wraps=True)
        self.sheets.setVisible(len(sheets) > 1)
        self.table: RecordTable[Original] = RecordTable(
            [
                Column("row", _("Row"), lambda o: str(o.row), tone="faint", width=64, sortable=False),
                Column(
                    "name",
                    _("Customer"),
                    lambda o: o.name or MISSING,
                    second=lambda o: f"{o.file_name} {o.sheet}".strip(),
                    bold=True,
                    width=200,
                    sortable=False,
                ),
                Column("cells", _("As it stood in the file"), _cells, stretch=1, sortable=False),
            ],
            name="import.originals",
            state=desk.state,
            identity=lambda o: (o.import_id, o.row),
        )
        self.table.set_empty(
            EmptyState(
                _("Everything was stored as it stood in the file"),
                _("Only cells whose text was changed on the way in are kept here."),
                icon="check",
            )
        )
        close = KeyButton(_("Close"), "Esc", bind=False, on_click=self.reject)
        vbox(
            Label(_("As it stood in the files"), "title"),
            Elided(title, "quiet"),
            self.sheets,
            (self.table, 1),
            hbox(STRETCH, close, spacing=S8),
            spacing=S12,
            margins=S20,
            on=self,
        )
        self.resize(min(900, desk.window.width() - 48), min(560, desk.window.height() - 48))
        self.table.record_chosen.connect(self._open_card)
        self.table.setFocus()

    def show_import(self, import_id: int) -> None:
        """Show the rows of one imported sheet, a page at a time."""

        def fetch(shop: Shop, offset: int, limit: int, _key: str, _down: bool) -> Sequence[Original]:
            return importing.originals(shop, import_id, limit, offset)

        def show(count: int) -> None:
            self.table.start_over()
            self.table.show_pages(self._desk.jobs, count, fetch)
            self.table.select_first()

        self._desk.jobs.query(
            lambda shop: importing.count_originals(shop, import_id), show, key="import.originals"
        )

    def show_customer(self, customer_id: int) -> None:
        """Show the rows that a customer came from."""

        def show(found: list[Original]) -> None:
            self.table.set_records(found)
            self.table.select_first()

        self._desk.jobs.query(
            lambda shop: importing.originals_of(shop, customer_id), show, key="import.originals"
        )

    def _open_card(self, original: Original) -> None:
        if original.customer_id is not None:
            customer_id = original.customer_id
            self.accept()
            self._desk.open_customer(customer_id)


def of_import(desk: Desk, batch: Brought) -> None:
    """Open what stood in the files of an import."""
    names = [(str(sheet.id), sheet.sheet or sheet.file_name) for sheet in batch.sheets]
    words = ngettext("{count} sheet", "{count} sheets", len(names)).format(count=len(names))
    dialog = OriginalsDialog(desk, " · ".join((", ".join(batch.files[:3]), words)), names)
    dialog.show_import(batch.sheets[0].id)
    dialog.open()


def of_customer(desk: Desk, customer_id: int, name: str) -> None:
    """Open what stood in the files for a customer."""
    dialog = OriginalsDialog(desk, name)
    dialog.show_customer(customer_id)
    dialog.open()


def _cells(original: Original) -> str:
    return "  ".join(f"{cell.title}: “{' / '.join(cell.stood.split())}”" for cell in original.cells)
