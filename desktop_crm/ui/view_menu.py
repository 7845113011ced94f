"""What can be done with views from the bar above the list: go to one, keep, rename, order, put into the rail, delete."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from desktop_crm import views
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _
from desktop_crm.records.views import View
from desktop_crm.shop import Shop
from desktop_crm.ui.kit.palette import Option, Question
from desktop_crm.views import Counted

if TYPE_CHECKING:
    from desktop_crm.ui.filter_bar import FilterBar

_EVERYBODY = "everybody"


class ViewMenu:
    """Asks in the palette of the bar and does what was chosen."""

    def __init__(self, bar: FilterBar) -> None:
        self._bar = bar

    # ------------------------------------------------------------ going to one

    def choose(self) -> None:
        """Ask for the view to open, with how many each names."""
        bar = self._bar
        bar.desk.jobs.query(
            lambda shop: views.counted(shop, views.listing(shop)), self._show_choice, key="filter.views"
        )

    def _show_choice(self, found: list[Counted]) -> None:
        bar = self._bar
        options = [
            Option(
                str(each.view.id),
                each.view.name,
                f"{each.count:,}" if each.count is not None else _("broken"),
            )
            for each in found
        ]
        options.append(Option(_EVERYBODY, _("Everybody")))
        held = str(bar.view.id) if bar.view is not None else ""
        bar.palette_list.ask(
            Question(
                _("Go to a view"),
                options,
                self._open,
                marked=frozenset({held}),
                placeholder=_("Type to find"),
            )
        )

    def _open(self, keys: tuple[str, ...]) -> None:
        self._bar.palette_list.close_it()
        if keys[0] == _EVERYBODY:
            self._bar.clear()
        else:
            self._bar.open_view(int(keys[0]))

    # ------------------------------------------------------------ keeping

    def save(self) -> None:
        """Keep what holds: in the view that is open, or as a new one."""
        bar = self._bar
        bar.palette_list.hang_below(bar.save_button)
        if bar.view is None:
            self._ask_name(_("Keep this filter as a view called"), "", self._add)
            return
        options = [
            Option("into", _("Change the view “{name}”").format(name=bar.view.name)),
            Option("new", _("Keep it as a new view")),
        ]
        bar.palette_list.ask(
            Question(_("Keep this filter"), options, self._save, placeholder=_("Type to find"))
        )

    def _save(self, keys: tuple[str, ...]) -> None:
        bar = self._bar
        if keys[0] == "new":
            self._ask_name(_("Keep this filter as a view called"), "", self._add)
            return
        assert bar.view is not None, "the choice is offered for an open view"
        view_id, wanted = bar.view.id, bar.filter
        self._change(
            lambda shop: views.change_filter(shop, view_id, wanted), _("The view was changed."), view_id
        )

    def _ask_name(self, title: str, name: str, on_name: Callable[[str], str]) -> None:
        self._bar.palette_list.ask(
            Question(
                title, (), lambda _keys: None, on_text=on_name, text=name, placeholder=_("Name of the view")
            )
        )

    def _add(self, name: str) -> str:
        bar, wanted = self._bar, self._bar.filter

        def added(view_id: int) -> None:
            bar.palette_list.close_it()
            self._hold(view_id)
            bar.desk.done(_("The view “{name}” is kept.").format(name=name))

        bar.desk.jobs.change(lambda shop: views.add(shop, name, wanted), added, on_error=self._fail)
        return ""

    # ------------------------------------------------------------ more

    def open_menu(self) -> None:
        """Ask what to do with the view that is open."""
        bar = self._bar
        if bar.view is None:
            return
        rail = _("Take it out of the rail") if bar.view.in_rail else _("Show it in the rail")
        options = [
            Option("rename", _("Rename it")),
            Option("up", _("Move it up")),
            Option("down", _("Move it down")),
            Option("rail", rail),
            Option("delete", _("Delete it; its customers stay")),
        ]
        bar.palette_list.hang_below(bar.more_button)
        bar.palette_list.ask(Question(bar.view.name, options, self._do, placeholder=_("Type to find")))

    def _do(self, keys: tuple[str, ...]) -> None:
        view = self._bar.view
        assert view is not None, "the menu is about an open view"
        if keys[0] == "rename":
            self._ask_name(_("Rename the view"), view.name, lambda name: self._rename(view, name))
        elif keys[0] == "rail":
            shown = not view.in_rail
            said = _("The view is in the rail now.") if shown else _("The view is not in the rail any more.")
            self._change(lambda shop: views.show_in_rail(shop, view.id, shown), said, view.id)
        elif keys[0] == "delete":
            self._change(lambda shop: views.delete(shop, view.id), _("The view was deleted."), None)
        else:
            step = -1 if keys[0] == "up" else 1
            self._change(lambda shop: views.move(shop, view.id, step), _("The view was moved."), view.id)

    def _rename(self, view: View, name: str) -> str:
        self._change(lambda shop: views.rename(shop, view.id, name), _("The view was renamed."), view.id)
        return ""

    def _change(self, fn: Callable[[Shop], None], said: str, view_id: int | None) -> None:
        bar = self._bar

        def done(_none: None) -> None:
            bar.palette_list.close_it()
            if view_id is None:
                bar.clear()
            else:
                self._hold(view_id)
            bar.desk.done(said)

        bar.desk.jobs.change(fn, done, on_error=self._fail)

    def _hold(self, view_id: int) -> None:
        self._bar.desk.jobs.query(
            lambda shop: views.get(shop, view_id), self._bar.hold_view, key="filter.view"
        )

    def _fail(self, error: CrmError) -> None:
        """The name typed stays, with the sentence below it."""
        if self._bar.palette_list.isVisible():
            self._bar.palette_list.fail(str(error))
        else:
            self._bar.desk.messages.error(str(error))
