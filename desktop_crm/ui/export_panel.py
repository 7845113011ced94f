"""Taking lists out: which list, and whose rows. Where to, and how many people leave, is asked by taking_out.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from desktop_crm import views
from desktop_crm.base.i18n import N_, _
from desktop_crm.exporting.orders import Order, Which
from desktop_crm.importing import plan as importing
from desktop_crm.records.views import View
from desktop_crm.shop import Shop
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.layouts import wrap_row
from desktop_crm.ui.kit.palette import Option, Palette, Question
from desktop_crm.ui.kit.panels import Panel
from desktop_crm.ui.kit.theme import S8
from desktop_crm.ui.page import Desk
from desktop_crm.ui.taking_out import ARCHIVE, CALENDAR, DATABASE, LIST, PHONE_BOOK, WORKBOOK, TakingOut, Way
from desktop_crm.views import Counted

KEYS = (("Alt+E", N_("Take out a list, dates, or everything")), ("Alt+W", N_("Whose rows are taken out")))
"""For the sheet of keys."""

_EVERYBODY = "everybody"


@dataclass(frozen=True)
class _Thing:
    """One thing that can be taken out.

    Attributes:
        key: of its option. kind: which list. label / detail: in words. ways: how it can be written.
        whole: it cannot be of some customers only.
    """

    key: str
    kind: Which
    label: str
    detail: str
    ways: Sequence[Way]
    whole: bool = False


def _things() -> list[_Thing]:
    lists = [_Thing(kind, kind, text, ".xlsx .csv", LIST) for kind, text in importing.kinds()]
    return [
        *lists,
        _Thing("all", "all", _("All lists in one workbook"), ".xlsx", (WORKBOOK,)),
        _Thing("contacts", "customers", _("Phone book of the customers"), ".vcf", (PHONE_BOOK,)),
        _Thing("dates", "all", _("Calendar of follow-ups and birthdays"), ".ics", (CALENDAR,)),
        _Thing("archive", "all", _("Everything as an archive"), ".zip", (ARCHIVE,), True),
        _Thing("database", "all", _("Everything as a plain database"), ".db", (DATABASE,), True),
    ]


class ExportPanel(Panel):
    """One button for each list; Alt+E asks what else, Alt+W says of whom, everybody at first."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(
            section=_("Take lists out"),
            note=_("for Excel, phones and calendars; lists can be imported again"),
        )
        self.desk = desk
        self.view: View | None = None
        buttons = [
            KeyButton(text, on_click=partial(self.choose_target, kind)) for kind, text in importing.kinds()
        ]
        self.more = KeyButton(_("Everything…"), "Alt+E", icon="download", on_click=self.choose_thing)
        self.whose = KeyButton("", "Alt+W", icon="users", kind="quiet", on_click=self.choose_view)
        self.palette_list = Palette(self.whose)
        self._row = self.add(wrap_row(self.whose, *buttons, self.more, spacing=S8))
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
        self.palette_list.hang_below(self.whose)
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

    # ------------------------------------------------------------ what

    def choose_thing(self) -> None:
        """Ask what is to be taken out."""

        def chosen(keys: tuple[str, ...]) -> None:
            self.palette_list.close_it()
            self.choose_target(keys[0])

        options = [
            Option(each.key, each.label, each.detail)
            for each in _things()
            if self.view is None or not each.whole
        ]
        self.palette_list.hang_below(self.more)
        self.palette_list.ask(Question(_("Take out"), options, chosen, placeholder=_("Type to find")))

    def choose_target(self, key: str) -> None:
        """Ask where a thing is to be written."""
        self.taking(key).begin()

    def taking(self, key: str) -> TakingOut:
        """The steps of taking a thing out."""
        thing = next(each for each in _things() if each.key == key)
        view = self.view

        def make(shop: Shop, out: Path) -> Order:
            if view is None:
                return Order(thing.kind, out)
            now = views.get(shop, view.id)
            return Order(thing.kind, out, views.filter_of(now), now.name)

        whose = f" {view.name}" if view is not None else ""
        return TakingOut(self.desk, make, f"{thing.label}{whose} {self.desk.shop.today()}", thing.ways)
