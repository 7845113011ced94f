"""The recycle bin on the page Clean: deleted cards, what hangs on them, and the key that brings them back."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from desktop_crm import recycle_bin
from desktop_crm.base.dates import from_instant
from desktop_crm.base.i18n import _, ngettext
from desktop_crm.base.values import MISSING, show_phone
from desktop_crm.recycle_bin import DeletedCard
from desktop_crm.shop import Shop
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.cells import Column
from desktop_crm.ui.kit.forms import TextField
from desktop_crm.ui.kit.layouts import STRETCH, hbox, vbox
from desktop_crm.ui.kit.panels import EmptyState, Panel
from desktop_crm.ui.kit.table import RecordTable
from desktop_crm.ui.page import Desk
from desktop_crm.ui.personal_data import open_personal_data
from desktop_crm.ui.sections import Section


class RecycleBinSection(Section):
    """Deleted cards, latest first; Enter brings one back."""

    fills = True

    def __init__(self, desk: Desk, page: QWidget) -> None:
        super().__init__(desk, page)
        self.table: RecordTable[DeletedCard] = RecordTable(
            self._columns(), name="clean.bin", state=desk.state, dense=True
        )
        self.table.set_empty(
            EmptyState(
                _("The bin is empty"),
                _("Deleted cards lie here with everything that hangs on them, and come back whole."),
                icon="trash-2",
            )
        )
        self.text = TextField("", placeholder=_("Name or number"))
        self.restore_button = KeyButton(
            _("Bring back"), "Alt+R", kind="primary", icon="undo-2", on_click=self.restore
        )
        self.erase_button = KeyButton(_("Erase for good…"), "Alt+Z", on_click=self.erase)
        self.panel = Panel(
            _("Recycle bin"),
            note=_("Enter brings a card back"),
            actions=[self.erase_button, self.restore_button],
        )
        self.panel.add(hbox((self.text, 1), STRETCH))
        self.panel.add(self.table, 1)
        vbox(self.panel, on=self)
        self.text.changed.connect(self.load)
        self.text.entered.connect(self.table.setFocus)
        self.table.record_chosen.connect(lambda _card: self.restore())
        self.table.record_selected.connect(self._selected)
        self._selected(None)
        self.setFocusProxy(self.table)

    def _columns(self) -> list[Column[DeletedCard]]:
        zone = self.desk.shop.zone
        return [
            Column("name", _("Customer"), lambda c: c.name, bold=True, width=190, sortable=False),
            Column("phone", _("Phone"), lambda c: show_phone(c.phone) or MISSING, width=150, sortable=False),
            Column("what", _("Comes back with it"), recycle_bin.what_hangs, stretch=1, sortable=False),
            Column("by", _("Deleted by"), lambda c: c.deleted_by or MISSING, width=110, sortable=False),
            Column(
                "when",
                _("Deleted"),
                lambda c: f"{from_instant(c.deleted_at).astimezone(zone):%Y-%m-%d %H:%M}",
                width=140,
                tone=lambda _card: "quiet",
                sortable=False,
            ),
        ]

    def load(self) -> None:
        text = self.text.value()

        def ask(shop: Shop) -> int:
            return recycle_bin.count(shop, text)

        def fetch(shop: Shop, offset: int, limit: int, _order: str, _descending: bool) -> list[DeletedCard]:
            return recycle_bin.listing(shop, text, offset, limit)

        def show(count: int) -> None:
            self.panel.note_label.setText(
                ngettext(
                    "{count} card · Enter brings it back", "{count} cards · Enter brings one back", count
                ).format(count=f"{count:,}")
                if count
                else ""
            )
            self.table.show_pages(self.desk.jobs, count, fetch)

        self.desk.jobs.query(ask, show, key="clean.bin")

    def restore(self) -> None:
        """Bring the selected card back."""
        card = self.table.selected()
        if card is not None:
            self.desk.jobs.change(
                lambda shop: recycle_bin.restore(shop, [card.id]), self._restored, initiator=self.page
            )

    def erase(self) -> None:
        """Open what may be done with the data of whoever the selected card was of."""
        card = self.table.selected()
        if card is not None:
            open_personal_data(self.desk, card.id, self.load)

    def _selected(self, card: object) -> None:
        for button in (self.restore_button, self.erase_button):
            button.setEnabled(card is not None)

    def _restored(self, sentence: str) -> None:
        self.desk.done(sentence)
        self.load()
