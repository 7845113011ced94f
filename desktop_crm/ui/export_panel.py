"""Taking lists out: which list, whose rows, where to. What stands in a file is exporting.py's business."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from desktop_crm import views
from desktop_crm.base.i18n import N_, _, ngettext
from desktop_crm.exporting import orders
from desktop_crm.exporting.orders import ExportResult
from desktop_crm.importing import plan as importing
from desktop_crm.records.views import View
from desktop_crm.shop import Shop
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.jobs import Progress
from desktop_crm.ui.kit.layouts import wrap_row
from desktop_crm.ui.kit.palette import Option, Palette, Question
from desktop_crm.ui.kit.panels import Panel
from desktop_crm.ui.kit.places import documents
from desktop_crm.ui.kit.theme import S8
from desktop_crm.ui.page import Desk
from desktop_crm.views import Counted

KEYS = (("Alt+E", N_("Take everything out")), ("Alt+W", N_("Whose rows are taken out")))
"""For the sheet of keys."""

_EVERYBODY = "everybody"


class ExportPanel(Panel):
    """One button for each list; Alt+W says of whom, everybody at first."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(section=_("Take lists out"), note=_("as Excel or CSV; they can be imported again"))
        self.desk = desk
        self.view: View | None = None
        buttons = [
            KeyButton(text, on_click=partial(self.choose_target, kind)) for kind, text in importing.kinds()
        ]
        everything = KeyButton(
            _("Everything"), "Alt+E", icon="download", on_click=partial(self.choose_target, "all")
        )
        self.whose = KeyButton("", "Alt+W", icon="users", kind="quiet", on_click=self.choose_view)
        self.palette_list = Palette(self.whose)
        self._row = self.add(wrap_row(self.whose, *buttons, everything, spacing=S8))
        self._hold(None)

    # ------------------------------------------------------------ whose

    def choose_view(self) -> None:
        """Ask whose rows are to be taken out."""
        self.desk.jobs.query(
            lambda shop: views.counted(shop, views.listing(shop)), self._ask_view, key="export.views"
        )

    def _ask_view(self, found: list[Counted]) -> None:
        known = {str(each.view.id): each.view for each in found}

        def chosen(keys: tuple[str, ...]) -> None:
            self.palette_list.close_it()
            self._hold(known.get(keys[0]))

        options = [Option(_EVERYBODY, _("Everybody"))]
        options += [
            Option(str(each.view.id), each.view.name, f"{each.count:,}")
            for each in found
            if each.count is not None
        ]
        held = str(self.view.id) if self.view is not None else _EVERYBODY
        self.palette_list.ask(
            Question(
                _("Take out the rows of"),
                options,
                chosen,
                marked=frozenset({held}),
                placeholder=_("Type to find"),
            )
        )

    def _hold(self, view: View | None) -> None:
        self.view = view
        self.whose.setText(_("Of everybody") if view is None else _("Of: {view}").format(view=view.name))
        self.whose.updateGeometry()
        layout = self._row.layout()
        if layout is not None:
            layout.invalidate()

    # ------------------------------------------------------------ out

    def choose_target(self, kind: str) -> None:
        """Ask where a list is to be written."""
        words = next((text for known, text in importing.kinds() if known == kind), _("Everything"))
        whose = f" {self.view.name}" if self.view is not None else ""
        name = f"{words}{whose} {self.desk.shop.today()}.xlsx".replace("/", "-")
        dialog = QFileDialog(self, _("Take lists out"), documents(name))
        filters = [_("Workbook (*.xlsx)")] + ([_("Text with commas (*.csv)")] if kind != "all" else [])
        dialog.setNameFilters(filters)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("xlsx")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda chosen: self.export(kind, Path(chosen)))
        dialog.open()

    def export(self, kind: str, out: Path) -> None:
        """Write a list, or all of them."""
        wanted = next((known for known, _text in importing.kinds() if known == kind), None)
        view = self.view

        def write(shop: Shop, _progress: Progress) -> ExportResult:
            if view is None:
                return orders.export(shop, wanted or "all", out)
            now = views.get(shop, view.id)
            return orders.export(shop, wanted or "all", out, meant=views.filter_of(now), name=now.name)

        self.desk.jobs.query(write, self._exported, title=_("Writing…"))

    def _exported(self, result: ExportResult) -> None:
        text = ngettext(
            "{count} row was written to {file}.", "{count} rows were written to {file}.", result.rows
        )
        self.desk.messages.say(text.format(count=f"{result.rows:,}", file=result.file.name))
