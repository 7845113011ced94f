"""Taking something out of the shop: where to, how many people leave, writing, and what was written.

Which list it is say export_panel.py and customers.py; what stands in a file is exporting/'s business.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from desktop_crm.base.i18n import N_, _, ngettext
from desktop_crm.exporting import orders
from desktop_crm.exporting.orders import Draft, ExportResult, Order
from desktop_crm.shop import Shop
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.jobs import Progress
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.layouts import STRETCH, hbox, vbox
from desktop_crm.ui.kit.messages import Action
from desktop_crm.ui.kit.places import documents
from desktop_crm.ui.kit.theme import S8, S20
from desktop_crm.ui.page import Desk

Make = Callable[[Shop, Path], Order]
"""Makes the order for a file, on a reader thread."""

_WIDTH = 460
_GB18030 = "gb18030"


@dataclass(frozen=True)
class Way:
    """One way to write a list: the ending, what the file dialog calls it, the encoding of a text."""

    ending: str
    label: str
    encoding: str = orders.ENCODINGS[0]

    def name(self) -> str:
        """As it stands in the file dialog."""
        return f"{_(self.label)} (*.{self.ending})"


WORKBOOK = Way("xlsx", N_("Workbook"))
CSV = Way("csv", N_("Text with commas"))
OLD_CSV = Way("csv", N_("Text with commas for old programs, GB18030"), _GB18030)
PHONE_BOOK = Way("vcf", N_("Phone book"))
CALENDAR = Way("ics", N_("Calendar"))
DATABASE = Way("db", N_("Plain SQLite database"))
ARCHIVE = Way("zip", N_("Archive"))
LIST = (WORKBOOK, CSV, OLD_CSV)
CARDS = (*LIST, PHONE_BOOK)
"""How a list of customers can be written."""


class TakingOut:
    """Takes one thing out, step by step; each step may be the last.

    Args:
        make: the order for a file. name: of the file, without ending. ways: how it can be written, the usual one first.
    """

    def __init__(self, desk: Desk, make: Make, name: str, ways: Sequence[Way]) -> None:
        self.desk, self._make, self._ways = desk, make, ways
        self._name = name.replace("/", "-")

    def begin(self) -> None:
        """Ask where to, if the person at the counter may."""
        self.desk.jobs.query(lambda shop: shop.require("export"), lambda _may: self._ask_place())

    def _ask_place(self) -> None:
        first = self._ways[0]
        dialog = QFileDialog(self.desk.window, _("Take out"), documents(f"{self._name}.{first.ending}"))
        dialog.setNameFilters([way.name() for way in self._ways])
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(first.ending)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filterSelected.connect(lambda name: dialog.setDefaultSuffix(self._way(name).ending))
        dialog.fileSelected.connect(
            lambda chosen: self.count(Path(chosen), self._way(dialog.selectedNameFilter()))
        )
        dialog.open()

    def _way(self, name: str) -> Way:
        return next((way for way in self._ways if way.name() == name), self._ways[0])

    def count(self, out: Path, way: Way) -> None:
        """Look how many people that would be."""

        def look(shop: Shop) -> tuple[Order, int]:
            order = replace(self._make(shop, out), encoding=way.encoding)
            return order, orders.people(shop, order)

        self.desk.jobs.query(look, lambda found: self._ask(*found))

    def _ask(self, order: Order, people: int) -> None:
        if not people:
            self.write(order)
            return
        LeavingDialog(self.desk, order, people, partial(self.write, order)).open()

    def write(self, order: Order) -> None:
        """Write the file while the shop goes on, then put it in its place."""

        def prepare(shop: Shop, progress: Progress) -> Draft:
            def tell(done: int, total: int) -> None:
                progress.report(done, total, _("{count} rows").format(count=f"{done:,}"))

            return orders.prepare(shop, order, tell)

        self.desk.jobs.query(prepare, self._release, title=_("Writing {file}…").format(file=order.out.name))

    def _release(self, draft: Draft) -> None:
        self.desk.jobs.change(partial(orders.release, draft=draft), self._told)

    def _told(self, result: ExportResult) -> None:
        text = ngettext(
            "{count} row was written to {file}.", "{count} rows were written to {file}.", result.rows
        )
        show = partial(QDesktopServices.openUrl, QUrl.fromLocalFile(str(result.file.parent)))
        self.desk.messages.say(
            text.format(count=f"{result.rows:,}", file=result.file.name), Action(_("Show it"), "", show)
        )


class LeavingDialog(QDialog):
    """How many people leave the shop; Enter writes, Esc does not."""

    def __init__(
        self,
        desk: Desk,
        order: Order,
        people: int,
        write: Callable[[], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent or desk.window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Take out"))
        title = ngettext(
            "{count} person leaves the shop with this file",
            "{count} people leave the shop with this file",
            people,
        )
        self.title = Label(title.format(count=f"{people:,}"), "title", wrap=True)
        self.words = Label("\n".join(_warnings(order)), "quiet", wrap=True)
        self.words.setMinimumWidth(_WIDTH)
        self.file = Label(str(order.out), "small", wrap=True, selectable=True)
        self.write_button = KeyButton(
            _("Write"), "Return", kind="primary", icon="download", on_click=self.accept
        )
        refuse = KeyButton(_("Cancel"), "Esc", bind=False, on_click=self.reject)
        vbox(
            self.title,
            self.words,
            self.file,
            S8,
            hbox(STRETCH, refuse, self.write_button),
            spacing=S8,
            margins=S20,
            on=self,
        )
        self.accepted.connect(write)
        self.write_button.setFocus()


def _warnings(order: Order) -> list[str]:
    """What whoever writes it should know."""
    known = {
        "xlsx": _("Names, numbers and what else the list shows will be in a file without a password."),
        "vcf": _(
            "Names, numbers and birthdays will be in a file without a password, for the phone book of a phone."
        ),
        "ics": _("Names, numbers and days will be in a file without a password; a calendar may pass it on."),
        "db": _("Everything the shop knows will be in a file without a password, readable by every program."),
        "zip": _("Everything the shop knows will be in files without a password, readable by every program."),
    }
    return [known.get(order.format, known["xlsx"]), _("That it was written stays in History.")]
