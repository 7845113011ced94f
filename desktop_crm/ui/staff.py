"""The people of the shop: list and form, in Settings. Who is at the counter is chosen in person.py."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import get_args

from PySide6.QtWidgets import QWidget

from desktop_crm import pins, staff
from desktop_crm.base.i18n import _
from desktop_crm.records.staff import Role, StaffMember
from desktop_crm.settings import LOCK_MINUTES
from desktop_crm.shop import Shop
from desktop_crm.ui.frame import ROLES
from desktop_crm.ui.kit.buttons import KeyButton, Pills
from desktop_crm.ui.kit.cells import Mark
from desktop_crm.ui.kit.forms import CheckField, ChoiceField, FormDialog, TextField
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.layouts import vbox
from desktop_crm.ui.kit.panels import EmptyState, Panel
from desktop_crm.ui.kit.table import Column, RecordTable
from desktop_crm.ui.kit.theme import S16
from desktop_crm.ui.page import Desk
from desktop_crm.ui.pins import PinForm
from desktop_crm.ui.sections import Section


class StaffSection(Section):
    """Everybody who stands at the counter."""

    fills = True

    def __init__(self, desk: Desk, page: QWidget) -> None:
        super().__init__(desk, page)
        self._members: Sequence[StaffMember] = ()
        self._have_pins: frozenset[int] = frozenset()
        self._locked: frozenset[int] = frozenset()
        self.table: RecordTable[StaffMember] = RecordTable(
            [
                Column("name", _("Name"), lambda m: m.name, bold=True, stretch=1, marks=_marks),
                Column("role", _("Role"), lambda m: _(ROLES[m.role]), width=160),
                Column("pin", _("PIN"), marks=self._pin_marks, width=130),
                Column(
                    "since", _("Here since"), lambda m: m.created_at[:10], width=130, tone=lambda _m: "quiet"
                ),
            ],
            name="settings.staff",
            state=desk.state,
        )
        self.table.set_empty(
            EmptyState(
                _("Nobody yet"),
                _(
                    "Add everybody who sells or calls: their name then stands on each sale, contact and complaint."
                ),
                icon="users",
            )
        )
        self.who = Pills(
            [("here", _("Working here")), ("all", _("All"))], on_choose=lambda _key: self._show_chosen()
        )
        add = KeyButton(_("Add"), "Alt+A", kind="primary", on_click=self.add)
        counter = KeyButton(
            _("Who is at the counter"), "F12", bind=False, on_click=lambda: desk.run_action("person")
        )
        self.pin_button = KeyButton(_("PIN"), "Alt+P", on_click=self.set_pin)
        actions = [self.who, counter, self.pin_button, add]
        panel = Panel(_("Staff"), note=_("Enter changes name and role"), actions=actions)
        panel.add(self.table, 1)
        at_counter = self.panel_of((LOCK_MINUTES,), _("At the counter"), _("Ctrl+L locks the screen"))
        words = _(
            "A PIN changes who is at the counter (F12) and ends the lock. Opening the shop in the morning asks "
            "for no PIN, only for a password where one is set: Settings › Safety."
        )
        at_counter.add(Label(words, "quiet", wrap=True))
        vbox((panel, 1), at_counter, spacing=S16, on=self)
        self.table.record_chosen.connect(self.change)
        self.setFocusProxy(self.table)

    def load(self) -> None:
        super().load()
        self.desk.jobs.query(
            lambda shop: (staff.listing(shop, False), pins.owners(shop), pins.locked(shop)),
            self._show_members,
            key="settings.staff",
        )

    def add(self) -> None:
        """Ask for a new person."""
        StaffForm(self.desk, None, self.page).open_with(self._done)

    def change(self, member: StaffMember) -> None:
        """Ask for another name or role."""
        StaffForm(self.desk, member, self.page).open_with(self._done)

    def set_pin(self) -> None:
        """Ask for a new PIN of the person who is marked."""
        member = self.table.selected()
        if member is not None:
            PinForm(self.desk, member, self.page, has_one=member.id in self._have_pins).open_with(self._said)

    def _said(self, sentence: str) -> None:
        self.desk.messages.say(sentence)
        self.load()

    def _pin_marks(self, member: StaffMember) -> list[Mark]:
        if member.id in self._locked:
            return [Mark(_("locked"), "bad")]
        return [Mark(_("set"), "good")] if member.id in self._have_pins else []

    def _show_members(self, found: tuple[Sequence[StaffMember], frozenset[int], frozenset[int]]) -> None:
        self._members, self._have_pins, self._locked = found
        self._show_chosen()

    def _show_chosen(self) -> None:
        everybody = self.who.chosen == "all"
        self.table.set_records([member for member in self._members if everybody or member.active])

    def _done(self, sentence: str) -> None:
        self.desk.done(sentence)
        self.load()


class StaffForm(FormDialog[str]):
    """One person; saving gives the sentence about it."""

    def __init__(self, desk: Desk, member: StaffMember | None, page: QWidget) -> None:
        title = _("Add somebody to the staff") if member is None else member.name
        super().__init__(desk.jobs, desk.window, title=title, initiator=page)
        self._member = member
        roles = [(role, _(ROLES[role])) for role in get_args(Role)]
        self.name = self.add(TextField(_("Name"), member.name if member else "", required=True))
        self.role = self.add(
            ChoiceField[Role](
                _("Role"),
                roles,
                value=member.role if member else "clerk",
                required=True,
                hint=_("What each role may do stands in Settings › Rights."),
            )
        )
        self.here = CheckField(
            _("Works here"),
            member.active if member else True,
            hint=_("Who left stays on what they did, but can no longer be chosen."),
        )
        if member is not None:
            self.add(self.here)

    def job(self) -> Callable[[Shop], str]:
        name, role, here, member = self.name.value(), self.role.value(), self.here.value(), self._member
        sentence = _("{name} was saved.").format(name=name)

        def save(shop: Shop) -> str:
            if member is None:
                staff.add(shop, name, role)
            else:
                staff.edit(shop, member.id, name=name, role=role, active=here)
            return sentence

        return save


def _marks(member: StaffMember) -> list[Mark]:
    return [] if member.active else [Mark(_("left"), "grey")]
